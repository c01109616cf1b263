"""Mutants of the corpus of broken files: refused, told or read whole; a native crash or a hang would be seen."""

from collections import Counter
from pathlib import Path

import pytest

import fuzzing

SHORT, LONG = 200, 6_000


def test_a_few_mutants_are_refused_or_told_or_read() -> None:
    found = Counter(fuzzing.fuzz(1, range(SHORT)))
    assert found.total() == SHORT
    assert set(found) == {"refused", "told", "read"}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, LONG, 1_000))
def test_many_mutants_are_refused_or_told_or_read(first: int) -> None:
    assert sum(1 for _ in fuzzing.fuzz(2, range(first, first + 1_000))) == 1_000


def test_a_mutant_is_the_same_each_time() -> None:
    assert [fuzzing.mutant(3, number) for number in range(20)] == [fuzzing.mutant(3, number) for number in range(20)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("import os; os.abort()", id="a crash"),
        pytest.param("while True: pass", id="a hang"),
        pytest.param("raise fuzzing.Wrong('lost')", id="a loss"),
    ],
)
def test_what_goes_wrong_in_the_other_process_is_seen(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "judge.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(Path(fuzzing.__file__).parent)!r})\n"
        f"import fuzzing\nfuzzing.PATIENCE = 1\ndef judge(path):\n    {body}\n"
        "fuzzing.judge = judge\nfuzzing.main()\n"
    )
    monkeypatch.setattr(fuzzing, "__file__", str(script))
    with pytest.raises(fuzzing.Wrong, match=r"--seed 1 --first 5 --number 1 ended with"):
        list(fuzzing.fuzz(1, range(5, 9)))
