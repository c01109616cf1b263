"""A visitor's question → bytes: evaluate, choose the format, serialise, within limits; in whatever process this runs.

Results may not leave the thread that made them, so all of it is one call that writes into an output.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from pyoxigraph import (
    DefaultGraph,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kgpub import formats
from kgpub.engine import DatasetClause
from kgpub.engine.ground import Ground
from kgpub.engine.protocol_dataset import Scene, scene
from kgpub.engine.rows import row_counter
from kgpub.engine.tables import table
from kgpub.errors import BadQuery, EngineDown, LimitReached, NotAcceptable, QueryRefused
from kgpub.formats import Format

CHUNK = 65_536
"""Bytes held back before the first are sent, so that a failure still gets its true status; then the size of each."""

_RESULTS: Mapping[Format, QueryResultsFormat] = {
    formats.RESULTS_JSON: QueryResultsFormat.JSON,
    formats.RESULTS_XML: QueryResultsFormat.XML,
    formats.CSV: QueryResultsFormat.CSV,
    formats.TSV: QueryResultsFormat.TSV,
}
_GRAPHS: Mapping[Format, RdfFormat] = {
    formats.TURTLE: RdfFormat.TURTLE,
    formats.JSON_LD: RdfFormat.JSON_LD,
    formats.N_TRIPLES: RdfFormat.N_TRIPLES,
    formats.RDF_XML: RdfFormat.RDF_XML,
    formats.TRIG: RdfFormat.TRIG,
    formats.N_QUADS: RdfFormat.N_QUADS,
}
_LINES = (formats.N_TRIPLES, formats.N_QUADS)
"""Graphs that are written a triple to a line, whatever is in it (RDF 1.1 N-Triples section 2.2)."""
_BATCH = 256
"""Triples that are counted at a time; as many are in memory."""
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_XML_NAME = re.compile(r"[^\W\d][\w.\-]*$")
_UNKNOWN = re.compile(r"custom (aggregate )?function .* is not supported")
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_PROSE = re.compile(r"(?:^|, |of )((?:[A-Z][a-z]+|The) [\w ]*[a-z][\w ]*)")

Result = QuerySolutions | QueryBoolean | Iterator[Triple]
"""What a query gives; ``QueryTriples`` are an iterator of triples."""
Send = Callable[[Format, bytes], None]
"""Takes each chunk of the answer, with the format it is in."""


@dataclass(frozen=True)
class Question:
    """What a visitor asks: a text that passed the guard, an ``Accept`` header, a dataset."""

    query: str
    accept: str | None
    dataset: DatasetClause


def answer(store: Store, ground: Ground, question: Question, send: Send) -> int:
    """Evaluate a question, send the answer in chunks, and count its rows or triples; an ASK has one row.

    What is raised before the first chunk is the whole answer.
    """
    try:
        result = evaluate(scene(store, question.query, question.dataset, ground), question.query, ground)
        return render(result, question, ground, send)
    except (OSError, RuntimeError) as error:
        if _UNKNOWN.search(str(error)):
            raise QueryRefused(f"{error}.") from error
        raise EngineDown(f"the query could not be answered: {error}") from error


def render(result: Result, question: Question, ground: Ground, send: Send) -> int:
    """Send a result in the format that was asked for, within the limits, and count its rows or triples.

    Raises ``LimitReached`` or ``NotAcceptable``, and what reading the result raises.
    """
    is_table = isinstance(result, QuerySolutions | QueryBoolean)
    out = _Output(formats.choose(question.accept, formats.RESULTS if is_table else formats.GRAPHS), ground, send)
    _write(result, out, question, ground)
    out.finish()
    return out.number


def evaluate(where: Scene, query: str, ground: Ground) -> Result:
    """The result of a query over a dataset, not read yet; raises ``BadQuery`` with line and column."""
    try:
        return where.store.query(
            query,
            base_iri=ground.base,
            prefixes={name: iri for name, mark, iri in ground.marked if mark in query},
            default_graph=where.default,
            named_graphs=where.named,
        )
    except SyntaxError as error:
        raise bad_query(error, query) from error


def bad_query(error: SyntaxError, query: str) -> BadQuery:
    """The engine's complaint as a sentence, with the place in the text it got to."""
    found = _PLACE.match(str(error))
    if found is None:
        return BadQuery(f"The query cannot be read: {error}.")
    line, column = int(found[1]), int(found[2])
    lines = query.split("\n")
    before = " ".join("\n".join([*lines[: line - 1], lines[line - 1][: column - 1]]).split())[-30:]
    prose = _PROSE.search(found[3])
    reason = prose[1].removeprefix("The ").lower().replace("select", "SELECT") if prose else "this is not SPARQL"
    return BadQuery(f"Line {line}, column {column}, after “{before}”: {reason}.", line, column)


