"""One mailbox has one spelling: it cannot sign up twice, and signs in, claims and is found however it is typed."""

from contextlib import suppress

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from backnumber.circulation.models import PrintSubscription
from backnumber.mail.addresses import NoAddress, cleaned, deliverable, nearest_spelling, spelling
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account

SPELLED = "ada@xn--bcher-kva.example"
OTHERS = [
    "ada@b\u00fccher.example",
    "ADA@B\u00dcCHER.example",
    " ada@bu\u0308cher.example ",
    "Ada@XN--BCHER-KVA.Example",
]
PASSWORD = "a sentence to remember"


@pytest.mark.parametrize("typed", OTHERS)
def test_every_spelling_of_a_mailbox_is_one(typed: str) -> None:
    assert spelling(typed) == SPELLED
    assert deliverable(typed) == SPELLED


@given(st.text(max_size=40) | st.emails())
def test_a_spelling_is_its_own_spelling_and_deliverable_is_ascii(typed: str) -> None:
    once = nearest_spelling(typed)
    assert nearest_spelling(once) == once
    with suppress(NoAddress):
        assert deliverable(typed).isascii()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nobody",
        "@example.org",
        "a@",
        "a@b@c.example",
        "a b@c.example",
        "ada@xn--a.example",
        "\u00fcnal@example.org",
        "a@" + "b." * 150 + "example",
    ],
)
def test_what_no_mail_can_reach_is_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(ValidationError, match="Check the address"):
        cleaned(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", OTHERS)
def test_a_mailbox_has_one_account(client: Client, typed: str) -> None:
    for address in (OTHERS[0], typed):
        client.post(reverse("account_signup"), {"email": address, "password1": PASSWORD})
        client.logout()
    assert [r.email for r in Reader.objects.all()] == [SPELLED]
    assert {a.email for a in EmailAddress.objects.all()} == {SPELLED}
    assert {to for m in mail.outbox for to in m.to} == {SPELLED}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", OTHERS)
def test_its_account_is_entered_and_found_by_every_spelling(client: Client, typed: str) -> None:
    reader = open_account(OTHERS[0], PASSWORD)
    assert open_account(typed).pk == reader.pk
    assert Reader.objects.get(email=typed) == Reader.objects.get(email__iexact=typed) == reader
    client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
    assert client.session.get("_auth_user_id") == str(reader.pk)
    client.logout()
    client.post(reverse("account_request_login_code"), {"email": typed})
    client.post(reverse("account_reset_password"), {"email": typed})
    assert [m.to for m in mail.outbox][-2:] == [[SPELLED], [SPELLED]]


@pytest.mark.django_db
def test_a_print_subscription_is_its_readers_however_the_bureau_spells_them() -> None:
    made = PrintSubscription.objects.create(
        number="1",
        name="Ada",
        surname="Ada",
        postcode="1",
        country="GB",
        email=OTHERS[1],
        starts_on="2026-01-01",
        ends_on="2027-01-01",
    )
    assert PrintSubscription.objects.get(email__iexact=OTHERS[2]) == made
    assert made.email == SPELLED


def _in_the_table(pk: int, table: str, address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET email = %s WHERE id = %s", [address, pk])  # noqa: S608
