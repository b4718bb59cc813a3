"""Reads the tables of docs/rules: each row becomes a question, an asker, a moment and the answer it promises.

What it does not understand is an error: a row may not be skipped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from backnumber.access import (
    Anniversary,
    Asked,
    Asker,
    Evidence,
    FreeWindow,
    Gift,
    Grant,
    Meter,
    Place,
    Policy,
    Read,
    Reason,
    Scope,
    ScopeKind,
    Wall,
)

RULES = Path(__file__).resolve().parents[2] / "docs" / "rules"
OF_MONEY = "money.md"  # its sentences are names of tests: tests/renewals/test_documented.py
LONDON = ZoneInfo("Europe/London")
COLUMNS = ("Policy", "Cover date", "Wall", "On sale", "Free", "Reader", "Meter", "At", "Reads", "Why")
NONE = "−"
ARTICLE, ANOTHER = 7, 8
FORTRESS = Asked(ARTICLE, 70, 1, date(1999, 9, 1), Policy.SUBSCRIBERS, zone=LONDON)
PLAIN = Grant(1, Scope(ScopeKind.ARCHIVE), datetime(2024, 1, 1, tzinfo=LONDON), None, Evidence.PAYMENT)


@dataclass(frozen=True)
class Example:
    """One row. `place` is the file and the line, for whoever has to mend it."""

    place: str
    asked: Asked
    asker: Asker
    at: datetime
    reads: bool
    why: Reason


def tables() -> Iterator[tuple[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]]:
    """Every table of every page: its header, and its rows with their places."""
    for page in sorted(RULES.glob("*.md")):
        if page.name == OF_MONEY:
            continue
        header: tuple[str, ...] = ()
        rows: list[tuple[str, tuple[str, ...]]] = []
        for number, line in enumerate([*page.read_text().splitlines(), ""], 1):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if not line.lstrip().startswith("|"):
                if header:
                    yield header, rows
                header, rows = (), []
            elif not header:
                header = cells
            elif set(line) - set("|-: "):
                rows.append((f"{page.name}:{number}", cells))


def examples() -> list[Example]:
    return [
        _example(place, dict(zip(header, cells, strict=True)))
        for header, rows in tables()
        if header[-1] == "Why"
        for place, cells in rows
    ]


def _example(place: str, row: dict[str, str]) -> Example:
    unknown = row.keys() - set(COLUMNS)
    if unknown:
        raise ValueError(f"{place}: no column is called {unknown}")
    asked = FORTRESS
    for column, read in QUESTION.items():
        asked = read(asked, row[column]) if row.get(column, NONE) != NONE else asked
    asker = _asker(row.get("Reader", "nobody"))
    asker = replace(asker, meter=_meter(row.get("Meter", "not counted")))
    return Example(
        place, asked, asker, _moment(row["At"]), {"yes": True, "no": False}[row["Reads"]], Reason(row["Why"])
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def _matched(pattern: str, text: str) -> dict[str, str | None]:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(f"“{text}” is not understood")
    return found.groupdict()


def _policy(asked: Asked, text: str) -> Asked:
    return replace(asked, policy=None if text == "unknown" else Policy(text))


def _cover_date(asked: Asked, text: str) -> Asked:
    return replace(asked, cover_date=date.fromisoformat(text))


def _wall(asked: Asked, text: str) -> Asked:
    wall = Wall()
    for part in text.split("; "):
        found = _matched(r"free after (?P<years>\d+) years|paid after (?P<weeks>\d+) weeks", part)
        if found["years"]:
            wall = replace(wall, free_after_years=int(found["years"]))
        else:
            wall = replace(wall, paid_after_weeks=int(found["weeks"] or ""))
    return replace(asked, wall=wall)


def _on_sale(asked: Asked, text: str) -> Asked:
    return replace(asked, on_sale=_moment(text))


def _free(asked: Asked, text: str) -> Asked:
    for part in text.split("; "):
        found = _matched(r"from (?P<first>\S+) to (?P<until>\S+)|every (?P<month>\d\d)-(?P<day>\d\d)", part)
        if found["first"] and found["until"]:
            window = FreeWindow(_moment(found["first"]), _moment(found["until"]), "a window")
            asked = replace(asked, windows=(*asked.windows, window))
        else:
            day = Anniversary(int(found["month"] or ""), int(found["day"] or ""), "a day")
            asked = replace(asked, anniversaries=(*asked.anniversaries, day))
    return asked


QUESTION = {"Policy": _policy, "Cover date": _cover_date, "Wall": _wall, "On sale": _on_sale, "Free": _free}


def _asker(text: str) -> Asker:
    asker = Asker()
    for part in text.split("; "):
        asker = _with(asker, part)
    return asker


def _with(asker: Asker, part: str) -> Asker:
    head, _, rest = part.partition(": ")
    if head == "grant":
        return replace(asker, reader=5, grants=(*asker.grants, _grant(rest)))
    if head == "library":
        return replace(asker, place=Place(3, "A library", (_grant(rest),)))
    if part.startswith("gift"):
        gift = _matched(r"gift(?P<other> of another article)? to (?P<until>.+)", part)
        return replace(
            asker, gift=Gift(1, ANOTHER if gift["other"] else ARTICLE, _moment(gift["until"] or ""))
        )
    return {
        "nobody": asker,
        "account": replace(asker, reader=5),
        "claim pending": replace(asker, claim_pending=True),
        "print unclaimed": replace(asker, print_unclaimed=True),
    }[part]


def _grant(text: str) -> Grant:
    scope, *terms = text.split(", ")
    grant = replace(PLAIN, scope=_scope(scope))
    for term in terms:
        word, _, rest = term.partition(" ")
        match word:
            case "from":
                grant = replace(grant, starts=_moment(rest))
            case "to":
                grant = replace(grant, until=_moment(rest))
            case "revoked":
                grant = replace(grant, revoked_at=_moment(rest))
            case "keeps":
                grant = replace(grant, kept=_scope(rest))
            case "by":
                grant = replace(grant, evidence=Evidence(rest))
            case "without" if rest == "evidence":
                grant = replace(grant, evidence=None)
            case _:
                raise ValueError(f"“{term}” is not understood")
    return grant


_SCOPES = {
    "archive": Scope(ScopeKind.ARCHIVE),
    "this title": Scope(ScopeKind.TITLE, title=1),
    "another title": Scope(ScopeKind.TITLE, title=2),
    "this issue": Scope(ScopeKind.ISSUE, issue=70),
    "another issue": Scope(ScopeKind.ISSUE, issue=71),
    "this article": Scope(ScopeKind.ARTICLE, article=ARTICLE),
    "another article": Scope(ScopeKind.ARTICLE, article=ANOTHER),
}


def _scope(text: str) -> Scope:
    if text in _SCOPES:
        return _SCOPES[text]
    if text.startswith("malformed "):
        return Scope(ScopeKind(text.removeprefix("malformed ")))
    found = _matched(
        r"(cover dates(?: from (?P<first>\S+))?(?: to (?P<last>\S+))?|last (?P<years>\d+) years?)(?P<other> of another title)?",
        text,
    )
    title = 2 if found["other"] else None
    if found["years"]:
        return Scope(ScopeKind.RECENT, title=title, years=int(found["years"]))
    if not (found["first"] or found["last"]):
        raise ValueError(f"“{text}” names no date")
    first, last = (date.fromisoformat(found[n] or "") if found[n] else None for n in ("first", "last"))
    return Scope(ScopeKind.SPAN, title=title, first_date=first, last_date=last)


def _meter(text: str) -> Meter | None:
    if text == "not counted":
        return None
    allowance, *reads = text.split("; ")
    found = _matched(r"(?P<number>\d+) in (?P<days>\d+) days", allowance)
    return Meter(
        int(found["number"] or ""), timedelta(int(found["days"] or "")), tuple(_read(read) for read in reads)
    )


def _read(text: str) -> Read:
    found = _matched(r"(?P<which>this|another|a third) (?P<at>.+)", text)
    return Read(
        {"this": ARTICLE, "another": ANOTHER, "a third": 9}[found["which"] or ""], _moment(found["at"] or "")
    )
