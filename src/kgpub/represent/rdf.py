"""Quads as RDF in any of our formats: stable order, the site's prefixes, term for term.

Nothing is left out silently: what a format cannot carry raises ``NotAcceptable`` with the reason.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kgpub.errors import NotAcceptable
from kgpub.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format

_SERIALISERS: Mapping[Format, RdfFormat] = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    RDF_XML: RdfFormat.RDF_XML,
    TRIG: RdfFormat.TRIG,
    N_QUADS: RdfFormat.N_QUADS,
}
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_NAME = re.compile(r"[^\W\d][\w.\-]*$")
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
        ordered = sorted(quads, key=lambda q: (str(q.graph_name), *_order(q.triple)))
        body = serialize(ordered, format=serialiser, prefixes=used)
    else:
        if format is RDF_XML:
            _refuse_unfit(quads)
        body = serialize(triples(quads), format=serialiser, prefixes=used)
    assert body is not None
    return _checked_xml(body) if format is RDF_XML else body


def offered(quads: Iterable[Quad], format: Format) -> bool:
    """Whether a format can carry these quads, so that a page links only to what can be had."""
    if format is RDF_XML:
        try:
            _refuse_unfit(quads)
        except NotAcceptable:
            return False
    return format is not JSON_LD or not any(isinstance(q.object, Triple) for q in quads)


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
    shorten = _Compact(prefixes, used)
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
    """Shortens IRIs by prefixes and notes which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str], used: dict[str, str]) -> None:
        self._pairs = sorted(prefixes.items(), key=lambda pair: -len(pair[1]))
        self._used = used

    def __call__(self, iri: str) -> str:
        for prefix, namespace in self._pairs:
            name = iri[len(namespace) :]
            if iri.startswith(namespace) and name and not name.startswith("//") and _usable(prefix, namespace):
                self._used[prefix] = namespace
                return f"{prefix}:{name}"
        return iri


def _usable(prefix: str, namespace: str) -> bool:
    """Whether a term may serve as a prefix in a compact IRI (JSON-LD 1.1 section 4.4, simple term definition)."""
    return bool(prefix) and namespace[-1:] in set(":/?#[]@") and ":" not in prefix


def _single(value: object) -> bool:
    return isinstance(value, list) and len(value) == 1


def _node_name(term: NamedNode | BlankNode | Triple | Literal, shorten: _Compact) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, BlankNode):
        return str(term)
    raise NotAcceptable("JSON-LD 1.1 has no place for a triple term.")


def _value(term: NamedNode | BlankNode | Triple | Literal, shorten: _Compact) -> object:
    """An object as a JSON-LD value object, node reference or string (JSON-LD 1.1 section 9.5)."""
    if not isinstance(term, Literal):
        return {"@id": _node_name(term, shorten)}
    if term.datatype.value == _STRING:
        return term.value
    if term.language is not None:
        return {"@value": term.value, "@language": term.language}
    return {"@value": term.value, "@type": shorten(term.datatype.value)}


def _order(triple: Triple) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return str(triple.subject), predicate != _TYPE, predicate, str(triple.object)


def _used(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that at least one IRI of the quads begins with."""
    iris = {term.value for quad in quads for term in _named(quad)}
    return {
        prefix: namespace
        for prefix, namespace in sorted(prefixes.items())
        if any(iri.startswith(namespace) for iri in iris)
    }


def _named(quad: Quad) -> Iterable[NamedNode]:
    for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(term, NamedNode):
            yield term
        elif isinstance(term, Literal):
            yield term.datatype


def _refuse_unfit(quads: Iterable[Quad]) -> None:
    """RDF/XML needs predicates that end in an XML name, and text that XML 1.0 allows (RDF 1.1 XML Syntax 6.1.4)."""
    for quad in quads:
        predicate = quad.predicate.value
        if not _has_xml_name(predicate):
            raise NotAcceptable(f"RDF/XML cannot write the property <{predicate}>: it does not end in an XML name.")
        if isinstance(quad.object, Triple):
            raise NotAcceptable("RDF/XML has no place for a triple term.")
        if _NO_XML.search(quad.object.value):
            raise NotAcceptable("RDF/XML cannot write a control character that is in the text of a literal.")


def _has_xml_name(iri: str) -> bool:
    found = _NAME.search(iri)
    return found is not None and found.start() > 0


def _checked_xml(body: bytes) -> bytes:
    """The body itself when a strict XML parser reads it."""
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError as error:
        raise NotAcceptable(f"RDF/XML cannot write this description: {error}.") from error
    return body
