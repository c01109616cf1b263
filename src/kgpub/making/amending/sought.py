"""What search finds of some things, after an edit."""

import sqlite3
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Store

from kgpub.making import findable, noting
from kgpub.making.amending import pointers
from kgpub.making.amending.around import Around
from kgpub.making.texts import Gathered, own
from kgpub.searching.documents import Entry
from kgpub.settings import Settings

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_WORK = """
CREATE TEMP TABLE subjects (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE links (object TEXT, predicate TEXT, subject TEXT, PRIMARY KEY (object, predicate, subject))
  WITHOUT ROWID;
CREATE TEMP TABLE inbound (object TEXT PRIMARY KEY, links INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE naming (iri TEXT);
"""


def entries(db: sqlite3.Connection, around: Around, settings: Settings, iris: Iterable[str]) -> Iterator[Entry]:
    """Those of some things that can be found, in the order of their IRIs; the look-up file is altered already."""
    store = around.edit.store
    things = [NamedNode(iri) for iri in sorted(iris)]
    there = [thing for thing in things if around.now.has(thing)]
    marked = noting.statements(db, [str(thing) for thing in there])
    db.executescript(_WORK)
    db.executemany("INSERT INTO subjects VALUES (?)", ((thing.value,) for thing in there))
    for thing in there:
        if str(thing) not in marked:
            types = {quad.object for quad in around.now.quads(thing, _TYPE)}
            rows = ((one.value, _TYPE.value, thing.value) for one in types if isinstance(one, NamedNode))
            db.executemany("INSERT INTO links VALUES (?, ?, ?)", rows)
        db.execute("INSERT INTO inbound VALUES (?, ?)", (thing.value, pointers.count(db, around, thing.value)))
    words = settings.vocabulary
    over = [path for path in settings.paths((*words.labels, *words.alternatives)) if len(path) > 1]
    names = ((thing.value,) for thing in there if any(_is_reached_over(store, thing, path) for path in over))
    db.executemany("INSERT INTO naming VALUES (?)", names)
    yield from findable.entries(db, store, Gathered(db, store, there), settings, around.hidden)


def _is_reached_over(store: Store, node: NamedNode, path: tuple[str, ...]) -> bool:
    """Whether another thing has a text by a path that leads over a node."""
    first, *rest = path
    leading = (quad.subject for quad in store.quads_for_pattern(None, NamedNode(first), node, None))
    return any(isinstance(one, NamedNode) and one != node for one in leading) and bool(own(store, node, rest))
