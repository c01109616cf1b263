"""Pieces of a text are the same bytes wherever they stand, and every reader reads the row of them as one text."""

import gzip
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kgpub.making.packing import Copies, Frame, Part, Text

CODINGS = ("", "gz", "zst")
FRAMES = {
    "nothing": Frame(),
    "prefixes": Frame(b"@prefix x: <x> .\n"),
    "a list": Frame(b"[\n", b",\n", b"\n]\n", b"[]\n"),
}
GROUPS = st.lists(st.lists(st.sampled_from([b"a", b"one\n", b"one\n" * 99, b""]), max_size=3), max_size=6)

Made = dict[str, bytes]


def written(folder: Path, frame: Frame, groups: Sequence[Sequence[bytes]]) -> tuple[Made, list[dict[str, Part]]]:
    """The files of a text, and where its groups stand in them."""
    folder.mkdir()
    places = []
    with ExitStack() as stack:
        text = Text(Copies(folder / "t", stack, CODINGS), frame)
        for group in groups:
            text.begin(folder, {})
            for body in group:
                text.write(body)
            places.append(text.end())
        text.finish()
    return {path.name: path.read_bytes() for path in folder.iterdir()}, places


def plainly(frame: Frame, groups: Sequence[Sequence[bytes]]) -> bytes:
    bodies = [body for group in groups for body in group if body]
    return frame.first + frame.between.join(bodies) + frame.last if bodies else frame.empty


def unpacked(content: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True).read()


@given(st.sampled_from(list(FRAMES.values())), GROUPS)
def test_all_files_hold_the_text(
    tmp_path_factory: pytest.TempPathFactory, frame: Frame, groups: list[list[bytes]]
) -> None:
    made, _ = written(tmp_path_factory.mktemp("packing") / "text", frame, groups)
    assert made["t"] == gzip.decompress(made["t.gz"]) == unpacked(made["t.zst"]) == plainly(frame, groups)


@given(st.sampled_from(list(FRAMES.values())), GROUPS, st.data())
def test_a_group_that_is_copied_is_what_it_would_be(
    tmp_path_factory: pytest.TempPathFactory, frame: Frame, groups: list[list[bytes]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("packing")
    _, places = written(folder / "old", frame, groups)
    order = data.draw(st.lists(st.sampled_from(range(len(groups))))) if groups else []
    copied = [data.draw(st.booleans()) for _ in order]
    wanted, stand = written(folder / "wanted", frame, [groups[number] for number in order])
    (folder / "new").mkdir()
    with ExitStack() as stack:
        text = Text(Copies(folder / "new/t", stack, CODINGS), frame)
        for number, is_copied, place in zip(order, copied, stand, strict=True):
            text.begin(folder / "old", places[number] if is_copied else {})
            assert text.is_taken == is_copied
            for body in () if is_copied else groups[number]:
                text.write(body)
            assert text.end() == place
        text.finish()
    assert {path.name: path.read_bytes() for path in (folder / "new").iterdir()} == wanted


@pytest.mark.parametrize(
    "groups", [[], [[b"one\n"], [], [b"two\n", b"three\n"], [b"four\n" * 9_000]]], ids=["empty", "many"]
)
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(
            command, id=" ".join(command), marks=pytest.mark.skipif(not shutil.which(command[0]), reason="absent")
        )
        for command in (["gunzip", "-c"], ["gzip", "-dc"], ["zcat"], ["zstd", "-dcq"], ["zstd", "-tq"], ["gzip", "-t"])
    ],
)
def test_tools_unpack_all_pieces(tmp_path: Path, command: list[str], groups: list[list[bytes]]) -> None:
    written(tmp_path / "text", FRAMES["prefixes"], groups)
    path = tmp_path / "text" / ("t.zst" if command[0] == "zstd" else "t.gz")
    done = subprocess.run([*command, path], check=True, capture_output=True)
    is_test = command[1:] in (["-tq"], ["-t"])
    assert done.stdout == (b"" if is_test else plainly(FRAMES["prefixes"], groups))


def test_a_text_that_is_not_there_in_all_codings_is_not_copied(tmp_path: Path) -> None:
    _, (place,) = written(tmp_path / "old", Frame(), [[b"one\n"]])
    del place["t.gz"]
    (tmp_path / "new").mkdir()
    with ExitStack() as stack:
        text = Text(Copies(tmp_path / "new/t", stack, CODINGS), Frame())
        text.begin(tmp_path / "old", place)
        assert not text.is_taken
    assert not (tmp_path / "new/t").read_bytes()


def test_a_file_that_is_too_short_is_no_copy(tmp_path: Path) -> None:
    _, (place,) = written(tmp_path / "old", Frame(), [[b"one\n"]])
    (tmp_path / "old/t").write_bytes(b"on")
    (tmp_path / "new").mkdir()
    with ExitStack() as stack, pytest.raises(OSError, match="fewer bytes"):
        Text(Copies(tmp_path / "new/t", stack, CODINGS), Frame()).begin(tmp_path / "old", place)
