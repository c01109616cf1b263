"""The embedded engine through its four verbs: what is answered, in which format, what is refused and when."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kgpub import errors, formats
from kgpub.engine import Answer, DatasetClause, Pattern, guard, oxigraph, protocol_dataset
from kgpub.engine.oxigraph import OxigraphEngine
from kgpub.engine.reread import Reread
from kgpub.engine.rows import row_counter
from kgpub.settings import Settings
from kgpub.settings.tables import Sparql

BASE = "https://example.org/"
PLAIN = DatasetClause()


def iri(name: str) -> NamedNode:
    return NamedNode(BASE + name)


def site(**limits: int) -> Settings:
    return Settings(
        title="t", base=BASE, languages=("en",), prefixes={"ex": "", "service": "s/"}, sparql=Sparql(**limits)
    )


FACTS = (("a", "b", "g1"), ("a", "b", "g2"), ("a", "c", "g2"), ("d", "e", "hidden"))
"""Subject, object and graph; all but the hidden graph are in the default graph, each triple once."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engine") / "store"
    store = ox.Store(str(path))
    quads = [Quad(iri(s), iri("p"), iri(o), iri(g)) for s, o, g in FACTS]
    store.bulk_extend(quads + [Quad(q.subject, q.predicate, q.object) for q in quads if q.graph_name != iri("hidden")])
    store.add(Quad(iri("t"), iri("text"), Literal('say "hi",\nthen\ttab', language="en"), iri("g3")))
    store.bulk_extend(
        [Quad(iri(f"m{i}"), iri("q"), iri("hub"), g) for i in range(500) for g in (iri("g4"), DefaultGraph())]
    )
    store.flush()
    store.optimize()
    return path


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[OxigraphEngine]:
    opened = OxigraphEngine(folder, site())
    yield opened
    opened.close()


def body(answer: Answer) -> str:
    return b"".join(answer.chunks).decode()


def ask(engine: OxigraphEngine, query: str, accept: str | None = None, dataset: DatasetClause = PLAIN) -> str:
    return body(engine.stream(query, accept, dataset))


# quads and select


@pytest.mark.parametrize(
    ("pattern", "limit", "count"),
    [
        pytest.param(Pattern(subject=iri("a")), None, 3, id="None is every named graph, not the default one"),
        pytest.param(Pattern(subject=iri("a"), graph=DefaultGraph()), None, 2, id="the default graph alone"),
        pytest.param(Pattern(subject=iri("a"), graph=iri("g2")), None, 2, id="one named graph"),
        pytest.param(Pattern(subject=iri("a")), 1, 1, id="a limit cuts"),
        pytest.param(Pattern(object=iri("hub")), None, 500, id="a hub's links once each, past the default graph's"),
        pytest.param(Pattern(object=iri("hub")), 3, 3, id="a hub's first links"),
        pytest.param(Pattern(subject=iri("nobody")), None, 0, id="nothing"),
    ],
)
def test_quads(engine: OxigraphEngine, pattern: Pattern, limit: int | None, count: int) -> None:
    found = list(engine.quads(pattern, limit))
    assert len(found) == len(set(found)) == count
    assert pattern.graph is not None or all(q.graph_name != DefaultGraph() for q in found)


def test_select_knows_base_and_prefixes(engine: OxigraphEngine) -> None:
    assert [row["o"] for row in engine.select("SELECT ?o { <a> ex:p ?o } ORDER BY ?o")] == [iri("b"), iri("c")]


def test_select_refuses_what_is_no_select(engine: OxigraphEngine) -> None:
    with pytest.raises(errors.BadQuery):
        list(engine.select("ASK {}"))


def test_a_missing_store_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(errors.EngineDown, match="nowhere"):
        OxigraphEngine(tmp_path / "nowhere", site())


def test_a_closed_engine_is_an_outage(folder: Path) -> None:
    engine = OxigraphEngine(folder, site())
    engine.close()
    with pytest.raises(errors.EngineDown):
        next(engine.quads(Pattern()))
    with pytest.raises(errors.EngineDown):
        engine.stream("ASK {}", None, PLAIN)


