"""A filter of a shape's query lets the same pass whether its answers are remembered or not."""

from collections import Counter

import pytest
from rdflib import Graph, Namespace
from rdflib.query import Result, ResultRow
from rdflib.term import Identifier

from kgpub.validation.joining import well_joined

EX = Namespace("http://example.org/")
DATA = """
@prefix ex: <http://example.org/> .
ex:a ex:p ex:b , 1 , 2 , "x" , "x"@en , "x"@EN , _:n ; ex:q ex:c , 3 .
ex:b ex:q ex:a , "3" ; ex:r ex:p , ex:b . ex:p ex:r ex:q . _:n ex:p ex:a ; ex:q _:n .
"""
FILTERS = [
    pytest.param("FILTER(?p IN (ex:p, ex:r))", id="one of several properties"),
    pytest.param("FILTER(?p NOT IN (ex:p, ex:r) && isIRI(?o))", id="none of several, and a kind"),
    pytest.param("FILTER(?p = ex:p && ?o > 1)", id="an error after an answer that lasts"),
    pytest.param("FILTER(?o > 1 && ?p = ex:p)", id="an error before it"),
    pytest.param("FILTER(?p = ex:p && ?nothing = ex:a)", id="a variable that is never bound"),
    pytest.param("FILTER(!BOUND(?w) && ?p = ex:q)", id="a variable that is bound sometimes"),
    pytest.param("FILTER(?w = ex:c || ?p = ex:r)", id="an error in a choice"),
    pytest.param("FILTER(!(?p = ex:p && ?o > 1))", id="a negation of both"),
    pytest.param("FILTER(?o)", id="a value for a truth"),
    pytest.param("FILTER(?p)", id="a property for a truth"),
    pytest.param("FILTER(true)", id="the truth"),
    pytest.param("FILTER(?p = ?o || ?s = ?o)", id="three variables"),
    pytest.param('FILTER(STRSTARTS(STR(?p), STR(ex:)) && LANG(?o) = "en")', id="a language after an answer"),
    pytest.param('FILTER(STR(?o) = "3")', id="literals of one text"),
    pytest.param('FILTER(REGEX(STR(?p), "[pr]$") && REGEX(?o, "X", "i"))', id="two expressions"),
    pytest.param("FILTER(?p = ex:r && NOT EXISTS { ?o ex:r ?any })", id="what is not there, after an answer"),
    pytest.param("FILTER(EXISTS { ?s ?p ?other . FILTER(?p = ex:q && ?other != ?o) })", id="a filter within"),
    pytest.param("FILTER(?p = ex:p) FILTER(isLiteral(?o) && ?o != 1)", id="two filters"),
    pytest.param("{ FILTER(?p = ex:p) ?s ex:q ?x }", id="a filter that does not see what is outside"),
    pytest.param(
        "OPTIONAL { ?o ?p ?x . FILTER(?p = ex:q && ?x = ?s) } FILTER(?p != ex:r)", id="a filter that is optional"
    ),
    pytest.param("FILTER(RAND() < 2 && ?p = ex:p)", id="what is another each time"),
]


def rows(found: Result) -> Counter[str]:
    """The solutions of a query."""
    solutions = [row.asdict() for row in found if isinstance(row, ResultRow)]
    return Counter(str(sorted((name, node.n3()) for name, node in solution.items())) for solution in solutions)


@pytest.mark.parametrize("bound", [{}, {"s": EX.a}, {"p": EX.p}], ids=["nothing", "a subject", "a property"])
@pytest.mark.parametrize("text", FILTERS)
def test_a_filter_lets_the_same_pass(text: str, bound: dict[str, Identifier]) -> None:
    graph = Graph().parse(data=DATA, format="turtle")
    query = f"PREFIX ex: <{EX}> SELECT * WHERE {{ ?s ?p ?o . OPTIONAL {{ ?o ex:q ?w }} {text} }}"
    plain = rows(graph.query(query, initBindings=bound))
    with well_joined():
        assert rows(graph.query(query, initBindings=bound)) == plain


def test_what_is_another_each_time_is_asked_each_time() -> None:
    graph = Graph()
    for number in range(500):
        graph.add((EX[f"n{number}"], EX.p, EX.o))
    with well_joined():
        found = list(graph.query("SELECT ?s WHERE { ?s ?p ?o . FILTER(RAND() < 0.5 && ?p = ?p) }"))
    assert 0 < len(found) < 500


def test_a_filter_is_not_taken_for_another() -> None:
    graph = Graph().parse(data=DATA, format="turtle")
    with well_joined():
        found = [
            len(graph.query(f"PREFIX ex: <{EX}> SELECT * WHERE {{ ?s ?p ?o . FILTER(?p = ex:{name}) }}"))
            for name in ("p", "q", "r") * 30
        ]
    assert found == [7, 5, 3] * 30
