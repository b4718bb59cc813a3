"""Reads the demo's articles (`content/README.md` tells the form) into blocks. It must not know Django."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from backnumber.archive.blocks import (
    Block,
    FurtherReading,
    Heading,
    Listing,
    Note,
    Paragraph,
    PullQuote,
    Quotation,
    Table,
    Timeline,
    Verse,
)

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture to be drawn by code and stored before its block can name it."""

    drawing: str
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """One file of the content folder."""

    title: str
    issue: str
    slug: str
    headline: str
    standfirst: str
    byline: str
    contributors: tuple[str, ...]
    section: str
    first_page: str
    last_page: str
    policy: str
    body: tuple[Block | Drawing, ...]


class Misprint(ValueError):
    """A content file that is not of the form."""


def drawing(name: str, folder: Path = CONTENT) -> bytes:
    """Promise: the SVG of a picture block's `drawing`. Errors: FileNotFoundError when the demo has none of that name."""
    return (folder / "drawings" / f"{name}.svg").read_bytes()


def articles(folder: Path = CONTENT) -> list[ArticleSource]:
    """Promise: every article, in the order of title, issue and printed page. Errors: Misprint naming the file."""
    found = [read_article(path) for path in folder.glob("*/*/*.txt")]
    return sorted(found, key=lambda a: (a.title, a.issue, int(a.first_page or 0)))


def contributors(folder: Path = CONTENT) -> dict[str, dict[str, Any]]:
    return {
        slug: row
        for path in sorted(folder.glob("contributors/*.toml"))
        for slug, row in tomllib.loads(path.read_text("utf-8")).items()
    }


def read_article(path: Path) -> ArticleSource:
    """Errors: Misprint."""
    try:
        _, head, body = path.read_text("utf-8").split("+++\n", 2)
        facts = tomllib.loads(head)
        first, _, last = str(facts["pages"]).partition("-")
        return ArticleSource(
            title=path.parent.parent.name,
            issue=path.parent.name,
            slug=path.stem,
            headline=facts["headline"],
            standfirst=facts["standfirst"],
            byline=facts["byline"],
            contributors=tuple(facts["contributors"]),
            section=facts["section"],
            first_page=first,
            last_page=last or first,
            policy=facts.get("policy", ""),
            body=tuple(blocks(body)),
        )
    except (KeyError, ValueError) as error:
        raise Misprint(f"{path}: {error!r}") from error


def blocks(body: str) -> Iterator[Block | Drawing]:
    """Promise: the blocks of a body, notes last. Errors: Misprint for an unknown fenced block."""
    notes: list[Note] = []
    for chunk in _chunks(body):
        if match := re.match(r"\[\^(\w+)\]:\s*(.*)", chunk, re.DOTALL):
            notes.append(Note(match[1], inline(match[2])))
        else:
            yield _block(chunk)
    yield from notes


def _chunks(body: str) -> Iterator[str]:
    fenced = re.split(r"(?ms)^(:::[a-z-]+\n.*?^:::)[ ]*$", body)
    for part in fenced:
        if part.startswith(":::"):
            yield part
        else:
            yield from (chunk.strip("\n") for chunk in re.split(r"\n\s*\n", part) if chunk.strip())


def _block(chunk: str) -> Block | Drawing:
    if chunk.startswith(":::"):
        kind, _, inner = chunk[3:].rpartition("\n:::")[0].partition("\n")
        return _fenced(kind, inner)
    if match := re.match(r"(#{2,3}) +(.*)", chunk):
        return Heading(match[2].strip(), len(match[1]))
    if chunk.startswith(">>"):
        return PullQuote(" ".join(line.lstrip("> ").strip() for line in chunk.splitlines()))
    if chunk.startswith(">"):
        return _quotation(chunk)
    if chunk.startswith("- "):
        return Listing(f"<ul>{''.join(f'<li>{inline(item)}</li>' for item in _items(chunk))}</ul>")
    return Paragraph(inline(" ".join(chunk.split())))


def _items(chunk: str) -> list[str]:
    return [line.removeprefix("- ").strip() for line in chunk.splitlines()]


def _quotation(chunk: str) -> Quotation:
    lines = [line.removeprefix(">").strip() for line in chunk.splitlines()]
    source = lines.pop().removeprefix("—").strip() if lines[-1].startswith("—") else ""
    said = [" ".join(p.split()) for p in re.split(r"\n\s*\n", "\n".join(lines)) if p.strip()]
    return Quotation(tuple(map(inline, said)), source)


def _fenced(kind: str, inner: str) -> Block | Drawing:
    if kind == "verse":
        return Verse(inner.strip("\n"))
    if kind == "further-reading":
        return FurtherReading(
            tuple(inline(line.removeprefix("- ").strip()) for line in inner.splitlines() if line.strip())
        )
    facts = tomllib.loads(inner)
    match kind:
        case "picture":
            return Drawing(facts["drawing"], facts["alt"], facts.get("caption", ""), facts.get("credit", ""))
        case "table":
            rows = [facts["header"], *facts["rows"]]
            return Table(facts["caption"], tuple(tuple(map(str, row)) for row in rows))
        case "timeline":
            return Timeline(
                facts["heading"], tuple((str(when), str(what)) for when, what in facts["entries"])
            )
    raise Misprint(f"unknown block :::{kind}")


def inline(text: str) -> str:
    """Promise: the inline HTML of `*em*`, `**strong**`, `[text](address)` and `[^1]`; an address of the web, of mail, or of our own."""
    html = escape(text, quote=False)
    html = re.sub(r"\[\^(\w+)\]", r'<sup><a href="#note-\1">\1</a></sup>', html)
    html = re.sub(r"\[([^\]]+)\]\(((?:https?://|mailto:|/)[^)\s]+)\)", r'<a href="\2">\1</a>', html)
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", html)
