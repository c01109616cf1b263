"""Random shapes and data that break some of them, the same for the same seed; and both engines on one pair."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph
from pyshacl.rdfutil.stringify import stringify_blank_node
from rdflib import SH, BNode, Graph
from rdflib.term import Node

from kgpub.validation.adapter import Adapter, ParsesOnce, quiet, report_graph, strict_booleans
from kgpub.validation.candidates import candidates
from kgpub.validation.terms import triple
from kgpub.validation.view import SourceStore, kept

PREFIXES = (
    "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
NAMED = {"ex": "http://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}

LITERALS = (
    '"a"', '"ab"', '"abc"', '"A1"', '""', '"a\\nb"', '"ქა"', '"a"@ka', '"a"@en', '"b"@en', '"b"@en-GB', '"a"@EN', "1", "2", "-3", "007",
    '"-0"^^xsd:integer', '"+1"^^xsd:integer', '"x"^^xsd:integer', '"1"^^xsd:int', '"300"^^xsd:byte', "1.0", "1.5", "1.50", "2.0e0", "NaN",
    '"INF"^^xsd:double', "true", "false", '"1"^^xsd:boolean', '"maybe"^^xsd:boolean', '"2020-01-01"^^xsd:date', '"2020-02-30"^^xsd:date',
    '"2020-01-01Z"^^xsd:date', '"2021-05-05+04:00"^^xsd:date', '"2020-01-01T00:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00Z"^^xsd:dateTime',
    '"2020-01-01T24:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00.50"^^xsd:dateTime', '"2020"^^xsd:gYear', '"P12M"^^xsd:duration',
    '"12:00:00"^^xsd:time', '"x"^^ex:own', '"1"^^ex:own', '"http://a"^^xsd:anyURI', '"1"^^<urn:x-kgpub:well-formed:http://a>', '"a"@ar--rtl',
)  # fmt: skip
BOUNDS = ("1", "2", "1.5", '"b"', '"2020-06-01"^^xsd:date', '"2020-06-01T00:00:00"^^xsd:dateTime', "true", '"1"^^xsd:int', "1.0e0",
          '"2020-06-01T00:00:00Z"^^xsd:dateTime', '"b"@en')  # fmt: skip
TYPES = ("xsd:string", "xsd:integer", "xsd:int", "xsd:decimal", "xsd:boolean", "xsd:date", "xsd:dateTime", "xsd:double", "ex:own",
         "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>", "rdfs:Literal", "xsd:byte", "xsd:time", "xsd:duration")  # fmt: skip
KINDS = ("sh:IRI", "sh:BlankNode", "sh:Literal", "sh:BlankNodeOrIRI", "sh:BlankNodeOrLiteral", "sh:IRIOrLiteral")
PATTERNS = (
    '"^a"',
    '"b$"',
    '"[0-9]+"',
    '"^[a-c]{1,2}$"',
    '"a|1"',
    '"^\\\\d+$"',
    '"."',
    '"^(?!a)"',
    '"ქ"',
    '"\\\\w\\\\w"',
    '"^\\\\S+$"',
    '"(a)b?"',
)
QUERIES = (
    "SELECT $this ?value ?t WHERE { { $this ?t ?value . BIND(?t AS ?path) } UNION { $this ?path ?value . FILTER(?path IN (ex:p, ex:q)) BIND(?value AS ?t) } FILTER(STRSTARTS(STR(?t), STR(ex:n))) FILTER NOT EXISTS { ?t ex:r ?any } }",
    "SELECT $this WHERE { $this ex:p ?v . $this ex:q ?w . FILTER(?v < ?w) }",
    "SELECT $this ?value WHERE { $this ex:r ?value . FILTER NOT EXISTS { ?value ex:p ?any } }",
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER(?value != ex:b1) }",
    "SELECT $this WHERE { { $this ex:p ?v } UNION { $this a ex:B } FILTER(isIRI(?v)) }",
    "SELECT $this WHERE { $this ex:r/ex:r ?v . OPTIONAL { ?v ex:p ?w } FILTER(!bound(?w)) }",
    "SELECT $this WHERE { $this ex:p ?v . OPTIONAL { $this ex:q ?w } FILTER NOT EXISTS { ?w ex:r ?x } }",
    "SELECT $this (COUNT(?v) AS ?n) WHERE { $this ex:p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(STRLEN(STR(?v)) > 1 || isLiteral(?v) && ?v >= 1) }",
    "SELECT $this WHERE { ?o ex:r $this . FILTER EXISTS { ?o ex:p ?v . FILTER(?v IN (ex:b0, ex:b1)) } }",
    "SELECT $this WHERE { $this ^ex:r ?o . ?o a ex:A . BIND(?o AS ?value) FILTER(?value = ex:n1) }",
    'SELECT $this ?value WHERE { $this ?p ?value FILTER(isLiteral(?value) && LANG(?value) != "" && LANG(?value) NOT IN ("ka", "en")) }',
    "SELECT $this WHERE { $this ex:p ?v ; ex:q ?w . FILTER(?v + STRLEN(STR(?w)) > 2) }",
    "SELECT $this WHERE { $this ex:p ?v ; ex:q ?w . FILTER(?v - ?w != 0) }",
    'SELECT $this WHERE { $this ex:p ?v . FILTER(!REGEX(STR(?v), "^[a-z]+$") && STRLEN(?v) < 3) }',
    'SELECT $this WHERE { $this ex:q ?v . FILTER(CONTAINS(STR(?v), "1") || STRSTARTS(STR(?v), STR(ex:n)) || LCASE(LANG(?v)) = "en-gb") }',
    "SELECT $this WHERE { $this ex:p ?v . FILTER(?v = 1 || ?v * 2 >= 4) }",
    "SELECT $this WHERE { $this ex:r* ?o . ?o ex:q ?v . FILTER(!(isBlank(?v) || ?v < 3)) }",
)


class Source:
    """A seeded source of shapes and data."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.shapes: list[str] = []

    def one(self, of: Iterable[str]) -> str:
        return self.random.choice(list(of))

    def some(self, of: Iterable[str], most: int) -> list[str]:
        found = list(of)
        return self.random.sample(found, self.random.randint(1, min(most, len(found))))

    def data(self) -> str:
        nodes = [f"ex:n{i}" for i in range(8)] + ["_:b0", "_:b1"]
        lines = ["ex:B rdfs:subClassOf ex:A .", "ex:C rdfs:subClassOf ex:B .", "ex:D rdfs:subClassOf ex:D ."]
        for node in nodes:
            lines += [f"{node} a {one} ." for one in self.some(("ex:A", "ex:B", "ex:C", "ex:D", "rdfs:Resource"), 2)]
            for _ in range(self.random.randint(0, 6)):
                near = self.one(("literal", "literal", "node"))
                value = self.literal() if near == "literal" else self.one([*nodes, "ex:b0", "ex:b1"])
                lines.append(f"{node} ex:{self.one('pqrs')} {value} .")
        return PREFIXES + "\n".join(lines)

    def literal(self) -> str:
        return self.one(LITERALS).replace("NaN", '"NaN"^^xsd:double')

    def path(self, depth: int = 0) -> str:
        plain = f"ex:{self.one('pqrs')}"
        kind = self.random.randint(0, 13 if depth < 2 else 7)
        if kind < 8:
            return plain
        within = self.path(depth + 1)
        other = self.path(depth + 1)
        return (
            f"[ sh:inversePath {within} ]",
            f"( {within} {other} )",
            f"[ sh:alternativePath ( {within} {other} ) ]",
            f"[ sh:zeroOrMorePath {within} ]",
            f"[ sh:oneOrMorePath {within} ]",
            f"[ sh:zeroOrOnePath {within} ]",
        )[kind - 8]

    def value_constraint(self, depth: int) -> str:
        deep = (
            lambda: f"sh:not {self.nested(depth)}",
            lambda: f"sh:and ( {self.nested(depth)} {self.nested(depth)} )",
            lambda: f"sh:or ( {self.nested(depth)} {self.nested(depth)} )",
            lambda: f"sh:xone ( {self.nested(depth)} {self.nested(depth)} {self.nested(depth)} )",
            lambda: f"sh:node {self.node(depth)}",
            lambda: f"sh:property {self.property(depth + 1)}",
        )
        flat = (
            lambda: f"sh:class {self.one(('ex:A', 'ex:B', 'ex:C', 'ex:D', 'ex:E'))}",
            lambda: f"sh:datatype {self.one(TYPES)}",
            lambda: f"sh:nodeKind {self.one(KINDS)}",
            lambda: (
                f"sh:{self.one(('minInclusive', 'maxInclusive', 'minExclusive', 'maxExclusive'))} {self.one(BOUNDS)}"
            ),
            lambda: f"sh:minLength {self.random.randint(0, 3)}",
            lambda: f"sh:maxLength {self.random.randint(0, 3)}",
            lambda: f"sh:pattern {self.one(PATTERNS)}" + self.one(("", "", ' ; sh:flags "i"')),
            lambda: f"sh:languageIn ( {' '.join(self.some(QUOTED, 2))} )",
            lambda: (
                f"sh:in ( {' '.join(self.some([*LITERALS[:28], 'ex:b0', 'ex:n1', 'ex:n2'], 6)).replace('NaN', '1')} )"
            ),
            lambda: f"sh:hasValue {self.one([*LITERALS[:24], 'ex:b0', 'ex:n1'])}",
            lambda: f"sh:{self.one(('equals', 'disjoint'))} ex:{self.one('pqrs')}",
            lambda: (
                f"sh:closed true ; sh:ignoredProperties ( {' '.join(self.some(('ex:p', 'ex:q', 'ex:r', RDF_TYPE), 3))} )"
            ),
        )
        return self.random.choice(flat + (deep if depth < 2 else ()))()

    def constraints(self, depth: int, *, is_property: bool) -> str:
        found = {
            text.split()[0]: text for text in (self.value_constraint(depth) for _ in range(self.random.randint(1, 2)))
        }
        if is_property and self.random.random() < 0.6:
            more = self.random.choice(
                (
                    f"sh:minCount {self.random.randint(0, 3)}",
                    f"sh:maxCount {self.random.randint(0, 3)}",
                    "sh:uniqueLang true",
                    f"sh:{self.one(('lessThan', 'lessThanOrEquals'))} ex:{self.one('pqrs')}"
                    if depth == 0
                    else "sh:minCount 1",
                    f"sh:qualifiedValueShape {self.nested(depth)} ; sh:qualifiedMinCount {self.random.randint(0, 2)}",
                    f"sh:qualifiedValueShape {self.nested(depth)} ; sh:qualifiedMaxCount {self.random.randint(0, 2)}",
                    f"sh:qualifiedValueShape {self.nested(depth)} ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true",
                )
            )
            found[more.split()[0]] = more
        if depth == 0 and self.random.random() < 0.2:
            found["sparql"] = f'sh:sparql [ sh:prefixes ex:prefixes ; sh:select """{self.one(QUERIES)}""" ]'
        if self.random.random() < 0.05:
            found["deactivated"] = "sh:deactivated true"
        if self.random.random() < 0.1:
            found["severity"] = "sh:severity sh:Warning"
        return " ; ".join(found.values())

    def node(self, depth: int) -> str:
        return f"[ a sh:NodeShape ; {self.constraints(depth + 1, is_property=False)} ]"

    def property(self, depth: int) -> str:
        return f"[ sh:path {self.path()} ; {self.constraints(depth, is_property=True)} ]"

    def nested(self, depth: int) -> str:
        return self.property(depth + 1) if self.random.random() < 0.4 else self.node(depth)

    def targets(self) -> str:
        kinds = ("sh:targetClass ex:A", "sh:targetClass ex:B", "sh:targetClass ex:D", "sh:targetSubjectsOf ex:p", "sh:targetObjectsOf ex:r",
                 "sh:targetObjectsOf ex:q", "sh:targetNode ex:n1 , ex:nowhere",
            f'sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:prefixes ; sh:select """{self.one(TARGETS)}""" ]', 'sh:targetNode "a"')  # fmt: skip
        return " ; ".join({text.split()[0]: text for text in self.some(kinds, 2)}.values())

    def shapes_text(self) -> str:
        lines = ['ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .']
        for i in range(self.random.randint(2, 4)):
            body = " ; ".join(f"sh:property {self.property(0)}" for _ in range(self.random.randint(1, 3)))
            extra = f" ; {self.constraints(0, is_property=False)}" if self.random.random() < 0.5 else ""
            lines.append(f"ex:S{i} a sh:NodeShape ; {self.targets()} ; {body}{extra} .")
        if self.random.random() < 0.3:
            lines.append(
                f"ex:P a sh:PropertyShape ; sh:path {self.path()} ; {self.targets()} ; {self.constraints(0, is_property=True)} ."
            )
        return PREFIXES + "\n".join(lines)


