"""What an edit touches: the classes whose facets, or whose tables, may not be what they were; and whether search does.

Facets of a class are made of its members, of those of the classes below it, of what is said of them in the default
graph, and of their names, by which they are sorted. A table is made of the direct members, of their statements in the
form that the sources have them in, and of the names of the class and of the properties. Whatever is in doubt counts as
touched.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Store

from kgpub.making import dumps, faceting
from kgpub.making.edits import Edit
from kgpub.making.untouched import Untouched
from kgpub.searching.writing import Former, former
from kgpub.snapshot import checksum

SEARCH = "search"
"""The folder of the search index in a snapshot."""
MOST = 20_000
"""Nodes whose classes are looked up; where there are more, everything is made anew."""

_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


def untouched_facets(edit: Edit | None) -> Untouched | None:
    """The classes whose facets are what they were; None where all are made anew."""
    if edit is None or edit.rearranges or not are_whole(edit.last, faceting.FILE):
        return None
    touched = _classes(edit, chain(edit.subjects, edit.marked, _named(edit)))
    return None if touched is None else Untouched(edit.last, _above(edit.store, touched))


def untouched_tables(edit: Edit | None) -> Untouched | None:
    """The classes whose tables are what they were; None where all are made anew."""
    if edit is None or not edit.alone or not are_whole(edit.last, f"{dumps.FOLDER}/{dumps.MANIFEST}"):
        return None
    touched = _classes(edit, chain(edit.subjects | edit.said, edit.marked, _having(edit)))
    return None if touched is None else Untouched(edit.last, touched.union(_named(edit)))


def former_search(edit: Edit | None) -> Former | None:
    """The last search index, of which only documents that differ are replaced; None where all are written."""
    if edit is None:
        return None
    folder = edit.last / SEARCH
    there = {f"{SEARCH}/{path.name}" for path in folder.glob("*") if path.suffix != ".lock"}
    wanted = {name for name in _known(edit.last) if name.startswith(f"{SEARCH}/")}
    return former(folder) if there == wanted and are_whole(edit.last, *wanted) else None


def are_whole(folder: Path, *names: str) -> bool:
    """Whether files of a snapshot are what its manifest says."""
    known = _known(folder)
    return all(name in known and (folder / name).is_file() and checksum(folder / name) == known[name] for name in names)


def _known(folder: Path) -> dict[str, str]:
    """The checksums of a snapshot's files, by their names."""
    files: dict[str, str] = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    return files


def _named(edit: Edit) -> Iterator[str]:
    """What is called otherwise than it was, in N-Triples notation."""
    return (f"<{iri}>" for iri in edit.renamed)


def _having(edit: Edit) -> Iterator[str]:
    """The things of which something is said by a property that is called otherwise."""
    for iri in edit.renamed:
        for quad in edit.store.quads_for_pattern(None, NamedNode(iri), None, DefaultGraph()):
            yield str(quad.subject)


def _classes(edit: Edit, nodes: Iterable[str]) -> frozenset[str] | None:
    """The classes of nodes, before or after; None where the nodes are too many to ask for each."""
    found = list(islice(nodes, MOST + 1))
    return None if len(found) > MOST else edit.classes(set(found))


def _above(store: Store, classes: frozenset[str]) -> frozenset[str]:
    """The classes and all that stand above them, whatever circles they form."""
    found = set(classes)
    waiting = list(found)
    while waiting:
        one = waiting.pop()
        if one.startswith(("<<", '"')):
            continue  # no class: nothing is said of a literal or a triple term
        node = NamedNode(one[1:-1]) if one.startswith("<") else BlankNode(one[2:])
        over = {str(quad.object) for quad in store.quads_for_pattern(node, _SUBCLASS, None, DefaultGraph())} - found
        found |= over
        waiting += over
    return frozenset(found)
