"""What a reviewer must know of the whole site before judging one statement: read in one pass, a file at a time.

What is kept grows with the things of the site and not with its statements: some marks for each IRI below the base,
and which languages each named thing is named in.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.doctor import Vocabulary
from kgpub.model import Term
from kgpub.review.vocabularies import Terms, likeness, split
from kgpub.settings import FILE, STANDARD_PREFIXES, Settings
from kgpub.settings.tables import DCAT, DCTERMS, OWL, RDFS, SDO, SH, SKOS
from kgpub.source import SourceFile

RDF, PROV, XSD = (STANDARD_PREFIXES[name] for name in ("rdf", "prov", "xsd"))
TYPE, SAME = RDF + "type", OWL + "sameAs"
MATCHES = frozenset({SAME, *(SKOS + name for name in ("exactMatch", "closeMatch"))})
"""Properties that say that two things are one, or nearly."""
MAPPINGS = MATCHES | {
    *(SKOS + name for name in ("broadMatch", "narrowMatch", "relatedMatch", "mappingRelation")),
    *(OWL + name for name in ("equivalentClass", "equivalentProperty")),
    *(RDFS + name for name in ("seeAlso", "isDefinedBy")),
    SDO + "sameAs",
    DCTERMS + "source",
    DCTERMS + "references",
    PROV + "wasDerivedFrom",
}
"""Properties whose object may be written as somebody else writes it, or is the address of a page."""
TO_TERMS = frozenset(
    {TYPE, RDF + "predicate"}
    | {RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")}
    | {OWL + name for name in ("inverseOf", "disjointWith", "onProperty", "onClass", "someValuesFrom", "allValuesFrom")}
    | {SH + name for name in ("path", "inversePath", "class", "datatype", "targetClass", "targetSubjectsOf")}
    | {SH + name for name in ("targetObjectsOf", "equals", "disjoint", "lessThan", "lessThanOrEquals", "predicate")}
)
"""Properties whose object is a class, a property or a datatype."""
REIFICATION = frozenset(RDF + name for name in ("subject", "predicate", "object", "reifies"))
"""What makes a statement node; its links are no links of a page."""
TERM_KINDS = frozenset(
    {RDF + "Property", RDFS + "Class", RDFS + "Datatype"}
    | {OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology")}
)
ORIGINS = frozenset(
    {DCTERMS + name for name in ("source", "creator", "publisher", "provenance", "contributor", "isVersionOf")}
    | {PROV + name for name in ("wasDerivedFrom", "hadPrimarySource", "wasAttributedTo", "wasGeneratedBy")}
)
"""Properties of a graph, ontology or dataset that say where it comes from."""
WHOLES = frozenset({OWL + "Ontology", DCAT + "Dataset", DCAT + "Catalog", SDO + "Dataset", SKOS + "ConceptScheme",
                    "http://rdfs.org/ns/void#Dataset"})  # fmt: skip
"""Classes of what a whole file may be."""
RETIRED_BY = frozenset({OWL + "deprecated", DCTERMS + "isReplacedBy"})
SUBJECT, TYPED, LINKED, NODE, TERM, RETIRED = 1, 2, 4, 8, 16, 32
"""Marks of an IRI below the base: described; has a class; linked from a page; a statement node; class or property;
no longer to be used."""

_ALIKE = 0.8
"""Least likeness (0 to 1) of two names for the one to be proposed for the other."""
_MOST_SIBLINGS, _MOST_SOUGHT = 50_000, 1_000


class Stated(NamedTuple):
    """A statement of the site: the quad, the file and line where it ends if that is known, and the file's role."""

    quad: Quad
    file: str
    line: int | None
    role: str


