"""Rows of addresses that somebody made or guessed: gift links, where one is led after signing in, files."""

import base64
import re
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from backnumber.edge.page.seals import keyring
from backnumber.edge.page.tokens import GIFT_COOKIE
from backnumber.gifts.models import GiftLink
from backnumber.gifts.queries import digest_of
from backnumber.gifts.service import new_token
from backnumber.prove.asking import Answer, Browser
from backnumber.prove.forging import altered, gift
from backnumber.prove.row import Findings, Site, row
from backnumber.prove.rows.caches import seconds_until
from backnumber.prove.rows.cookies import SIGN_IN, refund
from backnumber.prove.site_under_test import Piece
from backnumber.website import pictures

EVIL = "evil.example"
LEAST_BITS = 128
_A_MINUTE_AND_A_LITTLE, _BETWEEN = 65.0, 2.0  # seconds
_AWAY = (
    f"//{EVIL}",
    f"/\\{EVIL}",
    f"javascript:alert('{EVIL}')",
    f"https://{EVIL}/",
    f"/%0d%0aX-Evil:%20{EVIL}",
    f"/\r\nX-Evil: {EVIL}",
)
_PICTURE = re.compile(r'"(/pictures/\d+/\d+/[0-9a-f]+\.svg)"')


@row(31, "gift link: other article, guessed, expired, revoked, refunded", "refused; at least 128 bits")
def gifts(site: Site, found: Findings) -> None:
    """A link opens its article for whoever has it. Ended links are tried with the cookie that they gave, too."""
    piece, other = site.piece(), site.piece("late")
    now = timezone.now()
    good, token = _link(site, "giver", piece, now, timedelta(hours=1))
    _opens(site, found, piece, token)
    found.expect(len(base64.urlsafe_b64decode(token + "==")) * 8 >= LEAST_BITS, "a token has fewer bits")
    _, ended = _link(site, "giver", piece, now - timedelta(days=2), timedelta(days=1))
    _, others = _link(site, "giver", other, now, timedelta(hours=1))
    _, by_none = _link(site, "none", piece, now, timedelta(hours=1))
    _, by_entitled = _link(site, "entitled", piece, now, timedelta(hours=1))
    attempts = {
        "of another article": others,
        "made by one without a right": by_none,
        "made by one whose own right was given": by_entitled,
        "guessed": new_token(),
        "altered": token[:-1] + "_",
        "ended": ended,
        "empty": "",
    }
    for how, one in attempts.items():
        _opens_nothing(site, found, piece, one, how)
    with_cookie = site.browser()
    _once_it_may_be_asked(with_cookie, f"{piece.path}?gift={token}")
    with_cookie.paths[GIFT_COOKIE] = "/"  # carried where it does not belong
    found.cut(with_cookie.get(other.path), other, "a gift's cookie at another article")
    _forged_cookies(site, found, piece, good)
    GiftLink.objects.filter(pk=good.pk).update(revoked_at=timezone.now())
    _ends(site, found, piece, with_cookie.cookies, "revoked")
    _opens_nothing(site, found, piece, token, "revoked")
    reader = site.browser("none")
    reader.cookies[GIFT_COOKIE] = with_cookie.cookies.get(GIFT_COOKIE, "")
    found.cut(reader.get(piece.path), piece, "revoked, with its cookie, none")
    _, regretted = _link(site, "regretting", piece, now, timedelta(hours=1))
    receiver = _opens(site, found, piece, regretted)
    refund(site, "regretting")
    _ends(site, found, piece, receiver, "its maker's money went back")
    _opens_nothing(site, found, piece, regretted, "its maker's money went back")


