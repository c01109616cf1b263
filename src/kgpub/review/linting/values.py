"""Parameters of shapes with a value that they cannot have, or that goes ill with another."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from kgpub.review.findings import Case
from kgpub.review.linting.graph import LISTS, Fact, Node, ShapesGraph
from kgpub.review.survey import RDF, XSD
from kgpub.review.vocabularies import bundled, likeness
from kgpub.settings.tables import SH

NODE_KINDS = tuple(
    SH + name for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
)
"""The values of ``sh:nodeKind`` (SHACL section 4.1.3)."""
_SEVERITIES = tuple(SH + name for name in ("Violation", "Warning", "Info"))
_COUNTS = frozenset(
    SH + name for name in ("minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount")
)
_SWITCHES = frozenset(SH + name for name in ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint"))
_IRIS = frozenset(
    SH + name
    for name in ("datatype", "class", "targetClass", "targetSubjectsOf", "targetObjectsOf", "equals", "disjoint",
                 "lessThan", "lessThanOrEquals", "severity")
)  # fmt: skip
_STRINGS = frozenset({SH + "pattern", SH + "flags"})
_BOUNDS = frozenset(SH + name for name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"))
_NODES = frozenset(SH + name for name in ("property", "node", "not", "qualifiedValueShape"))
_ONCE = _COUNTS | _SWITCHES | _BOUNDS | {SH + name for name in ("datatype", "nodeKind", "in", "languageIn", "severity")}
"""Parameters that a shape has at most once (SHACL section 4)."""
_OF_PROPERTIES = frozenset(
    SH + name for name in ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape")
)
"""Parameters that a node shape cannot have (SHACL section 4)."""
_PAIRS = (
    ("minCount", "maxCount"),
    ("qualifiedMinCount", "qualifiedMaxCount"),
    ("minLength", "maxLength"),
    ("minInclusive", "maxInclusive"),
    ("minInclusive", "maxExclusive"),
    ("minExclusive", "maxInclusive"),
    ("minExclusive", "maxExclusive"),
)
_LONGEST = 400
"""Most characters of a number that is compared."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
_RESOURCES = frozenset(SH + name for name in ("IRI", "BlankNode", "BlankNodeOrIRI"))
_TAGGED = frozenset({RDF + "langString", RDF + "dirLangString"})


def _is_typed(target: Node, datatype: str) -> bool:
    return isinstance(target, Literal) and target.datatype.value == XSD + datatype


def _is_count(target: Node) -> bool:
    return _is_typed(target, "integer") and _WHOLE_NUMBER.fullmatch(target.value) is not None


def _is_switch(target: Node) -> bool:
    return _is_typed(target, "boolean") and target.value in {"true", "false", "1", "0"}


_KINDS: tuple[tuple[frozenset[str], str, Callable[[Node], bool]], ...] = (
    (_COUNTS, "count", _is_count),
    (_SWITCHES, "switch", _is_switch),
    (_IRIS, "iri", lambda target: isinstance(target, NamedNode)),
    (_STRINGS, "string", lambda target: _is_typed(target, "string")),
    (_BOUNDS, "literal", lambda target: isinstance(target, Literal)),
    (_NODES, "shape", lambda target: not isinstance(target, Literal)),
    (frozenset({SH + "nodeKind"}), "kind", lambda target: target.value in NODE_KINDS),
    (
        frozenset({SH + "message"}),
        "text",
        lambda target: _is_typed(target, "string") or (isinstance(target, Literal) and bool(target.language)),
    ),
)
_CHECKS: Mapping[str, tuple[str, Callable[[Node], bool]]] = {
    parameter: (variant, holds) for parameters, variant, holds in _KINDS for parameter in parameters
}


def values(graph: ShapesGraph) -> Iterator[Case]:
    """What the parameters of every shape say by themselves and together."""
    for node in graph.shapes:
        for fact in graph.about(node):
            yield from _kind(graph, node, fact)
            yield from _list(graph, node, fact)
        yield from _several(graph, node)
        yield from _ranges(graph, node)
        yield from _contradictions(graph, node)


