"""Plain numbers that the processes of one server share: each writes a row of its own, all read the sums.

A row outlives the process that wrote it, so that what was counted stays counted. Nothing is locked: a number has one
writer, and is written in one step.
"""

import mmap
from collections.abc import Sequence

_BYTES = 8


class Board:
    """Rows of numbers, all 0 at first, shared with every process that is forked from this one."""

    def __init__(self, width: int, rows: int = 1) -> None:
        """``rows`` of ``width`` numbers each; this process writes the first one."""
        self._width, self._rows = width, rows
        self._cells = memoryview(mmap.mmap(-1, width * rows * _BYTES)).cast("d")
        self.own: memoryview[float] = self._cells[:width]
        """The numbers of this process: those that it may change, and nobody else does."""

    def sit(self, row: int) -> None:
        """Write this row from here on."""
        self.own = self._cells[row * self._width : (row + 1) * self._width]

    def column(self, place: int) -> list[float]:
        """A number of every row."""
        return list(self._cells[place :: self._width])

    def sums(self) -> Sequence[float]:
        """The sum of each number over the rows."""
        cells, width = self._cells, self._width
        if self._rows == 1:
            return cells.tolist()
        rows = (cells[row * width : (row + 1) * width].tolist() for row in range(self._rows))
        return list(map(sum, zip(*rows, strict=True)))
