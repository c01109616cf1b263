"""What a page says of a named graph beyond what is stated of it: how much it holds, what of, and where to have it."""

from collections.abc import Iterator, Mapping
from itertools import islice

from pyoxigraph import NamedNode

from kgpub.engine import Pattern
from kgpub.model import Held
from kgpub.snapshot import Snapshot

_LOOKED_AT = 3_000
"""Statements of a graph that are looked at for examples."""
_MOST = 200
"""Things looked at for a name."""
_EXAMPLES = 12


def held(snapshot: Snapshot, stated: Mapping[str, int], iri: str) -> Held | None:
    """What the graph of this name holds, of which so much is ``stated``; None where no graph is called so."""
    count = stated.get(iri, 0)
    if not count:
        return None
    files = tuple((dump.format.name, f"-/dumps/{dump.name}") for dump in snapshot.dumps if dump.graph == iri)
    return Held(count, files, tuple(islice(_named(snapshot, iri), _EXAMPLES)))


def _named(snapshot: Snapshot, iri: str) -> Iterator[str]:
    """Things that the graph says something of and that have a name, in the order of the store."""
    quads = islice(snapshot.engine.quads(Pattern(graph=NamedNode(iri)), _LOOKED_AT), _LOOKED_AT)
    subjects = dict.fromkeys(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
    return (one for one in islice(subjects, _MOST) if snapshot.index.texts(one))
