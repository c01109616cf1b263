"""The repository's own site, end to end: every entity in every format and language, links, validators, refusals."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse
from starlette.testclient import TestClient

from kgpub.engine import Engine
from kgpub.errors import EngineDown
from kgpub.formats import GRAPHS, HTML
from kgpub.making.building import build
from kgpub.model import Counted, Statistics
from kgpub.represent import html
from kgpub.settings import Settings, load
from kgpub.source import files
from kgpub.validate import validate
from kgpub.web import create_app
from kgpub.web.examples import examples
from kgpub.web.serving import Serving

ROOT = Path(__file__).parents[1]
ALIKE = 60
"""Links to one page with different parameters that are followed, spread over all of them."""
VOID_ELEMENTS = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("snapshots")
    settings = load(ROOT)
    snapshots = settings.snapshots.model_copy(update={"folder": str(folder)})
    settings = settings.model_copy(update={"snapshots": snapshots})
    build(settings, validate, lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as opened:
        yield opened


class Page(HTMLParser):
    """What a test asks of a page: links, languages, title, text, and that every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.language = ""
        self.scripts: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        if values.get("id"):
            self.ids.add(values["id"] or "")
        if tag in {"a", "link"} and values.get("href"):
            self.links.append(values["href"] or "")
        if tag == "script":
            self.scripts.append(
                values.get("src") or ("data" if values.get("type") == "application/ld+json" else "inline")
            )
        assert not any(name.startswith("on") for name in values), values
        if tag not in VOID_ELEMENTS:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1] == tag, (tag, self._open)
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


def canonical(quads: list[Quad]) -> str:
    dataset = Dataset(Quad(q.subject, q.predicate, q.object) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(str(q) for q in dataset))


def read(body: bytes, extension: str, base: str) -> list[Quad]:
    format = RdfFormat.from_extension(extension)
    assert format is not None
    return list(parse(body, format=format, base_iri=base))


@pytest.fixture(scope="module")
def entities(site: Settings) -> list[str]:
    named = {
        str(q.subject)[1:-1] for f in files(site) if f.role != "shapes" for q in f.quads() if str(q.subject)[0] == "<"
    }
    return sorted(iri for iri in named if iri.startswith(site.base))


@pytest.mark.slow
def test_every_entity_is_the_same_in_every_format(client: TestClient, site: Settings, entities: list[str]) -> None:
    assert len(entities) > 180
    wrong = []
    for iri in entities:
        found = {}
        for format in GRAPHS:
            answer = client.get(site.iris.path(iri, format))
            assert answer.status_code == 200, (iri, format, answer.text)
            assert answer.headers["content-type"] == format.content_type
            found[format.extension] = canonical(read(answer.content, format.extension, site.base))
        wrong += [(iri, name) for name, text in found.items() if text != found["nt"]]
    assert wrong == []


def test_every_document_is_what_the_sources_say(client: TestClient, site: Settings, entities: list[str]) -> None:
    said: dict[str, set[str]] = {}
    for file in files(site):
        if file.role != "shapes":
            for quad in file.quads():
                said.setdefault(str(quad.subject), set()).add(f"{quad.predicate} {quad.object}")
    for iri in entities:
        quads = read(client.get(site.iris.path(iri, GRAPHS[2])).content, "nt", site.base)
        own = {f"{q.predicate} {q.object}" for q in quads if str(q.subject) == f"<{iri}>"}
        assert {s for s in own if "_:" not in s} == {s for s in said[f"<{iri}>"] if "_:" not in s}, iri


