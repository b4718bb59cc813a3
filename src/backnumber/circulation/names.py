"""Surnames as they are typed and as they stand on labels, in one folding for both sides. Pure."""

import unicodedata
from collections.abc import Sequence

_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "ø": "o",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŋ": "ng",
        "ŧ": "t",
        "ĸ": "k",
        "ə": "e",
    }
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛`´ʼʻʽˈʹ′‵ʾʿ＇ꞌ՚״׳\u0301\u0313\u0315"), None)
_JOINTS = dict.fromkeys(map(ord, "-‐‑‒–—―−﹣－.·_/"), " ")
_PARTICLES = frozenset(
    [
        "a",
        "al",
        "af",
        "av",
        "d",
        "da",
        "dal",
        "dall",
        "dalla",
        "das",
        "de",
        "degli",
        "dei",
        "del",
        "della",
        "delle",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "het",
        "i",
        "in",
        "la",
        "las",
        "le",
        "les",
        "lo",
        "los",
        "ne",
        "o",
        "of",
        "op",
        "s",
        "t",
        "te",
        "ten",
        "ter",
        "the",
        "tho",
        "thoe",
        "tot",
        "'t",
        "und",
        "van",
        "vander",
        "vd",
        "v",
        "vom",
        "von",
        "y",
        "zu",
        "zum",
        "zur",
        "zur",
    ]
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "master",
        "messrs",
        "mme",
        "mlle",
        "mons",
        "m",
        "dr",
        "drs",
        "prof",
        "professor",
        "rev",
        "revd",
        "reverend",
        "fr",
        "father",
        "sr",
        "sister",
        "br",
        "brother",
        "canon",
        "dean",
        "archdeacon",
        "bishop",
        "rabbi",
        "imam",
        "sir",
        "dame",
        "lord",
        "lady",
        "hon",
        "honourable",
        "honorable",
        "rt",
        "right",
        "viscount",
        "viscountess",
        "earl",
        "countess",
        "baron",
        "baroness",
        "duke",
        "duchess",
        "capt",
        "captain",
        "cdr",
        "commander",
        "col",
        "colonel",
        "gen",
        "general",
        "lt",
        "lieutenant",
        "maj",
        "major",
        "sgt",
        "sergeant",
        "cpl",
        "corporal",
        "pte",
        "adm",
        "admiral",
        "cllr",
        "councillor",
        "judge",
        "justice",
        "herr",
        "frau",
        "monsieur",
        "madame",
        "mademoiselle",
        "sig",
        "signor",
        "signora",
        "señor",
        "señora",
        "senor",
        "senora",
        "sra",
        "sres",
        "dhr",
        "mevr",
        "mevrouw",
        "ing",
        "dipling",
        "the",
        "family",
        "household",
        "estate",
    ]
)
_AFTER_THE_NAME = frozenset(
    [
        "jr",
        "sr",
        "jun",
        "jnr",
        "sen",
        "snr",
        "junior",
        "senior",
        "ii",
        "iii",
        "iv",
        "v",
        "esq",
        "esquire",
        "obe",
        "mbe",
        "cbe",
        "kbe",
        "dbe",
        "gbe",
        "bem",
        "cb",
        "kcb",
        "dcb",
        "gcb",
        "cmg",
        "kcmg",
        "om",
        "ch",
        "kc",
        "qc",
        "jp",
        "dl",
        "mp",
        "msp",
        "mep",
        "phd",
        "dphil",
        "md",
        "mbbs",
        "mbchb",
        "frcp",
        "frcs",
        "frcgp",
        "dds",
        "ma",
        "ba",
        "bsc",
        "msc",
        "ba",
        "bed",
        "med",
        "mphil",
        "mlitt",
        "llb",
        "llm",
        "mba",
        "dlitt",
        "dsc",
        "edd",
        "fba",
        "frs",
        "fsa",
        "frsa",
        "frse",
        "frhists",
        "fca",
        "fcca",
        "frgs",
        "rn",
        "raf",
        "rm",
        "retd",
        "dso",
        "mc",
        "dfc",
        "dsc",
        "gm",
        "vc",
        "td",
        "hons",
        "cantab",
        "oxon",
        "sj",
        "osb",
        "op",
    ]
)
_MAY_FOLLOW = _AFTER_THE_NAME | {
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "rev",
    "revd",
    "sir",
    "family",
}
_BETWEEN = frozenset(["&", "+", "and", "und", "et", "y", "or"])


def surname_keys(surname: str) -> frozenset[str]:
    """Promise: the forms in which a surname may match: without accents, apostrophes, hyphens, spaces and case, with its
    particles and without; "Müller" is also "Mueller", "St John" also "Saint John".
    """
    return _keys(_words(surname))


def label_keys(surname: str, name: str) -> frozenset[str]:
    """Promise: the forms in which the surname of a label may match: as it is filed, and as the name ends, for a label in
    capitals does not say where a surname of two words begins.
    """
    words = _words(_turned(name))
    bare = _without_ornaments(words)
    ends = [words, *(bare[at:] for at in range(len(bare)))]
    return typed_keys(surname).union(*(_keys(end) for end in ends))


def typed_keys(typed: str) -> frozenset[str]:
    """Promise: the forms of what was typed where the surname was asked for, also with a title, initials or what
    follows a name.
    """
    words = _words(_turned(typed))
    return _keys(words) | _keys(_without_ornaments(words))


def surname_of(name: str) -> str:
    """Promise: the surname of a name as printed on a label: what follows the comma's left, or the last word
    with its particles.
    """
    if "," in name:
        head, _, rest = name.partition(",")
        if not all(_plain(word) in _AFTER_THE_NAME for word in rest.split()):
            return head.strip()
        name = head
    words = name.split()
    while len(words) > 1 and (_plain(words[-1]) in _MAY_FOLLOW or len(_plain(words[-1])) == 1):
        words.pop()
    start = len(words) - 1
    while start > 1 and words[start - 1].islower() and _plain(words[start - 1]) in _PARTICLES:
        start -= 1
    return " ".join(words[max(start, 0) :])


def _turned(name: str) -> str:
    """ "Pettigrew, Percy" becomes "Percy Pettigrew"; what follows a name stays behind it."""
    head, comma, rest = name.partition(",")
    if not comma or all(_plain(word) in _AFTER_THE_NAME for word in rest.replace(",", " ").split()):
        return name.replace(",", " ")
    return f"{rest.replace(',', ' ')} {head}"


def _words(text: str) -> list[str]:
    """Points between letters are dropped ("O.B.E.", "Ph.D."), others part words."""
    composed = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).translate(_APOSTROPHES)
    composed = composed.replace("&", " & ").replace("+", " + ")
    parts = []
    for word in composed.split():
        letters = word.split(".")
        is_abbreviated = len(letters) > 2 and all(len(part) <= 2 for part in letters)
        parts.append("".join(letters) if is_abbreviated or word.casefold() == "ph.d" else word)
    return [_saint(word) for word in " ".join(parts).translate(_JOINTS).casefold().split()]


def _saint(word: str) -> str:
    return "saint" if word in {"st", "ste", "sainte"} else word


def _without_ornaments(words: Sequence[str]) -> list[str]:
    """The name without titles and initials before it, letters and initials after it, and "and" between two people."""
    kept = [word for word in words if word not in _BETWEEN] or list(words)
    while len(kept) > 1 and (_plain(kept[-1]) in _MAY_FOLLOW or _is_initial(kept[-1])):
        kept.pop()
    while len(kept) > 1 and (_plain(kept[0]) in _TITLES or _is_initial(kept[0], kept[1:])):
        kept.pop(0)
    return kept


def _is_initial(word: str, before: Sequence[str] = ()) -> bool:
    """One letter; the O of a lone "O Connor" is none."""
    return len(word) == 1 and word.isalpha() and not (word in _PARTICLES and len(before) == 1)


def _keys(words: Sequence[str]) -> frozenset[str]:
    spelt = [
        [_plain(unicodedata.normalize("NFC", word).translate(table)) for word in words]
        for table in ({}, _UMLAUTS)
    ]
    whole = {"".join(each) for each in spelt}
    bare = {"".join(word for word in each if word not in _PARTICLES) for each in spelt}
    return frozenset(key for key in whole | bare if key)


def _plain(text: str) -> str:
    folded = text.casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if c.isalnum())
