"""What the desk shows on the admin's first page."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from backnumber.staff.first_steps import Step
from backnumber.staff.forms import FindForm


class FindPerson(Component):
    """The box in which a person is found."""

    order = 5
    template_name = "staff/admin/find_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        context = parent_context or {}
        return {"form": FindForm(), "csrf_token": context.get("csrf_token")}


class FirstSteps(Component):
    """What a new magazine still has to do."""

    order = 10
    template_name = "staff/admin/first_steps.html"

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:  # noqa: ARG002  # Wagtail hands it over
        return {"steps": self.steps, "left": sum(not step.is_done for step in self.steps)}
