"""Who is of which class, and what is said of each member in the default graph: read off the store once for all.

Counts, facets and tables all go through the members of classes, and to get the terms of a statement back from the
engine costs more than what is done with them. So they wait in a file of SQLite while a snapshot is made; what is said
of a member is read when somebody asks for it first. A member of which very much is said is read anew by everybody.
"""

import marshal
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Self

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, parse

from kgpub.making import twins
from kgpub.making.cells import kind_of, told
from kgpub.making.paging import LARGE, WORK
from kgpub.making.texts import pairs

NAMED, BLANK, STATEMENT = range(3)
"""What a member is: a thing with an IRI, one without, a statement node."""
MOST_SAID = 20_000
"""Statements of one member that are kept."""
MOST_CHARACTERS = 4_000_000
"""Characters of what is said of one member that are kept."""
_BATCH = 10_000

Key = tuple[str, str]
"""A property and a kind of value (``kgpub.making.cells``)."""
Cells = dict[Key, list[str]]
"""What is said of a member, by property and kind of value: what stands in the cells of a table."""

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SCHEMA = """
CREATE TABLE typed (position INTEGER PRIMARY KEY, class TEXT, subject TEXT, kind INTEGER);
CREATE TABLE said (subject TEXT PRIMARY KEY, cells BLOB);
"""
_INDEX = "CREATE INDEX typed_by ON typed (class, position)"
_SIZES = "SELECT class, count(*) FROM typed GROUP BY class"


def grouped(values: Iterable[tuple[Key, str]]) -> Cells:
    """Values as cells, the values of each sorted."""
    found: Cells = {}
    for key, value in values:
        if key in found:
            found[key].append(value)
        else:
            found[key] = [value]
    for cell in found.values():
        cell.sort()
    return found


