"""Quads as RDF in any of our formats: stable order, the site's prefixes, term for term.

Nothing is left out silently: what a format cannot carry raises ``NotAcceptable`` with the reason.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kgpub.errors import NotAcceptable
from kgpub.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kgpub.iris import is_prefix

_SERIALISERS: Mapping[Format, RdfFormat] = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    RDF_XML: RdfFormat.RDF_XML,
    TRIG: RdfFormat.TRIG,
    N_QUADS: RdfFormat.N_QUADS,
}
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_FEW = 500
"""Quads of which it is remembered which formats can carry them."""
_NODE_ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def document(quads: Iterable[Quad], format: Format, prefixes: Mapping[str, str]) -> bytes:
    """The quads in a format: named graphs kept where it has them, each triple once where it has not.

    Raises ``NotAcceptable`` when the format cannot carry them.
    """
    if format is JSON_LD:
        return json_ld(triples(quads), prefixes)
    serialiser = _SERIALISERS[format]
    used = _used(quads := tuple(quads), prefixes)
    if format.has_graphs:
        ordered = sorted(set(quads), key=lambda q: (str(q.graph_name), *_order(q.triple)))
        body = serialize(ordered, format=serialiser, prefixes=used)
    elif format is RDF_XML:
        return _rdf_xml(triples(quads), used)
    else:
        body = serialize(triples(quads), format=serialiser, prefixes=used)
    assert body is not None
    return body


def offered(quads: Iterable[Quad], format: Format) -> bool:
    """Whether a format can carry these quads, so that a page links only to what can be had."""
    if format is not RDF_XML and format is not JSON_LD:
        return True
    given = tuple(quads)
    fit = _remembered(given) if len(given) <= _FEW else _fit(given)
    return fit.for_xml if format is RDF_XML else fit.for_json


class _Fit(NamedTuple):
    for_json: bool
    for_xml: bool


def _fit(quads: tuple[Quad, ...]) -> _Fit:
    """Whether those formats that cannot carry everything can carry these quads."""
    if any(isinstance(quad.object, Triple) for quad in quads):
        return _Fit(for_json=False, for_xml=False)
    try:
        _refuse_unfit(quads)
    except NotAcceptable:
        return _Fit(for_json=True, for_xml=False)
    return _Fit(for_json=True, for_xml=True)


_remembered = lru_cache(maxsize=4)(_fit)
"""The same of few quads: an answer names its formats in the page, in the page's head and in a header."""


def triples(quads: Iterable[Quad]) -> list[Triple]:
    """The triples of the quads, each once, in a stable order: by subject, types first, then predicate and object."""
    return sorted({q.triple for q in quads}, key=_order)


def context(prefixes: Mapping[str, str]) -> dict[str, object]:
    """The JSON-LD context of every document here: the site's prefixes (JSON-LD 1.1 section 4.4)."""
    return {"@context": dict(sorted(prefixes.items()))}


