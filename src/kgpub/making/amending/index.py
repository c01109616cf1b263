"""The look-up file that an edit left, and what those who make the other files of a snapshot want to know of it."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pyoxigraph import DefaultGraph

from kgpub.kept.partitions import FILE as PARTITIONS
from kgpub.making import noting
from kgpub.making.amending import Amended, TooMuch, amend, sought
from kgpub.making.amending.around import Around
from kgpub.making.edits import Edit
from kgpub.making.filling import TABLES
from kgpub.making.noting import Notes, Outward
from kgpub.making.paging import WORK
from kgpub.model import KEPT
from kgpub.searching.documents import Entry
from kgpub.settings import Settings

FILE = "index.sqlite"
_LOOSE = 10
"""A file of which one page in so many is free is made compact."""


class AmendedIndex:
    """A look-up file that was made of the last one."""

    def __init__(
        self, db: sqlite3.Connection, edit: Edit, amended: Amended, settings: Settings, hidden: frozenset[str]
    ) -> None:
        """Tell of a file that was altered in ``db``; ``hidden`` graphs hold shapes."""
        self._db, self._settings, self._hidden = db, settings, hidden
        self._amended = amended
        self.edit = edit.named(amended.renamed, amended.marked)
        """The edit, with what is known of names and statement nodes."""
        self.sought = amended.sought
        """The IRIs that search may find otherwise."""
        self.is_sourced_anew = amended.is_sourced_anew
        """Whether it was asked again where statements and graphs come from."""

    def subjects(self) -> Iterator[str]:
        """The things below the base, as ``Notes`` would tell them."""
        with closing(sqlite3.connect(self.edit.last / PARTITIONS)) as last:
            there = (iri for (iri,) in last.execute("SELECT iri FROM entities ORDER BY iri"))
            yield from (iri for iri in there if iri not in self._amended.standing.gone)
        yield from sorted(self._amended.standing.come)

    def outward(self, most: int) -> Iterator[Outward]:
        """Where links of the default graph lead to, as ``Notes`` would tell it."""
        notes = Notes(self._db, self._settings.base)
        notes.merge(self.edit.store.quads_for_pattern(None, None, None, DefaultGraph()))
        return notes.outward(most)

    def statements(self, nodes: Sequence[str]) -> frozenset[str]:
        """Those of some IRIs and blank nodes (N-Triples notation) that are statement nodes."""
        return noting.statements(self._db, nodes)

    def retired(self) -> Iterator[str]:
        """The deprecated things whose addresses describe them no longer, in the order of their IRIs."""
        rows = self._db.execute("SELECT iri FROM fates WHERE outcome != ? ORDER BY iri", (KEPT,))
        return (iri for (iri,) in rows)

    def entries(self) -> Iterator[Entry]:
        """What search indexes of the things that it may find otherwise."""
        return sought.entries(self._db, Around(self.edit, self._hidden), self._settings, self.sought)

    def commit(self) -> None:
        """Have all of the file where others can read it."""
        self._db.commit()

    def close(self) -> None:
        """Finish the file: compact, but for a few pages, and readable without a journal."""
        self._db.commit()
        free, pages = (self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
        if free * _LOOSE >= pages:
            self._db.execute("VACUUM")
        self._db.close()


def made(folder: Path, edit: Edit, settings: Settings, hidden: frozenset[str]) -> AmendedIndex | None:
    """The look-up file of a snapshot in ``folder``, made of the last one; None, and no file, where that cannot be.

    It can where all that differs is known for certain (``Edit.is_plain``) and the same graphs are ``hidden``.
    """
    if not edit.is_plain or edit.hidden_before() != hidden or not _is_known(edit.last / FILE):
        return None
    shutil.copyfile(edit.last / FILE, folder / FILE)
    db = sqlite3.connect(folder / FILE)
    try:
        db.executescript(WORK)
        return AmendedIndex(db, edit, amend(db, edit, settings, hidden, folder), settings, hidden)
    except TooMuch:
        db.close()
        (folder / FILE).unlink()
        return None
    except BaseException:  # whatever ends the build: the file is not held open, so that its folder can go
        db.close()
        raise


def _is_known(path: Path) -> bool:
    """Whether a look-up file has the tables that this version writes."""
    with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(":memory:")) as ours:
        ours.executescript(TABLES)
        sql = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        there, wanted = (set(one.execute(sql)) for one in (db, ours))
        return there == wanted
