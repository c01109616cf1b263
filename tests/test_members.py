"""The members of classes are those of the default graph, and what is said of them is the same whether it was kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kgpub.making import members
from kgpub.making.cells import IRI
from kgpub.making.members import BLANK, NAMED, STATEMENT, Members
from test_reusing import START, contents, made, no_waiting, write

__all__ = ["no_waiting"]

TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
C, D, P = (NamedNode(f"urn:{name}") for name in ("C", "D", "p"))
XSD = "http://www.w3.org/2001/XMLSchema#"
A, SHORT, LONG = (NamedNode(f"urn:{name}") for name in ("b", "a", "a-"))


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Members]:
    store = Store()
    for subject in (A, SHORT, LONG, NamedNode("urn:fact"), BlankNode("x")):
        store.add(Quad(subject, TYPE, C))
    store.add(Quad(A, TYPE, D))
    store.add(Quad(NamedNode("urn:elsewhere"), TYPE, C, NamedNode("urn:graph")))
    for term in (
        Literal("2"),
        Literal("1"),
        Literal("x", language="en"),
        Literal("3", datatype=NamedNode(f"{XSD}date")),
    ):
        store.add(Quad(A, P, term))
    with Members(tmp_path / "members", store, lambda nodes: frozenset({"<urn:fact>"}).intersection(nodes)) as found:
        yield found
    assert list(tmp_path.iterdir()) == []


def test_members_are_those_of_the_default_graph_by_what_they_are(read: Members) -> None:
    found = {subject: kind for of, subject, kind in read.typed() if of == "<urn:C>"}
    assert {node: kind for node, kind in found.items() if node.startswith("<")} == {
        **dict.fromkeys(("<urn:a>", "<urn:a->", "<urn:b>"), NAMED),
        "<urn:fact>": STATEMENT,
    }
    assert [kind for node, kind in found.items() if not node.startswith("<")] == [BLANK]


def test_members_stand_in_the_order_of_their_iris_where_that_is_asked_for(read: Members) -> None:
    """Not in that of their notation, in which the mark at the end counts."""
    assert list(read.sorted("urn:C")) == ["urn:a", "urn:a-", "urn:b"] == sorted(read.named("urn:C"))
    assert list(read.sorted("urn:none")) == []


def test_classes_of_other_members_have_other_digests(read: Members) -> None:
    assert len({read.digest(name) for name in ("urn:C", "urn:D", "urn:none")}) == 3


CELLS = {
    (TYPE.value, IRI): ["urn:C", "urn:D"],
    (P.value, f"{XSD}string"): ["1", "2"],
    (P.value, "@en"): ["x"],
    (P.value, f"{XSD}date"): ["3"],
}


@pytest.mark.parametrize("time", ["first", "again"])
def test_what_is_said_of_a_member_stands_by_property_and_kind(read: Members, time: str) -> None:
    if time == "again":
        read.cells(A.value)
    assert read.cells(A.value) == dict(read.said(A.value)) == CELLS


@pytest.mark.parametrize("bound", ["MOST_SAID", "MOST_CHARACTERS"])
def test_where_very_much_is_said_it_comes_value_by_value(
    read: Members, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, bound, 3)
    for _ in ("first", "again"):
        assert read.cells(A.value) is None
        found = sorted((key, value) for key, values in read.said(A.value) for value in values)
        assert found == sorted((key, value) for key, values in CELLS.items() for value in values)


def test_what_is_not_kept_makes_the_same_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facets, tables and counts do not tell whether members were read once or by everybody."""
    more = {f"data/m{n}.ttl": f"<id/m{n}> a <ns/C> ; <ns/k> {n % 3} , 'k{n % 2}' ." for n in range(12)}
    found = []
    for bound in (members.MOST_CHARACTERS, 0):
        monkeypatch.setattr(members, "MOST_CHARACTERS", bound)
        write(tmp_path / str(bound), START | more)
        found.append(contents(made(tmp_path / str(bound))))
    assert found[0] == found[1]
    assert any(name.startswith("facets.sqlite choices") and rows for name, rows in found[0].items())
