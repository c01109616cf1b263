"""What the queries of shapes look at (SHACL sections 5 and 6, SHACL-AF section 3.1)."""

from collections.abc import Iterator
from typing import Any

from rdflib import RDF, XSD, BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.paths import Path as SparqlPath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern
from rdflib.plugins.sparql.parserutils import CompValue

from kgpub.revalidation.ways import Reads

_Part = Any
"""A part of rdflib's algebra, which is not typed."""

_RESTLESS = frozenset({"Builtin_NOW", "Builtin_RAND", "Builtin_UUID", "Builtin_STRUUID", "Builtin_BNODE"})
"""Functions that give something else each time (SPARQL 1.1 section 17.4)."""
_FAR = ("Graph", "ServiceGraphPattern", "Triples")
"""How the names of parts begin that look elsewhere, or that are not translated as is known here."""


def note(query: _Part, into: Reads) -> None:
    """Add what a parsed query looks at."""
    if query.algebra.datasetClause:
        into.everything = True
    for part in parts(query.algebra):
        if part.name == "BGP":
            for triple in part.triples:
                _pattern(triple, into)
        elif part.name in _RESTLESS:
            into.always = True
        elif part.name.startswith(_FAR) or (part.name == "Function" and not str(part.iri).startswith(str(XSD))):
            into.everything = True


def parts(part: object) -> Iterator[_Part]:
    """The parts of a query, however deep; groups within expressions are translated first."""
    if isinstance(part, CompValue):
        whole = translated(part)
        yield whole
        for value in whole.values():
            yield from parts(value)
    elif isinstance(part, list | tuple | set | frozenset):
        for value in part:
            yield from parts(value)


def translated(part: _Part) -> _Part:
    """A part as it is evaluated; rdflib translates groups within expressions only when they are met."""
    return translateGroupGraphPattern(_copied(part)) if part.name.startswith("GroupGraphPattern") else part


def _copied(part: _Part) -> _Part:
    """A part that may be taken to pieces."""
    if isinstance(part, CompValue):
        return CompValue(part.name, **{name: _copied(value) for name, value in part.items()})
    return [_copied(one) for one in part] if isinstance(part, list) else part


def _pattern(triple: tuple[Any, Any, Any], into: Reads) -> None:  # Any: a path is no term
    _, predicate, target = triple
    if predicate == RDF.type and isinstance(target, URIRef):
        into.types.add(str(target))
        return
    found = properties(predicate)
    if found is None:
        into.everything = True
    else:
        into.properties |= found


def properties(path: object) -> set[str] | None:
    """The properties along a path of a query; None where it may be any, or where it may have no steps at all."""
    if isinstance(path, URIRef):
        return {str(path)}
    if isinstance(path, SequencePath | AlternativePath):
        found = [properties(one) for one in path.args]
        return None if None in found else set().union(*(one for one in found if one))
    if isinstance(path, InvPath):
        return properties(path.arg)
    if isinstance(path, MulPath) and path.mod == "+":
        return properties(path.path)
    return None  # rdflib takes a literal like "" for nothing there, and starts from every node then


def key(node: object) -> str:
    """A name for what a pattern binds; nothing for a constant, and for a path."""
    if isinstance(node, SparqlPath) or not isinstance(node, Variable | BNode):
        return ""
    return str(node) if isinstance(node, Variable) else f"_:{node}"


def variables(part: object) -> Iterator[str]:
    """What the patterns of a part bind, under the names of ``key``, however deep."""
    for one in parts(part):
        if one.name == "BGP":
            yield from (name for triple in one.triples for node in triple if (name := key(node)))
