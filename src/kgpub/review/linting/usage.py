"""What data and ontology have of all that the shapes ask for; kept is what is asked for, and every class."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kgpub.review.linting.graph import ShapesGraph
from kgpub.review.survey import TYPE, Stated
from kgpub.settings.tables import OWL, RDFS

_CLASSES = frozenset({RDFS + "Class", OWL + "Class"})
_DATATYPE = RDFS + "Datatype"
_UNDER = RDFS + "subClassOf"


@dataclass
class Usage:
    """Marks of the IRIs that ``sought`` has; filled with ``note`` and only read afterwards.

    ``is_here`` is false where the data is elsewhere, in an endpoint: then nothing is known to be missing.
    """

    sought: frozenset[str]
    is_here: bool = True
    described: set[str] = field(default_factory=set)
    nodes: set[str] = field(default_factory=set)
    predicates: set[str] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    instantiated: set[str] = field(default_factory=set)
    _wider: dict[str, set[str]] = field(default_factory=dict)

    def note(self, stated: Stated) -> None:
        """Take a statement. Data and ontology are what is validated; a shapes file only describes."""
        subject, target, predicate = stated.quad.subject, stated.quad.object, stated.quad.predicate.value
        if isinstance(subject, NamedNode) and subject.value in self.sought:
            self._describe(subject.value, predicate, target)
        if stated.role == "shapes":
            return
        if predicate in self.sought:
            self.predicates.add(predicate)
        if isinstance(target, Literal):
            if target.datatype.value in self.sought:
                self.datatypes.add(target.datatype.value)
        elif isinstance(target, NamedNode):
            self._link(stated, target.value)
        if isinstance(subject, NamedNode) and subject.value in self.sought:
            self.nodes.add(subject.value)

    def _describe(self, subject: str, predicate: str, target: object) -> None:
        self.described.add(subject)
        if predicate == TYPE and isinstance(target, NamedNode):
            if target.value in _CLASSES:
                self.classes.add(subject)
            elif target.value == _DATATYPE:
                self.types.add(subject)

    def _link(self, stated: Stated, target: str) -> None:
        predicate, subject = stated.quad.predicate.value, stated.quad.subject
        if target in self.sought:
            self.nodes.add(target)
        if predicate == TYPE:
            self.instantiated.add(target)
        elif predicate == _UNDER and isinstance(subject, NamedNode):
            self._wider.setdefault(subject.value, set()).add(target)

    @cached_property
    def populated(self) -> frozenset[str]:
        """The classes that have instances, their own or those of a narrower class."""
        found, waiting = set(self.instantiated), list(self.instantiated)
        while waiting:
            for wider in self._wider.get(waiting.pop(), ()):
                if wider not in found:
                    found.add(wider)
                    waiting.append(wider)
        return frozenset(found)

    @cached_property
    def superclasses(self) -> frozenset[str]:
        """The classes that have narrower ones."""
        return frozenset(wider for several in self._wider.values() for wider in several)


def sought(graph: ShapesGraph, nodes: Iterable[str]) -> frozenset[str]:
    """Every IRI that the shapes name as an object, and these."""
    named = {
        target.value
        for said in graph.facts.values()
        for found in said.values()
        for target in found
        if isinstance(target, NamedNode)
    }
    return frozenset(named | set(nodes))
