"""What is noted of every quad while the sources are loaded, so that the loaded store need not be read again for it.

The notes are temporary tables that SQLite keeps and sorts on disk: rows are appended as they come and made distinct
once, in order, which for many rows costs a fraction of looking each one up.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from kgpub.settings import STANDARD_PREFIXES

_RDF = STANDARD_PREFIXES["rdf"]
REIFICATION = frozenset(_RDF + name for name in ("subject", "reifies"))
"""What is said of statement nodes (RDF 1.1 Schema section 5.3, RDF 1.2 Concepts section 1.5)."""
_HOST = re.compile(r"https?://[^/?#]+/")
WORK = (
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;"
    " PRAGMA cache_size=-32000; PRAGMA temp.cache_size=-32000;"
)
"""How the look-up file is written: forced to disk at the end with all others, sorted on disk, with so many kilobytes of
memory for pages of the file and for those of temporary tables."""
_TABLES = """
CREATE TEMP TABLE seen_subjects (iri TEXT);
CREATE TEMP TABLE seen_links (object TEXT, predicate TEXT, subject TEXT);
CREATE TEMP TABLE same (subject TEXT, predicate TEXT, object TEXT, graph TEXT);
CREATE TEMP TABLE away (subject TEXT, predicate TEXT, object TEXT);
"""
_DISTINCT = """
CREATE TEMP TABLE subjects (iri TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO subjects SELECT DISTINCT iri FROM seen_subjects ORDER BY iri;
DROP TABLE seen_subjects;
CREATE TEMP TABLE links (object TEXT, predicate TEXT, subject TEXT, PRIMARY KEY (object, predicate, subject))
  WITHOUT ROWID;
INSERT INTO links SELECT DISTINCT object, predicate, subject FROM seen_links ORDER BY object, predicate, subject;
DROP TABLE seen_links;
"""
_ORIGINALS = """
INSERT OR IGNORE INTO originals SELECT subject, predicate, object, graph, object FROM same
  WHERE (subject, predicate, object, graph) IN (SELECT subject, predicate, object, graph FROM originals);
DROP TABLE same;
"""


class Outward(NamedTuple):
    """How many links by a property lead from this site's things to what begins with ``space``, elsewhere."""

    predicate: str
    space: str
    links: int


class Notes:
    """The notes of one build, in the connection to its look-up file, whose ``statements`` and ``originals`` they fill.

    After ``settle`` the connection has the tables ``subjects`` (IRIs of which a data graph says something) and
    ``links`` (every link of the data graphs once; a subject in N-Triples notation).
    """

    def __init__(self, db: sqlite3.Connection, base: str) -> None:
        """Start with nothing noted; ``base`` is that of the site."""
        self._db, self._base = db, base
        db.executescript(_TABLES)

    def add(self, quads: Sequence[Quad], hidden: frozenset[str], graph: str) -> None:
        """Note quads of the sources; ``hidden`` graphs hold shapes.

        ``graph`` is the one that all of them stand in; empty where there may be several.
        """
        doubtful = hidden if not graph or graph in hidden else frozenset[str]()
        marks: set[str] = set()
        subjects: set[str] = set()
        links: list[tuple[str, str, str]] = []
        for quad in quads:
            subject, property, target, _ = quad
            name, predicate = str(subject), property.value
            if predicate in REIFICATION:
                marks.add(name)
            if doubtful and _is_hidden(quad, doubtful):
                continue
            if isinstance(subject, NamedNode):
                subjects.add(name[1:-1])
            if isinstance(target, NamedNode):
                links.append((target.value, predicate, name))
        self._db.executemany("INSERT OR IGNORE INTO statements VALUES (?)", ((mark,) for mark in marks))
        self._db.executemany("INSERT INTO seen_subjects VALUES (?)", ((iri,) for iri in subjects))
        self._db.executemany("INSERT INTO seen_links VALUES (?, ?, ?)", links)

    def originals(self, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
        """Note quads whose object the store may keep in another form (``kgpub.making.stored.rewritten``).

        What it keeps as it is matters only where something else is kept as the same; most often there is none of that.
        """
        same: list[tuple[str, str, str, str]] = []
        altered: list[tuple[str, str, str, str, str]] = []
        for row in rows:
            if row[2] == row[4]:
                same.append(row[:4])
            else:
                altered.append(row)
        self._db.executemany("INSERT INTO same VALUES (?, ?, ?, ?)", same)
        self._db.executemany("INSERT OR IGNORE INTO originals VALUES (?, ?, ?, ?, ?)", altered)

    def typed(self) -> Iterator[tuple[str, str, str, str]]:
        """Every such quad: subject, property, what the sources write, graph, in N-Triples notation."""
        sql = "SELECT * FROM same UNION ALL SELECT subject, predicate, original, graph FROM originals"
        return iter(self._db.execute(sql))

    def keep_originals(self) -> None:
        """Leave in ``originals`` only forms of which there are several for one literal of the store, or another one."""
        self._db.executescript(_ORIGINALS)

    def merge(self, quads: Iterable[Quad]) -> None:
        """Note quads whose triples belong to the default graph, perhaps among others."""
        self._db.executemany("INSERT INTO away VALUES (?, ?, ?)", away(quads, self._base))

    def settle(self) -> None:
        """Make what was noted distinct; nothing can be noted afterwards."""
        self._db.executescript(_DISTINCT)

    def subjects(self) -> Iterator[str]:
        """The things of which data graphs say something and which are no statement nodes, in the order of IRIs."""
        sql = "SELECT iri FROM subjects WHERE '<' || iri || '>' NOT IN (SELECT node FROM statements) ORDER BY iri"
        return (iri for (iri,) in self._db.execute(sql))

    def statements(self, nodes: Sequence[str]) -> frozenset[str]:
        """Those of some IRIs and blank nodes (N-Triples notation) that are statement nodes."""
        return statements(self._db, nodes)

    def outward(self, most: int) -> Iterator[Outward]:
        """Where links of the default graph lead to, those of RDF itself apart; the most frequent pairs."""
        self._db.create_function("space", 1, space, deterministic=True)
        sql = (
            "SELECT predicate, space(object) AS space, count(*) AS n FROM"
            " (SELECT DISTINCT subject, predicate, object FROM away) WHERE space != ''"
            " GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT ?"
        )
        return (Outward(*row) for row in self._db.execute(sql, (most,)))


def statements(db: sqlite3.Connection, nodes: Sequence[str]) -> frozenset[str]:
    """Those of some IRIs and blank nodes (N-Triples notation) that a look-up file has as statement nodes."""
    sql = "SELECT node FROM statements WHERE node IN (SELECT value FROM json_each(?))"
    return frozenset(node for (node,) in db.execute(sql, (json.dumps(nodes),)))


def space(iri: str) -> str:
    """Scheme and host of a web address, with the slash after them; ``""`` where there is no such thing."""
    found = _HOST.match(iri)
    return found[0] if found else ""


def away(quads: Iterable[Quad], base: str) -> Iterator[tuple[str, str, str]]:
    """The links from things below the base to elsewhere."""
    for quad in quads:
        target = quad.object
        if not isinstance(target, NamedNode) or target.value.startswith(base):
            continue
        subject, predicate = quad.subject, quad.predicate.value
        if isinstance(subject, NamedNode) and subject.value.startswith(base) and not predicate.startswith(_RDF):
            yield subject.value, predicate, target.value


def _is_hidden(quad: Quad, hidden: frozenset[str]) -> bool:
    graph = quad.graph_name
    return isinstance(graph, NamedNode) and graph.value in hidden
