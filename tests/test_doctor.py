"""The query doctor: what it says of a query, what it leaves unsaid, and that its rewrites ask for the same."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from kgpub.doctor import EXACT, FATAL, KINDS, REWRITES, Hint, Known, Outcome, Vocabulary, diagnose, offset
from kgpub.doctor.reading import read
from kgpub.engine import guard
from kgpub.engine.guard import Reader
from kgpub.errors import KgpubError
from kgpub.represent.messages.hints import MESSAGES

EX = "http://example.org/"
FOAF = "http://xmlns.com/foaf/0.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SUITES = Path(__file__).parents[2] / "shared" / "w3c" / "sparql"

TEXTS = {"Berlin": ("",), "ბერლინი": ("ka",), "Bern": ("en", "de"), "Basel": ("", "de")}
KNOWN = Known(
    EX,
    {"ex": EX, "foaf": FOAF, "rdf": RDF},
    Vocabulary(
        {FOAF + "name": 9, EX + "hasFunder": 5, EX + "p": 4, EX + "q": 3, EX + "knows": 1, RDF + "type": 9},
        {EX + "hasFunder": {"ka": "დამფინანსებელი", "en": "paid by"}},
    ),
    Vocabulary({FOAF + "Person": 4, EX + "City": 2}, {EX + "City": {"ka": "ქალაქი"}}),
    is_property=lambda iri: iri == EX + "hidden",
    is_class=lambda iri: iri == EX + "Hidden",
    tags=lambda text: TEXTS.get(text, ()),
)


def found(query: str, outcome: Outcome | None = None, known: Known = KNOWN) -> list[tuple[str, str]]:
    """The kinds of hints, each with the text that it is about."""
    return [(hint.kind, query[hint.start : hint.end]) for hint in diagnose(query, known, outcome)]


def only(query: str, kind: str, outcome: Outcome | None = None) -> Hint:
    """The one hint of a kind."""
    (hint,) = [hint for hint in diagnose(query, KNOWN, outcome) if hint.kind == kind]
    return hint


# ---- words and prefixes


@pytest.mark.parametrize(
    ("query", "kind", "place", "fix"),
    [
        ("SELCT * { ?s ?p ?o }", "word", "SELCT", "SELECT * { ?s ?p ?o }"),
        ("select * { ?s ?p ?o } limt 5", "word", "limt", "select * { ?s ?p ?o } limit 5"),
        ("PREFIX e <http://e/> ASK {}", "word", "e", "PREFIX e: <http://e/> ASK {}"),
        ("SELECT * { ?s foef:name ?o }", "prefix", "foef:", "SELECT * { ?s foaf:name ?o }"),
        ("SELECT * { ?s FOAF:name ?o }", "prefix", "FOAF:", "SELECT * { ?s foaf:name ?o }"),
        ("ASK { ?s f:name ?o ; f:name ?b }", "prefix", "f:", "ASK { ?s foaf:name ?o ; foaf:name ?b }"),
        ("PREFIX my: <http://m/> ASK { ?s mys:x 1 }", "prefix", "mys:", "PREFIX my: <http://m/> ASK { ?s my:x 1 }"),
        ("# a\nASK { ?s dcat:x 1 }", "prefix-declare", "dcat:", "# a\nPREFIX dcat: <http://www.w3.org/ns/dcat#>\nASK { ?s dcat:x 1 }"),
        ("ASK { ?s zzz:x 1 }", "prefix-unknown", "zzz:", None),
        ("ASK { ?s zzz:x ", "prefix-unknown", "zzz:", None),
    ],
)  # fmt: skip
def test_a_wrong_word_or_prefix_is_told_with_the_one_that_is_meant(
    query: str, kind: str, place: str, fix: str | None
) -> None:
    hint = only(query, kind)
    assert (query[hint.start : hint.end], hint.fix) == (place, fix)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s foaf:name _:b }",
        "PREFIX : <http://x/> ASK { ?s :p 'zz:x' }",
        "ASK { <zz:a> ?p 1 } # zz:b",
        "ASK { [] ?p 1 }",
    ],
)
def test_nothing_is_said_of_prefixes_that_are_known_or_none(query: str) -> None:
    assert [kind for kind, _ in found(query) if kind.startswith("prefix")] == []


# ---- properties, classes, texts


@pytest.mark.parametrize(
    ("query", "kind", "place", "near"),
    [
        ("SELECT * { ?s foaf:nme ?o }", "property", "foaf:nme", "foaf:name"),
        ("SELECT * { ?s <http://schema.org/name> ?o }", "property", "<http://schema.org/name>", "foaf:name"),
        ("SELECT * { ?s ex:funder ?o }", "property", "ex:funder", "ex:hasFunder"),
        ("SELECT * { ?s ex:paidBy ?o }", "property", "ex:paidBy", "ex:hasFunder"),
        ("SELECT * { ?s rdf:label ?o }", "property", "rdf:label", "foaf:name"),
        ("SELECT * { ?s ex:damfinansebeli ?o }", "property", "ex:damfinansebeli", "ex:hasFunder"),
        ("PREFIX e: <http://example.org/> SELECT * { ?s e:know ?o }", "property", "e:know", "e:knows"),
        ("PREFIX ex: <http://a/> SELECT * { ?s foaf:knows ?o }", "property", "foaf:knows", f"<{EX}knows>"),
        ("BASE <http://example.org/> SELECT * { ?s <know> ?o }", "property", "<know>", "ex:knows"),
        ("SELECT * { ?s ex:p/ex:know ?o }", "property", "ex:know", "ex:knows"),
        ("SELECT * { ?s ex:p ?o FILTER EXISTS { ?s ex:know ?x } }", "property", "ex:know", "ex:knows"),
        ("SELECT * { ?s a foaf:Persn }", "class", "foaf:Persn", "foaf:Person"),
        ("SELECT * { ?s rdf:type ex:Qalaqi }", "class", "ex:Qalaqi", "ex:City"),
        ("SELECT * { [ a ex:Town ; ex:p [ a foaf:Perso ] ] ex:q ?o }", "class", "foaf:Perso", "foaf:Person"),
    ],
)  # fmt: skip
def test_a_name_that_the_data_does_not_use_is_told_with_the_nearest(
    query: str, kind: str, place: str, near: str
) -> None:
    hint = only(query, kind)
    assert (query[hint.start : hint.end], hint.values["near"]) == (place, near)
    assert hint.fix == query[: hint.start] + near + query[hint.end :]


@pytest.mark.parametrize(
    ("query", "kind"),
    [("SELECT * { ?s ex:zzzz ?o }", "property-unused"), ("SELECT * { ?s a ex:Zzzz }", "class-unused")],
)
def test_a_name_like_no_other_is_told_without_a_fix(query: str, kind: str) -> None:
    assert only(query, kind).fix is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s foaf:name ?o ; a foaf:Person }",
        "SELECT * { ?s ex:hidden ?o ; a ex:Hidden }",
        "SELECT * { ?s a/ex:zz* foaf:Person }",
        "SELECT * { ?s !ex:zz ?o }",
        "SELECT * { ?s (ex:p|ex:zz) ?o }",
        "SELECT * { ?s ex:p ex:zz }",
        "CONSTRUCT { ?s ex:zz ?o } { ?s ex:p ?o }",
        "SELECT * { ?s ?p ?o } VALUES ?p { ex:zz }",
    ],
)
def test_nothing_is_said_of_names_that_are_used_or_need_not_be(query: str) -> None:
    assert [kind for kind, _ in found(query) if kind.startswith(("property", "class"))] == []


def test_of_names_equally_near_the_most_used_is_told() -> None:
    known = Known(EX, {"ex": EX}, Vocabulary({EX + "name1": 1, EX + "name2": 7, EX + "name3": 3}))
    (hint,) = diagnose("SELECT * { ?s ex:name ?o }", known)
    assert hint.values["near"] == "ex:name2"


@pytest.mark.parametrize(
    ("query", "kind", "fix"),
    [
        ("SELECT * { ?s ex:p 'ბერლინი' }", "language", "SELECT * { ?s ex:p 'ბერლინი'@ka }"),
        ('SELECT * { ?s ex:p "Bern" }', "language", 'SELECT * { ?s ex:p "Bern"@en }'),
        ('SELECT * { ?s ex:p """Be\\u0072n""" }', "language", 'SELECT * { ?s ex:p """Be\\u0072n"""@en }'),
        ("SELECT * { ?s ex:p 'Berlin'@en }", "language-other", "SELECT * { ?s ex:p 'Berlin' }"),
        ("SELECT * { ?s ex:p 'Bern'@ka , 1 }", "language-other", "SELECT * { ?s ex:p 'Bern'@en , 1 }"),
        ("SELECT * { ?s ex:p ?l FILTER(?l = 'Bern') }", "language-filter", "SELECT * { ?s ex:p ?l FILTER(STR(?l) = 'Bern') }"),
        ("SELECT * { ?s ex:p ?l FILTER('Bern' = ?l) }", "language-filter", "SELECT * { ?s ex:p ?l FILTER('Bern' = STR(?l)) }"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("outcome", [None, "empty"])
def test_a_text_that_the_data_has_in_a_language_is_told(
    query: str, kind: str, fix: str, outcome: Outcome | None
) -> None:
    assert only(query, kind, outcome).fix == fix
    assert [one for one, _ in found(query, "ok") if one.startswith("language")] == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ex:p 'Berlin' , 'Basel' , 'Basel'@de , 'Bern'@de , 'nowhere' , 'Bern'^^ex:t }",
        "SELECT * { ?s ex:p ?l FILTER(STR(?l) = 'Bern' || ?l = 'Bern'@en || ?l = 'Bern'^^ex:t || ?l = 'Basel') }",
        "SELECT * { ?s ex:p ?l FILTER('Bern'@en = ?l || LANG(?l) = 'Bern') }",
    ],
)
def test_nothing_is_said_of_texts_that_are_there(query: str) -> None:
    assert [kind for kind, _ in found(query) if kind.startswith("language")] == []


# ---- variables and groups

SCOPING = [
    ("{ ?s ex:p ?x } UNION { BIND(?x AS ?y) }", "scoping-bind-union", "?x"),
    ("?s ex:p ?x { BIND(?x AS ?y) } UNION { ?s ex:q ?y }", "scoping-bind-union", "?x"),
    ("?s ex:p ?x OPTIONAL { BIND(?x AS ?y) }", "scoping-bind-optional", "?x"),
    ("?s ex:p ?x { BIND(?x AS ?y) }", "scoping-bind", "?x"),
    ("?s ex:p ?x { SELECT ?y { BIND(?x AS ?y) } }", "scoping-bind", "?x"),
    ("BIND(?x + 1 AS ?y) ?s ex:p ?x", "scoping-bind-early", "?x"),
    ("OPTIONAL { ?s ex:p ?x BIND(?x + ?z AS ?y) } ?s ex:q ?z", "scoping-bind-optional", "?z"),
    ("?s ex:p ?x BIND(1 AS ?x)", "scoping-bound", "?x"),
    ("?s ex:p ?x { ?s ex:q ?y FILTER(?y > ?x) }", "scoping-filter", "?x"),
    ("?s ex:p ?x MINUS { ?s ex:q ?y FILTER(?y > ?x) }", "scoping-filter", "?x"),
    ("?s ex:p ?x OPTIONAL { { ?s ex:q ?y FILTER(?y > ?x) } }", "scoping-filter", "?x"),
    ("?s ex:p ?x { SELECT ?s { ?s ex:q ?y FILTER(?y > ?x) } }", "scoping-filter", "?x"),
    ("?s ex:p ?x MINUS { ?a ex:q ?b }", "scoping-minus", "MINUS"),
    ("?s ex:p ?x MINUS { ?s ex:q ?y } FILTER(?y > 1)", "scoping-filter", "?y"),
    ("?s ex:p ?value FILTER(?valu > 1)", "variable-near", "?valu"),
    ("?s ex:p ?x FILTER(?nowhere > 1)", "variable", "?nowhere"),
]


@pytest.mark.parametrize(("pattern", "kind", "place"), SCOPING, ids=[row[0] for row in SCOPING])
def test_a_variable_without_a_value_is_told(pattern: str, kind: str, place: str) -> None:
    said = found(f"SELECT * {{ {pattern} }}")
    assert [pair for pair in said if pair[0] not in REWRITES] == [(kind, place)]


@pytest.mark.parametrize(
    ("query", "kind", "place"),
    [
        ("SELECT ?nmae { ?s foaf:name ?name }", "variable-near", "?nmae"),
        ("SELECT ?x { ?s ex:p ?o { SELECT ?s { ?s ex:q ?x } } }", "scoping-select", "?x"),
        ("SELECT ?s { ?s ex:p ?o } ORDER BY ?nme", "variable", "?nme"),
        ("SELECT (?c AS ?d) { ?s ex:p ?o }", "variable", "?c"),
        ("CONSTRUCT { ?s ex:p ?obj } { ?s ex:p ?obje }", "variable-near", "?obj"),
        ("SELECT ?s ?o (COUNT(*) AS ?n) { ?s ex:p ?o } GROUP BY ?s", "scoping-group", "?o"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ex:p ?o }", "scoping-group", "?s"),
        ("SELECT * { ?s ex:p ?o FILTER(?o = ?v) } VALUES ?v { 1 }", "scoping-filter", "?v"),
    ],
)
def test_a_variable_that_select_cannot_give_is_told(query: str, kind: str, place: str) -> None:
    assert found(query) == [(kind, place)]


@pytest.mark.parametrize(
    ("query", "fix"),
    [
        ("SELECT * { BIND(?x AS ?y) ?s ex:p ?x }", "SELECT * {   ?s ex:p ?x BIND(?x AS ?y) }"),
        ("SELECT * { BIND(?x AS ?y) . ?s ex:p ?x . }", "SELECT * {   ?s ex:p ?x . BIND(?x AS ?y) . }"),
        ("SELECT * { BIND(?x AS ?y) ?s ex:p ?x ; ex:q ?y }", None),
        ("SELECT ?s ?o (COUNT(*) AS ?n) { ?s ex:p ?o } GROUP BY ?s", "SELECT ?s ?o (COUNT(*) AS ?n) { ?s ex:p ?o } GROUP BY ?s ?o"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ex:p ?o }", "SELECT ?s (COUNT(*) AS ?n) { ?s ex:p ?o } GROUP BY ?s"),
    ],
)  # fmt: skip
def test_what_can_be_moved_is_moved(query: str, fix: str | None) -> None:
    (hint,) = diagnose(query, KNOWN)
    assert hint.fix == fix
    if fix is not None:
        answer(Store(), fix)


@pytest.mark.parametrize(
    "pattern",
    [
        "?s ex:p ?x BIND(?x AS ?y) FILTER(?y > 1)",
        "FILTER(?x > 1) ?s ex:p ?x",
        "?s ex:p ?x OPTIONAL { ?s ex:q ?y FILTER(?y > ?x) }",
        "?s ex:p ?x FILTER NOT EXISTS { ?s ex:q ?y FILTER(?y > ?x) }",
        "?s ex:p ?x FILTER NOT EXISTS { { ?s ex:q ?y FILTER(?y > ?x) } MINUS { ?a ?b ?c } }",
        "?s ex:p ?x LATERAL { SELECT ?y { ?s ex:q ?y FILTER(?y > ?x) } LIMIT 1 }",
        "{ ?s ex:p ?x BIND(?x AS ?y) } UNION { ?s ex:q ?x BIND(?x AS ?y) } FILTER(?y > 1)",
        "{ SELECT ?s (MAX(?v) AS ?x) { ?s ex:p ?v } GROUP BY ?s HAVING(MAX(?v) > 1) ORDER BY ?x } FILTER(?x > 1)",
        "OPTIONAL { ?s ex:p ?x } FILTER(!BOUND(?x)) BIND(COALESCE(?x, 0) AS ?y)",
        "?s ex:p ?x FILTER(!BOUND(?never)) BIND(COALESCE(?ever, ?x) AS ?y)",
        "?s ex:p ?x MINUS { ?s ex:q ?y }",
        "GRAPH ?g { ?s ex:p ?x FILTER(?g != ex:g) MINUS { ?a ex:q ?b } }",
        "VALUES (?x ?y) { (1 UNDEF) } BIND(?x + ?y AS ?z)",
        "<< ?s ex:p ?x >> ex:q ?y FILTER(?x > ?y)",
        "?s ex:p ?x ~ ?r {| ex:q ?y |} FILTER(?x > ?y && ISIRI(?r))",
        "?s ex:p (1 ?x [ ex:q ?y ]) BIND(?x + ?y AS ?z)",
        "?s ex:p ?x BIND(EXISTS { ?s ex:q ?x } AS ?y)",
    ],
)  # fmt: skip
def test_nothing_is_said_of_variables_that_have_a_value(pattern: str) -> None:
    query = f"SELECT * {{ {pattern} }}"
    answer(Store(), query)
    assert [(kind, place) for kind, place in found(query) if kind not in REWRITES] == []


def w3c() -> list[tuple[str, str]]:
    """The queries of the W3C's tests that the guard and the engine take, by their names."""
    taken = []
    for path in sorted(SUITES.rglob("*.rq")):
        text = path.read_text("utf-8")
        try:
            guard.check(text, 100_000)
            Store().query(text, base_iri=EX)
        except (KgpubError, SyntaxError, RuntimeError):
            continue
        taken.append((f"{path.parent.name}/{path.stem}", text))
    return taken


