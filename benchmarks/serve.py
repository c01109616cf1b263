"""What a request costs the server, as multiples of what a bare uvicorn application costs for the same bytes.

    python benchmarks/serve.py --date 2026-11-27 FOLDER...

Each FOLDER was written by ``generate.py``. Three servers run beside each other: kgpub as it is, kgpub without its
cache of finished answers, and ``bare.py``. This process is their one client: it asks one request after another over a
connection that is kept, and takes turns between the servers, so that what else the machine does meets all three alike.
"""

import argparse
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

from generate import BASE, HUB, REPOSITORY
from servers import Ask, Server, started

PAGE = REPOSITORY / "docs/benchmarks.md"
LOOKUP = "SELECT ?property ?value WHERE { <%s> ?property ?value }"
SPREAD = 200
"""Most different entities that one row asks for."""
FEWEST, MOST = 5, 10_000
"""Bounds of the requests of one turn."""

_KGPUB = (sys.executable, "-m", "kgpub")
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
    numbers = range(0, documents, max(1, documents // SPREAD))
    agencies = [f"id/org-{n}-0" for n in numbers]
    hub = "id/" + HUB.removeprefix("id:")
    members = f"/-/links?iri={quote(BASE + 'ns/Project', safe='')}&property={quote(_TYPE, safe='')}&lang=ka&page="
    lookups = (quote(LOOKUP % (BASE + agency), safe="") for agency in agencies)
    return (
        _case("entity page, a session: few links", (f"/id/session-{n}-0.ka.html" for n in numbers)),
        _case("entity page, an agency: more links", (f"/{agency}.ka.html" for agency in agencies)),
        _case("the same, compressed (zstd)", (f"/{a}.ka.html" for a in agencies), "Accept-Encoding: zstd"),
        _case("hub page, an organisation that most entities point to", (f"/{hub}.ka.html",)),
        _case("class page, one in ten entities", ("/ns/Project.ka.html",)),
        _case("class listing, a page of 50 members", (f"{members}{n}" for n in _some_pages(2 * documents))),
        _case("list of all classes", ("/-/classes?lang=ka",)),
        _case("home", ("/?lang=ka",)),
        _case("agency as Turtle", (f"/{agency}.ttl" for agency in agencies)),
        _case("agency as JSON-LD", (f"/{agency}.jsonld" for agency in agencies)),
        Case("303 from agency to document", tuple(Ask(f"/{a}", ("Accept: text/html",)) for a in agencies), 303),
        _case("search, a common word", (f"/search?q={quote('სააგენტო')}&lang=ka&page={n}" for n in (1, 2))),
        _case("SPARQL, what is said of an agency", (f"/sparql?query={text}" for text in lookups)),
    )


def _case(name: str, paths: Iterable[str], *headers: str) -> Case:
    return Case(name, tuple(Ask(path, headers) for path in paths))


def _some_pages(members: int) -> range:
    """Page numbers from all over a list."""
    pages = math.ceil(members / _LIST)
    return range(1, pages + 1, max(1, pages // SPREAD))


@dataclass(frozen=True)
class Turn:
    """Requests made of one server without a break: processor seconds of each on average, and how long each took."""

    cpu: float
    latencies: tuple[float, ...]


def turn(server: Server, requests: Sequence[bytes], seconds: float, status: int) -> Turn:
    """Ask for so many seconds; raises ``RuntimeError`` for an answer with another status, or too short a turn."""
    end = time.perf_counter() + seconds
    before, latencies = server.cpu, list[float]()
    for request in islice(cycle(requests), MOST):
        latencies.append(_timed(server, request, status))
        if len(latencies) >= FEWEST and time.perf_counter() > end:
            break
    used = server.cpu - before
    if not used:
        raise RuntimeError(f"{len(latencies)} requests take less time than /proc can tell; try more --seconds")
    return Turn(used / len(latencies), tuple(latencies))


def _timed(server: Server, request: bytes, status: int) -> float:
    """Seconds from the first byte sent to the last byte read."""
    start = time.perf_counter()
    answer = server.connection.answer(request)
    taken = time.perf_counter() - start
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {request.decode()}{answer.body[:500].decode()}")
    return taken


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
class Trial:
    """The three servers of a run."""

    cached: Server
    anew: Server
    bare: Server


def figures(turns: Sequence[Turn], bare: Sequence[Turn]) -> Figures:
    """Turns set against the bare application's of the same round; latencies against its median."""
    usual = statistics.median(taken for one in bare for taken in one.latencies)
    cpu = tuple(mine.cpu / other.cpu for mine, other in zip(turns, bare, strict=True))
    return Figures(cpu, tuple(taken / usual for one in turns for taken in one.latencies))


def measure(folder: Path, rounds: int, seconds: float) -> tuple[tuple[Row, ...], str]:
    """The rows for one site, and a line about the site itself."""
    subprocess.run([*_KGPUB, "build", str(folder)], check=True, stdout=sys.stderr)
    serve = [*_KGPUB, "serve", str(folder), "--port", "0"]
    with ExitStack() as stack:
        bodies = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cached = stack.enter_context(started(serve))
        anew = stack.enter_context(started(serve, _WITHOUT_CACHE))
        wanted = [case for one in cases(folder) for case in _with_304(one, cached)]
        sizes = [_warm(case, (cached, anew), bodies / str(n)) for n, case in enumerate(wanted)]
        bare = stack.enter_context(started([sys.executable, str(Path(__file__).with_name("bare.py")), str(bodies)]))
        trial = Trial(cached, anew, bare)
        turns = [_round(trial, wanted, seconds) for _ in range(rounds)]
        rows = tuple(
            _row(case, size, of) for case, size, of in zip(wanted, sizes, zip(*turns, strict=True), strict=True)
        )
        return rows, _about(folder, trial)


def _with_304(case: Case, server: Server) -> Iterator[Case]:
    """The case; after the agencies' pages also the same requests by somebody who has the page already."""
    yield case
    if case.name.startswith("entity page, an agency"):
        tags = (server.connection.answer(ask.bytes).headers["etag"] for ask in case.asks)
        asks = (Ask(ask.path, (f"If-None-Match: {tag}",)) for ask, tag in zip(case.asks, tags, strict=True))
        yield Case("the same, not modified (304)", tuple(asks), 304)


def _warm(case: Case, servers: Iterable[Server], path: Path) -> int:
    """Ask for everything once, and leave the middling body for the bare application; its size."""
    answers = [server.connection.answer(ask.bytes) for server in servers for ask in case.asks]
    body = sorted((answer.body for answer in answers), key=len)[len(answers) // 2]
    path.write_bytes(body)
    return len(body)


def _round(trial: Trial, wanted: Iterable[Case], seconds: float) -> list[tuple[Turn, Turn, Turn]]:
    """One turn of each server at each case."""
    done = []
    for number, case in enumerate(wanted):
        print(f"  {case.name}", file=sys.stderr)
        requests = [ask.bytes for ask in case.asks]
        plain = [Ask(f"/{case.status}/{number}").bytes]
        cached, anew = (turn(server, requests, seconds, case.status) for server in (trial.cached, trial.anew))
        done.append((cached, anew, turn(trial.bare, plain, seconds, case.status)))
    return done


def _row(case: Case, size: int, turns: Iterable[tuple[Turn, Turn, Turn]]) -> Row:
    cached, anew, bare = zip(*turns, strict=True)
    usual = statistics.median(one.cpu for one in bare)
    return Row(case.name, size, figures(cached, bare), figures(anew, bare), usual)


def _about(folder: Path, trial: Trial) -> str:
    """How large the graph and the serving processes are."""
    status = trial.cached.connection.answer(Ask("/-/status").bytes).body.decode()
    triples = int(re.findall(r'"triples":\s*(\d+)', status)[0])
    snapshot = sum(path.stat().st_size for path in (folder / ".kgpub").rglob("*") if path.is_file())
    return (
        f"{triples:,} triples; {snapshot / 1e6:,.0f} MB of snapshot on disk; resident after the run: "
        f"{trial.cached.resident / 1e6:,.0f} MB with the cache, {trial.anew.resident / 1e6:,.0f} MB without."
    )


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

Every figure is a ratio: kgpub against a bare uvicorn application (`benchmarks/bare.py`) that sends a body of the same
bytes with two headers and does nothing else. {note}

- **CPU** is processor time of the server process per request (`utime` + `stime` of `/proc/PID/stat`), divided by that
  of the bare application in the same round: the median of {rounds} rounds, and in brackets the lowest and the highest.
- **Latency** is the time from the first byte sent to the last byte read, at the 50th, 95th and 99th percentile, divided
  by the bare application's median. One client in a process of its own, one request at a time, one connection that is
  kept, the loopback interface.
- **From cache** is `kgpub serve` as it is, after every address was asked for once. **Made anew** is the same with
  `KGPUB_PAGES__CACHE=0`: every answer is described, written and hashed for this request. Search, SPARQL and 303 are
  never kept, so their two columns say the same thing twice.
- Rows about agencies, sessions and lists go round up to {spread} addresses from all over the graph. In every round each
  row gets a turn of about {seconds:g} s (at most {most:,} requests) on each of the three servers, one after the other.
- For scale: in this run a bare answer cost {low:.0f} to {high:.0f} µs of processor time, depending on its size.

Machine: {machine}. Versions: {versions}.

To repeat it:

    python benchmarks/generate.py --triples 100000 --seed 42 FOLDER
    python benchmarks/serve.py --date YYYY-MM-DD FOLDER
"""

NOTE = "The machine was shared with other work: compare the ratios, and no figure with another machine's."
HEAD = """
| request | bytes | CPU, from cache | latency, from cache | CPU, made anew | latency, made anew |
|---|--:|--:|--:|--:|--:|
"""


def page(sites: Sequence[tuple[tuple[Row, ...], str]], given: argparse.Namespace) -> str:
    """The whole page of documentation."""
    costs = [row.bare * 1e6 for rows, _ in sites for row in rows]
    head = METHOD.format(
        date=given.date,
        note=NOTE,
        rounds=given.rounds,
        seconds=given.seconds,
        spread=SPREAD,
        most=MOST,
        low=min(costs),
        high=max(costs),
        machine=_machine(),
        versions=", ".join(f"{name} {version(name)}" for name in _SHOWN),
    )
    tables = (f"\n## {about.partition(';')[0]}\n\n{about}\n{HEAD}{_lines(rows)}" for rows, about in sites)
    return head + "".join(tables)


def _lines(rows: Iterable[Row]) -> str:
    return "".join(f"{row.line}\n" for row in rows)


def main() -> None:
    """Measure the sites named on the command line, write the page, print it."""
    parser = argparse.ArgumentParser(description="Measure what a request costs, and write docs/benchmarks.md.")
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a site written by generate.py")
    parser.add_argument("--date", required=True, help="the day of the run, as it is to stand in the page")
    parser.add_argument("--rounds", type=int, default=5, help="how often each row has its turn")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a turn lasts, about")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page to write")
    given = parser.parse_args()
    text = page([measure(folder, given.rounds, given.seconds) for folder in given.folders], given)
    given.output.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
