"""Puts the demo magazine into the database; what is there already stays as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify

from backnumber.access import Policy, ScopeKind
from backnumber.archive.blocks import Block, PictureRef, to_stream
from backnumber.archive.models import Article, Authorship, Contributor, Issue, Picture, Section, Title, Volume
from backnumber.demo import pages, source
from backnumber.demo.source import ArticleSource, Drawing
from backnumber.invoices.models import Seller
from backnumber.longread import service as longread
from backnumber.longread.models import LongRead
from backnumber.longread.rules import monday_of
from backnumber.past import editing
from backnumber.products.models import Price, Product, Region, Voucher

SIDES = {"the-bill-came-in-1941": "for", "not-to-the-man-who-made-it": "against"}
"""On which side of "Was Stalin’s foreign policy a failure?" these stand."""
LONG_READS = ("the-eunuchs-timetable", "noon-at-dorchester", "victory-or-death")


@dataclass(frozen=True, slots=True)
class Magazine:
    name: str
    strapline: str
    description: str
    founded: int
    volume_one: int
    policy: Policy = Policy.SUBSCRIBERS


MAGAZINES = {
    "the-hourglass": Magazine(
        "The Hourglass",
        "A magazine of history for the general reader",
        "Founded in January 1951 by a schoolmaster, a printer and a retired naval surgeon, who held that the past is too"
        " interesting to be left to specialists. It has come out every month since.",
        1951,
        1951,
    ),
    "hourglass-student": Magazine(
        "Hourglass Student",
        "History for the sixth form and the first year",
        "Three times a year since 1985: the great debates, how to read a source, and how to write an essay worth reading.",
        1985,
        1985,
        Policy.METERED,
    ),
}


@dataclass(frozen=True, slots=True)
class IssueFacts:
    cover_date: str
    number: str
    slug: str
    pages: int
    day: date


ISSUES = {
    ("the-hourglass", "1951-01"): IssueFacts("January 1951", "1", "january", 64, date(1951, 1, 1)),
    ("the-hourglass", "1951-12"): IssueFacts("Christmas 1951", "12", "christmas", 80, date(1951, 12, 1)),
    ("the-hourglass", "1963-06"): IssueFacts("June 1963", "6", "june", 72, date(1963, 6, 1)),
    ("the-hourglass", "1974-10"): IssueFacts("October 1974", "10", "october", 72, date(1974, 10, 1)),
    ("the-hourglass", "1986-03"): IssueFacts("March 1986", "3", "march", 72, date(1986, 3, 1)),
    ("the-hourglass", "1999-09"): IssueFacts("September 1999", "9", "september", 80, date(1999, 9, 1)),
    ("the-hourglass", "2011-05"): IssueFacts("May/June 2011", "5", "may-june", 80, date(2011, 5, 1)),
    ("the-hourglass", "2026-11"): IssueFacts("November 2026", "11", "november", 80, date(2026, 11, 1)),
    ("hourglass-student", "1999-05"): IssueFacts("May/June 1999", "3", "may-june", 48, date(1999, 5, 1)),
    ("hourglass-student", "2026-09"): IssueFacts("Autumn 2026", "3", "autumn", 48, date(2026, 9, 1)),
}


@transaction.atomic
def load(now: datetime, progress: Callable[[str], None]) -> int:
    """Promise: the demo magazine is there, whole; how many articles were added. Errors: source.Misprint."""
    sources = source.articles()
    _titles()
    _people_who_wrote()
    added = sum(_article(one, position, now, progress) for position, one in enumerate(sources, 1))
    _cover_lines(sources)
    _newsstand()
    _seller()
    pages.load(now)
    return added


def choose_long_reads(now: datetime) -> None:
    """Promise: this week, last week and the one before have their long read, unless an editor chose already."""
    this_monday = monday_of(now.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    for weeks_ago, slug in enumerate(LONG_READS):
        week = this_monday - timedelta(weeks=weeks_ago)
        article = Article.objects.filter(slug=slug, live=True).first()
        if article and not LongRead.objects.filter(week=week).exists():
            longread.pick(article, week)


def take_sides() -> None:
    """Promise: the articles of the debate stand on their sides, unless an editor has said otherwise."""
    for article in Article.objects.filter(slug__in=SIDES, standpoint=None).only("slug"):
        editing.take_side(article, SIDES[article.slug])


def _titles() -> None:
    for position, (slug, facts) in enumerate(MAGAZINES.items()):
        Title.objects.get_or_create(
            slug=slug,
            defaults={
                "name": facts.name,
                "strapline": facts.strapline,
                "description": facts.description,
                "founded": facts.founded,
                "policy": facts.policy.value,
                "position": position,
            },
        )


def _people_who_wrote() -> None:
    for slug, row in source.contributors().items():
        Contributor.objects.get_or_create(
            slug=slug,
            defaults={
                "name": row["name"],
                "sort_name": row["sort_name"],
                "filed_by_hand": True,
                "note": row["note"],
                "variants": "\n".join(row["variants"]),
            },
        )


def _issue(title: str, key: str, now: datetime) -> Issue:
    facts, magazine = ISSUES[title, key], MAGAZINES[title]
    of = Title.objects.get(slug=title)
    number = str(facts.day.year - magazine.volume_one + 1)
    volume, _ = Volume.objects.get_or_create(title=of, number=number, defaults={"years": str(facts.day.year)})
    return Issue.objects.get_or_create(
        title=of,
        sort_date=facts.day,
        defaults={
            "volume": volume,
            "number": facts.number,
            "cover_date": facts.cover_date,
            "slug": facts.slug,
            "first_page": "1",
            "last_page": str(facts.pages),
            "online_date": now.date(),
            "first_published_at": now,
        },
    )[0]


def _article(one: ArticleSource, position: int, now: datetime, progress: Callable[[str], None]) -> bool:
    issue = _issue(one.title, one.issue, now)
    if Article.objects.filter(issue=issue, slug=one.slug).exists():
        return False
    section, _ = Section.objects.get_or_create(slug=slugify(one.section), defaults={"name": one.section})
    article = Article.objects.create(
        issue=issue,
        section=section,
        position=position,
        headline=one.headline,
        slug=one.slug,
        standfirst=one.standfirst,
        byline=one.byline,
        first_page=one.first_page,
        last_page=one.last_page,
        policy=one.policy,
        body=to_stream([_stored(block) for block in one.body], f"demo:{one.title}:{one.issue}:{one.slug}"),
        first_published_at=now,
        last_published_at=now,
    )
    for place, slug in enumerate(one.contributors):
        Authorship.objects.create(
            article=article, contributor=Contributor.objects.get(slug=slug), position=place
        )
    progress(f"{issue.cover_date}: {one.headline}")
    return True


def _stored(block: Block | Drawing) -> Block:
    if not isinstance(block, Drawing):
        return block
    picture = Picture.objects.filter(title=block.drawing).first()
    if picture is None:
        svg = ContentFile(source.drawing(block.drawing), name=f"{block.drawing}.svg")
        picture = Picture(
            title=block.drawing, alt=block.alt, caption=block.caption, credit=block.credit, file=svg
        )
        picture.save()
    return PictureRef(picture.pk)


def _cover_lines(sources: list[ArticleSource]) -> None:
    for (title, key), facts in ISSUES.items():
        longest = sorted(
            (a for a in sources if (a.title, a.issue) == (title, key)), key=lambda a: -len(a.body)
        )
        lines = "\n".join(a.headline for a in longest[:3])
        Issue.objects.filter(title__slug=title, sort_date=facts.day, cover_lines="").update(cover_lines=lines)


def _seller() -> None:
    """A VAT number that passes for one and is nobody's."""
    facts = {
        "name": "The Hourglass Press Ltd (demo)",
        "address": "1 Sandglass Yard\nLondon",
        "vat_number": "GB999999973",
        "email": settings.HELP_EMAIL,
        "prefix": "HG",
    }
    Seller.objects.get_or_create(id=1, defaults=facts)