NO_VALUE = {
    "algebra/filter-nested-2": "scoping-filter",
    "algebra/filter-scope-1": "scoping-filter",
    "algebra/opt-filter-3": "scoping-filter",
    "bind/bind07": "scoping-bind-union",
    "bind/bind10": "scoping-filter",
    "entailment/bind07": "scoping-bind-union",
    "optional-filter/expr-5": "scoping-filter",
    "syntax-query/syntax-BINDscope2": "scoping-bind",
    "syntax-query/syntax-BINDscope3": "scoping-bind",
}
"""The W3C's queries that are made to show what has no value in a group; each was looked at."""


@pytest.mark.skipif(not SUITES.exists(), reason="the W3C's tests are not part of the repository")
def test_the_doctor_reads_the_queries_of_the_w3c_and_is_right_about_them() -> None:
    queries = w3c()
    unread = [name for name, text in queries if read(tuple(Reader(text).tokens())) is None]
    said = {
        name: hint.kind for name, text in queries for hint in diagnose(text, Known()) if hint.kind.startswith("scoping")
    }
    assert len(queries) > 800
    assert (unread, said) == ([], NO_VALUE)


# ---- rewrites: which are told

TOLD = [
    ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s = ex:a) }", "SELECT * { VALUES ?s { ex:a } ?s ex:p ?o   }"),
    ("filter-values", "SELECT * { ?s ex:p ?o . FILTER(ex:a = ?o) ?s ex:q ?b }", "SELECT * { VALUES ?o { ex:a } ?s ex:p ?o .   ?s ex:q ?b }"),
    ("filter-values", "SELECT * { ?s ex:p ?o FILTER(ex:a = ?o) ?s ex:q ?b }", "SELECT * { VALUES ?o { ex:a } ?s ex:p ?o  .  ?s ex:q ?b }"),
    ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s IN (ex:a, ex:b)) }", "SELECT * { VALUES ?s { ex:a ex:b } ?s ex:p ?o   }"),
    ("filter-values", "SELECT * { ?s ex:p ?o FILTER((?s = ex:a) || (?s = ex:b)) }", "SELECT * { VALUES ?s { ex:a ex:b } ?s ex:p ?o   }"),
    ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s = ex:a && ?o > 1) }", "SELECT * { VALUES ?s { ex:a } ?s ex:p ?o FILTER(?o > 1) }"),
    ("values-last", "SELECT * { ?s ex:p ?o OPTIONAL { ?s ex:q ?b } } VALUES ?s { ex:a }", "SELECT * { VALUES ?s { ex:a } ?s ex:p ?o OPTIONAL { ?s ex:q ?b } } "),
    ("values-last", "SELECT * { ?s ex:p ?o OPTIONAL { ?s ex:q ?b } VALUES ?s { ex:a } }", "SELECT * { VALUES ?s { ex:a } ?s ex:p ?o OPTIONAL { ?s ex:q ?b }   }"),
    ("exists-split", "SELECT * { ?s ex:p ?o FILTER EXISTS { ?d a ex:City . ?d ex:q ?s } }", "SELECT * { ?s ex:p ?o FILTER EXISTS { ?d ex:q ?s FILTER EXISTS { ?d a ex:City } } }"),
    ("exists-split", "SELECT * { ?s ex:p ?o FILTER NOT EXISTS { ?d ex:q ?s ; a ex:City } }", "SELECT * { ?s ex:p ?o FILTER NOT EXISTS { ?d ex:q ?s FILTER EXISTS { ?d a ex:City } } }"),
    ("limit-first", "SELECT ?s (GROUP_CONCAT(?l) AS ?ls) { ?s a ex:City OPTIONAL { ?s ex:q ?l } } GROUP BY ?s LIMIT 9", "SELECT ?s (GROUP_CONCAT(?l) AS ?ls) { { SELECT DISTINCT ?s WHERE { ?s a ex:City . } LIMIT 9 } ?s a ex:City OPTIONAL { ?s ex:q ?l } } GROUP BY ?s LIMIT 9"),
    ("sort-first", "SELECT * { ?s ex:p ?d OPTIONAL { ?s ex:q ?l } } ORDER BY DESC(?d) LIMIT 9 OFFSET 3", "SELECT * { { SELECT * WHERE { ?s ex:p ?d . } ORDER BY DESC(?d) LIMIT 12 }   OPTIONAL { ?s ex:q ?l } } ORDER BY DESC(?d) LIMIT 9 OFFSET 3"),
    ("path-split", "SELECT * { ?s a ex:City ; ex:p/ex:q* ex:a }", "SELECT * { _:step ex:q* ex:a . ?s a ex:City ; ex:p _:step }"),
    ("union-push", "SELECT * { ?s ex:p ex:a { ?s ex:q ?o } UNION { ?o ex:q ?s } }", "SELECT * {   { ?s ex:p ex:a .  ?s ex:q ?o } UNION { ?s ex:p ex:a .  ?o ex:q ?s } }"),
    ("not-exists", "SELECT * { ?s ex:p ?o FILTER NOT EXISTS { ?s ex:q ?b } }", "SELECT * { ?s ex:p ?o   MINUS { ?s ex:q ?b } }"),
    ("optional-first", "SELECT * { OPTIONAL { ?s ex:q ?b } ?s ex:p ?o }", None),
    ("path-unbound", "SELECT * { ?a ex:p+ ?b }", None),
    ("offset", "SELECT * { ?s ex:p ?o } ORDER BY ?s LIMIT 10 OFFSET 40000", None),
    ("sort-join", "SELECT * { ?s ex:p ?d ; ex:q ?l } ORDER BY ?d LIMIT 9", None),
    ("filter-join", "SELECT * { ?a ex:p ?la . ?b ex:q ?lb FILTER(?la = ?lb) }", None),
    ("starts", "SELECT * { ?s ex:p ?o FILTER(STRSTARTS(STR(?s), 'http://x/')) }", None),
]  # fmt: skip
"""Kind, query, fix; every kind of rewrite is here."""


