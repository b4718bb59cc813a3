"""The blocks of an information page: words, lists and tables, nothing that needs a right or a note."""

from wagtail import blocks

from backnumber.archive.body import INLINE_FEATURES, CellsBlock, HeadingBlock


class InformationBlock(blocks.StreamBlock):
    """Every kind of block such a page may hold; each is one of an article's, and is stored as it is there."""

    paragraph = blocks.RichTextBlock(features=INLINE_FEATURES)
    heading = HeadingBlock()
    listing = blocks.RichTextBlock(features=["ul", "ol", *INLINE_FEATURES], icon="list-ul")
    table = CellsBlock()
