"""The SPARQL endpoint over HTTP: every way to ask, every way to ask wrongly, and what comes back."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode
from starlette.testclient import TestClient

from kgpub import errors
from kgpub.formats import GRAPHS
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import Settings
from kgpub.settings.tables import Sparql
from kgpub.snapshot import current
from kgpub.web import cache, create_app
from kgpub.web.asking import BrokenOff
from kgpub.web.serving import Serving

BASE = "https://example.org/kg/"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ONE = """<a> ex:p "ერთი"@ka ; rdfs:label "A" ."""
TWO = """<a> ex:p "ერთი"@ka, <b> ."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("site")
    prefixes = f"@prefix ex: <{BASE}> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    (folder / "data").mkdir()
    (folder / "queries").mkdir()
    (folder / "data" / "one.ttl").write_text(prefixes + ONE, "utf-8")
    (folder / "data" / "two.ttl").write_text(prefixes + TWO, "utf-8")
    (folder / "data" / "many.ttl").write_text(prefixes + "".join(f"<m{i}> ex:q <hub> .\n" for i in range(600)), "utf-8")
    (folder / "queries" / "things.rq").write_text("# en: Which things?\n# ka: რა?\nSELECT * { ?s ex:p ?o }\n", "utf-8")
    settings = Settings(
        title="t", base=BASE, languages=("en", "ka"), prefixes={"ex": ""}, folder=folder, sparql=Sparql(max_query=5_000)
    )
    build(settings, lambda _files, _site: Report(True), lambda _step, _done: None)
    return settings


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), base_url="http://evil.test", follow_redirects=False) as opened:
        yield opened


URL = "/kg/sparql"
ASK = "ASK { ?s ex:p 'ერთი'@ka }"
TRUE = {"head": {}, "boolean": True}
Pairs = tuple[tuple[str, str], ...]


def form(*pairs: tuple[str, str]) -> bytes:
    return urlencode(pairs).encode()


# the ways to ask


def test_get(client: TestClient) -> None:
    answer = client.get(URL, params={"query": ASK})
    assert (answer.status_code, answer.json()) == (200, TRUE)
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert "Accept" in answer.headers["vary"]
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-8", f"{FORM};charset=UTF-8"])
def test_post_of_a_form(client: TestClient, kind: str) -> None:
    answer = client.post(URL, content=form(("query", ASK)), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()) == (200, TRUE)


@pytest.mark.parametrize("kind", [QUERY, f"{QUERY}; charset=utf-8"])
def test_post_of_the_query_itself(client: TestClient, kind: str) -> None:
    answer = client.post(URL, content=ASK.encode(), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()) == (200, TRUE)


@pytest.mark.parametrize(("kind", "body"), [(QUERY, ASK.encode()), (FORM, form(("query", ASK)))])
def test_the_method_query(client: TestClient, kind: str, body: bytes) -> None:
    answer = client.request("QUERY", URL, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()) == (200, TRUE)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [("application/json", b"{}", 415), (None, ASK.encode(), 415), (QUERY, b"", 400), (QUERY, b"\xff", 400)],
)
def test_the_method_query_with_a_body_that_is_none(
    client: TestClient, kind: str | None, body: bytes, status: int
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert client.request("QUERY", URL, content=body, headers=headers).status_code == status


def test_a_form_is_decoded_once(client: TestClient) -> None:
    query = "SELECT ('100%25+%2B' AS ?x) {}"
    for answer in (
        client.get(URL, params={"query": query, "format": "csv"}),
        client.post(URL, content=form(("query", query), ("format", "csv")), headers={"Content-Type": FORM}),
    ):
        assert answer.text == "x\r\n100%25+%2B\r\n"


def test_head_has_no_body(client: TestClient) -> None:
    answer = client.head(URL, params={"query": ASK})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/sparql-results+json"


def test_preflight(client: TestClient) -> None:
    headers = {"Origin": "https://other.test", "Access-Control-Request-Method": "POST"}
    answer = client.options(URL, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    ("path", "allow", "bodies"),
    [
        (URL, "GET, HEAD, OPTIONS, POST, QUERY", f"{QUERY}, {FORM}"),
        ("/kg/-/check", "OPTIONS, POST", None),
        ("/kg/", "GET, HEAD, OPTIONS", None),
        ("/kg/id/a", "GET, HEAD, OPTIONS", None),
    ],
)
def test_options_tell_what_can_be_done(client: TestClient, path: str, allow: str, bodies: str | None) -> None:
    answer = client.options(path)
    assert (answer.status_code, answer.headers["allow"]) == (204, allow)
    assert answer.headers.get("accept-query") == bodies


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client: TestClient, method: str) -> None:
    answer = client.request(method, URL)
    assert answer.status_code == 405
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(answer.headers["allow"].split(", "))


