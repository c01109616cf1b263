"""Where each statement comes from, asked once at build and kept per statement (``queries/provenance.rq``).

The engine sorts in memory and works the sorting key out at every comparison; SQLite sorts on disk. So the question is
asked without its order where that is the usual one, and the rows of a statement come together in a temporary table.
What reads nothing that an edit has changed, by its text, is not asked: its rows are those of the last snapshot.
"""

import marshal
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pyoxigraph import Literal, Store, Triple

from kgpub.kept.index import SCHEMA, as_json
from kgpub.making import questions
from kgpub.making.edits import Edit
from kgpub.making.paging import LARGE, WORK
from kgpub.making.questions import Terms
from kgpub.making.reading_off import predicates
from kgpub.model import Source, Text
from kgpub.settings import Settings

_APART = "sources.sqlite"
_QUESTIONS, _TABLES = ("provenance", "graph-sources"), ("sources", "graph_sources")
_TRIPLE = ("subject", "predicate", "object")
_TOLD = ("document", "line", "quote", "translation", "status", "modality", "confidence", "graph")
_SMALL = 20
_ORDER = re.compile(r"\sORDER\s+BY\s+STR\(\s*\?statement\s*\)\s*\Z", re.IGNORECASE)
_OTHER = (
    "SELECT * FROM (SELECT * FROM {0} EXCEPT SELECT * FROM former)"
    " UNION ALL SELECT * FROM (SELECT * FROM former EXCEPT SELECT * FROM {0}) LIMIT 1"
)
_WORK = "CREATE TEMP TABLE told (statement TEXT, place INTEGER, triple BLOB, rows BLOB)"

_Row = dict[str, tuple[str, str | None]]
"""A row by the names of its variables, those that are bound: value, and a literal's language (``""`` for none)."""


def write(db: sqlite3.Connection, store: Store, settings: Settings, edit: Edit | None = None) -> None:
    """Fill ``sources`` and ``graph_sources``; ``edit`` is what changed since the last snapshot, where that is known."""
    for name, table in zip(_QUESTIONS, _TABLES, strict=True):
        if edit and _is_untouched(questions.text(name, settings), settings, edit):
            with edit.attached(db, "index.sqlite"):
                db.execute(f"INSERT INTO main.{table} SELECT * FROM last.{table}")  # noqa: S608 # of two names
        else:
            _ask(db, store, settings, name)


def renew(db: sqlite3.Connection, store: Store, settings: Settings, edit: Edit, all_statements: bool) -> bool:
    """Fill the tables anew that an edit may have changed, in a copy of the last snapshot's file; whether one did.

    That of statements only where ``all_statements`` are to be asked for.
    """
    is_new = False
    for name, table in zip(_QUESTIONS, _TABLES, strict=True):
        is_asked = all_statements or name != "provenance"
        if is_asked and not _is_untouched(questions.text(name, settings), settings, edit):
            db.execute(f"CREATE TEMP TABLE former AS SELECT * FROM {table}")  # noqa: S608 # of two names
            db.execute(f"DELETE FROM {table}")  # noqa: S608 # the same
            _ask(db, store, settings, name)
            is_new = is_new or db.execute(_OTHER.format(table)).fetchone() is not None
            db.execute("DROP TABLE temp.former")
    return is_new


def exchange(db: sqlite3.Connection, store: Store, settings: Settings, statements: frozenset[str]) -> bool:
    """Ask for some statements (N-Triples notation) in a store that has all of them; whether any differs from before."""
    db.execute("CREATE TEMP TABLE asked (statement TEXT PRIMARY KEY) WITHOUT ROWID")
    db.executemany("INSERT INTO asked VALUES (?)", ((name,) for name in statements))
    db.execute("CREATE TEMP TABLE former AS SELECT * FROM sources WHERE statement IN (SELECT statement FROM asked)")
    db.execute("DELETE FROM sources WHERE statement IN (SELECT statement FROM asked)")
    question = _ORDER.sub("\n", questions.text("provenance", settings))
    rows = questions.rows(store, "provenance", question, settings)
    _fill(db, (row for row in rows if str(row["statement"]) in statements))
    db.execute("CREATE TEMP TABLE fresh AS SELECT * FROM sources WHERE statement IN (SELECT statement FROM asked)")
    is_new = db.execute(_OTHER.format("fresh")).fetchone() is not None
    for table in ("asked", "former", "fresh"):
        db.execute(f"DROP TABLE temp.{table}")
    return is_new


