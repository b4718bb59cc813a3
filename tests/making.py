"""Makes what tests stand on: a title, an issue, an article of known words, readers and grants. Real rows, nothing faked."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.core.cache import caches
from django.utils.text import slugify

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.archive.blocks import Block, Heading, Paragraph, to_stream
from backnumber.archive.models import Article, Authorship, Contributor, Issue, Section, Title, Volume
from backnumber.grants import service as grants
from backnumber.grants.models import Grant
from backnumber.information.models import InformationPage
from backnumber.products.models import Price, Product, Region
from backnumber.readers.models import Reader

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
PASSWORD = "a lantern in the crypt"
_numbers = count(1)


def sentence(word: str, length: int = 12) -> str:
    """A sentence of `length` words, all made from `word`, so that a test knows it again."""
    return " ".join(f"{word}{n}" for n in range(1, length + 1)) + "."


def paragraphs(*words: str, length: int = 60) -> list[Block]:
    return [Paragraph(sentence(word, length)) for word in words]


def body_with_canaries() -> list[Block]:
    """Two open paragraphs of 80 words, a heading, then three gated paragraphs: opencanary…, firstcanary, middlecanary, lastcanary."""
    return [
        *paragraphs("opencanary", "openmore", length=80),
        Heading("Gatedheadcanary"),
        *paragraphs("firstcanary", "middlecanary", "lastcanary"),
    ]


def title(name: str = "The Hourglass", **fields: Any) -> Title:
    return Title.objects.get_or_create(slug=slugify(name), defaults={"name": name, **fields})[0]


def issue(day: date = date(1999, 9, 1), *, of: Title | None = None, **fields: Any) -> Issue:
    of = of or title()
    volume, _ = Volume.objects.get_or_create(title=of, number=str(day.year - 1950))
    defaults = {
        "volume": volume,
        "number": str(day.month),
        "cover_date": day.strftime("%B %Y"),
        "slug": day.strftime("%B").lower(),
    }
    return Issue.objects.create(title=of, sort_date=day, **{**defaults, **fields})


def section(name: str = "War and Strategy") -> Section:
    return Section.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]


def contributor(name: str = "Eleanor Marsh") -> Contributor:
    forename, _, surname = name.rpartition(" ")
    return Contributor.objects.get_or_create(
        slug=slugify(name), defaults={"name": name, "sort_name": f"{surname}, {forename}"}
    )[0]


def information_page(title: str = "Terms", **fields: Any) -> InformationPage:
    """A published page; `purpose` is `other` unless it is said."""
    blocks = fields.pop("body", [Heading("Who sells"), *paragraphs("informationword")])
    fields = {"slug": slugify(title), "first_published_at": NOON, "last_published_at": NOON, **fields}
    made = InformationPage.objects.create(title=title, body=to_stream(blocks, title), **fields)
    caches["menus"].clear()  # it may stand in a menu
    return made


def article(
    headline: str = "",
    *,
    of: Issue | None = None,
    body: list[Block] | None = None,
    by: str = "Eleanor Marsh",
    **fields: Any,
) -> Article:
    number = next(_numbers)
    headline = headline or f"Article {number}"
    made = Article.objects.create(
        issue=of or Issue.objects.first() or issue(),
        headline=headline,
        **{
            "slug": slugify(headline)[:100],
            "section": section(),
            "position": number,
            "standfirst": f"The standfirst of {headline}.",
            "byline": by,
            "body": to_stream(body if body is not None else body_with_canaries(), headline),
            **fields,
        },
    )
    if by:
        Authorship.objects.create(article=made, contributor=contributor(by))
    return made


def reader(name: str, **fields: Any) -> Reader:
    return Reader.objects.create_user(f"{name}@example.org", PASSWORD, first_name=name.capitalize(), **fields)


def grant(
    to: Reader,
    *,
    starts: datetime = NOON - timedelta(days=100),
    until: datetime | None = NOON + timedelta(days=3650),
    scope: Scope | None = None,
    evidence: Evidence = Evidence.PAYMENT,
) -> Grant:
    made, _ = grants.grant(
        to,
        scope or Scope(ScopeKind.ARCHIVE),
        starts=starts,
        until=until,
        evidence=evidence,
        evidence_key=f"test-{next(_numbers)}",
        label="Online access, yearly",
        now=starts,
    )
    return made


def products() -> dict[str, Product]:
    """What the demo sells too: online access by month and by year, and print & archive by region."""
    monthly, _ = Product.objects.get_or_create(
        code="online-monthly",
        defaults={
            "name": "Online access",
            "term_months": 1,
            "position": 1,
            "description": "The whole archive.",
        },
    )
    yearly, _ = Product.objects.get_or_create(
        code="online-yearly",
        defaults={
            "name": "Online access",
            "term_months": 12,
            "position": 2,
            "description": "The whole archive.",
        },
    )
    printed, _ = Product.objects.get_or_create(
        code="print-and-archive",
        defaults={
            "name": "Print & archive subscription",
            "term_months": 12,
            "is_print": True,
            "position": 3,
            "description": "Copies and archive.",
        },
    )
    for product, region, minor in (
        (monthly, Region.ANYWHERE, 600),
        (yearly, Region.ANYWHERE, 4800),
        (printed, Region.UK, 6900),
        (printed, Region.EUROPE, 8900),
        (printed, Region.WORLD, 9900),
    ):
        Price.objects.get_or_create(
            product=product, region=region, defaults={"minor": minor, "currency": "GBP"}
        )
    return {p.code: p for p in (monthly, yearly, printed)}


def product(code: str, minor: int = 250, **fields: Any) -> Product:
    """Anything else that is sold, anywhere for one price."""
    made = Product.objects.create(code=code, **{"name": code.replace("-", " ").capitalize(), **fields})
    Price.objects.create(product=made, minor=minor, currency="GBP")
    return made
