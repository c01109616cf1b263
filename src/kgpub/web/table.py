"""The first rows or triples of an answer as a table, with the labels of what it names."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from time import perf_counter

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from kgpub.engine.rows import RowCounter
from kgpub.errors import LimitReached, QueryTimeout
from kgpub.formats import N_TRIPLES, RESULTS_JSON, Format
from kgpub.kept.index import Index
from kgpub.model import Labels, Term
from kgpub.represent.asking import SparqlTable
from kgpub.snapshot import Snapshot, built
from kgpub.web.asking import Stream, ask
from kgpub.web.operation import Operation
from kgpub.web.respond import Served

ROWS = 1_000
"""Most rows or triples on a page."""
MOST_BYTES = 8_000_000
"""Most bytes of an answer that are read for a page; what of it is whole is shown."""

_ACCEPT = f"{RESULTS_JSON.media_type}, {N_TRIPLES.media_type}"


@dataclass(frozen=True)
class Read:
    """An answer that was read for a page: what of it is shown, how long it took, which snapshot gave it."""

    table: SparqlTable
    milliseconds: int
    version: str
    built: str


async def table(request: Request, now: Served, asked: Operation) -> Read:
    """As much of an answer as a page shows; raises what the engine raises before that much is there."""
    began = perf_counter()
    stream = await ask(
        request, asked.query, _ACCEPT, asked.dataset, timeout=asked.timeout, now=now, snapshot=asked.snapshot
    )
    try:
        body, is_whole = await _beginning(stream)
    finally:
        stream.abandon()
    milliseconds = round((perf_counter() - began) * 1000)
    found = await run_in_threadpool(_parsed, _Read(stream.format, body, is_whole))
    version = stream.trace.snapshot
    return Read(
        replace(found, labels=_labels(now.snapshot, version, found)), milliseconds, version, built(now.site, version)
    )


@dataclass(frozen=True)
class _Read:
    """The beginning of an answer: its format, its bytes, and whether they are all."""

    format: Format
    body: bytes
    is_whole: bool


async def _beginning(stream: Stream) -> tuple[bytes, bool]:
    """The first bytes of a stream, enough for a page, and whether they are all of it."""
    body, rows = bytearray(), _Count(stream.format)
    try:
        async for chunk in stream:
            body += chunk
            rows.add(chunk)
            if rows.number > ROWS or len(body) > MOST_BYTES:
                return bytes(body), False
    except (LimitReached, QueryTimeout):
        if rows.number < ROWS:
            raise
        return bytes(body), False
    return bytes(body), True


class _Count:
    """Counts the rows or triples in the bytes of an answer as they come; a triple is a line."""

    def __init__(self, format: Format) -> None:
        self._counter = None if format is N_TRIPLES else RowCounter(format)
        self._lines = 0

    @property
    def number(self) -> int:
        """How many there have been."""
        return self._lines if self._counter is None else self._counter.rows

    def add(self, chunk: bytes) -> None:
        if self._counter is None:
            self._lines += chunk.count(b"\n")
        else:
            self._counter.add(chunk)


def _parsed(read: _Read) -> SparqlTable:
    """What was read as a table, without labels."""
    if read.format is N_TRIPLES:
        triples = tuple(islice(_triples(read), ROWS + 1))
        return SparqlTable(triples=triples[:ROWS], truncated=not read.is_whole or len(triples) > ROWS)
    found = parse_query_results(io.BytesIO(read.body), format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return SparqlTable(boolean=bool(found))
    variables = tuple(variable.value for variable in found.variables)
    rows = tuple(islice(_rows(found, read), ROWS + 1))
    return SparqlTable(variables, rows[:ROWS], truncated=not read.is_whole or len(rows) > ROWS)


def _rows(found: QuerySolutions, read: _Read) -> Iterator[tuple[Term | None, ...]]:
    """The rows that are whole."""
    try:
        for row in found:
            yield tuple(row)
    except SyntaxError:
        if read.is_whole:
            raise


def _triples(read: _Read) -> Iterator[Triple]:
    """The triples whose lines are whole."""
    body = read.body if read.is_whole else read.body[: read.body.rfind(b"\n") + 1]
    for quad in parse(io.BytesIO(body), format=RdfFormat.N_TRIPLES):
        yield quad.triple


def _labels(present: Snapshot, version: str, found: SparqlTable) -> Mapping[str, Labels]:
    """The labels that a version has for what an answer names; the look-up file is read by one thread only."""
    rows = found.rows if found.triples is None else ((t.subject, t.predicate, t.object) for t in found.triples)
    iris = sorted({term.value for term in chain.from_iterable(rows) if isinstance(term, NamedNode)})
    if version == present.version:
        return present.index.labels(iris)
    index = Index(present.folder.parent / version / "index.sqlite")
    try:
        return index.labels(iris)
    finally:
        index.close()
