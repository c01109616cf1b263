"""The description of the interface is true: each address it names answers as it says, and no other address answers."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI
from httpx2 import Response
from starlette.testclient import TestClient

from conftest import BASE, write_site
from kgpub.formats import (
    GRAPHS,
    JSON_LD,
    METRICS,
    N_TRIPLES,
    OPENAPI,
    PARQUET,
    PROBLEM,
    STATIC,
    TURTLE,
    W3C_RESULTS,
    XLSX,
    Format,
)
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent.addresses import ADDRESSES, POSTS
from kgpub.settings import Settings, load
from kgpub.web import create_app
from kgpub.web.serving import Serving

TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\ncontact = "mailto:a@b.example"\n[sparql]\nmax_query = 2000\n'
TOML += '[dumps]\nformats = ["nq.gz", "nq.zst", "trig", "jsonld", "ttl", "csv", "parquet"]\n'
A, T, K = (quote(f"{BASE}{name}", safe="") for name in ("id/a", "ns/T", "ns/knows"))
C = quote(f"{BASE}id/scheme", safe="")
DOC = quote("https://doc.example/1", safe="")
FILES = {
    "data/a.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<id/a> a <ns/T> ; rdfs:label "Meeting"@en , "შეხვედრა"@ka ; <ns/knows> <id/b> .
<id/b> a <ns/T> ; <ns/knows> <id/a> ; <ns/1> 1 .
<id/scheme> a <http://www.w3.org/2004/02/skos/core#ConceptScheme> ; rdfs:label "Scheme"@en .
<id/concept> a <http://www.w3.org/2004/02/skos/core#Concept> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "Concept"@en ;
  <http://www.w3.org/2004/02/skos/core#topConceptOf> <id/scheme> ; <http://www.w3.org/2004/02/skos/core#inScheme> <id/scheme> .
<graph/a> dcterms:source <https://doc.example/1> .
<https://elsewhere.example/x?y=1> <ns/knows> <id/a> .
""",
    "ontology/o.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<ns/T> a rdfs:Class ; rdfs:label "Thing"@en , "ნივთი"@ka ; rdfs:isDefinedBy <ns/> .
<ns/> a <http://www.w3.org/2002/07/owl#Ontology> ; rdfs:label "Ontology"@en .
""",
    "shapes/s.ttl": "<ns/S> a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetClass> <ns/T> .",
    "queries/ask.rq": "# title@en: Ask\nASK { ?s ?p ?o }",
    "queries/make.rq": "# title@en: Make\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "queries/rows.rq": "# title@en: Rows\n# param n: integer\n# param.n.default: 1\nSELECT ?s ?n WHERE { ?s a ?t }",
    **{f"static/own.{one.extension}": "x" for one in STATIC if one.extension in {"png", "ico", "jpg", "webp"}},
}
SELECT, CONSTRUCT = quote("SELECT * { ?s ?p ?o } LIMIT 1"), quote("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1")
NOTHING = {"Accept": "image/x-none"}
TYPES = "Accept"


class Asked(NamedTuple):
    """A request: its address below the mount, its headers, and what it posts."""

    path: str
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes | None = None


def of(path: str, *formats: Format) -> list[Asked]:
    return [Asked(path, {TYPES: one.media_type.partition(";")[0]}) for one in formats]


def page(path: str) -> list[Asked]:
    """The rows that every page in the reader's language has."""
    mark = "&" if "?" in path else "?"
    return [Asked(f"{path}{mark}lang=ka"), Asked(f"{path}{mark}lang=xx"), Asked(path, NOTHING)]


DOCUMENTED = (TURTLE, JSON_LD, N_TRIPLES)


def ranges(path: str, headers: Mapping[str, str]) -> list[Asked]:
    """A range that there is not, and what is not the file that was meant."""
    return [Asked(path, {**headers, **more}) for more in ({"Range": "bytes=999999999-"}, {"If-Match": '"none"'})]


