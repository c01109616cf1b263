"""A file line by line, so that each quad can be told the line it came from."""

import codecs
import re
from collections.abc import Callable, Iterator
from io import RawIOBase, TextIOWrapper
from typing import IO, Protocol

from pyoxigraph import Literal, NamedNode

from kgpub.model import Term

_MAX_LINE = 16_000_000
_TOKENS = re.compile(rb"""(?:[^"'#<]++|<[^<>\s"']*+>|<|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')*+""", re.DOTALL)
"""What stands on a line of Turtle before a comment, or before a string that goes on after the line."""
_MARKS = re.compile(
    rb"""#[^\r\n]*|<<\(|\)>>|<[^<>\s"{}]*>|\"{3}|'{3}|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|\\.""", re.DOTALL
)
_ENDS = {quote: re.compile(rb"\\.|" + quote, re.DOTALL) for quote in (b'"""', b"'''")}
_STRING = NamedNode("http://www.w3.org/2001/XMLSchema#string")
_DECLARATION = re.compile(rb"""(<\?xml[^>]*?\sencoding\s*=\s*["'])[A-Za-z0-9._-]+""")


def marks(line: bytes, inside: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What stands on a line of Turtle, in pieces, each with the quotes of the long string that goes on after it.

    ``inside`` are the quotes of the long string that the line begins in, nothing where it begins in none.
    """
    at = 0
    while found := (_ENDS[inside] if inside else _MARKS).search(line, at):
        at, token = found.end(), found[0]
        if token in _ENDS:
            inside = b"" if inside else token
            yield b"", inside
        else:
            yield b"" if inside else token, inside


def inside_after(line: bytes, inside: bytes) -> bytes:
    """The quotes of the long string that goes on after a line of Turtle."""
    if inside not in line and b"\\" not in line:
        return inside
    if inside or b'"""' in line or b"'''" in line:
        for _, state in marks(line, inside):
            inside = state
    return inside


class ReadsLines(Protocol):
    """What gives lines of bytes."""

    def readline(self, limit: int, /) -> bytes:
        """The next line, or so many bytes of it; nothing at the end."""


class Recoded:
    """The lines of a text in another encoding, as UTF-8; an XML declaration says so then."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        codecs.lookup(encoding)
        self._text = TextIOWrapper(file, encoding, newline="\n")
        self._begun = False

    def readline(self, limit: int, /) -> bytes:
        """The next line; raises ``UnicodeDecodeError``."""
        line = self._text.readline(limit).encode("utf-8", "surrogatepass")
        if not self._begun:
            line = _DECLARATION.sub(rb"\1utf-8", line, count=1)
        self._begun = True
        return line


class Lines(RawIOBase):
    """A binary file that gives one line per read and counts them; a UTF-8 byte order mark is dropped.

    In a format that ``waits`` a plain string is known to be one only at the next token, on a later line perhaps:
    a language or a datatype might follow. ``change`` is done to each line.
    """

    def __init__(self, file: ReadsLines, *, waits: bool, change: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._file = file
        self._block, self._at = b"", 0
        self._waits = waits
        self._change = change
        self._line = b""
        self._last = 0
        self._pending = 0
        self._whole = True
        self._inside = b""
        self.count = 0

    def of(self, target: Term) -> int:
        """The line on which an object that was just read ended."""
        pending, self._pending = self._pending, 0
        if pending and isinstance(target, Literal) and target.datatype == _STRING:
            long = target.value.rpartition("\n")[2].encode() if "\n" in target.value else None
            if long is None or not self._line.startswith((long + b'"""', long + b"'''")):
                return pending
        return self.count

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next line, or what is left of it; raises what reading the file raises."""
        if self._at >= len(self._block):
            self._block, self._at = self._next(), 0
        begin, self._at = self._at, len(self._block) if size < 0 else self._at + size
        return self._block[begin : self._at]

    def _next(self) -> bytes:
        """The next line; what is left of a long string at once, since the parser begins it anew at every read."""
        if not self._inside:
            line = block = self._one()
        else:
            lines, size = [b""], 0
            while self._inside and size < _MAX_LINE and (line := self._one()):
                lines.append(line)
                size += len(line)
            line, block = lines[-1], b"".join(lines)
        self._note(line)
        return self._change(block)

    def _one(self) -> bytes:
        try:
            line = self._file.readline(_MAX_LINE)
        except ValueError:
            self.count += 1  # the line that could not be had
            raise
        if self.count == 0:
            line = line.removeprefix(b"\xef\xbb\xbf")
        self.count += bool(line) and self._whole
        self._whole = line.endswith(b"\n")
        if self._waits and (self._inside or b'"""' in line or b"'''" in line):
            self._inside = inside_after(line, self._inside)
        return line

    def _note(self, line: bytes) -> None:
        """Remember where a string ended that may still be waiting for its next token."""
        self._line = line
        self._pending = self._last
        words = line.strip()
        if self._waits and words and not words.startswith(b"#"):
            self._last = self.count if _ends_in_string(words) else 0


def _ends_in_string(line: bytes) -> bool:
    """Whether a string, with nothing but a comment after it, is the last thing on a line."""
    found = _TOKENS.match(line)
    code = found[0] if found else b""
    is_whole = line[len(code) :][:1] in {b"", b"#"}
    return line.endswith((b'"""', b"'''")) or (is_whole and code.rstrip().endswith((b'"', b"'")))
