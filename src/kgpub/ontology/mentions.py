"""Which IRIs the documentation names, so that their labels and places can be looked up before it is said."""

from collections.abc import Iterable, Iterator

from kgpub.ontology.model import OntologyTerm, Phrase, Shape


def of_term(one: OntologyTerm) -> Iterator[str]:
    """The IRIs that the page of a term names."""
    yield one.entry.iri
    yield from one.types
    for relation in one.relations:
        yield from of_phrases(relation.values)
    for example in one.examples:
        yield example.subject
        yield from _named(example.object)


def of_shape(one: Shape) -> Iterator[str]:
    """The IRIs that a shape in words names."""
    yield from filter(None, (one.iri, one.severity))
    yield from of_phrases((*one.targets, *one.rules, *((one.path,) if one.path else ())))
    for inner in one.properties:
        yield from of_shape(inner)


def of_phrases(phrases: Iterable[Phrase]) -> Iterator[str]:
    """The IRIs in phrases and inside them."""
    for phrase in phrases:
        for text in phrase.terms:
            yield from _named(text)
        yield from of_phrases(phrase.parts)


def _named(text: str) -> Iterator[str]:
    if text.startswith("<") and not text.startswith("<<"):
        yield text[1:-1]
