"""Every term is named and explained in both languages, and no inference makes an organisation of a project."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from rdflib import DCTERMS, FOAF, ORG, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ROOT = Path(__file__).parents[1]
BASE = "https://example.org/kg/"
KGP = Namespace(f"{BASE}ns/")
ID = Namespace(f"{BASE}id/")
SCHEMA = Namespace("https://schema.org/")
Triple = tuple[Node, Node, Node]
ORGANISATIONS = {ORG.Organization, ORG.FormalOrganization, FOAF.Agent, FOAF.Organization, SCHEMA.Organization}

PUBLISHED = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .

schema:Project rdfs:subClassOf schema:Organization .
schema:Organization rdfs:subClassOf foaf:Agent .
foaf:Organization rdfs:subClassOf foaf:Agent .
org:linkedTo rdfs:domain org:Organization ; rdfs:range org:Organization .
org:subOrganizationOf rdfs:domain org:Organization ; rdfs:range org:Organization .
org:unitOf rdfs:domain org:OrganizationalUnit ; rdfs:range org:FormalOrganization .
org:memberOf rdfs:domain foaf:Agent ; rdfs:range org:Organization .
org:classification rdfs:domain org:Organization .
org:purpose rdfs:domain org:Organization .
org:holds rdfs:domain foaf:Agent ; rdfs:range org:Post .
org:postIn rdfs:domain org:Post ; rdfs:range org:Organization .
prov:wasAttributedTo rdfs:range prov:Agent .
"""


def parse(folder: str) -> Graph:
    """The Turtle files of a folder as one graph, read against the base."""
    graph = Graph()
    for path in sorted((ROOT / folder).rglob("*.ttl")):
        graph.parse(path, format="turtle", publicID=BASE)
    return graph


@cache
def ontology() -> Graph:
    """The domain ontology and the labels of standard terms."""
    return parse("ontology")


@cache
def data() -> Graph:
    """The published data; skips the test where there is none."""
    if not (ROOT / "data").is_dir():
        pytest.skip("there is no data")
    return parse("data")


def from_hierarchy(graph: Graph) -> Iterator[Triple]:
    """What subproperties and subclasses entail (RDFS rules 5, 7, 9, 11)."""
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf):
        for lower, upper in graph.subject_objects(relation):
            yield from ((lower, relation, top) for top in graph.objects(upper, relation))
    for lower, upper in graph.subject_objects(RDFS.subPropertyOf):
        yield from ((subject, upper, target) for subject, target in graph.subject_objects(lower))
    for lower, upper in graph.subject_objects(RDFS.subClassOf):
        yield from ((member, RDF.type, upper) for member in graph.subjects(RDF.type, lower))


def from_use(graph: Graph) -> Iterator[Triple]:
    """What domains and ranges entail (RDFS rules 2, 3)."""
    for used, kind in graph.subject_objects(RDFS.domain):
        yield from ((subject, RDF.type, kind) for subject in graph.subjects(used))
    for used, kind in graph.subject_objects(RDFS.range):
        yield from ((target, RDF.type, kind) for target in graph.objects(None, used))


def closure(graph: Graph) -> Graph:
    """The graph with all that those rules entail."""
    closed, size = graph + Graph(), -1
    while size != len(closed):
        size = len(closed)
        for triple in [*from_hierarchy(closed), *from_use(closed)]:
            closed.add(triple)
    return closed


def organisations_among_projects(graph: Graph) -> set[Node]:
    """The projects that RDFS makes an organisation or an agent of."""
    closed = closure(graph + ontology() + Graph().parse(data=PUBLISHED, format="turtle"))
    projects = {*closed.subjects(RDF.type, KGP.Project), *closed.subjects(RDF.type, FOAF.Project)}
    return {project for project in projects if ORGANISATIONS & set(closed.objects(project, RDF.type))}


def terms(*kinds: URIRef) -> list[URIRef]:
    """The terms of the ontology's own that have one of these types, or all of them."""
    graph = ontology()
    own = {term for term in graph.subjects(RDFS.isDefinedBy, KGP[""]) if isinstance(term, URIRef)}
    return sorted(term for term in own if not kinds or set(kinds) & set(graph.objects(term, RDF.type)))


def languages(term: Node, predicate: URIRef) -> list[str | None]:
    """The languages of the values of a term's property."""
    values = ontology().objects(term, predicate)
    return sorted((v.language for v in values if isinstance(v, Literal)), key=str)


def test_the_ontology_describes_itself() -> None:
    header = KGP[""]
    assert (header, RDF.type, OWL.Ontology) in ontology()
    for predicate in (DCTERMS.title, DCTERMS.description, RDFS.label):
        assert languages(header, predicate) == ["en", "ka"]
    assert ontology().value(header, OWL.versionInfo)
    assert ontology().value(header, DCTERMS.license)


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition], ids=["label", "definition"])
def test_every_own_term_has_it_in_both_languages(predicate: URIRef) -> None:
    assert [term for term in terms() if languages(term, predicate) != ["en", "ka"]] == []