def write_apart(folder: Path, settings: Settings) -> None:
    """Fill the same tables in a file of their own, for a snapshot's folder with a loaded store; ``take`` reads it."""
    with closing(sqlite3.connect(folder / _APART)) as db:
        db.executescript(LARGE + WORK + SCHEMA)
        write(db, Store.read_only(str(folder / "store")), settings)
        db.commit()


def take(db: sqlite3.Connection, folder: Path) -> None:
    """Take in what was written apart, whose file is gone then."""
    db.execute("ATTACH ? AS apart", (str(folder / _APART),))
    for table in _TABLES:
        db.execute(f"INSERT INTO main.{table} SELECT * FROM apart.{table}")  # noqa: S608 # of two names
    db.commit()
    db.execute("DETACH apart")
    (folder / _APART).unlink()


def _ask(db: sqlite3.Connection, store: Store, settings: Settings, name: str) -> None:
    """Fill the table of a question with its answer."""
    rows = questions.rows(store, name, _ORDER.sub("\n", questions.text(name, settings)), settings)
    (_fill if name == "provenance" else _fill_graphs)(db, rows)


def _is_untouched(question: str, settings: Settings, edit: Edit) -> bool:
    """Whether a question has the rows that it had."""
    read = predicates(question, settings.base, settings.all_prefixes)
    return read is not None and read.isdisjoint(edit.stated) and edit.keeps_graphs


def _fill(db: sqlite3.Connection, rows: Iterator[Terms]) -> None:
    db.execute(_WORK)
    db.executemany("INSERT INTO told VALUES (?, ?, ?, ?)", _told(rows))
    db.executemany("INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?, ?)", _sources(db))
    db.execute("DROP TABLE told")


def _fill_graphs(db: sqlite3.Connection, rows: Iterator[Terms]) -> None:
    pairs = ((_plain(row, "graph"), _plain(row, "document")) for row in map(_plainly, rows))
    db.executemany("INSERT OR IGNORE INTO graph_sources VALUES (?, ?)", pairs)


def _told(rows: Iterator[Terms]) -> Iterator[tuple[str, int, bytes | None, bytes]]:
    """The rows of the question, those of a statement that come one after the other together."""
    for place, (statement, group) in enumerate(groupby(rows, key=itemgetter("statement"))):
        found = list(group)
        triples = [terms for row in found if None not in (terms := [row.get(name) for name in _TRIPLE])]
        triple = marshal.dumps(min([str(term) for term in terms] for terms in triples)) if triples else None
        yield str(statement), place, triple, marshal.dumps([_plainly(row) for row in found])


def _sources(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, str, str]]:
    """The rows of ``sources``; a statement that says nothing of its triple has none."""
    found = db.execute("SELECT statement, triple, rows FROM told ORDER BY statement, place")
    for statement, group in groupby(found, key=itemgetter(0)):
        parts = list(group)
        triples = [marshal.loads(one[1]) for one in parts if one[1] is not None]  # noqa: S302 # what this has written
        if not triples:
            continue
        subject, predicate, target = min(triples)
        rows = [row for part in parts for row in marshal.loads(part[2])]  # noqa: S302 # the same
        yield subject, predicate, target, statement, as_json(_source(rows))


def _plainly(terms: Terms) -> _Row:
    found: _Row = {}
    for name, term in terms.items():
        if term is None or isinstance(term, Triple):
            continue
        found[name] = (term.value, (term.language or "") if isinstance(term, Literal) else None)
    return found


def _plain(row: _Row, name: str) -> str:
    return row[name][0] if name in row else ""


def _text(row: _Row, name: str) -> Text | None:
    value, language = row.get(name, ("", None))
    return Text(value, language) if language is not None else None


def _source(rows: list[_Row]) -> Source:
    """One source out of the rows of a statement; what it is derived from and notes are collected.

    Of all else, where it differs, one row has the say: the first in the order of the values, not in the engine's.
    """
    first = min(rows, key=lambda row: [row.get(name, ("", None))[0] for name in _TOLD])
    line = _plain(first, "line")
    derived = {_plain(row, "derived") for row in rows} - {""}
    notes = {text for row in rows if (text := _text(row, "note"))}
    return Source(
        statement=_plain(first, "statement"),
        graph=_plain(first, "graph"),
        document=_plain(first, "document"),
        line=int(line) if line.isdigit() and len(line) < _SMALL else None,
        quote=_text(first, "quote"),
        translation=_text(first, "translation"),
        status=_plain(first, "status"),
        modality=_plain(first, "modality"),
        confidence=_plain(first, "confidence"),
        derived_from=tuple(sorted(derived)),
        notes=tuple(sorted(notes, key=lambda text: (text.language, text.value))),
    )
