"""Does the data keep to its shapes? pySHACL over the terms of the source files, never over a store's.

The result graph of pySHACL is read into ``Finding`` values; a second pass over the files finds their lines.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

import pyoxigraph
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kgpub.errors import SourceError
from kgpub.iris import Iris
from kgpub.model import Finding, Labels, Report
from kgpub.settings import Settings
from kgpub.source import SourceFile
from kgpub.validate_messages import LANGUAGES, NO_LANGUAGE, Facts, Notation, generic, language_of, parameter_of
from kgpub.validation.adapter import Adapter, Guarded, ParsesOnce, has_rules, quiet, report_graph, strict_booleans
from kgpub.validation.asking import remote
from kgpub.validation.candidates import candidates
from kgpub.validation.terms import Triple
from kgpub.validation.terms import triple as triple_of
from kgpub.validation.view import SourceStore, kept

_SEVERITIES: Mapping[Node, str] = {SH.Info: "info", SH.Warning: "warning"}
_RANKS = {"violation": 0, "warning": 1, "info": 2}
_LISTED = 12

_Pattern = tuple[Node | None, Node | None, Node | None]


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
    have what one engine found and the other did not; both are empty unless ``verify`` ran both.
    """

    report: Report
    node_by_node: Mapping[str, str] = field(default_factory=dict)
    only_auto: tuple[Finding, ...] = ()
    only_full: tuple[Finding, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the engines found the same."""
        return not self.only_auto and not self.only_full

    @property
    def remarks(self) -> Iterator[str]:
        """What whoever runs a validation should know besides the report, a line each."""
        for shape, reason in self.node_by_node.items():
            yield f"every focus node is looked at: {shape} ({reason})"
        for engine, findings in (("auto", self.only_auto), ("full", self.only_full)):
            for finding in findings:
                place = f"{finding.file}:{finding.line or ''}"
                yield f"only by --engine {engine}: {finding.focus} {finding.shape} {finding.component} ({place})"


def validate(files: Sequence[SourceFile], settings: Settings, engine: Engine = Engine.AUTO) -> Report:
    """The outcome of validating the data and ontology files against the shapes files.

    All their triples form one data graph (SHACL section 1.5); graph names play no part. ``Report.conforms`` is
    true when there is no violation, so that warnings do not hold up a release; ``sh:conforms`` (section 3.6.1.1)
    is true only when there is no result at all. Raises ``SourceError`` where a file cannot be read, a shape
    cannot be used, or a query of the shapes asks elsewhere.
    """
    return examine(files, settings, engine).report


def verify(files: Sequence[SourceFile], settings: Settings) -> Outcome:
    """The outcome by both engines; the report is plain pySHACL's. Raises what ``validate`` raises."""
    quick, plain = examine(files, settings, Engine.AUTO), examine(files, settings, Engine.FULL)
    found, wanted = Counter(map(repr, quick.report.findings)), Counter(map(repr, plain.report.findings))
    return Outcome(
        plain.report,
        quick.node_by_node,
        tuple(_beyond(quick.report.findings, found - wanted)),
        tuple(_beyond(plain.report.findings, wanted - found)),
    )


def _beyond(findings: Iterable[Finding], surplus: Counter[str]) -> Iterator[Finding]:
    """Those findings that are more often here than there."""
    for finding in findings:
        if surplus[repr(finding)] > 0:
            surplus[repr(finding)] -= 1
            yield finding


def examine(files: Sequence[SourceFile], settings: Settings, engine: Engine = Engine.AUTO) -> Outcome:
    """What ``validate`` gives, with how it came about. Raises what ``validate`` raises."""
    described = [file for file in files if file.role != "shapes"]
    shaping = [file for file in files if file.role == "shapes"]
    with quiet():
        with strict_booleans():
            shapes = _read(shaping, Guarded(settings.all_prefixes), settings)
        if not len(shapes):
            return Outcome(Report(conforms=True))
        _refuse_remote(shapes, shaping)
        data = _data(described, shapes, settings, engine)
        try:
            report, node_by_node = _reported(data, shapes)
        except Exception as error:
            raise _refusal(error, shaping, shapes) from error
        findings = _findings(report, data, shapes, described, settings.iris)
    conforms = all(finding.severity != "violation" for finding in findings)
    names = {_name(_named_shape(shapes, shape)): reason for shape, reason in node_by_node.items()}
    return Outcome(Report(conforms, findings), dict(sorted(names.items())))


def _refuse_remote(shapes: Graph, files: Sequence[SourceFile]) -> None:
    """Raise ``SourceError`` for a query of the shapes that asks elsewhere, before anything runs."""
    found = remote(shapes)
    if found is not None:
        raise _at(*found, files, shapes)


def _data(files: Iterable[SourceFile], shapes: Graph, settings: Settings, engine: Engine) -> Graph:
    """The data as the engine wants it: a view of a store, or in memory where rules are to change it."""
    if engine is Engine.FULL:
        return _read(files, Guarded(settings.all_prefixes), settings)
    if has_rules(shapes):
        return _read(files, ParsesOnce(settings.all_prefixes), settings)
    store = pyoxigraph.Store()
    for file in files:
        store.bulk_extend(quad for quad in map(kept, file.quads()) if quad is not None)
    return ParsesOnce(settings.all_prefixes, SourceStore(store))


def _reported(data: Graph, shapes: Graph) -> tuple[Graph, Mapping[Node, str]]:
    """The report of pySHACL, and the shapes whose focus nodes it all had to look at, with the reason."""
    if not isinstance(data, ParsesOnce):
        return report_graph(data, shapes), {}
    adapter = Adapter(data, shapes)
    if not isinstance(data.store, SourceStore):
        return adapter.report(), {shape.node: "sh:rule" for shape in adapter.shapes}
    found = candidates(adapter.shapes, data)
    return adapter.report(found.chosen), found.handed_over


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


@dataclass(frozen=True)
class _Result:
    """One ``sh:ValidationResult`` (SHACL section 3.6.2) as pySHACL gives it."""

    focus: Node
    path: Node | None
    value: Node | None
    shape: Node | None
    constraint: Node | None
    component: Node
    severity: str
    messages: tuple[Literal, ...]


class _Place(NamedTuple):
    """A line of a file; nowhere by default."""

    file: str = ""
    line: int | None = None


@dataclass(frozen=True)
class _Reading:
    """The shapes that results are explained by, and how terms are written."""

    shapes: Graph
    notation: Notation

    def finding(self, result: _Result, place: _Place) -> Finding:
        """A result in words, with its place."""
        return Finding(
            severity=result.severity,
            focus=_name(result.focus),
            shape=_name(_named_shape(self.shapes, result.shape)),
            component=str(result.component),
            messages=self.messages(result),
            path=self.notation.path(result.path),
            value="" if result.value is None else self.notation.written(result.value),
            file=place.file,
            line=place.line,
        )

    def messages(self, result: _Result) -> Labels:
        """The shape's own messages per language, or ours where it has none (SHACL section 3.6.2.7)."""
        templates = [t for node in self._speakers(result) for t in self.shapes.objects(node, SH.message)]
        if not templates:
            parameter = parameter_of(result.component)
            return generic(parameter, {language: self._facts(result, parameter, language) for language in LANGUAGES})
        texts: dict[str, list[str]] = {}
        for message in sorted(result.messages, key=str):
            language = message.language or language_of(str(message), templates)
            texts.setdefault(language.lower(), []).append(str(message))
        return {language: " ".join(texts[language]) for language in sorted(texts)}

    def _speakers(self, result: _Result) -> Iterator[Node]:
        """The nodes whose ``sh:message`` a result may carry: shape, constraint, component and its validators."""
        yield from (node for node in (result.shape, result.constraint, result.component) if node is not None)
        for predicate in (SH.validator, SH.nodeValidator, SH.propertyValidator):
            yield from self.shapes.objects(result.component, predicate)

    def _facts(self, result: _Result, parameter: str, language: str) -> Facts:
        """What is known of a result, written out in a language."""
        value = result.focus if result.value is None else result.value
        wanted = [self.notation.words(node, language) for node in self._wanted(result.shape, parameter)]
        other = [self.notation.words(node, language) for node in self._wanted(result.shape, "qualifiedValueShape")]
        return Facts(
            value=self.notation.words(value, language),
            kind=self.notation.kind(value, language),
            tag=getattr(value, "language", None) or NO_LANGUAGE[language],
            wanted=", ".join(wanted),
            other=", ".join(other),
            path=self.notation.path(result.path),
            shape=self.notation.words(_named_shape(self.shapes, result.shape), language),
            component=self.notation.written(result.component),
        )

    def _wanted(self, shape: Node | None, parameter: str) -> list[Node]:
        """The values of a shape's parameter; the members where it is a list."""
        found: list[Node] = []
        for node in sorted(self.shapes.objects(shape, URIRef(str(SH) + parameter)), key=str):
            is_list = (node, RDF.first, None) in self.shapes
            found.extend(islice(self.shapes.items(node), _LISTED) if is_list else [node])
        return found


def _findings(
    report: Graph, data: Graph, shapes: Graph, files: Sequence[SourceFile], iris: Iris
) -> tuple[Finding, ...]:
    """The results of a report as findings in a stable order, with their places in the files."""
    results = [_result(report, node) for node in report.objects(None, SH.result)]
    patterns = [_offence(report, data, result) for result in results]
    places = _places(files, {pattern for pattern in patterns if pattern is not None})
    reading = _Reading(shapes, Notation(iris, shapes, report))
    found = [
        reading.finding(result, places.get(pattern, _Place()) if pattern else _Place())
        for result, pattern in zip(results, patterns, strict=True)
    ]
    return tuple(sorted(found, key=_order))


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


def _result(report: Graph, node: Node) -> _Result:
    """One result read from the report; a severity of the shapes' own counts as a violation (SHACL section 2.1.4)."""
    severity = report.value(node, SH.resultSeverity)
    return _Result(
        focus=report.value(node, SH.focusNode, any=False) or BNode(),
        path=report.value(node, SH.resultPath),
        value=report.value(node, SH.value),
        shape=report.value(node, SH.sourceShape),
        constraint=report.value(node, SH.sourceConstraint),
        component=report.value(node, SH.sourceConstraintComponent) or SH.ConstraintComponent,
        severity=_SEVERITIES.get(severity, "violation") if severity else "violation",
        messages=tuple(m for m in report.objects(node, SH.resultMessage) if isinstance(m, Literal)),
    )


def _named_shape(shapes: Graph, shape: Node | None) -> Node | None:
    """The shape itself if it has an IRI, or the nearest one that leads to it; else its blank node."""
    seen: set[Node] = set()
    waiting = [shape] if shape is not None else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, URIRef):
            return node
        seen.add(node)
        waiting.extend(sorted(set(shapes.subjects(None, node)) - seen, key=str))
    return shape


