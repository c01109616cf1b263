"""What the endpoint says of itself (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.formats import GRAPHS, W3C_RESULTS, Format
from kgpub.model import Statistics
from kgpub.settings import STANDARD_PREFIXES, Settings

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"

_TYPE = NamedNode(STANDARD_PREFIXES["rdf"] + "type")
_INTEGER = NamedNode(STANDARD_PREFIXES["xsd"] + "integer")
_NAMES = {
    "Turtle": "Turtle",
    "JSON-LD": "JSON-LD",
    "N-Triples": "N-Triples",
    "RDF/XML": "RDF_XML",
    "TriG": "TriG",
    "N-Quads": "N-Quads",
    "SPARQL results in JSON": "SPARQL_Results_JSON",
    "SPARQL results in XML": "SPARQL_Results_XML",
    "CSV": "SPARQL_Results_CSV",
    "TSV": "SPARQL_Results_TSV",
}
"""Names of formats among the unique URIs for file formats (https://www.w3.org/ns/formats/); the tables have none."""


def service_description(site: Settings, statistics: Statistics) -> tuple[Quad, ...]:
    """The description of the site's endpoint; its address is below the base, whatever the request's host."""
    iris = site.iris
    endpoint = NamedNode(iris.canonical(iris.page("sparql")))
    dataset, graph = BlankNode("dataset"), BlankNode("default")
    return (
        Quad(endpoint, _TYPE, _sd("Service")),
        Quad(endpoint, _sd("endpoint"), endpoint),
        Quad(endpoint, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Quad(endpoint, _sd("feature"), _sd("EmptyGraphs")),
        *(Quad(endpoint, _sd("resultFormat"), _format(one)) for one in (*W3C_RESULTS, *GRAPHS)),
        Quad(endpoint, _sd("defaultDataset"), dataset),
        Quad(dataset, _TYPE, _sd("Dataset")),
        Quad(dataset, _sd("defaultGraph"), graph),
        Quad(graph, _TYPE, _sd("Graph")),
        *_named_graphs(dataset, statistics),
    )


def _named_graphs(dataset: BlankNode, statistics: Statistics) -> Iterator[Quad]:
    """Each named graph and how many triples it has."""
    for number, counted in enumerate(statistics.graphs):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Quad(dataset, _sd("namedGraph"), named)
        yield Quad(named, _TYPE, _sd("NamedGraph"))
        yield Quad(named, _sd("name"), NamedNode(counted.iri))
        yield Quad(named, _sd("graph"), graph)
        yield Quad(graph, _TYPE, _sd("Graph"))
        yield Quad(graph, NamedNode(VOID + "triples"), Literal(str(counted.count), datatype=_INTEGER))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


def _format(one: Format) -> NamedNode:
    return NamedNode(FORMATS + _NAMES[one.name])
