"""Content negotiation by profile: which description of a thing a client gets, and how it learns what there is."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse
from starlette.testclient import TestClient

from conftest import write_site
from kgpub import symmetric
from kgpub.formats import GRAPHS, HTML, Format
from kgpub.iris import Iris
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.profiles import ALTERNATES, DESCRIPTION, LABELS, OFFERED, SCHEMA, SYMMETRIC, Profile, accepted
from kgpub.settings import Settings, load
from kgpub.web import create_app
from kgpub.web.serving import Serving

BASE = "https://kg.example/"
MANY = 120
TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'
PREFIXES = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FILES = {
    "data/a.ttl": PREFIXES
    + """<id/a> a schema:Event ; rdfs:label "Meeting"@en , "შეხვედრა"@ka ; schema:location <id/t> ; <ns/n> 01 ;
  schema:note "</script><b>&" ; <ns/has> [ <ns/n> 2 ] .
<id/b> <ns/knows> <id/a> . <id/ა(ბ)> <ns/knows> <id/a> .
[] <ns/knows> <id/a> .
<id/s> a rdf:Statement ; rdf:subject <id/a> ; rdf:predicate <ns/n> ; rdf:object <id/t> .
<https://elsewhere.example/x?y=1> <ns/knows> <id/a> ; rdfs:label "Elsewhere"@en .
<ns/knows> rdfs:label "knows"@en .
<id/t> rdfs:label "Tbilisi"@en , "თბილისი"@ka ; <ns/1> 1 .
<id/only> rdfs:label "Seen"@en .
""",
    "data/many.ttl": "".join(f"<id/m{n}> <ns/in> <id/hub> ; <ns/at{n % 3}> <id/hub> .\n" for n in range(MANY)),
}
IRIS = Iris(BASE, languages=("ka", "en"))
NAME = {one.token: one.iri(IRIS) for one in (*OFFERED, ALTERNATES)}
TYPES = {one.media_type: one for one in GRAPHS}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load(write_site(tmp_path_factory.mktemp("profiles"), FILES, TOML))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as made:
        yield made


def quads(answer: Response) -> list[Quad]:
    assert answer.status_code == 200, answer.text
    format = RdfFormat.from_media_type(answer.headers["content-type"])
    assert format is not None
    return list(parse(answer.content, format=format))


def triples(answer: Response) -> set[Triple]:
    return {quad.triple for quad in quads(answer)}


def canonical(found: set[Triple]) -> str:
    dataset = Dataset(Quad(one.subject, one.predicate, one.object) for one in found)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, dataset)))


def links(answer: Response) -> list[tuple[str, dict[str, str]]]:
    header = answer.headers.get("link", "")
    return [
        (target, dict(re.findall(r'(\w+)="([^"]*)"', parameters)))
        for target, parameters in re.findall(r"<([^>]*)>((?:; *\w+=\"[^\"]*\")*)", header)
    ]


def by_rel(answer: Response, rel: str) -> list[str]:
    return [target for target, fields in links(answer) if rel in fields["rel"].split() and "anchor" not in fields]


# ---- headers


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("", [DESCRIPTION], id="nothing asked for"),
        pytest.param(f"<{NAME['symmetric']}>", [SYMMETRIC, DESCRIPTION], id="one by its IRI"),
        pytest.param("symmetric", [SYMMETRIC, DESCRIPTION], id="one by its token"),
        pytest.param("<https://schema.org/>", [SCHEMA, DESCRIPTION], id="a wider one"),
        pytest.param("<https://schema.org/>;q=0.2, <urn:x>, labels;q=0.9", [LABELS, SCHEMA, DESCRIPTION], id="weights"),
        pytest.param("labels;q=0.5,symmetric;q=0.5", [LABELS, SYMMETRIC, DESCRIPTION], id="equal weights, in order"),
        pytest.param("<urn:x>,<urn:y>;q=0.1", [DESCRIPTION], id="unknown ones only: the default"),
        pytest.param("<urn:x,y>,labels", [LABELS, DESCRIPTION], id="a comma inside an IRI"),
        pytest.param("labels;q=0, symmetric", [SYMMETRIC, DESCRIPTION], id="one refused"),
        pytest.param("description;q=0", [], id="the default refused"),
        pytest.param("description;q=0, labels", [LABELS], id="all but one refused"),
        pytest.param("labels;q=7, symmetric", [LABELS, SYMMETRIC, DESCRIPTION], id="a weight beyond 1 is 1"),
        pytest.param("labels;q=nan, symmetric;q=0.1", [SYMMETRIC, DESCRIPTION], id="a weight that is no number is 0"),
        pytest.param("labels;q=-1", [DESCRIPTION], id="a weight below 0 is 0"),
        pytest.param("labels;x=y;q=0.1, symmetric;Q=0.2", [SYMMETRIC, LABELS, DESCRIPTION], id="other parameters"),
        pytest.param("<labels", [DESCRIPTION], id="a bracket that is not closed"),
        pytest.param("<>,,;q=1,<<>>", [DESCRIPTION], id="nothing but marks"),
        pytest.param("<" * 10_000, [DESCRIPTION], id="10 kB of brackets"),
        pytest.param("a" * 10_000, [DESCRIPTION], id="10 kB of letters"),
    ],
)
def test_the_profiles_of_a_header(header: str, expected: list[Profile]) -> None:
    assert list(accepted(header, IRIS)) == expected


@given(st.text(st.sampled_from("<>,;=q01. labels"), max_size=60))
def test_any_header_at_all_names_profiles_once(header: str) -> None:
    found = accepted(header, IRIS)
    assert len(set(found)) == len(found)
    assert set(found) <= {*OFFERED, ALTERNATES}


@pytest.mark.parametrize(
    ("headers", "location", "profile"),
    [
        pytest.param({}, "/id/a.html", "description", id="nothing asked for"),
        pytest.param({"Accept": "text/turtle"}, "/id/a.ttl", "description", id="a format only"),
        pytest.param({"Accept-Profile": "labels"}, "/id/a.ttl?_profile=labels", "labels", id="a profile only"),
        pytest.param(
            {"Accept": "text/html,*/*;q=0.1", "Accept-Profile": f"<{NAME['symmetric']}>"},
            "/id/a.ttl?_profile=symmetric", "symmetric", id="the profile counts for more than the format",
        ),
        pytest.param(
            {"Accept": "text/html", "Accept-Profile": "symmetric, description;q=0.1"},
            "/id/a.html", "description", id="a profile that is not to be had in the format",
        ),
        pytest.param(
            {"Accept": "text/html", "Accept-Profile": "labels"},
            "/id/a.html", "description", id="no format fits, so the default profile",
        ),
        pytest.param(
            {"Accept": "application/rdf+xml", "Accept-Profile": "<https://schema.org/>"},
            "/id/a.rdf?_profile=schema", "schema", id="a wider profile",
        ),
        pytest.param({"Accept-Profile": "<https://schema.org/>"}, "/id/a.jsonld?_profile=schema", "schema",
                     id="its own first format"),
        pytest.param({"Accept-Profile": "<urn:none>"}, "/id/a.html", "description", id="an unknown profile"),
    ],
)  # fmt: skip
def test_headers_choose(client: TestClient, headers: dict[str, str], location: str, profile: str) -> None:
    answer = client.get("/id/a", headers=headers)
    assert answer.status_code == 303
    assert answer.headers["location"] == location
    assert NAME[profile] in answer.headers["content-profile"]
    assert answer.headers["vary"] == "Accept, Accept-Profile"
    assert NAME[profile] in by_rel(answer, "profile")
    document = client.get(location)
    assert document.status_code == 200
    assert NAME[profile] in document.headers["content-profile"]
    assert "Accept-Profile" not in document.headers.get("vary", "")


def test_several_header_lines_are_one(client: TestClient) -> None:
    answer = client.get("/id/a", headers=[("Accept-Profile", "<urn:none>"), ("Accept-Profile", "labels")])
    assert answer.headers["location"] == "/id/a.ttl?_profile=labels"


def test_who_refuses_the_default_gets_406(client: TestClient) -> None:
    answer = client.get("/id/a", headers={"Accept-Profile": "description;q=0"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == [NAME[one.token] for one in OFFERED]


# ---- parameters


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("_profile=symmetric", "/id/a.ttl?_profile=symmetric"),
        ("_profile=description", "/id/a.html"),
        (f"_profile={quote('<' + NAME['labels'] + '>')}", "/id/a.ttl?_profile=labels"),
        ("_profile=%3Curn:x%3E,labels", "/id/a.ttl?_profile=labels"),
        ("_profile=labels&_mediatype=application/ld%2Bjson", "/id/a.jsonld?_profile=labels"),
        ("_profile=labels&_mediatype=application/ld+json", "/id/a.jsonld?_profile=labels"),
        ("_profile=labels,schema&_mediatype=text/html", "/id/a.html?_profile=schema"),
        ("_mediatype=text/x-none,text/turtle", "/id/a.ttl"),
        ("_profile=symmetric&page=1&x=y", "/id/a.ttl?_profile=symmetric&page=1"),
    ],
)
def test_parameters_win_over_headers(client: TestClient, query: str, location: str) -> None:
    headers = {"Accept-Profile": "schema", "Accept": "text/html,*/*"}
    if "_mediatype=text/x" not in query:
        answer = client.get(f"/id/a?{query}", headers=headers if "_profile" in query else {})
    else:
        answer = client.get(f"/id/a?{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert client.get(location).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/id/a?_profile=nonsense", 400, "no-such-profile"),
        ("/id/a?_profile=", 400, "no-such-profile"),
        ("/id/a.ttl?_profile=nonsense", 400, "no-such-profile"),
        ("/id/a.ka.html?_profile=%0D%0AX:%20y", 400, "no-such-profile"),
        ("/id/a?_mediatype=text/x-none", 406, "not-acceptable"),
        ("/id/a?_profile=labels&_mediatype=text/html", 406, "not-acceptable"),
        ("/id/a.html?_profile=labels", 406, "not-acceptable"),
        ("/id/a.ttl?_mediatype=text/html", 406, "not-acceptable"),
        ("/id/a.ttl?_profile=symmetric&page=2x", 400, "bad-request"),
        ("/id/a.ttl?_profile=symmetric&page=99999999", 404, "not-found"),
        ("/id/hub.ttl?_profile=symmetric&page=99999999", 404, "not-found"),
        ("/id/nothing?_profile=symmetric", 404, "not-found"),
        ("/id/nothing.ttl?_profile=labels", 404, "not-found"),
        ("/-/about?iri=urn:x&_profile=labels", 404, "not-found"),
        ("/-/about.ttl?iri=urn:x&_profile=labels", 404, "not-found"),
        ("/-/profiles.csv", 404, "not-found"),
    ],
)
def test_refusals(client: TestClient, path: str, status: int, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json()["type"].endswith(kind)
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "ka"})
    if "/id/a?" in path and status == 406:
        return  # there, who takes pages only gets another answer
    assert page.status_code == status
    assert '<html lang="ka">' in page.text


def test_an_unknown_profile_is_refused_with_the_known_ones(client: TestClient) -> None:
    answer = client.get("/id/a?_profile=nonsense")
    assert answer.json()["offered"] == ["description", "symmetric", "labels", "schema", "alt"]
    page = client.get("/id/a?_profile=nonsense", headers={"Accept": "text/html", "Accept-Language": "ka"})
    assert "ასეთი პროფილი არ არის" in page.text


# ---- what stands in a document


@pytest.mark.parametrize("profile", [SYMMETRIC, LABELS, SCHEMA], ids=lambda p: p.token)
@pytest.mark.parametrize("path", ["/id/a", "/id/t", "/id/%E1%83%90(%E1%83%91)", "/ns/knows", "/id/hub"])
def test_all_formats_of_a_profile_agree(client: TestClient, path: str, profile: Profile) -> None:
    answers = {one: client.get(f"{path}.{one.extension}?_profile={profile.token}") for one in GRAPHS}
    can_be = {one: answer for one, answer in answers.items() if answer.status_code == 200}
    assert can_be.keys() >= {one for one in GRAPHS if one.extension != "rdf"}
    assert len({canonical(triples(answer)) for answer in can_be.values()}) == 1


def test_the_symmetric_description_adds_what_points_to_the_thing(client: TestClient) -> None:
    own, both = triples(client.get("/id/a.nq")), triples(client.get("/id/a.nq?_profile=symmetric"))
    added = {(str(one.subject), one.predicate.value) for one in both} - {
        (str(one.subject), one.predicate.value) for one in own
    }
    knows = f"{BASE}ns/knows"
    assert added >= {
        (f"<{BASE}id/b>", knows),
        (f"<{BASE}id/ა(ბ)>", knows),
        ("<https://elsewhere.example/x?y=1>", knows),
    }
    assert not any("id/s" in subject for subject, _ in added)
    assert f'{BASE}ns/n> "01"' in client.get("/id/a.nt?_profile=symmetric").text


def test_a_graph_s_name_is_kept_in_both_directions(client: TestClient) -> None:
    for path in ("/id/a.nq", "/id/hub.nq"):
        found = quads(client.get(f"{path}?_profile=symmetric"))
        assert found
        assert {str(quad.graph_name) for quad in found} <= {f"<{BASE}graph/a>", f"<{BASE}graph/many>"}


@pytest.mark.parametrize("format", [one for one in GRAPHS if one.extension in {"ttl", "nq"}], ids=lambda f: f.extension)
def test_a_hub_comes_in_pages(client: TestClient, monkeypatch: pytest.MonkeyPatch, format: Format) -> None:
    monkeypatch.setattr(symmetric, "MOST", 37)
    address, pages, seen = f"/id/hub.{format.extension}?_profile=symmetric", 0, set[Triple]()
    sizes = []
    while address:
        answer = client.get(address, headers={"X-API-Key": "none"})  # not from the cache
        found = triples(answer)
        assert not found & seen
        sizes.append(len(found))
        seen |= found
        pages += 1
        assert by_rel(answer, "first") == [f"/id/hub.{format.extension}?_profile=symmetric"]
        assert by_rel(answer, "last") == [f"/id/hub.{format.extension}?_profile=symmetric&page=7"]
        (address,) = by_rel(answer, "next") or [""]
    assert sizes == [37] * 6 + [2 * MANY - 6 * 37]
    assert len(seen) == 2 * MANY


def test_the_names_are_those_of_what_the_description_names(client: TestClient) -> None:
    found = {(str(one.subject), str(one.object)) for one in triples(client.get("/id/a.ttl?_profile=labels"))}
    assert found == {
        (f"<{BASE}id/a>", '"Meeting"@en'),
        (f"<{BASE}id/a>", '"შეხვედრა"@ka'),
        (f"<{BASE}id/t>", '"Tbilisi"@en'),
        (f"<{BASE}id/t>", '"თბილისი"@ka'),
    }


def test_a_thing_without_names_has_an_empty_document(client: TestClient) -> None:
    assert triples(client.get("/id/m1.ttl?_profile=labels")) == set()


def test_schema_org_is_what_the_page_says(client: TestClient) -> None:
    answer = client.get("/id/a.jsonld?_profile=schema")
    found = {(one.predicate.value, str(one.object)) for one in triples(answer) if "id/a" in str(one.subject)}
    assert ("https://schema.org/name", '"შეხვედრა"') in found
    assert ("https://schema.org/location", f"<{BASE}id/t>") in found
    assert ("https://schema.org/note", '"</script><b>&"') in found
    assert "https://schema.org/" in answer.headers["content-profile"]
    page = client.get("/id/a.ka.html?_profile=schema")
    assert page.headers["content-profile"] == client.get("/id/a.ka.html").headers["content-profile"]
    assert {NAME["description"], NAME["schema"], "https://schema.org/"} == set(by_rel(page, "profile"))


def test_no_store_is_asked_more_than_needed(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    serving = Serving(site)
    engine, asked = serving.now.snapshot.engine, list[object]()
    plain = engine.quads

    def counted(pattern: object, limit: int | None = None) -> object:
        asked.append(pattern)
        return plain(pattern, limit)  # type: ignore[arg-type] # only counted on its way through

    with TestClient(create_app(serving), follow_redirects=False) as client:
        monkeypatch.setattr(engine, "quads", counted)
        needed = {"description": 8, "symmetric": 3, "labels": 2}
        # is <id/a.ttl> a thing: 5 places; is <id/a>: the first (both remembered); it and its blank node; what points to it
        for token, number in needed.items():
            asked.clear()
            assert client.get(f"/id/a.ttl?_profile={token}").status_code == 200
            assert len(asked) == number, token
        asked.clear()
        client.get("/id/hub.ttl?_profile=symmetric")
        assert len(asked) == 5 + 3 + 1  # <id/hub> is the object of something, and its links are in the look-up file


# ---- what there is


@pytest.mark.parametrize(
    "path", ["/id/a", "/id/a.ttl", "/id/a.ka.html", "/id/a.nq?_profile=labels", "/id/a?_profile=alt"]
)
def test_every_answer_names_the_profiles(client: TestClient, path: str) -> None:
    answer = client.get(path)
    tokens = {fields["token"]: fields["anchor"] for _, fields in links(answer) if "token" in fields}
    assert tokens == NAME
    assert all(target.endswith("prof/Profile") for target, fields in links(answer) if "token" in fields)
    others = {fields["formats"]: target for target, fields in links(answer) if fields["rel"] == "alternate"}
    assert others == {NAME[one]: f"/id/a?_profile={one}" for one in ("symmetric", "labels", "schema", "alt")}
    formats = {fields["type"] for _, fields in links(answer) if fields.get("formats") == NAME["description"]}
    assert formats == {*TYPES} - ({"application/rdf+xml"} if not path.startswith("/id/a") else set())


@pytest.mark.parametrize("path", ["/id/a", "/-/about?iri=https%3A%2F%2Felsewhere.example%2Fx%3Fy%3D1"])
@pytest.mark.parametrize("token", ["alt", "all", quote("<http://www.w3.org/ns/dx/connegp/altr>")])
def test_the_list_of_all_alternates(client: TestClient, path: str, token: str) -> None:
    address = f"{path}{'&' if '?' in path else '?'}_profile={token}"
    page = client.get(address, headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "<http://www.w3.org/ns/dx/connegp/profile/qsa>" in page.headers["content-profile"]
    listed = client.get(f"{address}&_mediatype=application/json").json()
    assert [one["token"] for one in listed["profiles"]] == [one.token for one in OFFERED]
    documents = {
        (one["uri"], media_type, at) for one in listed["profiles"] for media_type, at in one["documents"].items()
    }
    hrefs = {BASE.rstrip("/") + href.replace("&amp;", "&") for href in re.findall(r'<li><a href="([^"]*)"', page.text)}
    assert hrefs >= {at for _, _, at in documents}
    rdf = triples(client.get(f"{address}&_mediatype=text/turtle"))
    assert {str(one.object).strip("<>") for one in rdf if "epresentation" in one.predicate.value} == {
        at for _, _, at in documents
    }
    assert sum("hasDefaultRepresentation" in one.predicate.value for one in rdf) == 1
    for uri, media_type, at in sorted(documents):
        answer = client.get(at.removeprefix(BASE.rstrip("/")))
        assert answer.status_code == 200, at
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert f"<{uri}>" in answer.headers["content-profile"]


def test_what_cannot_be_had_is_not_listed(client: TestClient) -> None:
    listed = client.get("/id/t?_profile=alt&_mediatype=application/json").json()
    types = {one["token"]: one["media_types"] for one in listed["profiles"]}
    assert "application/rdf+xml" not in types["description"]
    assert "application/rdf+xml" in types["labels"]


@pytest.mark.parametrize("language", ["ka", "en"])
def test_the_page_of_a_thing_leads_to_the_list(client: TestClient, language: str) -> None:
    page = client.get(f"/id/a.{language}.html")
    (address,) = re.findall(r'href="([^"]*_profile=alt[^"]*)"', page.text)
    answer = client.get(address.replace("&amp;", "&"), headers={"Accept": "text/html"})
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("language", ["ka", "en"])
def test_the_profiles_are_told_of(client: TestClient, language: str) -> None:
    page = client.get(f"/-/profiles?lang={language}")
    assert page.status_code == 200
    assert {*re.findall(r'<div id="(\w+)">', page.text)} == {one.token for one in OFFERED}
    sent = client.get("/-/profiles", headers={"Accept": "application/n-triples"})
    assert sent.headers["location"] == "/-/profiles.nt"
    found = quads(client.get("/-/profiles.nt"))
    assert {str(quad.subject) for quad in found} == {f"<{NAME[one.token]}>" for one in OFFERED}
    assert {(str(q.subject), str(q.object)) for q in found if q.predicate.value.endswith("hasToken")} == {
        (f"<{NAME[one.token]}>", f'"{one.token}"') for one in OFFERED
    }


def test_a_header_stays_within_what_proxies_take(tmp_path: Path) -> None:
    name = "ა" * 60
    folder = write_site(tmp_path, {"data/a.ttl": f"<id/{name}> <ns/p> <id/x> ."}, TOML)
    settings = load(folder)
    build(settings, lambda *_: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as client:
        for path in (f"/id/{quote(name)}", f"/id/{quote(name)}.ttl?_profile=symmetric"):
            answer = client.get(path)
            assert answer.status_code in {200, 303}
            assert sum(len(key) + len(value) + 4 for key, value in answer.headers.items()) < 10_000


def test_html_is_in_the_profiles_that_pages_keep_to() -> None:
    assert [one for one in OFFERED if HTML in one.formats] == [DESCRIPTION, SCHEMA]
