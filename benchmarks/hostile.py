"""kgpub in bad company: what its good clients notice while others ask for what never ends, or ends the worker.

Periods of peace and of attack take turns. In both a reader asks for pages and a researcher for look-ups, at a steady
pace; every client has an address of its own on the loopback interface. Between them, one query that never ends is
asked alone, to see how late its time is up.
"""

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import peers
import uvloop
from generate import BASE, PER_DOCUMENT
from kept import Answer, Broken, connect, percentiles, request
from peers import Peer

_STAY = 0.2
"""Seconds after which a client leaves that does not wait for its answer."""
_WARM, _ALONE = 2.0, 3
"""Seconds before anything counts; queries asked alone in each round."""
PAGES, LOOKUPS = 50, 10
"""Requests each second."""
RATIO, MOST, LATE = 1.5, 100.0, 150.0
"""Pages under attack against peace; milliseconds of the slowest page but one in a hundred; of an overshoot."""

_JSON = "application/sparql-results+json"
_READER, _RESEARCHER, _FIRST_ENEMY = "127.0.0.2", "127.0.0.3", 10
_TRIPLES = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))
_DOUBLED = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(32))
_LISTS, _GROUPS = 70, 45
"""As deep as the guard lets pass."""


@dataclass(frozen=True)
class Harm:
    """A hostile query, and the seconds it asks for."""

    text: str
    timeout: float = 1.0


HOSTILE: Mapping[str, Harm] = {
    "six-way product": Harm(f"SELECT (COUNT(*) AS ?n) {{ {_TRIPLES} }}"),
    "sorted product": Harm(f"SELECT * {{ {_TRIPLES} }} ORDER BY ?c1 ?c0 LIMIT 10", 5.0),
    "joined text": Harm(f"SELECT (GROUP_CONCAT(CONCAT(STR(?c0), STR(?c1))) AS ?all) {{ {_TRIPLES} }}"),
    "doubled text": Harm(f'SELECT (STRLEN(?v32) AS ?n) {{ BIND("0123456789" AS ?v0) {_DOUBLED} }}', 5.0),
    "nested lists": Harm(f"SELECT * {{ {'(' * _LISTS}1{')' * _LISTS} ?p ?o }}"),
    "nested groups": Harm(f"SELECT * {{ {'{ ?s ?p ?o OPTIONAL ' * _GROUPS}{{}}{'}' * _GROUPS} }}"),
}
"""Name → query: some never end, some take all memory there is, some are hard to plan or deep."""


@dataclass
class Period:
    """What was noticed in the periods of one kind."""

    pages: list[float] = field(default_factory=list)
    lookups: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Company:
    """What an attack came to: both kinds of period, answers to the enemies, and overshoots in milliseconds."""

    peace: Period
    attack: Period
    answers: Mapping[str, int]
    late: Mapping[str, tuple[float, ...]]

    @property
    def markdown(self) -> str:
        """What was noticed, answered and reached, in Markdown."""
        lines = ["| | peace | attack |", "|---|--:|--:|"]
        lines.append(f"| pages, p50 / p99 ms | {_cut(self.peace.pages)} | {_cut(self.attack.pages)} |")
        lines.append(f"| look-ups, p50 / p99 ms | {_cut(self.peace.lookups)} | {_cut(self.attack.lookups)} |")
        for name in ("pages", "lookups"):
            made, also = (len(getattr(period, name)) for period in (self.peace, self.attack))
            lines.append(f"| {name} answered | {made} | {also} |")
        lines.append(f"| failed | {_counts(self.peace.failures)} | {_counts(self.attack.failures)} |")
        lines += ["", "| hostile query | answer | times |", "|---|---|--:|"]
        lines += [f"| {name.replace(': ', ' | ')} | {times} |" for name, times in sorted(self.answers.items())]
        lines += ["", "| late | p50 / most ms | times |", "|---|--:|--:|"]
        lines += [f"| {name} | {_middle_and_most(ms)} | {len(ms)} |" for name, ms in self.late.items() if ms]
        lines += ["", "| target | must | is | |", "|---|--:|--:|---|", *self._targets()]
        return "\n".join(lines) + "\n"

    def _targets(self) -> Iterator[str]:
        idle, attacked = (percentiles(period.pages)[99] for period in (self.peace, self.attack))
        reached = {
            ("failed good requests", 0): sum(self.attack.failures.values()),
            ("pages p99, attack / peace", RATIO): attacked / idle,
            ("pages p99 under attack, ms", MOST): attacked,
            ("overshoot alone, ms", LATE): max(self.late["alone"], default=float("inf")),
        }
        for (name, most), value in reached.items():
            yield f"| {name} | {most:g} | {value:.2f} | {'reached' if value <= most else '**missed**'} |"


def attack(given: argparse.Namespace, documents: int) -> Company:
    """Start kgpub as it is, with an access log, and attack it."""
    with tempfile.TemporaryDirectory() as scratch:
        program = peers.kgpub(given.folder, Path(scratch) / "log", {}, next(peers.free_ports()))
        with peers.running(program) as server:
            return uvloop.run(_Siege(server, documents).run(given.rounds, given.seconds))


def pages(documents: int) -> Iterator[str]:
    """Addresses of pages of entities from all over the graph, again and again, but none twice, so that each is made."""
    things = [
        f"{kind}-{document}-{number}"
        for number in range(max(PER_DOCUMENT.values()))
        for document in range(documents)
        for kind, many in PER_DOCUMENT.items()
        if number < many
    ]
    return (f"/id/{things[n % len(things)]}.ka.html?n={n}" for n in count())


