"""What is decided in one place is decided nowhere else: who asks, what counts now, who may be sent another's answer."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "backnumber"
MODULES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text())
    for path in sorted(SOURCE.rglob("*.py"))
    if "migrations" not in path.parts
}

ENDS = ("until", "revoked_at")
_IN_SQL = re.compile(r"\b(until|revoked_at) (<|>|=|IS)")
# Outside `access`, where an end is compared with something, and why that is no second rule.
COMPARED = {
    "archive/queries.py": "which windows are handed to the rule: those that are over are left out",
    "figures/queries.py": "which orders were placed within the time of a figure",
    "gifts/asking.py": "a gift cookie that has ended by itself needs no query",
    "gifts/service.py": "which links end with a reader's right, and which are swept",
    "checkout/models.py": "a row's own bounds",
    "checkout/giving.py": "what is left of a term whose money came back",
    "checkout/notices.py": "when a reader is told of an end, and whether another term follows it",
    "checkout/renewing.py": "terms are laid end to end",
    "website/search_choices.py": "the life of a list that is kept, which is no grant",
    "checkout/queries.py": "which of the orders' grants were revoked: their terms do not count in what follows",
    "checkout/rules.py": "terms are laid end to end",
    "circulation/service.py": "terms of a print subscription are laid end to end",
    "edge/door/credentials.py": "the life of a pass, which is no grant",
    "edge/door/startup_state.py": "gift links that were revoked before they ended, for the pass-like cookie that names them",
    "groups/queries.py": "which terms of a group are paid for, so that seats are counted; what a seat opens is a grant",
    "groups/service.py": "no grant is made for a term of a group that is over",
    "helpdesk/service.py": "a grant that staff give may not end before it begins",
    "institutions/models.py": "a row's own bounds",
    "institutions/service.py": "a licence is revoked once",
    "longread/queries.py": "this week's row; who may read it the rule says",
    "edge/page/places.py": "from when to when a network is an institution's",
    "edge/page/slots.py": "how long a free window is, for its words",
    "passes/middleware.py": "the life of a pass, which is no grant",
    "grants/models.py": "a row's own bounds",
    "grants/queries.py": "`counting`: the rule's own words as a condition on rows; a test compares the two",
    "grants/service.py": "a grant is revoked once",
    "staff/forms.py": "a right that staff extend ends later than it did",
    "website/home.py": "which windows may lead the front page; the rule is asked after",
    "website/rendered_lists.py": "when a stored list must be made anew",
}


def compares_an_end(tree: ast.AST) -> bool:
    """Whether an end is compared: with an operator, as a condition on rows, or in SQL."""
    return any(True for _ in _comparisons(tree))


def _comparisons(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if (
            (isinstance(node, ast.Compare) and any(map(_is_an_end, ast.walk(node))))
            or (isinstance(node, ast.Call) and any(_is_a_condition(node, k) for k in node.keywords))
            or (isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value))
            or (isinstance(node, ast.JoinedStr) and any(_names_an_end(one) for one in node.values))
        ):
            yield node


def _is_an_end(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ENDS


def _is_a_condition(call: ast.Call, keyword: ast.keyword) -> bool:
    asks = isinstance(call.func, ast.Attribute) and call.func.attr in {"filter", "exclude", "get"}
    is_q = getattr(call.func, "id", getattr(call.func, "attr", "")) == "Q"
    parts = (keyword.arg or "").split("__")
    return (asks or is_q) and any(part in ENDS for part in parts)


def _names_an_end(part: ast.AST) -> bool:
    return isinstance(part, ast.Constant) and str(part.value).strip("_") in {
        f"{end}{how}" for end in ENDS for how in ("", "__gt", "__gte", "__lt", "__lte")
    }


def _is_sql(text: str) -> bool:
    return bool(_IN_SQL.search(text)) and any(word in text for word in ("SELECT", "WHERE", "UPDATE"))


def test_nothing_outside_the_rule_says_whether_a_grant_counts_now() -> None:
    found = {
        name for name, tree in MODULES.items() if not name.startswith("access/") and compares_an_end(tree)
    }
    assert found - set(COMPARED) == set(), "ask access.counts, is_over or state_of instead"
    assert set(COMPARED) - found == set(), "no longer needed in the table"


@pytest.mark.parametrize(
    "source",
    [
        "is_open = now < grant.until",
        "is_open = not (grant.until is not None and grant.until <= now)",
        "over = min(a.until, a.revoked_at) <= now",
        "Grant.objects.filter(reader=reader, until__gt=now)",
        "Q(licences__revoked_at=None)",
        "Q(**{f'{prefix}until__gt': now})",
        "rows = 'SELECT id FROM grants WHERE until > now()'",
    ],
)
def test_a_second_rule_is_found_out(source: str) -> None:
    assert compares_an_end(ast.parse(source))


@pytest.mark.parametrize("source", ["counts(grant, now)", "Grant(until=until)", "shown = grant.until"])
def test_what_only_hands_an_end_on_is_none(source: str) -> None:
    assert not compares_an_end(ast.parse(source))


# Who makes an asker, and of what. Only the first two know a request.
ASKERS = {
    "gate/asking.py": "from a request, the one way in Django",
    "edge/door/credentials.py": "from the cookies and the address of a request, the one way at the door",
    "edge/door/responding.py": "asks edge/door/credentials",
    "gate/facts.py": "a reader as the database has them",
    "gifts/rules.py": "would the giver's own right open it?",
    "checkout/queries.py": "would what they have open it already?",
    "editorial/kinds.py": "kinds of readers that nobody is, for the editor",
    "helpdesk/queries.py": "the reader whom the help desk asks about",
    "helpdesk/views.py": "the reader whom the help desk asks about",
    "longread/composing.py": "nobody in particular: a mail is anybody's",
    "syndication/entries.py": "nobody in particular: a feed is anybody's",
    "website/home.py": "nobody in particular: the front page is everybody's",
    "website/rendered_articles.py": "each case that a page is stored for",
    "website/templatetags/previews.py": "the preview's two readers",
}


def makes_an_asker(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"Asker", "asker"}
        for node in ast.walk(tree)
    )


def test_there_is_one_way_to_make_an_asker_from_a_request() -> None:
    found = {
        name for name, tree in MODULES.items() if not name.startswith("access/") and makes_an_asker(tree)
    }
    assert found - set(ASKERS) == set(), "use gate.asking"
    assert set(ASKERS) - found == set(), "no longer needed in the table"


def test_an_asker_made_in_passing_is_found_out() -> None:
    assert makes_an_asker(ast.parse("who = facts.asker(request.user)"))
    assert makes_an_asker(ast.parse("who = Asker(request.user.pk)"))
    assert not makes_an_asker(ast.parse("who = asker_of(request, asked, now)"))
