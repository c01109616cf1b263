"""pySHACL, kept to what is asked of it: queries parsed once, focus nodes in one batch, and only those chosen.

What is relied upon of pySHACL's inside is here and in ``conditions``; its version is pinned in ``pyproject.toml``.
"""

import logging
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyshacl
from cachetools import LRUCache
from pyshacl.constraints.core.shape_based_constraints import PropertyConstraintComponent
from pyshacl.errors import ShapeRecursionWarning, ValidationFailure
from pyshacl.graph_abstraction import DataGraph
from pyshacl.monkey import rdflib_bool_patch, rdflib_bool_unpatch
from pyshacl.rdfutil.stringify import stringify_blank_node
from pyshacl.shape import Shape
from pyshacl.validator import Validator
from rdflib import SH, Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.store import Store
from rdflib.term import Node

from kgpub.validation.asking import refuse_remote
from kgpub.validation.joining import well_joined

_QUERIES = 256
_PLAIN = PropertyConstraintComponent._evaluate_property_shape

Chosen = Mapping[Node, Collection[Node]]
"""Per shape the focus nodes to validate; a shape that is not among them finds its own."""


def report_graph(data: Graph, shapes: Graph) -> Graph:
    """The validation report of plain pySHACL (SHACL section 3.6); rules work on a copy of the data.

    Raises ``pyshacl.ReportableRuntimeError``, or what rdflib and ``re`` raise, where a shape cannot be used.
    """
    _forget()
    _, report, _ = pyshacl.validate(
        data, shacl_graph=shapes, inference="none", advanced=True, inplace=not has_rules(shapes)
    )
    if not isinstance(report, Graph):
        raise report
    return report


def has_rules(shapes: Graph) -> bool:
    """Whether the shapes infer something before they judge (SHACL-AF section 8)."""
    return (None, SH.rule, None) in shapes


class Adapter:
    """One validation of ``data`` against ``shapes`` by pySHACL; the report has the results of ``report_graph``."""

    def __init__(self, data: Graph, shapes: Graph) -> None:
        """Read the shapes; raises what pySHACL raises where they cannot be."""
        options = {"inference": "none", "advanced": True, "inplace": not has_rules(shapes)}
        self._validator = Validator(DataGraph.from_rdflib(data), shacl_graph=shapes, options=options)
        self.shapes: tuple[Shape, ...] = tuple(self._validator.shacl_graph.shapes)

    def report(self, chosen: Chosen | None = None, noted: dict[Node, list[Node]] | None = None) -> Graph:
        """The report on the chosen focus nodes, on all of them by default.

        ``noted`` is filled with the result nodes of the report under the shapes at whose focus nodes they were found.
        Raises what ``report_graph`` raises.
        """
        self._validator.shacl_graph.chosen = chosen  # type: ignore[attr-defined] # for _Focused to see
        self._validator.shacl_graph.noted = {} if noted is None else noted  # type: ignore[attr-defined] # for _Noted
        for shape in self.shapes:
            shape.__class__ = _Focused if chosen and shape.node in chosen else _Noted
        _forget()
        with _batched(), well_joined():
            _, report, _ = self._validator.run()
        if isinstance(report, ValidationFailure) or not isinstance(report, Graph):
            raise report
        return report


def _forget() -> None:
    """Empty pySHACL's memory of blank nodes in words: its keys may mean another graph by now."""
    stringify_blank_node.dict_cache.clear()


class _Noted(Shape):
    """A shape that notes its results; its layout is that of ``Shape``, so that one can become it."""

    __slots__ = ()

    def validate(self, executor: Any, graph: Any, focus: Any = None, _evaluation_path: Any = None) -> Any:  # Any: as is
        """What pySHACL's method gives; without ``focus``, the shape is validated for itself."""
        found = super().validate(executor, graph, focus=focus, _evaluation_path=_evaluation_path)
        if focus is None:
            self.sg.noted[self.node] = [node for _, node, _ in found[1]]  # type: ignore[attr-defined] # as below
        return found


