"""Under what a name is filed in an index: a person's by surname, any other as it is written. Pure.

The rules are those of English libraries (Anglo-American Cataloguing Rules, 22.5), by spelling alone, for the language of a name
is not known here; docs/decisions/014-contributors-by-surname.md says what was decided where they leave a choice.
"""

import re
from collections.abc import Sequence
from unicodedata import normalize

from backnumber.archive.names import is_body


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A particle that begins the surname, even where it is written small: articles, what has grown together with one, "son of".
_BEFORE = _set_of(
    "ab abu am ap ben bin bint dal dalla dalle degli dei della delle dello des di du fitz ibn im la le les li lo mac mc nic ní ó"
    " saint san santa st uí umm ver vom zum zur"
)
# Those that stand behind the first names where they are written small.
_BEHIND = _set_of(
    "'t 's af al av da das de dem den der do dos e el het in las los del op te ten ter till und v van vande vander von zu"
)
_IN_ONE = ("de la",)
"""English usage takes these with the surname: Walter de la Mare stands under D."""
_ALONE = _set_of("abu de du ibn la le les o ó")
"""First of two words, these begin a name by which somebody is known: Le Corbusier, Ibn Khaldun."""
_BETWEEN_SURNAMES = _set_of("e i y")
_ELIDED = re.compile(r"(d['’ʼ])(?=\w)|((?:al|el|ad|adh|an|ar|as|ash|at|ath|az)[-‐‑])(?=\w)")

_GENERATION = _set_of("jr sr jun jnr sen snr junior senior esq esquire bart bt retd")
_AFTER = _GENERATION | _set_of(
    "ii iii iv phd dphil edd dsc dlitt dlit litd littd lld md dd ma ba bd bsc msc mphil mlitt llb llm mba med meng beng cbe kbe dbe"
    " obe mbe gbe bem cb kcb dcb gcb cmg kcmg gcmg dcmg cvo kcvo mvo lvo dso dfc mc gc vc td om ch kg kt kc qc sc jp dl mp mps msp mep ms"
    " mla pc frs frse fba fsa frsa frsl frhists frhs frgs fras fca frcp frcs frics friba rn rm raf usn sj osb op ofm ocd csc"
)
_LIKE_SURNAMES = _set_of("ba bd ch gc ma md med ms om pc sc")
"""In a name that is all in capitals these may be surnames."""
_YOUNGER = re.compile(r"^(.*\S)\s+(the (?:elder|younger))$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^(.*\S)(\s+[(\[][^()\[\]]*[)\]])$")

_NOBODYS_FIRST = _set_of(
    "a another anon anonymous certain constant country many messrs no old one our regular several some special the two various your"
    " ye"
)
_KNOWN_BY_FIRST_NAME = _set_of(
    "aunt brother emperor empress father friar king mother pope prince princess queen saint sister st uncle"
)
_HONOURED = _set_of("hon honourable rev revd reverend right rt ven venerable very most")
_PARTS_TWO = _set_of("& + and with und et")


def filed_as(name: str) -> str:
    """Promise: "Gogh, Vincent van" for "Vincent van Gogh"; a society, a pen-name, initials alone as they are written. No word
    is lost, and none is written otherwise.
    """
    name = " ".join(name.split())
    head, after = _apart(name)
    words = head.split()
    if is_body(name) or not _is_persons(words):
        return name
    begins = _surname_begins(words)
    first, surname = words[:begins], words[begins:]
    while len(surname) > 1 and _is_small(surname[0], _BEHIND) and not _is_in_one(surname):
        first.append(surname.pop(0))
    if elided := _ELIDED.match(surname[0]):
        first.append(elided[0])
        surname[0] = surname[0][elided.end() :]
    return f"{' '.join(surname)}, {' '.join(first)}{after}"


