"""The dumps hold what was put in, term for term, and are sent whole or in ranges."""

import errno
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.errors import SettingsError
from kgpub.linking import link
from kgpub.making import dumping, dumps
from kgpub.making.building import build
from kgpub.making.dumps import Dump
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import Snapshot, open_snapshot
from kgpub.source import files
from kgpub.web import create_app
from kgpub.web.downloads import Span, ranged
from kgpub.web.serving import Serving

TOML = """
title = "Things"
base = "https://kg.example/"
languages = ["ka", "en"]
[prefixes]
id = "id/"
ns = "ns/"
[graphs."data/apart.ttl"]
default = false
[graphs."data/secret.ttl"]
publish = false
"""
ALL = """
[dumps]
graphs = true
formats = [
  "nq", "nq.gz", "nq.zst", "trig", "trig.gz", "trig.zst", "jsonld", "jsonld.gz", "jsonld.zst", "ttl", "ttl.gz", "ttl.zst",
]
"""
TOML += ALL
XSD = "http://www.w3.org/2001/XMLSchema#"
HARD = (
    "<id/a> a <ns/C> ; <ns/p> 1 , 01 , +1 , 1.0 , 01.50 , '1.'^^xsd:decimal , '.5'^^xsd:decimal , 1e0 , true , 'a'@en-gb , 'ა'@ka ,\n"
    "  '1'^^xsd:boolean , '2020-01-01+04:00'^^xsd:date , 'x\\ty\\n\"z\\\\'@en , '''long\n@prefix x: <x> .\n''' , '\\u0007' ,\n"
    "  [ <ns/q> (1 <id/b> [ ]) ] , <id/ა%20ბ> , 'is no number'^^xsd:integer , '1'^^<ns/type> .\n"
    "<urn:x:y> <https://elsewhere.example/p> <id/a#part> .\n"
)
FILES = {
    "data/a.ttl": HARD,
    "data/apart.ttl": "<id/apart> <ns/p> <id/a> .",
    "data/secret.ttl": "<id/secret> <ns/p> <id/a> .",
    "data/many.trig": "<g/ერთი> { <id/a> <ns/p> 1 } <g/2> { <id/a> <ns/p> 1 , 2 } _:g { _:x <ns/p> _:y } <id/d> <ns/p> 3 .",
    "data/same.nq": '<https://kg.example/id/a> <https://kg.example/ns/p> "1" <https://kg.example/g/2> .\n',
    "data/empty.ttl": "",
    "shapes/s.ttl": "<ns/Shape> a <http://www.w3.org/ns/shacl#NodeShape> .",
}
HARD_ONE = "".join(f"<id/x{n}> <ns/p> {n} , '@prefix x: <y> .'@en .\n" for n in range(5_500))
FILES = {name: f"@prefix xsd: <{XSD}> .\n{text}" if name.endswith(".ttl") else text for name, text in FILES.items()}
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda body: body,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True).read(),
}
READERS = {
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
}


def made(folder: Path, contents: dict[str, str], toml: str = TOML) -> tuple[Settings, Snapshot]:
    settings = load(write_site(folder, contents, toml))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings, open_snapshot(settings)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Snapshot]]:
    settings, snapshot = made(tmp_path_factory.mktemp("dumps"), FILES)
    yield settings, snapshot
    snapshot.close()


@pytest.fixture(scope="module")
def client(site: tuple[Settings, Snapshot]) -> Iterator[TestClient]:
    with TestClient(
        create_app(Serving(site[0])), follow_redirects=False, headers={"Accept-Encoding": "identity"}
    ) as made:
        yield made


def body(snapshot: Snapshot, dump: Dump) -> bytes:
    return CODINGS[dump.coding]((snapshot.folder / dumps.FOLDER / dump.name).read_bytes())


def read(snapshot: Snapshot, dump: Dump) -> list[Quad]:
    return list(parse(body(snapshot, dump), format=READERS[dump.extension]))


