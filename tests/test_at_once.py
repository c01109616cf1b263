"""Answers out of the cache, sent before the application is asked: the same bytes, in order, and no faster than read."""

import asyncio
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from conftest import BASE, write_site
from kgpub.web import observe
from kgpub.web.wire import AT_ONCE, Wire
from running import running
from wires import HEAD, talk

TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n[log]\naccess = "access.log"\n'
FILES = {"data/a.ttl": "".join(f'<id/a> <ns/p> "{number}", <id/b{number}> .\n' for number in range(40))}


class Site(NamedTuple):
    """A site in service: its folder, and its port."""

    folder: Path
    port: int


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = write_site(tmp_path_factory.mktemp("once"), FILES, TOML)
    with running(folder) as address:
        yield Site(folder, urlsplit(address).port or 0)


SAME = {
    "a page": (b"/id/a.ka.html", b""),
    "a page for a browser": (b"/id/a.ka.html", b"Connection: keep-alive\r\nAccept-Encoding: gzip, br, zstd\r\n"),
    "a document": (b"/id/a.ttl", b""),
    "an address that negotiates its language": (b"/id/a.html", b"Accept-Language: en\r\n"),
    "an escaped address": (b"/id/%61.ttl", b""),
    "parameters": (b"/-/classes?lang=ka", b""),
    "an empty query": (b"/id/a.ttl?", b""),
    "another one's name": (b"/id/a.ttl", b"X-Forwarded-For: 192.0.2.1\r\n"),
    "a body": (b"/id/a.ttl", b"Content-Length: 0\r\n"),
    "a field twice": (b"/id/a.ttl", b"X: 1\r\nX: 2\r\n"),
    "a condition that fails": (b"/id/a.ttl", b'If-Match: "x"\r\n'),
    "a condition that is met": (b"/id/a.ttl", b'If-None-Match: "x"\r\n'),
    "a thing's own address": (b"/id/a", b"Accept: text/turtle\r\n"),
    "a thing's own address, for people": (b"/id/a", b"Accept: text/html\r\n"),
    "a condition on what leads elsewhere": (b"/id/a", b'If-None-Match: *\r\nIf-Match: "x"\r\n'),
    "a profile": (b"/id/a?_profile=labels", b""),
    "whatever there is": (b"/id/a.ttl", b"If-None-Match: *\r\n"),
}


@pytest.mark.parametrize("name", SAME)
def test_the_second_answer_is_the_first(site: Site, name: str) -> None:
    request = HEAD % SAME[name]
    alone = talk(site.port, request)
    assert talk(site.port, request, request) == alone * 2


def test_what_the_client_has_is_not_sent_again(site: Site) -> None:
    ((_, fields, _),) = talk(site.port, HEAD % (b"/id/a.ka.html", b""))
    tag = re.search(rb'etag: ("[^"]+")', fields)
    assert tag is not None
    for known in (tag[1], b"W/" + tag[1], b'"x", ' + tag[1]):
        ((status, told, body),) = talk(site.port, HEAD % (b"/id/a.ka.html", b"If-None-Match: %b\r\n" % known))
        assert (status, body) == (304, b"")
        assert b"etag: " + tag[1] in told
        assert b"content-length" not in told


def test_answers_come_in_the_order_of_the_requests(site: Site) -> None:
    talk(site.port, HEAD % (b"/id/a.ttl", b""))
    paths = [b"/id/a.ttl", b"/id/b1.ttl", b"/id/a.ttl", b"/id/none.ttl", b"/id/a.ttl", b"/id/b2.ttl"]
    answers = talk(site.port, *(HEAD % (path, b"Accept-Language: xx\r\n") for path in paths))
    alone = [talk(site.port, HEAD % (path, b"Accept-Language: xx\r\n"))[0] for path in paths]
    assert [one[0] for one in answers] == [200, 200, 200, 404, 200, 200]
    assert [one[2] for one in answers] == [one[2] for one in alone]


def test_the_log_tells_of_every_answer(site: Site) -> None:
    path = b"/id/b7.nt"
    talk(site.port, *[HEAD % (path, b"")] * 3)
    talk(site.port, HEAD % (b"/-/metrics", b""))
    told: list[str] = []
    end = time.monotonic() + 30
    while len(told) < 3 and time.monotonic() < end:  # lines are written a moment later
        talk(site.port, HEAD % (b"/-/health", b""))
        told = [line for line in (site.folder / "access.log").read_text().splitlines() if path.decode() in line]
    assert len(told) == 3
    assert len({re.sub(r'"(?:time|ms)": [^,}]+', "", line) for line in told}) == 1


def test_a_line_of_the_log_is_json() -> None:
    asked = observe.Asked('"\\', "GET", b'/x"\xff\\', b"a=%22", ())
    line = observe._line(asked, 200, 5, True, 0.0012)
    assert re.fullmatch(r'\{"time": "[0-9T:.-]{23}\+00:00", "client": "\\"\\\\", .*\}\n', line)
    assert json.loads(line)["path"] == '/x"\xff\\?a=%22'


@pytest.mark.slow
def test_a_connection_on_which_nothing_more_comes_is_ended(site: Site) -> None:
    request = HEAD % (b"/id/a.ttl", b"")
    talk(site.port, request)
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        wire.sendall(request)
        while wire.recv(65_536):
            pass  # until the server hangs up


class Ready(NamedTuple):
    """A large answer."""

    status: int = 200
    lines: bytes = b"content-length: 100000\r\n\r\n"
    body: bytes = b"x" * 100_000


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the cache does, for when the other side does not read."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100000")]})
    await send({"type": "http.response.body", "body": Ready().body})


def test_who_asks_a_thousand_times_and_does_not_read_holds_little() -> None:
    async def run() -> tuple[int, int]:
        config = uvicorn.Config(app, http=Wire, ws="none", lifespan="off")
        config.load()
        state, answered = ServerState(), 0

        def at_once(client: str, path: bytes, query: bytes, fields: dict[bytes, bytes]) -> Ready:
            nonlocal answered
            answered += 1
            return Ready()

        made: list[Wire] = []

        def connection() -> Wire:
            made.append(Wire(config, state, {AT_ONCE: at_once}))
            return made[0]

        server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1], limit=1_024)
        writer.write(HEAD % (b"/", b"") * 1_000)
        before = -1
        while before != state.total_requests or not before:  # until it stands still
            before = state.total_requests
            await asyncio.sleep(0.2)
        held = made[0].transport.get_write_buffer_size()
        whole = 0
        while whole < 1_000 * 100_000:
            whole += len(await asyncio.wait_for(reader.read(1 << 20), 20))
        writer.transport.abort()
        server.close()
        return held, answered

    held, answered = asyncio.run(run())
    assert held < 1_000_000
    assert answered > 1
