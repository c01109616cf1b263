"""Build, keep, switch snapshots: nothing is served that did not pass here.

A snapshot is a folder ``snapshots/<version>`` below the site's snapshot folder: ``store/`` (Oxigraph, read only),
``index.sqlite``, ``search/``, ``report.json``, ``manifest.json`` with the checksum of each. ``current`` names the
one in service; it is replaced in one step, after everything else is on disk.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, Store

from kgpub import class_tables, counting, dumps, faceting, passages, search, succession
from kgpub.engine import Engine
from kgpub.engine.oxigraph import OxigraphEngine
from kgpub.errors import EngineDown, NoSnapshot, ShapesViolated, SnapshotBroken
from kgpub.facets import Facets
from kgpub.index import Index
from kgpub.indexing import IndexWriter
from kgpub.model import Finding, Report, Statistics
from kgpub.ontology import writing as documenting
from kgpub.ontology.file import FILE as ONTOLOGY
from kgpub.ontology.file import Ontology
from kgpub.partitions import FILE as PARTITIONS
from kgpub.partitions import PartitionsFile
from kgpub.settings import Settings
from kgpub.source import SourceFile, files
from kgpub.stored import batches, rewritten

FORMAT = 3
"""Raised whenever a snapshot of an older kgpub can no longer be read."""

DUMP = f"{dumps.FOLDER}/{dumps.WHOLE}"
"""The whole published dataset as N-Quads, term for term as in the sources, in the order of the files."""

_UNFIXED = {"LOCK", "LOG"}
_VERSION_LENGTH = 16
_SERVED_ONLY = {"folder", "mount", "accent", "title", "description", "publisher", "publisher_url", "contact",
                "pages", "sparql", "log", "snapshots", "featured", "licence", "report", "image", "check"}  # fmt: skip

Progress = Callable[[str, int], None]
"""Called with a step's name and how many quads or things it has done."""


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


def build(
    settings: Settings,
    check: Callable[[tuple[SourceFile, ...], Settings], Report],
    tell: Progress,
    admit: succession.Admit = succession.refuse,
) -> str:
    """Make the snapshot of a site's files as they are now, put it in service, and name its version.

    ``check`` validates (SHACL); a violation raises ``ShapesViolated`` and changes nothing. A version that exists
    already is only put in service. ``admit`` decides on things that would disappear; unless told otherwise that raises
    ``EntitiesRemoved``. Whatever fails or is interrupted leaves the last snapshot as it was.
    """
    sources = files(settings)
    version = version_of(sources, settings)
    home = settings.snapshots_folder
    target = home / "snapshots" / version
    if not (target / "manifest.json").is_file():
        tell("validate", 0)
        report = check(sources, settings)
        if not report.conforms:
            number = report.count("violation")
            raise ShapesViolated(f"{number} violation{'s' if number != 1 else ''} of the shapes; nothing was published")

        def fill(folder: Path) -> None:
            _fill(folder, sources, settings, report, tell)
            admit(succession.since(home, folder))

        _make(home, target, fill)
    else:
        admit(succession.since(home, target))
    _switch(home, version)
    _prune(settings)
    return version


def version_of(sources: Iterable[SourceFile], settings: Settings) -> str:
    """The version of a build: a hash of the files, the settings that change a build, formats and engine; no clock."""
    folder = settings.folder / "queries"
    own = sorted((*folder.glob("*.rq"), *folder.glob("*.ttl")))
    parts = {
        "files": sorted((file.name, file.graph, file.in_default, file.sha256) for file in sources),
        "queries": [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in own],
        "settings": settings.model_dump(mode="json", exclude=_SERVED_ONLY),
        "noindex": sorted(settings.properties(settings.pages.noindex)),
        "format": FORMAT,
        "engine": installed("pyoxigraph"),
        "kgpub": installed("kgpub"),
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_LENGTH]


