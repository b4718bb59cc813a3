"""Cards and covers are HTML written in Python: everything that comes from the archive is escaped."""

from lxml import html

from backnumber.archive.rendering import ShownPicture
from backnumber.search.rules import Part
from backnumber.website.cards import Card, Cover, article_card, captioned, cover, index_entry

HOSTILE = """<script>"&'"""
CARD = Card(*[HOSTILE] * len(Card._fields))


def words_in(written: str) -> list[str]:
    """Promise: the texts; fails where an element of HOSTILE stands."""
    root = html.fragment_fromstring(written, create_parent="div")
    assert not root.xpath(".//script")
    return [text for text in root.itertext() if text.strip()]


def test_whatever_a_card_shows_is_escaped() -> None:
    for written in (
        article_card(CARD, "h2"),
        article_card(CARD, "h3", [Part(HOSTILE, True)], [Part(HOSTILE, False), Part(HOSTILE, True)]),
        index_entry(HOSTILE, HOSTILE, 2),
        cover(Cover(None, *[HOSTILE] * 5, (HOSTILE,)), size="large"),
        captioned(Cover(None, *[HOSTILE] * 5, (HOSTILE,)), HOSTILE, names_title=True),
        cover(Cover(ShownPicture(HOSTILE, HOSTILE, 1, 2, HOSTILE, HOSTILE, HOSTILE), HOSTILE, HOSTILE)),
    ):
        words_in(written)
        assert "<script" not in written


def test_the_control_sees_what_is_not_escaped() -> None:
    assert html.fragment_fromstring(f"<p>{HOSTILE}</script></p>", create_parent="div").xpath(".//script")


def test_what_was_found_is_marked_and_what_is_empty_leaves_no_line() -> None:
    card = Card("/a/", "Long walls", "", "", "", "The Hourglass", "/i/", "", "")
    written = article_card(card, "h3", [Part("Long ", False), Part("walls", True)])
    assert "Long <mark>walls</mark>" in written
    assert words_in(written) == ["Long ", "walls"]


def test_a_picture_without_words_is_called_a_cover() -> None:
    shown = ShownPicture("/p.webp", "", 480, 640, "", "", "")
    (picture,) = html.fragment_fromstring(cover(Cover(shown, "T", "D"), hidden=True)).xpath(".//img")
    assert (picture.get("alt"), picture.get("loading")) == ("Cover", "lazy")
