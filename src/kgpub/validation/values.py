"""Constraints on single values and on pairs of properties, as conditions in SPARQL (SHACL sections 4.1 to 4.5, 4.8)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kgpub.validation.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    Condition,
    Names,
    NotCompiled,
    all_of,
    both,
    certain,
    either,
    negation,
    trusted,
)
from kgpub.validation.paths import Then, exists
from kgpub.validation.regex import narrowed, widened
from kgpub.validation.terms import WELL_FORMED, is_plain
from kgpub.validation.writing import same, written

_MOST = 200
"""Literals of a list tried one by one."""

_Constraint = Any
"""A constraint as pySHACL has built it; pySHACL is not typed."""
Belongs = Callable[[str, Node], str]
Test = Callable[[str], Condition]


def _class(constraint: _Constraint, _: Graph, belongs: Belongs) -> Test:
    """``sh:class`` (section 4.1.1)."""
    classes = list(constraint.class_rules)
    return lambda value: all_of(certain(negation(belongs(value, one))) for one in classes)


def _datatype(constraint: _Constraint, _: Graph, __: Belongs) -> Test:
    """``sh:datatype`` (section 4.1.2); whether a literal is well formed was seen when it was stored."""
    datatype = constraint.datatype_rule
    if datatype in (RDFS.Literal, RDFS.Datatype):
        return lambda _: UNKNOWN
    kinds = f"{written(datatype)}, {written(URIRef(WELL_FORMED + str(datatype)))}"
    return lambda value: certain(negation(f"COALESCE(DATATYPE({value}) IN ({kinds}), false)"))


_KINDS: Mapping[Node, tuple[str, ...]] = {
    SH.IRI: ("isIRI",),
    SH.BlankNode: ("isBlank",),
    SH.Literal: ("isLiteral",),
    SH.BlankNodeOrIRI: ("isBlank", "isIRI"),
    SH.BlankNodeOrLiteral: ("isBlank", "isLiteral"),
    SH.IRIOrLiteral: ("isIRI", "isLiteral"),
}


def _node_kind(constraint: _Constraint, _: Graph, __: Belongs) -> Test:
    """``sh:nodeKind`` (section 4.1.3)."""
    kinds = _KINDS.get(constraint.nodekind_rule)
    if kinds is None:
        return lambda _: UNKNOWN
    return lambda value: certain(negation(either(f"{kind}({value})" for kind in kinds)))


def _range(sign: str, attribute: str) -> Callable[[_Constraint, Graph, Belongs], Test]:
    """One of the four bounds of a range (section 4.3)."""

    def built(constraint: _Constraint, _: Graph, __: Belongs) -> Test:
        bounds = list(getattr(constraint, attribute))
        if not all(isinstance(bound, Literal) and is_plain(bound) for bound in bounds):
            return lambda _: UNKNOWN
        texts = [written(bound) for bound in bounds]
        return lambda value: all_of(trusted(f"{value} {sign} {text}") for text in texts)

    return built


def _length(sign: str) -> Callable[[_Constraint, Graph, Belongs], Test]:
    """``sh:minLength`` and ``sh:maxLength`` (section 4.4.1, 4.4.2)."""

    def built(constraint: _Constraint, _: Graph, __: Belongs) -> Test:
        if len(constraint.string_rules) != 1:
            raise NotCompiled("more than one length")
        (rule,) = constraint.string_rules
        length = int(rule.value)
        if sign == ">=" and length == 0:
            return lambda _: Condition()
        return lambda value: certain(f"(isBlank({value}) || !COALESCE(STRLEN(STR({value})) {sign} {length}, false))")

    return built


def _pattern(constraint: _Constraint, _: Graph, __: Belongs) -> Test:
    """``sh:pattern`` (section 4.4.3): what Rust's dialect matches for certain, Python's matches too."""
    compiled = [constraint.compiled_cache[rule] for rule in constraint.string_rules]
    narrow = [narrowed(one.pattern, one.flags) for one in compiled]
    wide = [widened(one.pattern, one.flags) for one in compiled]
    if None in narrow:
        raise NotCompiled("a regular expression that Python and Oxigraph may read in two ways")

    def test(value: str) -> Condition:
        surely = both(_matches(value, regex) for regex in narrow)
        perhaps = both(_matches(value, regex) for regex in wide)
        blank = f"isBlank({value})"
        return Condition(either((blank, negation(surely))), both((negation(blank), perhaps)))

    return test


def _matches(value: str, regex: str | None) -> str:
    """The test whether a term matches a regular expression; always where there is none."""
    return TRUE if regex is None else f"COALESCE(REGEX(STR({value}), {written(Literal(regex))}), false)"


def _language_in(constraint: _Constraint, shapes: Graph, _: Belongs) -> Test:
    """``sh:languageIn`` (section 4.4.4)."""
    rules = list(constraint.string_rules)
    if len(rules) != 1:
        raise NotCompiled("more than one sh:languageIn")
    members = list(shapes.items(rules[0]))
    if not all(isinstance(member, Literal) and isinstance(member.value, str) for member in members):
        raise NotCompiled("a language that is no text")
    tags = sorted({str(member).lower() for member in members})
    if not tags:
        return lambda _: certain(TRUE)
    texts = ", ".join(written(Literal(tag)) for tag in tags)

    def test(value: str) -> Condition:
        tag = f"LCASE(LANG({value}))"
        known = TRUE if "*" in tags else f'({tag} IN ({texts}) || STRBEFORE({tag}, "-") IN ({texts}))'
        return certain(negation(f"COALESCE({both((f'{tag} != {_EMPTY}', known))}, false)"))

    return test


_EMPTY = '""'


def _in(constraint: _Constraint, _: Graph, __: Belongs) -> Test:
    """``sh:in`` (section 4.8.3)."""
    members = list(constraint.in_vals)
    names = ", ".join(written(member) for member in members if not isinstance(member, Literal))
    literals = [member for member in members if isinstance(member, Literal)]
    if len(literals) > _MOST:
        raise NotCompiled(f"a list of more than {_MOST} literals")

    def test(value: str) -> Condition:
        named = f"COALESCE({value} IN ({names}), false)" if names else FALSE
        return certain(negation(either((named, *(same(value, literal) for literal in literals)))))

    return test


VALUES: Mapping[str, Callable[[_Constraint, Graph, Belongs], Test]] = {
    "Class": _class,
    "Datatype": _datatype,
    "NodeKind": _node_kind,
    "MinExclusive": _range(">", "min_vals"),
    "MinInclusive": _range(">=", "min_vals"),
    "MaxExclusive": _range("<", "max_vals"),
    "MaxInclusive": _range("<=", "max_vals"),
    "MinLength": _length(">="),
    "MaxLength": _length("<="),
    "Pattern": _pattern,
    "LanguageIn": _language_in,
    "In": _in,
}
"""The constraint components of single values, by the names of pySHACL's classes."""


