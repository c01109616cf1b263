"""The page of all terms: lists of lists by kind, vocabularies, files, and small ontologies in full."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kgpub.collation import place
from kgpub.model import Text, pick
from kgpub.ontology.model import CLASS, DATATYPE, KINDS, PROPERTY, Line, Overview
from kgpub.represent.apart import apart, noted
from kgpub.represent.frame import ONTOLOGY, Anchor, Frame, Place, frame, own_page
from kgpub.represent.lists import Paging, home_anchor, paging
from kgpub.represent.markup import NOTHING, code
from kgpub.represent.ontology.places import (
    MOST_LISTED,
    PER_PAGE,
    SHAPES,
    FileView,
    Known,
    alternates,
    cut,
    file_views,
    short_link,
    teller,
)
from kgpub.represent.ontology.terms import TermView
from kgpub.represent.phrases import Teller
from kgpub.represent.values import Reader

LONGEST_LINE = 160
"""Characters of a definition in the list."""
_HEADINGS = {CLASS: "classes", PROPERTY: "properties", DATATYPE: "datatypes"}
_MOST_VOCABULARIES = 50


@dataclass(frozen=True)
class RowView:
    """A line of the list of terms; ``before`` closes and opens the lists around it."""

    before: Markup
    id: str
    link: Markup
    code: str
    count: str
    definition: Markup
    is_own: bool
    is_deprecated: bool
    also: tuple[Markup, ...]


@dataclass(frozen=True)
class SectionView:
    """The terms of one kind: a heading, its id, their lines, and what closes the lists."""

    id: str
    heading: str
    count: str
    rows: tuple[RowView, ...]
    after: Markup


@dataclass(frozen=True)
class VocabularyView:
    """A namespace of the terms."""

    prefix: str
    namespace: Markup
    terms: str
    whose: str


@dataclass(frozen=True)
class OntologyView:
    """The page of all terms."""

    frame: Frame
    home: Anchor
    sections: tuple[SectionView, ...]
    terms: tuple[TermView, ...]
    ontologies: tuple[Markup, ...]
    vocabularies: tuple[VocabularyView, ...]
    files: tuple[FileView, ...]
    left_out: str
    paging: Paging | None
    shapes: str
    term: str
    diagram: object | None


def ontology_view(
    reader: Reader,
    known: Known,
    lines: Sequence[Line],
    terms: Sequence[TermView] = (),
    *,
    page: int = 1,
    longest: int = LONGEST_LINE,
    diagram: object | None = None,
) -> OntologyView:
    """The view of the list of all terms; ``terms`` are those told in full below it, ``longest`` cuts definitions."""
    say, overview = reader.say, known.overview
    total = sum(overview.counts.values())
    number = -(-total // PER_PAGE) if total > MOST_LISTED else 1
    numbered = [("page", str(page))] if page > 1 else []
    here = own_page(reader, ONTOLOGY, numbered)
    data = tuple(alternates(reader, "ontology", overview.files))
    telling = teller(reader, known, is_whole=bool(terms))
    return OntologyView(
        frame=frame(reader, Place(here.neutral, here.by_language, data), say("ontology"), say("ontology.lead")),
        home=home_anchor(reader),
        sections=tuple(_sections(telling, known, lines, is_whole=bool(terms), longest=longest)),
        terms=tuple(terms),
        ontologies=_ontologies(reader, overview),
        vocabularies=tuple(_vocabularies(reader, overview, known.pages)),
        files=tuple(file_views(reader, overview.files)),
        left_out=say("ontology.left-out", count=say.count(overview.left_out)) if overview.left_out else "",
        paging=paging(reader, reader.iris.page(ONTOLOGY), [], page, number) if number > 1 else None,
        shapes=reader.iris.page(SHAPES, reader.language) if overview.shapes else "",
        term=reader.iris.page(f"{ONTOLOGY}/"),
        diagram=diagram,
    )


def _ontologies(reader: Reader, overview: Overview) -> tuple[Markup, ...]:
    """The ontologies by name, those of one name told apart."""
    notes = apart(reader, overview.ontologies)
    named = sorted(overview.ontologies, key=lambda iri: place(reader.name(iri).value, reader.language))
    return tuple(noted(reader.link(iri), notes, iri) for iri in named)


def _sections(
    telling: Teller, known: Known, lines: Sequence[Line], *, is_whole: bool, longest: int
) -> Iterator[SectionView]:
    """The lines by kind, each kind a list of lists."""
    say = telling.reader.say
    for kind in KINDS:
        mine = [line for line in lines if line.entry.kind == kind]
        if not mine:
            continue
        stack: list[int] = []
        rows: list[RowView] = []
        for line in mine:
            before = _before(stack, line.depth, is_first=not rows)
            rows.append(_line(telling, known, line, before, is_whole=is_whole, longest=longest))
        after = Markup("</li>" + "</ul></li>" * (len(stack) - 1))  # noqa: S704 # tags of ours
        count = say.count(known.overview.counts.get(kind, 0))
        yield SectionView(_HEADINGS[kind], say(f"ontology.{_HEADINGS[kind]}"), count, tuple(rows), after)


def _before(stack: list[int], depth: int, *, is_first: bool) -> Markup:
    """What stands before a line of a list of lists, given the depths of those that are open; these are brought on."""
    closed = 0
    while stack and stack[-1] >= depth:
        stack.pop()
        closed += 1
    stack.append(depth)
    if is_first:
        return NOTHING
    return Markup("</li>" + "</ul></li>" * (closed - 1) if closed else "<ul>")  # noqa: S704 # tags of ours


def _line(telling: Teller, known: Known, line: Line, before: Markup, *, is_whole: bool, longest: int) -> RowView:
    """One line of the list."""
    reader, entry = telling.reader, line.entry
    curie = reader.iris.curie(entry.iri)
    definition = pick(known.definitions.get(entry.iri, {}), reader.languages) if longest else None
    short = Text(cut(definition.value, longest), definition.language) if definition else None
    return RowView(
        before=before,
        id="" if is_whole else entry.anchor,
        link=short_link(telling, entry.iri),
        code=curie if curie and reader.known(entry.iri) else "",
        count=reader.say.count(known.members.get(entry.iri) or entry.count),
        definition=reader.text(short) if short else NOTHING,
        is_own=entry.is_own,
        is_deprecated=entry.is_deprecated,
        also=tuple(short_link(telling, iri) for iri in line.also),
    )


def _vocabularies(reader: Reader, overview: Overview, pages: frozenset[str]) -> Iterator[VocabularyView]:
    """The namespaces of the terms; one of ours that has no page leads nowhere."""
    names = {namespace: prefix for prefix, namespace in sorted(reader.iris.prefixes.items(), reverse=True)}
    for one in overview.vocabularies[:_MOST_VOCABULARIES]:
        whose = reader.say("ontology.own.short" if one.is_own else "ontology.other.short")
        iri = one.document or one.namespace
        shown = code(iri) if reader.iris.is_local(iri) and iri not in pages else reader.resource(iri)
        yield VocabularyView(names.get(one.namespace, ""), shown, reader.say.count(one.terms), whose)
