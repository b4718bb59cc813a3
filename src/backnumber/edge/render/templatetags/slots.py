"""Templates say where a page varies: `{% slot "gate" page.decision %}…{% endslot %}`, `{% written_slot "mark" page.decision %}`.

The choice is made, and the written lines are written, by the functions of `edge.page.slots` that the door uses. A request that
carries `marks` gets them round its slots; every other gets the page alone.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from backnumber.edge.page.slots import CHOSEN, EMPTY, WRITTEN
from backnumber.edge.render.rules import Marks

register = template.Library()


class SlotNode(template.Node):
    """The part of a page between `slot` and `endslot`."""

    def __init__(self, name: str, decision: FilterExpression | None, nodelist: NodeList) -> None:
        self.name, self.decision, self.nodelist = name, decision, nodelist

    def render(self, context: template.Context) -> SafeString:
        decision = self.decision.resolve(context) or None if self.decision else None
        choice = CHOSEN[self.name](decision, bool(context.get("reader")))
        html = "" if choice == EMPTY else self.nodelist.render(context)
        marks = _marks(context)
        return mark_safe(marks.around(self.name, choice, html) if marks else html)


class WrittenSlotNode(template.Node):
    """A line that the door writes itself: here for the main rendering alone."""

    def __init__(self, name: str, decision: FilterExpression) -> None:
        self.name, self.decision = name, decision

    def render(self, context: template.Context) -> SafeString:
        html, marks = WRITTEN[self.name](self.decision.resolve(context)), _marks(context)
        return mark_safe(marks.around(self.name, "", html) if marks else html)


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """Errors: TemplateSyntaxError for a slot that `edge.page.slots` does not know."""
    _, name, *of = token.split_contents()
    name = _known(name, CHOSEN)
    if len(of) > 1:
        raise template.TemplateSyntaxError(f"slot {name} takes one decision")
    return SlotNode(name, parser.compile_filter(of[0]) if of else None, _until(parser, "endslot"))


@register.tag
def written_slot(parser: Parser, token: Token) -> WrittenSlotNode:
    """Errors: TemplateSyntaxError for a slot that `edge.page.slots` does not know."""
    _, name, decision = token.split_contents()
    return WrittenSlotNode(_known(name, WRITTEN), parser.compile_filter(decision))


def _known(name: str, among: dict[str, Any]) -> str:
    name = name.strip("\"'")
    if name not in among:
        raise template.TemplateSyntaxError(
            f"there is no slot {name}: the door could not choose what goes into it"
        )
    return name


def _until(parser: Parser, end: str) -> NodeList:
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return nodelist


def _marks(context: template.Context) -> Marks | None:
    marks: Any = getattr(context.get("request"), "marks", None)
    return marks if isinstance(marks, Marks) else None
