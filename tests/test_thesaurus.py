"""Thesauri: trees from either direction, circles, many parents, big branches, alphabetical lists, and their pages."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from conftest import TOML
from kgpub.kept.index import Index
from kgpub.kept.thesaurus import Branch, Thesaurus
from kgpub.settings import load
from kgpub.snapshot import current
from test_unprepared import opened, page

ID = "https://kg.example/id/"
MANY = 10_000
TREE = "/-/thesaurus/concepts?lang=en&iri="
DATA = """
:s a skos:ConceptScheme ; rdfs:label "Rocks"@en ; skos:hasTopConcept :top .
:top a skos:Concept ; skos:prefLabel "top"@en ; skos:narrower :down .
:down a skos:Concept ; skos:inScheme :s ; skos:prefLabel "down"@en, "ქვევით"@ka .
:up skos:broader :down ; a skos:Concept ; skos:inScheme :s ; skos:prefLabel "up"@en .
:up2 skos:broader :down, :top ; a skos:Concept ; skos:inScheme :s ; skos:prefLabel "åskådlig"@sv, "two above"@en .
:reached skos:broader :up ; a skos:Concept ; skos:prefLabel "reached"@en .
:orphan a skos:Concept ; skos:inScheme :s ; skos:prefLabel "orphan"@en .
:c1 skos:broader :c2 ; skos:inScheme :s ; a skos:Concept .  :c2 skos:broader :c3 ; skos:inScheme :s ; a skos:Concept .
:c3 skos:broader :c1 ; skos:inScheme :s ; a skos:Concept .
:self a skos:Concept ; skos:broader :self ; skos:inScheme :s .
:free a skos:Concept ; skos:prefLabel "free"@en .
:group a skos:Collection ; skos:inScheme :s ; skos:prefLabel "group"@en ; skos:member :up .
:empty a skos:ConceptScheme ; rdfs:label "Empty"@en .
:many a skos:ConceptScheme ; skos:hasTopConcept :hub ; rdfs:label "Many"@en .
:hub a skos:Concept ; skos:prefLabel "hub"@en .
""" + "\n".join(
    f':m{i} a skos:Concept ; skos:broader :hub ; skos:inScheme :many ; skos:prefLabel "n{i:05}"@en .'
    for i in range(MANY)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("thesaurus")


@pytest.fixture(scope="module")
def client(folder: Path) -> TestClient:
    return opened(folder, DATA)


@pytest.fixture(scope="module")
def found(folder: Path, client: TestClient) -> Iterator[Thesaurus]:
    site = load(folder / "site")
    index = Index(site.snapshots_folder / "snapshots" / current(site) / "index.sqlite")
    yield index.thesaurus
    index.close()


def names(branches: tuple[Branch, ...]) -> list[str]:
    return [one.iri.removeprefix(ID) for one in branches]


# ---- the tables


TOPS = [
    pytest.param("s", ["orphan", "top", "c1", "self"], id="stated, without anything wider, and one of each circle"),
    pytest.param("empty", [], id="a scheme without concepts"),
    pytest.param("many", ["hub"], id="one"),
]


@pytest.mark.parametrize(("scheme", "expected"), TOPS)
def test_the_tops_of_a_scheme(found: Thesaurus, scheme: str, expected: list[str]) -> None:
    assert names(found.tops(ID + scheme, "en", 0, 50)) == expected


NARROWER = [
    pytest.param("top", ["down", "up2"], id="stated from above and from below"),
    pytest.param("down", ["up2", "up"], id="a concept with two above stands below both"),
    pytest.param("c1", ["c3"], id="a circle is a step at a time"),
    pytest.param("self", [], id="nothing is below itself"),
]


@pytest.mark.parametrize(("concept", "expected"), NARROWER)
def test_what_is_narrower(found: Thesaurus, concept: str, expected: list[str]) -> None:
    assert sorted(names(found.narrower(ID + concept, "en", 0, 50))) == sorted(expected)
    assert found.below(ID + concept) == len(expected)


def test_every_concept_can_be_come_to_from_the_tops(found: Thesaurus) -> None:
    waiting = [one.iri for one in found.tops(ID + "s", "en", 0, 100)]
    seen = set(waiting)
    while waiting:
        fresh = {one.iri for one in found.narrower(waiting.pop(), "en", 0, 100)} - seen
        seen |= fresh
        waiting += fresh
    scheme = found.scheme(ID + "s")
    assert scheme is not None and len(seen) == scheme.concepts == 10


WAYS = [
    pytest.param("reached", ["top", "down", "up"], id="the way down"),
    pytest.param("top", [], id="a top"),
    pytest.param("c1", ["c3", "c2"], id="a circle ends before it closes"),
]


@pytest.mark.parametrize(("concept", "expected"), WAYS)
def test_the_way_to_a_concept(found: Thesaurus, concept: str, expected: list[str]) -> None:
    assert [one.removeprefix(ID) for one in found.way(ID + concept)] == expected


SCHEMES = [
    pytest.param("up", [ID + "s"], id="stated"),
    pytest.param("reached", [ID + "s"], id="reached from the tops"),
    pytest.param("free", [""], id="none"),
    pytest.param("group", [], id="a collection is no concept"),
]


@pytest.mark.parametrize(("concept", "expected"), SCHEMES)
def test_the_schemes_of_a_concept(found: Thesaurus, concept: str, expected: list[str]) -> None:
    assert list(found.schemes_of(ID + concept)) == expected


def test_a_look_up_file_without_thesauri_has_none() -> None:
    none = Thesaurus(sqlite3.connect(":memory:"))
    assert none.count == 0
    assert none.schemes("en", 0, 10) == () and none.scheme("x") is None and none.below("x") == 0


# ---- the pages


def test_the_list_of_schemes_counts_their_concepts(client: TestClient) -> None:
    text = page(client, "/-/thesaurus?lang=en")
    assert re.findall(r"<h2><a[^>]*>([^<]*)", text) == ["Empty", "Many", "Rocks", "Concepts in no scheme"]
    assert re.findall(r"Concepts: ([\d,]+)", text) == ["0", "10,001", "10", "1"]


def test_a_tree_shows_two_levels(client: TestClient) -> None:
    text = page(client, TREE + quote(ID + "s"))
    assert "Top concepts: 4" in text
    tree = text[text.index('<ul class="tree">') :]
    assert re.findall(r">([a-z0-9 /]+)</a>", tree)[:4] == ["orphan", "top", "down", "two above"]


PAGES = [
    pytest.param("top", 200, id="a concept"),
    pytest.param("c1", 200, id="one in a circle"),
    pytest.param("empty", 200, id="a scheme without concepts"),
    pytest.param("hub", 200, id="a concept with 10,000 below it"),
    pytest.param("hub&page=200", 200, id="their last page"),
    pytest.param("hub&page=201", 404, id="the page after"),
    pytest.param("hub&page=0", 400, id="no page"),
    pytest.param("group", 404, id="no concept"),
    pytest.param("nothing", 404, id="nothing at all"),
]


@pytest.mark.parametrize(("name", "status"), PAGES)
@pytest.mark.parametrize("language", ["ka", "en"])
def test_a_place_in_a_tree(client: TestClient, name: str, status: int, language: str) -> None:
    answer = client.get(TREE.replace("lang=en", f"lang={language}") + ID + name)
    assert answer.status_code == status
    assert len(answer.content) < 150_000


def test_a_big_branch_is_cut_into_pages_that_hold_it_all(found: Thesaurus) -> None:
    shown = [one.iri for start in range(0, MANY, 500) for one in found.narrower(ID + "hub", "en", start, 500)]
    assert shown == [f"{ID}m{i}" for i in range(MANY)]


def test_the_concepts_of_no_scheme_have_a_tree_and_a_list(client: TestClient) -> None:
    assert ">free</a>" in page(client, "/-/thesaurus/concepts?lang=en")
    assert ">free</a>" in page(client, "/-/thesaurus/alphabet/en?lang=en")


def test_a_concept_leads_to_its_place_and_shows_the_way_to_it(client: TestClient) -> None:
    text = page(client, "/id/reached.en.html")
    assert f'href="/-/thesaurus/concepts?lang=en&amp;iri={quote(ID + "reached", safe="")}"' in text
    crumbs = text[text.index('class="crumbs"') : text.index("</nav>", text.index('class="crumbs"'))]
    assert re.findall(r">([a-z]+)</a>", crumbs)[-2:] == ["down", "up"]


def test_the_home_page_leads_to_the_thesauri(client: TestClient) -> None:
    assert 'href="/-/thesaurus?lang=ka"' in page(client, "/?lang=ka")


# ---- the alphabetical lists


ALPHABETS = [
    pytest.param("en", "s", 200, "<h2[^>]*>D</h2>.*<h2[^>]*>U</h2>", id="in the language of the page"),
    pytest.param("sv", "s", 200, '<h2[^>]*>Å</h2>.*lang="sv"', id="in another one, marked as it, by its letters"),
    pytest.param("ka", "s", 200, "<h2[^>]*>ქ</h2>", id="in Georgian, without capitals"),
    pytest.param("fr", "s", 404, "", id="in a language that no name is in"),
    pytest.param("und", "s", 404, "", id="without a language where all names have one"),
    pytest.param("en", "many&page=101", 200, "n09999", id="the last page of 10,001"),
    pytest.param("en", "many&page=102", 404, "", id="the page after"),
    pytest.param("en", "top", 404, "", id="of no scheme"),
]


@pytest.mark.parametrize(("language", "name", "status", "expected"), ALPHABETS)
def test_an_alphabetical_list(client: TestClient, language: str, name: str, status: int, expected: str) -> None:
    answer = client.get(f"/-/thesaurus/alphabet/{language}?lang=en&iri={ID}{name}")
    assert answer.status_code == status
    assert status != 200 or re.search(expected, answer.text, re.DOTALL)  # OK
    assert len(answer.content) < 150_000


def test_a_thesaurus_in_200_languages_with_10_letters_each_is_bounded(tmp_path: Path) -> None:
    tags = ", ".join(f'"{chr(0x4E00 + i)}"@x-{i:03}' for i in range(200))
    many = " ".join(f':h{i} skos:inScheme :s ; skos:prefLabel "{chr(0x4E00 + i)}"@zh .' for i in range(500))
    data = f":s a skos:ConceptScheme . :a skos:inScheme :s ; skos:prefLabel {tags} . {many}"
    client = opened(tmp_path, data, TOML)
    text = page(client, f"/-/thesaurus/alphabet/zh?lang=ka&iri={ID}s")
    assert len(re.findall(r'href="/-/thesaurus/alphabet/', text)) < 12 + 80 + 20
    assert text.count("/-/thesaurus/alphabet/x-") < 12 * 3


def test_other_words_make_a_thesaurus_where_the_settings_say_so(tmp_path: Path) -> None:
    toml = TOML + '[vocabulary]\nbroader = ["id/above"]\nschemes = ["id/List"]\nin_scheme = ["id/on"]\n'
    client = opened(tmp_path, ":l a :List . :a :on :l . :b :above :a ; :on :l .", toml)
    assert f"iri={quote(ID + 'b', safe='')}" not in page(client, "/-/thesaurus?lang=en")
    assert ">b</a>" in page(client, TREE + ID + "l")
