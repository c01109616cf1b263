"""The server itself: the application at a socket, behind proxies or not, until it is told to stop."""

import asyncio
import gc
import logging
import signal
import socket
import time
from collections.abc import Callable, Sequence
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kgpub.web import create_app
from kgpub.web.asking import is_news
from kgpub.web.serving import Serving
from kgpub.web.wire import Wire

READY, STOPPING = "READY=1", "STOPPING=1"
"""States as a service manager is told of them (sd_notify(3))."""
KEPT_OPEN = 5
"""Seconds that a connection without a request stays open; a proxy in front must let go of its own sooner."""
_ALLOCATIONS = 10_000
"""Allocations between two collections of garbage; the usual 700 are those of one answer."""
_LOCAL = "unix"
"""The name of a client that comes by a Unix socket and is not named by a proxy."""
_GRACE = 1
"""Seconds in which answers under way may end when the server is told to stop."""


def run(
    serving: Serving,
    listener: socket.socket,
    proxies: Sequence[str],
    tell: Callable[[str], None],
    made: "Callable[[Server], None]" = lambda _: None,
) -> None:
    """Serve at ``listener`` until told to stop; ``tell`` hears of being ready and of stopping (sd_notify(3)).

    ``made`` is given the server before it begins.
    """
    logging.getLogger("kgpub").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").addFilter(is_news)
    config = uvicorn.Config(
        behind(create_app(serving), proxies),
        http=Wire,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # ``behind`` does it
        timeout_keep_alive=KEPT_OPEN,
        timeout_graceful_shutdown=_GRACE,
    )
    gc.freeze()  # what is here now stays, so that no collection has to look at it while a visitor waits
    gc.set_threshold(_ALLOCATIONS)
    gc.enable()
    server = Server(config, tell, serving)
    made(server)
    server.run(sockets=[listener])


def behind(app: ASGIApp, proxies: Sequence[str]) -> ASGIApp:
    """The application as it sees who asks: whom a trusted proxy names in ``X-Forwarded-For``.

    Trusted are these addresses and networks, and whoever may connect to a Unix socket. Of several names the last one
    that is no trusted proxy's counts, since what stands before it anyone can have written.
    """
    inner = ProxyHeadersMiddleware(app, [_LOCAL, *proxies])  # type: ignore[arg-type] # uvicorn's own types of the same

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        if not proxies and scope.get("client"):
            await app(scope, receive, send)  # nobody to believe
            return
        is_nameless = scope["type"] == "http" and not scope.get("client")
        known = {**scope, "client": (_LOCAL, 0)} if is_nameless else scope
        await inner(known, receive, send)  # type: ignore[arg-type] # uvicorn's own types of the same

    return named


class Server(uvicorn.Server):
    """A server that says when it is ready and when it stops, and may take in what connects to another one's socket."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[str], None], serving: Serving) -> None:
        """``tell`` hears of it; ``serving`` says so of itself while it stops, and has the settings."""
        super().__init__(config)
        self._tell, self._serving = tell, serving
        self._end: float | None = None
        self._adopted: dict[int, asyncio.AbstractServer] = {}

    async def adopt(self, row: int, listener: socket.socket) -> None:
        """Take in what connects to the socket of another process, by its number."""

        def protocol() -> asyncio.Protocol:
            return Wire(self.config, self.server_state, self.lifespan.state)

        self.release(row)
        self._adopted[row] = taken = await asyncio.get_running_loop().create_server(protocol, sock=listener)
        if self.should_exit:
            taken.close()

    def release(self, row: int) -> None:
        """Leave that socket to its own process again."""
        taken = self._adopted.pop(row, None)
        if taken is not None:
            taken.close()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; told so for the first time by SIGTERM, only after ``[server] drain``."""
        drain = self._serving.now.site.server.drain
        if sig == signal.SIGTERM and drain and self._end is None and not self.should_exit:
            self._end = time.monotonic() + drain
            self._serving.is_stopping = True
            return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """See what there is to do, ten times a second; whether to stop."""
        if self._end is not None and time.monotonic() >= self._end:
            super().handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._tell(READY)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take in nothing more, and end."""
        self._tell(STOPPING)
        for row in list(self._adopted):
            self.release(row)
        await super().shutdown(sockets)
