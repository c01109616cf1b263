"""The shapes files of a site as a graph in which every statement has its place, with lists that may be broken.

Nothing here recurses, and no list is walked twice, so that circles and depth cost no more than statements.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.review.findings import Case, shown
from kgpub.review.survey import RDF, TYPE, Stated
from kgpub.settings.tables import OWL, RDFS, SH

Node = NamedNode | BlankNode | Literal
FIRST, REST, NIL = RDF + "first", RDF + "rest", NamedNode(RDF + "nil")
NODE_SHAPE, PROPERTY_SHAPE = SH + "NodeShape", SH + "PropertyShape"
PATH, PROPERTY, MESSAGE = SH + "path", SH + "property", SH + "message"
DEACTIVATED = SH + "deactivated"
TARGETS = frozenset(
    SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
)
TO_SHAPES = frozenset(SH + name for name in ("property", "node", "not", "qualifiedValueShape"))
"""Parameters whose value is a shape (SHACL section 2.1)."""
TO_SHAPE_LISTS = frozenset(SH + name for name in ("and", "or", "xone"))
"""Parameters whose value is a list of shapes."""
LISTS = TO_SHAPE_LISTS | {SH + name for name in ("in", "languageIn", "ignoredProperties")}
"""Parameters whose value is a list."""
CONSTRAINTS = (
    TO_SHAPES
    | LISTS
    | {SH + name for name in ("class", "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength")}
    | {SH + name for name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive", "pattern", "uniqueLang")}
    | {SH + name for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals", "hasValue", "closed", "sparql")}
)
"""Parameters of SHACL Core (appendix B) and of SHACL-SPARQL that make a node a shape."""
_UP = 50
"""Most steps from a blank node to the named one that it belongs to."""


class Fact(NamedTuple):
    """A statement about a shape: predicate, object, and where it stands."""

    predicate: str
    target: Node
    file: str
    line: int | None


@dataclass
class ShapesGraph:
    """Subject → predicate → object → where that was first said. Filled with ``add`` and only read afterwards."""

    facts: dict[Node, dict[str, dict[Node, Fact]]] = field(default_factory=dict)
    _owners: dict[Node, Node] = field(default_factory=dict)
    _faults: dict[Node, str] = field(default_factory=dict)

    def add(self, stated: Stated) -> None:
        """Take a statement; those about or with triples are left out."""
        subject, target, predicate = stated.quad.subject, stated.quad.object, stated.quad.predicate.value
        if not isinstance(subject, NamedNode | BlankNode) or not isinstance(target, NamedNode | BlankNode | Literal):
            return
        fact = Fact(predicate, target, stated.file, stated.line)
        self.facts.setdefault(subject, {}).setdefault(predicate, {}).setdefault(target, fact)
        if isinstance(target, BlankNode):
            self._owners.setdefault(target, subject)

    def of(self, node: Node, predicate: str) -> tuple[Fact, ...]:
        """What a node says with a predicate."""
        return tuple(self.facts.get(node, {}).get(predicate, {}).values())

    def about(self, node: Node) -> Iterator[Fact]:
        """Everything that a node says."""
        for found in self.facts.get(node, {}).values():
            yield from found.values()

    def is_a(self, node: Node, kind: str) -> bool:
        """Whether a node has a class."""
        return NamedNode(kind) in self.facts.get(node, {}).get(TYPE, {})

    def is_on(self, node: Node, predicate: str) -> bool:
        """Whether a switch of a shape, such as ``sh:deactivated``, is true."""
        return any(fact.target.value in {"true", "1"} for fact in self.of(node, predicate))

    def name(self, node: Node) -> str:
        """The IRI of a node, or of the named one that a blank node belongs to; else the blank node's own name."""
        at = node
        for _ in range(_UP):
            if not isinstance(at, BlankNode) or at not in self._owners:
                break
            at = self._owners[at]
        return at.value if isinstance(at, NamedNode) else str(node)

    @cached_property
    def shapes(self) -> tuple[Node, ...]:
        """Every shape (SHACL section 2.1) in the order of the files; parameters of components are none."""
        found: dict[Node, None] = {}
        parameters = {fact.target for node in self.facts for fact in self.of(node, SH + "parameter")}
        for node, said in self.facts.items():
            if self._says_shape(node, said.keys()):
                found[node] = None
            for predicate in TO_SHAPES & said.keys():
                found.update(dict.fromkeys(target for target in said[predicate] if target in self.facts))
        found.update(dict.fromkeys(node for node in self._listed if node in self.facts))
        return tuple(node for node in found if node not in parameters)

    def _says_shape(self, node: Node, predicates: Iterable[str]) -> bool:
        marks = TARGETS | CONSTRAINTS
        return (
            self.is_a(node, NODE_SHAPE)
            or self.is_a(node, PROPERTY_SHAPE)
            or any(predicate in marks for predicate in predicates)
        )

    @cached_property
    def _listed(self) -> tuple[Node, ...]:
        """The members of every list of shapes; tails that lists share are walked once."""
        cells: dict[Node, None] = {}
        for said in self.facts.values():
            for predicate in TO_SHAPE_LISTS & said.keys():
                for head in said[predicate]:
                    at: Node | None = head
                    while at is not None and at not in cells:
                        cells[at] = None
                        at = next((fact.target for fact in self.of(at, REST)), None)
        return tuple(fact.target for cell in cells for fact in self.of(cell, FIRST))

    @cached_property
    def targeted(self) -> tuple[Node, ...]:
        """The shapes that find nodes by themselves, by a target or by being a class (SHACL section 2.1.3)."""
        return tuple(node for node in self.shapes if self.facts[node].keys() & TARGETS or self.is_class(node))

    def is_class(self, node: Node) -> bool:
        """Whether a shape is a class too, which makes it its own target (SHACL section 2.1.3.3)."""
        if not isinstance(node, NamedNode):
            return False
        return any(fact.target in self._metaclasses for fact in self.of(node, TYPE))

    @cached_property
    def _metaclasses(self) -> frozenset[Node]:
        """The classes of classes: ``rdfs:Class``, ``owl:Class`` and what the shapes files put below them."""
        narrower: dict[Node, list[Node]] = {}
        for node in self.facts:
            for fact in self.of(node, RDFS + "subClassOf"):
                narrower.setdefault(fact.target, []).append(node)
        found: set[Node] = set()
        waiting: list[Node] = [NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += narrower.get(at, ())
        return frozenset(found)

    def forbids(self, node: Node) -> bool:
        """Whether no node at all conforms to a shape: its targets are those that there must not be."""
        if any(fact.target == NIL for fact in self.of(node, SH + "in")):
            return True
        return any(self._holds_for_all(fact.target) for fact in self.of(node, SH + "not"))

    def _holds_for_all(self, node: Node) -> bool:
        """Whether every IRI and every blank node conforms to a shape."""
        asked = [fact for fact in self.about(node) if fact.predicate in CONSTRAINTS]
        every = (SH + "nodeKind", NamedNode(SH + "BlankNodeOrIRI"))
        return node in self.facts and all((fact.predicate, fact.target) == every for fact in asked)

    def ties(self, node: Node) -> Iterator[Fact]:
        """The statements that lead from a shape, or from a cell of a list, to shapes and cells."""
        for predicate, found in self.facts.get(node, {}).items():
            if predicate in TO_SHAPES or predicate in TO_SHAPE_LISTS or predicate in {FIRST, REST}:
                yield from found.values()

    def list_fault(self, head: Node) -> str:
        """What is wrong with a list (SHACL section 1.1, "SHACL list"): ``none``, ``open``, ``circle`` or ``forked``."""
        walked: dict[Node, None] = {}
        at, fault = head, ""
        while at != NIL:
            if at in self._faults or at in walked:
                fault = self._faults.get(at, "circle")
                break
            walked[at] = None
            fault = self._cell_fault(at, is_head=at == head)
            if fault:
                break
            (rest,) = self.of(at, REST)
            at = rest.target
        self._faults.update(dict.fromkeys(walked, fault))
        return fault

    def _cell_fault(self, cell: Node, *, is_head: bool) -> str:
        firsts, rests = self.of(cell, FIRST), self.of(cell, REST)
        if not firsts and not rests:
            return "none" if is_head else "open"
        if not firsts or not rests:
            return "open"
        return "forked" if len(firsts) > 1 or len(rests) > 1 else ""

    def case(self, rule: str, node: Node, fact: Fact, variant: str = "", new: str = "", **values: str) -> Case:
        """A remark on what a shape says; the words in the file are the object's where it is an IRI."""
        target = fact.target
        named = {name: shown(value) for name, value in values.items()}
        return Case(
            rule,
            key=f"{node} {fact.predicate} {target} {variant}",
            values={"shape": shown(self.name(node)), "term": short(fact.predicate), "value": shown(target.value)}
            | named,
            variant=variant,
            about=self.name(node),
            file=fact.file,
            line=fact.line,
            iri=target.value if isinstance(target, NamedNode) else fact.predicate,
            new=new,
        )

    def case_of(self, rule: str, node: Node, variant: str = "", **values: str) -> Case:
        """A remark on a shape as a whole, where it is first spoken of."""
        first = next(self.about(node))
        case = self.case(rule, node, first, variant, **values)
        name = node.value if isinstance(node, NamedNode) else first.predicate
        return Case(rule, f"{node} {variant}", case.values, variant, case.about, first.file, first.line, name)


def short(iri: str) -> str:
    """A term of SHACL as shapes write it."""
    return f"sh:{iri.removeprefix(SH)}" if iri.startswith(SH) else shown(iri)
