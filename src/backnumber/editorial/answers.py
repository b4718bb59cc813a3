"""What the page "Who may read this" says: what is set and by what, and the rule's answer for each kind of reader."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.formats import date_format

from backnumber.access import Asked, Decision, decide
from backnumber.access.openings import free_from, paid_from
from backnumber.archive.models import Article
from backnumber.archive.queries import asked, policy_of, wall_of
from backnumber.archive.rules import Placed
from backnumber.editorial.kinds import KindOfReader, kinds
from backnumber.gate.words import NO_POLICY, POLICIES, REASONS, moment, set_on


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that is set: what it is, what it says, what set it and where that is edited."""

    name: str
    says: str
    source: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one kind of reader sees at one moment, and why."""

    decision: Decision

    @property
    def sees(self) -> str:
        return "The whole text" if self.decision.allowed else "The lead-in"

    @property
    def why(self) -> str:
        """The reason in words, with the date that matters to it."""
        one = self.decision
        words = REASONS[one.reason]
        if one.window:
            return f"{words} It is {one.window.why}, until {moment(one.window.until)}."
        if one.begins:
            return f"{words} From {moment(one.begins)} on."
        return words


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of reader: now, and at the chosen moment when there is one."""

    kind: KindOfReader
    now: Answer
    then: Answer | None


def settings_of(article: Article, now: datetime) -> tuple[Setting, ...]:
    """Promise: policy, walls, embargo, windows not over at `now` and anniversaries, with where each comes from; one query."""
    one = asked([article], now)[article.pk]
    policy, level = policy_of(article)
    return (
        _setting(article, "Policy", POLICIES[policy] if policy else NO_POLICY, level),
        *_walls(article, one),
        _embargo(article),
        *(
            _setting(
                article, "Free window", f"{w.why}: from {moment(w.starts)} until {moment(w.until)}", "article"
            )
            for w in one.windows
        ),
        *(
            _setting(article, "Anniversary", f"{a.why}: every {a.day} {MONTHS[a.month]}", "article")
            for a in one.anniversaries
        ),
    )


def _walls(article: Article, one: Asked) -> tuple[Setting, Setting]:
    wall = wall_of(article)
    free, paid = wall.free_after_years, wall.paid_after_weeks
    return (
        _wall(article, "Free after", free, "years", _from_day("anyone may read from {} on", free_from(one))),
        _wall(article, "Paid after", paid, "weeks", _from_day("anyone may read before {}", paid_from(one))),
    )


def _from_day(says: str, day: date | None) -> str:
    return f": {says.format(date_format(day, 'j F Y'))}" if day else ""


def _wall(article: Article, name: str, placed: Placed, unit: str, effect: str) -> Setting:
    if not placed.number:
        return _setting(article, name, "no such wall", placed.source)
    one = unit.removesuffix("s") if placed.number == 1 else unit
    return _setting(article, name, f"{placed.number} {one}{effect}", placed.source)


def _embargo(article: Article) -> Setting:
    on_sale = article.issue.on_sale
    if on_sale is None:
        return Setting("Embargo", "none")
    return _setting(article, "Embargo", f"on sale from {moment(on_sale)}", "issue")


def _setting(article: Article, name: str, says: str, level: str) -> Setting:
    return Setting(name, says, set_on(article, level), _edited_at(article, level))


def _edited_at(article: Article, level: str) -> str:
    keys = {
        "article": article.pk,
        "issue": article.issue_id,
        "section": article.section_id,
        "title": article.issue.title_id,
    }
    return reverse(f"wagtailsnippets_archive_{level}:edit", args=[keys[level]]) if level else ""


def rows(article: Article, now: datetime, then: datetime | None) -> tuple[Row, ...]:
    """Promise: every kind of reader with the rule's answer now and, if `then` is given, at that moment; two queries at most."""
    today = _answers(article, now)
    chosen = _answers(article, then) if then else {}
    return tuple(Row(kind, answer, _answer_of(chosen, kind)) for kind, answer in today.values())


Answers = dict[str, tuple[KindOfReader, Answer]]


def _answer_of(answers: Answers, kind: KindOfReader) -> Answer | None:
    return answers[kind.key][1] if kind.key in answers else None


def _answers(article: Article, at: datetime) -> Answers:
    one = asked([article], at)[article.pk]
    return {kind.key: (kind, Answer(decide(one, kind.asker, at))) for kind in kinds(one, at)}


def kind_named(article: Article, key: str, at: datetime) -> KindOfReader | None:
    """Promise: the kind of that key as it is at `at`; None when there is none. One query."""
    one = asked([article], at)[article.pk]
    return next((kind for kind in kinds(one, at) if kind.key == key), None)
