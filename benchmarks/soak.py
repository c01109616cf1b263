"""kgpub for an hour among all kinds of clients: whether what it holds stays level and every answer is the right one.

    python benchmarks/soak.py FOLDER
    python benchmarks/soak.py FOLDER --seconds 120 --page soak.md

FOLDER is a site that ``generate.py`` writes, when it is not there. Readers ask for pages in both languages, data in
every format, search, suggestions and SPARQL; others ask for what never ends, what is malformed or not there, or hang
up; and the snapshot in service is switched to and fro. Ends with 1 when a good request failed, a hostile one had
another answer than it should, or memory, descriptors, threads or processes grew beyond their tolerance (``level.py``).
"""

import argparse
import asyncio
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

import level
import peers
import tree
import uvloop
from generate import BASE, HUB, REPOSITORY, generate
from hostile import HOSTILE, problem
from kept import Answer, Broken, Kept, connect, request
from level import Sample, Soaked
from peers import Peer
from sparql import JSON

from kgpub.formats import ENTITY
from kgpub.settings import load
from kgpub.snapshot import kept_snapshots, rollback

PAGE = REPOSITORY / "docs/soak.md"
SWITCH_EVERY, LOOK_EVERY, PAUSE = 10.0, 2.0, 0.5
"""Seconds between two switches, two looks at what is held, two requests of an enemy."""
_STAY = 0.2
_READERS, _ENEMIES, _LEAVERS = 4, 2, 2
_BROKEN, _BUSY = "broken off", "503 busy"
_TIMEOUT, _HEAVY = "503 timeout", "400 too-heavy"


@dataclass(frozen=True)
class Good:
    """A request that must be answered: its kind, how it goes over the wire, and the status it must have."""

    kind: str
    request: bytes
    status: int = 200


@dataclass(frozen=True)
class Bad:
    """A request that means harm, or is wrong: its name, how it goes over the wire, and the answers that are right."""

    name: str
    request: bytes
    right: tuple[str, ...]


