"""Names for blank nodes that depend on nothing but what is said of them, so that two files can be compared.

Blank nodes that are connected through blank nodes are named together (a knot). Each gets a colour: a hash of what is
said with it, then of the colours around it, until no more nodes are told apart. That names every node of a tree, a
list, or whatever has no symmetry; nodes that can be exchanged for one another may be numbered in any order. What is
left are nodes that look alike without being so: each is tried in turn, and the least text wins.

RDF Dataset Canonicalization (RDFC-1.0) would do the same, but has no bound on hostile data and knows no triple terms.
Here work is counted. When it runs out the nodes that still look alike are numbered as they come: a difference may then
be told that is none (``Work.is_spent`` says so), but none is ever missed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Quad, Triple

from kgpub.model import Node, Term

HOLE = "\x00"
"""Stands for a blank node in a shape's text; N-Quads escape it wherever else it might occur."""
POOL = 2_000_000
"""Statements that may be looked at while the knots of one side are named, beyond what each may have for itself."""

_OWN = 64
_LENGTH = 16


class Shape(NamedTuple):
    """A statement as N-Quads terms between tabs, the default graph empty, with its blank nodes apart in their order."""

    text: str
    nodes: tuple[str, ...]

    def filled(self, names: Mapping[str, str]) -> str:
        """The text with names (with ``_:``) for its blank nodes."""
        pieces = self.text.split(HOLE)
        return pieces[0] + "".join(names[node] + rest for node, rest in zip(self.nodes, pieces[1:], strict=True))


def shape(quad: Quad) -> Shape:
    """A quad as a shape; the blank nodes of triple terms (RDF 1.2 Concepts section 3.1) are among its nodes."""
    nodes: list[str] = []
    terms = (_text(term, nodes) for term in (quad.subject, quad.predicate, quad.object, quad.graph_name))
    return Shape("\t".join(terms), tuple(nodes))


def _text(term: Term | Node | DefaultGraph, nodes: list[str]) -> str:
    if isinstance(term, BlankNode):
        nodes.append(term.value)
        return HOLE
    if isinstance(term, Triple):
        inside = " ".join(_text(part, nodes) for part in (term.subject, term.predicate, term.object))
        return f"<<( {inside} )>>"
    return "" if isinstance(term, DefaultGraph) else str(term)


@dataclass
class Work:
    """How much looking is still allowed; ``is_spent`` when some nodes could not be told apart for want of it."""

    left: int = POOL
    is_spent: bool = False


Colours = dict[str, str]


class Knot:
    """Statements that hang together by blank nodes."""

    def __init__(self, shapes: Iterable[Shape], work: Work) -> None:
        self._shapes = sorted(set(shapes))
        self._around: dict[str, list[Shape]] = {}
        for one in self._shapes:
            for node in dict.fromkeys(one.nodes):
                self._around.setdefault(node, []).append(one)
        self._work = work
        self._own = _OWN * len(self._shapes)

    def names(self) -> dict[str, str]:
        """A number for each node, the same for every knot that is this one with other labels."""
        return {
            node: str(place) for place, node in enumerate(self._settled(self._refined(dict.fromkeys(self._around, ""))))
        }

    def text(self, names: Mapping[str, str]) -> list[str]:
        """The statements with these names, sorted."""
        return sorted(one.filled(names) for one in self._shapes)

    def _may(self, cost: int) -> bool:
        """Whether there is work left; what the knot has for itself is taken first."""
        if self._own >= cost:
            self._own -= cost
            return True
        self._work.is_spent = self._work.is_spent or self._work.left < cost
        self._work.left = max(self._work.left - cost, 0)
        return self._work.left > 0

    def _refined(self, colours: Colours) -> Colours:
        """The colours after looking around from each node for as long as that tells more nodes apart."""
        count = len(set(colours.values()))
        while count < len(colours) and self._may(len(self._shapes)):
            colours = {node: self._colour(node, colours) for node in colours}
            found = len(set(colours.values()))
            if found == count:
                break
            count = found
        return colours

    def _colour(self, node: str, colours: Mapping[str, str]) -> str:
        """A hash of a node's colour, and of each statement with it, where other nodes stand by their colours."""
        seen = sorted(_seen(one, node, colours) for one in self._around[node])
        return blake2b("\n".join([colours[node], *seen]).encode(), digest_size=_LENGTH).hexdigest()

    def _settled(self, colours: Colours) -> Sequence[str]:
        """The nodes in their order; where colours tie, the order that gives the least text."""
        best: tuple[list[str], list[str]] | None = None
        waiting = [self._exchangeable(colours)]
        while waiting and (best is None or self._may(len(self._shapes))):
            here = waiting.pop()
            tied = _tied(here)
            if tied and self._may(len(self._shapes)):
                branches = [self._exchangeable(self._refined({**here, node: here[node] + "!"})) for node in tied]
                waiting.extend(reversed(branches))
                continue
            order = sorted(here, key=lambda node: (here[node], node))
            text = self.text({node: str(place) for place, node in enumerate(order)})
            best = (text, order) if best is None else min(best, (text, order), key=lambda one: one[0])
        assert best is not None
        return best[1]

    def _exchangeable(self, colours: Colours) -> Colours:
        """The colours with nodes numbered that have the very same neighbours: to exchange them changes nothing."""
        met: dict[str, int] = {}
        found = {}
        itself = {node: node for node in colours}
        tied = _alike(colours)
        for node, colour in colours.items():
            if colour not in tied:
                found[node] = colour
                continue
            key = "\n".join([colour, *sorted(_seen(one, node, itself) for one in self._around[node])])
            number = met[key] = met.get(key, -1) + 1
            found[node] = f"{colour}#{number:08}"
        return found


def _seen(one: Shape, node: str, colours: Mapping[str, str]) -> str:
    """A statement as a node sees it: itself marked, the other nodes by their colours."""
    return one.filled({other: "@" if other == node else f"[{colours[other]}]" for other in one.nodes})


def _alike(colours: Colours) -> set[str]:
    """The colours that more than one node has."""
    return {colour for colour, count in Counter(colours.values()).items() if count > 1}


def _tied(colours: Colours) -> list[str]:
    """The nodes of the smallest group that looks alike; of several, the one of the least colour."""
    groups: dict[str, list[str]] = {}
    for node, colour in colours.items():
        groups.setdefault(colour, []).append(node)
    tied = [(len(nodes), colour) for colour, nodes in groups.items() if len(nodes) > 1]
    return groups[min(tied)[1]] if tied else []


def named(shapes: Iterable[Shape], work: Work) -> tuple[str, dict[str, str]]:
    """A digest of what a knot says, and a number for each of its nodes: equal for knots that differ in labels only."""
    knot = Knot(shapes, work)
    names = knot.names()
    digest = blake2b("\n".join(knot.text(names)).encode(), digest_size=8).hexdigest()
    return digest, names
