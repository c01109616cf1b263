"""Does the data keep to its shapes? pySHACL over the terms of the source files, never over a store's.

``findings`` reads the result graph of pySHACL and says each result in words, with its place in the files.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pyoxigraph
from rdflib import SH, Graph, Literal

from kgpub.errors import SourceError
from kgpub.findings import findings
from kgpub.findings.anchors import Anchors
from kgpub.findings.refusals import refusal, refused_at
from kgpub.findings.wording import name, named_shape
from kgpub.model import Finding, Report
from kgpub.revalidation.ledger import Memory
from kgpub.revalidation.renewal import Taken, Told, keep, renewed, unchanged
from kgpub.settings import Settings
from kgpub.source import SourceFile, notes
from kgpub.validation.adapter import Adapter, Guarded, ParsesOnce, has_rules, quiet, report_graph, strict_booleans
from kgpub.validation.asking import remote
from kgpub.validation.candidates import candidates
from kgpub.validation.terms import Triple
from kgpub.validation.terms import triple as triple_of
from kgpub.validation.view import SourceStore, filled


class Engine(StrEnum):
    """How the focus nodes are gone through; the results are the same."""

    AUTO = "auto"
    """Compiled SPARQL finds the nodes that pySHACL looks at."""
    FULL = "full"
    """Plain pySHACL, the reference."""


@dataclass(frozen=True)
class Outcome:
    """A report, how it came about, and in which results two engines differ.

    ``node_by_node`` has the shapes that could not be compiled, each with the reason. ``only_auto`` and ``only_full``
    have what one engine found and the other did not; both are empty unless ``verify`` ran both. ``anchors`` names the
    blank nodes of data and shapes. ``taken`` is what was taken over from the last run, if there was one.
    """

    report: Report
    node_by_node: Mapping[str, str] = field(default_factory=dict)
    only_auto: tuple[Finding, ...] = ()
    only_full: tuple[Finding, ...] = ()
    anchors: Anchors = field(default_factory=lambda: Anchors(Graph(), Graph()), repr=False, compare=False)
    taken: Taken | None = None

    @property
    def agrees(self) -> bool:
        """Whether the engines found the same."""
        return not self.only_auto and not self.only_full

    @property
    def remarks(self) -> Iterator[str]:
        """What whoever runs a validation should know besides the report, a line each."""
        for shape, reason in self.node_by_node.items():
            yield f"every focus node is looked at: {shape} ({reason})"
        for engine, several in (("auto", self.only_auto), ("full", self.only_full)):
            for finding in several:
                place = f"{finding.file}:{finding.line or ''}"
                yield f"only by --engine {engine}: {finding.focus} {finding.shape} {finding.component} ({place})"


def validate(
    files: Sequence[SourceFile], settings: Settings, engine: Engine = Engine.AUTO, memory: Memory | None = None
) -> Report:
    """The outcome of validating the data and ontology files against the shapes files.

    All their triples form one data graph (SHACL section 1.5); graph names play no part. ``Report.conforms`` is
    true when there is no violation, so that warnings do not hold up a release; ``sh:conforms`` (section 3.6.1.1)
    is true only when there is no result at all. With a ``memory`` the compiled engine takes over from its last run
    what no change of the files can have changed, and keeps what the next one may need. Raises ``SourceError`` where a
    file cannot be read, a shape cannot be used, or a query of the shapes asks elsewhere.
    """
    return examine(files, settings, engine, memory).report


def verify(files: Sequence[SourceFile], settings: Settings) -> Outcome:
    """The outcome by both engines; the report is plain pySHACL's. Raises what ``validate`` raises."""
    quick, plain = examine(files, settings, Engine.AUTO), examine(files, settings, Engine.FULL)
    found, wanted = Counter(map(repr, quick.report.findings)), Counter(map(repr, plain.report.findings))
    return Outcome(
        plain.report,
        quick.node_by_node,
        tuple(_beyond(quick.report.findings, found - wanted)),
        tuple(_beyond(plain.report.findings, wanted - found)),
        plain.anchors,
    )


def _beyond(findings: Iterable[Finding], surplus: Counter[str]) -> Iterator[Finding]:
    """Those findings that are more often here than there."""
    for finding in findings:
        if surplus[repr(finding)] > 0:
            surplus[repr(finding)] -= 1
            yield finding


