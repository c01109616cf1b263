"""Filters of the shapes' queries that ask the same again and again: about a property, most of all.

rdflib looks at every part of a filter for every solution, at each IRI of a long list, and at NOT EXISTS even where
another part has said no. The solutions are the same: an error in one of several parts that all have to hold is a no
(SPARQL 1.1 section 17.2).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cachetools import LRUCache
from rdflib.plugins.sparql.evaluate import evalPart
from rdflib.plugins.sparql.evalutils import _ebv
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext
from rdflib.term import Literal, URIRef, Variable

_FILTERS = 256
_ANSWERS = 4_096
_ALWAYS_THE_SAME = frozenset(
    {
        "ConditionalAndExpression",
        "ConditionalOrExpression",
        "RelationalExpression",
        "UnaryNot",
        *(f"Builtin_{name}" for name in ("STR", "STRSTARTS", "STRENDS", "CONTAINS", "REGEX", "LCASE", "UCASE")),
        *(f"Builtin_{name}" for name in ("isIRI", "isURI", "isBLANK", "isLITERAL", "BOUND", "sameTerm")),
    }
)
"""Expressions whose value depends on their arguments and on nothing else."""

_Part = Any
"""A part of rdflib's algebra, which is not typed."""
_Known = tuple[URIRef | None, ...]


@dataclass(frozen=True)
class _Filter:
    """The parts of a filter that all have to hold; ``lasting`` ones have the same answer for the same variables."""

    whole: _Part
    lasting: tuple[_Part, ...]
    others: tuple[_Part, ...]
    about: tuple[Variable, ...]
    answers: LRUCache[_Known, bool] = field(default_factory=lambda: LRUCache(_ANSWERS))

    def holds(self, solution: FrozenBindings) -> bool:
        """Whether a solution passes."""
        return self._lasts(solution) and all(_ebv(part, solution) for part in self.others)

    def _lasts(self, solution: FrozenBindings) -> bool:
        known = tuple(_bound(solution, variable) for variable in self.about)
        if not all(value is None or type(value) is URIRef for value in known):  # equal literals may be told apart
            return all(_ebv(part, solution) for part in self.lasting)
        answer = self.answers.get(known)
        if answer is None:
            answer = self.answers[known] = all(_ebv(part, solution) for part in self.lasting)
        return bool(answer)


class Filters:
    """The filters that were met, each with its answers."""

    def __init__(self) -> None:
        self._met: LRUCache[int, _Filter] = LRUCache(_FILTERS)

    def evaluated(self, context: QueryContext, part: CompValue) -> Iterator[FrozenBindings]:
        """The solutions of a filter; raises ``NotImplementedError``, rdflib's sign, for any other part."""
        if part.name != "Filter":
            raise NotImplementedError
        return self._passing(context, part)

    def _passing(self, context: QueryContext, part: CompValue) -> Iterator[FrozenBindings]:
        filter_ = self._of(part)
        for solution in evalPart(context, part.p):
            seen = solution if part.no_isolated_scope else solution.forget(context, _except=part._vars)
            if filter_.holds(seen):
                yield solution

    def _of(self, part: CompValue) -> _Filter:
        """The filter of a part, which it holds on to, so that no other part comes by its id."""
        known: _Filter | None = self._met.get(id(part))
        if known is None:
            known = self._met[id(part)] = _divided(part)
        return known


def _divided(part: CompValue) -> _Filter:
    parts = list(_conjuncts(part.expr))
    lasting = [one for one in parts if _is_lasting(one)]
    about = {variable for one in lasting for variable in _variables(one)}
    others = [one for one in parts if not _is_lasting(one)]
    return _Filter(part, tuple(lasting), tuple(others), tuple(sorted(about)))


def _conjuncts(part: _Part) -> Iterator[_Part]:
    """The parts of an expression that all have to hold."""
    if isinstance(part, CompValue) and part.name == "ConditionalAndExpression":
        for one in (part.expr, *(part.other or ())):
            yield from _conjuncts(one)
    else:
        yield part


def _is_lasting(part: _Part) -> bool:
    if isinstance(part, CompValue):
        return part.name in _ALWAYS_THE_SAME and all(_is_lasting(one) for one in part.values())
    if isinstance(part, list | tuple):
        return all(_is_lasting(one) for one in part)
    return isinstance(part, Variable | URIRef | Literal | str)


def _variables(part: _Part) -> Iterator[Variable]:
    if isinstance(part, Variable):
        yield part
    elif isinstance(part, CompValue):
        for one in part.values():
            yield from _variables(one)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _variables(one)


def _bound(solution: FrozenBindings, variable: Variable) -> _Part:
    """What a variable stands for in a solution; None where it is not bound."""
    try:
        return solution[variable]
    except KeyError:
        return None
