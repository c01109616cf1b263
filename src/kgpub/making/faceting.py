"""Writing the facets of a snapshot's classes: which properties narrow a class down, and who has which value.

``facets.sqlite`` is an inverted index: for every choice of every facet one bit per member of the class, compressed.
Counting is an AND and a population count of whole numbers, so counts are exact, and a class of 100,000 members with
a dozen facets is counted in a few hundredths of a second; a text index would have to collect a column per property of
every graph, and counts its hits approximately or document by document.

Everything is read off the members (``kgpub.making.members``), a class at a time: memory holds the values of a property
until there are too many to choose from, and one choice's bits; the rest waits in SQLite's own files.
"""

import math
import re
import sqlite3
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolution, Store

from kgpub.kept.index import Index
from kgpub.kept.sorting import sort_key
from kgpub.making import twins
from kgpub.making.belonging import CLOSURE, Belonging
from kgpub.making.cells import BLANK as BLANK_NODE
from kgpub.making.cells import IRI, TRIPLE
from kgpub.making.members import BLANK, NAMED, STATEMENT, Members
from kgpub.making.paging import LARGE, USUAL
from kgpub.making.ranging import bins
from kgpub.making.untouched import FormerFacets, Untouched
from kgpub.model import Labels
from kgpub.selection import NUMBERS, VALUES, YEARS, Range

FILE = "facets.sqlite"
"""The file's name in a snapshot."""
MOST_CLASSES = 20_000
"""Classes that can be browsed, those with most direct members first."""
MOST_MEMBERS = 1_000_000
"""Members of a class that can be browsed; a larger one has its plain list only."""
MOST_FACETS = 16
"""Facets of a class: the properties that most members have."""
FEW_CHOICES = 50
"""Different values that a property may have to be chosen by them, however few members have each."""
MOST_CHOICES = 150
"""Different values where many members have each."""
SHARED = 10
"""Members that then have each value, on average."""
MOST_LONG = 2
"""Facets of a class with more than a few choices."""
FEW_NUMBERS = 12
"""Different numbers that are chosen one by one; more become ranges."""
MOST_KEYS = 5_000_000
"""Dates or numbers of one property that become ranges."""
LONGEST = 100
"""Characters of a text that can be chosen."""

SCHEMA = """
CREATE TABLE classes (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, members INTEGER, blank INTEGER, statements INTEGER,
  direct INTEGER);
CREATE TABLE members (class INTEGER, ordinal INTEGER, iri TEXT, PRIMARY KEY (class, ordinal)) WITHOUT ROWID;
CREATE TABLE orders (class INTEGER, language TEXT, ordinals BLOB, PRIMARY KEY (class, language)) WITHOUT ROWID;
CREATE TABLE facets (id INTEGER PRIMARY KEY, class INTEGER, property TEXT, kind TEXT, holders INTEGER,
  UNIQUE (class, property));
CREATE TABLE choices (facet INTEGER, position INTEGER, value TEXT, bits BLOB,
  PRIMARY KEY (facet, position)) WITHOUT ROWID;
CREATE TABLE keys (facet INTEGER PRIMARY KEY, keys BLOB, ordinals BLOB);
"""
_WORK = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;
CREATE TEMP TABLE told (property INTEGER, kind TEXT, value TEXT, ordinal INTEGER);
"""
_RANGED = frozenset((YEARS, NUMBERS))
_NEVER = frozenset((BLANK_NODE, TRIPLE))
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATES = frozenset(_XSD + name for name in ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth"))
_INTEGERS = (
    "integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedLong unsignedInt unsignedShort unsignedByte"
)
_NUMERIC = frozenset(_XSD + name for name in f"{_INTEGERS} decimal double float".split())
_LONGEST_IRI = 1000
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
"""What no form sends back as it was: HTML has no control characters, and changes ends of lines."""
_MOST_PROPERTIES = 500
_BATCH = 500
_FARTHEST = 1e14
_NARROWEST = 1e-6
_NEAR_UNIQUE = 0.8


@dataclass(frozen=True)
class Known:
    """What else the snapshot knows: each IRI's labels."""

    labels: Callable[[str], Labels]
    languages: tuple[str, ...]


