"""Building: what a load keeps, what is noted of it, and that counts are what plain counting finds."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kgpub.making import loading, tallies
from kgpub.making.stored import for_store
from kgpub.settings import load
from kgpub.source import SourceFile, files

TOML = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["ka", "en"]\n'
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SHAPE = "<http://www.w3.org/ns/shacl#NodeShape>"
SITE = {
    "kgpub.toml": f'{TOML}[graphs."data/c.ttl"]\ndefault = false\n[graphs."shapes/s.ttl"]\ndefault = true\n',
    "data/a.ttl": "<id/a> a <ns/C> ; <ns/p> 1, 01, <id/b> ; <ns/q> [ <ns/p> <id/a> ] . <ns/a> <ns/p> <ns/a> .",
    "data/b.ttl": '<id/a> a <ns/C>, <ns/D>, "no class" ; <ns/p> 1, <id/b> . <id/b> a <ns/C> ; <ns/r> "x"@en .',
    "data/c.ttl": "<id/a> <ns/p> 1, 2 . <id/c> a <ns/E> ; <ns/s> 3 .",
    "data/g.trig": "<id/a> <ns/p> 1 . <g/x> { <id/a> <ns/p> 1 } _:g { <id/a> <ns/p> 5 }",
    "shapes/s.ttl": f"<shape/s> a {SHAPE} ; <ns/p> 1 . <id/a> <ns/p> 1 .",
    "shapes/t.trig": f"<g/shapes> {{ <shape/t> a {SHAPE} . <shape/s> a {SHAPE} }}",
}
HIDDEN = frozenset(f"https://d.example/{name}" for name in ("graph/shapes/s", "g/shapes"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[SourceFile, ...]:
    folder = tmp_path_factory.mktemp("building")
    for name, text in SITE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return files(load(folder))


@pytest.fixture(scope="module", params=[1, 3, loading.BULK], ids=lambda size: f"{size} at once")
def store(site: tuple[SourceFile, ...], tmp_path_factory: pytest.TempPathFactory, request: Any) -> Store:
    """A store loaded in bulks of one quad, of a few, and all at once: what is in it must not tell which."""
    folder = tmp_path_factory.mktemp("store") / "store"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "BULK", request.param)
        filled = Store(str(folder))
        loading.load(filled, site, lambda _: (), lambda *_: None)
        loading.finish(filled, lambda *_: None)
        del filled
        loading.empty_journal(folder)
    assert [path.stat().st_size for path in folder.glob("*.log")] == [0], "the journal is empty"
    return Store.read_only(str(folder))


NAMES = [NamedNode(f"https://d.example/{name}") for name in ("id/a", "ns/p", "უწყება", "a%20b?_:b", "graph/a")]
BLANKS = [BlankNode("a"), BlankNode("b1")]
CRUEL = [
    "",
    "_:b",
    "a _:b",
    "x <https://d.example/graph/one> .\n",
    "\n\r\x85\u2028\x0b\t",
    "\x00\uffff",
    '\\u0041"\\',
    "წყალი",
]
texts = st.sampled_from(CRUEL) | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["ka", "en-us", "en-US"])),
    st.builds(lambda text: Literal(text, language="ar", direction=BaseDirection.RTL), texts),
    st.builds(lambda text: Literal(text, datatype=NAMES[1]), texts),
    st.sampled_from(["1", "01", "+1", "1.50", "x"]).map(lambda text: Literal(text, datatype=INTEGER)),
)
subjects = st.sampled_from([*NAMES, *BLANKS])
terms = subjects | literals
triples = st.builds(Triple, subjects, st.just(NAMES[1]), terms)
quads = st.builds(Quad, subjects, st.sampled_from(NAMES), terms | triples, st.sampled_from([*NAMES, *BLANKS]))


@settings(max_examples=60)
@given(said=st.lists(quads, max_size=12), size=st.sampled_from([1, 5, loading.BULK]))
def test_whatever_files_say_is_put_in_term_for_term(said: list[Quad], size: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "BULK", size)
        place = Path(folder)
        (place / "kgpub.toml").write_text(TOML)
        (place / "data").mkdir()
        serialize(said, place / "data/many.nq", RdfFormat.N_QUADS)
        serialize([quad.triple for quad in said], place / "data/one.nt", RdfFormat.N_TRIPLES)
        sources = files(load(place))
        filled = Store(str(place / "store"))
        loading.load(filled, sources, lambda _: (), lambda *_: None)
        there = set(filled)
        del filled  # nothing is written any more where the folder is cleared away
        assert there == set(one_by_one(sources))
        for file in sources:
            assert list(file.quads()) == [located.quad for located in file.located()], "named by text, and one by one"


def one_by_one(sources: Iterable[SourceFile]) -> Store:
    """A store that took in the files' quads, and those of the default graph, one after the other."""
    store = Store()
    for file in sources:
        for quad in file.quads():
            for plain in for_store([quad], [quad] if file.merges(graph(quad)) else []):
                store.add(plain)
    return store


def graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else str(quad.graph_name)


def default(store: Store) -> list[Quad]:
    return list(store.quads_for_pattern(None, None, None, DefaultGraph()))


def test_every_graph_is_there_and_the_default_graph_holds_a_triple_once(
    site: tuple[SourceFile, ...], store: Store
) -> None:
    expected = one_by_one(site)
    assert sorted(map(str, store)) == sorted(map(str, expected))
    assert len(store) == len(expected)
    assert len(default(store)) == len(default(expected)) > 8


def test_graphs_of_shapes_are_known_before_anything_is_loaded(site: tuple[SourceFile, ...]) -> None:
    assert loading.hidden_graphs(site) == HIDDEN


def test_properties_are_counted_over_the_graphs_of_data(store: Store) -> None:
    data = {q.triple for q in store if not isinstance(q.graph_name, DefaultGraph) and graph(q) not in HIDDEN}
    expected = Counter(triple.predicate.value for triple in data)
    assert {one.iri: one.count for one in tallies.stated(store, tallies.quads(store), HIDDEN)} == expected


def test_graphs_are_counted(store: Store) -> None:
    expected = Counter(q.graph_name.value for q in store if isinstance(q.graph_name, NamedNode))
    assert [(one.iri, one.count) for one in tallies.graphs(tallies.quads(store))] == sorted(expected.items())


@pytest.mark.parametrize("large", [0, tallies.LARGE], ids=["property by property", "all at once"])
def test_classes_are_counted_over_the_default_graph(store: Store, large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "LARGE", large)
    quads = default(store)
    types = [(q.subject, q.object.value) for q in quads if q.predicate == TYPE and isinstance(q.object, NamedNode)]
    assert {one.iri: one.count for one in tallies.classes(store)} == Counter(name for _, name in types)
    for name in {name for _, name in types}:
        said = [q for q in quads if (q.subject, name) in types]
        triples, objects = tallies.members(store, name)
        assert (triples, objects) == (len(said), len({q.object for q in said}))
        used = {one.iri: (one.triples, one.subjects, one.objects) for one in tallies.inside(store, name, triples, 99)}
        assert used == {
            p: (len(own), len({q.subject for q in own}), len({q.object for q in own}))
            for p in {q.predicate.value for q in said}
            for own in [[q for q in said if q.predicate.value == p]]
        }


def test_nothing_loaded_is_nothing_counted(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    loading.load(store, (), lambda _: (), lambda *_: None)
    assert tallies.quads(store) == ()
    assert (
        list(tallies.stated(store, (), frozenset())) == list(tallies.graphs(())) == list(tallies.classes(store)) == []
    )
    assert set(tallies.whole(store, ()).values()) == {0}
