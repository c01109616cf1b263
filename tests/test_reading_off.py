"""What a question reads is told from its text, or not at all; where an edit leaves that alone it is not asked again."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from kgpub import queries
from kgpub.making import questions
from kgpub.making.reading_off import predicates
from kgpub.settings import Settings
from test_counted_again import START, site
from test_reusing import anew, contents, made, no_waiting, write

__all__ = ["no_waiting"]

BASE = "https://d.example/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EX = {"ex": "http://e.example/", "aex": "http://a.example/", "x.y": "http://y.example/"}
OWN = Path(__file__).parents[1]
TOLD: dict[str, tuple[str, set[str]]] = {
    "a name": ("SELECT * { ?s ex:p ?o }", {"http://e.example/p"}),
    "a name before a full stop": (
        "SELECT * { ?s ex:p ex:b. ?s ex:q.r ?o }",
        {f"http://e.example/{n}" for n in ("p", "b", "q.r")},
    ),
    "an address, and one below the base": ("SELECT * { ?s <urn:p> [ <q> ?o ] }", {"urn:p", f"{BASE}q"}),
    "an own base and prefixes": (
        "BASE <urn:b:> PREFIX : <http://n.example/> PREFIX ex: <http://o.example/> SELECT * { ?s :p/ex:q|^<#r> ?o }",
        {"http://n.example/p", "http://o.example/q", "urn:b:#r"},
    ),
    "signs in names": (r"SELECT * { ?s ex:p\-q%20 ?o }", {"http://e.example/p-q%20"}),
    "the word a": ("SELECT * { ?a a ?o }", {RDF + "type"}),
    "no word a but in a comment, a text and a variable": ("SELECT * { ?a ex:p 'a' } # a a a", {"http://e.example/p"}),
    "comments and texts with variables": (
        "SELECT * { # ?s ?p ?o\n ?s ex:p '''?s ?p \" ?o''' }",
        {"http://e.example/p"},
    ),
    "all that can be said without a name": (
        "SELECT DISTINCT * { GRAPH ?g { ?s ex:p ?o OPTIONAL { ?o ex:q+ ?z } } BIND(STR(?o) AS ?t) FILTER(?a<?b && ?c>?d)"
        " MINUS { ?s ex:r ?u } { SELECT (COUNT(*) AS ?n) { ?k ex:s ?l } } VALUES (?v ?w) { (1 UNDEF) } }",
        {f"http://e.example/{n}" for n in "pqrs"},
    ),
    "a date": ("SELECT * { ?s ex:p '1'^^ex:type }", {"http://e.example/p", "http://e.example/type"}),
}
UNTOLD = {
    "a variable": "SELECT * { ?s ?p ?o }",
    "a variable with a dollar": "SELECT * { ?s $p ?o }",
    "a variable after a semicolon": "SELECT * { ?s ex:p ?o ; ?p ?q }",
    "a variable in brackets": "SELECT * { ?s ex:p [ ?p ?o ] }",
    "a variable of VALUES": "SELECT * { VALUES ?p { ex:p } ?s ?p ?o }",
    "a variable in a filter": "SELECT * { ?s ex:p ?o FILTER NOT EXISTS { ?o ?p ?s } }",
    "a variable that is grouped by": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "a variable in letters of no ASCII": "SELECT * { ?ს ?პ ?ო }",
    "all but one": "SELECT * { ?s !ex:p ?o }",
    "none or many": "SELECT * { ?s ex:p* ?o }",
    "none or one": "SELECT * { ?s ex:p? ?o }",
    "none or one, with no space": "SELECT * { ?s ex:p?true }",
    "a reified triple": "SELECT * { << ?s ex:p ?o >> ex:q ?r }",
    "an annotation": "SELECT * { ?s ex:p ?o {| ex:q ?r |} }",
    "a reifier": "SELECT * { ?s ex:p ?o ~ ?r }",
    "an escaped sign": r"SELECT * { ?s ex:p \u003Fo }",
    "another place": "SELECT * { SERVICE <urn:x> { ?s ex:p ?o } }",
    "graphs by name": "SELECT * FROM <urn:x> { ?s ex:p ?o }",
    "chance": "SELECT (RAND() AS ?r) { ?s ex:p ?o }",
    "the clock": "SELECT (now() AS ?r) { ?s ex:p ?o }",
    "new nodes": "SELECT (BNODE() AS ?r) { ?s ex:p ?o }",
    "a prefix that nobody declared": "SELECT * { ?s no:p ?o }",
    "a word and a name in one": "SELECT * { ?s aex:b }",
    "no question": "SELECT * { ?s ex:p",
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize(("question", "expected"), TOLD.values(), ids=TOLD)
def test_what_a_question_reads(question: str, expected: set[str]) -> None:
    prefixes = {name: space for name, space in EX.items() if name != "aex"}
    assert predicates(question, BASE, prefixes) == frozenset(expected) | {RDF + "first", RDF + "rest"}


@pytest.mark.parametrize("question", UNTOLD.values(), ids=UNTOLD)
def test_what_cannot_be_told(question: str) -> None:
    assert predicates(question, BASE, EX) is None


@pytest.mark.parametrize("folder", [None, OWN], ids=["that comes with kgpub", "of this repository"])
def test_the_question_about_sources_can_be_told(folder: Path | None) -> None:
    spaces = {"kgp": "ns/", "rdf": RDF, "prov": "http://www.w3.org/ns/prov#", "oa": "http://www.w3.org/ns/oa#"}
    prefixes = {**spaces, "kgp": f"{BASE}ns/", "skos": "http://www.w3.org/2004/02/skos/core#"}
    read = predicates(queries.text("provenance", folder), BASE, prefixes)
    assert read and {f"{RDF}subject", "http://www.w3.org/ns/prov#hadPrimarySource"} < read and f"{RDF}type" not in read


TERMS = st.sampled_from([NamedNode(f"http://e.example/{name}") for name in "abc"])
GRAPHS = st.sampled_from([DefaultGraph(), NamedNode("http://e.example/a"), NamedNode("urn:g")])


def quads(properties: Iterable[str]) -> st.SearchStrategy[list[Quad]]:
    named = st.sampled_from([NamedNode(iri) for iri in sorted(properties)])
    return st.lists(st.builds(Quad, TERMS, named, TERMS, GRAPHS), max_size=12)


def rows(store: Store, question: str, prefixes: dict[str, str]) -> list[str]:
    found: QuerySolutions = store.query(question, base_iri=BASE, prefixes=prefixes)  # type: ignore[assignment] # a SELECT
    return sorted(map(str, found))


@pytest.mark.parametrize("question", [question for question, _ in TOLD.values()], ids=TOLD)
@given(st.data())
@settings(max_examples=15, deadline=None)
def test_nothing_else_changes_the_answer(question: str, data: st.DataObject) -> None:
    prefixes = {name: space for name, space in EX.items() if name != "aex"}
    read = predicates(question, BASE, prefixes)
    assert read is not None
    named = [
        Quad(NamedNode("urn:s"), NamedNode("urn:never"), NamedNode("urn:o"), NamedNode(g))
        for g in ("http://e.example/a", "urn:g")
    ]
    store = Store()
    store.extend(named + data.draw(quads(read)))
    before = rows(store, question, prefixes)
    store.extend(data.draw(quads({"urn:other", RDF + "type", "http://e.example/a", f"{BASE}p"} - read)))
    assert rows(store, question, prefixes) == before


FACTS = START["data/facts.ttl"]
ASKED = {
    "a name": ({"data/more.ttl": START["data/more.ttl"] + ' id:e1 rdfs:label "e" ; a :D .'}, False),
    "a comment, which is read": ({"data/more.ttl": START["data/more.ttl"] + ' id:e1 rdfs:comment "e" .'}, True),
    "a document of a statement": ({"data/facts.ttl": FACTS.replace("id:doc", "id:doc2")}, True),
    "a quote": ({"data/facts.ttl": FACTS.replace('"one"', '"two"')}, True),
    "a statement outside the default graph": ({"data/outside.ttl": START["data/outside.ttl"].replace("id:d1", "id:x")}, True),
    "a statement of another kind": ({"data/more.ttl": START["data/more.ttl"] + " id:r rdf:reifies <<( id:e1 :r 1 )>> ."}, True),
    "what is stated, no statement of it": ({"data/facts.ttl": FACTS.replace("id:c1 :p 1 .", "id:c1 :p 7 .")}, False),
    "another graph, which the question does not ask for": ({"data/other.ttl": "id:e1 :p 1 ."}, False),
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that were asked about sources."""
    heard: list[str] = []
    rows = questions.rows

    def listen(store: Store, name: str, question: str, site: Settings) -> Iterator[questions.Terms]:
        heard.append(question)
        return rows(store, name, question, site)

    monkeypatch.setattr(questions, "rows", listen)
    return heard


