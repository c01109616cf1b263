"""Whether what a request costs stays the same while the graph grows: a picture and a table.

    python benchmarks/flat.py --date 2026-11-27 FOLDER [--sizes 10000 100000 1000000]

FOLDER keeps the generated sites and their snapshots; what is there already is not made again. Every size is served
twice, with and without the cache of finished answers. All servers run beside each other, and this process, their one
client, takes turns between them, so that what else the machine does meets all sizes alike.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from html import escape
from itertools import cycle
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

import tree
from generate import BASE, HUB, REPOSITORY
from servers import Ask, Server, started

PAGE = REPOSITORY / "docs/benchmarks-flat.md"
PICTURE = REPOSITORY / "docs/pictures/flat.svg"
SIZES = (10_000, 100_000, 1_000_000)
SEED = 42
THINGS = 40
"""Different things that each row asks for, as many of the smallest graph as of the largest."""
SLICE = 0.05
"""Seconds for which one server is asked before the next one is."""
FLAT = 2.0
"""What is not flat: how many times as much the most costly size takes as the cheapest."""

_KGPUB = (sys.executable, "-m", "kgpub")
_WITHOUT_CACHE = {"KGPUB_PAGES__CACHE": "0", "KGPUB_SPARQL__CACHE": "0"}
_LOOKUP = "SELECT ?property ?value WHERE { <%s> ?property ?value }"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = re.compile(r'(?:prefLabel|label|name)> "([^"]+)"@ka')
_KINDS = (
    "org-{}-0",
    "ngo-{}-0",
    "ngo-{}-1",
    "project-{}-0",
    "project-{}-1",
    "person-{}-0",
    "person-{}-1",
    "person-{}-2",
)
"""Things of one generated document, of which even the smallest graph has five."""
_DOCUMENTS = THINGS // len(_KINDS)


@dataclass(frozen=True)
class Row:
    """A kind of request: what it asks of a graph of so many documents, and whether the cache may answer."""

    name: str
    paths: tuple[str, ...]
    is_cached: bool = False


@dataclass(frozen=True)
class Cost:
    """What one row costs at one size: microseconds of processor time and of waiting at the median, and bytes."""

    cpu: float
    latency: float
    bytes: int


@dataclass(frozen=True)
class Site:
    """A size: how many triples, its two servers, and the rows that are asked of it."""

    triples: int
    cached: Server
    anew: Server
    rows: tuple[Row, ...]


def prepared(folder: Path, triples: int) -> Path:
    """The site of a size with its snapshot, made unless it is there."""
    site = folder / str(triples)
    if not (site / "kgpub.toml").is_file():
        command = [sys.executable, str(Path(__file__).with_name("generate.py"))]
        subprocess.run([*command, "--triples", str(triples), "--seed", str(SEED), str(site)], check=True)
    if not (site / ".kgpub/current").is_file():
        subprocess.run([*_KGPUB, "build", str(site)], check=True)
    return site


def rows(site: Path, server: Server) -> tuple[Row, ...]:
    """What is asked of a site; the things are spread evenly over it."""
    with (site / "data/documents.ttl").open(encoding="utf-8") as file:
        documents = sum(line.startswith("id:doc-") for line in file)
    things = [f"id/{kind.format(n * documents // _DOCUMENTS)}" for n in range(_DOCUMENTS) for kind in _KINDS]
    names = [_name(server, thing) for thing in things]
    hub = "id/" + HUB.removeprefix("id:")
    listed = f"/-/links?iri={quote(BASE + 'ns/Project', safe='')}&property={quote(_TYPE, safe='')}&lang=ka&page="
    queries = tuple(f"/sparql?query={quote(_LOOKUP % (BASE + thing), safe='')}" for thing in things)
    return (
        Row("page of a thing, made anew", tuple(f"/{thing}.ka.html" for thing in things)),
        Row("the same from the cache", tuple(f"/{thing}.ka.html" for thing in things), is_cached=True),
        Row("page of the largest hub", (f"/{hub}.ka.html",)),
        Row("a page of the list of a class", tuple(f"{listed}{page}" for page in (1, 1 + documents * 2 // 50 // 2))),
        Row("Turtle of a thing", tuple(f"/{thing}.ttl" for thing in things)),
        Row("JSON-LD of a thing", tuple(f"/{thing}.jsonld" for thing in things)),
        Row("303 to a document", tuple(f"/{thing}" for thing in things)),
        Row("search for a name", tuple(f"/search?q={quote(name)}&lang=ka" for name in names)),
        Row("suggestions for its first letters", tuple(f"/-/suggest?q={quote(name[:5])}&lang=ka" for name in names)),
        Row("SPARQL: what is said of a thing", queries),
    )


def _name(server: Server, thing: str) -> str:
    """The Georgian name of a thing."""
    found = _LABEL.search(server.connection.answer(Ask(f"/{thing}.nt").bytes).body.decode())
    return found[1] if found else thing


class Run:
    """One server being asked a row, in slices."""

    def __init__(self, server: Server, paths: Iterable[str]) -> None:
        """Ask everything once, so that what is kept is kept."""
        self._server = server
        server.reconnect()
        requests = [Ask(path).bytes for path in paths]
        self.sizes = [len(self._ask(request)) for request in requests]
        self._requests = cycle(requests)
        self._latencies: list[float] = []
        self._used = 0.0

    def _ask(self, request: bytes) -> bytes:
        answer = self._server.connection.answer(request)
        if answer.status not in {200, 303}:
            raise RuntimeError(f"{answer.status}: {request!r} {answer.body[:300]!r}")
        return answer.body

    def slice(self, seconds: float) -> None:
        """Ask for so many seconds, and at least once."""
        self._server.reconnect()
        before = tree.cpu(self._server.pid)
        start = end = perf_counter()
        while end < start + seconds:
            begun = end
            self._ask(next(self._requests))
            end = perf_counter()
            self._latencies.append(end - begun)
        self._used += tree.cpu(self._server.pid) - before

    def cost(self) -> Cost:
        """The whole of it."""
        middle = statistics.median(self._latencies)
        return Cost(self._used / len(self._latencies) * 1e6, middle * 1e6, round(statistics.median(self.sizes)))


def measure(sites: Sequence[Site], seconds: float) -> list[list[Cost]]:
    """For each row, what it costs at each size."""
    found = []
    for number, row in enumerate(sites[0].rows):
        runs = [Run(one.cached if row.is_cached else one.anew, one.rows[number].paths) for one in sites]
        end = perf_counter() + seconds * len(sites)
        while perf_counter() < end:
            for run in runs:
                run.slice(SLICE)
        found.append([run.cost() for run in runs])
        print(f"{row.name}: {' · '.join(f'{one.cpu:,.0f}' for one in found[-1])} µs", file=sys.stderr)
    return found


def is_flat(costs: Sequence[float]) -> bool:
    """Whether no size costs more than ``FLAT`` times what another does."""
    return max(costs) <= FLAT * min(costs)


_STYLE = """\
svg { font: 12px system-ui, sans-serif; --ink: #1c2430; --soft: #5b6675; --bar: #2f6db5; --line: #c2542d; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e8ebf0; --soft: #a3adba; --bar: #6ea8e8; --line: #ef9a74; }
}
text { fill: var(--ink); } .soft { fill: var(--soft); font-size: 11px; } rect { fill: var(--bar); }
line { stroke: var(--line); stroke-dasharray: 4 3; }
"""
_WIDE, _HIGH, _ACROSS = 300, 150, 2


def drawn(names: Sequence[str], sizes: Sequence[int], costs: Sequence[Sequence[Cost]]) -> str:
    """A panel for each row: a bar for each size, and the height that twice the cheapest would have."""
    panels = [_panel(n, name, sizes, [one.cpu for one in costs[n]]) for n, name in enumerate(names)]
    wide, high = _WIDE * _ACROSS + 20, -(-len(panels) // _ACROSS) * _HIGH + 30
    title = "Processor time of a request by the size of the graph; the broken line is twice the cheapest"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-label="{title}">\n'
        f"<style>\n{_STYLE}</style>\n"
        f'<text class="soft" x="10" y="18">{title}.</text>\n{"".join(panels)}</svg>\n'
    )


def _panel(number: int, name: str, sizes: Sequence[int], costs: Sequence[float]) -> str:
    """A row's bars, from the bottom of its panel upwards."""
    left, top = number % _ACROSS * _WIDE + 10, number // _ACROSS * _HIGH + 30
    floor, most = top + 112, 2.6 * min(costs)
    step = (_WIDE - 30) / len(sizes)
    parts = [f'<text x="{left}" y="{top + 12}">{escape(name)}</text>\n']
    for place, (size, cost) in enumerate(zip(sizes, costs, strict=True)):
        x, high = left + place * step, 72 * min(cost / most, 1.0)
        parts.append(f'<rect x="{x:g}" y="{floor - high:.1f}" width="{step - 22:g}" height="{high:.1f}" rx="2"/>\n')
        parts.append(f'<text class="soft" x="{x:g}" y="{floor + 14}">{_short(size)}</text>\n')
        parts.append(f'<text class="soft" x="{x:g}" y="{floor - high - 4:.1f}">{cost:,.0f} µs</text>\n')
    level = floor - 72 * 2 / 2.6
    parts.append(f'<line x1="{left}" x2="{left + _WIDE - 40}" y1="{level:.1f}" y2="{level:.1f}"/>\n')
    return "".join(parts)


