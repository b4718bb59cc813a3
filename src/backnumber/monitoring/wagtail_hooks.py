"""What needs somebody's attention, on the first page of the admin, for administrators."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from backnumber.monitoring import findings


class NeedsAttention(Component):
    """What is wrong first, then what should be looked at; one line when all is well."""

    order = 10
    template_name = "monitoring/needs_attention.html"

    def get_context_data(self, _parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        found = [finding for finding in findings.look(timezone.now()) if finding.state != "ok"]
        return {"findings": sorted(found, key=lambda finding: finding.state != "wrong")}


@hooks.register("construct_homepage_panels", order=100)
def needs_attention(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.is_superuser:
        panels.append(NeedsAttention())
