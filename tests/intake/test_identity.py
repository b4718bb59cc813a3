"""An issue, a piece, a post is known by what its source says: what anybody mends, there or here, imports nothing twice, and what an
editor deleted stays away.
"""

from datetime import date
from pathlib import Path

import pytest

from backnumber.archive.models import Article, Issue, Title
from backnumber.intake.report import Weight
from tests.intake import small
from tests.intake.small import issue, piece, write
from tests.intake.test_wordpress import bring_in, export, post

pytestmark = pytest.mark.django_db

PIECES = (piece("THE FORTRESS."), piece("THE BRIDGE.", by="T. J."), piece("THE WELL.", "Deep it was."))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", "1.html", issue(1, *PIECES))
    small.bring_in(tmp_path / "in")
    return tmp_path / "in"


def test_a_number_mended_in_the_file_imports_nothing_again(folder: Path) -> None:
    write(folder, "1.html", issue(1, *PIECES).replace("No. 1<", "No. 7<"))
    report = small.bring_in(folder)
    assert Issue.objects.get().number == "7"
    assert Article.objects.count() == 3
    assert (report.tally.new, report.tally.unchanged) == (0, 3)
    assert not report.of(Weight.GONE)
    assert small.bring_in(folder).changes == 0


def test_a_date_mended_in_the_file_moves_the_issue(folder: Path) -> None:
    write(folder, "1.html", issue(1, *PIECES, date="SATURDAY, JANUARY 10, 1852"))
    report = small.bring_in(folder)
    assert Issue.objects.get().sort_date == date(1852, 1, 10)
    assert report.tally.new == 0


def test_what_an_editor_mends_in_an_issue_imports_nothing_again(folder: Path) -> None:
    found = Issue.objects.get()
    found.number, found.slug, found.sort_date = "9", "number-nine", date(1853, 2, 3)
    found.save()
    Title.objects.update(slug="old-lantern", name="The Old Lantern")
    write(folder, "1.html", issue(1, *PIECES[:2], piece("THE WELL.", "Very deep it was.")))
    report = small.bring_in(folder)
    assert Issue.objects.get().slug == "number-nine"
    assert Title.objects.count() == 1
    assert (report.tally.new, report.tally.updated) == (0, 1)


def test_a_deleted_piece_stays_away_when_the_number_is_mended(folder: Path) -> None:
    Article.objects.get(slug="the-well").delete()
    write(folder, "1.html", issue(1, *PIECES).replace("No. 1<", "No. 7<"))
    small.bring_in(folder)
    assert set(Article.objects.values_list("slug", flat=True)) == {"the-fortress", "the-bridge"}


@pytest.mark.parametrize("mended", [False, True])
def test_a_deleted_issue_stays_away(folder: Path, mended: bool) -> None:
    Article.objects.all().delete()
    Issue.objects.all().delete()
    if mended:
        write(folder, "1.html", issue(1, *PIECES[:2], piece("THE WELL.", "Changed.")))
    report = small.bring_in(folder)
    assert not Issue.objects.exists()
    assert "an editor deleted the issue" in small.reasons(report)


def test_a_renamed_file_is_the_same_issue(folder: Path) -> None:
    (folder / "1.html").rename(folder / "first.html")
    report = small.bring_in(folder)
    assert (report.tally.new, Issue.objects.count()) == (0, 1)


def test_another_issue_under_an_old_name_is_another_issue(folder: Path) -> None:
    write(folder, "1.html", issue(2, piece("QUITE OTHER."), piece("NOTHING ALIKE.")))
    report = small.bring_in(folder)
    assert (report.tally.new, Issue.objects.count(), Article.objects.count()) == (2, 2, 5)


def test_a_date_mended_in_the_post_makes_no_second_issue(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1), post(2)))
    report = bring_in(export(tmp_path, post(1, date="2014-01-01 10:00:00"), post(2)))
    assert [i.cover_date for i in Issue.objects.all()] == ["May 2013"]
    assert report.tally.new == 0


def test_a_month_that_an_editor_renamed_takes_the_new_posts(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1)))
    found = Issue.objects.get()
    found.slug, found.cover_date = "spring", "Spring 2013"
    found.save()
    Title.objects.update(slug="old-lantern", name="The Old Lantern")
    bring_in(export(tmp_path, post(1), post(2)))
    assert Issue.objects.get().articles.count() == 2
    assert Title.objects.count() == 1


def test_a_month_that_an_editor_deleted_stays_away(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1)))
    Article.objects.all().delete()
    Issue.objects.all().delete()
    report = bring_in(export(tmp_path, post(1, "Changed.")))
    assert not Issue.objects.exists()
    assert "an editor deleted the article" in small.reasons(report)


def test_a_site_that_moved_to_https_exports_the_same_posts(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1).replace("https://old.example/?p=1", "http://www.old.example/?p=1")))
    report = bring_in(export(tmp_path, post(1)))
    assert (report.tally.new, Article.objects.count()) == (0, 1)
