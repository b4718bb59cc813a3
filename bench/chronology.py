"""How fast texts are read, whether the time grows with their length and no faster, and what others read of the same expressions.

    python bench/chronology.py [--rounds 3]

Articles of 1,800 words are cut from *Notes and Queries* where it lies beside the checkout (or in BACKNUMBER_CORPORA), else made of
sentences of our own. The comparison needs the requirements of `make bench-chronology`. The measures go to docs/benchmarks.md.
"""

import argparse
import csv
import html
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from results import ROOT, machine, write

from backnumber.chronology import Kind, read

WORDS = 1_800
TARGET = 100
OWN = ROOT / "tests" / "chronology" / "expressions.tsv"
SHARED = ROOT.parent / "shared" / "chronology" / "expressions.tsv"
SENTENCES = (
    "In June 1704 the Duke of Marlborough marched from the Low Countries to the Danube, and on 13 August he won the Battle of Blenheim. "
    "Two days later the French withdrew across the Rhine; the following spring Sir John Wright (1650-1722) wrote of it in London. "
)
Intervals = list[tuple[int | None, int | None]]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    rounds = asked.parse_args().rounds
    words, whence = corpus()
    read("Once, so that the tables are loaded, in 1914.")
    articles = [" ".join(words[at : at + WORDS]) for at in range(0, len(words) - WORDS, WORDS)][:200]
    found = sum(len(read(article).findings) for article in articles)
    per_second = max(
        len(articles) / spent(lambda: [read(article) for article in articles]) for _ in range(rounds)
    )
    lengths = [
        (length, by_length(words, length, rounds)) for length in (900, 1_800, 3_600, 7_200, 14_400, 28_800)
    ]
    section = _section(per_second, len(articles), found, lengths, compared(), whence)
    write("chronology", section)
    print(section)


def corpus() -> tuple[list[str], str]:
    beside = (
        Path(os.environ.get("BACKNUMBER_CORPORA") or ROOT.parent / "shared" / "corpora") / "notes-and-queries"
    )
    texts = []
    for path in sorted(beside.glob("*.htm"))[:24]:
        raw = re.sub(
            r"(?s)<(style|script|head).*?</\1>|<[^>]+>", " ", path.read_bytes().decode("cp1252", "replace")
        )
        texts.append(html.unescape(raw))
    if texts:
        return " ".join(texts).split(), "24 issues of *Notes and Queries*"
    return (SENTENCES * 12_000).split(), "sentences of our own"


def spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def by_length(words: list[str], length: int, rounds: int) -> float:
    """Microseconds a word for a text of so many words: the least of the rounds, over the same 57,600 words."""
    texts = [" ".join(words[at : at + length]) for at in range(0, 57_600, length)]
    return (
        min(spent(lambda: [read(text) for text in texts]) for _ in range(rounds))
        / (len(texts) * length)
        * 1e6
    )


def expressions() -> list[dict[str, str]]:
    lines = []
    for path in (OWN, SHARED):
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                lines += list(csv.DictReader(file, delimiter="\t"))
    return [
        line for line in lines if line["edtf"] not in {"anchor", "PRESENT_REF"} and " + " not in line["edtf"]
    ]


def ours(text: str) -> Intervals:
    return [(f.lo, f.hi) for f in read(text).findings if f.kind is Kind.TIME]


def wanted(line: dict[str, str]) -> Intervals:
    """The years that an expression means: those of the list, or read off its EDTF."""
    if line["edtf"] == "NONE":
        return []
    if line.get("lo") or line.get("hi"):
        return [(int(line["lo"]) if line["lo"] else None, int(line["hi"]) if line["hi"] else None)]
    return years_of(line["edtf"])


