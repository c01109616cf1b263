"""Language tags in the letters of their authors (RDF 1.1 Concepts section 3.3 compares them without regard to case).

The parser lowers the case of every tag. So that it is not lost, a tag with capitals goes through the parser spelt in
lower case letters that nothing else contains, wherever it stands, and is put back wherever it comes out: in a tag, or
in a text or an IRI that only looked like one.
"""

import json
import re
import secrets
from collections.abc import Iterable
from functools import lru_cache

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse

from kgpub.model import Term

_IN_TURTLE = re.compile(rb"@(?=[A-Za-z0-9-]*[A-Z])([A-Za-z]+(?:-(?!-)[A-Za-z0-9]+)*)")
_IN_XML = re.compile(rb"""(xml:lang\s*=\s*["'])(?=[A-Za-z0-9-]*[A-Z])([A-Za-z0-9-]+)(?=["'])""")
_WRITTEN = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_SUBTAG = 8


class Capitals:
    """The way through the parser, for one reading of one file; the spelling cannot be guessed by the file's author."""

    def __init__(self) -> None:
        """Choose a mark that no file knows."""
        self._mark = f"x-k{secrets.token_hex(3)}-"
        self._spelt = re.compile(rf"{self._mark}((?:[0-9a-f]{{1,8}}-)+)z0")
        self.seen = False

    def is_in(self, text: str) -> bool:
        """Whether a text has a tag that is spelt, or might have."""
        return self.seen and self._mark in text

    def turtle(self, line: bytes) -> bytes:
        """A line of Turtle, TriG, N-Triples or N-Quads with its tags spelt."""
        return _IN_TURTLE.sub(lambda found: b"@" + self._spell(found[1]), line) if b"@" in line else line

    def xml(self, line: bytes) -> bytes:
        """A line of RDF/XML with its tags spelt; one that stands on another line than its attribute's name is not."""
        if b"xml:lang" not in line:
            return line
        return _IN_XML.sub(lambda found: found[1] + self._spell(found[2]), line)

    def restored(self, text: str) -> str:
        """A text in which every spelt tag is as it was."""
        if not self.seen or self._mark not in text:
            return text
        return self._spelt.sub(lambda found: bytes.fromhex(found[1].replace("-", "")).decode(), text)

    def _spell(self, tag: bytes) -> bytes:
        self.seen = True
        code = tag.hex()
        parts = "".join(f"{code[at : at + _SUBTAG]}-" for at in range(0, len(code), _SUBTAG))
        return f"{self._mark}{parts}z0".encode()


def with_capitals(quads: Iterable[Quad]) -> frozenset[str]:
    """The language tags of these quads' objects that are written with capitals."""
    tags = set()
    for quad in quads:
        target = quad.object
        while isinstance(target, Triple):
            target = target.object
        if isinstance(target, Literal) and target.language and not target.language.islower():
            tags.add(target.language)
    return frozenset(tag for tag in tags if tag != tag.lower())


@lru_cache(maxsize=65_536)
def tagged(value: str, tag: str) -> Literal:
    """A literal whose language tag keeps its letters, and need not be one of BCP 47's.

    The constructor of ``Literal`` lowers them; the reader of JSON-LD, told to be lenient, does not.
    """
    text = json.dumps({"@id": "urn:x", "urn:x": {"@value": value, "@language": tag}})
    found = next(iter(parse(text, format=RdfFormat.JSON_LD, lenient=True))).object
    assert isinstance(found, Literal)
    return found


def can_be_written(tag: str) -> bool:
    """Whether Turtle has a place for a tag (Turtle section 6.5, LANGTAG)."""
    return _WRITTEN.fullmatch(tag) is not None


@lru_cache(maxsize=4_096)
def is_well_formed(tag: str) -> bool:
    """Whether a tag keeps to BCP 47 section 2.2.9."""
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True


def lowered(literal: Literal) -> Literal:
    """The literal as a store should keep it, with its tag in lower case; any other as it is."""
    tag = literal.language
    if tag is None or tag == tag.lower():
        return literal
    return tagged(literal.value, tag.lower())


def term(text: str) -> Term | Triple:
    """A term out of its N-Triples notation, as the object of a statement; a literal's tag keeps its letters."""
    quad = next(iter(parse(f"<urn:x> <urn:x> {text} .", format=RdfFormat.N_TRIPLES, lenient=True)))
    found: Term | Triple = quad.object
    tag = text.rpartition("@")[2]
    if isinstance(found, Literal) and found.language == tag.lower() != tag:
        return tagged(found.value, tag)
    return found


def literal(text: str) -> Literal:
    """A literal out of its N-Triples notation, the letters of its tag kept."""
    found = term(text)
    assert isinstance(found, Literal)
    return found
