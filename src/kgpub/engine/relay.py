"""Visitors' queries on their way to an endpoint: the pool's manners where it is not ours to kill who answers.

An answer is read in a thread, checked and written anew, and let go of when its time is over or its reader has gone: the
thread ends at its next chunk, the endpoint when it finds the connection closed.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from kgpub.engine import guard
from kgpub.engine.crew import Limits
from kgpub.engine.evaluate import Question as Asked
from kgpub.engine.outcomes import Outcomes
from kgpub.engine.pipe import Abandoned, let_go
from kgpub.engine.pool import Question
from kgpub.engine.remote import RemoteEngine
from kgpub.engine.remote.engine import form_of
from kgpub.engine.stream import ABANDONED, Stream, Trace
from kgpub.errors import Busy, ClientGone, EngineDown, KgpubError, TooManyRequests
from kgpub.formats import Format


class Relay:
    """What ``Pool`` is to workers, to an endpoint; belongs to one event loop."""

    def __init__(self, limits: Limits, engine: Callable[[], RemoteEngine], outcomes: Outcomes) -> None:
        """``limits.workers`` queries are under way at a time; ``engine`` gives the engine in service.

        How queries end is counted in ``outcomes``.
        """
        self._limits, self._engine = limits, engine
        self._threads = ThreadPoolExecutor(limits.workers, "kgpub-relay")
        self._slots = asyncio.Semaphore(limits.workers)
        self._shares: Counter[str] = Counter()
        self._under_way: set[_Errand] = set()
        self._waiting = 0
        self.outcomes = outcomes

    @property
    def replaced(self) -> int:
        """There are no workers to replace."""
        return 0

    @property
    def running(self) -> int:
        """Queries that are being answered now."""
        return len(self._under_way)

    @property
    def waiting(self) -> int:
        """Queries that wait for their turn."""
        return self._waiting

    def start(self) -> None:
        """Nothing has to be started."""

    async def ask(self, question: Question, trace: Trace) -> Stream:
        """The answer, once its beginning or all of it is there.

        Raises ``TooManyRequests``, ``Busy``, ``QueryTimeout``, ``UpstreamFailed``, ``UpstreamTimeout``, and what the
        endpoint or we refuse.
        """
        try:
            return await self._answer(question, trace)
        except BaseException as error:
            trace.outcome = error.kind if isinstance(error, KgpubError) else ABANDONED
            self.outcomes.note(trace.outcome)
            raise

    async def check(self, question: Question) -> None:
        """Whether the guard lets a query through; what else may be wrong with it the endpoint says when asked."""
        guard.check(question.query, len(question.query.encode("utf-8", "surrogatepass")))
        form_of(question.query)

    async def close(self) -> None:
        """Give up what is under way."""
        for errand in list(self._under_way):
            errand.given_up.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, question: Question, trace: Trace) -> Stream:
        guard.check(question.query, len(question.query.encode("utf-8", "surrogatepass")))
        if self._shares[question.client] >= question.share:
            raise TooManyRequests(f"{question.share} queries of one client may run or wait at the same time.")
        self._shares[question.client] += 1
        try:
            await self._turn()
        except BaseException:
            self._leave(question.client)
            raise
        errand = _Errand(self, question.client)
        self._under_way.add(errand)
        stream = Stream(trace, errand)
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, errand.run, self._engine(), question, stream, loop)
        running.add_done_callback(lambda _: self._done(errand))
        try:
            await stream.start(None, question.timeout)
        except BaseException:
            stream.abandon()  # who asked has gone, or the time is over: the thread need not go on
            raise
        errand.is_begun = True
        return stream

    async def _turn(self) -> None:
        """Wait for a turn; raises ``Busy`` where too many do, or for too long."""
        if self._waiting >= self._limits.queue and self._slots.locked():
            raise Busy(f"{self._waiting} queries are waiting already; no more may.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.patience):
                await self._slots.acquire()
        except TimeoutError as error:
            raise Busy(f"The query waited {self._limits.patience:g} s for its turn in vain.") from error
        finally:
            self._waiting -= 1

    def _done(self, errand: "_Errand") -> None:
        """A thread is free again."""
        self._under_way.discard(errand)
        self._slots.release()
        self._leave(errand.client)

    def _leave(self, client: str) -> None:
        self._shares[client] -= 1
        if self._shares[client] <= 0:
            del self._shares[client]


@dataclass(eq=False)
class _Errand:
    """One question's way to the endpoint and back."""

    relay: Relay
    client: str
    given_up: Event = field(default_factory=Event)
    is_begun: bool = False

    def run(self, engine: RemoteEngine, question: Question, stream: Stream, loop: asyncio.AbstractEventLoop) -> None:
        """Read the answer in a thread, and tell the loop of it piece by piece."""
        began = monotonic()

        def send(format: Format, piece: bytes) -> None:
            if self.given_up.is_set():
                raise Abandoned
            loop.call_soon_threadsafe(self._take, stream, format, piece)

        try:
            asked = Asked(question.query, question.accept, question.dataset)
            rows = engine.relay(asked, send, question.timeout, question.ground)
        except Abandoned:
            return
        except KgpubError as error:
            let_go(error)
            loop.call_soon_threadsafe(stream.fail, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits must hear of it
            let_go(error)
            loop.call_soon_threadsafe(stream.fail, EngineDown(f"the query could not be answered: {error}"))
        else:
            loop.call_soon_threadsafe(stream.end, rows, monotonic() - began)

    @staticmethod
    def _take(stream: Stream, format: Format, piece: bytes) -> None:
        stream.begin(format.media_type)
        stream.add(piece)

    def stop(self, _: Stream) -> None:
        """The thread ends at its next chunk."""
        self.given_up.set()

    def closed(self, stream: Stream) -> None:
        """Count the outcome; the share is given back when the thread is done."""
        if self.is_begun:
            self.relay.outcomes.note(stream.trace.outcome)

    def cause(self, _: Stream) -> KgpubError:
        """No worker dies here."""
        return ClientGone("The answer was given up.")

    def waits(self, change: int) -> None:
        """What waits is on disk, and bounded by how much one answer may be."""
