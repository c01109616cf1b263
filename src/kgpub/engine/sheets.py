"""An answer as a spreadsheet (ECMA-376, Office Open XML): cells with types, never a formula, never a link.

A number, date or boolean becomes a cell of that type where the spreadsheet keeps its value whole, else it is text. What
no cell can hold is refused. The same answer always makes the same bytes.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import BlankNode, Literal
from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from kgpub.engine.tables import INTEGERS, XSD, Sink, Table, Term, text
from kgpub.errors import EngineDown, LimitReached, NotAcceptable

MAX_ROWS = 1_048_575
"""Most rows below the header; this and the next are Excel's limits."""
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767
"""Most characters in a cell, in units of UTF-16."""
MAX_DIGITS = 15
"""Most significant digits of an exact number that every spreadsheet shows and keeps."""

_FIRST_DAY = date(1900, 3, 1)
"""Before that, Excel counts a 29 February 1900 that never was."""
_SMALLEST, _LARGEST = 2.2251e-308, 9.99999999999999e307
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 # the file format has no time zones
"""Stands where the file says when it was made, so that equal answers are equal files."""
_PIECE = 65_536
_WIDTH = 24
"""Of a column, in characters."""

_DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DECIMAL = re.compile(_DIGITS)
_DOUBLE = re.compile(rf"{_DIGITS}(?:[eE][+-]?[0-9]+)?")
_ZERO = re.compile(r"[+-]?[0.]+(?:[eE]|$)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(rf"{_DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,3}})?")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula when somebody types them."""

_ABOUT = (
    ("note", "A cell keeps neither the language nor the datatype of a literal; SPARQL results in JSON keep both."),
    ("შენიშვნა", "უჯრაში არ ინახება ლიტერალის ენა და მონაცემთა ტიპი; ორივე ინახება SPARQL-ის შედეგში JSON ფორმატით."),
)

Value = str | bool | float | date
"""What a cell holds; a ``datetime`` is a ``date`` too."""


def write(table: Table, sink: Sink) -> None:
    """Write a table as a workbook of two sheets: "results", and "about" with what was asked.

    Raises ``NotAcceptable`` for what no cell can hold, ``LimitReached`` for more rows or columns than a sheet has.
    """
    if len(table.names) > MAX_COLUMNS:
        raise LimitReached(f"A sheet has at most {MAX_COLUMNS:,} columns; the answer has {len(table.names):,}.")
    with TemporaryDirectory(prefix="kgpub-", dir=sink.scratch or None) as folder:
        path = Path(folder) / "answer.xlsx"
        _make(path, table, sink)
        sink.fit(path.stat().st_size)
        with path.open("rb") as file:
            for piece in iter(partial(file.read, _PIECE), b""):
                sink.write(piece)


def value(term: Term) -> Value:
    """What stands in a term's cell: its value where a cell can hold just that, else its text."""
    if isinstance(term, BlankNode):
        return str(term)
    read = _READ.get(term.datatype.value) if isinstance(term, Literal) else None
    found = read(text(term)) if read else None
    return text(term) if found is None else found


def _boolean(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def _exact(text: str) -> float | None:
    """A number that is meant to its last digit."""
    digits = text.lstrip("+-").replace(".", "").strip("0")
    return _double(text) if _DECIMAL.fullmatch(text) and len(digits) <= MAX_DIGITS else None


def _integer(text: str) -> float | None:
    return None if "." in text else _exact(text)


def _double(text: str) -> float | None:
    """A number that is an approximation anyway; None for infinity and what is too large or too small for a cell."""
    number = float(text) if _DOUBLE.fullmatch(text) else math.nan
    is_known = _ZERO.match(text) if number == 0 else _SMALLEST <= abs(number) <= _LARGEST
    return _Number(number) if is_known else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:  # there is no such day
        return None
    return found if found and found >= _FIRST_DAY else None


def _moment(text: str) -> datetime | None:
    """A date and time without time zone, to the millisecond, which is what a cell can tell apart."""
    try:
        found = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:  # there is no such day or hour
        return None
    return found if found and found.date() >= _FIRST_DAY else None


_READ: Mapping[str, Callable[[str], Value | None]] = {
    XSD + "boolean": _boolean,
    **dict.fromkeys(INTEGERS, _integer),
    XSD + "decimal": _exact,
    XSD + "double": _double,
    XSD + "float": _double,
    XSD + "date": _day,
    XSD + "dateTime": _moment,
}


class _Number(float):
    """A number that the library writes with all its digits, where it would round to sixteen."""

    def __format__(self, specification: str) -> str:
        return repr(float(self)).removesuffix(".0")


def _make(path: Path, table: Table, sink: Sink) -> None:
    """Write the workbook into a file, with the library's temporary files beside it; memory holds one row at a time."""
    safe = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    try:
        book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent), **safe})
        book.set_properties({"created": _MADE})
        styles = _styles(book)
        try:
            number = _results(_Sheet(book.add_worksheet("results"), styles, sink), table)
            _about(_Sheet(book.add_worksheet("about"), styles, sink), table, number)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
    except (OSError, XlsxWriterException) as error:
        raise EngineDown(f"the sheet could not be written: {type(error).__name__}") from error