# formats

SELECT = "SELECT ?o FROM ex:g1 { ?s ex:p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ex:p ?o } FROM ex:g1 { ?s ex:p ?o }"
TRIPLE = "<https://example.org/a> <https://example.org/p> <https://example.org/b> .\n"


@pytest.mark.parametrize(
    ("query", "accept", "format", "exact"),
    [
        (
            SELECT,
            None,
            formats.RESULTS_JSON,
            '{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"uri","value":"https://example.org/b"}}]}}',
        ),
        (SELECT, "*/*", formats.RESULTS_JSON, None),
        (SELECT, "application/json", formats.RESULTS_JSON, None),
        (SELECT, "text/csv", formats.CSV, "o\r\nhttps://example.org/b\r\n"),
        (SELECT, "text/tab-separated-values", formats.TSV, "?o\n<https://example.org/b>\n"),
        (SELECT, "text/turtle;q=0.1, application/sparql-results+xml;q=0.5", formats.RESULTS_XML, None),
        (SELECT, "text/turtle, */*;q=0.1", formats.RESULTS_JSON, None),
        ("ASK {}", None, formats.RESULTS_JSON, '{"head":{},"boolean":true}'),
        ("ASK {}", "text/csv", formats.CSV, "true"),
        ("ASK {}", "text/tab-separated-values", formats.TSV, "true"),
        (CONSTRUCT, None, formats.TURTLE, None),
        (CONSTRUCT, "*/*", formats.TURTLE, None),
        (CONSTRUCT, "application/n-triples", formats.N_TRIPLES, TRIPLE),
        (CONSTRUCT, "application/n-quads", formats.N_QUADS, TRIPLE),
        (CONSTRUCT, "application/trig", formats.TRIG, None),
        (CONSTRUCT, "application/rdf+xml", formats.RDF_XML, None),
        (CONSTRUCT, "application/json", formats.JSON_LD, None),
        ("DESCRIBE ex:a FROM ex:g1", "application/n-triples", formats.N_TRIPLES, TRIPLE),
        ("SELECT * { ?s ex:nothing ?o }", "text/csv", formats.CSV, "o,s\r\n"),
    ],
)
def test_the_result_type_and_accept_choose_the_format(
    engine: OxigraphEngine, query: str, accept: str | None, format: formats.Format, exact: str | None
) -> None:
    answer = engine.stream(query, accept, PLAIN)
    text = body(answer)
    assert answer.format is format
    assert exact is None or text == exact


@pytest.mark.parametrize("format", formats.GRAPHS, ids=lambda f: f.name)
def test_every_graph_format_says_the_same(engine: OxigraphEngine, format: formats.Format) -> None:
    text = ask(engine, CONSTRUCT, format.media_type)
    parsed = ox.parse(text, format=ox.RdfFormat.from_media_type(format.media_type))
    assert [str(quad.triple) + " ." for quad in parsed] == [TRIPLE.strip()]


def test_turtle_has_the_sites_prefixes(engine: OxigraphEngine) -> None:
    assert "ex:a ex:p ex:b ." in ask(engine, CONSTRUCT, "text/turtle")


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (SELECT, "text/turtle"),
        (CONSTRUCT, "text/csv"),
        (SELECT, "image/png"),
        ("CONSTRUCT { <a> <https://example.org/1> 2 } {}", "application/rdf+xml"),
        ("SELECT ('a\\u0001b' AS ?x) {}", "application/sparql-results+xml"),
    ],
)
def test_what_cannot_be_had_is_not_acceptable(engine: OxigraphEngine, query: str, accept: str) -> None:
    with pytest.raises(errors.NotAcceptable):
        engine.stream(query, accept, PLAIN)


# datasets

COUNT = "SELECT (COUNT(*) AS ?n) {from} {{ {where} }}"
TRIPLES, IN_GRAPHS = "?s ex:p ?o", "GRAPH ?g { ?s ex:p ?o }"
G1, G2 = BASE + "g1", BASE + "g2"


