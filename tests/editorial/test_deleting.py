"""What hangs on something goes with it, however it is deleted; what others hang on is kept, and a sentence says why."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from backnumber.access import Asker, Evidence
from backnumber.archive.models import Article, FreeWindow, Title
from backnumber.checkout.models import Order
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.service import follow_term
from backnumber.gate.facts import decision_for
from backnumber.grants.models import Grant
from backnumber.longread.models import LongRead
from backnumber.longread.rules import monday_of
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from tests import making
from tests.editorial.conftest import ARTICLES, signed_in

pytestmark = pytest.mark.django_db
WEEKS = "/admin/bulk/longread/longread/delete/"


@pytest.fixture
def week(gated: Article) -> LongRead:
    return LongRead.objects.create(article=gated, week=monday_of(timezone.localdate()))


def is_open(article: Article) -> bool:
    return decision_for(article, Asker(), timezone.now()).allowed


WAYS = {
    "one at a time": lambda client, week: week.delete(),
    "as a set": lambda client, week: LongRead.objects.filter(pk=week.pk).delete(),
    "in the admin": lambda client, week: client.post(f"/admin/snippets/longread/longread/delete/{week.pk}/"),
    "several at once": lambda client, week: client.post(f"{WEEKS}?id={week.pk}"),
    "by hand in the database": lambda client, week: connection.cursor().execute("DELETE FROM longread_longread"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_deleted_long_read_leaves_its_article_as_shut_as_before(
    editor: Client, week: LongRead, gated: Article, way: str
) -> None:
    assert is_open(gated), "the control"
    WAYS[way](editor, week)
    assert not LongRead.objects.exists()
    assert not FreeWindow.objects.exists()
    assert not is_open(gated)


@pytest.fixture
def claimed(dan: Reader) -> PrintSubscription:
    today = timezone.localdate()
    made = PrintSubscription.objects.create(
        number="HG-1", name="Dan", surname="Dan", postcode="YO1 7HH", country="GB", reader=dan,
        starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=99))  # fmt: skip
    follow_term(made, timezone.now())
    assert Grant.objects.filter(reader=dan, revoked_at=None).exists(), "the control"
    return made


@pytest.mark.parametrize("way", ["as a set", "several at once"])
def test_a_deleted_print_subscription_opens_nothing_any_more(
    help_desk: Client, claimed: PrintSubscription, dan: Reader, way: str
) -> None:
    PrintSubscription.objects.create(
        number="HG-11", name="Ada", surname="Ada", country="GB", starts_on=date(2026, 1, 1), ends_on=date(2036, 1, 1),
        reader=making.reader("eve"))  # fmt: skip
    follow_term(PrintSubscription.objects.get(number="HG-11"), timezone.now())
    if way == "as a set":
        PrintSubscription.objects.filter(pk=claimed.pk).delete()
    else:
        help_desk.post(f"/admin/bulk/circulation/printsubscription/delete/?id={claimed.pk}")
    assert not PrintSubscription.objects.filter(number="HG-1").exists()
    gone = Grant.objects.get(reader=dan)
    assert gone.revoked_at is not None
    assert gone.revoked_because == "the print subscription was removed"
    assert Grant.objects.filter(revoked_at=None).count() == 1, (
        "another number that begins alike keeps its right"
    )


def test_a_number_put_right_keeps_its_right_and_a_cancellation_still_ends_it(
    claimed: PrintSubscription, dan: Reader
) -> None:
    claimed.number = "HG-2"
    claimed.save()
    follow_term(claimed, timezone.now())
    assert Grant.objects.filter(reader=dan, evidence=Evidence.PRINT_SUBSCRIPTION.value).count() == 1
    claimed.status = PrintSubscription.Status.CANCELLED
    claimed.save()
    follow_term(claimed, timezone.now())
    assert not Grant.objects.filter(reader=dan, revoked_at=None).exists()


def test_what_others_hang_on_is_kept_and_a_sentence_says_why(
    editor: Client, gated: Article, week: LongRead
) -> None:
    title, issue = gated.issue.title, gated.issue
    for address, said in (
        (f"/admin/snippets/archive/title/delete/{title.pk}/", "September 1999"),
        (f"/admin/snippets/archive/issue/delete/{issue.pk}/", "The Fortress"),
        (f"{ARTICLES}/delete/{gated.pk}/", "The Fortress"),
    ):
        answer = editor.post(address, follow=True)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert "Nothing was deleted:" in page, address
        assert said in page
    assert Title.objects.filter(pk=title.pk).exists()
    assert Article.objects.filter(pk=gated.pk).exists()


def test_what_somebody_may_not_see_is_not_named(editor: Client, gated: Article, ada: Reader) -> None:
    ada.grants.update(scope="article", article=gated, label="Adas own right")
    page = editor.post(f"{ARTICLES}/delete/{gated.pk}/", follow=True).content.decode()
    assert "something that your role does not show" in page
    assert "Adas own right" not in page


def test_a_product_that_was_sold_is_kept(staff: Reader, ada: Reader) -> None:
    product = making.products()["online-yearly"]
    Order.objects.create(
        reader=ada, email=ada.email, product=product, label="Online access", months=12, minor=4800,
        currency="GBP", region="anywhere", placed_at=making.NOON)  # fmt: skip
    client = signed_in(staff)
    for address in (f"/admin/snippets/products/product/delete/{product.pk}/", f"/admin/bulk/products/product/delete/?id={product.pk}"):  # fmt: skip
        page = client.post(address, follow=True).content.decode()
        assert "Nothing was deleted: 1 order" in page
    assert Product.objects.filter(pk=product.pk).exists()
