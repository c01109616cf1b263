"""Files become quads: with their lines, stable blank nodes, one graph each; what cannot be read is refused by line."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple, parse

from kgpub.errors import SourceError
from kgpub.settings import load
from kgpub.source import SourceFile, files

MakeSite = Callable[..., Path]
BASE = "https://kg.example/"
HEAD = f'title = "T"\nbase = "{BASE}"\nlanguages = ["en"]\n'
STRICT = HEAD + "[reading]\nstrict = true\n"
P = "@prefix e: <https://e.example/> .\n"
RDF = '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://e.example/">\n'


def _one(folder: Path) -> SourceFile:
    (found,) = files(load(folder))
    return found


# lines: each row gives the line of every quad, in the order they are read

LINES = [
    pytest.param("ttl", P + "e:a e:p 1 .\n", [2], id="one triple on one line"),
    pytest.param("ttl", P + "\n# x\n\ne:a\n e:p\n 1\n .\n", [7], id="the line on which the object ends"),
    pytest.param("ttl", P + "e:a e:p 1 ,\n 2 ;\n e:q 3 .\n", [2, 3, 4], id="lists of objects and predicates"),
    pytest.param("ttl", P + "e:a e:p 1 . e:b e:p 2 . e:c e:p 3 .", [2, 2, 2], id="three on one line"),
    pytest.param("ttl", P + 'e:a e:p """x\ny\nz""" ;\n e:q 1 .', [4, 5], id="a string of three lines ends on its last"),
    pytest.param("ttl", P + "e:a e:p '''x\n; y''' .\ne:b e:p 1 .", [3, 4], id="a string whose next line looks like code"),
    pytest.param("ttl", P + 'e:a e:p """x "y"\nz""" .', [3], id="a string with a quotation mark at the end of a line"),
    pytest.param("ttl", P + 'e:a e:p """x\n"""\n\n; e:q 1 .', [3, 5], id="a long string before a semicolon further down"),
    pytest.param("ttl", P + 'e:a e:p "x"\n\n# y\n; e:q "z"\n.\n', [2, 5], id="strings before semicolons that begin a line"),
    pytest.param("ttl", P + 'e:a e:p "x" # it is said\n; e:q 1 .', [2, 3], id="a string before a comment"),
    pytest.param("ttl", P + 'e:a e:p e:c . # the "c"\ne:b e:p "y" .', [2, 3], id="a comment that ends like a string"),
    pytest.param("ttl", P + "e:a e:p <#x> ;\n e:q 'y' .", [2, 3], id="a hash inside an IRI"),
    pytest.param("ttl", P + "e:a e:p 'it is', \"x\"\n. e:b e:p 'y' .", [2, 2, 3], id="strings in both kinds of quotes"),
    pytest.param("ttl", P + 'e:a e:p "a\\nb"\n.\n', [2], id="an escaped line feed is none of the file's"),
    pytest.param("ttl", P + 'e:a e:p "\\""\n.\n', [2], id="an escaped quotation mark ends no string"),
    pytest.param("ttl", P + 'e:a e:p "x"@en\n\n; e:q "y"^^e:t\n\n.', [2, 4], id="tagged and typed strings"),
    pytest.param("ttl", P + "e:a e:p 1\n\n; e:q 1.5\n\n; e:r true\n\n.", [2, 4, 6], id="numbers and truth"),
    pytest.param("ttl", P + "e:a e:p e:b\n\n; e:q <c>\n\n; e:r _:d\n\n.", [2, 4, 6], id="IRIs and blank nodes"),
    pytest.param("ttl", P + "e:a e:p [ e:q [ e:r 1\n] ;\n e:s 2 ] ,\n 5 .", [2, 3, 4, 4, 5], id="nested blank nodes"),
    pytest.param("ttl", P + "e:a e:p (\n1\n2 ) .", [3, 3, 4, 4, 4], id="a list"),
    pytest.param("ttl", P.replace("\n", "\r\n") + "e:a e:p 1\r\n;\r\ne:q 'x'\r\n.\r\n", [2, 4], id="lines that end as on Windows"),
    pytest.param("ttl", "\ufeff" + P + "e:a e:p 1 .", [2], id="a byte order mark is no line"),
    pytest.param("ttl", P + f"e:a e:p '{'x' * 200_000}' .\ne:b e:p 1 .", [2, 3], id="a line longer than any buffer"),
    pytest.param("trig", P + "e:g { e:a e:p 'x'\n. e:b e:p 1\n }\ne:c e:p 2 .", [2, 3, 5], id="graphs in TriG"),
    pytest.param("nt", "<a:a> <a:p> <a:o> .\n\n# x\n<a:b> <a:p> \"x\" .", [1, 4], id="N-Triples"),
    pytest.param("nq", "<a:a> <a:p> 'x' <a:g> .\n<a:b> <a:p> <a:o> .".replace("'", '"'), [1, 2], id="N-Quads"),
    pytest.param("rdf", RDF + '<rdf:Description rdf:about="x">\n<e:p>a\nb</e:p>\n<e:q\n rdf:resource="y"/>\n'
                 "</rdf:Description>\n</rdf:RDF>", [5, 7], id="RDF/XML"),
    pytest.param("jsonld", '{"@id": "x",\n"https://e.example/p": 1\n}', [3], id="JSON-LD where its node was read"),
]  # fmt: skip


@pytest.mark.parametrize(("extension", "text", "lines"), LINES)
def test_a_quad_knows_its_line(
    make_site: MakeSite, tmp_path: Path, extension: str, text: str, lines: list[int]
) -> None:
    source = _one(make_site(tmp_path, {f"data/x.{extension}": text}, HEAD))
    assert [located.line for located in source.located()] == lines


BROKEN = [
    pytest.param("ttl", P + "\ne:a e:p .\n", 3, "", id="a missing object"),
    pytest.param("ttl", P + "e:a e:p 1 .\ne:b e:p ", 3, "nexpected end", id="a file that breaks off"),
    pytest.param("ttl", P + "e:a e:p 1\ne:b e:p 2 .", 3, "", id="a missing full stop"),
    pytest.param("ttl", P + "\n\ne:a x:p 1 .", 4, "x:", id="an unknown prefix"),
    pytest.param("ttl", P + "e:a e:p <id/a b> .", 2, "' '", id="an IRI with a space"),
    pytest.param("ttl", P + "e:a e:p <id/%zz> .", 2, "%zz", id="an IRI with a broken escape"),
    pytest.param("ttl", P + 'e:a e:p """x\n\n\n', 2, "", id="a string that never ends, where it begins"),
    pytest.param("ttl", P + 'e:a e:p "x\ny" .', 2, "", id="a line feed in a short string"),
    pytest.param("ttl", P.replace("\n", "\r\n") + "e:a e:p <a b> .\r\n", 2, "' '", id="with lines as on Windows"),
    pytest.param("ttl", "\ufeff" + P + "e:a e:p <a b> .\n", 2, "' '", id="with a byte order mark"),
    pytest.param("nt", "<a:a> <a:p> <a:o> .\n<a:a> <a:p> <o> .", 2, "", id="a relative IRI in N-Triples"),
    pytest.param("nq", "<a:a> <a:p> <a:o> <a:g>\n.", 2, "dot", id="a statement over two lines in N-Quads"),
    pytest.param("trig", P + "e:g {\ne:a e:p 1 .\n", 4, "", id="a graph that never ends"),
    pytest.param(
        "rdf", RDF + '<rdf:Description rdf:about="x">\n</rdf:Descripton>', 4, "mismatched tag", id="a wrong end tag"
    ),
    pytest.param(
        "rdf", RDF + '<rdf:Description rdf:about="a b"/></rdf:RDF>', 3, "' '", id="an IRI with a space in RDF/XML"
    ),
    pytest.param("jsonld", '{"@id": "x",\n"a" 1}', 2, "", id="a missing colon in JSON-LD"),
    pytest.param(
        "jsonld",
        '{"@context": "https://e.example/c",\n"@id": "x"}',
        1,
        "<https://e.example/c>",
        id="a context from the network",
    ),
    pytest.param("jsonld", "", 1, "", id="an empty JSON-LD file"),
]


