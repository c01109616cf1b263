"""Members of the classes of ``noindex``: left alone by search engines on every address of theirs, on no site map."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.errors import SettingsError
from kgpub.making.building import build
from kgpub.making.naming import version_of
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.source import files
from kgpub.web import create_app
from kgpub.web.serving import Serving

EX = "https://kg.example/"
HEAD = (
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix ex: <https://kg.example/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
)
FILES = {
    "data/a.ttl": HEAD
    + "ex:Official rdfs:subClassOf foaf:Person . ex:Deputy rdfs:subClassOf ex:Official . foaf:Person rdfs:subClassOf ex:Deputy .\n"
    "ex:direct a foaf:Person ; rdfs:label 'Direct'@en ; ex:knows ex:open . ex:deep a ex:Deputy ; ex:p 1 .\n"
    "ex:open a ex:Body ; rdfs:label 'Open'@en . ex:both a ex:Body, ex:Official . ex:other a ex:Other .\n"
    "<people#one> a foaf:Person . <people#two> a ex:Body . <bodies#one> a ex:Body . ex:named a ex:Witness . ex:list ex:of ex:direct .\n",
    "data/apart.ttl": HEAD
    + "ex:apart a foaf:Person . ex:Hidden rdfs:subClassOf foaf:Person . ex:secret a ex:Hidden .\n",
    "shapes/s.ttl": HEAD + "ex:open a foaf:Person . ex:Body rdfs:subClassOf foaf:Person .\n",
}
TOML = f"""title = "People"
base = "{EX}"
languages = ["ka", "en"]
[prefixes]
ex = ""
[graphs."data/apart.ttl"]
default = false
"""
NOINDEX = f'[pages]\nnoindex = ["foaf:Person", "{EX}Witness"]\n'
UNLISTED = {"direct", "deep", "both", "people", "named", "apart", "secret"}
LISTED = {"open", "other", "bodies", "list", "Official"}


def made(tmp: pytest.TempPathFactory, toml: str) -> Settings:
    settings = load(write_site(tmp.mktemp("unlisted"), FILES, toml))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(made(tmp_path_factory, TOML + NOINDEX)))) as opened:
        yield opened


def mapped(client: TestClient) -> set[str]:
    places = re.findall(rf"<loc>{EX}([^<]*)</loc>", client.get("/-/sitemap-1.xml").text)
    return {place.partition(".")[0] for place in places}


@pytest.mark.parametrize("ending", [".en.html", ".ka.html", ".html", ".ttl", ".jsonld", ".nt"])
@pytest.mark.parametrize("name", sorted(UNLISTED | LISTED))
def test_a_document_says_whether_it_is_to_be_left_alone(client: TestClient, name: str, ending: str) -> None:
    answer = client.get(f"/{name}{ending}").raise_for_status()
    assert answer.headers.get("x-robots-tag") == ("noindex" if name in UNLISTED else None)
    if ending.endswith("html"):
        assert ('<meta name="robots" content="noindex">' in answer.text) == (name in UNLISTED)


def test_the_site_map_names_exactly_what_is_not_to_be_left_alone(client: TestClient) -> None:
    found = mapped(client)
    assert not found & UNLISTED and found >= LISTED - {"bodies"}


TYPE = quote("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", safe="")
ABOUT = [
    (f"/-/values?iri={EX}{{0}}&property={TYPE}&lang=en", {"direct": True, "open": False}),
    (f"/-/links?iri={EX}{{0}}&property={EX}of&lang=en", {"direct": True, "open": False}),
    (f"/-/links?iri={EX}{{0}}&property={TYPE}&lang=en", {"Official": True, "Witness": True, "Body": False}),
    ("/-/browse?class=ex:{0}&lang=en", {"Official": True, "Witness": True, "Body": False}),
    (f"/-/qr.svg?iri={EX}{{0}}", {"direct": True, "open": False}),
]


@pytest.mark.parametrize(("address", "names"), ABOUT)
def test_so_does_every_other_page_about_them(client: TestClient, address: str, names: dict[str, bool]) -> None:
    for name, is_left_out in names.items():
        answer = client.get(address.format(name)).raise_for_status()
        assert answer.headers.get("x-robots-tag", "").startswith("noindex") == is_left_out, name


def test_they_are_found_and_stand_in_lists_all_the_same(client: TestClient) -> None:
    assert "Direct" in client.get("/search?q=direct&lang=en").text
    assert "Direct" in client.get("/-/browse?class=foaf:Person&lang=en").text


def test_without_the_setting_everything_is_indexed_and_the_version_is_another(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    plain = made(tmp_path_factory, TOML)
    with TestClient(create_app(Serving(plain))) as client:
        assert mapped(client) >= (UNLISTED | LISTED) - {"people", "bodies"}
        assert "x-robots-tag" not in client.get("/direct.en.html").headers
    settings = load(write_site(tmp_path_factory.mktemp("more"), FILES, TOML + NOINDEX))
    assert version_of(files(plain), plain) != version_of(files(settings), settings)


@pytest.mark.parametrize("value", ['["a b"]', '["<x"]', '"foaf:Person"', "[1]"])
def test_what_names_no_class_is_refused_when_the_settings_are_read(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    folder = write_site(tmp_path_factory.mktemp("bad"), FILES, f"{TOML}[pages]\nnoindex = {value}\n")
    with pytest.raises(SettingsError, match="noindex"):
        load(folder)
