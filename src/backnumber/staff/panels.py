"""What the desk shows on the admin's first page."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from backnumber.staff.forms import FindForm


class FindPerson(Component):
    """The box in which a person is found."""

    order = 50
    template_name = "staff/admin/find_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        context = parent_context or {}
        return {"form": FindForm(), "csrf_token": context.get("csrf_token")}
