"""SPARQL through kgpub, through Oxigraph's own server on the same store, and through rdflib-endpoint: ratios.

    python benchmarks/sparql.py FOLDER
    python benchmarks/sparql.py FOLDER --triples 1000000 --rounds 3
    python benchmarks/sparql.py FOLDER --hostile

FOLDER is a site that ``generate.py`` wrote; it is written when it is not there. The servers run beside each other and
take turns at each of eight queries, so that what else the machine does meets all of them alike. No text of a query is
ever sent twice, so that no cache answers it. ``--hostile`` looks at kgpub alone, while some of its clients mean harm
(``hostile.py``). The other servers are installed in a virtual environment of their own.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import hostile
import installing
import peers
import uvloop
from generate import BASE, PER_DOCUMENT, REPOSITORY, generate
from kept import Sample, ask_for, connect, percentiles, request
from peers import KGPUB, NATIVE, RDFLIB, Peer
from tree import Memory

JSON, N_TRIPLES = "application/sparql-results+json", "application/n-triples"
MANY = 10_000
"""Rows of a big result."""


@dataclass(frozen=True)
class Case:
    """A kind of query: its name, the media type that is asked for, its texts, of which no two are the same."""

    name: str
    accept: str
    texts: Iterator[str]

    def requests(self, path: str) -> Iterator[bytes]:
        """Its texts as requests to an endpoint."""
        return (request(path, (("query", text),), self.accept) for text in self.texts)


LOOKUP, LABELS, COUNTS, FILTER = "look-up of an entity", "50 labels", "counts of classes", "text filter"
ROWS, GRAPH, AGGREGATE, OFFSET = "10,000 rows as JSON", "CONSTRUCT of 10,000", "aggregate", "deep offset"


def cases(documents: int) -> tuple[Case, ...]:
    """The eight queries over a generated graph of so many documents; numbers make each text another one."""
    things = [
        f"<{BASE}id/{kind}-{document}-{number}>"
        for document in range(documents)
        for kind, many in PER_DOCUMENT.items()
        for number in range(many)
    ]
    some = [" ".join(things[(n * 7 + 13 * k) % len(things)] for k in range(50)) for n in range(len(things))]
    words = ("ba", "ge", "di", "vo", "zu", "ta", "ke", "li", "mo", "nu")
    labelled = len(things) // 2
    return (
        _case(LOOKUP, "SELECT ?property ?value {{ {} ?property ?value }}", things),
        _case(LABELS, "SELECT ?thing ?label {{ VALUES ?thing {{ {} }} ?thing skos:prefLabel ?label }}", some),
        _case(COUNTS, "SELECT ?class (COUNT(*) AS ?{}) {{ ?thing a ?class }} GROUP BY ?class", ["number"]),
        _case(FILTER, 'SELECT ?thing ?label {{ ?thing skos:prefLabel ?label FILTER(CONTAINS(?label, "{}")) }}', words),
        _case(ROWS, f"SELECT ?s ?p ?{{}} {{{{ ?s ?p ?{{}} }}}} LIMIT {MANY}", ["o"]),
        _case(GRAPH, f"CONSTRUCT {{{{ ?s ?p ?{{}} }}}} WHERE {{{{ ?s ?p ?{{}} }}}} LIMIT {MANY}", ["o"], N_TRIPLES),
        _case(AGGREGATE, _AGGREGATE, ["number"]),
        _case(OFFSET, _OFFSET, [str(labelled + n) for n in range(100)]),
    )


_PREFIX = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
_AGGREGATE = (
    "SELECT ?class (COUNT(?value) AS ?{}) (COUNT(DISTINCT ?property) AS ?properties) "
    "{{ ?thing a ?class ; ?property ?value }} GROUP BY ?class"
)
_OFFSET = "SELECT ?thing ?label {{ ?thing skos:prefLabel ?label }} ORDER BY ?label ?thing OFFSET {} LIMIT 100"


def _case(name: str, pattern: str, values: Sequence[str], accept: str = JSON) -> Case:
    """A pattern with a value in each of its gaps; a number at the end, in a comment, makes every text another one."""
    gaps = pattern.count("{}")
    texts = (f"{_PREFIX}{pattern.format(*[values[n % len(values)]] * gaps)} #{n}" for n in count())
    return Case(name, accept, texts)


@dataclass(frozen=True)
class Turn:
    """Requests made of one server for a while: how many, over how long, at what cost."""

    requests: int
    seconds: float
    cpu: float
    bytes: int
    latencies: tuple[float, ...]

    @property
    def per_cpu_second(self) -> float:
        """Requests for each second of processor time; raises ``RuntimeError`` when that is less than can be told."""
        if not self.cpu:
            raise RuntimeError(f"{self.requests} requests took no measurable time; try more --seconds")
        return self.requests / self.cpu

    @property
    def throughput(self) -> float:
        """Requests for each second of time."""
        return self.requests / self.seconds


@dataclass(frozen=True)
class Row:
    """A row of the table: a kind of query, its rows, and the turns of each server, round by round."""

    name: str
    rows: int
    turns: Mapping[str, tuple[Turn, ...]]

    def ratio(self, value: str, other: str) -> "Ratio":
        """Kgpub against another server in a property of turns, each round by itself."""
        pairs = zip(self.turns[KGPUB], self.turns[other], strict=True)
        return Ratio(tuple(getattr(mine, value) / getattr(its, value) for mine, its in pairs))

    def milliseconds(self, name: str) -> str:
        """The 50th and the 99th percentile of a server's latencies, all rounds together."""
        cut = percentiles([taken for turn in self.turns[name] for taken in turn.latencies])
        return f"{cut[50]:,.1f} / {cut[99]:,.1f}"


