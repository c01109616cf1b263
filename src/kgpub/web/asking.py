"""A visitor's question on its way to the workers, and the answer on its way back."""

from collections.abc import AsyncIterator

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request

from kgpub.engine import Chunks, DatasetClause
from kgpub.formats import Format
from kgpub.web.respond import Served, served


class Stream:
    """An answer under way: its format, then its body in chunks; ``close`` when the rest is not wanted."""

    def __init__(self, format: Format, chunks: Chunks) -> None:
        """Hold what the engine gives."""
        self.format = format
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return iterate_in_threadpool(self._chunks)

    async def whole(self) -> bytes:
        """The whole body; raises what broke it off."""
        return await run_in_threadpool(b"".join, self._chunks)

    async def close(self) -> None:
        """Tell the engine that nobody reads on; safe at any time."""
        self._chunks.close()


async def ask(
    request: Request,
    query: str,
    accept: str | None,
    dataset: DatasetClause = DatasetClause(),  # noqa: B008 # frozen
    *,
    timeout: float | None = None,
    now: Served | None = None,
) -> Stream:
    """The answer to a query, once 64 KB of it or all are there; raises every refusal of the engine before that."""
    now = now or served(request)
    answer = await run_in_threadpool(now.snapshot.engine.stream, query, accept, dataset)
    return Stream(answer.format, answer.chunks)


async def check(request: Request, query: str) -> None:
    """Whether a query can be read: by the guard, then by the engine's parser; raises ``BadQuery`` and its kin."""
    await (await ask(request, query, None)).close()
