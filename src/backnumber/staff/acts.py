"""What can be done on a reader's page: each act has a form, the permission it needs, and one sentence of what was done. Rooms register
more with the hook `register_reader_act`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.utils import timezone
from wagtail import hooks

from backnumber.access import Scope, ScopeKind
from backnumber.circulation import service as circulation
from backnumber.helpdesk import service as helpdesk
from backnumber.readers.models import Reader
from backnumber.staff import doing, forms, merging
from backnumber.staff.models import Merging

HOOK = "register_reader_act"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, about whom."""

    reader: Reader
    given: dict[str, Any]
    by: Reader
    now: datetime
    about: int | None = None
    form: Any = None

    @property
    def because(self) -> str:
        return str(self.given.get("because") or self.given.get("text") or "")


@dataclass(frozen=True, slots=True)
class Act:
    """`do` gives the sentence that says what was done; it raises ValueError with what to do instead. `is_listed`: among the buttons of
    the page; others are reached from what they are about.
    """

    slug: str
    label: str
    permission: str
    form: type[Any]
    do: Callable[[Asked], str]
    is_listed: bool = True
    template: str = "staff/admin/act.html"

    @property
    def route(self) -> str:
        return f"staff_{self.slug}"


def _note(asked: Asked) -> str:
    doing.write_note(asked.reader, asked.given["text"], by=asked.by, now=asked.now)
    return "The note is on the page."


def _grant(asked: Asked) -> str:
    title = asked.given["title"]
    scope = Scope(ScopeKind.TITLE, title=title.pk) if title else Scope(ScopeKind.ARCHIVE)
    wanted = helpdesk.Wanted(scope, asked.given["until"], asked.given["case"].strip(), asked.because[:200])
    helpdesk.give(asked.reader, wanted, by=asked.by, now=asked.now)
    return "The reader has the right from now on."


def _extend(asked: Asked) -> str:
    doing.extend(
        asked.given["grant"], asked.given["until"], case=asked.given["case"].strip(), because=asked.because, now=asked.now
    )  # fmt: skip
    return "The right goes on."


def _address(asked: Asked) -> str:
    given = asked.given
    circulation.change_address(
        given["subscription"], address=given["address"], postcode=given["postcode"], country=given["country"], now=asked.now
    )  # fmt: skip
    return "Copies go to the new address from now on."


def _email(asked: Asked) -> str:
    doing.change_email(asked.reader, asked.given["email"], asked.now)
    return "The address is changed; both addresses have a mail that says so."


def _mail(asked: Asked) -> str:
    again = doing.send_again(asked.given["mail"], asked.reader, asked.now)
    return f"It is on its way to {again.recipient}."


def _deceased(asked: Asked) -> str:
    doing.mark_deceased(
        asked.reader, copies_stop=asked.given["copies_stop"], because=asked.because, today=timezone.localdate(asked.now), now=asked.now
    )  # fmt: skip
    return "Nothing renews any more, and no mail goes out."


def _alive(asked: Asked) -> str:
    doing.was_a_mistake(asked.reader)
    return "The mark is gone. What had ended stays ended: give it anew where you must."


def _merge(asked: Asked) -> str:
    other = asked.given["other"]
    merging.merge(asked.reader, other, because=asked.because, by=asked.by, now=asked.now)
    return f"{other.email} is merged into this account."


def _part(asked: Asked) -> str:
    found = Merging.objects.filter(pk=asked.about or 0, kept=asked.reader).first()
    if found is None:
        raise doing.NotDone("There is no such merging of this reader.")
    merging.part(found, now=asked.now)
    return f"{found.merged.email} is an account of its own again."


def _post_order(asked: Asked) -> str:
    order = doing.take_post_order(asked.reader, asked.given, asked.form.address(), by=asked.by, now=asked.now)
    return f"Order {order.number} is paid, and its receipt on its way."


@hooks.register(HOOK)
def of_the_desk() -> list[Act]:
    return [
        Act("note", "Write a note", "staff.write_note", forms.NoteForm, _note),
        Act("grant", "Give a right", "helpdesk.give_access", forms.GrantForm, _grant),
        Act("extend", "Extend a right", "helpdesk.give_access", forms.ExtendForm, _extend),
        Act("address", "Change the postal address", "circulation.change_printsubscription", forms.AddressForm, _address),
        Act("email", "Change the e-mail address", "staff.change_email", forms.EmailForm, _email),
        Act("mail", "Send a mail again", "mail.change_mail", forms.MailForm, _mail),
        Act("post-order", "Take an order by post", "staff.take_post_order", forms.PostOrderForm, _post_order),
        Act("merge", "Merge with another account", "staff.merge_readers", forms.MergeForm, _merge, template="staff/admin/merge.html"),
        Act("part", "Part two accounts again", "staff.merge_readers", forms.ActForm, _part, is_listed=False),
        Act("deceased", "Mark as deceased", "staff.mark_deceased", forms.DeceasedForm, _deceased),
        Act("alive", "Take the mark of death away", "staff.mark_deceased", forms.ActForm, _alive, is_listed=False),
    ]  # fmt: skip


def every_act() -> list[Act]:
    """Promise: all acts, in the order of registering; a room registers a list of them."""
    return [one for fn in hooks.get_hooks(HOOK) for one in cast(list[Act], fn())]
