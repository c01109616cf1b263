"""What an edit of the sources has changed in the default graph, so that what it does not touch is taken over.

Counts, facets and tables are made class by class and property by property. Those of a class none of whose members, and
of a property none of whose triples, has changed are what they were in the last snapshot.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


@dataclass(frozen=True)
class Edit:
    """What tells a snapshot, whose store is loaded, from the last one. Nodes and classes are in N-Triples notation.

    ``subjects`` and ``predicates`` (IRIs) are those of the triples that only one of the two has in its default graph,
    ``stated`` the predicates of the quads that only one of them has in whatever graph.
    """

    last: Path
    """The folder of the last snapshot."""
    before: Store
    store: Store
    """The two stores."""
    subjects: frozenset[str]
    predicates: frozenset[str]
    stated: frozenset[str]
    renamed: frozenset[str] = frozenset()
    """The IRIs whose names differ; known once the look-up file is filled."""
    marked: frozenset[str] = frozenset()
    """The nodes that are statement nodes in only one of the two; known then as well."""
    said: frozenset[str] = frozenset()
    """The subjects of the quads that only one of the two has in whatever graph, with each literal as it is written."""
    alone: bool = True
    """Whether each file fills one graph, and each graph is filled by one file, in both."""
    triples: tuple[Quad, ...] = ()
    """The triples that only one of the two has in its default graph, some perhaps twice."""
    graphs: frozenset[str] = frozenset()
    """The named graphs (IRIs) that have a quad which only one of the two has."""
    come: tuple[Quad, ...] = ()
    gone: tuple[Quad, ...] = ()
    """The quads that only this one's sources have, and only those of the last one, each literal as it is written."""
    is_plain: bool = False
    """Whether each file fills one graph, and those that differ were read without forgiving anything, so that no letter
    of theirs is lost."""

    @cached_property
    def keeps_graphs(self) -> bool:
        """Whether both have the same named graphs."""
        before, now = ({str(graph) for graph in store.named_graphs()} for store in (self.before, self.store))
        return before == now

    def hidden_before(self) -> frozenset[str]:
        """The graphs that held shapes in the last snapshot."""
        manifest = json.loads((self.last / "manifest.json").read_text("utf-8"))
        return frozenset(manifest["shapes"])

    @contextmanager
    def attached(self, db: sqlite3.Connection, name: str) -> Iterator[None]:
        """A file of the last snapshot as ``last`` of a connection, whose own writing is committed."""
        db.commit()  # no file is attached while something is being written
        db.execute("ATTACH ? AS last", (str(self.last / name),))
        yield
        db.commit()
        db.execute("DETACH last")

    @property
    def rearranges(self) -> bool:
        """Whether it may have changed which class stands below which."""
        return _SUBCLASS in self.predicates

    def named(self, renamed: frozenset[str], marked: frozenset[str]) -> "Edit":
        """The same, with what is known of names and statement nodes."""
        return replace(self, renamed=renamed, marked=marked)

    def classes(self, nodes: Iterable[str]) -> frozenset[str]:
        """The classes that nodes are said to be of in the default graph, before or after."""
        terms = [NamedNode(node[1:-1]) if node.startswith("<") else BlankNode(node[2:]) for node in nodes]
        return frozenset(
            str(quad.object)
            for term in terms
            for store in (self.before, self.store)
            for quad in store.quads_for_pattern(term, _TYPE, None, DefaultGraph())
        )
