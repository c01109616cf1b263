"""Graphs that nobody prepared for kgpub: names from whatever carries them, in whatever languages; hostile shapes."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from conftest import BASE, TOML, write_site
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent.messages.vocabulary import MESSAGES, term_key
from kgpub.represent.tongues import shortest
from kgpub.settings import load
from kgpub.source import files
from kgpub.validate import validate
from kgpub.web import create_app
from kgpub.web.serving import Serving

PREFIXES = """
@prefix : <https://kg.example/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix schema: <http://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
"""
HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def opened(folder: Path, data: str, toml: str = TOML, name: str = "data/x.ttl") -> TestClient:
    """A site of one file, built and served."""
    site = load(write_site(folder, {name: PREFIXES + data}, toml))
    build(site, lambda sources, settings: Report(conforms=True), lambda step, done: None)
    return TestClient(create_app(Serving(site)), base_url="http://testserver")


def page(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert len(answer.content) < 150_000, path
    return answer.text


def heading(client: TestClient, name: str, language: str = "en") -> str:
    found = HEADING.search(page(client, f"/id/{name}.{language}.html"))
    assert found is not None
    return found[1].strip()


# ---- names


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    many = ", ".join(f'"n{i}"@x-{i:03}' for i in range(200))
    data = f"""
    :dc dc:title "dc" .  :dct dct:title "dct" .  :schema schema:name "schema" .  :foaf foaf:name "foaf" .
    :vcard vcard:fn "vcard" .  :both rdfs:label "second" ; skos:prefLabel "first" .
    :german skos:prefLabel "Braunkohle"@de, "lignite"@fr, "أسود"@ar .
    :more skos:prefLabel "Kohle"@de .  :most skos:prefLabel "Torf"@de .  :french skos:prefLabel "houille"@fr .
    :georgian skos:prefLabel "ქვანახშირი"@ka, "Steinkohle"@de .
    :many skos:prefLabel {many} .
    :hasNoName rdfs:seeAlso :Open_Pit .  :x-17 rdfs:seeAlso :dc .
    """
    return opened(tmp_path_factory.mktemp("names"), data)


NAMED = [
    pytest.param("dc", "en", 'lang=""', id="Dublin Core's old title"),
    pytest.param("dct", "en", "dct", id="Dublin Core's title"),
    pytest.param("schema", "en", "schema", id="schema.org's name over http"),
    pytest.param("foaf", "en", "foaf", id="FOAF's name"),
    pytest.param("vcard", "en", "vcard", id="vCard's name"),
    pytest.param("both", "en", "first", id="the property that is named earlier wins"),
    pytest.param("german", "ka", 'lang="de"', id="the language that most names are in, marked as it"),
    pytest.param("german", "en", "Braunkohle", id="not the first in the alphabet"),
    pytest.param("georgian", "en", 'lang="ka"', id="a language of the site before others"),
    pytest.param("georgian", "ka", "ქვანახშირი", id="the reader's own before all"),
    pytest.param("many", "ka", "n0", id="200 languages of one name each"),
    pytest.param("hasNoName", "ka", "has no name", id="no name: the words in the IRI"),
    pytest.param("Open_Pit", "en", "Open Pit", id="only an object, and without a name"),
    pytest.param("x-17", "en", "id/x-17", id="no words in the IRI: its path"),
]


@pytest.mark.parametrize(("name", "language", "expected"), NAMED)
def test_a_thing_is_called_by_whatever_names_it(names: TestClient, name: str, language: str, expected: str) -> None:
    assert expected in heading(names, name, language)


@pytest.mark.parametrize(
    ("tag", "expected"), [("eng-latn", "en-latn"), ("deu", "de"), ("ka", "ka"), ("x-001", "x-001"), ("", "")]
)
def test_a_page_marks_a_language_by_its_shortest_code(tag: str, expected: str) -> None:
    assert shortest(tag) == expected


def test_the_interface_keeps_its_language_whatever_the_content_is_in(names: TestClient) -> None:
    text = page(names, "/id/german.ka.html")
    assert '<html lang="ka">' in text
    assert "ძირითადი სახელი" in text  # skos:prefLabel, which the data does not name


LENT = """
:p086 a skos:ConceptScheme ; dct:source [ dct:title "Atlas of the Celts"@en ; dct:creator [ foaf:name "X" ] ] .
:p087 dct:source [ dct:isPartOf <http://elsewhere.example/book> ] .
<http://elsewhere.example/book> dct:title "Roman art" .
:p088 dct:source :p086 . :p092 dct:source :p088 . :p089 dct:source :p089 . :p090 dct:source [ :p "nothing" ], "text" . :Open_Pit dct:source :p091 .
:p091 rdfs:label "own", "  "@ka ; dct:source [ dct:title "Roman art" ] . :blank skos:prefLabel " " .
:c1 a skos:Concept ; skos:inScheme :p086 ; skos:prefLabel "Hallstatt"@en .
"""


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return opened(tmp_path_factory.mktemp("lent"), LENT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("p086", "Atlas of the Celts · p086", id="after the work it is drawn from"),
        pytest.param("p087", "Roman art · p087", id="after the work whose part that is"),
        pytest.param("p088", "Atlas of the Celts · p088", id="after what lies two steps away"),
        pytest.param("p092", "id/p092", id="but no further: what is lent is not lent on"),
        pytest.param("p089", "id/p089", id="a thing that leads to itself"),
        pytest.param("p090", "id/p090", id="nothing there has a name"),
        pytest.param("Open_Pit", "Open Pit", id="words in the IRI say it"),
        pytest.param("p091", "own", id="an own name wins, and blanks are none"),
        pytest.param("blank", "blank", id="a name of blanks is none"),
    ],
)
def test_a_thing_of_codes_is_called_after_what_it_comes_from(lent: TestClient, name: str, expected: str) -> None:
    assert expected in heading(lent, name)


def test_no_document_states_a_name_that_is_lent(lent: TestClient) -> None:
    text = page(lent, "/id/p086.ttl?_profile=labels") + page(lent, "/id/p086.ttl")
    assert "Atlas of the Celts" in text
    assert "· p086" not in text


def test_a_thing_is_found_by_the_name_it_is_lent(lent: TestClient) -> None:
    assert "/id/p086.en.html" in page(lent, "/search?lang=en&q=atlas+celts")


@pytest.mark.parametrize(("language", "caption"), [("ka", "თეზაურუსები"), ("en", "Thesauri")])
def test_the_home_page_names_the_thesauri(lent: TestClient, language: str, caption: str) -> None:
    text = page(lent, f"/?lang={language}")
    start = text.index(f"<h2>{caption}</h2>")
    assert f'href="/-/thesaurus/concepts?lang={language}&amp;iri=https%3A%2F%2Fkg.example%2Fid%2Fp086"' in text[start:]
    assert "Atlas of the Celts · p086" in text[start:]


def test_classes_that_only_model_the_data_come_last(tmp_path: Path) -> None:
    data = ":a a rdfs:Resource, :K . :b a rdfs:Resource, :K, :L . :c a rdfs:Resource . :K a rdfs:Class ."
    text = page(opened(tmp_path, data), "/?lang=en")
    places = [text.index(f">{name}</a>") for name in ("K", "L", "Resource")]
    assert places == sorted(places)


@pytest.mark.parametrize(("content", "expected"), [("", "de"), ('content = ["FR"]', "fr"), ('content = ["it"]', "de")])
def test_the_settings_say_which_language_stands_in(tmp_path: Path, content: str, expected: str) -> None:
    data = ':a skos:prefLabel "eins"@de, "un"@fr . :b skos:prefLabel "zwei"@de .'
    client = opened(tmp_path, data, TOML + content + "\n")
    assert f'lang="{expected}"' in heading(client, "a", "ka")


# ---- the words for well-known terms


@pytest.mark.parametrize(
    ("iri", "key"),
    [
        ("http://www.w3.org/2004/02/skos/core#broader", "term.skos.broader"),
        ("http://purl.org/dc/elements/1.1/title", "term.dc.title"),
        ("http://schema.org/name", "term.schema.name"),
        ("http://www.w3.org/ns/shacl#maxCount", "term.sh.maxCount"),
        ("http://www.w3.org/2006/vcard/ns#street-address", "term.vcard.street-address"),
        (BASE + "broader", ""),
        ("urn:x", ""),
    ],
)
def test_a_well_known_term_has_a_key(iri: str, key: str) -> None:
    assert term_key(iri) == key
    assert not key or key in MESSAGES


# ---- lists, containers, blank nodes, graphs, things elsewhere


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    members = " ".join(f'"m{i:04}"' for i in range(5_000))
    numbered = " ; ".join(f'rdf:_{i} "c{i:03}"' for i in range(300, 0, -1))
    deep = "[ :in " * 40 + '"bottom"' + " ]" * 40
    wide = ", ".join(f"[ :n {i} ]" for i in range(3_000))
    data = f"""
    :few skos:memberList ( :third "first" [ :p "nested" ] ) .
    :long :list ( {members} ) .
    :container a rdf:Seq ; {numbered} .
    :circle :list _:a . _:a rdf:first "one" ; rdf:rest _:b . _:b rdf:first "two" ; rdf:rest _:a .
    :forked :list _:f . _:f rdf:first "one", "other" ; rdf:rest rdf:nil .
    :open :list _:o . _:o rdf:first "only" ; rdf:rest _:nothing .
    :empty :list () .
    :deep :p {deep} .
    :wide :p {wide} .
    _:x :p _:y . _:y :p _:x . :loop :p _:x .
    :a :see <http://elsewhere.example/shared>, <http://elsewhere.example/once>, <http://elsewhere.example/told> .
    :b :see <http://elsewhere.example/shared>, :onlyObject .
    <http://elsewhere.example/told> :p "told" .
    :typed :v "1"^^<http://elsewhere.example/told>, "2"^^<http://elsewhere.example/strange> .
    :a :see <http://elsewhere.example/ZoneAir>, <http://elsewhere.example/x-4711>, <http://elsewhere.example/by/4.0/> .
    :b :see <http://elsewhere.example/ZoneAir>, <http://elsewhere.example/x-4711>, <http://elsewhere.example/by/4.0/> .
    """
    return opened(tmp_path_factory.mktemp("shapes"), data)


ORDERED = [
    pytest.param("few", ["third", "first", ""], "", id="a list with an IRI, a text and a blank node"),
    pytest.param("circle", ["one", "two"], "The list does not end as lists do.", id="a list in a circle"),
    pytest.param("open", ["only"], "The list does not end as lists do.", id="a list that breaks off"),
    pytest.param("container", ["c001", "c002", "c003"], "more; the data files have them all.", id="by their numbers"),
    pytest.param("long", ["m0000", "m0001", "m0002"], "5,000", id="a list of 5,000 members"),
]


@pytest.mark.parametrize(("name", "expected", "note"), ORDERED)
def test_members_stand_in_their_order(shapes: TestClient, name: str, expected: list[str], note: str) -> None:
    text = page(shapes, f"/id/{name}.en.html")
    start = text.index('<ol class="values in-order">')
    values = re.findall(r'<div class="value">(?:<[^>]*>)*([^<]*)', text[start : text.index("</ol>", start)])
    assert [value.strip() for value in values][: len(expected)] == expected
    assert note in text
    assert len(values) <= 100


@pytest.mark.parametrize("name", ["forked", "empty", "deep", "wide", "loop"])
@pytest.mark.parametrize("language", ["ka", "en"])
def test_other_blank_nodes_are_nested_as_far_as_a_page_has_room(shapes: TestClient, name: str, language: str) -> None:
    text = page(shapes, f"/id/{name}.{language}.html")
    assert "in-order" not in text
    assert text.count('class="groups nested"') <= 1_500
    assert "bottom" not in text


ELSEWHERE = [
    pytest.param("shared", True, id="named twice: there is more here than the way back"),
    pytest.param("told", True, id="something is said of it"),
    pytest.param("once", False, id="named once, and nothing is said of it"),
]


@pytest.mark.parametrize(("name", "has_page"), ELSEWHERE)
def test_a_thing_elsewhere_leads_to_its_page_here(shapes: TestClient, name: str, has_page: bool) -> None:
    address = f"/-/about.en.html?iri=http%3A%2F%2Felsewhere.example%2F{name}"
    text = page(shapes, "/id/a.en.html")
    assert (f'href="{address}"' in text) is has_page
    assert f'href="http://elsewhere.example/{name}"' in text
    assert "id/a" in page(shapes, address)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("ZoneAir", "Zone air", id="the words of its IRI, as its page is called"),
        pytest.param("x-4711", "http://elsewhere.example/x-4711", id="a code says less than the address"),
        pytest.param("by/4.0/", "http://elsewhere.example/by/4.0/", id="and so does a version"),
    ],
)
def test_a_thing_elsewhere_without_a_name_is_called_as_its_page_is(
    shapes: TestClient, name: str, expected: str
) -> None:
    quoted = f"http%3A%2F%2Felsewhere.example%2F{name.replace('/', '%2F')}"
    assert f'href="/-/about.en.html?iri={quoted}" dir="auto">{expected}</a>' in page(shapes, "/id/a.en.html")


@pytest.mark.parametrize(
    ("name", "is_told"),
    [pytest.param("told", True, id="told of"), pytest.param("strange", False, id="only a datatype")],
)
def test_a_datatype_leads_to_its_page_where_there_is_one(shapes: TestClient, name: str, is_told: bool) -> None:
    text, target = page(shapes, "/id/typed.en.html"), f"/-/about.en.html?iri=http%3A%2F%2Felsewhere.example%2F{name}"
    assert f">{name}</{'a' if is_told else 'span'}>" in text
    assert (f'href="{target}"' in text) is is_told
    assert (shapes.get(target).status_code == 200) is is_told  # OK


def test_what_is_only_named_has_a_page_of_what_links_to_it(shapes: TestClient) -> None:
    assert "id/b" in page(shapes, "/id/onlyObject.en.html")


def test_a_graph_is_named_beside_what_it_says_and_described_where_that_opens(tmp_path: Path) -> None:
    data = """
    <https://kg.example/g/1> { :a :p "from one" . }
    <https://kg.example/g/2> { :a :p "from two" . <https://kg.example/g/1> rdfs:label "Survey of 1925"@en ;
      rdfs:comment "Read off the cards of the museum."@en . }
    """
    text = page(opened(tmp_path, data, name="data/x.trig"), "/id/a.en.html")
    one, two = text.index("from one"), text.index("from two")
    assert one < text.index("Survey of 1925") < two
    assert "Read off the cards of the museum." in text[one:two]
    assert "Survey of 1925" not in text[two : text.index("</section>", two)]


# ---- what a visitor would stumble over


PARTED = """
    <few#b> rdfs:label "Zebra" .  <few#a> rdfs:label "Aurochs" ; :near <few#b> .  <few#statements> :p "taken" .
    :far :near <few#b> .
    """ + "".join(f'<many#t{n:03}> rdfs:label "Term {n:03}" ; :p "told" .\n' for n in range(700))
FEW, MANY = f"{BASE}few", f"{BASE}many"


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return opened(tmp_path_factory.mktemp("parted"), PARTED)


def _about(iri: str, language: str = "en") -> str:
    return f"/-/about.{language}.html?iri={quote(iri, safe='')}"


def test_a_thing_of_a_hash_namespace_has_a_page_in_both_languages(parted: TestClient) -> None:
    assert f'href="{_about(FEW + "#b")}"' in page(parted, "/id/far.en.html")
    text = page(parted, _about(FEW + "#b"))
    assert f'hreflang="ka" href="{BASE.rstrip("/")}{_about(FEW + "#b", "ka")}"' in text
    assert f'<a href="{_about(FEW + "#b", "ka")}" lang="ka"' in text, "the switch of languages stays with the thing"


def test_a_document_of_few_things_tells_them_and_of_many_names_them(parted: TestClient) -> None:
    few, many = page(parted, "/few.en.html"), page(parted, "/many.en.html")
    assert few.count('class="section part"') == 3
    assert 'id="a"' in few
    assert few.count('id="statements"') == 0, "a part may be called as a section is"
    assert '<a id="t000" href="' in many
    assert many.count("Term ") == 600
    assert "Described in this document: 700" in many
    assert "100 more" in many
    assert ">told<" not in many
    assert "Nothing is stated" not in few + many


@pytest.mark.parametrize("path", ["/-/cite.ris?iri=", "/-/qr.svg?iri=", "/-/linkset.json?iri=", "/-/about?iri="])
def test_a_document_that_only_has_parts_is_cited_as_anything_is(parted: TestClient, path: str) -> None:
    assert parted.get(path + quote(FEW, safe=""), follow_redirects=True).status_code == 200
    assert parted.get(path + quote(FEW + "er", safe="")).status_code == 404


def test_all_values_of_a_part_are_those_of_the_part(tmp_path: Path) -> None:
    client = opened(tmp_path, "<d#x> :p " + ", ".join(f'"v{n:03}"' for n in range(300)) + " .")
    hrefs = re.findall(r'href="(/-/values[^"]*)"', page(client, "/d.en.html"))
    assert hrefs
    assert all(client.get(unescape(href)).status_code == 200 for href in hrefs)


@pytest.mark.parametrize(("language", "also"), [("ka", ["Coal"]), ("en", ["ქვანახშირი"])], ids=["Georgian", "English"])
def test_below_the_heading_stand_names_in_languages_of_the_site_alone(
    tmp_path: Path, language: str, also: list[str]
) -> None:
    names = '"Coal"@en, "Coal (US)"@en-us, "ქვანახშირი"@ka, "houille"@fr, "Kohle"@de'
    text = page(opened(tmp_path, f":coal skos:prefLabel {names} . :only skos:prefLabel "
                       '"houille"@fr, "Kohle"@de .'), f"/id/coal.{language}.html")  # fmt: skip
    assert [re.sub("<.*?>", "", one) for one in re.findall(r'<p class="also">(.*?)</p>', text)] == also


def test_only_foreign_names_leave_nothing_below_the_heading(names: TestClient) -> None:
    assert 'class="also"' not in page(names, "/id/german.en.html")


CRUMBS = [
    pytest.param("c2", ["Home", "Rocks", "Rock"], id="a concept stands in its thesaurus, below what is wider"),
    pytest.param("s", ["Home", "Thesauri"], id="a thesaurus among the thesauri"),
    pytest.param("two", ["Home", "Concept"], id="a concept of two thesauri among the concepts"),
    pytest.param("K", ["Home", "Wide"], id="a class below another one is not found among all classes"),
    pytest.param("Wide", ["Home", "OWL class"], id="a class without one is"),
    pytest.param("one", ["Home", "Wide"], id="a class that says more comes before one that models"),
]


@pytest.fixture(scope="module")
def crumbed(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    data = """
    :s a skos:ConceptScheme ; rdfs:label "Rocks" .  :t a skos:ConceptScheme .
    :c1 a skos:Concept ; skos:inScheme :s ; rdfs:label "Rock" .
    :c2 a skos:Concept ; skos:inScheme :s ; skos:broader :c1 ; rdfs:label "Granite" .
    :two a skos:Concept ; skos:inScheme :s, :t .
    :one a <http://www.w3.org/2002/07/owl#NamedIndividual>, :Wide .
    :K a <http://www.w3.org/2002/07/owl#Class> ; rdfs:subClassOf :Wide .  :Wide a <http://www.w3.org/2002/07/owl#Class> ; rdfs:label "Wide" .
    """
    return opened(tmp_path_factory.mktemp("crumbed"), data)


@pytest.mark.parametrize(("name", "expected"), CRUMBS)
def test_the_way_to_a_page(crumbed: TestClient, name: str, expected: list[str]) -> None:
    text = page(crumbed, f"/id/{name}.en.html")
    crumbs = text[text.index('class="crumbs"') : text.index('aria-current="page"', text.index('class="crumbs"'))]
    assert re.findall(r"<a [^>]*>([^<]*)</a>", crumbs) == expected


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report(conforms=True, has_shapes=False), "Not checked: the site has no shapes (SHACL)."),
        (Report(conforms=True), "The data keeps to all its shapes."),
    ],
    ids=["without shapes", "with shapes"],
)
def test_nothing_is_said_to_keep_to_shapes_that_there_are_not(tmp_path: Path, report: Report, expected: str) -> None:
    site = load(write_site(tmp_path, {"data/x.ttl": PREFIXES + ":a :b :c ."}))
    build(site, lambda sources, settings: report, lambda step, done: None)
    assert f">{expected}<" in page(TestClient(create_app(Serving(site))), "/-/data?lang=en")


def test_a_folder_without_shapes_is_not_validated(tmp_path: Path) -> None:
    site = load(write_site(tmp_path, {"data/x.ttl": PREFIXES + ":a :b :c ."}))
    assert validate(files(site), site) == Report(conforms=True, has_shapes=False)


@pytest.mark.parametrize(("language", "says"), [("ka", "რას შეიცავს ეს გრაფი"), ("en", "What this graph holds")])
def test_the_page_of_a_graph_says_what_it_holds(tmp_path: Path, language: str, says: str) -> None:
    things = "".join(f':t{n:02} rdfs:label "Thing {n:02}" .' for n in range(40))
    trig = f'<g> {{ {things} :nameless :p "x" . }}'
    client = opened(tmp_path, trig, name="data/x.trig")
    text = page(client, f"/g.{language}.html")
    section = text[text.index('id="graph"') : text.index("</section>", text.index('id="graph"'))]
    assert says in section
    assert '<div class="value">41</div>' in section
    assert section.count(">Thing ") == 12
    assert "nameless" not in section
    hrefs = [unescape(href) for href in re.findall(r'href="([^"]*)"', section)]
    assert sum("GRAPH%20%3Chttps%3A%2F%2Fkg.example%2Fg%3E" in href for href in hrefs) == 1
    assert {client.get(href).status_code for href in hrefs if not href.startswith("/sparql")} == {200}
    assert 'id="graph"' not in page(client, f"/id/t01.{language}.html")


def test_the_list_of_classes_says_what_each_is_and_has_those_that_model_the_data_last(tmp_path: Path) -> None:
    data = """
    :a a rdfs:Resource, :K . :b a rdfs:Resource, :K, <https://other.example/ns#K> . :c a rdfs:Resource .
    :K a rdfs:Class ; rdfs:label "Twin" ; rdfs:comment "Told here." .
    <https://other.example/ns#K> rdfs:label "Twin" .
    """
    text = page(opened(tmp_path, data), "/-/classes?lang=en")
    rows = re.findall(r"<li>\n<div class=\"class-what\">.*?</li>", text, re.DOTALL)
    told = [re.sub(r"<[^>]*>|\s+", " ", row).split() for row in rows]
    assert [" ".join(words) for words in told] == [
        "Twin id/K Told here. Members: 2",
        "Twin other.example/ns#K Members: 1",
        "Resource rdfs:Resource Members: 3",
        "Class rdfs:Class Members: 1",
    ]
    assert text.index("What the data is described by") > text.index("other.example/ns#K")
    assert re.findall(r'<rect width="(\d+)"', text) == ["67", "33", "100", "33"]


@pytest.mark.parametrize(
    ("data", "is_named"),
    [(":c a skos:Concept .", False), (":c a skos:Concept ; skos:inScheme :s . :s a skos:ConceptScheme .", True)],
    ids=["concepts of none", "a thesaurus"],
)
def test_the_home_page_names_thesauri_where_there_are_any(tmp_path: Path, data: str, is_named: bool) -> None:
    text = page(opened(tmp_path, data), "/?lang=en")
    assert ('class="kinds schemes"' in text) is is_named
    assert 'href="/-/thesaurus?lang=en"' in text


def test_the_ontology_counts_members_as_their_lists_do(tmp_path: Path) -> None:
    data = """
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    :Wide a owl:Class ; rdfs:label "Wide" . :Narrow a owl:Class ; rdfs:subClassOf :Wide ; rdfs:label "Narrow" .
    :a a :Narrow . :b a :Narrow .
    <https://z.example/o> a owl:Ontology ; rdfs:label "Alpha" . <https://b.example/o> a owl:Ontology ; rdfs:label "Two" .
    <https://a.example/o> a owl:Ontology ; rdfs:label "Two" .
    """
    text = page(opened(tmp_path, data), "/-/ontology?lang=en")
    row = text[text.index(">Wide</a></strong>") :]
    assert row[row.index('class="count">') + 14 :].startswith("2<")
    assert re.findall(r">(Alpha|Two|[ab]\.example/o)<", text)[:5] == [
        "Alpha",
        "Two",
        "a.example/o",
        "Two",
        "b.example/o",
    ]


NAMED_NODES = [
    pytest.param('[ foaf:name "Ana" ]', True, id="a name"),
    pytest.param('[ a foaf:Person ; foaf:name "Ana" ]', True, id="a name and a class"),
    pytest.param('[ foaf:name "Ana" ; foaf:mbox <mailto:a@a.example> ]', False, id="a name and more"),
    pytest.param('[ foaf:name "Ana"@en, "ანა"@ka ]', False, id="two names"),
    pytest.param("[ foaf:name :x ]", False, id="a name that is a thing"),
    pytest.param('[ foaf:name " " ]', False, id="a name of blanks"),
    pytest.param("[ a foaf:Person ]", False, id="a class alone"),
]


@pytest.mark.parametrize(("node", "is_name"), NAMED_NODES)
def test_a_blank_node_that_only_bears_a_name_is_that_name(tmp_path: Path, node: str, is_name: bool) -> None:
    text = page(opened(tmp_path, f":a dct:creator {node} ."), "/id/a.en.html")
    assert ('class="groups nested"' not in text) is is_name
    assert (re.search(r'<div class="value"><span title="name">.*?Ana', text) is not None) is is_name
    assert ('<small class="note"><span' in text) is (is_name and "Person" in node)


LOST = [
    pytest.param("/id/nothing/here", [], id="a word that is another one with its letters changed"),
    pytest.param("/id/granit", ["granite"], id="a slip"),
    pytest.param("/id/Granite", ["granite"], id="the name itself"),
    pytest.param("/id/" + "x" * 3_000, [], id="a very long address"),
]


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    data = ':a rdfs:label "HREE"@en ; rdfs:comment "nothing at all" . :b rdfs:label "granite"@en .'
    return opened(tmp_path_factory.mktemp("lost"), data)


@pytest.mark.parametrize(("path", "expected"), LOST)
def test_what_is_offered_for_a_page_that_is_not_there_is_like_it(
    lost: TestClient, path: str, expected: list[str]
) -> None:
    answer = lost.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 404
    assert re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", answer.text) == expected


@pytest.mark.parametrize(
    ("path", "language"), [("/id/x.ka.html", "ka"), ("/id/x.en.html", "en"), ("/id/x", "en"), ("/id/x?lang=ka", "ka")]
)
def test_a_refusal_is_in_the_language_of_the_address(lost: TestClient, path: str, language: str) -> None:
    answer = lost.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Content-Language"]) == (404, language)


def test_the_page_about_the_data_folds_its_long_tables(tmp_path: Path) -> None:
    graphs = "".join(f"<g{n:02}> {{ :t{n:02} a :K{n:02} . }}\n" for n in range(20))
    text = page(opened(tmp_path, graphs, name="data/x.trig"), "/-/data?lang=en")
    assert text.count("<summary>5 more</summary>") == 2
    assert text.index(">g14<") < text.rindex("<summary>5 more</summary>") < text.index(">g15<")


TIMES = [
    pytest.param("c", "", False, id="the date of a thesaurus is not its concept's"),
    pytest.param("c", ':c dct:issued "2001"^^xsd:gYear ; dct:valid "2003"^^xsd:gYear .', True, id="a concept's own is"),
    pytest.param("c", ":c dct:relation :s .", True, id="that of the thesaurus is, where it is tied in another way too"),
    pytest.param("s", "", True, id="a thesaurus has its own"),
]


@pytest.mark.parametrize(("name", "more", "is_told"), TIMES)
def test_a_concept_is_not_as_old_as_its_thesaurus(tmp_path: Path, name: str, more: str, is_told: bool) -> None:
    data = f"""@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    :s a skos:ConceptScheme ; dct:created "1999-05-01"^^xsd:date ; dct:modified "2000-05-01"^^xsd:date .
    :c a skos:Concept ; skos:inScheme :s ; rdfs:isDefinedBy :s . {more}"""
    assert ('id="time"' in page(opened(tmp_path, data), f"/id/{name}.en.html")) is is_told


def test_a_namespace_of_which_only_properties_are_used_leads_nowhere_that_is_not_there(tmp_path: Path) -> None:
    client = opened(tmp_path, f"@prefix v: <{BASE}v#> . :a v:used :b . <told#K> a rdfs:Class . :c a <told#K> .")
    text = page(client, "/-/ontology?lang=en")
    hrefs = {unescape(href) for href in re.findall(r'href="(/(?!-/static)[^"#]*)', text)}
    assert {href: client.get(href).status_code for href in hrefs if "sparql" not in href} == dict.fromkeys(
        (href for href in hrefs if "sparql" not in href), 200
    )
    assert client.get(f"/-/about.ttl?iri={quote(BASE + 'v#used', safe='')}").status_code == 200


def test_no_list_of_values_is_empty_where_the_page_is_full(tmp_path: Path) -> None:
    node = "[ :q [ :r " + ", ".join(f'"{n:03} {"x" * 300}"' for n in range(60)) + ' ; :s "y" ] ; :t "z" ]'
    client = opened(tmp_path, "".join(f"<full#p{n:02}> :p {node} .\n" for n in range(20)))
    text = page(client, "/full.en.html")
    assert text.count('class="section part"') == 20
    assert not re.search(r"<(ul|ol|dl)[^>]*>\s*</\1>", text)
