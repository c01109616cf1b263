"""Saved queries as views: the gallery, and one query with its form, its answer, its text and its addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup
from pyoxigraph import NamedNode

from kgpub.errors import KgpubError
from kgpub.formats import JSON, RESULTS_JSON, RESULTS_XML, SPARQL_QUERY, Format
from kgpub.iris import Iris
from kgpub.model import Labels, Text, pick
from kgpub.represent import html
from kgpub.represent.answers import GRAPH_FORMATS, TABLE_FORMATS, TableView, short_format, table_view
from kgpub.represent.asking import SparqlTable
from kgpub.represent.fields import TYPES, FieldView, fields
from kgpub.represent.frame import QUERIES, SPARQL, Anchor, Frame, frame, own_page, with_query
from kgpub.represent.lists import home_anchor
from kgpub.represent.markup import NOTHING, code
from kgpub.represent.reports import ErrorView, error_view
from kgpub.represent.values import Reader
from kgpub.saved import Gallery, Kind, Parameter, Piece, SavedQuery, Values, pieces, written
from kgpub.settings import Settings

"""The path, below the mount, of the gallery; the queries are below it."""
ROWS = 100
"""Rows of an answer on a query's page."""


@dataclass(frozen=True)
class EntryView:
    """A query in the gallery."""

    number: str
    link: Anchor
    description: Markup
    lesson: Markup
    parameters: tuple[Markup, ...]


@dataclass(frozen=True)
class GalleryView:
    """The page of all saved queries: those in an order, which are a course, and the others."""

    frame: Frame
    home: Anchor
    course: tuple[EntryView, ...]
    others: tuple[EntryView, ...]
    list: Anchor


@dataclass(frozen=True)
class ParameterView:
    """A parameter as documentation: its name in addresses, what it means, what it takes."""

    name: str
    label: Markup
    description: Markup
    type: str
    of: Markup
    default: Markup
    is_required: bool


@dataclass(frozen=True)
class QueryView:
    """The page of one saved query."""

    frame: Frame
    home: Anchor
    gallery: Anchor
    title: Markup
    description: Markup
    lesson: Markup
    number: str
    action: str
    fields: tuple[FieldView, ...]
    missing: str
    table: TableView | None
    is_cut: bool
    error: ErrorView | None
    pieces: tuple[Piece, ...]
    formats: tuple[Anchor, ...]
    address: str
    file: str
    sparql: str
    parameters: tuple[ParameterView, ...]
    previous: Anchor | None
    next: Anchor | None


@dataclass(frozen=True)
class Asked:
    """A saved query as it was asked: what the address gave, what that binds, and the answer or the refusal."""

    query: SavedQuery
    given: tuple[tuple[str, str], ...]
    values: Values
    table: SparqlTable | None = None
    error: KgpubError | None = None


def gallery_page(gallery: Gallery, site: Settings, language: str) -> str:
    """The page of all saved queries."""
    reader = Reader(site, language, {})
    return html.filled("queries", gallery_view(gallery, reader), language)


def query_page(
    asked: Asked,
    gallery: Gallery,
    choices: Mapping[str, Sequence[str]],
    labels: Mapping[str, Labels],
    site: Settings,
    language: str,
) -> str:
    """The page of one saved query: its form, the beginning of its answer, its text and its addresses."""
    known = {**labels, **(asked.table.labels if asked.table else {})}
    return html.filled("query", query_view(asked, gallery, choices, Reader(site, language, known)), language)


def gallery_view(gallery: Gallery, reader: Reader) -> GalleryView:
    """The view of the gallery."""
    say = reader.say
    course = [one for one in gallery.queries if one.about.order is not None]
    others = [one for one in gallery.queries if one.about.order is None]
    numbered = {one.name: say.count(number) for number, one in enumerate(course, 1)}
    return GalleryView(
        frame=frame(reader, own_page(reader, QUERIES), say("saved"), say("saved.lead")),
        home=home_anchor(reader),
        course=tuple(_entry(one, reader, numbered[one.name]) for one in course),
        others=tuple(_entry(one, reader, "") for one in others),
        list=Anchor(say("saved.json"), reader.iris.page(f"{QUERIES}.{JSON.extension}")),
    )


def query_view(asked: Asked, gallery: Gallery, choices: Mapping[str, Sequence[str]], reader: Reader) -> QueryView:
    """The view of one query; ``choices`` are the things that a parameter offers, where they are few enough."""
    query, say, iris = asked.query, reader.say, reader.iris
    title, description = _text(query.title, reader), _text(query.about.description, reader)
    path = f"{QUERIES}/{query.name}"
    place = own_page(reader, path, asked.given)
    lacking = query.missing(asked.values)
    text = query.text if lacking else query.bound(asked.values)
    bound = pairs(query, asked.values, iris)
    offered = formats(query.kind)
    names = ", ".join(_label(one, reader).value for one in lacking)
    previous, following = _neighbours(query, gallery, reader)
    return QueryView(
        frame=frame(reader, place, title.value, description.value, indexed=not asked.given),
        home=home_anchor(reader),
        gallery=Anchor(say("saved"), iris.page(QUERIES, reader.language)),
        title=reader.text(title),
        description=reader.text(description) if description.value else NOTHING,
        lesson=_words(query.about.lesson, reader),
        number=_number(query, gallery, reader),
        action=iris.page(path),
        fields=fields(query.parameters, asked.given, choices, reader),
        missing=say("saved.missing", names=names) if lacking and not asked.error else "",
        table=_table(asked.table, reader) if asked.table else None,
        is_cut=asked.table is not None and _is_cut(asked.table),
        error=error_view(reader, asked.error) if asked.error else None,
        pieces=pieces(text, frozenset(one.name for one in query.parameters)),
        formats=tuple(Anchor(short_format(one), address(iris, query, one, bound)) for one in offered),
        address=iris.canonical(address(iris, query, offered[0], bound)),
        file=address(iris, query, SPARQL_QUERY, bound),
        sparql=with_query(iris.page(SPARQL, reader.language), [("query", text)]),
        parameters=tuple(_parameter(one, reader) for one in query.parameters),
        previous=previous,
        next=following,
    )


