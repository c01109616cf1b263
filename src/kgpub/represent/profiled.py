"""Other profiles of a thing as quads, and the lists of profiles: page, JSON, RDF (Content Negotiation by Profile)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kgpub.formats import Format
from kgpub.iris import Iris
from kgpub.model import Labels
from kgpub.profiles import (
    ALTERNATES,
    DESCRIPTION,
    LABELS,
    MEDIA_TYPE,
    OFFERED,
    PROFILES,
    SCHEMA,
    SYMMETRIC,
    Profile,
)
from kgpub.represent.frame import Anchor, Frame, Place, address, frame, own_page, with_query
from kgpub.represent.html import filled, json_text
from kgpub.represent.lists import home_anchor
from kgpub.represent.values import Reader
from kgpub.settings import Settings
from kgpub.settings.tables import DCTERMS, RDFS, SDO

PREFIXES: Mapping[str, str] = {
    "altr": "http://www.w3.org/ns/dx/connegp/altr#",
    "dcterms": DCTERMS,
    "prof": "http://www.w3.org/ns/dx/prof/",
    "rdfs": RDFS,
}
"""The prefixes of the lists, beside the site's own."""
PROF_PROFILE = PREFIXES["prof"] + "Profile"
"""The class of profiles (W3C Profiles Vocabulary)."""

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL, _COMMENT = NamedNode(RDFS + "label"), NamedNode(RDFS + "comment")
_INLINE = {"@vocab": SDO, **{name: {"@type": "@id"} for name in ("sameAs", "url", "mainEntityOfPage")}}
_WORDS: Mapping[Profile, tuple[str, str]] = {
    DESCRIPTION: ("profiles.description", "profiles.description.text"),
    SYMMETRIC: ("profiles.symmetric", "profiles.symmetric.text"),
    LABELS: ("profiles.labels", "profiles.labels.text"),
    SCHEMA: ("profiles.schema", "profiles.schema.text"),
}
"""What each profile is called, and the sentence that says what it holds."""


@dataclass(frozen=True)
class Representation:
    """One way to have a thing's data: a profile in a format, and its address."""

    profile: Profile
    format: Format
    href: str


def labels(named: Mapping[str, Labels]) -> Iterator[Quad]:
    """The names of things as they show on pages, one per language, whatever property gives them in the data."""
    for iri, texts in named.items():
        for language, text in texts.items():
            yield Quad(NamedNode(iri), _LABEL, Literal(text, language=language) if language else Literal(text))


def said_in_schema_org(value: Mapping[str, object]) -> tuple[Quad, ...]:
    """A view in the words of schema.org as quads; it needs no context from elsewhere to be read."""
    return tuple(parse(json_text({**value, "@context": _INLINE}), format=RdfFormat.JSON_LD))


def representations(iris: Iris, iri: str, can_be: Mapping[Profile, Iterable[Format]]) -> tuple[Representation, ...]:
    """Every way to have a thing's data; ``can_be`` gives the formats that can carry each profile."""
    return tuple(
        Representation(profile, one, address(iris.path(iri, one), profile))
        for profile, formats in can_be.items()
        for one in formats
    )


def as_quads(iris: Iris, iri: str, ways: Iterable[Representation]) -> Iterator[Quad]:
    """The list of all alternates by the Alternate Representations Data Model (section 6.3), the first the default."""
    names = PREFIXES["altr"]
    for place, way in enumerate(ways):
        document = NamedNode(iris.canonical(way.href))
        has = "hasRepresentation" if place else "hasDefaultRepresentation"
        yield Quad(NamedNode(iri), NamedNode(names + has), document)
        yield Quad(document, _TYPE, NamedNode(names + "Representation"))
        yield Quad(document, NamedNode(DCTERMS + "format"), Literal(way.format.media_type))
        for standard in way.profile.conforms_to(iris):
            yield Quad(document, NamedNode(DCTERMS + "conformsTo"), NamedNode(standard))


def as_json(iris: Iris, iri: str, ways: Iterable[Representation]) -> str:
    """The list of all alternates as JSON (section 7.2.2): profiles by token and IRI, media types with addresses."""
    documents: dict[Profile, dict[str, str]] = {}
    for way in ways:
        documents.setdefault(way.profile, {})[way.format.media_type] = iris.canonical(way.href)
    listed = [
        {"token": one.token, "uri": one.iri(iris), "media_types": [*found], "documents": found}
        for one, found in documents.items()
    ]
    return json_text({"resource": iri, "profiles": listed})


@dataclass(frozen=True)
class ProfileView:
    """One profile: its name, what it holds, how it is named, and the documents that keep to it."""

    token: str
    name: str
    text: str
    iri: str
    documents: tuple[Anchor, ...]


@dataclass(frozen=True)
class ProfilesView:
    """A page of profiles; ``thing`` links to what they describe, and is empty where the page says what they are."""

    frame: Frame
    home: Anchor
    lead: str
    thing: object
    profiles: tuple[ProfileView, ...]
    more: tuple[Anchor, ...]


def page(reader: Reader, iri: str, ways: Iterable[Representation]) -> str:
    """The page of all alternates of a thing."""
    documents: dict[Profile, list[Anchor]] = {}
    for way in ways:
        documents.setdefault(way.profile, []).append(Anchor(way.format.name, way.href))
    own = address(reader.iris.path(iri).partition("#")[0], ALTERNATES)
    more = tuple(Anchor(one.name, with_query(own, [(MEDIA_TYPE, one.media_type)])) for one in ALTERNATES.formats[1:])
    name = reader.name(iri).value
    place = Place(own, tuple((tag, with_query(own, [("lang", tag)])) for tag in reader.site.languages))
    around = frame(reader, place, f"{reader.say('profiles')}: {name}", indexed=False)
    listed = tuple(_view(reader, one, documents.get(one, ())) for one in OFFERED if one in documents)
    view = ProfilesView(around, home_anchor(reader), reader.say("profiles.lead"), reader.link(iri), listed, more)
    return filled("profiles", view, reader.language)


def about_profiles(reader: Reader, formats: Iterable[Format]) -> str:
    """The page that says what the profiles are."""
    say = reader.say
    around = frame(reader, own_page(reader, PROFILES), say("profiles"), say("profiles.about"))
    listed = tuple(_view(reader, one, ()) for one in OFFERED)
    more = tuple(Anchor(one.name, f"{reader.iris.page(PROFILES)}.{one.extension}") for one in formats)
    view = ProfilesView(around, home_anchor(reader), say("profiles.about"), "", listed, more)
    return filled("profiles", view, reader.language)


def described(site: Settings) -> Iterator[Quad]:
    """What the profiles are, by the Profiles Vocabulary: names, what they hold, tokens, what they are profiles of."""
    iris, prof = site.iris, PREFIXES["prof"]
    for profile in OFFERED:
        node = NamedNode(profile.iri(iris))
        yield Quad(node, _TYPE, NamedNode(PROF_PROFILE))
        yield Quad(node, NamedNode(prof + "hasToken"), Literal(profile.token))
        for language in site.languages:
            say = Reader(site, language, {}).say
            for property, key in zip((_LABEL, _COMMENT), _WORDS[profile], strict=True):
                yield Quad(node, property, Literal(say(key), language=say.spoken))
        for standard in profile.general:
            yield Quad(node, NamedNode(prof + "isProfileOf"), NamedNode(standard))


def _view(reader: Reader, profile: Profile, documents: Iterable[Anchor]) -> ProfileView:
    name, text = (reader.say(key) for key in _WORDS[profile])
    return ProfileView(profile.token, name, text, profile.iri(reader.iris), tuple(documents))