@dataclass(frozen=True)
class Ratio:
    """A ratio in each round."""

    rounds: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.rounds)

    def __str__(self) -> str:
        return f"**{self.middle:.2f}** ({min(self.rounds):.2f}–{max(self.rounds):.2f})"


@dataclass(frozen=True)
class Target:
    """What is to be reached: in which row and property, against which server, at least how much; what is aimed at."""

    row: str
    value: str
    other: str
    least: float
    aim: float

    def line(self, rows: Mapping[str, Row]) -> str:
        """The target as a line of Markdown, with what was reached."""
        reached = rows[self.row].ratio(self.value, self.other).middle
        verdict = "reached" if reached >= self.least else "**missed**"
        what = "requests per CPU second" if self.value == "per_cpu_second" else "throughput"
        return f"| {self.row} | {what} | {self.other} | {self.least:g} | {self.aim:g} | {reached:.2f} | {verdict} |"


TARGETS = (
    Target(LOOKUP, "per_cpu_second", NATIVE, 0.3, 0.6),
    Target(ROWS, "throughput", NATIVE, 0.9, 1),
    Target(GRAPH, "throughput", NATIVE, 0.9, 1),
    Target(LOOKUP, "per_cpu_second", RDFLIB, 2.5, 5),
    Target(COUNTS, "per_cpu_second", RDFLIB, 15, 15),
    Target(AGGREGATE, "per_cpu_second", RDFLIB, 15, 15),
)


def number_of_rows(accept: str, body: bytes) -> int:
    """Rows of a result in JSON, or triples in N-Triples."""
    return len(json.loads(body)["results"]["bindings"]) if accept == JSON else len(body.splitlines())


class Trial:
    """The servers of a run, and how many requests at a time are made of one."""

    def __init__(self, servers: Sequence[Peer], connections: int) -> None:
        self._servers = servers
        self._connections = connections
        self.memory: dict[str, Memory] = {}
        """The most that each server held at the end of a turn."""

    async def rows(self, case: Case) -> int:
        """Ask each server the same once, which also warms it; raises ``RuntimeError`` when they disagree."""
        text = next(case.texts)
        found = {}
        for server in self._servers:
            kept = await connect(server.port)
            answer = await kept.ask(request(server.path, (("query", text),), case.accept))
            kept.close()
            if answer.status != 200:
                raise RuntimeError(f"{server.name}: {answer.status}: {text} {answer.body[:500]!r}")
            found[server.name] = number_of_rows(case.accept, answer.body)
        if len(set(found.values())) != 1 or not all(found.values()):
            raise RuntimeError(f"the servers disagree on {text}: {found}")
        return found[KGPUB]

    async def turns(self, case: Case, number: int, seconds: float) -> dict[str, Turn]:
        """A turn of each server; another one begins in each round."""
        first = number % len(self._servers)
        order = (*self._servers[first:], *self._servers[:first])
        return {server.name: await self._turn(server, case, seconds) for server in order}

    async def _turn(self, server: Peer, case: Case, seconds: float) -> Turn:
        loop = asyncio.get_running_loop()
        connections = [await connect(server.port) for _ in range(self._connections)]
        cpu, begun = server.cpu, loop.time()
        samples = await ask_for(seconds, connections, case.requests(server.path))
        made = turn(samples, loop.time() - begun, server.cpu - cpu)
        self._note(server)
        for kept in connections:
            kept.close()
        return made

    def _note(self, server: Peer) -> None:
        now, most = server.memory, self.memory.get(server.name, Memory(0, 0))
        self.memory[server.name] = Memory(max(now.resident, most.resident), max(now.proportional, most.proportional))


def turn(samples: Sequence[Sample], seconds: float, cpu: float) -> Turn:
    """What samples come to."""
    return Turn(len(samples), seconds, cpu, sum(one.size for one in samples), tuple(one.seconds for one in samples))


