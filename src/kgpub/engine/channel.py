"""Messages between two processes of one server: JSON, each whole, an open descriptor beside it where there is one.

Both ends are ours and of one event loop each; what does not fit into the socket waits here, in order.
"""

import asyncio
import json
import os
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

MOST = 16_384
"""Most bytes of a message."""

Take = Callable[[list[Any], int | None], None]  # Any: what json.loads gives


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends that keep messages apart; raises ``OSError``."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


class Channel:
    """One end."""

    def __init__(self, end: socket.socket, take: Take, on_lost: Callable[[], None]) -> None:
        """``take`` gets each message with its descriptor, which is then its own; ``on_lost`` that nobody is there."""
        end.setblocking(False)
        self._end, self._take, self._on_lost = end, take, on_lost
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: deque[tuple[bytes, int | None]] = deque()

    def open(self) -> None:
        """Take messages in the event loop that runs; nothing happens where that is done, or over, already."""
        if self._loop is not None or self._end.fileno() < 0:
            return
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._end.fileno(), self._read)

    def send(self, message: list[object], descriptor: int | None = None) -> None:
        """Send a message; the descriptor stays the caller's. Who is not there any more hears nothing."""
        if self._end.fileno() < 0:
            return
        body = json.dumps(message).encode()
        if not self._waiting:
            try:
                self._write(body, descriptor)
                return
            except BlockingIOError:
                if self._loop is not None:
                    self._loop.add_writer(self._end.fileno(), self._flush)
            except OSError:
                return
        self._waiting.append((body, None if descriptor is None else os.dup(descriptor)))

    def close(self) -> None:
        """Hang up."""
        if self._end.fileno() < 0:
            return
        if self._loop is not None:
            self._loop.remove_reader(self._end.fileno())
            self._loop.remove_writer(self._end.fileno())
        self._end.close()
        while self._waiting:
            _close(self._waiting.popleft()[1])

    def _write(self, body: bytes, descriptor: int | None) -> None:
        if descriptor is None:
            self._end.send(body)  # costs less than with room for descriptors
        else:
            socket.send_fds(self._end, [body], [descriptor])

    def _flush(self) -> None:
        """Send what waits, as far as it goes."""
        assert self._loop is not None
        with suppress(BlockingIOError):
            while self._waiting:
                body, descriptor = self._waiting[0]
                with suppress(ConnectionError):  # nobody is there any more, which the other side of this end finds out
                    self._write(body, descriptor)
                _close(descriptor)
                self._waiting.popleft()
            self._loop.remove_writer(self._end.fileno())

    def _read(self) -> None:
        """Take the messages that are there."""
        while self._end.fileno() >= 0:
            try:
                body, descriptors, _, _ = socket.recv_fds(self._end, MOST, 1)
            except BlockingIOError:
                return
            except OSError:
                body, descriptors = b"", []
            if not body:
                self.close()
                self._on_lost()
                return
            self._take(json.loads(body), descriptors[0] if descriptors else None)


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)
