"""The demo's information pages, from `content/information/`: a start for a publisher's own words."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from backnumber.archive.blocks import Block, to_stream
from backnumber.demo.source import CONTENT, Drawing, Misprint, blocks
from backnumber.information.models import InformationPage, Menu, Purpose


@dataclass(frozen=True, slots=True)
class PageSource:
    """One file of the folder; the file's name is the slug."""

    slug: str
    title: str
    summary: str
    purpose: Purpose
    menu: Menu
    position: int
    body: tuple[Block, ...]


def sources(folder: Path = CONTENT) -> Iterator[PageSource]:
    """Promise: every page, with our own address for mail where it names one. Errors: source.Misprint naming the file."""
    for path in sorted(folder.glob("information/*.txt")):
        try:
            _, head, body = path.read_text("utf-8").split("+++\n", 2)
            facts = tomllib.loads(head)
            named = body.replace("{help_email}", settings.HELP_EMAIL)
            yield PageSource(
                path.stem,
                facts["title"],
                facts["summary"],
                Purpose(facts["purpose"]),
                Menu(facts["menu"]),
                facts["position"],
                tuple(block for block in blocks(named) if not isinstance(block, Drawing)),
            )
        except (KeyError, ValueError) as error:
            raise Misprint(f"{path}: {error!r}") from error


def load(now: datetime) -> int:
    """Promise: there is a page of every purpose that the demo has words for; how many were added. What staff wrote stays."""
    known = InformationPage.objects.values_list("slug", "purpose")
    taken = {value for row in known for value in row}
    new = [one for one in sources() if not {one.slug, one.purpose.value} & taken]
    InformationPage.objects.bulk_create(
        InformationPage(
            slug=one.slug,
            title=one.title,
            summary=one.summary,
            purpose=one.purpose,
            menu=one.menu,
            position=one.position,
            body=to_stream(one.body, f"demo:information:{one.slug}"),
            first_published_at=now,
            last_published_at=now,
        )
        for one in new
    )
    return len(new)
