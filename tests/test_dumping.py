"""Dumps that copy what has not changed are, byte for byte, those that are made anew."""

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, Triple, serialize

from kgpub.making import dumping, loading, pieces, reusing
from kgpub.making.dumping import DumpWriter
from kgpub.making.dumps import FOLDER
from kgpub.making.pieces import Before, grouped, remembered
from kgpub.making.reusing import Past
from kgpub.settings import load
from kgpub.snapshot import checksum
from kgpub.source import SourceFile, files
from test_reusing import anew, contents, made, no_waiting

__all__ = ["no_waiting"]

TOML = """title = "T"
base = "https://d.example/"
languages = ["ka", "en"]
[prefixes]
ns = "ns/"
[graphs."data/c.ttl"]
default = false
[graphs."data/secret.ttl"]
publish = false
[dumps]
graphs = true
formats = [
  "nq", "nq.gz", "nq.zst", "trig", "trig.gz", "trig.zst", "jsonld", "jsonld.gz", "jsonld.zst", "ttl", "ttl.gz", "ttl.zst",
]
"""
SUBJECT = re.compile(r"id/(\w+)> (?:<|a )")
TERM = "<id/r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <id/a> <ns/p> 1 )>> ."
START = {
    "data/a.ttl": "<id/a> <ns/p> 1, 01 ; <ns/q> [ <ns/p> <id/b> ] .",
    "data/b.ttl": "<id/b> <ns/p> 'b'@en, <id/a> .",
    "data/c.ttl": "<id/c> <ns/p> 1 . # not in the default graph",
    "data/d.nt": '<https://d.example/id/d> <https://d.example/ns/p> "\\n@prefix x: <x> .\\n" .\n',
    "data/e.ttl": "<id/e> <ns/p> " + ", ".join(map(str, range(40))) + " .",
    "data/f.ttl": "",
    "data/g.trig": "<id/g> <ns/p> 1 . <g/x> { <id/g> <ns/p> 1 } <g/y> { <id/g> <ns/p> 2 } _:own { <id/g> <ns/p> 3 }",
    "data/secret.ttl": "<id/secret> <ns/p> 1 .",
    "data/twin.trig": "<graph/a> { <id/twin> <ns/p> 1 } <graph/f> { <id/twin> <ns/p> 1 } # graphs of other files",
    "shapes/s.ttl": "<id/s> a <http://www.w3.org/ns/shacl#NodeShape> .",
}


@dataclass
class Spy:
    """What is made text of: by format the subjects, and the files that are written to."""

    subjects: set[str] = field(default_factory=set)

    def __call__(self, given: Iterable[Quad | Triple], **how: object) -> bytes | None:
        told = list(given)
        self.subjects |= {one.subject.value.rpartition("/")[2] for one in told if isinstance(one.subject, NamedNode)}
        return serialize(told, **how)  # type: ignore[arg-type] # as it comes


@contextmanager
def small(size: int = 60, most: int = 1_000) -> Iterator[Spy]:
    """Groups are of about so many bytes, and so many graphs have files; who is told what is made text."""
    spy = Spy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "GROUP", size)
        patch.setattr(dumping, "MOST_GRAPHS", most)
        patch.setattr(dumping, "serialize", spy)
        yield spy


