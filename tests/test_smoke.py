"""Smoke questions: a new snapshot that does not answer is not put in service, and the question is named."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import killed
import pytest
from pyoxigraph import QuerySolution

from kgpub import saved
from kgpub.engine import Engine
from kgpub.errors import SnapshotBroken
from kgpub.making import smoke
from kgpub.making.building import build
from kgpub.model import Counted, Report
from kgpub.settings import Settings, load
from kgpub.snapshot import Snapshot, current, open_snapshot

TOML = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["ka", "en"]\n'
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DATA = f'<id/a> a <ns/C> ; {LABEL} "საქართველო"@ka, "Georgia"@en . <id/b> a <ns/D> ; {LABEL} "!?"@en .'
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }"
NEEDS = """# title: Of a class
# param class: iri
SELECT ?s WHERE { ?s a ?class }
"""


def made(folder: Path, data: str, **files: str) -> Settings:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "queries").mkdir(exist_ok=True)
    (folder / "kgpub.toml").write_text(TOML)
    (folder / "data/a.ttl").write_text(data)
    for name, text in files.items():
        (folder / f"queries/{name}.rq").write_text(text)
    settings = load(folder)
    build(settings, lambda *_: Report(True), lambda *_: None)
    return settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made(tmp_path_factory.mktemp("smoke"), DATA, needs=NEEDS)


@pytest.fixture(scope="module")
def now(site: Settings) -> Snapshot:
    return open_snapshot(site)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of a site that knows nothing of the things of this one."""
    return open_snapshot(made(tmp_path_factory.mktemp("other"), "<id/x> <ns/p> 1 ."))


def test_a_whole_snapshot_answers(now: Snapshot, site: Settings) -> None:
    """Also where a saved query cannot be asked without values, and a label has nothing to be found by."""
    assert [query.name for query in saved.load(site).queries if query.missing(query.defaults)] == ["needs"]
    smoke.check(now, site)


WRONG = [
    ("engine", "triples of the default graph: 1 in place of 5"),
    ("partitions", "triples of the default graph: 5 in place of 1"),
    ("search", "the search for “საქართველო”: nothing is found"),
]


@pytest.mark.parametrize(("part", "told"), WRONG, ids=[row[0] for row in WRONG])
def test_a_part_of_another_snapshot_is_found_out(
    now: Snapshot, other: Snapshot, site: Settings, part: str, told: str
) -> None:
    parts: dict[str, Any] = {part: getattr(other, part)}
    with pytest.raises(SnapshotBroken, match="nothing was published") as refused:
        smoke.check(replace(now, **parts), site)
    assert told in refused.value.detail


def test_a_graph_of_another_size_is_found_out(now: Snapshot, site: Settings) -> None:
    graph = now.statistics.graphs[0]
    statistics = replace(now.statistics, graphs=(Counted(graph.iri, graph.count + 1),))
    with pytest.raises(SnapshotBroken, match=f"triples of the graph <{graph.iri}>: 5 in place of 6"):
        smoke.check(replace(now, statistics=statistics), site)


def test_an_engine_that_is_gone_is_found_out(site: Settings) -> None:
    closed = open_snapshot(site)
    closed.engine.close()
    with pytest.raises(SnapshotBroken, match=r"triples of the default graph: .* the store is closed"):
        smoke.check(closed, site)


def test_a_saved_query_that_takes_too_long_stops_the_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = made(tmp_path, DATA)
    before = current(settings)
    monkeypatch.setenv("KGPUB_SPARQL__TIMEOUT", "2")
    numbers = " ".join(f"<id/{n}> <ns/p> {n} ." for n in range(300))
    with pytest.raises(SnapshotBroken, match=r"the saved query “slow” \(queries/slow.rq\): no answer within 2 seconds"):
        made(tmp_path, DATA + numbers, slow=SLOW)
    assert current(settings) == before
    assert killed.wrong(settings, before) == killed.left(settings) == []


class Slow:
    """An engine that takes its time for what is counted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.asked = 0

    def __getattr__(self, name: str) -> Any:  # Any: whatever the engine has
        return getattr(self._engine, name)

    def select(self, query: str) -> Iterator[QuerySolution]:
        time.sleep(0.2)
        self.asked += 1
        return self._engine.select(query)


def test_a_large_graph_may_take_longer_to_count_than_a_visitor_may_wait(now: Snapshot, site: Settings) -> None:
    slow = Slow(now.engine)
    hasty = site.model_copy(update={"sparql": site.sparql.model_copy(update={"timeout": 0.1})})
    smoke.check(replace(now, engine=slow), hasty)
    assert slow.asked == 1 + len(now.statistics.graphs)


def test_the_name_of_what_is_gone_is_not_searched_for(tmp_path: Path) -> None:
    """A node that only stands for a name is found as what bears it, and that is offered no longer."""
    xl = "http://www.w3.org/2008/05/skos-xl#"
    said = f'<c> <{xl}prefLabel> <l> ; <http://www.w3.org/2002/07/owl#deprecated> true . <l> a <{xl}Label> ; <{xl}literalForm> "Two"@en .'
    assert current(made(tmp_path, said))