def expected(settings: Settings, dump: Dump) -> set[Quad] | set[Triple]:
    if dump.default:
        return {q.triple for f in files(settings) for q in f.quads() if f.merges(str(q.graph_name).strip("<>"))}
    quads = [quad for file in files(settings) for quad in file.quads()]
    if dump.graph:
        return {quad.triple for quad in quads if quad.graph_name == NamedNode(dump.graph)}
    return set(quads)


NAMES = [
    f"{name}{ending}"
    for name in ("dataset.nq", "dataset.trig", "dataset.jsonld", "default-graph.ttl")
    for ending in ("", ".gz", ".zst")
]


def test_these_files_are_there(site: tuple[Settings, Snapshot]) -> None:
    large = sorted(dump.name for dump in site[1].dumps if dump.is_large)
    assert large == sorted(NAMES)
    graphs = {dump.graph for dump in site[1].dumps} - {""}
    assert graphs == {
        "https://kg.example/g/ერთი",
        "https://kg.example/g/2",
        *(f"https://kg.example/graph/{name}" for name in ("a", "apart", "many", "shapes/s")),
    }
    on_disk = {path.name for path in (site[1].folder / dumps.FOLDER).iterdir()}
    assert on_disk == {dump.name for dump in site[1].dumps} | {dumps.CHECKSUMS, dumps.MANIFEST}
    assert all(name.isascii() for name in on_disk)


@pytest.mark.parametrize("name", NAMES)
def test_a_large_file_is_what_was_put_in(site: tuple[Settings, Snapshot], name: str) -> None:
    settings, snapshot = site
    dump = next(one for one in snapshot.dumps if one.name == name)
    found = read(snapshot, dump)
    assert {q.triple if dump.default else q for q in found} == expected(settings, dump)
    assert "secret" not in body(snapshot, dump).decode()


PLAIN_SITE = TOML.removesuffix(ALL)
MENTIONED = re.compile(r"/-/dumps/(?:[0-9a-f]{16}/)?([A-Za-z0-9.-]+?)(-metadata\.json)?(?=[\">);,\s])")
TWO = {"data/a.ttl": "<id/a> a <ns/C> .", "data/b.ttl": "<id/b> a <ns/C> ."}


@pytest.mark.parametrize(
    ("chosen", "large", "others"),
    [
        pytest.param("", {"dataset.nq.gz", "dataset.trig.zst"}, {".csv", "json", ".parquet"}, id="unless told"),
        pytest.param("formats = []", set(), set(), id="none but the whole as N-Quads"),
        pytest.param('formats = ["nq"]', set(), set(), id="which may be named as well"),
        pytest.param('formats = ["jsonld.gz"]', {"dataset.jsonld.gz"}, set(), id="packed only"),
        pytest.param('formats = ["ttl", "ttl.gz"]', {"default-graph.ttl", "default-graph.ttl.gz"}, set(), id="Turtle"),
        pytest.param("formats = []\ngraphs = true", set(), {".ttl"}, id="a file for each graph"),
        pytest.param('formats = ["csv.zst"]', set(), {".csv", "json", ".zst"}, id="a packed CSV beside a plain one"),
        pytest.param('formats = ["parquet"]', set(), {".parquet"}, id="Parquet alone, which describes itself"),
    ],
)
def test_the_settings_say_which_files_are_written(
    tmp_path: Path, chosen: str, large: set[str], others: set[str]
) -> None:
    _, snapshot = made(tmp_path, TWO, f"{PLAIN_SITE}[dumps]\n{chosen}\n")
    named = {dump.name for dump in snapshot.dumps}
    assert {dump.name for dump in snapshot.dumps if dump.is_large} == large | {dumps.WHOLE}
    ends = {"json" if name.endswith("json") else name[name.rfind(".") :] for name in named - large - {dumps.WHOLE}}
    assert ends == others
    assert {path.name for path in (snapshot.folder / dumps.FOLDER).iterdir()} == named | {
        dumps.CHECKSUMS,
        dumps.MANIFEST,
    }
    snapshot.close()


