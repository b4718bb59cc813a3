"""Reads the fulfilment house's CSV: whatever its encoding, separator, header names and date style. It must
not know the database.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backnumber.circulation.countries import code_of_country
from backnumber.circulation.names import surname_of
from backnumber.mail.addresses import nearest_spelling

MOST_BYTES = 20_000_000
_MOST_LINES = 12  # in one field; more is a quotation mark nobody closed


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One subscriber as the bureau writes it. `status` is one of active, lapsed, cancelled."""

    line: int
    number: str
    name: str
    surname: str
    email: str
    address: str
    postcode: str
    country: str
    starts_on: date
    ends_on: date
    status: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was not taken, and why. `line` counts from 1, the header being line 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...]


class _Doubtful(ValueError):
    """One line is no good; the message is for whoever sends the file."""


_COLUMNS: dict[str, tuple[str, ...]] = {
    "number": [
        "subscribernumber",
        "subscriberno",
        "subscribernr",
        "subscriberid",
        "subscriber",
        "subscriptionnumber",
        "subscriptionno",
        "subno",
        "subsno",
        "number",
        "no",
        "accountnumber",
        "accountno",
        "account",
        "customernumber",
        "customerno",
        "customerid",
        "custno",
        "membernumber",
        "reference",
        "ref",
    ],  # type: ignore[dict-item]
    "name": ("name", "fullname", "subscribername", "addressee", "recipient", "contactname"),
    "forename": ("forename", "forenames", "firstname", "givenname", "initials", "initial"),
    "surname": ("surname", "lastname", "familyname"),
    "email": ("email", "emailaddress", "mail"),
    "postcode": ("postcode", "postalcode", "zip", "zipcode", "postzip", "zippostcode", "plz"),
    "country": ("country", "countrycode", "countryname", "iso", "isocountry"),
    "start": (
        "start",
        "startdate",
        "starts",
        "startson",
        "termstart",
        "from",
        "begin",
        "begins",
        "validfrom",
        "firstday",
    ),
    "end": [
        "end",
        "enddate",
        "ends",
        "endson",
        "termend",
        "until",
        "to",
        "expiry",
        "expirydate",
        "expires",
        "expireson",
        "expiration",
        "paidto",
        "paiduntil",
        "validto",
        "validuntil",
        "lastday",
    ],  # type: ignore[dict-item]
    "term": ("term", "period", "subscriptionterm", "subscriptionperiod"),
    "status": ("status", "state", "substatus", "subscriptionstatus", "subscriberstatus"),
}
_ADDRESS = re.compile(
    r"(?:postal)?(?:address(?:line)?|addr|add|line|street|road|town|city|locality|county|region|company|organisation)\d*"
)
_STATUS = {
    "active": ["active", "current", "live", "a", "paid", "ok", "renewed", "yes"],
    "lapsed": ["lapsed", "expired", "l", "ended"],
    "cancelled": ["cancelled", "canceled", "stopped", "c", "x", "stop", "refunded"],
}
_LONGEST = {"number": 40, "name": 200, "surname": 100, "email": 254, "postcode": 20}


def read_sheet(content: bytes) -> Sheet:
    """Promise: every line as a row or as rejected with its reason. Errors: UnreadableFile."""
    text = _decoded(content)
    records = _records(text)
    first = next(records, None)
    if first is None:
        raise UnreadableFile("The file is empty.")
    header = _header(first[1])
    rows: list[Row] = []
    rejected: list[Rejected] = []
    seen: dict[str, int] = {}
    for line, cells in records:
        try:
            row = _row(line, cells, header, len(first[1]))
            if row.number in seen:
                raise _Doubtful(f"number {row.number} stands on line {seen[row.number]} already")
            seen[row.number] = line
            rows.append(row)
        except _Doubtful as why:
            rejected.append(Rejected(line, str(why)))
    return Sheet(tuple(rows), tuple(rejected))


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            f"The file has more than {MOST_BYTES // 1_000_000} million bytes. Send it in parts."
        )
    if content.startswith(b"PK\x03\x04"):
        raise UnreadableFile("This is a spreadsheet, not CSV. Open it and save it as “CSV UTF-8”.")
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise UnreadableFile("This is not a text file. Save the list as “CSV UTF-8”.")


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "cp1252", "latin-1")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; blank lines are passed over."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as why:
            raise UnreadableFile(
                f"Line {reader.line_num} cannot be read: {why}. A quotation mark may be open."
            ) from why
        if any(cell.strip() for cell in cells):
            yield line, [" ".join(cell.split()) if "\n" not in cell else cell.strip() for cell in cells]
        line = reader.line_num + 1


