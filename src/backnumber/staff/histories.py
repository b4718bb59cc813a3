"""What the rooms below know of a reader, told in the words of the desk. Each makes a fixed number of queries."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks

from backnumber.audit.models import Entry
from backnumber.audit.queries import name_of
from backnumber.checkout.models import Order
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.gifts.models import GiftLink
from backnumber.grants.ends import last_day_in_words
from backnumber.grants.models import Grant
from backnumber.invoices.models import CreditNote, Invoice
from backnumber.mail.models import Mail
from backnumber.payments.models import Payment, Refund
from backnumber.readers.models import Device, Reader
from backnumber.renewals.models import Subscription
from backnumber.staff.history import HOOK, Happening, History, Link
from backnumber.staff.models import Deceased, FormerAddress, Merging, Note

MOST = 200


def _account(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    told = [Happening(reader.date_joined, "Account opened", reader.email)]
    told += [Happening(one.until, "E-mail changed", f"until then {one.email}") for one in FormerAddress.objects.filter(reader=reader)[:MOST]]  # fmt: skip
    told += [
        Happening(
            one.signed_in_at, f"Signed in on {one.name}", f"last used {one.used_at:%-d %B %Y}"
        )
        for one in Device.objects.filter(reader=reader)[:MOST]
    ]  # fmt: skip
    told += [
        Happening(one.at, "Marked as deceased", one.because) for one in Deceased.objects.filter(reader=reader)
    ]
    for one in Merging.objects.filter(Q(kept=reader) | Q(merged=reader)).select_related("kept", "merged"):
        other = one.merged if one.kept_id == reader.pk else one.kept
        text = f"{one.merged.email} was merged into {one.kept.email}"
        told.append(
            Happening(
                one.at, text, f"{one.because} ({one.by})", reverse("staff_person", args=[other.pk]), _part(one)
            )
        )  # fmt: skip
    return told


def _part(one: Merging) -> tuple[Link, ...]:
    if one.undone_at:
        return ()
    return (
        Link(
            "Part them again",
            reverse("staff_part", args=[one.kept_id]) + f"?about={one.pk}",
            "staff.merge_readers",
        ),
    )


def _orders(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    told = []
    for one in Order.objects.filter(reader=reader).defer("address")[:MOST]:
        at = reverse("orders:inspect", args=[one.pk])
        paid = f"{one.amount}, {one.get_state_display().lower()}"
        links = (
            Link("Refund", reverse("order_refund", args=[one.pk]), "checkout.change_order"),
            Link(
                "Send the receipt again",
                reverse("order_receipt", args=[one.pk]),
                "checkout.change_order",
                posts=True,
            ),
        )
        told.append(Happening(one.placed_at, f"Order {one.number}: {one.label}", paid, at, links if one.begins else ()))  # fmt: skip
        if one.refunded_at:
            told.append(Happening(one.refunded_at, f"Order {one.number} refunded", "", at))
    return told


def _payments(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    keys = Order.objects.filter(reader=reader).values("key")
    numbers = dict(Order.objects.filter(reader=reader).values_list("key", "pk"))
    told = []
    for one in Payment.objects.filter(order_key__in=keys).order_by("-begun_at")[:MOST]:
        more = ", ".join(filter(None, (one.get_state_display().lower(), one.mandate_label, one.problem)))
        at = reverse("orders:inspect", args=[numbers[one.order_key]])
        told.append(Happening(one.paid_at or one.begun_at, f"Payment of {one.amount} by {one.provider}", more, at))  # fmt: skip
    told += [
        Happening(one.asked_at, f"Refund of {one.amount}", f"{one.get_state_display().lower()}: {one.because} ({one.by})")
        for one in Refund.objects.filter(payment__order_key__in=keys).select_related("payment")[:MOST]
    ]  # fmt: skip
    return told


def _invoices(_reader: Reader, keys: Sequence[int]) -> list[Happening]:
    owners = [f"reader-{key}" for key in keys]
    found = Invoice.objects.filter(owner_key__in=owners).defer("facts")[:MOST]
    told = [
        Happening(one.issued_at, f"Invoice {one.number}", str(one.amount), one.get_absolute_url())
        for one in found
    ]
    notes = CreditNote.objects.filter(invoice__owner_key__in=owners).defer("facts")[:MOST]
    return told + [Happening(one.issued_at, f"Credit note {one.number}", str(one.amount), one.get_absolute_url()) for one in notes]  # fmt: skip


def _subscriptions(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    told = []
    for one in Subscription.objects.filter(reader=reader).select_related("product")[:MOST]:
        more = f"{one.amount} each term, {one.get_state_display().lower()}, paid until {last_day_in_words(one.paid_until)}"
        told.append(Happening(one.began_at, f"Subscription began: {one.product.name}", more))
        if one.cancelled_at:
            told.append(Happening(one.cancelled_at, f"Subscription cancelled: {one.product.name}"))
        if one.ended_at:
            told.append(Happening(one.ended_at, f"Subscription ended: {one.product.name}", one.get_ended_because_display()))  # fmt: skip
    return told


def _grants(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    told = []
    for one in Grant.objects.filter(reader=reader)[:MOST]:
        until = f"until {last_day_in_words(one.until)}" if one.until else "without end"
        more = f"{one.get_scope_display().lower()}, {until}; rests on {one.get_evidence_display().lower()} {one.evidence_key}"
        extend = Link(
            "Extend", reverse("staff_extend", args=[reader.pk]) + f"?about={one.pk}", "helpdesk.give_access"
        )
        told.append(Happening(one.starts, f"Right: {one.label}", more, "", (extend,) if one.until and not one.revoked_at else ()))  # fmt: skip
        if one.revoked_at:
            told.append(Happening(one.revoked_at, f"Right withdrawn: {one.label}", one.revoked_because))
    return told


def _prints(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    told = []
    for one in PrintSubscription.objects.filter(reader=reader)[:MOST]:
        at = reverse("wagtailsnippets_circulation_printsubscription:edit", args=[one.pk])
        more = (
            f"{one.name}, {one.postcode}; until {one.ends_on:%-d %B %Y}, {one.get_status_display().lower()}"
        )
        move = Link("Change the postal address", reverse("staff_address", args=[reader.pk]) + f"?about={one.pk}", "circulation.change_printsubscription")  # fmt: skip
        told.append(Happening(_day(one.starts_on), f"Print subscription {one.number}", more, at, (move,)))
        if one.address_changed_at:
            told.append(Happening(one.address_changed_at, f"Address of {one.number} changed on the site"))
    return told


def _day(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def _claims(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    told = []
    for one in Claim.objects.filter(reader=reader)[:MOST]:
        at = reverse("circulation_claim", args=[one.reference])
        told.append(Happening(one.made_at, f"Case {one.reference}: {one.number}, {one.surname}", one.get_state_display().lower(), at))  # fmt: skip
        if one.closed_at:
            told.append(Happening(one.closed_at, f"Case {one.reference} closed", one.answer, at))
    return told


def _mails(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    found = Mail.objects.filter(recipient__iexact=reader.email).order_by("-created_at")
    told = []
    for one in found.defer("html", "headers")[:MOST]:
        again = Link(
            "Send again", reverse("staff_mail", args=[reader.pk]) + f"?about={one.pk}", "mail.change_mail"
        )
        is_kept = one.keeps_text and bool(one.text) and one.state != Mail.State.WAITING
        at = reverse("outgoing-mail:inspect", args=[one.pk])
        more = ", ".join(filter(None, (one.kind, one.get_state_display(), one.last_error)))
        told.append(Happening(one.created_at, f"Mail: {one}", more, at, (again,) if is_kept else ()))
    return told


def _gifts(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    found = GiftLink.objects.filter(reader=reader).select_related("article__issue").defer("article__body")
    return [
        Happening(one.made_at, f"Gift link to “{one.article.headline}”", f"opened {one.opened} times")
        for one in found[:MOST]
    ]


def _notes(reader: Reader, _keys: Sequence[int]) -> list[Happening]:
    return [
        Happening(one.at, f"Note: {one.text}", one.by) for one in Note.objects.filter(reader=reader)[:MOST]
    ]


def _log(_reader: Reader, keys: Sequence[int]) -> list[Happening]:
    """What the audit log has of the account itself."""
    found = Entry.objects.filter(what="readers.reader", key__in=[str(key) for key in keys])[:MOST]
    return [
        Happening(
            one.at,
            f"{one.get_kind_display()} by {one.actor_email}: {name_of(one.what).lower()}",
            "; ".join(filter(None, (one.action, one.reason))),
        )
        for one in found
    ]


@hooks.register(HOOK)
def of_the_rooms() -> list[History]:
    orders = ("checkout.view_order", "checkout.change_order")
    return [
        History("account", "Account", ("staff.find_people",), _account),
        History("orders", "Orders", orders, _orders),
        History("payments", "Payments and refunds", orders, _payments),
        History("invoices", "Invoices", ("invoices.view_invoice",), _invoices),
        History("subscriptions", "Subscriptions", orders, _subscriptions),
        History("rights", "Rights", ("helpdesk.explain_access",), _grants),
        History("print", "Print subscriptions", ("circulation.view_printsubscription",), _prints),
        History("cases", "Cases", ("circulation.change_claim",), _claims),
        History("mail", "Mail", ("mail.view_mail",), _mails),
        History("gifts", "Gift links", ("gifts.change_giftlink",), _gifts),
        History("notes", "Notes", ("staff.find_people",), _notes),
        History("log", "What staff changed", ("audit.view_entry",), _log),
    ]
