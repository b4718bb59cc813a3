"""Who may do what in the admin: a role sees its own desk and nothing of the others'."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from backnumber.archive.models import Article
from backnumber.editorial.roles import make_roles
from backnumber.readers.models import Reader
from tests import making
from tests.editorial.conftest import ARTICLES, ISSUES, signed_in

CIRCULATION = (
    "/admin/snippets/circulation/printsubscription/",
    "/admin/claims/",
    "/admin/bureau/",
)


def is_refused(client: Client, address: str) -> bool:
    """Refused: sent away or told so, and nothing of the page."""
    answer = client.get(address)
    assert b"canary" not in answer.content
    return answer.status_code in {302, 403, 404}


@pytest.mark.parametrize(
    "name", ["publish_article", "lock_article", "unlock_article", "publish_issue", "change_article"]
)
def test_editors_may_publish_and_lock(edith: Reader, name: str) -> None:
    assert Permission.objects.filter(codename=name, content_type__app_label="archive").exists()
    assert edith.has_perm(f"archive.{name}")


@pytest.mark.parametrize(
    "address", ["edit/{}/", "delete/{}/", "history/{}/", "unpublish/{}/", "lock/{}/", "", "add/"]
)
def test_the_help_desk_does_not_edit_articles(
    help_desk: Client, editor: Client, gated: Article, address: str
) -> None:
    whole = f"{ARTICLES}/{address.format(gated.pk)}"
    assert is_refused(help_desk, whole)
    assert not is_refused_for_editor(editor, whole)


def is_refused_for_editor(client: Client, address: str) -> bool:
    """The control. Locking takes a post alone."""
    return client.get(address).status_code not in {200, 405}


def test_the_help_desk_cannot_publish_by_posting(help_desk: Client, gated: Article) -> None:
    for action in ("unpublish", "delete", "lock"):
        help_desk.post(f"{ARTICLES}/{action}/{gated.pk}/")
    gated.refresh_from_db()
    assert gated.live
    assert not gated.locked


@pytest.mark.parametrize("address", CIRCULATION)
def test_editors_do_not_see_circulation(editor: Client, help_desk: Client, address: str) -> None:
    assert is_refused(editor, address)
    assert help_desk.get(address).status_code == 200


@pytest.mark.parametrize(
    "room", ["circulation", "grants", "helpdesk", "checkout", "readers", "payments", "products"]
)
def test_editors_have_no_permission_in_other_rooms(edith: Reader, room: str) -> None:
    assert not [name for name in edith.get_all_permissions() if name.startswith(f"{room}.")]


def test_editors_pick_the_long_read_but_do_not_see_who_gets_it(editor: Client) -> None:
    assert editor.get("/admin/snippets/longread/longread/").status_code == 200
    assert is_refused(editor, "/admin/snippets/longread/recipient/")


@pytest.mark.parametrize(
    "address", ["/admin/users/", "/admin/groups/", "/admin/sites/", "/admin/collections/"]
)
def test_neither_role_administers(editor: Client, help_desk: Client, address: str) -> None:
    assert is_refused(editor, address)
    assert is_refused(help_desk, address)


def test_the_history_of_the_site_tells_the_help_desk_nothing_of_articles(
    help_desk: Client, editor: Client, published: Article
) -> None:
    address = "/admin/reports/site-history/"
    assert "The Fortress" in editor.get(address).content.decode()
    assert "The Fortress" not in help_desk.get(address).content.decode()


def test_a_reader_without_a_role_is_refused_and_nobody_is_sent_to_sign_in(ada: Reader) -> None:
    answer = signed_in(ada).get(f"{ARTICLES}/")
    assert answer.status_code == 403
    assert Client().get("/admin/").status_code == 302


def test_making_the_roles_again_keeps_what_a_publisher_added(edith: Reader) -> None:
    extra = Permission.objects.get(codename="view_product")
    group = edith.groups.get()
    group.permissions.add(extra)
    assert make_roles() == ["Editors", "Help desk", "Circulation", "Finance", "Owners"]
    assert extra in group.permissions.all()


def test_the_side_bar_has_the_archive_and_nothing_of_a_page_tree(
    editor: Client, staff: Reader, db: None
) -> None:
    for client in (editor, signed_in(staff)):
        page = client.get("/admin/").content.decode()
        assert '"Articles"' in page
        assert '"Pictures"' in page
        for label in ('"Pages"', '"Documents"', '"Images"', "Wagtail 7"):
            assert label not in page


def test_choosers_tell_the_help_desk_nothing_of_drafts(
    help_desk: Client, editor: Client, gated: Article
) -> None:
    draft = making.article("A Secret Draft", live=False)
    chooser = "/admin/snippets/choose/archive/article"
    assert "A Secret Draft" in editor.get(f"{chooser}/results/").content.decode()
    assert "A Secret Draft" not in help_desk.get(f"{chooser}/results/").content.decode()
    assert help_desk.get(f"{chooser}/chosen/{draft.pk}/").status_code == 403
    assert "A Secret Draft" not in help_desk.get(f"{chooser}/chosen-multiple/?id={draft.pk}").content.decode()
    assert is_refused(help_desk, f"{ISSUES}/")
