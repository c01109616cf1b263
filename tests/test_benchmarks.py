"""The generated site is the same for the same seed, readable, counted exactly, and has a source for what it says.

What measures SPARQL reads answers whole however they come in, counts what a process tree uses, and asks nothing twice.
"""

import os
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree  # of our own making

import flat
import hostile
import pytest
import search
import sparql
import tree
from hypothesis import given
from hypothesis import strategies as st
from kept import Reading, Sample, percentiles
from peers import KGPUB, NATIVE
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kgpub.engine import guard

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


# SPARQL

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n3;x=y\r\nc\r\n\r\n0\r\n\r\n"
LONG = b"HTTP/1.1 503 Busy\r\nContent-Length: 7\r\n\r\nab\r\nc\r\n"
EMPTY = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "status", "body"), [(CHUNKED, 200, b"ab\r\nc\r\n"), (LONG, 503, b"ab\r\nc\r\n"), (EMPTY, 304, b"")]
)
@given(data=st.data())
def test_an_answer_is_whole_when_its_last_byte_is_there(
    raw: bytes, status: int, body: bytes, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(raw) - 1))))
    reading = Reading()
    *first, last = (raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True))
    assert [reading.add(piece) for piece in first] == [None] * len(first)
    answer = reading.add(last)
    assert answer is not None
    assert (answer.status, answer.body, answer.size) == (status, body, len(body))


def test_an_answer_without_a_length_is_none() -> None:
    with pytest.raises(ValueError, match="without a length"):
        Reading().add(b"HTTP/1.1 200 OK\r\n\r\nab")


def test_a_process_may_have_any_name() -> None:
    times = " ".join(["0"] * 7 + ["100", "200", "300", "400"] + ["0"] * 30)
    read = tree.stat(f"12 (a) S 9 (b)) S 1 12 13 {times}")
    assert (read.pid, read.parent, read.session) == (12, 1, 13)
    assert read.cpu == 1000 / os.sysconf("SC_CLK_TCK")


def test_a_tree_holds_the_children_of_a_process() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= {one.pid for one in tree.tree(os.getpid())}
        assert tree.memory(os.getpid()).proportional > tree.memory(child.pid).proportional
        child.communicate(b"\n")


@pytest.mark.parametrize(
    ("milliseconds", "middle", "slow"),
    [([5], 5, 5), (range(1, 101), 50, 99), (range(1, 1001), 500, 990), ([9, 1], 1, 9)],
)
def test_percentiles_are_of_those_that_were_measured(milliseconds: list[int], middle: int, slow: int) -> None:
    assert percentiles([ms / 1000 for ms in milliseconds]) == {50: middle, 99: slow}


@pytest.mark.parametrize("case", sparql.cases(3), ids=lambda case: case.name)
def test_no_query_is_asked_twice(case: sparql.Case) -> None:
    asked = list(islice(case.requests("/sparql"), 500))
    assert len(set(asked)) == 500
    assert all(request.startswith(b"GET /sparql?query=PREFIX") for request in asked)


def measured(*pairs: tuple[float, float]) -> sparql.Measured:
    """A run of one query whose rounds cost kgpub and Oxigraph so many seconds."""
    kgpub, oxigraph = (
        tuple(sparql.turn([Sample(0.001, 10)] * 6, 1.0, cpu) for cpu in cpus) for cpus in zip(*pairs, strict=True)
    )
    row = sparql.Row(sparql.LOOKUP, 3, {KGPUB: kgpub, NATIVE: oxigraph})
    return sparql.Measured((row,), {KGPUB: tree.Memory(2_000_000, 1_000_000), NATIVE: tree.Memory(0, 0)})


def test_ratios_are_of_the_same_round() -> None:
    assert str(measured((2, 1), (4, 1), (1, 1)).rows[0].ratio("per_cpu_second", NATIVE)) == "**0.50** (0.25–1.00)"


@pytest.mark.parametrize(("cpu", "verdict"), [(3, "0.33 | reached"), (4, "0.25 | **missed**")])
def test_a_target_is_reached_or_missed(cpu: float, verdict: str) -> None:
    run = measured((cpu, 1))
    assert sparql.TARGETS[0].line({row.name: row for row in run.rows}).endswith(f"| {verdict} |")


