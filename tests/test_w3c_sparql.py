"""The W3C's SPARQL query tests in this process: the guard, the dataset rules and the serialisers over a store's data.

Quick, so that it is part of every run; ``test_w3c_http.py`` asks the same of a server.
"""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from kgpub.engine import DatasetClause, guard
from kgpub.engine.evaluate import Question, answer
from kgpub.engine.ground import ground
from kgpub.formats import Format
from kgpub.settings import Settings
from w3c import DIFFERENT, Case, cases, judge, parameters, unused


def load(case: Case) -> Store:
    store = Store()
    for path, is_named in (*((path, False) for path in case.data), *((path, True) for path in case.named)):
        format = RdfFormat.from_extension(path.suffix[1:])
        assert format is not None
        into = NamedNode(case.base + path.name) if is_named else None
        store.load(
            path=str(path),
            format=format,
            base_iri=case.base + path.name,
            to_graph=None if format.supports_datasets else into,
        )
    return store


def run(case: Case, accept: str) -> tuple[Format, bytes]:
    query = case.query.read_text("utf-8")
    guard.check(query, 65_536)
    chunks: list[bytes] = []
    found: list[Format] = []

    def send(format: Format, chunk: bytes) -> None:
        found.append(format)
        chunks.append(chunk)

    site = Settings(title="t", base=case.base, languages=("en",))
    answer(load(case), ground(site), Question(query, accept, DatasetClause()), send)
    return found[0], b"".join(chunks)


@pytest.mark.parametrize("case", parameters(DIFFERENT))
def test_w3c(case: Case) -> None:
    judge(case, lambda accept: run(case, accept))


def test_the_suites_are_read_whole() -> None:
    assert len(cases()) in {0, 1_155}


def test_every_known_difference_is_one() -> None:
    assert unused(DIFFERENT) == []