# formats

SELECT = "SELECT ?o { <b> ex:p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ex:p ?o }"


@pytest.mark.parametrize(
    ("query", "accept", "name", "expected"),
    [
        (SELECT, None, None, "application/sparql-results+json"),
        (SELECT, "*/*", None, "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", None, "application/sparql-results+xml"),
        (SELECT, "text/csv", None, "text/csv; charset=utf-8"),
        (SELECT, "text/csv", "json", "application/sparql-results+json"),
        (SELECT, None, "xml", "application/sparql-results+xml"),
        (SELECT, FIREFOX, "tsv", "text/tab-separated-values; charset=utf-8"),
        (SELECT, None, "srj", "application/sparql-results+json"),
        (SELECT, FIREFOX, None, "text/html; charset=utf-8"),
        (SELECT, FIREFOX, "", "text/html; charset=utf-8"),
        (CONSTRUCT, None, None, "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", None, "application/n-triples"),
        (CONSTRUCT, None, "json", "application/ld+json"),
        (CONSTRUCT, None, "xml", "application/rdf+xml"),
        *((CONSTRUCT, FIREFOX, one.extension, one.content_type) for one in GRAPHS),
    ],
)
def test_formats(client: TestClient, query: str, accept: str | None, name: str | None, expected: str) -> None:
    parameters = {"query": query} | ({} if name is None else {"format": name})
    headers = {"Accept": accept} if accept else {}
    answer = client.get(URL, params=parameters, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, expected)


# datasets


@pytest.mark.parametrize(
    ("pairs", "count"),
    [
        ((), "3"),
        ((("default-graph-uri", "one"),), "2"),
        ((("default-graph-uri", "one"), ("default-graph-uri", "two")), "3"),
        ((("named-graph-uri", "one"),), "0"),
    ],
)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_datasets(client: TestClient, site: Settings, pairs: Pairs, count: str, way: str) -> None:
    names = [graph.iri for graph in Serving(site).now.snapshot.statistics.graphs]
    pairs = tuple((key, next(name for name in names if value in name)) for key, value in pairs)
    query = "SELECT (COUNT(*) AS ?n) { <a> ?p ?o }"
    headers = {"Accept": "text/csv"}
    if way == "get":
        answer = client.get(URL, params=[("query", query), *pairs], headers=headers)
    elif way == "form":
        answer = client.post(URL, content=form(("query", query), *pairs), headers=headers | {"Content-Type": FORM})
    else:
        answer = client.post(URL, params=pairs, content=query, headers=headers | {"Content-Type": QUERY})
    assert answer.text == f"n\r\n{count}\r\n"


# refusals


