"""The terms of a site, once, at build: which there are, which are its own, what each is to the others.

A term is the site's own where its files declare it (``a owl:Class``, ``a rdf:Property`` …) in a namespace below the
base or in one that an ``owl:Ontology`` of the site has, or say that such an ontology defines it; other terms are from
other vocabularies, and listed because the data, or the ontology's hierarchy, use them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.kept.partitions import Partitions
from kgpub.making.counting import MOST as MOST_COUNTED
from kgpub.making.counting import namespace
from kgpub.model import Term
from kgpub.ontology.anchors import Anchors
from kgpub.ontology.expressions import expression, members, named
from kgpub.ontology.model import CLASS, DATATYPE, PROPERTY, Entry, Example, OntologyTerm, Phrase, Relation, Vocabulary
from kgpub.ontology.reading import Node, Reading, term
from kgpub.settings import STANDARD_PREFIXES, Settings
from kgpub.settings.tables import DCTERMS, OWL, RDFS, SKOS

MOST_TERMS = 20_000
"""Most terms that are documented: the site's own first, then the most used."""
MOST_EXAMPLES = 3
"""Examples that a term has."""

_RDF = STANDARD_PREFIXES["rdf"]
_TYPE = NamedNode(_RDF + "type")
_STATEMENT_MARKS = (NamedNode(_RDF + "subject"), NamedNode(_RDF + "reifies"))
_LOOKED_AT = 200
_SHOWN = 40
_SCHEMA = ("https://schema.org/", "http://schema.org/")
_VANN = "http://purl.org/vocab/vann/preferredNamespaceUri"
_PROPERTY_TYPES = (
    "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "OntologyProperty", "DeprecatedProperty",
    "SymmetricProperty", "TransitiveProperty", "FunctionalProperty", "InverseFunctionalProperty",
    "ReflexiveProperty", "IrreflexiveProperty", "AsymmetricProperty",
)  # fmt: skip
_DECLARED: Mapping[str, str] = {
    OWL + "Class": CLASS,
    RDFS + "Class": CLASS,
    OWL + "DeprecatedClass": CLASS,
    RDFS + "Datatype": DATATYPE,
    _RDF + "Property": PROPERTY,
    **{OWL + name: PROPERTY for name in _PROPERTY_TYPES},
}
ABOVE: Mapping[str, str] = {RDFS + "subClassOf": CLASS, RDFS + "subPropertyOf": PROPERTY}
"""The properties of the hierarchy, and what kind of terms each orders."""
_RELATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("above", tuple(ABOVE)),
    ("domain", (RDFS + "domain",)),
    ("domainIncludes", tuple(space + "domainIncludes" for space in _SCHEMA)),
    ("range", (RDFS + "range",)),
    ("rangeIncludes", tuple(space + "rangeIncludes" for space in _SCHEMA)),
    ("inverseOf", (OWL + "inverseOf",)),
    ("equivalent", (OWL + "equivalentClass", OWL + "equivalentProperty", OWL + "sameAs")),
    *((name, (SKOS + name,)) for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")),
    ("disjoint", (OWL + "disjointWith", OWL + "propertyDisjointWith")),
    ("complementOf", (OWL + "complementOf",)),
    ("replacedBy", (DCTERMS + "isReplacedBy",)),
    ("seeAlso", (RDFS + "seeAlso",)),
    ("definedBy", (RDFS + "isDefinedBy",)),
)
_LISTED = ("unionOf", "intersectionOf", "oneOf", "disjointUnionOf", "propertyChainAxiom", "hasKey")
_BACKWARDS = {"above": "below", "domain": "properties", "domainIncludes": "properties", "range": "leading",
              "rangeIncludes": "leading"}  # fmt: skip
RELATIONS = (*(key for key, _ in _RELATIONS), *dict.fromkeys(_BACKWARDS.values()), "definition")
"""The keys of the relations that terms have."""


@dataclass(frozen=True)
class Collected:
    """The terms in order of their IRIs, the site's own first; ontologies, vocabularies, and how many were left out."""

    terms: tuple[OntologyTerm, ...]
    ontologies: tuple[str, ...]
    vocabularies: tuple[Vocabulary, ...]
    left_out: int


