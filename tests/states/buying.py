"""Subscribing, buying, paying and claiming: each page before, with errors, and after."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from backnumber.access import ScopeKind
from backnumber.archive.models import Article
from backnumber.checkout import clock, presenting, service
from backnumber.checkout.models import Order
from backnumber.groups import service as groups
from backnumber.invoices import queries
from backnumber.invoices import service as invoices
from backnumber.payments.invoice import service as transfers
from backnumber.payments.invoice.provider import Invoice
from backnumber.payments.provider import MandateRequest, ProviderUnavailable
from backnumber.payments.till import service as tills
from backnumber.payments.till.models import TillMandate, TillPayment
from backnumber.payments.till.provider import Till
from backnumber.presents import codes
from backnumber.presents.models import Present
from backnumber.readers.models import Reader
from backnumber.tax.rules import Kind
from tests import making
from tests.checkout import steps
from tests.checkout.forms import PRINT, quote_in, token_in
from tests.circulation.test_claims import printed
from tests.invoices.sales import BOOKSHOP, NOON, SIOBHAN, ground
from tests.invoices.sales import sale as a_sale
from tests.payments.rigs import request
from tests.presents import giving as presents
from tests.renewals import renewing as subscriptions
from tests.renewals.groups import bought, heirs_token, invite
from tests.states.visiting import State, Visitor, nobody, signed_in

ONLINE = "/buy/online-yearly/"
LABEL = {"number": "hg 2o417", "surname": "pettigrew", "postcode": "yo17hh"}


def subscribing(dan: Reader, ada: Reader) -> Iterator[State]:
    article = making.article("The Fortress")
    _shop()
    for visitor in (nobody(), signed_in(dan), signed_in(ada)):
        yield visitor.sees(f"/subscribe/?article={article.pk}")
    yield nobody().sees("/subscribe/")
    with override_settings(PAYMENTS="none"):
        yield nobody().sees("/subscribe/", state="nothing for sale")
        yield signed_in(dan).sees(ONLINE, state="nothing for sale")


def ordering(dan: Reader, ada: Reader) -> Iterator[State]:
    article = making.article("The Fortress")
    _shop()
    buyer = signed_in(dan)
    for path in (
        f"{ONLINE}?article={article.pk}",
        f"{PRINT}?article={article.pk}",
        f"{PRINT}?country=GB",
        f"{PRINT}?country=US",
        "/buy/one-article/",
        f"/buy/one-article/?article={article.pk}",
        "/buy/a-week/",
    ):
        yield buyer.sees(path)
    yield signed_in(ada).sees(ONLINE, state="extends what she has")
    yield signed_in(ada).sees(PRINT + "?country=GB", state="beside what she has")
    yield signed_in(ada).sees(f"/buy/one-article/?article={article.pk}", state="reads it already")
    yield from _with_errors(buyer)
    yield nobody().sends(ONLINE, state="signed out meanwhile")


def _with_errors(buyer: Visitor) -> Iterator[State]:
    page = buyer.client.get(PRINT, {"country": "GB"}).content.decode()
    form = {"token": token_in(page), "quote": quote_in(page), "country": "GB", "shown_for": "GB"}
    yield buyer.sends(PRINT, form, state="without an address")
    yield buyer.sends(PRINT, {**form, **steps.TYPED, "country": "IE"}, state="for another country")
    yield buyer.sends(PRINT, {**form, **steps.TYPED, "quote": ""}, state="to be seen again")
    other = quote_in(buyer.client.get(PRINT, {"country": "US"}).content.decode())
    yield buyer.sends(PRINT, {**form, **steps.TYPED, "quote": other}, state="since changed")
    page = buyer.client.get(ONLINE).content.decode()
    with patch.object(Till, "begin", side_effect=ProviderUnavailable("no answer")):
        yield buyer.sends(ONLINE, {"token": token_in(page), "quote": quote_in(page)}, status=503)


def paying(dan: Reader, staff: Reader) -> Iterator[State]:
    """At the till, on the way back, and when it came to nothing."""
    article, now, buyer = making.article("The Fortress"), timezone.now(), signed_in(dan)
    waiting = steps.order(dan, article=article)
    done, stopped = f"/checkout/{waiting.key}/done/", f"/checkout/{waiting.key}/stopped/"
    at = f"/till/{steps.at_the_till(waiting).key}/"
    yield buyer.sees(at)
    yield buyer.sends(at, {"button": "none of these"}, status=400)
    yield buyer.sees(done, state="on its way")
    yield buyer.sees(f"{done}?look=99", state="long on its way")
    yield buyer.sees(stopped, state="not yet paid")
    yield buyer.sends(f"/checkout/{waiting.key}/again/", {"quote": ""}, state="seen again first")
    steps.decline(waiting)
    for path in (at, done, stopped):
        yield _followed(buyer, path, "declined")
    cancelled = steps.order(dan, "print-and-archive", to=steps.GALWAY)
    TillPayment.objects.filter(pk=steps.at_the_till(cancelled).pk).update(state="cancelled")
    yield _followed(buyer, f"/checkout/{cancelled.key}/done/", "cancelled")
    yield from _paid(buyer, signed_in(staff), article)
    yield buyer.sees("/account/", state="with orders")
    yield nobody().sees("/account/sign-in/?next=" + done, state="from an order")
    assert Order.objects.filter(placed_at__gte=now).count() == 4


def _paid(buyer: Visitor, manager: Visitor, article: Article) -> Iterator[State]:
    dan, now = Reader.objects.get(first_name="Dan"), timezone.now()
    paid = steps.paid_order(dan, article=article)
    at, receipt = f"/till/{steps.at_the_till(paid).key}/", f"/account/orders/{paid.key}/"
    for path in (at, f"/checkout/{paid.key}/done/", receipt):
        yield _followed(buyer, path, "paid")
    yield manager.sees(at, state="paid")
    printed_too = steps.paid_order(dan, "print-and-archive")
    yield buyer.sees(f"/account/orders/{printed_too.key}/", state="paid, with copies")
    yield from _invoiced(buyer, dan)
    steps.refund(paid, now)
    service.settle(paid.key, now)
    for path in (at, receipt):
        yield buyer.sees(path, state="refunded")
    Order.objects.filter(pk=paid.pk).update(state="failed")
    yield buyer.sees(receipt, state="failed afterwards")


def keeping_a_card(staff: Reader) -> Iterator[State]:
    """At the till: a card that is kept, disputes, another card."""
    now, manager = timezone.now(), signed_in(staff)
    kept = Till().begin(request(keeps_mandate=True), now).payment_key
    at = f"/till/{kept}/"
    yield nobody().sees(at, state="the card is kept")
    tills.press(kept, tills.Button.APPROVE, now)
    yield manager.sees(at, state="the card was kept")
    tills.dispute(kept, TillPayment.Dispute.OPENED, now)
    yield manager.sees(at, state="disputed")
    tills.dispute(kept, TillPayment.Dispute.LOST, now)
    yield manager.sees(at, state="the dispute was lost")
    back = "http://localhost:8000/account/"
    page = Till().begin_mandate(MandateRequest("card-1", "", back, back), now).payment_key
    yield nobody().sees(f"/till/{page}/card/")
    tills.give_card(page, TillMandate.Later.GOES_THROUGH)
    yield nobody().sees(f"/till/{page}/card/", state="given")


def renewing(dan: Reader) -> Iterator[State]:
    """A subscription as it renews, is stopped, paused, not paid, changed and ended."""
    buyer, now = signed_in(dan), timezone.now()
    subscriptions.product("yearly", 4800, 12)
    yield buyer.sees("/buy/yearly/", state="renews")
    held = subscriptions.subscription(dan, now=now)
    at = held.get_absolute_url()
    yield buyer.sees(at)
    yield buyer.sees("/buy/monthly/", state="has it already")
    yield buyer.sees("/account/", state="with a subscription")
    yield buyer.sends(at, {"do": "nothing"}, status=400)
    yield buyer.sends(at, {"do": "pause", "months": "0"}, state="a pause of none")
    yield buyer.sends(at, {"do": "switch", "to": "yearly"}, state="switched")
    for do in ("cancel", "resume"):
        yield buyer.sends(at, {"do": do}, state=do)
    yield buyer.sends(at, {"do": "pause", "months": "2"}, state="paused")
    buyer.sends(at, {"do": "resume"})
    hours = {TillMandate.Later.DECLINED: -2, TillMandate.Later.WANTS_CONFIRMATION: 25}
    for later, after in hours.items():
        subscriptions.card_will(held, later)
        clock.act_on(held.key, held.paid_until + timedelta(hours=after))
        yield buyer.sees(at, state=f"not paid, {later}")
    yield buyer.sees("/account/", state="with a subscription that is not paid")
    yield buyer.sends(at, {"do": "cancel"}, state="ended")
    subscriptions.product("student", 300, only_for="ac.uk")
    yield buyer.sees("/buy/student/", state="for others")


def giving_presents(dan: Reader, ada: Reader) -> Iterator[State]:
    """A gift as it is bought, waits, is sent, does not arrive, is redeemed and is taken back."""
    now, buyer, friend = timezone.now(), signed_in(dan), signed_in(ada)
    for code in ("online-yearly", "print-and-archive"):
        presents.product(code)
    yield nobody().sees("/subscribe/", state="with gifts")
    for path in ("/give/online-yearly/", "/give/print-and-archive/", "/give/print-and-archive/?country=GB"):
        yield buyer.sees(path)
    yield buyer.sends("/give/online-yearly/", {"by": "mail"}, status=422, state="with errors")
    yield buyer.sends(
        "/give/print-and-archive/", {"country": "GB", "posted": "here"}, status=422, state="no address"
    )
    unpaid = presents.ordered(dan, now=now)
    with patch.object(Till, "begin", side_effect=ProviderUnavailable("no answer")):
        page = buyer.client.get("/give/online-yearly/").content.decode()
        said = {"donor_name": "Dan", "recipient_name": "Ben", "by": "card"}
        sent = {"token": token_in(page), "quote": quote_in(page), **said}
        yield buyer.sends("/give/online-yearly/", sent, status=503)
    yield buyer.sees(f"/checkout/{unpaid.key}/stopped/", state="a gift")
    yield buyer.sees(Present.objects.get(order_key=unpaid.key).get_absolute_url(), state="not yet paid")
    waiting = presents.paid(dan, now=now)
    at = waiting.get_absolute_url()
    yield buyer.sees(at, state="waits")
    yield buyer.sends(at, {"donor_name": ""}, status=422, state="with errors")
    presenting.send_due(now)
    yield buyer.sees(at, state="sent")
    Present.objects.filter(pk=waiting.pk).update(bounced_at=now)
    yield buyer.sees(at, state="did not arrive")
    card = presents.paid(
        dan,
        "print-and-archive",
        by="card",
        now=now,
        said=presents.wording(to="", day=now, address=steps.GREENWICH),
    )
    yield buyer.sees(card.get_absolute_url(), state="a card")
    yield buyer.sees(f"{card.get_absolute_url()}card/")
    yield buyer.sees(f"/account/orders/{card.order_key}/", state="of a gift")
    yield from _redeeming(friend, waiting, card, dan)
    yield buyer.sees("/account/", state="with gifts")
    presents.refund(card, now)
    yield buyer.sees(card.get_absolute_url(), state="taken back")
    presenting.cancel(waiting.key, "By mistake", now)
    yield buyer.sees(at, state="cancelled")
    yield friend.sees(f"/redeem/{codes.code_of(waiting)}/", state="cancelled")


def _redeeming(friend: Visitor, mailed: Present, card: Present, dan: Reader) -> Iterator[State]:
    asks = presents.paid(dan, "print-and-archive", by="card", now=timezone.now())
    yield nobody().sees("/redeem/")
    yield nobody().sends("/redeem/", {"code": "0000"}, status=422)
    yield nobody().sees("/redeem/0000/", status=404)
    yield nobody().sees(f"/redeem/{codes.code_of(presents.fresh(mailed))}/", state="a look")
    for one, state in ((mailed, "follows"), (card, "address is known"), (asks, "asks where to")):
        yield friend.sees(f"/redeem/{codes.code_of(presents.fresh(one))}/", state=state)
    at = f"/redeem/{codes.code_of(asks)}/"
    yield friend.sends(at, {"country": "GB"}, status=422, state="without an address")
    Present.objects.filter(pk=asks.pk).update(region="world")
    yield friend.sees(at, state="asks which country")
    at = f"/redeem/{codes.code_of(presents.fresh(mailed))}/"
    friend.client.post(at)
    yield friend.sees(at, state="is theirs")
    yield signed_in(dan).sees(at, state="somebody else’s")
    yield friend.sees("/account/", state="with a gift received")


def in_a_group(dan: Reader, ada: Reader, staff: Reader) -> Iterator[State]:
    """Seats as they are bought, invited to, taken, taken back, and passed on."""
    buyer, member, now = signed_in(dan), signed_in(ada), timezone.now()
    subscriptions.product("class", 200, is_group=True, seats_from=2, seats_to=30)
    yield nobody().sees("/subscribe/", state="for groups too")
    yield buyer.sees("/buy/class/?seats=5", state="so many seats")
    yield buyer.sends("/buy/class/", {"seats": "99", "use-seats": "yes"}, state="too many seats")
    group = bought(dan, 3, now=now)
    at = group.get_absolute_url()
    yield buyer.sees(at, state="without anybody")
    yield buyer.sends(
        at, {"do": "invite", "emails": f"{ada.email}\nnobody"}, status=422, state="invited to with a fault"
    )
    [token] = invite(group, "pupil@example.org", now=now)
    yield member.sees(f"/groups/join/{token}/")
    groups.take(token, ada, now)
    groups.ask_heir(group, ada.email)
    yield buyer.sees(at, state="with a member and one who was invited")
    yield buyer.sends(at, {"do": "pass", "heir": "nobody"}, status=422, state="passed to nobody")
    admin = Visitor("admin", signed_in(staff).client)
    yield admin.sees("/admin/group-subscriptions/")
    yield admin.sees(f"/admin/group-subscriptions/{group.pk}/")
    yield buyer.sees("/account/", state="with a group")
    yield member.sees("/account/", state="with a seat")
    yield member.sees(f"/groups/own/{heirs_token(group, ada.email)}/")
    yield member.sees("/groups/join/nothing/", status=409)
    service.refund(group.orders.get().key, 600, ends_right=True, because="Test", by="", now=now)
    yield buyer.sees(at, state="ended")


def on_invoice() -> Iterator[State]:
    """Paying by transfer or cheque."""
    now = timezone.now()
    key = Invoice().begin(request(), now).payment_key
    at = f"/pay-on-invoice/{key}/"
    yield nobody().sees(at)
    yield nobody().sends(at, {"button": "promise", "purchase_order": "x" * 99}, state="with errors")
    with override_settings(
        INVOICE_BANK="The Hourglass Ltd|Account 12345678", INVOICE_CHEQUE="The Hourglass Ltd"
    ):
        transfers.promise(key, "PO 17", now)
        yield nobody().sees(at, state="awaited")
    transfers.cancel(key, "They bought elsewhere.", None, now)
    yield nobody().sees(at, state="cancelled")


def _invoiced(buyer: Visitor, dan: Reader) -> Iterator[State]:
    ground()
    mine = queries.owner_of(dan)
    plain = invoices.issue(a_sale("one", owner_key=mine), NOON)
    yield buyer.sees(plain.get_absolute_url(), state="one line")
    parts = ((3600, Kind.ONLINE), (2400, Kind.PRINT))
    business = invoices.issue(a_sale("two", *parts, owner_key=mine, buyer=BOOKSHOP), NOON)
    bundle = invoices.issue(
        a_sale("three", *parts, owner_key=mine, buyer=replace(SIOBHAN, country="CZ")), NOON
    )
    note = invoices.credit(bundle, 1500, "refund", "Two issues were lost in the post", NOON)
    yield buyer.sees(business.get_absolute_url(), state="reverse charge")
    yield buyer.sees(bundle.get_absolute_url(), state="two rates, credited")
    yield buyer.sees(note.get_absolute_url(), state="credit note")


def _followed(visitor: Visitor, path: str, state: str) -> State:
    return visitor.shown(visitor.client.get(path, follow=True), path, 200, state)


def claiming(dan: Reader) -> Iterator[State]:
    today, claimant = timezone.localdate(), signed_in(dan)
    making.article("The Fortress")
    _shop()
    for visitor in (nobody(), claimant):
        yield visitor.sees("/claim/?next=/archive/")
        yield visitor.sends("/claim/", LABEL | {"surname": ""}, status=422, state="in part")
    yield nobody().sends("/claim/", LABEL, state="typed before the account")
    ended = printed(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    yield claimant.sends("/claim/", LABEL, state="ended")
    ended.delete()
    mine = printed(starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=300), email=dan.email)
    yield claimant.sees("/account/", state="not claimed yet")
    yield claimant.sees(Article.objects.get().get_absolute_url(), state="print not claimed")
    yield claimant.sends("/claim/", LABEL | {"postcode": "YO1 9ZZ"}, state="a near miss")
    for path in ("/claim/", "/account/", "/subscribe/", ONLINE, Article.objects.get().get_absolute_url()):
        yield claimant.sees(path, state="with a claim pending")
    for _ in range(6):
        claimant.client.post("/claim/", LABEL | {"postcode": "LS1 1AA"})
    yield claimant.sends("/claim/", LABEL, status=429, state="too often")
    type(mine).objects.filter(pk=mine.pk).update(reader=dan)
    yield claimant.sees("/account/", state="with printed copies")
    yield claimant.sees(f"/account/address/{mine.pk}/")
    yield claimant.sends(f"/account/address/{mine.pk}/", status=422)


def _shop() -> None:
    making.products()
    making.product(
        "one-article", scope=ScopeKind.ARTICLE.value, position=4, description="This piece, for good."
    )
    making.product("a-week", 500, term_days=7, position=5, description="Everything, for a week.")
