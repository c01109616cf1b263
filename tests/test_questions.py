"""A researcher's questions to the graph: every expected answer is read off the five documents, not off the data.

The default graph is what the documents say or imply and the ontology; what needs evidence from outside is asked
for by name: <graph/inferred>.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

ROOT = Path(__file__).parents[1]
SOURCES = ROOT.parent / "shared" / "sources"
BASE = "https://data.example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES = {
    "id": f"{BASE}id/",
    "kgp": f"{BASE}ns/",
    "fact": f"{BASE}fact/",
    "evidence": f"{BASE}evidence/",
    "scheme": f"{BASE}scheme/",
    "graph": f"{BASE}graph/",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": XSD,
}
HEADER = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in PREFIXES.items())

Row = tuple[str, ...]


def graph_name(file: Path) -> NamedNode:
    """The named graph of a file: its path without the leading data/ and without the extension."""
    path = file.relative_to(ROOT).with_suffix("")
    parts = path.parts[1:] if path.parts[0] == "data" else path.parts
    return NamedNode(f"{BASE}graph/{'/'.join(parts)}")


@cache
def store() -> Store:
    """Each file in its named graph, and all but the inferred one merged into the default graph."""
    loaded = Store()
    for file in sorted([*ROOT.glob("ontology/*.ttl"), *ROOT.glob("data/**/*.ttl")]):
        name = graph_name(file)
        triples = [
            (quad.subject, quad.predicate, quad.object)
            for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE, base_iri=BASE)
        ]
        loaded.extend(Quad(*triple, name) for triple in triples)
        if file.name != "inferred.ttl":
            loaded.extend(Quad(*triple, DefaultGraph()) for triple in triples)
    return loaded


def written(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    """A term as a reader writes it: `id:org-iom`, `ქსელი@ka`, `2017-06^^gYearMonth`; strings and integers bare."""
    if isinstance(term, NamedNode):
        for name, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{name}:{term.value.removeprefix(namespace)}"
        return term.value
    if isinstance(term, Literal):
        if term.language:
            return f"{term.value}@{term.language}"
        kind = term.datatype.value.removeprefix(XSD)
        return term.value if kind in {"string", "integer", "boolean"} else f"{term.value}^^{kind}"
    return "–" if term is None else str(term)


def answers(query: str) -> list[Row]:
    """The rows that answer a SELECT, sorted, each term as a reader writes it."""
    solutions = store().query(HEADER + query)
    assert isinstance(solutions, QuerySolutions)
    return sorted(tuple(written(term) for term in solution) for solution in solutions)


@dataclass(frozen=True)
class Question:
    """A claim about the documents, the query that tests it, and the rows that it must give: none means silence."""

    name: str
    query: str
    rows: frozenset[Row]


def ask(name: str, query: str, *rows: Row) -> Question:
    return Question(name, query, frozenset(rows))


def each(*values: str) -> Iterator[Row]:
    """Rows of one column."""
    return ((value,) for value in values)


NINE = (
    "id:org-abkhazintercont",
    "id:org-caritas-georgia",
    "id:org-merkuri",
    "id:org-migration-centre",
    "id:org-rights-georgia",
    "id:org-tanadgoma",
    "id:org-tdi",
    "id:org-tok-tv",
    "id:org-toleranti",
)
INFERRED = (24, 30, 33, 34, 102, 175, 177, 178, 179, 180, 184, 189, 196, 244, 295, 296, 297, 298, 299)
FOUR = ("id:org-armenian-una", "id:org-caritas-armenia", "id:org-epf-armenia", "id:org-mission-armenia")

MONEY = (
    ask(
        "Who funds what, by the documents alone, and whether they say so or it follows",
        """SELECT ?project ?funder ?status WHERE {
            ?project kgp:fundedBy ?funder .
            ?fact rdf:subject ?project ; rdf:predicate kgp:fundedBy ; rdf:object ?funder ; kgp:status ?status }""",
        ("id:project-border-migration", "id:programme-eapic-2012", "kgp:asserted"),
        ("id:project-border-migration", "id:org-eu", "kgp:contextual"),
        ("id:project-norway-conference", "id:org-mfa-norway", "kgp:asserted"),
        ("id:project-subsoil-code", "id:org-undp", "kgp:asserted"),
    ),
    ask(
        "The money of the border project comes through a programme, and the programme is the European Union's",
        """SELECT ?programme ?owner ?year WHERE {
            id:project-border-migration kgp:fundedBy ?programme .
            ?programme kgp:programmeOf ?owner ; kgp:programmeYear ?year }""",
        ("id:programme-eapic-2012", "id:org-eu", "2012^^gYear"),
    ),
    ask(
        "That Norway funds EMERGE stands in the inferred graph and nowhere else",
        "SELECT ?graph ?funder WHERE { GRAPH ?graph { id:project-emerge kgp:fundedBy ?funder } }",
        ("graph:inferred", "id:org-mfa-norway"),
    ),
    ask(
        "What the third document does say is that Norway's ministry supports IOM",
        """SELECT ?supported ?line ?modality WHERE {
            ?fact rdf:subject id:org-mfa-norway ; rdf:predicate kgp:supports ; rdf:object ?supported ;
                kgp:line ?line ; kgp:modality ?modality ; prov:hadPrimarySource id:doc-3 }""",
        ("id:org-iom", "19", "kgp:ongoing-at-writing"),
    ),
    ask(
        "UNDP is both funder of and partner in the Subsoil Code project",
        "SELECT ?how WHERE { id:project-subsoil-code ?how id:org-undp }",
        *each("kgp:fundedBy", "kgp:projectPartner"),
    ),
    ask(
        "No document states an amount of money, so there is none in any graph",
        """SELECT ?thing ?how WHERE { GRAPH ?graph { ?thing ?how ?value }
            FILTER (REGEX(STR(?how), "amount|budget|price|cost|currency", "i")) }""",
    ),
    ask(
        "The Norwegian ministry is a party to what two documents tell",
        """SELECT DISTINCT ?document WHERE {
            ?fact rdf:subject|rdf:object id:org-mfa-norway ; prov:hadPrimarySource ?document }""",
        *each("id:doc-1", "id:doc-3"),
    ),
)

NETWORK = (
    ask(
        "Nine NGOs belong to the Migration Issues Advocacy Network",
        "SELECT ?member WHERE { ?member org:memberOf id:org-anmi }",
        *each(*NINE),
    ),
    ask(
        "The number of members that the third document states is the number of those it lists",
        """SELECT ?stated (COUNT(DISTINCT ?member) AS ?listed) WHERE {
            id:org-anmi kgp:memberCount/schema:value ?stated . ?member org:memberOf id:org-anmi } GROUP BY ?stated""",
        ("9", "9"),
    ),
    ask(
        "The misspelt host and the member Rights Georgia are one organisation",
        'SELECT ?thing WHERE { ?thing skos:hiddenLabel "უფლები საქართველო"@ka }',
        ("id:org-rights-georgia",),
    ),
    ask(
        "The network is recently founded, and no document gives a date",
        """SELECT ?how ?value WHERE { id:org-anmi ?how ?value
            FILTER (?how IN (schema:foundingDate, kgp:foundingDescription)) }""",
        ("kgp:foundingDescription", "ახლახანს დაარსებული@ka"),
        ("kgp:foundingDescription", "recently founded@en"),
    ),
    ask(
        "The day on which the network was founded needs outside evidence",
        "SELECT ?graph ?date WHERE { GRAPH ?graph { id:org-anmi schema:foundingDate ?date } }",
        ("graph:inferred", "2021-11-04^^date"),
    ),
    ask(
        "IOM Georgia cooperates with the members of the network, not with the network",
        """SELECT ?partner ?network WHERE {
            id:org-iom-georgia kgp:cooperatesWith ?partner . ?partner kgp:groupOf ?network }""",
        ("id:group-anmi-members", "id:org-anmi"),
    ),
    ask(
        "All nine members expressed interest in working with their Armenian colleagues",
        "SELECT ?member WHERE { ?member kgp:interestedInCooperationWith id:group-armenian-colleagues }",
        *each(*NINE),
    ),
)

MEETING = (
    ask(
        "Thirteen NGOs took part in the meeting, nine of Georgia and four of Armenia",
        """SELECT ?country (COUNT(DISTINCT ?ngo) AS ?number) WHERE {
            id:event-ngo-meeting kgp:participant ?ngo . ?ngo kgp:locatedInCountry ?country } GROUP BY ?country""",
        ("id:place-armenia", "4"),
        ("id:place-georgia", "9"),
    ),
    ask(
        "The numbers that line 20 states are the same",
        """SELECT ?country ?number WHERE {
            id:event-ngo-meeting kgp:participantCount ?figure .
            ?figure dcterms:spatial ?country ; schema:value ?number }""",
        ("id:place-armenia", "4"),
        ("id:place-georgia", "9"),
    ),
    ask(
        "Four Armenian organisations attended, and all four summed up their work",
        """SELECT ?ngo WHERE {
            id:event-ngo-meeting kgp:participant ?ngo .
            ?ngo kgp:locatedInCountry id:place-armenia ; kgp:presentedAt id:event-ngo-meeting }""",
        *each(*FOUR),
    ),
    ask(
        "Two missions and one NGO hosted the meeting; the headline has IOM as the organiser",
        """SELECT ?how ?who WHERE { id:event-ngo-meeting ?how ?who
            FILTER (?how IN (kgp:hostedBy, kgp:organisedBy, kgp:underAegisOf)) }""",
        ("kgp:hostedBy", "id:org-iom-armenia"),
        ("kgp:hostedBy", "id:org-iom-georgia"),
        ("kgp:hostedBy", "id:org-rights-georgia"),
        ("kgp:organisedBy", "id:org-iom"),
        ("kgp:underAegisOf", "id:org-anmi"),
    ),
    ask(
        "Which coordinator belongs to which city is a reading of two parallel lists",
        """SELECT ?person ?city ?status WHERE {
            ?person org:holds ?post . ?post kgp:postForPlace ?city .
            ?fact rdf:subject ?person ; rdf:predicate org:holds ; rdf:object ?post ; kgp:status ?status }""",
        ("id:person-vibler", "id:place-tbilisi", "kgp:contextual"),
        ("id:person-pellegrini", "id:place-yerevan", "kgp:contextual"),
    ),
    ask(
        "No document says where the meeting was held or whether it was online",
        """SELECT ?how ?value WHERE { GRAPH ?graph { id:event-ngo-meeting ?how ?value }
            FILTER (?how IN (schema:location, schema:eventAttendanceMode, dcterms:spatial, locn:address)) }""",
    ),
    ask(
        "No document says that the meeting was held under EMERGE",
        "SELECT ?project WHERE { id:event-ngo-meeting kgp:withinProject ?project }",
    ),
    ask(
        "The inference that it was held under EMERGE is of medium confidence and has an address",
        """SELECT ?project ?confidence ?address WHERE { GRAPH graph:inferred {
            ?fact rdf:subject id:event-ngo-meeting ; rdf:predicate kgp:withinProject ; rdf:object ?project ;
                kgp:confidence ?confidence ; prov:wasDerivedFrom ?address } }""",
        ("id:project-emerge", "kgp:medium", "https://georgia.iom.int/emerge"),
    ),
    ask(
        "After the meeting IOM plans more: a plan, not an event",
        """SELECT ?who ?modality WHERE {
            ?fact rdf:subject ?who ; rdf:predicate kgp:plansFurtherEventsAfter ; rdf:object id:event-ngo-meeting ;
                kgp:modality ?modality }""",
        ("id:org-iom", "kgp:planned"),
    ),
)

CONFERENCE = (
    ask(
        "What was planned for November, and for which days",
        """SELECT ?event ?start ?end WHERE {
            ?event schema:startDate ?start ; kgp:modality kgp:planned . OPTIONAL { ?event schema:endDate ?end }
            FILTER (CONTAINS(STR(?start), "-11-")) }""",
        ("id:event-diaspora-conference", "--11-24^^gMonthDay", "--11-25^^gMonthDay"),
    ),
    ask(
        "What took place in November, by a report of it",
        """SELECT ?event ?start WHERE {
            ?event schema:startDate ?start ; kgp:modality kgp:actual FILTER (CONTAINS(STR(?start), "-11-")) }""",
        ("id:event-ngo-meeting", "--11-26^^gMonthDay"),
    ),
    ask(
        "No date of these two events that a document states has a year",
        """SELECT ?event ?date WHERE {
            VALUES ?event { id:event-diaspora-conference id:event-ngo-meeting }
            ?event schema:startDate|schema:endDate ?date FILTER (DATATYPE(?date) != xsd:gMonthDay) }""",
    ),
    ask(
        "Their years are known from outside only",
        """SELECT ?event ?date WHERE { GRAPH graph:inferred {
            VALUES ?event { id:event-diaspora-conference id:event-ngo-meeting } ?event schema:startDate ?date } }""",
        ("id:event-diaspora-conference", "2020-11-24^^date"),
        ("id:event-ngo-meeting", "2021-11-26^^date"),
    ),
    ask(
        "The conference is organised by the ministry and by the Mission, not by IOM as a whole",
        "SELECT ?who WHERE { id:event-diaspora-conference kgp:organisedBy ?who }",
        *each("id:org-iom-georgia", "id:org-mfa-georgia"),
    ),
    ask(
        "Participants were announced from five named countries and two groups, one of which follows from context",
        """SELECT ?from ?status WHERE {
            ?fact rdf:subject id:event-diaspora-conference ; rdf:predicate kgp:announcedParticipantFrom ;
                rdf:object ?from ; kgp:status ?status }""",
        ("id:group-black-sea-countries", "kgp:contextual"),
        ("id:group-eap-countries", "kgp:asserted"),
        ("id:place-bulgaria", "kgp:asserted"),
        ("id:place-new-zealand", "kgp:asserted"),
        ("id:place-poland", "kgp:asserted"),
        ("id:place-romania", "kgp:asserted"),
        ("id:place-switzerland", "kgp:asserted"),
    ),
    ask(
        "Nobody is recorded as having attended: the page is an announcement",
        "SELECT ?who WHERE { GRAPH ?graph { id:event-diaspora-conference kgp:participant ?who } }",
    ),
    ask(
        "No group of countries is spelt out: the documents list no members",
        """SELECT ?country ?group WHERE { GRAPH ?graph { ?country dcterms:isPartOf|org:memberOf ?group } .
            ?group a kgp:CountryGroup }""",
    ),
    ask(
        "The three thematic sessions come in the order of the agenda",
        """SELECT ?place ?session WHERE {
            ?session schema:superEvent id:event-diaspora-conference ; kgp:sessionKind scheme:thematic-session ;
                kgp:ordinal ?place }""",
        ("1", "id:event-session-1"),
        ("2", "id:event-session-2"),
        ("3", "id:event-session-3"),
    ),
    ask(
        "The panel is moderated by a deputy minister",
        """SELECT ?person ?post ?ministry WHERE {
            id:event-conference-panel kgp:moderatedBy ?person .
            ?person org:holds ?post . ?post org:postIn ?ministry }""",
        ("id:person-konstantinidi", "id:post-deputy-fm", "id:org-mfa-georgia"),
    ),
    ask(
        "The unnamed project of the conference is EMERGE by inference only, and the two are not merged",
        """SELECT ?graph ?how WHERE { GRAPH ?graph { id:project-norway-conference ?how id:project-emerge } }""",
        ("graph:inferred", "kgp:sameProjectAs"),
    ),
)

BORDER_PROJECT = (
    ask(
        "Each date keeps the precision of its sentence, and the end is planned",
        """SELECT ?how ?date ?modality WHERE {
            ?fact rdf:subject id:project-border-migration ; rdf:predicate ?how ; rdf:object ?date ;
                kgp:modality ?modality FILTER (?how IN (schema:startDate, schema:endDate)) }""",
        ("schema:startDate", "2013-12-15^^date", "kgp:actual"),
        ("schema:endDate", "2017-06^^gYearMonth", "kgp:planned"),
    ),
    ask(
        "The four clusters have 8, 9, 3 and 4 activities",
        """SELECT ?place (COUNT(DISTINCT ?activity) AS ?number) WHERE {
            id:project-border-migration kgp:hasCluster ?cluster .
            ?cluster kgp:ordinal ?place ; kgp:hasActivity ?activity } GROUP BY ?place""",
        ("1", "8"),
        ("2", "9"),
        ("3", "3"),
        ("4", "4"),
    ),
    ask(
        "There is one overall objective and there are two specific ones",
        """SELECT ?objective ?level WHERE {
            id:project-border-migration kgp:hasObjective ?objective . ?objective kgp:objectiveLevel ?level }""",
        ("id:objective-overall", "scheme:overall-objective"),
        ("id:objective-1", "scheme:specific-objective"),
        ("id:objective-2", "scheme:specific-objective"),
    ),
    ask(
        "The page ties no objective to a thematic cluster",
        """SELECT ?objective ?cluster WHERE { GRAPH ?graph {
            { ?objective ?how ?cluster } UNION { ?cluster ?how ?objective } }
            ?objective a kgp:Objective . ?cluster a kgp:ThematicCluster }""",
    ),
    ask(
        "The agreement with the Visa Liberalisation Action Plan is said of objectives; for the project it follows",
        """SELECT ?aligned ?status WHERE {
            ?fact rdf:subject ?aligned ; rdf:predicate kgp:alignedWith ; rdf:object id:policy-vlap ;
                kgp:status ?status }""",
        ("id:objective-2", "kgp:asserted"),
        ("id:objective-overall", "kgp:asserted"),
        ("id:project-border-migration", "kgp:contextual"),
    ),
    ask(
        "The banner names IOM as implementer, the text its Mission, each on its own line",
        """SELECT ?who ?line WHERE {
            ?fact rdf:subject id:project-border-migration ; rdf:predicate kgp:implementedBy ; rdf:object ?who ;
                kgp:line ?line }""",
        ("id:org-iom", "8"),
        ("id:org-iom-georgia", "24"),
    ),
    ask(
        "Four activities support the Ministry of Internal Affairs itself",
        "SELECT ?activity WHERE { ?activity a kgp:ProjectActivity ; kgp:supports id:org-mia }",
        *each("id:activity-1-4", "id:activity-1-6", "id:activity-2-2", "id:activity-2-9"),
    ),
    ask(
        "The emphasis is on one border, between two countries",
        """SELECT ?border ?country WHERE {
            id:project-border-migration kgp:focusesOnBorder ?border . ?border kgp:betweenCountry ?country }""",
        ("id:border-georgia-turkey", "id:place-georgia"),
        ("id:border-georgia-turkey", "id:place-turkey"),
    ),
    ask(
        "The diaspora network of the fourth cluster is a network; no information system is stated",
        """SELECT ?how ?network WHERE {
            id:activity-4-2 ?how ?network FILTER (STRSTARTS(STR(?how), STR(kgp:concerns)))
            FILTER NOT EXISTS { ?network a/rdfs:subClassOf* kgp:System } }""",
        ("kgp:concernsNetwork", "id:system-diaspora-network"),
    ),
    ask(
        "Of the census the page has nothing but its name and its place in the list",
        """SELECT DISTINCT ?how WHERE {
            ?fact rdf:subject id:activity-4-3 ; rdf:predicate ?how ; prov:hadPrimarySource id:doc-2 }""",
        *each("skos:prefLabel", "kgp:ordinal"),
    ),
    ask(
        "The years 2014 to 2020 are the strategy's; its action plan has none",
        """SELECT ?plan ?start ?end WHERE {
            VALUES ?plan { id:policy-ibm-strategy id:policy-ibm-action-plan }
            ?plan dcterms:temporal ?period . ?period dcat:startDate ?start ; dcat:endDate ?end }""",
        ("id:policy-ibm-strategy", "2014^^gYear", "2020^^gYear"),
    ),
    ask(
        "That trafficking in the second objective means human beings follows from context",
        """SELECT ?status ?line WHERE {
            ?fact rdf:subject id:objective-2 ; rdf:predicate dcterms:subject ; rdf:object id:topic-human-trafficking ;
                kgp:status ?status ; kgp:line ?line }""",
        ("kgp:contextual", "38"),
    ),
)

BODIES = (
    ask(
        "Georgia, not the agency, is the member of IGF, and the first document says so",
        """SELECT ?member ?document ?line ?since WHERE {
            ?fact rdf:subject ?member ; rdf:predicate org:memberOf ; rdf:object id:org-igf ;
                prov:hadPrimarySource ?document ; kgp:line ?line ; schema:validFrom ?since }""",
        ("id:place-georgia", "id:doc-0", "22", "2019^^gYear"),
    ),
    ask(
        "The agency is a member of nothing",
        "SELECT ?body WHERE { GRAPH ?graph { id:org-namr org:memberOf ?body } }",
    ),
    ask(
        "More than 8000 members and more than 80 countries are lower bounds, and exclusive",
        """SELECT ?body ?bound ?exclusive WHERE {
            ?body kgp:minimumMemberCount|kgp:minimumMemberCountryCount ?figure .
            ?figure schema:minValue ?bound ; kgp:exclusive ?exclusive }""",
        ("id:org-pdac", "8000", "true"),
        ("id:org-igf", "80", "true"),
    ),
    ask(
        "A lower bound is never a count",
        """SELECT ?body ?figure WHERE { GRAPH ?graph {
            { ?body kgp:memberCount ?figure . VALUES ?body { id:org-pdac id:org-igf } }
            UNION { ?figure schema:minValue ?bound ; schema:value ?count } } }""",
    ),
    ask(
        "The Commission was formed on 13 October 2010; for the Secretariat no graph has a date",
        """SELECT ?body ?date WHERE {
            VALUES ?body { id:org-scmi id:org-scmi-secretariat } GRAPH ?graph { ?body schema:foundingDate ?date } }""",
        ("id:org-scmi", "2010-10-13^^date"),
    ),
    ask(
        "The Secretariat has three tasks and twelve functions",
        """SELECT ?how (COUNT(DISTINCT ?what) AS ?number) WHERE {
            id:org-scmi-secretariat ?how ?what FILTER (?how IN (kgp:hasTask, kgp:hasFunction)) } GROUP BY ?how""",
        ("kgp:hasTask", "3"),
        ("kgp:hasFunction", "12"),
    ),
    ask(
        "One writes to the Secretariat here, and its postal code keeps its zero",
        """SELECT ?mail ?phone ?code ?city WHERE {
            id:org-scmi-secretariat cv:contactPoint ?contact .
            ?contact cv:email ?mail ; cv:telephone ?phone ; locn:address ?address .
            ?address locn:postCode ?code ; kgp:city ?city }""",
        ("mailto:scmi-secretariat@sda.gov.ge", "tel:+995322401010", "0105", "id:place-tbilisi"),
    ),
    ask(
        "The ministry that coordinates the policy against irregular migration",
        "SELECT ?body WHERE { ?body kgp:mandatedTo ?what FILTER (LANG(?what) = 'ka') }",
        ("id:org-mia",),
    ),
    ask(
        "IOM has worked in Georgia since 1993, by its own account in the third document",
        """SELECT ?country ?since ?document ?line WHERE {
            ?fact rdf:subject id:org-iom ; rdf:predicate kgp:operatesIn ; rdf:object ?country ;
                schema:validFrom ?since ; prov:hadPrimarySource ?document ; kgp:line ?line }""",
        ("id:place-georgia", "1993^^gYear", "id:doc-3", "3"),
    ),
    ask(
        "Three documents speak of IOM as a whole",
        """SELECT DISTINCT ?document WHERE {
            ?fact rdf:subject|rdf:object id:org-iom ; prov:hadPrimarySource ?document }""",
        *each("id:doc-1", "id:doc-2", "id:doc-3"),
    ),
    ask(
        "The Subsoil Code is a draft",
        "SELECT ?status WHERE { id:policy-subsoil-code kgp:documentStatus ?status }",
        ("scheme:draft",),
    ),
    ask(
        "Two guidebooks are linked from the Secretariat's page",
        "SELECT ?guide WHERE { id:doc-4 dcterms:references ?guide }",
        *each("id:doc-legal-emigration-guide", "id:doc-legal-immigration-guide"),
    ),
    ask(
        "No project is an organisation, by any class",
        "SELECT ?project WHERE { ?project a/rdfs:subClassOf* kgp:Project ; a/rdfs:subClassOf* org:Organization }",
    ),
    ask(
        "No project is typed schema:Project, which is a kind of organisation",
        "SELECT ?project WHERE { GRAPH ?graph { ?project a schema:Project } }",
    ),
)

EVIDENCE = (
    ask(
        "Where and with which words it stands that the border project will end in June 2017",
        """SELECT ?document ?line ?words WHERE {
            fact:R080 prov:hadPrimarySource ?document ; kgp:line ?line ; oa:hasSelector/oa:exact ?words }""",
        ("id:doc-2", "24", "ის 2017 წლის ივნისამდე გაგრძელდება@ka"),
    ),
    ask(
        "Where and with which words it stands that Georgia is a member of IGF",
        """SELECT ?document ?line ?words WHERE {
            fact:R016 prov:hadPrimarySource ?document ; kgp:line ?line ; oa:hasSelector/oa:exact ?words }""",
        (
            "id:doc-0",
            "22",
            "2019 წლიდან საქართველო არის სამთო, წიაღისეულის, ლითონებისა და მდგრადი განვითარების "
            "მთავრობათაშორისი ფორუმის (IGF) წევრი@ka",
        ),
    ),
    ask(
        "Where and with which words it stands that IOM has worked in Georgia since 1993",
        """SELECT ?document ?line ?words WHERE {
            fact:R171 prov:hadPrimarySource ?document ; kgp:line ?line ; oa:hasSelector/oa:exact ?words }""",
        ("id:doc-3", "3", "IOM საქართველოში 1993 წლიდან მუშაობს@ka"),
    ),
    ask(
        "Which relations between the things of the documents need evidence from outside",
        """SELECT ?fact WHERE { GRAPH graph:inferred { ?fact kgp:status kgp:inferred ; rdf:predicate ?how }
            FILTER (REGEX(STR(?fact), "/R[0-9]+$")) }""",
        *each(*(f"fact:R{number:03}" for number in INFERRED)),
    ),
    ask(
        "No inferred fact is outside the inferred graph, and no other is in it",
        """SELECT ?graph ?fact WHERE { GRAPH ?graph { ?fact a kgp:Fact ; kgp:status ?status }
            FILTER ((?graph = graph:inferred) != (?status = kgp:inferred)) }""",
    ),
    ask(
        "Every inferred fact has an address and a reason in both languages",
        """SELECT ?fact WHERE { GRAPH graph:inferred { ?fact kgp:status kgp:inferred
            FILTER NOT EXISTS { ?fact prov:wasDerivedFrom ?address ; skos:note ?georgian , ?english
                FILTER (LANG(?georgian) = "ka" && LANG(?english) = "en") } } }""",
    ),
    ask(
        "Every fact of the documents has its document, line and quote",
        """SELECT ?fact WHERE { ?fact a kgp:Fact
            FILTER NOT EXISTS { ?fact prov:hadPrimarySource ?document ; kgp:line ?line ; oa:hasSelector ?quote .
                ?quote oa:exact ?words ; dcterms:isPartOf ?document } }""",
    ),
    ask(
        "The triple that a fact describes stands in the same graph",
        """SELECT ?graph ?fact WHERE {
            GRAPH ?graph { ?fact rdf:subject ?subject ; rdf:predicate ?how ; rdf:object ?object
                FILTER NOT EXISTS { ?subject ?how ?object } } }""",
    ),
    ask(
        "Every Georgian quote has our own English rendering",
        """SELECT ?quote WHERE { ?quote oa:exact ?words FILTER (LANG(?words) = "ka")
            FILTER NOT EXISTS { ?quote kgp:translation ?english FILTER (LANG(?english) = "en") } }""",
    ),
    ask(
        "Every literal taken from a text has its English rendering as a fact of its own",
        """SELECT ?fact WHERE { ?fact a kgp:Fact ; rdf:predicate ?how ; rdf:object ?words
            FILTER (LANG(?words) = "ka" && ?how != skos:prefLabel)
            FILTER NOT EXISTS { ?english rdf:subject/^rdf:subject ?fact ; rdf:predicate ?how ; rdf:object ?other
                FILTER (LANG(?other) = "en" && STR(?english) = CONCAT(STR(?fact), "-en")) } }""",
    ),
)

IDENTITY = (
    ask(
        "Georgia is the country, by ISO code and Wikidata, never the American state",
        """SELECT ?code ?same WHERE { GRAPH graph:inferred {
            id:place-georgia dcterms:identifier ?code ; owl:sameAs ?same
                FILTER (STRSTARTS(STR(?same), STR(wd:))) } }""",
        ("GE", "wd:Q230"),
    ),
    ask(
        "No identity is claimed where none is proven",
        """SELECT ?ngo ?how WHERE {
            VALUES ?ngo { id:org-merkuri id:org-abkhazintercont id:org-tok-tv id:org-migration-centre }
            GRAPH ?graph { ?ngo ?how ?other } FILTER (?how IN (owl:sameAs, skos:exactMatch, foaf:homepage)) }""",
    ),
    ask(
        "IOM's Wikidata item is a candidate, not an identity",
        """SELECT ?how ?item WHERE { GRAPH ?graph { id:org-iom ?how ?item }
            FILTER (ISIRI(?item) && STRSTARTS(STR(?item), STR(wd:))) }""",
        ("skos:closeMatch", "wd:Q472311"),
    ),
    ask(
        "No two things of the documents are merged, save the State of Georgia and the country",
        """SELECT ?one ?other WHERE { GRAPH ?graph { ?one owl:sameAs ?other }
            FILTER (STRSTARTS(STR(?other), STR(id:))) }""",
        ("id:org-state-of-georgia", "id:place-georgia"),
    ),
    ask(
        "Who published a page is inferred for all five, and for none without an address",
        """SELECT ?document ?publisher WHERE { GRAPH ?graph { ?document dcterms:publisher ?publisher .
            ?fact rdf:subject ?document ; rdf:predicate dcterms:publisher ; prov:wasDerivedFrom ?address }
            FILTER (?graph = graph:inferred) }""",
        ("id:doc-0", "id:org-namr"),
        ("id:doc-1", "id:org-mfa-georgia"),
        ("id:doc-2", "id:org-iom-georgia"),
        ("id:doc-3", "id:org-iom-georgia"),
        ("id:doc-4", "id:org-scmi-secretariat"),
    ),
)

QUESTIONS = (*MONEY, *NETWORK, *MEETING, *CONFERENCE, *BORDER_PROJECT, *BODIES, *EVIDENCE, *IDENTITY)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_graph_answers_as_the_documents_do(question: Question) -> None:
    assert set(answers(question.query)) == question.rows


QUOTES = """SELECT ?file ?quote ?line ?start ?end ?words WHERE {
    ?quote oa:exact ?words ; oa:start ?start ; oa:end ?end ; kgp:line ?line ; dcterms:isPartOf/kgp:fileName ?file }"""


def test_every_quote_is_character_for_character_what_the_source_has_at_its_place() -> None:
    """Offsets are code points of the decoded file; a quote begins on the line that it names."""
    if not SOURCES.is_dir():
        pytest.skip("the source documents (../shared/sources) are not beside this repository")
    solutions = store().query(HEADER + QUOTES)
    assert isinstance(solutions, QuerySolutions)
    checked, faults = 0, []
    for row in solutions:
        file, quote, line, start, end, words = (str(term.value) for term in row)
        text = (SOURCES / file).read_bytes().decode()
        place = text.count("\n", 0, int(start)) + 1
        if text[int(start) : int(end)] != words or place != int(line):
            faults.append((quote, file, line))
        checked += 1
    assert not faults
    assert checked
