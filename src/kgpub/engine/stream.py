"""An answer under way, from a worker to whoever asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from kgpub.engine.hand import Hand
from kgpub.engine.spool import Spool
from kgpub.errors import ClientGone, EngineDown, KgpubError, QueryTimeout
from kgpub.formats import GRAPHS, RESULTS, Format

LITTLE = 65_536
"""Bytes of an answer that are waited for before it is passed on as it comes."""
_MOMENT = 0.05
_FORMATS = {one.media_type: one for one in (*RESULTS, *GRAPHS)}
RUNNING = "running"
"""The outcome of a query that is under way."""
KEPT = "kept"
"""The outcome of a query whose answer was still there."""
ABANDONED = "abandoned"
"""The outcome of a query whose answer nobody waited for."""


@dataclass
class Trace:
    """What became of a query, for the log and the figures; filled while it goes on."""

    key: str
    """Hash of snapshot, dataset and text."""
    snapshot: str = ""
    rows: int = 0
    seconds: float = 0.0
    """How long the worker took."""
    outcome: str = RUNNING
    """``ok``, ``kept``, ``abandoned``, or the kind of a refusal."""


class Owner(Protocol):
    """Who looks after the worker of an answer."""

    def stop(self, stream: "Stream") -> None:
        """End the worker if it still works at this."""

    def closed(self, stream: "Stream") -> None:
        """Nobody reads on; called once."""

    def cause(self, stream: "Stream") -> KgpubError:
        """Why the worker has died."""
        ...

    def waits(self, change: int) -> None:
        """The bytes that wait for the reader have changed by so many."""


class Stream:
    """An answer: its format, then its body in pieces, whole only if the iteration ends without an error.

    Who does not read to the end calls ``abandon``, which stops the worker.
    """

    def __init__(self, trace: Trace, owner: Owner) -> None:
        self.trace = trace
        self.hand: Hand | None = None
        self.began = 0.0
        """When the worker was asked (``time.monotonic``)."""
        self.is_made = False
        """Whether the worker is done with it."""
        self._format: Format | None = None
        self._error: KgpubError | None = None
        self._spool = Spool()
        self.owner = owner
        """Who looks after the worker."""
        self._waiter: asyncio.Future[None] | None = None
        self._is_closed = self._is_read = self._is_waiting = False
        self._deadline: asyncio.TimerHandle | None = None
        self._seconds = 0.0
        self._told: Callable[[], None] | None = None

    @property
    def format(self) -> Format:
        """The answer's format."""
        assert self._format is not None
        return self._format

    @property
    def length(self) -> int | None:
        """The bytes of the whole body if all are here, else None."""
        return len(self._spool) if self.is_made and self._error is None else None

    def watch(self, hand: Hand, told: Callable[[], None]) -> None:
        """Listen to a worker, without a deadline before ``start``.

        ``told`` is called when all is there, a refusal too, or ``LITTLE`` of it.
        """
        self.hand, self.began, self._told = hand, monotonic(), told

    def wait(self) -> None:
        """Another worker has to be waited for: that takes nothing off the time."""
        self._is_waiting = True
        if self._deadline is not None:
            self._deadline.cancel()

    def move(self, hand: Hand) -> None:
        """Listen to another worker, which has all the time that there is."""
        self.wait()  # the time that was, if any, counts no more
        self.hand, self.began, self._is_waiting = hand, monotonic(), False
        if self._told is None and not self.is_made:
            self._deadline = asyncio.get_running_loop().call_later(self._seconds, self._expire)

    async def start(self, hand: Hand | None, seconds: float) -> None:
        """Wait for the beginning, at most ``seconds`` for all; raises the refusal when there is one instead."""
        now = monotonic()
        if self._told is None:
            self.hand, self.began = hand, now
        self._told, self._seconds = None, seconds
        if not self.is_made and not self._is_waiting:
            left = max(self.began + seconds - now, 0.0)
            self._deadline = asyncio.get_running_loop().call_later(left, self._expire)
        while self._format is None and not self.is_made:
            await self._changed()
        if self._format is None and self._error is not None:
            self.abandon()
            raise self._error

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces, in order."""
        return self

    async def __anext__(self) -> bytes:
        """The next piece; raises what broke the answer off."""
        while True:
            if self._error is not None:
                self.abandon()
                raise self._error
            if self._is_read:
                raise StopAsyncIteration
            if self._is_closed:
                raise ClientGone("Nobody reads this answer any more.")
            piece = self._spool.take()
            if piece:
                self.owner.waits(-len(piece))
                return piece
            if self.is_made:
                self.abandon()
                self._is_read = True
                raise StopAsyncIteration
            await self._changed()

    async def made(self) -> None:
        """Wait until all is there; raises what broke it off."""
        while not self.is_made:
            await self._changed()
        if self._error is not None:
            self.abandon()
            raise self._error

    async def whole(self) -> bytes:
        """The whole body; raises what broke it off."""
        if self.length is not None and not self._is_closed:
            return self.taken()
        return b"".join([piece async for piece in self])

    def taken(self) -> bytes:
        """The whole body, where its ``length`` is known."""
        body = b"".join(iter(self._spool.take, b""))
        self.owner.waits(-len(body))
        self.abandon()
        return body

    def abandon(self) -> None:
        """Nobody reads on: the worker is stopped if it still works at this."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._deadline is not None:
            self._deadline.cancel()
        if self.trace.outcome == RUNNING:
            self.trace.outcome = "ok" if self.is_made else ABANDONED
        self.owner.waits(-len(self._spool))
        self._spool.close()
        self.owner.stop(self)
        self.owner.closed(self)
        self._wake()

    async def close(self) -> None:
        """The same, for who closes what is asynchronous."""
        self.abandon()

    def begin(self, media_type: str) -> None:
        """The format is known."""
        self._format = _FORMATS[media_type]

    def add(self, piece: bytes) -> None:
        """The next piece has come."""
        if self._is_closed or self._error is not None:
            return
        try:
            self._spool.add(piece)
        except OSError as error:
            self.fail(EngineDown(f"there is no room for the answer: {error}"))
            return
        self.owner.waits(len(piece))
        self._wake()
        if self._told is not None and len(self._spool) > LITTLE:
            self._told()

    def end(self, rows: int, seconds: float) -> None:
        """The answer is whole."""
        self.trace.rows, self.trace.seconds = rows, seconds
        self.is_made = True
        self._finish()

    def fail(self, error: KgpubError) -> None:
        """There is no answer, or no rest of it; the first reason counts."""
        if self._error is None and not self.is_made:
            self._error = error
            self.trace.outcome = error.kind
            self.is_made = True
            self._finish()

    def died(self) -> None:
        """The worker is gone in the middle; a moment later it shows whether it was the only one."""
        asyncio.get_running_loop().call_later(_MOMENT, self._judge)

    def _judge(self) -> None:
        if not self.is_made:
            self.fail(self.owner.cause(self))

    def _finish(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._wake()
        if self._told is not None:
            self._told()

    def _expire(self) -> None:
        """The time is over: the answer is an error, and the worker is stopped."""
        self.trace.seconds = self._seconds
        self.fail(QueryTimeout(f"The query did not end within {self._seconds:g} s."))
        self.owner.stop(self)

    async def _changed(self) -> None:
        """Wait until something has come."""
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