@dataclass
class Known:
    """What is known of the whole site. Filled by ``survey`` and only read afterwards."""

    site: Settings
    local: dict[str, int] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    described: dict[str, set[str]] = field(default_factory=dict)
    wholes: set[str] = field(default_factory=set)
    graphs: dict[str, str] = field(default_factory=dict)
    explained: set[str] = field(default_factory=set)
    whole_of: dict[str, set[str]] = field(default_factory=dict)
    sourced: set[str] = field(default_factory=set)
    claims: int = 0
    evidence: frozenset[tuple[str, str]] = frozenset()

    def has(self, iri: str, mark: int) -> bool:
        """Whether an IRI below the base carries a mark."""
        return bool(self.local.get(iri, 0) & mark)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The namespaces that ``kgpub.toml`` declares."""
        return frozenset(self.site.absolute(iri) for iri in self.site.prefixes.values())

    @cached_property
    def terms(self) -> Terms:
        """The terms that may be used; a namespace is the site's own below the base, or where an ontology names it."""
        stems = {whole.rstrip("#/") for whole in self.wholes}
        owned = (space for space in self.described if space.startswith(self.site.base) or space.rstrip("#/") in stems)
        return Terms({space: frozenset(names) for space, names in self.described.items()}, owned)

    @cached_property
    def twins(self) -> dict[str, str]:
        """IRIs that differ from another one in case or percent-encoding only → that other one.

        Where one of them was replaced, the other is its successor.
        """
        first: dict[str, str] = {}
        found: dict[str, str] = {}
        for iri in self.local:
            other = first.setdefault(unquote(iri).casefold(), iri)
            is_retired = self.has(iri, RETIRED) or self.has(other, RETIRED)
            if other != iri and not is_retired and not self._are_class_and_property(iri, other):
                found[iri] = other
        return found

    def _are_class_and_property(self, one: str, other: str) -> bool:
        """``Part`` and ``part``: a class and a property may differ so, and in nothing else."""
        (space, name), (other_space, other_name) = split(one), split(other)
        only_initial = space == other_space and name[1:] == other_name[1:]
        return only_initial and self.has(one, TERM) and self.has(other, TERM)

    @cached_property
    def nearest(self) -> Callable[[str], str]:
        """The described thing of the same namespace that is spelt most like an IRI, or ``""``; asked often, ``""``."""
        found: dict[str, str] = {}

        @cache
        def siblings(namespace: str) -> Vocabulary:
            iris = (iri for iri, marks in self.local.items() if marks & SUBJECT and split(iri)[0] == namespace)
            return Vocabulary(dict.fromkeys(islice(iris, _MOST_SIBLINGS), 1))

        def nearest(iri: str) -> str:
            if iri not in found and len(found) < _MOST_SOUGHT:
                namespace, name = split(iri)
                near = (siblings(namespace).nearest(name) if name else None) or ""
                other = split(near)[1]
                is_meant = likeness(other, name) >= _ALIKE and _digits(other) == _digits(name)
                found[iri] = near if is_meant else ""
            return found.get(iri, "")

        return nearest

    @cached_property
    def labels(self) -> frozenset[str]:
        """The properties that name a thing, in whatever languages."""
        return frozenset(self.site.properties(self.site.vocabulary.labels)) - self._ends

    @cached_property
    def alternatives(self) -> frozenset[str]:
        """The properties of further names; hidden labels are misspelt on purpose and stay out."""
        found = frozenset(self.site.properties(self.site.vocabulary.alternatives)) - {SKOS + "hiddenLabel"}
        return found | self._ends

    @cached_property
    def _ends(self) -> frozenset[str]:
        """The properties at the ends of paths to names, whose things have one text in one language."""
        paths = self.site.paths(self.site.vocabulary.labels)
        return frozenset(steps[-1] for steps in paths if len(steps) > 1)

    @cached_property
    def descriptions(self) -> frozenset[str]:
        """The properties that describe a thing in a sentence."""
        return frozenset(self.site.properties(self.site.vocabulary.descriptions))

    @cached_property
    def languages(self) -> dict[str, int]:
        """A bit for each language of the site, for names; twice as many places up, for descriptions."""
        return {tag: 1 << place for place, tag in enumerate(self.site.languages)}

    def bits(self, tag: str) -> int:
        """The site's languages that a language tag serves (RFC 4647 section 3.4); text without a tag serves all."""
        if not tag:
            return (1 << len(self.languages)) - 1
        return sum(bit for language, bit in self.languages.items() if serves(tag.lower(), language))


def _digits(name: str) -> str:
    """The digits of a name: what is numbered differently is something else, however like the names are."""
    return re.sub(r"\D", "", name)


def serves(tag: str, language: str) -> bool:
    """Whether a text with a tag is one for readers of a language: the same, a region of it, or wider than it.

    Never across scripts: ``ka-latn`` does not stand for ``ka``.
    """
    wide, narrow = sorted((tag, language), key=len)
    rest = narrow.removeprefix(wide)
    return not rest or (rest.startswith("-") and re.search(r"-[a-z]{4}(?:-|$)", rest) is None)


