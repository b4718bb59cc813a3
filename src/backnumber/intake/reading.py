"""What reading a file gives: lines that know their kind, their place in the file and the printed page; and the rules it is
read by. Knows no Django.
"""

from dataclasses import dataclass
from enum import StrEnum

from backnumber.archive.blocks import Block
from backnumber.intake.balance import LeftOut, Run
from backnumber.intake.profile import Patterns, Profile, Selectors


class Unreadable(ValueError):
    """A file that is not brought in. `line` says where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def in_words(error: BaseException) -> str:
    """Promise: one line that says what went wrong, whatever it was."""
    words = " ".join(str(error).split())[:300]
    return words if isinstance(error, OSError) and words else f"{type(error).__name__}: {words}".rstrip(": ")


class Kind(StrEnum):
    HEAD = "head"
    SUB = "sub"  # a small head inside an article
    TEXT = "text"
    SIGNATURE = "signature"
    BLOCK = "block"  # a block ready made
    PICTURE = "picture"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class PictureSeen:
    """`originals` are larger files of the same picture, the best first."""

    src: str
    alt: str = ""
    caption: str = ""
    originals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """`html` is inline HTML, for a signature with its parts apart by `<br>`; `mark` is the element as a
    selector.
    """

    kind: Kind
    at: int
    page: str = ""
    until_page: str = ""
    html: str = ""
    level: int = 0
    block: Block | None = None
    picture: PictureSeen | None = None
    mark: str = ""
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: its lines, its notes by key, how many blocks were dropped on purpose; every word it holds, and what
    was left out.
    """

    lines: tuple[Line, ...]
    notes: dict[str, str]
    dropped: int
    refused: tuple[tuple[int, str], ...] = ()
    odd_letters: bool = False
    source: tuple[Run, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of a profile that reading needs; a WordPress post is read by the defaults."""

    heads: Selectors = ("h1", "h2", "h3", "h4", "h5", "h6")
    sub: Selectors = ()
    pages: Selectors = ()
    page_pattern: str = r"(\d+)"
    signature: Selectors = ()
    notes: Selectors = ()
    note_label: str = r"^\[?\w{1,3}[\].:]\s*"
    verse: Selectors = (".wp-block-verse",)
    stanzas: Selectors = ()
    indent: str = r"^i(\d+)"
    quotations: Selectors = ("blockquote",)
    pull_quotes: Selectors = (".wp-block-pullquote",)
    superscript: Selectors = ()
    drop: Selectors = ()
    drop_text: Patterns = ()
    unlink: Patterns = ()


def rules_of(profile: Profile) -> Rules:
    return Rules(
        heads=profile.heads.selectors,
        sub=profile.heads.sub,
        pages=profile.pages.selectors,
        page_pattern=profile.pages.pattern,
        signature=profile.signature.selectors,
        notes=profile.notes.selectors,
        note_label=profile.notes.label,
        verse=profile.verse.selectors,
        stanzas=profile.verse.stanzas,
        indent=profile.verse.indent,
        quotations=profile.markup.quotations,
        superscript=profile.markup.superscript,
        drop=profile.markup.drop,
        drop_text=profile.markup.drop_text,
        unlink=profile.markup.unlink,
    )
