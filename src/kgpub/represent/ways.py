"""The ways on from an entity's page: the list of a class, what was taken from a document, a comparison."""

from kgpub.model import Description
from kgpub.represent.frame import BROWSE, COMPARE, CONCEPTS, DOCUMENT, LINKS, TYPE, Anchor, with_query
from kgpub.represent.values import Reader
from kgpub.selection import name as written_name


def members_href(reader: Reader, iri: str, predicate: str) -> str:
    """The address of the full list of what points to an IRI by a property; a class's members can be narrowed down."""
    return browse_href(reader, iri) if predicate == TYPE else links_href(reader, iri, predicate)


def browse_href(reader: Reader, iri: str) -> str:
    """The address of the list of a class's members, those of its subclasses included, where it can be browsed."""
    pairs = [("class", written_name(iri, reader.iris)), ("lang", reader.language)]
    return with_query(reader.iris.page(BROWSE), pairs)


def links_href(reader: Reader, iri: str, predicate: str) -> str:
    """The address of the plain list of what points to an IRI by a property."""
    return with_query(reader.iris.page(LINKS, reader.language), [("iri", iri), ("property", predicate)])


def of_class(reader: Reader, count: int, stated: int, iri: str) -> Anchor:
    """The way to a class's ``count`` members; it says in words where that is not what is ``stated`` of it alone."""
    key = "more" if count == stated else "more.below"
    return Anchor(reader.say(key, count=reader.say.count(count)), browse_href(reader, iri))


def home_class(reader: Reader, description: Description) -> str:
    """The class that an entity is found in: a featured one first; ``""`` where it has none."""
    featured = reader.site.properties(reader.site.featured)
    types = description.types
    return next((one for one in featured if one in types), next(iter(types), ""))


def ways(reader: Reader, description: Description) -> tuple[Anchor, ...]:
    """What else can be done with an entity; nothing for most of what stands alone."""
    say, iri, found = reader.say, description.iri, []
    written = ("iri", written_name(iri, reader.iris))
    if iri in description.members:
        count = description.members[iri]
        found.append(Anchor(say("class.browse", count=say.count(count)), browse_href(reader, iri)))
    if description.taken:
        page = with_query(reader.iris.page(DOCUMENT), [written, ("lang", reader.language)])
        found.append(Anchor(say("document.ways", count=say.count(description.taken)), page))
    if any(description.members.get(one, 0) > 1 for one in description.types):
        page = with_query(reader.iris.page(COMPARE), [written, ("lang", reader.language)])
        found.append(Anchor(say("compare.with"), page))
    return tuple(found)


def tree(reader: Reader, description: Description) -> str:
    """The address of a concept's, or a scheme's, place in a thesaurus; nothing for any other thing."""
    words = reader.site.vocabulary
    if not {*description.types} & {*reader.site.properties((*words.concepts, *words.schemes))}:
        return ""
    return with_query(reader.iris.page(CONCEPTS, reader.language), [("iri", description.iri)])
