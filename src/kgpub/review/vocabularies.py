"""The vocabularies that come with rdflib, and which term of them somebody meant; nothing is ever fetched."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from rdflib import namespace as bundled_with_rdflib
from rdflib.namespace import DefinedNamespace

from kgpub.doctor import Vocabulary
from kgpub.settings import STANDARD_PREFIXES

_MOVED = {"https://www.w3.org/2003/01/geo/wgs84_pos#": "http://www.w3.org/2003/01/geo/wgs84_pos#"}
"""Namespaces that rdflib 7 writes in a form of its own."""
_LATER: Mapping[str, frozenset[str]] = {
    STANDARD_PREFIXES["rdf"]: frozenset(
        {"CompoundLiteral", "JSON", "PlainLiteral", "dirLangString", "direction", "language", "reifies"}
    ),
    "http://www.w3.org/ns/dcat#": frozenset(
        {"DatasetSeries", "first", "hasCurrentVersion", "hasVersion", "inSeries", "isVersionOf", "last", "prev",
         "previousVersion", "resource", "seriesMember", "next", "version"}
    ),
}  # fmt: skip
"""Terms of RDF 1.2, JSON-LD 1.1 and DCAT 3 that rdflib does not list yet."""
_ALIKE = 0.85
"""Least likeness (0 to 1) of two names for one of them to be a slip of the other."""
_LONGEST = 100
_MOST = 2_000
"""Terms that nobody knows for which the nearest is sought; in a site with more of them, that is no help."""
_MEMBERS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#_"


@dataclass(frozen=True)
class Bundled:
    """One vocabulary: its names, and whether that list is complete (``closed``)."""

    names: frozenset[str]
    closed: bool


@cache
def bundled() -> Mapping[str, Bundled]:
    """Namespace → the vocabulary as rdflib has it."""
    found = {}
    for one in vars(bundled_with_rdflib).values():
        if inspect.isclass(one) and issubclass(one, DefinedNamespace) and one is not DefinedNamespace:
            name = _MOVED.get(str(one), str(one))
            names = {str(key) for key in inspect.get_annotations(one) if not key.startswith("_")}
            terms = frozenset(names | set(one._extras)) | _LATER.get(name, frozenset())
            found[name] = Bundled(terms, one._fail)
    return found


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a term: the rule it breaks, and the term that was probably meant."""

    rule: str
    near: str = ""


class Terms:
    """Which terms there are: those of the bundled vocabularies and those that the site's ontology describes."""

    def __init__(self, described: Mapping[str, frozenset[str]], owned: Iterable[str]) -> None:
        """Take namespace → names, and the namespaces whose every term the site itself describes."""
        self._described = described
        self._owned = frozenset(owned)
        self.verdict = lru_cache(maxsize=65_536)(self._verdict)
        self._vocabulary = cache(self._names_in)
        self._unknown = 0

    def is_closed(self, namespace: str) -> bool:
        """Whether the terms of a bundled vocabulary are all known."""
        found = bundled().get(namespace)
        return found is not None and found.closed

    def _verdict(self, iri: str) -> Verdict | None:
        namespace, name = split(iri)
        vocabulary = bundled().get(namespace)
        if not name or iri.startswith(_MEMBERS) or (vocabulary is None and namespace not in self._owned):
            return None
        if name in self._described.get(namespace, ()) or (vocabulary and name in vocabulary.names):
            return None
        self._unknown += 1
        near = (self._vocabulary(namespace).nearest(name) or "") if self._unknown <= _MOST else ""
        is_slip = bool(near) and likeness(name, split(near)[1]) >= _ALIKE
        if vocabulary is not None and not vocabulary.closed:
            return Verdict("term-doubtful", near) if is_slip else None
        return Verdict("term-misspelt" if is_slip else "term-undefined", near)

    def _names_in(self, namespace: str) -> Vocabulary:
        vocabulary = bundled().get(namespace)
        names = set(self._described.get(namespace, ())) | set(vocabulary.names if vocabulary else ())
        return Vocabulary(dict.fromkeys((namespace + name for name in names), 1))


def split(iri: str) -> tuple[str, str]:
    """Namespace and name of a term: what stands up to the hash or the last slash, and the rest."""
    before, mark, name = iri.rpartition("#")
    if not mark:
        before, mark, name = iri.rpartition("/")
    return (before + mark, name) if mark else (iri, "")


def likeness(one: str, other: str) -> float:
    """How like two names are, case aside, from 0 to 1."""
    return SequenceMatcher(None, one[:_LONGEST].casefold(), other[:_LONGEST].casefold(), autojunk=False).ratio()
