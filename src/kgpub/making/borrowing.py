"""Names that are lent: what a thing without a name and with a code for an IRI is called after.

Many graphs name the work that a thing was drawn from and not the thing. A lent name is the work's with the thing's own
code behind it; it stands among the names, so that lists, search and thesauri use it, and is marked as lent, so that no
document states it.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby, islice

from pyoxigraph import BlankNode, NamedNode, Quad

from kgpub.iris import short_name
from kgpub.making.stored import Quads
from kgpub.making.texts import own
from kgpub.model import Labels
from kgpub.settings import Settings

STEPS = 2
"""How far away a name is lent from."""
_MOST = 20
"""Most statements of one kind that are looked at on the way."""
_LONGEST = 120
"""Characters of a lent name; more would be a sentence."""
_OWN = "SELECT texts FROM texts WHERE iri = ?1 AND kind = 0 AND NOT EXISTS (SELECT 1 FROM lent WHERE iri = ?1)"


def write(db: sqlite3.Connection, store: Quads, settings: Settings, is_data: Callable[[Quad], bool]) -> None:
    """Add lent names to ``texts``, which holds the things' own, and note them in ``lent``."""
    lender = _Lender(db, store, settings, is_data)
    db.execute("CREATE TEMP TABLE lending (iri TEXT, texts TEXT)")
    db.executemany("INSERT INTO lending VALUES (?, ?)", lender.lent())
    db.execute("INSERT OR IGNORE INTO texts SELECT iri, 0, texts FROM lending")
    db.execute("INSERT OR IGNORE INTO lent SELECT iri FROM lending")
    db.execute("DROP TABLE lending")


class _Lender:
    """What lends names, with the look-up file being written and the loaded store."""

    def __init__(
        self, db: sqlite3.Connection, store: Quads, settings: Settings, is_data: Callable[[Quad], bool]
    ) -> None:
        self._db, self._store, self._is_data = db, store, is_data
        self._ways = [NamedNode(name) for name in settings.properties(settings.vocabulary.named_after)]
        self._names = settings.paths(settings.vocabulary.labels)

    def lent(self) -> Iterator[tuple[str, str]]:
        """Things and the names they are lent, the way that is named earlier first."""
        for way in self._ways:
            quads = (quad for quad in self._store.quads_for_pattern(None, way, None, None) if self._is_data(quad))
            for (subject, _), group in groupby(quads, key=lambda quad: (quad.subject, quad.object)):
                if isinstance(subject, NamedNode) and _is_code(subject.value) and not self._own(subject.value):
                    found = self._first((quad.object for quad in islice(group, _MOST)), STEPS)
                    if found:
                        yield subject.value, json.dumps(_lent(found, subject.value), ensure_ascii=False)

    def _own(self, iri: str) -> Labels:
        row = self._db.execute(_OWN, (iri,)).fetchone()
        found: Labels = json.loads(row[0]) if row else {}
        return found

    def _first(self, things: Iterator[object], steps: int) -> Labels:
        """The names of the first of some things that has any, by itself or one step on."""
        nodes = [one for one in things if isinstance(one, NamedNode | BlankNode)]
        found = (self._named(one) or (self._beyond(one, steps - 1) if steps > 1 else {}) for one in nodes)
        return next((names for names in found if names), {})

    def _beyond(self, node: NamedNode | BlankNode, steps: int) -> Labels:
        quads = (quad for way in self._ways for quad in self._of(node, way))
        return self._first((quad.object for quad in quads), steps)

    def _named(self, node: NamedNode | BlankNode) -> Labels:
        if isinstance(node, NamedNode):
            return self._own(node.value)
        texts = (text for path in self._names for text in own(self._store, node, path))
        named: dict[str, str] = {}
        for text in texts:
            named.setdefault(text.language or "", text.value)
        return named

    def _of(self, node: NamedNode | BlankNode, way: NamedNode) -> list[Quad]:
        found = (quad for quad in self._store.quads_for_pattern(node, way, None, None) if self._is_data(quad))
        return sorted(islice(found, _MOST), key=str)


def _is_code(iri: str) -> bool:
    """Whether the last part of an IRI has a digit, so that a reader can make nothing of it."""
    return any(map(str.isdigit, short_name(iri)))


def _lent(names: Labels, iri: str) -> Labels:
    """The names with the code of the thing behind them, which tells several things of one work apart."""
    return {
        tag: f"{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'} · {short_name(iri)}"
        for tag, text in names.items()
    }
