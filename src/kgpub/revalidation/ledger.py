"""What the last run of the compiled engine knew, in the site's snapshot folder: statements, file by file, and results.

``ledger.json`` names the files with their hashes and has the results per shape; beside it stand the statements of each
file as the throwaway store has them, N-Triples packed with zstd and named by their own hash. All is forced to disk, and
the ledger comes last and in one step, so that an interrupted run leaves the one before. A ledger that is not there, is
damaged, or was written by another kgpub or under other settings is none. It is bounded in size; what is larger is not
kept.
"""

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from importlib.metadata import version as installed
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import zstandard

from kgpub.reading.ladder import Outcome
from kgpub.revalidation.told import Said
from kgpub.sealing import SEAL, seal, sealed
from kgpub.settings import Settings
from kgpub.source import SourceFile, contexts

FOLDER = "validation"
"""The folder in that of the snapshots."""
FILE = "ledger.json"
MOST_BYTES = 512 << 20
"""Bytes of packed statements that are kept."""
MOST_RESULTS = 50_000
"""Results that are kept."""
LARGE = "large"
"""Why nothing was kept: there is too much."""

_VERSION = 1
_PACKED = ".nt.zst"
_UNFINISHED = ".part"
_LARGEST = 1 << 28
_PIECE = 1 << 20
_ELSEWHERE: dict[str, Any] = {
    **dict.fromkeys(("folder", "server", "log", "snapshots", "pages", "sparql", "check", "remote"), True),
    "reading": {"strict"},
}
"""Settings that no result depends on; who is strict finds the same, or nothing."""


@dataclass(frozen=True)
class Part:
    """A file as it was read: its hash, and the name of its statements; none where it was not read without fault."""

    name: str
    graph: str
    sha256: str
    statements: str
    size: int
    is_sound: bool

    def is_of(self, file: SourceFile) -> bool:
        """Whether a file is what it was."""
        return (self.name, self.graph, self.sha256) == (file.name, file.graph, file.sha256)


@dataclass(frozen=True)
class Known:
    """What a run knew: the files in order, results by shape, and the shapes that were not compiled, with the reason.

    ``looked`` are the nodes by shape of which the results are all that there are, ``reads`` what shapes look at,
    ``shapes`` how many have focus nodes. ``outcome`` is what was told in the end, where nothing but the files decides
    about it; else there is none.
    """

    key: str
    parts: tuple[Part, ...]
    results: Mapping[str, list[Said]]
    handed_over: Mapping[str, str]
    looked: Mapping[str, list[Any]]  # Any: terms as JSON has them
    reads: Mapping[str, dict[str, Any]]  # Any: as JSON has it
    shapes: int
    outcome: Mapping[str, Any] | None = None  # Any: as JSON has it

    def is_of(self, files: Sequence[SourceFile]) -> bool:
        """Whether these are the files that the run read, each without fault."""
        pairs = zip(self.parts, files, strict=False)
        return len(self.parts) == len(files) and all(part.statements and part.is_of(file) for part, file in pairs)


