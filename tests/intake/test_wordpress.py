"""A WordPress export: what becomes an article, what stays closed, what is refused."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from backnumber.archive.blocks import (
    Heading,
    Listing,
    Note,
    Paragraph,
    PictureRef,
    Preformatted,
    PullQuote,
    Quotation,
    Table,
    Verse,
    from_stream,
    text_of,
)
from backnumber.archive.models import Article, Contributor, Issue, Picture, Title
from backnumber.archive.queries import articles_for_lists
from backnumber.intake import service
from backnumber.intake.report import Report, Weight
from tests.intake import small

pytestmark = pytest.mark.django_db

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>https://old.example</link><wp:author><wp:author_login>em</wp:author_login>
<wp:author_display_name><![CDATA[Eleanor Marsh]]></wp:author_display_name></wp:author>
"""
FOOT = "</channel></rss>\n"


def post(
    number: int,
    content: str = "One paragraph.",
    *,
    title: str = "",
    status: str = "publish",
    date: str = "2013-05-07 10:00:00",
    more: str = "",
    kind: str = "post",
) -> str:
    return f"""<item><title>{title or f"Post {number}"}</title><dc:creator>em</dc:creator><guid>https://old.example/?p={number}</guid>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{date}</wp:post_date><wp:post_name>post-{number}</wp:post_name><wp:status>{status}</wp:status>
<wp:post_type>{kind}</wp:post_type>{more}</item>
"""  # fmt: skip


def export(tmp_path: Path, *items: str, head: str = HEAD, foot: str = FOOT) -> Path:
    path = tmp_path / "export.xml"
    path.write_text(head + "".join(items) + foot, encoding="utf-8")
    return path


def bring_in(path: Path, **options: object) -> Report:
    return service.import_wxr(path, title="The Lantern", now=small.NOW, **options)  # type: ignore[arg-type]


def body(number: int) -> tuple[object, ...]:
    return from_stream(Article.objects.get(slug=f"post-{number}").body.raw_data)


def test_a_post_becomes_an_article_of_the_issue_of_its_month(tmp_path: Path) -> None:
    more = '<category domain="category"><![CDATA[Letters]]></category><category domain="post_tag"><![CDATA[bells]]></category>'
    bring_in(export(tmp_path, post(1, more=more), post(2, date="2013-06-01 00:00:00")))
    article = Article.objects.select_related("issue__title", "section").get(slug="post-1")
    assert (article.issue.title.name, article.issue.cover_date, article.issue.slug) == (
        "The Lantern",
        "May 2013",
        "may",
    )
    assert str(article.issue.sort_date) == "2013-05-01"
    assert (article.headline, article.section.name, article.byline, article.live) == (
        "Post 1",
        "Letters",
        "Eleanor Marsh",
        True,
    )  # type: ignore[union-attr]
    assert Contributor.objects.get().sort_name == "Marsh, Eleanor"
    assert Issue.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "draft"}, "draft"),
        ({"status": "pending"}, "pending"),
        ({"status": "private"}, "private"),
        ({"status": "trash"}, "trash"),
        ({"status": "future", "date": "2031-01-01 00:00:00"}, "future"),
        ({"status": ""}, "missing"),
        ({"date": "2031-01-01 00:00:00"}, "in the future"),
        ({"more": "<wp:post_password>enter</wp:post_password>"}, "protected by a password"),
    ],
)
def test_what_was_not_open_there_is_not_open_here(
    tmp_path: Path, fields: dict[str, str], reason: str
) -> None:
    report = bring_in(export(tmp_path, post(1), post(2, **fields)))  # type: ignore[arg-type]
    article = Article.objects.select_related("issue").get(slug="post-2")
    assert not article.live
    assert article.first_published_at is None
    assert list(articles_for_lists().values_list("slug", flat=True)) == ["post-1"]
    (closed,) = report.of(Weight.CLOSED)
    assert reason in closed.reason
    assert closed.line == 10
    assert Issue.objects.get(slug="may", sort_date__year=2013).live


