"""Quads in every format say the same; what a format cannot carry is refused with the reason."""

import json
import re
from collections.abc import Iterable, Mapping
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from kgpub.errors import NotAcceptable
from kgpub.formats import GRAPHS, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kgpub.represent import rdf
from kgpub.represent.rdf import context, document, offered, triples

READERS = {
    TURTLE: RdfFormat.TURTLE,
    JSON_LD: RdfFormat.JSON_LD,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    RDF_XML: RdfFormat.RDF_XML,
    TRIG: RdfFormat.TRIG,
    N_QUADS: RdfFormat.N_QUADS,
}
E = "https://e.example/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"e": E, "rdf": RDF, "xsd": XSD}
THING, PROPERTY, GRAPH = NamedNode(E + "thing"), NamedNode(E + "property"), NamedNode(E + "graph")
Object = NamedNode | BlankNode | Literal | Triple


def _quad(target: Object, predicate: str = PROPERTY.value, subject: NamedNode | BlankNode = THING) -> Quad:
    return Quad(subject, NamedNode(predicate), target, GRAPH)


def _canonical(statements: Iterable[Triple]) -> set[str]:
    """The triples without regard to the names of blank nodes (RDFC-1.0)."""
    found = Dataset(Quad(one.subject, one.predicate, one.object) for one in statements)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in found}


def _read(body: bytes, format: Format) -> list[Triple]:
    return [quad.triple for quad in parse(body, format=READERS[format], base_iri="https://wrong.example/")]


def _comes_back(quads: Iterable[Quad], format: Format, prefixes: Mapping[str, str] = PREFIXES) -> bool:
    quads = tuple(quads)
    found = _read(document(quads, format, prefixes), format)
    return _canonical(found) == _canonical(quad.triple for quad in quads)


def _typed(lexical: str, datatype: str) -> list[Quad]:
    return [_quad(Literal(lexical, datatype=NamedNode(XSD + datatype)))]


def _text(value: str, language: str | None = None, direction: BaseDirection | None = None) -> list[Quad]:
    return [_quad(Literal(value, language=language, direction=direction))]


LIST = [
    _quad(BlankNode("l1")),
    _quad(Literal("x"), RDF + "first", BlankNode("l1")),
    _quad(BlankNode("l2"), RDF + "rest", BlankNode("l1")),
    _quad(THING, RDF + "first", BlankNode("l2")),
    _quad(NamedNode(RDF + "nil"), RDF + "rest", BlankNode("l2")),
]

