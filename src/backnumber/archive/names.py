"""Whose name it is: a person's, filed by surname, or a body's or a pen-name, filed as it is written. Pure."""

import re

_BODIES = frozenset(
    [
        "academy",
        "agency",
        "alliance",
        "association",
        "board",
        "bros",
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
        "consortium",
        "corporation",
        "council",
        "court",
        "correspondent",
        "correspondents",
        "department",
        "diocese",
        "editor",
        "editorial",
        "editors",
        "embassy",
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
        "limited",
        "ltd",
        "ministry",
        "museum",
        "network",
        "office",
        "order",
        "parliament",
        "party",
        "plc",
        "press",
        "project",
        "regiment",
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
_ALSO_SURNAMES = frozenset(["board", "church", "court", "fund", "guild", "league", "press", "staff", "trust"])
_ARTICLES = ("the", "a", "an")
_HONOURED = frozenset(["rev", "revd", "reverend", "hon", "honourable", "rt", "right", "ven", "very", "most"])


def is_body(name: str) -> bool:
    """Promise: whether the name is one of several people together: it begins with "The", or says that it is a society. The Rev.
    Thomas Jones and R. W. Church are people.
    """
    words = re.findall(r"[^\W\d_]+", name.lower())
    if len(words) < 2:
        return False
    if words[-1] in _ALSO_SURNAMES and all(len(word) == 1 for word in words[:-1]):
        return False
    is_the_body = words[0] == _ARTICLES[0] and words[1] not in _HONOURED
    return is_the_body or bool(_BODIES & set(words))


def is_person(name: str, filed: str) -> bool:
    """Promise: whether a name is filed as a person's is: its surname first, then a comma. A name filed as it is written, or
    with its article behind ("Gardener, The"), is none. Of "Richard Church" whoever files it "Church, Richard" knows better.
    """
    surname, comma, behind = filed.partition(",")
    if not comma or behind.strip().lower() in _ARTICLES:
        return False
    is_turned = (
        f"{behind.strip()} {surname.strip()}" == name.strip() and surname.strip().lower() in _ALSO_SURNAMES
    )
    return is_turned or not is_body(name)
