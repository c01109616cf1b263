"""Saved queries over HTTP: the gallery, the page of each, its answers in every format, and what is refused.

Most rows ask the repository's own graph, so that the course of queries is tested with the graph that it teaches.
"""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from fastapi.openapi.models import PathItem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions
from starlette.testclient import TestClient

from kgpub import saved
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent.openapi import openapi_paths
from kgpub.represent.saved import ROWS, formats
from kgpub.saved import Kind, SavedQuery
from kgpub.settings import Settings, load
from kgpub.web import create_app
from kgpub.web.examples import examples, gallery
from kgpub.web.saved import MEMBERS
from kgpub.web.serving import Serving

ROOT = Path(__file__).parents[1]
PAGE = {"Accept": "text/html"}
COURSE = saved.load(load(ROOT))
QUERIES = [pytest.param(one, id=one.name) for one in COURSE.queries]


def built(site: Settings) -> Settings:
    build(site, lambda _files, _site: Report(True), lambda _step, _done: None)
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(ROOT / "kgpub.toml", folder)
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    return built(load(folder))


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as opened:
        yield opened


# the course


def test_the_course_is_read_whole_and_in_order() -> None:
    assert COURSE.faults == ()
    course = [one.about.order for one in COURSE.queries if one.about.order is not None]
    assert course == [float(number) for number in range(1, len(course) + 1)]
    assert len(course) >= 12
    assert len([one for one in COURSE.queries if one.parameters]) >= 5
    assert {one.kind for one in COURSE.queries} == set(Kind)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_says_what_it_is_in_both_languages(query: SavedQuery) -> None:
    texts = [query.title, query.about.description, query.about.lesson, *(one.label for one in query.parameters)]
    assert [sorted(text) for text in texts] == [["en", "ka"]] * len(texts)
    assert not [text for text in texts if re.search("[ა-ჿ]", text["en"]) or not re.search("[ა-ჿ]", text["ka"])]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_has_an_answer_with_what_it_is_by_default(client: TestClient, query: SavedQuery) -> None:
    if query.kind is Kind.ROWS:
        text = client.get(f"/-/queries/{query.name}.csv").text
        header, *rows = csv.reader(io.StringIO(text))
        assert tuple(header) == query.columns
        assert rows
    elif query.kind is Kind.TRUTH:
        assert client.get(f"/-/queries/{query.name}.json").json()["boolean"] is True
    else:
        answer = client.get(f"/-/queries/{query.name}.nt")
        assert list(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("language", ["ka", "en"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_query_has_a_page_with_form_answer_text_and_addresses(
    client: TestClient, query: SavedQuery, language: str
) -> None:
    answer = client.get(f"/-/queries/{query.name}?lang={language}", headers=PAGE)
    page = answer.text
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    assert answer.headers["cache-control"] == "public, max-age=300"
    heading = re.search(r"<h1>(.*)</h1>", page)
    assert heading is not None
    assert unescape(re.sub("<[^>]*>", "", heading[1])) == query.title[language]
    assert ('<form class="asked"' in page) == bool(query.parameters)
    for one in query.parameters:
        assert f'name="{one.name}"' in page
        assert one.label[language] in page
    assert 'id="result"' in page
    shown = re.search(r"<pre class=\"sparql\"[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert shown is not None
    assert unescape(re.sub("<[^>]*>", "", shown[1])) == query.bound(query.defaults)
    assert not re.search(r"style=|<script>", page)


@pytest.mark.parametrize("query", QUERIES)
def test_every_address_that_a_page_names_answers(client: TestClient, query: SavedQuery) -> None:
    page = client.get(f"/-/queries/{query.name}?lang=en", headers=PAGE).text
    hrefs = {unescape(href) for href in re.findall(r'href="(/-/queries/[^"]+\.[^"]+|/sparql\?[^"]+)"', page)}
    endings = {urlsplit(href).path.rpartition(".")[2] for href in hrefs}
    assert {one.extension for one in formats(query.kind)} | {"rq"} <= endings
    for href in hrefs:
        headers = PAGE if href.startswith("/sparql") else {}
        assert client.get(href, headers=headers).status_code == 200, href
    canonical = re.search(r'id="endpoint"[^>]*>([^<]+)<', page)
    assert canonical is not None
    assert unescape(canonical[1]).replace("https://data.example.org", "") in hrefs


def test_the_query_page_starts_from_the_saved_queries(client: TestClient, site: Settings) -> None:
    for one in examples(site):
        answer = client.get("/sparql", params={"query": one.query})
        assert answer.status_code == 200, one.query
    titles = [one.title["en"] for one in examples(site)]
    page = client.get("/sparql?lang=en", headers=PAGE).text
    assert all(title in unescape(page) for title in titles)


# the gallery


@pytest.mark.parametrize("language", ["ka", "en"])
def test_the_gallery_names_every_query(client: TestClient, language: str) -> None:
    answer = client.get(f"/-/queries?lang={language}", headers=PAGE)
    assert answer.status_code == 200
    page = unescape(answer.text)
    for query in COURSE.queries:
        assert f'href="/-/queries/{query.name}?lang={language}"' in page
        assert query.title[language] in page
        assert query.about.description[language] in page
    assert page.index(COURSE.queries[0].title[language]) < page.index(COURSE.queries[-1].title[language])


@pytest.mark.parametrize(
    ("path", "accept", "cache"),
    [("/-/queries", "application/json", "private, max-age=60"), ("/-/queries.json", "*/*", "public, max-age=300")],
)
def test_the_gallery_is_a_list_for_programs_too(client: TestClient, path: str, accept: str, cache: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/json", cache)
    listed = answer.json()["queries"]
    assert [one["name"] for one in listed] == [one.name for one in COURSE.queries]
    members = next(one for one in listed if one["name"] == "network-members")
    assert members["parameters"][0]["values"] == ["id:org-anmi", "id:org-scmi", "id:org-igf"]
    assert members["parameters"][0]["default"] == "id:org-anmi"
    for one in listed:
        assert client.get(one["page"], headers=PAGE).status_code == 200
        assert client.get(one["formats"]["srj" if one["answers"] != "triples" else "ttl"]).status_code == 200


def test_a_site_of_its_own_has_a_gallery_without_a_course(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    site = built(Settings(title="t", base="https://kg.example/kg/", languages=("en",), folder=tmp_path))
    with TestClient(create_app(Serving(site))) as client:
        page = client.get("/kg/-/queries", headers=PAGE).text
        assert 'id="course"' not in page
        assert 'href="/kg/-/queries/classes?lang=en"' in page
        assert client.get("/kg/-/queries/classes?lang=en", headers=PAGE).status_code == 200


# parameters


def column(client: TestClient, address: str, name: str) -> list[str]:
    answer = client.get(f"/-/queries/{address}")
    assert answer.status_code == 200, answer.text
    base = "https://data.example.org/id/"
    return [row[name].removeprefix(base) for row in csv.DictReader(io.StringIO(answer.text))]


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        pytest.param("part-of.csv", "whole", ["org-moj-georgia", "org-psda"], id="by default"),
        pytest.param("part-of.csv?organisation=id:org-iom-georgia", "whole", ["org-iom", "org-un-system"], id="a CURIE"),
        pytest.param("part-of.csv?organisation=id/org-psda", "whole", ["org-moj-georgia"], id="a relative IRI"),
        pytest.param("part-of.csv?organisation=https://data.example.org/id/org-psda", "whole", ["org-moj-georgia"], id="an IRI"),
        pytest.param("part-of.csv?organisation=id:org-psda&organisation=id:org-mia-academy", "whole", ["org-mia", "org-moj-georgia"], id="two values, their answers together"),
        pytest.param("part-of.csv?organisation=", "organisation", ["org-gfmd-business-mechanism", *["org-iom"], "org-iom-armenia", "org-iom-armenia", "org-iom-georgia", "org-iom-georgia", "org-mia-academy", "org-psda", "org-scmi-secretariat", "org-scmi-secretariat"], id="an optional parameter left open"),
        pytest.param("network-members.csv?network=id:org-igf", "member", ["place-georgia"], id="one of the values that there are"),
        pytest.param("timeline.csv?from=2017&to=2017", "date", ["2017-06"], id="years"),
        pytest.param("named-by-several.csv?least=4", "thing", ["place-georgia"], id="a number"),
        pytest.param("find.csv?word=TOK", "name", ["TOK TV", "Tok-TV", "Tok-TV"], id="a text"),
        pytest.param("find.csv?word=%22%29%29%7D%23", "name", [], id="a text that looks like SPARQL"),
        pytest.param("funders.csv?status=kgp:inferred", "funded", ["project-emerge"], id="an optional parameter given"),
    ],
)  # fmt: skip
def test_parameters_say_what_is_asked(client: TestClient, address: str, name: str, expected: list[str]) -> None:
    assert sorted(column(client, address, name)) == expected


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_of_any_kind_arrives_in_the_query_as_it_is(client: TestClient, text: str) -> None:
    bound = client.get("/-/queries/find.rq", params={"word": text})
    assert bound.status_code == 200
    found = ox.Store().query(bound.text.partition("\n  ?thing")[0].replace("DISTINCT ?thing ?name", "?word") + "}")
    assert isinstance(found, QuerySolutions)
    assert [row["word"].value for row in found] == [text]


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("nothing", 404, "There is no saved query “nothing”."),
        ("nothing.csv", 404, "There is no saved query “nothing”."),
        ("provenance.rq", 404, "There is no saved query “provenance”."),
        ("funders.doc", 404, "“doc” is no format. The query “funders” answers with rows"),
        ("funders.tar.gz", 404, "“tar.gz” is no format."),
        ("funders.ttl", 406, "answers with rows, which can be had as: csv, tsv,"),
        ("met-across-borders.csv", 406, "answers with triples, which can be had as: ttl,"),
        ("funders.csv?country=x", 400, "has no parameter “country”. It has: status."),
        ("classes.csv?x=1", 400, "has no parameter “x”. It has: none."),
        ("funders.csv?lang=en", 400, "has no parameter “lang”"),
        ("funders.csv?status=kgp:unheard", 400, "The parameter “status” is one of: kgp:asserted, kgp:contextual, kgp:inferred. “kgp:unheard” is not"),
        ("timeline.csv?from=then", 400, "The parameter “from” takes a value of the type gYear; “then” is none."),
        ("named-by-several.rq?least=1.5", 400, "The parameter “least” takes a value of the type integer; “1.5” is none."),
        ("is-member.json?member=a%20b", 400, "The parameter “member” takes a value of the type iri"),
        ("find.csv?word=%FF", 400, "not UTF-8"),
        ("find.csv?word=" + "%01" * 12_000, 414, "bytes long"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told(client: TestClient, address: str, status: int, detail: str) -> None:
    answer = client.get(f"/-/queries/{address}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]


def test_only_pages_are_negotiated(client: TestClient) -> None:
    assert client.get("/-/queries/funders", headers={"Accept": "text/csv"}).status_code == 406
    assert (
        client.get("/-/queries/funders.csv", headers={"Accept": "text/html"})
        .headers["content-type"]
        .startswith("text/csv")
    )
    assert client.post("/-/queries/funders").status_code == 405


@pytest.mark.parametrize("query", QUERIES)
def test_an_answer_is_labelled_as_what_it_is(client: TestClient, query: SavedQuery) -> None:
    for one in formats(query.kind):
        answer = client.get(f"/-/queries/{query.name}.{one.extension}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, one.content_type)
        assert answer.headers["content-disposition"] == f'inline; filename="{query.name}.{one.extension}"'
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["x-robots-tag"] == "noindex"


def test_the_text_of_a_query_can_be_asked_anywhere(client: TestClient) -> None:
    plain, bound = client.get("/-/queries/part-of.rq"), client.get("/-/queries/part-of.rq?organisation=id:org-psda")
    assert plain.headers["content-type"] == "application/sparql-query"
    assert "VALUES" not in plain.text
    assert "VALUES ?organisation { <https://data.example.org/id/org-psda> }" in bound.text
    assert bound.text.startswith("PREFIX org: <http://www.w3.org/ns/org#>\n")


# the page with values


def test_a_page_shows_what_it_was_given(client: TestClient) -> None:
    answer = client.get("/-/queries/part-of?organisation=id/org-psda&lang=en", headers=PAGE)
    assert '<option value="id:org-psda" selected>' in answer.text
    assert 'name="robots" content="noindex"' in answer.text
    assert answer.headers["cache-control"] == "private, max-age=60"
    switch = unescape(answer.text)
    assert "/-/queries/part-of?organisation=id%2Forg-psda&lang=ka" in switch


def test_a_page_tells_what_is_wrong_and_keeps_the_rest(client: TestClient) -> None:
    answer = client.get("/-/queries/timeline", params={"from": '"><script>x', "to": "2012", "lang": "en"}, headers=PAGE)
    assert (answer.status_code, answer.headers["cache-control"]) == (400, "no-store")
    assert "<script>x" not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;x"' in answer.text
    assert 'value="2012"' in answer.text
    assert 'role="alert"' in answer.text
    assert "takes a value of the type gYear" in answer.text


def test_a_page_has_a_control_for_each_value(client: TestClient) -> None:
    page = client.get("/-/queries/part-of?organisation=id:org-psda&organisation=id:org-mia&lang=en", headers=PAGE).text
    assert page.count('<select id="p-organisation') == 2
    assert page.count(" selected>") == 2


OWN = {
    "needed.rq": "# en: Which?\n# param x: iri of ex:Many\n# param.x.label@en: Thing\nSELECT ?x ?y { ?x ex:p ?y }\n",
    "few.rq": "# en: Few?\n# param x: iri of ex:Few\nSELECT ?x { ?x a ?t }\n",
    "kinds.rq": "# param b: boolean optional\n# param d: date optional\n# param t: langString optional\nSELECT * { ?s ex:b ?b ; ex:d ?d ; ex:t ?t }",
    "all.rq": "SELECT ?s { ?s a ?t }",
    "broken.rq": "SELECT {",
}  # fmt: skip


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("other")
    (folder / "data").mkdir()
    (folder / "queries").mkdir()
    many = "".join(f"<m{i}> a ex:Many ; ex:p <m{i + 1}> .\n" for i in range(MEMBERS + 1))
    few = 'ex:Fewer rdfs:subClassOf ex:Few .\nex:Few rdfs:subClassOf ex:Fewer .\n<f1> a ex:Few .\n<f2> a ex:Fewer ; rdfs:label "<b>" .\n'
    prefixes = "@prefix ex: <terms/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    (folder / "data" / "a.ttl").write_text(prefixes + many + few, "utf-8")
    for name, text in OWN.items():
        (folder / "queries" / name).write_text(text, "utf-8")
    site = Settings(
        title="t", base="https://kg.example/", languages=("en", "ka"), prefixes={"ex": "terms/"}, folder=folder
    )
    with TestClient(create_app(Serving(built(site)))) as opened:
        yield opened


def test_a_parameter_that_is_needed_is_asked_for(other: TestClient) -> None:
    answer = other.get("/-/queries/needed?lang=en", headers=PAGE)
    assert answer.status_code == 200
    assert "For an answer, give: Thing" in answer.text
    assert 'id="result"' not in answer.text
    refused = other.get("/-/queries/needed.csv")
    assert (refused.status_code, "needs the parameter “x” (iri)" in refused.json()["detail"]) == (400, True)
    assert "m1" in other.get("/-/queries/needed?x=m0&lang=en", headers=PAGE).text


def test_few_things_are_offered_and_many_are_searched_for(other: TestClient) -> None:
    few = other.get("/-/queries/few?lang=en", headers=PAGE).text
    assert re.findall(r'<option value="([^"]*)"', few) == ["", "https://kg.example/f2", "https://kg.example/f1"]
    assert "&lt;b&gt;</option>" in few
    assert 'value="https://kg.example/none" selected' in other.get("/-/queries/few?x=none&lang=en", headers=PAGE).text
    many = other.get("/-/queries/needed?lang=en", headers=PAGE).text
    assert "<select" not in many
    assert "/search?lang=en&class=https%3A%2F%2Fkg.example%2Fterms%2FMany" in unescape(many)


def test_each_type_has_its_control(other: TestClient) -> None:
    page = other.get("/-/queries/kinds?d=2020-01-01&lang=ka", headers=PAGE).text
    assert re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', page) == [
        ("", "ნებისმიერი"),
        ("true", "დიახ"),
        ("false", "არა"),
    ]
    assert re.search(r'type="date" name="d" value="2020-01-01"', page)
    assert re.search(r'type="text" name="t" value=""[^>]* placeholder="text@en"', page)


def test_a_page_shows_the_beginning_of_a_long_answer(other: TestClient) -> None:
    page = other.get("/-/queries/all?lang=en", headers=PAGE).text
    assert page.count("<tr>") == ROWS + 1
    assert "Only the beginning is shown" in page
    assert len(other.get("/-/queries/all.csv").text.splitlines()) > MEMBERS


def test_a_query_that_cannot_be_read_is_left_out_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "broken.rq").write_text("SELECT {", "utf-8")
    site = Settings(title="t", base="https://kg.example/", languages=("en",), folder=tmp_path)
    names = [one.name for one in gallery(site).queries]
    assert "broken" not in names
    assert "saved query left out: queries/broken.rq:1: Line 1" in caplog.text
    (tmp_path / "queries" / "new.rq").write_text("ASK {}", "utf-8")
    assert [one.name for one in gallery(site).queries] == names


# OpenAPI


def test_the_description_of_the_interface_says_what_there_is(client: TestClient, site: Settings) -> None:
    paths = openapi_paths(site, COURSE.queries)
    assert len(paths) == len(COURSE.queries)
    for query, (path, item) in zip(COURSE.queries, paths.items(), strict=True):
        assert isinstance(item, dict)
        operation = PathItem.model_validate(item).get
        assert operation is not None
        assert (operation.summary, operation.description) == (query.title["en"], query.about.description["en"])
        assert operation.parameters is not None
        ending, *parameters = item["get"]["parameters"]
        assert [one["name"] for one in parameters] == [one.name for one in query.parameters]
        for extension in ending["schema"]["enum"]:
            asked = {str(one["name"]): str(value) for one in parameters for value in one["schema"].get("default", ())}
            assert client.get(path.replace("{format}", extension), params=asked).status_code == 200
        assert all(one["required"] is False for one in parameters)


@pytest.mark.parametrize(
    ("head", "schema"),
    [
        ("integer\n# param.x.default: 07", {"type": "array", "items": {"type": "integer"}, "default": [7]}),
        ("decimal\n# param.x.default: 1.5", {"type": "array", "items": {"type": "number"}, "default": [1.5]}),
        ("boolean\n# param.x.default: 1", {"type": "array", "items": {"type": "boolean"}, "default": [True]}),
        ("date", {"type": "array", "items": {"type": "string", "format": "date"}}),
        ("iri in ex:a, <urn:b>", {"type": "array", "items": {"type": "string", "format": "iri-reference", "enum": ["ex:a", "urn:b"]}}),
    ],
)  # fmt: skip
def test_types_are_told_in_the_words_of_json_schema(tmp_path: Path, head: str, schema: dict[str, object]) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "one.rq").write_text(f"# param x: {head}\nSELECT ?x {{ ?x ?p ?x }}", "utf-8")
    site = Settings(title="t", base="https://kg.example/", languages=("en",), prefixes={"ex": ""}, folder=tmp_path)
    item = openapi_paths(site, saved.load(site).queries)["/-/queries/one.{format}"]
    assert isinstance(item, dict)
    assert item["get"]["parameters"][1]["schema"] == schema