@pytest.mark.slow
def test_every_page_is_whole_in_both_languages(client: TestClient, site: Settings, entities: list[str]) -> None:
    titles: dict[str, set[str]] = {"ka": set(), "en": set()}
    links: set[str] = set()
    for iri in entities:
        for language in site.languages:
            answer = client.get(site.iris.path(iri, HTML, language))
            assert answer.status_code == 200, (iri, language)
            assert answer.headers["content-language"] == language
            assert len(answer.content) < 150_000, iri
            page = Page(answer.text)
            assert page.language == language
            assert "inline" not in page.scripts
            title = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
            assert title
            titles[language].add(title.group(1))
            links |= {link.partition("#")[0] for link in page.links if link.startswith("/")}
    assert all(len(found) > 180 for found in titles.values())
    followed = sorted(links)
    for page_of_many in {link.partition("?")[0] for link in followed if "?" in link}:
        alike = [link for link in followed if link.startswith(page_of_many + "?")]
        followed = [link for link in followed if link not in set(alike)] + alike[:: 1 + len(alike) // ALIKE]
    assert [link for link in followed if client.get(link).status_code not in {200, 303}] == []


def test_entities_of_the_register_are_named_in_both_languages(client: TestClient, site: Settings) -> None:
    register = next(f for f in files(site) if f.name == "data/register.ttl")
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    languages: dict[str, set[str]] = {}
    for quad in register.quads():
        if quad.predicate.value == label:
            languages.setdefault(str(quad.subject), set()).add(getattr(quad.object, "language", "") or "")
    assert len(languages) > 170
    assert {name: found for name, found in languages.items() if found != {"ka", "en"}} == {}


NEGOTIATION = [
    (
        "a browser gets the page",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        303,
        "/id/org-iom.html",
    ),
    ("whoever accepts anything gets the page", "*/*", 303, "/id/org-iom.html"),
    ("Turtle is asked for", "text/turtle", 303, "/id/org-iom.ttl"),
    ("JSON-LD is asked for", "application/ld+json", 303, "/id/org-iom.jsonld"),
    ("the heavier weight wins", "text/turtle;q=0.5, application/n-triples", 303, "/id/org-iom.nt"),
    ("nothing acceptable is 406", "image/png", 406, None),
]


@pytest.mark.parametrize(("accept", "status", "place"), [r[1:] for r in NEGOTIATION], ids=[r[0] for r in NEGOTIATION])
def test_an_entity_negotiates(client: TestClient, accept: str, status: int, place: str | None) -> None:
    answer = client.get("/id/org-iom", headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.headers.get("location") == place
    assert "accept" in answer.headers["vary"].lower()


REFUSALS = [
    ("an unknown entity", "/id/nothing", "text/turtle", 404),
    ("an unknown entity's document", "/id/nothing.ttl", "*/*", 404),
    ("an unknown page", "/-/nothing", "*/*", 404),
    ("a percent sign without digits", "/id/%zz", "*/*", 400),
    ("an IRI with a space", "/-/about?iri=https%3A%2F%2Fx.org%2Fa%20b", "*/*", 400),
    ("a relative IRI", "/-/about?iri=abc", "*/*", 400),
    ("no IRI", "/-/about", "*/*", 400),
    ("an unknown foreign IRI", "/-/about?iri=https%3A%2F%2Fx.org%2F", "*/*", 404),
    ("a page number that is none", "/-/links?iri=urn:a&property=urn:b&page=x", "text/html", 400),
    ("a language the site has not", "/?lang=xx", "text/html", 400),
]


@pytest.mark.parametrize(("path", "accept", "status"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_refusals_are_problem_details_for_machines_and_pages_for_people(
    client: TestClient, path: str, accept: str, status: int
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == status
    if accept != "text/html":
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    for language in ("ka", "en"):
        shown = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
        assert shown.status_code == status
        assert Page(shown.text).language == language


def test_a_404_page_offers_what_was_probably_meant(client: TestClient) -> None:
    page = client.get("/id/org-iom-georgi", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "/id/org-iom-georgia." in page.text


DESCRIBED = [
    ("an ontology term", "/ns/Project"),
    ("a predicate of another host", "/-/about?iri=http%3A%2F%2Fwww.w3.org%2Fns%2Forg%23memberOf"),
    ("a class of another host", "/-/about?iri=http%3A%2F%2Fxmlns.com%2Ffoaf%2F0.1%2FPerson"),
    ("a graph", "/graph/doc-0/asserted"),
    ("an object of another host", "/-/about?iri=http%3A%2F%2Fwww.wikidata.org%2Fentity%2FQ230"),
    ("the ontology, whose IRI ends in a slash", "/ns/"),
]


@pytest.mark.parametrize("path", [row[1] for row in DESCRIBED], ids=[row[0] for row in DESCRIBED])
def test_everything_named_is_described(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": "ka"})
    assert answer.status_code == 303
    page = client.get(answer.headers["location"], headers={"Accept-Language": "ka"})
    assert page.status_code == 200
    assert Page(page.text).language == "ka"
    again = client.get(page.headers["content-location"])
    assert (again.status_code, again.content) == (200, page.content)


def test_the_page_without_a_language_is_negotiated_and_says_so(client: TestClient) -> None:
    answer = client.get("/id/org-iom.html", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert answer.headers["content-language"] == "en"
    assert answer.headers["content-location"] == "/id/org-iom.en.html"
    assert "accept-language" in answer.headers["vary"].lower()
    assert "private" in answer.headers["cache-control"]
    fixed = client.get("/id/org-iom.en.html")
    assert "public" in fixed.headers["cache-control"]
    assert "accept-language" not in fixed.headers.get("vary", "").lower()


PAGES = ["/", "/-/classes", "/-/data", "/sparql", "/search?q=IOM", "/id/org-iom.html", "/id/nothing"]


@pytest.mark.parametrize("path", PAGES)
def test_the_host_of_the_request_plays_no_part(client: TestClient, path: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "ka"}
    plain = client.get(path, headers=headers)
    poisoned = client.get(path, headers=headers | {"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert plain.content == poisoned.content
    assert "evil.example" not in str(poisoned.headers)
    assert "testserver" not in poisoned.text


@pytest.mark.parametrize("path", [*PAGES[:-1], "/id/org-iom.ttl", "/-/context.jsonld", "/-/static/style.css"])
def test_head_is_get_without_its_body(client: TestClient, path: str) -> None:
    got, head = client.get(path, headers={"Accept": "*/*"}), client.head(path, headers={"Accept": "*/*"})
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in got.headers.items() if k != "date"
    }


CONDITIONAL = ["/", "/-/classes", "/id/org-iom.ttl", "/id/org-iom.ka.html", "/-/static/style.css"]


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize("path", CONDITIONAL)
def test_a_client_that_has_it_is_told_so(client: TestClient, path: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding, "Accept": "*/*"}
    first = client.get(path, headers=headers)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    assert first.headers.get("content-encoding", "identity") == coding
    again = client.get(path, headers=headers | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = client.get(path, headers=headers | {"If-None-Match": '"something-else"'})
    assert (other.status_code, other.headers["etag"]) == (200, tag)


@pytest.mark.parametrize("path", CONDITIONAL)
@pytest.mark.parametrize(
    ("meant", "known", "status"),
    [
        ("{0}", None, 200), ('"other", {0}', None, 200), ("*", None, 200), ('"other"', None, 412), ("W/{0}", None, 412),
        ("", None, 412), ("{0}", "{0}", 304), ('"other"', "{0}", 412), ('"other"', '"other"', 412),
    ],
)  # fmt: skip
def test_a_client_that_means_another_version_is_told_so(
    client: TestClient, path: str, meant: str, known: str | None, status: int
) -> None:
    headers = {"Accept-Encoding": "identity", "Accept": "*/*"}
    tag = client.get(path, headers=headers).headers["etag"]
    asked = headers | {"If-Match": meant.format(tag)} | ({"If-None-Match": known.format(tag)} if known else {})
    for method in ("GET", "HEAD"):
        answer = client.request(method, path, headers=asked)
        assert answer.status_code == status
        assert status == 200 or answer.content == b""


def test_validators_differ_by_language_format_and_coding(client: TestClient) -> None:
    rows = [("/id/org-iom.ka.html", "identity"), ("/id/org-iom.en.html", "identity"), ("/id/org-iom.ttl", "identity")]
    rows += [("/id/org-iom.ttl", "gzip"), ("/id/org-iom.ttl", "br"), ("/id/org-iom.nt", "identity")]
    tags = [client.get(path, headers={"Accept-Encoding": coding}).headers["etag"] for path, coding in rows]
    assert len(set(tags)) == len(tags)


def test_links_in_headers_lead_to_the_other_formats(client: TestClient) -> None:
    header = client.get("/id/org-iom.ka.html").headers["link"]
    for extension in ("ttl", "jsonld", "nt", "rdf", "trig", "nq"):
        assert f"</id/org-iom.{extension}>" in header
    assert 'rel="canonical"' in header
    assert "testserver" not in header
    absolute = set(re.findall(r'<https?://[^>]*>; rel="([^"]*)"', unquote(header)))
    assert absolute == {"cite-as", "type", "license", "collection", "profile"}  # of no document


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_other_methods_are_refused_with_what_is_allowed(client: TestClient, method: str) -> None:
    answer = client.request(method, "/id/org-iom")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_anyone_may_read_from_anywhere_without_credentials(client: TestClient) -> None:
    answer = client.get("/id/org-iom.ttl", headers={"Origin": "https://other.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert client.options("/id/org-iom", headers={"Access-Control-Request-Method": "GET"}).status_code == 204


def test_a_class_lists_its_members_by_name(client: TestClient, site: Settings) -> None:
    path = f"/-/links?iri={site.base}ns/CivilSocietyOrganisation&property={site.all_prefixes['rdf'].replace('#', '%23')}type"
    for language in site.languages:
        page = client.get(f"{path}&lang={language}")
        assert page.status_code == 200
        assert page.text.count(f".{language}.html") >= 14


def test_a_statement_shows_its_document_line_and_words(client: TestClient) -> None:
    page = client.get("/id/place-georgia.en.html").text
    assert "2019 წლიდან საქართველო არის" in page
    assert "/id/doc-0.en.html" in page
    assert re.search(r"22", page)


def test_a_long_list_of_classes_is_paged() -> None:
    many = Statistics(classes=tuple(Counted(f"https://x.example/C{n}", 1) for n in range(250)))
    site = load(ROOT)
    shown = [
        set(re.findall(r"https://x\.example/C\d+", unquote(html.classes(many, {}, site, "en", n)))) for n in (1, 2, 3)
    ]
    assert [len(one) for one in shown] == [100, 100, 50]
    assert len(set.union(*shown)) == 250
    assert "page=2" in html.classes(many, {}, site, "en", 1)


def test_every_example_query_is_answered_with_rows(client: TestClient, site: Settings) -> None:
    shown = examples(site)
    assert len(shown) >= 15
    for example in shown:
        assert {"ka", "en"} <= set(example.title), example
        answer = client.get("/sparql", params={"query": example.query})
        assert answer.status_code == 200, (example, answer.text)
        if "json" in answer.headers["content-type"]:
            found = answer.json()
            assert found.get("boolean") or found["results"]["bindings"], example
        else:
            assert len(answer.text.splitlines()) > 2, example


def test_what_rests_on_outside_evidence_is_asked_for_by_name(client: TestClient) -> None:
    asked = "ASK { %s { id:org-anmi schema:foundingDate ?date } }"
    answers = [
        client.get("/sparql", params={"query": asked % graph}).json()["boolean"]
        for graph in ("", "GRAPH graph:inferred")
    ]
    assert answers == [False, True]


class Broken:
    """An engine that cannot be reached."""

    def quads(self, pattern: object, limit: int | None = None) -> Iterator[Quad]:
        raise EngineDown("the store cannot be read: disk gone")

    def select(self, query: str) -> Iterator[Any]:  # Any: it never answers
        raise EngineDown("the store cannot be read: disk gone")

    def stream(self, query: str, accept: str | None, dataset: object) -> Any:  # Any: it never answers
        raise EngineDown("the store cannot be read: disk gone")

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "path",
    ["/id/org-iom", "/id/org-iom.ttl", "/id/org-iom.ka.html", "/id/nothing", "/-/health"],
)
def test_trouble_in_the_engine_is_never_not_found_and_never_empty(site: Settings, path: str) -> None:
    serving = Serving(site)
    serving.now = replace(serving.now, snapshot=replace(serving.now.snapshot, engine=cast(Engine, Broken())))
    with TestClient(create_app(serving), follow_redirects=False) as client:
        answer = client.get(path, headers={"Accept": "*/*"})
        assert answer.status_code == 503
        assert "disk gone" in answer.json()["detail"]
        assert answer.headers["retry-after"]
        assert answer.headers["cache-control"] == "no-store"
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 503
