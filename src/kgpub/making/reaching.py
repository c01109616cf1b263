"""How far from a thing a SPARQL question looks, so that it need not be asked of all things again.

Where it only follows properties forward, its rows about one thing depend on nothing but what is said of that, and of
what it leads to in so many steps. The question is read as a tree (``kgpub.doctor.reading``), whose makers do not claim
to understand all of SPARQL; so only plain elements are followed: triples, groups, OPTIONAL, UNION, GRAPH, FILTER, BIND.
Any doubt means that nothing is known.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from kgpub.doctor.reading import read
from kgpub.doctor.tree import NONE, Element, Group, Nested, Statement, Triple, Union, Variables
from kgpub.engine.guard import Reader, Token
from kgpub.errors import BadQuery, QueryRefused

_STEPS = frozenset({"/", "|", "(", ")"})
"""The signs of paths that lead forward, and as far as they are long."""

Depths = Mapping[str, int]
"""How many steps away from the thing the values of variables are."""


class _Doubt(Exception):
    """Nothing is known of a question."""


def reach(question: str, thing: str) -> int | None:
    """In how many steps from the values of a variable a SELECT finds all that its rows about them are made of.

    None where it is not certain that it looks no further; and of one whose rows need not be about any value of it.
    """
    try:
        query = read(tuple(Reader(question).tokens()))
    except (BadQuery, QueryRefused):
        return None
    select = query.select if query else None
    if query is None or select is None or query.form != "SELECT" or thing not in select.where.certain:
        return None
    is_whole = select.limit is None and not select.offset and select.values is None and not select.is_grouped
    if not is_whole or any(one.expression for one in select.projection):
        return None
    if any(clause.expression.groups for clause in select.clauses.values()):
        return None
    try:
        return max(_looked(select.where, {thing: 0}), default=0)
    except _Doubt:
        return None


def _looked(group: Group, outer: Depths) -> Iterator[int]:
    """How far each triple of a group looks; ``outer`` are variables that all solutions bind that it is joined with."""
    if group.select is not None:
        raise _Doubt
    known = _known(group, outer)
    bound: Variables = NONE
    for element in group.elements:
        if isinstance(element, Statement):
            yield from (_depth(known, triple) for triple in _plain(element))
        for inner in element.groups:
            yield from _looked(inner, _beside(element, known, bound))
        bound |= element.certain


def _beside(element: Element, known: Depths, bound: Variables) -> Depths:
    """The variables that a group in an element may go on from; ``bound`` are those that elements before it bind.

    An OPTIONAL may only go on from these: of one that goes on from elsewhere, whether it matches anything at all
    decides about solutions that it does not match (SPARQL 1.1 section 18.2.2.6).
    """
    if isinstance(element, Nested) and element.word == "GRAPH" and not _matches(element.group):
        raise _Doubt  # it may have a solution for each graph there is
    if _is_joined(element):
        return known
    if isinstance(element, Nested) and element.word == "OPTIONAL":
        return {name: depth for name, depth in known.items() if name in bound}
    raise _Doubt  # MINUS, EXISTS and whatever else has groups


def _known(group: Group, outer: Depths) -> Depths:
    """The variables that are bound in every solution of a group, as far as they are reached from what is."""
    said: dict[str | None, list[Triple]] = {}
    for triple in _certain(group.elements):
        said.setdefault(triple.subject.variable, []).append(triple)
    known, waiting = dict(outer), deque(outer)
    while waiting:
        for triple in said.pop(waiting.popleft(), ()):
            name, depth = triple.object.variable, _depth(known, triple)
            if name is not None and name not in known:
                known[name] = depth
                waiting.append(name)
    return known


def _depth(known: Depths, triple: Triple) -> int:
    """How many steps away a triple's object is."""
    name = triple.subject.variable
    if name is None or name not in known:
        raise _Doubt
    return known[name] + _length(triple.predicate)


def _matches(group: Group) -> bool:
    """Whether every solution of a group matches some triple."""
    return any(
        isinstance(element, Statement) or (_is_joined(element) and all(map(_matches, element.groups)))
        for element in group.elements
    )


def _is_joined(element: Element) -> bool:
    """Whether every solution is one of the element's groups as well."""
    return isinstance(element, Union) or (isinstance(element, Nested) and element.word in {"", "GRAPH"})


def _certain(elements: Iterable[Element]) -> Iterator[Triple]:
    """The triples that every solution of a group matches."""
    for element in elements:
        if isinstance(element, Statement):
            yield from _plain(element)
        elif isinstance(element, Nested) and _is_joined(element):
            yield from _certain(element.group.elements)


def _plain(statement: Statement) -> tuple[Triple, ...]:
    if not statement.is_plain or not all(triple.is_simple for triple in statement.triples):
        raise _Doubt
    return statement.triples


def _length(predicate: tuple[Token, ...]) -> int:
    """How many steps a predicate has, or the longest of its ways."""
    if not all(_is_forward(token) for token in predicate):
        raise _Doubt
    return 1 + sum(token.text == "/" for token in predicate)


def _is_forward(token: Token) -> bool:
    if token.kind == "mark":
        return token.text in _STEPS
    return token.kind in {"iri", "name"} or (token.kind == "word" and token.text == "a")
