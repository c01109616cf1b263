"""Terms between pyoxigraph and rdflib, and literals marked so that a store keeps them as they were written.

An Oxigraph store writes ``01`` as ``1`` and ``xsd:int`` as ``xsd:integer``, and it compares dates with time zones as
rdflib does not. A literal goes in as it is only where both are known to agree on it; any other one gets a datatype
that the store does not know, which is the original one behind a mark, and comes out without it.
"""

import re
from datetime import date, datetime
from functools import lru_cache

import pyoxigraph
from pyshacl.constraints.core.value_constraints import DatatypeConstraintComponent
from rdflib import XSD, BNode, Literal, URIRef
from rdflib.term import Node

Triple = tuple[Node, Node, Node]

WELL_FORMED = "urn:x-kgpub:well-formed:"
"""The mark of a literal that the store might rewrite or compare otherwise, and that is of its datatype."""
ILL_FORMED = "urn:x-kgpub:ill-formed:"
"""The mark of a literal that is not of its datatype, as pySHACL sees it (SHACL section 4.1.2)."""

_XSD = str(XSD)
_STRING = pyoxigraph.NamedNode(_XSD + "string")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_PLAIN = {
    _XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    _XSD + "decimal": re.compile(r"0|-?[1-9][0-9]{0,9}|-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,5}[1-9]"),
    _XSD + "boolean": re.compile(r"true|false"),
}
"""Lexical forms that a store keeps, and that compare alike in Oxigraph and rdflib."""


def triple(quad: pyoxigraph.Quad) -> Triple | None:
    """The triple of a quad in rdflib's terms; None with a triple term, which SHACL 1.0 does not know."""
    if isinstance(quad.object, pyoxigraph.Triple) or isinstance(quad.subject, pyoxigraph.Triple):
        return None
    return term(quad.subject), iri(quad.predicate.value), term(quad.object)


def term(node: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> Node:
    """A term as rdflib has it: lexical form kept, and no datatype on a plain string.

    rdflib holds ``"x"`` and ``"x"^^xsd:string`` unequal, though RDF 1.1 section 3.3 makes them one.
    """
    if isinstance(node, pyoxigraph.NamedNode):
        return iri(node.value)
    if isinstance(node, pyoxigraph.BlankNode):
        return BNode(node.value)
    if node.language:
        return Literal(node.value, lang=node.language, normalize=False)
    datatype = iri(node.datatype.value)
    return Literal(node.value, datatype=None if datatype == XSD.string else datatype, normalize=False)


@lru_cache(maxsize=65_536)
def iri(text: str) -> URIRef:
    """An IRI; the same ones come again and again."""
    return URIRef(text)


def marked(literal: pyoxigraph.Literal) -> pyoxigraph.Literal:
    """A literal as the store is to have it; ``unmarked`` undoes it. A base direction is dropped, as rdflib does."""
    end = str(literal)[-1]
    if end == '"':
        return literal
    if end != ">":
        return pyoxigraph.Literal(literal.value, language=literal.language) if literal.direction else literal
    datatype = literal.datatype.value
    if _is_plain(literal.value, datatype):
        return literal
    return pyoxigraph.Literal(literal.value, datatype=_mark(literal.value, datatype))


def unmarked(literal: pyoxigraph.Literal) -> pyoxigraph.Literal:
    """A literal of the store as it was written."""
    datatype = literal.datatype.value
    for mark in (WELL_FORMED, ILL_FORMED):
        if datatype.startswith(mark):
            return pyoxigraph.Literal(literal.value, datatype=pyoxigraph.NamedNode(datatype.removeprefix(mark)))
    return literal


def stored(node: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    """A term of rdflib as the store has it; raises ``ValueError`` where RDF knows no such term."""
    if isinstance(node, Literal):
        if node.language:
            return pyoxigraph.Literal(str(node), language=node.language.lower())
        return marked(pyoxigraph.Literal(str(node), datatype=pyoxigraph.NamedNode(node.datatype or _STRING.value)))
    return pyoxigraph.BlankNode(node) if isinstance(node, BNode) else pyoxigraph.NamedNode(str(node))


def is_plain(literal: Literal) -> bool:
    """Whether Oxigraph and rdflib are known to compare a literal alike."""
    datatype = literal.datatype or _STRING.value
    return not literal.language and (datatype == _STRING.value or _is_plain(str(literal), str(datatype)))


@lru_cache(maxsize=65_536)
def _is_plain(text: str, datatype: str) -> bool:
    form = _PLAIN.get(datatype)
    if form is not None:
        return form.fullmatch(text) is not None
    try:
        if datatype == _XSD + "date" and _DATE.fullmatch(text):
            return bool(date.fromisoformat(text))
        if datatype == _XSD + "dateTime" and _DATE_TIME.fullmatch(text):
            return bool(datetime.fromisoformat(text))
    except ValueError:
        pass
    return False


@lru_cache(maxsize=65_536)
def _mark(text: str, datatype: str) -> pyoxigraph.NamedNode:
    """The marked datatype of a literal, which depends on whether pySHACL takes it to be of that datatype."""
    literal = Literal(text, datatype=iri(datatype), normalize=False)
    is_of = DatatypeConstraintComponent._assert_actual_datatype
    is_well_formed = literal.ill_typed is not True and is_of(None, literal, iri(datatype))  # type: ignore[arg-type, no-untyped-call] # it needs no self
    return pyoxigraph.NamedNode((WELL_FORMED if is_well_formed else ILL_FORMED) + datatype)
