"""The layout out of the shapes: groups, order and names per class, superclasses included, hostile shapes bounded."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from kgpub.kept.layout import DEEPEST, MOST_FIELDS, class_layouts, merged, property_groups
from kgpub.model import Field, Layout
from kgpub.settings import Settings

BASE = "https://kg.example/"
SITE = Settings(title="Things", base=BASE, languages=("ka", "en"))
HEAD = """
@prefix : <https://kg.example/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def layout(turtle: str, *classes: str) -> Layout:
    """The layout of a thing of these classes, the nearest first."""
    store = Store()
    store.load(HEAD + turtle, RdfFormat.TURTLE)
    found = list(class_layouts(store))
    fields = [field for one in classes for target, field in found if target == BASE + one]
    return merged(tuple(fields), tuple(property_groups(store, SITE)))


def field(made: Layout, name: str, *, is_inverse: bool = False) -> Field | None:
    return made.fields.get((BASE + name, is_inverse))


SHAPE = ":S a sh:NodeShape ; sh:targetClass :C ; sh:property "


@pytest.mark.parametrize(
    ("turtle", "name", "expected"),
    [
        (SHAPE + '[ sh:path :p ; sh:name "ქ"@ka , "E"@EN ; sh:order 2 ] .', "p", (2, {"ka": "ქ", "en": "E"})),
        (SHAPE + '[ sh:path :p ; sh:order 2.5 ; sh:name "n" ] .', "p", (2.5, {"": "n"})),
        (SHAPE + '[ sh:path :p ; sh:order "NaN" , "x" , "INF" ; sh:name "  " ] .', "p", (math.inf, {})),
        (SHAPE + "[ sh:path :p ; sh:order 9 ] , [ sh:path :p ; sh:order 3 ] .", "p", (3, {})),
        (SHAPE + '[ sh:path :p ; sh:order 9 ; sh:name "b"@ka ] , [ sh:path :p ; sh:order 3 ] .', "p", (3, {"ka": "b"})),
        (SHAPE + '[ sh:path :p ; sh:order 1 ; sh:name "b" , "a" ] .', "p", (1, {"": "a"})),
        (":S sh:targetClass :C ; sh:node :T . :T sh:property [ sh:path :p ; sh:order 1 ] .", "p", (1, {})),
        (":S sh:targetClass :C ; sh:and ( :T ) . :T sh:property [ sh:path :p ; sh:order 1 ] .", "p", (1, {})),
        (":C a sh:NodeShape , rdfs:Class ; sh:property [ sh:path :p ; sh:order 1 ] .", "p", (1, {})),
        (":C a sh:NodeShape , owl:Class ; sh:property [ sh:path :p ; sh:order 1 ] .", "p", (1, {})),
    ],
    ids=[
        "order and names per language",
        "a decimal order, a name without a language",
        "orders that are no numbers and empty names are none",
        "of several shapes the least order counts",
        "what one shape leaves open another adds",
        "of two names in a language one is chosen always alike",
        "shapes included by sh:node",
        "shapes included by sh:and",
        "a shape that is an RDFS class is its own target",
        "a shape that is an OWL class is its own target",
    ],
)
def test_a_property_has_its_place(turtle: str, name: str, expected: tuple[float, dict[str, str]]) -> None:
    found = field(layout(turtle, "C"), name)
    assert found is not None
    assert (found.order, dict(found.name)) == expected


@pytest.mark.parametrize(
    "turtle",
    [
        SHAPE + "[ sh:path :p ; sh:deactivated true ] .",
        ":S sh:deactivated true ; sh:targetClass :C ; sh:property [ sh:path :p ] .",
        ":S sh:targetClass :C ; sh:node :T . :T sh:deactivated true ; sh:property [ sh:path :p ] .",
        SHAPE + "[ sh:path ( :p :q ) ] .",
        SHAPE + "[ sh:path [ sh:alternativePath ( :p :q ) ] ] .",
        SHAPE + "[ sh:path [ sh:inversePath [ sh:inversePath :p ] ] ] .",
        SHAPE + "[ sh:path :p , :q ] .",
        SHAPE + '[ sh:path "p" ] .',
        SHAPE + '"no node" .',
        ":S sh:targetClass :D ; sh:property [ sh:path :p ] .",
        ':S sh:targetClass "C" ; sh:property [ sh:path :p ] .',
    ],
    ids=[
        "a deactivated property shape",
        "a deactivated node shape",
        "a deactivated shape that is included",
        "a sequence",
        "an alternative",
        "an inverse of an inverse",
        "two paths",
        "a path that is a text",
        "a property shape that is a text",
        "another class's shape",
        "a target that is a text",
    ],
)
def test_what_places_nothing(turtle: str) -> None:
    assert layout(turtle, "C").fields == {}