def json_ld(ordered: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Triples as compact JSON-LD 1.1 with an inline context; every node of the document stands at the top.

    Raises ``NotAcceptable`` for triple terms, which JSON-LD 1.1 has no place for.
    """
    nodes: dict[str, dict[str, Any]] = {}  # Any: JSON
    used: dict[str, str] = {}
    ordered = tuple(ordered)
    shorten = _Compact(prefixes, {iri.partition(":")[0] for triple in ordered for iri in _iris(triple)}, used)
    for triple in ordered:
        name = _node_name(triple.subject, shorten)
        node = nodes.setdefault(name, {"@id": name})
        if triple.predicate.value == _TYPE and not isinstance(triple.object, Literal):
            node.setdefault("@type", []).append(_node_name(triple.object, shorten))
        else:
            node.setdefault(shorten(triple.predicate.value), []).append(_value(triple.object, shorten))
    flat = [{key: value[0] if _single(value) else value for key, value in node.items()} for node in nodes.values()]
    body: dict[str, Any] = {"@context": dict(sorted(used.items()))}
    body |= flat[0] if len(flat) == 1 else {"@graph": flat}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


class _Compact:
    """Shortens IRIs by prefixes and notes which prefixes were used.

    A prefix that is called like the scheme of an IRI in the document would be read into that IRI: it is left out.
    """

    def __init__(self, prefixes: Mapping[str, str], schemes: set[str], used: dict[str, str]) -> None:
        taken = schemes | {namespace.partition(":")[0] for namespace in prefixes.values()}
        pairs = [pair for pair in prefixes.items() if pair[0] not in taken and _usable(*pair)]
        self._pairs = sorted(pairs, key=lambda pair: (-len(pair[1]), pair[0]))
        self._used = used

    def __call__(self, iri: str) -> str:
        for prefix, namespace in self._pairs:
            name = iri[len(namespace) :]
            if iri.startswith(namespace) and name and not name.startswith("//"):
                self._used[prefix] = namespace
                return f"{prefix}:{name}"
        return iri


def _usable(prefix: str, namespace: str) -> bool:
    """Whether a term may serve as a prefix in a compact IRI (JSON-LD 1.1 section 4.4, simple term definition)."""
    return is_prefix(prefix) and namespace[-1:] in set(":/?#[]@")


def _single(value: object) -> bool:
    return isinstance(value, list) and len(value) == 1


def _node_name(term: NamedNode | BlankNode | Triple | Literal, shorten: _Compact) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, BlankNode):
        return str(term)
    raise NotAcceptable("JSON-LD 1.1 has no place for a triple term.")


def _value(term: NamedNode | BlankNode | Triple | Literal, shorten: _Compact) -> object:
    """An object as a JSON-LD value object, node reference or string (JSON-LD 1.1 sections 9.5 and 4.2.4.1)."""
    if not isinstance(term, Literal):
        return {"@id": _node_name(term, shorten)}
    if term.datatype.value == _STRING:
        return term.value
    if term.direction is not None:
        return {"@value": term.value, "@language": term.language, "@direction": term.direction.value}
    if term.language is not None:
        return {"@value": term.value, "@language": term.language}
    return {"@value": term.value, "@type": shorten(term.datatype.value)}


def _order(triple: Triple) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return str(triple.subject), predicate != _TYPE, predicate, str(triple.object)


def _used(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that at least one IRI of the quads begins with."""
    iris = {iri for quad in quads for iri in _iris(quad.triple)}
    iris |= {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    every = "\n".join(("", *iris))  # no IRI has an end of line in it
    return {
        prefix: namespace
        for prefix, namespace in sorted(prefixes.items())
        if f"\n{namespace}" in every and (not prefix or is_prefix(prefix))
    }


def _iris(triple: Triple) -> Iterable[str]:
    """The IRIs that stand in a triple, those of datatypes and of triple terms included."""
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value
        elif isinstance(term, Triple):
            yield from _iris(term)


def _rdf_xml(ordered: list[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Triples as RDF/XML that a strict XML parser reads; blank nodes get new names where theirs are no XML names."""
    _refuse_unfit(ordered)
    tags = {iri for triple in ordered for iri in _iris(triple)}
    used = {name: namespace for name, namespace in prefixes.items() if namespace not in tags}  # else <name:>
    body = serialize(_with_node_ids(ordered), format=RdfFormat.RDF_XML, prefixes=used)
    assert body is not None
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError as error:
        raise NotAcceptable(f"RDF/XML cannot write this description: {error}.") from error
    return body


def _refuse_unfit(triples: Iterable[Triple | Quad]) -> None:
    """RDF/XML needs predicates that end in an XML name, and text that XML 1.0 allows (RDF 1.1 XML Syntax 6.1.4)."""
    for triple in triples:
        predicate, target = triple.predicate.value, triple.object
        if isinstance(target, Triple):
            raise NotAcceptable("RDF/XML has no place for a triple term.")
        named = target.value if predicate == _TYPE and isinstance(target, NamedNode) else ""
        if not _survives(predicate, named):
            what = f"class <{named}>" if named else f"property <{predicate}>"
            raise NotAcceptable(f"RDF/XML cannot write the {what}: it does not end in an XML name of its own.")
        if _NO_XML.search(target.value):
            raise NotAcceptable("RDF/XML cannot write a control character that is in the text of a literal.")


@lru_cache(maxsize=4096)
def _survives(predicate: str, named: str) -> bool:
    """Whether a triple with this property, and with this class if there is one, comes back out of RDF/XML."""
    thing = NamedNode("x:x")
    triple = Triple(thing, NamedNode(predicate), NamedNode(named) if named else thing)
    try:
        body = serialize([triple], format=RdfFormat.RDF_XML)
        assert body is not None
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
        return [quad.triple for quad in parse(body, format=RdfFormat.RDF_XML)] == [triple]
    except (OSError, SyntaxError, expat.ExpatError):
        return False


def _with_node_ids(ordered: list[Triple]) -> list[Triple]:
    """The triples with blank nodes that rdf:nodeID can name, renumbered if any of them cannot be."""
    nodes = {term for t in ordered for term in (t.subject, t.object) if isinstance(term, BlankNode)}
    if all(_NODE_ID.fullmatch(node.value) for node in nodes):
        return ordered
    names = {node: BlankNode(f"b{number}") for number, node in enumerate(sorted(nodes, key=str), 1)}

    def renamed(term: Any) -> Any:  # Any: a subject stays a subject, an object an object
        return names.get(term, term)

    return [Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in ordered]