def _forged_cookies(site: Site, found: Findings, piece: Piece, link: GiftLink) -> None:
    """What the link gave, as the door reads it for nobody and Django for a reader; and what differs from it in one thing."""
    good = gift(piece.key, link.pk, link.until)
    forged = {
        **dict(altered(good, inside=0)),
        "of another key": gift(piece.key, link.pk, link.until, keyring("gift", ("another secret",))),
        "of another purpose": gift(piece.key, link.pk, link.until, keyring("meter", (settings.SECRET_KEY,))),
        "of another article": gift(site.piece("late").key, link.pk, link.until),
        "ended": gift(piece.key, link.pk, timezone.now() - timedelta(seconds=2)),
    }

    def ask(who: str, value: str) -> Answer:
        browser = site.browser(who)
        browser.cookies[GIFT_COOKIE] = value
        return browser.get(piece.path)

    for who in ("nobody", "none"):
        found.shown(ask(who, good), piece, f"{who}, with a good link's cookie")
        for how, value in forged.items():
            found.cut(ask(who, value), piece, f"{who}, with a gift's cookie {how}")


def _link(site: Site, who: str, piece: Piece, made_at: datetime, lasts: timedelta) -> tuple[GiftLink, str]:
    token = new_token()
    made = GiftLink.objects.create(
        reader=site.tested.readers[who],
        article=piece.article,
        token_digest=digest_of(token),
        made_at=made_at,
        until=(made_at + lasts).replace(microsecond=0),
    )
    return made, token


