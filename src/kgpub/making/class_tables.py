"""The members of each class as a table to take away: CSV with its description, and Parquet.

A row per named member, in the store's order; a column ``iri``, then one per property and kind of value, so that each
column has one datatype, one language, or IRIs only (``kgpub.making.columns``). What several values of a cell stand
between is said in the description (CSV on the Web: Metadata Vocabulary for Tabular Data section 5.6, ``separator``);
in Parquet they are lists, and columns of numbers, dates, moments and booleans have that type if no value would be
rounded. Values are those of the default graph, with the lexical forms of the sources, except where Parquet has a type.

CSV is data (RFC 4180): a text that begins with ``=`` stays as it is. A program that takes it for a formula does so by
itself; Parquet, and the XLSX of an answer, say that a text is a text.

The members are read already (``kgpub.making.members``); the rows of a class wait in a file until its columns are known,
so that no more than a few thousand are ever in memory.
"""

import csv
import io
import json
import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Protocol
from urllib.parse import quote

import pyarrow as pa
from pyarrow.parquet import ParquetWriter
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kgpub.engine.tables import XSD, Term
from kgpub.formats import CSV, PARQUET
from kgpub.kept.index import Index
from kgpub.making.cells import IRI, kind_of, told
from kgpub.making.columns import Column, names
from kgpub.making.dumps import CSVW_ENDING, FOLDER, Dump, Table, add_tables, file_name
from kgpub.making.members import MOST_SAID, Cells, Members, grouped
from kgpub.making.packing import Copies
from kgpub.making.untouched import FormerTables, Untouched
from kgpub.model import Labels
from kgpub.reading.tags import literal
from kgpub.settings import Settings

MOST_CLASSES = 100
"""Classes that get tables, the largest first; the others are named in the list of the dumps."""
MOST_COLUMNS = 300
"""Columns of a table, those of most use first; the properties of the others are named in its description."""

_MOST_TRACKED = 3_000
_ROWS = 2_000
_CHARACTERS = 4_000_000
_BUILT_IN = """
integer decimal double float boolean date dateTime time gYear gYearMonth gMonth gMonthDay gDay duration anyURI long int
short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger unsignedLong unsignedInt unsignedShort
unsignedByte dayTimeDuration yearMonthDuration hexBinary base64Binary
"""
_CSVW_TYPES = frozenset(XSD + name for name in _BUILT_IN.split())
"""The datatypes that descriptions name in a word (Metadata Vocabulary for Tabular Data section 5.11.1)."""

Row = tuple[str, Cells]
"""A member and what is said of it."""
_Rewritten = dict[tuple[str, str], dict[str, None]]


@dataclass(frozen=True)
class _Source:
    """Where members and their values are read."""

    store: Store
    members: Members
    index: Index
    merged: frozenset[str]

    def rows(self, of: str) -> Iterator[Row]:
        """The named members of a class in the default graph, statement nodes apart, with what is said of each."""
        for iri in self.members.named(of):
            rewritten = self._rewritten(iri)
            yield iri, self._original(iri, rewritten) if rewritten else self._cells(iri)

    def _cells(self, iri: str) -> Cells:
        """What is said of a member whose literals the store keeps as they are."""
        cells = self.members.cells(iri)
        return grouped(islice(self.members.values(iri), MOST_SAID)) if cells is None else cells

    def _rewritten(self, iri: str) -> _Rewritten:
        """The originals of a member's literals in the default graph, by property and what the store made of them."""
        found: _Rewritten = {}
        for kept in self.index.originals(f"<{iri}>"):
            if kept.graph in self.merged:
                found.setdefault((kept.predicate, kept.stored), {})[kept.original] = None
        return found

    def _original(self, iri: str, rewritten: _Rewritten) -> Cells:
        return grouped(
            ((predicate, kind_of(term)), told(term)) for predicate, term in self._said(NamedNode(iri), rewritten)
        )

    def _said(self, subject: NamedNode, rewritten: _Rewritten) -> Iterator[tuple[str, Term]]:
        """A member's values in the default graph, each rewritten literal as all the originals it stands for there."""
        for quad in islice(self.store.quads_for_pattern(subject, None, None, DefaultGraph()), MOST_SAID):
            predicate, term = quad.predicate.value, quad.object
            if not isinstance(term, Literal):
                yield predicate, term
                continue
            stored = str(term)
            for original in rewritten.get((f"<{predicate}>", stored), {stored: None}):
                yield predicate, term if original == stored else literal(original)