@pytest.mark.parametrize(("extension", "text", "line", "reason"), BROKEN)
def test_what_cannot_be_parsed_is_refused_by_file_and_line(
    make_site: MakeSite, tmp_path: Path, extension: str, text: str, line: int, reason: str
) -> None:
    source = _one(make_site(tmp_path, {f"data/x.{extension}": text}, STRICT))
    with pytest.raises(SourceError) as refusal:
        list(source.located())
    assert refusal.value.detail.startswith(f"data/x.{extension}:{line}: ")
    assert reason in refusal.value.detail
    assert (refusal.value.path, refusal.value.line) == (f"data/x.{extension}", line)


@pytest.mark.parametrize("content", [b'<a:a> <a:p> "\xff" .', "<a:a> <a:p> <a:o> .".encode("utf-16")])
def test_bytes_that_are_no_utf8_are_refused(make_site: MakeSite, tmp_path: Path, content: bytes) -> None:
    folder = make_site(tmp_path, {"data/x.ttl": ""}, STRICT)
    (folder / "data/x.ttl").write_bytes(content)
    with pytest.raises(SourceError, match=r"^data/x\.ttl:1: .*UTF-8"):
        list(_one(folder).quads())


@pytest.mark.parametrize("extension", ["ttl", "trig", "nt", "nq"])
def test_an_empty_file_says_nothing(make_site: MakeSite, tmp_path: Path, extension: str) -> None:
    assert list(_one(make_site(tmp_path, {f"data/x.{extension}": ""}, HEAD)).quads()) == []


