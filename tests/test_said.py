"""What graphs say of a thing, and the order that it stands in."""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from kgpub import snapshot
from kgpub.making import building
from kgpub.model import Report
from kgpub.said import said
from kgpub.settings import load

MakeSite = Callable[..., Path]
A = "https://kg.example/a"
VALUES = (
    '"x"', '"x"@en', '"x"@en-US', '"x"@en-us', '"x y"', '"x\\""', '"x\\n"', '"X"', '"ხ"', '"𐎀"', '""',
    '"01"^^<http://www.w3.org/2001/XMLSchema#integer>', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "<https://kg.example/a>", "<https://kg.example/a#b>", "<https://kg.example/ab>", "_:x", "_:x1", "_:x-y",
    "<<( <urn:x> <urn:x> <urn:x> )>>",
)  # fmt: skip
"""Values of which the one is the beginning of the other, and values that the store rewrites."""
PROPERTIES = ("<https://kg.example/p>", "<https://kg.example/p2>", "<https://kg.example/p%20>")


def test_what_is_said_of_a_thing_stands_in_the_order_of_its_quads(make_site: MakeSite, tmp_path: Path) -> None:
    lines = [f"<{A}> {name} {value} ." for name in PROPERTIES for value in VALUES]
    nested = [f"{node} <urn:p> {value} ." for node in ("_:x", "_:x1") for value in ('"b"', '"a"', "_:x")]
    files = {"data/one.nt": "\n".join([*lines, *nested]), "data/two.nt": "\n".join(lines)}
    site = load(make_site(tmp_path, files))
    building.build(site, lambda *_: Report(True), lambda *_: None)
    now = snapshot.open_snapshot(site)
    try:
        found = said(now.engine, now.index, now.graphs, [A])
    finally:
        now.close()
    quads = [one.quad for several in found.values() for one in several]
    assert len(quads) == len(set(quads)) == 2 * len(lines) + len(nested)
    assert [str(subject) for subject, _ in groupby(quads, lambda quad: quad.subject)] == [*map(str, found)]
    for several in found.values():
        assert [str(one.quad) for one in several] == sorted(str(one.quad) for one in several)
        for one in several:
            assert str(one.quad) == f"{one.quad.subject} {one.predicate} {one.written} {one.graph}"
            assert (one.name, one.object) == (one.quad.predicate, one.quad.object)
