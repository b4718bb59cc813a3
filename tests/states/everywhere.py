"""Every kind of page in every state: one table, which the W3C checker, html-validate and axe all read. A new page or state is a
line in the group it belongs to.
"""

from collections.abc import Callable, Iterator

from backnumber.readers.models import Reader
from tests.states import buying, desk, reading, refusing, signing_in
from tests.states.visiting import State, undone

ADMIN = "admin"  # the first word of a state whose page is Wagtail's


def groups(*, dan: Reader, ada: Reader, ben: Reader, staff: Reader) -> list[Callable[[], Iterator[State]]]:
    return [
        reading.empty,
        lambda: reading.filled(dan, ada, ben),
        lambda: reading.the_demo(dan),
        lambda: buying.subscribing(dan, ada),
        lambda: buying.ordering(dan, ada),
        lambda: buying.paying(dan, staff),
        lambda: buying.keeping_a_card(staff),
        lambda: buying.renewing(dan),
        lambda: buying.giving_presents(dan, ada),
        lambda: buying.in_a_group(dan, ada, staff),
        buying.on_invoice,
        lambda: buying.claiming(dan),
        lambda: signing_in.nobody_yet(dan),
        lambda: signing_in.readers(dan, [ada, ben]),
        signing_in.the_weekly_mail,
        signing_in.the_second_factor,
        lambda: refusing.by_the_site(dan, staff),
        refusing.by_the_front_door,
        refusing.with_messages,
        lambda: desk.first_pages(staff),
        lambda: desk.busy(staff, ada, dan),
    ]


def all_states(**cast: Reader) -> Iterator[State]:
    """Promise: each state with its page, no name twice. Nothing that was written for one group is there in the next."""
    named: set[str] = set()
    for group in groups(**cast):
        with undone():
            for name, page in group():
                assert name not in named, name
                named.add(name)
                yield name, page
