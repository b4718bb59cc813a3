"""Countries are read as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.circulation.countries import choices, code_of_country, name_of_country

pytestmark = pytest.mark.usefixtures("no_sockets")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(
            (name, "GB")
            for name in ("Great Britain", "ENGLAND", "n. ireland", "GBR", "826", "uk", "U. K.", "Cymru")
        ),
        *(
            (name, "US")
            for name in ("USA", "U.S.A.", "U. S. A.", "the United States", "America", "840", "usa")
        ),
        *(
            (name, "IE")
            for name in ("Eire", "Éire", "Republic of Ireland", "Ireland, Republic of", "IRL", "372")
        ),
        *((name, "CI") for name in ("Côte d'Ivoire", "Cote d’Ivoire", "COTE D IVOIRE", "Ivory Coast")),
        *((name, "KN") for name in ("St Kitts & Nevis", "Saint Kitts and Nevis", "St. Kitts and Nevis")),
        *((name, "KR") for name in ("South Korea", "Korea, Republic of", "Korea (Republic of)", "S. Korea")),
        *((name, "CZ") for name in ("Czechia", "Czech Republic", "the Czech Republic", "CZE")),
        *((name, "TR") for name in ("Turkey", "Türkiye", "TURKIYE", "Tu\u0308rkiye")),
        *((name, "CD") for name in ("Zaire", "DR Congo", "Congo, Democratic Republic of the")),
        *((name, "ST") for name in ("São Tomé & Príncipe", "Sao Tome and Principe")),
        *((name, "MM") for name in ("Burma", "Myanmar", "Myanmar (Burma)", "BUR")),
        *((name, "VI") for name in ("Virgin Islands (U.S.)", "US Virgin Islands", "USVI")),
        ("Holland", "NL"),
        ("The Netherlands", "NL"),
        ("Swaziland", "SZ"),
        ("Macedonia", "MK"),
        ("Cape Verde", "CV"),
        ("Cabo Verde", "CV"),
        ("East Timor", "TL"),
        ("Timor-Leste", "TL"),
        ("Viet Nam", "VN"),
        ("Russian Federation", "RU"),
        ("Isle of Man", "IM"),
        ("Kosovo", "XK"),
        ("Sark", "GG"),
        ("Canary Islands", "ES"),
        ("Hong Kong", "HK"),
        ("The Gambia", "GM"),
        ("Bosnia-Herzegovina", "BA"),
        ("Trinidad and Tobago", "TT"),
        ("Réunion", "RE"),
        ("Åland Islands", "AX"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("Espana", "ES"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Kingdom of Spain", "ES"),
        ("BFPO", "GB"),
        ("APO", "US"),
        ("4", "AF"),
        ("Georgia", "GE"),
        ("Niger", "NE"),
        ("Dominica", "DM"),
    ],
)
def test_a_country_is_known_however_it_is_written(written: str, code: str) -> None:
    assert code_of_country(written) == code
    assert code_of_country(f"  {written.upper()} \n") == code


@pytest.mark.parametrize(
    "written",
    ["", " ", "Narnia", "XX", "ZZ", "EU", "Yugoslavia", "USSR", "SUN", "Czechoslovakia", "x" * 9999],
)
def test_what_is_no_country_or_several_today_is_none(written: str) -> None:
    assert code_of_country(written) is None


def test_the_channel_islands_are_told_apart_by_the_postcode() -> None:
    assert code_of_country("Channel Islands", "GY1 1AA") == "GG"
    assert code_of_country("Channel Islands", "je2 3xx") == "JE"
    assert code_of_country("CHANNEL IS.") == "JE"


def test_every_name_and_code_of_the_menu_is_read_back() -> None:
    part_of_another = {"EA", "IC", "CQ", "DG", "CP"}
    for code, name in choices():
        if code not in part_of_another:
            assert code_of_country(code) == code_of_country(code.lower()) == code
            assert code_of_country(name) == code, name
            assert name_of_country(code) == name


@given(st.text(max_size=40))
def test_anything_may_be_typed(written: str) -> None:
    found = code_of_country(written)
    assert found is None or len(found) == 2
