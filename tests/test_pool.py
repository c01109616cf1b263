"""Workers that may be killed: what each bad end of a query looks like, and that the next query does not notice."""

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kgpub import errors
from kgpub.engine import DatasetClause, channel, lane, pool, spool
from kgpub.engine.borrowing import Borrowed
from kgpub.engine.channel import Channel
from kgpub.engine.crew import Crew, Limits
from kgpub.engine.frames import Unframer, frame, packed, unpacked
from kgpub.engine.ground import Ground
from kgpub.engine.lending import Account
from kgpub.engine.outcomes import CrewFigures
from kgpub.engine.pool import Pool, Question
from kgpub.engine.spool import Spool
from kgpub.engine.stream import Stream, Trace

GROUND = Ground("https://kg.example/", {"ex": "https://kg.example/"}, 100_000, 10_000_000)
HOPELESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
HUNGRY = "SELECT (GROUP_CONCAT(?c) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 90000"
GOOD = "ASK { ?s ?p ?o }"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these locks")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("store"))
    made = Store(folder)
    made.extend(
        Quad(NamedNode(f"https://kg.example/{i}"), NamedNode("https://kg.example/p"), Literal("x" * 500 + str(i)))
        for i in range(60)
    )
    made.extend(
        Quad(
            NamedNode(f"https://kg.example/{i}"),
            NamedNode("https://kg.example/q"),
            NamedNode(f"https://kg.example/{j}"),
        )
        for i in range(40)
        for j in range(40)
    )
    made.optimize()
    del made
    return folder


@dataclass
class Under:
    """The crew at the bottom of what is tested, and whether it is borrowed from."""

    is_borrowed: bool = False
    crew: Crew | None = None


UNDER = Under()


@pytest.fixture(autouse=True, params=["its own crew", pytest.param("a borrowed one", marks=[pytest.mark.slow])])
def whose(request: pytest.FixtureRequest) -> None:
    """Every scene is played with a crew of the pool's own, and with one that another process lends."""
    UNDER.is_borrowed = request.param == "a borrowed one"


@asynccontextmanager
async def opened(**limits: float) -> AsyncIterator[Pool]:
    values = {"workers": 2, "memory": 300_000_000, "queue": 4, "patience": 20.0} | limits
    crew = Crew(Limits(int(values["workers"]), int(values["memory"]), int(values["queue"]), values["patience"]))
    UNDER.crew = crew
    made, lends = Pool(crew), None
    if UNDER.is_borrowed:
        made, lends = borrowing(crew)
    try:
        yield made
    finally:
        await made.close()
        if lends is not None:
            await until(lambda: lends.is_over)
            await crew.close()


class Lends:
    """The other side of a pool that borrows, in the same event loop."""

    def __init__(self, crew: Crew, end: socket.socket) -> None:
        self.is_over = False
        self.figures = CrewFigures()
        self._crew = crew
        self._channel = Channel(end, lambda message, _: self._hear(message), self._end)
        self._account = Account(crew, self._channel, self._changed)

    def start(self) -> None:
        self._channel.open()
        self._crew.start()

    def _changed(self) -> None:
        self.figures.write(self._crew.running, self._crew.waiting, self._crew.replaced)

    def _hear(self, message: list[object]) -> None:
        assert self._account.obey(message)

    def _end(self) -> None:
        self._account.close()
        self.is_over = True


def borrowing(crew: Crew) -> tuple[Pool, Lends]:
    theirs, ours = channel.pair()
    lends = Lends(crew, theirs)
    workers = Borrowed(ours, 300_000_000, lends.figures, lambda *_: None)
    lends.start()
    workers.start()
    return Pool(workers), lends


class Asker:
    """Asks a pool, as one client unless told otherwise."""

    def __init__(self, pool: Pool, store: str) -> None:
        self.pool, self.store = pool, store

    async def stream(self, query: str, client: str = "one", timeout: float = 20.0, share: int = 10) -> Stream:
        asked = Question(query, None, DatasetClause(), self.store, GROUND, client, share, timeout)
        return await self.pool.ask(asked, Trace(asked.key))

    async def __call__(self, query: str, client: str = "one", timeout: float = 20.0, share: int = 10) -> str:
        try:
            return (await (await self.stream(query, client, timeout, share)).whole()).decode()
        except errors.KgpubError as error:
            return error.kind