# blank nodes

BLANK = P + "_:b e:p [ e:q _:a ] .\n_:a e:p << e:s e:p _:b >> .\n_:c e:p <<( _:b e:p <<( _:d e:p _:c )>> )>> .\n"


def _nodes(term: object) -> list[BlankNode]:
    if isinstance(term, BlankNode):
        return [term]
    if isinstance(term, Triple):
        return _nodes(term.subject) + _nodes(term.object)
    return []


def test_blank_nodes_have_the_same_names_at_every_reading(make_site: MakeSite, tmp_path: Path) -> None:
    source = _one(make_site(tmp_path, {"data/x.ttl": BLANK}, HEAD))
    assert list(source.quads()) == list(source.quads())


def test_blank_nodes_of_two_files_are_never_the_same(make_site: MakeSite, tmp_path: Path) -> None:
    found = files(load(make_site(tmp_path, {"data/x.ttl": BLANK, "data/y.ttl": BLANK}, HEAD)))
    one, other = (
        {node for quad in f.quads() for term in (quad.subject, quad.object) for node in _nodes(term)} for f in found
    )
    assert len(one) == len(other) == 6
    assert not one & other


def test_renaming_blank_nodes_changes_nothing_else(make_site: MakeSite, tmp_path: Path) -> None:
    text = BLANK.split("_:a e:p <<")[0] + "_:g { _:a e:p _:b , _:c } e:g { _:c e:p _:a }"
    source = _one(make_site(tmp_path, {"data/x.trig": text}, HEAD))
    graph = NamedNode(source.graph)
    plain = [
        quad
        if isinstance(quad.graph_name, NamedNode | BlankNode)
        else Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in parse(text, format=RdfFormat.TRIG, base_iri=BASE)
    ]
    before, after = Dataset(plain), Dataset(source.quads())
    for one in (before, after):
        one.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert set(before) == set(after)


# formats and graphs

MEANS = [
    pytest.param("ttl", P + "<id/x> e:p 1 .", BASE + "graph/x", id="Turtle"),
    pytest.param("TTL", P + "<id/x> e:p 1 .", BASE + "graph/x", id="an extension in capitals"),
    pytest.param("trig", P + "<id/x> e:p 1 .", BASE + "graph/x", id="the default graph of TriG is the file's"),
    pytest.param("trig", P + "<g> { <id/x> e:p 1 }", BASE + "g", id="a graph's name in TriG is kept"),
    pytest.param("nq", f'<{BASE}id/x> <https://e.example/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <{BASE}g> .',
                 BASE + "g", id="a graph's name in N-Quads is kept"),
    pytest.param("jsonld", '{"@id": "id/x", "https://e.example/p": 1}', BASE + "graph/x", id="JSON-LD"),
    pytest.param("jsonld", '{"@id": "g", "@graph": [{"@id": "id/x", "https://e.example/p": 1}]}', BASE + "g",
                 id="a graph's name in JSON-LD is kept"),
    *(pytest.param(extension, RDF + '<rdf:Description rdf:about="id/x"><e:p rdf:datatype="http://www.w3.org/2001/'
                   'XMLSchema#integer">1</e:p></rdf:Description></rdf:RDF>', BASE + "graph/x", id=f"RDF/XML as .{extension}")
      for extension in ("rdf", "owl", "xml")),
]  # fmt: skip