def test_what_takes_no_time_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="seconds"):
        measured((0, 1)).rows[0].ratio("per_cpu_second", NATIVE)


@pytest.mark.parametrize(("name", "harm"), hostile.HOSTILE.items())
def test_what_is_hostile_gets_past_the_guard(name: str, harm: hostile.Harm) -> None:
    guard.check(harm.text, 65_536)
    Store().query(harm.text)


def test_a_failed_request_misses_the_target() -> None:
    peace, attack = hostile.Period([0.01], [0.01]), hostile.Period([0.012], [0.5], Counter({"503": 1}))
    text = hostile.Company(peace, attack, {"six-way product: 503 timeout": 1}, {"alone": (20.0,)}).markdown
    assert "| failed good requests | 0 | 1.00 | **missed** |" in text
    assert "| pages p99, attack / peace | 1.5 | 1.20 | reached |" in text
    assert "| six-way product | 503 timeout | 1 |" in text


def test_what_is_typed_is_the_same_each_time_and_grows_key_by_key() -> None:
    some = list(search.things(40))
    rows = dict(search.typed(some))
    assert rows == dict(search.typed(list(search.things(40))))
    assert len({one.english for one in some}) == 40
    for name in ("Georgian, key by key", "English, key by key"):
        assert all(len(key) == 1 or key[:-1] in rows[name] for key in rows[name])
    assert not any("ა" <= letter <= "ჰ" for key in rows["Georgian in Latin letters, key by key"] for letter in key)


def test_a_table_of_times_has_the_middle_and_the_slow_end() -> None:
    timed = search.Timed("typed", tuple(float(n) for n in range(1, 101)), (2.0,) * 100)
    assert timed.line == "| typed | 100 | 50.0 | 95.0 | 2.0 | 2.0 |"
    assert search.table([timed], 1000).splitlines()[-1] == "| all | 100 | 50.0 | 95.0 | 2.0 | 2.0 |"


@pytest.mark.slow
def test_suggestions_can_be_timed_as_documented(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = [sys.executable, "benchmarks/search.py", "--things", "60", "--page", str(page)]
    subprocess.run(command, cwd=Path(__file__).parents[1], check=True, capture_output=True)
    assert page.read_text("utf-8").startswith("Suggestions over 120 labels") and "| all | " in page.read_text("utf-8")


@pytest.mark.slow
def test_a_build_is_measured_step_by_step() -> None:
    script = SCRIPT[1].replace("generate.py", "build.py")
    printed = subprocess.run([SCRIPT[0], script, "--again", "1500"], check=True, capture_output=True, text=True).stdout
    tables = [
        [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
        for part in printed.split("## ")[1:]
    ]
    assert [row[0] for row in tables[0]] == [row[0] for row in tables[1]]
    assert len(tables) == 4  # after each of three edits as well
    rows = tables[0]
    steps = [
        "start",
        "validate",
        "load",
        "dumps, while loading",
        "dumps",
        "optimize",
        "index",
        "count",
        "search",
        "facets",
        "tables",
        "ontology",
        "write",
        "try out",
    ]
    assert [row[0] for row in rows] == ["step", *steps, "switch", "all"]
    assert float(rows[-1][1]) > 0 < float(rows[-1][2])
    assert int(rows[-1][3]) >= max(int(row[3]) for row in rows[1:-1]) > 10
    assert int(rows[-1][4]) == int(rows[-2][4]) > 0


@pytest.mark.parametrize(("costs", "is_flat"), [((1, 2), True), ((2, 1, 1.5), True), ((1, 2.1), False), ((3,), True)])
def test_what_is_flat(costs: tuple[float, ...], is_flat: bool) -> None:
    assert flat.is_flat(costs) is is_flat


def test_the_picture_of_costs_has_a_bar_for_each_size() -> None:
    costs = [[flat.Cost(10.0 * size, 1.0, 1) for size in (1, 2, 900)] for _ in range(3)]
    drawn = ElementTree.fromstring(flat.drawn(["a", "b & c", "<d>"], (10_000, 1_000_000, 10_000_000), costs))
    bars = drawn.findall("{*}rect")
    assert len(bars) == 9
    assert all(0 < float(bar.get("height", 0)) <= 72 for bar in bars)
    assert {"a", "b & c", "<d>", "10 k", "1 M", "10 M"} <= {text.text for text in drawn.findall("{*}text")}
