"""The index hears of every change, and survives what happens to files and processes."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from backnumber.archive.blocks import to_stream
from backnumber.archive.models import Article, Authorship, Contributor, Issue
from backnumber.search import index, queries, service
from backnumber.search.models import Change
from tests import making
from tests.search.conftest import Ask


def test_an_article_is_found_by_each_of_its_parts(ask: Ask) -> None:
    making.article(
        "Walls of Ravenna",
        by="Eleanor Marsh",
        standfirst="Exarchs besieged.",
        body=making.paragraphs("mosaicword"),
    )
    for text in ("ravenna", "wall", "exarch", "marsh", "mosaicword7", "MÁRSH", '"walls of ravenna"'):
        assert ask(text) == ["Walls of Ravenna"], text
    assert ask("byzantium") == []


def test_a_published_article_is_found_at_once_and_a_draft_never(ask: Ask) -> None:
    assert ask("aqueduct") == []
    making.article("Aqueduct")
    making.article("Aqueduct in draft", live=False)
    making.article("Aqueduct of a draft issue", of=making.issue(date(2000, 1, 1), live=False))
    assert ask("aqueduct") == ["Aqueduct"]


def test_a_withdrawn_article_disappears_at_once(ask: Ask) -> None:
    article = making.article("Aqueduct")
    assert ask("aqueduct") == ["Aqueduct"]
    Article.objects.filter(pk=article.pk).update(live=False)
    assert ask("aqueduct") == []
    assert queries.search_index().size() == 0


def test_a_changed_article_is_found_by_its_new_words_only(ask: Ask) -> None:
    article = making.article("Aqueduct", body=making.paragraphs("oldword", "older"))
    assert ask("oldword3") == ["Aqueduct"]
    article.body = to_stream(making.paragraphs("newword", "newer"))
    article.save()
    assert ask("newword3") == ["Aqueduct"]
    assert ask("oldword3") == []


def test_a_deleted_article_leaves_the_index(ask: Ask) -> None:
    article = making.article("Aqueduct")
    ask("aqueduct")
    article.delete()
    assert ask("aqueduct") == []
    assert queries.search_index().size() == 0


def test_a_withdrawn_issue_takes_its_articles_along_and_brings_them_back(ask: Ask) -> None:
    article = making.article("Aqueduct")
    assert ask("aqueduct") == ["Aqueduct"]
    Issue.objects.filter(pk=article.issue_id).update(live=False)
    assert ask("aqueduct") == []
    Issue.objects.filter(pk=article.issue_id).update(live=True)
    assert ask("aqueduct") == ["Aqueduct"]


def test_an_issue_given_another_date_is_found_in_its_new_decade(ask: Ask) -> None:
    article = making.article("Aqueduct")
    assert ask("aqueduct", decade=1990) == ["Aqueduct"]
    Issue.objects.filter(pk=article.issue_id).update(sort_date=date(1951, 3, 1))
    assert ask("aqueduct", decade=1990) == []
    assert ask("aqueduct", decade=1950) == ["Aqueduct"]


def test_a_contributor_is_found_under_a_new_name_and_its_variants(ask: Ask) -> None:
    article = making.article("Aqueduct", byline="")
    ask("aqueduct")
    Contributor.objects.update(name="Eleanor Fenwick", variants="E. Marsh-Fenwick")
    assert ask("fenwick") == ["Aqueduct"]
    Authorship.objects.filter(article=article).delete()
    assert ask("fenwick") == []


def test_filters_keep_to_a_title_a_section_and_a_decade(ask: Ask) -> None:
    sister = making.title("The Sandglass")
    making.article("Fort one", of=making.issue(date(1951, 1, 1)), section=making.section("War"))
    making.article("Fort two", of=making.issue(date(1999, 1, 1), of=sister), section=making.section("Places"))
    assert sorted(ask("fort")) == ["Fort one", "Fort two"]
    assert ask("fort", title=sister.pk) == ["Fort two"]
    assert ask("fort", decade=1950) == ["Fort one"]
    assert ask("fort", section=making.section("Places").pk) == ["Fort two"]
    assert ask("fort", decade=1950, title=sister.pk) == []


def test_the_headline_counts_for_more_than_the_text(ask: Ask) -> None:
    making.article("Gates", body=making.paragraphs("harbour", "other"), standfirst="")
    making.article("Harbour1", body=making.paragraphs("sand", "other"), standfirst="")
    assert ask("harbour1") == ["Harbour1", "Gates"]


def test_a_change_noted_by_a_transaction_that_ends_late_is_not_missed(ask: Ask) -> None:
    """The older transaction's row appears only after those of a younger one have been heard of."""
    late, early = making.article("Late"), making.article("Early")
    ask("early")
    note = "INSERT INTO search_change (article_id, xid, at) VALUES (%s, pg_current_xact_id()::text::bigint, now()) RETURNING id"
    with (
        psycopg.connect(**connection.get_connection_params()) as older,
        psycopg.connect(**connection.get_connection_params()) as younger,
    ):
        first = older.execute(note, [late.pk]).fetchone()
        second = younger.execute(note, [early.pk]).fetchone()
        younger.commit()
        assert ask("early") == ["Early"]
        assert second is not None
        assert second[0] in {change for _, change in queries.search_index().state().ahead}
        Article.objects.filter(pk=late.pk).update(headline="Late owl")
        Change.objects.filter(article_id=late.pk).delete()
        assert ask("owl") == [], "the control: nothing has told of it yet"
        older.commit()
        try:
            assert ask("owl") == ["Late owl"]
        finally:
            older.execute(
                "DELETE FROM search_change WHERE id = ANY(%s)", [[row[0] for row in (first, second) if row]]
            )


