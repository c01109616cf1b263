"""Facets: what a selection finds and every count equal what SPARQL says; addresses read back; refusals; pages."""

import csv
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from starlette.testclient import TestClient

from conftest import write_site
from kgpub import selection
from kgpub.errors import BadIri, BadRequest, NoSuchPage
from kgpub.iris import Iris
from kgpub.kept.facets import Facets, Slice
from kgpub.making import faceting
from kgpub.making.building import build
from kgpub.making.faceting import Known, write
from kgpub.making.members import Members
from kgpub.making.ranging import bins
from kgpub.model import Report
from kgpub.selection import NUMBERS, VALUES, YEARS, Choice, Chosen, Found, Range, Selection
from kgpub.settings import load
from kgpub.web import create_app
from kgpub.web import facets as pages
from kgpub.web.serving import Serving

EX = "https://kg.example/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
TYPE = NamedNode(RDF + "type")
IRIS = Iris(EX, "/", ("ka", "en"), {"ex": EX, "xsd": XSD, "urn": "urn:x:"})


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


def statements(store: Store) -> frozenset[str]:
    marks = (NamedNode(RDF + "subject"), NamedNode(RDF + "reifies"))
    return frozenset(str(q.subject) for mark in marks for q in store.quads_for_pattern(None, mark, None, None))


def opened(tmp_path: Path, store: Store) -> Facets:
    path = tmp_path / "facets.sqlite"
    path.unlink(missing_ok=True)
    with Members(tmp_path / "members", store, lambda nodes: statements(store) & frozenset(nodes)) as found:
        write(path, store, found, Known(lambda iri: {"ka": iri[::-1]}, ("ka", "en")))
    return Facets(path)


def things(store: Store, query: str) -> set[str]:
    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)
    return {row["thing"].value for row in rows}


# ---- counts are SPARQL's


KINDS: dict[str, st.SearchStrategy[Any]] = {  # Any: terms of several kinds
    "p": st.sampled_from([ex("a"), ex("b"), ex("c"), Literal("x"), Literal('q"\\ \u2028|..'), Literal("a\nb"), Literal("2010..2012")]),
    "d": st.one_of(
        st.builds(lambda year: typed(f"{year}-03-01", "date"), st.integers(1990, 2024)),
        st.sampled_from([typed("2012", "gYear"), typed("2012-05", "gYearMonth"), typed("-0044", "gYear"), typed("soon", "date")]),
        st.sampled_from([typed("2012-12-31T24:00:00Z", "dateTime"), typed("2012-12-31T23:30:00-05:00", "dateTime")]),
    ),
    "n": st.one_of(
        st.builds(lambda n: typed(str(n), "integer"), st.integers(-4, 30)),
        st.sampled_from([typed("0.7", "decimal"), typed("0.1", "double"), typed("0.1", "float"), typed("NaN", "double")]),
        st.sampled_from([typed("INF", "double"), typed("1e300", "double"), typed("9" * 30, "integer"), typed("01", "integer")]),
    ),
}  # fmt: skip
NOISE: st.SearchStrategy[Any] = st.sampled_from(
    [
        BlankNode("n"),
        typed("true", "boolean"),
        Literal("long " * 50),
        Literal("text", language="en"),
        typed("7", "byte"),
        ex("a"),
    ]
)
SUBJECTS: st.SearchStrategy[Any] = st.sampled_from([*(ex(f"m{n}") for n in range(6)), BlankNode("m")])
CLASSES = [ex(name) for name in ("C", "D", "E")]


@st.composite
def stores(draw: st.DrawFn) -> Store:
    store = Store()
    default = DefaultGraph()
    for name, values in KINDS.items():
        found = draw(st.lists(st.tuples(SUBJECTS, values), min_size=6, max_size=24))
        found += draw(st.lists(st.tuples(SUBJECTS, NOISE), max_size=2))
        store.extend(Quad(subject, ex(name), value, default) for subject, value in found)
    graphs: st.SearchStrategy[Any] = st.sampled_from([default, default, default, ex("apart")])
    for subject, of, graph in draw(
        st.lists(st.tuples(SUBJECTS, st.sampled_from(CLASSES), graphs), min_size=6, max_size=20)
    ):
        store.add(Quad(subject, TYPE, of, graph))
    store.extend(Quad(subject, TYPE, CLASSES[0], default) for subject in draw(st.lists(SUBJECTS, min_size=3)))
    between: st.SearchStrategy[Any] = st.sampled_from([*CLASSES, BlankNode("K")])
    for lower, upper in draw(st.lists(st.tuples(between, between), max_size=4)):
        store.add(Quad(lower, SUBCLASS, upper, default))
    for subject in draw(st.lists(SUBJECTS, max_size=1)):
        mark = draw(st.sampled_from(["subject", "reifies"]))
        store.add(Quad(subject, NamedNode(RDF + mark), ex("a"), draw(graphs)))
    return store


