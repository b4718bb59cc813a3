"""The account page: rights in words, the few changes, the reader's own data, and the end."""

import json
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.checkout.models import Order
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.gate.facts import asker, decision_for
from backnumber.grants import service as ledger
from backnumber.grants.models import Grant
from backnumber.readers import service
from backnumber.readers.models import Reader
from tests import making
from tests.circulation.test_claims import printed
from tests.making import PASSWORD
from tests.readers.conftest import last_code


@pytest.fixture
def eve(db: None) -> Reader:
    return service.open_account("eve@example.org", PASSWORD)


def page_of(client: Client, reader: Reader) -> str:
    client.force_login(reader)
    return client.get(reverse("account")).content.decode()


def order(reader: Reader) -> Order:
    now = timezone.now()
    return Order.objects.create(
        reader=reader,
        email=reader.email,
        product=making.products()["online-yearly"],
        label="Online access, a year",
        months=12,
        minor=4800,
        currency="GBP",
        region="anywhere",
        state="paid",
        placed_at=now,
        paid_at=now,
        begins=now,
        until=now + timedelta(days=365),
        anchor=now,
        address={"country_code": "GB", "name": "Eve"},
    )


def test_nobody_is_asked_to_sign_in_and_comes_back(db: None, client: Client) -> None:
    assert client.get(reverse("account")).headers["Location"] == f"{reverse('account_login')}?next=/account/"


def test_it_says_what_may_be_read_until_when_and_why(ada: Reader, client: Client) -> None:
    page = page_of(client, ada)
    last = timezone.localtime(Grant.objects.get().until - timedelta(microseconds=1))  # type: ignore[operator]
    assert "The whole archive" in page
    assert f"until {last.day} {last:%B %Y}" in page
    assert "You bought it: Online access, yearly" in page
    assert ">renew<" not in page


def test_what_has_lapsed_is_there_with_renew(ben: Reader, client: Client) -> None:
    page = page_of(client, ben)
    assert "ended on" in page
    assert ">renew<" in page


def test_every_kind_of_right_has_its_words(eve: Reader, gated: Article, client: Client) -> None:
    now = timezone.now()
    for n, (scope, evidence) in enumerate(
        [
            (Scope(ScopeKind.TITLE, title=gated.issue.title_id), Evidence.LICENCE),
            (Scope(ScopeKind.ISSUE, issue=gated.issue_id), Evidence.GIFT),
            (Scope(ScopeKind.ARTICLE, article=gated.pk), Evidence.STAFF),
            (Scope(ScopeKind.SPAN, first_date=now.date()), Evidence.PRINT_SUBSCRIPTION),
        ]
    ):
        ledger.grant(
            eve,
            scope,
            starts=now,
            until=None,
            evidence=evidence,
            evidence_key=f"k{n}",
            label=f"Label {n}",
            now=now,
        )
    page = page_of(client, eve)
    for words in (
        "All of The Hourglass",
        "The Hourglass, September 1999",
        "“The Fortress”",
        "issues from",
        "A gift",
        "By licence",
        "Given by us",
        "without end",
    ):
        assert words in page, words


def test_smaller_and_kept_rights_have_their_words_too(eve: Reader, gated: Article, client: Client) -> None:
    now = timezone.now()
    ended = Scope(ScopeKind.SPAN, first_date=date(2025, 1, 1), last_date=date(2025, 12, 31))
    for key, scope, until, kept in (
        ("years", Scope(ScopeKind.RECENT, years=3), now + timedelta(days=90), None),
        (
            "year",
            Scope(ScopeKind.RECENT, years=1, title=gated.issue.title_id),
            now + timedelta(days=90),
            None,
        ),
        ("day", Scope(ScopeKind.ARCHIVE), now + timedelta(hours=20), None),
        ("print", Scope(ScopeKind.ARCHIVE), now - timedelta(days=2), ended),
        ("piece", Scope(ScopeKind.ARTICLE, article=gated.pk), None, None),
    ):
        ledger.grant(
            eve, scope, starts=now - timedelta(hours=4 if key == "day" else 9000), until=until, evidence=Evidence.PAYMENT,
            evidence_key=key, label=f"Label {key}", now=now, kept=kept,
        )  # fmt: skip
    page = page_of(client, eve)
    rights = page.partition("What you may read")[2].partition("</section>")[0]
    hour = f"{timezone.localtime(now + timedelta(hours=20)):%H:%M}"
    for words in (
        "issues of the last 3 years",
        "The Hourglass: this year’s issues",
        hour,
        "issues from 1 January 2025 to 31 December 2025 stay open",
        f'<a href="{gated.get_absolute_url()}">“The Fortress”</a>',
        "without end",
    ):
        assert words in rights, words
    assert "Before" not in rights, "what keeps its issues has not lapsed altogether"
    assert rights.count(">renew<") == 1


