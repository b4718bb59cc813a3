"""Every form of the admin, each of its fields filled in with what nobody expects: a message or a page, never a breakdown."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import html as lxml_html
from wagtail.test.utils.form_data import nested_form_data, streamfield

from backnumber.archive.models import Article
from backnumber.readers.models import Reader
from tests.editorial.conftest import ARTICLES
from tests.editorial.test_admin_addresses import World, routes, world

__all__ = ["world"]  # the fixture

pytestmark = pytest.mark.django_db
ODD = ("a\nb\x1b\x00\x85c", '{"a": "\\u0000"}')
UNSEEN = "\x00\x1b\ud800\ufffe"


@dataclass(frozen=True)
class Form:
    path: str
    fields: dict[str, str]


def forms_of(client: Client, path: str) -> Iterator[Form]:
    """The forms of a page, whole: empty fields too."""
    page = client.get(path)
    if (
        page.status_code != 200
        or not page.headers["Content-Type"].startswith("text/html")
        or not page.content
    ):
        return
    for form in lxml_html.fromstring(page.content.decode()).xpath(
        "//form[translate(@method, 'POST', 'post')='post']"
    ):
        named = form.xpath(".//input[@name and not(@type='file')] | .//select[@name] | .//textarea[@name]")
        fields = {one.get("name"): "" for one in named} | {
            name: str(value) for name, value in form.form_values()
        }
        fields.pop("csrfmiddlewaretoken", None)
        address = form.get("action") or path
        if fields and address.startswith("/admin/") and "logout" not in address:
            yield Form(address, {name: value for name, value in fields.items() if "__prefix__" not in name})


def every_form(client: Client, world: World) -> Iterator[Form]:
    """Each once. Crawlers have a field each, groups a box for each permission: of both a few are enough."""
    seen = set()
    for route in routes():
        if route == "logout/" or "delete" in route or "revert" in route:
            continue
        for form in forms_of(client, world.address(route)):
            key = (form.path, *form.fields)
            if key not in seen:
                seen.add(key)
                yield form


def fields_of(form: Form) -> list[str]:
    """One of each kind: of many rows, boxes or counts of rows one stands for all."""
    kinds: dict[str, str] = {}
    for name in form.fields:
        without_number = re.sub("[0-9]+|[a-z]+(?=-[A-Z_]+_FORMS$)", "", name)
        kinds.setdefault(without_number, name)
    return list(kinds.values())


def odd(client: Client, path: str, sent: dict[str, Any]) -> HttpResponse:
    answer = client.post(path, sent)
    assert answer.status_code < 500, (path, sent, getattr(answer, "exc_info", None))
    return answer


def test_no_form_of_the_admin_breaks(staff: Reader, world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    asked, broken = 0, []
    for form in every_form(client, world):
        for number, name in enumerate(fields_of(form)):
            value = ODD[number % 2]
            answer = client.post(form.path, {**form.fields, name: value})
            asked += 1
            if answer.status_code >= 500:
                broken.append((form.path, name, value, str(answer.exc_info)[:200]))
        if client.post(form.path, {}).status_code >= 500:
            broken.append((form.path, "", "", "nothing sent"))
    assert asked > 150
    assert broken == []


def draftail(text: str, url: str = "/a") -> str:
    """What the editor sends: a paragraph, its first letters a link."""
    block = {
        "key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
        "entityRanges": [{"offset": 0, "length": 3, "key": 0}],
    }  # fmt: skip
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": url}}
    return json.dumps({"blocks": [block], "entityMap": {"0": link}})


def table(cell: Any, **more: Any) -> str:
    return json.dumps({"data": [[cell, "b"]], "table_header_choice": "row", "table_caption": "", **more})


def write(form: Callable[..., dict[str, Any]], kind: str, value: Any) -> dict[str, Any]:
    return {**form(body=streamfield([(kind, value)])), "action-publish": "Publish"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("paragraph", draftail(f"one{UNSEEN} two", f"/a{UNSEEN}b")),
        ("listing", draftail(f"one{UNSEEN} two")),
        ("quotation", {"text": draftail(f"one{UNSEEN} two"), "source": "one two"}),
        ("note", {"mark": "1", "text": draftail(f"one{UNSEEN} two")}),
        ("table", table(f"one{UNSEEN} two", table_caption=f"a{UNSEEN}")),
        ("verse", f"one{UNSEEN} two"),
        ("preformatted", f"one{UNSEEN} two"),
    ],
)
def test_what_cannot_be_seen_is_taken_out_of_what_an_editor_writes(
    editor: Client, form: Callable[..., dict[str, Any]], kind: str, value: Any
) -> None:
    editor.raise_request_exception = False
    sent = {name: one.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if isinstance(one, str) else one
            for name, one in write(form, kind, value).items()}  # fmt: skip
    answer = odd(editor, f"{ARTICLES}/add/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    article = Article.objects.get()
    kept = json.dumps(list(article.body.raw_data), ensure_ascii=False)
    assert "one" in kept
    assert not [unseen for unseen in UNSEEN if unseen in kept or json.dumps(unseen)[1:-1] in kept]
    for address in (
        article.get_absolute_url(),
        "/feeds/articles.atom",
        "/feeds/articles.json",
        f"/cite/{article.pk}.bib",
    ):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("sent", ["", "null", "[]", "3", '"x"', "{", "{}", '{"blocks": 3}', '{"blocks": [{}], "entityMap": {}}',
    '{"blocks": [{"key": "a", "text": "x", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": '
    '[{"offset": 0, "length": 1, "key": 7}]}], "entityMap": {}}', "[" * 100_000,
    table(["x"]), table({"a": 1}), table("x", table_header_choice=["row"]), table("x", table_caption={"a": 1}), '{"data": 3}', '{"data": [3]}'])  # fmt: skip
@pytest.mark.parametrize("kind", ["paragraph", "table"])
def test_what_no_editor_sends_is_answered(
    editor: Client, form: Callable[..., dict[str, Any]], kind: str, sent: str
) -> None:
    editor.raise_request_exception = False
    answer = odd(editor, f"{ARTICLES}/add/", write(form, kind, sent))
    for article in Article.objects.all():
        assert Client().get(article.get_absolute_url()).status_code == 200
        assert editor.get(f"{ARTICLES}/edit/{article.pk}/").status_code == 200
    assert answer.status_code in {200, 302, 400}


@pytest.mark.parametrize(
    "changed",
    [
        {"body-count": "x"}, {"body-count": "9" * 30}, {"body-count": "-1"}, {"body-0-type": "no-such"}, {"body-0-order": "x"}, {"body-0-id": "\x00\n"},
        {"body-0-deleted": "x"}, {"body-0-type": "picture", "body-0-value-picture": "x"}, {"body-0-type": "picture", "body-0-value-picture": "9" * 30},
        {"body-0-type": "timeline", "body-0-value-entries-count": "x"}, {"issue": "x"}, {"issue": "9" * 30}, {"authorships-0-contributor": "x"}, {"headline": "a\nb"}, {"byline": "a\u2028b"}, {"next": "x"},
    ],
)  # fmt: skip
def test_a_form_that_was_tampered_with_is_answered(
    editor: Client, form: Callable[..., dict[str, Any]], changed: dict[str, str]
) -> None:
    editor.raise_request_exception = False
    sent = {**write(form, "verse", "one"), **changed}
    odd(editor, f"{ARTICLES}/add/", dict(nested_form_data(sent)))
    assert not Article.objects.filter(headline__contains="\n").exists()


def test_a_headline_of_two_lines_is_refused_beside_its_field(
    editor: Client, form: Callable[..., dict[str, Any]]
) -> None:
    answer = editor.post(f"{ARTICLES}/add/", form(headline="The\nFortress"))
    assert "one line" in str(answer.context["form"].errors["headline"])


@pytest.mark.parametrize(
    "body", ['{"a": "\\u0000"}', "[1]", "3", "{", "[" * 100_000, '{"a": "\\ud800"}', "\xff"]
)
def test_choices_of_a_page_that_are_none_are_refused(staff: Reader, body: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    answer = client.patch("/admin/dismissibles/", body.encode("latin-1"), content_type="application/json")
    assert answer.status_code == 400


def test_control_a_choice_is_kept(staff: Reader) -> None:
    client = Client()
    client.force_login(staff)
    answer = client.patch("/admin/dismissibles/", b'{"a": true}', content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"a": True})
