"""Where statements come from, after an edit.

Where the question only looks forward from a statement node (``kgpub.making.reaching``), it is asked of a store that has
what the edit's statements lead to, and nothing else; else of the whole store.
"""

import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Store

from kgpub.making import questions, sourcing
from kgpub.making.amending.around import Around, Node, TooMuch
from kgpub.making.reaching import reach
from kgpub.making.reading_off import predicates
from kgpub.settings import Settings

_ASKED = "asked"


def renew(db: sqlite3.Connection, around: Around, settings: Settings, folder: Path) -> bool:
    """Alter ``sources`` and ``graph_sources``; whether they differ from before. ``folder`` has room for a store."""
    told = _told(db, around, settings, folder)
    others = sourcing.renew(db, around.edit.store, settings, around.edit, told is None)
    return bool(told) or others


def _told(db: sqlite3.Connection, around: Around, settings: Settings, folder: Path) -> bool | None:
    """Whether some statements come from elsewhere, which is written; None where all are to be asked for."""
    question = questions.text("provenance", settings)
    read = predicates(question, settings.base, settings.all_prefixes)
    steps = reach(question, "statement")
    if read is None or steps is None:
        return None
    changed = around.subjects(read)
    if not changed:
        return False
    everywhere = Around(around.edit, frozenset())  # graphs of shapes may tell of statements too
    ways = [NamedNode(one) for one in read]
    try:
        concerned = everywhere.leading(changed, ways, steps)
        seen = everywhere.led(concerned, ways, steps)
    except TooMuch:
        return None
    apart = folder / _ASKED  # on disk, so that it has the order of the whole store
    is_new = sourcing.exchange(
        db, _filled(apart, around.edit.store, seen, ways), settings, frozenset(map(str, concerned))
    )
    shutil.rmtree(apart)
    return is_new


def _filled(folder: Path, whole: Store, nodes: Iterable[Node], ways: Iterable[NamedNode]) -> Store:
    """A new store of what some nodes say by some properties."""
    store = Store(str(folder))
    for node in nodes:
        for way in ways:
            store.extend(whole.quads_for_pattern(node, way, None, None))
    return store
