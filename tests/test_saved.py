"""Saved queries: what a site's files say of them, and how values enter them."""

import re
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kgpub import saved
from kgpub.errors import BadIri, BadRequest, SourceError
from kgpub.iris import Iris, check_iri
from kgpub.represent import fields
from kgpub.represent.messages import MESSAGES
from kgpub.saved import Gallery, Kind, SavedQuery, Value, pieces, standalone, written
from kgpub.saved.parameters import TYPES, XSD, Parameter, read
from kgpub.saved.query import About
from kgpub.saved.scope import scope
from kgpub.settings import Settings

BASE = "https://kg.example/"
IRIS = Iris(BASE, prefixes={"ex": f"{BASE}terms/", "http": "x:y/"})


def site_with(folder: Path, **files: str) -> Settings:
    """A site whose folder of queries holds these files; ``a_rq`` stands for ``a.rq``."""
    (folder / "queries").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "queries" / ".".join(name.rsplit("_", 1))).write_text(text, "utf-8")
    return Settings(title="t", base=BASE, languages=("en", "ka"), prefixes={"ex": "terms/"}, folder=folder)


def own(gallery: Gallery) -> list[str]:
    """The names of the queries that are the site's own."""
    return [one.name for one in gallery.queries if one.file.startswith("queries/")]


def one(folder: Path, text: str) -> SavedQuery:
    """The saved query of a file's text."""
    found = saved.load(site_with(folder, one_rq=text))
    assert found.faults == ()
    query = found.named("one")
    assert query is not None
    return query


# what a reader writes, as a term

X = f"{BASE}x"


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        pytest.param("iri", "x", X, id="an IRI relative to the base"),
        pytest.param("iri", " /x ", X, id="a path, with blanks around it"),
        pytest.param("iri", "ex:y", f"{BASE}terms/y", id="a CURIE"),
        pytest.param("iri", "<urn:z>", "urn:z", id="in angle brackets"),
        pytest.param("iri", "http://other.example/", "http://other.example/", id="a scheme that is a prefix too"),
        pytest.param("iri", "<x> . ?s ?p ?o", None, id="an IRI with more behind it"),
        pytest.param("iri", "http://a b", None, id="an IRI with a blank"),
        pytest.param("string", ' "a" ', ' "a" ', id="a string keeps its blanks"),
        pytest.param("string", "\ud800", None, id="half a surrogate"),
        pytest.param("langString", "a@b@ka-GE", '"a@b"@ka-ge', id="a text and its language"),
        pytest.param("langString", "a", None, id="a text without its language"),
        pytest.param("language", "ka-Latn", "ka-Latn", id="a language tag"),
        pytest.param("language", "no tag", None, id="no language tag"),
        pytest.param("boolean", "true", "true", id="a truth"),
        pytest.param("boolean", "TRUE", None, id="no truth"),
        pytest.param("integer", " +07 ", "+07", id="an integer"),
        pytest.param("integer", "7.0", None, id="no integer"),
        pytest.param("integer", "٧", None, id="other digits"),
        pytest.param("decimal", "-.5", "-.5", id="a decimal"),
        pytest.param("decimal", "1e3", None, id="no decimal"),
        pytest.param("double", "-INF", "-INF", id="a double"),
        pytest.param("date", "2024-02-29Z", "2024-02-29Z", id="a leap day"),
        pytest.param("date", "1900-02-29", None, id="no leap day"),
        pytest.param("date", "2023-04-31", None, id="no day"),
        pytest.param("date", "02024-01-01", None, id="a year with a nought too many"),
        pytest.param("dateTime", "2021-11-26T24:00:00", "2021-11-26T24:00:00", id="midnight"),
        pytest.param("dateTime", "2021-11-26T24:00:01", None, id="after midnight"),
        pytest.param("dateTime", "2021-02-29T10:00:00", None, id="a time on no day"),
        pytest.param("gYear", "2021+04:00", "2021+04:00", id="a year"),
        pytest.param("gYear", "21", None, id="no year"),
        pytest.param("gYearMonth", "2021-11", "2021-11", id="a month"),
        pytest.param("gYearMonth", "2021-13", None, id="no month"),
    ],
)
def test_a_text_is_a_term_of_its_type_or_none(type: str, text: str, expected: str | None) -> None:
    found = read(TYPES[type], text, IRIS)
    assert (None if found is None else str(found) if type == "langString" else found.value) == expected
    if isinstance(found, Literal) and not found.language:
        assert found.datatype.value.endswith(f"#{type}" if type != "language" else "#string")