@pytest.mark.parametrize("chosen", ["", 'formats = ["ttl", "jsonld.zst", "trig", "trig.gz", "csv.gz"]\ngraphs = true'])
def test_what_a_site_says_of_its_files_follows_the_settings(tmp_path: Path, chosen: str) -> None:
    settings, snapshot = made(tmp_path, TWO, f"{PLAIN_SITE}[dumps]\n{chosen}\n")
    large = {dump.name for dump in snapshot.dumps if dump.is_large}
    with TestClient(create_app(Serving(settings))) as client:
        for page in ("/", "/-/data", "/llms.txt", "/-/void.ttl", "/-/linkset.json"):
            answer = client.get(page)
            text = answer.text + answer.headers.get("link", "")
            named = {"".join(one) for one in MENTIONED.findall(text)} - {dumps.CHECKSUMS}
            assert named <= {dump.name for dump in snapshot.dumps}, page
            assert named >= large, page
            for name in named:
                assert client.get(f"/-/dumps/{name}").content == (snapshot.folder / dumps.FOLDER / name).read_bytes()
        if "trig" not in chosen:
            missing = client.get("/-/dumps/dataset.trig", headers={"Accept": "application/json"})
            assert missing.status_code == 404
            assert all(name in missing.json()["detail"] for name in large)
    snapshot.close()


@pytest.mark.parametrize("name", ["hdt", "nq.bz2", "NQ", ""])
def test_an_unknown_format_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_site(tmp_path, TWO, f'{PLAIN_SITE}[dumps]\nformats = ["{name}"]\n')
    with pytest.raises(SettingsError, match=r"dumps\.formats"):
        load(folder)


@pytest.mark.parametrize(
    ("contents", "is_once"),
    [
        pytest.param({"data/a.ttl": HARD_ONE}, True, id="one graph, all of it in the default graph"),
        pytest.param(TWO, False, id="two graphs"),
        pytest.param({"data/apart.ttl": HARD_ONE}, False, id="one graph that the default graph leaves out"),
        pytest.param(
            {"data/a.trig": "<g/a> { <id/a> <ns/p> 1 } _:g { <id/a> <ns/p> 2 }"}, False, id="one of two has no name"
        ),
    ],
)
def test_the_only_graph_is_stored_once(tmp_path: Path, contents: dict[str, str], is_once: bool) -> None:
    settings, snapshot = made(tmp_path, contents)
    (default,) = (one for one in snapshot.dumps if one.name == "default-graph.ttl")
    graphs = [one for one in snapshot.dumps if one.graph]
    folder = snapshot.folder / dumps.FOLDER
    assert graphs
    assert all((folder / one.name).samefile(folder / default.name) == is_once for one in graphs)
    for one in (default, *graphs):
        assert {q.triple if isinstance(q, Quad) else q for q in read(snapshot, one)} == expected(settings, one)
    snapshot.close()


def test_a_graph_s_file_is_what_was_put_in(site: tuple[Settings, Snapshot]) -> None:
    settings, snapshot = site
    for dump in snapshot.dumps:
        if dump.graph:
            assert {quad.triple for quad in read(snapshot, dump)} == expected(settings, dump) != set()


def test_the_order_of_the_sources_is_kept(site: tuple[Settings, Snapshot]) -> None:
    settings, snapshot = site
    dump = next(one for one in snapshot.dumps if one.name == dumps.WHOLE)
    assert read(snapshot, dump) == [quad for file in files(settings) for quad in file.quads()]


