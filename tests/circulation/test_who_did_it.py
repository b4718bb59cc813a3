"""Every act of the staff has its actor in the log."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from backnumber.circulation import claims
from backnumber.circulation.importing import FILE_DISCARDED, FILE_TAKEN_IN
from backnumber.circulation.models import BureauFile, Claim
from backnumber.readers.models import Reader

pytestmark = pytest.mark.django_db


def entries(action: str) -> list[tuple[Reader | None, str]]:
    return [(entry.user, entry.data["what"]) for entry in ModelLogEntry.objects.filter(action=action)]


def test_a_claim_that_is_closed_names_who_closed_it(dan: Reader, staff: Reader) -> None:
    case = Claim.objects.create(
        reference="C-2345678",
        state=Claim.State.PENDING,
        reader=dan,
        number="HG-1",
        surname="Dean",
        postcode="SE10 9NF",
        made_at=timezone.now(),
    )
    claims.refuse(case, by=staff, answer="There is no such number.", now=timezone.now())
    [(who, what)] = entries(claims.CLAIM_CLOSED)
    assert who == staff
    assert what.startswith("C-2345678")
    assert "refused" in what


@pytest.fixture
def desk(staff: Reader) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_a_bureau_file_that_is_taken_in_or_thrown_away_names_by_whom(desk: Client, staff: Reader) -> None:
    content = b"number,name,surname,postcode,country,starts,ends\nHG-1,Ada Dean,Dean,SE10 9NF,GB,2026-01-01,2027-01-01\n"
    for button, action in (("discard", FILE_DISCARDED), ("apply", FILE_TAKEN_IN)):
        upload = BytesIO(content)
        upload.name = f"{button}.csv"
        desk.post("/admin/bureau/", {"file": upload})
        kept = BureauFile.objects.filter(applied_at=None).get()
        desk.post(f"/admin/bureau/{kept.pk}/confirm/", {button: "1"})
        [(who, what)] = entries(action)
        assert who == staff
        assert what.startswith(f"{button}.csv")