TABLE: dict[str, list[Asked]] = {
    "": page(""),
    "-/classes": [*page("-/classes"), Asked("-/classes?page=99")],
    "-/links": [*page(f"-/links?iri={A}&property={K}"), Asked(f"-/links?iri=urn:x&property={K}")],
    "-/data": page("-/data"),
    "-/accessibility": page("-/accessibility"),
    "-/privacy": page("-/privacy"),
    "-/context.jsonld": [Asked("-/context.jsonld")],
    "-/status": [Asked("-/status")],
    "-/health": [Asked("-/health")],
    "-/metrics": [Asked("-/metrics")],
    "-/openapi.json": [Asked("-/openapi.json")],
    "robots.txt": [Asked("robots.txt")],
    "-/static/{name}": [
        *(Asked(f"-/static/{name}") for name in ("style.css", "app.js", "mark.svg", "fonts-licence.txt", "none.css")),
        Asked("-/static/firago-latin-400.woff2"),
        *(Asked(f"-/static/own.{one}") for one in ("png", "ico", "jpg", "webp")),
    ],
    "search": [*page("search?q=a"), Asked("search?q=a", {TYPES: "application/json"}), Asked("search?q=a&page=99")],
    "-/suggest": page("-/suggest?q=a"),
    "-/completions": page("-/completions?q=a"),
    "-/opensearch.xml": page("-/opensearch.xml")[:2],
    "-/queries": [*page("-/queries"), Asked("-/queries", {TYPES: "application/json"})],
    "-/queries.json": [Asked("-/queries.json")],
    "-/queries/{name}": [*page("-/queries/rows"), Asked("-/queries/none")],
    "-/browse": [
        *page(f"-/browse?class={T}"), Asked("-/browse?class=urn:none"), Asked(f"-/browse?class={T}&page=99"),
        Asked(f"-/browse?class={T}&x={'x' * 20_000}"),
    ],
    "-/browse.{extension}": [
        *(Asked(f"-/browse.{one}?class={T}") for one in ("csv", "jsonld", "ttl", "pdf")),
        Asked("-/browse.csv"), Asked(f"-/browse.csv?class={T}&x={'x' * 20_000}"),
    ],
    "-/compare": [
        *page(f"-/compare?iri={A}&iri={quote(BASE)}id/b"), Asked(f"-/compare?iri={A}&iri=urn:none"),
    ],
    "-/document": [*page(f"-/document?iri={DOC}"), Asked("-/document?iri=urn:none")],
    "-/values": [
        *page(f"-/values?iri={A}&property={K}")[:2], Asked(f"-/values?iri={A}&property=urn:none"),
    ],
    "-/report": page(f"-/report?iri={A}")[:2],
    "-/qr.svg": [Asked(f"-/qr.svg?iri={one}") for one in (A, "urn:none", "")],
    "-/neighbours": [
        *page(f"-/neighbours?iri={A}"), Asked(f"-/neighbours?iri={A}", {TYPES: "application/json"}),
        Asked("-/neighbours?iri=urn:none"),
    ],
    "-/card.png": [*(Asked(f"-/card.png{one}") for one in ("?lang=ka", f"?iri={A}", "?iri=urn:none", "?lang=xx"))],
    **{
        row: asked
        for role, one in (("ontology", "T"), ("shapes", "shape-S"))
        for row, asked in {
            f"-/{role}": [
                *page(f"-/{role}"), Asked(f"-/{role}?page=99"), *of(f"-/{role}", *DOCUMENTED),
                *(Asked(f"-/{role}", {TYPES: one.media_type, "Range": "bytes=0-3"}) for one in DOCUMENTED), *ranges(f"-/{role}", {TYPES: "text/turtle"}),
            ],
            f"-/{role}/{{name}}": [*page(f"-/{role}/{one}"), Asked(f"-/{role}/none")],
            f"-/{role}.{{extension}}": [
                *(Asked(f"-/{role}.{one.extension}") for one in DOCUMENTED),
                *(Asked(f"-/{role}.{one.extension}", {"Range": "bytes=0-3"}) for one in DOCUMENTED), Asked(f"-/{role}.none"),
                *ranges(f"-/{role}.ttl", {}),
            ],
        }.items()
    },
    "-/thesaurus": [*page("-/thesaurus"), Asked("-/thesaurus?page=99")],
    "-/thesaurus/concepts": [*page(f"-/thesaurus/concepts?iri={C}"), Asked("-/thesaurus/concepts?iri=urn:none")],
    "-/thesaurus/alphabet/{tag}": [
        *page(f"-/thesaurus/alphabet/en?iri={C}"), Asked("-/thesaurus/alphabet/en?iri=urn:none"),
    ],
    "-/ontology-diagram.svg": page("-/ontology-diagram.svg")[:2],
    "-/terms.json": page("-/terms.json")[:2],
    "-/cite.{extension}": [
        *(Asked(f"-/cite.{one}") for one in ("bib", "json", "ris", "pdf", "bib?lang=xx", f"bib?query={'x' * 9_000}")),
        Asked("-/cite.bib?snapshot=0000000000000000"),
    ],
    "-/profiles": [*page("-/profiles"), Asked("-/profiles", {TYPES: "text/turtle"})],
    "-/profiles.{extension}": [Asked(f"-/profiles.{one}") for one in ("csv", *(f.extension for f in GRAPHS))],
    "-/dataset": [Asked("-/dataset"), Asked("-/dataset", NOTHING)],
    ".well-known/void": [Asked(".well-known/void"), Asked(".well-known/void", NOTHING)],
    ".well-known/api-catalog": [Asked(".well-known/api-catalog")],
    "-/void.{extension}": [Asked(f"-/void.{one}") for one in ("csv", *(f.extension for f in GRAPHS))],
    "-/linkset.{extension}": [
        *(Asked(f"-/linkset.{one}") for one in ("json", "txt", "csv", "json?iri=x", "json?iri=urn:none")),
        Asked(f"-/linkset.json?iri={A}"),
    ],
    "sitemap.xml": [Asked("sitemap.xml")],
    "-/sitemap-{number}.xml": [Asked("-/sitemap-0.xml"), Asked("-/sitemap-1.xml"), Asked("-/sitemap-x.xml")],
    "llms.txt": page("llms.txt")[:2],
    "-/dump.nq": [
        Asked("-/dump.nq"), Asked("-/dump.nq", {"If-Match": '"x"'}), Asked("-/dump.nq", {"Range": "bytes=0-3"}), Asked("-/dump.nq", {"Range": "bytes=99999999-"}),
    ],
    "-/about": [
        *of(f"-/about?iri={A}", *GRAPHS), Asked("-/about"), Asked("-/about?iri=urn:none"),
        Asked(f"-/about?iri={A}", NOTHING),
        *(Asked(f"-/about?iri={A}&_profile=alt&_mediatype={quote(one)}")
          for one in ("text/html", "application/json", *(f.media_type for f in GRAPHS))),
    ],
    "-/about.{ending}": [
        *(Asked(f"-/about.{one}?iri={A}") for one in ("html", "ka.html", *(f.extension for f in GRAPHS), "csv")),
        Asked("-/about.ttl"), Asked(f"-/about.html?iri={A}&_profile=labels"),
    ],
    "{path}": [
        *of("id/a", *GRAPHS), Asked("id/a", NOTHING), Asked("id/none"), Asked("id/a?_profile=none"), Asked("id/b.rdf"),
        *(Asked(f"id/a.{one}") for one in ("html", "ka.html", *(f.extension for f in GRAPHS))),
        Asked("id/a?_profile=alt&_mediatype=application/json"),
    ],
    "sparql": [
        *of(f"sparql?query={SELECT}", *W3C_RESULTS, XLSX, PARQUET), *of(f"sparql?query={CONSTRUCT}", *GRAPHS),
        Asked("sparql?lang=ka", {TYPES: "text/html"}), Asked(f"sparql?query={SELECT}&format=rq"), Asked("sparql?query=x"),
        Asked(f"sparql?query={SELECT}", NOTHING), Asked(f"sparql?query={SELECT}&snapshot=0000000000000000"),
        Asked(f"sparql?query={SELECT}", {"X-API-Key": "none"}), Asked(f"sparql?query={'x' * 9_000}"),
    ],
    "POST sparql": [
        *(Asked("sparql", {"Content-Type": "application/sparql-query", TYPES: one.media_type}, b"SELECT * {} LIMIT 1")
          for one in (*W3C_RESULTS, XLSX)),
        Asked("sparql", {"Content-Type": "application/sparql-query", TYPES: PARQUET.media_type}, b"SELECT ?s {?s ?p 1}"),
        *(Asked("sparql", {"Content-Type": "application/sparql-query", TYPES: one.media_type}, b"CONSTRUCT {} {}")
          for one in GRAPHS),
        Asked("sparql", {"Content-Type": "application/x-www-form-urlencoded", TYPES: "text/html"}, b"query=ASK{}"),
        Asked("sparql?format=rq", {"Content-Type": "application/sparql-query"}, b"ASK {}"),
        Asked("sparql", {"Content-Type": "application/sparql-query"}, b"x"),
        Asked("sparql", {"Content-Type": "application/sparql-query"}, b"x" * 2_000_000),
        Asked("sparql", {"Content-Type": "text/csv"}, b"x"),
        Asked("sparql", {"Content-Type": "application/sparql-query", **NOTHING}, b"ASK {}"),
        Asked("sparql", {"Content-Type": "application/sparql-query", "X-API-Key": "none"}, b"ASK {}"),
        Asked("sparql?snapshot=0000000000000000", {"Content-Type": "application/sparql-query"}, b"ASK {}"),
    ],
    "POST -/check": [
        Asked("-/check", {"Content-Type": "application/sparql-query"}, b"ASK {}"),
        Asked("-/check?lang=xx", {"Content-Type": "application/sparql-query"}, b"ASK {}"),
        Asked("-/check", {"Content-Type": "application/sparql-query"}, b"x" * 2_000_000),
        Asked("-/check", {"Content-Type": "text/csv"}, b"x"),
    ],
}  # fmt: skip
ELSEWHERE = {"401", "429", "503"}
"""Statuses that an idle server without API keys does not give; test_hostile.py gets them."""
TOO_LONG = {"414": "post", "413": "get"}
"""What a method cannot be refused with: a body is too long, or an address."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load(write_site(tmp_path_factory.mktemp("openapi"), FILES, TOML))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="module")
def dumped(client: TestClient, site: Settings) -> dict[str, list[Asked]]:
    """The rows of the files to take away, whose names and version are this build's."""
    version = client.get("/-/status").json()["version"]
    names = ["dataset.nq", "dataset.trig", "dataset.jsonld", "default-graph.ttl", "dataset.nq.gz", "dataset.nq.zst"]
    files = [one["name"] for one in client.get("/-/dumps/manifest.json").json()["dumps"] if one["of"]]
    names += [next(name for name in files if name.endswith(end)) for end in (".csv", ".parquet", "-metadata.json")]
    found = {}
    for start in ("-/dumps/", f"-/dumps/{version}/"):
        rows = [Asked(start + name) for name in (*names, "checksums.txt", "manifest.json", "none.nq")]
        rows += [Asked(start + name, {"Range": "bytes=0-3"}) for name in names]
        rows += [Asked(f"{start}dataset.nq", one) for one in ({"Range": "bytes=99999999-"}, {"If-Match": '"x"'})]
        found[start.replace(version, "{version}") + "{name}"] = rows
    found["-/dumps/{version}/{name}"].append(Asked("-/dumps/0000000000000000/dataset.nq"))
    return found


