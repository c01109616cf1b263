"""Figures of the whole, and which things there are, after an edit."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode

from kgpub.making import stating
from kgpub.making.amending.around import Around, Data
from kgpub.making.amending.marks import Marked

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


class Standing(NamedTuple):
    """The things (IRIs, no statement nodes) of which something is said now and was not, and the other way round."""

    come: frozenset[str]
    gone: frozenset[str]


def amend(db: sqlite3.Connection, around: Around, marked: Marked) -> Standing:
    """Alter ``fragments`` and ``statistics``; which things came and went."""
    _fragment(db, around)
    now = {iri for iri in around.named if f"<{iri}>" not in marked.now and around.now.has(NamedNode(iri))}
    before = {iri for iri in around.named if f"<{iri}>" not in marked.before and around.before.has(NamedNode(iri))}
    last = {name: json.loads(value) for name, value in db.execute("SELECT name, value FROM statistics")}
    classes: Counter[str] = Counter(dict(last["classes"]))
    classes.update(_types(around.now, now))
    classes.subtract(_types(around.before, before))
    ranked = sorted(((iri, number) for iri, number in classes.items() if number), key=lambda one: (-one[1], one[0]))
    said = stating.stated(db, around.edit.store, around.hidden, around.edit)
    figures = {
        "triples": sum(one.count for one in said.properties),
        "entities": last["entities"] + len(now) - len(before),
        "graphs": [(one.iri, one.count) for one in said.graphs],
        "classes": ranked,
        "properties": [(one.iri, one.count) for one in said.properties],
    }
    db.execute("DELETE FROM statistics")
    db.executemany("INSERT INTO statistics VALUES (?, ?)", ((k, json.dumps(v)) for k, v in figures.items()))
    return Standing(frozenset(now - before), frozenset(before - now))


def _types(data: Data, things: set[str]) -> Iterator[str]:
    """The classes of things, each once for each of its members."""
    for iri in things:
        types = {quad.object for quad in data.quads(NamedNode(iri), _TYPE)}
        yield from (one.value for one in types if isinstance(one, NamedNode))


def _fragment(db: sqlite3.Connection, around: Around) -> None:
    """Alter the list of hash IRIs by the document that they are part of."""
    for iri in around.named:
        document, mark, _ = iri.partition("#")
        if not mark:
            continue
        sql = "DELETE FROM fragments WHERE document = ? AND iri = ?"
        if around.now.has(NamedNode(iri)):
            sql = "INSERT OR IGNORE INTO fragments VALUES (?, ?)"
        db.execute(sql, (document, iri))
