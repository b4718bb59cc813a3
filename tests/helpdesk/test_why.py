"""Why: for the reader in plain words with one thing to do, for staff grant by grant."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from backnumber.access import Policy, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.circulation.models import Claim
from backnumber.gate import reference
from backnumber.gate.facts import asker, decision_for
from backnumber.grants import service as ledger
from backnumber.grants.models import Grant
from backnumber.helpdesk.queries import article_named, explain
from backnumber.readers.models import Reader
from tests import making
from tests.circulation.test_claims import printed

CANARIES = ("firstcanary1", "middlecanary1", "lastcanary1")


def why(client: Client, article: Article, reader: Reader | None = None) -> str:
    if reader:
        client.force_login(reader)
    return client.get(reverse("why"), {"article": article.pk}).content.decode()


def test_nobody_is_told_to_sign_in_and_comes_back(gated: Article, client: Client) -> None:
    page = why(client, gated)
    assert "you are not signed in" in page
    assert f"{reverse('account_login')}?next=%2Farchive" in page


def test_who_has_nothing_is_shown_what_it_costs(gated: Article, dan: Reader, client: Client) -> None:
    page = why(client, gated, dan)
    assert "your account has no subscription" in page
    assert f"{reverse('subscribe')}?article={gated.pk}" in page
    assert "not signed in" not in page


def test_who_has_lapsed_is_told_when_and_to_renew(gated: Article, ben: Reader, client: Client) -> None:
    page = why(client, gated, ben)
    ended = timezone.localtime(Grant.objects.get().until - timedelta(microseconds=1))  # type: ignore[operator]
    assert f"Your access ended on {ended.day} {ended:%B %Y}." in page
    assert "Renew it" in page


def test_who_may_read_is_told_by_what(gated: Article, ada: Reader, client: Client) -> None:
    page = why(client, gated, ada)
    assert "You can read this" in page
    assert "Online access, yearly" in page
    assert gated.get_absolute_url() in page


def test_a_pending_claim_and_an_unclaimed_subscription_have_their_own_words(
    gated: Article, dan: Reader, client: Client
) -> None:
    today = timezone.localdate()
    printed(email=dan.email, starts_on=today, ends_on=today)
    assert "Claim your print subscription" in why(client, gated, dan)
    Claim.objects.create(
        reader=dan, number="1", surname="D", state="pending", reference="C-1", made_at=timezone.now()
    )
    page = why(client, gated, dan)
    assert "Wait for our mail" in page


def test_withdrawn_later_and_elsewhere_have_their_own_words(gated: Article, client: Client) -> None:
    now = timezone.now()
    zoe, yan, xia = making.reader("zoe"), making.reader("yan"), making.reader("xia")
    revoked = making.grant(zoe, starts=now - timedelta(days=2))
    ledger.revoke(revoked_evidence(revoked), revoked.evidence_key, because="refunded", now=now)
    making.grant(yan, starts=now + timedelta(days=2))
    making.grant(
        xia,
        starts=now - timedelta(days=2),
        scope=Scope(ScopeKind.ISSUE, issue=making.issue(date(1951, 1, 1)).pk),
    )
    assert "withdrawn" in why(client, gated, zoe)
    assert "Your access begins on" in why(client, gated, yan)
    assert "opens other issues" in why(client, gated, xia)


def revoked_evidence(grant: Grant):  # type: ignore[no-untyped-def]
    from backnumber.access import Evidence  # noqa: PLC0415

    return Evidence(grant.evidence)


def test_it_never_shows_the_text(gated: Article, ada: Reader, client: Client) -> None:
    for page in (why(client, gated), why(client, gated, ada)):
        assert not any(canary in page for canary in CANARIES)


def test_the_reference_on_the_page_is_one_staff_can_read(gated: Article, dan: Reader, client: Client) -> None:
    client.force_login(dan)
    code = client.get(reverse("why"), {"article": gated.pk}).context["reference"]
    facts = reference.read(code)
    assert facts
    assert (facts.article, facts.reader) == (gated.pk, dan.pk)


def test_an_article_is_found_by_its_address(gated: Article, client: Client) -> None:
    address = f"https://example.org{gated.get_absolute_url()}?utm=x#note"
    assert client.get(reverse("why"), {"article": address}).context["article"] == gated
    assert article_named(gated.get_absolute_url().rstrip("/")) == gated


@pytest.mark.parametrize("given", ["999999", "0", "99999999999999999999"])
def test_an_unknown_article_does_not_exist(given: str, db: None, client: Client) -> None:
    assert client.get(reverse("why"), {"article": given}).status_code == 404


def test_a_draft_does_not_exist_for_readers(gated: Article, ada: Reader, client: Client) -> None:
    gated.live = False
    gated.save()
    client.force_login(ada)
    assert client.get(reverse("why"), {"article": gated.pk}).status_code == 404
    at_address = client.get(reverse("why"), {"article": gated.get_absolute_url()})
    assert at_address.status_code == 404
    assert gated.headline not in at_address.content.decode()


def test_nonsense_is_answered_in_words(db: None, client: Client) -> None:
    answer = client.get(reverse("why"), {"article": "<script>alert(1)</script>"})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.content.decode()
    assert "We know no article with that address" in answer.content.decode()


def test_help_pages_are_cheap(
    gated: Article, ada: Reader, client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(0):  # type: ignore[operator]
        assert client.get(reverse("help")).status_code == 200
    client.force_login(ada)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get(reverse("why"), {"article": gated.pk})


def test_staff_see_the_answer_at_any_moment(gated: Article, ben: Reader) -> None:
    now = timezone.now()
    assert not explain(ben, gated, now).decision.allowed
    then = explain(ben, gated, now - timedelta(days=100))
    assert then.decision.allowed
    assert then.grants[0].finding == "It opens the article."
    assert explain(ben, gated, now).grants[0].finding.startswith("It ended on")


def test_staff_see_where_the_policy_comes_from(gated: Article) -> None:
    now = timezone.now()
    assert explain(None, gated, now).policy_source == "set on its title, The Hourglass"
    assert gated.section
    gated.section.policy = Policy.SIGN_IN.value
    assert explain(None, gated, now).policy_source == "set on its section, War and Strategy"
    gated.issue.policy = Policy.OPEN.value
    assert explain(None, gated, now).policy_source.startswith("set on its issue")
    gated.policy = Policy.SUBSCRIBERS.value
    assert explain(None, gated, now).policy_source == "set on the article itself"


def test_a_grant_made_after_the_moment_is_marked(gated: Article, dan: Reader) -> None:
    now = timezone.now()
    grant = making.grant(dan, starts=now - timedelta(days=10))
    Grant.objects.filter(pk=grant.pk).update(granted_at=now)
    assert explain(dan, gated, now - timedelta(days=5)).grants[0].made_later


def test_explaining_many_grants_costs_no_more(
    gated: Article, dan: Reader, django_assert_max_num_queries: object
) -> None:
    for _ in range(30):
        making.grant(dan, scope=Scope(ScopeKind.ISSUE, issue=gated.issue_id))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(explain(dan, gated, timezone.now()).grants) == 30


@pytest.fixture
def low_editor(db: None) -> Reader:
    reader = making.reader("lou", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return reader


def test_a_low_editor_is_refused(low_editor: Reader, gated: Article, dan: Reader, client: Client) -> None:
    client.force_login(low_editor)
    assert client.get(reverse("helpdesk_why")).status_code == 403
    answer = client.post(reverse("helpdesk_why"), {"reader": dan.email, "article": gated.pk})
    assert answer.status_code == 403
    assert dan.email not in answer.content.decode()


def test_who_may_look_may_not_therefore_give(
    low_editor: Reader, gated: Article, dan: Reader, client: Client
) -> None:
    low_editor.user_permissions.add(Permission.objects.get(codename="explain_access"))
    client.force_login(low_editor)
    asked = {"reader": dan.email, "article": gated.pk}
    page = client.post(reverse("helpdesk_why"), asked).content.decode()
    assert "May not read." in page
    assert "Give a right by hand" not in page
    given = client.post(
        reverse("helpdesk_why"),
        {**asked, "give": "1", "scope": "archive", "last_day": "2030-01-01", "case": "M1", "reason": "x"},
    )
    assert given.status_code == 403
    assert not Grant.objects.exists()


def test_staff_ask_by_reader_article_and_moment(
    gated: Article, ben: Reader, staff: Reader, client: Client
) -> None:
    client.force_login(staff)
    page = client.post(
        reverse("helpdesk_why"), {"reader": "BEN@example.org", "article": gated.get_absolute_url()}
    ).content.decode()
    assert "May not read. The reader had a grant for it, which has ended." in page
    assert "subscribers: a right to the archive is needed; set on its title, The Hourglass" in page
    then = timezone.localtime(timezone.now() - timedelta(days=60))
    page = client.post(
        reverse("helpdesk_why"),
        {"reader": ben.email, "article": gated.pk, "at": then.strftime("%Y-%m-%dT%H:%M")},
    ).content.decode()
    assert "May read. A grant opens it." in page


def test_staff_paste_a_reference(gated: Article, ben: Reader, staff: Reader, client: Client) -> None:
    now = timezone.now()
    code = reference.make(gated.pk, decision_for(gated, asker(ben), now).reason, ben.pk, now)
    client.force_login(staff)
    page = client.post(
        reverse("helpdesk_why"), {"reference": code.lower().replace("-", " ")}
    ).content.decode()
    assert ben.email in page
    assert "It ended on" in page
    altered = ("0" if code[0] != "0" else "1") + code[1:]
    assert (
        "no reference of ours"
        in client.post(reverse("helpdesk_why"), {"reference": altered}).content.decode()
    )


def test_unknown_readers_and_articles_are_said_so(gated: Article, staff: Reader, client: Client) -> None:
    client.force_login(staff)
    page = client.post(reverse("helpdesk_why"), {"reader": "no@example.org", "article": "x"}).content.decode()
    assert "No account has this address." in page
    assert "No article has this address or number." in page


def test_a_right_by_hand_opens_is_logged_and_serves_one_case(
    gated: Article, dan: Reader, ben: Reader, staff: Reader, client: Client
) -> None:
    client.force_login(staff)
    last_day = timezone.localdate() + timedelta(days=7)
    fields = {
        "reader": dan.email,
        "article": gated.pk,
        "give": "1",
        "scope": "article",
        "last_day": last_day,
        "case": "Mail 17",
        "reason": "Courtesy",
    }
    assert client.post(reverse("helpdesk_why"), fields).status_code == 302
    grant = Grant.objects.get(reader=dan)
    assert (grant.evidence, grant.evidence_key, grant.label) == ("staff", "Mail 17", "Courtesy")
    assert grant.until
    assert timezone.localtime(grant.until).date() == last_day + timedelta(days=1)
    assert decision_for(gated, asker(dan), timezone.now()).allowed
    assert not decision_for(making.article("Other"), asker(dan), timezone.now()).allowed
    assert ModelLogEntry.objects.get(action="helpdesk.give").user == staff
    again = client.post(reverse("helpdesk_why"), {**fields, "reader": ben.email})
    assert "has served another reader already" in again.content.decode()
    past = client.post(reverse("helpdesk_why"), {**fields, "case": "Mail 18", "last_day": "2020-01-01"})
    assert "lies in the past" in past.content.decode()


def test_a_right_is_withdrawn_with_a_reason_and_logged(
    gated: Article, ada: Reader, dan: Reader, staff: Reader, client: Client
) -> None:
    client.force_login(staff)
    grant = Grant.objects.get(reader=ada)
    asked = {"reader": ada.email, "article": gated.pk, "grant": grant.pk, "withdraw": "1"}
    client.post(reverse("helpdesk_why"), {**asked, "because": ""})
    assert decision_for(gated, asker(ada), timezone.now()).allowed
    assert (
        client.post(reverse("helpdesk_why"), {**asked, "reader": dan.email, "because": "mistake"}).status_code
        == 404
    )
    client.post(reverse("helpdesk_why"), {**asked, "because": "chargeback"})
    assert not decision_for(gated, asker(ada), timezone.now()).allowed
    assert ModelLogEntry.objects.get(action="helpdesk.withdraw").user == staff
