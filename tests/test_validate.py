"""Validation: what is found, where it stands in the files, and what is said of it in both languages."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib.term import Node

from kgpub.errors import SourceError
from kgpub.model import Finding, Report
from kgpub.settings import load
from kgpub.source import files
from kgpub.validate import validate
from kgpub.validation.adapter import ParsesOnce, report_graph, strict_booleans

BASE = "https://example.org/"
TOML = f"""
title = "Test"
base = "{BASE}"
languages = ["ka", "en"]
[prefixes]
ex = "ns/"
"""
PREFIXES = (
    f"@prefix ex: <{BASE}ns/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)


def outcome(folder: Path, data: str, shapes: str = "", **more: str) -> Report:
    """The report on a site with these files; data and shapes begin on line 2, after the prefixes."""
    texts = {"data/a.ttl": data, "shapes/s.ttl": shapes, **{name.replace("__", "/"): t for name, t in more.items()}}
    (folder / "kgpub.toml").write_text(TOML, "utf-8")
    for name, text in texts.items():
        path = folder / (name if "." in name else f"{name}.ttl")
        path.parent.mkdir(exist_ok=True)
        if text:
            path.write_text(PREFIXES + text, "utf-8")
    settings = load(folder)
    return validate(files(settings), settings)


def only(report: Report) -> Finding:
    """The one finding of a report."""
    assert len(report.findings) == 1, report.findings
    return report.findings[0]


@dataclass(frozen=True)
class Row:
    """Constraints on ``ex:p`` (or on the node), triples of ``ex:a``, and what is said at which line."""

    parameter: str
    constraint: str
    data: str
    line: int
    ka: str
    en: str
    component: str = ""
    node: bool = False

    def __str__(self) -> str:
        return self.parameter


ROWS = [
    Row("minCount", "sh:minCount 1", "ex:a ex:q 1 .", 2,
        "მნიშვნელობათა რაოდენობა საკმარისი არ არის; საჭიროა სულ მცირე 1.",
        "Too few values; at least 1 required."),
    Row("maxCount", "sh:maxCount 1", "ex:a ex:q 1 ;\n ex:p 1 ,\n 2 .", 3,
        "მნიშვნელობათა რაოდენობა დასაშვებზე მეტია; ზღვარია 1.",
        "Too many values; at most 1 allowed."),
    Row("datatype", "sh:datatype xsd:date", 'ex:a ex:q 1 ;\n\n ex:p "x"@ka .', 4,
        "მოსალოდნელია სწორად ჩაწერილი ლიტერალი, რომლის ტიპია xsd:date; მითითებულია „x“ (rdf:langString).",
        "Expected a well-formed literal of datatype xsd:date; found “x” (rdf:langString)."),
    Row("datatype", "sh:datatype xsd:integer", 'ex:a ex:p "one"^^xsd:integer .', 2,
        "მოსალოდნელია სწორად ჩაწერილი ლიტერალი, რომლის ტიპია xsd:integer; მითითებულია one (xsd:integer).",
        "Expected a well-formed literal of datatype xsd:integer; found one (xsd:integer)."),
    Row("class", "sh:class ex:C", "ex:a ex:p\n ex:b .", 3,
        "ex:b არ ეკუთვნის კლასს: ex:C.",
        "ex:b is not an instance of ex:C."),
    Row("nodeKind", "sh:nodeKind sh:IRI", 'ex:a ex:p "x" .', 2,
        "მნიშვნელობა სხვა სახისაა: „x“ (xsd:string); მოსალოდნელია IRI.",
        "The value is of another kind: “x” (xsd:string); expected: IRI."),
    Row("pattern", 'sh:pattern "^[0-9]+$"', 'ex:a ex:p "1a" .', 2,
        "„1a“ არ შეესაბამება ნიმუშს: „^[0-9]+$“.",
        "“1a” does not match the pattern “^[0-9]+$”."),
    Row("uniqueLang", "sh:uniqueLang true", 'ex:a ex:p "x"@ka , "y"@ka .', 2,
        "ერთსა და იმავე ენაზე ერთზე მეტი მნიშვნელობაა მითითებული.",
        "More than one value is given in the same language."),
    Row("languageIn", 'sh:languageIn ("ka" "en")', 'ex:a ex:p "x"@fr .', 2,
        "მითითებული ენა დაუშვებელია: „x“ (fr); დასაშვებია „ka“, „en“.",
        "This language is not allowed: “x” (fr); allowed: “ka”, “en”."),
    Row("languageIn", 'sh:languageIn ("ka")', 'ex:a ex:p "x" .', 2,
        "მითითებული ენა დაუშვებელია: „x“ (ენის გარეშე); დასაშვებია „ka“.",
        "This language is not allowed: “x” (no language); allowed: “ka”."),
    Row("minLength", "sh:minLength 3", 'ex:a ex:p "ab" .', 2,
        "„ab“ მეტისმეტად მოკლეა; სიმბოლოთა უმცირესი რაოდენობაა 3.",
        "“ab” is too short; minimum length: 3."),
    Row("maxLength", "sh:maxLength 1", 'ex:a ex:p "ab" .', 2,
        "„ab“ მეტისმეტად გრძელია; სიმბოლოთა უდიდესი რაოდენობაა 1.",
        "“ab” is too long; maximum length: 1."),
    Row("minExclusive", "sh:minExclusive 3", "ex:a ex:p 3 .", 2,
        "3 დაუშვებელია: მნიშვნელობა უნდა იყოს მეტი, ვიდრე 3.",
        "3 is not allowed: the value must be greater than 3."),
    Row("minInclusive", "sh:minInclusive 3", "ex:a ex:p 2 .", 2,
        "2 დაუშვებელია: მნიშვნელობა უნდა იყოს 3 ან მეტი.",
        "2 is not allowed: the value must be 3 or greater."),
    Row("maxExclusive", "sh:maxExclusive 3", "ex:a ex:p 3 .", 2,
        "3 დაუშვებელია: მნიშვნელობა უნდა იყოს ნაკლები, ვიდრე 3.",
        "3 is not allowed: the value must be less than 3."),
    Row("maxInclusive", "sh:maxInclusive 3", "ex:a ex:p 4 .", 2,
        "4 დაუშვებელია: მნიშვნელობა უნდა იყოს 3 ან ნაკლები.",
        "4 is not allowed: the value must be 3 or less."),
    Row("equals", "sh:equals ex:q", "ex:a ex:p 1 ;\n ex:q 1 , 2 .", 2,
        "2 განსხვავდება: მნიშვნელობები უნდა ემთხვეოდეს ამ თვისების მნიშვნელობებს: ex:q.",
        "2 differs: the values must be the same as those of ex:q."),
    Row("disjoint", "sh:disjoint ex:q", "ex:a ex:q 1 ;\n ex:p 1 .", 3,
        "1 ამ თვისების მნიშვნელობაცაა: ex:q; საერთო მნიშვნელობა დაუშვებელია.",
        "1 is also a value of ex:q; the two may not share a value."),
    Row("lessThan", "sh:lessThan ex:q", "ex:a ex:q 1 ;\n ex:p 2 .", 3,
        "2 უნდა იყოს ნაკლები, ვიდრე ამ თვისების მნიშვნელობა: ex:q.",
        "2 must be less than the value of ex:q."),
    Row("lessThanOrEquals", "sh:lessThanOrEquals ex:q", "ex:a ex:q 1 ;\n ex:p 2 .", 3,
        "2 არ უნდა აღემატებოდეს ამ თვისების მნიშვნელობას: ex:q.",
        "2 must not be greater than the value of ex:q."),
    Row("in", 'sh:in ("a" ex:b 1)', 'ex:a ex:p "c" .', 2,
        "„c“ არ არის დასაშვებ მნიშვნელობათა შორის: „a“, ex:b, 1.",
        "“c” is not among the allowed values: “a”, ex:b, 1."),
    Row("hasValue", "sh:hasValue ex:b", "ex:a ex:p ex:c .", 2,
        "აკლია სავალდებულო მნიშვნელობა: ex:b.",
        "A required value is missing: ex:b."),
    Row("node", "sh:node [ sh:nodeKind sh:IRI ]", "ex:a ex:p 1 .", 2,
        "1 არ აკმაყოფილებს ფორმას: [sh:nodeKind sh:IRI].",
        "1 does not conform to the shape: [sh:nodeKind sh:IRI]."),
    Row("not", "sh:not [ sh:datatype xsd:integer ]", "ex:a ex:p 1 .", 2,
        "1 აკმაყოფილებს აკრძალულ ფორმას: [sh:datatype xsd:integer].",
        "1 conforms to a forbidden shape: [sh:datatype xsd:integer]."),
    Row("and", "sh:and ([ sh:nodeKind sh:IRI ] [ sh:class ex:C ])", "ex:a ex:p 1 .", 2,
        "1 ერთდროულად არ აკმაყოფილებს ყველა ამ ფორმას: [sh:nodeKind sh:IRI], [sh:class ex:C].",
        "1 does not conform to all of these shapes: [sh:nodeKind sh:IRI], [sh:class ex:C]."),
    Row("or", "sh:or ([ sh:nodeKind sh:IRI ] [ sh:class ex:C ])", "ex:a ex:p 1 .", 2,
        "1 ვერც ერთ ამ ფორმას ვერ აკმაყოფილებს: [sh:nodeKind sh:IRI], [sh:class ex:C].",
        "1 conforms to none of these shapes: [sh:nodeKind sh:IRI], [sh:class ex:C]."),
    Row("xone", "sh:xone ([ sh:minInclusive 0 ] [ sh:datatype xsd:integer ])", "ex:a ex:p 1 .", 2,
        "1 ამ ფორმათაგან ზუსტად ერთს უნდა აკმაყოფილებდეს: [sh:minInclusive 0], [sh:datatype xsd:integer].",
        "1 must conform to exactly one of these shapes: [sh:minInclusive 0], [sh:datatype xsd:integer]."),
    Row("qualifiedMinCount", "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:C ]", "ex:a ex:p ex:b .", 2,
        "ფორმის შესაბამის მნიშვნელობათა რაოდენობა საკმარისი არ არის; საჭიროა სულ მცირე 1; ფორმა: [sh:class ex:C].",
        "Too few values conform to the shape; at least 1 required; shape: [sh:class ex:C]."),
    Row("qualifiedMaxCount", "sh:qualifiedMaxCount 0 ; sh:qualifiedValueShape [ sh:class ex:C ]",
        "ex:b a ex:C .\nex:a ex:p ex:b .", 3,
        "ფორმის შესაბამის მნიშვნელობათა რაოდენობა დასაშვებზე მეტია; ზღვარია 0; ფორმა: [sh:class ex:C].",
        "Too many values conform to the shape; at most 0 allowed; shape: [sh:class ex:C]."),
    Row("closed", "sh:closed true ; sh:property [ sh:path ex:p ]", "ex:a ex:p 1 ;\n ex:q 2 .", 3,
        "თვისება ex:q აქ დაუშვებელია, რადგან ფორმა დახურულია; მითითებულია 2.",
        "The property ex:q is not allowed here, as the shape is closed; found 2.", node=True),
    Row("sparql", 'sh:sparql [ sh:select "SELECT $this WHERE { $this ?p 1 }" ]', "ex:a ex:q 2 .\nex:a ex:p 1 .", 2,
        "ფორმის პირობა არ სრულდება: ex:S.",
        "The condition of the shape ex:S is not met.", "SPARQLConstraintComponent", node=True),
    Row("expression", "sh:expression [ sh:path ex:p ]", "ex:a ex:p false .", 2,
        "ფორმის პირობა არ სრულდება: ex:S.",
        "The condition of the shape ex:S is not met.", node=True),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_constraint_is_reported_at_its_line_in_both_languages(tmp_path: Path, row: Row) -> None:
    body = row.constraint if row.node else f"sh:property [ sh:path ex:p ; {row.constraint} ]"
    report = outcome(tmp_path, row.data, f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; {body} .")
    finding = only(report)
    component = row.component or f"{row.parameter[0].upper()}{row.parameter[1:]}ConstraintComponent"
    assert finding.component == str(SH) + component
    assert dict(finding.messages) == {"ka": row.ka, "en": row.en}
    assert (finding.severity, finding.focus, finding.shape) == ("violation", f"{BASE}ns/a", f"{BASE}ns/S")
    assert (finding.file, finding.line) == ("data/a.ttl", row.line)
    assert not report.conforms


SHAPE = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {} ] ."


@pytest.mark.parametrize(
    ("severity", "expected", "conforms"),
    [
        ("sh:Violation", "violation", False),
        ("sh:Warning", "warning", True),
        ("sh:Info", "info", True),
        ("ex:Dire", "violation", False),
    ],
)
def test_only_violations_stand_in_the_way(tmp_path: Path, severity: str, expected: str, conforms: bool) -> None:
    report = outcome(tmp_path, "ex:a ex:q 1 .", SHAPE.format(f"sh:minCount 1 ; sh:severity {severity}"))
    assert (only(report).severity, report.conforms) == (expected, conforms)


@pytest.mark.parametrize(
    ("data", "shapes"),
    [
        pytest.param("ex:a ex:p 1 .", "", id="no shapes"),
        pytest.param("ex:a ex:p 1 .", SHAPE.format("sh:minCount 1"), id="the property is there"),
        pytest.param('ex:a ex:p "x" .', SHAPE.format('sh:in ("x"^^xsd:string)'), id="sh:in on a typed string"),
        pytest.param('ex:a ex:p "x"^^xsd:string .', SHAPE.format('sh:in ("x")'), id="sh:in on a plain string"),
        pytest.param('ex:a ex:p "x" .', SHAPE.format('sh:hasValue "x"^^xsd:string'), id="sh:hasValue on a string"),
        pytest.param('ex:a ex:p "x" .', SHAPE.format("sh:datatype xsd:string"), id="a plain string is a string"),
        pytest.param(
            'ex:a ex:p "07"^^xsd:nonNegativeInteger .',
            SHAPE.format('sh:datatype xsd:nonNegativeInteger ; sh:hasValue "07"^^xsd:nonNegativeInteger'),
            id="a derived datatype and its lexical form are kept",
        ),
        pytest.param('ex:a ex:p "1.50"^^xsd:decimal .', SHAPE.format('sh:pattern "^1.50$"'), id="zeros are kept"),
        pytest.param('ex:a ex:p "x"@KA , "y"@en-GB .', SHAPE.format('sh:languageIn ("ka" "EN")'), id="tags by range"),
        pytest.param('ex:a ex:p "x"@ka , "y"@ka .', SHAPE.format('sh:uniqueLang "1"^^xsd:boolean'), id="only true"),
        pytest.param("ex:a ex:p <<( ex:x ex:y ex:z )>> .", SHAPE.format("sh:maxCount 0"), id="triple terms are unseen"),
    ],
)
def test_data_that_keeps_to_its_shapes_conforms(tmp_path: Path, data: str, shapes: str) -> None:
    assert outcome(tmp_path, data, shapes) == Report(conforms=True, has_shapes=bool(shapes))


@pytest.mark.parametrize(
    ("path", "data", "written", "line"),
    [
        ("ex:q", "ex:a ex:q\n1 .", "ex:q", 3),
        ("[ sh:inversePath ex:q ]", "ex:a ex:r 1 .\nex:b ex:q ex:a .", "^ex:q", 3),
        ("( ex:q ex:r )", "ex:a ex:q ex:b .\nex:b ex:r 1 .", "ex:q/ex:r", 3),
        ("[ sh:alternativePath ( ex:q ( ex:r ex:s ) ) ]", "ex:a ex:q 1 .", "ex:q|(ex:r/ex:s)", 2),
        ("( [ sh:zeroOrMorePath ex:r ] ex:q )", "ex:a ex:q 1 .", "ex:r*/ex:q", 2),
        ("[ sh:oneOrMorePath [ sh:inversePath ex:q ] ]", "ex:b ex:q ex:a .", "(^ex:q)+", 2),
        ("( ex:q [ sh:zeroOrOnePath ex:r ] )", "ex:a ex:q 1 .", "ex:q/ex:r?", 2),
        ("<http://other.example/q>", "ex:a <http://other.example/q> 1 .", "<http://other.example/q>", 2),
    ],
)
def test_a_path_is_written_as_in_sparql(tmp_path: Path, path: str, data: str, written: str, line: int) -> None:
    shapes = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path {path} ; sh:in () ] ."
    finding = only(outcome(tmp_path, data, shapes))
    assert (finding.path, finding.line) == (written, line)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('"x"@ka', '"x"@ka'),
        ('"x"', '"x"'),
        ('"a \\"b\\"\\nc"', '"a \\"b\\"\\nc"'),
        ("5", "5"),
        ("true", "true"),
        ('"five"^^xsd:integer', '"five"^^xsd:integer'),
        ('"2013-12-15"^^xsd:date', '"2013-12-15"^^xsd:date'),
        ("ex:b", "ex:b"),
        ("<http://other.example/>", "<http://other.example/>"),
    ],
)
def test_a_value_is_written_as_in_sparql(tmp_path: Path, value: str, written: str) -> None:
    finding = only(outcome(tmp_path, f"ex:a ex:p {value} .", SHAPE.format('sh:in ("none")')))
    assert finding.value == written


def test_a_blank_node_is_named_as_the_source_names_it(tmp_path: Path) -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    finding = only(outcome(tmp_path, "\n[] a ex:C .", shapes))
    assert finding.focus.startswith("_:b")
    assert finding.line == 3


@pytest.mark.parametrize(
    ("shapes", "messages"),
    [
        (SHAPE.format('sh:minCount 1 ; sh:message "აკლია"@ka , "missing"@en'), {"ka": "აკლია", "en": "missing"}),
        (SHAPE.format('sh:minCount 1 ; sh:message "missing"'), {"": "missing"}),
        (SHAPE.format('sh:minCount 1 ; sh:message "hiányzik"@hu'), {"hu": "hiányzik"}),
        (
            "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:message "
            '"ძველია {?value}"@ka , "{?value} is old"@en ; '
            'sh:select "SELECT $this ?value WHERE { $this ?any ?value }" ] .',
            {"ka": "ძველია 1", "en": "1 is old"},
        ),
    ],
    ids=["two languages", "no language", "another language", "filled in by SPARQL"],
)
def test_the_shapes_own_messages_come_first(tmp_path: Path, shapes: str, messages: dict[str, str]) -> None:
    assert only(outcome(tmp_path, "ex:a ex:q 1 .", shapes)).messages == messages


def test_a_component_of_the_sites_own_is_named_when_it_says_nothing(tmp_path: Path) -> None:
    shapes = """
        ex:Odd a sh:ConstraintComponent ; sh:parameter [ sh:path ex:odd ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER ($value != 2) }" ] .
    """ + SHAPE.format("ex:odd true")
    assert only(outcome(tmp_path, "ex:a ex:p 2 .", shapes)).messages == {
        "ka": "შეზღუდვა დაცული არ არის: ex:Odd.",
        "en": "The constraint ex:Odd is not met.",
    }


def test_a_relative_namespace_is_resolved_against_the_base(tmp_path: Path) -> None:
    shapes = """
        <shapes> sh:declare [ sh:prefix "own" ; sh:namespace "ns/"^^xsd:anyURI ] .
        ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:prefixes <shapes> ; sh:message "old" ;
            sh:select "SELECT $this ?value WHERE { $this own:p ?value }" ] .
    """
    assert only(outcome(tmp_path, "ex:a ex:p 1 .", shapes)).value == "1"


def test_the_ontology_belongs_to_the_data_and_graph_names_play_no_part(tmp_path: Path) -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    ontology = "ex:D rdfs:subClassOf ex:C ."
    trig = {"data__b.trig": "ex:g { ex:b ex:p 1 . }"}
    report = outcome(tmp_path, "ex:a a ex:D .\nex:b a ex:D .", shapes, ontology__o=ontology, **trig)
    assert only(report).focus == f"{BASE}ns/a"


def test_a_finding_points_into_the_file_that_says_it(tmp_path: Path) -> None:
    report = outcome(tmp_path, "ex:a ex:q 1 .", SHAPE.format('sh:in ("x")'), data__b="\n\nex:a ex:p 2 .")
    assert (only(report).file, only(report).line) == ("data/b.ttl", 4)


def test_a_focus_that_is_only_an_object_is_found_there(tmp_path: Path) -> None:
    report = outcome(tmp_path, "ex:x ex:q 1 .\nex:x ex:q ex:a .", SHAPE.format("sh:minCount 1"))
    assert only(report).line == 3


def test_a_focus_that_is_nowhere_has_no_line(tmp_path: Path) -> None:
    report = outcome(tmp_path, "ex:x ex:q 1 .", SHAPE.format("sh:minCount 1"))
    assert (only(report).file, only(report).line) == ("", None)


def test_a_rule_adds_to_a_copy_that_the_shapes_see(tmp_path: Path) -> None:
    rule = "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:p ; sh:object 1 ]"
    shapes = SHAPE.format("sh:minCount 1") + f"ex:R a sh:NodeShape ; sh:targetNode ex:a ; {rule} ."
    assert outcome(tmp_path, "ex:a ex:q 1 .", shapes).conforms


def test_recursive_shapes_end(tmp_path: Path) -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] ."
    assert outcome(tmp_path, "ex:a ex:p ex:a .", shapes).conforms


def test_findings_are_ordered_and_the_same_every_time(tmp_path: Path) -> None:
    shapes = """
        ex:W a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:severity sh:Warning ; sh:not [ sh:nodeKind sh:IRI ] .
        ex:I a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:severity sh:Info ; sh:not [ sh:nodeKind sh:IRI ] .
        ex:V a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:in ("x") ; sh:minCount 3 ] .
    """
    report = outcome(tmp_path, "ex:b ex:p 1 .\nex:a ex:p 2 .", shapes)
    places = [(f.severity, f.line, f.component.removeprefix(str(SH))[:2]) for f in report.findings]
    assert places == [
        ("violation", 2, "In"),
        ("violation", 2, "Mi"),
        ("violation", 3, "In"),
        ("violation", 3, "Mi"),
        ("warning", 2, "No"),
        ("warning", 3, "No"),
        ("info", 2, "No"),
        ("info", 3, "No"),
    ]
    assert outcome(tmp_path, "ex:b ex:p 1 .\nex:a ex:p 2 .", shapes) == report


@pytest.mark.parametrize(
    ("shapes", "line", "says"),
    [
        pytest.param("\n" + SHAPE.format('sh:pattern "("'), 3, "ns/S", id="a broken pattern"),
        pytest.param("\n" + SHAPE.format("sh:path ex:q"), 3, "more than one", id="two paths"),
        pytest.param("\nex:P a sh:PropertyShape ; sh:targetNode ex:a .", 3, "ns/P", id="no path"),
        pytest.param("\n" + SHAPE.format('sh:minCount "one"'), 3, "ns/S", id="a count that is no number"),
        pytest.param(
            'ex:S a sh:NodeShape ; sh:targetNode ex:a ;\n sh:sparql [ sh:select "SELECT $this WHER {" ] .',
            2, "ns/S", id="SPARQL that cannot be parsed",
        ),
        pytest.param(
            'ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { $this no:p 1 }" ] .',
            2, "prefix", id="a prefix that is not declared",
        ),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], shapes: str, line: int, says: str
) -> None:
    with pytest.raises(SourceError) as refused:
        outcome(tmp_path, 'ex:a ex:p "x" .', shapes, shapes__r="ex:Fine a sh:NodeShape ; sh:targetNode ex:z .")
    assert (refused.value.path, refused.value.line) == ("shapes/s.ttl", line), refused.value.detail
    assert says in refused.value.detail
    assert "\n" not in refused.value.detail
    assert capfd.readouterr() == ("", "")


def test_a_file_that_cannot_be_parsed_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"shapes/s\.ttl:3"):
        outcome(tmp_path, "ex:a ex:p 1 .", "\nex:S a .")


SUITE = Path(__file__).parents[2] / "shared" / "w3c" / "shacl" / "tests"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
EXPECTED_FAILURES = {
    "sparql/pre-binding/shapesGraph-001.ttl": "pySHACL does not offer $shapesGraph (optional in SHACL section 5.3.2)",
}


def suite() -> Iterator[object]:
    """The files of the W3C test suite, or one row that says why there are none."""
    if not SUITE.is_dir():
        yield pytest.param(SUITE, marks=pytest.mark.skip(reason=f"the W3C SHACL test suite is not at {SUITE}"))
        return
    for path in sorted(SUITE.rglob("*.ttl")):
        name = path.relative_to(SUITE).as_posix()
        reason = EXPECTED_FAILURES.get(name)
        marks = [pytest.mark.xfail(reason=reason)] if reason else []
        if b"sht:Validate" in path.read_bytes():
            yield pytest.param(path, id=name, marks=marks)


@pytest.mark.parametrize("path", list(suite()))
def test_w3c_suite(path: Path) -> None:
    manifest = Graph().parse(path, publicID=path.as_uri())
    for test in manifest.subjects(RDF.type, SHT.Validate):
        action, expected = manifest.value(test, MF.action), manifest.value(test, MF.result)
        data = parsed(manifest.value(action, SHT.dataGraph))
        with strict_booleans():
            shapes = parsed(manifest.value(action, SHT.shapesGraph))
        if expected == SHT.Failure:
            with pytest.raises(Exception):  # noqa: B017  # a failure may be of any kind (SHACL section 3.3)
                report_graph(data, shapes)
            continue
        report = report_graph(data, shapes)
        made = report.value(None, RDF.type, SH.ValidationReport)
        assert results(report, made) == results(manifest, expected)
        assert bool(report.value(made, SH.conforms)) == bool(manifest.value(expected, SH.conforms))


def parsed(file: Node | None) -> Graph:
    """A file of the suite; prefixes-001 needs the prefixes of the file, which rdflib binds."""
    graph = ParsesOnce({})
    graph.parse(str(file).removeprefix("file://"), publicID=str(file), format="turtle")
    return graph


def results(graph: Graph, report: Node | None) -> Counter[tuple[str, ...]]:
    """The results of a report: focus, path, component and severity of each, blank nodes as such."""
    predicates = (SH.focusNode, SH.resultPath, SH.sourceConstraintComponent, SH.resultSeverity)
    return Counter(
        tuple(kind(graph.value(node, predicate)) for predicate in predicates)
        for node in graph.objects(report, SH.result)
    )


def kind(term: Node | None) -> str:
    return "a blank node" if isinstance(term, BNode) else str(term)


def test_a_query_is_parsed_once_and_answers_alike() -> None:
    graph = ParsesOnce({"ex": BASE})
    graph.add((URIRef(BASE + "a"), URIRef(BASE + "p"), URIRef(BASE + "b")))
    query = "SELECT ?o WHERE { ?s ex:p ?o }"
    first = [list(graph.query(query, initBindings={"s": URIRef(BASE + name)})) for name in "ab"]
    again = [list(Graph.query(graph, query, initBindings={"s": URIRef(BASE + name)})) for name in "ab"]
    assert first == again
    assert [len(rows) for rows in first] == [1, 0]
