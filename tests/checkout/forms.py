"""The forms of buying, as a browser sends them."""

import re

from django.test import Client

PRINT = "/buy/print-and-archive/"


def token_in(page: str) -> str:
    match = re.search(r'name="token" value="([0-9a-z]+)"', page)
    assert match
    return match.group(1)


def quote_in(page: str) -> str:
    match = re.search(r'name="quote" value="([^"]+)"', page)
    return match.group(1) if match else ""


def send(client: Client, address: str, **typed: str) -> tuple[int, str, str]:
    """Status, where it leads, and the page; with the quote of the page as it is now, unless another is given."""
    if "quote" not in typed:
        asked = {"country": typed.get("shown_for", ""), "article": typed.get("article", "")}
        typed["quote"] = quote_in(client.get(address, asked).content.decode())
    answer = client.post(address, typed)
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()
