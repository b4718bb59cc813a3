"""Staff find what is printed on the paper in their hand."""

from datetime import date

import pytest
from django.test import Client

from backnumber.circulation.finding import matching
from backnumber.circulation.models import PrintSubscription
from backnumber.readers.models import Reader

pytestmark = pytest.mark.django_db
WHERE = "/admin/snippets/circulation/printsubscription/results/"


@pytest.fixture
def desk(staff: Reader) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def label(db: None) -> PrintSubscription:
    other = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1), "country": "GB"}
    PrintSubscription.objects.create(
        number="HG-0099", name="Nobody Else", surname="Else", postcode="YO1 7HH", **other
    )
    return PrintSubscription.objects.create(
        number="HG-001234", name="Dr Ada van der Dean", surname="Dean", postcode="SE10 9NF", address="1 Park Row\nGreenwich", **other
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["SE10 9NF", "se109nf", "Se10-9nf", "HG-001234", "hg 001234", "001234", "dean ada", "van der Dean", "park row greenwich", "vanderdean"]
)  # fmt: skip
def test_a_subscriber_is_found_by_what_the_label_bears(
    desk: Client, label: PrintSubscription, typed: str
) -> None:
    page = desk.get(WHERE, {"q": typed}).content.decode()
    assert "HG-001234" in page
    assert "HG-0099" not in page


@pytest.mark.parametrize("typed", ["SE10 9NX", "HG-001235", "dean park street", "%", "_"])
def test_what_it_does_not_bear_finds_nothing(desk: Client, label: PrintSubscription, typed: str) -> None:
    assert "HG-001234" not in desk.get(WHERE, {"q": typed}).content.decode()


def test_nothing_typed_leaves_all(label: PrintSubscription) -> None:
    rows = PrintSubscription.objects.all()
    assert matching(rows, "  ", fields=("name",), squeezed=("number",)).count() == 2
