"""What lists are made of, as HTML: a card for an article, a cover for an issue. Written in Python, for a page shows up to a hundred and
twenty of them, and a template for each costs more than all the rest of the page. Pure: values in, escaped HTML out.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple, Protocol

from backnumber.archive.rendering import ShownPicture


class Part(Protocol):
    """A piece of a text; `found` is what a reader searched for."""

    @property
    def text(self) -> str: ...

    @property
    def found(self) -> bool: ...


class Card(NamedTuple):
    """All that a list shows of an article. `issue_line` and `pages` may be empty."""

    address: str
    headline: str
    byline: str
    standfirst: str
    mark: str
    title: str
    issue_address: str
    issue_line: str
    pages: str


class Cover(NamedTuple):
    """All that is shown of an issue's cover: `picture` if there is one that may be shown, else `classes`, `ornament`, `number` and
    `lines` of a drawn one.
    """

    picture: ShownPicture | None
    title: str
    date: str
    classes: str = ""
    ornament: str = ""
    number: str = ""
    lines: tuple[str, ...] = ()

    @property
    def bitmap(self) -> str:
        """The address of the picture, where other sites can show it: they take no drawings (SVG)."""
        return self.picture.src if self.picture and not self.picture.src.endswith(".svg") else ""


def article_card(
    card: Card, heading: str, headline: Sequence[Part] = (), snippet: Sequence[Part] = ()
) -> str:
    """Promise: the card under a heading "h2" or "h3". What a search marked stands instead of the headline and the standfirst."""
    name = marked(headline) if headline else escape(card.headline)
    opening = marked(snippet) if snippet else escape(card.standfirst)
    lines = [
        f'<p class="kicker"><span class="free-mark">{escape(card.mark)}</span></p>' if card.mark else "",
        f'<{heading} class="piece-headline"><a href="{escape(card.address)}">{name}</a></{heading}>',
        f'<p class="piece-byline">{escape(card.byline)}</p>' if card.byline else "",
        f'<p class="piece-standfirst">{opening}</p>' if opening else "",
        _of_issue(card) if card.issue_line else "",
    ]
    return '<article class="piece">\n  ' + "\n  ".join(filter(None, lines)) + "\n</article>"


def _of_issue(card: Card) -> str:
    where = f"{escape(card.title)} · {escape(card.issue_line)}"
    pages = f", {escape(card.pages)}" if card.pages else ""
    return f'<p class="label piece-issue"><a href="{escape(card.issue_address)}">{where}</a>{pages}</p>'


def marked(parts: Sequence[Part]) -> str:
    """Promise: the text, what was found marked."""
    return "".join(f"<mark>{escape(part.text)}</mark>" if part.found else escape(part.text) for part in parts)


def cover(of: Cover, *, size: str = "", hidden: bool = False, eager: bool = False) -> str:
    """Promise: the cover. `hidden`: what stands beside it says the same; `eager`: it is seen at once."""
    sized = f" cover-{size}" if size else ""
    aria = ' aria-hidden="true"' if hidden else ""
    lazy = "" if eager else ' loading="lazy"'
    if of.picture is not None:
        return f'<span class="cover cover-picture{sized}"{aria}>{_picture(of.picture, lazy)}</span>'
    return f'<span class="cover {escape(of.classes)}{sized}"{aria}>{_drawn(of, lazy)}</span>'


def _picture(shown: ShownPicture, lazy: str) -> str:
    sizes = ' sizes="(min-width: 60rem) 16rem, 45vw"'
    several = f' srcset="{escape(shown.srcset)}"{sizes}' if shown.srcset else ""
    return (
        f'<img src="{escape(shown.src)}"{several} width="{shown.width}" height="{shown.height}"'
        f' alt="{escape(shown.alt or "Cover")}"{lazy} decoding="async">'
    )


def _drawn(of: Cover, lazy: str) -> str:
    lines = "".join(f'<span class="cover-line">{escape(line)}</span> ' for line in of.lines)
    under = f' <span class="cover-lines">{lines}</span>' if lines else ""
    return (
        f'<img class="cover-ornament" src="{escape(of.ornament)}" width="300" height="400" alt=""{lazy} decoding="async">'
        f'<span class="cover-words"><span class="cover-masthead">{escape(of.title)}</span> '
        f'<span class="cover-dateline"><span class="cover-date">{escape(of.date)}</span> '
        f'<span class="cover-number">{escape(of.number)}</span></span>'
        f"{under}</span>"
    )


def captioned(of: Cover, address: str, *, names_title: bool) -> str:
    """Promise: the cover in a list of covers, linked, with its date, and its title where there are several."""
    name = f"{escape(of.title)}, " if names_title else ""
    caption = f'<span class="cover-caption">{name}{escape(of.date)}</span>'
    return f'<li><a href="{escape(address)}">{cover(of, hidden=True)}{caption}</a></li>'


def index_entry(address: str, name: str, pieces: int) -> str:
    """Promise: a name of an index, linked, with the number of its pieces."""
    said = f'{pieces}<span class="visually-hidden"> piece{"" if pieces == 1 else "s"}</span>'
    return f'<li><a class="plain-link" href="{escape(address)}">{escape(name)}</a> <span class="label">{said}</span></li>'
