"""A contributor is filed by surname, or as an editor files them."""

import pytest
from django.test import Client

from backnumber.archive.models import Contributor

pytestmark = pytest.mark.django_db
CONTRIBUTORS = "/admin/snippets/archive/contributor"


def send(editor: Client, address: str, name: str, sort_name: str) -> Contributor:
    fields = {"name": name, "sort_name": sort_name, "slug": "one", "note": "", "variants": ""}
    assert editor.post(f"{CONTRIBUTORS}/{address}", fields).status_code == 302
    return Contributor.objects.get()


def test_who_is_filed_by_nobody_is_filed_by_surname_and_anew_under_another_name(editor: Client) -> None:
    made = send(editor, "add/", "Vincent van Gogh", "")
    assert made.sort_name == "Gogh, Vincent van"
    changed = send(editor, f"edit/{made.pk}/", "Theo van Gogh", made.sort_name)
    assert changed.sort_name == "Gogh, Theo van"


def test_what_an_editor_types_stays_also_under_another_name(editor: Client) -> None:
    made = send(editor, "add/", "David Lloyd George", "Lloyd George, David")
    changed = send(editor, f"edit/{made.pk}/", "D. Lloyd George", made.sort_name)
    assert changed.sort_name == "Lloyd George, David"
    assert send(editor, f"edit/{made.pk}/", "D. Lloyd George", "").sort_name == "George, D. Lloyd"