def some_choices(data: st.DataObject, found: Found) -> Selection:
    offered = [Chosen(facet.property, choice.value) for facet in found.facets for choice in facet.choices]
    made = [Chosen(facet.property, Range(2000, 2013)) for facet in found.facets if facet.kind == YEARS]
    made += [Chosen(facet.property, Range(-3, 0.7)) for facet in found.facets if facet.kind == NUMBERS]
    if not offered:
        return Selection(found.of.iri)
    return selection.selection(found.of.iri, data.draw(st.lists(st.sampled_from([*offered, *made]), max_size=4)))


@given(st.data())
@hypothesis_settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_what_is_found_and_every_count_equal_what_sparql_says(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Few numbers are enough for ranges here, so that small graphs have all kinds of facets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faceting, "FEW_NUMBERS", 3)
        check_all(tmp_path_factory.getbasetemp(), data)


def check_all(folder: Path, data: st.DataObject) -> None:
    store = data.draw(stores())
    facets = opened(folder, store)
    for iri in (one.value for one in CLASSES):
        of = facets.named(iri)
        if of is None:
            continue
        kinds = facets.browse(of, Selection(iri), Slice("ka")).kinds
        chosen = some_choices(data, facets.browse(of, Selection(iri), Slice("ka")))
        found = facets.browse(of, chosen, Slice("ka"))
        assert set(found.members) == things(store, selection.query(chosen, kinds, of.membership))
        assert found.count == len(found.members) == facets.count(of, chosen)
        assert list(facets.members(of, chosen, "en")) == list(facets.browse(of, chosen, Slice("en", 0, 99)).members)
        for facet in found.facets:
            for choice in facet.choices:
                alone = selection.selection(
                    iri, [*chosen.others(facet.property).chosen, Chosen(facet.property, choice.value)]
                )
                assert choice.count == len(things(store, selection.query(alone, kinds, of.membership))), choice
            if facet.kind == VALUES:
                check_table(store, selection.count_query(chosen, facet.property, kinds, of.membership), facet.choices)
    facets.close()


def check_table(store: Store, query: str, choices: tuple[Choice, ...]) -> None:
    """Every choice with a count stands in the counting query's answer with the same number."""
    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)
    said = {str(row["value"]): int(row["things"].value) for row in rows}
    for choice in choices:
        assert said.get(str(choice.value), 0) == choice.count


# ---- addresses


CHOICES = [
    pytest.param(Chosen(EX + "country", ex("georgia")), "ex:country|ex:georgia", id="an IRI by its CURIE"),
    pytest.param(Chosen("urn:x:p", NamedNode("urn:x:p")), "urn:p|urn:p", id="a prefix called like a scheme"),
    pytest.param(Chosen("urn:y", NamedNode("urn:y")), "<urn:y>|<urn:y>", id="an IRI that would be read as a CURIE"),
    pytest.param(
        Chosen(EX + "a", NamedNode("https://b.example/x#1")), "ex:a|https://b.example/x#1", id="an IRI in full"
    ),
    pytest.param(Chosen(EX + "a", Literal("x|y")), 'ex:a|"x|y"', id="a text with the mark that parts"),
    pytest.param(Chosen(EX + "a", Literal('"')), 'ex:a|"""', id="a text that is a quotation mark"),
    pytest.param(Chosen(EX + "a", Literal('1"^^xsd:integer')), 'ex:a|"1"^^xsd:integer"', id="a text that looks typed"),
    pytest.param(Chosen(EX + "a", Literal("")), 'ex:a|""', id="the empty text"),
    pytest.param(Chosen(EX + "a", typed("5", "integer")), 'ex:a|"5"^^xsd:integer', id="a typed value"),
    pytest.param(Chosen(EX + "a", Literal("2010..2014")), 'ex:a|"2010..2014"', id="a text that looks like a range"),
    pytest.param(Chosen(EX + "a", Range(2010, 2014)), "ex:a|2010..2014", id="a range of years"),
    pytest.param(Chosen(EX + "a", Range(-0.5, 1e14)), "ex:a|-0.5..100000000000000", id="a range of numbers"),
]


