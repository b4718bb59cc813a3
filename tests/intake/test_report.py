"""The report and the command: what a person reads and what a script can."""

import csv
import io
import json
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from typer.testing import CliRunner

from backnumber.archive.models import Article
from backnumber.intake import profile
from backnumber.intake.commands import app
from backnumber.intake.report import Finding, IssueLine, Report, Tally, Weight
from tests.intake import small
from tests.intake.small import issue, piece, write

run = CliRunner().invoke
DOCS = Path(__file__).resolve().parents[2] / "docs" / "import.md"


def a_report(*findings: Finding) -> Report:
    return Report("The Lantern", False, 1, (IssueLine("1.html", "1851/no-1", Tally(new=2)),), findings)


def test_no_cell_of_the_table_can_be_a_formula() -> None:
    table = a_report(Finding(Weight.DOUBTFUL, "=1.html", 3, "+CMD()", '@SUM(A1)\t"x"\n=y')).as_tsv()
    header, row = list(csv.reader(io.StringIO(table), delimiter="\t"))
    assert header == ["weight", "file", "line", "piece", "reason"]
    assert row == ["doubtful", "'=1.html", "3", "'+CMD()", '\'@SUM(A1) "x" =y']


def test_a_long_list_is_cut_on_the_terminal_and_whole_in_the_file() -> None:
    report = a_report(*(Finding(Weight.DOUBTFUL, "1.html", n, "", f"reason {n}") for n in range(1, 31)))
    assert "… and 18 more" in report.as_text()
    assert report.as_tsv().count("\n") == 31
    assert len(json.loads(report.as_json())["findings"]) == 30
    assert "1.html:3: reason 3" in report.as_text()


@pytest.mark.django_db
def test_the_command_tells_what_it_did_and_writes_the_report(tmp_path: Path) -> None:
    write(tmp_path / "in", "1.html", issue(1, piece("THE FORTRESS.")))
    small.profile(tmp_path / "in")
    arguments = [
        "html-issues",
        str(tmp_path / "in"),
        "--profile",
        str(tmp_path / "lantern.toml"),
        "--report",
        str(tmp_path / "r.json"),
    ]
    dry = run(app, [*arguments, "--dry-run"])
    assert (dry.exit_code, Article.objects.count()) == (0, 0)
    assert "nothing was written" in dry.stdout
    assert run(app, arguments).exit_code == 0
    assert Article.objects.count() == 1
    assert json.loads((tmp_path / "r.json").read_text())["tally"]["new"] == 1


@pytest.mark.django_db
def test_a_refused_file_is_an_exit_code_of_its_own_and_nothing_to_import_another(tmp_path: Path) -> None:
    write(tmp_path / "in", "1.html", issue(1, date="SATURDAY, JUNE 31, 1851"))
    small.profile(tmp_path / "in")
    arguments = [
        "html-issues",
        str(tmp_path / "in"),
        "--profile",
        str(tmp_path / "lantern.toml"),
        "--report",
        str(tmp_path / "r.tsv"),
    ]
    assert run(app, arguments).exit_code == 3
    assert "is no date" in (tmp_path / "r.tsv").read_text()
    missing = run(app, ["html-issues", str(tmp_path / "no"), "--profile", "notes-and-queries"])
    assert missing.exit_code == 2
    assert "There is no folder" in missing.stderr
    assert "There is no profile" in run(app, ["html-issues", str(tmp_path), "--profile", "x"]).stderr
    assert run(app, ["wxr", str(tmp_path / "no.xml"), "--title", "The Lantern"]).exit_code == 2


def _keys(kind: type, at: str = "") -> list[str]:
    found = []
    for name, hint in get_type_hints(kind).items():
        inner = next((a for a in (hint, *get_args(hint)) if is_dataclass(a)), None)
        found += _keys(inner, f"{at}{name}.") if isinstance(inner, type) else [f"{at}{name}"]
    return found


def test_every_key_of_a_profile_is_documented() -> None:
    keys = _keys(profile.Profile)
    assert len(keys) > 45
    documented = set(re.findall(r"^\| `([a-z_.]+)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(keys) == documented


def test_every_weight_of_a_finding_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert all(f"**{weight}**" in text for weight in Weight)
    assert {f.name for f in fields(Finding)} == {"weight", "file", "line", "piece", "reason"}


def test_the_profile_in_the_documentation_can_be_used(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    assert small.profile(tmp_path / "in", example[1]).title.slug
