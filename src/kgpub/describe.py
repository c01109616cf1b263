"""Engine and look-up file → Description and Listing: what we say of an entity, bounded in size.

An entity's document is its outgoing triples and the closure of the blank nodes they reach (a concise bounded
description, without reified statements). Incoming links are counted and cut into pages.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kgpub.engine import Engine, Pattern
from kgpub.errors import NoSuchEntity
from kgpub.kept.index import DESCRIPTION, INVERSE, Index
from kgpub.kept.layout import merged
from kgpub.kept.recent import Recent
from kgpub.model import Description, Held, Incoming, Labels, Layout, Listing, Source, Statement, Term, Valued
from kgpub.pointing import few, incoming, is_data
from kgpub.said import ORDER, Said, of, said
from kgpub.standing import standing

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_A = NamedNode(_TYPE)
_MOST_LINKED = 200
"""Most things that a thing names of which it is asked whether they are quantities."""
_MOST_SAID = 100
"""Most statements of a quantity that are read."""
_MOST_NAMED = 600
"""Most things of a hash namespace that are named."""
_MOST_NAMING = 12
"""Statements looked at to see whether a thing is named by others."""
_HIGHEST = 5
"""Most steps that the way up from a thing has."""
_WIDEST = 20
"""Most wider things that one step chooses from."""
_MOST_TYPES = 20
"""Types of a thing of which it is asked how many members they have."""


@dataclass(frozen=True)
class Beside:
    """What is known of a thing that no statement says.

    How many members a class has that can be browsed, how many statements were taken from a document, and what a named
    graph holds.
    """

    members: Callable[[str], int]
    taken: Callable[[str], int]
    held: Callable[[str], Held | None]


_NOBODY = Beside(lambda _: 0, lambda _: 0, lambda _: None)


@dataclass(frozen=True)
class Asked:
    """What a description is asked for: how the reader reads, how many links a preview shows (0: none is looked for).

    ``parts`` bounds how many things of a hash namespace one document describes; of more it has only the names.
    ``hierarchy`` are the properties that lead to something wider. ``told`` may remember for other descriptions of which
    nameless things something is said, ``beside`` knows what stands in no statement.
    """

    languages: tuple[str, ...] = ("en",)
    preview: int = 10
    parts: int = 10_000
    hierarchy: tuple[str, ...] = ()
    told: Recent[str, bool] = field(default_factory=lambda: Recent(0, lambda _: 1))
    beside: Beside = _NOBODY


def exists(engine: Engine, iri: str) -> bool:
    """Whether the snapshot says anything with this IRI as subject, predicate, object or graph."""
    node = NamedNode(iri)
    if next(engine.quads(Pattern(subject=node, graph=DefaultGraph()), 1), None) is not None:
        return True  # most often so, and found without passing by anything
    patterns = (Pattern(subject=node), Pattern(object=node), Pattern(predicate=node), Pattern(graph=node))
    return any(next(engine.quads(pattern, 1), None) is not None for pattern in patterns)


def describe(engine: Engine, index: Index, graphs: frozenset[str], iri: str, asked: Asked) -> Description:
    """What the snapshot says of an IRI in its data graphs; raises ``NoSuchEntity`` when that is nothing.

    ``graphs`` are the named graphs that hold data; others (shapes) are not described from.
    """
    parts = index.fragments(iri)
    told = said(engine, index, graphs, (iri, *(parts if len(parts) <= asked.parts else ())))
    pointing = _incoming(engine, index, graphs, iri, asked)
    if not told and not pointing and not parts and not exists(engine, iri):
        raise NoSuchEntity(iri)
    stated = {subject: _statements(index, subject, found) for subject, found in told.items()}
    own = stated.pop(NamedNode(iri), ())
    nested = {subject.value: found for subject, found in stated.items()}
    types = tuple(dict.fromkeys([s.object.value for s in own if s.predicate == _A and isinstance(s.object, NamedNode)]))
    figures = _figures(engine, index, graphs, own)
    wider = tuple(_wider(engine, index, graphs, iri, own, asked.hierarchy))
    named = _Named({iri, *parts[:_MOST_NAMED], *wider}, (own, *nested.values(), *figures.values()), pointing)
    labels, held = index.labels(named.iris), asked.beside.held(iri)
    return Description(
        iri=iri,
        quads=tuple([one.quad for found in told.values() for one in found]),
        statements=own,
        incoming=pointing,
        nested=nested,
        labels={**labels, **index.labels(held.examples)} if held else labels,
        inverse=index.labels([links.predicate for links in pointing], INVERSE),
        types=types,
        parts=parts[:_MOST_NAMED],
        parts_count=len(parts),
        wider=wider,
        layout=_layout(index, types),
        figures=figures,
        fate=index.fate(iri),
        deprecated=index.deprecated(named.iris),
        graphs=index.labels(dict.fromkeys([graph for s in own for graph in s.graphs]), DESCRIPTION),
        pages=_pages(engine, named.without(labels, iri), asked),
        members=_members(asked.beside, iri, types, wider),
        taken=asked.beside.taken(iri),
        held=held,
    )


def _members(beside: Beside, iri: str, types: tuple[str, ...], wider: tuple[str, ...]) -> Mapping[str, int]:
    """How many members those of these have that are classes with members."""
    found = {}
    for one in (iri, *types[:_MOST_TYPES], *wider):
        size = beside.members(one)
        if size:
            found[one] = size
    return found


class _Named:
    """The IRIs that a page names, and those among them that are values and datatypes, each once, in their order."""

    def __init__(self, iris: set[str], every: Iterable[Iterable[Statement]], incoming: Iterable[Incoming] = ()) -> None:
        """Begin with some ``iris`` and add what a page names when it shows these statements and links."""
        self.iris = iris
        self.values: dict[str, NamedNode] = {}
        for statements in every:
            self._add(statements)
        for links in incoming:
            iris.add(links.predicate)
            for link in links.links:
                iris.add(link.subject)
                for source in link.sources:
                    iris.update(source.named)

    def _add(self, statements: Iterable[Statement]) -> None:
        iris, values = self.iris, self.values
        for statement in statements:
            target = statement.object
            if isinstance(target, Literal):
                target = target.datatype
            if isinstance(target, NamedNode):
                values.setdefault(target.value, target)
            iris.add(statement.predicate.value)
            iris.update(statement.graphs)
            for source in statement.sources:
                iris.update(source.named)
        iris.update(values)

    def without(self, labels: Mapping[str, Labels], iri: str) -> Mapping[str, NamedNode]:
        """The values and datatypes that have no labels among these, the thing itself apart."""
        return {name: node for name, node in self.values.items() if name not in labels and name != iri}


def document(
    engine: Engine, index: Index, graphs: frozenset[str], iri: str, parts: int = Asked.parts
) -> tuple[Quad, ...]:
    """The quads of an entity's document alone: what ``Description.quads`` are, without anything looked up beside them.

    None are there for what is only named elsewhere, or not at all; ``exists`` tells these apart.
    """
    told = said(engine, index, graphs, (iri, *index.fragments(iri)[:parts]))
    return tuple([one.quad for found in told.values() for one in found])


def _pages(engine: Engine, unnamed: Mapping[str, NamedNode], asked: Asked) -> frozenset[str]:
    """The values and datatypes without a name of which something is said, or that others name; a bounded number."""
    if not unnamed:
        return frozenset()

    def is_told(node: NamedNode) -> bool:
        if next(engine.quads(Pattern(subject=node), 1), None) is not None:
            return True
        return len({quad.subject for quad in engine.quads(Pattern(object=node), _MOST_NAMING)}) > 1

    looked = islice(unnamed.items(), _MOST_LINKED)
    return frozenset([name for name, node in looked if asked.told.once(name, partial(is_told, node))])


@dataclass(frozen=True)
class Page:
    """Which slice of which list: the links to ``iri`` by ``predicate``; ``number`` counts from 1."""

    iri: str
    predicate: str
    languages: tuple[str, ...]
    number: int = 1
    size: int = 50


def listing(engine: Engine, index: Index, graphs: frozenset[str], wanted: Page) -> Listing:
    """One page of the things that point to an IRI by a property, sorted by label in the reader's language.

    Nothing may point there: the first page is then empty. Raises ``NoSuchEntity`` when the snapshot does not know
    the thing, or the page is beyond the last.
    """
    hub = index.hub(wanted.iri)
    start = (wanted.number - 1) * wanted.size
    members: Sequence[str]
    if hub is not None:
        count = hub.get(wanted.predicate, 0)
        members = index.members(wanted.iri, wanted.predicate, wanted.languages[0], start, wanted.size)
    else:
        pattern = Pattern(predicate=NamedNode(wanted.predicate), object=NamedNode(wanted.iri))
        found = few(engine, index, graphs, pattern, wanted.languages).get(wanted.predicate, [])
        count, members = len(found), found[start : start + wanted.size]
    if not members and (wanted.number > 1 or not exists(engine, wanted.iri)):
        raise NoSuchEntity(wanted.iri)
    return Listing(
        iri=wanted.iri,
        count=count,
        members=tuple(members),
        labels=index.labels((*members, wanted.iri, wanted.predicate)),
        descriptions=index.labels(members, DESCRIPTION),
        page=wanted.number,
        size=wanted.size,
        deprecated=index.deprecated((*members, wanted.iri)),
    )


def values(engine: Engine, index: Index, graphs: frozenset[str], wanted: Page) -> Valued:
    """One page of the values that a thing has of a property, texts in the reader's languages first.

    Raises ``NoSuchEntity`` when the thing has no such values, or the page is beyond the last. What a blank node says is
    not followed here.
    """
    node = NamedNode(wanted.iri)
    found = sorted(of(engine, index, graphs, node, NamedNode(wanted.predicate)), key=ORDER)
    stated = sorted(_statements(index, node, found), key=lambda one: standing(one, wanted.languages))
    start = (wanted.number - 1) * wanted.size
    shown = tuple(stated[start : start + wanted.size])
    if not shown:
        raise NoSuchEntity(wanted.iri)
    named = _Named({wanted.iri, wanted.predicate}, (shown,))
    types = tuple(
        quad.object.value
        for quad in engine.quads(_pattern(wanted.iri, _TYPE), _WIDEST)
        if isinstance(quad.object, NamedNode) and is_data(quad, graphs)
    )
    return Valued(
        description=Description(
            iri=wanted.iri,
            quads=(),
            statements=shown,
            labels=index.labels(named.iris),
            layout=_layout(index, types),
        ),
        predicate=wanted.predicate,
        count=len(stated),
        page=wanted.number,
        size=wanted.size,
    )


def _pattern(subject: str, predicate: str) -> Pattern:
    return Pattern(subject=NamedNode(subject), predicate=NamedNode(predicate))


def _layout(index: Index, types: tuple[str, ...]) -> Layout:
    """How the shapes of these classes, and of those above them, lay a page out."""
    return merged(index.laid(types), index.property_groups())


def _statements(index: Index, subject: NamedNode | BlankNode, said: Iterable[Said]) -> tuple[Statement, ...]:
    """A subject's triples, each once, with the graphs it stands in and its sources."""
    sources = index.sources(str(subject))
    found: dict[tuple[str, str, str], tuple[Said, list[str]]] = {}
    for one in said:
        key = (one.predicate, one.stored, one.written)
        if key in found:
            found[key][1].append(one.where)
        else:
            found[key] = one, [one.where]
    return tuple(
        [
            Statement(one.name, one.object, tuple(where), sources.get(key[:2]) or _drawn(index, where))
            for key, (one, where) in found.items()
        ]
    )


