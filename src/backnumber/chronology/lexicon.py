"""The words that times are made of: months, numbers, ordinals, Roman numerals."""

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb feby", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
         "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {word: number for number, word in enumerate(UNITS, 1)} | {
    word: 20 + 10 * i for i, word in enumerate(TENS)
}
NUMBERS |= {"a": 1, "an": 1, "hundred": 100, "dozen": 12, "few": 3, "several": 3, "couple": 2}
NUMBERS |= {
    f"{ten}-{unit}": 20 + 10 * i + j for i, ten in enumerate(TENS) for j, unit in enumerate(UNITS[:9], 1)
}

ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        1,
    )
} | {
    f"twenty-{word}": 20 + i
    for i, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"], 1
    )
}
ORDINALS |= {"thirtieth": 30, "thirty-first": 31}

DECADES = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
           "nineties": 90}  # fmt: skip
TEENS = {word: 10 + i for i, word in enumerate(UNITS[9:], 0)}

REPUBLICAN_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "vendémiaire",
            "brumaire",
            "frimaire",
            "nivôse",
            "pluviôse",
            "ventôse",
            "germinal",
            "floréal",
            "prairial",
            "messidor",
            "thermidor",
            "fructidor",
        ],
        1,
    )
} | {"vendemiaire": 1, "nivose": 4, "pluviose": 5, "ventose": 6, "floreal": 8}
ISLAMIC_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "muharram", "safar", "rabi al-awwal|rabi i", "rabi al-thani|rabi ii", "jumada al-awwal|jumada i", "jumada al-thani|jumada ii",
            "rajab", "sha'ban|shaban|sha’ban", "ramadan|ramazan", "shawwal", "dhu al-qa'da|dhu'l-qa'da|dhu al-qadah",
            "dhu al-hijja|dhu'l-hijja|dhu al-hijjah",
        ),
        1,
    )
    for name in names.split("|")
}  # fmt: skip
HEBREW_MONTHS = {
    "tishri": 1, "tishrei": 1, "heshvan": 2, "cheshvan": 2, "marheshvan": 2, "kislev": 3, "tevet": 4, "tebeth": 4, "shevat": 5,
    "shebat": 5, "adar": 6, "nisan": 7, "iyar": 8, "sivan": 9, "tammuz": 10, "av": 11, "elul": 12,
}  # fmt: skip

_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})\Z", re.IGNORECASE)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman(numeral: str) -> int | None:
    """Promise: the number a Roman numeral writes, in the old long form too ("iiii"); None if it is none."""
    if not numeral or len(numeral) > 15 or not _ROMAN.match(numeral):
        return None
    values = [_VALUES[letter] for letter in numeral.upper()]
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values)) or None


def whole(word: str) -> int | None:
    """Promise: the number that figures, an English word or a Roman numeral in capitals mean; None if none of them."""
    if word.isascii() and word.isdecimal():
        return int(word) if len(word) < 8 else None
    lower = word.lower()
    if lower in NUMBERS:
        return NUMBERS[lower]
    if lower in ORDINALS:
        return ORDINALS[lower]
    if match := re.match(r"(\d{1,3})(?:st|nd|rd|th|d)\Z", lower):
        return int(match[1])
    return roman(word) if word.isupper() else None
