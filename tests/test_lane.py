"""Who gets the next free worker: turns that end in every way at every moment, and no worker lost."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from kgpub.engine.hand import Hand
from kgpub.engine.lane import Lane
from kgpub.errors import Busy


def lane(patience: float = 60.0, length: int = 2) -> tuple[Lane, Hand]:
    """A lane with one worker, which is busy."""
    made = Lane(1, length, patience)
    hand = Hand(1, lambda _: None, lambda _: None)
    made.hands.add(hand)
    return made, hand


async def begun(*waiting: Coroutine[Any, Any, Hand]) -> list[asyncio.Task[Hand]]:
    tasks = [asyncio.ensure_future(one) for one in waiting]
    await asyncio.sleep(0)
    return tasks


async def in_turn() -> None:
    line, hand = lane(length=3)
    first, second, other = await begun(line.take("a"), line.take("a"), line.take("b"))
    for task in (first, other, second):
        line.free(hand)
        assert await task is hand
    assert line.waiting == 0


async def who_left_is_passed_over() -> None:
    line, hand = lane()
    first, second = await begun(line.take("a"), line.take("a"))
    first.cancel()
    line.free(hand)  # before the first has noticed
    assert await second is hand
    assert first.cancelled()
    assert line.waiting == 0


async def who_leaves_with_a_worker_gives_it_back() -> None:
    line, hand = lane()
    first, second = await begun(line.take("a"), line.take("b"))
    line.free(hand)
    first.cancel()  # it has been given the worker, and has not noticed
    assert await second is hand
    assert line.waiting == 0


async def patience_ends() -> None:
    line, hand = lane(patience=0.0)
    (first,) = await begun(line.take("a"))
    with pytest.raises(Busy, match="No worker was free"):
        await first
    line.free(hand)
    assert line.waiting == 0
    assert await line.take("a") is hand


async def too_many_wait() -> None:
    line, _ = lane(length=1)
    (first,) = await begun(line.take("a"))
    with pytest.raises(Busy, match="waiting already"):
        await line.take("b")
    line.close()
    with pytest.raises(Busy, match="stopping"):
        await first
    assert line.waiting == 0


CASES = (in_turn, who_left_is_passed_over, who_leaves_with_a_worker_gives_it_back, patience_ends, too_many_wait)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.__name__)
def test_a_turn(case: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(case(), 10))
