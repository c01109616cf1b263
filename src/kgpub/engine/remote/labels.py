"""Blank nodes of an endpoint by labels that are the same at every answer, whatever the endpoint calls them.

A node's label is made of the thing whose description it is in and its place there: nodes are numbered as they are met,
those that say the least first. Where two say the same they can change places, and nobody can tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from pyoxigraph import BlankNode, NamedNode, Quad

_BEYOND = "~"
"""What a blank node counts as while nodes are put in order: all alike, after everything else."""


def settled(subject: NamedNode, found: Iterable[Quad]) -> list[Quad]:
    """The quads of a description with the labels of its blank nodes settled, sorted."""
    quads = list(dict.fromkeys(found))
    told: dict[BlankNode | NamedNode, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.subject, BlankNode | NamedNode):
            told.setdefault(quad.subject, []).append(quad)
    names = _names(subject, told)
    return sorted((_renamed(quad, names) for quad in quads), key=str)


def _names(subject: NamedNode, told: Mapping[BlankNode | NamedNode, Sequence[Quad]]) -> dict[BlankNode, BlankNode]:
    stem = blake2b(subject.value.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    words = {node: sorted(_plain(quad) for quad in said) for node, said in told.items()}
    names: dict[BlankNode, BlankNode] = {}
    waiting: list[BlankNode | NamedNode] = [subject]
    for node in waiting:
        steps = [quad for quad in told.get(node, ()) if isinstance(quad.object, BlankNode)]
        for quad in sorted(steps, key=lambda quad: (_plain(quad), words.get(_target(quad), []))):
            target = _target(quad)
            if target not in names:
                names[target] = BlankNode(f"r{stem}-{len(names) + 1}")
                waiting.append(target)
    for node in told:
        if isinstance(node, BlankNode) and node not in names:
            names[node] = BlankNode(f"r{stem}-{len(names) + 1}")
    return names


def _target(quad: Quad) -> BlankNode:
    assert isinstance(quad.object, BlankNode)
    return quad.object


def _plain(quad: Quad) -> tuple[str, str, str]:
    target = _BEYOND if isinstance(quad.object, BlankNode) else str(quad.object)
    return str(quad.predicate), target, str(quad.graph_name)


def _renamed(quad: Quad, names: Mapping[BlankNode, BlankNode]) -> Quad:
    subject = names.get(quad.subject, quad.subject) if isinstance(quad.subject, BlankNode) else quad.subject
    target = names.get(quad.object, quad.object) if isinstance(quad.object, BlankNode) else quad.object
    return Quad(subject, quad.predicate, target, quad.graph_name)
