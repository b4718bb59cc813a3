"""The mailing houses in the admin: how each wants its files, tried on the last run, and what it is told of changes."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from backnumber.circulation.desk import needs
from backnumber.copies import changes, service
from backnumber.copies import layout as layouts
from backnumber.copies.forms import AcknowledgedForm, ProfileForm
from backnumber.copies.layout import FIELDS, Breach
from backnumber.copies.models import Profile, Run, SentFile
from backnumber.copies.rows import row_of
from backnumber.copies.service import NotNow
from backnumber.readers.models import Reader

HOUSES = "copies.change_profile"
PROFILE_KEPT = "copies.profile_kept"
_TRIED = 5  # lines of the last run that are shown as the file would have them
_SHOWN = 200


@needs(HOUSES)
@require_http_methods(["GET", "HEAD"])
def houses(request: HttpRequest) -> HttpResponse:
    rows = Profile.objects.select_related("title")
    return render(request, "copies/admin/houses.html", {"houses": list(rows), "page_title": "Mailing houses"})


@needs(HOUSES)
@require_http_methods(["GET", "HEAD", "POST"])
def house(request: HttpRequest, key: int | None = None) -> HttpResponse:
    """A house's profile. “Try it” shows the last frozen run in it and keeps nothing."""
    found = get_object_or_404(Profile, pk=key) if key is not None else None
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=found)
    shown: dict[str, object] = {
        "form": form,
        "house": found,
        "fields": FIELDS,
        "page_title": str(found or "Add a mailing house"),
    }
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            shown |= _tried(form.save(commit=False))
            return render(request, "copies/admin/house.html", shown)
        kept = form.save()
        log(
            kept,
            PROFILE_KEPT,
            user=cast(Reader, request.user),
            data={"what": f"{kept}: {', '.join(form.changed_data)}"},
        )
        messages.success(request, f"{kept.house} is kept. Runs that are frozen stay as they were.")
        return redirect("copies_house", key=kept.pk)
    return render(request, "copies/admin/house.html", shown, status=422 if form.errors else 200)


def _tried(profile: Profile) -> dict[str, object]:
    """The last frozen run of the title in this profile: its first lines, and every line that breaks it."""
    run = (
        Run.objects.filter(issue__title=profile.title_id, state=Run.State.FROZEN)
        .select_related("issue__volume")
        .first()
    )
    if run is None:
        return {"tried": "No run of this title is frozen yet: there is nothing to try it on."}
    layout = service.layout_of(profile)
    broken: list[Breach] = []
    sample: list[dict[str, str]] = []
    for label in run.labels.iterator(chunk_size=2000):
        row = row_of(label, run.issue)
        found = layouts.breaches(layout, row, len(label.lines.splitlines()))
        broken += found
        if not found and len(sample) < _TRIED:
            sample.append(row)
    text = layouts.written(layout, sample).decode(layout.encoding)
    return {
        "tried": f"On {run}, {run.copies} copies:",
        "sample": text,
        "broken": broken[:_SHOWN],
        "n_broken": len(broken),
    }


@needs(HOUSES)
@require_http_methods(["GET", "HEAD", "POST"])
def house_changes(request: HttpRequest, key: int) -> HttpResponse:
    """What the house has not been told, the file that tells it, and those before."""
    found = get_object_or_404(Profile.objects.select_related("title"), pk=key)
    if request.method == "POST":
        try:
            file = changes.tell_changes(found, by=cast(Reader, request.user), now=timezone.now())
        except NotNow as why:
            messages.error(request, str(why))
        else:
            messages.success(request, f"{file.name} tells {file.lines} changes. Fetch it below.")
        return redirect("copies_changes", key=key)
    waiting = changes.changes_since(found, timezone.localdate())
    shown = {
        "house": found,
        "waiting": waiting[:_SHOWN],
        "count": len(waiting),
        "broken": changes.breaches_of(found, waiting)[:_SHOWN],
        "files": list(found.files.filter(kind=SentFile.Kind.CHANGES).defer("content")[:_SHOWN]),
        "answer": AcknowledgedForm(),
        "page_title": f"Changes for {found.house}",
    }
    return render(request, "copies/admin/changes.html", shown)