def key_of(shaping: Iterable[SourceFile], settings: Settings) -> str:
    """What stands for all that decides about results besides the data: shapes, settings, versions; hexadecimal."""
    own = [path for path in contexts(settings).values() if path.is_file()]
    said = {
        "version": _VERSION,
        "shapes": [(file.name, file.graph, file.sha256) for file in shaping],
        "settings": settings.model_dump(mode="json", exclude=_ELSEWHERE),
        "contexts": [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in own],
        "made with": [installed(name) for name in ("kgpub", "pyshacl", "rdflib", "pyoxigraph")],
        "python": platform.python_version(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class _Recognised(SourceFile):
    """A file that is what it was when it was read without fault, so that it need not be tried again."""

    part: Part

    @cached_property
    def outcome(self) -> Outcome:
        """Nothing has to be forgiven."""
        return Outcome(is_sound=self.part.is_sound)


def is_faultless(file: SourceFile) -> bool:
    """Whether nothing had to be forgiven to read a file."""
    return replace(file.outcome, is_sound=False) == Outcome()


@dataclass
class Memory:
    """The ledger of a site; ``anew`` takes nothing over from it.

    ``lost`` is why nothing could be kept this time: ``LARGE``, or what the system says.
    """

    folder: Path
    anew: bool = False
    lost: str = ""
    _last: dict[str, Known | None] = field(default_factory=dict)

    def known(self, key: str) -> Known | None:
        """What the last run knew, if it was one under this key."""
        if self.anew:
            return None
        if key not in self._last:
            self._last[key] = self._read(key)
        return self._last[key]

    def recognised(self, files: Iterable[SourceFile], settings: Settings) -> tuple[SourceFile, ...]:
        """The files; those that are what they were, and had no fault, are known to have none."""
        found = tuple(files)
        known = self.known(key_of((file for file in found if file.role == "shapes"), settings))
        parts = {part.name: part for part in known.parts if part.statements} if known else {}
        return tuple(_known(file, parts.get(file.name)) for file in found)

    def _read(self, key: str) -> Known | None:
        path = self.folder / FILE
        try:
            if path.stat().st_size > _LARGEST:
                return None
            value = json.loads(path.read_bytes())
            if value["key"] != key or value[SEAL] != seal(value):
                return None
            parts = tuple(Part(**one) for one in value["parts"])
            return Known(
                key,
                parts,
                *(value[name] for name in ("results", "handed_over", "looked", "reads", "shapes", "outcome")),
            )
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None  # none, or damaged: both are met by validating anew

    def packed(self, part: Part) -> bytes | None:
        """The packed statements of a part; None where they are not what they were."""
        try:
            data = (self.folder / (part.statements + _PACKED)).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == part.statements else None

    def writer(self) -> "Writer":
        """What takes the statements of a file."""
        return Writer(self)

    def write(self, known: Known) -> None:
        """Keep what a run knew in place of what was kept before; ``lost`` says why, where that cannot be."""
        found = {part.statements + _PACKED for part in known.parts if part.statements}
        try:
            if self.lost or self._is_large(known, found):
                self.lost = self.lost or LARGE
                found = set()
                (self.folder / FILE).unlink(missing_ok=True)
            else:
                self._put(
                    json.dumps(
                        sealed({**vars(known), "parts": [vars(part) for part in known.parts]}), ensure_ascii=True
                    ).encode()
                )
            for path in self.folder.iterdir():
                if path.name not in {*found, FILE}:
                    path.unlink(missing_ok=True)
        except OSError as error:
            self.lost = error.strerror or str(error)

    def _is_large(self, known: Known, found: Iterable[str]) -> bool:
        results = sum(map(len, known.results.values()))
        return results > MOST_RESULTS or sum((self.folder / name).stat().st_size for name in found) > MOST_BYTES

    def _put(self, text: bytes) -> None:
        """Replace the ledger in one step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{os.getpid()}{_UNFINISHED}"
        with path.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.replace(self.folder / FILE)
        _force(self.folder)


class Writer:
    """Takes the statements of one file; a disk that takes no more makes the memory lose them, not the run."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._path = memory.folder / f"{os.getpid()}-statements{_UNFINISHED}"
        self._digest = hashlib.sha256()
        self._packer = zstandard.ZstdCompressor(level=1).compressobj()
        self._file: IO[bytes] | None = None
        self._written = self.size = 0

    def add(self, text: bytes) -> None:
        """Take a text."""
        self.size += len(text)
        self._put(self._packer.compress(text))

    def finish(self) -> str:
        """Put the statements where they belong; their name, or none where they could not be kept."""
        self._put(self._packer.flush())
        name = self._digest.hexdigest()
        if self._memory.lost or self._file is None:
            self.leave()
            return ""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._path.replace(self._memory.folder / (name + _PACKED))
        except OSError as error:
            self._memory.lost = error.strerror or str(error)
            return ""
        return name

    def leave(self) -> None:
        """Let go of what was taken."""
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._written += len(data)
        if self._memory.lost:
            return
        if self._written > MOST_BYTES:
            self._memory.lost = LARGE
            return
        try:
            if self._file is None:
                self._memory.folder.mkdir(parents=True, exist_ok=True)
                self._file = self._path.open("wb")
            self._file.write(data)
        except OSError as error:
            self._memory.lost = error.strerror or str(error)


def _known(file: SourceFile, part: Part | None) -> SourceFile:
    if part is None or type(file) is not SourceFile or not part.is_of(file):
        return file
    return _Recognised(**{one.name: getattr(file, one.name) for one in fields(SourceFile)}, part=part)


def unpacked(data: bytes) -> IO[bytes]:
    """The statements that were packed, as a stream."""
    return zstandard.ZstdDecompressor().stream_reader(BytesIO(data))


def pieces(data: bytes) -> Iterator[bytes]:
    """The statements that were packed, a piece at a time."""
    stream = unpacked(data)
    while piece := stream.read(_PIECE):
        yield piece


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
