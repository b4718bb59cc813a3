"""Stable addresses: readable, and permanent redirects when a slug changes."""

from datetime import date

import pytest
from django.test import Client

from backnumber.archive.models import Article, Contributor, Issue, OldAddress, Section, Title
from backnumber.archive.queries import moved_to
from tests import making

pytestmark = pytest.mark.django_db
OLD = "/archive/the-hourglass/1999/september/the-fortress/"


def test_an_address_is_readable(gated: Article) -> None:
    assert gated.get_absolute_url() == OLD


def test_a_changed_slug_leads_to_the_new_address(gated: Article) -> None:
    gated.slug = "the-citadel"
    gated.save()
    assert moved_to(OLD) == "/archive/the-hourglass/1999/september/the-citadel/"


def test_two_changes_lead_there_at_once(gated: Article) -> None:
    for slug in ("second", "third"):
        gated.slug = slug
        gated.save()
    assert moved_to(OLD) == moved_to(OLD.replace("the-fortress", "second")) == gated.get_absolute_url()


def test_an_issue_that_moves_takes_its_articles_along(gated: Article) -> None:
    issue = gated.issue
    issue.slug = "september-special"
    issue.save()
    assert moved_to("/archive/the-hourglass/1999/september/") == issue.get_absolute_url()
    assert moved_to(OLD) == "/archive/the-hourglass/1999/september-special/the-fortress/"


def test_an_article_moved_to_another_issue_is_found(gated: Article) -> None:
    gated.issue = making.issue(date(2001, 3, 1))
    gated.save()
    assert moved_to(OLD) == "/archive/the-hourglass/2001/march/the-fortress/"


def test_a_withdrawn_article_has_no_old_address_either(gated: Article) -> None:
    gated.slug = "the-citadel"
    gated.save()
    Article.objects.filter(pk=gated.pk).update(live=False)
    assert moved_to(OLD) is None


def test_a_draft_leaves_no_old_address(gated: Article) -> None:
    draft = making.article("Not Yet", of=gated.issue, live=False)
    draft.slug = "renamed-in-secret"
    draft.save()
    assert not OldAddress.objects.exists()


def test_what_never_was_leads_nowhere(gated: Article) -> None:
    assert moved_to("/archive/the-hourglass/1999/september/never/") is None
    assert moved_to("/") is None
    assert Issue.objects.count() == 1


def rename(thing: Article | Issue | Title | Section | Contributor, slug: str) -> None:
    """As a bulk change does it, which calls no `save`."""
    type(thing)._default_manager.filter(pk=thing.pk).update(slug=slug)


def test_a_slug_changed_with_many_others_leads_on(gated: Article) -> None:
    rename(gated, "the-citadel")
    assert moved_to(OLD) == "/archive/the-hourglass/1999/september/the-citadel/"


def test_a_slug_changed_while_withdrawn_leads_on_when_it_is_back(gated: Article) -> None:
    for change in ({"live": False}, {"slug": "the-citadel"}, {"slug": "the-keep"}):
        Article.objects.filter(pk=gated.pk).update(**change)
    assert moved_to(OLD) is None
    Article.objects.filter(pk=gated.pk).update(live=True)
    assert moved_to(OLD) == "/archive/the-hourglass/1999/september/the-keep/"
    assert moved_to(OLD.replace("the-fortress", "the-citadel")) is None  # nobody ever saw it there


def test_an_issue_renamed_while_withdrawn_leads_on_with_its_articles(gated: Article) -> None:
    for change in ({"live": False}, {"slug": "autumn"}, {"live": True}):
        Issue.objects.filter(pk=gated.issue_id).update(**change)
    assert moved_to("/archive/the-hourglass/1999/september/") == "/archive/the-hourglass/1999/autumn/"
    assert moved_to(OLD) == "/archive/the-hourglass/1999/autumn/the-fortress/"


