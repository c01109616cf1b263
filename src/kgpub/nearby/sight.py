"""Looking around a thing: its links in both directions, bounded, a hub's from the lists counted at build."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from pyoxigraph import BlankNode, NamedNode

from kgpub.engine import Engine, GraphName, Pattern
from kgpub.kept.index import Index
from kgpub.kept.recent import Recent
from kgpub.kept.sorting import sort_key
from kgpub.nearby.around import Way

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_MOST_READ = 1000
"""Quads read of one thing in one direction."""


@dataclass(frozen=True)
class Bounds:
    """How much is looked at and shown.

    ``looked`` neighbours are asked for dates and places; ``dated`` and ``placed`` of them are shown. ``near`` things
    one step away and ``nodes`` things in all are shown as neighbours, ``leaves`` behind each, ``opened`` behind one
    that the reader opened, with ``ties`` among them.
    """

    looked: int = 300
    dated: int = 40
    placed: int = 60
    near: int = 14
    leaves: int = 2
    opened: int = 12
    nodes: int = 60
    ties: int = 40


@dataclass(frozen=True)
class Looking:
    """What is looked for: for a reader of ``languages``, with pairs of properties that begin and end a period.

    The dates of things that are tied by an ``undated`` property say nothing of each other.
    ``graphs`` are the named graphs that hold data; ``opened`` the things one step away that the reader opened. What
    was seen of a thing is ``remembered`` for the next page, where there is a memory for it: things of one neighbourhood
    see the same.
    """

    graphs: frozenset[str]
    languages: tuple[str, ...]
    periods: tuple[tuple[str, str], ...] = ()
    opened: frozenset[str] = frozenset()
    bounds: Bounds = Bounds()
    remembered: "Recent[tuple[str, ...], Links] | None" = None
    undated: frozenset[str] = frozenset()

    @cached_property
    def data(self) -> frozenset[NamedNode]:
        """The graphs that hold data, as the store has them."""
        return frozenset(map(NamedNode, self.graphs))


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a thing: how it is tied to what, a term in N-Triples notation."""

    way: Way
    other: str

    @property
    def iri(self) -> str:
        """The IRI of the other end; nothing for a blank node."""
        return self.other[1:-1] if self.other.startswith("<") else ""


@dataclass(frozen=True)
class Links:
    """The links of a thing that were looked at, and how many more there are by each way."""

    seen: tuple[Link, ...]
    more: dict[Way, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sight:
    """Where to look, and how."""

    engine: Engine
    index: Index
    looking: Looking

    def links(self, iri: str) -> Links:
        """The links from and to a thing, each way sorted by label; of a hub, the first of each list."""
        remembered, key = self.looking.remembered, (iri, *self.looking.languages)
        return self._links(iri) if remembered is None else remembered.once(key, lambda: self._links(iri))

    def _links(self, iri: str) -> Links:
        hub = self.index.hub(iri)
        forward = self._grouped(self._forward(iri))
        if hub is None:
            return self._cut(forward + self._grouped(self._backward(iri)))
        share = max(4, self.looking.bounds.looked // max(len(hub), 1))
        backward, more = [], {}
        for predicate, count in islice(hub.items(), self.looking.bounds.looked):
            way = Way(predicate, is_backward=True)
            members = self.index.members(iri, predicate, self.looking.languages[0], 0, share)
            backward += [Link(way, f"<{member}>") for member in members]
            more[way] = count - len(members)
        cut = self._cut(forward + backward)
        return Links(cut.seen, cut.more | {way: count + cut.more.get(way, 0) for way, count in more.items() if count})

    def is_known(self, iri: str) -> bool:
        """Whether anything is said of a thing."""
        if self.index.texts(iri):
            return True
        return next(self.engine.quads(Pattern(subject=NamedNode(iri)), 1), None) is not None

    def _forward(self, iri: str) -> list[Link]:
        found: dict[tuple[str, str], None] = {}
        for _, predicate, target, graph in self.engine.quads(Pattern(subject=NamedNode(iri)), _MOST_READ):
            if predicate.value != TYPE and isinstance(target, NamedNode | BlankNode) and self._is_data(graph):
                found[predicate.value, str(target)] = None
        return _links(found, is_backward=False)

    def _backward(self, iri: str) -> list[Link]:
        found: dict[tuple[str, str], None] = {}
        for subject, predicate, _, graph in self.engine.quads(Pattern(object=NamedNode(iri)), _MOST_READ):
            if isinstance(subject, NamedNode) and self._is_data(graph):
                found[predicate.value, str(subject)] = None
        told = self.index.statements_among([other for _, other in found]) if found else frozenset()
        return _links([pair for pair in found if pair[1] not in told], is_backward=True)

    def _is_data(self, graph: GraphName) -> bool:
        return graph in self.looking.data or isinstance(graph, BlankNode)

    def _grouped(self, links: Sequence[Link]) -> list[Link]:
        """Links once each, by property, then by label."""
        labels = self.index.labels([link.iri for link in links])

        def rank(link: Link) -> tuple[str, bool, str, str]:
            iri = link.iri
            return link.way.predicate, not iri, sort_key(labels.get(iri, {}), self.looking.languages), link.other

        return sorted(links, key=rank)

    def _cut(self, links: Sequence[Link]) -> Links:
        """As many links as are looked at, and how many more there are by each way."""
        most = self.looking.bounds.looked
        more: dict[Way, int] = {}
        for link in links[most:]:
            more[link.way] = more.get(link.way, 0) + 1
        return Links(tuple(links[:most]), more)


def _links(found: Iterable[tuple[str, str]], *, is_backward: bool) -> list[Link]:
    """Links out of properties and other ends; those by one property have their way in common."""
    ways: dict[str, Way] = {}
    links = []
    for predicate, other in found:
        way = ways.get(predicate)
        if way is None:
            way = ways[predicate] = Way(predicate, is_backward)
        links.append(Link(way, other))
    return links


MEMORY = 16_000_000
"""Bytes of what was seen of things that a snapshot in service remembers."""


def remembering() -> Recent[tuple[str, ...], Links]:
    """A memory of what was seen of things, to be given up with the snapshot."""
    return Recent(MEMORY, lambda links: 500 + 200 * len(links.seen))
