"""``sh:sparql`` compiled: the patterns of its query, with those filters on which Oxigraph and rdflib agree.

A filter that is not known is left out, which finds more nodes and never fewer. The patterns are nested one within
the other, from the focus node on.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.paths import Path as SparqlPath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from kgpub.validation.expressions import compared, tested
from kgpub.validation.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    Condition,
    Names,
    NotCompiled,
    all_of,
    any_of,
    both,
    certain,
    either,
    negation,
    none_of,
)
from kgpub.validation.paths import exists
from kgpub.validation.writing import written

_MOST = 8
"""Alternatives of one query."""

_KINDS = {
    "Builtin_isIRI": "isIRI",
    "Builtin_isURI": "isIRI",
    "Builtin_isBLANK": "isBlank",
    "Builtin_isLITERAL": "isLiteral",
}

_Part = Any
"""A part of rdflib's algebra, which is not typed."""


@dataclass(frozen=True)
class _Group:
    """Triple patterns and filters that hold together.

    ``loose`` variables may be bound by what was left out; ``aliases`` are other names of bound ones, by BIND.
    """

    triples: tuple[_Part, ...] = ()
    filters: tuple[_Part, ...] = ()
    loose: frozenset[str] = frozenset()
    aliases: tuple[tuple[str, str], ...] = ()

    def joined(self, other: "_Group") -> "_Group":
        """Two groups side by side; what their filters see is not sure then, so that they are left out."""
        names = {name for group in (self, other) for name, _ in group.aliases}
        return _Group(self.triples + other.triples, (), self.loose | other.loose | names)


def question(helper: Any, focus: str, prefixes: Mapping[str, str], names: Names) -> str:  # Any: pySHACL is not typed
    """The test whether a query of the shapes may find something for a focus node; ``helper`` is pySHACL's."""
    try:
        _, text = helper.pre_bind_variables(URIRef("urn:x-kgpub:focus"))
        query = translateQuery(parseQuery(helper.apply_prefixes(text)), initNs=dict(prefixes))
    except Exception as error:
        raise NotCompiled("a query that cannot be read") from error
    if query.algebra.name != "SelectQuery" or query.algebra.datasetClause or "currentShape" in text:
        raise NotCompiled("a query that is no plain SELECT")
    groups = _groups(query.algebra.p, exact=False)
    tests = [_Writer(names, {"this": focus}, group.loose).group(group) for group in groups]
    return either((f"isLiteral({focus})", *tests))  # rdflib takes a literal like 0 or "" for nothing in some places


def _groups(part: _Part, *, exact: bool) -> list[_Group]:
    """The alternatives that a part of a query consists of; ``exact`` where leaving something out would lose nodes."""
    name = part.name
    if name == "BGP":
        return [_Group(triples=tuple(step for triple in part.triples for step in steps(triple)))]
    if name == "Filter":
        within = _groups(part.p, exact=exact)
        return [replace(group, filters=(*group.filters, part.expr)) for group in within]
    if name == "Join":
        return _joined(_groups(part.p1, exact=exact), _groups(part.p2, exact=exact), exact=exact)
    if name == "Union":
        return _few([*_groups(part.p1, exact=exact), *_groups(part.p2, exact=exact)])
    if exact:
        raise NotCompiled("a query with more than patterns and filters")
    return _loosely(part)


def _loosely(part: _Part) -> list[_Group]:
    """The alternatives of a part of which something may be left out."""
    name = part.name
    if name == "Extend" and isinstance(part.expr, Variable):
        return [_named(group, str(part.var), str(part.expr)) for group in _groups(part.p, exact=False)]
    if name in _LOOSE:
        kept = part.p1 if name in {"LeftJoin", "Minus"} else part.p
        loose = frozenset(variables(part)) - frozenset(variables(kept))
        return [replace(group, loose=group.loose | loose) for group in _groups(kept, exact=False)]
    if name == "AggregateJoin" and part.p.name == "Group" and part.p.expr:
        loose = frozenset(variables(part.A))
        return [replace(group, loose=group.loose | loose) for group in _groups(part.p.p, exact=False)]
    raise NotCompiled("a query with more than patterns and filters")


_LOOSE = frozenset({"LeftJoin", "Minus", "Extend", "Project", "Distinct", "Reduced", "OrderBy", "Slice"})
"""What may be left out where more nodes than needed do no harm."""


def _named(group: _Group, name: str, variable: str) -> _Group:
    """A group in which a variable that its patterns bind has another name."""
    bound = {str(node) for triple in group.triples for node in triple if isinstance(node, Variable)}
    if variable in bound - group.loose and name not in bound:
        return replace(group, aliases=(*group.aliases, (name, variable)))
    return replace(group, loose=group.loose | {name})