@pytest.mark.parametrize("type", TYPES)
def test_the_example_of_a_type_is_one(type: str) -> None:
    assert read(TYPES[type], TYPES[type].example, IRIS) is not None
    assert fields.TYPES[type] in MESSAGES


@st.composite
def iri_texts(draw: st.DrawFn) -> str:
    """Absolute IRIs, of the site and of others, with prefixes of the site among their schemes."""
    start = draw(st.sampled_from([BASE, f"{BASE}terms/", "http://a.example/", "urn:", "ex:", "http:", "x:y/"]))
    text = start + draw(st.text(max_size=12))
    try:
        return check_iri(text)
    except BadIri:
        return f"{BASE}{quote(text.encode('utf-8', 'replace'))}"


STRINGS = st.text(min_size=1)
VALUES: st.SearchStrategy[tuple[str, Value]] = st.one_of(
    iri_texts().map(lambda text: ("iri", NamedNode(text))),
    STRINGS.map(lambda text: ("string", Literal(text))),
    st.tuples(st.text(), st.sampled_from(["ka", "en-gb"])).map(lambda p: ("langString", Literal(p[0], language=p[1]))),
    st.integers().map(lambda n: ("integer", Literal(str(n), datatype=NamedNode(XSD + "integer")))),
    st.dates().map(lambda day: ("date", Literal(day.isoformat(), datatype=NamedNode(XSD + "date")))),
)


@given(VALUES)
def test_what_is_written_of_a_term_is_read_as_that_term(pair: tuple[str, Value]) -> None:
    type, term = pair
    assert read(TYPES[type], written(term, IRIS), IRIS) == term


@given(VALUES)
def test_the_value_that_arrives_is_the_value_that_was_given(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[str, Value]
) -> None:
    type, term = pair
    query = arriving(type)
    site = Settings(title="t", base=BASE, languages=("en",), prefixes={"ex": "terms/"})
    values = query.values([("x", written(term, site.iris))], site.iris)
    found = Store().query(query.bound(values))
    assert isinstance(found, QuerySolutions)
    assert [row["x"] for row in found] == [term]


def arriving(type: str) -> SavedQuery:
    """A query that answers with what it is given."""
    text = "# } { ?x\nSELECT ?x WHERE { FILTER('{ ?x' != \"}\") }"
    return SavedQuery(
        "q", "q.rq", About(), text, Kind.ROWS, ("x",), (Parameter("x", TYPES[type]),), text.index("{ FILTER") + 1
    )


# the head of a file

HEAD = """# title@ka: რა?
# title@en: What of
#    it?
# description@en: Why.
# lesson@en: joins
# order: 2.5
# param x: iri of ex:Thing optional
# param.x.label@en: Thing
# param.x.description@ka: აღწერა
# param n: integer in 1, 02
# param.n.default: 1

# a comment that stays
SELECT ?x ?n { ?x ex:n ?n }
"""