@pytest.mark.parametrize(
    ("query", "accept", "status", "kind"),
    [
        pytest.param("query=", None, 400, "bad-query", id="an empty query"),
        pytest.param("query=SELECT", None, 400, "bad-query", id="a syntax error"),
        pytest.param("query=ASK%7B%7D&query=ASK%7B%7D", None, 400, "bad-request", id="two queries"),
        pytest.param("update=CLEAR%20ALL", None, 400, "query-refused", id="an update"),
        pytest.param("query=CLEAR%20ALL", None, 400, "query-refused", id="an update as a query"),
        pytest.param("query=ASK%7BSERVICE%20%3Fx%7B%7D%7D", None, 400, "query-refused", id="SERVICE"),
        pytest.param("default-graph-uri=http://x/", None, 400, "bad-request", id="a dataset without a query"),
        pytest.param("query=ASK%7B%7D&default-graph-uri=nonsense", None, 400, "bad-iri", id="a graph that is no IRI"),
        pytest.param("query=%FF", None, 400, "bad-request", id="not UTF-8"),
        pytest.param("query=ASK%7B%7D&format=pdf", None, 400, "bad-request", id="an unknown format"),
        pytest.param("query=ASK%7B%7D", "image/png", 406, "not-acceptable", id="nothing acceptable"),
        pytest.param("query=ASK%7B%7D&format=ttl", None, 406, "not-acceptable", id="ASK as Turtle"),
        pytest.param("query=" + "x" * 6_000, None, 414, "too-long", id="a query that is too long"),
    ],
)
def test_get_refusals(client: TestClient, query: str, accept: str | None, status: int, kind: str) -> None:
    answer = client.get(f"{URL}?{query}", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, kind)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("address", "kind", "body", "status"),
    [
        pytest.param("", FORM, b"", 400, id="a form without a query"),
        pytest.param("", FORM, b"query=ASK%7B%7D&query=ASK%7B%7D", 400, id="two queries"),
        pytest.param("", FORM, b"update=CLEAR%20ALL", 400, id="an update in a form"),
        pytest.param("?query=ASK%7B%7D", FORM, b"query=ASK%7B%7D", 400, id="a form and a query in the address"),
        pytest.param("?query=ASK%7B%7D", QUERY, b"ASK{}", 400, id="a query and one in the address"),
        pytest.param("", QUERY, b"", 400, id="an empty body"),
        pytest.param("", QUERY, b"ASK{ ?s ?p '\xff' }", 400, id="a body that is not UTF-8"),
        pytest.param("", f"{QUERY}; charset=utf-16", "ASK {}".encode("utf-16"), 415, id="another charset"),
        pytest.param("", f"{FORM}; charset=iso-8859-1", b"query=ASK%7B%7D", 415, id="a form in another charset"),
        pytest.param("", "application/sparql-update", b"CLEAR ALL", 415, id="a direct update"),
        pytest.param("", "text/plain", b"ASK {}", 415, id="another media type"),
        pytest.param("", "", b"ASK {}", 415, id="no media type"),
        pytest.param("", QUERY, b"#" * 6_000, 413, id="a query that is too long"),
        pytest.param("", FORM, b"query=" + b"#" * 100_000, 413, id="a form that is too long"),
    ],
)
def test_post_refusals(client: TestClient, address: str, kind: str, body: bytes, status: int) -> None:
    answer = client.post(URL + address, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_syntax_error_says_where(client: TestClient) -> None:
    found = client.get(URL, params={"query": "ASK {\n ?s ?p 'x }"}).json()
    assert (found["line"], found["column"]) == (2, 8)


# the page


def test_the_form(client: TestClient) -> None:
    answer = client.get(URL, headers={"Accept": FIREFOX, "Accept-Language": "ka"})
    assert (answer.status_code, answer.headers["content-language"]) == (200, "ka")
    assert "<textarea" in answer.text
    assert "რა?" in answer.text


def test_every_example_is_a_query(client: TestClient) -> None:
    page = client.get(URL, headers={"Accept": FIREFOX}).text
    links = re.findall(r'href="([^"]*sparql[^"]*[?;&]query=[^"]*)"', page)
    assert len(links) >= 4
    for link in links:
        assert client.get(link.replace("&amp;", "&"), headers={"Accept": FIREFOX}).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?o { <a> ex:p ?o } ORDER BY ?o", "ერთი"),
        (ASK, "role"),
        (CONSTRUCT, "ერთი"),
        ("SELECT ?s { ?s ex:p ?o }", ">A<"),
    ],
)
def test_a_page_shows_the_result(client: TestClient, query: str, words: str) -> None:
    answer = client.get(URL, params={"query": query, "lang": "en"}, headers={"Accept": FIREFOX})
    assert answer.status_code == 200
    assert words in answer.text


def test_a_page_shows_a_thousand_rows(client: TestClient) -> None:
    query = "SELECT ?s ?t { ?s ex:q ?o . ?t ex:q ?o }"
    answer = client.get(URL, params={"query": query}, headers={"Accept": FIREFOX})
    assert answer.status_code == 200
    assert answer.text.count("<tr>") == 1_001


@pytest.mark.parametrize(
    ("query", "status"),
    [("SELECT * { ?s ?p", 400), ("ASK { SERVICE ?x {} }", 400), ("x" * 6_000, 414)],
    ids=["syntax", "service", "length"],
)
def test_a_page_shows_the_refusal_with_its_status(client: TestClient, query: str, status: int) -> None:
    answer = client.get(URL, params={"query": query}, headers={"Accept": FIREFOX})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<textarea" in answer.text


# the description of the service


