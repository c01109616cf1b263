"""What a request costs the server, as multiples of what a bare uvicorn application costs for the same bytes.

    python benchmarks/serve.py --date 2026-11-27 FOLDER...

Each FOLDER was written by ``generate.py``. Three servers run beside each other: kgpub as it is, kgpub without its
cache of finished answers, and ``bare.py``. This process is their one client: it asks one request after another over a
connection that is kept, and takes turns between the servers, so that what else the machine does meets all three alike.
"""

import argparse
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from itertools import cycle
from pathlib import Path
from textwrap import fill
from urllib.parse import quote

from generate import BASE, HUB, REPOSITORY
from servers import Ask, Server, started

PAGE = REPOSITORY / "docs/benchmarks.md"
LOOKUP = "SELECT ?property ?value WHERE { <%s> ?property ?value }"
SEE_OTHER, NOT_MODIFIED = 303, 304
SPREAD = 200
"""Most different entities that one row asks for."""
MOST = 30_000
"""Most requests of one turn."""
SLICE = 0.03
"""Seconds for which one server is asked before the next one is."""

WIDTH = 120

_KGPUB = (sys.executable, "-m", "kgpub")
_BARE = (sys.executable, str(Path(__file__).with_name("bare.py")))
_WITHOUT_CACHE = {"KGPUB_PAGES__CACHE": "0"}
_SHOWN = ("kgpub", "pyoxigraph", "uvicorn", "uvloop", "httptools", "starlette", "fastapi", "jinja2")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LIST = 50


@dataclass(frozen=True)
class Case:
    """A row of the table: its name, the requests it makes in turn, and the status that must come back."""

    name: str
    asks: tuple[Ask, ...]
    status: int = 200


def cases(folder: Path) -> tuple[Case, ...]:
    """The rows of the table for a generated site; entities are taken from all over it."""
    with (folder / "data/documents.ttl").open(encoding="utf-8") as file:
        documents = sum(1 for line in file if line.startswith("id:doc-"))
    numbers = range(0, documents, math.ceil(documents / SPREAD))
    agencies = [f"id/org-{n}-0" for n in numbers]
    hub = "id/" + HUB.removeprefix("id:")
    members = f"/-/links?iri={quote(BASE + 'ns/Project', safe='')}&property={quote(_TYPE, safe='')}&lang=ka&page="
    lookups = (quote(LOOKUP % (BASE + agency), safe="") for agency in agencies)
    return (
        _case("entity page, a session: few links", (f"/id/session-{n}-0.ka.html" for n in numbers)),
        _case("entity page, an agency: more links", (f"/{agency}.ka.html" for agency in agencies)),
        Case("the same, not modified (304)", tuple(Ask(f"/{a}.ka.html") for a in agencies), NOT_MODIFIED),
        _case("the same, compressed (zstd)", (f"/{a}.ka.html" for a in agencies), "Accept-Encoding: zstd"),
        _case("hub page, an organisation that most entities point to", (f"/{hub}.ka.html",)),
        _case("class page, one in ten entities", ("/ns/Project.ka.html",)),
        _case("class listing, a page of 50 members", (f"{members}{n}" for n in _some_pages(2 * documents))),
        _case("list of all classes", ("/-/classes?lang=ka",)),
        _case("home", ("/?lang=ka",)),
        _case("agency as Turtle", (f"/{agency}.ttl" for agency in agencies)),
        _case("agency as JSON-LD", (f"/{agency}.jsonld" for agency in agencies)),
        Case("303 from agency to document", tuple(Ask(f"/{a}", ("Accept: text/html",)) for a in agencies), SEE_OTHER),
        _case("search, a common word", (f"/search?q={quote('სააგენტო')}&lang=ka&page={n}" for n in (1, 2))),
        _case("SPARQL, what is said of an agency", (f"/sparql?query={text}" for text in lookups)),
    )


def _case(name: str, paths: Iterable[str], *headers: str) -> Case:
    return Case(name, tuple(Ask(path, headers) for path in paths))


def _some_pages(members: int) -> range:
    """Page numbers from all over a list."""
    pages = math.ceil(members / _LIST)
    return range(1, pages + 1, math.ceil(pages / SPREAD))


@dataclass(frozen=True)
class Turn:
    """Requests made of one server: processor seconds of each on average, and how long each took."""

    cpu: float
    latencies: tuple[float, ...]


class Run:
    """One server's turn while it goes on, in slices between those of the others."""

    def __init__(self, server: Server, asks: Iterable[Ask], status: int) -> None:
        """Note the processor time so far; it grows by nothing but this run's requests."""
        self._server, self._status = server, status
        self._requests = cycle([ask.bytes for ask in asks])
        self._before = server.cpu
        self._latencies: list[float] = []

    @property
    def number(self) -> int:
        """How many requests were made."""
        return len(self._latencies)

    def slice(self, seconds: float) -> None:
        """Ask for so many seconds, and at least once; raises ``RuntimeError`` for an answer with another status."""
        start = end = time.perf_counter()
        while end < start + seconds:
            begun, request = end, next(self._requests)
            answer = self._server.connection.answer(request)
            end = time.perf_counter()
            self._latencies.append(end - begun)
            if answer.status != self._status:
                raise RuntimeError(f"{answer.status} and not {self._status}: {request!r} {answer.body[:500]!r}")

    def turn(self) -> Turn:
        """The whole of it; raises ``RuntimeError`` when that is less than ``/proc`` can tell."""
        used = self._server.cpu - self._before
        if not used:
            raise RuntimeError(f"{self.number} requests took no measurable time; try more --seconds")
        return Turn(used / self.number, tuple(self._latencies))