async def measure(servers: Sequence[Peer], asked: Sequence[Case], given: argparse.Namespace) -> "Measured":
    """Ask round after round."""
    trial = Trial(servers, given.connections)
    rows = [await trial.rows(case) for case in asked]
    done = [[await trial.turns(case, n, given.seconds) for case in asked] for n in range(given.rounds)]
    names = [server.name for server in servers]
    columns = zip(asked, rows, zip(*done, strict=True), strict=True)
    table = [
        Row(case.name, number, {name: tuple(one[name] for one in turns) for name in names})
        for case, number, turns in columns
    ]
    return Measured(tuple(table), trial.memory)


@dataclass(frozen=True)
class Measured:
    """What a run came to."""

    rows: tuple[Row, ...]
    memory: Mapping[str, Memory]

    @property
    def others(self) -> list[str]:
        """The servers beside kgpub."""
        return [name for name in self.memory if name != KGPUB]

    @property
    def markdown(self) -> str:
        """Tables of ratios, of latencies, of memory, and of what is to be reached."""
        heads = [f"{what} / {name}" for name in self.others for what in ("per CPU s", "throughput")]
        lines = [_line("query", "rows", *heads, *(f"{name} p50 / p99 ms" for name in self.memory))]
        lines.append("|---|" + "--:|" * (1 + len(heads) + len(self.memory)))
        for row in self.rows:
            ratios = [row.ratio(v, name) for name in self.others for v in ("per_cpu_second", "throughput")]
            lines.append(_line(row.name, f"{row.rows:,}", *ratios, *(row.milliseconds(name) for name in self.memory)))
        lines += ["", _line("memory", "MB resident", "MB proportional"), "|---|--:|--:|"]
        lines += [_line(n, f"{m.resident / 1e6:,.0f}", f"{m.proportional / 1e6:,.0f}") for n, m in self.memory.items()]
        lines += ["", _line("target", "in", "against", "must", "aim", "is", ""), "|---|---|---|--:|--:|--:|---|"]
        rows = {row.name: row for row in self.rows}
        lines += [target.line(rows) for target in TARGETS if target.other in self.memory]
        return "\n".join(lines) + "\n"


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def store_of(site: Path) -> Path:
    """The store of the snapshot in service."""
    return site / ".kgpub/snapshots" / (site / ".kgpub/current").read_text("utf-8").strip() / "store"


def compare(given: argparse.Namespace, documents: int) -> Measured:
    """Start the servers and measure them."""
    programs = installing.python(given.tools / "sparql", installing.OXIGRAPH, installing.RDFLIB_ENDPOINT)
    many = {"KGPUB_SPARQL__PER_CLIENT": str(2 * given.connections)}
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = store_of(given.folder)
        copied, triples = shutil.copytree(store, scratch / "store"), peers.export(store, scratch / "triples.nt")
        ports = peers.free_ports()
        start = {
            KGPUB: peers.kgpub(given.folder, scratch / "access.log", many, next(ports)),
            NATIVE: peers.native(programs, copied, next(ports)),
            RDFLIB: peers.rdflib_endpoint(programs, triples, next(ports)),
        }
        servers = [stack.enter_context(peers.running(start[name])) for name in start if name not in given.without]
        return uvloop.run(measure(servers, cases(documents), given))


def main() -> None:
    """Measure, print tables in Markdown, write all figures as JSON where that is asked for."""
    given = _arguments()
    if not given.folder.exists():
        generate(given.folder, given.triples, 42)
    subprocess.run([sys.executable, "-m", "kgpub", "build", str(given.folder)], check=True, stdout=sys.stderr)
    with (given.folder / "data/documents.ttl").open(encoding="utf-8") as file:
        documents = sum(1 for line in file if line.startswith("id:doc-"))
    measured = hostile.attack(given, documents) if given.hostile else compare(given, documents)
    if given.json:
        given.json.write_text(json.dumps(asdict(measured), indent=1), "utf-8")
    print(measured.markdown)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Set kgpub's SPARQL endpoint beside others.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a site written by generate.py, or to be written")
    parser.add_argument("--triples", type=int, default=100_000, help="how large to write it")
    parser.add_argument("--rounds", type=int, default=5, help="how often each query has its turn")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a turn lasts, at least")
    parser.add_argument("--connections", type=int, default=4, help="how many requests at a time")
    parser.add_argument("--without", action="append", default=[], choices=(NATIVE, RDFLIB), help="leave a server out")
    parser.add_argument("--tools", type=Path, default=REPOSITORY / "build/benchmarks", help="where the others live")
    parser.add_argument("--json", type=Path, help="a file for all figures")
    parser.add_argument("--hostile", action="store_true", help="ask kgpub alone, in bad company")
    return parser.parse_args()


if __name__ == "__main__":
    main()
