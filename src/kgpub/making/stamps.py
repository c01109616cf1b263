"""What was found of files when they were last read, so that a start does not read all of them to see that none changed.

A file whose size, inode and times of change are what they were is what it was: the time of the inode's last change
cannot be set by who writes a file. One that was changed at about the moment it was noted might have been changed once
more within the same tick of the file system's clock, so that is read again.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import time_ns

from kgpub.source import SourceFile

FILE = "stamps.json"
"""The file in a site's folder of snapshots; without it every file is read."""
_LONG = 64
_TICK = 2_000_000_000
"""Nanoseconds within which two changes may have the same time (FAT's clock is the coarsest)."""


class Stamps:
    """The checksums of a site's files, known or found."""

    def __init__(self, home: Path) -> None:
        """Read what was noted in a folder; what cannot be read is not known."""
        self._path = home / FILE
        self._noted, self._known = _read(self._path)
        self._began = time_ns()
        self._found: dict[str, list[int | str]] = {}
        self._is_news = False

    def checksum(self, file: SourceFile) -> str:
        """The SHA-256 of a file, read only where it may have changed; raises ``SourceError``."""
        now = _stamp(file.path)
        known = self._known.get(file.name)
        if known is not None and now and known[:-1] == now and int(now[-1]) < self._noted - _TICK:
            self._found[file.name] = list(known)
            return str(known[-1])
        found = file.sha256
        if now:
            self._found[file.name] = [*now, found]
            self._is_news = True
        return found

    def keep(self) -> None:
        """Note what was found; where that cannot be written the files are read again next time."""
        if not self._is_news and self._found.keys() == self._known.keys():
            return
        text = json.dumps({"noted": self._began, "files": self._found})
        part = self._path.with_name(f"{FILE}.{os.getpid()}")
        with suppress(OSError):
            part.write_text(text, "utf-8")
            part.replace(self._path)


def _stamp(path: Path) -> list[int]:
    """Size, inode, and times of the last change of content and of anything; empty where it cannot be told."""
    try:
        told = path.stat()
    except OSError:
        return []
    return [told.st_size, told.st_ino, told.st_mtime_ns, told.st_ctime_ns]


def _read(path: Path) -> tuple[int, Mapping[str, Sequence[int | str]]]:
    """When was noted what of which file."""
    try:
        told = json.loads(path.read_text("utf-8"))
        noted, files = told["noted"], told["files"]
        is_sound = isinstance(noted, int) and all(_is_row(row) for row in files.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0, {}
    return (noted, files) if is_sound else (0, {})


def _is_row(row: object) -> bool:
    """Whether a row of the file is one."""
    return isinstance(row, list) and [type(part) for part in row] == [int, int, int, int, str] and len(row[-1]) == _LONG
