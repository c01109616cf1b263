"""The site's own bounded questions to an endpoint, and visitors' queries passed on to it.

Every question is a SELECT of a form that all endpoints know; DESCRIBE, whose meaning differs, is never asked.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from threading import Lock, Thread

from cachetools import LRUCache, TTLCache
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolution,
    Triple,
    parse_query_results,
)

from kgpub import formats
from kgpub.engine import Answer, DatasetClause, Pattern, guard
from kgpub.engine.evaluate import Question, Result, render
from kgpub.engine.ground import Ground
from kgpub.engine.pipe import Pipe, fill
from kgpub.engine.protocol_dataset import from_clauses
from kgpub.engine.remote import constructing, labels, questions
from kgpub.engine.remote.client import RESULTS, TRIPLES, Body, Client
from kgpub.engine.remote.results import asked, rows, triples
from kgpub.engine.remote.scope import Scope
from kgpub.errors import BadQuery, QueryRefused, UpstreamFailed

_LATELY, _MOST_REMEMBERED = 50_000, 5_000
"""Quads that are remembered for as long as a finished answer is; most of one question."""
_REMEMBERED = 2_000
"""Descriptions of blank nodes kept for the questions that follow the one that found them."""
_NOTHING = "urn:x-kgpub:nothing"
"""A graph that no endpoint has: who asks for graphs that are not published asks an empty one."""
_FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))

_SUBJECTS = (NamedNode, BlankNode, Triple)


class RemoteEngine:
    """An engine over what an endpoint holds, of which nothing but ``scope`` is asked."""

    def __init__(self, client: Client, scope: Scope, ground: Ground, max_query: int, keep: float) -> None:
        """Ask nothing yet.

        ``ground`` and ``max_query`` are what visitors' queries are held to, ``keep`` is for how many seconds what was
        found is believed.
        """
        self._client, self._scope, self._ground, self._max_query = client, scope, ground, max_query
        self._nested: LRUCache[BlankNode, tuple[Quad, ...]] = LRUCache(_REMEMBERED)
        self._lately: TTLCache[tuple[Pattern, int | None], tuple[Quad, ...]] = TTLCache(
            _LATELY, keep, getsizeof=lambda found: len(found) + 1
        )
        self._lock = Lock()

    @property
    def trouble(self) -> str:
        """Why the endpoint is not asked at present; empty while it is."""
        return self._client.breaker.reason

    def quads(self, pattern: Pattern, limit: int | None = None) -> Iterator[Quad]:
        """The quads that match, at most ``limit`` of them; raises ``UpstreamFailed`` or ``UpstreamTimeout``.

        What is said of a blank node is known for as long as the thing that led to it was described lately.
        """
        if isinstance(pattern.subject, BlankNode) or isinstance(pattern.object, BlankNode):
            found: Sequence[Quad] = self._known(pattern)
        else:
            found = self._remembered(pattern, limit)
        yield from found[:limit]

    def select(self, query: str) -> Iterator[QuerySolution]:
        """The solutions of one of our own SELECT queries over the scope's graphs."""
        yield from self._ask(query, dataset=self._whole)

    def stream(self, query: str, accept: str | None, dataset: DatasetClause) -> Answer:
        """The answer to a visitor's query, read from the endpoint in a thread of its own and written anew.

        So it is in any format we speak, whatever the endpoint speaks, and an answer cut off there is cut off here.
        """
        guard.check(query, self._max_query)
        pipe = Pipe()
        make = partial(self.relay, Question(query, accept, dataset), pipe.send, self._client.timeout, self._ground)
        Thread(target=fill, args=(pipe, make), name="kgpub-remote", daemon=True).start()
        return Answer(pipe.format(), pipe)

    def relay(self, question: Question, send: Callable[..., None], timeout: float, ground: Ground) -> int:
        """Send the answer to a visitor's query that passed the guard; counts its rows or triples.

        Raises ``BadQuery``, ``QueryRefused``, ``LimitReached``, ``NotAcceptable``, ``UpstreamFailed`` or
        ``UpstreamTimeout``.
        """
        form = form_of(question.query)
        is_table = form in ("SELECT", "ASK")
        formats.choose(question.accept, formats.RESULTS if is_table else formats.GRAPHS)  # before anybody is asked
        accept = RESULTS if is_table else TRIPLES
        graphs = self._dataset(question, ground)
        text = self._prologue(question.query) + question.query
        if form == "CONSTRUCT" and self._client.dialect.cap is not None:
            whole = constructing.parts(text)
            count = constructing.size(self._client, whole, graphs, timeout)
            if count > self._client.dialect.cap:  # of which the endpoint would silently give only the beginning
                found = constructing.triples(self._client, whole, count, graphs, timeout)
                return render(found, question, ground, send)

        def read(body: Body) -> int:
            return render(_result(body, form), question, ground, send)

        return self._client.ask(text, accept, read, timeout=timeout, graphs=graphs, attempts=1)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    @property
    def _whole(self) -> dict[str, tuple[str, ...]]:
        """The dataset that stands for the site's; an endpoint's own default graph cannot be named beside others."""
        if self._scope.own:
            return {}
        return {"default-graph-uri": self._scope.merged, "named-graph-uri": self._scope.graphs}

    def _dataset(self, question: Question, ground: Ground) -> dict[str, tuple[str, ...]]:
        """The dataset of a visitor's query: the protocol's, else that of FROM, else the site's; of what is published.

        The protocol's parameters replace FROM (SPARQL 1.1 Protocol section 2.1.4), so they say what FROM says.
        """
        clause = question.dataset
        if clause.default is None and clause.named is None:
            clause = from_clauses(question.query, ground)
        if clause.default is None and clause.named is None:
            return self._whole
        default, named = (
            tuple(name for name in names or () if name in self._scope.graphs)
            for names in (clause.default, clause.named)
        )
        return {"default-graph-uri": default or (() if named else (_NOTHING,)), "named-graph-uri": named}

    def _prologue(self, query: str) -> str:
        """The site's base and the prefixes that a query uses; those it declares itself win, since they come later."""
        used = (f"PREFIX {mark} <{iri}>" for _, mark, iri in self._ground.marked if mark in query)
        return f"BASE <{self._ground.base}> {' '.join(used)} "

    def _remembered(self, pattern: Pattern, limit: int | None) -> Sequence[Quad]:
        """What was found a moment ago, or is found now."""
        with self._lock:
            found = self._lately.get((pattern, limit))
        if found is None:
            found = tuple(self._found(pattern, limit))
            if len(found) < _MOST_REMEMBERED:
                with self._lock:
                    self._lately[pattern, limit] = found
        return found

    def _found(self, pattern: Pattern, limit: int | None) -> Sequence[Quad]:
        if isinstance(pattern.subject, NamedNode) and pattern.object is None and pattern.graph is None and not limit:
            return self._described(pattern.subject, pattern.predicate)
        return self._matching(pattern, limit)

    def _known(self, pattern: Pattern) -> list[Quad]:
        with self._lock:
            if isinstance(pattern.subject, BlankNode):
                quads = self._nested.get(pattern.subject, ())
            else:
                quads = tuple(quad for known in self._nested.values() for quad in known)
        return [quad for quad in quads if _matches(quad, pattern)]

    def _described(self, subject: NamedNode, predicate: NamedNode | None) -> list[Quad]:
        """What is said of a thing; if that leads to blank nodes, with all of these in one answer."""
        plain = self._matching(Pattern(subject=subject, predicate=predicate), None)
        if not any(isinstance(quad.object, BlankNode) for quad in plain):
            return plain
        asked = questions.closure(subject, predicate, self._scope.graphs, own=bool(self._scope.own))
        settled = labels.settled(subject, self._quads(self._ask(asked), Pattern()))
        nested: dict[BlankNode, list[Quad]] = {}
        for quad in settled:
            if isinstance(quad.subject, BlankNode):
                nested.setdefault(quad.subject, []).append(quad)
        with self._lock:
            self._nested.update({node: tuple(said) for node, said in nested.items()})
        return [quad for quad in settled if quad.subject == subject]

    def _matching(self, pattern: Pattern, limit: int | None) -> list[Quad]:
        graphs, own = self._scope.graphs, bool(self._scope.own)
        if isinstance(pattern.graph, DefaultGraph):
            graphs = self._scope.merged
        if isinstance(pattern.graph, NamedNode):
            own = pattern.graph.value == self._scope.own
            graphs = () if own else tuple(name for name in graphs if name == pattern.graph.value)
            if not graphs and not own:
                return []
        found = list(self._quads(self._ask(questions.pattern(pattern, graphs, own=own, limit=limit)), pattern))
        if isinstance(pattern.graph, DefaultGraph):
            merged = dict.fromkeys(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in found)
            return list(merged)
        return found

    def _quads(self, found: Sequence[QuerySolution], pattern: Pattern) -> Iterator[Quad]:
        for row in found:
            subject = row["s"] if pattern.subject is None else pattern.subject
            predicate = row["p"] if pattern.predicate is None else pattern.predicate
            target = row["o"] if pattern.object is None else pattern.object
            graph = row["g"] or NamedNode(self._scope.own)
            if isinstance(subject, _SUBJECTS) and isinstance(predicate, NamedNode) and isinstance(graph, NamedNode):
                yield Quad(subject, predicate, target, graph)

    def _ask(self, query: str, dataset: dict[str, tuple[str, ...]] | None = None) -> list[QuerySolution]:
        """The solutions of a query of ours; the endpoint not understanding it is the endpoint's failure."""
        try:
            return self._client.ask(query, RESULTS, rows, graphs=dataset)
        except BadQuery as error:
            raise UpstreamFailed(error.detail) from error


def form_of(query: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; raises ``QueryRefused`` for anything else."""
    for token in guard.Reader(query).tokens():
        if token.kind == "word" and token.text.upper() in _FORMS:
            return token.text.upper()
    raise QueryRefused("This is no query: it begins with none of SELECT, ASK, CONSTRUCT and DESCRIBE.")


def _result(body: Body, form: str) -> Result:
    """A result that is read from the endpoint as it is written out."""
    if form not in ("SELECT", "ASK"):
        return triples(body)
    result = parse_query_results(body, format=QueryResultsFormat.JSON)  # type: ignore[arg-type] # pyoxigraph takes any object that reads
    return asked(result) if form == "ASK" else result


def _matches(quad: Quad, pattern: Pattern) -> bool:
    pairs = (
        (pattern.subject, quad.subject),
        (pattern.predicate, quad.predicate),
        (pattern.object, quad.object),
        (pattern.graph, quad.graph_name),
    )
    return all(wanted is None or wanted == there for wanted, there in pairs)
