"""Rows of how a request is written: parts, methods, spellings of the address, headers that only a proxy may send."""

from django.conf import settings

from backnumber.edge.page.cookie_names import host_cookie
from backnumber.edge.page.places import is_trusted, trusted_networks
from backnumber.prove.asking import Browser
from backnumber.prove.row import OUTSIDERS, Findings, Site, row

EVIL = "evil.example"
A_STRANGER = "203.0.113.7"  # for documentation only (RFC 5737), and no institution of the demo


@row(23, "Range: prefix, suffix, many", "bytes of the lead-in page only")
def ranges(site: Site, found: Findings) -> None:
    piece, refused = site.piece(), set[str]()
    for span in (
        "bytes=0-99",
        "bytes=0-99999",
        "bytes=-500",
        "bytes=500-",
        "bytes=0-10,20-30,-40",
        "bytes=99999-",
        "bytes=5-1",
    ):
        for coding in ("identity", "gzip", "br"):
            for who in ("nobody", "lapsed"):
                answer = site.get(piece.path, who, {"Range": span, "Accept-Encoding": coding})
                if not found.withheld(answer, piece, f"{span}, {coding}, {who}"):
                    continue
                if (
                    answer.is_by_varnish
                ):  # which says 503 to several parts, and to one that ends before it begins
                    refused.add(span)
                else:
                    found.expect(answer.status in {200, 206, 416}, f"{span}, {who}: {answer.status}")
    found.shown(
        site.get(piece.path, "entitled", {"Range": "bytes=0-"}), piece, "entitled, from the first byte on"
    )
    if refused:
        found.say(f"Varnish refuses {', '.join(sorted(refused))} by itself")


