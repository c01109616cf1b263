"""Names at the end of paths of two properties: SKOS-XL as it is written, and as nobody should write it."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from starlette.testclient import TestClient

from conftest import BASE, TOML, write_site
from kgpub.errors import SettingsError
from kgpub.making.texts import Told, own, told
from kgpub.settings import load
from test_unprepared import heading, opened, page

XL = "http://www.w3.org/2008/05/skos-xl#"
THESAURUS = f"""
@prefix xl: <{XL}> .
:scheme a skos:ConceptScheme ; skos:prefLabel "Fuels"@en ; skos:hasTopConcept :coal .
:coal a skos:Concept ; skos:inScheme :scheme ; xl:prefLabel :coal-en, :coal-ka ; xl:altLabel [ a xl:Label ;
  xl:literalForm "black diamond"@en ] ; xl:hiddenLabel :coal-misspelt .
:coal-en a xl:Label ; xl:literalForm "coal"@en ; dct:created "2020-05-01" .
:coal-ka a xl:Label ; xl:literalForm "ქვანახშირი"@ka .
:coal-misspelt a xl:Label ; xl:literalForm "kole"@en .
:lignite a skos:Concept ; skos:inScheme :scheme ; skos:broader :coal ; skos:prefLabel "lignite"@en ;
  xl:prefLabel [ xl:literalForm "brown coal"@en, "lignito"@es ] .
:loop xl:prefLabel :loop ; xl:literalForm "Ouroboros"@en .
:left xl:prefLabel :right . :right xl:prefLabel :left .
:odd xl:prefLabel "a text, no label"@en, [ xl:literalForm <urn:none>, "  " ], _:nothing .
:maker a foaf:Person ; foaf:name "Ana Writer" . :book dct:creator :maker .
:many xl:prefLabel {", ".join(f"[ xl:literalForm 'n{i}'@en ]" for i in range(300))} .
:busy a xl:Label ; xl:literalForm {", ".join(f"'busy {i}'" for i in range(500))} .
:dictionary dct:title "A Dictionary of Fuels"@en .
:s1 a rdf:Statement ; rdf:subject :coal ; rdf:predicate xl:prefLabel ; rdf:object :coal-en ;
  dct:source :dictionary .
