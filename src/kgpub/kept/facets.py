"""The facets of a snapshot's classes, opened for reading: members, their order, and exact counts of every choice.

``kgpub.making.faceting`` writes the file and says why it is an inverted index of bits in SQLite. Reading a page takes
the bits of each choice of one class once: at most 16 facets of 50 choices, each as many bits as the class has members,
so a request is bounded by about 100 MB read and a few MB held for the largest class that can be browsed.
"""

import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgpub.errors import NoSuchPage, SnapshotBroken
from kgpub.kept.recent import Recent
from kgpub.making.faceting import within
from kgpub.model import Counted
from kgpub.selection import VALUES, Choice, Class, Facet, Found, Membership, Range, Selection, Value

_MAPPED = 1 << 30
_SLICE = 500
_MOST_SIZES = 1_000_000
"""Bytes of the sizes of classes that are remembered."""


@dataclass(frozen=True)
class Slice:
    """Which members are wanted: in a language's order, from ``start``, at most ``size``."""

    language: str
    start: int = 0
    size: int = 50


@dataclass(frozen=True)
class _Facet:
    """A facet's row, and the mask of what is chosen of it; None where nothing is."""

    number: int
    property: str
    kind: str
    chosen: Mapping[Value, int]

    def mask(self) -> int | None:
        """The members that fit any of the choices."""
        found = None
        for bits in self.chosen.values():
            found = bits if found is None else found | bits
        return found


