"""Sites over the two real endpoints that can be installed: the same pages as over a store of our own.

One deviation is known, and kept to here by DISTINCT: both count a triple once for each graph that it stands in.
"""

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from endpoints import Tamper, forwarding, misbehaving, oxigraph, virtuoso, virtuoso_program
from kgpub.engine import Pattern
from kgpub.engine.remote import Access, Client, connected, entry, paging
from kgpub.engine.remote.dialects import named
from kgpub.engine.remote.upload import Uploader, store_address
from kgpub.errors import UpstreamFailed
from kgpub.settings import load
from kgpub.snapshot import open_snapshot
from running import running

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
BASE = "https://data.example.org/"
PATHS = (
    "id/org-iom.html",
    "id/org-iom.ka.html",
    "id/org-iom.ttl",
    "id/org-iom.jsonld",
    "id/org-iom.nt",
    "id/org-iom.rdf",
    "id/nothing-of-the-kind",
    "-/classes",
    "search?q=migration",
    "-/about.html?iri=http://www.w3.org/2004/02/skos/core%23Concept",
    "-/browse?class=https://data.example.org/ns/Project",
    "-/browse.csv?class=https://data.example.org/ns/Project",
    "-/card.png?iri=https://data.example.org/id/org-iom&lang=en",
    "-/neighbours?iri=https://data.example.org/id/org-iom",
    "-/compare?iri=https://data.example.org/id/org-iom&iri=https://data.example.org/id/org-undp",
    "-/values?iri=https://data.example.org/id/org-iom&property=http://www.w3.org/2004/02/skos/core%23altLabel",
    "-/thesaurus",
    "-/queries/funders",
    "-/queries/funders.csv",
    "-/linkset.json?iri=https://data.example.org/id/org-iom",
    "-/suggest?q=iom",
    "id/org-iom.ttl?_profile=symmetric",
)
QUERIES = (
    "ASK { ?s ?p ?o }",
    "SELECT DISTINCT ?p ?o { <https://data.example.org/id/org-iom> ?p ?o }",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a skos:Concept }",
)
_AS_OF = rb'<p>[^<]*<a href="[^"]*-/data[^"]*">[^<]*</a></p>\n(?=</div>\n<dl>)'
"""What only a site over an endpoint says, at the foot of its pages: how old its counts are."""
SECRETS = {"user": "dba", "password": "dba", "digest": True}
LARGE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@dataclass(frozen=True)
class Live:
    """A site that is served from an endpoint, and the same over a store."""

    engine: str
    folder: Path
    address: str
    own: str
    url: str


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("embedded") / "site"
    copied(folder)
    with running(folder) as address:
        yield address


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, embedded: str) -> Iterator[Live]:
    home = tmp_path_factory.mktemp(request.param)
    if request.param == "virtuoso" and virtuoso_program() is None:
        pytest.skip("virtuoso-t is not installed")
    with ExitStack() as stack:
        start = {"oxigraph": oxigraph, "virtuoso": virtuoso}[request.param]
        (home / "store").mkdir()
        url = stack.enter_context(start(home / "store"))
        folder = home / "site"
        copied(folder)
        secrets = {f"KGPUB_REMOTE__{name.upper()}": str(value) for name, value in SECRETS.items()}
        environment = secrets if request.param == "virtuoso" else {}
        loaded = subprocess.run(
            [sys.executable, "-m", "kgpub", "load", str(folder), url],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
        )
        assert loaded.returncode == 0, loaded.stderr
        toml = folder / "kgpub.toml"
        rule = '[graphs."http://localuriqaserver/*"]\npublish = false\n[graphs."graph/inferred"]\ndefault = false\n'
        toml.write_text(f'engine = "{url}"\n{toml.read_text("utf-8")}\n{rule}', "utf-8")
        shutil.rmtree(folder / "data")
        shutil.rmtree(folder / "ontology")
        yield Live(request.param, folder, stack.enter_context(running(folder)), embedded, url)


def copied(folder: Path) -> None:
    """The repository's own site."""
    folder.mkdir()
    for name in ("data", "ontology", "shapes", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "kgpub.toml", folder)


