"""Every page a reader meets: no violation that axe knows (WCAG 2.2 AA), light and dark; nothing wider than a telephone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page

from backnumber.archive.models import Article
from backnumber.demo import loading
from backnumber.longread.models import LongRead, Recipient
from backnumber.readers.models import Reader
from backnumber.search import service as search
from tests import making

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARTICLE = "/archive/the-hourglass/1999/september/the-fortress-that-never-fired/"
OF_NOBODY = [
    "/", ARTICLE, "/archive/", "/archive/decades/1990s/", "/archive/the-hourglass/", "/archive/the-hourglass/1999/",
    "/archive/the-hourglass/1999/september/", "/sections/", "/sections/diplomacy/", "/contributors/",
    "/contributors/eleanor-marsh/", "/search/", "/search/?q=fortress", "/search/?q=zzzz", "/subscribe/", "/weekly/",
    "/weekly/sign-up/", "/help/", "/help/why/", "/feeds/", "/account/sign-in/", "/account/sign-in/code/", "/account/sign-up/",
    "/account/password/reset/", "/account/deleted/", "/no-such-page/", "/demo/", "/demo/post/",
]  # fmt: skip
OF_DAN = [
    ARTICLE, "/account/", "/buy/online-yearly/", "/buy/print-and-archive/", "/buy/print-and-archive/?country=GB", "/claim/",
    "/account/email/", "/account/password/change/", "/account/delete/", "/account/sign-out/", "/help/why/",
]  # fmt: skip
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture
def magazine(site: str, dan: Reader, ada: Reader) -> str:
    """The demo magazine, whole, with its search index."""
    now = timezone.now()
    loading.load(now, lambda line: None)
    loading.choose_long_reads(now)
    search.rebuild()
    return site


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [
        f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary'][:200]}" for v in found
    ] + ["wider than the screen"] * wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_that_axe_knows(
    browser: Browser, magazine: str, dan: Reader, ada: Reader, be: Callable[[Page, Reader], None], scheme: str
) -> None:
    found: dict[str, list[str]] = {}
    for reader, paths in ((None, OF_NOBODY), (dan, OF_DAN), (ada, [ARTICLE, "/account/"])):
        context = browser.new_context(
            base_url=magazine, color_scheme=scheme, viewport={"width": 360, "height": 740}
        )  # type: ignore[arg-type]
        page = context.new_page()
        if reader is not None:
            be(page, reader)
        for path in [*paths, *([_weekly()] if reader is None else [])]:
            page.goto(path)
            if wrong := faults(page):
                found[f"{path} as {reader or 'nobody'}"] = wrong
        context.close()
    assert not found, "\n".join(f"{page}: {wrong}" for page, faulty in found.items() for wrong in faulty)


def _weekly() -> str:
    token = Recipient.objects.get_or_create(email="r@example.org", defaults={"asked_at": making.NOON})[
        0
    ].token
    assert LongRead.objects.exists()
    assert Article.objects.count() > 20
    return f"/weekly/leave/{token}/"


def test_control_axe_sees_a_fault(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='x'><p style='color:#bbb;background:#fff'>faint</p></body></html>")
    assert any("image-alt" in fault for fault in faults(page))
    page.close()


def test_the_keyboard_reaches_the_text_first(browser: Browser, magazine: str) -> None:
    page = browser.new_context(base_url=magazine).new_page()
    page.goto(ARTICLE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip().lower().startswith("skip")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.close()
