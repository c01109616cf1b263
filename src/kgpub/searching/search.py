"""Finds entities by what they are called and what is said of them, in Georgian as Georgians type it, and English.

The index is a folder of tantivy, one document per entity
(``kgpub.searching.documents``). A query is words, never
a syntax: every question to tantivy is put together from ``Query`` constructors. Questions are asked strictest
first, and only when nothing answers are wrong and missing letters forgiven.
"""

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy
from tantivy import Occur, Query

from kgpub.errors import SnapshotBroken
from kgpub.model import Counted, Hit, Text
from kgpub.searching.documents import EDGE, EDGES, WORD_EDGES
from kgpub.searching.folding import Word
from kgpub.searching.matching import KINDS, QUERY_LENGTH, Asked, Match, Matcher, ask

__all__ = ["QUERY_LENGTH", "Index"]

LOCK = ".tantivy-meta.lock"
_NAMES = KINDS[:2]
_SHORTEST_JOINED = 5
_BEST = 3
"""Tiers that need no other questions than for whole names and for what they begin with."""
# Each tier's score is this many times the next one's; a weight (1 to 2) orders entities within a tier.
_STEP = 4.0


@dataclass(frozen=True)
class _Lenience:
    """How many edits a word is forgiven, whether its end may still be untyped, and the shortest key it is fit for.

    ``share`` is how much of the words must stand somewhere: most of them, or any.
    """

    edits: int
    unfinished: bool
    shortest: int
    share: float = 0.66


_LENIENCES = (
    _Lenience(1, False, 4),
    _Lenience(1, True, 5),
    _Lenience(2, False, 7),
    _Lenience(2, True, 8),
    _Lenience(1, False, 4, share=0.0),
)


@dataclass(frozen=True)
class _Found:
    """A question, how many documents answer it, and a page of them with their scores."""

    question: Query
    total: int
    page: tuple[tuple[float, tantivy.Document], ...]


@dataclass(frozen=True)
class Answers:
    """What a query finds: how many entities, and a page of them.

    ``classes`` tells at most so many types of all that it finds, with how many entities of each, the most frequent
    first.
    """

    total: int
    hits: tuple[Hit, ...]
    classes: Callable[[int], tuple[Counted, ...]]


