"""One of several processes that serve a site: with its part of what they have together, told of what concerns all."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kgpub.engine.borrowing import Borrowed
from kgpub.settings import Settings
from kgpub.web.processes import Figures
from kgpub.web.running import Server, run
from kgpub.web.serving import LOOK_EVERY, Serving, Share

LOOK, ADOPT, RELEASE = "look", "adopt", "release"
"""Look for another snapshot; take in what connects to the socket of another one (its number, and the socket), which is
not there; leave that alone again."""


@dataclass(frozen=True)
class Part:
    """What one process is given: settings, how they are read anew, its socket, trusted proxies, its row of figures."""

    site: Settings
    reload: Callable[[], Settings]
    listener: socket.socket
    proxies: Sequence[str]
    figures: Figures
    row: int


def serve(part: Part, end: socket.socket) -> None:
    """Serve until told to stop; ``end`` leads to the process that looks after this one."""
    ear = _Ear()
    part.figures.sit(part.row)
    workers = Borrowed(end, part.site.sparql.memory, part.figures.crew, ear.hear)
    share = Share(workers, part.figures, ear.rung)
    serving = Serving(_divided(part.site), lambda: _divided(part.reload()), share)
    run(serving, part.listener, part.proxies, workers.say, ear.listen_for)


def _divided(site: Settings) -> Settings:
    """The settings as one of the processes has them: its part of what the site may keep in memory."""
    number = site.server.workers
    pages = site.pages.model_copy(update={"cache": site.pages.cache // number})
    sparql = site.sparql.model_copy(update={"cache": site.sparql.cache // number})
    return site.model_copy(update={"pages": pages, "sparql": sparql})


class _Ear:
    """Hears what the process says that looks after this one."""

    def __init__(self) -> None:
        self._rings = asyncio.Event()
        self._server: Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def listen_for(self, server: Server) -> None:
        """Act for this server."""
        self._server = server

    def hear(self, message: list[Any], descriptor: int | None) -> None:  # Any: what json.loads gives
        """Do what is said."""
        word, *said = message
        if word == LOOK:
            self._rings.set()
        elif self._server is not None and word == ADOPT and descriptor is not None:
            task = asyncio.get_running_loop().create_task(self._server.adopt(said[0], socket.socket(fileno=descriptor)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif self._server is not None and word == RELEASE:
            self._server.release(said[0])

    async def rung(self, has_failed: bool) -> None:
        """Wait until it is time to look for a switch; after a failure only for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY if has_failed else None):
                await self._rings.wait()
        self._rings.clear()
