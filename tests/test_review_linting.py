"""What shapes are told that engines pass over in silence: a row per fault, and rows of which nothing may be said."""

import json
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad
from typer.testing import CliRunner

from conftest import write_site
from kgpub.cli import app
from kgpub.represent.messages.linting import MESSAGES
from kgpub.review import OF_SHAPES, Remark, lint, review
from kgpub.review.linting.graph import FIRST, REST, ShapesGraph
from kgpub.review.linting.ties import circles, twice, unreachable
from kgpub.review.linting.values import values
from kgpub.review.survey import Stated
from kgpub.settings import load
from kgpub.settings.tables import SH

ROOT = Path(__file__).parents[1]
BASE = "https://kg.museum.ge/"
TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'
P = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <{BASE}ns/> . @prefix s: <shape/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
LINES = P.count("\n")
ONTOLOGY = """ex:Thing a owl:Class . ex:Book a owl:Class ; rdfs:subClassOf ex:Thing . ex:Map a owl:Class .
ex:author a owl:ObjectProperty . ex:pages a owl:DatatypeProperty . ex:roman a rdfs:Datatype .
"""
DATA = '<id/a> a ex:Book ; ex:pages 12 ; ex:author <id/b> . <id/b> ex:name "Nino" .\n'
SAY = 'sh:message "ცუდია"@ka , "bad"@en'
T = f"s:B a sh:NodeShape ; sh:targetClass ex:Book ; {SAY} ; "


def remarks(tmp_path: Path, shapes: str, toml: str = TOML) -> tuple[Remark, ...]:
    files = {"data/a.ttl": P + DATA, "ontology/o.ttl": P + ONTOLOGY, "shapes/s.ttl": P + shapes}
    return lint(load(write_site(tmp_path, files, toml))).remarks


def about(parameters: str) -> str:
    """A property shape for the pages of books."""
    return f"{T}sh:property [ sh:path ex:pages ; {SAY} ; {parameters} ] ."