def _kind(graph: ShapesGraph, node: Node, fact: Fact) -> Iterator[Case]:
    """A value of the wrong kind; a severity beside the three of SHACL."""
    variant, holds = _CHECKS.get(fact.predicate, ("", lambda _: True))
    if not holds(fact.target):
        near = _near_kind(fact.target.value) if variant == "kind" else ""
        if not (near and _is_no_term(fact.target.value)):
            yield graph.case("shape-value", node, fact, variant, near)
    elif fact.predicate == SH + "severity" and _is_severity_of_its_own(fact.target.value):
        yield graph.case("shape-severity", node, fact)
    if fact.predicate in _OF_PROPERTIES and graph.is_a(node, SH + "NodeShape") and not graph.of(node, SH + "path"):
        yield graph.case("shape-value", node, fact, "node")


def _is_no_term(iri: str) -> bool:
    """Whether an IRI is none of SHACL's terms though it is written as one; the rules of terms tell that."""
    return iri.startswith(SH) and iri.removeprefix(SH) not in bundled()[SH].names


def _is_severity_of_its_own(iri: str) -> bool:
    return iri not in _SEVERITIES and not _is_no_term(iri)


def _near_kind(iri: str) -> str:
    """The kind of node that is spelt most like a value, where one is."""
    name = re.split(r"[#/:]", iri)[-1]
    best = max(NODE_KINDS, key=lambda kind: likeness(name, kind.removeprefix(SH)))
    return best if likeness(name, best.removeprefix(SH)) > 0.7 else ""  # noqa: PLR2004 # least likeness of a slip


def _list(graph: ShapesGraph, node: Node, fact: Fact) -> Iterator[Case]:
    fault = graph.list_fault(fact.target) if fact.predicate in LISTS else ""
    if fault:
        yield graph.case("shape-list", node, fact, fault)


def _several(graph: ShapesGraph, node: Node) -> Iterator[Case]:
    for predicate in sorted(_ONCE & graph.facts[node].keys()):
        said = graph.of(node, predicate)
        if len(said) > 1:
            yield graph.case("shape-value", node, said[1], "several", count=str(len(said)))


def _ranges(graph: ShapesGraph, node: Node) -> Iterator[Case]:
    """Bounds between which nothing lies."""
    for low, high in _PAIRS:
        least, most = graph.of(node, SH + low), graph.of(node, SH + high)
        if not least or not most:
            continue
        bottom, top = _comparable(least[0].target), _comparable(most[0].target)
        if bottom is None or top is None or type(bottom) is not type(top):
            continue
        is_open = "Exclusive" in low + high
        if str(bottom) == str(top) and not is_open:
            continue
        if _is_over(bottom, top) or (is_open and bottom == top):
            yield graph.case(
                "shape-range", node, most[0], low=f"sh:{low}", least=least[0].target.value, most=most[0].target.value
            )


def _is_over(bottom: Decimal | str, top: Decimal | str) -> bool:
    if isinstance(bottom, Decimal) and isinstance(top, Decimal):
        return bottom > top
    return isinstance(bottom, str) and isinstance(top, str) and len(bottom) == len(top) and bottom > top


def _comparable(target: Node) -> Decimal | str | None:
    """A number, or a day or a moment in UTC as text, which is in order; nothing for what is not sure."""
    if not isinstance(target, Literal) or len(target.value) > _LONGEST:
        return None
    if _DAY.fullmatch(target.value):
        return target.value
    try:
        number = Decimal(target.value.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _contradictions(graph: ShapesGraph, node: Node) -> Iterator[Case]:
    """Parameters of which no value can satisfy both."""
    kinds = {fact.target.value for fact in graph.of(node, SH + "nodeKind")}
    datatypes, classes = graph.of(node, SH + "datatype"), graph.of(node, SH + "class")
    for fact in datatypes:
        if kinds and kinds <= _RESOURCES:
            yield graph.case("shape-contradiction", node, fact, other=_written("sh:nodeKind", kinds))
        if classes:
            yield graph.case("shape-contradiction", node, fact, other=f"sh:class <{classes[0].target.value}>")
        if fact.target.value not in _TAGGED and graph.of(node, SH + "languageIn"):
            yield graph.case("shape-contradiction", node, fact, other="sh:languageIn")
    for fact in classes:
        if kinds == {SH + "Literal"}:
            yield graph.case("shape-contradiction", node, fact, other="sh:nodeKind sh:Literal")


def _written(parameter: str, iris: set[str]) -> str:
    return f"{parameter} " + ", ".join(sorted(f"sh:{iri.removeprefix(SH)}" for iri in iris))
