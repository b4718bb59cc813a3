"""Rows of what programs read: structured data, feeds, sitemaps, files beside the page, oEmbed, and who calls itself a crawler."""

import json
import re
from typing import Any

from backnumber.edge.page.crawlers import KNOWN
from backnumber.prove.row import OUTSIDERS, Findings, Site, row
from backnumber.prove.site_under_test import YEAR

_SCRIPT = re.compile(
    r'<script[^>]*type="application/ld\+json"[^>]*>(.*?)</script>', re.DOTALL | re.IGNORECASE
)


@row(2, "JSON-LD", "no gated articleBody; free or not as the gate says")
def structured(site: Site, found: Findings) -> None:
    piece = site.piece()
    for who in OUTSIDERS:
        page = site.get(piece.path, who)
        found.cut(page, piece, who)
        told = _structured(page.text)
        found.control(bool(told), f"{who}: there is no structured data")
        found.expect(all(one.get("isAccessibleForFree") is False for one in told), f"{who}: said to be free")
    whole = site.get(piece.path, "entitled")
    body = " ".join(str(one.get("articleBody", "")) for one in _structured(whole.text))
    found.expect(not piece.planted.traces(body), "entitled: the text stands in the structured data")
    told = _structured(whole.text)
    found.expect(bool(told) and told[0].get("isAccessibleForFree") is False, "entitled: said to be free")
    found.shown(whole, piece, "entitled")
    free = _structured(site.get(site.piece("open").path).text)
    found.control(
        bool(free) and free[0].get("isAccessibleForFree") is True, "an open article is not said to be free"
    )


def _structured(text: str) -> list[dict[str, Any]]:
    """What the page says of itself; where it stands among other pages (breadcrumbs) says nothing of the gate."""
    scripts = _SCRIPT.findall(text.partition("\n</html>")[0])
    read = [one for script in dict.fromkeys(scripts) if isinstance(one := _read(script), dict)]
    return [one for one in read if one.get("@type") != "BreadcrumbList"]


def _read(script: str) -> Any:
    try:
        return json.loads(script)
    except ValueError:
        return None


@row(
    4,
    "RSS, Atom, JSON Feed, of all, a title, a section, a contributor, the weeks; citations of a list",
    "the lead-in",
)
def feeds(site: Site, found: Findings) -> None:
    piece, slug = site.piece(), site.tested.slug
    subjects = ("articles", "weekly", f"titles/{slug}", f"sections/{slug}", f"contributors/{slug}")
    for subject in subjects:
        for form in ("atom", "rss", "json"):
            address = f"/feeds/{subject}.{form}"
            for who in ("nobody", "lapsed", "entitled"):
                answer = site.get(address, who)
                for one in site.tested.pieces.values():
                    found.withheld(answer, one, f"{address}, {who}")
            if subject not in {"articles", "weekly"}:  # the newest of all are not ours, nor is this week's
                found.control(piece.planted.lead_in in answer.text, f"{address} does not tell of the article")
    for form in ("ris", "bib", "json"):
        address = f"/cite/issues/{site.tested.issue.pk}.{form}"
        for who in ("nobody", "lapsed", "entitled"):
            answer = site.get(address, who)
            for one in site.tested.pieces.values():
                found.withheld(answer, one, f"{address}, {who}")
            found.control(piece.article.headline in answer.text, f"{address} does not name the article")
    found.shown(site.get(piece.path, "entitled"), piece, "entitled, the article itself")


@row(5, "sitemap, llms.txt", "addresses only; no drafts")
def sitemaps(site: Site, found: Findings) -> None:
    piece, hidden = site.piece(), [site.piece(name).path for name in ("draft", "scheduled")]
    for address in ("/sitemap.xml", f"/sitemaps/{YEAR}.xml", "/llms.txt", "/llms-full.txt", "/robots.txt"):
        for who in ("nobody", "entitled"):
            answer = site.get(address, who)
            for one in site.tested.pieces.values():
                found.withheld(answer, one, f"{address}, {who}")
                found.expect(one.planted.lead_in not in answer.text, f"{address}: holds text")
            found.expect(not any(path in answer.text for path in hidden), f"{address}: names a draft")
    found.control(
        piece.path in site.get(f"/sitemaps/{YEAR}.xml").text, "the sitemap does not name the article"
    )
    found.shown(site.get(piece.path, "entitled"), piece, "entitled, the article itself")


