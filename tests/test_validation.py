"""Validation that keeps up: the same report as plain pySHACL on W3C's suite, on random shapes and on Brick."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace

from kgpub.cli import app
from kgpub.errors import QueryRefused, SourceError
from kgpub.model import Finding, Report
from kgpub.revalidation import renewal
from kgpub.settings import load
from kgpub.source import files, notes
from kgpub.validate import Engine, Outcome, _reported, examine, verify
from kgpub.validation.adapter import ParsesOnce
from kgpub.validation.asking import remote
from kgpub.validation.logic import is_about, negation, renumbered
from kgpub.validation.regex import narrowed, widened
from kgpub.validation.terms import marked, stored, term, unmarked
from kgpub.validation.view import SourceStore
from sampled import sampled
from shapes_fuzz import LITERALS, PREFIXES, Source, Told, plainly, quads, quickly

SHARED = Path(__file__).parents[2] / "shared"
SUITE = SHARED / "w3c" / "shacl" / "tests"
BRICK = SHARED / "graphs" / "brick"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")


def agrees(data: list[pyoxigraph.Quad], shapes: list[pyoxigraph.Quad]) -> tuple[Told, dict[str, int]]:
    """What both engines say of a pair; they have to say the same."""
    plain = plainly(data, shapes)
    quick, sizes = quickly(data, shapes)
    assert quick == plain
    return plain, sizes


@pytest.mark.parametrize("start", sampled(range(0, 40, 10), [10]))
def test_random_shapes_have_the_same_report(start: int) -> None:
    results = sum(random_pair(seed) for seed in range(start, start + 10))
    assert results > 50  # the pairs are worth it


@pytest.mark.slow
@pytest.mark.parametrize("start", range(40, 560, 20))
def test_many_random_shapes_have_the_same_report(start: int) -> None:
    assert sum(random_pair(seed) for seed in range(start, start + 20)) > 50


def random_pair(seed: int) -> int:
    """The number of results of a random pair, on which both engines agree."""
    source = Source(seed)
    plain, _ = agrees(quads(source.data(), "d"), quads(source.shapes_text(), "s"))
    return plain.results.total()


def suite() -> Iterator[object]:
    """The files of the W3C test suite, or one row that says why there are none."""
    if not SUITE.is_dir():
        yield pytest.param(SUITE, marks=pytest.mark.skip(reason=f"the W3C SHACL test suite is not at {SUITE}"))
    for path in sorted(SUITE.rglob("*.ttl")):
        if "manifest" not in path.name:
            yield pytest.param(path, id=path.relative_to(SUITE).as_posix())


@pytest.mark.parametrize("path", list(suite()))
def test_w3c_suite_has_the_same_report(path: Path) -> None:
    manifest = Graph().parse(path, publicID=path.as_uri())
    for test in manifest.subjects(RDF.type, SHT.Validate):
        action = manifest.value(test, MF.action)
        data, shapes = (manifest.value(action, predicate) for predicate in (SHT.dataGraph, SHT.shapesGraph))
        agrees(read(str(data), "d"), read(str(shapes), "s"))


def read(file: str, name: str) -> list[pyoxigraph.Quad]:
    """A file of the suite."""
    return quads(Path(file.removeprefix("file://")).read_bytes(), name, base=file)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("isIRI(?v3)", True),
        ('EXISTS { ?v3 <urn:p?v1> ?v4 FILTER(?v4 = "?v2") }', True),
        ("EXISTS { ?v3 <urn:p> ?v3_class }", True),
        ("sameTerm(?v3, ?v2)", False),
        ("EXISTS { ?focus <urn:p> ?v3 }", False),
        ("?v3 < ?v2 || ?v3 > ?v4", False),
        ("true", False),
    ],
)
def test_a_test_of_one_value_is_known_from_others(test: str, expected: bool) -> None:
    assert is_about(test, "?v3") is expected


def test_the_same_question_is_known_again() -> None:
    one = 'EXISTS { ?v1 <urn:?v1> ?v2 FILTER(?v2 = "?v1") }'
    other = 'EXISTS { ?v7 <urn:?v1> ?v9 FILTER(?v9 = "?v1") }'
    assert renumbered(one) == renumbered(other)
    assert renumbered('?v1 = "?v1"') != renumbered('?v1 = "?v2"')


@pytest.mark.parametrize("test", ["true", "isIRI(?v1)", "(a || b)", "!(a) || !(b)", '!(")" = ?v1) && (a)'])
def test_a_negation_of_a_negation_is_the_test(test: str) -> None:
    assert negation(negation(test)) == test
    assert negation(test) != test


@pytest.mark.slow
@pytest.mark.skipif(not BRICK.is_dir(), reason=f"the Brick ontology is not at {BRICK}")
def test_brick_has_the_same_report() -> None:
    ontology = quads((BRICK / "Brick.ttl").read_bytes(), "o")
    shapes = [quad for quad in ontology if quad.predicate.value != str(SH.rule)]
    plain, _ = agrees([*ontology, *quads((BRICK / "rice_brick.ttl").read_bytes(), "d")], shapes)
    assert plain.error == ""


@pytest.mark.parametrize("text", [text for text in LITERALS if text != "NaN"])
def test_a_literal_comes_out_of_the_store_as_it_went_in(text: str) -> None:
    (quad,) = quads(f"{PREFIXES} ex:a ex:p {text} .")
    literal = quad.object
    assert isinstance(literal, pyoxigraph.Literal)
    store = pyoxigraph.Store()
    store.add(pyoxigraph.Quad(quad.subject, quad.predicate, marked(literal)))
    (found,) = (one.object for one in store)
    assert isinstance(found, pyoxigraph.Literal)
    assert term(unmarked(found)) == term(literal)
    assert stored(term(literal)) == found


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[a-z]+$", "^[a-z]+$"),
        (r"^\d{4}$", "^[0-9]{4}$"),
        (r"^[^\s]+\S$", r"^[^\s\x1c-\x1f]+[^\s\x1c-\x1f]$"),
        (r"a\.b", r"a\.b"),
        ("(?!a)", None),
        (r"(a)\1", None),
        (r"[^\d]", None),
        (r"\bx", None),
        (r"\p{L}", None),
        ("[[:alpha:]]", None),
        ("[a&&b]", None),
        ("(?i)a", None),
        ("a++", None),
        ("a{2}+b", None),
        (r"\++(?:b|c)*?", r"\++(?:b|c)*?"),
    ],
)
def test_a_regular_expression_is_narrowed_or_left_alone(pattern: str, expected: str | None) -> None:
    assert narrowed(pattern, 32) == expected
    assert narrowed(pattern, 34) is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[a-z]+$", r"^[a-z]+\n?$"),
        (r"^[^\s]+[\s.]", r"^[^\s]+[\s\x1c-\x1f.]"),
        (r"(a$|\s)", r"(a\n?$|[\s\x1c-\x1f])"),
        (r"\d", None),
        (r"[^\w]", None),
        ("a$b", None),
        ("(?!a)", None),
    ],
)
def test_a_regular_expression_is_widened_or_left_alone(pattern: str, expected: str | None) -> None:
    assert widened(pattern, 32) == expected


@pytest.mark.parametrize("pattern", ["^a$", r"\s", r"^\S+$", r"[^\s]", r"^[\sa]$", r"\d", r"\w", ".", "^.$"])
@pytest.mark.parametrize(
    "text", ["a", "a\n", "\x1c", "\x85", "\xa0", "\u2028", "١", "ქ", "_", "\r", "", "\u200b", "\U0001e5f1"]
)
def test_oxigraph_matches_no_more_and_no_less_than_it_may(pattern: str, text: str) -> None:
    found = re.search(pattern, text) is not None
    narrow, wide = narrowed(pattern, 32), widened(pattern, 32)
    assert narrow is not None
    assert found or not in_oxigraph(narrow, text)
    assert not found or wide is None or in_oxigraph(wide, text)


def in_oxigraph(pattern: str, text: str) -> bool:
    """Whether Oxigraph finds the pattern in the text."""
    literals = [str(pyoxigraph.Literal(one)) for one in (text, pattern)]
    return bool(pyoxigraph.Store().query(f"ASK {{ FILTER(REGEX({', '.join(literals)})) }}"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { SERVICE <http://a.example/> { $this ?p ?o } }",
        "SELECT $this WHERE { \\u0053ERVICE <http://a.example/> { $this ?p ?o } }",
        "SELECT $this FROM <http://a.example/> WHERE { $this ?p ?o }",
        "SELECT $this FROM NAMED <http://a.example/> WHERE { GRAPH ?g { $this ?p ?o } }",
        "SELECT $this WHERE { SERVICEex:x { $this ?p ?o } }",
    ],
)
@pytest.mark.parametrize("engine", list(Engine))
def test_a_query_that_asks_elsewhere_is_refused_before_anything_runs(
    tmp_path: Path, query: str, engine: Engine
) -> None:
    shapes = f'ex:S sh:targetNode ex:a ;\n sh:sparql [\n sh:select """{query}""" ] .'.replace("\\u", "\\\\u")
    site(tmp_path, "ex:a ex:p 1 .", shapes)
    settings = load(tmp_path)
    with pytest.raises(SourceError) as caught:
        examine(files(settings), settings, engine)
    assert "ex" in str(caught.value) and caught.value.line == 4


@pytest.mark.parametrize(
    "query", ["ASK { SERVICE <http://a.example/> { ?s ?p ?o } }", "SELECT * FROM <x:y> { ?s ?p ?o }"]
)
def test_a_query_that_asks_elsewhere_does_not_run(query: str) -> None:
    with pytest.raises(QueryRefused):
        ParsesOnce({}).query(query)


def test_a_namespace_cannot_smuggle_a_query() -> None:
    shapes = Graph()
    shapes.add((SHT.x, SH.namespace, Literal("http://a> SELECT * { SERVICE <http://b> {} } #")))
    assert remote(shapes) == (SHT.x, "its sh:namespace is no IRI")


def test_what_only_looks_like_a_fetch_is_asked() -> None:
    shapes = Graph()
    shapes.add((SHT.x, SH.select, Literal('SELECT ?from { ?from ex:service "FROM SERVICE" } # SERVICE')))
    assert remote(shapes) is None


@pytest.mark.parametrize("name", ["v1", "v2", "v", "vv1", "x"])
@pytest.mark.parametrize("test", ["EXISTS { ?this ex:q ?o . ?o ex:r ?z }", "NOT EXISTS { ?this ex:q ?o . ?o ex:r ?z }"])
def test_a_target_may_call_its_variables_whatever_it_likes(tmp_path: Path, name: str, test: str) -> None:
    select = f"PREFIX ex: <http://example.org/> SELECT ?this WHERE {{ ?this ex:p ?{name} . FILTER {test} }}"
    shapes = (
        f'ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select """{select}""" ] ; sh:nodeKind sh:Literal .'
    )
    site(tmp_path, "ex:a ex:p ex:b ; ex:q ex:c . ex:c ex:r 1 . ex:d ex:p ex:e ; ex:q ex:f . ex:g ex:p ex:c .", shapes)
    settings = load(tmp_path)
    quick, plain = (examine(files(settings), settings, engine).report.findings for engine in Engine)
    assert quick == plain
    assert plain


# shortcuts of targets: (the query, the nodes it finds); each must not be taken where it would find others

FINDS = "ex:a ex:p ex:b ; ex:q ex:c , 1 . ex:b ex:r ex:a . ex:c a ex:C ."
TARGETS = [
    pytest.param("SELECT ?this WHERE { { SELECT ?t WHERE { { ?s ?t ?o } UNION { ?s ex:r ?t } } } ?this ?t ?x }", "abc",
                 id="a property of whatever it may be"),
    pytest.param("SELECT ?this WHERE { { SELECT ?t WHERE { { ?s ?t ?o . ?o ex:r ?s } UNION { ?s ex:r ?t } } } ?this ?t 1 }", "",
                 id="what is named twice in one arm says more"),
    pytest.param("SELECT ?this WHERE { { { ?s ?t ex:b } UNION { ?s ex:r ?t } } ?s ex:q 1 . ?this ?t ?x }", "a",
                 id="what is named in both arms and outside says more"),
    pytest.param("SELECT ?this WHERE { { SELECT ?s ?t WHERE { { ?s ?t ?o } UNION { ?s ex:r ?t } } } ?this ?t ?s }", "",
                 id="what is asked for says more"),
    pytest.param("SELECT ?this WHERE { { SELECT ?t WHERE { ?s ?t ?o . FILTER(?o = 1) } } ?this ?t ?x }", "a",
                 id="what a filter looks at says more"),
    pytest.param("SELECT ?this WHERE { ?s ?s ?o . ?this ex:p ?x }", "", id="the same twice in one pattern says more"),
    pytest.param("SELECT ?this WHERE { ?this ex:p|ex:r ?x }", "ab", id="one of two properties"),
    pytest.param("SELECT ?this WHERE { ?this ex:p|ex:r ?x . ?x ex:r|a ?y }", "a", id="two choices after each other"),
    pytest.param("SELECT ?this WHERE { ?x ex:q|^ex:r ?this }", "bc1", id="a choice of an inverse"),
    pytest.param("SELECT ?this WHERE { { SELECT ?x (ex:p AS ?this) WHERE { ?x ex:q ?y } } }", "p", id="a name for a term"),
    pytest.param("SELECT ?this WHERE { { ?this ex:p ?x } UNION { ?x ex:q ?y } }", "a", id="a focus node in one arm only"),
    pytest.param("SELECT ?this WHERE { ?this ex:q ?x . FILTER(?x > 0) }", "a", id="a filter that is in doubt"),
    pytest.param("SELECT ?this WHERE { { ?this ex:q ?x . FILTER(?x > 1) } UNION { ?x ex:q ?this . FILTER(?x != ex:a) } }", "",
                 id="a filter that is in doubt in each arm"),
]  # fmt: skip


@pytest.mark.parametrize(("select", "found"), TARGETS)
def test_a_target_finds_what_it_finds(select: str, found: str) -> None:
    target = f'sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:P ; sh:select """{select}""" ]'
    shapes = (
        'ex:P sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .\n'
        f"ex:S a sh:NodeShape ; {target} ; sh:nodeKind sh:BlankNode ."
    )
    plain, _ = agrees(quads(PREFIXES + FINDS, "d"), quads(PREFIXES + shapes, "s"))
    assert not plain.error
    assert plain.results.total() == len(found), plain.results


def site(folder: Path, data: str, shapes: str) -> None:
    """A site with these files; data and shapes begin on line 2, after the prefixes."""
    (folder / "kgpub.toml").write_text('title = "T"\nbase = "http://example.org/"\nlanguages = ["ka", "en"]\n', "utf-8")
    for name, text in {"data/a.ttl": data, "shapes/s.ttl": shapes}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(PREFIXES + text, "utf-8")


UNKNOWN = 'ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:pattern "^(?!x)" ] .'


def test_a_shape_that_is_not_compiled_is_named_with_the_reason(tmp_path: Path) -> None:
    site(tmp_path, 'ex:a a ex:C ; ex:p "x" .', UNKNOWN)
    settings = load(tmp_path)
    outcome = examine(files(settings), settings)
    assert list(outcome.node_by_node) == ["http://example.org/S"]
    assert "regular expression" in next(outcome.remarks)
    assert len(outcome.report.findings) == 1


def test_both_engines_are_run_to_verify(tmp_path: Path) -> None:
    site(tmp_path, 'ex:a a ex:C ; ex:p "x" , 01 .', UNKNOWN)
    settings = load(tmp_path)
    outcome = verify(files(settings), settings)
    assert outcome.agrees
    assert outcome.report == examine(files(settings), settings, Engine.FULL).report
    assert len(outcome.report.findings) == 1


def test_only_nodes_with_cause_are_looked_at() -> None:
    data = "".join(f'ex:n{i} a ex:C ; ex:p {i} ; ex:d "2020-01-0{1 + i % 9}"^^xsd:date .\n' for i in range(50))
    shapes = "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxInclusive 47 ] , [ sh:path ex:d ; sh:datatype xsd:date ] ."
    plain, sizes = agrees(quads(PREFIXES + data), quads(PREFIXES + shapes))
    assert plain.results.total() == 2
    assert sizes["http://example.org/S"] == 2


@pytest.mark.parametrize("fault", ["ex:z ex:p <a b> .", "ex:z ex:p ex:q", "ex:z ex:p 1 . # no fault"])
def test_a_fault_far_down_in_a_file_leaves_nothing_of_it_behind(tmp_path: Path, fault: str) -> None:
    many = "".join(f"ex:n{number} a ex:C ; ex:p {number} .\n" for number in range(2_500))
    site(tmp_path, many + fault, "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxInclusive 2490 ] .")
    (tmp_path / "data" / "b.ttl").write_text(PREFIXES + "ex:b a ex:C ; ex:p 9999 .", "utf-8")
    settings = load(tmp_path)
    read = {engine: files(settings) for engine in Engine}
    quick, plain = (examine(read[engine], settings, engine).report for engine in Engine)
    assert quick == plain
    assert len(plain.findings) == (1 if fault.endswith("ex:q") else 10)
    assert notes(read[Engine.AUTO]) == notes(read[Engine.FULL])


def test_a_difference_is_told_result_by_result() -> None:
    finding = Finding(
        "violation", "http://a.example/x", "http://a.example/S", "http://a.example/M", {}, "", "", "a.ttl", 7
    )
    outcome = Outcome(Report(conforms=False, findings=(finding,)), only_full=(finding,))
    assert not outcome.agrees
    assert list(outcome.remarks) == [
        f"only by --engine full: {finding.focus} {finding.shape} {finding.component} (a.ttl:7)"
    ]


@pytest.mark.parametrize("options", [["--verify"], ["--engine", "full"], []])
def test_the_command_has_both_engines(tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    site(tmp_path, 'ex:a a ex:C ; ex:p "y" .', UNKNOWN)
    with pytest.raises(SystemExit) as caught:
        app(["validate", str(tmp_path), *options])
    assert caught.value.code == 0
    told = capsys.readouterr()
    assert told.out.startswith("✓")
    assert ("every focus node is looked at" in told.err) == (options != ["--engine", "full"])


def test_the_command_fails_where_the_engines_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site(tmp_path, 'ex:a a ex:C ; ex:p "x" .', UNKNOWN)
    monkeypatch.setattr(
        "kgpub.validate._reported",
        lambda data, shapes: renewal.Told(no_results(), data, {}) if is_view(data) else PLAIN(data, shapes),
    )
    with pytest.raises(SystemExit) as caught:
        app(["validate", str(tmp_path), "--verify"])
    assert caught.value.code == 4


def no_results() -> Graph:
    """The report of an engine that overlooks everything."""
    report = Graph()
    report.add((BNode(), SH.conforms, Literal(True)))
    return report


def is_view(graph: Graph) -> bool:
    return isinstance(graph.store, SourceStore)


PLAIN = _reported