@dataclass(frozen=True)
class Figures:
    """What one server's turns at a row come to, in multiples of the bare application's."""

    cpu: tuple[float, ...]
    latencies: tuple[float, ...]

    @property
    def cells(self) -> str:
        """Processor time, median and range of the rounds; the 50th, 95th and 99th percentile of latency."""
        low, middle, high = min(self.cpu), statistics.median(self.cpu), max(self.cpu)
        cuts = statistics.quantiles(self.latencies, n=100, method="inclusive")
        percentiles = " / ".join(_short(cuts[n - 1]) for n in (50, 95, 99))
        return f"**{_short(middle)}** ({_short(low)}–{_short(high)}) | {percentiles}"


@dataclass(frozen=True)
class Row:
    """A row of the table: a kind of request, the size of a middling body, and what it costs with and without cache."""

    name: str
    size: int
    cached: Figures
    anew: Figures
    bare: float

    @property
    def line(self) -> str:
        """The row in Markdown."""
        return f"| {self.name} | {self.size:,} | {self.cached.cells} | {self.anew.cells} |"


@dataclass(frozen=True)
class Measured:
    """A site: how many triples it has, a line about its size, and its rows."""

    triples: int
    text: str
    rows: tuple[Row, ...]

    @property
    def section(self) -> str:
        """The site's part of the page, in Markdown."""
        lines = "".join(f"{row.line}\n" for row in self.rows)
        return f"\n## {self.triples:,} triples\n\n{self.text}\n{HEAD}{lines}"


@dataclass(frozen=True)
class Trial:
    """The three servers of a run."""

    cached: Server
    anew: Server
    bare: Server


@dataclass(frozen=True)
class Turns:
    """A turn of each of the three servers at the same row."""

    cached: Turn
    anew: Turn
    bare: Turn


def figures(turns: Sequence[Turn], bare: Sequence[Turn]) -> Figures:
    """Turns set against the bare application's of the same round; latencies against its median."""
    usual = statistics.median(taken for one in bare for taken in one.latencies)
    cpu = tuple(mine.cpu / other.cpu for mine, other in zip(turns, bare, strict=True))
    return Figures(cpu, tuple(taken / usual for one in turns for taken in one.latencies))


def measure(folder: Path, rounds: int, seconds: float) -> Measured:
    """Serve a site that is built, and ask round after round."""
    serve = [*_KGPUB, "serve", str(folder), "--port", "0"]
    with ExitStack() as stack:
        bodies = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cached = stack.enter_context(started(serve))
        anew = stack.enter_context(started(serve, _WITHOUT_CACHE))
        wanted = [_with_tags(case, cached) for case in cases(folder)]
        sizes = [_warm(case, (cached, anew), bodies / str(n)) for n, case in enumerate(wanted)]
        bare = stack.enter_context(started([*_BARE, str(bodies)]))
        trial = Trial(cached, anew, bare)
        done = [[_turns(trial, case, n, seconds) for n, case in enumerate(wanted)] for _ in range(rounds)]
        columns = zip(wanted, sizes, zip(*done, strict=True), strict=True)
        return _measured(folder, trial, tuple(_row(case.name, size, turns) for case, size, turns in columns))


def _with_tags(case: Case, server: Server) -> Case:
    """The case; where nothing is to come back, every request names the entity tag that the client has already."""
    if case.status != NOT_MODIFIED:
        return case
    tags = (server.connection.answer(ask.bytes).headers["etag"] for ask in case.asks)
    asks = (Ask(ask.path, (f"If-None-Match: {tag}",)) for ask, tag in zip(case.asks, tags, strict=True))
    return Case(case.name, tuple(asks), case.status)