@row(24, "HEAD; OPTIONS, TRACE, PUT, X-HTTP-Method-Override", "the length of the lead-in page; refused")
def methods(site: Site, found: Findings) -> None:
    piece = site.piece()
    page, head = site.get(piece.path), site.browser().get(piece.path, method="HEAD")
    found.cut(page, piece, "GET")
    found.withheld(head, piece, "HEAD")
    told = head.header("Content-Length")
    found.expect(
        head.length == 0 and told in {"", str(page.length)}, f"HEAD tells {told}, GET sends {page.length}"
    )
    for who in ("nobody", "lapsed"):
        for method in ("OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "POST", "PROPFIND", "get", "QUERY"):
            answer = site.browser(who).get(piece.path, method=method)
            if found.withheld(answer, piece, f"{method}, {who}") and answer.status == 200:
                found.expect(piece.planted.lead_in in answer.text, f"{method}, {who}: 200")
        for override in ("PUT", "HEAD", "TRACE"):
            headers = {
                "X-HTTP-Method-Override": override,
                "X-Method-Override": override,
                "X-HTTP-Method": override,
            }
            found.cut(site.get(piece.path, who, headers), piece, f"override {override}, {who}")
            posted = site.browser(who).post(f"{piece.path}?_method=GET", {"_method": "GET"}, headers)
            found.refused(posted, piece, f"POST as {override}, {who}")
    found.shown(site.get(piece.path, "entitled"), piece, "entitled, GET")


@row(
    25,
    "//, /./, %2e, double encoding, case, ;x, trailing slash, NUL",
    "canonical, or the same as for what is not there",
)
def spellings(site: Site, found: Findings) -> None:
    """An entitled reader asks for each first: what a cache would keep under a name of its own, nobody must not be given."""
    piece = site.piece()
    for target in _spelt(piece.path):
        for who in ("nobody", "lapsed"):
            site.get(target, "entitled")
            answer = site.get(target, who)
            if found.withheld(answer, piece, f"{target!r}, {who}") and answer.status == 200:
                found.expect(piece.planted.lead_in in answer.text, f"{target!r}, {who}: another page")
            found.expect(answer.status < 500, f"{target!r}, {who}: {answer.status}")
    found.shown(site.get(piece.path, "entitled"), piece, "entitled, the canonical address")


def _spelt(path: str) -> list[str]:
    bare, last = path.rstrip("/"), path.rstrip("/").rpartition("/")[2]
    above = bare.removesuffix(last)
    return [
        f"/{path}", path.replace("/", "//"), f"/.{path}", f"/x/..{path}", f"{above}./{last}/", f"{above}x/../{last}/",
        f"{above}%2e/{last}/", f"{above}%2e%2e/{last}/", path.replace("/archive", "/%61rchive"), path.replace("a", "%61"),
        path.replace("a", "%2561"), f"{above}%252e/{last}/", path.upper(), f"{above}{last.upper()}/", f"{bare};x", f"{bare};x/",
        f"{path};x", bare, f"{path}/", f"{bare}%2f", f"{bare}%00", f"{bare}%00.css", f"{path}x.css", f"{path}logo.png",
        f"{bare}.css", f"{bare}%0a", f"{path}%20", f"{bare}\\", path.replace("/", "\\"), f"{path}?", f"{path}?x", f"{path}#x",
        _absolute(path), f"{path}%3fgift", f"{bare}/index.html", f"{bare}%c0%af", f"{above}{last}\x00/",
    ]  # fmt: skip


def _absolute(path: str) -> str:
    """The absolute form, which a proxy is asked in, of another host."""
    return f"http://{EVIL}{path}"


_FORGED = (
    {"X-Forwarded-Host": EVIL}, {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https"}, {"X-Original-URL": "/admin/"},
    {"X-Rewrite-URL": f"/{EVIL}/"}, {"X-Accel-Redirect": f"/{EVIL}/"}, {"X-Accel-Expires": "600"}, {"X-Sendfile": f"/{EVIL}"},
    {"X-Forwarded-Prefix": f"/{EVIL}"}, {"X-Forwarded-Server": EVIL}, {"X-Host": EVIL}, {"Forwarded": f"host={EVIL};proto=https"},
    {"Remote-User": "ada@example.org"}, {"X-Remote-User": "1"}, {"X-User-Id": "1"}, {"X-Reader": "1"}, {"X-Allowed": "true"},
    {"X-Pass": "none"}, {"Authorization": "Bearer none"}, {"Authorization": "Basic YWRhOmFkYQ=="}, {"X-Internal": "1"},
    {"X_Forwarded_For": EVIL}, {"X-Forwarded-Port": "1"}, {"X-Varnish": "1 2"}, {"Surrogate-Capability": 'x="ESI/1.0"'},
)  # fmt: skip


@row(26, "X-Forwarded-Host, X-Original-URL, X-Accel-*, forged internal headers", "ignored, not reflected")
def forged_headers(site: Site, found: Findings) -> None:
    piece = site.piece()
    for host in (EVIL, f"{EVIL}:80", ""):
        answer = _past_the_cache(site, "nobody").get(piece.path, {"Host": host})
        found.refused(answer, piece, f"of the host {host!r}")
        found.expect(piece.planted.lead_in not in answer.text, f"of the host {host!r}: the page")
    for headers in _FORGED:
        for who in ("nobody", "lapsed"):
            answer = site.get(piece.path, who, dict(headers))
            if found.cut(answer, piece, f"{headers}, {who}"):
                found.expect(EVIL not in answer.everything, f"{headers}, {who}: reflected")
        found.expect(EVIL not in site.get(piece.path).everything, f"{headers}: reflected to who asks next")
        found.shown(site.get(piece.path, "entitled", dict(headers)), piece, f"entitled, {headers}")


@row(
    28,
    "X-Forwarded-For, Forwarded, X-Real-IP with a campus address",
    "the lead-in, unless from a trusted hop",
)
def forged_place(site: Site, found: Findings) -> None:
    """The campus is a throw-away one. We may ourselves stand where a trusted proxy does; then we speak for one."""
    piece, campus = site.piece(), site.tested.campus
    trusted = is_trusted(site.at.our_address(), trusted_networks(settings.TRUSTED_PROXIES))
    forged = [
        {"X-Real-IP": campus}, {"Forwarded": f'for="[{campus}]"'}, {"True-Client-IP": campus}, {"CF-Connecting-IP": campus},
        {"Client-IP": campus}, {"X-Client-IP": campus}, {"X_Forwarded_For": campus}, {"X-Forwarded-For": f"{campus}, {A_STRANGER}"},
        {"X-Forwarded-For": f"{A_STRANGER}"}, {"X-Forwarded-For": f"{site.tested.elsewhere}"},
    ]  # fmt: skip
    if not trusted:
        forged += [{"X-Forwarded-For": campus}, {"X-Forwarded-For": f"127.0.0.1, {campus}"}]
    for headers in forged:
        for who in OUTSIDERS:
            found.cut(site.get(piece.path, who, dict(headers)), piece, f"{headers}, {who}")
        found.shown(site.get(piece.path, "entitled", dict(headers)), piece, f"entitled, {headers}")
    if trusted:
        for how, address in site.tested.no_campus.items():
            for who in ("nobody", "none"):
                answer = _past_the_cache(site, who).get(piece.path, {"X-Forwarded-For": address})
                found.cut(answer, piece, f"on the network of an institution {how}, {who}")
        browser = Browser(
            site.at, {host_cookie("place"): "prove"}
        )  # as /library/ gives one: a cache keeps the two apart
        found.shown(
            browser.get(piece.path, {"X-Forwarded-For": campus}), piece, "on campus, by a trusted hop"
        )
        found.cut(
            browser.get(piece.path, {"X-Forwarded-For": site.tested.elsewhere}), piece, "wrong institution"
        )
    found.say("a trusted hop was believed" if trusted else "we are no trusted hop")


def _past_the_cache(site: Site, who: str) -> Browser:
    browser = site.browser(who)
    browser.cookies[host_cookie("place")] = "prove"
    return browser


ROWS = (ranges, methods, spellings, forged_headers, forged_place)
