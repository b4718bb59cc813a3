"""The body's blocks as an editor meets them in the admin; `blocks.py` reads what is stored."""

from typing import ClassVar

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

INLINE_FEATURES = ["bold", "italic", "link", "superscript", "subscript"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock()
    level = blocks.ChoiceBlock(choices=[("2", "Heading"), ("3", "Sub-heading")], default="2")

    class Meta:
        icon = "title"


class QuotationBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=INLINE_FEATURES)
    source = blocks.CharBlock(required=False)

    class Meta:
        icon = "openquote"


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock()
    alt = blocks.CharBlock(
        required=False, help_text="What a person who cannot see it needs to know. Empty: the picture's own."
    )
    caption = blocks.CharBlock(required=False, help_text="Empty: the picture's own.")

    class Meta:
        icon = "image"


class NoteBlock(blocks.StructBlock):
    mark = blocks.CharBlock(
        max_length=8, help_text='Link the mark in the text to "#note-" and this mark, in superscript.'
    )
    text = blocks.RichTextBlock(features=INLINE_FEATURES)

    class Meta:
        icon = "comment"


class TimelineBlock(blocks.StructBlock):
    heading = blocks.CharBlock()
    entries = blocks.ListBlock(
        blocks.StructBlock([("when", blocks.CharBlock()), ("what", blocks.CharBlock())])
    )

    class Meta:
        icon = "date"


class FurtherReadingBlock(blocks.StructBlock):
    heading = blocks.CharBlock(default="Further reading")
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
    table = TableBlock()
    verse = blocks.TextBlock(
        icon="pilcrow", help_text="Line by line; indent with spaces; an empty line between stanzas."
    )
    timeline = TimelineBlock()
    further_reading = FurtherReadingBlock()
    listing = blocks.RichTextBlock(features=["ul", "ol", *INLINE_FEATURES], icon="list-ul")
    preformatted = blocks.TextBlock(icon="code")

    class Meta:
        block_counts: ClassVar[dict[str, dict[str, int]]] = {}
