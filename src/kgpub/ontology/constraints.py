"""The shapes as phrases, once, at build: targets, paths, constraints (SHACL sections 2 to 6).

What is no constraint of SHACL Core and no annotation that we know is kept as property and value: nothing that may
constrain the data is dropped silently.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.model import Labels, Term
from kgpub.ontology.expressions import DEEPEST, expression, path
from kgpub.ontology.model import Phrase, Shape
from kgpub.ontology.reading import LONGEST, MOST, Node, Reading, term
from kgpub.settings import STANDARD_PREFIXES
from kgpub.settings.tables import DCTERMS, OWL, RDFS, SDO, SH, SKOS

MOST_SHAPES = 5_000
"""Most shapes that are told."""
VIOLATION = SH + "Violation"
"""The severity of a shape that names none (SHACL section 2.1.4)."""

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_TYPE = NamedNode(STANDARD_PREFIXES["rdf"] + "type")
_CLASSES = (NamedNode(RDFS + "Class"), NamedNode(OWL + "Class"))
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
_SINGLE = frozenset(
    [
        "class",
        "datatype",
        "nodeKind",
        "minCount",
        "maxCount",
        "minExclusive",
        "minInclusive",
        "maxExclusive",
        "maxInclusive",
        "minLength",
        "maxLength",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "hasValue",
    ]
)
_SHAPES = frozenset({"node", "not"})
_SHAPE_LISTS = frozenset({"and", "or", "xone"})
_TERM_LISTS = frozenset({"in", "languageIn"})
_BESIDE = frozenset(
    [
        "path",
        "property",
        "name",
        "description",
        "order",
        "group",
        "defaultValue",
        "message",
        "severity",
        "deactivated",
        "flags",
        "ignoredProperties",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
        "prefixes",
        "declare",
        "entailment",
        "shapesGraph",
        "suggestedShapesGraph",
    ]
) | {*_TARGETS}
"""What a shape says beside its constraints, or what belongs to one that is read with another property."""
_NOTES = (RDFS, SKOS, DCTERMS, SDO, OWL, "http://purl.org/dc/elements/1.1/", "http://www.w3.org/ns/prov#")
"""Vocabularies whose properties say something about a shape and constrain nothing."""


@dataclass
class _Budget:
    """How many phrases one shape may still have, so that shapes that multiply each other end."""

    left: int = 2_000
    seen: set[Node] = field(default_factory=set)


def shapes(reading: Reading) -> Iterator[tuple[Node, Shape]]:
    """Every shape that has a target or a name of its own as a node shape, sorted; a bounded number."""
    found = set(_targeting(reading))
    found |= {one for one in reading.subjects(_TYPE, _sh("NodeShape")) if isinstance(one, NamedNode)}
    for node in sorted(found, key=str)[:MOST_SHAPES]:
        yield node, shape(reading, node)


def shape(reading: Reading, node: Node, depth: int = 0) -> Shape:
    """One shape; the property shapes of a node shape stand inside it."""
    budget = _Budget()
    inside = [one for one in reading.nodes(node, _sh("property")) if depth < DEEPEST]
    paths = reading.objects(node, _sh("path"))
    severity = reading.nodes(node, _sh("severity"))
    inside.sort(key=lambda one: (_order(reading, one), str(reading.objects(one, _sh("path"))), str(one)))
    told = tuple(shape(reading, one, DEEPEST) for one in inside)
    return Shape(
        iri=node.value if isinstance(node, NamedNode) else "",
        anchor="",
        labels=_labels(reading, node),
        severity=severity[0].value if severity and isinstance(severity[0], NamedNode) else VIOLATION,
        is_off=_is_true(reading, node, "deactivated"),
        targets=tuple(_targets(reading, node)),
        path=path(reading, paths[0]) if paths else None,
        rules=tuple(_rules(reading, node, 0 if depth < DEEPEST else 1, budget, bool(depth))),
        properties=told,
    )


def targets(reading: Reading, node: Node) -> tuple[list[str], list[str]]:
    """The classes and the properties that a shape is about by its targets (SHACL section 2.1.3)."""
    classes = [one.value for one in reading.nodes(node, _sh("targetClass")) if isinstance(one, NamedNode)]
    if isinstance(node, NamedNode) and _is_class(reading, node):
        classes.append(node.value)
    ways = ("targetSubjectsOf", "targetObjectsOf")
    properties = [o.value for way in ways for o in reading.nodes(node, _sh(way)) if isinstance(o, NamedNode)]
    return classes, properties


def _targeting(reading: Reading) -> Iterator[Node]:
    for name in _TARGETS:
        yield from reading.subjects(_sh(name))


def _targets(reading: Reading, node: Node) -> Iterator[Phrase]:
    for name in _TARGETS[:-1]:
        for one in reading.objects(node, _sh(name)):
            yield Phrase(f"target.{name}", (str(one),))
    if isinstance(node, NamedNode) and _is_class(reading, node):
        yield Phrase("target.targetClass", (str(node),))
    for one in reading.nodes(node, _sh("target")):
        is_query = bool(reading.objects(one, _sh("select")))
        yield Phrase("target.sparql") if is_query else Phrase("target.other", parts=(expression(reading, one),))


def _is_class(reading: Reading, node: NamedNode) -> bool:
    """Whether a shape is a class as well, and so its own target (SHACL section 2.1.3.3)."""
    types = reading.nodes(node, _TYPE)
    return _sh("NodeShape") in types and any(one in types for one in _CLASSES)


def _rules(reading: Reading, node: Node, depth: int, budget: _Budget, with_property: bool) -> Iterator[Phrase]:
    """The constraints of a shape in the order of their properties; those of ``sh:property`` too where asked for."""
    for predicate, value in reading.said(node):
        name = predicate.value.removeprefix(SH) if predicate.value.startswith(SH) else ""
        if name == "property" and with_property and isinstance(value, NamedNode | BlankNode):
            yield _nested(reading, value, depth, budget)
        elif (name not in _BESIDE if name else _constrains(predicate)) and budget.left > 0:
            budget.left -= 1
            yield from _constraint(reading, node, name, (predicate, value), depth, budget)
    if budget.left <= 0:
        yield Phrase("deeper")


def _constrains(predicate: NamedNode) -> bool:
    """Whether a property that is not SHACL's own may constrain: it says nothing that we know to be a note."""
    return predicate != _TYPE and not predicate.value.startswith(_NOTES)


