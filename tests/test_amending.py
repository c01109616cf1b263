"""After an edit the look-up file is made of the last one, row by row, and is what a full build makes."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from pyoxigraph import Store

from kgpub.making import building, counting, deriving, filling, sourcing
from kgpub.making.amending import around, pointers
from kgpub.making.amending.index import AmendedIndex
from kgpub.making.deriving import Work
from kgpub.searching import writing
from kgpub.settings import Settings
from test_reusing import anew, contents, made, write

TOML = """title = "T"
base = "https://d.example/"
languages = ["ka", "en"]
[vocabulary]
inverse_labels = ["https://d.example/ns/inverse"]
"""
PREFIXES = """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix s: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@base <https://d.example/> .
"""
SAID = {
    "data/hubs.ttl": """<id/hub> a <ns/Hub> ; rdfs:label "Hub"@en .
<id/a> <ns/in> <id/hub> ; rdfs:label "Alpha"@en, "ალფა"@ka . <id/b> <ns/in> <id/hub> ; rdfs:label "Beta"@en .
<id/c> <ns/of> <id/hub> . _:n <ns/in> <id/hub> . <id/s1> rdf:subject <id/a> ; <ns/in> <id/hub>, <id/a> .
""",
    "data/thesaurus.ttl": """<c/scheme> a skos:ConceptScheme ; skos:prefLabel "Scheme"@en .
<c/1> a skos:Concept ; skos:inScheme <c/scheme> ; skos:prefLabel "One"@en, "ერთი"@ka ; skos:altLabel "I"@en .
<c/2> a skos:Concept ; skos:broader <c/1> ; xl:prefLabel <c/label> . <c/label> a xl:Label ; xl:literalForm "Two"@en .
<c/3> skos:broader <c/2> ; xl:altLabel [ xl:literalForm "Drei"@de ] .
""",
    "data/dates.ttl": """<id/event> s:startDate "2020-01-02"^^xsd:date ; dct:temporal <id/period> ; s:location <id/place> .
<id/period> s:startDate <id/instant> ; s:endDate "2021"^^xsd:gYear . <id/instant> <ns/at> "2019-05"^^xsd:gYearMonth .
<id/place> s:geo [ s:latitude 41.5 ; s:longitude 44.8 ] ; rdfs:label "Place"@en .
<id/map> geo:hasGeometry <id/shape> . <id/shape> geo:asWKT "POINT(44 42)"^^geo:wktLiteral .
<id/event> <ns/when> "--05-26"^^xsd:gMonthDay .
""",
    "data/lent.ttl": """<id/x1> dct:source <id/work> . <id/work> dct:title "Work"@en . <id/x2> dct:isPartOf <id/x1> .
<id/x3> dct:source [ dct:title "Blank"@en ] . <id/x4> dct:source <id/x1>, <id/hub> ; rdfs:comment "Four"@en .
""",
    "data/terms.ttl": """<doc#one> a <ns/C> ; rdfs:label "One"@en . <id/q> s:value 5 ; <ns/p> 01, 1 .
<id/old> owl:deprecated true ; dct:isReplacedBy <id/new> . <id/new> rdfs:label "New"@en . <doc> owl:deprecated true .
<ns/in> a rdf:Property ; rdfs:label "in"@en ; <ns/inverse> "holds"@en . <ns/C> rdfs:subClassOf <ns/D> .
<graph/hubs> dct:source <doc> . <id/s3> rdf:subject <id/q> ; rdf:predicate <ns/p> ; rdf:object 1 ; dct:source <doc> .
<id/s4> rdf:subject <id/q> ; rdf:predicate <ns/p> ; rdf:object 2 ; oa:hasSelector <id/words> ; prov:wasDerivedFrom <id/s3> .
<id/words> oa:exact "Words"@en .
<id/away> <ns/see> <https://other.example/x>, <https://else.example/y> . <id/s2> rdf:reifies <<( <id/a> <ns/in> <id/hub> )>> .
""",
    "shapes/s.ttl": """<shape/c> a sh:NodeShape ; sh:targetClass <ns/C> ; sh:property [ sh:path <ns/p> ; sh:order 2 ; sh:group <g/all> ] .
