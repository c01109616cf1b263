"""A few processes that answer strangers' queries and may be killed: the only way to stop a query, or survive one.

Every worker opens the snapshot's store read-only, so nothing is lost with it. Two lanes: queries, and the checks of
queries being written, which never wait behind queries. The site's own pages use neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from time import monotonic
from typing import NamedTuple

from kgpub.engine import DatasetClause
from kgpub.engine.frames import job
from kgpub.engine.ground import Ground
from kgpub.engine.hand import Hand
from kgpub.engine.outcomes import Outcomes
from kgpub.engine.places import Behind, Place
from kgpub.engine.stream import ABANDONED, RUNNING, Stream, Trace
from kgpub.engine.workers import Wanted, Workers
from kgpub.errors import Busy, EngineDown, KgpubError

CHECK_SECONDS = 2.0
"""What reading one query may take."""
_SPOOLED = 1_000_000_000
"""Bytes of answers that may wait for slow readers before workers have to wait with them."""
_SUDDEN = 0.2


class Question(NamedTuple):
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
    """Asks workers, and knows what is under way; belongs to one event loop."""

    def __init__(self, workers: Workers, outcomes: Outcomes | None = None, processes: int = 1) -> None:
        """Ask these workers, count how queries end; ``processes`` of the server share what may wait for readers."""
        self._workers = workers
        self._most_spooled = _SPOOLED // processes
        self._spooled = 0
        self.outcomes = outcomes or Outcomes()
        """How many queries ended how: ``ok``, ``abandoned``, or the kind of a refusal."""

    @property
    def replaced(self) -> int:
        """How many workers were replaced."""
        return self._workers.replaced

    @property
    def running(self) -> int:
        """Queries that are being answered now."""
        return self._workers.running

    @property
    def waiting(self) -> int:
        """Queries that wait for a worker."""
        return self._workers.waiting

    def start(self) -> None:
        """Start the workers."""
        self._workers.start()

    def begin(self, question: Question, trace: Trace, told: Callable[[], None]) -> "Early | None":
        """Have a worker answer, at once or in turn; None where ``ask`` has to be asked.

        ``told`` is called when all of the answer is there, or ``stream.LITTLE`` of it, or none is to be had.
        """
        early = Early(question, trace, self, told)
        early.place = self._workers.begin(Wanted(question.client, trace.key, question.share), early.take)
        return None if early.place is None else early

    async def ask(self, question: Question, trace: Trace, begun: Stream | None = None) -> Stream:
        """The answer, once its beginning or all of it is there; of what was ``begun`` already, or anew.

        Raises ``TooManyRequests``, ``Busy``, ``QueryTimeout``, ``QueryTooHeavy``, ``EngineDown``, and every refusal of
        the engine.
        """
        try:
            return await self._answer(question, trace, begun)
        except BaseException as error:
            trace.outcome = error.kind if isinstance(error, KgpubError) else ABANDONED
            self.outcomes.note(trace.outcome)
            raise

    async def check(self, question: Question) -> None:
        """Whether a query can be read, in a lane of its own; raises ``BadQuery`` and its kin."""
        hand = await self._workers.take(Wanted(question.client, question.key, is_check=True))
        stream = Stream(Trace(question.key), _Errand(self))
        _send(hand, question, stream, check=True)
        await _started(stream, hand, CHECK_SECONDS)
        stream.abandon()

    async def close(self) -> None:
        """End every worker, whatever it is doing."""
        await self._workers.close()

    async def _answer(self, question: Question, trace: Trace, begun: Stream | None) -> Stream:
        """Have a worker answer; the client's share is given back when the answer is closed."""
        hand = begun.hand if begun else None
        if hand is None:
            hand = await self._workers.take(Wanted(question.client, trace.key, question.share))
        try:
            try:
                return await self._try(hand, question, trace, begun, is_first=True)
            except _Unlucky:
                trace.outcome = RUNNING
                hand = await self._workers.take(Wanted(question.client, trace.key))
                return await self._try(hand, question, trace, None, is_first=False)
        except BaseException:
            self.give_share(question.client)
            raise

    async def _try(
        self, hand: Hand, question: Question, trace: Trace, begun: Stream | None, *, is_first: bool
    ) -> Stream:
        """Have this worker answer, or go on with what it was asked already."""
        if begun is None:
            stream = Stream(trace, _Errand(self, question.client, is_first))
            _send(hand, question, stream)
        else:
            stream = begun
        errand = stream.owner
        assert isinstance(errand, _Errand)
        errand.is_begun = False
        await _started(stream, hand, question.timeout)
        errand.is_begun = True
        return stream

    def stop(self, hand: Hand) -> None:
        """Kill a worker and make another."""
        self._workers.stop(hand)

    def cause(self, key: str, generation: int) -> KgpubError:
        """Why a worker died over a question."""
        return self._workers.cause(key, generation)

    def waits(self, change: int) -> None:
        """Keep count of the bytes that wait for readers; workers wait when they are too many."""
        before, self._spooled = self._spooled, self._spooled + change
        if (before > self._most_spooled) != (self._spooled > self._most_spooled):
            for hand in self._workers.hands:
                hand.pause(self._spooled > self._most_spooled)

    def leave(self, place: Place, client: str) -> None:
        """Give up a place to which no worker came, and the client's share with it."""
        self._workers.leave(place, client)

    def give_share(self, client: str) -> None:
        """One query of a client is over."""
        self._workers.give_share(client)


