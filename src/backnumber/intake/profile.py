"""A profile: how one magazine's files are read. A TOML file of selectors and patterns; `docs/import.md`
documents every key.

A selector is `tag`, `.class` or `tag.class.class`. A pattern is a regular expression, case ignored. Knows no
Django.
"""

import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

PACKAGED = Path(__file__).resolve().parent / "profiles"

Selectors = tuple[str, ...]
Patterns = tuple[str, ...]


class ProfileError(ValueError):
    """A profile that cannot be used: the message names the file, the key and what to do."""


@dataclass(frozen=True, slots=True)
class TitleKeys:
    name: str
    slug: str
    strapline: str = ""
    description: str = ""
    language: str = "en-GB"
    policy: str = "subscribers"
    founded: int = 0


@dataclass(frozen=True, slots=True)
class FilesKeys:
    pattern: str = "*.htm*"
    ignore: tuple[str, ...] = ()
    instead: dict[str, str] = field(default_factory=dict)
    ends_with: str = "</html>"


@dataclass(frozen=True, slots=True)
class IssueKeys:
    number: str
    date: Patterns
    slug: str = "no-{number}"
    within: int = 4000
    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VolumeKeys:
    number: str
    first: int
    last: int
    years: str = ""


@dataclass(frozen=True, slots=True)
class PagesKeys:
    selectors: Selectors = ("span.pagenum",)
    pattern: str = r"(\d+)"


@dataclass(frozen=True, slots=True)
class HeadsKeys:
    selectors: Selectors = ("h1", "h2", "h3", "h4", "h5", "h6")
    sub: Selectors = ()
    ignore: Patterns = ()
    case: str = "as printed"
    reference: str = ""
    rule_begins: bool = False


@dataclass(frozen=True, slots=True)
class SectionKeys:
    name: str
    match: str
    pieces: str = "heads"
    minor: bool = False
    unsigned: bool = True
    opens: Selectors = ()
    ends: Selectors = ()


@dataclass(frozen=True, slots=True)
class SectionsKeys:
    default: str = ""
    run_in: str = (
        r"(?P<head>[\"“‘(\[]?<(?:i|em)>.{2,220}?</(?:i|em)>[^<(—]{0,3}?)"
        r"(?P<rest>\s*(?:\([^()]{3,160}\)[\s.\]]*)?[.,]?\s*(?:—|--).*)"
    )
    run_in_after_signature: str = ""


@dataclass(frozen=True, slots=True)
class SignatureKeys:
    selectors: Selectors = ()
    ignore: Patterns = ()
    place: str = ""
    split: str = ""
    unmarked: str = ""
    case: str = "as printed"
    longest: int = 80


@dataclass(frozen=True, slots=True)
class NotesKeys:
    selectors: Selectors = (".footnote",)
    label: str = r"^(?:<\w+>)*\s*(?:(?:Footnote|Note)\s*\w+\s*:?|\[\w+\])\s*(?:</\w+>)*(?:\s|<br>)*"


@dataclass(frozen=True, slots=True)
class VerseKeys:
    selectors: Selectors = ("div.poem",)
    stanzas: Selectors = ("div.stanza",)
    indent: str = r"^i(\d+)"


@dataclass(frozen=True, slots=True)
class MarkupKeys:
    quotations: Selectors = ("blockquote",)
    superscript: Selectors = ()
    drop: Selectors = ()
    drop_text: Patterns = ()
    unlink: Patterns = ()


