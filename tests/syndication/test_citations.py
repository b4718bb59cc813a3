"""Citations for reference managers: RIS, BibTeX and the tags of an article's page."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from backnumber.archive.models import Article, Authorship
from backnumber.syndication.citations import Author, Citation, citation_of, meta_tags, to_bibtex, to_ris
from tests import making


def citation(**fields: object) -> Citation:
    values = {
        "key": 17,
        "headline": "The Fortress",
        "authors": (Author("Eleanor Marsh", "Marsh, Eleanor"), Author("Tom Ash", "Ash, Tom")),
        "title": "The Hourglass",
        "volume": "49",
        "number": "9",
        "cover_date": "September 1999",
        "printed_on": date(1999, 9, 1),
        "first_page": "12",
        "last_page": "19",
        "issn": "1234-5679",
        "language": "en-GB",
        "standfirst": "A wall that held.",
        "address": "https://example.org/a/",
    }
    return Citation(**{**values, **fields})  # type: ignore[arg-type]


def ris(cited: Citation) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for line in to_ris(cited).removesuffix("\r\n").split("\r\n"):
        tag, dash, value = line[:2], line[2:6], line[6:]
        assert dash == "  - "
        fields.setdefault(tag, []).append(value)
    return fields


def test_ris_is_a_magazine_article_with_its_printed_pages() -> None:
    assert to_ris(citation()).startswith("TY  - MGZN\r\n")
    assert to_ris(citation()).endswith("\r\nER  - \r\n")
    fields = ris(citation())
    assert fields["AU"] == ["Marsh, Eleanor", "Ash, Tom"]
    expected = {
        "T2": "The Hourglass",
        "VL": "49",
        "IS": "9",
        "SP": "12",
        "EP": "19",
        "PY": "1999",
        "SN": "1234-5679",
    }
    assert {tag: fields[tag] for tag in expected} == {tag: [value] for tag, value in expected.items()}


def test_ris_gives_the_cover_date_as_printed_and_no_day_it_does_not_know() -> None:
    assert ris(citation())["DA"] == ["1999/09//September 1999"]
    assert ris(citation(cover_date="14 July 1900", printed_on=date(1900, 7, 14)))["DA"] == [
        "1900/07/14/14 July 1900"
    ]


def test_ris_leaves_out_what_is_not_known() -> None:
    fields = ris(citation(volume="", number="", first_page="", last_page="", issn="", standfirst=""))
    assert not {"VL", "IS", "SP", "EP", "SN", "AB"} & set(fields)


def test_a_headline_of_several_lines_cannot_add_a_field_to_ris() -> None:
    fields = ris(citation(headline="The Fortress\r\nER  - \r\nTY  - BOOK"))
    assert fields["TI"] == ["The Fortress ER - TY - BOOK"]
    assert fields["TY"] == ["MGZN"]


def test_bibtex_is_an_article_with_escaped_fields() -> None:
    text = to_bibtex(citation(headline="50% of {Rome} & $1_000 #1 \\ ~^"))
    assert text.startswith("@article{marsh1999-17,\n")
    assert (
        r"title = {{50\% of \{Rome\} \& \$1\_000 \#1 \textbackslash{} \textasciitilde{}\textasciicircum{}}},"
        in text
    )
    assert "author = {Marsh, Eleanor and Ash, Tom}," in text
    assert "pages = {12--19}," in text
    assert "issn = {1234-5679}," in text
    unescaped = text.replace("\\{", "").replace("\\}", "")
    assert unescaped.count("{") == unescaped.count("}")


def test_a_byline_of_nobody_we_know_stays_whole() -> None:
    text = to_bibtex(citation(authors=(Author("The Marsh and Fen Society"),)))
    assert "author = {{The Marsh and Fen Society}}," in text
    assert text.startswith("@article{society1999-17,")


@pytest.mark.parametrize(
    ("authors", "key"), [((), "anonymous1999-17"), ((Author("É. Ångström"),), "angstrom1999-17")]
)
def test_every_citation_has_a_plain_key(authors: tuple[Author, ...], key: str) -> None:
    assert to_bibtex(citation(authors=authors)).startswith(f"@article{{{key},")


def test_the_tags_make_a_magazine_article_and_none_is_empty() -> None:
    tags = meta_tags(citation(volume="", issn=""))
    assert ("z:itemType", "magazineArticle") in tags
    assert ("prism.publicationName", "The Hourglass") in tags
    assert [content for name, content in tags if name == "citation_author"] == ["Marsh, Eleanor", "Ash, Tom"]
    assert ("citation_publication_date", "1999/09") in tags
    assert "citation_journal_title" not in dict(tags)
    assert "citation_volume" not in dict(tags)
    assert all(content for _, content in tags)


def test_a_citation_takes_its_facts_from_the_article(db: None) -> None:
    piece = making.article("The Fortress", first_page="12", last_page="12", language="fr")
    Authorship.objects.create(article=piece, contributor=making.contributor("Tom Ash"), position=2)
    cited = citation_of(Article.objects.get(pk=piece.pk), "https://example.org/a/")
    assert [author.sorted for author in cited.authors] == ["Marsh, Eleanor", "Ash, Tom"]
    assert (cited.first_page, cited.last_page, cited.language, cited.volume) == ("12", "", "fr", "49")


def test_the_page_of_an_article_carries_the_tags_and_leads_to_both_files(
    client: Client, gated: Article
) -> None:
    page = html.fromstring(client.get(gated.get_absolute_url()).content)
    assert page.xpath('//head/meta[@name="citation_title"]/@content') == ["The Fortress"]
    assert page.xpath('//head/meta[@property="z:itemType"]/@content') == ["magazineArticle"]
    for form, media_type in (("ris", "application/x-research-info-systems"), ("bib", "application/x-bibtex")):
        (address,) = page.xpath(f'//a[contains(@href, ".{form}")]/@href')
        answer = client.get(address)
        assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
        assert settings.ADDRESS + gated.get_absolute_url() in answer.content.decode()
        assert b"canary" not in answer.content


def test_a_draft_has_no_citation(client: Client, gated: Article) -> None:
    draft = making.article("A Draft", live=False)
    for number in (draft.pk, 10**17):
        assert client.get(f"/cite/{number}.ris").status_code == 404


@pytest.mark.parametrize(
    ("name", "filed"),
    [
        ("Royal Society", "Society, Royal"),
        ("The Royal Society of London", "Royal Society of London, The"),
        ("Marsh and Fen Society", "Marsh and Fen Society"),
        ("A. D. M.", "A. D. M."),
        ("Philomath", "Philomath"),
        ("An Old Soldier", "Old Soldier, An"),
    ],
)
def test_what_is_no_persons_name_is_braced_and_never_turned_round(name: str, filed: str) -> None:
    cited = citation(authors=(Author(name, filed), Author("Eleanor Marsh", "Marsh, Eleanor")))
    assert f"author = {{{{{name}}} and Marsh, Eleanor}}," in to_bibtex(cited)
    assert ris(cited)["AU"] == [name, "Marsh, Eleanor"]


def test_bibtex_has_the_month_as_a_macro_and_no_note() -> None:
    text = to_bibtex(citation())
    assert "  month = sep,\n" in text
    assert "note" not in text


@pytest.mark.parametrize(
    ("cover_date", "printed"),
    [
        ("14 July 1900", "1900/07/14"),
        ("July 14th, 1900", "1900/07/14"),
        ("1900-07-14", "1900/07/14"),
        ("July 1900", "1900/07"),
        ("No. 14, July 1900", "1900/07"),
        ("Vol. 14, July 1900", "1900/07"),
        ("Summer 1900", "1900"),
        ("Christmas 1900", "1900"),
        ("1900", "1900"),
        ("No. 14, 1900", "1900"),
    ],
)
def test_a_day_and_a_month_are_claimed_only_where_one_is_printed(cover_date: str, printed: str) -> None:
    cited = citation(cover_date=cover_date, printed_on=date(1900, 7, 14))
    assert dict(meta_tags(cited))["citation_publication_date"] == printed
    assert ("month" in to_bibtex(cited)) is ("/" in printed)


def test_what_follows_a_name_stands_second_in_bibtex() -> None:
    authors = (
        Author("Martin Luther King Jr", "King, Martin Luther, Jr"),
        Author("Jane Smith, OBE, FRS", "Smith, Jane, OBE, FRS"),
        Author("Vincent van Gogh", "Gogh, Vincent van"),
    )
    written = to_bibtex(citation(authors=authors))
    assert "author = {King, Jr, Martin Luther and Smith, OBE FRS, Jane and Gogh, Vincent van}" in written


def test_who_is_filed_by_hand_under_a_surname_that_bodies_have_is_a_person() -> None:
    assert "author = {Church, Richard}" in to_bibtex(
        citation(authors=(Author("Richard Church", "Church, Richard"),))
    )
    assert "author = {{British Museum}}" in to_bibtex(
        citation(authors=(Author("British Museum", "Museum, British"),))
    )
