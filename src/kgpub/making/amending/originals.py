"""Literals that the store keeps in another form, after an edit."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Quad

from kgpub.making.edits import Edit
from kgpub.making.stored import rewritten

_Key = tuple[str, str, str, str]
"""Subject, predicate, what the store has, graph."""
_OF = "subject = ? AND predicate = ? AND object = ? AND graph = ?"


def amend(db: sqlite3.Connection, edit: Edit) -> None:
    """Alter ``originals``: forms that stand for one literal of the store are kept if they are several, or another one.

    No other file fills the graphs of those that the edit changed, and no tag in them has a capital.
    """
    examples: dict[_Key, Quad] = {}
    gone, come = _forms(edit.gone, examples), _forms(edit.come, examples)
    for key, quad in examples.items():
        forms = {form for (form,) in db.execute(f"SELECT original FROM originals WHERE {_OF}", key)}  # noqa: S608 # a constant
        if not forms and quad in edit.before:
            forms = {key[2]}
        forms = forms - gone[key] | come[key]
        db.execute(f"DELETE FROM originals WHERE {_OF}", key)  # noqa: S608 # a constant
        if forms - {key[2]}:
            db.executemany("INSERT INTO originals VALUES (?, ?, ?, ?, ?)", ((*key, form) for form in forms))


def _forms(quads: Iterable[Quad], examples: dict[_Key, Quad]) -> defaultdict[_Key, set[str]]:
    """The forms of literals by what the store makes of them; ``examples`` takes a quad of each."""
    found: defaultdict[_Key, set[str]] = defaultdict(set)
    for quad in quads:
        for *key, form in rewritten((quad,), frozenset()):
            subject, predicate, stored, graph = key
            examples.setdefault((subject, predicate, stored, graph), quad)
            found[subject, predicate, stored, graph].add(form)
    return found
