"""Which literals the store gives back in another form than they were put in, so that the original can be kept."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Store

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def rewritten(quads: Iterable[Quad]) -> Iterator[tuple[str, str, str, str, str]]:
    """The quads whose object the store may keep in another form: subject, predicate, stored, graph, original.

    Those it keeps as they are are among them, since another original may share their stored form.
    """
    for quad in quads:
        literal = quad.object
        if isinstance(literal, Literal) and literal.language is None and literal.datatype.value != _XSD_STRING:
            stored = str(as_stored(literal))
            yield str(quad.subject), str(quad.predicate), stored, str(quad.graph_name), str(literal)


@lru_cache(maxsize=100_000)
def as_stored(literal: Literal) -> Literal:
    """The literal as the store gives it back: asked of a store, so that it holds for every version of it."""
    scratch = Store()
    node = NamedNode("urn:x")
    scratch.add(Quad(node, node, literal))
    stored = next(iter(scratch)).object
    return stored if isinstance(stored, Literal) else literal