def test_the_head_of_a_file_is_read(tmp_path: Path) -> None:
    query = one(tmp_path, HEAD)
    assert query.title == {"ka": "რა?", "en": "What of it?"}
    assert (query.about.description, query.about.lesson, query.about.order) == ({"en": "Why."}, {"en": "joins"}, 2.5)
    assert query.text == "# a comment that stays\nSELECT ?x ?n { ?x ex:n ?n }\n"
    thing, number = query.parameters
    assert (thing.name, thing.type.name, thing.of, thing.is_optional) == ("x", "iri", f"{BASE}terms/Thing", True)
    assert (thing.label, thing.description, thing.default) == ({"en": "Thing"}, {"ka": "აღწერა"}, None)
    assert [str(value.value) for value in number.choices] == ["1", "02"]
    assert (number.default, number.is_required, thing.is_required) == (number.choices[0], False, False)
    assert (query.kind, query.columns) == (Kind.ROWS, ("x", "n"))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("# ka: რა?\n# en: What?\nASK {}", {"ka": "რა?", "en": "What?"}, id="a title per language"),
        pytest.param("# What?\n# More.\nASK {}", {"": "What?"}, id="the first comment"),
        pytest.param("# Title: of a book\nASK {}", {"": "Title: of a book"}, id="a comment with a colon"),
        pytest.param("\r\n\r\nASK {}\r\n", {"": "one"}, id="no head at all, and the line ends of Windows"),
        pytest.param("#en:What?\nASK {}", {"en": "What?"}, id="without blanks"),
    ],
)
def test_titles_are_read_in_every_way_they_are_written(tmp_path: Path, text: str, title: dict[str, str]) -> None:
    assert one(tmp_path, text).title == title


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# param x iri\nSELECT ?x {}", "one.rq:1: a parameter is written"),
        ("# t\n# param x: uri\nSELECT ?x {}", "one.rq:2: “uri” is no type: iri,"),
        ("# param x: string of ex:T\nSELECT ?x {}", "one.rq:1: only an iri is “of” a class"),
        ("# param x: integer in 1, two\nSELECT ?x {}", "one.rq:1: The parameter “x” takes a value of the type integer"),
        ("# param x: iri of a b\nSELECT ?x {}", "one.rq:1: “iri of a b” is no type"),
        ("# param x: iri of <a^b>\nSELECT ?x {}", "one.rq:1: “https://kg.example/a^b” is no IRI"),
        ("# param.x.label@en: L\nSELECT ?x {}", "one.rq:1: “x” is not declared above"),
        ("# param x: iri\n# param.x.colour: red\nSELECT ?x {}", "one.rq:2: nothing is known of “colour”"),
        ("# param x: integer in 1, 2\n# param.x.default: 3\nSELECT ?x {}", "one.rq:2: The parameter “x” is one of: 1, 2"),
        ("# order: first\nASK {}", "one.rq:1: “first” is no place in an order"),
        ("# t\n\n\nSELECT ?x { ?x ?y }", "one.rq:4: Line 4, column 20"),
        ("# t\nSELECT ?x { SERVICE <x> {} }", "one.rq:2: “SERVICE” is never done here"),
        ("# t\nINSERT DATA {}", "one.rq:2: “INSERT” is an update"),
        ("# param x: iri\n# param y: iri\nSELECT ?x {}", "one.rq:3: The parameter “y” cannot be bound: the query has no variable ?y"),
        ("# param lang: iri\nSELECT ?lang {}", "one.rq:2: The parameter “lang” cannot be bound: that is no name, or one that is taken"),
        ("# param 1x: iri\nSELECT ?1x {}", "one.rq:2: The parameter “1x” cannot be bound"),
        ("# param x: iri\nSELECT ?x { { SELECT ?x { ?x ?p 1 } } BIND(2 AS ?x) }", "one.rq:"),
        ("# t\nSELECT ?x { ?x undeclared:p ?y }", "one.rq:2: Line 2"),
        ("# t\nSELECT (COUNT(*) AS ?x) { ?x ?y ?z } GROUP BY ?q HAVING (", "one.rq:2: Line 2"),
        ("", "one.rq:1: it has no query"),
        ("# t\n\n", "one.rq:1: it has no query"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_with_its_line_and_left_out(tmp_path: Path, text: str, reason: str) -> None:
    found = saved.load(site_with(tmp_path, one_rq=text, two_rq="ASK {}"))
    assert own(found) == ["two"]
    assert len(found.faults) == 1
    assert f"queries/{reason}" in found.faults[0].detail


# where a binding reaches

REACHED = [
    ("a pattern", "SELECT * { ?s ex:p ?x }"),
    ("a filter beside it", "SELECT * { ?s ex:p ?o FILTER(?o = ?x) }"),
    ("a group of its own", "SELECT * { { ?s ex:p ?x } }"),
    ("both branches of a union", "SELECT * { { ?s ex:p ?x } UNION { ?x ex:p ?s } }"),
    ("a graph", "SELECT * { GRAPH ?g { ?s ex:p ?x } }"),
    ("a filter in a group that names it", "SELECT * { GRAPH ?g { ?s ex:p ?x FILTER(?x != <c>) } }"),
    ("an optional part", "SELECT * { ?s ex:q ?n OPTIONAL { ?s ex:p ?x } }"),
    ("a filter of an optional part", "SELECT * { ?s ex:q ?n OPTIONAL { ?s ex:p ?o FILTER(?o = ?x) } }"),
    ("what is taken away", "SELECT * { ?s ex:q ?n MINUS { ?s ex:p ?x } }"),
    ("what does not exist", "SELECT * { ?s ex:q ?n FILTER NOT EXISTS { ?s ex:p ?x } }"),
    ("a filter in what exists", "SELECT * { ?s ex:q ?n FILTER EXISTS { ?s ex:p ?o FILTER(?o = ?x) } }"),
    ("a bind in the outermost group", "SELECT * { ?s ex:q ?n BIND(STR(?x) AS ?t) }"),
    ("a sub-SELECT that projects it", "SELECT * { { SELECT ?x (COUNT(?s) AS ?c) { ?s ex:p ?x } GROUP BY ?x } }"),
    ("a sub-SELECT that projects all", "SELECT * { { SELECT * { ?s ex:p ?x FILTER(?x != <c>) } } }"),
    ("an expression of SELECT", "SELECT (STR(?x) AS ?t) { ?s ex:p ?x }"),
    ("an EXISTS before the group", "SELECT (EXISTS { ?s ex:p ?x } AS ?t) ?x WHERE { ?s ex:q ?n }"),
    ("a query that says it in a comment too", "# { ?x\nSELECT * # {\n{ # }\n ?s ex:p ?x }"),
    ("ASK", "ASK { ?s ex:p ?x }"),
    ("a template and a pattern", "CONSTRUCT { ?s ex:r ?x } WHERE { ?s ex:p ?x }"),
    ("a DESCRIBE with a group", "DESCRIBE ?x WHERE { ?s ex:p ?x }"),
    ("a query with other values", "SELECT * { VALUES (?s ?u) { (<a> 1) (<b> UNDEF) } ?s ex:p ?x } VALUES ?w { 1 }"),
]  # fmt: skip
MISSED = [
    ("a sub-SELECT that does not project it", "SELECT * { { SELECT ?s { ?s ex:p ?x } } }", "occurs in the sub-SELECT of line 1, which does not project it"),
    ("one that counts it away", "SELECT * {\n { SELECT (COUNT(?x) AS ?c) { ?s ex:p ?x } } }", "sub-SELECT of line 2"),
    ("a filter of a sub-SELECT", "SELECT * { { SELECT ?x ?s { ?s ex:p ?o FILTER(?o = ?x) } } }", "an expression reads it"),
    ("a filter of a group", "SELECT * { { ?s ex:p ?o FILTER(?o = ?x) } }", "an expression reads it in the group of line 1"),
    ("a filter of one branch", "SELECT * { { ?s ex:p ?x } UNION { ?s ex:p ?o FILTER(?o = ?x) } }", "an expression reads it"),
    ("a filter of a graph", "SELECT * { GRAPH ?g { ?s ex:p ?o FILTER(?o = ?x) } }", "move that to the outermost group"),
    ("a filter of what is taken away", "SELECT * { ?s ex:q ?n MINUS { ?s ex:p ?o FILTER(?o = ?x) } }", "an expression reads it"),
    ("a filter that only MINUS names", "SELECT * { { ?s ex:q ?n FILTER(?n = ?x) MINUS { ?s ex:p ?x } } }", "an expression reads it"),
    ("a bind of an optional part", "SELECT * { ?s ex:q ?n OPTIONAL { BIND(STR(?x) AS ?t) } }", "an expression reads it"),
    ("an outermost sub-SELECT", "SELECT * { SELECT ?x { ?s ex:p ?x } }", "put that into braces of its own"),
    ("a short CONSTRUCT", "CONSTRUCT WHERE { ?s ex:p ?x }", "CONSTRUCT WHERE has no room for values"),
    ("a DESCRIBE without a group", "DESCRIBE ?x", "no WHERE with a group in braces"),
]  # fmt: skip


def rows(store: Store, text: str, site: Settings) -> list[str]:
    """The answer to a query, in an order of its own."""
    found = store.query(text, base_iri=site.base, prefixes=dict(site.all_prefixes))
    if isinstance(found, QuerySolutions):
        names = [variable.value for variable in found.variables if variable.value not in {"x"}]
        return sorted(str([str(row[name]) for name in names]) for row in found)
    return [str(bool(found))] if isinstance(found, ox.QueryBoolean) else sorted(map(str, found))


@pytest.mark.parametrize(("name", "text"), REACHED, ids=[name for name, _ in REACHED])
def test_a_bound_query_answers_as_if_the_value_stood_in_its_place(tmp_path: Path, name: str, text: str) -> None:
    query = one(tmp_path, f"# param x: iri\n{text}\n")
    site = site_with(tmp_path)
    store = Store()
    store.load(_quads().encode(), format=ox.RdfFormat.N_QUADS)
    found = rows(store, query.bound(query.values([("x", "b")], site.iris)), site)
    in_place = re.sub(r"\?x(?!\w)", f"<{BASE}b>", query.text)
    assert found == rows(store, _spoken(in_place), site)
    assert found


def _quads() -> str:
    triples = [("a", "b", 1), ("a", "c", 2), ("b", "c", 3), ("c", "b", 4)]
    lines = []
    for s, o, n in triples:
        lines += [f"<{BASE}{s}> <{BASE}terms/p> <{BASE}{o}>{graph} ." for graph in ("", f" <{BASE}g>")]
        lines.append(f'<{BASE}{s}> <{BASE}terms/q> "{n}"^^<{XSD}integer> .')
    return "\n".join(lines) + "\n"


def _spoken(text: str) -> str:
    """The text after a constant was put into it, where SPARQL allows only variables."""
    iri = re.escape(f"<{BASE}b>")
    text = re.sub(rf"GROUP BY {iri}", "", text)
    text = re.sub(rf"SELECT {iri} ", "SELECT ", text)
    return re.sub(rf"AS \?t\) {iri}", "AS ?t)", text)


@pytest.mark.parametrize(("name", "text", "reason"), MISSED, ids=[row[0] for row in MISSED])
def test_a_parameter_that_would_be_missed_is_refused(tmp_path: Path, name: str, text: str, reason: str) -> None:
    found = saved.load(site_with(tmp_path, one_rq=f"# param x: iri\n{text}\n".replace("line 1", "line 2")))
    assert own(found) == []
    shifted = re.sub(r"line (\d)", lambda line: f"line {int(line[1]) + 1}", reason)
    assert shifted in found.faults[0].detail


def test_a_query_without_parameters_needs_no_room(tmp_path: Path) -> None:
    for text in ("CONSTRUCT WHERE { ?s ?p ?o }", "SELECT * { SELECT ?s { ?s ?p ?o } }", "DESCRIBE <x>"):
        assert one(tmp_path, text).bound({}) == text + "\n"


def test_a_value_is_put_behind_the_brace_that_opens_the_group() -> None:
    text = "SELECT (EXISTS { ?s ?p '{' } AS ?e) # {\nWHERE #{\n{ ?s ?p ?o }"
    assert text[scope(text).at :] == " ?s ?p ?o }"


# values of an address

TWO = """# param x: iri
# param n: integer optional
# param.n.default: 7
SELECT ?x ?n { ?s ex:p ?x OPTIONAL { ?x ex:q ?n } }
"""


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([("x", "b")], {"x": ["b"], "n": ["7"]}, id="the default of what is not named"),
        pytest.param([("x", "b"), ("n", "")], {"x": ["b"]}, id="an optional parameter left empty is not bound"),
        pytest.param([("x", "b"), ("x", "c"), ("x", "b")], {"x": ["b", "c"], "n": ["7"]}, id="several values, each once"),
        pytest.param([("x", ""), ("x", "c"), ("n", "1")], {"x": ["c"], "n": ["1"]}, id="an empty text is no value"),
        pytest.param([("x", "")], {"n": ["7"]}, id="a parameter that is needed, left empty"),
    ],
)  # fmt: skip
def test_values(tmp_path: Path, pairs: list[tuple[str, str]], expected: dict[str, list[str]]) -> None:
    query = one(tmp_path, TWO)
    found = query.values(pairs, site_with(tmp_path).iris)
    assert {k: [term.value.removeprefix(BASE) for term in terms] for k, terms in found.items()} == expected
    if "x" in expected:
        text = query.bound(found)
        assert text.count("VALUES ?x") == 1
        assert ("VALUES ?n" in text) == ("n" in expected)
        return
    assert [one.name for one in query.missing(found)] == ["x"]
    with pytest.raises(BadRequest, match="needs the parameter “x” \\(iri\\)"):
        query.bound(found)


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (("y", "1"), "has no parameter “y”. It has: x, n."),
        (("n", "one"), "The parameter “n” takes a value of the type integer; “one” is none."),
        (("x", "<b> } #"), "The parameter “x” takes a value of the type iri"),
    ],
)
def test_values_that_are_refused(tmp_path: Path, pair: tuple[str, str], reason: str) -> None:
    with pytest.raises(BadRequest) as refused:
        one(tmp_path, TWO).values([pair], site_with(tmp_path).iris)
    assert reason in refused.value.detail