@pytest.mark.parametrize(
    ("froms", "clause", "triples", "in_graphs"),
    [
        pytest.param("", PLAIN, 2, 4, id="the store's own: the default graph has each triple once"),
        pytest.param("FROM ex:g2", PLAIN, 2, 0, id="one FROM leaves no named graph"),
        pytest.param("FROM ex:g1 FROM ex:g2", PLAIN, 2, 0, id="two FROM are a set"),
        pytest.param("FROM ex:g2 FROM <g2>", PLAIN, 2, 0, id="one graph named twice"),
        pytest.param("FROM NAMED ex:g1", PLAIN, 0, 1, id="FROM NAMED alone empties the default graph"),
        pytest.param("FROM ex:g1 FROM NAMED ex:g2", PLAIN, 1, 2, id="FROM and FROM NAMED"),
        pytest.param("FROM ex:g1 FROM ex:g2 FROM NAMED ex:g2", PLAIN, 2, 2, id="merged, with a named one"),
        pytest.param("FROM ex:hidden", PLAIN, 1, 0, id="a graph that is not in the default one"),
        pytest.param("FROM ex:none", PLAIN, 0, 0, id="a graph there is not"),
        pytest.param("", DatasetClause((G1,), ()), 1, 0, id="protocol: one default graph"),
        pytest.param("", DatasetClause((G1,)), 1, 0, id="protocol: the other list is empty, not everything"),
        pytest.param("", DatasetClause((G1, G2, G1)), 2, 0, id="protocol: two default graphs are a set"),
        pytest.param("", DatasetClause(None, (G1,)), 0, 1, id="protocol: named only"),
        pytest.param("", DatasetClause((), ()), 0, 0, id="protocol: both empty"),
        pytest.param("FROM ex:g2 FROM NAMED ex:g2", DatasetClause((G1,)), 1, 0, id="the protocol wins over FROM"),
    ],
)
def test_datasets(engine: OxigraphEngine, froms: str, clause: DatasetClause, triples: int, in_graphs: int) -> None:
    counted = [
        ask(engine, COUNT.format(**{"from": froms, "where": where}), "text/csv", clause).split()[1]
        for where in (TRIPLES, IN_GRAPHS)
    ]
    assert counted == [str(triples), str(in_graphs)]


def test_from_is_resolved_by_the_querys_own_prologue(engine: OxigraphEngine) -> None:
    query = f"BASE <{BASE}> PREFIX x: <{BASE}g> SELECT (COUNT(*) AS ?n) FROM x:1 FROM <g2> {{ ?s ?p ?o }}"
    assert ask(engine, query, "text/csv").split() == ["n", "2"]


def test_a_word_from_in_a_string_is_no_clause(engine: OxigraphEngine) -> None:
    assert ask(engine, "SELECT ('FROM <g1> FROM <g2>' AS ?x) { ex:a ex:p ?o }", "text/csv").count("FROM") == 4


def test_merging_too_much_is_refused(engine: OxigraphEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol_dataset, "MERGE_LIMIT", 400)
    with pytest.raises(errors.QueryRefused, match="400"):
        ask(engine, "ASK FROM ex:g4 FROM ex:g1 {}")


def test_a_graph_name_that_is_none_is_refused(engine: OxigraphEngine) -> None:
    with pytest.raises(errors.BadIri):
        ask(engine, "ASK {}", None, DatasetClause(("not an iri",)))