def test_the_checksums_and_sizes_are_those_of_the_files(site: tuple[Settings, Snapshot]) -> None:
    folder = site[1].folder / dumps.FOLDER
    lines = {line[66:]: line[:64] for line in (folder / dumps.CHECKSUMS).read_text().splitlines()}
    assert set(lines) == {dump.name for dump in site[1].dumps}
    for dump in site[1].dumps:
        content = (folder / dump.name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (dump.sha256, dump.bytes)
        assert lines[dump.name] == dump.sha256


def test_two_builds_make_the_same_files(tmp_path: Path, site: tuple[Settings, Snapshot]) -> None:
    _, again = made(tmp_path, FILES)
    assert again.dumps == site[1].dumps
    again.close()


@pytest.mark.slow
def test_more_than_one_batch_is_one_file(tmp_path: Path) -> None:
    lines = "".join(f"<id/x{n}> <ns/p> {n} , 'n{n}'@en .\n" for n in range(11_000))
    settings, snapshot = made(tmp_path, {"data/a.ttl": lines})
    for dump in snapshot.dumps:
        text = body(snapshot, dump)
        assert text.count(b"@prefix id:") == (dump.extension in {"ttl", "trig"})
        found = list(parse(text, format=READERS[dump.extension]))
        assert len(found) == 22_000
        assert {q.triple if dump.extension == "ttl" else q for q in found} == expected(settings, dump)
    snapshot.close()


def test_what_json_ld_has_no_place_for_leaves_no_such_file(tmp_path: Path) -> None:
    text = "<id/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <id/a> <ns/p> 01 )>> ."
    settings, snapshot = made(tmp_path, {"data/a.ttl": text})
    assert {one.extension for one in snapshot.dumps} == {"nq", "trig", "ttl"}
    assert "triple term" in json.loads((snapshot.folder / dumps.FOLDER / dumps.MANIFEST).read_text())["left_out"]
    for dump in snapshot.dumps:
        assert {q.triple if dump.extension == "ttl" else q for q in read(snapshot, dump)} == expected(settings, dump)
    snapshot.close()


def test_so_many_graphs_get_files_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumping, "MOST_GRAPHS", 3)
    text = "".join(f"<g/{n}> {{ <id/a> <ns/p> {n} }}\n" for n in range(9))
    settings, snapshot = made(tmp_path, {"data/a.trig": text})
    assert [dump.graph for dump in snapshot.dumps if dump.graph] == [f"https://kg.example/g/{n}" for n in range(3)]
    whole = next(one for one in snapshot.dumps if one.name == "dataset.trig")
    assert set(read(snapshot, whole)) == expected(settings, whole)
    snapshot.close()


@pytest.mark.parametrize(
    ("header", "size", "span"),
    [
        pytest.param("bytes=0-9", 100, Span(0, 10), id="the first ten bytes"),
        pytest.param("bytes=90-", 100, Span(90, 100), id="from a byte to the end"),
        pytest.param("bytes=-7", 100, Span(93, 100), id="the last seven"),
        pytest.param("bytes=-700", 100, Span(0, 100), id="more than there are are all"),
        pytest.param("bytes=0-", 100, Span(0, 100), id="all, but asked for as a range"),
        pytest.param("bytes=50-5000", 100, Span(50, 100), id="an end beyond the end is the end"),
        pytest.param("bytes=100-", 100, Span(100, 100), id="a start beyond the end is unsatisfiable"),
        pytest.param("bytes=-0", 100, Span(100, 100), id="no last bytes are unsatisfiable"),
        pytest.param("bytes=0-", 0, Span(0, 0), id="nothing has no first byte"),
        pytest.param("", 100, None, id="no header"),
        pytest.param("bytes=9-3", 100, None, id="a range that goes backwards is no range"),
        pytest.param("bytes=-", 100, None, id="no number is no range"),
        pytest.param("bytes=0-1,5-6", 100, None, id="several ranges are answered with the whole"),
        pytest.param("lines=0-1", 100, None, id="another unit is passed over"),
        pytest.param(f"bytes={'9' * 5000}-", 100, None, id="a number too long is passed over"),
    ],
)
def test_what_a_range_asks_for(header: str, size: int, span: Span | None) -> None:
    assert ranged(header, size) == span


PLAIN = "/-/dumps/dataset.nq"


def test_a_whole_file_says_what_it_is(client: TestClient, site: tuple[Settings, Snapshot]) -> None:
    content = (site[1].folder / dumps.FOLDER / dumps.WHOLE).read_bytes()
    answer = client.get(PLAIN)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == "application/n-quads"
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"] == f'attachment; filename="{site[1].version}-dataset.nq"'
    head = client.head(PLAIN)
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in answer.headers.items() if k != "date"
    }
    assert client.get("/-/dump.nq").content == content