Play = Callable[[Asker], Awaitable[None]]


def play(store: str, scene: Play, **limits: float) -> None:
    async def run() -> None:
        async with opened(**limits) as made:
            await scene(Asker(made, store))

    asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


YES = '{"head":{},"boolean":true}'


@pytest.mark.parametrize(
    ("query", "timeout", "kind"),
    [
        (HOPELESS, 0.3, "timeout"),
        ("SELECT (COUNT(*) AS ?n) { ?a (ex:q*)* ?b . ?c (ex:q|^ex:q)* ?d . ?e ex:q+ ?f }", 0.3, "timeout"),
        (HUNGRY, 20.0, "too-heavy"),
        ("SELECT * { ?s ?p", 1.0, "bad-query"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 1.0, "query-refused"),
        ("SELECT ?x { " + "{" * 3000 + "}" * 3000 + " }", 1.0, "query-refused"),
        ("SELECT (<x:f>(?o) AS ?y) { ?s ?p ?o }", 1.0, "query-refused"),
    ],
    ids=["cross join", "paths", "memory", "syntax", "service", "nesting", "function"],
)  # fmt: skip
def test_bad_ends_and_the_next_query(store: str, query: str, timeout: float, kind: str) -> None:
    async def scene(ask: Asker) -> None:
        assert await ask(query, timeout=timeout) == kind
        assert await ask(GOOD) == YES
        assert ask.pool.outcomes.total() == {kind: 1, "ok": 1}
        assert ask.pool.replaced == (kind in {"timeout", "too-heavy"})

    play(store, scene)


def test_a_store_that_cannot_be_opened_is_an_outage(store: str, tmp_path: Path) -> None:
    async def scene(ask: Asker) -> None:
        assert await Asker(ask.pool, str(tmp_path / "nowhere"))(GOOD) == "engine-down"
        assert await ask(GOOD) == YES

    play(store, scene)


def test_what_killed_a_worker_is_not_tried_again(store: str) -> None:
    async def scene(ask: Asker) -> None:
        assert await ask(HUNGRY) == "too-heavy"
        assert ask.pool.replaced == 1
        assert await ask(HUNGRY) == "too-heavy"
        assert ask.pool.replaced == 1

    play(store, scene)


def test_an_answer_comes_whole_and_in_order(store: str) -> None:
    async def scene(ask: Asker) -> None:
        stream = await ask.stream(MANY)
        body = await stream.whole()
        assert body.startswith(b'{"head"')
        assert body.endswith(b"]}}")
        assert body.count(b'"a"') - 1 == 90_000 == stream.trace.rows
        assert stream.trace.outcome == "ok"

    asyncio.run(_with_ground(store, scene, max_bytes=1_000_000_000))


async def _with_ground(store: str, scene: Play, **changes: int) -> None:
    async with opened() as made:
        asker = Asker(made, store)
        asked = Ground(GROUND.base, GROUND.prefixes, changes.get("max_rows", 100_000), changes["max_bytes"])

        async def stream(query: str, client: str = "one", timeout: float = 20.0, share: int = 10) -> Stream:
            question = Question(query, None, DatasetClause(), store, asked, client, share, timeout)
            return await made.ask(question, Trace(question.key))

        asker.stream = stream  # type: ignore[method-assign] # the same with other limits
        await scene(asker)


def test_a_late_limit_breaks_the_answer_off(store: str) -> None:
    async def scene(ask: Asker) -> None:
        stream = await ask.stream(MANY)
        with pytest.raises(errors.LimitReached):
            await stream.whole()
        assert stream.trace.outcome == "limit-reached"
        assert ask.pool.replaced == 0

    play(store, scene)


