"""Where a statement comes from, as a reader sees it: a marker, the words on it, and what it opens."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from markupsafe import Markup

from kgpub.model import Labels, Source, Text, pick
from kgpub.represent.frame import report_href
from kgpub.represent.markup import NOTHING, element, escaped, fragment
from kgpub.represent.places import line_link
from kgpub.represent.shown import Shown, Stance
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


class Told(NamedTuple):
    """Which statement its sources are told of: the thing, the property, and how many sources are shown at most.

    ``graphs`` are the descriptions of the graphs that statements stand in, as far as they have some.
    """

    iri: str
    predicate: str
    most: int = 12
    graphs: Mapping[str, Labels] = MappingProxyType({})


class SourcesView:
    """All sources of one statement: the words that stand beside it, and what its marker opens.

    Most of it is made when a template looks at it, and not at all where ``details`` were made for another page.
    """

    def __init__(self, reader: Reader, told: Told, sources: Sequence[Source], graphs: Sequence[str]) -> None:
        """Show these sources of a statement that stands in these graphs."""
        self._reader, self._told, self._from, self._in = reader, told, sources, graphs
        self._key = _key(reader, told, sources, graphs)
        shown = reader.shown.get(self._key) if reader.shown is not None and self._key else None
        self._panel: _Panel | None = None
        self._told_by: list[Source] | None = None
        self.details = NOTHING if shown is None else shown.details
        """The marker with what it opens, where that was made before; nothing where it was not."""
        self.stances = _stances(reader, self._near()) if shown is None else shown.stances
        """How the statement differs from a plain one."""

    def keep(self, details: Markup) -> Markup:
        """The marker with what it opens, as a template made it, remembered for other pages."""
        if self._reader.shown is not None and self._key:
            self._reader.shown.put(self._key, Shown(self.stances, details))
        return details

    @property
    def kinds(self) -> str:
        """What is unusual about the statement, as classes of its element."""
        return fragment(" ".join(dict.fromkeys([stance.kind for stance in self.stances])))

    @property
    def sources(self) -> tuple[SourceView, ...]:
        """The sources that are shown, those that say most first."""
        return self._opened().sources

    @property
    def place(self) -> str:
        """Where to look, in a word."""
        return self._opened().place

    @property
    def more(self) -> str:
        """How many more there are; nothing where all are shown."""
        return self._opened().more

    @property
    def graphs(self) -> tuple[Markup, ...]:
        """The graphs that the statement stands in."""
        return self._opened().graphs

    @property
    def report(self) -> str:
        """The address at which an error in the statement is reported; empty where none is told."""
        if not self._reader.site.reports_to:
            return ""
        statement = next((one.statement for one in self._near() if one.statement), self._told.predicate)
        return report_href(self._reader, self._told.iri, statement)

    @property
    def longest(self) -> int:
        """Characters of the longest text that is shown, or that would be."""
        near = self._near()
        texts = [text for one in near for text in (one.quote, one.translation, *one.notes) if text]
        texts += [text for graph in self._where() for text in [pick(self._told.graphs.get(graph, {}), ())] if text]
        named = [self._reader.name(iri) for one in near for iri in (one.status, one.modality) if iri]
        return max([0, *(len(text.value) for text in (*map(_cut, texts), *named))])

    def _opened(self) -> "_Panel":
        """What the marker opens, made when it is first looked at."""
        if self._panel is None:
            self._panel = self._made()
        return self._panel

    def _made(self) -> "_Panel":
        reader, told, near, where = self._reader, self._told, self._near(), self._where()
        documents: tuple[Markup, ...] = ()
        if len(near) < len(self._from):
            documents = reader.links([one.document for one in self._from if one.document and not _is_near(one)])
        sources = tuple([_source(reader, one, told.most) for one in near[: told.most]])
        if documents:
            sources = (*sources, SourceView(documents[: told.most]))
        hidden = max(0, len(near) - told.most) + max(0, len(documents) - told.most)
        return _Panel(
            sources=sources,
            place=escaped(_place(reader, near, len(sources)) if sources else _graph_name(reader, where)),
            more=reader.say("source.more", count=reader.say.count(hidden)) if hidden else "",
            graphs=tuple([_graph(reader, one, told.graphs) for one in islice(where, told.most)]),
        )

    def _near(self) -> list[Source]:
        if self._told_by is None:
            self._told_by = [one for one in self._from if _is_near(one)]
        return self._told_by

    def _where(self) -> Mapping[str, None]:
        return dict.fromkeys([*[one.graph for one in self._from if one.graph], *self._in])


class _Panel(NamedTuple):
    """What a marker opens."""

    sources: tuple[SourceView, ...]
    place: str
    more: str
    graphs: tuple[Markup, ...]


def sources_view(reader: Reader, told: Told, sources: Sequence[Source], graphs: Sequence[str]) -> SourcesView | None:
    """The sources of a statement; None when nothing is known of where it comes from."""
    return SourcesView(reader, told, sources, graphs) if sources or graphs else None


def _key(reader: Reader, told: Told, sources: Sequence[Source], graphs: Sequence[str]) -> tuple[object, ...] | None:
    """All that tells what is shown of sources, within one site and snapshot; None where more does."""
    keys = tuple([one.key for one in sources])
    if "" in keys:
        return None
    named = [*graphs]
    for one in sources:
        named += (one.graph, one.document, one.status, one.modality, one.confidence)
    labels = reader.labels
    labelled = tuple([iri in labels for iri in named])
    deprecated = tuple([iri for iri in named if iri in reader.deprecated]) if reader.deprecated else ()
    described = tuple([iri for iri in named if iri in told.graphs]) if told.graphs else ()
    about = (told.iri, told.predicate) if reader.site.reports_to else ()
    measure = (reader.longest, told.most)
    return (reader.language, measure, keys, tuple(graphs), labelled, deprecated, described, about)


def _graph(reader: Reader, iri: str, lines: Mapping[str, Labels]) -> Markup:
    """A graph, with the sentence that describes it where there is one."""
    labels = lines.get(iri) if lines else None
    said = pick(labels, reader.languages) if labels else None
    if said is None:
        return reader.link(iri)
    return reader.link(iri) + " " + element("small", reader.text(_cut(said)), {"class": "note"})


def _graph_name(reader: Reader, graphs: Iterable[str]) -> str:
    """The name of the only graph that a statement stands in, where the data names it; else nothing."""
    names = [reader.known(one) for one in graphs]
    return names[0].value[:_LONGEST_PLACE] if len(names) == 1 and names[0] else ""


def _is_near(source: Source) -> bool:
    """Whether a source says more than which document it is."""
    return bool(source.line or source.quote or source.status or source.modality or source.notes or source.derived_from)


def _stances(reader: Reader, sources: Sequence[Source]) -> tuple[Stance, ...]:
    """How a statement differs from a plain one; nothing where one source simply says it."""
    if not sources:
        return ()
    key = ("stances", *[(one.modality, one.status) for one in sources])
    found: tuple[Stance, ...] | None = reader.alike.get(key)
    if found is None:
        found = reader.alike[key] = _unlike(reader, sources)
    return found


def _unlike(reader: Reader, sources: Sequence[Source]) -> tuple[Stance, ...]:
    plain = reader.plain
    if any(source.status in plain and source.modality in plain for source in sources):
        return ()
    pairs = dict.fromkeys(
        pair
        for source in sources
        for pair in ((source.modality, "modality"), (source.status, "status"))
        if pair[0] not in plain
    )
    return tuple(Stance(_stance(reader, iri), fragment(kind)) for iri, kind in pairs)


def _stance(reader: Reader, iri: str) -> Markup:
    """A status or a modality by its name, which is cut to the page's measure."""
    return reader.once(f"stance {reader.longest}", iri, lambda: reader.text(reader.name(iri)))


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
        documents=(reader.link(source.document),) if source.document else (),
        line=_line(reader, source),
        quote=_quoted(reader, source.quote) if source.quote else NOTHING,
        translation=_quoted(reader, source.translation) if source.translation else NOTHING,
        status=reader.link(source.status) if source.status else NOTHING,
        modality=reader.link(source.modality) if source.modality else NOTHING,
        confidence=reader.link(source.confidence) if source.confidence else NOTHING,
        evidence=tuple([reader.resource(iri) for iri in source.derived_from[:most]]),
        notes=_notes(reader, source.notes)[:most] if source.notes else (),
    )


def _line(reader: Reader, source: Source) -> Markup:
    """The line, linked to everything that was taken from there; made once for a page."""
    if not source.line:
        return NOTHING
    where, line = source.document, source.line
    key = ("line", where, line)
    found: Markup | None = reader.alike.get(key)
    if found is None:
        found = reader.once(f"line {line}", where, lambda: fragment(line_link(reader, where, line)))
        reader.alike[key] = found
    return found


def _quoted(reader: Reader, text: Text) -> Markup:
    """The words of a source, from which several statements of a page may come."""
    key = ("quoted", text.value, text.language)
    found: Markup | None = reader.alike.get(key)
    if found is None:
        found = reader.alike[key] = reader.quote(_cut(text))
    return found


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