class Early:
    """A question that was begun without waiting for it; ``stream`` is None as long as no worker has it."""

    def __init__(self, question: Question, trace: Trace, pool: Pool, told: Callable[[], None]) -> None:
        self.question, self.trace = question, trace
        self.stream: Stream | None = None
        self.place: Place | None = None
        self._pool, self._told = pool, told
        self._is_left = False

    def take(self, hand: Hand | None) -> None:
        """Ask a worker, unless it has come too late; None means that there is none.

        A worker that comes after another one is asked in its place: that one would have taken too long to begin.
        """
        if self._is_left:
            return
        if self.stream is not None:
            self._move(self.stream, hand)
        elif hand is None:
            self._told()
        else:
            behind = hand.behind if isinstance(hand.behind, Behind) else None
            errand = _Errand(self._pool, self.question.client, is_first=True, is_begun=True, behind=behind)
            self.stream = Stream(self.trace, errand)
            self.stream.watch(hand, self._told)
            _send(hand, self.question, self.stream)

    def _move(self, stream: Stream, hand: Hand | None) -> None:
        """Go on with another worker."""
        if hand is None:
            stream.fail(Busy("No worker was free in time."))
        else:
            stream.move(hand)
            _send(hand, self.question, stream)

    def leave(self) -> None:
        """Give up what was begun, where no worker has it."""
        if self.stream is None and not self._is_left:
            self._is_left = True
            if self.place is not None:
                self._pool.leave(self.place, self.question.client)

    def abandon(self) -> None:
        """Nobody waits for the answer any more; a worker that works at it is stopped."""
        if self.stream is not None:
            self.stream.abandon()
        elif not self._is_left:
            self.leave()
            self._pool.outcomes.note(ABANDONED)


def _send(hand: Hand, question: Question, stream: Stream, *, check: bool = False) -> None:
    """Ask a worker, or have it only read the query."""
    work = job(question.query, question.accept, question.dataset, check=check)
    hand.ask(question.store, question.ground, work, stream)


async def _started(stream: Stream, hand: Hand, seconds: float) -> None:
    """Wait for the beginning of an answer; who goes before that abandons it."""
    try:
        await stream.start(hand, seconds)
    except BaseException:
        stream.abandon()
        raise


class _Unlucky(EngineDown):
    """A worker died as it was asked, perhaps before it read the question: that is asked once more."""


@dataclass
class _Errand:
    """One question's way through the pool: the client whose share it takes, and whether it is new."""

    pool: Pool
    client: str | None = None
    is_first: bool = False
    is_begun: bool = False
    """Whether the beginning of the answer was given away, so that its end gives back the share."""
    behind: Place | None = None
    """Where the question stood behind another one, or stands still."""

    def stop(self, stream: Stream) -> None:
        """End the worker if it still works at this; leave it alone where it has not begun."""
        if stream.hand is not None and stream.hand.listener is stream:
            self.pool.stop(stream.hand)
        elif self.behind is not None:
            self.behind.leave()

    def closed(self, stream: Stream) -> None:
        """Give back the client's share and count the outcome."""
        self.behind = None
        if self.client is not None and self.is_begun:
            self.pool.give_share(self.client)
            self.pool.outcomes.note(stream.trace.outcome)

    def cause(self, stream: Stream) -> KgpubError:
        """Why the worker has died."""
        if self.is_first and monotonic() - stream.began < _SUDDEN:
            return _Unlucky("The worker died.")
        assert stream.hand is not None
        return self.pool.cause(stream.trace.key, stream.hand.generation)

    def waits(self, change: int) -> None:
        """Keep count of the bytes that wait."""
        self.pool.waits(change)
