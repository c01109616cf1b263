"""A file's bytes: regular files only, unpacked as they are read, with a cap on how large they may become."""

import bz2
import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Protocol

import zstandard

_HEAD = 8_192
_SMALL = 1 << 24
"""Bytes that any packed file may become, however small it is."""
_WINDOW = 1 << 27
"""Largest window of a zstd frame: what its command line accepts without being asked."""


@dataclass(frozen=True)
class Limits:
    """How large a packed file may become: in bytes, and as a multiple of its own size."""

    largest: int = 4 << 30
    ratio: int = 200


class Unpacked(ValueError):
    """A packed file is broken, or becomes too large."""


class _Reads(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def opened(path: Path, packing: str, limits: Limits) -> Iterator[IO[bytes]]:
    """A regular file, unpacked; never waits for a pipe or a device.

    Raises ``OSError`` where it cannot be opened; reading raises ``Unpacked``.
    """
    with ExitStack() as stack:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        raw = stack.enter_context(os.fdopen(handle, "rb", closefd=True))
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "it is no regular file")
        if not packing:
            yield raw
            return
        capped = _Capped(_unpacking(raw, packing, stack), raw, limits)
        yield stack.enter_context(BufferedReader(capped, 1 << 16))


def head(path: Path, packing: str, limits: Limits) -> bytes:
    """The first bytes of a file, unpacked; nothing where there are none to be had."""
    try:
        with opened(path, packing, limits) as file:
            return file.read(_HEAD)
    except (OSError, Unpacked):
        return b""


def _unpacking(raw: IO[bytes], packing: str, stack: ExitStack) -> _Reads:
    if packing == ".gz":
        return stack.enter_context(gzip.GzipFile(fileobj=raw, mode="rb"))
    if packing == ".bz2":
        return stack.enter_context(bz2.BZ2File(raw))
    reader: _Reads = stack.enter_context(
        zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(raw, read_across_frames=True, closefd=False)
    )
    return reader


class _Capped(RawIOBase):
    """An unpacked stream that refuses to become too large."""

    def __init__(self, source: _Reads, raw: IO[bytes], limits: Limits) -> None:
        super().__init__()
        self._source, self._raw, self._limits = source, raw, limits
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override] # the buffer that BufferedReader gives
        try:
            block = self._source.read(len(buffer))
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise Unpacked(f"what it is packed with is broken: {error}") from error
        self._total += len(block)
        if self._total > self._limits.largest:
            raise Unpacked(f"unpacked it is larger than {self._limits.largest >> 20} MB, as [reading] largest allows")
        if self._total > _SMALL and self._total > self._limits.ratio * max(self._raw.tell(), 1):
            raise Unpacked(f"unpacked it is more than {self._limits.ratio} times as large, as [reading] ratio allows")
        buffer[: len(block)] = block
        return len(block)
