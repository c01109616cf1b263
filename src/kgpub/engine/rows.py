"""How many rows stand in a SPARQL result, or triples in a graph of a line each, counted in its bytes as they pass.

The serialiser takes a whole result and says nothing of its length, so what separates rows is counted, exactly:
text in quotes is passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from kgpub.formats import CSV, N_QUADS, N_TRIPLES, RESULTS_JSON, RESULTS_XML, TSV, Format


@dataclass(frozen=True)
class _Notation:
    """How a format writes rows: what stands once per row, how often besides, whether quotes hide text."""

    marks: tuple[bytes, ...]
    besides: int = 0
    quotes: bool = False
    escapes: bool = False


_NOTATIONS: Mapping[Format, _Notation] = {
    RESULTS_JSON: _Notation((b"[{", b"},{"), quotes=True, escapes=True),
    RESULTS_XML: _Notation((b"<result>",)),
    CSV: _Notation((b"\n",), besides=1, quotes=True),
    TSV: _Notation((b"\n",), besides=1),
    N_TRIPLES: _Notation((b"\n",)),
    N_QUADS: _Notation((b"\n",)),
}


_WORDS = bytes(set(range(256)) - set(b'"{}[],:\n'))
"""Bytes that separate nothing."""


def row_counter(format: Format) -> "RowCounter":
    """What counts the rows of one result in a format."""
    return JsonRowCounter(format) if format is RESULTS_JSON else RowCounter(format)


class RowCounter:
    """Counts the rows of one result in JSON, XML, CSV or TSV, or triples in N-Triples and N-Quads; others have none."""

    def __init__(self, format: Format) -> None:
        self._notation = _NOTATIONS.get(format)
        self._found = 0
        self._quoted = False
        self._escape = b""
        self._tail = b""

    @property
    def rows(self) -> int:
        """How many rows there have been; an ASK has none here."""
        return max(self._found - self._notation.besides, 0) if self._notation else 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if self._notation is None:
            return
        text = self._tail + (self._unquoted(chunk, self._notation) if self._notation.quotes else chunk)
        known = len(self._tail)
        self._found += sum(text.count(mark, max(known - len(mark) + 1, 0)) for mark in self._notation.marks)
        keep = max(map(len, self._notation.marks)) - 1
        self._tail = text[-keep:] if keep else b""

    def _unquoted(self, chunk: bytes, notation: _Notation) -> bytes:
        """What of the next bytes is outside double quotes; a backslash may escape one."""
        if not self._escape and b"\\" not in chunk:
            chunk = chunk.translate(None, _WORDS)
        elif notation.escapes:
            chunk = self._escape + chunk
            slashes = len(chunk) - len(chunk.rstrip(b"\\"))
            self._escape = b"\\" * (slashes % 2)
            chunk = chunk[: len(chunk) - slashes % 2].replace(b"\\\\", b"").replace(b'\\"', b"")
        parts = chunk.split(b'"')
        outside = b'"'.join(parts[int(self._quoted) :: 2])
        self._quoted ^= len(parts) % 2 == 0
        return outside


_BETWEEN = b"}},{"
"""What stands between two rows that bind anything, and may stand within a string."""
_OPENING = b'"bindings":['
_QUOTE = frozenset(b'"')
_NO_KEY = frozenset(b'",}:')
"""What may follow a quotation mark that begins no key."""
_LONGEST = 1_048_576


class JsonRowCounter(RowCounter):
    """The same for JSON, several times faster as long as no row is empty and no string could be taken for structure.

    After ``}},{`` between rows comes a quotation mark and a letter; after one within a string that never comes. At
    the first place where anything else does, the careful way takes over for good.
    """

    def __init__(self, format: Format) -> None:
        super().__init__(format)
        self._since = b""
        """What came after the last place known to be between two rows."""
        self._is_open = self._is_careful = False

    def add(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if self._is_careful or not self._quickly(self._since + chunk):
            self._is_careful = True
            super().add(self._since + chunk)
            self._since = b""

    def _quickly(self, text: bytes) -> bool:
        """Count what is between rows in a text that begins outside strings; False, and nothing done, for any doubt."""
        first, *rows = text.split(_BETWEEN)
        held = _BETWEEN + rows.pop() if rows and len(rows[-1]) < 2 else b""  # noqa: PLR2004 # not enough to tell
        opening = b"" if self._is_open else first.partition(_OPENING)[2]
        if opening[:2] == b"{}" or len(first) > _LONGEST or not _are_rows(rows):
            return False
        if len(opening) > 1:
            self._is_open = True
            self._found += opening[:1] == b"{"
            first = opening[1:]
        self._found += len(rows)
        self._since = (rows[-1] if rows else first) + held
        return True


def _are_rows(parts: list[bytes]) -> bool:
    """Whether each text goes on as a row that binds something does."""
    try:
        return set(map(itemgetter(0), parts)) <= _QUOTE and _NO_KEY.isdisjoint(map(itemgetter(1), parts))
    except IndexError:
        return False
