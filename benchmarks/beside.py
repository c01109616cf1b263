"""What stood side by side, as a page: a table of costs and ratios, the aim of each row, what falls short and why."""

import argparse
import json
import os
import platform
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from textwrap import fill

import installing
import questions as asked
import sparql
from peers import KGPUB, NATIVE, RDFLIB, SHMARQL, TRIFID, VIRTUOSO

START, MEMORY = "start to the first 200", "memory"
OTHERS = (TRIFID, SHMARQL, RDFLIB, NATIVE, VIRTUOSO)
PUBLISHERS = (TRIFID, SHMARQL, RDFLIB)
"""Those that publish graphs; the other two are engines with an endpoint."""


@dataclass(frozen=True)
class Cell:
    """What a row came to for a server, round by round: the cost that is compared, and what stands beside it."""

    costs: tuple[float, ...]
    besides: tuple[float, ...]

    def __str__(self) -> str:
        return f"{_short(statistics.median(self.costs))} / {_short(statistics.median(self.besides))}"


@dataclass(frozen=True)
class Aim:
    """What is to be reached: at least so many times better than the best of these servers."""

    least: float
    others: tuple[str, ...]
    by_time: bool = False
    """Whether the second figure is compared (time), and not the first (cost)."""

    def reached(self, line: "Line") -> float | None:
        """How many times better; nothing when none of the others has a figure."""
        here = [name for name in self.others if name in line.cells and KGPUB in line.cells]
        ratios = [line.ratio(name, self.by_time) for name in here]
        return min(ratios, default=None)

    def __str__(self) -> str:
        name = "every publisher" if self.others == PUBLISHERS else self.others[0]
        what = " in time" if self.by_time else ""
        return f"×{self.least:g} {name}{what}" if self.least != 1 else f"ahead of {name}{what}"


@dataclass(frozen=True)
class Line:
    """A row: a name, the figures of those that have one, and why the others have none."""

    name: str
    cells: Mapping[str, Cell]
    silent: Mapping[str, str]

    @property
    def aims(self) -> tuple[Aim, ...]:
        """What is to be reached."""
        return AIMS.get(self.name, (AHEAD,))

    def ratio(self, name: str, by_time: bool = False) -> float:
        """How many times what kgpub needs a server needs: the median of the rounds."""
        mine, its = self.cells[KGPUB], self.cells[name]
        if by_time:
            return statistics.median(b / a for a, b in zip(mine.besides, its.besides, strict=True))
        return statistics.median(b / a for a, b in zip(mine.costs, its.costs, strict=True))

    def markdown(self, present: Sequence[str]) -> str:
        """The row of the table."""
        cells = [str(self.cells.get(KGPUB, "–"))]
        cells += [self._cell(name) for name in OTHERS if name in present]
        aims = "; ".join(map(str, self.aims))
        return f"| {self.name} | {' | '.join(cells)} | {aims} | {'; '.join(map(self._verdict, self.aims))} |"

    def _cell(self, name: str) -> str:
        its = self.cells.get(name)
        if its is None or KGPUB not in self.cells:
            return "–" if its is None else str(its)
        return f"**×{_short(self.ratio(name, self.name == START))}** {its}"

    def _verdict(self, aim: Aim) -> str:
        reached = aim.reached(self)
        if reached is None:
            return "none to compare"
        return f"×{_short(reached)}" if reached >= aim.least else f"**×{_short(reached)}, short**"

    @property
    def is_short(self) -> bool:
        """Whether an aim was not reached."""
        found = [(aim, aim.reached(self)) for aim in self.aims]
        return any(reached is not None and reached < aim.least for aim, reached in found)


AHEAD = Aim(1, PUBLISHERS)
_SMALL = (AHEAD, Aim(0.3, (NATIVE,)))
_LARGE = (AHEAD, Aim(0.9, (NATIVE,), by_time=True))
AIMS: Mapping[str, tuple[Aim, ...]] = {
    START: (Aim(1, PUBLISHERS, by_time=True),),
    asked.PAGE: (Aim(20, PUBLISHERS),),
    asked.PAGE_KEPT: (Aim(150, PUBLISHERS),),
    asked.TTL: (AHEAD, Aim(30, (RDFLIB,))),
    asked.TTL_KEPT: (AHEAD, Aim(30, (RDFLIB,))),
    asked.LD: (AHEAD, Aim(20, (RDFLIB,))),
    asked.LD_KEPT: (AHEAD, Aim(20, (RDFLIB,))),
    sparql.LOOKUP: _SMALL,
    sparql.LABELS: _SMALL,
    sparql.ROWS: _LARGE,
    sparql.GRAPH: _LARGE,
}
"""Name of a row → its aims; every other one is to be ahead of every publisher."""


