"""The W3C's SPARQL query tests over HTTP: a server in a process of its own, one site that holds the data of them all.

Each file is a named graph, and each test asks for its dataset by the protocol's parameters. Every result is asked for
in every format, in all ways of asking, and read here by other code than wrote it.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from kgpub.errors import BadQuery, NotAcceptable, QueryRefused
from kgpub.formats import (
    CSV,
    GRAPHS,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    SPARQL_QUERY,
    TSV,
    Format,
    by_media_type,
)
from results import Table, as_csv, read_csv, read_json, read_tsv, read_xml
from running import running
from w3c import DIFFERENT, EVALUATION, REFUSED, ROOT, Case, as_quads, cases, judge, normal, parameters

pytestmark = pytest.mark.slow

NOTHING = ROOT + "nothing"
"""A graph that is empty."""
SETTINGS = f'title = "W3C"\nbase = "{ROOT}"\nlanguages = ["en"]\n[graphs."data/*"]\ndefault = false\n'
FORMATS = (RESULTS_JSON, RESULTS_XML, CSV, TSV, *GRAPHS)
REFUSALS = {"bad-query": BadQuery, "query-refused": QueryRefused, "not-acceptable": NotAcceptable}

Pairs = tuple[tuple[str, str], ...]
Way = Callable[[httpx2.Client, str, Pairs, str], httpx2.Response]


def graph(case: Case, path: Path) -> str:
    return case.base + path.name


def quads() -> Iterator[Quad]:
    """The data of all tests: a file's triples in a graph named after it, the graphs inside it under their own names."""
    files = {graph(case, path): path for case in cases() for path in (*case.data, *case.named)}
    for name, path in sorted(files.items()):
        for quad in ox.parse(path=str(path), base_iri=name, rename_blank_nodes=True):
            at = NamedNode(name) if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
            yield Quad(quad.subject, quad.predicate, quad.object, at)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("w3c")
    (folder / "data").mkdir()
    (folder / "kgpub.toml").write_text(SETTINGS, "utf-8")
    ox.serialize(quads(), str(folder / "data/tests.nq"), RdfFormat.N_QUADS)
    with running(folder) as address, httpx2.Client(base_url=address, timeout=60) as opened:
        yield opened


def by_get(client: httpx2.Client, query: str, dataset: Pairs, accept: str) -> httpx2.Response:
    return client.get("sparql", params=(("query", query), *dataset), headers={"Accept": accept})


def by_form(client: httpx2.Client, query: str, dataset: Pairs, accept: str) -> httpx2.Response:
    fields: dict[str, list[str]] = {"query": [query]}
    for name, value in dataset:
        fields.setdefault(name, []).append(value)
    return client.post("sparql", data=fields, headers={"Accept": accept})


def directly(client: httpx2.Client, query: str, dataset: Pairs, accept: str) -> httpx2.Response:
    headers = {"Accept": accept, "Content-Type": SPARQL_QUERY.media_type}
    return client.post("sparql", params=dataset, content=query.encode(), headers=headers)


def dataset(case: Case, query: str) -> Pairs:
    """The parameters that name a test's data; none where the query's own FROM does, which they would replace."""
    if re.search(r"\bFROM\b", query):
        return ()
    if not case.data and not case.graphs:
        return (("default-graph-uri", NOTHING),)
    inside = {q.graph_name for path in case.data for q in ox.parse(path=str(path), base_iri=graph(case, path))}
    default = [graph(case, path) for path in case.data]
    named = [graph(case, path) for path in case.graphs] + [n.value for n in inside if isinstance(n, NamedNode)]
    return (*(("default-graph-uri", name) for name in default), *(("named-graph-uri", name) for name in named))


def ask(client: httpx2.Client, case: Case, accept: str, way: Way = by_get) -> tuple[Format, bytes]:
    """The answer to a test's query; raises the refusal that the problem document names."""
    query = case.query.read_text("utf-8")
    answer = way(client, f"BASE <{case.base}>\n{query}", dataset(case, query), accept)
    if answer.status_code != 200:
        problem = answer.json()
        assert answer.status_code == problem["status"]
        raise REFUSALS[problem["type"].rpartition("/")[2]](problem["detail"])
    format = by_media_type(answer.headers["content-type"], FORMATS)
    assert format is not None
    return format, answer.content


@pytest.mark.parametrize("case", parameters(DIFFERENT))
def test_w3c(client: httpx2.Client, case: Case) -> None:
    judge(case, lambda accept: ask(client, case, accept))


@pytest.mark.parametrize("case", parameters(REFUSED, EVALUATION))
def test_formats_agree(client: httpx2.Client, case: Case) -> None:
    format, body = ask(client, case, f"{RESULTS_JSON.media_type}, {N_TRIPLES.media_type}", directly)
    if format is N_TRIPLES:
        triples_agree(client, case, body)
    else:
        results_agree(client, case, read_json(body))


def results_agree(client: httpx2.Client, case: Case, expected: Table) -> None:
    _, as_xml = ask(client, case, RESULTS_XML.media_type, by_form)
    _, as_tsv = ask(client, case, TSV.media_type, directly)
    for made in (read_xml(as_xml), read_tsv(as_tsv)):
        assert (made.names, made.truth) == (expected.names, expected.truth)
        assert normal(as_quads(made.rows)) == normal(as_quads(expected.rows))
    _, body = ask(client, case, CSV.media_type, by_form)
    if expected.truth is None:
        found = [tuple(re.sub(r"_:\w+", "_:", cell) for cell in row) for row in read_csv(body)]
        assert found[0] == as_csv(expected)[0]
        assert sorted(found) == sorted(as_csv(expected))
    else:
        assert body == (b"true" if expected.truth else b"false")


def triples_agree(client: httpx2.Client, case: Case, expected: bytes) -> None:
    """The formats that have no place for some of the triples say so."""
    triples = normal(ox.parse(expected, format=RdfFormat.N_TRIPLES))
    for format in GRAPHS:
        try:
            _, body = ask(client, case, format.media_type, by_form)
        except NotAcceptable:
            assert format in {RDF_XML, JSON_LD}
            continue
        assert normal(ox.parse(body, format=RdfFormat.from_media_type(format.media_type))) == triples
