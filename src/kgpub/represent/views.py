"""An entity's page as a view: a description grouped, bounded and ordered for one reader, ready for the template."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup, escape
from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.formats import GRAPHS
from kgpub.iris import short_name
from kgpub.model import Description, Incoming, Link, Source, Statement, Text, pick
from kgpub.represent import rdf
from kgpub.represent.frame import LINKS, TYPE, Anchor, Frame, document, frame, with_query
from kgpub.represent.locale import XSD
from kgpub.represent.markup import NOTHING, anchor, code, element
from kgpub.represent.values import Reader, is_web

MOST_VALUES = 100
"""Values of one property that a page shows."""
MOST_SOURCES = 12
"""Sources of one statement that a page shows."""
DEEPEST = 4
"""How far blank nodes are nested."""

_TAKEN = frozenset({"main", "iri", "statements", "incoming", "names"})


@dataclass(frozen=True)
class SourceView:
    """Where a statement comes from, in the reader's words; what is unknown is empty."""

    documents: tuple[Markup, ...]
    line: str = ""
    quote: Markup = NOTHING
    translation: Markup = NOTHING
    status: Markup = NOTHING
    modality: Markup = NOTHING
    confidence: Markup = NOTHING
    evidence: tuple[Markup, ...] = ()
    notes: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A word on a marker; an unusual one, as this page goes, stands out."""

    text: Markup
    is_unusual: bool


@dataclass(frozen=True)
class SourcesView:
    """All sources of one statement: the words on its marker, and what the marker opens."""

    marks: tuple[Mark, ...]
    place: str
    sources: tuple[SourceView, ...]
    more: str = ""
    graph: Markup = NOTHING


@dataclass(frozen=True)
class ValueView:
    """One value of a property: its fragment, what is nested in it, and its sources."""

    markup: Markup
    sources: SourcesView | None = None
    nested: tuple["Group", ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Group:
    """The values of one property, or the links by one."""

    title: Markup
    values: tuple[ValueView, ...]
    count: str = ""
    more: Anchor | None = None
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading of its own; ``anchor`` is its address within the page."""

    anchor: str
    heading: Markup
    groups: tuple[Group, ...]
    kind: str = "statements"


@dataclass(frozen=True)
class EntityView:
    """The page of an entity."""

    frame: Frame
    iri: str
    heading: Markup
    other_names: tuple[Markup, ...]
    types: tuple[Markup, ...]
    summary: Markup
    original: Markup
    path: tuple[Anchor, ...]
    sections: tuple[Section, ...]
    is_silent: bool


@dataclass(frozen=True)
class _Telling:
    """A description being told to a reader."""

    reader: Reader
    description: Description
    ordinary: frozenset[str]


def entity_view(description: Description, reader: Reader) -> EntityView:
    """The view of an entity's page."""
    telling = _Telling(reader, description, ordinary(description))
    iri = description.iri
    name = reader.name(iri)
    summary = _summary(telling)
    place = document(reader, iri, (one for one in GRAPHS if rdf.offered(description.quads, one)))
    return EntityView(
        frame=frame(reader, place, name.value, summary.value if summary else name.value),
        iri=iri,
        heading=reader.text(name) if reader.known(iri) else element("span", name.value, {"translate": "no"}),
        other_names=_other_names(reader, iri, name),
        types=reader.links(description.types),
        summary=reader.text(summary) if summary else NOTHING,
        original=NOTHING if reader.iris.is_local(iri) or not is_web(iri) else reader.outside(iri, iri),
        path=_path(telling),
        sections=tuple(section for section in _sections(telling) if section.groups),
        is_silent=not description.statements,
    )


def members_href(reader: Reader, iri: str, predicate: str) -> str:
    """The address of the full list of what points to an IRI by a property."""
    page = reader.iris.page(LINKS, reader.language)
    return with_query(page, [("iri", iri), ("property", predicate)])


def _path(telling: _Telling) -> tuple[Anchor, ...]:
    """The way from the home page: home, then the list of the entity's class, a featured one first."""
    reader = telling.reader
    home = Anchor(reader.say("home"), reader.iris.page("", reader.language))
    featured = reader.site.properties(reader.site.featured)
    types = telling.description.types
    chosen = next((one for one in featured if one in types), next(iter(types), None))
    if chosen is None:
        return (home,)
    name = reader.name(chosen)
    return (home, Anchor(name.value, members_href(reader, chosen, TYPE), language=reader.lang(name.language) or ""))


