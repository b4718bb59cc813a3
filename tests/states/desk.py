"""The admin: its first page, every list and form, what it says when something is wrong, and the staff's own pages."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from unittest.mock import patch

import lxml.html
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from backnumber.archive.models import Article, Contributor, Issue, Picture, Section, Title, Volume
from backnumber.circulation.models import BureauFile, Claim, PrintSubscription
from backnumber.circulation.service import change_address
from backnumber.copies.models import Pause, Profile
from backnumber.copies.remedies import Days, pause
from backnumber.editorial.models import BulkChange
from backnumber.editorial.roles import make_roles
from backnumber.information.models import InformationPage
from backnumber.institutions import service as institutions
from backnumber.institutions.models import Institution
from backnumber.invoices import service as invoices
from backnumber.longread.models import LongRead, Recipient
from backnumber.mail.models import Mail
from backnumber.money import Amount
from backnumber.past.models import Finding
from backnumber.payments.invoice import service as transfers
from backnumber.payments.invoice.models import AwaitedPayment
from backnumber.payments.models import Comparison, Difference
from backnumber.payments.provider import RefundRequest
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from backnumber.staff import wagtail_hooks as staff_hooks
from backnumber.tax.models import TaxRate
from tests import making
from tests.checkout import steps
from tests.circulation.test_bureau import HEAD, PERCY
from tests.circulation.test_claims import printed
from tests.copies.making import frozen, opened, subscriber
from tests.gifts.links import token_of
from tests.institutions.campus import ASHDOWN, licence
from tests.invoices.sales import ground
from tests.invoices.sales import sale as a_sale
from tests.payments.rigs import request
from tests.presents import giving as presents
from tests.states.buying import LABEL
from tests.states.filling import fill, long_reads
from tests.states.visiting import State, Visitor, signed_in

LISTED = [
    Article, Issue, Title, Volume, Section, Contributor, InformationPage, LongRead, Recipient, Product, TaxRate,
]  # fmt: skip


def first_pages(staff: Reader) -> Iterator[State]:
    """An empty magazine's admin, and what a role may not open."""
    admin = _at_the_desk(staff)
    for path in (
        "/admin/",
        "/admin/snippets/archive/article/",
        "/admin/orders/",
        "/admin/claims/",
        "/admin/images/",
    ):
        yield admin.sees(path, state="empty")
    with patch.object(staff_hooks, "is_production", return_value=True):
        yield admin.sees("/admin/", state="in production, with its first steps")
    yield admin.sees("/admin/no-such-page/", status=404)
    make_roles()
    hugo = making.reader("hugo", is_staff=True)
    hugo.groups.add(Group.objects.get(name="Help desk"))
    yield Visitor("admin hugo", signed_in(hugo).client).sees("/admin/users/", status=403)


def busy(staff: Reader, ada: Reader, dan: Reader) -> Iterator[State]:
    """A magazine where something has happened in every room."""
    admin, piece = _at_the_desk(staff), _filled(staff, ada, dan)
    yield admin.sees("/admin/")
    yield from _lists_and_forms(admin, piece)
    yield from _rooms(admin, piece, ada, dan)
    yield from _copies(admin)


def _lists_and_forms(admin: Visitor, piece: Article) -> Iterator[State]:
    for model in LISTED:
        meta = model._meta
        at = f"/admin/snippets/{meta.app_label}/{meta.model_name}"
        key = piece.pk if model is Article else model._default_manager.order_by("pk")[0].pk
        yield admin.sees(f"{at}/", state="list")
        yield admin.sees(f"{at}/add/", state="form, empty")
        yield admin.sees(f"{at}/edit/{key}/", state="form")
        yield admin.sends(
            f"{at}/edit/{key}/", _emptied(admin, f"{at}/edit/{key}/"), state="form, with errors"
        )
    article = "/admin/snippets/archive/article"
    for path in (
        f"{article}/?q=fortress",
        f"{article}/?q=zzzz",
        f"{article}/history/{piece.pk}/",
        f"{article}/delete/{piece.pk}/",
    ):
        yield admin.sees(path)
    yield admin.sees(f"/admin/bulk/archive/article/delete/?id={piece.pk}")