@pytest.mark.parametrize(("extension", "text", "graph"), MEANS)
def test_every_format_is_read_against_the_base(
    make_site: MakeSite, tmp_path: Path, extension: str, text: str, graph: str
) -> None:
    (quad,) = _one(make_site(tmp_path, {f"data/x.{extension}": text}, HEAD)).quads()
    assert str(quad.triple) == (f'<{BASE}id/x> <https://e.example/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert quad.graph_name == NamedNode(graph)


GRAPHS = [
    pytest.param("data/x.ttl", "graph/x", "data", True, id="data loses its folder's name"),
    pytest.param("data/doc-0/asserted.ttl", "graph/doc-0/asserted", "data", True, id="folders inside stay"),
    pytest.param("data/x.y.ttl", "graph/x.y", "data", True, id="only the last extension goes"),
    pytest.param("data/a b/უწყება.ttl", "graph/a%20b/%E1%83%A3%E1%83%AC%E1%83%A7%E1%83%94%E1%83%91%E1%83%90", "data", True,
                 id="spaces and letters are escaped"),
    pytest.param("ontology/o.ttl", "graph/ontology/o", "ontology", True, id="the ontology"),
    pytest.param("shapes/s.ttl", "graph/shapes/s", "shapes", False, id="shapes are in no default graph"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "graph", "role", "in_default"), GRAPHS)
def test_the_graph_of_a_file(
    make_site: MakeSite, tmp_path: Path, name: str, graph: str, role: str, in_default: bool
) -> None:
    found = {f.name: f for f in files(load(make_site(tmp_path, {"data/other.ttl": "", name: ""}, HEAD)))}
    assert (found[name].graph, found[name].role, found[name].in_default) == (BASE + graph, role, in_default)


RULES = [
    pytest.param('[graphs."data/x.ttl"]\npublish = false', [("data/y.ttl", "graph/y", True)], id="one is not published"),
    pytest.param('[graphs."graph/x"]\npublish = false', [("data/y.ttl", "graph/y", True)], id="named by its graph"),
    pytest.param('[graphs."data/*"]\npublish = false', [], id="none is published"),
    pytest.param('[graphs."data/x.ttl"]\ndefault = false',
                 [("data/x.ttl", "graph/x", False), ("data/y.ttl", "graph/y", True)], id="not in the default graph"),
    pytest.param('[graphs."data/x.ttl"]\nname = "named"',
                 [("data/x.ttl", "named", True), ("data/y.ttl", "graph/y", True)], id="another name"),
    pytest.param('[graphs."data/x.ttl"]\nname = "named"\n[graphs.named]\npublish = false',
                 [("data/y.ttl", "graph/y", True)], id="a rule for the other name"),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "expected"), RULES)
def test_rules_for_graphs(
    make_site: MakeSite, tmp_path: Path, toml: str, expected: list[tuple[str, str, bool]]
) -> None:
    folder = make_site(tmp_path, {"data/x.ttl": "", "data/y.ttl": ""}, HEAD + toml)
    assert [(f.name, f.graph.removeprefix(BASE), f.in_default) for f in files(load(folder))] == expected


# which files

CHOSEN = [
    pytest.param({"data/b.ttl": "", "data/a.ttl": "", "shapes/s.ttl": "", "ontology/o.ttl": ""}, "",
                 ["ontology/o.ttl", "data/a.ttl", "data/b.ttl", "shapes/s.ttl"], id="by role, then by name"),
    pytest.param({"data/a.ttl": "", "data/a.txt": "", "data/README": ""}, "", ["data/a.ttl"], id="other files are left"),
    pytest.param({"data/.a.ttl": "", "data/.git/b.ttl": "", "data/c.ttl": ""}, "", ["data/c.ttl"],
                 id="hidden files and folders are left"),
    pytest.param({"data/a.ttl": "", ".kgpub/dump.nq": ""}, 'data = ["."]', ["data/a.ttl"],
                 id="the snapshots are no data, even of the whole site"),
    pytest.param({"a.ttl": "", "b/c.nt": ""}, 'data = ["a.ttl", "b"]', ["a.ttl", "b/c.nt"], id="a file or a folder"),
    pytest.param({"data/a.ttl": ""}, 'data = ["data", "data/a.ttl"]', ["data/a.ttl"], id="a file named twice is one"),
    pytest.param({"data/a.ttl": ""}, 'ontology = ["data/a.ttl"]', ["data/a.ttl"], id="a file in two roles is one"),
    pytest.param({"data/x": ""}, "", [], id="a folder without RDF"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "toml", "expected"), CHOSEN)
