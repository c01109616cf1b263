"""Keep, open, switch snapshots; ``kgpub.making.building`` makes them.

A snapshot is a folder ``snapshots/<version>`` below the site's snapshot folder: ``store/`` (Oxigraph, read only),
``index.sqlite``, ``search/``, ``report.json``, ``manifest.json`` with the checksum of each. ``current`` names the
one in service; it is replaced in one step, after everything else is on disk. A folder there is
whole, or it is not there.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgpub.engine import Engine
from kgpub.engine.oxigraph import OxigraphEngine
from kgpub.errors import NoSnapshot, SnapshotBroken
from kgpub.kept import passages
from kgpub.kept.facets import Facets
from kgpub.kept.index import Index
from kgpub.kept.partitions import FILE as PARTITIONS
from kgpub.kept.partitions import PartitionsFile
from kgpub.making import dumps, faceting
from kgpub.model import Finding, Report, Statistics
from kgpub.ontology.file import FILE as ONTOLOGY
from kgpub.ontology.file import Ontology
from kgpub.searching import search
from kgpub.settings import Settings

FORMAT = 3
"""Raised whenever a snapshot of an older kgpub can no longer be read."""

DUMP = f"{dumps.FOLDER}/{dumps.WHOLE}"
"""The whole published dataset as N-Quads, term for term as in the sources, in the order of the files."""

PULLED = "pulled"
"""The file in a snapshot's folder that says where it was pulled from; who builds here does not have it."""


@dataclass(frozen=True)
class Snapshot:
    """One immutable build of a site, opened for serving."""

    version: str
    built: str
    folder: Path
    engine: Engine
    index: Index
    search: search.Index
    report: Report
    statistics: Statistics
    graphs: frozenset[str]
    partitions: PartitionsFile
    facets: Facets
    passages: passages.Passages
    ontology: Ontology
    dumps: tuple[dumps.Dump, ...]

    def close(self) -> None:
        """Give back the store and the files."""
        self.engine.close()
        self.index.close()
        self.partitions.close()
        self.facets.close()
        self.passages.close()
        self.ontology.close()


@dataclass(frozen=True)
class Kept:
    """A snapshot on disk: its version, when it was built, how large it is, whether it is the one in service."""

    version: str
    built: str
    triples: int
    bytes: int
    current: bool