def test_more_changes_than_are_heard_of_at_once_are_all_heard_of_in_the_end(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 2)
    service.follow()
    for number in range(25):
        making.article(f"Aqueduct {number}")
    service.follow()
    assert queries.search_index().size() == 25
    assert not queries.changes(queries.search_index().state(), 10).rows


def test_many_articles_saved_in_one_statement_are_noted_once_each(db: None) -> None:
    issue = making.issue()
    Article.objects.bulk_create(Article(issue=issue, headline=f"A{n}", slug=f"a{n}") for n in range(50))
    assert Change.objects.count() == 50
    Article.objects.update(position=3)
    assert Change.objects.count() == 50, "the place in the running order is not in the index"
    Article.objects.update(standfirst="New")
    assert Change.objects.count() == 100


def test_a_rebuild_tells_how_far_it_is_and_leaves_one_index(db: None, search_folder: Path) -> None:
    for number in range(3):
        making.article(f"Aqueduct {number}")
    told: list[tuple[int, int]] = []
    assert service.rebuild(lambda done, of: told.append((done, of))) == 3
    assert service.rebuild() == 3
    assert told == [(3, 3)]
    assert len(list(search_folder.glob("index-*"))) == 1


@pytest.mark.parametrize("damage", ["state", "state-gone", "meta", "segment", "folder"])
def test_a_damaged_index_is_built_anew(ask: Ask, search_folder: Path, damage: str) -> None:
    making.article("Aqueduct")
    assert ask("aqueduct") == ["Aqueduct"]
    folder = next(search_folder.glob("index-*"))
    if damage == "state":
        (search_folder / "state.json").write_text('{"folder":')
    elif damage == "state-gone":
        (search_folder / "state.json").unlink()
    elif damage == "folder":
        for path in folder.iterdir():
            path.unlink()
        (search_folder / "state.json").touch()
    else:
        for path in folder.glob("meta.json" if damage == "meta" else "*.idx"):
            path.write_bytes(b"\x00")
        (search_folder / "state.json").touch()
    queries._index_in.cache_clear()
    try:
        assert ask("aqueduct") == ["Aqueduct"]
    except index.Broken:
        service.repair()
        assert ask("aqueduct") == ["Aqueduct"]


