"""The archive in the admin: articles, issues, and what they refer to."""

from typing import Any, ClassVar

from django_filters import ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from backnumber.archive.models import Article, Contributor, Issue, Section, Title, Volume
from backnumber.editorial import (
    acts,
    bulk_hooks,
    desk,
    information_pages,
    issue_hooks,
    links,
    menu,
    writing_hooks,
)
from backnumber.editorial.choosers import ArticleChooser, ContributorChooser, IssueChooser
from backnumber.editorial.forms import ArticleForm, ContributorForm
from backnumber.editorial.lists import ArchiveList
from backnumber.editorial.panels import PolicyPanel, WritingPanel
from backnumber.editorial.status import status_column, with_status

__all__ = [
    "ArchiveGroup",
    "acts",
    "bulk_hooks",
    "desk",
    "information_pages",
    "issue_hooks",
    "links",
    "menu",
    "writing_hooks",
]  # these register themselves when they are imported


def walls() -> FieldRowPanel:
    """Both numbers of a moving wall, side by side."""
    return FieldRowPanel([FieldPanel("paid_after_weeks"), FieldPanel("free_after_years")])


class ArticleFilters(WagtailFilterSet):
    issue__title = ModelChoiceFilter(queryset=Title.objects.all(), label="Title")
    section = ModelChoiceFilter(queryset=Section.objects.all(), label="Section")

    class Meta:
        model = Article
        fields: ClassVar[list[str]] = ["issue__title", "section", "live", "policy"]


class ArticleViewSet(SnippetViewSet):
    model = Article
    index_view_class = ArchiveList
    icon = "doc-full"
    menu_label = "Articles"
    list_display = (
        "headline",
        Column("issue", label="Issue", sort_key="issue"),
        Column("section", label="Section", sort_key="section"),
        Column("byline", label="Byline", sort_key="byline"),
        status_column(),
        UpdatedAtColumn(),
    )
    list_per_page = 40
    search_fields = ("headline", "byline", "standfirst")
    search_backend_name = None
    filterset_class = ArticleFilters
    chooser_viewset_class = ArticleChooser
    chooser_per_page = 20
    copy_view_enabled = False
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("headline", targets=["slug"], classname="title", required_on_save=True),
                    FieldPanel("standfirst"),
                    FieldPanel("byline"),
                    InlinePanel(
                        "authorships",
                        [FieldPanel("contributor"), FieldPanel("position")],
                        heading="Contributors",
                        label="Contributor",
                    ),
                    WritingPanel(),
                    FieldPanel("body"),
                ],
                heading="Text",
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("issue"), FieldPanel("section")]),
                    FieldRowPanel(
                        [FieldPanel("position"), FieldPanel("first_page"), FieldPanel("last_page")]
                    ),
                    FieldRowPanel(
                        [
                            FieldPanel("slug", required_on_save=True),
                            FieldPanel("language"),
                            FieldPanel("online_date"),
                        ]
                    ),
                    PublishingPanel(),
                ],
                heading="Place",
            ),
            ObjectList(
                [
                    PolicyPanel(),
                    FieldPanel("policy"),
                    walls(),
                    InlinePanel(
                        "anniversaries",
                        [FieldRowPanel([FieldPanel("day"), FieldPanel("month"), FieldPanel("why")])],
                        heading="Free on the day",
                        label="Day of the year",
                        help_text="On this day of every year anyone may read. 29 February is kept on 1 March in a year without one.",
                    ),
                    FieldPanel("lead_in_ends_after"),
                ],
                heading="Access",
            ),
            ObjectList(
                [
                    InlinePanel(
                        "corrections",
                        [FieldPanel("made_on"), FieldPanel("text")],
                        heading="Corrections",
                        label="Correction",
                    )
                ],
                heading="Corrections",
            ),
        ],
        base_form_class=ArticleForm,
    )

    def get_queryset(self, request: Any) -> Any:
        return with_status(Article.objects.select_related("issue__title", "section").defer("body"))


class IssueViewSet(SnippetViewSet):
    model = Issue
    index_view_class = ArchiveList
    icon = "folder-open-1"
    menu_label = "Issues"
    list_display = ("cover_date", "title", "volume", "number", status_column(), UpdatedAtColumn())
    list_filter = ("title", "live")
    list_per_page = 40
    search_fields = ("cover_date", "number")
    search_backend_name = None
    ordering = ("-sort_date",)
    chooser_viewset_class = IssueChooser
    chooser_per_page = 20
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("volume"), FieldPanel("number")]),
        FieldRowPanel(
            [
                FieldPanel("cover_date", required_on_save=True),
                FieldPanel("sort_date"),
                FieldPanel("slug", required_on_save=True),
            ]
        ),
        FieldRowPanel([FieldPanel("first_page"), FieldPanel("last_page"), FieldPanel("online_date")]),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_lines")], heading="Cover"),
        MultiFieldPanel([FieldPanel("policy"), walls(), FieldPanel("on_sale")], heading="Access"),
        PublishingPanel(),
    ]

    def get_queryset(self, request: Any) -> Any:
        return with_status(Issue.objects.select_related("title", "volume__title"))


class TitleViewSet(SnippetViewSet):
    model = Title
    index_view_class = ArchiveList
    copy_view_enabled = False
    icon = "home"
    menu_label = "Titles"
    list_display = ("name", "issn", "founded", "policy")
    panels: ClassVar[list[Any]] = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel(
            "slug", help_text="Part of every address of this title: do not change it once readers know it."
        ),
        FieldPanel("strapline"),
        FieldPanel("description"),
        FieldRowPanel(
            [FieldPanel("issn"), FieldPanel("founded"), FieldPanel("language"), FieldPanel("position")]
        ),
        MultiFieldPanel([FieldPanel("policy"), walls()], heading="Access"),
    ]


class VolumeViewSet(SnippetViewSet):
    model = Volume
    index_view_class = ArchiveList
    copy_view_enabled = False
    icon = "folder"
    menu_label = "Volumes"
    list_display = ("number", "title", "years")
    list_filter = ("title",)

    def get_queryset(self, request: Any) -> Any:
        return Volume.objects.select_related("title")


class SectionViewSet(SnippetViewSet):
    model = Section
    index_view_class = ArchiveList
    copy_view_enabled = False
    icon = "list-ul"
    menu_label = "Sections"
    list_display = ("name", "policy")
    panels: ClassVar[list[Any]] = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("description"),
        MultiFieldPanel([FieldPanel("policy"), walls()], heading="Access"),
    ]


class ContributorViewSet(SnippetViewSet):
    model = Contributor
    index_view_class = ArchiveList
    copy_view_enabled = False
    icon = "user"
    menu_label = "Contributors"
    list_display = ("sort_name", "name")
    list_per_page = 40
    search_fields = ("name", "sort_name", "variants")
    chooser_viewset_class = ContributorChooser
    chooser_per_page = 20
    search_backend_name = None
    edit_handler = ObjectList(
        [
            TitleFieldPanel("name", targets=["slug"]),
            FieldPanel("sort_name"),
            FieldPanel("slug"),
            FieldPanel("note"),
            FieldPanel("variants"),
        ],
        base_form_class=ContributorForm,
    )


class ArchiveGroup(SnippetViewSetGroup):
    items = (ArticleViewSet, IssueViewSet, TitleViewSet, VolumeViewSet, SectionViewSet, ContributorViewSet)
    menu_label = "Archive"
    menu_icon = "doc-full"
    menu_order = 200


register_snippet(ArchiveGroup)
