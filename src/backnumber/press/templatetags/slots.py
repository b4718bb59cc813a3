"""Templates say where a page varies: `{% slot "gate" page.decision %}…{% endslot %}`, `{% written_slot "mark" page.decision %}`.

The choice is made, and the written lines are written, by the functions of `pages.slots` that the front door uses. A request
that carries `printing` gets marks round its slots; every other gets the page alone.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from backnumber.access import Decision
from backnumber.pages.slots import CHOSEN, WRITTEN
from backnumber.press.rules import Marks

register = template.Library()


class SlotNode(template.Node):
    """The part of a page between `slot` and `endslot`."""

    def __init__(self, name: str, decision: FilterExpression | None, nodelist: NodeList) -> None:
        self.name, self.decision, self.nodelist = name, decision, nodelist

    def render(self, context: template.Context) -> SafeString:
        html = self.nodelist.render(context)
        marks = _marks(context)
        if marks is None:
            return html
        decision = self.decision.resolve(context) if self.decision else None
        choice = CHOSEN[self.name](decision, bool(context.get("reader")))
        return mark_safe(marks.around(self.name, choice, html))


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """Errors: TemplateSyntaxError for a slot that `pages.slots` does not know."""
    _, name, *of = token.split_contents()
    name = name.strip("\"'")
    if name not in CHOSEN or len(of) > 1:
        raise template.TemplateSyntaxError(
            f"there is no slot {name}: the front door could not choose what goes into it"
        )
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(name, parser.compile_filter(of[0]) if of else None, nodelist)


@register.simple_tag(takes_context=True)
def written_slot(context: template.Context, name: str, decision: Decision) -> SafeString:
    html = WRITTEN[name](decision)
    marks = _marks(context)
    return mark_safe(marks.around(name, "", html) if marks else html)


def _marks(context: template.Context) -> Marks | None:
    marks: Any = getattr(context.get("request"), "printing", None)
    return marks if isinstance(marks, Marks) else None