def _make(home: Path, target: Path, fill: Callable[[Path], None]) -> None:
    """Build in a folder of its own, then rename it to where it is looked for."""
    home.mkdir(parents=True, exist_ok=True)
    _sweep(home)
    workshop = home / f"building-{os.getpid()}"
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir()
    try:
        fill(workshop)
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        workshop.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise EngineDown(f"the snapshot cannot be written: {error}") from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _sweep(home: Path) -> None:
    """Clear away what builds that were killed left behind."""
    for left in home.glob("building-*"):
        try:
            os.kill(int(left.name.rpartition("-")[2]), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(left, ignore_errors=True)
        except PermissionError:
            continue  # another user's build that is still running


def _fill(folder: Path, sources: tuple[SourceFile, ...], settings: Settings, report: Report, tell: Progress) -> None:
    """Write every file of a snapshot."""
    store = Store(str(folder / "store"))
    index = IndexWriter(folder / "index.sqlite", settings)
    hidden: set[str] = set()
    with dumps.DumpWriter(folder / dumps.FOLDER, settings.base, settings.all_prefixes) as dump:
        for file in sources:
            tell(file.name, 0)
            _load(store, index, file, hidden, dump, tell)
        tell("dumps", 0)
        dump.finish()
    tell("optimize", 0)
    store.flush()
    store.optimize()
    tell("index", 0)
    index.fill(store, frozenset(hidden))
    tell("count", 0)
    counting.write(folder / PARTITIONS, store, frozenset(hidden), settings, index.retired())
    tell("search", 0)
    search.write(folder / "search", index.entries(store, frozenset(hidden)))
    index.close()
    tell("facets", 0)
    faceting.add(folder, store, settings.languages)
    passages.write(folder)
    class_tables.write(folder, store, settings, dump.merged, tell)
    tell("ontology", 0)
    documenting.write(folder, store, frozenset(hidden), sources, settings)
    del store
    (folder / "report.json").write_text(json.dumps(asdict(report), ensure_ascii=False), "utf-8")
    _write_manifest(folder, sources, hidden)


def _load(
    store: Store, index: IndexWriter, file: SourceFile, hidden: set[str], dump: dumps.DumpWriter, tell: Progress
) -> None:
    """Load a file into its graphs and, where they belong there, the default graph; keep what the store rewrites."""
    done = 0
    for batch in batches(file.quads()):
        if file.role == "shapes":
            hidden |= {_graph(quad) for quad in batch}
        merged = [quad for quad in batch if file.merges(_graph(quad))]
        store.extend(chain(batch, (Quad(q.subject, q.predicate, q.object) for q in merged)))
        index.originals(rewritten(batch))
        dump.add(batch, merged)
        done += len(batch)
        tell(file.name, done)


def _graph(quad: Quad) -> str:
    """The name of the graph a quad stands in, without brackets."""
    return str(quad.graph_name).strip("<>")


def _write_manifest(folder: Path, sources: Iterable[SourceFile], hidden: set[str]) -> None:
    """Write checksums of everything, force all to disk, and the manifest last."""
    written = {}
    for path in sorted(
        p for p in folder.rglob("*") if p.is_file() and p.name not in _UNFIXED and not p.name.endswith(".lock")
    ):
        written[path.relative_to(folder).as_posix()] = _hash(path)
        _sync(path)
    manifest = {
        "format": FORMAT,
        "built": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "files": written,
        "sources": {file.name: {"graph": file.graph, "sha256": file.sha256} for file in sources},
        "shapes": sorted(hidden),
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")
    _sync(path)
    _sync(folder)


def _hash(path: Path) -> str:
    """The SHA-256 of a file, read by blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Force a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _switch(home: Path, version: str) -> None:
    """Put a snapshot in service, in one step."""
    fresh = home / f"current-{os.getpid()}"
    fresh.write_text(version, "utf-8")
    _sync(fresh)
    fresh.replace(home / "current")


def _prune(settings: Settings) -> None:
    """Delete the oldest snapshots beyond the number kept; the one in service always stays."""
    old = [kept for kept in kept_snapshots(settings) if not kept.current]
    for kept in old[settings.snapshots.keep - 1 :]:
        shutil.rmtree(settings.snapshots_folder / "snapshots" / kept.version, ignore_errors=True)


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
    _switch(settings.snapshots_folder, matching[0])
    return matching[0]


def open_snapshot(settings: Settings, version: str | None = None) -> Snapshot:
    """Open a snapshot for serving, the one in service unless told otherwise."""
    version = version or current(settings)
    folder = settings.snapshots_folder / "snapshots" / version
    manifest = _manifest(folder)
    index, facets = Index(folder / "index.sqlite"), Facets(folder / faceting.FILE)
    statistics = index.statistics().listed(facets.sizes())
    hidden = set(manifest["shapes"])
    return Snapshot(
        version=version,
        built=manifest["built"],
        folder=folder,
        engine=OxigraphEngine(folder / "store", settings),
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


def built(settings: Settings, version: str) -> str:
    """When a kept snapshot was built, in UTC; raises ``SnapshotBroken``."""
    when: str = _manifest(settings.snapshots_folder / "snapshots" / version)["built"]
    return when


def is_readable(folder: Path) -> bool:
    """Whether a snapshot's folder is of the format that this version of kgpub reads."""
    try:
        _manifest(folder)
    except SnapshotBroken:
        return False
    return True


def damage(folder: Path) -> list[str]:
    """The files of a snapshot that are missing or are not what its manifest says, by their paths in it.

    Raises ``SnapshotBroken`` where there is no manifest to compare with.
    """
    written: dict[str, str] = _manifest(folder)["files"]
    return [name for name, known in written.items() if not (folder / name).is_file() or _hash(folder / name) != known]


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
    return Report(value["conforms"], tuple(Finding(**finding) for finding in value["findings"]))
