"""After an edit only what it touches is counted, and the figures are those of a full build."""

import json
import random
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kgpub.making import counting, tallies
from test_reusing import anew, contents, made, no_waiting, write

__all__ = ["no_waiting"]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIXES = """@base <https://d.example/> . @prefix : <ns/> . @prefix id: <id/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix oa: <http://www.w3.org/ns/oa#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix sdo: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""
TOML = """title = "T"
base = "https://d.example/"
languages = ["ka", "en"]
[graphs."data/outside.ttl"]
default = false
"""
FACTS = """id:f1 rdf:subject id:c1 ; rdf:predicate :p ; rdf:object 1 ; prov:hadPrimarySource id:doc, id:doc3 ; oa:hasSelector [ oa:exact "one"@en ] .
id:f2 a :Fact ; rdf:subject id:c2 ; rdf:predicate :p ; rdf:object "x" ; prov:wasDerivedFrom <https://elsewhere.example/1> .
id:c1 :p 1 . id:c2 :p "x" ."""
START = {
    "data/things.ttl": """id:c1 a :C, :Twin ; rdfs:label "ა"@ka, "a"@en ; :q id:c2 . id:c2 a :C, :Twin ; :q id:d1 ; owl:sameAs <https://w.example/2> .
id:d1 a :D ; :r 1.50, 01, 1, "NaN"^^xsd:double ; sdo:startDate "2001-02-03"^^xsd:date ; dct:spatial id:c1, <https://w.example/p> .
id:old a :D ; owl:deprecated true . id:a1 a :A, foaf:Person ; :r -0.0e0, 0.0e0 . [] a :D ; :q "blank" .""",
    "data/facts.ttl": FACTS,
    "data/outside.ttl": "id:c1 :p 2 ; :only id:x . id:x a :D, :X . id:f3 rdf:subject id:d1 ; rdf:predicate :p ; rdf:object 2 .",
    "data/more.ttl": 'id:c1 :p 1 . id:e1 a :E ; :r 1 ; :u "u" . id:e2 a :E . :D rdfs:subClassOf sdo:Event . id:doc a :Doc .',
    "shapes/s.ttl": ":S a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetClass> :C .",
}
MORE = START["data/more.ttl"]


def site(edit: Mapping[str, str]) -> dict[str, str]:
    texts = {**START, **edit}
    return {"kgpub.toml": TOML} | {name: PREFIXES + text for name, text in texts.items()}


EDITS: dict[str, tuple[Mapping[str, str], set[str], set[str]]] = {
    "a statement more": ({"data/more.ttl": MORE + " id:e1 :r 2 ."}, {"E"}, {"r"}),
    "a property comes and another goes": ({"data/more.ttl": MORE.replace(':u "u"', ':v "v"')}, {"E"}, {"u", "v"}),
    "a class goes": (
        {"data/more.ttl": MORE.replace(" . id:e2 a :E", "").replace("a :E ; ", "")},
        set(),
        {RDF + "type"},
    ),
    "a class comes": ({"data/more.ttl": MORE + ' id:n a :N, "text", [] . id:m a :N .'}, {"N"}, {RDF + "type"}),
    "members of twins": ({"data/more.ttl": MORE + " id:c1 :r 3 ."}, {"C"}, {"r"}),
    "twins are none any more": ({"data/more.ttl": MORE + " id:d1 a :C ."}, {"C", "D"}, {RDF + "type"}),
    "what is said twice is said once": ({"data/more.ttl": MORE.replace("id:c1 :p 1 . ", "")}, set(), set()),
    "a number is written otherwise": ({"data/more.ttl": MORE.replace(":r 1 ", ":r 01 ")}, set(), set()),
    "only outside the default graph": ({"data/outside.ttl": START["data/outside.ttl"] + " id:x :r 9 ."}, set(), set()),
    "a thing becomes a statement node": (
        {"data/outside.ttl": START["data/outside.ttl"] + " id:e1 rdf:subject id:c1 ."},
        set(),
        set(),
    ),
    "a thing is retired": (
        {"data/more.ttl": MORE + " id:e1 owl:deprecated true ."},
        {"E"},
        {"http://www.w3.org/2002/07/owl#deprecated"},
    ),
    "a thing is retired outside the default graph": (
        {"data/outside.ttl": START["data/outside.ttl"] + " id:e1 owl:deprecated true ."},
        set(),
        set(),
    ),
    "links elsewhere": (
        {"data/more.ttl": MORE + " id:e1 owl:sameAs <https://w.example/9>, <https://v.example/9> ."},
        {"E"},
        {"http://www.w3.org/2002/07/owl#sameAs"},
    ),
    "dates and places": (
        {"data/more.ttl": MORE + ' id:e1 sdo:startDate "1999"^^xsd:gYear ; dct:spatial id:e2 .'},
        {"E"},
        {"https://schema.org/startDate", "http://purl.org/dc/terms/spatial"},
    ),
    "what a class is the same as": (
        {"data/more.ttl": MORE.replace("sdo:Event", "foaf:Person")},
        set(),
        {"http://www.w3.org/2000/01/rdf-schema#subClassOf"},
    ),
    "a file moves": ({"data/more.ttl": "", "data/new.ttl": MORE}, set(), set()),
    "a file is hidden": ({"shapes/s.ttl": START["shapes/s.ttl"] + " id:e2 a :E ; :r 77 ."}, set(), set()),
    "blank nodes and terms of triples": (
        {"data/more.ttl": MORE + " [] a :E ; rdf:reifies <<( id:e1 :r 01 )>>, <<( id:e1 :r 1 )>> ."},
        {"E"},
        {RDF + "type", RDF + "reifies"},
    ),
}
QUICK = (
    "a statement more",
    "a class goes",
    "members of twins",
    "a thing is retired outside the default graph",
    "blank nodes and terms of triples",
)


class Heard:
    """What was counted since this was made."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[str, str]] = []
        for name in ("usage", "members", "inside", "classes", "whole", "quads"):
            patch.setattr(tallies, name, self._listening(name))

    def _listening(self, name: str) -> object:
        ask = getattr(tallies, name)

        def listen(store: object, *given: object) -> object:
            self.calls.append((name, str(given[0]) if given else ""))
            return ask(store, *given)

        return listen

    def about(self, name: str) -> list[str]:
        return [iri.removeprefix("https://d.example/ns/") for call, iri in self.calls if call == name]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    return Heard(monkeypatch)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start") / "site"
    write(folder, site({}))
    made(folder)
    return folder


