"""A small good graph keeps to the shapes, and every planted fault is found where it is, and named in both languages."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.namespace import SKOS
from rdflib.term import Node

from kgpub.model import Finding, Report
from kgpub.settings import load
from kgpub.source import files
from kgpub.validate import validate

ROOT = Path(__file__).parents[1]
BASE = "https://example.org/kg/"

PREFIXES = """
@prefix id: <id/> .
@prefix kgp: <ns/> .
@prefix fact: <fact/> .
@prefix evidence: <evidence/> .
@prefix scheme: <scheme/> .
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix locn: <http://www.w3.org/ns/locn#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

ENTITIES = {
    "doc": 'kgp:SourceDocument ; dcterms:title "გვერდი"@ka , "Page"@en ; dcterms:language "ka" ; '
    'kgp:fileName "page.txt" ; kgp:sha256 "' + "0a" * 32 + '"',
    "country": 'kgp:Country ; dcterms:identifier "GE"',
    "city": "kgp:City",
    "agency": "kgp:GovernmentBody ; org:classification scheme:agency",
    "forum": "kgp:Forum ; org:classification scheme:forum",
    "network": "kgp:Network",
    "ngo": "kgp:CivilSocietyOrganisation ; org:classification scheme:ngo",
    "secretariat": "kgp:Secretariat",
    "project": "kgp:Project",
    "cluster": "kgp:ThematicCluster",
    "activity": "kgp:ProjectActivity",
    "objective": "kgp:Objective",
    "code": "kgp:LegalAct",
    "period": "dcterms:PeriodOfTime",
    "conference": "kgp:Conference ; kgp:modality kgp:planned",
    "person": "foaf:Person",
    "post": "org:Post",
    "contact": "cv:ContactPoint",
    "address": "locn:Address",
    "bound": "schema:QuantitativeValue ; schema:minValue 80 ; kgp:exclusive true",
    "count": "schema:QuantitativeValue ; schema:value 1",
}

STATEMENTS = """
country     org:memberOf                  id:forum
forum       kgp:minimumMemberCountryCount id:bound
network     kgp:memberCount               id:count
ngo         org:memberOf                  id:network
secretariat kgp:secretariatOf             id:agency
secretariat cv:contactPoint               id:contact
contact     cv:email                      <mailto:office@example.org>
contact     cv:telephone                  <tel:+995322000000>
contact     locn:address                  id:address
address     locn:postCode                 "0105"
address     kgp:city                      id:city
project     kgp:fundedBy                  id:forum
project     kgp:implementedBy             id:agency
project     schema:startDate              "2013-12-15"^^xsd:date
project     schema:endDate                "2017-06"^^xsd:gYearMonth
project     kgp:hasObjective              id:objective
project     kgp:hasCluster                id:cluster
project     kgp:produces                  id:code
cluster     kgp:hasActivity               id:activity
activity    kgp:supports                  id:agency
objective   kgp:objectiveLevel            scheme:overall-objective
code        kgp:documentStatus            scheme:draft
code        dcterms:temporal              id:period
period      dcat:startDate                "2014"^^xsd:gYear
period      dcat:endDate                  "2020"^^xsd:gYear
conference  schema:eventStatus            schema:EventScheduled
conference  schema:startDate              "--11-24"^^xsd:gMonthDay
conference  kgp:announcedParticipantFrom  id:country
person      org:holds                     id:post
post        org:postIn                    id:agency
"""


def entity(name: str, kind: str) -> str:
    """One register entry as Turtle: type and values, labels, description."""
    labels = f'"საგანი {name}"@ka , "thing {name}"@en'
    return (
        f"id:{name} a {kind} ;\n"
        f"    skos:prefLabel {labels} ; rdfs:label {labels} ;\n"
        f'    dcterms:description "აღწერა."@ka , "A description."@en ; kgp:englishLabelKind kgp:translated .\n'
    )


def statement(number: int, line: str) -> str:
    """One triple with its statement node as Turtle."""
    subject, predicate, thing = line.split(maxsplit=2)
    return (
        f"id:{subject} {predicate} {thing} .\n"
        f"fact:f{number} a kgp:Fact , rdf:Statement ; rdf:subject id:{subject} ; rdf:predicate {predicate} ;\n"
        f"    rdf:object {thing} ; kgp:status kgp:asserted ; kgp:modality kgp:planned ;\n"
        f"    prov:hadPrimarySource id:doc ; kgp:line 1 ; oa:hasSelector evidence:doc-1-a .\n"
    )


