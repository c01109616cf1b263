"""Which files are taken together depends on these files alone, so that an edit moves no other group."""

import json
from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import write_site
from kgpub.making.pieces import GROUP, Piece, Pieces, grouped, remembered
from kgpub.reading.kinds import kind_of
from kgpub.settings import load
from kgpub.source import SourceFile, limits

SIZES = (0, 1, 2_000, GROUP // 9, GROUP // 2, GROUP, 9 * GROUP)


@pytest.fixture(scope="module")
def sized(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], SourceFile]:
    """A file of this name that is this large; it has holes in place of contents."""
    folder = tmp_path_factory.mktemp("pieces")
    site = load(write_site(folder, {}))
    kind = kind_of(Path("a.ttl"), limits(site))

    def made(name: str, size: int) -> SourceFile:
        path = folder / f"{size}.ttl"
        with path.open("wb") as file:
            file.truncate(size)
        return SourceFile(path, name, f"https://d.example/graph/{name}", "data", kind, True, site)

    return made


def cuts(sources: list[SourceFile]) -> dict[tuple[str, str], bool]:
    """Whether a group ends between two neighbours."""
    groups = list(grouped(sources))
    assert [name for group in groups for name in group] == [file.name for file in sources]
    assert all(groups)
    at = {name: number for number, group in enumerate(groups) for name in group}
    return {(one.name, other.name): at[one.name] != at[other.name] for one, other in pairwise(sources)}


@given(st.dictionaries(st.integers(0, 99), st.sampled_from(SIZES)), st.data())
def test_what_goes_changes_the_groups_beside_it_only(
    sized: Callable[[str, int], SourceFile], sizes: dict[int, int], data: st.DataObject
) -> None:
    files = [sized(f"data/{number}.ttl", size) for number, size in sizes.items()]
    fewer = [file for file in files if data.draw(st.booleans())]
    before, after = cuts(files), cuts(fewer)
    assert {pair: before[pair] for pair in after if pair in before} == {
        pair: is_cut for pair, is_cut in after.items() if pair in before
    }


@pytest.mark.parametrize("size", [GROUP, 3 * GROUP])
def test_a_large_file_is_a_group(sized: Callable[[str, int], SourceFile], size: int) -> None:
    files = [sized("a.ttl", 1), sized("b.ttl", size), sized("c.ttl", 1)]
    assert ("b.ttl",) in list(grouped(files))


def test_many_small_files_are_few_groups(sized: Callable[[str, int], SourceFile]) -> None:
    files = [sized(f"data/{number}.ttl", 2_000) for number in range(2_000)]
    groups = list(grouped(files))
    assert 8 < len(groups) < 32
    assert max(map(len, groups)) < 1_000


PIECES = Pieces(
    (Piece(("a.ttl", "b.ttl"), {"dataset.nq": (0, 9), "dataset.nq.gz": (0, 3)}, False), Piece(("c.ttl",), {}, True)),
    {"graph-a.ttl": ("a.ttl", "b.ttl")},
)


def test_what_is_remembered_comes_back() -> None:
    assert remembered(json.loads(json.dumps(asdict(PIECES)))) == PIECES


@pytest.mark.parametrize(
    "value",
    [
        None, [], "text", {}, {"groups": []}, {"groups": 1, "graphs": {}}, {"groups": [], "graphs": []},
        {"groups": [{}], "graphs": {}}, {"groups": [{"files": 1, "parts": {}, "terms": False}], "graphs": {}},
        {"groups": [{"files": ["a"], "parts": {"x": [1]}, "terms": False}], "graphs": {}},
        {"groups": [{"files": ["a"], "parts": {"x": 1}, "terms": False}], "graphs": {}},
        {"groups": [{"files": ["a"], "parts": [], "terms": False}], "graphs": {}},
        {"groups": [], "graphs": {"g": 1}},
    ],
    ids=str,
)  # fmt: skip
def test_another_shape_is_refused_as_python_does(value: object) -> None:
    with pytest.raises((TypeError, KeyError, ValueError, AttributeError)):
        remembered(value)  # type: ignore[arg-type] # whatever it is
