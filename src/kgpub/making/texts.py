"""The texts that things have by a property, or at the end of a path of two: read off the loaded store as they come.

A path leads over a node that stands for the text (SKOS-XL, appendix B of the SKOS Reference), an IRI or a blank node.
It has two steps, so circles end by themselves; of each such node a bounded number of texts is read.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import TypeGuard

from nh3 import clean
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from kgpub.making.stored import Quads
from kgpub.model import Term

_HTML = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML")
_BLOCK = re.compile(r"<(?=/?(?:p|br|li|div|h[1-6]|td|th|tr|dt|dd|pre)\b)", re.IGNORECASE)
"""Where a tag begins that keeps words apart."""
_LONGEST = 20_000
"""Characters of HTML that are looked at, since the parser's time is not in proportion to them."""
_MOST = 50
"""Statements with texts of one node in the middle of a path that are looked at."""


@dataclass(frozen=True)
class Told:
    """A text that a thing has, and the node that it was reached over; ``""`` where that is none or has no IRI."""

    iri: str
    text: Literal
    over: str = ""

    @property
    def value(self) -> str:
        """The text itself; of HTML what a reader sees of it, on one line."""
        return seen(self.text.value) if self.text.datatype == _HTML else self.text.value


def seen(markup: str) -> str:
    """What a reader sees of HTML, without its tags, scripts and styles; of more than a few pages the beginning."""
    whole, _, last = markup[:_LONGEST].rpartition("<")
    cut = whole if len(markup) > _LONGEST and whole and ">" not in last else markup[:_LONGEST]
    bare = clean(_BLOCK.sub(" <", cut), tags=set())
    return " ".join(unescape(bare).split())


def told(store: Store, path: Sequence[str], among: Iterable[NamedNode] | None = None) -> Iterator[Told]:
    """Every text that is more than blanks, by a property or a path of two; what stands in two graphs comes twice.

    The named graphs are asked: the default graph only repeats what they say. Of some things only, where they
    are given.
    """
    first, *rest = (NamedNode(step) for step in path)
    for subject, target in _all(store, first) if among is None else _some(store, first, among):
        if not isinstance(subject, NamedNode):
            continue
        if not rest:
            if _is_text(target):
                yield Told(subject.value, target)
        elif isinstance(target, NamedNode | BlankNode):
            over = target.value if isinstance(target, NamedNode) else ""
            yield from (Told(subject.value, text, over) for text in own(store, target, path[1:]))


def _all(store: Store, property: NamedNode) -> Iterator[tuple[Term | Triple, Term | Triple]]:
    """What has a property in a named graph, and what that is; two terms of a solution cost less than four of a quad."""
    return pairs(store, f"SELECT ?thing ?text {{ GRAPH ?any {{ ?thing {property} ?text }} }}")


def _some(
    store: Store, property: NamedNode, among: Iterable[NamedNode]
) -> Iterator[tuple[Term | Triple, Term | Triple]]:
    """The same of some things."""
    for node in among:
        for quad in store.quads_for_pattern(node, property, None, None):
            if not isinstance(quad.graph_name, DefaultGraph):
                yield node, quad.object


def pairs(store: Store, question: str) -> Iterator[tuple[Term | Triple, Term | Triple]]:
    """The solutions of a question for two variables that are bound in each."""
    found: QuerySolutions = store.query(question)  # type: ignore[assignment] # a SELECT
    for row in found:
        first, second = row[0], row[1]
        assert first is not None
        assert second is not None
        yield first, second


class Gathered:
    """The texts of things by their path, each path read off the store once for all who ask.

    They stand in the temporary table ``gathered`` of a connection: number of the path, thing, language (empty where
    there is none), the text as readers see it, and what it was reached over. What stands in two graphs stands twice.
    """

    def __init__(self, db: sqlite3.Connection, store: Store, among: Sequence[NamedNode] | None = None) -> None:
        """Start with an empty table, for all things or only for some."""
        self._db, self._store, self._among = db, store, among
        self._numbers: dict[tuple[str, ...], int] = {}
        db.execute("CREATE TEMP TABLE gathered (path INTEGER, iri TEXT, language TEXT, value TEXT, over TEXT)")

    def number(self, path: tuple[str, ...]) -> int:
        """The number of a property or path of two, whose texts are in the table."""
        found = self._numbers.get(path)
        if found is None:
            found = self._numbers[path] = len(self._numbers)
            read = told(self._store, path, self._among)
            rows = ((found, one.iri, one.text.language or "", one.value, one.over) for one in read)
            self._db.executemany("INSERT INTO gathered VALUES (?, ?, ?, ?, ?)", rows)
        return found

    def close(self) -> None:
        """Take the table away."""
        self._db.execute("DROP TABLE temp.gathered")


def own(store: Quads, node: NamedNode | BlankNode, path: Sequence[str]) -> list[Literal]:
    """The texts that one thing has by a property or a path, each once, in a stable order; a bounded number."""
    first, *rest = path
    quads = list(islice(store.quads_for_pattern(node, NamedNode(first), None, None), _MOST))
    if not rest:
        return sorted({quad.object for quad in quads if _is_text(quad.object)}, key=str)
    nodes = {quad.object for quad in quads if isinstance(quad.object, NamedNode | BlankNode)}
    return [text for one in sorted(nodes, key=str) for text in own(store, one, rest)]


def _is_text(term: object) -> TypeGuard[Literal]:
    return isinstance(term, Literal) and bool(term.value.strip())