TARGETS = (
    "SELECT ?this WHERE { ?this a ex:A }",
    "SELECT DISTINCT ?this WHERE { { { SELECT DISTINCT ?t WHERE { ?s ?t ?o } } FILTER(?t IN (ex:p, ex:q)) } { ?this ?t ?any } UNION { ?any ex:r ?this } }",
    'SELECT ?this WHERE { ?any ex:p ?this . FILTER(STRLEN(STR(?this)) < 3 || REGEX(STR(?this), "^[0-9]+$")) FILTER NOT EXISTS { ?this ex:q ?v } }',
    "SELECT ?this WHERE { ?this ex:p ?v . OPTIONAL { ?this ex:q ?w } FILTER(!bound(?w)) }",
    "SELECT ?this WHERE { ?this ex:q ?v . FILTER(?v > 1) }",
    "SELECT ?this WHERE { { { SELECT DISTINCT ?t WHERE { { ?s ?t ?o } UNION { ?s ex:r|ex:p ?t } } } FILTER(STRSTARTS(STR(?t), STR(ex:))) FILTER NOT EXISTS { ?t ex:q ?any } } { ?this ?t ?x } UNION { ?this ex:p|ex:q ?t } }",
    "SELECT ?this WHERE { { ?this ex:p ?v } UNION { ?this a ex:A . ?this ex:r|ex:q ?v } FILTER(!isLiteral(?v) || ?v < 2) }",
)
QUOTED = ('"ka"', '"en"', '"EN-gb"', '"*"', '"fr"')
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass(frozen=True)
class Told:
    """What an engine says: results, what else is in the report, or the error; and how much was left to pySHACL."""

    results: Counter[str]
    rest: Counter[str] = field(default_factory=Counter)
    error: str = ""


