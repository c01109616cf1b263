"""The page of a source document: everything taken from it, line by line, with words, translation and status."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent import documents as represent
from kgpub.settings import load
from kgpub.web import create_app, documents
from kgpub.web.serving import Serving

EX = "https://kg.example/"
QUESTION = """SELECT ?statement ?subject ?predicate ?object ?document ?line ?quote ?translation ?status WHERE {
  GRAPH ?g { ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; ex:from ?document .
    OPTIONAL { ?statement ex:line ?line } OPTIONAL { ?statement ex:words ?quote }
    OPTIONAL { ?statement ex:ours ?translation } OPTIONAL { ?statement ex:status ?status } }
} ORDER BY STR(?statement)
"""
HEAD = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix ex: <https://kg.example/> .\n"


def stated(name: str, subject: str, target: str, rest: str) -> str:
    return f"<{name}> rdf:subject {subject} ; rdf:predicate ex:p ; rdf:object {target} ; {rest} .\n"


SITE = {
    "queries/provenance.rq": QUESTION,
    "queries/graph-sources.rq": "SELECT ?graph ?document WHERE { GRAPH ?g { ?graph ex:drawn ?document } }",
    "data/t.ttl": HEAD
    + '<doc> <http://www.w3.org/2000/01/rdf-schema#label> "Report <1>"@en . <graph> ex:drawn <whole> . ex:m101 ex:p ex:e .\n'
    + stated(
        "s1",
        "ex:a",
        "ex:b",
        'ex:from <doc> ; ex:line 12 ; ex:words "სიტყვები"@ka ; ex:ours "words"@en ; ex:status ex:sure',
    )
    + stated("s2", "ex:c", '"<script>"', 'ex:from <doc> ; ex:line 3 ; ex:words "three"@en')
    + stated("s3", "ex:c", "ex:b", 'ex:from <doc> ; ex:line 3 ; ex:words "three"@en')
    + stated("s4", "ex:c", "[]", 'ex:from <doc> ; ex:line 3 ; ex:words "other"@en')
    + stated("s5", "ex:d", "ex:e", "ex:from <doc>")
    + stated("s6", '"no subject"', "ex:e", "ex:from <doc> ; ex:line 1")
    + "".join(stated(f"m{n:03}", f"ex:m{n}", "ex:e", f"ex:from <long> ; ex:line {n}") for n in range(1, 251)),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    toml = f'title = "Docs"\nbase = "{EX}"\nlanguages = ["ka", "en"]\n[prefixes]\nex = ""\n'
    settings = load(write_site(tmp_path_factory.mktemp("documents"), SITE, toml))
    build(settings, lambda files, site: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as opened:
        yield opened


def test_everything_taken_stands_in_the_order_of_lines_with_its_words(client: TestClient) -> None:
    answer = client.get("/-/document?iri=ex:doc&lang=en")
    assert answer.status_code == 200 and answer.headers["content-language"] == "en"
    text = answer.text
    assert "Statements: 5" in text, "what has no subject is no statement"
    order = [
        "Line 3",
        "other",
        "three",
        "&lt;script&gt;",
        "Line 12",
        "სიტყვები",
        "Our translation",
        "words",
        "sure",
        "No line given",
    ]
    places = [
        text.index(one, text.index("<article") if "<article" in text else text.index('class="passage')) for one in order
    ]
    assert places == sorted(places)
    assert text.count('<section class="passage') == 4 and text.count('id="L3"') == 1
    assert "<script>&" not in text and "Report <1>" not in text


def test_the_page_speaks_georgian(client: TestClient) -> None:
    answer = client.get("/-/document?iri=ex:doc&lang=ka")
    assert "დებულებები: 5" in answer.text and "სტრიქონი 12" in answer.text and "ჩვენი თარგმანი" in answer.text


def test_long_documents_are_paged_and_a_line_opens_its_page(client: TestClient) -> None:
    seen: set[str] = set()
    for number in (1, 2, 3):
        text = client.get(f"/-/document?iri={EX}long&lang=en&page={number}").text
        found = set(re.findall(r'id="(L\d+)"', text))
        assert len(found) == (documents.SIZE if number < 3 else 50) and not found & seen
        seen |= found
    assert client.get("/-/document?iri=ex:long&page=4").status_code == 404
    for line, ending in (("1", ""), ("101", "page=2"), ("250", "page=3"), ("999", "")):
        answer = client.get(f"/-/document?iri=ex:long&line={line}&lang=en")
        assert (f'id="L{line}"' in answer.text) == (line != "999")
        canonical = re.findall(r'rel="canonical" href="([^"]*)"', answer.text)[0]
        assert canonical.endswith(ending or "lang=en")


def test_deep_pages_are_left_alone_by_search_engines(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(represent, "DEEP", 1)
    assert "x-robots-tag" not in client.get("/-/document?iri=ex:long").headers
    assert client.get("/-/document?iri=ex:long&page=2").headers["x-robots-tag"] == "noindex, nofollow"


def test_a_document_that_a_graph_is_drawn_from_names_the_graph(client: TestClient) -> None:
    answer = client.get("/-/document?iri=ex:whole&lang=en")
    assert (
        answer.status_code == 200
        and "Graphs drawn from this document" in answer.text
        and "/graph.en.html" in answer.text
    )


REFUSED = [
    ("no document", "", 400),
    ("two documents", "iri=ex:doc&iri=ex:long", 400),
    ("what is no IRI", "iri=a%20b", 400),
    ("a thing that nothing was taken from", "iri=ex:a", 404),
    ("a line that is none", "iri=ex:doc&line=x", 400),
    ("a line beyond all measure", "iri=ex:doc&line=9999999999", 400),
    ("a page that is none", "iri=ex:doc&page=0", 400),
]


@pytest.mark.parametrize(("query", "status"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refusals(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/-/document?{query}").status_code == status


def test_sources_of_an_entity_lead_to_the_line(client: TestClient) -> None:
    assert "/-/document?iri=ex%3Along&amp;lang=en&amp;line=101#L101" in client.get("/m101.en.html").text


def test_a_documents_own_page_leads_to_what_was_taken_from_it_and_back(client: TestClient) -> None:
    own = client.get("/doc.en.html").text
    assert re.findall(r'href="(/-/document[^"]*)">Statements taken from it: 5<', own) == [
        "/-/document?iri=ex%3Adoc&amp;lang=en"
    ]
    assert 'href="/doc.en.html"' in client.get("/-/document?iri=ex:doc&lang=en").text
    assert "Statements taken from it" not in client.get("/m101.en.html").text
