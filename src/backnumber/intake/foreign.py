"""Files that are no format of ours, called by their names, with what to do. Knows no Django."""

import json
import re
import zipfile
from pathlib import Path

HTML_INSTEAD = "save it as HTML, one file an issue, and import that with `backnumber import html-issues`"
_HEAD = 4096
_BY_START = (
    (b"%PDF", "a PDF", f"its text must be taken out first: {HTML_INSTEAD}"),
    (b"{\\rtf", "a document in RTF", f"open it in a word processor and {HTML_INSTEAD}"),
    (
        b"\xd0\xcf\x11\xe0",
        "a document of an old Word or Excel",
        f"open it in a word processor and {HTML_INSTEAD}",
    ),
    (b"\x1f\x8b", "a gzip archive", "unpack it first (`gunzip`)"),
    (b"BZh", "a bzip2 archive", "unpack it first (`bunzip2`)"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (
        b"SQLite format 3",
        "an SQLite database",
        "export the posts from the program it belongs to, for WordPress",
    ),
)
_BY_TEXT = (
    (
        r"<!DOCTYPE article\b[^>]*JATS|<article\b[^>]*\bdtd-version=",
        "JATS XML",
        f"make HTML of it with an XSLT of JATS (jats-html.xsl), {HTML_INSTEAD}",
    ),
    (
        r"<TEI\b|<teiCorpus\b|http://www\.tei-c\.org/ns",
        "TEI XML",
        f"make HTML of it with the TEI stylesheets, {HTML_INSTEAD}",
    ),
    (
        r"<alto\b|<PcGts\b|<mets\b|<mets:mets\b",
        "a scan's METS, ALTO or PAGE XML",
        f"make HTML of its text, {HTML_INSTEAD}",
    ),
    (r"<office:document\b", "a flat OpenDocument file", f"open it in a word processor and {HTML_INSTEAD}"),
    (
        r"<feed\b[^>]*http://www\.w3\.org/2005/Atom[\s\S]*blogger",
        "an export of Blogger",
        "import it into an empty WordPress (Tools → Import → Blogger) and export that",
    ),
    (
        r"<feed\b[^>]*http://www\.w3\.org/2005/Atom",
        "an Atom feed",
        "a feed holds only the latest entries: export the whole site, from WordPress for instance",
    ),
    (
        r"<collection\b[^>]*marc21|<record\b[^>]*marc",
        "MARC records",
        "they describe a magazine, they do not hold its text",
    ),
    (
        r"^AUTHOR: .*\n(?:.*\n)*?TITLE: ",
        "an export of Movable Type",
        "import it into an empty WordPress (Tools → Import → Movable Type) and export that",
    ),
    (
        r"^-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)",
        "a dump of a database",
        "put it back into the site it came from, and export that (in WordPress: Tools → Export)",
    ),
    (
        r"^\s*<(?:!doctype html|html)\b",
        "a page of HTML",
        "put it into a folder and use `backnumber import html-issues FOLDER --profile FILE`",
    ),
)
_INSIDE = (
    ("word/document.xml", "a Word document (DOCX)", f"open it in a word processor and {HTML_INSTEAD}"),
    ("xl/workbook.xml", "a spreadsheet (XLSX)", "a spreadsheet holds no articles that could be imported"),
    ("META-INF/container.xml", "an EPUB", "unpack it as a ZIP archive and import the folder of its HTML files with `backnumber import html-issues`"),
    ("content.xml", "an OpenDocument file (ODT)", f"open it in a word processor and {HTML_INSTEAD}"),
    ("posts.csv", "an export of Substack", "import it into an empty WordPress and export that"),
)  # fmt: skip


def called(path: Path) -> str:
    """Promise: what a file is, and what to do with it, in one sentence; empty for one that may be of ours, or of none."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return ""
    found = _by_start(head) or _in_zip(path, head) or _in_json(path, head) or _by_text(head)
    if not found:
        return ""
    name, advice = found
    return f"{path.name} is {name}, which cannot be imported as it is: {advice}."


def _by_start(head: bytes) -> tuple[str, str] | None:
    return next(((name, advice) for start, name, advice in _BY_START if head.startswith(start)), None)


def _in_zip(path: Path, head: bytes) -> tuple[str, str] | None:
    if not head.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist()[:5000])
    except (OSError, zipfile.BadZipFile, ValueError):
        return "a broken ZIP archive", "make or fetch it again"
    known = ((name, advice) for inside, name, advice in _INSIDE if inside in names)
    return next(known, ("a ZIP archive", "unpack it first"))


def _in_json(path: Path, head: bytes) -> tuple[str, str] | None:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        return None
    to_wordpress = "import it into an empty WordPress with a plugin for it, and export that (Tools → Export)"
    try:
        keys = json.loads(path.read_bytes()) if path.stat().st_size < 200_000_000 else {}
    except (ValueError, OSError, RecursionError):
        return None
    if isinstance(keys, dict) and "db" in keys:
        return "an export of Ghost (JSON)", to_wordpress
    return "a JSON file", to_wordpress


def _by_text(head: bytes) -> tuple[str, str] | None:
    text = head.decode("utf-8", "replace").lstrip("\ufeff")
    return next(
        ((name, advice) for pattern, name, advice in _BY_TEXT if re.search(pattern, text, re.IGNORECASE)),
        None,
    )