def test_who_goes_away_stops_the_worker(store: str) -> None:
    async def scene(ask: Asker) -> None:
        stream = await ask.stream(MANY)
        stream.abandon()
        stream.abandon()
        assert ask.pool.outcomes.total() == {"abandoned": 1}
        with pytest.raises(errors.ClientGone):
            await stream.whole()
        waiting = asyncio.ensure_future(ask.stream(HOPELESS))
        await until(lambda: ask.pool.running == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert ask.pool.running == 0
        assert await ask(GOOD) == YES

    play(store, scene)


def test_a_client_has_its_share_and_a_full_queue_is_said(store: str) -> None:
    async def scene(ask: Asker) -> None:
        running = [asyncio.ensure_future(ask(HOPELESS, client, timeout=1.5)) for client in ("one", "two")]
        await until(lambda: ask.pool.running == 2)
        assert await ask(GOOD, "one", share=1) == "too-many-requests"
        waiting = [asyncio.ensure_future(ask(GOOD, client)) for client in ("three", "four")]
        await until(lambda: ask.pool.waiting == 2)
        assert await ask(GOOD, "five") == "busy"
        assert await asyncio.gather(*running, *waiting) == ["timeout", "timeout", YES, YES]
        assert await ask(GOOD, "one", share=1) == YES

    play(store, scene, queue=2)


def test_waiting_has_an_end(store: str) -> None:
    async def scene(ask: Asker) -> None:
        ask.pool.start()
        await until(lambda: len(numbers(ask.pool)) == 1)
        running = asyncio.ensure_future(ask(HOPELESS, timeout=5))
        await until(lambda: ask.pool.running == 1)
        assert await ask(GOOD) == "busy"
        assert ask.pool.waiting == 0
        running.cancel()

    play(store, scene, workers=1, patience=0.2)


def test_clients_take_turns(store: str) -> None:
    async def scene(ask: Asker) -> None:
        order: list[str] = []

        async def note(client: str) -> None:
            await ask(GOOD, client)
            order.append(client)

        first = asyncio.ensure_future(ask(HOPELESS, "zero", timeout=1))
        await until(lambda: ask.pool.running == 1)
        tasks = []
        for number, client in enumerate(["many", "many", "many", "few"]):
            tasks.append(asyncio.ensure_future(note(client)))
            await until(lambda number=number: ask.pool.waiting == number + 1)  # type: ignore[misc] # bound now
        await asyncio.gather(first, *tasks)
        assert order == ["many", "few", "many", "many"]

    play(store, scene, workers=1)


def test_who_keeps_a_worker_for_long_leaves_the_last_one_to_others(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "LONG", 0.0)

    async def scene(ask: Asker) -> None:
        ask.pool.start()
        await until(lambda: len(numbers(ask.pool)) == 2)
        first = asyncio.ensure_future(ask(HOPELESS, "one", timeout=2))
        await until(lambda: ask.pool.running == 1)
        second = asyncio.ensure_future(ask(HOPELESS, "one", timeout=1))
        await until(lambda: ask.pool.waiting == 1)
        assert await ask(GOOD, "two") == YES
        await until(lambda: (ask.pool.running, ask.pool.waiting) == (1, 1))
        assert list(await asyncio.gather(first, second)) == ["timeout", "timeout"]

    play(store, scene)


def test_checks_do_not_wait_behind_queries(store: str) -> None:
    async def scene(ask: Asker) -> None:
        running = [asyncio.ensure_future(ask(HOPELESS, str(n), timeout=15)) for n in range(4)]
        await until(lambda: ask.pool.running == 2)
        question = Question("SELECT ?x { ?x }", None, DatasetClause(), store, GROUND, "one", 1, 1.0)
        with pytest.raises(errors.BadQuery) as caught:
            await ask.pool.check(question)
        assert (caught.value.line, caught.value.column) == (1, 17)
        await ask.pool.check(question._replace(query=GOOD))
        assert ask.pool.running == 2
        for one in running:
            one.cancel()

    play(store, scene)


def nursery(pool: Pool) -> "subprocess.Popen[bytes]":
    assert UNDER.crew is not None
    process = UNDER.crew.breeder._process
    assert process is not None
    return process


def numbers(pool: Pool) -> list[int]:
    assert UNDER.crew is not None
    return sorted(hand.number for hand in UNDER.crew.hands)


def test_who_was_asked_as_the_worker_died_is_asked_again(store: str) -> None:
    async def scene(ask: Asker) -> None:
        assert await ask(GOOD) == YES
        await until(lambda: len(numbers(ask.pool)) == 2)
        for number in numbers(ask.pool):
            os.kill(number, signal.SIGKILL)
        assert await ask(GOOD) == YES
        assert ask.pool.outcomes.total() == {"ok": 2}

    play(store, scene)


def test_a_worker_that_is_killed_from_outside_is_replaced(store: str) -> None:
    async def scene(ask: Asker) -> None:
        assert await ask(GOOD) == YES
        await until(lambda: len(numbers(ask.pool)) == 2)
        before = numbers(ask.pool)
        for number in before:
            os.kill(number, signal.SIGKILL)
        await until(lambda: len(numbers(ask.pool)) == 2 and not set(numbers(ask.pool)) & set(before))
        assert await ask(GOOD) == YES

    play(store, scene)


def test_the_end_of_all_workers_is_an_outage_and_passes(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_SUDDEN", 0.0)

    async def scene(ask: Asker) -> None:
        running = asyncio.ensure_future(ask(HOPELESS))
        await until(lambda: ask.pool.running == 1)
        process, before = nursery(ask.pool), numbers(ask.pool)
        process.kill()
        assert await running == "engine-down"
        await until(lambda: not set(before) & set(numbers(ask.pool)))
        assert await ask(GOOD) == YES
        assert await ask(HOPELESS, timeout=0.2) == "timeout"

    play(store, scene)


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 10, 100, 1000])
def test_closing_while_workers_are_being_born_leaves_nothing_open(turns: int) -> None:
    async def run() -> None:
        async with opened() as made:
            made.start()
            for _ in range(turns):
                await asyncio.sleep(0)

    asyncio.run(run())
    gc.collect()  # an open socket would warn now


