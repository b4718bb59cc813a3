"""Pictures and their rights, from the upload to the page."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings
from wagtail.test.utils.form_data import streamfield

from backnumber.archive.models import Article, Picture
from backnumber.readers.models import Reader
from tests.editorial.conftest import ARTICLES, PARAGRAPHS, signed_in

Form = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(editor: Client, content: bytes | None = None, name: str = "fort.png") -> Any:
    if content is None:
        drawn = BytesIO()
        Image.new("RGB", (900, 600), "navy").save(drawn, "PNG")
        content = drawn.getvalue()
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return editor.post(
        "/admin/images/multiple/add/",
        {"title": "A fort", "files[]": file},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )


def fields(rights: str, until: str = "") -> dict[str, str]:
    return {
        "title": "A fort",
        "alt": "A fort on a hill",
        "caption": "The fort",
        "credit": "Drawn by nobody",
        "rights": rights,
        "rights_until": until,
        "tags": "",
        "description": "",
    }


@pytest.fixture
def picture(editor: Client) -> Picture:
    """Uploaded as the admin does it: the file first, then what is to be known of it, its right among that."""
    uploaded = upload(editor).json()
    number = uploaded["uploaded_file_id"]
    answer = editor.post(
        f"/admin/images/multiple/create_from_uploaded_image/{number}/",
        {f"uploaded-image-{number}-{name}": value for name, value in fields("cleared").items()},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert answer.json()["success"]
    return Picture.objects.get()


def give_rights(editor: Client, picture: Picture, rights: str, until: str = "") -> None:
    answer = editor.post(f"/admin/images/{picture.pk}/", fields(rights, until))
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_picture_is_not_in_the_archive_before_its_right_is_stated(editor: Client) -> None:
    assert "rights" in upload(editor).json()["form"]
    assert not Picture.objects.exists()


def page_with(editor: Client, form: Form, picture: Picture, reader: Reader) -> str:
    block = ("picture", {"picture": str(picture.pk), "alt": "", "caption": ""})
    fields = {**form(body=streamfield([*PARAGRAPHS, block])), "action-publish": "Publish"}
    assert editor.post(f"{ARTICLES}/add/", fields).status_code == 302
    return signed_in(reader).get(Article.objects.get().get_absolute_url()).content.decode()


def test_a_cleared_picture_is_on_the_page_with_its_credit(
    editor: Client, form: Form, picture: Picture, ada: Reader
) -> None:
    give_rights(editor, picture, "cleared")
    page = page_with(editor, form, picture, ada)
    assert 'alt="A fort on a hill"' in page
    assert "Drawn by nobody" in page


@pytest.mark.parametrize(("rights", "until"), [("print-only", ""), ("until", "2020-01-01"), ("until", "")])
def test_a_picture_without_the_right_is_withheld_and_its_article_stays(
    editor: Client, form: Form, picture: Picture, ada: Reader, rights: str, until: str
) -> None:
    give_rights(editor, picture, rights, until)
    page = page_with(editor, form, picture, ada)
    assert "lastcanary1" in page
    assert "A fort on a hill" not in page
    assert "Drawn by nobody" not in page


def test_a_drawing_that_runs_something_is_refused(editor: Client) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
    answer = upload(editor, drawing, "fort.svg")
    assert answer.status_code == 200
    assert not answer.json()["success"]
    assert not Picture.objects.exists()


def test_an_editor_sees_pictures_in_the_admin(editor: Client, picture: Picture) -> None:
    assert editor.get("/admin/images/").status_code == 200
    size = picture.get_rendition("max-165x165")
    answer = editor.get(size.url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer)[:4] == b"\x89PNG"


def test_nobody_else_gets_a_stored_picture(picture: Picture, help_desk: Client, ada: Reader) -> None:
    for client in (Client(), help_desk, signed_in(ada)):
        assert client.get(picture.file.url).status_code == 404


@pytest.mark.parametrize(
    "name", ["nothing.png", "../../etc/passwd", "%2e%2e/secret", "original_images/", "a%00b"]
)
def test_what_is_no_picture_is_not_there(editor: Client, picture: Picture, name: str) -> None:
    assert editor.get(f"/pictures/originals/{name}").status_code in {400, 404}


def test_the_help_desk_does_not_tend_pictures(help_desk: Client, picture: Picture) -> None:
    assert help_desk.get(f"/admin/images/{picture.pk}/").status_code in {302, 403}
    assert not upload(help_desk, name="x.png").headers["Content-Type"].startswith("application/json")
    assert Picture.objects.count() == 1
