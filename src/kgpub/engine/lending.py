"""The one crew of a site lends its workers to several processes that serve, one question at a time.

So the queue, its fairness and each client's share hold for the whole site, whichever process a request comes to. What
is lent is the socket itself: questions and answers go between the process and the worker directly. Messages of a
process that serves (all begin with a word):

``take LOAN CLIENT KEY SHARE CHECK`` · ``free LOAN MEMORY``, the worker can take the next question · ``kill LOAN`` ·
``lost LOAN``, it has died · ``drop LOAN``, nobody waits for it any more · ``deadly KEY GENERATION``, over which
question it died · ``done CLIENT``, the client's share is given back.

Answers: ``lent LOAN NUMBER GENERATION SCRATCH`` with the socket, which the process keeps; ``again LOAN NUMBER SAME``,
one whose socket it has, and whether nobody else has asked it since; ``refused LOAN REFUSAL``; ``gone NUMBER``, that
socket is of no use any more; ``outage GENERATION``.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kgpub.engine.channel import Channel
from kgpub.engine.crew import Crew
from kgpub.engine.frames import packed
from kgpub.engine.hand import Hand, Nobody
from kgpub.engine.workers import Wanted
from kgpub.errors import KgpubError


@dataclass(frozen=True)
class _Lent(Nobody):
    """What is lent for which question; in place of an answer, since whoever listens to the worker does it elsewhere."""

    hand: Hand
    wanted: Wanted


class Account:
    """What one process that serves has of the crew; all of it comes back when the process is gone."""

    def __init__(self, crew: Crew, channel: Channel, changed: Callable[[], None]) -> None:
        """Lend to the process at the other end; ``changed`` is called whenever the crew's figures may have."""
        self._crew, self._channel, self._changed = crew, channel, changed
        self._lent: dict[int, _Lent] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._shares: Counter[str] = Counter()
        self._known: set[Hand] = set()
        """Whose socket the process has."""
        crew.on_gone.add(self._forget)

    def obey(self, message: list[Any]) -> bool:  # Any: what json.loads gives
        """Do what a message says; False where it is none of those."""
        word, *said = message
        verbs: dict[str, Callable[..., object]] = {  # each takes what the message says
            "take": self._take,
            "free": self._free,
            "kill": self._kill,
            "lost": self._lose,
            "drop": self._drop,
            "deadly": self._crew.cause,
            "done": self._done,
        }
        does = verbs.get(word)
        if does is not None:
            does(*said)
            self._changed()
        return does is not None

    def close(self) -> None:
        """Take everything back: who worked for the process is killed."""
        self._crew.on_gone.discard(self._forget)
        for task in self._tasks.values():
            task.cancel()
        for loan in list(self._lent):
            self._kill(loan)
        for client, number in self._shares.items():
            for _ in range(number):
                self._crew.give_share(client)
        self._shares.clear()
        self._changed()

    def _take(self, loan: int, client: str, key: str, share: int | None, is_check: bool) -> None:  # as it is sent
        wanted = Wanted(client, key, share, is_check)
        if not self._lend(loan, wanted):
            loop = asyncio.get_running_loop()
            self._tasks[loan] = task = loop.create_task(self._wait(loan, wanted))
            task.add_done_callback(lambda _: self._waited(loan))
            loop.call_soon(self._changed)  # by then it waits

    def _lend(self, loan: int, wanted: Wanted) -> bool:
        """Lend a worker if that can be done now; raises nothing, and refuses nobody yet."""
        with suppress(KgpubError):
            self._crew.admit(wanted)
            hand = self._crew.now(wanted)
            if hand is not None:
                self._give(loan, hand, wanted)
                return True
            if wanted.share is not None:
                self._crew.give_share(wanted.client)
        return False

    async def _wait(self, loan: int, wanted: Wanted) -> None:
        """Wait for a worker, and lend it, or refuse; what was given back before it was wanted is heard of by then.

        Nothing of the client's share is taken before this begins, since who goes at once ends it before that.
        """
        try:
            hand = await self._crew.take(wanted)
        except KgpubError as error:
            self._channel.send(["refused", loan, packed(error)])
        else:
            self._give(loan, hand, wanted)

    def _waited(self, loan: int) -> None:
        """Nobody waits by this loan any more."""
        del self._tasks[loan]
        self._changed()

    def _give(self, loan: int, hand: Hand, wanted: Wanted) -> None:
        self._shares[wanted.client] += wanted.share is not None
        hand.listener = self._lent[loan] = _Lent(hand, wanted)
        hand.pause(True)  # what it says from here on is for who has it
        if hand in self._known:
            self._channel.send(["again", loan, hand.number, hand.borrower is self])
        else:
            self._known.add(hand)
            self._channel.send(["lent", loan, hand.number, hand.generation, hand.scratch], hand.descriptor)
        hand.borrower = self

    def _forget(self, hand: Hand) -> None:
        """A worker is no more."""
        if hand in self._known:
            self._known.discard(hand)
            self._channel.send(["gone", hand.number])

    def _drop(self, loan: int) -> None:
        """Nobody waits any more; the worker may be there already."""
        if loan in self._lent:
            wanted = self._lent[loan].wanted
            self._back(loan)
            if wanted.share is not None:
                self._done(wanted.client)
        elif loan in self._tasks:
            self._tasks[loan].cancel()

    def _free(self, loan: int, memory: int) -> None:
        if loan in self._lent:
            self._lent[loan].hand.memory = memory
            self._back(loan)

    def _back(self, loan: int) -> None:
        hand = self._lent.pop(loan).hand
        hand.listener = None
        hand.pause(False)
        self._crew.free(hand)

    def _kill(self, loan: int) -> None:
        lent = self._lent.pop(loan, None)
        if lent is not None:
            self._crew.stop(lent.hand)

    def _lose(self, loan: int) -> None:
        lent = self._lent.get(loan)
        if lent is not None and not self._crew.lives(lent.hand):
            self._channel.send(["outage", lent.hand.generation])
        self._kill(loan)

    def _done(self, client: str) -> None:
        self._shares[client] -= 1
        self._crew.give_share(client)
