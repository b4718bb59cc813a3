"""The bureau's file: any encoding, separator and header; bad lines listed, good ones taken in, once."""

from contextlib import suppress
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.circulation.bureau import read_sheet
from backnumber.circulation.exporting import as_csv, safe_cell
from backnumber.circulation.importing import BureauReport, UnreadableFile, import_bureau_file
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.service import change_address

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
HEAD = "Subscriber number,Name,Address 1,Town,Postcode,Country,Start,End,Status,E-mail"
PERCY = (
    "HG-20417,Mr Percy Pettigrew,4 Stonegate Court,York,YO1 7HH,United Kingdom,"
    "2026-01-01,2026-12-31,active,percy@example.com"
)
ANNA = "HG-20418,Dr Anna van den Berg,Keizersgracht 1,Amsterdam,1015 CJ,NL,01/03/2026,28/02/2027,Active,"


def take_in(*lines: str, dry_run: bool = False, encoding: str = "utf-8") -> BureauReport:
    return import_bureau_file(BytesIO("\r\n".join([HEAD, *lines]).encode(encoding)), NOW, dry_run)


@pytest.mark.django_db
def test_a_file_is_taken_in_with_a_report() -> None:
    report = take_in(PERCY, ANNA)
    assert report.new == ("HG-20417", "HG-20418")
    percy = PrintSubscription.objects.get(number="HG-20417")
    assert (percy.surname, percy.address, percy.postcode, percy.country) == (
        "Pettigrew",
        "4 Stonegate Court\nYork",
        "YO1 7HH",
        "GB",
    )
    assert (percy.starts_on, percy.ends_on, percy.claim_number) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
        "HG20417",
    )
    assert PrintSubscription.objects.get(number="HG-20418").surname == "van den Berg"


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    dry = take_in(PERCY, ANNA, dry_run=True)
    assert PrintSubscription.objects.count() == 0
    wet = take_in(PERCY, ANNA)
    assert (dry.new, dry.changed, dry.unchanged, dry.rejected) == (
        wet.new,
        wet.changed,
        wet.unchanged,
        wet.rejected,
    )


@pytest.mark.django_db
def test_the_second_time_nothing_changes() -> None:
    take_in(PERCY, ANNA)
    before = list(PrintSubscription.objects.values())
    report = take_in(PERCY, ANNA)
    assert (report.new, report.changed, report.unchanged) == ((), (), 2)
    assert list(PrintSubscription.objects.values()) == before


@pytest.mark.django_db
def test_a_renewed_term_is_a_change_once() -> None:
    take_in(PERCY)
    renewed = PERCY.replace("2026-01-01", "2027-01-01").replace("2026-12-31", "2027-12-31")
    report = take_in(renewed)
    assert report.changed[0].fields == ("end",)
    assert PrintSubscription.objects.get().starts_on == date(2026, 1, 1)
    assert take_in(renewed).unchanged == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_found_out(encoding: str, separator: str) -> None:
    text = f"{HEAD}\nHG-1,José Muñoz,Calle Ancha 3,Cádiz,11001,Spain,2026-01-01,2026-12-31,active,\n".replace(
        ",", separator
    )
    sheet = read_sheet(text.encode(encoding))
    assert sheet.rejected == ()
    assert (sheet.rows[0].name, sheet.rows[0].address) == ("José Muñoz", "Calle Ancha 3\nCádiz")


