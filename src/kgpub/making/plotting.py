"""Writing when and where things are into a snapshot's look-up file: days and coordinates, worked out once at build.

A date counts for the thing that has it and, through a period or an instant (``[vocabulary] periods``, ``start``,
``end``), for what leads there; coordinates count through a geometry or a place (``[vocabulary] locations``).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kgpub.days import DATED, days, is_yearless
from kgpub.making.stored import Quads
from kgpub.nearby.coordinates import EAST, NORTH, WKT, degrees, wkt_point
from kgpub.settings import Settings

SCHEMA = """
CREATE TABLE days (subject TEXT, predicate TEXT, object TEXT, earliest INTEGER, latest INTEGER, via TEXT,
  PRIMARY KEY (subject, predicate, object)) WITHOUT ROWID;
CREATE TABLE points (subject TEXT, latitude REAL, longitude REAL, via TEXT,
  PRIMARY KEY (subject, latitude, longitude)) WITHOUT ROWID;
"""
"""``subject`` and ``via`` are terms in N-Triples notation, ``via`` the node that has the date or the coordinates, empty
where the subject has them itself; ``object`` is the literal as the sources write it. ``earliest`` and ``latest`` are
days from 1970-01-01, NULL for a date without a year."""

Typed = tuple[str, str, str, str]
"""A typed literal of the sources: subject, property, literal and graph in N-Triples notation."""

_MOST = 8
"""Dates or points that a node may have for others to take them over; one with more is no period and no place."""
_PLOTTED = frozenset((*DATED, WKT))
_BATCH = 10_000
_LEND_DAYS = (
    "INSERT OR IGNORE INTO days SELECT ends.subject, CASE WHEN ? THEN ends.predicate ELSE days.predicate END, object,"
    " earliest, latest, ends.node FROM ends JOIN days ON days.subject = ends.node"
    " WHERE (SELECT count(*) FROM days WHERE subject = ends.node) <= ?"
)
_LEND_POINTS = (
    "INSERT OR IGNORE INTO points SELECT ends.subject, latitude, longitude, ends.node FROM ends"
    " JOIN points ON points.subject = ends.node"
    " WHERE (SELECT count(*) FROM points WHERE subject = ends.node) <= ?"
)
_PAIRS = (
    "INSERT OR IGNORE INTO points SELECT north.subject, north.degrees, east.degrees, '' FROM sides AS north"
    " JOIN sides AS east ON east.side = 1 AND east.subject = north.subject WHERE north.side = 0 AND NOT EXISTS"
    " (SELECT 1 FROM sides WHERE subject = north.subject GROUP BY side HAVING count(*) > 1)"
)


def write(
    db: sqlite3.Connection, store: Quads, settings: Settings, hidden: frozenset[str], literals: Iterable[Typed]
) -> None:
    """Fill ``days`` and ``points``, from the store and from every typed literal of the sources."""
    written = _written(literals, hidden)
    while batch := list(islice(written, _BATCH)):
        db.executemany("INSERT OR IGNORE INTO days VALUES (?, ?, ?, ?, ?, '')", _days(batch))
        db.executemany("INSERT OR IGNORE INTO points VALUES (?, ?, ?, '')", _points(batch))
    words, iris = settings.vocabulary, settings.properties
    for north, east in zip(iris(words.latitude), iris(words.longitude), strict=False):
        _pair(db, _said(store, north, hidden), _said(store, east, hidden))
    for predicate in iris((*words.start, *words.end)):
        _lend(db, _LEND_DAYS, (True, _MOST), _ends(store, predicate, hidden))
    for predicate in iris(words.periods):
        _lend(db, _LEND_DAYS, (False, _MOST), _ends(store, predicate, hidden))
    for _ in ("geometries", "places with geometries"):
        for predicate in iris(words.locations):
            _lend(db, _LEND_POINTS, (_MOST,), _ends(store, predicate, hidden))


class _Written(NamedTuple):
    """A date or a point of the sources: whose, by which property, its text and datatype, and its notation."""

    subject: str
    predicate: str
    text: str
    datatype: str
    notation: str


def _written(literals: Iterable[Typed], hidden: frozenset[str]) -> Iterator[_Written]:
    """The dates and points of the data graphs; none needs escapes in its text."""
    for subject, predicate, original, graph in literals:
        text, _, type = original[1:-1].rpartition('"^^<')
        if type in _PLOTTED and '"' not in text and "\\" not in text and graph[1:-1] not in hidden:
            yield _Written(subject, predicate[1:-1], text, type, original)


def _days(literals: Iterable[_Written]) -> Iterator[tuple[str, str, str, int | None, int | None]]:
    """The rows of dates; those without a year have no days."""
    for one in literals:
        if one.datatype not in DATED:
            continue
        found = days(one.text, one.datatype)
        if found is not None:
            yield one.subject, one.predicate, one.notation, found.earliest, found.latest
        elif is_yearless(one.text, one.datatype):
            yield one.subject, one.predicate, one.notation, None, None


def _points(literals: Iterable[_Written]) -> Iterator[tuple[str, float, float]]:
    """The rows of points written as WKT."""
    for one in literals:
        found = wkt_point(one.text) if one.datatype == WKT else None
        if found is not None:
            yield one.subject, found.latitude, found.longitude


def _pair(db: sqlite3.Connection, north: Iterable[Quad], east: Iterable[Quad]) -> None:
    """The rows of points written as a latitude and a longitude.

    A thing with several of either is left out: nothing says which go together.
    """
    db.execute(
        "CREATE TEMP TABLE sides (side INTEGER, subject TEXT, degrees REAL, PRIMARY KEY (side, subject, degrees))"
        " WITHOUT ROWID"
    )
    for side, quads, most in ((0, north, NORTH), (1, east, EAST)):
        said = ((str(q.subject), degrees(q.object.value, most)) for q in quads if isinstance(q.object, Literal))
        rows = ((side, subject, value) for subject, value in said if value is not None)
        db.executemany("INSERT OR IGNORE INTO sides VALUES (?, ?, ?)", rows)
    db.execute(_PAIRS)
    db.execute("DROP TABLE sides")


def _lend(db: sqlite3.Connection, sql: str, values: tuple[int, ...], ends: Iterable[Quad]) -> None:
    """Let things take over what the nodes have that a property leads to."""
    db.execute("CREATE TEMP TABLE ends (subject TEXT, predicate TEXT, node TEXT)")
    rows = ((str(q.subject), q.predicate.value, str(q.object)) for q in ends)
    db.executemany("INSERT INTO ends VALUES (?, ?, ?)", rows)
    db.execute(sql, values)
    db.execute("DROP TABLE ends")


def _ends(store: Quads, predicate: str, hidden: frozenset[str]) -> Iterator[Quad]:
    """The quads of a property in the data graphs that lead to a node other than their own."""
    for quad in _said(store, predicate, hidden):
        if isinstance(quad.object, NamedNode | BlankNode) and quad.object != quad.subject:
            yield quad


def _said(store: Quads, predicate: str, hidden: frozenset[str]) -> Iterator[Quad]:
    """The quads of a property in the data graphs."""
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None):
        graph = quad.graph_name
        if not isinstance(graph, DefaultGraph) and str(graph).strip("<>") not in hidden:
            yield quad
