"""Classes with the very same members: what narrows one down narrows the other down, and need not be read twice."""

import hashlib
import sqlite3
from collections.abc import Iterable

_COPY = """
INSERT INTO orders SELECT :number, language, ordinals FROM orders WHERE class = :twin;
INSERT INTO choices SELECT facet + :shift, position, value, bits FROM choices
  WHERE facet IN (SELECT id FROM facets WHERE class = :twin);
INSERT INTO keys SELECT facet + :shift, keys, ordinals FROM keys
  WHERE facet IN (SELECT id FROM facets WHERE class = :twin);
INSERT INTO facets SELECT id + :shift, :number, property, kind, holders FROM facets WHERE class = :twin;
"""


def digest(names: Iterable[str]) -> bytes:
    """What tells lists of names apart, in their order."""
    found = hashlib.sha256()
    for name in names:
        found.update(name.encode() + b"\n")
    return found.digest()


def copy_facets(db: sqlite3.Connection, twin: int, number: int) -> None:
    """Give a class the orders and facets of its twin, which are written already (``kgpub.making.faceting``)."""
    (free,) = db.execute("SELECT count(*) FROM facets").fetchone()
    (first,) = db.execute("SELECT min(id) FROM facets WHERE class = ?", (twin,)).fetchone()
    given = {"number": number, "twin": twin, "shift": free - (first or 0)}
    for one in filter(str.strip, _COPY.split(";")):
        db.execute(one, given)