def _drawn(index: Index, graphs: Sequence[str]) -> tuple[Source, ...]:
    """The documents that a statement's graphs are drawn from, for want of anything nearer."""
    if len(graphs) == 1:
        return index.drawn(graphs[0])
    return tuple([source for graph in graphs for source in index.drawn(graph)])


def _figures(
    engine: Engine, index: Index, graphs: frozenset[str], own: Iterable[Statement]
) -> Mapping[str, tuple[Statement, ...]]:
    """What is said of the quantities that a thing names; a bounded number of them is looked for."""
    if not index.has_quantities:
        return {}
    named = dict.fromkeys(s.object.value for s in own if isinstance(s.object, NamedNode) and s.predicate.value != _TYPE)
    known = index.quantities_among(islice(named, _MOST_LINKED))
    return {
        iri: tuple(
            Statement(one.name, one.object) for one in islice(of(engine, index, graphs, NamedNode(iri)), _MOST_SAID)
        )
        for iri in named
        if iri in known
    }


def _incoming(engine: Engine, index: Index, graphs: frozenset[str], iri: str, asked: Asked) -> tuple[Incoming, ...]:
    """The links that a preview shows, if one is asked for."""
    return tuple(incoming(engine, index, graphs, iri, asked.languages, asked.preview)) if asked.preview else ()


def _wider(
    engine: Engine,
    index: Index,
    graphs: frozenset[str],
    iri: str,
    own: Iterable[Statement],
    hierarchy: tuple[str, ...],
) -> list[str]:
    """The way up from a thing by the properties of the hierarchy, the widest first; short, and never in a circle."""
    found: dict[str, None] = {}
    ranks = {name: rank for rank, name in reversed([*enumerate(hierarchy)])}
    above: Iterable[tuple[NamedNode, Term]] = [(s.predicate, s.object) for s in own] if hierarchy else ()
    while hierarchy and len(found) < _HIGHEST:
        named = [(ranks[p.value], o.value) for p, o in above if p.value in ranks and isinstance(o, NamedNode)]
        free = [(rank, one) for rank, one in named if one != iri and one not in found]
        free = free or [(0, one) for one in index.wider(next(reversed(found), iri))]
        free = [(rank, one) for rank, one in free if one != iri and one not in found]
        if not free:
            break
        (_, step) = min(free)
        found[step] = None
        quads = (quad for name in hierarchy for quad in engine.quads(_pattern(step, name), _WIDEST))
        above = [(q.predicate, q.object) for q in quads if is_data(q, graphs)]
    return [one for one in reversed(found) if index.texts(one)]