def ask(client: TestClient, asked: Asked, method: str = "") -> Response:
    method = method or ("POST" if asked.body is not None else "GET")
    return client.request(method, f"/{asked.path}", headers={"Accept": "*/*", **asked.headers}, content=asked.body)


def pair(answer: Response) -> tuple[str, str]:
    return str(answer.status_code), answer.headers.get("content-type", "").partition(";")[0]


def documented(operation: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (status, kind)
        for status, said in operation["responses"].items()
        for kind in (said.get("content") or {"": None})
    }


NAMES = [(f"{'POST ' if one in POSTS else ''}{one.path}", one) for one in (*ADDRESSES, *POSTS)]


@pytest.mark.parametrize("name", [name for name, _ in NAMES])
def test_an_address_answers_as_it_says(client: TestClient, dumped: dict[str, list[Asked]], name: str) -> None:
    method, _, path = name.rpartition(" ")
    method = method.lower() or "get"
    operation = client.get("/-/openapi.json").json()["paths"][f"/{path}"][method]
    promised, seen = documented(operation), set[tuple[str, str]]()
    for asked in (TABLE | dumped)[name]:
        answer = ask(client, asked)
        seen.add(pair(answer))
        if answer.status_code >= 400:
            seen.add(pair(ask(client, asked._replace(headers={**asked.headers, "Accept": "text/html"}))))
            seen.add(pair(ask(client, asked._replace(headers={**asked.headers, "Accept": PROBLEM.media_type}))))
        tag = answer.headers.get("etag")
        if tag and method == "get" and answer.is_success:
            again = ask(client, asked._replace(headers={**asked.headers, "If-None-Match": tag}))
            assert again.status_code == 304
            other = ask(client, asked._replace(headers={**asked.headers, "If-Match": '"none"'}))
            assert (other.status_code, other.content) == (412, b"")
            seen |= {pair(again), pair(other)}
    assert seen <= promised
    unseen = {(status, kind) for status, kind in promised - seen if status not in ELSEWHERE}
    assert {one for one in unseen if TOO_LONG.get(one[0]) != method and not of_refusal(one, seen)} == set()