@dataclass(frozen=True)
class Run:
    """A whole run: its rows, the servers that could not be had, and what the machine did."""

    lines: Sequence[Line]
    missing: Mapping[str, str]
    triples: int
    load: tuple[float, float]
    """The machine's load before anything began, and at the end."""
    minutes: float
    ended: Mapping[str, int] = field(default_factory=dict)
    """How often a server was found gone, and started again."""

    @property
    def present(self) -> list[str]:
        """The servers that have a figure somewhere."""
        return [name for name in OTHERS if any(name in line.cells for line in self.lines)]


def _short(number: float) -> str:
    """A number with about two digits that mean something."""
    return f"{number:.2f}" if number < 2 else f"{number:.1f}" if number < 20 else f"{number:,.0f}"


def read(figures: Path) -> Run:
    """The run whose figures were written to a file as JSON."""
    kept = json.loads(figures.read_text("utf-8"))
    lines = [
        Line(one["name"], {name: Cell(tuple(c["costs"]), tuple(c["besides"])) for name, c in one["cells"].items()},
             one["silent"])
        for one in kept.pop("lines")
    ]  # fmt: skip
    return Run(lines, **kept)


def _notes(run: Run) -> Iterator[str]:
    for name, why in run.missing.items():
        yield f"- **{name}** could not be had: {why}.\n"
    for name, times in run.ended.items():
        yield f"- **{name}** was gone {times} times, and started again.\n"
    told: dict[tuple[str, str], list[str]] = {}
    for line in run.lines:
        for name, why in line.silent.items():
            told.setdefault((name, why), []).append(line.name)
    for (name, why), names in told.items():
        yield f"- **{name}**, {'; '.join(names)}: {why}.\n"


def _reasons(run: Run) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for line in run.lines:
        if line.is_short:
            told.setdefault(REASONS.get(line.name, "Not looked into yet."), []).append(line.name)
    for why, names in told.items():
        yield f"- **{'; '.join(names)}.** {why}\n"


_FULLER = (
    "kgpub's page says more: what points to the entity, where each statement comes from, when and where. Under a "
    "profiler three tenths of the page's time go into looking up what is said, a third into laying it out, a tenth "
    "into templates; no single part stands out. The neighbourhood, which took half, has an address of its own since. "
    "Trifid shows the entity's own statements."
)
_WOKEN = (
    "Only the web server's own work is left, tens of microseconds, and that grows dearer on a busy machine than long "
    "computations do: each time the process is woken its caches are cold."
)
_ENGINE = (
    "The others answer one `CONSTRUCT` of some sixteen statements; so many times less than rdflib-endpoint would "
    "be about what the engine's own server takes for that with its HTTP, in native code, and what a bare uvicorn "
    "takes for any answer at all. kgpub's document is described by several look-ups, written, hashed and "
    "compressed in Python when it is made anew; from cache only the web server's own work is left."
)
_IN_MEMORY = (
    "Trifid and SHMARQL run the same engine over a store in memory, Virtuoso over its own cache of pages; kgpub's "
    "is on disk and takes a look-up in RocksDB for each text it reads. The native server over the same store "
    "costs nearly as much as kgpub, so it is the engine's price for starting at once and for graphs "
    "larger than memory."
    " That much the ratios say; it was not looked into further."
)
_TWO_PROCESSES = (
    "Visitors' queries run in workers that can be killed, so a small answer wakes two processes where the others "
    "wake one, and passes a guard, limits, log and metrics, which Trifid's and the native server's have not "
    "([more](benchmarks-sparql.md))."
)
_COPIED = (
    "Every byte of a large result passes from the worker through the web process, which counts it, may compress "
    "it and can break it off; the native server writes it to the socket. With four requests under way both "
    "processes work at once and the share is larger ([more](benchmarks-sparql.md))."
)
REASONS: Mapping[str, str] = {
    asked.PAGE: _FULLER,
    asked.PAGE_KEPT: _WOKEN,
    asked.TTL: _ENGINE,
    asked.TTL_KEPT: _ENGINE,
    asked.LD: _ENGINE,
    asked.LD_KEPT: _ENGINE,
    sparql.LOOKUP: _TWO_PROCESSES,
    sparql.LABELS: _TWO_PROCESSES,
    sparql.COUNTS: _IN_MEMORY,
    sparql.FILTER: _IN_MEMORY,
    sparql.ROWS: _COPIED,
    sparql.GRAPH: _COPIED,
    sparql.AGGREGATE: _IN_MEMORY,
    sparql.OFFSET: _IN_MEMORY,
    MEMORY: "Two workers, the check of queries and the web process are four interpreters.",
}
"""Name of a row → why it falls short, for when it does."""