@pytest.mark.parametrize(("choice", "written"), CHOICES)
def test_a_choice_is_written_one_way_and_read_back(choice: Chosen, written: str) -> None:
    assert selection.text(choice, IRIS) == written
    assert selection.read(EX, [written], IRIS) == Selection(EX, (choice,))


@given(st.text(max_size=20), st.sampled_from(["string", "integer", "boolean", "x-y"]))
def test_any_literal_is_read_back(value: str, datatype: str) -> None:
    choice = Chosen(EX + "a", typed(value, datatype))
    assert selection.read(EX, [selection.text(choice, IRIS)], IRIS).chosen == (choice,)


def test_a_selection_has_one_spelling() -> None:
    texts = ["ex:b|ex:y", "ex:a|ex:z", f"<{EX}b>|{EX}y", "ex:a|ex:x"]
    found = selection.read(EX + "C", texts, IRIS)
    assert selection.pairs(found, IRIS) == [
        ("class", "ex:C"),
        ("f", "ex:a|ex:x"),
        ("f", "ex:a|ex:z"),
        ("f", "ex:b|ex:y"),
    ]
    assert found == selection.read(EX + "C", reversed(texts), IRIS)


UNREADABLE = ["", "x", "|", "ex:a|", "|ex:a", "ex:a|5..1", 'ex:a|"', 'ex:a|"x', 'ex:a|"x"^^', "ex:a|a b", "ex:a|<x", "a b|ex:a",
              "ex:a|<http://x/{>", "ex:a|1e9..2e9<"]  # fmt: skip


@pytest.mark.parametrize("written", UNREADABLE)
def test_what_is_no_choice_is_refused(written: str) -> None:
    with pytest.raises((BadRequest, BadIri)):
        selection.read(EX, [written], Iris(EX, "/", ("en",), {"ex": EX, "rdf": RDF}))


def test_too_many_choices_are_refused() -> None:
    with pytest.raises(BadRequest, match="50"):
        selection.read(EX, [f"ex:a|ex:v{n}" for n in range(51)], IRIS)


def test_no_literal_breaks_out_of_a_query() -> None:
    hostile = Literal('x" } } ; DROP ALL ; \\" \n } # ')
    text = selection.query(
        Selection(EX, (Chosen(EX + "a", hostile), Chosen(EX + "b", hostile), Chosen(EX + "b", ex("x")))), {}
    )
    assert Store().query(text) is not None
    assert text.count("\n") == 8


# ---- which properties are facets


def members(values: dict[str, list[list[NamedNode | Literal | BlankNode]]], count: int) -> Store:
    """A class C of so many members; each property's values are dealt out in turn."""
    store = Store()
    for n in range(count):
        store.add(Quad(ex(f"m{n:03}"), TYPE, ex("C"), DefaultGraph()))
        for name, some in values.items():
            store.extend(Quad(ex(f"m{n:03}"), ex(name), value, DefaultGraph()) for value in some[n % len(some)])
    return store


