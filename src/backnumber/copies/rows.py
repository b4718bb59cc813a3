"""A label as the fields that a house's columns name."""

from backnumber.archive.models import Issue
from backnumber.circulation.countries import name_of_country
from backnumber.copies.layout import FIELDS
from backnumber.copies.models import Label

LAST_ISSUE = "Your last issue"


def issue_in_words(issue: Issue) -> str:
    """Promise: "49/9 September 1999", with what the issue has of them."""
    volume = issue.volume.number if issue.volume else ""
    number = "/".join(part for part in (volume, issue.number) if part)
    return " ".join(part for part in (number, issue.cover_date) if part)


def row_of(label: Label, issue: Issue) -> dict[str, str]:
    """Promise: every field by its name; lines that the address has not got are empty."""
    row = dict.fromkeys(FIELDS, "")
    row |= {f"line{n}": line for n, line in enumerate(label.lines.splitlines()[:6], 1)}
    return row | {
        "number": label.number,
        "name": label.name,
        "given_by": label.given_by,
        "town": label.town,
        "postcode": label.postcode,
        "country": name_of_country(label.country),
        "country_code": label.country,
        "copies": str(label.copies),
        "issue": issue_in_words(issue),
        "region": label.get_region_display(),
        "bundle": label.bundle,
        "place": str(label.place),
        "message": LAST_ISSUE if label.is_last else "",
    }
