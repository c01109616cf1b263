"""Term for term: what is given out is what was put in, whatever the store makes of it meanwhile."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kgpub import snapshot
from kgpub.describe import Asked, describe
from kgpub.difference.inputs import opened
from kgpub.making import building
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.source import files, notes

MakeSite = Callable[..., Path]
GRAPHS = Path(__file__).parents[2] / "shared" / "graphs"
HEAD = 'title = "T"\nbase = "https://kg.example/"\nlanguages = ["en"]\n'
XSD = "http://www.w3.org/2001/XMLSchema#"
LITERALS = (
    *(f'"{text}"^^<{XSD}{kind}>' for kind, text in (
        ("integer", "01"), ("integer", "+1"), ("integer", "1"), ("int", "3"), ("long", "3"), ("nonNegativeInteger", "3"),
        ("decimal", "1.30"), ("decimal", "1.3"), ("double", "1"), ("double", "1.0E0"), ("boolean", "1"), ("boolean", "true"),
        ("dateTime", "2020-01-01T00:00:00+00:00"), ("dateTime", "2020-01-01T00:00:00.000Z"), ("dateTime", "2020-01-01T24:00:00"),
        ("duration", "P1Y0M"), ("date", "2020-01-01Z"), ("hexBinary", "ab"), ("integer", "no number"))),
    '"x"', '"x"@en', '"x"@EN', '"x"@en-US', '"x"@en-us', '"x"@EN-us', '"x"@zh-Hant-TW', '"x"@de-1996', '"x"@x-Private',
    '"say \\"@EN\\" twice"@en-GB', '"a line\\nand @EN-US"', '"x"@es-a', '"x"@ES-A', '"ქარი"@ka-Geor',
)  # fmt: skip
"""The forms that a store rewrites, and tags in every case, several of which share one stored triple."""


def _built(folder: Path) -> Settings:
    site = load(folder)
    building.build(site, lambda *_: Report(True), lambda *_: None)
    return site


def _sources(site: Settings) -> set[Quad]:
    return {quad for file in files(site) for quad in file.quads()}


def _canonical(quads: set[Quad]) -> set[str]:
    """Quads with canonical blank nodes (RDFC-1.0), as text, since ``Dataset`` compares language tags as they are."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_every_literal_comes_out_as_it_went_in(make_site: MakeSite, tmp_path: Path) -> None:
    lines = [f"<https://kg.example/a> <https://e.example/p> {one} ." for one in LITERALS]
    site = _built(make_site(tmp_path, {"data/x.nt": "\n".join(lines)}, HEAD))
    wanted = {line.removesuffix(" .") for line in lines}
    dump = next((site.folder / ".kgpub").rglob("dumps/dataset.nq")).read_text("utf-8")
    now = snapshot.open_snapshot(site)
    try:
        found = describe(now.engine, now.index, now.graphs, "https://kg.example/a", Asked())
    finally:
        now.close()
    graph = " <https://kg.example/graph/x> ."
    assert {line.removesuffix(graph) for line in dump.splitlines()} == wanted
    assert {str(quad.triple) for quad in found.quads} == wanted


DOCUMENTED = re.findall(
    r"^\| `(\".*?)` \| `(\".*?)` \|$", (Path(__file__).parents[1] / "docs/how-to.md").read_text("utf-8"), re.MULTILINE
)


@pytest.mark.parametrize(("written", "answered"), DOCUMENTED)
def test_the_store_makes_of_a_literal_what_the_documentation_says(written: str, answered: str, tmp_path: Path) -> None:
    plain = f"@prefix xsd: <{XSD}> . <urn:x> <urn:x> "
    (given,) = (quad.object for quad in parse(f"{plain}{written} .", format=RdfFormat.TURTLE))
    (wanted,) = (quad.object for quad in parse(f"{plain}{answered} .", format=RdfFormat.TURTLE))
    store = Store(str(tmp_path))
    store.add(Quad(NamedNode("urn:x"), NamedNode("urn:x"), given))
    assert [quad.object for quad in store] == [wanted]


def test_the_table_of_the_documentation_is_there() -> None:
    assert len(DOCUMENTED) > 10


CAPITALS = [
    pytest.param("ttl", '<a> <b> "x" @en-US , "y"@EN # @De\n, "z@EN" , "y"@en .', {"en-US", "EN", "en", None}, id="Turtle"),
    pytest.param("ttl", '@prefix e: <http://x@Y/> . e:a\\@EN e:p "x"@en-US .', {"en-US"}, id="signs in IRIs"),
    pytest.param("ttl", '<a> <b> """say\n"@EN" here"""@En .', {"En"}, id="a long string"),
    pytest.param("rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="e:" xml:lang="EN"><rdf:Description rdf:about="x"><e:p>y</e:p><e:p xml:lang=\'de-AT\'>xml:lang="FR"</e:p></rdf:Description></rdf:RDF>', {"EN", "de-AT"}, id="RDF/XML"),
    pytest.param("jsonld", '{"@id": "x", "e:p": [{"@value": "y", "@language": "en-US"}, {"@value": "y", "@language": "en-us"}]}', {"en-US", "en-us"}, id="JSON-LD"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "text", "tags"), CAPITALS)
def test_tags_keep_their_letters_and_nothing_else_changes(
    make_site: MakeSite, tmp_path: Path, ending: str, text: str, tags: set[str | None]
) -> None:
    site = load(make_site(tmp_path, {f"data/x.{ending}": text}, HEAD))
    (source,) = files(site)
    found = [quad.triple for quad in source.quads()]
    assert {one.object.language for one in found if isinstance(one.object, Literal)} == tags
    plain = parse(text.encode(), format=source.kind.format, base_iri=site.base)
    assert [str(one).lower() for one in found] == [str(quad.triple).lower() for quad in plain]


def test_blank_nodes_of_data_can_be_iris(make_site: MakeSite, tmp_path: Path) -> None:
    toml = HEAD + '[reading]\nblank_nodes = "iris"\n'
    texts = {"data/x.ttl": "<a> <b> [ <c> 1 ] .", "shapes/s.ttl": "<s> <t> [ <u> 1 ] ."}
    data, shapes = files(load(make_site(tmp_path, texts, toml)))
    begin = "https://kg.example/.well-known/genid/"
    objects = [quad.object for quad in data.quads()]
    assert any(isinstance(one, NamedNode) and one.value.startswith(begin) for one in objects)
    assert any(isinstance(quad.object, BlankNode) for quad in shapes.quads())
    assert list(data.quads()) == list(data.quads())


SMALL = {"dcat-examples"}


@pytest.mark.skipif(not GRAPHS.is_dir(), reason="the graphs of others are not here")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.name, marks=() if path.name in SMALL else pytest.mark.slow)
        for path in sorted(GRAPHS.glob("*/"))
    ],
)
def test_graphs_that_others_publish_come_out_as_they_went_in(name: str, tmp_path: Path) -> None:
    shutil.copytree(GRAPHS / name, tmp_path / "data")
    (tmp_path / "kgpub.toml").write_text(HEAD)
    site = _built(tmp_path)
    sources = _sources(site)
    assert not [note for note in notes(files(site)) if note.what in {"skipped", "left out"}]
    assert _canonical(sources) == _canonical(set(opened(tmp_path / ".kgpub").quads()))
    plain = sum(len(set(parse(path=str(f.path), format=f.kind.format, base_iri=site.base))) for f in files(site))
    assert len(sources) == plain, "nothing that the parser alone finds is missing"
    assert RdfFormat.TURTLE in {file.kind.format for file in files(site)}