def write(folder: Path, site: Mapping[str, str], toml: str = TOML) -> None:
    """Put the files of a site in place of those that are there."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in {"kgpub.toml": toml, **site}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def dumped(site: Path, target: Path, last: Past | None = None) -> Past:
    """Write the dumps of a site as a build does, upon a last snapshot; what the next build has of them."""
    settings = load(site)
    sources = last.recognised(files(settings)) if last else files(settings)
    ends = [0]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with DumpWriter(target / FOLDER, settings, sources, last.dumps(sources) if last else Before()) as dump:
        for file in sources:
            dump.begin(file)
            for batch, merged in loading.batches(file):
                dump.add(batch.quads, merged, "" if file.keeps_graphs else file.graph)
            ends.append(reusing.end(file, ends[-1], dump.position))
        found = dump.finish()
    segments = {file.name: reusing.segment(file, *part) for file, part in zip(sources, pairwise(ends), strict=True)}
    digests = {f"{FOLDER}/{path.name}": checksum(path) for path in (target / FOLDER).iterdir()}
    return Past(target, segments, remembered(json.loads(json.dumps(asdict(found)))), digests)


def bodies(past: Past) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((past.folder / FOLDER).iterdir())}


def assert_same(one: Past, other: Past) -> None:
    assert bodies(one).keys() == bodies(other).keys()
    assert [name for name, body in bodies(one).items() if body != bodies(other)[name]] == []
    assert (one.files, one.pieces) == (other.files, other.pieces)


def touched(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """The files of the groups in which anything has changed, the order of the files included."""
    write(folder, before)
    old = set(grouped(files(load(folder))))
    write(folder, after)
    return {
        name
        for group in grouped(files(load(folder)))
        for name in group
        if group not in old or any(before[one] != after[one] for one in group)
    }


EDITS: dict[str, Mapping[str, str | None]] = {
    "nothing": {},
    "the first file": {"data/a.ttl": "<id/a> <ns/p> 2 ."},
    "the last file": {"shapes/s.ttl": "<id/s> a <ns/Shape> ."},
    "one that is not in the default graph": {"data/c.ttl": "<id/c> <ns/p> 2 ."},
    "one is empty": {"data/b.ttl": ""},
    "one is empty no more": {"data/f.ttl": "<id/f> <ns/p> 1 ."},
    "one goes": {"data/e.ttl": None},
    "one comes": {"data/0.ttl": "<id/0> <ns/p> 1 ."},
    "one moves": {"data/b.ttl": None, "data/h.ttl": START["data/b.ttl"]},
    "one with graphs inside": {"data/g.trig": "<g/y> { <id/g> <ns/p> 2 } <g/z> { <id/g> <ns/p> 2 }"},
    "one with graphs inside comes": {"data/0.trig": "<graph/b> { <id/0> <ns/p> 2 } <g/z> { <id/0> <ns/p> 2 }"},
    "one with graphs inside goes": {"data/g.trig": None},
    "one of two files of a graph": {"data/twin.trig": "<graph/a> { <id/twin> <ns/p> 2 }"},
    "a triple term": {"data/b.ttl": TERM},
    "most": {name: None for name in START if name not in {"data/a.ttl", "data/c.ttl"}},
}


def edited(edit: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in {**START, **edit}.items() if text is not None}


@pytest.mark.parametrize("size", [1, 60, pytest.param(1_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit(tmp_path: Path, edit: Mapping[str, str | None], size: int) -> None:
    site = edited(edit)
    with small(size) as spy:
        names = touched(tmp_path / "site", START, site)
        write(tmp_path / "site", START)
        last = dumped(tmp_path / "site", tmp_path / "last")
        write(tmp_path / "site", site)
        spy.subjects.clear()
        now = dumped(tmp_path / "site", tmp_path / "now", last)
        made_text_of = spy.subjects - {"r", "urn:x:any"}
        assert_same(now, dumped(tmp_path / "site", tmp_path / "anew"))
        write(tmp_path / "site", START)
        assert_same(dumped(tmp_path / "site", tmp_path / "back", now), last)  # and back again
    if not any(name.endswith(".trig") for name in edit):  # where any graph may be said something of
        there = {one for name in names for one in SUBJECT.findall(site[name])}
        assert made_text_of <= there | (
            {"a", "f", "twin"} if {"data/a.ttl", "data/f.ttl"} & names else set()
        )  # graphs of two files


def graph_file(past: Past, name: str) -> Path:
    (found,) = (past.folder / FOLDER).glob(f"graph-{name}-*.ttl")
    return found


def test_the_files_of_graphs_are_linked(tmp_path: Path) -> None:
    with small():
        write(tmp_path / "site", START)
        last = dumped(tmp_path / "site", tmp_path / "last")
        write(tmp_path / "site", START | {"data/b.ttl": "<id/b> <ns/p> 2 ."})
        now = dumped(tmp_path / "site", tmp_path / "now", last)
    linked = {path.name for path in (now.folder / FOLDER).glob("graph-*") if path.stat().st_nlink > 1}
    every = {path.name for path in (now.folder / FOLDER).glob("graph-*")}
    assert every - linked == {graph_file(now, "b").name}
    assert graph_file(now, "g-x").samefile(graph_file(last, "g-x"))


NAMES = [
    f"{name}{end}" for name in ("dataset.trig", "dataset.jsonld", "default-graph.ttl") for end in ("", ".gz", ".zst")
]


@pytest.mark.parametrize("name", [*NAMES, "dataset.nq.gz", "dataset.nq.zst", "graph-e"])
@pytest.mark.parametrize("harm", ["changed", "cut off", "gone"])
def test_what_is_damaged_is_made_anew(tmp_path: Path, name: str, harm: str) -> None:
    harms: dict[str, Callable[[Path], object]] = {
        "changed": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
        "cut off": lambda path: path.write_bytes(path.read_bytes()[:-1]),
        "gone": lambda path: path.unlink(),
    }
    with small() as spy:
        write(tmp_path / "site", START)
        last = dumped(tmp_path / "site", tmp_path / "last")
        harms[harm](graph_file(last, "e") if name == "graph-e" else last.folder / FOLDER / name)
        write(tmp_path / "site", START | {"data/b.ttl": "<id/b> <ns/p> 2 ."})
        spy.subjects.clear()
        now = dumped(tmp_path / "site", tmp_path / "now", last)
        assert "e" in spy.subjects
        assert_same(now, dumped(tmp_path / "site", tmp_path / "anew"))


def test_what_has_no_place_in_json_ld_need_not_be_read_to_be_known(tmp_path: Path) -> None:
    with small(1) as spy:
        site = START | {"data/z.ttl": TERM}
        write(tmp_path / "site", site)
        last = dumped(tmp_path / "site", tmp_path / "last")
        assert not list((last.folder / FOLDER).glob("*.jsonld*"))
        write(tmp_path / "site", site | {"data/b.ttl": "<id/b> <ns/p> 2 ."})
        spy.subjects.clear()
        now = dumped(tmp_path / "site", tmp_path / "now", last)
        assert spy.subjects == {"b", "urn:x:any"}
        assert_same(now, dumped(tmp_path / "site", tmp_path / "anew"))
        write(tmp_path / "site", START)  # now it has a place
        assert_same(dumped(tmp_path / "site", tmp_path / "then", now), dumped(tmp_path / "site", tmp_path / "anew"))
        assert (tmp_path / "then" / FOLDER / "dataset.jsonld").is_file()


@pytest.mark.parametrize("name", ["dataset.trig.zst", "dataset.nq.gz", "dataset.jsonld.gz", "default-graph.ttl.zst"])
def test_kgpub_reads_all_pieces(tmp_path: Path, name: str) -> None:
    with small(1):
        write(tmp_path / "site", START)
        past = dumped(tmp_path / "site", tmp_path / "last")
    other = tmp_path / "other"
    write(other, {"data/x.ttl": ""})
    plain = name.rpartition(".")[0]
    for one in (name, plain):
        shutil.copy(past.folder / FOLDER / one, other / "data" / one)
    packed, unpacked = (next(f for f in files(load(other)) if f.name == f"data/{one}") for one in (name, plain))
    assert packed.outcome.is_sound
    assert _terms(packed) == _terms(unpacked) != []


def _terms(file: SourceFile) -> list[tuple[str, str]]:
    """What a file says, but for the names of blank nodes, which are made of its own."""
    return [(str(quad.predicate), str(quad.object)) for quad in file.quads() if not isinstance(quad.object, BlankNode)]


def test_many_small_files(tmp_path: Path) -> None:
    site = {f"data/f{n}.ttl": f"<id/f{n}> <ns/p> {n} ." for n in range(300)}
    after = site | {"data/f7.ttl": "<id/f7> <ns/p> 'seven' ."}
    with small(500) as spy:
        names = touched(tmp_path / "site", site, after)
        assert 1 <= len(names) < 150
        write(tmp_path / "site", site)
        last = dumped(tmp_path / "site", tmp_path / "last")
        write(tmp_path / "site", after)
        spy.subjects.clear()
        now = dumped(tmp_path / "site", tmp_path / "now", last)
        assert spy.subjects == {Path(name).stem for name in names} | {"urn:x:any"}
        assert_same(now, dumped(tmp_path / "site", tmp_path / "anew"))


def test_files_of_several_batches(tmp_path: Path) -> None:
    long = "".join(f"<id/long> <ns/p> {n} .\n" for n in range(10_500))
    site = {
        "data/a.ttl": "<id/a> <ns/p> 1 .",
        "data/b.ttl": long,
        "data/c.ttl": long,
        "data/d.trig": f"<g/x> {{ {long} }}",
    }
    with small() as spy:
        write(tmp_path / "site", site)
        last = dumped(tmp_path / "site", tmp_path / "last")
        write(tmp_path / "site", site | {"data/a.ttl": "<id/a> <ns/p> 2 ."})
        spy.subjects.clear()
        now = dumped(tmp_path / "site", tmp_path / "now", last)
        assert spy.subjects == {"a", "urn:x:any"}
        assert_same(now, dumped(tmp_path / "site", tmp_path / "anew"))


def test_a_build_copies(tmp_path: Path) -> None:
    site = START | {"data/b.ttl": "<id/b> <ns/p> 2 .", "data/h.ttl": "<id/h> a <ns/C> ."}
    with small(1) as spy:
        write(tmp_path / "site", START)
        made(tmp_path / "site")
        for name in sorted(site):
            (tmp_path / "site" / name).write_text(site[name], "utf-8")
        spy.subjects.clear()
        snapshot = made(tmp_path / "site")
        assert spy.subjects == {"b", "h", "urn:x:any"}
        assert contents(snapshot) == contents(anew(tmp_path / "site", tmp_path / "anew"))


def test_a_snapshot_whose_pieces_are_told_otherwise_is_not_built_upon(tmp_path: Path) -> None:
    write(tmp_path / "site", START)
    path = made(tmp_path / "site") / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["again"]["dumps"] = {"groups": [1]}
    path.write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "site/data/b.ttl").write_text("<id/b> <ns/p> 2 .", "utf-8")
    assert contents(made(tmp_path / "site")) == contents(anew(tmp_path / "site", tmp_path / "anew"))


PLAIN = st.lists(
    st.sampled_from(
        ["<id/a> <ns/p> 1 .", "<id/b> <ns/p> '@prefix x: <y> .'@en .", "[] <ns/q> [] .", "<id/a> <ns/p> 'x'@en-GB ."]
    )
)
TURTLE = st.one_of(PLAIN, PLAIN, PLAIN, st.just([TERM])).map("\n".join)
GRAPHS = st.lists(st.tuples(st.sampled_from(["<g/x>", "<graph/a>", "_:g", "<g/y>"]), PLAIN), max_size=3).map(
    lambda graphs: "\n".join(f"{name} {{\n{chr(10).join(lines)}\n}}" for name, lines in graphs)
)
SITES = st.fixed_dictionaries(
    {"data/k.ttl": st.just("<id/k> <ns/p> 1 .")},
    optional={f"data/{name}.ttl": TURTLE for name in ("a", "b", "c", "e", "secret", "z")}
    | {"data/d.trig": GRAPHS, "data/y.trig": GRAPHS},
)


def follow(folder: Path, history: list[dict[str, str]], size: int, most: int) -> None:
    last: Past | None = None
    with small(size, most):
        for step, site in enumerate(history):
            write(folder / "site", site)
            last = dumped(folder / "site", folder / f"{step}", last)
            assert_same(last, dumped(folder / "site", folder / "anew"))


@given(st.lists(SITES, min_size=2, max_size=4), st.sampled_from([1, 60, 400]), st.sampled_from([0, 2, 1_000]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_history(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]], size: int, most: int
) -> None:
    follow(tmp_path_factory.mktemp("dumping"), history, size, most)


@pytest.mark.slow
@given(st.lists(SITES, min_size=2, max_size=6), st.sampled_from([1, 60, 400]), st.sampled_from([0, 2, 1_000]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_many_histories(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]], size: int, most: int
) -> None:
    follow(tmp_path_factory.mktemp("dumping"), history, size, most)