def _summary(telling: _Telling) -> Text | None:
    """The first description that the entity has, in the reader's best language."""
    for predicate in telling.reader.site.properties(telling.reader.site.vocabulary.descriptions):
        texts = {
            s.object.language or "": s.object.value
            for s in telling.description.statements
            if s.predicate.value == predicate and isinstance(s.object, Literal)
        }
        found = pick({tag.lower(): text for tag, text in texts.items()}, telling.reader.languages)
        if found is not None:
            return found
    return None


def _other_names(reader: Reader, iri: str, shown: Text) -> tuple[Markup, ...]:
    """The entity's labels in the site's other languages."""
    labels = reader.labels.get(iri, {})
    found = [
        pick({tag: text for tag, text in labels.items() if tag != shown.language}, (tag,)) for tag in reader.languages
    ]
    texts = [text for text in found if text and text.language and text.value != shown.value]
    return tuple(reader.text(text) for text in dict.fromkeys(texts))


def _sections(telling: _Telling) -> Iterable[Section]:
    """What is stated, the names, the other things in the document, and what links here."""
    reader, description = telling.reader, telling.description
    naming = _naming(reader)
    facts = [s for s in description.statements if s.predicate.value not in naming]
    names = [s for s in description.statements if s.predicate.value in naming]
    yield Section("statements", escape(reader.say("statements")), _groups(telling, facts, ()))
    for part in description.parts:
        stated = description.nested.get(part, ())
        fragment = short_name(part)
        yield Section(
            "" if fragment in _TAKEN else fragment, reader.text(reader.name(part)), _groups(telling, stated, ()), "part"
        )
    yield Section(
        "incoming",
        escape(reader.say("incoming")),
        tuple(_incoming(telling, links) for links in description.incoming if links.count),
        "incoming",
    )
    yield Section("names", escape(reader.say("names")), _groups(telling, names, ()), "names")


def _naming(reader: Reader) -> frozenset[str]:
    """The properties that the head of the page has shown already: types, labels, descriptions."""
    words = reader.site.vocabulary
    return frozenset({TYPE, *reader.site.properties((*words.labels, *words.alternatives, *words.descriptions))})


def _groups(telling: _Telling, statements: Iterable[Statement], above: tuple[str, ...]) -> tuple[Group, ...]:
    """Statements by property, in the order of ``_rank``, else their own; ``above`` are the nodes around."""
    by_property: dict[str, list[Statement]] = {}
    for statement in statements:
        by_property.setdefault(statement.predicate.value, []).append(statement)
    reader = telling.reader
    return tuple(
        Group(
            title=reader.link(predicate),
            values=tuple(_value(telling, s, above) for s in _readable(reader, found)[:MOST_VALUES]),
            note=_beyond(reader, "values.more", len(found) - MOST_VALUES),
        )
        for predicate, found in sorted(by_property.items(), key=lambda pair: _rank(reader, pair[1]))
    )


def _rank(reader: Reader, statements: list[Statement]) -> tuple[bool, int]:
    """Where a property stands: sourced ones first; then ties to things here and dates, then texts, then links away."""
    target = statements[0].object
    if isinstance(target, Literal):
        kind = 1 if target.language is not None or target.datatype.value == XSD + "string" else 0
    else:
        kind = 2 if isinstance(target, NamedNode) and not reader.iris.is_local(target.value) else 0
    return not any(s.sources for s in statements), kind


def _readable(reader: Reader, statements: list[Statement]) -> list[Statement]:
    """The statements with texts in the reader's languages first; others keep their order."""
    tags = reader.languages

    def rank(statement: Statement) -> int:
        language = statement.object.language if isinstance(statement.object, Literal) else None
        return 0 if language is None else tags.index(language.lower()) if language.lower() in tags else len(tags)

    return sorted(statements, key=rank)


def _beyond(reader: Reader, key: str, count: int) -> str:
    """How many are not shown; nothing when all are."""
    return reader.say(key, count=reader.say.count(count)) if count > 0 else ""


def _value(telling: _Telling, statement: Statement, above: tuple[str, ...]) -> ValueView:
    """One statement's value with its sources, and what a blank node says nested in it."""
    reader, target = telling.reader, statement.object
    sources = sources_view(telling, statement.sources, statement.graphs)
    if not isinstance(target, BlankNode):
        return ValueView(reader.value(target), sources)
    inside = telling.description.nested.get(target.value, ())
    if target.value in above or len(above) >= DEEPEST:
        return ValueView(code(f"_:{target.value}"), sources, note=reader.say("nested.cut"))
    nested = _groups(telling, inside, (*above, target.value))
    mark = NOTHING if nested else code(f"_:{target.value}")
    return ValueView(mark, sources, nested)


