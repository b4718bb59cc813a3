"""Finding a person by anything that is printed or said: one statement, made of the parts that what was typed can be."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db import connection

from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.rules import digits_key, number_key
from backnumber.gate import reference
from backnumber.gifts.queries import digest_of
from backnumber.mail.addresses import nearest_spelling
from backnumber.presents import codes
from backnumber.readers.models import Reader

MOST = 1000
_ORDER = re.compile(r"(?:order\s*)?(?:no\.?\s*|#\s*)?0*([0-9]{1,9})", re.IGNORECASE)
_INVOICE = re.compile(r"([A-Z0-9]{1,10}(?:-[A-Z]{1,3})?)-([0-9]{4})-0*([0-9]{1,9})", re.IGNORECASE)
_CARD = re.compile(r"(?:[*•x.\s-]*)([0-9]{4})", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")

# Each gives reader, print subscription, order, and why. What it compares has an index in migrations/0001.
_NAME = """
SELECT id, NULL::bigint, NULL::bigint, 'name' FROM readers_reader
WHERE to_tsvector('simple', staff_folded(first_name || ' ' || last_name)) @@ to_tsquery('simple', %(words)s)
UNION ALL
SELECT reader_id, id, NULL, 'name on the label' FROM circulation_printsubscription
WHERE to_tsvector('simple', staff_folded(name)) @@ to_tsquery('simple', %(words)s)
UNION ALL
SELECT reader_id, NULL, id, 'name on an order' FROM checkout_order
WHERE to_tsvector('simple', staff_folded(address ->> 'name')) @@ to_tsquery('simple', %(words)s)
"""
_EMAIL = """
SELECT id, NULL::bigint, NULL::bigint, 'e-mail' FROM readers_reader WHERE email = %(email)s
UNION ALL SELECT user_id, NULL, NULL, 'e-mail' FROM account_emailaddress WHERE email = %(email)s
UNION ALL SELECT reader_id, NULL, NULL, 'former e-mail' FROM staff_formeraddress WHERE email = %(email)s
UNION ALL SELECT reader_id, NULL, id, 'e-mail of an order' FROM checkout_order WHERE lower(email) = %(email)s
UNION ALL SELECT reader_id, id, NULL, 'e-mail of a print subscription' FROM circulation_printsubscription WHERE email = %(email)s
"""
_EMAIL_BEGINS = """
SELECT id, NULL::bigint, NULL::bigint, 'e-mail' FROM readers_reader WHERE email LIKE %(begins)s
UNION ALL SELECT reader_id, NULL, NULL, 'former e-mail' FROM staff_formeraddress WHERE email LIKE %(begins)s
"""
_ORDER_NUMBER = "SELECT reader_id, NULL::bigint, id, 'order' FROM checkout_order WHERE id = %(order)s"
_INVOICE_NUMBER = """
SELECT o.reader_id, NULL::bigint, o.id, 'invoice' FROM invoices_invoice AS i JOIN checkout_order AS o ON o.key = i.reference
WHERE i.series = %(series)s AND i.year = %(year)s AND i.sequence = %(sequence)s
UNION ALL
SELECT o.reader_id, NULL, o.id, 'credit note' FROM invoices_creditnote AS c JOIN invoices_invoice AS i ON i.id = c.invoice_id
JOIN checkout_order AS o ON o.key = i.reference
WHERE c.series = %(series)s AND c.year = %(year)s AND c.sequence = %(sequence)s
"""
_SUBSCRIBER = """
SELECT reader_id, id, NULL::bigint, 'subscriber number' FROM circulation_printsubscription
WHERE (claim_number = %(number)s AND claim_number > '') OR (claim_digits = %(digits)s AND claim_digits > '')
"""
_POSTCODE = """
SELECT reader_id, id, NULL::bigint, 'postcode' FROM circulation_printsubscription
WHERE staff_squeezed(postcode) = %(squeezed)s AND postcode > ''
UNION ALL
SELECT reader_id, NULL, id, 'postcode of an order' FROM checkout_order
WHERE staff_squeezed(address ->> 'postal_code') = %(squeezed)s
"""
_CARD_ENDS = """
SELECT o.reader_id, NULL::bigint, o.id, 'card' FROM payments_payment AS p JOIN checkout_order AS o ON o.key = p.order_key
WHERE right(p.mandate_label, 4) = %(card)s
UNION ALL
SELECT reader_id, NULL, NULL, 'card' FROM renewals_subscription WHERE right(mandate_label, 4) = %(card)s
"""
_CODE = """
SELECT reader_id, NULL::bigint, NULL::bigint, 'gift link' FROM gifts_giftlink WHERE token_digest = %(digest)s
UNION ALL SELECT reader_id, NULL, NULL, 'case' FROM circulation_claim WHERE reference = %(code)s
UNION ALL SELECT o.reader_id, NULL, o.id, 'payment on invoice' FROM invoice_awaitedpayment AS a
    JOIN checkout_order AS o ON o.key = a.order_key WHERE a.reference = %(code)s
