"""Which literals the store gives back in another form than they were put in, so that the original can be kept."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.model import Term
from kgpub.reading.tags import lowered

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Quads(Protocol):
    """A store, or what stands for one, as far as it is asked for quads by a pattern."""

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph_name: NamedNode | BlankNode | DefaultGraph | None = ...,
        /,
    ) -> Iterator[Quad]:
        """The quads that match; None stands for anything."""


def rewritten(quads: Iterable[Quad], capitals: frozenset[str]) -> Iterator[tuple[str, str, str, str, str]]:
    """The quads whose object the store may keep in another form: subject, predicate, stored, graph, original.

    Those it keeps as they are are among them, since another original may share their stored form. ``capitals`` are the
    language tags, in lower case, that are written with capitals anywhere.
    """
    for quad in quads:
        literal = quad.object
        if isinstance(literal, Literal) and may_change(literal, capitals):
            stored = str(as_stored(literal))
            yield str(quad.subject), str(quad.predicate), stored, str(quad.graph_name), str(literal)


def for_store(quads: Iterable[Quad], merged: Iterable[Quad]) -> Iterator[Quad]:
    """The quads, and those whose triples belong to the default graph, as the store is given them.

    Their language tags are in lower case, so that SPARQL takes ``en-US`` and ``en-us`` for one.
    """
    for quad in quads:
        target = quad.object
        plain = target if isinstance(target, NamedNode) else _lowered(target)
        yield quad if plain is target else Quad(quad.subject, quad.predicate, plain, quad.graph_name)
    for quad in merged:
        target = quad.object
        yield Quad(quad.subject, quad.predicate, target if isinstance(target, NamedNode) else _lowered(target))


@lru_cache(maxsize=100_000)
def as_stored(literal: Literal) -> Literal:
    """The literal as the store gives it back: asked of a store, so that it holds for every version of it."""
    if literal.language is not None:
        return lowered(literal)
    scratch = Store()
    node = NamedNode("urn:x")
    scratch.add(Quad(node, node, literal))
    stored = next(iter(scratch)).object
    return stored if isinstance(stored, Literal) else literal


def may_change(literal: Literal, capitals: frozenset[str]) -> bool:
    """Whether the store may keep a literal in another form, or another one in the form of this."""
    if literal.language is not None:
        return literal.language.lower() in capitals
    return literal.datatype.value != _XSD_STRING


def _lowered(term: Term | Triple) -> Term | Triple:
    """A term with the tags in it in lower case; triple terms lie at most ``reading.hazards.DEEPEST_TERM`` deep."""
    if isinstance(term, Triple):
        target = term.object
        inner = _lowered(target)
        return term if inner is target else Triple(term.subject, term.predicate, inner)
    return lowered(term) if isinstance(term, Literal) else term
