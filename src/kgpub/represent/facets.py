"""A class narrowed down by facets, as a view and as CSV: choices, counts, what is chosen, the same in SPARQL."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from kgpub import selection
from kgpub.formats import CSV, JSON_LD, TURTLE, Format
from kgpub.model import Labels, Text, pick
from kgpub.represent.apart import apart, noted
from kgpub.represent.frame import BROWSE, CLASSES, COMPARE, SPARQL, Anchor, Frame, Place, frame, with_query
from kgpub.represent.html import filled
from kgpub.represent.lists import Paging, home_anchor, paging
from kgpub.represent.locale import NUMBERS as NUMERIC
from kgpub.represent.locale import XSD
from kgpub.represent.markup import NOTHING
from kgpub.represent.values import Reader
from kgpub.selection import NUMBERS, YEARS, Choice, Chosen, Facet, Found, Range, Selection, Value
from kgpub.settings import Settings

FORMATS: tuple[Format, ...] = (CSV, JSON_LD, TURTLE)
"""What a list can be had as."""
DEEP = 10
"""Pages of a list that search engines may look at; later ones are told to be left alone."""

_SHOWN = 8
_YEAR = re.compile(r"-?\d{1,15}", re.ASCII)
_PLAIN = NUMERIC | {XSD + "string", XSD + "boolean"}


@dataclass(frozen=True)
class Browsed:
    """What a page of a class is made of: what was chosen and found, labels and more of what it names.

    ``is_listed`` is whether search engines are welcome to the members at all; ``schemes`` are the thesauri of members.
    """

    chosen: Selection
    found: Found
    page: int
    size: int
    labels: Mapping[str, Labels]
    descriptions: Mapping[str, Labels]
    types: Mapping[str, tuple[str, ...]]
    deprecated: frozenset[str] = frozenset()
    is_listed: bool = True
    schemes: Mapping[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.found.count // self.size))

    @property
    def is_indexed(self) -> bool:
        """Whether search engines may keep the page: the plain list's first pages."""
        return self.is_listed and not self.chosen.chosen and self.page <= DEEP


@dataclass(frozen=True)
class ChoiceView:
    """A box to mark: what it sends, what it says, how many fit, and that number in hundredths of the largest."""

    value: str
    label: Markup
    count: str
    share: int
    is_chosen: bool


@dataclass(frozen=True)
class FacetView:
    """A property with its boxes; those in ``rest`` are folded away at first."""

    title: Markup
    choices: tuple[ChoiceView, ...]
    rest: tuple[ChoiceView, ...]
    more: str
    is_open: bool


@dataclass(frozen=True)
class ChosenView:
    """Something chosen, and the address of the list without it."""

    property: Markup
    value: Markup
    href: str


@dataclass(frozen=True)
class MemberView:
    """A member: its link, a line about it, what else it is, its IRI and name for comparing."""

    link: Markup
    line: Markup
    types: tuple[Markup, ...]
    iri: str
    name: str


@dataclass(frozen=True)
class BrowseView:
    """A page of a class."""

    frame: Frame
    path: tuple[Anchor, ...]
    heading: Markup
    lead: Markup
    about: Anchor
    count: str
    below: str
    filters: str
    action: str
    compare: str
    written: str
    chosen: tuple[ChosenView, ...]
    clear: str
    facets: tuple[FacetView, ...]
    rows: tuple[MemberView, ...]
    paging: Paging | None
    query: str
    editor: str
    counting: tuple[Anchor, ...]
    downloads: tuple[Anchor, ...]


def page(browsed: Browsed, site: Settings, language: str) -> str:
    """The page of a class, narrowed down by what is chosen."""
    return filled(
        "facets", browse_view(browsed, Reader(site, language, browsed.labels, deprecated=browsed.deprecated)), language
    )