class Index:
    """An index that is there to be read; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; raises ``SnapshotBroken`` when it holds no index of ours."""
        try:
            self._schema, self._searcher = _opened(folder)
            self.find("x", languages=(), type="x", limit=1)  # asks every field, so that another's index is refused here
            self._counted(Query.empty_query())
        except (ValueError, OSError) as error:
            raise SnapshotBroken(f"{folder}: the search index cannot be opened: {error}") from error

    def find(
        self, query: str, *, languages: tuple[str, ...], type: str | None = None, limit: int = 20, offset: int = 0
    ) -> tuple[int, tuple[Hit, ...]]:
        """How many entities the query finds, and one page of them, the best first; any text is a query."""
        found = self.look(query, languages=languages, type=type, limit=limit, offset=offset)
        return found.total, found.hits

    def look(
        self, query: str, *, languages: tuple[str, ...], type: str | None = None, limit: int = 20, offset: int = 0
    ) -> "Answers":
        """The same, and the types of everything that the query finds, whatever type is wanted."""
        asked = ask(query)
        every = found = self._answer(asked, KINDS, limit)
        if type is not None or offset > 0:
            found = self._page(self._of_type(every.question, type), limit, max(offset, 0))
        return Answers(found.total, self._hits(found, asked, languages, limit), partial(self._classes, every))

    def _classes(self, found: _Found, limit: int) -> tuple[Counted, ...]:
        """The types of what was found: told by the documents where all are on the page, else counted by tantivy."""
        if found.total > len(found.page):
            return self._counted(found.question, limit)
        counts = Counter(type for _, document in found.page for type in set(document["type"]))
        return _first(counts.items(), limit)

    def _counted(self, question: Query, limit: int = 1) -> tuple[Counted, ...]:
        counts = {"types": {"terms": {"field": "type", "size": max(limit, 1)}}}
        buckets = self._searcher.aggregate(question, counts)["types"]["buckets"]
        return _first(((bucket["key"], int(bucket["doc_count"])) for bucket in buckets), limit)

    def suggest(self, query: str, languages: tuple[str, ...], limit: int = 8) -> tuple[Hit, ...]:
        """The best entities whose name somebody may be in the middle of typing."""
        asked = ask(query)
        found = self._best(asked, limit) or self._answer(asked, _NAMES, limit)
        return self._hits(found, asked, languages, limit)

    def _best(self, asked: Asked, limit: int) -> _Found | None:
        """What begins as the query does, where that is enough: nothing found in another way comes before it.

        That takes as long in a large index as in a small one, while all ways together go through more and more words.
        """
        if not asked.words:
            return None
        found = self._page(self._scored(list(self._tiers(asked, _NAMES)), _BEST), max(limit, 1), 0)
        return found if len(found.page) >= limit else None

    def _hits(self, found: _Found, asked: Asked, languages: tuple[str, ...], limit: int) -> tuple[Hit, ...]:
        """The documents found as answers, at most ``limit``."""
        matches = cache(partial(_match, Matcher(asked, languages)))  # things of the same names match alike
        return tuple(_hit(document, score, matches) for score, document in found.page[: max(limit, 0)])

    def _answer(self, asked: Asked, fields: tuple[str, ...], limit: int) -> _Found:
        """The first page of the strictest question that some name answers, and with it the descriptions that do.

        Which one it is does not depend on a type, so that the counts of all types belong to the same answers.
        """
        if not asked.words:
            return _Found(Query.empty_query(), 0, ())
        strict = self._page(self._strict(asked, fields), max(limit, 1), 0)
        if strict.page and strict.page[0][0] >= _STEP:
            return strict
        for lenience in _LENIENCES if len(asked.words) > 1 else _LENIENCES[:-1]:
            nearly = self._nearly(asked, fields, lenience)
            question = Query.disjunction_max_query([nearly, strict.question]) if strict.total else nearly
            found = self._page(question, max(limit, 1), 0)
            if found.total > strict.total:
                return found
        return strict

    def _page(self, question: Query, limit: int, offset: int) -> _Found:
        """How many documents answer, and one page of them with their scores.

        tantivy reserves memory for whatever limit it is given and panics on none, so it is never told more than
        there are documents, nor less than one.
        """
        size = max(0, min(limit, self._searcher.num_docs - offset))
        start = min(offset, self._searcher.num_docs)
        found = self._searcher.search(question, limit=max(size, 1), offset=start, weight_by_field="weight")
        total: int = found.count  # type: ignore[attr-defined]  # missing from tantivy's stubs
        return _Found(question, total, tuple((score, self._searcher.doc(at)) for score, at in found.hits[:size]))

    def _of_type(self, question: Query, type: str | None) -> Query:
        """The question, of entities of one type only."""
        if type is None:
            return question
        wanted = Query.const_score_query(Query.term_query(self._schema, "type", type), 0.0)
        return Query.boolean_query([(Occur.Must, question), (Occur.Must, wanted)])

    def _strict(self, asked: Asked, fields: tuple[str, ...]) -> Query:
        """The words as they are, or the beginnings of them; the better a way to be found, the more it counts."""
        tiers = list(self._tiers(asked, fields))
        return self._scored(tiers, len(tiers))

    def _scored(self, tiers: Sequence[Query], first: int) -> Query:
        """The first of the tiers, each with its score among all."""
        numbered = zip(reversed(range(len(tiers))), tiers, strict=True)
        return Query.disjunction_max_query(
            [Query.const_score_query(tier, _STEP**place) for place, tier in islice(numbered, first)]
        )

    def _tiers(self, asked: Asked, fields: tuple[str, ...]) -> Iterator[Query]:
        """The ways to be found strictly, the best first."""
        yield self._term("label_whole", asked.whole)
        yield self._term("alternative_whole", asked.whole)
        yield self._label_starts(asked)
        yield _any([self._term("label_sound", each) for each in sorted(asked.sounds)])
        yield _all([self._has("label", word) for word in asked.words])
        yield self._words_begin(asked, fields[:1])
        yield self._words_begin(asked, fields[:2])
        if len(asked.joined) >= _SHORTEST_JOINED:
            yield self._prefix("joined", asked.joined)
        if len(fields) > len(_NAMES):
            yield self._words_begin(asked, fields)

    def _words_begin(self, asked: Asked, fields: tuple[str, ...]) -> Query:
        """Every word stands in one of the fields, or begins a word there; a single one is asked of the last only."""
        searched = fields if len(asked.words) > 1 else fields[-1:]
        return _all([self._begins(searched, word) for word in asked.words])

    def _nearly(self, asked: Asked, fields: tuple[str, ...], lenience: _Lenience) -> Query:
        """Most words stand somewhere, as they are or in a name and up to so many letters off; or so the whole does."""
        words = [(Occur.Should, self._somehow(fields, word, lenience)) for word in asked.words]
        enough = max(1, math.ceil(len(words) * lenience.share))
        ways = [Query.boolean_query(words, minimum_number_should_match=enough)]
        if len(asked.joined) > lenience.shortest + _SHORTEST_JOINED:
            whole = self._near("joined", asked.joined, lenience)
            ways.append(Query.const_score_query(whole, float(len(asked.joined))))
        return Query.disjunction_max_query(ways)

    def _somehow(self, fields: tuple[str, ...], word: Word, lenience: _Lenience) -> Query:
        """The word stands in a name, as it is or a few letters off, or in a description; a long one counts for more."""
        worth = float(len(word.skeletons[0]))
        ways = [
            Query.const_score_query(self._begins(_NAMES, word), worth),
            Query.const_score_query(self._resembles(word, lenience), worth * (1 - lenience.edits / 4)),
        ]
        if len(fields) > len(_NAMES):
            ways.append(Query.const_score_query(self._begins(fields[-1:], word), worth / 4))
        return Query.disjunction_max_query(ways)

    def _resembles(self, word: Word, lenience: _Lenience) -> Query:
        """A name has a word that is this one up to so many letters."""
        return _any(
            [self._near(field, key, lenience) for key in word.keys if len(key) >= lenience.shortest for field in _NAMES]
        )

    def _has(self, field: str, word: Word) -> Query:
        """The field has the word, in whatever case."""
        return _any([self._term(field, key) for key in word.keys])

    def _begins(self, fields: Sequence[str], word: Word) -> Query:
        """One of the fields has the word, or one that begins with it."""
        ways = [self._has(field, word) for field in fields]
        return _any(ways + [self._prefixes(field, skeleton) for field in fields for skeleton in word.skeletons])

    def _prefixes(self, field: str, skeleton: str) -> Query:
        """The field has a word that begins like this; so many begin with a letter or two that these are terms."""
        if len(skeleton) <= WORD_EDGES:
            return self._term(field, EDGE + skeleton)
        return self._prefix(field, skeleton)

    def _near(self, field: str, value: str, lenience: _Lenience) -> Query:
        """The field has a term that is this one up to so many letters."""
        return Query.fuzzy_term_query(self._schema, field, value, lenience.edits, prefix=lenience.unfinished)

    def _label_starts(self, asked: Asked) -> Query:
        """A label begins with the query as it stands."""
        if len(asked.whole) <= EDGES:  # so many labels begin so that walking over them takes long
            return self._term("label_edge", asked.whole)
        return self._prefix("label_whole", asked.whole)

    def _term(self, field: str, value: str) -> Query:
        """The field has exactly this term."""
        return Query.term_query(self._schema, field, value, index_option="basic")

    def _prefix(self, field: str, value: str) -> Query:
        """The field has a term that begins like this."""
        return Query.fuzzy_term_query(self._schema, field, value, distance=0, prefix=True)


