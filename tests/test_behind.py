"""Questions that stand behind another one at a worker: each gets its own answer, however the one before ends."""

import asyncio
import os
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kgpub import errors
from kgpub.engine import DatasetClause
from kgpub.engine.crew import Crew, Limits
from kgpub.engine.frames import JOB, PLACE, SKIP, SKIPPED, Frame, Unframer, frame
from kgpub.engine.ground import Ground
from kgpub.engine.hand import Hand
from kgpub.engine.pool import Early, Pool, Question
from kgpub.engine.stream import Trace
from kgpub.engine.worker import Mail

GROUND = Ground("https://kg.example/", {"ex": "https://kg.example/"}, 100_000, 10_000_000)
HOPELESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
SLOW = "SELECT (%d AS ?x) (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }"
QUICK = "SELECT (%d AS ?x) { }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("store"))
    made = Store(folder)
    name = "https://kg.example/{}".format
    made.extend(Quad(NamedNode(name(i)), NamedNode(name("q")), NamedNode(name(i * 7 % 90))) for i in range(90))
    del made
    return folder


class Asked:
    """A question that is begun as the wire begins it, and gone on with as the application does."""

    def __init__(self, pool: Pool, store: str, query: str, timeout: float = 20.0) -> None:
        self.question = Question(query, "text/csv", DatasetClause(), store, GROUND, "one", 99, timeout)
        self.trace = Trace(self.question.key)
        self.pool = pool
        self.is_told = asyncio.Event()
        self.early: Early | None = pool.begin(self.question, self.trace, self.is_told.set)

    @property
    def hand(self) -> Hand:
        """The worker that was asked."""
        assert self.early is not None
        assert self.early.stream is not None
        assert self.early.stream.hand is not None
        return self.early.stream.hand

    def abandon(self) -> None:
        """Go away."""
        assert self.early is not None
        self.early.abandon()

    async def answer(self) -> str:
        """The last line of the answer, or the kind of a refusal."""
        if self.early is None or self.early.stream is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.is_told.wait(), 0.05 if self.early else 0)
        begun = self.early.stream if self.early else None
        if self.early is not None:
            self.early.leave()
        try:
            stream = await self.pool.ask(self.question, self.trace, begun)
            return (await stream.whole()).decode().split()[-1]
        except errors.KgpubError as error:
            return error.kind


Begin = Callable[..., Asked]
Play = Callable[[Begin, Crew], Awaitable[None]]


@asynccontextmanager
async def warm(store: str, workers: int, patience: float = 20.0) -> AsyncIterator[tuple[Begin, Crew]]:
    """Workers that have answered quickly for a while; a busy machine may take long from one question to the next."""
    crew = Crew(Limits(workers, 300_000_000, 50, patience))
    pool = Pool(crew)
    pool.start()

    def begin(query: str, timeout: float = 20.0) -> Asked:
        return Asked(pool, store, query, timeout)

    try:
        async with asyncio.timeout(60):
            while len(crew.hands) < workers:
                await asyncio.sleep(0.01)
            while any(hand.streak < 20 for hand in crew.hands):
                await asyncio.gather(*[begin(QUICK % number).answer() for number in range(workers)])
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("kgpub.engine.crew.QUICK", 1.0)
                yield begin, crew
    finally:
        await pool.close()


async def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    while not true():
        await asyncio.sleep(0.002)


async def each_gets_its_own(begin: Begin, crew: Crew) -> None:
    """One behind the other."""
    first, second = begin(QUICK % 1), begin(QUICK % 2)
    assert second.hand is first.hand
    assert second.hand.behind is not None
    assert crew.waiting == 1
    assert [await second.answer(), await first.answer()] == ["2", "1"]
    assert (crew.running, crew.waiting, crew.replaced) == (0, 0, 0)


async def no_third_is_sent(begin: Begin, _: Crew) -> None:
    """One more than it works at, not two."""
    asked = [begin(QUICK % number) for number in range(4)]
    assert [one.early is not None and one.early.stream is not None for one in asked] == [True, True, False, False]
    assert await asyncio.gather(*[one.answer() for one in asked]) == ["0", "1", "2", "3"]


async def who_stands_behind_a_hopeless_one_goes_on_when_that_is_stopped(begin: Begin, crew: Crew) -> None:
    """There is no other worker."""
    first, second = begin(HOPELESS, 0.4), begin(QUICK % 2)
    assert second.hand is first.hand
    assert list(await asyncio.gather(first.answer(), second.answer())) == ["timeout", "2"]
    assert crew.replaced == 1


