"""What the dumps of a snapshot are made of, so that the next build can copy what has not changed.

The files of a site are taken together to groups, each of which is a piece of every dump. Which ones depends on their
names and sizes only, file by file: a file that comes, goes or grows changes the groups beside it and no others.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgpub.making.packing import Part
from kgpub.source import SourceFile

GROUP = 1 << 18
"""About how many bytes of source files are one group. Smaller ones pack worse, larger ones cost more to make anew."""

_CHANCES = 1 << 32


@dataclass(frozen=True)
class Piece:
    """A group of files, by name: the bytes it has in each dump, by name, and whether it holds triple terms."""

    files: tuple[str, ...]
    parts: Mapping[str, Part]
    terms: bool


@dataclass(frozen=True)
class Pieces:
    """The groups in order, and by the dump of each graph that has one the files that say something in it, in order."""

    groups: tuple[Piece, ...]
    graphs: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Before:
    """What can be copied from the dumps in ``folder``: groups by the names of their files, dumps of graphs whole."""

    folder: Path = Path()
    groups: Mapping[tuple[str, ...], Piece] = field(default_factory=dict)
    graphs: frozenset[str] = frozenset()


def remembered(value: Mapping[str, Any]) -> Pieces:  # Any: as it comes out of JSON
    """``Pieces`` that were written as JSON; raises what Python raises where they are something else."""
    groups = (
        Piece(tuple(one["files"]), {name: (start, end) for name, (start, end) in one["parts"].items()}, one["terms"])
        for one in value["groups"]
    )
    return Pieces(tuple(groups), {graph: tuple(files) for graph, files in value["graphs"].items()})


def grouped(sources: Iterable[SourceFile]) -> Iterator[tuple[str, ...]]:
    """The names of the files, by groups; a file as large as a group is one by itself.

    After a smaller one a group ends by a chance that is the larger the larger it is, thrown with its name for a die.
    """
    group: list[str] = []
    for file in sources:
        size = file.path.stat().st_size
        if group and size >= GROUP:
            yield tuple(group)
            group = []
        group.append(file.name)
        if _die(file.name) * GROUP < size * _CHANCES:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _die(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