<g/all> a sh:PropertyGroup ; rdfs:label "All"@en ; sh:order 1 .
<id/hidden> rdfs:label "Hidden"@en ; a <ns/Hub> .
""",
}
START = {"kgpub.toml": TOML} | {name: PREFIXES + text for name, text in SAID.items()}


def also(name: str, text: str) -> dict[str, str]:
    return {name: START[name] + text + "\n"}


def without(name: str, text: str) -> dict[str, str]:
    assert text in START[name]
    return {name: START[name].replace(text, "")}


def instead(name: str, old: str, new: str) -> dict[str, str]:
    assert old in START[name]
    return {name: START[name].replace(old, new)}


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Three links make a hub, no search index is too small, and no power fails."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "HUB", 2)
        patch.setattr(pointers, "HUB", 2)
        patch.setattr(writing, "FEW", 0)
        patch.setattr(writing, "_WORN", 0)
        patch.setattr(building, "sync", lambda _: None)
        yield


@pytest.fixture
def amended(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the look-up file was made of the last one, at each build that had a last one."""
    heard: list[bool] = []
    make = deriving.amended

    def listen(work: Work) -> AmendedIndex | None:
        found = make(work)
        heard.append(found is not None)
        return found

    monkeypatch.setattr(building, "amended", listen)
    return heard


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, small: None) -> Path:
    folder = tmp_path_factory.mktemp("first") / "site"
    write(folder, START)
    tables = contents(made(folder))
    for name in sorted(map(str, tables)):
        if name.startswith("index.sqlite"):
            assert tables[name], f"nothing in {name} to be altered"
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "site")
    return tmp_path / "site"