def test_an_index_of_another_database_is_built_anew(ask: Ask) -> None:
    making.article("Aqueduct")
    ask("aqueduct")
    state = queries.search_index().state()
    queries.search_index().set_state(index.IndexState("index-x", "other/1", state.xid, 0, state.seen))
    assert ask("aqueduct") == ["Aqueduct"]


def test_an_index_that_was_away_longer_than_changes_are_kept_is_built_anew(ask: Ask) -> None:
    making.article("Aqueduct")
    ask("aqueduct")
    state = queries.search_index().state()
    long_ago = (datetime.now(UTC) - service.KEPT).isoformat()
    queries.search_index().set_state(index.IndexState(state.folder, state.database, state.xid, 0, long_ago))
    Article.objects.update(headline="Bridge")
    Change.objects.all().delete()
    assert ask("bridge") == ["Bridge"]


def test_the_nightly_look_over_finds_what_no_change_told_of(ask: Ask) -> None:
    making.article("Aqueduct")
    ask("aqueduct")
    making.article("Bridge")
    Change.objects.all().delete()
    Change.objects.create(article_id=1, xid=1, at=datetime.now(UTC) - service.KEPT - timedelta(days=1))
    service.check()
    assert ask("bridge") == ["Bridge"]
    assert not Change.objects.filter(article_id=1).exists()


def test_a_second_writer_leaves_the_first_alone_and_reads(ask: Ask) -> None:
    making.article("Aqueduct")
    assert ask("aqueduct") == ["Aqueduct"]
    with queries.search_index().writing() as mine:
        assert mine
        with queries.search_index().writing() as other:
            assert not other
        making.article("Aqueduct again")
        assert ask("aqueduct") == ["Aqueduct"]
    assert len(ask("aqueduct")) == 2


WRITER = """
import sys, time
from pathlib import Path
from backnumber.search.index import SearchIndex, IndexState
search_index = SearchIndex(Path(sys.argv[1]))
with search_index.writing() as mine:
    state = search_index.state()
    print("writing", mine, flush=True)
    number = 0
    while True:
        number += 1
        rows = [{"key": n, "headline": f"aqueduct round{number}", "standfirst": "", "names": "", "body": "word " * 500,
                 "title": 1, "section": 1, "decade": 1990, "year": 1999, "date": 1} for n in range(1, 21)]
        search_index.write(state, range(1, 21), rows)
        search_index.set_state(state)
"""


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.35, 0.6, 0.9])
def test_killed_while_writing_the_index_is_whole_and_the_next_process_writes(
    search_folder: Path, moment: float
) -> None:
    """Each round replaces all twenty articles: a half-written one would show two rounds, or another number of articles."""
    search_index = index.SearchIndex(search_folder)
    search_folder.mkdir(parents=True)
    with search_index.writing() as mine:
        assert mine
        search_index.set_state(
            index.IndexState(search_index.build([]), "test", 1, 0, datetime.now(UTC).isoformat())
        )
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(search_folder)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "writing True"
        with search_index.writing() as mine:
            assert not mine, "the control: the other process holds the lock"
        time.sleep(moment)
        writer.kill()
    search_index = index.SearchIndex(search_folder)
    total, _ = search_index.find(index.query([(("aqueduct",), True)], {}), 20, 0)
    assert total in {0, 20}
    assert search_index.size() == total
    with search_index.writing() as mine:
        assert mine
        search_index.write(search_index.state(), range(1, 21), [])
        search_index.set_state(search_index.state())
    assert search_index.size() == 0


def test_no_text_can_be_read_back_from_the_documents_of_the_index(ask: Ask) -> None:
    making.article("Aqueduct")
    ask("aqueduct")
    searcher = queries.search_index().searcher()
    found = searcher.search(index.query([(("firstcanary1",), True)], {}), 5)
    assert found.count == 1, "the control: gated words are found"
    assert [set(searcher.doc(address).to_dict()) for _, address in found.hits] == [{"key"}]