EVIDENCE = """
evidence:doc-1-a a oa:TextQuoteSelector , oa:TextPositionSelector ; dcterms:isPartOf id:doc ; kgp:line 1 ;
    oa:exact "ციტატა აქ"@ka ; oa:start 10 ; oa:end 19 ; kgp:translation "a quote here"@en .
"""

GOOD = "".join(
    [
        *(entity(name, kind) for name, kind in ENTITIES.items()),
        *(statement(number, line) for number, line in enumerate(STATEMENTS.strip().splitlines(), 1)),
        EVIDENCE,
    ]
)

INFERRED = """
id:code dcterms:subject id:period .
fact:i1 a kgp:Fact , rdf:Statement ; rdf:subject id:code ; rdf:predicate dcterms:subject ; rdf:object id:period ;
    kgp:status kgp:inferred ; kgp:modality kgp:actual ; prov:wasDerivedFrom <https://example.com/page> ;
    skos:note "რატომ."@ka , "Why."@en .
"""


@dataclass(frozen=True)
class Found:
    """A result: the shape's local name, the constraint component, the severity."""

    shape: str
    component: str
    severity: str = "violation"


@dataclass(frozen=True)
class Fault:
    """A fault: what is added, which text takes the place of which, and all that must be found."""

    name: str
    found: tuple[Found, ...]
    add: str = ""
    old: str = ""
    new: str = ""

    @property
    def turtle(self) -> str:
        """The good graph with the fault in it."""
        if self.old:
            assert self.old in GOOD + INFERRED, self.old
        return (GOOD + INFERRED).replace(self.old, self.new, 1) + self.add if self.old else GOOD + INFERRED + self.add


SPARQL = "SPARQLConstraintComponent"
MIN, MAX, IN, OR, NOT = (f"{name}ConstraintComponent" for name in ("MinCount", "MaxCount", "In", "Or", "Not"))
CLASS, PATTERN, DATATYPE, KIND = (f"{name}ConstraintComponent" for name in ("Class", "Pattern", "Datatype", "NodeKind"))
QUALIFIED = "QualifiedMinCountConstraintComponent"
UNNODED = Found("Fact-node-given", SPARQL, "warning")
ABSENT = Found("Fact", SPARQL)
CITY = 'skos:prefLabel "საგანი city"@ka , "thing city"@en ; rdfs:label "საგანი city"@ka , "thing city"@en'


def city(ka: str, en: str = '"thing city"@en') -> dict[str, str]:
    """The city with other labels in the place of its good ones."""
    return {"old": CITY, "new": f"skos:prefLabel {ka} , {en} ; rdfs:label {ka} , {en}"}


def twice(old: str, new: str, subject: str) -> dict[str, str]:
    """A statement with another value, in the triple and in its node."""
    number, line = next(
        (n, row) for n, row in enumerate(STATEMENTS.strip().splitlines(), 1) if row.split()[0] == subject and old in row
    )
    return {"old": statement(number, line), "new": statement(number, line).replace(old, new)}