def told(report: Graph) -> Told:
    """A report in a form that compares: result nodes by what is said of them, other blank nodes without names."""
    (top,) = set(report.subjects(SH.conforms, None))
    inner = {top, *report.objects(None, SH.result), *report.objects(None, SH.detail)}
    rest = Counter(" ".join(map(_name, one)) for one in report if one[0] not in inner)
    rest.update(node.n3() for node in report.objects(top, SH.conforms))
    return Told(Counter(_said(report, node) for node in report.objects(top, SH.result)), rest)


def _name(node: Node) -> str:
    """A term; what describes a shape or a path within another is copied to blank nodes without stable names."""
    return "_:" if isinstance(node, BNode) else node.n3()


def _said(report: Graph, node: Node) -> str:
    pairs = report.predicate_objects(node)
    return repr(
        sorted((str(p), _said(report, o) if p == SH.detail and isinstance(o, BNode) else o.n3()) for p, o in pairs)
    )


def quads(text: str | bytes, name: str = "", base: str = "http://example.org/") -> list[pyoxigraph.Quad]:
    """The quads of a Turtle text with named blank nodes."""
    names: dict[str, pyoxigraph.BlankNode] = {}

    def of(node: object) -> object:
        if isinstance(node, pyoxigraph.BlankNode):
            return names.setdefault(node.value, pyoxigraph.BlankNode(f"{name}z{len(names)}z"))
        return node

    parsed = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE, base_iri=base)
    return [pyoxigraph.Quad(of(q.subject), q.predicate, of(q.object)) for q in parsed]  # type: ignore[arg-type] # kinds are kept


