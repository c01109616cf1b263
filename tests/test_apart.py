"""Things of one name told apart where lists show them together, and what lists show of HTML."""

import re

import pytest
from starlette.testclient import TestClient

from kgpub.making.texts import seen
from test_unprepared import opened, page

BIG = "<div>" * 5_000 + "deep"
DATA = f"""
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix a: <https://a.example/ns#> .
@prefix b: <https://b.example/ns#> .
:Rocks a skos:ConceptScheme ; skos:prefLabel "Rocks"@en, "ქანები"@ka .
:Fuels a skos:ConceptScheme ; skos:prefLabel "Fuels"@en .
:r1 a skos:Concept ; skos:inScheme :Rocks ; skos:prefLabel "coal"@en .
:f1 a skos:Concept ; skos:inScheme :Fuels ; skos:prefLabel "coal"@en .
:s1 a skos:Concept ; skos:inScheme :Rocks ; skos:prefLabel "shale"@en .
:s2 a skos:Concept ; skos:inScheme :Rocks ; skos:prefLabel "shale"@en .
:s3 a skos:Concept ; skos:inScheme :Fuels ; skos:prefLabel "shale"@en .
:p1 a :Pick ; :of :z1 . :p2 a :Pick ; :of :z1 . :p3 a :Pick ; :of :z2 . :p4 a :Pick ; :of :z2 .
:z1 rdfs:label "choice"@en . :z2 rdfs:label "choice"@en .
:x1 a a:Thing ; rdfs:label "twin"@en . :x2 a a:Thing ; rdfs:label "Twin"@en . :x3 a a:Thing ; rdfs:label "single"@en .
:y1 a b:Thing ; rdfs:label "double"@en . :y2 a :Other ; rdfs:label "double"@en .
a:Thing a rdfs:Class ; rdfs:label "Thing"@en . b:Thing a rdfs:Class ; rdfs:label "Thing"@en .
:Other a rdfs:Class ; rdfs:label "Other"@en .
:h1 a :Other ; rdfs:label "marked up"@en ; dct:description
  "<p>A <b>bold</b> claim &amp; more</p><p>next</p><script>alert(1)</script>"^^rdf:HTML .
:h2 a :Other ; rdfs:label "written so"@en ; dct:description "An <b>unmarked</b> text with $\\\\frac{{1}}{{2}}$"@en .
:h3 a :Other ; rdfs:label "a picture"@en ; dct:description "<img src=x onerror=alert(1)>"^^rdf:HTML .
:h4 a :Other ; rdfs:label "deeply"@en ; dct:description "{BIG}"^^rdf:HTML .
:h5 a :Other ; rdfs:label "again"@en ; dct:description "&lt;script&gt;alert(2)&lt;/script&gt;"^^rdf:HTML .
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return opened(tmp_path_factory.mktemp("apart"), DATA)


def notes(text: str) -> list[str]:
    """The small print behind names in the main part of a page."""
    found = re.findall(r'<small class="datatype[^>]*>(.*?)</small>', text.partition("<main")[2])
    return [re.sub("<[^>]*>", "", one) for one in found]


PAGES = [
    pytest.param("/?lang=en", ["a.example/ns#Thing", "b.example/ns#Thing"], id="classes on the home page"),
    pytest.param("/search?q=coal&lang=en", ["Fuels", "Rocks"], id="concepts by their thesaurus"),
    pytest.param("/search?q=shale&lang=en", ["Fuels", "Rocks", "Rocks", "s1", "s2"], id="two of one thesaurus"),
    pytest.param(
        "/-/browse?class=skos:Concept&lang=en",
        ["Fuels", "Fuels", "Rocks", "Rocks", "Rocks", "s1", "s2"],
        id="concepts in the list of all by their thesaurus",
    ),
    pytest.param("/-/browse?class=id/Pick&lang=en", ["z1", "z2"], id="choices of a filter"),
    pytest.param("/search?q=twin&lang=en", ["x1", "x2"], id="things of one class by the end of their addresses"),
    pytest.param("/search?q=double&lang=en", [], id="things of two classes, which are shown"),
    pytest.param("/search?q=single&lang=en", [], id="a name that is one thing's"),
    pytest.param("/-/browse?class=https://a.example/ns%23Thing&lang=en", ["x1", "x2"], id="members of a class"),
]


@pytest.mark.parametrize(("address", "expected"), PAGES)
def test_things_of_one_name_are_told_apart(site: TestClient, address: str, expected: list[str]) -> None:
    assert sorted(notes(page(site, address))) == expected


def test_a_list_by_a_property_tells_apart(site: TestClient) -> None:
    address = "/-/links?iri=https://a.example/ns%23Thing&property=http://www.w3.org/1999/02/22-rdf-syntax-ns%23type"
    assert sorted(notes(page(site, address + "&lang=en"))) == ["x1", "x2"]


def test_lists_show_the_words_of_html(site: TestClient) -> None:
    text = page(site, "/-/browse?class=https://kg.example/id/Other&lang=en")
    assert "A bold claim &amp; more next<" in text
    assert "An &lt;b&gt;unmarked&lt;/b&gt; text with $\\frac{1}{2}$" in text, "what is no HTML is as it is written"
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in text
    for bad in ("alert(1)", "<script>alert(2)", "onerror", "&amp;amp;"):
        assert bad not in text


SEEN = [
    pytest.param("<p>a</p><p>b</p>", "a b", id="paragraphs"),
    pytest.param("x<sub>2</sub>", "x2", id="letters within a word"),
    pytest.param("a<br/>b<BR>c", "a b c", id="breaks"),
    pytest.param("<style>p{}</style>a<!-- b -->", "a", id="what nobody sees"),
    pytest.param("1 < 2 &lt; 3", "1 < 2 < 3", id="signs"),
    pytest.param("<b", "", id="half a tag"),
    pytest.param("", "", id="nothing"),
    pytest.param("<b i=1>" * 50_000, "", id="endless tags"),
    pytest.param("<a><p>" * 50_000 + "x", "", id="endless nesting, of which the beginning is read"),
    pytest.param("&" * 100_000, "&" * 20_000, id="endless signs"),
]


@pytest.mark.parametrize(("markup", "expected"), SEEN)
def test_seen(markup: str, expected: str) -> None:
    assert seen(markup) == expected


def test_suggestions_of_one_name_are_told_apart(site: TestClient) -> None:
    found = site.get("/-/suggest?q=coal&lang=en").json()["suggestions"]
    assert sorted((one["label"], one.get("note")) for one in found) == [("coal", "Fuels"), ("coal", "Rocks")]
    assert [one.get("note") for one in site.get("/-/suggest?q=single&lang=en").json()["suggestions"]] == [None]