def _opened(folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    """The schema of the index in the folder, and a searcher that keeps its files mapped.

    tantivy takes a lock to read. Where that file is not ours to write (a read-only mount, another user's snapshot),
    it takes one in a folder of links, which may go as soon as the files are mapped.
    """
    if os.access(folder / LOCK, os.W_OK):
        return _mapped(folder)
    with TemporaryDirectory(ignore_cleanup_errors=True) as links:  # tantivy may still be at its lock
        for file in folder.iterdir():
            if file.name != LOCK:
                (Path(links) / file.name).symlink_to(file.resolve())
        return _mapped(Path(links))


def _mapped(folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    """The schema of the index in a folder we may write to, and a searcher that does not look for changes."""
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index.schema, index.searcher()


def _any(queries: Sequence[Query]) -> Query:
    """One of the queries, at least."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: Sequence[Query]) -> Query:
    """All of the queries."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _first(counts: Iterable[tuple[str, int]], limit: int) -> tuple[Counted, ...]:
    """The most frequent, those of the same number in the order of their names."""
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return tuple(Counted(*pair) for pair in ordered[:limit])


def _match(matcher: Matcher, texts: str) -> Match:
    """How texts, as a document keeps them, answer the query."""
    return matcher.match([[Text(*pair) for pair in group] for group in json.loads(texts)])


def _hit(document: tantivy.Document, score: float, matches: Callable[[str], Match]) -> Hit:
    """The document as an answer to the query."""
    found = matches(document["texts"][0])
    return Hit(document["iri"][0], found.passage, found.reason, score, tuple(document["type"]), found.marks)
