"""The ways along which a query of the shapes looks at the data, from the focus node on.

A pattern hangs together with the focus node through variables that are bound before it, or it is far from it. The
solutions for a focus node depend on no statement but those that the ways lead to, and those with the properties of far
patterns, whatever filters, options and negations there are.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rdflib import URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, NegatedPath, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from kgpub.revalidation.asked import key, properties, translated, variables
from kgpub.revalidation.ways import NotLocal, Step, Way, bounded

_Part = Any
"""A part of rdflib's algebra, which is not typed."""
_Known = Mapping[str, frozenset[Way]]
"""Which variables are bound for certain, and the ways to what they are bound to."""

_THIS = "this"
_WRAPPING = frozenset({"Project", "Distinct", "Reduced", "OrderBy", "Slice", "Group", "AggregateJoin", "SelectQuery"})


class Local(NamedTuple):
    """The ways of a query, and the properties of its far patterns."""

    ways: frozenset[Way]
    far: frozenset[str]


def local(query: _Part) -> Local:
    """How a parsed query looks at the data; raises ``NotLocal``. The focus node is an IRI or a blank node."""
    walk = _Walk()
    walk.group(query.algebra, {_THIS: frozenset({()})})
    return Local(frozenset(walk.found), frozenset(walk.far))


class _Walk:
    """One reading of a query; ``found`` are its ways, ``far`` the properties of far patterns."""

    def __init__(self) -> None:
        self.found: set[Way] = set()
        self.far: set[str] = set()

    def group(self, part: _Part, known: _Known) -> _Known:
        """What is bound for certain after a part."""
        part = translated(part)
        name = part.name
        if name in _WRAPPING:
            return self._filtered(part, self.group(part.p, known), "expr", "A")
        if name == "BGP":
            return self._patterns(list(part.triples), known)
        if name == "Filter":
            return self._filtered(part, self.group(part.p, known), "expr")
        if name in {"Join", "LeftJoin", "Minus"}:
            return self._joined(part, self.group(part.p1, known))
        if name == "Union":
            one, other = self.group(part.p1, known), self.group(part.p2, known)
            return {name: one[name] | other[name] for name in one.keys() & other.keys()}
        if name == "Extend":
            return self._named(part, self.group(part.p, known))
        raise NotLocal

    def _joined(self, part: _Part, left: _Known) -> _Known:
        """Two parts; rdflib asks what is optional once more without what is bound further out."""
        here = set(variables(part.p1)) if part.name == "LeftJoin" else left.keys()
        right = self.group(part.p2, {name: found for name, found in left.items() if name in here})
        self._filtered(part, right, "expr")
        return {**left, **right} if part.name == "Join" else left

    def _named(self, part: _Part, known: _Known) -> _Known:
        """BIND; another name of a variable leads where that one does."""
        self._expression(part.expr, known)
        if isinstance(part.expr, Variable) and str(part.expr) in known:
            return {**known, str(part.var): known[str(part.expr)]}
        return known

    def _filtered(self, part: _Part, known: _Known, *names: str) -> _Known:
        for name in names:
            if name in part:
                self._expression(part[name], known)
        return known

    def _expression(self, part: object, known: _Known) -> None:
        """Follow the patterns within EXISTS; they see what is bound outside."""
        if isinstance(part, CompValue):
            if part.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
                self.group(part.graph, known)
                return
            for value in part.values():
                self._expression(value, known)
        elif isinstance(part, list | tuple | set | frozenset):
            for value in part:
                self._expression(value, known)

    def _patterns(self, triples: list[tuple[Any, Any, Any]], known: _Known) -> _Known:  # Any: a path is no term
        bound = dict(known)
        while triples:
            triple = next((one for one in triples if key(one[0]) in bound or key(one[2]) in bound), None)
            if triple is None:
                self._far(triples)
                return bound
            triples.remove(triple)
            self._pattern(*triple, bound)
        return bound

    def _far(self, triples: list[tuple[Any, Any, Any]]) -> None:  # Any: a path is no term
        """Note patterns that do not hang together with the focus node."""
        for _, predicate, _ in triples:
            found = properties(predicate)
            if found is None:
                raise NotLocal
            self.far |= found

    def _pattern(self, subject: _Part, predicate: _Part, target: _Part, bound: dict[str, frozenset[Way]]) -> None:
        is_forward = key(subject) in bound
        start, end = (key(subject), key(target)) if is_forward else (key(target), key(subject))
        steps = _steps(predicate, is_start=start == _THIS and is_forward)
        if not is_forward:
            steps = [tuple(Step(step.property, not step.inverse) for step in reversed(way)) for way in steps]
        led = bounded(before + after for before in bound[start] for after in steps)
        self.found |= {way[: len(way) - cut] for way in led for cut in range(max(map(len, steps)))} - {()}
        bounded(self.found)
        if end and end not in bound:
            bound[end] = frozenset(led)


def _steps(predicate: Any, *, is_start: bool) -> list[Way]:
    """The ways along the predicate of a pattern; a path of several steps has to begin at the focus node."""
    if isinstance(predicate, URIRef):
        return [(Step(str(predicate)),)]
    if isinstance(predicate, Variable | NegatedPath):
        return [(Step(None),), (Step(None, inverse=True),)] if isinstance(predicate, NegatedPath) else [(Step(None),)]
    if isinstance(predicate, InvPath) and isinstance(predicate.arg, URIRef):
        return [(Step(str(predicate.arg), inverse=True),)]
    if isinstance(predicate, AlternativePath) and all(isinstance(one, URIRef) for one in predicate.args):
        return [(Step(str(one)),) for one in predicate.args]
    if isinstance(predicate, SequencePath) and is_start:
        found: list[Way] = [()]
        for part in predicate.args:
            found = bounded(before + after for before in found for after in _steps(part, is_start=False))
        return found
    raise NotLocal
