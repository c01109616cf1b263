"""Engine and look-up file → what lies around an entity: dated things, places, neighbours, bounded in every direction.

A thing with more links than ``kgpub.kept.index.HUB`` is counted and not looked into; its lists were counted at build.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from kgpub.days import Days
from kgpub.engine import Engine
from kgpub.kept.index import INVERSE, DatedRow, Index
from kgpub.nearby.around import Dated, Moment, Placed, Surroundings, Way
from kgpub.nearby.coordinates import Point
from kgpub.nearby.neighbours import near, neighbours
from kgpub.nearby.sight import Links, Looking, Sight
from kgpub.reading.tags import literal

_LONGEST = 200
"""Characters of a date that are worth remembering."""


def surroundings(engine: Engine, index: Index, iri: str, looking: Looking) -> Surroundings:
    """What lies around an IRI; nothing where the snapshot knows nothing near it."""
    sight = Sight(engine, index, looking)
    links = sight.links(iri)
    branches, ties = neighbours(sight, iri, links)
    found = replace(_one_step(sight, iri, links), branches=branches, ties=ties)
    return _named(index, found)


def outlook(engine: Engine, index: Index, iri: str, looking: Looking) -> Surroundings:
    """The dates and places around an IRI, and whether it has neighbours; nobody looks behind them, which costs more."""
    sight = Sight(engine, index, looking)
    return _named(index, _one_step(sight, iri, sight.links(iri)))


def _one_step(sight: Sight, iri: str, links: Links) -> Surroundings:
    """What the links of an IRI tell, without labels."""
    ways = _ways(iri, links)
    dated = _dated(sight, iri, _ways(iri, links, sight.looking.undated) if sight.looking.undated else ways)
    placed = _placed(sight, iri, ways)
    bounds = sight.looking.bounds
    yearless = [one for one in dated if one.days is None]
    shown = [one for one in dated if one.days is not None]
    return Surroundings(
        iri=iri,
        dated=tuple(sorted(shown[: bounds.dated], key=_when)),
        yearless=tuple(yearless[: bounds.dated]),
        more_dated=max(0, len(shown) - bounds.dated) + max(0, len(yearless) - bounds.dated),
        placed=tuple(placed[: bounds.placed]),
        more_placed=max(0, len(placed) - bounds.placed),
        is_tied=any(near(sight, iri, links)),
        unseen=sum(links.more.values()),
    )


def _ways(iri: str, links: Links, but: frozenset[str] = frozenset()) -> dict[str, Way]:
    """How each thing that was looked at is tied to the entity, itself first; the first way counts, ``but`` for some."""
    found = {f"<{iri}>": Way()}
    for link in links.seen:
        if link.way.predicate not in but:
            found.setdefault(link.other, link.way)
    return found


def _dated(sight: Sight, iri: str, ways: dict[str, Way]) -> list[Dated]:
    """The dates of the entity and of the things tied to it, its own first."""
    rows = sight.index.days(ways, sight.looking.bounds.looked * 4)
    lent = {row.via for row in rows if row.subject == f"<{iri}>"} - {""}
    found = []
    for subject, group in groupby(rows, key=lambda row: row.subject):
        if subject not in lent:
            name = subject[1:-1] if subject.startswith("<") else ""
            found += list(_periods(sight.looking, name, ways[subject], list(group)))
    return found


def _periods(looking: Looking, iri: str, way: Way, rows: list[DatedRow]) -> Iterator[Dated]:
    """A thing's dates, where one that begins and one that ends belong together as one period."""
    moments = [_moment(row) for row in rows]
    for some in ([one for one in moments if one.days], [one for one in moments if not one.days]):
        by_property: dict[str, list[Moment]] = {}
        for moment in some:
            by_property.setdefault(moment.predicate, []).append(moment)
        for first, last in looking.periods if len(by_property) > 1 else ():
            begins, ends = by_property.get(first, []), by_property.get(last, [])
            if len(begins) == len(ends) == 1 and _fit(begins[0], ends[0]):
                yield Dated(iri, way, begins[0], ends[0])
                del by_property[first], by_property[last]
        yield from (Dated(iri, way, moment) for found in by_property.values() for moment in found)


def _fit(begin: Moment, end: Moment) -> bool:
    """Whether two dates make a period: neither has a year, or the end can come after the beginning."""
    if begin.days is None or end.days is None:
        return begin.days is end.days
    return begin.days.earliest <= end.days.latest


def _moment(row: DatedRow) -> Moment:
    """A row's date."""
    text, datatype = _read(row.object) if len(row.object) <= _LONGEST else _read.__wrapped__(row.object)
    known = None if row.earliest is None or row.latest is None else Days(row.earliest, row.latest)
    return Moment(row.predicate, text, datatype, known)


@lru_cache(maxsize=4096)
def _read(date: str) -> tuple[str, str]:
    """The text and the datatype of a literal in N-Triples notation; things around each other have the same dates."""
    found = literal(date)
    return found.value, found.datatype.value


def _when(dated: Dated) -> tuple[int, int, str, str]:
    """Where a thing stands in the order of time."""
    assert dated.days is not None
    return dated.days.earliest, dated.days.latest, dated.iri, dated.begin.predicate


def _placed(sight: Sight, iri: str, ways: dict[str, Way]) -> list[Placed]:
    """Where the entity is, and the things tied to it; a place whose coordinates it took over is not said again."""
    rows = sight.index.points(ways, sight.looking.bounds.looked * 2)
    lent = {row.via for row in rows if row.subject == f"<{iri}>"} - {""}
    found = []
    for row in rows:
        if row.subject not in lent and row.subject.startswith("<"):
            via = row.via[1:-1] if row.via.startswith("<") and sight.index.texts(row.via[1:-1]) else ""
            found.append(Placed(row.subject[1:-1], ways[row.subject], Point(row.latitude, row.longitude), via))
    return found


def _named(index: Index, found: Surroundings) -> Surroundings:
    """The same with the labels of everything in it."""
    predicates = {way.predicate for way in _all_ways(found)} | {tie.predicate for tie in found.ties}
    moments = [moment for one in (*found.dated, *found.yearless) for moment in (one.begin, one.end) if moment]
    predicates |= {moment.predicate for moment in moments}
    things = {one.iri for one in (*found.dated, *found.yearless)}
    things |= {name for one in found.placed for name in (one.iri, one.via)}
    nears = [near for branch in found.branches for near in branch.nears]
    things |= {near.iri for near in nears} | {leaf.iri for near in nears for leaf in near.leaves}
    labels = index.labels(sorted({found.iri, *things, *predicates} - {""}))
    return replace(found, labels=labels, inverse=index.labels(sorted(predicates), INVERSE))


def _all_ways(found: Surroundings) -> Iterator[Way]:
    """Every way that occurs."""
    yield from (one.way for one in (*found.dated, *found.yearless))
    yield from (one.way for one in found.placed)
    for branch in found.branches:
        yield branch.way
        yield from (leaf.way for near in branch.nears for leaf in near.leaves)