def sources(snapshot: Path) -> list[tuple[str, ...]]:
    db = sqlite3.connect(snapshot / "index.sqlite")
    found: list[tuple[str, ...]] = db.execute("SELECT * FROM sources").fetchall()
    db.close()
    return found


@pytest.mark.parametrize(("edit", "again"), ASKED.values(), ids=ASKED)
def test_sources_are_asked_for_where_an_edit_may_change_them(
    tmp_path: Path, asked: list[str], edit: Mapping[str, str], again: bool
) -> None:
    folder = tmp_path / "site"
    write(folder, site({}))
    assert len(sources(made(folder))) >= 3
    asked.clear()
    write(folder, site(edit))
    snapshot = made(folder)
    assert [("?derived" in question) for question in asked] == ([True, False] if again else [False])
    assert contents(snapshot) == contents(anew(folder, tmp_path / "anew"))


OWN_QUESTIONS = {
    "queries/provenance.rq": "SELECT ?statement ?subject ?predicate ?object ?document { GRAPH ?g { ?statement rdf:subject"
    " ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; <ns/in>/<ns/of> ?document } }",
    "queries/graph-sources.rq": "SELECT ?graph ?document { GRAPH ?graph { ?document a <ns/Doc> } }",
}


@pytest.mark.parametrize(
    ("edit", "again"),
    [(" id:e1 :r 5 .", []), (" id:f1 :in id:b .", ["statement"]), (" id:b2 a :Doc .", ["graph"])],
    ids=["neither", "sources", "documents of graphs"],
)
def test_a_question_of_the_site_is_read_as_well(tmp_path: Path, asked: list[str], edit: str, again: list[str]) -> None:
    folder, start = (
        tmp_path / "site",
        START | {"data/more.ttl": START["data/more.ttl"] + " id:f1 :in id:a . id:a :of id:b . id:b :of id:a ."},
    )
    for name, text in OWN_QUESTIONS.items():
        (folder / "queries").mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    write(folder, site(start))
    made(folder)
    asked.clear()
    write(folder, site(start | {"data/more.ttl": start["data/more.ttl"] + edit}))
    snapshot = made(folder)
    assert [question.split()[1][1:] for question in asked] == again
    assert contents(snapshot) == contents(anew(folder, tmp_path / "anew"))


def test_an_index_that_is_damaged_is_not_taken_over(tmp_path: Path, asked: list[str]) -> None:
    folder = tmp_path / "site"
    write(folder, site({}))
    damaged = made(folder) / "index.sqlite"
    db = sqlite3.connect(damaged)
    db.execute("UPDATE sources SET source = '{}'")
    db.commit()
    db.close()
    asked.clear()
    write(folder, site(ASKED["a name"][0]))
    snapshot = made(folder)
    assert len(asked) == 2
    assert contents(snapshot) == contents(anew(folder, tmp_path / "anew"))