EDITS: dict[str, dict[str, str]] = {
    "a description": also("data/hubs.ttl", '<id/a> dct:description "Of alpha"@en .'),
    "another description goes": without("data/lent.ttl", '; rdfs:comment "Four"@en '),
    "a name, by which lists of hubs are sorted": also("data/hubs.ttl", '<id/c> rdfs:label "Aaa"@en .'),
    "a name goes": without("data/hubs.ttl", '; rdfs:label "Beta"@en'),
    "a name of a property": instead("data/terms.ttl", '"in"', '"inside"'),
    "an inverse name": instead("data/terms.ttl", '"holds"', '"has"'),
    "a hub of its own is one no longer": without("data/hubs.ttl", "<id/b> <ns/in> <id/hub> ; rdfs:label \"Beta\"@en ."),
    "what becomes a hub": also("data/hubs.ttl", "<id/b> <ns/of> <id/a> . <id/c> <ns/of> <id/a> . <id/d> <ns/of> <id/a> ."),
    "a hub by nodes without names only": also(
        "data/hubs.ttl", "_:one <ns/of> <id/z> . _:two <ns/of> <id/z> . _:three <ns/of> <id/z> ."
    ),
    "a thing becomes a statement node": also("data/hubs.ttl", "<id/a> rdf:subject <id/b> ."),
    "a statement node becomes a thing": without("data/hubs.ttl", "rdf:subject <id/a> ;"),
    "a statement node in a graph of shapes": also("shapes/s.ttl", "<id/b> rdf:subject <id/a> ."),
    "a statement node of RDF 1.2 goes": without("data/terms.ttl", "<id/s2> rdf:reifies <<( <id/a> <ns/in> <id/hub> )>> ."),
    "a concept": also("data/thesaurus.ttl", '<c/4> a skos:Concept ; skos:broader <c/2> ; skos:prefLabel "Four"@en .'),
    "a concept's name": instead("data/thesaurus.ttl", '"ერთი"@ka', '"პირველი"@ka'),
    "a name reached over a node": instead("data/thesaurus.ttl", '"Two"', '"Deux"'),
    "a node that names were reached over": without("data/thesaurus.ttl", "; xl:prefLabel <c/label>"),
    "the class of such a node": instead("data/thesaurus.ttl", "<c/label> a xl:Label ;", "<c/label>"),
    "a step": without("data/thesaurus.ttl", "skos:broader <c/1> ;"),
    "an alternative": instead("data/thesaurus.ttl", '"I"@en', '"Uno"@it'),
    "a date": instead("data/dates.ttl", "2020-01-02", "2020-01-03"),
    "a date without a year goes": without("data/dates.ttl", '<id/event> <ns/when> "--05-26"^^xsd:gMonthDay .'),
    "an instant two steps away": instead("data/dates.ttl", "2019-05", "2018-05"),
    "a period comes and goes": instead("data/dates.ttl", "dct:temporal <id/period>", "dct:temporal <id/instant>"),
    "an end": without("data/dates.ttl", '; s:endDate "2021"^^xsd:gYear'),
    "a latitude": instead("data/dates.ttl", "41.5", "41.25"),
    "a second longitude, so that nobody knows": instead("data/dates.ttl", "44.8 ]", "44.8, 45 ]"),
    "a geometry": instead("data/dates.ttl", "POINT(44 42)", "POINT(43 42)"),
    "a place": without("data/dates.ttl", "; s:location <id/place>"),
    "what lends a name is called otherwise": instead("data/lent.ttl", '"Work"', '"Opus"'),
    "what lends a name goes": without("data/lent.ttl", '<id/work> dct:title "Work"@en .'),
    "what was lent a name has one": also("data/lent.ttl", '<id/x1> rdfs:label "X"@en .'),
    "a node without a name of its own lends": instead("data/lent.ttl", '"Blank"', '"Blanc"'),
    "it leads to another one": instead("data/lent.ttl", "<id/x4> dct:source <id/x1>", "<id/x4> dct:source <id/work>"),
    "another form of a number": instead("data/terms.ttl", "01, 1", "1"),
    "a third form of it": instead("data/terms.ttl", "01, 1", "01, 001"),
    "it goes": without("data/terms.ttl", "; <ns/p> 01, 1"),
    "a quantity": instead("data/terms.ttl", "s:value 5", "<ns/v> 5"),
    "what is retired is no more": without("data/terms.ttl", "<id/old> owl:deprecated true ; dct:isReplacedBy <id/new> ."),
    "where it leads": instead("data/terms.ttl", "dct:isReplacedBy <id/new>", "dct:isReplacedBy <id/a>"),
    "what it leads to goes": without("data/terms.ttl", '<id/new> rdfs:label "New"@en .'),
    "a part of a retired document": without("data/terms.ttl", '<doc#one> a <ns/C> ; rdfs:label "One"@en .'),
    "links elsewhere": instead("data/terms.ttl", "<https://else.example/y>", "<https://other.example/y>"),
    "where a statement comes from": instead("data/terms.ttl", "rdf:object 1 ; dct:source <doc>", "rdf:object 1"),
    "the words of a statement": instead("data/terms.ttl", '"Words"@en', '"Other words"@en'),
    "the words of a statement go": without("data/terms.ttl", "oa:hasSelector <id/words> ;"),
    "what a statement says": instead("data/terms.ttl", "rdf:object 2 ;", "rdf:object 3 ;"),
    "a statement of two documents": instead("data/terms.ttl", "dct:source <doc> .\n<id/s4>", "dct:source <doc>, <doc2> .\n<id/s4>"),
    "a statement whose node has no name": also(
        "data/terms.ttl", "[] rdf:subject <id/q> ; rdf:predicate <ns/p> ; rdf:object 4 ; dct:source <doc> ."
    ),
    "where a graph comes from": without("data/terms.ttl", "<graph/hubs> dct:source <doc> ."),
    "a class above": instead("data/terms.ttl", "<ns/D>", "<ns/E>"),
    "shapes": instead("shapes/s.ttl", "sh:order 2", "sh:order 3"),
    "a class that only shapes state": without("shapes/s.ttl", "; a <ns/Hub>"),
    "a thing comes, and another goes": also("data/hubs.ttl", '<id/n#1> rdfs:label "N"@en .')
    | {"data/lent.ttl": PREFIXES},
    "a file comes, and goes": {"data/more.ttl": PREFIXES + '<id/a> <ns/in> <id/b> ; rdf:subject <id/more> .'},
    "nothing but a line that stands there twice": also("data/hubs.ttl", '<id/b> rdfs:label "Beta"@en .'),
}  # fmt: skip
QUICK = {
    "a name, by which lists of hubs are sorted",
    "a statement node becomes a thing",
    "a node that names were reached over",
    "an instant two steps away",
    "what lends a name goes",
    "a third form of it",
    "a thing comes, and another goes",
}
"""Edits that are tried every time; the others with the slow tests."""


