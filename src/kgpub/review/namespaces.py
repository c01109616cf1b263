"""Wrong forms of well-known namespaces, as a table: scheme, host, the mark at the end, and names of old."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from pyoxigraph import Literal, NamedNode

from kgpub.review.findings import Case, shown
from kgpub.review.survey import MAPPINGS, Known, Stated
from kgpub.review.vocabularies import bundled, split
from kgpub.settings.tables import SDO

RIGHT = (
    "http://data.europa.eu/eli/ontology#",
    "http://data.europa.eu/m8g/",
    "http://datashapes.org/dash#",
    "http://dbpedia.org/ontology/",
    "http://dbpedia.org/resource/",
    "http://purl.org/NET/c4dm/event.owl#",
    "http://purl.org/cerif/frapo/",
    "http://purl.org/goodrelations/v1#",
    "http://purl.org/ontology/bibo/",
    "http://purl.org/spar/cito/",
    "http://purl.org/spar/fabio/",
    "http://purl.org/vocab/bio/0.1/",
    "http://qudt.org/schema/qudt/",
    "http://qudt.org/vocab/quantitykind/",
    "http://qudt.org/vocab/unit/",
    "http://rdfs.org/sioc/ns#",
    "http://spdx.org/rdf/terms#",
    "http://www.cidoc-crm.org/cidoc-crm/",
    "http://www.opengis.net/ont/geosparql#",
    "http://www.opengis.net/ont/sf#",
    "http://www.w3.org/2006/vcard/ns#",
    "http://www.w3.org/2008/05/skos-xl#",
    "http://www.w3.org/ns/adms#",
    "http://www.w3.org/ns/dqv#",
    "http://www.w3.org/ns/hydra/core#",
    "http://www.w3.org/ns/ldp#",
    "http://www.w3.org/ns/lemon/ontolex#",
    "http://www.w3.org/ns/locn#",
    "http://www.w3.org/ns/oa#",
    "http://www.w3.org/ns/person#",
    "http://www.w3.org/ns/regorg#",
    "http://www.w3.org/ns/rov#",
    "http://www.w3.org/ns/sparql-service-description#",
    "http://www.wikidata.org/entity/",
    "http://www.wikidata.org/prop/direct/",
    "https://w3id.org/security#",
)
"""Well-known namespaces beside the bundled ones, as their own documents write them."""
OLD: Mapping[str, str] = {
    "http://schema.org/": SDO,
    "http://www.schema.org/": SDO,
    "http://www.w3.org/2008/05/skos#": "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2004/02/skos#": "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2000/10/XMLSchema#": "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/TR/xmlschema-2/#": "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/TR/rdf-schema/#": "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/TR/1999/PR-rdf-schema-19990303#": "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2001/vcard-rdf/3.0#": "http://www.w3.org/2006/vcard/ns#",
    "http://www.w3.org/TR/prov-o/#": "http://www.w3.org/ns/prov#",
    "http://www.w3.org/TR/vocab-org/#": "http://www.w3.org/ns/org#",
    "http://www.w3.org/TR/vocab-dcat/#": "http://www.w3.org/ns/dcat#",
    "http://vocab.deri.ie/void#": "http://rdfs.org/ns/void#",
    "http://vocab.deri.ie/dcat#": "http://www.w3.org/ns/dcat#",
    "http://xmlns.com/foaf/spec/": "http://xmlns.com/foaf/0.1/",
    "http://xmlns.com/foaf/spec/#": "http://xmlns.com/foaf/0.1/",
    "http://www.w3.org/ns/opengis/geosparql#": "http://www.opengis.net/ont/geosparql#",
}
"""Names of old, and addresses of documents that are taken for namespaces, with what is written in their place."""


@dataclass(frozen=True)
class Wrong:
    """A namespace that is not the one meant, the right one, and the rule this breaks."""

    namespace: str
    right: str
    rule: str = "namespace-wrong"


def namespaces(stated: Stated, known: Known) -> Iterator[Case]:
    """Every namespace that a statement writes wrongly, once per file."""
    quad = stated.quad
    candidates = [quad.predicate.value]
    if quad.predicate.value not in MAPPINGS:
        candidates += [term.value for term in (quad.subject, quad.object) if isinstance(term, NamedNode)]
    if isinstance(quad.object, Literal):
        candidates.append(quad.object.datatype.value)
    for iri in candidates:
        wrong = judged(iri)
        if wrong is None or (wrong.rule == "namespace-other" and wrong.namespace in known.prefixes):
            continue
        yield Case(
            wrong.rule,
            key=f"{stated.file} {wrong.namespace}",
            values={"wrong": shown(wrong.namespace), "right": wrong.right, "example": shown(iri)},
            about=wrong.namespace,
            file=stated.file,
            line=stated.line,
            iri=iri,
            namespace=wrong.namespace,
            new=wrong.right,
            counted=True,
        )


@lru_cache(maxsize=65_536)
def judged(iri: str) -> Wrong | None:
    """What is wrong with the namespace of an IRI, or None."""
    namespace, name = split(iri)
    if not name or namespace in _right():
        return None
    if namespace in OLD:
        return Wrong(namespace, OLD[namespace], "namespace-other")
    right = _variants().get(namespace.casefold())
    if right is None:
        return _without_mark(namespace, name)
    has_other_mark = namespace[-1] != right[-1] or namespace.endswith("/#")
    if has_other_mark and right in bundled() and name not in bundled()[right].names:
        return None  # a document or a module beside the vocabulary
    return Wrong(namespace, right)


def _without_mark(namespace: str, name: str) -> Wrong | None:
    """``http://purl.org/dc/termstitle``: the mark between namespace and name was forgotten."""
    for tail, right in _tails().get(namespace, ()):
        if name.startswith(tail) and name[len(tail) :] in bundled()[right].names:
            return Wrong(namespace + tail, right)
    return None


@cache
def _right() -> frozenset[str]:
    return frozenset((*bundled(), *RIGHT))


@cache
def _variants() -> Mapping[str, str]:
    """Every wrong form, case aside → the right one; what is right in itself is none."""
    found: dict[str, str] = {}
    for right in sorted(_right()):
        for form in _forms(right):
            found.setdefault(form.casefold(), right)
    return {form: right for form, right in found.items() if form not in _right()}


def _forms(right: str) -> Iterator[str]:
    """A namespace with the other scheme, with and without ``www``, and with the other mark at its end."""
    _, _, rest = right.partition("://")
    bare = rest.removeprefix("www.")
    for host in (bare, f"www.{bare}"):
        for scheme in ("http", "https"):
            stem = f"{scheme}://{host[:-1]}"
            yield from (stem + mark for mark in ("#", "/", "/#"))


@cache
def _tails() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """What stands before the last part of a bundled namespace → that part without its mark, and the namespace."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for right in bundled():
        before, tail = split(right[:-1])
        found[before] = (*found.get(before, ()), (tail, right))
    return found