def examine(
    files: Sequence[SourceFile], settings: Settings, engine: Engine = Engine.AUTO, memory: Memory | None = None
) -> Outcome:
    """What ``validate`` gives, with how it came about. Raises what ``validate`` raises."""
    described = [file for file in files if file.role != "shapes"]
    shaping = [file for file in files if file.role == "shapes"]
    if engine is not Engine.AUTO:
        memory = None
    before = unchanged(memory, described, shaping, settings) if memory else None
    if before is not None:
        return _as_before(before)
    with quiet():
        with strict_booleans():
            shapes = _read(shaping, Guarded(settings.all_prefixes), settings)
        if not len(shapes):
            return Outcome(Report(conforms=True, has_shapes=False))
        _refuse_remote(shapes, shaping)
        try:
            told = renewed(memory, described, shaping, shapes, settings) if memory else None
            told = told or _reported(_data(described, shapes, settings, engine), shapes)
        except SourceError:
            raise
        except Exception as error:
            raise refusal(error, shaping, shapes) from error
        found = findings(told.report, told.data, shapes, described, settings.iris)
    conforms = all(finding.severity != "violation" for finding in found)
    names = {name(named_shape(shapes, shape)): reason for shape, reason in told.node_by_node.items()}
    anchors = Anchors(told.data, shapes)
    outcome = Outcome(Report(conforms, found), dict(sorted(names.items())), anchors=anchors, taken=told.taken)
    if memory:
        keep(memory, told, shapes, _plain(outcome))
    return outcome


def _plain(outcome: Outcome) -> dict[str, Any] | None:  # Any: as JSON has it
    """An outcome to be told again; None with blank nodes in it, whose names are looked for in the data."""
    told = outcome.report.findings
    if any(term.startswith("_:") for one in told for term in (one.focus, one.shape, one.value)):
        return None
    return {"findings": [vars(one) for one in told], "node_by_node": dict(outcome.node_by_node)}


def _as_before(told: Mapping[str, Any]) -> Outcome:  # Any: as JSON has it
    """The outcome that the last run told, with all of it taken over."""
    found = tuple(Finding(**one) for one in told["findings"])
    conforms = all(finding.severity != "violation" for finding in found)
    taken = Taken(told["shapes"], told["shapes"], 0, 0)
    return Outcome(Report(conforms, found), told["node_by_node"], taken=taken)


def _refuse_remote(shapes: Graph, files: Sequence[SourceFile]) -> None:
    """Raise ``SourceError`` for a query of the shapes that asks elsewhere, before anything runs."""
    found = remote(shapes)
    if found is not None:
        raise refused_at(*found, files, shapes)


def _data(files: Iterable[SourceFile], shapes: Graph, settings: Settings, engine: Engine) -> Graph:
    """The data as the engine wants it: a view of a store, or in memory where rules are to change it."""
    if engine is Engine.FULL:
        return _read(files, Guarded(settings.all_prefixes), settings)
    if has_rules(shapes):
        return _read(files, ParsesOnce(settings.all_prefixes), settings)
    return ParsesOnce(settings.all_prefixes, SourceStore(_stored(tuple(files))))


def _stored(files: Sequence[SourceFile]) -> pyoxigraph.Store:
    """The triples of the files in a throwaway store; most files are read once."""
    try:
        return filled(batch for file in files for batch in file.merged())
    except SourceError:
        notes(files)  # tries how they can be read, or raises
    return filled(batch for file in files for batch in file.merged())


def _reported(data: Graph, shapes: Graph) -> Told:
    """The report of pySHACL, and the shapes whose focus nodes it all had to look at, with the reason."""
    if not isinstance(data, ParsesOnce):
        return Told(report_graph(data, shapes), data, {})
    adapter = Adapter(data, shapes)
    if not isinstance(data.store, SourceStore):
        return Told(adapter.report(), data, {shape.node: "sh:rule" for shape in adapter.shapes})
    found = candidates(adapter.shapes, data)
    return Told(adapter.report(found.chosen), data, found.handed_over)


def _read(files: Iterable[SourceFile], graph: Graph, settings: Settings) -> Graph:
    """The graph, filled with the triples of the files."""
    for file in files:
        for quad in file.quads():
            triple = triple_of(quad)
            if triple is not None:
                graph.add(_resolved(triple, settings))
    return graph


def _resolved(triple: Triple, settings: Settings) -> Triple:
    """The triple; a relative ``sh:namespace`` (SHACL section 5.2.1) is resolved against the site's base."""
    subject, predicate, target = triple
    if predicate != SH.namespace or not isinstance(target, Literal):
        return triple
    return subject, predicate, Literal(settings.absolute(str(target)), datatype=target.datatype)
