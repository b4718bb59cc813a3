"""The index on disk: where it is, how it is opened, written and replaced. It must not know the archive's tables.

`state.json` names the folder of the index in use and how far it has followed the archive. It is replaced whole, after the
index has been committed: a process killed in between does its last step again. One process writes (a lock of the file system,
which ends with the process); every other one reads what there is.
"""

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder, Searcher

from backnumber.search.analysis import analyser

VERSION = 3
WRITER_BYTES = 15_000_000
REBUILD_BYTES = (
    2_000_000_000  # a limit: what is really taken grows with the archive; the index becomes one segment
)
MANY_SEGMENTS = 8  # each write by a search adds one; they are merged in the background
TEXTS = {"headline": 5.0, "names": 3.0, "standfirst": 2.0, "body": 1.0}
NUMBERS = ("title", "section", "decade", "year", "date")
KEYS = ("contributor",)
"""As NUMBERS, of which an article has several."""


class Broken(Exception):
    """There is no index that can be read: missing, damaged, of an older make, or of another database."""


class Unwritten(Exception):
    """What there is can be read, but not added to: a full disk."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which index is in use and what it has heard of: every change up to (`xid`, `change`), and those in `ahead`.

    `seen` and `checked` are instants: when it last heard of anything, and when it was last compared with the archive.
    """

    folder: str
    database: str
    xid: int
    change: int
    seen: str
    checked: str = ""
    ahead: tuple[tuple[int, int], ...] = ()
    version: int = VERSION


@cache
def schema() -> Schema:
    """Only the article's key is stored: no text can be read back from the documents of the index."""
    builder = SchemaBuilder().add_integer_field("key", stored=True, indexed=True, fast=True)
    for name in TEXTS:
        builder = builder.add_text_field(name, stored=False, tokenizer_name="words")
    for name in NUMBERS:
        builder = builder.add_integer_field(name, indexed=True, fast=True)
    for name in KEYS:
        builder = builder.add_integer_field(name, indexed=True)
    return builder.build()


