"""A house's profile as it is applied: columns, what a line may hold, the bytes of the file. Pure: the same rows give the same bytes.

A line that breaks the profile is named, and never bent to fit.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_QUOTING: dict[str, Literal[0, 1, 3]] = {
    "needed": csv.QUOTE_MINIMAL,
    "all": csv.QUOTE_ALL,
    "none": csv.QUOTE_NONE,
}
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_COLUMN = re.compile(r"(?P<heading>[^:]+):\s*(?P<field>[a-z_0-9]+)(?:\s*,\s*at most (?P<most>\d{1,4}))?\s*")
FIELDS = {
    "number": "subscriber number",
    "name": "name on the label",
    "given_by": "whose gift it is",
    **{f"line{n}": f"line {n} of the address, between name and post town" for n in range(1, 7)},
    "town": "post town",
    "postcode": "postcode",
    "country": "country, in English",
    "country_code": "country, ISO 3166-1",
    "copies": "number of copies",
    "issue": "volume, number and date of the issue",
    "region": "region",
    "bundle": "bundle",
    "place": "place in the file, from 1",
    "message": "“Your last issue”, or empty",
    "change": "new, changed, moved or ended; in files of changes only",
}
CHANGE = "Change"


class BadLayout(ValueError):
    """The columns cannot be read; the message says which line and what to write."""


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    field: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A profile, as it was."""

    columns: tuple[Column, ...]
    separator: str
    quoting: str
    encoding: str
    has_header: bool

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(column.field for column in self.columns)

    @property
    def address_lines(self) -> int:
        """How many lines between name and post town there is room for."""
        return sum(f"line{n}" in self.fields for n in range(1, 7))


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that does not fit: whose, and what to do."""

    number: str
    name: str
    what: str


def columns_of(text: str) -> tuple[Column, ...]:
    """Promise: the columns as they are written, one a line. Errors: BadLayout."""
    columns: list[Column] = []
    for at, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _COLUMN.fullmatch(line.strip())
        if found is None:
            raise BadLayout(f"Line {at}: write “Heading: field” or “Heading: field, at most 35”.")
        if found["field"] not in FIELDS:
            raise BadLayout(
                f"Line {at}: there is no field “{found['field']}”. There are: {', '.join(FIELDS)}."
            )
        columns.append(
            Column(found["heading"].strip(), found["field"], int(found["most"]) if found["most"] else None)
        )
    missing = {"number", "name", "town", "postcode", "copies"} - {column.field for column in columns}
    if not {"country", "country_code"} & {column.field for column in columns}:
        missing.add("country")
    if missing:
        raise BadLayout(f"These need a column of their own: {', '.join(sorted(missing))}.")
    if len({column.heading for column in columns}) < len(columns):
        raise BadLayout("Two columns have the same heading.")
    return tuple(columns)


def as_json(columns: str, separator: str, quoting: str, encoding: str, has_header: bool) -> dict[str, Any]:
    """Promise: a layout to keep with a run. Errors: BadLayout."""
    columns_of(columns)
    return {
        "columns": columns,
        "separator": separator,
        "quoting": quoting,
        "encoding": encoding,
        "has_header": has_header,
    }


def from_json(kept: Mapping[str, Any]) -> Layout:
    return Layout(
        columns_of(kept["columns"]),
        kept["separator"],
        kept["quoting"],
        kept["encoding"],
        kept["has_header"],
    )


def breaches(layout: Layout, row: Mapping[str, str], lines: int) -> list[Breach]:
    """Promise: everything that keeps this row out of the house's file; `lines` is how many its address has between name and
    post town.
    """
    found = [what for column in layout.columns if (what := _breach(layout, column, row[column.field]))]
    if not row["town"]:
        found.append("no post town: write it on the last line of the address")
    if lines > layout.address_lines:
        found.append(f"the address has {lines} lines before the town, the file {layout.address_lines}")
    return [Breach(row["number"], row["name"], what) for what in found]


def _breach(layout: Layout, column: Column, text: str) -> str:
    if column.most is not None and len(text) > column.most:
        return f"{column.heading} has {len(text)} characters, the file {column.most}: “{text}”"
    if text.lstrip().startswith(_FORMULA):
        return f"{column.heading} begins with a sign that a spreadsheet takes for a formula: “{text}”"
    if any(ord(sign) < 32 or sign in "\x7f\x85\u2028\u2029" for sign in text):
        return f"{column.heading} holds a line break or a sign that cannot be seen"
    if layout.quoting == "none" and (layout.separator in text or '"' in text):
        return f"{column.heading} holds the separator or a quotation mark, and the house takes no quotation: “{text}”"
    try:
        text.encode(layout.encoding)
    except UnicodeEncodeError as why:
        return (
            f"{column.heading} has the letter “{text[why.start]}”, which the house’s encoding lacks: “{text}”"
        )
    return ""


def written(layout: Layout, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Promise: the file, lines ended by CR and LF. The rows keep to the layout. Errors: ValueError when one does not."""
    out = io.StringIO(newline="")
    quoting = _QUOTING[layout.quoting]
    writer = csv.writer(
        out, delimiter=layout.separator, quoting=quoting, quotechar='"' if quoting != csv.QUOTE_NONE else None
    )
    if layout.has_header:
        writer.writerow([column.heading for column in layout.columns])
    fields: Sequence[str] = [column.field for column in layout.columns]
    try:
        writer.writerows([row[field] for field in fields] for row in rows)
    except csv.Error as why:
        raise ValueError(f"a line does not keep to the layout: {why}") from why
    return out.getvalue().encode(layout.encoding)