@dataclass(frozen=True, slots=True)
class PlainTextKeys:
    begin: str = ""
    end: str = ""
    rule: str = r"^[\s*_-]{5,}$"
    head: str = r"^[^a-z]{4,}$"
    signature: str = r"^[A-Z][^a-z]{0,40}\.?$"


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is particular to one magazine."""

    title: TitleKeys
    issue: IssueKeys
    files: FilesKeys = field(default_factory=FilesKeys)
    volume: tuple[VolumeKeys, ...] = ()
    pages: PagesKeys = field(default_factory=PagesKeys)
    heads: HeadsKeys = field(default_factory=HeadsKeys)
    sections: SectionsKeys = field(default_factory=SectionsKeys)
    section: tuple[SectionKeys, ...] = ()
    signature: SignatureKeys = field(default_factory=SignatureKeys)
    notes: NotesKeys = field(default_factory=NotesKeys)
    verse: VerseKeys = field(default_factory=VerseKeys)
    markup: MarkupKeys = field(default_factory=MarkupKeys)
    plain_text: PlainTextKeys = field(default_factory=PlainTextKeys)


PATTERN_KEYS = {
    IssueKeys: ("number", "date"),
    PagesKeys: ("pattern",),
    HeadsKeys: ("ignore", "reference"),
    SectionKeys: ("match",),
    SectionsKeys: ("run_in", "run_in_after_signature"),
    SignatureKeys: ("ignore", "place", "split", "unmarked"),
    NotesKeys: ("label",),
    VerseKeys: ("indent",),
    MarkupKeys: ("drop_text", "unlink"),
    PlainTextKeys: ("begin", "end", "rule", "head", "signature"),
}
CHOICES = {
    (HeadsKeys, "case"): ("as printed", "title"),
    (SignatureKeys, "case"): ("as printed", "title"),
    (SectionKeys, "pieces"): ("heads", "run-in", "one", "drop"),
    (TitleKeys, "policy"): ("open", "sign-in", "metered", "subscribers"),
}


@cache
def pattern(text: str) -> re.Pattern[str]:
    """Promise: the compiled pattern of a profile; it matches case and line ends loosely."""
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def find(name: str) -> Path:
    """Promise: the profile's file, by path or by the name of one that comes with the package. Errors:
    ProfileError.
    """
    for candidate in (Path(name), PACKAGED / f"{name}.toml"):
        if candidate.is_file():
            return candidate
    known = ", ".join(sorted(p.stem for p in PACKAGED.glob("*.toml")))
    raise ProfileError(f"There is no profile {name!r}: give the path of a TOML file, or one of: {known}.")


def load(path: Path) -> Profile:
    """Errors: ProfileError, naming the key: unknown, missing, of the wrong type, or a pattern that does not
    compile.
    """
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ProfileError(f"{path.name}: {error}") from None
    try:
        profile: Profile = _made(Profile, keys, "")
    except ProfileError as error:
        raise ProfileError(f"{path.name}: {error}") from None
    return profile


def _made(kind: Any, keys: Any, at: str) -> Any:
    if not isinstance(keys, dict):
        raise ProfileError(f"`{at}` must be a table of keys")
    known = {f.name: f for f in fields(kind)}
    if unknown := sorted(set(keys) - set(known)):
        raise ProfileError(f"`{_path(at, unknown[0])}` is no key of a profile; here are: {', '.join(known)}")
    missing = [
        n for n, f in known.items() if n not in keys and f.default is MISSING and f.default_factory is MISSING
    ]
    if missing:
        raise ProfileError(f"`{_path(at, missing[0])}` is missing")
    hints = get_type_hints(kind)
    made = kind(**{name: _value(hints[name], value, _path(at, name)) for name, value in keys.items()})
    _check(made, at)
    return made


def _value(hint: Any, value: Any, at: str) -> Any:
    if is_dataclass(hint):
        return _made(hint, value, at)
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        if not isinstance(value, list):
            raise ProfileError(f"`{at}` must be a list")
        return tuple(_value(inner, item, f"{at}[{n}]") for n, item in enumerate(value))
    if get_origin(hint) is dict:
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise ProfileError(f"`{at}` must be a table of texts")
        return value
    if type(value) is not hint:
        raise ProfileError(
            f"`{at}` must be {'a text' if hint is str else 'a number' if hint is int else 'true or false'}"
        )
    return value


def _check(made: Any, at: str) -> None:
    for name in PATTERN_KEYS.get(type(made), ()):
        value = getattr(made, name)
        for text in value if isinstance(value, tuple) else (value,):
            try:
                pattern(text)
            except re.error as error:
                raise ProfileError(
                    f"`{_path(at, name)}`: {text!r} is no regular expression: {error}"
                ) from None
    for (kind, name), choices in CHOICES.items():
        if type(made) is kind and getattr(made, name) not in choices:
            raise ProfileError(f"`{_path(at, name)}` must be one of: {', '.join(choices)}")


def _path(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
