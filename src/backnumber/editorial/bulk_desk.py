"""Many articles at once in the admin: a list, what would change in it, how far it is, undone; the list as CSV; contributors merged."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from backnumber.archive.models import Contributor
from backnumber.archive.queries import names_of
from backnumber.circulation.exporting import as_csv
from backnumber.editorial import bulk, merging
from backnumber.editorial.bulk_forms import ActForm, ListForm
from backnumber.editorial.models import BulkChange, BulkRow
from backnumber.editorial.roles import EDITS_ARTICLES
from backnumber.editorial.who_may_read import kept_by_nobody
from backnumber.readers.models import Reader

CHANGES = "editorial.add_bulkchange"
MERGES = "archive.delete_contributor"
_SHOWN = 50
_LATELY = 10


def _who(request: HttpRequest, *needed: str) -> Reader:
    """Errors: PermissionDenied for who lacks one of the permissions."""
    assert isinstance(request.user, Reader)
    if not request.user.has_perms(needed):
        raise PermissionDenied
    return request.user


@kept_by_nobody
@permission_required(CHANGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """The list by its filter; a post shows what would change, and does it once that is confirmed."""
    listed = ListForm(request.GET)
    is_valid = listed.is_valid()
    known: dict[str, Any] = {
        "list": listed,
        "page_title": "Many articles",
        "lately": BulkChange.objects.select_related("by")[:_LATELY],
    }
    if not is_valid:
        return render(request, "editorial/many.html", {**known, "act": ActForm()}, status=422)
    if request.method == "POST":
        form = ActForm(request.POST)
        if form.is_valid():
            return _preview_or_do(request, listed, form)
        known["act"], status = form, 422
    else:
        known["act"], status = ActForm(), 200
    articles = listed.articles()
    known.update(
        count=articles.count(),
        articles=articles.select_related("issue__title", "section").defer("body")[:_SHOWN],
        asked=request.GET.urlencode(),
    )
    return render(request, "editorial/many.html", known, status=status)


def _preview_or_do(request: HttpRequest, listed: ListForm, form: ActForm) -> HttpResponse:
    """The list is made anew when it is confirmed: when it has become another meanwhile, it is shown again."""
    act = form.act()
    by = _who(
        request, CHANGES, EDITS_ARTICLES, *(["archive.publish_article"] if act.kind == bulk.WITHDRAW else [])
    )
    steps = bulk.plan(listed.articles(), act, by)
    changing = [one for one in steps if one.changes]
    if request.POST.get("confirmed") == str(len(changing)) and changing:
        change = bulk.start(steps, act, listed.in_words(), by=by, now=timezone.now())
        bulk.go_on(change.pk, timezone.now(), bulk.AT_ONCE)
        return redirect("bulk_change", change=change.pk)
    if "confirmed" in request.POST:
        messages.warning(request, "The list has changed since you looked: look once more.")
    known = {
        "form": form,
        "act": act,
        "of": listed.in_words(),
        "asked": request.GET.urlencode(),
        "changing": changing[:_SHOWN],
        "count": len(changing),
        "so_already": sum(not one.changes and not one.why for one in steps),
        "left": [one for one in steps if one.why][:_SHOWN],
        "page_title": "What would change",
    }
    return render(request, "editorial/many_preview.html", known)


@kept_by_nobody
@permission_required(CHANGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_change(request: HttpRequest, change: int) -> HttpResponse:
    """How far a change is; a post undoes it."""
    found = get_object_or_404(BulkChange.objects.select_related("by"), pk=change)
    if request.method == "POST":
        _who(request, CHANGES, EDITS_ARTICLES)
        if bulk.undo(found):
            bulk.go_on(found.pk, timezone.now(), bulk.AT_ONCE)
        else:
            messages.warning(request, "It is not finished yet, or undone already.")
        return redirect("bulk_change", change=found.pk)
    counts = dict(found.rows.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    is_running = found.state in {BulkChange.State.DOING, BulkChange.State.UNDOING}
    known = {
        "change": found,
        "total": sum(counts.values()),
        "done": counts.get(BulkRow.State.DONE, 0),
        "left": counts.get(BulkRow.State.LEFT, 0),
        "undone": counts.get(BulkRow.State.UNDONE, 0),
        "left_rows": found.rows.filter(state=BulkRow.State.LEFT)[:_SHOWN],
        "is_running": is_running,
        "is_done": found.state == BulkChange.State.DONE,
        "page_title": found.what,
    }
    answer = render(request, "editorial/bulk_change.html", known)
    if is_running:
        answer.headers["Refresh"] = "5"
    return answer


@kept_by_nobody
@permission_required(CHANGES, raise_exception=True)
@require_safe
def many_csv(request: HttpRequest) -> HttpResponse:
    """The list as CSV, without a word of the texts."""
    listed = ListForm(request.GET)
    if not listed.is_valid():
        return HttpResponse("The filter has a fault.", status=422, content_type="text/plain; charset=utf-8")
    articles = list(
        listed.articles()
        .select_related("issue__title", "issue__volume", "section")
        .defer("body", "standfirst")
    )
    names = names_of([one.pk for one in articles])
    header = (
        "key",
        "headline",
        "byline",
        "contributors",
        "title",
        "volume",
        "number",
        "cover date",
        "day",
        "section",
        "first page",
        "last page",
        "words",
        "policy",
        "published",
        "address",
    )
    rows = (
        (
            one.pk, one.headline, one.byline, "; ".join(names.get(one.pk, [])), one.issue.title.name,
            one.issue.volume.number if one.issue.volume else "", one.issue.number, one.issue.cover_date, one.issue.sort_date.isoformat(),
            one.section.name if one.section else "", one.first_page, one.last_page, one.words, one.policy,
            "yes" if one.live and one.issue.live else "no", one.get_absolute_url(),
        )
        for one in articles
    )  # fmt: skip
    answer = HttpResponse(as_csv(header, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="articles.csv"'
    return answer


@kept_by_nobody
@permission_required(MERGES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Contributors found by words; which are one person, and whose entry stays; what would happen; done once it is confirmed."""
    words = request.GET.get("q", "").strip()
    known: dict[str, Any] = {
        "words": words,
        "found": _contributors(words),
        "page_title": "Merge contributors",
    }
    if request.method != "POST":
        return render(request, "editorial/merge.html", known)
    by = _who(request, MERGES, "archive.change_contributor")
    kept = _one(request.POST.get("kept", ""))
    keys = [key for key in request.POST.getlist("merged") if key.isdecimal() and len(key) < 18]
    others = list(Contributor.objects.filter(pk__in=keys).exclude(pk=kept.pk if kept else 0))
    if kept is None or not others:
        messages.error(
            request, "Choose whose entry stays, and tick at least one other that is the same person."
        )
        return render(request, "editorial/merge.html", known, status=422)
    if "confirmed" not in request.POST:
        known.update(kept=kept, others=others, plan=merging.plan(kept, others))
        return render(request, "editorial/merge.html", known)
    done = merging.merge(kept, others, by=by)
    messages.success(
        request,
        f"{len(others)} merged into {kept.name}: {done.articles} articles are theirs now. The old addresses lead on.",
    )
    return redirect("wagtailsnippets_archive_contributor:edit", kept.pk)


def _one(key: str) -> Contributor | None:
    return Contributor.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None


def _contributors(words: str) -> list[Contributor]:
    found = Contributor.objects.annotate(articles=Count("authorships")).order_by("sort_name", "pk")
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(sort_name__icontains=word) | Q(variants__icontains=word)
        )
    return list(found[:_SHOWN]) if words else []