METHOD = """\
# Side by side with other publishers

*Written by `benchmarks/side_by_side.py` on {date}; not edited by hand.*

All servers hold the same {triples:,} triples, run at the same time on the loopback interface and take turns: {rounds}
rounds, and in each {seconds:g} s or one answer of each server for each row, one question at a time over a connection
that is kept where the server keeps it. Another server begins in each round.

- **Cost / time.** The first figure is milliseconds of processor time of all processes of a server for each answer, the
  second the median time to the last byte in milliseconds; both are medians of the rounds. **×** is how many times
  kgpub's cost another server has (of the start: kgpub's time): more than 1 is in kgpub's favour. Compare ratios of this
  page, and none of its figures with one taken elsewhere.
- **{start}** is from the command until a page or a query was answered with 200, each server
  alone; what has a database (kgpub, Oxigraph, Virtuoso) was loaded before, the others read the file then.
- **{memory}** is megabytes of all processes at most: shared pages shared out, and the sum of what is resident.
- **An answer counts** when it has the status 200, the media type asked for, and says what the graph says (the label of
  the entity; of the hub, something that points to it); a result of SPARQL has as many rows as the others'. Answers of
  the size of one that was read are not read again. Redirects are followed, and count.
- **Made anew** is kgpub with `KGPUB_PAGES__CACHE=0`, **from cache** as it is. The others keep no answers; both rows
  ask them the same. No text of the eight queries is sent twice to a server.
- Entity data come from SPARQL servers by `CONSTRUCT` of the entity's own statements. Search is kgpub's page of results;
  of Virtuoso, which has a text index and no such page, it is a query with `bif:contains`.
- Trifid reads the file into its own store and rewrites the IRIs to its host. rdflib-endpoint and SHMARQL hold the file
  in memory. Virtuoso loads it in bulk and indexes its text. Oxigraph serves a copy of kgpub's store.
- **{publishers}** count as publishers; Oxigraph and Virtuoso are engines with an endpoint.

Machine: {machine}; load {before:.1f} before the run and {after:.1f} at its end: it was shared
with other work if there was any load before. {minutes:.0f} minutes of turns.

{versions}

To repeat it:

    python benchmarks/side_by_side.py FOLDER --date YYYY-MM-DD

"""


def page(run: Run, given: argparse.Namespace) -> str:
    """The whole page of documentation."""
    head = METHOD.format(
        date=given.date, triples=run.triples, rounds=given.rounds, seconds=given.seconds, start=START.capitalize(),
        memory=MEMORY.capitalize(), publishers=", ".join(PUBLISHERS), machine=_machine(), before=run.load[0],
        after=run.load[1], minutes=run.minutes, versions=fill(f"Versions: {_versions(given.tools)}.", 120),
    )  # fmt: skip
    names = [name for name in OTHERS if name in run.present]
    lines = [f"| | {KGPUB} | {' | '.join(names)} | aim | is |", "|---|--:|" + "--:|" * len(names) + "---|---|"]
    lines += [line.markdown(run.present) for line in run.lines]
    table = "\n".join(lines)
    notes, reasons = "".join(_notes(run)), "".join(_reasons(run))
    return f"{head}{table}\n\n## Without a figure\n\n{notes}\n## What falls short, and why\n\n{reasons}"


def _versions(tools: Path) -> str:
    here = [f"{name} {version(name)}" for name in (KGPUB, "pyoxigraph")]
    theirs = [one.replace("==", " ").replace("[cli]", "") for one in (installing.OXIGRAPH, installing.RDFLIB_ENDPOINT)]
    theirs += [installing.SHMARQL.replace("==", " "), installing.TRIFID.replace("@", " ")]
    return ", ".join([*here, *theirs, f"Virtuoso {installing.versions(tools / 'virtuoso')}"])


def _machine() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    name = found[1] if found else platform.machine()
    return f"{os.cpu_count()} cores ({name}), {memory / 1e9:.0f} GB, Python {platform.python_version()}"
