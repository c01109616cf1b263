"""All triples of a graph at an endpoint, read by pages that are counted: what is missing is missed, and said.

An endpoint may give fewer rows than asked for and call that an answer. So each property's triples are counted by the
endpoint first; a page that is short before the end shows the cap, and the pages become as small. What does not add up
is read again in a stated order, then refused.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from kgpub.engine.remote import questions
from kgpub.engine.remote.client import RESULTS, TRIPLES, Body, Client
from kgpub.engine.remote.results import number, rows, triples
from kgpub.errors import UpstreamCapped, UpstreamFailed

PAGE = 10_000
"""Rows asked for at a time."""
Take = Callable[[list[Quad]], None]
"""Called with a page of quads."""
LEAST = 10
"""Rows that a page must have room for; an endpoint that gives fewer is not read."""

log = logging.getLogger("kgpub")


@dataclass(frozen=True)
class Graph:
    """A graph at the endpoint and how many triples it holds by its own account; ``name`` None is the default one."""

    name: str | None
    triples: int

    @property
    def node(self) -> NamedNode | DefaultGraph:
        """The graph as a term."""
        return NamedNode(self.name) if self.name else DefaultGraph()

    @property
    def place(self) -> str:
        """The graph in words."""
        return f"<{self.name}>" if self.name else "without a name"


def graphs(client: Client, include: Callable[[str], bool]) -> tuple[Graph, ...]:
    """The named graphs that are to be read, and the default one where that is a graph of its own with something in it.

    Where the endpoint does not say, the default graph counts only if there is no named one.
    """
    counted = client.ask(questions.GRAPHS, RESULTS, rows)
    found = [Graph(row["g"].value, number(row["n"])) for row in counted if isinstance(row["g"], NamedNode)]
    kept = [graph for graph in found if graph.name not in client.dialect.system and include(graph.name or "")]
    if client.dialect.default_graph == "own" and (client.dialect.is_tested or not found):
        whole = number(client.ask(questions.WHOLE, RESULTS, rows)[0]["n"])
        if whole:
            kept.append(Graph(None, whole))
    return tuple(kept)


def keeps_labels(client: Client) -> bool:
    """Whether blank nodes have the same labels in two answers; asked of the endpoint where the dialect is not tested.

    The second of two is asked for by itself: an endpoint that counts them per answer calls it by the first one's name.
    """
    if client.dialect.is_tested:
        return client.dialect.keeps_blank_nodes
    both = client.ask(questions.blank_nodes(2, 0), RESULTS, rows)
    if len(both) < 2:  # noqa: PLR2004 # one alone is in one answer or another
        return not both
    second = client.ask(questions.blank_nodes(1, 1), RESULTS, rows)
    return [row["s"] for row in second] == [both[1]["s"]]


def cap(client: Client) -> int | None:
    """How many rows the endpoint gives at most, as it says when asked for more; what its kind gives, if it does not."""
    try:
        client.ask(questions.MANY, RESULTS, rows)
    except UpstreamCapped as error:
        return error.cap
    return client.dialect.cap


def read(client: Client, graph: Graph, take: Take, *, page: int = PAGE, at_once: bool = False) -> None:
    """Hand all triples of a graph to ``take``, each once, by the page; or ``at_once`` those of one answer.

    Raises ``UpstreamFailed`` where they do not add up to what was counted.
    """
    total = 0
    if at_once:
        total = client.ask(questions.all_of(graph.name), TRIPLES, lambda body: _streamed(body, graph, take), attempts=1)
    else:
        reader = _Reader(client, graph, page)
        for row in client.ask(questions.properties(graph.name), RESULTS, rows):
            predicate = row["p"]
            assert isinstance(predicate, NamedNode)
            for batch in reader.of(predicate, number(row["n"])):
                total += len(batch)
                take(batch)
    if total != graph.triples:
        raise UpstreamFailed(
            f"the graph {graph.place} was counted with {graph.triples:,} triples and read with {total:,}; "
            "it changed meanwhile, or the endpoint does not give all"
        )


def _streamed(body: Body, graph: Graph, take: Take) -> int:
    total = 0
    quads = in_graph(triples(body), graph.node)
    while batch := list(islice(quads, PAGE)):
        total += len(batch)
        take(batch)
    return total


class _Reader:
    """Reads one graph; remembers the cap it met."""

    def __init__(self, client: Client, graph: Graph, page: int) -> None:
        self._client, self._graph = client, graph
        self._page = client.dialect.within(page)

    def of(self, predicate: NamedNode, count: int) -> Iterator[list[Quad]]:
        """The triples of one property, each once: in the endpoint's own order, then sorted if that left some out.

        What has come is remembered by eight bytes a triple, so that memory grows with the largest property alone.
        """
        seen: set[int] = set()
        for ordered in (False, True):
            for page in self._pages(predicate, count, ordered=ordered):
                yield self._fresh(page, seen)
            if len(seen) == count:
                return
            if not ordered:
                log.warning("%s: the pages of %s do not add up, read again in order", self._graph.place, predicate)
        raise UpstreamFailed(
            f"of {predicate} in the graph {self._graph.place} {count:,} triples were counted and {len(seen):,} came"
        )

    @staticmethod
    def _fresh(found: Iterable[Quad], seen: set[int]) -> list[Quad]:
        """Those that have not come before."""
        fresh = []
        for quad in found:
            key = hash((str(quad.subject), str(quad.object)))
            if key not in seen:
                seen.add(key)
                fresh.append(quad)
        return fresh

    def _pages(self, predicate: NamedNode, count: int, *, ordered: bool) -> Iterator[Iterator[Quad]]:
        offset = 0
        while offset < count:
            asked = questions.page(self._graph.name, predicate, offset, self._page, ordered=ordered)
            page = self._client.ask(asked, RESULTS, rows)
            if not page:
                return
            yield in_graph((Triple(row["s"], predicate, row["o"]) for row in page), self._graph.node)
            offset += len(page)
            if len(page) < self._page and offset < count:
                self._shrink(len(page))

    def _shrink(self, given: int) -> None:
        """Ask for as much as the endpoint gives, from now on."""
        if given < LEAST:
            raise UpstreamFailed(f"the endpoint gives no more than {given} rows at a time, which is too few to read it")
        log.warning(
            "the endpoint gives %d rows where %d were asked for; the pages are made as small", given, self._page
        )
        self._page = given


def in_graph(found: Iterable[Triple], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """The triples as quads of a graph."""
    return (Quad(one.subject, one.predicate, one.object, graph) for one in found)
