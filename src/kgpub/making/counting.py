"""Counting what the default graph is made of, once, at build.

Numbers are asked of the engine (``kgpub.making.tallies``), addresses are listed by SQLite on disk, so that neither the
number of triples nor that of things costs memory.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kgpub.formats import HTML
from kgpub.iris import Iris
from kgpub.kept.kinds import kind
from kgpub.kept.partitions import SCHEMA, ClassPartition, Linkset, Partitions, Usage
from kgpub.making import tallies
from kgpub.making.edits import Edit
from kgpub.making.members import Members
from kgpub.making.noting import Outward
from kgpub.making.recounting import Kept, Told
from kgpub.model import Counted, Term
from kgpub.settings import STANDARD_PREFIXES, Settings

MOST = 1_000
"""Classes, and properties, that are described one by one; the totals count all."""
MOST_INSIDE = 100
"""Classes whose properties are counted, and properties counted in one class: the most used ones."""
MOST_LINKSETS = 500
"""Pairs of a property and a host elsewhere that are described, those with most links."""
URLS = 50_000
"""Most addresses in one site map (sitemaps.org protocol)."""
MAP_BYTES = 40_000_000
"""Most bytes of one site map, with room to the 50 MB of the protocol."""

_RDF = STANDARD_PREFIXES["rdf"]
_MOST_PLACES = 50
_MOST_NAMESPACES = 200
_DATED = re.compile(r"\d{4}(?:-\d{2}){0,2}(?:T.*)?", re.DOTALL)
_ENTRY = 160
"""Bytes that one address costs in a site map beside itself, at most."""
_DATES = tuple(NamedNode(STANDARD_PREFIXES["xsd"] + name) for name in ("date", "dateTime", "gYear", "gYearMonth"))

_WORK = """
CREATE TEMP TABLE retired (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE unlisted (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE places (iri TEXT PRIMARY KEY, uses INTEGER) WITHOUT ROWID;
"""


class Noted(Protocol):
    """What is known of the quads of a store beside the store."""

    def statements(self, nodes: Sequence[str]) -> frozenset[str]:
        """Those of some IRIs and blank nodes (N-Triples notation) that are statement nodes."""

    def subjects(self) -> Iterator[str]:
        """The things of which data graphs say something and which are no statement nodes, in the order of IRIs."""

    def outward(self, most: int) -> Iterator[Outward]:
        """Where links of the default graph lead to, those of RDF itself apart; the most frequent pairs."""


def write(
    path: Path,
    store: Store,
    noted: Noted,
    members: Members,
    settings: Settings,
    *,
    retired: Iterable[str] = (),
    unlisted: Iterable[str] = (),
    edit: Edit | None = None,
) -> None:
    """Count a loaded store and write the file; what was ``noted`` of it tells what has a page.

    ``retired`` things have no page any more: no site map and no example names them. No site map names ``unlisted``
    ones either. ``edit`` is what has changed since the last snapshot, where that is known: the rest is not counted.
    """
    db = sqlite3.connect(path)
    try:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;" + SCHEMA + _WORK)
        counting = _Counting(db, settings, store, members)
        counting.entities(noted.subjects(), retired)
        counting.leave_out(unlisted)
        if edit:
            counting.keep(edit)
        maps = counting.pages()
        figures = counting.figures(maps, noted)
        db.execute("INSERT INTO figures VALUES (?)", (json.dumps(asdict(figures), ensure_ascii=False),))
        db.commit()
    finally:
        db.close()


class _Counting:
    """The file, the store, and the questions to both."""

    def __init__(self, db: sqlite3.Connection, settings: Settings, store: Store, members: Members) -> None:
        self._db = db
        self._members = members
        self._site = settings
        self._store = store
        self._kept: Kept | None = None

    def entities(self, things: Iterable[str], retired: Iterable[str]) -> None:
        """List the things below the base, for the next build to compare with; and note which are retired."""
        self._many("INSERT OR IGNORE INTO retired VALUES (?)", ((iri,) for iri in retired))
        base = self._site.base
        self._db.execute("INSERT INTO base VALUES (?)", (base,))
        self._many("INSERT INTO entities VALUES (?)", ((iri,) for iri in things if iri.startswith(base)))

    def leave_out(self, iris: Iterable[str]) -> None:
        """Note what no site map is to name."""
        self._many("INSERT OR IGNORE INTO unlisted VALUES (?)", ((iri,) for iri in iris))

    def keep(self, edit: Edit) -> None:
        """Take over what an edit leaves alone; what is retired is noted."""
        self._kept = Kept(edit, self._db)

    def pages(self) -> int:
        """List the things that have a page at an address of their own, cut into site maps; the number of maps."""
        sql = (
            "SELECT iri FROM entities WHERE iri NOT IN (SELECT iri FROM retired)"
            " AND iri NOT IN (SELECT iri FROM unlisted) ORDER BY iri"
        )
        languages, iris = len(self._site.languages), self._site.iris
        number, start, position, size = 1, 0, 0, 0
        for (iri,) in self._db.execute(sql):
            if not _has_page(iri, iris):
                continue
            cost = languages * (languages + 2) * (len(iris.base) + len(iris.path(iri, HTML)) + _ENTRY)
            if size + cost > MAP_BYTES or (position - start + 1) * languages > URLS:
                self._db.execute("INSERT INTO maps VALUES (?, ?, ?)", (number, start, position))
                number, start, size = number + 1, position, 0
            self._db.execute("INSERT INTO pages VALUES (?, ?)", (position, iri))
            position, size = position + 1, size + cost
        if position == start:
            return number - 1
        self._db.execute("INSERT INTO maps VALUES (?, ?, ?)", (number, start, position))
        return number

    def figures(self, maps: int, noted: Noted) -> Partitions:
        """Everything counted."""
        kept = self._kept
        used = (kept and kept.properties()) or list(tallies.properties(self._store))
        whole = kept.whole(used) if kept else tallies.whole(self._store, used)
        links = kept.linksets(self._site.base, MOST_LINKSETS) if kept else None
        classes, members = self._classes()
        start, end = self._period()
        return Partitions(
            triples=whole["triples"],
            subjects=whole["distinctSubjects"],
            objects=whole["distinctObjects"],
            properties=whole["properties"],
            classes=whole["classes"],
            entities=whole["entities"],
            by_class=classes,
            by_property=tuple(self._usage(one.iri) for one in used[:MOST]),
            linksets=tuple(Linkset(*one) for one in (noted.outward(MOST_LINKSETS) if links is None else links)),
            vocabularies=_vocabularies((*used, *members)),
            start=start,
            end=end,
            places=self._places(),
            maps=maps,
        )

    def _usage(self, iri: str) -> Usage:
        return (self._kept and self._kept.usage(iri)) or tallies.usage(self._store, iri)

    def _classes(self) -> tuple[tuple[ClassPartition, ...], list[Counted]]:
        """The first classes, each with the properties of its members if it is among the largest; and all of them."""
        found = (self._kept and self._kept.classes(self._members)) or list(tallies.classes(self._store))
        sizes = Counter(one.count for one in found[:MOST])
        told: dict[tuple[bytes, bool], Told] = {}

        def said(one: Counted, is_large: bool) -> Told:
            if self._kept and (known := self._kept.told(one.iri, MOST_INSIDE if is_large else None)):
                return known
            if sizes[one.count] == 1:
                return self._said_of(one.iri, is_large)
            key = self._members.digest(one.iri), is_large
            if key not in told:
                told[key] = self._said_of(one.iri, is_large)
            return told[key]  # of the same members the same is said

        numbered = enumerate(found[:MOST])
        return tuple(self._class(one, said(one, number < MOST_INSIDE)) for number, one in numbered), found

    def _said_of(self, iri: str, is_large: bool) -> Told:
        """What is said of a class's members; by which properties, if it is among the largest."""
        triples, objects = tallies.members(self._store, iri)
        return Told(triples, objects, tallies.inside(self._store, iri, triples, MOST_INSIDE) if is_large else ())

    def _class(self, counted: Counted, told: Told) -> ClassPartition:
        iri = counted.iri
        example, of = self._example(iri), kind(self._store, iri)
        return ClassPartition(iri, counted.count, told.triples, told.objects, example, of, told.inside)

    def _example(self, iri: str) -> str:
        """The first member with a page, in the order of IRIs, that is neither retired nor a statement node."""
        if self._kept and (known := self._kept.example(iri)) is not None:
            return known
        shown = (one for one in self._members.sorted(iri) if _has_page(one, self._site.iris))
        return next((one for one in shown if not self._is_retired(one)), "")

    def _is_retired(self, iri: str) -> bool:
        return self._db.execute("SELECT 1 FROM retired WHERE iri = ?", (iri,)).fetchone() is not None

    def _period(self) -> tuple[str, str]:
        """The first and the last of the dates that the settings say the data is about."""
        if last := self._unaltered(self._site.coverage.dates):
            return last.start, last.end
        start, end = "", ""
        for target in self._said(self._site.coverage.dates):
            if isinstance(target, Literal) and target.datatype in _DATES and _DATED.fullmatch(target.value):
                start = min(filter(None, (start, target.value)))
                end = max(end, target.value)
        return start, end

    def _places(self) -> tuple[str, ...]:
        """The places that the settings say the data is about, those named most often first."""
        if last := self._unaltered(self._site.coverage.places):
            return last.places
        named = ((one.value,) for one in self._said(self._site.coverage.places) if isinstance(one, NamedNode))
        self._many("INSERT INTO places VALUES (?, 1) ON CONFLICT DO UPDATE SET uses = uses + 1", named)
        sql = "SELECT iri FROM places ORDER BY uses DESC, iri LIMIT ?"
        return tuple(iri for (iri,) in self._db.execute(sql, (_MOST_PLACES,)))

    def _unaltered(self, names: tuple[str, ...]) -> Partitions | None:
        """The last figures, where they hold of what is said by these properties."""
        return self._kept.leaving(self._site.properties(names)) if self._kept else None

    def _said(self, names: tuple[str, ...]) -> Iterator[Term]:
        """The objects of properties in the default graph."""
        for iri in dict.fromkeys(self._site.properties(names)):
            for quad in self._store.quads_for_pattern(None, NamedNode(iri), None, DefaultGraph()):
                yield quad.object

    def _many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._db.executemany(sql, rows)


def _vocabularies(used: Iterable[Counted]) -> tuple[str, ...]:
    """The namespaces of properties and classes, the most used first; RDF itself apart."""
    found: Counter[str] = Counter()
    for one in used:
        found[namespace(one.iri)] += one.count
    ordered = sorted(found, key=lambda space: (-found[space], space))
    return tuple(islice((space for space in ordered if space not in {"", _RDF}), _MOST_NAMESPACES))


def namespace(iri: str) -> str:
    """An IRI up to its last hash, else its last slash: the vocabulary that a term is taken to belong to."""
    for mark in "#/":
        before, found, _ = iri.rpartition(mark)
        if found and not before.endswith("/"):
            return before + mark
    return ""


def _has_page(iri: str, iris: Iris) -> bool:
    """Whether a thing has a page at an address of its own."""
    return "#" not in iri and iris.is_local(iri)
