"""What the endpoint says of itself (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.about.void import VOID, graph_name, name
from kgpub.formats import GRAPHS, W3C_RESULTS, Format
from kgpub.model import Statistics
from kgpub.settings import STANDARD_PREFIXES, Settings
from kgpub.snapshot import Snapshot

SD = "http://www.w3.org/ns/sparql-service-description#"
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


def service_description(site: Settings, snapshot: Snapshot) -> tuple[Quad, ...]:
    """The description of the site's endpoint; its address is below the base, whatever the request's host.

    Dataset and graphs are those of the site's self-description (``kgpub.about.void``), with the same numbers.
    """
    iris = site.iris
    endpoint = NamedNode(iris.canonical(iris.page("sparql")))
    dataset, default = name(site), name(site, "default-graph")
    return (
        Quad(endpoint, _TYPE, _sd("Service")),
        Quad(endpoint, _sd("endpoint"), endpoint),
        Quad(endpoint, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Quad(endpoint, _sd("feature"), _sd("EmptyGraphs")),
        *(Quad(endpoint, _sd("resultFormat"), _format(one)) for one in (*W3C_RESULTS, *GRAPHS)),
        Quad(endpoint, _sd("defaultDataset"), dataset),
        Quad(dataset, _TYPE, _sd("Dataset")),
        Quad(dataset, _sd("defaultGraph"), default),
        *_graph(default, snapshot.partitions.figures.triples),
        *_named_graphs(site, dataset, snapshot.statistics),
    )


def _named_graphs(site: Settings, dataset: NamedNode, statistics: Statistics) -> Iterator[Quad]:
    """Each named graph and how many triples it has."""
    for number, counted in enumerate(statistics.graphs):
        named, graph = BlankNode(f"named{number}"), graph_name(site, counted.iri)
        yield Quad(dataset, _sd("namedGraph"), named)
        yield Quad(named, _TYPE, _sd("NamedGraph"))
        yield Quad(named, _sd("name"), NamedNode(counted.iri))
        yield Quad(named, _sd("graph"), graph)
        yield from _graph(graph, counted.count)


def _graph(node: NamedNode, triples: int) -> Iterator[Quad]:
    yield Quad(node, _TYPE, _sd("Graph"))
    yield Quad(node, NamedNode(VOID + "triples"), Literal(str(triples), datatype=_INTEGER))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


def _format(one: Format) -> NamedNode:
    return NamedNode(FORMATS + _NAMES[one.name])
