"""Which processes serve a site, and what is counted of all of them together."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kgpub.board import Board
from kgpub.engine.outcomes import CrewFigures, Outcomes
from kgpub.web.counters import Answers

_ENDED = slice(13, 15)
"""Where /proc/PID/stat has the time of the children that have ended, after the name (proc_pid_stat(5))."""
_SECONDS = "process_cpu_seconds"
_SMALLEST = frozenset({"process_start_time_seconds", "process_max_fds"})


class Processes:
    """The processes that serve; each has a place of its own, in which another one may follow it."""

    def __init__(self, number: int = 1) -> None:
        """This process, or room for so many that are forked from it."""
        self.number = number
        self._board = Board(2, number)
        self._parent = os.getpid() if number > 1 else 0

    def enter(self, place: int, process: int) -> None:
        """A process has been started for a place."""
        self._board.sit(place)
        self._board.own[0], self._board.own[1] = process, 0

    def serves(self, place: int, does: bool) -> None:
        """The process at a place answers, or does not any more."""
        self._board.sit(place)
        self._board.own[1] = does

    @property
    def serving(self) -> int:
        """How many serve now."""
        return int(sum(self._board.column(1))) if self._parent else 1

    @property
    def living(self) -> list[int]:
        """The numbers of those that live, and of the one that looks after them."""
        if not self._parent:
            return [os.getpid()]
        return [self._parent, *(int(one) for one in self._board.column(0) if one)]


@dataclass(frozen=True)
class Figures:
    """Everything that is counted for the whole site, whichever process it happens in."""

    processes: Processes = field(default_factory=Processes)
    answers: Answers = field(default_factory=Answers)
    outcomes: Outcomes = field(default_factory=Outcomes)
    crew: CrewFigures = field(default_factory=CrewFigures)

    @staticmethod
    def of(number: int) -> "Figures":
        """Figures of so many processes, which are forked from this one afterwards."""
        return Figures(Processes(number), Answers(number), Outcomes(number))

    def sit(self, place: int) -> None:
        """This process is the one at a place from here on."""
        self.answers.sit(place)
        self.outcomes.sit(place)


class Spent(Collector):
    """What the processes take of the machine, together: memory (what they share counts for each), descriptors, time."""

    def __init__(self, processes: Processes) -> None:
        """Look at these."""
        self._processes = processes

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        yield GaugeMetricFamily("kgpub_processes", "Processes that serve.", value=self._processes.serving)
        found: dict[str, Metric] = {}
        for number in self._processes.living:
            for metric in ProcessCollector(pid=lambda number=number: number, registry=None).collect():  # type: ignore[misc] # mypy knows no types of defaults
                known = found.setdefault(metric.name, metric)
                if known is not metric:
                    _add(known, metric)
        if self._processes.number > 1 and _SECONDS in found:
            sample = found[_SECONDS].samples[0]
            found[_SECONDS].samples[0] = sample._replace(
                value=sample.value + _spent_by_ended(self._processes.living[0])
            )
        yield from found.values()


def _add(sum: Metric, more: Metric) -> None:
    """Add the figure of another process; of a time or a limit the smaller one counts."""
    (first,), (second,) = sum.samples, more.samples
    joined = min if sum.name in _SMALLEST else float.__add__
    sum.samples[0] = first._replace(value=joined(float(first.value), float(second.value)))


def _spent_by_ended(parent: int) -> float:
    """Seconds of a process's children that have ended, so that what was spent stays spent."""
    try:
        told = Path(f"/proc/{parent}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(float, told[_ENDED])) / os.sysconf("SC_CLK_TCK")
