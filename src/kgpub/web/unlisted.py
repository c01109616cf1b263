"""What search engines are asked to leave alone: pages and documents about members of the classes of ``noindex``."""

from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Quad

from kgpub.engine import Pattern
from kgpub.model import Description
from kgpub.represent.frame import TYPE
from kgpub.web.respond import Served

LEFT_OUT: Mapping[str, str] = {"X-Robots-Tag": "noindex"}
"""The header that says so; Google and Bing read it."""


def is_unlisted(now: Served, described: Description) -> bool:
    """Whether a document is to be left alone: for the thing that it describes, or for another thing in it."""
    if not now.unlisted:
        return False
    held = (s for part in described.parts for s in described.nested.get(part, ()) if s.predicate.value == TYPE)
    return not now.unlisted.isdisjoint(
        (*described.types, *(s.object.value for s in held if isinstance(s.object, NamedNode)))
    )


def headers(now: Served, iri: str) -> Mapping[str, str]:
    """The header of a page about a thing: one of the classes, a class among them, or anything else, which has none."""
    if not now.unlisted:
        return {}
    return {} if now.unlisted.isdisjoint({iri, *_types(now, iri)}) else LEFT_OUT


def _types(now: Served, iri: str) -> set[str]:
    found = now.snapshot.engine.quads(Pattern(subject=NamedNode(iri), predicate=NamedNode(TYPE)))
    return {quad.object.value for quad in found if isinstance(quad.object, NamedNode) and is_data(now, quad)}


def of_document(now: Served, iri: str, quads: Iterable[Quad]) -> Mapping[str, str]:
    """The header of a document of data about a thing, and about what shares the document with it."""
    if not now.unlisted:
        return {}
    place = iri.partition("#")[0]
    held = {
        quad.object.value
        for quad in quads
        if quad.predicate.value == TYPE
        and isinstance(quad.object, NamedNode)
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.partition("#")[0] == place
        and is_data(now, quad)
    }
    return {} if now.unlisted.isdisjoint(held | _types(now, iri)) else LEFT_OUT


def is_data(now: Served, quad: Quad) -> bool:
    """Whether a quad stands in a graph of data, not of shapes; one without a name holds data."""
    graph = quad.graph_name
    return not isinstance(graph, NamedNode) or graph.value in now.snapshot.graphs
