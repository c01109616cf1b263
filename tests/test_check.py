"""The check of a query over HTTP, and the hints on the query page: places, words, look-ups, times."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from kgpub.doctor import FATAL, KINDS, Outcome, diagnose
from kgpub.engine import guard
from kgpub.errors import BadQuery, EngineDown, KgpubError
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent.locale import voice
from kgpub.represent.messages.hints import MESSAGES
from kgpub.settings import Settings
from kgpub.settings.tables import Sparql
from kgpub.web.check import check
from kgpub.web.hints import hints, known, reason
from kgpub.web.problems import refuse
from kgpub.web.respond import Served
from kgpub.web.serving import Serving

BASE = "https://example.org/kg/"
URL = "/kg/-/check"
QUERY = {"content-type": "application/sparql-query"}
DATA = f"""
@prefix ex: <{BASE}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:funder rdfs:label "დამფინანსებელი"@ka , "paid by"@en . ex:City rdfs:label "City"@en .
ex:a a ex:City ; ex:name "ბათუმი"@ka , "Batumi"@en ; ex:funder ex:b ; ex:plain "Batumi port" .
ex:b a ex:City ; ex:name "ფოთი"@ka ; ex:code "Poti", "Poti"@fr .
"""
MANY = "".join(f"ex:m{n} ex:of ex:hub .\n" for n in range(40))

Json = dict[str, Any]  # Any: what json() gives


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("site")
    (folder / "data").mkdir()
    (folder / "data" / "one.ttl").write_text(DATA + MANY, "utf-8")
    limits = Sparql(max_query=3_000, max_rows=30)
    site = Settings(title="t", base=BASE, languages=("en", "ka"), prefixes={"ex": ""}, folder=folder, sparql=limits)
    build(site, lambda _files, _site: Report(True), lambda _step, _done: None)
    return site


@pytest.fixture(scope="module")
def serving(site: Settings) -> Serving:
    return Serving(site)


@pytest.fixture(scope="module")
def client(serving: Serving) -> Iterator[TestClient]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        serving.pool.start()
        yield
        await serving.pool.close()

    routes = [Route(URL, check, methods=["POST"])]
    app = Starlette(routes=routes, exception_handlers={KgpubError: refuse}, lifespan=lifespan)
    app.state.serving = serving
    with TestClient(app) as opened:
        yield opened


def checked(client: TestClient, query: str, **parameters: str) -> Json:
    answer = client.post(URL, content=query.encode(), headers=QUERY, params={"lang": "en"} | parameters)
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def problems(client: TestClient, query: str, **parameters: str) -> list[Json]:
    found: list[Json] = checked(client, query, **parameters)["problems"]
    return found


# ---- requests


def test_a_query_without_a_fault_has_no_problems(client: TestClient) -> None:
    answer = client.post(URL, content="SELECT * { ?s ex:name ?o }", headers=QUERY)
    assert (answer.status_code, answer.json()) == (200, {"problems": []})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-language"] == "en"


def test_a_form_is_the_same(client: TestClient) -> None:
    query = "SELECT * { ?s ex:nme 'ბათუმი' }"
    assert client.post(URL, data={"query": query}).json() == checked(client, query)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"ASK {}" + b" " * 3_000, "application/sparql-query", 413),
        (b"query=ASK{}" + b"+" * 9_100 + b"&x=" + b"y" * 2_000, "application/x-www-form-urlencoded", 413),
        (b"query=ASK{}" + b"+" * 3_000, "application/x-www-form-urlencoded", 413),
        (b"ASK {}", "application/json", 415),
        (b"ASK {}", "application/sparql-query; charset=latin1", 415),
        (b"a=b", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/sparql-query", 400),
    ],
)
def test_a_request_that_is_none_is_refused(client: TestClient, body: bytes, kind: str, status: int) -> None:
    assert client.post(URL, content=body, headers={"content-type": kind}).status_code == status


def test_a_language_that_the_site_does_not_have_is_refused(client: TestClient) -> None:
    assert client.post(f"{URL}?lang=de", content="ASK {}", headers=QUERY).status_code == 400


# ---- what is found


@pytest.mark.parametrize(
    ("query", "kind", "place", "english", "georgian"),
    [
        ("SELECT * {\n  ?s ?p (1", "bad-query", (2, 9), "“(” is opened here and never closed.", "„(“ აქ იხსნება და არსად იხურება."),
        ("SELECT * { ?s ?p 1 ] }", "bad-query", (1, 20), "“]” closes nothing.", "„]“ არაფერს ხურავს."),
        ("ASK { ?s ?p 'x }", "bad-query", (1, 13), "The string that begins here", "აქ დაწყებული ტექსტი"),
        ("ASK { ?s <p ?o }", "bad-query", (1, 10), "The IRI that begins here", "აქ დაწყებული IRI"),
        ("ASK { ?s zzzzzz ?o }", "bad-query", (1, 10), "SPARQL has no word “zzzzzz”", "SPARQL-ში სიტყვა „zzzzzz“"),
        ("ASK { ?s ?p }", "bad-query", (1, 13), "From here on this is not SPARQL.", "აქედან ტექსტი SPARQL-ად"),
        ("ASK { SERVICE <x:y> { ?s ?p ?o } }", "query-refused", (1, 1), "“SERVICE” is never done here", "„SERVICE“ აქ არ სრულდება"),
        ("DELETE DATA { <a:a> <a:b> 1 }", "query-refused", (1, 1), "“DELETE” changes data", "„DELETE“ მონაცემებს ცვლის"),
        ("ASK {" + " ?s ?p 1 ." * 200 + "}", "query-refused", (1, 1), "The query is refused: The query has", "მოთხოვნა არ სრულდება: The query has"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_an_error_in_the_reader_s_words(
    client: TestClient, query: str, kind: str, place: tuple[int, int], english: str, georgian: str
) -> None:
    for language, words in (("en", english), ("ka", georgian)):
        first = problems(client, query, lang=language)[0]
        assert (first["kind"], first["severity"], first["fix"]) == (kind, "error", None)
        assert (first["line"], first["column"]) == place
        assert first["message"].startswith(words)


@pytest.mark.parametrize(
    ("query", "kind", "severity", "fix"),
    [
        ("SELCT * { ?s ex:name ?o }", "word", "error", "SELECT * { ?s ex:name ?o }"),
        ("SELECT * { ?s exx:name ?o }", "prefix", "error", "SELECT * { ?s ex:name ?o }"),
        ("SELECT ?s ?o (COUNT(*) AS ?n) { ?s ex:name ?o } GROUP BY ?s", "scoping-group", "error", "SELECT ?s ?o (COUNT(*) AS ?n) { ?s ex:name ?o } GROUP BY ?s ?o"),
        ("SELECT * { ?s ex:nam ?o }", "property", "warning", "SELECT * { ?s ex:name ?o }"),
        ("SELECT * { ?s ex:paidBy ?o }", "property", "warning", "SELECT * { ?s ex:funder ?o }"),
        ("SELECT * { ?s a ex:Citty }", "class", "warning", "SELECT * { ?s a ex:City }"),
        ("SELECT * { ?s ex:name 'ბათუმი' }", "language", "warning", "SELECT * { ?s ex:name 'ბათუმი'@ka }"),
        ("SELECT * { ?s ex:plain 'Batumi port'@en }", "language-other", "warning", "SELECT * { ?s ex:plain 'Batumi port' }"),
        ("SELECT * { ?s ex:name ?l FILTER(?l = 'Batumi') }", "language-filter", "warning", "SELECT * { ?s ex:name ?l FILTER(STR(?l) = 'Batumi') }"),
        ("SELECT * { { ?s ex:name ?x } UNION { BIND(?x AS ?y) } }", "scoping-bind-union", "warning", None),
        ("SELECT * { ?s ex:name ?o FILTER(?s = ex:a) }", "filter-values", "info", "SELECT * { VALUES ?s { ex:a } ?s ex:name ?o   }"),
    ],
)  # fmt: skip
def test_a_problem_is_told_once_and_its_fix_has_none(
    client: TestClient, query: str, kind: str, severity: str, fix: str | None
) -> None:
    (found,) = problems(client, query)
    assert (found["kind"], found["severity"]) == (kind, severity)
    assert found["message"] and (found["fix"] or {}).get("query") == fix
    if fix is not None:
        assert found["fix"]["label"]
        assert problems(client, fix) == []


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ex:code 'Poti' ; ex:of ?x ; a ex:City }", "SELECT * { ?s a ?c ; ex:plain 'Tbilisi' }"]
)
def test_what_the_data_has_is_no_problem(client: TestClient, query: str) -> None:
    assert problems(client, query) == []


def test_places_are_given_in_code_points_and_in_utf_16_units(client: TestClient) -> None:
    (found,) = problems(client, "# 😀\nSELECT * { ?s ex:plain '😀😀' ; ex:nam ?o }")
    place = {name: found[name] for name in ("line", "column", "endLine", "endColumn", "start", "end")}
    assert place == {"line": 2, "column": 31, "endLine": 2, "endColumn": 37, "start": 37, "end": 43}


def test_a_place_at_the_end_of_the_text_is_within_it(client: TestClient) -> None:
    for query in ("", "ASK", "SELECT *\n"):
        (found,) = problems(client, query)
        assert 0 <= found["start"] <= found["end"] <= len(query)


# ---- times


def test_times_are_taken_only_when_asked_for(client: TestClient) -> None:
    query = "SELECT * { ?s ex:name ?o OPTIONAL { ?s a ?c } FILTER(?s = ex:a) } VALUES ?o { 'Batumi'@en }"
    assert "timing" not in checked(client, query)
    timing = checked(client, query, time="1")["timing"]
    assert timing["kind"] == "filter-values"
    assert timing["query"]["milliseconds"] > 0 and timing["fix"]["milliseconds"] > 0
    assert timing["message"].startswith("Measured just now.") and timing["message"].count(" ms") == 2
    assert checked(client, query, time="1", kind="values-last")["timing"]["kind"] == "values-last"


def test_a_refusal_is_told_instead_of_a_time(client: TestClient) -> None:
    timing = checked(client, "SELECT * { ?s ex:of ?o FILTER(?o = ex:hub) }", time="1")["timing"]
    assert (timing["query"], timing["fix"]) == ({"refusal": "limit-reached"}, {"refusal": "limit-reached"})
    assert timing["message"].count("did not finish") == 2


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * { ?s ex:name ?o }", ""),
        ("SELECT * { ?s exx:name ?o FILTER(?s = ex:a) }", ""),
        ("SELECT * { ?a ex:name+ ?b }", ""),
        ("SELECT * { ?s ex:name ?o FILTER(?s = ex:a) }", "nonsense"),
    ],
)
def test_without_a_rewrite_nothing_is_timed(client: TestClient, query: str, kind: str) -> None:
    parameters = {"time": "1"} | ({"kind": kind} if kind else {})
    assert checked(client, query, **parameters)["timing"] is None


# ---- the page's hints


@pytest.fixture(scope="module")
def now(serving: Serving) -> Served:
    return serving.now


@pytest.mark.parametrize(
    ("query", "outcome", "kinds"),
    [
        ("SELECT * { ?s ex:nam ?o FILTER(?s = ex:a) }", "empty", ["property"]),
        ("SELECT * { ?s ex:name ?o FILTER(?s = ex:a) }", "slow", ["filter-values"]),
        ("SELECT * { ?s ex:name ?o FILTER(?s = ex:a) }", "ok", []),
        ("SELECT * { ?s ex:name ?o FILTER(?x > 1 || ?x < 1) BIND(?x AS ?y) }", "empty", ["variable"]),
        ("SELECT * { ?s exx:name ?o }", "error", ["prefix"]),
        ("SELECT * { ?s ?p 'x }", "error", []),
        ("SELECT * { ?s ?p }", "error", []),
    ],
)
def test_the_page_says_each_thing_once(now: Served, query: str, outcome: Outcome, kinds: list[str]) -> None:
    found = hints(now, query, "en", outcome)
    assert [one.kind for one in found] == kinds
    assert all(one.text and bool(one.fix_label) == bool(one.fix_query) for one in found)


def test_the_page_tells_in_georgian_what_the_guard_says_in_english(now: Served) -> None:
    (said,) = hints(now, "SELECT * { ?s ?p 'x }", "ka", "error")
    assert (said.kind, said.fix_query) == ("bad-query", "")
    assert said.text.startswith("აქ დაწყებული ტექსტი")
    assert [one.kind for one in hints(now, "SELECT * { ?s exx:name ?o }", "ka", "error")] == ["prefix"]
    assert hints(now, "SELECT * { ?s ?p }", "ka", "error") == ()


def test_a_text_of_the_query_is_cut_short_in_a_sentence(now: Served) -> None:
    (said,) = hints(now, f"SELECT * {{ ?s <http://x/{'z' * 500}>\n?o }}", "en", "empty")
    assert said.kind == "property-unused" and len(said.text) < 250


def test_where_the_engine_fails_nothing_is_said_to_be_missing(site: Settings) -> None:
    serving = Serving(site)
    asked = known(serving.now)
    serving.now.snapshot.close()
    with pytest.raises(EngineDown):
        next(iter(serving.now.snapshot.engine.select("SELECT * {}")))
    query = "SELECT * { ?s ex:zzz 'ბათუმი' ; a ex:Zzz }"
    assert diagnose(query, asked, "empty") == ()


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s <not an iri:> ?o }", "SELECT * { ?s <a b> ?o }", "SELECT * { ?s <x:{> 1 }"]
)
def test_an_iri_that_is_none_is_not_looked_up(now: Served, query: str) -> None:
    assert hints(now, query, "en", "empty") == ()


# ---- words


def test_every_message_is_said_by_something() -> None:
    kinds = {f"hint.{kind}" for kind in KINDS}
    refusals = {key for key in MESSAGES if key.startswith(("hint.syntax", "hint.refused", "hint.timed"))}
    assert {key.removesuffix(".fix") for key in MESSAGES} == kinds | refusals


@pytest.mark.parametrize("language", ["ka", "en"])
def test_what_the_guard_has_no_words_for_is_told_as_it_is(language: str) -> None:
    say = voice(language)
    with pytest.raises(BadQuery) as refused:
        guard.check("ASK { ?s filter:x (1 2) }", 100)
    assert refused.value.detail in reason(say, refused.value)
    assert "anything" in reason(say, EngineDown("anything"))
    assert all(say(f"hint.{kind}") for kind in FATAL)