@dataclass
class _Property:
    """What has been seen of one property of a class so far."""

    number: int
    values: set[str] = field(default_factory=set)
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind that most of its values are of."""
        return max(self.kinds, key=lambda kind: (self.kinds[kind], kind))


def add(
    folder: Path, store: Store, members: Members, languages: tuple[str, ...], last: Untouched | None = None
) -> None:
    """Add the file to a snapshot's folder that has its look-up file already; ``last`` as in ``write``."""
    index = Index(folder / "index.sqlite")
    try:
        write(folder / FILE, store, members, Known(index.texts, languages), last)
    finally:
        index.close()


def write(path: Path, store: Store, members: Members, known: Known, last: Untouched | None = None) -> None:
    """Write the file from the store's default graph, whose ``members`` are read already.

    Classes that an edit has not touched are taken over from the ``last`` snapshot's file, with other numbers.
    """
    db = sqlite3.connect(path)
    try:
        db.executescript(LARGE + SCHEMA + _WORK)
        former = FormerFacets(db, last.folder / FILE if last else None)
        belonging = Belonging(db, store, members)
        ranked = belonging.ranked(MOST_CLASSES)
        kept = {name: former.classes[name] for name in ranked if last and name in last and name in former.classes}
        # where all classes were looked at, one that nothing has touched and that had no facets has none
        settled = last if last and len(ranked) + len(last.touched) <= MOST_CLASSES else ()
        anew = {name for name in ranked if name not in kept and name not in settled and not belonging.is_empty(name)}
        belonging.read(anew if kept else None)
        written: dict[bytes, int] = {}
        writer = _Writer(db, store, members, known)
        for number, name in enumerate(ranked):
            if name in kept:
                former.take(kept[name], number)
            elif name in anew:
                _write_class(writer, number, name, written)
        db.commit()
        db.execute(USUAL)
        db.execute("VACUUM")
    finally:
        db.close()


@dataclass(frozen=True)
class _Writer:
    """The file, and where what stands in it is read."""

    db: sqlite3.Connection
    store: Store
    members: Members
    known: Known


def _write_class(writer: _Writer, number: int, name: str, written: dict[bytes, int]) -> None:
    """Write one class: its members, their order per language, its facets; nothing where it is empty or too large.

    ``written`` are the classes so far by the digest of their members.
    """
    db = writer.db
    db.execute("CREATE TEMP TABLE here (subject TEXT PRIMARY KEY, kind INTEGER) WITHOUT ROWID")
    db.execute(f"INSERT INTO here {CLOSURE}", (name,))  # a constant
    counts = dict(db.execute("SELECT kind, count(*) FROM here GROUP BY kind"))
    size = counts.get(NAMED, 0)
    if 0 < size <= MOST_MEMBERS:
        (direct,) = db.execute("SELECT count(*) FROM typed WHERE class = ? AND kind = 0", (name,)).fetchone()
        row = (number, name[1:-1], size, counts.get(BLANK, 0), counts.get(STATEMENT, 0), direct)
        db.execute("INSERT INTO classes VALUES (?, ?, ?, ?, ?, ?)", row)
        db.execute(
            "INSERT INTO members SELECT ?, row_number() OVER (ORDER BY subject) - 1,"
            " substr(subject, 2, length(subject) - 2) FROM here WHERE kind = 0",
            (number,),
        )
        twin = written.setdefault(twins.digest(iri for _, iri in _members(db, number)), number)
        if twin != number:
            twins.copy_facets(db, twin, number)
        else:
            _write_orders(db, writer.known, number)
            if size > 1:
                _write_facets(writer, number, size)
    db.execute("DROP TABLE here")


def _members(db: sqlite3.Connection, number: int) -> Iterator[tuple[int, str]]:
    return iter(db.execute("SELECT ordinal, iri FROM members WHERE class = ? ORDER BY ordinal", (number,)))


def _write_orders(db: sqlite3.Connection, known: Known, number: int) -> None:
    """Write the members' ordinals as each language sorts them: by label, the unnamed last."""
    for language in known.languages:
        languages = (language, *(tag for tag in known.languages if tag != language))
        db.execute("CREATE TEMP TABLE sorted (key TEXT, ordinal INTEGER)")
        rows = ((sort_key(known.labels(iri), languages), ordinal) for ordinal, iri in _members(db, number))
        db.executemany("INSERT INTO sorted VALUES (?, ?)", rows)
        found = array("I", (row[0] for row in db.execute("SELECT ordinal FROM sorted ORDER BY key, ordinal")))
        db.execute("INSERT INTO orders VALUES (?, ?, ?)", (number, language, found.tobytes()))
        db.execute("DROP TABLE sorted")


