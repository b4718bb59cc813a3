"""Every kind of page in every state, read by the W3C checker, by html-validate and by axe (WCAG 2.2 AA)."""

import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.signals import template_rendered

from backnumber.readers.models import Reader
from tests.markup.allowed import ALLOWED
from tests.markup.axe import axe
from tests.markup.checkers import html_validate, need, w3c, written
from tests.markup.faults import Fault
from tests.markup.serving import Answers
from tests.states.everywhere import all_states
from tests.states.visiting import State

SRC = Path(__file__).parents[2] / "src"
PARTS_OF_A_DIALOGUE = {"choose_own_link.html", "_link_types.html"}  # sent as JSON into a page that is open
# A mail as it will look, written for programs that read mail: tables, and style in each element.
A_MAIL = re.compile(r"/admin/long-read/\d+/mail/")
FETCHED = re.compile(r'"(/admin/(?:sprite|jsi18n)/[^"]*)"')


@dataclass(frozen=True)
class Rendered:
    states: list[State]
    templates: frozenset[Path]
    besides: Answers  # what the pages fetch that is no static file


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """What the first test of this file has made, for the others."""
    return {}


@pytest.fixture
def rendered(kept: dict[str, Any], dan: Reader, ada: Reader, ben: Reader, staff: Reader) -> Rendered:
    if "rendered" not in kept:
        templates: set[Path] = set()

        def note(template: Any, **kwargs: Any) -> None:
            templates.add(Path(template.origin.name))

        template_rendered.connect(note)
        try:
            every = all_states(dan=dan, ada=ada, ben=ben, staff=staff)
            states = [(name, page) for name, page in every if not A_MAIL.search(name)]
        finally:
            template_rendered.disconnect(note)
        kept["rendered"] = Rendered(states, frozenset(templates), _fetched(states))
    found: Rendered = kept["rendered"]
    return found


def _fetched(states: list[State]) -> Answers:
    paths = {path for _, page in states for path in FETCHED.findall(page)}
    answers = {path: Client().get(path) for path in paths}
    return {path: (answer.headers["Content-Type"], answer.content) for path, answer in answers.items()}


@pytest.fixture
def found(kept: dict[str, Any], rendered: Rendered, tmp_path: Path) -> list[Fault]:
    """All three at once: two cores have enough to do."""
    if "found" not in kept:
        need("java", "node")
        names = written(tmp_path, rendered.states)
        with ThreadPoolExecutor() as at_once:
            checks = [at_once.submit(check, tmp_path, names) for check in (w3c, html_validate)]
            checks.append(at_once.submit(axe, rendered.states, rendered.besides))
            kept["found"] = [fault for check in checks for fault in check.result()]
    faults: list[Fault] = kept["found"]
    return faults


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("checker", ["w3c", "html-validate", "axe"])
def test_no_page_in_any_state_has_a_fault(checker: str, found: list[Fault]) -> None:
    wrong: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in found:
        if fault.checker == checker and not any(one.covers(fault) for one in ALLOWED):
            wrong[fault.rule, fault.element].append(fault)
    assert not wrong, "\n".join(
        f"{faults[0]}\n    {sorted({one.state for one in faults})[:3]}" for faults in wrong.values()
    )


@pytest.mark.browser
@pytest.mark.django_db
def test_nothing_is_allowed_that_is_not_found(found: list[Fault]) -> None:
    """A line that covers nothing would cover the next fault like it."""
    idle = [one for one in ALLOWED if not one.is_late and not any(one.covers(fault) for fault in found)]
    assert not idle


@pytest.mark.django_db
def test_every_template_of_ours_is_shown_in_some_state(rendered: Rendered) -> None:
    """Mails are no pages."""
    ours = {path for path in SRC.rglob("*.html") if "mail" not in path.parent.parts and path.read_text()}
    assert {path.name for path in ours - rendered.templates} == PARTS_OF_A_DIALOGUE


KNOWN = {
    "w3c": '<!doctype html><html lang="en"><title>x</title><ul role="status"><li id="a"><p><div id="a"></div></ul>',
    "html-validate": '<!doctype html><html lang="en"><title>x</title><p><button></button></p></html>',
}


@pytest.mark.parametrize("name", ["a page", "admin a page"])
def test_control_the_checkers_of_html_see_a_fault(name: str, tmp_path: Path) -> None:
    need("java", "node")
    names = written(tmp_path, [(f"{name} for {checker}", page) for checker, page in KNOWN.items()])
    for checker, faults in (("w3c", w3c(tmp_path, names)), ("html-validate", html_validate(tmp_path, names))):
        assert f"{name} for {checker}" in {fault.state for fault in faults}


PAGE = '<!doctype html><html lang="en"><head><title>x</title><style>{}</style></head><body><main><h1>x</h1>{}</main></body></html>'
DARK = "@media (prefers-color-scheme: dark) {{ body {{ background: #111; color: #eee }} .faint {{ color: #333 }} }}"
FAULTY = {
    ("image-alt", "built so"): PAGE.format("", '<img src="x">'),
    ("color-contrast", "in the dark alone"): PAGE.format(DARK.format(), '<p class="faint">faint</p>'),
    ("too-wide", "on a telephone alone"): PAGE.format("", '<div style="width: 600px">wide</div>'),
    ("button-name", "shown on a telephone alone"): PAGE.format(
        "@media (min-width: 600px) { button { display: none } }", "<button></button>"
    ),
    ("target-size", "after a page with other words"): PAGE.format(
        "", "<style>button { all: unset; width: 9px; }</style><div><button>b</button><button>c</button></div>"
    ),
}


@pytest.mark.browser
def test_control_axe_sees_each_kind_of_fault_and_nothing_in_a_good_page() -> None:
    good = PAGE.format("", "<p>Good.</p>")
    states = [
        ("good", good),
        *((f"{rule} {how}", page) for (rule, how), page in FAULTY.items()),
        ("good", good),
    ]
    found = {(fault.state, fault.rule) for fault in axe(states, {})}
    assert {(f"{rule} {how}", rule) for rule, how in FAULTY} <= found
    assert not any(state == "good" for state, _ in found)