class _Output:
    """A file for the serialiser: counts, refuses what goes beyond the limits, sends chunks."""

    def __init__(self, format: Format, ground: Ground, send: Send) -> None:
        self.format = format
        self._ground = ground
        self._send = send
        self._held = bytearray()
        self._bytes = 0
        self._counter = row_counter(format)
        self.number = 0
        """Rows or triples so far."""

    def write(self, piece: bytes) -> int:
        """Take bytes from the serialiser; raises ``LimitReached`` or ``NotAcceptable``."""
        self._bytes += len(piece)
        self.fit(self._bytes)
        self._held += piece
        if len(self._held) >= CHUNK:
            self._flush()
        return len(piece)

    def rows(self, number: int) -> None:
        """Say how many rows or triples there are by now; raises ``LimitReached`` when those are too many."""
        self.number = max(self.number, number)
        if number > self._ground.max_rows:
            raise LimitReached(f"The answer has more than {self._ground.max_rows:,} rows; ask for less, or in parts.")

    def fit(self, size: int) -> None:
        """Say that the answer has at least so many bytes; raises ``LimitReached`` when those are too many."""
        if size > self._ground.max_bytes:
            raise LimitReached(
                f"The answer is longer than {self._ground.max_bytes:,} bytes; ask for less, or in parts."
            )

    @property
    def scratch(self) -> str:
        """The folder for temporary files."""
        return self._ground.scratch

    def flush(self) -> None:
        """Do nothing: chunks are sent when they are full."""

    def finish(self) -> None:
        """Send the rest, or an empty first chunk."""
        self._flush()

    def _flush(self) -> None:
        held = bytes(self._held)
        self._held.clear()
        self._counter.add(held)
        self.rows(self._counter.rows)
        if self.format in (formats.RESULTS_XML, formats.RDF_XML) and _NO_XML.search(held):
            raise NotAcceptable("XML cannot write a control character that is in the answer.")
        self._send(self.format, held)


def _write(result: Result, out: _Output, question: Question, ground: Ground) -> None:
    """Serialise a result in the output's format."""
    if not isinstance(result, QuerySolutions | QueryBoolean):
        _write_triples(result, out, dict(ground.prefixes))
    elif out.format in formats.TABLES:
        _write_table(result, out, question, ground)
    else:
        if isinstance(result, QueryBoolean):
            out.rows(1)
        result.serialize(output=out, format=_RESULTS[out.format])  # type: ignore[arg-type] # pyoxigraph takes any object that reads or writes


def _write_table(result: QuerySolutions | QueryBoolean, out: _Output, question: Question, ground: Ground) -> None:
    """Write a result as a file for other programs; only here the heavy libraries for that are imported."""
    rows = table(result, question.query, ground.base, out.rows)
    if out.format is formats.XLSX:
        from kgpub.engine import sheets  # noqa: PLC0415 # as said above

        sheets.write(rows, out)
    else:
        from kgpub.engine import parquet  # noqa: PLC0415 # as said above

        parquet.write(rows, out)


def _write_triples(result: Iterator[Triple], out: _Output, prefixes: dict[str, str]) -> None:
    """Serialise triples; the library writes to anything with ``write``, which its stubs call ``IO[bytes]``."""
    if isinstance(result, QueryTriples) and out.format in _LINES:
        result.serialize(out, _GRAPHS[out.format])  # type: ignore[arg-type] # pyoxigraph takes any object that reads or writes
        return  # no triple became an object here: they are counted as lines
    triples = chain.from_iterable(_counted(result, out))
    if out.format.has_graphs:
        quads = (Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
        serialize(quads, out, _GRAPHS[out.format], prefixes=prefixes)  # type: ignore[arg-type] # pyoxigraph takes any object that reads or writes
    else:
        serialize(triples, out, _GRAPHS[out.format], prefixes=prefixes)  # type: ignore[arg-type] # pyoxigraph takes any object that reads or writes


def _counted(triples: Iterator[Triple], out: _Output) -> Iterator[list[Triple]]:
    """The triples by the batch, as long as they are not too many and the format can write them."""
    number = 0
    while batch := list(islice(triples, _BATCH)):
        number += len(batch)
        out.rows(number)
        if out.format in (formats.RDF_XML, formats.JSON_LD):
            for triple in batch:
                _refuse_unfit(triple, out.format)
        yield batch


def _refuse_unfit(triple: Triple, format: Format) -> None:
    """Neither has a place for triple terms; RDF/XML needs predicates that end in an XML name (its section 6.1.4)."""
    if isinstance(triple.object, Triple):
        raise NotAcceptable(f"{format.name} has no place for a triple term.")
    found = _XML_NAME.search(triple.predicate.value)
    if format is formats.RDF_XML and (found is None or found.start() == 0):
        raise NotAcceptable(f"RDF/XML cannot write the property <{triple.predicate.value}>: no XML name ends it.")
