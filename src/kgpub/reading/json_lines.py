"""On which line of a file of JSON-LD a statement stands; a parser knows it only when it has read the whole file.

The text is scanned as JSON. A statement is where its object is written below a key that can stand for its predicate, in
an object that can be its subject; where that is not certain, no line is given.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from json import loads
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.settings import STANDARD_PREFIXES

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')
_TAIL = re.compile(r"[^/#:]*$")
_TYPE = STANDARD_PREFIXES["rdf"] + "type"
_STEPS = 5
"""Objects between a value and its subject: ``@value``, ``@list``, a map of languages, ``@graph``."""
_MOST = 200
"""Values that are looked at for one statement."""
_UNNAMED = "_:"
"""In place of the names of objects without one."""


@dataclass(eq=False)
class _Node:
    """An object of the file: the object and the key that it stands below, and its ``@id``."""

    above: "_Node | None" = None
    key: str = ""
    id: str = ""


class _Written(NamedTuple):
    """A value as it is written, with its line, key and object; the text of an object is empty."""

    text: str
    line: int
    key: str
    node: _Node

    def chain(self) -> Iterator[tuple[str, _Node]]:
        """The keys above it, each with the object that has it, the nearest first."""
        key, node = self.key, self.node
        for _ in range(_STEPS):
            yield key, node
            if node.above is None:
                return
            key, node = node.key, node.above


class _Bucket(NamedTuple):
    """Where a value is kept: by the end of its text and the end of the name of an object above it."""

    value: str
    subject: str


@dataclass
class JsonLines:
    """The values of a file of JSON-LD by the ends of their texts, and the terms that its contexts define."""

    _values: dict[_Bucket, list[_Written]] = field(default_factory=dict)
    _terms: dict[str, set[str]] = field(default_factory=dict)

    def of(self, quad: Quad) -> int | None:
        """The line on which a statement's object is written; None where it cannot be told."""
        is_vague = isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
        near = list(islice(self._candidates(quad), _MOST))
        if is_vague and len(near) == _MOST:
            return None
        found = list(islice((one.line for one in near if self._is_of(one, quad)), 2))
        return None if not found or (is_vague and len(found) > 1) else found[0]

    def note_term(self, one: _Written) -> None:
        """Take what a context says of a term: its IRI, or the keyword that it stands for."""
        name = one.node.key if one.key == "@id" else one.key
        if one.text:
            self._terms.setdefault(name, set()).add(one.text)

    def note_name(self, one: _Written) -> None:
        """Take the name of an object, when all contexts are known."""
        if one.key == "@id" or "@id" in self._terms.get(one.key, ()):
            one.node.id = one.text

    def note(self, one: _Written) -> None:
        """Take a value, when all objects have their names."""
        for subject in {_name_end(node.id) for _, node in one.chain()}:
            self._values.setdefault(_Bucket(_tail(one.text), subject), []).append(one)

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """IRI → the ends of the terms that stand for it."""
        found: dict[str, set[str]] = {}
        for name in self._terms:
            for iri in self._iris(name):
                found.setdefault(iri, set()).add(_tail(name))
        return found

    def _candidates(self, quad: Quad) -> Iterator[_Written]:
        """The values that can be the object of a statement."""
        target = quad.object
        subject = _tail(quad.subject.value) if isinstance(quad.subject, NamedNode) else _UNNAMED
        if isinstance(target, BlankNode):
            yield from self._values.get(_Bucket("", subject), ())
        elif isinstance(target, Literal):
            near = self._values.get(_Bucket(_tail(target.value), subject), ())
            yield from (one for one in near if one.text == target.value)
        elif isinstance(target, NamedNode):
            for text in sorted({_tail(target.value)} | self._names.get(target.value, set())):
                near = self._values.get(_Bucket(text, subject), ())
                yield from (one for one in near if self._means(one.text, target.value))

    def _is_of(self, one: _Written, quad: Quad) -> bool:
        """Whether one of the keys above a value can be the statement's predicate, and its object the subject."""
        subject, predicate = quad.subject, quad.predicate.value
        return any(
            self._means(node.id, subject.value) if isinstance(subject, NamedNode) else node.id[:2] in {"", "_:"}
            for key, node in one.chain()
            if self._means(key, predicate) or (predicate == _TYPE and "@type" in {key, *self._terms.get(key, ())})
        )

    def _means(self, text: str, iri: str) -> bool:
        """Whether a text can stand for an IRI: as it is, by a term, by a prefix, or relative to something."""
        if not text or text.startswith("@"):
            return False
        return iri in self._iris(text) or (":" not in text and iri.endswith(("/" + text, "#" + text)))

    def _iris(self, text: str) -> set[str]:
        meant = {text, *self._terms.get(text, ())}
        for one in tuple(meant):
            prefix, colon, name = one.partition(":")
            meant |= {space + name for space in self._terms.get(prefix, ()) if colon}
        return meant


def json_lines(lines: Iterable[str]) -> JsonLines:
    """What is written where in a file of JSON-LD that a parser has read without a fault."""
    found, values = JsonLines(), []
    for one in _scanned(lines):
        if any(key == "@context" for key, _ in one.chain()):
            found.note_term(one)
        else:
            values.append(one)
    for one in values:
        found.note_name(one)
    for one in values:
        found.note(one)
    return found


def _scanned(lines: Iterable[str]) -> Iterator[_Written]:
    """Every value of a JSON text, objects too, in order; those of an array have the array's key."""
    stack: list[tuple[_Node, str]] = []
    node, key, held, since = _Node(), "", "", 0
    for number, piece in ((number, piece) for number, line in enumerate(lines, 1) for piece in _TOKEN.findall(line)):
        if piece == ":":
            key, held = _text(held), ""
        elif piece not in "[]{},":
            held, since = piece, number
        else:
            if held:
                yield _Written(_text(held), since, key, node)
            held = ""
            if piece in "[{":
                stack.append((node, key))
            if piece == "{":
                yield _Written("", number, key, node)
                node, key = _Node(node, key), ""
            elif piece in "]}":
                node, key = stack.pop() if stack else (node, key)


def _text(token: str) -> str:
    """A string without its quotes; a number or a word as it is."""
    try:
        return str(loads(token)) if token.startswith('"') else token
    except ValueError:
        return token


def _name_end(id: str) -> str:
    return _UNNAMED if id[:2] in {"", "_:"} else _tail(id)


def _tail(text: str) -> str:
    found = _TAIL.search(text)
    return found[0] if found else ""
