"""Articles as reference managers take them: meta tags of a page; RIS, BibTeX and CSL-JSON of one article or of many.

Nothing here comes from the text of an article: the standfirst is the most it says.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from backnumber.archive.models import Article
from backnumber.archive.names import is_person
from backnumber.syndication.printed_dates import as_printed, names_the_day, names_the_month

MOST_LISTED = 500
"""How many pieces one list takes, of an issue or of a search."""

# The macros every style of BibTeX knows: each writes the month as it does.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEPT = re.compile(r"[^a-z0-9]+")
# What BibTeX and LaTeX take for their own; accents stay, as UTF-8 (biber, and BibTeX since 2010).
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Author:
    """`sorted` is "surname, forename"; empty for a byline taken as printed, of nobody we know."""

    name: str
    sorted: str = ""

    @property
    def is_person(self) -> bool:
        return is_person(self.name, self.sorted)

    @property
    def filed(self) -> str:
        """As a reference manager takes it: a person's surname goes first; a body's or a pen-name stays as it is."""
        return self.sorted if self.is_person else self.name


@dataclass(frozen=True, slots=True)
class Citation:
    """What is known of where a piece was printed. Empty: not known, and then it is left out everywhere."""

    key: int
    headline: str
    authors: tuple[Author, ...]
    title: str
    volume: str
    number: str
    cover_date: str
    printed_on: date
    first_page: str
    last_page: str
    issn: str
    language: str
    standfirst: str
    address: str


def citation_of(article: Article, address: str) -> Citation:
    """`address` is the whole address of its page. No query when issue, title, volume and authorships are
    loaded.
    """
    issue = article.issue
    known = tuple(Author(a.contributor.name, a.contributor.sort_name) for a in article.authorships.all())
    printed = (Author(article.byline),) if article.byline else ()
    return Citation(
        key=article.pk,
        headline=article.headline,
        authors=known or printed,
        title=issue.title.name,
        volume=issue.volume.number if issue.volume else "",
        number=issue.number,
        cover_date=issue.cover_date,
        printed_on=issue.sort_date,
        first_page=article.first_page,
        last_page=article.last_page if article.first_page and article.last_page != article.first_page else "",
        issn=issue.title.issn,
        language=article.language or issue.title.language,
        standfirst=article.standfirst,
        address=address,
    )


def meta_tags(citation: Citation) -> list[tuple[str, str]]:
    """Promise: name and content of each tag, none empty.

    `z:itemType` makes a magazine article of it in Zotero; `citation_journal_title` would force a journal
    article.
    """
    tags = [
        ("z:itemType", "magazineArticle"),
        ("citation_title", citation.headline),
        *(("citation_author", author.filed) for author in citation.authors),
        ("prism.publicationName", citation.title),
        ("citation_publication_date", as_printed(citation.cover_date, citation.printed_on, "/")),
        ("citation_volume", citation.volume),
        ("citation_issue", citation.number),
        ("citation_firstpage", citation.first_page),
        ("citation_lastpage", citation.last_page),
        ("citation_issn", citation.issn),
        ("citation_language", citation.language),
        ("citation_abstract_html_url", citation.address),
    ]
    return [(name, content) for name, content in tags if content]


def to_ris(citation: Citation) -> str:
    """Promise: one record of type magazine article, its lines ended by CR LF as the format asks; no value has
    two.
    """
    printed = citation.printed_on
    month = f"{printed:%m}" if names_the_month(citation.cover_date, printed) else ""
    day = f"{printed:%d}" if names_the_day(citation.cover_date, printed) else ""
    fields = [
        ("TY", "MGZN"),
        ("ID", _key(citation)),
        ("TI", citation.headline),
        *(("AU", author.filed) for author in citation.authors),
        ("T2", citation.title),
        ("VL", citation.volume),
        ("IS", citation.number),
        ("SP", citation.first_page),
        ("EP", citation.last_page),
        ("PY", f"{printed:%Y}"),
        ("DA", f"{printed:%Y}/{month}/{day}/{citation.cover_date}"),
        ("SN", citation.issn),
        ("LA", citation.language),
        ("AB", citation.standfirst),
        ("UR", citation.address),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value.strip()]
    return "\r\n".join([*lines, "ER  - ", ""])


def to_bibtex(citation: Citation) -> str:
    """Promise: one @article. A headline keeps its capitals; a byline that is no known person stays whole."""
    pages = f"{citation.first_page}--{citation.last_page}" if citation.last_page else citation.first_page
    printed = citation.printed_on
    month = _MONTHS[printed.month - 1] if names_the_month(citation.cover_date, printed) else ""
    fields = [
        ("title", f"{{{_tex(citation.headline)}}}"),
        ("author", " and ".join(_tex_author(author) for author in citation.authors)),
        ("journal", _tex(citation.title)),
        ("volume", _tex(citation.volume)),
        ("number", _tex(citation.number)),
        ("year", f"{citation.printed_on:%Y}"),
        ("month", month),
        ("pages", _tex(pages)),
        ("issn", _tex(citation.issn)),
        ("language", _tex(citation.language)),
        ("abstract", _tex(citation.standfirst)),
        ("url", citation.address.replace("{", "%7B").replace("}", "%7D")),
    ]
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields if value]
    return "\n".join([f"@article{{{_key(citation)},", *lines, "}", ""])


def to_csl(citation: Citation) -> dict[str, Any]:
    """Promise: one item of type magazine article, what is not known left out (https://docs.citationstyles.org, CSL-JSON)."""
    printed = citation.printed_on
    date_parts = [int(part) for part in as_printed(citation.cover_date, printed).split("-")]
    item = {
        "id": _key(citation),
        "type": "article-magazine",
        "title": citation.headline,
        "author": [_csl_author(author) for author in citation.authors],
        "container-title": citation.title,
        "volume": citation.volume,
        "issue": citation.number,
        "issued": {"date-parts": [date_parts]},
        "page": "-".join(page for page in (citation.first_page, citation.last_page) if page),
        "ISSN": citation.issn,
        "language": citation.language,
        "abstract": citation.standfirst,
        "URL": citation.address,
    }
    return {name: value for name, value in item.items() if value}


def _csl_author(author: Author) -> dict[str, str]:
    """A body's name is literal: it has no family name."""
    if not author.is_person:
        return {"literal": author.name}
    family, _, given = author.sorted.partition(",")
    return {"family": family.strip(), "given": given.strip()}


def to_list(citations: Iterable[Citation], form: str) -> str:
    """Promise: all of them in one file of a form. Errors: KeyError for a form that is not in MEDIA_TYPES."""
    return {"ris": _ris_list, "bib": _bibtex_list, "json": _csl_list}[form](citations)


def _ris_list(citations: Iterable[Citation]) -> str:
    return "".join(to_ris(one) for one in citations)


def _bibtex_list(citations: Iterable[Citation]) -> str:
    return "\n".join(to_bibtex(one) for one in citations)


def _csl_list(citations: Iterable[Citation]) -> str:
    return json.dumps([to_csl(one) for one in citations], ensure_ascii=False, indent=1) + "\n"


MEDIA_TYPES = {
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
}


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))


def _tex_author(author: Author) -> str:
    """A name in braces is a body's: it has no surname, and an "and" in it parts no two authors.

    What follows a name ("Jr") stands second of three for BibTeX, not last.
    """
    if not author.is_person:
        return f"{{{_tex(author.name)}}}"
    surname, first, *after = (part.strip() for part in author.sorted.split(",", 2))
    return _tex(", ".join([surname, *(part.replace(",", "") for part in after), first]))


def _key(citation: Citation) -> str:
    """ "marsh1999-17": who, when, and the article's number, so that no two are alike."""
    first = citation.authors[0] if citation.authors else Author("")
    surname = (
        first.sorted.split(",")[0]
        if first.is_person
        else first.name.split()[-1]
        if first.name.split()
        else ""
    )
    plain = unicodedata.normalize("NFKD", surname).encode("ascii", "ignore").decode().lower()
    return f"{_KEPT.sub('', plain) or 'anonymous'}{citation.printed_on:%Y}-{citation.key}"
