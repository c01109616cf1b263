"""Signposts lead machines from a page to what it is about; the page says it in schema.org's words too."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent.schema_org import with_block
from kgpub.settings import Settings, load
from kgpub.snapshot import open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving

BASE = "https://kg.example/"
TOML = f"""
base = "{BASE}"
languages = ["ka", "en"]
licence = "https://creativecommons.org/licenses/by/4.0/"
publisher_url = "https://publisher.example/"
publisher = "Agency"
description = "About things </script><script>alert(1)</script>"
[title]
ka = "ნივთები"
en = "Things"
[coverage]
dates = ["ns/from"]
places = ["ns/place"]
"""
FILES = {
    "data/a.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/a> a <ns/Meeting> ; rdfs:label "Meeting"@en , "შეხვედრა"@ka ; rdfs:comment "Said </script> of it"@en ;
  schema:startDate "2013-05-01"^^xsd:date ; schema:location <id/tbilisi> ; owl:sameAs <https://elsewhere.example/a> ;
  skos:altLabel "Gathering"@en , "თავყრილობა"@ka ; schema:note "ქართულად"@ka ; <ns/from> "2013-05-01"^^xsd:date ;
  <ns/place> <id/tbilisi> ; owl:sameAs <javascript:alert(1)> .
<id/tbilisi> rdfs:label "Tbilisi"@en , "თბილისი"@ka .
<id/ბ> a foaf:Person , <ns/Unknown> ; rdfs:label "Person <b>&"@en .
<id/none> <ns/p> 1 .
<ns/Meeting> rdfs:subClassOf <ns/Wider> . <ns/Wider> owl:equivalentClass schema:Event .
<https://elsewhere.example/b?x=1> a <ns/Meeting> .
""",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load(write_site(tmp_path_factory.mktemp("signposts"), FILES, TOML))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as made:
        yield made


