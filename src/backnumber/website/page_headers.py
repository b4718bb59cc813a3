"""The headers of every page, whoever sends it: Django by its middleware, the door by itself. It must not load Django.

A test holds that both send the same.
"""

from django.conf import settings


def pays_at(payments: str, stripe_base: str) -> str:
    """Promise: where forms may lead besides to us. A payment provider is reached by a redirect after a form, which browsers
    count; a stand-in for one may be without HTTPS.
    """
    return f"https: {stripe_base}" if payments == "stripe" and stripe_base.startswith("http:") else "https:"


POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    f"form-action 'self' {pays_at(settings.PAYMENTS, settings.STRIPE_API_BASE)}; frame-ancestors 'self'"
)
# Wagtail 7.4 writes scripts into widgets of its forms (dates, choosers, rows that may be added) and styles into elements, and
# Draftail colours itself so; no address but our own is loaded from, and no plug-in, base or frame of others is let in.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; frame-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), browsing-topics=()"


def of_every_page() -> list[tuple[bytes, bytes]]:
    """Promise: the headers that Django sends with any of the site's pages, for those that are sent without it."""
    sent = {
        "x-frame-options": settings.X_FRAME_OPTIONS,
        "permissions-policy": PERMISSIONS,
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "vary": "Cookie, Accept-Encoding",
    }
    if settings.SECURE_HSTS_SECONDS:
        sent["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return [(name.encode(), value.encode()) for name, value in sent.items()]
