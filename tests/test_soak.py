"""A soak tells growth from noise, counts what was not answered as it must be, and is drawn from zero."""

import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import level
import pytest
import soak
import tree
from level import Sample, Soaked
from tree import Held, Memory

LEVEL = Held(Memory(400_000_000, 300_000_000), 200_000_000, 100, 20, 5)
ROOT = Path(__file__).parents[1]


def soaked(last: Held, amiss: dict[str, int] | None = None, seconds: int = 120) -> Soaked:
    """A run that holds the same until its last fifth."""
    samples = [Sample(float(n), last if n >= 0.8 * seconds else LEVEL) for n in range(0, seconds + 1, 2)]
    return Soaked(samples, LEVEL, last, {"page": 3}, {"no query: 400 bad-query": 2}, amiss or {}, 12, 4, 0.0)


@pytest.mark.parametrize(("last", "grown"), [
    pytest.param(LEVEL, [], id="nothing"),
    pytest.param(Held(Memory(439_000_000, 900_000_000), 229_000_000, 109, 23, 5), [], id="noise"),
    pytest.param(Held(Memory(445_000_000, 300_000_000), 200_000_000, 100, 20, 5), ["resident memory, MB"], id="memory"),
    pytest.param(Held(LEVEL.memory, 235_000_000, 100, 20, 5), ["own memory, MB"], id="own memory"),
    pytest.param(Held(LEVEL.memory, LEVEL.own, 111, 20, 5), ["descriptors"], id="descriptors"),
    pytest.param(Held(LEVEL.memory, LEVEL.own, 100, 24, 5), ["threads"], id="threads"),
    pytest.param(Held(LEVEL.memory, LEVEL.own, 100, 20, 6), ["processes"], id="processes"),
    pytest.param(Held(Memory(100_000_000, 100_000_000), 1, 10, 2, 5), [], id="less than before"),
])  # fmt: skip
@pytest.mark.parametrize("seconds", [120, 3600])
def test_growth_beyond_its_tolerance_is_told(last: Held, grown: list[str], seconds: int) -> None:
    assert soaked(last, seconds=seconds).grown() == grown


@pytest.mark.parametrize(("amiss", "is_good"), [({}, True), ({"page: 500": 1}, False)])
def test_one_wrong_answer_is_too_many(amiss: dict[str, int], is_good: bool) -> None:
    assert soaked(LEVEL, amiss).is_good is is_good


def test_the_page_tells_what_was_held_and_answered() -> None:
    text = level.page(
        soaked(Held(LEVEL.memory, LEVEL.own, 200, 20, 5), {"page: 500": 1}), "2026-01-01", 1000, "soak.svg"
    )
    assert "| descriptors | 100 | 200 | 110 | connections come and go between two looks | **grew** |" in text
    assert "Answers that were not as they should be: 1 × page: 500." in text
    assert "| no query | 400 bad-query | 2 |" in text


def test_the_picture_begins_at_zero_and_holds_every_look() -> None:
    run = soaked(LEVEL)
    root = ElementTree.fromstring(level.drawn(run))
    name = "{http://www.w3.org/2000/svg}"
    lines = root.findall(f"{name}polyline")
    assert [len(line.get("points", "").split()) for line in lines] == [len(run.samples)] * 2
    assert [text.text for text in root.findall(f"{name}text")].count("0") == 2


@pytest.mark.parametrize("requests", [
    pytest.param(lambda: [one.request for one in islice(soak.good(5), 400)], id="good"),
    pytest.param(lambda: [one.request for one in islice(soak.bad(), 200)], id="bad"),
])  # fmt: skip
def test_what_is_asked_is_whole_and_not_always_the_same(requests: Callable[[], list[bytes]]) -> None:
    found = requests()
    assert all(one.partition(b"\r\n")[0].endswith(b" HTTP/1.1") and b"\r\n\r\n" in one for one in found)
    assert len(set(found)) > 15


def test_this_process_holds_descriptors_threads_and_itself() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True) as process:
        held = tree.held(process.pid)
        assert (held.processes, held.threads) == (1, 1) and held.descriptors >= 3
        process.communicate()


@pytest.mark.slow
def test_two_minutes_among_all_kinds_of_clients(tmp_path: Path) -> None:
    page = tmp_path / "soak.md"
    command = [
        sys.executable,
        "benchmarks/soak.py",
        str(tmp_path / "site"),
        "--seconds",
        "120",
        "--rest",
        "0",
        "--triples",
        "3000",
    ]
    done = subprocess.run([*command, "--page", str(page)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Answers that were not as they should be: none." in page.read_text("utf-8")
