"""What would take the parser, and the process with it, down; found before the parser sees it.

A triple term deep inside others overflows its stack, elements deep inside others take it quadratic time, entities of
XML that stand for one another fill the memory. Everything else it bounds by itself (16 MiB for a token).
"""

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from pyoxigraph import RdfFormat

from kgpub.reading.lines import Lines, inside_after, marks

DEEPEST_TERM = 100
"""Triple terms inside one another (RDF 1.2 Concepts section 3.1)."""
DEEPEST_ELEMENT = 500
"""Elements of XML inside one another."""
LONGEST = 1 << 24
"""Bytes of one text of XML, with what its entities stand for."""
_ENTITIES = 1 << 20
"""Characters that all entities of a file stand for together."""
_ONE = re.compile(r"&([^;&\s]+);")


class Hazard(ValueError):
    """A file that would take the parser down."""


def safe(lines: Lines, format: RdfFormat) -> None:
    """Read a file to its end; raises ``Hazard`` where the parser must not see it."""
    if format is RdfFormat.RDF_XML:
        _Xml(lines).read()
    elif format is not RdfFormat.JSON_LD:
        _terms(lines)


def _blocks(lines: Lines) -> Iterator[bytes]:
    while block := lines.read():
        yield block


def _terms(lines: Lines) -> None:
    """Count how deep triple terms lie; what ends a string is looked for only where one goes on over lines."""
    depth, inside = 0, b""
    for line in _blocks(lines):
        if b"<<(" not in line and b")>>" not in line:
            inside = inside_after(line, inside)
            continue
        for token, state in marks(line, inside):
            inside = state
            depth = max(depth + (token == b"<<(") - (token == b")>>"), 0)
            if depth > DEEPEST_TERM:
                raise Hazard(f"triple terms lie more than {DEEPEST_TERM} deep inside one another")


class _Xml:
    """A look at a file of XML by a parser that bounds what it does by itself."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._depth = self._text = self._stood_for = 0
        self._entities: dict[str, int] = {}
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._entity

    def read(self) -> None:
        """Read to the end; what is no XML is left to the parser to say."""
        try:
            for block in _blocks(self._lines):
                self._parser.Parse(block, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            if "amplification" in str(error):
                _refuse("entities stand for too much")
            raise Hazard(f"it is no XML: {expat.ErrorString(error.code)}") from error

    def _start(self, _: str, attributes: dict[str, str]) -> None:
        self._depth, self._text = self._depth + 1, 0
        if self._depth > DEEPEST_ELEMENT:
            _refuse(f"elements lie more than {DEEPEST_ELEMENT} deep inside one another")
        if any(len(value) > LONGEST for value in attributes.values()):
            _refuse(f"an attribute is longer than {LONGEST >> 20} MiB")

    def _end(self, _: str) -> None:
        self._depth, self._text = self._depth - 1, 0

    def _characters(self, text: str) -> None:
        self._text += len(text)
        if self._text > LONGEST:
            _refuse(f"a text is longer than {LONGEST >> 20} MiB")

    def _entity(self, name: str, _: bool, value: str | None, *__: object) -> None:
        """Note what an entity stands for; the parser puts it together as soon as it is declared."""
        inner = sum(self._entities.get(one, 0) for one in _ONE.findall(value or ""))
        self._entities[name] = len(value or "") + inner
        self._stood_for += self._entities[name]
        if self._stood_for > _ENTITIES:
            _refuse("entities stand for too much")


def _refuse(reason: str) -> NoReturn:
    raise Hazard(reason)