class Members:
    """The members of the classes of a loaded store; ``subject`` and ``class`` are in N-Triples notation inside."""

    def __init__(
        self,
        path: Path,
        store: Store,
        statements: Callable[[Sequence[str]], frozenset[str]] | None = None,
        *,
        by_class: bool = False,
    ) -> None:
        """Read who is of which class; the file is gone when this is closed.

        ``statements`` tells which of some nodes (N-Triples notation) are statement nodes; without it all of that stands
        in the file, a ``copy`` of another one. Where few classes are asked for, they are read class by class
        (``by_class``), each when somebody asks for it first.
        """
        self._path, self._store = path, store
        self._db = sqlite3.connect(path)
        self._db.executescript(LARGE + WORK)
        self._read: set[str] | None = set() if by_class else None
        if statements is not None:
            self._statements = statements
            self._db.executescript(_SCHEMA)
            if not by_class:
                self._take(pairs(store, f"SELECT ?class ?member {{ ?member {_TYPE} ?class }}"))
            self._db.execute(_INDEX)

    def copy(self, path: Path) -> None:
        """Write down who is of which class for another process, once all classes have been read."""
        self._db.commit()
        shutil.copyfile(self._path, path)

    def _take(self, typed: Iterator[tuple[object, object]]) -> None:
        """Note classes with their members."""
        while batch := [(str(of), str(subject)) for of, subject in islice(typed, _BATCH)]:
            marked = self._statements([subject for _, subject in batch])
            rows = ((of, subject, STATEMENT if subject in marked else _kind(subject)) for of, subject in batch)
            self._db.executemany("INSERT INTO typed (class, subject, kind) VALUES (?, ?, ?)", rows)

    def _need(self, name: str) -> None:
        """Have the members of a class (N-Triples notation) read."""
        if self._read is None or name in self._read:
            return
        self._read.add(name)
        of = _term(name)
        quads = self._store.quads_for_pattern(None, _TYPE, of, DefaultGraph())
        self._take((of, quad.subject) for quad in quads)

    def _need_all(self) -> None:
        """Have the members of all classes read."""
        if self._read is not None:
            for name, _ in list(self.sizes()):
                self._need(name)
            self._read = None

    def __enter__(self) -> Self:
        """Read inside a ``with``."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file and take it away."""
        self._db.close()
        self._path.unlink()

    def typed(self) -> Iterator[tuple[str, str, int]]:
        """Class, member and what that is, in the order of the terms."""
        self._need_all()
        return iter(self._db.execute("SELECT class, subject, kind FROM typed ORDER BY 1, 2"))

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Each class with how many members it has, of whatever kind."""
        if self._read is None:
            return iter(self._db.execute(_SIZES))
        counted = pairs(
            self._store, f"SELECT ?class (COUNT(*) AS ?members) {{ ?member {_TYPE} ?class }} GROUP BY ?class"
        )
        return ((str(of), int(number.value)) for of, number in counted if isinstance(number, Literal))

    def has_named(self, name: str) -> bool:
        """Whether anything that is named and no statement node is of a class, which is in N-Triples notation."""
        self._need(name)
        sql = "SELECT 1 FROM typed WHERE class = ? AND kind = ? LIMIT 1"
        return self._db.execute(sql, (name, NAMED)).fetchone() is not None

    def typed_as(self, name: str) -> Iterator[tuple[str, str, int]]:
        """The same as ``typed`` for one class, which is named in N-Triples notation."""
        self._need(name)
        return iter(self._db.execute("SELECT class, subject, kind FROM typed WHERE class = ? ORDER BY 2", (name,)))

    def named(self, of: str) -> Iterator[str]:
        """The IRIs of a class's members that are no statement nodes, in the store's order."""
        self._need(f"<{of}>")
        sql = "SELECT subject FROM typed WHERE class = ? AND kind = ? ORDER BY position"
        return (subject[1:-1] for (subject,) in self._db.execute(sql, (f"<{of}>", NAMED)))

    def sorted(self, of: str) -> Iterator[str]:
        """The same in the order of the IRIs."""
        self._need(f"<{of}>")
        sql = "SELECT substr(subject, 2, length(subject) - 2) FROM typed WHERE class = ? AND kind = ? ORDER BY 1"
        return (iri for (iri,) in self._db.execute(sql, (f"<{of}>", NAMED)))

    def count(self, of: str) -> int:
        """How many members a class has, of whatever kind."""
        self._need(f"<{of}>")
        (found,) = self._db.execute("SELECT count(*) FROM typed WHERE class = ?", (f"<{of}>",)).fetchone()
        return int(found)

    def digest(self, of: str) -> bytes:
        """What tells the members of a class, of whatever kind, from those of another one."""
        self._need(f"<{of}>")
        found = self._db.execute("SELECT subject FROM typed WHERE class = ? ORDER BY position", (f"<{of}>",))
        return twins.digest(subject for (subject,) in found)

    def cells(self, iri: str) -> Cells | None:
        """What is said of a member, as the store keeps it, each cell's values sorted; None where it is very much."""
        found = self._db.execute("SELECT cells FROM said WHERE subject = ?", (iri,)).fetchone()
        if found is None:
            cells = self._noted(iri)
            kept = None if cells is None else marshal.dumps(cells)
            self._db.execute("INSERT INTO said VALUES (?, ?)", (iri, kept))
            return cells
        return None if found[0] is None else marshal.loads(found[0])  # noqa: S302 # what this process has written

    def said(self, iri: str) -> Iterable[tuple[Key, list[str]]]:
        """The same cell by cell; of a member of which very much is said, value by value."""
        cells = self.cells(iri)
        return ((key, [value]) for key, value in self.values(iri)) if cells is None else cells.items()

    def _noted(self, iri: str) -> Cells | None:
        """What is said of a member, read off the store; None where it is too much to be kept."""
        read: list[tuple[Key, str]] = []
        size = 0
        for key, value in self.values(iri):
            size += len(value)
            if len(read) == MOST_SAID or size > MOST_CHARACTERS:
                return None
            read.append((key, value))
        return grouped(read)

    def values(self, iri: str) -> Iterator[tuple[Key, str]]:
        """The values of a member in the store's order, each with its property and kind."""
        for quad in self._store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()):
            term = quad.object
            if isinstance(term, Literal) and term.language is None:
                yield (quad.predicate.value, term.datatype.value), term.value  # most values: told without detours
            else:
                yield (quad.predicate.value, kind_of(term)), told(term)


def _term(name: str) -> NamedNode | BlankNode | Literal | Triple:
    """The term of a notation in N-Triples."""
    found: Triple = next(parse(f"<urn:x> <urn:x> {name} .".encode(), format=RdfFormat.N_TRIPLES)).triple
    return found.object


def _kind(subject: str) -> int:
    return NAMED if subject.startswith("<") else BLANK
