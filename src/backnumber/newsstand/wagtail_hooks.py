"""The publisher's desk for what is for sale."""

from typing import Any

from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from backnumber.newsstand.models import Product


class ProductViewSet(SnippetViewSet):
    model = Product
    copy_view_enabled = False
    icon = "tag"
    menu_label = "For sale"
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "term", "for_sale", "position"]
    list_filter = ["for_sale", "is_print", "scope"]
    search_fields = ["name", "code"]
    panels: list[Any] = [
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
                FieldPanel("keeps_term"),
                FieldPanel("is_print"),
            ],
            heading="For how long",
            help_text="A single issue or article may be without a term: it then stays open.",
        ),
        InlinePanel(
            "prices",
            heading="Prices",
            label="Price",
            min_num=1,
            help_text="One for anywhere, or one for each region. Orders already placed keep their price.",
            panels=[FieldRowPanel([FieldPanel("region"), FieldPanel("minor"), FieldPanel("currency")])],
        ),
    ]


register_snippet(ProductViewSet)