def _name(term: Node | None) -> str:
    """An IRI as it is, a blank node as ``_:label``, a literal as Turtle writes it."""
    if term is None:
        return ""
    return str(term) if isinstance(term, URIRef) else term.n3()


def _offence(report: Graph, data: Graph, result: _Result) -> _Pattern | None:
    """The narrowest pattern of the data that a result is about; None when the focus node is not in the data.

    That is the triple itself; without a value the first triple of focus and path; else the focus as a subject,
    then as an object.
    """
    focus, path, value = result.focus, result.path, result.value
    inverse = report.value(path, SH.inversePath) if isinstance(path, BNode) else None
    patterns: list[_Pattern] = [(focus, None, None), (None, None, focus)]
    if isinstance(path, URIRef):
        patterns.insert(0, (focus, path, value))
    elif isinstance(inverse, URIRef):
        patterns.insert(0, (value, inverse, focus))
    return next((pattern for pattern in patterns if pattern in data), None)


def _places(files: Iterable[SourceFile], patterns: set[_Pattern]) -> Mapping[_Pattern, _Place]:
    """Where each pattern first matches; reading stops when all are found, and only they are kept."""
    found: dict[_Pattern, _Place] = {}
    texts = {str(term) for pattern in patterns for term in (pattern[0], pattern[2]) if term is not None}
    for file in files:
        if len(found) == len(patterns):
            break
        for quad, line in file.located():
            if _text(quad.subject) not in texts and _text(quad.object) not in texts:
                continue
            for pattern in _matching(quad, patterns):
                found.setdefault(pattern, _Place(file.name, line))
            if len(found) == len(patterns):
                break
    return found


