"""SHACL compiled to conditions in SPARQL, each constraint as pySHACL reads it.

pySHACL builds the constraint from the shapes; what it has read is translated here. A constraint that is not known
here, or that pySHACL refuses, raises ``NotCompiled``: all focus nodes of its shape are then pySHACL's to judge.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.shape import Shape
from rdflib import SH, Graph
from rdflib.term import Node

from kgpub.validation.logic import (
    ALWAYS,
    FALSE,
    TRUE,
    Condition,
    Names,
    NotCompiled,
    all_of,
    any_of,
    both,
    certain,
    negation,
    none_of,
    one_of,
)
from kgpub.validation.paths import Path, Then, leads, path_of, widest
from kgpub.validation.queries import question
from kgpub.validation.values import VALUES, closed_to, in_pairs
from kgpub.validation.writing import same

_DEEPEST = 6
"""Shapes within shapes; pySHACL gives up at 15."""
_MOST = 4
"""Values counted one by one."""
_WIDEST = 200
"""Values of one node that are compared with each other; pySHACL needs no such comparison."""

_Constraint = Any
"""A constraint as pySHACL has built it; pySHACL is not typed."""


@dataclass(frozen=True)
class _Place:
    """Where a constraint stands: its shape, the variable of the focus node, and the path to the values, if any."""

    shape: Shape
    focus: str
    path: Path | None
    above: tuple[Shape, ...]
    judged: bool


@dataclass(frozen=True)
class Compiler:
    """Translates the shapes of one graph; ``belongs`` is the test whether a variable is an instance of a class."""

    shapes: Graph
    prefixes: Mapping[str, str]
    belongs: Callable[[str, Node], str]
    names: Names = field(default_factory=Names)

    def faults(self, shape: Shape, focus: str) -> Iterator[str]:
        """Tests of which at least one holds for every focus node that breaks a shape.

        Raises ``NotCompiled`` with what stands in the way.
        """
        for condition in self._parts(shape, focus, (), judged=False):
            if condition.bad != FALSE:
                yield condition.bad

    def _condition(self, shape: Shape | None, focus: str, above: tuple[Shape, ...], *, judged: bool) -> Condition:
        """The condition of a node's keeping to a shape; ``judged`` within one that decides for others."""
        if shape is None:
            raise NotCompiled("a shape that is not there")
        self.names.enter()
        if shape in above or len(above) > _DEEPEST:
            raise NotCompiled("shapes that lead back to themselves")
        return all_of(self._parts(shape, focus, above, judged=judged))

    def _parts(self, shape: Shape, focus: str, above: tuple[Shape, ...], *, judged: bool) -> Iterator[Condition]:
        """One condition per constraint of a shape."""
        if shape.deactivated:
            return
        path = path_of(self.shapes, shape.path()) if shape.is_property_shape else None
        place = _Place(shape, focus, path, (*above, shape), judged)
        if (shape.node, SH.expression, None) in self.shapes:
            raise NotCompiled("sh:expression")
        for constraint in self._constraints(shape):
            yield self._constraint(constraint, place)

    @staticmethod
    def _constraints(shape: Shape) -> list[_Constraint]:
        """A shape's constraints as pySHACL builds them; raises ``NotCompiled`` where it would refuse."""
        predicates = {predicate for predicate, _ in shape.sg.predicate_objects(shape.node)}
        kinds = {CONSTRAINT_PARAMETERS_MAP[p] for p in predicates if p in CONSTRAINT_PARAMETERS_MAP}
        try:
            if shape.find_custom_constraints():
                raise NotCompiled("a constraint component of the shapes' own")
            return [kind(shape) for kind in sorted(kinds, key=lambda kind: str(kind.constraint_name()))]
        except NotCompiled:
            raise
        except Exception as error:
            raise NotCompiled("a constraint that cannot be read") from error

    def _constraint(self, constraint: _Constraint, place: _Place) -> Condition:
        name = type(constraint).__name__.removesuffix("ConstraintComponent")
        if name in VALUES:
            test = VALUES[name](constraint, self.shapes, self.belongs)
            return self._each(place, test)
        if name in _HANDLERS:
            return _HANDLERS[name](self, constraint, place)
        raise NotCompiled(f"sh:{name}")

    def _each(self, place: _Place, test: Callable[[str], Condition]) -> Condition:
        """The condition that each value node passes (SHACL section 2.3)."""
        if place.path is None:
            return test(place.focus)
        return Condition(
            self._some(place, lambda value: test(value).bad),
            negation(self._some(place, lambda value: negation(test(value).good))),
        )

    def _some(self, place: _Place, then: Then) -> str:
        """The test whether some value node passes a test."""
        return then(place.focus) if place.path is None else leads(place.path, place.focus, self.names, then)

    def _many(self, place: _Place, most: int, then: Then, seen: tuple[str, ...] = ()) -> str:
        """The test whether at least so many different value nodes pass a test."""
        if most <= 0:
            return TRUE

        def found(value: str) -> str:
            others = [f"!sameTerm({value}, {other})" for other in seen]
            return both((*others, then(value), self._many(place, most - 1, then, (*seen, value))))

        return self._some(place, found)

    def _refuse_hubs(self, place: _Place) -> None:
        """Raise ``NotCompiled`` where nodes have so many values that pairs of them would take too long."""
        if place.path is not None and widest(place.path, self.names) > _WIDEST:
            raise NotCompiled(f"nodes with more than {_WIDEST} values to compare with each other")

    def _counted(self, place: _Place, count: int, test: Callable[[str], Condition]) -> Condition:
        """When fewer value nodes than that keep to a condition."""
        if count > _MOST:
            raise NotCompiled(f"counts above {_MOST}")
        return Condition(
            negation(self._many(place, count, lambda value: negation(test(value).bad))),
            self._many(place, count, lambda value: test(value).good),
        )

    def _within(self, place: _Place, node: Node, *, judged: bool = True) -> Callable[[str], Condition]:
        """The condition of another shape, for a variable."""
        other = place.shape.get_other_shape(node)
        return lambda value: self._condition(other, value, place.above, judged=judged or place.judged)

    # One per constraint component of SHACL sections 4.1 to 4.8 that is not about values alone.

    def min_count(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:minCount`` (section 4.2.1)."""
        return self._counted(place, _whole(constraint.min_count), lambda _: ALWAYS)

    def max_count(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:maxCount`` (section 4.2.2)."""
        most = _whole(constraint.max_count)
        if place.path is not None and widest(place.path, self.names) <= most:
            return ALWAYS  # no node of the data has more
        return none_of(self._counted(place, most + 1, lambda _: ALWAYS))

    def property(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:property`` (section 4.7.2)."""
        return self._shapes(constraint.property_shapes, place, judged=False, needs_path=True)

    def node(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:node`` (section 4.7.1)."""
        return self._shapes(constraint.node_shapes, place, judged=False, needs_path=False)

    def _shapes(self, nodes: Iterable[Node], place: _Place, *, judged: bool, needs_path: bool) -> Condition:
        """Keeping to each of these shapes, which must all be property shapes, or none."""
        conditions = []
        for node in nodes:
            other = place.shape.get_other_shape(node)
            if other is None or other.is_property_shape != needs_path:
                raise NotCompiled("a shape of the wrong kind")
            conditions.append(self._each(place, self._within(place, node, judged=judged)))
        return all_of(conditions)

    def negated(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:not`` (section 4.6.1)."""
        shapes = [self._within(place, node) for node in constraint.not_list]
        return all_of(self._each(place, lambda value, shape=shape: none_of(shape(value))) for shape in shapes)  # type: ignore[misc] # the variable is bound at once

    def conjunction(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:and`` (section 4.6.2)."""
        return self._listed(constraint.and_list, place, all_of)

    def disjunction(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:or`` (section 4.6.3)."""
        return self._listed(constraint.or_list, place, any_of)

    def exclusion(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:xone`` (section 4.6.4)."""
        return self._listed(constraint.xone_nodes, place, one_of)

    def _listed(
        self, lists: Iterable[Node], place: _Place, joined: Callable[[Iterable[Condition]], Condition]
    ) -> Condition:
        conditions = []
        for head in lists:
            try:
                members = list(self.shapes.items(head))
            except ValueError as error:
                raise NotCompiled("a list that leads back to itself") from error
            if not members or len(members) != len(set(members)):
                raise NotCompiled("a list without members, or with one twice")
            shapes = [self._within(place, member) for member in members]
            conditions.append(self._each(place, lambda value, shapes=shapes: joined([s(value) for s in shapes])))  # type: ignore[misc] # the variable is bound at once
        return all_of(conditions)

    def qualified(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:qualifiedValueShape`` and its siblings (section 4.7.3)."""
        self._refuse_hubs(place)
        conditions = []
        for node in constraint.value_shapes:
            shape = self._unlike(place, node) if constraint.is_disjoint else self._within(place, node)
            if constraint.min_count is not None:
                conditions.append(self._counted(place, constraint.min_count, shape))
            if constraint.max_count is not None:
                conditions.append(none_of(self._counted(place, constraint.max_count + 1, shape)))
        return all_of(conditions)

    def _unlike(self, place: _Place, node: Node) -> Callable[[str], Condition]:
        """The condition of keeping to a shape and to none of its siblings."""
        parents = set(self.shapes.subjects(SH.property, place.shape.node))
        properties = {one for parent in parents for one in self.shapes.objects(parent, SH.property)}
        siblings = {one for property in properties for one in self.shapes.objects(property, SH.qualifiedValueShape)}
        known = [one for one in siblings - {node} if place.shape.get_other_shape(one) is not None]
        own, others = self._within(place, node), [self._within(place, one) for one in sorted(known, key=str)]
        return lambda value: all_of((own(value), *(none_of(other(value)) for other in others)))

    def unique_language(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:uniqueLang`` (section 4.4.5)."""
        if not any(constraint.string_rules):
            return ALWAYS
        self._refuse_hubs(place)

        def twin(first: str, second: str) -> str:
            alike = f'COALESCE(LANG({first}) != "" && LCASE(LANG({first})) = LCASE(LANG({second})), false)'
            return both((f"!sameTerm({first}, {second})", alike))

        return certain(self._some(place, lambda one: self._some(place, lambda other: twin(one, other))))

    def pairs(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:equals``, ``sh:disjoint``, ``sh:lessThan`` and ``sh:lessThanOrEquals`` (section 4.5)."""
        if place.judged and "LessThan" in type(constraint).__name__:
            raise NotCompiled("sh:lessThan in a shape that decides for others")
        self._refuse_hubs(place)
        some: Callable[[Then], str] = lambda then: self._some(place, then)  # noqa: E731 # short for what follows
        return in_pairs(constraint, place.focus, some, self.names)

    def closed(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:closed`` (section 4.8.1)."""
        if not constraint.is_closed:
            return ALWAYS
        others = [place.shape.get_other_shape(node) for node in constraint.property_shapes]
        if not all(other is not None and other.is_property_shape for other in others):
            raise NotCompiled("a closed shape that is not well formed")
        allowed = {*constraint.ignored_props, *(other.path() for other in others if other is not None)}
        return self._each(place, lambda value: closed_to(value, allowed, self.names))

    def has_value(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:hasValue`` (section 4.8.2)."""
        wanted = list(constraint.has_value_set)
        found = [self._some(place, lambda value, node=node: same(value, node)) for node in wanted]  # type: ignore[misc] # the variable is bound at once
        return all_of(certain(negation(one)) for one in found)

    def sparql(self, constraint: _Constraint, place: _Place) -> Condition:
        """``sh:sparql`` (section 5), as far as its query is one of patterns and filters."""
        if place.judged:
            raise NotCompiled("sh:sparql in a shape that decides for others")
        helpers = [helper for helper in constraint.sparql_constraints if not helper.deactivated]
        found = [question(helper, place.focus, self.prefixes, self.names) for helper in helpers]
        return all_of(Condition(test, TRUE) for test in found)


def _whole(literal: Any) -> int:  # Any: as pySHACL has read it
    """A count that pySHACL has read."""
    return int(literal.value)


_HANDLERS: Mapping[str, Callable[[Compiler, _Constraint, _Place], Condition]] = {
    "MinCount": Compiler.min_count,
    "MaxCount": Compiler.max_count,
    "Property": Compiler.property,
    "Node": Compiler.node,
    "Not": Compiler.negated,
    "And": Compiler.conjunction,
    "Or": Compiler.disjunction,
    "Xone": Compiler.exclusion,
    "QualifiedValueShape": Compiler.qualified,
    "UniqueLang": Compiler.unique_language,
    "Equals": Compiler.pairs,
    "Disjoint": Compiler.pairs,
    "LessThan": Compiler.pairs,
    "LessThanOrEquals": Compiler.pairs,
    "Closed": Compiler.closed,
    "HasValue": Compiler.has_value,
    "SPARQLBasedConstraint": Compiler.sparql,
}