def browse_view(browsed: Browsed, reader: Reader) -> BrowseView:
    """The view of a page of a class."""
    say, chosen, found = reader.say, browsed.chosen, browsed.found
    name = reader.name(chosen.of)
    pairs = selection.pairs(chosen, reader.iris)
    path = reader.iris.page(BROWSE)
    query = selection.query(chosen, found.kinds, found.of.membership)
    whole = say("list.count", count=say.count(found.count))
    described = pick(browsed.descriptions.get(chosen.of, {}), reader.languages)
    part = say("facets.found", count=say.count(found.count), all=say.count(found.of.size))
    number = say.count(len(chosen.chosen))
    return BrowseView(
        frame=frame(
            reader,
            _place(browsed, reader),
            _title(browsed, reader),
            described.value if described else whole,
            indexed=browsed.is_indexed,
        ),
        path=(home_anchor(reader), Anchor(say("classes"), reader.iris.page(CLASSES, reader.language))),
        heading=reader.text(name),
        lead=reader.text(described) if described else NOTHING,
        about=Anchor(say("list.about"), reader.href(chosen.of)),
        count=part if chosen.chosen else whole,
        below=say("facets.below") if found.of.direct < found.of.size else "",
        filters=say("facets.filters.chosen", count=number) if chosen.chosen else say("facets.filters"),
        action=path,
        compare=reader.iris.page(COMPARE),
        written=pairs[0][1],
        chosen=tuple(_chosen(reader, chosen, one, found.kinds) for one in chosen.chosen),
        clear=href(reader, Selection(chosen.of)),
        facets=_facets(reader, found),
        rows=_members(reader, browsed, found.members),
        paging=paging(reader, path, pairs, browsed.page, browsed.pages),
        query=query,
        editor=_editor(reader, query),
        counting=tuple(_counting(reader, browsed, facet) for facet in found.facets if facet.choices),
        downloads=tuple(_download(reader, one, pairs) for one in FORMATS),
    )


def _title(browsed: Browsed, reader: Reader) -> str:
    """The class and what it is narrowed down to."""
    kinds = browsed.found.kinds
    words = [_words(reader, one.value, kinds.get(one.property, "")) for one in browsed.chosen.chosen]
    name = reader.name(browsed.chosen.of).value
    return f"{name}: {', '.join(words)}" if words else name


def href(reader: Reader, chosen: Selection) -> str:
    """The address of the first page of a selection in the reader's language."""
    pairs = selection.pairs(chosen, reader.iris)
    return with_query(reader.iris.page(BROWSE), [*pairs, ("lang", reader.language)])


def csv_head(reader: Reader, facets: Sequence[Facet]) -> bytes:
    """The first line of a list in CSV (RFC 4180): IRI, a name per language, a column per facet."""
    names = [f"name ({tag})" for tag in reader.site.languages]
    return _line(["iri", *names, *(reader.name(facet.property).value for facet in facets)])


def csv_line(reader: Reader, iri: str, values: Sequence[Iterable[NamedNode | Literal]]) -> bytes:
    """A member as a line of CSV; several values of a property stand in one cell, parted by semicolons."""
    labels = reader.labels.get(iri, {})
    names = [found.value if (found := pick(labels, (tag,))) else "" for tag in reader.site.languages]
    return _line([iri, *names, *("; ".join(_cell(reader, value) for value in some) for some in values)])


def _cell(reader: Reader, value: NamedNode | Literal) -> str:
    return reader.name(value.value).value if isinstance(value, NamedNode) else value.value


def _line(cells: Iterable[str]) -> bytes:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _place(browsed: Browsed, reader: Reader) -> Place:
    """The page's own address: its choices in canonical order."""
    numbered = [("page", str(browsed.page))] if browsed.page > 1 else []
    fixed = selection.pairs(browsed.chosen, reader.iris)
    path = reader.iris.page(BROWSE)
    languages = reader.site.languages
    addresses = tuple((tag, with_query(path, [*fixed, ("lang", tag), *numbered])) for tag in languages)
    return Place(with_query(path, [*fixed, *numbered]), addresses)


def _facets(reader: Reader, found: Found) -> tuple[FacetView, ...]:
    """The facets that narrow the class down: things and words first, numbers last."""
    facets = sorted(found.facets, key=lambda one: one.kind == NUMBERS)
    return tuple(_facet(reader, one, found.of.size) for one in facets if _narrows(one, found.of.size))


def _narrows(facet: Facet, size: int) -> bool:
    """Whether there is a choice that not all members of the class fit, or that is taken already."""
    return any(one.is_chosen or one.count < size for one in facet.choices)


