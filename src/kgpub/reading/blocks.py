"""The bytes of a sound file by the block, looked over before the parser sees them.

What is looked for here is only ever too much, never too little: a block in which something might take the parser down
is ``Doubtful``, and the file is read by the line instead, where ``hazards`` counts exactly.
"""

import re
from collections.abc import Callable
from io import RawIOBase
from typing import Protocol
from xml.parsers import expat

from kgpub.reading.hazards import DEEPEST_ELEMENT, LONGEST

_BLOCK = 1 << 16
_XML_BLOCK = 1 << 13
_LONGEST_PIECE = 1 << 20
"""Bytes in which a line, a string or a tag should have come to its end."""
_WHOLE = re.compile(rb'(?:[^"]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
"""JSON up to the last string that has its end."""
_ASIDE = re.compile(rb"<!--(?:[^<>-]|-(?!-))*-->|<!ENTITY[^<>]*>|<\?[^<>?]*\?>")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]*(?:\[[^<>\[\]]*\]\s*)?>")
_MARK = b"\xef\xbb\xbf"


class Doubtful(ValueError):
    """A file that is better read by the line."""


class ReadsBytes(Protocol):
    """What gives bytes by number and by line."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; nothing at the end."""

    def readline(self, limit: int, /) -> bytes:
        """The rest of a line, or so many bytes of it."""


def by_lines(file: ReadsBytes) -> Callable[[], bytes]:
    """Blocks that end with a line."""

    def following() -> bytes:
        block = file.read(_BLOCK)
        rest = file.readline(_LONGEST_PIECE) if block and not block.endswith(b"\n") else b""
        if len(rest) == _LONGEST_PIECE:
            raise Doubtful
        return block + rest

    return following


def by_ends(file: ReadsBytes, size: int, end: Callable[[bytes], int]) -> Callable[[], bytes]:
    """Blocks that are cut where ``end`` says that a piece has come to its end."""
    carried = b""

    def following() -> bytes:
        nonlocal carried
        while True:
            read = file.read(size)
            block = carried + read
            at = end(block) if read else len(block)
            carried = block[at:]
            if at or not read:
                return block[:at]
            if len(carried) > _LONGEST_PIECE:
                raise Doubtful

    return following


def json(file: ReadsBytes) -> Callable[[], bytes]:
    """Blocks of JSON that cut no string."""
    return by_ends(file, _BLOCK, lambda block: found.end() if (found := _WHOLE.match(block)) else 0)


def turtle(file: ReadsBytes) -> Callable[[], bytes]:
    """Blocks of Turtle, TriG, N-Triples or N-Quads; triple terms are to be counted by the line."""
    lines = by_lines(file)

    def following() -> bytes:
        block = lines()
        if b"<<(" in block:
            raise Doubtful
        return block

    return following


def xml(file: ReadsBytes) -> Callable[[], bytes]:
    """Blocks of XML that cut no tag, each read by expat and counted."""
    pieces = by_ends(file, _XML_BLOCK, lambda block: block.rfind(b">") + 1)
    glance = _Glance()

    def following() -> bytes:
        block = pieces()
        glance.at(block)
        return block

    return following


class _Glance:
    """Bounds of how deep elements lie and how long a text is, by counting brackets.

    Brackets that stand for nothing are noticed: of those that close there are then more than of those that open.
    """

    def __init__(self) -> None:
        self._depth = self._unclosed = self._since = self._longest_entity = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.EntityDeclHandler = self._entity

    def at(self, block: bytes) -> None:
        """Count a block; nothing is the end."""
        try:
            self._parser.Parse(block.removeprefix(_MARK), not block)
        except expat.ExpatError as error:
            raise Doubtful from error
        text = _DOCTYPE.sub(b"", _ASIDE.sub(b"", block)) if b"<!" in block or b"<?" in block else block
        tags, ends = text.count(b"<"), text.count(b"</")
        self._unclosed += tags - text.count(b">")
        starts = tags - ends
        longest = (self._since + len(block)) * (1 + self._longest_entity)
        if (
            b"<!" in text
            or b"<?" in text
            or self._unclosed not in {0, 1}
            or self._depth + starts > DEEPEST_ELEMENT
            or longest > LONGEST
        ):
            raise Doubtful
        self._depth += starts - ends - text.count(b"/>")
        self._since = len(block) if tags else self._since + len(block)

    def _entity(self, name: str, parameter: bool, value: str | None, *_: object) -> None:
        if parameter or value is None or "<" in value or "&" in value:
            raise Doubtful(name)
        self._longest_entity = max(self._longest_entity, len(value))


class Blocks(RawIOBase):
    """A binary file of blocks, each changed before it is given out; a UTF-8 byte order mark is dropped."""

    def __init__(self, following: Callable[[], bytes], change: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._following, self._change = following, change
        self._block, self._at, self._begun, self._ended = b"", 0, False, False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """What is next; raises ``Doubtful`` and what reading the file raises."""
        while self._at >= len(self._block) and not self._ended:
            block = self._following()
            self._ended = not block
            self._block, self._at = self._change(block if self._begun else block.removeprefix(_MARK)), 0
            self._begun = True
        begin, self._at = self._at, len(self._block) if size < 0 else self._at + size
        return self._block[begin : self._at]
