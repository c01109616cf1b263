"""What leads to a blank node: a name for it that outlives its label."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

_DEEPEST = 20
_WIDEST = 200
_LONGEST = 300
"""Most characters of a name; the rest of a longer one is told by its hash."""


@dataclass(frozen=True, eq=False)
class Anchors:
    """Names for the blank nodes of the data and of the shapes."""

    data: Graph
    shapes: Graph

    @cached_property
    def _found(self) -> dict[str, str]:
        return {}

    def of(self, term: str) -> str:
        """A blank node (``_:label``) of data or shapes by what leads to it, any other term as it is; never too long.

        The nearest thing with an IRI and the properties from there on, as a path; for a node to which none leads,
        what is said of it.
        """
        if term.startswith("_:"):
            if term not in self._found:
                self._found[term] = self._name(BNode(term.removeprefix("_:")))
            return self._found[term]
        return cut(term)

    def _name(self, node: BNode) -> str:
        graph = self.data if (node, None, None) in self.data or (None, None, node) in self.data else self.shapes
        return cut(_lead(graph, node) or _said(graph, node))


def _lead(graph: Graph, node: BNode) -> str:
    """The shortest path from a thing with an IRI, the first in the order of letters; nothing where there is none."""
    frontier: dict[Node, str] = {node: ""}
    seen: set[Node] = {node}
    for _ in range(_DEEPEST):
        found: dict[Node, str] = {}
        for target, way in frontier.items():
            for subject, predicate in graph.subject_predicates(target):
                path = f" / <{predicate}>{way}"
                if subject not in seen:
                    found[subject] = min(path, found.get(subject, path))
        named = [f"<{subject}>{path}" for subject, path in found.items() if isinstance(subject, URIRef)]
        if named or not found:
            return min(named, default="")
        seen |= set(found)
        frontier = dict(sorted(found.items(), key=lambda pair: pair[1])[:_WIDEST])
    return ""


def _said(graph: Graph, node: BNode) -> str:
    """What is said of a node, its blank neighbours aside, sorted."""
    pairs = sorted(f"{p.n3()} {o.n3()}" for p, o in graph.predicate_objects(node) if not isinstance(o, BNode))
    return f"[ {' ; '.join(pairs)} ]"


def cut(text: str) -> str:
    """A text that is not too long; what is left of a longer one differs where the texts do."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}… {sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