def got(address: str, path: str, accept: str = "*/*") -> tuple[int, bytes]:
    """Status and body of an answer."""
    request = urllib.request.Request(address + path, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


@pytest.mark.parametrize("path", PATHS)
def test_pages_and_documents_are_the_same(path: str, live: Live) -> None:
    status, body = got(live.address, path)
    told = len(re.findall(_AS_OF, body))
    assert told == body.startswith(b"<!doctype html>")
    assert (status, re.sub(_AS_OF, b"", body)) == got(live.own, path)


@pytest.mark.parametrize("query", QUERIES)
def test_answers_to_visitors_are_the_same(query: str, live: Live) -> None:
    path = "sparql?" + urllib.parse.urlencode({"query": query})
    for accept, split in (("text/csv", b"\r\n"), ("application/sparql-results+json", b'{"p":')):
        (status, body), (own_status, own) = got(live.address, path, accept), got(live.own, path, accept)
        assert (status, parts(body, split)) == (own_status, parts(own, split))


def parts(body: bytes, split: bytes) -> list[bytes]:
    """The rows of an answer, sorted: what has no order may come in any."""
    return sorted(part.rstrip(b",]}") for part in body.split(split))


def test_a_construct_is_whole(live: Live) -> None:
    """Virtuoso gives 10,000 rows of a CONSTRUCT and does not say that there are more."""
    path = "sparql?" + urllib.parse.urlencode({"query": LARGE})
    status, body = got(live.address, path, "application/n-triples")
    assert status == 200
    own = got(live.own, path, "application/n-triples")[1]
    assert len(set(body.splitlines())) == len(set(own.splitlines())) > 10_000


def test_the_engine_keeps_its_contract(live: Live) -> None:
    now = open_snapshot(load(live.folder))
    try:
        node = NamedNode(f"{BASE}id/org-iom")
        everything = list(now.engine.quads(Pattern(subject=node)))
        assert {quad.subject for quad in everything} == {node}
        assert len(list(now.engine.quads(Pattern(subject=node), 2))) == 2
        (kind, *_) = [quad for quad in everything if quad.predicate.value.endswith("#type")]
        by_type = list(now.engine.quads(Pattern(predicate=kind.predicate, object=kind.object)))
        assert kind.subject in {quad.subject for quad in by_type}
        assert set(now.engine.quads(Pattern(subject=node, graph=kind.graph_name))) <= set(everything)
        merged = list(now.engine.quads(Pattern(subject=node, graph=DefaultGraph())))
        assert len({quad.triple for quad in merged}) == len(merged)
        assert not list(now.engine.quads(Pattern(graph=NamedNode("http://example.org/none"))))
    finally:
        now.close()


def test_an_endpoint_that_is_gone_is_an_outage(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    copied(folder)
    with ExitStack() as stack:
        (tmp_path / "store").mkdir()
        server = stack.enter_context(ExitStack())
        url = server.enter_context(oxigraph(tmp_path / "store"))
        subprocess.run([sys.executable, "-m", "kgpub", "load", str(folder), url], check=True, capture_output=True)
        toml = folder / "kgpub.toml"
        toml.write_text(f'engine = "{url}"\n{toml.read_text("utf-8")}', "utf-8")
        address = stack.enter_context(running(folder))
        assert got(address, "id/org-iom.ttl")[0] == 200
        server.close()
        assert got(address, "id/org-undp.ttl")[0] == 502
        assert got(address, "id/nothing-of-the-kind")[0] == 502
        assert got(address, "sparql?query=ASK%7B%7D")[0] == 502
        assert got(address, "-/classes")[0] == 200


def test_a_site_is_gathered_when_that_is_asked_for_and_not_at_every_start(live: Live) -> None:
    folder = live.folder / ".kgpub" / "snapshots"
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*/manifest.json")}
    command = [sys.executable, "-m", "kgpub", "query", str(live.folder), QUERIES[0], "--format", "csv"]
    asked = subprocess.run(command, check=True, capture_output=True, text=True)
    assert asked.stdout.strip() == "true"
    assert "in service" not in asked.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*/manifest.json")} == before
    shape = live.folder / "shapes" / "extra.ttl"
    shape.write_text("<#s> a <http://www.w3.org/ns/shacl#NodeShape> .", "utf-8")
    asked = subprocess.run(command, check=True, capture_output=True, text=True)
    shape.unlink()
    assert "in service" in asked.stderr


MANY = 25_000


def test_more_than_an_endpoint_gives_at_once_is_read_whole(live: Live) -> None:
    site = load(live.folder, {"remote": SECRETS} if live.engine == "virtuoso" else {})
    graph, kind = NamedNode("http://example.org/many"), NamedNode("http://example.org/p")
    there = {Quad(NamedNode(f"http://example.org/{n}"), kind, Literal(str(n)), graph) for n in range(MANY)}
    uploader = Uploader(entry(site), *store_address(live.url, live.engine))
    with closing(uploader), closing(connected(load(live.folder))) as client:
        assert uploader.put(graph.value, sorted(there, key=str), lambda *_: None) == MANY
        found: list[Quad] = []
        paging.read(client, paging.Graph(graph.value, MANY), found.extend, page=100_000)
        assert set(found) == there
        uploader.put(graph.value, [], lambda *_: None)


def capped(body: bytes) -> bytes:
    """A result of which only the first 40 rows are there, and nothing says so."""
    read = json.loads(body)
    if "results" in read:
        read["results"]["bindings"] = read["results"]["bindings"][:40]
    return json.dumps(read).encode()


FAULTS: dict[str, tuple[Tamper, str]] = {
    "none": (lambda _, body: body, ""),
    "every third answer is cut": (lambda number, body: body if number % 3 else None, ""),
    "rows are capped in silence": (lambda _, body: capped(body), ""),
    "all answers are cut": (lambda _, __: None, "peer closed connection|incomplete"),
    "half a document that says it is whole": (lambda _, body: body[: len(body) // 2], "no whole result"),
    "an error after the document": (lambda _, body: body + b"\nException: memory", "went on|no whole result"),
    "a page in place of the document": (lambda _, __: b"<h1>Down for maintenance</h1>", "no whole result"),
    "half of the rows that were counted": (
        lambda number, body: (
            body if number < 3 else re.sub(rb'("results": *.*"bindings": *\[).*\]', rb"\1]", body, flags=re.DOTALL)
        ),
        "counted",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_happens_on_the_way_is_noticed(name: str, live: Live) -> None:
    tamper, told = FAULTS[name]
    with misbehaving() as proxy:
        proxy.behave = forwarding(live.url, tamper)
        client = Client(Access(proxy.url, {}, 60.0, 2, 50_000_000), named(live.engine))
        proxy.askers.callback(client.close)
        graph = paging.Graph(f"{BASE}graph/documents", 307)
        found: list[Quad] = []
        if told:
            with pytest.raises(UpstreamFailed, match=told):
                paging.read(client, graph, found.extend)
        else:
            paging.read(client, graph, found.extend)
            assert len(set(found)) == 307
