"""Property paths of shapes (SHACL section 2.3.1) as tests in SPARQL, one step within the other.

Oxigraph joins the steps of a path that stands in EXISTS without looking at the node it starts from, which takes the
square of the data; nested, each step starts from a known node.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, prod

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from kgpub.validation.logic import FALSE, Names, NotCompiled, both, either, is_about
from kgpub.validation.writing import written

_DEEPEST = 8
_KINDS = (SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)

Then = Callable[[str], str]
"""The test of what is at the end of a path, for its variable."""


@dataclass(frozen=True)
class Path:
    """One step, or one of the ways to join steps: ``kind`` is ``step``, ``back``, ``/``, ``|``, ``*``, ``+``, ``?``."""

    kind: str
    iri: str = ""
    parts: tuple["Path", ...] = ()

    @property
    def text(self) -> str:
        """The path in SPARQL 1.1 (section 9.1)."""
        if self.kind in {"step", "back"}:
            return self.iri if self.kind == "step" else f"^{self.iri}"
        texts = [f"({part.text})" for part in self.parts]
        return self.kind.join(texts) if self.kind in "/|" else texts[0] + self.kind


def path_of(shapes: Graph, node: Node, *, back: bool = False, depth: int = 0) -> Path:
    """The path at a node of the shapes; raises ``NotCompiled`` for one that pySHACL might read otherwise."""
    if isinstance(node, URIRef):
        return Path("back" if back else "step", written(node))
    if depth > _DEEPEST or not isinstance(node, BNode):
        raise NotCompiled("a path")
    if (node, RDF.first, None) in shapes:
        members = _members(shapes, node)
        if back or any((node, kind, None) in shapes for kind in _KINDS):
            raise NotCompiled("a path")  # pySHACL follows the inverse of a sequence in the order of the sequence
        return Path("/", parts=tuple(path_of(shapes, member, depth=depth + 1) for member in members))
    found = [(kind, inner) for kind in _KINDS for inner in shapes.objects(node, kind)]
    if len(found) != 1:
        raise NotCompiled("a path")
    kind, inner = found[0]
    if kind == SH.inversePath:
        return path_of(shapes, inner, back=not back, depth=depth + 1)
    if kind == SH.alternativePath:
        members = _members(shapes, inner)
        return Path("|", parts=tuple(path_of(shapes, member, back=back, depth=depth + 1) for member in members))
    sign = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}[kind]
    return Path(sign, parts=(path_of(shapes, inner, back=back, depth=depth + 1),))


def _members(shapes: Graph, node: Node) -> list[Node]:
    """The members of a list of at least two."""
    try:
        members = list(shapes.items(node))
    except ValueError:
        members = []
    if len(members) < 2:  # noqa: PLR2004 # a sequence or a choice
        raise NotCompiled("a path")
    return members


def leads(path: Path, start: str, names: Names, then: Then) -> str:
    """The test whether a path leads from a variable to something that passes a test."""
    if path.kind == "/":
        first, *rest = path.parts
        following = Path("/", parts=tuple(rest)) if len(rest) > 1 else rest[0]
        return leads(first, start, names, lambda middle: leads(following, middle, names, then))
    if path.kind == "|":
        return either([leads(part, start, names, then) for part in path.parts])
    if path.kind in {"?", "*"}:
        further = path.parts[0] if path.kind == "?" else Path("+", parts=path.parts)
        return either((then(start), leads(further, start, names, then)))
    if path.iri and names.is_absent(path.iri):
        return FALSE
    end = names.fresh()
    test = then(end)
    if path.kind in {"step", "back"} and is_about(test, end):
        anything = f"?any {path.iri} {end}" if path.kind == "step" else f"{end} {path.iri} ?any"
        if not names.is_met(path.iri, anything, test):
            return FALSE
    steps = {"step": f"{start} {path.iri} {end}", "back": f"{end} {path.iri} {start}"}
    return exists(steps.get(path.kind) or f"{start} {path.text} {end}", test)


def widest(path: Path, names: Names) -> float:
    """How many values a node has along a path at most, as far as its steps tell; endless with ``*`` and ``+``."""
    if path.kind in {"step", "back"}:
        return names.widest(path.iri, path.kind == "back")
    inner = [widest(part, names) for part in path.parts]
    if path.kind == "/":
        return prod(inner)
    return inf if path.kind in "*+" else sum(inner) + 1


def exists(pattern: str, test: str) -> str:
    """The test whether something matches a pattern and passes a test."""
    if test == FALSE:
        return FALSE
    within = both((test,))
    return f"EXISTS {{ {pattern}" + (f" FILTER({within}) }}" if within != "true" else " }")
