"""Templates say where a page varies: `{% slot "gate" page.decision %}…{% endslot %}`, `{% written_slot "mark" page.decision %}`,
and `{% cut %}…{% endcut %}` round what the whole text of an article has otherwise than the closed one.

The choice is made, and the written lines are written, by the functions of `pages.slots` that the front door uses. A request
that carries `printing` gets marks round its slots, or has them set in a forme; every other gets the page alone.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from backnumber.pages.slots import CHOSEN, EMPTY, WRITTEN
from backnumber.press.formes import Case, Forme
from backnumber.press.rules import Marks

register = template.Library()


class SlotNode(template.Node):
    """The part of a page between `slot` and `endslot`."""

    def __init__(self, name: str, decision: FilterExpression | None, nodelist: NodeList) -> None:
        self.name, self.decision, self.nodelist = name, decision, nodelist

    def render(self, context: template.Context) -> SafeString:
        printing = _printing(context)
        if isinstance(printing, Forme):
            return mark_safe(printing.slot(self.name, self._choose, lambda case: self._set(context, case)))
        decision = self.decision.resolve(context) or None if self.decision else None
        choice = CHOSEN[self.name](decision, bool(context.get("reader")))
        html = "" if choice == EMPTY else self.nodelist.render(context)
        if printing is None:
            return mark_safe(html)
        return mark_safe(printing.around(self.name, choice, html))

    def _choose(self, case: Case) -> str:
        return CHOSEN[self.name](case.decision if self.decision else None, case.signed_in)

    def _set(self, context: template.Context, case: Case) -> str:
        if self._choose(case) == EMPTY:
            return ""
        with context.push(**case.shows):
            return self.nodelist.render(context)


class WrittenSlotNode(template.Node):
    """A line that the front door writes itself: here for the main rendering alone."""

    def __init__(self, name: str, decision: FilterExpression) -> None:
        self.name, self.decision = name, decision

    def render(self, context: template.Context) -> SafeString:
        printing, writes = _printing(context), WRITTEN[self.name]
        if isinstance(printing, Forme):
            return mark_safe(printing.slot(self.name, lambda case: "", lambda case: writes(case.decision)))
        html = writes(self.decision.resolve(context))
        return mark_safe(printing.around(self.name, "", html) if printing else html)


class CutNode(template.Node):
    """What only a forme treats otherwise: it sets it for each text."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        printing = _printing(context)
        if isinstance(printing, Forme):
            return mark_safe(printing.cut(lambda case: self._set(context, case)))
        return self.nodelist.render(context)

    def _set(self, context: template.Context, case: Case) -> str:
        with context.push(**case.shows):
            return self.nodelist.render(context)


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """Errors: TemplateSyntaxError for a slot that `pages.slots` does not know."""
    _, name, *of = token.split_contents()
    name = _known(name, CHOSEN)
    if len(of) > 1:
        raise template.TemplateSyntaxError(f"slot {name} takes one decision")
    return SlotNode(name, parser.compile_filter(of[0]) if of else None, _until(parser, "endslot"))


@register.tag
def written_slot(parser: Parser, token: Token) -> WrittenSlotNode:
    """Errors: TemplateSyntaxError for a slot that `pages.slots` does not know."""
    _, name, decision = token.split_contents()
    return WrittenSlotNode(_known(name, WRITTEN), parser.compile_filter(decision))


@register.tag
def cut(parser: Parser, token: Token) -> CutNode:
    return CutNode(_until(parser, "endcut"))


def _known(name: str, among: dict[str, Any]) -> str:
    name = name.strip("\"'")
    if name not in among:
        raise template.TemplateSyntaxError(
            f"there is no slot {name}: the front door could not choose what goes into it"
        )
    return name


def _until(parser: Parser, end: str) -> NodeList:
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return nodelist


def _printing(context: template.Context) -> Marks | Forme | None:
    printing: Any = getattr(context.get("request"), "printing", None)
    return printing if isinstance(printing, Marks | Forme) else None
