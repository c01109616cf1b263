"""Writing the look-up file of a snapshot: what was noted while loading and what is asked of the loaded store.

Whatever grows with the graph is sorted by SQLite, never in memory.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from kgpub.kept.index import DESCRIPTION, INVERSE, LABEL
from kgpub.kept.retirement import fates
from kgpub.making import arranging, borrowing, filling, findable, plotting, sourcing, stating
from kgpub.making.edits import Edit
from kgpub.making.noting import Notes
from kgpub.making.paging import LARGE, USUAL, WORK
from kgpub.making.texts import Gathered
from kgpub.model import KEPT
from kgpub.searching.documents import Entry
from kgpub.settings import Settings

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = NamedNode(_RDF + "type")
_RENAMED = (
    "SELECT iri FROM (SELECT iri, texts FROM {0}.texts WHERE kind = 0 EXCEPT SELECT iri, texts FROM {1}.texts"
    " WHERE kind = 0)"
)
_MARKED = "SELECT node FROM {0}.statements EXCEPT SELECT node FROM {1}.statements"
_BOTH_WAYS = (("main", "last"), ("last", "main"))


class IndexWriter:
    """The look-up file while it is being made."""

    def __init__(
        self, path: Path, settings: Settings, hidden: frozenset[str], capitals: frozenset[str] = frozenset()
    ) -> None:
        """Start an empty file; ``hidden`` graphs hold shapes, not data.

        ``capitals`` are the language tags, lowered, that the sources write with capitals.
        """
        self._settings, self._hidden = settings, hidden
        self._db = sqlite3.connect(path)
        self._db.executescript(LARGE + WORK + filling.TABLES)
        self.notes = Notes(self._db, settings.base, capitals)
        """What was noted of the quads that were added."""

    def add(self, quads: Sequence[Quad], merged: Iterable[Quad], graph: str) -> None:
        """Take in quads of the sources, and those among them whose triples belong to the default graph.

        ``graph`` is the one that all of them stand in; empty where there may be several.
        """
        self.notes.add(quads, merged, self._hidden, graph)

    def fill(self, store: Store, edit: Edit | None = None) -> None:
        """Write everything that is read off the loaded store; ``edit`` is what has changed, where that is known."""
        hidden, db, settings = self._hidden, self._db, self._settings
        self.notes.settle()
        plotting.write(db, store, settings, hidden, self.notes.typed())
        self.notes.keep_originals()
        vocabulary = settings.vocabulary
        gathered = self._gathered = Gathered(db, store)
        filling.languages(db, gathered, settings)
        filling.texts(db, gathered, settings, LABEL, vocabulary.labels)
        borrowing.write(db, store, settings, lambda quad: filling.is_data(quad, hidden))
        filling.texts(db, gathered, settings, DESCRIPTION, vocabulary.descriptions)
        filling.texts(db, gathered, settings, INVERSE, vocabulary.inverse_labels)
        filling.links(db)
        filling.hubs(db, settings)
        arranging.write(db, store, settings, hidden)
        filling.layouts(db, store, settings, hidden)
        filling.quantities(db, store, settings, hidden)
        self._statistics(store, hidden, edit)
        found = fates(store, hidden, self._settings.iris, self._has_parts)
        rows = ((fate.iri, fate.outcome, fate.target) for fate in found)
        self._db.executemany("INSERT OR IGNORE INTO fates VALUES (?, ?, ?)", rows)

    def ask_sources(self, store: Store, edit: Edit | None = None) -> None:
        """Write where statements come from, which is asked of the loaded store."""
        sourcing.write(self._db, store, self._settings, edit)

    def take_sources(self, folder: Path) -> None:
        """Write where statements come from, as ``sourcing.write_apart`` found; the whole file can be read then."""
        self._db.commit()  # no file is attached while something is being written
        sourcing.take(self._db, folder)
        self._db.commit()

    def retired(self) -> Iterator[str]:
        """The deprecated things whose addresses describe them no longer, in the order of their IRIs."""
        rows = self._db.execute("SELECT iri FROM fates WHERE outcome != ? ORDER BY iri", (KEPT,))
        return (iri for (iri,) in rows)

    def _has_parts(self, iri: str) -> bool:
        return self._db.execute("SELECT 1 FROM fragments WHERE document = ?", (iri,)).fetchone() is not None

    def entries(self, store: Store) -> Iterator[Entry]:
        """What search indexes: every thing with a name or a description that is no statement node."""
        return findable.entries(self._db, store, self._gathered, self._settings, self._hidden)

    def differences(self, last: Path) -> tuple[frozenset[str], frozenset[str]]:
        """The IRIs whose names are not what they were, and the nodes that are statement nodes either now or then only.

        ``last`` is the folder of another snapshot; nodes are in N-Triples notation.
        """
        self._db.commit()  # no file is attached while something is being written
        self._db.execute("ATTACH ? AS last", (str(last / "index.sqlite"),))
        told, marked = (
            frozenset(row[0] for here, there in _BOTH_WAYS for row in self._db.execute(sql.format(here, there)))
            for sql in (_RENAMED, _MARKED)
        )
        self._db.commit()
        self._db.execute("DETACH last")
        return told, marked

    def commit(self) -> None:
        """Have all of the file where others can read it."""
        self._db.commit()

    def close(self) -> None:
        """Finish the file: compact, and readable without a journal."""
        self._db.commit()
        self._db.execute("PRAGMA optimize")
        self._db.commit()
        self._db.execute(USUAL)
        self._db.execute("VACUUM")
        self._db.close()

    def _statistics(self, store: Store, hidden: frozenset[str], edit: Edit | None) -> None:
        """Count what pages and self-descriptions need; each count leaves shapes and statement nodes' links out."""
        one = self._db.execute
        classes = one(
            "SELECT object, count(*) FROM links WHERE predicate = ? GROUP BY 1 ORDER BY 2 DESC, 1", (_TYPE.value,)
        ).fetchall()
        said = stating.stated(self._db, store, hidden, edit)
        one("INSERT INTO fragments SELECT substr(iri, 1, instr(iri, '#') - 1), iri FROM subjects WHERE iri LIKE '%#%'")
        (entities,) = one(
            "SELECT count(*) FROM subjects WHERE '<' || iri || '>' NOT IN (SELECT node FROM statements)"
        ).fetchone()
        figures = {
            "triples": sum(one.count for one in said.properties),
            "entities": entities,
            "graphs": [(one.iri, one.count) for one in said.graphs],
            "classes": classes,
            "properties": [(one.iri, one.count) for one in said.properties],
        }
        self._db.executemany("INSERT INTO statistics VALUES (?, ?)", ((k, json.dumps(v)) for k, v in figures.items()))
