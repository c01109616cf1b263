"""Nothing published disappears silently: what a build says, and what stays in service."""

import json
import shutil
import sqlite3
import tracemalloc
from pathlib import Path

import pytest

from kgpub.errors import EntitiesRemoved
from kgpub.making import succession
from kgpub.making.building import build
from kgpub.making.succession import Departures
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import current

TOML = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["ka", "en"]\n'
HEAD = """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""


def site(folder: Path, turtle: str, toml: str = TOML) -> Settings:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "kgpub.toml").write_text(toml, "utf-8")
    (folder / "data/a.ttl").write_text(HEAD + turtle, "utf-8")
    return load(folder)


def built(folder: Path, turtle: str, toml: str = TOML, *, allow: bool = False) -> Departures:
    found: list[Departures] = []

    def admit(departures: Departures) -> None:
        found.append(departures)
        if not allow:
            succession.refuse(departures)

    build(site(folder, turtle, toml), lambda *_: Report(True), lambda *_: None, admit)
    return found[0]


A, B = "<id/a> rdfs:label 'A'@en .", "<id/b> rdfs:label 'B'@en, 'ბ'@ka ."

KEEPS = [
    ("the same", A + B, A + B),
    ("more", A, A + B),
    ("a tombstone stands for it", A + B, A + "<id/b> owl:deprecated true ."),
    ("a tombstone that leads on", A + B, A + "<id/b> owl:deprecated true ; dcterms:isReplacedBy <id/a> ."),
    ("anything else that is said of it", A + B, A + "<id/b> rdfs:comment 'x' ."),
    ("things elsewhere are not ours", A + "<https://else.example/x> rdfs:label 'X' .", A),
    ("a statement node comes and goes", A + "<fact/1> rdf:subject <id/a> ; rdfs:label 'F' .", A),
    ("what only was an object had no page of its own", A + "<id/a> rdfs:seeAlso <id/z> .", A),
    ("a blank node has no address", A + "[] rdfs:label 'blank' .", A),
]
LOSES = [
    ("a thing", A + B, A, ["https://d.example/id/b"]),
    ("a term with a hash", A + "<ns#P> rdfs:label 'P' .", A, ["https://d.example/ns#P"]),
    ("what is only pointed at now", A + B, A + "<id/a> rdfs:seeAlso <id/b> .", ["https://d.example/id/b"]),
    ("a tombstone", A + "<id/b> owl:deprecated true .", A, ["https://d.example/id/b"]),
    ("an address of the application", A + "<sparql> rdfs:label 'S' .", A, ["https://d.example/sparql"]),
    (
        "a replacement named, but at the other end only",
        A + B,
        A + "<id/a> dcterms:replaces <id/b> .",
        ["https://d.example/id/b"],
    ),
]


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in KEEPS], ids=[row[0] for row in KEEPS])
def test_a_build_goes_through_that_keeps(before: str, after: str, tmp_path: Path) -> None:
    built(tmp_path, before)
    found = built(tmp_path, after)
    assert (found.count, found.unreadable, found.loses) == (0, "", False)


@pytest.mark.parametrize(("before", "after", "lost"), [row[1:] for row in LOSES], ids=[row[0] for row in LOSES])
def test_a_build_is_refused_that_loses(before: str, after: str, lost: list[str], tmp_path: Path) -> None:
    built(tmp_path, before)
    old = current(load(tmp_path))
    with pytest.raises(EntitiesRemoved, match="would disappear; nothing was published") as refused:
        built(tmp_path, after)
    departures = refused.value.departures
    assert isinstance(departures, Departures)
    assert [one.iri for one in departures.named] == lost
    settings = load(tmp_path)
    assert current(settings) == old
    assert [path.name for path in (settings.snapshots_folder / "snapshots").iterdir()] == [old]
    assert list(settings.snapshots_folder.glob("building-*")) == []


def test_what_is_allowed_to_go_is_named_all_the_same(tmp_path: Path) -> None:
    built(tmp_path, A + B)
    found = built(tmp_path, A, allow=True)
    assert [(one.iri, dict(one.labels)) for one in found.named] == [("https://d.example/id/b", {"en": "B", "ka": "ბ"})]
    assert list(succession.lines(found, ("ka", "en"))) == ["no longer there: <https://d.example/id/b>  ბ"]


def test_a_snapshot_that_is_there_already_is_compared_as_well(tmp_path: Path) -> None:
    built(tmp_path, A)
    built(tmp_path, A + B)
    with pytest.raises(EntitiesRemoved):
        built(tmp_path, A)


def test_a_first_build_has_nothing_to_lose(tmp_path: Path) -> None:
    assert built(tmp_path, A) == Departures()


def _without_lists(folder: Path) -> None:
    with sqlite3.connect(folder / "partitions.sqlite") as db:
        db.execute("DROP TABLE entities")


def _garbage(folder: Path) -> None:
    (folder / "partitions.sqlite").write_bytes(b"no database at all" * 100)


@pytest.mark.parametrize("spoil", [shutil.rmtree, _without_lists, _garbage], ids=["gone", "older", "broken"])
def test_an_old_snapshot_that_cannot_be_read_is_told_and_stops_nothing(spoil: object, tmp_path: Path) -> None:
    built(tmp_path, A + B)
    settings = load(tmp_path)
    old = current(settings)
    spoil(settings.snapshots_folder / "snapshots" / old)  # type: ignore[operator] # one of three functions
    found = built(tmp_path, A)
    assert old in found.unreadable
    assert not found.loses
    assert "not known" in next(iter(succession.lines(found, ("en",))))
    assert current(settings) != old


def test_another_base_is_said_clearly(tmp_path: Path) -> None:
    built(tmp_path, A + B)
    other = TOML.replace("d.example", "e.example/kg")
    with pytest.raises(
        EntitiesRemoved, match=r"base is no longer <https://d\.example/>: the addresses of 2 things change"
    ):
        built(tmp_path, A + B, other)
    found = built(tmp_path, A, other, allow=True)
    assert (found.old_base, found.moved, found.count) == ("https://d.example/", 1, 1)
    said = list(succession.lines(found, ("en",)))
    assert said == [
        "the base was <https://d.example/>: 1 things get another address",
        "no longer there: <https://d.example/id/b>  B",
    ]


def test_a_hundred_thousand_things_are_compared_in_little_memory(tmp_path: Path) -> None:
    for name, start in (("old", 0), ("new", 1_500)):
        (tmp_path / name).mkdir()
        with sqlite3.connect(tmp_path / name / "partitions.sqlite") as db:
            db.execute("CREATE TABLE entities (iri TEXT PRIMARY KEY) WITHOUT ROWID")
            db.execute("CREATE TABLE base AS SELECT 'https://d.example/' AS iri")
            rows = ((f"https://d.example/id/{number:07}",) for number in range(start, 100_000))
            db.executemany("INSERT INTO entities VALUES (?)", rows)
    with sqlite3.connect(tmp_path / "old/index.sqlite") as db:
        db.execute("CREATE TABLE texts (iri TEXT, kind INTEGER, texts TEXT)")
    tracemalloc.start()
    found = succession.departures(tmp_path / "old", tmp_path / "new")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.count, len(found.named)) == (1_500, succession.MOST_NAMED)
    assert most < 3_000_000
    said = list(succession.lines(found, ("en",)))
    assert said[-1] == "no longer there: 1450 more (--format json names 1000)"
    assert len(json.dumps(succession.as_json([found]))) > 50_000