def test_the_account_page_leads_to_the_devices_and_the_file_lists_them(eve: Reader, client: Client) -> None:
    assert f'href="{reverse("account_devices")}"' in page_of(client, eve)
    (device,) = json.loads(client.get(reverse("account_data")).content)["signed in on"]
    assert set(device) == {"device", "signed in", "last used"}


def test_a_print_subscriber_who_has_not_claimed_is_told_how(eve: Reader, client: Client) -> None:
    today = timezone.localdate()
    printed(email="Eve@example.org", starts_on=today, ends_on=today)
    assert "Claim it with the number on the label" in page_of(client, eve)


def test_orders_prints_and_claims_are_listed_at_a_bounded_cost(
    eve: Reader, client: Client, django_assert_max_num_queries: object
) -> None:
    order(eve)
    for n in range(20):
        making.grant(eve)
        printed(f"HG-{n}", reader=eve)
        Claim.objects.create(
            reader=eve,
            number="9",
            surname="E",
            state="refused",
            reference=f"C-{n}",
            made_at=timezone.now(),
            answer="No.",
        )
    client.force_login(eve)
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        page = client.get(reverse("account")).content.decode()
    assert "HG-19" in page
    assert "Online access, a year" in page
    assert "not accepted. No." in page


def test_the_postal_address_is_changed(eve: Reader, client: Client) -> None:
    subscription = printed(reader=eve)
    client.force_login(eve)
    at = reverse("account_address", args=[subscription.pk])
    refused = client.post(at, {"address": "9 New Street\nLeeds", "postcode": "", "country": "GB"})
    assert "Letters to United Kingdom need a postcode." in refused.content.decode()
    assert "9 New Street" in refused.content.decode()
    client.post(at, {"address": " 9 New  Street\n\nLeeds", "postcode": "ls1 1aa", "country": "GB"})
    subscription.refresh_from_db()
    assert (subscription.address, subscription.postcode) == ("9 New Street\nLeeds", "LS1 1AA")
    assert subscription.address_changed_at


def test_somebody_elses_address_does_not_exist(eve: Reader, dan: Reader, client: Client) -> None:
    subscription = printed(reader=dan)
    client.force_login(eve)
    at = reverse("account_address", args=[subscription.pk])
    assert client.get(at).status_code == 404
    assert client.post(at, {"address": "x", "postcode": "LS1 1AA", "country": "GB"}).status_code == 404


def change_email_to(client: Client, new: str) -> str:
    answer = client.post(reverse("account_email"), {"email": new, "action_add": "1"})
    if answer.headers.get("Location", "").startswith(reverse("account_reauthenticate")):
        answer = client.post(answer.headers["Location"], {"password": PASSWORD})
    return str(answer.headers["Location"])


def test_the_address_changes_only_when_the_code_sent_to_the_new_one_is_typed(
    eve: Reader, gated: Article, client: Client
) -> None:
    making.grant(eve, starts=timezone.now() - timedelta(days=1))
    client.force_login(eve)
    at = change_email_to(client, "eva@example.org")
    assert mail.outbox[-1].to == ["eva@example.org"]
    eve.refresh_from_db()
    assert eve.email == "eve@example.org"
    client.post(at, {"code": last_code(), "action": "verify"})
    eve.refresh_from_db()
    assert eve.email == "eva@example.org"
    assert [a.email for a in EmailAddress.objects.filter(user=eve)] == ["eva@example.org"]
    notice = mail.outbox[-1]
    assert (notice.to, notice.subject) == (["eve@example.org"], "Your address was changed")
    assert decision_for(gated, asker(eve), timezone.now()).allowed


def test_changing_the_address_needs_the_password_again(eve: Reader, client: Client) -> None:
    client.force_login(eve)
    answer = client.post(reverse("account_email"), {"email": "eva@example.org", "action_add": "1"})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not mail.outbox


def test_an_address_that_is_somebody_elses_is_not_taken_over(eve: Reader, client: Client) -> None:
    service.open_account("fay@example.org", PASSWORD)
    client.force_login(eve)
    at = change_email_to(client, "fay@example.org")
    client.post(at, {"code": last_code(), "action": "verify"})
    eve.refresh_from_db()
    assert eve.email == "eve@example.org"
    assert Reader.objects.get(email="fay@example.org").pk != eve.pk


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(eve: Reader, client: Client) -> None:
    elsewhere = Client()
    elsewhere.force_login(eve)
    client.force_login(eve)
    refused = client.post(
        reverse("account_change_password"), {"oldpassword": "wrong", "password1": "a new lantern here"}
    )
    assert "not your present password" in refused.content.decode()
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "a new lantern here"}
    )
    assert answer.headers["Location"] == reverse("account")
    assert client.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert mail.outbox[-1].subject == "Your password was changed"


