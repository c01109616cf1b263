"""What the search index keeps of a thing: the fields of its document, and how much it counts among equals."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

import tantivy

from kgpub.model import Text
from kgpub.searching.folding import joined, keys, plain, sound
from kgpub.searching.matching import KINDS

TEXT_LENGTH = 1000
"""Characters of a text that can be found."""
EDGES, WORD_EDGES = 3, 2
"""First letters of a name, and of a word, that are terms of their own: so many begin with them."""
EDGE = "^"
"""Before the first letters of a word as a term of their own; no word has it."""

_WHOLE = ("label_whole", "alternative_whole", "label_sound", "label_edge", "joined")
_JOINED_LENGTH = 200
# A weight (1 to 2) orders things within a tier of answers.
_WEIGHT_PER_LINK = 1 / 24
_WEIGHT_OF_BREVITY = 0.02
_MOST_WEIGHT = 1.97
_DIGEST = 16


@dataclass(frozen=True)
class Entry:
    """What can be found of one entity; ``alternatives`` are other and hidden labels, ``links`` how many point to it."""

    iri: str
    labels: tuple[Text, ...]
    alternatives: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    types: tuple[str, ...]
    links: int

    @property
    def weight(self) -> float:
        """How much it counts among equals, 1 to 2: by its links, then by how short its label is."""
        words = min((len(whole.split()) for whole in self.wholes), default=0)
        brevity = _WEIGHT_OF_BREVITY / max(words, 1)
        return min(1 + math.log1p(max(self.links, 0)) * _WEIGHT_PER_LINK, _MOST_WEIGHT) + brevity

    @cached_property
    def kept(self) -> bytes:
        """Its texts as a document hands them back, in JSON."""
        return json.dumps([[[text.value, text.language] for text in group] for group in self.texts]).encode()

    @property
    def digest(self) -> bytes:
        """What tells its document from another one of the same IRI."""
        return blake2b(repr((self.types, self.links)).encode() + self.kept, digest_size=_DIGEST).digest()

    @cached_property
    def wholes(self) -> tuple[str, ...]:
        """Each label as one key."""
        return tuple(plain(label.value) for label in self.texts[0])

    @cached_property
    def texts(self) -> tuple[tuple[Text, ...], ...]:
        """Its texts by their kind, as far as they can be found."""
        return tuple(
            tuple(Text(text.value[:TEXT_LENGTH], text.language) for text in group)
            for group in (self.labels, self.alternatives, self.descriptions)
        )


def schema() -> tantivy.Schema:
    """The fields of a document: what is looked up, what is handed back (``iri``, ``type``, ``texts``), the weight."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("type", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for field in _WHOLE:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in KINDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("texts", stored=True)
    return builder.build()


def document(entry: Entry) -> tantivy.Document:
    """The entity as tantivy keeps it."""
    texts = entry.texts
    labels, alternatives, _ = texts
    made = tantivy.Document()
    made.add_text("iri", entry.iri)
    for type in entry.types:
        made.add_text("type", type)
    for field, group in zip(KINDS, texts, strict=True):
        found = _keys(group)
        made.add_text(field, " ".join(sorted(found.union(*map(_edges, found)))))
    for label, whole in zip(labels, entry.wholes, strict=True):
        made.add_text("label_whole", whole)
        made.add_text("label_sound", sound(label.value))
        for length in range(1, EDGES + 1):
            made.add_text("label_edge", whole[:length])
    for alternative in alternatives:
        made.add_text("alternative_whole", plain(alternative.value))
    for name in (*labels, *alternatives):
        made.add_text("joined", joined(name.value)[:_JOINED_LENGTH])
    # tantivy multiplies the score by log2(2 + value): this makes that the weight.
    made.add_float("weight", 2**entry.weight - 2)
    made.add_bytes("texts", entry.kept)
    return made


@lru_cache(maxsize=65536)
def _edges(key: str) -> tuple[str, ...]:
    """The first letters of a key as terms of their own; texts repeat their words."""
    return tuple([EDGE + key[:length] for length in range(1, WORD_EDGES + 1)])


def _keys(texts: Iterable[Text]) -> frozenset[str]:
    """The keys of all the texts."""
    return frozenset().union(*[keys(text.value) for text in texts])
