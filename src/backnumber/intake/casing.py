"""Headlines and names that stand in capitals, as a reader would write them. Knows no Django."""

import re
import unicodedata

_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "nor",
        "of",
        "off",
        "on",
        "or",
        "over",
        "per",
        "so",
        "than",
        "that",
        "the",
        "to",
        "up",
        "upon",
        "via",
        "with",
        "without",
        "etc",
        "de",
        "la",
        "le",
        "du",
        "des",
        "der",
        "den",
        "von",
        "van",
        "et",
        "ou",
        "di",
        "del",
        "y",
        "his",
        "her",
        "its",
        "their",
    ]
)
_NAME_SMALL = frozenset(
    [
        "de",
        "la",
        "le",
        "du",
        "des",
        "der",
        "den",
        "von",
        "van",
        "et",
        "di",
        "del",
        "of",
        "the",
        "and",
        "a",
        "to",
        "y",
    ]
)
_ROMAN = re.compile(r"^(?=[IVXLCDM]+$)M{0,4}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$")
_ABBREVIATION = re.compile(r"^(?:[A-Z]\.)+[A-Z]?\.?$")
_ALWAYS_CAPITAL = frozenset(
    {"MS", "MSS", "A.D", "B.C", "A.D.", "B.C.", "SS", "U.S.", "N.B.", "P.S.", "II", "III"}
)
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*\.?", re.UNICODE)
_CELTIC = re.compile(r"^(O|D|M|Mc)(['’]?)([a-z])(.{2,})$")


def title_case(text: str) -> str:
    """Promise: a text all in capitals as a headline is written; any other text, and Roman numerals, as they
    were.
    """
    if not mostly_capitals(text):
        return text
    starts = True
    parts: list[str] = []
    last = 0
    for found in _WORD.finditer(text):
        between = text[last : found.start()]
        starts = starts or bool(re.search(r'[.:—!?"“(\[]', between))
        parts += [between, _headline_word(found[0], starts)]
        starts = found[0].endswith(".") and len(found[0]) > 4
        last = found.end()
    return "".join([*parts, text[last:]])


def _headline_word(word: str, starts: bool) -> str:
    bare = word.rstrip(".")
    if (
        bare in _ALWAYS_CAPITAL
        or word in _ALWAYS_CAPITAL
        or _ROMAN.match(bare)
        or _ABBREVIATION.match(word)
        or any(c.isdigit() for c in word)
    ):
        return word
    lower = word.lower()
    return lower if lower.rstrip(".") in _SMALL and not starts else _capitalised(lower)


def name_case(text: str) -> str:
    """Promise: a signature with each name capitalised ("EDWARD F. RIMBAULT" → "Edward F. Rimbault"), initials
    as they were.

    A space follows each initial ("S.W. SINGER" → "S. W. Singer"); a full stop falls after the last name and
    stays after an initial.
    """
    spaced = re.sub(r"(?<=[^\W\d_]\.)(?=\w)", " ", " ".join(text.split()))
    spaced = re.sub(r"(, )([A-Z])\. ([A-Z])\.", r"\1\2.\3.", spaced)
    words = [_name_word(word, at) for at, word in enumerate(spaced.split())]
    whole = " ".join(words).strip(" ,;:—-")
    return whole[:-1] if _ends_with_a_name(whole) else whole


def _name_word(word: str, at: int) -> str:
    letters = [c for c in word if c.isalpha()]
    if (
        not letters
        or not all(c.isupper() for c in letters)
        or len(letters) < 2
        or (_ROMAN.match(word.rstrip(".,")) and len(letters) < 3)
    ):
        return word
    if re.fullmatch(r"(?:[^\W\d_]\.)+,?", word) or word.rstrip(".") in {"MS", "MA", "BA", "FSA"}:
        return word
    lower = word.lower()
    if at and lower.strip(".,") in _NAME_SMALL:
        return lower.rstrip(".")
    celtic = _CELTIC.match(_capitalised(lower))
    if celtic and celtic[2]:
        return f"{celtic[1]}{celtic[2]}{celtic[3].upper()}{celtic[4]}"
    return "-".join(map(_capitalised, lower.split("-")))


def _ends_with_a_name(text: str) -> bool:
    last = text.split()[-1] if text.split() else ""
    return (
        text.endswith(".")
        and sum(c.isalpha() for c in last) > 2
        and last.lower() not in {"jun.", "sen.", "jnr.", "esq.", "m.a.", "clk."}
    )


def _capitalised(lower: str) -> str:
    first = next((n for n, c in enumerate(lower) if c.isalpha()), 0)
    return lower[:first] + lower[first : first + 1].upper() + lower[first + 1 :]


def mostly_capitals(text: str) -> bool:
    """Promise: whether it is set in capitals, a few small letters (an "l." for pounds, a "v'd") aside."""
    letters = [c for c in text if c.isalpha() and (c.isupper() or c.islower())]
    return bool(letters) and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


_GREEK = {
    "α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "e", "θ": "th", "ι": "i", "κ": "k", "λ":
    "l", "μ": "m", "ν": "n",
    "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "u", "φ": "ph", "χ": "ch", "ψ":
    "ps", "ω": "o",
}  # fmt: skip


def latin(text: str) -> str:
    """Promise: the text in Latin letters as far as an address needs it: a single Greek letter by its name,
    Greek words by letters.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    letters = [c for c in bare if c.isalpha()]
    if len(letters) == 1 and letters[0].lower() in _GREEK:
        return unicodedata.name(letters[0].lower()).rsplit(" ", 1)[-1].lower()
    for ligature, plain in (("æ", "ae"), ("Æ", "Ae"), ("œ", "oe"), ("Œ", "Oe"), ("ß", "ss")):
        bare = bare.replace(ligature, plain)
    return "".join(_GREEK.get(c.lower(), c) for c in bare)
