"""Does the data keep to its shapes? pySHACL over the terms of the source files, never over a store's.

The result graph of pySHACL is read into ``Finding`` values; a second pass over the files finds their lines.
"""

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import pyoxigraph
import pyshacl
from cachetools import LRUCache
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.errors import ShapeRecursionWarning
from pyshacl.monkey import rdflib_bool_patch, rdflib_bool_unpatch
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from kgpub.errors import SourceError
from kgpub.iris import Iris
from kgpub.model import Finding, Labels, Report
from kgpub.settings import Settings
from kgpub.source import SourceFile
from kgpub.validate_messages import LANGUAGES, NO_LANGUAGE, Facts, Notation, generic, language_of, parameter_of

_SEVERITIES: Mapping[Node, str] = {SH.Info: "info", SH.Warning: "warning"}
_RANKS = {"violation": 0, "warning": 1, "info": 2}
_LISTED = 12
_QUERIES = 256

_Pattern = tuple[Node | None, Node | None, Node | None]
_Triple = tuple[Node, Node, Node]


def validate(files: Sequence[SourceFile], settings: Settings) -> Report:
    """The outcome of validating the data and ontology files against the shapes files.

    All their triples form one data graph (SHACL section 1.5); graph names play no part. ``Report.conforms`` is
    true when there is no violation, so that warnings do not hold up a release; ``sh:conforms`` (section 3.6.1.1)
    is true only when there is no result at all. Raises ``SourceError`` where a file cannot be read or a shape
    cannot be used.
    """
    described = [file for file in files if file.role != "shapes"]
    shaping = [file for file in files if file.role == "shapes"]
    with _quiet():
        with strict_booleans():
            shapes = _read(shaping, settings)
        if not len(shapes):
            return Report(conforms=True)
        data = _read(described, settings)
        try:
            report = report_graph(data, shapes)
        except Exception as error:
            raise _refusal(error, shaping, shapes) from error
        findings = _findings(report, data, shapes, described, settings.iris)
    conforms = all(finding.severity != "violation" for finding in findings)
    return Report(conforms, findings)


def report_graph(data: Graph, shapes: Graph) -> Graph:
    """The validation report of pySHACL as a graph (SHACL section 3.6); rules work on a copy of the data.

    Raises ``pyshacl.ReportableRuntimeError``, or what rdflib and ``re`` raise, where a shape cannot be used.
    """
    has_rules = (None, SH.rule, None) in shapes
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=True, inplace=not has_rules)
    if not isinstance(report, Graph):
        raise report
    return report


class ParsesOnce(Graph):
    """A graph that parses a query text once, not once per focus node, which is most of pySHACL's time.

    The texts come from the shapes; the bindings that differ per focus node are not part of the parsed query.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Bind the prefixes, and no others."""
        super().__init__(bind_namespaces="none")
        for prefix, namespace in prefixes.items():
            self.bind(prefix, namespace)
        self._parsed: LRUCache[str, Query] = LRUCache(_QUERIES)

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:  # Any: rdflib's own options
        """Answer a query as ``Graph.query`` does; prefixes given with it (pySHACL gives none) go past the memory."""
        namespaces = args[2] if len(args) > 2 else kwargs.get("initNs")  # noqa: PLR2004  # the third option
        if isinstance(query_object, str) and not namespaces:
            query_object = self._once(query_object)
        return super().query(query_object, *args, **kwargs)

    def _once(self, text: str) -> Query:
        parsed: Query | None = self._parsed.get(text)
        if parsed is None:
            parsed = self._parsed[text] = prepareQuery(text, initNs=dict(self.namespaces()))
        return parsed


@contextmanager
def strict_booleans() -> Iterator[None]:
    """Read shapes as pySHACL does: ``sh:uniqueLang`` asks for ``true``, not ``1`` (SHACL section 4.4.5)."""
    rdflib_bool_patch()  # type: ignore[no-untyped-call]  # pySHACL types no patches
    try:
        yield
    finally:
        rdflib_bool_unpatch()  # type: ignore[no-untyped-call]  # pySHACL types no patches


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what the report or the refusal says better.

    rdflib logs a traceback for each ill-typed literal, pySHACL logs an error that it also raises; recursion is
    undefined by SHACL section 3.4.3 and pySHACL stops it with a warning.
    """
    logs = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
    for log in logs:
        log.addFilter(_is_news)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ShapeRecursionWarning)
            yield
    finally:
        for log in logs:
            log.removeFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a log record says something that kgpub does not say itself."""
    return not record.getMessage().startswith(("Failed to convert Literal", "ConstraintLoadError"))


def _read(files: Iterable[SourceFile], settings: Settings) -> Graph:
    """The triples of the files in one graph, with the site's prefixes bound."""
    graph = ParsesOnce(settings.all_prefixes)
    for file in files:
        for quad in file.quads():
            triple = _triple(quad)
            if triple is not None:
                graph.add(_resolved(triple, settings))
    return graph


def _resolved(triple: _Triple, settings: Settings) -> _Triple:
    """The triple; a relative ``sh:namespace`` (SHACL section 5.2.1) is resolved against the site's base."""
    subject, predicate, target = triple
    if predicate != SH.namespace or not isinstance(target, Literal):
        return triple
    return subject, predicate, Literal(settings.absolute(str(target)), datatype=target.datatype)


def _triple(quad: pyoxigraph.Quad) -> _Triple | None:
    """The triple of a quad in rdflib's terms; None with a triple term, which SHACL 1.0 does not know."""
    if isinstance(quad.object, pyoxigraph.Triple) or isinstance(quad.subject, pyoxigraph.Triple):
        return None
    return _term(quad.subject), _iri(quad.predicate.value), _term(quad.object)


def _term(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> Node:
    """A term as rdflib has it: lexical form kept, and no datatype on a plain string.

    rdflib holds ``"x"`` and ``"x"^^xsd:string`` unequal, though RDF 1.1 section 3.3 makes them one.
    """
    if isinstance(term, pyoxigraph.NamedNode):
        return _iri(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language, normalize=False)
    datatype = _iri(term.datatype.value)
    return Literal(term.value, datatype=None if datatype == XSD.string else datatype, normalize=False)


@lru_cache(maxsize=65_536)
def _iri(text: str) -> URIRef:
    """An IRI; the same ones come again and again."""
    return URIRef(text)


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
    triple = _triple(quad)
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
