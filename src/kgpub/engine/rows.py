"""How many rows stand in a SPARQL result, counted in its bytes as they pass.

The serialiser takes a whole result and says nothing of its length, so what separates rows is counted, exactly:
text in quotes is passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kgpub.formats import CSV, RESULTS_JSON, RESULTS_XML, TSV, Format


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
}


_WORDS = bytes(set(range(256)) - set(b'"{}[],:\n'))
"""Bytes that separate nothing."""


class RowCounter:
    """Counts the rows of one result in JSON, XML, CSV or TSV; the other formats have none."""

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