@pytest.mark.parametrize(
    "head",
    [
        "subscriber no.;SURNAME;Forename;addr1;addr2;post code;Country Code;term;State",
        "SubscriberNo;Last name;First Name;Address Line 1;city;ZIP;COUNTRY;Period;subscription status",
    ],
)
def test_headers_are_matched_leniently(head: str) -> None:
    sheet = read_sheet(
        f"{head}\nA1;Roe;Jane;1 High St;Leeds;LS1 1AA;UK;1 Jan 2026 - 31 Dec 2026;current\n".encode()
    )
    assert sheet.rejected == ()
    row = sheet.rows[0]
    assert (row.name, row.surname, row.starts_on, row.ends_on, row.status) == (
        "Jane Roe",
        "Roe",
        date(2026, 1, 1),
        date(2026, 12, 31),
        "active",
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (PERCY.replace("HG-20417", ""), "no subscriber number"),
        (PERCY.replace("HG-20417", "=HYPERLINK(1)"), "is no subscriber number"),
        (PERCY.replace("HG-20417", "12:3"), "is no subscriber number"),
        (PERCY.replace("Mr Percy Pettigrew", ""), "no name"),
        (PERCY.replace("United Kingdom", "Narnia"), "“Narnia” is no country"),
        (PERCY.replace("2026-12-31", "31/02/2026"), "end “31/02/2026” is no date"),
        (PERCY.replace("2026-12-31", "12/31/2026"), "is no date"),
        (PERCY.replace("2026-12-31", ""), "no end of the term"),
        (PERCY.replace("2026-12-31", "2025-12-31"), "before it begins"),
        (PERCY.replace("active", "sleeping"), "status “sleeping” is not known"),
        (PERCY.replace("active", "lapsed"), "the status is lapsed, but the term runs until"),
        (PERCY.replace("percy@example.com", "percy at home"), "is no e-mail address"),
        (PERCY.replace("Mr Percy", "P" * 200), "the name has more than 200 characters"),
        (PERCY.replace("Percy", "Per\x07cy"), "a control character"),
        (PERCY + ",more", "11 fields where the first line has 10"),
        ("HG-20417", "1 fields where the first line has 10"),
        (ANNA, "stands on line 2 already"),
    ],
)
@pytest.mark.django_db
def test_a_bad_line_is_listed_with_its_reason_and_the_rest_is_taken_in(line: str, reason: str) -> None:
    report = take_in(ANNA, line)
    assert [(r.line, reason in r.reason) for r in report.rejected] == [(3, True)], report.rejected
    assert PrintSubscription.objects.get().number == "HG-20418"


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    sheet = read_sheet(
        "\n".join((HEAD, "", PERCY.replace("4 Stonegate Court", '"4 Stonegate\nCourt"'), ",bad\n")).encode()
    )
    assert [row.line for row in sheet.rows] == [3]
    assert sheet.rows[0].address == "4 Stonegate\nCourt\nYork"
    assert [r.line for r in sheet.rejected] == [5]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\x00\x01\x02\x00", "not a text file"),
        (b"Name,Country\nx,GB\n", "subscriber number"),
        (b"Number,Number,Name,Country,Start,End\n", "Two columns"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_is_no_list_is_refused_whole_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        import_bureau_file(BytesIO(content), NOW, dry_run=False)
    assert PrintSubscription.objects.count() == 0


@pytest.mark.django_db
def test_a_quotation_mark_left_open_is_named_and_nothing_is_lost_in_silence() -> None:
    report = take_in(
        ANNA,
        PERCY.replace("4 Stonegate", '"4 Stonegate'),
        *[PERCY.replace("HG-20417", f"HG-{n}") for n in range(20)],
    )
    assert report.new == ("HG-20418",)
    assert report.rejected[0].line == 3
    assert "a quotation mark is not closed: this line and the 20 after it" in report.rejected[0].reason


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with suppress(UnreadableFile):
        sheet = read_sheet(HEAD.encode() + b"\n" + content)
        assert all(row.number and row.starts_on <= row.ends_on for row in sheet.rows)


@pytest.mark.django_db
def test_an_address_the_reader_changed_is_not_undone_by_the_bureaus_old_one() -> None:
    take_in(PERCY)
    percy = PrintSubscription.objects.get()
    change_address(percy, address="9 New Street\nLeeds", postcode="LS1 1AA", country="GB", now=NOW)
    assert take_in(PERCY).unchanged == 1
    percy.refresh_from_db()
    assert percy.address == "9 New Street\nLeeds"
    take_in(PERCY.replace("4 Stonegate Court", "12 Third Row"))
    percy.refresh_from_db()
    assert percy.address.startswith("12 Third Row")


@pytest.mark.django_db
def test_what_was_sold_on_the_site_is_left_as_the_shop_knows_it() -> None:
    take_in(PERCY)
    PrintSubscription.objects.update(source=PrintSubscription.Source.CHECKOUT)
    report = take_in(PERCY.replace("2026-12-31", "2029-12-31"))
    assert (report.ours, report.changed) == (1, ())


@pytest.mark.django_db
def test_a_thousand_subscribers_cost_few_queries(django_assert_max_num_queries: object) -> None:
    lines = [PERCY.replace("HG-20417", f"HG-{n}") for n in range(1000)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        take_in(*lines)


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_exports_run_no_formula(evil: str) -> None:
    assert safe_cell(evil).startswith("'")
    assert f"'{evil.strip()}"[:2] in as_csv(["a"], [[evil]]) or "'" in as_csv(["a"], [[evil]])


def test_exports_leave_plain_text_alone() -> None:
    assert safe_cell("Pettigrew") == "Pettigrew"
    assert as_csv(["name"], [["O'Connor, Jane"]]) == '\ufeffname\r\n"O\'Connor, Jane"\r\n'