FAULTS = [
    # what is said on the first line after the prefixes, the rule, words of its message
    ("s:B a sh:NodeShape ; sh:targetClass ex:Bok ; sh:nodeKind sh:IRI ; " + SAY + " .", "shape-target", "sh:targetClass"),
    ("s:B a sh:NodeShape ; sh:targetClass ex:Map ; sh:nodeKind sh:IRI ; " + SAY + " .", "shape-target", "ns/Map"),
    ("s:B a sh:NodeShape ; sh:targetNode <id/x> ; sh:nodeKind sh:IRI ; " + SAY + " .", "shape-target", "sh:targetNode"),
    ("s:B a sh:NodeShape ; sh:targetSubjectsOf ex:x ; sh:nodeKind sh:IRI ; " + SAY + " .", "shape-target", "SubjectsOf"),
    ("s:B a sh:NodeShape ; sh:targetObjectsOf ex:x ; sh:nodeKind sh:IRI ; " + SAY + " .", "shape-target", "ObjectsOf"),
    ("ex:Map a sh:NodeShape , owl:Class ; sh:nodeKind sh:IRI ; " + SAY + " .", "shape-target-implicit", "ns/Map"),
    (about("sh:minCuont 1"), "term-misspelt", "minCount"),
    (about("sh:nodeKind sh:Litteral"), "term-misspelt", "shacl#Literal"),
    (about("sh:wibble 1"), "term-undefined", "wibble"),
    (f"s:B a <http://www.w3.org/ns/shacl/NodeShape> . {T} sh:nodeKind sh:IRI .", "namespace-wrong", "ns/shacl/"),
    ("s:B a sh:NodeShape ; sh:targetClass ex:Book ; sh:nodeKind sh:IRI .", "shape-message", "ka, en"),
    ('s:B a sh:NodeShape ; sh:targetClass ex:Book ; sh:nodeKind sh:IRI ; sh:message "bad"@en .', "shape-message", "in: ka"),
    (T + "sh:property [ sh:path ex:pages ; sh:minCount 1 ] .", "shape-message", "shape/B"),
    ("s:B a sh:NodeShape ; sh:targetClass ex:Book ; sh:sparql [ sh:message 'bad'@en ; sh:select 'SELECT $this {}' ] .", "shape-message", "in: ka"),
    (about("sh:in 1"), "shape-list", "in parentheses"),
    (about("sh:in [ rdf:first 1 ]"), "shape-list", "breaks off"),
    (about("sh:in [ rdf:rest () ]"), "shape-list", "breaks off"),
    (about("sh:in [ rdf:first 1 ; rdf:rest 2 ]"), "shape-list", "breaks off"),
    (about("sh:in [ rdf:first 1 , 2 ; rdf:rest () ]"), "shape-list", "two members"),
    (about("sh:in _:l") + " _:l rdf:first 1 ; rdf:rest _:l .", "shape-list", "never ends"),
    (about("sh:languageIn 'ka'"), "shape-list", "sh:languageIn"),
    (T + "sh:or [ sh:nodeKind sh:IRI ] .", "shape-list", "sh:or"),
    (T + "sh:and s:B .", "shape-list", "sh:and"),
    (T + "sh:xone 'x' .", "shape-list", "sh:xone"),
    (T + "sh:closed true ; sh:ignoredProperties rdf:type .", "shape-list", "sh:ignoredProperties"),
    (about("sh:datatype ex:Book"), "shape-datatype", "sh:class"),
    (about("sh:datatype skos:Concept"), "shape-datatype", "sh:class"),
    (about("sh:datatype rdfs:Literal"), "shape-datatype", "no datatype"),
    (about("sh:datatype <http://example.net/number>"), "shape-datatype", "no vocabulary"),
    (about("sh:datatype xsd:intger"), "shape-datatype", "no vocabulary"),
    (about("sh:class <http://example.net/Person>"), "shape-class", "nothing is known"),
    (T + "sh:property [ sh:path <http://example.net/p> ; sh:minCount 1 ; " + SAY + " ] .", "shape-path", "example.net/p"),
    (T + "sh:property [ sh:path ( ex:author [ sh:inversePath <http://e.net/p> ] ) ; sh:minCount 1 ; " + SAY + " ] .", "shape-path", "e.net/p"),
    (T + "sh:property [ sh:minCount 1 ; " + SAY + " ] .", "shape-path-form", "has no sh:path"),
    (T + "sh:property [ sh:path ex:pages , ex:author ; sh:minCount 1 ; " + SAY + " ] .", "shape-path-form", "several"),
    (T + "sh:property [ sh:path 'pages' ; sh:minCount 1 ; " + SAY + " ] .", "shape-path-form", "no path"),
    (T + "sh:property [ sh:path [ ex:of ex:pages ] ; sh:minCount 1 ; " + SAY + " ] .", "shape-path-form", "no path"),
    (T + "sh:property [ sh:path [ rdf:first ex:pages ] ; sh:minCount 1 ; " + SAY + " ] .", "shape-path-form", "no path"),
    (T + "sh:path ex:pages .", "shape-path-form", "an sh:NodeShape"),
    (T + "sh:nodeKind sh:IRI ; sh:deactivated true .", "shape-deactivated", "switched off"),
    (about("sh:minCount 2 ; sh:maxCount 1"), "shape-range", "sh:minCount 2 and sh:maxCount 1"),
    (about("sh:minLength 2 ; sh:maxLength 1"), "shape-range", "sh:minLength"),
    (about("sh:minInclusive 2.5 ; sh:maxInclusive 1"), "shape-range", "nothing lies"),
    (about("sh:minExclusive 1 ; sh:maxInclusive 1"), "shape-range", "nothing lies"),
    (about('sh:minInclusive "2026-01-02"^^xsd:date ; sh:maxInclusive "2025-01-02"^^xsd:date'), "shape-range", "2026"),
    (about("sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ]"), "shape-range", "qualified"),
    (about("sh:pattern '(a'"), "shape-pattern", "cannot be read"),
    (about(r"sh:pattern '\\p{L}+'"), "shape-pattern", r"bad escape \p"),
    (about("sh:pattern '" + "(" * 1900 + "'"), "shape-pattern", "cannot be read"),
    (about("sh:pattern '^(?=a)b'"), "shape-pattern-dialect", "(?="),
    (about(r"sh:pattern '^\\w+$'"), "shape-pattern-dialect", r"“\w”"),
    (about(r"sh:pattern '\\bx'"), "shape-pattern-dialect", r"“\b”"),
    (about("sh:pattern '[a-z-[aeiou]]'"), "shape-pattern-dialect", "“[”"),
    (about(r"sh:pattern '[\\x21-\\x7e]'"), "shape-pattern-dialect", r"“\x”"),
    (about("sh:pattern 'a' ; sh:flags 'q'"), "shape-pattern-dialect", "sh:flags q"),
    (about("sh:pattern 'a' ; sh:flags 'u'"), "shape-value", "sh:flags"),
    (f"s:B a sh:NodeShape ; sh:nodeKind sh:IRI ; {SAY} .", "shape-unreachable", "shape/B"),
    ("s:B a sh:NodeShape ; sh:node s:C . s:C a sh:NodeShape ; sh:nodeKind sh:IRI .", "shape-unreachable", "shape/B"),
    ("s:P a sh:PropertyShape ; sh:path ex:pages ; sh:minCount 1 .", "shape-unreachable", "shape/P"),
    (about("sh:minCount '1'"), "shape-value", "xsd:integer"),
    (about("sh:minCount 1.0"), "shape-value", "xsd:integer"),
    (about("sh:uniqueLang 'true'"), "shape-value", "true or false"),
    (about("sh:datatype 'xsd:string'"), "shape-value", "an IRI"),
    (about("sh:pattern 'a'@en"), "shape-value", "plain string"),
    (about("sh:minInclusive ex:pages"), "shape-value", "a literal"),
    (about("sh:node 'B'"), "shape-value", "takes a shape"),
    (about("sh:nodeKind xsd:string"), "shape-value", "no such kind"),
    (about("sh:nodeKind sh:NodeShape"), "shape-value", "no such kind"),
    (about("sh:message 1"), "shape-value", "takes a text"),
    (about("sh:datatype xsd:string , xsd:integer"), "shape-value", "2 times"),
    (T + "sh:minCount 1 .", "shape-value", "cannot have sh:minCount"),
    (about("sh:datatype xsd:string ; sh:nodeKind sh:IRI"), "shape-contradiction", "sh:nodeKind sh:IRI"),
    (about("sh:class ex:Book ; sh:nodeKind sh:Literal"), "shape-contradiction", "sh:Literal"),
    (about("sh:class ex:Book ; sh:datatype xsd:string"), "shape-contradiction", "sh:class"),
    (about("sh:datatype xsd:string ; sh:languageIn ( 'ka' )"), "shape-contradiction", "sh:languageIn"),
    (T + f"sh:property [ sh:path ex:pages ; sh:in ( 1 2 ) ; {SAY} ] , [ sh:in ( 1 2 ) ; sh:path ex:pages ; {SAY} ; sh:name 'pages' ] .", "shape-twice", "s.ttl:"),
    (T + "sh:node s:B .", "shape-circle", "shape/B"),
    (T + "sh:or ( [ sh:nodeKind sh:Literal ] [ sh:node s:B ] ) .", "shape-circle", "shape/B"),
    (about("sh:severity ex:Fatal"), "shape-severity", "ns/Fatal"),
]  # fmt: skip


