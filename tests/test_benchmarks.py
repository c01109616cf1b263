"""The generated site is the same for the same seed, readable, counted exactly, and has a source for what it says."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

SCRIPT = (sys.executable, str(Path(__file__).parents[1] / "benchmarks/generate.py"))
BASE = "https://data.example.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = NamedNode(RDF + "type")
TRIPLES = 12_000


class Site:
    """A generated site: what the script printed, and what it wrote."""

    def __init__(self, folder: Path, triples: int = TRIPLES, seed: int = 42) -> None:
        command = [*SCRIPT, "--triples", str(triples), "--seed", str(seed), str(folder)]
        self.printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
        self.quads = [
            Quad(triple.subject, triple.predicate, triple.object, NamedNode(BASE + name))
            for name, text in self.files.items()
            if name.endswith(".ttl")
            for triple in parse(text, format=RdfFormat.TURTLE, base_iri=BASE)
        ]
        self.triples = {(quad.subject, quad.predicate, quad.object) for quad in self.quads}

    def of_class(self, name: str) -> set[object]:
        return {s for s, p, o in self.triples if p == TYPE and o == NamedNode(BASE + name)}

    def values(self, name: str) -> dict[object, object]:
        """The one object of each subject that has this property."""
        return {s: o for s, p, o in self.triples if p == NamedNode(name)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("benchmarks") / "site")


def test_the_same_seed_writes_the_same_bytes(site: Site, tmp_path: Path) -> None:
    assert Site(tmp_path / "again").files == site.files


def test_another_seed_writes_another_graph(site: Site, tmp_path: Path) -> None:
    assert Site(tmp_path / "other", seed=43).triples != site.triples


def test_the_printed_number_is_the_number_of_triples(site: Site) -> None:
    assert site.printed.startswith(f"{len(site.triples)} triples ")


def test_every_triple_stands_in_one_graph(site: Site) -> None:
    assert len(site.quads) == len(site.triples)


def test_there_are_as_many_triples_as_asked_for_and_less_than_a_document_more(site: Site) -> None:
    assert TRIPLES <= len(site.triples) < TRIPLES + 2_000


def test_the_data_stand_in_several_graphs(site: Site) -> None:
    assert len([name for name in site.files if name.startswith("data/")]) > 5


def test_a_larger_graph_begins_as_the_smaller_one_does(site: Site, tmp_path: Path) -> None:
    assert site.triples < Site(tmp_path / "larger", TRIPLES + 2_000).triples


def test_every_statement_node_is_about_a_triple_of_the_data(site: Site) -> None:
    parts = [site.values(RDF + name) for name in ("subject", "predicate", "object")]
    stated = {node: tuple(part[node] for part in parts) for node in site.of_class("ns/Fact")}
    assert len(stated) > 300
    assert set(stated.values()) <= site.triples


@pytest.mark.parametrize("name", ["http://www.w3.org/ns/prov#hadPrimarySource", f"{BASE}ns/line",
                                  "http://www.w3.org/ns/oa#hasSelector"])  # fmt: skip
def test_every_statement_of_a_document_says_where_it_stands(site: Site, name: str) -> None:
    inferred = {s for s, _, o in site.triples if o == NamedNode(BASE + "ns/inferred")}
    assert site.of_class("ns/Fact") - inferred <= set(site.values(name))


def test_every_quote_has_its_words(site: Site) -> None:
    quotes = set(site.values("http://www.w3.org/ns/oa#hasSelector").values())
    assert quotes <= set(site.values("http://www.w3.org/ns/oa#exact"))


@pytest.mark.parametrize("language", ["ka", "en"])
def test_every_entity_is_named_in_both_languages(site: Site, language: str) -> None:
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    named = {s for s, p, o in site.triples if p == label and getattr(o, "language", None) == language}
    assert {s for s, p, _ in site.triples if p == TYPE and str(s).startswith(f"<{BASE}id/")} <= named


def test_one_in_ten_entities_is_of_one_class(site: Site) -> None:
    entities = {s for s, p, _ in site.triples if p == TYPE and str(s).startswith(f"<{BASE}id/")}
    shared = {s for s in entities if str(s).startswith((f"<{BASE}id/place-", f"<{BASE}id/topic-"))}
    own = len(entities) - len(shared) - 1  # and the hub
    assert len(site.of_class("ns/Project")) * 10 == own


def test_more_than_half_of_the_entities_point_to_the_hub(site: Site) -> None:
    hub = NamedNode(BASE + "id/org-union")
    pointing = {s for s, _, o in site.triples if o == hub and str(s).startswith(f"<{BASE}id/")}
    assert len(pointing) > len(site.of_class("ns/Project")) * 5


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    refused = subprocess.run([*SCRIPT, str(tmp_path)], check=False, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "exists already" in refused.stderr
