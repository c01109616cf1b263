"""The snapshot's look-up file: labels, originals of rewritten terms, sources, long lists, statistics.

One SQLite file, written once by ``kgpub.making.indexing`` and opened immutable and memory-mapped; a look-up takes
microseconds whatever the size of the graph, and nothing here enumerates it.
"""

import json
import sqlite3
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from kgpub.errors import SnapshotBroken
from kgpub.kept.recent import Recent
from kgpub.kept.thesaurus import Thesaurus
from kgpub.model import Counted, Fate, Labels, Source, Statistics, Text

HUB = 100
"""A thing with more incoming links than this is a hub: its lists are counted and sorted at build."""
LABEL, DESCRIPTION, INVERSE = 0, 1, 2
"""What a row of ``texts`` is: a name, a sentence about it, a property's name from the other end."""

_MAPPED = 1 << 30
_CACHE_BYTES = 16_000_000
_SOURCE_BYTES = 4_000_000
_SMALL_CACHE_BYTES = 1_000_000
_SELDOM = ("originals", "fragments", "quantities", "fates", "days", "points", "broader")
"""Tables that many a snapshot has nothing in: nobody has to look there then."""
_parsed = json.JSONDecoder().raw_decode
"""What a text is as JSON, and its length: for texts that we wrote, with nothing around what they say."""
_MOST_CLASSES = 100
_MOST_GROUPS = 200

