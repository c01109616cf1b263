"""What is said to have changed between two snapshots is what has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Store

from kgpub.making import building, comparing
from kgpub.making.dumps import FOLDER, WHOLE
from kgpub.making.edits import Edit
from kgpub.making.reusing import Segment
from test_reusing import SITES, START, TOML, made, write

SAID = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#subject>"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@pytest.fixture(scope="module")
def heard() -> Iterator[list[Edit]]:
    """What builds were told of edits."""
    found: list[Edit] = []
    named = Edit.named

    def listen(self: Edit, *given: frozenset[str]) -> Edit:
        found.append(named(self, *given))
        return found[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "sync", lambda _: None)
        patch.setattr(Edit, "named", listen)
        yield found


def default(snapshot: Path) -> dict[str, str]:
    """The triples of a snapshot's default graph, with their subjects."""
    store = Store.read_only(str(snapshot / "store"))
    return {str(quad.triple): str(quad.subject) for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}


CHANGES = {
    "a name": ({"data/a.ttl": START["data/a.ttl"].replace('"a"@en', '"b"@en')}, {"id/a"}, {LABEL}, {"id/a"}, set()),
    "what two graphs say": ({"data/b.ttl": "<id/b> a <ns/C> . <id/a> <ns/p> <id/b> ."}, set(), set(), set(), set()),
    "another form of the same": ({"data/b.ttl": START["data/b.ttl"].replace("01", "1")}, set(), set(), set(), set()),
    "outside the default graph": ({"data/c.ttl": "<id/a> <ns/p> 1, 2, 3 ."}, set(), set(), set(), set()),
    "a statement node": (
        {"data/d.nt": START["data/d.nt"].replace("<https://d.example/ns/p>", SAID)},
        {"id/d"},
        {"https://d.example/ns/p", SAID.strip("<>")},
        set(),
        {"id/d"},
    ),
}


LINES = st.lists(st.sampled_from(["a", "bb", "ccc", "c" * 20, ""]).map(lambda text: f"{text}\n".encode()), max_size=12)


@given(LINES, LINES, LINES, LINES, st.integers(0, 3), st.sampled_from([1, 4, 1 << 20]))
def test_what_two_parts_begin_and_end_with_alike_is_not_held(
    tmp_path_factory: pytest.TempPathFactory,
    start: list[bytes],
    one: list[bytes],
    two: list[bytes],
    end: list[bytes],
    before: int,
    block: int,
) -> None:
    dumps: list[tuple[Path, Segment]] = []
    for lines in ([*start, *one, *end], [*start, *two, *end]):
        folder = tmp_path_factory.mktemp("part")
        (folder / FOLDER).mkdir()
        text = b"".join(lines)
        (folder / FOLDER / WHOLE).write_bytes(b"x\n" * before + text + b"y\n")
        dumps.append((folder, Segment("", "", 2 * before, 2 * before + len(text), True, True)))
    (old, gone), (new, fresh) = dumps
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "_BLOCK", block)
        found, other = comparing._differing(comparing._part(old, gone), comparing._part(new, fresh))
    of_one, of_two = found.lines(), other.lines()
    assert of_one <= {line[:-1] for line in (*start, *one, *end)}
    wanted = {*start, *one, *end} ^ {*start, *two, *end}
    assert {line + b"\n" for line in of_one ^ of_two} >= wanted
    assert max(found.size, other.size) <= max(len(b"".join(one)), len(b"".join(two))) + (len(b"".join(end)) + 22)
    if block == 1:
        assert min(found.size, other.size) <= min(len(b"".join(one)), len(b"".join(two))) + 22


@pytest.mark.parametrize(("edit", "subjects", "predicates", "renamed", "marked"), CHANGES.values(), ids=CHANGES)
def test_what_has_changed(
    tmp_path: Path,
    heard: list[Edit],
    edit: dict[str, str],
    subjects: set[str],
    predicates: set[str],
    renamed: set[str],
    marked: set[str],
) -> None:
    write(tmp_path, START)
    made(tmp_path)
    write(tmp_path, START | edit)
    made(tmp_path)
    told = heard[-1]
    assert told.subjects == {f"<https://d.example/{name}>" for name in subjects}
    assert told.predicates == predicates
    assert told.renamed == {f"https://d.example/{name}" for name in renamed}
    assert told.marked == {f"<https://d.example/{name}>" for name in marked}


def test_classes_before_and_after(tmp_path: Path, heard: list[Edit]) -> None:
    write(tmp_path, START)
    made(tmp_path)
    write(tmp_path, START | {"data/b.ttl": "<id/b> a <ns/D>, [ ] ."})
    made(tmp_path)
    found = heard[-1].classes(heard[-1].subjects)
    assert {name for name in found if name.startswith("<")} == {f"<https://d.example/ns/{name}>" for name in "CD"}
    assert [name for name in found if name.startswith("_:")]
    assert heard[-1].classes([]) == frozenset()


def test_much_is_not_compared(tmp_path: Path, heard: list[Edit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST", 1)
    write(tmp_path, START)
    made(tmp_path)
    before = len(heard)
    write(tmp_path, START | {"data/d.nt": ""})
    made(tmp_path)
    assert len(heard) == before + 1
    write(tmp_path, START)
    made(tmp_path)
    write(tmp_path, START | {"data/b.ttl": "", "data/d.nt": ""})
    made(tmp_path)
    assert len(heard) == before + 1


@pytest.mark.slow
@given(st.lists(SITES, min_size=2, max_size=4))
@settings(max_examples=20, deadline=None)
def test_of_whatever_history(
    tmp_path_factory: pytest.TempPathFactory, heard: list[Edit], history: list[dict[str, str]]
) -> None:
    folder, last = tmp_path_factory.mktemp("edits"), None
    for site in history:
        write(folder, {"kgpub.toml": TOML, "data/z.ttl": "<id/z> <ns/p> <id/a>, 1 ."} | site)
        before = len(heard)
        snapshot = made(folder)
        if last is not None and snapshot != last and len(heard) > before:
            old, new = default(last), default(snapshot)
            assert heard[-1].subjects == {(old | new)[triple] for triple in old.keys() ^ new.keys()}
        last = snapshot


def test_of_many_values_only_those_that_the_store_takes_for_gone_are_read_again(tmp_path: Path) -> None:
    """However much is said of a thing by one property: what stays as it is is not held."""
    number = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    said = [
        f"<urn:s> <urn:p> {one} <urn:g> ."
        for one in (f'"01"{number}', f'"1"{number}', f'"2"{number}', '"01"', "<urn:o>")
    ]
    (tmp_path / "part").write_text("\n".join(said) + "\n")
    part = comparing._Part(tmp_path / "part", 0, (tmp_path / "part").stat().st_size)
    gone = f'<urn:s> <urn:p> "001"{number} <urn:g> .'.encode()
    assert part.alike({gone}) == {line.encode() for line in said[:2]}
    assert part.alike({gone.replace(b"urn:s", b"urn:t")}) == part.alike(set()) == set()
