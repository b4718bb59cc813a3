"""The publisher's desk for what is for sale."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from backnumber.products import service
from backnumber.products.forms import PriceForm, PriceFormSet, ProductForm, VoucherForm
from backnumber.products.models import Product, Voucher
from backnumber.products.queries import is_for_sale, prices_of, status


class PricesPanel(InlinePanel):
    """Rows of our own form, which takes an amount as it is printed."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name].update(form=PriceForm, formset=PriceFormSet)
        return options


class CreateProduct(CreateView):
    def save_instance(self) -> Any:
        made = super().save_instance()
        service.log_prices(made, {})
        return made


class EditProduct(EditView):
    def save_instance(self) -> Any:
        before = prices_of(self.object.pk)
        saved = super().save_instance()
        service.log_prices(saved, before)
        return saved


class ProductViewSet(SnippetViewSet):
    model = Product
    copy_view_enabled = False
    icon = "tag"
    menu_label = "For sale"
    menu_order = 320
    add_to_admin_menu = True
    list_display = [
        "name",
        "term",
        StatusTagColumn("status", label="Status", accessor=status, primary=is_for_sale, sort_key="for_sale"),
        "position",
    ]
    list_filter = ["for_sale", "is_print", "scope"]
    search_fields = ["name", "code"]
    add_view_class = CreateProduct
    edit_view_class = EditProduct
    product_panels: list[Any] = [
        FieldPanel("name"),
        FieldPanel(
            "code", help_text="Part of the address of the buying page. Do not change it once it is known."
        ),
        FieldPanel("description", help_text="A paragraph for the page where it is sold."),
        FieldRowPanel([FieldPanel("position"), FieldPanel("for_sale")]),
        MultiFieldPanel(
            [
                FieldPanel("scope"),
                FieldPanel("title"),
                FieldRowPanel([FieldPanel("first_date"), FieldPanel("last_date")]),
                FieldPanel("years"),
            ],
            heading="What it opens",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("term_months"), FieldPanel("term_days")]),
                FieldRowPanel([FieldPanel("renews"), FieldPanel("first_months")]),
                FieldPanel("keeps_term"),
                FieldRowPanel([FieldPanel("is_print"), FieldPanel("issues")]),
                FieldPanel("print_percent"),
            ],
            heading="For how long",
            help_text="A single issue or article may be without a term: it then stays open.",
        ),
        MultiFieldPanel(
            [
                FieldPanel("is_group"),
                FieldRowPanel([FieldPanel("seats_from"), FieldPanel("seats_to")]),
                FieldPanel("per_seat"),
            ],
            heading="For a group",
        ),
        FieldPanel("only_for"),
        FieldPanel("given"),
        FieldPanel("offered_to"),
        PricesPanel(
            "prices",
            heading="Prices",
            label="Price",
            min_num=1,
            help_text="One for anywhere, or one for each region. Orders already placed keep their price.",
            panels=[
                FieldRowPanel([FieldPanel("region"), FieldPanel("amount"), FieldPanel("currency")]),
                FieldPanel("first_amount"),
                FieldPanel("sure"),
            ],
        ),
    ]
    edit_handler = ObjectList(product_panels, base_form_class=ProductForm)

    def get_queryset(self, request: Any) -> Any:
        return Product.objects.prefetch_related("prices")


register_snippet(ProductViewSet)


class VoucherViewSet(SnippetViewSet):
    model = Voucher
    copy_view_enabled = False
    icon = "tag"
    menu_label = "Vouchers"
    menu_order = 321
    add_to_admin_menu = True
    list_display = ["code", "off", "valid_until", "limit", "note"]
    search_fields = ["code", "note"]
    panels: list[Any] = [
        FieldPanel("code"),
        FieldPanel("note"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")]),
                FieldPanel("share"),
                FieldPanel("every_term"),
            ],
            heading="What it takes off",
        ),
        FieldPanel("products", widget=CheckboxSelectMultiple),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]), FieldPanel("limit")],
            heading="When, and how often",
        ),
    ]


Voucher.base_form_class = VoucherForm  # type: ignore[attr-defined]
register_snippet(VoucherViewSet)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(service.PRICE_CHANGED)
    class PriceChanged(LogFormatter):
        label = "Change a price"

        def format_message(self, log_entry: Any) -> str:
            was, now = log_entry.data.get("from") or "not sold", log_entry.data.get("to") or "not sold"
            return f"Price changed ({log_entry.data.get('region', '')}): from {was} to {now}"
