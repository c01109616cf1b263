"""How words are compared: by one key, whatever script, case ending or keyboard they come in.

A **skeleton** is a word in the national romanisation of Georgian, made coarse until the usual ways of typing it
agree: ``სააგენტო``, ``ᲡᲐᲐᲒᲔᲜᲢᲝ``, ``saagento`` and ``saagent'o`` are one. A **stem** is the skeleton of a word
without its ending: ``მიგრაცია`` and ``მიგრაციისთვის`` share theirs. English words pass through the same mill.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

_T = TypeVar("_T")
LONGEST = 60
"""Characters of a word that count."""

_MARKS = "'`´’‘ʼʹʻ′"
_APOSTROPHE = re.compile(f"[{_MARKS}]")
_WORD = re.compile(r"[^\W_]+")
_WITHIN = f"{_MARKS}\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""What may stand inside a word and is dropped when it is read: apostrophes, accents, what cannot be seen."""
_STANDING = re.compile(f"[^\\W_](?:[^\\W_]|[{_WITHIN}])*")
_DROPPED = frozenset({"Mn", "Cf"})
_SIMPLE = re.compile(
    "[\\x00-\\x7f\u00a7\u00ab\u00b7\u00bb\u0410-\u0418\u041a-\u0438\u043a-\u044f\u10d0-\u10fa\u2013\u2014\u201c-\u201e\u2022]*"
)
"""A text of characters that stand for themselves: nothing to resolve and nothing to drop."""
# IOM-ის, GFMD-ში, IOM-is: the case of a name in foreign letters, set off by a hyphen.
_ATTACHED = re.compile(
    r"[-‐‑–](?<=[^\W_].)(?:ი|ის|ისა|ს|მა|მ|ით|ად|დ|ში|ზე|თან|სთან|ისთვის|სთვის|თვის|ისგან|სგან|იდან|დან|მდე|ც"
    r"|is|isa|ma|shi|ze|tan|stan|istvis|stvis|tvis|isgan|idan|dan)(?![^\W_])",
    re.IGNORECASE,
)
_GEORGIAN_LETTER = re.compile(r"[\u10d0-\u10ff]")
_NUSKHURI = {0x2D00 + n: 0x10D0 + n for n in (*range(0x26), 0x27, 0x2D)}
_NUSKHURI_LETTER = re.compile(r"[\u2d00-\u2d2d]")

_ROMANISED = str.maketrans(
    dict(zip("აბგდევზთიკლმნოპრსტუფქყჯჰჲჶ", "abgdevztiklmnoprstupkqjhyf", strict=True))
    | {"ჟ": "zh", "ღ": "gh", "შ": "sh", "ჩ": "ch", "ც": "ts", "ძ": "dz", "წ": "ts", "ჭ": "ch", "ხ": "kh"}
    | {"ჱ": "ei", "ჳ": "ui", "ჴ": "kh", "ჵ": "o"}
)
_COARSE = {"kh": "h", "x": "h", "gh": "g", "ts": "c", "tz": "c", "w": "c", "ch": "c", "tch": "c", "dz": "z"}
_COARSE |= {"zh": "j", "sh": "s", "q": "k", "y": "i", "ph": "p", "f": "p", "th": "t"}
_COARSELY = re.compile("|".join(sorted(_COARSE, key=len, reverse=True)))
# Russian as it sounds: many a Georgian name is known and typed so.
_CYRILLIC = dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufie", strict=True))
_CYRILLIC |= {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "ъ": "", "ь": ""}
_CYRILLIC |= {"ия": "ia", "я": "ia"}
_CYRILLIC_LETTER = re.compile(r"[\u0430-\u0451]")
_CYRILLICALLY = re.compile("|".join(sorted(_CYRILLIC, key=len, reverse=True)))

_UNSHIFTED = dict(zip("abgdevzilmnoprstufqkjhcwxy", "აბგდევზილმნოპრსტუფქკჯჰცწხყ", strict=True))
_SHIFTED = {"W": "ჭ", "R": "ღ", "T": "თ", "S": "შ", "J": "ჟ", "Z": "ძ", "C": "ჩ"}
_KEYBOARD = str.maketrans({k.upper(): v for k, v in _UNSHIFTED.items()} | _UNSHIFTED | _SHIFTED)
"""The Georgian QWERTY layout: what a Latin letter would have been, had the keyboard been switched."""

# Endings are cut from the right, as much as leaves the shortest stem: plural, then case with its postposition.
_GEORGIAN_ENDING = re.compile(
    r"(.{2,}?)(?:[აეოუ]?ებ){0,2}"
    r"(?:[აეიოუ]?ს?|[იო]სა|ითა?|[აეოუ][დმ]|(?<=ებ)მა|[აეიოუ]?თა|[აეიოუ]?(?:ში|ზე)|[აეიოუ]?ს?თან"
    r"|[აეიოუ]?სა?(?:თვის|გან|კენ)|[აეიოუ]?დან|[აეოუ]მდე)(?:(?<=ს)აც|ც)?"
)
# In Latin letters only what does little harm to English words.
_LATIN_ENDING = re.compile(
    r"(.{3,}?)(?:[aeou]?eb){0,2}"
    r"(?:[aeiou]?s?|[io]sa|(?:(?<=[^aeiou])|e)ta|[aeiou]?(?:shi|ze)|[aeiou]?s?tan"
    r"|[aeiou]?sa?(?:tvis|gan|ken)|[aeiou]?dan)"
)
# წყალი, წყლის and საზღვარი, საზღვრის: the last vowel of a stem comes and goes.
_SYNCOPE = re.compile(r"(?<=..)[აეოaeo](?=[ლრნმlrnm]$)")


