"""What each address of the project leads to, for the walk of those who may not read, and of those who may."""

from collections.abc import Callable
from dataclasses import dataclass

from backnumber.archive.models import Article
from backnumber.checkout.models import Order
from backnumber.longread.models import Recipient


@dataclass(frozen=True)
class World:
    article: Article
    draft: Article
    order: Order
    recipient: Recipient

    @property
    def path(self) -> str:
        return self.article.get_absolute_url()

    @property
    def issue(self) -> str:
        return self.article.issue.get_absolute_url()


Address = Callable[[World], str]
SAME: Callable[[str], Address] = lambda path: lambda world: path  # noqa: E731

# What each name leads to. Values are concrete addresses, the gated article in them wherever it can be.
ADDRESSES: dict[str, Address] = {
    "home": SAME("/"),
    "archive": SAME("/archive/"),
    "decade": SAME("/archive/decades/1990s/"),
    "title": SAME("/archive/the-hourglass/"),
    "year": SAME("/archive/the-hourglass/1999/"),
    "issue": lambda w: w.issue,
    "article": lambda w: w.path,
    "article_markdown": lambda w: w.path.rstrip("/") + ".md",
    "article_json": lambda w: w.path.rstrip("/") + ".json",
    "cover_ornament": SAME("/covers/the-hourglass/1999/september.svg"),
    "sections": SAME("/sections/"),
    "section": SAME("/sections/war-and-strategy/"),
    "contributors": SAME("/contributors/"),
    "contributor": SAME("/contributors/eleanor-marsh/"),
    "search": SAME("/search/?q=middlecanary7"),
    "past": SAME("/past/"),
    "past_timeline": SAME("/past/timeline/?from=1300&to=1400"),
    "past_map": SAME("/past/map/"),
    "past_index": SAME("/past/people/"),
    "past_entry": SAME("/past/places/london/"),
    "past_today": SAME("/past/on-this-day/"),
    "past_day": SAME("/past/on-this-day/10-25/"),
    "past_questions": SAME("/past/questions/"),
    "feeds": SAME("/feeds/"),
    "feed": SAME("/feeds/articles.json"),
    "feed_of_weeks": SAME("/feeds/weekly.rss"),
    "feed_of": SAME("/feeds/titles/the-hourglass.atom"),
    "cite_issue": lambda w: f"/cite/issues/{w.article.issue_id}.json",
    "search_cite": SAME("/search/cite.bib?q=middlecanary7"),
    "cite": lambda w: f"/cite/{w.article.pk}.ris",
    "sitemap_index": SAME("/sitemap.xml"),
    "sitemap": SAME("/sitemaps/1999.xml"),
    "robots": SAME("/robots.txt"),
    "llms": SAME("/llms.txt"),
    "favicon": SAME("/favicon.ico"),
    "touch_icon": SAME("/apple-touch-icon.png"),
    "web_manifest": SAME("/site.webmanifest"),
    "opensearch": SAME("/opensearch.xml"),
    "security_txt": SAME("/.well-known/security.txt"),
    "change_password_address": SAME("/.well-known/change-password"),
    "healthz": SAME("/healthz"),
    "readyz": SAME("/readyz"),
    "metrics": SAME("/metrics"),
    "picture": SAME("/pictures/1/960/forged.svg"),
    "stored_picture": SAME("/pictures/originals/original_images/plan.svg"),
    "weekly": SAME("/weekly/"),
    "weekly_sign_up": SAME("/weekly/sign-up/"),
    "weekly_confirm": lambda w: f"/weekly/confirm/{w.recipient.token}/",
    "weekly_leave": lambda w: f"/weekly/leave/{w.recipient.token}/",
    "weekly_preferences": lambda w: f"/weekly/preferences/{w.recipient.token}/",
    "weekly_move": SAME("/weekly/move/unknown/"),
    "weekly_events": SAME("/weekly/events/"),
    "account_weekly": SAME("/account/weekly/"),
    "information": SAME("/information/terms/"),
    "subscribe": SAME("/subscribe/"),
    "buy": lambda w: f"/buy/online-yearly/?article={w.article.pk}",
    "order_done": lambda w: f"/checkout/{w.order.key}/done/",
    "order_stopped": lambda w: f"/checkout/{w.order.key}/stopped/",
    "order_again": lambda w: f"/checkout/{w.order.key}/again/",
    "give": SAME("/give/online-yearly/"),
    "redeem": SAME("/redeem/"),
    "redeem_code": SAME("/redeem/0123-4567-89AB-CDEF/"),
    "present": SAME("/account/presents/0123456789abcdef/"),
    "present_card": SAME("/account/presents/0123456789abcdef/card/"),
    "payment_webhook": SAME("/checkout/webhook/till/"),
    "subscription": SAME("/account/subscriptions/0123456789abcdef/"),
    "group": SAME("/account/groups/0123456789abcdef/"),
    "group_join": SAME("/groups/join/0123456789abcdef/"),
    "group_own": SAME("/groups/own/0123456789abcdef/"),
    "subscription_card": SAME("/account/subscriptions/0123456789abcdef/card/"),
    "subscription_pay": SAME("/account/subscriptions/0123456789abcdef/pay/"),
    "receipt": lambda w: f"/account/orders/{w.order.key}/",
    "invoice": SAME("/account/invoices/0123456789abcdef/"),
    "invoice_pdf": SAME("/account/invoices/0123456789abcdef.pdf"),
    "till": SAME("/till/unknown/"),
    "till_refund": SAME("/till/unknown/refund/"),
    "till_dispute": SAME("/till/unknown/dispute/"),
    "till_card": SAME("/till/unknown/card/"),
    "pay_on_invoice": SAME("/pay-on-invoice/unknown/"),
    "claim": lambda w: f"/claim/?next={w.path}",
    "gift_new": lambda w: f"/gifts/new/?article={w.article.pk}",
    "gift_make": SAME("/gifts/make/"),
    "gifts": SAME("/account/gifts/"),
    "gift_revoke": SAME("/account/gifts/1/revoke/"),
    "library": lambda w: f"/library/?next={w.path}",
    "help": SAME("/help/"),
    "why": lambda w: f"/help/why/?article={w.article.pk}",
    "demo": SAME("/demo/"),
    "demo_post": SAME("/demo/post/"),
    "demo_sign_in": SAME("/demo/sign-in/ada/"),
    "demo_sign_in_by_token": SAME("/demo/as/forged/"),
    "account": SAME("/account/"),
    "account_address": SAME("/account/address/1/"),
    "account_data": SAME("/account/data/"),
    "account_devices": SAME("/account/devices/"),
    "account_delete": SAME("/account/delete/"),
    "account_deleted": SAME("/account/deleted/"),
    "account_login": lambda w: f"/account/sign-in/?next={w.path}",
    "account_signup": lambda w: f"/account/sign-up/?next={w.path}",
    "account_logout": SAME("/account/sign-out/"),
    "account_inactive": SAME("/account/closed/"),
    "account_reauthenticate": SAME("/account/password-again/"),
    "account_request_login_code": SAME("/account/sign-in/code/"),
    "account_confirm_login_code": SAME("/account/sign-in/code/confirm/"),
    "account_email": SAME("/account/email/"),
    "account_email_verification_sent": SAME("/account/email/confirm/"),
    "account_change_password": SAME("/account/password/change/"),
    "account_set_password": SAME("/account/password/set/"),
    "account_reset_password": SAME("/account/password/reset/"),
    "account_confirm_password_reset_code": SAME("/account/password/reset/confirm/"),
    "account_complete_password_reset": SAME("/account/password/reset/new/"),
    "mfa_index": SAME("/account/second-factor/"),
    "mfa_authenticate": SAME("/account/second-factor/sign-in/"),
    "mfa_reauthenticate": SAME("/account/second-factor/again/"),
    "mfa_reauthenticate_webauthn": SAME("/account/second-factor/again/key/"),
    "mfa_activate_totp": SAME("/account/second-factor/app/"),
    "mfa_deactivate_totp": SAME("/account/second-factor/app/remove/"),
    "mfa_list_webauthn": SAME("/account/second-factor/keys/"),
    "mfa_add_webauthn": SAME("/account/second-factor/keys/add/"),
    "mfa_remove_webauthn": SAME("/account/second-factor/keys/1/remove/"),
    "mfa_view_recovery_codes": SAME("/account/second-factor/codes/"),
    "mfa_generate_recovery_codes": SAME("/account/second-factor/codes/new/"),
    "account_password_reset_completed": SAME("/account/password/reset/done/"),
}

# Where somebody entitled sees gated words: the walk would prove nothing if they never appeared.
SHOWS_THE_ENTITLED = {"article", "article_markdown", "article_json", "search"}
ASKED_IN_MANY_WAYS = {*SHOWS_THE_ENTITLED, "issue", "home"}


VARIANTS: list[dict[str, str]] = [
    {},
    {"HTTP_HX_REQUEST": "true"},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
]