@row(6, "JSON: every field, filters and ordering as an oracle", "the lead-in; there is no list to filter")
def as_data(site: Site, found: Findings) -> None:
    piece = site.piece()
    address = piece.ending(".json")
    for who in OUTSIDERS:
        found.cut(site.get(address, who), piece, f"{address}, {who}")
    for more in (
        "?fields=*",
        "?fields=body,text",
        "?full=1",
        "?ordering=body",
        "?body__contains=a",
        "?expand=body",
    ):
        found.cut(site.get(address + more), piece, more)
    for other in ("/api/", "/api/articles/", f"/api/articles/{piece.key}/", f"/api/v2/pages/{piece.key}/?fields=*",
                  f"/admin/api/main/pages/{piece.key}/?fields=*"):  # fmt: skip
        found.refused(site.get(other), piece, other)
    found.shown(site.get(address, "entitled"), piece, "entitled, .json")


@row(7, ".md .txt .json .xml .pdf, /amp, /print, Accept", "the lead-in, or the same as for what is not there")
def variants(site: Site, found: Findings) -> None:
    piece = site.piece()
    for who in OUTSIDERS:
        answer = site.get(piece.ending(".md"), who)
        found.cut(answer, piece, f".md, {who}")
        found.expect(
            "cookie" in answer.header("Vary").lower(), f".md, {who}: Vary is {answer.header('Vary')!r}"
        )
    for suffix in (
        ".txt",
        ".xml",
        ".pdf",
        ".html",
        ".epub",
        "amp/",
        "print/",
        "full/",
        "/amp",
        "/print",
        ".md/",
        ".json.md",
    ):
        for base in (piece.path, piece.path.rstrip("/")):
            found.refused(site.get(base + suffix), piece, suffix)
    for accept in (
        "application/json",
        "text/markdown",
        "text/plain",
        "application/xml",
        "application/pdf",
        "*/*;q=0",
    ):
        found.cut(site.get(piece.path, headers={"Accept": accept}), piece, f"Accept: {accept}")
    found.shown(site.get(piece.ending(".md"), "entitled"), piece, "entitled, .md")
    found.shown(site.get(piece.path, "entitled", {"Accept": "text/markdown"}), piece, "entitled, Accept")


@row(8, "oEmbed", "the lead-in; says nothing of drafts")
def oembed(site: Site, found: Findings) -> None:
    piece, draft = site.piece(), site.piece("draft")
    for endpoint in ("/oembed", "/oembed/", "/services/oembed/", "/api/oembed/", "/admin/embeds/chooser/"):
        for one in (piece, draft):
            address = f"{endpoint}?format=json&url={site.at.site}{one.path}"
            found.refused(site.get(address), one, address)
    page = site.get(piece.path, "entitled")
    found.expect(
        "json+oembed" not in page.text, "the page names an oEmbed address that this row does not know"
    )
    found.shown(page, piece, "entitled, the page that would name one")


@row(27, "a crawler's user agent; Referer or utm of a search engine or network", "the lead-in")
def crawlers(site: Site, found: Findings) -> None:
    """A crawler that is to pay gets 402 and no text at all."""
    piece, metered = site.piece(), site.piece("metered")
    for crawler in KNOWN:
        headers = {
            "User-Agent": f"Mozilla/5.0 (compatible; {crawler.token}/2.1; +http://www.example.com/bot.html)"
        }
        for one in (piece, metered):
            answer = site.get(one.path, headers=headers)
            if found.withheld(answer, one, crawler.token):
                found.expect(answer.status in {200, 402}, f"{crawler.token}: {answer.status}")
    came_from = ("https://www.google.com/", "https://news.google.com/", "https://t.co/x", "https://www.facebook.com/",
                 "https://l.instagram.com/", f"{site.at.site}/admin/")  # fmt: skip
    for referer in came_from:
        found.cut(site.get(piece.path, headers={"Referer": referer}), piece, f"Referer: {referer}")
        found.shown(site.get(piece.path, "entitled", {"Referer": referer}), piece, f"entitled, {referer}")
    for utm in (
        "?utm_source=google&utm_medium=cpc",
        "?utm_source=twitter",
        "?fbclid=x",
        "?gclid=x",
        "?ref=newsletter",
    ):
        found.cut(site.get(piece.path + utm), piece, utm)


ROWS = (structured, feeds, sitemaps, as_data, variants, oembed, crawlers)