def _incoming(telling: _Telling, links: Incoming) -> Group:
    """The first links by one property, and the way to all of them."""
    reader, description = telling.reader, telling.description
    say = reader.say
    shown = tuple(
        ValueView(reader.link(link.subject), sources_view(telling, link.sources, ()))
        for link in links.links[:MOST_VALUES]
    )
    more = None
    if links.count > len(shown):
        more = Anchor(say("more", count=say.count(links.count)), members_href(reader, description.iri, links.predicate))
    return Group(_inverse_title(telling, links.predicate), shown, say.count(links.count), more)


def _inverse_title(telling: _Telling, predicate: str) -> Markup:
    """A property as it reads from the other end, linked to its page."""
    reader = telling.reader
    found = pick(telling.description.inverse.get(predicate, {}), reader.languages)
    if found is None and predicate == TYPE:
        found = Text(reader.say("members"), reader.language)
    if found is None:
        return reader.backwards(predicate)
    return anchor(reader.href(predicate), found.value, reader.lang(found.language))


def ordinary(description: Description) -> frozenset[str]:
    """The most common status and the most common modality of a description, which need no emphasis."""
    links = (link for links in description.incoming for link in links.links)
    stated: Iterable[Statement | Link] = chain(description.statements, links)
    sources = [source for one in stated for source in one.sources]
    counts = (Counter(s.status for s in sources if s.status), Counter(s.modality for s in sources if s.modality))
    return frozenset(iri for counted in counts for iri, _ in counted.most_common(1))


def sources_view(telling: _Telling, sources: Sequence[Source], graphs: Sequence[str]) -> SourcesView | None:
    """The sources of a statement, None when it has none."""
    if not sources:
        return None
    reader = telling.reader
    near = [source for source in sources if _is_near(source)]
    bare = [source for source in sources if not _is_near(source)]
    shown = [_source(reader, source) for source in near[:MOST_SOURCES]]
    documents = reader.links(source.document for source in bare if source.document)
    if documents:
        shown.append(SourceView(documents[:MOST_SOURCES]))
    hidden = max(0, len(near) - MOST_SOURCES) + max(0, len(documents) - MOST_SOURCES)
    where = {source.graph for source in sources if source.graph} or set(graphs)
    return SourcesView(
        marks=_marks(telling, near),
        place=_place(reader, near, len(shown)),
        sources=tuple(shown),
        more=_beyond(reader, "source.more", hidden),
        graph=reader.link(next(iter(where))) if len(where) == 1 else NOTHING,
    )


def _is_near(source: Source) -> bool:
    """Whether a source says more than which document it is."""
    return bool(source.line or source.quote or source.status or source.modality or source.notes or source.derived_from)


def _marks(telling: _Telling, sources: Iterable[Source]) -> tuple[Mark, ...]:
    """The words on a marker: how the statement is meant and how it is known, each once."""
    iris = dict.fromkeys(iri for source in sources for iri in (source.modality, source.status) if iri)
    reader = telling.reader
    return tuple(Mark(reader.text(reader.name(iri)), iri not in telling.ordinary) for iri in iris)


def _place(reader: Reader, near: Sequence[Source], count: int) -> str:
    """Where to look, in a word: the line of the only source, or how many there are."""
    lines = {source.line for source in near if source.line}
    if count == 1 and len(lines) == 1:
        return reader.say("source.line.short", line=next(iter(lines)))
    return reader.say("source") if count == 1 else f"{reader.say('source')}: {reader.say.count(count)}"


def _source(reader: Reader, source: Source) -> SourceView:
    """One source in the reader's words."""
    return SourceView(
        documents=reader.links([source.document] if source.document else []),
        line=str(source.line) if source.line else "",
        quote=reader.quote(source.quote) if source.quote else NOTHING,
        translation=reader.quote(source.translation) if source.translation else NOTHING,
        status=reader.link(source.status) if source.status else NOTHING,
        modality=reader.link(source.modality) if source.modality else NOTHING,
        confidence=reader.link(source.confidence) if source.confidence else NOTHING,
        evidence=tuple(reader.resource(iri) for iri in source.derived_from),
        notes=_notes(reader, source.notes),
    )


def _notes(reader: Reader, notes: Sequence[Text]) -> tuple[Markup, ...]:
    """The notes in the reader's language, or else in the first language that has any."""
    for language in (*reader.languages, *(note.language for note in notes)):
        found = tuple(reader.text(note) for note in notes if _speaks(note, language))
        if found:
            return found
    return ()


def _speaks(note: Text, language: str) -> bool:
    """Whether a note is in a language, its region aside."""
    return note.language == language or note.language.startswith(f"{language}-")
