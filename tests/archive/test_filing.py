"""Names as an index files them: by surname, or as they are written when they are nobody's."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.archive.filing import filed_as

BY_SURNAME = {
    "Eleanor Marsh": "Marsh, Eleanor",
    "W. H. Maddern": "Maddern, W. H.",
    "  Lucía   Moss-Valera ": "Moss-Valera, Lucía",
    "Jane Wu": "Wu, Jane",
    "Yo-Yo Ma": "Ma, Yo-Yo",
    "Jean DUPONT": "DUPONT, Jean",
    "bell hooks": "hooks, bell",
    "EDWARD F. RIMBAULT": "RIMBAULT, EDWARD F.",
    "Лев Толстой": "Толстой, Лев",
    # Small particles of Dutch, German, French, Portuguese, Spanish stand behind.
    "Vincent van Gogh": "Gogh, Vincent van",
    "Rogier van der Weyden": "Weyden, Rogier van der",
    "J. H. van 't Hoff": "Hoff, J. H. van 't",
    "Gerard ’t Hooft": "Hooft, Gerard ’t",
    "Wernher von Braun": "Braun, Wernher von",
    "Ursula von der Leyen": "Leyen, Ursula von der",
    "Simone de Beauvoir": "Beauvoir, Simone de",
    "Jean d’Alembert": "Alembert, Jean d’",
    "Fernando da Silva": "Silva, Fernando da",
    "Bartolomé de las Casas": "Casas, Bartolomé de las",
    # An article, or a preposition grown together with one, stays before the name.
    "Daphne du Maurier": "du Maurier, Daphne",
    "Walter de la Mare": "de la Mare, Walter",
    "Luca della Robbia": "della Robbia, Luca",
    "Guido delle Colonne": "delle Colonne, Guido",
    "Karl vom Stein": "vom Stein, Karl",
    # With a capital a particle has become part of the name.
    "Martin Van Buren": "Van Buren, Martin",
    "Thomas De Quincey": "De Quincey, Thomas",
    "W. E. B. Du Bois": "Du Bois, W. E. B.",
    "Ursula K. Le Guin": "Le Guin, Ursula K.",
    "Pierre La Rue": "La Rue, Pierre",
    "Lorenzo Della Casa": "Della Casa, Lorenzo",
    "Louis Mac Neice": "Mac Neice, Louis",
    "Ramsay MacDonald": "MacDonald, Ramsay",
    "Frank McCourt": "McCourt, Frank",
    "Conor Cruise O’Brien": "O’Brien, Conor Cruise",
    "Seán Ó Faoláin": "Ó Faoláin, Seán",
    "Daniel O Connor": "O Connor, Daniel",
    "J O Smith": "Smith, J O",
    "Nuala Ní Dhomhnaill": "Ní Dhomhnaill, Nuala",
    "Henry St John": "St John, Henry",
    "Dafydd ap Gwilym": "ap Gwilym, Dafydd",
    # Arabic: the article stands behind, “son of” and “father of” begin the name.
    "Walid al-Khalidi": "Khalidi, Walid al-",
    "Muhammad ibn Jarir al-Tabari": "Tabari, Muhammad ibn Jarir al-",
    "Ahmad ibn Hanbal": "ibn Hanbal, Ahmad",
    "Jim Al-Khalili": "Al-Khalili, Jim",
    "David Ben-Gurion": "Ben-Gurion, David",
    "José Ortega y Gasset": "Ortega y Gasset, José",
    # A first word is somebody's first name.
    "Van Morrison": "Morrison, Van",
    "Ben Jonson": "Jonson, Ben",
    "Al Gore": "Gore, Al",
    "Della Reese": "Reese, Della",
    # What follows a name stays behind it.
    "Martin Luther King Jr": "King, Martin Luther, Jr",
    "Martin Luther King, Jr.": "King, Martin Luther, Jr.",
    "Oliver Wendell Holmes Sr": "Holmes, Oliver Wendell, Sr",
    "John D. Rockefeller III": "Rockefeller, John D., III",
    "Jane Smith MP": "Smith, Jane, MP",
    "Jane Smith OBE FRS": "Smith, Jane, OBE FRS",
    "Jane Smith, O.B.E., F.R.S.": "Smith, Jane, O.B.E., F.R.S.",
    "Jane Smith, Ph.D.": "Smith, Jane, Ph.D.",
    "W. Smith, Esq.": "Smith, W., Esq.",
    "Pieter Brueghel the Elder": "Brueghel, Pieter, the Elder",
    "Hugh Tarrant (ed.)": "Tarrant, Hugh (ed.)",
    "Simone van der Berg MBE": "Berg, Simone van der, MBE",
    # What stands before a name stays before the first name.
    "Sir John Smith": "Smith, Sir John",
    "Lord Acton": "Acton, Lord",
    "Lord Hugh Cecil": "Cecil, Lord Hugh",
    "Mrs. Gaskell": "Gaskell, Mrs.",
    "The Rev. Thomas Jones": "Jones, The Rev. Thomas",
    "R. W. Church": "Church, R. W.",
}  # fmt: skip

AS_WRITTEN = [
    "",
    "Voltaire",
    "Vagrant.",
    "“Old Mortality”",
    "A. D. M.",
    "A.D.M.",
    "A D M",
    "J. S.",
    "Edward B.",
    "Philo-Junius B.",
    "F.S.A.",
    "W. (1.)",
    "***",
    "C. 3.",
    "A Constant Reader",
    "An Old Soldier",
    "Another Member",
    "One of the Old School",
    "Our Correspondent",
    "Constant Reader",
    "The Gardener",
    "Friend to truth",
    "Man of Kent",
    "John of Gaunt",
    "William, Bishop of Exeter",
    "Marsh, Eleanor",
    "Eleanor Marsh and Tom Ash",
    "Smith & Son",
    "Uncle Remus",
    "Sister Benedicta",
    "Queen Elizabeth II",
    "Pope Francis",
    "Le Corbusier",
    "Ibn Khaldun",
    "司馬 遷",
    "The Hakluyt Society",
    "University of Oxford",
    "Royal Historical Society",
    "The Editor",
    "Warner Bros",
    "Special Correspondent",
]


@pytest.mark.parametrize("name", BY_SURNAME)
def test_a_person_is_filed_by_surname(name: str) -> None:
    assert filed_as(name) == BY_SURNAME[name]


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_what_is_no_persons_name_is_filed_as_it_is_written(name: str) -> None:
    assert filed_as(name) == name


@pytest.mark.parametrize("name", BY_SURNAME)
def test_no_word_of_a_name_is_lost(name: str) -> None:
    def letters(text: str) -> list[str]:
        return sorted(c for c in text if c.isalnum())

    assert letters(filed_as(name)) == letters(name)


@pytest.mark.parametrize("name", [*BY_SURNAME, *AS_WRITTEN])
def test_what_is_filed_already_is_filed_so_again(name: str) -> None:
    assert filed_as(filed_as(name)) == filed_as(name)


def test_letters_composed_or_not_are_filed_alike() -> None:
    apart = unicodedata.normalize("NFD", "Seán Ó Faoláin")
    assert unicodedata.normalize("NFC", filed_as(apart)) == "Ó Faoláin, Seán"


@given(st.text(max_size=60))
def test_whatever_is_written_is_filed_and_stays_so(name: str) -> None:
    filed = filed_as(name)
    assert filed_as(filed) == filed
    assert sorted("".join(filed.split()).replace(",", "")) == sorted("".join(name.split()).replace(",", ""))
