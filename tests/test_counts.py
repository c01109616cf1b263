"""A class's number of members is one number: what any page shows is what stands on the page that it links to."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.making import faceting
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import load
from kgpub.web import create_app
from kgpub.web.serving import Serving

EX = "https://kg.example/"
HEAD = (
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix ex: <https://kg.example/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
FILES = {
    "data/a.ttl": HEAD
    + "ex:Body a owl:Class ; rdfs:label 'Body'@en, 'ორგანო'@ka . ex:Ministry rdfs:subClassOf ex:Body ; a owl:Class .\n"
    "ex:Agency rdfs:subClassOf ex:Ministry . ex:Round rdfs:subClassOf ex:Circle . ex:Circle rdfs:subClassOf ex:Round .\n"
    "ex:b1 a ex:Body . ex:m1 a ex:Ministry . ex:m2 a ex:Ministry, ex:Body . ex:a1 a ex:Agency . [] a ex:Agency .\n"
    "ex:r a ex:Round . ex:c a ex:Circle . ex:Above rdfs:label 'Above'@en . ex:Body rdfs:subClassOf ex:Above .\n"
    "ex:st a ex:Agency ; rdf:subject ex:a1 ; rdf:predicate rdf:type ; rdf:object ex:Agency .\n"
    + "".join(f"ex:big{n} a ex:Big . " for n in range(130))
    + "".join(f"ex:hub{n} a ex:Hub . " for n in range(120))
    + "ex:Below rdfs:subClassOf ex:Hub . ex:low a ex:Below .\n",
    "data/apart.ttl": HEAD + "ex:x1 a ex:Apart . ex:x2 a ex:Apart, ex:Ministry . ex:x3 a ex:Round, ex:Agency .\n",
}
TOML = f"""title = "Bodies"
base = "{EX}"
languages = ["ka", "en"]
featured = ["ex:Body", "ex:Above", "ex:Apart", "ex:Big"]
[prefixes]
ex = ""
[graphs."data/apart.ttl"]
default = false
"""
CLASSES = ("Body", "Ministry", "Agency", "Round", "Circle", "Above", "Apart", "Big", "Hub", "Below")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = load(write_site(tmp_path_factory.mktemp("counts"), FILES, TOML))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faceting, "MOST_MEMBERS", 125)
        build(settings, lambda *_: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), headers={"Accept": "text/html"}) as opened:
        yield opened


def number(text: str) -> int:
    """The number at the end of a text, or the only one in it."""
    return int(re.findall(r"\d+", unescape(text).replace("\N{NO-BREAK SPACE}", ""))[-1])


def counted(client: TestClient, href: str) -> int:
    """The number of members that a list itself says, wherever its address leads."""
    text = client.get(unescape(href)).raise_for_status().text
    found = re.search(r'class="found"[^>]*><strong>([^<]*)<|<p class="meta"><span>([^<]*)<', text)
    assert found, text
    return number(found[1] or found[2])


def shown(text: str) -> list[tuple[str, int]]:
    """Every link to a class's list with the number that stands in it or beside it."""
    text = text.partition("<main")[2]
    beside = re.findall(
        r'<a [^>]*href="(/-/browse[^"]*)"[^>]*>[^<]*</a>(?: <span class="count">|</h3>.*?class="class-count">.*?</span>)'
        r"([^<]*)<",
        text,
        re.DOTALL,
    )
    beside += re.findall(
        r'<h3><a [^>]*href="(/-/browse[^"]*)"[^>]*>[^<]*</a></h3>(?s:.*?)<p class="class-count"><span[^>]*>[^<]*</span>([^<]*)<',
        text,
    )
    inside = re.findall(r'<a [^>]*href="(/-/(?:browse|links)[^"]*)"[^>]*>([^<]*\d[^<]*)<', text)
    return [(href, number(words)) for href, words in (*beside, *inside)]


PAGES = [
    *(f"/?lang={tag}" for tag in ("ka", "en")),
    *(f"/-/classes?lang={tag}" for tag in ("ka", "en")),
    *(f"/{name}.en.html" for name in CLASSES if name != "Apart"),
    "/Body.ka.html",
    f"/-/links?iri={EX}Body&property=http://www.w3.org/1999/02/22-rdf-syntax-ns%23type&lang=en",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_number_is_the_one_on_the_page_that_it_links_to(client: TestClient, page: str) -> None:
    found = shown(client.get(page).raise_for_status().text)
    assert found
    assert [(href, count) for href, count in found if counted(client, href) != count] == []


EXPECTED = [
    pytest.param("Body", 4, id="members of subclasses at any depth, each thing once"),
    pytest.param("Above", 4, id="a class that only subclasses have members of"),
    pytest.param("Agency", 1, id="no blank nodes, no statement nodes, no graph that stands apart"),
    pytest.param("Round", 2, id="classes below each other"),
    pytest.param("Apart", 2, id="only stated apart: the plain list"),
    pytest.param("Hub", 121, id="a hub"),
    pytest.param("Big", 130, id="too large to be browsed: the plain list"),
]


@pytest.mark.parametrize(("name", "count"), EXPECTED)
def test_a_list_has_the_members_of_subclasses(client: TestClient, name: str, count: int) -> None:
    assert counted(client, f"/-/browse?class=ex:{name}&lang=en") == count
    lists = client.get("/-/classes?lang=en").text
    assert (f"ex%3A{name}&amp;lang=en", count) in [(href.partition("class=")[2], n) for href, n in shown(lists)]


def test_a_page_says_in_words_where_its_number_has_more_than_what_is_stated(client: TestClient) -> None:
    page = client.get("/Body.en.html").text
    assert "List of members: 4" in page and "Show all 4, subclasses included" in page
    stated = client.get(
        f"/-/links?iri={EX}Body&property=http://www.w3.org/1999/02/22-rdf-syntax-ns%23type&lang=en"
    ).text
    assert "2 in all" in stated and "With the members of its subclasses: 4" in stated
    assert "subclasses" not in client.get("/Big.en.html").text.partition("<main")[2].partition('id="identity"')[0]


def test_a_class_in_the_way_to_a_thing_leads_to_its_list(client: TestClient) -> None:
    crumbs = client.get("/Ministry.en.html").text.partition('class="crumbs"')[2].partition("</nav>")[0]
    assert re.findall(r'href="(/-/browse[^"]*)"[^>]*>Body<', crumbs) == ["/-/browse?class=ex%3ABody&amp;lang=en"]


def test_answers_of_a_search_are_as_many_as_their_class_says(client: TestClient) -> None:
    found = client.get("/search?q=ex&lang=en").text + client.get("/search?q=body&lang=en").text
    choices = re.findall(r'<a href="(/search[^"]*class=[^"]*)"[^>]*>[^<]*</a> <span class="count">(\d+)<', found)
    assert choices
    for href, count in choices:
        assert f"{count} found" in client.get(unescape(href)).text


def test_the_query_of_the_page_about_the_data_counts_alike(client: TestClient) -> None:
    page = client.get("/-/data?lang=en").text
    (address,) = [one for one in re.findall(r'href="(/sparql[^"]*)"', page) if "subClassOf" in one]
    answer = client.get(unescape(address), headers={"Accept": "application/sparql-results+json"}).json()
    found = {row["class"]["value"]: int(row["members"]["value"]) for row in answer["results"]["bindings"]}
    assert {name: found[EX + name] for name in CLASSES} == {
        name: counted(client, f"/-/browse?class=ex:{name}&lang=en") for name in CLASSES
    }
