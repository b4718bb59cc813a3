"""Every address of the admin belongs to a room and needs a permission: who lacks it is refused and told no name.

An address that stands in no line here fails the test: whoever adds one says whose it is and who may open it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from wagtail.models import Collection, GroupCollectionPermission

from backnumber.archive.models import Contributor, Picture, Section, Volume
from backnumber.checkout.models import Order
from backnumber.circulation.models import PrintSubscription
from backnumber.editorial.models import BulkChange
from backnumber.gifts.models import GiftLink
from backnumber.institutions.models import Institution
from backnumber.invoices import service as invoices
from backnumber.invoices.facts import Party
from backnumber.longread.models import LongRead, Recipient
from backnumber.mail.models import Mail
from backnumber.presents.models import Present
from backnumber.products.models import Voucher
from backnumber.readers.models import Reader
from backnumber.tax.models import TaxRate
from tests import making
from tests.editorial.conftest import ARTICLES, signed_in, with_role
from tests.invoices.sales import sale

pytestmark = pytest.mark.django_db

CLOSED = "nobody"
STAFF = "wagtailadmin.access_admin"
# A room's routes, whole and as Django writes them, and what opens them. The first line that fits holds.
ROOMS: dict[str, dict[str, str]] = {
    "wagtail": {
        "login/|logout/|sprite/|jsi18n/": "anybody",
        "|account/|dismissibles/|reports/site-history/(results/)?|editing-sessions/release/.*": STAFF,
        "editing-sessions/ping/.*": "archive.change_article",
        "users/(results/)?|users/edit/.*|users/(usage|history).*": "readers.change_reader",
        "users/new/": "readers.add_reader",
        "users/delete/.*": "readers.delete_reader",
        "groups/(results/)?|groups/edit/.*|groups/(usage|history).*": "auth.change_group",
        "groups/new/": "auth.add_group",
        "groups/delete/.*": "auth.delete_group",
        "workflows/(list|add|edit|enable|disable|usage)/.*": "wagtailcore.change_workflow",
        "workflows/(tasks|task_chooser)/.*": "wagtailcore.change_task",
        "bulk/.*": "editorial.delete_several",
    },
    "archive": {
        f"snippets/archive/{model}/{rest}/.*": f"archive.{permission}_{model}"
        for model in ("article", "issue")
        for rest, permission in (("unpublish", "publish"), ("lock", "lock"), ("unlock", "unlock"), ("history/.*/unschedule", "publish"))
    } | {
        f"snippets/archive/{model}/{rest}": f"archive.{permission}_{model}"
        for model in ("article", "issue", "title", "volume", "section", "contributor")
        for rest, permission in (
            ("(results/)?", "view"), ("add/", "add"), ("edit/.*", "change"), ("delete/.*", "delete"),
            ("(usage|history|history-results)/<int:pk>/", "change"), ("preview/", "add"), ("preview/<int:pk>/", "change"), ("history/.*", "change"),
            ("workflow.*", "change"),
        )
    } | {
        f"snippets/choose/archive/{model}/(results/|chosen/.*|chosen-multiple/)?": opens for model, opens in {
            "article": "longread.add_longread", "issue": "archive.change_article", "title": "products.change_product",
            "volume": "archive.change_issue", "section": "archive.add_article", "contributor": "archive.add_article",
        }.items()
    },
    "editorial": {
        "who-may-read/.*|block-preview/|choose-(own|external|email|anchor)-link/": "archive.change_article",
        "many/(articles.csv|<int:change>/)?": "editorial.add_bulkchange",
        "merge-contributors/": "archive.delete_contributor",
        "paste/<int:article>/|picture-rights/": "archive.change_article",
        "issue-desk/next/": "archive.add_issue",
        "issue-desk/<int:issue>/publish/": "archive.publish_issue",
        "issue-desk/<int:issue>/(preview/)?": "archive.change_issue",
        "images/(results/)?|images/<int:image_id>/(delete/)?|images/usage/.*|images/multiple/<int:image_id>/.*|tag-autocomplete/.*":
            "pictures.change",
        "images/(multiple/)?add/|images/multiple/(create_from|delete_upload).*|images/chooser/create/": "pictures.add",
        "images/chooser/(results/|chosen/.*|chosen-multiple/)?": "pictures.choose",
    },
    "past": {"past/.*": "archive.change_article"},
    "figures": {"figures/(subscribers|gate)/": "figures.view_figures", "figures/money/": "figures.view_money"},
    "circulation": {
        "claims/.*": "circulation.change_claim",
        "bureau/addresses.csv": "circulation.view_printsubscription",
        "bureau/.*": "circulation.add_bureaufile",
    },
    "copies": {
        "copies/houses/.*": "copies.change_profile",
        "copies/of/<int:key>/": "copies.add_remedy",
        "copies/(runs/.*|files/.*)?": "copies.change_run",
    },
    "helpdesk": {"why/": "helpdesk.explain_access"},
    "institutions": {"institutions/.*": "institutions.change_institution"},
    "staff": {
        "people/(<int:pk>/)?": "staff.find_people",
        "people/<int:pk>/note/": "staff.write_note",
        "people/<int:pk>/email/": "staff.change_email",
        "people/<int:pk>/post-order/": "staff.take_post_order",
        "people/<int:pk>/(merge|part)/": "staff.merge_readers",
        "people/<int:pk>/(deceased|alive)/": "staff.mark_deceased",
        "people/<int:pk>/(grant|extend)/": "helpdesk.give_access",
        "people/<int:pk>/address/": "circulation.change_printsubscription",
        "people/<int:pk>/mail/": "mail.change_mail",
    },
    "audit": {"audit/(entries.csv)?": "audit.view_entry"},
    "long read": {"long-read/.*": "longread.change_longread"},
    "syndication": {"crawlers/": "syndication.change_crawlerstance"},
    "checkout": {
        "orders/(inspect/<int:pk>/|results/)?|group-subscriptions/(<int:pk>/)?": "checkout.view_order",
        "orders/<int:pk>/(refund|receipt)/|payments-compared/(<int:pk>/)?": "checkout.change_order",
        "bought-gifts/(inspect/<int:pk>/|results/)?": "checkout.view_order",
        "bought-gifts/<int:pk>/(send|cancel)/": "checkout.change_order",
    },
    "invoices": {"invoices/(inspect/<int:pk>/|results/)?": "invoices.view_invoice", "seller/": "invoices.change_seller"},
    "post": {
        "outgoing-mail/(inspect/<int:pk>/|results/)?": "mail.view_mail",
        "outgoing-mail/<int:mail>/again/": "mail.change_mail",
    },
    "payments": {"payments-on-invoice/.*": "invoice.change_awaitedpayment"},
    "gifts": {"gift-links/(inspect/<int:pk>/|results/)?": "gifts.change_giftlink"},
    **{
        app: {
            f"snippets/{app}/{model}/{rest}": f"{app}.{permission}_{model}"
            for one, model in (("circulation", "printsubscription"), ("longread", "longread"), ("longread", "recipient"), ("products", "product"), ("products", "voucher"), ("tax", "taxrate"))
            if one == app
            for rest, permission in (
                ("(results/)?", "view"), ("add/", "add"), ("edit/.*", "change"), ("delete/.*", "delete"),
                ("(usage|history|history-results)/.*", "change"),
            )
        }
        for app in ("longread", "products", "tax")
    },
    "information": {
        f"snippets/information/informationpage/{rest}": f"information.{permission}_informationpage"
        for rest, permission in (
            ("unpublish/.*", "publish"), ("lock/.*", "lock"), ("unlock/.*", "unlock"), ("history/.*/unschedule/", "publish"),
            ("(results/)?", "view"), ("add/", "add"), ("edit/.*", "change"), ("delete/.*", "delete"),
            ("(usage|history|history-results)/<int:pk>/", "change"), ("preview/", "add"), ("preview/<int:pk>/", "change"), ("history/.*", "change"),
        )
    },
    # Wagtail's page tree, documents, embeds, collections and trials: not there for anybody.
    "none": {
        "pages/.*|documents/.*|choose-page/.*|choose-phone-link/|api/.*|collections/.*|embeds/.*|test404/|failwhale/|password_reset/.*": CLOSED,
        r"reports/(locked|workflow|workflow_tasks|aging-pages|page-types-usage)/(results/)?|\^.*": CLOSED,
        "snippets/|users/copy/.*|workflows/remove/.*|images/<int:image_id>/(generate_url|preview)/.*|images/chooser/.*/select_format/": CLOSED,
        "snippets/choose/.*|(orders|bought-gifts|invoices|gift-links|outgoing-mail)/(new|edit|delete|history|history-results|usage)/.*": CLOSED,
    },
}  # fmt: skip
ROOMS["circulation"] |= {
    f"snippets/circulation/printsubscription/{rest}": f"circulation.{permission}_printsubscription"
    for rest, permission in (
        ("(results/)?", "view"), ("add/", "add"), ("edit/.*", "change"), ("delete/.*", "delete"),
        ("(usage|history|history-results)/.*", "change"),
    )
}  # fmt: skip
NAMES = re.compile(r"(?<!Atlantic/)canary", re.IGNORECASE)


def _routes(patterns: Any, before: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            yield before + str(one.pattern)
        else:
            yield from _routes(one.url_patterns, before + str(one.pattern))


def routes() -> list[str]:
    every = dict.fromkeys(_routes(get_resolver().url_patterns))
    return [one.removeprefix("admin/") for one in every if one.startswith("admin/")]


def asked() -> list[str]:
    """All but the way out, which would be taken."""
    return [one for one in routes() if one != "logout/"]


def opened_by(route: str) -> str | None:
    lines = (line for room in ROOMS.values() for line in room.items())
    return next((opens for pattern, opens in lines if re.fullmatch(pattern, route)), None)


@dataclass(frozen=True)
class World:
    keys: dict[str, int]

    def address(self, route: str) -> str:
        """The route with keys of things whose every name is a canary."""
        model = next((name for name in self.keys if f"/{name}/" in route), "article")
        model = next((m for start, m in (("users", "reader"), ("people", "reader"), ("issue-desk", "issue"), ("institutions", "institution"), ("orders", "order"), ("bought-gifts", "present"), ("invoices", "invoice"), ("gift-links", "gift"), ("outgoing-mail", "mail")) if route.startswith(start)), model)  # fmt: skip
        model = "bulkchange" if route.startswith("many/") else model
        values = {"app_label": "archive", "model_name": "article", "action": "delete", "image_id": self.keys["picture"],
                  "app_name": "archive", "kind": "subscriber", "object_id": self.keys["article"], "session_id": 1}  # fmt: skip

        def fill(found: re.Match[str]) -> str:
            return str(values.get(found[1].rpartition(":")[2], self.keys[model]))

        path = route.replace(
            r"(?P<pk>.+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$",
            f"{self.keys[model]}/revisions/compare/earliest...latest/",
        )
        path = path.replace(
            r"^(\d+)/revisions/compare/(live|earliest|\d+)\.\.\.(live|latest|\d+)/$",
            "1/revisions/compare/live...latest/",
        )
        path = path.replace("^.*/$", "nothing-here/").replace("^", "")
        asks = "?id=all" if path.startswith("bulk/") else "?id=1" if "chosen-multiple" in path else ""
        return "/admin/" + re.sub(r"<([^>]+)>", fill, path) + asks


@pytest.fixture
def world(ada: Reader) -> World:
    article = making.article("Headlinecanary", live=False)
    article.save_revision()
    picture = Picture(
        title="Titlecanary",
        alt="altcanary",
        file=ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>', name="p.svg"),
    )
    picture.save()
    ada.first_name = "Namecanary"
    ada.save()
    made = {
        "article": article,
        "issue": article.issue,
        "title": article.issue.title,
        "volume": Volume.objects.create(title=article.issue.title, number="Canary"),
        "section": Section.objects.create(name="Canary", slug="s"),
        "contributor": Contributor.objects.create(name="Canary", sort_name="Canary", slug="c"),
        "picture": picture,
        "product": making.products()["online-yearly"],
        "voucher": Voucher.objects.create(code="CANARY", share=10),
        "printsubscription": PrintSubscription.objects.create(
            number="CANARY-1", claim_number="CANARY1", name="Canary", surname="Canary", postcode="CANARY", country="GB",
            starts_on="2026-01-01", ends_on="2027-01-01"),
        "longread": LongRead.objects.create(article=article, week=date(2026, 11, 16), introduction="canary"),
        "taxrate": TaxRate.objects.create(country="NO", kind="online", from_date=date(2026, 1, 1), basis_points=2500, note="canary"),
        "invoice": invoices.issue(sale(buyer=Party("Canary", ("Canary",), "NO", email="canary@example.org")), making.NOON),
        "recipient": Recipient.objects.create(email="canary@example.org", asked_at=making.NOON),
        "institution": Institution.objects.create(name="Canary College", slug="canary"),
        "reader": ada,
        "gift": GiftLink.objects.create(reader=ada, article=article, made_at=making.NOON, until=making.NOON + timedelta(days=9)),
    }  # fmt: skip
    made["order"] = Order.objects.create(
        reader=ada, email="canary@example.org", product=made["product"], label="Canary", months=12, minor=4800,
        currency="GBP", region="anywhere", placed_at=making.NOON)  # fmt: skip
    made["present"] = Present.objects.create(
        order_key=made["order"].key, product=made["product"], label="Canary", region="anywhere", donor_name="Canary",
        recipient_name="Canary", message="canary", by="card", arrives_on=making.NOON.date(), ordered_at=making.NOON)  # fmt: skip
    made["bulkchange"] = BulkChange.objects.create(
        by=ada, at=making.NOON, what="Canary", of="canary", kind="policy"
    )
    made["informationpage"] = making.information_page("Canary terms", summary="canary")
    made["mail"] = Mail.objects.create(
        kind="receipt", recipient="canary@example.org", subject="Canary", text="canary", created_at=making.NOON, due_at=making.NOON)  # fmt: skip
    return World({name: one.pk for name, one in made.items()})


# What is done on a reader's page is done by who may open it.
ON_A_READERS_PAGE = {
    opens for room in ROOMS.values() for route, opens in room.items() if route.startswith("people/<int:pk>/")
}


def with_only(permission: str, name: str) -> Client:
    reader = making.reader(name, is_staff=True)
    app, _, codename = permission.partition(".")
    granted = [Permission.objects.get(codename="access_admin")]
    if app == "pictures":
        group = reader.groups.create(name=name)
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(codename=f"{codename}_image", content_type__app_label="wagtailimages"))  # fmt: skip
    else:
        granted.append(Permission.objects.get(codename=codename, content_type__app_label=app))
    if permission in ON_A_READERS_PAGE:
        granted.append(Permission.objects.get(codename="find_people", content_type__app_label="staff"))
    reader.user_permissions.set(granted)
    return signed_in(reader)


def test_every_address_of_the_admin_has_a_room_and_a_permission() -> None:
    assert [route for route in routes() if opened_by(route) is None] == []
    assert len(routes()) > 200


def test_staff_without_the_permission_are_refused_and_told_no_name(world: World) -> None:
    client = with_only(STAFF, "nothing-more")
    for route in asked():
        opens = opened_by(route)
        answer = client.get(world.address(route))
        assert not NAMES.search(answer.content.decode()), route
        if opens not in {STAFF, "anybody"}:
            assert answer.status_code == (404 if opens == CLOSED else 403), (route, answer.status_code)


def test_a_role_is_refused_in_every_room_that_is_not_its_own(
    world: World, editor: Client, edith: Reader, help_desk: Client, hugo: Reader
) -> None:
    count = 0
    for client, reader in ((editor, edith), (help_desk, hugo)):
        rooms = {name.partition(".")[0] for name in reader.get_all_permissions()} - {"wagtailadmin"}
        rooms |= {"pictures"} if reader is edith else set()
        for route in asked():
            opens = opened_by(route) or ""
            is_shared = "choose" in route or "editing-sessions" in route
            if opens in {STAFF, "anybody", CLOSED} or opens.partition(".")[0] in rooms or is_shared:
                continue
            answer = client.get(world.address(route))
            assert answer.status_code == 403, route
            assert not NAMES.search(answer.content.decode()), route
            count += 1
    assert count > 100


def test_control_who_has_the_permission_is_let_in(world: World) -> None:
    shut = []
    for opens in sorted({one for room in ROOMS.values() for one in room.values()} - {"anybody", CLOSED}):
        client = with_only(opens, f"only-{opens}".replace("_", "-").replace(".", "-"))
        for route in asked():
            if opened_by(route) == opens:
                answer = client.get(world.address(route))
                is_refused = "Your role does not include this" in answer.content.decode()
                is_sent_away = answer.headers.get("Location") == "/admin/" and "workflow" not in route
                if is_refused or is_sent_away:  # a workflow sends away who has no task in it
                    shut.append((route, opens))
    assert not shut, "\n".join(map(str, shut))


def test_nobody_is_sent_to_sign_in_wherever_he_asks(world: World) -> None:
    for route in asked():
        if opened_by(route) != "anybody":
            answer = Client().get(world.address(route))
            assert answer.status_code in {302, 404}, route
            assert not NAMES.search(answer.content.decode()), route


def test_a_reader_without_a_role_is_told_so_in_plain_words(ada: Reader) -> None:
    answer = signed_in(ada).get("/admin/")
    assert answer.status_code == 403
    assert "This part is for the magazine’s staff" in answer.content.decode()
    assert signed_in(ada).get(f"{ARTICLES}/").status_code == 403


def test_acting_on_several_at_once_names_nothing_to_who_may_not(
    world: World, editor: Client, help_desk: Client
) -> None:
    for model in ("archive/article", "archive/picture", "circulation/printsubscription", "longread/recipient",
                  "checkout/order", "readers/reader", "products/product", "products/voucher", "wagtailcore/page", "auth/user"):  # fmt: skip
        client = help_desk if model.startswith("archive") else editor
        for action in ("delete", "publish", "assign_role", "add_to_collection"):
            answer = client.get(f"/admin/bulk/{model}/{action}/?id=all")
            assert answer.status_code in {403, 404}, model
            assert not NAMES.search(answer.content.decode()), model


def test_an_editor_deletes_no_articles_several_at_once_and_is_not_offered_it(
    world: World, editor: Client
) -> None:
    address = f"/admin/bulk/archive/article/delete/?id={world.keys['article']}"
    assert editor.get(address).status_code == 403
    assert "data-bulk-action-checkbox" not in editor.get(f"{ARTICLES}/").content.decode()


def test_control_an_owner_deletes_articles_several_at_once(world: World) -> None:
    client = signed_in(with_role("olga", "Owners"))
    assert "data-bulk-action-checkbox" in client.get(f"{ARTICLES}/").content.decode()
    page = client.get(f"/admin/bulk/archive/article/delete/?id={world.keys['article']}")
    assert page.status_code == 200
    assert NAMES.search(page.content.decode())