UNION ALL SELECT donor_id, NULL, NULL, 'gift given' FROM presents_present WHERE code_digest = %(present)s
UNION ALL SELECT redeemed_by_id, NULL, NULL, 'gift redeemed' FROM presents_present WHERE code_digest = %(present)s
"""
_REFERENCE = (
    "SELECT id, NULL::bigint, NULL::bigint, 'reference of the gate' FROM readers_reader WHERE id = %(gate)s"
)
_WITHIN = """
SELECT id, NULL::bigint, NULL::bigint, 'part of a name' FROM readers_reader
WHERE first_name ILIKE %(within)s OR last_name ILIKE %(within)s OR email LIKE %(within)s
UNION ALL
SELECT reader_id, id, NULL, 'part of a name' FROM circulation_printsubscription WHERE name ILIKE %(within)s
"""
_SQUEEZED_OUT = re.compile(r"[^0-9A-Z]")


@dataclass(slots=True)
class Found:
    """A person: with an account, or a print subscription or an order that belongs to none. `by` is what was found of them."""

    reader: Reader | None
    prints: dict[int, PrintSubscription | None] = field(default_factory=dict)
    orders: set[int] = field(default_factory=set)
    by: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """`has_more`: there are more than were looked at."""

    found: tuple[Found, ...]
    has_more: bool


def find(typed: str) -> Answer:
    """Promise: who it can be, exact matches first, a thousand at most; three queries, four when nothing begins like it."""
    typed = " ".join(typed.split())
    parts, values = _parts(typed)
    rows = _rows(parts, values) if parts else []
    if not rows and len(typed) > 2:
        within = "%" + re.sub(r"([\\%_])", r"\\\1", typed.lower()) + "%"
        rows = _rows([_WITHIN], {"within": within})
    return Answer(tuple(_people(rows[:MOST])), len(rows) > MOST)


def _rows(parts: list[str], values: dict[str, Any]) -> list[tuple[int | None, int | None, int | None, str]]:
    statement = " UNION ALL ".join(f"({part})" for part in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MOST + 1}", values)
        return list(cursor.fetchall())


def _parts(typed: str) -> tuple[list[str], dict[str, Any]]:
    """Exact ones first."""
    squeezed = _SQUEEZED_OUT.sub("", typed.upper())
    words = _WORD.findall(_folded(typed))
    values: dict[str, Any] = {
        "number": number_key(typed),
        "digits": digits_key(typed),
        "squeezed": squeezed,
        "code": typed.upper(),
        "digest": digest_of(_token(typed)),
        "present": codes.digest_of(codes.plain(typed)),
    }
    parts = [_CODE] if typed else []
    facts = reference.read(typed)
    if facts is not None and facts.reader:
        parts.append(_REFERENCE)
        values["gate"] = facts.reader
    if (order := _ORDER.fullmatch(typed)) and int(order[1]) < 2**31:
        parts.append(_ORDER_NUMBER)
        values["order"] = int(order[1])
    if (invoice := _INVOICE.fullmatch(typed)) and int(invoice[3]) < 2**31:
        parts.append(_INVOICE_NUMBER)
        values |= {"series": invoice[1].upper(), "year": int(invoice[2]), "sequence": int(invoice[3])}
    if (card := _CARD.fullmatch(typed)) is not None:
        parts.append(_CARD_ENDS)
        values["card"] = card[1]
    if any(figure.isdigit() for figure in squeezed) and len(typed) <= 40:
        parts += [_SUBSCRIBER, _POSTCODE] if 2 < len(squeezed) <= 12 else [_SUBSCRIBER]
    if "@" in typed:
        parts.append(_EMAIL)
        values["email"] = nearest_spelling(typed)
    elif words and not typed.isdecimal():
        parts.append(_NAME)
        values["words"] = " & ".join(f"{word}:*" for word in words)
    if len(words) >= 1 and " " not in typed and not typed.isdecimal() and len(typed) > 2:
        parts.append(_EMAIL_BEGINS)
        values["begins"] = re.sub(r"([\\%_])", r"\\\1", typed.lower()) + "%"
    return parts, values


def _folded(text: str) -> str:
    """As `staff_folded` of the database does it."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not "\u0300" <= c <= "\u036f").lower()


def _token(typed: str) -> str:
    """What a gift link carries, whether all of its address was typed or the code alone."""
    given = parse_qs(urlsplit(typed).query).get("gift") if "gift=" in typed else None
    return given[0] if given else typed


def _people(rows: list[tuple[int | None, int | None, int | None, str]]) -> Iterator[Found]:
    readers = Reader.objects.in_bulk({reader for reader, *_ in rows if reader})
    prints = PrintSubscription.objects.in_bulk({key for _, key, *_ in rows if key})
    people: dict[tuple[str, int], Found] = {}
    for reader, print_key, order, why in rows:
        who = ("reader", reader) if reader in readers else ("print", print_key) if print_key else ("order", order)  # fmt: skip
        if who[1] is None:
            continue
        one = people.setdefault((who[0], who[1]), Found(readers.get(reader or 0)))
        one.by[why] = None
        if print_key:
            one.prints[print_key] = prints.get(print_key)
        if order:
            one.orders.add(order)
    yield from people.values()
