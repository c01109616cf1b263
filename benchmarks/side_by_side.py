"""kgpub and what else publishes graphs, side by side: one command that installs, starts, loads, checks and measures.

    python benchmarks/side_by_side.py FOLDER
    python benchmarks/side_by_side.py FOLDER --triples 100000 --rounds 3 --date YYYY-MM-DD

FOLDER is a site that ``generate.py`` wrote; it is written when it is not there. Every server holds the same triples,
listens on the loopback interface and takes turns with the others. An answer that is not right (``questions.py``) has
no figure, and the page says why; so it says of a server that could not be had. All of them are stopped at the end.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

import beside
import installing
import peers
import questions
import uvloop
from beside import Cell, Line
from generate import BASE, REPOSITORY, generate
from kept import Answer, Broken, Kept, Sample, connect, percentiles
from peers import KGPUB, Peer, Program
from questions import ANEW, Asked, Question
from sparql import Turn, number_of_rows, store_of, turn

PAGE = REPOSITORY / "docs/benchmarks-side-by-side.md"
_REDIRECTS = (301, 302, 303, 307, 308)
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0


class Unfit(Exception):
    """An answer that does not count; the text says why."""


async def answered(kept: Kept, question: Question) -> Answer:
    """The answer to a question, after a redirect if there is one, with the seconds of both."""
    answer = await asyncio.wait_for(kept.ask(question.request), _PATIENCE)
    if answer.status not in _REDIRECTS or not answer.location:
        return answer
    second = await asyncio.wait_for(kept.ask(replace(question, path=answer.location).request), _PATIENCE)
    return replace(second, seconds=answer.seconds + second.seconds)


class Server:
    """A server that is asked, one question at a time, over a connection that is kept where the server keeps it."""

    def __init__(self, start: Callable[[], Peer]) -> None:
        """Start it, and have the way to start it again, should it have ended."""
        self._start = start
        self.peer = start()
        self.ended = 0
        """How often it was found gone, and started again."""
        self._kept: Kept | None = None
        self._sizes: dict[str, int] = {}

    async def ask(self, question: Question) -> Answer:
        """An answer that counts; raises ``Unfit``. One of the same size as a checked one is not read again."""
        try:
            if self._kept is None or not self._kept.is_open:
                self._kept = await connect(self.peer.port)
            answer = await answered(self._kept, question)
        except (Broken, OSError) as error:  # TimeoutError is one of the latter
            self._hang_up()
            raise Unfit(f"no whole answer came: {error or 'its time was up'}") from error
        if answer.status != 200 or self._sizes.get(question.path) != answer.size:
            if wrong := question.wrong(answer):
                raise Unfit(wrong)
            self._sizes[question.path] = answer.size
        return answer

    async def begin(self) -> None:
        """A new connection: one that nothing was asked over for long may be hung up at any moment."""
        self._hang_up()
        try:
            self._kept = await connect(self.peer.port)
        except OSError:
            self.ended += 1
            self.peer = self._start()

    def _hang_up(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    async def turn(self, asked: Iterator[Question], seconds: float) -> Turn:
        """Questions for so many seconds, and at least one; raises ``Unfit``."""
        loop = asyncio.get_running_loop()
        await self.begin()
        before, begun, taken = self.peer.cpu, loop.time(), list[Sample]()
        while not taken or loop.time() < begun + seconds:
            answer = await self.ask(next(asked))
            taken.append(Sample(answer.seconds, answer.size))
        return turn(taken, loop.time() - begun, self.peer.cpu - before)


@dataclass
class Trial:
    """The servers of a run, what each row came to, and who has no figure in it, and why."""

    servers: Mapping[str, Server]
    memory: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def fit(self, row: Asked) -> dict[str, str]:
        """Who does not answer a row as it should, and why; all its different questions are asked, the first by all."""
        unfit, wanted = dict(row.silent), None
        for name in (name for name in row.questions if name in self.servers):
            try:
                await self.servers[name].begin()
                first = next(row.questions[name])
                answer = await self.servers[name].ask(replace(first, rows=wanted))
                wanted = wanted if first.known else wanted or number_of_rows(first.accept, answer.body)
                for _ in range(row.different - 1):
                    await self.servers[name].ask(next(row.questions[name]))
            except Unfit as error:
                unfit[name] = str(error)
        return unfit

    @staticmethod
    def line(row: Asked, unfit: Mapping[str, str], turns: Mapping[str, Sequence[Turn]]) -> Line:
        """A row of the table."""
        cells = {_column(name): _cell(done) for name, done in turns.items() if name not in unfit}
        return Line(row.name, cells, {_column(name): why for name, why in unfit.items()})

    async def measure(self, asked: Sequence[Asked], rounds: int, seconds: float) -> list[Line]:
        """Ask round after round; in each, every row has its turn of each server, and another one begins."""
        unfit = [await self.fit(row) for row in asked]
        turns: list[dict[str, list[Turn]]] = [{} for _ in asked]
        for number in range(rounds):
            for row, bad, done in zip(asked, unfit, turns, strict=True):
                names = [name for name in row.questions if name in self.servers and name not in bad]
                first = number % max(1, len(names))
                for name in (*names[first:], *names[:first]):
                    await self._turn(row, name, seconds, done, bad)
        lines = zip(asked, unfit, turns, strict=True)
        return [self.line(row, bad, done) for row, bad, done in lines]

    async def _turn(
        self, row: Asked, name: str, seconds: float, done: dict[str, list[Turn]], bad: dict[str, str]
    ) -> None:
        print(f"{row.name}: {name}", file=sys.stderr, flush=True)
        try:
            done.setdefault(name, []).append(await self.servers[name].turn(row.questions[name], seconds))
        except Unfit as error:
            bad[name] = str(error)
        now, most = self.servers[name].peer.memory, self.memory.get(name, (0, 0))
        self.memory[name] = (max(now.resident, most[0]), max(now.proportional, most[1]))


def _column(name: str) -> str:
    return KGPUB if name == ANEW else name


def _cell(turns: Sequence[Turn]) -> Cell:
    costs = tuple(1000 * max(one.cpu, _TICK) / one.requests for one in turns)
    middles = tuple(percentiles(one.latencies)[50] for one in turns)
    return Cell(costs, middles)


def programs(folder: Path, site: Path, scratch: Path) -> Iterator[tuple[str, Callable[[], Program]]]:
    """Each server by its name, and what installs it, loads it and says how it is started."""
    ports, store = peers.free_ports(), store_of(site)
    (scratch / "triples").mkdir()
    triples = peers.export(store, scratch / "triples/all.nt")
    anew = {"KGPUB_PAGES__CACHE": "0"}

    def sparql() -> Path:
        return installing.python(folder / "sparql", installing.OXIGRAPH, installing.RDFLIB_ENDPOINT)

    def native() -> Program:
        return peers.native(sparql(), Path(shutil.copytree(store, scratch / "store")), next(ports))

    def virtuoso() -> Program:
        root = installing.debian(folder / "virtuoso", installing.VIRTUOSO)
        return peers.virtuoso(root, triples, next(ports), next(ports), scratch)

    yield KGPUB, lambda: peers.kgpub(site, scratch / "access.log", {}, next(ports))
    yield ANEW, lambda: peers.kgpub(site, scratch / "anew.log", anew, next(ports), ANEW)
    yield (
        peers.TRIFID,
        lambda: peers.trifid(
            installing.node(folder / "trifid", installing.TRIFID), triples, BASE, next(ports), scratch
        ),
    )
    yield (
        peers.SHMARQL,
        lambda: peers.shmarql(installing.python(folder / "shmarql", installing.SHMARQL), triples, BASE, next(ports)),
    )
    yield peers.RDFLIB, lambda: peers.rdflib_endpoint(sparql(), triples, next(ports))
    yield peers.NATIVE, native
    yield peers.VIRTUOSO, virtuoso


def prepared(offered: Iterator[tuple[str, Callable[[], Program]]]) -> tuple[list[Program], dict[str, str]]:
    """The programs that are here, and why the others are not."""
    here, missing = [], {}
    for name, make in offered:
        print(f"installing and loading {name}", file=sys.stderr, flush=True)
        try:
            here.append(make())
        except (installing.Missing, RuntimeError, subprocess.CalledProcessError) as error:
            missing[name] = str(error)
    return here, missing


def starts(here: Sequence[Program], times: int) -> tuple[Line, dict[str, str]]:
    """Seconds from the command to the first 200, each server alone; and why some do not start."""
    taken: dict[str, list[Peer]] = {}
    failed: dict[str, str] = {}
    for _ in range(times):
        for program in (one for one in here if one.name not in {ANEW, *failed}):
            print(f"starting {program.name}", file=sys.stderr, flush=True)
            try:
                with peers.running(program) as peer:
                    taken.setdefault(program.name, []).append(peer)
            except RuntimeError as error:
                failed[program.name] = str(error).splitlines()[0]
    cells = {
        name: Cell(tuple(1000 * max(one.first_cpu, _TICK) for one in those), tuple(1000 * one.first for one in those))
        for name, those in taken.items()
    }
    return Line(beside.START, cells, failed), failed


def memory(trial: Trial) -> Line:
    """The most that each server held at the end of a turn, in megabytes: proportional, resident."""
    cells = {
        name: Cell((proportional / 1e6,), (resident / 1e6,))
        for name, (resident, proportional) in trial.memory.items()
        if name != ANEW
    }
    return Line(beside.MEMORY, cells, {})


def compare(given: argparse.Namespace) -> beside.Run:
    """Install, start, load, check, measure; whatever happens, everything is stopped."""
    load = os.getloadavg()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        here, missing = prepared(programs(given.tools, given.folder, scratch))
        start, failed = starts(here, given.rounds)
        start_again = {
            one.name: partial(lambda program: stack.enter_context(peers.running(program)), one)
            for one in here
            if one.name not in failed
        }
        trial = Trial({name: Server(begin) for name, begin in start_again.items()})
        asked = list(questions.rows(_documents(given.folder), questions.Known.of(scratch / "triples/all.nt")))
        begun = time.monotonic()
        lines = uvloop.run(trial.measure(asked, given.rounds, given.seconds))
        minutes = (time.monotonic() - begun) / 60
        triples = sum(1 for _ in (scratch / "triples/all.nt").open("rb"))
        ended = {name: server.ended for name, server in trial.servers.items() if server.ended}
        loads = (load[0], os.getloadavg()[0])
        return beside.Run([start, *lines, memory(trial)], missing, triples, loads, minutes, ended)


def _documents(site: Path) -> int:
    with (site / "data/documents.ttl").open(encoding="utf-8") as file:
        return sum(1 for line in file if line.startswith("id:doc-"))


def main() -> None:
    """Measure, write the page, print it."""
    given = _arguments()
    if given.again:
        _write(beside.read(given.figures), given)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    if not given.folder.exists():
        generate(given.folder, given.triples, 42)
    subprocess.run([sys.executable, "-m", "kgpub", "build", str(given.folder)], check=True, stdout=sys.stderr)
    run = compare(given)
    given.figures.parent.mkdir(parents=True, exist_ok=True)
    given.figures.write_text(json.dumps(asdict(run), indent=1), "utf-8")
    _write(run, given)


def _write(run: beside.Run, given: argparse.Namespace) -> None:
    text = beside.page(run, given)
    given.output.write_text(text, "utf-8")
    print(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Set kgpub beside other publishers, and write the table.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a site written by generate.py, or to be written")
    parser.add_argument("--triples", type=int, default=100_000, help="how large to write it")
    parser.add_argument("--rounds", type=int, default=3, help="how often each row has its turn, and each server starts")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a turn lasts, at least")
    parser.add_argument("--date", required=True, help="the day of the run, as it is to stand in the page")
    parser.add_argument("--tools", type=Path, default=REPOSITORY / "build/benchmarks", help="where the others live")
    parser.add_argument("--figures", type=Path, default=REPOSITORY / "build/side-by-side.json", help="all figures")
    parser.add_argument("--again", action="store_true", help="write the page from the figures of the last run")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page to write")
    return parser.parse_args()


if __name__ == "__main__":
    main()
