"""Altering the store of the last snapshot: what changed files say no longer leaves it, what they say now comes in.

The default graph holds a triple once, however many of its graphs say so: one leaves it with the last of them. Two ways
to write a number are one triple to the store, so what stays is put in once more where another form of it has left.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad, Store

from kgpub.making.stored import for_store

MOST_ROUGH = 2_000_000
"""Bytes of N-Quads that are altered in a store, build after build, before it is made compact again."""


@dataclass(frozen=True)
class Begun:
    """A store that is the last snapshot's: which files need not be put in, by name.

    ``compared`` are those among them that say something else now, with the names of their graphs: what is not in their
    part of the new dump any more is to leave the store, what is only there to come in. ``merged`` graphs (N-Triples)
    are part of the default graph. ``bytes`` is how much was altered in the store since it was compact, files that came
    or went included; what is made from the first is ``rough``.
    """

    there: frozenset[str] = frozenset()
    compared: Mapping[str, str] = field(default_factory=dict)
    merged: frozenset[str] = frozenset()
    rough: bool = True
    bytes: int = 0


@dataclass(frozen=True)
class Exchange:
    """What a file says no longer, what is new in it, and ``again`` what stays and the store takes for what is gone."""

    gone: tuple[Quad, ...]
    come: tuple[Quad, ...]
    again: tuple[Quad, ...]


@dataclass(frozen=True)
class Altered:
    """How much of a store was altered since it was compact, in bytes; a ``rough`` one is to be made compact."""

    bytes: int = 0
    rough: bool = True


def exchange(store: Store, begun: Begun, exchanged: Mapping[str, Exchange]) -> Altered:
    """Alter a store in which all new files are, by what the others say otherwise, by their names."""
    altering = Altering(store, begun.merged)
    for name in begun.compared.keys() & exchanged.keys():
        altering.exchange(begun.compared[name], exchanged[name])
    altered = begun.bytes + altering.bytes
    rough = begun.rough or altered > MOST_ROUGH
    return Altered(0 if rough else altered, rough)


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

    def exchange(self, graph: str, exchanged: Exchange) -> None:
        """Have a graph say what its file says now."""
        name = NamedNode(graph)
        gone = list(for_store(exchanged.gone, ()))
        for quad in gone:
            self._store.remove(quad)
        come = (*exchanged.come, *exchanged.again)
        self._store.extend(for_store(come, ()))
        if next(self._store.quads_for_pattern(None, None, None, name), None) is None:
            self._store.remove_graph(name)  # no graph is there that says nothing
        self._forget(gone)
        if str(name) in self._merged:
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
