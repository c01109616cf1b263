"""The properties or the classes that a dataset uses, and which of them somebody meant."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from kgpub.iris import short_name
from kgpub.model import Labels
from kgpub.searching.folding import plain, sound

_CANDIDATES = 20
"""Names that are compared letter by letter; the others share fewer pairs of letters with the one sought."""
_ALIKE, _ALIKE_SHORT = 0.72, 0.8
"""Least likeness (0 to 1) of two names for the one to be meant by the other, and of short ones."""
_SAME_SOUND = 0.95
"""How like names are that differ in script or ending only."""
_SHORT, _LONGEST = 5, 80
"""Most letters of a short name, and characters of a name that count."""
_KIN = (
    frozenset({"name", "label", "preflabel", "title"}),
    frozenset({"comment", "description", "definition", "abstract", "summary"}),
    frozenset({"sameas", "exactmatch", "equivalentclass", "closematch"}),
    frozenset({"ispartof", "partof", "broader", "subclassof", "within"}),
)
"""Names that different vocabularies give to nearly the same property."""


@dataclass(frozen=True)
class Vocabulary:
    """The properties or the classes that a dataset uses: how often, and what they are called."""

    counts: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)

    def nearest(self, name: str) -> str | None:
        """The IRI whose last part, or a label of it in any language, is most like a name; of equals the most used.

        Where none is like it, one that another vocabulary calls so.
        """
        found = max(((likeness, self.counts[iri], iri) for likeness, iri in self._alike(name[:_LONGEST])), default=None)
        if found is not None:
            return found[2]
        kin = next((names for names in _KIN if _letters(name) in names), frozenset[str]())
        related = [iri for iri in self.counts if _letters(short_name(iri)) in kin]
        return max(related, key=lambda iri: (self.counts[iri], iri), default=None)

    def _alike(self, name: str) -> Iterator[tuple[float, str]]:
        """The IRIs with a name like this one, and how like it is."""
        for one in _sounds(name):
            yield from ((_SAME_SOUND, iri) for iri in self._by_sound.get(one, ()))
        wanted = _letters(name)
        shared = Counter(form for pair in _pairs(wanted) for form in self._by_pair.get(pair, ()))
        for form, _ in shared.most_common(_CANDIDATES):
            likeness = SequenceMatcher(None, wanted, form, autojunk=False).ratio()
            if likeness >= (_ALIKE_SHORT if min(len(wanted), len(form)) <= _SHORT else _ALIKE):
                yield from ((likeness, iri) for iri in self._by_letters[form])

    @cached_property
    def _by_letters(self) -> Mapping[str, tuple[str, ...]]:
        """The letters of every name → the IRIs that have it."""
        return _grouped((_letters(name), iri) for name, iri in self._names())

    @cached_property
    def _by_sound(self) -> Mapping[str, tuple[str, ...]]:
        """The sound of every name → the IRIs that have it."""
        return _grouped((one, iri) for name, iri in self._names() for one in _sounds(name))

    @cached_property
    def _by_pair(self) -> Mapping[str, tuple[str, ...]]:
        """Every pair of letters → the names that have it, by their letters."""
        return _grouped((pair, form) for form in self._by_letters for pair in _pairs(form))

    def _names(self) -> Iterator[tuple[str, str]]:
        """Every name with its IRI: the last part of it, and its labels."""
        for iri in self.counts:
            for name in (short_name(iri), *self.labels.get(iri, {}).values()):
                yield name[:_LONGEST], iri


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """First halves → their second halves, each once; nothing is filed under nothing."""
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        if key:
            found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def _letters(name: str) -> str:
    """The letters and digits of a name in one case."""
    return plain(name).replace(" ", "")


def _sounds(name: str) -> tuple[str, ...]:
    """The sound of a name as one word, and as the words that capitals begin."""
    spaced = "".join(f" {c}" if c.isupper() else c for c in name)
    return tuple(dict.fromkeys(sound(one).replace(" ", "") for one in (name, spaced)))


def _pairs(form: str) -> Iterable[str]:
    """The pairs of letters in a form, beginning and end included, each once."""
    framed = f" {form} "
    return dict.fromkeys(framed[n : n + 2] for n in range(len(framed) - 1))