@pytest.mark.parametrize(("shapes", "rule", "words"), FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, shapes: str, rule: str, words: str) -> None:
    found = [one for one in remarks(tmp_path, shapes) if one.rule == rule]
    assert len(found) == 1, found
    assert (found[0].place.file, found[0].place.line) == ("shapes/s.ttl", LINES + 1)
    assert words in found[0].messages["en"]
    assert found[0].messages["ka"] != found[0].messages["en"]


@pytest.mark.parametrize(
    "shapes",
    [
        about("sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxInclusive 1"),
        about("sh:in ( 1 2 3 )"), about("sh:datatype ex:roman"), about("sh:datatype rdf:langString ; sh:languageIn ( 'ka' 'en' )"),
        about("sh:class skos:Concept"), T + f"sh:property [ sh:path skos:notation ; sh:minCount 1 ; {SAY} ] .", about("sh:class ex:Thing ; sh:nodeKind sh:IRI"), about("sh:datatype <http://www.opengis.net/ont/geosparql#wktLiteral>"),
        about(r"sh:pattern '^[A-Z]-[0-9]+(?:\\.[0-9]{1,3})?$' ; sh:flags 'i'"), about(r"sh:pattern '^\\[[^\\]]+\\]$'"),
        about("sh:or ( [ sh:datatype xsd:string ] [ sh:node [ sh:property [ sh:path ex:author ; sh:minCount 1 ] ] ] )"),
        about("sh:severity sh:Info"), about('sh:minInclusive "2026-01-02"^^xsd:date ; sh:maxInclusive "2026-01-02"^^xsd:date'),
        f"s:T a sh:NodeShape ; sh:targetClass ex:Thing ; sh:nodeKind sh:IRI ; {SAY} .",
        f"ex:Thing a sh:NodeShape , owl:Class ; sh:nodeKind sh:IRI ; {SAY} .",
        f"s:N a sh:NodeShape ; sh:targetNode <id/b> ; sh:nodeKind sh:IRI ; {SAY} .",
        "s:N a sh:NodeShape ; sh:targetObjectsOf ex:author ; sh:nodeKind sh:IRI ; sh:message 'plain' .",
        f"s:N a sh:NodeShape ; sh:targetClass ex:Map ; sh:not [ sh:nodeKind sh:BlankNodeOrIRI ] ; {SAY} .",
        T + f"sh:property [ sh:path <http://e.net/p> ; sh:maxCount 0 ; {SAY} ] .",
        T + f"sh:property [ sh:path [ sh:alternativePath ( ex:author [ sh:zeroOrMorePath rdf:type ] ) ] ; sh:minCount 1 ; {SAY} ] .",
        T + f"sh:property [ sh:path ex:pages ; sh:in ( 1 2 ) ; {SAY} ] , [ sh:path ex:pages ; sh:in ( 1 3 ) ; {SAY} ] .",
        "s:B a sh:NodeShape ; sh:targetClass ex:Book ; sh:sparql [ sh:message 'ცუდია'@ka , 'bad'@en ; sh:select 'SELECT $this {}' ] .",
    ],
)  # fmt: skip
def test_nothing_is_said_of_sound_shapes(tmp_path: Path, shapes: str) -> None:
    assert remarks(tmp_path, shapes) == ()