FAULTS = [
    # labels
    Fault("NO-BREAK SPACE in a label", (Found("Labels-no-break-space", PATTERN),), **city('"საგანი\u00a0city"@ka')),
    Fault("two blanks in a row in a label", (Found("Labels-double-blank", PATTERN),), **city('"საგანი  city"@ka')),
    Fault("blank before a label", (Found("Labels-edge-blank", PATTERN),), **city('" საგანი"@ka')),
    Fault("blank after a label", (Found("Labels-edge-blank", PATTERN),), **city('"საგანი "@ka')),
    Fault("blanks in a hidden label", (Found("Labels-double-blank", PATTERN),), 'id:city skos:hiddenLabel "a  b"@ka .'),
    Fault(
        "no Georgian label",
        (Found("Labels-ka", QUALIFIED),),
        old=CITY,
        new='skos:prefLabel "thing city"@en ; rdfs:label "thing city"@en',
    ),
    Fault(
        "no English label",
        (Found("Labels-en", QUALIFIED),),
        old=CITY,
        new='skos:prefLabel "საგანი"@ka ; rdfs:label "საგანი"@ka',
    ),
    Fault(
        "two preferred labels in one language",
        (Found("Labels-unique", "UniqueLangConstraintComponent"),),
        'id:city skos:prefLabel "მეორე"@ka ; rdfs:label "მეორე"@ka .',
    ),
    Fault(
        "label in a third language",
        (Found("Labels-languages", "LanguageInConstraintComponent"), Found("Labels", SPARQL), Found("Labels", SPARQL)),
        'id:city skos:prefLabel "Stadt"@de ; rdfs:label "Stadt"@de .',
    ),
    Fault(
        "ka-Latn in the place of ka",
        (Found("Labels", SPARQL), Found("Labels", SPARQL)),
        **city('"kalaki"@ka-Latn'),
    ),
    Fault(
        "ka-Latn beside ka",
        (Found("Labels", SPARQL), Found("Labels", SPARQL)),
        'id:city skos:prefLabel "kalaki"@ka-Latn ; rdfs:label "kalaki"@ka-Latn .',
    ),
    Fault("Mtavruli letters in a label", (Found("Labels-mtavruli", PATTERN),), **city('"\u1c97\u1c91\u1c98"@ka')),
    Fault(
        "English quotation marks in a Georgian label",
        (Found("Labels-quotation-marks", OR, "warning"),),
        **city('"„საგანი”"@ka'),
    ),
    Fault("ending glued to an acronym", (Found("Labels-glued-ending", NOT, "warning"),), **city('"IOMის საგანი"@ka')),
    Fault(
        "rdfs:label differs from the preferred label",
        (Found("Labels-same", "EqualsConstraintComponent", "warning"),),
        'id:city rdfs:label "სხვა"@ka .',
    ),
    Fault(
        "no description in Georgian",
        (Found("Descriptions-ka", QUALIFIED, "warning"),),
        old='"აღწერა."@ka , ',
        new="",
    ),
    Fault(
        "label kind outside the scheme", (Found("Descriptions-label-kind", IN),), old="kgp:translated", new="kgp:high"
    ),
    # facts
    Fault(
        "status outside the scheme",
        (Found("Fact-status", IN),),
        old="kgp:status kgp:asserted",
        new="kgp:status kgp:planned",
    ),
    Fault("fact without modality", (Found("Fact-modality", MIN),), old="kgp:modality kgp:actual ; ", new=""),
    Fault(
        "asserted fact without source",
        (Found("Fact-source-given", OR), Found("Fact-quote-source", "EqualsConstraintComponent")),
        old="prov:hadPrimarySource id:doc ; kgp:line 1 ; oa:hasSelector",
        new="kgp:line 1 ; oa:hasSelector",
    ),
    Fault(
        "asserted fact without line",
        (Found("Fact-line-given", OR), Found("Fact-quote-line", "EqualsConstraintComponent", "warning")),
        old="prov:hadPrimarySource id:doc ; kgp:line 1 ; oa:hasSelector",
        new="prov:hadPrimarySource id:doc ; oa:hasSelector",
    ),
    Fault(
        "asserted fact without quote",
        (
            Found("Fact-quote-given", OR),
            Found("Fact-quote-source", "EqualsConstraintComponent"),
            Found("Fact-quote-line", "EqualsConstraintComponent", "warning"),
        ),
        old=" ; oa:hasSelector evidence:doc-1-a",
        new="",
    ),
    Fault(
        "contextual fact without quote",
        (
            Found("Fact-quote-given", OR),
            Found("Fact-quote-source", "EqualsConstraintComponent"),
            Found("Fact-quote-line", "EqualsConstraintComponent", "warning"),
        ),
        old="kgp:status kgp:asserted ; kgp:modality kgp:planned ;\n"
        "    prov:hadPrimarySource id:doc ; kgp:line 1 ; oa:hasSelector evidence:doc-1-a",
        new="kgp:status kgp:contextual ; kgp:modality kgp:planned ; prov:hadPrimarySource id:doc ; kgp:line 1",
    ),
    Fault(
        "inferred fact without evidence",
        (Found("Fact-evidence-given", OR),),
        old="prov:wasDerivedFrom <https://example.com/page> ;",
        new="",
    ),
    Fault(
        "inferred fact with a reason in one language",
        (Found("Fact-reason-given", OR),),
        old='"რატომ."@ka , ',
        new="",
    ),
    Fault("fact whose triple is not in the data", (ABSENT,), old="id:code dcterms:subject id:period .", new=""),
    Fault("triple without statement node", (UNNODED,), "id:project kgp:projectPartner id:ngo ."),
    Fault(
        "fact that is no rdf:Statement",
        (Found("Fact-type", "HasValueConstraintComponent"),),
        old=" , rdf:Statement",
        new="",
    ),
    # evidence
    Fault("offsets that do not span the quote", (Found("Evidence", SPARQL),), old="oa:end 19", new="oa:end 20"),
    Fault(
        "quote that ends before it starts",
        (Found("Evidence-start", "LessThanConstraintComponent"), Found("Evidence", SPARQL)),
        old="oa:end 19",
        new="oa:end 1",
    ),
    Fault(
        "Georgian quote without translation",
        (Found("Evidence-translation-given", OR, "warning"),),
        old=' ; kgp:translation "a quote here"@en',
        new="",
    ),
    # events
    Fault("event without modality", (Found("Event-modality", MIN),), entity("summit", "kgp:Summit")),
    Fault(
        "planned event whose statement lacks its modality",
        (Found("Fact-modality", MIN), Found("PlannedEvent", SPARQL)),
        **{
            "old": (row := statement(28, STATEMENTS.strip().splitlines()[27])),
            "new": row.replace("kgp:modality kgp:planned ;", ""),
        },
    ),
    Fault(
        "scheduled event said to be actual",
        (Found("PlannedEvent", SPARQL),),
        old="kgp:Conference ; kgp:modality kgp:planned",
        new="kgp:Conference ; kgp:modality kgp:actual",
    ),
    Fault(
        "participant of an event that is only planned",
        (Found("PlannedEvent", SPARQL), UNNODED),
        "id:conference kgp:participant id:ngo .",
    ),
    Fault(
        "date of an event as text",
        (Found("Event-startDate", OR),),
        **twice('"--11-24"^^xsd:gMonthDay', '"24 November"', "conference"),
    ),
    # dates
    Fault("end month before start day", (Found("Period", SPARQL),), **twice("2017-06", "2013-11", "project")),
    Fault(
        "end year before start day",
        (Found("Period", SPARQL),),
        **twice('"2017-06"^^xsd:gYearMonth', '"2012"^^xsd:gYear', "project"),
    ),
    Fault("end year before start year of a period", (Found("Period", SPARQL),), **twice("2020", "2013", "period")),
    Fault("end of the month of the start: undecidable", (), **twice("2017-06", "2013-12", "project")),
    Fault(
        "end in the year of the start: undecidable",
        (),
        **twice('"2017-06"^^xsd:gYearMonth', '"2013"^^xsd:gYear', "project"),
    ),
    Fault("end without a year: undecidable", (UNNODED,), 'id:conference schema:endDate "--01-02"^^xsd:gMonthDay .'),
    # organisations
    Fault(
        "stated member count is not the counted one",
        (Found("Organisation", SPARQL, "warning"),),
        old="schema:value 1",
        new="schema:value 9",
    ),
    Fault(
        "agency as member of a forum of states",
        (Found("Forum-member", NOT),),
        **twice("country", "agency", "country"),
    ),
    Fault(
        "secretariat with a date of foundation",
        (Found("Secretariat-foundingDate", MAX), UNNODED),
        'id:secretariat schema:foundingDate "2010-10-13"^^xsd:date .',
    ),
    Fault(
        "kind of organisation outside the scheme",
        (Found("Organisation-classification", "NodeConstraintComponent"),),
        old="org:classification scheme:ngo",
        new="org:classification scheme:draft",
    ),
    Fault(
        "bare number as member count", (Found("Organisation-memberCount", CLASS),), **twice("id:count", "1", "network")
    ),
    # projects
    Fault(
        "project typed as organisation",
        (Found("Project-not-an-organisation", NOT),),
        "id:project a org:Organization .",
    ),
    Fault(
        "project typed as a kind of organisation",
        (Found("Project-not-an-organisation", NOT),),
        "id:project a kgp:CountryMission ; org:unitOf id:forum ; kgp:locatedInCountry id:country .\n"
        + statement(90, "project org:unitOf id:forum")
        + statement(91, "project kgp:locatedInCountry id:country"),
    ),
    Fault(
        "project typed schema:Project",
        (Found("Project-no-schema-project", NOT),),
        "id:project a schema:Project .",
    ),
    Fault("project funded by a place", (Found("Project-fundedBy", OR),), **twice("id:forum", "id:city", "project")),
    Fault("two projects made one", (Found("Project-sameAs", NOT), UNNODED), "id:project owl:sameAs id:project ."),
    Fault(
        "activity in no cluster",
        (Found("ProjectActivity-of-hasActivity", MIN),),
        entity("stray", "kgp:ProjectActivity"),
    ),
    Fault(
        "objective without level",
        (Found("Objective-objectiveLevel", MIN), ABSENT),
        old="id:objective kgp:objectiveLevel scheme:overall-objective .",
        new="",
    ),
    Fault(
        "legal act without status",
        (Found("LegalAct-documentStatus", MIN, "warning"), ABSENT),
        old="id:code kgp:documentStatus scheme:draft .",
        new="",
    ),
    # persons, contact, figures
    Fault("person without public role", (Found("Person-public-role", OR),), entity("nobody", "foaf:Person")),
    Fault("private data of a person", (Found("Person-private", MAX),), 'id:person foaf:birthday "--01-01" .'),
    Fault(
        "post in no organisation or project",
        (Found("Post-placed", OR, "warning"), ABSENT),
        old="id:post org:postIn id:agency .",
        new="",
    ),
    Fault("postal code as a number", (Found("Address-postCode", DATATYPE),), **twice('"0105"', "0105", "address")),
    Fault(
        "telephone as text",
        (Found("ContactPoint-telephone", KIND), Found("ContactPoint-telephone", PATTERN)),
        **twice("<tel:+995322000000>", '"+995 32 2 00 00 00"', "contact"),
    ),
    Fault(
        "telephone without tel:",
        (Found("ContactPoint-telephone", PATTERN),),
        **twice("<tel:+995322000000>", "<https://example.org/phone>", "contact"),
    ),
    Fault(
        "e-mail as text",
        (Found("ContactPoint-email", KIND), Found("ContactPoint-email", PATTERN)),
        **twice("<mailto:office@example.org>", '"office@example.org"', "contact"),
    ),
    Fault(
        "e-mail without mailto:",
        (Found("ContactPoint-email", PATTERN),),
        **twice("<mailto:office@example.org>", "<https://example.org/mail>", "contact"),
    ),
    Fault(
        "lower bound with an exact value beside it",
        (Found("Quantity-value-or-bound", "XoneConstraintComponent"), Found("LowerBound-value", MAX)),
        "id:bound schema:value 80 .",
    ),
    Fault(
        "lower bound written as an exact value",
        (Found("LowerBound-value", MAX), Found("LowerBound-minValue", MIN), Found("LowerBound-exclusive", MIN)),
        old="schema:minValue 80 ; kgp:exclusive true",
        new="schema:value 80",
    ),
    # namespaces
    Fault(
        "http instead of https in schema.org",
        (Found("Namespaces", SPARQL),),
        'id:code <http://schema.org/version> "1" .',
    ),
    Fault(
        "type of the wrong schema.org", (Found("Namespaces", SPARQL),), "id:conference a <http://schema.org/Event> ."
    ),
    Fault("LOCN without www", (Found("Namespaces", SPARQL),), 'id:address <http://w3.org/ns/locn#poBox> "1" .'),
    Fault(
        "slip in the predicate of a fact",
        (Found("Namespaces", SPARQL), ABSENT, UNNODED),
        old="rdf:predicate dcterms:subject",
        new="rdf:predicate <http://schema.org/about>",
    ),
    Fault(
        "FRAPO without its slash",
        (Found("Namespaces", SPARQL),),
        "id:project <http://purl.org/cerif/frapo#funds> id:code .",
    ),
    Fault(
        "term the ontology does not define", (Found("Undefined", SPARQL), UNNODED), "id:project kgp:fundedby id:forum ."
    ),
]


