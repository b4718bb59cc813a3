"""The liberties a claim may take, by table; and what no liberty may do."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.circulation.countries import code_of_country, needs_postcode
from backnumber.circulation.names import surname_keys, surname_of
from backnumber.circulation.rules import (
    Claimed,
    OnFile,
    Outcome,
    continued_start,
    digits_key,
    ends_at,
    is_same,
    likeness,
    number_key,
    number_parts,
    weigh,
)

pytestmark = pytest.mark.usefixtures("no_sockets")

TODAY = date(2026, 11, 18)


def on_file(**fields: object) -> OnFile:
    return OnFile(
        **{  # type: ignore[arg-type]
            "key": 1,
            "number": "HG-20417",
            "name": "Mr Percy Pettigrew",
            "surname": "Pettigrew",
            "postcode": "YO1 7HH",
            "postcode_needed": True,
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
            "active": True,
            "reader": None,
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("number", "surname", "postcode", "same"),
    [
        ("HG-20417", "Pettigrew", "YO1 7HH", True),
        ("hg 20417", "pettigrew", "yo17hh", True),
        (" h g 2 0 4 1 7 ", "PETTIGREW", "Y O 1 7 H H", True),
        ("HG-2O417", "Pettigrew", "YOI 7HH", True),
        ("HG-2o4l7", "Pettigrew", "YOl 7HH", True),
        ("HG–20417", "Pettigrew", "YO1-7HH", True),
        ("HG20417", "Mr Percy Pettigrew", "YO1 7HH", True),
        ("HG-20418", "Pettigrew", "YO1 7HH", False),
        ("HG-20417", "Pettigrow", "YO1 7HH", False),
        ("HG-20417", "Pettigrew", "YO1 7HA", False),
        ("HG-20417", "Pettigrew", "", False),
        ("HG-20417", "", "YO1 7HH", False),
        ("", "Pettigrew", "YO1 7HH", False),
        ("---", "Pettigrew", "YO1 7HH", False),
        ("20417", "Pettigrew", "YO1 7HH", True),
        ("0020417", "Pettigrew", "YO1 7HH", True),
        ("2O4I7", "Pettigrew", "YO1 7HH", True),
        ("HG-0020417", "Pettigrew", "YO1 7HH", True),
        ("XX-20417", "Pettigrew", "YO1 7HH", False),
        ("0417", "Pettigrew", "YO1 7HH", False),
        ("2041", "Pettigrew", "YO1 7HH", False),
        ("20417", "Pettigrow", "YO1 7HH", False),
        ("HG-20417", "Percy", "YO1 7HH", False),
    ],
)
def test_a_claim_is_forgiven_its_typing_and_nothing_else(
    number: str, surname: str, postcode: str, same: bool
) -> None:
    assert is_same(Claimed(number, surname, postcode), on_file()) is same


@pytest.mark.parametrize(
    ("typed", "on_label", "same"),
    [
        ("Müller", "Mueller", True),
        ("Muller", "Müller", True),
        ("Gonzalez", "González", True),
        ("Oconnor", "O'Connor", True),
        ("O’Connor", "OConnor", True),
        ("Smith Jones", "Smith-Jones", True),
        ("Berg", "van den Berg", True),
        ("de la Cruz", "Cruz", True),
        ("Łukasiewicz", "Lukasiewicz", True),
        ("Sørensen", "Sorensen", True),
        ("Strauß", "Strauss", True),
        ("van den Berg", "van den Bergh", False),
        ("Smith", "Smith-Jones", False),
        ("Le", "La", False),
        ("王", "王", True),
        ("王", "李", False),
    ],
)
def test_surnames_lose_accents_particles_and_hyphens(typed: str, on_label: str, same: bool) -> None:
    assert bool(surname_keys(typed) & surname_keys(on_label)) is same


@pytest.mark.parametrize(
    ("typed", "label", "same"),
    [
        ("van der Linden", "DR A VAN DER LINDEN", True),
        ("Vanderlinden", "Dr A. van der Linden", True),
        ("Linden", "Dr A. van der Linden", True),
        ("de la Mare", "MR W DELAMARE", True),
        ("von Trapp", "Baroness Trapp", True),
        ("d’Arcy", "Ms F. D'ARCY", True),
        ("D Arcy", "Ms F. d`Arcy", True),
        ("O´Brien", "MRS K O BRIEN", True),
        ("OʼBrien", "Kate O‘Brien", True),
        ("O＇Brien", "Kate O'Brien", True),
        ("O' Brien", "KATE OBRIEN", True),
        ("Mc Donald", "ANGUS MCDONALD", True),
        ("Mac Leod", "Flora MacLeod", True),
        ("'t Hooft", "G. t Hooft", True),
        ("Smith Jones", "MRS P SMITH JONES", True),
        ("Smith-Jones", "MRS P SMITH JONES", True),
        ("Smith‑Jones", "P Smith–Jones", True),
        ("SMITHJONES", "P Smith-Jones", True),
        ("Mrs Smith Jones", "MRS P SMITH JONES OBE", True),
        ("P. Smith Jones", "SMITH JONES, MRS P", True),
        ("Pettigrew, Percy", "Mr Percy Pettigrew", True),
        ("Mr P. Pettigrew", "Pettigrew, P.", True),
        ("Pettigrew", "PETTIGREW P MR", True),
        ("Pettigrew O.B.E.", "Pettigrew", True),
        ("Dr Pettigrew Ph.D.", "Pettigrew PhD", True),
        ("Pettigrew Jr.", "Percy Pettigrew, Jr", True),
        ("Pettigrew", "Mr & Mrs P. Pettigrew", True),
        ("St John", "Saint John", True),
        ("St. John", "ST JOHN", True),
        ("Jørgensen", "JOERGENSEN", True),
        ("Ångström", "ANGSTROM", True),
        ("Wałęsa", "WALESA", True),
        ("Weiss", "WEIẞ", True),
        ("Gonza\u0301lez", "González", True),
        ("Dean", "Mr James Dean", True),
        ("Percy", "Mr Percy Pettigrew", False),
        ("Mr", "Mr Percy Pettigrew", False),
        ("Mr", "PETTIGREW P MR", False),
        ("P", "Pettigrew P", False),
        ("Smith", "MRS P SMITH JONES", False),
        ("OBE", "Percy Pettigrew OBE", False),
        ("van der", "Dr A. van der Linden", False),
        ("Donald", "ANGUS MCDONALD", False),
        ("", "Pettigrew", False),
    ],
)
def test_what_is_typed_for_a_surname_meets_the_label_however_either_is_written(
    typed: str, label: str, same: bool
) -> None:
    labelled = on_file(name=label, surname=surname_of(label))
    assert is_same(Claimed("HG-20417", typed, "YO1 7HH"), labelled) is same


@pytest.mark.parametrize(
    ("typed", "filed", "country", "same"),
    [
        ("45402", "45402-1234", "US", True),
        ("45402-1234", "45402", "US", True),
        ("45402 1234", "45402-1234", "US", True),
        ("45402-1234", "45402-9876", "US", False),
        ("45403", "45402-1234", "US", False),
        ("02139", "2139", "US", True),
        ("D-10117", "10117", "DE", True),
        ("10117", "D-10117", "DE", True),
        ("ch – 8001", "8001", "CH", True),
        ("bfpo58", "BFPO 58", "GB", True),
        ("454", "45402", "US", False),
        ("12345", "123456789", "BR", False),
    ],
)
def test_postcodes_meet_with_and_without_what_may_be_left_out(
    typed: str, filed: str, country: str, same: bool
) -> None:
    one = on_file(postcode=filed, country=country)
    assert is_same(Claimed("HG-20417", "Pettigrew", typed), one) is same


@pytest.mark.parametrize(
    ("number", "letters", "digits"),
    [
        ("HG-0012345", "HG", "12345"),
        ("12345", "", "12345"),
        ("0012345", "", "12345"),
        ("hg 0012345", "HG", "12345"),
        ("LI-123", "LI", "123"),
        ("W-000042", "W", "42"),
        ("HG-20417A", "", ""),
        ("---", "", ""),
        ("0000", "", ""),
        ("", "", ""),
    ],
)
def test_a_number_has_letters_before_it_and_figures(number: str, letters: str, digits: str) -> None:
    assert number_parts(number) == (letters, digits)


def test_a_shortened_number_serves_only_when_it_is_the_only_one() -> None:
    short = Claimed("20417", "Pettigrew", "YO1 7HH")
    other = on_file(key=2, number="ST-020417")
    assert weigh(short, [on_file()], 7, TODAY).outcome is Outcome.MATCHED
    assert weigh(short, [on_file(), other], 7, TODAY).outcome is Outcome.CASE
    assert weigh(Claimed("HG-20417", "Pettigrew", "YO1 7HH"), [on_file(), other], 7, TODAY).key == 1
    exact = on_file(key=3, number="20417")
    assert weigh(short, [on_file(), exact], 7, TODAY).key == 3


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("PETTIGREW P MR", "PETTIGREW"),
        ("Mr Percy Pettigrew", "Pettigrew"),
        ("Pettigrew, Percy", "Pettigrew"),
        ("Dr Anna van den Berg", "van den Berg"),
        ("John Smith Jr", "Smith"),
        ("Jane Roe, OBE", "Roe"),
        ("Madonna", "Madonna"),
        ("", ""),
    ],
)
def test_a_label_gives_its_surname(name: str, surname: str) -> None:
    assert surname_of(name) == surname


def test_where_letters_need_no_postcode_none_is_asked() -> None:
    hong_kong = on_file(postcode="", postcode_needed=needs_postcode("HK"))
    assert is_same(Claimed("HG-20417", "Pettigrew", "anything"), hong_kong)
    lost_by_the_bureau = on_file(postcode="", postcode_needed=needs_postcode("GB"))
    assert not is_same(Claimed("HG-20417", "Pettigrew", ""), lost_by_the_bureau)


RIGHT = Claimed("HG-20417", "Pettigrew", "YO1 7HH")


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ([on_file()], Outcome.MATCHED),
        ([on_file(reader=7)], Outcome.ALREADY_YOURS),
        ([on_file(reader=8)], Outcome.CASE),
        ([on_file(ends_on=date(2026, 11, 17))], Outcome.EXPIRED),
        ([on_file(ends_on=TODAY)], Outcome.MATCHED),
        ([on_file(active=False)], Outcome.EXPIRED),
        ([on_file(reader=8, active=False)], Outcome.CASE),
        ([on_file(), on_file(key=2)], Outcome.CASE),
        ([], Outcome.CASE),
        ([on_file(surname="Other", name="Other")], Outcome.CASE),
    ],
)
def test_what_a_claim_comes_to(files: list[OnFile], outcome: Outcome) -> None:
    assert weigh(RIGHT, files, 7, TODAY).outcome is outcome


def test_an_expired_subscription_is_admitted_only_to_who_knows_all_three() -> None:
    old = on_file(ends_on=date(2025, 12, 31))
    assert weigh(RIGHT, [old], 7, TODAY).ended_on == date(2025, 12, 31)
    assert weigh(Claimed("HG-20417", "Pettigrew", "YO1 7HA"), [old], 7, TODAY).ended_on is None


TEXT = st.text(max_size=30)


@given(TEXT)
def test_keys_are_stable(text: str) -> None:
    assert number_key(number_key(text)) == number_key(text)
    assert number_key(text.lower()) == number_key(text.upper()) or text.lower().upper() != text.upper()


@given(TEXT, TEXT, TEXT)
def test_nothing_but_the_three_right_things_ever_matches(number: str, surname: str, postcode: str) -> None:
    if is_same(Claimed(number, surname, postcode), on_file()):
        assert number_key(number) == "HG20417" or digits_key(number) == "20417"
        assert number_key(postcode) == "Y017HH"
        assert surname_keys(surname)


@given(st.text(alphabet="HhGg20417Oo lL-iI", min_size=1, max_size=12), TEXT)
def test_likeness_is_a_share(number: str, surname: str) -> None:
    found = likeness(Claimed(number, surname, ""), on_file())
    assert 0 <= found.whole <= 1


@given(st.sampled_from(["HG-20417", "hg20417"]), st.lists(st.sampled_from(" -./"), max_size=6), st.randoms())
def test_separators_anywhere_do_not_matter(number: str, noise: list[str], random: object) -> None:
    typed = list(number)
    for sign in noise:
        typed.insert(random.randrange(len(typed) + 1), sign)  # type: ignore[attr-defined]
    assert is_same(Claimed("".join(typed), "Pettigrew", "YO1 7HH"), on_file())


@pytest.mark.parametrize(
    ("day", "zone", "ends"),
    [
        (date(2026, 12, 31), "Europe/London", datetime(2027, 1, 1, 0, tzinfo=UTC)),
        (date(2026, 6, 30), "Europe/London", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (date(2026, 3, 28), "Europe/London", datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (date(2026, 3, 29), "Europe/London", datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2024, 2, 29), "Europe/Berlin", datetime(2024, 2, 29, 23, tzinfo=UTC)),
        (date(2026, 12, 31), "America/New_York", datetime(2027, 1, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_term_ends_with_the_publishers_day(day: date, zone: str, ends: datetime) -> None:
    assert ends_at(day, ZoneInfo(zone)) == ends


@pytest.mark.parametrize(
    ("new_start", "start"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2027, 1, 1), date(2026, 1, 1)),
        (date(2026, 7, 1), date(2026, 1, 1)),
        (date(2027, 1, 2), date(2027, 1, 2)),
        (date(2025, 6, 1), date(2025, 6, 1)),
    ],
)
def test_a_renewed_term_goes_on_from_the_old_one_when_no_day_lies_between(
    new_start: date, start: date
) -> None:
    assert continued_start(date(2026, 1, 1), date(2026, 12, 31), new_start) == start


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("GB", "GB"),
        ("UK", "GB"),
        ("u.k.", "GB"),
        ("Scotland", "GB"),
        ("United Kingdom", "GB"),
        ("france", "FR"),
        ("IE", "IE"),
        ("Narnia", None),
        ("XX", None),
    ],
)
def test_countries_are_known_by_code_and_name(written: str, code: str | None) -> None:
    assert code_of_country(written) == code
