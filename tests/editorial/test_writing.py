"""Pasting into an article, notes that number themselves on saving, pictures whose rights run out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import streamfield

from backnumber.archive.blocks import Heading, Note, Paragraph, PictureRef, from_stream
from backnumber.archive.models import Article, Picture, Rights
from backnumber.readers.models import Reader
from tests import making
from tests.editorial.conftest import ARTICLES, text
from tests.editorial.test_pasting import CLIPBOARDS, PIECE

pytestmark = pytest.mark.django_db


def newest(article: Article) -> tuple[Any, ...]:
    return from_stream(Article.objects.get(pk=article.pk).get_latest_revision_as_object().body.raw_data)


def paste(client: Client, article: Article, **sent: Any) -> Any:
    return client.post(f"/admin/paste/{article.pk}/", {"html": "", "text": "", "how": "instead", **sent})


def test_what_is_pasted_is_a_draft_and_readers_see_what_they_saw(editor: Client) -> None:
    article = making.article("The Wall", policy="open", body=[Paragraph("Old words.")])
    answer = paste(editor, article, html=(CLIPBOARDS / "word.html").read_text())
    assert answer.status_code == 302
    assert [type(one) for one in newest(article)] == [type(one) for one in PIECE]
    assert "Old words." in Client().get(article.get_absolute_url()).content.decode()
    text = editor.get(answer.headers["Location"]).content.decode()
    assert "2 headings" in text
    assert "1 picture was left out" in text


def test_a_second_paste_goes_after_the_first_and_its_notes_are_numbered_on(editor: Client) -> None:
    article = making.article("The Wall", live=False, body=[Paragraph("Old."), Note("1", "Old note.")])
    paste(editor, article, html=(CLIPBOARDS / "libreoffice.html").read_text(), how="after")
    blocks = newest(article)
    assert blocks[:3] == (Paragraph("Old."), Note("1", "Old note."), Heading("The Wall", 2))
    assert [one.mark for one in blocks if isinstance(one, Note)] == ["1", "2", "3"]
    article.refresh_from_db()
    assert article.words > 30, "the row of an unpublished piece is its draft"


def test_without_scripts_plain_text_or_a_file_is_taken(editor: Client) -> None:
    article = making.article("The Wall", live=False, body=[])
    paste(editor, article, text="One.\n\nTwo.")
    assert newest(article) == (Paragraph("One."), Paragraph("Two."))
    file = SimpleUploadedFile("wall.html", "<h2>Café</h2><p>Words.</p>".encode("cp1252"))
    paste(editor, article, file=file)
    assert newest(article) == (Heading("Café", 2), Paragraph("Words."))


def test_nothing_pasted_is_said_and_what_was_typed_stays(editor: Client) -> None:
    article = making.article("The Wall", live=False)
    answer = paste(editor, article, file=SimpleUploadedFile("x.html", b"<p> </p>"), text="Typed.")
    assert answer.status_code == 422
    assert "There is no text in this." in answer.content.decode()
    assert "Typed." in answer.content.decode()


def test_a_piece_that_is_locked_by_somebody_else_takes_no_paste(editor: Client, hugo: Reader) -> None:
    article = making.article("The Wall", live=False, locked=True, locked_by=hugo)
    answer = paste(editor, article, text="One.")
    assert answer.status_code == 422
    assert "has locked this article" in answer.content.decode()
    assert article.latest_revision is None


def test_a_note_that_is_written_is_numbered_when_the_article_is_saved(
    editor: Client, form: Callable[..., dict[str, Any]]
) -> None:
    body = [("paragraph", text("<p>It held [note: Marsh, p. 12]. Then it fell [note: In May].</p>"))]
    editor.post(f"{ARTICLES}/add/", {**form(body=streamfield(body)), "action-publish": "Publish"})
    blocks = from_stream(Article.objects.get().body.raw_data)
    assert blocks == (
        Paragraph(
            'It held<sup><a href="#note-1">1</a></sup>. Then it fell<sup><a href="#note-2">2</a></sup>.'
        ),
        Note("1", "Marsh, p. 12"),
        Note("2", "In May"),
    )


def picture(name: str, **fields: Any) -> Picture:
    made = Picture(
        title=name,
        file=ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>', name="p.svg"),
        **fields,
    )
    made.save()
    return made


def test_pictures_whose_rights_run_out_are_listed_with_the_articles_that_show_them(editor: Client) -> None:
    today = timezone.now().date()
    soon = picture("Soonpicture", rights=Rights.UNTIL, rights_until=today + timedelta(days=10))
    picture("Overpicture", rights=Rights.UNTIL, rights_until=today - timedelta(days=1))
    picture("Laterpicture", rights=Rights.UNTIL, rights_until=today + timedelta(days=400))
    picture("Freepicture")
    making.article("Shows It", body=[PictureRef(soon.pk)])
    shown = editor.get("/admin/picture-rights/").content.decode()
    assert shown.index("Overpicture") < shown.index("Soonpicture")
    assert "Shows It" in shown
    assert "withheld now" in shown
    assert "Laterpicture" not in shown
    assert "Freepicture" not in shown


def test_the_help_desk_is_refused(help_desk: Client) -> None:
    assert help_desk.get(f"/admin/paste/{making.article().pk}/").status_code == 403
    assert help_desk.get("/admin/picture-rights/").status_code == 403
