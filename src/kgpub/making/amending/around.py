"""What lies around an edit: the data graphs of both snapshots, and the nodes that lead to what changed, and from it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from kgpub.making.edits import Edit
from kgpub.making.filling import is_data
from kgpub.model import Term

MOST = 20_000
"""Nodes that rows may have to be filled again for; where there are more, all are."""

_FEW = 64
"""Graphs that are asked one by one for what leads to a thing."""

Node = NamedNode | BlankNode
T = TypeVar("T")


class TooMuch(Exception):
    """An edit concerns so much that all is to be filled anew."""


def gathered(found: Iterable[T], before: Iterable[T] = ()) -> set[T]:
    """What is found, and what was ``before``; raises ``TooMuch`` as soon as that is more than ``MOST``."""
    several = set(before)
    for one in found:
        several.add(one)
        if len(several) > MOST:
            raise TooMuch
    return several


@dataclass(frozen=True)
class Data:
    """The data graphs of a store: all named graphs but the ``hidden`` ones, which hold shapes."""

    store: Store
    hidden: frozenset[str]

    def quads(
        self, subject: Node | None = None, predicate: NamedNode | None = None, object: Term | None = None
    ) -> Iterator[Quad]:
        """The quads of the data graphs that match."""
        found = self.store.quads_for_pattern(subject, predicate, object, None)
        return (quad for quad in found if is_data(quad, self.hidden))

    def pointing(self, target: NamedNode) -> Iterator[Quad]:
        """The quads of the data graphs that lead to a thing.

        Where graphs are few each is asked by itself: else as many quads of the default graph would come first.
        """
        if len(self.graphs) > _FEW:
            return self.quads(None, None, target)
        pattern = self.store.quads_for_pattern
        return (quad for graph in self.graphs for quad in pattern(None, None, target, graph))

    @cached_property
    def graphs(self) -> tuple[NamedNode | BlankNode, ...]:
        """The data graphs."""
        found = self.store.named_graphs()
        return tuple(one for one in found if not isinstance(one, NamedNode) or one.value not in self.hidden)

    def has(self, subject: Node | None = None, predicate: NamedNode | None = None, object: Term | None = None) -> bool:
        """Whether there is such a quad."""
        return next(self.quads(subject, predicate, object), None) is not None


class Around:
    """An edit with the data graphs ``before`` it and ``now``."""

    def __init__(self, edit: Edit, hidden: frozenset[str]) -> None:
        """Look at an edit that leaves the same graphs ``hidden``."""
        self.edit, self.hidden = edit, hidden
        self.before, self.now = Data(edit.before, hidden), Data(edit.store, hidden)
        self.quads: tuple[Quad, ...] = (*edit.come, *edit.gone)
        """What came and went."""

    @cached_property
    def named(self) -> frozenset[str]:
        """The IRIs of which something came to be said, or is no longer said."""
        return frozenset(quad.subject.value for quad in self.quads if isinstance(quad.subject, NamedNode))

    @cached_property
    def pointed(self) -> frozenset[str]:
        """The IRIs to which a link came or went."""
        return frozenset(quad.object.value for quad in self.quads if isinstance(quad.object, NamedNode))

    def subjects(self, predicates: Iterable[str]) -> set[Node]:
        """The nodes of which something came to be said by these properties, or is no longer said."""
        wanted = frozenset(predicates)
        return {quad.subject for quad in self.quads if quad.predicate.value in wanted and is_node(quad.subject)}

    def having(self, paths: Iterable[Sequence[str]]) -> set[Node]:
        """The nodes whose texts by a property, or at the end of a path of two, may not be what they were."""
        found: set[Node] = set()
        for first, *rest in paths:
            found |= self.subjects((first,))
            over = self.subjects(rest)
            for store in (self.edit.before, self.edit.store):
                leading = (quad for node in over for quad in store.quads_for_pattern(None, NamedNode(first), node))
                found = gathered((quad.subject for quad in leading if is_node(quad.subject)), found)
        return found

    def leading(self, nodes: set[Node], ways: Sequence[NamedNode], steps: int) -> set[Node]:
        """Nodes and what leads to them now by some properties, in so many steps."""

        def back(node: Node) -> Iterator[object]:
            return (quad.subject for way in ways for quad in self.now.quads(None, way, node))

        return _spread(nodes, back, steps)

    def led(self, nodes: set[Node], ways: Sequence[NamedNode], steps: int) -> set[Node]:
        """Nodes and where they lead to now by some properties, in so many steps."""

        def on(node: Node) -> Iterator[object]:
            return (quad.object for way in ways for quad in self.now.quads(node, way))

        return _spread(nodes, on, steps)


class Among:
    """A store as if only some nodes were subjects in it, as far as it is asked what is said by a property."""

    def __init__(self, store: Store, nodes: Iterable[Node]) -> None:
        """Look at the ``nodes`` in their order."""
        self._store, self._nodes = store, sorted(nodes, key=str)

    def quads_for_pattern(
        self,
        subject: Node | Triple | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph: NamedNode | BlankNode | DefaultGraph | None = None,
        /,
    ) -> Iterator[Quad]:
        """The quads that match; of one subject they come together, ordered as the store has them."""
        if subject is not None:
            yield from self._store.quads_for_pattern(subject, predicate, object, graph)
            return
        for node in self._nodes:
            yield from self._store.quads_for_pattern(node, predicate, object, graph)


def _spread(nodes: set[Node], beside: Callable[[Node], Iterator[object]], steps: int) -> set[Node]:
    found = edge = gathered(nodes)
    for _ in range(steps):
        reached = gathered((one for node in edge for one in beside(node) if is_node(one)), found)
        edge, found = reached - found, reached
        if not edge:
            break
    return found


def is_node(term: object) -> TypeGuard[Node]:
    """Whether a term is one that something can be said of."""
    return isinstance(term, NamedNode | BlankNode)
