"""Pictures are served by a signed address, while their right holds, and never as they were uploaded."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from backnumber.archive.models import Picture, Rights
from backnumber.website.pictures import address, shown_picture
from tests.website.pictures import a_drawing, a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def test_a_picture_comes_in_the_size_asked_for() -> None:
    response = Client().get(address(a_picture(), 480))
    assert response["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(response.content)).size == (480, 320)
    assert response["X-Content-Type-Options"] == "nosniff"


def test_sizes_larger_than_the_picture_are_not_offered() -> None:
    shown = shown_picture(a_picture(width=1000, height=500))
    assert [size.rpartition(" ")[2] for size in shown.srcset.split(", ")] == ["480w", "960w"]
    assert (shown.width, shown.height) == (1000, 500)


def test_a_made_up_address_is_answered_as_nothing() -> None:
    picture = a_picture()
    good = address(picture, 480)
    for bad in (
        good.replace("/480/", "/960/"),
        good.replace(f"/{picture.pk}/", f"/{picture.pk + 1}/"),
        good[:-7] + "00.webp",
        good[:-4] + "svg",
    ):
        assert bad != good
        assert Client().get(bad).status_code == 404
    assert Client().get(good).status_code == 200


def test_a_withheld_picture_is_answered_as_nothing_at_once() -> None:
    picture = a_picture()
    where = address(picture, 480)
    assert Client().get(where).status_code == 200
    Picture.objects.filter(pk=picture.pk).update(rights=Rights.PRINT_ONLY)
    assert Client().get(where).status_code == 404


def test_an_original_has_no_address() -> None:
    picture = a_picture()
    for where in (
        f"/pictures/originals/{picture.file.name}",
        f"/media/{picture.file.name}",
        f"/pictures/{picture.file.name}",
        f"/static/{picture.file.name}",
    ):
        assert Client().get(where).status_code == 404


def test_a_drawing_is_served_whole_and_can_run_nothing() -> None:
    drawing = a_drawing()
    response = Client().get(shown_picture(drawing).src)
    assert response["Content-Type"] == "image/svg+xml"
    assert (
        response["Content-Security-Policy"]
        == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    )
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_lost_file_is_answered_as_nothing() -> None:
    drawing = a_drawing()
    drawing.file.storage.delete(drawing.file.name)
    assert Client().get(address(drawing, 1600)).status_code == 404


def test_other_methods_are_refused() -> None:
    assert Client().post(address(a_drawing(), 1600)).status_code == 405
