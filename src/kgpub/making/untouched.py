"""Facets and tables of classes that an edit does not touch: taken over from the last snapshot, not made anew.

What a snapshot says of a class depends on its members, on what is said of them and on a few names. Which classes an
edit touches is found by ``kgpub.making.touching``; this takes over what there is of the others.
"""

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from kgpub.linking import link
from kgpub.making import dumps, twins
from kgpub.making.dumps import Dump

_TAKE = (
    "INSERT INTO main.classes SELECT ?, iri, members, blank, statements, direct FROM last.classes WHERE id = ?",
    "INSERT INTO main.members SELECT ?, ordinal, iri FROM last.members WHERE class = ?",
)


@dataclass(frozen=True)
class Untouched:
    """The classes that are what they were: all but the ``touched`` ones, which are named in N-Triples notation.

    A class that the last snapshot, in ``folder``, has nothing of is made anew, whether it is touched or not.
    """

    folder: Path
    touched: frozenset[str]

    def __contains__(self, name: str) -> bool:
        """Whether a class, in N-Triples notation, is what it was."""
        return name not in self.touched


class FormerFacets:
    """The last snapshot's file of facets, attached to the one that is being written (``kgpub.making.faceting``)."""

    def __init__(self, db: sqlite3.Connection, last: Path | None) -> None:
        """Attach the file; where there is none, it has no classes."""
        self._db = db
        self.classes: dict[str, int] = {}
        """The number of each class in it, by its name in N-Triples notation."""
        if last is not None:
            db.execute("ATTACH ? AS last", (str(last),))
            self.classes = {f"<{iri}>": number for number, iri in db.execute("SELECT id, iri FROM last.classes")}

    def take(self, former: int, number: int) -> None:
        """Write all that the file has of a class under its new number, its facets under the next ones."""
        for sql in _TAKE:
            self._db.execute(sql, (number, former))
        twins.copy_facets(self._db, former, number, "last")


class FormerTables:
    """The last snapshot's tables of classes (``kgpub.making.class_tables``).

    A table is taken over if its SHA-256 is what the last list of dumps says. To look at size and time only would be
    quicker, but a file that has gone bad keeps both, and the new snapshot would give it a checksum of its own: nobody
    would ever learn of it. Reading a table costs a small part of what making it costs.
    """

    def __init__(self, last: Untouched | None, folder: Path) -> None:
        """Know the tables that there are; ``folder`` is that of the new snapshot's dumps."""
        self._last, self._folder = last, folder
        self._tables: dict[str, list[Dump]] = {}
        for one in dumps.read(last.folder / dumps.FOLDER) if last else ():
            if one.of:
                self._tables.setdefault(one.of, []).append(one)

    def take(self, of: str) -> list[Dump]:
        """Give the new snapshot the files of a class, as second names of the last one's: nobody ever writes in them.

        None where the class is touched, where it had no table, or where one of its files is not what it was.
        """
        found = self._tables.get(of, [])
        if self._last is None or f"<{of}>" not in self._last:
            return []
        there = self._last.folder / dumps.FOLDER
        if not all(_is_whole(there / one.name, one.sha256) for one in found):
            return []
        for one in found:
            link(there / one.name, self._folder / one.name)
        return found


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