@pytest.mark.parametrize(
    "edit",
    [pytest.param(edit, id=name, marks=[] if name in QUICK else [pytest.mark.slow]) for name, edit in EDITS.items()],
)
def test_an_edit(folder: Path, tmp_path: Path, amended: list[bool], edit: dict[str, str]) -> None:
    write(folder, START | edit)
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    write(folder, START | also("data/terms.ttl", "<id/back> a <ns/C> ."))  # and back, but for a little
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert amended == [True, True]


ANEW: dict[str, dict[str, str]] = {
    "a language that no name was in": also("data/hubs.ttl", '<id/a> rdfs:label "Alfa"@fr .'),
    "a tag with capitals": also("data/hubs.ttl", '<id/a> <ns/p> "x"@en-US .'),
    "what has to be mended": also("data/hubs.ttl", "<id/a> <ns/p> <id/x y> ."),
    "a file that names graphs": {"data/g.trig": "<g/x> { <id/a> <ns/p> 1 }"},
    "shapes in another file": {"shapes/t.ttl": "<shape/t> a <http://www.w3.org/ns/shacl#NodeShape> ."},
}


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(edit, id=name, marks=[] if name == "a language that no name was in" else [pytest.mark.slow])
        for name, edit in ANEW.items()
    ],
)
def test_what_is_not_known_for_certain_is_filled_anew(
    folder: Path, tmp_path: Path, amended: list[bool], edit: dict[str, str]
) -> None:
    write(folder, START | edit)
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert not any(amended)


