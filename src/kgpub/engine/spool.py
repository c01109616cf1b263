"""The pieces of an answer between its maker and its reader: in memory, then in a file without a name.

So a worker is free as soon as it has written, however slowly the client reads, and memory stays bounded.
"""

import tempfile
from collections import deque
from typing import IO

IN_MEMORY = 1_048_576
"""Bytes of one answer that wait in memory; what is more waits on disk."""
_PIECE = 65_536


class Spool:
    """Pieces in, pieces out, in order; their borders may move."""

    def __init__(self) -> None:
        self._memory: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._read = self._written = 0

    def __len__(self) -> int:
        """Bytes that wait."""
        return self._held + self._written - self._read

    def add(self, piece: bytes) -> None:
        """Take a piece; raises ``OSError`` when the disk is full."""
        if self._held < IN_MEMORY and self._read == self._written:
            self._memory.append(piece)
            self._held += len(piece)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 # closed by ``close``
        self._file.seek(self._written)
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._written += len(piece)

    def take(self) -> bytes:
        """The next piece; empty when nothing waits."""
        if self._memory:
            piece = self._memory.popleft()
            self._held -= len(piece)
            return piece
        if self._file is None or self._read == self._written:
            return b""
        self._file.seek(self._read)
        piece = self._file.read(_PIECE)
        self._read += len(piece)
        if self._read == self._written:
            self._file.truncate(0)
            self._read = self._written = 0
        return piece

    def close(self) -> None:
        """Let go of everything."""
        self._memory.clear()
        self._held = self._read = self._written = 0
        if self._file is not None:
            self._file.close()
            self._file = None
