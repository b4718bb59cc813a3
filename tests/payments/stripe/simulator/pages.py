"""The hosted page, so that a browser can press what a payer presses."""

from html import escape

from tests.payments.stripe.simulator.account import Account
from tests.payments.stripe.simulator.errors import Refusal

Page = tuple[int, bytes, str]
HTML = "text/html; charset=utf-8"
_LATER = {
    "ok": "go through",
    "insufficient_funds": "are declined: no money",
    "expired_card": "are declined: expired",
    "authentication_required": "want the payer’s confirmation",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Stripe, simulated</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:27rem;margin:2rem auto;padding:0 1rem}}
button{{display:block;width:100%;min-height:2.75rem;margin:.5rem 0;font:inherit}}fieldset{{margin:1rem 0}}label{{display:block}}</style></head>
<body><main><p><strong>Stripe, simulated. No money moves.</strong></p>{body}</main></body></html>"""


def shown(account: Account, key: str) -> Page:
    with account.lock:
        try:
            session = account.get("checkout.session", key)
        except Refusal:
            return _page(404, "<h1>There is no such page</h1>")
        intent = account.things.get(session["payment_intent"] or "", {})
        if session["status"] != "open":
            back = session["success_url"] if session["status"] == "complete" else session["cancel_url"]
            return _page(200, f'<h1>This page was used</h1><p><a href="{escape(back)}">Go back</a></p>')
        told = ""
        if intent.get("last_payment_error"):
            told = '<p role="alert">Your card was declined.</p>'
        if intent.get("status") == "requires_action":
            return _page(
                200, _form("<h1>Your bank asks</h1>", ("authenticate", "Authenticate"), ("fail", "Fail"))
            )
        if session["mode"] == "setup":
            head = "<h1>Save a card</h1>" + _choices()
            return _page(200, _form(head, ("give", "Save this card"), ("cancel", "Cancel")))
        what = escape(str(session["_data"].get("description", "")))
        amount = f"{session['amount_total'] / 100:.2f} {session['currency'].upper()}"
        head = f"<h1>{amount}</h1><p>{what}</p>{told}{_choices()}"
        pressed = (
            ("pay", "Pay"), ("decline", "Decline"), ("authentication", "Pay, and the bank asks"),
            ("debit", "Pay by direct debit"), ("cancel", "Cancel"),
        )  # fmt: skip
        return _page(200, _form(head, *pressed))


def pressed(account: Account, key: str, form: dict[str, str]) -> Page:
    button, later = form.get("button"), form.get("later", "ok")
    chosen = later if later in _LATER else "ok"
    try:
        session = account.get("checkout.session", key)
        match button:
            case "pay":
                account.pay(key, later=chosen)  # type: ignore[arg-type]
            case "debit":
                account.pay(key, method="bacs_debit", later=chosen)  # type: ignore[arg-type]
            case "decline":
                account.pay(key, outcome="declined")
            case "authentication":
                account.pay(key, outcome="authentication", later=chosen)  # type: ignore[arg-type]
            case "authenticate" | "fail":
                account.authenticate(key, succeeds=button == "authenticate")
            case "give":
                account.give_card(key, later=chosen)  # type: ignore[arg-type]
            case "cancel":
                return 303, session["cancel_url"].encode(), HTML
    except Refusal as refusal:
        return _page(400, f"<p>{escape(str(refusal))}</p>")
    if session["status"] == "complete":
        return 303, session["success_url"].encode(), HTML
    return 303, f"/pay/{key}".encode(), HTML


def _choices() -> str:
    items = "".join(
        f'<label><input type="radio" name="later" value="{value}"{" checked" if value == "ok" else ""}> {label}</label>'
        for value, label in _LATER.items()
    )
    return f"<fieldset><legend>Later charges</legend>{items}</fieldset>"


def _form(head: str, *buttons: tuple[str, str]) -> str:
    listed = "".join(f'<button name="button" value="{value}">{label}</button>' for value, label in buttons)
    return f'<form method="post">{head}{listed}</form>'


def _page(status: int, body: str) -> Page:
    return status, _PAGE.format(body=body).encode(), HTML
