"""Prefixes that neither the query declares nor the site knows."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from kgpub.doctor.edits import Edit, edited
from kgpub.doctor.findings import Hint
from kgpub.doctor.names import Names
from kgpub.engine.guard import Token

WELL_KNOWN = {
    "bibo": "http://purl.org/ontology/bibo/",
    "cc": "http://creativecommons.org/ns#",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcmitype": "http://purl.org/dc/dcmitype/",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "gn": "http://www.geonames.org/ontology#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "ssn": "http://www.w3.org/ns/ssn/",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes that mean the same nearly everywhere."""

_ALIKE = 0.6
"""Least likeness (0 to 1) of two prefixes for the one to be meant by the other."""
_LONGEST = 40
"""Characters of a prefix that count."""
_MOST = 20
"""Names under an unknown prefix that are looked for elsewhere."""


def prefixes(query: str, tokens: tuple[Token, ...], names: Names) -> Iterator[Hint]:
    """One hint per unknown prefix, at the place where it is first used."""
    unknown: dict[str, list[Token]] = {}
    for position, token in enumerate(tokens):
        prefix = token.text.partition(":")[0]
        declares = position and tokens[position - 1].text.upper() == "PREFIX"
        if token.kind == "name" and prefix != "_" and prefix not in names.prefixes and not declares:
            unknown.setdefault(prefix, []).append(token)
    for prefix, uses in unknown.items():
        yield _hint(query, prefix, uses, names)


def _hint(query: str, prefix: str, uses: list[Token], names: Names) -> Hint:
    """What to say of one prefix: declare it, write another, or only that it is unknown."""
    place = (uses[0].start, uses[0].start + len(prefix) + 1)
    said = {"prefix": f"{prefix}:"}
    near = _nearest(prefix, uses, names)
    if prefix in WELL_KNOWN and (near is None or near.lower() != prefix.lower()):
        namespace = WELL_KNOWN[prefix]
        declared = edited(query, Edit(names.start, names.start, f"PREFIX {prefix}: <{namespace}>\n"))
        return Hint("prefix-declare", said | {"namespace": namespace}, *place, declared)
    if near is None:
        return Hint("prefix-unknown", said, *place)
    edits = (Edit(token.start, token.start + len(prefix), near) for token in uses)
    return Hint("prefix", said | {"near": f"{near}:"}, *place, edited(query, *edits))


def _nearest(prefix: str, uses: list[Token], names: Names) -> str | None:
    """The known prefix that is meant: by the names that the dataset uses under it, then by its letters."""
    used = names.known.properties.counts.keys() | names.known.classes.counts.keys()
    locals_ = list(dict.fromkeys(token.text.partition(":")[2] for token in uses))[:_MOST]
    best = (0, 0.0, "")
    for one, namespace in names.prefixes.items():
        found = sum(namespace + local in used for local in locals_ if local)
        likeness = SequenceMatcher(None, prefix[:_LONGEST].lower(), one[:_LONGEST].lower(), autojunk=False).ratio()
        if found or likeness >= _ALIKE:
            best = max(best, (found, likeness, one))
    return best[2] if best[1] or best[0] else None
