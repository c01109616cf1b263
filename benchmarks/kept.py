"""Many connections that are kept, in one thread and at little cost, so that what is measured is the server."""

import asyncio
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlencode

_END_OF_HEAD = b"\r\n\r\n"
_WITHOUT_BODY = (204, 304)
_LOCATION = re.compile(rb"\r\nlocation:[ \t]*(?:https?://[^/\r]+)?(/[^\r]*)", re.IGNORECASE)


class Broken(Exception):
    """The connection ended before the answer did."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the head in small letters, the pieces of the body, and seconds it took."""

    status: int
    head: bytes
    pieces: tuple[bytes, ...]
    seconds: float = 0.0
    location: str = ""
    """The path that a redirect leads to, as it was written."""

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return sum(map(len, self.pieces))

    @property
    def body(self) -> bytes:
        """The body whole."""
        return b"".join(self.pieces)


@dataclass(frozen=True)
class Sample:
    """An answer that was read and let go: seconds it took, bytes of its body."""

    seconds: float
    size: int


class Reading:
    """One answer while its bytes come in (RFC 9112 section 6)."""

    def __init__(self) -> None:
        self._raw = bytearray()
        self._head = b""
        self._next = 0
        self._length: int | None = None
        self._location = ""
        self._pieces: list[bytes] = []

    def add(self, data: bytes) -> Answer | None:
        """Take the next bytes; the answer, once it is whole. Raises ``ValueError`` for what is no HTTP."""
        self._raw += data
        if not self._head and not self._read_head():
            return None
        whole = self._read_chunks() if self._length is None else self._read_length(self._length)
        return Answer(int(self._head[9:12]), self._head, tuple(self._pieces), 0.0, self._location) if whole else None

    def _read_head(self) -> bool:
        end = self._raw.find(_END_OF_HEAD)
        if end < 0:
            return False
        head = bytes(self._raw[: end + 2])
        self._head = head.lower()
        if found := _LOCATION.search(head):
            self._location = found[1].decode("latin-1")
        self._next = end + len(_END_OF_HEAD)
        if b"\r\ntransfer-encoding: chunked\r\n" not in self._head:
            given = self._head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            if not given and int(self._head[9:12]) not in _WITHOUT_BODY:
                raise ValueError(f"an answer without a length: {self._head!r}")
            self._length = int(given or b"0")
        return True

    def _read_length(self, length: int) -> bool:
        if len(self._raw) < self._next + length:
            return False
        self._pieces.append(bytes(self._raw[self._next :]))
        return True

    def _read_chunks(self) -> bool:
        """Whether the chunk of no length, which is the last one, is here with the line that follows it."""
        while (end := self._raw.find(b"\r\n", self._next)) >= 0:
            size = int(self._raw[self._next : end].partition(b";")[0], 16)
            following = end + 2 + size + 2
            if len(self._raw) < following:
                return False
            if size == 0:
                return True
            self._pieces.append(bytes(self._raw[end + 2 : end + 2 + size]))
            self._next = following
        return False


class Kept(asyncio.Protocol):
    """A connection that is kept, for one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reading = Reading()
        self._answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write to."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does all of it without being one

    def data_received(self, data: bytes) -> None:
        """Hand the answer over when it is whole."""
        if self._answer is None or self._answer.done():
            return
        try:
            answer = self._reading.add(data)
        except ValueError as error:
            self._answer.set_exception(Broken(str(error)))
            return
        if answer is not None:
            self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Broken(f"the connection ended: {exc}"))

    @property
    def is_open(self) -> bool:
        """Whether another request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> Answer:
        """Send a request and wait for the whole answer; raises ``Broken``."""
        if self._transport is None:
            raise Broken("the connection ended")
        self._reading = Reading()
        self._answer = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        self._transport.write(request)
        answer = await self._answer
        return replace(answer, seconds=time.perf_counter() - begun)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def connect(port: int, source: str = "127.0.0.1") -> Kept:
    """A connection to a port of the loopback interface, from an address of that interface."""
    loop = asyncio.get_running_loop()
    _, kept = await loop.create_connection(Kept, "127.0.0.1", port, local_addr=(source, 0))
    return kept


def request(path: str, parameters: Sequence[tuple[str, str]] = (), accept: str = "*/*") -> bytes:
    """A request by GET as it goes over the wire."""
    address = f"{path}?{urlencode(parameters)}" if parameters else path
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode()


async def ask_for(seconds: float, connections: Sequence[Kept], requests: Iterator[bytes]) -> list[Sample]:
    """Ask over several connections at once, each with its next request as soon as it has its answer, and at least once.

    Raises ``RuntimeError`` for an answer with another status than 200.
    """
    end = time.perf_counter() + seconds
    samples: list[Sample] = []

    async def go(kept: Kept) -> None:
        while True:
            asked = next(requests)
            answer = await kept.ask(asked)
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {asked[:500]!r} {answer.body[:500]!r}")
            samples.append(Sample(answer.seconds, answer.size))
            if time.perf_counter() >= end:
                return

    await asyncio.gather(*(go(kept) for kept in connections))
    return samples


def percentiles(seconds: Sequence[float], wanted: Sequence[int] = (50, 99)) -> Mapping[int, float]:
    """Percentiles by nearest rank, in milliseconds."""
    ordered = sorted(seconds)
    return {p: ordered[max(0, -(-p * len(ordered) // 100) - 1)] * 1000 for p in wanted}
