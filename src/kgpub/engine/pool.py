"""A few processes that answer strangers' queries and may be killed: the only way to stop a query, or survive one.

Every worker opens the snapshot's store read-only, so nothing is lost with it. Two lanes: queries, and the checks of
queries being written, which never wait behind queries. The site's own pages use neither.
"""

import asyncio
import logging
import shutil
import tempfile
from collections import Counter, OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from kgpub.engine import DatasetClause
from kgpub.engine.breeder import Breeder
from kgpub.engine.frames import job
from kgpub.engine.ground import Ground
from kgpub.engine.hand import Hand
from kgpub.engine.lane import Lane
from kgpub.engine.stream import ABANDONED, RUNNING, Stream, Trace
from kgpub.errors import Busy, EngineDown, KgpubError, QueryTooHeavy, TooManyRequests

CHECK_SECONDS = 2.0
"""What reading one query may take."""
_REMEMBERED = 1_000
_SPOOLED = 1_000_000_000
"""Bytes of answers that may wait for slow readers before workers have to wait with them."""
_PAUSE = 0.5
_SUDDEN = 0.2

log = logging.getLogger("kgpub")


@dataclass(frozen=True)
class Limits:
    """What the pool is made of; see ``[sparql]`` in the settings."""

    workers: int
    memory: int
    queue: int
    patience: float


