"""The copies' desk in the admin: runs, a run, its files; and a subscriber's copies."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backnumber.circulation.desk import needs
from backnumber.circulation.models import PrintSubscription
from backnumber.copies import changes, files, labels, remedies, reports, service
from backnumber.copies.forms import AcknowledgedForm, ElsewhereForm, PauseForm, RemedyForm, RunForm
from backnumber.copies.models import Copy, OtherAddress, Pause, Remedy, Run, SentFile
from backnumber.copies.remedies import Days
from backnumber.copies.service import NotNow
from backnumber.readers.models import Reader

RUNS = "copies.change_run"
COPIES = "copies.add_remedy"
_SHOWN = 200  # lines of a list on a page; the figures are of all of them


def _by(request: HttpRequest) -> Reader:
    return cast(Reader, request.user)


def _tried(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Whether it could be done; the page says so, or why not."""
    try:
        act()
    except NotNow as why:
        messages.error(request, str(why))
        return False
    messages.success(request, done)
    return True


@needs(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, a form for the next, and what ends soon."""
    form = RunForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.open_run(**form.cleaned_data, by=_by(request), now=timezone.now())
        except NotNow as why:
            form.add_error(None, str(why))
        else:
            return redirect("copies_run", key=made.pk)
    rows = Run.objects.select_related("issue__title", "profile__title")[:_SHOWN]
    shown = {
        "form": form,
        "runs": list(rows),
        "ending": reports.ending(timezone.localdate()),
        "page_title": "Printed copies",
    }
    return render(request, "copies/admin/runs.html", shown, status=422 if form.errors else 200)


@needs(RUNS)
@require_safe
def run(request: HttpRequest, key: int) -> HttpResponse:
    """What an open run would come to; of a frozen one its figures and files."""
    found = get_object_or_404(
        Run.objects.select_related("issue__title", "issue__volume", "profile__title"), pk=key
    )
    shown: dict[str, Any] = {"run": found, "page_title": str(found), "shown": _SHOWN}
    if found.is_frozen:
        return render(request, "copies/admin/frozen.html", shown | _frozen(found))
    draft = service.draft(found)
    home = [n for region, n in draft.by_region.items() if region == "uk"]
    shown |= {
        "draft": draft,
        "bundles": sorted(draft.by_bundle.items()),
        "missing": reports.missing_to_bulk(sum(home), found.profile.bulk_from),
        "last": sum(line.is_last for line in draft.lines),
    }
    return render(request, "copies/admin/open.html", shown)


def _frozen(found: Run) -> dict[str, Any]:
    count = found.labels.count()
    bundles = reports.bundles(found)
    home = sum(bundle.copies for bundle in bundles if bundle.name.startswith("uk"))
    made = list(found.files.defer("content").select_related("made_by").order_by("kind", "part"))
    parts = labels.parts(count)
    wanted = [("mailing", 1, "Make the mailing file")]
    wanted += [
        (
            "labels",
            part,
            f"Make label sheets, part {part} of {parts}" if parts > 1 else "Make the label sheets",
        )
        for part in range(1, parts + 1)
    ]
    there = {(file.kind, file.part) for file in made}
    return {
        "labels": count,
        "bundles": bundles,
        "figures": reports.figures(found.issue_id),
        "missing": reports.missing_to_bulk(home, found.profile.bulk_from),
        "files": made,
        "parts": parts,
        "unmade": [one for one in wanted if one[:2] not in there],
        "last": list(found.labels.filter(is_last=True)[:_SHOWN]),
    }


@needs(RUNS)
@require_POST
def freeze(request: HttpRequest, key: int) -> HttpResponse:
    found = get_object_or_404(Run, pk=key)
    _tried(
        request,
        lambda: service.freeze(found, by=_by(request), now=timezone.now()),
        "The run is frozen. Fetch its files.",
    )
    return redirect("copies_run", key=key)


@needs(RUNS)
@require_POST
def close(request: HttpRequest, key: int) -> HttpResponse:
    found = get_object_or_404(Run, pk=key)
    done = _tried(
        request,
        lambda: service.close_run(found, by=_by(request), now=timezone.now()),
        "The run is closed; nothing was sent.",
    )
    return redirect("copies_runs") if done else redirect("copies_run", key=key)


@needs(RUNS)
@require_POST
def make_file(request: HttpRequest, key: int, kind: str, part: int) -> HttpResponse:
    """Makes a file of a frozen run, the first time it is asked for; then leads back to where it is fetched."""
    found = get_object_or_404(Run, pk=key)
    if kind not in {SentFile.Kind.MAILING, SentFile.Kind.LABELS}:
        return redirect("copies_run", key=key)
    _tried(
        request,
        lambda: files.file_of(found, SentFile.Kind(kind), part, by=_by(request), now=timezone.now()),
        "The file is made. It stays as it is.",
    )
    return redirect("copies_run", key=key)


@needs(RUNS)
@require_safe
def fetch_file(_request: HttpRequest, key: int) -> HttpResponse:
    """The very bytes that were made."""
    file = get_object_or_404(SentFile, pk=key)
    kind = "application/pdf" if file.name.endswith(".pdf") else "text/csv"
    response = HttpResponse(files.content_of(file), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs(RUNS)
@require_POST
def acknowledged(request: HttpRequest, key: int) -> HttpResponse:
    file = get_object_or_404(SentFile.objects.defer("content"), pk=key)
    form = AcknowledgedForm(request.POST)
    if form.is_valid():
        changes.acknowledge(file, form.cleaned_data["acknowledged"], by=_by(request), now=timezone.now())
        messages.success(request, f"{file.name}: the house has it.")
    else:
        messages.error(request, "Write what the house answered.")
    if file.run_id is not None:
        return redirect("copies_run", key=file.run_id)
    return redirect("copies_changes", key=file.profile_id)


@needs(COPIES)
@require_http_methods(["GET", "HEAD", "POST"])
def copies_of(request: HttpRequest, key: int) -> HttpResponse:
    """A subscriber's copies, pauses and other addresses, and a form for each."""
    whose = get_object_or_404(PrintSubscription.objects.select_related("first", "title"), pk=key)
    act = request.POST.get("act", "")
    forms: dict[str, Any] = {
        "pause": PauseForm(request.POST if act == "pause" else None, prefix="pause"),
        "elsewhere": ElsewhereForm(
            request.POST if act == "elsewhere" else None,
            prefix="elsewhere",
            initial={"country": whose.country},
        ),
        "remedy": RemedyForm(request.POST if act == "remedy" else None, prefix="remedy"),
    }
    if request.method == "POST" and _acted(request, whose, act, forms.get(act)):
        return redirect("copies_of", key=key)
    shown = {
        "whose": whose,
        "forms": forms,
        "copies": list(reports.sent_to(whose)[:_SHOWN]),
        "pauses": list(Pause.objects.filter(subscription=whose)),
        "addresses": list(OtherAddress.objects.filter(subscription=whose)),
        "page_title": f"Copies of {whose.number}",
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "copies/admin/copies_of.html", shown, status=422 if wrong else 200)


def _acted(request: HttpRequest, whose: PrintSubscription, act: str, form: Any) -> bool:
    if act == "end":
        return _ended(request, whose)
    if form is None or not form.is_valid():
        return False
    given, by, now = dict(form.cleaned_data), _by(request), timezone.now()
    if act == "remedy":
        copy = get_object_or_404(
            Copy, pk=given["copy"], pk__in=reports.sent_to(whose).order_by().values("pk")
        )
        what, done = Remedy.What(given["what"]), Remedy.Done(given["done"])
        return _tried(
            request,
            lambda: remedies.remedy(copy, what, done, because=given["because"], by=by, now=now),
            "Kept.",
        )
    days = Days(given.pop("from_on"), given.pop("to_on"))
    if act == "pause":
        missed = Pause.Missed(given["missed"])
        return _tried(
            request,
            lambda: remedies.pause(whose, days, missed, because=given["because"], by=by, now=now),
            "No copies on these days.",
        )
    return _tried(
        request,
        lambda: remedies.send_elsewhere(whose, days, **given, by=by, now=now),
        "Copies go there on these days.",
    )


def _ended(request: HttpRequest, whose: PrintSubscription) -> bool:
    of: type[Pause] | type[OtherAddress] = Pause if request.POST.get("of") == "pause" else OtherAddress
    key = request.POST.get("key", "")
    span = (
        of.objects.filter(subscription=whose, pk=int(key)).first()
        if key.isdecimal() and len(key) < 18
        else None
    )
    if span is None:
        messages.error(request, "It is not there any more.")
        return True
    remedies.end_span(span, timezone.localdate(), by=_by(request), now=timezone.now())
    messages.success(request, "It ends today.")
    return True
