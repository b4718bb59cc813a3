"""Files that are not what they should be: each is named with line and reason, the rest comes in, nothing is
half-written.
"""

import io
from pathlib import Path

import pytest
from PIL import Image

from backnumber.archive.models import Article, Issue, Picture
from backnumber.intake import pictures, service
from backnumber.intake.profile import ProfileError, find, load
from backnumber.intake.report import Finding, Report, Weight
from tests.intake import small
from tests.intake.small import issue, piece, write

pytestmark = pytest.mark.django_db

LONG = " It is told by those who saw it there with their own eyes."


def refused(report: Report) -> Finding:
    """The one file that was refused; the good one beside it came in."""
    (finding,) = report.refused
    assert Issue.objects.filter(slug="no-2").exists()
    assert Issue.objects.count() == 1
    return finding


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good issue, number 2."""
    write(tmp_path / "in", "2.html", issue(2))
    return tmp_path / "in"


def test_a_truncated_file_is_refused_at_its_last_line(folder: Path) -> None:
    write(folder, "1.html", issue(1, piece("ONE."), "<h3>TWO.</h3>\n<p>It ends in the mid", end=""))
    finding = refused(small.bring_in(folder))
    assert (finding.file, finding.line) == ("1.html", (folder / "1.html").read_text().count("\n") + 1)
    assert "ends in the middle" in finding.reason


def test_a_date_that_is_none_is_refused_at_its_line(folder: Path) -> None:
    write(folder, "1.html", issue(1, date="SATURDAY, FEBRUARY 30, 1851"))
    finding = refused(small.bring_in(folder))
    assert (finding.file, finding.line) == ("1.html", 4)
    assert "Saturday, February 30, 1851" in finding.reason.title()
    assert "is no date" in finding.reason


def test_a_weekday_that_does_not_fit_is_doubtful(folder: Path) -> None:
    write(folder, "1.html", issue(1, date="SUNDAY, JANUARY 4, 1851"))
    report = small.bring_in(folder)
    assert [(f.line, f.reason) for f in report.of(Weight.DOUBTFUL)] == [
        (4, "'Sunday, January 4, 1851' was a Saturday")
    ]
    assert Issue.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "reason"), [("<p>nothing</p>", "no issue number"), ("<p>No. 1</p>", "no date")]
)
def test_a_file_that_is_no_issue_is_refused(folder: Path, body: str, reason: str) -> None:
    write(folder, "1.html", f"<html><body>{body}</body></html>")
    assert reason in refused(small.bring_in(folder)).reason


def test_of_two_issues_of_one_number_the_second_is_refused_and_both_are_named(folder: Path) -> None:
    write(folder, "3.html", issue(2, piece("OTHER.")))
    finding = refused(small.bring_in(folder))
    assert finding.file == "3.html"
    assert "2.html" in finding.reason
    assert not Article.objects.filter(slug="other").exists()
    assert small.bring_in(folder).refused == (finding,)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "utf-8-sig", "utf-16"])
def test_each_file_is_read_in_its_own_encoding(folder: Path, encoding: str) -> None:
    text = "Bokhära—“Müller’s” Frère" if encoding != "latin-1" else "Bokhära Müller Frère"
    declared = "latin-1" if encoding == "cp1252" else encoding.removesuffix("-sig")
    write(
        folder,
        "1.html",
        issue(1, piece("ONE.", text + LONG)).replace("<title>", f'<meta charset="{declared}"><title>'),
        encoding,
    )
    report = small.bring_in(folder)
    assert not report.findings
    assert text in str(Article.objects.get(slug="one").body.raw_data)


def test_a_file_that_lies_about_its_encoding_is_read_and_named(folder: Path) -> None:
    html = issue(1, piece("ONE.", "Bokhära, Frère and Müller." + LONG)).replace(
        "<title>", '<meta charset="utf-8"><title>'
    )
    (folder / "1.html").write_bytes(html.encode("latin-1"))
    report = small.bring_in(folder)
    assert "Bokhära, Frère and Müller." in str(Article.objects.get(slug="one").body.raw_data)
    (finding,) = report.of(Weight.DOUBTFUL)
    assert (finding.file, finding.line) == ("1.html", 7)
    assert "says it is UTF-8 but is not" in finding.reason


def test_text_that_was_wrongly_decoded_before_it_came_is_named(folder: Path) -> None:
    write(folder, "1.html", issue(1, piece("ONE.", "BokhÃ¤ra" + LONG)))
    (finding,) = small.bring_in(folder).of(Weight.DOUBTFUL)
    assert "looks wrongly decoded" in finding.reason
    assert finding.line == 7


def test_control_characters_are_taken_out_and_named(folder: Path) -> None:
    write(folder, "1.html", issue(1, piece("ONE.", "Rho\x00d\x1bes" + LONG)))
    report = small.bring_in(folder)
    assert "Rhodes" in str(Article.objects.get(slug="one").body.raw_data)
    assert report.of(Weight.DOUBTFUL)[0].line == 7


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert('canary')</script>",
        "<p onclick=\"alert('canary')\">Text.</p>",
        "<p>See <a href=\"javascript:alert('canary')\">this</a>.</p>",
        "<p>See <a href=\" java\nscript:alert('canary')\">this</a>.</p>",
        "<p><img src=x onerror=\"alert('canary')\">Text.</p>",
        "<svg><script>alert('canary')</script></svg>",
        '<iframe src="//evil.example/canary"></iframe>',
        '<p>See <a href="data:text/html,canary">this</a>.</p>',
    ],
)
def test_what_would_run_in_a_readers_browser_is_taken_out_and_named(folder: Path, bad: str) -> None:
    write(folder, "1.html", issue(1, "<hr>\n<h3>ONE.</h3>", "<p>Before.</p>", bad, "<p>After.</p>"))
    report = small.bring_in(folder)
    body = str(Article.objects.get(slug="one").body.raw_data)
    assert "After." in body
    assert "canary" not in body
    assert "onclick" not in body
    named = [f for f in report.of(Weight.DOUBTFUL) if "taken out" in f.reason]
    assert named
    assert named[0].file == "1.html"
    assert named[0].line in {8, 9}


def test_elements_nested_without_end_are_refused(folder: Path) -> None:
    write(folder, "1.html", issue(1, piece("ONE."), "<div>" * 5000 + "deep" + "</div>" * 5000))
    assert "nested more than" in refused(small.bring_in(folder)).reason


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = write(tmp_path / "elsewhere", "secret.html", issue(1, piece("SECRET.")))
    (folder / "1.html").symlink_to(secret)
    assert "link to a file outside of the folder" in refused(small.bring_in(folder)).reason
    assert not Article.objects.filter(slug="secret").exists()


def test_a_file_named_instead_that_is_not_there_is_refused(folder: Path) -> None:
    write(folder, "1.html", issue(1))
    keys = '\n[files]\ninstead = { "1.html" = "../../etc/passwd" }\n'
    assert "outside of the folder" in refused(small.bring_in(folder, small.PROFILE + keys)).reason


def test_an_empty_folder_and_a_missing_one_are_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(service.NothingToImport, match=r"No file in .* fits"):
        small.bring_in(tmp_path / "in")
    with pytest.raises(service.NothingToImport, match="There is no folder"):
        small.bring_in(tmp_path / "no")


# Pictures.


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def with_picture(folder: Path, src: str, raw: bytes | None) -> Report:
    if raw is not None:
        (folder / "images").mkdir()
        (folder / "images" / "map.png").write_bytes(raw)
    write(folder, "1.html", issue(1, piece("ONE.", f'Text.{LONG} <img src="{src}" alt="A map">')))
    return small.bring_in(folder)


def test_a_picture_beside_the_file_is_taken_along_once(
    folder: Path, settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    report = with_picture(folder, "images/map.png", _png(40, 30))
    assert not report.findings
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.alt) == (40, 30, "A map")
    with picture.file.open() as kept:
        assert kept.read() == _png(40, 30)
    write(folder, "3.html", issue(3, piece("THREE.", '<img src="images/map.png">' + LONG)))
    small.bring_in(folder)
    assert Picture.objects.count() == 1
    assert len(list((tmp_path / "media").rglob("*.png"))) == 1


def test_a_picture_that_a_killed_import_left_half_written_is_written_anew(
    folder: Path, settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    whole = _png(40, 30)
    name = pictures.stored_name(whole, "png")
    (tmp_path / "media" / name).parent.mkdir(parents=True)
    (tmp_path / "media" / name).write_bytes(whole[:20])
    with_picture(folder, "images/map.png", whole)
    assert Picture.objects.get().file.name == name
    assert (tmp_path / "media" / name).read_bytes() == whole


@pytest.mark.parametrize(
    ("src", "raw", "reason"),
    [
        ("images/map.png", None, "there is no such file"),
        ("https://example.org/map.png", None, "there is no such file"),
        ("../../../etc/passwd", None, "there is no such file"),
        ("images/map.png", b"GIF89a not a picture", "no picture that can be read"),
        ("images/map.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG is not taken"),
        ("images/map.png", _png(20_000, 20_000), "no picture that can be read|pixels are too many"),
    ],
)
def test_a_picture_that_cannot_be_taken_is_named_and_its_article_stays(
    folder: Path, src: str, raw: bytes | None, reason: str
) -> None:
    report = with_picture(folder, src, raw)
    (finding,) = report.findings
    assert finding.weight in {Weight.MISSING, Weight.REFUSED}
    assert any(part in finding.reason for part in reason.split("|"))
    assert (finding.file, finding.piece) == ("1.html", "One")
    assert Article.objects.filter(slug="one", live=True).exists()
    assert not Picture.objects.exists()


def test_a_picture_behind_a_link_out_of_the_folder_is_not_taken(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(_png(4, 4))
    (folder / "map.png").symlink_to(tmp_path / "secret.png")
    report = with_picture(folder, "map.png", None)
    assert "outside of the folder" in report.findings[0].reason
    assert not Picture.objects.exists()


def test_a_flood_of_pictures_is_stopped(
    folder: Path, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    monkeypatch.setattr(pictures, "MOST_PICTURES", 3)
    for n in range(6):
        (folder / f"{n}.png").write_bytes(_png(n + 1, 2))
    write(folder, "1.html", issue(1, piece("ONE.", "".join(f'<img src="{n}.png">' for n in range(6)))))
    report = small.bring_in(folder)
    assert Picture.objects.count() == 3
    assert len([f for f in report.refused if "more than 3 pictures" in f.reason]) == 3


# Profiles.


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("case = ", "csae = "), "`heads.csae` is no key of a profile"),
        (("number = 'No", "number = '(No"), "`issue.number`: .* is no regular expression"),
        (
            ('pieces = "one"', 'pieces = "two"'),
            r"`section\[\d\].pieces` must be one of: heads, run-in, one, drop",
        ),
        (("first = 1", 'first = "1"'), r"`volume\[0\].first` must be a number"),
        (('name = "The Lantern"\n', ""), "`title.name` is missing"),
        (("[title]", "[title"), "lantern.toml: "),
    ],
)
def test_a_profile_that_cannot_be_used_says_which_key(
    tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    with pytest.raises(ProfileError, match=reason):
        small.profile(tmp_path / "in", small.PROFILE.replace(*change, 1))


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ProfileError, match="notes-and-queries"):
        find("notes-and-qeries")
    assert load(find("notes-and-queries")).title.name == "Notes and Queries"