def years_of(edtf: str) -> Intervals:
    ends = re.sub(r"[\[\]~?]", "", edtf).replace(",", "/").split("/")
    years = [
        None if end in {"..", ""} else end[: 5 if end.startswith("-") else 4] for end in (ends[0], ends[-1])
    ]
    low, high = (
        None if year is None else year.replace("X", digit) for year, digit in zip(years, "09", strict=True)
    )
    reach = 5 if edtf.endswith("~") and "/" not in edtf and "X" not in edtf else 0
    return [(None if low is None else int(low) - reach, None if high is None else int(high) + reach)]


def with_dateparser() -> Callable[[str], Intervals]:
    from dateparser.search import search_dates  # noqa: PLC0415  only where it is installed

    def found(text: str) -> Intervals:
        return [(day.year, day.year) for _, day in search_dates(text, languages=["en"]) or []]

    return found


def with_edtf() -> Callable[[str], Intervals]:
    from edtf import text_to_edtf  # noqa: PLC0415  only where it is installed

    def found(text: str) -> Intervals:
        edtf = text_to_edtf(text)
        return years_of(str(edtf).replace("u", "X").replace("x", "X")) if edtf else []

    return found


def compared() -> list[tuple[str, int, int, int, float]]:
    """For each reader: how many expressions it reads right, wrong and not at all, and milliseconds for one."""
    lines = expressions()
    readers: dict[str, Callable[[str], Intervals]] = {"this": ours}
    if find_spec("dateparser"):
        readers["dateparser, search"] = with_dateparser()
    if find_spec("edtf"):
        readers["edtf, natural language"] = with_edtf()
    rows = []
    for name, reader in readers.items():
        right = wrong = missed = 0
        began = time.process_time()
        for line in lines:
            verdict = judged(reader, line)
            right += verdict == "right"
            wrong += verdict == "wrong"
            missed += verdict == "missed"
        rows.append((name, right, wrong, missed, (time.process_time() - began) / len(lines) * 1000))
    return rows


def judged(reader: Callable[[str], Intervals], line: dict[str, str]) -> str:
    """Right within a year at either end, as centuries are counted in two ways; a reader that fails has missed."""
    try:
        found = reader(line["expression"])
    except (ValueError, TypeError, OverflowError, AttributeError, IndexError):
        found = []
    meant = wanted(line)
    if len(found) == len(meant) and all(
        _near(a, b) for one, other in zip(found, meant, strict=True) for a, b in zip(one, other, strict=True)
    ):
        return "right"
    return "wrong" if found else "missed"


def _near(a: int | None, b: int | None) -> bool:
    return a == b if a is None or b is None else abs(a - b) <= 1


def _section(
    per_second: float,
    articles: int,
    found: int,
    lengths: list[tuple[int, float]],
    rows: list[tuple[str, int, int, int, float]],
    whence: str,
) -> str:
    verdict = "met" if per_second >= TARGET else f"**missed** by {1 - per_second / TARGET:.0%}"
    growth = "\n".join(f"| {length:,} | {micro:.2f} |" for length, micro in lengths)
    table = "\n".join(
        f"| {name} | {right} | {wrong} | {missed} | {ms:.2f} |" for name, right, wrong, missed, ms in rows
    )
    names = [name for name in ("dateparser", "edtf") if find_spec(name)]
    return f"""## Reading times, people and places

{articles} articles of {WORDS:,} words, cut from {whence}, {found:,} findings. One process, one core, processor time, the best round.

| articles a second | target |
|---|---|
| {per_second:.0f} | at least {TARGET}: {verdict} |

The same words in texts of different length; where the time grows with the length and no faster, a word costs the same.

| words a text | microseconds a word |
|---|---|
{growth}

Expressions of time one by one, ours and the developers' where they lie beside the checkout, against the years they mean (within a
year at either end). A reader that is not made for ranges, centuries or reigns cannot know them: the numbers say what a history
magazine needs, not what the others are good for. HeidelTime needs Java and a tagger and was not run here.

| reader | right | wrong | missed | milliseconds each |
|---|---|---|---|---|
{table}

{datetime.now(UTC):%-d %B %Y}, {machine("django", *names)}; `python bench/chronology.py`.
"""


if __name__ == "__main__":
    main()
