"""Who gets the next free worker: those who wait in turn by client, so that nobody's many delay another's one."""

import asyncio
from collections import OrderedDict, deque
from time import monotonic

from kgpub.engine.hand import Hand
from kgpub.errors import Busy

LONG = 0.5
"""Seconds after which a query counts as long: who has one under way leaves the last idle worker to others."""


class Lane:
    """A few workers, those of them that are idle, and the queue before them."""

    def __init__(self, size: int, length: int, patience: float) -> None:
        """``size`` workers; ``length`` is how many may wait, ``patience`` for how many seconds."""
        self.size = size
        self.hands: set[Hand] = set()
        self.waiting = 0
        self._length, self._patience = length, patience
        self._idle: list[Hand] = []
        self._turns: OrderedDict[str, deque[asyncio.Future[Hand]]] = OrderedDict()

    @property
    def is_full(self) -> bool:
        """Whether too many wait for another one to."""
        return self.waiting >= self._length

    @property
    def has_idle(self) -> bool:
        """Whether a worker has nothing to do."""
        return bool(self._idle)

    def now(self, client: str) -> Hand | None:
        """A worker for a client that is free now; None where it has to wait."""
        return self._idle.pop() if self._idle and self._may(client) else None

    async def take(self, client: str) -> Hand:
        """The next free worker for a client; raises ``Busy`` when too many wait, or this one did for too long."""
        free = self.now(client)
        if free is not None:
            return free
        loop = asyncio.get_running_loop()
        turn = self.line_up(client, loop)
        timer = loop.call_later(self._patience, _refuse, turn, f"No worker was free within {self._patience:g} s.")
        try:
            return await turn
        except BaseException:
            self.leave(client, turn)
            raise
        finally:
            timer.cancel()

    def line_up(self, client: str, loop: asyncio.AbstractEventLoop) -> "asyncio.Future[Hand]":
        """A client's place in the queue, to which a worker comes in turn; raises ``Busy`` when too many wait."""
        if self.is_full:
            raise Busy(f"{self._length} queries are waiting already.")
        turn: asyncio.Future[Hand] = loop.create_future()
        self._turns.setdefault(client, deque()).append(turn)
        self.waiting += 1
        return turn

    def drop(self, hand: Hand) -> None:
        """A worker is no more."""
        self.hands.discard(hand)
        if hand in self._idle:
            self._idle.remove(hand)

    def free(self, hand: Hand) -> None:
        """Give a worker to who waits, the clients in turn; else keep it."""
        if hand in self.hands:
            self._idle.append(hand)
        for client in list(self._turns):
            turn = self._turn(client) if self._idle and self._may(client) else None
            if turn is not None:
                turn.set_result(self._idle.pop())

    def _may(self, client: str) -> bool:
        """Whether a client may have an idle worker: the last one only who does not keep another for long already."""
        if len(self._idle) > 1:
            return True
        now = monotonic()
        return not any(hand.client == client and now - hand.since > LONG for hand in self.hands if hand.listener)

    def _turn(self, client: str) -> "asyncio.Future[Hand] | None":
        """Take the first turn of a client that still waits out of the queue; the client goes to the end of the row."""
        turns = self._turns.pop(client)
        found = None
        while turns and found is None:
            turn = turns.popleft()
            self.waiting -= 1
            found = None if turn.done() else turn
        if turns:
            self._turns[client] = turns
        return found

    def close(self) -> None:
        """Refuse everyone who waits."""
        for turns in self._turns.values():
            for turn in turns:
                _refuse(turn, "The server is stopping.")

    def leave(self, client: str, turn: "asyncio.Future[Hand]") -> None:
        """Take a turn out of the queue; a worker that it was given meanwhile goes to the next."""
        turns = self._turns.get(client)
        if turns and turn in turns:
            turns.remove(turn)
            self.waiting -= 1
            if not turns:
                del self._turns[client]
        elif not turn.cancelled() and turn.exception() is None:
            self.free(turn.result())


def _refuse(turn: "asyncio.Future[Hand]", reason: str) -> None:
    """Say that there will be no worker, unless there is one already."""
    if not turn.done():
        turn.set_exception(Busy(reason))