@pytest.mark.parametrize("first", [0, 1, 70_000])
def test_a_range_is_that_part_of_the_file(client: TestClient, site: tuple[Settings, Snapshot], first: int) -> None:
    content = client.get(PLAIN).content
    first = min(first, len(content) - 1)
    answer = client.get(PLAIN, headers={"Range": f"bytes={first}-"})
    assert (answer.status_code, answer.content) == (206, content[first:])
    assert answer.headers["content-range"] == f"bytes {first}-{len(content) - 1}/{len(content)}"
    assert answer.headers["content-length"] == str(len(content) - first)


def test_a_range_beyond_the_end_is_416(client: TestClient) -> None:
    size = len(client.get(PLAIN).content)
    answer = client.get(PLAIN, headers={"Range": f"bytes={size}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")


def test_validators_are_strong(client: TestClient) -> None:
    tag = client.get(PLAIN).headers["etag"]
    assert tag.startswith('"')
    assert client.get(PLAIN, headers={"If-None-Match": f'"x", {tag}'}).status_code == 304
    assert client.get(PLAIN, headers={"If-None-Match": '"x"'}).status_code == 200
    part = {"Range": "bytes=0-1"}
    assert client.get(PLAIN, headers=part | {"If-Range": tag}).status_code == 206
    assert client.get(PLAIN, headers=part | {"If-Range": '"x"'}).status_code == 200
    assert client.get(PLAIN, headers=part | {"If-Range": f"W/{tag}"}).status_code == 200


def test_what_is_compressed_already_is_sent_as_it_is(client: TestClient, site: tuple[Settings, Snapshot]) -> None:
    for name, kind in (("dataset.nq.gz", "application/gzip"), ("default-graph.ttl.zst", "application/zstd")):
        answer = client.get(f"/-/dumps/{name}", headers={"Accept-Encoding": "gzip, br, zstd"})
        assert "content-encoding" not in answer.headers
        assert answer.headers["content-type"] == kind
        assert answer.content == (site[1].folder / dumps.FOLDER / name).read_bytes()


def test_a_version_s_file_may_be_kept_for_good(client: TestClient, site: tuple[Settings, Snapshot]) -> None:
    own = client.get(f"/-/dumps/{site[1].version}/dataset.nq")
    assert own.content == client.get(PLAIN).content
    assert own.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get(PLAIN).headers["cache-control"] == "private, max-age=60"
    assert client.get(f"/-/dumps/{site[1].version}/{dumps.CHECKSUMS}").text.count("\n") == len(site[1].dumps)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("0123456789abcdef/dataset.nq", 410, id="a version that is not kept is gone"),
        pytest.param("*/dataset.nq", 404, id="a pattern is no version"),
        pytest.param("../dataset.nq", 404, id="a way up is no version"),
        pytest.param("..%2F..%2Fmanifest.json", 404, id="a way up is no file"),
        pytest.param("index.sqlite", 404, id="other files of the snapshot are not there"),
        pytest.param("dataset.nq%00", 404, id="a null is no part of a name"),
    ],
)
def test_nothing_else_can_be_had(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/-/dumps/{path}").status_code == status


def test_an_older_version_is_served_as_long_as_it_is_kept(tmp_path: Path) -> None:
    settings, before = made(tmp_path, {"data/a.ttl": "<id/a> <ns/p> 1 ."})
    before.close()
    (tmp_path / "site/data/a.ttl").write_text("<id/a> <ns/p> 2 .")
    build(settings, lambda *_: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings))) as client:
        assert '"1"' in client.get(f"/-/dumps/{before.version}/dataset.nq").text
        assert '"2"' in client.get("/-/dumps/dataset.nq").text


@pytest.mark.parametrize("has_links", [True, False])
def test_a_second_name_is_a_copy_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    there, here = tmp_path / "there", tmp_path / "here"
    there.write_bytes(b"x")
    link(there, here)
    assert here.read_bytes() == b"x"
    assert here.samefile(there) == has_links
