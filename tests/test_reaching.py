"""How far a question about statements looks, told from its text; any doubt means that nothing is known."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from kgpub import queries
from kgpub.making.reaching import reach

FORWARD = {
    "?s a:p ?x": 1,
    "?s a ?x": 1,
    "?s a:p 5 FILTER(?x > 3) BIND(1 AS ?z)": 1,
    "?s a:p ?x . ?x a:q ?y . ?y a:r ?z": 3,
    "?x a:q ?y . ?s a:p ?x": 2,
    "?s a:p/a:q|a:r ?x": 2,
    "?s a:p ?x OPTIONAL { ?x a:q/a:r ?y }": 3,
    "GRAPH ?g { ?s a:p ?x } OPTIONAL { GRAPH ?e { ?x a:q ?y OPTIONAL { ?y a:r ?z } } }": 3,
    "{ ?s a:p ?x } UNION { ?s a:q ?y . ?y a:r ?z }": 2,
    "?s a:p ?x . { ?x a:q ?y } UNION { ?s a:r ?y }": 2,
    "VALUES ?x { 1 2 } ?s a:p ?x": 1,
}
BEYOND = [
    "?x a:p ?s",
    "?s a:p ?x . ?y a:q ?s",
    "?s a:p ?x . ?y a:q ?x",
    "?s a:p ?x . <urn:x> a:q ?y",
    "?s ^a:p ?x",
    "?s a:p* ?x",
    "?s a:p? ?x",
    "?s !a:p ?x",
    "?s ?p ?x",
    "OPTIONAL { ?s a:p ?x }",
    "OPTIONAL { ?s a:p ?x } ?s a:q ?y",
    "?s a:p ?x . { OPTIONAL { ?s a:q ?y } }",
    "?s a:p ?x OPTIONAL { ?x a:q ?y OPTIONAL { ?s a:r ?z } }",
    "?s a:p ?x OPTIONAL { ?s a:q ?y } OPTIONAL { ?y a:r ?z }",
    "?s a:p ?x OPTIONAL { ?s a:q ?y } ?y a:r ?z",
    "{ ?s a:p ?x } UNION { ?t a:q ?y }",
    "?s a:p ?x . { ?s a:q ?y } UNION { ?s a:r ?z } ?y a:r ?w",
    "?s a:p ?x MINUS { ?s a:q ?y }",
    "?s a:p ?x FILTER EXISTS { ?x a:q ?y }",
    "?s a:p ?x FILTER NOT EXISTS { ?s a:q ?y }",
    "?s a:p [ a:q ?y ]",
    "?s a:p ( 1 2 )",
    "?s a:p _:x . _:x a:q ?y",
    "?s a:p ?x BIND(?x AS ?y) ?y a:q ?z",
    "VALUES ?y { <urn:y> } ?s a:p ?x . ?y a:q ?z",
    "?s a:p ?x . GRAPH ?x { ?y a:q ?z }",
    "?s a:p ?x . GRAPH ?g {}",
    "?s a:p ?x . GRAPH ?g { OPTIONAL { ?s a:q ?y } }",
    "{ SELECT ?s { ?s a:p ?x } }",
    "?s a:p ?x . { SELECT ?x { ?x a:q ?y } LIMIT 1 }",
    "<< ?s a:p ?x >> a:q ?y",
]
OTHERS = [
    "SELECT ?s { ?s a:p ?x } LIMIT 5",
    "SELECT ?s { ?s a:p ?x } OFFSET 5",
    "SELECT (COUNT(?s) AS ?n) { ?s a:p ?x }",
    "SELECT ?s { ?s a:p ?x } GROUP BY ?s",
    "SELECT ?s { ?s a:p ?x } ORDER BY EXISTS { ?x a:q ?y }",
    "SELECT ?s { ?s a:p ?x } VALUES ?x { 1 }",
    "CONSTRUCT { ?s a:p ?x } WHERE { ?s a:p ?x }",
    "ASK { ?s a:p ?x }",
    "SELECT ?t { ?t a:p ?x }",
    "SELECT ?s { ?s a:p ?x",
    "no question",
]


@pytest.mark.parametrize(("pattern", "steps"), FORWARD.items(), ids=FORWARD)
def test_a_question_that_looks_forward(pattern: str, steps: int) -> None:
    for question in (f"SELECT ?s ?x {{ {pattern} }}", f"SELECT DISTINCT * WHERE {{ {pattern} }} ORDER BY STR(?s)"):
        assert reach(f"PREFIX a: <urn:a:> {question}", "s") == steps


@pytest.mark.parametrize("question", [*(f"SELECT ?s {{ {pattern} }}" for pattern in BEYOND), *OTHERS])
def test_a_question_of_which_nothing_is_known(question: str) -> None:
    assert reach(f"PREFIX a: <urn:a:> {question}", "s") is None


@pytest.mark.parametrize(("length", "steps"), [(140, 140), (160, None)], ids=["as may be asked", "longer"])
def test_a_long_question(length: int, steps: int | None) -> None:
    chain = " . ".join(f"?x{number} <urn:p> ?x{number + 1}" for number in reversed(range(length)))
    assert reach(f"SELECT ?x0 {{ {chain} }}", "x0") == steps


def test_the_questions_that_come_with_kgpub() -> None:
    assert reach(queries.text("provenance"), "statement") == 2
    assert reach(queries.text("graph-sources"), "graph") is None


NODES = [NamedNode(f"urn:n:{name}") for name in "abcd"]
WAYS = [NamedNode(f"urn:a:{name}") for name in "pqr"] + [NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")]
QUADS = st.lists(
    st.builds(
        Quad,
        st.sampled_from(NODES),
        st.sampled_from(WAYS),
        st.sampled_from([*NODES, Literal(2), Literal(5)]),
        st.sampled_from([NamedNode("urn:g:1"), NamedNode("urn:g:2"), DefaultGraph()]),
    ),
    max_size=14,
)


def rows(quads: Iterable[Quad], question: str, about: NamedNode) -> Counter[tuple[str, ...]]:
    """The rows about a thing, whatever their order."""
    store = Store()
    store.extend(quads)
    found = store.query(question)
    assert isinstance(found, QuerySolutions)
    return Counter(tuple(map(str, row)) for row in found if row["s"] == about)


def led(quads: Iterable[Quad], start: NamedNode, steps: int) -> set[object]:
    """A thing and what it leads to in so many steps."""
    found: set[object] = {start}
    for _ in range(steps):
        found |= {quad.object for quad in quads if quad.subject in found}
    return found


@given(QUADS, st.sampled_from(sorted(FORWARD)))
def test_rows_are_made_of_what_lies_within_reach(quads: list[Quad], pattern: str) -> None:
    question = f"PREFIX a: <urn:a:> SELECT * {{ {pattern} }}"
    for thing in NODES:
        seen = led(quads, thing, FORWARD[pattern])
        within = [quad for quad in quads if quad.subject in seen]
        assert rows(within, question, thing) == rows(quads, question, thing)
