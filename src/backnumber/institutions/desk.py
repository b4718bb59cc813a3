"""Institutions in the admin: the list, one with its networks and licences, and whose an address is."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from backnumber.grants.ends import last_day_in_words
from backnumber.institutions import queries, service, words
from backnumber.institutions.forms import InstitutionForm, LicenceForm, RevokeForm, WhichForm
from backnumber.institutions.models import Institution, Licence, Network
from backnumber.institutions.ranges import Misread
from backnumber.readers.models import Reader

CHANGE = "institutions.change_institution"
needs = permission_required(CHANGE, raise_exception=True)


@needs
@require_http_methods(["GET", "HEAD", "POST"])
def institutions(request: HttpRequest) -> HttpResponse:
    """The list; a post asks which institution has an address."""
    form = WhichForm(request.POST or None)
    asked = form.cleaned_data["address"] if form.is_bound and form.is_valid() else None
    now = timezone.now()
    known = {
        "form": form,
        "asked": asked,
        "place": queries.place_at(asked, now) if asked else None,
        "having": [_having(network) for network in queries.networks_with(asked)] if asked else [],
        "institutions": [
            {
                "one": one,
                "last_day": last_day_in_words(one.last) if one.last else "",
                "status": words.status(is_active=one.is_active, held=one.held, running=one.running),
                "is_open": one.is_active and one.held and one.running,
            }
            for one in queries.every_institution(now)
        ],
        "page_title": "Institutions",
    }
    return render(request, "institutions/admin/institutions.html", known)


def _having(network: Network) -> dict[str, object]:
    return {
        "institution": network.institution,
        "line": queries.as_range(network).line,
        "in_use": network.in_use,
    }


@needs
@require_http_methods(["GET", "HEAD", "POST"])
def institution(request: HttpRequest, key: int | None = None) -> HttpResponse:
    """One institution, or a new one. A list of networks with a fault changes nothing."""
    one = get_object_or_404(Institution, pk=key) if key is not None else Institution()
    form = InstitutionForm(request.POST or None, instance=one, initial={"networks": _networks_of(one)})
    if request.method == "POST" and form.is_valid() and _written(request, form):
        messages.success(request, f"{one.name} is saved. Readers are known by it from now on.")
        return redirect("institutions_institution", key=one.pk)
    now = timezone.now()
    licences = queries.licences_of(one.pk) if one.pk else []
    is_known = bool(one.pk) and queries.has_addresses(Institution.objects.get(pk=one.pk), now)
    known = {
        "form": form,
        "institution": one,
        "is_known": is_known,
        "licences": [
            {
                "licence": each,
                "opens": words.opens(each),
                "lasts": words.lasts(each, now),
                "runs": is_known and queries.runs(each, now),
            }
            for each in licences
        ],
        "page_title": Institution.objects.get(pk=key).name if key is not None else "Add an institution",
    }
    return render(request, "institutions/admin/institution.html", known)


def _networks_of(one: Institution) -> str:
    networks = one.networks.select_related("institution") if one.pk else []
    return "\n".join(each.line for each in queries.as_ranges(networks))


def _written(request: HttpRequest, form: InstitutionForm) -> bool:
    try:
        service.write(
            form.save(commit=False), form.cleaned_data["networks"], by=_who(request), now=timezone.now()
        )
    except Misread as why:
        form.refuse(why)
        return False
    return True


@needs
@require_http_methods(["GET", "HEAD", "POST"])
def licence(request: HttpRequest, institution: int, key: int | None = None) -> HttpResponse:
    """One licence of an institution, or a new one."""
    owner = get_object_or_404(Institution, pk=institution)
    one = (
        get_object_or_404(Licence, pk=key, institution=owner)
        if key is not None
        else Licence(institution=owner)
    )
    form = LicenceForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        kept = service.give_licence(form.save(commit=False), by=_who(request))
        messages.success(request, f"“{kept.label}” of {owner.name} is saved.")
        return redirect("institutions_institution", key=owner.pk)
    known = {
        "form": form,
        "revoke": RevokeForm(),
        "institution": owner,
        "licence": one if key is not None else None,
        "page_title": f"Licence of {owner.name}",
    }
    return render(request, "institutions/admin/licence.html", known)


@needs
@require_POST
def revoke(request: HttpRequest, institution: int, key: int) -> HttpResponse:
    """Takes effect at once, in every process."""
    one = get_object_or_404(Licence.objects.select_related("institution"), pk=key, institution=institution)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why it is revoked.")
        return redirect("institutions_licence", institution=institution, key=key)
    service.revoke(one, because=form.cleaned_data["because"], by=_who(request), now=timezone.now())
    messages.success(request, f"“{one.label}” opens nothing from now on.")
    return redirect("institutions_institution", key=institution)


def _who(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user
