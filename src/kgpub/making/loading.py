"""Loading a site's files into the store of a snapshot, and past whoever else wants to see every quad, by batches."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kgpub.making.stored import for_store
from kgpub.reading.naming import Batch
from kgpub.source import SourceFile

BULK = 200_000
"""Quads that the store takes in at once, those of the default graph among them: sorted in memory and written as files
of their own. Fewer make more files to merge, more need more memory."""

_BLANK = b"_:"
"""What a blank node begins with in N-Quads; where it is part of a text, that is taken for one."""

Progress = Callable[[str, int], None]
"""Called with a step's name and how many quads or things it has done."""
Taker = Callable[[Sequence[Quad], Sequence[Quad], str], None]
"""Called with a batch of quads, with those among them whose triples belong to the default graph (the same list where
all do), and with the name of the graph that they stand in, which is empty where there may be several."""
Takers = Callable[[SourceFile], Sequence[Taker]]
"""Called with a file that is about to be loaded, names who takes its batches; where nobody does, and the store has it
already, it is not read."""
Ended = Callable[[SourceFile], None]
"""Called with a file that has been loaded whole."""


def load(
    store: Store,
    sources: Iterable[SourceFile],
    takers: Takers,
    tell: Progress,
    there: Collection[str] = (),
    ended: Ended = lambda _: None,
) -> None:
    """Fill a store from these files: every graph, and the default graph, which holds a triple once.

    Files that are in it already (``there``, by name) are not put in. Each batch goes to the file's ``takers`` too, in
    the order of the sources.
    """
    with _Bulk(store) as bulk:
        for file in sources:
            tell(file.name, 0)
            taking = takers(file)
            graph = "" if file.keeps_graphs else file.graph
            done, is_there = 0, file.name in there
            for batch, merged in batches(file) if taking or not is_there else ():
                if not is_there:
                    bulk.add(batch, merged, graph, plain=file.is_lowered)
                for take in taking:
                    take(batch.quads, merged, graph)
                done += len(batch.quads)
                tell(file.name, done)
            ended(file)
        bulk.finish()


def finish(store: Store, tell: Progress, *, rough: bool = True) -> None:
    """Make a filled store compact, where it is ``rough``, and have all of it on disk."""
    tell("optimize", 0)
    store.flush()
    if rough:
        store.optimize()


def empty_journal(folder: Path) -> None:
    """Drop what journals and logs the making of a store left, which must be closed.

    It is opened once more for writing; then opening it takes no time and no memory, whatever its size.
    """
    store = Store(str(folder))
    store.flush()
    del store
    for old in folder.glob("LOG.old*"):
        old.unlink()


def note(sources: Iterable[SourceFile], take: Taker, tell: Progress) -> None:
    """Let somebody take the batches of files that are loaded already."""
    for file in sources:
        graph = "" if file.keeps_graphs else file.graph
        done = 0
        for batch, merged in batches(file):
            take(batch.quads, merged, graph)
            done += len(batch.quads)
            tell(file.name, done)


def hidden_graphs(sources: Iterable[SourceFile]) -> frozenset[str]:
    """The graphs that hold shapes, not data, by name; a file that names graphs inside is read for them."""
    found: set[str] = set()
    for file in sources:
        if file.role != "shapes":
            continue
        found |= {_name(quad) for quad in file.quads()} if file.keeps_graphs else {file.graph}
    return frozenset(found)


class _Bulk:
    """Quads on their way into the store, whatever file they come from; a thread puts them in while others are read.

    The engine lets Python go on only while it reads text. So what was read strictly is handed over as text: N-Quads say
    it term for term, all but blank nodes, which are named anew by whoever reads them. Those go as quads.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: list[bytes] = []
        self._quads: list[Quad] = []
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def add(self, batch: Batch, merged: Sequence[Quad], graph: str, *, plain: bool) -> None:
        """Take in quads, and those of the default graph; one that is there already stays there once.

        ``graph`` is the one that all stand in; empty where there may be several. ``plain`` tells that they were read
        strictly and that no language tag among them has a capital.
        """
        quads = batch.quads
        if not plain:
            self._quads += for_store(quads, merged)
        else:
            text = batch.text or _text(quads, RdfFormat.N_QUADS)
            if merged is quads and graph:
                self._put(merged, text.replace(f" {NamedNode(graph)} .\n".encode(), b" .\n"), default=True)
            elif merged:
                self._put(merged, _text([quad.triple for quad in merged], RdfFormat.N_TRIPLES), default=True)
            self._put(quads, text)
        self._waiting += len(quads) + len(merged)
        if self._waiting >= BULK:
            self._send()

    def _put(self, quads: Sequence[Quad], text: bytes, *, default: bool = False) -> None:
        """Take in quads whose text this is, a line each; those of the ``default`` graph only as what they say."""
        if _BLANK in text:
            lines = text.splitlines(keepends=True)
            named = [quad for quad, line in zip(quads, lines, strict=True) if _BLANK in line]
            self._quads += for_store((), named) if default else named
            text = b"".join(line for line in lines if _BLANK not in line)
        self._texts.append(text)

    def _send(self) -> None:
        """Have what is waiting put in, once what was before it is."""
        self.wait()
        self._under_way = self._thread.submit(self._load, b"".join(self._texts), self._quads)
        self._texts, self._quads, self._waiting = [], [], 0

    def _load(self, text: bytes, quads: Sequence[Quad]) -> None:
        if text:
            self._store.bulk_load(text, format=RdfFormat.N_QUADS)
        if quads:
            self._store.bulk_extend(quads)

    def wait(self) -> None:
        """Come back when nothing is being put in; raises what was in the way of it (``OSError``: the disk)."""
        if self._under_way is not None:
            self._under_way.result()

    def finish(self) -> None:
        """Put in what is still waiting."""
        self._send()
        self.wait()


def _text(statements: Sequence[Quad] | Sequence[Triple], format: RdfFormat) -> bytes:
    text = serialize(statements, format=format)
    assert text is not None
    return text


def batches(file: SourceFile) -> Iterator[tuple[Batch, list[Quad]]]:
    """The quads of a file, with those of the default graph."""
    if not file.keeps_graphs:
        is_merged = file.merges(file.graph)
        for batch in file.batches():
            yield batch, batch.quads if is_merged else []
        return
    merges: dict[str, bool] = {}
    for batch in file.batches():
        names = [_name(quad) for quad in batch.quads]
        for name in set(names) - merges.keys():
            merges[name] = file.merges(name)
        yield batch, [quad for quad, name in zip(batch.quads, names, strict=True) if merges[name]]


def _name(quad: Quad) -> str:
    """The name of the graph a quad stands in, without brackets."""
    graph = quad.graph_name
    return graph.value if isinstance(graph, NamedNode) else str(graph)
