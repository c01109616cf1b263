"""Writing the look-up file of a snapshot: what was noted while loading and what is asked of the loaded store.

Whatever grows with the graph is sorted by SQLite, never in memory.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kgpub.kept import thesaurus
from kgpub.kept.index import DESCRIPTION, HUB, INVERSE, LABEL, SCHEMA
from kgpub.kept.layout import class_layouts, property_groups
from kgpub.kept.retirement import fates
from kgpub.making import arranging, borrowing, findable, plotting, sourcing, stating
from kgpub.making.edits import Edit
from kgpub.making.noting import Notes
from kgpub.making.stored import rewritten
from kgpub.making.texts import Gathered
from kgpub.model import KEPT, Labels, pick
from kgpub.searching.documents import Entry
from kgpub.settings import Settings

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = NamedNode(_RDF + "type")
_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_RENAMED = (
    "SELECT iri FROM (SELECT iri, texts FROM {0}.texts WHERE kind = 0 EXCEPT SELECT iri, texts FROM {1}.texts"
    " WHERE kind = 0)"
)
_MARKED = "SELECT node FROM {0}.statements EXCEPT SELECT node FROM {1}.statements"
_BOTH_WAYS = (("main", "last"), ("last", "main"))
_LAST = 1 << 40
"""The place of a language that no name is in."""
UNNAMED = "\U0010ffff"
"""What things without a name are sorted by: behind all others."""


class IndexWriter:
    """The look-up file while it is being made."""

    def __init__(
        self, path: Path, settings: Settings, hidden: frozenset[str], capitals: frozenset[str] = frozenset()
    ) -> None:
        """Start an empty file; ``hidden`` graphs hold shapes, not data.

        ``capitals`` are the language tags, lowered, that the sources write with capitals.
        """
        self._hidden = hidden
        self._capitals = capitals
        self._db = sqlite3.connect(path)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;" + SCHEMA)
        self._db.executescript(plotting.SCHEMA + thesaurus.SCHEMA)
        self._settings = settings
        self.notes = Notes(self._db, settings.base)
        """What was noted of the quads that were added."""

    def add(self, quads: Sequence[Quad], merged: Iterable[Quad], graph: str) -> None:
        """Take in quads of the sources, and those among them whose triples belong to the default graph.

        ``graph`` is the one that all of them stand in; empty where there may be several.
        """
        rows = rewritten(quads, self._capitals)
        self._db.executemany("INSERT OR IGNORE INTO originals VALUES (?, ?, ?, ?, ?)", rows)
        self.notes.add(quads, self._hidden, graph)
        self.notes.merge(merged)

    def fill(self, store: Store, edit: Edit | None = None) -> None:
        """Write everything that is read off the loaded store; ``edit`` is what has changed, where that is known."""
        hidden = self._hidden
        self.notes.settle()
        plotting.write(self._db, store, self._settings, hidden)
        self._db.execute(
            "DELETE FROM originals AS one WHERE original = object AND NOT EXISTS (SELECT 1 FROM originals AS two"
            " WHERE two.subject = one.subject AND two.predicate = one.predicate AND two.object = one.object"
            " AND two.graph = one.graph AND two.original != one.original)"
        )
        vocabulary = self._settings.vocabulary
        gathered = self._gathered = Gathered(self._db, store)
        self._languages(gathered, vocabulary.labels)
        self._texts(gathered, LABEL, vocabulary.labels)
        borrowing.write(self._db, store, self._settings, lambda quad: _is_data(quad, hidden))
        self._texts(gathered, DESCRIPTION, vocabulary.descriptions)
        self._texts(gathered, INVERSE, vocabulary.inverse_labels)
        self._links()
        self._hubs()
        arranging.write(self._db, store, self._settings, hidden)
        self._layouts(store, hidden)
        self._quantities(store, hidden)
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

    def close(self) -> None:
        """Finish the file: compact, and readable without a journal."""
        self._db.commit()
        self._db.execute("PRAGMA optimize")
        self._db.commit()
        self._db.execute("VACUUM")
        self._db.close()

    def _languages(self, gathered: Gathered, names: tuple[str, ...]) -> None:
        """Put the languages of the data in order: the settings' first, then the ones that most names are in."""
        one = self._db.execute
        one("CREATE TEMP TABLE named (tag TEXT PRIMARY KEY, names INTEGER) WITHOUT ROWID")
        for path in self._settings.paths(names):
            sql = "SELECT language, count(*) AS n FROM gathered WHERE path = ? GROUP BY 1 ORDER BY 1"
            one(
                f"INSERT INTO named {sql} ON CONFLICT DO UPDATE SET names = names + excluded.names",
                (gathered.number(path),),
            )
        wanted = ((tag, place - len(self._settings.content)) for place, tag in enumerate(self._settings.content))
        one("CREATE TEMP TABLE places (tag TEXT PRIMARY KEY, place INTEGER) WITHOUT ROWID")
        self._db.executemany("INSERT INTO places VALUES (?, ?)", wanted)
        one("INSERT OR IGNORE INTO places SELECT tag, row_number() OVER (ORDER BY names DESC, tag) FROM named")

    def _texts(self, gathered: Gathered, kind: int, names: tuple[str, ...]) -> None:
        """Keep the texts of one kind; a property or path named earlier wins, per language.

        They stand in the order of their languages, so that the first is the best where the reader's is not among them.
        """
        self._db.execute("CREATE TEMP TABLE found (iri TEXT, rank INTEGER, language TEXT, value TEXT)")
        for rank, path in enumerate(self._settings.paths(names)):
            sql = "INSERT INTO found SELECT iri, ?, language, value FROM gathered WHERE path = ? AND value != ''"
            self._db.execute(sql, (rank, gathered.number(path)))
        ordered = self._db.execute(
            "SELECT DISTINCT iri, ifnull(place, ?), language, rank, value FROM found"
            " LEFT JOIN places ON tag = language ORDER BY 1, 2, 3, 4, 5",
            (_LAST,),
        )
        for iri, group in groupby(ordered, key=lambda row: row[0]):
            texts: dict[str, str] = {}
            for _, _, language, _, value in group:
                texts.setdefault(language, value)
            row = (iri, kind, json.dumps(texts, ensure_ascii=False))
            self._db.execute("INSERT INTO texts VALUES (?, ?, ?)", row)
        self._db.execute("DROP TABLE found")

    def _links(self) -> None:
        """Keep only the links from named things, statement nodes apart.

        What is pointed at more than ``HUB`` times, by whatever, is remembered as a hub first.
        """
        sql = "CREATE TEMP TABLE big AS SELECT object FROM links GROUP BY 1 HAVING count(*) > ?"
        self._db.execute(sql, (HUB,))
        self._db.execute("DELETE FROM links WHERE subject NOT LIKE '<%' OR subject IN (SELECT node FROM statements)")
        self._db.execute("UPDATE links SET subject = substr(subject, 2, length(subject) - 2)")

    def _hubs(self) -> None:
        """Write what points to each hub: how many by which property, and the sorted lists in each language."""
        sql = "INSERT INTO hubs SELECT object, predicate, count(*) FROM links JOIN big USING (object) GROUP BY 1, 2"
        self._db.execute(sql)
        self._db.execute("INSERT OR IGNORE INTO hubs SELECT object, '', 0 FROM big")
        self._db.create_function("sort_key", 2, self._sort_key, deterministic=True)
        self._db.execute("CREATE TEMP TABLE keyed (iri TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID")
        for language in self._settings.languages:
            self._db.execute("INSERT INTO keyed SELECT iri, sort_key(texts, ?) FROM texts WHERE kind = 0", (language,))
            self._db.execute(
                "INSERT INTO members SELECT object, predicate, ?,"
                " row_number() OVER (PARTITION BY object, predicate ORDER BY ifnull(key, ?), subject) - 1, subject"
                " FROM links JOIN big USING (object) LEFT JOIN keyed ON iri = subject",
                (language, UNNAMED),
            )
            self._db.execute("DELETE FROM keyed")

    def _layouts(self, store: Store, hidden: frozenset[str]) -> None:
        """Keep how the shapes lay pages out, and which class stands below which."""
        classes = (
            (q.subject.value, q.object.value)
            for q in store.quads_for_pattern(None, _SUBCLASS, None, None)
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode) and _is_data(q, hidden)
        )
        self._db.executemany("INSERT OR IGNORE INTO superclasses VALUES (?, ?)", classes)
        fields = (
            (target, position, field)
            for target, group in groupby(class_layouts(store), key=lambda pair: pair[0])
            for position, (_, field) in enumerate(group)
        )
        self._db.executemany("INSERT INTO layouts VALUES (?, ?, ?)", fields)
        groups = property_groups(store, self._settings)
        self._db.executemany("INSERT INTO property_groups VALUES (?, ?)", groups)

    def _quantities(self, store: Store, hidden: frozenset[str]) -> None:
        """Note what has a number or bounds, so that whatever names it can say them."""
        vocabulary = self._settings.vocabulary
        for name in self._settings.properties((*vocabulary.quantities, *vocabulary.minima, *vocabulary.maxima)):
            quads = store.quads_for_pattern(None, NamedNode(name), None, None)
            rows = ((q.subject.value,) for q in quads if isinstance(q.subject, NamedNode) and _is_data(q, hidden))
            self._db.executemany("INSERT OR IGNORE INTO quantities VALUES (?)", rows)

    def _sort_key(self, texts: str, language: str) -> str:
        return sort_key(json.loads(texts), (language, *self._settings.languages))

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


def sort_key(labels: Labels, languages: tuple[str, ...]) -> str:
    """Where a thing stands in a list sorted for a reader: by label, the unnamed last."""
    label = pick(labels, languages)
    return label.value.casefold() if label else UNNAMED


def _is_data(quad: Quad, hidden: frozenset[str]) -> bool:
    """Whether a quad stands in a named graph that holds data; the default graph only repeats them."""
    graph = quad.graph_name
    return not isinstance(graph, DefaultGraph) and not (isinstance(graph, NamedNode) and graph.value in hidden)
