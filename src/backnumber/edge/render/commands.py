"""`backnumber render`: what a publisher types to have pages stored before anybody asks for them."""

import os
import sys
import time
from typing import Annotated

import typer
from django.utils import timezone

from backnumber.edge.render import bulk
from backnumber.edge.render.workers import WorkerLost

FAILED_SOME = 3


def render(
    anew: Annotated[
        bool,
        typer.Option("--all/--missing", help="Every page anew, or those only that are not there or void."),
    ] = False,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only pages of this kind; may be said several times.")
    ] = None,
    title: Annotated[
        str, typer.Option(help="Only pages of this title, by its address in the archive: the-hourglass.")
    ] = "",
    issue: Annotated[
        str, typer.Option(help="Only pages of this issue, by its address: the-hourglass/1999/september.")
    ] = "",
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; each holds one database connection.")
    ] = os.cpu_count() or 1,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many it would render; render nothing.")
    ] = False,
) -> None:
    """Render pages and store them, so that no reader waits for one. Stopped and run again, it goes on where it stopped.

    A page that is not stored is rendered when it is first asked for: this is never needed, and is quickest after an
    import or an upgrade. Ends with 3 when some pages could not be rendered.
    """
    wanted = bulk.Wanted(_known(kind or []), _below(title, issue), anew)
    addresses, of = bulk.find(wanted, timezone.now())
    if dry_run:
        typer.echo(f"{len(addresses):,} of {of:,} pages would be rendered.")
        return
    began = time.monotonic()
    try:
        done = bulk.render_all(addresses, min(workers, max(len(addresses), 1)), _show)
    except (WorkerLost, KeyboardInterrupt) as stopped:
        typer.echo(f"\n{stopped or 'Stopped; run the command again to go on.'}", err=True)
        raise typer.Exit(1) from None
    _tell(done, of - len(addresses), time.monotonic() - began)


def _known(kinds: list[str]) -> tuple[str, ...]:
    for kind in kinds:
        if kind not in bulk.kinds():
            raise typer.BadParameter(f"there is no kind {kind}; there are {', '.join(bulk.kinds())}")
    return tuple(kinds)


def _below(title: str, issue: str) -> str:
    if title and issue:
        raise typer.BadParameter("say --title or --issue: an issue's address holds its title")
    within = (issue or title).strip("/").removeprefix("archive/")
    return f"/archive/{within}/" if within else "/"


def _show(done: int, of: int) -> None:
    """One line that is written over on a terminal; nothing in a log."""
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{done:,} of {of:,} pages{'' if done < of else chr(10)}", nl=False, err=True)


def _tell(done: bulk.Outcome, good: int, seconds: float) -> None:
    pace = f": {done.pages / seconds:,.1f} a second" if done.pages and seconds else ""
    were_good = f" {good:,} were good already." if good else ""
    typer.echo(f"{done.pages:,} pages rendered in {seconds:,.1f} s{pace}.{were_good}")
    if done.failed:
        typer.echo(
            f"{len(done.failed):,} could not be rendered; the log says why. The first: {done.failed[0]}",
            err=True,
        )
        raise typer.Exit(FAILED_SOME)