def _short(number: int) -> str:
    return f"{number // 1_000_000} M" if number >= 1_000_000 else f"{number // 1_000} k"


HEAD = """\
# What a request costs while the graph grows

*Written by `benchmarks/flat.py` on {date}; not edited by hand, but for the last section, which is kept.*

![Processor time of a request at each size](pictures/flat.svg)

Processor time in microseconds (of the server and its workers, `/proc/PID/stat`), in brackets the median wait of one
client. Every size is asked for {things} different things (the hub for itself), again and again, in slices of
{slice:g} s that take turns between the sizes; all but the second row are answered without the cache of finished
answers. *Flat* is what costs at no size more than {flat:g} times what it costs at another. The machine was shared with
other work, so compare within a row.

"""
REASONS = "\n## Reasons and plans\n"


def page(names: Sequence[str], sites: Sequence[Site], costs: Sequence[Sequence[Cost]], date: str) -> str:
    """The page of documentation but for its last section."""
    told = HEAD.format(date=date, things=THINGS, slice=SLICE, flat=FLAT)
    told += f"| request | bytes | {' | '.join(_short(one.triples) for one in sites)} | flat |\n"
    told += f"|---|--:|{'--:|' * len(sites)}---|\n"
    for name, row in zip(names, costs, strict=True):
        cells = " | ".join(f"{one.cpu:,.0f} ({one.latency:,.0f})" for one in row)
        sizes = " / ".join(f"{one.bytes:,}" for one in row)
        verdict = "yes" if is_flat([one.cpu for one in row]) else "**no**"
        told += f"| {name} | {sizes} | {cells} | {verdict} |\n"
    for title, server, kind in MEMORIES:
        held = [memory(getattr(one, server).pid, kind) for one in sites]
        told += (
            f"| {title} | | {' | '.join(f'{one:,.0f} MB' for one in held)} | {'yes' if is_flat(held) else '**no**'} |\n"
        )
    return told + (
        "\nMemory is what the serving process holds after this run: its own, and of files mapped into memory what was\n"
        "looked at lately, which processes share and the system takes back when it needs the room.\n\n"
        "To repeat it: `python benchmarks/flat.py --date YYYY-MM-DD FOLDER`; with ten million triples as well:\n"
        "`--sizes 10000 100000 1000000 10000000`.\n"
    )


