"""Why an entity was found: the kind of text, the text itself, and the words in it that match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property, partial

from kgpub.model import Text, pick
from kgpub.searching.folding import Spot, Word, joined, keys, plain, read, spots

QUERY_LENGTH = 200
"""Characters of a query that count."""
QUERY_WORDS = 16
"""Words of a query that count."""
PASSAGE = 220
"""Characters of a text that are shown as the reason."""
KINDS = ("label", "alternative", "description")
"""The kinds of text that are searched, the best first."""

_BEFORE = 60
_ALIKE = 0.6
_MOST_ALIKE = 0.8


@dataclass(frozen=True)
class Asked:
    """A query, read: its words, and the whole of it folded."""

    words: tuple[Word, ...]
    whole: str
    joined: str

    @property
    def sounds(self) -> frozenset[str]:
        """The stems in their order, as it stands and as if typed on a Georgian keyboard."""
        return frozenset(" ".join(word.readings[end].stem for word in self.words) for end in (0, -1))


@dataclass(frozen=True)
class Match:
    """What matched: ``reason`` as in ``Hit``, a passage of the text, and the runs of characters that match."""

    reason: str
    passage: Text
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Known:
    """A text of an entity with what is needed to compare it, folded once."""

    text: Text

    @cached_property
    def keys(self) -> frozenset[str]:
        return keys(self.text.value)

    @cached_property
    def whole(self) -> str:
        return plain(self.text.value)


def ask(query: str) -> Asked:
    """What somebody typed, read; any text is a query."""
    cut = query[:QUERY_LENGTH]
    words = read(cut, QUERY_WORDS)
    stem = words[-1].readings[0] if words else None
    run = joined(cut)
    if stem is not None and run.endswith(stem.skeleton):
        run = run.removesuffix(stem.skeleton) + stem.stem
    return Asked(words, plain(cut)[:QUERY_LENGTH], run)


class Matcher:
    """Says how entities that one query found answer it; a text that several of them have is read once."""

    def __init__(self, asked: Asked, languages: tuple[str, ...]) -> None:
        """Compare with a query, for a reader of these languages."""
        self._asked, self._languages = asked, languages
        self._known = cache(_Known)
        self._passage = cache(partial(_passage, asked=asked))

    def match(self, groups: Sequence[Sequence[Text]]) -> Match:
        """How one entity does; ``groups`` are its texts of each of the ``KINDS``."""
        known = [[self._known(text) for text in group] for group in groups]
        reason, candidates = _reason(known, self._asked)
        text = _best(candidates, self._asked, self._languages, alike=reason == "similar")
        return Match(reason, *self._passage(text, alike=reason == "similar"))


def _reason(groups: Sequence[Sequence[_Known]], asked: Asked) -> tuple[str, Sequence[_Known]]:
    """The first kind of text with which all words are found, and the texts that may have matched."""
    found: frozenset[str] = frozenset()
    for reason, texts in zip(KINDS, groups, strict=True):
        found = found.union(*(text.keys for text in texts))
        starts = reason == "label" and any(text.whole.startswith(asked.whole) for text in texts)
        if starts or all(word.begins_in(found) for word in asked.words):
            return reason, texts
    labels, alternatives, descriptions = groups
    return "similar", [*labels, *alternatives] or descriptions


def _best(texts: Sequence[_Known], asked: Asked, languages: tuple[str, ...], *, alike: bool) -> Text:
    """The text closest to the query; among equals the one for the reader's languages."""
    if len(texts) == 1:
        return texts[0].text
    closeness = [_closeness(text, asked, alike=alike) for text in texts]
    nearest = max(closeness, default=0)
    labels: dict[str, str] = {}
    for one, near in zip(texts, closeness, strict=True):
        if near == nearest:
            labels.setdefault(one.text.language, one.text.value)
    return pick(labels, languages) or Text("")


def _closeness(known: _Known, asked: Asked, *, alike: bool) -> float:
    """How well the text matches the query, 0 to 1 for its words, and more when it is the query."""
    words = sum(_nearness(word, known.keys, alike=alike) for word in asked.words) / len(asked.words)
    return words + (known.whole == asked.whole)


def _nearness(word: Word, known: frozenset[str], *, alike: bool) -> float:
    """How near the nearest of a text's keys comes to a word: 1 itself, 0.9 its beginning, less if ``alike``."""
    if word.is_in(known):
        return 1.0
    if word.begins_in(known):
        return 0.9
    return _MOST_ALIKE * max((_likeness(mine, known) for mine in word.skeletons), default=0.0) if alike else 0.0


def _likeness(word: str, known: Iterable[str]) -> float:
    """How much the most similar of the keys is like a word, 0 to 1; what is hardly like it counts as 0."""
    best = _ALIKE
    matcher = SequenceMatcher(None, "", word)
    for key in known:
        matcher.set_seq1(key)
        # both are upper bounds, and cheap
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
            best = max(best, matcher.ratio())
    return best if best > _ALIKE else 0.0


def _passage(text: Text, asked: Asked, *, alike: bool) -> tuple[Text, tuple[tuple[int, int], ...]]:
    """The part of the text around its first matching word, and where the matching words stand in that part."""
    marked = [spot for spot in spots(text.value) if _answers(spot, asked, alike=alike)]
    start, end = _window(text.value, marked)
    before, after = "…" if start else "", "…" if end < len(text.value) else ""
    shift = len(before) - start
    marks = tuple((spot.start + shift, spot.end + shift) for spot in marked if start <= spot.start and spot.end <= end)
    return Text(before + text.value[start:end] + after, text.language), marks


def _answers(spot: Spot, asked: Asked, *, alike: bool) -> bool:
    """Whether a word of a text answers one of the query's words."""
    return any(_nearness(word, spot.keys, alike=alike) > 0 for word in asked.words)


def _window(text: str, marked: Sequence[Spot]) -> tuple[int, int]:
    """Where the passage begins and ends: at words, with a little before the first that matches."""
    if len(text) <= PASSAGE:
        return 0, len(text)
    first = marked[0].start if marked else 0
    start = 0 if first <= _BEFORE else text.find(" ", first - _BEFORE, first) + 1 or first
    end = start + PASSAGE
    if end < len(text):
        space = text.rfind(" ", start + PASSAGE // 2, end)
        return start, space if space > 0 else end
    return start, len(text)
