"""Places: which of the names in a text are places, which place each means, and whether that is sure enough for a map."""

import re
from bisect import bisect_right

from backnumber.chronology.data import Place, slug
from backnumber.chronology.times import Told
from backnumber.chronology.types import Finding, Kind

ON_THE_MAP = 0.8  # from this confidence on, a place is put on the map
_IN = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Aa]round|[Oo]utside|[Tt]owards?|[Tt]hrough|[Vv]ia|[Bb]etween|[Aa]cross|[Ii]nto|[Ww]ithin|[Bb]eyond|[Rr]each(?:ed|ing)|"
    r"[Ll]eft|[Ee]ntered|[Ii]nvaded|[Cc]aptured|[Bb]esieged|[Tt]ook|[Cc]it(?:y|ies)\sof|[Tt]owns?\sof|[Pp]orts?\sof|[Ss]ack\sof|[Ss]iege\sof|[Ff]all\sof|[Bb]attle\sof|"
    r"[Ii]sland\sof|[Kk]ingdom\sof|[Pp]rovince\sof|[Cc]ounty\sof|[Vv]isited|[Ll]eaving|[Rr]uled|[Cc]onquered|[Tt]hroughout|[Aa]gainst)\s(?:the\s|northern\s|southern\s|eastern\s|western\s|"
    r"central\s|medieval\s|ancient\s|nearby\s|modern\s|old\s)?$"
)
_OF = re.compile(r"\b(?:[Oo]f|[Aa]nd|,)\s$")
_TITLE = re.compile(
    r"\b(?:Duke|Duchess|Earl|Marquess|Marquis|Count|Countess|Viscount|Baron|Bishop|Archbishop|Abbot|Dean|Prince|Princess|Lord|Lady|Elector|Sir|Mr|Mrs|Miss|Dr|Captain|"
    r"Colonel|General|President|Treaty|Houses?|Statutes?|Henry|John|Robert|William|Thomas|Matthew|Anne|Margaret|Joan|Eleanor|Isabella|Catherine|Mary|Philip)\.?(?:\s[A-Z][a-z]+)?\s(?:of\s)?$"
)
_NAME_BEFORE = re.compile(r"(?<![.!?\"'(]\s)\b([A-Z][a-z]+|[A-Z]\.)\s$")
_SURE_BEFORE = {
    "North",
    "South",
    "East",
    "West",
    "Old",
    "Ancient",
    "Roman",
    "Medieval",
    "Imperial",
    "Northern",
    "Southern",
    "Eastern",
    "Western",
    "Central",
    "Nazi",
    "In",
    "At",
    "From",
    "Near",
    "To",
}
_NAME_AFTER = re.compile(r"\s(?!I\b)([A-Z][a-z]+)")
_BUILT = {"Castle", "Cathedral", "Minster", "Abbey", "Palace", "Bridge"}
_BATTLE = re.compile(
    r"\b(?:[Bb]attles?|[Ss]ieges?|[Dd]efeat|[Vv]ictory|[Ff]ield|[Rr]out|[Ss]urrender|[Ss]laughter|[Ff]ought|[Ff]ell|[Kk]illed|[Cc]ampaign|[Dd]efeated)\s(?:of|at|near|on)\s(?:the\s)?$"
)


_INN = re.compile(r"'s[\s-][A-Z]")
_FALL = re.compile(r"\b(?:[Ff]all|[Ss]ack|[Ss]iege|[Rr]elief|[Bb]ombing|[Cc]onquest)\sof\s$")


def placed(
    text: str,
    original: str,
    candidates: list[tuple[int, int, list[Place]]],
    events: list[tuple[int, int]],
    told: Told,
) -> list[Finding]:
    """Promise: the candidates that are places, each with its confidence, and with a point where that is high enough."""
    years = [
        atom.span.lo[0]
        for atom in told.atoms
        if atom.narrative and atom.span is not None and atom.span.lo is not None
    ]
    middle = sorted(years)[len(years) // 2] if years else None
    sure: dict[str, float] = {}
    weighed = []
    for start, end, meanings in candidates:
        place = _meant(meanings, middle, _BATTLE.search(text, max(0, start - 24), start) is not None)
        in_event = _inside(events, start, end)
        confidence = _confidence(text, start, end, place, middle, in_event)
        name = text[start:end]
        sure[name] = max(sure.get(name, 0.0), confidence)
        weighed.append((start, end, place, confidence, in_event))
    findings = []
    for start, end, place, confidence, _ in weighed:
        best = confidence if confidence else 0.0
        if 0 < confidence < ON_THE_MAP and sure[text[start:end]] >= ON_THE_MAP:
            best = ON_THE_MAP
        if best >= 0.5:
            findings.append(_finding(original, start, end, place, round(best, 2)))
    return findings


def _finding(original: str, start: int, end: int, place: Place, confidence: float) -> Finding:
    shown = confidence >= ON_THE_MAP and place.latitude is not None
    return Finding(
        start, end, original[start:end], Kind.PLACE, f"place:{slug(place.label)}", place.label, "", None, None, "", place.sort, confidence, True,
        place.latitude if shown else None, place.longitude if shown else None,
    )  # fmt: skip


def _meant(meanings: list[Place], middle: int | None, fought: bool) -> Place:
    """Of places with one name: the battlefield after "battle of", else the one of the text's own time, else the first of the tables."""
    if len(meanings) == 1:
        return meanings[0]
    if fought:
        for place in meanings:
            if place.sort == "battlefield":
                return place
    others = [place for place in meanings if place.sort != "battlefield"] or meanings
    if middle is not None:
        fitting = [
            place
            for place in others
            if place.lo is not None and place.lo - 50 <= middle <= (place.hi or middle) + 50
        ]
        if fitting:
            return fitting[0]
    return others[0]


def _inside(events: list[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_right(events, (start, 1 << 60)) - 1
    return at >= 0 and events[at][0] <= start and end <= events[at][1]


def _confidence(text: str, start: int, end: int, place: Place, middle: int | None, in_event: bool) -> float:
    before = text[max(0, start - 40) : start]
    name = text[start:end]
    if in_event:
        return 0.9 if place.sort == "battlefield" or _BATTLE.search(before) or _FALL.search(before) else 0.6
    if _TITLE.search(before):
        return 0.0
    preceding = _NAME_BEFORE.search(before)
    following = _NAME_AFTER.match(text, end)
    if (preceding and preceding[1] not in _SURE_BEFORE and not _IN.search(before)) or (
        following and following[1] not in _BUILT and " " not in name
    ):
        return 0.0
    if text[end : end + 1] == "-" or before[-1:] == "-" or _INN.match(text, end):
        return 0.0
    if place.sort == "battlefield" and before.endswith("the ") and not _BATTLE.search(before):
        return 0.0
    confidence = {"realm": 0.9, "region": 0.75, "former": 0.78, "battlefield": 0.5, "city": 0.55}[place.sort]
    if " " in name and place.sort != "city":
        confidence = max(confidence, 0.9)
    if _IN.search(before):
        confidence = max(confidence, 0.92 if place.sort != "city" else 0.86 if place.size > 40_000 else 0.7)
    elif _OF.search(before) and place.sort != "battlefield":
        confidence += 0.08
    if (
        place.lo is not None
        and middle is not None
        and not place.lo - 150 <= middle <= (place.hi or 2000) + 150
    ):
        confidence -= 0.2
    return confidence
