"""Rows of the page itself: the text, what is said of it in its head, its fragments, its neighbours, its old address, errors."""

import re

from backnumber.past import service as past
from backnumber.prove.row import OUTSIDERS, Findings, Site, row
from backnumber.prove.site_under_test import YEAR

CODINGS: tuple[dict[str, str], ...] = ({"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}, {})
_DESCRIPTION = re.compile(
    r'<meta[^>]+(?:name|property|itemprop)="[^"]*(?:description|abstract)"[^>]*>', re.IGNORECASE
)
_TELLTALES = ("Traceback", "urlpatterns", "URLconf", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "django.core")


@row(1, "page with styles and scripts off", "the lead-in: cut by the server")
def whole_page(site: Site, found: Findings) -> None:
    """Each asks twice: Django answers who has no pass yet, the door who has."""
    piece, signin, embargoed = (site.piece(name) for name in ("gated", "signin", "embargoed"))
    for who in OUTSIDERS:
        browser = site.browser(who)
        for headers in (*CODINGS, {}):
            found.cut(browser.get(piece.path, headers), piece, f"{who}, {headers}")
        found.cut(browser.get(embargoed.path), embargoed, f"under embargo, {who}")
    counted = site.piece("counted")
    found.cut(site.get(counted.path), counted, "nobody, a lead-in that an editor has counted")
    for address in (signin.path, signin.ending(".md")):
        found.cut(site.get(address), signin, f"for accounts, nobody, {address}")
    found.cut(site.get(embargoed.path, "entitled"), embargoed, "under embargo, a subscriber")
    entitled = site.browser("entitled")
    for headers in (*CODINGS, {}):
        found.shown(entitled.get(piece.path, headers), piece, f"entitled, {headers}")
    found.shown(site.get(signin.path, "none"), signin, "for accounts, signed in")
    found.shown(site.get(embargoed.path, "giver"), embargoed, "under embargo, by a right that staff gave")
    found.shown(site.get(site.piece("open").path), site.piece("open"), "open to all, nobody")


@row(3, "meta, Open Graph, card descriptions", "the standfirst, never an extract of the body")
def descriptions(site: Site, found: Findings) -> None:
    piece = site.piece()
    for who in (*OUTSIDERS, "entitled"):
        page = site.get(piece.path, who)
        described = _DESCRIPTION.findall(page.text)
        told = " ".join(described)
        found.expect(
            not piece.planted.traces(told) and piece.planted.lead_in not in told, f"{who}: {told[:80]}"
        )
        found.control(
            bool(described) and piece.planted.standfirst in told, f"{who}: no description on the page"
        )
        if who == "entitled":
            found.shown(page, piece, "the entitled reader's page")
        else:
            found.withheld(page, piece, who)


@row(10, "next-page fragments, htmx requests", "the lead-in")
def fragments(site: Site, found: Findings) -> None:
    piece = site.piece()
    fragment = {"HX-Request": "true", "HX-Target": "text", "X-Requested-With": "XMLHttpRequest"}
    for who in OUTSIDERS:
        found.cut(site.get(piece.path, who, fragment), piece, f"htmx, {who}")
    for more in ("?page=2", "?full=1", "?fragment=body", "?preview=true", "?_escaped_fragment_="):
        found.cut(site.get(piece.path + more), piece, more)
        found.cut(site.get(piece.path + more, headers=fragment), piece, f"htmx, {more}")
    found.shown(site.get(piece.path, "entitled", fragment), piece, "entitled, htmx")


_AT_1066 = "/past/timeline/?from=1066&to=1066"
"""A year that gated text names."""
_OF_THE_PAST = (
    "/past/", "/past/timeline/", _AT_1066, "/past/map/", "/past/people/", "/past/places/", "/past/organisations/", "/past/events/",
    "/past/on-this-day/", "/past/on-this-day/10-25/", "/past/questions/",
)  # fmt: skip


@row(14, "related articles, neighbours, lists, timeline and map", "open text, or none")
def beside(site: Site, found: Findings) -> None:
    piece, slug = site.piece(), site.tested.slug
    issue = site.tested.issue.get_absolute_url()
    lists = [issue, f"/archive/{slug}/", f"/archive/{slug}/{YEAR}/", "/archive/", "/", f"/sections/{slug}/",
             f"/contributors/{slug}/", "/sections/", "/contributors/", f"/archive/decades/{YEAR // 10 * 10}s/", "/weekly/",
             *_OF_THE_PAST]  # fmt: skip
    past.read_articles([one.key for one in site.tested.pieces.values()])
    hidden = [site.piece(name).path for name in ("draft", "scheduled")]
    for who in ("nobody", "lapsed"):
        for address in lists:
            answer = site.get(address, who)
            found.expect(not any(path in answer.text for path in hidden), f"{address}, {who}: names a draft")
            for one in site.tested.pieces.values():
                found.withheld(answer, one, f"{address}, {who}")
    neighbour = site.get(site.piece("early").path)
    found.withheld(neighbour, piece, "the article that comes after it")
    for address in (issue, f"/sections/{slug}/", f"/contributors/{slug}/"):
        named = piece.planted.headline in site.get(address).text
        found.control(named, f"{address} does not name the article")
    found.shown(site.get(piece.path, "entitled"), piece, "entitled, the article itself")


@row(15, "old address, alias, copy, translation", "the same gate")
def old_address(site: Site, found: Findings) -> None:
    piece, old = site.piece("moved"), site.tested.moved_from
    for who in OUTSIDERS:
        browser = site.browser(who)
        for address in (old, old.rstrip("/") + ".md", old.rstrip("/") + ".json"):
            sent_on = browser.get(address)
            found.withheld(sent_on, piece, f"{address}, {who}")
            there = sent_on.header("Location")
            if found.expect(
                there.startswith(piece.path.rstrip("/")), f"{address}: not sent on, {sent_on.status}"
            ):
                found.cut(browser.get(there), piece, f"{there}, {who}")
    for alias in ("?lang=fr", "?amp=1", "?output=print", "?utm_source=newsletter"):
        found.cut(site.get(piece.path + alias), piece, alias)
    for copy in (f"/en{piece.path}", f"/fr{piece.path}", f"/amp{piece.path}", f"/?p={piece.key}"):
        found.withheld(site.get(copy), piece, copy)
    entitled = site.browser("entitled")
    found.shown(
        entitled.get(entitled.get(old).header("Location") or old), piece, "entitled, by the old address"
    )


@row(19, "404, 500, CSRF page, debug", "generic", tests="tests/website/test_errors.py (500)")
def errors(site: Site, found: Findings) -> None:
    piece = site.piece()
    nowhere = f"{piece.path}nothing-{site.tested.mark}/"
    for who in ("nobody", "entitled"):
        browser = site.browser(who)
        answers = [
            browser.get(nowhere),
            browser.get(f"/nothing-{site.tested.mark}"),
            browser.get("/__debug__/"),
        ]
        for answer in answers:
            found.withheld(answer, piece, f"what is not there, {who}")
            found.expect(answer.status == 404, f"what is not there, {who}: {answer.status}")
            _is_generic(answer.text, found)
    # No token, and a browser that says the form comes from elsewhere.
    forged = site.browser().get("/account/sign-in/", {"Sec-Fetch-Site": "cross-site"}, method="POST")
    found.expect(forged.status == 403, f"a form of another site: {forged.status}")
    _is_generic(forged.text, found)
    found.shown(site.get(piece.path, "entitled"), piece, "entitled, the article itself")


def _is_generic(text: str, found: Findings) -> None:
    told = [word for word in _TELLTALES if word in text]
    found.expect(not told, f"an error page tells {', '.join(told)}")


ROWS = (whole_page, descriptions, fragments, beside, old_address, errors)
