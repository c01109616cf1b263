"""Loading a site's files into the store of a snapshot, and past whoever else wants to see every quad, by batches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from kgpub.making.altering import Altered
from kgpub.making.stored import for_store
from kgpub.source import SourceFile

BULK = 200_000
"""Quads that the store takes in at once, those of the default graph among them: sorted in memory and written as files
of their own. Fewer make more files to merge, more need more memory."""

_BATCH = 10_000

NOTHING = Altered()
"""A store that is made from the first."""

Progress = Callable[[str, int], None]
"""Called with a step's name and how many quads or things it has done."""
Taker = Callable[[Sequence[Quad], Sequence[Quad], str], None]
"""Called with a batch of quads, with those among them whose triples belong to the default graph (the same list where
all do), and with the name of the graph that they stand in, which is empty where there may be several."""
Takers = Callable[[SourceFile], Sequence[Taker]]
"""Called with a file that is about to be loaded, names who takes its batches."""
Ended = Callable[[SourceFile], None]
"""Called with a file that has been loaded whole."""


def load(
    folder: Path,
    sources: Iterable[SourceFile],
    takers: Takers,
    tell: Progress,
    altered: Altered = NOTHING,
    ended: Ended = lambda _: None,
) -> None:
    """Make the store of these files in a folder: every graph, and the default graph, which holds a triple once.

    Files that are in an ``altered`` store already are not put in. Each batch goes to the file's ``takers`` too, in the
    order of the sources. The finished store is compact, but for little that was altered, and has nothing left in its
    journal, so that opening it takes no time and no memory, whatever its size.
    """
    store = Store(str(folder))
    bulk = _Bulk(store)
    for file in sources:
        tell(file.name, 0)
        taking = takers(file)
        done = 0
        for batch, merged in batches(file):
            if file.name not in altered.there:
                bulk.add(batch, merged, lowered=file.is_lowered)
            for take in taking:
                take(batch, merged, "" if file.keeps_graphs else file.graph)
            done += len(batch)
            tell(file.name, done)
        ended(file)
    tell("optimize", 0)
    bulk.finish()
    store.flush()
    if altered.rough:
        store.optimize()
    del bulk, store
    _empty_journal(folder)


def hidden_graphs(sources: Iterable[SourceFile]) -> frozenset[str]:
    """The graphs that hold shapes, not data, by name; a file that names graphs inside is read for them."""
    found: set[str] = set()
    for file in sources:
        if file.role != "shapes":
            continue
        found |= {_name(quad) for quad in file.quads()} if file.keeps_graphs else {file.graph}
    return frozenset(found)


class _Bulk:
    """Quads on their way into the store, whatever file they come from."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Quad] = []

    def add(self, quads: Iterable[Quad], merged: Iterable[Quad], *, lowered: bool) -> None:
        """Take in quads, and those of the default graph; one that is there already stays there once.

        ``lowered`` tells that no language tag among them has a capital.
        """
        if lowered:
            self._waiting += quads
            self._waiting += (Quad(quad.subject, quad.predicate, quad.object) for quad in merged)
        else:
            self._waiting += for_store(quads, merged)
        if len(self._waiting) >= BULK:
            self.finish()

    def finish(self) -> None:
        """Write what is still waiting."""
        if self._waiting:
            self._store.bulk_extend(self._waiting)
            self._waiting = []


def batches(file: SourceFile) -> Iterator[tuple[list[Quad], list[Quad]]]:
    """Quads by the ten thousand, so that no file is held whole, with those of the default graph."""
    waiting = file.quads()
    if not file.keeps_graphs:
        is_merged = file.merges(file.graph)
        while batch := list(islice(waiting, _BATCH)):
            yield batch, batch if is_merged else []
        return
    merges: dict[str, bool] = {}
    while batch := list(islice(waiting, _BATCH)):
        names = [_name(quad) for quad in batch]
        for name in set(names) - merges.keys():
            merges[name] = file.merges(name)
        yield batch, [quad for quad, name in zip(batch, names, strict=True) if merges[name]]


def _name(quad: Quad) -> str:
    """The name of the graph a quad stands in, without brackets."""
    graph = quad.graph_name
    return graph.value if isinstance(graph, NamedNode) else str(graph)


def _empty_journal(folder: Path) -> None:
    """Open the finished store once more for writing, which drops what journals and logs its making left."""
    store = Store(str(folder))
    store.flush()
    del store
    for old in folder.glob("LOG.old*"):
        old.unlink()