def _constraint(
    reading: Reading, node: Node, name: str, said: tuple[NamedNode, Term], depth: int, budget: _Budget
) -> Iterator[Phrase]:
    """What one property of a shape asks for."""
    predicate, value = said
    if name in _SINGLE and not isinstance(value, BlankNode):
        yield Phrase(name, term(value).terms)
    elif isinstance(value, Literal) and name == "pattern":
        yield Phrase(name, (*term(value).terms, *(str(one) for one in reading.objects(node, _sh("flags"))[:1])))
    elif isinstance(value, Literal) and name in {"uniqueLang", "closed"}:
        yield from _flag(reading, node, name, value)
    else:
        told = (
            [] if isinstance(value, Literal | Triple) else list(_structured(reading, node, name, value, depth, budget))
        )
        yield from told or (Phrase("other", parts=(term(predicate), expression(reading, value))),)


def _structured(reading: Reading, node: Node, name: str, value: Node, depth: int, budget: _Budget) -> Iterator[Phrase]:
    """What a property asks for whose value is a list, a shape or a query; nothing where it is none of SHACL Core's."""
    if name in _TERM_LISTS and reading.is_list(value):
        yield _term_list(reading, name, value)
    elif name in _SHAPES:
        yield Phrase(name, parts=(_nested(reading, value, depth, budget),))
    elif name in _SHAPE_LISTS and reading.is_list(value):
        inner = [one for one in reading.members(value) if isinstance(one, NamedNode | BlankNode)]
        yield Phrase(name, parts=tuple(_nested(reading, one, depth, budget) for one in inner))
    elif name == "qualifiedValueShape":
        yield from _qualified(reading, node, value, depth, budget)
    elif name == "sparql":
        off = _is_true(reading, value, "deactivated")
        texts = _first(reading, value, "message") or _first(reading, node, "message")
        yield Phrase("sparql.off" if off else name, texts=texts)


