"""A small magazine on disk, for imports: *The Lantern*, made by the tests themselves."""

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from datetime import date as day
from pathlib import Path

from PIL import Image

from backnumber.archive.models import Article, Authorship, Contributor, Issue, Section, Volume
from backnumber.intake import service
from backnumber.intake.models import Piece, Source
from backnumber.intake.profile import Profile, load
from backnumber.intake.report import Report

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)

PROFILE = r"""
[title]
name = "The Lantern"
slug = "the-lantern"

[issue]
number = 'No\. (\d+)'
date = ['(?P<weekday>[a-z]+day), (?P<month>[a-z]+) (?P<day>\d+), (?P<year>\d{4})']

[[volume]]
number = "1"
first = 1
last = 50
years = "1851"

[heads]
case = "title"
ignore = ['^the lantern']
reference = '\(No\. [^()]*\)\.?'
rule_begins = true

[sections]
default = "Notes"

[[section]]
name = "Notes"
match = 'notes\.?'

[[section]]
name = "Minor Queries"
match = 'minor queries\.?'
pieces = "run-in"
minor = true

[[section]]
name = "Notices"
match = 'notices\.?'
pieces = "one"
ends = ["hr.full"]

[[section]]
name = "Advertisements"
match = 'advertisements\.?'
pieces = "one"

[signature]
selectors = ["p.author"]
ignore = ['^yours\b']
split = '(?P<name>(?:[A-Z]\.\s?)+)\s+(?P<place>.*\d{4}\.?)'
case = "title"

[notes]
selectors = ["p.footnote"]

[markup]
drop_text = ['licence of the scanner']
unlink = ['scanner\.example']
"""


def profile(folder: Path, text: str = PROFILE) -> Profile:
    path = folder.parent / "lantern.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def piece(head: str, *paragraphs: str, by: str = "EDWARD MARSH.", level: int = 3) -> str:
    words = "\n".join(
        f"<p>{p}</p>"
        for p in paragraphs or (f"What is known of {head.lower()} And who was the first to write of it?",)
    )
    signed = f'\n<p class="author">{by}</p>' if by else ""
    return f"<hr>\n<h{level}>{head}</h{level}>\n{words}{signed}\n"


def page(number: int) -> str:
    return f'<span class="pagenum">{{{number}}}</span>'


def issue(number: int, *parts: str, date: str = "", end: str = "</body></html>") -> str:
    """The HTML of one issue; the first is of Saturday, January 4, 1851, the others follow by weeks."""
    saturday = day(1851, 1, 4) + timedelta(weeks=number - 1)
    date = date or saturday.strftime("%A, %B %-d, %Y").upper()
    body = "\n".join(parts) or piece("THE FORTRESS.") + piece("THE BRIDGE.", by="T. J.")
    top = f"<h1>THE LANTERN</h1>\n<p>No. {number}</p>\n<p>{date}.</p>"
    return f"<html><head><title>x</title></head><body>\n{top}\n{body}\n{end}"


def write(folder: Path, name: str, html: str, encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(html.encode(encoding, "xmlcharrefreplace"))
    return path


def many(folder: Path, issues: int, pieces: int = 12) -> Path:
    """A folder of plain issues, for what takes its time."""
    for number in range(1, issues + 1):
        heads = [f"ON THE {word} OF NO. {number}." for word in _WORDS[:pieces]]
        parts = [
            piece(head, *(f"{head} Sentence {n} of it. " * 12 for n in range(6)), by=f"{chr(65 + at)}. B.")
            for at, head in enumerate(heads)
        ]
        write(folder, f"{number:03}.html", issue(number, *parts))
    return folder


_WORDS = "WALLS GATES TOWERS WELLS ROADS MILLS BELLS TOMBS FAIRS TOLLS INNS BARNS FORDS KILNS".split()  # noqa: SIM905


def bring_in(folder: Path, text: str = PROFILE, **options: object) -> Report:
    return service.import_html_issues(folder, profile(folder, text), now=NOW, **options)  # type: ignore[arg-type]


def reasons(report: Report) -> str:
    return "\n".join(map(str, report.findings))


def rows() -> dict[str, list[list[object]]]:
    """Every row an import writes, without keys that count upwards and without the hour of day."""
    return {
        "volumes": _list(Volume.objects.values_list("title__slug", "number", "years")),
        "issues": _list(
            Issue.objects.values_list(
                "title__slug", "slug", "number", "cover_date", "sort_date", "volume__number", "first_page", "last_page", "live"
            )
        ),
        "sections": _list(Section.objects.values_list("slug", "name")),
        "contributors": _list(Contributor.objects.values_list("slug", "name", "sort_name")),
        "articles": _list(
            Article.objects.values_list(
                "issue__slug", "slug", "position", "headline", "section__slug", "byline", "words",
                "first_page", "last_page", "live", "standfirst", "body"
            )
        ),
        "authorships": _list(
            Authorship.objects.values_list("article__slug", "article__issue__slug", "contributor__slug", "position")
        ),
        "pieces": _list(Piece.objects.values_list("key", "article__slug", "line", "gone", "values")),
        "sources": _list(Source.objects.values_list("key", "file", "fingerprint", "findings", "values")),
    }  # fmt: skip


def _list(rows: object) -> list[list[object]]:
    return sorted(([str(getattr(cell, "raw_data", cell)) for cell in row] for row in rows), key=str)  # type: ignore[attr-defined]


def digest() -> str:
    return hashlib.sha256(json.dumps(rows(), sort_keys=True).encode()).hexdigest()


def png(width: int = 4, height: int = 3, colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()