@pytest.mark.parametrize(("setting", "count"), [("", 1), ("shape-range = 'off'", 0)])
def test_check_says_the_same_unless_a_rule_is_off(tmp_path: Path, setting: str, count: int) -> None:
    text = about("sh:minCount 2 ; sh:maxCount 1")
    files = {"data/a.ttl": P + DATA, "ontology/o.ttl": P + ONTOLOGY, "shapes/s.ttl": P + text}
    settings = load(write_site(tmp_path, files, f"{TOML}[check]\n{setting}\n"))
    for found in (lint(settings), review(settings)):
        assert sum(one.rule == "shape-range" for one in found.remarks) == count
    assert {one.rule for one in lint(settings).remarks} <= set(OF_SHAPES)


def test_of_data_in_an_endpoint_nothing_is_said_to_be_missing(tmp_path: Path) -> None:
    shapes = "s:B a sh:NodeShape ; sh:targetClass ex:Bok ; sh:property [ sh:path <http://e.net/p> ; sh:class <http://e.net/C> ] ."
    found = remarks(tmp_path, shapes, f'engine = "http://localhost:1/query"\n{TOML}')
    assert {one.rule for one in found} == {"shape-message"}


def test_the_shapes_of_this_repository_are_sound() -> None:
    assert [one for one in lint(load(ROOT)).remarks if one.severity != "note"] == []


# ---- hostile shapes: in one step per statement, without recursion


