"""Both sides as sorted tables of statements on disk, blank nodes named by what is said of them.

SQLite sorts and merges; memory holds one knot of blank nodes at a time, and four bytes for each blank node.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kgpub.difference.blank import Shape, Work, named, shape

MOST_KNOT = 200_000
"""Statements of one knot of blank nodes that are compared; in a larger one its nodes are told apart by their labels."""

OLD, NEW = 0, 1

_BATCH = 10_000
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ABOUT, _REIFIES = NamedNode(_RDF + "subject"), NamedNode(_RDF + "reifies")
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;
CREATE TABLE said (side INTEGER, s TEXT, p TEXT, o TEXT, g TEXT, PRIMARY KEY (s, p, o, g, side)) WITHOUT ROWID;
CREATE TABLE owners (side INTEGER, node TEXT, entity TEXT, nested INTEGER, PRIMARY KEY (side, node)) WITHOUT ROWID;
CREATE TABLE labels (side INTEGER, iri TEXT, rank INTEGER, language TEXT, value TEXT);
CREATE TABLE changes (entity TEXT, sign INTEGER, s TEXT, p TEXT, o TEXT, g TEXT, nested INTEGER);
"""
_WORK = """
CREATE TEMP TABLE ids (label TEXT PRIMARY KEY, id INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE tied (id INTEGER, text TEXT, nodes TEXT);
CREATE TEMP TABLE met (digest TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
"""
_CHANGES = """
INSERT INTO changes SELECT coalesce(entity, s), ?, s, p, o, g, coalesce(nested, 0) FROM said
LEFT JOIN owners ON owners.node = said.s AND owners.side = said.side
WHERE said.side = ? AND NOT EXISTS (SELECT 1 FROM said AS other WHERE other.s = said.s AND other.p = said.p
  AND other.o = said.o AND other.g = said.g AND other.side = ?)
"""


