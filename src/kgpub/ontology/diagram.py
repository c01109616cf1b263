"""What a class diagram of the ontology shows: a bounded choice of classes, their hierarchy, their properties."""

from collections.abc import Iterable, Mapping

from kgpub.ontology.model import CLASS, PROPERTY, Attribute, Box, Diagram, OntologyTerm
from kgpub.ontology.terms import parents

MOST_BOXES = 60
"""Classes in a diagram: more cannot be read at once."""
MOST_ATTRIBUTES = 5
"""Properties that a class shows there."""


def diagram(terms: Iterable[OntologyTerm]) -> Diagram:
    """The site's own classes and those right above them; of too many, the most used with what they stand under."""
    by_iri = {one.entry.iri: one for one in terms}
    classes = {iri: one for iri, one in by_iri.items() if one.entry.kind == CLASS}
    above = {iri: [up for up in parents(one) if up in classes and up != iri] for iri, one in classes.items()}
    own = [iri for iri, one in classes.items() if one.entry.is_own] or list(classes)
    wanted = {*own, *(up for iri in own for up in above[iri])}
    ranked = sorted(own, key=lambda iri: (classes[iri].entry.is_deprecated, -classes[iri].entry.count, iri))
    chosen: dict[str, None] = {}
    for iri in ranked:
        group = [one for one in (iri, *above[iri][:1]) if one not in chosen]
        if len(chosen) + len(group) <= MOST_BOXES:
            chosen |= dict.fromkeys(group)
    attributes = _attributes(by_iri, chosen)
    boxes = tuple(
        Box(
            iri,
            classes[iri].entry.anchor,
            classes[iri].entry.is_own,
            tuple(up for up in above[iri] if up in chosen),
            tuple(attributes.get(iri, ())[:MOST_ATTRIBUTES]),
            max(0, len(attributes.get(iri, ())) - MOST_ATTRIBUTES),
        )
        for iri in sorted(chosen)
    )
    return Diagram(boxes, len(wanted - set(chosen)))


def _attributes(by_iri: Mapping[str, OntologyTerm], chosen: Iterable[str]) -> dict[str, list[Attribute]]:
    """The properties whose domain is one of the chosen classes, the most used first."""
    kept = set(chosen)
    found: dict[str, list[Attribute]] = {}
    properties = [one for one in by_iri.values() if one.entry.kind == PROPERTY and not one.entry.is_deprecated]
    for one in sorted(properties, key=lambda each: (-each.entry.count, each.entry.iri)):
        ranges = _named(one, "range") or _named(one, "rangeIncludes")
        for domain in dict.fromkeys([*_named(one, "domain"), *_named(one, "domainIncludes")]):
            if domain in kept:
                found.setdefault(domain, []).append(Attribute(one.entry.iri, ranges[0] if ranges else ""))
    return found


def _named(one: OntologyTerm, key: str) -> list[str]:
    """The terms with names among what a relation leads to, those of a union included."""
    values = [value for relation in one.relations if relation.key == key for value in relation.values]
    flat = [part for value in values for part in (value.parts if value.key == "owl.unionOf" else (value,))]
    return [part.terms[0][1:-1] for part in flat if part.key == "term" and part.terms[0].startswith("<")]
