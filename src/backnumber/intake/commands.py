"""`backnumber import …`: what a publisher types, with the help that teaches it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from backnumber.intake import service
from backnumber.intake.profile import ProfileError, find, load
from backnumber.intake.report import Report

app = typer.Typer(
    no_args_is_help=True,
    help="""Bring an old archive in: HTML files of whole issues, or a WordPress export.

    Try it first with --dry-run: the same report, and nothing is written. An import that was stopped goes on when it
    is run again; one that is run again when nothing has changed changes nothing; what editors have corrected stays.
    docs/import.md tells how to write a profile for a magazine of your own.""",
)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Read everything and report; write nothing.")]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report", help="Write the whole report here: .tsv, one line a finding, or .json.", dir_okay=False
    ),
]

REFUSED_SOME = 3


@app.command("html-issues")
def html_issues(
    folder: Annotated[Path, typer.Argument(help="The folder of files, one an issue.")],
    profile: Annotated[
        str,
        typer.Option(help="The TOML file that says how they are read, or the name of one that comes along."),
    ],
    dry_run: DryRun = False,
    report: ReportFile = None,
) -> None:
    """Import a folder in which every HTML file is one issue.

    For instance: backnumber import html-issues scans/ --profile notes-and-queries --dry-run

    Ends with 0 when every file was brought in, with 3 when some were refused (each is named with line and
    reason; the rest is in), with 2 when nothing could be done.
    """
    try:
        _refuse_unwritable(report)
        read = load(find(profile))
        made = service.import_html_issues(folder, read, dry_run=dry_run, progress=_show)
    except (ProfileError, service.NothingToImport, service.Busy, Unwritable) as error:
        raise _ended(error) from None
    _tell(made, report)


@app.command("wxr")
def wxr(
    file: Annotated[Path, typer.Argument(help="The export: in WordPress, Tools → Export → All content.")],
    title: Annotated[
        str, typer.Option(help="The magazine its posts go to: its name, or its address in the archive.")
    ],
    media: Annotated[
        Path | None,
        typer.Option(
            help="A copy of wp-content/uploads. Without it pictures are listed; nothing is fetched."
        ),
    ] = None,
    also: Annotated[
        list[Path] | None,
        typer.Option(
            help="Another file of the same export, for its pictures and authors; may be given again."
        ),
    ] = None,
    dry_run: DryRun = False,
    report: ReportFile = None,
) -> None:
    """Import the posts of a WordPress export, grouped into issues by month.

    For instance: backnumber import wxr export.xml --title "The Hourglass" --media uploads/

    Only posts that were published there without a password are published here; drafts, scheduled, private and
    protected ones come in unpublished and are listed. Ends with 0, or with 3 when some of it was refused.
    """
    try:
        _refuse_unwritable(report)
        made = service.import_wxr(
            file, title=title, media=media, also=also or (), dry_run=dry_run, progress=_show
        )
    except (service.NothingToImport, service.Busy, Unwritable) as error:
        raise _ended(error) from None
    _tell(made, report)


class Unwritable(OSError):
    """The report cannot be written where it should be."""


def _refuse_unwritable(file: Path | None) -> None:
    """A report that cannot be written is said before the work, not after it. Errors: Unwritable."""
    if file is None:
        return
    try:
        file.open("a", encoding="utf-8").close()
    except OSError as error:
        raise Unwritable(f"The report cannot be written to {file}: {error.strerror}.") from None


def _ended(error: Exception) -> typer.Exit:
    typer.secho(str(error), err=True, fg=typer.colors.RED)
    return typer.Exit(2)


def _show(step: service.Step) -> None:
    """One line that is written over on a terminal; nothing in a log."""
    if sys.stderr.isatty():
        end = "\n" if step.done == step.of else ""
        typer.echo(
            f"\r\033[K{step.done} of {step.of}: {step.what}, {step.articles} articles{end}",
            nl=False,
            err=True,
        )


def _tell(made: Report, file: Path | None) -> None:
    typer.echo(made.as_text())
    if file is not None:
        file.write_text(made.as_json() if file.suffix == ".json" else made.as_tsv(), encoding="utf-8")
    if not made.is_whole:
        raise typer.Exit(REFUSED_SOME)