OFFERED = [
    pytest.param([[ex("a")], [ex("b")]], VALUES, 2, id="a few things"),
    pytest.param([[ex(f"v{n}")] for n in range(50)], VALUES, 50, id="fifty things"),
    pytest.param([[ex(f"v{n}")] for n in range(51)], "", 0, id="not fifty-one"),
    pytest.param([[ex("a")]], "", 0, id="not one thing that all have"),
    pytest.param([[Literal("x")], [Literal("y")]], VALUES, 2, id="short texts"),
    pytest.param([[Literal("x" * 101)], [Literal("y" * 101)]], "", 0, id="not long ones"),
    pytest.param([[Literal("x", language="en")], [Literal("y", language="en")]], "", 0, id="not texts in a language"),
    pytest.param([[Literal("x\ny")], [Literal("x\x85")]], "", 0, id="not texts that no form sends back"),
    pytest.param([[BlankNode("a")], [BlankNode("b")]], "", 0, id="not blank nodes"),
    pytest.param([[typed("true", "boolean")], [typed("false", "boolean")]], VALUES, 2, id="yes and no"),
    pytest.param([[typed(f"{1990 + n}-01-01", "date")] for n in range(30)], YEARS, 6, id="dates as years"),
    pytest.param([[typed(f"{1990 + n}", "gYear")] for n in range(3)], YEARS, 3, id="a few years, each by itself"),
    pytest.param([[typed("1990", "gYear")], [typed("1990-05-05", "date")]], "", 0, id="not one year"),
    pytest.param([[typed(str(n), "integer")] for n in range(3)], VALUES, 3, id="a few numbers as they are"),
    pytest.param([[typed(str(n), "integer")] for n in range(40)], NUMBERS, 8, id="many numbers as ranges"),
    pytest.param([[typed(f"1e{n}", "double")] for n in range(20, 40)], "", 0, id="not numbers beyond all measure"),
    pytest.param([[typed(f"{n}", "date")] for n in range(40)], "", 0, id="not dates that are none"),
    pytest.param([[Literal("x"), typed("1999", "gYear")], [Literal("x"), Literal("y")]], VALUES, 2, id="the kind that most are of"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "kind", "choices"), OFFERED)
def test_a_property_is_a_facet_where_it_narrows_down(
    tmp_path: Path, values: list[list[NamedNode | Literal | BlankNode]], kind: str, choices: int
) -> None:
    facets = opened(tmp_path, members({"p": values}, 120))
    of = facets.named(EX + "C")
    assert of is not None and of.size == 120
    found = [one for one in facets.browse(of, Selection(EX + "C"), Slice("ka")).facets if one.property == EX + "p"]
    assert [(one.kind, len(one.choices)) for one in found] == ([(kind, choices)] if kind else [])


LONG = [
    pytest.param(60, 10, 1, id="sixty values that ten have each"),
    pytest.param(60, 9, 0, id="sixty values that nine have each"),
    pytest.param(151, 10, 0, id="too many values"),
]


@pytest.mark.parametrize(("values", "times", "facets"), LONG)
def test_many_values_are_a_facet_where_many_have_each(tmp_path: Path, values: int, times: int, facets: int) -> None:
    found = opened(tmp_path, members({"p": [[ex(f"v{n}")] for n in range(values)]}, values * times))
    of = found.named(EX + "C")
    assert of is not None and len(found.browse(of, Selection(EX + "C"), Slice("ka")).facets) == facets


def test_what_two_properties_say_alike_is_one_facet_and_long_ones_are_two(tmp_path: Path) -> None:
    said: dict[str, list[list[NamedNode | Literal | BlankNode]]] = {}
    said |= {f"l{k}": [[ex(f"v{k}-{n}")] for n in range(60)] for k in range(3)}
    said |= {name: [[ex("a")], [ex("b")]] for name in ("p", "q")}
    said |= {name: [[typed(str(n * by), "integer")] for n in range(60)] for name, by in (("r", 1), ("s", 1), ("t", 3))}
    facets = opened(tmp_path, members(said, 600))
    of = facets.named(EX + "C")
    assert of is not None
    found = facets.browse(of, Selection(EX + "C"), Slice("ka")).facets
    assert [one.property.removeprefix(EX) for one in found] == ["l0", "l1", "p", "r", "t"]


def test_numbers_of_which_a_few_lie_far_out_are_ranged_by_powers_of_ten() -> None:
    found = bins([*range(1, 400), 10**13])
    counts = [sum(one.low <= key <= one.high for key in range(1, 400)) for one in found]
    assert sum(count > 0 for count in counts) >= 2
    assert max(counts) < 0.9 * 400


def test_values_that_hardly_repeat_are_no_facet(tmp_path: Path) -> None:
    facets = opened(tmp_path, members({"name": [[Literal(f"n{n}")] for n in range(9)]}, 10))
    of = facets.named(EX + "C")
    assert of is not None and facets.browse(of, Selection(EX + "C"), Slice("ka")).facets == ()


