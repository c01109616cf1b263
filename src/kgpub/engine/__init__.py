"""What we ask of a SPARQL engine: four verbs. Visitors' queries to the site go through ``engine.pool`` instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolution, Triple

from kgpub.formats import Format

Subject = NamedNode | BlankNode | Triple
Object = NamedNode | BlankNode | Literal | Triple
GraphName = NamedNode | BlankNode | DefaultGraph


@dataclass(frozen=True)
class Pattern:
    """A quad pattern; None stands for anything.

    Graphs: None is every named graph, ``DefaultGraph()`` the default one, which repeats some of them.
    """

    subject: Subject | None = None
    predicate: NamedNode | None = None
    object: Object | None = None
    graph: GraphName | None = None


@dataclass(frozen=True)
class DatasetClause:
    """The RDF dataset of a protocol request (SPARQL 1.1 Protocol section 2.1.4), which replaces FROM.

    Both None: the query's own, or the store's. Otherwise both lists count, empty ones included.
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


class Chunks(Protocol):
    """A body in pieces, in order; whole only if the iteration ends without an error."""

    def __iter__(self) -> Iterator[bytes]:
        """Itself."""
        ...

    def __next__(self) -> bytes:
        """The next piece; raises a ``KgpubError`` when there is no rest to be had."""
        ...

    def close(self) -> None:
        """Tell the engine that nobody reads on; safe at any time, from any thread."""
        ...


@dataclass(frozen=True)
class Answer:
    """A visitor's answer: its format, and its body. Who does not read it to the end closes ``chunks``."""

    format: Format
    chunks: Chunks


class Engine(Protocol):
    """A SPARQL engine over one immutable snapshot."""

    def quads(self, pattern: Pattern, limit: int | None = None) -> Iterator[Quad]:
        """The quads that match, at most ``limit`` of them; raises ``EngineDown``."""
        ...

    def select(self, query: str) -> Iterator[QuerySolution]:
        """The solutions of one of our own SELECT queries; raises ``EngineDown``."""
        ...

    def stream(self, query: str, accept: str | None, dataset: DatasetClause) -> Answer:
        """The answer to a visitor's query in the format chosen from ``accept``.

        Raises ``BadQuery``, ``QueryRefused``, ``TooLong``, ``NotAcceptable``, ``LimitReached`` or ``EngineDown`` if
        that shows before 64 KB are made; what goes wrong later is raised by the chunks.
        """
        ...

    def close(self) -> None:
        """Give back what the engine holds."""
        ...
