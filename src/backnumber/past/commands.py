"""`backnumber past`: what a publisher types when the rules of reading have changed."""

import os
import sys
from collections import Counter
from typing import Annotated

import typer

from backnumber.edge.render.workers import WorkerLost
from backnumber.past import bulk
from backnumber.past.models import Word

app = typer.Typer(no_args_is_help=True, help="The times, people and places in the articles.")


@app.callback()
def past() -> None:
    """The times, people and places in the articles."""


@app.command("read-again")
def read_again(
    everything: Annotated[
        bool,
        typer.Option("--all/--changed", help="Every article, or those only whose reading is out of date."),
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; each holds one database connection.")
    ] = os.cpu_count() or 1,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be found and lost; change nothing.")
    ] = False,
) -> None:
    """Read articles again, after a change of the rules or of the text. Stopped and run again, it goes on where it stopped.

    What editors accepted, mended and dismissed stays. The worker does the same, a thousand articles a minute: this is quicker.
    """
    try:
        done = bulk.read_again(workers, _show, everything=everything, only_report=dry_run)
    except (WorkerLost, KeyboardInterrupt) as stopped:
        typer.echo(f"\n{stopped or 'Stopped; run the command again to go on.'}", err=True)
        raise typer.Exit(1) from None
    _tell(done, "would be read" if dry_run else "were read")


@app.command()
def words() -> None:
    """Print what editors said of findings, a line each: verdict, kind, words, what it means, and the words around it."""
    for word in Word.objects.order_by("pk").iterator():
        meaning = word.edtf or word.key
        line = (word.verdict, word.kind, word.text, meaning, word.before, word.after)
        typer.echo("\t".join(part.replace("\t", " ").replace("\n", " ") for part in line))


def _show(done: int) -> None:
    """One line that is written over on a terminal; nothing in a log."""
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{done:,} articles", nl=False, err=True)


def _tell(done: bulk.Outcome, verb: str) -> None:
    typer.echo(f"{done.articles:,} articles {verb}.")
    for name, counted in (("Found", done.found), ("Lost", done.lost)):
        typer.echo(f"{name}: {_listed(counted) or 'nothing'}.")
    for line in done.examples:
        typer.echo(f"  {line}")


def _listed(counted: "Counter[str]") -> str:
    return ", ".join(f"{many:,} × {kind}" for kind, many in sorted(counted.items()))