def test_an_issue_of_nothing_but_drafts_is_not_published(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1, status="draft")))
    assert not Issue.objects.get().live
    bring_in(export(tmp_path, post(1)))
    assert Issue.objects.get().live
    assert Article.objects.get().live


def test_pages_menus_and_comments_are_left_out_and_counted(tmp_path: Path) -> None:
    comments = "<wp:comment><wp:comment_content>canary</wp:comment_content></wp:comment>" * 2
    report = bring_in(
        export(
            tmp_path,
            post(1, more=comments),
            post(2, kind="page", title="About"),
            post(3, kind="nav_menu_item"),
        )
    )
    assert Article.objects.count() == 1
    assert "canary" not in str(small.rows())
    assert report.counted == {
        "comments were left out": 2,
        "pages, menus and other items were left out": 2,
        "categories beyond a post's first were left out": 0,
    }
    assert [(f.piece, f.reason) for f in report.of(Weight.LEFT_OUT)] == [
        ("About", "it is a page, not a post")
    ]


def test_block_markup_becomes_blocks(tmp_path: Path) -> None:
    bring_in(
        export(
            tmp_path,
            post(
                1,
                """<!-- wp:paragraph --><p>A <strong>b</strong> <a href="https://x.example">c</a>.</p><!--
                /wp:paragraph -->
<!-- wp:heading --><h2 class="wp-block-heading">Two</h2><!-- /wp:heading --><!-- wp:heading {"level":4} --><h4>Four</h4><!-- /wp:heading -->
<!-- wp:list --><ul><li>One<ol><li>Inner</li></ol></li><li>Two</li></ul><!-- /wp:list -->
<!-- wp:quote --><blockquote class="wp-block-quote"><p>Said.</p><cite>She</cite></blockquote><!-- /wp:quote -->
<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>Pulled</p></blockquote></figure><!-- /wp:pullquote -->
<!-- wp:verse --><pre class="wp-block-verse">Line<br>  In</pre><!-- /wp:verse -->
<!-- wp:code --><pre class="wp-block-code"><code>x &lt; 1</code></pre><!-- /wp:code -->
<!-- wp:table --><figure class="wp-block-table"><table><thead><tr><th>H</th></tr></thead><tbody><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table><figcaption>Cap</figcaption></figure><!-- /wp:table -->
<!-- wp:paragraph --><p>Noted<sup data-fn="k1" class="fn"><a href="#k1" id="k1-link">1</a></sup>.</p><!-- /wp:paragraph --><!-- wp:footnotes /-->""",
                more='<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA[[{"content":"See <em>X</em>.","id":"k1"}]]]></wp:meta_value></wp:postmeta>',
            ),
        )
    )
    assert body(1) == (
        Paragraph('A <strong>b</strong> <a href="https://x.example">c</a>.'),
        Heading("Two", 2),
        Heading("Four", 3),
        Listing("<ul><li>One<ol><li>Inner</li></ol></li><li>Two</li></ul>"),
        Quotation(("Said.",), "She"),
        PullQuote("Pulled"),
        Verse("Line\n  In"),
        Preformatted("x < 1"),
        Table("Cap", (("H",), ("1",), ("2",)), header_row=True),
        Paragraph('Noted<sup><a href="#note-1">1</a></sup>.'),
        Note("1", "See <em>X</em>."),
    )


def test_classic_text_has_its_paragraphs_by_empty_lines(tmp_path: Path) -> None:
    bring_in(
        export(
            tmp_path,
            post(
                1,
                "First line\nsecond line\n\n<h3>Head</h3>\nAfter it.\n\n"
                "<pre>a\n\nb</pre>\n\n<!--more-->Last.<!--nextpage-->",
            ),
        )
    )
    assert body(1) == (
        Paragraph("First line<br>second line"),
        Heading("Head", 3),
        Paragraph("After it."),
        Preformatted("a\n\nb"),
        Paragraph("Last."),
    )


