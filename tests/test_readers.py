"""Files and pages as tools that nobody here wrote read them: rdflib, N3.js, extruct, signposting, a site map parser."""

import gzip
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import extruct
import pytest
import rdflib
import zstandard
from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from signposting import AbsoluteURI, find_signposting_http, find_signposting_http_link
from signposting.linkset import Linkset, LinksetJSON, _parse_linkset, _parse_linkset_json
from starlette.testclient import TestClient
from usp.tree import sitemap_tree_for_homepage
from usp.web_client.abstract_client import AbstractWebClient, AbstractWebClientSuccessResponse

from conftest import BASE, write_site
from kgpub.making.building import build
from kgpub.making.dumps import FOLDER, Dump
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import Snapshot, open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving
from running import running

TOML = f"""title = "Things"
base = "{BASE}"
languages = ["ka", "en"]
licence = "https://creativecommons.org/licenses/by/4.0/"
publisher_url = "https://publisher.example/"
publisher = "Agency"
description = "All about things"
[dumps]
graphs = true
formats = ["nq.gz", "nq.zst", "trig", "trig.zst", "jsonld", "jsonld.gz", "ttl", "ttl.zst", "csv.gz", "csv.zst", "parquet"]
"""
FILES = {
    "data/a.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/a> a schema:Event ; rdfs:label "Meeting"@en , "შეხვედრა"@ka , "It </script> \\"said\\" \\\\ \\u0001"@en-GB ;
  schema:startDate "2013-05-01"^^xsd:date ; <ns/n> 01 , 1.50 , 1E3 , true ; <ns/has> [ <ns/n> 2 ; <ns/has> [] ] ;
  <ns/list> ( 1 "two" <id/ბ> ) ; <ns/lines> "one\\r\\ntwo\\ttab" ; <ns/ნაწილი> <id/%E1%83%91> , <id/x(y)> .
<id/ბ> rdfs:label "ბ"@ka . <id/x(y)> rdfs:label "Brackets"@en .
""",
    "data/b.trig": "<g/1> { <id/a> <ns/p> <id/b> . _:x <ns/p> _:y } <g/2> { <id/a> <ns/p> <id/b> . _:x <ns/p> _:x }",
}
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load(write_site(tmp_path_factory.mktemp("readers"), FILES, TOML))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def snapshot(site: Settings) -> Iterator[Snapshot]:
    found = open_snapshot(site)
    yield found
    found.close()


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as made:
        yield made


# ---- RDF


def canonical(quads: Iterable[Quad]) -> list[str]:
    """Quads without the names of blank nodes (RDF Dataset Canonicalization) and the letter case of languages."""
    dataset = Dataset(
        Quad(q.subject, q.predicate, Literal(q.object.value, language=q.object.language.lower()), q.graph_name)
        if isinstance(q.object, Literal) and q.object.language
        else q
        for q in quads
    )
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def own(path: Path, dump: Dump) -> list[Quad]:
    format = RdfFormat.from_extension(dump.extension)
    assert format is not None
    return list(parse(path=path, format=format))


def plain(snapshot: Snapshot) -> list[Dump]:
    return [one for one in snapshot.dumps if not one.of and not one.coding]


RDFLIB = {"nq": "nquads", "trig": "trig", "ttl": "turtle", "jsonld": "json-ld"}


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")  # of rdflib, within itself
def test_rdflib_reads_every_dump(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    read = plain(snapshot)
    assert {one.extension for one in read} == set(RDFLIB)
    for dump in read:
        path = snapshot.folder / FOLDER / dump.name
        dataset = rdflib.Dataset()
        dataset.parse(data=path.read_bytes(), format=RDFLIB[dump.extension])
        text = dataset.serialize(format="nquads").replace("<urn:x-rdflib:default>", "")
        found, expected = list(parse(text, format=RdfFormat.N_QUADS)), own(path, dump)
        if dump.extension == "ttl":  # a graph of its own name, since rdflib calls it after the file
            found = [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in found]
        assert len(set(found)) == len({*expected}), dump.name
        if dump.extension in {"ttl", "trig"}:
            expected = [without_zeros(quad) for quad in expected]
        assert canonical(found) == canonical(expected), dump.name


def without_zeros(quad: Quad) -> Quad:
    """A quad as rdflib reads it out of Turtle: integers that are written bare lose their leading zeros."""
    literal = quad.object
    if isinstance(literal, Literal) and literal.datatype == INTEGER:
        return Quad(quad.subject, quad.predicate, Literal(str(int(literal.value)), datatype=INTEGER), quad.graph_name)
    return quad


def test_n3_js_reads_every_dump(snapshot: Snapshot) -> None:
    if not shutil.which("node"):
        pytest.skip("there is no node here")
    if not (CLIENTS / "node_modules/n3").is_dir():
        pytest.skip("N3.js is not installed; try: npm ci --prefix tests/clients")
    for dump in plain(snapshot):
        if dump.extension == "jsonld":
            continue  # N3.js reads the family of Turtle
        path = snapshot.folder / FOLDER / dump.name
        command = ["node", str(CLIENTS / "read.mjs"), str(path), dump.format.media_type]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = list(parse(printed, format=RdfFormat.N_QUADS))
        assert len(set(found)) == len({*own(path, dump)}), dump.name
        assert canonical(found) == canonical(own(path, dump)), dump.name


def test_the_formats_hold_the_same(snapshot: Snapshot) -> None:
    whole = {one.name: own(snapshot.folder / FOLDER / one.name, one) for one in plain(snapshot) if one.is_large}
    first, *rest = (canonical(quads) for name, quads in whole.items() if name.startswith("dataset"))
    assert len(rest) == 2
    assert all(one == first for one in rest)


@pytest.mark.parametrize("tool", ["gzip", "zstd"])
def test_packed_dumps_unpack(snapshot: Snapshot, tool: str) -> None:
    folder = snapshot.folder / FOLDER
    packed = [one for one in snapshot.dumps if one.coding == tool]
    assert packed
    for dump in packed:
        content = (folder / dump.name).read_bytes()
        unpacked = (
            gzip.decompress(content)
            if tool == "gzip"
            else zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True).read()
        )
        assert unpacked == (folder / dump.name.rpartition(".")[0]).read_bytes()


def test_sha256sum_checks(snapshot: Snapshot) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", "checksums.txt"]
    subprocess.run(command, cwd=snapshot.folder / FOLDER, check=True, capture_output=True)


# ---- pages


def schema_org(page: str, address: str) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = extruct.extract(page, base_url=address, syntaxes=["json-ld"], uniform=True)
    return found["json-ld"]


@pytest.mark.parametrize("language", ["ka", "en"])
def test_extruct_finds_the_dataset_on_the_home_page(client: TestClient, snapshot: Snapshot, language: str) -> None:
    (found,) = schema_org(client.get(f"/?lang={language}").text, BASE)
    assert (found["@type"], found["@context"]) == ("Dataset", "https://schema.org/")
    names = {one["contentUrl"].rpartition("/")[2] for one in found["distribution"]}
    assert names == {one.name for one in snapshot.dumps if one.is_large}


@pytest.mark.parametrize(("language", "name"), [("ka", "შეხვედრა"), ("en", "Meeting")])
def test_extruct_finds_the_thing_on_its_page(client: TestClient, language: str, name: str) -> None:
    (found,) = schema_org(client.get(f"/id/a.{language}.html").text, BASE)
    assert (found["@type"], found["name"], found["startDate"]) == ("Event", name, ["2013-05-01"])
    assert found["@id"] == f"{BASE}id/a"


@pytest.mark.parametrize(
    ("path", "cited"),
    [("", "-/dataset"), ("-/data", "-/dataset"), ("id/a.html", "id/a"), ("id/a.ka.html", "id/a")],
)
def test_a_signposting_client_finds_its_way(site: Settings, path: str, cited: str) -> None:
    with running(site.folder) as address:
        found = find_signposting_http(address + path)
    assert str(found.citeAs.target if found.citeAs else "") == BASE + cited
    assert {str(one.target) for one in found.authors} == {"https://publisher.example/"}
    assert str(found.license.target if found.license else "") == "https://creativecommons.org/licenses/by/4.0/"
    assert "https://schema.org/AboutPage" in {str(one.target) for one in found.types}
    assert "http://www.w3.org/ns/dx/prof/Profile" not in {str(one.target) for one in found.types}
    assert {str(one.type) for one in found.describedBy} >= {"text/turtle", "application/ld+json"}
    assert {str(one.type) for one in found.linksets} == {"application/linkset", "application/linkset+json"}


def downloaded(kind: Any, answer: Any) -> Any:
    """An answer as the library has it after a download."""
    here = AbsoluteURI(f"{BASE}-/linkset")
    return kind(answer.text, answer.headers["content-type"], here, here)


@pytest.mark.parametrize("query", ["", f"?iri={BASE}id/a"])
def test_a_signposting_client_reads_link_sets(client: TestClient, query: str) -> None:
    page = "id/a.html" if query else "-/data"
    told = find_signposting_http_link([client.get(f"/{page}").headers["link"]], BASE + page)
    text = _parse_linkset(downloaded(Linkset, client.get(f"/-/linkset.txt{query}"))).for_context(BASE + page)
    structured = _parse_linkset_json(downloaded(LinksetJSON, client.get(f"/-/linkset.json{query}"))).for_context(
        BASE + page
    )
    assert {(one.rel, one.target) for one in text.signposts} == {(one.rel, one.target) for one in structured.signposts}
    here = {one for one in told.signposts if one.context in {None, BASE + page}}
    mine = {(one.rel, one.target) for one in here if str(one.rel) != "describes"}  # the thing, which is no signpost
    assert len(mine) > 8
    assert mine <= {(one.rel, one.target) for one in structured.signposts}


# ---- site maps


class _Answer(AbstractWebClientSuccessResponse):
    def __init__(self, url: str, response: Any) -> None:
        self._url, self._response = url, response

    def status_code(self) -> int:
        return int(self._response.status_code)

    def status_message(self) -> str:
        return str(self._response.reason_phrase)

    def header(self, case_insensitive_name: str) -> str | None:
        found: str | None = self._response.headers.get(case_insensitive_name)
        return found

    def raw_data(self) -> bytes:
        return bytes(self._response.content)

    def url(self) -> str:
        return self._url


class _Here(AbstractWebClient):
    """Asks the application, never the network."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def set_max_response_data_length(self, max_response_data_length: int | None) -> None:
        """Nothing here is long."""

    def get(self, url: str) -> Any:
        assert url.startswith(BASE), url
        return _Answer(url, self._client.get(url.removeprefix(BASE.rstrip("/"))))


def test_a_crawler_finds_every_page_by_the_site_map(client: TestClient) -> None:
    tree = sitemap_tree_for_homepage(BASE, web_client=_Here(client), use_known_paths=False)
    pages = {page.url for page in tree.all_pages()}
    assert {f"{BASE}id/a.ka.html", f"{BASE}id/a.en.html"} <= pages
    assert any("%E1%83" in page for page in pages)
    for page in sorted(pages):
        answer = client.get(page.removeprefix(BASE.rstrip("/")))
        assert answer.status_code == 200, page
        assert answer.headers["content-type"].startswith("text/html"), page
