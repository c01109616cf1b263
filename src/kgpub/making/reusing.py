"""What a build takes over from the snapshot in service: the quads of unchanged files, and the store but for the rest.

A file whose content, graph and rules are what they were is not parsed again: its quads are read off the dump of the
last snapshot, where they stand one after the other. Where little has changed, the store is that of the last snapshot
too, its files linked, not copied, and altered where what is said has changed (``kgpub.making.altering``). What is made
of quads that an edit leaves alone is taken over as well (``kgpub.making.edits``); everything else is made as ever. Any
doubt (another kgpub, engine or setting, a file that is not what its checksum says, what was mended, files that name
graphs themselves) means that all is read and loaded anew.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kgpub.kept.partitions import FILE as PARTITIONS
from kgpub.making.altering import Altering, Begun
from kgpub.making.dumps import FOLDER, WHOLE, file_name
from kgpub.making.pieces import Before, Pieces, remembered
from kgpub.reading.ladder import Outcome
from kgpub.reading.naming import Batch
from kgpub.snapshot import checksum
from kgpub.source import SourceFile

MOST_ALTERED = 16_000_000
"""Bytes of N-Quads of files that are gone, and of source files that are new, for the store to be altered; where there
are more it is made anew, which costs less."""

_PIECE = 1 << 20
_BATCH = 10_000
_UNFIXED = ("LOCK", "LOG")
_BUILT_UPON = {f"{FOLDER}/{WHOLE}", "index.sqlite", PARTITIONS}
"""Files that are taken over from, beside the store's."""


@dataclass(frozen=True)
class Segment:
    """Where the quads of a file stand in the dump of a snapshot, in bytes, and what the file was.

    ``plain`` tells that it was read without forgiving anything, ``alone`` that it fills one graph.
    """

    graph: str
    sha256: str
    start: int
    end: int
    plain: bool
    alone: bool


def segment(file: SourceFile, start: int, end: int) -> Segment:
    """What is remembered of a file that has been loaded."""
    is_plain = replace(file.outcome, is_sound=False) == Outcome()
    return Segment(file.graph, file.sha256, start, end, is_plain, not file.keeps_graphs)


def end(file: SourceFile, start: int, position: int) -> int:
    """Where the quads of a file that begin at ``start`` end in a new dump that has been written up to ``position``.

    An unchanged file is as long as it was; what is written may be more, where files that follow were copied with it.
    """
    return start + file.segment.end - file.segment.start if isinstance(file, Unchanged) else position


@dataclass(frozen=True)
class Unchanged(SourceFile):
    """A file that is what it was: its quads come from the dump of the last snapshot, its lines from itself."""

    dump: Path
    segment: Segment

    @property
    def fills_one_graph(self) -> bool:
        """Whether something is said in the file, all of it in one graph."""
        return self.segment.alone and self.segment.start < self.segment.end

    @cached_property
    def outcome(self) -> Outcome:
        """Nothing had to be forgiven, or the file would not be taken for this."""
        return Outcome()

    def batches(self) -> Iterator[Batch]:
        """The file's quads in order, by the ten thousand."""
        quads = _quads(self.dump, self.segment)
        while several := list(islice(quads, _BATCH)):
            yield Batch(several)


