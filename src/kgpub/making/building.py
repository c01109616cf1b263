"""Make snapshots of a site: nothing is put in service that did not pass here.

A snapshot is made in a folder of its own, forced to disk, and renamed to where it is looked for when it is whole.
Whatever stops that, a full disk, a signal, a crash, the last snapshot stays in service; what a killed build leaves
behind is cleared away by the next one. One build at a time works for a site.
"""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

from pyoxigraph import Store

from kgpub.engine.remote.scope import Scope
from kgpub.errors import EngineDown, ShapesViolated, SourceError
from kgpub.making import harvest, loading, reusing, smoke, succession
from kgpub.making.altering import Begun, exchange
from kgpub.making.comparing import Difference, between, differences
from kgpub.making.deriving import Work, amended, derive
from kgpub.making.dumping import DumpWriter
from kgpub.making.dumps import FOLDER
from kgpub.making.garbage import seldom_collected
from kgpub.making.indexing import IndexWriter
from kgpub.making.loading import Progress
from kgpub.making.naming import key_of, version_of
from kgpub.making.pieces import Before, Pieces
from kgpub.model import Report
from kgpub.ontology import writing as documenting
from kgpub.sealing import sealed
from kgpub.settings import Settings
from kgpub.snapshot import FORMAT, checksum, kept_snapshots, opened, switch, sync
from kgpub.source import SourceFile, capitals, files

_UNFIXED = {"LOCK", "LOG"}
_LEFT_BEHIND = ("harvest-*", "building-*", "discarded-*", "current-*")


def build(
    settings: Settings,
    check: Callable[[tuple[SourceFile, ...], Settings], Report],
    tell: Progress,
    admit: succession.Admit = succession.refuse,
    *,
    full: bool = False,
) -> str:
    """Make the snapshot of a site's files as they are now, put it in service, and name its version.

    ``check`` validates (SHACL); a violation raises ``ShapesViolated`` and changes nothing, and so does ``SourceError``
    where somebody writes to a file meanwhile. A version that exists already is only put in service. ``admit`` decides
    on things that would disappear; unless told otherwise that raises ``EntitiesRemoved``. Files that have not changed
    since the last snapshot are not read again (``kgpub.making.reusing``) unless it is to be a ``full`` build, which
    makes the same. Raises ``EngineDown`` where the snapshot cannot be written or another build is under way. Whatever
    fails or is interrupted leaves the last snapshot as it was.
    """
    home = settings.snapshots_folder
    with alone(home), _sources(settings, home, tell) as found:
        version = version_of(found, settings)
        target = home / "snapshots" / version
        if (target / "manifest.json").is_file():
            admit(succession.since(home, target))
        else:
            key = key_of(settings)
            last = None if full else reusing.past(home, key, found)
            sources = last.recognised(found) if last else found
            report = _checked(check, sources, settings, tell)

            def fill(folder: Path) -> None:
                _fill(folder, version, sources, settings, report, tell, last)
                _refuse_changed(found, settings, key)
                admit(succession.since(home, folder))
                try_out(folder, settings, version, tell)

            _make(home, target, fill)
        tell("switch", 0)
        switch(home, version)
        prune(settings)
    return version


def _refuse_changed(sources: Iterable[SourceFile], settings: Settings, key: str) -> None:
    """Raise ``SourceError`` where what was read may not be what the version is named by."""
    for file in sources:
        file.refuse_changed()
    if key_of(settings) != key:
        raise SourceError("queries", "were written to during the build; nothing was published, build again")


@contextmanager
def _sources(settings: Settings, home: Path, tell: Progress) -> Iterator[tuple[SourceFile, ...]]:
    """The files that a build is made of; what an endpoint holds is one as well, for as long as the build takes."""
    if not settings.engine:
        yield files(settings)
        return
    with harvest.gathered(settings, home, tell) as file:
        yield (file, *(file for file in files(settings) if file.role == "shapes"))


