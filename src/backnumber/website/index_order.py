"""Names as an index has them: in which order, under which letter, and found however their accents are typed.

The database folds, for it has all of the names; it has no collation of a language. Both sides of a comparison are folded by it.
"""

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Collate, Concat, Left

from backnumber.archive.models import Contributor

MOST_WORDS = 8
LONGEST = 100
# Accents, apostrophes of every kind, half rings, full stops and quotation marks are not seen; hyphens part words.
_UNSEEN = "[\u0300-\u036f''’‘‛′`´ʹʻʼʽʾʿˈ.“”„\"«»()\\[\\]*†?!]"
_HYPHENS = "[-‐‑–—]"
# A surname stands before all that only begin with it: "Smith, Z." before "Smith Jones, A.".
_COMMAS = " *, *"
# Letters that do not come apart into one of ours and an accent; and capitals that a database without a language does not know.
_CAPITALS = "".join(map(chr, (*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x410, 0x430))))
_ODD, _PLAIN = "ØøŁłĐđÐðıĦħŊŋŦŧς" + _CAPITALS, "oolldd" + "ddihhnnttσ" + _CAPITALS.lower()
_LETTERS = (("ß", "ss"), ("æ", "ae"), ("Æ", "ae"), ("œ", "oe"), ("Œ", "oe"), ("þ", "th"), ("Þ", "th"))


def folded(name: BaseExpression | F) -> Func:
    """Promise: a name without accents, capitals and marks, in an order that is the same on every server."""
    sql = f"regexp_replace(normalize(%(expressions)s, NFKD), '{_UNSEEN}', '', 'g')"
    sql = f"regexp_replace(regexp_replace({sql}, '{_HYPHENS}', ' ', 'g'), '{_COMMAS}', '  ', 'g')"
    sql = f"translate({sql}, '{_ODD}', '{_PLAIN}')"
    for letter, plain in _LETTERS:
        sql = f"replace({sql}, '{letter}', '{plain}')"
    return Collate(Func(name, template=f"trim(lower({sql}))", output_field=TextField()), "C")


_INITIAL = Left(folded(F("sort_name")), 1)


def in_order(contributors: "QuerySet[Contributor]") -> "QuerySet[Contributor]":
    """Promise: as an index is sorted, word by word."""
    return contributors.order_by(folded(F("sort_name")), "id")


def letters(contributors: "QuerySet[Contributor]") -> list[str]:
    """Promise: the letters under which these stand, "#" for what is no letter of the alphabet; one query."""
    initials = contributors.annotate(initial=_INITIAL).order_by().values_list("initial", flat=True).distinct()
    return sorted({initial.upper() if _is_letter(initial) else "#" for initial in initials})


def under(contributors: "QuerySet[Contributor]", letter: str) -> "QuerySet[Contributor]":
    """Promise: those who stand under one of the `letters`."""
    found = contributors.annotate(initial=_INITIAL)
    if letter == "#":
        return found.filter(Q(initial__lt="a") | Q(initial__gt="z"))
    return found.filter(initial=letter.lower())


def _is_letter(initial: str) -> bool:
    return "a" <= initial <= "z"


def named(contributors: "QuerySet[Contributor]", typed: str) -> "QuerySet[Contributor]":
    """Promise: those in whose name, or another form of it in print, every word of what was typed stands. A single letter is an
    initial: it begins a word.
    """
    forms = folded(Concat("name", Value(" "), "sort_name", Value(" "), "variants", output_field=TextField()))
    found = contributors.annotate(forms=forms)
    for word in typed[:LONGEST].split()[:MOST_WORDS]:
        begins = folded(Value(word))
        if sum(letter.isalnum() for letter in word) == 1:
            of_a_word = Concat(Value(" "), begins, output_field=TextField())
            found = found.filter(Q(forms__startswith=begins) | Q(forms__contains=of_a_word))
        else:
            found = found.filter(forms__contains=begins)
    return found
