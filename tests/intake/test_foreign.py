"""What is no format of ours is called by its name, with what to do."""

import zipfile
from pathlib import Path

import pytest

from backnumber.intake import service
from backnumber.intake.foreign import called
from tests.intake import small
from tests.intake.small import issue, write
from tests.intake.test_wordpress import export, post


def packed(tmp_path: Path, name: str) -> Path:
    path = tmp_path / "packed.bin"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ("META-INF/container.xml", "an EPUB"),
        ("word/document.xml", "a Word document"),
        ("content.xml", "an OpenDocument file"),
        ("letters.html", "a ZIP archive"),
    ],
)
def test_what_is_packed_is_called_by_its_name(tmp_path: Path, inside: str, name: str) -> None:
    assert f"is {name}" in called(packed(tmp_path, inside))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1", "RTF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04broken", "a broken ZIP"),
        (b'{"db": [{"data": {"posts": []}}]}', "Ghost"),
        (b'\xef\xbb\xbf [{"a": 1}]', "a JSON file"),
        (b'<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96)//EN" "x">', "JATS"),
        (b'<article dtd-version="1.2" article-type="x">', "JATS"),
        (b'<TEI xmlns="http://www.tei-c.org/ns/1.0">', "TEI"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><generator>Blogger</generator>", "Blogger"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "an Atom feed"),
        (b"AUTHOR: Ann\nDATE: 1\nTITLE: One\n", "Movable Type"),
        (b"-- MySQL dump 10", "a dump of a database"),
        (b"<!DOCTYPE html><html>", "a page of HTML"),
    ],
)
def test_a_foreign_file_is_called_by_its_name_and_what_to_do_is_said(
    tmp_path: Path, content: bytes, name: str
) -> None:
    path = tmp_path / "file.xyz"
    path.write_bytes(content)
    said = called(path)
    assert name in said
    assert said.startswith("file.xyz is ")
    assert len(said.split(": ", 1)[1]) > 10


def test_an_export_of_wordpress_is_not_called_foreign(tmp_path: Path) -> None:
    assert called(export(tmp_path, post(1))) == ""


@pytest.mark.django_db
def test_a_foreign_file_given_for_an_export_or_for_a_folder_is_called_by_its_name(tmp_path: Path) -> None:
    path = packed(tmp_path, "META-INF/container.xml")
    write(tmp_path / "in", "1.html", issue(1))
    profile = small.profile(tmp_path / "in")
    with pytest.raises(service.NothingToImport, match="is an EPUB"):
        service.import_wxr(path, title="The Lantern", now=small.NOW)
    with pytest.raises(service.NothingToImport, match="is an EPUB"):
        service.import_html_issues(path, profile, now=small.NOW)
    (tmp_path / "books").mkdir()
    path.rename(tmp_path / "books" / "book.epub")
    with pytest.raises(service.NothingToImport, match=r"book\.epub is an EPUB"):
        service.import_html_issues(tmp_path / "books", profile, now=small.NOW)
