"""What an edit of the sources has changed, read off the dumps of two snapshots where files are not what they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kgpub.making.dumps import FOLDER, WHOLE
from kgpub.making.edits import Edit
from kgpub.making.reusing import Past, Segment
from kgpub.making.stored import for_store

MOST = 20_000
"""Quads that may have come or gone; where there are more, nothing is taken over."""
MOST_BYTES = 64_000_000
"""Bytes of dumps that are held in memory to find them; where files differ in more, nothing is taken over either."""

_BLOCK = 1 << 20


@dataclass(frozen=True)
class _Part:
    """A part of a file of lines."""

    file: Path
    start: int = 0
    end: int = 0

    @property
    def size(self) -> int:
        return self.end - self.start

    def opened(self) -> BinaryIO:
        """The file, at the beginning of the part."""
        file = self.file.open("rb")
        file.seek(self.start)
        return file

    def block(self, behind: int) -> bytes:
        """The block that ends so many bytes before the end."""
        with self.file.open("rb") as file:
            file.seek(self.end - behind - _BLOCK)
            return file.read(_BLOCK)

    def lines(self) -> set[bytes]:
        """The lines of the part."""
        with self.opened() as file:
            return set(file.read(self.size).splitlines())


def between(last: Past, now: Mapping[str, Segment], folder: Path, store: Store) -> Edit | None:
    """What the edit has changed; None where that is much.

    ``now`` are the files of the new snapshot, which is made in ``folder``: its N-Quads are written, its ``store`` is
    loaded.
    """
    gone, fresh = _only(last.files, now), _only(now, last.files)
    parts = [_differing(last.folder, gone.get(name), folder, fresh.get(name)) for name in gone.keys() | fresh.keys()]
    if sum(part.size for pair in parts for part in pair) > MOST_BYTES:
        return None
    lines = frozenset[bytes]().union(*(one.lines() ^ two.lines() for one, two in parts))
    # file by file: whether what it says belongs to the default graph may depend on its name
    if len(lines) > MOST:
        return None
    before = Store.read_only(str(last.folder / "store"))
    stated = list(parse(b"\n".join(lines), format=RdfFormat.N_QUADS))
    changed = [quad for quad in for_store((), stated) if (quad in before) != (quad in store)]
    return Edit(
        last.folder,
        before,
        store,
        frozenset(str(quad.subject) for quad in changed),
        frozenset(quad.predicate.value for quad in changed),
        frozenset(quad.predicate.value for quad in stated),
        triples=tuple(changed),
        said=frozenset(str(quad.subject) for quad in stated),
        alone=all(one.alone for one in (*last.files.values(), *now.values())),
        graphs=frozenset(quad.graph_name.value for quad in stated if isinstance(quad.graph_name, NamedNode)),
    )


def _only(some: Mapping[str, Segment], others: Mapping[str, Segment]) -> dict[str, Segment]:
    """The files, by name, that the others do not have with the same content in the same graph."""
    return {
        name: one
        for name, one in some.items()
        if (other := others.get(name)) is None or (one.graph, one.sha256) != (other.graph, other.sha256)
    }


def _differing(old: Path, gone: Segment | None, new: Path, fresh: Segment | None) -> tuple[_Part, _Part]:
    """Where the quads of a file stand in the dumps of two snapshots, without what both begin and end with alike."""
    one, two = _part(old, gone), _part(new, fresh)
    start = _alike(one, two)
    one, two = (_Part(part.file, part.start + start, part.end) for part in (one, two))
    end = _alike_behind(one, two)
    return _Part(one.file, one.start, one.end - end), _Part(two.file, two.start, two.end - end)


def _part(folder: Path, segment: Segment | None) -> _Part:
    return _Part(folder / FOLDER / WHOLE, segment.start, segment.end) if segment else _Part(folder / FOLDER / WHOLE)


def _alike(one: _Part, two: _Part) -> int:
    """The bytes of the lines that two parts begin with alike."""
    length, most = 0, min(one.size, two.size)
    with one.opened() as first, two.opened() as second:
        for line, other in zip(first, second, strict=False):
            if line != other or length + len(line) > most:
                break
            length += len(line)
    return length


def _alike_behind(one: _Part, two: _Part) -> int:
    """The bytes of whole lines that two parts end with alike, or a block less."""
    length, most = 0, min(one.size, two.size)
    while length + _BLOCK <= most and one.block(length) == two.block(length):
        length += _BLOCK
    if length == 0:
        return 0
    with one.file.open("rb") as file:
        file.seek(one.end - length)
        return length - len(file.readline())  # the first of them may have begun before