def test_an_edit_that_concerns_many_things_fills_all_anew(
    folder: Path, tmp_path: Path, amended: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(around, "MOST", 2)
    write(folder, START | EDITS["what lends a name is called otherwise"])
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert amended == [False]


BACKWARDS = """SELECT ?statement ?subject ?predicate ?object ?document {
  ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object . ?document <https://d.example/ns/of> ?statement
}"""


@pytest.mark.parametrize("question", [None, BACKWARDS], ids=["forward", "backwards"])
def test_statements_are_asked_for_by_themselves_where_the_question_looks_forward(
    tmp_path: Path, amended: list[bool], monkeypatch: pytest.MonkeyPatch, question: str | None
) -> None:
    asked: list[frozenset[str]] = []
    exchange = sourcing.exchange

    def listen(db: sqlite3.Connection, store: Store, site: Settings, statements: frozenset[str]) -> bool:
        asked.append(statements)
        return exchange(db, store, site, statements)

    monkeypatch.setattr(sourcing, "exchange", listen)
    folder = tmp_path / "site"
    write(folder, START)
    if question:
        (folder / "queries").mkdir()
        (folder / "queries/provenance.rq").write_text(question, "utf-8")
    made(folder)
    edit = also("data/terms.ttl", "<doc> <ns/of> <id/s4> .") if question else EDITS["the words of a statement"]
    write(folder, START | edit)
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert amended == [True]
    base = "https://d.example/id"
    assert asked == ([] if question else [frozenset({f"<{base}/s4>", f"<{base}/words>"})])


@pytest.mark.parametrize("edit", ["what becomes a hub", "a name, by which lists of hubs are sorted"])
def test_a_hub_among_many_graphs(
    folder: Path, tmp_path: Path, amended: list[bool], monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    monkeypatch.setattr(around, "_FEW", 0)
    write(folder, START | EDITS[edit])
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert amended == [True]


def test_links_elsewhere_of_which_only_the_first_are_kept(
    folder: Path, tmp_path: Path, amended: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_LINKSETS", 1)
    write(
        folder, START | also("data/terms.ttl", "<id/a> <ns/see> <https://third.example/z>, <https://third.example/w> .")
    )
    after = contents(made(folder))
    assert "https://third.example/" in str(after["partitions.sqlite figures"])
    assert after == contents(anew(folder, tmp_path / "anew"))
    assert amended == [True]


def test_nothing_more_is_taken_than_may_be_held() -> None:
    taken: list[int] = []

    def many() -> Iterator[int]:
        for number in range(10 * around.MOST):
            taken.append(number)
            yield number

    with pytest.raises(around.TooMuch):
        around.gathered(many())
    assert len(taken) == around.MOST + 1
    assert around.gathered([1, 2, 2], [3]) == {1, 2, 3}


def test_a_file_that_lost_many_rows_is_compact(folder: Path, amended: list[bool]) -> None:
    many = "".join(f'<id/m{number}> rdfs:label "{"long " * 100}{number}"@en .\n' for number in range(400))
    write(folder, START | also("data/hubs.ttl", many))
    made(folder)
    write(folder, START | EDITS["a description"])
    db = sqlite3.connect(made(folder) / "index.sqlite")
    assert amended[-1]
    assert db.execute("PRAGMA freelist_count").fetchone()[0] == 0
    db.close()


NODES = st.sampled_from(
    [f"<id/{name}>" for name in ("a", "b", "hub", "x1", "s1", "event", "period", "d#1")]
    + ["<c/1>", "<c/2>", "<c/label>", "<ns/C>", "_:n"]
)
LITERALS = st.sampled_from(
    ['"A"@en', '"B"@en', '"ა"@ka', '"c"', "1", "01", "true", '"2020-01-01"^^xsd:date', '"2021"^^xsd:gYear', "41.5"]
)
LEADING = st.sampled_from(
    [
        "a",
        "rdf:subject",
        "skos:broader",
        "skos:inScheme",
        "skos:topConceptOf",
        "xl:prefLabel",
        "xl:altLabel",
        "dct:source",
        "dct:isPartOf",
        "dct:temporal",
        "s:startDate",
        "s:location",
        "s:geo",
        "dct:isReplacedBy",
        "rdfs:subClassOf",
        "<ns/in>",
    ]
)
TELLING = st.sampled_from(
    [
        "rdfs:label",
        "skos:prefLabel",
        "xl:literalForm",
        "dct:description",
        "skos:altLabel",
        "s:startDate",
        "s:latitude",
        "s:longitude",
        "s:value",
        "owl:deprecated",
        "<ns/p>",
        "<ns/inverse>",
    ]
)
CLASSES = st.sampled_from(["skos:Concept", "skos:ConceptScheme", "xl:Label", "<ns/C>", "<https://e.example/C>"])
SAYING = NODES.map(lambda node: f"{node} ; rdf:predicate <ns/p> ; rdf:object {node}")
STATED = st.one_of(
    st.tuples(NODES, st.just("rdf:subject"), SAYING),
    st.tuples(NODES, LEADING, NODES),
    st.tuples(NODES, TELLING, LITERALS),
    st.tuples(NODES, st.just("a"), CLASSES),
)
FILES = st.lists(STATED, max_size=12).map(lambda some: PREFIXES + "".join(f"{' '.join(one)} .\n" for one in some))
SITES = st.fixed_dictionaries({"data/a.ttl": FILES, "data/b.ttl": FILES})


@pytest.mark.slow
@given(st.lists(SITES, min_size=2, max_size=4))
@limits(max_examples=60, deadline=None)
def test_whatever_is_edited(tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("amending")
    for site in history:
        write(folder / "site", START | site)
        assert contents(made(folder / "site")) == contents(anew(folder / "site", folder / "anew"))
