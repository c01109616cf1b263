"""From statements that came or went back to the focus nodes for which a shape looks at them."""

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kgpub.revalidation.delta import Change, Statement, Term
from kgpub.revalidation.ways import Step, Way

MOST = 2_000
"""Nodes of a shape that are validated one by one; with more of them it is run for all its focus nodes."""
_DEFAULT = DefaultGraph()


class Reach:
    """Walks against the ways of shapes, over the data as it is and as it was."""

    def __init__(self, store: Store, change: Change) -> None:
        self._store = store
        self._change = change
        self._gone: dict[Term, list[Statement]] = {}
        for one in change.gone:
            for node in {one.subject, one.target}:
                self._gone.setdefault(node, []).append(one)

    def of(self, ways: Iterable[Way]) -> frozenset[Term] | None:
        """The nodes from which the ways lead to what has changed; None where they are too many."""
        found: set[Term] = set()
        begun: dict[Way, set[Term]] = {}
        for way in ways:
            begun.setdefault(way[:-1], set()).update(self._ends(way[-1]))
        for prefix, nodes in begun.items():
            back = self._back(prefix, nodes)
            if back is None or len(found) > MOST:
                return None
            found |= back
        return frozenset(found)

    def _ends(self, step: Step) -> Iterator[Term]:
        """Where the changed statements of a step begin."""
        for one in self._change.both:
            if step.property in (None, one.property):
                yield one.target if step.inverse else one.subject

    def _back(self, prefix: Way, nodes: set[Term]) -> set[Term] | None:
        for step in reversed(prefix):
            before: set[Term] = set()
            for one in (one for node in nodes for one in self._before(step, node)):
                before.add(one)
                if len(before) > MOST:
                    return None
            nodes = before
        return nodes

    def _before(self, step: Step, node: Term) -> Iterator[Term]:
        """The nodes from which a step leads, or led, to a node."""
        predicate = None if step.property is None else NamedNode(step.property)
        if step.inverse and not isinstance(node, Literal):
            yield from (quad.object for quad in self._store.quads_for_pattern(node, predicate, None, _DEFAULT))  # type: ignore[misc] # no triple terms
        elif not step.inverse:
            yield from (quad.subject for quad in self._store.quads_for_pattern(None, predicate, node, _DEFAULT))  # type: ignore[misc] # no triple terms
        for one in self._gone.get(node, ()):
            end, start = (one.subject, one.target) if step.inverse else (one.target, one.subject)
            if end == node and step.property in (None, one.property):
                yield start
