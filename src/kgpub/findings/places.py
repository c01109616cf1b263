"""Where in the files a triple stands, found by reading them once more."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyoxigraph
from rdflib.term import Node

from kgpub.source import SourceFile
from kgpub.validation.terms import triple as triple_of

Pattern = tuple[Node | None, Node | None, Node | None]
"""A triple, with None where anything may stand."""


class Place(NamedTuple):
    """A line of a file; nowhere by default."""

    file: str = ""
    line: int | None = None


NOWHERE = Place()


def places(files: Iterable[SourceFile], patterns: set[Pattern]) -> Mapping[Pattern, Place]:
    """Where each pattern first matches; reading stops when all are found, and only they are kept."""
    found: dict[Pattern, Place] = {}
    texts = {str(term) for pattern in patterns for term in (pattern[0], pattern[2]) if term is not None}
    for file in files:
        if len(found) == len(patterns):
            break
        line = file.placing()
        for located in file.located():
            quad = located.quad
            if _text(quad.subject) not in texts and _text(quad.object) not in texts:
                continue
            for pattern in _matching(quad, patterns):
                found.setdefault(pattern, Place(file.name, line(located)))
            if len(found) == len(patterns):
                break
    return found


def _text(term: Any) -> str:  # Any: every kind of pyoxigraph's terms
    """The text of a term, cheap to look up; nothing for a triple term."""
    return getattr(term, "value", "")


def _matching(quad: pyoxigraph.Quad, patterns: set[Pattern]) -> Iterator[Pattern]:
    """Those of the patterns that the quad matches."""
    triple = triple_of(quad)
    if triple is None:
        return
    s, p, o = triple
    possible: tuple[Pattern, ...] = (
        (s, p, o),
        (s, p, None),
        (None, p, o),
        (s, None, None),
        (None, None, o),
    )
    yield from (pattern for pattern in possible if pattern in patterns)
