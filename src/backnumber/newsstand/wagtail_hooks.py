"""The publisher's desk for what is for sale."""

from typing import Any

from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from backnumber.newsstand.models import Product


class ProductViewSet(SnippetViewSet):
    model = Product
    icon = "tag"
    menu_label = "For sale"
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "term", "for_sale", "position"]
    list_filter = ["for_sale", "is_print"]
    search_fields = ["name", "code"]
    panels: list[Any] = [
        FieldPanel("name"),
        FieldPanel(
            "code", help_text="Part of the address of the buying page. Do not change it once it is known."
        ),
        FieldPanel("description", help_text="A paragraph for the page where it is sold."),
        FieldRowPanel(
            [
                FieldPanel("term_months"),
                FieldPanel("position"),
                FieldPanel("for_sale"),
                FieldPanel("is_print"),
            ]
        ),
        MultiFieldPanel([FieldPanel("scope"), FieldPanel("title")], heading="What it opens"),
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
