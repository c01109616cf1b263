"""The dataset describes itself: VoID, DCAT, the service description and the pages agree with what SPARQL counts."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from pyshacl import validate as shacl
from rdflib import Graph
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.about import figures
from kgpub.about.catalog import catalogue
from kgpub.formats import GRAPHS
from kgpub.making import counting
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import Snapshot, open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving

ROOT = Path(__file__).parents[1]
SHAPES = ROOT / "tests/shapes/dcat-ap.ttl"
BASE = "https://kg.example/"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
TOML = f"""
base = "{BASE}"
languages = ["ka", "en"]
licence = "https://creativecommons.org/licenses/by/4.0/"
publisher_url = "https://publisher.example/"
contact = "mailto:data@publisher.example"
featured = ["ns/Thing"]
[title]
ka = "ნივთები"
en = "Things"
[publisher]
ka = "სააგენტო"
en = "The \\"Agency\\" <b>"
[coverage]
dates = ["ns/from", "ns/until"]
places = ["ns/place"]
[graphs."data/apart.ttl"]
default = false
"""
RDF = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix schema: <https://schema.org/> .\n" \
      "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"  # fmt: skip
FILES = {
    "data/a.ttl": RDF
    + "<id/a> a <ns/Thing> , <ns/Other> ; rdfs:label 'A'@en , 'ა'@ka ; <ns/p> 1 , 01 , [ a <ns/Thing> ; <ns/p> 2 ] .\n"
    "<id/ბ> a <ns/Thing> ; <ns/from> '2013-05-01'^^xsd:date , 'soon'^^xsd:date , '1999' ; <ns/p> <id/a> ;\n"
    "  <ns/until> '2015'^^xsd:gYear ; <ns/place> <id/place> ; rdfs:seeAlso <https://elsewhere.example/x> , <https://elsewhere.example> .\n"
    "<https://kg.example.org/x> rdfs:seeAlso <https://elsewhere.example/y> .\n"
    "<ns/Thing> rdfs:subClassOf <ns/Wide> . <ns/Wide> rdfs:subClassOf schema:Event , <ns/Thing> .\n"
    "<ns/Odd> a [ a <ns/Thing> ] . <id/a#part> rdfs:label 'part' .\n"
    "<st/1> a rdf:Statement ; rdf:subject <id/a> ; rdf:predicate <ns/p> ; rdf:object 1 .\n",
    "data/b.ttl": RDF + "<id/a> a <ns/Thing> ; <ns/p> 1 .",
    "data/apart.ttl": RDF + "<id/c> a <ns/Thing> ; <ns/q> <id/a> ; <ns/from> '1900-01-01'^^xsd:date .",
    "shapes/s.ttl": "<ns/Shape> a <http://www.w3.org/ns/shacl#NodeShape> ; <ns/p> 7 .",
}


def made(folder: Path, files: dict[str, str], toml: str) -> Settings:
    settings = load(write_site(folder, files, toml))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


def own_site(folder: Path) -> Settings:
    """The repository's own site; whether it keeps to its shapes is another test's question."""
    settings = load(ROOT)
    snapshots = settings.snapshots.model_copy(update={"folder": str(folder)})
    settings = settings.model_copy(update={"snapshots": snapshots})
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module", params=["small", "shapeless", "own"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "own":
        return own_site(folder)
    return made(
        folder, {name: text for name, text in FILES.items() if request.param == "small" or "shapes" not in name}, TOML
    )


@pytest.fixture(scope="module")
def snapshot(site: Settings) -> Iterator[Snapshot]:
    opened = open_snapshot(site)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as made:
        yield made


def row(client: TestClient, site: Settings, address: str) -> dict[str, str]:
    """The only row of a query's answer, asked at its address as published."""
    assert address.startswith(site.base)
    answer = client.get(address.replace(site.base, "/", 1), headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["results"]["bindings"]
    return {name: value["value"] for name, value in found.items()}


def said(quads: tuple[Quad, ...], subject: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for quad in quads:
        if quad.subject == NamedNode(subject):
            found.setdefault(quad.predicate.value, []).append(getattr(quad.object, "value", ""))
    return found


def test_every_number_is_what_its_query_counts(client: TestClient, site: Settings, snapshot: Snapshot) -> None:
    by_subject: dict[str, dict[str, list[str]]] = {}
    for quad in catalogue(site, snapshot):
        about = by_subject.setdefault(str(quad.subject).strip("<>"), {})
        about.setdefault(quad.predicate.value, []).append(getattr(quad.object, "value", ""))
    numbers = 0
    for subject, about in by_subject.items():
        counted = {
            k: v
            for k, v in about.items()
            if (k.startswith(VOID) and v[0].isdigit()) or k in {f"{DCAT}startDate", f"{DCAT}endDate"}
        }
        if not counted:
            continue
        (address,) = about[SEE_ALSO]
        answer = row(client, site, address)
        assert {name.rpartition("#")[2]: value for name, value in counted.items()} == {
            k: [v] for k, v in answer.items()
        }, subject
        numbers += len(counted)
    assert numbers > 60


def test_the_figures_count_what_they_say(tmp_path: Path) -> None:
    settings = made(tmp_path, FILES, TOML)
    snapshot = open_snapshot(settings)
    found = snapshot.partitions.figures
    snapshot.close()
    assert (found.triples, found.entities, found.classes) == (28, 8, 4)
    things = next(part for part in found.by_class if part.iri == f"{BASE}ns/Thing")
    assert (things.entities, things.example, things.kind) == (4, f"{BASE}id/a", "Event")
    assert {used.iri.removeprefix(BASE): used.triples for used in things.properties}["ns/p"] == 4
    assert [(one.predicate.rpartition("#")[2], one.space, one.triples) for one in found.linksets] == [
        ("seeAlso", "https://elsewhere.example/", 1),
        ("subClassOf", "https://schema.org/", 1),
    ]
    assert (found.start, found.end) == ("2013-05-01", "2015")
    assert found.places == (f"{BASE}id/place",)
    assert f"{BASE}ns/" in found.vocabularies


def test_classes_of_the_same_size_are_told_apart_and_those_of_the_same_members_are_not(tmp_path: Path) -> None:
    data = (
        '<id/a> a <ns/A>, <ns/Twin> ; <ns/p> "1", "2" . <id/b> a <ns/A>, <ns/Twin> ; <ns/p> "2" .\n'
        '<id/c> a <ns/Other> ; <ns/q> "1" . <id/d> a <ns/Other> ; <ns/q> "1" .\n'
    )
    settings = made(tmp_path, {"data/a.ttl": data}, TOML)
    snapshot = open_snapshot(settings)
    by_class = {part.iri.removeprefix(f"{BASE}ns/"): part for part in snapshot.partitions.figures.by_class}
    snapshot.close()
    assert {iri: (part.entities, part.triples, part.objects) for iri, part in by_class.items()} == {
        "A": (2, 7, 4),
        "Twin": (2, 7, 4),
        "Other": (2, 4, 2),
    }
    used = {
        iri: [(use.iri.rpartition("/")[2], use.triples) for use in part.properties] for iri, part in by_class.items()
    }
    assert used["A"] == used["Twin"] != used["Other"]
    assert used["Other"][-1] == ("q", 2)
    assert used["A"][-1] == ("p", 3)


def test_the_pages_and_the_descriptions_agree(client: TestClient, site: Settings, snapshot: Snapshot) -> None:
    quads = catalogue(site, snapshot)
    whole = said(quads, f"{site.base}-/dataset")
    assert (
        whole[f"{VOID}triples"]
        == [str(snapshot.statistics.triples)]
        == [str(client.get("/-/status").json()["triples"])]
    )
    assert whole[f"{VOID}entities"] == [str(snapshot.statistics.entities)]
    counted = {f"{c.iri}": str(c.count) for c in snapshot.statistics.graphs}
    service = list(parse(client.get("/sparql", headers={"Accept": "text/turtle"}).content, format=RdfFormat.TURTLE))
    sd = "http://www.w3.org/ns/sparql-service-description#"
    names = {q.subject: q.object.value for q in service if q.predicate.value == f"{sd}name"}
    graphs = {q.subject: q.object for q in service if q.predicate.value == f"{sd}graph"}
    triples = {q.subject: q.object.value for q in service if q.predicate.value == f"{VOID}triples"}
    assert {names[node]: triples[graph] for node, graph in graphs.items()} == counted
    for node, graph in graphs.items():
        assert said(quads, graph.value)[f"{VOID}triples"] == [counted[names[node]]]
    (default,) = (q.object for q in service if q.predicate.value == f"{sd}defaultGraph")
    assert [triples[default]] == said(quads, f"{site.base}-/dataset#default-graph")[f"{VOID}triples"]
    dataset = [q.object.value for q in service if q.predicate.value == f"{sd}defaultDataset"]
    assert dataset == [f"{site.base}-/dataset"]


@pytest.mark.parametrize("name", ["classes", "properties"])
def test_what_the_pages_list_is_what_their_query_counts(
    client: TestClient, site: Settings, snapshot: Snapshot, name: str
) -> None:
    address = figures.address(site, figures.of_dataset(name, snapshot))
    answer = client.get(
        address.replace(site.base, "/", 1), headers={"Accept": "application/sparql-results+json"}
    ).json()
    first, second = answer["head"]["vars"]
    found = [(one[first]["value"], int(one[second]["value"])) for one in answer["results"]["bindings"]]
    assert sorted(found) == sorted((one.iri, one.count) for one in getattr(snapshot.statistics, name))


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")  # of rdflib, within pySHACL
def test_it_keeps_to_the_shapes_of_dcat_ap(site: Settings, snapshot: Snapshot) -> None:
    text = "".join(f"{quad.triple} .\n" for quad in catalogue(site, snapshot))
    graph = Graph().parse(data=text, format="nt")
    conforms, _, report = shacl(graph, shacl_graph=str(SHAPES), advanced=False)
    assert conforms, report


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")  # of rdflib, within pySHACL
@pytest.mark.parametrize("property", ["title", "publisher", "language"])
def test_the_shapes_find_what_is_missing(site: Settings, snapshot: Snapshot, property: str) -> None:
    quads = (q for q in catalogue(site, snapshot) if q.predicate.value != f"{DCTERMS}{property}")
    graph = Graph().parse(data="".join(f"{quad.triple} .\n" for quad in quads), format="nt")
    assert not shacl(graph, shacl_graph=str(SHAPES), advanced=False)[0]


def test_the_distributions_are_the_dumps(client: TestClient, site: Settings, snapshot: Snapshot) -> None:
    quads = catalogue(site, snapshot)
    for dump in snapshot.dumps:
        if dump.is_large:
            about = said(quads, f"{site.base}-/dataset#dump-{dump.name}")
            assert about[f"{DCAT}byteSize"] == [str(dump.bytes)]
            (address,) = about[f"{DCAT}downloadURL"]
            answer = client.head(address.replace(site.base, "/", 1), headers={"Accept-Encoding": "identity"})
            assert (answer.status_code, answer.headers["content-length"]) == (200, str(dump.bytes))
            (kind,) = about.get(f"{DCAT}compressFormat", about[f"{DCAT}mediaType"])
            assert kind.endswith("/" + answer.headers["content-type"].partition(";")[0])


@pytest.mark.parametrize("format", GRAPHS, ids=lambda one: one.extension)
def test_it_comes_in_every_format(client: TestClient, site: Settings, snapshot: Snapshot, format: object) -> None:
    extension, media_type = format.extension, format.media_type  # type: ignore[attr-defined] # a Format
    answer = client.get("/-/dataset", headers={"Accept": media_type})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/-/void.{extension}")
    document = client.get(answer.headers["location"])
    assert (document.status_code, document.headers["content-type"].partition(";")[0]) == (200, media_type)
    triples = {quad.triple for quad in parse(document.content, format=RdfFormat.from_extension(extension))}
    assert triples == {quad.triple for quad in catalogue(site, snapshot)}


@pytest.mark.parametrize(
    ("path", "accept", "location"),
    [
        pytest.param("/-/dataset", "*/*", "/-/data", id="a person sees the page"),
        pytest.param("/-/dataset", "application/ld+json", "/-/void.jsonld", id="a machine gets the description"),
        pytest.param("/.well-known/void", "*/*", "/-/void.ttl", id="the well-known address leads to Turtle"),
        pytest.param("/.well-known/void", "application/rdf+xml", "/-/void.rdf", id="or to what is asked for"),
    ],
)
def test_the_ways_to_it(client: TestClient, path: str, accept: str, location: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert "Accept" in answer.headers["vary"]


def test_there_is_no_other_format(client: TestClient) -> None:
    assert client.get("/-/void.html").status_code == 404
    assert client.get("/-/dataset", headers={"Accept": "image/png"}).status_code == 406


def test_a_site_without_a_publisher_publishes_under_its_title(tmp_path: Path) -> None:
    settings = made(tmp_path, FILES, f'title = "Things"\nbase = "{BASE}"\nlanguages = ["en"]\n')
    snapshot = open_snapshot(settings)
    quads = catalogue(settings, snapshot)
    snapshot.close()
    assert said(quads, f"{BASE}-/dataset#publisher")["http://xmlns.com/foaf/0.1/name"] == ["Things"]
    assert not any(quad.predicate.value == f"{DCTERMS}license" for quad in quads)


def test_two_bases_differ_in_nothing_but_the_base(tmp_path: Path) -> None:
    other = "https://agency.example/linked/data/"
    found = []
    for number, base in enumerate((BASE, other)):
        folder = tmp_path / str(number)
        folder.mkdir()
        settings = made(
            folder, {name: text.replace(BASE, base) for name, text in FILES.items()}, TOML.replace(BASE, base)
        )
        snapshot = open_snapshot(settings)
        volatile = ("byteSize", "checksumValue", "modified")
        quads = [q for q in catalogue(settings, snapshot) if not q.predicate.value.endswith(volatile)]
        text = {
            str(q).replace(quote(base, safe=""), "BASE/").replace(base, "BASE/").replace(snapshot.version, "VERSION")
            for q in quads
        }
        found.append(text)
        snapshot.close()
    assert found[0] == found[1]


def test_interfaces_are_listed(client: TestClient, site: Settings) -> None:
    answer = client.get("/.well-known/api-catalog")
    assert (
        answer.headers["content-type"] == 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    )
    assert 'rel="api-catalog"' in answer.headers["link"]
    links = json.loads(answer.text)["linkset"]
    assert links[0]["anchor"] == f"{site.base}.well-known/api-catalog"
    hrefs = [
        target["href"] for group in links for rel, targets in group.items() if rel != "anchor" for target in targets
    ]
    assert f"{site.base}sparql" in hrefs
    for href in hrefs:
        assert client.get(href.replace(site.base, "/", 1), headers={"Accept": "*/*"}).status_code == 200, href


SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def test_every_page_is_on_a_site_map(client: TestClient, site: Settings, snapshot: Snapshot) -> None:
    assert f"Sitemap: {site.base}sitemap.xml" in client.get("/robots.txt").text
    index = ElementTree.fromstring(client.get("/sitemap.xml").text)
    places = [node.text or "" for node in index.iter(f"{SITEMAP}loc")]
    assert len(places) == snapshot.partitions.figures.maps + 1
    pages: list[str] = []
    for place in places:
        tree = ElementTree.fromstring(client.get(place.replace(site.base, "/", 1)).text)
        for entry in tree.iter(f"{SITEMAP}url"):
            pages.append(entry.findtext(f"{SITEMAP}loc") or "")
            assert entry.findtext(f"{SITEMAP}lastmod") == snapshot.built
            tags = {link.get("hreflang"): link.get("href") for link in entry.iter(f"{XHTML}link")}
            assert set(tags) == {*site.languages, "x-default"}
            assert pages[-1] in tags.values()
    assert len(pages) == len(set(pages))
    for page in pages if len(pages) < 100 else pages[::40]:
        assert page.isascii()
        answer = client.get(page.replace(site.base, "/", 1), headers={"Accept": "text/html"})
        assert answer.status_code == 200, page
        assert "noindex" not in answer.headers.get("x-robots-tag", "") + answer.text.partition("</head>")[0], page
        assert "Vary" not in answer.headers or "Accept-Language" not in answer.headers["Vary"], page


def test_site_maps_are_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "URLS", 4)
    lines = "".join(f"<id/{n}> <ns/p> {n} .\n" for n in range(5))
    settings = made(tmp_path, {"data/a.ttl": lines}, TOML)
    snapshot = open_snapshot(settings)
    found = [list(snapshot.partitions.pages(number)) for number in range(1, snapshot.partitions.figures.maps + 2)]
    snapshot.close()
    assert [[iri.removeprefix(f"{BASE}id/") for iri in page] for page in found] == [["0", "1"], ["2", "3"], ["4"], []]


def test_site_maps_are_split_by_bytes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MAP_BYTES", 5_000)
    lines = "".join(f"<id/{n}{'ა' * 20}> <ns/p> {n} .\n" for n in range(6))
    settings = made(tmp_path, {"data/a.ttl": lines}, TOML)
    with TestClient(create_app(Serving(settings))) as client:
        index = ElementTree.fromstring(client.get("/sitemap.xml").text)
        places = [node.text or "" for node in index.iter(f"{SITEMAP}loc")][1:]
        sizes = [len(client.get(place.replace(BASE, "/")).content) for place in places]
    assert len(sizes) > 1
    assert max(sizes) < 5_000


@pytest.mark.parametrize("number", ["99", "01", "-1", "x", "1e3", "9" * 400])
def test_there_is_no_other_site_map(client: TestClient, number: str) -> None:
    assert client.get(f"/-/sitemap-{number}.xml").status_code == 404


def test_a_site_map_has_a_validator(client: TestClient) -> None:
    tag = client.get("/-/sitemap-1.xml").headers["etag"]
    assert client.get("/-/sitemap-1.xml", headers={"If-None-Match": tag}).status_code == 304
    head = client.head("/-/sitemap-1.xml")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


@pytest.mark.parametrize("language", ["ka", "en"])
def test_language_models_are_told(client: TestClient, site: Settings, language: str) -> None:
    answer = client.get(f"/llms.txt?lang={language}")
    assert (answer.status_code, answer.headers["content-language"]) == (200, language)
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith(f"# {site.words(site.title, (language,)).value}\n")
    for part in answer.text.split("(<")[1:]:
        address = part.partition(">)")[0]
        if address.startswith(site.base) and "/ns/" not in address:
            assert client.get(address.replace(site.base, "/", 1)).status_code in {200, 303}, address


def test_queries_are_addresses(site: Settings) -> None:
    address = figures.address(site, figures.query("graph", graph=NamedNode("https://x.example/a&b#c?d=ე")))
    assert address.isascii()
    assert "a&b#c?d=ე" in parse_qs(urlsplit(address).query)["query"][0]
