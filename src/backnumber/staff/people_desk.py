"""The pages of the desk: the box in which staff find a person, a reader's page, and a page for each act."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from backnumber.audit.service import acting
from backnumber.circulation.queries import print_subscriptions_of
from backnumber.payments.provider import ProviderUnavailable
from backnumber.readers.models import Reader
from backnumber.staff import merging
from backnumber.staff.acts import Act, Asked, every_act
from backnumber.staff.finding import find
from backnumber.staff.forms import FindForm
from backnumber.staff.history import Happening, Link, histories
from backnumber.staff.models import Deceased, Merging

FINDS = "staff.find_people"
A_PAGE = 40
ON_A_PAGE = 60


@never_cache
@permission_required(FINDS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that readers' names and addresses stand in no log. One person found is shown at once."""
    form = FindForm(request.POST if request.method == "POST" else None)
    shown: dict[str, Any] = {"form": form, "page_title": "Find a person"}
    if form.is_valid():
        answer = find(form.cleaned_data["q"])
        if len(answer.found) == 1 and answer.found[0].reader is not None:
            return redirect("staff_person", answer.found[0].reader.pk)
        page = Paginator(answer.found, A_PAGE).get_page(request.POST.get("page"))
        shown |= {"page": page, "has_more": answer.has_more}
    return render(request, "staff/admin/people.html", shown, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a reader's page, with what this member of the staff may do about it."""

    name: str
    one: Happening
    links: tuple[Link, ...]


@never_cache
@permission_required(FINDS, raise_exception=True)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of one reader that this member of the staff may see, the latest first."""
    staff, reader = _staff(request), get_object_or_404(Reader, pk=pk)
    known = histories(staff)
    chosen = [kind for kind in request.GET.getlist("kind") if kind in {one.kind for one in known}]
    keys = merging.accounts_of(reader)
    told = [
        Told(one.name, happening, tuple(link for link in happening.links if staff.has_perm(link.permission)))
        for one in known
        if not chosen or one.kind in chosen
        for happening in one.told(reader, keys)
    ]
    told.sort(key=lambda line: line.one.at, reverse=True)
    asked = request.GET.copy()
    asked.pop("page", None)
    into = Merging.objects.filter(merged=reader, undone_at=None).select_related("kept").first()
    shown = {
        "reader": reader,
        "kinds": known,
        "chosen": chosen,
        "page": Paginator(told, ON_A_PAGE).get_page(request.GET.get("page")),
        "asked": asked.urlencode(),
        "acts": _buttons(staff, reader),
        "deceased": Deceased.objects.filter(reader=reader).first(),
        "may_mark": staff.has_perm("staff.mark_deceased"),
        "into": into,
        "prints": list(print_subscriptions_of(reader)) if staff.has_perm("circulation.view_printsubscription") else [],
        "may_ask_why": staff.has_perm("helpdesk.explain_access"),
        "page_title": reader.get_full_name() or reader.email,
    }  # fmt: skip
    return render(request, "staff/admin/person.html", shown)


def _buttons(staff: Reader, reader: Reader) -> list[tuple[str, str]]:
    acts = (one for one in every_act() if one.is_listed and staff.has_perm(one.permission))
    return [(one.label, reverse(one.route, args=[reader.pk])) for one in acts]


def _staff(request: HttpRequest) -> Reader:
    """Errors: PermissionDenied."""
    if not isinstance(request.user, Reader):
        raise PermissionDenied
    return request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, what: Act) -> HttpResponse:
    """One act, with its reason, in the log."""
    staff = _staff(request)
    if not (staff.has_perm(FINDS) and staff.has_perm(what.permission)):
        raise PermissionDenied
    reader = get_object_or_404(Reader, pk=pk)
    about = request.GET.get("about", "")
    number = int(about) if about.isdecimal() and len(about) < 18 else None
    form = what.form(reader, number, request.POST if request.method == "POST" else None)
    shown: dict[str, Any] = {"reader": reader, "act": what, "form": form, "page_title": what.label}
    if request.method == "POST" and form.is_valid():
        if what.slug == "merge" and not form.cleaned_data["is_sure"]:
            shown["preview"] = merging.preview(reader, form.cleaned_data["other"])
            shown["other"] = form.cleaned_data["other"]
            return render(request, what.template, shown)
        asked = Asked(reader, form.cleaned_data, staff, timezone.now(), number, form)
        if _done(request, what, asked, form):
            return redirect("staff_person", reader.pk)
    return render(request, what.template, shown, status=422 if form.errors else 200)


def _done(request: HttpRequest, what: Act, asked: Asked, form: Any) -> bool:
    try:
        with acting(asked.by, asked.because):
            said = what.do(asked)
            with transaction.atomic():
                log(
                    instance=asked.reader,
                    action=f"staff.{what.slug}",
                    user=asked.by,
                    data={"because": asked.because},
                )
    except ValueError as why:
        form.add_error(None, str(why))
        return False
    except ProviderUnavailable:
        form.add_error(
            None, "The payment service does not answer. Try again in a few minutes; nothing is lost."
        )
        return False
    messages.success(request, said)
    return True


def urls() -> list[URLPattern]:
    return [
        path("people/", people, name="staff_people"),
        path("people/<int:pk>/", person, name="staff_person"),
        *(
            path(f"people/<int:pk>/{one.slug}/", partial(act, what=one), name=one.route)
            for one in every_act()
        ),
    ]
