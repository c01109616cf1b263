"""Engine and look-up file → Description and Listing: what we say of an entity, bounded in size.

An entity's document is its outgoing triples and the closure of the blank nodes they reach (a concise bounded
description, without reified statements). Incoming links are counted and cut into pages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kgpub.engine import Engine, Pattern
from kgpub.errors import NoSuchEntity
from kgpub.kept.index import DESCRIPTION, INVERSE, Index
from kgpub.kept.layout import merged
from kgpub.kept.recent import Recent
from kgpub.model import Description, Incoming, Layout, Listing, Source, Statement, Term, Valued
from kgpub.pointing import few, incoming, is_data
from kgpub.reading.tags import literal
from kgpub.standing import standing

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_A = NamedNode(_TYPE)
_CLOSURE = 10_000
"""Most blank nodes followed in one document."""
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


@dataclass(frozen=True)
class Asked:
    """What a description is asked for: how the reader reads, how many links a preview shows (0: none is looked for).

    ``parts`` bounds how many things of a hash namespace one document describes; of more it has only the names.
    ``hierarchy`` are the properties that lead to something wider. ``told`` may remember for other descriptions of which
    nameless things something is said.
    """

    languages: tuple[str, ...] = ("en",)
    preview: int = 10
    parts: int = 10_000
    hierarchy: tuple[str, ...] = ()
    told: Recent[str, bool] = field(default_factory=lambda: Recent(0, lambda _: 1))


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
    said = _said(engine, index, graphs, (iri, *(parts if len(parts) <= asked.parts else ())))
    pointing = _incoming(engine, index, graphs, iri, asked)
    if not said and not pointing and not parts and not exists(engine, iri):
        raise NoSuchEntity(iri)
    stated = {subject: _statements(index, subject, found) for subject, found in _by_subject(said).items()}
    own = stated.pop(NamedNode(iri), ())
    nested = {subject.value: found for subject, found in stated.items()}
    types = dict.fromkeys([s.object.value for s in own if s.predicate == _A and isinstance(s.object, NamedNode)])
    figures = _figures(engine, index, graphs, own)
    wider = tuple(_wider(engine, index, graphs, iri, own, asked.hierarchy))
    every = [own, *nested.values(), *figures.values()]
    shown = {iri, *parts[:_MOST_NAMED], *wider}.union(*map(_shown, every), _shown_links(pointing))
    labels = index.labels(shown)
    return Description(
        iri=iri,
        quads=tuple([one.quad for one in said]),
        statements=own,
        incoming=pointing,
        nested=nested,
        labels=labels,
        inverse=index.labels((links.predicate for links in pointing), INVERSE),
        types=tuple(types),
        parts=parts[:_MOST_NAMED],
        parts_count=len(parts),
        wider=wider,
        layout=_layout(index, tuple(types)),
        figures=figures,
        fate=index.fate(iri),
        deprecated=index.deprecated(shown),
        graphs=index.labels(dict.fromkeys(graph for s in own for graph in s.graphs), DESCRIPTION),
        pages=_pages(engine, every, {iri, *labels}, asked),
    )


def document(
    engine: Engine, index: Index, graphs: frozenset[str], iri: str, parts: int = Asked.parts
) -> tuple[Quad, ...]:
    """The quads of an entity's document alone: what ``Description.quads`` are, without anything looked up beside them.

    None are there for what is only named elsewhere, or not at all; ``exists`` tells these apart.
    """
    return tuple(one.quad for one in _said(engine, index, graphs, (iri, *index.fragments(iri)[:parts])))


def _pages(engine: Engine, every: Iterable[Iterable[Statement]], known: Set[str], asked: Asked) -> frozenset[str]:
    """The values and datatypes without a name of which something is said, or that others name; a bounded number."""
    values = (s.object for found in every for s in found)
    objects = (one.datatype if isinstance(one, Literal) else one for one in values)
    named = dict.fromkeys(one for one in objects if isinstance(one, NamedNode) and one.value not in known)

    def is_told(node: NamedNode) -> bool:
        if next(engine.quads(Pattern(subject=node), 1), None) is not None:
            return True
        return len({quad.subject for quad in engine.quads(Pattern(object=node), _MOST_NAMING)}) > 1

    looked = islice(named, _MOST_LINKED)
    return frozenset(one.value for one in looked if asked.told.once(one.value, partial(is_told, one)))


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
    said = sorted(_of(engine, index, graphs, node, NamedNode(wanted.predicate)), key=lambda one: str(one.quad))
    found = sorted(_statements(index, node, said), key=lambda one: standing(one, wanted.languages))
    start = (wanted.number - 1) * wanted.size
    shown = tuple(found[start : start + wanted.size])
    if not shown:
        raise NoSuchEntity(wanted.iri)
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
            labels=index.labels((wanted.iri, wanted.predicate, *_shown(shown))),
            layout=_layout(index, types),
        ),
        predicate=wanted.predicate,
        count=len(found),
        page=wanted.number,
        size=wanted.size,
    )


def _pattern(subject: str, predicate: str) -> Pattern:
    return Pattern(subject=NamedNode(subject), predicate=NamedNode(predicate))


def _layout(index: Index, types: tuple[str, ...]) -> Layout:
    """How the shapes of these classes, and of those above them, lay a page out."""
    return merged(index.laid(types), index.property_groups())


class _Said(NamedTuple):
    """A quad as the sources write it, and its object in the notation by which the store knows it."""

    quad: Quad
    stored: str

    @property
    def subject(self) -> NamedNode | BlankNode:
        subject = self.quad.subject
        assert not isinstance(subject, Triple)
        return subject


def _said(engine: Engine, index: Index, graphs: frozenset[str], iris: Iterable[str]) -> tuple[_Said, ...]:
    """What the document about these things says."""
    return tuple(_document(engine, index, graphs, [NamedNode(iri) for iri in iris]))


def _by_subject(said: Iterable[_Said]) -> Mapping[NamedNode | BlankNode, Sequence[_Said]]:
    """What is said of each thing, in its order."""
    found: dict[NamedNode | BlankNode, list[_Said]] = {}
    for one in said:
        found.setdefault(one.subject, []).append(one)
    return found


def _document(engine: Engine, index: Index, graphs: frozenset[str], about: Iterable[NamedNode]) -> Iterator[_Said]:
    """The quads of a document about these things, originals put back, in a stable order."""
    waiting: list[NamedNode | BlankNode] = list(about)
    seen = set(waiting)
    while waiting:
        subject = waiting.pop(0)
        found = sorted(_of(engine, index, graphs, subject), key=lambda one: str(one.quad))
        yield from found
        for one in found:
            target = one.quad.object
            if isinstance(target, BlankNode) and target not in seen and len(seen) < _CLOSURE:
                seen.add(target)
                waiting.append(target)


def _of(
    engine: Engine,
    index: Index,
    graphs: frozenset[str],
    subject: NamedNode | BlankNode,
    predicate: NamedNode | None = None,
) -> Iterator[_Said]:
    """A subject's quads in the data graphs, each rewritten literal as all the originals it stands for."""
    rewritten: dict[tuple[str, str, str], list[str]] = {}
    for kept in index.originals(str(subject)):
        rewritten.setdefault((kept.predicate, kept.stored, kept.graph), []).append(kept.original)
    for quad in engine.quads(Pattern(subject=subject, predicate=predicate)):
        if not is_data(quad, graphs):
            continue
        stored = str(quad.object)
        originals = rewritten and rewritten.get((str(quad.predicate), stored, str(quad.graph_name)))
        if not originals:
            yield _Said(quad, stored)
            continue
        for text in originals:
            original = quad.object if text == stored else literal(text)
            yield _Said(Quad(quad.subject, quad.predicate, original, quad.graph_name), stored)


