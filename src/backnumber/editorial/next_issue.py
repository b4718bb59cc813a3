"""What the next issue of a title is probably called, from the ones before: date, volume, number, address, first page. Pure.

A proposal fills a form; an editor reads it before anything is made.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from django.utils.dates import MONTHS
from django.utils.text import slugify

_LOOKED_AT = 12
_SEASONS = ("Winter", "Spring", "Summer", "Autumn")
_MONTH = "|".join(str(name) for name in MONTHS.values())


@dataclass(frozen=True, slots=True)
class Before:
    """An issue that is there: its day, what stands on its cover, its address within the year, and its pages as typed."""

    day: date
    cover_date: str
    volume: str
    number: str
    slug: str
    first_page: str = ""
    last_page: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    day: date
    cover_date: str
    volume: str
    number: str
    slug: str
    first_page: str


def proposed(before: Sequence[Before], today: date, taken: Collection[tuple[int, str]] = ()) -> Proposal:
    """Promise: the next issue after those of `before`, the newest first; for none, this month's, number 1 of volume 1.

    `taken`: years and slugs that are addresses already.
    """
    if not before:
        day = today.replace(day=1)
        return _free(Proposal(day, _cover(day), "1", "1", slugify(_month(day)), "1"), taken)
    last = before[0]
    day = _next_day([one.day for one in before[:_LOOKED_AT]])
    is_new_volume = _begins_volume(before, day)
    cover = _cover_like(last, day)
    made = Proposal(
        day=day,
        cover_date=cover,
        volume=_one_more(last.volume) if is_new_volume else last.volume,
        number="1" if is_new_volume and _restarts(before) else _one_more(last.number),
        slug="",
        first_page=_first_page(before, is_new_volume),
    )
    return _free(replace(made, slug=_slug_like(last, made)), taken)


def _next_day(days: Sequence[date]) -> date:
    """As far after the last as is usual: whole months from four weeks on, days below. One issue alone is taken for a monthly."""
    if len(days) < 2:
        return _months_after(days[0], 1)
    apart = median((newer - older).days for newer, older in pairwise(days))
    if apart < 27:
        return days[0] + timedelta(days=max(1, round(apart)))
    return _months_after(days[0], max(1, round(apart / 30.44)))


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


def _begins_volume(before: Sequence[Before], day: date) -> bool:
    """Whether `day` opens a new volume: in the month in which volumes began until now, with the year if none has begun yet."""
    last = before[0]
    if not last.volume:
        return False
    began = [newer.day.month for newer, older in pairwise(before) if newer.volume != older.volume]
    month = began[0] if began else 1
    opens = date(day.year if day.month >= month else day.year - 1, month, 1)
    return last.day < opens <= day


def _restarts(before: Sequence[Before]) -> bool:
    """Whether numbers begin again with a volume: as at the last change; where there was none, when they are small."""
    for newer, older in pairwise(before):
        if newer.volume != older.volume and newer.number.isdecimal() and older.number.isdecimal():
            return int(newer.number) <= int(older.number)
    return before[0].number.isdecimal() and int(before[0].number) <= 53


def _one_more(number: str) -> str:
    """ "12" makes "13", "12a" and "XII" stay empty: what cannot be counted on is left to the editor. "7-8" makes "9-10"."""
    if number.isdecimal():
        return str(int(number) + 1)
    double = re.fullmatch(r"(\d{1,6})([-–/])(\d{1,6})", number)
    if double and int(double[3]) == int(double[1]) + 1:
        return f"{int(double[3]) + 1}{double[2]}{int(double[3]) + 2}"
    return ""


def _cover_like(last: Before, day: date) -> str:
    """In the words of the last cover: "May 1999", "May/June 1999", "7 May 1999", "Spring 1999"."""
    double = re.fullmatch(rf"({_MONTH})([/–-])({_MONTH}) \d{{4}}", last.cover_date)
    if double:
        return f"{_month(day)}{double[2]}{_month(_months_after(day, 1))} {_months_after(day, 1).year}"
    if re.fullmatch(rf"\d{{1,2}} ({_MONTH}) \d{{4}}", last.cover_date):
        return f"{day.day} {_cover(day)}"
    if re.fullmatch(rf"({'|'.join(_SEASONS)}) \d{{4}}", last.cover_date):
        name = last.cover_date.split()[0]
        steps = round((day - last.day).days / 91.3)
        return f"{_SEASONS[(_SEASONS.index(name) + steps) % 4]} {day.year}"
    return _cover(day)


def _slug_like(last: Before, made: Proposal) -> str:
    if last.slug and last.slug == slugify(last.number) and made.number:
        return slugify(made.number)
    return slugify(re.sub(rf"\W*{made.day.year}$", "", made.cover_date)) or slugify(_month(made.day))


def _first_page(before: Sequence[Before], is_new_volume: bool) -> str:
    """Pages that are counted through a volume go on; else an issue begins as the last one did."""
    last = before[0]
    runs_on = (
        len(before) > 1
        and last.first_page.isdecimal()
        and before[1].last_page.isdecimal()
        and last.volume == before[1].volume
        and int(last.first_page) == int(before[1].last_page) + 1
    )
    if runs_on and last.last_page.isdecimal() and not is_new_volume:
        return str(int(last.last_page) + 1)
    return "1" if runs_on else last.first_page


def _free(made: Proposal, taken: Collection[tuple[int, str]]) -> Proposal:
    slug, n = made.slug, 1
    while (made.day.year, slug) in taken:
        n += 1
        slug = f"{made.slug}-{n}"
    return replace(made, slug=slug)


def _month(day: date) -> str:
    return str(MONTHS[day.month])


def _cover(day: date) -> str:
    return f"{_month(day)} {day.year}"
