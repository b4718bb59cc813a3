"""Rows of the editors' desk: what is not published, previews, and everything that a low role may open in the admin."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

from backnumber.archive.models import Article
from backnumber.prove.asking import Answer
from backnumber.prove.canaries import OF_THE_PICTURE
from backnumber.prove.row import Findings, Site, row
from backnumber.prove.site_under_test import Piece

ARTICLES = "/admin/snippets/archive/article"
_TOKEN = re.compile(r'csrfmiddlewaretoken" value="\w+"')
# The parts of the admin that know of articles, pictures or what was done to them.
_ASKED = ("archive/article", "archive/issue", "choose/archive", "reports/", "who-may-read", "images/", "bulk/", "block-preview",
          "gift-links", "longread/longread", "workflows/", "tag-autocomplete", "admin/why")  # fmt: skip


@row(16, "draft, scheduled, withdrawn article by slug or id", "the same as for what does not exist")
def unpublished(site: Site, found: Findings) -> None:
    withdrawn = site.piece("withdrawn")
    entitled = site.browser("entitled")
    for _ in range(2):  # by Django, then by the door
        found.shown(entitled.get(withdrawn.path), withdrawn, "entitled, before it is withdrawn")
    site.get(withdrawn.path)
    Article.objects.filter(pk=withdrawn.key).update(live=False)
    for name in ("draft", "scheduled", "withdrawn"):
        piece = site.piece(name)
        for who in ("nobody", "lapsed", "desk", "entitled"):
            for address, nothing in _addresses(piece):
                _same(site, found, piece, who, (address, nothing))


def _addresses(piece: Piece) -> Iterator[tuple[str, str]]:
    """Each address of the article, and one like it that leads nowhere."""
    absent = f"{piece.article.slug}-not"
    for suffix in ("/", ".md", ".json"):
        base = piece.path.rstrip("/").removesuffix(piece.article.slug)
        yield f"{base}{piece.article.slug}{suffix}", f"{base}{absent}{suffix}"
    for address in (
        "/cite/{}.ris",
        "/cite/{}.bib",
        "/cite/{}.json",
        "/gifts/new/?article={}",
        "/help/why/?article={}",
    ):
        yield address.format(piece.key), address.format(2**53 - 1)


def _same(site: Site, found: Findings, piece: Piece, who: str, pair: tuple[str, str]) -> None:
    """With a cookie of its own the question goes past a shared cache, which may keep for a minute what was published then."""
    browser = site.browser(who)
    browser.cookies["prove"] = "1"
    answer, nothing = (browser.get(address) for address in pair)
    how = f"{pair[0]}, {who}"
    if found.withheld(answer, piece, how):
        same = (answer.status, _bare(answer, piece)) == (nothing.status, _bare(nothing, piece))
        found.expect(same, f"{how}: not as for what does not exist ({answer.status}, {nothing.status})")


def _bare(answer: Answer, piece: Piece) -> str:
    """The page without what was asked for: its name, its key, the form's token."""
    text = _TOKEN.sub("", answer.text)
    for asked in (f"{piece.article.slug}-not", piece.article.slug, str(2**53 - 1), str(piece.key)):
        text = text.replace(asked, "")
    return text


@row(17, "preview token altered, expired, of another article", "refused, kept by nobody")
def previews(site: Site, found: Findings) -> None:
    """There are no tokens: a preview belongs to the editor's own session."""
    gated, draft = site.piece(), site.piece("draft")
    for piece in (gated, draft):
        revision = piece.article.latest_revision_id or 1
        for address in (f"{ARTICLES}/preview/{piece.key}/", f"{ARTICLES}/preview/{piece.key}/?mode=subscriber",
                        f"{ARTICLES}/history/{piece.key}/revisions/{revision}/view/",
                        f"/admin/who-may-read/{piece.key}/as/subscriber/", f"{piece.path}?preview=1&token=forged",
                        f"{piece.path}?preview_token={site.tested.mark}"):  # fmt: skip
            for who in ("nobody", "none", "entitled", "desk"):
                if who == "entitled" and piece is gated and address.startswith(piece.path):
                    continue  # that reader may read it
                answer = site.get(address, who)
                found.withheld(answer, piece, f"{address}, {who}")
                if address.startswith("/admin/"):
                    found.refused(answer, piece, f"{address}, {who}")
                    found.expect("public" not in answer.header("Cache-Control"), f"{address}: may be kept")
    found.shown(
        site.get(f"{ARTICLES}/edit/{gated.key}/", "editor"),
        gated,
        "an editor, the article's form",
        OF_THE_PICTURE,
    )
    found.shown(
        site.get(f"{ARTICLES}/edit/{draft.key}/", "editor"),
        draft,
        "an editor, the draft's form",
        OF_THE_PICTURE,
    )


@row(18, "revisions, comparison, choosers, reports, exports as a low editor", "refused",
     tests="tests/leaks/test_every_address.py (what a form posts)")  # fmt: skip
def low_editor(site: Site, found: Findings) -> None:
    """Every address of the admin that knows of articles, with the keys of throw-away things in its place holders."""
    gated, draft = site.piece(), site.piece("draft")
    desk, none = site.browser("desk"), site.browser("none")
    for address in dict.fromkeys(admin_addresses(site)):
        answer = desk.get(address)
        for piece in (gated, draft):
            found.withheld(answer, piece, f"{address}, a low editor")
        if address.startswith(ARTICLES) and f"/{gated.key}/" in address:
            found.refused(none.get(address), gated, f"{address}, none")
    editor = site.browser("editor")
    found.shown(
        editor.get(f"{ARTICLES}/edit/{gated.key}/"), gated, "an editor, the article's form", OF_THE_PICTURE
    )
    listed = editor.get(f"{ARTICLES}/?q={site.tested.mark}").text
    found.control(gated.planted.headline in listed, "an editor does not find the article in the list")


def admin_addresses(site: Site) -> Iterator[str]:
    key, revision = site.piece().key, site.piece().article.latest_revision_id or 1
    values: dict[str, Any] = {
        "app_label": "archive", "model_name": "article", "revision_id": revision, "pk": key, "mode": "subscriber",
        "kind": "subscriber", "image_id": site.tested.picture.pk, "filter_spec": "original",
    }  # fmt: skip

    def fill(match: re.Match[str]) -> str:
        converter, _, name = match[1].rpartition(":")
        return str(values.get(name, key if converter in {"int", "str", "", "path"} else "article"))

    for route in _routes(get_resolver().url_patterns, ""):
        if (
            route.startswith("admin/")
            and not set(route) & set("(\\^")
            and any(one in route for one in _ASKED)
        ):
            yield "/" + re.sub(r"<([^>]+)>", fill, route)
    yield f"{ARTICLES}/history/{key}/revisions/compare/earliest...latest/"
    for export in ("csv", "xlsx"):
        yield f"{ARTICLES}/?export={export}"
        yield f"/admin/reports/site-history/?export={export}"
    for chooser in ("article", "issue"):
        yield f"/admin/snippets/choose/archive/{chooser}/results/?q={site.tested.mark}"


def _routes(patterns: Any, before: str) -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from _routes(one.url_patterns, route)


ROWS = (unpublished, previews, low_editor)
