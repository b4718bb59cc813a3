"""The form of the crawlers' page: one choice for each that is known, and the terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.forms.boundfield import BoundField

from backnumber.characters import OneLine
from backnumber.edge.page.crawlers import KNOWN, Crawler, Purpose, Stance
from backnumber.syndication.models import CrawlerTerms

_CHOICES = {Stance.WELCOME: "welcome", Stance.REFUSED: "refused", Stance.PAID: "pays"}
PURPOSES = {
    Purpose.SEARCH: ("Search engines", "They find articles for people and send them here."),
    Purpose.ANSWERS: (
        "Answers",
        "They read a page to answer a question, and mostly name it. Those called “User” come because somebody asked for "
        "that very page; some say that they do not keep to robots.txt then.",
    ),
    Purpose.TRAINING: ("Training", "What they read goes into a model. It leads nobody here."),
}


@dataclass(frozen=True, slots=True)
class Preset:
    """Three words for the whole table. It fills the form in; saving is a step of its own."""

    name: str
    label: str
    by_purpose: Mapping[Purpose, Stance]


def _preset(name: str, label: str, answers: Stance, training: Stance) -> Preset:
    said = {Purpose.SEARCH: Stance.WELCOME, Purpose.ANSWERS: answers, Purpose.TRAINING: training}
    return Preset(name, label, said)


PRESETS = {
    preset.name: preset
    for preset in (
        _preset("everybody", "Everybody welcome", Stance.WELCOME, Stance.WELCOME),
        _preset("no-training", "No AI training", Stance.WELCOME, Stance.REFUSED),
        _preset("ai-pays", "AI pays", Stance.PAID, Stance.PAID),
    )
}


@dataclass(frozen=True, slots=True)
class Group:
    """The crawlers of one purpose, as the page shows them, each with its choice."""

    heading: str
    about: str
    rows: list[tuple[Crawler, BoundField]]


def _a_place(value: str) -> None:
    """A whole address, or a path of this site."""
    if value.startswith("/") and not value.startswith("//"):
        RegexValidator(r"\A/[!-~]*\Z", "Write the path without spaces.")(value)
        return
    URLValidator(["http", "https"], message="Write a whole address, or a path that begins with a slash.")(
        value
    )


class CrawlersForm(forms.Form):
    """Promise: `said` and `terms` of a valid form are what is to be kept."""

    words = forms.CharField(
        label="Terms in a few words",
        required=False,
        max_length=2_000,
        help_text="What a crawler that is to pay is told with every 402: what it costs, whom to write to.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    address = OneLine(
        label="Where the terms stand",
        required=False,
        max_length=500,
        validators=[_a_place],
        help_text="A whole address, or a path of this site, which stays open to those who are to pay.",
    )
    licence_address = OneLine(
        label="Licence file (RSL)",
        required=False,
        max_length=500,
        validators=[URLValidator(["http", "https"])],
        help_text="If you have one: the whole address of an RSL 1.0 file (rslstandard.org). robots.txt then names it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for crawler in KNOWN:
            self.fields[_field(crawler.token)] = _choice(crawler)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        pays = any(values.get(_field(crawler.token)) == Stance.PAID for crawler in KNOWN)
        if pays and not values.get("words") and not values.get("address"):
            raise ValidationError("Somebody is to pay. Say in the terms what it costs, or where that stands.")
        return values

    @property
    def said(self) -> dict[str, Stance]:
        return {crawler.token: Stance(self.cleaned_data[_field(crawler.token)]) for crawler in KNOWN}

    @property
    def terms(self) -> CrawlerTerms:
        fields = ("words", "address", "licence_address")
        return CrawlerTerms(**{name: self.cleaned_data[name] for name in fields})

    def groups(self) -> list[Group]:
        return [
            Group(heading, about, [(one, self[_field(one.token)]) for one in KNOWN if one.purpose is purpose])
            for purpose, (heading, about) in PURPOSES.items()
        ]

    def of_terms(self) -> list[BoundField]:
        return [self[name] for name in ("words", "address", "licence_address")]


def as_initial(said: Mapping[str, Stance], terms: CrawlerTerms) -> dict[str, str]:
    """Promise: what is kept, as the form's fields have it."""
    fields = {_field(token): stance.value for token, stance in said.items()}
    return {
        **fields,
        "words": terms.words,
        "address": terms.address,
        "licence_address": terms.licence_address,
    }


def _choice(crawler: Crawler) -> forms.ChoiceField:
    choices = [
        (stance.value, says)
        for stance, says in _CHOICES.items()
        if crawler.comes or stance is not Stance.PAID
    ]
    return forms.ChoiceField(label=crawler.token, choices=choices)


def _field(token: str) -> str:
    return f"crawler-{token}"
