"""Altering the look-up file of the last snapshot after an edit, row by row, so that it costs what the edit is large.

Each module concerns some tables: it finds the rows that quads which came or went may have changed, and fills these
again with what fills them in a full build, out of as much of the store as they need. What that may be is told by what a
row is made of, and is rather too much than too little; where it is more than ``around.MOST`` nodes, or an order that
all rows have in common is another one, ``TooMuch`` is raised and the file is filled anew.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode

from kgpub.kept import thesaurus
from kgpub.kept.retirement import fates
from kgpub.making import arranging, filling
from kgpub.making.amending import marks, names, originals, plots, pointers, sources, totals
from kgpub.making.amending.around import Around, TooMuch
from kgpub.making.amending.totals import Standing
from kgpub.making.edits import Edit
from kgpub.settings import Settings

__all__ = ["Amended", "TooMuch", "amend"]

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_TABLES = tuple(line.split()[2] for line in thesaurus.SCHEMA.splitlines() if line.startswith("CREATE TABLE"))


@dataclass(frozen=True)
class Amended:
    """What has become of the rows.

    ``renamed`` are the IRIs that are called otherwise, ``marked`` the nodes (N-Triples) that are statement nodes now or
    were before, not both; ``standing`` the things that came and went, ``sought`` what search may find otherwise.
    """

    renamed: frozenset[str]
    marked: frozenset[str]
    standing: Standing
    sought: frozenset[str]
    is_sourced_anew: bool
    """Whether it was asked again where statements and graphs come from."""


def amend(db: sqlite3.Connection, edit: Edit, settings: Settings, hidden: frozenset[str], folder: Path) -> Amended:
    """Alter a copy of the last look-up file; raises ``TooMuch``.

    ``hidden`` graphs hold shapes, as they did before; ``folder`` is that of the snapshot.
    """
    store = edit.store
    around = Around(edit, hidden)
    marked = marks.amend(db, around)
    originals.amend(db, edit)
    plots.amend(db, around, settings)
    renamed = names.amend(db, around, settings)
    pointed = around.pointed | pointers.objects(around, marked)
    pointers.amend(db, around, settings, renamed, pointed)
    _arrange(db, edit, settings, hidden, renamed)
    filling.layouts(db, store, settings, hidden)
    if not edit.stated.isdisjoint(filling.measures(settings)):
        db.execute("DELETE FROM quantities")
        filling.quantities(db, store, settings, hidden)
    standing = totals.amend(db, around, marked)
    retired = _retire(db, edit, settings, hidden)
    is_sourced_anew = sources.renew(db, around, settings, folder)
    sought = chain(around.named, renamed, pointed, retired, names.sought(around, settings))
    return Amended(renamed, frozenset(marked.flipped), standing, frozenset(sought), is_sourced_anew)


def _arrange(
    db: sqlite3.Connection, edit: Edit, settings: Settings, hidden: frozenset[str], renamed: Iterable[str]
) -> None:
    """Write the thesauri anew where a step, a concept, a scheme or one of their names is another one."""
    if not arranging.concerns(settings, edit.stated, _types(edit)):
        sql = "SELECT 1 FROM concepts WHERE iri = ?1 UNION ALL SELECT 1 FROM schemes WHERE iri = ?1"
        if not any(db.execute(sql, (iri,)).fetchone() for iri in renamed):
            return
    for table in _TABLES:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 # of the schema
    arranging.write(db, edit.store, settings, hidden)


def _types(edit: Edit) -> set[str]:
    """The classes that something came to be of, or no longer is."""
    typed = (quad.object for quad in (*edit.come, *edit.gone) if quad.predicate.value == _TYPE)
    return {one.value for one in typed if isinstance(one, NamedNode)}


def _retire(db: sqlite3.Connection, edit: Edit, settings: Settings, hidden: frozenset[str]) -> set[str]:
    """Write anew what becomes of deprecated things; the IRIs of which it is not what it was."""
    before = set(db.execute("SELECT iri, outcome, target FROM fates"))
    db.execute("DELETE FROM fates")

    def has_parts(iri: str) -> bool:
        return db.execute("SELECT 1 FROM fragments WHERE document = ?", (iri,)).fetchone() is not None

    rows = ((fate.iri, fate.outcome, fate.target) for fate in fates(edit.store, hidden, settings.iris, has_parts))
    db.executemany("INSERT OR IGNORE INTO fates VALUES (?, ?, ?)", rows)
    return {row[0] for row in before ^ set(db.execute("SELECT iri, outcome, target FROM fates"))}
