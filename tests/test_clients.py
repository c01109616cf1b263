"""The endpoint as clients that nobody here wrote see it: SPARQLWrapper, rdflib, pandas, curl, Comunica."""

import json
import re
import shutil
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pytest
from rdflib import Graph, Literal, URIRef, Variable
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from running import running

BASE = "https://example.org/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
BOOKS = "SELECT ?book ?year WHERE { ?book a ns:Book ; ns:published ?year } ORDER BY ?year"
NAMES = "SELECT ?name WHERE { ?book a ns:Book ; rdfs:label ?name FILTER(lang(?name) = 'ka') } ORDER BY ?name"
GEORGIAN = ["გველის მჭამელი", "ვეფხისტყაოსანი", "სტუმარ-მასპინძელი"]
CONSTRUCT = "CONSTRUCT { ?who ns:wrote ?book } WHERE { ?book ns:writtenBy ?who }"
ASK = "ASK { id:vazha a ns:Person }"
UNREADABLE = "SELECT * WHERE { ?s ?p"
RUNAWAY = f"SELECT (COUNT(*) AS ?n) WHERE {{ {' '.join(f'?a{n} ?b{n} ?c{n} .' for n in range(9))} }}"
"""Every triple with every other one, nine times over: no machine ends it."""
LONG = f"SELECT * WHERE {{ {' '.join(f'?a{n} ?b{n} ?c{n} .' for n in range(3))} }}"
"""An answer that breaks off when it has more rows than one may have."""
CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small site, where an answer may have ten thousand rows."""
    folder = tmp_path_factory.mktemp("clients") / "site"
    subprocess.run([sys.executable, "-m", "kgpub", "new", str(folder)], check=True, capture_output=True)
    with running(folder, KGPUB_SPARQL__MAX_ROWS="10000") as address:
        yield address


@pytest.fixture(scope="module")
def endpoint(site: str) -> str:
    return site + "sparql"


# SPARQLWrapper


def wrapper(endpoint: str, query: str, format: str, method: str = "GET") -> SPARQLWrapper:
    asked = SPARQLWrapper(endpoint)
    asked.setQuery(query)
    asked.setReturnFormat(format)
    asked.setMethod(method)
    return asked


def read(asked: SPARQLWrapper) -> Any:  # Any: what comes back is of the format's type
    return asked.query().convert()


@pytest.mark.parametrize("way", ["GET", URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_reads_json(endpoint: str, way: str) -> None:
    asked = wrapper(endpoint, NAMES, JSON, "GET" if way == "GET" else POST)
    asked.setRequestMethod(URLENCODED if way == "GET" else way)
    rows = read(asked)["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == GEORGIAN


def test_sparqlwrapper_reads_xml(endpoint: str) -> None:
    document = read(wrapper(endpoint, NAMES, XML))
    assert [node.firstChild.data for node in document.getElementsByTagName("literal")] == GEORGIAN


@pytest.mark.parametrize("format", [CSV, TSV])
def test_sparqlwrapper_reads_text(endpoint: str, format: str) -> None:
    lines = read(wrapper(endpoint, NAMES, format)).decode().splitlines()
    assert [re.sub('"|@ka', "", line) for line in lines[1:]] == GEORGIAN


def test_sparqlwrapper_asks(endpoint: str) -> None:
    assert read(wrapper(endpoint, ASK, JSON))["boolean"] is True


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper's own use of rdflib
@pytest.mark.parametrize("format", [TURTLE, N3, RDFXML, XML, "json-ld"])
def test_sparqlwrapper_constructs(endpoint: str, format: str) -> None:
    made = read(wrapper(endpoint, CONSTRUCT, format))
    graph = made if isinstance(made, Graph) else Graph().parse(data=made, format="turtle")
    assert len(graph) == 3


def test_sparqlwrapper_says_that_a_query_is_bad(endpoint: str) -> None:
    with pytest.raises(QueryBadFormed, match="bad-query"):
        wrapper(endpoint, UNREADABLE, JSON).query()


def test_sparqlwrapper_says_that_time_is_up(endpoint: str) -> None:
    asked = wrapper(endpoint, RUNAWAY, JSON)
    asked.addParameter("timeout", "1")
    with pytest.raises(urllib.error.HTTPError) as caught:
        asked.query()
    assert caught.value.code == 503
    caught.value.close()


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format", ["xml", "json", "csv", "tsv"])
def test_rdflib_asks_a_remote_store(endpoint: str, method: str, format: str) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat=format))
    assert [str(row[Variable("name")]) for row in graph.query(NAMES).bindings] == GEORGIAN


@pytest.mark.parametrize("format", ["xml", "json"])
def test_rdflib_binds_variables(endpoint: str, format: str) -> None:
    graph = Graph(SPARQLStore(endpoint, returnFormat=format))
    query = "SELECT ?book ?who { ?book <https://example.org/ns/writtenBy> ?who }"
    found = graph.query(query, initBindings={"who": URIRef(BASE + "id/rustaveli")})
    assert {row[Variable("book")] for row in found.bindings} == {URIRef(BASE + "id/panther")}


def test_rdflib_constructs(endpoint: str) -> None:
    made = Graph(SPARQLStore(endpoint)).query(CONSTRUCT).graph
    assert made is not None
    assert (URIRef(BASE + "id/rustaveli"), URIRef(BASE + "ns/wrote"), URIRef(BASE + "id/panther")) in made


def test_rdflib_asks(endpoint: str) -> None:
    assert Graph(SPARQLStore(endpoint)).query(ASK).askAnswer is True


def test_rdflib_reads_triples_of_a_named_graph(endpoint: str) -> None:
    graph = Graph(SPARQLStore(endpoint), identifier=URIRef(BASE + "graph/books"))
    vazha = URIRef(BASE + "id/vazha")
    assert set(graph.objects(vazha, URIRef(LABEL))) == {
        Literal("Vazha-Pshavela", lang="en"),
        Literal("ვაჟა-ფშაველა", lang="ka"),
    }
    assert len(graph) == 21


def test_rdflib_reads_a_document(site: str) -> None:
    graph = Graph().parse(site + "id/vazha")
    assert Literal("ვაჟა-ფშაველა", lang="ka") in set(graph.objects(URIRef(BASE + "id/vazha"), URIRef(LABEL)))


# pandas


def test_pandas_reads_csv(endpoint: str) -> None:
    table = pd.read_csv(f"{endpoint}?format=csv&query={quote(BOOKS)}", dtype={"year": int})
    assert list(table.columns) == ["book", "year"]
    assert list(table["year"]) == [1712, 1893, 1901]
    assert table["book"][0] == BASE + "id/panther"


def test_pandas_reads_csv_that_it_asks_for(endpoint: str) -> None:
    table = pd.read_csv(f"{endpoint}?query={quote(NAMES)}", storage_options={"Accept": "text/csv"})
    assert list(table["name"]) == GEORGIAN


def test_pandas_reads_parquet(endpoint: str) -> None:
    table = pd.read_parquet(f"{endpoint}?format=parquet&query={quote(NAMES)}")
    assert list(table["name"]) == GEORGIAN


# curl


def curl(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    return subprocess.run(["curl", "-sS", *arguments], input=text, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(("--data-urlencode", "query@-"), id="form"),
        pytest.param(("-G", "--data-urlencode", "query@-"), id="address"),
        pytest.param(("-H", "Content-Type: application/sparql-query", "--data-binary", "@-"), id="direct"),
    ],
)
def test_curl_asks(endpoint: str, way: tuple[str, ...]) -> None:
    answer = curl("--fail", "-H", "Accept: text/csv", *way, endpoint, text=NAMES)
    assert (answer.returncode, answer.stdout.splitlines()) == (0, ["name", *GEORGIAN])


def test_curl_fails_on_a_refusal(endpoint: str) -> None:
    assert curl("--fail", "--data-urlencode", "query@-", endpoint, text=UNREADABLE).returncode == 22
    answer = curl("--fail-with-body", "--data-urlencode", "query@-", endpoint, text=UNREADABLE)
    assert (answer.returncode, json.loads(answer.stdout)["status"]) == (22, 400)


def test_curl_sees_that_an_answer_breaks_off(endpoint: str) -> None:
    answer = curl("--data-urlencode", "query@-", "-o", "-", "-w", "%{stderr}%{http_code}", endpoint, text=LONG)
    assert (answer.returncode, answer.stderr[-3:]) == (18, "200")


def test_curl_asks_on_condition(site: str, tmp_path: Path) -> None:
    tag = str(tmp_path / "tag")
    first = curl("--etag-save", tag, "-w", "%{http_code}", site + "id/vazha.ttl")
    again = curl("--etag-compare", tag, "-w", "%{http_code}", site + "id/vazha.ttl")
    assert first.stdout.endswith("200")
    assert again.stdout == "304"


def test_curl_unpacks(site: str) -> None:
    plain = curl(site + "id/vazha.ttl").stdout
    assert curl("--compressed", "--fail", site + "id/vazha.ttl").stdout == plain


# Comunica


def comunica(query: str, *sources: str) -> list[dict[str, str]]:
    if not shutil.which("node"):
        pytest.skip("there is no node here")
    if not (CLIENTS / "node_modules").is_dir():
        pytest.skip("Comunica is not installed; try: npm ci --prefix tests/clients")
    command = ["node", str(CLIENTS / "ask.mjs"), query, *sources]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


PREFIXES = f"PREFIX ns: <{BASE}ns/> PREFIX id: <{BASE}id/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


@pytest.mark.slow
def test_comunica_selects(endpoint: str) -> None:
    assert [row["name"] for row in comunica(PREFIXES + NAMES, f"sparql={endpoint}")] == GEORGIAN


@pytest.mark.slow
@pytest.mark.xfail(
    raises=subprocess.CalledProcessError,
    reason="Comunica 4.5 joins by VALUES since the endpoint tells its counts, and writes ^^undefined:undefined for a "
    "literal with a language, which is no SPARQL",
)
def test_comunica_joins_the_endpoint_with_a_document(site: str, endpoint: str) -> None:
    query = (
        PREFIXES
        + "SELECT DISTINCT ?book ?name { ?book ns:writtenBy ?who . ?who rdfs:label ?name VALUES ?who { id:vazha } }"
    )
    rows = comunica(query, f"sparql={endpoint}", f"file={site}id/vazha.ttl")
    assert {(row["book"].removeprefix(BASE), row["name"]) for row in rows} == {
        (f"id/{book}", name)
        for book in ("host-and-guest", "snake-eater")
        for name in ("Vazha-Pshavela", "ვაჟა-ფშაველა")
    }


@pytest.mark.slow
def test_comunica_asks_the_endpoint_as_a_service(site: str, endpoint: str) -> None:
    query = (
        f"{PREFIXES} SELECT ?book ?name {{ ?who rdfs:label ?name SERVICE <{endpoint}> {{ ?book ns:writtenBy ?who }} }}"
    )
    rows = comunica(query, f"file={site}id/rustaveli.ttl")
    assert {row["name"] for row in rows if row["book"] == BASE + "id/panther"} == {"Shota Rustaveli", "შოთა რუსთაველი"}