def test_the_readers_data_is_theirs_and_nobody_elses(eve: Reader, dan: Reader, client: Client) -> None:
    making.grant(eve)
    making.grant(dan)
    order(eve)
    printed(reader=eve)
    Claim.objects.create(
        reader=eve, number="9", surname="E", state="refused", reference="C-1", made_at=timezone.now()
    )
    client.force_login(eve)
    answer = client.get(reverse("account_data"))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    known = json.loads(answer.content)
    assert known["account"]["e-mail"] == "eve@example.org"
    assert [len(known[part]) for part in ("rights to read", "orders", "print subscriptions", "claims")] == [
        1,
        1,
        1,
        1,
    ]
    assert "dan@example.org" not in answer.content.decode()
    assert eve.password not in answer.content.decode()


def test_deleting_needs_the_password_and_removes_what_the_law_does_not_keep(
    eve: Reader, client: Client
) -> None:
    elsewhere = Client()
    elsewhere.force_login(eve)
    making.grant(eve)
    kept = order(eve)
    subscription = printed(reader=eve)
    Claim.objects.create(
        reader=eve, number="9", surname="E", state="pending", reference="C-1", made_at=timezone.now()
    )
    client.force_login(eve)
    refused = client.post(reverse("account_delete"), {"proof": "wrong"})
    assert "not your password" in refused.content.decode()
    assert Reader.objects.filter(pk=eve.pk).exists()
    answer = client.post(reverse("account_delete"), {"proof": PASSWORD})
    assert answer.headers["Location"] == reverse("account_deleted")
    assert client.get(reverse("account")).status_code == elsewhere.get(reverse("account")).status_code == 302
    assert not Reader.objects.filter(email="eve@example.org").exists()
    assert (Grant.objects.count(), Claim.objects.count(), EmailAddress.objects.count()) == (0, 0, 0)
    kept.refresh_from_db()
    assert (kept.reader, kept.email, kept.address, kept.minor) == (None, "", None, 4800)
    subscription.refresh_from_db()
    assert (subscription.reader, subscription.status) == (None, "active")
    assert mail.outbox[-1].to == ["eve@example.org"]


def test_who_has_no_password_deletes_by_a_code(eve: Reader, client: Client) -> None:
    eve.set_unusable_password()
    eve.save()
    client.force_login(eve)
    client.post(reverse("account_delete"), {"proof": "AAAA-AAAA"})
    assert Reader.objects.filter(pk=eve.pk).exists()
    client.post(reverse("account_delete"), {"send": "1"})
    code = last_code()
    client.get(reverse("account_delete"))
    client.post(reverse("account_delete"), {"proof": code.lower().replace("-", " ")})
    assert not Reader.objects.filter(pk=eve.pk).exists()


def test_three_wrong_codes_make_the_right_one_void(eve: Reader, client: Client) -> None:
    eve.set_unusable_password()
    eve.save()
    client.force_login(eve)
    client.post(reverse("account_delete"), {"send": "1"})
    code = last_code()
    for _ in range(3):
        client.post(reverse("account_delete"), {"proof": "BBBB-BBBB"})
    client.post(reverse("account_delete"), {"proof": code})
    assert Reader.objects.filter(pk=eve.pk).exists()


def test_staff_do_not_delete_themselves(staff: Reader, client: Client) -> None:
    client.force_login(staff)
    assert client.post(reverse("account_delete"), {"proof": PASSWORD}).status_code == 403
    assert Reader.objects.filter(pk=staff.pk).exists()


def test_a_get_deletes_nothing(eve: Reader, client: Client) -> None:
    client.force_login(eve)
    assert client.get(reverse("account_delete"), {"proof": PASSWORD}).status_code == 200
    assert Reader.objects.filter(pk=eve.pk).exists()
    assert PrintSubscription.objects.count() == 0


def test_sign_ups_nobody_confirmed_are_forgotten_after_a_week_and_others_are_not(
    eve: Reader, dan: Reader
) -> None:
    old = timezone.now() - timedelta(days=8)
    unconfirmed = making.reader("uma", date_joined=old)
    EmailAddress.objects.create(user=unconfirmed, email=unconfirmed.email)
    fresh = making.reader("fay")
    EmailAddress.objects.create(user=fresh, email=fresh.email)
    Reader.objects.update(last_login=None)
    Reader.objects.filter(pk__in=[eve.pk, dan.pk]).update(date_joined=old)
    assert service.forget_unconfirmed(timezone.now()) == 1
    assert {r.pk for r in Reader.objects.all()} == {eve.pk, dan.pk, fresh.pk}
