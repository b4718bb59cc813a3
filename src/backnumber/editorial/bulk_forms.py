"""The forms of changing many articles at once, and of merging contributors."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from backnumber.archive.models import POLICIES, Article, Contributor, Section, Title
from backnumber.archive.rules import FIRST_DAY, LAST_DAY
from backnumber.characters import OneLine
from backnumber.editorial.bulk import ADD, POLICY, REMOVE, SECTION, WITHDRAW, Act

_NONE = "none"
_ABOVE = "above"


def named(name: str) -> Contributor:
    """Promise: the one contributor of that name. Errors: ValidationError that says what to do."""
    found = list(Contributor.objects.filter(Q(name__iexact=name) | Q(sort_name__iexact=name))[:2])
    if not found:
        raise ValidationError(
            f"There is no contributor “{name}”: type the name as the list of contributors has it."
        )
    if len(found) > 1:
        raise ValidationError(
            f"There are several called “{name}”: merge them first, or give one another name."
        )
    return found[0]


class ListForm(forms.Form):
    """Which articles."""

    title = forms.ModelChoiceField(Title.objects.all(), required=False, empty_label="Any")
    section = forms.ChoiceField(required=False)
    policy = forms.ChoiceField(choices=[("", "Any"), (_ABOVE, "None of its own"), *POLICIES], required=False)
    state = forms.ChoiceField(
        choices=[("", "Any"), ("live", "Published"), ("not", "Not published")], required=False
    )
    contributor = OneLine(max_length=200, required=False)
    words = OneLine(label="Words in headline or byline", max_length=200, required=False)
    first_year = forms.IntegerField(
        label="From the year", required=False, min_value=FIRST_DAY.year, max_value=LAST_DAY.year
    )
    last_year = forms.IntegerField(
        label="To the year", required=False, min_value=FIRST_DAY.year, max_value=LAST_DAY.year
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = [(str(key), name) for key, name in Section.objects.values_list("pk", "name")]
        self.fields["section"].choices = [("", "Any"), (_NONE, "None"), *sections]  # type: ignore[attr-defined]

    def clean_contributor(self) -> Contributor | None:
        name = self.cleaned_data["contributor"].strip()
        return named(name) if name else None

    def articles(self) -> "QuerySet[Article]":
        """Promise: the articles of a valid form, the latest issue first."""
        wanted = self.cleaned_data
        found = Article.objects.order_by("-issue__sort_date", "issue_id", "position", "id")
        if wanted["title"]:
            found = found.filter(issue__title=wanted["title"])
        if wanted["section"]:
            found = found.filter(section=None if wanted["section"] == _NONE else int(wanted["section"]))
        if wanted["policy"]:
            found = found.filter(policy="" if wanted["policy"] == _ABOVE else wanted["policy"])
        if wanted["state"]:
            found = found.filter(live=wanted["state"] == "live")
        if wanted["contributor"]:
            found = found.filter(authorships__contributor=wanted["contributor"])
        for word in wanted["words"].split():
            found = found.filter(Q(headline__icontains=word) | Q(byline__icontains=word))
        if wanted["first_year"]:
            found = found.filter(issue__sort_date__year__gte=wanted["first_year"])
        if wanted["last_year"]:
            found = found.filter(issue__sort_date__year__lte=wanted["last_year"])
        return found

    def in_words(self) -> str:
        """Promise: what the list is, for the record of a change."""
        parts = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value:
                shown = dict(getattr(field, "choices", [])).get(value, value) if name != "title" else value
                parts.append(f"{field.label or name.replace('_', ' ')}: {shown}")
        return "; ".join(parts) or "all articles"


class ActForm(forms.Form):
    """What is to be done with them."""

    kind = forms.ChoiceField(
        label="What",
        choices=[
            (SECTION, "Put into a section"),
            (POLICY, "Give a policy"),
            (ADD, "Add a contributor"),
            (REMOVE, "Take a contributor away"),
            (WITHDRAW, "Withdraw"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    to_section = forms.ModelChoiceField(
        Section.objects.all(), label="Section", required=False, empty_label="None"
    )
    to_policy = forms.ChoiceField(
        label="Policy", choices=[("", "As issue, section or title say"), *POLICIES], required=False
    )
    who = OneLine(
        label="Contributor",
        max_length=200,
        required=False,
        help_text="The name as the list of contributors has it.",
    )

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or {}
        if fields.get("kind") in {ADD, REMOVE} and "who" not in self.errors:
            try:
                fields["who"] = (
                    named(fields.get("who", "").strip()) if fields.get("who", "").strip() else None
                )
            except ValidationError as why:
                self.add_error("who", why)
            else:
                if fields["who"] is None:
                    self.add_error("who", "Say who.")
        return fields

    def act(self) -> Act:
        """Promise: what a valid form asks for."""
        wanted = self.cleaned_data
        kind = wanted["kind"]
        if kind == SECTION:
            section = wanted["to_section"]
            return Act(kind, section.pk if section else None, f"Section: {section or 'none'}")
        if kind == POLICY:
            words = dict(self.fields["to_policy"].choices)[wanted["to_policy"]]  # type: ignore[attr-defined]
            return Act(kind, wanted["to_policy"], f"Policy: {words}")
        if kind in {ADD, REMOVE}:
            verb = "Add" if kind == ADD else "Take away"
            return Act(kind, wanted["who"].pk, f"{verb} the contributor {wanted['who']}")
        return Act(WITHDRAW, None, "Withdraw")
