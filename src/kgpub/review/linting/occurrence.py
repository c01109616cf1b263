"""What shapes name and nobody has: targets without nodes, properties, classes and datatypes that occur nowhere."""

from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode

from kgpub.review.findings import Case
from kgpub.review.linting.graph import DEACTIVATED, FIRST, NIL, PATH, REST, TARGETS, Fact, Node, ShapesGraph
from kgpub.review.linting.usage import Usage
from kgpub.review.namespaces import RIGHT
from kgpub.review.survey import RDF, XSD
from kgpub.review.vocabularies import bundled, split
from kgpub.settings.tables import DCTERMS, OWL, RDFS, SDO, SH

_STEPS = frozenset(
    SH + name for name in ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
)
_DATATYPES: Mapping[str, frozenset[str]] = {
    RDF: frozenset({"langString", "dirLangString", "HTML", "XMLLiteral", "JSON", "PlainLiteral"}),
    RDFS: frozenset(),
    OWL: frozenset({"real", "rational"}),
    SDO: frozenset({"Boolean", "CssSelectorType", "Date", "DateTime", "Float", "Integer", "Number", "PronounceableText",
                    "Text", "Time", "URL", "XPathType"}),
    DCTERMS: frozenset({"Box", "ISO3166", "Period", "Point", "RFC1766", "RFC3066", "RFC4646", "RFC5646", "URI",
                        "W3CDTF"}),
    "http://www.w3.org/2004/02/skos/core#": frozenset(),
    "http://xmlns.com/foaf/0.1/": frozenset(),
    "http://www.w3.org/ns/org#": frozenset(),
    "http://www.w3.org/ns/prov#": frozenset(),
    SH: frozenset(),
}  # fmt: skip
"""Namespaces of which it is known which terms are datatypes; every other term of theirs is a class or a property."""


def targets(graph: ShapesGraph, usage: Usage) -> Iterator[Case]:
    """Targets that match nothing in the data (SHACL section 2.1.3)."""
    for node in graph.targeted:
        if graph.is_on(node, DEACTIVATED) or graph.forbids(node) or not usage.is_here:
            continue
        for predicate in sorted(TARGETS & graph.facts[node].keys()):
            for fact in graph.of(node, predicate):
                if isinstance(fact.target, NamedNode) and not _is_met(fact, usage):
                    yield graph.case("shape-target", node, fact)
        if graph.is_class(node) and node.value not in usage.populated:
            yield graph.case_of("shape-target-implicit", node)


def _is_met(fact: Fact, usage: Usage) -> bool:
    target = fact.target.value
    kind = fact.predicate.removeprefix(SH)
    met = {
        "targetClass": usage.populated,
        "targetNode": usage.nodes,
        "targetSubjectsOf": usage.predicates,
        "targetObjectsOf": usage.predicates,
    }
    return kind not in met or target in met[kind]


def paths(graph: ShapesGraph, usage: Usage) -> Iterator[Case]:
    """Property shapes without a path or with several, paths that are none, and properties that occur nowhere."""
    walked: set[Node] = set()
    owners = {fact.target: fact for node in graph.facts for fact in graph.of(node, SH + "property")}
    for node in graph.shapes:
        said = graph.of(node, PATH)
        if not said and (graph.is_a(node, SH + "PropertyShape") or node in owners):
            yield graph.case_of("shape-path-form", node, "none")
        if len(said) > 1:
            yield graph.case("shape-path-form", node, said[1], "several")
        if said and graph.is_a(node, SH + "NodeShape"):
            yield graph.case("shape-path-form", node, said[0], "node")
        forbids = any(fact.target.value == "0" for fact in graph.of(node, SH + "maxCount"))
        for fact in said:
            yield from _walk(graph, node, fact, None if forbids else usage, walked)


def _walk(graph: ShapesGraph, node: Node, path: Fact, usage: Usage | None, walked: set[Node]) -> Iterator[Case]:
    """The parts of a path (SHACL section 2.3.1), each blank one once for all shapes."""
    waiting = [path]
    while waiting:
        fact = waiting.pop()
        at = fact.target
        if isinstance(at, NamedNode) and at != NIL:
            if usage is not None and usage.is_here and _occurs_nowhere(at.value, usage):
                yield graph.case("shape-path", node, fact)
        elif not isinstance(at, BlankNode):
            yield graph.case("shape-path-form", node, fact, "form")
        elif at not in walked:
            walked.add(at)
            parts = list(_parts(graph, at))
            fault = graph.list_fault(at) if any(part.predicate == FIRST for part in parts) else ""
            if not parts or fault:
                yield graph.case("shape-path-form", node, fact, "form")
            waiting += parts


def _parts(graph: ShapesGraph, at: Node) -> Iterator[Fact]:
    """What a blank node of a path is made of; the end of a list is no part."""
    for fact in graph.about(at):
        if fact.predicate in _STEPS or fact.predicate == FIRST or (fact.predicate == REST and fact.target != NIL):
            yield fact


def _occurs_nowhere(iri: str, usage: Usage) -> bool:
    return iri not in usage.predicates and iri not in usage.described and not _is_listed(iri)


def _is_listed(iri: str) -> bool:
    """Whether a bundled vocabulary has a term; what a complete one lacks is a matter of the terms' own rules."""
    namespace, name = split(iri)
    vocabulary = bundled().get(namespace)
    return vocabulary is not None and (vocabulary.closed or name in vocabulary.names)


def terms_of_values(graph: ShapesGraph, usage: Usage) -> Iterator[Case]:
    """Classes of which nothing is known, and datatypes that are none."""
    for node in graph.shapes:
        for fact in graph.of(node, SH + "class"):
            if usage.is_here and isinstance(fact.target, NamedNode) and not _is_known_class(fact.target.value, usage):
                yield graph.case("shape-class", node, fact)
        for fact in graph.of(node, SH + "datatype"):
            fault = _datatype_fault(fact.target.value, usage) if isinstance(fact.target, NamedNode) else ""
            if fault:
                yield graph.case("shape-datatype", node, fact, fault)


def _is_known_class(iri: str, usage: Usage) -> bool:
    """Whether anybody has the class."""
    return _is_listed(iri) or iri in usage.described or iri in usage.populated or iri in usage.superclasses


def _datatype_fault(iri: str, usage: Usage) -> str:
    """``class``, ``unknown``, or nothing."""
    namespace, name = split(iri)
    vocabulary = bundled().get(namespace)
    if namespace in _DATATYPES:
        is_other = vocabulary is not None and name in vocabulary.names and name not in _DATATYPES[namespace]
        return "class" if is_other else ""
    if namespace == XSD:
        return "" if vocabulary is not None and name in vocabulary.names else "unknown"
    if iri in usage.types or iri in usage.datatypes:
        return ""
    if iri in usage.classes or iri in usage.instantiated:
        return "class"
    is_known = iri in usage.described or namespace in RIGHT
    return "" if is_known or vocabulary is not None else "unknown"