def _emptied(admin: Visitor, path: str) -> dict[str, str]:
    """Promise: what the form sends when somebody has emptied every field; formsets and blocks of text have no rows."""
    page = lxml.html.fromstring(admin.client.get(path).content.decode())
    named = [str(one.get("name")) for one in page.xpath("//form//*[@name]")]
    return {"body-count": "0", **{name: "0" if name.endswith("_FORMS") else "" for name in named}}


def _rooms(admin: Visitor, piece: Article, ada: Reader, dan: Reader) -> Iterator[State]:
    """The rooms' own pages."""
    order = steps.paid_order(dan, "print-and-archive")
    gift = presents.sent(dan, now=timezone.now())
    key = Institution.objects.get().pk
    awaited, came = _on_invoice()
    case, file = Claim.objects.get(), BureauFile.objects.get()
    week = LongRead.objects.order_by("-week")[0]
    invoice = invoices.issue(a_sale(), timezone.now())
    invoices.credit(invoice, 100, "refund", "A test", timezone.now())
    _compared(order.key)
    paths = [
        "orders/", f"orders/inspect/{order.pk}/", f"orders/{order.pk}/refund/", "outgoing-mail/", f"outgoing-mail/inspect/{Mail.objects.first().pk}/",
        "bought-gifts/", f"bought-gifts/inspect/{gift.pk}/", f"bought-gifts/{gift.pk}/cancel/",
        "gift-links/", f"gift-links/inspect/{ada.gift_links.get().pk}/", "claims/", f"claims/{case.reference}/", "bureau/",
        f"bureau/{file.pk}/", "institutions/", "institutions/add/", f"institutions/{key}/", f"institutions/{key}/licences/add/",
        f"institutions/{key}/licences/{Institution.objects.get().licences.get().pk}/", "why/", "crawlers/", "seller/",
        "invoices/", f"invoices/inspect/{invoice.pk}/",
        f"who-may-read/{piece.pk}/", f"who-may-read/{piece.pk}/?on=2027-01-01", f"who-may-read/{piece.pk}/?on=never", f"who-may-read/{piece.pk}/as/nobody/", "images/", "images/add/",
        f"images/{Picture.objects.get().pk}/", "users/", "users/new/", f"users/edit/{dan.pk}/", 
        "payments-compared/", "payments-on-invoice/", f"payments-on-invoice/{awaited}/", f"payments-on-invoice/{came}/",
        "reports/site-history/", "issue-desk/next/", f"issue-desk/{piece.issue_id}/", f"issue-desk/{piece.issue_id}/preview/",
        f"issue-desk/{piece.issue_id}/publish/", "snippets/circulation/printsubscription/",
        "long-read/", "long-read/?week=2026-12-07", f"long-read/{week.pk}/", f"long-read/{week.pk}/mail/?dark=1",
        f"past/{piece.pk}/", f"past/{piece.pk}/{Finding.objects.filter(article=piece, kind='place')[0].pk}/",
        f"past/{piece.pk}/{Finding.objects.filter(article=piece, kind='time')[0].pk}/",
        "audit/",
        "people/", f"people/{dan.pk}/", f"people/{ada.pk}/?kind=rights",
        *(f"people/{dan.pk}/{act}/" for act in ("note", "grant", "extend", "address", "email", "mail", "post-order", "merge", "deceased")),
    ]  # fmt: skip
    for path in paths:
        yield admin.sees(f"/admin/{path}")
    yield from _writing(admin, piece)
    for path in (
        "institutions/add/",
        "why/",
        "users/new/",
        f"claims/{case.reference}/",
        "bureau/",
        "crawlers/",
        f"payments-on-invoice/{awaited}/",
        "seller/",
    ):
        yield admin.sends(f"/admin/{path}", {"accept": "yes", "receive": "yes"}, state="with errors")
    for what in ("start", "pause", "resume", "stop"):
        yield admin.sends(f"/admin/long-read/{week.pk}/act/", {"what": what}, state=what)
        yield admin.sees(f"/admin/long-read/{week.pk}/", state=f"after {what}")
    yield admin.sends(f"/admin/orders/{order.pk}/refund/", {"amount": "1000"}, status=422)
    yield admin.sends(f"/admin/bought-gifts/{gift.pk}/cancel/", {"because": ""}, status=422)
    explained = {"reader": dan.email, "article": piece.get_absolute_url()}
    yield admin.sends("/admin/why/", explained, state="explained")
    yield admin.sends("/admin/institutions/", {"address": "198.51.100.23"}, state="whose address")
    yield admin.sends("/admin/people/", {"q": "example"}, state="several found")
    yield admin.sends("/admin/people/", {"q": "zzzz"}, state="nobody found")
    yield admin.sends(f"/admin/people/{dan.pk}/grant/", {"because": ""}, status=422)
    other = {"other": ada.email, "because": "One person"}
    yield admin.sends(f"/admin/people/{dan.pk}/merge/", other, state="what would move")
    noted = {"text": "Rang about a copy that did not come."}
    yield admin.sends(f"/admin/people/{dan.pk}/note/", noted, state="noted")
    answered = {"refuse": "yes", "refuse-answer": "We find nobody."}
    yield admin.sends(f"/admin/claims/{case.reference}/", answered, state="refused, with a message")


