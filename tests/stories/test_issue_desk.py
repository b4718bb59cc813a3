"""An editor arranges an issue by dragging, and without a script by typing; then publishes it as one."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from backnumber.archive.models import Issue
from backnumber.editorial.roles import make_roles
from backnumber.readers.models import Reader
from tests import making
from tests.stories.test_reading_and_buying import Be

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def edith() -> Reader:
    make_roles()
    made = making.reader("edith", is_staff=True)
    made.groups.add(Group.objects.get(name="Editors"))
    return made


def order(issue: Issue) -> list[str]:
    return list(issue.articles.order_by("position").values_list("headline", flat=True))


def test_an_issue_is_arranged_and_published_as_one(page: Page, plain: Page, site: str, be: Be) -> None:
    issue = making.issue(live=False)
    for n, name in enumerate(("Siege", "Fortress", "Moat"), 1):
        making.article(name, of=issue, live=False, position=n, policy="open")
    editor = edith()
    be(page, editor)
    be(plain, editor)

    page.goto(f"/admin/issue-desk/{issue.pk}/")
    handles = page.locator("[data-drag-handle]")
    expect(handles.first).to_be_visible()
    start, end = handles.nth(2).bounding_box(), page.locator("[data-running-order] tr").first.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, end["y"] + 20, steps=5)
    page.mouse.move(start["x"] + 8, end["y"] + 4, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Save order and pages").click()
    expect(page.get_by_text("The running order is saved.")).to_be_visible()
    assert order(issue) == ["Moat", "Siege", "Fortress"]

    plain.goto(f"/admin/issue-desk/{issue.pk}/")
    plain.get_by_label("Place of “Moat”").fill("9")
    plain.get_by_role("button", name="Save order and pages").click()
    assert order(issue) == ["Siege", "Fortress", "Moat"]
    plain.get_by_role("link", name="Publish, schedule or embargo").click()
    plain.get_by_role("button", name="Publish the whole issue").click()
    assert plain.goto(issue.get_absolute_url()).status == 200  # type: ignore[union-attr]
    expect(plain.get_by_role("link", name="Fortress").first).to_be_visible()