@dataclass(frozen=True)
class Past:
    """The last snapshot, as far as it can be built upon: its folder, its files by name, the pieces of its dumps.

    ``digests`` are the checksums that the snapshot's own files have to have, by name; ``altered`` is how much of its
    store was altered since that was compact, in bytes.
    """

    folder: Path
    files: Mapping[str, Segment]
    pieces: Pieces
    digests: Mapping[str, str]
    altered: int = 0

    @property
    def linked(self) -> dict[tuple[int, int], str]:
        """The checksums of the snapshot's own files, by device and number, by which a second name of one is known."""
        stats = (
            (path.stat(), digest) for name, digest in self.digests.items() if (path := self.folder / name).is_file()
        )
        return {(stat.st_dev, stat.st_ino): digest for stat, digest in stats}

    def recognised(self, sources: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
        """The files, those that are what they were as ``Unchanged``."""
        return tuple(self._recognised(file) for file in sources)

    def _recognised(self, file: SourceFile) -> SourceFile:
        known = self.files.get(file.name)
        if known is None or not known.plain or (known.graph, known.sha256) != (file.graph, file.sha256):
            return file
        given = {field.name: getattr(file, field.name) for field in fields(SourceFile)}
        return Unchanged(**given, dump=self._dump, segment=known)

    def begin(self, folder: Path, sources: tuple[SourceFile, ...]) -> Begun:
        """Make the store of the last snapshot one to which only what is new has to be added, or altered in it.

        Nothing is made, and nobody named, where it has to be made anew.
        """
        kept = {file.name: file for file in sources if isinstance(file, Unchanged)}
        fresh = {file.name: file for file in sources if file.name not in kept}
        same = {name for name, file in fresh.items() if name in self.files and file.graph == self.files[name].graph}
        gone = {name: one for name, one in self.files.items() if name not in kept and name not in same}
        come = [file for name, file in fresh.items() if name not in same]
        size = sum(one.end - one.start for one in gone.values()) + sum(file.path.stat().st_size for file in come)
        left = [*gone.values(), *(self.files[name] for name in same)]
        there = frozenset(kept) | same
        if not there or size > MOST_ALTERED or not self._is_safe(left, fresh.values()):
            return Begun()
        Store.read_only(str(self.folder / "store")).backup(str(folder))
        merged = frozenset(str(NamedNode(file.graph)) for file in sources if file.merges(file.graph))
        if gone:
            store = Store(str(folder))
            altering = Altering(store, merged)
            for one in gone.values():
                altering.leave(one.graph, _quads(self._dump, one))
            store.flush()
        compared = {name: fresh[name].graph for name in same}
        return Begun(there, compared, merged, False, self.altered + size)

    def _is_safe(self, gone: Iterable[Segment], fresh: Collection[SourceFile]) -> bool:
        alone = all(one.alone for one in self.files.values()) and not any(file.keeps_graphs for file in fresh)
        packed = any(file.kind.packing for file in fresh)
        return alone and not packed and all(one.plain for one in gone)

    def dumps(self, sources: Iterable[SourceFile]) -> Before:
        """What of the dumps need not be made anew, where the files are these, ``recognised``.

        Each dump that is copied from is read to its end first: one that is not what it was is made anew.
        """
        files = tuple(sources)
        unchanged = {file.name for file in files if isinstance(file, Unchanged)}
        groups = [one for one in self.pieces.groups if unchanged.issuperset(one.files)]
        whole = {name for name in {name for one in groups for name in one.parts} if self._is_whole(name)}
        found = (replace(one, parts={name: one.parts[name] for name in whole & one.parts.keys()}) for one in groups)
        graphs = frozenset(filter(self._is_whole, self._graphs(files)))
        return Before(self.folder / FOLDER, {one.files: one for one in found}, graphs)

    def _graphs(self, sources: Sequence[SourceFile]) -> Iterator[str]:
        """The dumps of those graphs in which the same files say the same, and no others anything."""
        others = [file for file in sources if not isinstance(file, Unchanged)]
        if any(file.keeps_graphs for file in others):
            return
        touched = {file_name(file.graph, file.site.base) for file in others}
        unchanged = {file.name for file in sources if isinstance(file, Unchanged)}
        for name, files in self.pieces.graphs.items():
            if name not in touched and unchanged.issuperset(files):
                yield name

    def _is_whole(self, name: str) -> bool:
        """Whether a dump is what it was; the N-Quads are known to be."""
        path = f"{FOLDER}/{name}"
        try:
            return name == WHOLE or checksum(self.folder / path) == self.digests.get(path)
        except OSError:
            return False

    @property
    def _dump(self) -> Path:
        return self.folder / FOLDER / WHOLE


def past(home: Path, key: str, sources: Iterable[SourceFile]) -> Past | None:
    """The snapshot in service, where a build with this ``key`` can build upon it.

    The key stands for everything but the files that makes a snapshot what it is. None where there is no such snapshot,
    where no file has the name of one that it had, or where the snapshot's own files are not what they were.
    """
    try:
        folder = home / "snapshots" / (home / "current").read_text("utf-8").strip()
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        again = manifest["again"]
        if again["key"] != key:
            return None
        files = {name: Segment(**one) for name, one in again["files"].items()}
        found = Past(folder, files, remembered(again["dumps"]), manifest["files"], int(again["altered"]))
        if any(file.name in files for file in sources) and _is_whole(folder, manifest):
            return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # made by another kgpub, or damaged: both are met by building anew
    return None


def _is_whole(folder: Path, manifest: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether what is taken over from, dump, store and tables, is what the manifest says."""
    wanted = {
        name: digest for name, digest in manifest["files"].items() if name in _BUILT_UPON or name.startswith("store/")
    }
    there = {path.relative_to(folder).as_posix() for path in (folder / "store").iterdir() if path.name not in _UNFIXED}
    there |= _BUILT_UPON
    return there == wanted.keys() and all(checksum(folder / name) == digest for name, digest in wanted.items())


def _quads(dump: Path, part: Segment) -> Iterator[Quad]:
    """The quads of a part of a dump, a piece at a time; no literal of N-Quads has an end of line inside."""
    with dump.open("rb") as file:
        file.seek(part.start)
        left = part.end - part.start
        while left:
            piece = file.read(min(_PIECE, left))
            piece += file.readline() if len(piece) < left else b""
            left -= len(piece)
            yield from parse(piece, format=RdfFormat.N_QUADS)