# errors of syntax


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * {\n  ?s ?p 'a\n}", 2, 9, "the string that begins here"),
        ("SELECT * {\n  ?s ?p <a b>\n}", 2, 9, "the IRI that begins here"),
        ("SELECT *\n{ ?s ?p ?o", 2, 1, "never closed"),
        ("SELECT * { ?s ?p ?o }}", 1, 22, "closes nothing"),
        ("SELECT * { ?s ?p ?o )", 1, 21, "closes nothing"),
        ("SELEKT * { ?s ?p ?o }", 1, 1, "“SELEKT” is no word of SPARQL"),
        ("SELECT * { ?s foo:b ?o }", 1, 20, "“SELECT * { ?s foo:b”: prefix not found"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?o }", 1, None, "a variable that is unbound"),
        ("SELECT * { ?s ?p }", 1, None, "is not SPARQL"),
        ("", 1, 1, "is not SPARQL"),
    ],
)
def test_syntax_errors_say_where(engine: OxigraphEngine, query: str, line: int, column: int | None, words: str) -> None:
    with pytest.raises(
        errors.BadQuery, match=words.replace("*", r"\*").replace("?", r"\?").replace("{", r"\{")
    ) as caught:
        ask(engine, query)
    assert caught.value.line == line
    assert column is None or caught.value.column == column
    assert len(caught.value.detail) < 150


# the guard

REFUSED = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { service silent ?x { ?s ?p ?o } }",
    "SELECT * { sErViCe<http://127.0.0.1/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE# >\n<http://127.0.0.1/> {} }",
    "SELECT * { SERVICEex:x{ ?s ?p ?o } }",
    "SELECT * { SERVICESILENTex:x { ?s ?p ?o } }",
    "SELECT * { service:x { ?s ?p ?o } }",
    "SELECT * { service:x # GRAPH\n { ?s ?p ?o } }",
    "SELECT * { # GRAPH\n service:x\\-y { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE:x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p true.SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?a<?b)SERVICE#>\n?x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?a<'>') SERVICE ?x { ?s ?p ?o } #'\n }",
    "SELECT * { ?s ?p ?o FILTER ex:f(?a<'>') SERVICE ?x { ?s ?p ?o } #'\n }",
    "SELECT * { ?s ?p ?o FILTER:f(?a<'>') SERVICE ?x { ?s ?p ?o } #'\n }",
    "SELECT * { { SELECT * {} ORDER BY EXISTS{} (1<'>') } SERVICE ?x { ?s ?p ?o } #'\n }",
    "SELECT * { { SELECT * {} GROUP BYex:f(1) (1<'>') } SERVICE ?x { ?s ?p ?o } #'\n }",
    "SELECT * { VALUES ?v { '''a' } SERVICE ?x { ?s ?p ?o } #\\z'''\n }",
    "SELECT * { VALUES ?v { '''a' } SERVICE ?x { ?s ?p ?o } #\\uD800'''\n }",
    "SELECT * { VALUES (?a ?b) { (1 <http://e/('>) } SERVICE ?x { ?s ?p ?o } #'\n }",
    "SELECT * { ?s <http://e/\\u0041'> ?o SERVICE ?x { ?s ?p ?o } #'\n }",
    "SELECT * { ?s ?p ?o #\r SERVICE ?x { ?s ?p ?o } }",
    "LOAD <http://127.0.0.1/>",
    "INSERT DATA { <a> <b> <c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "PREFIX ex: <http://e/> DROP GRAPH ex:g",
    "SELECT * { \\u0053ERVICE ?x {} }",
]
FINE = [
    "SELECT ?service { ?service ?load $SERVICE }",
    "SELECT * { ex:service service:x ex:LOAD, service:y }",
    "SELECT * { GRAPH service:g { ?s ?p service:o } }",
    "SELECT * { ?s ?p 'SERVICE', \"LOAD\", '''INSERT ' SERVICE''', \"\"\"DELETE\"\"\" # SERVICE <x> {}\n }",
    "SELECT * { <http://e/SERVICE> ?p <http://e/(LOAD)> }",
    "SELECT * { ?s ?p 'x'@en-service }",
    "SELECT * { _:service ?p _:LOAD }",
    "PREFIX insert: <http://e/> SELECT * { insert:x insert:data ?o }",
    "SELECT * { ?s ?p ?o FILTER(?s<?p&&?p>?o) FILTER(1<2) FILTER(?o<=3&&(?s<?p)) }",
    "SELECT * { VALUES (?a ?b) { (<#a> <#b>) (UNDEF -1.5e3) } }",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) (SUM(?o)*2 AS ?m) { ?s ex:p/^ex:q|!(ex:r|^ex:s)* ?o } GROUP BY ?p (?a<?b)",
    "SELECT * { ?s ?p ?o } GROUP BY ?s ?p ?o HAVING(?n<3)",
    "SELECT * { ?s ?p (1 <a> <b('c> ex:d) . << ?s ?p ?o >> ?q <<( ?s ?p ?o )>> }",
    "SELECT * { ?s ?p ?o {| ex:q 1 |} }",
    "SELECT * { FILTER ex:f(1) ?s ?p (1 <a'b>) }",
    "SELECT * { VALUES ?x { " + "<http://e/x> 1 'a'@en ex:y " * 1_000 + "} }",
    "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(["ex:a"] * 3_000) + ")) }",
    "SELECT * { ?s ?p ?o FILTER(" + " || ".join(["?o = 1"] * 300) + ") }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_fetches_or_writes_is_refused(query: str) -> None:
    with pytest.raises((errors.QueryRefused, errors.BadQuery)):
        guard.check(query, 65_536)


