"""Connections that dawdle, go on for ever, or do not read: each is let go of, and answers go out in one piece."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from kgpub.web import wire
from kgpub.web.wire import Corked, Wire

PIECE = b"x" * 65_536
PIECES = 2_000
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


class App:
    """Answers with what it was sent, or with more than anyone wants, and counts the pieces that it got rid of."""

    def __init__(self) -> None:
        self.sent = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/much":
            for _ in range(PIECES):
                await send({"type": "http.response.body", "body": PIECE, "more_body": True})
                self.sent += 1
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served(app: App) -> AsyncIterator[int]:
    config = uvicorn.Config(app, http=Wire, ws="none", lifespan="off")
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Wire(config, state, {}), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for connection in list(state.connections):
            assert isinstance(connection, Wire)
            connection.transport.abort()
        await asyncio.gather(*state.tasks, return_exceptions=True)


async def answered(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """All that comes back on one connection, which the server may reset while the rest is being sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    whole = bytearray()

    async def read() -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(65_536):
                whole.extend(piece)

    reading = asyncio.create_task(read())
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    await asyncio.wait_for(reading, 20)
    writer.transport.abort()
    return bytes(whole)


CASES: dict[str, tuple[tuple[bytes, ...], float, bytes]] = {
    "nothing is sent": ((), 0, b""),
    "half a head": ((HEAD,), 0, b"HTTP/1.1 408 "),
    "a head by the byte": (tuple(bytes([one]) for one in HEAD), 0.05, b"HTTP/1.1 408 "),
    "no end of one field": ((HEAD + b"X: " + b"y" * 300_000,), 0, b"HTTP/1.1 431 "),
    "no end of fields": ((HEAD + b"X: y\r\n" * 50_000,), 0, b"HTTP/1.1 431 "),
    "no end of an address": ((b"GET /" + b"y" * 300_000,), 0, b"HTTP/1.1 431 "),
    "no host": ((b"GET / HTTP/1.1\r\n\r\n",), 0, b"HTTP/1.1 400 "),
    "two hosts": ((HEAD + b"Host: y\r\n\r\n",), 0, b"HTTP/1.1 400 "),
    "an older version without a host": ((b"GET / HTTP/1.0\r\n\r\n",), 0, b"HTTP/1.1 200 "),
    "a slow body": (
        (b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n", b"a", b"b", b"c"),
        0.3,
        b"HTTP/1.1 200 ",
    ),
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.5)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", CASES)
def test_a_connection(name: str) -> None:
    parts, pause, expected = CASES[name]

    async def run() -> bytes:
        async with served(App()) as port:
            return await answered(port, *parts, pause=pause)

    answer = asyncio.run(run())
    assert answer[: len(expected)] == expected
    assert bool(answer) == bool(expected)


@pytest.mark.usefixtures("impatient")
def test_the_next_request_is_waited_for_only_once_it_began() -> None:
    async def run() -> bytes:
        async with served(App()) as port:
            return await answered(port, HEAD + b"\r\n", HEAD, pause=1.0)

    answer = asyncio.run(run())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1 408 ") == 1


def test_requests_in_a_row_are_answered_in_order() -> None:
    posts = [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n%s\r\n%c" % (more, number)
             for number, more in ((b"a", b""), (b"b", b""), (b"c", b"Connection: close\r\n"))]  # fmt: skip

    async def run() -> bytes:
        async with served(App()) as port:
            return await answered(port, b"".join(posts))

    bodies = [part.split(b"\r\n0\r\n")[0][-1:] for part in asyncio.run(run()).split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"a", b"b", b"c"]


NEXT = {
    "a next head that dawdles is waited for": (HEAD, True),
    "a next head without end breaks it off": (HEAD + b"X: " + b"y" * 300_000, False),
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", NEXT)
def test_nothing_is_said_within_an_answer(name: str) -> None:
    """An answer waits to be read while the next head comes; whatever comes of that, no refusal stands in the body."""
    following, is_whole = NEXT[name]

    async def run() -> bytes:
        async with served(App()) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_024)
            writer.write(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(0.2)
            writer.write(following)
            await asyncio.sleep(1.5)  # longer than the patience; nothing is read
            whole = bytearray()
            with suppress(ConnectionError):
                while piece := await asyncio.wait_for(reader.read(1 << 20), 20):
                    whole += piece
            writer.transport.abort()
            return bytes(whole)

    answer = asyncio.run(run())
    assert b"HTTP/1.1 4" not in answer
    assert answer.endswith(b"\r\n0\r\n\r\n") is is_whole


def test_who_does_not_read_holds_little() -> None:
    async def run() -> int:
        app = App()
        async with served(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_024)
            writer.write(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
            sent = -1
            while sent != app.sent or not sent:  # until it stands still
                sent = app.sent
                await asyncio.sleep(0.2)
            await reader.read(100)
            writer.transport.abort()
        return sent

    assert asyncio.run(run()) < PIECES // 2  # what the sockets of this machine hold, and not much more


class Transport(asyncio.Transport):
    """Remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.told.append(bytes(data))

    def close(self) -> None:
        self.told.append("close")

    def abort(self) -> None:
        self.told.append("abort")

    def write_eof(self) -> None:
        self.told.append("eof")

    def is_closing(self) -> bool:
        return "close" in self.told


async def one_turn(corked: Corked) -> None:
    corked.write(b"a")
    corked.write(b"b")
    await asyncio.sleep(0)
    corked.writelines([b"c", b"d"])
    await asyncio.sleep(0)


async def much(corked: Corked) -> None:
    corked.write(PIECE)
    corked.write(b"a")


async def closing(corked: Corked) -> None:
    corked.write(b"a")
    corked.close()
    corked.write(b"lost")


async def aborting(corked: Corked) -> None:
    corked.write(b"lost")
    corked.abort()


async def half_closing(corked: Corked) -> None:
    corked.write(b"a")
    corked.write_eof()


Case = tuple[Callable[[Corked], Coroutine[None, None, None]], list[bytes | str]]
WRITES: list[Case] = [
    (one_turn, [b"ab", b"cd"]),
    (much, [PIECE, b"a"]),
    (closing, [b"a", "close"]),
    (aborting, ["abort"]),
    (half_closing, [b"a", "eof"]),
]


@pytest.mark.parametrize(("case", "told"), WRITES, ids=[case.__name__ for case, _ in WRITES])
def test_what_is_written_in_a_turn_goes_out_together(
    case: Callable[[Corked], Coroutine[None, None, None]], told: list[bytes | str]
) -> None:
    async def run() -> list[bytes | str]:
        below = Transport()
        await case(Corked(below, asyncio.get_running_loop()))
        await asyncio.sleep(0)
        return below.told

    assert asyncio.run(run()) == told