def _write_facets(writer: _Writer, number: int, size: int) -> None:
    """Collect what the members' statements say, and write the properties that narrow the class down."""
    db, seen = writer.db, dict[str, _Property]()
    db.executemany("INSERT INTO told VALUES (?, ?, ?, ?)", _told(db, writer.members, number, seen))
    db.execute("CREATE INDEX temp.told_by ON told (property, kind, value, ordinal)")
    sql = "SELECT count(DISTINCT ordinal) FROM told WHERE property = ? AND kind = ?"
    found = []
    for name, one in seen.items():
        (holders,) = db.execute(sql, (one.number, one.kind)).fetchone()
        if holders > 1:
            found.append((-holders, name, one))
    written: list[list[tuple[str, bytes]]] = []
    for holders, name, one in sorted(found, key=lambda row: row[:2]):
        if len(written) < MOST_FACETS:
            _write_facet(db, writer.store, number, size, name, one, -holders, written)
    db.execute("DROP INDEX temp.told_by")
    db.execute("DELETE FROM told")


def _told(
    db: sqlite3.Connection, members: Members, number: int, seen: dict[str, _Property]
) -> Iterator[tuple[int, str, str, int]]:
    """What can be chosen by: property, kind, value and member; a property with too many values is given up."""
    for ordinal, iri in _members(db, number):
        for (name, type), values in members.said(iri):
            one = seen.get(name)
            if one is None:
                if len(seen) >= _MOST_PROPERTIES:
                    continue
                one = seen[name] = _Property(len(seen))
            yield from ((one.number, kind, value, ordinal) for kind, value in _chosen(one, type, values))


