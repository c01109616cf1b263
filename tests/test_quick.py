"""Queries that are answered without the application: the same answers, in the same order, counted once."""

import asyncio
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from conftest import BASE, write_site
from kgpub.web.quick import SOON
from kgpub.web.wire import AT_ONCE, BEGIN, Coming, Ready, Wire
from running import running
from wires import HEAD, talk

TOML = (
    f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'
    '[log]\naccess = "access.log"\n[sparql]\nper_client = 8\nworkers = 2\n'
)
FILES = {"data/a.ttl": "".join(f'<id/a> <ns/p> "{number}", <id/b{number}> .\n' for number in range(40))}
GOOD = "SELECT * { ?s ?p ?o } ORDER BY ?o"
LONGER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) < STR(?f)) }"
HOPELESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
UNUSUAL = b"Range: bytes=0-\r\n"
"""A field that changes nothing of an answer and has the application make it."""


class Site(NamedTuple):
    """A site in service: its folder, and its port."""

    folder: Path
    port: int

    def figure(self, name: str, **labels: str) -> float:
        """One of the site's figures."""
        with urlopen(f"http://127.0.0.1:{self.port}/-/metrics", timeout=30) as answer:
            told = answer.read().decode()
        wanted = "".join(f'(?=[^}}]*{label}="{value}")' for label, value in labels.items())
        found = re.search(rf"^{name}(?:\{{{wanted}[^}}]*\}})? (\S+)$", told, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def lines(self, word: str) -> list[dict[str, object]]:
        """The lines of the log that have a word, once there is one."""
        end = time.monotonic() + 30
        found: list[str] = []
        while not found and time.monotonic() < end:
            talk(self.port, HEAD % (b"/-/health", b""))
            found = [line for line in (self.folder / "access.log").read_text().splitlines() if word in line]
        return [json.loads(line) for line in found]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = write_site(tmp_path_factory.mktemp("quick"), FILES, TOML)
    with running(folder) as address:
        yield Site(folder, urlsplit(address).port or 0)


def address(query: str, more: str = "") -> bytes:
    return f"/sparql?query={quote(query)}{more}".encode()


ACCEPTED = {
    "rows": (GOOD, "", b""),
    "rows as XML": (GOOD, "", b"Accept: application/sparql-results+xml\r\n"),
    "rows as a file": (GOOD, "&format=xlsx", b""),
    "rows, compressed": (GOOD, "", b"Accept-Encoding: gzip\r\n"),
    "rows as CSV, compressed": (GOOD, "&format=csv", b"Accept-Encoding: zstd, br\r\n"),
    "few rows, not compressed": ("ASK { ?s ?p ?o }", "", b"Accept-Encoding: gzip\r\n"),
    "triples": ("CONSTRUCT WHERE { ?s ?p ?o }", "", b""),
    "triples as JSON-LD": ("CONSTRUCT WHERE { ?s ?p ?o }", "", b"Accept: application/ld+json\r\n"),
    "nothing": ("SELECT * { ?s <urn:x> ?o }", "", b""),
    "what is of the moment": ("SELECT (DATATYPE(NOW()) AS ?n) {}", "", b""),
    "a query that is no SPARQL": ("SELECT ?x { ?x", "", b""),
    "an update": ("DROP ALL", "", b""),
    "another server": ("SELECT * { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }", "", b""),
    "an unknown format": (GOOD, "&format=nothing", b""),
    "what is not acceptable": (GOOD, "", b"Accept: image/png\r\n"),
    "the query itself": (GOOD, "&format=rq", b""),
    "a timeout": (GOOD, "&timeout=5", b""),
    "too long a timeout": (GOOD, "&timeout=5000", b""),
    "a dataset": (GOOD, "&default-graph-uri=urn:none", b""),
    "a past release": (GOOD, "&snapshot=0123456789", b""),
    "a key": (GOOD, "", b"X-API-Key: none\r\n"),
    "a condition": (GOOD, "", b"If-None-Match: *\r\n"),
    "one that takes longer": (LONGER, "", b""),
    "a large answer": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", "", b""),
    "an address that is no text": ("%FF", "", b""),
    "a long address": (GOOD + " " * 3_000, "", b""),
}


def parts(answer: tuple[int, bytes, bytes]) -> tuple[int, list[bytes], bytes]:
    """An answer whose fields stand in order, with what is new each time left out."""
    status, fields, body = answer
    return status, sorted(fields.lower().split(b"\r\n")), body if status < 400 else b""


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_answer_is_what_the_application_gives(site: Site, name: str) -> None:
    query, more, fields = ACCEPTED[name]
    path = address(query, more) if query != "%FF" else b"/sparql?query=%FF"
    (quickly,) = talk(site.port, HEAD % (path, fields))
    (slowly,) = talk(site.port, HEAD % (path, fields + UNUSUAL))
    assert parts(quickly) == parts(slowly)


def test_answers_come_in_the_order_of_the_requests(site: Site) -> None:
    queries = [LONGER, *(f"SELECT ({n} AS ?n) {{}}" for n in range(8)), "SELECT ?x {", GOOD]
    alone = [talk(site.port, HEAD % (address(query), b""))[0] for query in queries]
    together = talk(site.port, *(HEAD % (address(query), b"") for query in queries))
    assert [parts(one) for one in together] == [parts(one) for one in alone]


def test_a_request_that_comes_while_another_is_answered_waits_for_it(site: Site) -> None:
    alone = [talk(site.port, HEAD % (address(query), b""))[0] for query in (LONGER, GOOD)]
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(HEAD % (address(LONGER), b""))
        wire.sendall(HEAD % (address(GOOD), b"Connection: close\r\n"))
        whole = b"".join(iter(lambda: wire.recv(65_536), b""))
    assert [whole.find(body) for _, _, body in alone] == sorted(whole.find(body) for _, _, body in alone)
    assert all(body in whole for _, _, body in alone)


def test_more_than_there_are_workers_for_are_answered_in_turn(site: Site) -> None:
    async def one(number: int) -> bytes:
        reading, writing = await asyncio.open_connection("127.0.0.1", site.port)
        writing.write(HEAD % (address(f"SELECT ({number} AS ?n) {{ ?s ?p ?o }}"), b"Connection: close\r\n"))
        whole = await reading.read()
        writing.close()
        return whole

    async def all_of_them() -> list[bytes]:
        found: list[bytes] = []
        for first in range(0, 60, 6):  # as many as one client may have under way
            found += await asyncio.gather(*(one(number) for number in range(first, first + 6)))
        return found

    for number, whole in enumerate(asyncio.run(all_of_them())):
        assert whole.startswith(b"HTTP/1.1 200")
        assert whole.count(b'"value":"%d"' % number) == 80


def test_each_answer_is_counted_and_logged_once(site: Site) -> None:
    before = site.figure("kgpub_requests_total", kind="sparql", status="200")
    query = "SELECT * { VALUES ?once { 1 2 3 4 5 6 7 } }"
    ((status, fields, body),) = talk(site.port, HEAD % (address(query), b""))
    assert site.figure("kgpub_requests_total", kind="sparql", status="200") == before + 1
    (line,) = site.lines('"rows": 7,')
    told = line["status"], line["bytes"], line["outcome"], line["whole"]
    assert (status, *told) == (200, 200, len(body), "ok", True)
    assert f"x-kgpub-snapshot: {line['snapshot']}".encode() in fields


def test_who_goes_away_gives_back_what_was_taken(site: Site) -> None:
    before = site.figure("kgpub_queries_total", outcome="abandoned")
    for number in range(1, 13):  # more than one client may have under way
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
            wire.sendall(HEAD % (address(HOPELESS), b""))
        end = time.monotonic() + 30
        while (found := site.figure("kgpub_queries_total", outcome="abandoned")) < before + number:
            assert time.monotonic() < end
        assert found == before + number
        assert talk(site.port, HEAD % (address(GOOD), b""))[0][0] == 200


def every_worker_taken(site: Site, end: float) -> list[socket.socket]:
    """Connections on which hopeless queries keep both workers.

    Where one was just being replaced the other query would wait: the last free worker is for other clients than who
    keeps one for long. Then both are asked anew.
    """
    while time.monotonic() < end:
        wires = [socket.create_connection(("127.0.0.1", site.port), timeout=30) for _ in range(2)]
        for wire in wires:
            wire.sendall(HEAD % (address(HOPELESS), b""))
        soon = time.monotonic() + 2
        while time.monotonic() < soon:
            if site.figure("kgpub_queries_running") == len(wires):
                return wires
        for wire in wires:
            wire.close()
        while site.figure("kgpub_queries_running") or site.figure("kgpub_queries_waiting"):
            assert time.monotonic() < end
    raise AssertionError("the workers were never both there")


def test_who_waits_for_a_worker_is_answered_and_counted_once(site: Site) -> None:
    end = time.monotonic() + 60
    hopeless = every_worker_taken(site, end)
    before = {name: site.figure("kgpub_queries_total", outcome=name) for name in ("ok", "abandoned")}
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        wire.sendall(HEAD % (address(f"{GOOD} #{end}"), b""))
        while not site.figure("kgpub_queries_waiting"):
            assert time.monotonic() < end
        time.sleep(4 * SOON)  # the application has taken it over
        for one in hopeless:
            one.close()
        assert wire.recv(65_536).startswith(b"HTTP/1.1 200")
    while site.figure("kgpub_queries_running") or (
        site.figure("kgpub_queries_total", outcome="abandoned") < before["abandoned"] + 2
    ):
        assert time.monotonic() < end
    assert site.figure("kgpub_queries_total", outcome="abandoned") == before["abandoned"] + 2
    assert site.figure("kgpub_queries_total", outcome="ok") == before["ok"] + 1


def test_who_goes_away_at_once_leaves_no_query_behind(site: Site) -> None:
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
            wire.sendall(HEAD % (address(GOOD), b""))
    end = time.monotonic() + 30
    answers = [0]
    while answers != [200] * 8 and time.monotonic() < end:  # some are refused while many of the fifty are to come yet
        answers = [talk(site.port, HEAD % (address(GOOD), b""))[0][0] for _ in range(8)]
    assert (answers, site.figure("kgpub_queries_running")) == ([200] * 8, 0)


class Promised:
    """An answer that is begun, and told or not."""

    def __init__(self) -> None:
        self.given: list[Scope] = []
        self.dropped = 0

    def give_to(self, scope: Scope) -> None:
        """Note who goes on with it."""
        self.given.append(scope)

    def drop(self) -> None:
        """Note that nobody waits."""
        self.dropped += 1


class Told(NamedTuple):
    """An answer that is ready."""

    status: int = 200
    lines: bytes = b"content-length: 5\r\n\r\n"
    body: bytes = b"quick"


async def app(_: Scope, __: Receive, send: Send) -> None:
    """Answer as the application."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"slow"})


TWICE = (HEAD % (b"/q?1", b"")) * 2
BEGUN = {
    "an answer that comes at once": (Told(), HEAD % (b"/q?1", b""), [b"quick"], 0),
    "one that does not": (None, HEAD % (b"/q?1", b""), [b"slow"], 1),
    "no query": (Told(), HEAD % (b"/q", b""), [b"slow"], 0),
    "a body": (Told(), HEAD % (b"/q?1", b"Content-Length: 0\r\n"), [b"slow"], 0),
    "two in one go": (Told(), TWICE, [b"slow", b"slow"], 0),
}


@pytest.mark.parametrize("name", BEGUN)
def test_what_is_begun_needs_no_application_if_its_answer_comes(name: str) -> None:
    ready, request, bodies, given = BEGUN[name]
    promised = Promised()

    async def run() -> list[tuple[int, bytes, bytes]]:
        loop = asyncio.get_running_loop()

        def begin(
            _: str, __: bytes, ___: bytes, ____: dict[bytes, bytes], told: Callable[[Ready | None], None]
        ) -> Coming:
            loop.call_soon(told, ready)
            return promised

        config = uvicorn.Config(app, http=Wire, ws="none", lifespan="off")
        config.load()
        state = {AT_ONCE: lambda *_: None, BEGIN: begin}
        server = await loop.create_server(lambda: Wire(config, ServerState(), state), "127.0.0.1", 0)
        async with server:
            return await asyncio.to_thread(talk, server.sockets[0].getsockname()[1], request, wanted=len(bodies))

    assert [body for _, _, body in asyncio.run(run())] == bodies
    assert len(promised.given) == given


def test_who_leaves_before_the_answer_is_not_waited_for() -> None:
    promised, is_lost = Promised(), asyncio.Event()

    class Watched(Wire):
        """A connection that says when it is lost."""

        def connection_lost(self, exc: Exception | None) -> None:
            """Say so."""
            super().connection_lost(exc)
            is_lost.set()

    async def run() -> None:
        config = uvicorn.Config(app, http=Watched, ws="none", lifespan="off")
        config.load()
        state = {AT_ONCE: lambda *_: None, BEGIN: lambda *_: promised}
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Watched(config, ServerState(), state), "127.0.0.1", 0)
        async with server:
            _, writing = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
            writing.write(HEAD % (b"/q?1", b""))
            await writing.drain()
            writing.close()
            await is_lost.wait()

    asyncio.run(run())
    assert (promised.dropped, promised.given) == (1, [])
