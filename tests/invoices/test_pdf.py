"""The PDF: the same bytes for the same invoice, whatever names it bears; nothing of it is markup; nothing of the machine is read."""

import re
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from backnumber.invoices import pdf, rules, wording
from backnumber.invoices.facts import InvoiceFacts, Party
from backnumber.invoices.pdf import NotSet, as_pdf
from backnumber.invoices.rules import Sale, SaleLine
from backnumber.invoices.wording import LONGEST_WORD, breakable
from backnumber.tax.rules import OUTSIDE, Charge, Kind
from tests.invoices.sales import NOON, SIOBHAN

SELLER = Party("Hourglass Press Ltd", ("12 Clerkenwell Close", "London"), "GB", "GB980780684")
CHARGES = {Kind.ONLINE: Charge(900), Kind.PRINT: Charge(0, note=OUTSIDE)}
ODD = (
    '#panic("x")', '#read("/etc/passwd")', "*bold* _it_ $x^2$ @ref <label> `raw` // no comment /* none */", "\\", '"', "'", "[", "]#",
    "= A heading", "- a list", "#import \"@preview/tablex:0.0.5\": x", "\\u{202e}", "עברית שלום 12", "العربية ١٢", "漢字かな", "😀",
    "é" * 90, "x" * 3000, "\u0301" * 50, "", " ", "&lt;b&gt;", "<script>alert(1)</script>", "a\u200bb", "line\nbreak", "\x00\ufffe",
)  # fmt: skip


def facts(*whats: str, buyer: Party = SIOBHAN, notes: tuple[str, ...] = ()) -> InvoiceFacts:
    lines = tuple(
        SaleLine(what, 4800 + n, Kind.ONLINE if n % 2 else Kind.PRINT) for n, what in enumerate(whats)
    )
    written = rules.lines_of(Sale("order 17", buyer, lines, "EUR"), CHARGES)
    day = date(2026, 11, 18)
    return InvoiceFacts(
        "HG-2026-00001", "order 17", day, day, day, "Card", "EUR", SELLER, buyer, written, rules.totals_of(written), notes
    )  # fmt: skip


def made(said: InvoiceFacts) -> bytes:
    return as_pdf(wording.of_invoice(said), NOON)


def pages(document: bytes) -> int:
    """Counted in the objects of the file, which lie compressed."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    text = document
    for stream in streams:
        try:
            text += zlib.decompress(stream)
        except zlib.error:
            continue
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", text))


def test_the_same_invoice_is_the_same_bytes_also_in_another_process() -> None:
    here = made(facts("Online access", "Printed copies"))
    assert here == made(facts("Online access", "Printed copies"))
    assert here != made(facts("Online access", "Printed copies."))
    there = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE], capture_output=True, check=True, cwd=Path(__file__).parents[2], timeout=120
    ).stdout  # fmt: skip
    assert there == here


_ELSEWHERE = """
import os, sys
sys.path[:0] = ["src", "."]
import tests.environment
os.environ["DJANGO_SETTINGS_MODULE"] = "backnumber.settings"
import django
django.setup()
from tests.invoices.test_pdf import facts, made
sys.stdout.buffer.write(made(facts("Online access", "Printed copies")))
"""


def test_it_bears_the_moment_of_issuing_not_of_making() -> None:
    assert b"D:20261118120000Z" in made(facts("A"))
    later = as_pdf(wording.of_invoice(facts("A")), datetime(2027, 1, 1, tzinfo=UTC))
    assert b"D:20270101000000Z" in later


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_words_anywhere_are_set_as_they_are(odd: str) -> None:
    buyer = Party(odd, (odd, odd), odd[:2] or "IE", odd, odd, odd)
    assert made(facts(odd, "An ordinary one", buyer=buyer, notes=(odd,))).startswith(b"%PDF-")


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=200),
    st.text(alphabet=st.characters(categories=["L", "M", "P", "S", "Cf", "Z"]), max_size=60),
)
def test_whatever_is_said_is_set(what: str, name: str) -> None:
    buyer = rules.tidy_party(Party(name, (what, name), "IE", name, "", what))
    assert made(facts(f"A {what}", buyer=buyer, notes=(rules.tidy(what),))).startswith(b"%PDF-")


def test_many_at_once_are_each_what_they_are_alone() -> None:
    whats = [f"Thing {n}" for n in range(8)]
    alone = [made(facts(what)) for what in whats]
    with ThreadPoolExecutor(8) as at_once:
        assert list(at_once.map(lambda what: made(facts(what)), whats)) == alone


def test_two_hundred_lines_are_several_pages() -> None:
    whats = [f"{n} {'word ' * (n % 30)}{'L' * n}" for n in range(200)]
    document = made(facts(*whats, buyer=replace(SIOBHAN, address=tuple(f"Line {n}" for n in range(30)))))
    assert pages(document) > 5
    assert pages(made(facts("A"))) == 1


def test_an_invoice_of_nearly_nothing_is_set() -> None:
    nobody = Party("", (), "")
    assert made(
        replace(facts("A"), seller=nobody, buyer=nobody, lines=(), totals=(), paid_on=None)
    ).startswith(b"%PDF-")


def test_nothing_that_is_said_is_run_or_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: as part of the template the same words are run, and even there no file outside can be read."""
    words = '#read("/../../models.py")'
    made(facts(words))
    for markup, complaint in (
        (words, "escape"),
        ('#panic("found")', "found"),
        ('#read("/document.typ").len() #panic("inside")', "inside"),
    ):
        monkeypatch.setattr(pdf, "_template", lambda markup=markup: markup.encode())
        with pytest.raises(NotSet, match=complaint):
            made(facts("A"))  # fmt: skip


def test_no_font_of_the_machine_is_used() -> None:
    families = set(pdf._fonts().families())
    assert "Source Serif Pro" in families
    own = set(typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[]).families())
    assert families == own | {"Source Serif Pro"}
    folder = str(pdf._FACES)
    assert {one.path for one in pdf._fonts().fonts() if one.path and not one.path.startswith(folder)} == set()


def test_the_template_imports_and_reads_nothing() -> None:
    text = (pdf.FOLDER / "document.typ").read_text()
    assert not re.search(r"#?(?:import|include|read|image|plugin|eval|datetime\.today)\b", text)
    assert [path.name for path in pdf.FOLDER.iterdir()] == ["document.typ"]


def test_long_words_may_be_broken_and_marks_stay_with_their_letters() -> None:
    assert breakable("short words only, none of them long") == "short words only, none of them long"
    long = breakable("x" * 100)
    assert long.replace("\u200b", "") == "x" * 100
    assert max(map(len, long.split("\u200b"))) == LONGEST_WORD
    assert "\u200b\u0301" not in breakable("e\u0301" * 100)
