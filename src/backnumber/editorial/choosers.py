"""Choosing an article, an issue or a contributor in the admin: found by words, listed without bodies.

A chooser is open to everyone in the admin; who may not edit articles is shown what is published and nothing
of drafts.
"""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)

from backnumber.archive.models import Article, Contributor, Issue
from backnumber.editorial.status import status_column, with_status


class WordsForm(BaseFilterForm):
    """Every word must stand in one of `fields`."""

    fields_searched: tuple[str, ...] = ()
    q = forms.CharField(
        label="Search", widget=forms.TextInput(attrs={"placeholder": "Search"}), required=False
    )

    def filter(self, objects: "QuerySet[Any]") -> "QuerySet[Any]":
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q") or ""
        self.is_searching = bool(self.search_query)
        for word in self.search_query.split():
            anywhere = Q()
            for field in self.fields_searched:
                anywhere |= Q(**{f"{field}__icontains": word})
            objects = objects.filter(anywhere)
        return objects


class ArticleWords(WordsForm):
    fields_searched = ("headline", "byline", "issue__cover_date")


class IssueWords(WordsForm):
    fields_searched = ("cover_date", "number", "title__name")


class ContributorWords(WordsForm):
    fields_searched = ("name", "sort_name", "variants")


def articles_for(user: Any) -> "QuerySet[Article]":
    """Promise: what this member of staff may choose from, without bodies."""
    articles = Article.objects.select_related("issue__title").defer("body")
    return (
        articles if user.has_perm("archive.change_article") else articles.filter(live=True, issue__live=True)
    )


def issues_for(user: Any) -> "QuerySet[Issue]":
    issues = Issue.objects.select_related("title")
    return issues if user.has_perm("archive.change_issue") else issues.filter(live=True)


class _Articles:
    filter_form_class = ArticleWords

    def get_object_list(self) -> "QuerySet[Article]":
        return with_status(articles_for(self.request.user)).order_by("-issue__sort_date", "position", "id")  # type: ignore[attr-defined]

    @property
    def columns(self) -> list[Column]:
        title = self.title_column  # type: ignore[attr-defined]
        return [
            title,
            Column("byline", label="Byline"),
            Column("issue", label="Issue"),
            status_column(sort_key=None),
        ]


class _Issues:
    filter_form_class = IssueWords

    def get_object_list(self) -> "QuerySet[Issue]":
        return with_status(issues_for(self.request.user)).order_by("-sort_date", "id")  # type: ignore[attr-defined]

    @property
    def columns(self) -> list[Column]:
        return [self.title_column, status_column(sort_key=None)]  # type: ignore[attr-defined]


class _Contributors:
    filter_form_class = ContributorWords

    def get_object_list(self) -> "QuerySet[Contributor]":
        return Contributor.objects.order_by("sort_name")

    @property
    def columns(self) -> list[Column]:
        return [self.title_column, Column("sort_name", label="As in an index")]  # type: ignore[attr-defined]


class ArticleChooseView(_Articles, ChooseView):
    pass


class ArticleChooseResultsView(_Articles, ChooseResultsView):
    pass


class ArticleChosenView(SnippetChosenView):
    def get_object(self, pk: str) -> Article:
        return articles_for(self.request.user).get(pk=pk)


class ArticleChosenMultipleView(SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> "QuerySet[Article]":
        return articles_for(self.request.user).filter(pk__in=pks)


class ArticleChooser(SnippetChooserViewSet):
    choose_view_class = ArticleChooseView
    choose_results_view_class = ArticleChooseResultsView
    chosen_view_class = ArticleChosenView
    chosen_multiple_view_class = ArticleChosenMultipleView


class IssueChooseView(_Issues, ChooseView):
    pass


class IssueChooseResultsView(_Issues, ChooseResultsView):
    pass


class IssueChosenView(SnippetChosenView):
    def get_object(self, pk: str) -> Issue:
        return issues_for(self.request.user).get(pk=pk)


class IssueChosenMultipleView(SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> "QuerySet[Issue]":
        return issues_for(self.request.user).filter(pk__in=pks)


class IssueChooser(SnippetChooserViewSet):
    choose_view_class = IssueChooseView
    choose_results_view_class = IssueChooseResultsView
    chosen_view_class = IssueChosenView
    chosen_multiple_view_class = IssueChosenMultipleView


class ContributorChooseView(_Contributors, ChooseView):
    pass


class ContributorChooseResultsView(_Contributors, ChooseResultsView):
    pass


class ContributorChooser(SnippetChooserViewSet):
    choose_view_class = ContributorChooseView
    choose_results_view_class = ContributorChooseResultsView