def of_refusal(missing: tuple[str, str], seen: set[tuple[str, str]]) -> bool:
    """Whether only the form of a refusal is missing: at pages, who takes pages cannot be refused for it."""
    status, kind = missing
    return kind == "text/html" and (status, PROBLEM.media_type) in seen and (status == "406" or ("406", kind) in seen)


@pytest.mark.parametrize("name", [name for name, one in NAMES if one not in POSTS])
def test_head_is_get_without_a_body(client: TestClient, dumped: dict[str, list[Asked]], name: str) -> None:
    for asked in (TABLE | dumped)[name]:
        if "x" * 1_000 in asked.path or name in {"-/metrics"}:
            continue  # figures of the moment
        whole, head = ask(client, asked), ask(client, asked, "HEAD")
        assert head.status_code == whole.status_code, asked
        assert head.content == b""
        passing = {"content-length", "transfer-encoding", "x-kgpub-snapshot"}
        told = {key: value for key, value in head.headers.items() if key not in passing}
        assert told == {key: value for key, value in whole.headers.items() if key not in passing}, asked
        if "content-length" in head.headers and "content-length" in whole.headers:
            assert head.headers["content-length"] == whole.headers["content-length"], asked


def test_every_route_is_described_and_nothing_else(site: Settings, client: TestClient) -> None:
    told = {re.sub(r"\{[^}]*\}", "{}", path) for path in client.get("/-/openapi.json").json()["paths"]}
    queries = {path for path in told if path.startswith("/-/queries/") and path.endswith(".{}")}
    routed = {re.sub(r"\{[^}]*\}", "{}", path) for path in routes(site)} | {"/sparql"}
    assert told - queries == routed
    assert len(queries) >= 3