class _Focused(_Noted):
    """A shape whose focus nodes are chosen beforehand."""

    __slots__ = ()

    def focus_nodes(self, data_graph: Any, debug: bool = False) -> set[Node]:  # noqa: ARG002 # Any: as pySHACL has it
        """The chosen focus nodes."""
        return set(self.sg.chosen[self.node])  # type: ignore[attr-defined] # the adapter has put it there


@contextmanager
def _batched() -> Iterator[None]:
    """Let pySHACL build the constraints of a property shape once per shape, not once per focus node."""
    PropertyConstraintComponent._evaluate_property_shape = _in_batches  # type: ignore[method-assign] # put back below
    try:
        yield
    finally:
        PropertyConstraintComponent._evaluate_property_shape = _PLAIN  # type: ignore[method-assign] # as it was


def _in_batches(
    self: Any, executor: Any, node: Node, graph: Any, values: Mapping[Node, set[Node]], recursive: Any, path: list[Any]
) -> tuple[bool, list[Any]]:
    """What pySHACL's method of this place gives, with one validation for all value nodes.

    A value node that several focus nodes share has results for each of them: so it comes in as many batches.
    """
    batches: list[dict[Node, None]] = []
    count: dict[Node, int] = {}
    for value in (value for found in values.values() for value in found):
        turn = count[value] = count.get(value, 0) + 1
        if turn > len(batches):
            batches.append({})
        batches[turn - 1][value] = None
    shape = self.shape.get_other_shape(node)
    if not shape or not shape.is_property_shape or (recursive and shape in recursive):
        failed, results = _PLAIN(self, executor, node, graph, values, recursive, path)  # type: ignore[no-untyped-call] # pySHACL
        return bool(failed), list(results)
    fails, reports = False, []
    for batch in batches:
        conforms, results = shape.validate(executor, graph, focus=list(batch), _evaluation_path=path[:])
        fails = fails or not conforms
        reports.extend(results)
    return fails, reports


class Guarded(Graph):
    """A graph whose queries fetch nothing: what names SERVICE or FROM is refused before it runs."""

    def __init__(self, prefixes: Mapping[str, str], store: Store | str = "default") -> None:
        """Bind the prefixes, and no others."""
        super().__init__(store, bind_namespaces="none")
        for prefix, namespace in prefixes.items():
            self.bind(prefix, namespace)

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:  # Any: rdflib's own options
        """Answer a query as ``Graph.query`` does; raises ``QueryRefused`` for one that would fetch."""
        namespaces = args[2] if len(args) > 2 else kwargs.get("initNs")  # noqa: PLR2004  # the third option
        if isinstance(query_object, str):
            query_object = self._parsed(query_object, namespaces)
        return super().query(query_object, *args, **kwargs)

    def _parsed(self, text: str, namespaces: Mapping[str, Any] | None) -> Query:  # Any: as rdflib has it
        query = prepareQuery(text, initNs=dict(namespaces or self.namespaces()))
        refuse_remote(query)
        return query


class ParsesOnce(Guarded):
    """A graph that parses a query text once, not once per focus node, which is most of pySHACL's time.

    The texts come from the shapes; the bindings that differ per focus node are not part of the parsed query.
    """

    def __init__(self, prefixes: Mapping[str, str], store: Store | str = "default") -> None:
        """Bind the prefixes, and no others."""
        super().__init__(prefixes, store)
        self._memory: LRUCache[str, Query] = LRUCache(_QUERIES)

    def _parsed(self, text: str, namespaces: Mapping[str, Any] | None) -> Query:  # Any: as rdflib has it
        if namespaces:  # pySHACL gives none
            return super()._parsed(text, namespaces)
        known: Query | None = self._memory.get(text)
        if known is None:
            known = self._memory[text] = super()._parsed(text, None)
        return known


@contextmanager
def strict_booleans() -> Iterator[None]:
    """Read shapes as pySHACL does: ``sh:uniqueLang`` asks for ``true``, not ``1`` (SHACL section 4.4.5)."""
    rdflib_bool_patch()
    try:
        yield
    finally:
        rdflib_bool_unpatch()


@contextmanager
def quiet() -> Iterator[None]:
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