:s2 a rdf:Statement ; rdf:subject :coal-en ; rdf:predicate xl:literalForm ; rdf:object "coal"@en ;
  dct:source :dictionary .
{" ".join(f":u{i} xl:prefLabel :busy ." for i in range(300))}
"""
PATHS = (
    TOML + '[vocabulary]\nlabels = ["skos:prefLabel", "xl:prefLabel/xl:literalForm", "foaf:name",'
    f' "dcterms:creator/<http://xmlns.com/foaf/0.1/name>"]\n[prefixes]\nxl = "{XL}"\n'
)


@pytest.fixture(scope="module")
def thesaurus(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return opened(tmp_path_factory.mktemp("xl"), THESAURUS)


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return opened(tmp_path_factory.mktemp("chosen"), THESAURUS, PATHS)


NAMED = [
    pytest.param("coal", "en", "^coal$", id="the label's text in the reader's language"),
    pytest.param("coal", "ka", "ქვანახშირი", id="in Georgian"),
    pytest.param("lignite", "en", "^lignite$", id="SKOS before SKOS-XL, as the settings have it"),
    pytest.param("coal-en", "en", "^coal$", id="a label is called what it says"),
    pytest.param("loop", "en", "^Ouroboros$", id="a thing that is its own label"),
    pytest.param("left", "en", "^left$", id="a circle without a text"),
    pytest.param("odd", "en", "^odd$", id="texts, addresses and blanks in wrong places"),
    pytest.param("many", "en", "^n0$", id="three hundred labels"),
    pytest.param("u7", "en", r"busy \d+", id="a label of hundreds of texts that hundreds of things have"),
]


@pytest.mark.parametrize(("name", "language", "expected"), NAMED)
def test_a_thing_is_called_what_its_label_says(thesaurus: TestClient, name: str, language: str, expected: str) -> None:
    assert re.search(expected, called(thesaurus, name, language))


FOUND = [
    pytest.param("coal", ["coal", "lignite"], id="by the preferred label; its node is not offered beside it"),
    pytest.param("diamond", ["coal"], id="by another label, a blank node's"),
    pytest.param("kole", ["coal"], id="by a hidden label"),
    pytest.param("lignito", ["lignite"], id="by a text that SKOS does not have"),
    pytest.param("Ouroboros", ["loop"], id="what is its own label is a thing"),
    pytest.param("Ana", ["maker"], id="a person is no label"),
]


@pytest.mark.parametrize(("words", "expected"), FOUND)
def test_search_finds_the_thing_and_not_its_label(thesaurus: TestClient, words: str, expected: list[str]) -> None:
    assert _hits(thesaurus, words) == expected


def _hits(client: TestClient, words: str) -> list[str]:
    answer = client.get("/search", params={"q": words, "lang": "en"})
    assert answer.status_code == 200
    return sorted(set(re.findall(r"/id/([\w-]+)\.en\.html\"", answer.text.partition("<main")[2])))


def called(client: TestClient, name: str, language: str = "en") -> str:
    return re.sub("<[^>]*>", "", heading(client, name, language))


def test_paths_of_the_site_s_own(chosen: TestClient) -> None:
    assert called(chosen, "book") == "Ana Writer"
    assert _hits(chosen, "Ana") == ["book", "maker"], "what is of no class of labels is found itself"
    assert called(chosen, "coal") == "coal"


def test_labels_stand_among_the_names_and_lead_to_what_is_said_of_them(thesaurus: TestClient) -> None:
    names = page(thesaurus, "/id/coal.en.html").partition('id="names"')[2]
    assert 'href="/id/coal-en.en.html"' in names
    assert "black diamond" in names
    assert "preferred label" in names
    assert "ძირითადი სახელი" in page(thesaurus, "/id/coal.ka.html")


def test_other_things_name_it_so(thesaurus: TestClient) -> None:
    assert ">coal<" in page(thesaurus, "/id/lignite.en.html")


def test_a_label_has_its_sources(thesaurus: TestClient) -> None:
    names = page(thesaurus, "/id/coal.en.html").partition('id="names"')[2]
    assert "A Dictionary of Fuels" in names, "the statement that leads to the label"
    assert "A Dictionary of Fuels" in page(thesaurus, "/id/coal-en.en.html"), "the statement that has the text"


GRAPH = NamedNode("urn:g")
REFUSED = [
    pytest.param('labels = ["skos:a/skos:b/skos:c"]', "two properties at most", id="three steps"),
    pytest.param('broader = ["skos:a/skos:b"]', "end of a path", id="where no text is looked for"),
    pytest.param('labels = ["<http://a b>"]', "labels", id="what is no IRI"),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED)
def test_paths_that_are_refused(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        load(write_site(tmp_path, {}, TOML + "[vocabulary]\n" + line))


STEPS = [
    pytest.param("skos:prefLabel", 1, id="a name"),
    pytest.param("skos:a/skos:b", 2, id="two names"),
    pytest.param("<http://a.example/b>/<http://a.example/c>", 2, id="two addresses"),
    pytest.param("<http://a.example/b>/skos:c", 2, id="an address and a name"),
    pytest.param("http://a.example/b/c:d", 1, id="an address with slashes"),
    pytest.param("urn:a/b:c", 1, id="no prefix of the site"),
    pytest.param("ontology/name", 1, id="relative to the base"),
    pytest.param("skos:a/b", 1, id="a name with a slash"),
]


@pytest.mark.parametrize(("text", "steps"), STEPS)
def test_steps(tmp_path: Path, text: str, steps: int) -> None:
    site = load(write_site(tmp_path, {}))
    assert len(site.iris.steps(text)) == steps
    if steps == 1:
        assert site.properties([text]) == (site.iris.expand(text),)


def test_texts_of_one_thing_are_bounded() -> None:
    store, node = Store(), NamedNode("urn:n")
    store.extend(Quad(node, NamedNode("urn:p"), Literal(str(i)), GRAPH) for i in range(2_000))
    store.add(Quad(NamedNode("urn:a"), NamedNode("urn:q"), node, GRAPH))
    assert len(own(store, node, ["urn:p"])) == 50
    assert len(list(told(store, ["urn:q", "urn:p"]))) == 50


def test_told() -> None:
    store = Store()
    text = f'<{BASE}a> <urn:q> <urn:n>, "x" . <urn:n> <urn:p> "y"@en, " ", <urn:o> . _:b <urn:q> <urn:n> .'
    store.load(text.encode(), RdfFormat.TURTLE)
    assert list(told(store, ["urn:q"])) == [], "the default graph only repeats what the others say"
    store.load(text.encode(), RdfFormat.TURTLE, to_graph=GRAPH)
    assert list(told(store, ["urn:q", "urn:p"])) == [Told(BASE + "a", Literal("y", language="en"), "urn:n")]
    assert list(told(store, ["urn:q"])) == [Told(BASE + "a", Literal("x"))]
