"""Finds entities by what they are called and what is said of them, in Georgian as Georgians type it, and English.

The index is a folder of tantivy, one document per entity, written once with the snapshot. A query is words, never
a syntax: every question to tantivy is put together from ``Query`` constructors. Questions are asked strictest
first, and only when nothing answers are wrong and missing letters forgiven.
"""

import json
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy
from tantivy import Occur, Query

from kgpub.errors import SnapshotBroken
from kgpub.folding import Word, keys, plain, read, sound
from kgpub.model import Hit, Text, pick

QUERY_LENGTH = 200
"""Characters of a query that count."""
QUERY_WORDS = 16
"""Words of a query that count."""
DESCRIPTION_LENGTH = 1000
"""Characters of a description that can be found."""

_HEAP = 64_000_000
_LOCK = ".tantivy-meta.lock"
_WHOLE = ("label_whole", "alternative_whole", "label_sound")
_WORDS = ("label", "alternative", "description")
_NAMES = _WORDS[:2]
# Each tier's score is this many times the next one's; a weight (1 to 2) orders entities within a tier.
_STEP = 4.0
_WEIGHT_PER_LINK = 1 / 24
_WEIGHT_OF_BREVITY = 0.02
_MOST_WEIGHT = 1.97


@dataclass(frozen=True)
class Entry:
    """What can be found of one entity; ``alternatives`` are other and hidden labels, ``links`` how many point to it."""

    iri: str
    labels: tuple[Text, ...]
    alternatives: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    types: tuple[str, ...]
    links: int


@dataclass(frozen=True)
class _Lenience:
    """How many edits a word is forgiven, whether its end may still be untyped, and the shortest key it is fit for."""

    edits: int
    unfinished: bool
    shortest: int


_LENIENCES = (_Lenience(1, False, 4), _Lenience(1, True, 5), _Lenience(2, False, 7), _Lenience(2, True, 8))


@dataclass(frozen=True)
class _Asked:
    """A query, read: its words, and the whole of it folded."""

    words: tuple[Word, ...]
    whole: str

    @property
    def sounds(self) -> frozenset[str]:
        """The stems in their order, as it stands and as if typed on a Georgian keyboard."""
        return frozenset(" ".join(word.readings[end].stem for word in self.words) for end in (0, -1))