def closed_to(value: str, allowed: Iterable[Node], names: Names) -> Condition:
    """``sh:closed`` (section 4.8.1); pySHACL lets ``rdf:type rdfs:Resource`` pass."""
    predicate, target = names.fresh(), names.fresh()
    texts = ", ".join(sorted(written(node) for node in allowed if isinstance(node, URIRef)))
    other = f"{predicate} NOT IN ({texts})" if texts else TRUE  # Oxigraph takes nothing to be not in an empty list
    spared = both((same(predicate, RDF.type), same(target, RDFS.Resource)))
    pattern = f"{value} {predicate} {target}"
    return Condition(exists(pattern, other), negation(exists(pattern, both((other, negation(spared))))))


def in_pairs(constraint: _Constraint, focus: str, some: Callable[[Then], str], names: Names) -> Condition:
    """``sh:equals``, ``sh:disjoint``, ``sh:lessThan``, ``sh:lessThanOrEquals`` (section 4.5); ``some`` value passes."""
    name = type(constraint).__name__
    tests = []
    for node in constraint.property_compare_set:
        if not isinstance(node, URIRef):
            raise NotCompiled("a property that is no IRI")
        tests.append(_PAIRS[name.removesuffix("ConstraintComponent")](focus, written(node), some, names))
    return certain(either(tests))


def _unequal(focus: str, other: str, some: Callable[[Then], str], names: Names) -> str:
    compared = names.fresh()
    missing = negation(some(lambda value: f"sameTerm({value}, {compared})"))
    return either(
        (
            some(lambda value: negation(exists(f"{focus} {other} {value}", TRUE))),
            exists(f"{focus} {other} {compared}", missing),
        )
    )


def _shared(focus: str, other: str, some: Callable[[Then], str], _: Names) -> str:
    return some(lambda value: exists(f"{focus} {other} {value}", TRUE))


def _unordered(sign: str) -> Callable[[str, str, Callable[[Then], str], Names], str]:
    """The test whether some value may not be less; pySHACL refuses blank nodes, so it has to see them."""

    def test(focus: str, other: str, some: Callable[[Then], str], names: Names) -> str:
        compared = names.fresh()

        def found(value: str) -> str:
            wrong = f"!COALESCE({value} {sign} {compared}, false)"
            return either((f"isBlank({value})", exists(f"{focus} {other} {compared}", wrong)))

        return some(found)

    return test


_PAIRS: Mapping[str, Callable[[str, str, Callable[[Then], str], Names], str]] = {
    "Equals": _unequal,
    "Disjoint": _shared,
    "LessThan": _unordered("<"),
    "LessThanOrEquals": _unordered("<="),
}