def read(files: Iterable[SourceFile]) -> Iterator[Stated]:
    """Every statement of the files, in order."""
    for file in files:
        line = file.placing()
        for located in file.located():
            yield Stated(located.quad, file.name, line(located), file.role)


def survey(files: Iterable[SourceFile], site: Settings, also: Callable[[Stated], None] = lambda _: None) -> Known:
    """What is known of the site after one pass over its files; ``also`` is shown every statement on the way."""
    known = Known(site)
    for stated in read(files):
        also(stated)
        for note in _NOTES:
            note(known, stated)
    return known


def _note_marks(known: Known, stated: Stated) -> None:
    """Mark the IRIs below the base."""
    quad, base, local = stated.quad, known.site.base, known.local
    subject, target, predicate = quad.subject, quad.object, quad.predicate.value
    if isinstance(subject, NamedNode) and subject.value.startswith(base):
        mark = SUBJECT
        if predicate == TYPE and isinstance(target, NamedNode):
            mark |= TYPED | (TERM if target.value in TERM_KINDS else 0)
        if predicate in REIFICATION:
            mark |= NODE
        if predicate in RETIRED_BY:
            mark |= RETIRED
        local[subject.value] = local.get(subject.value, 0) | mark
    if isinstance(target, NamedNode) and target.value.startswith(base):
        mark = LINKED if predicate not in REIFICATION and target != subject else 0
        local[target.value] = local.get(target.value, 0) | mark | (TERM if predicate == TYPE else 0)
    if predicate.startswith(base):
        local[predicate] = local.get(predicate, 0) | LINKED | TERM


def _note_names(known: Known, stated: Stated) -> None:
    """Note the languages that a thing is named and described in."""
    subject, target, predicate = stated.quad.subject, stated.quad.object, stated.quad.predicate.value
    if stated.role == "shapes" or not isinstance(subject, NamedNode) or not isinstance(target, Literal):
        return
    if predicate in known.labels:
        shift = 0
    elif predicate in known.descriptions:
        shift = len(known.languages)
    else:
        return
    bits = known.bits(target.language or "") << shift
    known.named[subject.value] = known.named.get(subject.value, 0) | bits


def _note_terms(known: Known, stated: Stated) -> None:
    """Note what an ontology describes, and what is said elsewhere to be a class or a property."""
    subject, target, predicate = stated.quad.subject, stated.quad.object, stated.quad.predicate.value
    if not isinstance(subject, NamedNode):
        return
    kind = target.value if predicate == TYPE and isinstance(target, NamedNode) else ""
    if stated.role == "ontology" or kind in TERM_KINDS:
        namespace, name = split(subject.value)
        known.described.setdefault(namespace, set()).add(name)
    if kind == OWL + "Ontology":
        known.wholes.add(subject.value)
    if predicate.endswith("preferredNamespaceUri") and not isinstance(target, BlankNode):
        known.wholes.add(_text(target))


def _note_graphs(known: Known, stated: Stated) -> None:
    """Note the graphs of data, what is said of where they come from, and which have statement nodes."""
    subject, predicate, graph = stated.quad.subject, stated.quad.predicate.value, _text(stated.quad.graph_name)
    if stated.role == "data":
        known.graphs.setdefault(graph, stated.file)
    if predicate in REIFICATION:
        known.sourced.add(graph)
    if isinstance(subject, NamedNode):
        if predicate in ORIGINS:
            known.explained.add(subject.value)
        if predicate == TYPE and _text(stated.quad.object) in WHOLES:
            known.whole_of.setdefault(graph, set()).add(subject.value)
    known.claims += predicate == SAME


def _text(term: Term | object) -> str:
    """The text of a term; nothing for a triple term."""
    return getattr(term, "value", "")


_NOTES: tuple[Callable[[Known, Stated], None], ...] = (_note_marks, _note_names, _note_terms, _note_graphs)


def setting_line(site: Settings, key: str) -> int | None:
    """The line of ``kgpub.toml`` on which a setting of its first level stands, if it does."""
    text = (site.folder / FILE).read_text("utf-8-sig")
    lines = text.split("\n")
    return next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[?{re.escape(key)}\s*[=.\]]", line)), None)