def _checked(
    check: Callable[[tuple[SourceFile, ...], Settings], Report],
    sources: tuple[SourceFile, ...],
    settings: Settings,
    tell: Progress,
) -> Report:
    tell("validate", 0)
    report = check(sources, settings)
    if not report.conforms:
        number = report.count("violation")
        raise ShapesViolated(f"{number} violation{'s' if number != 1 else ''} of the shapes; nothing was published")
    return report


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only build or pull of this site: the folder is locked until this process ends, however it ends.

    Raises ``EngineDown`` where another one is under way or the folder cannot be written to.
    """
    try:
        (home / "snapshots").mkdir(parents=True, exist_ok=True)
        handle = os.open(home, os.O_RDONLY)
    except OSError as error:
        raise EngineDown(_unwritten(error)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise EngineDown(
            f"another build of this site is under way, or a pull, in {home}; nothing was changed"
        ) from error
    try:
        _sweep(home)
        yield
    except (OSError, sqlite3.Error) as error:
        raise EngineDown(_unwritten(error)) from error
    finally:
        os.close(handle)


def _unwritten(error: Exception) -> str:
    return f"the snapshot cannot be written, nothing was published: {error}"


def _sweep(home: Path) -> None:
    """Clear away what builds that were killed left behind; no other build is at work now."""
    for pattern in _LEFT_BEHIND:
        for left in home.glob(pattern):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _make(home: Path, target: Path, fill: Callable[[Path], None]) -> None:
    """Build in a folder of its own, then rename it to where it is looked for."""
    workshop = home / f"building-{os.getpid()}"
    workshop.mkdir()
    try:
        with seldom_collected():
            fill(workshop)
        shutil.rmtree(target, ignore_errors=True)
        workshop.rename(target)
        sync(target.parent)
        sync(home)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _fill(
    folder: Path,
    version: str,
    sources: tuple[SourceFile, ...],
    settings: Settings,
    report: Report,
    tell: Progress,
    last: reusing.Past | None,
) -> None:
    """Write every file of a snapshot."""
    hidden = loading.hidden_graphs(sources)
    begin = partial(IndexWriter, folder / "index.sqlite", settings, hidden, capitals(sources))
    begun = last.begin(folder / "store", sources) if last else Begun()
    index = None if begun.there else begin()
    loaded = _load(folder, sources, settings, index, last, begun, tell)
    store = Store.read_only(str(folder / "store"))
    tell("index", 0)
    edit = between(last, loaded.files, store, loaded.differing) if last else None
    work = Work(folder, store, settings, hidden, loaded.merged, loaded.size, tell, edit)
    derive(work, index or amended(work) or _noted(begin(), sources, tell))
    tell("ontology", 0)
    documenting.write(folder, store, hidden, sources, settings)
    del store
    if settings.engine:
        _leave_to_endpoint(folder, sources[0].path.parent)
    (folder / "report.json").write_text(json.dumps(asdict(report), ensure_ascii=False), "utf-8")
    tell("write", 0)
    again = {"key": key_of(settings), **loaded.again}
    _write_manifest(folder, version, sources, hidden, again, last.linked if last else {})


def _noted(index: IndexWriter, sources: Iterable[SourceFile], tell: Progress) -> IndexWriter:
    """The look-up file that is begun anew, with what is noted of files that are loaded already."""
    loading.note(sources, index.add, tell)
    return index


def _leave_to_endpoint(folder: Path, gathered: Path) -> None:
    """Take the store away again: the endpoint, of which all was ``gathered`` in a folder, is asked in its place."""
    shutil.rmtree(folder / "store")
    Scope.read(gathered).write(folder)


@dataclass(frozen=True)
class _Loaded:
    """What is known of the files once they are loaded, by name, of the dumps, and which graphs the default one has.

    ``size`` is how much they say, ``differing`` what they say otherwise than before, if that is not very much, and
    ``altered`` how much of the store was altered since that was compact, in bytes.
    """

    files: Mapping[str, reusing.Segment]
    dumps: Pieces
    merged: frozenset[str]
    size: int
    differing: Mapping[str, Difference] | None
    altered: int

    @property
    def again(self) -> dict[str, object]:
        """What the next build has to know."""
        files = {name: asdict(one) for name, one in self.files.items()}
        return {"files": files, "dumps": asdict(self.dumps), "altered": self.altered}


def _load(
    folder: Path,
    sources: tuple[SourceFile, ...],
    settings: Settings,
    index: IndexWriter | None,
    last: reusing.Past | None,
    begun: Begun,
    tell: Progress,
) -> _Loaded:
    """Make the store and the dumps, from the last ones where that can be; an ``index`` takes notes of every quad."""
    before = last.dumps(sources) if last else Before()
    whole = {file.name for file in sources if isinstance(file, reusing.Unchanged) and file.fills_one_graph}
    ends, store = [0], Store(str(folder / "store"))
    with DumpWriter(folder / FOLDER, settings, sources, before) as dump:

        def takers(file: SourceFile) -> Sequence[loading.Taker]:
            dump.begin(file)
            if index:
                return index.add, dump.add
            return () if file.name in whole and dump.passes_over(file) else (dump.add,)

        def ended(file: SourceFile) -> None:
            ends.append(reusing.end(file, ends[-1], dump.position))

        loading.load(store, sources, takers, tell, begun.there, ended)
        tell("dumps", 0)
        pieces = dump.finish()
    parts = zip(sources, pairwise(ends), strict=True)
    segments = {file.name: reusing.segment(file, *part) for file, part in parts}
    differing = differences(last, segments, folder) if last else None
    if begun.there and differing is None:  # too much to be altered
        del store
        shutil.rmtree(folder / "store")
        begun, store = Begun(), Store(str(folder / "store"))
        loading.load(store, sources, lambda _: (), tell)
    altered = exchange(store, begun, {name: one.exchange for name, one in (differing or {}).items()})
    loading.finish(store, tell, rough=altered.rough)
    del store
    loading.empty_journal(folder / "store")
    return _Loaded(segments, pieces, frozenset(dump.merged), ends[-1], differing, altered.bytes)


def try_out(folder: Path, settings: Settings, version: str, tell: Progress) -> None:
    """Ask the whole snapshot what visitors will ask it; raises ``SnapshotBroken``."""
    tell("try out", 0)
    now = opened(folder, settings, version)
    try:
        smoke.check(now, settings)
    finally:
        now.close()


def _write_manifest(
    folder: Path,
    version: str,
    sources: Iterable[SourceFile],
    hidden: frozenset[str],
    again: Mapping[str, object],
    linked: Mapping[tuple[int, int], str],
) -> None:
    """Write checksums of everything, force files and folders to disk, and the manifest last.

    Of files that are ``linked``, by device and number, they are known: each was read when it was taken over.
    """
    written, sizes = {}, {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name not in _UNFIXED and not path.name.endswith(".lock"):
            name = path.relative_to(folder).as_posix()
            stat = path.stat()
            written[name] = linked.get((stat.st_dev, stat.st_ino)) or checksum(path)
            sizes[name] = stat.st_size
        sync(path)
    manifest = {
        "format": FORMAT,
        "version": version,
        "built": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "files": written,
        "sizes": sizes,
        "sources": {file.name: {"graph": file.graph, "sha256": file.sha256} for file in sources},
        "shapes": sorted(hidden),
        "again": again,
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(sealed(manifest), indent=1, ensure_ascii=False), "utf-8")
    sync(path)
    for inner in (p for p in folder.rglob("*") if p.is_dir()):
        sync(inner)
    sync(folder)


def prune(settings: Settings) -> None:
    """Delete the oldest snapshots beyond the number kept; the one in service always stays."""
    home = settings.snapshots_folder
    old = [kept for kept in kept_snapshots(settings) if not kept.current]
    for kept in old[settings.snapshots.keep - 1 :]:
        discarded = home / f"discarded-{kept.version}"  # no half of it is ever found among those that are kept
        (home / "snapshots" / kept.version).rename(discarded)
        shutil.rmtree(discarded, ignore_errors=True)
