"""Which rule is tried at which word, the longest reading first."""

from collections.abc import Callable

from backnumber.chronology import lexicon
from backnumber.chronology.atoms import Atom
from backnumber.chronology.days import day_alone, day_month, month_first, numeric, roman_day
from backnumber.chronology.stretches import (
    decade,
    other_era,
    republican_year,
    season,
    short_century,
    with_commas,
    worded_decade,
)

Rule = Callable[[str, int, str], Atom | None]
AT_FIGURES: tuple[Rule, ...] = (numeric, day_month, decade, with_commas, other_era, day_alone)
AT_WORDS: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(lexicon.MONTHS, (month_first,)),
    **dict.fromkeys(lexicon.SEASONS, (season,)),
    **dict.fromkeys(lexicon.DECADES, (worded_decade,)),
    "year": (republican_year,),
    "c": (short_century,),
    **dict.fromkeys(("ides", "nones", "kalends", "calends"), (roman_day,)),
}
COUNTED = {"century", "centuries", "cent", "millennium", "millennia"}