class _Siege:
    """The clients of one run."""

    def __init__(self, server: Peer, documents: int) -> None:
        self._server = server
        self._pages = pages(documents)
        self._documents = documents
        self._numbers = count()
        self._answers: Counter[str] = Counter()
        self._late: dict[str, list[float]] = {"alone": [], "under attack, with the wait for a worker": []}

    async def run(self, rounds: int, seconds: float) -> Company:
        """Peace, a query alone, attack; round after round."""
        peace, attack = Period(), Period()
        await self._live(Period(), _WARM)
        for _ in range(rounds):
            await self._live(peace, seconds)
            for _ in range(_ALONE):
                await self._one("six-way product", "127.0.0.1", "alone")
            over = asyncio.Event()
            enemies = [asyncio.create_task(self._enemy(n, name, over)) for n, name in enumerate(HOSTILE)]
            enemies.append(asyncio.create_task(self._deserter(len(HOSTILE), over)))
            await self._live(attack, seconds)
            over.set()
            await asyncio.gather(*enemies)
        late = {name: tuple(values) for name, values in self._late.items()}
        return Company(peace, attack, dict(self._answers), late)

    async def _live(self, period: Period, seconds: float) -> None:
        """A reader and a researcher for so many seconds."""
        looked = (self._lookup() for _ in count())
        shown = (request(next(self._pages), accept="text/html") for _ in count())
        await asyncio.gather(
            self._ask_steadily(_READER, shown, PAGES, seconds, period.pages, period, _is_page),
            self._ask_steadily(_RESEARCHER, looked, LOOKUPS, seconds, period.lookups, period, _is_result),
        )

    async def _ask_steadily(
        self,
        source: str,
        requests: Iterator[bytes],
        pace: int,
        seconds: float,
        taken: list[float],
        period: Period,
        is_good: Callable[[Answer], bool],
    ) -> None:
        """Requests at a pace, one at a time; those that fail are counted."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        kept = await connect(self._server.port, source)
        for number in count():
            await asyncio.sleep(max(0.0, begun + number / pace - loop.time()))
            if loop.time() > begun + seconds:
                break
            kept = kept if kept.is_open else await connect(self._server.port, source)
            try:
                answer = await kept.ask(next(requests))
            except Broken:
                period.failures["broken off"] += 1
                continue
            if is_good(answer):
                taken.append(answer.seconds)
            else:
                period.failures[str(answer.status)] += 1
        kept.close()

    def _lookup(self) -> bytes:
        number = next(self._numbers)
        thing = f"<{BASE}id/org-{number % self._documents}-0>"
        return self._query(f"SELECT ?property ?value {{ {thing} ?property ?value }} #{number}")

    def _query(self, text: str, *also: tuple[str, str]) -> bytes:
        return request(self._server.path, (("query", text), *also), _JSON)

    async def _enemy(self, number: int, name: str, over: asyncio.Event) -> None:
        """One hostile query again and again, from an address of its own."""
        while not over.is_set():
            await self._one(name, f"127.0.0.{_FIRST_ENEMY + number}", "under attack, with the wait for a worker")

    async def _one(self, name: str, source: str, when: str) -> None:
        """Ask a hostile query, and note what came of it; its text is another one each time."""
        kept = await connect(self._server.port, source)
        harm = HOSTILE[name]
        text = f"{harm.text} #{next(self._numbers)}"
        try:
            answer = await kept.ask(self._query(text, ("timeout", f"{harm.timeout:g}")))
        except Broken:
            self._answers[f"{name}: broken off"] += 1
            return
        finally:
            kept.close()
        kind = problem(answer)
        self._answers[f"{name}: {answer.status} {kind}"] += 1
        if kind == "timeout":
            self._late[when].append((answer.seconds - harm.timeout) * 1000)

    async def _deserter(self, number: int, over: asyncio.Event) -> None:
        """A client that asks for what never ends, and goes."""
        while not over.is_set():
            kept = await connect(self._server.port, f"127.0.0.{_FIRST_ENEMY + number}")
            text = f"{HOSTILE['six-way product'].text} #{next(self._numbers)}"
            asked = asyncio.create_task(kept.ask(self._query(text)))
            await asyncio.wait([asked], timeout=_STAY)
            kept.close()
            await asyncio.gather(asked, return_exceptions=True)
            self._answers["six-way product, client gone: none"] += 1


def problem(answer: Answer) -> str:
    """The last part of a problem's type (RFC 9457), or nothing."""
    if b"\r\ncontent-type: application/problem+json" not in answer.head:
        return ""
    return str(json.loads(answer.body)["type"]).rpartition("/")[2]


def _is_page(answer: Answer) -> bool:
    return answer.status == 200 and answer.body.rstrip().endswith(b"</html>")


def _is_result(answer: Answer) -> bool:
    return answer.status == 200 and bool(json.loads(answer.body)["results"]["bindings"])


def _cut(seconds: Sequence[float]) -> str:
    cut = percentiles(seconds)
    return f"{cut[50]:,.1f} / {cut[99]:,.1f}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{times} × {what}" for what, times in counts.items()) or "0"


def _middle_and_most(milliseconds: Sequence[float]) -> str:
    ordered = sorted(milliseconds)
    return f"{ordered[len(ordered) // 2]:,.0f} / {ordered[-1]:,.0f}"