def parse(folder: str) -> Graph:
    """The Turtle files of a folder as one graph, read against the base."""
    graph = Graph()
    for path in sorted((ROOT / folder).rglob("*.ttl")):
        graph.parse(path, format="turtle", publicID=BASE)
    return graph


@cache
def shapes() -> Graph:
    """All shapes."""
    return parse("shapes")


@cache
def ontology() -> Graph:
    """The whole ontology."""
    return parse("ontology")


def skeleton() -> Graph:
    """What the shapes ask of the ontology: hierarchy, terms, schemes; without the concepts' own labels."""
    whole, graph = ontology(), Graph()
    for predicate in (RDFS.subClassOf, RDFS.isDefinedBy, SKOS.inScheme):
        for triple in whole.triples((None, predicate, None)):
            graph.add(triple)
    for scheme in whole.subjects(RDF.type, SKOS.ConceptScheme):
        for triple in whole.triples((scheme, None, None)):
            graph.add(triple)
    return graph


def placed(turtle: str, place: str) -> str:
    """The Turtle with prefixes that make its things those of one place only."""
    own = PREFIXES.replace("<id/>", f"<id/{place}/>").replace("<fact/>", f"<fact/{place}/>")
    return own.replace("<evidence/>", f"<evidence/{place}/>") + turtle