def fill(graph: ShapesGraph, *triples: tuple[NamedNode | BlankNode, str, NamedNode | BlankNode]) -> None:
    for subject, predicate, target in triples:
        graph.add(Stated(Quad(subject, NamedNode(predicate), target, DefaultGraph()), "s.ttl", 1, "shapes"))


def chain(graph: ShapesGraph, length: int, predicate: str) -> list[BlankNode]:
    nodes = [BlankNode(f"n{number}") for number in range(length)]
    fill(graph, *((one, predicate, other) for one, other in pairwise(nodes)))
    return nodes


class Counted(dict[Any, Any]):  # Any: it stands for any
    """Counts how often a node is looked at."""

    looked = 0

    def get(self, key: Any, default: Any = None) -> Any:  # Any: as above
        self.looked += 1
        return super().get(key, default)


def steps(graph: ShapesGraph) -> int:
    """How often a node of the graph is looked at by all that walks."""
    graph.facts = counted = Counted(graph.facts)
    for rule in (values, unreachable, circles, twice):
        for _ in rule(graph):
            pass
    return counted.looked


def deep(size: int) -> ShapesGraph:
    graph = ShapesGraph()
    nodes = chain(graph, size, SH + "node")
    fill(
        graph,
        (nodes[-1], SH + "node", nodes[0]),
        (nodes[0], SH + "property", nodes[1]),
        (nodes[0], SH + "property", nodes[2]),
    )
    return graph


def tails(size: int) -> ShapesGraph:
    """Shapes with lists that share one endless tail."""
    graph = ShapesGraph()
    cells = chain(graph, size, REST)
    fill(graph, (cells[-1], REST, cells[0]), *((cell, FIRST, NamedNode("a:a")) for cell in cells))
    fill(graph, *((NamedNode(f"s:{number}"), SH + "or", cell) for number, cell in enumerate(cells)))
    return graph


@pytest.mark.parametrize("made", [deep, tails])
def test_the_work_grows_with_the_statements(made: object) -> None:
    assert callable(made)
    small, large = steps(made(300)), steps(made(1_200))
    assert large < 4.2 * small


@pytest.mark.slow
def test_a_hundred_thousand_shapes_in_a_row_are_no_matter() -> None:
    graph = deep(100_000)
    assert len(list(circles(graph))) == 1
    assert list(unreachable(graph)) != []
    assert list(twice(graph)) == []


# ---- words and commands


def test_every_message_names_the_same_values_and_every_rule_has_a_row() -> None:
    rules = {key.removesuffix(".title") for key in MESSAGES if key.endswith(".title")}
    assert rules <= {rule for _, rule, _ in FAULTS}
    for key, words in MESSAGES.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in words]
        assert fields[0] == fields[1], key


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 1, "shape-range"), (["--fail-on", "note"], 1, "shape-range"), (["--format", "json"], 1, '"shape-range"'),
        (["--format", "sarif"], 1, '"version": "2.1.0"'), (["--format", "junit"], 1, "<testsuite"),
        (["--format", "github"], 1, "::error file="), (["--format", "html"], 1, "<html"),
        (["--group-by", "rule", "--limit", "1"], 1, "shape-range"), (["--lang", "ka"], 1, "შეცდომა"),
        (["--format", "xml"], 2, ""),
    ],
)  # fmt: skip
def test_the_command_writes_what_check_writes(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    shapes = about("sh:minCount 2 ; sh:maxCount 1")
    site = write_site(
        tmp_path, {"data/a.ttl": P + DATA, "ontology/o.ttl": P + ONTOLOGY, "shapes/s.ttl": P + shapes}, TOML
    )
    done = CliRunner().invoke(app, ["shapes", "lint", str(site), *arguments])
    assert done.exit_code == code, done.output
    assert words in done.output


def test_without_shapes_there_is_nothing_to_say(tmp_path: Path) -> None:
    site = write_site(tmp_path, {"data/a.ttl": P + DATA}, TOML)
    done = CliRunner().invoke(app, ["shapes", "lint", str(site), "--format", "json"])
    assert (done.exit_code, json.loads(done.stdout)["remarks"]) == (0, [])
