"""The documentation of the ontology: what its pages say, where its addresses lead, and what a hostile ontology does."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.iris import Iris
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.ontology.anchors import TAKEN, Anchors
from kgpub.ontology.diagram import MOST_BOXES
from kgpub.ontology.model import Entry, OntologyTerm, Phrase, Relation
from kgpub.ontology.outline import DEEPEST, outline
from kgpub.represent.html import MOST_BYTES
from kgpub.represent.ontology.drawing import fitted
from kgpub.settings import load
from kgpub.web import create_app
from kgpub.web.serving import Serving

EX = "https://kg.example/"
TOML = f'title = "Things"\nbase = "{EX}"\nlanguages = ["ka", "en"]\n[dumps]\nformats = ["ttl"]\n[prefixes]\nex = "ns/"\nh = "voc#"\nfoaf = "http://xmlns.com/foaf/0.1/"\n'
HEAD = """
@prefix ex: <ns/> . @prefix h: <voc#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SITE = {
    "ontology/o.ttl": HEAD
    + """
<ns/> a owl:Ontology ; rdfs:label "The ontology"@en .
<voc> a owl:Ontology .
ex:Place a owl:Class ; rdfs:label "place"@en, "ადგილი"@ka ; skos:definition "Where something is."@en .
ex:City a owl:Class ; rdfs:subClassOf ex:Place, foaf:Agent ; rdfs:label "city"@en ; skos:exactMatch <https://schema.org/City> ;
  rdfs:seeAlso <https://other.example/city> .
ex:Old a owl:Class ; owl:deprecated true .
ex:name a owl:DatatypeProperty ; rdfs:domain [ owl:unionOf (ex:Place ex:Old) ] ; rdfs:range xsd:string .
ex:near a owl:ObjectProperty, owl:SymmetricProperty ; rdfs:domain ex:City ; rdfs:range ex:City ; owl:inverseOf h:near .
h:near a owl:ObjectProperty . h:Person a owl:Class . h:main a owl:Class .
ex:Code a rdfs:Datatype ; rdfs:label "code"@en .
""",
    "data/d.ttl": HEAD
    + """<a> a ex:City ; ex:name "A" ; ex:near <b> ; foaf:nick "a" . <b> a ex:City, foaf:Agent ; ex:name "B", "b" . <p> a h:Person .
<s> a rdf:Statement ; rdf:subject <a> ; rdf:predicate ex:near ; rdf:object <b> .""",
    "data/side.ttl": HEAD + "<c> a ex:City .",
    "shapes/s.ttl": HEAD
    + """<shape/City> a sh:NodeShape ; sh:targetClass ex:City ; rdfs:label "the city"@en ; sh:property [ sh:path ex:name ; sh:minCount 1 ;
  sh:severity sh:Warning ], [ sh:path ( ex:near ex:name ) ; sh:maxCount 5 ; sh:deactivated true ] .
<shape/Place> a sh:NodeShape ; sh:targetClass ex:Place ; sh:nodeKind sh:IRI ; sh:property [ sh:path ex:near ; sh:class ex:Place ] .""",
}
SIDE = '[graphs."data/side.ttl"]\ndefault = false\n'


