"""Workers of a crew that belongs to another process, which lends them; see ``engine.lending`` for what is said."""

import asyncio
import os
import signal
import socket
from collections.abc import Collection, Mapping
from hashlib import blake2b
from itertools import count
from typing import Any

from kgpub.engine.channel import Channel, Take
from kgpub.engine.hand import Hand
from kgpub.engine.outcomes import CrewFigures
from kgpub.engine.places import Place, Told
from kgpub.engine.workers import ENDED, Wanted, too_heavy
from kgpub.errors import Busy, EngineDown, KgpubError, QueryTooHeavy, TooManyRequests

_REFUSALS: Mapping[str, type[KgpubError]] = {one.__name__: one for one in (Busy, QueryTooHeavy, TooManyRequests)}
_LONGEST = 200


class Borrowed:
    """The crew as a process that serves sees it; belongs to one event loop."""

    def __init__(self, end: socket.socket, memory: int, figures: CrewFigures, told: Take) -> None:
        """Borrow over ``end``; ``told`` hears what else is said there."""
        self._channel = Channel(end, self._hear, self._orphaned)
        self._memory, self._figures, self._told = memory, figures, told
        self._numbers = count(1)
        self._wanted: dict[int, asyncio.Future[Hand]] = {}
        self._begun: dict[int, _Asked] = {}
        """Who waits for a loan without waiting."""
        self._loans: dict[Hand, int] = {}
        self._kept: dict[int, Hand] = {}
        """Workers that were lent before, by their process numbers: in touch, but not listened to."""
        self._ends: dict[Hand, socket.socket] = {}
        """The sockets of those among them that were never asked."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: set[int] = set()
        """Generations of workers that are all gone."""
        self._is_closed = False

    @property
    def hands(self) -> Collection[Hand]:
        """The workers that this process has."""
        return self._loans.keys()

    @property
    def running(self) -> int:
        """Queries that are being answered now, on the whole site."""
        return self._figures.running

    @property
    def waiting(self) -> int:
        """Queries that wait for a worker, on the whole site."""
        return self._figures.waiting

    @property
    def replaced(self) -> int:
        """How many workers were replaced, on the whole site."""
        return self._figures.replaced

    def start(self) -> None:
        """Begin."""
        self._channel.open()

    def say(self, word: str) -> None:
        """Send another word to the process that lends."""
        self._channel.send([word])

    async def take(self, wanted: Wanted) -> Hand:
        """A worker that lives; raises ``TooManyRequests``, ``Busy`` or ``QueryTooHeavy``."""
        if self._is_closed:
            raise Busy("The server is stopping.")
        told: asyncio.Future[Hand] = asyncio.get_running_loop().create_future()
        loan = self._ask(wanted)
        self._wanted[loan] = told
        try:
            return await told
        except asyncio.CancelledError:
            if not told.cancelled() and told.exception() is None:
                self._return(told.result(), "drop")
            else:
                self._drop(loan)
            raise
        finally:
            del self._wanted[loan]

    def begin(self, wanted: Wanted, told: Told) -> Place | None:
        """Ask for a worker; None where ``take`` has to be asked.

        ``told`` is called with a worker that lives, or with None: none is to be had, for a reason that ``take`` names.
        """
        if self._is_closed:
            return None
        place = _Asked(told)
        self._begun[self._ask(wanted)] = place
        return place

    def leave(self, place: Place, _: str) -> None:
        """Give up a place to which no worker came; the process that lends gives back the share, if it was taken."""
        place.leave()
        for loan in [loan for loan, one in self._begun.items() if one is place]:
            del self._begun[loan]
            self._drop(loan)

    def stop(self, hand: Hand) -> None:
        """Have a worker killed."""
        self._return(hand, "kill")

    def cause(self, key: str, generation: int) -> KgpubError:
        """Why a worker died over a question; the crew remembers it unless all of them did."""
        if generation in self._ended or self._is_closed:
            return EngineDown(ENDED)
        self._channel.send(["deadly", key, generation])
        return too_heavy(self._memory)

    def give_share(self, client: str) -> None:
        """One query of a client is over."""
        self._channel.send(["done", _short(client)])

    async def close(self) -> None:
        """Let go of every worker; who still works for this process is killed."""
        self._is_closed = True
        begun, self._begun = self._begun, {}
        for place in begun.values():
            place.told(None)
        for told in self._wanted.values():
            if not told.done():
                told.set_exception(Busy("The server is stopping."))
        while self._tasks:  # a connection that is given up half made would stay open
            await asyncio.wait(self._tasks)
        for hand in {*self._loans, *self._kept.values()}:
            hand.end(EngineDown(ENDED))
            self.stop(hand)
        self._channel.close()

    def _ask(self, wanted: Wanted) -> int:
        """Ask for a worker; the number of the loan that it will come by."""
        loan = next(self._numbers)
        self._channel.send(["take", loan, _short(wanted.client), wanted.key, wanted.share, wanted.is_check])
        return loan

    def _drop(self, loan: int) -> None:
        """Nobody waits for a worker any more; one that is being connected is given back once it is."""
        if loan not in self._loans.values():
            self._channel.send(["drop", loan])

    def _return(self, hand: Hand, word: str, *more: object) -> None:
        """Give a worker back, and say what became of it; nothing is heard of it here from then on."""
        loan = self._loans.pop(hand, None)
        if word in {"free", "drop"}:
            hand.pause(True)
        else:
            self._kept.pop(hand.number, None)
            self._hang_up(hand)
        if loan is not None:
            self._channel.send([word, loan, *more])

    def _hear(self, message: list[Any], descriptor: int | None) -> None:  # Any: what json.loads gives
        """Take an answer, or another word."""
        word, *said = message
        if word == "lent":
            assert descriptor is not None
            self._arrive(descriptor, *said)
        elif word == "again":
            self._come_again(*said)
        elif word == "refused":
            loan, refusal = said
            place = self._begun.pop(loan, None)
            if place is not None:
                place.told(None)
            told = self._wanted.get(loan)
            if told is not None and not told.done():
                told.set_exception(_REFUSALS.get(refusal["class"], EngineDown)(refusal["detail"]))
        elif word == "gone":
            self._leave(said[0])
        elif word == "outage":
            self._ended.add(said[0])
        else:
            self._told(message, descriptor)

    def _arrive(self, descriptor: int, loan: int, number: int, generation: int, scratch: str) -> None:  # as it is sent
        """A worker is lent for the first time."""
        hand = Hand(
            generation, lambda free: self._return(free, "free", free.memory), lambda lost: self._return(lost, "lost")
        )
        hand.number, hand.scratch = number, scratch
        self._kept[number] = hand
        self._ends[hand] = socket.socket(fileno=descriptor)
        self._reach(hand, loan)

    def _come_again(self, loan: int, number: int, is_same: bool) -> None:  # as it is sent
        """A worker is lent that was before."""
        hand = self._kept[number]
        if not is_same:
            hand.forget()
        self._reach(hand, loan)

    def _leave(self, number: int) -> None:
        """A worker is no more, unless it is lent out and will show that itself."""
        hand = self._kept.get(number)
        if hand is not None and hand not in self._loans:
            del self._kept[number]
            self._hang_up(hand)

    def _hang_up(self, hand: Hand) -> None:
        """Let go of a worker's socket."""
        end = self._ends.pop(hand, None)
        if end is not None:
            end.close()
        hand.close()

    def _reach(self, hand: Hand, loan: int) -> None:
        """Hand over a worker that is lent now, once there is a connection.

        A connection takes what the worker says from its first moment on, so it is made only for who waits: the loan is
        this process's until it is there. Where nobody waits any more the loan may be another's already.
        """
        self._loans[hand] = loan
        if hand not in self._ends or not self._is_awaited(loan):
            self._hand_over(hand, loan)
            return
        task = asyncio.get_running_loop().create_task(self._connect(hand, loan, self._ends.pop(hand)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, hand: Hand, loan: int, end: socket.socket) -> None:
        """Get in touch with a worker, and hand it to who waits for it."""
        await asyncio.get_running_loop().create_unix_connection(lambda: hand, sock=end)
        self._hand_over(hand, loan)

    def _is_awaited(self, loan: int) -> bool:
        told = self._wanted.get(loan)
        return loan in self._begun or (told is not None and not told.done())

    def _hand_over(self, hand: Hand, loan: int) -> None:
        """Give a worker to who waits for it; back, if nobody does any more."""
        if not self._is_awaited(loan):
            self._return(hand, "drop")
            return
        hand.pause(False)
        place = self._begun.pop(loan, None)
        if place is not None:
            place.told(hand)
        else:
            self._wanted[loan].set_result(hand)

    def _orphaned(self) -> None:
        """The process that lends is gone, and this one is about to be; where the system does not see to it, here."""
        if not self._is_closed:
            os.kill(os.getpid(), signal.SIGTERM)


class _Asked(Place):
    """A place with the process that lends."""

    def __init__(self, told: Told) -> None:
        self.told = told


def _short(client: str) -> str:
    """A client's name, of bounded length."""
    return client if len(client) <= _LONGEST else blake2b(client.encode("utf-8", "replace"), digest_size=16).hexdigest()
