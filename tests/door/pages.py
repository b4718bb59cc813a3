"""Stored pages of known words, made without Django: what the door is given."""

from datetime import UTC, date, datetime
from typing import Any

from backnumber.access import Asked, Policy
from backnumber.edge.page.stored import StoredPage, stored_page
from backnumber.edge.page.text import Slot, text_of

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
ADDRESS = "/archive/the-hourglass/1999/september/the-fortress/"
GATED = b"canary-in-the-vault"
ASKED = Asked(7, 70, 1, date(1999, 9, 1), Policy.SUBSCRIBERS)


def _slotted(parts: list[bytes | tuple[str, dict[str, bytes], bytes]]) -> tuple[bytes, tuple[Slot, ...]]:
    main, slots = b"", []
    for part in parts:
        if isinstance(part, bytes):
            main += part
            continue
        name, choices, chosen = part
        slots.append(Slot(name, len(main), len(main) + len(chosen), choices))
        main += chosen
    return main, tuple(slots)


def article(**changes: Any) -> StoredPage:
    """A gated article: its opening for nobody, its whole for who may."""
    account = {"in": b"<a>Account</a>", "out": b"<a>Sign in</a>"}
    gate = {reason: b"<gate>" + reason.encode() + b"</gate>" for reason in
            ("no-account", "not-counted", "meter-spent", "gift-ended", "embargoed")}  # fmt: skip
    free = {"free": b"FREE", "held": b"HELD"}
    closed = text_of(*_slotted([b"<html>", ("account", account, account["out"]), b"<p>the opening</p>" * 40,
                                ("gate", gate, gate["no-account"]), b"</html>"]))  # fmt: skip
    whole = text_of(*_slotted([b"<html>", ("account", account, account["in"]), ("free", free, free["held"]),
                               ("mark", {}, b""), ("note", {}, b""), b"<p>the opening</p>" * 40, b"<p>" + GATED + b"</p></html>"]))  # fmt: skip
    fields: dict[str, Any] = {"keys": ("article:7", "issue:70"), "asked": ASKED, **changes}
    return stored_page(fields.pop("address", ADDRESS), "article", closed, whole, **fields)


def content(**changes: Any) -> bytes:
    return article(**changes).content
