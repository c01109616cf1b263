"""Engine and look-up file → what lies around an entity: dated things, places, neighbours, bounded in every direction.

A thing with more links than ``kgpub.kept.index.HUB`` is counted and not looked into; its lists were counted at build.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from kgpub.days import Days
from kgpub.engine import Engine
from kgpub.kept.index import INVERSE, DatedRow, Index
from kgpub.nearby.around import Branch, Dated, Moment, Placed, Surroundings, Tie, Way
from kgpub.nearby.coordinates import Point
from kgpub.nearby.neighbours import near, neighbours
from kgpub.nearby.sight import Links, Looking, Sight
from kgpub.reading.tags import literal

_ITSELF = Way()
_LONGEST = 200
"""Characters of a date that are worth remembering."""


def surroundings(engine: Engine, index: Index, iri: str, looking: Looking) -> Surroundings:
    """What lies around an IRI; nothing where the snapshot knows nothing near it."""
    sight = Sight(engine, index, looking)
    links = sight.links(iri)
    return _seen(sight, iri, links, *neighbours(sight, iri, links))


def outlook(engine: Engine, index: Index, iri: str, looking: Looking) -> Surroundings:
    """The dates and places around an IRI, and whether it has neighbours; nobody looks behind them, which costs more."""
    sight = Sight(engine, index, looking)
    return _seen(sight, iri, sight.links(iri))


def _seen(
    sight: Sight, iri: str, links: Links, branches: tuple[Branch, ...] = (), ties: tuple[Tie, ...] = ()
) -> Surroundings:
    """What the links of an IRI tell, and what lies behind them, with the labels of everything in it."""
    ways = _ways(iri, links)
    dated = _dated(sight, iri, _ways(iri, links, sight.looking.undated) if sight.looking.undated else ways)
    placed = _placed(sight, iri, ways)
    bounds = sight.looking.bounds
    yearless = [one for one in dated if one.days is None]
    with_year = [one for one in dated if one.days is not None]
    shown = (*sorted(with_year[: bounds.dated], key=_when), *yearless[: bounds.dated])
    places = tuple(placed[: bounds.placed])
    predicates, things = _names(shown, places, branches, ties)
    first = min(len(with_year), bounds.dated)
    return Surroundings(
        iri=iri,
        dated=shown[:first],
        yearless=shown[first:],
        more_dated=len(dated) - len(shown),
        placed=places,
        more_placed=len(placed) - len(places),
        branches=branches,
        ties=ties,
        is_tied=any(near(sight, iri, links)),
        unseen=sum(links.more.values()),
        labels=sight.index.labels(sorted({iri, *things, *predicates} - {""})),
        inverse=sight.index.labels(sorted(predicates), INVERSE),
    )


def _ways(iri: str, links: Links, but: frozenset[str] = frozenset()) -> dict[str, Way]:
    """How each thing that was looked at is tied to the entity, itself first; the first way counts, ``but`` for some."""
    found = {f"<{iri}>": _ITSELF}
    for link in links.seen:
        if link.other not in found and (not but or link.way.predicate not in but):
            found[link.other] = link.way
    return found


def _dated(sight: Sight, iri: str, ways: dict[str, Way]) -> list[Dated]:
    """The dates of the entity and of the things tied to it, its own first."""
    rows = sight.index.days(ways, sight.looking.bounds.looked * 4)
    if not rows:
        return []
    lent = {row.via for row in rows if row.subject == f"<{iri}>"} - {""}
    found = []
    for subject, group in groupby(rows, key=lambda row: row.subject):
        if subject not in lent:
            name = subject[1:-1] if subject.startswith("<") else ""
            found += list(_periods(sight.looking, name, ways[subject], list(group)))
    return found


def _periods(looking: Looking, iri: str, way: Way, rows: list[DatedRow]) -> Iterator[Dated]:
    """A thing's dates, where one that begins and one that ends belong together as one period."""
    if len(rows) == 1:
        yield Dated(iri, way, _moment(rows[0]))
        return
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
    if not rows:
        return []
    lent = {row.via for row in rows if row.subject == f"<{iri}>"} - {""}
    found = []
    for row in rows:
        if row.subject not in lent and row.subject.startswith("<"):
            via = row.via[1:-1] if row.via.startswith("<") and sight.index.texts(row.via[1:-1]) else ""
            found.append(Placed(row.subject[1:-1], ways[row.subject], Point(row.latitude, row.longitude), via))
    return found


def _names(
    dated: Iterable[Dated], placed: Iterable[Placed], branches: Iterable[Branch], ties: Iterable[Tie]
) -> tuple[set[str], set[str]]:
    """The properties by which all these are tied, and the things."""
    predicates, things = {tie.predicate for tie in ties}, set()
    for one in dated:
        predicates |= {one.way.predicate, one.begin.predicate, (one.end or one.begin).predicate}
        things.add(one.iri)
    for place in placed:
        predicates.add(place.way.predicate)
        things |= {place.iri, place.via}
    for branch in branches:
        predicates.add(branch.way.predicate)
        for beside in branch.nears:
            predicates |= {leaf.way.predicate for leaf in beside.leaves}
            things |= {beside.iri, *[leaf.iri for leaf in beside.leaves]}
    return predicates, things
