"""The data as rdflib and pySHACL see it, read from a store on demand, with every literal as it was written."""

from collections.abc import Generator, Iterable
from typing import Any

import pyoxigraph
from rdflib import Graph
from rdflib.plugins.stores.memory import Memory
from rdflib.term import Literal, Node, URIRef

from kgpub.validation.terms import Triple, iri, marked, stored, term, unmarked

_DEFAULT = pyoxigraph.DefaultGraph()
_NAMED = pyoxigraph.NamedNode
_Pattern = tuple[Node | None, Node | None, Node | None]


def kept(quad: pyoxigraph.Quad) -> pyoxigraph.Quad | None:
    """A quad as the throwaway store is to have it: in one graph, literals marked; None with a triple term."""
    subject, predicate, target, graph = quad
    if isinstance(target, pyoxigraph.Triple) or isinstance(subject, pyoxigraph.Triple):
        return None
    if isinstance(target, pyoxigraph.Literal):
        literal = marked(target)
        if literal is not target:
            return pyoxigraph.Quad(subject, predicate, literal)
    return quad if graph == _DEFAULT else pyoxigraph.Quad(subject, predicate, target)


def filled(batches: Iterable[list[pyoxigraph.Quad]]) -> pyoxigraph.Store:
    """A throwaway store with what is ``kept`` of the quads, which are all in the default graph."""
    store = pyoxigraph.Store()
    for batch in batches:
        store.extend([known for quad in batch if (known := quad if type(quad.object) is _NAMED else kept(quad))])
    return store


class SourceStore(Memory):
    """A read-only rdflib store over a pyoxigraph store that ``kept`` filled; it knows prefixes as others do."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        super().__init__()
        self.store = store
        self._size = len(store)  # pySHACL asks for it at every result, and a store counts
        self._graph = Graph(self, bind_namespaces="none")

    def triples(
        self,
        triple_pattern: _Pattern,
        context: Graph | None = None,  # noqa: ARG002 # there is one graph
    ) -> Generator[tuple[Triple, Generator[Graph | None]]]:
        """The triples that match, in rdflib's terms; a term that RDF does not allow in its place matches none."""
        subject, predicate, target = triple_pattern
        if isinstance(subject, Literal) or not isinstance(predicate, URIRef | None):
            return
        try:
            s, p, o = (None if node is None else stored(node) for node in (subject, predicate, target))
        except ValueError:
            return
        found = self.store.quads_for_pattern(s, p, o, _DEFAULT)  # type: ignore[arg-type] # checked above
        for quad in list(found):
            yield self._triple(quad, subject, target), (self._graph for _ in (0,))

    @staticmethod
    def _triple(quad: pyoxigraph.Quad, subject: Node | None, target: Node | None) -> Triple:
        """A quad in rdflib's terms; what was asked for need not be converted."""
        return subject or term(quad.subject), iri(quad.predicate.value), target or read(quad.object)  # type: ignore[arg-type] # never a triple term

    def __len__(self, context: Graph | None = None) -> int:  # there is one graph
        return self._size

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: ARG002 # Any: as rdflib has it
        """Refuse: this is a view."""
        raise TypeError("this graph is a view, nothing can be added")

    def remove(self, triple_pattern: Any, context: Any = None) -> None:  # noqa: ARG002 # Any: as rdflib has it
        """Refuse: this is a view."""
        raise TypeError("this graph is a view, nothing can be removed")


def read(node: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> Node:
    """A term of the store in rdflib's terms, as it was written."""
    return term(unmarked(node) if isinstance(node, pyoxigraph.Literal) else node)
