"""A query's text in pieces that a page can show apart: comments, keywords, names, variables, values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgpub.engine.guard import Reader

_GAP = re.compile(r"#[^\n]*|[^#]+")
_KINDS = {"word": "keyword", "iri": "name", "name": "name", "string": "value", "number": "value", "tag": "value"}


@dataclass(frozen=True)
class Piece:
    """A stretch of text: ``comment``, ``keyword``, ``name``, ``value``, ``variable``, ``parameter``, or nothing."""

    kind: str
    text: str


def pieces(text: str, parameters: frozenset[str] = frozenset()) -> tuple[Piece, ...]:
    """The pieces of a query that the guard lets pass, which together are its text."""
    joined: list[Piece] = []
    for piece in _pieces(text, parameters):
        if joined and not piece.kind and not joined[-1].kind:
            joined[-1] = Piece("", joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)


def _pieces(text: str, parameters: frozenset[str]) -> Iterator[Piece]:
    position = 0
    for token in Reader(text).tokens():
        yield from _gap(text[position : token.start])
        kind = _KINDS.get(token.kind, "")
        if token.kind == "variable":
            kind = "parameter" if token.text[1:] in parameters else "variable"
        yield Piece(kind, token.text)
        position = token.start + len(token.text)
    yield from _gap(text[position:])


def _gap(text: str) -> Iterator[Piece]:
    """The pieces of what stands between tokens: space and comments."""
    return (Piece("comment" if part.startswith("#") else "", part) for part in _GAP.findall(text))