def collect(store: Store, hidden: frozenset[str], figures: Partitions, site: Settings) -> Collected:
    """Every term that the site declares, orders or uses, with what it is to the others."""
    reading = Reading(store, hidden)
    ontologies = sorted({s.value for s, _ in reading.pairs(_TYPE, _owl("Ontology")) if isinstance(s, NamedNode)})
    spaces = _spaces(reading, ontologies)
    types = _types(reading)
    used = {one.iri: one.entities for one in figures.by_class}, {one.iri: one.triples for one in figures.by_property}
    kinds = _kinds(reading, types, used)
    own = _own(reading, set(types) & set(kinds), spaces, site)
    ranked = sorted(kinds, key=lambda iri: (iri not in own, -max(one.get(iri, 0) for one in used), iri))
    kept = sorted(ranked[:MOST_TERMS], key=lambda iri: (iri not in own, iri))
    anchors = Anchors(site.iris, spaces)
    deprecated = _deprecated(reading, types)
    entries = {
        iri: Entry(
            iri, anchors.anchor(iri, is_own=iri in own), kinds[iri], iri in own, iri in deprecated,
            _count(store, iri, kinds[iri], used),
        )
        for iri in kept
    }  # fmt: skip
    relations = _relations(reading, entries)
    terms = tuple(
        OntologyTerm(one, tuple(sorted(types.get(iri, ()))), tuple(relations.get(iri, ())), _examples(store, one))
        for iri, one in entries.items()
    )
    return Collected(terms, tuple(ontologies), _vocabularies(entries.values(), spaces), len(ranked) - len(kept))


def _spaces(reading: Reading, ontologies: Iterable[str]) -> dict[str, str]:
    """The namespaces that the site's ontologies have, each with the IRI of its ontology."""
    found: dict[str, str] = {}
    for iri in ontologies:
        said = reading.objects(NamedNode(iri), NamedNode(_VANN))
        ends = (iri,) if iri.endswith(("#", "/")) else (iri + "#", iri + "/")
        for space in (*ends, *(one.value for one in said if isinstance(one, NamedNode | Literal))):
            found.setdefault(space, iri)
    return found


def _own(reading: Reading, declared: set[str], spaces: Mapping[str, str], site: Settings) -> set[str]:
    """The declared terms that are the site's own; where nothing tells, those of the namespace with most of them."""
    ontologies = set(spaces.values())
    defined = {
        subject.value
        for subject, target in reading.pairs(NamedNode(RDFS + "isDefinedBy"))
        if isinstance(subject, NamedNode) and isinstance(target, NamedNode) and target.value in ontologies
    }
    found = {iri for iri in declared if iri.startswith(site.base) or namespace(iri) in spaces or iri in defined}
    if found or not declared:
        return found
    counts = Counter(namespace(iri) for iri in sorted(declared))
    return {iri for iri in declared if namespace(iri) == counts.most_common(1)[0][0]}


def _types(reading: Reading) -> dict[str, set[str]]:
    """What each declared term is declared to be."""
    found: dict[str, set[str]] = {}
    for type_ in _DECLARED:
        for subject, _ in reading.pairs(_TYPE, NamedNode(type_)):
            if isinstance(subject, NamedNode):
                found.setdefault(subject.value, set()).add(type_)
    return found


Used = tuple[Mapping[str, int], Mapping[str, int]]
"""Members of each class, and triples of each property, as they were counted."""


def _kinds(reading: Reading, types: Mapping[str, set[str]], used: Used) -> dict[str, str]:
    """The kind of every term: what it is declared to be, else how the ontology orders it, else how the data use it."""
    found: dict[str, str] = {}
    for iri, declared in types.items():
        kinds = {_DECLARED[one] for one in declared}
        found[iri] = next(kind for kind in (CLASS, DATATYPE, PROPERTY) if kind in kinds)
    for one, kind in _ordered(reading):
        if isinstance(one, NamedNode):
            found.setdefault(one.value, kind)
    for counted, kind in zip(used, (CLASS, PROPERTY), strict=True):
        for iri in counted:
            found.setdefault(iri, kind)
    return found


def _ordered(reading: Reading) -> Iterator[tuple[Term, str]]:
    """What the hierarchy names, and what has a domain or a range, each with the kind that follows from that."""
    for way, kind in ABOVE.items():
        for pair in reading.pairs(NamedNode(way)):
            yield from ((one, kind) for one in pair)
    for name in ("domain", "range"):
        yield from ((subject, PROPERTY) for subject, _ in reading.pairs(NamedNode(RDFS + name)))


def _deprecated(reading: Reading, types: Mapping[str, set[str]]) -> set[str]:
    """The terms that are not to be used any more (OWL 2 Structural Specification section 5.5)."""
    marks = {OWL + "DeprecatedClass", OWL + "DeprecatedProperty"}
    found = {iri for iri, declared in types.items() if declared & marks}
    said = reading.pairs(_owl("deprecated"))
    true = (s for s, o in said if isinstance(o, Literal) and o.value in {"true", "1"})
    return found | {one.value for one in true if isinstance(one, NamedNode)}