@pytest.mark.parametrize(("kind", "query", "fix"), TOLD, ids=[row[1] for row in TOLD])
def test_a_slow_shape_is_told(kind: str, query: str, fix: str | None) -> None:
    hint = only(query, kind, "slow")
    assert hint.fix == fix
    answer(Store(), fix or query)
    for outcome in ("error", "empty", "ok"):
        assert [one for one, _ in found(query, outcome) if one in REWRITES] == []


def test_every_rewrite_has_a_row_above_and_every_kind_a_message() -> None:
    assert {row[0] for row in TOLD} == set(REWRITES)
    assert [kind for kind in KINDS if f"hint.{kind}" not in MESSAGES] == []
    fixes = {row[0] for row in TOLD if row[2]}
    assert {kind for kind in REWRITES if f"hint.{kind}.fix" in MESSAGES} == fixes
    assert set(EXACT) == fixes - {"limit-first", "sort-first"} and set(FATAL) < set(KINDS)


def test_what_helps_only_sometimes_is_told_only_of_slow_queries() -> None:
    asked = {row[0] for row in TOLD if not any(kind == row[0] for kind, _ in found(row[1]))}
    assert asked == {"union-push", "not-exists", "sort-join", "filter-join", "starts"}


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?o = 1) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?o = 'a') }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s != ex:a) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(!(?s = ex:a)) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s = ex:a || ?o = ex:b) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s = ex:a || ?o > 1) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s NOT IN (ex:a)) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s IN (ex:a, 1)) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s IN (ex:a, ex:f(1))) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s IN ()) }"),
        ("filter-values", f"SELECT * {{ ?s ex:p ?o FILTER(?s IN (ex:a, <{EX}a>)) }}"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER(?s IN (<a>, <./a>)) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o OPTIONAL { ?s ex:q ?b } FILTER(?b = ex:a) }"),
        ("filter-values", "SELECT * { OPTIONAL { ?s ex:q ?b } ?s ex:p ?o FILTER(?s = ex:a) }"),
        ("filter-values", "SELECT * { ?s ex:p* ?o FILTER(?s = ex:a) }"),
        ("filter-values", "SELECT * { ?s ex:p ?o FILTER EXISTS { ?s ex:q ?b FILTER(?s = ex:a) } }"),
        ("filter-values", "SELECT * { { ?s ex:p ?o } FILTER(?s = ex:a) }"),
        ("values-last", "SELECT * { ?s ex:p ?o } VALUES ?s { ex:a }"),
        ("values-last", "SELECT * { ?s ex:p ?o OPTIONAL { ?s ex:q ?b } } VALUES ?b { ex:a }"),
        ("values-last", "SELECT (COUNT(*) AS ?s) { ?s ex:p ?o OPTIONAL { ?s ex:q ?b } } VALUES ?s { ex:a }"),
        ("values-last", "SELECT ?s { ?s ex:p ?o OPTIONAL { ?s ex:q ?b } } GROUP BY ?s VALUES ?s { ex:a }"),
        ("exists-split", "SELECT * { ?s ex:p ?o FILTER EXISTS { ?d ex:q ?s . ?d ex:p ?o } }"),
        ("exists-split", "SELECT * { ?s ex:p ?o FILTER EXISTS { ?d ex:q ?s . ?e ex:p ?f } }"),
        ("exists-split", "SELECT * { ?s ex:p ?o FILTER EXISTS { ?d ex:q ?s . ?d ex:p _:b } }"),
        ("exists-split", "SELECT * { ?s ex:p ?o FILTER EXISTS { ?d ex:q ?s } }"),
        ("limit-first", "SELECT ?s (COUNT(?l) AS ?n) { ?s a ex:City OPTIONAL { ?s ex:q ?l } } GROUP BY ?s ORDER BY ?n LIMIT 9"),
        ("limit-first", "SELECT ?s (COUNT(?l) AS ?n) { ?s a ex:City OPTIONAL { ?s ex:q ?l } } GROUP BY ?s HAVING(?n > 1) LIMIT 9"),
        ("limit-first", "SELECT ?s (COUNT(?l) AS ?n) { ?s a ex:City OPTIONAL { ?s ex:q ?l } } GROUP BY ?s"),
        ("limit-first", "SELECT ?l (COUNT(?s) AS ?n) { ?s a ex:City OPTIONAL { ?s ex:q ?l } } GROUP BY ?l LIMIT 9"),
        ("limit-first", "SELECT ?s (COUNT(?l) AS ?n) { ?s a ex:City OPTIONAL { ?s ex:q ?l } FILTER(?l > 1) } GROUP BY ?s LIMIT 9"),
        ("limit-first", "SELECT ?s (COUNT(?l) AS ?n) { ?s a ex:City OPTIONAL { ?s ex:q ?l } ?s ex:p ?x } GROUP BY ?s LIMIT 9"),
        ("limit-first", "SELECT ?s (COUNT(?l) AS ?n) { ?s a ex:City MINUS { ?s ex:q ?l } OPTIONAL { ?s ex:p ?l } } GROUP BY ?s LIMIT 9"),
        ("sort-first", "SELECT * { ?s ex:p ?d OPTIONAL { ?s ex:q ?l } } ORDER BY ?l LIMIT 9"),
        ("sort-first", "SELECT * { ?s ex:p ?d OPTIONAL { ?s ex:q ?l } } ORDER BY ?d"),
        ("sort-first", "SELECT * { ?s ex:p ?d OPTIONAL { ?s ex:q ?l } } ORDER BY RAND() LIMIT 9"),
        ("sort-first", "SELECT DISTINCT ?l { ?s ex:p ?d OPTIONAL { ?s ex:q ?l } } ORDER BY ?d LIMIT 9"),
        ("sort-first", "SELECT * { ?s ex:p ?d OPTIONAL { ?s ex:q ?l } FILTER(BOUND(?l)) } ORDER BY ?d LIMIT 9"),
        ("path-split", "SELECT * { ?s ex:p/ex:q* ?o }"),
        ("path-split", "SELECT * { ?s ex:p*/ex:q* ex:a }"),
        ("path-split", "SELECT * { ?s ex:p/ex:q*|ex:q ex:a }"),
        ("path-split", "SELECT * { ?s ex:p/ex:q* ex:a, ex:b }"),
        ("union-push", "SELECT * { ?s ex:p ex:a { ?s ex:q ?o FILTER(BOUND(?o)) } UNION { ?o ex:q ?s } }"),
        ("union-push", "SELECT * { ?s ex:p _:b { ?s ex:q ?o } UNION { ?o ex:q ?s } }"),
        ("union-push", "SELECT * { ?s ex:p ex:a { ?s ex:q ?o } UNION { ?o ex:q ?b } }"),
        ("not-exists", "SELECT * { ?s ex:p ?o FILTER NOT EXISTS { ?a ex:q ?b } }"),
        ("not-exists", "SELECT * { ?s ex:p ?o OPTIONAL { ?s ex:q ?b } FILTER NOT EXISTS { ?s ex:p ?b } }"),
        ("not-exists", "SELECT * { ?s ex:p ex:a FILTER NOT EXISTS { ?s ex:q ?b } }"),
        ("not-exists", "SELECT * { ?x ex:p ?y OPTIONAL { ?s ex:p ?o FILTER NOT EXISTS { ?s ex:q ?x } } }"),
        ("path-unbound", "SELECT * { ?a ex:p+ ?b . ?b ex:q ex:a }"),
        ("path-unbound", "SELECT * { ?a ex:p+ ?b } VALUES ?a { ex:a }"),
        ("path-unbound", "SELECT * { ?a ex:p+ ex:b }"),
        ("offset", "SELECT * { ?s ex:p ?o } LIMIT 10 OFFSET 400"),
        ("filter-join", "SELECT * { ?a ex:p ?x ; ex:q ?y FILTER(?x = ?y) }"),
        ("optional-first", "SELECT * { OPTIONAL { ?s ex:q ?b } OPTIONAL { ?s ex:p ?b } }"),
        ("sort-join", "SELECT * { ?s ex:p ?d } ORDER BY ?d LIMIT 9"),
    ],
)  # fmt: skip
def test_a_shape_that_only_looks_slow_is_left_alone(kind: str, query: str) -> None:
    assert [one for one, _ in found(query, "slow") if one == kind] == []


