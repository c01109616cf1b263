"""What the quads of a file are called: their graph, and blank nodes by names that are the same at every build."""

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

_NAMED = (NamedNode, Literal)
_BLANK = b"_:"
"""What a blank node begins with in N-Quads; where it is part of a text, that is taken for one."""
_END = b" .\n"
"""How a line of N-Quads ends; no text has an end of line inside there."""


class Batch(NamedTuple):
    """Quads, and the same in N-Quads, a line each, if that is known; then there is no blank node among them."""

    quads: list[Quad]
    text: bytes = b""


class BlankNames:
    """Blank node labels that are the same at every build: a hash of the file's name and an ordinal.

    With ``skolem``, the beginning of an IRI, they are IRIs (RDF 1.1 Concepts section 3.5).
    """

    def __init__(self, file: str, skolem: str) -> None:
        self._prefix = "b" + hashlib.sha256(file.encode()).hexdigest()[:10] + "n"
        self._skolem = skolem
        self._seen: dict[str, BlankNode | NamedNode] = {}

    def of(self, node: BlankNode) -> BlankNode | NamedNode:
        """The stable name of a blank node of this file."""
        if node.value not in self._seen:
            label = f"{self._prefix}{len(self._seen) + 1}"
            self._seen[node.value] = NamedNode(self._skolem + label) if self._skolem else BlankNode(label)
        return self._seen[node.value]


class Naming:
    """Quads in their named graphs, with their blank nodes renamed."""

    def __init__(self, names: BlankNames, graph: NamedNode, is_published: Callable[[str], bool]) -> None:
        self._names, self._graph = names, graph
        self._is_published = is_published
        self._published: dict[NamedNode | BlankNode, bool] = {}

    def of(self, quad: Quad) -> Quad | None:
        """The quad as it is to be called; none where its graph is not published."""
        subject, predicate, target, own = quad
        if isinstance(subject, BlankNode):
            subject = self._names.of(subject)
        if isinstance(target, BlankNode):
            target = self._names.of(target)
        elif isinstance(target, Triple):
            target = _quoted(target, self._names)
        if isinstance(own, DefaultGraph):
            return Quad(subject, predicate, target, self._graph) if self._is_own_published else None
        if isinstance(own, BlankNode):
            own = self._names.of(own)
        if own not in self._published:
            self._published[own] = self._is_published(own.value)
        return Quad(subject, predicate, target, own) if self._published[own] else None

    def named(self, batch: list[Quad]) -> list[Quad]:
        """The quads of a batch as they are to be called, those of published graphs."""
        return [named for quad in batch if (named := self.of(quad)) is not None]

    def written(self, batch: list[Quad]) -> Batch:
        """The same of quads that name no graph and have no language tag with a capital.

        Where there is no blank node only the graph has to be named, which costs less by the text than one by one.
        """
        if not self._is_own_published:
            return Batch([])
        text = serialize(batch, format=RdfFormat.N_QUADS) or b""
        if _BLANK in text:
            return Batch(self.named(batch))
        text = text.replace(_END, f" {self._graph}".encode() + _END)
        return Batch(list(parse(text, format=RdfFormat.N_QUADS, lenient=True)), text)

    def merged(self, batch: list[Quad]) -> list[Quad]:
        """The quads of a batch, in the default graph; most need no other name, and are not made anew."""
        plain = [
            type(quad.object) in _NAMED and type(quad.subject) is NamedNode and type(quad.graph_name) is DefaultGraph
            for quad in batch
        ]
        if all(plain) and self._is_own_published:
            return batch
        pairs = zip(batch, plain, strict=True)
        named = (quad if is_plain and self._is_own_published else self.of(quad) for quad, is_plain in pairs)
        return [merged(quad) for quad in named if quad is not None]

    @cached_property
    def _is_own_published(self) -> bool:
        return self._is_published(self._graph.value)


def merged(quad: Quad) -> Quad:
    """The quad in the default graph."""
    if type(quad.graph_name) is DefaultGraph:
        return quad
    return Quad(quad.subject, quad.predicate, quad.object)


def _quoted(triple: Triple, names: BlankNames) -> Triple:
    """A triple term with its blank nodes renamed (RDF 1.2 Concepts section 3.1)."""
    subject = names.of(triple.subject) if isinstance(triple.subject, BlankNode) else triple.subject
    target = triple.object
    if isinstance(target, BlankNode):
        target = names.of(target)
    elif isinstance(target, Triple):
        target = _quoted(target, names)
    return Triple(subject, triple.predicate, target)
