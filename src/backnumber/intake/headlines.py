"""A head as a headline, and the reference to earlier pages that stood beside it. Knows no Django."""

import re

from backnumber.intake.casing import title_case
from backnumber.intake.markup import words_of
from backnumber.intake.profile import Profile, pattern

_ENDS_SHORT = re.compile(r"(?:\b(?:etc|&c)|\.\.|[A-Z]\. ?[A-Z])\.$", re.IGNORECASE)


def headline_of(head: str, profile: Profile) -> tuple[str, str]:
    """The headline in words, and the reference to earlier pages that stood beside it."""
    words = words_of(head)
    reference = ""
    if (
        profile.heads.reference
        and (found := pattern(profile.heads.reference).search(words))
        and found.start() > 2
    ):
        words, reference = words[: found.start()].strip(), words[found.start() :].strip().rstrip(".")
    words = words.strip(" —-")
    if not _ENDS_SHORT.search(words):
        words = words.removesuffix(".")
    if profile.heads.case == "title":
        words = title_case(words)
    return words.strip() or profile.title.name, escaped(reference)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