def test_an_inverse_path_places_the_links_that_come_in() -> None:
    made = layout(SHAPE + '[ sh:path [ sh:inversePath :p ] ; sh:name "from there" ; sh:group :g ] .', "C")
    found = field(made, "p", is_inverse=True)
    assert found is not None
    assert (found.name, found.group) == ({"": "from there"}, f"<{BASE}g>")
    assert field(made, "p") is None


def test_the_nearest_class_counts_and_those_above_add() -> None:
    made = layout(
        ':S sh:targetClass :C ; sh:property [ sh:path :p ; sh:order 5 ; sh:name "near"@en ] .'
        ':T sh:targetClass :D ; sh:property [ sh:path :p ; sh:order 1 ; sh:group :g ; sh:name "far"@en , "შორს"@ka ] ,'
        "[ sh:path :q ; sh:order 2 ] .",
        "C",
        "D",
    )
    found = field(made, "p")
    assert found is not None
    assert (found.order, found.group, dict(found.name)) == (5, f"<{BASE}g>", {"en": "near", "ka": "შორს"})
    assert field(made, "q") is not None


def test_groups_have_order_and_labels_even_without_an_iri() -> None:
    made = layout(
        SHAPE + '[ sh:path :p ; sh:group :g ] , [ sh:path :q ; sh:group [ sh:order 2 ; rdfs:label "nameless"@en ] ] .'
        ':g sh:order 7 ; rdfs:label "სახელი"@ka , "name"@en .',
        "C",
    )
    assert sorted((one.order, dict(one.labels)) for one in made.groups.values()) == [
        (2, {"en": "nameless"}),
        (7, {"ka": "სახელი", "en": "name"}),
    ]
    assert {one.group for one in made.fields.values()} == made.groups.keys()


def test_shapes_that_include_each_other_end() -> None:
    chain = "".join(f":S{n} sh:node :S{n + 1} ; sh:property [ sh:path :p{n} ] ." for n in range(DEEPEST + 5))
    made = layout(f":S0 sh:targetClass :C . :S3 sh:node :S0 . {chain}", "C")
    assert [n for n in range(DEEPEST + 5) if field(made, f"p{n}")] == list(range(DEEPEST))


def test_a_list_that_is_a_circle_ends() -> None:
    made = layout(
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
        ":S sh:targetClass :C ; sh:and :l . :l rdf:first :T ; rdf:rest :l . :T sh:property [ sh:path :p ] .",
        "C",
    )
    assert field(made, "p") is not None


def test_no_class_places_more_than_so_many_properties() -> None:
    many = " , ".join(f"[ sh:path :p{n} ; sh:order {n} ]" for n in range(MOST_FIELDS + 50))
    made = layout(f"{SHAPE} {many} .", "C")
    assert len(made.fields) == MOST_FIELDS
    assert field(made, "p0") is not None


TEXTS = st.dictionaries(st.sampled_from(["", "ka", "en"]), st.text('აბ"\\\n<&{}', min_size=1, max_size=8), max_size=3)


@given(names=TEXTS, order=st.integers(-1000, 1000))
def test_what_a_shape_says_comes_back(names: dict[str, str], order: int) -> None:
    names = {tag: text for tag, text in names.items() if text.strip()}
    said = "".join(f" ; sh:name {_quoted(text)}{'@' + tag if tag else ''}" for tag, text in names.items())
    found = field(layout(f"{SHAPE}[ sh:path :p ; sh:order {order}{said} ] .", "C"), "p")
    assert found is not None
    assert (found.order, dict(found.name)) == (order, names)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
