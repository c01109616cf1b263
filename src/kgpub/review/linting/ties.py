"""How shapes hang together: what nothing leads to, what leads back to itself, what stands twice, what has no words."""

from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.review.findings import Case
from kgpub.review.linting.graph import (
    CONSTRAINTS,
    DEACTIVATED,
    FIRST,
    MESSAGE,
    PROPERTY,
    REST,
    Fact,
    Node,
    ShapesGraph,
)
from kgpub.review.survey import TYPE, Known
from kgpub.settings.tables import RDFS, SH

_SPARQL = SH + "sparql"
_FOR_READERS = frozenset(
    {SH + name for name in ("name", "description", "order", "group", "message", "defaultValue")}
    | {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")}
    | {TYPE}
)
"""What a shape says to people and to forms; it decides nothing."""


def deactivated(graph: ShapesGraph) -> Iterator[Case]:
    """Shapes that are switched off."""
    for node in graph.shapes:
        for fact in graph.of(node, DEACTIVATED):
            if fact.target.value in {"true", "1"}:
                yield graph.case("shape-deactivated", node, fact)


def unreachable(graph: ShapesGraph) -> Iterator[Case]:
    """Shapes to which neither a target nor another shape leads; of several that lead to each other, the first."""
    shapes = frozenset(graph.shapes)
    others = (node for node in graph.facts if node not in shapes and isinstance(node, NamedNode))
    reached = set(_reached(graph, (*graph.targeted, *others), frozenset()))
    left = [node for node in graph.shapes if node not in reached]
    led = {fact.target for node in graph.facts for fact in _references(graph, node) if fact.target != node}
    for node in sorted(left, key=lambda node: node in led):  # stable: those that nothing names come first
        if node not in reached:
            reached.update(_reached(graph, (node,), reached))
            yield graph.case_of("shape-unreachable", node)


def _references(graph: ShapesGraph, node: Node) -> Iterator[Fact]:
    for predicate, found in graph.facts.get(node, {}).items():
        if predicate.startswith(SH) or predicate in {FIRST, REST}:
            yield from found.values()


def _reached(graph: ShapesGraph, starts: Iterable[Node], known: Set[Node]) -> list[Node]:
    """Everything that these lead to, and they themselves, without what is known already."""
    found: dict[Node, None] = {}
    waiting = list(starts)
    while waiting:
        at = waiting.pop()
        if at not in found and at not in known:
            found[at] = None
            waiting += [fact.target for fact in _references(graph, at)]
    return list(found)


class _Visit(NamedTuple):
    """A node on the way that is being followed, and where it leads that was not tried yet."""

    node: Node
    ties: Iterator[Fact]


def circles(graph: ShapesGraph) -> Iterator[Case]:
    """Shapes that lead back to themselves: what that means is not defined (SHACL section 3.4.3)."""
    shapes = frozenset(graph.shapes)
    done: set[Node] = set()
    for start in graph.shapes:
        if start in done:
            continue
        way, on_way = [_Visit(start, graph.ties(start))], {start}
        while way:
            fact = next(way[-1].ties, None)
            if fact is None:
                left = way.pop().node
                on_way.discard(left)
                done.add(left)
            elif fact.target in on_way:
                if fact.target in shapes:
                    yield graph.case("shape-circle", fact.target, fact, through=graph.name(way[-1].node))
            elif fact.target not in done and fact.target in graph.facts:
                on_way.add(fact.target)
                way.append(_Visit(fact.target, graph.ties(fact.target)))


def twice(graph: ShapesGraph) -> Iterator[Case]:
    """Property shapes of one shape that ask the same."""
    seals = _Seals(graph)
    for node in graph.shapes:
        said = graph.of(node, PROPERTY)
        first: dict[int, Fact] = {}
        for fact in said if len(said) > 1 else ():
            if fact.target in graph.facts:
                other = first.setdefault(seals.of(fact.target), fact)
                if other is not fact:
                    yield graph.case("shape-twice", node, fact, first=f"{other.file}:{other.line or ''}")


class _Seals:
    """A seal of what a shape asks, the same for shapes that ask the same; a blank node is what is said of it."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._known: dict[Node, int] = {}

    def of(self, shape: Node) -> int:
        """The seal of a shape, named or not. Depth is no matter, and a circle is like nothing but itself."""
        opened: set[Node] = set()
        waiting = [shape]
        while waiting:
            at = waiting[-1]
            inner = [
                f.target for f in self._said(at) if isinstance(f.target, BlankNode) and f.target not in self._known
            ]
            if at in self._known:
                waiting.pop()
            elif at not in opened and inner:
                opened.add(at)
                waiting += [node for node in inner if node not in opened]
            else:
                said = frozenset((fact.predicate, self._seal(fact.target)) for fact in self._said(at))
                self._known[at] = hash(said)
                waiting.pop()
        return self._known[shape]

    def _said(self, node: Node) -> Iterator[Fact]:
        return (fact for fact in self._graph.about(node) if fact.predicate not in _FOR_READERS)

    def _seal(self, target: Node) -> Node | int:
        return self._known.get(target, target) if isinstance(target, BlankNode) else target


def wordless(graph: ShapesGraph, known: Known) -> Iterator[Case]:
    """Shapes whose results have no message in a language of the site.

    Only those that report: what is tried within ``sh:node`` or ``sh:or`` is told by the shape that tries it.
    """
    waiting, seen = list(graph.targeted), set[Node]()
    while waiting:
        node = waiting.pop()
        if node in seen or node not in graph.facts or graph.is_on(node, DEACTIVATED):
            continue
        seen.add(node)
        waiting += [fact.target for fact in graph.of(node, PROPERTY)]
        spoken = _spoken(graph, node, known)
        asks = (graph.facts[node].keys() & CONSTRAINTS) - {PROPERTY, _SPARQL}
        queries = [fact.target for fact in graph.of(node, _SPARQL)]
        heard = [spoken] if asks else []
        heard += [spoken | _spoken(graph, query, known) for query in queries]
        missing = [tag for tag, bit in known.languages.items() if any(not bits & bit for bits in heard)]
        if missing:
            yield graph.case_of("shape-message", node, missing=", ".join(missing))


def _spoken(graph: ShapesGraph, node: Node, known: Known) -> int:
    """The languages of the site in which a node has a message, a bit each."""
    bits = 0
    for fact in graph.of(node, MESSAGE):
        if isinstance(fact.target, Literal):
            bits |= known.bits(fact.target.language or "")
    return bits