EVERYWHERE = [
    pytest.param([], id="nothing"),
    *(pytest.param(_typed(lexical, datatype), id=f"{datatype} written {lexical!r}") for lexical, datatype in (
        ("01", "integer"), ("+5", "integer"), ("", "integer"), ("-", "integer"), ("5", "int"), ("1.30", "decimal"),
        ("1.", "decimal"), (".5", "decimal"), ("1e5", "double"), ("1.E0", "double"), ("INF", "double"), ("TRUE", "boolean"),
        ("true", "boolean"), ("1", "boolean"), ("2013-12-15T00:00:00+04:00", "dateTime"), ("2013", "gYear"),
        ("https://e.example/a b", "anyURI"), ("x", "string"),
    )),
    pytest.param(_text("ქართული"), id="Georgian text"),
    pytest.param(_text(""), id="an empty text"),
    pytest.param(_text(" \n a\tb \n"), id="spaces and line feeds at both ends"),
    pytest.param(_text("a\rb\r\nc"), id="carriage returns, which XML would turn into line feeds"),
    pytest.param(_text("\"'\\\"\"\"'''"), id="quotation marks and backslashes"),
    pytest.param(_text("<a href=\"x\">&amp;</a>]]>"), id="markup"),
    pytest.param(_text("\x7f\x85\u2028\U0001f600"), id="control characters that XML allows, and an emoji"),
    pytest.param(_text("@id"), id="a text like a keyword of JSON-LD"),
    pytest.param(_text("e:thing"), id="a text like a prefixed name"),
    pytest.param(_text("_:b"), id="a text like a blank node"),
    pytest.param(_text("ა", "ka"), id="a text in a language"),
    pytest.param(_text("x", "en-GB"), id="a language tag with capitals"),
    pytest.param(_text("a", "ka-Latn"), id="a language tag with a script"),
    pytest.param(_text("x", "ar", BaseDirection.RTL), id="a text from right to left"),
    pytest.param(_text("x", "en", BaseDirection.LTR), id="a text from left to right"),
    pytest.param([_quad(Literal('{"b": 1}', datatype=NamedNode(RDF + "JSON")))], id="a JSON literal"),
    pytest.param([_quad(Literal("<a>x</a>", datatype=NamedNode(RDF + "XMLLiteral")))], id="an XML literal"),
    pytest.param([_quad(Literal("<a>x</a>", datatype=NamedNode(RDF + "HTML")))], id="an HTML literal"),
    pytest.param([_quad(Literal("x", datatype=NamedNode("urn:t")))], id="a datatype of nobody's"),
    pytest.param(LIST, id="a list"),
    pytest.param([_quad(BlankNode("a")), _quad(BlankNode("b"), E + "q", BlankNode("a")),
                  _quad(BlankNode("a"), E + "q", BlankNode("b"))], id="a circle of blank nodes"),
    pytest.param([_quad(BlankNode("1f")), _quad(BlankNode("b1"), E + "q", BlankNode("1f"))],
                 id="blank nodes whose names are no XML names"),
    pytest.param([_quad(NamedNode(E + "Class"), RDF + "type"), _quad(Literal("x"), RDF + "type"),
                  _quad(BlankNode("t"), RDF + "type")], id="types that are IRIs, blank nodes and texts"),
    pytest.param([_quad(NamedNode(E + "Class"), RDF + "type")], id="a type alone"),
    pytest.param([_quad(THING, RDF + "_1"), _quad(THING, RDF + "value")], id="membership and values of RDF"),
    pytest.param([_quad(NamedNode("urn:x:y")), _quad(NamedNode("mailto:a@b.example"))], id="other schemes"),
    pytest.param([_quad(NamedNode(E + name)) for name in ("", "a.", "a/b", "a#b", "%20", "-x", ":x", "x:y", "//x", "უ", "1",
                  "a?b=c&d='e'", "(x)", "x,y;z", "~x", "_", "@id", "a_b-c.d")], id="names of every kind"),
    pytest.param([_quad(THING, E + name) for name in ("a.b", "a-b", "_x", "a/b", "უწყება", "a:b", "a%20b", "1a", "a?b=c")],
                 id="properties whose names are XML names from somewhere on"),
    pytest.param([Quad(THING, PROPERTY, Literal("x"), graph) for graph in (GRAPH, DefaultGraph(), BlankNode("g"))],
                 id="one triple in three graphs"),
    pytest.param([_quad(Literal("x"))] * 2, id="one quad given twice"),
]  # fmt: skip


@pytest.mark.parametrize("format", GRAPHS, ids=lambda f: f.name)
@pytest.mark.parametrize("quads", EVERYWHERE)
def test_every_format_says_the_same(quads: list[Quad], format: Format) -> None:
    assert offered(quads, format)
    assert _comes_back(quads, format)
    assert _comes_back(quads, format, {})


@pytest.mark.parametrize("format", [TRIG, N_QUADS], ids=lambda f: f.name)
def test_named_graphs_are_kept_where_there_is_a_place_for_them(format: Format) -> None:
    quads = [Quad(THING, PROPERTY, Literal("x"), graph) for graph in (GRAPH, DefaultGraph(), THING)]
    body = document(quads * 2, format, PREFIXES)
    assert list(parse(body, format=READERS[format])) == sorted(quads, key=lambda q: str(q.graph_name))


@pytest.mark.parametrize("format", [TURTLE, JSON_LD, N_TRIPLES, RDF_XML], ids=lambda f: f.name)
def test_a_triple_of_three_graphs_is_said_once(format: Format) -> None:
    quads = [Quad(THING, PROPERTY, Literal("x"), graph) for graph in (GRAPH, DefaultGraph(), THING)]
    assert len(_read(document(quads, format, PREFIXES), format)) == 1


