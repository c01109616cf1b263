"""A visitor's question on its way to the workers, and the answer on its way back, whole or visibly broken off."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kgpub.engine import DatasetClause
from kgpub.engine.pool import Early, Question
from kgpub.engine.stream import Stream, Trace
from kgpub.errors import BadRequest, ClientGone, KgpubError, TooLong
from kgpub.web.callers import Caller
from kgpub.web.operation import Operation
from kgpub.web.respond import HEAD, Served, etag, served

__all__ = ["Answer", "BrokenOff", "Stream", "ask", "check", "send"]

SMALL = 1_048_576
"""Longest body that is sent in one go, with a validator; longer ones are streamed."""
WHOLE = "x-kgpub-whole"
"""The field of a request by which a proxy says that it would end a broken off answer as if it were whole."""
BEGUN = "kgpub.begun"
"""The key in a scope of what was begun of its query already, a ``Begun``."""
TRACES = "kgpub.traces"
"""The key in a scope of a list that takes the traces of its queries."""

_SOON = 0.05
_STALLED = 60.0
_GONE = "the client has gone"

log = logging.getLogger("kgpub")


class BrokenOff(Exception):
    """An answer had to stop after its beginning was sent; the connection must not end as if it were whole."""


async def ask(
    request: Request,
    query: str,
    accept: str | None,
    dataset: DatasetClause = DatasetClause(),  # noqa: B008 # frozen
    *,
    timeout: float | None = None,
    now: Served | None = None,
    snapshot: str | None = None,
) -> Stream:
    """The answer to a query, once 64 KB of it or all are there; raises every refusal of the engine before that.

    ``timeout`` is in seconds; ``snapshot`` is the version to ask, None for the one in service. Raises ``Gone`` for a
    version that is not kept.
    """
    caller = request.app.state.serving.callers.who(request.scope)
    wanted = Operation(query, dataset, accept, timeout, snapshot)
    question = question_of(now or served(request), caller, wanted)
    begun = _begun(request.scope, question)
    trace = begun.trace if begun else Trace(question.key, question.snapshot)
    request.scope.get(TRACES, []).append(trace)
    pool = request.app.state.serving.pool
    async with _WhileThere(request):
        stream: Stream = await (pool.ask(question, trace, begun.stream) if begun else pool.ask(question, trace))
        return stream


async def check(request: Request, query: str) -> None:
    """Whether a query can be read: by the guard, then by the engine's parser; raises ``BadQuery`` and its kin."""
    now = served(request)
    caller = request.app.state.serving.callers.who(request.scope)
    question = question_of(now, caller, Operation(query, DatasetClause(), None))
    async with _WhileThere(request):
        await request.app.state.serving.pool.check(question)


async def send(request: Request, stream: Stream, headers: Mapping[str, str]) -> Response:
    """The response that carries an answer: in one go with a validator if it is small, else piece by piece.

    To HTTP/1.0, where a broken off body looks whole, and by a proxy that says so of itself (``X-Kgpub-Whole``), nothing
    is sent before all is there.
    """
    length = stream.length
    if request.scope.get(HEAD) and length is None:
        stream.abandon()
        return Response(headers={**headers, "Content-Type": stream.format.content_type})
    if length is not None and length <= SMALL:
        body = await stream.whole()
        return Whole(body, {**headers, "Content-Type": stream.format.content_type, "ETag": etag(body)})
    if request.scope["http_version"] == "1.0" or WHOLE in request.headers:
        await stream.made()
        length = stream.length
    fields = {**headers, "Content-Type": stream.format.content_type}
    if length is not None:
        fields["Content-Length"] = str(length)
    return Answer(stream, fields)


def is_news(record: logging.LogRecord) -> bool:
    """Whether the server's log should have a record: not of answers broken off, told of already, or by its stop."""
    return not (record.exc_info and isinstance(record.exc_info[1], BrokenOff | asyncio.CancelledError))


class Whole(Response):
    """An answer that is here already, sent without what the framework's response does besides."""

    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Send ``body``."""
        self.status_code, self.body, self.background = 200, body, None
        self.raw_headers = [*raw(headers), (b"content-length", b"%d" % len(body))]

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


def raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Fields as they are sent."""
    return [(_name(name), value.encode("latin-1")) for name, value in headers.items()]


@lru_cache(maxsize=64)
def _name(name: str) -> bytes:
    """A field's name as it is sent; there are few."""
    return name.lower().encode("ascii")


class Answer(Response):
    """An answer that is sent as it is made."""

    def __init__(self, stream: Stream, headers: Mapping[str, str]) -> None:
        """Send what ``stream`` gives."""
        super().__init__(headers=headers)
        self._stream = stream
        if "Content-Length" not in headers:
            del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; raises ``BrokenOff`` when there is no rest to be had after the beginning."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope.get(HEAD):
            self._stream.abandon()
            await send({"type": "http.response.body", "body": b""})
            return
        watch = asyncio.create_task(_close_when_gone(receive, self._stream))
        try:
            async for piece in self._stream:
                async with asyncio.timeout(_STALLED):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except ClientGone:
            pass
        except (KgpubError, TimeoutError) as error:
            reason = error.detail if isinstance(error, KgpubError) else "the client takes nothing any more"
            log.warning("query %s: the answer was broken off: %s", self._stream.trace.key, reason)
            raise BrokenOff(reason) from error
        finally:
            watch.cancel()
            self._stream.abandon()


def question_of(now: Served, caller: Caller, wanted: Operation) -> Question:
    """What the pool is asked; raises ``TooLong``, ``BadRequest`` or ``Gone``."""
    limits, query, timeout = now.site.sparql, wanted.query, wanted.timeout
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > limits.max_query:
        raise TooLong(f"The query is {size:,} bytes long; at most {limits.max_query:,} are taken.")
    if timeout is not None and timeout > caller.max_timeout:
        raise BadRequest(f"timeout={timeout:g}: a query may take at most {caller.max_timeout:g} s here.")
    version, store = now.store(wanted.snapshot)
    seconds = timeout or min(limits.timeout, caller.max_timeout)
    return Question(
        query, wanted.accept, wanted.dataset, store, now.ground, caller.name, caller.share, seconds, version
    )


def _begun(scope: Scope, question: Question) -> Early | None:
    """What was begun of a question already, if it is that one still."""
    begun: Begun | None = scope.get(BEGUN)
    if begun is None or begun.early.stream is None or begun.early.question != question:
        return None
    del scope[BEGUN]
    return begun.early


@dataclass(frozen=True)
class Begun:
    """A question that workers were asked before the application was, and when (``time.perf_counter``)."""

    early: Early
    began: float


class _WhileThere:
    """Gives up what is done for a client that goes away; who gets an answer at once is not watched."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._timer = asyncio.get_running_loop().call_later(_SOON, self._begin)

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if isinstance(error, asyncio.CancelledError) and error.args == (_GONE,):
            self._task.uncancel()
            raise ClientGone("The client has gone away.") from error

    def _begin(self) -> None:
        self._watch = asyncio.create_task(self._cancel_when_gone())

    async def _cancel_when_gone(self) -> None:
        await _gone(self._receive)
        self._task.cancel(_GONE)


async def _gone(receive: Receive) -> None:
    """Wait until the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        await asyncio.sleep(_SOON)


async def _close_when_gone(receive: Receive, stream: Stream) -> None:
    """Stop the worker when the client goes away."""
    await _gone(receive)
    stream.fail(ClientGone("The client has gone away."))
    stream.abandon()