def test_a_path_that_may_have_no_length_keeps_its_plan() -> None:
    query = "SELECT * { ?s ex:p ?o . ?o ex:q* ?x FILTER(?s = ex:a) }"
    assert only(query, "filter-values", "slow").fix is None


# ---- rewrites: that they ask for the same

NODES = st.sampled_from(["?a", "?b", "?c", "ex:n0", "ex:n1", "ex:n2"])
PROPERTIES = st.sampled_from(["ex:p", "ex:p", "ex:q", "?c", "(ex:p|ex:q)", "^ex:p", "ex:p/ex:q", "ex:p+"])
IRIS = st.sampled_from(["ex:n0", "ex:n1", "ex:n2"])
TRIPLES = st.builds("{} {} {}".format, NODES, PROPERTIES, NODES)
VALUES = st.one_of(
    st.builds("VALUES {} {{ {} {} }}".format, st.sampled_from(["?a", "?b"]), IRIS, st.sampled_from(["ex:n0", "UNDEF", ""])),
    st.builds("VALUES (?a ?b) {{ ({} {}) ({} UNDEF) }}".format, IRIS, IRIS, IRIS),
)  # fmt: skip
OPTIONALS = st.one_of(
    TRIPLES.map("OPTIONAL {{ {} }}".format),
    st.builds("OPTIONAL {{ {} FILTER(?a != {}) }}".format, TRIPLES, IRIS),
)
ELEMENTS = st.one_of(
    TRIPLES.map(" . {} .".format),
    OPTIONALS,
    TRIPLES.map("MINUS {{ {} }}".format),
    TRIPLES.map("FILTER EXISTS {{ {} }}".format),
    IRIS.map("FILTER(?b != {})".format),
    IRIS.map("BIND({} AS ?d)".format),
    st.builds("{{ {} }} UNION {{ {} }}".format, TRIPLES, TRIPLES),
    st.builds("{{ {} FILTER(?a != {}) }}".format, TRIPLES, IRIS),
    st.builds("{{ SELECT ?a ?b {{ {} }} }}".format, TRIPLES),
    TRIPLES.map("GRAPH ?g {{ {} }}".format),
    VALUES,
)
REST = st.lists(ELEMENTS, max_size=2).map(" ".join)
ADDED = st.lists(OPTIONALS, min_size=1, max_size=2).map(" ".join)
LEAD = st.one_of(
    st.builds("?a {} {}".format, PROPERTIES, NODES),
    st.builds("?a {} {} ; {} ?b".format, PROPERTIES, NODES, PROPERTIES),
    st.builds("?a {} ?b . {}".format, PROPERTIES, TRIPLES),
    st.builds("?a {} [ {} ?b ]".format, PROPERTIES, PROPERTIES),
)
IS = st.one_of(
    IRIS.map("?a = {}".format),
    IRIS.map("{} = ?a".format),
    st.lists(IRIS, min_size=1, max_size=3, unique=True).map(lambda iris: f"?a IN ({', '.join(iris)})"),
    st.builds("(?a = {}) || ?a = {}".format, IRIS, IRIS),
    st.builds("?a = {} && (?b != {})".format, IRIS, IRIS),
)
PAIR = st.builds("{} {} ?z . ?z {} {}".format, st.sampled_from(["?a", "?b"]), PROPERTIES, PROPERTIES, IRIS)
MODIFIERS = st.sampled_from(["ORDER BY ?a", "ORDER BY DESC(?a)", "ORDER BY STR(?a)"])
HEADS = st.sampled_from(["SELECT *", "SELECT ?a ?b", "SELECT DISTINCT ?b", "SELECT (COUNT(*) AS ?n)"])
LIMITS = st.sampled_from(["LIMIT 1", "LIMIT 2", "LIMIT 9"])

