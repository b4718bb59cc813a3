"""The body's blocks as an editor meets them in the admin; `blocks.py` reads what is stored."""

import json
from typing import Any, ClassVar

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from backnumber.characters import one_line, seen_within

INLINE_FEATURES = ["bold", "italic", "link", "superscript", "subscript"]


class LineBlock(blocks.CharBlock):
    """Text of one line. Migrations know it as Wagtail's own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[one_line], **options)

    def deconstruct(self) -> tuple[str, Any, Any]:
        return ("wagtail.blocks.CharBlock", *super().deconstruct()[1:])


class CellsBlock(TableBlock):
    """Wagtail's table, which believes whatever JSON the browser sends. Migrations know it as Wagtail's own."""

    def value_from_form(self, value: str | None) -> Any:
        """Promise: the table without characters that cannot be seen; None for what is no table."""
        try:
            table = seen_within(json.loads(value or "null"))
        except (ValueError, RecursionError):
            return None
        return table if _is_table(table) else None

    def deconstruct(self) -> tuple[str, Any, Any]:
        return ("wagtail.contrib.table_block.blocks.TableBlock", *super().deconstruct()[1:])


def _is_table(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("data"), list):
        return False
    words = (value.get("table_header_choice"), value.get("table_caption"))
    return all(isinstance(row, list) for row in value["data"]) and all(
        isinstance(one, str | None) for one in words
    )


class HeadingBlock(blocks.StructBlock):
    text = LineBlock()
    level = blocks.ChoiceBlock(choices=[("2", "Heading"), ("3", "Sub-heading")], default="2")

    class Meta:
        icon = "title"


class QuotationBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=INLINE_FEATURES)
    source = LineBlock(required=False)

    class Meta:
        icon = "openquote"


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock()
    alt = LineBlock(
        required=False, help_text="What a person who cannot see it needs to know. Empty: the picture's own."
    )
    caption = LineBlock(required=False, help_text="Empty: the picture's own.")

    class Meta:
        icon = "image"


class NoteBlock(blocks.StructBlock):
    mark = LineBlock(
        max_length=8, help_text='Link the mark in the text to "#note-" and this mark, in superscript.'
    )
    text = blocks.RichTextBlock(features=INLINE_FEATURES)

    class Meta:
        icon = "comment"


class TimelineBlock(blocks.StructBlock):
    heading = LineBlock()
    entries = blocks.ListBlock(blocks.StructBlock([("when", LineBlock()), ("what", LineBlock())]))

    class Meta:
        icon = "date"


class FurtherReadingBlock(blocks.StructBlock):
    heading = LineBlock(default="Further reading")
    items = blocks.ListBlock(blocks.RichTextBlock(features=INLINE_FEATURES))

    class Meta:
        icon = "list-ul"


class BodyBlock(blocks.StreamBlock):
    """Every kind of block an article may hold."""

    paragraph = blocks.RichTextBlock(features=INLINE_FEATURES)
    heading = HeadingBlock()
    pull_quote = blocks.TextBlock(icon="openquote")
    quotation = QuotationBlock()
    picture = PictureBlock()
    note = NoteBlock()
    table = CellsBlock()
    verse = blocks.TextBlock(
        icon="pilcrow", help_text="Line by line; indent with spaces; an empty line between stanzas."
    )
    timeline = TimelineBlock()
    further_reading = FurtherReadingBlock()
    listing = blocks.RichTextBlock(features=["ul", "ol", *INLINE_FEATURES], icon="list-ul")
    preformatted = blocks.TextBlock(icon="code")

    class Meta:
        block_counts: ClassVar[dict[str, dict[str, int]]] = {}
