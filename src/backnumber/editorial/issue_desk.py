"""An issue's desk in the admin: its running order and pages, how far each piece is, the issue as readers will see it, and publishing it
as one; and the form for the issue that comes next.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from backnumber.archive.models import Article, Issue, Title, Volume
from backnumber.editorial import running_order, together
from backnumber.editorial.issue_forms import (
    AT,
    EMBARGO,
    NextIssueForm,
    PlaceForm,
    TogetherForm,
    place_forms,
    placed,
)
from backnumber.editorial.next_issue import Before, Proposal, proposed
from backnumber.editorial.printed_pages import Piece, remarks
from backnumber.editorial.roles import EDITS_ARTICLES
from backnumber.editorial.status import is_seen, status_of, with_status
from backnumber.editorial.who_may_read import kept_by_nobody
from backnumber.gate.words import moment
from backnumber.readers.models import Reader

ARRANGES = "archive.change_issue"
PUBLISHES = "archive.publish_issue"
ADDS = "archive.add_issue"
_SEEN = "seen"
_LAST_ISSUES = 40


def _found(key: int) -> Issue:
    issue: Issue = get_object_or_404(
        with_status(Issue.objects.select_related("title", "volume", "locked_by")), pk=key
    )
    return issue


def _who(request: HttpRequest, *needed: str) -> Reader:
    """Errors: PermissionDenied for who lacks one of the permissions."""
    assert isinstance(request.user, Reader)
    if not request.user.has_perms(needed):
        raise PermissionDenied
    return request.user


@kept_by_nobody
@permission_required(ARRANGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_desk(request: HttpRequest, issue: int) -> HttpResponse:
    """A post arranges: nothing is written while one line has a fault, and nothing that was typed is lost."""
    found = _found(issue)
    pieces = running_order.pieces(found.pk)
    forms = place_forms(pieces, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not any(form.errors for form in forms):
            return _arrange(request, found, pieces, forms)
        messages.error(request, "Nothing was saved yet: look at the lines in red.")
        status = 422
    return render(request, "editorial/issue_desk.html", _of_desk(found, pieces, forms), status=status)


def _arrange(
    request: HttpRequest, issue: Issue, pieces: list[Article], forms: list[PlaceForm]
) -> HttpResponse:
    by = _who(request, ARRANGES, EDITS_ARTICLES)
    try:
        changed = running_order.arrange(issue, placed(pieces, forms), by=by, seen=request.POST.get(_SEEN, ""))
    except running_order.ChangedMeanwhile:
        messages.error(
            request,
            "Somebody else changed this issue while you worked. Your order was not saved; below is how it stands now.",
        )
    else:
        told = (
            f"{changed} {'piece has' if changed == 1 else 'pieces have'} moved."
            if changed
            else "Nothing had changed."
        )
        messages.success(request, f"The running order is saved. {told}")
    return redirect("issue_desk", issue=issue.pk)


def _of_desk(issue: Issue, pieces: list[Article], forms: list[PlaceForm]) -> dict[str, Any]:
    known = {
        one.pk: one
        for one in with_status(Article.objects.filter(issue=issue).select_related("issue").defer("body"))
    }
    rows = [
        {
            "piece": piece,
            "form": form,
            "status": status_of(known[piece.pk]),
            "is_seen": is_seen(known[piece.pk]),
        }
        for piece, form in zip(pieces, forms, strict=True)
        if piece.pk in known
    ]
    printed = [Piece(one.headline, one.first_page, one.last_page) for one in pieces]
    return {
        "issue": issue,
        "status": status_of(issue),
        "is_seen": issue.live,
        "rows": rows,
        "seen": running_order.stamp(pieces),
        "remarks": remarks(printed, issue.first_page, issue.last_page),
        "words": sum(one.words for one in pieces),
        "page_title": f"{issue.cover_date}, desk",
        "header_title": str(issue),
    }


@kept_by_nobody
@permission_required(ARRANGES, raise_exception=True)
@require_safe
def issue_preview(request: HttpRequest, issue: int) -> HttpResponse:
    """The issue as nobody in particular will see it, with every piece in its newest draft. The website brings the template."""
    return render(request, "website/issue_preview.html", {"issue": _found(issue)})


@kept_by_nobody
@permission_required(PUBLISHES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_together(request: HttpRequest, issue: int) -> HttpResponse:
    """What would happen and what is in the way; a post does all of it or nothing."""
    found, now = _found(issue), timezone.now()
    form = TogetherForm(request.POST or None, now=now)
    assert isinstance(request.user, Reader)
    in_the_way: tuple[together.Hindrance, ...] = ()
    if request.method == "POST" and form.is_valid():
        by = _who(request, PUBLISHES, "archive.publish_article")
        try:
            told = _appear(found, form.cleaned_data, by)
        except together.InTheWay as error:
            in_the_way = error.hindrances
        else:
            messages.success(request, told)
            return redirect("issue_desk", issue=found.pk)
    would = together.plan(found, request.user, now)
    known = {
        "issue": found,
        "form": form,
        "plan": would,
        "hindrances": in_the_way or would.hindrances,
        "is_refused": bool(in_the_way),
        "status": status_of(found),
        "is_seen": found.live,
        "page_title": f"Publish {found.cover_date}",
        "header_title": f"Publish {found}",
    }
    return render(
        request, "editorial/issue_together.html", known, status=422 if request.method == "POST" else 200
    )


def _appear(issue: Issue, wanted: dict[str, Any], by: Reader) -> str:
    now = timezone.now()
    if wanted["how"] == AT:
        together.schedule(issue, wanted["at"], by=by, now=now)
        return f"The whole issue appears on {moment(wanted['at'])}."
    if wanted["how"] == EMBARGO:
        together.publish(issue, by=by, now=now, on_sale=wanted["at"])
        return f"The issue is published. Until {moment(wanted['at'])} only the openings can be read."
    together.publish(issue, by=by, now=now)
    return "The issue is published, with every piece."


@kept_by_nobody
@permission_required(ADDS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def next_issue(request: HttpRequest) -> HttpResponse:
    """The next issue of a title: which title is asked first where there are several."""
    titles = list(Title.objects.all())
    chosen = next(
        (one for one in titles if one.slug == request.GET.get("title")),
        titles[0] if len(titles) == 1 else None,
    )
    form = None
    if request.method == "POST":
        form = NextIssueForm(request.POST)
        if form.is_valid():
            made = _make(form.cleaned_data, _who(request, ADDS))
            messages.success(request, f"{made} is there, as a draft. Add its pieces.")
            return redirect("issue_desk", issue=made.pk)
    elif chosen is not None:
        form = NextIssueForm(initial=_proposal(chosen))
    known = {"titles": titles, "form": form, "page_title": "Next issue", "here": reverse("next_issue")}
    return render(
        request, "editorial/next_issue.html", known, status=422 if form is not None and form.is_bound else 200
    )


def _proposal(title: Title) -> dict[str, Any]:
    issues = list(
        Issue.objects.filter(title=title)
        .select_related("volume")
        .order_by("-sort_date", "-id")[:_LAST_ISSUES]
    )
    before = [
        Before(
            one.sort_date,
            one.cover_date,
            one.volume.number if one.volume else "",
            one.number,
            one.slug,
            one.first_page,
            one.last_page,
        )
        for one in issues
    ]
    years = {one.sort_date.year + more for one in issues[:1] for more in (0, 1, 2)}
    taken = set(
        Issue.objects.filter(title=title, sort_date__year__in=years).values_list("sort_date__year", "slug")
    )
    made: Proposal = proposed(before, timezone.localdate(), taken)
    return {
        "title": title.pk,
        "cover_date": made.cover_date,
        "sort_date": made.day,
        "volume": made.volume,
        "number": made.number,
        "slug": made.slug,
        "first_page": made.first_page,
    }


@transaction.atomic
def _make(wanted: dict[str, Any], by: Reader) -> Issue:
    title, number = wanted["title"], wanted["volume"]
    volume = None
    if number:
        volume, _ = Volume.objects.get_or_create(
            title=title, number=number, defaults={"years": str(wanted["sort_date"].year)}
        )
    issue = Issue.objects.create(
        title=title,
        volume=volume,
        live=False,
        **{name: wanted[name] for name in ("cover_date", "sort_date", "number", "slug", "first_page")},
    )
    issue.save_revision(user=by)
    log(instance=issue, action="wagtail.create", user=by)
    return issue
