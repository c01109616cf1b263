"""Things side by side: the rows and values of their own pages, differences in words, refusals."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent.compare import merged
from kgpub.settings import load
from kgpub.web import create_app
from kgpub.web.serving import Serving

EX = "https://kg.example/"
SITE = {
    "data/t.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<a> a <City> ; rdfs:label "Alpha <b>"@en, "ალფა"@ka ; <in> <x> ; <size> 5 ; <motto> "one" ; <with> <c>, <d> ; <at> [ <lat> 1 ] .
<b> a <City> ; rdfs:label "Beta"@en ; <in> <x> ; <size> 6 ; <with> <d>, <e> ; <at> [ <lat> 1 ] .
<c> a <City> ; rdfs:label "Gamma"@en ; <in> <x> ; <size> 05 ; <motto> "one" ; <only> "<script>" .
<d> a <City> ; <in> <x> . <e> a <City> .
"""
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    toml = f'title = "Cities"\nbase = "{EX}"\nlanguages = ["ka", "en"]\n[prefixes]\nex = ""\n'
    settings = load(write_site(tmp_path_factory.mktemp("compare"), SITE, toml))
    build(settings, lambda files, site: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as opened:
        yield opened


def compare(client: TestClient, *iris: str, lang: str = "en") -> Response:
    query = urlencode([*(("iri", iri) for iri in iris), ("lang", lang)])
    return client.get(f"/-/compare?{query}", headers={"Accept": "text/html"})


class Table(HTMLParser):
    """The rows of the page's table: each cell's text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._is_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._is_cell = self._is_cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.rows[-1][-1] += f" {data}"


def rows(text: str) -> dict[str, list[str]]:
    """Each row's words by its property, the names that phones repeat in every cell left out."""
    bare = re.sub(r'<span class="of".*?</span></span>', "", text)
    found = [[" ".join(cell.split()) for cell in row] for row in Table(bare).rows]
    return {row[0].split()[0]: row for row in found[1:]}


VERDICTS = [
    pytest.param(["ex:a", "ex:b"], "in", "the same", id="equal"),
    pytest.param(["ex:a", "ex:b"], "size", "differs", id="nothing shared"),
    pytest.param(["ex:a", "ex:b"], "with", "partly the same", id="some shared"),
    pytest.param(["ex:a", "ex:b"], "motto", "not stated for all", id="one has none"),
    pytest.param(["ex:a", "ex:b", "ex:c"], "motto", "not stated for all", id="one of three has none"),
    pytest.param(["ex:a", "ex:b"], "at", "the same", id="equal in what is nested"),
    pytest.param(["ex:a", "ex:b", "ex:c", "ex:d"], "in", "the same", id="four"),
]


@pytest.mark.parametrize(("iris", "property", "verdict"), VERDICTS)
def test_differences_are_said_in_words(client: TestClient, iris: list[str], property: str, verdict: str) -> None:
    answer = compare(client, *iris)
    assert answer.status_code == 200 and answer.headers["x-robots-tag"] == "noindex, nofollow"
    row = next(cells for name, cells in rows(answer.text).items() if name.endswith(property))
    assert row[0].endswith(verdict), row
    assert len(row) == len(iris) + 1
    assert ("not stated" in row[1:]) == (verdict == "not stated for all")


def test_rows_and_values_are_those_of_the_entities_own_pages(client: TestClient) -> None:
    table = list(rows(compare(client, "ex:a", "ex:a", "ex:d").text))
    page = client.get("/a.en.html").text
    groups = re.findall(r'<div class="group[^"]*">\s*<dt>.*?<a [^>]*>(.*?)</a>', page, re.DOTALL)
    own = [name for name in dict.fromkeys(groups) if name in table]
    assert [name for name in table if name in own] == own and len(own) >= 6


def test_only_what_is_not_shared_is_marked_in_a_row_that_shares(client: TestClient) -> None:
    text = compare(client, "ex:a", "ex:b").text
    assert len(re.findall(r'<li class="own">', text)) == 2


def test_the_page_speaks_the_readers_language_and_nothing_in_it_is_live(client: TestClient) -> None:
    answer = compare(client, EX + "a", EX + "c", lang="ka")
    assert answer.headers["content-language"] == "ka" and "ზოგს არ აქვს" in answer.text and "ალფა" in answer.text
    assert "<script>&" not in answer.text and "&lt;script&gt;" in answer.text
    assert "Alpha <b>" not in compare(client, "ex:a", "ex:c").text


def test_a_column_can_be_taken_away_while_two_are_left(client: TestClient) -> None:
    assert compare(client, "ex:a", "ex:b").text.count('class="drop"') == 0
    three = compare(client, "ex:a", "ex:b", "ex:c").text
    assert three.count('class="drop"') == 3
    assert "/-/compare?iri=ex%3Aa&amp;iri=ex%3Ac&amp;lang=en" in three


REFUSED = [
    pytest.param([], 400, id="nothing"),
    pytest.param(["ex:nobody"], 404, id="one that is not there, alone"),
    pytest.param([f"ex:{name}" for name in "abcde"], 400, id="five"),
    pytest.param(["ex:a", "ex:nobody"], 404, id="one that is not there"),
    pytest.param(["ex:a", "no iri"], 400, id="one that is no IRI"),
    pytest.param(["ex:a", ""], 404, id="an empty one, which is the base"),
]


@pytest.mark.parametrize(("iris", "status"), REFUSED)
def test_refusals(client: TestClient, iris: list[str], status: int) -> None:
    assert compare(client, *iris).status_code == status


def offers(text: str) -> list[str]:
    """What the page offers to compare with: each comparison's address."""
    found = re.findall(r'<h3><a href="([^"]*)" rel="nofollow">', text)
    return [one.replace("&amp;", "&") for one in found]


def test_one_thing_is_offered_others_of_its_class_each_leading_to_the_comparison(client: TestClient) -> None:
    answer = compare(client, "ex:a")
    assert answer.status_code == 200 and answer.headers["x-robots-tag"] == "noindex, nofollow"
    found = offers(answer.text)
    assert len(found) == 4 and all(href.startswith("/-/compare?iri=ex%3Aa&iri=ex%3A") for href in found)
    assert all("<table" in client.get(href).text for href in found)
    assert "Alpha <b>" not in answer.text and offers(compare(client, "ex:a", EX + "a").text) == found


def test_another_is_added_until_there_are_four(client: TestClient) -> None:
    names, text = ["ex:a", "ex:b"], compare(client, "ex:a", "ex:b").text
    for more in ("ex:c", "ex:d"):
        (href,) = re.findall(r'<a href="([^"]*)" rel="nofollow">Add another<', text)
        page = client.get(href.replace("&amp;", "&")).text
        chosen = next(one for one in offers(page) if more.replace(":", "%3A") in one)
        assert not any(f"iri={name.replace(':', '%3A')}&lang" in one for name in names for one in offers(page))
        names.append(more)
        text = client.get(chosen).text
    assert "Add another" not in text and text.count('class="drop"') == 4
    answer = client.get("/-/compare?iri=ex:a&iri=ex:b&iri=ex:c&iri=ex:d&q=x&lang=en")
    assert "<table" in answer.text, "four are compared whatever is looked for"


def test_what_to_compare_with_is_found_by_name(client: TestClient) -> None:
    page = client.get("/-/compare?iri=ex:a&q=gama&lang=en").text
    assert offers(page)[0] == "/-/compare?iri=ex%3Aa&iri=ex%3Ac&lang=en"
    nothing = client.get("/-/compare?iri=ex:a&q=%22><script>zzzz&lang=ka").text
    assert offers(nothing) == [] and "<script>z" not in nothing and "ვერაფერი მოიძებნა" in nothing


def test_a_things_own_page_leads_to_its_comparison(client: TestClient) -> None:
    assert 'href="/-/compare?iri=ex%3Aa&amp;lang=ka">შედარება სხვასთან<' in client.get("/a.ka.html").text
    assert "/-/compare" not in client.get("/x.ka.html").text, "nothing is of its class"


@given(st.lists(st.permutations("abcdef").map(lambda order: order[:4]), max_size=4))
def test_orders_are_merged_without_loss(columns: list[list[str]]) -> None:
    found = merged(columns)
    assert sorted(found) == sorted({one for column in columns for one in column})
    if columns:
        assert [one for one in found if one in columns[0]] == columns[0]