class _Rows:
    """The rows of a table while they wait in a file that nobody else reads, and that nobody finds after a crash."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sizes: list[int] = []

    def put(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Put rows away as they pass."""
        while some := list(_some(rows)):
            self._sizes.append(self._file.write(marshal.dumps(some)))
            yield from some

    def groups(self) -> Iterator[Sequence[Row]]:
        """All the rows, as many at a time as may be in memory."""
        self._file.seek(0)
        for size in self._sizes:
            yield marshal.loads(self._file.read(size))  # noqa: S302 # what this process has written


@dataclass(frozen=True)
class _Plan:
    """A class's table: its columns with their names, its rows, and the properties that there is no column for."""

    of: str
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    rows: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Made:
    """The rows of a class and what was planned for them; the next class may have the same members."""

    members: bytes
    plan: _Plan
    rows: _Rows


def write(
    folder: Path,
    store: Store,
    members: Members,
    settings: Settings,
    merged: Iterable[str],
    tell: Callable[[str, int], None],
    untouched: Untouched | None = None,
) -> None:
    """Write the tables of a snapshot in ``folder`` beside its dumps; ``merged`` are the default graph's graphs.

    ``tell`` hears how many classes are done. Nothing is read where the settings want none. Tables of classes that are
    ``untouched`` by an edit are taken over from the last snapshot.
    """
    if not any(settings.dumps.codings(form.extension) for form in (CSV, PARQUET)):
        return
    index = Index(folder / "index.sqlite")
    source = _Source(store, members, index, frozenset(merged))
    former, taken = FormerTables(untouched, folder / FOLDER), list[Dump]()
    made: dict[str, Table] = {}
    classes = [counted.iri for counted in index.statistics().classes]
    with ExitStack() as stack:
        last: _Made | None = None
        for number, of in enumerate(classes[:MOST_CLASSES]):
            tell("tables", number)
            if there := former.take(of):
                taken += there
                continue
            digest = members.digest(of)
            if last is None or digest != last.members:
                stack.close()
                rows = _Rows(stack.enter_context(TemporaryFile(dir=folder)))
                last = _Made(digest, _planned(rows.put(source.rows(of)), of, settings), rows)
            plan = replace(last.plan, of=of)
            if plan.rows:
                names = _written(folder / FOLDER, index, plan, last.rows, settings)
                made |= {name: Table(of, plan.rows) for name in names}
    index.close()
    add_tables(folder / FOLDER, made, {"classes_without_tables": classes[MOST_CLASSES:]}, taken)


def _planned(members: Iterator[Row], of: str, settings: Settings) -> _Plan:
    """Go through a class for its columns."""
    found: dict[tuple[str, str], Column] = {}
    untold: dict[str, None] = {}
    rows = 0
    for _, cells in members:
        rows += 1
        for key, said in cells.items():
            column = found.get(key)
            if column is None and len(found) < _MOST_TRACKED:
                column = found[key] = Column(*key)
            if column is None:
                untold[key[0]] = None
            else:
                column.survey(said)
    ranked = sorted(found.values(), key=lambda one: (-one.uses, one.predicate, one.kind))
    used: dict[str, int] = {}
    for one in ranked:
        used.setdefault(one.predicate, -one.uses)
    columns = sorted(ranked[:MOST_COLUMNS], key=lambda one: (used[one.predicate], one.predicate, one.kind))
    untold |= dict.fromkeys(one.predicate for one in ranked[MOST_COLUMNS:])
    return _Plan(of, tuple(columns), tuple(names(columns, settings.iris)), rows, tuple(sorted(untold)[:_MOST_TRACKED]))


def _written(folder: Path, index: Index, plan: _Plan, waiting: _Rows, settings: Settings) -> Iterator[str]:
    """Write the files of a table; yields their names."""
    name = file_name(plan.of, settings.base, "table", CSV.extension)
    columnar = file_name(plan.of, settings.base, "table", PARQUET.extension)
    packed = settings.dumps.codings(CSV.extension)
    codings = {"", *packed} if packed else set()
    with ExitStack() as stack:
        takers: list[_Takes] = []
        if codings:
            takers.append(_Csv(Copies(folder / name, stack, codings), plan))
        if settings.dumps.codings(PARQUET.extension):
            takers.append(_Parquet(stack, folder / columnar, plan, index))
            yield columnar
        for rows in waiting.groups():
            for one in takers:
                one.add(rows)
    if codings:
        text = json.dumps(_description(plan, name, index), ensure_ascii=False, indent=1)
        (folder / f"{name}{CSVW_ENDING}").write_text(text, "utf-8")
        yield f"{name}{CSVW_ENDING}"
    yield from (f"{name}.{coding}" if coding else name for coding in codings)


