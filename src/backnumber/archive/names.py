"""Whose name it is: a person's, filed by surname, or a body's or a pen-name, filed as it is written. Pure."""

import re

_BODIES = frozenset(
    [
        "academy",
        "agency",
        "association",
        "board",
        "bureau",
        "centre",
        "center",
        "church",
        "circle",
        "club",
        "college",
        "commission",
        "committee",
        "company",
        "congress",
        "corporation",
        "council",
        "court",
        "department",
        "editor",
        "editors",
        "faculty",
        "federation",
        "foundation",
        "fund",
        "gallery",
        "group",
        "guild",
        "hospital",
        "institute",
        "institution",
        "laboratory",
        "league",
        "library",
        "ministry",
        "museum",
        "office",
        "order",
        "parliament",
        "party",
        "press",
        "project",
        "school",
        "secretariat",
        "society",
        "staff",
        "team",
        "trust",
        "union",
        "university",
    ]
)
_ARTICLES = ("the", "a", "an")


def is_body(name: str) -> bool:
    """Promise: whether the name is one of several people together: it begins with "The", or says that it is a society."""
    words = re.findall(r"[^\W\d_]+", name.lower())
    return len(words) > 1 and (words[0] in _ARTICLES[:1] or bool(_BODIES & set(words)))


def is_person(name: str, filed: str) -> bool:
    """Promise: whether a name is filed as a person's is: its surname first, then a comma. A name filed as it is written, or
    with its article behind ("Gardener, The"), is none.
    """
    _, comma, behind = filed.partition(",")
    return bool(comma) and behind.strip().lower() not in _ARTICLES and not is_body(name)
