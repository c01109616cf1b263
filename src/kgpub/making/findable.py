"""What search can find in a snapshot: every thing that has a name or a description, read off the look-up file.

Statement nodes are sources, not hits; what only shapes speak of is no part of the data; what is gone is not offered.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from pyoxigraph import NamedNode, Store

from kgpub.kept.index import DESCRIPTION, LABEL
from kgpub.making.texts import Gathered
from kgpub.model import KEPT, Text
from kgpub.searching.documents import Entry
from kgpub.settings import Settings

_KINDS = (LABEL, DESCRIPTION)
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def entries(
    db: sqlite3.Connection, store: Store, gathered: Gathered, settings: Settings, hidden: frozenset[str]
) -> Iterator[Entry]:
    """Every thing to be found, in the order of their IRIs; the look-up file must be filled.

    A label in a language that has a better one already counts as an alternative. ``hidden`` graphs hold shapes. The
    things are those of the temporary table ``subjects``; ``links`` has their types and ``inbound`` how many links lead
    to them, each perhaps among others. What else names are reached over than ``gathered`` has is in ``naming``.
    """
    words = settings.vocabulary
    db.execute("CREATE TEMP TABLE said (iri TEXT, sentence INTEGER, language TEXT, value TEXT)")
    db.execute("CREATE TEMP TABLE IF NOT EXISTS naming (iri TEXT)")
    _gather(db, gathered, settings.paths((*words.labels, *words.alternatives)), False)
    _gather(db, gathered, settings.paths(words.descriptions), True)
    _spare(db, store, settings.properties(words.label_classes))
    lent = "SELECT iri, 0, key, value FROM lent JOIN texts USING (iri), json_each(texts.texts) WHERE kind = ?"
    lent += " AND iri IN (SELECT iri FROM subjects)"
    db.execute(f"INSERT INTO said {lent}", (LABEL,))
    sql = (
        "SELECT DISTINCT iri, sentence, language, value FROM said WHERE iri IN (SELECT iri FROM subjects)"
        " AND '<' || iri || '>' NOT IN (SELECT node FROM statements)"
        " AND iri NOT IN (SELECT iri FROM naming)"
        " AND iri NOT IN (SELECT iri FROM fates WHERE outcome != ?) ORDER BY iri, sentence, language, value"
    )
    _note_types(db, store, hidden)
    named = "SELECT iri, texts FROM subjects JOIN texts USING (iri) WHERE kind = ? ORDER BY 1"
    kept = {kind: _Beside(db, named, kind) for kind in _KINDS}
    links = _Beside(db, "SELECT object, links FROM inbound ORDER BY 1")
    types = _Beside(db, "SELECT iri, type FROM kinds ORDER BY 1, 2")
    for iri, rows in groupby(db.execute(sql, (KEPT,)), key=itemgetter(0)):
        texts = [(Text(value, language), sentence) for _, sentence, language, value in rows]
        labels, descriptions = (_texts(kept[kind].of(iri)) for kind in _KINDS)
        yield Entry(
            iri=iri,
            labels=labels,
            alternatives=tuple(text for text, sentence in texts if not sentence and text not in labels),
            descriptions=tuple(dict.fromkeys((*descriptions, *(text for text, sentence in texts if sentence)))),
            types=tuple(types.of(iri)),
            links=sum(links.of(iri)),
        )


class _Beside:
    """What a query has of things, both in the order of their IRIs, so that nothing need be looked up."""

    def __init__(self, db: sqlite3.Connection, sql: str, *values: object) -> None:
        """Ask a query whose rows are an IRI and a value."""
        self._groups = groupby(db.execute(sql, values), key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, iri: str) -> list[Any]:  # Any: SQLite's column types
        """The values of a thing; those of all things before it are gone."""
        while self._next is not None and self._next[0] < iri:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] > iri:
            return []
        found = [value for _, value in self._next[1]]
        self._next = next(self._groups, None)
        return found


def _note_types(db: sqlite3.Connection, store: Store, hidden: frozenset[str]) -> None:
    """Note the types of things, those that only shapes state among them."""
    db.execute("CREATE TEMP TABLE kinds (iri TEXT, type TEXT, PRIMARY KEY (iri, type)) WITHOUT ROWID")
    sql = "INSERT INTO kinds SELECT DISTINCT subject, object FROM links WHERE predicate = ? ORDER BY 1, 2"
    db.execute(sql, (_TYPE.value,))
    for graph in sorted(hidden):
        quads = store.quads_for_pattern(None, _TYPE, None, NamedNode(graph))
        pairs = ((q.subject, q.object) for q in quads)
        rows = ((s.value, o.value) for s, o in pairs if isinstance(s, NamedNode) and isinstance(o, NamedNode))
        db.executemany("INSERT OR IGNORE INTO kinds VALUES (?, ?)", rows)


def _gather(db: sqlite3.Connection, gathered: Gathered, paths: tuple[tuple[str, ...], ...], sentence: bool) -> None:
    """Note every text that things have by the properties and paths, and the nodes that names were reached over."""
    for number in map(gathered.number, paths):
        sql = "SELECT iri, ?, lower(language), value FROM gathered WHERE path = ? AND value != ''"
        db.execute(f"INSERT INTO said {sql}", (sentence, number))
        if not sentence:
            sql = "SELECT DISTINCT over FROM gathered WHERE path = ? AND over NOT IN ('', iri)"
            db.execute(f"INSERT INTO naming {sql}", (number,))


def _spare(db: sqlite3.Connection, store: Store, classes: tuple[str, ...]) -> None:
    """Keep of the nodes that names were reached over those that are nothing else, by their class."""
    kinds = [NamedNode(one) for one in classes]

    def is_name(iri: str) -> bool:
        return any(next(store.quads_for_pattern(NamedNode(iri), _TYPE, one, None), None) is not None for one in kinds)

    db.create_function("is_name", 1, is_name)
    db.execute("DELETE FROM naming WHERE NOT is_name(iri)")


def _texts(kept: list[str]) -> tuple[Text, ...]:
    """The texts of one kind that pages show, one per language."""
    return tuple(Text(value, language) for texts in kept for language, value in json.loads(texts).items())