def _some(members: Iterator[Row]) -> Iterator[Row]:
    """The next rows, as many as may be in memory at the same time."""
    left = _CHARACTERS
    for row in islice(members, _ROWS):
        yield row
        left -= sum(sum(map(len, said)) for said in row[1].values())
        if left < 0:
            return


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of CSV (RFC 4180): lines end with CR LF, UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


def _texts(columns: Iterable[Column], cells: Cells) -> Iterator[str]:
    """The cells of a row: several values with their separator between them, or as JSON where no mark will do."""
    for column in columns:
        found = cells.get((column.predicate, column.kind))
        if not found:
            yield ""
        elif not column.is_multiple:
            yield found[0]
        else:
            yield column.separator.join(found) if column.separators else json.dumps(found, ensure_ascii=False)


class _Takes(Protocol):
    def add(self, rows: Sequence[Row], /) -> None: ...


class _Csv:
    """The CSV of a table in its codings, written a group of rows at a time."""

    def __init__(self, copies: Copies, plan: _Plan) -> None:
        self._copies, self._columns = copies, plan.columns
        copies.write(_lines([("iri", *plan.names)]))

    def add(self, rows: Sequence[Row]) -> None:
        """Write a group of rows."""
        self._copies.write(_lines((iri, *_texts(self._columns, cells)) for iri, cells in rows))


class _Parquet:
    """The Parquet file of a table, written a group of rows at a time."""

    def __init__(self, stack: ExitStack, path: Path, plan: _Plan, index: Index) -> None:
        self._plan = plan
        fields = [pa.field("iri", pa.string(), nullable=False, metadata={"kind": IRI})]
        for column, name in zip(plan.columns, plan.names, strict=True):
            said = {"property": column.predicate, "kind": column.kind}
            said |= {f"label.{tag}": label for tag, label in index.texts(column.predicate).items()}
            fields.append(pa.field(name, column.arrow, metadata=said))
        self._schema = pa.schema(fields, {"class": plan.of})
        self._writer = stack.enter_context(ParquetWriter(path, self._schema, compression="zstd"))

    def add(self, rows: Sequence[Row]) -> None:
        """Write a group of rows."""
        held = [pa.array([iri for iri, _ in rows], pa.string())]
        for column in self._plan.columns:
            key = (column.predicate, column.kind)
            values = column.values([cells.get(key) for _, cells in rows])
            held.append(pa.array(values, column.arrow))
        self._writer.write_table(pa.Table.from_arrays(held, schema=self._schema))


def _description(plan: _Plan, name: str, index: Index) -> dict[str, object]:
    """What the columns of a CSV mean (Metadata Vocabulary for Tabular Data)."""
    columns: list[dict[str, object]] = [
        {"name": "iri", "titles": "iri", "datatype": "anyURI", "required": True, "suppressOutput": True}
    ]
    columns += [
        _column(number, column, title, index.texts(column.predicate))
        for number, (column, title) in enumerate(zip(plan.columns, plan.names, strict=True), 1)
    ]
    said: dict[str, object] = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "dc:subject": {"@id": plan.of},
        "tableSchema": {"columns": columns, "aboutUrl": "{+iri}", "primaryKey": "iri"},
    }
    titles = [{"@value": label, "@language": tag} for tag, label in index.texts(plan.of).items() if tag]
    if titles:
        said["dc:title"] = titles
    if plan.left_out:
        said["rdfs:comment"] = "There is no column for: " + " ".join(plan.left_out)
    return said


def _column(number: int, column: Column, title: str, labels: Labels) -> dict[str, object]:
    """One column: its property, its labels, the kind of its values and what stands between them (section 5.6)."""
    named = {tag: label for tag, label in labels.items() if tag and label != title}
    said: dict[str, object] = {
        "name": f"c{number}",
        "titles": {"und": title, **named},
        "propertyUrl": quote(column.predicate, safe="/:@!$&'()*+,;=~-._%?#[]"),
    }
    if column.kind == IRI:
        said |= {"datatype": "anyURI", "valueUrl": f"{{+c{number}}}"}
    elif column.kind.startswith("@"):
        said |= {"datatype": "string", "lang": column.kind[1:].partition("--")[0]}
    elif column.kind in _CSVW_TYPES:
        said["datatype"] = column.kind.removeprefix(XSD)
    elif column.kind != XSD + "string" and ":" in column.kind:
        said["datatype"] = {"base": "string", "@id": column.kind}
    if column.separator:
        said["separator"] = column.separator
    elif column.is_multiple:
        said["datatype"] = "json"
    return said
