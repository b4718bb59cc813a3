"""`backnumber chronology read`: what a text tells of, for the eye, for other programs and for those who score it. Needs no database."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from backnumber.chronology import Block, Weight, formats
from backnumber.chronology import read as read_text

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="The times, people, places and events in a text.",
)


@app.callback()
def _group() -> None:
    """The times, people, places and events in a text."""


@app.command()
def read(
    file: Annotated[str, typer.Argument(help="A file of plain text in UTF-8, or - for what comes in.")],
    marked: Annotated[
        bool, typer.Option("--marked", help="Print the text with what was found marked in it.")
    ] = False,
    tml: Annotated[bool, typer.Option("--tml", help="Print TimeML, with the times as TIMEX3.")] = False,
    printed: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of the issue, for words such as “last year”."),
    ] = None,
    titled: Annotated[
        bool, typer.Option("--titled", help="The first line is the headline and counts for more.")
    ] = False,
) -> None:
    """Read a text and print what it tells of, one JSON object a line.

    Each has start, end (characters), text, kind, edtf, lo, hi (years; 1 BC is 0, 44 BC is -43), calendar, rule, confidence,
    label, key and narrative (false for the time of an edition or of the issue).
    """
    text = _text(file)
    day = printed.date() if printed else None
    reading = read_text(_blocks(text) if titled else text, printed=day)
    if tml:
        sys.stdout.write(formats.timeml(reading, day))
    else:
        sys.stdout.write(formats.marked(reading) if marked else formats.json_lines(reading))


def _text(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise typer.BadParameter(
            f"{file} is not UTF-8 (byte {error.start}): save it as UTF-8 first"
        ) from None


def _blocks(text: str) -> list[Block]:
    head, _, rest = text.partition("\n\n")
    return [Block(head, Weight.TITLE), *(Block(part) for part in rest.split("\n\n") if rest)]
