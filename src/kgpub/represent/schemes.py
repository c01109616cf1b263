"""Concept schemes as rows of a list, and the way into their trees."""

from collections.abc import Sequence

from markupsafe import Markup

from kgpub.kept.thesaurus import Scheme
from kgpub.model import Text
from kgpub.represent.apart import apart, noted
from kgpub.represent.frame import CONCEPTS, with_query
from kgpub.represent.lists import Row
from kgpub.represent.markup import anchor, element
from kgpub.represent.values import Reader

_COUNT = {"class": "count"}


def concepts_href(reader: Reader, iri: str) -> str:
    """The address of a scheme's tree, or of a concept's place in one; without an IRI that of the concepts in none."""
    return with_query(reader.iris.page(CONCEPTS, reader.language), [("iri", iri)] if iri else [])


def scheme_rows(reader: Reader, schemes: Sequence[Scheme]) -> tuple[Row, ...]:
    """Schemes with their numbers of concepts, each a link to its tree."""
    say = reader.say
    counts = (element("span", say("thesaurus.concepts", count=say.count(one.concepts)), _COUNT) for one in schemes)
    notes = apart(reader, [one.iri for one in schemes if one.iri])
    links = (noted(step(reader, one.iri), notes, one.iri) for one in schemes)
    return tuple(Row(link, types=(count,)) for link, count in zip(links, counts, strict=True))


def step(reader: Reader, iri: str) -> Markup:
    """A link into the tree."""
    name = name_of(reader, iri)
    return anchor(concepts_href(reader, iri), name.value, reader.lang(name.language)) + reader.mark(iri)


def name_of(reader: Reader, iri: str) -> Text:
    """What a scheme is called; without an IRI it is that of the concepts in none."""
    return reader.name(iri) if iri else Text(reader.say("thesaurus.rest"), reader.language)
