"""Tombstones: what the address of a deprecated thing answers, and where it is still to be found."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import load
from kgpub.snapshot import open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving

BASE = "https://d.example/kg/"
TOML = f'title = "T"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'
HEAD = f"""@base <{BASE}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
"""
DATA = """
<ns/Thing> a owl:Class ; rdfs:label "Thing"@en, "საგანი"@ka .
<id/live> a <ns/Thing> ; rdfs:label "Live"@en, "ცოცხალი"@ka ; rdfs:seeAlso <id/gone> .
<id/live2> a <ns/Thing> ; rdfs:label "Second"@en .
<id/doc#part> rdfs:label "Part"@en .
<id/gone> a <ns/Thing> ; rdfs:label "Vanished <b>"@en, "გამქრალი"@ka ; owl:deprecated true ;
    dcterms:description "It was here."@en ; prov:invalidatedAtTime "2024-05-06T00:00:00Z"^^xsd:dateTime .
<id/bare> owl:deprecated true .
<id/one> owl:deprecated "1"^^xsd:boolean .
<id/moved> rdfs:label "Moved"@en ; owl:deprecated true ; dcterms:isReplacedBy <id/live> .
<id/chain1> owl:deprecated true ; dcterms:isReplacedBy <id/chain2> .
<id/chain2> owl:deprecated true ; dcterms:isReplacedBy <id/live> .
<id/part> owl:deprecated true ; dcterms:isReplacedBy <id/doc#part> .
<id/self> owl:deprecated true ; dcterms:isReplacedBy <id/self> .
<id/twin%C3%A9> owl:deprecated true ; dcterms:isReplacedBy <id/twiné> .
<id/twiné> rdfs:label "Twin"@en .
<id/loop1> owl:deprecated true ; dcterms:isReplacedBy <id/loop2> .
<id/loop2> owl:deprecated true ; dcterms:isReplacedBy <id/loop1> .
<id/intoloop> owl:deprecated true ; dcterms:isReplacedBy <id/loop1> .
<id/togone> owl:deprecated true ; dcterms:isReplacedBy <id/gone> .
<id/split> owl:deprecated true ; dcterms:isReplacedBy <id/live>, <id/live2> .
<id/literal> owl:deprecated true ; dcterms:isReplacedBy "see <Live>", "https://evil.example/" .
<id/both> owl:deprecated true ; dcterms:isReplacedBy <id/live>, "see Live" .
<id/script> owl:deprecated true ; dcterms:isReplacedBy <javascript:alert(1)> .
<id/blank> owl:deprecated true ; dcterms:isReplacedBy [ rdfs:label "x" ] .
<id/nothing> owl:deprecated true ; dcterms:isReplacedBy <id/never-described> .
<id/away> owl:deprecated true ; dcterms:isReplacedBy <https://else.example/x%20y?a=ბ#c> .
<id/userinfo> owl:deprecated true ; dcterms:isReplacedBy <https://d.example@evil.example/> .
<id/port> owl:deprecated true ; dcterms:isReplacedBy <https://else.example:99999999/> .
<id/insecure> owl:deprecated true ; dcterms:isReplacedBy <http://d.example/kg/id/insecure> .
<id/sibling> owl:deprecated true ; dcterms:isReplacedBy <https://d.example/other/x> .
<id/oldelse> owl:deprecated true ; dcterms:isReplacedBy <https://else.example/old> .
<https://else.example/old> owl:deprecated true ; dcterms:isReplacedBy <https://else.example/new> .
<id/toterm> owl:deprecated true ; dcterms:isReplacedBy <ns/OldClass> .
<id/no> rdfs:label "No"@en ; owl:deprecated false .
<id/text> rdfs:label "Text"@en ; owl:deprecated "true" .
<id/edition> rdfs:label "Edition"@en ; dcterms:isReplacedBy <id/live> .
<ns/OldClass> a owl:Class ; rdfs:label "Old class"@en ; owl:deprecated true ; dcterms:isReplacedBy <ns/Thing> .
<ns/oldProperty> a owl:DatatypeProperty ; rdfs:label "old property"@en ; owl:deprecated true .
<ns/used> rdfs:label "used"@en ; owl:deprecated true .
<id/live> <ns/used> 1 .
<id/doc> rdfs:label "Document"@en ; owl:deprecated true .
<sparql> owl:deprecated true .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "data").mkdir()
    (folder / "kgpub.toml").write_text(TOML, "utf-8")
    chain = "".join(f"<id/long{n}> owl:deprecated true ; dcterms:isReplacedBy <id/long{n + 1}> .\n" for n in range(150))
    (folder / "data/a.ttl").write_text(HEAD + DATA + chain + "<id/long150> rdfs:label 'End' .", "utf-8")
    settings = load(folder)
    build(settings, lambda *_: Report(True), lambda *_: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as opened:
        yield opened


GONE = "gone bare one self loop1 loop2 intoloop togone split literal script blank nothing userinfo port insecure long0"
LIVE = ["id/live", "id/no", "id/text", "id/edition", "ns/OldClass", "ns/oldProperty", "ns/used", "id/doc"]
MOVED = [
    ("id/moved", "/kg/id/live"),
    ("id/chain1", "/kg/id/live"),
    ("id/chain2", "/kg/id/live"),
    ("id/both", "/kg/id/live"),
    ("id/long60", "/kg/id/long150"),
    ("id/part", "/kg/id/doc#part"),
    ("id/away", "https://else.example/x%20y?a=%E1%83%91#c"),
    ("id/sibling", "https://d.example/other/x"),
    ("id/oldelse", "https://else.example/new"),
    ("id/toterm", "/kg/ns/OldClass"),
    ("id/moved.ttl", "/kg/id/live.ttl"),
    ("id/moved.ka.html", "/kg/id/live.ka.html"),
    ("id/moved.html", "/kg/id/live.html"),
    ("id/part.jsonld", "/kg/-/about.jsonld?iri=https%3A%2F%2Fd.example%2Fkg%2Fid%2Fdoc%23part"),
    ("id/away.ttl", "https://else.example/x%20y?a=%E1%83%91#c"),
]


@pytest.mark.parametrize("name", GONE.split())
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/problem+json", "image/png", "*/*"])
def test_what_is_gone_answers_410_whatever_is_wanted(name: str, accept: str, client: TestClient) -> None:
    answer = client.get(f"/kg/id/{name}", headers={"Accept": accept})
    assert answer.status_code == 410
    wanted = {"*/*": "text/html", "image/png": "application/problem+json"}.get(accept, accept)
    assert answer.headers["content-type"].startswith(wanted)
    assert answer.headers["vary"].startswith("Accept")
    assert "Location" not in answer.headers


@pytest.mark.parametrize(("path", "place"), MOVED, ids=[path for path, _ in MOVED])
def test_what_one_thing_stands_for_leads_there(path: str, place: str, client: TestClient) -> None:
    answer = client.get(f"/kg/{path}")
    assert (answer.status_code, answer.headers["location"]) == (301, place)
    assert "vary" not in answer.headers
    if place.startswith("/"):
        assert client.get(place).status_code in {200, 303}


@pytest.mark.parametrize("path", LIVE)
def test_what_is_not_retired_is_described_as_ever(path: str, client: TestClient) -> None:
    assert client.get(f"/kg/{path}").status_code == 303
    assert client.get(f"/kg/{path}.en.html").status_code == 200


@pytest.mark.parametrize("extension", ["ttl", "jsonld", "nt", "rdf", "trig", "nq"])
def test_a_document_of_what_is_gone_is_gone_in_its_own_format(extension: str, client: TestClient) -> None:
    answer = client.get(f"/kg/id/gone.{extension}")
    assert answer.status_code == 410
    assert "vary" not in answer.headers
    remains = client.get(f"/kg/-/about.{extension}", params={"iri": f"{BASE}id/gone"})
    assert remains.status_code == 200
    assert answer.content == remains.content
    assert remains.headers["content-type"] == answer.headers["content-type"]
    format = RdfFormat.from_extension(extension)
    assert format is not None
    assert len(list(parse(answer.content, format=format))) == 6


def test_machines_are_told_where_the_statements_are(client: TestClient) -> None:
    answer = client.get("/kg/id/gone", headers={"Accept": "application/problem+json"})
    about = "/kg/-/about?iri=https%3A%2F%2Fd.example%2Fkg%2Fid%2Fgone"
    told = answer.json()
    assert (told["status"], told["instance"], told["statements"]) == (410, "/kg/id/gone", about)
    assert told["type"] == f"{BASE}-/problems/gone"
    assert f'<{about.replace("about?", "about.ttl?")}>; rel="describedby"; type="text/turtle"' in answer.headers["link"]
    assert client.head("/kg/id/gone").status_code == 410


PAGES = [
    ("ka", ["ეს ერთეული გამოქვეყნებული აღარ არის", "გამქრალი", "2024 წლის 6 მაისი", "საგანი", "It was here."]),
    ("en", ["This entity is no longer published", "Vanished &lt;b&gt;", "6 May 2024", "Thing", "It was here."]),
]


@pytest.mark.parametrize(("language", "said"), PAGES, ids=["ka", "en"])
def test_people_are_told_in_their_language(language: str, said: list[str], client: TestClient) -> None:
    fixed = client.get(f"/kg/id/gone.{language}.html")
    chosen = client.get("/kg/id/gone", headers={"Accept": "text/html", "Accept-Language": language})
    assert fixed.text == chosen.text
    assert (fixed.status_code, fixed.headers["content-language"]) == (410, language)
    assert [one for one in said if one not in fixed.text] == []
    about = re.search(rf'href="(/kg/-/about\.{language}\.html\?iri=[^"]*id%2Fgone)"', fixed.text)
    assert about is not None
    assert '<meta name="robots" content="noindex">' in fixed.text
    remains = client.get(about[1])
    assert remains.status_code == 200
    assert 'class="deprecation"' in remains.text
    assert '<meta name="robots" content="noindex">' in remains.text
    assert f'<link rel="canonical" href="{BASE}-/about.{language}.html?iri=' in remains.text


def test_a_retired_spelling_does_not_hide_the_living_one(client: TestClient) -> None:
    assert client.get("/kg/id/twin%C3%A9").status_code == 303
    assert "Twin" in client.get("/kg/id/twin%C3%A9.en.html").text


def test_several_replacements_are_named(client: TestClient) -> None:
    page = client.get("/kg/id/split.en.html").text
    assert 'href="/kg/id/live.en.html" dir="auto">Live</a>' in page
    assert 'href="/kg/id/live2.en.html" dir="auto">Second</a>' in page


def test_hostile_replacements_are_shown_and_never_led_to(client: TestClient) -> None:
    assert 'href="javascript:' not in client.get("/kg/id/script.en.html").text
    page = client.get("/kg/id/literal.en.html").text
    assert "see &lt;Live&gt;" in page
    assert "see <Live>" not in page


def test_a_deprecated_term_says_so_and_names_what_to_use(client: TestClient) -> None:
    page = client.get("/kg/ns/OldClass.en.html").text
    notice = page.partition('class="deprecation"')[2].partition("</div>")[0]
    assert "do not use it in new data" in notice
    assert 'href="/kg/ns/Thing.en.html"' in notice
    assert 'content="noindex"' not in page
    assert 'class="deprecation"' not in client.get("/kg/ns/Thing.en.html").text


def test_the_site_map_has_no_retired_thing(client: TestClient) -> None:
    text = client.get("/kg/-/sitemap-1.xml").text
    places = set(re.findall(r"<loc>https://d\.example/kg/(\S+?)\.en\.html</loc>", text))
    assert {"id/live", "id/edition", "ns/OldClass", "id/doc"} <= places
    assert places & {f"id/{name}" for name in [*GONE.split(), "moved", "chain1", "away"]} == set()


def test_search_finds_what_has_a_page_and_marks_what_is_deprecated(client: TestClient) -> None:
    def found(query: str) -> list[str]:
        answer = client.get("/kg/search", params={"q": query, "lang": "en"}, headers={"Accept": "application/json"})
        return [hit["iri"] for hit in answer.json()["hits"]]

    assert found("Live") == [f"{BASE}id/live"]
    assert f"{BASE}id/gone" not in found("Vanished")
    assert f"{BASE}id/moved" not in found("Moved")
    assert found("Old class")[0] == f"{BASE}ns/OldClass"
    page = client.get("/kg/search", params={"q": "Old class", "lang": "en"}).text
    assert '<small class="deprecated">no longer in use</small>' in page
    suggested = client.get("/kg/-/suggest", params={"q": "Vanis", "lang": "en"}).json()
    assert suggested["suggestions"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/kg/-/browse?class={}&lang=en",
        "/kg/-/links?iri={}&property=http://www.w3.org/1999/02/22-rdf-syntax-ns%23type&lang=en",
    ],
)
def test_lists_hold_what_is_gone_and_mark_it(path: str, client: TestClient) -> None:
    page = client.get(path.format(f"{BASE}ns/Thing")).text
    assert 'Vanished &lt;b&gt;</a> <small class="deprecated">no longer in use</small>' in page
    assert "Live</a> <small" not in page