@pytest.mark.parametrize("format", GRAPHS, ids=lambda f: f.name)
def test_the_service_describes_itself(client: TestClient, format: object) -> None:
    media_type = getattr(format, "media_type")  # noqa: B009 - the parameter is any format
    answer = client.get(URL, headers={"Accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    quads = list(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type)))
    said = {(q.predicate.value, getattr(q.object, "value", "")) for q in quads}
    assert (SD + "endpoint", BASE + "sparql") in said
    assert (SD + "supportedLanguage", SD + "SPARQL11Query") in said
    assert sum(predicate == SD + "name" for predicate, _ in said) == 3
    assert sum(predicate == SD + "resultFormat" for predicate, _ in said) == 10
    assert b"evil.test" not in answer.content


def test_anything_gets_the_description(client: TestClient) -> None:
    answer = client.get(URL)
    assert answer.headers["content-type"].startswith("text/turtle")
    assert NamedNode(SD + "Service") in {q.object for q in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)}


# limits

CROSS = "SELECT ?s ?t { ?s ex:q ?o . ?t ex:q ?o }"


@contextmanager
def limited(site: Settings, **limits: int) -> Iterator[TestClient]:
    narrow = site.model_copy(update={"sparql": Sparql(**limits)})
    with TestClient(create_app(Serving(narrow)), follow_redirects=False) as opened:
        yield opened


def test_a_small_limit_is_a_status(site: Settings) -> None:
    with limited(site, max_rows=599) as narrow:
        answer = narrow.get(URL, params={"query": "SELECT ?s { ?s ex:q ?o }"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "limit-reached")


def test_a_late_limit_breaks_the_answer_off(site: Settings) -> None:
    with limited(site, max_rows=100_000) as narrow, pytest.raises(BrokenOff) as caught:
        narrow.get(URL, params={"query": CROSS})
    assert isinstance(caught.value.__cause__, errors.LimitReached)


async def http_1_0(site: Settings) -> list[dict[str, object]]:
    """The messages of an answer to a client that speaks HTTP/1.0."""
    sent: list[dict[str, object]] = []
    serving = Serving(site.model_copy(update={"sparql": Sparql(max_rows=100_000)}))
    app = create_app(serving)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.0", "method": "GET", "path": URL, "raw_path": URL.encode(),
        "query_string": form(("query", CROSS)), "headers": [], "scheme": "http", "server": ("x", 80), "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)
    await serving.pool.close()
    return sent


def test_http_1_0_gets_the_status_that_a_stream_could_not_tell(site: Settings) -> None:
    assert asyncio.run(http_1_0(site))[0]["status"] == 400


@pytest.mark.parametrize(("query", "kept"), [("ASK { ?s ex:p ?o }", True), ("SELECT (RAND() AS ?x) {}", False)])
def test_the_same_question_is_answered_once(
    client: TestClient, query: str, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "CHEAP", 0.0)
    first, second = (client.get(URL, params={"query": query, "format": "json"}) for _ in range(2))
    assert (first.headers["etag"] == second.headers["etag"]) is kept
    assert ("no-store" in first.headers["cache-control"]) is not kept
    again = client.get(
        URL, params={"query": query, "format": "json"}, headers={"If-None-Match": second.headers["etag"]}
    )
    assert again.status_code == (304 if kept else 200)


@pytest.mark.parametrize("more", [{}, {"snapshot": "00000000"}], ids=["answered", "gone"])
def test_a_head_repeats_the_address_unless_it_is_long(client: TestClient, more: dict[str, str]) -> None:
    for length, there in ((1_000, True), (3_000, False)):
        answer = client.get(URL, params={"query": "ASK{}#" + "x" * length, **more})
        assert answer.status_code == (410 if more else 200)
        assert ("link" in answer.headers) is there


def test_a_release_can_be_asked_by_name(client: TestClient, site: Settings) -> None:
    version = current(site)
    for name in (version, version[:8]):
        answer = client.get(URL, params={"query": ASK, "snapshot": name})
        assert (answer.status_code, answer.headers["x-kgpub-snapshot"]) == (200, version)


@pytest.mark.parametrize("query", [ASK, 'ASK { ?s ?p "<>\\"&,;%" }'])
def test_a_release_that_is_not_kept_is_gone_and_the_present_one_offered(client: TestClient, query: str) -> None:
    answer = client.get(URL, params={"query": query, "snapshot": "00000000"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (410, "gone")
    found = re.fullmatch(r'<([^>]*)>; rel="latest-version"', answer.headers["link"])
    assert found
    assert client.get(found[1]).status_code == 200


@pytest.mark.parametrize("query", [ASK, 'SELECT * { ?s ?p "ა<>\\"&,;%" }'])
def test_an_answer_links_to_its_query(client: TestClient, query: str) -> None:
    answer = client.get(URL, params={"query": query})
    found = re.fullmatch(r'<([^>]*)>; rel="describedby"; type="application/sparql-query"', answer.headers["link"])
    assert found
    text = client.get(found[1])
    assert (text.text, text.headers["content-type"]) == (query, "application/sparql-query")