def test_a_query_that_stands_alone_means_the_same(tmp_path: Path) -> None:
    query = one(tmp_path, "PREFIX own: <terms/>\nSELECT ?s { ?s own:p|ex:r <b> FILTER(?s != 'ex:x rdf:type') }\n")
    site, store = site_with(tmp_path), Store()
    store.load(_quads().encode(), format=ox.RdfFormat.N_QUADS)
    alone = standalone(query.text, site)
    assert alone.startswith(f"BASE <{BASE}>\nPREFIX ex: <{BASE}terms/>\nPREFIX own: <terms/>")
    assert "rdf:" not in alone.partition("SELECT")[0]
    found = store.query(alone)
    assert isinstance(found, QuerySolutions)
    assert sorted(str(row[0]) for row in found) == [f"<{BASE}a>", f"<{BASE}c>"]
    assert standalone(alone, site) == alone


@pytest.mark.parametrize("text", [text for _, text in REACHED])
def test_the_pieces_of_a_query_are_its_text(text: str) -> None:
    found = pieces(text, frozenset({"x"}))
    assert "".join(piece.text for piece in found) == text
    assert {piece.text for piece in found if piece.kind == "parameter"} == {"?x"}
    assert all(piece.text.startswith("#") for piece in found if piece.kind == "comment")