# what a format cannot carry

QUOTED = Triple(THING, PROPERTY, Literal("x"))
UNFIT = [
    pytest.param([_quad(THING, E)], RDF_XML, f"<{E}>", id="a property without a name"),
    pytest.param([_quad(THING, E + "123")], RDF_XML, f"<{E}123>", id="a property that is a number"),
    pytest.param([_quad(THING, E + "a\u00b2")], RDF_XML, "XML name", id="a property that ends in a raised digit"),
    pytest.param([_quad(THING, E + "a(b)")], RDF_XML, "XML name", id="a property that ends in a bracket"),
    pytest.param([_quad(THING, RDF + "li")], RDF_XML, f"<{RDF}li>", id="a property that RDF/XML reads as numbering"),
    pytest.param([_quad(THING, RDF + "about")], RDF_XML, f"<{RDF}about>", id="a property that is its syntax"),
    pytest.param([_quad(THING, RDF + "bagID")], RDF_XML, f"<{RDF}bagID>", id="a property that was its syntax once"),
    pytest.param(
        [_quad(NamedNode(RDF + "aboutEach"), RDF + "type")], RDF_XML, "aboutEach", id="a class that was its syntax"
    ),
    pytest.param([_quad(NamedNode(E), RDF + "type")], RDF_XML, f"class <{E}>", id="a class without a name"),
    pytest.param(_text("\x01"), RDF_XML, "control character", id="a control character in XML"),
    pytest.param(_text("a\x1bb", "ka"), RDF_XML, "control character", id="an escape character in XML"),
    pytest.param(_text("\x00"), RDF_XML, "control character", id="a null in XML"),
    pytest.param(_text("\ufffe"), RDF_XML, "control character", id="what is no character in XML"),
    pytest.param([_quad(QUOTED, RDF + "reifies")], RDF_XML, "triple term", id="a triple term in XML"),
    pytest.param([_quad(QUOTED, RDF + "reifies")], JSON_LD, "triple term", id="a triple term in JSON-LD"),
    pytest.param([_quad(QUOTED, RDF + "type")], JSON_LD, "triple term", id="a triple term for a type in JSON-LD"),
]


@pytest.mark.parametrize(("quads", "format", "reason"), UNFIT)
def test_what_a_format_cannot_carry_is_refused_with_the_reason(quads: list[Quad], format: Format, reason: str) -> None:
    assert not offered(quads, format)
    with pytest.raises(NotAcceptable, match=re.escape(reason)):
        document(quads, format, PREFIXES)
    rest = [f for f in GRAPHS if f not in {RDF_XML, JSON_LD}]
    assert all(offered(quads, f) and _comes_back(quads, f) for f in rest)


@pytest.mark.parametrize("count", [1, rdf._FEW, rdf._FEW + 1])
def test_only_few_quads_are_held_after_it_was_looked_what_can_carry_them(count: int) -> None:
    before = rdf._remembered.cache_info()
    quads = tuple(Quad(THING, PROPERTY, Literal(f"{count} {number}")) for number in range(count))
    assert offered(quads, RDF_XML)
    assert offered(quads, JSON_LD)
    after = rdf._remembered.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == ((1, 1) if count <= rdf._FEW else (0, 0))


# any quads at all

