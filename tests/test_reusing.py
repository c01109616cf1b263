"""A build that takes over from the last snapshot what has not changed makes what a full build makes."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from kgpub.making import altering, building, comparing, naming, reusing
from kgpub.making.altering import Altered, Begun, Exchange
from kgpub.model import Report
from kgpub.searching import writing
from kgpub.settings import load
from kgpub.source import SourceFile, files

HEAD = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["ka", "en"]\n'
TOML = f'{HEAD}[graphs."data/c.ttl"]\ndefault = false\n'
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
START = {
    "kgpub.toml": TOML,
    "data/a.ttl": f'<id/a> a <ns/C> ; <ns/p> 1, <id/b> ; <ns/q> [ <ns/p> <id/a> ] ; {LABEL} "ა"@ka, "a"@en .',
    "data/b.ttl": "<id/b> a <ns/C> . <id/a> <ns/p> 01, <id/b> .",
    "data/c.ttl": "<id/a> <ns/p> 1, 2 . <id/c> a <ns/E> .",
    "data/d.nt": "<https://d.example/id/d> <https://d.example/ns/p> <https://d.example/id/a> .",
    "shapes/s.ttl": "<shape/s> a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetClass> <ns/C> .",
}
"""Files with triples in common, in the default graph and not, in two lexical forms."""


def write(folder: Path, site: Mapping[str, str]) -> None:
    for old in [path for part in ("data", "shapes") for path in (folder / part).glob("*")]:
        old.unlink()
    for name, text in site.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def made(folder: Path, *, full: bool = False) -> Path:
    site = load(folder)
    version = building.build(site, lambda *_: Report(True), lambda *_: None, lambda _: None, full=full)
    return site.snapshots_folder / "snapshots" / version


def contents(snapshot: Path) -> dict[str, object]:
    """What is in a snapshot: files byte for byte, tables row for row, the store quad for quad."""
    found: dict[str, object] = {"version": snapshot.name}
    for path in sorted(p for p in snapshot.rglob("*") if p.is_file()):
        name = path.relative_to(snapshot).as_posix()
        if path.suffix == ".sqlite":
            db = sqlite3.connect(path)
            for (table,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall():
                found[f"{name} {table}"] = sorted(map(repr, db.execute(f"SELECT * FROM {table}")))
            db.close()
        elif not name.startswith(("store/", "search/")) and name != "manifest.json":
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    found["search"] = documents(snapshot / "search")
    dump = Store.read_only(str(snapshot / "store")).dump(format=RdfFormat.N_QUADS)
    assert dump is not None
    found["store"] = sorted(dump.splitlines())
    found["graphs"] = sorted(str(graph) for graph in Store.read_only(str(snapshot / "store")).named_graphs())
    manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    del manifest["again"]["altered"]  # nothing, where everything is made anew
    return found | {name: manifest[name] for name in ("sources", "shapes", "again")}


def documents(folder: Path) -> list[str]:
    """What a search index hands back of each thing."""
    searcher = tantivy.Index.open(str(folder)).searcher()
    hits = searcher.search(tantivy.Query.all_query(), limit=max(searcher.num_docs, 1)).hits
    return sorted(str(searcher.doc(at).to_dict()) for _, at in hits)


def anew(folder: Path, other: Path) -> Path:
    """The same site, built where no snapshot is."""
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns(".kgpub"))
    return made(other, full=True)


@pytest.fixture(autouse=True, scope="module")
def no_waiting() -> Iterator[None]:
    """Nothing is forced to disk: no power fails here. However small a search index is, the next one is made of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "FEW", 0)
        patch.setattr(writing, "_WORN", 1)
        patch.setattr(building, "sync", lambda _: None)
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    write(site, START)
    made(site)
    return site


class Seen(NamedTuple):
    """What a build that had a last snapshot found in the store already, and how that was altered."""

    there: frozenset[str]
    rough: bool
    bytes: int


@pytest.fixture
def altered(monkeypatch: pytest.MonkeyPatch) -> list[Seen]:
    """What each build found in the store already, and made of it."""
    heard: list[Seen] = []
    under_way: list[bool] = []
    begin, exchange = reusing.Past.begin, altering.exchange

    def listen(self: reusing.Past, folder: Path, sources: tuple[SourceFile, ...]) -> Begun:
        under_way.append(True)
        return begin(self, folder, sources)

    def listen_further(store: Store, begun: Begun, exchanged: Mapping[str, Exchange]) -> Altered:
        found = exchange(store, begun, exchanged)
        if under_way:
            under_way.clear()
            heard.append(Seen(begun.there, found.rough, found.bytes))
        return found

    monkeypatch.setattr(reusing.Past, "begin", listen)
    monkeypatch.setattr(building, "exchange", listen_further)
    return heard


