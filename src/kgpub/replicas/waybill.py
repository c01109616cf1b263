"""The manifest of a snapshot that is under way: read as if somebody who means harm had written it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kgpub.errors import SnapshotBroken
from kgpub.sealing import SEAL, seal, sealed
from kgpub.snapshot import FORMAT, PULLED

MANIFEST = "manifest.json"
CURRENT = "current"
LONGEST = 64 << 20
"""Bytes that a manifest may have."""
PART = ".part-"
"""How files begin that are not whole yet."""
_MOST_FILES = 1_000_000
_LONGEST_NAME, _LONGEST_PART = 1_000, 200
_AHEAD = timedelta(days=1)
"""How far the clock of who built it may be ahead of ours."""
_VERSION = re.compile(r"[0-9a-f]{16}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class File:
    """A file of a snapshot: its path in it, its SHA-256, its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Waybill:
    """What a sealed manifest says: version, time of the build in UTC, files; and the manifest byte for byte."""

    version: str
    built: str
    files: tuple[File, ...]
    text: bytes

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def is_version(text: str) -> bool:
    """Whether a text can be the version of a snapshot."""
    return _VERSION.fullmatch(text) is not None


def read(text: bytes, version: str) -> Waybill:
    """What the manifest of a version says; raises ``SnapshotBroken`` where it is not to be believed."""
    try:
        return _read(text, version)
    except _Doubt as doubt:
        raise SnapshotBroken(f"{version}: the manifest is refused: {doubt}") from doubt


def completed(text: bytes, version: str, sizes: Mapping[str, int]) -> bytes:
    """The manifest of a snapshot on this machine with all that a copy needs; as it is if it has that."""
    manifest = json.loads(text)
    if SEAL in manifest:
        return text
    return json.dumps(sealed({**manifest, "version": version, "sizes": dict(sizes)}), ensure_ascii=False).encode()


class _Doubt(Exception):
    """Why a manifest is not to be believed."""


def _read(text: bytes, version: str) -> Waybill:
    manifest = _parsed(text)
    if manifest.get("format") != FORMAT:
        raise _Doubt(f"another version of kgpub made it (format {manifest.get('format')!r}; this one reads {FORMAT})")
    if SEAL not in manifest:
        raise _Doubt("it has no seal; copy the snapshot with kgpub push")
    if manifest[SEAL] != seal(manifest):
        raise _Doubt("it was altered, its seal does not fit")
    if manifest.get("version") != version:
        raise _Doubt(f"it is that of {manifest.get('version')!r}")
    return Waybill(version, _time(manifest.get("built")), _files(manifest), text)


def _parsed(text: bytes) -> dict[str, Any]:  # Any: what json.loads gives
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Doubt(f"it is no JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise _Doubt("it is no JSON object")
    return manifest


def _time(built: object) -> str:
    try:
        when = datetime.strptime(str(built), _TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise _Doubt(f"{built!r} is no time of a build") from error
    if when > datetime.now(UTC) + _AHEAD:
        raise _Doubt(f"it says that it was built in the future, {built}")
    return when.strftime(_TIME)


def _files(manifest: Mapping[str, Any]) -> tuple[File, ...]:  # Any: what json.loads gives
    sums, sizes = manifest.get("files"), manifest.get("sizes")
    if not isinstance(sums, dict) or not isinstance(sizes, dict) or sums.keys() != sizes.keys():
        raise _Doubt("it does not give a checksum and a size for every file")
    if not 0 < len(sums) <= _MOST_FILES:
        raise _Doubt(f"it names {len(sums)} files")
    found = tuple(_file(name, sums[name], sizes[name]) for name in sums)
    above = {parent for name in sums for parent in _above(name)}
    if clash := above & sums.keys():
        raise _Doubt(f"{min(clash)!r} is a file and a folder")
    return found


def _file(name: str, sha256: object, size: object) -> File:
    if not _is_safe(name):
        raise _Doubt(f"{name[:100]!r} is no name of a file in a snapshot")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise _Doubt(f"{name}: {sha256!r:.80} is no SHA-256")
    if type(size) is not int or size < 0:
        raise _Doubt(f"{name}: {size!r:.80} is no size")
    return File(name, sha256, size)


def _is_safe(name: str) -> bool:
    """Whether a path stays in the snapshot's folder, on any system, and is none of those that a copy uses itself."""
    parts = name.split("/")
    return (
        name.isprintable()
        and len(name.encode()) <= _LONGEST_NAME
        and not set(name) & set('\\:*?"<>|#%')
        and all(0 < len(part.encode()) <= _LONGEST_PART and part not in {".", ".."} for part in parts)
        and not parts[0].startswith(PART)
        and name not in {MANIFEST, PULLED}
    )


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]