SHAPES = {
    "filter-values": st.builds("{} {{ {} {} FILTER({}) {} }}".format, HEADS, LEAD, REST, IS, REST),
    "values-last": st.one_of(
        st.builds("SELECT * {{ {} {} {} }} {}".format, LEAD, ADDED, REST, VALUES),
        st.builds("{} {{ {} {} {} {} }}".format, HEADS, LEAD, ADDED, VALUES, REST),
    ),
    "exists-split": st.builds("{} {{ {} {} FILTER EXISTS {{ {} }} }}".format, HEADS, LEAD, REST, PAIR),
    "path-split": st.builds("{} {{ {} . ?a {}/ex:q{} {} {} }}".format, HEADS, LEAD, st.sampled_from(["ex:p", "^ex:p", "(ex:p|ex:q)"]), st.sampled_from("*+"), IRIS, REST),
    "union-push": st.builds("{} {{ {} {{ {} . ?a ex:p ?e }} UNION {{ ?a ex:q ?b }} {} }}".format, HEADS, LEAD, TRIPLES, REST),
    "not-exists": st.builds("{} {{ ?a {} ?b {} FILTER NOT EXISTS {{ ?a {} {} }} {} }}".format, HEADS, PROPERTIES, REST, PROPERTIES, st.sampled_from(["?b", "?z", "ex:n1", "[]"]), REST),
    "limit-first": st.builds("SELECT ?a (COUNT(?c) AS ?n) (COUNT(*) AS ?m) {{ {} {} }} GROUP BY ?a {}".format, LEAD, ADDED, LIMITS),
    "sort-first": st.builds("SELECT * {{ {} FILTER(?a != {}) {} }} {} {}".format, LEAD, IRIS, ADDED, MODIFIERS, LIMITS),
}  # fmt: skip
"""Queries of the shape that each kind of rewrite is for, of all sorts around it."""

