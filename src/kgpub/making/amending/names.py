"""Names, descriptions and lent names, after an edit."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, NamedNode, Store

from kgpub.kept.index import DESCRIPTION, INVERSE, LABEL
from kgpub.making import borrowing, filling
from kgpub.making.amending.around import Among, Around, Node, TooMuch
from kgpub.making.texts import Gathered, told
from kgpub.settings import Settings

_ORDER = "SELECT tag FROM places ORDER BY place"


def amend(db: sqlite3.Connection, around: Around, settings: Settings) -> frozenset[str]:
    """Alter ``texts``, ``languages`` and ``lent``; the IRIs that are called otherwise than they were."""
    words = settings.vocabulary
    labels = settings.paths(words.labels)
    having = around.having(labels)
    borrowers = _borrowers(around, settings, having)
    concerned = _iris(having | borrowers)
    before = {iri: _name(db, iri) for iri in concerned}
    _recount(db, around, settings, _named(having))
    _take_back(db, _named(borrowers))
    for kind, names, nodes in (
        (LABEL, words.labels, having),
        (DESCRIPTION, words.descriptions, around.having(settings.paths(words.descriptions))),
        (INVERSE, words.inverse_labels, around.having(settings.paths(words.inverse_labels))),
    ):
        _tell(db, around.edit.store, settings, kind, names, _named(nodes))
        if kind == LABEL and borrowers:
            among = Among(around.edit.store, _named(borrowers))
            borrowing.write(db, among, settings, lambda quad: filling.is_data(quad, around.hidden))
    db.execute("DROP TABLE temp.places")
    return frozenset(iri for iri in concerned if before[iri] != _name(db, iri))


def sought(around: Around, settings: Settings) -> frozenset[str]:
    """The IRIs that may be found by another text."""
    words = settings.vocabulary
    return frozenset(_iris(around.having(settings.paths((*words.labels, *words.alternatives, *words.descriptions)))))


def _tell(
    db: sqlite3.Connection, store: Store, settings: Settings, kind: int, names: Sequence[str], nodes: list[NamedNode]
) -> None:
    """Write the texts of one kind of some things anew."""
    if not nodes:
        return
    db.executemany("DELETE FROM texts WHERE iri = ? AND kind = ?", ((node.value, kind) for node in nodes))
    gathered = Gathered(db, store, nodes)
    filling.texts(db, gathered, settings, kind, names)
    gathered.close()


def _recount(db: sqlite3.Connection, around: Around, settings: Settings, nodes: list[NamedNode]) -> None:
    """Count the languages of names, which are in the order that they were in, and put them in it (``places``)."""
    found: Counter[str] = Counter()
    for path in settings.paths(settings.vocabulary.labels):
        found.update(one.text.language or "" for one in told(around.edit.store, path, nodes))
        found.subtract(one.text.language or "" for one in told(around.edit.before, path, nodes))
    filling.places(db, settings)
    before = db.execute(_ORDER).fetchall()
    sql = "INSERT INTO languages VALUES (?, ?) ON CONFLICT DO UPDATE SET names = names + excluded.names"
    db.executemany(sql, ((tag, number) for tag, number in found.items() if number))
    db.execute("DELETE FROM languages WHERE names = 0")
    db.execute("DROP TABLE temp.places")
    filling.places(db, settings)
    if db.execute(_ORDER).fetchall() != before:
        raise TooMuch  # the texts of every thing stand in the order of their languages


def _borrowers(around: Around, settings: Settings, having: set[Node]) -> set[Node]:
    """What may be lent another name than before: what leads, in two steps, to what is called or leads otherwise."""
    lending = settings.properties(settings.vocabulary.named_after)
    ways = [NamedNode(way) for way in lending]
    return around.leading(having | around.subjects(lending), ways, borrowing.STEPS) if ways else set()


def _take_back(db: sqlite3.Connection, nodes: list[NamedNode]) -> None:
    """Take back what was lent to some things; they have no name of their own that could go with it."""
    lent = [(node.value,) for node in nodes if db.execute("SELECT 1 FROM lent WHERE iri = ?", (node.value,)).fetchone()]
    db.executemany(f"DELETE FROM texts WHERE iri = ? AND kind = {LABEL}", lent)  # noqa: S608 # a number
    db.executemany("DELETE FROM lent WHERE iri = ?", lent)


def _name(db: sqlite3.Connection, iri: str) -> str | None:
    found = db.execute("SELECT texts FROM texts WHERE iri = ? AND kind = ?", (iri, LABEL)).fetchone()
    return found[0] if found else None


def _named(nodes: Iterable[NamedNode | BlankNode]) -> list[NamedNode]:
    return sorted((node for node in nodes if isinstance(node, NamedNode)), key=str)


def _iris(nodes: Iterable[Node]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, NamedNode)}
