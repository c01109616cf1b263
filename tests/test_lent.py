"""Several processes ask one crew at the same time: each question gets its own answer, and nothing is left over."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from kgpub.engine import channel
from kgpub.engine.crew import Crew, Limits
from kgpub.engine.lending import Account
from kgpub.engine.pool import Pool
from test_behind import HOPELESS, QUICK, SLOW, Asked, store, until
from test_pool import borrowing

__all__ = ["store"]

KINDS = {"quick": 70, "slow": 8, "leaves": 20, "hopeless": 2}
"""What is asked, and how often."""
QUERIES = {"slow": SLOW, "hopeless": HOPELESS + " #%d"}


@asynccontextmanager
async def borrowers(number: int) -> AsyncIterator[tuple[Crew, list[Pool]]]:
    """A crew of two, and so many processes that have their workers from it."""
    crew = Crew(Limits(2, 300_000_000, 50, 20.0))
    ends = [borrowing(crew) for _ in range(number)]
    try:
        yield crew, [pool for pool, _ in ends]
    finally:
        for pool, _ in ends:
            await pool.close()
        await until(lambda: all(lends.is_over for _, lends in ends))
        await crew.close()


async def ask(dice: random.Random, pool: Pool, store: str, number: int) -> None:
    """Ask one question, whose answer tells its number, and go away or wait for it."""
    kind = dice.choices(list(KINDS), list(KINDS.values()))[0]
    asked = Asked(pool, store, QUERIES.get(kind, QUICK) % number, 0.05 if kind == "hopeless" else 20.0)
    if kind == "leaves" and asked.early is not None:
        for _ in range(dice.choice((0, 0, 1, 2, 3, 5, 8, 40))):
            await asyncio.sleep(0)
        asked.abandon()
        return
    told = await asked.answer()
    assert told == "timeout" if kind == "hopeless" else told.split(",")[0] == str(number), (kind, number, told)


@pytest.mark.parametrize("seed", [0, *[pytest.param(number, marks=pytest.mark.slow) for number in range(1, 12)]])
def test_whatever_happens_each_gets_its_own_answer(store: str, seed: int) -> None:
    dice, numbers = random.Random(seed), list(range(400))  # no secret

    async def several(pools: list[Pool]) -> None:
        while numbers:
            await ask(dice, dice.choice(pools), store, numbers.pop())

    async def run() -> None:
        async with borrowers(3) as (crew, pools), asyncio.timeout(120):
            await asyncio.gather(*[several(pools) for _ in range(6)])
            await until(lambda: not crew.running and not crew.waiting and not crew._shares)
            for number, pool in enumerate(pools):
                assert await Asked(pool, store, QUICK % number).answer() == str(number)

    asyncio.run(run())


@pytest.mark.parametrize("turns", range(5))
def test_who_goes_before_waiting_has_begun_leaves_nothing_behind(turns: int) -> None:
    """However far the loan has come by then: noted, about to wait, waiting."""

    async def run() -> None:
        crew = Crew(Limits(1, 300_000_000, 50, 20.0))
        crew.start()
        theirs, ours = channel.pair()
        account = Account(crew, channel.Channel(theirs, lambda *_: None, lambda: None), lambda: None)
        account.obey(["take", 1, "one", "key", 1, False])  # no worker has said hello yet
        for _ in range(turns):
            await asyncio.sleep(0)
        account.obey(["drop", 1])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (crew.waiting, dict(crew._shares), account._tasks) == (0, {}, {})
        account.close()
        ours.close()
        theirs.close()
        await crew.close()

    asyncio.run(run())
