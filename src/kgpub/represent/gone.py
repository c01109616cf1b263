"""What a page says of a thing that is deprecated, and the page of one that is gone."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal

from kgpub.formats import GRAPHS, HTML
from kgpub.model import GONE, KEPT, MOVED, Description, Term
from kgpub.represent import rdf
from kgpub.represent.frame import Anchor, Frame, document, frame
from kgpub.represent.markup import NOTHING, code
from kgpub.represent.telling import first_description
from kgpub.represent.values import Reader
from kgpub.settings.tables import DCTERMS

MOST_NAMED = 20
"""Replacements, and classes, that a page names."""

_TEXTS = {KEPT: "deprecated.kept", GONE: "deprecated.gone", MOVED: "deprecated.moved"}
_REPLACED_BY = DCTERMS + "isReplacedBy"
_INVALIDATED = "http://www.w3.org/ns/prov#invalidatedAtTime"


@dataclass(frozen=True)
class Deprecation:
    """That a thing is deprecated: what that means in a sentence, since when, and what stands for it."""

    text: str
    since: Markup
    replacements: tuple[Markup, ...]


@dataclass(frozen=True)
class GoneView:
    """The page of a thing that is gone."""

    frame: Frame
    home: Anchor
    iri: str
    name: Markup
    types: tuple[Markup, ...]
    about: Markup
    deprecation: Deprecation
    statements: Anchor
    formats: tuple[Anchor, ...]


def deprecation(description: Description, reader: Reader) -> Deprecation | None:
    """What is said of a deprecated thing; None for any other."""
    if description.fate is None:
        return None
    return Deprecation(
        text=reader.say(_TEXTS[description.fate.outcome]),
        since=next(
            (reader.value(one) for one in _values(description, _INVALIDATED) if isinstance(one, Literal)), NOTHING
        ),
        replacements=tuple(_replacement(reader, one) for one in _values(description, _REPLACED_BY))[:MOST_NAMED],
    )


def gone_view(description: Description, reader: Reader) -> GoneView:
    """The view of the page of a thing that is gone; raises ``AssertionError`` for one that is not deprecated."""
    told = deprecation(description, reader)
    assert told is not None
    iri, name = description.iri, reader.name(description.iri)
    place = document(reader, iri, ())
    data = (one for one in GRAPHS if rdf.offered(description.quads, one))
    about = first_description(description, reader)
    return GoneView(
        frame=frame(reader, place, f"{name.value}: {reader.say('gone')}", reader.say("gone.text"), indexed=False),
        home=Anchor(reader.say("home"), reader.iris.page("", reader.language)),
        iri=iri,
        name=reader.text(name) if reader.known(iri) else NOTHING,
        types=reader.links(description.types[:MOST_NAMED]),
        about=reader.text(about) if about else NOTHING,
        deprecation=told,
        statements=Anchor(reader.say("gone.statements"), reader.iris.about(iri, HTML, reader.language)),
        formats=tuple(Anchor(one.name, reader.iris.about(iri, one)) for one in data),
    )


def _values(description: Description, predicate: str) -> Iterator[Term]:
    return (one.object for one in description.statements if one.predicate.value == predicate)


def _replacement(reader: Reader, term: Term) -> Markup:
    """What is said to stand for a thing: a link where it can be one, else what is written."""
    if isinstance(term, BlankNode):
        return code(f"_:{term.value}")
    return reader.value(term)
