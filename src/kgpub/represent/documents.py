"""A source document as a view: each passage that something was taken from, with the statements, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup
from pyoxigraph import BlankNode, NamedNode

from kgpub import selection
from kgpub.model import Labels, Source, Term, Text
from kgpub.represent.frame import DATA, DOCUMENT, Anchor, Frame, Place, frame, with_query
from kgpub.represent.html import filled
from kgpub.represent.lists import Paging, home_anchor, paging
from kgpub.represent.markup import NOTHING, code
from kgpub.represent.values import Reader
from kgpub.settings import Settings

DEEP = 10
"""Pages of a document that search engines may look at; later ones are told to be left alone."""

_LONGEST = 1200


@dataclass(frozen=True)
class Said:
    """A statement that was taken from a document, and what is known of how."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: Term
    source: Source


@dataclass(frozen=True)
class Document:
    """One page of what was taken from a document: ``count`` statements in all, ``graphs`` drawn from it whole."""

    iri: str
    count: int
    said: tuple[Said, ...]
    graphs: tuple[str, ...]
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.count // self.size))


@dataclass(frozen=True)
class SaidView:
    """A statement in the reader's words."""

    subject: Markup
    property: Markup
    value: Markup
    status: tuple[Markup, ...]


@dataclass(frozen=True)
class PassageView:
    """A passage: its line, its words, ours where they are translated, and what was taken from it.

    ``anchor`` is the line's address within the page, where the line has one; ``is_first`` says that the line is new.
    """

    anchor: str
    is_first: bool
    line: str
    quote: Markup
    translation: Markup
    said: tuple[SaidView, ...]


@dataclass(frozen=True)
class DocumentView:
    """The page of a document."""

    frame: Frame
    path: tuple[Anchor, ...]
    heading: Markup
    about: Anchor
    count: str
    passages: tuple[PassageView, ...]
    graphs: tuple[Markup, ...]
    paging: Paging | None


def page(document: Document, labels: Mapping[str, Labels], site: Settings, language: str) -> str:
    """A page of what was taken from a document."""
    return filled("document", document_view(document, Reader(site, language, labels)), language)


def document_view(document: Document, reader: Reader) -> DocumentView:
    """The view of a page of what was taken from a document."""
    say = reader.say
    name = reader.name(document.iri)
    pairs = [("iri", selection.name(document.iri, reader.iris))]
    path = reader.iris.page(DOCUMENT)
    numbered = [("page", str(document.page))] if document.page > 1 else []
    addresses = ((tag, with_query(path, [*pairs, ("lang", tag), *numbered])) for tag in reader.site.languages)
    return DocumentView(
        frame=frame(
            reader,
            Place(with_query(path, [*pairs, *numbered]), tuple(addresses)),
            say("document.title", name=name.value),
            say("document.lead"),
            indexed=document.page <= DEEP,
        ),
        path=(home_anchor(reader), Anchor(say("data"), reader.iris.page(DATA, reader.language))),
        heading=reader.text(name),
        about=Anchor(say("document.about"), reader.href(document.iri)),
        count=say("document.count", count=say.count(document.count)),
        passages=_passages(reader, document.said),
        graphs=reader.links(document.graphs),
        paging=paging(reader, path, pairs, document.page, document.pages),
    )


def _passages(reader: Reader, said: Sequence[Said]) -> tuple[PassageView, ...]:
    """Statements by line and words; the first passage of a line carries its anchor."""
    found: list[PassageView] = []
    seen: set[int | None] = set()
    for (line, _), group in groupby(said, key=lambda one: (one.source.line, one.source.quote)):
        some = list(group)
        source = some[0].source
        found.append(
            PassageView(
                anchor="" if line in seen or line is None else f"L{line}",
                is_first=line not in seen,
                line=reader.say("document.line", line=line) if line else reader.say("document.no-line"),
                quote=reader.quote(_cut(source.quote)) if source.quote else NOTHING,
                translation=reader.quote(_cut(source.translation)) if source.translation else NOTHING,
                said=tuple(_said(reader, one) for one in some),
            )
        )
        seen.add(line)
    return tuple(found)


def _said(reader: Reader, one: Said) -> SaidView:
    return SaidView(
        subject=_node(reader, one.subject),
        property=reader.link(one.predicate.value),
        value=_node(reader, one.object) if isinstance(one.object, BlankNode) else reader.value(one.object),
        status=reader.links(iri for iri in (one.source.modality, one.source.status) if iri not in reader.plain),
    )


def _node(reader: Reader, node: NamedNode | BlankNode) -> Markup:
    return reader.link(node.value) if isinstance(node, NamedNode) else code(f"_:{node.value}")


def _cut(text: Text) -> Text:
    """The text, cut where it is too long for a passage."""
    return text if len(text.value) <= _LONGEST else Text(text.value[:_LONGEST] + "…", text.language)
