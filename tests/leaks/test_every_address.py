"""Every address of the project, asked by those who may not read: no gated word comes back. And by those who may: it does.

An address that is not classified here fails the test: whoever adds a page says what it is.
"""

import gzip
import html
import json
import re
from collections.abc import Iterator
from datetime import date

import brotli
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from backnumber.archive.blocks import Heading, Note, PictureRef, Table, Timeline, plain
from backnumber.archive.models import Article, Picture
from backnumber.checkout.models import Order
from backnumber.editorial.roles import make_roles
from backnumber.longread.models import Recipient
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from backnumber.search import service as search
from tests import making
from tests.leaks.addresses import ADDRESSES, ASKED_IN_MANY_WAYS, SHOWS_THE_ENTITLED, VARIANTS, World

pytestmark = pytest.mark.django_db

GATED = re.compile(
    r"(first|middle|last|gatedhead|note|table|timeline|caption|alt)canary|draftcanary|scheduledcanary",
    re.IGNORECASE,
)
OPEN = "opencanary1"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30"><path d="M0 0h40"/></svg>'


@pytest.fixture
def world(ada: Reader, dan: Reader, ben: Reader, settings: object) -> World:
    picture = Picture(
        title="Plan", alt="altcanary", caption="captioncanary", file=ContentFile(DRAWING, name="plan.svg")
    )
    picture.save()
    body = [
        *making.body_with_canaries(),
        PictureRef(picture.pk),
        Table("tablecanary", (("tablecanary", "1"),)),
        Timeline("timelinecanary", (("1900", "timelinecanary"),)),
        Heading("gatedheadcanary"),
        Note("1", "notecanary"),
    ]
    article = making.article("The Fortress", body=body)
    draft = making.article("Draftcanary", body=making.paragraphs("draftcanary", "draftcanary"), live=False)
    products = making.products()
    making.information_page("Terms", purpose="terms", menu="footer")
    order = Order.objects.create(
        reader=ada, email=ada.email, product=products["online-yearly"], label="Online access", months=12, minor=4800,
        currency="GBP", region="anywhere", article=article, placed_at=making.NOON,
    )  # fmt: skip
    recipient = Recipient.objects.create(email="r@example.org", asked_at=making.NOON)
    search.rebuild()
    return World(article, draft, order, recipient)


