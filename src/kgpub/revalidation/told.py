"""Results of pySHACL as values that can be written down, and a report made of them again."""

from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

Said = dict[str, Any]
"""A result: what is ``said`` of it, property and term, and the statements of its ``path`` where that is no property."""

_LONGEST = 1_000
_ABOUT = (SH.focusNode, SH.value)


def said(report: Graph, node: Node) -> Said:
    """One result of a report (SHACL section 3.6.2), without the details that nobody reads."""
    pairs = [(p, o) for p, o in report.predicate_objects(node) if p != SH.detail]
    paths = [o for p, o in pairs if p == SH.resultPath and isinstance(o, BNode)]
    return {"said": [[str(p), plain(o)] for p, o in pairs], "path": _described(report, paths)}


def _described(report: Graph, waiting: list[BNode]) -> list[list[Any]]:
    """What is said of the nodes of a path."""
    found: list[list[Any]] = []
    seen: set[Node] = set()
    while waiting and len(found) < _LONGEST:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for p, o in report.predicate_objects(node):
            found.append([str(node), str(p), plain(o)])
            if isinstance(o, BNode):
                waiting.append(o)
    return found


def add(one: Said, report: Graph) -> None:
    """Put a result back into a report; the nodes of its path get names of their own."""
    names: dict[str, BNode] = {}
    for subject, _, _ in one["path"]:
        names.setdefault(subject, BNode())
    node = BNode()
    for p, value in one["said"]:
        term = term_of(value)
        is_path = p == str(SH.resultPath) and isinstance(term, BNode)
        report.add((node, URIRef(p), names.get(str(term), term) if is_path else term))
    for subject, p, value in one["path"]:
        term = term_of(value)
        inner = names.get(str(term), term) if isinstance(term, BNode) else term
        report.add((names[subject], URIRef(p), inner))
    report.add((BNode("kept"), SH.result, node))


def about(one: Said) -> tuple[Node, ...]:
    """The focus node of a result, and its value."""
    return tuple(term_of(value) for name in _ABOUT for p, value in one["said"] if p == str(name))


def by_shape(report: Graph, noted: Mapping[Node, Iterable[Node]]) -> dict[str, list[Said]]:
    """The results of a report under the shapes whose focus nodes they were found at."""
    return {shape_key(shape): [said(report, node) for node in nodes] for shape, nodes in noted.items() if nodes}


def shape_key(shape: Node) -> str:
    """A shape as a key."""
    return shape.n3()


def plain(node: Node) -> list[str | None]:
    """A term as JSON has it."""
    if isinstance(node, Literal):
        return ["l", str(node), node.language, None if node.datatype is None else str(node.datatype)]
    return ["b" if isinstance(node, BNode) else "i", str(node)]


def term_of(value: list[str | None]) -> Node:
    """The term that ``plain`` has written."""
    kind, text, *rest = value
    if kind == "l":
        language, datatype = rest
        return Literal(text, lang=language, datatype=None if datatype is None else URIRef(datatype), normalize=False)
    return BNode(text) if kind == "b" else URIRef(str(text))