TERMS = st.sampled_from([NamedNode(f"{EX}n{n}") for n in range(4)])
OBJECTS = st.one_of(TERMS, st.just(Literal("x")))
GRAPHS = st.sampled_from([DefaultGraph(), DefaultGraph(), NamedNode(EX + "n0")])
QUADS = st.builds(Quad, TERMS, st.sampled_from([NamedNode(EX + "p"), NamedNode(EX + "q")]), OBJECTS, GRAPHS)
DATA = st.lists(QUADS, min_size=3, max_size=14)


def answer(store: Store, query: str) -> list[tuple[tuple[str, str], ...]]:
    """The solutions of a query, in their order."""
    found = store.query(query, base_iri=EX, prefixes=dict(KNOWN.prefixes))
    if not isinstance(found, QuerySolutions):
        return []
    names = [variable.value for variable in found.variables]
    return [tuple((name, str(row[name])) for name in names if row[name] is not None) for row in found]


def rewritten(query: str, kind: str) -> str:
    """The fix of the first hint of this kind."""
    try:
        answer(Store(), query)
    except SyntaxError:  # a BIND of what is bound
        assume(False)
    fixes = [hint.fix for hint in diagnose(query, KNOWN, "slow") if hint.kind == kind and hint.fix]
    assume(fixes)
    return fixes[0]


