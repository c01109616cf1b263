"""What points to a thing, as triples, a page at a time: what its symmetric description adds to its document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from kgpub.engine import Engine, Pattern
from kgpub.kept.index import Index
from kgpub.pointing import is_data, is_shown

MOST = 500
"""Links on one page of a symmetric description."""


@dataclass(frozen=True)
class Links:
    """One page of the links to a thing; ``page`` counts from 1, ``pages`` is at least 1."""

    quads: tuple[Quad, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Wanted:
    """Which page of which thing's links; ``graphs`` tells whether the named graphs are wanted too."""

    iri: str
    page: int
    language: str
    graphs: bool


def links(engine: Engine, index: Index, graphs: frozenset[str], wanted: Wanted) -> Links:
    """The links from named things, statement nodes apart; none where the page is beyond the last.

    A hub's are slices of its sorted lists, property after property, and only where the graphs are wanted is each
    looked up in the store. What is no hub has few.
    """
    hub = index.hub(wanted.iri)
    if hub is None:
        found = (q for q in engine.quads(Pattern(object=NamedNode(wanted.iri))) if is_shown(q, index, graphs))
        quads = tuple(sorted(found, key=str)) if wanted.page == 1 else ()
        return Links(quads, wanted.page, 1)
    triples = list(_of_hub(index, hub, wanted))
    if wanted.graphs:
        every = (quad for one in triples for quad in engine.quads(Pattern(one.subject, one.predicate, one.object)))
        triples = [quad for quad in every if is_data(quad, graphs)]
    return Links(tuple(triples), wanted.page, max(1, -(-sum(hub.values()) // MOST)))


def _of_hub(index: Index, hub: Mapping[str, int], wanted: Wanted) -> Iterator[Quad]:
    """The slice of a hub's lists, set end to end in the order of their properties."""
    start, left = (wanted.page - 1) * MOST, MOST
    target = NamedNode(wanted.iri)
    for predicate in sorted(hub):
        taken = min(left, max(hub[predicate] - start, 0))
        if taken:
            members = index.members(wanted.iri, predicate, wanted.language, start, taken)
            yield from (Quad(NamedNode(member), NamedNode(predicate), target) for member in members)
        left -= taken
        start = max(start - hub[predicate], 0)