def report(folder: Path) -> Report:
    """The report on a site."""
    settings = load(folder)
    return validate(files(settings), settings)


def found(finding: Finding) -> Found:
    """A finding in short."""
    shape = finding.shape.removeprefix(f"{BASE}shape/")
    return Found(shape, finding.component.removeprefix(str(SH)), finding.severity)


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What is found in each file of a site that has the good graph in one, and a fault in each of the others."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "kgpub.toml").write_text(f'base = "{BASE}"\nlanguages = ["ka", "en"]\n[title]\nen = "Test"\n')
    (folder / "shapes").symlink_to(ROOT / "shapes")
    (folder / "ontology").mkdir()
    skeleton().serialize(folder / "ontology" / "skeleton.ttl", format="turtle")
    (folder / "data").mkdir()
    (folder / "data" / "good.ttl").write_text(placed(GOOD + INFERRED, "good"), encoding="utf-8")
    for number, fault in enumerate(FAULTS):
        text = placed(fault.turtle, str(number))
        (folder / "data" / f"{number}.ttl").write_text(text, encoding="utf-8")
    by_file: dict[str, list[Finding]] = {}
    for finding in report(folder).findings:
        by_file.setdefault(finding.file, []).append(finding)
    return by_file


def test_good_graph_conforms(findings: dict[str, list[Finding]]) -> None:
    assert "data/good.ttl" not in findings