def _statements(index: Index, subject: NamedNode | BlankNode, said: Iterable[_Said]) -> tuple[Statement, ...]:
    """A subject's triples, each once, with the graphs it stands in and its sources."""
    sources = index.sources(str(subject))
    drawn = cache(partial(_of_graphs, index))
    graphs: dict[tuple[str, str, str], list[str]] = {}
    terms: dict[tuple[str, str, str], tuple[NamedNode, Term]] = {}
    for quad, stored in said:
        predicate, target = quad.predicate, quad.object
        key = (str(predicate), stored, str(target))
        graphs.setdefault(key, []).append(quad.graph_name.value)  # type: ignore[union-attr] # data graphs have names
        terms[key] = (predicate, target)
    return tuple(
        [
            Statement(*terms[key], where, sources.get(key[:2], ()) or drawn(where))
            for key, where in ((key, tuple(found)) for key, found in graphs.items())
        ]
    )


def _of_graphs(index: Index, graphs: Iterable[str]) -> tuple[Source, ...]:
    """The document that a statement's graph is drawn from, for want of anything nearer; several say nothing here."""
    found = ((graph, index.graph_sources(graph)) for graph in graphs)
    return tuple(
        Source(graph=graph, document=documents[0], key=f"{graph} {documents[0]}")
        for graph, documents in found
        if len(documents) == 1
    )


def _figures(
    engine: Engine, index: Index, graphs: frozenset[str], own: Iterable[Statement]
) -> Mapping[str, tuple[Statement, ...]]:
    """What is said of the quantities that a thing names; a bounded number of them is looked for."""
    named = dict.fromkeys(s.object.value for s in own if isinstance(s.object, NamedNode) and s.predicate.value != _TYPE)
    known = index.quantities_among(islice(named, _MOST_LINKED))
    return {
        iri: tuple(
            Statement(one.quad.predicate, one.quad.object)
            for one in islice(_of(engine, index, graphs, NamedNode(iri)), _MOST_SAID)
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
    above: Iterable[tuple[str, Term]] = ((s.predicate.value, s.object) for s in own)
    while len(found) < _HIGHEST:
        named = ((p, o.value) for p, o in above if isinstance(o, NamedNode) and p in hierarchy)
        free = [(hierarchy.index(p), o) for p, o in named if o != iri and o not in found]
        free = free or [(0, one) for one in index.wider(next(reversed(found), iri)) if hierarchy]
        free = [(rank, one) for rank, one in free if one != iri and one not in found]
        if not free:
            break
        (_, step) = min(free)
        found[step] = None
        quads = (quad for name in hierarchy for quad in engine.quads(_pattern(step, name), _WIDEST))
        above = [(q.predicate.value, q.object) for q in quads if is_data(q, graphs)]
    return [one for one in reversed(found) if index.texts(one)]


def _shown(statements: Iterable[Statement]) -> Iterator[str]:
    """The IRIs that a page names when it shows these statements."""
    for statement in statements:
        yield statement.predicate.value
        yield from statement.graphs
        if isinstance(statement.object, NamedNode):
            yield statement.object.value
        elif isinstance(statement.object, Literal):
            yield statement.object.datatype.value
        yield from _of_sources(statement.sources)


def _shown_links(incoming: Iterable[Incoming]) -> Iterator[str]:
    for links in incoming:
        yield links.predicate
        for link in links.links:
            yield link.subject
            yield from _of_sources(link.sources)


def _of_sources(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        yield from source.named
