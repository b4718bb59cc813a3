"""Every reason, finding and scope of the rule has words, for the reader and for staff."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from backnumber.access import (
    Asked,
    Asker,
    Considered,
    Decision,
    Evidence,
    Fit,
    Gift,
    Grant,
    Meter,
    Place,
    Policy,
    Read,
    Reason,
    Scope,
    ScopeKind,
    decide,
)
from backnumber.archive.models import Anniversary, Article
from backnumber.gate import reference
from backnumber.helpdesk import words
from backnumber.helpdesk.queries import explain
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db
NOON, DAY = making.NOON, timedelta(days=1)
FORTRESS = Asked(article=7, issue=70, title=1, cover_date=date(1999, 9, 1), policy=Policy.SUBSCRIBERS)
SCOPES = {
    ScopeKind.ARCHIVE: (Scope(ScopeKind.ARCHIVE), "the whole archive"),
    ScopeKind.TITLE: (Scope(ScopeKind.TITLE, title=1), "all of The Hourglass"),
    ScopeKind.SPAN: (
        Scope(ScopeKind.SPAN, first_date=date(1980, 1, 1)),
        "cover dates from 1 January 1980 to the latest",
    ),
    ScopeKind.RECENT: (
        Scope(ScopeKind.RECENT, title=1, years=2),
        "The Hourglass, the issues of the last 2 calendar years",
    ),
    ScopeKind.ISSUE: (Scope(ScopeKind.ISSUE, issue=70), "September 1999"),
    ScopeKind.ARTICLE: (Scope(ScopeKind.ARTICLE, article=7), "“The Fortress”"),
}
NAMES = {"title:1": "The Hourglass", "issue:70": "September 1999", "article:7": "The Fortress"}
GRANT = Grant(
    1, Scope(ScopeKind.ARCHIVE), NOON - 9 * DAY, NOON - DAY, Evidence.PAYMENT, "Online access, yearly",
    revoked_at=NOON - 2 * DAY, kept=Scope(ScopeKind.SPAN, first_date=date(1999, 1, 1)),
)  # fmt: skip


def answer(asker: Asker, **changed: object) -> Decision:
    return decide(replace(FORTRESS, **changed), asker, NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ScopeKind)
def test_every_kind_of_scope_has_words(kind: ScopeKind) -> None:
    scope, said = SCOPES[kind]
    assert words.scope_in_words(scope, NAMES) == said
    assert words.scope_in_words(Scope(kind), {})


def test_this_year_only_is_said_so() -> None:
    assert words.scope_in_words(Scope(ScopeKind.RECENT, years=1), {}) == "the issues of this year"
    assert "not how many" in words.scope_in_words(Scope(ScopeKind.RECENT), {})


def test_every_finding_has_a_sentence_of_its_own() -> None:
    said = {fit: words.of_considered(Considered(GRANT, fit), NAMES) for fit in Fit}
    assert all(sentence.endswith(".") for sentence in said.values())
    assert len(set(said.values())) == len(Fit)
    assert "stays open with it" in said[Fit.KEPT]
    assert "on sale" in said[Fit.EMBARGOED]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_to_reader_and_staff(reason: Reason, gated: Article) -> None:
    allowed = list(Reason).index(reason) < list(Reason).index(Reason.NO_ACCOUNT)
    bare = replace(answer(Asker()), reason=reason, allowed=allowed, offers=())
    told = words.for_reader(bare, gated)
    assert told.why.endswith(".")
    assert told.do
    assert words.for_staff(bare).startswith("May read. " if allowed else "May not read. ")
    assert (told is words._OUR_FAULT) is (reason is Reason.UNKNOWN_POLICY)


def test_no_two_reasons_are_told_alike(gated: Article) -> None:
    bare = answer(Asker())
    told = [
        words.for_reader(replace(bare, reason=reason, allowed=n < 9, offers=()), gated).why
        for n, reason in enumerate(Reason)
    ]
    assert len(set(told)) == len(Reason)


def told(gated: Article, asker: Asker, **changed: object) -> str:
    return words.for_reader(answer(asker, **changed), gated).why


def test_reasons_with_a_date_say_it(gated: Article) -> None:
    metered = Asker(meter=Meter(2, 30 * DAY, (Read(1, NOON - DAY), Read(2, NOON))))
    assert "2 articles" in told(gated, metered, policy=Policy.METERED)
    assert "17 December 2026, 12:00" in told(gated, metered, policy=Policy.METERED)
    assert "on sale on 19 November 2026" in told(gated, Asker(), on_sale=NOON + DAY)
    assert "ended on 17 November 2026, 12:00" in told(gated, Asker(gift=Gift(1, 7, NOON - DAY)))
    library = Place(1, "Trent University", (replace(GRANT, until=None, revoked_at=None),))
    assert "through Trent University" in told(gated, Asker(place=library))


def test_who_keeps_an_issue_of_an_ended_term_is_told_so(gated: Article) -> None:
    said = told(gated, Asker(5, (replace(GRANT, revoked_at=None),)))
    assert said == (
        "You can read this article: you have Online access, yearly, which has ended, "
        "and this issue stays open to you."
    )


def test_staff_see_walls_embargo_and_days_of_the_year(gated: Article, staff: Reader, client: Client) -> None:
    gated.issue.title.free_after_years = 70
    gated.issue.title.save()
    gated.issue.on_sale = datetime(1999, 8, 20, 8, tzinfo=UTC)
    gated.issue.save()
    gated.paid_after_weeks = 4
    gated.save()
    Anniversary.objects.create(article=gated, month=2, day=29, why="the leap day")
    found = explain(None, Article.objects.get(pk=gated.pk), NOON)
    assert found.walls == (
        "free after 70 years; set on its title, The Hourglass",
        "paid after 4 weeks; set on the article itself",
    )
    assert found.on_sale == "20 August 1999, 09:00"
    assert found.windows == ("the leap day: every 29 February",)
    client.force_login(staff)
    page = client.post(reverse("helpdesk_why"), {"article": gated.pk}).content.decode()
    assert "free after 70 years; set on its title, The Hourglass" in page
    assert "the leap day: every 29 February" in page


def test_nobodys_reference_says_why_and_no_time(gated: Article, staff: Reader, client: Client) -> None:
    code = reference.make(gated.pk, Reason.NOT_COUNTED, None, NOON)
    client.force_login(staff)
    page = client.post(reverse("helpdesk_why"), {"reference": code})
    text = page.content.decode()
    assert "this visit is not counted" in text
    assert "carries no time" in text
    assert page.context["explained"].reader is None
    seen = client.get(reverse("why"), {"article": gated.pk}).content.decode()
    assert "which article, why, when, and which account" in seen
    assert (
        "which article and why; nothing else"
        in Client().get(reverse("why"), {"article": gated.pk}).content.decode()
    )
