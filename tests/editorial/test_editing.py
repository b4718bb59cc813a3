"""An editor's work in the admin, as she does it: draft, publish, correct, schedule, withdraw, lock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from wagtail.models import Revision
from wagtail.test.utils.form_data import inline_formset, streamfield

from backnumber.archive.models import Article, Issue, OldAddress
from backnumber.editorial import tasks
from backnumber.readers.models import Reader
from tests import making
from tests.editorial.conftest import ARTICLES, ISSUES, PARAGRAPHS, signed_in, text

Form = Callable[..., dict[str, Any]]
PUBLISH = {"action-publish": "Publish"}


def edit(editor: Client, article: Article, fields: dict[str, Any], **action: str) -> None:
    answer = editor.post(f"{ARTICLES}/edit/{article.pk}/", {**fields, **action})
    assert answer.status_code == 302, [form.errors for form in (answer.context or {}).get("form", [])]


def test_an_editor_makes_an_issue_and_publishes_it(editor: Client, db: None) -> None:
    title = making.title()
    fields = {
        "title": str(title.pk),
        "number": "9",
        "cover_date": "Christmas 1951",
        "sort_date": "1951-12-01",
        "slug": "christmas",
        "first_page": "",
        "last_page": "",
        "online_date": "",
        "cover_lines": "",
        "paid_after_weeks": "",
        "free_after_years": "",
        "on_sale": "",
        "policy": "",
        "go_live_at": "",
        "expire_at": "",
    }
    assert editor.post(f"{ISSUES}/add/", fields).status_code == 302
    issue = Issue.objects.get(slug="christmas")
    assert not issue.live
    assert Client().get(issue.get_absolute_url()).status_code == 404
    assert editor.post(f"{ISSUES}/edit/{issue.pk}/", {**fields, **PUBLISH}).status_code == 302
    assert Client().get(issue.get_absolute_url()).status_code == 200


def test_a_draft_is_nobodys_but_the_editors(editor: Client, form: Form) -> None:
    assert editor.post(f"{ARTICLES}/add/", form()).status_code == 302
    article = Article.objects.get()
    assert not article.live
    for address in (article.get_absolute_url(), f"/cite/{article.pk}.ris"):
        assert Client().get(address).status_code == 404
    assert "The Fortress" not in Client().get("/feeds/articles.atom").content.decode()


def test_what_is_published_is_read_with_its_lead_in_and_its_gate(published: Article) -> None:
    page = Client().get(published.get_absolute_url()).content.decode()
    assert "opencanary1" in page
    assert "lastcanary1" not in page
    assert 'id="gate"' in page


def test_every_kind_of_block_reaches_the_page(editor: Client, form: Form, ada: Reader) -> None:
    blocks = [
        *PARAGRAPHS,
        ("heading", {"text": "A heading of its own", "level": "2"}),
        ("pull_quote", "A quotation pulled out"),
        ("quotation", {"text": text("<p>As he said himself</p>"), "source": "A letter of 1701"}),
        ("note", {"mark": "1", "text": text("<p>A note below</p>")}),
        ("verse", "The first line\n  the second"),
        ("timeline", {"heading": "The years", "entries": {**streamfield([]), "count": "0"}}),
        ("preformatted", "as typed"),
    ]
    fields = form(body=streamfield(blocks))
    assert editor.post(f"{ARTICLES}/add/", {**fields, **PUBLISH}).status_code == 302
    page = signed_in(ada).get(Article.objects.get().get_absolute_url()).content.decode()
    shown = (
        "A heading of its own",
        "A quotation pulled out",
        "A letter of 1701",
        "A note below",
        "the second",
        "The years",
        "as typed",
    )
    assert not [words for words in shown if words not in page]


def test_an_edit_that_is_saved_is_a_revision_and_readers_see_the_old_until_it_is_published(
    editor: Client, published: Article, form: Form
) -> None:
    before = Revision.objects.count()
    changed = form(issue=str(published.issue_id), headline="The Fortress Again")
    edit(editor, published, changed)
    assert Revision.objects.count() == before + 1
    assert "The Fortress Again" not in Client().get(published.get_absolute_url()).content.decode()
    edit(editor, published, changed, **PUBLISH)
    assert "The Fortress Again" in Client().get(published.get_absolute_url()).content.decode()


def test_what_is_scheduled_stays_shut_until_its_time_and_the_worker_opens_it(
    editor: Client, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    answer = editor.post(f"{ARTICLES}/add/", {**form(go_live_at=tomorrow), **PUBLISH})
    assert answer.status_code == 302
    article = Article.objects.get()
    tasks.publish_scheduled(0)
    assert Client().get(article.get_absolute_url()).status_code == 404
    later = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tasks.publish_scheduled(0)
    assert Client().get(article.get_absolute_url()).status_code == 200


def test_what_has_an_end_is_withdrawn_by_the_worker(published: Article) -> None:
    Article.objects.update(expire_at=timezone.now() - timedelta(seconds=1))
    tasks.publish_scheduled(0)
    assert Client().get(published.get_absolute_url()).status_code == 404


def test_the_worker_looks_every_minute() -> None:
    found = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert found["backnumber.editorial.tasks.publish_scheduled"] == "* * * * *"


def test_what_is_withdrawn_is_gone_everywhere(editor: Client, published: Article, ada: Reader) -> None:
    assert editor.post(f"{ARTICLES}/unpublish/{published.pk}/").status_code == 302
    for reader in (Client(), signed_in(ada)):
        for address in (published.get_absolute_url(), f"/cite/{published.pk}.bib"):
            assert reader.get(address).status_code == 404
        for address in ("/feeds/articles.json", published.issue.get_absolute_url(), "/sitemaps/1999.xml"):
            assert "fortress" not in reader.get(address).content.decode().lower()


def test_an_issue_that_is_withdrawn_takes_its_articles_along(editor: Client, published: Article) -> None:
    assert editor.post(f"{ISSUES}/unpublish/{published.issue_id}/").status_code == 302
    assert Client().get(published.get_absolute_url()).status_code == 404


def test_a_locked_article_is_not_edited_by_others(
    editor: Client, published: Article, form: Form, staff: Reader
) -> None:
    other = signed_in(staff)
    assert other.post(f"{ARTICLES}/lock/{published.pk}/").status_code == 302
    published.refresh_from_db()
    assert published.locked
    answer = editor.post(
        f"{ARTICLES}/edit/{published.pk}/",
        {**form(issue=str(published.issue_id), headline="Changed"), **PUBLISH},
    )
    assert answer.status_code == 200
    assert Article.objects.get().headline == "The Fortress"
    assert editor.post(f"{ARTICLES}/unlock/{published.pk}/").status_code == 302
    edit(editor, published, form(issue=str(published.issue_id), headline="Changed"), **PUBLISH)
    assert Article.objects.get().headline == "Changed"


def test_the_history_names_who_did_what(editor: Client, published: Article) -> None:
    page = editor.get(f"{ARTICLES}/history/{published.pk}/").content.decode()
    assert "Published" in page
    assert "edith" in page.lower()


def test_two_revisions_are_compared(editor: Client, published: Article, form: Form) -> None:
    blocks = [*PARAGRAPHS[:-1], ("paragraph", text("<p>Otherwise now</p>"))]
    edit(
        editor,
        published,
        form(issue=str(published.issue_id), body=streamfield(blocks), headline="The Other Fortress"),
    )
    first, second = Revision.objects.for_instance(published).order_by("pk").values_list("pk", flat=True)
    page = editor.get(
        f"{ARTICLES}/history/{published.pk}/revisions/compare/{first}...{second}/"
    ).content.decode()
    assert "Other" in page
    assert "Otherwise now" in page
    assert "lastcanary1" in page


def test_an_older_revision_is_brought_back(editor: Client, published: Article, form: Form) -> None:
    edit(editor, published, form(issue=str(published.issue_id), headline="A Mistake"), **PUBLISH)
    first = Revision.objects.for_instance(published).order_by("pk").first()
    assert first is not None
    page = editor.get(f"{ARTICLES}/history/{published.pk}/revisions/{first.pk}/revert/")
    assert page.status_code == 200
    assert page.context["form"].instance.headline == "The Fortress"


def test_a_correction_stands_dated_at_the_foot_of_the_page(
    editor: Client, published: Article, form: Form, ada: Reader
) -> None:
    correction = {"made_on": "2026-03-04", "text": "The siege began in May."}
    fields = form(issue=str(published.issue_id), corrections=inline_formset([correction]))
    edit(editor, published, fields, **PUBLISH)
    page = signed_in(ada).get(published.get_absolute_url()).content.decode()
    assert "The siege began in May." in page
    assert 'datetime="2026-03-04"' in page
    assert page.index("lastcanary1") < page.index("The siege began in May.")


def test_the_old_address_leads_to_the_new_one_when_a_slug_changes(
    editor: Client, published: Article, form: Form
) -> None:
    old = published.get_absolute_url()
    changed = form(issue=str(published.issue_id), slug="the-citadel")
    edit(editor, published, changed)
    assert not OldAddress.objects.exists()  # a draft moves nothing
    edit(editor, published, changed, **PUBLISH)
    published.refresh_from_db()
    answer = Client().get(old)
    assert answer.status_code == 301
    assert answer["Location"] == published.get_absolute_url() != old


def test_an_address_that_is_taken_is_refused_beside_the_field_and_nothing_typed_is_lost(
    editor: Client, published: Article, form: Form
) -> None:
    answer = editor.post(
        f"{ARTICLES}/add/", {**form(issue=str(published.issue_id), standfirst="Typed with care"), **PUBLISH}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "Typed with care" in answer.content.decode()
    assert Article.objects.count() == 1


@pytest.mark.parametrize("field", ["headline", "slug", "issue"])
def test_even_a_draft_needs_what_its_address_is_made_of(editor: Client, form: Form, field: str) -> None:
    answer = editor.post(f"{ARTICLES}/add/", form(**{field: ""}))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Article.objects.exists()


def test_the_policy_panel_says_which_policy_holds_and_where_it_comes_from(
    editor: Client, published: Article, form: Form
) -> None:
    page = editor.get(f"{ARTICLES}/edit/{published.pk}/").content.decode()
    assert "Policy: subscribers" in page
    assert "set on its title, The Hourglass" in page
    edit(editor, published, form(issue=str(published.issue_id), policy="open"), **PUBLISH)
    page = editor.get(f"{ARTICLES}/edit/{published.pk}/").content.decode()
    assert "Policy: open" in page
    assert "set on the article itself" in page


def test_days_of_the_year_are_edited_with_the_article_and_open_it_once_published(
    editor: Client, published: Article, form: Form
) -> None:
    today = timezone.localdate()
    day = {"day": str(today.day), "month": str(today.month), "why": "the day of the siege"}
    fields = form(issue=str(published.issue_id), anniversaries=inline_formset([day]))
    edit(editor, published, fields)
    assert "lastcanary1" not in Client().get(published.get_absolute_url()).content.decode()
    edit(editor, published, fields, **PUBLISH)
    assert "lastcanary1" in Client().get(published.get_absolute_url()).content.decode()


def test_a_day_that_no_year_has_is_refused_beside_its_field(
    editor: Client, published: Article, form: Form
) -> None:
    for day, is_a_day in ((31, False), (30, False), (29, True)):
        row = {"day": str(day), "month": "2", "why": "the day of the siege"}
        fields = form(issue=str(published.issue_id), anniversaries=inline_formset([row]))
        answer = editor.post(f"{ARTICLES}/edit/{published.pk}/", {**fields, **PUBLISH})
        assert answer.status_code == (302 if is_a_day else 200)
        if not is_a_day:
            errors = answer.context["form"].formsets["anniversaries"].errors
            assert errors == [{"day": [f"No year has a {day} February."]}]


def test_an_article_that_is_only_looked_at_stays_as_it_is(editor: Client, published: Article) -> None:
    """Wagtail's own saving of drafts as one goes is off: it saved one when a page was opened on a slow machine."""
    page = editor.get(f"{ARTICLES}/edit/{published.pk}/")
    assert page.context["view"].autosave_interval == 0
    assert Revision.objects.for_instance(published).count() == 1


def test_an_editor_names_contributors_and_picks_the_long_read(
    editor: Client, published: Article, form: Form
) -> None:
    author = making.contributor("Tom Ash")
    authorship = {"contributor": str(author.pk), "position": "0"}
    edit(
        editor,
        published,
        form(issue=str(published.issue_id), authorships=inline_formset([authorship])),
        **PUBLISH,
    )
    assert published.authorships.get().contributor == author
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    answer = editor.post(
        "/admin/snippets/longread/longread/add/",
        {"week": monday.isoformat(), "article": str(published.pk), "introduction": ""},
    )
    assert answer.status_code == 302
    assert "lastcanary1" in Client().get(published.get_absolute_url()).content.decode()
