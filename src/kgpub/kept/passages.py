"""What was taken from each source document, passage by passage: a file of the snapshot, written off the look-up file.

The look-up file keeps the sources of each statement by the statement; this one turns that round, so that a page of a
document reads a slice by position however many statements were taken from it.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from kgpub.errors import SnapshotBroken
from kgpub.model import Counted, Term

FILE = "passages.sqlite"
"""The file's name in a snapshot."""
MOST_GRAPHS = 100
"""Graphs drawn from one document that are named."""

_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;
CREATE TABLE taken (document TEXT, position INTEGER, line INTEGER, subject TEXT, predicate TEXT, object TEXT,
  statement TEXT, PRIMARY KEY (document, position)) WITHOUT ROWID;
CREATE TABLE drawn (document TEXT, graph TEXT, PRIMARY KEY (document, graph)) WITHOUT ROWID;
"""
_FILL = """
INSERT INTO taken
SELECT document, row_number() OVER (PARTITION BY document ORDER BY line IS NULL, line, quote, subject, predicate,
  object, statement) - 1, line, subject, predicate, object, statement
FROM (SELECT json_extract(source, '$.document') AS document, json_extract(source, '$.line') AS line,
        json_extract(source, '$.quote[0]') AS quote, json_extract(source, '$.statement') AS statement,
        subject, predicate, object FROM look.sources)
WHERE document <> '' AND statement <> '' AND (subject LIKE '<%' OR subject LIKE '\\_:%' ESCAPE '\\')
  AND predicate LIKE '<%';
INSERT INTO drawn SELECT document, graph FROM look.graph_sources;
"""


@dataclass(frozen=True)
class Taken:
    """A statement that was taken from a document: its triple (terms as stored), where, and its statement node."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: Term
    statement: str
    line: int | None = None


def write(folder: Path) -> None:
    """Add the file to a snapshot's folder that has its look-up file already."""
    db = sqlite3.connect(folder / FILE)
    try:
        db.executescript(_SCHEMA)
        db.execute("ATTACH ? AS look", (str(folder / "index.sqlite"),))
        db.executescript(_FILL)
        db.commit()
    finally:
        db.close()


class Passages:
    """The passages of one snapshot, opened for reading."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises ``SnapshotBroken`` when it cannot be."""
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
            self._db.execute("SELECT 1 FROM taken LIMIT 1")
        except sqlite3.Error as error:
            raise SnapshotBroken(f"{path}: cannot be read: {error}") from error

    def count(self, document: str) -> int:
        """How many statements were taken from a document."""
        sql = "SELECT position + 1 FROM taken WHERE document = ? ORDER BY position DESC LIMIT 1"
        return next((int(row[0]) for row in self._all(sql, (document,))), 0)

    def taken(self, document: str, start: int, size: int) -> tuple[Taken, ...]:
        """A slice of what was taken from a document, in the order of its lines; ``start`` counts from 0."""
        sql = (
            "SELECT subject, predicate, object, statement, line FROM taken"
            " WHERE document = ? AND position >= ? AND position < ? ORDER BY position"
        )
        return tuple(_read(self._all(sql, (document, start, start + size))))

    def start(self, document: str, line: int) -> int:
        """The position of the first statement from a line on; 0 where there is none."""
        sql = "SELECT position FROM taken WHERE document = ? AND line >= ? ORDER BY position LIMIT 1"
        return next((int(row[0]) for row in self._all(sql, (document, line))), 0)

    def graphs(self, document: str) -> tuple[str, ...]:
        """The named graphs that are drawn from a document; a bounded number."""
        sql = "SELECT graph FROM drawn WHERE document = ? ORDER BY graph LIMIT ?"
        return tuple(row[0] for row in self._all(sql, (document, MOST_GRAPHS)))

    def documents(self, most: int) -> tuple[Counted, ...]:
        """The documents that statements were taken from and how many were, in order of their IRIs; at most so many."""
        sql = (
            "WITH RECURSIVE named(document) AS (SELECT min(document) FROM taken UNION ALL"
            " SELECT (SELECT min(document) FROM taken WHERE taken.document > named.document) FROM named"
            " WHERE named.document IS NOT NULL) SELECT document FROM named WHERE document IS NOT NULL LIMIT ?"
        )
        return tuple(Counted(row[0], self.count(row[0])) for row in self._all(sql, (most,)))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _all(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:  # Any: SQLite's column types
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise SnapshotBroken(f"the passages cannot be read: {error}") from error


def _read(rows: list[tuple[Any, ...]]) -> Iterator[Taken]:  # Any: SQLite's column types
    """Rows as statements; one whose terms make no triple says nothing."""
    for subject, predicate, target, statement, line in rows:
        try:
            quad = next(iter(parse(f"{subject} {predicate} {target} .", format=RdfFormat.N_TRIPLES)))
        except SyntaxError:
            continue
        if not isinstance(quad.subject, Triple):
            yield Taken(quad.subject, quad.predicate, quad.object, statement, line)
