"""What one run has planted: the throw-away articles, the readers who ask for them, and how each of them is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from backnumber.archive.models import Article, Issue, Picture, Title
from backnumber.archive.rules import FIRST_DAY
from backnumber.prove.canaries import Planted
from backnumber.readers.models import Reader

PREFIX = "prove-gate"  # every name of ours begins so: addresses, institutions, pictures
MAIL_HOST = "prove-gate.invalid"  # no mail reaches it (RFC 2606, section 2)
YEAR = FIRST_DAY.year  # the earliest an issue may be of: before printing, so no magazine has one of that year


@dataclass(frozen=True, slots=True)
class Piece:
    """A throw-away article and its words."""

    article: Article
    planted: Planted

    @property
    def key(self) -> int:
        return int(self.article.pk)

    @property
    def path(self) -> str:
        return self.article.get_absolute_url()

    def ending(self, suffix: str) -> str:
        """Promise: the same address as a file: `.md`, `.json`."""
        return self.path.rstrip("/") + suffix


@dataclass(frozen=True, slots=True)
class SiteUnderTest:
    """`pieces`, `readers` and the session cookies in `signed_in` go by name. `campus` is an address that reads by a licence;
    `elsewhere` is one of an institution whose licence opens other issues; those of `no_campus` lack one thing, by what that is.
    `withheld` is a picture without the right to be shown, of `drawing` and "withheld". `password` is that of the readers who type one.
    """

    mark: str
    title: Title
    issue: Issue
    picture: Picture
    withheld: Picture
    drawing: str
    pieces: Mapping[str, Piece]
    readers: Mapping[str, Reader]
    signed_in: Mapping[str, str]
    campus: str
    elsewhere: str
    no_campus: Mapping[str, str]
    moved_from: str
    password: str

    @property
    def slug(self) -> str:
        return named(self.mark)


def named(mark: str) -> str:
    return f"{PREFIX}-{mark}" if mark else f"{PREFIX}-"
