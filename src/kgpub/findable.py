"""What search can find in a snapshot: every thing that has a name or a description, read off store and look-up file.

Statement nodes are sources, not hits; what only shapes speak of is no part of the data; what is gone is not offered.
"""

import json
import sqlite3
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.index import DESCRIPTION, LABEL
from kgpub.model import KEPT, Text
from kgpub.search import Entry
from kgpub.settings import Settings

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def entries(db: sqlite3.Connection, store: Store, settings: Settings, hidden: frozenset[str]) -> Iterator[Entry]:
    """Every thing to be found, in the order of their IRIs; ``hidden`` graphs hold shapes.

    A label in a language that has a better one already counts as an alternative.
    """
    words = settings.vocabulary
    names = tuple(NamedNode(iri) for iri in settings.properties((*words.labels, *words.alternatives)))
    sentences = tuple(NamedNode(iri) for iri in settings.properties(words.descriptions))
    _gather(db, store, (*names, *sentences))
    sql = (
        "SELECT iri FROM findable WHERE '<' || iri || '>' NOT IN (SELECT node FROM statements)"
        " AND iri NOT IN (SELECT iri FROM fates WHERE outcome != ?)"
    )
    for (iri,) in db.execute(sql, (KEPT,)):
        node = NamedNode(iri)
        if not _is_said(store, node, hidden):
            continue
        labels, descriptions = _kept(db, iri, LABEL), _kept(db, iri, DESCRIPTION)
        (links,) = db.execute("SELECT count(*) FROM links WHERE object = ?", (iri,)).fetchone()
        types = {q.object.value for q in _quads(store, node, (_TYPE,)) if isinstance(q.object, NamedNode)}
        yield Entry(
            iri=iri,
            labels=labels,
            alternatives=tuple(text for text in _texts(store, node, names) if text not in labels),
            descriptions=tuple(dict.fromkeys((*descriptions, *_texts(store, node, sentences)))),
            types=tuple(sorted(types)),
            links=links,
        )


def _gather(db: sqlite3.Connection, store: Store, predicates: tuple[NamedNode, ...]) -> None:
    """Note everything that has one of the properties, once, on disk."""
    db.execute("CREATE TEMP TABLE findable (iri TEXT PRIMARY KEY) WITHOUT ROWID")
    for predicate in predicates:
        quads = store.quads_for_pattern(None, predicate, None, None)
        rows = ((q.subject.value,) for q in quads if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal))
        db.executemany("INSERT OR IGNORE INTO findable VALUES (?)", rows)


def _is_said(store: Store, node: NamedNode, hidden: frozenset[str]) -> bool:
    """Whether some graph of data says something of the thing; the default graph only repeats what others say."""
    graphs = (quad.graph_name for quad in store.quads_for_pattern(node, None, None, None))
    return any(not isinstance(graph, DefaultGraph) and graph.value not in hidden for graph in graphs)


def _kept(db: sqlite3.Connection, iri: str, kind: int) -> tuple[Text, ...]:
    """The texts of one kind that pages show, one per language."""
    row = db.execute("SELECT texts FROM texts WHERE iri = ? AND kind = ?", (iri, kind)).fetchone()
    return tuple(Text(value, language) for language, value in json.loads(row[0]).items()) if row else ()


def _texts(store: Store, node: NamedNode, predicates: tuple[NamedNode, ...]) -> tuple[Text, ...]:
    """Every text that the thing has by the properties, in a stable order, each once."""
    literals = (q.object for q in _quads(store, node, predicates) if isinstance(q.object, Literal))
    found = {Text(literal.value, (literal.language or "").lower()) for literal in literals}
    return tuple(sorted(found, key=lambda text: (text.language, text.value)))


def _quads(store: Store, node: NamedNode, predicates: tuple[NamedNode, ...]) -> Iterator[Quad]:
    """What all graphs say of the thing by the properties."""
    for predicate in predicates:
        yield from store.quads_for_pattern(node, predicate, None, None)
