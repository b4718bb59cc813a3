"""The table of rates in the admin's settings, and its changes in the log."""

from typing import Any, ClassVar

from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from backnumber.tax import service
from backnumber.tax.forms import TaxRateForm
from backnumber.tax.models import TaxRate


class CreateRate(CreateView):
    def save_instance(self) -> Any:
        made = super().save_instance()
        service.log_rate(made, "")
        return made


class EditRate(EditView):
    def save_instance(self) -> Any:
        before = service.as_logged(TaxRate.objects.get(pk=self.object.pk))
        saved = super().save_instance()
        service.log_rate(saved, before)
        return saved


class TaxRateViewSet(SnippetViewSet):
    model = TaxRate
    copy_view_enabled = False
    icon = "table"
    menu_label = "Tax rates"
    menu_order = 910
    add_to_settings_menu = True
    list_display: ClassVar[list[Any]] = ["country", "kind", "from_date", "percent", "note"]
    list_filter: ClassVar[list[str]] = ["country", "kind"]
    list_per_page = 100
    search_fields: ClassVar[list[str]] = ["country", "note", "source"]
    add_view_class = CreateRate
    edit_view_class = EditRate
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("country"), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("from_date"), FieldPanel("rate")]),
            FieldPanel("name"),
            FieldPanel("source"),
            FieldPanel("note"),
        ],
        base_form_class=TaxRateForm,
    )


register_snippet(TaxRateViewSet)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(service.RATE_CHANGED)
    class RateChanged(LogFormatter):
        label = "Change a tax rate"

        def format_message(self, log_entry: Any) -> str:
            was, now = log_entry.data.get("from"), log_entry.data.get("to", "")
            return f"Tax rate changed: from {was} to {now}" if was else f"Tax rate added: {now}"
