"""An engine of which one page asks everything once: what is read again comes out of memory."""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import Quad, QuerySolution

from kgpub.engine import Answer, DatasetClause, Engine, Pattern


class Reread:
    """An engine for as long as one page is made: the quads of a pattern that were read whole are kept.

    A page's statements and its pictures look at the same links. What is kept is what the page holds anyway.
    """

    def __init__(self, engine: Engine) -> None:
        """Read from ``engine``."""
        self._engine = engine
        self._read: dict[tuple[object, ...], list[Quad]] = {}

    def quads(self, pattern: Pattern, limit: int | None = None) -> Iterator[Quad]:
        """The quads that match, at most ``limit`` of them; raises ``EngineDown``."""
        key = (pattern.subject, pattern.predicate, pattern.object, pattern.graph)
        found = self._read.get(key)
        if found is None:
            if limit is not None:
                return self._engine.quads(pattern, limit)
            found = self._read[key] = list(self._engine.quads(pattern))
        return islice(found, limit)

    def select(self, query: str) -> Iterator[QuerySolution]:
        """The solutions of one of our own SELECT queries; raises ``EngineDown``."""
        return self._engine.select(query)

    def stream(self, query: str, accept: str | None, dataset: DatasetClause) -> Answer:
        """The answer to a visitor's query, as the engine gives it."""
        return self._engine.stream(query, accept, dataset)

    def close(self) -> None:
        """Let go of what was read; the engine stays open."""
        self._read.clear()
