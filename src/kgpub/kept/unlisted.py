"""The things that a site asks search engines to leave alone: the members of some classes, wherever they are stated."""

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


def things(store: Store, classes: Iterable[str], hidden: frozenset[str]) -> Iterator[str]:
    """The IRIs of the members of these classes and of those below them, and of the documents that hold such a thing.

    Some may come twice. ``hidden`` graphs hold shapes, which say nothing here.
    """
    for one in _below(store, classes, hidden):
        for quad in _data(store, _TYPE, one, hidden):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject.value
                yield quad.subject.value.partition("#")[0]


def _below(store: Store, classes: Iterable[str], hidden: frozenset[str]) -> Iterator[NamedNode]:
    """The classes and all that stand below them, each once, whatever circles they form."""
    waiting = [NamedNode(iri) for iri in classes]
    seen = set(waiting)
    while waiting:
        here = waiting.pop()
        yield here
        for quad in _data(store, _SUBCLASS, here, hidden):
            if isinstance(quad.subject, NamedNode) and quad.subject not in seen:
                seen.add(quad.subject)
                waiting.append(quad.subject)


def _data(store: Store, predicate: NamedNode, target: NamedNode, hidden: frozenset[str]) -> Iterator[Quad]:
    """What the graphs of data state; the default graph only repeats them."""
    for quad in store.quads_for_pattern(None, predicate, target, None):
        graph = quad.graph_name
        if not isinstance(graph, DefaultGraph) and graph.value not in hidden:
            yield quad