def test_the_files_of_a_site(
    make_site: MakeSite, tmp_path: Path, content: dict[str, str], toml: str, expected: list[str]
) -> None:
    assert [f.name for f in files(load(make_site(tmp_path, content, HEAD + toml)))] == expected


def test_files_that_differ_only_in_their_extension_keep_it_in_their_graphs(make_site: MakeSite, tmp_path: Path) -> None:
    site = load(make_site(tmp_path, {"data/x.ttl": "", "data/x.nt": "", "data/y.ttl": ""}, HEAD))
    graphs = {file.name: file.graph.removeprefix(site.base) for file in files(site)}
    assert graphs == {"data/x.nt": "graph/x.nt", "data/x.ttl": "graph/x.ttl", "data/y.ttl": "graph/y"}


# read at once, for what needs neither graphs nor lines

AT_ONCE = [
    pytest.param("x.ttl", P + "e:a e:p e:b , 'c'@EN , 01 , [ e:q _:d ] . _:d e:r <<( e:a e:p _:d )>> .", "",
                 id="terms of all kinds"),
    pytest.param("x.ttl", P + "".join(f"e:n{n} e:p {n} .\n" for n in range(15_000)) + "_:b e:p _:c .", "",
                 id="several batches"),
    pytest.param("x.trig", P + "e:a e:p e:b . <g/b> { e:c e:p e:d } _:g { _:g e:p 3 }",
                 '[graphs."g/b"]\npublish = false', id="graphs, of which one is withheld"),
    pytest.param("x.nt", "<a:a> <a:p> _:b .\n", '[reading]\nblank_nodes = "iris"', id="blank nodes made IRIs"),
    pytest.param("x.ttl", P + "e:a e:p <a b> .", "", id="an IRI to be mended"),
    pytest.param("x.ttl", P + "e:a e:p 1 . e:a e:p", "", id="a file to be left out"),
    pytest.param("x.ttl", "<a:a> <a:p> <a:o> <a:g> .\n", "", id="another format than its name says"),
]  # fmt: skip


@pytest.mark.parametrize("is_tried", [False, True])
@pytest.mark.parametrize(("name", "text", "toml"), AT_ONCE)
def test_a_file_read_at_once_says_the_same(
    make_site: MakeSite, tmp_path: Path, name: str, text: str, toml: str, is_tried: bool
) -> None:
    site = load(make_site(tmp_path, {f"data/{name}": text}, HEAD + toml))
    (one,), (other,) = files(site), files(site)
    wanted = [Quad(quad.subject, quad.predicate, quad.object) for quad in one.quads()]
    if is_tried:
        assert other.outcome == one.outcome
    try:
        found = [quad for batch in other.merged() for quad in batch]
    except SourceError:
        assert not is_tried
        assert other.outcome == one.outcome
        found = [quad for batch in other.merged() for quad in batch]
    assert found == wanted
    assert other.outcome == one.outcome


def test_a_file_is_read_once_where_nothing_is_wrong(make_site: MakeSite, tmp_path: Path) -> None:
    source = _one(make_site(tmp_path, {"data/x.ttl": P + "e:a e:p 'x'@en-GB ."}, HEAD))
    assert [len(batch) for batch in source.merged()] == [1]
    source.path.unlink()
    assert source.outcome.is_sound
    assert source.outcome.capitals == {"en-gb"}


def test_a_withheld_graph_inside_a_file_yields_no_quads(make_site: MakeSite, tmp_path: Path) -> None:
    toml = HEAD + '[graphs."g/b"]\npublish = false\n[graphs."g/c"]\ndefault = false\n'
    trig = "<g/a> { <s> <p> 1 } <g/b> { <s> <p> 2 } <g/c> { <s> <p> 3 }"
    (file,) = files(load(make_site(tmp_path, {"data/x.trig": trig}, toml)))
    names = [str(quad.graph_name)[1:-1] for quad in file.quads()]
    assert [name.rpartition("/")[2] for name in names] == ["a", "c"]
    assert [file.merges(name) for name in names] == [True, False]
    file.path.write_text("<g/b> { <s> <p> 2 }")
    (withheld,) = files(load(file.site.folder))
    assert not list(withheld.batches())