def _opens(site: Site, found: Findings, piece: Piece, token: str) -> dict[str, str]:
    """Promise: the cookies of whoever opened it."""
    receiver = site.browser()
    exchanged = _once_it_may_be_asked(receiver, f"{piece.path}?gift={token}")
    said = {name: exchanged.header(name) for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")}
    kept = (
        "no-store" in said["Cache-Control"]
        and "noindex" in said["X-Robots-Tag"]
        and said["Referrer-Policy"] == "no-referrer"
    )
    found.expect(kept, f"the exchange says {said}")
    found.expect(token not in exchanged.header("Location"), "the token stays in the address")
    for _ in range(2):
        opened = receiver.get(exchanged.header("Location") or piece.path)
        found.shown(opened, piece, "nobody, by a good link")
        found.expect(not opened.may_be_shared, f"by a good link: {opened.header('Cache-Control')}")
    return dict(receiver.cookies)


def _opens_nothing(site: Site, found: Findings, piece: Piece, token: str, how: str) -> None:
    for who in ("nobody", "lapsed"):
        browser = site.browser(who)
        answer = _once_it_may_be_asked(browser, f"{piece.path}?gift={quote(token)}")
        found.refused(answer, piece, f"{how}, {who}")
        found.cut(browser.get(piece.path), piece, f"{how}, {who}, afterwards")


def _once_it_may_be_asked(browser: Browser, address: str) -> Answer:
    """Wrong tokens are counted for each network and minute. To be told to wait proves nothing of the link, so it waits."""
    until = time.monotonic() + _A_MINUTE_AND_A_LITTLE
    while (
        answer := browser.get(address)
    ).status == HTTPStatus.TOO_MANY_REQUESTS and time.monotonic() < until:
        time.sleep(_BETWEEN)
    return answer


def _ends(site: Site, found: Findings, piece: Piece, cookies: dict[str, str], how: str) -> None:
    def again() -> Answer:
        browser = site.browser()
        browser.cookies.update(cookies)
        return browser.get(piece.path)

    seconds = seconds_until(again, piece, found)
    if seconds is not None:
        found.say(f"{how}: {seconds:.2f} s")


@row(33, "next=//evil, /\\evil, CRLF, javascript:", "local addresses only")
def led_away(site: Site, found: Findings) -> None:
    piece, reader = site.piece(), site.tested.readers["typing"]
    typed = {"login": reader.email, "password": site.tested.password}
    for away in _AWAY:
        for address in (SIGN_IN, "/library/", "/claim/", "/account/sign-up/", "/gifts/new/"):
            answer = found.seen(site.get(f"{address}?next={quote(away)}"))
            found.expect(not _leads_away(answer, site), f"{address} {away!r}: leads away")
    for away in _AWAY[:3]:
        answer = found.seen(site.browser().post(SIGN_IN, {**typed, "next": away}))
        found.control(answer.status in {302, 303}, f"signing in: {answer.status}")
        found.expect(not _leads_away(answer, site), f"{away!r}: led to {answer.header('Location')}")
    home = site.browser()
    answer = home.post(SIGN_IN, {**typed, "next": piece.path})
    found.control(
        answer.header("Location") == piece.path, f"led to {answer.header('Location')}, not to the article"
    )
    found.shown(home.get(piece.path), piece, "who signed in, back at the article")


def _leads_away(answer: Answer, site: Site) -> bool:
    """A form may repeat where it was to lead, in a field that the server looks at again: a link or a redirect may not."""
    links = re.findall(r'(?:href|action|src|content)="([^"]*)"', answer.text.partition("</html>")[0])
    links.append(answer.header("Location").removeprefix(site.at.site))
    return bool(answer.header("X-Evil")) or any(
        EVIL in link and not re.match(r"/[^/\\]", link) for link in links
    )


@row(35, "page scans, originals of pictures, documents by guessed address", "refused")
def files(site: Site, found: Findings) -> None:
    piece, picture = site.piece(), site.tested.picture
    file, key = picture.file.name, picture.pk
    name = file.rpartition("/")[2]
    guessed = (
        f"/pictures/originals/{file}", f"/pictures/originals/original_images/{name}", f"/pictures/{file}", f"/media/{file}",
        f"/media/original_images/{name}", f"/static/{file}", f"/static/../{file}", f"/static/%2e%2e/pictures/{file}",
        f"/pictures/{key}/1600/{'0' * 32}.svg", f"/pictures/{key}/960/{'f' * 32}.webp", f"/pictures/{key}/1600/.svg",
        f"/documents/{key}/{name}", f"/images/{key}/original/", f"/admin/images/{key}/", f"/admin/images/{key}/preview/original/",
        f"/admin/images/{key}/generate_url/", f"/var/pictures/{file}", f"/{file}", f"/.env?{key}", f"/pictures/originals/../../{file}",
    )  # fmt: skip
    for address in guessed:
        for who in ("nobody", "entitled", "desk"):
            answer = site.get(address, who)
            found.refused(answer, piece, f"{address}, {who}")
            found.expect(site.tested.drawing not in answer.everything, f"{address}, {who}: the picture")
    for who in ("nobody", "lapsed"):
        lead_in = site.get(piece.path, who)
        found.cut(lead_in, piece, who)
        found.expect(not _PICTURE.search(lead_in.text), f"{who}: the picture's address stands on the page")
    whole = site.get(piece.path, "entitled")
    found.shown(whole, piece, "entitled")
    _without_the_right(site, found, whole)
    signed = _PICTURE.search(whole.text)
    drawn = site.get(signed[1], "entitled").text if signed else ""
    found.control(
        site.tested.drawing in drawn,
        "entitled: the picture is not shown (is the var folder the server's own?)",
    )


def _without_the_right(site: Site, found: Findings, whole: Answer) -> None:
    """Its article is shown; it is not, at its own signed address neither."""
    drawing = f"{site.tested.drawing}withheld"
    found.expect(drawing not in whole.everything, "entitled: what a picture without the right says of itself")
    for width in pictures.WIDTHS:
        answer = found.seen(site.get(pictures.address(site.tested.withheld, width), "entitled"))
        found.expect(drawing not in answer.everything, "entitled: a picture without the right")
    signed = found.seen(site.get(pictures.address(site.tested.picture, pictures.WIDTHS[-1]), "entitled"))
    found.control(site.tested.drawing in signed.text, "entitled: a picture with the right, at its address")


ROWS = (gifts, led_away, files)
