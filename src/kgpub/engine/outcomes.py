"""What is counted of queries, over all processes that serve: how they ended, and what the crew is doing."""

from collections.abc import Iterator, Mapping

from kgpub.board import Board
from kgpub.engine.stream import ABANDONED, KEPT, RUNNING
from kgpub.errors import KgpubError


def _kinds(tree: type[KgpubError]) -> Iterator[str]:
    yield tree.kind
    for branch in tree.__subclasses__():
        yield from _kinds(branch)


class Outcomes:
    """Counts ``ok``, ``abandoned``, and each kind of refusal."""

    def __init__(self, processes: int = 1) -> None:
        """For this process, or for so many that are forked from it."""
        self._names = tuple(sorted({"ok", ABANDONED, KEPT, RUNNING, *_kinds(KgpubError)}))
        self._places = {name: place for place, name in enumerate(self._names)}
        self._board = Board(len(self._names), processes)

    def sit(self, row: int) -> None:
        """Count in the row of this process."""
        self._board.sit(row)

    def note(self, outcome: str) -> None:
        """Count one."""
        self._board.own[self._places[outcome]] += 1

    def total(self) -> Mapping[str, int]:
        """How many of each, over all processes; what never happened is not there."""
        found = zip(self._names, self._board.sums(), strict=True)
        return {name: int(number) for name, number in found if number}


class CrewFigures:
    """What the crew is doing, written by the process that has it, read by all."""

    def __init__(self) -> None:
        self._board = Board(3)

    def write(self, running: int, waiting: int, replaced: int) -> None:
        """Say how many queries are being answered and wait, and how many workers were replaced."""
        self._board.own[0], self._board.own[1], self._board.own[2] = running, waiting, replaced

    @property
    def running(self) -> int:
        """Queries that are being answered now."""
        return int(self._board.own[0])

    @property
    def waiting(self) -> int:
        """Queries that wait for a worker."""
        return int(self._board.own[1])

    @property
    def replaced(self) -> int:
        """How many workers were replaced."""
        return int(self._board.own[2])
