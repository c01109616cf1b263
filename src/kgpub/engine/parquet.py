"""An answer as a Parquet file, from which every term can be had back.

A column ``x`` per variable, null where it is unbound, holds what a term says: an IRI, the label of a blank node, the
lexical form of a literal, a triple term in N-Triples. What kind of term that is, its *type*, is said beside it:
``iri``, ``bnode``, ``triple``, ``@ka`` for a literal in a language (``@ar--rtl`` with a direction), and else the IRI of
the literal's datatype.

Where all terms of a variable have one type, the file's metadata say so once: ``kgpub.types`` is a JSON object from
variables to types. Where they differ, a column ``x.type`` says it per row; no variable of SPARQL has a dot in its name.

A variable whose one type is a datatype of numbers, dates or booleans has a column of that type, if the file can give
back each lexical form: integers are int64, decimals decimal128, doubles and floats float64, dates without time zone
date32, moments timestamps (all without time zone, or all with ``Z``). If one value does not fit, all are strings, so
nothing is rounded. The lexical form of a typed value is the canonical one (XML Schema 1.1 part 2), except that whole
decimals, doubles and floats are written without ``.0`` and the latter two never with an exponent.

The rows are held in memory, as columns, until the last is known; they count towards the limit on bytes.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pyarrow as pa
from pyarrow import compute
from pyarrow.parquet import ParquetWriter
from pyoxigraph import Literal

from kgpub import __version__
from kgpub.engine.tables import INTEGERS, XSD, Sink, Table, Term, text, type_of
from kgpub.errors import NotAcceptable

GROUP = 100_000
"""Rows in a row group of the file."""
_CELLS = 65_536
"""Most cells that wait as terms until they are put away as columns."""
_CHARACTERS = 4_194_304
"""Most characters that wait so."""
_PIECE = 65_536
_KINDS = pa.dictionary(pa.int32(), pa.string())
_DIGITS = 38
"""Most digits of a decimal."""
_ZEROS = r"\.0*(Z?)$|(\.[0-9]*[1-9])0*(Z?)$"
"""Digits at the end of a fraction that say nothing."""

Array = Any  # the library has no types
"""A column of Arrow, in chunks."""


def write(table: Table, sink: Sink) -> None:
    """Write a table as a Parquet file; raises ``NotAcceptable`` where there is no variable, thus no column."""
    if not table.names:
        raise NotAcceptable("A Parquet file has columns, and this answer has none.")
    for group in _groups(table, _held(table, sink)):
        for start in range(0, len(group), _PIECE):
            sink.write(group[start : start + _PIECE])


class _Column:
    """The terms of one variable: some that wait, and those that are put away."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kinds: dict[str, None] = {}
        """Every type so far."""
        self._texts: list[str | None] = []
        self._types: list[str | None] = []
        self._text_chunks: list[Array] = []
        self._type_chunks: list[Array] = []

    def add(self, term: Term | None) -> int:
        """Take a term; how many characters it has."""
        if term is None:
            self._texts.append(None)
            self._types.append(None)
            return 0
        said, kind = text(term), type_of(term)
        self.kinds[kind] = None
        self._texts.append(said)
        self._types.append(kind)
        return len(said)

    def put_away(self) -> int:
        """Put away what waits; how many bytes it takes."""
        texts, types = pa.array(self._texts, pa.string()), pa.array(self._types, _KINDS)
        self._text_chunks.append(texts)
        self._type_chunks.append(types)
        self._texts.clear()
        self._types.clear()
        return int(texts.nbytes + types.nbytes)

    def arrays(self) -> dict[str, Array]:
        """The column under its name; beside it the types, where those differ."""
        texts = pa.chunked_array(self._text_chunks, pa.string())
        if len(self.kinds) > 1:
            return {self.name: texts, f"{self.name}.type": pa.chunked_array(self._type_chunks, _KINDS)}
        return {self.name: _fitted(texts, next(iter(self.kinds), ""))}


