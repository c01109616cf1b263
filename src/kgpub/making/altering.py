"""Altering the store of the last snapshot: what changed files say no longer leaves it, what they say now comes in.

The default graph holds a triple once, however many of its graphs say so: one leaves it with the last of them. Two ways
to write a number are one triple to the store, so what stays is put in once more where another form of it has left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store

from kgpub.making.stored import for_store
from kgpub.source import SourceFile


@dataclass(frozen=True)
class Altered:
    """What is in a store already: the files, by name, and since it was compact, how much was altered in it, in bytes.

    ``rough`` tells that the store is to be made compact before it is read.
    """

    there: frozenset[str] = frozenset()
    bytes: int = 0
    rough: bool = True


class Altering:
    """A store that is altered; ``merged`` are the graphs (N-Triples) whose triples its default graph is to have."""

    def __init__(self, store: Store, merged: frozenset[str]) -> None:
        self._store, self._merged = store, merged
        self.bytes = 0
        """How much came and went, in bytes of N-Quads."""

    def leave(self, graph: str, said: Iterable[Quad]) -> None:
        """Take out a graph, and of the default graph what only it ``said``."""
        self._store.remove_graph(NamedNode(graph))
        self._forget(said)

    def exchange(self, file: SourceFile, said: Iterable[Quad]) -> None:
        """Have a file's graph say what it says now, where it ``said`` something else."""
        before, now = set(for_store(said, ())), set(for_store(file.quads(), ()))
        gone = before - now
        for quad in gone:
            self._store.remove(quad)
        places = {(quad.subject, quad.predicate) for quad in gone}
        come = [quad for quad in now if quad not in before or (quad.subject, quad.predicate) in places]
        self._store.extend(come)
        if not now:
            self._store.remove_graph(NamedNode(file.graph))  # no graph is there that says nothing
        self._forget(gone)
        if file.merges(file.graph):
            self._store.extend(for_store((), come))
        self.bytes += sum(len(str(quad)) for quad in (*gone, *come))

    def _forget(self, quads: Iterable[Quad]) -> None:
        """Take out of the default graph what none of its graphs says any more."""
        for quad in for_store((), quads):
            if self._merged.isdisjoint(self._graphs(quad)):
                self._store.remove(quad)

    def _graphs(self, quad: Quad) -> Iterator[str]:
        others = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return (str(other.graph_name) for other in others)