def _results(sheet: "_Sheet", table: Table) -> int:
    """Fill the sheet of rows, and count them."""
    for column, name in enumerate(table.names):
        sheet.head(0, column, name)
    number = 0
    for number, row in enumerate(table.rows, 1):
        if number > MAX_ROWS:
            raise LimitReached(f"A sheet has at most {MAX_ROWS:,} rows; ask for less, or for another format.")
        for column, term in enumerate(row):
            if term is not None:
                sheet.put(number, column, value(term))
    sheet.frame(number, len(table.names))
    return number


def _about(sheet: "_Sheet", table: Table, number: int) -> None:
    """Fill the sheet that says what was asked; a long query takes several cells."""
    step = MAX_TEXT // 2
    parts = [table.query[start : start + step] for start in range(0, len(table.query), step)]
    lines: list[tuple[str, Value]] = [
        *(("query", part) for part in parts),
        ("base", table.base),
        ("rows", float(number)),
        *_ABOUT,
    ]
    for row, (name, what) in enumerate(lines):
        sheet.head(row, 0, name)
        sheet.put(row, 1, what)


@dataclass(frozen=True)
class _Styles:
    """How cells look; the library has no types."""

    head: Any
    day: Any
    second: Any
    fraction: Any
    quoted: Any
    """Stays text even when somebody edits the cell."""


def _styles(book: Any) -> _Styles:
    def style(**properties: object) -> Any:
        return book.add_format(properties)

    return _Styles(
        style(bold=True),
        style(num_format="yyyy-mm-dd"),
        style(num_format="yyyy-mm-dd hh:mm:ss"),
        style(num_format="yyyy-mm-dd hh:mm:ss.000"),
        style(quote_prefix=True),
    )


class _Sheet:
    """One sheet, written from above, row by row."""

    def __init__(self, sheet: Any, styles: _Styles, sink: Sink) -> None:  # Any: the library has no types
        self._sheet = sheet
        self._styles = styles
        self._sink = sink
        self._size = 0

    def head(self, row: int, column: int, text: str) -> None:
        """Write a heading."""
        self._text(row, column, text, self._styles.head)

    def put(self, row: int, column: int, value: Value) -> None:
        """Write a cell; raises ``NotAcceptable`` for a text that no cell can hold."""
        if isinstance(value, str):
            self._text(row, column, value, self._styles.quoted if value.startswith(_ACTIVE) else None)
        elif isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
        elif isinstance(value, float):
            self._sheet.write_number(row, column, value)
        else:
            self._sheet.write_datetime(row, column, value, self._dated(value))

    def frame(self, rows: int, columns: int) -> None:
        """Let the heading stand still, filter and size the columns."""
        self._sheet.freeze_panes(1, 0)
        if columns:
            self._sheet.autofilter(0, 0, rows, columns - 1)
            self._sheet.set_column(0, columns - 1, _WIDTH)

    def _text(self, row: int, column: int, text: str, style: Any) -> None:  # Any: the library has no types
        self._size += len(text.encode())
        self._sink.fit(self._size)
        if _NO_XML.search(text):
            raise NotAcceptable("XLSX cannot write a control character that is in the answer.")
        if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) > 2 * MAX_TEXT:
            raise NotAcceptable(f"A text of the answer is longer than the {MAX_TEXT:,} characters that a cell holds.")
        if text.startswith("<r>") and text.endswith("</r>"):  # the library would write it as it is, as markup
            status = self._sheet.write_rich_string(row, column, text[0], text[1], text[2:], *filter(None, [style]))
        else:
            status = self._sheet.write_string(row, column, text, style)
        assert status == 0, "what the library would leave out is refused before"

    def _dated(self, value: date) -> Any:
        """The style of a date, with as much time as it has."""
        if not isinstance(value, datetime):
            return self._styles.day
        return self._styles.fraction if value.microsecond else self._styles.second