@dataclass(frozen=True)
class Question:
    """A query, the store it is asked of, and who asks; ``timeout`` is in seconds, ``share`` is queries at a time."""

    query: str
    accept: str | None
    dataset: DatasetClause
    store: str
    ground: Ground
    client: str
    share: int
    timeout: float
    snapshot: str = ""

    @property
    def key(self) -> str:
        """What tells this question from others, whoever asks it and in whatever format."""
        text = repr((self.store, self.dataset.default, self.dataset.named, self.query))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Pool:
    """The workers and what is known of their work; belongs to one event loop."""

    def __init__(self, limits: Limits) -> None:
        """Nothing is started before ``start`` or the first question."""
        self._limits = limits
        self._breeder = Breeder(limits.memory)
        self._queries = Lane(limits.workers, limits.queue, limits.patience)
        self._checks = Lane(1, limits.queue, limits.patience)
        self._shares: Counter[str] = Counter()
        self._scratch = ""
        self._deadly: OrderedDict[str, None] = OrderedDict()
        self._connected: set[Hand] = set()
        """Every worker with an open connection, those that have not said hello included."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._spooled = 0
        self._is_started = self._is_closed = False
        self.outcomes: Counter[str] = Counter()
        """How many queries ended how: ``ok``, ``abandoned``, or the kind of a refusal."""
        self.replaced = 0
        """How many workers were replaced."""

    @property
    def running(self) -> int:
        """Queries that are being answered now."""
        return sum(hand.listener is not None for hand in self._queries.hands)

    @property
    def waiting(self) -> int:
        """Queries that wait for a worker."""
        return self._queries.waiting

    def start(self) -> None:
        """Start the workers."""
        self._is_started = True
        self._scratch = tempfile.mkdtemp(prefix="kgpub-")
        for lane in (self._queries, self._checks):
            for _ in range(lane.size):
                self._raise(lane)

    async def ask(self, question: Question, trace: Trace) -> Stream:
        """The answer, once its beginning or all of it is there.

        Raises ``TooManyRequests``, ``Busy``, ``QueryTimeout``, ``QueryTooHeavy``, ``EngineDown``, and every refusal of
        the engine.
        """
        try:
            return await self._answer(question, trace)
        except BaseException as error:
            trace.outcome = error.kind if isinstance(error, KgpubError) else ABANDONED
            self.outcomes[trace.outcome] += 1
            raise

    async def check(self, question: Question) -> None:
        """Whether a query can be read, in a lane of its own; raises ``BadQuery`` and its kin."""
        hand = await self._take(self._checks, question.client)
        stream = Stream(Trace(question.key), _Errand(self, self._checks))
        await self._run(stream, hand, question, CHECK_SECONDS, check=True)
        stream.abandon()

    async def close(self) -> None:
        """End every worker, whatever it is doing."""
        self._is_closed = True
        for lane in (self._queries, self._checks):
            lane.close()
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        with suppress(TimeoutError):
            async with asyncio.timeout(CHECK_SECONDS):
                while self._connected:
                    for hand in list(self._connected):  # those too whose connection was made only now
                        hand.close()
                    await asyncio.sleep(0)
        await asyncio.to_thread(self._breeder.close)
        if self._scratch:
            await asyncio.to_thread(shutil.rmtree, self._scratch, ignore_errors=True)

    async def _answer(self, question: Question, trace: Trace) -> Stream:
        if trace.key in self._deadly:
            self._deadly.move_to_end(trace.key)
            raise QueryTooHeavy("This query has ended the process that answered it before; it is not tried again.")
        if self._shares[question.client] >= question.share:
            raise TooManyRequests(f"{question.share} queries of one client may run or wait at the same time.")
        self._shares[question.client] += 1
        try:
            try:
                return await self._try(question, trace, is_first=True)
            except _Unlucky:
                trace.outcome = RUNNING
                return await self._try(question, trace, is_first=False)
        except BaseException:
            self.give_share(question.client)
            raise

    async def _try(self, question: Question, trace: Trace, *, is_first: bool) -> Stream:
        """Have a worker answer; the client's share is given back when the answer is closed."""
        hand = await self._take(self._queries, question.client)
        hand.client, hand.since = question.client, asyncio.get_running_loop().time()
        stream = Stream(trace, errand := _Errand(self, self._queries, question.client, is_first))
        await self._run(stream, hand, question, question.timeout)
        errand.is_begun = True
        return stream

    async def _run(
        self, stream: Stream, hand: Hand, question: Question, seconds: float, *, check: bool = False
    ) -> None:
        """Have a worker answer, or only read the query; what ended it is remembered."""
        self._give_scratch(hand)
        hand.ask(
            question.store, question.ground, job(question.query, question.accept, question.dataset, check=check), stream
        )
        try:
            await stream.start(hand, seconds)
        except BaseException:
            stream.abandon()
            raise

    async def _take(self, lane: Lane, client: str) -> Hand:
        """A worker that lives."""
        if not self._is_started:
            self.start()
        while True:
            if self._is_closed:
                raise Busy("The server is stopping.")
            hand = await lane.take(client)
            if hand in lane.hands:
                return hand

    def stop(self, lane: Lane, hand: Hand) -> None:
        """Kill a worker and make another."""
        self._breeder.kill(hand.number)
        hand.close()
        self._replace(lane, hand)

    def cause(self, key: str, generation: int) -> KgpubError:
        """Why a worker died over a question, which is remembered unless all of them did."""
        if generation != self._breeder.generation or not self._breeder.lives or self._is_closed:
            return EngineDown("The processes that answer queries were ended.")
        self._deadly[key] = None
        if len(self._deadly) > _REMEMBERED:
            self._deadly.popitem(last=False)
        memory = f"{self._limits.memory:,} bytes of memory"
        return QueryTooHeavy(f"The query needed more than {memory}, or ended the process that answered it.")

    def _give_scratch(self, hand: Hand) -> None:
        """See that a worker has a folder for its temporary files, which goes with it."""
        if not hand.scratch:
            folder = Path(self._scratch) / str(hand.number)
            folder.mkdir(exist_ok=True)
            hand.scratch = str(folder)

    def _replace(self, lane: Lane, hand: Hand) -> None:
        if hand in lane.hands:
            if hand.scratch:
                shutil.rmtree(hand.scratch, ignore_errors=True)
            lane.hands.discard(hand)
            self.replaced += 1
            if not self._is_closed:
                self._raise(lane)

    def _raise(self, lane: Lane, pause: float = 0.0) -> None:
        """Make a worker for a lane, in the background."""
        task = asyncio.get_running_loop().create_task(self._make(lane, pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _make(self, lane: Lane, pause: float) -> None:
        await asyncio.sleep(pause)

        def on_free(hand: Hand) -> None:
            if hand.memory > self._limits.memory // 2 and hand in lane.hands:
                hand.close()  # an idle worker ends by itself; a fresh one has all its memory before it
                self._replace(lane, hand)
                return
            lane.hands.add(hand)
            lane.free(hand)

        def on_lost(hand: Hand) -> None:
            self._connected.discard(hand)
            if hand.number == 0 and not self._is_closed:
                self._raise(lane, _PAUSE)
            self._replace(lane, hand)

        def born() -> Hand:
            hand = Hand(self._breeder.generation, on_free, on_lost)
            self._connected.add(hand)
            return hand

        try:
            ours = self._breeder.spawn()
        except OSError as error:
            log.error("no worker could be started: %s", error)
            self._raise(lane, _PAUSE)
            return
        # once begun it is finished: a connection that is given up half made is never said to be lost
        await asyncio.shield(asyncio.get_running_loop().create_unix_connection(born, sock=ours))

    def waits(self, change: int) -> None:
        """Keep count of the bytes that wait for readers; workers wait when they are too many."""
        before, self._spooled = self._spooled, self._spooled + change
        if (before > _SPOOLED) != (self._spooled > _SPOOLED):
            for hand in self._queries.hands:
                hand.pause(self._spooled > _SPOOLED)

    def give_share(self, client: str) -> None:
        """One query of a client is over."""
        self._shares[client] -= 1
        if self._shares[client] <= 0:
            del self._shares[client]


class _Unlucky(EngineDown):
    """A worker died as it was asked, perhaps before it read the question: that is asked once more."""


@dataclass
class _Errand:
    """One question's way through the pool: its lane, the client whose share it takes, and whether it is new."""

    pool: Pool
    lane: Lane
    client: str | None = None
    is_first: bool = False
    is_begun: bool = False
    """Whether the beginning of the answer was given away, so that its end gives back the share."""

    def stop(self, stream: Stream) -> None:
        """End the worker if it still works at this."""
        if stream.hand is not None and stream.hand.listener is stream:
            self.pool.stop(self.lane, stream.hand)

    def closed(self, stream: Stream) -> None:
        """Give back the client's share and count the outcome."""
        if self.client is not None and self.is_begun:
            self.pool.give_share(self.client)
            self.pool.outcomes[stream.trace.outcome] += 1

    def cause(self, stream: Stream) -> KgpubError:
        """Why the worker has died."""
        if self.is_first and asyncio.get_running_loop().time() - stream.began < _SUDDEN:
            return _Unlucky("The worker died.")
        assert stream.hand is not None
        return self.pool.cause(stream.trace.key, stream.hand.generation)

    def waits(self, change: int) -> None:
        """Keep count of the bytes that wait."""
        self.pool.waits(change)
