"""Copy the files of a snapshot one by one, several at a time, and believe none before its checksum is right."""

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kgpub.errors import NoSnapshot, NotThere, SnapshotBroken, StoreDown
from kgpub.replicas.outcome import Progress
from kgpub.replicas.stores import Source, whole
from kgpub.replicas.waybill import CURRENT, LONGEST, MANIFEST, File, Waybill, is_version, read

_AT_A_TIME = 4
_LONGEST_CURRENT = 1_000


def place(version: str, name: str) -> str:
    """Where a file of a snapshot stands in a store."""
    return f"snapshots/{version}/{name}"


def current(store: Source) -> str:
    """The version that a store has in service; raises ``NoSnapshot``, ``SnapshotBroken`` or ``StoreDown``."""
    try:
        text = whole(store, CURRENT, _LONGEST_CURRENT)
    except NotThere as error:
        raise NoSnapshot(f"{store}: no snapshot is in service there") from error
    version = text.decode("utf-8", "replace").strip()
    if not is_version(version):
        raise SnapshotBroken(f"{store}: {version[:40]!r} in {CURRENT} is no version of a snapshot")
    return version


def waybill(store: Source, version: str) -> Waybill:
    """What a store's manifest of a version says; raises ``NoSnapshot``, ``SnapshotBroken`` or ``StoreDown``."""
    try:
        text = whole(store, place(version, MANIFEST), LONGEST)
    except NotThere as error:
        raise NoSnapshot(f"{store}: there is no snapshot {version}") from error
    return read(text, version)


def receive(store: Source, version: str, file: File, target: Path) -> None:
    """Write a file of a store to a path; raises ``SnapshotBroken`` where it is not what it should be, or longer."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as written:
        for piece in store.read(place(version, file.name)):
            size += len(piece)
            if size > file.size:
                break
            digest.update(piece)
            written.write(piece)
    _agree(f"{store}: {version}/{file.name}", file, size, digest.hexdigest())


def is_there(store: Source, version: str, file: File) -> bool:
    """Whether a store has a file as it should be; it is read."""
    digest, size = hashlib.sha256(), 0
    try:
        for piece in store.read(place(version, file.name)):
            size += len(piece)
            if size > file.size:
                return False
            digest.update(piece)
    except NotThere:
        return False
    return (size, digest.hexdigest()) == (file.size, file.sha256)


def is_here(path: Path, file: File) -> bool:
    """Whether a path is a file as it should be, and no link."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == file.sha256


def each(files: Iterable[File], copy: Callable[[int, File], bool], tell: Progress, step: str) -> list[File]:
    """Call ``copy`` for every file, by its number; those for which it says that it copied them.

    The first failure ends it: what is under way ends, the rest is not begun.
    """
    listed, copied = list(files), []
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        try:
            for number, (file, did) in enumerate(zip(listed, pool.map(copy, range(len(listed)), listed), strict=True)):
                tell(step, number + 1)
                if did:
                    copied.append(file)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return copied


def _agree(name: str, file: File, size: int, digest: str) -> None:
    if size > file.size:
        raise SnapshotBroken(f"{name}: it is longer than the {file.size:,} bytes of the manifest; nothing was changed")
    if size < file.size:
        raise StoreDown(f"{name}: only {size:,} of {file.size:,} bytes came; nothing was changed")
    if digest != file.sha256:
        raise SnapshotBroken(f"{name}: it is not what the manifest says, its checksum differs; nothing was changed")