@pytest.mark.parametrize(
    "keys",
    [
        *([0, 7], [1950, 2024], [0.1, 0.35, 0.7], [-40, 399], [1, 10**14], [0, 1e-5], [-0.5, 12]),
        *([*range(-3, 60), 10**13], [*range(5, 60), 10**9], [1e-19, *[0.5] * 40, 1e13], [-0.5, *[3.2] * 30, 10**7]),
    ],
)
def test_ranges_cover_every_number_and_whole_ones_once(keys: list[float]) -> None:
    found = bins(keys)
    assert len(found) <= 12 and all(any(one.low <= key <= one.high for one in found) for key in keys)
    if all(key == int(key) for key in keys):
        assert all(before.high + 1 == after.low for before, after in pairwise(found))


def test_bounds_at_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = members({f"p{n}": [[ex(f"a{n}")], [ex(f"b{n}")]] for n in range(20)}, 10)
    facets = opened(tmp_path, store)
    of = facets.named(EX + "C")
    assert of is not None and len(facets.browse(of, Selection(EX + "C"), Slice("ka")).facets) == faceting.MOST_FACETS
    monkeypatch.setattr(faceting, "MOST_MEMBERS", 9)
    assert opened(tmp_path, store).named(EX + "C") is None
    monkeypatch.setattr(faceting, "MOST_CLASSES", 0)
    assert opened(tmp_path, store).named(EX + "C") is None


NOT_OFFERED = [
    pytest.param(Chosen(EX + "nothing", ex("a")), id="a property that is no facet"),
    pytest.param(Chosen(EX + "p", ex("z")), id="a value that nobody has"),
    pytest.param(Chosen(EX + "p", Range(1, 2)), id="a range of what has values"),
    pytest.param(Chosen(EX + "d", typed("1990", "gYear")), id="a value of what has ranges"),
]


@pytest.mark.parametrize("choice", NOT_OFFERED)
def test_what_is_not_offered_is_not_found(tmp_path: Path, choice: Chosen) -> None:
    dates: list[list[NamedNode | Literal | BlankNode]] = [[typed(f"{1990 + n}", "gYear")] for n in range(3)]
    facets = opened(tmp_path, members({"p": [[ex("a")], [ex("b")]], "d": dates}, 10))
    of = facets.named(EX + "C")
    assert of is not None
    with pytest.raises(NoSuchPage):
        facets.browse(of, Selection(EX + "C", (choice,)), Slice("ka"))


def test_a_range_that_is_no_bin_counts_too_so_that_addresses_outlive_a_build(tmp_path: Path) -> None:
    dates: list[list[NamedNode | Literal | BlankNode]] = [[typed(f"{1990 + n}-05-05", "date")] for n in range(30)]
    facets = opened(tmp_path, members({"d": dates}, 30))
    of = facets.named(EX + "C")
    assert of is not None
    chosen = Selection(EX + "C", (Chosen(EX + "d", Range(1993, 1994)),))
    found = facets.browse(of, chosen, Slice("ka"))
    assert found.count == 2 and [one.count for one in found.facets[0].choices if one.is_chosen] == [2]


def test_members_stand_in_the_order_of_the_readers_language(tmp_path: Path) -> None:
    path = tmp_path / "facets.sqlite"
    labels = {EX + "m000": {"ka": "ბ", "en": "a"}, EX + "m001": {"ka": "ა", "en": "b"}}
    store = members({}, 3)
    with Members(tmp_path / "members", store, lambda _: frozenset()) as read:
        write(path, store, read, Known(lambda iri: labels.get(iri, {}), ("ka", "en")))
    facets = Facets(path)
    of = facets.named(EX + "C")
    assert of is not None
    for language, order in (("ka", [1, 0, 2]), ("en", [0, 1, 2]), ("de", [0, 1, 2])):
        found = facets.browse(of, Selection(EX + "C"), Slice(language, 0, 2)).members
        found += facets.browse(of, Selection(EX + "C"), Slice(language, 2, 2)).members
        assert found == tuple(f"{EX}m00{n}" for n in order)


# ---- pages