REFUSED = [
    pytest.param({}, "", "data: there is no such", id="a missing data folder"),
    pytest.param({"data/x.ttl": ""}, 'data = ["date"]', "date: there is no such", id="a data folder with a typo"),
    pytest.param({"data/x.ttl": ""}, 'shapes = ["shaeps"]', "names it as shapes", id="shapes with a typo"),
    pytest.param({"data/x.csv": ""}, 'data = ["data/x.csv"]', "data/x.csv: is in no RDF format", id="a file of no RDF"),
    pytest.param({"data/x.ttl/y": ""}, "", "data/x.ttl: is no regular file", id="a folder called like a file"),
    pytest.param({"data/x.ttl": "", "data/y.ttl": ""}, '[graphs."data/y.ttl"]\nname = "graph/x"', "claims the graph",
                 id="two files given one graph"),
    pytest.param({"data/x.ttl": "", "data/y.ttl": ""}, '[graphs."data/*"]\nname = "graph/all"', "claims the graph",
                 id="all files given one graph"),
    pytest.param({"data/x.ttl": ""}, '[graphs."data/x.ttl"]\nname = "a b"', "kgpub.toml: graphs.data/x.ttl.name",
                 id="a graph whose name is no IRI"),
    pytest.param({"data/a\nb.ttl": ""}, "", "UTF-8", id="a file with a line feed in its name"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "toml", "reason"), REFUSED)
def test_a_site_whose_files_cannot_be_told_is_refused(
    make_site: MakeSite, tmp_path: Path, content: dict[str, str], toml: str, reason: str
) -> None:
    folder = make_site(tmp_path, content, HEAD + toml)
    with pytest.raises(SourceError) as refusal:
        files(load(folder))
    assert reason in refusal.value.detail


def test_a_file_that_is_not_published_claims_no_graph(make_site: MakeSite, tmp_path: Path) -> None:
    toml = HEAD + '[graphs."data/x.nt"]\npublish = false'
    folder = make_site(tmp_path, {"data/x.ttl": "", "data/x.nt": ""}, toml)
    assert [f.name for f in files(load(folder))] == ["data/x.ttl"]


def test_two_files_may_speak_of_one_graph_by_its_name(make_site: MakeSite, tmp_path: Path) -> None:
    text = P + "<g> { e:a e:p 1 }"
    found = files(load(make_site(tmp_path, {"data/x.trig": text, "data/y.trig": text}, HEAD)))
    assert {quad.graph_name for f in found for quad in f.quads()} == {NamedNode(BASE + "g")}


@pytest.mark.parametrize("toml", ["", 'data = ["data/x.ttl"]'])
def test_a_pipe_is_refused_and_never_waited_for(make_site: MakeSite, tmp_path: Path, toml: str) -> None:
    folder = make_site(tmp_path, {"data/y.ttl": ""}, HEAD + toml)
    os.mkfifo(folder / "data/x.ttl")
    with pytest.raises(SourceError, match="is no regular file"):
        files(load(folder))


def test_a_link_that_leads_nowhere_is_refused(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site(tmp_path, {"data/y.ttl": ""}, HEAD)
    (folder / "data/x.ttl").symlink_to("nowhere.ttl")
    with pytest.raises(SourceError, match="is no regular file"):
        files(load(folder))


def test_a_name_that_is_no_utf8_is_refused(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site(tmp_path, {"data/y.ttl": ""}, HEAD)
    Path(os.fsdecode(os.fsencode(folder) + b"/data/\xff.ttl")).touch()
    with pytest.raises(SourceError, match="UTF-8") as refusal:
        files(load(folder))
    refusal.value.detail.encode()


def test_a_file_that_vanished_is_refused_by_name(make_site: MakeSite, tmp_path: Path) -> None:
    source = _one(make_site(tmp_path, {"data/x.ttl": ""}, HEAD))
    source.path.unlink()
    for reading in (lambda: list(source.quads()), lambda: source.sha256):
        with pytest.raises(SourceError, match=r"^data/x\.ttl: cannot be read: No such file"):
            reading()


def test_a_file_that_became_a_folder_is_refused_by_name(make_site: MakeSite, tmp_path: Path) -> None:
    source = _one(make_site(tmp_path, {"data/x.ttl": ""}, HEAD))
    source.path.unlink()
    source.path.mkdir()
    with pytest.raises(SourceError, match=r"^data/x\.ttl: cannot be read"):
        list(source.quads())


def test_the_hash_of_a_file_is_that_of_its_bytes(make_site: MakeSite, tmp_path: Path) -> None:
    assert _one(make_site(tmp_path, {"data/x.ttl": ""}, HEAD)).sha256 == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
