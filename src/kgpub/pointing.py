"""What points to a thing: links by property, counted, sorted by label and bounded; a hub's were counted at build."""

from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, NamedNode, Quad

from kgpub.engine import Engine, GraphName, Pattern
from kgpub.kept.index import Index
from kgpub.kept.sorting import sort_key
from kgpub.model import Incoming, Link


def incoming(
    engine: Engine, index: Index, graphs: frozenset[str], iri: str, languages: tuple[str, ...], preview: int
) -> Iterator[Incoming]:
    """Incoming links by property: a hub's from the look-up file, others' from the engine."""
    found = list(_lists(engine, index, graphs, iri, languages, preview))
    if not found:
        return
    pairs = [[(f"<{member}>", f"<{predicate}>") for member in members] for predicate, _, members in found]
    sources = index.sources_among([pair for several in pairs for pair in several], f"<{iri}>")
    for (predicate, count, members), several in zip(found, pairs, strict=True):
        links = [Link(member, sources.get(pair, ())) for member, pair in zip(members, several, strict=True)]
        yield Incoming(predicate, count, tuple(links), size=preview)


def _lists(
    engine: Engine, index: Index, graphs: frozenset[str], iri: str, languages: tuple[str, ...], preview: int
) -> Iterator[tuple[str, int, Sequence[str]]]:
    """Each property by which things point here, how many do, and the first of them."""
    hub = index.hub(iri)
    if hub is not None:
        for predicate, count in hub.items():
            yield predicate, count, index.members(iri, predicate, languages[0], 0, preview)
        return
    found = few(engine, index, graphs, Pattern(object=NamedNode(iri)), languages)
    for predicate in sorted(found):
        yield predicate, len(found[predicate]), found[predicate][:preview]


def few(
    engine: Engine, index: Index, graphs: frozenset[str], pattern: Pattern, languages: tuple[str, ...]
) -> dict[str, list[str]]:
    """The things that point to what is no hub, per property, sorted by label."""
    named = _named(engine, graphs, pattern)
    told = index.statements_among({f"<{subject}>" for subject, _ in named}) if named else frozenset()
    found: dict[str, set[str]] = {}
    for subject, predicate in named:
        if not told or f"<{subject}>" not in told:
            found.setdefault(predicate, set()).add(subject)
    labels = index.labels({member for members in found.values() for member in members})

    def place(member: str) -> tuple[str, str]:
        return sort_key(labels.get(member, {}), languages), member

    return {predicate: sorted(members, key=place) for predicate, members in found.items()}


def _named(engine: Engine, graphs: frozenset[str], pattern: Pattern) -> list[tuple[str, str]]:
    """The subjects with a name, and the properties, of the quads that match in the graphs that hold data."""
    found = []
    for subject, predicate, _, graph in engine.quads(pattern):
        if isinstance(subject, NamedNode) and holds_data(graph, graphs):
            found.append((subject.value, predicate.value))
    return found


def is_shown(quad: Quad, index: Index, graphs: frozenset[str]) -> bool:
    """Whether a link shows on a page: from a named thing in a data graph that is no statement node."""
    return isinstance(quad.subject, NamedNode) and is_data(quad, graphs) and not index.is_statement(str(quad.subject))


def is_data(quad: Quad, graphs: frozenset[str]) -> bool:
    """Whether a quad stands in one of the graphs that hold data."""
    return holds_data(quad.graph_name, graphs)


def holds_data(graph: GraphName, graphs: frozenset[str]) -> bool:
    """Whether a graph is one of those that hold data."""
    return graph.value in graphs if isinstance(graph, NamedNode) else isinstance(graph, BlankNode)
