"""What else a WordPress export holds: authors, addresses, links, pictures, dates, words, and items that are broken."""

from pathlib import Path

import pytest
from django.test import Client

from backnumber.archive.blocks import Paragraph, from_stream, text_of
from backnumber.archive.models import Article, Contributor, Issue, Picture
from backnumber.intake.report import Weight
from tests.intake import small
from tests.intake.test_wordpress import body, bring_in, export, post

pytestmark = pytest.mark.django_db
GUEST = """<item><title>x</title><wp:post_id>90</wp:post_id><wp:post_name>cap-bea</wp:post_name><wp:post_type>guest-author</wp:post_type>
<wp:postmeta><wp:meta_key>cap-display_name</wp:meta_key><wp:meta_value>Bea Wick</wp:meta_value></wp:postmeta></item>"""


def test_co_authors_and_guests_are_the_authors(tmp_path: Path) -> None:
    both = '<category domain="author" nicename="cap-bea">bea</category><category domain="author" nicename="cap-em">em</category>'
    bring_in(export(tmp_path, post(1, more=both), GUEST))
    assert Article.objects.get().byline == "Bea Wick; Eleanor Marsh"
    assert Contributor.objects.count() == 2


def test_old_addresses_lead_to_the_article_and_links_between_posts_too(
    tmp_path: Path, client: Client
) -> None:
    link = "<link>https://old.example/2013/05/one/</link>"
    text = 'See <a href="http://www.old.example/2013/05/one/">one</a>, <a href="/?p=1">two</a>, <a href="https://other.example/x">three</a>.'
    bring_in(export(tmp_path, post(1, more=link), post(2, text)))
    here = "/archive/the-lantern/2013/may/post-1/"
    for old in ("/2013/05/one/", "/2013/05/one", "/?p=1"):
        moved = client.get(old)
        assert (moved.status_code, moved.headers["Location"]) == (301, here)
    html = str(body(2)[0])
    assert html.count(f'href="{here}"') == 2
    assert "https://other.example/x" in html
    assert bring_in(export(tmp_path, post(1, more=link), post(2, text), GUEST)).changes == 0


def test_tags_fields_and_other_types_are_listed_by_name(tmp_path: Path) -> None:
    more = (
        '<category domain="post_tag" nicename="a">Tudors</category><category domain="issue" nicename="b">May 2012</category>'
        "<wp:postmeta><wp:meta_key>subtitle</wp:meta_key><wp:meta_value>A deck</wp:meta_value></wp:postmeta>"
    )
    report = bring_in(export(tmp_path, post(1, more=more), post(2, kind="recipe")))
    said = "\n".join(f.reason for f in report.of(Weight.LEFT_OUT))
    for name in ("Tudors (1)", "May 2012 (1)", "subtitle (1)", "it is a recipe"):
        assert name in said
    assert report.counted["tags were left out"] == 1


@pytest.mark.parametrize(
    "day", ["0000-00-00 00:00:00", "9999-01-01 00:00:00", "0001-11-30 00:00:00", "2012-13-45 99:00:00"]
)
def test_a_post_without_a_date_is_not_published(tmp_path: Path, day: str) -> None:
    report = bring_in(export(tmp_path, post(1, date=day)))
    assert not Article.objects.get().live
    assert not Issue.objects.get().live
    assert "it has no date" in report.of(Weight.CLOSED)[0].reason


def test_one_broken_item_costs_itself_and_a_bare_ampersand_nothing(tmp_path: Path) -> None:
    broken = post(2).replace("</title>", "</titel>")
    report = bring_in(export(tmp_path, post(1), broken, post(3, title="Fish & Chips"), post(4)))
    assert set(Article.objects.values_list("headline", flat=True)) == {"Post 1", "Fish & Chips", "Post 4"}
    (refused,) = report.refused
    assert refused.line == 10
    assert "a bare “&”" in small.reasons(report)


@pytest.mark.parametrize(
    "content",
    [
        "One.\n\nTwo.\n\n<div>Three.\n\nFour.</div>",
        "One.\n<ul><li>x</li></ul>\nTwo.\n\nThree.\n<h3>y</h3>Four.",
        "<!-- wp:freeform -->\nOne.\n\nTwo.\n<!-- /wp:freeform -->\n\nThree.\n\nFour.",
        'One.\n\nTwo.\n\nThree.\n\nFour.\n\n<!-- wp:block {"ref":9} /-->',
        "<blockquote>z</blockquote>One.\n\nTwo.<table><tr><td>x</td><td>y</td></tr></table>Three.\n\nFour.",
    ],
)
def test_classic_paragraphs_stay_apart_beside_any_block(tmp_path: Path, content: str) -> None:
    report = bring_in(export(tmp_path, post(1, content)))
    made = from_stream(Article.objects.get().body.raw_data)
    assert [text_of(b) for b in made if isinstance(b, Paragraph)] == ["One.", "Two.", "Three.", "Four."]
    assert not report.of(Weight.LOST)


def test_words_of_a_post_that_are_not_filed_are_listed(tmp_path: Path) -> None:
    report = bring_in(export(tmp_path, post(1, "Text.\n\n<button>canary</button>")))
    (lost,) = report.of(Weight.LOST)
    assert (lost.piece, report.words.lost) == ("Post 1", 1)
    assert "canary" in lost.reason


def test_of_a_thumbnail_the_original_is_taken_and_a_featured_picture_that_is_missing_is_said(
    tmp_path: Path, settings: object
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "boat.png").write_bytes(small.png(40, 30))
    (uploads / "boat-20x15.png").write_bytes(small.png(20, 15))
    more = (
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>77</wp:meta_value></wp:postmeta>"
    )
    text = 'Text. <img src="https://old.example/wp-content/uploads/Boat-20x15.PNG">'
    report = bring_in(export(tmp_path, post(1, text, more=more)), media=uploads)
    assert Picture.objects.get().width == 40
    assert "attachment 77" in report.of(Weight.MISSING)[0].reason


def test_one_category_too_long_costs_one_line(tmp_path: Path) -> None:
    long = "".join(f'<category domain="category"><![CDATA[{"C" * 300}{n}]]></category>' for n in range(1))
    other = f'<category domain="category"><![CDATA[{"C" * 300}x]]></category>'
    for _ in range(2):
        report = bring_in(export(tmp_path, post(1, more=long), post(2, more=other), post(3, "Again.")))
    assert Article.objects.count() == 3
    assert not report.refused
