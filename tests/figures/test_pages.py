"""The pages of figures: who sees which, what goes out as CSV, and what they are made of."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from backnumber.checkout.models import Order
from backnumber.editorial.roles import make_roles
from backnumber.figures import queries
from backnumber.readers.models import Reader
from backnumber.usage.models import Use
from tests import making

pytestmark = pytest.mark.django_db
PAGES = ("subscribers", "gate", "money")


def client_of(role: str) -> Client:
    make_roles()
    reader = making.reader(role.lower().replace(" ", "-"))
    reader.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(reader)
    return client


def bought(reader: Reader, **fields: object) -> Order:
    now = timezone.now()
    made = {
        "email": reader.email, "product": making.products()["online-yearly"], "label": "Online access", "months": 12, "minor": 4800,
        "currency": "GBP", "region": "anywhere", "placed_at": now, "paid_at": now, "state": Order.State.PAID,
        "begins": now - timedelta(hours=1), "until": now + timedelta(days=365),
    } | fields  # fmt: skip
    return Order.objects.create(reader=reader, **made)


@pytest.mark.parametrize(
    ("role", "seen"),
    [("Editors", "110"), ("Circulation", "110"), ("Finance", "111"), ("Owners", "111"), ("Help desk", "000")],
)
def test_finance_and_owners_see_money_and_others_do_not(role: str, seen: str) -> None:
    client = client_of(role)
    answers = [client.get(f"/admin/figures/{page}/").status_code for page in PAGES]
    assert answers == [200 if one == "1" else 403 for one in seen]
    csv = client.get("/admin/figures/money/?csv=revenue-gbp").status_code
    assert csv == (404 if seen[2] == "1" else 403), "nothing was sold yet"


def test_a_sale_is_in_the_figures(dan: Reader, ada: Reader) -> None:
    bought(dan)
    bought(ada, state=Order.State.OPEN, paid_at=None)
    client = client_of("Owners")
    text = client.get("/admin/figures/subscribers/?csv=active").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Month,Online access,All"
    assert text.splitlines()[-1].endswith(",1,1")
    money = client.get("/admin/figures/money/")
    assert "<svg" in money.content.decode()
    assert "£48" in money.content.decode()


def test_a_product_called_like_a_formula_is_safe_in_csv(dan: Reader) -> None:
    product = making.products()["online-yearly"]
    product.name = "=1+1"
    product.save()
    bought(dan)
    text = client_of("Owners").get("/admin/figures/subscribers/?csv=active").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Month,'=1+1,All"


def test_from_the_gate_to_a_purchase_by_article_and_section(dan: Reader, ada: Reader) -> None:
    now = timezone.now()
    one, other = making.article("One"), making.article("Other", section=None)
    for article, kind, is_robot, count in ((one, "denial", False, 3), (one, "denial", True, 9), (one, "request", False, 9), (other, "denial", False, 1)):  # fmt: skip
        for _ in range(count):
            Use.objects.create(at=now - timedelta(days=1), kind=kind, article=article.pk, issue=1, title=1, reason="x",
                               access="controlled", reader_key=b"12345678", is_robot=is_robot)  # fmt: skip
    bought(dan, article=one)
    bought(ada, article=one, state=Order.State.CANCELLED, paid_at=None)
    articles, sections = queries.steps(now - timedelta(days=30), now + timedelta(minutes=1))
    assert [(s.name, s.shown, s.ordered, s.bought) for s in articles] == [
        ("One", 3, 2, 1),
        ("Other", 1, 0, 0),
    ]
    assert [(s.name, s.shown, s.ordered, s.bought) for s in sections] == [
        ("War and Strategy", 3, 2, 1),
        ("No section", 1, 0, 0),
    ]


def test_no_table_no_page(dan: Reader) -> None:
    assert client_of("Owners").get("/admin/figures/gate/?csv=nothing").status_code == 404
