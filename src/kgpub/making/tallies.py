"""Numbers that the engine counts over a loaded store, a property or a class at a time.

The engine counts terms by their hashes, without writing a single one out; what it has to tell apart at a time are the
triples of one property or of one class, so that memory does not grow with the whole graph.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolution, Store

from kgpub import queries
from kgpub.kept.partitions import Usage
from kgpub.model import Counted

LARGE = 3_000_000
"""Triples of a class's members from which on its properties are counted one by one."""


@dataclass(frozen=True)
class Share:
    """How many quads of a graph have a property; the name of a graph that has no IRI is empty."""

    graph: str
    property: str
    quads: int


def quads(store: Store) -> tuple[Share, ...]:
    """How many quads the named graphs have of each property."""
    return tuple(
        Share(row[0].value if isinstance(row[0], NamedNode) else "", row[1].value, _numbers(row, 2)[0])
        for row in _rows(store, queries.text("tally-quads"))
    )


def quads_of(store: Store, property: str) -> Iterator[Share]:
    """How many quads the named graphs have of one property."""
    for row in _rows(store, queries.bind(queries.text("tally-quads-property"), property=NamedNode(property))):
        yield Share(row[0].value if isinstance(row[0], NamedNode) else "", property, _numbers(row, 1)[0])


def quads_in(store: Store, graph: str) -> int:
    """How many quads a named graph has."""
    return _number(store, queries.bind(queries.text("figures-graph"), graph=NamedNode(graph)))


def stated(
    store: Store, counted: Iterable[Share], hidden: frozenset[str], used: Iterable[Counted] | None = None
) -> Iterator[Counted]:
    """The properties and how many different triples data graphs have of each; ``hidden`` graphs hold shapes.

    A property that has as many triples in the default graph as quads in named ones has no triple in two graphs: the
    others are counted one by one. ``used`` is what is known of the default graph; it is asked for if nothing is given.
    """
    only = _only(store, hidden)
    merged = {one.iri: one.count for one in (properties(store) if used is None else used)}
    found: Counter[str] = Counter()
    for share in counted:
        found[share.property] += share.quads
    for iri, number in found.items():
        triples = number
        if number > max(merged.get(iri, 0), 1):
            triples = _number(store, queries.bind(queries.text("tally-triples"), property=NamedNode(iri)))
        if triples > only[iri]:
            yield Counted(iri, triples - only[iri])


def graphs(counted: Iterable[Share]) -> Iterator[Counted]:
    """The named graphs and how many triples each holds, in the order of their IRIs."""
    found: Counter[str] = Counter()
    for share in counted:
        found[share.graph] += share.quads
    return (Counted(iri, found[iri]) for iri in sorted(found) if iri)


def properties(store: Store) -> Iterator[Counted]:
    """The properties of the default graph and their triples, the most used first."""
    return _counted(store, queries.text("tally-properties"))


def classes(store: Store) -> Iterator[Counted]:
    """The classes of the default graph and their members, the largest first."""
    return _counted(store, queries.text("tally-classes"))


def usage(store: Store, property: str) -> Usage:
    """How a property is used in the default graph."""
    return Usage(property, *_row(store, queries.bind(queries.text("figures-property"), property=NamedNode(property))))


def inside(store: Store, name: str, triples: int, most: int) -> tuple[Usage, ...]:
    """The properties of a class's members in the default graph, the most used ones.

    ``triples`` is how much is said of the members in all.
    """
    bound = {"class": NamedNode(name)}
    if triples < LARGE:
        rows = islice(_rows(store, queries.bind(queries.text("tally-inside"), **bound)), most)
        return tuple(Usage(row[0].value, *_numbers(row, 1)) for row in rows)
    used = list(islice(_counted(store, queries.bind(queries.text("tally-inside-properties"), **bound)), most))
    question = queries.text("figures-class-property")
    return tuple(
        Usage(one.iri, *_row(store, queries.bind(question, property=NamedNode(one.iri), **bound))) for one in used
    )


def members(store: Store, name: str) -> tuple[int, int]:
    """How much is said of a class's members in the default graph, and the different objects of that."""
    triples, objects = _row(store, queries.bind(queries.text("tally-members"), **{"class": NamedNode(name)}))
    return triples, objects


def whole(store: Store, used: Sequence[Counted]) -> dict[str, int]:
    """What is in the default graph, whose properties are ``used``; the names are those of ``figures-default.rq``.

    That asks for all at once. Asked for one by one, each is counted by the numbers that the store keeps terms as,
    without reading a term.
    """
    subjects, entities = _row(store, queries.text("tally-whole-subjects"))
    return {
        "triples": sum(one.count for one in used),
        "properties": len(used),
        "distinctSubjects": subjects,
        "entities": entities,
        "distinctObjects": _number(store, queries.text("tally-whole-objects")),
        "classes": _number(store, queries.text("tally-whole-classes")),
    }


def _only(store: Store, hidden: frozenset[str]) -> Counter[str]:
    """How many triples of each property only graphs of shapes have."""
    found: Counter[str] = Counter()
    for graph in sorted(hidden):
        for quad in store.quads_for_pattern(None, None, None, NamedNode(graph)):
            triple = (quad.subject, quad.predicate, quad.object)
            where = (other.graph_name for other in store.quads_for_pattern(*triple, None))
            names = {name.value for name in where if isinstance(name, NamedNode)}
            if names <= hidden and min(names) == graph:
                found[quad.predicate.value] += 1
    return found


def _rows(store: Store, question: str) -> Iterator[QuerySolution]:
    return iter(store.query(question))  # type: ignore[arg-type] # a SELECT


def _row(store: Store, question: str) -> tuple[int, ...]:
    return _numbers(next(_rows(store, question)), 0)


def _number(store: Store, question: str) -> int:
    return _row(store, question)[0]


def _numbers(row: QuerySolution, start: int) -> tuple[int, ...]:
    """The whole numbers of a row, from one column on."""
    return tuple(int(value.value) for value in list(row)[start:] if isinstance(value, Literal))


def _counted(store: Store, question: str) -> Iterator[Counted]:
    """Rows of a name and a number; a name that is no IRI is left out."""
    for row in _rows(store, question):
        if isinstance(row[0], NamedNode):
            yield Counted(row[0].value, _numbers(row, 1)[0])