def test_titles_may_be_empty_long_or_full_of_markup(tmp_path: Path) -> None:
    items = (
        post(1, "Eleven words stand here and so the headline is cut off.", title=" "),
        post(2, title="A &lt;em&gt;b&lt;/em&gt; &amp;amp; c"),
        post(3, title="word " * 200),
    )
    report = bring_in(export(tmp_path, *items))
    headlines = list(Article.objects.order_by("slug").values_list("headline", flat=True))
    assert headlines[0] == "Eleven words stand here and so the headline…"
    assert headlines[1] == "A b & c"
    assert len(headlines[2]) == 300
    assert {
        "it has no title; its first words stand in its place",
        "its title has 999 characters: it was cut, and stands whole above the text",
    } == {f.reason for f in report.of(Weight.DOUBTFUL)}


def test_a_post_without_a_date_stands_in_this_month_and_is_named(tmp_path: Path) -> None:
    report = bring_in(export(tmp_path, post(1, status="draft", date="0000-00-00 00:00:00")))
    assert Issue.objects.get().cover_date == "November 2026"
    assert "is no date" in report.of(Weight.DOUBTFUL)[0].reason


def test_pictures_are_taken_from_the_media_folder_and_nothing_is_fetched(
    tmp_path: Path, settings: object
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    (tmp_path / "uploads" / "2013" / "05").mkdir(parents=True)
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "JPEG")
    (tmp_path / "uploads" / "2013" / "05" / "boat.jpg").write_bytes(out.getvalue())
    url = "https://old.example/wp-content/uploads/2013/05/boat.jpg"
    attachment = post(
        9,
        kind="attachment",
        status="inherit",
        more=f"<wp:attachment_url>{url}</wp:attachment_url><wp:post_parent>3</wp:post_parent>",
    )
    caption = (
        f'[caption id="a" width="30"]<a href="{url}"><img src="{url}" alt="A boat" /></a> The boat[/caption]'
    )
    path = export(
        tmp_path,
        attachment,
        post(1, caption),
        post(2, '[gallery ids="9"]'),
        post(3, "[gallery]"),
        post(4, '<img src="https://old.example/gone.jpg">'),
    )
    report = bring_in(path, media=tmp_path / "uploads")
    picture = Picture.objects.get()
    assert (picture.alt, picture.caption) == ("A boat", "The boat")
    assert [body(n) for n in (1, 2, 3)] == [
        (PictureRef(picture.pk, alt, cap),) for alt, cap in (("A boat", "The boat"), ("", ""), ("", ""))
    ]
    assert body(4) == ()
    assert [(f.weight, f.piece) for f in report.findings if f.weight is Weight.MISSING] == [
        (Weight.MISSING, "Post 4")
    ]


def test_without_a_media_folder_pictures_are_listed(tmp_path: Path) -> None:
    report = bring_in(export(tmp_path, post(1, 'Text. <img src="https://old.example/boat.jpg">')))
    assert [text_of(b) for b in body(1)] == ["Text."]  # type: ignore[arg-type]
    assert "https://old.example/boat.jpg" in report.of(Weight.MISSING)[0].reason


def test_what_runs_is_taken_out_and_named_at_its_line(tmp_path: Path) -> None:
    report = bring_in(
        export(
            tmp_path, post(1, 'Before.\n\n<script>canary()</script>\n\n<a href="javascript:canary()">x</a>')
        )
    )
    assert "canary" not in str(Article.objects.get().body.raw_data)
    assert [(f.line, f.reason) for f in report.of(Weight.DOUBTFUL)] == [
        (9, "a <script> was taken out"),
        (11, "a javascript: address was taken out of <a>"),
    ]