def _chosen(one: _Property, type: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The values of a type that can be chosen by, each with its kind; the property takes notice of all."""
    for told in values:
        kind = _kind(type, told)
        one.kinds[kind] = one.kinds.get(kind, 0) + 1
        if kind == VALUES and len(one.values) <= MOST_CHOICES:
            value = _notation(type, told)
            one.values.add(value)
            if len(one.values) <= MOST_CHOICES:
                yield kind, value
        elif kind in _RANGED:
            yield kind, _notation(type, told)


def _kind(type: str, told: str) -> str:
    """What a value of a type can be chosen as: by itself, as a year, as a number; ``""`` is not at all."""
    if type == IRI:
        return VALUES if len(told) <= _LONGEST_IRI else ""
    if type.startswith("@") or type in _NEVER:
        return ""
    if type in _DATES:
        return YEARS
    if type in _NUMERIC:
        return NUMBERS
    return VALUES if len(told) <= LONGEST and not _UNFIT.search(told) else ""


@lru_cache(maxsize=4_096)
def _notation(type: str, told: str) -> str:
    """A value in N-Triples notation."""
    return str(NamedNode(told) if type == IRI else Literal(told, datatype=NamedNode(type)))


def _write_facet(
    db: sqlite3.Connection,
    store: Store,
    number: int,
    size: int,
    name: str,
    one: _Property,
    holders: int,
    written: list[list[tuple[str, bytes]]],
) -> None:
    """Write one property's choices, where there are any worth choosing from, and add them to those ``written``.

    A property that says the same of the same members as another one is left out, and so are too many long lists.
    """
    kind = one.kind
    if kind == NUMBERS:
        sql = "SELECT DISTINCT value FROM told WHERE property = ? AND kind = ? LIMIT ?"
        values = {row[0] for row in db.execute(sql, (one.number, kind, FEW_NUMBERS + 1))}
        if len(values) <= FEW_NUMBERS:
            one.values = values
            kind = VALUES
    facet = twins.free(db)
    rows = _values(db, one, size, holders) if kind == VALUES else _ranges(db, store, one, facet, size)
    is_one_too_many = len(rows) > FEW_CHOICES and sum(len(one) > FEW_CHOICES for one in written) >= MOST_LONG
    if not rows or is_one_too_many or rows in written:
        db.execute("DELETE FROM keys WHERE facet = ?", (facet,))
        return
    written.append(rows)
    db.execute("INSERT INTO facets VALUES (?, ?, ?, ?, ?)", (facet, number, name, kind, holders))
    numbered = ((facet, position, value, bits) for position, (value, bits) in enumerate(rows))
    db.executemany("INSERT INTO choices VALUES (?, ?, ?, ?)", numbered)


def _values(db: sqlite3.Connection, one: _Property, size: int, holders: int) -> list[tuple[str, bytes]]:
    """The choices of a property by value: none where there are too many or too few, or where hardly any is shared."""
    distinct = len(one.values)
    if not 1 < distinct <= MOST_CHOICES or distinct > _NEAR_UNIQUE * holders:
        return []
    if distinct > FEW_CHOICES and holders < SHARED * distinct:
        return []
    sql = "SELECT value, ordinal FROM told WHERE property = ? AND kind = ? ORDER BY value, ordinal"
    rows = db.execute(sql, (one.number, one.kind))
    grouped = groupby(rows, key=lambda row: row[0])
    return [(value, zlib.compress(bits((row[1] for row in group), size), 1)) for value, group in grouped]


def _write_keys(db: sqlite3.Connection, store: Store, one: _Property, facet: int) -> "array[float]":
    """Write the property's years or numbers, sorted, with the member that has each; none where they are too many."""
    db.execute("CREATE TEMP TABLE worth (value TEXT PRIMARY KEY, key REAL) WITHOUT ROWID")
    values = iter(db.execute("SELECT DISTINCT value FROM told WHERE property = ? AND kind = ?", (one.number, one.kind)))
    while batch := [row[0] for row in islice(values, _BATCH)]:
        db.executemany("INSERT INTO worth VALUES (?, ?)", _worth(store, batch, one.kind))
    sql = (
        "SELECT DISTINCT key, ordinal FROM told JOIN worth USING (value) WHERE property = ? AND kind = ?"
        " ORDER BY key, ordinal LIMIT ?"
    )
    keys, ordinals = array("d"), array("I")
    for key, ordinal in db.execute(sql, (one.number, one.kind, MOST_KEYS + 1)):
        keys.append(key)
        ordinals.append(ordinal)
    db.execute("DROP TABLE worth")
    if not 1 < len(keys) <= MOST_KEYS or keys[-1] - keys[0] < _NARROWEST:
        return array("d")
    db.execute("INSERT INTO keys VALUES (?, ?, ?)", (facet, keys.tobytes(), ordinals.tobytes()))
    return keys


def _worth(store: Store, values: list[str], kind: str) -> Iterator[tuple[str, float]]:
    """What SPARQL takes each value for, asked of the engine itself, so that both always agree."""
    rows = " ".join(f"({number} {value})" for number, value in enumerate(values))
    said = "YEAR(?value)" if kind == YEARS else f"IF(isNumeric(?value), <{_XSD}double>(?value), 1/0)"
    question = f"SELECT ?number ({said} AS ?key) {{ VALUES (?number ?value) {{ {rows} }} }}"
    solutions: Iterator[QuerySolution] = iter(store.query(question))  # type: ignore[arg-type] # a SELECT
    for row in solutions:
        number, key = row[0], row[1]
        worth = float(key.value.replace("INF", "inf")) if isinstance(key, Literal) else math.nan
        if abs(worth) <= _FARTHEST:
            yield values[int(number.value)], worth


def _ranges(db: sqlite3.Connection, store: Store, one: _Property, facet: int, size: int) -> list[tuple[str, bytes]]:
    """Ranges of round width over the property's keys, those that hold anything."""
    keys = _write_keys(db, store, one, facet)
    if not keys:
        return []
    (row,) = db.execute("SELECT ordinals FROM keys WHERE facet = ?", (facet,))
    ordinals = array("I", row[0])
    found = ((str(each), within(keys, ordinals, each, size)) for each in bins(keys))
    return [(text, zlib.compress(inside, 1)) for text, inside in found if any(inside)]


def within(keys: Sequence[float], ordinals: Sequence[int], wanted: Range, size: int) -> bytes:
    """The members whose keys lie in a range, as bits."""
    return bits(ordinals[bisect_left(keys, wanted.low) : bisect_right(keys, wanted.high)], size)


def bits(ordinals: Iterable[int], size: int) -> bytes:
    """Ordinals below ``size`` as the bits of a number, the lowest byte first."""
    found = bytearray((size + 7) // 8)
    for ordinal in ordinals:
        found[ordinal >> 3] |= 1 << (ordinal & 7)
    return bytes(found)
