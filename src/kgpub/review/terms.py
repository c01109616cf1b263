"""Terms that no vocabulary has: slips of the pen, and names that were never defined."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from kgpub.review.findings import Case, shown
from kgpub.review.survey import MAPPINGS, TO_TERMS, Known, Stated
from kgpub.review.vocabularies import split


def terms(stated: Stated, known: Known) -> Iterator[Case]:
    """Every term of a statement that its vocabulary does not have, with the nearest that it has."""
    for iri in dict.fromkeys(_used(stated, known)):
        verdict = known.terms.verdict(iri)
        if verdict is None:
            continue
        values = {"term": shown(iri), "near": verdict.near, "namespace": split(iri)[0]}
        yield Case(
            verdict.rule,
            key=iri,
            values=values,
            variant="near" if verdict.near and verdict.rule == "term-undefined" else "",
            about=iri,
            file=stated.file,
            line=stated.line,
            iri=iri,
            new=verdict.near if verdict.rule == "term-misspelt" else "",
            counted=True,
        )


def _used(stated: Stated, known: Known) -> Iterator[str]:
    """The IRIs of a statement that stand where terms stand; those of a closed vocabulary are terms anywhere."""
    quad = stated.quad
    predicate, subject, target = quad.predicate.value, quad.subject, quad.object
    yield predicate
    if isinstance(target, Literal):
        yield target.datatype.value
    elif isinstance(target, NamedNode) and (
        predicate in TO_TERMS or (predicate not in MAPPINGS and known.terms.is_closed(split(target.value)[0]))
    ):
        yield target.value
    if isinstance(subject, NamedNode) and known.terms.is_closed(split(subject.value)[0]):
        yield subject.value