def _text(term: Any) -> str:  # Any: every kind of pyoxigraph's terms
    """The text of a term, cheap to look up; nothing for a triple term."""
    return getattr(term, "value", "")


def _matching(quad: pyoxigraph.Quad, patterns: set[_Pattern]) -> Iterator[_Pattern]:
    """Those of the patterns that the quad matches."""
    triple = triple_of(quad)
    if triple is None:
        return
    s, p, o = triple
    possible: tuple[_Pattern, ...] = (
        (s, p, o),
        (s, p, None),
        (None, p, o),
        (s, None, None),
        (None, None, o),
    )
    yield from (pattern for pattern in possible if pattern in patterns)


def _refusal(error: Exception, files: Sequence[SourceFile], shapes: Graph) -> SourceError:
    """What to tell a person of a shape that cannot be used: file, line and name where they can be known."""
    reason = " ".join(str(error).split()) or type(error).__name__
    shape = _blamed(error, shapes)
    if shape is None:
        return SourceError(", ".join(file.name for file in files), f"these shapes cannot be used: {reason}")
    return _at(shape, reason, files, shapes)


def _at(shape: Node, reason: str, files: Sequence[SourceFile], shapes: Graph) -> SourceError:
    """The refusal of a shape, or of a part of one, with its place."""
    place = _places(files, {(shape, None, None)}).get((shape, None, None), _Place(files[0].name))
    name = _name(_named_shape(shapes, shape))
    return SourceError(place.file, f"the shape {name} cannot be used: {reason}", place.line)


def _blamed(error: Exception, shapes: Graph) -> Node | None:
    """The shape that was being read or used when the error arose; pySHACL's messages do not name it."""
    blamed: Node | None = None
    trace = error.__traceback__
    while trace is not None:
        node = _shape_node(trace.tb_frame.f_locals)
        if node is not None and (node, None, None) in shapes:
            blamed = node
        trace = trace.tb_next
    return blamed


def _shape_node(names: Mapping[str, Any]) -> Node | None:  # Any: whatever a frame of pySHACL holds
    """The node of the shape whose method runs, of the shape its constraint belongs to, or of the one being loaded."""
    owner = names.get("self")
    if isinstance(owner, ShapesGraph):
        loading = names.get("s")
        return loading if isinstance(loading, Node) else None
    shape = owner.shape if isinstance(owner, ConstraintComponent) else owner
    return shape.node if isinstance(shape, Shape) else None
