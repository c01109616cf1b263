"""One text in several files, plain and packed, in pieces that are the same bytes wherever in a file they stand.

A packed file is a row of members of gzip (RFC 1952 section 2.2) or of frames of zstd (RFC 8878 section 3.1), one for
each piece, a plain one a row of ranges of bytes. Whoever reads them whole reads one text; a piece can be copied from
one file to another without being unpacked.
"""

import gzip
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

_BLOCK = 1 << 20

Part = tuple[int, int]
"""Bytes of a file: the first, and the first that follows."""


class _Writes(Protocol):
    def write(self, body: bytes, /) -> int: ...


def _gzip(file: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)  # no clock inside


def _zstd(file: BinaryIO) -> zstandard.ZstdCompressionWriter:
    return zstandard.ZstdCompressor(level=3, write_checksum=True).stream_writer(file, closefd=False)


_PACKERS: Mapping[str, Callable[[BinaryIO], AbstractContextManager[_Writes]]] = {
    "": nullcontext,
    "gz": _gzip,
    "zst": _zstd,
}


class Copies:
    """One text in as many files as there are ``codings``."""

    def __init__(self, path: Path, stack: ExitStack, codings: Iterable[str]) -> None:
        """Open the files in ``stack``, which ends them; a coding is the ending of its name, plain is an empty one."""
        self._files = [_File(path.with_name(f"{path.name}.{end}" if end else path.name), stack, end) for end in codings]
        self.names = frozenset(file.path.name for file in self._files)
        """The names of the files."""

    @property
    def positions(self) -> dict[str, int]:
        """How many bytes each file has, by name; of a packed one, up to the last piece that has ended."""
        return {file.path.name: file.position for file in self._files}

    def write(self, body: bytes) -> None:
        """Add to the piece that is under way."""
        for file in self._files:
            file.write(body)

    def cut(self) -> None:
        """End the piece that is under way, if any."""
        for file in self._files:
            file.cut()

    def copy(self, folder: Path, parts: Mapping[str, Part]) -> None:
        """Add a piece from the files of the same names in another folder; raises ``OSError`` where one is too short."""
        for file in self._files:
            file.copy(folder / file.path.name, parts[file.path.name])


class _File:
    """One of the files."""

    def __init__(self, path: Path, stack: ExitStack, coding: str) -> None:
        self.path = path
        self._pack = _PACKERS[coding]
        self._is_packed = bool(coding)
        self._file = stack.enter_context(path.open("wb"))
        self._piece = ExitStack()
        self._open: _Writes | None = None
        stack.callback(self._end)

    @property
    def position(self) -> int:
        return self._file.tell()

    def write(self, body: bytes) -> None:
        if self._open is None:
            self._open = self._piece.enter_context(self._pack(self._file))
        self._open.write(body)

    def cut(self) -> None:
        self._piece.close()
        self._open = None

    def copy(self, path: Path, part: Part) -> None:
        self.cut()
        start, end = part
        with path.open("rb") as file:
            file.seek(start)
            while left := end - start:
                block = file.read(min(left, _BLOCK))
                if not block:
                    raise OSError(f"{path} has fewer bytes than it had")
                self._file.write(block)
                start += len(block)

    def _end(self) -> None:
        """End the file; nothing at all is one piece without content where it is packed, or no tool would unpack it."""
        self.cut()
        if self._is_packed and not self.position:
            self.write(b"")
            self.cut()


@dataclass(frozen=True)
class Frame:
    """What stands around and between the bodies of a text: at its beginning, between two, at its end.

    A text without any is ``empty``.
    """

    first: bytes = b""
    between: bytes = b""
    last: bytes = b""
    empty: bytes = b""


class Text:
    """A text whose bodies come in groups, each group a piece of its own that says nothing of where it stands."""

    def __init__(self, copies: Copies, frame: Frame) -> None:
        """Nothing is written yet."""
        self._copies, self._frame = copies, frame
        self._has_begun = False
        self._start: Mapping[str, int] | None = None
        self.is_taken = False
        """Whether the group under way was copied, so that its bodies need not be written."""

    @property
    def names(self) -> frozenset[str]:
        """The names of its files."""
        return self._copies.names

    @property
    def positions(self) -> dict[str, int]:
        """How many bytes each of its files has."""
        return self._copies.positions

    def begin(self, folder: Path, parts: Mapping[str, Part]) -> None:
        """Begin a group: it is copied from the files in ``folder``, where ``parts`` tells its place in all of them."""
        self.is_taken = self.names <= parts.keys()
        if self.is_taken and any(start < end for start, end in (parts[name] for name in self.names)):
            self._lead()
            self._copies.copy(folder, parts)

    def write(self, body: bytes) -> None:
        """Add a body to the group."""
        if not body:
            return
        if self._start is None:
            self._lead()
        elif self._frame.between:
            self._copies.write(self._frame.between)
        self._copies.write(body)

    def end(self) -> dict[str, Part]:
        """End the group; where it stands in each file."""
        self._copies.cut()
        now = self.positions
        start, self._start = self._start or now, None
        return {name: (start[name], now[name]) for name in now}

    def finish(self) -> None:
        """Add what ends the text."""
        self._apart(self._frame.last if self._has_begun else self._frame.empty)

    def _lead(self) -> None:
        """Write what stands before the first body of a group, in a piece of its own."""
        self._apart(self._frame.between if self._has_begun else self._frame.first)
        self._has_begun = True
        self._start = self.positions

    def _apart(self, body: bytes) -> None:
        if body:
            self._copies.write(body)
            self._copies.cut()
