"""What was found in one article, for its editors: the text with each finding marked, and their word on it. Gated words are shown here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.log_actions import log

from backnumber.archive.models import Article
from backnumber.archive.parts import Part
from backnumber.archive.queries import any_article, parts_of
from backnumber.past import editing
from backnumber.past.forms import FindingForm, SideForm
from backnumber.past.models import Finding, Standpoint, Status
from backnumber.past.words import of_years

EDITS = "archive.change_article"
SAID = "past.said"
needs = permission_required(EDITS, raise_exception=True)
kept_by_nobody = cache_control(private=True, no_cache=True, no_store=True, max_age=0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text; with the finding in it, if it is one."""

    text: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """One part of the text, cut at its findings."""

    part: Part
    pieces: tuple[Piece, ...]


@kept_by_nobody
@needs
@require_http_methods(["GET", "HEAD", "POST"])
def found_in(request: HttpRequest, article: int) -> HttpResponse:
    """The text with its findings; a post says on which side of its question the article stands."""
    one = _article(article)
    side = Standpoint.objects.filter(pk=one.pk).first()
    form = SideForm(
        request.POST if request.method == "POST" else None, initial={"side": side.side if side else ""}
    )
    if request.method == "POST" and form.is_valid():
        editing.take_side(one, form.cleaned_data["side"])
        log(instance=one, action=SAID, user=request.user, data={"what": "the side it takes"})
        messages.success(request, "The side it takes is saved.")
        return redirect("past_article", article=one.pk)
    findings = Finding.objects.filter(article=one).order_by("position", "start", "end", "pk")
    parts = parts_of(one)
    return render(
        request,
        "past/admin/article.html",
        {
            "article": one,
            "is_read": hasattr(one, "past_reading"),
            "is_current": hasattr(one, "past_reading")
            and one.past_reading.read_of == one.appearance.changed_at,
            "marked": list(marked(parts, findings)),
            "findings": len(findings),
            "unverified": sum(one.status == Status.UNVERIFIED for one in findings),
            "form": form,
            "page_title": "Times, people and places",
            "header_title": "Times, people and places",
            "edit_address": reverse("wagtailsnippets_archive_article:edit", args=[one.pk]),
        },
    )


def marked(parts: Sequence[Part], findings: "QuerySet[Finding] | Sequence[Finding]") -> Iterator[Marked]:
    """Promise: every part of the text; where findings overlap the first is marked, and where the text has changed since, none."""
    by_part: dict[int, list[Finding]] = {}
    for one in findings:
        by_part.setdefault(one.position, []).append(one)
    for position, part in enumerate(parts):
        yield Marked(part, tuple(_pieces(part.text, by_part.get(position, []))))


def _pieces(text: str, findings: Sequence[Finding]) -> Iterator[Piece]:
    at = 0
    for one in findings:
        if one.start < at or text[one.start : one.end] != one.text:
            continue
        yield Piece(text[at : one.start])
        yield Piece(one.text, one)
        at = one.end
    yield Piece(text[at:])


@kept_by_nobody
@needs
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, article: int, finding: int) -> HttpResponse:
    """One finding: accept it, dismiss it, or say what it means."""
    one = get_object_or_404(Finding.objects.select_related("article"), pk=finding, article=article)
    part = _part_of(one)
    form = FindingForm.of(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verdict = Status(form.cleaned_data["verdict"])
        editing.say(one, part, verdict, form.meaning(), by=request.user, now=timezone.now())
        log(
            instance=one.article,
            action=SAID,
            user=request.user,
            data={"what": f"{one.text}: {verdict.label}"},
        )
        messages.success(
            request, f"“{one.text}” is {verdict.label.lower()}. It stays so when the article is read again."
        )
        return redirect(f"{reverse('past_article', args=[article])}#part-{one.position}")
    context: dict[str, Any] = {
        "one": one,
        "form": form,
        "years": of_years(one.years.lower, one.years.upper) if one.years else "",
        "before": part.text[max(one.start - 160, 0) : one.start],
        "after": part.text[one.end : one.end + 160],
        "elsewhere": editing.said_elsewhere(one),
        "page_title": one.text,
        "header_title": one.text,
        "back": reverse("past_article", args=[article]),
    }
    return render(request, "past/admin/finding.html", context)


@kept_by_nobody
@needs
@require_POST
def read_again(request: HttpRequest, article: int) -> HttpResponse:
    one = _article(article)
    editing.read_now(one)
    log(instance=one, action=SAID, user=request.user, data={"what": "read again"})
    messages.success(request, "The article has been read again.")
    return redirect("past_article", article=one.pk)


def _article(key: int) -> Article:
    found = any_article(key)
    if found is None:
        raise Http404
    return found


def _part_of(one: Finding) -> Part:
    """Errors: Http404 when the text has changed since, and the words stand there no longer."""
    parts = parts_of(_article(one.article_id))
    if one.position >= len(parts) or parts[one.position].text[one.start : one.end] != one.text:
        raise Http404
    return parts[one.position]
