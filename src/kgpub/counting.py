"""Counting what the default graph is made of, once, at build.

One pass over the store fills temporary tables that SQLite keeps and sorts on disk, so that neither the number of
triples nor that of things costs memory.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from hashlib import blake2b
from itertools import groupby, islice
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub import unlisted
from kgpub.iris import Iris
from kgpub.kinds import kind
from kgpub.model import Term
from kgpub.partitions import SCHEMA, ClassPartition, Linkset, Partitions, Usage
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
_TYPE = _RDF + "type"
_REIFICATION = (_RDF + "subject", _RDF + "reifies")
_BATCH = 10_000
_MOST_PLACES = 50
_MOST_NAMESPACES = 200
_DATED = re.compile(r"\d{4}(?:-\d{2}){0,2}(?:T.*)?", re.DOTALL)
_HOST = re.compile(r"https?://[^/?#]+/")
_ENTRY = 160
"""Bytes that one address costs in a site map beside itself, at most."""
_DATES = tuple(NamedNode(STANDARD_PREFIXES["xsd"] + name) for name in ("date", "dateTime", "gYear", "gYearMonth"))

_WORK = """
CREATE TEMP TABLE stated (s BLOB, p BLOB, o BLOB, named INTEGER, space TEXT);
CREATE TEMP TABLE typed (s BLOB, c BLOB, name TEXT);
CREATE TEMP TABLE names (digest BLOB PRIMARY KEY, iri TEXT) WITHOUT ROWID;
CREATE TEMP TABLE things (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE statements (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE retired (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE unlisted (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE places (iri TEXT PRIMARY KEY, uses INTEGER) WITHOUT ROWID;
"""


def write(path: Path, store: Store, hidden: frozenset[str], settings: Settings, retired: Iterable[str] = ()) -> None:
    """Count a loaded store and write the file; ``hidden`` graphs hold shapes, whose subjects get no page.

    ``retired`` things have no page any more: no site map and no example names them.
    """
    db = sqlite3.connect(path)
    try:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;" + SCHEMA + _WORK)
        counting = _Counting(db, settings, partial(kind, store))
        counting.read(store, hidden)
        counting.entities(retired)
        counting.leave_out(unlisted.things(store, settings.properties(settings.pages.noindex), hidden))
        maps = counting.pages()
        figures = counting.figures(maps)
        db.execute("INSERT INTO figures VALUES (?)", (json.dumps(asdict(figures), ensure_ascii=False),))
        db.commit()
    finally:
        db.close()


class _Counting:
    """The temporary tables, and the questions to them."""

    def __init__(self, db: sqlite3.Connection, settings: Settings, kind: Callable[[str], str]) -> None:
        self._db = db
        self._kind = kind
        self._site = settings
        self._dates = {NamedNode(iri) for iri in settings.properties(settings.coverage.dates)}
        self._places = {NamedNode(iri) for iri in settings.properties(settings.coverage.places)}
        self._period = ["", ""]

    def read(self, store: Store, hidden: frozenset[str]) -> None:
        """Take in every quad once."""
        waiting = iter(store)
        while batch := list(islice(waiting, _BATCH)):
            default = [quad for quad in batch if isinstance(quad.graph_name, DefaultGraph)]
            self._count(default)
            data = [quad for quad in batch if _is_data(quad, hidden)]
            things = ((quad.subject.value,) for quad in data if isinstance(quad.subject, NamedNode))
            self._many("INSERT OR IGNORE INTO things VALUES (?)", things)
            marks = ((str(quad.subject),) for quad in batch if quad.predicate.value in _REIFICATION)
            self._many("INSERT OR IGNORE INTO statements VALUES (?)", marks)

    def _count(self, quads: list[Quad]) -> None:
        base, iris = self._site.base, self._site.iris
        self._many("INSERT INTO stated VALUES (?, ?, ?, ?, ?)", (_row(quad, base) for quad in quads))
        types = [quad for quad in quads if quad.predicate.value == _TYPE and isinstance(quad.object, NamedNode)]
        members = ((_digest(q.subject), _digest(q.object), _page(q.subject, iris)) for q in types)
        self._many("INSERT INTO typed VALUES (?, ?, ?)", members)
        used = {quad.predicate for quad in quads} | {q.object for q in types if isinstance(q.object, NamedNode)}
        self._many("INSERT OR IGNORE INTO names VALUES (?, ?)", ((_digest(term), term.value) for term in used))
        self._cover(quads)

    def _cover(self, quads: list[Quad]) -> None:
        """Note the dates and the places that the settings say the data is about."""
        for quad in quads:
            target = quad.object
            if quad.predicate in self._dates and isinstance(target, Literal) and target.datatype in _DATES:
                if _DATED.fullmatch(target.value):
                    self._period[0] = min(filter(None, (self._period[0], target.value)))
                    self._period[1] = max(self._period[1], target.value)
            elif quad.predicate in self._places and isinstance(target, NamedNode):
                sql = "INSERT INTO places VALUES (?, 1) ON CONFLICT DO UPDATE SET uses = uses + 1"
                self._db.execute(sql, (target.value,))

    def entities(self, retired: Iterable[str]) -> None:
        """List the things below the base, for the next build to compare with; and note which are retired."""
        self._many("INSERT OR IGNORE INTO retired VALUES (?)", ((iri,) for iri in retired))
        base = self._site.base
        self._db.execute("INSERT INTO base VALUES (?)", (base,))
        self._db.execute(
            "INSERT INTO entities SELECT iri FROM things WHERE substr(iri, 1, ?) = ?"
            " AND '<' || iri || '>' NOT IN (SELECT iri FROM statements) ORDER BY iri",
            (len(base), base),
        )

    def leave_out(self, iris: Iterable[str]) -> None:
        """Note what no site map is to name."""
        self._many("INSERT OR IGNORE INTO unlisted VALUES (?)", ((iri,) for iri in iris))

    def pages(self) -> int:
        """List the things that have a page at an address of their own, cut into site maps; the number of maps."""
        sql = (
            "SELECT iri FROM things WHERE '<' || iri || '>' NOT IN (SELECT iri FROM statements)"
            " AND iri NOT IN (SELECT iri FROM retired) AND iri NOT IN (SELECT iri FROM unlisted) ORDER BY iri"
        )
        languages, iris = len(self._site.languages), self._site.iris
        number, start, position, size = 1, 0, 0, 0
        for (iri,) in self._db.execute(sql):
            if _page(NamedNode(iri), iris) is None:
                continue
            cost = languages * (languages + 2) * (len(iris.base) + len(iris.path(iri)) + _ENTRY)
            if size + cost > MAP_BYTES or (position - start + 1) * languages > URLS:
                self._db.execute("INSERT INTO maps VALUES (?, ?, ?)", (number, start, position))
                number, start, size = number + 1, position, 0
            self._db.execute("INSERT INTO pages VALUES (?, ?)", (position, iri))
            position, size = position + 1, size + cost
        if position == start:
            return number - 1
        self._db.execute("INSERT INTO maps VALUES (?, ?, ?)", (number, start, position))
        return number

    def figures(self, maps: int) -> Partitions:
        """Everything counted."""
        one = self._db.execute
        one("CREATE INDEX temp.typed_s ON typed (s)")
        triples, subjects, objects, properties = one(
            "SELECT count(*), count(DISTINCT s), count(DISTINCT o), count(DISTINCT p) FROM stated"
        ).fetchone()
        (entities,) = one("SELECT count(DISTINCT s) FROM stated WHERE named").fetchone()
        (classes,) = one("SELECT count(DISTINCT o) FROM stated WHERE p = ?", (_digest(NamedNode(_TYPE)),)).fetchone()
        places = one("SELECT iri FROM places ORDER BY uses DESC, iri LIMIT ?", (_MOST_PLACES,))
        start, end = self._period
        return Partitions(
            triples, subjects, objects, properties, classes, entities,
            by_class=tuple(self._classes()),
            by_property=self._usages(),
            linksets=tuple(self._linksets()),
            vocabularies=self._vocabularies(),
            start=start,
            end=end,
            places=tuple(iri for (iri,) in places),
            maps=maps,
        )  # fmt: skip

    def _usages(self) -> tuple[Usage, ...]:
        """The properties, the most used first."""
        sql = (
            "SELECT iri, n, s, o FROM (SELECT p, count(*) AS n, count(DISTINCT s) AS s, count(DISTINCT o) AS o"
            " FROM stated GROUP BY p) JOIN names ON p = digest ORDER BY n DESC, iri LIMIT ?"
        )
        return tuple(Usage(*row) for row in self._db.execute(sql, (MOST,)))

    def _classes(self) -> Iterator[ClassPartition]:
        """The classes, the largest first, each with the properties of its members if it is among the first."""
        sql = (
            "SELECT iri, c, s, n, o FROM (SELECT c, count(DISTINCT stated.s) AS s, count(*) AS n,"
            " count(DISTINCT o) AS o FROM stated JOIN typed USING (s) GROUP BY c)"
            " JOIN names ON c = digest ORDER BY s DESC, iri LIMIT ?"
        )
        self._db.execute(f"CREATE TEMP TABLE classes AS {sql}", (MOST,))
        inside, examples = self._inside(), self._examples()
        for iri, digest, entities, triples, objects in self._db.execute(
            "SELECT iri, c, s, n, o FROM classes ORDER BY s DESC, iri"
        ):
            yield ClassPartition(
                iri, entities, triples, objects, examples.get(digest, ""), self._kind(iri), inside.get(digest, ())
            )

    def _inside(self) -> dict[bytes, tuple[Usage, ...]]:
        """The properties of the largest classes, by the class's digest; at most ``MOST_INSIDE`` squared in all."""
        sql = (
            "SELECT c, iri, n, s, o FROM (SELECT *, row_number() OVER (PARTITION BY c ORDER BY n DESC, p) AS place"
            " FROM (SELECT c, p, count(*) AS n, count(DISTINCT stated.s) AS s, count(DISTINCT o) AS o"
            " FROM stated JOIN typed USING (s) WHERE c IN (SELECT c FROM classes ORDER BY s DESC, iri LIMIT ?)"
            " GROUP BY c, p)) JOIN names ON p = digest WHERE place <= ? ORDER BY c, n DESC, iri"
        )
        rows = self._db.execute(sql, (MOST_INSIDE, MOST_INSIDE))
        return {c: tuple(Usage(*row[1:]) for row in group) for c, group in groupby(rows, key=lambda row: row[0])}

    def _linksets(self) -> Iterator[Linkset]:
        """Links from this site's things to what begins with another host, by property; those of RDF itself apart."""
        sql = (
            "SELECT iri, space, n FROM (SELECT p, space, count(*) AS n FROM stated WHERE space IS NOT NULL"
            " GROUP BY p, space) JOIN names ON p = digest WHERE substr(iri, 1, ?) != ?"
            " ORDER BY n DESC, iri, space LIMIT ?"
        )
        yield from (Linkset(*row) for row in self._db.execute(sql, (len(_RDF), _RDF, MOST_LINKSETS)))

    def _vocabularies(self) -> tuple[str, ...]:
        """The namespaces of properties and classes, the most used first; RDF itself apart."""
        self._db.create_function("namespace", 1, namespace, deterministic=True)
        sql = (
            "SELECT namespace(iri) AS space FROM (SELECT p AS digest, count(*) AS n FROM stated GROUP BY p"
            " UNION ALL SELECT c, count(*) FROM typed GROUP BY c) JOIN names USING (digest)"
            " WHERE space NOT IN ('', ?) GROUP BY 1 ORDER BY sum(n) DESC, 1 LIMIT ?"
        )
        return tuple(space for (space,) in self._db.execute(sql, (_RDF, _MOST_NAMESPACES)))

    def _examples(self) -> dict[bytes, str]:
        """One member with a page for each class that is described, statement nodes apart; by the class's digest."""
        sql = (
            "SELECT c, min(name) FROM typed WHERE name IS NOT NULL AND name NOT IN (SELECT iri FROM retired)"
            " AND c IN (SELECT c FROM classes) AND s NOT IN (SELECT s FROM stated WHERE p IN (?, ?)) GROUP BY c"
        )
        return dict(self._db.execute(sql, [_digest(NamedNode(mark)) for mark in _REIFICATION]))

    def _many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._db.executemany(sql, rows)


def namespace(iri: str) -> str:
    """An IRI up to its last hash, else its last slash: the vocabulary that a term is taken to belong to."""
    for mark in "#/":
        before, found, _ = iri.rpartition(mark)
        if found and not before.endswith("/"):
            return before + mark
    return ""


def space(iri: str) -> str:
    """Scheme and host of a web address, with the slash after them; ``""`` where there is no such thing."""
    found = _HOST.match(iri)
    return found[0] if found else ""


def _row(quad: Quad, base: str) -> tuple[bytes, bytes, bytes, bool, str | None]:
    """A triple as digests, whether its subject is an IRI, and where it leads to if it leads from here to elsewhere."""
    subject, target = quad.subject, quad.object
    named = isinstance(subject, NamedNode)
    away = None
    if isinstance(subject, NamedNode) and subject.value.startswith(base) and isinstance(target, NamedNode):
        away = None if target.value.startswith(base) else space(target.value) or None
    return _digest(subject), _digest(quad.predicate), _digest(target), named, away


def _page(term: Term, iris: Iris) -> str | None:
    """The IRI of a thing that has a page at an address of its own."""
    return term.value if isinstance(term, NamedNode) and "#" not in term.value and iris.is_local(term.value) else None


def _digest(term: Term) -> bytes:
    """Stands for a term: 96 bits, which no two of a billion terms are likely to share (one build in 10^11)."""
    return blake2b(str(term).encode(), digest_size=12).digest()


def _is_data(quad: Quad, hidden: frozenset[str]) -> bool:
    graph = quad.graph_name
    return not isinstance(graph, DefaultGraph) and not (isinstance(graph, NamedNode) and graph.value in hidden)
