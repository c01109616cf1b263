"""Snapshots: what is in them, what never is, and that a description is what was put in, bounded."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgpub import describe as ask
from kgpub.engine import DatasetClause
from kgpub.errors import NoSnapshot, NoSuchEntity, ShapesViolated, SnapshotBroken
from kgpub.making.building import build
from kgpub.making.naming import version_of
from kgpub.making.stored import as_stored
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import DUMP, Snapshot, current, open_snapshot
from kgpub.source import SourceFile, files

TOML = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["ka", "en"]\n'
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
READER = ask.Asked(("ka", "en"))


def conforms(_: tuple[SourceFile, ...], __: Settings) -> Report:
    return Report(True)


def quiet(_: str, __: int) -> None:
    pass


def made(folder: Path, data: dict[str, str], toml: str = TOML) -> tuple[Settings, Snapshot]:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "kgpub.toml").write_text(toml, "utf-8")
    for name, text in data.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text if name.endswith(".ttl") else text, "utf-8")
    settings = load(folder)
    build(settings, conforms, quiet)
    return settings, open_snapshot(settings)


def described(snapshot: Snapshot, iri: str) -> list[str]:
    found = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, iri, READER)
    return [str(q.object) for q in found.quads if q.subject == NamedNode(iri)]


def asked(snapshot: Snapshot, query: str) -> str:
    return b"".join(snapshot.engine.stream(query, "text/csv", DatasetClause()).chunks).decode()


LITERALS = [
    f'"01"^^<{XSD}integer>',
    f'"3"^^<{XSD}int>',
    f'"7"^^<{XSD}nonNegativeInteger>',
    f'"1.30"^^<{XSD}decimal>',
    f'"1"^^<{XSD}boolean>',
    f'"2020-01-01T00:00:00+00:00"^^<{XSD}dateTime>',
    f'"2020-01-01T00:00:00.000Z"^^<{XSD}dateTime>',
    f'"P1Y0M"^^<{XSD}yearMonthDuration>',
    f'"--11-24"^^<{XSD}gMonthDay>',
    f'"2017-06"^^<{XSD}gYearMonth>',
    f'"1e0"^^<{XSD}double>',
    f'"not a date"^^<{XSD}date>',
    '"plain"',
    '"საქართველო"@ka',
    '"x"^^<https://d.example/ns/own>',
]


def test_a_document_gives_every_literal_as_it_was_written(tmp_path: Path) -> None:
    _, snapshot = made(tmp_path, {"data/a.ttl": f"<id/a> <ns/p> {' , '.join(LITERALS)} ."})
    assert sorted(described(snapshot, "https://d.example/id/a")) == sorted(LITERALS)


def test_originals_that_share_one_stored_triple_all_come_back(tmp_path: Path) -> None:
    numbers = [
        f'"{text}"^^<{XSD}{kind}>'
        for text, kind in (("1", "integer"), ("01", "integer"), ("1", "int"), ("+1", "integer"))
    ]
    data = {
        "data/a.ttl": f"<id/a> <ns/p> {', '.join(numbers[:2])} .",
        "data/b.ttl": f"<id/a> <ns/p> {', '.join(numbers[2:])} .",
    }
    _, snapshot = made(tmp_path, data)
    assert sorted(described(snapshot, "https://d.example/id/a")) == sorted(numbers)


def test_as_stored_is_what_the_store_gives_back() -> None:
    one = Literal("01", datatype=NamedNode(XSD + "integer"))
    assert as_stored(one) == Literal("1", datatype=NamedNode(XSD + "integer"))


SECRET = "ს ა ი დ უ მ ლ ო ZZSECRETZZ"


@pytest.mark.parametrize(
    "rule", ['"data/private.ttl"', '"data/priv*"', '"graph/private"', '"https://d.example/graph/private"']
)
def test_what_is_not_published_is_nowhere(tmp_path: Path, rule: str) -> None:
    toml = f"{TOML}[graphs.{rule}]\npublish = false\n"
    data = {"data/a.ttl": '<id/a> rdfs:label "A"@en .', "data/private.ttl": f'<id/secret> rdfs:label "{SECRET}"@ka .'}
    _, snapshot = made(tmp_path, data, toml)
    with pytest.raises(NoSuchEntity):
        described(snapshot, "https://d.example/id/secret")
    assert (
        asked(
            snapshot,
            "SELECT ?s WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(STRENDS(STR(?s), 'secret')) }",
        )
        == "s\r\n"
    )
    assert snapshot.search.find("ZZSECRETZZ", languages=("ka",))[0] == 0
    for path in (tmp_path / ".kgpub").rglob("*"):
        if path.is_file():
            assert b"ZZSECRETZZ" not in path.read_bytes(), path


def test_a_graph_inside_trig_can_be_kept_back_too(tmp_path: Path) -> None:
    toml = f'{TOML}[graphs."g/private"]\npublish = false\n'
    trig = "<g/open> { <id/a> <ns/p> 1 } <g/private> { <id/b> <ns/p> 2 }"
    _, snapshot = made(tmp_path, {"data/a.trig": trig}, toml)
    assert described(snapshot, "https://d.example/id/a")
    with pytest.raises(NoSuchEntity):
        described(snapshot, "https://d.example/id/b")


def test_the_default_graph_holds_a_triple_once_and_leaves_out_what_it_is_told_to(tmp_path: Path) -> None:
    toml = f'{TOML}[graphs."data/c.ttl"]\ndefault = false\n'
    same = '<id/a> rdfs:label "A"@en .'
    shape = "<shape/s> a <http://www.w3.org/ns/shacl#NodeShape> ."
    data = {"data/a.ttl": same, "data/b.ttl": same, "data/c.ttl": '<id/c> rdfs:label "C"@en .', "shapes/s.ttl": shape}
    _, snapshot = made(tmp_path, data, toml)
    assert asked(snapshot, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == "n\r\n1\r\n"
    assert asked(snapshot, "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }") == "n\r\n4\r\n"
    assert snapshot.statistics.triples == 2
    assert described(snapshot, "https://d.example/id/c") == ['"C"@en']


REIFIED = """
<id/a> <ns/p> "01"^^xsd:integer ; rdfs:label "A"@en ; <ns/knows> <id/b> . <id/b> rdfs:label "B"@en .
<fact/1> a rdf:Statement ; rdf:subject <id/a> ; rdf:predicate <ns/p> ; rdf:object "01"^^xsd:integer ;
  prov:hadPrimarySource <id/doc> ; oa:hasSelector [ oa:exact "words"@ka ] .