def _compared(order: str) -> None:
    """A comparison that is done and one that was interrupted; a difference that is open, one that was mended, one that staff saw to."""
    now = timezone.now()
    for name, finished in (("till", now), ("stripe", None)):
        Comparison.objects.create(
            provider=name, since=now - timedelta(days=1), began_at=now, finished_at=finished
        )
    for number, fields in enumerate(({}, {"mended_at": now}, {"seen_at": now, "note": "Sent back."})):
        Difference.objects.create(
            provider="till", payment_key=f"till_{number}", order_key=order, kind=Difference.Kind.DISAGREES,
            what="The amount is £5, not £48.", found_at=now, **fields,
        )  # fmt: skip


def _copies(admin: Visitor) -> Iterator[State]:
    """The copies' desk: an open run with all it can say, a frozen one with its files, houses, a subscriber's copies."""
    ann = subscriber("HG-1", name="Ann Archer")
    for number, more in (
        ("HG-2", {"paid_region": "uk", "country": "FR"}), ("HG-3", {}), ("HG-4", {"ends_on": date(2026, 8, 30)}), ("HG-5", {}),
    ):  # fmt: skip
        subscriber(number, **more)
    september = making.issue(date(2026, 9, 1), number="9")
    run = frozen(september)
    admin.client.post(f"/admin/copies/runs/{run.pk}/mailing/1/")
    yield admin.sees(f"/admin/copies/runs/{run.pk}/")
    change_address(ann, address="2 New Street\nLeeds", postcode="LS1 4AP", country="GB", now=timezone.now())
    PrintSubscription.objects.filter(number="HG-3").update(status="cancelled")
    subscriber("HG-6", name="=1+1")
    days = Days(date(2026, 9, 1), None)
    pause(
        PrintSubscription.objects.get(number="HG-5"),
        days,
        Pause.Missed.LATE,
        because="Away",
        by=None,
        now=timezone.now(),
    )
    open_one = opened(making.issue(date(2026, 10, 1), of=september.title, number="10"), date(2026, 9, 20))
    house = Profile.objects.get()
    for path in (
        "", f"runs/{open_one.pk}/", "houses/", "houses/add/", f"houses/{house.pk}/", f"houses/{house.pk}/changes/", f"of/{ann.pk}/",
    ):  # fmt: skip
        yield admin.sees(f"/admin/copies/{path}")
    for path in ("", "houses/add/"):
        yield admin.sends(f"/admin/copies/{path}", {}, state="with errors", status=422)
    for act in ("pause", "elsewhere", "remedy"):
        yield admin.sends(f"/admin/copies/of/{ann.pk}/", {"act": act}, state=f"{act} with errors", status=422)
    tried = {
        name: getattr(house, name)
        for name in ("house", "code", "columns", "separator", "encoding", "bundles", "lead_days", "bulk_from")
    }
    tried |= {
        "title": house.title_id,
        "quoting": "none",
        "home_country": "GB",
        "has_header": "on",
        "try": "1",
    }
    yield admin.sends(f"/admin/copies/houses/{house.pk}/", tried, state="tried")
    PrintSubscription.objects.filter(number="HG-6").update(name="Six")
    admin.client.post(f"/admin/copies/houses/{house.pk}/changes/")
    yield admin.sees(f"/admin/copies/houses/{house.pk}/changes/", state="told")


