"""A magazine with enough in it: lists of several pages, an issue of fifty pieces, a piece with every kind of block."""

from datetime import date, timedelta

from django.utils import timezone

from backnumber.archive.blocks import (
    Block,
    FurtherReading,
    Heading,
    Listing,
    Note,
    Paragraph,
    PictureRef,
    Preformatted,
    PullQuote,
    Quotation,
    Table,
    Timeline,
    Verse,
)
from backnumber.archive.models import Article, Correction, FreeWindow, Rights
from backnumber.longread.models import LongRead
from backnumber.longread.rules import monday_of
from backnumber.past import editing
from backnumber.search import service as search
from tests import making
from tests.past.finding import person, place, record
from tests.website.pictures import a_picture


def every_block(picture: int) -> list[Block]:
    mark = '<sup><a href="#note-{0}">{0}</a></sup>'
    return [
        Paragraph(f"It began in May{mark.format(1)}, and <em>ended</em> in June{mark.format(2)}."),
        Heading("The walls"),
        PictureRef(picture, "A map", "The town in 1813"),
        PullQuote("Nobody had fired a shot."),
        PullQuote("Nor would anybody."),
        Quotation(("We held.", "We hold."), "A letter"),
        Verse("The wall\n  the gate\n\nthe moat"),
        Table("Guns", (("Year", "Guns"), ("1812", "4")), header_column=True),
        Table("Men", (("Year", "Men"), ("1812", "40"))),
        Table("", (("Year", "Horses"), ("1812", "400"))),
        Timeline("The siege", (("May", "It begins"), ("June", "It ends"))),
        Timeline("", (("July", "Nothing"),)),
        Listing("<ol><li>One<ul><li>within</li></ul></li></ol>"),
        Heading("Under the walls", 3),
        Preformatted("a   b"),
        FurtherReading(("A book", "Another")),
        Paragraph("The end."),
        Note("1", "In the <em>Annals</em>."),
        Note("2", "Ibid."),
        Note("3", "Cited nowhere."),
    ]


def fill() -> Article:
    """Promise: the piece with every kind of block."""
    section, september = making.section(), making.issue()
    picture = a_picture(rights=Rights.CLEARED)
    whole = making.article(
        "The Fortress",
        of=september,
        body=every_block(picture.pk),
        lead_in_ends_after=3,
        section=section,
        first_page="12",
    )
    Correction.objects.create(article=whole, text="June, not July.")
    for number in range(50):
        making.article(
            f"Piece {number}",
            of=september,
            section=section,
            standfirst="A piece.",
            policy="open" if number % 2 else "",
        )
    making.issue(date(1951, 12, 1), cover_date="Christmas 1951")
    making.issue(date(1999, 10, 1), of=making.title("The Sundial"))
    now = timezone.now()
    FreeWindow.objects.create(
        article=Article.objects.get(headline="Piece 0"),
        starts=now - timedelta(days=1),
        until=now + timedelta(days=1),
        why="free",
    )
    list_and_table: list[Block] = [
        Listing("<ul><li>One</li></ul>"),
        Table("Days", (("What", "Days"), ("Changing your mind", "14"))),
    ]
    body = [Paragraph("Who sells."), Heading("The days"), Heading("Counted", 3), *list_and_table]
    making.information_page("Terms", purpose="terms", menu="footer", summary="What you buy.", body=body)
    making.information_page("About", purpose="about", menu="main")
    search.rebuild()
    _the_past(whole)
    return whole


def _the_past(whole: Article) -> None:
    """Findings of every kind, some beside each other, an open end and a question on each side."""
    named = [
        place("The town", "Sandgate", 51.1, 1.1),
        place("Piece", "Paris", 48.9, 2.4),
        person("Fortress", "Vauban"),
    ]
    named.append(place("walls", "The Walls"))
    times = [
        ("1812", "1812-10-25", (1812, 1813)),
        ("1813", "1813/..", (1813, None)),
        ("May", "18XX", (1800, 1900)),
    ]
    record(whole, named, times)
    for headline, asks, side in (
        ("Piece 1", "Was it so?", "for"),
        ("Piece 3", "Was it not?", "against"),
        ("Piece 5", "Was it?", ""),
    ):
        piece = Article.objects.get(headline=headline)
        Article.objects.filter(pk=piece.pk).update(standfirst=f"Fortress. In 1812. {asks}")
        record(piece, named, [("1812", "1812-10-25", (1812, 1813))])
        editing.take_side(piece, side)


def long_reads() -> Article:
    """Promise: what anyone may read this week; another was free in the week before."""
    monday = monday_of(timezone.localdate())
    this, before = Article.objects.filter(headline__in=["Piece 2", "Piece 4"]).order_by("headline")
    LongRead.objects.create(article=before, week=monday - timedelta(days=7))
    LongRead.objects.create(article=this, week=monday, introduction="Because it rained.")
    return this
