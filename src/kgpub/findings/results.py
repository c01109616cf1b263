"""The results of pySHACL's report graph as values, and the triple of the data that each is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kgpub.findings.places import Pattern

_SEVERITIES: dict[Node, str] = {SH.Info: "info", SH.Warning: "warning"}


_MOST = 1_000
"""Nodes on the way to a value that are looked at."""
_DEEPEST = 20


class _Step(NamedTuple):
    """A property that is followed from its subject, or from its object."""

    property: URIRef
    inverse: bool


@dataclass(frozen=True)
class Result:
    """One ``sh:ValidationResult`` (SHACL section 3.6.2) as pySHACL gives it."""

    focus: Node
    path: Node | None
    value: Node | None
    shape: Node | None
    constraint: Node | None
    component: Node
    severity: str
    messages: tuple[Literal, ...]


def result(report: Graph, node: Node) -> Result:
    """One result read from the report; a severity of the shapes' own counts as a violation (SHACL section 2.1.4)."""
    severity = report.value(node, SH.resultSeverity)
    focus = report.value(node, SH.focusNode, any=False)
    return Result(
        focus=BNode() if focus is None else focus,  # "" is a focus node, too
        path=report.value(node, SH.resultPath),
        value=report.value(node, SH.value),
        shape=report.value(node, SH.sourceShape),
        constraint=report.value(node, SH.sourceConstraint),
        component=report.value(node, SH.sourceConstraintComponent) or SH.ConstraintComponent,
        severity=_SEVERITIES.get(severity, "violation") if severity else "violation",
        messages=tuple(m for m in report.objects(node, SH.resultMessage) if isinstance(m, Literal)),
    )


def offence(report: Graph, data: Graph, result: Result) -> Pattern | None:
    """The narrowest pattern of the data that a result is about; None when the focus node is not in the data.

    That is the triple itself, of a longer path its last; without a value the first triple of focus and path; else the
    focus as a subject, then as an object.
    """
    focus = result.focus
    patterns = chain(_steps(report, data, result.path, result), [(focus, None, None), (None, None, focus)])
    return next((pattern for pattern in patterns if pattern in data), None)


def _steps(report: Graph, data: Graph, path: Node | None, result: Result) -> Iterator[Pattern]:
    """What the triple that leads to the value may be, for each way that a path has (SHACL section 2.3.1)."""
    for way in _ways(report, path, 0):
        nodes: list[Node] = [result.focus]
        for step in way[:-1]:
            nodes = list(islice((node for one in nodes for node in _next(data, one, step)), _MOST))
        for node in nodes if way else ():
            yield _pattern(node, way[-1], result.value)


def _ways(report: Graph, path: Node | None, depth: int) -> Iterator[tuple[_Step, ...]]:
    """The ways of a path as steps; none for one that may be repeated or left out."""
    if depth > _DEEPEST:
        return
    if isinstance(path, URIRef):
        yield (_Step(path, inverse=False),)
    elif isinstance(path, BNode):
        inverse = report.value(path, SH.inversePath)
        if isinstance(inverse, URIRef):
            yield (_Step(inverse, inverse=True),)
        for member in report.items(report.value(path, SH.alternativePath) or RDF.nil):
            yield from _ways(report, member, depth + 1)
        members = list(islice(report.items(path), _DEEPEST)) if (path, RDF.first, None) in report else []
        found = [next(_ways(report, member, depth + 1), None) for member in members]
        if found and None not in found:
            yield tuple(step for way in found if way for step in way)


def _next(data: Graph, node: Node, step: _Step) -> Iterator[Node]:
    yield from data.subjects(step.property, node) if step.inverse else data.objects(node, step.property)


def _pattern(node: Node, step: _Step, value: Node | None) -> Pattern:
    return (value, step.property, node) if step.inverse else (node, step.property, value)
