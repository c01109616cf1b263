"""Push a snapshot to a store: its files, then its manifest, then ``current``, each when what is before is there."""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from kgpub import snapshot
from kgpub.errors import NoSnapshot, OlderSnapshot, SnapshotBroken, StoreDown
from kgpub.replicas import copying
from kgpub.replicas.outcome import Done, Outcome, Progress
from kgpub.replicas.stores import Store, whole
from kgpub.replicas.waybill import CURRENT, LONGEST, MANIFEST, File, Waybill, completed, read
from kgpub.settings import Settings


def push(settings: Settings, store: Store, tell: Progress, version: str = "", *, force: bool = False) -> Outcome:
    """Put a snapshot of this site in service in a store, the one in service here unless a version is named.

    Raises ``NoSnapshot`` where it is not here, ``SnapshotBroken`` where a file of it is damaged or what the store has
    in service is none of ours, ``OlderSnapshot`` where that was built later, unless ``force`` is given, ``StoreDown``.
    What the store has in service stays so until all is there.
    """
    wanted = _chosen(settings, version)
    bill = _bill(settings, wanted)
    before = _before(store, bill, force=force)
    if before == bill:
        return Outcome(wanted, Done.NOTHING)
    departure = _Departure(settings, store, bill, before)
    copied = copying.each(bill.files, departure.send, tell, "push")
    if copied or not departure.has_manifest():
        store.put(bill.text, copying.place(wanted, MANIFEST))
    tell("switch", 0)
    store.put(wanted.encode(), CURRENT)
    if not copied:
        return Outcome(wanted, Done.SWITCHED)
    return Outcome(wanted, Done.COPIED, len(copied), sum(file.size for file in copied))


def _chosen(settings: Settings, version: str) -> str:
    if not version:
        return snapshot.current(settings)
    found = [kept.version for kept in snapshot.kept_snapshots(settings) if kept.version.startswith(version)]
    if len(found) != 1:
        raise NoSnapshot(f"there is no snapshot {version}; see: kgpub snapshots")
    return found[0]


def _bill(settings: Settings, version: str) -> Waybill:
    """What is to be sent; a manifest that an older kgpub wrote is completed."""
    folder = settings.snapshots_folder / "snapshots" / version
    try:
        text = (folder / MANIFEST).read_bytes()
        sizes = {name: (folder / name).stat().st_size for name in json.loads(text)["files"]}
        return read(completed(text, version, sizes), version)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotBroken(f"{version}: it is damaged: {error}") from error


def _before(store: Store, bill: Waybill, *, force: bool) -> Waybill | None:
    """What the store has in service, None where that is nothing; raises ``OlderSnapshot`` or ``SnapshotBroken``."""
    try:
        before = copying.waybill(store, copying.current(store))
    except NoSnapshot:
        return None
    except SnapshotBroken as error:
        if force:
            return None
        raise SnapshotBroken(f"{error.detail}; to push all the same: --force") from error
    if bill.built < before.built and not force:
        raise OlderSnapshot(
            f"{bill.version} was built {bill.built}, before {before.version} ({before.built}), which stays in service "
            f"in {store}; to go back to it all the same: --force"
        )
    return before


@dataclass(frozen=True)
class _Departure:
    """A snapshot that is to go to a store."""

    settings: Settings
    store: Store
    bill: Waybill
    before: Waybill | None

    def send(self, _: int, file: File) -> bool:
        """Have a file there as it should be; whether it was sent."""
        path = self.settings.snapshots_folder / "snapshots" / self.bill.version / file.name
        if not copying.is_here(path, file):
            raise SnapshotBroken(f"damaged: {self.bill.version}/{file.name}; nothing was put in service")
        if copying.is_there(self.store, self.bill.version, file) or self._copies(file):
            return False
        self.store.send(path, copying.place(self.bill.version, file.name))
        return True

    def has_manifest(self) -> bool:
        """Whether the manifest is there as it should be."""
        with suppress(StoreDown):
            return whole(self.store, copying.place(self.bill.version, MANIFEST), LONGEST) == self.bill.text
        return False

    @cached_property
    def _there(self) -> dict[str, str]:
        """The names of the files that the store has in service, by their checksums."""
        return {file.sha256: file.name for file in self.before.files} if self.before else {}

    def _copies(self, file: File) -> bool:
        """Whether the file could be had from what the store has in service."""
        if self.before is None or file.sha256 not in self._there:
            return False
        old = copying.place(self.before.version, self._there[file.sha256])
        with suppress(StoreDown):
            self.store.copy(old, copying.place(self.bill.version, file.name))
            return copying.is_there(self.store, self.bill.version, file)
        return False
