"""`backnumber prove-gate`: what a publisher types to see for themselves that nothing leaks."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from django.conf import settings

from backnumber.prove import clearing, table
from backnumber.prove.proving import Result, prove
from backnumber.prove.row import Row
from backnumber.prove.rows import ALL


def prove_gate(
    address: Annotated[
        list[str] | None,
        typer.Option(help="Where to ask; may be said several times. Unset: BACKNUMBER_ADDRESS."),
    ] = None,
    row: Annotated[
        list[int] | None, typer.Option(help="Only rows of this number; may be said several times.")
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Write everything that was found here, as JSON.", dir_okay=False),
    ] = None,
    clean: Annotated[
        bool, typer.Option("--clean", help="Only remove what an earlier run left that was killed.")
    ] = False,
) -> None:
    """Ask the running site for throw-away articles in every way a gate leaks, and print what came back.

    It makes a title full of words that stand nowhere else, and readers who may and may not read it; asks as each of them over
    plain sockets; and removes it all again. No mail goes out. Run it beside the installation, with the same settings.
    Ends with 0 when every row holds, with 1 when one does not, with 2 when nobody answers.
    """
    if clean:
        typer.echo(f"{clearing.clear():,} throw-away articles were removed, with their readers.")
        return
    signal.signal(signal.SIGTERM, _stopped)  # so that what was planted is cleared away
    rows = _chosen(row or [])
    proofs, good = [], True
    for one in address or [settings.ADDRESS]:
        results = _proved(one, rows)
        good = good and all(result.is_good for result in results)
        proofs.append(table.as_json(results, one))
    if json is not None:
        json.write_text(table.written(proofs), encoding="utf-8")
    raise typer.Exit(0 if good else 1)


def _chosen(numbers: list[int]) -> list[Row]:
    unknown = set(numbers) - {row.number for row in ALL}
    if unknown:
        raise typer.BadParameter(f"there is no row {', '.join(map(str, sorted(unknown)))}")
    return [row for row in ALL if not numbers or row.number in numbers]


def _proved(address: str, rows: list[Row]) -> list[Result]:
    try:
        results = prove(address, settings.ADDRESS, rows, _show)
    except (OSError, ValueError) as error:
        typer.echo(f"{address} cannot be asked: {error}", err=True)
        raise typer.Exit(2) from None
    _show(None)
    typer.secho(f"\n{address}", bold=True)
    typer.echo(table.as_table(results))
    return results


def _show(row: Row | None) -> None:
    """One line that is written over on a terminal; nothing in a log."""
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{f'{row.number}: {row.way}' if row else ''}", nl=False, err=True)


def _stopped(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
