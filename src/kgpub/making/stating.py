"""How much data graphs state, by property and by graph; what an edit leaves alone is what it was before."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Store

from kgpub.making import tallies
from kgpub.making.edits import Edit
from kgpub.model import Counted


@dataclass(frozen=True)
class Stated:
    """Properties, the most used first, and named graphs in the order of their IRIs, with the triples of each."""

    properties: list[Counted]
    graphs: list[Counted]


def stated(db: sqlite3.Connection, store: Store, hidden: frozenset[str], edit: Edit | None) -> Stated:
    """What is stated; ``hidden`` graphs hold shapes. A file of the last snapshot is attached to ``db`` meanwhile."""
    if edit and edit.hidden_before() == hidden:
        return _stated_again(db, store, hidden, edit)
    counted = tallies.quads(store)
    return Stated(_ordered(tallies.stated(store, counted, hidden)), list(tallies.graphs(counted)))


def _stated_again(db: sqlite3.Connection, store: Store, hidden: frozenset[str], edit: Edit) -> Stated:
    """The same, where only what an edit touches is counted."""
    with edit.attached(db, "index.sqlite"):
        last = {name: json.loads(value) for name, value in db.execute("SELECT name, value FROM last.statistics")}
    shares = [share for iri in sorted(edit.stated) for share in tallies.quads_of(store, iri)]
    kept = (Counted(*one) for one in last["properties"] if one[0] not in edit.stated)
    graphs = {iri: count for iri, count in last["graphs"] if iri not in edit.graphs}
    graphs |= {iri: count for iri in edit.graphs if (count := tallies.quads_in(store, iri))}
    return Stated(
        _ordered((*kept, *tallies.stated(store, shares, hidden, ()))),
        [Counted(iri, graphs[iri]) for iri in sorted(graphs)],
    )


def _ordered(counted: Iterable[Counted]) -> list[Counted]:
    return sorted(counted, key=lambda one: (-one.count, one.iri))