@pytest.fixture
def folder(start: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(start, tmp_path / "site"))


def figures(snapshot: Path) -> dict[str, Any]:  # Any: what json.loads gives
    db = sqlite3.connect(snapshot / "partitions.sqlite")
    found: dict[str, Any] = json.loads(db.execute("SELECT value FROM figures").fetchone()[0])
    db.close()
    return found


@pytest.mark.parametrize(
    ("edit", "classes", "properties"),
    [pytest.param(*row, id=name, marks=[] if name in QUICK else [pytest.mark.slow]) for name, row in EDITS.items()],
)
def test_only_what_an_edit_touches_is_counted(
    folder: Path, tmp_path: Path, heard: Heard, edit: Mapping[str, str], classes: set[str], properties: set[str]
) -> None:
    write(folder, site(edit))
    snapshot = made(folder)
    assert heard.about("members") == sorted(classes)
    assert heard.about("inside") == sorted(classes)
    assert sorted(heard.about("usage")) == sorted(properties)
    assert not any(heard.about(name) for name in ("classes", "whole", "quads"))
    assert contents(snapshot) == contents(anew(folder, tmp_path / "anew"))


def test_the_figures_are_those_of_the_edit(folder: Path) -> None:
    edit, _, _ = EDITS["a thing is retired outside the default graph"]
    before = {part["iri"]: part["example"] for part in figures(made(folder))["by_class"]}
    write(folder, site(edit))
    now = {part["iri"]: part["example"] for part in figures(made(folder))["by_class"]}
    changed = {iri: (before[iri], now[iri]) for iri in before if before[iri] != now[iri]}
    assert changed == {"https://d.example/ns/E": ("https://d.example/id/e1", "https://d.example/id/e2")}


@pytest.mark.parametrize("harm", ["index.sqlite", "partitions.sqlite"])
def test_a_damaged_table_is_not_built_upon(folder: Path, tmp_path: Path, heard: Heard, harm: str) -> None:
    with (made(folder) / harm).open("ab") as file:
        file.write(b"#")
    write(folder, site(EDITS["a statement more"][0]))
    snapshot = made(folder)
    assert heard.about("classes") and heard.about("whole") and "D" in heard.about("members")
    assert contents(snapshot) == contents(anew(folder, tmp_path / "anew"))


