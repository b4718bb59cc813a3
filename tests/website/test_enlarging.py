"""A picture leads to its larger self, by an address that only whoever may read the text is given."""

from pathlib import Path

import pytest
from django.test import Client
from lxml import html

from backnumber.archive.blocks import PictureRef
from backnumber.archive.models import Article, Issue, Picture, Rights
from backnumber.readers.models import Reader
from tests import making
from tests.website.pictures import a_drawing, a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def links(address: str, reader: Reader | None = None) -> list[html.HtmlElement]:
    client = Client()
    if reader is not None:
        client.force_login(reader)
    response = client.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content).xpath("//a[@class='enlarge']")


def article(*pictures: Picture, **fields: object) -> Article:
    refs = [PictureRef(picture.pk, "", "") for picture in pictures]
    return making.article("Maps", body=[*making.paragraphs("open", 3), *refs], **fields)


def test_a_picture_leads_to_its_largest_size() -> None:
    large, small, drawing = (
        a_picture(width=2000, alt="A map"),
        a_picture(width=300, name="s.png"),
        a_drawing(),
    )
    found = links(article(large, small, drawing, policy="open").get_absolute_url())
    assert [link.get("href").split("/")[2:4] for link in found] == [
        [str(large.pk), "1600"],
        [str(small.pk), "480"],
        [str(drawing.pk), "1600"],
    ]
    assert found[0].get("aria-label") == "Enlarge: A map"
    assert found[1].get("aria-label") == "Enlarge this picture"
    for link in found:
        assert Client().get(link.get("href")).status_code == 200


def test_a_picture_below_the_gate_is_linked_for_who_may_read_only(ada: Reader, dan: Reader) -> None:
    address = article(a_picture(), lead_in_ends_after=1).get_absolute_url()
    assert len(links(address, ada)) == 1
    assert links(address) == links(address, dan) == []


def test_a_withheld_picture_is_neither_linked_nor_served() -> None:
    picture = a_picture()
    address = article(picture, policy="open").get_absolute_url()
    (link,) = links(address)
    Picture.objects.update(rights=Rights.PRINT_ONLY)
    assert links(address) == []
    assert Client().get(link.get("href")).status_code == 404


def test_a_cover_that_is_a_picture_opens_larger_and_a_drawn_one_has_no_larger_self() -> None:
    issue = making.issue()
    assert links(issue.get_absolute_url()) == []
    Issue.objects.update(cover=a_picture(width=1800, height=2400, name="cover.png"))
    (link,) = links(issue.get_absolute_url())
    assert "/1600/" in link.get("href")
    assert link.get("aria-label") == "Enlarge the cover of September 1999"
    assert Client().get(link.get("href")).status_code == 200
    assert not [a for a in link.iterancestors() if a.get("aria-hidden")]
