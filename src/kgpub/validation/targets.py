"""Targets that are queries (SHACL-AF section 3.1), compiled twice: for all nodes that may be found, and for sure ones.

The query keeps its structure, its sub-selects above all; only a filter that is not known holds always, or never.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pyshacl.helper import get_query_helper_cls
from pyshacl.shape import Shape
from rdflib import SH, BNode, URIRef, Variable
from rdflib.paths import AlternativePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import Node

from kgpub.validation.logic import Names, NotCompiled, both, negation
from kgpub.validation.queries import Filters, path_text, steps, variables
from kgpub.validation.writing import written

_THIS = "this"
PROPERTIES = "<urn:x-kgpub:properties>"
"""The graph in which each property of the data is the object of one triple, where a target asks for all of them."""
AMONG = "# among which nodes\n"
"""Where a pattern may stand; a comment where none does."""
_Part = Any
"""A part of rdflib's algebra, which is not typed."""


class Target(NamedTuple):
    """Two queries for ``?this``: every focus node of a target is in ``may``, and every node in ``must`` is one.

    ``must`` has ``AMONG`` where a pattern may stand that says among which nodes they are looked for.
    """

    may: str
    must: str


def targeted(shape: Shape, target: Node, prefixes: Mapping[str, str]) -> Target:
    """The queries for the focus nodes of a target; raises ``NotCompiled``."""
    text = shape.sg.graph.value(target, SH.select)
    if text is None:
        raise NotCompiled("sh:target")
    try:
        helper = get_query_helper_cls()(shape, target, text)
        helper.collect_prefixes()
        query = translateQuery(parseQuery(helper.apply_prefixes(helper.select_text)), initNs=dict(prefixes))
    except Exception as error:
        raise NotCompiled("a target that cannot be read") from error
    if query.algebra.name != "SelectQuery" or query.algebra.datasetClause:
        raise NotCompiled("a target that is no plain SELECT")
    may, must = (_Rendering(query.algebra.p, must=must).focus(query.algebra.p) for must in (False, True))
    return Target(may, must)


class _Rendering:
    """One query, written again; ``_everything`` has the variables of all its patterns."""

    def __init__(self, query: _Part, *, must: bool) -> None:
        self._must = must
        self._everything = frozenset(_patterns(query))
        self._single: frozenset[str] = frozenset()

    def focus(self, part: _Part) -> str:
        """The query itself."""
        part = _projection(part)
        if _THIS not in {str(variable) for variable in part.PV} or _THIS not in _certain(part):
            raise NotCompiled("a target that may find nothing in $this")
        self._single = _single(part)
        return f"SELECT DISTINCT ?{_THIS} WHERE {{ {AMONG if self._must else ''}{self._group(part.p)} }}"

    def _select(self, part: _Part) -> str:
        """A SELECT within; GROUP BY keeps Oxigraph from asking a filter before it knows what is the same."""
        part = _projection(part)
        names = " ".join(f"?{variable}" for variable in part.PV)
        if not names:
            raise NotCompiled("a target with more than patterns and filters")
        outside, self._single = self._single, _single(part)
        text = f"SELECT {names} WHERE {{ {self._group(part.p)} }} GROUP BY {names}"
        self._single = outside
        return text

    def _group(self, part: _Part) -> str:
        """A part as what stands within braces."""
        if part.name == "BGP":
            if part.triples and (ways := self._ways(part)):
                return " UNION ".join(f"{{ {self._pattern(way)} }}" for way in ways)
            return " ".join(self._pattern(step) for triple in part.triples for step in steps(triple))
        if part.name == "Filter":
            bound = frozenset(_certain(part.p))
            known = {name: f"?{name}" for name in bound}
            filters = Filters(Names(taken=self._everything), known, self._everything - bound)
            test = negation(filters.fails(part.expr)) if self._must else filters.holds(part.expr)
            return f"{{ {self._group(part.p)} }} FILTER({both((test,))})"
        if part.name in {"Join", "Union"}:
            sign = "UNION" if part.name == "Union" else ""
            return f"{{ {self._group(part.p1)} }} {sign} {{ {self._group(part.p2)} }}"
        if part.name == "ToMultiSet" and part.p.name in {"Project", "Distinct", "Reduced"}:
            return f"{{ {self._select(part.p)} }}"
        raise NotCompiled("a target with more than patterns and filters")

    def _pattern(self, triple: _Part) -> str:
        subject, predicate, target = (str(node) if isinstance(node, Variable) else "" for node in triple)
        if predicate and subject != target and {subject, target} <= self._single and predicate not in self._single:
            return f"GRAPH {PROPERTIES} {{ {PROPERTIES} {PROPERTIES} ?{predicate} }}"
        return " ".join(_written(node) for node in triple) + " ."

    def _ways(self, part: _Part) -> list[_Part]:
        """The triples that one pattern with a choice of properties stands for, which Oxigraph finds sooner."""
        (subject, path, target), *others = part.triples
        if others or not isinstance(path, AlternativePath) or not all(isinstance(one, URIRef) for one in path.args):
            return []
        return [(subject, one, target) for one in path.args]


def _projection(part: _Part) -> _Part:
    """A SELECT without what orders its rows or drops some that are the same."""
    while part.name in {"Distinct", "Reduced", "OrderBy"}:
        part = part.p
    if part.name != "Project":
        raise NotCompiled("a target with more than patterns and filters")
    while part.p.name == "OrderBy":
        part.p = part.p.p
    return part


def _single(part: _Part) -> frozenset[str]:
    """The variables that a SELECT DISTINCT names once, in a pattern: they only say that there is something."""
    named = _named(part)
    others = {str(variable) for variable in part.PV} | set(_filtered(part.p))
    return frozenset(name for name, times in named.items() if times == 1 and name not in others)


def _named(part: _Part) -> Counter[str]:
    """How often the patterns of a part name each variable at most; what stands in one UNION's arm is not in the other.

    A part may be the whole query, whose SELECTs have variables of their own: they are counted as if they were one.
    """
    if part.name == "BGP":
        return Counter(_patterns(part))
    counts = [_named(part[key]) for key in ("p", "p1", "p2") if key in part]
    if part.name == "Union":
        return counts[0] | counts[1]
    return sum(counts, Counter())


def _filtered(part: _Part) -> Iterator[str]:
    """The variables of a part's filters, and of the SELECTs within it."""
    if part.name == "Filter":
        yield from variables(part.expr)
    if part.name == "Project":
        yield from (str(variable) for variable in part.PV)
    for key in ("p", "p1", "p2"):
        if key in part:
            yield from _filtered(part[key])


def _written(node: Any) -> str:  # Any: a path is no term
    if isinstance(node, Variable):
        return f"?{node}"
    if isinstance(node, BNode):
        return f"?blank_{node}"
    return written(node) if isinstance(node, Node) else path_text(node)


def _patterns(part: _Part) -> Iterator[str]:
    """The variables of a part's patterns, without those of its filters."""
    if part.name == "BGP":
        yield from (str(node) for triple in part.triples for node in triple if isinstance(node, Variable))
    for key in ("p", "p1", "p2"):
        if key in part:
            yield from _patterns(part[key])


def _certain(part: _Part) -> set[str]:
    """The variables that a part binds in every solution."""
    if part.name == "Union":
        return _certain(part.p1) & _certain(part.p2)
    if part.name == "Join":
        return _certain(part.p1) | _certain(part.p2)
    if part.name == "BGP":
        return set(_patterns(part))
    if part.name == "Project":
        return _certain(part.p) & {str(variable) for variable in part.PV}
    return _certain(part.p) if "p" in part else set()