def in_memory(found: Iterable[pyoxigraph.Quad], graph: Graph) -> Graph:
    """The graph with these triples."""
    for quad in found:
        one = triple(quad)
        if one is not None:
            graph.add(one)
    return graph


def shapes_of(found: list[pyoxigraph.Quad]) -> Graph:
    """Shapes as ``validate`` reads them."""
    with quiet(), strict_booleans():
        return in_memory(found, ParsesOnce(NAMED))


class _Forgetful(dict[object, object]):
    """No memory: pySHACL's words for a deep shape otherwise depend on which shape it met first."""

    def __setitem__(self, key: object, value: object) -> None:
        """Forget it."""


stringify_blank_node.dict_cache = _Forgetful()


def plainly(data: list[pyoxigraph.Quad], shapes: list[pyoxigraph.Quad]) -> Told:
    """What plain pySHACL says, with rdflib's own graph."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in NAMED.items():
        graph.bind(prefix, namespace)
    with quiet():
        try:
            return told(report_graph(in_memory(data, graph), shapes_of(shapes)))
        except Exception:  # noqa: BLE001 # whatever pySHACL raises: both must
            return Told(Counter(), error="raised")


def quickly(data: list[pyoxigraph.Quad], shapes: list[pyoxigraph.Quad]) -> tuple[Told, dict[str, int]]:
    """What pySHACL says of the candidates; and how many nodes of each shape were candidates (-1: handed over)."""
    store = pyoxigraph.Store()
    store.extend(quad for quad in map(kept, data) if quad is not None)
    graph = ParsesOnce(NAMED, SourceStore(store))
    sizes: dict[str, int] = {}
    with quiet():
        try:
            adapter = Adapter(graph, shapes_of(shapes))
            found = candidates(adapter.shapes, graph)
            sizes = {str(node): len(chosen) for node, chosen in found.chosen.items()}
            sizes |= {str(node): -1 for node in found.handed_over}
            return told(adapter.report(found.chosen)), sizes
        except Exception:  # noqa: BLE001 # whatever pySHACL raises: both must
            return Told(Counter(), error="raised"), sizes
