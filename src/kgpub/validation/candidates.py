"""Which focus nodes may break which shape: SPARQL over a throwaway store, before pySHACL looks at them.

Every node that breaks a shape is found, and perhaps others: pySHACL, which sees the terms as they were written,
confirms and reports. A shape that cannot be compiled is left to it with all its focus nodes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph
from pyshacl.shape import Shape
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kgpub.validation.conditions import Compiler
from kgpub.validation.joining import well_joined
from kgpub.validation.logic import FALSE, Names, NotCompiled, either, renumbered
from kgpub.validation.paths import exists
from kgpub.validation.targets import AMONG, PROPERTIES, Target, targeted
from kgpub.validation.terms import stored
from kgpub.validation.view import SourceStore, read
from kgpub.validation.writing import written

_BELOW = pyoxigraph.NamedNode("urn:x-kgpub:below")
"""The graph, and the property, in which a class is below another; a view does not see such graphs."""
_LONGEST = 200_000
"""Characters of a query."""
_MOST_ASKED = 2
"""Values of a property that are looked at for each focus node, to know that none of them breaks a constraint."""
_FOCUS = "?focus"
_Stored = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal


@dataclass(frozen=True)
class Candidates:
    """The focus nodes to look at per shape; and the shapes that are not among them, with the reason."""

    chosen: Mapping[Node, frozenset[Node]]
    handed_over: Mapping[Node, str]


def candidates(shapes: Iterable[Shape], graph: Graph) -> Candidates:
    """The candidates of the shapes in a view of the data (``view.SourceStore``)."""
    search = _Search(graph)
    chosen: dict[Node, frozenset[Node]] = {}
    handed_over: dict[Node, str] = {}
    for shape in shapes:
        try:
            chosen[shape.node] = search.of(shape)
        except NotCompiled as reason:
            handed_over[shape.node] = str(reason)
    return Candidates(chosen, handed_over)


class _Search:
    """Questions about one view of the data."""

    def __init__(self, graph: Graph) -> None:
        assert isinstance(graph.store, SourceStore)
        self._graph = graph
        self._store = graph.store.store
        self._classes: dict[Node, bool] = {}
        self._absent: dict[str, bool] = {}
        self._widths: dict[tuple[str, bool], int] = {}
        self._met: dict[tuple[bool, str, str], bool] = {}
        self._sizes: dict[str, int] = {}
        self._reach = 0
        self._lists = 0
        self._has_properties = False
        self._prefixes = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}

    def of(self, shape: Shape) -> frozenset[Node]:
        """The focus nodes that may break a shape; raises ``NotCompiled``."""
        patterns = list(self._targets(shape))
        named = frozenset(shape.target_nodes())
        graph = shape.sg.graph
        targets = [targeted(shape, target, self._prefixes) for target in graph.objects(shape.node, SH.target)]
        asked = [self._asked(target.may) for target in targets]
        if not patterns and not any(asked):
            return named
        self._reach = sum(self._size(pattern) for pattern in (*patterns, *asked) if pattern)
        compiler = Compiler(graph, self._prefixes, self._belongs, Names(self._is_absent, self._widest, self._is_met))
        faults = [fault for fault in compiler.faults(shape, _FOCUS) if fault != FALSE]
        found = {node for fault in faults for node in self._found(patterns, fault)}
        perhaps = {node for fault in faults for node in self._found([one for one in asked if one], fault)}
        return named | found | self._sure(shape, perhaps - found, targets)

    def _sure(self, shape: Shape, perhaps: set[Node], targets: Iterable[Target]) -> set[Node]:
        """Those of the nodes that are focus nodes by a query of the shapes; rdflib answers it where there is doubt."""
        if not perhaps:
            return set()
        among = self._listed(stored(node) for node in perhaps)
        sure = {read(node) for target in targets for node in self._nodes(target.must.replace(AMONG, among("?this"), 1))}
        if perhaps <= sure:
            return perhaps
        shape.set_advanced(True)
        with well_joined():
            return perhaps.intersection(shape.focus_nodes(self._graph))

    def _found(self, patterns: Sequence[str], fault: str) -> set[Node]:
        """The focus nodes of targets with a fault."""
        if not patterns:
            return set()
        nodes = " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
        if len(patterns) > 1:  # Oxigraph moves a filter into a UNION, but not past GROUP BY: so each node is seen once
            nodes = f"{{ SELECT {_FOCUS} WHERE {{ {nodes} }} GROUP BY {_FOCUS} }}"
        query = f"SELECT DISTINCT {_FOCUS} WHERE {{ {nodes} FILTER({either((fault,))}) }}"
        if len(query) > _LONGEST:
            raise NotCompiled("shapes that are too many within each other")
        solutions = self._store.query(query)
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        return {read(solution[0]) for solution in solutions}

    def _targets(self, shape: Shape) -> Iterator[str]:
        """The targets of a shape as patterns (SHACL section 2.1.3), all but the nodes that are named."""
        _, classes, implicit, objects_of, subjects_of = shape.target()
        for one in {*classes, *implicit}:
            yield self._instances(one)
        for one in subjects_of:
            yield f"{_FOCUS} {self._property(one)} ?any ."
        for one in objects_of:
            yield f"?any {self._property(one)} {_FOCUS} ."

    def _note_properties(self) -> None:
        """Note the properties of the data for the targets that ask for all of them."""
        graph = pyoxigraph.NamedNode(PROPERTIES[1:-1])
        solutions = self._store.query("SELECT DISTINCT ?p WHERE { ?s ?p ?o }")
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        self._store.extend([pyoxigraph.Quad(graph, graph, solution[0], graph) for solution in solutions])
        self._has_properties = True

    def _nodes(self, query: str) -> list[_Stored]:
        """What a query for focus nodes finds."""
        if PROPERTIES in query and not self._has_properties:
            self._note_properties()
        solutions = self._store.query(query)
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        return [solution["this"] for solution in solutions]

    def _asked(self, query: str) -> str:
        """The pattern of the nodes that a query of the shapes may find, noted in the store; nothing for none."""
        found = self._nodes(query)
        return self._listed(found)(_FOCUS) if found else ""

    def _listed(self, nodes: Iterable[_Stored]) -> Callable[[str], str]:
        """The pattern of some nodes, which are noted in the store, for a variable."""
        self._lists += 1
        list_ = pyoxigraph.NamedNode(f"{_BELOW.value}:{self._lists}")
        self._store.extend(pyoxigraph.Quad(list_, _BELOW, node, list_) for node in nodes)
        return lambda variable: f"GRAPH {list_} {{ {list_} {_BELOW} {variable} }} "

    @staticmethod
    def _property(node: Node) -> str:
        if not isinstance(node, URIRef):
            raise NotCompiled("a target that is no property")
        return written(node)

    def _instances(self, one: Node) -> str:
        """The pattern of the instances of a class."""
        if self._is_parent(one):
            return f"GRAPH {_BELOW} {{ ?class {_BELOW} {written(one)} }} {_FOCUS} {written(RDF.type)} ?class ."
        return f"{_FOCUS} {written(RDF.type)} {written(one)} ."

    def _belongs(self, variable: str, one: Node) -> str:
        """The test whether a variable is an instance of a class (SHACL section 1.1)."""
        type_ = written(RDF.type)
        if not self._is_parent(one):
            return exists(f"{variable} {type_} {written(one)}", "true")
        class_ = f"{variable}_class"
        below = f"EXISTS {{ GRAPH {_BELOW} {{ {class_} {_BELOW} {written(one)} }} }}"
        return exists(f"{variable} {type_} {class_}", below)

    def _is_absent(self, property: str) -> bool:
        """Whether no triple of the data has a property."""
        if property not in self._absent:
            self._absent[property] = not self._store.query(f"ASK {{ ?s {property} ?o }}")
        return self._absent[property]

    def _is_met(self, property: str, pattern: str, test: str) -> bool:
        """Whether something matches a pattern with a property and passes a test; perhaps, where asking is too long."""
        if self._size(f"?s {property} ?o") > _MOST_ASKED * self._reach:
            return True
        key = pattern.startswith("?any"), property, renumbered(test)
        if key not in self._met:
            self._met[key] = bool(self._store.query(f"ASK {{ {pattern} FILTER({test}) }}"))
        return self._met[key]

    def _size(self, pattern: str) -> int:
        """How many matches a pattern has."""
        if pattern not in self._sizes:
            solutions = self._store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
            assert isinstance(solutions, pyoxigraph.QuerySolutions)
            self._sizes[pattern] = int(next(iter(solutions))[0].value)
        return self._sizes[pattern]

    def _widest(self, property: str, is_back: bool) -> int:
        """How many values a node has of a property at most; or how many nodes have the same value."""
        if (property, is_back) not in self._widths:
            end = "?o" if is_back else "?s"
            query = f"SELECT (MAX(?n) AS ?most) {{ SELECT (COUNT(*) AS ?n) {{ ?s {property} ?o }} GROUP BY {end} }}"
            solutions = self._store.query(query)
            assert isinstance(solutions, pyoxigraph.QuerySolutions)
            most = next(iter(solutions))[0]
            self._widths[property, is_back] = int(most.value) if most is not None else 0
        return self._widths[property, is_back]

    def _is_parent(self, one: Node) -> bool:
        """Whether there are classes below a class; they are noted in the store at the first question."""
        if one not in self._classes:
            below = [node for node in self._graph.transitive_subjects(RDFS.subClassOf, one) if node not in (None, one)]
            self._classes[one] = bool(below)
            if below:
                self._note(one, [one, *below])
        return self._classes[one]

    def _note(self, one: Node, below: Iterable[Node]) -> None:
        parent = stored(one)
        for node in below:
            child = stored(node)
            if not isinstance(child, pyoxigraph.Literal):
                self._store.add(pyoxigraph.Quad(child, _BELOW, parent, _BELOW))
