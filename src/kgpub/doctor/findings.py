"""What the doctor knows before it looks, and what it says after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from kgpub.doctor.vocabulary import Vocabulary

Outcome = OneOf["error", "empty", "slow", "ok"]
"""How a query went: it could not be read, it had no answer, it took long or was stopped, or all was well."""


@dataclass(frozen=True)
class Hint:
    """One thing to say about a query: ``start`` up to ``end`` (characters of the text) is what it is about.

    ``kind`` is the end of the message's key, ``values`` go into the message, ``fix`` is the whole query rewritten.
    """

    kind: str
    values: Mapping[str, str]
    start: int
    end: int
    fix: str | None = None


def _never(_iri: str) -> bool:
    return False


def _nowhere(_text: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Known:
    """What a dataset knows: its prefixes and names, and three questions that are put to it only when needed.

    ``is_property`` and ``is_class`` say whether any triple uses an IRI so; ``tags`` gives the language tags (``""``
    is none) under which a text occurs in the dataset.
    """

    base: str = "http://localhost/"
    prefixes: Mapping[str, str] = field(default_factory=dict)
    properties: Vocabulary = field(default_factory=Vocabulary)
    classes: Vocabulary = field(default_factory=Vocabulary)
    is_property: Callable[[str], bool] = _never
    is_class: Callable[[str], bool] = _never
    tags: Callable[[str], tuple[str, ...]] = _nowhere
