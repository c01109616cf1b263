"""Thesauri as a snapshot keeps them: concept schemes, the tree of their concepts, alphabetical lists; read by slices.

The tables are part of the look-up file; ``kgpub.making.arranging`` writes them. The concepts of no scheme are those
of the scheme ``""``.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

from kgpub.errors import SnapshotBroken

SCHEMA = """
CREATE TABLE schemes (iri TEXT PRIMARY KEY, concepts INTEGER, tops INTEGER) WITHOUT ROWID;
CREATE TABLE scheme_order (language TEXT, position INTEGER, iri TEXT, PRIMARY KEY (language, position)) WITHOUT ROWID;
CREATE TABLE concepts (iri TEXT, scheme TEXT, PRIMARY KEY (iri, scheme)) WITHOUT ROWID;
CREATE TABLE broader (iri TEXT, above TEXT, PRIMARY KEY (iri, above)) WITHOUT ROWID;
CREATE TABLE below (iri TEXT PRIMARY KEY, below INTEGER) WITHOUT ROWID;
CREATE TABLE branches (language TEXT, is_top INTEGER, above TEXT, position INTEGER, iri TEXT, below INTEGER,
  PRIMARY KEY (language, is_top, above, position)) WITHOUT ROWID;
CREATE TABLE alphabets (scheme TEXT, position INTEGER, language TEXT, names INTEGER,
  PRIMARY KEY (scheme, position)) WITHOUT ROWID;
CREATE TABLE alphabet (scheme TEXT, language TEXT, position INTEGER, letter TEXT, iri TEXT, name TEXT,
  PRIMARY KEY (scheme, language, position)) WITHOUT ROWID;
CREATE TABLE letters (scheme TEXT, language TEXT, start INTEGER, letter TEXT, names INTEGER,
  PRIMARY KEY (scheme, language, start)) WITHOUT ROWID;
"""
"""``branches`` holds the top concepts of a scheme (``is_top``) and the narrower ones of a concept, sorted for readers
of a language; ``below`` is how many narrower ones each of them has. ``start`` is a position in ``alphabet``."""

_MOST = 20
"""Wider concepts of one, and schemes of one, that are told."""
_HIGHEST = 12
"""Steps of the way up from a concept."""
_MOST_LETTERS = 80


@dataclass(frozen=True)
class Scheme:
    """A concept scheme: how many concepts and how many top concepts it has; ``""`` is the IRI of none."""

    iri: str
    concepts: int
    tops: int


@dataclass(frozen=True)
class Branch:
    """A concept in the tree, and how many narrower ones it has."""

    iri: str
    below: int


@dataclass(frozen=True)
class Alphabet:
    """An alphabetical list of a scheme's concepts: the language of its names (``""`` where none is stated)."""

    language: str
    names: int


@dataclass(frozen=True)
class Letter:
    """A letter of an alphabetical list: where it starts, from 0, and how many names it begins."""

    letter: str
    start: int
    names: int


@dataclass(frozen=True)
class Named:
    """An entry of an alphabetical list."""

    letter: str
    iri: str
    name: str


class Thesaurus:
    """The thesauri of one snapshot; one that was made before there were any has none."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Read out of the look-up file."""
        self._db = db
        self._is_there = bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'schemes'").fetchone())
        self.count = self._one("SELECT count(*) FROM schemes") if self._is_there else 0
        """How many schemes there are, that of the concepts without one included."""

    def schemes(self, language: str, start: int, size: int) -> tuple[Scheme, ...]:
        """A slice of the schemes, sorted by name in a language; ``start`` counts from 0."""
        sql = (
            "SELECT iri, concepts, tops FROM scheme_order JOIN schemes USING (iri)"
            " WHERE language = ? AND position >= ? AND position < ? ORDER BY position"
        )
        return tuple(Scheme(*row) for row in self._all(sql, language, start, start + size))

    def scheme(self, iri: str) -> Scheme | None:
        """A scheme by its IRI; None where there is none."""
        return next((Scheme(*row) for row in self._all("SELECT * FROM schemes WHERE iri = ?", iri)), None)

    def schemes_of(self, concept: str) -> tuple[str, ...]:
        """The schemes that a concept belongs to, ``("",)`` for one that is in none, nothing for what is no concept."""
        sql = "SELECT scheme FROM concepts WHERE iri = ? ORDER BY scheme LIMIT ?"
        return tuple(row[0] for row in self._all(sql, concept, _MOST))

    def tops(self, scheme: str, language: str, start: int, size: int) -> tuple[Branch, ...]:
        """A slice of a scheme's top concepts, sorted by name in a language."""
        return self._branches(True, scheme, language, start, size)

    def narrower(self, concept: str, language: str, start: int, size: int) -> tuple[Branch, ...]:
        """A slice of the narrower concepts of one, sorted by name in a language."""
        return self._branches(False, concept, language, start, size)

    def below(self, concept: str) -> int:
        """How many narrower concepts one has."""
        return self._one("SELECT below FROM below WHERE iri = ?", concept)

    def broader(self, concept: str) -> tuple[str, ...]:
        """The wider concepts of one, whichever side says so; a bounded number."""
        sql = "SELECT above FROM broader WHERE iri = ? ORDER BY above LIMIT ?"
        return tuple(row[0] for row in self._all(sql, concept, _MOST))

    def way(self, concept: str) -> tuple[str, ...]:
        """A way down to a concept, the widest first; short, and never in a circle."""
        found: dict[str, None] = {}
        free = self.broader(concept)
        while free and len(found) < _HIGHEST:
            found[free[0]] = None
            free = tuple(one for one in self.broader(free[0]) if one != concept and one not in found)
        return tuple(reversed(found))

    def alphabets(self, scheme: str) -> tuple[Alphabet, ...]:
        """The languages in which the concepts of a scheme are listed."""
        sql = "SELECT language, names FROM alphabets WHERE scheme = ? ORDER BY position"
        return tuple(Alphabet(*row) for row in self._all(sql, scheme))

    def letters(self, scheme: str, language: str) -> tuple[Letter, ...]:
        """The first letters of the names in a list, in their order; a bounded number."""
        sql = "SELECT letter, start, names FROM letters WHERE scheme = ? AND language = ? ORDER BY start LIMIT ?"
        return tuple(Letter(*row) for row in self._all(sql, scheme, language, _MOST_LETTERS))

    def names(self, scheme: str, language: str, start: int, size: int) -> tuple[Named, ...]:
        """A slice of an alphabetical list."""
        sql = (
            "SELECT letter, iri, name FROM alphabet WHERE scheme = ? AND language = ?"
            " AND position >= ? AND position < ? ORDER BY position"
        )
        return tuple(Named(*row) for row in self._all(sql, scheme, language, start, start + size))

    def _branches(self, is_top: bool, above: str, language: str, start: int, size: int) -> tuple[Branch, ...]:
        sql = (
            "SELECT iri, below FROM branches WHERE language = ? AND is_top = ? AND above = ?"
            " AND position >= ? AND position < ? ORDER BY position"
        )
        return tuple(Branch(*row) for row in self._all(sql, language, is_top, above, start, start + size))

    def _one(self, sql: str, *values: str) -> int:
        rows = self._all(sql, *values)
        return int(rows[0][0]) if rows else 0

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:  # Any: SQLite's column types
        if not self._is_there:
            return []
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise SnapshotBroken(f"the look-up file cannot be read: {error}") from error