def test_every_own_term_says_where_it_is_defined() -> None:
    graph = ontology()
    own = {term for term in graph.subjects() if isinstance(term, URIRef) and term.startswith(KGP)} - {KGP[""]}
    concepts = {*graph.subjects(RDF.type, SKOS.Concept), *graph.subjects(RDF.type, SKOS.ConceptScheme)}
    assert own | concepts == set(terms())


def test_every_link_reads_from_its_other_end() -> None:
    assert [term for term in terms(OWL.ObjectProperty) if languages(term, KGP.inverseLabel) != ["en", "ka"]] == []


def test_every_standard_term_is_labelled_in_both_languages() -> None:
    graph = ontology()
    own = {*terms(), KGP[""]}
    standard = {term for term in graph.subjects() if isinstance(term, URIRef)} - own
    assert [term for term in sorted(standard) if languages(term, RDFS.label) != ["en", "ka"]] == []
    assert [term for term in sorted(standard) if languages(term, KGP.inverseLabel) not in ([], ["en", "ka"])] == []


def test_every_concept_is_in_one_scheme() -> None:
    graph = ontology()
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        (scheme,) = graph.objects(concept, SKOS.inScheme)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
        for broader in graph.objects(concept, SKOS.broader):
            assert (broader, SKOS.inScheme, scheme) in graph
        assert ((concept, SKOS.topConceptOf, scheme) in graph) != ((concept, SKOS.broader, None) in graph)


def test_no_notation_is_given_twice_in_a_scheme() -> None:
    graph = ontology()
    notations = [(graph.value(concept, SKOS.inScheme), code) for concept, code in graph.subject_objects(SKOS.notation)]
    assert len(notations) == len(set(notations))


def test_every_term_the_ontology_mentions_is_known() -> None:
    graph = ontology()
    known = {*graph.subjects(), XSD.boolean, XSD.gYear, XSD.integer, XSD.string, RDF.langString}
    relations = (RDFS.subClassOf, RDFS.domain, RDFS.range, SCHEMA.domainIncludes, SCHEMA.rangeIncludes)
    mentioned = {target for relation in relations for target in graph.objects(None, relation)}
    assert mentioned - known == set()


@pytest.mark.parametrize("name", ["Project", "FundingAgency", "FundingScheme", "ResearchProject"])
def test_no_organisation_of_schema_org_poses_as_a_project(name: str) -> None:
    for graph in (ontology(), data()):
        assert SCHEMA[name] not in {*graph.subjects(), *graph.predicates(), *graph.objects()}


def test_projects_and_organisations_are_disjoint() -> None:
    assert (KGP.Project, OWL.disjointWith, ORG.Organization) in ontology()


LINKS = [
    *(term for term in terms(OWL.ObjectProperty) if KGP.Project in ontology().objects(term, SCHEMA.domainIncludes))
]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.removeprefix(KGP))
def test_no_link_of_a_project_makes_it_an_organisation(link: URIRef) -> None:
    graph = Graph()
    graph.add((ID.project, RDF.type, KGP.Project))
    graph.add((ID.project, link, ID.other))
    assert organisations_among_projects(graph) == set()


@pytest.mark.parametrize(
    ("predicate", "target"),
    [(RDF.type, SCHEMA.Project), (RDF.type, KGP.GovernmentBody), (KGP.hasPartner, ID.other), (ORG.memberOf, ID.other)],
    ids=["schema:Project", "a kind of organisation", "a partnership", "a membership"],
)
def test_the_closure_would_notice(predicate: URIRef, target: URIRef) -> None:
    graph = Graph()
    graph.add((ID.project, RDF.type, KGP.Project))
    graph.add((ID.project, predicate, target))
    assert organisations_among_projects(graph) == {ID.project}


def test_no_published_project_is_an_organisation() -> None:
    assert organisations_among_projects(data()) == set()


def test_every_term_of_the_data_is_labelled_in_both_languages() -> None:
    used = {*data().predicates(), *data().objects(None, RDF.type)}
    assert [term for term in sorted(used, key=str) if languages(term, RDFS.label) != ["en", "ka"]] == []


QUESTIONS = re.findall(r"^```sparql\n(.*?)^```", (ROOT / "docs" / "model.md").read_text(encoding="utf-8"), re.M | re.S)


def test_the_model_page_asks_five_questions() -> None:
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize("question", QUESTIONS, ids=range(1, len(QUESTIONS) + 1))
def test_a_question_of_the_model_page_has_answers(question: str) -> None:
    assert len(data().query(question, base=BASE)) > 0


@pytest.mark.parametrize("folder", ["ontology", "shapes", "data"])
def test_no_file_names_the_base(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        assert "data.example.org" not in text, path
        assert "@base" not in text, path


@pytest.mark.parametrize("folder", ["ontology", "shapes"])
def test_texts_are_clean_georgian(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        assert not [letter for letter in text if "\u1c90" <= letter <= "\u1cbf"], path
        assert "\u00a0" not in text, path