def _header(cells: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(cells):
        key = "".join(c for c in cell.casefold() if c.isalnum())
        name = next((name for name, known in _COLUMNS.items() if key in known), None)
        if name is None and _ADDRESS.fullmatch(key):
            name = "address"
        if name is not None:
            found.setdefault(name, []).append(at)
    missing = [label for label, there in _needed(found) if not there]
    if missing:
        raise UnreadableFile(f"No column is headed {_listed(missing)}. The first line must name the columns.")
    twice = [name for name, places in found.items() if len(places) > 1 and name != "address"]
    if twice:
        raise UnreadableFile(f"Two columns are headed {_listed(twice)}. Keep one of them.")
    return found


def _needed(found: dict[str, list[int]]) -> tuple[tuple[str, bool], ...]:
    return (
        ("subscriber number", "number" in found),
        ("name", "name" in found or "surname" in found),
        ("country", "country" in found),
        ("start and end (or term)", "term" in found or {"start", "end"} <= found.keys()),
    )


def _listed(words: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)


def _row(line: int, cells: list[str], header: dict[str, list[int]], width: int) -> Row:
    while len(cells) > width and not cells[-1]:
        cells.pop()
    swallowed = max((cell.count("\n") for cell in cells), default=0)
    if swallowed > _MOST_LINES:
        raise _Doubtful(
            f"a quotation mark is not closed: this line and the {swallowed} after it were not read"
        )
    if len(cells) != width:
        raise _Doubtful(f"{len(cells)} fields where the first line has {width}")

    def cell(name: str) -> str:
        return cells[header[name][0]] if name in header else ""

    if any(ord(c) < 32 and c not in "\n\r\t" for text in cells for c in text):
        raise _Doubtful("a control character")
    name = cell("name") or " ".join(part for part in (cell("forename"), cell("surname")) if part)
    starts_on, ends_on = _term(cell("start"), cell("end"), cell("term"))
    row = Row(
        line=line,
        number=_number(cell("number")),
        name=name,
        surname=cell("surname") or surname_of(name),
        email=nearest_spelling(cell("email")) if cell("email") else "",
        address="\n".join(
            text for at in header.get("address", []) for text in cells[at].splitlines() if text.strip()
        ),
        postcode=cell("postcode").upper(),
        country=_country(cell("country"), cell("postcode")),
        starts_on=starts_on,
        ends_on=ends_on,
        status=_status(cell("status")),
    )
    _check_lengths(row)
    return row


def _check_lengths(row: Row) -> None:
    if not row.name:
        raise _Doubtful("no name")
    for field, most in _LONGEST.items():
        if len(getattr(row, field)) > most:
            raise _Doubtful(f"the {field} has more than {most} characters")
    if row.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", row.email):
        raise _Doubtful(f"“{row.email}” is no e-mail address")


def _number(written: str) -> str:
    if not written:
        raise _Doubtful("no subscriber number")
    if not re.fullmatch(r"[^\W_](?:[\w ./-]*[^\W_])?", written):
        raise _Doubtful(f"“{written[:60]}” is no subscriber number")
    return written


def _country(written: str, postcode: str) -> str:
    """Forces' post says no country: BFPO is British."""
    is_forces = not written and postcode.strip().upper().startswith("BFPO")
    code = "GB" if is_forces else code_of_country(written, postcode) if written else None
    if code is None:
        raise _Doubtful(f"“{written}” is no country" if written else "no country")
    return code


def _status(written: str) -> str:
    if not written:
        return "active"
    found = next((status for status, words in _STATUS.items() if written.casefold() in words), None)
    if found is None:
        raise _Doubtful(f"status “{written}” is not known; write active, lapsed or cancelled")
    return found


def _term(start: str, end: str, term: str) -> tuple[date, date]:
    if not (start and end) and term:
        parts = re.split(r"\s+(?:to|until|-|–|—|/)\s+|\s*(?:–|—|\.\.)\s*|(?<=\d{4}-\d\d-\d\d)\s*/\s*", term)
        if len(parts) != 2:
            raise _Doubtful(f"term “{term}” is not two dates")
        start, end = parts
    starts_on, ends_on = _date(start, "start"), _date(end, "end")
    if ends_on < starts_on:
        raise _Doubtful(f"the term ends ({ends_on}) before it begins ({starts_on})")
    return starts_on, ends_on


_STYLES = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d/%m/%y",
    "%d-%b-%y",
)


def _date(written: str, what: str) -> date:
    """Days stand before months; a time of day after the date is dropped."""
    if not written:
        raise _Doubtful(f"no {what} of the term")
    plain = re.sub(r"[T ]00:00(:00(\.0+)?)?\Z", "", written)
    for style in _STYLES:
        try:
            found = datetime.strptime(plain, style).date()  # noqa: DTZ007  # a day, not an instant
        except ValueError:
            continue
        if 1900 <= found.year <= 2200:
            return found
    raise _Doubtful(f"{what} “{written}” is no date; write it as 2026-12-31")