async def who_leaves_is_passed_over(begin: Begin, crew: Crew) -> None:
    """The worker goes on with the next."""
    first, second = begin(SLOW % 1), begin(HOPELESS)
    second.abandon()
    assert (await first.answer()).startswith("1,")
    assert await begin(QUICK % 3).answer() == "3"
    assert (crew.running, crew.waiting, crew.replaced) == (0, 0, 0)


async def who_leaves_too_late_costs_the_worker(begin: Begin, crew: Crew) -> None:
    """It has begun, which nobody here knows yet."""
    first, second = begin(QUICK % 1), begin(HOPELESS)
    time.sleep(0.1)  # nothing is heard of the worker meanwhile
    second.abandon()
    assert await first.answer() == "1"
    await until(lambda: crew.replaced == 1)
    assert await begin(QUICK % 3).answer() == "3"


async def who_stands_behind_outlives_the_worker(begin: Begin, _: Crew) -> None:
    """It is killed from outside."""
    first, second = begin(HOPELESS), begin(QUICK % 2)
    os.kill(first.hand.number, signal.SIGKILL)
    assert await second.answer() == "2"
    first.abandon()


async def a_worn_worker_begins_no_other(begin: Begin, crew: Crew) -> None:
    """It has had too much memory."""
    first, second = begin(QUICK % 1), begin(QUICK % 2)
    first.hand.enough = 1
    assert list(await asyncio.gather(first.answer(), second.answer())) == ["1", "2"]
    assert crew.replaced == 1


async def who_waits_for_the_second_worker_may_leave(begin: Begin, crew: Crew) -> None:
    """The first one is not done in a moment."""
    first, second = begin(HOPELESS), begin(QUICK % 2)
    await until(lambda: second.hand.behind is None)  # it is in the queue now
    assert crew.waiting == 1
    second.abandon()
    assert crew.waiting == 0
    first.abandon()
    assert await begin(QUICK % 3).answer() == "3"


async def what_waits_in_the_queue_has_not_begun(begin: Begin, crew: Crew) -> None:
    """The first one goes on for longer than the second may, which has all its time when its turn comes."""
    first, second = begin(HOPELESS, 1.5), begin(QUICK % 2, 1.0)
    assert list(await asyncio.gather(first.answer(), second.answer())) == ["timeout", "2"]
    assert crew.waiting == 0


ALONE = (
    each_gets_its_own,
    no_third_is_sent,
    who_stands_behind_a_hopeless_one_goes_on_when_that_is_stopped,
    who_leaves_is_passed_over,
    who_leaves_too_late_costs_the_worker,
    who_stands_behind_outlives_the_worker,
    a_worn_worker_begins_no_other,
    who_waits_for_the_second_worker_may_leave,
    what_waits_in_the_queue_has_not_begun,
)


@pytest.mark.parametrize("scene", ALONE, ids=lambda one: one.__name__)
def test_with_one_worker(store: str, scene: Play) -> None:
    async def run() -> None:
        async with warm(store, 1) as (begin, crew):
            await scene(begin, crew)

    asyncio.run(run())


def test_nobody_stands_behind_who_takes_long_while_another_is_free(store: str) -> None:
    async def run() -> None:
        async with warm(store, 2) as (begin, crew):
            asked = [begin(HOPELESS), begin(QUICK % 1), begin(QUICK % 2), begin(QUICK % 3)]
            assert sum(hand.behind is not None for hand in crew.hands) == 2
            assert await asyncio.gather(*[one.answer() for one in asked[1:]]) == ["1", "2", "3"]
            assert crew.running == 1  # the hopeless one, and no worker was lost
            assert crew.replaced == 0
            asked[0].abandon()

    asyncio.run(run())


def test_a_worker_that_took_long_is_given_no_second_one(store: str) -> None:
    async def run() -> None:
        async with warm(store, 1) as (begin, crew):
            await begin(SLOW % 1).answer()
            (hand,) = crew.hands
            first, second = begin(QUICK % 1), begin(QUICK % 2)
            assert hand.streak < 16
            assert second.early is not None
            assert second.early.stream is None
            assert [await first.answer(), await second.answer()] == ["1", "2"]

    asyncio.run(run())


