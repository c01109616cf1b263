"""Constraints, targets, paths and class expressions in words, in Georgian and in English; nothing is dropped."""

import re
from collections.abc import Iterable

import pytest
from markupsafe import Markup
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from kgpub.ontology.constraints import shape, shapes
from kgpub.ontology.expressions import expression, path
from kgpub.ontology.model import Phrase, Shape, as_json, shape_of
from kgpub.ontology.reading import MOST, Reading
from kgpub.ontology.terms import RELATIONS
from kgpub.represent.messages import MESSAGES
from kgpub.represent.phrases import Teller
from kgpub.represent.values import Reader
from kgpub.settings import Settings

BASE = "https://kg.example/"
SITE = Settings(title="Things", base=BASE, languages=("ka", "en"), prefixes={"ex": ""})
LABELS = {BASE + "C": {"ka": "ქალაქი", "en": "city"}, BASE + "p": {"ka": "ნაწილი", "en": "part"}}
PREFIXES = """
@prefix : <https://kg.example/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def reading(turtle: str) -> Reading:
    store = Store()
    store.load(PREFIXES + turtle, RdfFormat.TURTLE)
    return Reading(store)


def read(turtle: str) -> Shape:
    return shape(reading(f":S {turtle} ."), NamedNode(BASE + "S"))


def words(said: Markup) -> str:
    """The words of a fragment; the rows of a list inside are set off by a semicolon."""
    rows = re.sub(r"</li><li>", "; ", str(said))
    return " ".join(Markup(rows).striptags().split())


def told(phrase: Phrase, language: str = "en") -> str:
    return words(Teller(Reader(SITE, language, LABELS), {}).say(phrase))


CONSTRAINTS = [
    ("sh:class :C", "Class of each value: city.", "თითოეული მნიშვნელობის კლასი: ქალაქი."),
    ("sh:datatype xsd:date", "Datatype of each value: xsd:date.", "თითოეული მნიშვნელობის მონაცემთა ტიპი: xsd:date."),
    ("sh:nodeKind sh:IRI", "Kind of each value: IRI.", "თითოეული მნიშვნელობის სახე: იდენტიფიკატორი (IRI)."),
    ("sh:nodeKind sh:BlankNodeOrLiteral", "Kind of each value: blank node or literal.", "თითოეული მნიშვნელობის სახე: ცარიელი კვანძი ან ლიტერალი."),
    ("sh:nodeKind sh:BlankNode", "Kind of each value: blank node.", "თითოეული მნიშვნელობის სახე: ცარიელი კვანძი."),
    ("sh:nodeKind sh:Literal", "Kind of each value: literal.", "თითოეული მნიშვნელობის სახე: ლიტერალი."),
    ("sh:nodeKind sh:BlankNodeOrIRI", "Kind of each value: blank node or IRI.", "თითოეული მნიშვნელობის სახე: ცარიელი კვანძი ან IRI."),
    ("sh:nodeKind sh:IRIOrLiteral", "Kind of each value: IRI or literal.", "თითოეული მნიშვნელობის სახე: IRI ან ლიტერალი."),
    ("sh:not []", "This does not hold: No condition is stated.", "არ სრულდება: პირობა მითითებული არ არის."),
    ("sh:not [ sh:path :p ; sh:minCount 1 ]", "This does not hold: part: Number of values: at least 1.", "არ სრულდება: ნაწილი: მნიშვნელობების რაოდენობა: სულ მცირე 1."),
    ("sh:nodeKind :Strange", "Kind of each value: ex:Strange.", "თითოეული მნიშვნელობის სახე: ex:Strange."),
    ("sh:minCount 1", "Number of values: at least 1.", "მნიშვნელობების რაოდენობა: სულ მცირე 1."),
    ("sh:maxCount 12345", "Number of values: at most 12,345.", "მნიშვნელობების რაოდენობა: არაუმეტეს 12 345."),
    ("sh:minInclusive 0.5", "Each value: 0.5 or more.", "თითოეული მნიშვნელობა: 0,5 ან მეტი."),
    ("sh:minExclusive 0", "Each value: more than 0.", "თითოეული მნიშვნელობა: მეტი, ვიდრე 0."),
    ("sh:maxInclusive '2020-01-31'^^xsd:date", "Each value: 31 January 2020 or less.", "თითოეული მნიშვნელობა: 2020 წლის 31 იანვარი ან ნაკლები."),
    ("sh:maxExclusive 9", "Each value: less than 9.", "თითოეული მნიშვნელობა: ნაკლები, ვიდრე 9."),
    ("sh:minLength 2", "Length of each value in characters: at least 2.", "თითოეული მნიშვნელობის სიგრძე სიმბოლოებით: სულ მცირე 2."),
    ("sh:maxLength 8", "Length of each value in characters: at most 8.", "თითოეული მნიშვნელობის სიგრძე სიმბოლოებით: არაუმეტეს 8."),
    ("sh:pattern '^<a>{2}$'", "Each value matches the pattern: ^<a>{2}$.", "თითოეული მნიშვნელობა ემთხვევა შაბლონს: ^<a>{2}$."),
    ("sh:pattern 'x' ; sh:flags 'i'", "Each value matches the pattern: x (flags: i).", "თითოეული მნიშვნელობა ემთხვევა შაბლონს: x (პარამეტრები: i)."),
    ("sh:languageIn ('ka' 'x-q')", "Language of each text, one of: Georgian (ka), x-q.", "თითოეული ტექსტის ენა ერთ-ერთია: ქართული (ka), x-q."),
    ("sh:uniqueLang true", "At most one value in each language.", "თითოეულ ენაზე: არაუმეტეს ერთი მნიშვნელობა."),
    ("sh:equals :p", "The values are the same as those of: part.", "მნიშვნელობები იგივეა, რაც ამ თვისებისა: ნაწილი."),
    ("sh:disjoint :p", "No value is shared with: part.", "საერთო მნიშვნელობა არ აქვს თვისებასთან: ნაწილი."),
    ("sh:lessThan :p", "Each value is less than those of: part.", "თითოეული მნიშვნელობა ნაკლებია, ვიდრე ამ თვისებისა: ნაწილი."),
    ("sh:lessThanOrEquals :p", "Each value is at most that of: part.", "თითოეული მნიშვნელობა არ აღემატება ამ თვისებისას: ნაწილი."),
    ("sh:hasValue 'x'", "Among the values must be: x.", "მნიშვნელობებს შორის უნდა იყოს: x."),
    ("sh:in (:C 5)", "Each value is one of: city, 5.", "თითოეული მნიშვნელობა ერთ-ერთია: ქალაქი, 5."),
    ("sh:not [ sh:class :C ]", "This does not hold: Class of each value: city.", "არ სრულდება: თითოეული მნიშვნელობის კლასი: ქალაქი."),
    ("sh:node :C", "Each value keeps to the shape: Shape: city.", "თითოეული მნიშვნელობა ასრულებს: წესების ნაკრები: ქალაქი."),
    ("sh:and ( [ sh:minCount 1 ] [ sh:class :C ] )", "All of these hold: Number of values: at least 1.; Class of each value: city.", "ყველა პირობა სრულდება: მნიშვნელობების რაოდენობა: სულ მცირე 1.; თითოეული მნიშვნელობის კლასი: ქალაქი."),
    ("sh:or ( [ sh:class :C ] :T )", "At least one of these holds: Class of each value: city.; Shape: ex:T.", "ერთი პირობა მაინც სრულდება: თითოეული მნიშვნელობის კლასი: ქალაქი.; წესების ნაკრები: ex:T."),
    ("sh:xone ( :T )", "Exactly one of these holds: Shape: ex:T.", "ზუსტად ერთი პირობა სრულდება: წესების ნაკრები: ex:T."),
    ("sh:closed true", "Only the properties named here are allowed.", "დასაშვებია მხოლოდ აქ დასახელებული თვისებები."),
    ("sh:closed true ; sh:ignoredProperties (:p)", "Only the properties named here are allowed, and besides them: part.", "დასაშვებია მხოლოდ აქ დასახელებული თვისებები და, მათ გარდა: ნაწილი."),
    ("sh:sparql [ sh:message 'Too old.'@en, 'ძველია.'@ka ; sh:select 'x' ]", "A query checks this (SPARQL): Too old.", "მოწმდება მოთხოვნით (SPARQL): ძველია."),
    ("sh:message 'Of the shape.'@en ; sh:sparql [ sh:select 'x' ]", "A query checks this (SPARQL): Of the shape.", "მოწმდება მოთხოვნით (SPARQL): Of the shape."),
    ("sh:sparql [ sh:select 'x' ]", "A query checks this (SPARQL); its text is in the file of the shapes.", "მოწმდება მოთხოვნით (SPARQL); მისი ტექსტი შემოწმების წესების ფაილშია."),
    ("sh:sparql [ sh:deactivated true ; sh:message 'M'@en ]", "A query (SPARQL) that is switched off: M", "მოთხოვნა (SPARQL) გამორთულია: M"),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 2", "Values for which this holds, at least 2: Class of each value: city.", "მნიშვნელობები, რომლებისთვისაც პირობა სრულდება, სულ მცირე 2: თითოეული მნიშვნელობის კლასი: ქალაქი."),
    ("sh:qualifiedValueShape :T ; sh:qualifiedMaxCount 3", "Values for which this holds, at most 3: Shape: ex:T.", "მნიშვნელობები, რომლებისთვისაც პირობა სრულდება, არაუმეტეს 3: წესების ნაკრები: ex:T."),
    (":unheardOf 5", "Another condition: ex:unheardOf – 5.", "სხვა პირობა: ex:unheardOf – 5."),
    ("sh:js [ sh:jsFunctionName 'f' ]", "Another condition: sh:js – unnamed (sh:jsFunctionName – f).", "სხვა პირობა: sh:js – უსახელო (sh:jsFunctionName – f)."),
    ("sh:in 5", "Another condition: allowed values – 5.", "სხვა პირობა: დასაშვები მნიშვნელობები – 5."),
    ("sh:pattern :p", "Another condition: pattern – part.", "სხვა პირობა: ნიმუში (რეგულარული გამოსახულება) – ნაწილი."),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "en", "ka"), CONSTRAINTS, ids=[row[0] for row in CONSTRAINTS])
def test_a_constraint_is_a_sentence_in_both_languages(turtle: str, en: str, ka: str) -> None:
    (rule,) = read(turtle).rules
    assert told(rule, "en") == en
    assert told(rule, "ka").replace("\u00a0", " ") == ka


@pytest.mark.parametrize(
    "turtle",
    [
        "sh:uniqueLang false",
        "sh:closed false",
        "sh:name 'n' ; sh:description 'd' ; sh:order 1 ; sh:group :g ; sh:defaultValue 4 ; sh:severity sh:Info",
        "a sh:NodeShape ; rdfs:label 'l' ; rdfs:comment 'c' ; rdfs:seeAlso :x ; sh:targetClass :C ; sh:deactivated true",
    ],
)
def test_what_asks_for_nothing_is_no_rule(turtle: str) -> None:
    assert read(turtle).rules == ()


PATHS = [
        ("sh:path :p", "part", "ნაწილი"),
        ("sh:path [ sh:inversePath :p ]", "backwards: part", "შებრუნებულად: ნაწილი"),
        ("sh:path (:p :q)", "part, then ex:q", "ნაწილი, შემდეგ ex:q"),
        ("sh:path [ sh:alternativePath (:p :q) ]", "either of: part, ex:q", "რომელიმე: ნაწილი, ex:q"),
        ("sh:path [ sh:zeroOrMorePath :p ]", "part (any number of steps, or none)", "ნაწილი (ნებისმიერი რაოდენობის ნაბიჯი, ან არც ერთი)"),
        ("sh:path [ sh:oneOrMorePath :p ]", "part (one step or more)", "ნაწილი (ერთი ან მეტი ნაბიჯი)"),
        ("sh:path [ sh:zeroOrOnePath :p ]", "part (one step or none)", "ნაწილი (ერთი ნაბიჯი ან არც ერთი)"),
        ("sh:path ( [ sh:inversePath :p ] :q )", "(backwards: part), then ex:q", "(შებრუნებულად: ნაწილი), შემდეგ ex:q"),
        ("sh:path [ :strange :q ]", "unnamed (ex:strange – ex:q)", "უსახელო (ex:strange – ex:q)"),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "en", "ka"), PATHS)
def test_a_path_is_said_in_words(turtle: str, en: str, ka: str) -> None:
    found = read(turtle).path
    assert found is not None
    assert (told(found, "en"), told(found, "ka")) == (en, ka)


TARGETS = [
    ("sh:targetClass :C", ["Members of the class: city"]),
    ("sh:targetNode :C, 5", ["Only: 5", "Only: city"]),
    ("sh:targetSubjectsOf :p", ["Whatever has the property: part"]),
    ("sh:targetObjectsOf :p", ["Whatever is a value of the property: part"]),
    ("sh:target [ sh:select 'x' ]", ["What a query finds (SPARQL)"]),
    ("sh:target [ :way 1 ]", ["Chosen in another way: unnamed (ex:way – 1)"]),
    ("a rdfs:Class, sh:NodeShape", ["Members of the class: ex:S"]),
    ("a rdfs:Class", []),
]


@pytest.mark.parametrize(("turtle", "en"), TARGETS)
def test_whom_a_shape_is_about(turtle: str, en: list[str]) -> None:
    assert [told(one) for one in read(turtle).targets] == en


EXPRESSIONS = [
        ("[ owl:unionOf (:C :D) ]", "any of: city, ex:D"),
        ("[ owl:intersectionOf (:C [ owl:complementOf :D ]) ]", "all of: city, (everything but: ex:D)"),
        ("[ owl:oneOf (:x 1) ]", "one of: ex:x, 1"),
        ("[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :C ]", "some value of part: city"),
        ("[ owl:onProperty :p ; owl:allValuesFrom :C ]", "every value of part: city"),
        ("[ owl:onProperty :p ; owl:hasValue 3 ]", "value of part: 3"),
        ("[ owl:onProperty :p ; owl:hasSelf true ]", "leads to itself: part"),
        ("[ owl:onProperty [ owl:inverseOf :p ] ; owl:maxCardinality 1 ]", "values of (backwards: part), at most: 1"),
        ("[ owl:onProperty :p ; owl:minQualifiedCardinality 2 ; owl:onClass :C ]", "values of part, at least: 2 city"),
        ("[ owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minInclusive 1 ] ) ]", "restricted datatype: unnamed (xsd:minInclusive – 1)"),
        ("[ owl:onProperty :p ; owl:minCardinality 1 ]", "values of part, at least: 1"),
        ("[ owl:onProperty :p ; owl:cardinality 1 ]", "values of part, exactly: 1"),
        ("[ owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onDataRange xsd:int ]", "values of part, at most: 1 xsd:int"),
        ("[ owl:onProperty :p ; owl:qualifiedCardinality 1 ; owl:onClass :C ]", "values of part, exactly: 1 city"),
        ("[ owl:datatypeComplementOf xsd:int ]", "every value but: xsd:int"),
        ("[ owl:disjointUnionOf (:C) ]", "disjoint parts: city"),
        ("[ :strange 1 ]", "unnamed (ex:strange – 1)"),
        ("[]", "unnamed"),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "en"), EXPRESSIONS)
def test_a_class_expression_is_said_in_words(turtle: str, en: str) -> None:
    read_from = reading(f":x :is {turtle} .")
    (node,) = read_from.objects(NamedNode(BASE + "x"), NamedNode(BASE + "is"))
    assert told(expression(read_from, node)) == en


CIRCLES = {
    "a shape inside itself": ":S sh:not _:a . _:a sh:not _:a .",
    "shapes inside each other": ":S sh:or ( _:a _:b ) . _:a sh:or ( _:a _:b ) . _:b sh:and ( _:a _:b ) .",
    "a list without an end": ":S sh:in _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .",
    "a path that is its own inverse": ":S sh:path _:p ; sh:minCount 1 . _:p sh:inversePath _:p .",
    "a property shape inside itself": ":S sh:property _:p . _:p sh:path :p ; sh:property _:p .",
    "an expression of itself": ":S :is _:e . _:e owl:unionOf ( _:e _:e ) .",
}


@pytest.mark.parametrize("turtle", CIRCLES.values(), ids=CIRCLES)
def test_circles_end_and_say_so(turtle: str) -> None:
    made = shape(reading(turtle), NamedNode(BASE + "S"))
    teller = Teller(Reader(SITE, "ka", LABELS), {})
    said = [
        teller.say(one)
        for each in (made, *made.properties)
        for one in (*each.rules, *((each.path,) if each.path else ()))
    ]
    assert said
    assert len(as_json(made)) < 400_000


def test_a_path_through_a_circle_ends() -> None:
    read_from = reading(":S sh:path _:p . _:p sh:alternativePath ( _:p _:p ) .")
    (node,) = read_from.objects(NamedNode(BASE + "S"), NamedNode("http://www.w3.org/ns/shacl#path"))
    assert isinstance(node, BlankNode)
    assert "…" in told(path(read_from, node))


def test_markup_and_scripts_in_what_shapes_say_are_inert() -> None:
    turtle = "sh:hasValue '<script>' ; sh:class <javascript:alert(1)> ; sh:sparql [ sh:message '<b onclick=x>'@en ]"
    teller = Teller(Reader(SITE, "en", {BASE + "C": {"en": "<i>"}}), {})
    html = "".join(str(teller.say(one)) for one in read(turtle).rules)
    assert not re.search(r"<(script|b|i)\b|href=\"javascript", html)
    assert "&lt;script&gt;" in html and "&lt;b onclick=x&gt;" in html


def test_long_lists_are_cut_and_counted() -> None:
    (rule,) = read(f"sh:in ({' '.join(map(str, range(100)))})").rules
    assert len(rule.terms) == MOST // 4
    assert rule.more == 100 - MOST // 4
    assert told(rule).endswith(f"{rule.more} more.")


def test_what_is_written_is_read_back() -> None:
    turtle = "sh:targetClass :C ; sh:severity sh:Info ; sh:property [ sh:path (:p :q) ; sh:name 'n'@ka ; sh:or ( [ sh:in (1 2) ] ) ]"
    made = read(turtle)
    assert shape_of(as_json(made)) == made


def test_shapes_are_those_with_a_target_or_a_name() -> None:
    turtle = ":A a sh:NodeShape . [] sh:targetClass :C . [] a sh:NodeShape ; sh:class :C . :P a sh:PropertyShape ; sh:path :p ."
    assert sorted(one.iri for _, one in shapes(reading(turtle))) == ["", BASE + "A"]


def _keys(phrases: Iterable[Phrase]) -> set[str]:
    """The keys of phrases and of those inside them."""
    return {key for one in phrases for key in (one.key, *_keys(one.parts))}


def test_every_message_is_said_by_a_row_of_the_tables() -> None:
    read_shapes = [
        read(turtle) for turtle in (*(row[0] for row in (*CONSTRAINTS, *PATHS)), *(row[0] for row in TARGETS))
    ]
    said = _keys(
        phrase for one in read_shapes for phrase in (*one.rules, *one.targets, *((one.path,) if one.path else ()))
    )
    for turtle, _ in EXPRESSIONS:
        store = reading(f":x :is {turtle} .")
        said |= _keys(expression(store, one) for one in store.objects(NamedNode(BASE + "x"), NamedNode(BASE + "is")))
    beside = {
        "more",
        "then",
        "pattern.flags",
        "all.none",
        "sparql.untold",
        "target.none",
        "deeper",
        "qualifiedValueShapesDisjoint",
    }
    chained = {"owl.propertyChainAxiom", "owl.hasKey"}
    said |= beside | chained | {f"kind.{row[0].partition('sh:nodeKind sh:')[2]}" for row in CONSTRAINTS}
    assert {key.removeprefix("told.") for key in MESSAGES if key.startswith("told.")} - said == set()


def test_every_relation_has_a_caption() -> None:
    assert {key.removeprefix("ontology.rel.") for key in MESSAGES if key.startswith("ontology.rel.")} == set(RELATIONS)
