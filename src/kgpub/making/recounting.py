"""What was counted of the last snapshot and is the same now, so that after an edit only what it touches is counted.

What is said of the members of a class holds while no triple about one of them came or went, how a property is used
while none of its triples did. How many subjects, objects and classes there are differs by those of the triples that
came or went. Where the last figures leave something out, since there was too much of it, it is counted anew.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Triple

from kgpub.kept.partitions import FILE, Partitions, PartitionsFile, Usage
from kgpub.making import tallies
from kgpub.making.edits import Edit
from kgpub.making.members import Members
from kgpub.making.noting import Outward, away, space
from kgpub.model import KEPT, Counted, Term

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_RETIRED_BEFORE = "SELECT iri FROM last.fates WHERE outcome != ?1"
_ALTERED = (
    f"SELECT iri FROM (SELECT iri FROM temp.retired EXCEPT {_RETIRED_BEFORE})"  # noqa: S608 # the lines above
    f" UNION ALL SELECT iri FROM ({_RETIRED_BEFORE} EXCEPT SELECT iri FROM temp.retired)"
)


_GRAPH = DefaultGraph()
_Pattern = tuple[NamedNode | BlankNode | Triple | None, NamedNode | None, Term | Triple | None]


class Told(NamedTuple):
    """How much is said of the members of a class: triples, different objects, and by which properties."""

    triples: int
    objects: int
    inside: tuple[Usage, ...]


class Kept:
    """The figures of the last snapshot, as far as an edit leaves them alone; None is said of what is to be counted."""

    def __init__(self, edit: Edit, db: sqlite3.Connection) -> None:
        """Read them; ``db`` has the table ``retired``, of things that have no page any more."""
        file = PartitionsFile(edit.last / FILE)
        self._last, self._edit = file.figures, edit
        file.close()
        self._uses = {one.iri: one for one in self._last.by_property if one.iri not in edit.predicates}
        self._parts = {part.iri: (number, part) for number, part in enumerate(self._last.by_class)}
        self._touched = edit.classes(edit.subjects)
        with edit.attached(db, "index.sqlite"):
            altered = frozenset(f"<{iri}>" for (iri,) in db.execute(_ALTERED, (KEPT,)))
        self._reshown = self._touched | edit.classes(edit.marked | altered)

    def leaving(self, properties: Iterable[str]) -> Partitions | None:
        """The last figures, which hold of whatever is read off the triples of these properties."""
        return self._last if self._edit.predicates.isdisjoint(properties) else None

    def properties(self) -> list[Counted] | None:
        """All properties and their triples, the most used first."""
        if len(self._last.by_property) != self._last.properties:
            return None
        for iri in self._edit.predicates:
            self._uses[iri] = tallies.usage(self._edit.store, iri)
        return _ordered(Counted(one.iri, one.triples) for one in self._uses.values())

    def usage(self, iri: str) -> Usage | None:
        """How a property is used."""
        return self._uses.get(iri)

    def classes(self, members: Members) -> list[Counted] | None:
        """All classes that are IRIs and their members, the largest first."""
        if len(self._last.by_class) != self._last.classes:
            return None
        touched = {term[1:-1] for term in self._touched if term.startswith("<")}
        found = {part.iri: part.entities for _, part in self._parts.values() if part.iri not in touched}
        return _ordered(Counted(iri, count) for iri, count in (found | {i: members.count(i) for i in touched}).items())

    def told(self, iri: str, most: int | None) -> Told | None:
        """What is said of a class's members; by which properties, where it is among the ``most`` largest."""
        if f"<{iri}>" in self._touched or iri not in self._parts:
            return None
        number, part = self._parts[iri]
        if most is None:
            return Told(part.triples, part.objects, ())
        return Told(part.triples, part.objects, part.properties) if number < most else None

    def example(self, iri: str) -> str | None:
        """The member of a class that stands for it; empty where none can."""
        return None if f"<{iri}>" in self._reshown or iri not in self._parts else self._parts[iri][1].example

    def linksets(self, base: str, most: int) -> list[Outward] | None:
        """Where links lead to from things below the ``base``, the ``most`` frequent pairs of property and place."""
        if len(self._last.linksets) >= most:
            return None
        found = Counter({(one.predicate, one.space): one.triples for one in self._last.linksets})
        for store, count in ((self._edit.before, found.subtract), (self._edit.store, found.update)):
            links = set(away((quad for quad in self._edit.triples if quad in store), base))
            count((predicate, place) for _, predicate, target in links if (place := space(target)))
        left = (Outward(*pair, links) for pair, links in found.items() if links)
        return sorted(left, key=lambda one: (-one.links, one.predicate, one.space))[:most]

    def whole(self, used: Sequence[Counted]) -> dict[str, int]:
        """What ``tallies.whole`` counts of a graph whose properties are ``used``."""
        last, triples = self._last, self._edit.triples
        gone, new = self._standing({(one.subject, None, None) for one in triples}, 0)
        lost, won = self._standing({(None, None, one.object) for one in triples}, 2)
        left, come = self._standing({(None, _TYPE, one.object) for one in triples if one.predicate == _TYPE}, 2)
        return {
            "triples": sum(one.count for one in used),
            "properties": len(used),
            "distinctSubjects": last.subjects + len(new) - len(gone),
            "entities": last.entities + _named(new) - _named(gone),
            "distinctObjects": last.objects + len(won) - len(lost),
            "classes": last.classes + len(come) - len(left),
        }

    def _standing(self, patterns: set[_Pattern], place: int) -> tuple[set[object], set[object]]:
        """What stands at a place of the triples that match, before and now.

        It is told by the stores, to which two ways to write a number are one.
        """
        before, now = (
            {quad[place] for pattern in patterns for quad in islice(store.quads_for_pattern(*pattern, _GRAPH), 1)}
            for store in (self._edit.before, self._edit.store)
        )
        return before, now


def _named(terms: Iterable[object]) -> int:
    return sum(isinstance(term, NamedNode) for term in terms)


def _ordered(counted: Iterable[Counted]) -> list[Counted]:
    """What is there at all, the most first, as the engine would tell it."""
    return sorted((one for one in counted if one.count), key=lambda one: (-one.count, one.iri))
