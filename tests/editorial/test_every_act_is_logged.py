"""Everything the staff change in the admin stands in the log, with who did it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import ModelLogEntry, Task, Workflow

from backnumber.archive.models import Article, Contributor, Picture
from backnumber.circulation.models import BureauFile, Claim, PrintSubscription
from backnumber.gifts.models import GiftLink
from backnumber.grants.models import Grant
from backnumber.institutions.models import Institution, Licence
from backnumber.mail.models import Mail
from backnumber.money import Amount
from backnumber.payments.invoice import service as invoices
from backnumber.payments.provider import RefundRequest
from backnumber.readers.models import Reader
from tests import making
from tests.editorial.test_admin_addresses import World, world
from tests.editorial.test_odd_forms import forms_of
from tests.payments.rigs import request

__all__ = ["world"]  # the fixture

pytestmark = pytest.mark.django_db
Sent = dict[str, Any]
ADMIN = "/admin/"


def picture(name: str = "p.png") -> SimpleUploadedFile:
    """Of another size by each name: Wagtail asks about two that are the same."""
    made = BytesIO()
    Image.new("RGB", (40 + len(name), 30), "white").save(made, "PNG")
    return SimpleUploadedFile(name, made.getvalue(), "image/png")


class Desk:
    """Sue at her desk: each act is sent, done, and the lines it wrote are looked at."""

    def __init__(self, staff: Reader) -> None:
        self.staff = staff
        self.client = Client()
        self.client.force_login(staff)

    def form(self, path: str, changed: Sent) -> Sent:
        """The largest form of the page, filled in anew; a page that only asks whether to go on has no fields."""
        found = [one.fields for one in forms_of(self.client, path) if one.path.partition("?")[0] == path]
        fields = {
            name: value for name, value in max(found, key=len, default={}).items() if name != "permissions"
        }
        return {**fields, **changed}

    def does(self, path: str, sent: Sent, *, post: str = "") -> None:
        last = ModelLogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        answer = self.client.post(post or path, sent)
        what = (
            path,
            getattr(answer, "context", None) and answer.context.get("form") and answer.context["form"].errors,
        )
        assert (
            answer.status_code in {302, 303}
            or b'"success": true' in answer.content
            or b'"step": "chosen"' in answer.content
        ), what
        lines = ModelLogEntry.objects.filter(pk__gt=last)
        assert lines, f"{path} left no line in the log"
        assert {line.user for line in lines} == {self.staff}, path

    def edits(self, path: str, **changed: Any) -> None:
        self.does(path, self.form(path, changed))


@pytest.fixture
def desk(staff: Reader) -> Desk:
    return Desk(staff)


def test_things_of_the_archive(desk: Desk, world: World) -> None:
    keys = world.keys
    desk.edits(f"{ADMIN}snippets/archive/issue/edit/{keys['issue']}/", cover_date="Autumn 1999")
    desk.edits(f"{ADMIN}snippets/archive/issue/unpublish/{keys['issue']}/")
    for model, name in (
        ("title", "name"),
        ("section", "name"),
        ("contributor", "name"),
        ("volume", "number"),
    ):
        desk.edits(f"{ADMIN}snippets/archive/{model}/edit/{keys[model]}/", **{name: "Anew"})
    desk.edits(f"{ADMIN}snippets/archive/contributor/add/", name="One", sort_name="One", slug="one")
    desk.edits(f"{ADMIN}snippets/archive/contributor/delete/{Contributor.objects.get(slug='one').pk}/")
    desk.does(f"{ADMIN}snippets/archive/article/lock/{keys['article']}/", {})
    desk.does(f"{ADMIN}snippets/archive/article/unlock/{keys['article']}/", {})


def test_several_at_once(desk: Desk, world: World) -> None:
    keys = world.keys
    desk.does(f"{ADMIN}bulk/archive/picture/add_tags/?id={keys['picture']}", {"tags": "plan"})
    desk.does(f"{ADMIN}bulk/archive/picture/delete/?id={keys['picture']}", {})
    desk.does(f"{ADMIN}bulk/longread/recipient/delete/?id={keys['recipient']}", {})
    made = [making.reader("one"), making.reader("two")]
    ids = "&".join(f"id={one.pk}" for one in made)
    role = Group.objects.create(name="Role")
    desk.does(f"{ADMIN}bulk/readers/reader/assign_role/?{ids}", {"role": role.pk})
    assert made[0].groups.count() == 1
    desk.does(f"{ADMIN}bulk/readers/reader/set_active_state/?{ids}", {"mark_as_active": "False"})
    desk.does(f"{ADMIN}bulk/readers/reader/delete/?{ids}", {})
    assert not Reader.objects.filter(pk__in=[one.pk for one in made]).exists()


def test_pictures(desk: Desk, world: World) -> None:
    sent = {"title": "One", "collection": "1", "alt": "A plan"}
    desk.does(
        f"{ADMIN}images/add/",
        {**desk.form(f"{ADMIN}images/add/", {"title": "One"}), **sent, "file": picture()},
    )
    desk.does(
        f"{ADMIN}images/multiple/add/", {"files[]": picture("two.png"), "collection": "1", "title": "Two"}
    )
    desk.does(
        f"{ADMIN}images/chooser/create/",
        {
            "image-chooser-upload-title": "Three",
            "image-chooser-upload-file": picture("three.png"),
            "image-chooser-upload-collection": "1",
            "image-chooser-upload-alt": "x",
            "image-chooser-upload-rights": "cleared",
        },
    )
    desk.edits(f"{ADMIN}images/{Picture.objects.get(title='One').pk}/", title="Two")
    desk.does(f"{ADMIN}images/{Picture.objects.filter(title='Two').first().pk}/delete/", {})


def test_users_and_roles(desk: Desk, world: World) -> None:
    who = {
        "email": "new@example.org",
        "first_name": "New",
        "last_name": "One",
        "password1": "a lantern of brass",
        "password2": "a lantern of brass",
    }
    desk.edits(f"{ADMIN}users/new/", **who)
    new = Reader.objects.get(email="new@example.org").pk
    desk.edits(f"{ADMIN}users/edit/{new}/", first_name="Newer", is_active="on")
    desk.edits(f"{ADMIN}users/delete/{new}/")
    desk.edits(f"{ADMIN}groups/new/", name="Readers of proofs")
    group = Group.objects.get(name="Readers of proofs").pk
    desk.edits(f"{ADMIN}groups/edit/{group}/", name="Proofreaders")
    desk.edits(f"{ADMIN}groups/delete/{group}/")
    desk.edits(f"{ADMIN}account/", **{"name_email-first_name": "Susan", "name_email-last_name": "Mill"})


def test_workflows(desk: Desk, db: None) -> None:
    task = Task.objects.create(name="Proof")
    workflow = Workflow.objects.create(name="Proofs")
    desk.does(f"{ADMIN}workflows/disable/{workflow.pk}/", {})
    desk.does(f"{ADMIN}workflows/enable/{workflow.pk}/", {})
    desk.edits(f"{ADMIN}workflows/tasks/edit/{task.pk}/", name="Proof again")
    desk.does(f"{ADMIN}workflows/tasks/disable/{task.pk}/", {})


def test_what_is_sold_and_sent(desk: Desk, world: World, ada: Reader) -> None:
    keys = world.keys
    desk.edits(
        f"{ADMIN}snippets/products/product/edit/{keys['product']}/", name="Anew", for_sale="on", offered_to=[]
    )
    desk.edits(f"{ADMIN}snippets/products/voucher/edit/{keys['voucher']}/", code="ANEW", products=[])
    desk.edits(f"{ADMIN}snippets/longread/longread/edit/{keys['longread']}/", introduction="Anew")
    desk.edits(f"{ADMIN}snippets/longread/recipient/add/", email="q@example.org", asked_at="2026-01-01 00:00")
    Mail.objects.update(state=Mail.State.REFUSED, fault="", settled_at=timezone.now())
    desk.does(f"{ADMIN}outgoing-mail/{keys['mail']}/again/", {})
    GiftLink.objects.update(until=timezone.now() + timedelta(days=1))
    desk.does(f"/account/gifts/{keys['gift']}/revoke/", {})


def test_payments_on_invoice(desk: Desk, db: None) -> None:
    now = timezone.now()
    came, lost = (invoices.begin(request(f"order-{n}"), now) for n in (1, 2))
    path = f"{ADMIN}payments-on-invoice/"
    typed = {"received-amount": "48", "received-on": "2026-11-20", "received-how": "cheque"}
    desk.does(f"{path}{came.key}/", {"receive": "yes", **typed})
    desk.does(f"{path}{lost.key}/", {"cancel": "yes", "cancelled-note": "They bought elsewhere."})
    refund = invoices.ask_back(RefundRequest("r", came.key, Amount(100, "GBP")), now)
    desk.does(f"{path}{refund.key}/sent-back/", {"note": "By transfer"})


def test_circulation(desk: Desk, world: World, dan: Reader) -> None:
    today = timezone.localdate()
    PrintSubscription.objects.update(starts_on=today, ends_on=today + timedelta(days=90), reader=None)
    path = f"{ADMIN}snippets/circulation/printsubscription/edit/{world.keys['printsubscription']}/"
    desk.edits(path, name="Anew")
    for button, answer in (
        ("accept", {"accept-number": "CANARY-1"}),
        ("refuse", {"refuse-answer": "No such number."}),
    ):
        case = Claim.objects.create(
            reference=f"C-{button}",
            state="pending",
            reader=dan,
            number="1",
            surname="Dan",
            made_at=timezone.now(),
        )
        desk.does(f"{ADMIN}claims/{case.reference}/", {button: "1", **answer})
    head = "number,name,surname,postcode,country,starts,ends\n"
    for button in ("discard", "apply"):
        file = SimpleUploadedFile(
            f"{button}.csv", f"{head}HG-1,Ada Dean,Dean,SE10 9NF,GB,2026-01-01,2027-01-01\n".encode()
        )
        desk.does(f"{ADMIN}bureau/", {"file": file})
        desk.does(f"{ADMIN}bureau/{BureauFile.objects.get(applied_at=None).pk}/confirm/", {button: "1"})


def test_institutions_crawlers_and_rights(desk: Desk, world: World, gated: Article, dan: Reader) -> None:
    desk.edits(f"{ADMIN}institutions/add/", name="A college", networks="192.0.2.0/24", is_active="on")
    college = Institution.objects.get(name="A college").pk
    desk.edits(f"{ADMIN}institutions/{college}/", name="The college", networks="192.0.2.0/24", is_active="on")
    licences = f"{ADMIN}institutions/{college}/licences/"
    desk.edits(f"{licences}add/", label="Campus", evidence_key="K", scope="archive", first_day="2026-01-01")
    licence = Licence.objects.get(label="Campus").pk
    desk.edits(f"{licences}{licence}/", label="Campus again")
    desk.does(f"{licences}{licence}/revoke/", {"because": "It is over."})
    desk.edits(f"{ADMIN}crawlers/", words="Pay.")
    asked = {"reader": dan.email, "article": gated.pk}
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    desk.does(
        f"{ADMIN}why/",
        {**asked, "give": "1", "scope": "article", "last_day": day, "case": "M1", "reason": "x"},
    )
    desk.does(
        f"{ADMIN}why/", {**asked, "withdraw": "1", "grant": Grant.objects.get(reader=dan).pk, "because": "x"}
    )


def test_what_is_only_asked_leaves_no_line(desk: Desk, world: World, gated: Article, dan: Reader) -> None:
    before = ModelLogEntry.objects.count()
    for path, sent in (
        ("why/", {"reader": dan.email, "article": gated.pk}),
        ("institutions/", {"address": "192.0.2.1"}),
        ("choose-own-link/", {"words": "x", "words_before": ""}),
        (f"editing-sessions/ping/archive/article/{world.keys['article']}/1/", {}),
        ("block-preview/", {}),
        ("users/new/", {"email": "x"}),
        ("images/multiple/add/", {"files[]": SimpleUploadedFile("x.png", b"no picture")}),
    ):
        desk.client.post(f"{ADMIN}{path}", sent)
    assert ModelLogEntry.objects.count() == before
