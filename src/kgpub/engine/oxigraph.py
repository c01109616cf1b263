"""The embedded engine: a read-only Oxigraph store on disk."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Thread

from pyoxigraph import DefaultGraph, Quad, QuerySolution, QuerySolutions, Store

from kgpub.engine import Answer, DatasetClause, Pattern, guard
from kgpub.engine.evaluate import Question, answer, evaluate
from kgpub.engine.ground import ground
from kgpub.engine.pipe import Pipe, fill
from kgpub.engine.protocol_dataset import Scene
from kgpub.errors import BadQuery, EngineDown
from kgpub.settings import Settings

_FEW = 16
"""Named graphs up to which each is asked by itself: sooner done than to read what the default graph has of them."""
_PATIENCE = 100
"""Quads of the default graph passed over before each named graph is asked by itself."""


class OxigraphEngine:
    """An engine over the store in a folder, which nothing may write to.

    Raises ``EngineDown`` when the folder holds no readable store.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._ground = ground(settings)
        self._max_query = settings.sparql.max_query
        self._folder = folder
        try:
            self._store: Store | None = Store.read_only(str(folder))
        except (OSError, RuntimeError) as error:
            raise EngineDown(f"{folder}: the store cannot be opened: {error}") from error
        graphs = tuple(islice(self._store.named_graphs(), _FEW + 1))
        self._graphs = graphs if len(graphs) <= _FEW else None

    def quads(self, pattern: Pattern, limit: int | None = None) -> Iterator[Quad]:
        """The quads that match, at most ``limit`` of them; raises ``EngineDown``."""
        try:
            if pattern.graph is None and limit is None and self._graphs is not None:
                find, terms = self._open.quads_for_pattern, (pattern.subject, pattern.predicate, pattern.object)
                for graph in self._graphs:
                    yield from find(*terms, graph)
            elif pattern.graph is None:
                yield from islice(self._in_named_graphs(pattern), limit)
            else:
                found = self._open.quads_for_pattern(pattern.subject, pattern.predicate, pattern.object, pattern.graph)
                yield from islice(found, limit)
        except (OSError, RuntimeError) as error:
            raise EngineDown(f"{self._folder}: {error}") from error

    def select(self, query: str) -> Iterator[QuerySolution]:
        """The solutions of one of our own SELECT queries; raises ``BadQuery`` or ``EngineDown``."""
        try:
            result = evaluate(Scene(self._open), query, self._ground)
            if not isinstance(result, QuerySolutions):
                raise BadQuery("This is no SELECT query.")
            yield from result
        except (OSError, RuntimeError) as error:
            raise EngineDown(f"{self._folder}: {error}") from error

    def stream(self, query: str, accept: str | None, dataset: DatasetClause) -> Answer:
        """The answer to a visitor's query, made in a thread of its own, which ends when nobody reads on."""
        guard.check(query, self._max_query)
        pipe = Pipe()
        make = partial(answer, self._open, self._ground, Question(query, accept, dataset), pipe.send)
        Thread(target=fill, args=(pipe, make), name="kgpub-sparql", daemon=True).start()
        return Answer(pipe.format(), pipe)

    def close(self) -> None:
        """Let go of the store; answers that are being made keep it until they are done."""
        self._store = None

    @property
    def _open(self) -> Store:
        if self._store is None:
            raise EngineDown(f"{self._folder}: the store is closed.")
        return self._store

    def _in_named_graphs(self, pattern: Pattern) -> Iterator[Quad]:
        """The quads in named graphs. The store lists the default graph's first, which may be a million."""
        store = self._open
        terms = (pattern.subject, pattern.predicate, pattern.object)
        passed = 0
        for quad in store.quads_for_pattern(*terms, None):
            if not isinstance(quad.graph_name, DefaultGraph):
                yield quad
                continue
            passed += 1
            if passed > _PATIENCE:
                break
        else:
            return
        for graph in store.named_graphs():
            yield from store.quads_for_pattern(*terms, graph)
