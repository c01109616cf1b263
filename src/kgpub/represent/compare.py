"""Two to four things side by side: the properties and values of their own pages in one table, differences in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kgpub.model import Description, Labels
from kgpub.represent.frame import COMPARE, Anchor, Frame, frame, own_page
from kgpub.represent.html import filled
from kgpub.represent.lists import home_anchor
from kgpub.represent.picking import add_href, href, pairs
from kgpub.represent.telling import MEASURES, Group, ValueView
from kgpub.represent.values import Reader
from kgpub.represent.views import entity_view
from kgpub.settings import Settings

FEWEST, MOST = 2, 4
"""Things that can be compared at once."""
SAME, PARTLY, DIFFERS, MISSING = "same", "partly", "differs", "missing"
"""How a property's values compare: equal, some shared, none shared, not stated for all."""

_LEFT_OUT = {"incoming", "part"}


@dataclass(frozen=True)
class Cell:
    """What one thing has of a property; ``own`` tells, value by value, which ones the others do not all have.

    Where nothing is shared, nothing is marked: the whole row is different.
    """

    of: Markup
    values: tuple[ValueView, ...]
    own: tuple[bool, ...]
    more: Anchor | None = None
    note: str = ""


@dataclass(frozen=True)
class RowView:
    """A property with a cell for each thing, and how they compare: one of four kinds, and in words."""

    title: Markup
    kind: str
    verdict: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ColumnView:
    """A thing: its link, what it is, and the address of the comparison without it, where enough others are left."""

    link: Markup
    types: tuple[Markup, ...]
    without: str
    words: str


@dataclass(frozen=True)
class CompareView:
    """The page of a comparison."""

    frame: Frame
    home: Anchor
    columns: tuple[ColumnView, ...]
    rows: tuple[RowView, ...]
    summary: str
    add: str


def page(things: Sequence[Description], labels: Mapping[str, Labels], site: Settings, language: str) -> str:
    """The page that compares these things."""
    return filled("compare", compare_view(things, Reader(site, language, labels, MEASURES[1].text)), language)


def compare_view(things: Sequence[Description], reader: Reader) -> CompareView:
    """The view of a comparison."""
    pages = [entity_view(one, reader, measure=MEASURES[1]) for one in things]
    columns = [_by_title(group for s in one.sections if s.kind not in _LEFT_OUT for group in s.groups) for one in pages]
    links = [reader.text(reader.name(one.iri)) for one in things]
    rows = tuple(_row(reader, title, [found.get(title, ()) for found in columns], links) for title in merged(columns))
    words = ", ".join(reader.name(one.iri).value for one in things)
    say, different = reader.say, sum(row.kind != SAME for row in rows)
    iris = [one.iri for one in things]
    return CompareView(
        frame=frame(
            reader, own_page(reader, COMPARE, pairs(reader, iris)), say("compare.title", names=words), indexed=False
        ),
        home=home_anchor(reader),
        columns=tuple(_column(reader, one.iri, pages[n].types, iris) for n, one in enumerate(things)),
        rows=rows,
        summary=say("compare.summary", all=say.count(len(rows)), different=say.count(different)),
        add=add_href(reader, iris) if len(iris) < MOST else "",
    )


def merged(columns: Sequence[Iterable[str]]) -> list[str]:
    """Several orders as one that keeps to each as far as they agree: what is new stands behind what it follows."""
    found: list[str] = []
    for column in columns:
        place = 0
        for one in column:
            if one in found:
                place = found.index(one) + 1
            else:
                found.insert(place, one)
                place += 1
    return found


def _by_title(groups: Iterable[Group]) -> dict[str, tuple[Group, ...]]:
    """The groups of a page by their property's link, in the page's order."""
    found: dict[str, tuple[Group, ...]] = {}
    for group in groups:
        found[group.title] = (*found.get(group.title, ()), group)
    return found


def _row(reader: Reader, title: str, cells: Sequence[tuple[Group, ...]], names: Sequence[Markup]) -> RowView:
    """A property's row; what a page does not show in full is never called the same."""
    values = [tuple(value for group in groups for value in group.values) for groups in cells]
    keys = [{_key(value) for value in some} for some in values]
    shared = set.intersection(*keys)
    stated = [one for one in keys if one]
    common = set.intersection(*stated) if len(stated) > 1 else set()
    is_cut = any(group.more or group.note for groups in cells for group in groups)
    if not all(keys):
        kind = MISSING
    elif not shared:
        kind = DIFFERS
    else:
        kind = SAME if all(one == shared for one in keys) and not is_cut else PARTLY
    return RowView(
        title=Markup(title),  # noqa: S704 # a title of an entity's page, escaped there
        kind=kind,
        verdict=reader.say(
            {SAME: "compare.same", PARTLY: "compare.partly", DIFFERS: "compare.differs"}.get(kind, "compare.missing")
        ),
        cells=tuple(_cell(*cell, common) for cell in zip(names, cells, values, strict=True)),
    )


def _cell(of: Markup, groups: Sequence[Group], values: tuple[ValueView, ...], shared: set[object]) -> Cell:
    more = next((group.more for group in groups if group.more), None)
    note = next((group.note for group in groups if group.note), "")
    return Cell(of, values, tuple(bool(shared) and _key(value) not in shared for value in values), more, note)


def _key(value: ValueView) -> object:
    """What makes two values the same to a reader: what they show, and what is nested in them."""
    nested = tuple((group.title, tuple(_key(one) for one in group.values)) for group in value.nested)
    return (value.markup or value.note, nested)


def _column(reader: Reader, iri: str, types: tuple[Markup, ...], iris: Sequence[str]) -> ColumnView:
    others = [one for one in iris if one != iri]
    return ColumnView(
        link=reader.link(iri),
        types=types,
        without=href(reader, others) if len(others) >= FEWEST else "",
        words=reader.say("compare.dropped", name=reader.name(iri).value),
    )