def _facet(reader: Reader, facet: Facet, size: int) -> FacetView:
    """A facet with its choices: ranges as they rise, values by count and then by label; none that all fit."""
    choices = [one for one in facet.choices if one.is_chosen or one.count < size]
    if not any(isinstance(one.value, Range) for one in choices):
        choices.sort(key=lambda one: (-one.count, _words(reader, one.value, facet.kind).casefold()))
    largest = max(one.count for one in choices)
    notes = apart(reader, [one.value.value for one in choices if isinstance(one.value, NamedNode)])
    views = [_choice(reader, facet, one, largest, notes) for one in choices]
    shown = len(views) if len(views) <= _SHOWN + 2 else _SHOWN
    rest = tuple(views[shown:])
    return FacetView(
        title=reader.text(reader.name(facet.property)),
        choices=tuple(views[:shown]),
        rest=rest,
        more=reader.say("facets.more", count=reader.say.count(len(rest))),
        is_open=any(one.is_chosen for one in rest),
    )


def _choice(reader: Reader, facet: Facet, one: Choice, largest: int, notes: Mapping[str, Markup]) -> ChoiceView:
    return ChoiceView(
        value=selection.text(Chosen(facet.property, one.value), reader.iris),
        label=noted(_label(reader, one.value, facet.kind), notes, str(one.value).strip("<>")),
        count=reader.say.count(one.count),
        share=-(-100 * one.count // largest) if largest else 0,
        is_chosen=one.is_chosen,
    )


def _label(reader: Reader, value: Value, kind: str) -> Markup:
    """A choice in the reader's words, without links: it stands in a form's label."""
    if isinstance(value, Range):
        return reader.text(Text(_words(reader, value, kind)))
    if isinstance(value, NamedNode):
        return reader.text(reader.name(value.value))
    return reader.literal(value) if value.datatype.value in _PLAIN else reader.text(Text(value.value))


def _words(reader: Reader, value: Value, kind: str) -> str:
    """A choice as plain text."""
    if isinstance(value, NamedNode):
        return reader.name(value.value).value
    if isinstance(value, Literal):
        return value.value
    ends = [_number(reader, text, kind) for text in str(value).split("..")]
    return ends[0] if ends[0] == ends[1] else (" – " if any(" " in end for end in ends) else "–").join(ends)


def _number(reader: Reader, text: str, kind: str) -> str:
    """An end of a range: years are written without grouping, those before 1 as people count them."""
    if kind == YEARS and _YEAR.fullmatch(text):
        return reader.say.year(int(text))
    said = text if kind == YEARS else reader.say.number(text) or text
    return said.replace("-", "−")


def _chosen(reader: Reader, chosen: Selection, one: Chosen, kinds: Mapping[str, str]) -> ChosenView:
    return ChosenView(
        property=reader.text(reader.name(one.property)),
        value=_label(reader, one.value, kinds.get(one.property, "")),
        href=href(reader, chosen.without(one)),
    )


def _members(reader: Reader, browsed: Browsed, members: Sequence[str]) -> tuple[MemberView, ...]:
    notes = apart(reader, members, browsed.types, browsed.schemes)
    return tuple(_member(reader, browsed, iri, notes) for iri in members)


def _member(reader: Reader, browsed: Browsed, iri: str, notes: Mapping[str, Markup]) -> MemberView:
    """A member with what it is besides the class that is looked at."""
    described = pick(browsed.descriptions.get(iri, {}), reader.languages)
    types = (one for one in browsed.types.get(iri, ()) if one != browsed.chosen.of)
    return MemberView(
        link=noted(reader.link(iri), notes, iri),
        line=reader.text(described) if described else NOTHING,
        types=tuple(reader.text(reader.name(one)) for one in types),
        iri=iri,
        name=reader.name(iri).value,
    )


def _editor(reader: Reader, query: str) -> str:
    return with_query(reader.iris.page(SPARQL, reader.language), [("query", query)])


def _counting(reader: Reader, browsed: Browsed, facet: Facet) -> Anchor:
    """The way to the query that counts a facet's choices."""
    found = browsed.found
    query = selection.count_query(browsed.chosen, facet.property, found.kinds, found.of.membership)
    name = reader.name(facet.property)
    return Anchor(name.value, _editor(reader, query), language=reader.lang(name.language) or "")


def _download(reader: Reader, format: Format, pairs: Iterable[tuple[str, str]]) -> Anchor:
    address = reader.iris.page(f"{BROWSE}.{format.extension}")
    told = [*pairs, ("lang", reader.language)] if format is CSV else pairs
    return Anchor(format.name, with_query(address, told))
