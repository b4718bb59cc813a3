"""Whatever a stranger's files hold, one bad thing costs one piece and one line of the report, never the import or the report."""

import base64
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backnumber.archive.models import Article, Picture
from backnumber.intake import pieces
from backnumber.intake.commands import app
from backnumber.intake.filing import Filing
from backnumber.intake.profile import ProfileError
from backnumber.intake.report import Weight
from tests.intake import small
from tests.intake.small import issue, piece, write

run = CliRunner().invoke


def slugs() -> set[str]:
    return set(Article.objects.values_list("slug", flat=True))


@pytest.mark.django_db
class TestOnePiece:
    def test_a_picture_written_into_the_page_is_taken(self, tmp_path: Path) -> None:
        data = base64.b64encode(small.png()).decode()
        body = f'<p>Text.</p><p><img src="data:image/png;base64,{data}" alt="A lamp"></p>'
        write(tmp_path / "in", "1.html", issue(1, "<h3>ONE.</h3>", body))
        report = small.bring_in(tmp_path / "in")
        assert not report.refused
        assert Picture.objects.get().alt == "A lamp"

    def test_a_picture_written_into_the_page_that_is_none_costs_itself(self, tmp_path: Path) -> None:
        body = f'<p>Text.</p><p><img src="data:image/png;base64,{"A" * 9000}"></p>'
        write(tmp_path / "in", "1.html", issue(1, "<h3>ONE.</h3>", body, piece("TWO.")))
        report = small.bring_in(tmp_path / "in")
        assert slugs() == {"one", "two"}
        (finding,) = report.refused
        assert "no picture that can be read" in finding.reason
        assert len(str(finding)) < 400

    @pytest.mark.parametrize("src", ["x" * 5000 + ".png", "a\0b.png", "http://[broken/x.png", "loop/x.png"])
    def test_a_picture_whose_address_is_broken_is_missing(self, tmp_path: Path, src: str) -> None:
        body = f'<p>Text.</p><p><img src="{src}"></p>'
        write(tmp_path / "in", "1.html", issue(1, "<h3>ONE.</h3>", body))
        (tmp_path / "in" / "loop").symlink_to(tmp_path / "in" / "loop")
        report = small.bring_in(tmp_path / "in")
        assert slugs() == {"one"}
        assert len([f for f in report.findings if "picture" in f.reason]) == 1
        assert not report.of(Weight.LOST)

    def test_a_file_that_is_a_link_in_a_circle_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "2.html", issue(2))
        (tmp_path / "in" / "1.html").symlink_to(tmp_path / "in" / "1.html")
        (finding,) = small.bring_in(tmp_path / "in").refused
        assert finding.file == "1.html"
        assert "in a circle" in finding.reason
        assert slugs() == {"the-fortress", "the-bridge"}

    @pytest.mark.parametrize("tag", ["div", "font", "span", "section", "big"])
    def test_tags_that_are_never_closed_cost_one_line_and_no_text(self, tmp_path: Path, tag: str) -> None:
        many = "\n".join(f"<{tag}>canary{n} stands here" for n in range(300))
        write(tmp_path / "in", "1.html", issue(1, "<hr><h3>ONE.</h3><p>Text.</p>", many, piece("TWO.")))
        report = small.bring_in(tmp_path / "in")
        assert slugs() == {"one", "two"}
        assert len([f for f in report.findings if "never closed" in f.reason]) == 1
        assert not report.of(Weight.LOST)

    def test_a_piece_that_cannot_be_read_costs_itself(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make = pieces._piece

        def failing(draft: pieces._Draft, *rest: object) -> pieces.PieceRead:
            if "TWO" in draft.head:
                raise KeyError("a mistake of ours")
            return make(draft, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(pieces, "_piece", failing)
        write(tmp_path / "in", "1.html", issue(1, piece("ONE."), piece("TWO."), piece("THREE.")))
        report = small.bring_in(tmp_path / "in")
        assert slugs() == {"one", "three"}
        (finding,) = report.refused
        assert (finding.file, finding.line) == ("1.html", 11)
        assert "no article could be made of it" in finding.reason
        assert report.words.lost > 0

    def test_a_piece_that_cannot_be_filed_costs_itself(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make = Filing._article

        def failing(filing: Filing, one: object, *rest: object) -> Article:
            if one.slug == "two":  # type: ignore[attr-defined]
                raise ValueError("no field holds this")
            return make(filing, one, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(Filing, "_article", failing)
        write(tmp_path / "in", "1.html", issue(1, piece("ONE."), piece("TWO."), piece("THREE.")))
        report = small.bring_in(tmp_path / "in")
        assert slugs() == {"one", "three"}
        assert [f.piece for f in report.refused] == ["Two"]
        assert Article.objects.get(slug="three").authorships.count() == 1


@pytest.mark.django_db
def test_the_report_is_written_when_an_import_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.many(tmp_path / "in", 3, pieces=1)
    small.profile(tmp_path / "in")
    make, calls = Filing.file, []

    def stopping(filing: Filing, *rest: object) -> object:
        calls.append(rest)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return make(filing, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Filing, "file", stopping)
    arguments = ["html-issues", str(tmp_path / "in"), "--profile", str(tmp_path / "lantern.toml")]
    ran = run(app, [*arguments, "--report", str(tmp_path / "r.tsv")])
    assert ran.exit_code == 3
    assert "stopped here" in (tmp_path / "r.tsv").read_text()
    assert Article.objects.count() == 1
    monkeypatch.undo()
    run(app, arguments)
    assert Article.objects.count() == 3


@pytest.mark.django_db
def test_a_report_that_cannot_be_written_is_said_before_anything_is_done(tmp_path: Path) -> None:
    write(tmp_path / "in", "1.html", issue(1))
    small.profile(tmp_path / "in")
    arguments = ["html-issues", str(tmp_path / "in"), "--profile", str(tmp_path / "lantern.toml")]
    ran = run(app, [*arguments, "--report", str(tmp_path / "nowhere" / "r.tsv")])
    assert ran.exit_code == 2
    assert "nowhere" in ran.stderr
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("(?P<year>\\d{4})", "(\\d{4})", "`issue.date[0]`? lacks the group (?P<year>…)"),
        ("(?P<place>.*", "(.*", "lacks the group (?P<place>…)"),
        ('case = "title"\nignore', 'case = "titel"\nignore', "must be one of: as printed, title"),
        ("[notes]", "[note]", "did you mean `notes`?"),
        ('selectors = ["p.footnote"]', 'selectors = "p.footnote"', "selectors = ['p.footnote']"),
        ('selectors = ["p.footnote"]', 'selectors = ["div p"]', "is no selector"),
        ("unlink = [", 'drop_text = ["("]\nunlink = [', "Cannot overwrite"),
        ("['licence of the scanner']", "['']", "an empty pattern fits everything"),
        ("['licence of the scanner']", "['(']", "is no regular expression"),
        ("['licence of the scanner']", '["\\d"]', "single quotes"),
        ("[issue]", "[issue]\nslug = 'no-{nummer}'", "{number}, {volume}"),
        ("[issue]", "[issue]\nslug = 'number'", "one address"),
        ("[issue]", "[issue]\nslug = '{number.x}'", "in braces"),
        ("[issue]", "[issue]\nmonths = ['Januar']", "twelve"),
        ("[issue]", "[issue]\nweekdays = ['Montag']", "seven"),
        ("first = 1", "first = 51", "its first issue is 51, its last 50"),
        ("[[volume]]", "[volume]", "[[volume]] with two brackets"),
        ('name = "Minor Queries"', 'name = "notes"', "there twice"),
        ('slug = "the-lantern"', 'slug = "The Lantern!"', "letters, digits and hyphens"),
        ('name = "The Lantern"', 'name = ""', "`title.name` is empty"),
        ('name = "The Lantern"', "name = 7", "must be a text"),
        ("[heads]", "[files]\npattern = '../*.html'\n[heads]", "inside the folder"),
        ("[heads]", "[files]\npattern = ''\n[heads]", "inside the folder"),
    ],
)
def test_a_profile_with_one_mistake_is_told_so_when_it_is_loaded(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in small.PROFILE
    with pytest.raises(ProfileError) as error:
        small.profile(tmp_path / "in", small.PROFILE.replace(old, new, 1))
    assert says.replace("`issue.date[0]`? ", "") in str(error.value)
    assert str(error.value).startswith("lantern.toml: ")


def test_a_signature_without_a_place_is_a_name_where_the_place_may_be_missing(tmp_path: Path) -> None:
    split = "split = '(?P<name>[^,]+)(?:, (?P<place>.+))?'"
    text = "\n".join(split if line.startswith("split") else line for line in small.PROFILE.split("\n"))
    assert small.profile(tmp_path / "in", text).signature.split
