"""The claim page and the desk: back to the article, nothing lost, and nobody of low rank."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.circulation.models import BureauFile, Claim, ClaimAttempt, PrintSubscription
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account
from tests import making
from tests.circulation.test_claims import printed
from tests.readers.conftest import last_code
from tests.readers.test_signing_in import EVIL, sign_up, type_code

BACK = "/archive/the-hourglass/1999/september/the-fortress/"
TYPED = {"number": "hg 2o417", "surname": "pettigrew", "postcode": "yo17hh"}


@pytest.fixture
def current(db: None) -> PrintSubscription:
    today = timezone.localdate()
    return printed(starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=300))


def test_nobody_types_the_label_first_and_then_makes_the_account_it_opens_for(
    current: PrintSubscription, client: Client
) -> None:
    page = client.get(reverse("claim"), {"next": BACK}).content.decode()
    assert "Then you make an account" in page
    sent = client.post(reverse("claim"), {**TYPED, "next": BACK}, follow=True)
    assert sent.redirect_chain[0][0].startswith(reverse("account_signup"))
    assert not Grant.objects.exists()
    at = sign_up(client, back=sent.context["redirect_field_value"])
    claim_page = type_code(client, last_code(), at)
    assert client.get(claim_page).headers["Location"] == BACK
    assert Grant.objects.get().reader.email == Reader.objects.get().email
    assert client.get(claim_page).status_code == 200, "what was kept is looked at once"


def test_who_has_an_account_signs_in_after_typing_the_label(
    current: PrintSubscription, client: Client, db: None
) -> None:
    dan = open_account("dan@example.org", making.PASSWORD)
    sent = client.post(reverse("claim"), TYPED, follow=True)
    after = sent.context["redirect_field_value"]
    typed = {"login": dan.email, "password": making.PASSWORD, "next": after}
    assert client.post(reverse("account_login"), typed).headers["Location"] == after
    assert client.get(after).headers["Location"] == reverse("account")
    assert Grant.objects.get().reader == dan


def test_nobody_without_an_account_learns_whether_a_subscriber_exists(
    current: PrintSubscription, client: Client
) -> None:
    known = client.post(reverse("claim"), TYPED)
    unknown = client.post(reverse("claim"), {**TYPED, "number": "NO-1"})
    assert known.status_code == unknown.status_code == 302
    assert re.sub("typed.*", "", known["Location"]) == re.sub("typed.*", "", unknown["Location"])
    assert not ClaimAttempt.objects.exists()
    assert not Claim.objects.exists()


def test_what_a_stranger_typed_is_not_claimed_for_who_signs_in_later_at_the_same_browser(
    current: PrintSubscription, dan: Reader, client: Client
) -> None:
    client.post(reverse("claim"), TYPED)
    client.force_login(dan)
    page = client.get(reverse("claim")).content.decode()
    assert "2o417" not in page
    assert not Grant.objects.exists()
    assert client.get(reverse("claim"), {"typed": "guessed"}).status_code == 200


def test_a_label_typed_in_part_comes_back_before_any_account_is_made(client: Client, db: None) -> None:
    answer = client.post(reverse("claim"), {**TYPED, "surname": ""})
    assert answer.status_code == 422
    assert 'value="hg 2o417"' in answer.content.decode()


def test_a_near_miss_keeps_what_was_typed(current: PrintSubscription, dan: Reader, client: Client) -> None:
    client.force_login(dan)
    page = client.post(reverse("claim"), {**TYPED, "postcode": "YO1 9ZZ"}, follow=True).content.decode()
    for typed in ("hg 2o417", "pettigrew", "YO1 9ZZ"):
        assert f'value="{typed}"' in page


def test_whoever_has_a_claim_pending_is_not_steered_to_pay(
    current: PrintSubscription, dan: Reader, client: Client, gated: Article
) -> None:
    making.products()
    client.force_login(dan)
    pages = ("/subscribe/", "/buy/online-yearly/", "/account/", gated.get_absolute_url())
    before = {at: client.get(at).content.decode() for at in pages}
    assert "/buy/" in before[gated.get_absolute_url()].partition('class="gate')[2]
    assert "wait for our answer" not in before["/subscribe/"]
    client.post(reverse("claim"), {**TYPED, "postcode": "YO1 9ZZ"})
    after = {at: client.get(at).content.decode() for at in pages}
    assert "/buy/" not in after[gated.get_absolute_url()].partition('class="gate')[2]
    for at in ("/subscribe/", "/buy/online-yearly/"):
        assert "wait for our answer before you pay" in after[at]
    assert "need not pay" in after["/account/"]
    assert ">Subscribe</a> to read all of it" not in after["/account/"]


@pytest.mark.parametrize("evil", EVIL)
def test_a_claim_leads_nowhere_else(
    evil: str, current: PrintSubscription, dan: Reader, client: Client
) -> None:
    client.force_login(dan)
    assert client.post(reverse("claim"), {**TYPED, "next": evil}).headers["Location"] == reverse("account")


def test_a_mismatch_shows_the_case_and_its_reference(
    current: PrintSubscription, dan: Reader, client: Client
) -> None:
    client.force_login(dan)
    page = client.post(reverse("claim"), {**TYPED, "postcode": "LS1 1AA"}, follow=True).content.decode()
    assert Claim.objects.get().reference in page
    assert "two working days" in page
    assert not Grant.objects.exists()


def test_nothing_typed_is_lost_when_a_field_is_missing(
    current: PrintSubscription, dan: Reader, client: Client
) -> None:
    client.force_login(dan)
    answer = client.post(reverse("claim"), {**TYPED, "surname": ""})
    assert answer.status_code == 422
    assert 'value="hg 2o417"' in answer.content.decode()
    assert "Type the surname from the label." in answer.content.decode()


def test_an_expired_subscription_is_offered_renewal(dan: Reader, client: Client) -> None:
    printed(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    client.force_login(dan)
    page = client.post(reverse("claim"), TYPED).content.decode()
    assert "It ended on 31 December 2020" in page
    assert reverse("subscribe") in page
    assert not Grant.objects.exists()


def test_too_many_tries_are_told_when_to_come_back(
    current: PrintSubscription, dan: Reader, client: Client
) -> None:
    client.force_login(dan)
    for _ in range(6):
        client.post(reverse("claim"), {**TYPED, "postcode": "LS1 1AA"})
    answer = client.post(reverse("claim"), TYPED)
    assert answer.status_code == 429
    assert "Try again after" in answer.content.decode()


def test_a_get_claims_nothing(current: PrintSubscription, dan: Reader, client: Client) -> None:
    client.force_login(dan)
    client.get(reverse("claim"), TYPED)
    assert not Grant.objects.exists()


def test_the_claim_page_is_cheap_and_private(
    dan: Reader, client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(dan)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        answer = client.get(reverse("claim"))
    assert "private" in answer.headers["Cache-Control"]
    assert "no-store" in answer.headers["Cache-Control"]


DESK = ["circulation_claims", "circulation_bureau", "circulation_addresses"]


@pytest.fixture
def low_editor(db: None) -> Reader:
    reader = making.reader("lou", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return reader


@pytest.mark.parametrize("name", DESK)
def test_a_low_editor_is_refused_and_staff_are_not(
    name: str, low_editor: Reader, staff: Reader, client: Client
) -> None:
    client.force_login(low_editor)
    assert client.get(reverse(name)).status_code == 403
    client.force_login(staff)
    assert client.get(reverse(name)).status_code == 200


def test_a_low_editor_cannot_open_a_case_or_a_file(low_editor: Reader, dan: Reader, client: Client) -> None:
    case = Claim.objects.create(
        reader=dan, number="1", surname="X", state="pending", reference="C-1", made_at=timezone.now()
    )
    file = BureauFile.objects.create(name="x", content=b"", uploaded_at=timezone.now())
    client.force_login(low_editor)
    assert client.get(reverse("circulation_claim", args=[case.reference])).status_code == 403
    assert client.get(reverse("circulation_bureau_file", args=[file.pk])).status_code == 403
    assert client.post(reverse("circulation_bureau_confirm", args=[file.pk])).status_code == 403


def test_staff_resolve_a_case_on_its_page(
    current: PrintSubscription, dan: Reader, staff: Reader, gated: Article, client: Client
) -> None:
    client.force_login(dan)
    client.post(reverse("claim"), {**TYPED, "postcode": "LS1 1AA"})
    case = Claim.objects.get()
    client.force_login(staff)
    page = client.get(reverse("circulation_claim", args=[case.reference])).content.decode()
    assert "HG-20417" in page
    assert "LS1 1AA" in page
    wrong = client.post(
        reverse("circulation_claim", args=[case.reference]), {"accept": "1", "accept-number": "HG-404"}
    )
    assert "No print subscription has this number" in wrong.content.decode()
    client.post(
        reverse("circulation_claim", args=[case.reference]),
        {"accept": "1", "accept-number": "HG-20417", "accept-answer": ""},
    )
    case.refresh_from_db()
    assert (case.state, case.closed_by) == ("accepted", staff)
    assert Grant.objects.get().reader == dan


def test_staff_refuse_with_an_answer(dan: Reader, staff: Reader, client: Client) -> None:
    client.force_login(dan)
    client.post(reverse("claim"), TYPED)
    address = reverse("circulation_claim", args=[Claim.objects.get().reference])
    client.force_login(staff)
    assert "Say why" in client.post(address, {"refuse": "1", "refuse-answer": ""}).content.decode()
    client.post(address, {"refuse": "1", "refuse-answer": "No such number."})
    assert Claim.objects.get().answer == "No such number."


def test_a_bureau_file_is_shown_first_and_taken_in_when_confirmed(staff: Reader, client: Client) -> None:
    client.force_login(staff)
    lines = (
        "Number,Name,Address,Postcode,Country,Start,End,Status",
        "HG-1,<b>Jane</b> Roe,1 High St,LS1 1AA,GB,2026-01-01,2026-12-31,active",
        "HG-2,,,,,,,",
    )
    upload = SimpleUploadedFile("bureau.csv", "\n".join(lines).encode())
    shown = client.post(reverse("circulation_bureau"), {"file": upload}, follow=True)
    page = shown.content.decode()
    assert "Nothing is written yet" in page
    assert "no start of the term" in page
    assert not PrintSubscription.objects.exists()
    file = BureauFile.objects.get()
    client.post(reverse("circulation_bureau_confirm", args=[file.pk]))
    assert PrintSubscription.objects.get().name == "<b>Jane</b> Roe"
    file.refresh_from_db()
    assert file.content is None
    assert "1 new" in file.report
    again = client.post(reverse("circulation_bureau_confirm", args=[file.pk]), follow=True)
    assert "taken in already" in again.content.decode()


def test_a_discarded_file_leaves_nothing(staff: Reader, client: Client) -> None:
    client.force_login(staff)
    file = BureauFile.objects.create(name="x", content=b"x", uploaded_at=timezone.now())
    client.post(reverse("circulation_bureau_confirm", args=[file.pk]), {"discard": "1"})
    assert not BureauFile.objects.exists()


def test_an_unreadable_file_is_refused_beside_the_field(staff: Reader, client: Client) -> None:
    client.force_login(staff)
    answer = client.post(reverse("circulation_bureau"), {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04")})
    assert "spreadsheet" in answer.content.decode()
    assert not BureauFile.objects.exists()


def test_changed_addresses_leave_as_csv_without_formulas(staff: Reader, client: Client) -> None:
    printed(name="=cmd|' /C calc'!A0", address_changed_at=timezone.now())
    client.force_login(staff)
    text = client.get(reverse("circulation_addresses")).content.decode()
    assert "\"'=cmd" in text or ",'=cmd" in text


def test_a_term_put_right_in_the_admin_reaches_the_claimants_grant(
    current: PrintSubscription, dan: Reader, staff: Reader, client: Client
) -> None:
    client.force_login(dan)
    client.post(reverse("claim"), TYPED)
    client.force_login(staff)
    fields = {
        name: getattr(current, name) or ""
        for name in (
            "number",
            "name",
            "surname",
            "email",
            "address",
            "postcode",
            "country",
            "starts_on",
            "ends_on",
        )
    }
    answer = client.post(
        reverse("wagtailsnippets_circulation_printsubscription:edit", args=[current.pk]),
        {**fields, "status": "cancelled", "copies": "1"},
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Grant.objects.get().revoked_at is not None