def write(folder: Path, entries: Iterable[Entry]) -> int:
    """The number of entities in the index now written to the folder, one per entry; what was there is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(folder), reuse=False)
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    count = 0
    for count, entry in enumerate(entries, 1):  # noqa: B007 - the last number is the answer
        writer.add_document(_document(entry))
    writer.commit()
    writer.wait_merging_threads()
    return count


class Index:
    """An index that is there to be read; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; raises ``SnapshotBroken`` when it holds no index of ours."""
        try:
            self._schema, self._searcher = _opened(folder)
            self._answer("x", (), _WORDS, "x", 1, 0)  # asks every field, so that another's index is refused here
        except (ValueError, OSError) as error:
            raise SnapshotBroken(f"{folder}: the search index cannot be opened: {error}") from error

    def find(
        self, query: str, *, languages: tuple[str, ...], type: str | None = None, limit: int = 20, offset: int = 0
    ) -> tuple[int, tuple[Hit, ...]]:
        """How many entities the query finds, and one page of them, the best first; any text is a query."""
        return self._answer(query, languages, _WORDS, type, limit, offset)

    def suggest(self, query: str, languages: tuple[str, ...], limit: int = 8) -> tuple[Hit, ...]:
        """The best entities whose name somebody may be in the middle of typing."""
        return self._answer(query, languages, _NAMES, None, limit, 0)[1]

    def _answer(
        self, query: str, languages: tuple[str, ...], fields: tuple[str, ...], type: str | None, limit: int, offset: int
    ) -> tuple[int, tuple[Hit, ...]]:
        """The total and one page, from the strictest question that is answered at all."""
        cut = query[:QUERY_LENGTH]
        asked = _Asked(read(cut, QUERY_WORDS), plain(cut)[:QUERY_LENGTH])
        if not asked.words:
            return 0, ()
        for question in self._questions(asked, fields):
            total, found = self._page(self._of_type(question, type), limit, max(offset, 0))
            if total:
                return total, tuple(_hit(document, score, asked, languages) for score, document in found)
        return 0, ()

    def _page(self, question: Query, limit: int, offset: int) -> tuple[int, list[tuple[float, tantivy.Document]]]:
        """How many documents answer, and one page of them with their scores.

        tantivy reserves memory for whatever limit it is given and panics on none, so it is never told more than
        there are documents, nor less than one.
        """
        size = max(0, min(limit, self._searcher.num_docs - offset))
        start = min(offset, self._searcher.num_docs)
        found = self._searcher.search(question, limit=max(size, 1), offset=start, weight_by_field="weight")
        total: int = found.count  # type: ignore[attr-defined]  # missing from tantivy's stubs
        return total, [(score, self._searcher.doc(address)) for score, address in found.hits[:size]]

    def _of_type(self, question: Query, type: str | None) -> Query:
        """The question, of entities of one type only."""
        if type is None:
            return question
        wanted = Query.const_score_query(Query.term_query(self._schema, "type", type), 0.0)
        return Query.boolean_query([(Occur.Must, question), (Occur.Must, wanted)])

    def _questions(self, asked: _Asked, fields: tuple[str, ...]) -> Iterator[Query]:
        """The strict question, then ever more lenient ones."""
        tiers = list(self._tiers(asked, fields))
        yield Query.disjunction_max_query(
            [Query.const_score_query(tier, _STEP**place) for place, tier in enumerate(reversed(tiers))]
        )
        for lenience in _LENIENCES:
            yield self._nearly(asked, fields, lenience)

    def _tiers(self, asked: _Asked, fields: tuple[str, ...]) -> Iterator[Query]:
        """The ways to be found strictly, the best first."""
        yield self._term("label_whole", asked.whole)
        yield self._term("alternative_whole", asked.whole)
        yield self._label_starts(asked)
        yield _any([self._term("label_sound", each) for each in sorted(asked.sounds)])
        yield _all([self._has("label", word) for word in asked.words])
        for end in range(1, len(fields) + 1):
            yield _all([self._begins(fields[:end], word) for word in asked.words])

    def _nearly(self, asked: _Asked, fields: tuple[str, ...], lenience: _Lenience) -> Query:
        """Most words stand somewhere: as they are, or in a name and up to so many letters off."""
        words = [(Occur.Should, self._somehow(fields, word, lenience)) for word in asked.words]
        return Query.boolean_query(words, minimum_number_should_match=len(words) - len(words) // 3)

    def _somehow(self, fields: tuple[str, ...], word: Word, lenience: _Lenience) -> Query:
        """The word stands somewhere as it is, or in a name a few letters off; a long word counts for more."""
        worth = float(len(word.skeletons[0]))
        return Query.disjunction_max_query(
            [
                Query.const_score_query(self._begins(fields, word), worth),
                Query.const_score_query(self._resembles(word, lenience), worth * (1 - lenience.edits / 4)),
            ]
        )

    def _resembles(self, word: Word, lenience: _Lenience) -> Query:
        """A name has a word that is this one up to so many letters."""
        return _any(
            [
                Query.fuzzy_term_query(self._schema, field, key, lenience.edits, prefix=lenience.unfinished)
                for key in word.keys
                if len(key) >= lenience.shortest
                for field in _NAMES
            ]
        )

    def _has(self, field: str, word: Word) -> Query:
        """The field has the word, in whatever case."""
        return _any([self._term(field, key) for key in word.keys])

    def _begins(self, fields: Sequence[str], word: Word) -> Query:
        """One of the fields has the word, or one that begins with it."""
        ways = [self._has(field, word) for field in fields]
        return _any(ways + [self._prefix(field, skeleton) for field in fields for skeleton in word.skeletons])

    def _label_starts(self, asked: _Asked) -> Query:
        """A label begins with the query as it stands."""
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
    if os.access(folder / _LOCK, os.W_OK):
        return _mapped(folder)
    with TemporaryDirectory() as links:
        for file in folder.iterdir():
            if file.name != _LOCK:
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


def _schema() -> tantivy.Schema:
    """The fields of a document: what is looked up, what is handed back (``iri``, ``type``, ``texts``), the weight."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("type", stored=True, tokenizer_name="raw", index_option="basic")
    for field in _WHOLE:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in _WORDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("texts", stored=True)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    """The entity as tantivy keeps it."""
    descriptions = tuple(Text(text.value[:DESCRIPTION_LENGTH], text.language) for text in entry.descriptions)
    texts = (entry.labels, entry.alternatives, descriptions)
    document = tantivy.Document()
    document.add_text("iri", entry.iri)
    for type in entry.types:
        document.add_text("type", type)
    for field, group in zip(_WORDS, texts, strict=True):
        document.add_text(field, " ".join(sorted(_keys(group))))
    for label in entry.labels:
        document.add_text("label_whole", plain(label.value))
        document.add_text("label_sound", sound(label.value))
    for alternative in entry.alternatives:
        document.add_text("alternative_whole", plain(alternative.value))
    # tantivy multiplies the score by log2(2 + value): this makes that the weight.
    document.add_float("weight", 2 ** _weight(entry) - 2)
    document.add_bytes("texts", json.dumps([[[t.value, t.language] for t in group] for group in texts]).encode())
    return document