<fact/2> a rdf:Statement ; rdf:subject <id/a> ; rdf:predicate <ns/knows> ; rdf:object <id/b> ; prov:hadPrimarySource <id/doc> .
<fact/3> rdf:reifies <<( <id/a> rdfs:label "A"@en )>> ; prov:hadPrimarySource <id/doc> .
<id/doc> rdfs:label "Doc"@en .
"""


def test_sources_are_read_from_statement_nodes_and_reifiers(tmp_path: Path) -> None:
    _, snapshot = made(tmp_path, {"data/a.ttl": REIFIED})
    found = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, "https://d.example/id/a", READER)
    sources = {s.predicate.value.rpartition("/")[2]: s.sources for s in found.statements}
    documents = {name: [s.document for s in many] for name, many in sources.items()}
    assert documents == {name: ["https://d.example/id/doc"] for name in ("p", "knows", "rdf-schema#label")}
    assert sources["p"][0].quote is not None and sources["p"][0].quote.value == "words"
    back = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, "https://d.example/id/b", READER)
    assert [(i.predicate, i.count, i.links[0].sources[0].document) for i in back.incoming] == [
        ("https://d.example/ns/knows", 1, "https://d.example/id/doc")
    ]


def test_statement_nodes_are_no_links_no_hits_and_no_members(tmp_path: Path) -> None:
    _, snapshot = made(tmp_path, {"data/a.ttl": REIFIED + '<fact/1> rdfs:label "zzfactzz"@en .'})
    doc = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, "https://d.example/id/doc", READER)
    assert doc.incoming == ()
    assert snapshot.statistics.classes == ()
    assert snapshot.search.find("zzfactzz", languages=("en",))[0] == 0


def test_a_graph_s_own_source_stands_in_where_statements_have_none(tmp_path: Path) -> None:
    data = {"data/a.ttl": '<id/a> rdfs:label "A"@en . <graph/a> prov:wasDerivedFrom <id/doc> .'}
    _, snapshot = made(tmp_path, data)
    found = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, "https://d.example/id/a", READER)
    assert [s.document for s in found.statements[0].sources] == ["https://d.example/id/doc"]


@pytest.mark.parametrize("links", [3, 100, 101, 3000])
def test_a_hub_shows_as_much_as_a_small_thing_and_pages_through_all(tmp_path: Path, links: int) -> None:
    lines = "\n".join(
        f'<id/m{n}> <ns/of> <id/hub> ; rdfs:label "წევრი {n:05}"@ka , "Member {links - n:05}"@en .'
        for n in range(links)
    )
    _, snapshot = made(tmp_path, {"data/a.ttl": lines})
    found = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, "https://d.example/id/hub", READER)
    assert [(i.predicate, i.count, len(i.links)) for i in found.incoming] == [
        ("https://d.example/ns/of", links, min(links, READER.preview))
    ]
    assert found.incoming[0].links[0].subject == "https://d.example/id/m0"
    seen: list[str] = []
    for number in range(1, -(-links // 50) + 1):
        page = ask.Page("https://d.example/id/hub", "https://d.example/ns/of", ("en", "ka"), number)
        one = ask.listing(snapshot.engine, snapshot.index, snapshot.graphs, page)
        assert (one.count, one.page) == (links, number)
        seen += one.members
    assert seen == [f"https://d.example/id/m{n}" for n in reversed(range(links))]
    with pytest.raises(NoSuchEntity):
        beyond = ask.Page("https://d.example/id/hub", "https://d.example/ns/of", ("en",), 10_000)
        ask.listing(snapshot.engine, snapshot.index, snapshot.graphs, beyond)


NOTHING = "SELECT ?statement ?subject ?predicate ?object WHERE { FILTER(false) }"
CHANGES = [
    ("data", {"data/a.ttl": "<id/a> <ns/p> 2 ."}, TOML, True),
    ("a setting that changes a build", {}, TOML + 'prefixes = { x = "x/" }\n', True),
    ("the provenance question", {"queries/provenance.rq": NOTHING}, TOML, True),
    ("a colour", {}, TOML + 'accent = "#112233"\n', False),
    ("how blank nodes are named", {}, TOML + '[reading]\nblank_nodes = "iris"\n', True),
    ("how strictly the files are read", {}, TOML + "[reading]\nstrict = true\n", False),
    ("nothing", {}, TOML, False),
]


@pytest.mark.parametrize(("files_", "toml", "changes"), [r[1:] for r in CHANGES], ids=[r[0] for r in CHANGES])
def test_the_version_follows_from_what_is_built(
    tmp_path: Path, files_: dict[str, str], toml: str, changes: bool
) -> None:
    settings, _ = made(tmp_path, {"data/a.ttl": "<id/a> <ns/p> 1 ."})
    before = current(settings)
    after, _ = made(tmp_path, files_, toml)
    assert (current(after) != before) is changes


def test_a_violation_publishes_nothing(tmp_path: Path) -> None:
    settings, _ = made(tmp_path, {"data/a.ttl": "<id/a> <ns/p> 1 ."})
    before = current(settings)
    (tmp_path / "data/a.ttl").write_text("<id/a> <ns/p> 2 .")
    with pytest.raises(ShapesViolated):
        build(settings, lambda *_: Report(False), quiet)
    assert current(settings) == before
    assert version_of(files(settings), settings) != before


def test_no_snapshot_and_a_broken_one_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "kgpub.toml").write_text(TOML)
    with pytest.raises(NoSnapshot):
        open_snapshot(load(tmp_path))
    settings, snapshot = made(tmp_path, {"data/a.ttl": "<id/a> <ns/p> 1 ."})
    manifest = snapshot.folder / "manifest.json"
    manifest.write_text("{", "utf-8")
    with pytest.raises(SnapshotBroken):
        open_snapshot(settings)


def test_a_build_that_is_killed_leaves_the_last_snapshot(tmp_path: Path) -> None:
    settings, _ = made(tmp_path, {"data/a.ttl": "<id/a> <ns/p> 1 ."})
    before = current(settings)
    lines = "".join(f"<id/x{n}> <ns/p> {n} .\n" for n in range(60_000))
    (tmp_path / "data/b.ttl").write_text(lines)
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-m", "kgpub", "build", str(tmp_path)], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while (
            not list((tmp_path / ".kgpub").glob("building-*"))
            and process.poll() is None
            and time.monotonic() < deadline
        ):
            time.sleep(0.005)
        os.kill(process.pid, 9)
        process.wait()
        assert current(settings) == before
        assert described(open_snapshot(settings), "https://d.example/id/a")
    for left in (tmp_path / ".kgpub/snapshots").glob("*/manifest.json"):
        json.loads(left.read_text("utf-8"))


def test_a_hash_namespace_is_one_document_with_all_its_parts(tmp_path: Path) -> None:
    data = {"data/a.ttl": '<voc#A> rdfs:label "A"@en . <voc#B> rdfs:label "B"@en ; rdfs:seeAlso <voc#A> .'}
    _, snapshot = made(tmp_path, data)
    found = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, "https://d.example/voc", READER)
    assert found.parts == ("https://d.example/voc#A", "https://d.example/voc#B")
    assert {str(q.subject) for q in found.quads} == {"<https://d.example/voc#A>", "<https://d.example/voc#B>"}
    assert [len(found.nested[part]) for part in found.parts] == [1, 2]


def test_the_dump_is_what_was_put_in(tmp_path: Path) -> None:
    settings, snapshot = made(tmp_path, {"data/a.ttl": f"<id/a> <ns/p> {' , '.join(LITERALS)} , [ <ns/q> 1 ] ."})
    written = list(parse((snapshot.folder / DUMP).read_bytes(), format=RdfFormat.N_QUADS))
    assert written == [quad for file in files(settings) for quad in file.quads()]