def _count(store: Store, iri: str, kind: str, used: Used) -> int:
    """Members or triples in the default graph; those beyond the counted thousand are few, and counted here."""
    counted = used[kind == PROPERTY]
    if iri in counted or len(counted) < MOST_COUNTED:
        return counted.get(iri, 0)
    return sum(1 for _ in _uses(store, iri, kind))


def _uses(store: Store, iri: str, kind: str) -> Iterator[Quad]:
    """The statements by a property, or those that make something a member of a class, in the default graph."""
    node = NamedNode(iri)
    if kind == PROPERTY:
        return store.quads_for_pattern(None, node, None, DefaultGraph())
    return store.quads_for_pattern(None, _TYPE, node, DefaultGraph())


Told = dict[str, dict[str, dict[Phrase, None]]]
"""What is told of each term by relation: phrases, each once, in order."""


def _relations(reading: Reading, entries: Mapping[str, Entry]) -> dict[str, list[Relation]]:
    """What every term is to others, as stated and as read from the other end."""
    found: Told = {}
    for key, ways in _RELATIONS:
        for subject, target in sorted(_pairs(reading, ways, entries), key=str):
            phrase = expression(reading, target)
            _tell(found, subject.value, key, phrase)
            for other in _others(key, target, phrase):
                if other in entries:
                    _tell(found, other, _BACKWARDS[key], term(subject))
    for name in _LISTED:
        for subject, head in sorted(_pairs(reading, (OWL + name,), entries), key=str):
            if not isinstance(head, Literal):
                _tell(found, subject.value, "definition", members(reading, f"owl.{name}", head))
    return {iri: [_relation(key, values) for key, values in one.items()] for iri, one in found.items()}


def _tell(found: Told, iri: str, key: str, phrase: Phrase) -> None:
    found.setdefault(iri, {}).setdefault(key, {})[phrase] = None


def _others(key: str, target: Term, phrase: Phrase) -> list[str]:
    """The terms at whose end a relation is told as well; of an unnamed class, those that it is a union of."""
    if key not in _BACKWARDS or isinstance(target, Literal):
        return []
    return [] if key == "above" and isinstance(target, BlankNode) else named([phrase])


def _relation(key: str, values: Mapping[Phrase, None]) -> Relation:
    told = list(values)
    return Relation(key, tuple(told[:_SHOWN]), max(0, len(told) - _SHOWN))


def _pairs(
    reading: Reading, ways: Iterable[str], entries: Mapping[str, Entry]
) -> set[tuple[NamedNode, NamedNode | BlankNode | Literal]]:
    """What documented terms say by these properties."""
    return {
        (s, o)
        for way in ways
        for s, o in reading.pairs(NamedNode(way))
        if isinstance(s, NamedNode) and s.value in entries and isinstance(o, NamedNode | BlankNode | Literal)
    }


def _examples(store: Store, entry: Entry) -> tuple[Example, ...]:
    """A few members of a class or statements by a property, out of the first that there are; statement nodes apart."""
    if not entry.count or entry.kind == DATATYPE:
        return ()
    found: list[Example] = []
    for quad in islice(_uses(store, entry.iri, entry.kind), _LOOKED_AT):
        subject = quad.subject
        if isinstance(subject, NamedNode) and not isinstance(quad.object, BlankNode) and not _reifies(store, subject):
            value = term(quad.object).terms if entry.kind == PROPERTY else ("",)
            found.append(Example(subject.value, value[0]))
            if len(found) == MOST_EXAMPLES:
                break
    return tuple(sorted(found, key=lambda one: (one.subject, one.object)))


def _reifies(store: Store, node: Node) -> bool:
    return any(next(store.quads_for_pattern(node, mark, None, None), None) is not None for mark in _STATEMENT_MARKS)


def _vocabularies(entries: Iterable[Entry], spaces: Mapping[str, str]) -> tuple[Vocabulary, ...]:
    """The namespaces of the terms, the site's own first, then those of most terms."""
    counts: dict[tuple[str, bool], int] = {}
    for one in entries:
        key = (namespace(one.iri) or one.iri, one.is_own)
        counts[key] = counts.get(key, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: (not pair[0][1], -pair[1], pair[0][0]))
    return tuple(Vocabulary(space, number, own, spaces.get(space, "")) for (space, own), number in ranked[:_LOOKED_AT])


def _owl(name: str) -> NamedNode:
    return NamedNode(OWL + name)


def parents(one: OntologyTerm) -> Iterator[str]:
    """The named terms that a term is stated to stand under."""
    for relation in one.relations:
        if relation.key == "above":
            yield from (text[1:-1] for v in relation.values if v.key == "term" for text in v.terms if text[0] == "<")