def _joined(left: list[_Group], right: list[_Group], *, exact: bool) -> list[_Group]:
    if exact and any(group.filters for group in (*left, *right)):
        raise NotCompiled("a query with filters in inner groups")
    return _few([one.joined(other) for one, other in product(left, right)])


def steps(triple: _Part) -> list[tuple[_Part, _Part, _Part]]:
    """One pattern with a path as patterns without, as far as that can be."""
    subject, predicate, target = triple
    if isinstance(predicate, SequencePath):
        ends = [subject, *(BNode() for _ in predicate.args[1:]), target]
        parts = zip(ends, predicate.args, ends[1:], strict=False)
        return [step for part in parts for step in steps(part)]
    if isinstance(predicate, InvPath):
        return steps((target, predicate.arg, subject))
    return [triple]


def variables(part: object) -> Iterator[str]:
    """The names of the variables in a part of a query, however deep."""
    if isinstance(part, Variable):
        yield str(part)
    elif isinstance(part, CompValue):
        for value in part.values():
            yield from variables(value)
    elif isinstance(part, list | tuple | set | frozenset):
        for value in part:
            yield from variables(value)


def _few(groups: list[_Group]) -> list[_Group]:
    if len(groups) > _MOST:
        raise NotCompiled("a query with too many alternatives")
    return groups


class _Writer:
    """Writes groups as nested tests; ``known`` has the variables that are bound so far, by their names."""

    def __init__(self, names: Names, known: Mapping[str, str], loose: frozenset[str]) -> None:
        self._names = names
        self._known = dict(known)
        self._filters = Filters(names, self._known, loose)

    def group(self, group: _Group) -> str:
        """The test whether a group may match."""
        _refuse_open_paths(group)
        return self._chain(list(group.triples), group.filters, group.aliases, must=False)

    def surely(self, group: _Group) -> str:
        """The test whether a group matches for certain."""
        _refuse_open_paths(group)
        return self._chain(list(group.triples), group.filters, group.aliases, must=True)

    def _chain(
        self, triples: list[_Part], filters: tuple[_Part, ...], aliases: tuple[tuple[str, str], ...], *, must: bool
    ) -> str:
        if not triples:
            self._known.update({name: self._known[variable] for name, variable in aliases})
            found = self._filters
            return both(negation(found.fails(one)) if must else found.holds(one) for one in filters)
        triple = self._next(triples)
        if triple is None:
            raise NotCompiled("a query whose patterns do not hang together")
        rest = [other for other in triples if other is not triple]
        texts = [self._term(node) for node in triple]
        return exists(" ".join(texts), self._chain(rest, filters, aliases, must=must))

    def _next(self, triples: Iterable[_Part]) -> _Part:
        """A pattern with something that is bound: a known subject first, then the focus node, which is no hub."""
        for position, wanted in ((0, self._known), (2, {"this"}), (2, self._known)):
            for triple in triples:
                if self._key(triple[position]) in wanted:
                    return triple
        return None

    @staticmethod
    def _key(node: Node) -> str:
        """A name for what can be bound; nothing for a constant."""
        return str(node) if isinstance(node, Variable) else f"_:{node}" if isinstance(node, BNode) else ""

    def _term(self, node: Any) -> str:  # Any: a path is no term
        """A term, a variable or a path of a pattern, in SPARQL."""
        if isinstance(node, SparqlPath):
            return path_text(node)
        key = self._key(node)
        if not key:
            return written(node)
        if key not in self._known:
            self._known[key] = self._names.fresh()
        return self._known[key]


