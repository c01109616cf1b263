"""What an edit of the sources has changed, read off the dumps of two snapshots where files are not what they were."""

from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kgpub.making.dumps import FOLDER, WHOLE
from kgpub.making.edits import Edit
from kgpub.making.reusing import Past, Segment
from kgpub.making.stored import for_store

MOST = 20_000
"""Quads that may have come or gone; where there are more, nothing is taken over."""


def between(last: Past, now: Mapping[str, Segment], folder: Path, store: Store) -> Edit | None:
    """What the edit has changed; None where that is much.

    ``now`` are the files of the new snapshot, which is made in ``folder``: its N-Quads are written, its ``store`` is
    loaded.
    """
    gone, fresh = _only(last.files, now), _only(now, last.files)
    lines = frozenset[bytes]().union(
        *(_lines(last.folder, gone.get(name)) ^ _lines(folder, fresh.get(name)) for name in gone.keys() | fresh.keys())
    )  # file by file: whether what it says belongs to the default graph may depend on its name
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


def _lines(folder: Path, part: Segment | None) -> set[bytes]:
    """The lines of a file in the dump of a snapshot."""
    if part is None:
        return set()
    with (folder / FOLDER / WHOLE).open("rb") as file:
        file.seek(part.start)
        return set(file.read(part.end - part.start).splitlines())