def test_a_second_run_changes_nothing_and_a_changed_post_is_updated(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1), post(2), post(3)))
    before = small.rows()
    assert bring_in(export(tmp_path, post(1), post(2), post(3))).changes == 0
    assert small.rows() == before
    report = bring_in(export(tmp_path, post(1), post(2, "Changed."), post(4)))
    assert (report.tally.new, report.tally.updated, report.tally.unchanged) == (1, 1, 1)
    assert body(2) == (Paragraph("Changed."),)
    assert [f.piece for f in report.of(Weight.GONE)] == ["Post 3"]
    assert Article.objects.count() == 4


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = export(tmp_path, post(1), post(2, status="draft"), post(3, "<iframe src=x></iframe>"))
    empty = small.rows()
    dry = bring_in(path, dry_run=True)
    assert small.rows() == empty
    wet = bring_in(path)
    assert (dry.tally, dry.issues, dry.findings, dry.counted) == (
        wet.tally,
        wet.issues,
        wet.findings,
        wet.counted,
    )


def test_a_post_an_editor_took_off_stays_off(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1)))
    Article.objects.get().unpublish()
    bring_in(export(tmp_path, post(1, "Changed.")))
    assert not Article.objects.get().live


BOMB = """<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss><channel><title>&c;</title>"""
OUTSIDE = """<?xml version="1.0"?>

<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss><channel><title>&x;</title>"""


@pytest.mark.parametrize(
    ("head", "line", "reason"),
    [
        (BOMB, 2, "it has a document type"),
        (OUTSIDE, 3, "it has a document type"),
        ("<catalogue><body>", 1, "is it a WordPress export?"),
        (HEAD + "<a>" * 100, 6, "nested more than"),
        ("not xml at all", 1, "it is no XML"),
    ],
)
def test_an_export_that_is_none_or_a_bomb_is_refused_at_its_line(
    tmp_path: Path, head: str, line: int, reason: str
) -> None:
    report = bring_in(export(tmp_path, post(1), head=head))
    (finding,) = report.refused
    assert (finding.file, finding.line) == ("export.xml", line)
    assert reason in finding.reason
    assert not any(small.rows().values())
    assert not Title.objects.exists()


def test_a_truncated_export_gives_what_is_whole(tmp_path: Path) -> None:
    path = export(tmp_path, post(1), post(2), post(3)[:200], foot="")
    report = bring_in(path)
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["post-1", "post-2"]
    (finding,) = report.refused
    assert "ends in the middle" in finding.reason
    assert finding.line == path.read_text().count("\n") + 1


def test_a_truncated_export_does_not_make_the_rest_gone(tmp_path: Path) -> None:
    bring_in(export(tmp_path, post(1), post(2)))
    report = bring_in(export(tmp_path, post(1, "Changed."), foot=""))
    assert not report.of(Weight.GONE)


def test_bytes_that_are_no_utf8_and_control_characters_do_not_stop_an_export(tmp_path: Path) -> None:
    path = export(tmp_path, post(1, "Bokhära Frère"), post(2, "Bell\x0bs"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    report = bring_in(path)
    assert body(1) == (Paragraph("Bokhära Frère"),)
    assert body(2) == (Paragraph("Bells"),)
    assert {f.reason for f in report.of(Weight.DOUBTFUL)} == {
        "it says it is utf-8 but is not; read as Windows-1252",
        "control characters were taken out",
    }


def test_an_export_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(service.NothingToImport, match="There is no file"):
        bring_in(tmp_path / "no.xml")


def test_a_long_export_comes_in_by_batches(tmp_path: Path) -> None:
    steps: list[service.Step] = []
    posts = [post(n, date=f"2013-05-{n % 28 + 1:02} 10:00:00") for n in range(1, 251)]
    report = bring_in(export(tmp_path, *posts), progress=steps.append)
    assert report.tally.new == 250
    assert [(s.done, s.of) for s in steps] == [(100, 250), (200, 250), (250, 250)]
    days = [a.position for a in Article.objects.order_by("position")]
    assert days[0] == datetime(2013, 5, 1, 10, tzinfo=UTC).hour * 60 + 1