@pytest.mark.parametrize("query", FINE)
def test_what_only_looks_like_it_is_not(query: str) -> None:
    guard.check(query, 100_000)


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(ANY, st.sampled_from(["SERVICE", "load", "Insert"]), ANY)
def test_strings_comments_and_iris_may_say_anything(before: str, word: str, after: str) -> None:
    text = f"{before} {word} {after}"
    string = text.translate({ord(c): "\\" + e for c, e in zip('\\"\n\r', '\\"nr', strict=True)})
    comment = "".join(text.splitlines()) or " "
    in_iri = "".join(c for c in text if c > " " and c not in '<>"{}|^`\\')
    guard.check(f'SELECT * {{ ?s <http://e/{in_iri}> "{string}" #{comment}\n }}', 65_536)


PIECES = """?a|<|?b|'|'>'|>|(|)|{|}|SERVICE|<x>|#|\n| |.|1|FILTER|true|SELECT|*|BY|ORDER|GROUP|HAVING|ex:f|VALUES|'''|a
&&
service:x|EXISTS|BIND|AS|\\|<#|FILTER(?a<?b)|FILTER:f(|FILTERex:f(
SERVICE ?o {?x ?y ?z}|SERVICE:x{?x ?y ?z}|(?a<|'>')
SERVICE#>|{?x ?y ?z}|SELECT * {}|VALUES ?v {|VALUES (?v ?w) {(1 |)}|BYex:f(|\\z|OPTIONAL|true.|_:b|@en|"x"|_:service:x
<http://e/|SERVICESILENT|#'|#'''|GRAPH ?g {|GRAPH |UNION|<<|>>|<<(|)>>|[|]|;|,|ex:p"""
NOWHERE = "http://127.0.0.1:9/"
"""Port 9 is one that the engine's HTTP client never opens: trying to is an ``OSError``."""


@given(st.lists(st.sampled_from([*PIECES.replace("\n", "|").split("|"), "\n"]), max_size=14), st.booleans())
def test_the_engine_never_fetches_what_the_guard_let_pass(parts: list[str], spaced: bool) -> None:
    query = "SELECT * { ?s ?p ?o . " + (" " if spaced else "").join(parts) + "\n }"
    try:
        guard.check(query, 65_536)
    except (errors.QueryRefused, errors.BadQuery):
        return
    store = ox.Store()
    store.add(Quad(iri("a"), iri("p"), NamedNode(NOWHERE)))
    try:
        result = store.query(query, prefixes={"ex": NOWHERE, "service": NOWHERE, "": NOWHERE}, base_iri=NOWHERE)
        assert isinstance(result, ox.QuerySolutions)
        result.serialize(format=ox.QueryResultsFormat.CSV)
    except SyntaxError:
        return


