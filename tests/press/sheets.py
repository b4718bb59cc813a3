"""Printed pages as tests have them: made now, and read back as they were kept."""

from django.utils import timezone

from backnumber.pages.printed import PrintedPage, unpacked
from backnumber.press import queries, service

LISTS = [
    "/", "/archive/", "/archive/decades/1990s/", "/archive/the-hourglass/", "/archive/the-hourglass/1999/",
    "/archive/the-hourglass/1999/september/", "/sections/", "/sections/war-and-strategy/", "/contributors/",
    "/contributors/eleanor-marsh/",
]  # fmt: skip


def printed(address: str) -> PrintedPage:
    made = service.print_page(address, timezone.now())
    assert made is not None
    content = queries.fetch(address)
    assert content is not None
    assert unpacked(content) == made
    return made
