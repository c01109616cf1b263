"""The classes of the default graph by size, and who is of each, the classes below it included, for its facets.

Both wait in temporary tables of the file that is being written. Where most of it is taken over from the last snapshot,
only the members of the classes that are made anew are read.
"""

import sqlite3
from collections.abc import Iterable

from pyoxigraph import DefaultGraph, NamedNode, Store

from kgpub.making.members import Members

_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_WORK = """
CREATE TEMP TABLE typed (class TEXT, subject TEXT, kind INTEGER, PRIMARY KEY (class, subject)) WITHOUT ROWID;
CREATE TEMP TABLE below (upper TEXT, lower TEXT, PRIMARY KEY (upper, lower)) WITHOUT ROWID;
CREATE TEMP TABLE sized (name TEXT PRIMARY KEY, members INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE wanted (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
CLOSURE = (
    "WITH RECURSIVE all_below(name) AS (VALUES(?) UNION SELECT lower FROM below JOIN all_below ON upper = name)"
    " SELECT DISTINCT subject, kind FROM typed JOIN all_below ON class = name"
)
"""Who is of a class (N-Triples notation), those of classes below it too, and what each is, once they are read."""
_DOWN = (
    "WITH RECURSIVE all_below(name) AS (SELECT name FROM wanted UNION SELECT lower FROM below JOIN all_below"
    " ON upper = name) SELECT name FROM all_below"
)
_ANY = (
    "WITH RECURSIVE all_below(name) AS (VALUES(?) UNION SELECT lower FROM below JOIN all_below ON upper = name)"
    " SELECT name FROM sized JOIN all_below USING (name)"
)
_RANKED = (
    "SELECT name FROM (SELECT name, members FROM sized UNION ALL SELECT DISTINCT upper, 0 FROM below"
    " WHERE upper NOT IN (SELECT name FROM sized)) WHERE name LIKE '<%' ORDER BY members DESC, name LIMIT ?"
)


class Belonging:
    """Which class is below which, and who is of which, in the connection to a file."""

    def __init__(self, db: sqlite3.Connection, store: Store, members: Members) -> None:
        """Note the classes of a store's default graph, whose ``members`` are read already."""
        self._db, self._members = db, members
        db.executescript(_WORK)
        below = store.quads_for_pattern(None, _SUBCLASS, None, DefaultGraph())
        db.executemany("INSERT OR IGNORE INTO below VALUES (?, ?)", ((str(q.object), str(q.subject)) for q in below))
        db.executemany("INSERT INTO sized VALUES (?, ?)", members.sizes())

    def ranked(self, most: int) -> list[str]:
        """The classes that are IRIs (N-Triples notation), those with most direct members first; at most so many."""
        return [name for (name,) in self._db.execute(_RANKED, (most,))]

    def is_empty(self, name: str) -> bool:
        """Whether no thing with an IRI is of a class or of one below it: only statement nodes, say, or nobody."""
        return not any(self._members.has_named(one) for (one,) in self._db.execute(_ANY, (name,)).fetchall())

    def read(self, classes: Iterable[str] | None = None) -> None:
        """Read the members of these classes and of those below them; of all where none are named."""
        add = "INSERT OR IGNORE INTO typed VALUES (?, ?, ?)"
        if classes is None:
            self._db.executemany(add, self._members.typed())
            return
        self._db.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((name,) for name in classes))
        for (name,) in self._db.execute(_DOWN):
            self._db.executemany(add, self._members.typed_as(name))