@pytest.mark.parametrize("turns", range(12))
def test_closing_while_a_worker_is_being_given_leaves_nothing_open(store: str, turns: int) -> None:
    async def run() -> str:
        async with opened() as made:
            assert UNDER.crew is not None
            crew = UNDER.crew
            if not UNDER.is_borrowed:
                made.start()
            await until(lambda: len(crew.hands) == 2)
            asked = asyncio.create_task(Asker(made, store)(GOOD))
            for _ in range(turns):
                await asyncio.sleep(0)
        return await asked

    assert asyncio.run(run()) in {"busy", "engine-down", YES}
    gc.collect()  # an open socket would warn now


async def early(ask: Asker, query: str, share: int) -> tuple[pool.Early, asyncio.Event]:
    """A question that is begun without waiting for it, and what is set once there is an answer, or none to be had."""
    told, crew = asyncio.Event(), UNDER.crew
    assert crew is not None
    if not UNDER.is_borrowed and not crew.hands:
        ask.pool.start()
    await until(lambda: len(crew.hands) == 2)
    asked = Question(query, None, DatasetClause(), ask.store, GROUND, "one", share, 20.0)
    begun = ask.pool.begin(asked, Trace(asked.key), told.set)
    assert begun is not None
    return begun, told


def shares() -> dict[str, int]:
    assert UNDER.crew is not None
    return dict(UNDER.crew._shares)


def test_what_was_begun_is_answered(store: str) -> None:
    async def scene(ask: Asker) -> None:
        for _ in range(3):
            begun, told = await early(ask, GOOD, share=1)
            await told.wait()
            assert begun.stream is not None
            assert begun.stream.taken().decode() == YES
            await until(lambda: not shares())
        assert ask.pool.outcomes.total() == {"ok": 3}

    play(store, scene)


@pytest.mark.parametrize("turns", range(0, 12, 2))
def test_what_was_begun_may_be_left(store: str, turns: int) -> None:
    async def scene(ask: Asker) -> None:
        begun, _ = await early(ask, GOOD, share=1)
        for _ in range(turns):
            await asyncio.sleep(0)
        begun.abandon()
        await until(lambda: not shares())
        assert [await ask(GOOD, share=1) for _ in range(4)] == [YES] * 4

    play(store, scene)


def test_what_cannot_begin_leaves_shares_as_they_were(store: str) -> None:
    async def scene(ask: Asker) -> None:
        running, told = await early(ask, HOPELESS, share=1)
        await until(lambda: running.stream is not None)
        refused = ask.pool.begin(
            Question(GOOD, None, DatasetClause(), ask.store, GROUND, "one", 1, 20.0), Trace("x"), told.set
        )
        if refused is not None:  # who borrows is told later
            await told.wait()
            assert refused.stream is None
            refused.leave()
        assert await ask(GOOD, share=1) == "too-many-requests"
        assert shares() == {"one": 1}
        running.abandon()
        await until(lambda: not shares())

    play(store, scene)


