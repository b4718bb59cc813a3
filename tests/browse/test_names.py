"""The list of contributors: by surname, under a letter, and found however a name is typed."""

import pytest
from django.test import Client

from backnumber.archive.filing import filed_as
from backnumber.archive.models import Contributor
from tests import making

pytestmark = pytest.mark.django_db
IN_ORDER = [
    "Łukasz Adamski",
    "A. D. M.",
    "Jim Al-Khalili",
    "Æthelwold Æsc",
    "Jean d’Alembert",
    "Thomas De Quincey",
    "Ann Dean",
    "Vincent van Gogh",
    "Walid al-Khalidi",
    "Frank McCourt",
    "Ramsay MacDonald",
    "Patrick O’Brien",
    "Seán Ó Faoláin",
    "Étienne Öhm",
    "Karl Øst",
    "Zoë Smith",
    "Ann Smith Jones",
    "“Vagrant”",
]


def write(name: str, sort_name: str = "", variants: str = "") -> Contributor:
    made = making.contributor(name)
    made.sort_name, made.variants = sort_name or filed_as(name), variants
    made.save()
    making.article(f"By {made.pk}.", by=name)
    return made


def listed(address: str) -> list[str]:
    page = Client().get(address)
    assert page.status_code == 200
    return [one.sort_name for one in page.context["page"]]


@pytest.fixture
def everybody(db: None) -> None:
    for name in reversed(IN_ORDER):
        write(name, "Smith Jones, Ann" if name == "Ann Smith Jones" else "")


@pytest.mark.usefixtures("everybody")
def test_names_stand_word_by_word_without_regard_to_accents_and_marks() -> None:
    expected = [
        "A. D. M.", "Adamski, Łukasz", "Æsc, Æthelwold", "Al-Khalili, Jim", "Alembert, Jean d’", "De Quincey, Thomas",
        "Dean, Ann", "Gogh, Vincent van", "Khalidi, Walid al-", "MacDonald, Ramsay", "McCourt, Frank", "Ó Faoláin, Seán",
        "O’Brien, Patrick", "Öhm, Étienne", "Øst, Karl", "Smith, Zoë", "Smith Jones, Ann", "“Vagrant”",
    ]  # fmt: skip
    assert listed("/contributors/") == expected


@pytest.mark.usefixtures("everybody")
def test_a_letter_takes_its_sisters_along() -> None:
    assert listed("/contributors/?letter=O") == [
        "Ó Faoláin, Seán",
        "O’Brien, Patrick",
        "Öhm, Étienne",
        "Øst, Karl",
    ]
    assert listed("/contributors/?letter=V") == ["“Vagrant”"]
    assert "#" not in Client().get("/contributors/").context["letters"]
    write("Ψ. (of Oxford)")
    assert listed("/contributors/?letter=%23") == ["Ψ. (of Oxford)"]


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ohm", "Öhm, Étienne"),
        ("ÖHM etienne", "Öhm, Étienne"),
        ("o'brien", "O’Brien, Patrick"),
        ("OBrien", "O’Brien, Patrick"),
        ("o faolain", "Ó Faoláin, Seán"),
        ("ost", "Øst, Karl"),
        ("lukasz", "Adamski, Łukasz"),
        ("aethelwold", "Æsc, Æthelwold"),
        ("van gogh", "Gogh, Vincent van"),
        ("al-khalidi", "Khalidi, Walid al-"),
        ("Al-Khalili", "Al-Khalili, Jim"),
        ("a. d. m.", "A. D. M."),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, found: str) -> None:
    page = Client().get("/contributors/", {"q": typed})
    assert [one.sort_name for one in page.context["page"]] == [found]
    assert "1 name found" in page.content.decode()


def test_another_form_of_a_name_finds_its_bearer() -> None:
    write("Eleanor Marsh", variants="E. Mårsh-Jones\nNell")
    write("Tom Ash")
    assert listed("/contributors/?q=marsh-jones") == ["Marsh, Eleanor"]


def test_who_is_not_published_is_not_found_and_what_is_typed_breaks_nothing() -> None:
    making.article("Not yet.", by="Draft Only", live=False)
    write("Tom Ash")
    assert listed("/contributors/?q=draft") == []
    page = Client().get("/contributors/?q=draft%3Cb%3E").content.decode()
    assert "No name found" in page
    assert "draft&lt;b&gt;" in page
    for odd in ("%", "_", "\\", "'", "%27%29", "." * 500, "a " * 300, "\U0001f4a9"):
        assert Client().get("/contributors/", {"q": odd}).status_code == 200
    assert listed("/contributors/?q=%25") == []


def test_letters_stay_a_way_out_of_a_search(everybody: None) -> None:
    page = Client().get("/contributors/?q=nobodyatall").content.decode()
    assert 'href="?letter=O"' in page
