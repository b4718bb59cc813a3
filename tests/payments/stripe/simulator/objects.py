"""The objects as Stripe sends them: each with the fields of the pinned version, those that we use filled in."""

import secrets
from typing import Any

Thing = dict[str, Any]
ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def key(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def session(params: Thing, *, now: int, live: bool, base: str) -> Thing:
    made = key("cs_live_a1" if live else "cs_test_a1")
    is_payment = params["mode"] == "payment"
    items = params.get("line_items", [])
    total = sum(int(one["price_data"]["unit_amount"]) * int(one["quantity"]) for one in items)
    currency = items[0]["price_data"]["currency"] if items else params.get("currency")
    return {
        "id": made,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled") == "true"}
        if is_payment
        else None,
        "amount_subtotal": total if is_payment else None,
        "amount_total": total if is_payment else None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now,
        "currency": currency,
        "customer": params.get("customer"),
        "customer_creation": params.get("customer_creation", None if params.get("customer") else "if_required"),
        "customer_details": {
            "address": ADDRESS, "business_name": None, "email": params.get("customer_email"), "individual_name": None,
            "name": None, "phone": None, "tax_exempt": "none", "tax_ids": [],
        },
        "customer_email": params.get("customer_email"),
        "expires_at": now + 86_400,
        "livemode": live,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": params["mode"],
        "payment_intent": None,
        "payment_method_types": ["card", "bacs_debit", "sepa_debit"],
        "payment_status": "unpaid" if is_payment else "no_payment_required",
        "setup_intent": None,
        "shipping_options": [],
        "status": "open",
        "success_url": params.get("success_url"),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if is_payment else None,
        "ui_mode": "hosted_page",
        "url": f"{base}/pay/{made}",
    }  # fmt: skip


def payment_intent(
    *, amount: int, currency: str, now: int, live: bool, customer: str | None = None, metadata: Thing | None = None,
    description: str | None = None, setup_future_usage: str | None = None,
) -> Thing:  # fmt: skip
    made = key("pi")
    return {
        "id": made,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": {"allow_redirects": "never", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{made}_secret_{secrets.token_hex(8)}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": customer,
        "description": description,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": live,
        "metadata": metadata or {},
        "next_action": None,
        "payment_method": None,
        "payment_method_types": ["card", "bacs_debit", "sepa_debit"],
        "processing": None,
        "receipt_email": None,
        "setup_future_usage": setup_future_usage,
        "status": "requires_payment_method",
    }


def payment_method(kind: str, *, now: int, live: bool, last4: str, customer: str | None = None) -> Thing:
    details: dict[str, Thing] = {
        "card": {
            "brand": "visa", "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "GB", "display_brand": "visa", "exp_month": 8, "exp_year": 2030, "fingerprint": key("fp"),
            "funding": "credit", "generated_from": None, "last4": last4,
            "networks": {"available": ["visa"], "preferred": None}, "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True}, "wallet": None,
        },
        "bacs_debit": {"fingerprint": key("fp"), "last4": last4, "sort_code": "108800"},
        "sepa_debit": {
            "bank_code": "37040044", "branch_code": "", "country": "DE", "fingerprint": key("fp"),
            "generated_from": {"charge": None, "setup_attempt": None}, "last4": last4,
        },
    }  # fmt: skip
    return {
        "id": key("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": {"address": ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None},
        kind: details[kind],
        "created": now,
        "customer": customer,
        "livemode": live,
        "metadata": {},
        "type": kind,
    }


def customer(*, email: str | None, now: int, live: bool) -> Thing:
    return {
        "id": key("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": email,
        "invoice_prefix": secrets.token_hex(4).upper(),
        "livemode": live,
        "metadata": {},
        "name": None,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def charge(intent: Thing, method: Thing, *, now: int, status: str) -> Thing:
    return {
        "id": key("ch" if method["type"] == "card" else "py"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if status == "succeeded" else 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": status == "succeeded",
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "livemode": intent["livemode"],
        "metadata": dict(intent["metadata"]),
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "refunded": False,
        "status": status,
    }


def balance_transaction(charged: Thing, *, now: int) -> Thing:
    return {
        "id": key("txn"),
        "object": "balance_transaction",
        "amount": charged["amount"],
        "available_on": now + 2 * 86_400,
        "created": now,
        "currency": charged["currency"],
        "description": charged["description"],
        "fee": 0,
        "fee_details": [],
        "net": charged["amount"],
        "reporting_category": "charge",
        "source": charged["id"],
        "status": "pending",
        "type": "charge",
    }


def setup_intent(*, customer: str, method: str, now: int, live: bool) -> Thing:
    made = key("seti")
    return {
        "id": made,
        "object": "setup_intent",
        "client_secret": f"{made}_secret_{secrets.token_hex(8)}",
        "created": now,
        "customer": customer,
        "description": None,
        "last_setup_error": None,
        "livemode": live,
        "metadata": {},
        "next_action": None,
        "payment_method": method,
        "payment_method_types": ["card", "bacs_debit", "sepa_debit"],
        "status": "succeeded",
        "usage": "off_session",
    }


def refund(
    charged: Thing, *, amount: int, now: int, reason: str | None, metadata: Thing, status: str
) -> Thing:
    return {
        "id": key("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charged["id"],
        "created": now,
        "currency": charged["currency"],
        "metadata": metadata,
        "payment_intent": charged["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "status": status,
    }


def dispute(charged: Thing, *, now: int, status: str) -> Thing:
    return {
        "id": key("du"),
        "object": "dispute",
        "amount": charged["amount"],
        "balance_transactions": [],
        "charge": charged["id"],
        "created": now,
        "currency": charged["currency"],
        "enhanced_eligibility_types": [],
        "is_charge_refundable": False,
        "livemode": charged["livemode"],
        "metadata": {},
        "payment_intent": charged["payment_intent"],
        "reason": "fraudulent",
        "status": status,
    }


def event(kind: str, thing: Thing, *, now: int, live: bool, version: str) -> Thing:
    return {
        "id": key("evt"),
        "object": "event",
        "api_version": version,
        "created": now,
        "data": {"object": thing},
        "livemode": live,
        "pending_webhooks": 1,
        "request": {"id": key("req"), "idempotency_key": None},
        "type": kind,
    }


def webhook_endpoint(url: str, events: list[str], *, now: int, live: bool, version: str) -> Thing:
    return {
        "id": key("we"),
        "object": "webhook_endpoint",
        "api_version": version,
        "application": None,
        "created": now,
        "description": None,
        "enabled_events": events,
        "livemode": live,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }


def account(country: str = "GB", currency: str = "gbp") -> Thing:
    return {
        "id": "acct_1Simulated",
        "object": "account",
        "business_type": "company",
        "charges_enabled": True,
        "country": country,
        "default_currency": currency,
        "details_submitted": True,
        "email": "owner@example.org",
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


def country_spec(country: str, currencies: list[str]) -> Thing:
    return {
        "id": country,
        "object": "country_spec",
        "default_currency": currencies[0],
        "supported_bank_account_currencies": {currencies[0]: [country]},
        "supported_payment_currencies": currencies,
        "supported_payment_methods": ["card"],
        "supported_transfer_countries": [country],
    }