def formats(kind: Kind) -> tuple[Format, ...]:
    """What an answer of a kind can be had as, tables for people first."""
    if kind is Kind.TRUTH:
        return RESULTS_JSON, RESULTS_XML
    return GRAPH_FORMATS if kind is Kind.TRIPLES else tuple(sorted(TABLE_FORMATS, key=lambda one: one.aliases != ()))


def address(iris: Iris, query: SavedQuery, format: Format, given: Iterable[tuple[str, str]]) -> str:
    """The path of a query's answer, or of its text, in a format, with parameters (RFC 3986 section 3.4)."""
    path = iris.page(f"{QUERIES}/{query.name}.{format.extension}")
    asked = "&".join(f"{name}={quote(value, safe=':/@,')}" for name, value in given)
    return f"{path}?{asked}" if asked else path


def pairs(query: SavedQuery, values: Values, iris: Iris) -> tuple[tuple[str, str], ...]:
    """Values as an address gives them; an optional parameter that has a default and no value is empty."""
    found: list[tuple[str, str]] = []
    for one in query.parameters:
        terms = values.get(one.name, ())
        found += [(one.name, written(term, iris)) for term in terms]
        found += [(one.name, "")] if not terms and one.default is not None else []
    return tuple(found)


def listed(gallery: Gallery, iris: Iris) -> dict[str, object]:
    """The gallery as JSON: what each query asks, takes and answers with, and its addresses."""
    return {"queries": [_listed(one, iris) for one in gallery.queries]}


def _listed(query: SavedQuery, iris: Iris) -> dict[str, object]:
    return {
        "name": query.name,
        "title": dict(query.title),
        "description": dict(query.about.description),
        "answers": query.kind.value,
        "columns": list(query.columns),
        "parameters": [_listed_parameter(one, iris) for one in query.parameters],
        "page": iris.page(f"{QUERIES}/{query.name}"),
        "query": address(iris, query, SPARQL_QUERY, ()),
        "formats": {one.extension: address(iris, query, one, ()) for one in formats(query.kind)},
    }


def _listed_parameter(one: Parameter, iris: Iris) -> dict[str, object]:
    stated = {
        "class": one.of,
        "values": [written(value, iris) for value in one.choices],
        "default": written(one.default, iris) if one.default is not None else "",
        "label": dict(one.label),
        "description": dict(one.description),
    }
    return {
        "name": one.name,
        "type": one.type.name,
        "required": one.is_required,
        **{key: value for key, value in stated.items() if value},
    }


def _table(table: SparqlTable, reader: Reader) -> TableView:
    """The beginning of an answer as a table."""
    triples = None if table.triples is None else table.triples[:ROWS]
    return table_view(reader, table.variables, table.rows[:ROWS], triples, table.boolean)


def _is_cut(table: SparqlTable) -> bool:
    """Whether there is more of an answer than a page shows."""
    return table.truncated or max(len(table.rows), len(table.triples or ())) > ROWS


def _entry(query: SavedQuery, reader: Reader, number: str) -> EntryView:
    title = _text(query.title, reader)
    href = reader.iris.page(f"{QUERIES}/{query.name}", reader.language)
    return EntryView(
        number=number,
        link=Anchor(title.value, href, language=reader.lang(title.language) or ""),
        description=_words(query.about.description, reader),
        lesson=_words(query.about.lesson, reader),
        parameters=tuple(reader.text(_label(one, reader)) for one in query.parameters),
    )


def _neighbours(query: SavedQuery, gallery: Gallery, reader: Reader) -> tuple[Anchor | None, Anchor | None]:
    """The queries before and after one in the gallery."""
    at = gallery.queries.index(query)
    around = (gallery.queries[at - 1] if at else None, next(iter(gallery.queries[at + 1 :]), None))
    before, after = (_entry(one, reader, "").link if one else None for one in around)
    return before, after


def _number(query: SavedQuery, gallery: Gallery, reader: Reader) -> str:
    """The query's place in the course, nothing where it has none."""
    if query.about.order is None:
        return ""
    return reader.say.count(gallery.queries.index(query) + 1)


def _parameter(one: Parameter, reader: Reader) -> ParameterView:
    default = NOTHING
    if one.default is not None:
        default = reader.link(one.default.value) if isinstance(one.default, NamedNode) else code(one.default.value)
    return ParameterView(
        name=one.name,
        label=reader.text(_label(one, reader)),
        description=_words(one.description, reader),
        type=reader.say(TYPES[one.type.name]),
        of=reader.link(one.of) if one.of else NOTHING,
        default=default,
        is_required=one.is_required,
    )


def _label(one: Parameter, reader: Reader) -> Text:
    return pick(one.label, reader.languages) or Text(one.name)


def _text(labels: Labels, reader: Reader) -> Text:
    return pick(labels, reader.languages) or Text("")


def _words(labels: Labels, reader: Reader) -> Markup:
    found = pick(labels, reader.languages)
    return reader.text(found) if found else NOTHING
