"""Groups as staff see them: who owns them, what is paid for, who has a seat. To look at, never to change."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backnumber.checkout import grouping
from backnumber.circulation.finding import matching
from backnumber.groups.models import Group
from backnumber.groups.queries import occupancy

LOOKS = ("checkout.view_order", "checkout.change_order")


def _check(request: HttpRequest) -> None:
    """Errors: PermissionDenied."""
    if not any(request.user.has_perm(one) for one in LOOKS):
        raise PermissionDenied


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The latest, or those that match what was typed: a name, an owner, a member."""
    _check(request)
    typed = " ".join(request.GET.get("q", "").split())[:100]
    found = Group.objects.select_related("owner", "product")
    if typed:
        fields = (
            "name",
            "product__name",
            "owner__email",
            "owner__last_name",
            "seats__email",
            "seats__reader__email",
        )
        found = matching(found, typed, fields=fields, squeezed=("key",)).distinct()
    shown = {"groups": list(found[:100]), "typed": typed, "page_title": "Groups"}
    return render(request, "groups/admin/groups.html", shown)


@never_cache
@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    _check(request)
    found = get_object_or_404(Group.objects.select_related("owner", "product"), pk=pk)
    shown = {
        "group": found,
        "stands": occupancy(found, timezone.now()),
        "gone": found.seats.exclude(ended_at=None).select_related("reader"),
        "terms": found.terms.all(),
        "subscription": grouping.subscription_behind(found),
        "orders": found.orders.all(),
        "page_title": f"Group: {found}",
    }
    return render(request, "groups/admin/group.html", shown)