def test_each_is_asked_of_its_own_store(store: str, tmp_path: Path) -> None:
    other = str(tmp_path)
    Store(other).add(Quad(NamedNode("e:a"), NamedNode("e:b"), NamedNode("e:c")))
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    async def run() -> None:
        async with warm(store, 1) as (begin, _):
            known = begin(QUICK % 0)
            assert await known.answer() == "0"
            pool = known.pool
            asked = [Asked(pool, where, count) for where in (store, other)]
            assert asked[1].hand.behind is not None
            assert [await one.answer() for one in asked] == ["90", "1"]
            first, second = Asked(pool, store, SLOW % 1), Asked(pool, other, count)
            second.abandon()  # where it was to be asked has been said
            assert (await first.answer()).startswith("1,")
            assert [await Asked(pool, where, count).answer() for where in (store, other, store)] == ["90", "1", "90"]

    asyncio.run(run())


def test_waiting_for_another_worker_has_an_end(store: str) -> None:
    async def run() -> None:
        async with warm(store, 1, patience=0.3) as (begin, crew):
            first, second = begin(HOPELESS), begin(QUICK % 2, 0.1)
            assert second.hand is first.hand
            assert await second.answer() == "busy"  # it never began, so its time was not over
            assert crew.waiting == 0
            first.abandon()

    asyncio.run(run())


def test_closing_leaves_nobody_behind(store: str) -> None:
    async def run() -> None:
        async with warm(store, 1) as (begin, crew):
            first, second = begin(HOPELESS), begin(QUICK % 2)
            assert second.hand is first.hand
        assert not crew.breeder.lives

    asyncio.run(run())


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_each_gets_its_own_answer(store: str, seed: int) -> None:
    dice = random.Random(seed)  # no secret

    async def one(begin: Begin, number: int) -> None:
        kind = dice.choices(["quick", "slow", "leaves", "hopeless"], [80, 8, 10, 2])[0]
        asked = begin(
            {"slow": SLOW, "hopeless": HOPELESS + " #%d"}.get(kind, QUICK) % number, 0.05 + (kind != "hopeless") * 20
        )
        if kind == "leaves" and asked.early is not None:
            await asyncio.sleep(dice.random() / 200)
            asked.abandon()
            return
        told = await asked.answer()
        assert told == "timeout" if kind == "hopeless" else told.split(",")[0] == str(number), (kind, number, told)

    async def several(begin: Begin, numbers: list[int]) -> None:
        while numbers:
            await one(begin, numbers.pop())

    async def run() -> None:
        async with warm(store, 2) as (begin, crew):
            numbers = list(range(600))
            await asyncio.gather(*[several(begin, numbers) for _ in range(8)])
            await until(lambda: not crew.running and not crew.waiting)
            assert await begin(QUICK % 7).answer() == "7"

    asyncio.run(run())


def _job(name: bytes) -> bytes:
    return frame(JOB, name)


GONE = frame(SKIP, b"")
MAIL = {
    "taken back in time": ([_job(b"a") + GONE], [], 1),
    "taken back behind another": ([_job(b"a") + _job(b"b") + GONE + _job(b"c")], [b"a", b"c"], 1),
    "told where to ask all the same": ([frame(PLACE, b"there") + _job(b"a") + GONE], [b"there"], 1),
    "a word that comes too late": ([GONE + _job(b"a")], [b"a"], 0),
}


@pytest.mark.parametrize("name", MAIL)
def test_what_a_worker_passes_over(name: str) -> None:
    sent, done, skipped = MAIL[name]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        mail = Mail(theirs).frames()
        heard: list[Frame] = []
        for piece in sent:
            ours.sendall(piece)
        ours.shutdown(socket.SHUT_WR)
        heard += mail
        assert [body for _, body in heard] == done
        theirs.shutdown(socket.SHUT_WR)
        assert [kind for kind, _ in Unframer().add(ours.recv(1000))] == [SKIPPED] * skipped


def test_a_question_that_came_with_the_one_before_is_looked_after_once_more() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        mail = Mail(theirs).frames()
        ours.sendall(_job(b"a") + _job(b"b"))
        assert next(mail) == (JOB, b"a")
        ours.sendall(GONE + _job(b"c"))
        assert next(mail) == (JOB, b"c")
        ours.sendall(GONE[:2])
        ours.sendall(GONE[2:] + _job(b"d"))
        assert next(mail) == (JOB, b"d")  # what c was taken back by came too late
