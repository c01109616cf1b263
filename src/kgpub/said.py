"""What the graphs of data say of a thing, quad by quad, as the sources write it: what descriptions are made from."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from kgpub.engine import Engine, Pattern
from kgpub.kept.index import Index
from kgpub.model import Term
from kgpub.reading.tags import literal

_CLOSURE = 10_000
"""Most blank nodes followed in one document."""


class Said(NamedTuple):
    """A quad as the sources write it, taken apart once; ``stored`` is the object as the store knows it.

    ``predicate``, ``written`` (the object) and ``graph`` stand as in the quad's notation: what is said of one thing
    sorts by them as its quads do by theirs.
    """

    predicate: str
    written: str
    graph: str
    stored: str
    name: NamedNode
    object: Term
    where: str
    quad: Quad


Document = Mapping[NamedNode | BlankNode, Sequence[Said]]
"""What a document says of each thing in it, everything in a stable order."""
ORDER = itemgetter(0, 1, 2)
"""The order of what is said of one thing."""


def said(engine: Engine, index: Index, graphs: frozenset[str], iris: Iterable[str]) -> Document:
    """The document about these things: their quads, originals put back, and those of the blank nodes they reach."""
    waiting: deque[NamedNode | BlankNode] = deque(map(NamedNode, iris))
    seen = set(waiting)
    every: dict[NamedNode | BlankNode, list[Said]] = {}
    while waiting:
        subject = waiting.popleft()
        found = sorted(of(engine, index, graphs, subject), key=ORDER)
        if not found:
            continue
        every[subject] = found
        for one in found:
            target = one.object
            if isinstance(target, BlankNode) and target not in seen and len(seen) < _CLOSURE:
                seen.add(target)
                waiting.append(target)
    return every


def of(
    engine: Engine,
    index: Index,
    graphs: frozenset[str],
    subject: NamedNode | BlankNode,
    predicate: NamedNode | None = None,
) -> Iterator[Said]:
    """A subject's quads in the data graphs, each rewritten literal as all the originals it stands for."""
    rewritten: dict[tuple[str, str, str], list[str]] = {}
    for kept in index.originals(str(subject)):
        rewritten.setdefault((kept.predicate, kept.stored, kept.graph), []).append(kept.original)
    for quad in engine.quads(Pattern(subject=subject, predicate=predicate)):
        _, name, target, graph = quad
        where = "" if isinstance(graph, DefaultGraph) else graph.value
        if where not in graphs and not isinstance(graph, BlankNode):
            continue
        says, stored, inside = str(name), str(target), str(graph)
        originals = rewritten and rewritten.get((says, stored, inside))
        if not originals:
            written = f"<<( {stored} )>>" if isinstance(target, Triple) else stored  # as in the quad, not by itself
            yield Said(says, written, inside, stored, name, target, where, quad)
            continue
        for text in originals:
            original = target if text == stored else literal(text)
            restored = Quad(subject, name, original, graph)
            yield Said(says, str(original), inside, stored, name, original, where, restored)
