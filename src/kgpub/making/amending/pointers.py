"""What points to hubs, after an edit."""

import sqlite3
from collections.abc import Iterable
from itertools import islice

from pyoxigraph import NamedNode

from kgpub.kept.index import HUB
from kgpub.making import filling, noting
from kgpub.making.amending.around import Around, Data, gathered
from kgpub.making.amending.marks import Marked
from kgpub.settings import Settings

_WORK = """
CREATE TEMP TABLE links (object TEXT, predicate TEXT, subject TEXT, PRIMARY KEY (object, predicate, subject))
  WITHOUT ROWID;
CREATE TEMP TABLE big (object TEXT);
"""
_BATCH = 10_000


def objects(around: Around, marked: Marked) -> frozenset[str]:
    """The IRIs to which a thing leads that became a statement node, or is none any more: its links count no longer."""
    nodes = (NamedNode(node[1:-1]) for node in marked.flipped if node.startswith("<"))
    quads = (quad for node in nodes for data in (around.before, around.now) for quad in data.quads(node))
    return frozenset(gathered(quad.object.value for quad in quads if isinstance(quad.object, NamedNode)))


def amend(
    db: sqlite3.Connection, around: Around, settings: Settings, renamed: Iterable[str], pointed: Iterable[str]
) -> None:
    """Alter ``hubs`` and ``members`` of what is ``pointed`` to otherwise, or by what was ``renamed``.

    The lists of a hub are written anew as a whole: a thing that comes stands between others.
    """
    naming = (quad.object for iri in renamed for quad in around.now.quads(NamedNode(iri)))
    listing = gathered(one.value for one in naming if isinstance(one, NamedNode)) - set(pointed)
    were = {iri for iri in {*pointed, *listing} if db.execute("SELECT 1 FROM hubs WHERE object = ?", (iri,)).fetchone()}
    are = {iri for iri in pointed if _is_hub(around.now, iri)} | (listing & were)
    if not were | are:
        return
    for table in ("hubs", "members"):
        db.executemany(f"DELETE FROM {table} WHERE object = ?", ((iri,) for iri in were))  # noqa: S608 # of two
    db.executescript(_WORK)
    db.executemany("INSERT INTO big VALUES (?)", ((iri,) for iri in sorted(are)))
    for iri in sorted(are):
        _note(db, around.now, iri)
    filling.hubs(db, settings)
    for table in ("links", "big", "keyed", "listed"):
        db.execute(f"DROP TABLE temp.{table}")


def count(db: sqlite3.Connection, around: Around, iri: str) -> int:
    """How many links there are to a thing, from named things that are no statement nodes."""
    (hub,) = db.execute("SELECT sum(links) FROM hubs WHERE object = ?", (iri,)).fetchone()
    if hub is not None:
        return int(hub)
    pairs = {(str(quad.subject), quad.predicate) for quad in around.now.pointing(NamedNode(iri))}
    marked = noting.statements(db, [subject for subject, _ in pairs])
    return sum(subject.startswith("<") and subject not in marked for subject, _ in pairs)


def _is_hub(data: Data, iri: str) -> bool:
    """Whether a thing is pointed at more than ``HUB`` times, by whatever."""
    found: set[tuple[object, object]] = set()
    for quad in data.pointing(NamedNode(iri)):
        found.add((quad.subject, quad.predicate))
        if len(found) > HUB:
            return True
    return False


def _note(db: sqlite3.Connection, data: Data, iri: str) -> None:
    """Note the links to a hub from named things that are no statement nodes."""
    quads = (quad for quad in data.pointing(NamedNode(iri)) if isinstance(quad.subject, NamedNode))
    while batch := list(islice(quads, _BATCH)):
        marked = noting.statements(db, [str(quad.subject) for quad in batch])
        rows = ((iri, q.predicate.value, str(q.subject)[1:-1]) for q in batch if str(q.subject) not in marked)
        db.executemany("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", rows)
