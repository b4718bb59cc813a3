"""A profile: how one magazine's files are read. A TOML file of selectors and patterns; `docs/import.md`
documents every key.

A selector is `tag`, `.class` or `tag.class.class`. A pattern is a regular expression, case ignored. Knows no
Django.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
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
SLUG_PARTS = ("number", "volume", "year", "month", "day", "month_name")
CHOICES = {
    (HeadsKeys, "case"): ("as printed", "title"),
    (SignatureKeys, "case"): ("as printed", "title"),
    (SectionKeys, "pieces"): ("heads", "run-in", "one", "drop"),
    (TitleKeys, "policy"): ("open", "sign-in", "metered", "subscribers"),
}


GROUPS = {
    (IssueKeys, "date"): ("year",),
    (SectionsKeys, "run_in"): ("head", "rest"),
    (SectionsKeys, "run_in_after_signature"): ("head", "rest"),
    (SignatureKeys, "split"): ("name", "place"),
}
LONGEST = {
    TitleKeys: {"name": 200, "slug": 100, "strapline": 200, "language": 16},
    VolumeKeys: {"number": 20, "years": 20},
    SectionKeys: {"name": 200},
    SectionsKeys: {"default": 200},
}
SELECTOR_KEYS = frozenset(
    {
        "selectors",
        "sub",
        "opens",
        "ends",
        "stanzas",
        "quotations",
        "superscript",
        "drop",
        "captions",
    }
)
_SELECTOR = re.compile(r"(?=.)(?:[a-z][a-z0-9-]*)?(?:#[\w-]+)?(?:\.[\w-]+)*", re.IGNORECASE)
SELECTORS_ARE = "`tag`, `.class`, `tag.class` or `tag#id`; one element, without spaces"
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


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
        keys = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        hint = (
            "; write patterns in single quotes, where a backslash is a backslash"
            if "\\" in str(error)
            else ""
        )
        raise ProfileError(f"{path.name}: {error}{hint}") from None
    try:
        profile: Profile = _made(Profile, keys, "")
        check(profile)
    except ProfileError as error:
        raise ProfileError(f"{path.name}: {error}") from None
    return profile


def check(profile: Profile) -> None:
    """What no key shows by itself. Errors: ProfileError."""
    for wrong, says in (
        (not profile.title.name.strip(), "`title.name` is empty"),
        (not _SLUG.fullmatch(profile.title.slug), "`title.slug` must be of letters, digits and hyphens"),
        (not 0 <= profile.title.founded <= 9999, "`title.founded` must be a year"),
        (len(profile.issue.months) not in {0, 12}, "`issue.months` must be twelve names"),
        (len(profile.issue.weekdays) not in {0, 7}, "`issue.weekdays` must be seven names, from Monday"),
        (not profile.issue.date, "`issue.date` must have a pattern"),
        (profile.issue.within < 1, "`issue.within` must be more than 0"),
        (profile.signature.longest < 1, "`signature.longest` must be more than 0"),
        (
            not profile.files.pattern
            or profile.files.pattern.startswith("/")
            or ".." in profile.files.pattern,
            "`files.pattern` must be a pattern of names inside the folder, such as *.html or **/*.html",
        ),
    ):
        if wrong:
            raise ProfileError(says)
    for at, volume in enumerate(profile.volume):
        if volume.first > volume.last:
            raise ProfileError(f"`volume[{at}]`: its first issue is {volume.first}, its last {volume.last}")
    names = [section.name.casefold() for section in profile.section]
    for at, name in enumerate(names):
        if not name.strip() or name in names[:at]:
            raise ProfileError(f"`section[{at}].name` is {'empty' if not name.strip() else 'there twice'}")
    _check_slug(profile)


def _check_slug(profile: Profile) -> None:
    filled = dict.fromkeys(SLUG_PARTS, "1")
    if "{volume}" in profile.issue.slug and not profile.volume:
        raise ProfileError(
            "`issue.slug` has {volume}, but the profile has no [[volume]] that says which issues it holds"
        )
    try:
        made = profile.issue.slug.format(**filled)
    except (KeyError, IndexError, ValueError, AttributeError):
        parts = ", ".join(f"{{{part}}}" for part in SLUG_PARTS)
        raise ProfileError(f"`issue.slug`: of what stands in braces there is only {parts}") from None
    if not _SLUG.fullmatch(made):
        raise ProfileError("`issue.slug` must be of letters, digits, hyphens and what stands in braces")
    if "{" not in profile.issue.slug:
        raise ProfileError(
            "`issue.slug` must hold {number} or a date, or all issues of a year have one address"
        )


def _made(kind: Any, keys: Any, at: str) -> Any:
    if not isinstance(keys, dict):
        raise ProfileError(f"`{at}` must be a table of keys")
    known = {f.name: f for f in fields(kind)}
    if unknown := sorted(set(keys) - set(known)):
        near = get_close_matches(unknown[0], known, 1)
        meant = f"did you mean `{_path(at, near[0])}`? Here" if near else "here"
        raise ProfileError(
            f"`{_path(at, unknown[0])}` is no key of a profile; {meant} are: {', '.join(known)}"
        )
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
            wanted = (
                f"[[{at}]] with two brackets"
                if isinstance(value, dict)
                else f"a list: {at.split('.')[-1]} = [{value!r}]"
            )
            raise ProfileError(f"`{at}` must be {wanted}")
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
        _check_patterns(getattr(made, name), _path(at, name), GROUPS.get((type(made), name), ()))
    for name in SELECTOR_KEYS.intersection(get_type_hints(type(made))):
        for selector in getattr(made, name):
            if not _SELECTOR.fullmatch(selector):
                raise ProfileError(f"`{_path(at, name)}`: {selector!r} is no selector: write {SELECTORS_ARE}")
    for name, longest in LONGEST.get(type(made), {}).items():
        if len(getattr(made, name)) > longest:
            raise ProfileError(f"`{_path(at, name)}` may have {longest} characters")
    for (kind, name), choices in CHOICES.items():
        if type(made) is kind and getattr(made, name) not in choices:
            raise ProfileError(f"`{_path(at, name)}` must be one of: {', '.join(choices)}")


def _check_patterns(value: str | Patterns, at: str, groups: Sequence[str]) -> None:
    if isinstance(value, tuple) and "" in value:
        raise ProfileError(f"`{at}`: an empty pattern fits everything; take it out")
    for text in value if isinstance(value, tuple) else (value,):
        _check_pattern(text, at, groups)


def _check_pattern(text: str, at: str, groups: Sequence[str]) -> None:
    try:
        compiled = pattern(text)
    except re.error as error:
        raise ProfileError(f"`{at}`: {text!r} is no regular expression: {error}") from None
    if text and (missing := sorted(set(groups) - set(compiled.groupindex))):
        needed = " and ".join(f"(?P<{group}>…)" for group in missing)
        raise ProfileError(f"`{at}`: {text!r} lacks the group {needed}")


def _path(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
