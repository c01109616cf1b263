"""An answer for a page: the first rows or triples of a query, read from the engine's own stream."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from kgpub.engine import Chunks, DatasetClause
from kgpub.formats import N_TRIPLES, RESULTS_JSON
from kgpub.model import Term
from kgpub.represent.html import SparqlTable
from kgpub.snapshot import Snapshot

ROWS = 1_000
"""Most rows or triples on a page."""

_ACCEPT = f"{RESULTS_JSON.media_type}, {N_TRIPLES.media_type}"


def table(snapshot: Snapshot, query: str, dataset: DatasetClause) -> SparqlTable:
    """The answer to a visitor's query with the labels of what it names; raises what the engine raises."""
    answer = snapshot.engine.stream(query, _ACCEPT, dataset)
    source = _Source(answer.chunks)
    try:
        found = _triples(source) if answer.format is N_TRIPLES else _results(source)
    finally:
        answer.chunks.close()
    terms: Iterable[Term | None] = (
        chain.from_iterable(found.rows)
        if found.triples is None
        else chain.from_iterable((t.subject, t.predicate, t.object) for t in found.triples)
    )
    iris = sorted({term.value for term in terms if isinstance(term, NamedNode)})
    return SparqlTable(
        found.variables, found.rows, found.boolean, found.triples, found.truncated, snapshot.index.labels(iris)
    )


class _Source(io.RawIOBase):
    """A stream of chunks as a file to read from."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, none at the end."""
        if not self._rest:
            self._rest = next(iter(self._chunks), b"")
        piece, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return piece


def _results(source: _Source) -> SparqlTable:
    """The first rows of a SELECT, or the answer of an ASK."""
    found = parse_query_results(cast("IO[bytes]", source), format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return SparqlTable(boolean=bool(found))
    assert isinstance(found, QuerySolutions)
    variables = tuple(variable.value for variable in found.variables)
    rows = [tuple(cast("Iterator[Term | None]", iter(row))) for row in islice(found, ROWS + 1)]
    return SparqlTable(variables, tuple(rows[:ROWS]), truncated=len(rows) > ROWS)


def _triples(source: _Source) -> SparqlTable:
    """The first triples of a CONSTRUCT or DESCRIBE."""
    quads = parse(cast("IO[bytes]", source), format=RdfFormat.N_TRIPLES)
    triples = [quad.triple for quad in islice(quads, ROWS + 1)]
    return SparqlTable(triples=tuple(triples[:ROWS]), truncated=len(triples) > ROWS)
