"""Connections as they are on the wire: heads of a bounded size and in bounded time, answers in as few sends as can be.

The parser takes a head of any length, and the server waits for it for ever; the head and the body of an answer would
go out one by one. All of that is mended here, below the application.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

AT_ONCE = "kgpub.at_once"
"""The key of the application's state that holds what answers without the application, an ``AtOnce``."""
BEGIN = "kgpub.begin"
"""The key of the application's state that holds what begins answers without the application, a ``Begin``."""

MOST_HEAD = 131_072
"""Most bytes that the head of a request is read for: twice the longest query in an address, and room for fields."""
PATIENCE = 20.0
"""Seconds in which a connection has to bring the whole head of its first request, or of the next once that began."""
_HELD = 65_536
_WHOLE = 16_384
"""Bytes that are not copied to be sent in one go."""
_LINGERING = 1.0
_END = b"\r\n\r\n"
"""What ends a head."""

_NO_HOST = "a request of HTTP/1.1 names one host (RFC 9112 section 3.2)"
_TOO_LARGE = "431 Request Header Fields Too Large"
_TOO_SLOW = "408 Request Timeout"


class Ready(Protocol):
    """An answer that is ready to be sent: the fields as they go over the wire, and the body."""

    @property
    def status(self) -> int:
        """200, 303 or 304."""

    @property
    def lines(self) -> bytes:
        """The fields, and the empty line behind them."""

    @property
    def body(self) -> bytes:
        """What comes after them."""


AtOnce = Callable[[str, bytes, bytes, dict[bytes, bytes]], Ready | None]
"""Answers a GET by client, path, query and fields, or leaves it to the application."""


class Coming(Protocol):
    """An answer that was begun without the application, and is not ready yet."""

    def give_to(self, scope: Scope) -> None:
        """Have the application that is asked with this scope go on with it."""

    def drop(self) -> None:
        """The client has gone."""


Begin = Callable[[str, bytes, bytes, dict[bytes, bytes], Callable[[Ready | None], None]], Coming | None]
"""Begins to answer a GET, as ``AtOnce``, and tells the answer soon, or that the application has to go on: None."""

_STATUS_LINES = {
    200: b"HTTP/1.1 200 OK\r\n",
    303: b"HTTP/1.1 303 See Other\r\n",
    304: b"HTTP/1.1 304 Not Modified\r\n",
}
_LEFT_TO_THE_APPLICATION = frozenset(
    (b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"x-forwarded-for")
)
"""Fields that mean a body, another protocol, or another client than the one that is connected."""


