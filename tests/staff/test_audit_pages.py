"""The audit log in the admin: read, filtered, taken away; by owners alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.audit.models import Entry
from backnumber.audit.service import acting
from backnumber.readers.models import Reader

pytestmark = pytest.mark.django_db
LOG = "/admin/audit/"


@pytest.fixture
def married(staff: Reader, dan: Reader) -> Reader:
    with acting(staff, "They married."):
        Reader.objects.filter(pk=dan.pk).update(last_name="=Marsh")
    with acting(dan):
        Reader.objects.filter(pk=staff.pk).update(first_name="Another")
    return dan


def test_who_what_from_to_and_reason_stand_on_the_page(owner: Client, married: Reader) -> None:
    page = owner.get(LOG).content.decode()
    for said in ("sue@example.org", f"Reader {married.pk}", "They married.", "=Marsh", "last_name"):
        assert said in page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 2), ("?who=sue", 1), ("?words=married", 1), ("?what=readers.reader", 2), ("?key=0", 0),
        (f"?first_day={timezone.localdate() + timedelta(days=1)}", 0), (f"?last_day={timezone.localdate()}", 2),
    ],
)  # fmt: skip
def test_it_is_filtered(owner: Client, married: Reader, asked: str, count: int) -> None:
    assert len(owner.get(LOG + asked).context["lines"]) == count


def test_a_day_that_is_none_is_told_and_what_was_typed_stays(owner: Client, married: Reader) -> None:
    answer = owner.get(f"{LOG}?who=sue&first_day=never")
    assert answer.status_code == 422
    assert 'value="sue"' in answer.content.decode()


def test_it_is_shown_in_pages(owner: Client, staff: Reader, dan: Reader) -> None:
    with acting(staff):
        for number in range(51):
            Reader.objects.filter(pk=dan.pk).update(first_name=str(number))
    assert len(owner.get(LOG).context["lines"]) == 50
    assert len(owner.get(f"{LOG}?page=2").context["lines"]) == 1


def test_no_cell_of_the_csv_is_a_formula(owner: Client, married: Reader, staff: Reader) -> None:
    with acting(staff, '=HYPERLINK("http://example.org")'):
        Reader.objects.filter(pk=married.pk).update(first_name="B")
    answer = owner.get(f"{LOG}entries.csv?who=sue")
    assert answer["Content-Type"].startswith("text/csv")
    body = answer.content.decode()
    assert '"\'=HYPERLINK(""http://example.org"")"' in body
    assert ',"=HYPERLINK' not in body
    assert len(body.splitlines()) == 3


@pytest.mark.parametrize("role", ["editor", "support", "circulation", "finance"])
@pytest.mark.parametrize("path", [LOG, f"{LOG}entries.csv"])
def test_other_roles_are_refused(
    request: pytest.FixtureRequest, married: Reader, role: str, path: str
) -> None:
    answer = request.getfixturevalue(role).get(path)
    assert answer.status_code == 403
    assert b"married" not in answer.content


def test_reading_it_leaves_no_entry(owner: Client, married: Reader) -> None:
    before = Entry.objects.count()
    owner.get(LOG)
    assert Entry.objects.count() == before
