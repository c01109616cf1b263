"""Days and points, after an edit."""

import sqlite3
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from kgpub.days import DATED
from kgpub.making import plotting
from kgpub.making.amending.around import Among, Around, Node, is_node
from kgpub.nearby.coordinates import WKT
from kgpub.settings import Settings

_WORK = plotting.SCHEMA.replace("CREATE TABLE", "CREATE TEMP TABLE") + (
    "CREATE TEMP TABLE nodes (node TEXT PRIMARY KEY) WITHOUT ROWID;"
)
_TABLES = ("days", "points")
_FORMS = "SELECT original FROM originals WHERE subject = ? AND predicate = ? AND object = ? AND graph = ?"


def amend(db: sqlite3.Connection, around: Around, settings: Settings) -> None:
    """Alter ``days`` and ``points`` of what the edit says of time and place, and of what takes these over.

    They are worked out among all that these lead to, which is all that has a say in them.
    """
    words, iris = settings.vocabulary, settings.properties
    lending = iris((*words.start, *words.end, *words.periods, *words.locations))
    placing = iris((*words.latitude, *words.longitude))
    changed = around.subjects((*lending, *placing)) | _plotted(around)
    if not changed:
        return
    ways = [NamedNode(way) for way in lending]
    steps = len(ways) + len(words.locations)
    concerned = around.leading(changed, ways, steps)
    seen = around.led(concerned, ways, steps)
    db.executescript(_WORK)
    db.executemany("INSERT INTO nodes VALUES (?)", ((str(node),) for node in concerned))
    literals = _literals(db, around, seen)
    plotting.write(db, Among(around.edit.store, seen), settings, around.hidden, literals)
    for table in _TABLES:
        which = "subject IN (SELECT node FROM nodes)"
        db.execute(f"DELETE FROM main.{table} WHERE {which}")  # noqa: S608 # of the two above
        db.execute(f"INSERT INTO main.{table} SELECT * FROM temp.{table} WHERE {which}")  # noqa: S608 # the same
    for table in (*_TABLES, "nodes"):
        db.execute(f"DROP TABLE temp.{table}")


def _plotted(around: Around) -> set[Node]:
    """The nodes of which a date or a point came or went."""
    said = ((quad.subject, quad.object) for quad in around.quads)
    kinds = {*DATED, WKT}
    return {
        node for node, value in said if is_node(node) and isinstance(value, Literal) and value.datatype.value in kinds
    }


def _literals(db: sqlite3.Connection, around: Around, nodes: Iterable[Node]) -> Iterator[plotting.Typed]:
    """The literals of nodes as the sources write them."""
    for node in nodes:
        for quad in around.now.quads(node):
            if isinstance(quad.object, Literal):
                key = (str(quad.subject), str(quad.predicate), str(quad.object), str(quad.graph_name))
                forms = [form for (form,) in db.execute(_FORMS, key)] or [key[2]]
                yield from ((key[0], key[1], form, key[3]) for form in forms)