MEMORIES = (
    ("own memory, cache in use", "cached", "RssAnon"),
    ("own memory, no cache", "anew", "RssAnon"),
    ("mapped files, no cache", "anew", "RssFile"),
)


def memory(pid: int, kind: str) -> float:
    """Megabytes that a process holds of a kind (``man 5 proc``: RssAnon, RssFile of ``/proc/PID/status``)."""
    (line,) = (one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith(kind))
    return int(line.split()[1]) * 1024 / 1e6


def main() -> None:
    """Build what is missing, measure, draw, write."""
    parser = argparse.ArgumentParser(description="Measure costs by size; write docs/benchmarks-flat.md and a picture.")
    parser.add_argument("folder", type=Path, help="where generated sites and their snapshots are kept")
    parser.add_argument("--date", required=True, help="the day of the run, as it is to stand in the page")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="triples of each graph")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each row is asked of each size")
    given = parser.parse_args()
    folders = [prepared(given.folder, size) for size in given.sizes]
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with ExitStack() as stack:
        sites = []
        for size, folder in zip(given.sizes, folders, strict=True):
            serve = [*_KGPUB, "serve", str(folder), "--port", "0"]
            cached, anew = stack.enter_context(started(serve)), stack.enter_context(started(serve, _WITHOUT_CACHE))
            sites.append(Site(size, cached, anew, rows(folder, anew)))
        names = [row.name for row in sites[0].rows]
        costs = measure(sites, given.seconds)
        text = page(names, sites, costs, given.date)
    kept = PAGE.read_text("utf-8").partition(REASONS)[2] if PAGE.is_file() else ""
    PAGE.write_text(text + REASONS + (kept or "\nNone is needed: every row is flat.\n"), "utf-8")
    PICTURE.write_text(drawn(names, given.sizes, costs), "utf-8")
    print(text)


if __name__ == "__main__":
    main()
