"""A stranger's journal: *The Harbour Bell*, a quarterly, its profile written from docs/import.md alone. Nothing in it is marked as in
*Notes and Queries*. Its words in and words out agree.
"""

from pathlib import Path

import pytest

from backnumber.archive.blocks import Note, Paragraph, Table, Verse, from_stream, text_of
from backnumber.archive.models import Article, Issue, Picture
from backnumber.intake.report import Weight
from tests.intake import small

pytestmark = pytest.mark.django_db

PROFILE = r"""
[title]
name = "The Harbour Bell"
slug = "harbour-bell"

[files]
pattern = "*/index.html"

[issue]
number = 'Number (\d+)'
date = ['(?P<month>spring|summer|autumn|winter) (?P<year>\d{4})']

[heads]
selectors = ["div.title"]

[signature]
selectors = ["div.by"]

[notes]
selectors = ["ol.notes"]

[verse]
selectors = ["div.song"]

[markup]
drop = ["div.masthead", "ul.toc", "div.ad"]
"""

ISSUE = """<html><head><title>Bell {number}</title></head><body bgcolor=white>
<div class=masthead>THE HARBOUR BELL<br>Number {number} &middot; {season}<br>Price one shilling</div>
<ul class=toc><li><a href="#a1">The Lifeboat of 1861</a><li><a href="#a2">Songs of the Quay</a></ul>
<div class=art id=a1>
<div class=title>The Lifeboat of {year}</div>
<div class=by>By Hester Pell and Amos Quint</div>
Nobody slept on the night the <i>Margaret</i> struck.<a href="#n1"><sup>1</sup></a> The bell was rung till the rope
parted, and the boat went out with nine men.
<br><br>
Seven of them came home. What the two others were called is written in the chapel.<a href="#n2">[2]</a>
<p><img src="pictures/boat.png" alt="The boat"><p class=caption>The boat on her carriage, before the storm.</p>
<table border=1><tr><th>Year<th>Called out<th>Saved<tr><td>{year}<td>4<td>31<tr><td colspan=2>Since then<td>212</table>
<div class=ad><b>PELL'S OILSKINS</b> keep out the sea. Ask at the quay.</div>
She was sold in the spring, and ended as a hen house.
</div>
<div class=ad>Lodgings for seamen, clean.</div>
<div class=art id=a2>
<div class=title>Songs of the Quay, {season}</div>
<div class=by>by Nan Rudd</div>
This was sung while the nets were mended:
<div class=song>Haul the grey, haul the brown,<br>&nbsp;haul the harvest to the town;<br><br>what the water gave to me<br>I must give back to the sea.</div>
<dl><dt>grey<dd>the herring<dt>brown<dd>the crab, though some say the net</dl>
<blockquote>It was never sung on a Sunday. <cite>The harbour master</cite></blockquote>
</div>
<ol class=notes><li id=n1>She was a brig of Whitby, with coal. <a href="#r1">back</a><li id=n2>On the north wall.</ol>
</body></html>
"""


@pytest.fixture
def journal(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    for number, (season, colour) in enumerate(
        (("Spring 1921", "red"), ("Summer 1921", "blue"), ("Winter 1922", "green")), 7
    ):
        folder = tmp_path / "bell" / str(number)
        (folder / "pictures").mkdir(parents=True)
        (folder / "pictures" / "boat.png").write_bytes(small.png(colour=colour))
        page = ISSUE.format(number=number, season=season, year=season[-4:])
        (folder / "index.html").write_text(page, encoding="utf-8")
    return tmp_path / "bell"


def test_a_strangers_journal_comes_in_and_no_word_of_it_is_lost(journal: Path) -> None:
    report = small.bring_in(journal, PROFILE)
    assert report.is_whole, small.reasons(report)
    assert not report.of(Weight.LOST)
    assert report.words.read <= report.words.filed + report.words.left_out
    assert [(i.number, i.cover_date, i.sort_date.month) for i in Issue.objects.order_by("sort_date")] == [
        ("7", "Spring 1921", 4),
        ("8", "Summer 1921", 7),
        ("9", "Winter 1922", 1),
    ]
    assert Article.objects.count() == 6
    assert report.counted["words in elements that the profile drops were left out"] > 60


def test_each_piece_of_it_is_what_was_printed(journal: Path) -> None:
    small.bring_in(journal, PROFILE)
    boat = Article.objects.get(issue__number="7", position=1)
    assert (boat.headline, boat.byline) == ("The Lifeboat of 1921", "Hester Pell; Amos Quint")
    assert [a.contributor.name for a in boat.authorships.all()] == ["Hester Pell", "Amos Quint"]
    blocks = from_stream(boat.body.raw_data)
    paragraphs = [text_of(b) for b in blocks if isinstance(b, Paragraph)]
    assert paragraphs[0].startswith("Nobody slept")
    assert paragraphs[1].startswith("Seven of them came home.")
    assert not any("OILSKINS" in text_of(b) for b in blocks)
    assert [text_of(b) for b in blocks if isinstance(b, Note)] == [
        "She was a brig of Whitby, with coal.",
        "On the north wall.",
    ]
    (table,) = [b for b in blocks if isinstance(b, Table)]
    assert table.rows[-1] == ("Since then", "", "212")
    songs = Article.objects.get(issue__number="7", position=2)
    (verse,) = [b for b in from_stream(songs.body.raw_data) if isinstance(b, Verse)]
    assert verse.text.count("\n") == 4
    assert Picture.objects.count() == 3, "each issue has a picture of its own, though all are called boat.png"
