"""Which things the data says are deprecated, and what becomes of their addresses: read once, at build.

A tombstone is in the data: ``owl:deprecated true`` (OWL 2 section 5.5) in any published graph but the shapes, and
perhaps ``dcterms:isReplacedBy``. Terms that others may still write their data in stay documented where they are; any
other thing below the base is gone, or moved to the one thing that stands for it.
"""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from urllib.parse import SplitResult, unquote, urlsplit

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.iris import Iris
from kgpub.model import GONE, KEPT, MOVED, Fate
from kgpub.settings.tables import DCTERMS, OWL, RDFS

MOST_STEPS = 100
"""Things that a chain of replacements may lead through."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_TYPE = NamedNode(_RDF + "type")
_DEPRECATED = NamedNode(OWL + "deprecated")
_REPLACED_BY = NamedNode(DCTERMS + "isReplacedBy")
_TRUE = ("true", "1")
_TERM_TYPES = frozenset(
    [_RDF + "Property", RDFS + "Class", RDFS + "Datatype"]
    + [
        OWL + name
        for name in (
            "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "OntologyProperty",
            "DeprecatedClass", "DeprecatedProperty", "Ontology",
        )
    ]
)  # fmt: skip
_PORTS = {"http": 80, "https": 443}
_MOST_TYPES = 100


def fates(store: Store, hidden: frozenset[str], iris: Iris, has_parts: Callable[[str], bool]) -> Iterator[Fate]:
    """What becomes of each thing that a data graph says is deprecated; one stated twice comes twice.

    ``hidden`` graphs hold shapes. ``has_parts`` tells whether something is said of the hash IRIs of a document. Only
    one chain of replacements is in memory at a time.
    """
    reading = _Reading(store, hidden, iris, has_parts)
    for quad in store.quads_for_pattern(None, _DEPRECATED, None, None):
        if isinstance(quad.subject, NamedNode) and _is_true(quad) and reading.is_data(quad):
            yield reading.fate(quad.subject.value)


class _Reading:
    """The questions that a fate is made of, asked of a loaded store."""

    def __init__(self, store: Store, hidden: frozenset[str], iris: Iris, has_parts: Callable[[str], bool]) -> None:
        self._store, self._hidden, self._iris, self._has_parts = store, hidden, iris, has_parts

    def is_data(self, quad: Quad) -> bool:
        """Whether a quad stands in a named graph that holds data; the default graph only repeats them."""
        graph = quad.graph_name
        return not isinstance(graph, DefaultGraph) and not (
            isinstance(graph, NamedNode) and graph.value in self._hidden
        )

    def fate(self, iri: str) -> Fate:
        """What becomes of a deprecated thing; a chain of replacements is followed to its end, a circle leads nowhere.

        What leads nowhere is gone; so is what leads to something that is gone itself.
        """
        if not self._is_tombstone(iri):
            return Fate(iri, KEPT)
        here, seen = iri, {self._place(iri)}
        while len(seen) <= MOST_STEPS:
            target = self._replacement(here)
            if target is None or self._place(target) in seen or not self._leads(target):
                break
            if not self._is_deprecated(target) or (self._is_ours(target) and not self._is_tombstone(target)):
                return Fate(iri, MOVED, target)
            seen.add(self._place(target))
            here = target
        return Fate(iri, GONE)

    def _is_ours(self, iri: str) -> bool:
        return iri.startswith(self._iris.base)

    def _is_tombstone(self, iri: str) -> bool:
        """Whether a deprecated thing's address stops to describe it: one of ours that nobody writes data with."""
        node = NamedNode(iri)
        is_document = "#" in iri or self._has_parts(iri)
        return self._is_ours(iri) and not is_document and not self._is_term(node)

    def _is_term(self, node: NamedNode) -> bool:
        """Whether a thing is a class, a property or an ontology: said to be one, or used as one."""
        types = islice((q.object for q in self._quads(node, _TYPE)), _MOST_TYPES)
        if any(isinstance(one, NamedNode) and one.value in _TERM_TYPES for one in types):
            return True
        pattern = self._store.quads_for_pattern
        uses = chain(pattern(None, node, None, None), pattern(None, _TYPE, node, None))
        return any(self.is_data(quad) for quad in uses)

    def _is_deprecated(self, iri: str) -> bool:
        return any(_is_true(quad) for quad in self._quads(NamedNode(iri), _DEPRECATED))

    def _replacement(self, iri: str) -> str | None:
        """The one thing that is said to stand for another; None where there is none, or more than one."""
        found = None
        for quad in self._quads(NamedNode(iri), _REPLACED_BY):
            if isinstance(quad.object, Literal):
                continue
            if found is not None and quad.object != found:
                return None
            found = quad.object
        return found.value if isinstance(found, NamedNode) else None

    def _leads(self, target: str) -> bool:
        """Whether a replacement can be led to: one of ours that something is said of, or a plain web address."""
        if self._is_ours(target):
            return next(self._quads(NamedNode(target), None), None) is not None or self._has_parts(target)
        parts, base = _split(target), _split(self._iris.base)
        if parts is None or parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
            return False
        return base is None or _host(parts) != _host(base) or not parts.path.startswith(base.path)

    def _place(self, iri: str) -> str:
        """What stands for all spellings of one address."""
        return unquote(self._iris.path(iri)) if self._is_ours(iri) else iri

    def _quads(self, subject: NamedNode, predicate: NamedNode | None) -> Iterator[Quad]:
        return (q for q in self._store.quads_for_pattern(subject, predicate, None, None) if self.is_data(q))


def _is_true(quad: Quad) -> bool:
    """Whether a quad's object is the boolean true, in either of its lexical forms (XSD 1.1 part 2 section 3.3.2)."""
    value = quad.object
    return isinstance(value, Literal) and value.datatype == _XSD_BOOLEAN and value.value in _TRUE


def _split(iri: str) -> SplitResult | None:
    try:
        parts = urlsplit(iri)
        _ = parts.port  # a port that is no number is found out here
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> tuple[str | None, int | None]:
    """Host and port, whatever the scheme: the site under http is no other place than the site under https."""
    port = parts.port
    return parts.hostname, None if port in _PORTS.values() else port
