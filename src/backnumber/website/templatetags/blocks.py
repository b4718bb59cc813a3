"""A block of the page, said once more elsewhere in it."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def said_in(context: Context, block: str) -> SafeString:
    """Promise: what the page puts into that block, on one line and as safe as it is there; empty when it has none."""
    blocks: Any = context.render_context.get(BLOCK_CONTEXT_KEY)
    found = blocks.get_block(block) if blocks is not None else None
    return mark_safe(" ".join(found.render(context).split()) if found is not None else "")