class Filters:
    """Expressions over the variables in ``known``; ``loose`` ones may be bound by what was left out."""

    def __init__(self, names: Names, known: dict[str, str], loose: frozenset[str]) -> None:
        """Read ``known`` as it is when an expression is written: it may grow."""
        self._names = names
        self._known = known
        self._loose = loose

    def holds(self, part: _Part) -> str:
        """The test whether an expression may hold."""
        return self._filter(part).good

    def fails(self, part: _Part) -> str:
        """The test whether an expression may not hold."""
        return self._filter(part).bad

    def _filter(self, part: _Part) -> Condition:
        """When an expression holds (``good`` may, ``bad`` may not), where that is known."""
        name = part.name if isinstance(part, CompValue) else ""
        if self._loose and not self._loose.isdisjoint(variables(part)):
            return UNKNOWN
        if name in {"ConditionalAndExpression", "ConditionalOrExpression"}:
            parts = [self._filter(one) for one in (part.expr, *part.other)]
            return (all_of if name == "ConditionalAndExpression" else any_of)(parts)
        if name == "UnaryNot":
            return none_of(self._filter(part.expr))
        if name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
            return self._exists(part, name == "Builtin_NOTEXISTS")
        return self._compared(part) if name == "RelationalExpression" else self._builtin(part, name)

    def _builtin(self, part: _Part, name: str) -> Condition:
        """A test of the kind of a bound variable, or of a text."""
        if name in {"Builtin_STRSTARTS", "Builtin_STRENDS", "Builtin_CONTAINS", "Builtin_REGEX"}:
            return tested(part, self._bound)
        kind = _KINDS.get(name)
        variable = self._bound(part.arg) if kind else None
        return certain(negation(f"{kind}({variable})")) if variable else UNKNOWN

    def _exists(self, part: _Part, is_negated: bool) -> Condition:
        """EXISTS and NOT EXISTS: what is within may use the variables that are bound outside."""
        may = self._within(part.graph, TRUE, exact=False)
        must = self._within(part.graph, FALSE, exact=True)
        found = Condition(negation(must), may)
        return Condition(found.good, found.bad) if is_negated else found

    def _within(self, part: _Part, otherwise: str, *, exact: bool) -> str:
        """The test whether a part within EXISTS matches; ``otherwise`` where it is not compiled."""
        try:
            tests = []
            for group in _groups(_translated(part), exact=exact):
                writer = _Writer(self._names, self._known, self._loose | group.loose)
                tests.append(writer.surely(group) if exact else writer.group(group))
        except NotCompiled:
            return otherwise
        return either(tests)

    def _compared(self, part: _Part) -> Condition:
        """A comparison: with IRIs the terms decide; by order where it gives an answer for both."""
        known = compared(part, self._bound)
        if known != UNKNOWN:
            return known
        if part.op in {"IN", "NOT IN"}:
            return self._among(part)
        if part.op in {"=", "!="}:
            one, other = (part.expr, part.other) if isinstance(part.other, URIRef) else (part.other, part.expr)
            test = self._is(one, other) if isinstance(other, URIRef) else None
            if test is None:
                return UNKNOWN
            return certain(negation(test)) if part.op == "=" else certain(test)
        return self._ordered(part)

    def _among(self, part: _Part) -> Condition:
        """Being one of several IRIs."""
        if not isinstance(part.other, list | tuple) or not all(isinstance(one, URIRef) for one in part.other):
            return UNKNOWN
        tests = [self._is(part.expr, one) for one in part.other]
        found = UNKNOWN if None in tests else certain(negation(either(one for one in tests if one)))
        return none_of(found) if part.op == "NOT IN" else found

    def _ordered(self, part: _Part) -> Condition:
        """``<`` and its like between two variables that are bound to texts without a language, numbers or dates."""
        left, right = self._bound(part.expr), self._bound(part.other)
        if left is None or right is None:
            return UNKNOWN
        plain = f'LANG({left}) = "" && LANG({right}) = ""'
        test = f"IF({plain}, {left} {part.op} {right}, 1 / 0 = 1)"
        return Condition(f"COALESCE(!({test}), true)", f"COALESCE({test}, true)")

    def _is(self, part: _Part, node: URIRef) -> str | None:
        """The test whether a bound variable is an IRI."""
        variable = self._bound(part)
        return f"sameTerm({variable}, {written(node)})" if variable else None

    def _bound(self, part: _Part) -> str | None:
        """The variable that a part of an expression stands for, if a pattern has bound it."""
        return self._known.get(str(part)) if isinstance(part, Variable) else None


def _translated(part: _Part) -> _Part:
    """A group within an expression; rdflib translates some of them only when they are met."""
    return translateGroupGraphPattern(deepcopy(part)) if part.name.startswith("GroupGraphPattern") else part


def _refuse_open_paths(group: _Group) -> None:
    """Refuse a path with ``*``, ``+`` or ``?`` that could start from a literal, which rdflib gets wrong."""
    subjects = {str(subject) for subject, predicate, _ in group.triples if not isinstance(predicate, SparqlPath)}
    for subject, predicate, target in group.triples:
        if isinstance(predicate, MulPath):
            for end in (subject, target):
                if not isinstance(end, URIRef) and str(end) not in {"this", *subjects}:
                    raise NotCompiled("a path of a query")


def path_text(path: Any) -> str:  # Any: rdflib's paths have no common type
    """A property path of a query: one sign after an IRI, or a choice of IRIs."""
    if isinstance(path, MulPath) and isinstance(path.path, URIRef):
        return f"{written(path.path)}{path.mod}"
    if isinstance(path, AlternativePath) and all(isinstance(one, URIRef) for one in path.args):
        return "(" + "|".join(written(URIRef(str(one))) for one in path.args) + ")"
    raise NotCompiled("a path of a query")
