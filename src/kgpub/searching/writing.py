"""Writing a search index: one document per entity, all of them, or those that differ from the ones of another index.

Beside the index a file keeps a digest of each document, which is compared with what would be written. What an edit
leads to is not reckoned out: what differs is written anew. A replaced document stays where it is, marked, until the
engine merges what it is part of, so that an index of which many were replaced is written as a whole again.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import tantivy

from kgpub.errors import EngineDown
from kgpub.linking import link
from kgpub.searching.documents import Entry, document, schema

DIGESTS = "digests.sqlite"
"""The file of digests, in the folder of an index; its ``user_version`` is how many documents were replaced."""
FEW = 5_000
"""Entities that an index has to have for others to be made of it. It costs little to write fewer, and whose weight is
the same are told in the order of their IRIs as long as all were written in that order."""

_HEAP = 64_000_000
"""Bytes that tantivy may hold of documents that are not on disk yet."""
_LONGEST = 60_000
"""Bytes of an IRI by which its document can be found again; tantivy has no longer terms."""
_WORN = 10
"""One in so many documents that was replaced is too many to go on with an index."""
_FIXED = {"meta.json", ".managed.json"}
"""Files of the same name in every index; of the others none is ever altered."""
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
CREATE TABLE IF NOT EXISTS documents (iri TEXT PRIMARY KEY, digest BLOB) WITHOUT ROWID;
"""


class Former(NamedTuple):
    """An index to begin with: its folder, the file of digests apart, and how many of its documents were replaced."""

    folder: Path
    replaced: int


def former(folder: Path) -> Former | None:
    """The index in a folder, if another one can be made of it."""
    try:
        with closing(_opened(folder)) as db:
            (number,) = db.execute("SELECT count(*) FROM documents").fetchone()
            (replaced,) = db.execute("PRAGMA user_version").fetchone()
    except (sqlite3.Error, TypeError):
        return None
    return Former(folder, replaced) if number >= FEW and replaced * _WORN <= number else None


def write(
    folder: Path, entries: Iterable[Entry], last: Former | None = None, among: Iterable[str] | None = None
) -> int:
    """The number of entities in the index now written to the folder, one per entry; what was there is replaced.

    Where there is a ``last`` one, documents that are the same are taken over from it, its files linked; the entries
    then come in the order of their IRIs. What is found is what a whole index finds; only among hits of equal weight
    are those of documents that were written anew the last. If it is known ``among`` which IRIs the differences are, the
    entries are theirs. Raises ``EngineDown`` when it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DIGESTS).unlink(missing_ok=True)
    try:
        if last is None:
            index = tantivy.Index(schema(), path=str(folder), reuse=False)
        else:
            _take_over(last.folder, folder)
            index = tantivy.Index.open(str(folder))
        if last and among is not None:
            shutil.copyfile(last.folder / DIGESTS, folder / DIGESTS)
        with closing(sqlite3.connect(folder / DIGESTS)) as db:
            db.executescript(_SCHEMA)
            return _Writing(index, db, last).write(entries, among)
    except ValueError as error:  # so it tells of a full disk, too
        raise EngineDown(f"the search index cannot be written, nothing was published: {error}") from error


class _Writing:
    """An index that is being written, with the file of digests."""

    def __init__(self, index: tantivy.Index, db: sqlite3.Connection, last: Former | None) -> None:
        self._writer = index.writer(heap_size=_HEAP, num_threads=1)
        self._db = db
        self._last = last
        self._replaced = last.replaced if last else 0
        self._is_kept = True

    def write(self, entries: Iterable[Entry], among: Iterable[str] | None) -> int:
        """Write what differs, and all digests; how many documents there are."""
        if self._last is not None and among is not None:
            self._exchange(entries, among)
        else:
            rows = self._added(entries) if self._last is None else self._altered(entries, self._last)
            self._db.executemany("INSERT INTO documents VALUES (?, ?)", rows)
        self._writer.commit()
        self._writer.wait_merging_threads()
        (number,) = self._db.execute("SELECT count(*) FROM documents").fetchone()
        # an index that has a document which cannot be found again is worn out from the first
        self._db.execute(f"PRAGMA user_version = {self._replaced if self._is_kept else number:d}")
        self._db.commit()
        return int(number)

    def _added(self, entries: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
        """Add every document; each with its digest."""
        for entry in entries:
            self._add(entry)
            yield entry.iri, entry.digest

    def _altered(self, entries: Iterable[Entry], last: Former) -> Iterator[tuple[str, bytes]]:
        """Replace the documents that differ, add and take away; every one that is there now with its digest."""
        with closing(_opened(last.folder)) as db:
            there = iter(db.execute("SELECT iri, digest FROM documents ORDER BY iri"))
            one = next(there, None)
            for entry in entries:
                while one is not None and one[0] < entry.iri:
                    self._remove(one[0])
                    one = next(there, None)
                digest = entry.digest
                is_there = one is not None and one[0] == entry.iri
                if one is None or not is_there or one[1] != digest:
                    if is_there:
                        self._remove(entry.iri)
                    self._add(entry)
                if is_there:
                    one = next(there, None)
                yield entry.iri, digest
            while one is not None:
                self._remove(one[0])
                one = next(there, None)

    def _exchange(self, entries: Iterable[Entry], among: Iterable[str]) -> None:
        """Replace those of the documents of some IRIs that differ, add and take away, their digests with them."""
        gone = set(among)
        for entry in entries:
            gone.discard(entry.iri)
            digest, before = entry.digest, self._digest(entry.iri)
            if digest == before:
                continue
            if before is not None:
                self._remove(entry.iri)
            self._add(entry)
            self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", (entry.iri, digest))
        for iri in sorted(gone):
            if self._digest(iri) is not None:
                self._remove(iri)
                self._db.execute("DELETE FROM documents WHERE iri = ?", (iri,))

    def _digest(self, iri: str) -> bytes | None:
        found = self._db.execute("SELECT digest FROM documents WHERE iri = ?", (iri,)).fetchone()
        return found[0] if found else None

    def _add(self, entry: Entry) -> None:
        self._is_kept = self._is_kept and len(entry.iri.encode()) <= _LONGEST
        self._writer.add_document(document(entry))

    def _remove(self, iri: str) -> None:
        self._replaced += 1
        self._writer.delete_documents_by_term("iri", iri)


def _take_over(last: Path, folder: Path) -> None:
    """Have the files of an index in another folder too, but for locks and digests."""
    for file in last.iterdir():
        if file.name in _FIXED:
            shutil.copyfile(file, folder / file.name)
        elif file.name != DIGESTS and not file.name.endswith(".lock"):
            link(file, folder / file.name)


def _opened(folder: Path) -> sqlite3.Connection:
    """The file of digests of a finished index, to read."""
    return sqlite3.connect(f"{(folder / DIGESTS).resolve().as_uri()}?mode=ro&immutable=1", uri=True)
