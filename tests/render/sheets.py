"""Stored pages as tests have them: rendered now, and read back as they were kept."""

from django.utils import timezone

from backnumber.edge.page.stored import StoredPage, read
from backnumber.edge.render import queries, service

LISTS = [
    "/", "/archive/", "/archive/decades/1990s/", "/archive/the-hourglass/", "/archive/the-hourglass/1999/",
    "/archive/the-hourglass/1999/september/", "/sections/", "/sections/war-and-strategy/", "/contributors/",
    "/contributors/eleanor-marsh/", "/information/terms/",
]  # fmt: skip


def rendered(address: str) -> StoredPage:
    made = service.render_page(address, timezone.now())
    assert made is not None
    content = queries.fetch(address)
    assert content is not None
    assert read(content) == made
    return made
