"""Errors are plain pages that give nothing away."""

import pytest
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from backnumber.website.errors import server_error

pytestmark = pytest.mark.django_db


def test_an_unknown_address_gets_a_page_that_leads_on() -> None:
    response = Client().get("/no/such/<script>page")
    assert response.status_code == 404
    page = response.content.decode()
    assert "There is nothing at this address" in page
    assert "such" not in page


def test_the_page_of_a_breakdown_needs_nothing() -> None:
    assert "Something broke on our side" in render_to_string("500.html")
    assert "made no sense" in render_to_string("400.html")


@pytest.mark.parametrize(
    ("method", "says"), [("GET", "can be read meanwhile"), ("POST", "what you typed is still there")]
)
def test_with_the_database_away_the_page_says_to_come_back_and_what_became_of_a_form(
    method: str, says: str
) -> None:
    nowhere = connection.copy()
    nowhere.settings_dict = {**connection.settings_dict, "ENGINE": "django.db.backends.postgresql"}
    nowhere.get_connection_params = lambda: {"host": "127.0.0.1", "port": "1", "dbname": "x"}
    try:
        nowhere.ensure_connection()
    except OperationalError:
        response = server_error(RequestFactory().generic(method, "/weekly/sign-up/"))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "private, no-store"
    page = response.content.decode()
    assert "We are back in a moment" in page
    assert says in page


def test_any_other_breakdown_is_no_matter_of_coming_back_soon() -> None:
    try:
        raise KeyError("a fault of ours")
    except KeyError:
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "fault of ours" not in response.content.decode()