def is_alive(number: int) -> bool:
    state = Path(f"/proc/{number}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


@LINUX
def test_closing_leaves_no_process(store: str) -> None:
    seen: list[int] = []

    async def scene(ask: Asker) -> None:
        running = [asyncio.ensure_future(ask(HOPELESS, str(n))) for n in range(2)]
        await until(lambda: ask.pool.running == 2)
        process = nursery(ask.pool)
        seen.extend([*numbers(ask.pool), process.pid])
        for one in running:
            one.cancel()

    play(store, scene)
    assert len(seen) == 3
    asyncio.run(until(lambda: not any(is_alive(number) for number in seen)))


@LINUX
def test_workers_are_locked_in(store: str) -> None:
    async def scene(ask: Asker) -> None:
        await ask(GOOD)
        await until(lambda: len(numbers(ask.pool)) == 2)
        for number in numbers(ask.pool):
            status = Path(f"/proc/{number}/status").read_text()
            assert "Seccomp:\t2" in status
            assert "NoNewPrivs:\t1" in status
            limits = Path(f"/proc/{number}/limits").read_text()
            assert "300000000" in next(line for line in limits.splitlines() if line.startswith("Max data size"))

    play(store, scene)


ATTEMPTS = """
import socket, subprocess, sys, os
from kgpub.engine import confine
from pyoxigraph import Store
assert confine.refuse_network()
port = int(sys.argv[1])
def query(): list(Store().query("SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }" % port))
def load(): Store().update("LOAD <http://127.0.0.1:%d/>" % port)
def connect(): socket.create_connection(("127.0.0.1", port))
def six(): socket.socket(socket.AF_INET6)
def unix(): socket.socket(socket.AF_UNIX)
def pair(): socket.socketpair()
def program(): os.execv("/bin/true", ["true"])
for attempt in (query, load, connect, six, unix, pair, program):
    try:
        attempt()
    except OSError as error:
        print(attempt.__name__, "refused")
    except Exception as error:
        print(attempt.__name__, "refused" if "ermission" in str(error) else repr(error))
    else:
        print(attempt.__name__, "DONE")
"""


@LINUX
def test_a_worker_can_open_no_connection_whatever_it_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        command = [sys.executable, "-c", ATTEMPTS, str(listener.getsockname()[1])]
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        names = ("query", "load", "connect", "six", "unix", "pair", "program")
        assert told.stdout.split("\n")[:-1] == [f"{name} refused" for name in names]
        with pytest.raises(BlockingIOError):
            listener.accept()


# what travels

PIECES = st.lists(st.binary(max_size=40), max_size=20)


@given(PIECES, st.integers(1, 17))
def test_frames_come_out_as_they_went_in(bodies: list[bytes], size: int) -> None:
    sent = b"".join(frame(b"C", body) for body in bodies)
    taken = Unframer()
    got = [one for start in range(0, len(sent), size) for one in taken.add(sent[start : start + size])]
    assert got == [(b"C", body) for body in bodies]


@pytest.mark.parametrize(
    "error",
    [
        errors.BadQuery("x", 3, 4), errors.QueryRefused("x"), errors.LimitReached("ლ"), errors.BadIri("x"),
        errors.NotAcceptable("x", ("a/b",)), errors.EngineDown("x"), errors.TooLong("x"),
    ],
    ids=lambda one: one.kind,
)  # fmt: skip
def test_a_refusal_arrives_as_it_was(error: errors.KgpubError) -> None:
    got = unpacked(packed(error))
    assert (type(got), vars(got)) == (type(error), vars(error))


def test_an_unknown_refusal_is_an_outage() -> None:
    assert isinstance(unpacked({"class": "SystemExit", "detail": "x"}), errors.EngineDown)


@given(st.lists(st.one_of(st.binary(min_size=1, max_size=60), st.none()), max_size=40), st.integers(0, 100))
def test_a_spool_gives_back_what_it_took_in_order(steps: list[bytes | None], most: int) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(spool, "IN_MEMORY", most)
    kept = Spool()
    expected, got = b"", b""
    for step in steps:
        if step is None:
            got += kept.take()
        else:
            expected += step
            kept.add(step)
        assert len(kept) == len(expected) - len(got)
    while piece := kept.take():
        got += piece
    kept.close()
    patch.undo()
    assert got == expected
