"""Lists and containers in their order: ``rdf:first`` and ``rdf:rest``; the members ``rdf:_1``, ``rdf:_2`` and so on.

RDF Schema sections 5.1 and 5.2. What is no well-formed list is shown as the blank nodes that it is made of.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from kgpub.model import Description, Statement
from kgpub.represent.frame import TYPE

MEMBER = "http://www.w3.org/2000/01/rdf-schema#member"
"""The property that all of a container's numbered ones are kinds of (RDF Schema section 5.1.6)."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST, _REST, _NIL = _RDF + "first", _RDF + "rest", _RDF + "nil"
_NUMBERED = re.compile(re.escape(_RDF) + r"_([1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Sequence:
    """The statements that name the members of a list, in order; ``is_whole`` where it ends as a list should."""

    members: tuple[Statement, ...]
    is_whole: bool


def sequence(description: Description, head: BlankNode) -> Sequence | None:
    """The list that begins with a blank node; None where none does. A list that runs in a circle ends there."""
    found: list[Statement] = []
    seen: set[str] = set()
    node: object = head
    while isinstance(node, BlankNode) and node.value not in seen:
        seen.add(node.value)
        said = [one for one in description.nested.get(node.value, ()) if one.predicate.value != TYPE]
        parts = {one.predicate.value: one for one in said}
        if len(said) != len(parts) or parts.keys() != {_FIRST, _REST}:
            break
        found.append(parts[_FIRST])
        node = parts[_REST].object
    return Sequence(tuple(found), node == NamedNode(_NIL)) if found else None


def gathered(predicate: str) -> str:
    """The property under which a statement is shown: the numbered ones of a container are shown as one."""
    return MEMBER if predicate.startswith(_RDF) and _NUMBERED.fullmatch(predicate) else predicate


def is_numbered(statements: Iterable[Statement]) -> bool:
    """Whether all of these are numbered members of a container."""
    return all(_NUMBERED.fullmatch(one.predicate.value) for one in statements)


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """The numbered members of a container, by their numbers."""
    return sorted(statements, key=lambda one: int(one.predicate.value.rpartition("_")[2]))
