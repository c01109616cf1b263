"""The ways on from an entity's page: the list of a class, what was taken from a document, a comparison."""

from typing import NamedTuple

from pyoxigraph import NamedNode

from kgpub.model import Description
from kgpub.represent.frame import BROWSE, COMPARE, CONCEPTS, DOCUMENT, LINKS, THESAURUS, TYPE, Anchor, with_query
from kgpub.represent.markup import escaped
from kgpub.represent.values import Reader
from kgpub.selection import name as written_name
from kgpub.settings import Settings

_KEY = ("ways",)


class _Classes(NamedTuple):
    """Classes and namespaces of classes that the settings name."""

    featured: tuple[str, ...]
    modelling: tuple[str, ...]
    schemes: frozenset[str]
    concepts: frozenset[str]


def _classes(site: Settings) -> _Classes:
    """The classes that the settings name, read once."""
    found: _Classes | None = site.alike.get(_KEY)
    if found is None:
        words, named = site.vocabulary, site.properties
        schemes, concepts = frozenset(named(words.schemes)), frozenset(named(words.concepts))
        found = site.alike[_KEY] = _Classes(named(site.featured), named(words.modelling), schemes, concepts)
    return found


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


def crumbs(reader: Reader, description: Description) -> tuple[Anchor, ...]:
    """The way from the home page: where such things are listed, then what the thing is a part of, the widest first."""
    chosen, thesaurus = home_class(reader, description), _thesaurus(reader, description)
    found = [_home(reader), *thesaurus]
    if chosen and not thesaurus:
        found.append(_step(reader, chosen, members_href(reader, chosen, TYPE)))
    wider = (one for one in description.wider if one != chosen)
    return (*found, *(_step(reader, one, _wider_href(reader, description, one)) for one in wider))


def _home(reader: Reader) -> Anchor:
    """The way to the home page, the same on every page in a language."""
    alike, key = reader.site.alike, ("home", reader.language)
    found: Anchor | None = alike.get(key)
    if found is None:
        words, href = reader.say("home"), reader.iris.page("", reader.language)
        found = alike[key] = Anchor(escaped(words), escaped(href))
    return found


def home_class(reader: Reader, description: Description) -> str:
    """The class that an entity is found in: a featured one first; ``""`` where it has none.

    A class that only models the data is the last choice, and none for what has something wider.
    """
    classes, types = _classes(reader.site), description.types
    chosen = next((one for one in classes.featured if one in types), "")
    telling = [one for one in types if not one.startswith(classes.modelling)]
    return chosen or next(iter(telling or ([] if description.wider else types)), "")


def _thesaurus(reader: Reader, description: Description) -> list[Anchor]:
    """The step above a thesaurus, or above a concept of just one: nothing for any other thing."""
    words, classes = reader.site.vocabulary, _classes(reader.site)
    if not classes.schemes.isdisjoint(description.types):
        return [Anchor(reader.say("thesaurus"), reader.iris.page(THESAURUS, reader.language))]
    if classes.concepts.isdisjoint(description.types):
        return []
    within = {*reader.site.properties((*words.in_scheme, *words.top_of))}
    named = {
        one.object.value
        for one in description.statements
        if one.predicate.value in within and isinstance(one.object, NamedNode)
    }
    return [_step(reader, one, _tree_href(reader, one)) for one in named] if len(named) == 1 else []


def _wider_href(reader: Reader, description: Description, iri: str) -> str:
    return browse_href(reader, iri) if iri in description.members else reader.href(iri)


def _step(reader: Reader, iri: str, href: str) -> Anchor:
    name = reader.name(iri)
    return Anchor(name.value, href, language=reader.lang(name.language) or "")


def _tree_href(reader: Reader, iri: str) -> str:
    return with_query(reader.iris.page(CONCEPTS, reader.language), [("iri", iri)])


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
    classes, types = _classes(reader.site), description.types
    is_in_thesaurus = not (classes.concepts.isdisjoint(types) and classes.schemes.isdisjoint(types))
    return _tree_href(reader, description.iri) if is_in_thesaurus else ""
