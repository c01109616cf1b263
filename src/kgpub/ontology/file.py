"""The file of a snapshot that holds the documentation of its ontology and shapes, read by slices."""

import sqlite3
from pathlib import Path
from typing import Any

from kgpub.errors import SnapshotBroken
from kgpub.ontology.model import Entry, Line, OntologyTerm, Overview, Shape, overview_of, shape_of, term_of

FILE = "ontology.sqlite"
"""The file's name in a snapshot."""
FOLDER = "ontology"
"""The folder in a snapshot with the RDF files, named like ``ontology.ttl`` and ``shapes.jsonld``."""
SCHEMA = """
CREATE TABLE overview (value TEXT);
CREATE TABLE terms (iri TEXT PRIMARY KEY, anchor TEXT UNIQUE, kind TEXT, own INTEGER, deprecated INTEGER, count INTEGER,
  value TEXT) WITHOUT ROWID;
CREATE TABLE outline (language TEXT, position INTEGER, iri TEXT, depth INTEGER, also TEXT,
  PRIMARY KEY (language, position)) WITHOUT ROWID;
CREATE TABLE shapes (position INTEGER PRIMARY KEY, iri TEXT, anchor TEXT UNIQUE, value TEXT);
CREATE INDEX shapes_iri ON shapes (iri);
CREATE TABLE concerns (iri TEXT, shape INTEGER, part INTEGER, PRIMARY KEY (iri, shape, part)) WITHOUT ROWID;
"""
WHOLE = -1
"""Stands for the whole shape where a part is asked for."""


class Ontology:
    """The documentation of one snapshot, opened for reading."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises ``SnapshotBroken`` when it cannot be."""
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
            self.overview: Overview = overview_of(self._db.execute("SELECT value FROM overview").fetchone()[0])
            """What the whole is."""
        except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
            raise SnapshotBroken(f"{path}: cannot be read: {error}") from error

    def lines(self, language: str, start: int, size: int) -> tuple[Line, ...]:
        """A slice of the outline of all terms, in a language's order; ``start`` counts from 0."""
        sql = (
            "SELECT iri, anchor, kind, own, deprecated, count, depth, also FROM outline JOIN terms USING (iri)"
            " WHERE language = ? AND position >= ? AND position < ? ORDER BY position"
        )
        rows = self._all(sql, (language, start, start + size))
        return tuple(Line(_entry(row[:6]), row[6], tuple(row[7].split())) for row in rows)

    def entry(self, iri: str) -> Entry | None:
        """A term in short, by its IRI; None where it is not documented."""
        rows = self._all("SELECT iri, anchor, kind, own, deprecated, count FROM terms WHERE iri = ?", (iri,))
        return _entry(rows[0]) if rows else None

    def term(self, anchor: str) -> OntologyTerm | None:
        """A term by its anchor; None where there is none."""
        rows = self._all("SELECT value FROM terms WHERE anchor = ?", (anchor,))
        return term_of(rows[0][0]) if rows else None

    def position(self, iri: str, language: str) -> int:
        """Where a term stands in the outline, from 0."""
        rows = self._all("SELECT position FROM outline WHERE language = ? AND iri = ?", (language, iri))
        return int(rows[0][0]) if rows else 0

    def shapes(self, start: int, size: int) -> tuple[Shape, ...]:
        """A slice of the shapes; ``start`` counts from 0."""
        sql = "SELECT value FROM shapes WHERE position >= ? AND position < ? ORDER BY position"
        return tuple(shape_of(row[0]) for row in self._all(sql, (start, start + size)))

    def shape(self, anchor: str) -> Shape | None:
        """A shape by its anchor; None where there is none."""
        rows = self._all("SELECT value FROM shapes WHERE anchor = ?", (anchor,))
        return shape_of(rows[0][0]) if rows else None

    def shape_place(self, iri: str) -> tuple[str, int] | None:
        """The anchor of a named shape and its position among all; None where there is none."""
        rows = self._all("SELECT anchor, position FROM shapes WHERE iri = ?", (iri,))
        return (rows[0][0], rows[0][1]) if rows else None

    def concerning(self, iri: str, most: int) -> tuple[tuple[Shape, int], ...]:
        """The shapes that are about a term, each with the part of it that is (or ``WHOLE``); at most so many."""
        sql = (
            "SELECT value, part FROM concerns JOIN shapes ON shape = position WHERE concerns.iri = ?"
            " ORDER BY position, part LIMIT ?"
        )
        return tuple((shape_of(row[0]), row[1]) for row in self._all(sql, (iri, most)))

    def concerns(self, iri: str) -> int:
        """How many shapes and parts of shapes are about a term."""
        return int(self._all("SELECT count(*) FROM concerns WHERE iri = ?", (iri,))[0][0])

    def documents(self, base: str) -> frozenset[str]:
        """The IRIs below a base that stand for the ontology: its namespaces, without their hash, and itself."""
        spaces = (one.namespace.removesuffix("#") for one in self.overview.vocabularies if one.is_own)
        return frozenset(iri for iri in (*spaces, *self.overview.ontologies) if iri.startswith(base) and iri != base)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _all(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:  # Any: SQLite's column types
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise SnapshotBroken(f"the documentation of the ontology cannot be read: {error}") from error


def _entry(row: tuple[Any, ...]) -> Entry:  # Any: SQLite's column types
    iri, anchor, kind, own, deprecated, count = row
    return Entry(iri, anchor, kind, bool(own), bool(deprecated), count)
