"""Filling the tables of the look-up file: names, hubs, layouts, out of temporary tables and of the loaded store.

Whatever grows with the graph is sorted by SQLite, never in memory. A build fills them whole; after an edit the rows
that it concerns are filled again (``making.amending``), out of temporary tables that hold no more than these need.
"""

import json
import sqlite3
from collections.abc import Sequence
from itertools import groupby

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kgpub.kept import thesaurus
from kgpub.kept.index import HUB, SCHEMA
from kgpub.kept.layout import class_layouts, property_groups
from kgpub.kept.sorting import UNNAMED, sort_key
from kgpub.making import plotting
from kgpub.making.texts import Gathered
from kgpub.settings import Settings

TABLES = SCHEMA + plotting.SCHEMA + thesaurus.SCHEMA
"""All tables of the look-up file."""

_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_LAST = 1 << 40
"""The place of a language that no name is in."""
_PLACES = "CREATE TEMP TABLE places (tag TEXT PRIMARY KEY, place INTEGER) WITHOUT ROWID"
_NAMED = """
CREATE TEMP TABLE named (object TEXT, predicate TEXT, subject TEXT, PRIMARY KEY (object, predicate, subject))
  WITHOUT ROWID;
INSERT INTO named SELECT object, predicate, substr(subject, 2, length(subject) - 2) FROM links
  WHERE subject LIKE '<%' AND subject NOT IN (SELECT node FROM statements);
DROP TABLE links;
ALTER TABLE named RENAME TO links;
"""
_LAID_OUT = ("superclasses", "layouts", "property_groups")


def languages(db: sqlite3.Connection, gathered: Gathered, settings: Settings) -> None:
    """Fill ``languages``: in which languages names are, and how many; then put them in order (``places``)."""
    for path in settings.paths(settings.vocabulary.labels):
        sql = "SELECT language, count(*) AS n FROM gathered WHERE path = ? GROUP BY 1 ORDER BY 1"
        db.execute(
            f"INSERT INTO languages {sql} ON CONFLICT DO UPDATE SET names = names + excluded.names",
            (gathered.number(path),),
        )
    places(db, settings)


def places(db: sqlite3.Connection, settings: Settings) -> None:
    """Put the languages of the data in order: the settings' first, then the ones that most names are in."""
    db.execute(_PLACES)
    wanted = ((tag, place - len(settings.content)) for place, tag in enumerate(settings.content))
    db.executemany("INSERT INTO places VALUES (?, ?)", wanted)
    db.execute(
        "INSERT OR IGNORE INTO places SELECT tag, row_number() OVER (ORDER BY names DESC, tag) FROM main.languages"
    )


def texts(db: sqlite3.Connection, gathered: Gathered, settings: Settings, kind: int, names: Sequence[str]) -> None:
    """Keep the texts of one kind; a property or path named earlier wins, per language.

    They stand in the order of their languages, so that the first is the best where the reader's is not among them.
    """
    db.execute("CREATE TEMP TABLE found (iri TEXT, rank INTEGER, language TEXT, value TEXT)")
    for rank, path in enumerate(settings.paths(names)):
        sql = "INSERT INTO found SELECT iri, ?, language, value FROM gathered WHERE path = ? AND value != ''"
        db.execute(sql, (rank, gathered.number(path)))
    ordered = db.execute(
        "SELECT DISTINCT iri, ifnull(place, ?), language, rank, value FROM found"
        " LEFT JOIN places ON tag = language ORDER BY 1, 2, 3, 4, 5",
        (_LAST,),
    )
    for iri, group in groupby(ordered, key=lambda row: row[0]):
        told: dict[str, str] = {}
        for _, _, language, _, value in group:
            told.setdefault(language, value)
        db.execute("INSERT INTO texts VALUES (?, ?, ?)", (iri, kind, json.dumps(told, ensure_ascii=False)))
    db.execute("DROP TABLE found")


def links(db: sqlite3.Connection) -> None:
    """Keep only the links from named things, statement nodes apart.

    What is pointed at more than ``HUB`` times, by whatever, is remembered as a hub first.
    """
    db.execute("CREATE TEMP TABLE big AS SELECT object FROM links GROUP BY 1 HAVING count(*) > ?", (HUB,))
    db.executescript(_NAMED)
    db.execute("CREATE TEMP VIEW inbound AS SELECT object, count(*) AS links FROM links GROUP BY 1")


def hubs(db: sqlite3.Connection, settings: Settings) -> None:
    """Write what points to each hub: how many by which property, and the sorted lists in each language."""
    db.execute("INSERT INTO hubs SELECT object, predicate, count(*) FROM links JOIN big USING (object) GROUP BY 1, 2")
    db.execute("INSERT OR IGNORE INTO hubs SELECT object, '', 0 FROM big")

    def key(texts: str, language: str) -> str:
        return sort_key(json.loads(texts), (language, *settings.languages))

    db.create_function("sort_key", 2, key, deterministic=True)
    db.execute("CREATE TEMP TABLE keyed (iri TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID")
    db.execute("CREATE TEMP TABLE listed (iri TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("INSERT INTO listed SELECT DISTINCT subject FROM links JOIN big USING (object) ORDER BY 1")
    for language in settings.languages:
        db.execute(
            "INSERT INTO keyed SELECT iri, sort_key(texts, ?) FROM listed JOIN texts USING (iri) WHERE kind = 0",
            (language,),
        )
        db.execute(
            "INSERT INTO members SELECT object, predicate, ?,"
            " row_number() OVER (PARTITION BY object, predicate ORDER BY ifnull(key, ?), subject) - 1, subject"
            " FROM links JOIN big USING (object) LEFT JOIN keyed ON iri = subject",
            (language, UNNAMED),
        )
        db.execute("DELETE FROM keyed")


def layouts(db: sqlite3.Connection, store: Store, settings: Settings, hidden: frozenset[str]) -> None:
    """Keep how the shapes lay pages out, and which class stands below which; whatever was kept before goes."""
    for table in _LAID_OUT:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 # of the three above
    classes = (
        (q.subject.value, q.object.value)
        for q in store.quads_for_pattern(None, _SUBCLASS, None, None)
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode) and is_data(q, hidden)
    )
    db.executemany("INSERT OR IGNORE INTO superclasses VALUES (?, ?)", classes)
    fields = (
        (target, position, field)
        for target, group in groupby(class_layouts(store), key=lambda pair: pair[0])
        for position, (_, field) in enumerate(group)
    )
    db.executemany("INSERT INTO layouts VALUES (?, ?, ?)", fields)
    db.executemany("INSERT INTO property_groups VALUES (?, ?)", property_groups(store, settings))


def measures(settings: Settings) -> tuple[str, ...]:
    """The properties of what has a number or bounds."""
    words = settings.vocabulary
    return settings.properties((*words.quantities, *words.minima, *words.maxima))


def quantities(db: sqlite3.Connection, store: Store, settings: Settings, hidden: frozenset[str]) -> None:
    """Note what has a number or bounds, so that whatever names it can say them."""
    for name in measures(settings):
        quads = store.quads_for_pattern(None, NamedNode(name), None, None)
        rows = ((q.subject.value,) for q in quads if isinstance(q.subject, NamedNode) and is_data(q, hidden))
        db.executemany("INSERT OR IGNORE INTO quantities VALUES (?)", rows)


def is_data(quad: Quad, hidden: frozenset[str]) -> bool:
    """Whether a quad stands in a named graph that holds data; the default graph only repeats them."""
    graph = quad.graph_name
    return not isinstance(graph, DefaultGraph) and not (isinstance(graph, NamedNode) and graph.value in hidden)
