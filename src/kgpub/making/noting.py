"""What is noted of every quad while the sources are loaded, so that the loaded store need not be read again for it.

The notes are temporary tables that SQLite keeps and sorts on disk: rows are appended as they come and made distinct
once, in order, which for many rows costs a fraction of looking each one up.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kgpub.making.stored import as_stored, may_change
from kgpub.model import Term
from kgpub.settings import STANDARD_PREFIXES

_RDF = STANDARD_PREFIXES["rdf"]
REIFICATION = frozenset(_RDF + name for name in ("subject", "reifies"))
"""What is said of statement nodes (RDF 1.1 Schema section 5.3, RDF 1.2 Concepts section 1.5)."""
_HOST = re.compile(r"https?://[^/?#]+/")
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


_Told = tuple[str, str, Term | Triple, NamedNode | BlankNode | DefaultGraph]
"""A quad: its subject in N-Triples notation, its property as an IRI, its object, its graph."""


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

    def __init__(self, db: sqlite3.Connection, base: str, capitals: frozenset[str] = frozenset()) -> None:
        """Start with nothing noted; ``base`` is that of the site.

        ``capitals`` are the language tags, lowered, that the sources write with capitals.
        """
        self._db, self._base, self._capitals = db, base, capitals
        db.executescript(_TABLES)

    def add(self, quads: Sequence[Quad], merged: Iterable[Quad], hidden: frozenset[str], graph: str) -> None:
        """Note quads of the sources, and those among them whose triples belong to the default graph.

        ``hidden`` graphs hold shapes. ``graph`` is the one that all quads stand in; empty where there may be several.
        Each quad is taken apart once, which costs more than all that is made of its parts.
        """
        told = [(str(subject), property.value, target, where) for subject, property, target, where in quads]
        self._note_typed(told)
        marks = {name for name, property, _, _ in told if property in REIFICATION}
        if hidden and (not graph or graph in hidden):
            told = [one for one in told if not _is_hidden(one[3], hidden)]
        subjects = {name[1:-1] for name, _, _, _ in told if name.startswith("<")}
        links = [(target.value, property, name) for name, property, target, _ in told if type(target) is NamedNode]
        self._many("INSERT OR IGNORE INTO statements VALUES (?)", ((mark,) for mark in marks))
        self._many("INSERT INTO seen_subjects VALUES (?)", ((iri,) for iri in subjects))
        self._many("INSERT INTO seen_links VALUES (?, ?, ?)", links)
        if merged is quads and len(told) == len(quads):
            self._many("INSERT INTO away VALUES (?, ?, ?)", _leaving(links, self._base))
        else:
            self.merge(merged)

    def _note_typed(self, told: Iterable[_Told]) -> None:
        """Note literals that the store may keep in another form.

        What it keeps as it is matters only where something else is kept as the same; most often there is none of that.
        """
        same: list[tuple[str, str, str, str]] = []
        altered: list[tuple[str, str, str, str, str]] = []
        for name, property, target, where in told:
            if type(target) is Literal and may_change(target, self._capitals):
                stored, original = str(as_stored(target)), str(target)
                key = (name, f"<{property}>", stored, str(where))
                if stored == original:
                    same.append(key)
                else:
                    altered.append((*key, original))
        self._many("INSERT INTO same VALUES (?, ?, ?, ?)", same)
        self._many("INSERT OR IGNORE INTO originals VALUES (?, ?, ?, ?, ?)", altered)

    def _many(self, sql: str, rows: Iterable[tuple[str, ...]]) -> None:
        self._db.executemany(sql, rows)

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
    links = ((quad.object, quad.predicate.value, str(quad.subject)) for quad in quads)
    return _leaving(((target.value, *rest) for target, *rest in links if isinstance(target, NamedNode)), base)


def _leaving(links: Iterable[tuple[str, ...]], base: str) -> Iterator[tuple[str, str, str]]:
    """Those of some links (object, predicate, subject in N-Triples notation) that lead away from the base."""
    inside = f"<{base}"
    for target, predicate, subject in links:
        if not target.startswith(base) and subject.startswith(inside) and not predicate.startswith(_RDF):
            yield subject[1:-1], predicate, target


def _is_hidden(graph: NamedNode | BlankNode | DefaultGraph, hidden: frozenset[str]) -> bool:
    return isinstance(graph, NamedNode) and graph.value in hidden
