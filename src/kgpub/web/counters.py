"""What is counted of answers and of the pool, for Prometheus, over all processes that serve a site."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kgpub.board import Board
from kgpub.engine.outcomes import Outcomes

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
KINDS = ("entity", "page", "queries", "search", "sparql", "static")
"""The kinds of addresses that are told apart."""
_STATUSES, _TIMES = 600, len(_BUCKETS) + 1
_PLACES = {kind: number * (_STATUSES + _TIMES + 1) for number, kind in enumerate(KINDS)}
"""Where a kind's numbers begin: answers by status, by time, and the seconds of all."""


class Answers(Collector):
    """How many answers there were and how long they took: plain numbers, made into figures when they are read."""

    def __init__(self, processes: int = 1) -> None:
        """Count for this process, or for so many that are forked from it."""
        self._board = Board(len(KINDS) * (_STATUSES + _TIMES + 1), processes)
        self.sit = self._board.sit
        """Count in the row of this process."""

    def note(self, kind: str, status: int, seconds: float) -> None:
        """Count one answer of a kind; 0 is the status of a request that had none."""
        own, place = self._board.own, _PLACES[kind]
        own[place + status] += 1
        own[place + _STATUSES + bisect_left(_BUCKETS, seconds)] += 1
        own[place + _STATUSES + _TIMES] += seconds

    def collect(self) -> Iterator[Metric]:
        """The figures, over all processes."""
        sums = self._board.sums()
        counted = CounterMetricFamily(
            "kgpub_requests", "Answers by kind of address and status.", labels=["kind", "status"]
        )
        timed = HistogramMetricFamily("kgpub_request_seconds", "Seconds to the last byte.", labels=["kind"])
        for kind, place in _PLACES.items():
            for status in range(_STATUSES):
                if sums[place + status]:
                    counted.add_metric([kind, str(status)], sums[place + status])
            times = sums[place + _STATUSES : place + _STATUSES + _TIMES]
            if any(times):
                upto = zip((*map(str, map(float, _BUCKETS)), "+Inf"), accumulate(times), strict=True)
                timed.add_metric([kind], list(upto), sums[place + _STATUSES + _TIMES])
        yield counted
        yield timed


class Answering(Protocol):
    """Who answers visitors' queries, as far as figures go."""

    outcomes: Outcomes

    @property
    def replaced(self) -> int:
        """How many workers were replaced."""
        ...

    @property
    def running(self) -> int:
        """Queries that are being answered."""
        ...

    @property
    def waiting(self) -> int:
        """Queries that wait."""
        ...


class Work(Collector):
    """What the pool does, read when it is asked for."""

    def __init__(self, pool: Answering) -> None:
        """Look at this one."""
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """The pool's figures."""
        ended = CounterMetricFamily("kgpub_queries", "Queries by how they ended.", labels=["outcome"])
        for outcome, count in self._pool.outcomes.total().items():
            ended.add_metric([outcome], count)
        yield ended
        yield CounterMetricFamily("kgpub_workers_replaced", "Workers that were replaced.", value=self._pool.replaced)
        yield GaugeMetricFamily("kgpub_queries_running", "Queries being answered.", value=self._pool.running)
        yield GaugeMetricFamily("kgpub_queries_waiting", "Queries that wait for a worker.", value=self._pool.waiting)