def opened(folder: Path) -> Iterator[TestClient]:
    settings = load(folder)
    build(settings, lambda files, site: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    yield from opened(write_site(tmp_path_factory.mktemp("documented"), SITE, TOML + SIDE))


class Page(HTMLParser):
    """A page's ids, links, words, and what should not be there; lists must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in {"ul", "li", "dl", "section", "article", "table"}:
            self._open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "li", "dl", "section", "article", "table"}:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data + " "


def page(client: TestClient, path: str) -> Page:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert len(answer.content) <= MOST_BYTES
    found = Page(answer.text)
    assert len(found.ids) == len(set(found.ids))
    return found


@pytest.mark.parametrize("language", ["ka", "en"])
def test_every_term_has_its_place_on_the_page(client: TestClient, language: str) -> None:
    found = page(client, f"/-/ontology?lang={language}")
    assert {"Place", "City", "Old", "name", "near", "Code", "Person", "foaf-Agent", "foaf-nick"} <= set(found.ids)
    assert "h-near" in found.ids and "h-main" in found.ids, "names that are taken have their prefix before them"
    inside = [link[1:] for link in found.links if link.startswith("#")]
    assert set(inside) - set(found.ids) == set()


WORDS = {
    "City": ("city class term of this site", "the city", "Number of values: at least 1. warning", "Above it Agent place", "Exact match", "https://other.example/city", "Members: 2", "switched off"),
    "Old": ("deprecated",),
    "name": ("Domain any of: place, ex:Old", "Range xsd:string", "Statements: 3", "the city", "Number of values: at least 1."),
    "near": ("Inverse of", "Symmetric property", "Class of each value: place"),
    "foaf-Agent": ("term of another vocabulary", "Below it city"),
    "Place": ("Where something is.", "Kind of each value: IRI .", "The thing itself"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "words"), WORDS.items(), ids=WORDS)
def test_a_term_is_told_in_full(client: TestClient, name: str, words: tuple[str, ...]) -> None:
    said = " ".join(page(client, f"/-/ontology/{name}?lang=en").words.split())
    loose = re.sub(r" (?=[.,])", "", said)
    assert [one for one in words if re.sub(r" (?=[.,])", "", one) not in loose] == []


def test_the_shapes_of_classes_above_are_named(client: TestClient) -> None:
    found = page(client, "/-/ontology/City?lang=en")
    assert "The rules of classes above it hold too: place" in " ".join(found.words.split())


@pytest.mark.parametrize(
    ("name", "column", "number"),
    [("City", "entities", 2), ("Old", "entities", 0), ("name", "triples", 3), ("near", "triples", 1), ("foaf-nick", "triples", 1)],
)  # fmt: skip
def test_a_count_is_what_its_query_gives(client: TestClient, name: str, column: str, number: int) -> None:
    found = page(client, f"/-/ontology/{name}?lang=en")
    (address,) = [link for link in found.links if link.startswith("/sparql?") and "query=" in link]
    query = parse_qs(urlsplit(address).query)["query"][0]
    answer = _default(client).query(query)
    assert isinstance(answer, QuerySolutions)
    row = next(answer)
    assert int(row[column].value) == number
    assert re.search(rf"(Members|Statements): {number}\b", found.words)


def _default(client: TestClient) -> Store:
    """The default graph, read out of its dump."""
    listed = client.get("/-/dumps/manifest.json").json()["dumps"]
    name = next(one["name"] for one in listed if one["default"] and one["extension"] == "ttl" and not one["coding"])
    store = Store()
    store.load(client.get(f"/-/dumps/{name}").content, RdfFormat.TURTLE)
    return store


def test_examples_lead_to_things_and_no_statement_node_is_one(client: TestClient) -> None:
    assert {"/a.en.html", "/b.en.html"} <= set(page(client, "/-/ontology/City?lang=en").links)
    assert "/s.en.html" not in page(client, "/-/ontology/near?lang=en").links


NEGOTIATED = [
    ("/ns/", "text/html", "/-/ontology"),
    ("/ns/", "*/*", "/-/ontology"),
    ("/ns/", "text/turtle", "/-/ontology.ttl"),
    ("/ns/", "application/ld+json", "/-/ontology.jsonld"),
    ("/ns/", "application/n-triples", "/-/ontology.nt"),
    ("/ns/", "application/rdf+xml", "/ns/index.rdf"),
    ("/voc", "text/html", "/-/ontology"),
    ("/voc", "text/turtle", "/-/ontology.ttl"),
    ("/voc", "application/trig", "/voc.trig"),
    ("/ns/City", "text/html", "/ns/City.html"),
    ("/ns/City", "text/turtle", "/ns/City.ttl"),
    ("/a", "text/turtle", "/a.ttl"),
]


@pytest.mark.parametrize(("path", "accept", "place"), NEGOTIATED, ids=[f"{p} {a}" for p, a, _ in NEGOTIATED])
def test_where_the_iris_of_the_namespaces_and_terms_lead(
    client: TestClient, path: str, accept: str, place: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (303, place)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("role", ["ontology", "shapes"])
@pytest.mark.parametrize(
    ("accept", "extension", "serialiser"),
    [("text/turtle", "ttl", RdfFormat.TURTLE), ("application/ld+json", "jsonld", RdfFormat.JSON_LD), ("application/n-triples", "nt", RdfFormat.N_TRIPLES)],
)  # fmt: skip
def test_the_files_are_the_sites_own_term_for_term(client: TestClient, role: str, accept: str, extension: str, serialiser: RdfFormat) -> None:  # fmt: skip
    negotiated = client.get(f"/-/{role}", headers={"Accept": accept})
    named = client.get(f"/-/{role}.{extension}")
    assert negotiated.status_code == named.status_code == 200
    assert negotiated.headers["Content-Location"] == f"/-/{role}.{extension}"
    assert negotiated.content == named.content
    assert named.headers["Content-Type"].startswith(accept)
    source = next(text for name, text in SITE.items() if name.startswith(role))
    ours, theirs = Store(), Store()
    ours.extend(parse(named.content, serialiser))
    theirs.extend(parse(source, RdfFormat.TURTLE, base_iri=EX))
    for made, wanted in ((ours, theirs), (theirs, ours)):
        pairs = [(q.predicate, q.object) for q in made if "BlankNode" not in repr((q.subject, q.object))]
        assert all(next(wanted.quads_for_pattern(None, p, o, None), None) for p, o in pairs)
    assert len(ours) == len(theirs)


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/-/ontology", "text/html", 200),
        ("/-/ontology", "image/png", 406),
        ("/-/ontology?page=2", "text/html", 404),
        ("/-/ontology?page=x", "text/html", 400),
        ("/-/ontology/Nothing", "text/html", 404),
        ("/-/ontology/%3Cscript%3E", "text/html", 404),
        ("/-/ontology/City", "text/turtle", 406),
        ("/-/ontology.xlsx", "*/*", 404),
        ("/-/ontology.trig", "*/*", 404),
        ("/-/shapes?page=9", "text/html", 404),
        ("/-/shapes/shape-City", "text/html", 200),
        ("/-/shapes/none", "text/html", 404),
        ("/-/ontology?lang=fr", "text/html", 400),
    ],
)
def test_statuses(client: TestClient, path: str, accept: str, status: int) -> None:
    assert client.get(path, headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize("path", ["/-/ontology", "/-/ontology/City", "/-/shapes", "/-/shapes/shape-City"])
def test_a_negotiated_page_says_where_it_stands_in_its_language(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.headers["Content-Location"] == f"{path}?lang=en"
    assert "Accept-Language" in answer.headers["Vary"]
    assert client.get(answer.headers["Content-Location"]).content == answer.content


def test_every_shape_is_on_the_page_of_the_shapes_and_on_its_own(client: TestClient) -> None:
    listed = page(client, "/-/shapes?lang=en")
    assert [one for one in listed.ids if one.startswith("shape-")] == ["shape-City", "shape-Place"]
    words = " ".join(page(client, "/-/shapes/shape-City?lang=en").words.split())
    assert "ex:near , then ex:name switched off Number of values: at most 5" in words


def test_other_pages_lead_here(client: TestClient) -> None:
    assert "/-/ontology?lang=en" in page(client, "/?lang=en").links
    assert "/-/ontology/City?lang=ka" in page(client, "/ns/City.ka.html").links
    assert f"{EX}-/ontology" in client.get("/llms.txt?lang=en").text
    assert f"<loc>{EX}-/ontology?lang=ka</loc>" in client.get("/-/sitemap-0.xml").text


@pytest.mark.parametrize("language", ["ka", "en"])
def test_the_diagram_is_well_formed_and_can_do_nothing(client: TestClient, language: str) -> None:
    answer = client.get(f"/-/ontology-diagram.svg?lang={language}")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers.get_list("Content-Security-Policy") == [answer.headers["Content-Security-Policy"]]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    root = ET.fromstring(answer.text)
    names = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert names == {"svg", "title", "style", "path", "a", "rect", "text"}
    links = {one.attrib["href"] for one in root.iter() if "href" in one.attrib}
    assert f"/-/ontology/City?lang={language}" in links
    text = page(client, f"/-/ontology?lang={language}").words
    shown = [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text")]
    missing = [one for one in shown if not one.endswith("…") and one[0] not in "↑…" and one not in text]
    assert missing == [], "what the drawing says is said in words as well"


def hostile() -> dict[str, str]:
    many = "".join(
        f'<big#C{n}> a owl:Class ; rdfs:subClassOf <big#C{n // 2}> ; rdfs:label "c {n}"@en .\n' for n in range(3000)
    )
    chain = "".join(f"<ns/D{n}> rdfs:subClassOf <ns/D{n + 1}> .\n" for n in range(600))
    tongues = " , ".join(f'"name {n}"@q{chr(97 + n // 26)}{chr(97 + n % 26)}' for n in range(200))
    nested = "[ owl:complementOf " * 60 + "ex:A" + " ]" * 60
    return {
        "ontology/o.ttl": HEAD
        + f"""<big> a owl:Ontology . <ns/> a owl:Ontology .
ex:A a owl:Class ; rdfs:subClassOf ex:B ; rdfs:label "<script>alert(1)</script>", "</text><script>"@en ; rdfs:comment "<img src=x onerror=y>" .
ex:B a owl:Class ; rdfs:subClassOf ex:A, ex:B ; rdfs:label {tongues} .
ex:none a rdf:Property ; rdfs:domain {nested} ; rdfs:range [ ex:odd [ ex:odd 1 ] ] ; rdfs:seeAlso <javascript:alert(1)>, "javascript:alert(2)", <data:text/html,x> .
ex:long a owl:Class ; rdfs:label "{"ა" * 5000}"@ka ; skos:definition "{"ბ " * 5000}"@ka .
<javascript:alert(3)> a owl:Class . <ns/q?x='y'&z> a owl:Class . <ns/> a owl:Class . [] a owl:Class ; rdfs:subClassOf ex:A .
<ns/..> a owl:Class . <ns/classes> a owl:Class . <ns2/A> a owl:Class . <NS/A> a owl:Class .
{many}{chain}""",
        "data/d.ttl": HEAD + '<i> a ex:A ; ex:none "<b>", _:x . _:x a ex:A .',
        "shapes/s.ttl": HEAD
        + "<S> a sh:NodeShape ; sh:targetClass ex:A ; sh:property "
        + ", ".join(
            f"[ sh:path ex:none ; sh:in ({' '.join(map(str, range(60)))}) ; sh:name 'n{n}' ]" for n in range(150)
        )
        + " .",
    }


@pytest.fixture(scope="module")
def beset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    yield from opened(write_site(tmp_path_factory.mktemp("hostile"), hostile(), TOML))


@pytest.mark.parametrize("language", ["ka", "en"])
@pytest.mark.parametrize(
    "path",
    ["ontology?", "ontology?page=2&", "ontology?page=25&", "ontology/A?", "ontology/B?", "ontology/none?", "ontology/long?", "ontology/C0?", "ontology/C1?", "shapes?", "shapes/shape-S?"],
)  # fmt: skip
def test_a_hostile_ontology_is_told_in_bounds_and_does_nothing(beset: TestClient, path: str, language: str) -> None:
    found = page(beset, f"/-/{path}lang={language}")
    assert not [
        link for link in found.links if re.match(r"\s*(javascript|data|vbscript):", unquote(link), re.IGNORECASE)
    ]
    assert found.tags.count("script") <= 3
    assert "img" not in found.tags or "onerror" not in found.tags


def test_every_hostile_term_has_one_name_and_a_page(beset: TestClient) -> None:
    pages, names = 1, []
    while (answer := beset.get(f"/-/ontology?lang=en&page={pages}")).status_code == 200:
        found = Page(answer.text)
        names += [link for link in found.links if link.startswith("/-/ontology/") and link.endswith("lang=en")]
        pages += 1
    assert pages > 20
    own = set(names)
    assert len(own) > 3600
    odd = [one for one in own if not re.search(r"/[CD]\d+\?", one)]
    assert [one for one in odd if beset.get(one).status_code != 200] == []


def test_a_hostile_diagram_is_bounded_and_well_formed(beset: TestClient) -> None:
    answer = beset.get("/-/ontology-diagram.svg?lang=en")
    root = ET.fromstring(answer.text)
    assert len(root.findall("{http://www.w3.org/2000/svg}a")) <= MOST_BOXES
    assert len(answer.content) < 60_000
    assert "Classes that the diagram leaves out" in page(beset, "/-/ontology?lang=en").words


def test_an_empty_site_says_that_there_is_nothing(tmp_path: Path) -> None:
    for client in opened(write_site(tmp_path, {"data/d.ttl": "<a> <b> <c> ."}, TOML)):
        assert "There are no shapes here." in page(client, "/-/shapes?lang=en").words
        assert client.get("/-/ontology", headers={"Accept": "text/turtle"}).status_code == 406
        assert client.get("/-/ontology.ttl").status_code == 404
        assert page(client, "/-/ontology?lang=en").tags.count("img") == 0
        assert ET.fromstring(client.get("/-/ontology-diagram.svg").text).tag.endswith("svg")


NAMES = st.text("abAB01-_.é/#?'%", min_size=0, max_size=6)


@given(st.lists(st.tuples(st.sampled_from(["ns/", "ns2/", "voc#", ""]), NAMES, st.booleans()), max_size=30, unique_by=lambda one: one[0] + one[1]))  # fmt: skip
def test_no_two_terms_share_a_name_and_none_is_taken(terms: list[tuple[str, str, bool]]) -> None:
    anchors = Anchors(Iris(EX, prefixes={"ex": EX + "ns/"}), {})
    given_names = [anchors.anchor(EX + space + local, is_own=own) for space, local, own in terms]
    assert len(set(given_names)) == len(given_names)
    assert not set(given_names) & TAKEN
    assert not any(re.search(r"[\s<>\"/?#%]", name) for name in given_names)


EDGES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


@given(EDGES)
def test_the_outline_has_every_term_once_whatever_stands_above_what(edges: list[tuple[int, int]]) -> None:
    above: dict[int, list[int]] = {}
    for low, high in edges:
        above.setdefault(low, []).append(high)
    terms = [
        OntologyTerm(
            Entry(f"x:{n}", f"a{n}", "class", True, False, 0),
            relations=(Relation("above", tuple(Phrase("term", (f"<x:{up}>",)) for up in above.get(n, []))),),
        )
        for n in range(13)
    ]
    lines = list(outline(terms, lambda iri: (iri, iri)))
    assert sorted(line.entry.iri for line in lines) == sorted(one.entry.iri for one in terms)
    assert all(second.depth <= first.depth + 1 for first, second in pairwise(lines))
    assert all(line.depth <= DEEPEST for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("city", 100, "city"), ("a b\n c", 100, "a b c"), ("x" * 40, 70, "x" * 8 + "…"), ("ა" * 40, 83, "ა" * 8 + "…"), ("漢" * 9, 66, "漢" * 3 + "…"), ("", 5, "")],
)  # fmt: skip
def test_a_text_is_cut_to_its_box(text: str, width: float, shown: str) -> None:
    assert fitted(text, width) == shown