SCHEMA = """
CREATE TABLE texts (iri TEXT, kind INTEGER, texts TEXT, PRIMARY KEY (iri, kind)) WITHOUT ROWID;
CREATE TABLE originals (subject TEXT, predicate TEXT, object TEXT, graph TEXT, original TEXT,
  PRIMARY KEY (subject, predicate, object, graph, original)) WITHOUT ROWID;
CREATE TABLE sources (subject TEXT, predicate TEXT, object TEXT, statement TEXT, source TEXT,
  PRIMARY KEY (subject, predicate, object, statement)) WITHOUT ROWID;
CREATE TABLE statements (node TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE graph_sources (graph TEXT, document TEXT, PRIMARY KEY (graph, document)) WITHOUT ROWID;
CREATE TABLE hubs (object TEXT, predicate TEXT, links INTEGER, PRIMARY KEY (object, predicate)) WITHOUT ROWID;
CREATE TABLE members (object TEXT, predicate TEXT, language TEXT, position INTEGER, iri TEXT,
  PRIMARY KEY (object, predicate, language, position)) WITHOUT ROWID;
CREATE TABLE fragments (document TEXT, iri TEXT, PRIMARY KEY (document, iri)) WITHOUT ROWID;
CREATE TABLE superclasses (class TEXT, above TEXT, PRIMARY KEY (class, above)) WITHOUT ROWID;
CREATE TABLE layouts (class TEXT, position INTEGER, field TEXT, PRIMARY KEY (class, position)) WITHOUT ROWID;
CREATE TABLE property_groups (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE quantities (node TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE statistics (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE languages (tag TEXT PRIMARY KEY, names INTEGER) WITHOUT ROWID;
CREATE TABLE lent (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE fates (iri TEXT PRIMARY KEY, outcome TEXT, target TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Original:
    """A literal as the sources write it, where the store holds ``stored`` instead; all in N-Triples notation."""

    predicate: str
    stored: str
    graph: str
    original: str


class DatedRow(NamedTuple):
    """A row of ``days``: see ``kgpub.making.plotting``."""

    subject: str
    predicate: str
    object: str
    earliest: int | None
    latest: int | None
    via: str


class PointRow(NamedTuple):
    """A row of ``points``: see ``kgpub.making.plotting``."""

    subject: str
    latitude: float
    longitude: float
    via: str


class Index:
    """The look-up file of one snapshot, opened for reading."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises ``SnapshotBroken`` when it cannot be."""
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
            self._db.execute(f"PRAGMA mmap_size={_MAPPED}")
            self._db.execute("SELECT 1 FROM statistics LIMIT 1")
        except sqlite3.Error as error:
            raise SnapshotBroken(f"{path}: cannot be read: {error}") from error
        sql = "SELECT name, value FROM property_groups ORDER BY name LIMIT ?"
        self._property_groups = tuple((row[0], row[1]) for row in self._all(sql, (_MOST_GROUPS,)))
        self._used = frozenset(filter(self._has_rows, _SELDOM))
        self._lends = self._is_there("lent")
        self.thesaurus = Thesaurus(self._db)
        """The concept schemes and their trees."""
        self._texts: Recent[tuple[str, int], Labels] = Recent(_CACHE_BYTES, _weight)
        self._told: Recent[str, Source] = Recent(_SOURCE_BYTES, _weight_of_source)
        self._drawn: Recent[str, tuple[Source, ...]] = Recent(_SMALL_CACHE_BYTES, _weight_of_sources)
        self._laid: Recent[tuple[str, ...], tuple[str, ...]] = Recent(_SMALL_CACHE_BYTES, _weight_of_names)

    def texts(self, iri: str, kind: int = LABEL) -> Labels:
        """The labels (or descriptions, or inverse labels) of an IRI, per language; empty when it has none."""
        key = (iri, kind)
        found = self._texts.get(key)
        if found is None:
            row = self._one("SELECT texts FROM texts WHERE iri = ? AND kind = ?", key)
            found = _parsed(row[0])[0] if row else {}
            self._texts.put(key, found)
        return found

    def labels(self, iris: Iterable[str], kind: int = LABEL) -> Mapping[str, Labels]:
        """The texts of several IRIs; those without any are left out."""
        get = self._texts.get
        wanted = {iri: get((iri, kind)) for iri in iris}
        unknown = sorted([iri for iri, texts in wanted.items() if texts is None])
        if unknown:
            sql = "SELECT iri, texts FROM texts WHERE iri IN (SELECT value FROM json_each(?)) AND kind = ?"
            found = dict(self._all(sql, (json.dumps(unknown, ensure_ascii=False), kind)))
            for iri in unknown:
                wanted[iri] = texts = _parsed(found[iri])[0] if iri in found else {}
                self._texts.put((iri, kind), texts)
        return {iri: texts for iri, texts in wanted.items() if texts}

    def stated_labels(self, iris: Iterable[str]) -> Mapping[str, Labels]:
        """The labels of several IRIs that the data states, without lent names (``kgpub.making.borrowing``)."""
        found = self.labels(iris)
        if not self._lends:
            return found
        lent = {iri for iri in found if self._one("SELECT 1 FROM lent WHERE iri = ?", (iri,))}
        return {iri: texts for iri, texts in found.items() if iri not in lent}

    def originals(self, subject: str) -> tuple[Original, ...]:
        """The terms of this subject's statements that the store rewrites."""
        if "originals" not in self._used:
            return ()
        sql = "SELECT predicate, object, graph, original FROM originals WHERE subject = ?"
        return tuple(Original(*row) for row in self._all(sql, (subject,)))

    def sources(self, subject: str) -> Mapping[tuple[str, str], tuple[Source, ...]]:
        """Sources of a subject's statements, by predicate and object (as stored, N-Triples notation)."""
        sql = "SELECT predicate, object, source FROM sources WHERE subject = ? ORDER BY predicate, object, statement"
        found: dict[tuple[str, str], tuple[Source, ...]] = {}
        for predicate, object, text in self._all(sql, (subject,)):
            key, source = (predicate, object), self._told.get(text) or self._source(text)
            found[key] = (*found[key], source) if key in found else (source,)
        return found

    def sources_of(self, subject: str, predicate: str, object: str) -> tuple[Source, ...]:
        """Sources of one statement (terms as stored, N-Triples notation)."""
        sql = "SELECT source FROM sources WHERE subject = ? AND predicate = ? AND object = ? ORDER BY statement"
        return tuple(self._source(row[0]) for row in self._all(sql, (subject, predicate, object)))

    def sources_among(
        self, links: Iterable[tuple[str, str]], object: str
    ) -> Mapping[tuple[str, str], tuple[Source, ...]]:
        """Sources of several statements about one object, by subject and predicate: one look-up for all of them."""
        sql = (
            "SELECT subject, predicate, source FROM json_each(?) AS asked JOIN sources"
            " ON subject = json_extract(asked.value, '$[0]') AND predicate = json_extract(asked.value, '$[1]')"
            " AND object = ? ORDER BY asked.key, statement"
        )
        found: dict[tuple[str, str], tuple[Source, ...]] = {}
        for subject, predicate, source in self._all(sql, (json.dumps(list(links), ensure_ascii=False), object)):
            key, read = (subject, predicate), self._told.get(source) or self._source(source)
            found[key] = (*found[key], read) if key in found else (read,)
        return found

    def graph_sources(self, graph: str) -> tuple[str, ...]:
        """The documents that a named graph is drawn from."""
        return tuple([row[0] for row in self._all("SELECT document FROM graph_sources WHERE graph = ?", (graph,))])

    def drawn(self, graph: str) -> tuple[Source, ...]:
        """The one document that a named graph is drawn from, as the source of what it states; several say nothing."""
        found = self._drawn.get(graph)
        if found is None:
            documents = self.graph_sources(graph)
            sources = [Source(graph=graph, document=one, key=f"{graph} {one}") for one in documents]
            found = tuple(sources) if len(sources) == 1 else ()
            self._drawn.put(graph, found)
        return found

    def days(self, subjects: Iterable[str], most: int) -> tuple[DatedRow, ...]:
        """The dates of things (N-Triples notation), in the order of the things; at most so many."""
        if "days" not in self._used:
            return ()
        sql = (
            "SELECT days.* FROM json_each(?) AS asked JOIN days ON days.subject = asked.value"
            " ORDER BY asked.key, predicate, earliest, object LIMIT ?"
        )
        return tuple(DatedRow(*row) for row in self._all(sql, (json.dumps(list(subjects)), most)))

    def points(self, subjects: Iterable[str], most: int) -> tuple[PointRow, ...]:
        """The coordinates of things (N-Triples notation), in the order of the things; at most so many."""
        if "points" not in self._used:
            return ()
        sql = (
            "SELECT points.* FROM json_each(?) AS asked JOIN points ON points.subject = asked.value"
            " ORDER BY asked.key, latitude, longitude LIMIT ?"
        )
        return tuple(PointRow(*row) for row in self._all(sql, (json.dumps(list(subjects)), most)))

    def is_statement(self, node: str) -> bool:
        """Whether an IRI or blank node (N-Triples notation) is a statement node."""
        return self._one("SELECT 1 FROM statements WHERE node = ?", (node,)) is not None

    def statements_among(self, nodes: Iterable[str]) -> frozenset[str]:
        """Those of several IRIs and blank nodes (N-Triples notation) that are statement nodes."""
        return self._among("statements", "node", nodes)

    def hub(self, object: str) -> Mapping[str, int] | None:
        """How many things point to a hub, per property; None when it is no hub."""
        rows = self._all("SELECT predicate, links FROM hubs WHERE object = ?", (object,))
        return {predicate: links for predicate, links in rows if predicate} if rows else None

    def members(self, object: str, predicate: str, language: str, start: int, size: int) -> tuple[str, ...]:
        """A slice of a hub's list, sorted by label in a language; ``start`` counts from 0."""
        sql = (
            "SELECT iri FROM members WHERE object = ? AND predicate = ? AND language = ?"
            " AND position >= ? AND position < ? ORDER BY position"
        )
        return tuple(row[0] for row in self._all(sql, (object, predicate, language, start, start + size)))

    def fragments(self, document: str) -> tuple[str, ...]:
        """The IRIs that are this one with a hash and a name, and that something is said of."""
        if "fragments" not in self._used:
            return ()
        return tuple(row[0] for row in self._all("SELECT iri FROM fragments WHERE document = ?", (document,)))

    def superclasses(self, classes: Iterable[str]) -> tuple[str, ...]:
        """These classes and the ones above them (``rdfs:subClassOf``), the nearest first; a bounded number."""
        found = dict.fromkeys(islice(classes, _MOST_CLASSES))
        waiting = deque(found)
        while waiting and len(found) < _MOST_CLASSES:
            sql = "SELECT above FROM superclasses WHERE class = ? LIMIT ?"
            above = [row[0] for row in self._all(sql, (waiting.popleft(), _MOST_CLASSES)) if row[0] not in found]
            found |= dict.fromkeys(above)
            waiting.extend(above)
        return tuple(islice(found, _MOST_CLASSES))

    def subclasses(self, classes: Iterable[str]) -> frozenset[str]:
        """These classes and all those below them (``rdfs:subClassOf``)."""
        sql = (
            "WITH RECURSIVE below(name) AS (SELECT value FROM json_each(?) UNION"
            " SELECT class FROM superclasses JOIN below ON above = name) SELECT name FROM below"
        )
        return frozenset(row[0] for row in self._all(sql, (json.dumps(list(classes)),)))

    def laid(self, types: tuple[str, ...]) -> tuple[str, ...]:
        """The fields of the layouts of these classes and of those above them, the nearest first; remembered."""
        return self._laid.once(types, lambda: self.fields(self.superclasses(types)))

    def wider(self, concept: str) -> tuple[str, ...]:
        """The wider concepts of one in a thesaurus, whichever side says so; a bounded number."""
        return self.thesaurus.broader(concept) if "broader" in self._used else ()

    def fields(self, classes: Iterable[str]) -> tuple[str, ...]:
        """The fields of these classes' layouts (``kgpub.kept.layout``), class by class, in order."""
        sql = "SELECT field FROM layouts WHERE class = ? ORDER BY position"
        return tuple(row[0] for one in classes for row in self._all(sql, (one,)))

    def is_quantity(self, iri: str) -> bool:
        """Whether an IRI is a quantity: a thing with a number, or with bounds."""
        return self._one("SELECT 1 FROM quantities WHERE node = ?", (iri,)) is not None

    @property
    def has_quantities(self) -> bool:
        """Whether anything is a quantity."""
        return "quantities" in self._used

    def quantities_among(self, iris: Iterable[str]) -> frozenset[str]:
        """Those of several IRIs that are quantities."""
        return self._among("quantities", "node", iris) if self.has_quantities else frozenset()

    def property_groups(self) -> tuple[tuple[str, str], ...]:
        """The property groups of the layouts by name."""
        return self._property_groups

    def fate(self, iri: str) -> Fate | None:
        """What became of a deprecated thing; None for any other."""
        if "fates" not in self._used:
            return None
        row = self._one("SELECT iri, outcome, target FROM fates WHERE iri = ?", (iri,))
        return Fate(*row) if row else None

    def deprecated(self, iris: Iterable[str]) -> frozenset[str]:
        """Those of several things that are deprecated."""
        return self._among("fates", "iri", iris) if "fates" in self._used else frozenset()

    def statistics(self) -> Statistics:
        """The figures counted at build."""
        value = {name: json.loads(text) for name, text in self._all("SELECT name, value FROM statistics", ())}
        return Statistics(
            triples=value["triples"],
            entities=value["entities"],
            graphs=tuple(Counted(*pair) for pair in value["graphs"]),
            classes=tuple(Counted(*pair) for pair in value["classes"]),
            properties=tuple(Counted(*pair) for pair in value["properties"]),
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _source(self, text: str) -> Source:
        """A source as the file keeps it, read once: many statements have the same."""
        return self._told.once(text, lambda: _read(text))

    def _is_there(self, table: str) -> bool:
        """Whether the file has a table; those of older snapshots lack some."""
        return self._one("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)) is not None

    def _has_rows(self, table: str) -> bool:
        """Whether there is a table of this name, and anything in it."""
        return self._is_there(table) and self._one(f"SELECT 1 FROM {table} LIMIT 1", ()) is not None  # noqa: S608 # our own

    def _among(self, table: str, column: str, wanted: Iterable[str]) -> frozenset[str]:
        """Those of several names that stand in a table: one look-up for all of them."""
        names = json.dumps(list(wanted), ensure_ascii=False)
        sql = f"SELECT {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608 # our own
        return frozenset(row[0] for row in self._all(sql, (names,)))

    def _all(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:  # Any: SQLite's column types
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise SnapshotBroken(f"the look-up file cannot be read: {error}") from error

    def _one(self, sql: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:  # Any: SQLite's column types
        rows = self._all(sql, values)
        return rows[0] if rows else None


def as_json(source: Source) -> str:
    """A source as the look-up file keeps it; what is empty is left out."""
    plain: dict[str, object] = {
        "statement": source.statement,
        "graph": source.graph,
        "document": source.document,
        "line": source.line,
        "status": source.status,
        "modality": source.modality,
        "confidence": source.confidence,
        "derived_from": list(source.derived_from),
        "quote": _pair(source.quote),
        "translation": _pair(source.translation),
        "notes": [_pair(note) for note in source.notes],
    }
    return json.dumps({key: value for key, value in plain.items() if value}, ensure_ascii=False, sort_keys=True)


def _pair(text: Text | None) -> list[str] | None:
    return [text.value, text.language] if text else None


def _read(text: str) -> Source:
    """A source out of what ``as_json`` made of it."""
    value = _parsed(text)[0]
    for name in ("quote", "translation"):
        if name in value:
            value[name] = Text(*value[name])
    if "notes" in value:
        value["notes"] = tuple([Text(*pair) for pair in value["notes"]])
    if "derived_from" in value:
        value["derived_from"] = tuple(value["derived_from"])
    else:
        value["key"] = text
    return Source(**value)


def _weight(labels: Labels) -> int:
    """Roughly how many bytes a cached entry holds on to."""
    return 400 + sum(100 + 2 * len(text) for text in labels.values())


def _weight_of_names(names: tuple[str, ...]) -> int:
    """The same for names or texts in a row."""
    return 400 + sum(100 + 2 * len(name) for name in names)


def _weight_of_source(source: Source) -> int:
    """The same for a source; its texts stand in its key once more."""
    return 1_500 + 4 * len(source.key)


def _weight_of_sources(sources: tuple[Source, ...]) -> int:
    """The same for several."""
    return 400 + sum(map(_weight_of_source, sources))