def patterns(resolver: object = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in (resolver or get_resolver()).url_patterns:  # type: ignore[attr-defined]
        if isinstance(one, URLPattern):
            yield before + str(one.pattern), one
        else:
            yield from patterns(one, before + str(one.pattern))


def decoded(response: HttpResponse) -> str:
    """The words of an answer, whatever they are wrapped in."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[call-overload]
    coding = response.headers.get("Content-Encoding")
    body = gzip.decompress(body) if coding == "gzip" else brotli.decompress(body) if coding == "br" else body
    text = body.decode("utf-8", "replace")
    if "json" in response.headers.get("Content-Type", ""):
        text += json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text) + plain(text[:1]) + str(response.headers)


def signed_in(reader: Reader | None) -> Client:
    client = Client()
    client.raise_request_exception = True
    if reader is not None:
        client.force_login(reader)
    return client


def without_what_was_asked(text: str, address: str) -> str:
    """A search page repeats the question: that is the asker's own word."""
    asked = address.partition("?q=")[2]
    return text.replace(asked, "") if asked else text


def test_every_address_is_classified() -> None:
    names = {pattern.name for route, pattern in patterns() if not route.startswith("admin/")}
    assert names - {None} == set(ADDRESSES)


@pytest.mark.parametrize("who", ["nobody", "dan", "ben"])
def test_no_gated_word_comes_back_to_who_may_not_read(world: World, who: str) -> None:
    reader = None if who == "nobody" else Reader.objects.get(email=f"{who}@example.org")
    for name, address in ADDRESSES.items():
        where = address(world)
        for headers in VARIANTS if name in ASKED_IN_MANY_WAYS else VARIANTS[:1]:
            response = signed_in(reader).get(where, **headers)  # type: ignore[arg-type]
            text = without_what_was_asked(decoded(response), where)
            assert not GATED.search(text), f"{name} ({where}) shows {GATED.search(text)} to {who}"  # type: ignore[arg-type]
            assert response.status_code < 500, name


def test_control_the_entitled_reader_sees_the_gated_words(world: World, ada: Reader) -> None:
    for name in SHOWS_THE_ENTITLED:
        where = ADDRESSES[name](world)
        assert GATED.search(without_what_was_asked(decoded(signed_in(ada).get(where)), where)), name


def test_control_nobody_sees_the_open_words(world: World) -> None:
    assert OPEN in decoded(signed_in(None).get(world.path))


def test_a_draft_answers_like_what_does_not_exist(world: World, ada: Reader) -> None:
    drafted = world.draft.get_absolute_url()
    for reader in (None, ada):
        answers = [
            signed_in(reader).get(where)
            for where in (drafted, drafted.replace("draftcanary", "nothing-here"))
        ]
        assert [a.status_code for a in answers] == [404, 404]
        pages = [re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", a.content) for a in answers]
        assert pages[0].replace(b"draftcanary", b"nothing-here") == pages[1]
    assert signed_in(None).get(f"/cite/{world.draft.pk}.ris").status_code == 404


@pytest.mark.parametrize(
    "suffix",
    [".md", ".txt", ".json", ".xml", ".pdf", "amp/", "print/", ";x", "%00", "../", "?full=1", "%2e/"],
)
def test_no_variant_of_an_address_gives_more(world: World, suffix: str) -> None:
    for where in (world.path + suffix, world.path.rstrip("/") + suffix):
        assert not GATED.search(decoded(signed_in(None).get(where)))


FORGED = [
    {"HTTP_X_FORWARDED_FOR": "131.111.8.42"},
    {"HTTP_X_ORIGINAL_URL": "/admin/"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_REFERER": "https://www.google.com/"},
    {"HTTP_RANGE": "bytes=0-99999"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "PUT"},
    {"HTTP_COOKIE": "sessionid=forged; pass=none"},
]


@pytest.mark.parametrize("headers", FORGED, ids=lambda h: next(iter(h)))
def test_no_forged_header_gives_more(world: World, headers: dict[str, str]) -> None:
    response = signed_in(None).get(world.path, **headers)  # type: ignore[arg-type]
    text = decoded(response)
    assert not GATED.search(text)
    assert "evil.example" not in text


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "POST"])
def test_other_methods_are_refused(world: World, method: str) -> None:
    response = signed_in(None).generic(method, world.path)
    assert response.status_code in {405, 403}
    assert not GATED.search(decoded(response))


def test_the_tag_of_the_full_page_is_worth_nothing_to_nobody(world: World, ada: Reader) -> None:
    full = signed_in(ada).get(world.path)
    tag = full.headers.get("ETag", '"x"')
    assert signed_in(None).get(world.path, HTTP_IF_NONE_MATCH=tag).status_code == 200
    assert (
        signed_in(None).get(world.path, HTTP_IF_MODIFIED_SINCE="Fri, 01 Jan 2100 00:00:00 GMT").status_code
        == 200
    )


def test_what_only_some_may_read_is_kept_by_no_shared_cache(world: World, ada: Reader) -> None:
    full = signed_in(ada).get(world.path).headers["Cache-Control"]
    assert "private" in full
    assert "no-store" in full
    assert "no-store" not in signed_in(None).get(world.path).headers["Cache-Control"]


def test_a_head_request_tells_the_length_of_the_lead_in_page_only(world: World) -> None:
    head, get = signed_in(None).head(world.path), signed_in(None).get(world.path)
    assert head.content == b""
    assert (
        "Content-Length" not in head.headers
        or abs(int(head.headers["Content-Length"]) - len(get.content)) < 100
    )


PUBLIC_IN_THE_ADMIN = {
    "/admin/sprite/",
    "/admin/login/",
    "/admin/jsi18n/",
}  # icons, the way to sign in, the words of its scripts


def admin_addresses(world: World) -> list[str]:
    """Every address of the admin, with the article's key and the room's names in its place holders."""
    values = {"app_label": "archive", "model_name": "article", "pk": world.article.pk, "mode": "x"}

    def fill(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        return str(values.get(name, world.article.pk if kind in {"int", "str", "", "path"} else "article"))

    # Wagtail's "failwhale" fails on purpose.
    routes = (route for route, _ in patterns() if route.startswith("admin/") and "failwhale" not in route)
    return ["/" + re.sub(r"<([^>]+)>", fill, route) for route in routes if not set(route) & set("(\\^")]


def test_the_admin_shows_no_gated_word_to_who_may_not_edit(world: World, dan: Reader) -> None:
    make_roles()
    hugo = making.reader("hugo", is_staff=True)
    hugo.groups.add(Group.objects.get(name="Help desk"))
    addresses = admin_addresses(world)
    assert len(addresses) > 100
    for reader in (None, dan, hugo):
        client = signed_in(reader)
        for where in addresses:
            response = client.get(where)
            assert not GATED.search(decoded(response)), f"{where} leaks to {reader}"
            if reader is not hugo:
                assert response.status_code in {302, 403, 404, 405, 400} or where in PUBLIC_IN_THE_ADMIN, (
                    where
                )


def test_control_an_editor_sees_the_gated_words_in_the_admin(world: World) -> None:
    make_roles()
    edith = making.reader("edith", is_staff=True)
    edith.groups.add(Group.objects.get(name="Editors"))
    page = signed_in(edith).get(f"/admin/snippets/archive/article/edit/{world.article.pk}/")
    assert GATED.search(decoded(page))


def test_errors_tell_nothing(world: World) -> None:
    page = decoded(signed_in(None).get("/nowhere-at-all/"))
    assert not any(
        word in page for word in ("Traceback", "urlpatterns", "Using the URLconf", settings.SECRET_KEY)
    )
    assert settings.DEBUG is False


@pytest.mark.parametrize(
    "away",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/%0d%0aX: y"],
)
def test_nobody_is_led_away_after_signing_in(world: World, away: str) -> None:
    client = Client()
    answer = client.post(
        "/account/sign-in/", {"login": "ada@example.org", "password": making.PASSWORD, "next": away}
    )
    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


def test_an_article_that_is_shut_again_is_shut_at_once(world: World) -> None:
    Article.objects.filter(pk=world.article.pk).update(policy="open")
    assert GATED.search(decoded(signed_in(None).get(world.path)))
    Article.objects.filter(pk=world.article.pk).update(policy="")
    assert not GATED.search(decoded(signed_in(None).get(world.path)))


def test_a_revoked_grant_opens_nothing_from_the_next_page_on(world: World, ada: Reader) -> None:
    client = signed_in(ada)
    assert GATED.search(decoded(client.get(world.path)))
    ada.grants.update(revoked_at=making.NOON)
    assert not GATED.search(decoded(client.get(world.path)))


def test_there_is_something_for_sale_in_this_world(world: World) -> None:
    assert Product.objects.exists()
    assert world.article.issue.sort_date == date(1999, 9, 1)
