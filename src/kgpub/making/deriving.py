"""What is made of the loaded store of a snapshot: look-up file, counts, search index, facets, tables.

Where the graph is large and there is a second processor, a process of its own (``kgpub.making.alongside``) does what
nothing else waits for: it asks where statements come from while the look-up file is filled, and makes facets and tables
while things are counted and written to the search index. What is made is the same.
"""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from kgpub.kept import passages, unlisted
from kgpub.kept.partitions import FILE as PARTITIONS
from kgpub.linking import link
from kgpub.making import class_tables, counting, faceting, sourcing
from kgpub.making.alongside import Alongside, processors
from kgpub.making.amending.index import AmendedIndex, made
from kgpub.making.counting import Noted
from kgpub.making.edits import Edit
from kgpub.making.indexing import IndexWriter
from kgpub.making.loading import Progress
from kgpub.making.members import Members
from kgpub.making.touching import SEARCH, are_whole, former_search, untouched_facets, untouched_tables
from kgpub.searching import writing
from kgpub.settings import Settings

LEAST = 10_000_000
"""Bytes of N-Quads that a graph has to have to be worth a second process, which takes half a second to begin."""
_MEMBERS, _APART = "members.sqlite", "members-apart.sqlite"


@dataclass(frozen=True)
class Work:
    """A snapshot in the making, in a folder, whose store is loaded.

    ``hidden`` graphs hold shapes, those ``merged`` are in the default graph (N-Triples notation). ``size`` is how much
    it holds, in bytes of N-Quads. ``edit`` is what has changed since the last snapshot, if that is known and not much.
    """

    folder: Path
    store: Store
    settings: Settings
    hidden: frozenset[str]
    merged: frozenset[str]
    size: int
    tell: Progress
    edit: Edit | None

    @property
    def is_shared(self) -> bool:
        """Whether another process does part of it."""
        return self.edit is None and self.size >= LEAST and processors() > 1


def amended(work: Work) -> AmendedIndex | None:
    """The look-up file made of the last one, where that can be: the search index has to be as well."""
    if work.edit is None or former_search(work.edit) is None:
        return None
    return made(work.folder, work.edit, work.settings, work.hidden)


def derive(work: Work, index: IndexWriter | AmendedIndex) -> None:
    """Fill the look-up file, and write all that is counted and found with it; the ``index`` is closed.

    One that was made of the last snapshot's is filled already.
    """
    if isinstance(index, AmendedIndex):
        _rest(work, index, index, index.edit)
    elif work.is_shared:
        _in_two(work, index)
    else:
        index.fill(work.store, work.edit)
        index.ask_sources(work.store, work.edit)
        _rest(work, index, index.notes, work.edit and work.edit.named(*index.differences(work.edit.last)))


def _rest(work: Work, index: IndexWriter | AmendedIndex, noted: Noted, edit: Edit | None) -> None:
    """Write what is made with the filled look-up file, all in this process."""
    folder, store = work.folder, work.store
    with Members(folder / _MEMBERS, store, noted.statements, by_class=edit is not None) as members:
        _count(work, index, noted, members, edit)
        index.commit()
        work.tell("facets", 0)
        _write_facets(folder, store, members, work.settings, edit)
        _write_passages(folder, index)
        tables = untouched_tables(edit)
        class_tables.write(folder, store, members, work.settings, work.merged, work.tell, tables)
    index.close()


def _in_two(work: Work, index: IndexWriter) -> None:
    folder, store = work.folder, work.store
    with Alongside(sourcing.write_apart, folder, work.settings) as asked:
        index.fill(store)
        asked.wait()
    index.take_sources(folder)
    with Members(folder / _MEMBERS, store, index.notes.statements) as members:
        members.copy(folder / _APART)
        with Alongside(_tabulate, folder, work.settings, work.merged) as tabulated:
            _count(work, index, index.notes, members, None)
            work.tell("facets", 0)
            tabulated.wait()
    index.close()


def _count(work: Work, index: IndexWriter | AmendedIndex, noted: Noted, members: Members, edit: Edit | None) -> None:
    """Write what is counted, and what search finds."""
    folder, store, settings = work.folder, work.store, work.settings
    work.tell("count", 0)
    left_out = unlisted.things(store, settings.properties(settings.pages.noindex), work.hidden)
    told = {"retired": index.retired(), "unlisted": left_out}
    counting.write(folder / PARTITIONS, store, noted, members, settings, **told, edit=edit)
    work.tell("search", 0)
    former = former_search(edit)
    if isinstance(index, AmendedIndex):
        writing.write(folder / SEARCH, index.entries(), former, index.sought)
    else:
        writing.write(folder / SEARCH, index.entries(store), former)


def _tabulate(folder: Path, settings: Settings, merged: frozenset[str]) -> None:
    """Write facets and tables, in a process of its own; the look-up file is filled, and nobody writes to it."""
    store = Store.read_only(str(folder / "store"))
    with Members(folder / _APART, store) as members:
        _write_facets(folder, store, members, settings)
        passages.write(folder)
        class_tables.write(folder, store, members, settings, merged, lambda *_: None, None)


def _write_facets(folder: Path, store: Store, members: Members, settings: Settings, edit: Edit | None = None) -> None:
    """Write facets, for which the look-up file is read."""
    faceting.add(folder, store, members, settings.languages, untouched_facets(edit))


def _write_passages(folder: Path, index: IndexWriter | AmendedIndex) -> None:
    """Write passages of documents off the look-up file, or take over those of the last snapshot."""
    if isinstance(index, AmendedIndex) and not index.is_sourced_anew and are_whole(index.edit.last, passages.FILE):
        link(index.edit.last / passages.FILE, folder / passages.FILE)
    else:
        passages.write(folder)