class Wire(HttpToolsProtocol):
    """A connection that speaks HTTP/1.1 (RFC 9112)."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base has it
        """Begin, and do not wait for ever."""
        super().connection_made(Corked(transport, self.loop))
        self._head = 0
        self._is_head = True
        self._is_refused = False
        self._is_answered = False
        self._at_once: AtOnce | None = self.app_state.get(AT_ONCE)
        self._begin: Begin | None = self.app_state.get(BEGIN)
        self._coming: Coming | None = None
        self._is_alone = False
        self._told: object = None
        self._told_lines = b""
        self._rested: float | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._client = self.client[0] if self.client else ""
        self._timer: asyncio.TimerHandle | None = self.loop.call_later(PATIENCE, self._expire)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting()
        if self._resting is not None:
            self._resting.cancel()
        if self._coming is not None:
            self._coming.drop()
            self._coming = None
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End once what is asked for is answered."""
        self._go_on()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head that goes on for too long is refused (RFC 6585 section 5)."""
        if self._is_refused:
            return
        self._go_on()
        self._head += len(data)
        self._is_alone = data.find(_END) == len(data) - len(_END)
        super().data_received(data)
        if not self._is_head or self.transport.is_closing():
            return
        if self._head > MOST_HEAD:
            self._refuse(_TOO_LARGE)
        elif self._timer is None and self._has_begun():
            self._timer = self.loop.call_later(PATIENCE, self._expire)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._is_head = True
        self._is_answered = False

    def on_headers_complete(self) -> None:
        """It is whole."""
        self._is_head = False
        self._stop_waiting()
        fields = dict(self.headers)
        is_single = len(fields) == len(self.headers)
        hosts = b"host" in fields if is_single else sum(name == b"host" for name, _ in self.headers)
        if hosts != 1 and self.parser.get_http_version() == "1.1":
            raise ValueError(_NO_HOST)
        if not is_single or not self._answer_at_once(fields):
            self._rested = None
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole; what comes now is another head."""
        if not self._is_answered:
            super().on_message_complete()
        self._head = 0

    def _answer_at_once(self, fields: dict[bytes, bytes]) -> bool:
        """Answer from the cache without the application, if nothing stands against it; whether it was done.

        Answers go out in the order of the requests, and none while the other side does not read.
        """
        if self._at_once is None or self._is_answering() or self.pipeline or self.flow.write_paused:
            return False
        path, _, query = self.url.partition(b"?")
        if (
            self.parser.get_method() != b"GET"
            or not self.parser.should_keep_alive()
            or self.parser.get_http_version() != "1.1"
            or path[:1] != b"/"
            or b"#" in self.url
            or not _LEFT_TO_THE_APPLICATION.isdisjoint(fields)
            or not self._client
        ):
            return False
        ready = self._at_once(self._client, path, query, fields)
        if ready is not None:
            self._is_answered = True
            self._send(ready)
            return True
        self._rested = None
        if query and self._begin is not None and self._is_alone:
            self._coming = self._begin(self._client, path, query, fields, self._come)
            self._is_answered = self._coming is not None
        return self._is_answered

    def _come(self, ready: Ready | None) -> None:
        """An answer that was begun has come, or the application has to go on with it."""
        if ready is None:
            self._go_on()
        else:
            self._coming = None
            self._send(ready)

    def _go_on(self) -> None:
        """Have the application go on with what was begun without it, if anything was."""
        coming, self._coming = self._coming, None
        if coming is not None:
            self._is_answered = False
            super().on_headers_complete()  # the parser has seen no byte since
            coming.give_to(cast("Scope", self.scope))
            super().on_message_complete()

    def _send(self, ready: Ready) -> None:
        """Send an answer that is ready."""
        fields = self.server_state.default_headers
        if fields is not self._told:  # another list each second, since the date is in it
            self._told, self._told_lines = fields, b"".join([b"%b: %b\r\n" % pair for pair in fields])
        head = b"%b%b%b" % (_STATUS_LINES[ready.status], self._told_lines, ready.lines)
        self.transport.writelines((head, ready.body))
        self.server_state.total_requests += 1
        self._rest()

    def _rest(self) -> None:
        """Hang up when nothing comes for a while; a timer that runs already is left to find out how long that was."""
        self._rested = self.loop.time()
        if self._resting is None:
            self._resting = self.loop.call_later(self.timeout_keep_alive, self._wake)

    def _wake(self) -> None:
        self._resting = None
        if self._rested is None or self._is_answering() or self._has_begun() or self.transport.is_closing():
            return  # the application was asked since, and keeps the time; or a head is coming, which has its own
        left = self._rested + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._resting = self.loop.call_later(left, self._wake)
        else:
            self.transport.close()

    def _has_begun(self) -> bool:
        """Whether some of a head is there, and not all."""
        return self._head > 0

    def _is_answering(self) -> bool:
        """Whether an answer is under way."""
        return self.cycle is not None and not self.cycle.response_complete

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        if not self._is_head or self._is_answering() or self.transport.is_closing():
            return  # what comes after an answer is waited for no longer than a next request is
        if self._has_begun() and not self._is_refused:
            self._refuse(_TOO_SLOW)
        else:
            self.transport.close()

    def _refuse(self, status: str) -> None:
        """Say why, and hang up: what else comes on this connection cannot be understood.

        While an answer is under way nothing can be said within it, so that is broken off. Else what comes is read past
        for a moment: a reset would make the refusal be lost (RFC 9112 section 9.6).
        """
        self._is_refused = True
        self._stop_waiting()
        if self._is_answering():
            self.transport.abort()
            return
        head = f"HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        body = f"{status}\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode("ascii"))
        self.transport.write_eof()
        self._timer = self.loop.call_later(_LINGERING, self._expire)


class Corked(asyncio.Transport):
    """A transport that sends in one go what is written within one turn of the event loop."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Send through ``transport``."""
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes | bytearray | memoryview] = []
        self._size = 0
        # what need not pass through here
        self.get_extra_info = transport.get_extra_info  # type: ignore[method-assign] # the same, without a step between
        self.is_closing = transport.is_closing  # type: ignore[method-assign] # the same

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send these bytes soon; at once when many wait, so that the other's pressure is felt in time."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _HELD:
            self._flush()

    def writelines(self, parts: Iterable[bytes | bytearray | memoryview]) -> None:
        """Send these bytes together: at once where nothing waits before them."""
        parts = tuple(parts)
        if not self._parts:
            if sum(map(len, parts)) < _WHOLE:
                self._transport.write(b"".join(parts))
            else:
                self._transport.writelines(parts)
            return
        for part in parts:
            self.write(part)

    def close(self) -> None:
        """Send what waits, then close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once; what waits is lost, as it would be in the network."""
        self._parts.clear()
        self._transport.abort()

    def write_eof(self) -> None:
        """Send what waits, then say that no more comes."""
        self._flush()
        self._transport.write_eof()

    def can_write_eof(self) -> bool:
        """Whether ``write_eof`` can be done."""
        return self._transport.can_write_eof()

    def get_write_buffer_size(self) -> int:
        """Bytes that wait, here and below."""
        return self._size + self._transport.get_write_buffer_size()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Pass it on."""
        self._transport.set_write_buffer_limits(high, low)

    def pause_reading(self) -> None:
        """Pass it on."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Pass it on."""
        self._transport.resume_reading()

    def is_reading(self) -> bool:
        """Pass it on."""
        return self._transport.is_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Pass it on."""
        self._transport.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Pass it on."""
        return self._transport.get_protocol()

    def _flush(self) -> None:
        if not self._parts:
            return
        parts, self._parts, self._size = self._parts, [], 0
        if self._transport.is_closing():
            return
        self._transport.write(parts[0] if len(parts) == 1 else b"".join(parts))