def _warm(case: Case, servers: Iterable[Server], path: Path) -> int:
    """Ask for everything once, and leave the middling body for the bare application; its size."""
    answers = [server.connection.answer(ask.bytes) for server in servers for ask in case.asks]
    body = sorted((answer.body for answer in answers), key=len)[len(answers) // 2]
    path.write_bytes(body)
    return len(body)


def _turns(trial: Trial, case: Case, number: int, seconds: float) -> Turns:
    """A turn of each server at a case, in slices that follow each other closely."""
    plain = (Ask(f"/{case.status}/{number}"),)
    cached, anew = (Run(server, case.asks, case.status) for server in (trial.cached, trial.anew))
    bare = Run(trial.bare, plain, case.status)
    end = time.perf_counter() + 3 * seconds
    while time.perf_counter() < end and bare.number < MOST:
        for run in (cached, anew, bare):
            run.slice(SLICE)
    return Turns(cached.turn(), anew.turn(), bare.turn())


def _row(name: str, size: int, turns: Sequence[Turns]) -> Row:
    bare = [one.bare for one in turns]
    cached, anew = figures([one.cached for one in turns], bare), figures([one.anew for one in turns], bare)
    return Row(name, size, cached, anew, statistics.median(one.cpu for one in bare))


def _measured(folder: Path, trial: Trial, rows: tuple[Row, ...]) -> Measured:
    """The rows, with how large the snapshot in service and the processes that serve it are."""
    status = json.loads(trial.cached.connection.answer(Ask("/-/status").bytes).body)
    snapshot = folder / ".kgpub/snapshots" / status["version"]
    size = sum(path.stat().st_size for path in snapshot.rglob("*") if path.is_file())
    text = (
        f"The snapshot takes {size / 1e6:,.0f} MB on disk; after the run the serving process held "
        f"{trial.cached.resident / 1e6:,.0f} MB in memory, {trial.anew.resident / 1e6:,.0f} MB without the cache."
    )
    return Measured(status["triples"], text, rows)


def _short(number: float) -> str:
    """A ratio with about two digits that mean something."""
    return f"{number:.2f}" if number < 2 else f"{number:.1f}" if number < 20 else f"{number:,.0f}"


def _machine() -> str:
    """The machine in words."""
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (
        f"{os.cpu_count()} cores ({found[1] if found else platform.machine()}), {memory / 1e9:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


METHOD = """\
# What a request costs

*Written by `benchmarks/serve.py` on {date}; not edited by hand.*

Beside this page: [side by side with other publishers](benchmarks-side-by-side.md), [SPARQL](benchmarks-sparql.md),
[suggestions](benchmarks-search.md) and [a long soak](soak.md).

Every figure is a ratio: kgpub against a bare uvicorn application (`benchmarks/bare.py`) that sends a body of the same
bytes with two headers and does nothing else. The machine was shared with other work: compare ratios within this page,
and no figure with one taken elsewhere.

- **CPU** is processor time of the server process per request (`utime` and `stime` of `/proc/PID/stat`), divided by the
  bare application's in the same round: the median of {rounds} rounds, in brackets the lowest and the highest.
- **Latency** is the time from the first byte sent to the last byte read at the 50th, 95th and 99th percentile, divided
  by the bare application's median. One client, a process of its own, asks one request at a time over a connection that
  is kept, on the loopback interface. Client and servers share one core: to wake another one that sleeps would double
  the cost of a bare answer, and only while the machine is quiet.
- **From cache** is `kgpub serve` as it is, after every address was asked for once. **Made anew** is the same with
  `KGPUB_PAGES__CACHE=0`: every answer is described, written and hashed for its one request. Search, SPARQL and 303 are
  not kept, so for them the columns say the same thing twice.
- Agencies, sessions and pages of lists are up to {spread} different ones from all over the graph.
- In every round each row has {seconds:g} s of each of the three servers (at most {most:,} requests), in slices of
  {slice:g} s that take turns, so that what else the machine does meets all three alike.
- For scale: a bare answer cost {low:.0f} to {high:.0f} µs of processor time in this run, by its size.

{machine}

{versions}

To repeat it:

    python benchmarks/generate.py --triples 100000 --seed 42 FOLDER
    python benchmarks/serve.py --date YYYY-MM-DD FOLDER
"""

HEAD = """
| request | bytes | CPU, from cache | latency, from cache | CPU, made anew | latency, made anew |
|---|--:|--:|--:|--:|--:|
"""


def page(sites: Sequence[Measured], given: argparse.Namespace) -> str:
    """The whole page of documentation."""
    costs = [row.bare * 1e6 for site in sites for row in site.rows]
    head = METHOD.format(
        date=given.date,
        rounds=given.rounds,
        seconds=given.seconds,
        spread=SPREAD,
        most=MOST,
        slice=SLICE,
        low=min(costs),
        high=max(costs),
        machine=fill(f"Machine: {_machine()}.", WIDTH),
        versions=fill(f"Versions: {', '.join(f'{name} {version(name)}' for name in _SHOWN)}.", WIDTH),
    )
    return head + "".join(site.section for site in sites)


def main() -> None:
    """Measure the sites named on the command line, write the page, print it."""
    parser = argparse.ArgumentParser(description="Measure what a request costs, and write docs/benchmarks.md.")
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a site written by generate.py")
    parser.add_argument("--date", required=True, help="the day of the run, as it is to stand in the page")
    parser.add_argument("--rounds", type=int, default=5, help="how often each row has its turn")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a turn lasts, about")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page to write")
    given = parser.parse_args()
    for folder in given.folders:
        subprocess.run([*_KGPUB, "build", str(folder)], check=True, stdout=sys.stderr)
    # To wake a core that sleeps costs as much as a bare answer, but only on a quiet machine; so all share one core.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    text = page([measure(folder, given.rounds, given.seconds) for folder in given.folders], given)
    given.output.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