class Reading(NamedTuple):
    """One way to read a word, in two keys: its skeleton, and the skeleton of its stem."""

    skeleton: str
    stem: str


@dataclass(frozen=True)
class Word:
    """A word somebody typed: read as it stands, and as if typed on a Georgian keyboard."""

    readings: tuple[Reading, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every key of a text's word that is this word, without repetition."""
        return _distinct(chain.from_iterable(self.readings))

    @cached_property
    def skeletons(self) -> tuple[str, ...]:
        """What the key of a text's word begins with, if this is the beginning of it."""
        return _distinct(reading.skeleton for reading in self.readings)

    def is_in(self, keys: frozenset[str]) -> bool:
        """Whether a text with these keys has the word."""
        return any(key in keys for key in self.keys)

    def begins_in(self, keys: frozenset[str]) -> bool:
        """Whether a text with these keys has the word, or one that begins with it."""
        return self.is_in(keys) or any(key.startswith(self.skeletons) for key in keys)


@dataclass(frozen=True)
class Spot:
    """A word where it stands in a text, from one character to before another, and its keys."""

    start: int
    end: int
    keys: frozenset[str]


def plain(text: str) -> str:
    """The words of a text in one case and without accents, one space between them."""
    return " ".join(map(_small, _split(text)))


def keys(text: str) -> frozenset[str]:
    """The skeletons and stems of a text's words."""
    return frozenset(chain.from_iterable(map(_reading, _split(text))))


def sound(text: str) -> str:
    """The stems of a text's words in their order: equal for texts that differ in script or case only."""
    return " ".join([stem for _, stem in map(_reading, _split(text))])


def joined(text: str) -> str:
    """The skeletons of a text's words without spaces: equal for what some write as one word and some as two."""
    return "".join([skeleton for skeleton, _ in map(_reading, _split(text))])


def spots(text: str) -> tuple[Spot, ...]:
    """The words of a text where they stand in it, as it is written."""
    found = (match.span() for match in _STANDING.finditer(text))
    trimmed = ((start, start + len(text[start:end].rstrip(_MARKS))) for start, end in found)
    return tuple(Spot(start, end, keys(text[start:end])) for start, end in trimmed)


def read(text: str, limit: int) -> tuple[Word, ...]:
    """The first words of what somebody typed, at most ``limit``, each in its readings, without repetition."""
    return _distinct(_understand(word) for word in _split(text))[:limit]


@lru_cache(maxsize=64)
def _split(text: str) -> tuple[str, ...]:
    """The words in their own case: compatibility characters resolved; accents, apostrophes, what is unseen gone."""
    bare = _APOSTROPHE.sub("", text)
    if not _SIMPLE.fullmatch(text):
        decomposed = unicodedata.normalize("NFKD", bare)
        dropped = (ord(c) for c in set(decomposed) if unicodedata.category(c) in _DROPPED)
        bare = decomposed.translate(dict.fromkeys(dropped))
    return tuple([word[:LONGEST] for word in _WORD.findall(_ATTACHED.sub("", bare))])


@lru_cache(maxsize=65536)
def _small(word: str) -> str:
    """A word of a text in small letters: texts repeat their words."""
    return _lower(word)


def _lower(word: str) -> str:
    """The word in small letters; Georgian capitals of every age become Mkhedruli."""
    small = word.casefold()
    return small.translate(_NUSKHURI) if _NUSKHURI_LETTER.search(small) else small


def _understand(word: str) -> Word:
    """The word as it stands and, where that differs, as keys of a Georgian keyboard."""
    return Word(_distinct((_read(_lower(word)), _read(_lower(word.translate(_KEYBOARD))))))


@lru_cache(maxsize=65536)
def _reading(word: str) -> Reading:
    """The reading of a word of a text; texts repeat their words."""
    return _read(_lower(word))


@lru_cache(maxsize=65536)
def _read(word: str) -> Reading:
    """The reading of a word in small letters."""
    ending = _GEORGIAN_ENDING if _GEORGIAN_LETTER.search(word) else _LATIN_ENDING
    cut = ending.fullmatch(word)
    stem = _SYNCOPE.sub("", cut[1]) if cut else word
    skeleton = _skeleton(word)
    return Reading(skeleton, skeleton if stem == word else _skeleton(stem))


def _skeleton(word: str) -> str:
    """The coarse romanisation of a word in small letters."""
    if _CYRILLIC_LETTER.search(word):
        word = _CYRILLICALLY.sub(lambda match: _CYRILLIC[match[0]], word)
    return _COARSELY.sub(_coarse, word if word.isascii() else word.translate(_ROMANISED))


def _coarse(match: re.Match[str]) -> str:
    return _COARSE[match[0]]


def _distinct(values: Iterable[_T]) -> tuple[_T, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(values))
