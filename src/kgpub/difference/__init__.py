"""What differs between two datasets, told thing by thing; see ``ledger`` for how, ``blank`` for blank nodes and limits.

Everything large stays on disk: things are read one at a time, each with a bounded number of its changes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pyoxigraph import Triple

from kgpub.difference.inputs import Side
from kgpub.difference.ledger import NEW, OLD, Ledger
from kgpub.errors import SourceError
from kgpub.model import Labels
from kgpub.reading.tags import term

MOST_CHANGES = 2_000
"""Changes of one thing that are told; all are counted, and all stand in the patch."""

_DEEPEST, _WIDEST = 4, 50
_SIDES = {-1: OLD, 1: NEW}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LANGUAGE = re.compile(r'"@([A-Za-z0-9-]+)\Z')


@dataclass(frozen=True)
class Change:
    """One change: ``added``, ``removed``, ``changed`` (one value for one) or ``moved`` (to another graph).

    All terms are in N-Quads notation; a blank node as a value is what it says, between brackets. ``subject`` is the
    thing, or a statement node about it: then ``about`` is the property and the value of that statement. ``graph`` is
    where the statement stands, or stood; empty is the default graph. ``inside`` is what differs between two blank nodes
    of which one stands where the other stood.
    """

    kind: str
    subject: str
    predicate: str
    old: str = ""
    new: str = ""
    graph: str = ""
    new_graph: str = ""
    about: tuple[str, str] | None = None
    inside: tuple["Change", ...] = ()


@dataclass(frozen=True)
class Thing:
    """A thing that differs: ``added``, ``removed`` or ``changed``; ``more`` counts the statements that are not told.

    ``iri`` has its brackets; it is empty for statements of blank nodes that nothing leads to.
    """

    iri: str
    kind: str
    changes: tuple[Change, ...]
    more: int = 0


@dataclass(frozen=True)
class Counts:
    """How many things and statements differ; ``is_exact`` unless some blank nodes could not be told apart in time."""

    added: int
    removed: int
    changed: int
    statements_added: int
    statements_removed: int
    is_exact: bool

    @property
    def differ(self) -> bool:
        """Whether there is any difference."""
        return self.statements_added + self.statements_removed > 0


class _Row(NamedTuple):
    sign: int
    s: str
    p: str
    o: str
    g: str


@contextmanager
def compared(old: Side, new: Side, naming: tuple[str, ...], *, merge: bool = False) -> Iterator["Difference"]:
    """The difference of two sides, for as long as the block lasts.

    ``naming`` are the IRIs of properties that give labels, the better first; ``merge`` passes over names of graphs.
    Raises ``SourceError``.
    """
    with TemporaryDirectory(prefix="kgpub-diff-") as folder:
        ledger = Ledger(str(Path(folder) / "ledger.sqlite"), naming, merge=merge)
        try:
            for number, side in ((OLD, old), (NEW, new)):
                _take(ledger, number, side)
            ledger.compare()
            yield Difference(ledger)
        finally:
            ledger.close()


def _take(ledger: Ledger, number: int, side: Side) -> None:
    try:
        ledger.take(number, side.quads())
    except RecursionError as error:
        raise SourceError(side.name, "a triple term has too many others inside one another") from error


class Difference:
    """The difference of two sides."""

    def __init__(self, ledger: Ledger) -> None:
        self._db = ledger.db
        signs = dict(self._db.execute("SELECT sign, count(*) FROM changes GROUP BY sign"))
        kinds = {"added": 0, "removed": 0, "changed": 0}
        for (entity,) in self._db.execute("SELECT DISTINCT entity FROM changes"):
            kinds[self._kind(entity)] += 1
        self.counts = Counts(
            **kinds,
            statements_added=signs.get(1, 0),
            statements_removed=signs.get(-1, 0),
            is_exact=not ledger.work.is_spent,
        )

    def things(self) -> Iterator[Thing]:
        """The things that differ, in the order of their IRIs."""
        for (entity,) in self._db.execute("SELECT DISTINCT entity FROM changes ORDER BY entity"):
            sql = "SELECT sign, s, p, o, g FROM changes WHERE entity = ? AND nested = 0 ORDER BY s, p, o, g LIMIT ?"
            rows = [_Row(*row) for row in self._db.execute(sql, (entity, MOST_CHANGES))]
            count = "SELECT count(*) FROM changes WHERE entity = ? AND nested = 0"
            (every,) = self._db.execute(count, (entity,)).fetchone()
            changes = sorted(_paired(self._aligned(rows)), key=lambda c: (c.subject != entity, c.subject, c.predicate))
            told = tuple(self._told(one, entity) for one in changes)
            yield Thing(entity, self._kind(entity), told, every - len(rows))

    def patch(self) -> Iterator[str]:
        """The whole difference as lines of RDF Patch: what to delete, then what to add.

        Blank nodes have the names that ``kgpub.difference.blank`` gives them; the old side is to be named so first.
        """
        yield "TX ."
        for sign, letter in ((-1, "D"), (1, "A")):
            for row in self._db.execute("SELECT s, p, o, g FROM changes WHERE sign = ? ORDER BY s, p, o, g", (sign,)):
                yield f"{letter} {' '.join(filter(None, row))} ."
        yield "TC ."

    def statements(self, side: int) -> Iterator[str]:
        """The statements of a side as N-Quads, blank nodes named as in the patch, sorted."""
        for row in self._db.execute("SELECT s, p, o, g FROM said WHERE side = ? ORDER BY s, p, o, g", (side,)):
            yield f"{' '.join(filter(None, row))} ."

    def labels(self, iri: str) -> Labels:
        """The labels of an IRI (with brackets) in the new side, else in the old one, per language."""
        found: dict[str, str] = {}
        sql = "SELECT language, value FROM labels WHERE iri = ? ORDER BY side DESC, rank, language, value LIMIT 500"
        for language, value in self._db.execute(sql, (iri,)):
            found.setdefault(language.lower(), value)
        return found

    def _kind(self, entity: str) -> str:
        """Whether a thing is in one side only, as the subject of anything."""
        sql = "SELECT 1 FROM said WHERE s = ? AND side = ? LIMIT 1"
        is_old, is_new = (self._db.execute(sql, (entity, side)).fetchone() is not None for side in (OLD, NEW))
        return "changed" if is_old == is_new else "removed" if is_old else "added"

    def _aligned(self, rows: list[_Row]) -> list[_Row]:
        """The rows, an old blank statement node named like the new one, where both are the only ones of their side."""
        nodes: dict[tuple[str, str], dict[int, set[str]]] = {}
        for row in rows:
            about = self._about(row.s) if row.s.startswith("_:") else None
            if about is not None:
                nodes.setdefault(about, {}).setdefault(row.sign, set()).add(row.s)
        same = {
            sides[-1].pop(): sides[1].pop()
            for sides in nodes.values()
            if len(sides.get(-1, ())) == 1 and len(sides.get(1, ())) == 1
        }
        return [row._replace(s=same.get(row.s, row.s)) for row in rows]

    def _told(self, one: Change, entity: str) -> Change:
        """A change with what its blank nodes say, and what its statement node is about."""
        return replace(
            one,
            old=self._value(OLD, one.old),
            new=self._value(NEW, one.new),
            about=None if one.subject == entity else self._about(one.subject),
            inside=tuple(self._inside(one, 0)),
        )

    def _inside(self, one: Change, depth: int) -> Iterator[Change]:
        """What differs between two blank nodes, and inside of that; nothing for other values."""
        if one.kind != "changed" or depth > _DEEPEST or not (one.old.startswith("_:") and one.new.startswith("_:")):
            return
        sql = "SELECT ?, '', p, o, g FROM said WHERE s = ? AND side = ? ORDER BY p, o LIMIT ?"
        ends = ((-1, one.old, OLD), (1, one.new, NEW))
        rows = [_Row(*row) for sign, node, side in ends for row in self._db.execute(sql, (sign, node, side, _WIDEST))]
        sides: dict[int, set[tuple[str, str, str]]] = {-1: set(), 1: set()}
        for row in rows:
            sides[row.sign].add((row.p, self._value(_SIDES[row.sign], row.o), row.g))
        common = sides[-1] & sides[1]
        own = (row for row in rows if (row.p, self._value(_SIDES[row.sign], row.o), row.g) not in common)
        for inner in _paired(own):
            yield replace(
                inner,
                old=self._value(OLD, inner.old),
                new=self._value(NEW, inner.new),
                inside=tuple(self._inside(inner, depth + 1)),
            )

    def _about(self, node: str) -> tuple[str, str] | None:
        """The property and the value of the statement that a node stands for, in the new side if it is there."""
        sql = "SELECT p, o FROM said WHERE s = ? AND p IN (?, ?, ?) ORDER BY side DESC, p, o LIMIT 10"
        names = tuple(f"<{_RDF}{name}>" for name in ("predicate", "object", "reifies"))
        found: dict[str, str] = {}
        for predicate, target in self._db.execute(sql, (node, *names)):
            found.setdefault(predicate, target)
        if names[0] in found and names[1] in found:
            return found[names[0]], found[names[1]]
        quoted = term(found[names[2]]) if names[2] in found else None
        return (str(quoted.predicate), str(quoted.object)) if isinstance(quoted, Triple) else None

    def _value(self, side: int, text: str, depth: int = 0) -> str:
        """A term; of a blank node, what is said of it, a bounded part."""
        if not text.startswith("_:") or depth > _DEEPEST:
            return text
        sql = "SELECT p, o FROM said WHERE s = ? AND side = ? ORDER BY p, o LIMIT ?"
        rows = self._db.execute(sql, (text, side, _WIDEST)).fetchall()
        return f"[ {' ; '.join(f'{p} {self._value(side, o, depth + 1)}' for p, o in rows)} ]" if rows else "[]"


def iri(text: str) -> str:
    """An IRI without its brackets; any other text as it is."""
    return text[1:-1] if text.startswith("<") and not text.startswith("<<") else text


def _paired(rows: Iterable[_Row]) -> Iterator[Change]:
    """Rows as changes: the same statement in another graph, one value for one of the same language, one for one."""
    left = list(rows)
    ways = ((_same, "moved"), (_same_language, "changed"), (_same_property, "changed"))
    for key, kind in ways:
        groups: dict[tuple[str, ...], list[_Row]] = {}
        for row in left:
            groups.setdefault(key(row), []).append(row)
        left = []
        for group in groups.values():
            if sorted(row.sign for row in group) == [-1, 1]:
                old, new = sorted(group)
                if old[1:] == new[1:]:
                    continue  # of a blank node that is named alike now
                yield Change(kind, old.s, old.p, old.o, new.o, old.g, new.g)
            else:
                left.extend(group)
    for row in left:
        if row.sign < 0:
            yield Change("removed", row.s, row.p, old=row.o, graph=row.g)
        else:
            yield Change("added", row.s, row.p, new=row.o, graph=row.g)


def _same(row: _Row) -> tuple[str, ...]:
    return row.s, row.p, row.o


def _same_language(row: _Row) -> tuple[str, ...]:
    tag = _LANGUAGE.search(row.o)
    return row.s, row.p, row.g, tag[1] if tag else row.o[:1]


def _same_property(row: _Row) -> tuple[str, ...]:
    return row.s, row.p, row.g


def graphs(change: Change) -> Mapping[str, str]:
    """Where a change stands, for a machine; what is empty is left out."""
    pairs = {"graph": change.graph, "new_graph": change.new_graph if change.kind == "moved" else ""}
    return {name: iri(graph) for name, graph in pairs.items() if graph}