_iris = st.one_of(
    st.sampled_from([THING, PROPERTY, NamedNode("urn:x:y"), NamedNode(RDF + "nil"), NamedNode(RDF + "type")]),
    st.text(alphabet="abz09_-.:/#%?&'(უ\u0301\u00b7\u00b2@", max_size=6).map(lambda name: E + name.replace("%", "%41")),
).filter(lambda iri: isinstance(iri, NamedNode) or iri.count("#") <= 1).map(
    lambda iri: iri if isinstance(iri, NamedNode) else NamedNode(iri)
)  # fmt: skip
_blanks = st.sampled_from(["a", "b", "1f", "x.y"]).map(BlankNode)
_strings = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
_literals = st.one_of(
    _strings.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), _strings, st.sampled_from(["ka", "en-GB", "ka-Latn"])),
    st.builds(lambda text, kind: Literal(text, datatype=kind), _strings,
              st.sampled_from([NamedNode(XSD + n) for n in ("integer", "double", "boolean", "date")])),
    st.builds(lambda text: Literal(text, language="ar", direction=BaseDirection.RTL), _strings),
)  # fmt: skip
_quads = st.lists(
    st.builds(
        Quad,
        st.one_of(_iris, _blanks),
        _iris,
        st.one_of(_iris, _blanks, _literals),
        st.sampled_from([GRAPH, THING, DefaultGraph()]),
    ),
    max_size=6,
)
_prefixes = st.dictionaries(
    st.sampled_from(["e", "https", "urn", "_", "@id", "a b", "xml", "xmlns", "", "1", "უ", "rdf", "a.b", "id"]),
    st.sampled_from([E, E + "a", E + "a/", E + "#", RDF, "urn:x:", "urn:", XSD, "https:", THING.value]),
)


@given(quads=_quads, prefixes=_prefixes)
@pytest.mark.parametrize("format", GRAPHS, ids=lambda f: f.name)
def test_any_quads_come_back_or_are_refused(format: Format, quads: list[Quad], prefixes: dict[str, str]) -> None:
    if offered(quads, format):
        assert _comes_back(quads, format, prefixes)
    else:
        with pytest.raises(NotAcceptable):
            document(quads, format, prefixes)


@given(quads=_quads, order=st.randoms(use_true_random=False))
@pytest.mark.parametrize("format", GRAPHS, ids=lambda f: f.name)
def test_the_order_in_which_quads_come_changes_no_byte(format: Format, quads: list[Quad], order: object) -> None:
    if offered(quads, format):
        before = document(quads, format, PREFIXES)
        order.shuffle(quads)  # type: ignore[attr-defined]  # a random.Random, which hypothesis does not say
        assert document(iter(quads), format, PREFIXES) == before


def test_triples_stand_by_subject_then_types_first() -> None:
    quads = [_quad(Literal("x")), _quad(THING, RDF + "type"), _quad(THING, E + "a"), _quad(THING, E + "a", GRAPH)]
    assert [(t.subject, t.predicate.value) for t in triples(quads)] == [
        (GRAPH, E + "a"),
        (THING, RDF + "type"),
        (THING, E + "a"),
        (THING, PROPERTY.value),
    ]


# RDF/XML

XML_PREFIXES = [
    pytest.param({"xml": E}, id="a prefix that XML keeps to itself"),
    pytest.param({"xmlns": E}, id="the prefix that declares prefixes"),
    pytest.param({"a b": E}, id="a prefix with a space"),
    pytest.param({"1": E}, id="a prefix that is a number"),
    pytest.param({"": E}, id="the empty prefix"),
    pytest.param({"rdf": E}, id="the prefix of RDF for something else"),
    pytest.param({"p": PROPERTY.value}, id="a namespace that is a whole property"),
    pytest.param({"c": E + "Class"}, id="a namespace that is a whole class"),
    pytest.param({"e": E, "f": E}, id="two prefixes for one namespace"),
]


@pytest.mark.parametrize("prefixes", XML_PREFIXES)
@pytest.mark.parametrize("format", GRAPHS, ids=lambda f: f.name)
def test_no_prefix_spoils_a_document(format: Format, prefixes: dict[str, str]) -> None:
    quads = [_quad(THING), _quad(NamedNode(E + "Class"), RDF + "type"), *_typed("1", "integer")]
    assert _comes_back(quads, format, prefixes)


@given(_quads)
def test_rdf_xml_is_read_by_a_strict_xml_parser(quads: list[Quad]) -> None:
    if offered(quads, RDF_XML):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.Parse(document(quads, RDF_XML, PREFIXES), True)


# JSON-LD