def _writing(admin: Visitor, piece: Article) -> Iterator[State]:
    """Pasting, the rights of pictures, many articles at once, merging."""
    many = _many(piece)
    for path in ("figures/subscribers/", "figures/gate/", "figures/money/", "many/", "many/?policy=open", f"many/{many.pk}/", "merge-contributors/", "merge-contributors/?q=e", "picture-rights/", f"paste/{piece.pk}/"):  # fmt: skip
        yield admin.sees(f"/admin/{path}")
    yield admin.sends("/admin/many/", {"kind": "policy", "to_policy": "metered"}, state="what would change")
    yield admin.sends("/admin/many/", {"kind": "add"}, status=422, state="with errors")
    yield admin.sees("/admin/many/?first_year=7", status=422)
    Contributor.objects.get_or_create(slug="e-marsh", defaults={"name": "E. Marsh", "sort_name": "Marsh, E."})
    both = [str(one.pk) for one in Contributor.objects.order_by("pk")]
    yield admin.sends(
        "/admin/merge-contributors/?q=e", {"kept": both[0], "merged": both[-1]}, state="what would happen"
    )


def _many(piece: Article) -> BulkChange:
    """Promise: a change of many articles that is done; one of them was changed since."""
    by = Reader.objects.order_by("pk").first()
    assert by is not None
    change = BulkChange.objects.create(
        by=by, at=timezone.now(), what="Policy: Open", of="all articles", kind="policy", state="done"
    )
    change.rows.create(
        article=piece.pk, before={"policy": ""}, after={"policy": "open"}, state="left", why="changed since"
    )
    return change


def _on_invoice() -> tuple[str, str]:
    """Promise: the keys of a payment that is awaited, and of one that came and is to be sent back in part."""
    now = timezone.now()
    awaited, came = (transfers.begin(request(f"order-{n}"), now) for n in (1, 2))
    transfers.promise(awaited.key, "PO 17", now)
    receipt = transfers.Receipt(came.amount, now.date(), AwaitedPayment.How.CHEQUE, "No. 17")
    transfers.receive(came.key, receipt, None, now)
    for n in (1, 2):
        refund = transfers.ask_back(RefundRequest(f"r-{n}", came.key, Amount(100, "GBP")), now)
    transfers.send_back(refund.key, "By transfer", None, now)
    return awaited.key, came.key


def _filled(staff: Reader, ada: Reader, dan: Reader) -> Article:
    """Promise: the piece with every kind of block."""
    now = timezone.now()
    piece = fill()
    long_reads()
    making.products()
    ground()
    token_of(ada, piece, now)
    Recipient.objects.create(email="r@example.org", asked_at=now)
    Mail.objects.create(
        kind="receipt", sender="a@example.org", recipient="b@example.org", created_at=now, due_at=now,
        state=Mail.State.REFUSED, last_error="550 no such user", subject="Receipt", text="Thanks.",
    )  # fmt: skip
    place = institutions.write(Institution(name="Ashdown University Library"), ASHDOWN, by=None, now=now)
    licence(place, starts=now - timedelta(days=100), until=now + timedelta(days=265))
    printed(starts_on=now.date(), ends_on=now.date() + timedelta(days=90))
    claimant = Client()
    claimant.force_login(dan)
    claimant.post("/claim/", LABEL | {"postcode": "YO1 9ZZ"})
    sheet = SimpleUploadedFile("sheet.csv", BytesIO(f"{HEAD}\n{PERCY}\nHG-1,,,\n".encode()).read())
    _at_the_desk(staff).client.post("/admin/bureau/", {"file": sheet})
    return piece


def _at_the_desk(staff: Reader) -> Visitor:
    return Visitor("admin", signed_in(staff).client)
