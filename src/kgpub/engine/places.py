"""Where a question waits that was begun without waiting for it: with a worker, in the queue, or behind another one.

A worker that has answered quickly for a while is given one question more than it works at, so that it need not sleep
until the next comes. Is the one before it not over in a moment, the question goes to another worker.
"""

import asyncio
from collections.abc import Callable

from kgpub.engine.hand import Hand, Listener
from kgpub.engine.lane import Lane
from kgpub.errors import Busy

Told = Callable[[Hand | None], None]
"""Takes a worker that lives, or None: none is to be had."""


class Place:
    """A place in a queue, which can be given up once; one where a worker was at once."""

    is_left = False

    def leave(self) -> None:
        """Give it up."""
        self.is_left = True


class InTurn(Place):
    """A place at which a worker comes later."""

    def __init__(self, lane: Lane, client: str, arrived: "Callable[[asyncio.Future[Hand]], None]") -> None:
        """Line up; ``arrived`` is called once the turn has come, or never will, unless the place was given up."""
        self._lane, self._client = lane, client
        self._turn = lane.line_up(client, asyncio.get_running_loop())
        self._turn.add_done_callback(lambda turn: None if self.is_left else arrived(turn))

    def leave(self) -> None:
        """Give it up; a worker that has come is free again."""
        super().leave()
        self._lane.leave(self._client, self._turn)


class Behind(Place):
    """A place behind the question that a worker is at, which is over in a moment or given to another worker."""

    def __init__(self, hand: Hand, client: str, told: Told, again: "Callable[[Told], Place]", patience: float) -> None:
        """Stand behind what ``hand`` is asked; ``again`` gives another place, raises ``Busy``, waited for so long."""
        self.client = client
        self.listener: Listener | None = None
        """Who waits for the answer, once the worker was asked."""
        self._hand, self._told, self._again, self._patience = hand, told, again, patience
        self._turn: Place | None = None
        hand.behind = self

    def leave(self) -> None:
        """Give it up: the worker passes the question over, if it has not begun with it."""
        if self.is_left:
            return
        super().leave()
        self._step_back()

    def move(self) -> None:
        """Have another worker asked."""
        self._step_back()
        try:
            turn = self._again(self._arrive)
        except Busy:
            self._told(None)
            return
        if isinstance(turn, InTurn):  # else it has arrived already
            self._turn = turn
            if self.listener is not None:
                self.listener.wait()
            asyncio.get_running_loop().call_later(self._patience, self._give_up, turn)

    def _step_back(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.leave()
        elif self._hand.behind is self:
            self._hand.skip()

    def _arrive(self, hand: Hand | None) -> None:
        self._turn = None
        self._told(hand)

    def _give_up(self, turn: Place) -> None:
        if self._turn is turn:
            self._step_back()
            self._told(None)
