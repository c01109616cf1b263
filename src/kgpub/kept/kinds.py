"""Which schema.org type fits a class: what the graph itself says of it, else what the well-known vocabularies mean.

This is for a view of an entity in schema.org's words; the graph's own typing stays as it is.
"""

from collections.abc import Iterator, Mapping

from pyoxigraph import DefaultGraph, NamedNode, Store

from kgpub.settings import STANDARD_PREFIXES
from kgpub.settings.tables import DCAT, DCTERMS, FOAF, OWL, RDFS, SDO, SKOS

_OLD = "http://schema.org/"
_ORG = "http://www.w3.org/ns/org#"
_PROV = STANDARD_PREFIXES["prov"]
_WAYS = tuple(
    NamedNode(iri)
    for iri in (
        OWL + "equivalentClass", SKOS + "exactMatch", SKOS + "closeMatch", RDFS + "subClassOf", SKOS + "broadMatch"
    )
)  # fmt: skip
_KNOWN: Mapping[str, str] = {
    FOAF + "Person": "Person",
    FOAF + "Organization": "Organization",
    FOAF + "Group": "Organization",
    FOAF + "Project": "Project",
    FOAF + "Document": "CreativeWork",
    FOAF + "Image": "ImageObject",
    _ORG + "Organization": "Organization",
    _ORG + "FormalOrganization": "Organization",
    _ORG + "OrganizationalUnit": "Organization",
    _ORG + "Role": "Role",
    _ORG + "Post": "Role",
    _ORG + "Site": "Place",
    _PROV + "Person": "Person",
    _PROV + "Organization": "Organization",
    _PROV + "Location": "Place",
    DCTERMS + "Location": "Place",
    DCTERMS + "BibliographicResource": "CreativeWork",
    DCAT + "Dataset": "Dataset",
    DCAT + "Catalog": "DataCatalog",
    DCAT + "Distribution": "DataDownload",
    SKOS + "Concept": "DefinedTerm",
    SKOS + "ConceptScheme": "DefinedTermSet",
    OWL + "Class": "DefinedTerm",
    RDFS + "Class": "DefinedTerm",
    OWL + "Ontology": "DefinedTermSet",
}
_MOST_STEPS = 100
_MOST_NEXT = 50


def kind(store: Store, iri: str) -> str:
    """The name of the schema.org type nearest to a class, or ``""``; at most a hundred classes are looked at."""
    waiting, seen = [iri], {iri}
    while waiting and len(seen) <= _MOST_STEPS:
        here = waiting.pop(0)
        found = _named(here)
        if found:
            return found
        for there in _next(store, here):
            if there not in seen:
                seen.add(there)
                waiting.append(there)
    return ""


def _named(iri: str) -> str:
    for space in (SDO, _OLD):
        local = iri.removeprefix(space)
        if local != iri and local.isalnum():
            return local
    return _KNOWN.get(iri, "")


def _next(store: Store, iri: str) -> Iterator[str]:
    """What the graph holds to be the same, then what it holds to be wider, in a stable order."""
    for way in _WAYS:
        quads = store.quads_for_pattern(NamedNode(iri), way, None, DefaultGraph())
        found = [
            q.object.value for q, _ in zip(quads, range(_MOST_NEXT), strict=False) if isinstance(q.object, NamedNode)
        ]
        yield from sorted(found)