@contextmanager
def _own_words(said: type[Exception] = Broken) -> Iterator[None]:
    """Errors: `said` for whatever tantivy makes of a damaged index or a full disk.

    A panic of its Rust is one of them: a BaseException of no public class.
    """
    try:
        yield
    except (ValueError, OSError) as error:
        raise said(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise said(str(error)) from error
        raise


class SearchIndex:
    """The index in one folder of this node's disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: tuple[tuple[int, int], Searcher] | None = None
        self._opening = threading.Lock()

    @property
    def _standing_file(self) -> Path:
        return self.folder / "state.json"

    def state(self) -> IndexState:
        """Errors: Broken when there is none, or it is of another make."""
        try:
            found = json.loads(self._standing_file.read_bytes())
            state = IndexState(**{**found, "ahead": tuple((int(x), int(c)) for x, c in found["ahead"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Broken("no index has been built") from error
        if state.version != VERSION:
            raise Broken("the index is of another make")
        return state

    def set_state(self, state: IndexState) -> None:
        """Promise: `state` is on disk. Errors: Unwritten; the one before it is still there."""
        part = self.folder / f".state-{uuid4().hex}"
        try:
            with part.open("w") as file:
                json.dump(asdict(state), file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._standing_file)
            self._sync_folder()
        except OSError as error:
            part.unlink(missing_ok=True)
            raise Unwritten(str(error)) from error

    def _sync_folder(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def forget(self) -> None:
        """Promise: the index last opened here is not used again; one that has replaced it is."""
        with self.writing() as mine:
            if (
                mine
                and self._standing_file.is_file()
                and (self._opened or (self.stamp(),))[0] == self.stamp()
            ):
                self._standing_file.unlink(missing_ok=True)

    @contextmanager
    def writing(self, *, wait: bool = False) -> Iterator[bool]:
        """Promise: True inside when this is the only writer; with `wait`, always. Errors: Unwritten."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = (self.folder / "lock").open("a")
        except OSError as error:
            raise Unwritten(str(error)) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def searcher(self) -> Searcher:
        """Promise: what the index in use held when it was last written. Errors: Broken."""
        with self._opening:
            stamp = self.stamp()
            if self._opened is None or self._opened[0] != stamp:
                self._opened = (stamp, self._open(self.state()).searcher())
            return self._opened[1]

    def stamp(self) -> tuple[int, int]:
        try:
            stat = self._standing_file.stat()
        except OSError as error:
            raise Broken("no index has been built") from error
        return stat.st_ino, stat.st_mtime_ns

    def _open(self, state: IndexState) -> Index:
        path = self.folder / state.folder
        with _own_words():
            if not Index.exists(str(path)):
                raise Broken("the index is gone from the disk")
            return _with_words(Index.open(str(path)))

    def write(self, state: IndexState, gone: Iterable[int], documents: Iterable[dict[str, Any]]) -> None:
        """Promise: the articles `gone` are out of the index and `documents` in it, on disk, all or none. Nothing is merged.

        Errors: Broken when there is none to add to, Unwritten when it cannot be added to.
        """
        index = self._open(state)
        with _own_words(Unwritten):
            _fill(index, WRITER_BYTES, gone, documents)

    def merge(self, state: IndexState) -> None:
        """Promise: small segments have become larger ones, by tantivy's own policy; takes seconds in a large archive, and no
        search waits for it. Errors: Broken, Unwritten.
        """
        index = self._open(state)
        with _own_words(Unwritten):
            writer = index.writer(WRITER_BYTES, 1)
            writer.commit()
            writer.wait_merging_threads()
        self.set_state(state)

    def wants_merging(self) -> bool:
        """Errors: Broken."""
        return int(self.searcher().num_segments) >= MANY_SEGMENTS

    def build(self, documents: Iterable[dict[str, Any]]) -> str:
        """Promise: a new index beside the one in use; its folder's name. Nobody reads it until `stand` names it.

        Errors: Unwritten; nothing of it is left.
        """
        name = f"index-{uuid4().hex}"
        path = self.folder / name
        try:
            with _own_words(Unwritten):
                path.mkdir(parents=True)
                _fill(_with_words(Index(schema(), path=str(path))), REBUILD_BYTES, (), documents)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return name

    def sweep(self, state: IndexState) -> None:
        """Promise: indexes no longer in use, and leavings of killed processes, are removed. Only for the writer."""
        for path in self.folder.iterdir():
            if path.name.startswith("index-") and path.name != state.folder:
                shutil.rmtree(path, ignore_errors=True)
            if path.name.startswith(".state-"):
                path.unlink(missing_ok=True)

    def find(self, query: Query, limit: int, offset: int) -> tuple[int, list[int]]:
        """Promise: how many articles answer, and the keys of those from `offset`, best first. Errors: Broken."""
        searcher = self.searcher()
        with _own_words():
            result = searcher.search(query, limit, offset=offset)
            keys = searcher.fast_field_values("key", [address for _, address in result.hits])
            return result.count, [int(key) for key in keys if key is not None]

    def size(self) -> int:
        """Promise: how many articles are in it. Errors: Broken."""
        return int(self.searcher().num_docs)


def _with_words(index: Index) -> Index:
    index.register_tokenizer("words", analyser())
    return index


def _fill(index: Index, memory: int, gone: Iterable[int], documents: Iterable[dict[str, Any]]) -> None:
    """What is merged meanwhile is given up with the writer: whoever waits for merges calls `SearchIndex.merge`."""
    writer = index.writer(memory, 1)
    for key in gone:
        writer.delete_documents_by_query(Query.term_query(schema(), "key", key))
    for document in documents:
        writer.add_document(Document.from_dict(document, schema()))
    writer.commit()


def query(clauses: Sequence[tuple[tuple[str, ...], bool]], only: dict[str, int]) -> Query:
    """Promise: what finds every article with all wanted runs of terms, none of the unwanted, and the numbers in `only`."""
    parts = [(Occur.Must if wanted else Occur.MustNot, _anywhere(terms)) for terms, wanted in clauses]
    for name, number in only.items():
        parts.append((Occur.Must, Query.const_score_query(Query.term_query(schema(), name, number), 0.0)))
    return Query.boolean_query(parts)


def _anywhere(terms: tuple[str, ...]) -> Query:
    return Query.boolean_query(
        [(Occur.Should, Query.boost_query(_run(name, terms), boost)) for name, boost in TEXTS.items()]
    )


def _run(field: str, terms: tuple[str, ...]) -> Query:
    if len(terms) == 1:
        return Query.term_query(schema(), field, terms[0])
    return Query.phrase_query(schema(), field, list(terms))
