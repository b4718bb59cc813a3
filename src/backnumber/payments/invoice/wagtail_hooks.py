"""Payments on invoice in the admin's menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from backnumber.payments.invoice import desk
from backnumber.payments.invoice.service import CANCELLED, RECEIVED, SENT_BACK


class _InvoicesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.ENTERS))


@hooks.register("register_admin_menu_item")
def awaited_item() -> MenuItem:
    return _InvoicesItem(
        "Payments on invoice", reverse("invoice_awaited"), icon_name="clipboard-list", order=235
    )


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("payments-on-invoice/", desk.awaited, name="invoice_awaited"),
        path("payments-on-invoice/<str:key>/", desk.payment, name="invoice_payment"),
        path("payments-on-invoice/<str:key>/sent-back/", desk.sent_back, name="invoice_sent_back"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    class Told(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            return ". ".join(filter(None, (log_entry.data.get("what"), log_entry.data.get("note"))))

    @actions.register_action(RECEIVED)
    class Received(Told):
        label = "Enter a payment"

    @actions.register_action(CANCELLED)
    class Cancelled(Told):
        label = "Await a payment no longer"

    @actions.register_action(SENT_BACK)
    class SentBack(Told):
        label = "Send money back"