ALL = frozenset(START) - {"kgpub.toml"}
EDITS = {
    "one file says more": {"data/b.ttl": START["data/b.ttl"] + " <id/new> a <ns/D> ; <ns/p> 1 ."},
    "what another graph says as well goes": {"data/b.ttl": "<id/b> a <ns/C> ."},
    "what only a graph outside the default one says as well goes": {"data/a.ttl": "<id/a> a <ns/C> ."},
    "a graph outside the default one": {"data/c.ttl": "<id/c> a <ns/E>, <ns/F> ."},
    "blank nodes": {"data/a.ttl": "<id/a> <ns/q> [ <ns/p> 1 ], [ <ns/p> 1 ] ."},
    "shapes": {"shapes/s.ttl": "<shape/s> a <http://www.w3.org/ns/shacl#NodeShape> ."},
    "a file is empty": {"data/b.ttl": ""},
    "a triple term": {
        "data/b.ttl": "<id/b> a <ns/C> . <id/r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <id/a> <ns/p> 1 )>> ."
    },
    "capitals and what has to be mended": {"data/b.ttl": f'<id/b> {LABEL} "b"@EN-us . <id/b> <ns/p> <id/x y> .'},
}


QUICK = {"one file says more", "blank nodes", "capitals and what has to be mended"}
"""Edits that are tried every time; the others with the slow tests."""


@pytest.mark.parametrize(
    "edit",
    [pytest.param(edit, id=name, marks=[] if name in QUICK else [pytest.mark.slow]) for name, edit in EDITS.items()],
)
def test_an_edit(folder: Path, tmp_path: Path, altered: list[Seen], edit: Mapping[str, str]) -> None:
    write(folder, {**START, **edit})
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert [(one.there, one.rough) for one in altered] == [(ALL, False)]
    write(folder, START | {"data/d.nt": ""})  # and on from there
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))


def test_all_files_change(folder: Path, tmp_path: Path, altered: list[Seen]) -> None:
    write(folder, {name: text if name == "kgpub.toml" else f"{text}\n" for name, text in START.items()})
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert [(one.there, one.rough) for one in altered] == [(ALL, False)]


