"""Search over HTTP: recall on this repository's graph, the page, JSON, suggestions, and what browsers are told."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.searching.search import QUERY_LENGTH
from kgpub.settings import Settings, load
from kgpub.snapshot import open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving

ROOT = Path(__file__).parents[1]
RECALL = [
    tuple(line.split("\t"))
    for line in (ROOT / "tests/search_recall.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
PEOPLE, MACHINES = {"Accept": "text/html"}, {"Accept": "application/json"}
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

TOML = """
base = "https://kg.example/"
languages = ["ka", "en"]
[title]
ka = "ნივთები <და> სხვა რამეები, გრძელი სახელით"
en = "Things & other matters with a name that goes on"
[prefixes]
o = "o#"
"""
DATA = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
<o#Agency> rdfs:label "agency"@en, "უწყება"@ka .
<id/a> a <o#Agency> ; skos:prefLabel "წყლის სააგენტო"@ka, "Water Agency"@en ; rdfs:label "Waterworks"@en ;
  skos:hiddenLabel "Watter Agensy"@en ; skos:altLabel "WA"@en ;
  dct:description "It looks after zirconium and <b>lakes</b>."@en, "იცავს ტბებს."@ka .
<id/b> a <o#Agency> ; rdfs:label "<script>alert(1)</script> & \\"agency\\""@en .
<id/c> dct:description "Nothing but a description of a quagmire."@en .
<id/d> skos:altLabel "only otherwise named"@en .
<id/fact> rdf:subject <id/a> ; rdf:predicate <o#p> ; rdf:object <id/b> ; rdfs:label "the agency statement"@en .
""" + "".join(f'<id/n{n}> a <o#Lake> ; rdfs:label "Lake number {n}"@en .\n' for n in range(45))
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<shape/agency> a sh:NodeShape ; rdfs:label "shape of an agency"@en .
"""


def built(site: Settings) -> Settings:
    build(site, lambda _files, _site: Report(True), lambda _step, _done: None)
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    files = {"data/a.ttl": DATA, "shapes/s.ttl": SHAPES}
    return built(load(write_site(tmp_path_factory.mktemp("small"), files, TOML)))


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as opened:
        yield opened


def found(client: TestClient, query: str, more: str = "") -> list[str]:
    answer = client.get(f"/search?q={quote(query, safe='')}{more}", headers=MACHINES)
    assert answer.status_code == 200
    return [hit["iri"].removeprefix("https://kg.example/") for hit in answer.json()["hits"]]


# recall on this repository's graph


def test_what_people_type_finds_what_they_mean(tmp_path: Path) -> None:
    shutil.copy(ROOT / "kgpub.toml", tmp_path)
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    site = built(load(tmp_path))
    snapshot = open_snapshot(site)
    missed = []
    for query, name, kind in RECALL:
        first = [hit.iri for hit in snapshot.search.find(query, languages=site.languages, limit=5)[1]]
        if site.base + name not in first:
            missed.append(f"{query} ({kind}): {name} is not among {first}")
    snapshot.close()
    print(*missed, sep="\n")  # noqa: T201 - seen with pytest -s, and where the test fails
    assert len(RECALL) >= 100
    assert len({row[0] for row in RECALL}) == len(RECALL)
    assert len(missed) <= 0.05 * len(RECALL)


# what can be found


@pytest.mark.parametrize(("query", "names"), [
    ("სააგენტო", ["id/a"]), ("saagento", ["id/a"]), ("water agency", ["id/a"]),
    ("waterworks", ["id/a"]), ("watter agensy", ["id/a"]), ("zirconium", ["id/a"]), ("ტბებს", ["id/a"]),
    ("quagmire", ["id/c"]), ("otherwise", ["id/d"]),
    ("agency", ["o#Agency", "id/b", "id/a"]),  # no statement node, no shape
    ("statement", []), ("shape", []),
], ids=ascii)  # fmt: skip
def test_names_and_descriptions_of_every_kind_are_searched(client: TestClient, query: str, names: list[str]) -> None:
    assert sorted(found(client, query)) == sorted(names)


@pytest.mark.parametrize(("query", "iri", "reason", "matched", "marked"), [
    ("water", "id/a", "label", "Water Agency", ["Water"]),
    ("წყლისთვის", "id/a", "label", "წყლის სააგენტო", ["წყლის"]),
    ("waterworks", "id/a", "alternative", "Waterworks", ["Waterworks"]),
    ("agensy watter", "id/a", "alternative", "Watter Agensy", ["Watter", "Agensy"]),
    ("zirconium", "id/a", "description", "It looks after zirconium and <b>lakes</b>.", ["zirconium"]),
    ("wabter", "id/a", "similar", "Water Agency", ["Water"]),
    ("alert", "id/b", "label", '<script>alert(1)</script> & "agency"', ["alert"]),
], ids=ascii)  # fmt: skip
def test_an_answer_says_why(
    client: TestClient, query: str, iri: str, reason: str, matched: str, marked: list[str]
) -> None:
    hits = client.get(f"/search?q={quote(query)}&lang=en", headers=MACHINES).json()["hits"]
    hit = next(one for one in hits if one["iri"] == f"https://kg.example/{iri}")
    assert (hit["reason"], hit["matched"]) == (reason, matched)
    assert [matched[start:end] for start, end in hit["marks"]] == marked


# JSON and the page


def test_an_answer_in_json_has_what_programs_need(client: TestClient) -> None:
    answer = client.get("/search?q=water&lang=ka", headers=MACHINES)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    body = answer.json()
    assert (body["query"], body["class"], body["count"], body["page"], body["pages"]) == ("water", None, 1, 1, 1)
    assert body["classes"] == [
        {"iri": "https://kg.example/o#Agency", "labels": {"en": "agency", "ka": "უწყება"}, "count": 1}
    ]
    assert body["hits"] == [{
        "iri": "https://kg.example/id/a",
        "labels": {"en": "Water Agency", "ka": "წყლის სააგენტო"},
        "descriptions": {"en": "It looks after zirconium and <b>lakes</b>.", "ka": "იცავს ტბებს."},
        "types": ["https://kg.example/o#Agency"],
        "reason": "label",
        "matched": "Water Agency",
        "language": "en",
        "marks": [[0, 5]],
        "page": "/id/a",
    }]  # fmt: skip


@pytest.mark.parametrize(("query", "shown"), [
    ("water", '<a href="/id/a.en.html" dir="auto"><mark>Water</mark> Agency</a>'),
    ("waterworks", '<span dir="auto"><mark>Waterworks</mark></span>'),
    ("სააგენტო", '<span lang="ka" dir="auto">წყლის <mark>სააგენტო</mark></span>'),
    ("zirconium", "after <mark>zirconium</mark> and &lt;b&gt;lakes&lt;/b&gt;."),
    ("alert", "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt; &amp; &#34;agency&#34;"),
], ids=ascii)  # fmt: skip
def test_a_page_marks_what_matched_and_is_inert(client: TestClient, query: str, shown: str) -> None:
    page = client.get(f"/search?q={quote(query)}&lang=en", headers=PEOPLE).text
    assert shown in page
    assert "<script>alert" not in page
    assert " style=" not in page


@pytest.mark.parametrize("language", ["ka", "en"])
def test_links_keep_query_class_and_language(client: TestClient, language: str) -> None:
    page = client.get(f"/search?q=number&class=o:Lake&lang={language}&page=2", headers=PEOPLE).text
    hrefs = [one.replace("&amp;", "&") for one in re.findall(r'href="(/search\?[^"]*)"', page)]
    asked = [{key: one[0] for key, one in parse_qs(urlsplit(href).query).items()} for href in hrefs]
    ours = [one for one in asked if one["lang"] == language]
    assert {"q": "number", "class": "o:Lake", "lang": language, "page": "3"} in ours
    assert {"q": "number", "class": "o:Lake", "lang": language} in ours
    assert {"q": "number", "lang": language} in ours
    others = [one for one in asked if one["lang"] != language]
    assert others == [{"q": "number", "class": "o:Lake", "page": "2", "lang": "en" if language == "ka" else "ka"}]
    assert '<input type="hidden" name="class" value="o:Lake">' in page


def test_pages_add_up(client: TestClient) -> None:
    pages = [found(client, "number", f"&page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({iri for page in pages for iri in page}) == 45


@pytest.mark.parametrize("written", ["o:Agency", "https://kg.example/o#Agency", "<https://kg.example/o#Agency>"])
def test_a_class_is_a_curie_or_an_iri(client: TestClient, written: str) -> None:
    assert sorted(found(client, "agency", f"&class={quote(written, safe='')}")) == ["id/a", "id/b"]


def test_the_count_beside_a_class_is_what_its_link_finds(client: TestClient) -> None:
    for query in ("agency", "lake", "number", "a", "lkae"):
        for one in client.get(f"/search?q={query}", headers=MACHINES).json()["classes"]:
            address = f"/search?q={query}&class={quote(one['iri'], safe='')}"
            assert client.get(address, headers=MACHINES).json()["count"] == one["count"] > 0


@pytest.mark.parametrize("headers", [PEOPLE, MACHINES])
@pytest.mark.parametrize(("address", "status"), [
    ("/search", 200), ("/search?q=", 200), ("/search?class=o:Agency", 200), ("/search?q=lake&page=3", 200),
    ("/search?q=lake&page=4", 404), ("/search?q=&page=2", 404), ("/search?q=lake&page=0", 400),
    ("/search?q=lake&page=x", 400), ("/search?q=lake&page=99999999999999999999", 400),
    ("/search?q=lake&class=no%20class", 400), ("/search?q=lake&class=%22%3E%3Cscript%3E", 400),
    ("/search?q=lake&class=o:Nothing", 200), ("/search?q=lake&lang=xx", 400), ("/search?q=a&q=b", 200),
])  # fmt: skip
def test_an_address_is_answered_or_refused(
    client: TestClient, address: str, status: int, headers: dict[str, str]
) -> None:
    assert client.get(address, headers=headers).status_code == status


HOSTILE = [
    "a" * 10_000, "ა" * 3_000, "🇬🇪 👩‍👩‍👧", "\u202eagency\u202c", "שלום الهجرة", "wa\u200bter", "\u200b\ufeff\u2060", "a\u00adgency",
    "'; DROP TABLE texts; --", "' OR 1=1 --", "SELECT * WHERE { ?s ?p ?o }", "} ; DROP ALL #", "FILTER(REGEX(?x, '.*'))",
    "<script>alert(1)</script>", "javascript:alert(1)", '" onmouseover="alert(1)', "{{7*7}}", "label:agency AND *", "/(a+)+$/",
    "\x00\x01\x7f", "%00%ff", "../../etc/passwd", "\n\r\t", "*", "?", "\\", "(((((", "e\u0301" * 200,
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=ascii)
@pytest.mark.parametrize("path", ["/search", "/-/suggest", "/-/completions"])
@pytest.mark.parametrize("headers", [PEOPLE, MACHINES])
def test_any_text_is_a_query(client: TestClient, path: str, query: str, headers: dict[str, str]) -> None:
    if path != "/search" and headers is PEOPLE:
        headers = {"Accept": "*/*"}
    answer = client.get(path, params={"q": query, "lang": "en"}, headers=headers)
    assert answer.status_code == 200
    assert len(answer.content) < 80_000
    assert "<script>alert" not in answer.text or answer.headers["content-type"] != "text/html; charset=utf-8"
    if query.strip() and answer.headers["content-type"].startswith("text/html"):
        assert re.search(r'<input type="search" name="q" value="[^"<>]*"', answer.text)


def test_what_cannot_be_seen_does_not_count(client: TestClient) -> None:
    for query in ("wa\u200bter", "wat\u00ader", "\u202ewater\u202c", "\ufeffwater", "wa\u2060ter"):
        assert found(client, query) == found(client, "water") == ["id/a"]


@given(st.text(max_size=250))
def test_any_text_survives_the_way_to_the_page(client: TestClient, query: str) -> None:
    text = query.encode("utf-8", "replace").decode()
    answer = client.get("/search", params={"q": text, "lang": "en"}, headers=MACHINES)
    assert answer.status_code == 200
    assert answer.json()["query"] == text[:QUERY_LENGTH]


# suggestions


def test_suggestions_are_names_with_what_they_are(client: TestClient) -> None:
    answer = client.get("/-/suggest?q=wat&lang=en")
    assert answer.headers["content-language"] == "en"
    assert answer.json() == {"query": "wat", "suggestions": [{
        "iri": "https://kg.example/id/a", "label": "Water Agency", "language": "en", "type": "agency",
        "type_language": "en", "reason": "label", "marks": [[0, 5]], "page": "/id/a.en.html",
    }]}  # fmt: skip
    (one,) = client.get("/-/suggest?q=waterw&lang=ka").json()["suggestions"]
    assert (one["label"], one["type"], one["page"]) == ("წყლის სააგენტო", "უწყება", "/id/a.ka.html")
    assert (one["matched"], one["matched_language"]) == ("Waterworks", "en")


def test_suggestions_are_few_and_none_for_nothing(client: TestClient) -> None:
    assert len(client.get("/-/suggest?q=lake").json()["suggestions"]) == 8
    assert client.get("/-/suggest").json() == {"query": "", "suggestions": []}
    assert client.get("/-/suggest?q=zirconium").json()["suggestions"] == []


@pytest.mark.parametrize(("path", "accept", "status"), [
    ("/-/suggest?q=a", "text/html", 406), ("/-/suggest?q=a", "application/json", 200),
    ("/-/completions?q=a", "application/x-suggestions+json", 200), ("/-/completions?q=a", "application/json", 200),
    ("/-/completions?q=a", "image/png", 406), ("/search?q=a", "text/turtle", 406), ("/-/suggest?q=a&lang=xx", "*/*", 400),
])  # fmt: skip
def test_what_cannot_be_had_is_refused(client: TestClient, path: str, accept: str, status: int) -> None:
    assert client.get(path, headers={"Accept": accept}).status_code == status


def test_completions_are_as_browsers_want_them(client: TestClient) -> None:
    answer = client.get("/-/completions?q=wat&lang=en")
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    assert answer.json() == ["wat", ["Water Agency"], ["agency"], ["https://kg.example/id/a.en.html"]]


@pytest.mark.parametrize("language", ["ka", "en"])
def test_search_describes_itself_to_browsers(client: TestClient, language: str) -> None:
    page = client.get(f"/search?q=x&lang={language}", headers=PEOPLE).text
    (link,) = re.findall(
        r'<link rel="search" type="application/opensearchdescription\+xml" title="[^"]+" href="([^"]+)">', page
    )
    answer = client.get(link)
    assert answer.headers["content-type"] == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    texts = {child.tag.removeprefix(OPENSEARCH): child.text or "" for child in root}
    assert 0 < len(texts["ShortName"]) <= 16
    assert 0 < len(texts["LongName"]) <= 48
    assert texts["Language"] == language
    urls = {(url.get("rel"), url.get("type")): url.get("template", "") for url in root.iter(f"{OPENSEARCH}Url")}
    assert all(url.startswith("https://kg.example/") for url in urls.values())
    for kind, media_type in (
        ("results", "text/html"),
        ("results", "application/json"),
        ("suggestions", "application/x-suggestions+json"),
    ):
        address = urls[kind, media_type].removeprefix("https://kg.example").replace("{searchTerms}", quote("წყალი"))
        assert client.get(address, headers={"Accept": media_type}).headers["content-type"].startswith(media_type)