def test_a_page_marks_what_it_names(client: TestClient) -> None:
    page = client.get("/kg/id/live.ka.html").text
    assert 'გამქრალი</a> <small class="deprecated">აღარ მოქმედებს</small>' in page


def test_dumps_hold_what_is_gone_term_for_term(client: TestClient) -> None:
    dump = client.get("/kg/-/dump.nq").text
    assert (
        f'<{BASE}id/one> <http://www.w3.org/2002/07/owl#deprecated> "1"^^<http://www.w3.org/2001/XMLSchema#boolean>'
        in dump
    )
    assert f"<{BASE}id/gone> <http://www.w3.org/2002/07/owl#deprecated>" in dump


def test_an_address_of_the_application_stays_its_own(client: TestClient) -> None:
    assert client.get("/kg/sparql").status_code == 200
    assert client.get("/kg/-/about.en.html", params={"iri": f"{BASE}sparql"}).status_code == 200


def test_a_snapshot_made_before_there_were_fates_is_served(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415 # only here

    (tmp_path / "data").mkdir()
    (tmp_path / "kgpub.toml").write_text(TOML, "utf-8")
    (tmp_path / "data/a.ttl").write_text(HEAD + "<id/x> rdfs:label 'X' .", "utf-8")
    settings = load(tmp_path)
    version = build(settings, lambda *_: Report(True), lambda *_: None)
    db = sqlite3.connect(settings.snapshots_folder / "snapshots" / version / "index.sqlite")
    db.execute("DROP TABLE fates")
    db.commit()
    db.close()
    opened = open_snapshot(settings)
    assert opened.index.fate(f"{BASE}id/x") is None
    assert opened.index.deprecated([f"{BASE}id/x"]) == frozenset()
    opened.close()


def test_problem_details_are_json(client: TestClient) -> None:
    body = client.get("/kg/id/bare", headers={"Accept": "image/png"}).content
    assert json.loads(body)["title"]
