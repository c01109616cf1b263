"""Shapes and data as nobody should write them: the same report as plain pySHACL, in bounded time."""

import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from kgpub.validation.adapter import Adapter, ParsesOnce
from kgpub.validation.candidates import Candidates, candidates
from kgpub.validation.view import SourceStore, kept
from shapes_fuzz import NAMED, PREFIXES, Told, plainly, quads, quickly, shapes_of
from shapes_wild import Wild

SUITE = Path(__file__).parents[2] / "shared" / "w3c" / "shacl" / "tests"
SHAPE = "http://example.org/S"
VALUES = "".join(f'ex:n ex:p "v{number}"@en-x-{number} .\n' for number in range(250))


def both(data: str, shapes: str) -> Told:
    """What both engines say, which has to be the same."""
    plain = plainly(quads(data, "d"), quads(shapes, "s"))
    quick, _ = quickly(quads(data, "d"), quads(shapes, "s"))
    assert quick == plain
    return plain


@pytest.mark.parametrize("start", [199])
def test_wild_shapes_have_the_same_report(start: int) -> None:
    assert sum(wild_pair(seed) for seed in range(start, start + 4)) > 50


@pytest.mark.slow
@pytest.mark.parametrize("start", range(270, 470, 20))
def test_many_wild_shapes_have_the_same_report(start: int) -> None:
    assert sum(wild_pair(seed) for seed in range(start, start + 20)) > 50


def wild_pair(seed: int) -> int:
    """The number of results of a wild pair."""
    source = Wild(seed)
    return both(source.data(), source.shapes_text()).results.total()


@pytest.mark.parametrize(
    ("data", "shapes", "results"),
    [
        ("ex:n a ex:C .", "ex:S sh:targetClass ex:C ; sh:closed true .", 1),
        ("ex:n a ex:C .", "ex:S sh:targetClass ex:C ; sh:in () .", 1),
        ('ex:n ex:p "a"@en .', "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:languageIn () ] .", 1),
        (
            "ex:n ex:p 1 . ex:m ex:q ex:hub . ex:k ex:q ex:hub . ex:n ex:r ex:m .",
            'ex:S sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select """SELECT $this WHERE { '
            '?x ex:q ex:hub . ?x ex:q ?hub . $this ex:r ?x . ?y ?p ?y2 . FILTER(?y = ?x) }""" ] .',
            1,
        ),
        (VALUES + "ex:n a ex:C .", "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:uniqueLang true ] .", 0),
    ],
    ids=["nothing is allowed", "nothing is in it", "no language", "patterns in another order", "a hub"],
)
def test_an_edge_has_the_same_report(data: str, shapes: str, results: int) -> None:
    found = both(PREFIXES + data, PREFIXES + shapes)
    assert not found.error
    assert found.results.total() == results


def compiled(data: str, shapes: str) -> Candidates:
    """The candidates alone."""
    store = pyoxigraph.Store()
    store.extend(quad for quad in map(kept, quads(PREFIXES + data)) if quad is not None)
    graph = ParsesOnce(NAMED, SourceStore(store))
    return candidates(Adapter(graph, shapes_of(quads(PREFIXES + shapes))).shapes, graph)


def choices(many: int) -> str:
    """A path of so many choices one after the other, which are two to the power of that many paths."""
    return "( " + "[ sh:alternativePath ( ex:p ex:q ) ] " * many + ")"


def crossing(levels: int, width: int) -> str:
    """Shapes that each name all of the next level."""
    names = [[f"ex:L{level}N{number}" for number in range(width)] for level in range(levels)]
    lines = ["ex:S sh:targetClass ex:C ; sh:and ( " + " ".join(names[0]) + " ) ."]
    for here, below in zip(names, [*names[1:], []], strict=True):
        inner = f"sh:and ( {' '.join(below)} )" if below else "sh:datatype rdfs:Literal"
        lines += [f"{name} a sh:NodeShape ; {inner} ." for name in here]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        (f"ex:S sh:targetClass ex:C ; sh:property [ sh:path {choices(40)} ; sh:nodeKind sh:IRI ] .", "too many"),
        (crossing(6, 30), "too many"),
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:equals ex:q ] .", "values"),
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:uniqueLang true ] .", "200"),
        (f"ex:S sh:targetClass ex:C ; sh:in ( {' '.join(map(str, range(300)))} ) .", "200 literals"),
        (
            "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:qualifiedMinCount 3 ; "
            "sh:qualifiedValueShape [ sh:minLength 9 ] ] .",
            "values",
        ),
    ],
    ids=["paths", "shapes", "pairs", "endless", "list", "counts"],
)
def test_what_would_take_too_long_is_left_to_pyshacl(shapes: str, reason: str) -> None:
    found = compiled(VALUES + "ex:n a ex:C ; ex:q 1 .", shapes)
    assert {str(node): reason in why for node, why in found.handed_over.items()}[SHAPE]


def test_long_lists_of_names_are_compiled() -> None:
    names = " ".join(f"ex:m{number}" for number in range(5_000))
    found = compiled("ex:m7 a ex:C . ex:n a ex:C .", f"ex:S sh:targetClass ex:C ; sh:in ( {names} ) .")
    assert [str(node) for nodes in found.chosen.values() for node in nodes] == ["http://example.org/n"]


def suite() -> Iterator[object]:
    """The files of W3C's suite, or one row that says why there are none."""
    if not SUITE.is_dir():
        yield pytest.param(SUITE, marks=pytest.mark.skip(reason=f"the W3C SHACL test suite is not at {SUITE}"))
    for path in sorted(SUITE.rglob("*.ttl")):
        if "manifest" not in path.name:
            yield pytest.param(path, id=path.stem)


def mutated(found: list[pyoxigraph.Quad], chance: random.Random) -> list[pyoxigraph.Quad]:
    """The shapes with a few triples left out, and a few ends or predicates exchanged."""
    changed = list(found)
    for _ in range(chance.randint(1, 4)):
        one, other = chance.randrange(len(changed)), chance.choice(found)
        quad = changed[one]
        kind = chance.randrange(4)
        if kind == 0 and len(changed) > 1:
            del changed[one]
        elif kind == 1:
            changed[one] = pyoxigraph.Quad(quad.subject, other.predicate, quad.object)
        elif kind == 2:
            changed[one] = pyoxigraph.Quad(quad.subject, quad.predicate, other.object)
        else:
            changed.append(pyoxigraph.Quad(other.subject, quad.predicate, quad.object))
    return changed


def mutations(path: Path, seeds: range) -> None:
    """Both engines on mutated shapes of a file: they say the same, or both refuse."""
    whole = quads(path.read_bytes(), "d", base=path.as_uri())
    for seed in seeds:
        shapes = mutated(quads(path.read_bytes(), "s", base=path.as_uri()), random.Random(f"{path.stem} {seed}"))
        quick, _ = quickly(whole, shapes)
        assert quick == plainly(whole, shapes), seed


@pytest.mark.parametrize("path", list(suite())[::12])
def test_mutated_shapes_have_the_same_report(path: Path) -> None:
    mutations(path, range(2))


@pytest.mark.slow
@pytest.mark.parametrize("path", list(suite()))
def test_many_mutated_shapes_have_the_same_report(path: Path) -> None:
    mutations(path, range(2, 8))
