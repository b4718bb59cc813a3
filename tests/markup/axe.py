"""axe over many pages in one browser, in light and dark, wide and narrow, in a minute.

Most rules ask how a page is built: they read a page whole where it shows, wide or narrow, a kind of element (by its own and its ancestors'
names, classes and states) that no page before it did. What goes wrong between elements that are each well known, the checkers of HTML see:
they read every page. Rules of colour and size ask how a kind of element looks: each kind is looked at once in each scheme and width, on the first page
that has it. A page built like one before it, to the last attribute, is read by no rule again.
"""

import asyncio
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as BrowserError

from tests.browsing import lacking, launch_options
from tests.loops import run
from tests.markup.faults import Fault
from tests.markup.serving import Answers, serving
from tests.states.visiting import State

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
LOOKING = f"() => {{ {(Path(__file__).parent / 'looking.js').read_text()} }}"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_LOOKS = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]
BUILT = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {rule: {"enabled": False} for rule in OF_LOOKS},
    "resultTypes": ["violations"],
}
LOOKS = {"runOnly": {"type": "rule", "values": OF_LOOKS}, "resultTypes": ["violations"]}
WIDE, NARROW = 1280, 390
SCHEMES = ("light", "dark")
AT_ONCE = 2
GOES_AWAY = re.compile(r'<meta http-equiv="refresh"[^>]*>')


@dataclass
class Reading:
    """What has been looked at so far, and what was found."""

    address: str
    found: list[Fault] = field(default_factory=list)
    built: set[bytes] = field(default_factory=set)
    kinds: set[tuple[int, str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)


def axe(states: list[State], besides: Answers) -> list[Fault]:
    """Promise: what axe finds in these pages. `besides`: what they fetch that is no static file.

    A page that would go elsewhere by itself stays; html-validate has the rule about that.
    """
    states = [(name, GOES_AWAY.sub("", page)) for name, page in states]
    pages = {
        f"/state/{number}": ("text/html; charset=utf-8", page.encode())
        for number, (_, page) in enumerate(states)
    }
    with serving({**besides, **pages}) as address:
        return run(
            _in_a_browser(
                address, [(name, path, page) for (name, page), path in zip(states, pages, strict=True)]
            )
        )


async def _in_a_browser(address: str, states: list[tuple[str, str, str]]) -> list[Fault]:
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(**launch_options())
        except BrowserError as error:
            lacking(error)
        found = await _read_all(browser, address, states)
        await browser.close()
    return found


async def _read_all(browser: Browser, address: str, states: list[tuple[str, str, str]]) -> list[Fault]:
    reading, waiting = Reading(address), list(reversed(states))

    async def worker() -> None:
        context = await browser.new_context(viewport={"width": WIDE, "height": 900}, reduced_motion="reduce")
        page = await context.new_page()
        while waiting:
            await _read(page, reading, *waiting.pop())
        await context.close()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return reading.found


async def _read(page: Page, reading: Reading, state: str, path: str, html: str) -> None:
    built = sha256(_as_built(html).encode()).digest()
    if built in reading.built:
        return
    reading.built.add(built)
    await _open(page, reading.address + path, html)
    for width in (WIDE, NARROW):
        await page.set_viewport_size({"width": width, "height": 900})
        shown = await page.evaluate("kinds()")
        if not reading.whole.issuperset(shown):
            reading.whole.update(shown)
            _note(reading, state, await page.evaluate("o => wholePage(o)", BUILT))
        if await page.evaluate("isTooWide()"):
            reading.found.append(Fault("axe", state, "too-wide", f"at {width} pixels"))
        for scheme in SCHEMES:
            new = [kind for kind in shown if (width, scheme, kind) not in reading.kinds]
            if new:
                reading.kinds.update((width, scheme, kind) for kind in new)
                await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                _note(reading, state, await page.evaluate("([k, o]) => onlyKinds(k, o)", [new, LOOKS]))


async def _open(page: Page, address: str, html: str) -> None:
    if await page.evaluate("h => window.become ? become(h) : false", html):
        return
    await page.goto(address)
    await page.evaluate(AXE)
    await page.evaluate(LOOKING)


def _note(reading: Reading, state: str, found: list[Any]) -> None:
    reading.found += [
        Fault("axe", state, rule, element, " ".join(says.split())) for rule, element, says in found
    ]


def _as_built(html: str) -> str:
    """The page with every word of text the same word, and every number the same number."""
    return re.sub(r"\d+", "0", re.sub(r">[^<>]*\w[^<>]*<", ">x<", html))