def _newsstand() -> None:
    archive = "Every issue since 1951, both magazines, on any screen."
    everywhere = Region.ANYWHERE
    _product("online-monthly", "Online access", archive, 1, {everywhere: 600}, term_months=1, renews=True)
    _product("online-yearly", "Online access", archive, 2, {everywhere: 4800}, term_months=12)
    _product(
        "print-and-archive",
        "Print & archive subscription",
        "Twelve printed issues by post, and every issue since 1951 online.",
        3,
        {Region.UK: 6900, Region.EUROPE: 8900, Region.WORLD: 9900},
        term_months=12,
        is_print=True,
        print_percent=60,
        keeps_term=True,
        given=Product.Given.ALSO,
    )
    _product(
        "gift-year",
        "The whole archive",
        "Seventy years of history, for somebody who asks at breakfast when the postal service began.",
        4,
        {everywhere: 3900},
        term_months=12,
        given=Product.Given.ONLY,
    )
    _product(
        "class-yearly",
        "A class or a society",
        "The whole archive for everybody you invite: a sixth form, a seminar, a local history society.",
        6,
        {everywhere: 1200},
        term_months=12,
        renews=True,
        is_group=True,
        seats_from=5,
        seats_to=60,
    )
    one = "One article, whole, to read again whenever you like."
    _product("one-article", "One article", one, 4, {everywhere: 250}, scope=ScopeKind.ARTICLE.value)
    day = "The whole archive for 24 hours from the moment you pay."
    _product("one-day-pass", "One-day pass", day, 5, {everywhere: 400}, term_days=1)
    Voucher.objects.get_or_create(code="WELCOME", defaults={"note": "The demo's voucher.", "share": 20})


def _product(
    code: str, name: str, description: str, position: int, prices: dict[Region, int], **sold_as: object
) -> None:
    product, is_new = Product.objects.get_or_create(
        code=code, defaults={"name": name, "description": description, "position": position, **sold_as}
    )
    if is_new:
        Price.objects.bulk_create(
            Price(product=product, region=region, minor=minor, currency="GBP")
            for region, minor in prices.items()
        )
