"""Every list of the admin that shows a status shows what readers get, not half of its conditions."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html as lxml_html
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article, Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.gifts.models import GiftLink
from backnumber.grants.models import Grant
from backnumber.institutions.models import Institution, Licence, Network
from backnumber.longread.models import LongRead, Recipient
from backnumber.products.models import Price, Product
from backnumber.readers.models import Reader
from tests import making
from tests.editorial.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(staff: Reader) -> Client:
    return signed_in(staff)


def row_of(desk: Client, path: str, name: str) -> str:
    """The words of the row in which the name stands."""
    page = lxml_html.fromstring(desk.get(path).content.decode())
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//table//tr")]
    found = [row for row in rows if name in row]
    assert len(found) == 1, rows
    return found[0]


def is_green(desk: Client, path: str, name: str) -> bool:
    page = lxml_html.fromstring(desk.get(path).content.decode())
    rows = [row for row in page.xpath("//table//tr") if name in row.text_content()]
    return bool(rows[0].xpath(".//*[contains(@class, 'w-status--primary')]"))


def test_the_first_page_is_green_only_for_what_is_seen(desk: Client) -> None:
    article = making.article("The Fortress", of=making.issue(date(1999, 9, 1), live=False))
    article.save_revision()
    assert "waits for its issue" in row_of(desk, "/admin/", "The Fortress")
    assert not is_green(desk, "/admin/", "The Fortress")
    Issue.objects.update(live=True)
    assert is_green(desk, "/admin/", "The Fortress")


def test_the_page_of_an_article_says_that_it_waits(desk: Client) -> None:
    article = making.article("The Fortress", of=making.issue(date(1999, 9, 1), live=False))
    path = f"/admin/snippets/archive/article/edit/{article.pk}/"
    page = desk.get(path).content.decode()
    assert "Waits for its issue" in page
    Issue.objects.update(live=True)
    assert "Waits for its issue" not in desk.get(path).content.decode()


def test_an_article_that_is_being_added_waits_for_nothing(desk: Client) -> None:
    page = desk.get("/admin/snippets/archive/article/add/")
    assert page.status_code == 200
    assert "Waits for its issue" not in page.content.decode()


def test_an_embargo_is_said_beside_what_is_published(desk: Client) -> None:
    article = making.article("The Fortress")
    Issue.objects.update(on_sale=timezone.now() + timedelta(days=3))
    for path, name in (("article", "The Fortress"), ("issue", "September 1999")):
        assert "published, embargo" in row_of(desk, f"/admin/snippets/archive/{path}/", name)
    Issue.objects.update(on_sale=timezone.now() - timedelta(days=3))
    assert "embargo" not in row_of(desk, "/admin/snippets/archive/article/", article.headline)


def test_what_is_for_sale_has_a_price_and_a_provider(desk: Client, settings: Settings) -> None:
    making.products()
    Product.objects.exclude(code="online-yearly").delete()
    path, product = "/admin/snippets/products/product/", Product.objects.get(code="online-yearly")
    assert "for sale" in row_of(desk, path, "a year")
    Price.objects.filter(product=product).update(region="uk")
    assert "for sale in United Kingdom only" in row_of(desk, path, "a year")
    Price.objects.filter(product=product).delete()
    assert "has no price" in row_of(desk, path, "a year")
    assert product.name not in Client().get("/subscribe/").content.decode()
    settings.PAYMENTS = "none"
    assert "for sale" not in desk.get(path).content.decode().partition("<tbody")[2]


def test_a_long_read_that_readers_cannot_open_says_so(desk: Client) -> None:
    article = making.article("The Fortress")
    today = timezone.localdate()
    LongRead.objects.create(article=article, week=today - timedelta(days=today.weekday()))
    path = "/admin/snippets/longread/longread/"
    assert "open now" in row_of(desk, path, "The Fortress")
    for change in ({"live": False}, {"live": True, "issue": making.issue(date(2001, 1, 1), live=False)}):
        Article.objects.update(**change)
        assert "not published" in row_of(desk, path, "The Fortress")
        assert not is_green(desk, path, "The Fortress")
    Issue.objects.update(live=True)
    LongRead.objects.get().delete()
    LongRead.objects.create(article=article, week=date(2001, 1, 1))
    assert "over" in row_of(desk, path, "The Fortress")


def test_a_recipient_who_left_or_never_confirmed_gets_nothing(desk: Client) -> None:
    one = Recipient.objects.create(email="r@example.org", asked_at=making.NOON)
    path = "/admin/snippets/longread/recipient/"
    assert "not confirmed" in row_of(desk, path, "r@example.org")
    Recipient.objects.update(confirmed_at=making.NOON)
    assert "gets the mail" in row_of(desk, path, "r@example.org")
    Recipient.objects.filter(pk=one.pk).update(left_at=making.NOON)
    assert "left" in row_of(desk, path, "r@example.org")
    assert "gets the mail" not in row_of(desk, path, "r@example.org")


def test_a_print_subscription_that_ran_out_is_not_called_active(desk: Client) -> None:
    today = timezone.localdate()
    PrintSubscription.objects.create(
        number="A-1", name="Ada", surname="Ada", country="GB", starts_on=today, ends_on=today
    )
    path = "/admin/snippets/circulation/printsubscription/"
    assert "runs" in row_of(desk, path, "A-1")
    PrintSubscription.objects.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    assert "ran out" in row_of(desk, path, "A-1")
    PrintSubscription.objects.update(starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=9))
    assert "begins on" in row_of(desk, path, "A-1")
    PrintSubscription.objects.update(starts_on=today, status="cancelled")
    assert "Cancelled" in row_of(desk, path, "A-1")


def test_a_licence_opens_only_where_the_institution_is_in_use_and_has_addresses(desk: Client) -> None:
    college = Institution.objects.create(name="Canary College", slug="canary")
    Licence.objects.create(
        institution=college, label="Campus", evidence_key="K1", starts=timezone.now() - timedelta(days=1)
    )
    path, own = "/admin/institutions/", f"/admin/institutions/{college.pk}/"
    assert "no addresses" in row_of(desk, path, "Canary College")
    assert "It opens nothing now" in desk.get(own).content.decode()
    Network.objects.create(institution=college, first="192.0.2.0", last="192.0.2.255")
    assert "open" in row_of(desk, path, "Canary College")
    assert "It opens nothing now" not in desk.get(own).content.decode()
    Network.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "no addresses" in row_of(desk, path, "Canary College")
    Network.objects.update(ends_on=None)
    Licence.objects.update(until=timezone.now() - timedelta(hours=1))
    assert "no licence runs" in row_of(desk, path, "Canary College")
    Licence.objects.update(until=None)
    Institution.objects.update(is_active=False)
    assert "not in use" in row_of(desk, path, "Canary College")
    page = desk.get(own).content.decode()
    assert "It opens nothing now" in page
    assert "<strong>without end</strong>" not in page


def test_a_gift_link_opens_only_what_is_published_and_what_its_maker_may_give(
    desk: Client, ada: Reader, gated: Article
) -> None:
    now = timezone.now()
    link = GiftLink.objects.create(
        reader=ada, article=gated, made_at=now, until=now + timedelta(days=9), token_digest="x"
    )
    path, own = "/admin/gift-links/", f"/admin/gift-links/inspect/{link.pk}/"
    seen_by_ada: Callable[[], str] = lambda: signed_in(ada).get("/account/gifts/").content.decode()  # noqa: E731
    assert "Open" in row_of(desk, path, "The Fortress")
    assert "Open until" in seen_by_ada()
    changes: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("article is not published", lambda: Article.objects.update(live=False), lambda: Article.objects.update(live=True)),
        ("issue is not published", lambda: Issue.objects.update(live=False), lambda: Issue.objects.update(live=True)),
        (
            "may not give it any more",
            lambda: Grant.objects.update(until=now - timedelta(minutes=1)),
            lambda: Grant.objects.update(until=now + timedelta(days=30)),
        ),
        ("account is closed", lambda: Reader.objects.filter(pk=ada.pk).update(is_active=False), lambda: Reader.objects.update(is_active=True)),
        ("Ended early", lambda: GiftLink.objects.update(revoked_at=now), lambda: GiftLink.objects.update(revoked_at=None)),
        ("Ended", lambda: GiftLink.objects.update(made_at=now - timedelta(days=9), until=now - timedelta(days=1)), lambda: None),
    ]  # fmt: skip
    for words, close, reopen in changes:
        close()
        assert words in row_of(desk, path, "The Fortress"), words
        assert words in desk.get(own).content.decode()
        if "closed" not in words:
            assert "Open until" not in seen_by_ada(), words
        reopen()
