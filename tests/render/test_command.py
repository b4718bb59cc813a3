"""`backnumber render`: all pages or some, again and again, killed in the middle."""

import os
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from typer.testing import CliRunner

from backnumber.archive.models import Article
from backnumber.cli.commands import app
from backnumber.edge.render import bulk, service
from backnumber.edge.render.models import PageRow
from backnumber.edge.render.rules import Disagreement
from backnumber.website import rendered_articles as of_articles
from tests import making

pytestmark = pytest.mark.django_db
runner = CliRunner()


def render(*words: str, ends_with: int = 0) -> str:
    ran = runner.invoke(app, ["render", "--workers", "1", *words])
    assert ran.exit_code == ends_with, ran.output
    return " ".join(ran.output.split())


@pytest.fixture
def archive(db: None) -> list[Article]:
    """Three articles in two issues of 1999 and 1960, and one of a sister title."""
    first = making.issue(date(1999, 9, 1))
    sister = making.issue(date(1960, 3, 1), of=making.title("The Sandglass"))
    made = [making.article(f"Siege {number}", of=of) for number, of in enumerate((first, first, sister))]
    making.article("Draft", of=first, live=False)
    return made


PAGES = 3 + 2 + 1 + 1 + 2 + 2 + 2 + 1 + 1 + 1 + 1
"""Articles, issues, home, archive, decades, titles, years, sections, the section, contributors, the contributor."""


def test_every_page_is_rendered_once_and_again_only_when_it_must_be(archive: list[Article]) -> None:
    assert f"{PAGES} of {PAGES} pages would be rendered" in render("--dry-run")
    assert not PageRow.objects.exists()
    told = render()
    assert re.search(rf"{PAGES} pages rendered in [\d.]+ s: [\d.]+ a second", told)
    assert PageRow.objects.count() == PAGES
    assert f"0 pages rendered in 0.0 s. {PAGES} were good already" in render()
    Article.objects.filter(pk=archive[0].pk).update(body=archive[0].body, lead_in_ends_after=1)
    again = render("--dry-run")
    assert f"of {PAGES} pages would be rendered" in again
    assert int(again.split()[0]) in {1, 2}, "the article, and the front page when it leads there"
    render()
    assert f"0 of {PAGES}" in render("--dry-run")
    assert f"{PAGES} pages rendered" in render("--all")


@pytest.mark.parametrize(
    ("words", "many"),
    [
        (["--kind", "article"], 3),
        (["--kind", "article", "--kind", "issue"], 5),
        (["--title", "the-sandglass"], 4),
        (["--title", "/archive/the-sandglass/"], 4),
        (["--issue", "the-hourglass/1999/september"], 3),
        (["--issue", "the-hourglass/1999/september", "--kind", "issue"], 1),
        (["--title", "nothing"], 0),
    ],
)
def test_some_pages_are_chosen(archive: list[Article], words: list[str], many: int) -> None:
    assert f"{many} of {many} pages would be rendered" in render("--dry-run", *words)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--kind", "sonnet"], "there is no kind sonnet"),
        (["--title", "a", "--issue", "a/1999/b"], "say --title or --issue"),
        (["--workers", "0"], "Invalid value for '--workers'"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(words: list[str], says: str) -> None:
    assert says in render(*words, ends_with=2).replace("│ ", "")


def test_a_page_that_cannot_be_rendered_holds_up_no_other(
    archive: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = archive[1].get_absolute_url()
    real = of_articles.denials

    def jam(asked: object, now: object) -> object:
        if getattr(asked, "article", 0) == archive[1].pk:
            raise Disagreement("on purpose")
        return real(asked, now)  # type: ignore[arg-type]

    monkeypatch.setattr(of_articles, "denials", jam)
    told = render("--kind", "article", ends_with=3)
    assert "2 pages rendered" in told
    assert f"1 could not be rendered; the log says why. The first: {broken}" in told


def test_what_is_withdrawn_meanwhile_is_no_failure(archive: list[Article]) -> None:
    addresses, _ = bulk.find(bulk.Wanted(("article",)), timezone.now())
    Article.objects.filter(pk=archive[0].pk).update(live=False)
    done = bulk.render_all(addresses, 1, lambda done, of: None)
    assert (done.pages, done.gone, done.failed) == (2, 1, [])


# A process of its own, on the tests' database: `backnumber render` as a publisher runs it.
COMMAND = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "backnumber.edge_of_tests"
import types
from backnumber import settings
module = types.ModuleType("backnumber.edge_of_tests")
vars(module).update({name: value for name, value in vars(settings).items() if name.isupper()})
module.DATABASES = {"default": {**settings.DATABASES["default"], "NAME": os.environ["DATABASE_OF_TESTS"]}}
sys.modules["backnumber.edge_of_tests"] = module
from backnumber.edge.render import build
build.build = lambda: "of tests"  # the program may be edited while its tests run
from backnumber.cli import main
if __name__ == "__main__":
    sys.argv[0] = "backnumber"
    main()
"""


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    script = tmp_path / "render.py"
    script.write_text(COMMAND)
    return [sys.executable, str(script), "render"]


MANY = 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_in_the_middle_and_run_again_it_goes_on(command: list[str], workers: int) -> None:
    first = making.issue(date(1999, 9, 1))
    for number in range(MANY):
        making.article(f"Siege {number}", of=first, section=None)
    wanted = ["--kind", "article", "--workers", str(workers)]
    database = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "BACKNUMBER_VAR": str(settings.VAR), "DATABASE_OF_TESTS": database}
    with subprocess.Popen([*command, *wanted], env=environment, start_new_session=True) as run:
        deadline = time.monotonic() + 200
        while PageRow.objects.count() < 10 and time.monotonic() < deadline:
            time.sleep(0.02)
        run.kill()
    wait_for_all(run.pid)
    at_its_end = PageRow.objects.count()
    assert 10 <= at_its_end < MANY, "the control: it was killed in the middle"
    kept = dict(PageRow.objects.values_list("address", "xid"))
    ran = subprocess.run([*command, *wanted], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert f"{MANY - at_its_end} pages rendered" in ran.stdout
    assert f"{at_its_end} were good already" in ran.stdout
    now = dict(PageRow.objects.values_list("address", "xid"))
    assert len(now) == MANY
    assert {address: now[address] for address in kept} == kept, "what was good was not rendered again"


def wait_for_all(group: int) -> None:
    """The other processes end with the one that was killed, as soon as their batch is done."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("a process goes on that nobody has ordered to")


def test_the_worker_sweeps_every_night(db: None) -> None:
    found = {task.task.name: task.cron for task in queue.periodic_registry.periodic_tasks.values()}
    assert found["backnumber.edge.render.tasks.sweep"] == "43 3 * * *"
    assert service.sweep(timezone.now()) == (0, 0)
