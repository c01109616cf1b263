"""What can be asked of the workers that answer strangers' queries, be they one's own (``engine.crew``) or borrowed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from kgpub.engine.hand import Hand
from kgpub.engine.places import Place, Told
from kgpub.errors import KgpubError, QueryTooHeavy

ENDED = "The processes that answer queries were ended."
"""Why there is no answer once a site stops, or all its workers have died."""


@dataclass(frozen=True)
class Wanted:
    """A worker is wanted: by which client, over which question, to read it only or to answer it.

    ``share`` is how many queries of the client may run or wait at a time, None where this one is counted already.
    """

    client: str
    key: str
    share: int | None = None
    is_check: bool = False


class Workers(Protocol):
    """Where a pool has its workers from: all that can be asked of a crew, be it one's own or borrowed from."""

    def start(self) -> None:
        """Begin."""

    async def take(self, wanted: Wanted) -> Hand:
        """A worker that lives; raises ``TooManyRequests``, ``Busy`` or ``QueryTooHeavy``."""
        ...

    def begin(self, wanted: Wanted, told: Told) -> Place | None:
        """Take a place in the queue at once, and the client's share; None where ``take`` has to be asked.

        ``told`` is called with a worker that lives, at once where one is free, or with None: none is to be had.
        """
        ...

    def leave(self, place: Place, client: str) -> None:
        """Give up a place to which no worker came, and the client's share with it."""

    def stop(self, hand: Hand) -> None:
        """Have a worker killed."""

    def cause(self, key: str, generation: int) -> KgpubError:
        """Why a worker of a generation died over a question."""
        ...

    def give_share(self, client: str) -> None:
        """One query of a client is over."""

    async def close(self) -> None:
        """End."""

    @property
    def hands(self) -> Collection[Hand]:
        """The workers that answer queries and can be reached from here."""
        ...

    @property
    def running(self) -> int:
        """Queries that are being answered now, on the whole site."""
        ...

    @property
    def waiting(self) -> int:
        """Queries that wait for a worker, on the whole site."""
        ...

    @property
    def replaced(self) -> int:
        """How many workers were replaced, on the whole site."""
        ...


def too_heavy(memory: int) -> QueryTooHeavy:
    """The refusal of a question over which a worker died; ``memory`` is what one may take, in bytes."""
    most = f"{memory:,} bytes of memory"
    return QueryTooHeavy(f"The query needed more than {most}, or ended the process that answered it.")