@pytest.mark.parametrize("most", ["MOST", pytest.param("MOST_INSIDE", marks=pytest.mark.slow)])
def test_a_class_that_becomes_one_of_the_largest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    monkeypatch.setattr(counting, most, 1)
    folder = tmp_path / "site"
    more = MORE + " id:d2 a :D . id:d3 a :D ."
    few = START["data/things.ttl"].replace("a :D", ":r 1")
    steps = (
        ({"data/more.ttl": more}, "D"),
        ({"data/things.ttl": few}, "C"),
        ({"data/more.ttl": more + " id:d4 a :D ."}, "D"),
    )
    for edit, largest in steps:
        write(folder, site(edit))
        first, *rest = figures(snapshot := made(folder))["by_class"]
        assert first["iri"] == f"https://d.example/ns/{largest}"
        assert first["properties"] and not any(part["properties"] for part in rest)
        assert contents(snapshot) == contents(anew(folder, tmp_path / "anew"))


def test_a_graph_that_comes_to_hold_shapes(folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((made(folder) / "manifest.json").read_text("utf-8"))
    graph = manifest["sources"]["data/more.ttl"]["graph"]
    write(folder, site({"shapes/t.trig": f"<{graph}> {{ id:d1 :r 4 }}"}))
    snapshot = made(folder)
    assert graph in json.loads((snapshot / "manifest.json").read_text("utf-8"))["shapes"]
    assert contents(snapshot) == contents(anew(folder, tmp_path / "anew"))


LINES = (
    *(f"id:{s} a :{c} ." for s in ("c1", "e1", "old", "n", "doc") for c in ("C", "E", "Twin")),
    *(f"id:{s} :{p} {o} ." for s in ("c1", "e1", "n") for p in ("p", "q") for o in ("1", "01", "id:c1", '"x"@en-US')),
    "id:e1 owl:deprecated true .", "id:c1 owl:deprecated true ; dct:isReplacedBy id:e1 .", "id:e1 rdf:subject id:n .",
    "id:c1 rdf:subject id:n ; rdf:predicate :p ; rdf:object 1 .", "[] a :C ; :q [ a :E ] .", 'id:n a "text" .',
    ":C rdfs:subClassOf :E .", ":E rdfs:subClassOf sdo:Place .", ":E owl:equivalentClass foaf:Person .",
    "id:e1 owl:sameAs <https://v.example/1> .", "id:c1 owl:sameAs <https://w.example/1> .",
    'id:e1 sdo:endDate "2010"^^xsd:gYear .', "id:e1 sdo:location id:n .", ":E :E :E .",
    "id:n rdf:reifies <<( id:e1 :p 01 )>> .", 'id:c1 rdfs:label "c"@en .', "id:n rdf:reifies <<( id:e1 :p 1 )>> .",
)  # fmt: skip
FILES = ("data/a.ttl", "data/b.ttl", "data/outside.ttl", "shapes/s.ttl")


def live(folder: Path, seed: int, steps: int) -> None:
    """Edit a site at random, and compare what is made with a full build each time."""
    source = random.Random(seed)
    said = {name: set(source.sample(LINES, 25)) for name in FILES}
    for _ in range(steps):
        stays = PREFIXES + "id:z :p id:c1 ; a :C, :Z ."
        texts = {name: PREFIXES + "\n".join(one for one in LINES if one in lines) for name, lines in said.items()}
        write(folder / "site", {"kgpub.toml": TOML, "data/stays.ttl": stays} | texts)
        assert contents(made(folder / "site")) == contents(anew(folder / "site", folder / "anew"))
        for name in source.sample(FILES, source.randint(1, 2)):
            said[name] ^= set(source.sample(LINES, source.randint(1, 3)))


def test_a_history(tmp_path: Path) -> None:
    live(tmp_path, 1, 3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_histories(tmp_path: Path, seed: int) -> None:
    live(tmp_path, seed, 5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 20))
def test_histories_where_not_everything_is_told(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in {"MOST": 2 + seed % 3, "MOST_INSIDE": 1 + seed % 2, "MOST_LINKSETS": 1 + seed % 3}.items():
        monkeypatch.setattr(counting, name, most)
    monkeypatch.setattr(tallies, "LARGE", 10)
    live(tmp_path, seed, 5)