def _weight(entry: Entry) -> float:
    """How much the entity counts among equals, 1 to 2: by its links, then by how short its label is."""
    words = min((len(plain(label.value).split()) for label in entry.labels), default=0)
    brevity = _WEIGHT_OF_BREVITY / max(words, 1)
    return min(1 + math.log1p(max(entry.links, 0)) * _WEIGHT_PER_LINK, _MOST_WEIGHT) + brevity


def _keys(texts: Iterable[Text]) -> frozenset[str]:
    """The keys of all the texts."""
    return frozenset().union(*(keys(text.value) for text in texts))


def _hit(document: tantivy.Document, score: float, asked: _Asked, languages: tuple[str, ...]) -> Hit:
    """The document as an answer to the query."""
    groups = [tuple(Text(*pair) for pair in group) for group in json.loads(document["texts"][0])]
    reason, candidates = _reason(groups, asked)
    matched = _best(candidates, asked, languages)
    return Hit(document["iri"][0], matched, reason, score, tuple(document["type"]))


def _reason(groups: list[tuple[Text, ...]], asked: _Asked) -> tuple[str, tuple[Text, ...]]:
    """The first kind of text with which all words are found, and the texts that may have matched."""
    found: frozenset[str] = frozenset()
    for reason, texts in zip(_WORDS, groups, strict=True):
        found |= _keys(texts)
        starts = reason == "label" and any(plain(text.value).startswith(asked.whole) for text in texts)
        if starts or all(word.begins_in(found) for word in asked.words):
            return reason, texts
    labels, alternatives, descriptions = groups
    return "similar", labels + alternatives or descriptions


def _best(texts: tuple[Text, ...], asked: _Asked, languages: tuple[str, ...]) -> Text:
    """The text closest to the query; among equals the one for the reader's languages."""
    closeness = [_closeness(text, asked) for text in texts]
    labels: dict[str, str] = {}
    for text, near in zip(texts, closeness, strict=True):
        if near == max(closeness):
            labels.setdefault(text.language, text.value)
    return pick(labels, languages) or Text("")


def _closeness(text: Text, asked: _Asked) -> float:
    """How well the text matches the query, 0 to 1 for its words, and more when it begins with it or is it."""
    known, whole = keys(text.value), plain(text.value)
    words = sum(_nearness(word, known) for word in asked.words) / len(asked.words)
    return words + whole.startswith(asked.whole) + (whole == asked.whole)


def _nearness(word: Word, known: frozenset[str]) -> float:
    """How near the nearest of a text's keys comes to a word: 1 the word itself, 0.9 its beginning, less if similar."""
    if word.is_in(known):
        return 1.0
    if word.begins_in(known):
        return 0.9
    return max((0.8 * SequenceMatcher(None, mine, key).ratio() for mine in word.skeletons for key in known), default=0)
