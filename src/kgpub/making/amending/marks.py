"""Statement nodes, after an edit."""

import sqlite3
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kgpub.making import noting
from kgpub.making.amending.around import Around, Node, is_node


@dataclass(frozen=True)
class Marked:
    """Of the nodes of which something came or went, which are statement nodes now, and which were (N-Triples)."""

    now: frozenset[str]
    before: frozenset[str]

    @property
    def flipped(self) -> frozenset[str]:
        """The nodes that are statement nodes either now or were then."""
        return self.now ^ self.before


def amend(db: sqlite3.Connection, around: Around) -> Marked:
    """Alter ``statements``: a node is one by what any graph says of it, those of shapes among them."""
    nodes = {str(quad.subject): quad.subject for quad in around.quads if is_node(quad.subject)}
    before = noting.statements(db, list(nodes))
    touched = {str(node) for node in around.subjects(noting.REIFICATION)}
    now = {name for name in nodes if (_is_one(around, nodes[name]) if name in touched else name in before)}
    db.executemany("DELETE FROM statements WHERE node = ?", ((name,) for name in before - now))
    db.executemany("INSERT INTO statements VALUES (?)", ((name,) for name in now - before))
    return Marked(frozenset(now), before)


def _is_one(around: Around, node: Node) -> bool:
    pattern = around.edit.store.quads_for_pattern
    return any(next(pattern(node, NamedNode(way), None), None) is not None for way in noting.REIFICATION)
