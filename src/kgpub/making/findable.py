"""What search can find in a snapshot: every thing that has a name or a description, read off store and look-up file.

Statement nodes are sources, not hits; what only shapes speak of is no part of the data; what is gone is not offered.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from pyoxigraph import NamedNode, Quad, Store

from kgpub.kept.index import DESCRIPTION, LABEL
from kgpub.making.texts import told
from kgpub.model import KEPT, Text
from kgpub.searching.search import Entry
from kgpub.settings import Settings

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def entries(db: sqlite3.Connection, store: Store, settings: Settings) -> Iterator[Entry]:
    """Every thing to be found, in the order of their IRIs; the notes of loading must be settled.

    A label in a language that has a better one already counts as an alternative.
    """
    words = settings.vocabulary
    db.execute("CREATE TEMP TABLE said (iri TEXT, sentence INTEGER, language TEXT, value TEXT)")
    db.execute("CREATE TEMP TABLE naming (iri TEXT)")
    _gather(db, store, settings.paths((*words.labels, *words.alternatives)), False)
    _gather(db, store, settings.paths(words.descriptions), True)
    _spare(db, store, settings.properties(words.label_classes))
    lent = "SELECT iri, 0, key, value FROM lent JOIN texts USING (iri), json_each(texts.texts) WHERE kind = ?"
    db.execute(f"INSERT INTO said {lent}", (LABEL,))
    sql = (
        "SELECT DISTINCT iri, sentence, language, value FROM said WHERE iri IN (SELECT iri FROM subjects)"
        " AND '<' || iri || '>' NOT IN (SELECT node FROM statements)"
        " AND iri NOT IN (SELECT iri FROM naming)"
        " AND iri NOT IN (SELECT iri FROM fates WHERE outcome != ?) ORDER BY iri, sentence, language, value"
    )
    for iri, rows in groupby(db.execute(sql, (KEPT,)), key=itemgetter(0)):
        texts = [(Text(value, language), sentence) for _, sentence, language, value in rows]
        labels, descriptions = _kept(db, iri, LABEL), _kept(db, iri, DESCRIPTION)
        (links,) = db.execute("SELECT count(*) FROM links WHERE object = ?", (iri,)).fetchone()
        types = {q.object.value for q in _types(store, iri) if isinstance(q.object, NamedNode)}
        yield Entry(
            iri=iri,
            labels=labels,
            alternatives=tuple(text for text, sentence in texts if not sentence and text not in labels),
            descriptions=tuple(dict.fromkeys((*descriptions, *(text for text, sentence in texts if sentence)))),
            types=tuple(sorted(types)),
            links=links,
        )


def _gather(db: sqlite3.Connection, store: Store, paths: tuple[tuple[str, ...], ...], sentence: bool) -> None:
    """Note every text that things have by the properties and paths, and the nodes that names were reached over."""
    for path in paths:
        rows = (
            (one.iri, sentence, (one.text.language or "").lower(), one.value, one.over) for one in told(store, path)
        )
        db.execute("CREATE TEMP TABLE reached (iri TEXT, sentence INTEGER, language TEXT, value TEXT, over TEXT)")
        db.executemany("INSERT INTO reached VALUES (?, ?, ?, ?, ?)", rows)
        db.execute("INSERT INTO said SELECT iri, sentence, language, value FROM reached WHERE value != ''")
        db.execute("INSERT INTO naming SELECT DISTINCT over FROM reached WHERE over NOT IN ('', iri) AND NOT sentence")
        db.execute("DROP TABLE reached")


def _spare(db: sqlite3.Connection, store: Store, classes: tuple[str, ...]) -> None:
    """Keep of the nodes that names were reached over those that are nothing else, by their class."""
    kinds = [NamedNode(one) for one in classes]

    def is_name(iri: str) -> bool:
        return any(next(store.quads_for_pattern(NamedNode(iri), _TYPE, one, None), None) is not None for one in kinds)

    db.create_function("is_name", 1, is_name)
    db.execute("DELETE FROM naming WHERE NOT is_name(iri)")


def _types(store: Store, iri: str) -> Iterator[Quad]:
    return store.quads_for_pattern(NamedNode(iri), _TYPE, None, None)


def _kept(db: sqlite3.Connection, iri: str, kind: int) -> tuple[Text, ...]:
    """The texts of one kind that pages show, one per language."""
    row = db.execute("SELECT texts FROM texts WHERE iri = ? AND kind = ?", (iri, kind)).fetchone()
    return tuple(Text(value, language) for language, value in json.loads(row[0]).items()) if row else ()