def test_files_that_differ_in_much_have_the_store_made_anew(
    folder: Path, tmp_path: Path, altered: list[Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST_BYTES", 10)
    write(folder, START | EDITS["one file says more"])
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert altered == [(frozenset(), True, 0)]


def test_what_stands_in_a_file_twice_stays_until_both_go(folder: Path, tmp_path: Path, altered: list[Seen]) -> None:
    said = "<id/x> <ns/p> 01, 1 . <id/y> <ns/p> <id/z> . "
    for text in (
        f"{said} <id/b> <ns/p> 5 . {said}",
        f"{said} <id/x> <ns/p> 1 .",
        "<id/x> <ns/p> 1 .",
        "<id/x> <ns/p> 01 .",
    ):
        write(folder, START | {"data/b.ttl": text})
        assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert [(one.there, one.rough) for one in altered] == [(ALL, False)] * 4


def test_a_store_that_was_altered_often_is_made_compact(
    folder: Path, altered: list[Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit(number: int) -> None:
        write(folder, START | {"data/b.ttl": f"<id/b> <ns/p> {number} ."})
        made(folder)

    for number in range(3):
        edit(number)
    first, second, third = (one.bytes for one in altered)
    assert 0 < first < second < third
    monkeypatch.setattr(altering, "MOST_ROUGH", third)
    for number in range(3, 5):
        edit(number)
    assert [(one.bytes, one.rough) for one in altered[3:]] == [(0, True), (third - second, False)]


def test_files_come_go_and_move(folder: Path, tmp_path: Path, altered: list[Seen]) -> None:
    site = {name: text for name, text in START.items() if name != "data/b.ttl"} | {
        "data/e.ttl": START["data/b.ttl"],
        "data/f.ttl": "<id/f> a <ns/C> .",
    }
    write(folder, site)
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert [(one.there, one.rough) for one in altered] == [(ALL - {"data/b.ttl"}, False)]


DOUBTS = {
    "a file that names graphs": {"data/g.trig": "<id/a> <ns/p> 1 . <g/x> { <id/a> <ns/p> 1 }"},
    "another setting": {"kgpub.toml": HEAD},
    "a query of the site": {
        "queries/provenance.rq": "SELECT ?statement ?subject ?predicate ?object { ?statement <urn:x> ?subject, ?predicate, ?object }"
    },
}


@pytest.mark.parametrize("edit", DOUBTS.values(), ids=DOUBTS)
def test_where_there_is_doubt_everything_is_loaded(
    folder: Path, tmp_path: Path, altered: list[Seen], edit: Mapping[str, str]
) -> None:
    write(folder, {**START, **edit})
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert not any(one.there for one in altered)


@pytest.mark.parametrize("harm", ["dumps/dataset.nq", "store/CURRENT", "manifest.json", "again", "another format"])
def test_a_damaged_snapshot_is_not_built_upon(folder: Path, tmp_path: Path, altered: list[Seen], harm: str) -> None:
    snapshot = made(folder)
    path = snapshot / "manifest.json"
    if harm == "again":
        manifest = json.loads(path.read_text("utf-8"))
        del manifest["again"]
        path.write_text(json.dumps(manifest), "utf-8")
    elif harm == "another format":
        path.write_text(path.read_text("utf-8").replace('"plain"', '"other"'), "utf-8")
    else:
        with (snapshot / harm).open("ab") as file:
            file.write(b"\n#")
    write(folder, START | EDITS["one file says more"])
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert altered == []


def _without_a_part(search: Path) -> None:
    next(search.glob("*.store")).unlink()


def _with_a_part_more(search: Path) -> None:
    (search / "another").write_bytes(b"")


def _with_digests_cut(search: Path) -> None:
    (search / writing.DIGESTS).write_bytes((search / writing.DIGESTS).read_bytes()[:100])


@pytest.mark.parametrize("harm", [shutil.rmtree, _without_a_part, _with_a_part_more, _with_digests_cut])
def test_no_search_index_is_made_of_a_damaged_one(folder: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    harm(made(folder) / "search")
    write(folder, START | EDITS["one file says more"])
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))


def test_a_large_change_makes_the_store_anew(
    folder: Path, tmp_path: Path, altered: list[Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reusing, "MOST_ALTERED", 10)
    write(folder, START | {"data/n.ttl": "<id/n> <ns/p> 1 ."})
    assert contents(made(folder)) == contents(anew(folder, tmp_path / "anew"))
    assert altered == [(frozenset(), True, 0)]


def test_a_full_build_looks_at_no_snapshot(folder: Path, altered: list[Seen]) -> None:
    write(folder, START | EDITS["one file says more"])
    made(folder, full=True)
    assert altered == []


def test_the_last_snapshot_stays_what_it_was(folder: Path) -> None:
    before = made(folder)
    told = contents(before)
    bytes_before = {path: path.read_bytes() for path in before.rglob("*") if path.is_file()}
    write(folder, START | EDITS["what another graph says as well goes"])
    made(folder)
    assert contents(before) == told
    assert {path: path.read_bytes() for path in bytes_before} == bytes_before


def test_a_file_is_read_off_the_dump_by_pieces(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reusing, "_PIECE", 7)
    site = load(folder)
    past = reusing.past(site.snapshots_folder, naming.key_of(site), files(site))
    assert past is not None
    for file, known in zip(files(site), past.recognised(files(site)), strict=True):
        assert isinstance(known, reusing.Unchanged)
        assert list(known.quads()) == list(file.quads())
        assert known.outcome == replace(file.outcome, is_sound=False)


NODES = st.sampled_from(["<id/a>", "<id/b>", "<id/c>", "[ <ns/p> 1 ]"])
OBJECTS = st.one_of(NODES, st.sampled_from(["1", "01", '"x"', '"x\\n"@en', '"x"@en-US', "true", "1.50"]))
FILES = st.lists(st.tuples(NODES, st.sampled_from(["a", "<ns/p>", LABEL]), OBJECTS), max_size=4).map(
    lambda triples: "".join(f"{' '.join(one)} .\n" for one in triples)
)
SITES = st.dictionaries(st.sampled_from(["data/a.ttl", "data/b.ttl", "data/c.ttl", "data/d.ttl"]), FILES, min_size=1)


@pytest.mark.slow
@given(st.lists(SITES, min_size=2, max_size=4))
@settings(max_examples=6, deadline=None)
def test_whatever_is_edited_a_build_makes_what_a_full_one_makes(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("reusing")
    for site in history:
        write(folder / "site", {"kgpub.toml": TOML, "data/z.ttl": "<id/z> <ns/p> <id/a>, 1 ."} | site)
        assert contents(made(folder / "site")) == contents(anew(folder / "site", folder / "anew"))


@pytest.mark.slow
@given(st.lists(SITES, min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_many_histories(tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]) -> None:
    test_whatever_is_edited_a_build_makes_what_a_full_one_makes.hypothesis.inner_test(tmp_path_factory, history)
