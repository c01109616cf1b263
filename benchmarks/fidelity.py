"""What careful reading costs: the reader of kgpub against the plain parser, as ratios of processor time.

    python benchmarks/fidelity.py FILE…

For each file the rounds take turns; the ratio of the medians is printed for reading, and for the look before it.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import parse

from kgpub.reading.kinds import kind_of
from kgpub.reading.ladder import tried
from kgpub.reading.packed import Limits, opened
from kgpub.reading.streams import Opening, quads

ROUNDS = 5


def cost(job: Callable[[], int]) -> float:
    """Seconds of processor time that a job takes."""
    start = time.process_time()
    job()
    return time.process_time() - start


def ratios(path: Path) -> tuple[float, float]:
    """Reading, and the look before it, each as a multiple of what the plain parser takes for a file that is sound."""
    opening = Opening(path, path.name, kind_of(path, Limits()), "https://kg.example/", Limits())

    def plain() -> int:
        with opened(path, opening.kind.packing, opening.limits) as file:
            return sum(1 for _ in parse(file, format=opening.kind.format, base_iri=opening.base))

    def read() -> int:
        return sum(1 for _ in quads(opening))

    jobs: tuple[Callable[[], int], ...] = (plain, read, lambda: len(tried(opening).notes))
    rounds = [[cost(job) for job in jobs] for _ in range(ROUNDS)]
    base, reading, look = (statistics.median(times) for times in zip(*rounds, strict=True))
    return reading / base, look / base


if __name__ == "__main__":
    for name in sys.argv[1:]:
        reading, look = ratios(Path(name))
        print(f"{name}\treading {reading:.1f}\tlook before it {look:.1f}")
