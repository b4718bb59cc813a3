"""A search never waits for the index to be tidied, and never says that there is nothing when it has not read everything yet."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from backnumber.archive.models import Article
from backnumber.search import index, queries, service
from tests import making
from tests.search.conftest import Ask


@pytest.fixture
def in_background(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a search leaves to the background is noted and not done: another thread would not see a test's rows."""
    left: list[str] = []
    monkeypatch.setattr(service, "_in_background", lambda: left.append("follow"))
    return left


def change_everything() -> None:
    for article in Article.objects.order_by("pk"):
        Article.objects.filter(pk=article.pk).update(standfirst=f"{article.standfirst} Corrected.")


def segments() -> int:
    return int(queries.search_index().searcher().num_segments)


def test_a_search_writes_but_never_merges(ask: Ask, in_background: list[str]) -> None:
    ask("aqueduct")
    for number in range(index.MANY_SEGMENTS + 2):
        making.article(f"Aqueduct {number}")
        assert len(ask("aqueduct")) == number + 1
    assert segments() >= index.MANY_SEGMENTS
    assert in_background, "merging is asked for"
    service.follow()
    assert segments() < index.MANY_SEGMENTS, "the control: the worker merges"
    assert len(ask("aqueduct")) == index.MANY_SEGMENTS + 2


def test_a_merge_begun_elsewhere_leaves_what_is_open_readable(ask: Ask) -> None:
    for number in range(index.MANY_SEGMENTS + 1):
        making.article(f"Aqueduct {number}")
        ask("aqueduct")
    search_index = queries.search_index()
    before = search_index.searcher()
    service.follow()
    query = index.query([(("aqueduct",), True)], {})
    assert before.search(query, 20).count == search_index.searcher().search(query, 20).count


def unlike_words(many: int) -> Iterator[dict[str, object]]:
    """Texts of words that occur once: they take much more memory than those of a magazine."""
    for number in range(many):
        text = " ".join(f"w{number}x{n}" for n in range(400))
        yield {"key": number, "headline": "aqueduct", "standfirst": "", "names": "", "body": text,
               "title": 1, "section": 1, "decade": 1990, "year": 1999, "date": 1}  # fmt: skip


def test_a_rebuild_ends_in_one_segment(search_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search_index = index.SearchIndex(search_folder)
    search_folder.mkdir(parents=True)

    def built() -> int:
        name = search_index.build(unlike_words(1_200))
        search_index.set_state(index.IndexState(name, "test", 1, 0, datetime.now(UTC).isoformat()))
        assert search_index.size() == 1_200
        return int(search_index.searcher().num_segments)

    assert built() == 1
    monkeypatch.setattr(index, "REBUILD_BYTES", index.WRITER_BYTES)
    assert built() > 1, "the control: with less memory it is written in several"


def test_the_newest_change_is_heard_of_first(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, in_background: list[str]
) -> None:
    for number in range(6):
        making.article(f"Aqueduct {number}")
    ask("aqueduct")
    monkeypatch.setattr(service, "AT_ONCE", 2)
    change_everything()
    making.article("Bridge")
    assert ask("bridge") == ["Bridge"]
    assert ask("corrected") != []
    assert in_background
    service.follow()
    assert len(ask("corrected")) == 6
    assert service.keep_up()


def test_what_was_heard_of_first_is_not_forgotten_when_the_older_follow(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, in_background: list[str]
) -> None:
    ask("aqueduct")
    monkeypatch.setattr(service, "AT_ONCE", 1)
    monkeypatch.setattr(service, "MOST_AHEAD", 3)
    for number in range(12):
        making.article(f"Aqueduct {number}", by="")
    found = [len(ask("aqueduct")) for _ in range(12)]
    assert found == list(range(1, 13))
    service.follow()
    assert len(ask("aqueduct")) == 12
    assert service.keep_up()


def page(client: Client, words: str) -> str:
    return client.get("/search/", {"q": words}).content.decode()


def test_with_thousands_of_changes_pending_the_page_says_so_instead_of_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, in_background: list[str], db: None
) -> None:
    service.follow()
    monkeypatch.setattr(service, "AT_ONCE", 2)
    making.article("Aqueduct")
    for number in range(6):
        making.article(f"Bridge {number}")
    behind = page(client, "aqueduct")
    assert "still being read" in behind
    assert "Nothing found" not in behind
    assert "still being read" in page(client, "bridge"), "also where something is found"
    service.follow()
    assert "1 piece found" in page(client, "aqueduct")
    assert "still being read" not in page(client, "aqueduct")
    assert "Nothing found" in page(client, "viaduct"), "the control: what is not there is not there"


def test_while_another_process_writes_a_search_waits_a_moment_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    service.follow()
    monkeypatch.setattr(service, "PATIENCE", 0.05)
    making.article("Aqueduct")
    with queries.search_index().writing() as mine:
        assert mine
        assert "Nothing found" not in page(client, "aqueduct")
        assert "still being read" in page(client, "aqueduct")
    assert "1 piece found" in page(client, "aqueduct")


def test_a_node_whose_worker_never_looks_its_index_over_does_so_itself(
    ask: Ask, in_background: list[str]
) -> None:
    making.article("Aqueduct")
    ask("aqueduct")
    assert in_background == []
    state = queries.search_index().state()
    long_ago = (datetime.now(UTC) - timedelta(hours=31)).isoformat()
    queries.search_index().set_state(index.IndexState(state.folder, state.database, state.xid, state.change, state.seen, long_ago))  # fmt: skip
    ask("aqueduct")
    assert in_background == ["follow"]
    service.check()
    in_background.clear()
    ask("aqueduct")
    assert in_background == []
