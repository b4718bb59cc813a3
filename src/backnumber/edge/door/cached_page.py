"""A page that this process has: its facts in memory, its texts where they can be read, and the responses made from it so far."""

from dataclasses import dataclass, field

from backnumber.edge.door.prepared_response import PreparedResponse
from backnumber.edge.page.stored import (
    InMemory,
    PageFacts,
    Source,
    StoredPage,
    TextFacts,
    compressed_in,
    text_in,
)
from backnumber.edge.page.text import Text

PYTHON_BYTES = 1_500  # what a page costs in memory without a response, measured with tracemalloc


@dataclass(slots=True)
class CachedPage:
    """`heard` is how many notifications had been heard when it was last found good. Its texts begin at byte `begins` of `source`."""

    facts: PageFacts
    heard: int
    size: int
    source: Source
    begins: int
    prepared: dict[object, PreparedResponse] = field(default_factory=dict)

    def compressed(self, text: TextFacts, coding: str) -> bytes:
        """Promise: the main text in that coding ("br", "gzip" or "", as it is). Errors: UnreadablePage."""
        return compressed_in(self.source, self.begins, text, coding)

    def text(self, text: TextFacts) -> Text:
        """Promise: the text with its slots. Errors: UnreadablePage."""
        return text_in(self.source, self.begins, text)


def in_memory(page: StoredPage, heard: int) -> CachedPage:
    """Promise: the page, nothing of which is in the file."""
    size = len(page.content) + PYTHON_BYTES
    return CachedPage(page.facts, heard, size, InMemory(page.content), page.begins)
