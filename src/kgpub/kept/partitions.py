"""What the default graph is made of, as a snapshot keeps it: classes, properties, links to elsewhere, and coverage.

The figures are small and capped; the list of all pages, which is not, is a table that is read by slices.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kgpub.errors import SnapshotBroken

FILE = "partitions.sqlite"
"""The file of a snapshot that holds them; ``kgpub.making.counting`` writes it."""
SCHEMA = """
CREATE TABLE figures (value TEXT);
CREATE TABLE pages (position INTEGER PRIMARY KEY, iri TEXT);
CREATE TABLE maps (number INTEGER PRIMARY KEY, start INTEGER, stop INTEGER);
CREATE TABLE entities (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE base (iri TEXT);
"""

_SLICE = 1_000


@dataclass(frozen=True)
class Usage:
    """How a property is used: its triples, their distinct subjects and objects."""

    iri: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class ClassPartition:
    """The members of a class and all that is said of them.

    ``example`` is a member that has a page here, ``kind`` the schema.org type that fits; ``properties`` are the most
    used ones, of the largest classes only.
    """

    iri: str
    entities: int
    triples: int
    objects: int
    example: str = ""
    kind: str = ""
    properties: tuple[Usage, ...] = ()


@dataclass(frozen=True)
class Linkset:
    """Links by one property from things of this site to things whose IRIs begin with ``space``, elsewhere."""

    predicate: str
    space: str
    triples: int


@dataclass(frozen=True)
class Partitions:
    """The figures of the default graph.

    ``triples``, ``subjects``, ``objects``, ``properties`` and ``classes`` count distinct terms, ``entities`` the
    subjects that are IRIs. ``start`` and ``end`` are the first and last date (ISO 8601, as far as it is said) that
    the properties of ``[coverage]`` give, ``places`` the things they name.
    """

    triples: int = 0
    subjects: int = 0
    objects: int = 0
    properties: int = 0
    classes: int = 0
    entities: int = 0
    by_class: tuple[ClassPartition, ...] = ()
    by_property: tuple[Usage, ...] = ()
    linksets: tuple[Linkset, ...] = ()
    vocabularies: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    places: tuple[str, ...] = ()
    maps: int = 0

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The schema.org types that fit the described classes."""
        return {part.iri: part.kind for part in self.by_class if part.kind}


class PartitionsFile:
    """The file of one snapshot, opened for reading."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises ``SnapshotBroken`` when it cannot be."""
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
            value = json.loads(self._db.execute("SELECT value FROM figures").fetchone()[0])
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise SnapshotBroken(f"{path}: cannot be read: {error}") from error
        self.figures = _partitions(value)
        """What was counted."""

    def pages(self, number: int) -> Iterator[str]:
        """The IRIs of the things on site map ``number`` (from 1), sorted, read by slices; none beyond the last."""
        row = self._db.execute("SELECT start, stop FROM maps WHERE number = ?", (number,)).fetchone()
        start, stop = row or (0, 0)
        for first in range(start, stop, _SLICE):
            last = min(first + _SLICE, stop)
            sql = "SELECT iri FROM pages WHERE position >= ? AND position < ? ORDER BY position"
            yield from (iri for (iri,) in self._db.execute(sql, (first, last)).fetchall())

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _partitions(value: dict[str, Any]) -> Partitions:  # Any: what json.loads gives
    known = {"by_class": _class, "by_property": lambda one: Usage(**one), "linksets": lambda one: Linkset(**one)}
    plain: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in value.items()}
    return Partitions(**plain | {name: tuple(map(read, value[name])) for name, read in known.items()})


def _class(value: dict[str, Any]) -> ClassPartition:  # Any: what json.loads gives
    return ClassPartition(**value | {"properties": tuple(Usage(**one) for one in value["properties"])})