HOSTILE = {
    "nested groups": "SELECT * " + "{" * 30_000,
    "nested calls": "SELECT (" + "STR(" * 15_000,
    "nested NOT EXISTS": "SELECT * {" + "FILTER NOT EXISTS{" * 3_000,
    "nested lists": "SELECT * { ?s ?p " + "(" * 300 + "1" + ")" * 300 + "}",
    "nested triple terms": "SELECT * { ?s ?p " + "<<( ?a ?b " * 6_000,
    "nested blank nodes": "SELECT * {" + "[ ?p " * 10_000,
    "a sum": "SELECT (1" + "+1" * 30_000 + " AS ?x) {}",
    "negations": "SELECT (" + "!" * 60_000 + "1 AS ?x) {}",
    "differences": "SELECT (1" + "-1" * 30_000 + " AS ?x) {}",
    "a union": "SELECT * { {}" + "UNION{}" * 8_000 + "}",
    "filters": "SELECT * {" + "FILTER(1)" * 7_000 + "}",
    "bindings": "SELECT " + "(1 AS ?a)" * 7_000 + "{}",
    "a join": "SELECT * {" + "?s ?p ?o." * 200 + "}",
    "object lists": "SELECT * { ?s ?p ?o" + ",?o" * 200 + "}",
    "a long path": "SELECT * { ?s ex:a" + "/ex:a" * 900 + " ?o }",
    "a long list": "SELECT * { ?s ?p (" + "1 " * 200 + ") }",
    "words and dots": "SELECT * {" + "a." * 32_000,
    "open IRIs": "SELECT * {" + "<" * 60_000,
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_queries_are_refused_fast(engine: OxigraphEngine, query: str) -> None:
    began = time.process_time()
    with pytest.raises((errors.QueryRefused, errors.BadQuery)):
        engine.stream(query, None, PLAIN)
    assert time.process_time() - began < 1


def test_reading_takes_time_in_proportion_to_length() -> None:
    for unit in ("a.", "?x ", "a.a-", "1 ", "'\\n'", ":", "#\n", "<a> ", "ex:a.b "):
        query = "SELECT * { VALUES ?x { " + unit * (60_000 // len(unit)) + " } }"
        began = time.process_time()
        guard.check(query, 100_000)
        assert time.process_time() - began < 2, unit


def test_the_refusal_names_limit_and_value() -> None:
    with pytest.raises(errors.TooLong, match="12 bytes long; at most 10"):
        guard.check("ASK {} # " + "ა", 10)
    with pytest.raises(errors.QueryRefused, match=f"more than {guard.MAX_DEPTH} deep"):
        guard.check("{" * 200, 1_000)


# limits of answers

MANY = "SELECT ?s ?o { ?s ex:q ?o }"


@pytest.mark.parametrize("accept", [f.media_type for f in formats.W3C_RESULTS])
def test_rows_are_counted_exactly(folder: Path, accept: str) -> None:
    assert ask(OxigraphEngine(folder, site(max_rows=500)), MANY, accept)
    with pytest.raises(errors.LimitReached, match="499 rows"):
        ask(OxigraphEngine(folder, site(max_rows=499)), MANY, accept)


@pytest.mark.parametrize("accept", [f.media_type for f in formats.GRAPHS])
def test_triples_are_counted_too(folder: Path, accept: str) -> None:
    construct = "CONSTRUCT { ?s ex:q ?o } { ?s ex:q ?o }"
    assert ask(OxigraphEngine(folder, site(max_rows=500)), construct, accept)
    with pytest.raises(errors.LimitReached, match="499 rows"):
        ask(OxigraphEngine(folder, site(max_rows=499)), construct, accept)


def test_bytes_are_counted(folder: Path) -> None:
    with pytest.raises(errors.LimitReached, match="1,000 bytes"):
        OxigraphEngine(folder, site(max_bytes=1_000)).stream(MANY, None, PLAIN)


CROSS = "SELECT ?a ?b ?o { ?a ex:q ?o . ?b ex:q ?o }"


def test_a_limit_after_the_first_chunk_breaks_the_answer_off(folder: Path) -> None:
    answer = OxigraphEngine(folder, site(max_rows=100_000)).stream(CROSS, "text/csv", PLAIN)
    sent = 0
    with pytest.raises(errors.LimitReached):
        for chunk in answer.chunks:
            sent += len(chunk)
    assert sent >= 65_536


def test_who_stops_reading_stops_the_maker(folder: Path) -> None:
    answer = OxigraphEngine(folder, site()).stream(CROSS, "text/csv", PLAIN)
    next(answer.chunks)
    answer.chunks.close()
    waited = time.monotonic() + 5
    while any(t.name == "kgpub-sparql" for t in threading.enumerate()) and time.monotonic() < waited:
        time.sleep(0.01)
    assert not any(t.name == "kgpub-sparql" for t in threading.enumerate())


SCRAPS = st.lists(st.sampled_from(["a", '"', "\\", "}},{", "{}", '"bindings":[', ",", "\n\t", "<result>"]), max_size=5)
VALUE = st.none() | SCRAPS.map("".join)
ROWS = st.lists(st.tuples(VALUE, VALUE), max_size=8)


@given(ROWS, st.integers(1, 9) | st.just(65_536), st.sampled_from(["?x ?y", "?type ?bindings"]))
def test_rows_are_counted_whatever_stands_in_them(
    rows: list[tuple[str | None, str | None]], size: int, names: str
) -> None:
    values = " ".join(f"({' '.join('UNDEF' if one is None else str(Literal(one)) for one in row)})" for row in rows)
    for format, media in ((f, ox.QueryResultsFormat.from_media_type(f.media_type)) for f in formats.W3C_RESULTS):
        result = ox.Store().query(f"SELECT {names} {{ VALUES ({names}) {{ {values} }} }}")
        assert isinstance(result, ox.QuerySolutions)
        made = result.serialize(format=media)
        assert made is not None
        counter = row_counter(format)
        for start in range(0, len(made), size):
            counter.add(made[start : start + size])
        assert counter.rows == len(rows), (format.name, made)


def test_a_large_answer_comes_whole(engine: OxigraphEngine) -> None:
    found = json.loads(ask(engine, CROSS))
    assert len(found["results"]["bindings"]) == 250_000


# ---- read once, and graph by graph

PATTERNS = [
    Pattern(),
    Pattern(subject=iri("a")),
    Pattern(object=iri("hub")),
    Pattern(subject=iri("a"), object=iri("b")),
    Pattern(predicate=iri("p"), graph=iri("g2")),
    Pattern(subject=iri("nobody")),
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("limit", [None, 0, 1, 3])
def test_what_is_read_again_is_what_the_engine_says(
    engine: OxigraphEngine, pattern: Pattern, limit: int | None
) -> None:
    reading = Reread(engine)
    first = list(reading.quads(pattern, limit))
    assert first == list(engine.quads(pattern, limit))
    assert set(reading.quads(pattern)) == set(engine.quads(pattern))
    again = list(reading.quads(pattern, limit))
    assert len(again) == len(first)
    assert set(again) <= set(engine.quads(pattern))


def test_the_quads_of_a_pattern_are_read_once(engine: OxigraphEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Pattern] = []
    plain = engine.quads

    def counted(pattern: Pattern, limit: int | None = None) -> Iterator[Quad]:
        asked.append(pattern)
        return plain(pattern, limit)

    monkeypatch.setattr(engine, "quads", counted)
    reading = Reread(engine)
    for limit in (None, 1, None, 2):
        list(reading.quads(Pattern(subject=iri("a")), limit))
    assert len(asked) == 1
    reading.close()
    list(reading.quads(Pattern(subject=iri("a"))))
    assert len(asked) == 2


@pytest.mark.parametrize("pattern", PATTERNS)
def test_few_graphs_hold_what_many_do(folder: Path, pattern: Pattern, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for few in (100, 0):
        monkeypatch.setattr(oxigraph, "_FEW", few)
        opened = OxigraphEngine(folder, site())
        found.append(sorted(map(str, opened.quads(pattern))))
        opened.close()
    assert found[0] == found[1]
