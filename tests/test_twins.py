"""Classes with the same members have the same facets, and those that only share some have their own."""

import sqlite3
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kgpub.making import faceting, twins
from kgpub.making.members import Members

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_YEAR = NamedNode("http://www.w3.org/2001/XMLSchema#gYear")


def _written(path: Path, classes: dict[str, range]) -> sqlite3.Connection:
    store = Store()
    for name, members in classes.items():
        for number in members:
            thing = NamedNode(f"urn:thing:{number}")
            store.add(Quad(thing, _TYPE, NamedNode(name)))
            store.add(Quad(thing, NamedNode("urn:kind"), Literal(f"k{number % 3}")))
            store.add(Quad(thing, NamedNode("urn:year"), Literal(str(1900 + number), datatype=_YEAR)))
    with Members(path.with_suffix(".members"), store, lambda _: frozenset()) as read:
        faceting.write(path, store, read, faceting.Known(lambda _: {}, ("en", "ka")))
    return sqlite3.connect(path)


@pytest.mark.parametrize("others", [range(3, 30), range(20)], ids=["others between", "smaller"])
def test_twins_have_equal_facets(tmp_path: Path, others: range) -> None:
    """As each of them has when it stands alone."""
    same = range(40)
    db = _written(tmp_path / "both.sqlite", {"urn:A": same, "urn:B": others, "urn:C": same})
    for name, members in {"urn:A": same, "urn:B": others, "urn:C": same}.items():
        alone = _written(tmp_path / f"{name[-1]}.sqlite", {name: members})
        assert _comparable(db, name) == _comparable(alone, name) != []


def _comparable(db: sqlite3.Connection, name: str) -> list[object]:
    """The orders and facets of a class without their numbers; of which other classes things are is no part of it."""
    sql = (
        "SELECT property, kind, holders, position, value, bits, hex(keys), hex(keys.ordinals) FROM facets"
        " JOIN classes ON classes.id = class JOIN choices ON choices.facet = facets.id"
        " LEFT JOIN keys ON keys.facet = facets.id WHERE iri = ? AND property LIKE 'urn:%' ORDER BY 1, 4"
    )
    orders = "SELECT language, ordinals FROM orders JOIN classes ON classes.id = class WHERE iri = ? ORDER BY 1"
    return [*db.execute(sql, (name,)), *db.execute(orders, (name,))]


def test_lists_are_told_apart() -> None:
    """By their names and where one name ends."""
    assert len({twins.digest(names) for names in (["a"], ["a", "b"], ["ab"], ["b", "a"], [])}) == 5
