"""What a page says once after a form: Django's own store, in a cookie that no other host can set."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

from backnumber.edge.page.cookie_names import MESSAGES_COOKIE


class _Cookie(CookieStorage):
    cookie_name = MESSAGES_COOKIE


class Storage(FallbackStorage):
    storage_classes = (_Cookie, SessionStorage)
