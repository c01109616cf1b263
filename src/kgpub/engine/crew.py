"""The processes that answer strangers' queries: who gets one, how many each client may have, what ended one.

There is one crew per site. It works for the process that serves, or for several that borrow from it
(``engine.lending``).
"""

import asyncio
import logging
import shutil
import tempfile
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

from kgpub.engine.breeder import Breeder
from kgpub.engine.hand import NOBODY, QUICK, Hand
from kgpub.engine.lane import Lane
from kgpub.engine.places import Behind, InTurn, Place, Told
from kgpub.engine.workers import ENDED, Wanted, too_heavy
from kgpub.errors import Busy, EngineDown, KgpubError, QueryTooHeavy, TooManyRequests

_REMEMBERED = 1_000
_PAUSE = 0.5
_PATIENCE = 2.0
_STREAK = 8
"""Quick answers in a row after which a worker is given one question more than it works at."""
_MOMENT = 0.005
"""Seconds after which that question goes to another worker; and between two looks whether it has to."""
_IN_VAIN = 0.05
"""Seconds that a worker may be at a question which was taken back just too late."""

log = logging.getLogger("kgpub")


@dataclass(frozen=True)
class Limits:
    """What a crew is made of; see ``[sparql]`` in the settings."""

    workers: int
    memory: int
    queue: int
    patience: float


