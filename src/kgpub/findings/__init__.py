"""What validation found: results of pySHACL in the words of the shapes or ours, each with its place in the files."""

from collections.abc import Sequence
from typing import Any

from rdflib import SH, Graph

from kgpub.findings.notation import Notation
from kgpub.findings.places import NOWHERE, places
from kgpub.findings.results import offence, result
from kgpub.findings.wording import Wording
from kgpub.iris import Iris
from kgpub.model import Finding
from kgpub.source import SourceFile

_RANKS = {"violation": 0, "warning": 1, "info": 2}


def findings(report: Graph, data: Graph, shapes: Graph, files: Sequence[SourceFile], iris: Iris) -> tuple[Finding, ...]:
    """The results of a report as findings in a stable order, with their places in the files."""
    results = [result(report, node) for node in report.objects(None, SH.result)]
    patterns = [offence(report, data, one) for one in results]
    found = places(files, {pattern for pattern in patterns if pattern is not None})
    wording = Wording(shapes, Notation(iris, shapes, report))
    told = [
        wording.finding(one, found.get(pattern, NOWHERE) if pattern else NOWHERE)
        for one, pattern in zip(results, patterns, strict=True)
    ]
    return tuple(sorted(told, key=_order))


def _order(finding: Finding) -> tuple[Any, ...]:  # Any: a sort key of mixed types
    """Findings sort by severity, file, line, focus, component, message; the rest decides between twins."""
    return (
        _RANKS[finding.severity],
        finding.file,
        finding.line or 0,
        finding.focus,
        finding.component,
        sorted(finding.messages.items()),
        finding.path,
        finding.value,
        finding.shape,
    )
