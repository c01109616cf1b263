"""Writing the thesauri of a snapshot into its look-up file: schemes, trees, alphabetical lists (SKOS Reference).

Which properties and classes make a thesaurus is settable (``[vocabulary]``). Everything is worked out by SQLite, on
disk; circles and concepts with several wider ones do no harm, and every concept can be come to from a top one.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import DefaultGraph, NamedNode, Store

from kgpub.collation import initial, place
from kgpub.model import pick
from kgpub.settings import Settings

MOST_LANGUAGES = 12
"""Languages in which the concepts of one scheme are listed: those of the site, then the most used ones."""

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_TEMPORARY = """
CREATE TEMP TABLE steps (above TEXT, below TEXT, PRIMARY KEY (above, below)) WITHOUT ROWID;
CREATE TEMP TABLE topmost (scheme TEXT, iri TEXT, PRIMARY KEY (scheme, iri)) WITHOUT ROWID;
CREATE TEMP TABLE typed (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE told (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE reached (iri TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_FLOOD = (
    "INSERT OR IGNORE INTO reached WITH RECURSIVE down (iri) AS ({0} UNION SELECT below FROM steps JOIN down"
    " ON above = iri WHERE below NOT IN (SELECT iri FROM reached)) SELECT iri FROM down"
)
_TOPS = _FLOOD.format("SELECT iri FROM topmost WHERE scheme = ?")
_ONE = _FLOOD.format("SELECT ?")


def write(db: sqlite3.Connection, store: Store, settings: Settings, hidden: frozenset[str]) -> None:
    """Fill the tables of ``kgpub.kept.thesaurus``; ``texts`` holds the names already; ``hidden`` graphs hold shapes."""
    db.executescript(_TEMPORARY)
    _gather(db, store, settings, hidden)
    _assign(db)
    _top(db)
    _sort(db, settings)
    _list(db, settings)


def concerns(settings: Settings, predicates: Collection[str], classes: Collection[str]) -> bool:
    """Whether what is said by some properties, or of which of some classes something is, has a part in the thesauri."""
    words = settings.vocabulary
    steps = (*words.broader, *words.narrower, *words.top_of, *words.tops, *words.in_scheme)
    kinds = (*words.schemes, *words.concepts)
    return any(one in predicates for one in settings.properties(steps)) or any(
        one in classes for one in settings.properties(kinds)
    )


def _gather(db: sqlite3.Connection, store: Store, settings: Settings, hidden: frozenset[str]) -> None:
    """Note every concept, scheme and step, whichever of its ends says so."""
    words, many = settings.vocabulary, db.executemany

    def pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
        return (pair for name in settings.properties(names) for pair in _said(store, hidden, name, None))

    def members(classes: Iterable[str]) -> Iterator[tuple[str]]:
        found = (pair for name in settings.properties(classes) for pair in _said(store, hidden, _TYPE, name))
        return ((iri,) for iri, _ in found)

    many("INSERT OR IGNORE INTO steps SELECT ?2, ?1 WHERE ?1 != ?2", pairs(words.broader))
    many("INSERT OR IGNORE INTO steps SELECT ?1, ?2 WHERE ?1 != ?2", pairs(words.narrower))
    many("INSERT OR IGNORE INTO topmost VALUES (?2, ?1)", pairs(words.top_of))
    many("INSERT OR IGNORE INTO topmost VALUES (?1, ?2)", pairs(words.tops))
    many("INSERT OR IGNORE INTO concepts VALUES (?1, ?2)", pairs(words.in_scheme))
    many("INSERT OR IGNORE INTO typed VALUES (?)", members(words.schemes))
    many("INSERT OR IGNORE INTO told VALUES (?)", members(words.concepts))


def _said(store: Store, hidden: frozenset[str], predicate: str, object: str | None) -> Iterator[tuple[str, str]]:
    """What the data says by a property, of things that are named."""
    wanted = NamedNode(object) if object else None
    for quad in store.quads_for_pattern(None, NamedNode(predicate), wanted, None):
        graph = quad.graph_name
        is_data = not isinstance(graph, DefaultGraph) and graph.value not in hidden
        if is_data and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            yield quad.subject.value, quad.object.value


def _assign(db: sqlite3.Connection) -> None:
    """Put every concept into the schemes that are stated, or reach it from their tops, or else into none."""
    one = db.execute
    one("INSERT OR IGNORE INTO concepts SELECT iri, scheme FROM topmost")
    one("INSERT OR IGNORE INTO typed SELECT scheme FROM concepts")
    # a scheme may be said to hold another one, or collections: where something is typed a concept, only concepts count
    one(
        "DELETE FROM concepts WHERE iri IN (SELECT iri FROM typed) OR (EXISTS (SELECT 1 FROM told) AND iri NOT IN"
        " (SELECT iri FROM told UNION SELECT iri FROM topmost UNION SELECT above FROM steps UNION"
        " SELECT below FROM steps))"
    )
    for (scheme,) in one("SELECT iri FROM typed ORDER BY iri").fetchall():
        one("DELETE FROM reached")
        one(_TOPS, (scheme,))
        one(
            "INSERT OR IGNORE INTO concepts SELECT iri, ? FROM reached WHERE NOT EXISTS"
            " (SELECT 1 FROM concepts WHERE concepts.iri = reached.iri)",
            (scheme,),
        )
    one("INSERT OR IGNORE INTO told SELECT above FROM steps UNION SELECT below FROM steps")
    one(
        "INSERT INTO concepts SELECT iri, '' FROM told WHERE iri NOT IN (SELECT iri FROM concepts)"
        " AND iri NOT IN (SELECT iri FROM typed)"
    )
    one("INSERT INTO broader SELECT below, above FROM steps")


def _top(db: sqlite3.Connection) -> None:
    """Give every scheme its tops: those that are stated, what has nothing wider in it, and one of each circle left."""
    one = db.execute
    one(
        "INSERT OR IGNORE INTO topmost SELECT scheme, iri FROM concepts WHERE NOT EXISTS (SELECT 1 FROM broader"
        " JOIN concepts AS wider ON wider.iri = broader.above AND wider.scheme = concepts.scheme"
        " WHERE broader.iri = concepts.iri)"
    )
    one("CREATE TEMP TABLE held AS SELECT DISTINCT scheme, iri FROM concepts ORDER BY 1, 2")
    for (scheme,) in one("SELECT DISTINCT scheme FROM held").fetchall():
        one("DELETE FROM reached")
        one(_TOPS, (scheme,))
        left = "SELECT iri FROM held WHERE scheme = ? AND iri NOT IN (SELECT iri FROM reached) ORDER BY iri"
        for (iri,) in one(left, (scheme,)).fetchall():
            if not one("SELECT 1 FROM reached WHERE iri = ?", (iri,)).fetchone():
                one("INSERT OR IGNORE INTO topmost VALUES (?, ?)", (scheme, iri))
                one(_ONE, (iri,))


def _sort(db: sqlite3.Connection, settings: Settings) -> None:
    """Write the schemes and the branches of the trees, sorted for the readers of each language."""
    one = db.execute
    one(
        "INSERT INTO schemes SELECT iri, (SELECT count(*) FROM concepts WHERE scheme = typed.iri),"
        " (SELECT count(*) FROM topmost WHERE scheme = typed.iri) FROM (SELECT iri FROM typed UNION"
        " SELECT '' WHERE EXISTS (SELECT 1 FROM concepts WHERE scheme = '')) AS typed"
    )
    one("INSERT INTO below SELECT above, count(*) FROM steps GROUP BY 1")

    def place_of(texts: str | None, language: str) -> str:
        name = pick(json.loads(texts), (language, *settings.languages)) if texts else None
        return place(name.value, language) if name else "\U0010ffff"

    db.create_function("place_of", 2, place_of, deterministic=True)
    for language in settings.languages:
        one(
            "INSERT INTO scheme_order SELECT ?1, row_number() OVER (ORDER BY schemes.iri = '',"
            " place_of(texts, ?1), schemes.iri) - 1, schemes.iri FROM schemes LEFT JOIN texts"
            " ON texts.iri = schemes.iri AND kind = 0",
            (language,),
        )
        one(
            "INSERT INTO branches SELECT ?1, is_top, above, row_number() OVER (PARTITION BY is_top, above"
            " ORDER BY place_of(texts, ?1), tree.iri) - 1, tree.iri, ifnull(below, 0) FROM"
            " (SELECT 1 AS is_top, scheme AS above, iri FROM topmost UNION ALL SELECT 0, above, below FROM steps)"
            " AS tree LEFT JOIN texts ON texts.iri = tree.iri AND kind = 0 LEFT JOIN below ON below.iri = tree.iri",
            (language,),
        )


def _list(db: sqlite3.Connection, settings: Settings) -> None:
    """Write the alphabetical lists: each concept under each of its names, one name a language."""
    one = db.execute
    one(
        "CREATE TEMP TABLE names AS SELECT scheme, concepts.iri AS iri, key AS language, value AS name FROM concepts"
        " JOIN texts ON texts.iri = concepts.iri AND kind = 0, json_each(texts.texts)"
    )
    rank = json.dumps({tag: place for place, tag in enumerate(settings.languages)})
    one(
        "INSERT INTO alphabets SELECT scheme, position, language, many FROM (SELECT scheme, language, many,"
        " row_number() OVER (PARTITION BY scheme ORDER BY ifnull(wanted.value, 1000), many DESC, language) - 1"
        " AS position FROM (SELECT scheme, language, count(*) AS many FROM names GROUP BY 1, 2)"
        " LEFT JOIN json_each(?) AS wanted ON wanted.key = language) WHERE position < ?",
        (rank, MOST_LANGUAGES),
    )
    db.create_function("place", 2, place, deterministic=True)
    db.create_function("initial", 2, initial, deterministic=True)
    one(
        "INSERT INTO alphabet SELECT scheme, language, row_number() OVER (PARTITION BY scheme, language"
        " ORDER BY letter != '#', place, name, iri) - 1, letter, iri, name FROM (SELECT scheme, language, iri, name,"
        " initial(name, language) AS letter, place(name, language) AS place FROM names"
        " JOIN alphabets USING (scheme, language))"
    )
    one("INSERT INTO letters SELECT scheme, language, min(position), letter, count(*) FROM alphabet GROUP BY 1, 2, 4")
    for table in ("names", "held", "steps", "topmost", "typed", "told", "reached"):
        one(f"DROP TABLE temp.{table}")