def good(documents: int) -> Iterator[Good]:
    """Requests of every good kind in turn; addresses and texts come again now and then, so that caches work, too."""
    things = [f"{kind}-{n}-0" for n in range(documents) for kind in ("org", "session", "person", "project")]
    hub = HUB.removeprefix("id:")
    for number, thing in zip(count(), cycle(things)):
        again, language = number % 40, ("ka", "en")[number % 2]
        yield Good("page", request(f"/id/{thing}.{language}.html?n={again}"))
        yield Good("see other", request(f"/id/{thing}", accept="text/html"), 303)
        form = ENTITY[1 + number % (len(ENTITY) - 1)]
        yield Good(f"data, .{form.extension}", request(f"/id/{thing}.{form.extension}"))
        yield Good("hub", request(f"/id/{hub}.{language}.html"))
        yield Good("class", request(f"/ns/Project.{language}.html"))
        yield Good("home", request("/", (("lang", language),)))
        word = ("Agency", "სააგენტო", "Conf", "პროექტ")[number % 4]
        yield Good("search", request("/search", (("q", word), ("lang", language))))
        yield Good("suggestions", request("/-/suggest", (("q", word[: 2 + number % 4]), ("lang", language))))
        yield Good("look-up", _query(f"SELECT ?p ?o {{ <{BASE}id/{thing}> ?p ?o }} #{again}"))
        yield Good("1,000 rows", _query(f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT 1000 #{again}"))
        yield Good("figures", request(("/-/metrics", "/-/status", "/sitemap.xml", "/-/classes?lang=ka")[number % 4]))


def bad() -> Iterator[Bad]:
    """Hostile queries and wrong requests in turn; no text of a query comes twice."""
    for number in count():
        for name, harm in HOSTILE.items():
            right = (_TIMEOUT, _HEAVY, _BROKEN, "200") if name.startswith("nested") else (_TIMEOUT, _HEAVY)
            parameters = (("timeout", f"{harm.timeout:g}"),)
            yield Bad(name, _query(f"{harm.text} #{number}", *parameters), (*right, _BUSY))
            yield from WRONG


def _query(text: str, *also: tuple[str, str]) -> bytes:
    return request("/sparql", (("query", text), *also), JSON)


def _raw(method: str, path: str, *headers: str, body: str = "") -> bytes:
    lines = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers)
    return ("".join(f"{line}\r\n" for line in lines) + f"\r\n{body}").encode()


WRONG = (
    Bad("no such thing", request("/id/nothing"), ("404 not-found",)),
    Bad("bytes that are no text", request("/id/%FF%FE"), ("404 not-found", "400 bad-iri")),
    Bad("out of the site", request("/id/../../etc/passwd"), ("404 not-found",)),
    Bad("no query", _query("SELEC"), ("400 bad-query",)),
    Bad("elsewhere", _query("SELECT * { SERVICE <http://127.0.0.1:1> { ?s ?p ?o } }"), ("400 query-refused",)),
    Bad("too deep", _query("SELECT * { " + "{" * 5000 + "}" * 5000 + " }"), ("400 query-refused", "400 bad-query")),
    Bad("too long", _query(f"ASK {{}} #{'x' * 70_000}"), ("413 too-long", "414 too-long", "400")),
    Bad("no time", _query("ASK {}", ("timeout", "never")), ("400 bad-request",)),
    Bad("change", _raw("POST", "/sparql", "Content-Type: application/sparql-update", body="DROP ALL"),
        ("415 unsupported-media-type",)),
    Bad("delete", _raw("DELETE", "/id/org-0-0"), ("405 method-not-allowed",)),
)  # fmt: skip


class Soak:
    """The clients of one run, and what they noticed."""

    def __init__(self, server: Peer, site: Path, documents: int, pace: float) -> None:
        self._server, self._site, self._pace = server, site, pace
        self._good, self._bad = good(documents), bad()
        self._over = asyncio.Event()
        self._begun = 0.0
        self.samples: list[Sample] = []
        self.answered: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.amiss: Counter[str] = Counter()
        self.switches = self.left = 0

    async def run(self, seconds: float, rest: float) -> tree.Held:
        """Live for so many seconds, and rest; what is held then."""
        self._begun = asyncio.get_running_loop().time()
        tasks = [asyncio.create_task(one) for one in self._clients()]
        ended = asyncio.create_task(asyncio.sleep(seconds))
        await asyncio.wait([*tasks, ended], return_when=asyncio.FIRST_COMPLETED)
        self._over.set()
        await asyncio.gather(*tasks)  # raises what one of them raised
        await asyncio.sleep(rest)
        return tree.held(self._server.pid)

    def _clients(self) -> Iterator[Coroutine[None, None, None]]:
        yield from (self._read(f"127.0.0.{10 + n}") for n in range(_READERS))
        yield from (self._harm(f"127.0.0.{20 + n}") for n in range(_ENEMIES))
        yield from (self._leave(f"127.0.0.{30 + n}", n) for n in range(_LEAVERS))
        yield self._switch()
        yield self._look()

    async def _pass(self, seconds: float) -> None:
        """Wait so long, or until all is over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)

    async def _read(self, source: str) -> None:
        """Ask what is good, at a pace; whatever is not answered as it must be is amiss."""
        kept: Kept | None = None
        while not self._over.is_set():
            kept = kept if kept is not None and kept.is_open else await connect(self._server.port, source)
            asked = next(self._good)
            outcome = await _outcome(kept, asked.request)
            self.answered[asked.kind] += 1
            if outcome != str(asked.status):
                self.amiss[f"{asked.kind}: {outcome}"] += 1
            await self._pass(_READERS / self._pace)

    async def _harm(self, source: str) -> None:
        """Ask what is hostile or wrong, each over a connection of its own."""
        while not self._over.is_set():
            kept = await connect(self._server.port, source)
            asked = next(self._bad)
            outcome = await _outcome(kept, asked.request)
            kept.close()
            self.refused[f"{asked.name}: {outcome}"] += 1
            if outcome not in asked.right:
                self.amiss[f"{asked.name}: {outcome}"] += 1
            await self._pass(PAUSE)

    async def _leave(self, source: str, number: int) -> None:
        """Hang up: in the midst of a query, of an answer, of one's own words."""
        for many in count(number):
            if self._over.is_set():
                return
            kept = await connect(self._server.port, source)
            texts = (
                _query(f"{HOSTILE['six-way product'].text} #{source} {many}"),
                _query(f"SELECT * {{ ?s ?p ?o }} #{source} {many}"),
                request(f"/id/org-0-0.ka.html?gone={source}-{many}"),
                b"GET / HTTP/1.1\r\nHost: 127.0",
            )
            asked = asyncio.create_task(_outcome(kept, texts[many % len(texts)]))
            await asyncio.wait([asked], timeout=_STAY)
            kept.close()
            await asyncio.wait([asked], timeout=_STAY)
            asked.cancel()
            self.left += 1
            await self._pass(PAUSE)

    async def _switch(self) -> None:
        """Put the other snapshot in service, again and again."""
        site = load(self._site)
        versions = cycle([one.version for one in kept_snapshots(site)][:2][::-1])
        while not self._over.is_set():
            await self._pass(SWITCH_EVERY)
            rollback(site, next(versions))
            self.switches += 1

    async def _look(self) -> None:
        """Note what is held."""
        loop = asyncio.get_running_loop()
        while not self._over.is_set():
            self.samples.append(Sample(loop.time() - self._begun, tree.held(self._server.pid)))
            await self._pass(LOOK_EVERY)


async def _outcome(kept: Kept, asked: bytes) -> str:
    """The status of an answer with the kind of its problem, or how it was broken off."""
    try:
        answer: Answer = await kept.ask(asked)
    except Broken:
        return _BROKEN
    return f"{answer.status} {problem(answer)}".strip()


def prepare(site: Path, triples: int) -> int:
    """Write a site with two snapshots, when it is not there; how many documents it has."""
    if not site.exists():
        generate(site, triples, 42)
        build = [sys.executable, "-m", "kgpub", "build", str(site)]
        subprocess.run(build, check=True, stdout=sys.stderr)
        (site / "data/soak.ttl").write_text('<id/soak> <http://www.w3.org/2000/01/rdf-schema#label> "soak"@en .\n')
        subprocess.run(build, check=True, stdout=sys.stderr)
    with (site / "data/documents.ttl").open(encoding="utf-8") as file:
        return sum(1 for line in file if line.startswith("id:doc-"))


def soak(given: argparse.Namespace) -> Soaked:
    """Start kgpub as it is, with its access log in a file, and keep it busy."""
    documents = prepare(given.folder, given.triples)
    seconds = given.seconds or 60 * given.minutes
    with tempfile.TemporaryDirectory() as scratch:
        program = peers.kgpub(given.folder, Path(scratch) / "log", {}, next(peers.free_ports()))
        with peers.running(program) as server:
            before = tree.held(server.pid)
            one = Soak(server, given.folder, documents, given.pace)
            after = uvloop.run(one.run(seconds, given.rest))
    return Soaked(
        tuple(one.samples), before, after, one.answered, one.refused, one.amiss, one.switches, one.left, given.rest
    )


def main() -> int:
    """Soak, write the page and its picture, print the page; the exit code."""
    parser = argparse.ArgumentParser(description="Keep kgpub busy among all kinds of clients.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a site that this script wrote, or will write")
    parser.add_argument("--triples", type=int, default=10_000, help="how large to write it")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long")
    parser.add_argument("--seconds", type=float, help="how long, if it is not minutes")
    parser.add_argument("--pace", type=float, default=30.0, help="good requests each second, at most")
    parser.add_argument("--rest", type=float, default=70.0, help="seconds of rest, after which it is looked once more")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write; its picture is beside it")
    parser.add_argument("--date", default="", help="the day of the run, as it is to stand in the page")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    soaked = soak(given)
    picture = given.page.with_suffix(".svg")
    picture.write_text(level.drawn(soaked), "utf-8")
    text = level.page(soaked, given.date, given.triples, picture.name)
    given.page.write_text(text, "utf-8")
    print(text)
    return int(not soaked.is_good)


if __name__ == "__main__":
    sys.exit(main())