def checksum(path: Path) -> str:
    """The SHA-256 of a file, read by blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def switch(home: Path, version: str) -> None:
    """Put a snapshot in service, in one step."""
    fresh = home / f"current-{os.getpid()}"
    try:
        fresh.write_text(version, "utf-8")
        sync(fresh)
        fresh.replace(home / "current")
    finally:
        fresh.unlink(missing_ok=True)
    sync(home)


def current(settings: Settings) -> str:
    """The version in service; raises ``NoSnapshot`` when nothing was built yet."""
    try:
        return (settings.snapshots_folder / "current").read_text("utf-8").strip()
    except OSError as error:
        raise NoSnapshot("no snapshot was built yet; try: kgpub build") from error


def kept_snapshots(settings: Settings) -> list[Kept]:
    """The snapshots on disk, newest first."""
    try:
        serving = current(settings)
    except NoSnapshot:
        serving = ""
    found = []
    for path in (settings.snapshots_folder / "snapshots").glob("*/manifest.json"):
        folder = path.parent
        try:
            manifest = _manifest(folder)
        except SnapshotBroken:
            continue  # of another version of kgpub, whose to keep or delete it is
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        index = Index(folder / "index.sqlite")
        triples = index.statistics().triples
        index.close()
        found.append(Kept(folder.name, manifest["built"], triples, size, folder.name == serving))
    return sorted(found, key=lambda kept: (kept.built, kept.version), reverse=True)


def rollback(settings: Settings, version: str | None = None) -> str:
    """Put an earlier snapshot in service: the named one, or the newest older than the present one."""
    kept = kept_snapshots(settings)
    if version is None:
        position = next((i for i, k in enumerate(kept) if k.current), -1)
        older = kept[position + 1 :]
        if not older:
            raise NoSnapshot("there is no older snapshot to go back to")
        version = older[0].version
    matching = [k.version for k in kept if k.version.startswith(version)]
    if len(matching) != 1:
        raise NoSnapshot(f"there is no snapshot {version}; see: kgpub snapshots")
    switch(settings.snapshots_folder, matching[0])
    return matching[0]


def open_snapshot(settings: Settings, version: str | None = None) -> Snapshot:
    """Open a snapshot for serving, the one in service unless told otherwise."""
    version = version or current(settings)
    return opened(settings.snapshots_folder / "snapshots" / version, settings, version)


def opened(folder: Path, settings: Settings, version: str) -> Snapshot:
    """Open the snapshot in a folder, wherever that is; raises ``SnapshotBroken`` or ``EngineDown``."""
    manifest = _manifest(folder)
    index, facets = Index(folder / "index.sqlite"), Facets(folder / faceting.FILE)
    statistics = index.statistics().listed(facets.sizes())
    hidden = set(manifest["shapes"])
    return Snapshot(
        version=version,
        built=manifest["built"],
        folder=folder,
        engine=_engine(folder, settings),
        index=index,
        search=search.Index(folder / "search"),
        report=_report(folder / "report.json"),
        statistics=statistics,
        graphs=frozenset(counted.iri for counted in statistics.graphs) - hidden,
        partitions=PartitionsFile(folder / PARTITIONS),
        facets=facets,
        passages=passages.Passages(folder / passages.FILE),
        ontology=Ontology(folder / ONTOLOGY),
        dumps=dumps.read(folder / dumps.FOLDER),
    )


def _engine(folder: Path, settings: Settings) -> Engine:
    """What answers for a snapshot: the store in it, or the endpoint that it was built from."""
    if not settings.engine:
        return OxigraphEngine(folder / "store", settings)
    from kgpub.engine.remote import over  # noqa: PLC0415 # no other site has to import a client

    return over(settings, folder)


def built(settings: Settings, version: str) -> str:
    """When a kept snapshot was built, in UTC; raises ``SnapshotBroken``."""
    when: str = _manifest(settings.snapshots_folder / "snapshots" / version)["built"]
    return when


def circumstances(folder: Path) -> tuple[str, dict[str, str]]:
    """The hash of what a snapshot was built with besides its files, and those of its files by name.

    Both are empty where it cannot be read.
    """
    try:
        manifest = _manifest(folder)
        return manifest["again"]["key"], {name: file["sha256"] for name, file in manifest["sources"].items()}
    except (SnapshotBroken, KeyError, TypeError):
        return "", {}


def is_readable(folder: Path) -> bool:
    """Whether a snapshot's folder is of the format that this version of kgpub reads."""
    try:
        _manifest(folder)
    except SnapshotBroken:
        return False
    return True


def is_pulled(folder: Path) -> bool:
    """Whether a snapshot was made elsewhere, so that the files of the site here say nothing about it."""
    return (folder / PULLED).is_file()


def damage(folder: Path) -> list[str]:
    """The files of a snapshot that are missing or are not what its manifest says, by their paths in it.

    Raises ``SnapshotBroken`` where there is no manifest to compare with.
    """
    written: dict[str, str] = _manifest(folder)["files"]
    return [
        name for name, known in written.items() if not (folder / name).is_file() or checksum(folder / name) != known
    ]


def unreadable(settings: Settings) -> list[str]:
    """The snapshots on disk that other versions of kgpub made: never pruned, since they may still be wanted there."""
    folders = (path.parent for path in (settings.snapshots_folder / "snapshots").glob("*/manifest.json"))
    return sorted(folder.name for folder in folders if not is_readable(folder))


def _manifest(folder: Path) -> dict[str, Any]:  # Any: what json.loads gives
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
        found = manifest.get("format")
    except (OSError, ValueError, AttributeError) as error:
        raise SnapshotBroken(f"{folder.name}: the manifest cannot be read: {error}") from error
    if found != FORMAT:
        made = f"made by another version of kgpub (format {found}; this one reads {FORMAT})"
        raise SnapshotBroken(f"{folder.name}: {made}; try: kgpub build")
    return manifest


def _report(path: Path) -> Report:
    value = json.loads(path.read_text("utf-8"))
    findings = tuple(Finding(**finding) for finding in value["findings"])
    return Report(value["conforms"], findings, value.get("has_shapes", True))