SITE = {
    "ontology/t.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
<Book> a owl:Class ; rdfs:label "Book"@en, "წიგნი"@ka ; rdfs:comment "A book."@en . <Novel> rdfs:subClassOf <Book> ; rdfs:label "Novel"@en .
<by> rdfs:label "author"@en, "ავტორი"@ka . <ann> rdfs:label "Ann <b>"@en, "ანი"@ka .
""",
    "data/t.ttl": """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
    + "\n".join(
        f'<b{n:02}> a <{"Novel" if n % 3 else "Book"}> ; rdfs:label "B{n:02}"@en ; <by> <{"ann" if n % 2 else "bob"}> ;'
        f' <kind> "<script>{n % 4}" ; <year> "{2000 + n % 15}"^^xsd:gYear .'
        for n in range(70)
    ),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    toml = f'title = "Books"\nbase = "{EX}"\nlanguages = ["ka", "en"]\n[prefixes]\nex = ""\n[pages]\nlinks = 20\n'
    settings = load(write_site(tmp_path_factory.mktemp("facets"), SITE, toml))
    build(settings, lambda files, site: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), follow_redirects=False) as opened:
        yield opened


def get(client: TestClient, path: str, **pairs: str | list[str]) -> Response:
    found = [(name, one) for name, value in pairs.items() for one in ([value] if isinstance(value, str) else value)]
    query = urlencode([(name.rstrip("_"), value) for name, value in found])
    return client.get(f"/-/{path}?{query}", headers={"Accept": "text/html,*/*;q=0.5"})


def test_the_page_shows_members_counts_and_labels_in_the_readers_language(client: TestClient) -> None:
    answer = get(client, "browse", class_="ex:Book", lang="ka")
    assert answer.status_code == 200 and answer.headers["content-language"] == "ka"
    assert (
        ">წიგნი</span></h1>" in answer.text
        and "სულ: 70" in answer.text
        and "ავტორი" in answer.text
        and "ანი" in answer.text
    )
    assert (
        "ქვეკლასების" in answer.text and "ქვეკლასების" not in get(client, "browse", class_="ex:Novel", lang="ka").text
    )
    assert "<script>0" not in answer.text and "Ann <b>" not in get(client, "browse", class_="ex:Book", lang="en").text
    assert "x-robots-tag" not in answer.headers and 'name="robots"' not in answer.text
    assert 'value="ex:by|ex:ann"' in answer.text and 'value="ex:year|2000..2001"' in answer.text


CHOSEN = [
    pytest.param(["ex:by|ex:ann"], 35, id="one choice"),
    pytest.param(["ex:by|ex:ann", "ex:by|ex:bob"], 70, id="two of one property are alternatives"),
    pytest.param(["ex:by|ex:ann", 'ex:kind|"<script>1"'], 18, id="two properties must both fit"),
    pytest.param(["ex:year|2000..2002"], 15, id="a range of years"),
    pytest.param(["ex:year|2000..2000", "ex:year|2002..2002"], 10, id="two ranges"),
    pytest.param(["ex:by|ex:ann", 'ex:kind|"<script>0"'], 0, id="nothing fits"),
    pytest.param(["rdf:type|ex:Novel"], 46, id="a subclass"),
]