def links(header: str) -> dict[str, list[tuple[str, str]]]:
    """The targets of a ``Link`` header with their media types, by relation; links of other things are left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for target, parameters in re.findall(r"<([^>]*)>((?:; *\w+=\"[^\"]*\")*)", header):
        fields = dict(re.findall(r'(\w+)="([^"]*)"', parameters))
        for rel in fields["rel"].split() if "anchor" not in fields else ():
            found.setdefault(rel, []).append((target, fields.get("type", "")))
    return found


def link_set(text: str) -> dict[str, dict[str, list[str]]]:
    return {
        group["anchor"]: {rel: [one["href"] for one in targets] for rel, targets in group.items() if rel != "anchor"}
        for group in json.loads(text)["linkset"]
    }


def block(page: str) -> dict[str, object]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found: dict[str, object] = json.loads(text)
    return found


LEVEL_2 = {"cite-as", "describedby", "license", "type", "author", "linkset"}


@pytest.mark.parametrize("path", ["/?lang=ka", "/?lang=en", "/-/data?lang=ka", "/-/data?lang=en"])
def test_the_pages_of_the_dataset_have_signposts(client: TestClient, path: str) -> None:
    found = links(client.get(path).headers["link"])
    assert found.keys() >= LEVEL_2 | {"item"}
    assert found["cite-as"] == [(f"{BASE}-/dataset", "")]
    assert {target for target, _ in found["type"]} == {"https://schema.org/AboutPage", "https://schema.org/Dataset"}
    assert found["license"] == [("https://creativecommons.org/licenses/by/4.0/", "")]
    assert found["author"] == [("https://publisher.example/", "")]
    assert client.get(f"/{found['cite-as'][0][0].removeprefix(BASE)}").status_code == 303
    for target, media_type in [*found["item"], *found["describedby"], *found["linkset"]]:
        answer = client.get(target)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type), target


@pytest.mark.parametrize(
    ("path", "iri", "kinds"),
    [
        pytest.param("/id/a.ka.html", f"{BASE}id/a", {"AboutPage", "Event"}, id="a class whose wider one is mapped"),
        pytest.param("/id/a.html", f"{BASE}id/a", {"AboutPage", "Event"}, id="the negotiated page"),
        pytest.param("/id/%E1%83%91.en.html", f"{BASE}id/%E1%83%91", {"AboutPage", "Person"}, id="a class of FOAF"),
        pytest.param("/id/none.en.html", f"{BASE}id/none", {"AboutPage"}, id="no class"),
        pytest.param(
            "/-/about.en.html?iri=https%3A%2F%2Felsewhere.example%2Fb%3Fx%3D1",
            "https://elsewhere.example/b?x=1",
            {"AboutPage", "Event"},
            id="a thing of another host",
        ),
    ],
)
def test_an_entity_s_page_has_signposts(client: TestClient, path: str, iri: str, kinds: set[str]) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    found = links(answer.headers["link"])
    assert found.keys() >= LEVEL_2 | {"collection"}
    assert found["cite-as"] == [(iri, "")]
    assert {target.removeprefix("https://schema.org/") for target, _ in found["type"]} == kinds
    assert found["collection"] == [(f"{BASE}-/dataset", "")]
    assert len(found["describedby"]) == len(set(found["describedby"])) == 6
    for target, media_type in [*found["describedby"], *found["linkset"]]:
        data = client.get(target)
        assert (data.status_code, data.headers["content-type"].partition(";")[0]) == (200, media_type), target


def test_data_leads_back_to_the_page(client: TestClient) -> None:
    assert ("/id/a.html", "text/html") in links(client.get("/id/a.ttl").headers["link"])["describes"]
    assert ("/-/data", "text/html") in links(client.get("/-/void.ttl").headers["link"])["describes"]


@pytest.mark.parametrize("query", ["", f"?iri={BASE}id/a"], ids=["of the dataset", "of an entity"])
def test_a_link_set_says_the_same_in_both_formats(client: TestClient, query: str) -> None:
    as_json, as_text = (client.get(f"/-/linkset.{one}{query}") for one in ("json", "txt"))
    assert as_json.headers["content-type"] == "application/linkset+json"
    assert as_text.headers["content-type"] == "application/linkset"
    found = link_set(as_json.text)
    triples = {(anchor, rel, href) for anchor, rels in found.items() for rel, hrefs in rels.items() for href in hrefs}
    lines = re.findall(r'<([^>]*)>; rel="([^"]*)"; anchor="([^"]*)"', as_text.text)
    assert {(anchor, rel, href) for href, rel, anchor in lines} == triples
    assert len(lines) == len(as_text.text.splitlines())
    assert all(re.match("https?://", part) for anchor, _, href in triples for part in (anchor, href))


def test_the_header_is_part_of_the_link_set(client: TestClient) -> None:
    rels = link_set(client.get(f"/-/linkset.json?iri={BASE}id/a").text)[f"{BASE}id/a.html"]
    header = links(client.get("/id/a.en.html").headers["link"])
    for rel, hrefs in rels.items():
        assert {href.replace(BASE, "/", 1) for href in hrefs} == {
            one.replace(BASE, "/", 1) for one, _ in header[rel]
        }, rel


def test_the_link_set_holds_every_file(client: TestClient, site: Settings) -> None:
    snapshot = open_snapshot(site)
    rels = link_set(client.get("/-/linkset.json").text)[f"{BASE}-/data"]
    names = {href.rpartition("/")[2] for href in rels["item"]}
    assert names == {dump.name for dump in snapshot.dumps} | {"checksums.txt"}
    snapshot.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/-/linkset.xml", 404, id="no such format"),
        pytest.param("/-/linkset.json?iri=nothing", 400, id="no IRI"),
        pytest.param(f"/-/linkset.json?iri={BASE}id/unknown", 404, id="nothing is said of it"),
        pytest.param("/-/linkset.txt?iri=https://x.example/%3E;%0A", 400, id="an IRI that would end the link"),
    ],
)
def test_refusals(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("language", ["ka", "en"])
def test_the_home_page_tells_search_engines_of_the_dataset(client: TestClient, site: Settings, language: str) -> None:
    snapshot = open_snapshot(site)
    page = client.get(f"/?lang={language}").text
    found = block(page)
    assert (found["@type"], found["@id"], found["version"]) == ("Dataset", f"{BASE}-/dataset", snapshot.version)
    assert found["name"] == {"ka": "ნივთები", "en": "Things"}[language]
    assert found["temporalCoverage"] == "2013-05-01/2013-05-01"
    assert found["spatialCoverage"] == [
        {"@type": "Place", "@id": f"{BASE}id/tbilisi", "name": {"ka": "თბილისი", "en": "Tbilisi"}[language]}
    ]
    files = found["distribution"]
    assert isinstance(files, list)
    sizes = {one["name"]: (one["contentSize"], one["sha256"]) for one in files}
    assert sizes == {dump.name: (f"{dump.bytes} B", dump.sha256) for dump in snapshot.dumps if dump.is_large}
    assert "<script>alert" not in page
    snapshot.close()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            "/id/a.en.html",
            {
                "@type": "Event",
                "@id": f"{BASE}id/a",
                "name": "Meeting",
                "alternateName": ["Gathering"],
                "description": "Said </script> of it",
                "sameAs": ["https://elsewhere.example/a"],
                "startDate": ["2013-05-01"],
                "location": [{"@id": f"{BASE}id/tbilisi", "name": "Tbilisi"}],
                "url": f"{BASE}id/a",
                "mainEntityOfPage": f"{BASE}id/a.en.html",
            },
            id="in English",
        ),
        pytest.param(
            "/id/a.ka.html",
            {"name": "შეხვედრა", "alternateName": ["თავყრილობა"], "note": ["ქართულად"], "mainEntityOfPage": f"{BASE}id/a.ka.html"},
            id="in Georgian",
        ),
        pytest.param("/id/%E1%83%91.ka.html", {"@type": "Person", "name": "Person <b>&"}, id="marks of HTML are data"),
        pytest.param("/id/none.ka.html", {"@type": "Thing", "@id": f"{BASE}id/none"}, id="what has no class is a thing"),
    ],
)  # fmt: skip
def test_an_entity_s_page_tells_search_engines_of_it(
    client: TestClient, path: str, expected: dict[str, object]
) -> None:
    found = block(client.get(path).text)
    assert {key: found.get(key) for key in expected} == expected
    assert found["subjectOf"] == {"@type": "Dataset", "@id": f"{BASE}-/dataset"}


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "]]>", "&lt;", "\u2028", '"\\', "ქართული"])
def test_a_block_ends_where_it_ends(text: str) -> None:
    page = with_block("<html><head></head><body></head></body></html>", {"name": text})
    assert page.count("</script>") == 1
    assert block(page) == {"name": text}
    assert page.endswith("</head><body></head></body></html>")
    assert with_block("no head", {"name": text}) == "no head"


def test_addresses_of_the_application_win_over_the_data(tmp_path: Path) -> None:
    names = ("sitemap.xml", "llms.txt", ".well-known/void")
    text = "".join(f"<{name}> <ns/p> 1 .\n" for name in names)
    settings = load(write_site(tmp_path, {"data/a.ttl": text}, TOML))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as client:
        for name in names:
            assert settings.iris.path(BASE + name).startswith("/-/about?iri=")
            assert client.get(f"/{name}").headers.get("content-type", "").partition(";")[0] != "text/html"
            assert client.get(settings.iris.path(BASE + name), headers={"Accept": "text/turtle"}).status_code == 303


def test_a_site_below_a_path_answers_at_both_well_known_addresses(tmp_path: Path) -> None:
    base = "https://agency.example/linked/data/"
    settings = load(write_site(tmp_path, FILES, TOML.replace(BASE, base)))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as client:
        for start in ("/", "/linked/data/"):
            answer = client.get(f"{start}.well-known/void")
            assert (answer.status_code, answer.headers["location"]) == (303, "/linked/data/-/void.ttl")
            assert client.get(f"{start}.well-known/api-catalog").status_code == 200
        assert f"Sitemap: {base}sitemap.xml" in client.get("/linked/data/robots.txt").text
        for target, _ in (
            one for many in links(client.get("/linked/data/-/data").headers["link"]).values() for one in many
        ):
            if not target.startswith("https://"):
                assert client.get(target).status_code == 200, target