# SHACL

SHACL = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix q: <queries/> .

<terms/> sh:declare [ sh:prefix "t" ; sh:namespace "https://kg.example/terms/"^^xsd:anyURI ] .
<more> owl:imports <terms/> , <more> .
q:counted a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ;
    rdfs:label "How many?"@en , "რამდენი?"@ka ;
    dcterms:description "Counts."@en ;
    sh:order 3 ;
    sh:prefixes <more> ;
    sh:parameter
        [ sh:path t:n ; sh:datatype xsd:integer ; sh:defaultValue 2 ; sh:order 2 ; sh:in ( 1 2 ) ] ,
        [ sh:path <terms/x> ; sh:name "Thing"@en ; sh:description "Which"@en ; sh:class <terms/T> ;
          sh:optional true ; sh:order 1 ] ;
    sh:select \"\"\"
        SELECT ?x ?n WHERE { ?x t:q ?n }\"\"\" .
q:truth a sh:SPARQLAskExecutable ; sh:ask "ASK { ?s ?p ?text }" ; sh:parameter [ sh:path q:text ] .
q:shape a sh:SPARQLConstraint ; sh:select "SELECT $this { $this ?p ?o }" .
""".replace("t:n", "<terms#n>")


def test_queries_are_read_from_shacl(tmp_path: Path) -> None:
    found = saved.load(site_with(tmp_path, some_ttl=SHACL))
    assert found.faults == ()
    assert own(found) == ["counted", "truth"]
    query = found.named("counted")
    assert query is not None
    assert (query.title, query.about.order) == ({"en": "How many?", "ka": "რამდენი?"}, 3)
    assert query.about.description == {"en": "Counts."}
    assert query.text.startswith(f"PREFIX t: <{BASE}terms/>\n")
    thing, number = query.parameters
    assert (thing.name, thing.type.name, thing.of, thing.is_optional) == ("x", "iri", f"{BASE}terms/T", True)
    assert (thing.label, thing.description) == ({"en": "Thing"}, {"en": "Which"})
    assert (number.name, number.type.name, number.default) == ("n", "integer", Literal(2))
    assert [value.value for value in number.choices] == ["1", "2"]
    truth = found.named("truth")
    assert truth is not None
    assert (truth.kind, truth.parameters[0].type.name, truth.parameters[0].is_required) == (Kind.TRUTH, "string", True)


BROKEN = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n<bad> a sh:SPARQLExecutable ; "


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ('sh:select "ASK {}" ; sh:ask "ASK {}" .', "some.ttl:4: <https://kg.example/bad>: it has 2 of sh:select"),
        ('sh:select "SELECT" .', "some.ttl:4: <https://kg.example/bad>: "),
        ('sh:ask "ASK { ?s ?p ?x }" ; sh:parameter [ sh:datatype xsd:integer ] .', "has no sh:path"),
        ('sh:ask "ASK { ?s ?p ?x }" ; sh:parameter [ sh:path <x> ; sh:datatype xsd:time ] .', "no parameter has the datatype"),
        ('sh:ask "ASK { ?s ?p ?x }" ; sh:parameter [ sh:path <x> ; sh:datatype xsd:integer ; sh:defaultValue "a" ] .', '"a" is no value of the type integer'),
        ('sh:ask "ASK { ?s ?p ?y }" ; sh:parameter [ sh:path <x> ] .', "the query has no variable ?x"),
        ('sh:ask "ASK {}" ; sh:order "first" .', "no sh:order"),
        ('sh:ask "ASK {}" ; sh:prefixes [ sh:declare [ sh:prefix "a" ; sh:namespace "b c" ] ] .', "some.ttl:4: “b c” is no IRI"),
        ('sh:ask "ASK {}"', "some.ttl:4: "),
    ],
)  # fmt: skip
def test_shacl_that_cannot_be_read_is_told(tmp_path: Path, rest: str, reason: str) -> None:
    found = saved.load(site_with(tmp_path, some_ttl=BROKEN + rest, fine_rq="ASK {}"))
    assert own(found) == ["fine"]
    assert len(found.faults) == 1
    assert reason in found.faults[0].detail


# which files count


def test_a_site_without_queries_has_those_that_come_with_kgpub(tmp_path: Path) -> None:
    site = Settings(title="t", base=BASE, languages=("en",), folder=tmp_path)
    found = saved.load(site)
    assert [one.name for one in found.queries] == ["classes", "graphs", "properties"]
    assert found.faults == ()


def test_what_kgpub_asks_itself_is_not_listed(tmp_path: Path) -> None:
    texts = {"provenance_rq": "nothing", "graph-sources_rq": "nothing", "notes_txt": "nothing", "Mine_rq": "ASK {}"}
    found = saved.load(site_with(tmp_path, **texts))
    assert own(found) == []
    assert [fault.path for fault in found.faults] == ["queries/Mine.rq"]


def test_the_site_has_the_last_word(tmp_path: Path) -> None:
    shacl = BROKEN.replace("<bad>", "<b>") + 'sh:ask "ASK {}" .'
    texts = {"classes_rq": "# Mine\nASK {}", "a_ttl": shacl, "b_rq": "# order: 1\nASK {}", "c_rq": "# order: 0\nASK {}"}
    found = saved.load(site_with(tmp_path, **texts))
    assert [one.name for one in found.queries] == ["c", "b", "classes", "graphs", "properties"]
    classes = found.named("classes")
    assert classes is not None
    assert classes.title == {"": "Mine"}
    assert [(fault.path, "in queries/a.ttl already" in fault.detail) for fault in found.faults] == [
        ("queries/b.rq", True)
    ]


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    (tmp_path / "queries" / "bad.rq").write_bytes(b"\xff")
    assert isinstance(saved.load(site).faults[0], SourceError)
    assert "queries/bad.rq: cannot be read" in saved.load(site).faults[0].detail


# the documentation


def test_what_the_documentation_writes_is_read_as_it_says(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs/how-to.md").read_text("utf-8")
    section = text.partition("## Publish your own queries")[2].partition("\n## ")[0]
    blocks = dict(re.findall(r"```(sparql|turtle)\n(.*?)```", section, re.DOTALL))
    site = site_with(tmp_path, funders_rq=blocks["sparql"], some_ttl=blocks["turtle"])
    site = site.model_copy(update={"prefixes": {"ex": "terms/", "org": "http://www.w3.org/ns/org#", "id": "id/"}})
    found = saved.load(site)
    assert found.faults == ()
    assert own(found) == ["funders", "projects-since"]
    query = found.queries[0]
    values = query.values([("funder", "id:org-eu"), ("since", "2015")], site.iris)
    assert "VALUES ?funder { <https://kg.example/id/org-eu> }" in query.bound(values)
    named = set(re.findall(r"`([a-zA-Z]+)`", "".join(re.findall(r"\n\| (`[^|]*) \|", section))))
    assert named == set(TYPES)
