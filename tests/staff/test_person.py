"""A reader's page: everything of one person in one order of time, as far as the role may see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.audit.service import acting
from backnumber.circulation.models import Claim
from backnumber.mail.models import Mail
from backnumber.readers.models import Reader
from backnumber.staff.models import Note
from tests import making
from tests.checkout import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe(staff: Reader) -> Reader:
    reader = making.reader("zoe", last_name="Marsh")
    steps.paid_order(reader, "print-and-archive")
    Claim.objects.create(
        reader=reader,
        number="HG-1",
        surname="X",
        state="pending",
        reference="C-ABCDEFG",
        made_at=timezone.now(),
    )
    Note.objects.create(reader=reader, text="Rang about a copy.", by="sue@example.org", at=timezone.now())
    with acting(staff, "They married."):
        Reader.objects.filter(pk=reader.pk).update(email="zoe.new@example.org")
    Mail.objects.update(recipient="zoe.new@example.org")
    return Reader.objects.get(pk=reader.pk)


def page(client: Client, reader: Reader, asked: str = "") -> str:
    answer = client.get(f"/admin/people/{reader.pk}/{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


ALL = {
    "orders": "Order 0", "payments": "Payment of", "invoices": "Invoice ", "rights": "Right: ", "print": "Print subscription W-",
    "cases": "Case C-ABCDEFG", "mail": "Mail: Your receipt", "notes": "Rang about a copy.", "account": "until then zoe@example.org",
    "log": "They married.",
}  # fmt: skip


def test_everything_stands_on_one_page_the_latest_first(owner: Client, zoe: Reader) -> None:
    shown = page(owner, zoe)
    assert [kind for kind, words in ALL.items() if words not in shown] == []
    moments = [line.one.at for line in owner.get(f"/admin/people/{zoe.pk}/").context["page"]]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) > 10


@pytest.mark.parametrize("kind", ["notes", "log", "orders"])
def test_it_is_filtered_by_kind(owner: Client, zoe: Reader, kind: str) -> None:
    shown = page(owner, zoe, f"?kind={kind}")
    assert [other for other, words in ALL.items() if words in shown] == [kind]


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (
            "support",
            {"orders", "payments", "invoices", "rights", "print", "cases", "mail", "notes", "account"},
        ),
        ("circulation", {"print", "cases", "notes", "account"}),
        ("finance", {"orders", "payments", "invoices", "notes", "account"}),
    ],
)
def test_each_role_sees_what_is_its_own(
    request: pytest.FixtureRequest, zoe: Reader, role: str, sees: set[str]
) -> None:
    shown = page(request.getfixturevalue(role), zoe)
    assert {kind for kind, words in ALL.items() if words in shown} == sees


def test_the_number_of_queries_does_not_grow(owner: Client, zoe: Reader) -> None:
    page(owner, zoe)
    with CaptureQueriesContext(connection) as few:
        page(owner, zoe)
    for number in range(5):
        steps.paid_order(zoe, "online-yearly", now=timezone.now() + timedelta(minutes=number))
    Note.objects.bulk_create(Note(reader=zoe, text="x", by="s", at=timezone.now()) for _ in range(90))
    with CaptureQueriesContext(connection) as many:
        assert "Page 1 of" in page(owner, zoe)
    assert len(many) <= len(few) <= 34


def test_from_it_to_why_and_back(owner: Client, zoe: Reader, gated: Article) -> None:
    assert 'action="/admin/why/"' in page(owner, zoe)
    why = owner.post("/admin/why/", {"reader": zoe.email, "article": str(gated.pk)}).content.decode()
    assert f'href="/admin/people/{zoe.pk}/"' in why


def test_nobody_s_page_is_not_there(owner: Client) -> None:
    assert owner.get("/admin/people/999999/").status_code == 404
