"""Where the documentation's pages are, what is looked up for them, and the files that they offer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from markupsafe import Markup

from kgpub.formats import GRAPHS, Format, by_extension
from kgpub.model import Labels
from kgpub.ontology.model import Overview
from kgpub.represent.frame import ONTOLOGY, Alternate
from kgpub.represent.markup import anchor
from kgpub.represent.phrases import Teller
from kgpub.represent.values import Reader

SHAPES = "-/shapes"
"""The address of the list of all shapes, and of what is below it."""
DIAGRAM = "-/ontology-diagram"
"""The address of the class diagram, before its extension."""
MOST_WHOLE = 60
"""Most terms that are told in full on one page."""
MOST_LISTED = 400
"""Most terms that are listed on one page; of more, a page holds ``PER_PAGE``."""
PER_PAGE = 150
"""Terms, or shapes, on a page of a list that has several."""

_LONGEST_NAME = 120


@dataclass(frozen=True)
class Known:
    """What is looked up for a page beside labels: definitions, and where terms and shapes have their place (anchors).

    ``queries`` are the questions that count a term again, by its IRI; ``members`` how many members classes have with
    those of their subclasses; ``pages`` the vocabularies that have a page here.
    """

    overview: Overview
    definitions: Mapping[str, Labels] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, int] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FileView:
    """A file to download."""

    href: str
    text: str
    media_type: str


def term_href(reader: Reader, anchor: str) -> str:
    """The address of a term's own page."""
    return reader.iris.page(f"{ONTOLOGY}/{quote(anchor, safe='')}", reader.language)


def shape_href(reader: Reader, anchor: str) -> str:
    """The address of a shape's own page."""
    return reader.iris.page(f"{SHAPES}/{quote(anchor, safe='')}", reader.language)


def teller(reader: Reader, known: Known, *, is_whole: bool = False) -> Teller:
    """Who says phrases: terms lead to their places on this page where it tells them all, else to their own pages."""
    terms = {iri: f"#{quote(one)}" if is_whole else term_href(reader, one) for iri, one in known.terms.items()}
    return Teller(reader, {**{iri: shape_href(reader, one) for iri, one in known.shapes.items()}, **terms})


def short_link(telling: Teller, iri: str) -> Markup:
    """A link to a term, its name cut where it is absurdly long."""
    reader = telling.reader
    name = reader.name(iri)
    if len(name.value) <= _LONGEST_NAME:
        return telling.named(iri)
    return anchor(telling.places.get(iri, reader.href(iri)), cut(name.value, _LONGEST_NAME), reader.lang(name.language))


def cut(text: str, most: int) -> str:
    """A text on one line, cut at a word where it is too long."""
    text = " ".join(text.split())
    return text if len(text) <= most else (text[:most].rpartition(" ")[0] or text[:most]) + "…"


def file_views(reader: Reader, names: Iterable[str]) -> Iterator[FileView]:
    """Files of these names, as links."""
    for name in names:
        role, format = _file(name)
        text = reader.say(f"ontology.files.{role}", format=format.name)
        yield FileView(reader.iris.page(f"-/{name}"), text, format.media_type)


def alternates(reader: Reader, wanted: str, names: Iterable[str]) -> Iterator[Alternate]:
    """The files of the ontology or of the shapes as the same thing in another format."""
    for name in names:
        role, format = _file(name)
        if role == wanted:
            yield Alternate(reader.iris.page(f"-/{name}"), media_type=format.media_type, name=format.name)


def _file(name: str) -> tuple[str, Format]:
    role, _, extension = name.partition(".")
    format = by_extension(extension, GRAPHS)
    assert format is not None, name
    return role, format
