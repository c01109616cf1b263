"""What a shape looks at: which statements decide about it at all, and which about one focus node.

Every parameter of SHACL has to be known here; shapes with another one are validated whole at each run.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyshacl.helper import get_query_helper_cls
from pyshacl.shape import Shape
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from kgpub.revalidation import asked
from kgpub.revalidation.local import local
from kgpub.revalidation.ways import NotLocal, Reads, Step, Way, bounded, routes
from kgpub.validation.logic import NotCompiled
from kgpub.validation.paths import path_of

_VALUES = ("minCount", "maxCount", "datatype", "nodeKind", "minExclusive", "minInclusive", "maxExclusive",
           "maxInclusive", "minLength", "maxLength", "pattern", "flags", "languageIn", "uniqueLang", "hasValue", "in",
           "qualifiedMinCount", "qualifiedMaxCount", "ignoredProperties")  # fmt: skip
"""Parameters that decide about values that a path has led to, and look at nothing more."""
_WORDS = ("name", "description", "order", "group", "defaultValue", "message", "severity", "deactivated",
          "prefixes", "declare", "prefix", "namespace", "select")  # fmt: skip
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_PATHS = (SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
_INNER = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS = (SH["and"], SH["or"], SH.xone)
_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_KNOWN = frozenset((*(SH[name] for name in (*_VALUES, *_WORDS)), *_PAIRS, *_PATHS, *_INNER, *_LISTS, *_TARGETS,
                    SH.path, SH["class"], SH.closed, SH.sparql, SH.qualifiedValueShapesDisjoint))  # fmt: skip
_KINDS = frozenset({SH.NodeShape, SH.PropertyShape, SH.SPARQLTarget, SH.SPARQLConstraint, SH.PrefixDeclaration,
                    SH.PropertyGroup})  # fmt: skip
_SH = str(SH)
_ROOT: tuple[Way, ...] = ((),)


def are_known(shapes: Graph) -> bool:
    """Whether all that shapes say is known here; what speaks for a component of SHACL itself is not."""
    return all(
        (not predicate.startswith(_SH) or predicate in _KNOWN)
        and not (predicate == RDF.type and str(target).startswith(_SH) and target not in _KINDS)
        and not (predicate == SH.message and str(subject).startswith(_SH))
        for subject, predicate, target in shapes
        if isinstance(predicate, URIRef)
    )


def is_targeting(shape: Shape) -> bool:
    """Whether a shape may have focus nodes of its own."""
    graph = shape.sg.graph
    return bool(shape.implicit_class_targets()) or any((shape.node, one, None) in graph for one in _TARGETS)


def reads(shape: Shape, prefixes: Mapping[str, str]) -> Reads:
    """What a shape with its targets looks at; ``prefixes`` are those of the data."""
    found = Reads()
    look = _Look(shape, prefixes, found)
    look.targets()
    for node in look.inner():
        look.shape(node)
    found.around = None if found.always else look.around()
    found.ways = None if found.around is None else look.ways(found.around)
    return found


class _Look:
    """One shape, and what is found out about it."""

    def __init__(self, shape: Shape, prefixes: Mapping[str, str], into: Reads) -> None:
        self._shape, self._graph = shape, shape.sg.graph
        self._prefixes, self._into = prefixes, into
        self._queries: dict[Node, list[Any]] = {}  # Any: rdflib's queries

    def targets(self) -> None:
        """Note the targets."""
        _, classes, implicit, objects_of, subjects_of = self._shape.target()
        self._into.classes |= {str(one) for one in (*classes, *implicit)}
        self._into.properties |= {str(one) for one in (*objects_of, *subjects_of)}
        for target in self._graph.objects(self._shape.node, SH.target):
            self._ask(self._shape, target)

    def inner(self) -> set[Node]:
        """The shape and those that it leads to; siblings too, for qualified shapes are held against each other."""
        found: set[Node] = set()
        waiting: list[Node] = [self._shape.node]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(self._below(node))
                if (node, SH.qualifiedValueShapesDisjoint, None) in self._graph:
                    waiting.extend(self._graph.subjects(SH.property, node))
        return found

    def _below(self, node: Node) -> Iterator[Node]:
        for predicate in _INNER:
            yield from self._graph.objects(node, predicate)
        for predicate in _LISTS:
            for head in self._graph.objects(node, predicate):
                yield from self._members(head)

    def _members(self, head: Node) -> list[Node]:
        try:
            return list(self._graph.items(head))
        except ValueError:
            return []

    def shape(self, node: Node) -> None:
        """Note what the constraints of one shape look at."""
        graph, into = self._graph, self._into
        for path in graph.objects(node, SH.path):
            into.properties |= self._along(path)
        for predicate in _PAIRS:
            into.properties |= {str(one) for one in graph.objects(node, predicate)}
        into.classes |= {str(one) for one in graph.objects(node, SH["class"])}
        into.everything |= (node, SH.closed, None) in graph
        other = self._shape.get_other_shape(node)
        for constraint in graph.objects(node, SH.sparql):
            self._ask(other, constraint)

    def _along(self, path: Node) -> set[str]:
        """The properties that a path mentions."""
        found: set[str] = set()
        seen: set[Node] = set()
        waiting = [path]
        while waiting:
            node = waiting.pop()
            if isinstance(node, URIRef):
                found |= {str(node)} - {str(RDF.nil)}
            elif node not in seen:
                seen.add(node)
                waiting.extend(one for p in (RDF.first, RDF.rest, *_PATHS) for one in self._graph.objects(node, p))
        return found

    def _ask(self, shape: Shape | None, node: Node) -> None:
        """Note what the query at a node looks at."""
        texts = [] if shape is None else [str(text) for text in self._graph.objects(node, SH.select)]
        found = [self._parsed(shape, node, text) for text in texts]
        self._queries[node] = found
        if not found or None in found:
            self._into.everything = True
        for query in found:
            if query is not None:
                asked.note(query, self._into)

    def _parsed(self, shape: Shape | None, node: Node, text: str) -> Any:  # Any: rdflib's query
        """The query, in which ``$PATH`` is a property like any other; None where it cannot be read."""
        try:
            helper = get_query_helper_cls()(shape, node, text)
            helper.collect_prefixes()
            return prepareQuery(helper.apply_prefixes(text), initNs=dict(self._prefixes))
        except Exception:  # noqa: BLE001 # whatever pySHACL and rdflib raise: the run will tell
            return None

    def around(self) -> frozenset[Way] | None:
        """The ways from a focus node to what its results depend on; None where there are others."""
        found: set[Way] = set()
        try:
            self._follow(self._shape.node, list(_ROOT), (), found)
        except (NotLocal, NotCompiled):
            return None
        return frozenset(found)

    def ways(self, around: frozenset[Way]) -> frozenset[Way] | None:
        """These and the ways to what makes a node a focus node; None where a query does."""
        if (self._shape.node, SH.target, None) in self._graph:
            return None
        _, classes, implicit, objects_of, subjects_of = self._shape.target()
        found: set[Way] = {(Step(str(one)),) for one in subjects_of}
        found |= {(Step(str(one), inverse=True),) for one in objects_of}
        found |= {(Step(str(RDF.type)),) for _ in (*classes, *implicit)}
        return around | found

    def _follow(self, node: Node, starts: list[Way], above: tuple[Node, ...], found: set[Way]) -> None:
        """Add the ways of a shape whose focus nodes are at these ends."""
        graph = self._graph
        if node in above or (node, SH.qualifiedValueShapesDisjoint, None) in graph:
            raise NotLocal
        values = starts
        for path in graph.objects(node, SH.path):
            values = bounded(start + way for start in starts for way in routes(path_of(graph, path)))
            found |= {way[:length] for way in values for length in range(1, len(way) + 1)}
        for predicate in _PAIRS:
            found |= {(*start, Step(str(one))) for one in graph.objects(node, predicate) for start in starts}
        if (node, SH["class"], None) in graph:
            found |= {(*value, Step(str(RDF.type))) for value in values}
        if (node, SH.closed, None) in graph:
            found |= {(*value, Step(None)) for value in values}
        self._follow_queries(node, starts, found)
        bounded(found)
        for inner in self._below(node):
            self._follow(inner, values, (*above, node), found)

    def _follow_queries(self, node: Node, starts: list[Way], found: set[Way]) -> None:
        constraints = list(self._graph.objects(node, SH.sparql))
        if constraints and (tuple(starts) != _ROOT or self._may_be_literal()):
            raise NotLocal
        for constraint in constraints:
            for query in self._queries.get(constraint, [None]):
                if query is None:
                    raise NotLocal
                ways, far = local(query)
                found |= ways
                self._into.far |= far

    def _may_be_literal(self) -> bool:
        """Whether a focus node may be a literal, which rdflib takes for nothing in some places; by a query aside."""
        nodes = list(self._shape.target_nodes())
        return (self._shape.node, SH.targetObjectsOf, None) in self._graph or any(isinstance(n, Literal) for n in nodes)


def superclasses(graph: Graph, classes: Iterable[Node]) -> set[str]:
    """The classes and those above them."""
    return {str(one) for node in classes for one in (node, *graph.transitive_objects(node, RDFS.subClassOf))}
