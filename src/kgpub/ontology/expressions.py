"""Unnamed things as phrases: class expressions (OWL 2 section 8), data ranges (7), paths (SHACL section 2.3.1)."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.model import Term
from kgpub.ontology.model import Phrase
from kgpub.ontology.reading import MOST, Node, Reading, term
from kgpub.settings.tables import OWL, SH

DEEPEST = 5
"""How far expressions inside expressions are followed."""

_LISTS = ("unionOf", "intersectionOf", "oneOf", "disjointUnionOf", "withRestrictions", "members")
_RESTRICTIONS = (
    "someValuesFrom", "allValuesFrom", "hasValue", "hasSelf", "minCardinality", "maxCardinality", "cardinality",
    "minQualifiedCardinality", "maxQualifiedCardinality", "qualifiedCardinality",
)  # fmt: skip
_STEPS = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
_QUIET = {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
_MOST_SHOWN = 30


def expression(reading: Reading, node: Term, depth: int = 0) -> Phrase:
    """A class, data range or individual, named or not; what no rule knows is shown as its properties and values."""
    if not isinstance(node, BlankNode):
        return term(node)
    if depth >= DEEPEST:
        return Phrase("deeper")
    for name in _LISTS:
        for head in reading.nodes(node, _owl(name))[:1]:
            return _listed(f"owl.{name}", [expression(reading, one, depth + 1) for one in reading.members(head)])
    for name in ("complementOf", "datatypeComplementOf", "inverseOf"):
        for target in reading.objects(node, _owl(name))[:1]:
            return Phrase(f"owl.{name}", parts=(expression(reading, target, depth + 1),))
    return _restriction(reading, node, depth) or unknown(reading, node, depth)


def members(reading: Reading, key: str, head: Node) -> Phrase:
    """The members of a list under a name."""
    return _listed(key, [expression(reading, one, 1) for one in reading.members(head)])


def _listed(key: str, parts: list[Phrase]) -> Phrase:
    return Phrase(key, parts=tuple(parts[:_MOST_SHOWN]), more=max(0, len(parts) - _MOST_SHOWN))


def _restriction(reading: Reading, node: BlankNode, depth: int) -> Phrase | None:
    """A restriction of a property's values (OWL 2 section 8.2): the property first, then what is asked of it."""
    on = reading.nodes(node, _owl("onProperty"))
    if not on:
        return None
    property = expression(reading, on[0], depth + 1)
    for name in _RESTRICTIONS:
        for asked in reading.objects(node, _owl(name))[:1]:
            parts = [property, expression(reading, asked, depth + 1)]
            for way in ("onClass", "onDataRange"):
                parts += [expression(reading, one, depth + 1) for one in reading.objects(node, _owl(way))[:1]]
            return Phrase(f"owl.{name}", parts=tuple(parts))
    return None


def unknown(reading: Reading, node: Node, depth: int) -> Phrase:
    """A node that no rule knows, as the properties and values it has."""
    if depth >= DEEPEST:
        return Phrase("deeper")
    said = [pair for pair in reading.said(node) if pair[0].value not in _QUIET]
    pairs = [Phrase("pair", parts=(term(p), expression(reading, o, depth + 1))) for p, o in said]
    return _listed("unknown", pairs) if pairs else Phrase("unnamed")


def path(reading: Reading, node: Term, depth: int = 0) -> Phrase:
    """A property path (SHACL section 2.3.1)."""
    if isinstance(node, NamedNode | Literal):
        return term(node)
    if not isinstance(node, BlankNode) or depth >= DEEPEST:
        return Phrase("deeper")
    for name in _STEPS:
        for inner in reading.objects(node, NamedNode(SH + name))[:1]:
            return Phrase(f"path.{name}", parts=(path(reading, inner, depth + 1),))
    for head in reading.nodes(node, NamedNode(SH + "alternativePath"))[:1]:
        return _listed("path.alternative", [path(reading, one, depth + 1) for one in reading.members(head)])
    if reading.is_list(node):
        return _listed("path.sequence", [path(reading, one, depth + 1) for one in reading.members(node)])
    return unknown(reading, node, depth)


def named(phrases: Iterable[Phrase]) -> list[str]:
    """The IRIs that phrases name, themselves or inside, each once; a bounded number."""
    found: dict[str, None] = {}
    waiting = list(phrases)
    while waiting and len(found) < MOST:
        phrase = waiting.pop()
        found |= {text[1:-1]: None for text in phrase.terms if text.startswith("<") and text.endswith(">")}
        waiting += phrase.parts
    return list(found)


def _owl(name: str) -> NamedNode:
    return NamedNode(OWL + name)
