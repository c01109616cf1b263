"""The things around an entity and what lies behind each: two steps, bounded, every thing once."""

from collections.abc import Iterator
from itertools import islice, zip_longest

from kgpub.nearby.around import Branch, Leaf, Near, Tie, Way
from kgpub.nearby.sight import TYPE, Link, Links, Sight


def neighbours(sight: Sight, iri: str, links: Links) -> tuple[tuple[Branch, ...], tuple[Tie, ...]]:
    """The things around the entity by property, what lies behind each, and the ties among them."""
    bounds = sight.looking.bounds
    by_way: dict[Way, list[str]] = {}
    met = {iri}
    for link in near(sight, iri, links):
        if link.iri not in met:
            met.add(link.iri)
            by_way.setdefault(link.way, []).append(link.iri)
    chosen = _shared(by_way, bounds.near, sight.looking.opened)
    behind = _Behind(sight, iri, {name for names in chosen.values() for name in names})
    branches = tuple(
        Branch(
            way,
            tuple(behind.near(name) for name in chosen.get(way, ())),
            len(names) - len(chosen.get(way, ())) + links.more.get(way, 0),
        )
        for way, names in by_way.items()
    )
    return branches, tuple(islice(dict.fromkeys(behind.ties), bounds.ties))


def near(sight: Sight, iri: str, links: Links) -> Iterator[Link]:
    """The links of an entity to things with a name of which anything is said; not those to itself or to its classes."""
    for link in links.seen:
        other = link.iri
        if other and other != iri and link.way.predicate != TYPE and sight.is_known(other):
            yield link


def _shared(by_way: dict[Way, list[str]], most: int, opened: frozenset[str]) -> dict[Way, list[str]]:
    """So many things, each property in turn giving one, those that were opened first; in the order of the lists."""
    turns = [
        sorted(((way, name) for name in names), key=lambda pair: pair[1] not in opened) for way, names in by_way.items()
    ]
    in_turn = [pair for turn in zip_longest(*turns) for pair in turn if pair is not None]
    first = sorted(in_turn, key=lambda pair: pair[1] not in opened)[:most]
    return {way: [name for name in names if (way, name) in first] for way, names in by_way.items()}


class _Behind:
    """What lies behind the things one step away; each thing is shown once, further links to it are ties."""

    def __init__(self, sight: Sight, centre: str, shown: set[str]) -> None:
        self._sight, self._centre, self._shown = sight, centre, shown
        self.ties: list[Tie] = []

    def near(self, iri: str) -> Near:
        """A thing one step away; a hub is counted and not looked into."""
        sight, bounds = self._sight, self._sight.looking.bounds
        hub = sight.index.hub(iri)
        is_opened = iri in sight.looking.opened
        if hub is not None and not is_opened:
            return Near(iri, more=sum(count for name, count in hub.items() if name != TYPE))
        links = sight.links(iri)
        most = bounds.opened if is_opened else bounds.leaves
        leaves: list[Leaf] = []
        more = sum(count for way, count in links.more.items() if way.predicate != TYPE)
        for link in links.seen:
            if link.way.predicate == TYPE or link.iri in {"", iri, self._centre}:
                continue
            if link.iri in self._shown:
                self._tie(iri, link)
            elif len(leaves) < most and len(self._shown) < bounds.nodes - 1 and self._is_worth(link.iri):
                self._shown.add(link.iri)
                leaves.append(Leaf(link.iri, link.way))
            elif sight.is_known(link.iri):
                more += 1
        return Near(iri, tuple(leaves), more)

    def _is_worth(self, iri: str) -> bool:
        """Whether a thing two steps away says something: it is known, and not one that everything is tied to."""
        return self._sight.is_known(iri) and self._sight.index.hub(iri) is None

    def _tie(self, iri: str, link: Link) -> None:
        """Note a tie between two things that are shown."""
        subject, object = (link.iri, iri) if link.way.is_backward else (iri, link.iri)
        self.ties.append(Tie(subject, link.way.predicate, object))