class Ledger:
    """The tables of one comparison."""

    def __init__(self, path: str, naming: tuple[str, ...], *, merge: bool) -> None:
        """Start empty in a file. ``naming`` are the properties of labels; ``merge`` passes over the names of graphs."""
        self.db = sqlite3.connect(path)
        self.db.executescript(_SCHEMA)
        self._ranks = {iri: rank for rank, iri in enumerate(naming)}
        self._merge = merge
        self.work = Work()

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def take(self, side: int, quads: Iterable[Quad]) -> None:
        """Read one side whole."""
        self.db.executescript(_WORK)
        parents = array("I")
        waiting = iter(quads)
        while batch := list(islice(waiting, _BATCH)):
            self._note(side, batch)
            shapes = [self._shape(quad) for quad in batch]
            self._many(
                "INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, ?)",
                (_row(side, one.text) for one in shapes if not one.nodes),
            )
            for one in shapes:
                if one.nodes:
                    self._tie(one, parents)
        self._name(side, parents)
        self.db.executescript("DROP TABLE ids; DROP TABLE tied; DROP TABLE met;")

    def compare(self) -> None:
        """Write down what either side has and the other has not."""
        self.db.execute(_CHANGES, (-1, OLD, NEW))
        self.db.execute(_CHANGES, (1, NEW, OLD))
        self.db.execute("CREATE INDEX changes_by ON changes (entity, nested)")
        self.db.execute("CREATE INDEX labels_by ON labels (iri)")

    def _shape(self, quad: Quad) -> Shape:
        return shape(Quad(quad.subject, quad.predicate, quad.object)) if self._merge else shape(quad)

    def _note(self, side: int, quads: list[Quad]) -> None:
        """Keep labels, and which statement node is about what."""
        texts = (
            (side, str(q.subject), self._ranks[q.predicate.value], q.object.language or "", q.object.value)
            for q in quads
            if q.predicate.value in self._ranks and isinstance(q.object, Literal)
        )
        self._many("INSERT INTO labels VALUES (?, ?, ?, ?, ?)", texts)
        about = ((q, _about(q)) for q in quads if q.predicate in (_ABOUT, _REIFIES))
        rows = ((side, str(q.subject), entity) for q, entity in about if entity and isinstance(q.subject, NamedNode))
        self._many("INSERT OR IGNORE INTO owners VALUES (?, ?, ?, 0)", rows)

    def _tie(self, one: Shape, parents: "array[int]") -> None:
        """Keep a statement with blank nodes, and that they hang together."""
        ids = [self._id(node, parents) for node in dict.fromkeys(one.nodes)]
        roots = [_root(parents, number) for number in ids]
        for root in roots:
            parents[root] = min(roots)
        self.db.execute("INSERT INTO tied VALUES (?, ?, ?)", (ids[0], one.text, "\n".join(one.nodes)))

    def _id(self, label: str, parents: "array[int]") -> int:
        row = self.db.execute("SELECT id FROM ids WHERE label = ?", (label,)).fetchone()
        if row:
            return int(row[0])
        parents.append(len(parents))
        self.db.execute("INSERT INTO ids VALUES (?, ?)", (label, len(parents) - 1))
        return len(parents) - 1

    def _name(self, side: int, parents: "array[int]") -> None:
        """Name the blank nodes, knot by knot."""
        self.db.create_function("root", 1, lambda number: _root(parents, number))
        self.db.execute("CREATE TEMP TABLE knots AS SELECT root(id) AS root, text, nodes FROM tied")
        self.db.execute("CREATE INDEX temp.knots_by ON knots (root)")
        rows = self.db.execute("SELECT root, text, nodes FROM knots ORDER BY root")
        for root, group in groupby(rows, key=lambda row: row[0]):
            shapes = [Shape(text, tuple(nodes.split("\n"))) for _, text, nodes in islice(group, MOST_KNOT)]
            rest = (Shape(text, tuple(nodes.split("\n"))) for _, text, nodes in group)
            self._take_knot(side, root, shapes, rest)
        self.db.execute("DROP TABLE knots")

    def _take_knot(self, side: int, root: int, shapes: list[Shape], rest: Iterator[Shape]) -> None:
        """Write one knot under names of its own, and what its nodes belong to."""
        more = next(rest, None)
        if more is not None:
            self.work.is_spent = True
            for one in (*shapes, more, *rest):
                self._write(side, one, {node: f"_:k{root}x{node}" for node in one.nodes})
            return
        digest, numbers = named(shapes, self.work)
        sql = "INSERT INTO met VALUES (?, 0) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times"
        (times,) = self.db.execute(sql, (digest,)).fetchone()
        names = {node: f"_:b{digest}{f'x{times}' if times else ''}n{number}" for node, number in numbers.items()}
        for one in shapes:
            self._write(side, one, names)
        rows = [tuple(one.filled(names).split("\t")) for one in shapes]
        owned = _owned([row[:3] for row in rows], sorted(names.values()))
        self._many("INSERT OR REPLACE INTO owners VALUES (?, ?, ?, ?)", ((side, *one) for one in owned))

    def _write(self, side: int, one: Shape, names: dict[str, str]) -> None:
        self.db.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, ?)", _row(side, one.filled(names)))

    def _many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        self.db.executemany(sql, rows)


def _row(side: int, text: str) -> tuple[object, ...]:
    return side, *text.split("\t")


def _root(parents: "array[int]", number: int) -> int:
    """The least number of what hangs together, with the way to it made shorter."""
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _about(quad: Quad) -> str:
    """What the statement is about that a statement node stands for; nothing where that is no IRI."""
    about = quad.object.subject if isinstance(quad.object, Triple) else quad.object
    return str(about) if isinstance(about, NamedNode) else ""


def _owned(rows: list[tuple[str, ...]], nodes: list[str]) -> Iterator[tuple[str, str, int]]:
    """Each node of a knot with the thing it belongs to, and whether it is told inside what points to it.

    A node belongs to the first thing that leads to it; else a statement node to what its statement is about.
    """
    inside: dict[str, list[str]] = {}
    about: dict[str, str] = {}
    for subject, predicate, target in rows:
        if target.startswith("_:") and target != subject:
            inside.setdefault(subject, []).append(target)
        if predicate in (str(_ABOUT), str(_REIFIES)) and subject.startswith("_:"):
            first = target.removeprefix("<<( ").partition(" ")[0]
            about.setdefault(subject, first if first.startswith("<") else "")
    pointed = {target for targets in inside.values() for target in targets}
    starts = [*sorted(one for one in inside if one.startswith("<")), *(n for n in nodes if n not in pointed), *nodes]
    done: set[str] = set()
    for start in starts:
        entity = start if start.startswith("<") else about.get(start, "")
        waiting = [start] if start not in done else []
        while waiting:
            here = waiting.pop()
            if here in done:
                continue
            done.add(here)
            if here.startswith("_:"):
                yield here, entity, int(here != start)
            waiting.extend(inside.get(here, ()))