def test_every_finding_has_its_place(findings: dict[str, list[Finding]]) -> None:
    assert findings.keys() <= {f"data/{number}.ttl" for number in range(len(FAULTS))}


@pytest.mark.parametrize(("number", "fault"), list(enumerate(FAULTS)), ids=[fault.name for fault in FAULTS])
def test_fault_is_found(findings: dict[str, list[Finding]], number: int, fault: Fault) -> None:
    here = findings.get(f"data/{number}.ttl", [])
    assert sorted(map(found, here), key=repr) == sorted(fault.found, key=repr)
    for finding in here:
        assert finding.messages.keys() == {"ka", "en"}
        assert "{" not in "".join(finding.messages.values())


def test_published_graph_and_ontology_keep_to_the_shapes() -> None:
    if not (ROOT / "data").is_dir():
        pytest.skip("there is no data")
    assert [finding for finding in report(ROOT).findings if finding.severity != "info"] == []


def both_languages(graph: Graph, node: Node, predicate: URIRef) -> bool:
    """Whether the node has exactly one value of the predicate in each language."""
    return sorted(v.language or "" for v in graph.objects(node, predicate) if isinstance(v, Literal)) == ["en", "ka"]


def named(graph: Graph, kind: URIRef) -> list[URIRef]:
    """The nodes of a type that have an IRI."""
    return sorted(node for node in graph.subjects(RDF.type, kind) if isinstance(node, URIRef))


def test_shapes_are_named_in_both_languages() -> None:
    graph = shapes()
    for shape in named(graph, SH.PropertyShape):
        assert both_languages(graph, shape, SH.name), shape
        assert graph.value(shape, SH.order) is not None, shape
        assert graph.value(shape, SH.path) is not None, shape
    for node in named(graph, SH.NodeShape) + named(graph, SH.PropertyGroup):
        assert both_languages(graph, node, RDFS.label), node


def test_every_constraint_has_a_message_in_both_languages() -> None:
    graph = shapes()
    display = {SH.path, SH.name, SH.order, SH.group, SH.severity, RDF.type}
    constrained = [s for s in named(graph, SH.PropertyShape) if set(graph.predicates(s)) - display]
    constraints = list(graph.objects(None, SH.sparql))
    alone = [s for s in named(graph, SH.NodeShape) if {SH["or"], SH["not"], SH.xone} & set(graph.predicates(s))]
    for shape in [*constrained, *constraints, *alone]:
        assert both_languages(graph, shape, SH.message), shape


def test_every_group_exists() -> None:
    graph = shapes()
    assert set(graph.objects(None, SH.group)) <= set(named(graph, SH.PropertyGroup))


def test_every_target_and_path_is_a_known_term() -> None:
    graph, known = shapes(), set(ontology().subjects())
    ours = URIRef(f"{BASE}ns/")
    terms = {
        o
        for p in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.path, SH["class"], SH.inversePath)
        for o in graph.objects(None, p)
    }
    assert {t for t in terms if isinstance(t, URIRef) and t.startswith(ours)} <= known