COMPACT = [
    pytest.param([_quad(THING)], {"e": E}, {"@id": "e:thing", "e:property": {"@id": "e:thing"}}, id="prefixes are used"),
    pytest.param([_quad(NamedNode(E + "Class"), RDF + "type")], {"e": E}, {"@id": "e:thing", "@type": "e:Class"},
                 id="a type is @type"),
    pytest.param([_quad(Literal("x"), RDF + "type")], {"rdf": RDF}, {"@id": THING.value, "rdf:type": "x"},
                 id="but not when it is a text"),
    pytest.param(_text("x"), {"e": E}, {"@id": "e:thing", "e:property": "x"}, id="a plain text is a string"),
    pytest.param(_text("x", "en"), {"e": E}, {"@id": "e:thing", "e:property": {"@value": "x", "@language": "en"}},
                 id="a text in a language"),
    pytest.param(_text("x", "ar", BaseDirection.RTL), {"e": E},
                 {"@id": "e:thing", "e:property": {"@value": "x", "@language": "ar", "@direction": "rtl"}},
                 id="a text with a direction"),
    pytest.param(_typed("01", "integer"), {"e": E, "xsd": XSD},
                 {"@id": "e:thing", "e:property": {"@value": "01", "@type": "xsd:integer"}}, id="a number keeps its form"),
    pytest.param([_quad(Literal("x")), _quad(Literal("y"))], {"e": E}, {"@id": "e:thing", "e:property": ["x", "y"]},
                 id="two values are a list"),
    pytest.param([_quad(THING)], {"h": "https:"}, {"@id": THING.value, PROPERTY.value: {"@id": THING.value}},
                 id="two slashes behind a prefix would be an address"),
    pytest.param([_quad(NamedNode(E + "abc"))], {"e": E, "a": E + "a"},
                 {"@id": "e:thing", "e:property": {"@id": "e:abc"}}, id="a namespace must end in a delimiter"),
    pytest.param([_quad(NamedNode("urn:x:y"))], {"urn": E}, {"@id": THING.value, PROPERTY.value: {"@id": "urn:x:y"}},
                 id="a prefix called like a scheme in the document is not used"),
    pytest.param([_quad(NamedNode("urn:x:y"))], {"urn": "urn:x:"},
                 {"@id": THING.value, PROPERTY.value: {"@id": "urn:x:y"}}, id="nor one that would define itself"),
    pytest.param([_quad(NamedNode(E + "deep/x"))], {"e": E, "d": E + "deep/"},
                 {"@id": "e:thing", "e:property": {"@id": "d:x"}}, id="the longest namespace wins"),
    pytest.param([_quad(NamedNode(E))], {"e": E}, {"@id": "e:thing", "e:property": {"@id": E}}, id="never an empty name"),
    pytest.param([_quad(BlankNode("b"))], {"_": E}, {"@id": THING.value, PROPERTY.value: {"@id": "_:b"}},
                 id="a prefix that begins blank nodes is not used"),
    pytest.param([], {"e": E}, {"@graph": []}, id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("quads", "prefixes", "expected"), COMPACT)
def test_json_ld_is_compact(quads: list[Quad], prefixes: dict[str, str], expected: dict[str, object]) -> None:
    found = json.loads(document(quads, JSON_LD, prefixes))
    used = found.pop("@context")
    assert found == expected
    assert used.items() <= prefixes.items()
    assert {name for name in used if f'"{name}:' not in json.dumps(found)} == set()
    assert _comes_back(quads, JSON_LD, prefixes)


def test_json_ld_puts_every_node_at_the_top_and_letters_as_they_are() -> None:
    body = document(LIST + _text("ქართული"), JSON_LD, PREFIXES)
    assert [node["@id"] for node in json.loads(body)["@graph"]] == ["e:thing", "_:l1", "_:l2"]
    assert "ქართული".encode() in body


def test_the_context_is_that_of_the_site() -> None:
    assert context({"b": E, "a": RDF}) == {"@context": {"a": RDF, "b": E}}
    assert list(context({"b": E, "a": RDF})["@context"]) == ["a", "b"]  # type: ignore[call-overload]  # it is JSON