def loaded(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


LENIENT = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@pytest.mark.parametrize("kind", EXACT)
@LENIENT
@given(data=st.data(), quads=DATA)
def test_a_rewrite_has_the_same_solutions_as_often(kind: str, data: st.DataObject, quads: list[Quad]) -> None:
    query = data.draw(SHAPES[kind])
    fix = rewritten(query, kind)
    store = loaded(quads)
    assert Counter(answer(store, fix)) == Counter(answer(store, query))


@pytest.mark.parametrize("kind", ["limit-first", "sort-first"])
@LENIENT
@given(data=st.data(), quads=DATA)
def test_a_rewrite_under_a_limit_is_an_answer_the_query_allows(
    kind: str, data: st.DataObject, quads: list[Quad]
) -> None:
    query = data.draw(SHAPES[kind])
    fix = rewritten(query, kind)
    store = loaded(quads)
    before, after = answer(store, query), answer(store, fix)
    every = Counter(answer(store, re.sub(r" LIMIT \d$", "", query)))
    assert len(after) == len(before)
    assert not Counter(after) - every
    if kind == "sort-first":
        assert [dict(row)["a"] for row in after] == [dict(row)["a"] for row in before]


# ---- any text

_SOUP = """
SELECT ASK CONSTRUCT DESCRIBE WHERE { } { } ( ) [ ] . ; , ?a ?b $c a ex:p foaf:name zz:x _:b <x> <http://x/> 'x' 1 2.5
"y"@en FILTER EXISTS NOT BIND AS VALUES UNDEF OPTIONAL UNION MINUS GRAPH LATERAL GROUP BY ORDER DESC HAVING LIMIT OFFSET
COUNT IN = != && || + * / | ^ ! ? << >> {| |} ~ PREFIX BASE zz: VERSION DISTINCT FROM NAMED BOUND STR STRSTARTS nonsense
"""
SOUP = _SOUP.split()
KNOWNS = st.sampled_from([KNOWN, Known(), Known(base="", prefixes={"": "", "zz": "not an iri"})])
OUTCOMES: st.SearchStrategy[Outcome | None] = st.sampled_from([None, "error", "empty", "slow", "ok"])


def is_sound(query: str, known: Known, outcome: Outcome | None) -> None:
    hints = diagnose(query, known, outcome)
    assert len(hints) <= 10
    for hint in hints:
        assert hint.kind in KINDS
        assert 0 <= hint.start < hint.end <= len(query)
        assert set(re.findall(r"\{(\w+)\}", MESSAGES[f"hint.{hint.kind}"].en)) <= set(hint.values)
        assert hint.fix is None or (hint.fix != query and f"hint.{hint.kind}.fix" in MESSAGES)


@given(st.text(), KNOWNS, OUTCOMES)
@example("BASE", KNOWN, None)
@example("PREFIX x:", KNOWN, None)
@example("BASE <\\U00110000> ASK { ?s <a> 'x\\uD800' }", KNOWN, None)
@example("BASE <http://[> ASK { ?s <a> <b> }", KNOWN, None)
def test_any_text_is_looked_at(query: str, known: Known, outcome: Outcome | None) -> None:
    is_sound(query, known, outcome)


@given(st.lists(st.sampled_from(SOUP), max_size=60).map(" ".join), KNOWNS, OUTCOMES)
def test_any_soup_of_tokens_is_looked_at(query: str, known: Known, outcome: Outcome | None) -> None:
    is_sound(query, known, outcome)


@given(st.sampled_from([row[1] for row in TOLD]), st.data(), OUTCOMES)
def test_any_query_with_tokens_lost_or_doubled_is_looked_at(
    query: str, data: st.DataObject, outcome: Outcome | None
) -> None:
    words = query.split()
    place = data.draw(st.integers(0, len(words) - 1))
    swapped = words[:place] + words[place + 1 :] + ([words[place]] if data.draw(st.booleans()) else [])
    is_sound(" ".join(swapped), KNOWN, outcome)


DEEP: list[tuple[str, Callable[[int], str]]] = [
    ("braces", lambda n: "SELECT * " + "{ ?s ex:p ?o " * n + "}" * n),
    ("brackets", lambda n: "SELECT * { " + "[ ex:p " * n + "1" + " ]" * n + " }"),
    ("parentheses", lambda n: "SELECT * { ?s ex:p ?o FILTER" + "(" * n + "?s = ex:a" + ")" * n + " }"),
    ("EXISTS", lambda n: "SELECT * { " + "?s ex:p ?o FILTER EXISTS { " * n + "}" * n + " }"),
    ("sub-selects", lambda n: "SELECT * { " * n + "?s ex:p ?o" + " }" * n),
    ("lists", lambda n: "SELECT * { ?s ex:p " + "( " * n + ") " * n + "}"),
]


@pytest.mark.parametrize(("name", "nested"), DEEP, ids=[name for name, _ in DEEP])
@pytest.mark.parametrize("depth", [30, 45, 95, 5_000])
def test_a_deep_query_is_looked_at(name: str, nested: Callable[[int], str], depth: int) -> None:
    is_sound(nested(depth), KNOWN, "slow")


def test_at_most_ten_hints_are_given() -> None:
    query = "SELECT * { " + " ".join(f"?s zz{n}:x ?o ." for n in range(40)) + " }"
    assert len(diagnose(query, KNOWN)) == 10


@given(st.text(alphabet="a\nბ😀\r", max_size=30), st.integers(0, 30))
def test_a_place_by_line_and_column_is_found_again(query: str, position: int) -> None:
    position = min(position, len(query))
    line = query.count("\n", 0, position) + 1
    column = position - query.rfind("\n", 0, position)
    assert offset(query, line, column) == position


@given(st.text(max_size=20), st.integers(1, 9), st.integers(1, 99))
def test_a_place_beyond_the_text_is_its_end_at_most(query: str, line: int, column: int) -> None:
    assert 0 <= offset(query, line, column) <= len(query)
