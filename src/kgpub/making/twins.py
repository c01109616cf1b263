"""Classes with the very same members: what narrows one down narrows the other down, and need not be read twice."""

import hashlib
import sqlite3
from collections.abc import Iterable

_COPY = """
INSERT INTO main.orders SELECT :number, language, ordinals FROM {0}.orders WHERE class = :twin;
INSERT INTO main.choices SELECT facet + :shift, position, value, bits FROM {0}.choices
  WHERE facet IN (SELECT id FROM {0}.facets WHERE class = :twin);
INSERT INTO main.keys SELECT facet + :shift, keys, ordinals FROM {0}.keys
  WHERE facet IN (SELECT id FROM {0}.facets WHERE class = :twin);
INSERT INTO main.facets SELECT id + :shift, :number, property, kind, holders FROM {0}.facets WHERE class = :twin;
"""
_FIRST = "SELECT min(id) FROM {0}.facets WHERE class = ?"


def digest(names: Iterable[str]) -> bytes:
    """What tells lists of names apart, in their order."""
    found = hashlib.sha256()
    for name in names:
        found.update(name.encode() + b"\n")
    return found.digest()


def free(db: sqlite3.Connection) -> int:
    """The number of the next facet: they are numbered in the order in which they are written, from 0."""
    (found,) = db.execute("SELECT ifnull(max(id) + 1, 0) FROM main.facets").fetchone()
    return int(found)


def copy_facets(db: sqlite3.Connection, twin: int, number: int, there: str = "main") -> None:
    """Give a class the orders and facets of its twin, which are written already (``kgpub.making.faceting``).

    ``there`` is the attached file that the twin's are in.
    """
    (first,) = db.execute(_FIRST.format(there), (twin,)).fetchone()
    given = {"number": number, "twin": twin, "shift": free(db) - (first or 0)}
    for one in filter(str.strip, _COPY.format(there).split(";")):
        db.execute(one, given)
