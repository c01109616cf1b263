"""Every group of a query with how it is reached: what a rewrite must know before it moves anything."""

from collections.abc import Iterator
from dataclasses import dataclass

from kgpub.doctor.names import Names
from kgpub.doctor.tree import NONE, Expression, Group, Nested, Query, Select, Triple, Union, Variables
from kgpub.engine.guard import Token

_UNSTEADY = frozenset({"RAND", "UUID", "STRUUID", "BNODE", "EXISTS"})
"""Functions that give something else each time they are asked, and what looks outside the expression."""


@dataclass(frozen=True)
class Spot:
    """A group, the word before it, and what surrounds it.

    ``outer`` are the variables of the groups around it, ``is_given`` says whether solutions are put into it (EXISTS,
    LATERAL), ``select`` is what it is the pattern of, if of any.
    """

    query: str
    names: Names
    group: Group
    word: str = ""
    outer: Variables = NONE
    is_given: bool = False
    select: Select | None = None


def spots(query: str, tree: Query, names: Names) -> Iterator[Spot]:
    """All groups, from the outside in."""
    if tree.select is None:
        return
    waiting = [_pattern(Spot(query, names, tree.select.where), tree.select)]
    while waiting:
        spot = waiting.pop(0)
        yield spot
        waiting += _inside(spot)


def _inside(spot: Spot) -> Iterator[Spot]:
    """The groups directly in a group."""
    group = spot.group
    outer = spot.outer | group.possible
    if group.select is not None:
        yield _pattern(spot, group.select)
    for element in group.elements:
        word = element.word if isinstance(element, Nested) else "UNION" if isinstance(element, Union) else "EXISTS"
        given = spot.is_given or word in ("EXISTS", "LATERAL")
        for inner in element.groups:
            yield Spot(spot.query, spot.names, inner, word, outer, given)


def _pattern(around: Spot, select: Select) -> Spot:
    """The pattern of a select. The engine lets EXISTS see what VALUES after it binds, so that counts as around it."""
    outer = select.values.possible if select.values else NONE
    return Spot(around.query, around.names, select.where, "", outer, around.is_given, select)


def is_steady(expression: Expression, visible: Variables) -> bool:
    """Whether an expression depends on these variables alone, however often it is asked."""
    words = {token.text.upper() for token in expression.tokens if token.kind == "word"}
    return not expression.groups and not words & _UNSTEADY and expression.variables <= visible


def has_labels(triples: tuple[Triple, ...]) -> bool:
    """Whether triples name blank nodes, which must not be written in two groups."""
    return any(_is_label(node.tokens[0]) for triple in triples for node in (triple.subject, triple.object))


def _is_label(token: Token) -> bool:
    return token.kind == "name" and token.text.startswith("_:")