def routes(site: Settings) -> list[str]:
    """The paths that the application has functions for."""
    found: list[str] = []
    made = create_app(Serving(site))
    waiting: list[object] = [made]
    seen = set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen or not type(one).__module__.startswith(("kgpub", "fastapi", "starlette", "builtins")):
            continue
        seen.add(id(one))
        if isinstance(one, FastAPI):
            inner = (getattr(route, "original_router", None) for route in one.routes)
            found += [route.path for some in inner if some is not None for route in some.routes]
            found += [route.path for route in one.routes if hasattr(route, "path")]
            return found
        waiting += [cell.cell_contents for cell in getattr(one, "__closure__", None) or ()]
        waiting += list(getattr(one, "__dict__", {}).values())
    raise AssertionError("there is no application")


def test_it_is_openapi(client: TestClient) -> None:
    answer = client.get("/-/openapi.json")
    assert answer.headers["content-type"] == OPENAPI.content_type
    OpenAPI.model_validate(answer.json())
    operations = [one for item in answer.json()["paths"].values() for one in item.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert METRICS.media_type.partition(";")[0] in answer.text


@pytest.mark.parametrize("name", [name for name, one in NAMES if one not in POSTS and "{" not in name])
def test_what_is_needed_is_needed(client: TestClient, name: str) -> None:
    operation = client.get("/-/openapi.json").json()["paths"][f"/{name}"]["get"]
    needed = [one["name"] for one in operation["parameters"] if one["in"] == "query" and one["required"]]
    assert (client.get(f"/{name}").status_code == 400) is bool(needed)


OWN = {path: {"GET", "HEAD"} for path in [one.path for one in ADDRESSES]}
OWN |= {one.path: OWN.get(one.path, set()) | {"POST"} for one in POSTS}
OWN["sparql"] |= {"QUERY"}  # OpenAPI 3.1 has no place for it
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize(
    ("path", "method"), [(path, one) for path, own in OWN.items() for one in METHODS if one not in own]
)
def test_other_methods_are_refused_with_those_there_are(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, "/" + re.sub(r"\{[^}]*\}", "x", path))
    assert answer.status_code == 405
    assert {one.strip() for one in answer.headers["allow"].split(",")} - {"OPTIONS"} == OWN[path]


@pytest.mark.parametrize("name", [name for name, _ in NAMES])
def test_options_is_answered_everywhere(client: TestClient, name: str) -> None:
    path = name.rpartition(" ")[2]
    answer = client.options("/" + re.sub(r"\{[^}]*\}", "x", path))
    assert answer.status_code == 204
    assert {one.strip() for one in answer.headers["allow"].split(",")} == OWN[path] | {"OPTIONS"}


def test_a_site_below_a_path_says_so(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {"data/a.ttl": "<id/a> <ns/p> 1 ."}, TOML.replace(BASE, f"{BASE}kg/"))
    settings = load(folder)
    build(settings, lambda *_: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings))) as client:
        paths = client.get("/kg/-/openapi.json").json()["paths"]
    assert all(path.startswith("/kg/") for path in paths)