def _flag(reading: Reading, node: Node, name: str, value: Literal) -> Iterator[Phrase]:
    """``sh:uniqueLang`` and ``sh:closed``, which hold where they are true (sections 4.4.5 and 4.8.1)."""
    if value.value not in {"true", "1"}:
        return
    if name == "uniqueLang":
        yield Phrase(name)
        return
    heads = reading.nodes(node, _sh("ignoredProperties"))
    ignored = tuple(str(one) for head in heads for one in reading.members(head))
    yield Phrase("closed.but" if ignored else "closed", ignored)


def _term_list(reading: Reading, name: str, head: Node) -> Phrase:
    found = [term(one).terms for one in reading.members(head)]
    terms = [one[0] for one in found if one]
    return Phrase(name, tuple(terms[: MOST // 4]), more=max(0, len(terms) - MOST // 4))


def _qualified(reading: Reading, node: Node, value: Node, depth: int, budget: _Budget) -> Iterator[Phrase]:
    """``sh:qualifiedValueShape`` with its counts (SHACL section 4.7.3), a sentence for each count."""
    inner = _nested(reading, value, depth, budget)
    told = False
    for name in ("qualifiedMinCount", "qualifiedMaxCount"):
        for count in reading.objects(node, _sh(name))[:1]:
            told = True
            yield Phrase(name, term(count).terms, (inner,))
    if not told:
        yield Phrase("other", parts=(term(_sh("qualifiedValueShape")), inner))
    if _is_true(reading, node, "qualifiedValueShapesDisjoint"):
        yield Phrase("qualifiedValueShapesDisjoint")


def _nested(reading: Reading, node: Node, depth: int, budget: _Budget) -> Phrase:
    """A shape inside another: one with a name is only named, another one is told, to a bounded depth."""
    is_named = isinstance(node, NamedNode) and not reading.objects(node, _sh("path"))
    if is_named:
        return Phrase("shape", (str(node),))
    if depth >= DEEPEST or node in budget.seen or budget.left <= 0:
        return Phrase("deeper")
    budget.seen.add(node)
    rules = tuple(_rules(reading, node, depth + 1, budget, with_property=True))
    budget.seen.discard(node)
    paths = reading.objects(node, _sh("path"))
    return Phrase("at", parts=(path(reading, paths[0]), *rules)) if paths else Phrase("all", parts=rules)


def _labels(reading: Reading, node: Node) -> Labels:
    """What a shape is called."""
    return {**_first(reading, node, "name"), **reading.texts(node, NamedNode(RDFS + "label"))}


def _first(reading: Reading, node: Node, name: str) -> Labels:
    return {tag: text[:LONGEST] for tag, text in reading.texts(node, _sh(name)).items()}


def _order(reading: Reading, node: Node) -> float:
    """The least ``sh:order`` (SHACL section 2.3.2.3); infinite where none is a number."""
    numbers = [one.value for one in reading.objects(node, _sh("order")) if isinstance(one, Literal)]
    return min((float(text) for text in numbers if _NUMBER.fullmatch(text)), default=math.inf)


def _is_true(reading: Reading, node: Node, name: str) -> bool:
    return any(isinstance(one, Literal) and one.value in {"true", "1"} for one in reading.objects(node, _sh(name)))


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)
