"""The article that stored pages are compared by."""

from datetime import date

import pytest

from backnumber.archive.models import Article
from tests import making


@pytest.fixture
def article(gated: Article) -> Article:
    """In an issue with others, with more of its section elsewhere, and with things for sale."""
    making.products()
    making.information_page("Terms", purpose="terms", menu="footer")
    making.article("The Sally Port", of=gated.issue)
    making.article("An Earlier Siege", of=making.issue(date(1998, 9, 1)))
    return gated
