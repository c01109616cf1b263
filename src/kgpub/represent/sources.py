"""Where a statement comes from, as a reader sees it: a marker, the words on it, and what it opens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from kgpub.model import Labels, Source, Text, pick
from kgpub.represent.frame import report_href
from kgpub.represent.markup import NOTHING, element, fragment
from kgpub.represent.places import line_link
from kgpub.represent.values import Reader

MOST_QUOTED = 1200
"""Characters of a quotation or a note that a page shows."""
_LONGEST_PLACE = 60


class SourceView(NamedTuple):  # made several times quicker than a frozen dataclass, and a page has hundreds
    """Where a statement comes from, in the reader's words; what is unknown is empty."""

    documents: tuple[Markup, ...]
    line: Markup = NOTHING
    quote: Markup = NOTHING
    translation: Markup = NOTHING
    status: Markup = NOTHING
    modality: Markup = NOTHING
    confidence: Markup = NOTHING
    evidence: tuple[Markup, ...] = ()
    notes: tuple[Markup, ...] = ()


class Stance(NamedTuple):
    """In a word, how a statement differs from a plain one; ``kind`` is what differs: status or modality."""

    text: Markup
    kind: str


class SourcesView(NamedTuple):
    """All sources of one statement: the words that stand beside it, and what its marker opens."""

    stances: tuple[Stance, ...]
    place: str
    sources: tuple[SourceView, ...]
    more: str = ""
    graphs: tuple[Markup, ...] = ()
    report: str = ""

    @property
    def kinds(self) -> str:
        """What is unusual about the statement, as classes of its element."""
        return " ".join(dict.fromkeys(stance.kind for stance in self.stances))


@dataclass(frozen=True)
class Told:
    """Which statement its sources are told of: the thing, the property, and how many sources are shown at most.

    ``graphs`` are the descriptions of the graphs that statements stand in, as far as they have some.
    """

    iri: str
    predicate: str
    most: int = 12
    graphs: Mapping[str, Labels] = field(default_factory=dict)


def sources_view(reader: Reader, told: Told, sources: Sequence[Source], graphs: Sequence[str]) -> SourcesView | None:
    """The sources of a statement; None when nothing is known of where it comes from."""
    where = dict.fromkeys([*(source.graph for source in sources if source.graph), *graphs])
    if not sources and not where:
        return None
    near = [source for source in sources if _is_near(source)]
    bare = [source for source in sources if not _is_near(source)]
    shown = [_source(reader, source, told.most) for source in near[: told.most]]
    documents = reader.links(source.document for source in bare if source.document)
    if documents:
        shown.append(SourceView(documents[: told.most]))
    hidden = max(0, len(near) - told.most) + max(0, len(documents) - told.most)
    statement = next((source.statement for source in near if source.statement), told.predicate)
    return SourcesView(
        stances=_stances(reader, near),
        place=_place(reader, near, len(shown)) if shown else _graph_name(reader, where),
        sources=tuple(shown),
        more=reader.say("source.more", count=reader.say.count(hidden)) if hidden else "",
        graphs=tuple(_graph(reader, one, told.graphs) for one in list(where)[: told.most]),
        report=report_href(reader, told.iri, statement),
    )


def _graph(reader: Reader, iri: str, lines: Mapping[str, Labels]) -> Markup:
    """A graph, with the sentence that describes it where there is one."""
    said = pick(lines.get(iri, {}), reader.languages)
    return reader.link(iri) + (" " + element("small", reader.text(_cut(said)), {"class": "note"}) if said else NOTHING)


def _graph_name(reader: Reader, graphs: Iterable[str]) -> str:
    """The name of the only graph that a statement stands in, where the data names it; else nothing."""
    names = [reader.known(one) for one in graphs]
    return names[0].value[:_LONGEST_PLACE] if len(names) == 1 and names[0] else ""


def _is_near(source: Source) -> bool:
    """Whether a source says more than which document it is."""
    return bool(source.line or source.quote or source.status or source.modality or source.notes or source.derived_from)


def _stances(reader: Reader, sources: Sequence[Source]) -> tuple[Stance, ...]:
    """How a statement differs from a plain one; nothing where one source simply says it."""
    plain = reader.plain
    if any(source.status in plain and source.modality in plain for source in sources):
        return ()
    pairs = dict.fromkeys(
        pair
        for source in sources
        for pair in ((source.modality, "modality"), (source.status, "status"))
        if pair[0] not in plain
    )
    return tuple(Stance(reader.text(reader.name(iri)), kind) for iri, kind in pairs)


def _place(reader: Reader, near: Sequence[Source], count: int) -> str:
    """Where to look, in a word: the line of the only source, or how many there are; nothing for a graph alone."""
    lines = {source.line for source in near if source.line}
    if count == 1 and len(lines) == 1:
        return reader.say("source.line.short", line=next(iter(lines)))
    if count == 0:
        return ""
    return reader.say("source") if count == 1 else f"{reader.say('source')}: {reader.say.count(count)}"


def _source(reader: Reader, source: Source, most: int) -> SourceView:
    """One source in the reader's words."""
    return SourceView(
        documents=reader.links([source.document] if source.document else []),
        line=_line(reader, source),
        quote=reader.quote(_cut(source.quote)) if source.quote else NOTHING,
        translation=reader.quote(_cut(source.translation)) if source.translation else NOTHING,
        status=reader.link(source.status) if source.status else NOTHING,
        modality=reader.link(source.modality) if source.modality else NOTHING,
        confidence=reader.link(source.confidence) if source.confidence else NOTHING,
        evidence=tuple(reader.resource(iri) for iri in source.derived_from[:most]),
        notes=_notes(reader, source.notes)[:most],
    )


def _line(reader: Reader, source: Source) -> Markup:
    """The line, linked to everything that was taken from there; made once for a page."""
    if not source.line:
        return NOTHING
    where, line = source.document, source.line
    return reader.once(f"line {line}", where, lambda: fragment(line_link(reader, where, line)))


def _notes(reader: Reader, notes: Sequence[Text]) -> tuple[Markup, ...]:
    """The notes in the reader's language, or else in the first language that has any."""
    for language in (*reader.languages, *(note.language for note in notes)):
        found = tuple(reader.text(_cut(note)) for note in _of(notes, language))
        if found:
            return found
    return ()


def _of(notes: Iterable[Text], language: str) -> list[Text]:
    """The notes in a language, its regions included."""
    return [one for one in notes if one.language == language or one.language.startswith(f"{language}-")]


def _cut(text: Text) -> Text:
    """The text, cut when it is too long for a panel."""
    return text if len(text.value) <= MOST_QUOTED else Text(text.value[:MOST_QUOTED] + "…", text.language)
