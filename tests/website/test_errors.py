"""Errors are plain pages that give nothing away."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

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