def _apart(name: str) -> tuple[str, str]:
    """The name, and what follows it ("Jr", "OBE, FRS", "the Elder", "(ed.)") with what parts the two in an index."""
    if found := _IN_BRACKETS.match(name):
        head, after = _apart(found[1])
        return head, after + found[2]
    head, comma, rest = name.partition(",")
    if comma:
        if all(_follows(word, name) for word in rest.replace(",", " ").split()):
            return head.strip(), f",{rest}"
        return name, ""
    if found := _YOUNGER.match(name):
        return found[1], f", {found[2]}"
    words = name.split()
    end = len(words)
    while end > 2 and _follows(words[end - 1], name):
        end -= 1
    return " ".join(words[:end]), f", {' '.join(words[end:])}" if end < len(words) else ""


def _follows(word: str, name: str) -> bool:
    """Letters after a name have capitals: MA is a degree, Ma a surname."""
    plain = word.strip(",").replace(".", "")
    if plain.lower() in _GENERATION or plain.lower() not in _AFTER:
        return plain.lower() in _GENERATION
    if name.isupper():
        return plain.lower() not in _LIKE_SURNAMES
    return sum(c.isupper() for c in plain) * 2 >= len(plain) and len(plain) > 1


def _is_persons(words: Sequence[str]) -> bool:
    """Whether these words can be somebody's forename and surname."""
    if len(words) < 2 or "," in "".join(words) or not all(map(_is_a_word, words)):
        return False
    plain = [_plain(word) for word in words]
    if _begins_nobodys(words, plain) or _PARTS_TWO & set(plain) or _PARTS_TWO & set(words):
        return False
    if len(words) == 2 and (
        plain[0] in _KNOWN_BY_FIRST_NAME or (plain[0] in _ALONE and words[0][0].isupper())
    ):
        return False
    return not _is_initials(words[-1]) and not _is_phrase(words)


def _is_a_word(word: str) -> bool:
    """Letters that have a capital, and no figures: what is in other scripts is filed as it is written."""
    letters = [c for c in word if c.isalpha()]
    is_cased = any(c.lower() != c.upper() for c in letters)
    return word in {"&", "+"} or (is_cased and not any(c.isdigit() for c in word) and word[0] not in '“"«*†')


def _begins_nobodys(words: Sequence[str], plain: Sequence[str]) -> bool:
    if plain[0] == "the":
        return plain[1] not in _HONOURED
    if words[0] == "An":
        return plain[1][:1] in set("aeiouh")
    if words[0] == "A":
        return len(plain[1]) > 1
    return plain[0] in _NOBODYS_FIRST and not words[0].endswith(".")


def _is_initials(word: str) -> bool:
    """ "M.", "C.B.", "B": somebody who did not want to be known. A longer word with a full stop is an abbreviation."""
    return word.endswith(".") or sum(c.isalpha() for c in word) < 2


def _is_phrase(words: Sequence[str]) -> bool:
    """Small words that are no particles belong to no name, but where all are small."""
    small = [word for word in words if word[0].islower()]
    if len(small) == len(words):
        return False
    known = _BEFORE | _BEHIND | _BETWEEN_SURNAMES
    return any(_plain(word) not in known and not _ELIDED.match(word) for word in small)


def _surname_begins(words: Sequence[str]) -> int:
    """Where the surname begins, its particles among it; at the second word at the earliest."""
    at = len(words) - 1
    while at > 1 and _is_particle(words, at - 1):
        at -= 1
    if at > 2 and words[at - 1] in _BETWEEN_SURNAMES:
        return at - 2
    return at


def _is_particle(words: Sequence[str], at: int) -> bool:
    plain = _plain(words[at])
    if plain == "o":
        return words[at] in {"O", "o"} and not any(len(word) == 1 for word in words[:at])
    if plain == "e" and words[at] != "e":
        return False
    if plain == "giolla":
        return _plain(words[at - 1]) == "mac"
    return plain in _BEFORE or plain in _BEHIND


def _is_small(word: str, among: frozenset[str]) -> bool:
    return (word[0].islower() and _plain(word) in among) or _plain(word) in {"'t", "'s"}


def _is_in_one(surname: Sequence[str]) -> bool:
    return " ".join(_plain(word) for word in surname[:2]) in _IN_ONE


def _plain(word: str) -> str:
    return normalize("NFC", word).strip(".,").replace("’", "'").replace("ʼ", "'").lower()
