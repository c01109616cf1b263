"""The results of pySHACL's report graph as values, and the triple of the data that each is about."""

from dataclasses import dataclass

from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kgpub.findings.places import Pattern

_SEVERITIES: dict[Node, str] = {SH.Info: "info", SH.Warning: "warning"}


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
    return Result(
        focus=report.value(node, SH.focusNode, any=False) or BNode(),
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

    That is the triple itself; without a value the first triple of focus and path; else the focus as a subject,
    then as an object.
    """
    focus, path, value = result.focus, result.path, result.value
    inverse = report.value(path, SH.inversePath) if isinstance(path, BNode) else None
    patterns: list[Pattern] = [(focus, None, None), (None, None, focus)]
    if isinstance(path, URIRef):
        patterns.insert(0, (focus, path, value))
    elif isinstance(inverse, URIRef):
        patterns.insert(0, (value, inverse, focus))
    return next((pattern for pattern in patterns if pattern in data), None)
