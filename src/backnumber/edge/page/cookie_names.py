"""Names of the site's cookies. Where the site is reached by https, a browser takes them from no other host (RFC 6265bis, 4.1.3).

"__Host-": only from this very host, and for all of it. "__Secure-": for a cookie of one path. It must not know Django.
"""

from backnumber import configuration


def host_cookie(name: str) -> str:
    return f"__Host-{name}" if _is_secure() else name


def path_cookie(name: str) -> str:
    return f"__Secure-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return configuration.value("BACKNUMBER_ADDRESS").startswith("https://")


MESSAGES_COOKIE = host_cookie("messages")  # Django's: a page that waits to be said something