@pytest.mark.parametrize(("f", "count"), CHOSEN)
def test_the_page_its_query_and_its_downloads_say_the_same(client: TestClient, f: list[str], count: int) -> None:
    answer = get(client, "browse", class_="ex:Book", f=f, lang="en")
    assert answer.status_code == 200 and f"{count} of 70" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow" and 'content="noindex' in answer.text
    editor = next(one for one in re.findall(r'href="(/sparql[^"]*query=[^"]*)"', answer.text))
    query = dict(parse_qsl(urlsplit(unescape(editor)).query))["query"]
    found = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()[1:]
    assert len(found) == count
    rows = list(csv.reader(get(client, "browse.csv", class_="ex:Book", f=f).text.splitlines()))
    assert {row[0] for row in rows[1:]} == set(found) and rows[0][:3] == ["iri", "name (ka)", "name (en)"]
    for ending, format in (("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)):
        body = get(client, f"browse.{ending}", class_="ex:Book", f=f)
        assert body.status_code == 200
        assert {q.subject.value for q in parse(body.content, format=format)} == set(found)


def test_the_counts_queries_of_the_page_say_its_numbers(client: TestClient) -> None:
    answer = get(client, "browse", class_="ex:Book", f='ex:kind|"<script>1"', lang="en").text
    editor = next(one for one in re.findall(r'href="(/sparql[^"]*)"[^>]*>author<', answer))
    query = dict(parse_qsl(urlsplit(unescape(editor)).query))["query"]
    table = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()
    assert table[1:] == [f"{EX}ann,18"]


def test_pages_go_on_and_end(client: TestClient) -> None:
    first = get(client, "browse", class_="ex:Book", lang="en").text
    seen = set(re.findall(r'name="iri" value="([^"]*)"', first))
    for number in ("2", "3", "4"):
        more = get(client, "browse", class_="ex:Book", lang="en", page=number)
        assert more.status_code == 200 and "x-robots-tag" not in more.headers
        seen |= set(re.findall(r'name="iri" value="([^"]*)"', more.text))
    assert len(seen) == 70
    assert get(client, "browse", class_="ex:Book", page="5").status_code == 404


REFUSED = [
    pytest.param("browse", {}, 400, id="no class"),
    pytest.param("browse", {"class_": ["ex:Book", "ex:Novel"]}, 400, id="two classes"),
    pytest.param("browse", {"class_": "no iri"}, 400, id="a class that is no IRI"),
    pytest.param("browse", {"class_": "ex:Book", "f": "ex:by"}, 400, id="a choice that is none"),
    pytest.param("browse", {"class_": "ex:Book", "f": "ex:by|ex:nobody"}, 404, id="a choice that is not offered"),
    pytest.param("browse", {"class_": "ex:Book", "f": "ex:year|9..1"}, 400, id="a range the wrong way round"),
    pytest.param("browse", {"class_": "ex:Book", "page": "0"}, 400, id="no such page number"),
    pytest.param("browse", {"class_": "ex:Book", "lang": "de"}, 400, id="no such language"),
    pytest.param("browse", {"class_": "ex:Book", "f": ["ex:by|ex:ann"] * 51}, 400, id="too many choices"),
    pytest.param("browse", {"class_": "ex:Book", "f": 'ex:by|"' + "x" * 16_000 + '"'}, 414, id="too long an address"),
    pytest.param("browse.csv", {"class_": "ex:Nothing"}, 404, id="the data of no class"),
    pytest.param(
        "browse.ttl", {"class_": "ex:Book", "f": "ex:by|ex:nobody"}, 404, id="the data of a choice not offered"
    ),
    pytest.param("browse.xlsx", {"class_": "ex:Book"}, 404, id="no such format"),
]


@pytest.mark.parametrize(("path", "pairs", "status"), REFUSED)
def test_refusals(client: TestClient, path: str, pairs: dict[str, str | list[str]], status: int) -> None:
    assert get(client, path, **pairs).status_code == status


def test_what_an_address_carries_besides_means_nothing(client: TestClient) -> None:
    plain = get(client, "browse", class_="ex:Book", lang="en").text
    assert get(client, "browse", class_="ex:Book", lang="en", utm="x", F="y").text == plain


def test_the_addresses_of_a_page_are_canonical(client: TestClient) -> None:
    given = get(
        client, "browse", lang="en", f=[f"{EX}by|{EX}bob", "ex:by|ex:ann", "ex:by|ex:bob"], class_=EX + "Book"
    ).text
    own = "/-/browse?class=ex%3ABook&amp;f=ex%3Aby%7Cex%3Aann&amp;f=ex%3Aby%7Cex%3Abob"
    assert f'rel="canonical" href="https://kg.example{own}&amp;lang=en"' in given


def test_a_class_that_cannot_be_browsed_has_its_plain_list(client: TestClient) -> None:
    answer = get(client, "browse", class_="ex:ann", lang="ka")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/-/links?iri=https%3A%2F%2Fkg.example%2Fann&property=")


def test_class_links_lead_to_the_facets(client: TestClient) -> None:
    for path in ("/?lang=en", "/-/classes?lang=en", "/b01.en.html"):
        assert "/-/browse?class=ex%3A" in client.get(path).text, path


def test_a_list_that_is_too_long_for_csv_is_refused_whole(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_ROWS", 69)
    answer = get(client, "browse.csv", class_="ex:Book")
    assert answer.status_code == 400 and "69" in answer.text
    assert get(client, "browse.csv", class_="ex:Book", f="ex:by|ex:ann").status_code == 200