class Crew:
    """The workers; belongs to one event loop."""

    def __init__(self, limits: Limits) -> None:
        """Nothing is started before ``start`` or until the first worker is wanted."""
        self._limits = limits
        self.breeder = Breeder(limits.memory)
        self._queries = Lane(limits.workers, limits.queue, limits.patience)
        self._checks = Lane(1, limits.queue, limits.patience)
        self._shares: Counter[str] = Counter()
        self._scratch = ""
        self._deadly: OrderedDict[str, None] = OrderedDict()
        self._connected: set[Hand] = set()
        """Every worker whose connection is open or being made."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_started = self._is_closed = False
        self._watching: asyncio.TimerHandle | None = None
        self.on_gone: set[Callable[[Hand], None]] = set()
        """Called with each worker that is no more."""
        self.replaced = 0
        """How many workers were replaced."""

    @property
    def hands(self) -> Collection[Hand]:
        """The workers that answer queries."""
        return self._queries.hands

    @property
    def running(self) -> int:
        """Queries that are being answered now."""
        return sum(hand.listener is not None for hand in self._queries.hands)

    @property
    def waiting(self) -> int:
        """Queries that wait for a worker, or for the one before them."""
        return self._queries.waiting + sum(hand.behind is not None for hand in self._queries.hands)

    def start(self) -> None:
        """Start the workers."""
        self._is_started = True
        self._scratch = tempfile.mkdtemp(prefix="kgpub-")
        for lane in (self._queries, self._checks):
            for _ in range(lane.size):
                self._raise(lane)

    async def take(self, wanted: Wanted) -> Hand:
        """A worker that lives, whose client's share is taken where it was not yet.

        Raises ``TooManyRequests``, ``Busy``, or ``QueryTooHeavy`` for a question that has killed one before.
        """
        self.admit(wanted)
        return await self.wait(wanted)

    def begin(self, wanted: Wanted, told: Told) -> Place | None:
        """Take a place in the queue at once, and the client's share; None where ``take`` has to be asked.

        ``told`` is called with a worker that lives, at once where one is free, or with None: none is to be had.
        """
        if not self._may_begin(wanted):
            return None
        self._shares[wanted.client] += wanted.share is not None
        lane = self._lane_of(wanted)
        quick = None if lane.has_idle else self._quick(lane)
        if quick is None:
            return self._place(wanted, told)
        behind = Behind(quick, wanted.client, told, partial(self._place, wanted), self._limits.patience)
        told(quick)
        if self._watching is None:
            self._watching = asyncio.get_running_loop().call_later(_MOMENT, self._watch)
        return behind

    def leave(self, place: Place, client: str) -> None:
        """Give up a place to which no worker came, and the client's share with it."""
        place.leave()
        self.give_share(client)

    def admit(self, wanted: Wanted) -> None:
        """Take the share of a client where it was not yet.

        Raises ``TooManyRequests``, or ``QueryTooHeavy`` for a question that has killed a worker before.
        """
        if wanted.share is None:
            return
        if wanted.key in self._deadly:
            self._deadly.move_to_end(wanted.key)
            raise QueryTooHeavy("This query has ended the process that answered it before; it is not tried again.")
        if self._shares[wanted.client] >= wanted.share:
            raise TooManyRequests(f"{wanted.share} queries of one client may run or wait at the same time.")
        self._shares[wanted.client] += 1

    def now(self, wanted: Wanted) -> Hand | None:
        """A worker that is free now, for who was admitted; None where that has to wait."""
        hand = self._lane_of(wanted).now(wanted.client)
        return None if hand is None else self._given(hand, wanted)

    async def wait(self, wanted: Wanted) -> Hand:
        """The next free worker, for who was admitted; raises ``Busy``, and then the share is given back."""
        try:
            return await self._next(wanted)
        except BaseException:
            if wanted.share is not None:
                self.give_share(wanted.client)
            raise

    async def close(self) -> None:
        """End every worker, whatever it is doing."""
        self._is_closed = True
        if self._watching is not None:
            self._watching.cancel()
        for lane in (self._queries, self._checks):
            lane.close()
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while self._connected:
                    for hand in list(self._connected):  # those too whose connection was made only now
                        hand.end(EngineDown(ENDED))
                    await asyncio.sleep(0)
        await asyncio.to_thread(self.breeder.close)
        if self._scratch:
            await asyncio.to_thread(shutil.rmtree, self._scratch, ignore_errors=True)

    def stop(self, hand: Hand) -> None:
        """Kill a worker and make another."""
        self.breeder.kill(hand.number)
        hand.close()
        self._replace(hand)

    def cause(self, key: str, generation: int) -> KgpubError:
        """Why a worker died over a question, which is remembered unless all of them did."""
        if not self._lives(generation):
            return EngineDown(ENDED)
        self._deadly[key] = None
        if len(self._deadly) > _REMEMBERED:
            self._deadly.popitem(last=False)
        return too_heavy(self._limits.memory)

    def lives(self, hand: Hand) -> bool:
        """Whether a worker's death would be its own: the others of its generation are there."""
        return self._lives(hand.generation)

    def give_share(self, client: str) -> None:
        """One query of a client is over."""
        self._shares[client] -= 1
        if self._shares[client] <= 0:
            del self._shares[client]

    def free(self, hand: Hand) -> None:
        """A worker can take a question; one that has had much memory is replaced, so that a fresh one has all of it."""
        lane = self._lane(hand)
        if lane is None or hand.listener is not None:
            return  # it is no more, or goes on with what was asked besides
        if hand.is_worn:
            self.stop(hand)
        else:
            lane.free(hand)

    async def _next(self, wanted: Wanted) -> Hand:
        """The next free worker that lives."""
        if not self._is_started:
            self.start()
        lane = self._lane_of(wanted)
        while True:
            if self._is_closed:
                raise Busy("The server is stopping.")
            hand = await lane.take(wanted.client)
            if hand in lane.hands:
                return self._given(hand, wanted)

    def _given(self, hand: Hand, wanted: Wanted) -> Hand:
        """A worker that is given to a client, with what it needs."""
        hand.client, hand.since = wanted.client, monotonic()
        if not hand.scratch:
            folder = Path(self._scratch) / str(hand.number)
            folder.mkdir(exist_ok=True)
            hand.scratch = str(folder)  # for its temporary files; it goes with the worker
        return hand

    def _place(self, wanted: Wanted, told: Told) -> Place:
        """A worker that is free, or a place in the queue; raises ``Busy``."""
        hand = self.now(wanted)
        if hand is not None:
            told(hand)
            return Place()
        return InTurn(self._lane_of(wanted), wanted.client, lambda turn: told(self._arrived(turn, wanted)))

    def _quick(self, lane: Lane) -> Hand | None:
        """A worker that will be done in a moment, with nobody behind; None where others wait for their turn."""
        if lane.waiting:
            return None
        now = monotonic()
        for hand in lane.hands:
            is_quick = hand.streak >= _STREAK and now - hand.since < QUICK
            if is_quick and hand.listener not in (None, NOBODY) and hand.behind is None and not hand.is_skipping:
                return hand
        return None

    def _watch(self) -> None:
        """Have questions go to other workers whose own is not done in a moment after all."""
        now, is_needed = monotonic(), False
        for hand in tuple(self._queries.hands):
            seconds = now - hand.since
            if hand.behind is not None and seconds > _MOMENT:
                hand.behind.move()
            elif hand.listener is NOBODY and seconds > _IN_VAIN:
                self.stop(hand)
            is_needed |= hand.behind is not None or hand.is_skipping or hand.listener is NOBODY
        self._watching = asyncio.get_running_loop().call_later(_MOMENT, self._watch) if is_needed else None

    def _may_begin(self, wanted: Wanted) -> bool:
        """Whether nothing is there to be told to who wants a worker."""
        is_within = wanted.share is None or self._shares[wanted.client] < wanted.share
        is_open = self._is_started and not self._is_closed and not self._lane_of(wanted).is_full
        return is_within and is_open and wanted.key not in self._deadly

    def _arrived(self, turn: "asyncio.Future[Hand]", wanted: Wanted) -> Hand | None:
        """The worker that has come to a place in the queue; None where none did, or it is gone already."""
        if turn.cancelled() or turn.exception() is not None:
            return None
        hand = turn.result()
        return self._given(hand, wanted) if hand in self._lane_of(wanted).hands else None

    def _lane_of(self, wanted: Wanted) -> Lane:
        return self._checks if wanted.is_check else self._queries

    def _lives(self, generation: int) -> bool:
        return generation == self.breeder.generation and self.breeder.lives and not self._is_closed

    def _lane(self, hand: Hand) -> Lane | None:
        """The lane that a worker is in, None once it is gone."""
        if hand in self._queries.hands:
            return self._queries
        return self._checks if hand in self._checks.hands else None

    def _replace(self, hand: Hand) -> None:
        lane = self._lane(hand)
        if lane is not None:
            if hand.scratch:
                shutil.rmtree(hand.scratch, ignore_errors=True)
            lane.drop(hand)
            self.replaced += 1
            for forget in self.on_gone:
                forget(hand)
            behind, hand.behind = hand.behind, None
            if not self._is_closed:
                self._raise(lane)
                if behind is not None:
                    behind.move()

    def _raise(self, lane: Lane, pause: float = 0.0) -> None:
        """Make a worker for a lane, in the background."""
        task = asyncio.get_running_loop().create_task(self._make(lane, pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _make(self, lane: Lane, pause: float) -> None:
        await asyncio.sleep(pause)

        def on_free(hand: Hand) -> None:
            if self._lane(hand) is None and not hand.memory:
                lane.hands.add(hand)  # it has said hello
            self.free(hand)

        def on_lost(hand: Hand) -> None:
            self._connected.discard(hand)
            if hand.number == 0 and not self._is_closed:
                self._raise(lane, _PAUSE)
            self._replace(hand)

        try:
            ours = self.breeder.spawn()
        except OSError as error:
            log.error("no worker could be started: %s", error)
            self._raise(lane, _PAUSE)
            return
        hand = Hand(self.breeder.generation, on_free, on_lost)
        hand.enough = self._limits.memory // 2
        self._connected.add(hand)
        # once begun it is finished: a connection that is given up half made is never said to be lost
        await asyncio.shield(asyncio.get_running_loop().create_unix_connection(lambda: hand, sock=ours))