def _held(table: Table, sink: Sink) -> list[_Column]:
    """All rows as columns; raises ``LimitReached`` when they take more bytes than an answer may."""
    columns = [_Column(name) for name in table.names]
    most = max(_CELLS // len(columns), 1)
    rows = characters = size = 0
    for row in table.rows:
        rows += 1
        characters += sum(column.add(term) for column, term in zip(columns, row, strict=True))
        if rows >= most or characters >= _CHARACTERS:
            size += sum(column.put_away() for column in columns)
            sink.fit(size)
            rows = characters = 0
    sink.fit(size + sum(column.put_away() for column in columns))
    return columns


def _groups(table: Table, columns: list[_Column]) -> Iterator[bytes]:
    """The file, row group by row group."""
    kinds = {column.name: next(iter(column.kinds)) for column in columns if len(column.kinds) == 1}
    said = {"query": table.query, "base": table.base, "version": __version__, "types": json.dumps(kinds)}
    whole = pa.table({name: array for column in columns for name, array in column.arrays().items()})
    fields = [field.with_type(pa.string()) if field.type == _KINDS else field for field in whole.schema]
    schema = pa.schema(fields, {f"kgpub.{key}": value for key, value in said.items()})
    tray = _Tray()
    with ParquetWriter(tray, schema, compression="zstd") as writer:
        for start in range(0, len(whole), GROUP):
            writer.write_table(whole.slice(start, GROUP).cast(schema), GROUP)
            yield tray.taken()
    yield tray.taken()


class _Tray(io.RawIOBase):
    """A file that the library fills and that is emptied by the way, so that no error passes through the library."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._before = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, piece: Any) -> int:  # Any: whatever has bytes
        """Take bytes."""
        self._bytes += piece
        return len(piece)

    def tell(self) -> int:
        """How many bytes there have been."""
        return self._before + len(self._bytes)

    def taken(self) -> bytes:
        """The bytes since the last time."""
        taken = bytes(self._bytes)
        self._before += len(taken)
        self._bytes.clear()
        return taken


def _fitted(texts: Array, kind: str) -> Array:
    """A column of lexical forms as values of their datatype, if all of them can be had back; else as it is."""
    for values_of in _VALUES.get(kind, ()):
        try:
            values = values_of(texts)
            if _lexical(values).equals(texts):
                return values
        except ValueError:  # one is no such value
            continue
    return texts


def _lexical(values: Array) -> Array:
    """The lexical forms of typed values."""
    if pa.types.is_floating(values.type):
        chunks = [[None if one is None else Literal(one).value for one in chunk.to_pylist()] for chunk in values.chunks]
        return pa.chunked_array(chunks, pa.string())
    said = compute.cast(values, pa.string())
    if pa.types.is_timestamp(values.type):
        said = compute.replace_substring(said, " ", "T")
    if pa.types.is_timestamp(values.type) or pa.types.is_decimal(values.type):
        said = compute.replace_substring_regex(said, _ZEROS, r"\2\1\3")
    return said


def _doubles(texts: Array) -> Array:
    """Numbers as Python reads them; the canonical form is the engine's, so Python compares them too."""
    chunks = [[None if one is None else float(one) for one in chunk.to_pylist()] for chunk in texts.chunks]
    return pa.chunked_array(chunks, pa.float64())


def _decimals(texts: Array) -> Array:
    """Decimals with as many digits after the point as the longest of them has."""
    fractions = compute.replace_substring_regex(texts, r"^[^.]*\.?", "")
    scale = compute.max(compute.utf8_length(fractions)).as_py() or 0
    return texts.cast(pa.decimal128(_DIGITS, min(scale, _DIGITS)))


def _of_our_era(texts: Array, arrow: Array) -> Array:
    """Dates or moments; many readers know no year 0."""
    if compute.any(compute.starts_with(texts, "0000")).as_py():
        raise ValueError("year 0")
    return texts.cast(arrow)


def _cast(texts: Array, arrow: Array) -> Array:
    return texts.cast(arrow)


_VALUES: Mapping[str, tuple[Callable[[Array], Array], ...]] = {
    **dict.fromkeys(INTEGERS, (partial(_cast, arrow=pa.int64()),)),
    XSD + "boolean": (partial(_cast, arrow=pa.bool_()),),
    XSD + "decimal": (_decimals,),
    XSD + "double": (_doubles,),
    XSD + "float": (_doubles,),
    XSD + "date": (partial(_of_our_era, arrow=pa.date32()),),
    XSD + "dateTime": tuple(partial(_of_our_era, arrow=pa.timestamp("us", zone)) for zone in (None, "UTC")),
}
"""Per datatype, what its lexical forms may become; raises ``ValueError`` where one cannot."""
