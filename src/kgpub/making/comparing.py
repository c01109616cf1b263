"""What an edit of the sources has changed, read off the dumps of two snapshots where files are not what they were."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kgpub.making.altering import Exchange
from kgpub.making.dumps import FOLDER, WHOLE
from kgpub.making.edits import Edit
from kgpub.making.reusing import Past, Segment
from kgpub.making.stored import for_store

MOST = 20_000
"""Quads that may have come or gone; where there are more, nothing is taken over."""
MOST_BYTES = 16_000_000
"""Bytes of dumps that are held in memory to find them; where files differ in more, nothing is taken over either, and
the store is made anew."""

_BLOCK = 1 << 20
_WRITTEN = (b'"', b"<<")
"""What objects begin with that can be written in several ways."""


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

    def standing(self, lines: set[bytes]) -> set[bytes]:
        """Those of some lines that stand anywhere in the part."""
        return lines.intersection(self._all()) if lines else set()

    def alike(self, lines: set[bytes]) -> set[bytes]:
        """The lines of the part that a store takes for one of some lines, since they write a literal otherwise."""
        places = {tuple(line.split(b" ", 2)[:2]) for line in lines}
        if not places:
            return set()
        taken = Store()
        taken.extend(for_store(_quads(lines), ()))
        return {line for line in self._all() if _is_at(line, places) and next(for_store(_quads((line,)), ())) in taken}

    def _all(self) -> Iterator[bytes]:
        left = self.size
        with self.opened() as file:
            while left > 0:
                line = file.readline()
                left -= len(line)
                yield line.rstrip(b"\n")


@dataclass(frozen=True)
class Difference:
    """The lines of N-Quads of a file that only the last dump has, and only the new one.

    ``again`` are those of the new one that the store takes for one that is gone: two ways to write a number.
    """

    gone: frozenset[bytes]
    come: frozenset[bytes]
    again: frozenset[bytes]

    @property
    def exchange(self) -> Exchange:
        """The same as quads."""
        return Exchange(_quads(self.gone), _quads(self.come), _quads(self.again))


def differences(last: Past, now: Mapping[str, Segment], folder: Path) -> dict[str, Difference] | None:
    """What each file that is not what it was says otherwise, by name; None where that is very much.

    ``now`` are the files of the new snapshot, which is made in ``folder``: its N-Quads are written.
    """
    gone, fresh = _only(last.files, now), _only(now, last.files)
    wholes = {
        name: (_part(last.folder, gone.get(name)), _part(folder, fresh.get(name)))
        for name in gone.keys() | fresh.keys()
    }
    parts = {name: _differing(*whole) for name, whole in wholes.items()}
    if sum(part.size for pair in parts.values() for part in pair) > MOST_BYTES:
        return None
    found = {}
    for name, (one, two) in parts.items():
        before, after = one.lines(), two.lines()
        left, come = before - after, after - before
        left -= wholes[name][1].standing(left)  # a line may stand once more, where nothing differs
        come -= wholes[name][0].standing(come)
        found[name] = Difference(frozenset(left), frozenset(come), frozenset(wholes[name][1].alike(left)))
    return found


def between(
    last: Past, now: Mapping[str, Segment], store: Store, differing: Mapping[str, Difference] | None
) -> Edit | None:
    """What the edit has changed; None where that is much.

    ``now`` are the files of the new snapshot, whose ``store`` is loaded, ``differing`` what they say otherwise.
    """
    if differing is None or sum(len(one.gone) + len(one.come) for one in differing.values()) > MOST:
        return None
    gone = frozenset[bytes]().union(*(one.gone for one in differing.values()))
    come = frozenset[bytes]().union(*(one.come for one in differing.values()))
    everything = (*last.files.values(), *now.values())
    alone = all(one.alone for one in everything)
    differ = (files[name] for files in (last.files, now) for name in differing if name in files)
    edit = _edit(last.folder, store, _quads(gone), _quads(come))
    return replace(edit, alone=alone, is_plain=alone and all(one.plain for one in differ))


def _edit(last: Path, store: Store, gone: tuple[Quad, ...], come: tuple[Quad, ...]) -> Edit:
    """What quads that came and went have changed."""
    before, stated = Store.read_only(str(last / "store")), (*gone, *come)
    changed = [quad for quad in for_store((), stated) if (quad in before) != (quad in store)]
    return Edit(
        last,
        before,
        store,
        frozenset(str(quad.subject) for quad in changed),
        frozenset(quad.predicate.value for quad in changed),
        frozenset(quad.predicate.value for quad in stated),
        triples=tuple(changed),
        said=frozenset(str(quad.subject) for quad in stated),
        graphs=frozenset(quad.graph_name.value for quad in stated if isinstance(quad.graph_name, NamedNode)),
        come=come,
        gone=gone,
    )


def _is_at(line: bytes, places: Collection[tuple[bytes, ...]]) -> bool:
    """Whether a line says a literal, or a triple term, of a thing and by a property that are among these."""
    subject, predicate, rest = line.split(b" ", 2)
    return rest.startswith(_WRITTEN) and (subject, predicate) in places


def _quads(lines: Collection[bytes]) -> tuple[Quad, ...]:
    return tuple(parse(b"\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


def _only(some: Mapping[str, Segment], others: Mapping[str, Segment]) -> dict[str, Segment]:
    """The files, by name, that the others do not have with the same content in the same graph."""
    return {
        name: one
        for name, one in some.items()
        if (other := others.get(name)) is None or (one.graph, one.sha256) != (other.graph, other.sha256)
    }


def _differing(one: _Part, two: _Part) -> tuple[_Part, _Part]:
    """The quads of a file in the dumps of two snapshots, without what both begin and end with alike."""
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
