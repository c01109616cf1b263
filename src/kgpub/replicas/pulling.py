"""Pull a snapshot from a store: beside those that are kept, checked, tried out, then put in service in one step.

What stops it leaves the last snapshot in service and what has come in ``pulling-<version>``, from where the next pull
goes on. It has the folder of snapshots to itself, as a build has.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kgpub import snapshot
from kgpub.errors import EngineDown, KgpubError, NoSnapshot, OlderSnapshot, SnapshotBroken
from kgpub.making.building import alone, prune, try_out
from kgpub.replicas import copying
from kgpub.replicas.outcome import Done, Outcome, Progress
from kgpub.replicas.stores import Source
from kgpub.replicas.waybill import MANIFEST, PART, File, Waybill, is_version, read
from kgpub.searching import search
from kgpub.settings import Settings
from kgpub.snapshot import PULLED, damage, switch, sync

_BEGUN = "pulling-"
_SPARE = 64 << 20
"""Bytes that stay free on the disk."""


def pull(settings: Settings, store: Source, tell: Progress, version: str = "", *, force: bool = False) -> Outcome:
    """Put a store's snapshot in service here, the one that is in service there unless a version is named.

    Raises ``NoSnapshot`` where it is not there, ``SnapshotBroken`` where it is damaged, altered or of another version
    of kgpub, ``OlderSnapshot`` where it was built before the one in service here, unless ``force`` is given,
    ``StoreDown``, and ``EngineDown`` where it cannot be written or a build is under way. Nothing is changed then.
    """
    if version and not is_version(version):
        raise NoSnapshot(f"“{version}” is no version of a snapshot: give all 16 characters")
    wanted = version or copying.current(store)
    if wanted == _serving(settings):
        return Outcome(wanted, Done.NOTHING)
    home = settings.snapshots_folder
    with alone(home):
        bill = copying.waybill(store, wanted)
        if not force:
            _refuse_older(settings, bill)
        copied: list[File] | None = None
        if not _is_kept(home / "snapshots" / wanted):
            copied = _Arrival(settings, store, bill, tell).take_in()
        tell("switch", 0)
        switch(home, wanted)
        prune(settings)
    if copied is None:
        return Outcome(wanted, Done.SWITCHED)
    return Outcome(wanted, Done.COPIED, len(copied), sum(file.size for file in copied))


def _serving(settings: Settings) -> str:
    """The version in service, if it is one that this kgpub can serve; else nothing."""
    try:
        serving = snapshot.current(settings)
    except NoSnapshot:
        return ""
    return serving if snapshot.is_readable(settings.snapshots_folder / "snapshots" / serving) else ""


def _refuse_older(settings: Settings, bill: Waybill) -> None:
    serving = _serving(settings)
    if serving and bill.built < (ours := snapshot.built(settings, serving)):
        raise OlderSnapshot(
            f"{bill.version} was built {bill.built}, before {serving} ({ours}), which stays in service; "
            "to go back to it all the same: --force"
        )


def _is_kept(folder: Path) -> bool:
    """Whether a snapshot is on this disk already, every file of it as it should be."""
    try:
        return not damage(folder)
    except SnapshotBroken:
        return False


@dataclass(frozen=True)
class _Arrival:
    """A snapshot that is to come here."""

    settings: Settings
    store: Source
    bill: Waybill
    tell: Progress

    @property
    def _home(self) -> Path:
        return self.settings.snapshots_folder

    @property
    def _folder(self) -> Path:
        return self._home / f"{_BEGUN}{self.bill.version}"

    def take_in(self) -> list[File]:
        """Bring every file, check all, give the folder its name; the files that were copied."""
        self._clear()
        known = dict(self._known())
        copied = copying.each(self.bill.files, lambda number, file: self._bring(number, file, known), self.tell, "pull")
        self.tell("write", 0)
        self._finish()
        try:
            try_out(self._folder, self.settings, self.bill.version, self.tell)
        except KgpubError:
            shutil.rmtree(self._folder, ignore_errors=True)  # every file is what was sent: it would come again the same
            raise
        self._sync()
        target = self._home / "snapshots" / self.bill.version
        if target.exists():
            target.rename(self._home / f"discarded-{self.bill.version}")  # damaged; the next build or pull deletes it
        self._folder.rename(target)
        sync(target.parent)
        sync(self._home)
        return copied

    def _clear(self) -> None:
        """Clear away what pulls of other versions left, and see that the rest has room."""
        for left in self._home.glob(f"{_BEGUN}*"):
            if left != self._folder:
                shutil.rmtree(left, ignore_errors=True)
        if self._folder.is_symlink():
            self._folder.unlink()
        self._folder.mkdir(exist_ok=True)
        self._tidy()
        have = sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())
        free = shutil.disk_usage(self._home).free
        if self.bill.size - have + _SPARE > free:
            needed = (self.bill.size - have + _SPARE) >> 20
            raise EngineDown(f"{self._home}: {needed:,} MB are needed and {free >> 20:,} MB free; nothing was changed")

    def _known(self) -> Iterator[tuple[str, Path]]:
        """The files of the snapshots that are kept here, by their checksums."""
        for path in (self._home / "snapshots").glob(f"*/{MANIFEST}"):
            with suppress(KgpubError, OSError):
                kept = read(path.read_bytes(), path.parent.name)
                for file in kept.files:
                    yield file.sha256, path.parent / file.name

    def _bring(self, number: int, file: File, known: dict[str, Path]) -> bool:
        """Have a file here, from the last try, another snapshot, or the store; whether it was copied from there."""
        path, part = self._folder / file.name, self._folder / f"{PART}{number}"
        if copying.is_here(path, file):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            is_ours = _linked(known.get(file.sha256), part, file)
            if not is_ours:
                copying.receive(self.store, self.bill.version, file, part)
                sync(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return not is_ours

    def _finish(self) -> None:
        """Leave what the manifest names, and add the manifest and where it is from."""
        self._tidy()
        (self._folder / "search" / search.LOCK).touch()  # belongs to no copy, but is needed to read
        (self._folder / PULLED).write_text(f"{self.store}\n", "utf-8")
        (self._folder / MANIFEST).write_bytes(self.bill.text)

    def _tidy(self) -> None:
        """Remove what the manifest does not name, and folders where it names files."""
        named = {file.name for file in self.bill.files}
        for path in list(self._folder.rglob("*")):
            is_named, is_folder = path.relative_to(self._folder).as_posix() in named, path.is_dir()
            if path.is_symlink() or (not is_folder and not is_named):
                path.unlink(missing_ok=True)
            elif is_folder and is_named:
                shutil.rmtree(path)

    def _sync(self) -> None:
        """Force to disk what is not yet there."""
        for path in (self._folder / PULLED, self._folder / MANIFEST, *self._folder.rglob("*"), self._folder):
            if path.is_dir() or path.name in {PULLED, MANIFEST}:
                sync(path)


def _linked(known: Path | None, part: Path, file: File) -> bool:
    """Whether a file of another snapshot is this one; it is linked, since no file of a snapshot is ever changed."""
    if known is None or not copying.is_here(known, file):
        return False
    try:
        os.link(known, part)
    except OSError:
        return False
    return True
