"""A sample of findings from *Notes and Queries* with the words around them, for a person to judge.

    python bench/past/sample.py [--seed 1849] [--times 120] [--places 80] [--others 0]

Drawn with a fixed seed, so that a second person judges the same ones. docs/chronology.md has the table of the last judging.
"""

import argparse
import html
import os
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from backnumber.chronology import Finding, Kind, read

ROOT = Path(__file__).resolve().parents[2]
FOLDER = (
    Path(os.environ.get("BACKNUMBER_CORPORA") or ROOT.parent / "shared" / "corpora") / "notes-and-queries"
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1849)
    asked.add_argument("--times", type=int, default=120)
    asked.add_argument("--places", type=int, default=80)
    asked.add_argument("--others", type=int, default=0)
    options = asked.parse_args()
    drawn = random.Random(options.seed)
    every = [(finding, around) for path in sorted(FOLDER.glob("*.htm")) for finding, around in found(path)]
    sorts: list[tuple[str, int, Callable[[Finding], bool]]] = [
        ("T", options.times, lambda finding: finding.kind is Kind.TIME),
        ("P", options.places, lambda finding: finding.latitude is not None),
        ("N", options.others, lambda finding: finding.kind in {Kind.PERSON, Kind.ORGANISATION, Kind.EVENT}),
    ]
    for sort, count, wanted in sorts:
        for number, (finding, around) in enumerate(
            drawn.sample([each for each in every if wanted(each[0])], count), 1
        ):
            told = finding.edtf if finding.kind is Kind.TIME else f"{finding.key} {finding.latitude or ''}"
            print(
                f"{sort}{number:<4} {around} => {told or 'not settled'} ({finding.rule}{'' if finding.narrative else ', edition'})"
            )


def found(path: Path) -> list[tuple[Finding, str]]:
    """Every finding of an issue with the words around it; the issue is read piece by piece, as an importer parts it."""
    source = source_of(path)
    day = date_of(text_of(source))
    out = []
    for piece in re.split(r"(?i)(?=<h[1-6])", source):
        text = text_of(piece)
        for each in read(text, printed=day).findings:
            around = f"…{text[max(0, each.start - 70) : each.start]}[[{each.text}]]{text[each.end : each.end + 50]}…"
            out.append((each, around.replace("\n", " ")))
    return out


def source_of(path: Path) -> str:
    """The HTML of an issue without the head, the page numbers and the transcriber's licence."""
    raw = path.read_bytes()
    try:
        source = raw.decode("utf-8")
    except UnicodeDecodeError:
        source = raw.decode("cp1252", "replace")
    begin, end = source.find("*** START"), source.find("*** END")
    source = source[max(begin, 0) : end if end > 0 else len(source)]
    return re.sub(
        r'(?s)<(style|script|head|span class="pagenum").*?</(?:style|script|head|span)>', "", source
    )


def text_of(source: str) -> str:
    pieces = (
        html.unescape(re.sub(r"<[^>]+>", "", piece))
        for piece in re.split(r"(?i)</?(?:p|h\d|div|li|td)[^>]*>", source)
    )
    return "\n\n".join(words for piece in pieces if (words := " ".join(piece.split())))


def date_of(text: str) -> date | None:
    for finding in read(text[:3_000]).findings:
        if finding.rule == "day" and finding.lo in {1849, 1850, 1851}:
            return date.fromisoformat(finding.edtf)
    return None


if __name__ == "__main__":
    main()