def test_every_part_of_an_address_may_have_changed_at_another_time(gated: Article) -> None:
    names = [gated.get_absolute_url()]
    changes = [
        (gated, "citadel"), (gated.issue.title, "hourglass"), (gated.issue, "autumn"), (gated, "keep"),
        (gated.issue.title, "glass"), (gated.issue, "fall"), (gated, "tower"), (gated.issue.title, "sand"),
    ]  # fmt: skip
    for thing, slug in changes:
        rename(thing, slug)
        names.append(Article.objects.get(pk=gated.pk).get_absolute_url())
    assert names[-1] == "/archive/sand/1999/fall/tower/"
    assert {moved_to(name) for name in names[:-1]} == {names[-1]}
    assert moved_to("/archive/the-hourglass/1999/fall/citadel/") == names[-1]


@pytest.mark.parametrize("ending", ["", "?page=2&x=%C3%A9"])
def test_title_section_and_contributor_lead_on_with_their_query(
    client: Client, gated: Article, ending: str
) -> None:
    section, contributor = making.section(), making.contributor()
    Article.objects.filter(pk=gated.pk).update(section=section)
    for thing in (gated.issue.title, section, contributor):
        old = thing.get_absolute_url()
        rename(thing, "another")
        answer = client.get(old + ending)
        assert (answer.status_code, answer["Location"]) == (301, old.replace(thing.slug, "another") + ending)
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "below",
    [
        "/archive/{}/1999/", "/archive/{}/1999/september/", "/archive/{}/1999/september/the-fortress/",
        "/archive/{}/1999/september/the-fortress.md", "/archive/{}/1999/september/the-fortress.json",
        "/feeds/titles/{}.atom", "/feeds/titles/{}.rss", "/feeds/titles/{}.json", "/covers/{}/1999/september.svg",
    ],
)  # fmt: skip
def test_what_lies_below_a_title_leads_on(client: Client, gated: Article, below: str) -> None:
    old = below.format("the-hourglass")
    assert client.get(old).status_code == 200
    rename(gated.issue.title, "another")
    answer = client.get(f"{old}?a=b")
    assert (answer.status_code, answer["Location"]) == (301, f"{below.format('another')}?a=b")


@pytest.mark.parametrize("kind", ["sections", "contributors"])
def test_feeds_of_a_section_and_a_contributor_lead_on(client: Client, gated: Article, kind: str) -> None:
    section, contributor = making.section(), making.contributor()
    Article.objects.filter(pk=gated.pk).update(section=section)
    thing = {"sections": section, "contributors": contributor}[kind]
    rename(thing, "another")
    assert client.get(f"/feeds/{kind}/{thing.slug}.atom")["Location"] == f"/feeds/{kind}/another.atom"


def test_a_name_taken_back_goes_round_in_no_circle(client: Client, gated: Article) -> None:
    for thing in (gated, gated.issue, gated.issue.title):
        first = thing.slug
        rename(thing, "between")
        rename(thing, first)
    assert client.get(OLD).status_code == 200
    assert client.get(OLD.replace("the-fortress", "between"))["Location"] == OLD
    assert client.get(OLD.replace("the-hourglass", "between"))["Location"] == OLD


def test_two_that_change_names_are_each_found_at_their_own(client: Client, gated: Article) -> None:
    other = making.article("The Siege", of=gated.issue)
    siege = other.get_absolute_url()
    for thing, slug in ((gated, "tmp"), (other, "the-fortress"), (gated, "the-siege")):
        rename(thing, slug)
    assert b"The Siege" in client.get(OLD).content
    assert b"The Fortress" in client.get(siege).content
    assert moved_to(OLD.replace("the-fortress", "tmp")) == siege


def test_a_contributor_of_drafts_alone_is_not_told_of_by_an_old_name(gated: Article) -> None:
    contributor = making.contributor()
    rename(contributor, "secret")
    assert moved_to("/contributors/eleanor-marsh/") == "/contributors/secret/"
    Article.objects.filter(pk=gated.pk).update(live=False)
    assert moved_to("/contributors/eleanor-marsh/") is None