class Facets:
    """The facets of one snapshot; may be read from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises ``SnapshotBroken`` when it cannot be."""
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
            self._db.execute(f"PRAGMA mmap_size={_MAPPED}")
            self._db.execute("SELECT 1 FROM classes LIMIT 1")
        except sqlite3.Error as error:
            raise SnapshotBroken(f"{path}: cannot be read: {error}") from error
        self._lock = Lock()
        self._sizes: Recent[str, int] = Recent(_MOST_SIZES, lambda _: 400)

    def named(self, iri: str) -> Class | None:
        """The class of an IRI, None where it has no members that can be browsed."""
        sql = "SELECT id, iri, members, blank, statements, direct FROM classes WHERE iri = ?"
        rows = self._all(sql, (iri,))
        if not rows:
            return None
        number, name, size, blank, statements, direct = rows[0]
        return Class(number, name, size, Membership(blank > 0, statements > 0), direct)

    def sizes(self) -> tuple[Counted, ...]:
        """Every class that can be browsed with its number of members, those of its subclasses included."""
        rows = self._all("SELECT iri, members FROM classes ORDER BY members DESC, iri", ())
        return tuple(Counted(*row) for row in rows)

    def size(self, iri: str) -> int:
        """How many members the class of an IRI has with those of its subclasses, 0 where it cannot be browsed."""
        return self._sizes.once(iri, lambda: of.size if (of := self.named(iri)) else 0)

    def browse(self, of: Class, selection: Selection, wanted: Slice) -> Found:
        """A page of what a selection finds, with every facet counted; raises ``NoSuchPage`` for what is not offered."""
        facets = self._facets(of, selection)
        mask = _all_of(facet.mask() for facet in facets)
        counted = tuple(self._counted(facet, facets, of.size) for facet in facets)
        count = of.size if mask is None else mask.bit_count()
        return Found(of, count, tuple(islice(self._ordered(of, mask, wanted), wanted.size)), counted)

    def members(self, of: Class, selection: Selection, language: str) -> Iterator[str]:
        """Every member that a selection finds, in a language's order; raises ``NoSuchPage`` for what is not offered."""
        mask = _all_of(facet.mask() for facet in self._facets(of, selection))
        return self._ordered(of, mask, Slice(language, 0, of.size))

    def count(self, of: Class, selection: Selection) -> int:
        """How many members a selection finds; raises ``NoSuchPage`` for what is not offered."""
        mask = _all_of(facet.mask() for facet in self._facets(of, selection))
        return of.size if mask is None else mask.bit_count()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _facets(self, of: Class, selection: Selection) -> tuple[_Facet, ...]:
        """The class's facets with what is chosen of each."""
        sql = "SELECT id, property, kind FROM facets WHERE class = ? ORDER BY id"
        rows = self._all(sql, (of.number,))
        unknown = set(selection.properties) - {row[1] for row in rows}
        if unknown:
            raise NoSuchPage(f"<{of.iri}> is not narrowed down by <{min(unknown)}>.")
        return tuple(
            _Facet(number, name, kind, {one: self._bits(of, number, kind, one) for one in selection.values(name)})
            for number, name, kind in rows
        )

    def _bits(self, of: Class, facet: int, kind: str, value: Value) -> int:
        """The members that fit a choice; raises ``NoSuchPage`` for a value that is not offered."""
        if isinstance(value, Range) and kind != VALUES:
            (row,) = self._all("SELECT keys, ordinals FROM keys WHERE facet = ?", (facet,))
            return int.from_bytes(within(array("d", row[0]), array("I", row[1]), value, of.size), "little")
        rows = self._all("SELECT bits FROM choices WHERE facet = ? AND value = ?", (facet, str(value)))
        if not rows or (kind == VALUES) == isinstance(value, Range):
            raise NoSuchPage(f"{value} is not among the choices here.")
        return _number(rows[0][0])

    def _counted(self, facet: _Facet, facets: tuple[_Facet, ...], size: int) -> Facet:
        """A facet's choices, counted among what is chosen of the others; those that nothing fits are left out."""
        others = _all_of(one.mask() for one in facets if one is not facet)
        among = (1 << size) - 1 if others is None else others
        rows = self._all("SELECT value, bits FROM choices WHERE facet = ? ORDER BY position", (facet.number,))
        counts: dict[Value, int] = {
            _value(text, facet.kind): (_number(bits) & among).bit_count() for text, bits in rows
        }
        counts |= {value: (bits & among).bit_count() for value, bits in facet.chosen.items()}
        found = [Choice(value, n, value in facet.chosen) for value, n in counts.items() if n or value in facet.chosen]
        if facet.kind == VALUES:
            found.sort(key=lambda one: (-one.count, str(one.value)))
        else:
            found.sort(key=lambda one: (one.value.low, one.value.high) if isinstance(one.value, Range) else (0, 0))
        return Facet(facet.property, facet.kind, tuple(found))

    def _ordered(self, of: Class, mask: int | None, wanted: Slice) -> Iterator[str]:
        """The members that a mask lets through, from ``start`` on."""
        sql = "SELECT ordinals FROM orders WHERE class = ? AND language = ?"
        rows = self._all(sql, (of.number, wanted.language))
        order: Iterator[int] = iter(array("I", rows[0][0]) if rows else range(of.size))
        if mask is not None:
            fits = format(mask, f"0{of.size}b")[::-1]
            order = (ordinal for ordinal in order if fits[ordinal] == "1")
        ordinals = islice(order, wanted.start, None)
        size = min(_SLICE, max(wanted.size, 1))
        while some := list(islice(ordinals, size)):
            marks = ",".join("?" * len(some))
            sql = f"SELECT ordinal, iri FROM members WHERE class = ? AND ordinal IN ({marks})"  # noqa: S608 # only marks
            names = dict(self._all(sql, (of.number, *some)))
            yield from (names[ordinal] for ordinal in some)

    def _all(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:  # Any: SQLite's column types
        try:
            with self._lock:
                return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise SnapshotBroken(f"the facets cannot be read: {error}") from error


def _all_of(masks: Iterator[int | None]) -> int | None:
    """The members that fit every mask; None where there is none."""
    found = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found & mask
    return found


def _number(bits: bytes) -> int:
    return int.from_bytes(zlib.decompress(bits), "little")


def _value(text: str, kind: str) -> Value:
    """A choice as the file keeps it: N-Triples notation, or a range."""
    if kind != VALUES:
        low, _, high = text.partition("..")
        return Range(float(low), float(high))
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    term = next(iter(parse(f"<urn:x> <urn:x> {text} .", format=RdfFormat.N_TRIPLES))).object
    assert isinstance(term, Literal)
    return term
