"""A search index that is made of the last one finds what one finds that is written as a whole."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgpub.model import Text
from kgpub.searching import writing
from kgpub.searching.documents import Entry
from kgpub.searching.search import Index

WORDS = ("migration", "ministry", "justice", "georgia", "centre", "სააგენტო", "მიგრაცია")
IRI = "https://kg.example/id/{:02}".format
TYPES = ("https://kg.example/o#A", "https://kg.example/o#B")

texts = st.lists(
    st.builds(
        Text, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), st.sampled_from(["en", "ka"])
    ),
    max_size=2,
    unique=True,
).map(tuple)
things = st.builds(
    lambda labels, others, about, types, links: Entry("", labels, others, about, types, links),
    texts,
    texts,
    texts,
    st.sets(st.sampled_from(TYPES)).map(lambda found: tuple(sorted(found))),
    st.integers(0, 3),
)
worlds = st.dictionaries(st.integers(0, 40), things, max_size=25)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FEW", 0)


def entries(world: dict[int, Entry]) -> Iterator[Entry]:
    for number, one in sorted(world.items()):
        yield Entry(IRI(number), one.labels, one.alternatives, one.descriptions, one.types, one.links)


def answers(folder: Path) -> list[object]:
    """All that can be asked of a small index: how many hits and which, with their scores, whatever their order."""
    index = Index(folder)
    return [
        (
            found.total,
            sorted((hit.score, hit.iri, hit.types, hit.matched, hit.reason) for hit in found.hits),
            found.classes(12),
        )
        for query in (*WORDS, "mig", "m", "migratoin", "ministry of justice", *map(IRI, range(3)))
        for type in (None, *TYPES)
        for found in [index.look(query, languages=("ka", "en"), type=type, limit=50)]
    ]


def digests(folder: Path) -> list[tuple[str, bytes]]:
    with closing(sqlite3.connect(folder / writing.DIGESTS)) as db:
        return db.execute("SELECT * FROM documents ORDER BY 1").fetchall()


def live(folder: Path, history: list[dict[int, Entry]]) -> None:
    """Write the things of one moment after the other, each index made of the last one."""
    last = None
    for number, world in enumerate(history):
        made, whole = folder / f"{number}", folder / f"{number}-whole"
        count = writing.write(made, entries(world), last)
        assert count == writing.write(whole, entries(world)) == len(world)
        assert answers(made) == answers(whole)
        assert digests(made) == digests(whole)
        last = writing.former(made) or last


@given(st.lists(worlds, min_size=2, max_size=5))
@settings(max_examples=6, deadline=None)
def test_whatever_changes_the_same_is_found(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[int, Entry]]
) -> None:
    live(tmp_path_factory.mktemp("search"), history)


@pytest.mark.slow
@given(st.lists(worlds, min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_many_histories(tmp_path_factory: pytest.TempPathFactory, history: list[dict[int, Entry]]) -> None:
    live(tmp_path_factory.mktemp("search"), history)


@pytest.fixture
def world() -> dict[int, Entry]:
    return {n: Entry("", (Text(f"{WORDS[n % 3]} {n}", "en"),), (), (), TYPES[:1], n) for n in range(30)}


def _more(world: dict[int, Entry]) -> None:
    world[31] = world[1]


def _less(world: dict[int, Entry]) -> None:
    del world[4]


def _other(world: dict[int, Entry]) -> None:
    world[3] = Entry("", (Text("justice", "en"),), (), (), TYPES[1:], 3)


def _links(world: dict[int, Entry]) -> None:
    world[3] = Entry("", world[3].labels, (), (), world[3].types, 4)


@pytest.mark.parametrize(
    ("edit", "removed", "added"), [(_more, 0, 1), (_less, 1, 0), (_other, 1, 1), (_links, 1, 1), (dict.copy, 0, 0)]
)
def test_only_what_differs_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    world: dict[int, Entry],
    edit: Callable[[dict[int, Entry]], object],
    removed: int,
    added: int,
) -> None:
    heard = {"_add": 0, "_remove": 0}

    def counted(name: str, does: Callable[..., None]) -> Callable[..., None]:
        def count(*given: object) -> None:
            heard[name] += 1
            does(*given)

        return count

    for name in heard:
        monkeypatch.setattr(writing._Writing, name, counted(name, getattr(writing._Writing, name)))
    writing.write(tmp_path / "one", entries(world))
    heard.update(_add=0)
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in (tmp_path / "one").iterdir()}
    edit(world)
    writing.write(tmp_path / "two", entries(world), writing.former(tmp_path / "one"))
    assert (heard["_remove"], heard["_add"]) == (removed, added)
    assert {path: hashlib.sha256(path.read_bytes()).digest() for path in (tmp_path / "one").iterdir()} == before
    writing.write(tmp_path / "whole", entries(world))
    assert answers(tmp_path / "two") == answers(tmp_path / "whole")


def test_a_worn_index_is_written_as_a_whole_again(tmp_path: Path, world: dict[int, Entry]) -> None:
    last = tmp_path / "0"
    writing.write(last, entries(world))
    for number in range(1, 10):
        before = writing.former(last)
        assert (before is None) == (number == 5), number
        if before is None:
            return
        assert before.replaced == number - 1
        world[3] = Entry("", (Text(f"justice {number}", "en"),), (), (), (), 3)
        last = tmp_path / f"{number}"
        writing.write(last, entries(world), before)


@pytest.mark.parametrize("length", [50_000, 70_000])
def test_what_cannot_be_found_again_is_not_built_upon(tmp_path: Path, world: dict[int, Entry], length: int) -> None:
    """The longest term of the engine has some 65,000 bytes."""
    long = Entry(IRI(99) + "a" * length, (Text("migration", "en"),), (), (), (), 0)
    writing.write(tmp_path / "one", [*entries(world), long])
    last = writing.former(tmp_path / "one")
    assert (last is None) == (length > 65_000)
    if last:
        writing.write(tmp_path / "two", entries(world), last)
        assert [index.find("migration", languages=())[0] for index in map(Index, (last.folder, tmp_path / "two"))] == [
            11,
            10,
        ]


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_without_digests_nothing_is_built_upon(tmp_path: Path, world: dict[int, Entry], content: bytes | None) -> None:
    writing.write(tmp_path, entries(world))
    (tmp_path / writing.DIGESTS).unlink()
    if content is not None:
        (tmp_path / writing.DIGESTS).write_bytes(content)
    assert writing.former(tmp_path) is None


def test_a_small_index_is_written_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: dict[int, Entry]
) -> None:
    monkeypatch.setattr(writing, "FEW", 31)
    writing.write(tmp_path, entries(world))
    assert writing.former(tmp_path) is None
