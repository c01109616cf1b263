"""What an edit of the sources has changed in the default graph, so that what it does not touch is taken over.

Counts, facets and tables are made class by class and property by property. Those of a class none of whose members, and
of a property none of whose triples, has changed are what they were in the last snapshot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store, parse

from kgpub.making.dumps import FOLDER, WHOLE
from kgpub.making.reusing import Past, Segment
from kgpub.making.stored import for_store

MOST = 20_000
"""Quads that may have come or gone; where there are more, nothing is taken over."""

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


@dataclass(frozen=True)
class Edit:
    """What tells a snapshot, whose store is loaded, from the last one. Nodes and classes are in N-Triples notation.

    ``subjects`` and ``predicates`` (IRIs) are those of the triples that only one of the two has in its default graph,
    ``stated`` the predicates of the quads that only one of them has in whatever graph.
    """

    last: Path
    """The folder of the last snapshot."""
    before: Store
    store: Store
    """The two stores."""
    subjects: frozenset[str]
    predicates: frozenset[str]
    stated: frozenset[str]
    renamed: frozenset[str] = frozenset()
    """The IRIs whose names differ; known once the look-up file is filled."""
    marked: frozenset[str] = frozenset()
    """The nodes that are statement nodes in only one of the two; known then as well."""
    said: frozenset[str] = frozenset()
    """The subjects of the quads that only one of the two has in whatever graph, with each literal as it is written."""
    alone: bool = True
    """Whether each file fills one graph, and each graph is filled by one file, in both."""

    @property
    def rearranges(self) -> bool:
        """Whether it may have changed which class stands below which."""
        return _SUBCLASS in self.predicates

    def named(self, renamed: frozenset[str], marked: frozenset[str]) -> "Edit":
        """The same, with what is known of names and statement nodes."""
        return replace(self, renamed=renamed, marked=marked)

    def classes(self, nodes: Iterable[str]) -> frozenset[str]:
        """The classes that nodes are said to be of in the default graph, before or after."""
        terms = [NamedNode(node[1:-1]) if node.startswith("<") else BlankNode(node[2:]) for node in nodes]
        return frozenset(
            str(quad.object)
            for term in terms
            for store in (self.before, self.store)
            for quad in store.quads_for_pattern(term, _TYPE, None, DefaultGraph())
        )


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
        said=frozenset(str(quad.subject) for quad in stated),
        alone=all(one.alone for one in (*last.files.values(), *now.values())),
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
