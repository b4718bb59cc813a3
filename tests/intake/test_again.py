"""An import run again: nothing changes, a changed source updates, an editor's correction stays, a killed one
goes on.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from backnumber.archive.blocks import Paragraph, to_stream
from backnumber.archive.models import Article, Contributor, Issue
from backnumber.intake import rules, service
from backnumber.intake.models import Source
from backnumber.intake.report import Weight
from tests.intake import small
from tests.intake.small import issue, piece, write


@pytest.mark.django_db
class TestRunAgain:
    def test_a_second_run_changes_nothing_and_says_so(self, tmp_path: Path) -> None:
        folder = small.many(tmp_path / "in", 3)
        first = small.bring_in(folder)
        before = small.rows()
        second = small.bring_in(folder)
        assert (first.changes, second.changes) == (36, 0)
        assert second.tally.unchanged == 36
        assert "Nothing has changed" in second.as_text()
        assert small.rows() == before

    def test_a_dry_run_reports_the_same_and_writes_nothing(self, tmp_path: Path) -> None:
        folder = small.many(tmp_path / "in", 3)
        write(folder, "9.html", issue(9, date="SATURDAY, JANUARY 32, 1851"))
        empty = small.rows()
        dry = small.bring_in(folder, dry_run=True)
        assert small.rows() == empty
        wet = small.bring_in(folder)
        assert (dry.tally, dry.issues, dry.findings) == (wet.tally, wet.issues, wet.findings)
        assert (dry.new_contributors, dry.new_sections) == (wet.new_contributors, wet.new_sections)

    def test_a_dry_run_of_a_changed_source_reports_the_same_too(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("ONE."), piece("TWO.")))
        small.bring_in(tmp_path / "in")
        write(tmp_path / "in", "1.html", issue(1, piece("ONE.", "Changed."), piece("THREE.", "Quite new.")))
        before = small.rows()
        dry = small.bring_in(tmp_path / "in", dry_run=True)
        assert small.rows() == before
        wet = small.bring_in(tmp_path / "in")
        assert (dry.tally, dry.findings) == (wet.tally, wet.findings)
        assert (wet.tally.new, wet.tally.updated) == (1, 1)

    def test_a_changed_source_updates_the_article_and_its_address_stays(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRES.", "Old."), piece("TWO.")))
        small.bring_in(tmp_path / "in")
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "New."), piece("TWO.")))
        report = small.bring_in(tmp_path / "in")
        article = Article.objects.get(slug="the-fortres")
        assert (article.headline, article.words) == ("The Fortress", 1)
        assert (report.tally.new, report.tally.updated, report.tally.unchanged) == (0, 1, 1)
        assert not report.of(Weight.GONE)

    def test_an_editors_correction_stays_and_the_conflict_is_listed(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "Old.")))
        small.bring_in(tmp_path / "in")
        article = Article.objects.get()
        article.body = to_stream([Paragraph("The editor's.")], "x")
        article.save()
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "New.", by="T. J.")))
        report = small.bring_in(tmp_path / "in")
        article.refresh_from_db()
        assert "The editor's." in str(article.body.raw_data)
        assert article.byline == "T. J."
        (conflict,) = report.of(Weight.CONFLICT)
        assert "body" in conflict.reason
        assert (conflict.file, conflict.piece) == ("1.html", "The Fortress")

    def test_an_editors_correction_that_the_source_does_not_touch_is_no_conflict(
        self, tmp_path: Path
    ) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "Old.")))
        small.bring_in(tmp_path / "in")
        Article.objects.update(headline="The Fortress of Rhodes")
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "New.")))
        report = small.bring_in(tmp_path / "in")
        article = Article.objects.get()
        assert article.headline == "The Fortress of Rhodes"
        assert "New." in str(article.body.raw_data)
        assert not report.of(Weight.CONFLICT)

    def test_an_editors_unpublished_draft_is_not_overtaken(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "Old.")))
        small.bring_in(tmp_path / "in")
        article = Article.objects.get()
        article.headline = "A draft"
        article.save_revision()
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "New.")))
        report = small.bring_in(tmp_path / "in")
        assert "draft" in report.of(Weight.CONFLICT)[0].reason
        assert "Old." in str(Article.objects.get().body.raw_data)

    def test_an_editors_next_edit_starts_from_what_the_source_changed(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "Old.")))
        small.bring_in(tmp_path / "in")
        Article.objects.get().save_revision().publish()
        write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.", "New.")))
        small.bring_in(tmp_path / "in")
        article = Article.objects.get()
        assert "New." in str(article.body.raw_data)
        assert "New." in str(article.get_latest_revision_as_object().body.raw_data)
        assert article.live
        assert not article.has_unpublished_changes

    def test_an_article_an_editor_deleted_does_not_come_back(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("ONE."), piece("TWO.")))
        small.bring_in(tmp_path / "in")
        Article.objects.get(slug="one").delete()
        write(tmp_path / "in", "1.html", issue(1, piece("ONE.", "Changed."), piece("TWO.")))
        report = small.bring_in(tmp_path / "in")
        assert list(Article.objects.values_list("slug", flat=True)) == ["two"]
        assert "an editor deleted the article" in small.reasons(report)

    def test_a_piece_that_left_the_source_is_listed_and_stays(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("ONE."), piece("A WHOLLY OTHER THING.", "Xyz.")))
        small.bring_in(tmp_path / "in")
        write(tmp_path / "in", "1.html", issue(1, piece("ONE.")))
        report = small.bring_in(tmp_path / "in")
        assert [f.piece for f in report.of(Weight.GONE)] == ["A Wholly Other Thing"]
        assert Article.objects.count() == 2

    def test_a_contributor_the_editor_renamed_is_found_by_the_name_in_print(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("ONE.", by="T. J.")))
        small.bring_in(tmp_path / "in")
        Contributor.objects.update(name="Thomas Jones", variants="T. J.")
        write(tmp_path / "in", "2.html", issue(2, piece("TWO.", by="T. J.")))
        small.bring_in(tmp_path / "in")
        assert Contributor.objects.count() == 1
        assert Article.objects.get(slug="two").authorships.get().contributor.name == "Thomas Jones"

    def test_a_changed_profile_reads_the_files_again(self, tmp_path: Path) -> None:
        write(tmp_path / "in", "1.html", issue(1, piece("ON THE WALL.")))
        small.bring_in(tmp_path / "in")
        report = small.bring_in(
            tmp_path / "in", small.PROFILE.replace('case = "title"\nignore', 'case = "as printed"\nignore')
        )
        assert report.tally.updated == 1
        assert Article.objects.get().headline == "ON THE WALL"

    def test_an_issue_that_cannot_be_filed_leaves_nothing_half_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = small.many(tmp_path / "in", 3)
        make, calls = rules.digests, []

        def failing(values: dict[str, object]) -> dict[str, str]:
            calls.append(values)
            if len(calls) == 20:
                raise OSError("the disk is full")
            return make(values)

        monkeypatch.setattr(rules, "digests", failing)
        report = small.bring_in(folder)
        assert [f.file for f in report.refused] == ["002.html"]
        assert "the disk is full" in report.refused[0].reason
        assert sorted(Issue.objects.values_list("slug", flat=True)) == ["no-1", "no-3"]
        assert Article.objects.count() == 24
        monkeypatch.undo()
        assert small.bring_in(folder).tally.new == 12

    def test_two_imports_of_one_title_at_once_are_refused(self, tmp_path: Path) -> None:
        folder = small.many(tmp_path / "in", 1)
        small.bring_in(folder)
        title = Source.objects.get().title_id
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [service.LOCK, title])
            with pytest.raises(service.Busy, match="Another import of The Lantern"):
                small.bring_in(folder)
        finally:
            other.close()


STARTER = """
import os, sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from pathlib import Path
from tests.intake import small
for line in sys.stdin:
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        small.bring_in(Path(sys.argv[2]), progress=lambda step: print(step.done, flush=True))
        os._exit(0)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which what is written stays, for processes of their own; emptied of it afterwards."""
    with django_db_blocker.unblock():
        _empty()
        yield
        _empty()
        connection.close()


@pytest.mark.usefixtures("committed")
def test_killed_at_ten_moments_and_run_again_the_rows_are_those_of_a_run_in_peace(tmp_path: Path) -> None:
    folder = small.many(tmp_path / "in", 24)
    chance = random.Random(1849)
    with _starter(folder) as starter:
        alive = [_run_and_kill(starter, chance.randint(0, 2), chance.uniform(0.0, 0.1)) for _ in range(10)]
        starter.stdin.close()  # type: ignore[union-attr]
    assert sum(alive) >= 8, "the import must have been stopped on its way"
    assert not Source.objects.filter(fingerprint="").exists()
    small.bring_in(folder)
    interrupted = small.digest()
    _empty()
    small.bring_in(folder)
    assert small.digest() == interrupted
    assert Article.objects.count() == 24 * 12


def _starter(folder: Path) -> "subprocess.Popen[str]":
    """A process that has loaded everything and starts an import, a process of its own, for each line it is
    given.
    """
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, connection.settings_dict["NAME"], str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "backnumber.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )


def _run_and_kill(starter: "subprocess.Popen[str]", after: int, pause: float) -> bool:
    """Kills a real import `pause` seconds after it has filed `after` more issues than were there; whether it
    was alive.
    """
    assert starter.stdin is not None
    assert starter.stdout is not None
    filed = Source.objects.count()
    starter.stdin.write("go\n")
    starter.stdin.flush()
    child = int(starter.stdout.readline())
    said = ""
    while said != "ended" and not (said and int(said) >= filed + after):
        said = starter.stdout.readline().strip()
    time.sleep(pause)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    alive = True
    while said != "ended":
        said = starter.stdout.readline().strip()
        alive = alive and said != "24"
    assert all(issue.articles.count() == 12 for issue in Issue.objects.all())
    return alive


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE archive_title, archive_contributor, archive_section CASCADE")
