"""The outline of all terms: each once, under the first of the terms it is stated to stand under; circles end."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from kgpub.ontology.model import KINDS, Entry, Line, OntologyTerm
from kgpub.ontology.terms import parents

DEEPEST = 9
"""How deep lines are set in; what stands deeper stands at this depth."""

_MOST_ALSO = 5


def outline(terms: Iterable[OntologyTerm], order: Callable[[str], tuple[str, str]]) -> Iterator[Line]:
    """The lines of every kind in turn, siblings in an order (a key of an IRI); terms in a circle begin it anywhere."""
    by_iri = {one.entry.iri: one for one in terms}
    for kind in KINDS:
        entries = {iri: one.entry for iri, one in by_iri.items() if one.entry.kind == kind}
        above = {iri: [up for up in parents(by_iri[iri]) if up in entries and up != iri] for iri in entries}
        yield from _lines(entries, above, order)


def _lines(
    entries: Mapping[str, Entry], above: Mapping[str, list[str]], order: Callable[[str], tuple[str, str]]
) -> Iterator[Line]:
    below: dict[str, list[str]] = {}
    for iri, ups in above.items():
        for up in ups:
            below.setdefault(up, []).append(iri)
    ranked = sorted(entries, key=order)
    place = {iri: number for number, iri in enumerate(ranked)}
    seen: set[str] = set()
    for root in (*(iri for iri in ranked if not above[iri]), *ranked):
        waiting = [] if root in seen else [(root, 0, "")]
        while waiting:
            iri, depth, under = waiting.pop()
            if iri in seen:
                continue
            seen.add(iri)
            others = tuple(up for up in above[iri] if up != under)
            yield Line(entries[iri], min(depth, DEEPEST), others[:_MOST_ALSO])
            next_ones = sorted(below.get(iri, ()), key=place.__getitem__, reverse=True)
            waiting += [(one, depth + 1, iri) for one in next_ones if one not in seen]
