"""What a build shows while it works: on a terminal a bar with the step and its count, elsewhere nothing."""

import io

import pytest
from rich.console import Console

from kgpub.cli import words


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_step_and_what_it_has_done_are_shown_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(words, "err", Console(file=out, force_terminal=is_terminal, width=200))
    with words.progress() as tell:
        tell("data/[red]a.ttl", 0)
        tell("data/[red]a.ttl", 20_000)
        tell("search", 0)
    shown = out.getvalue()
    assert ("data/[red]a.ttl" in shown or "search" in shown) is is_terminal
    assert bool(shown) is is_terminal


def test_another_step_begins_without_a_count(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(words, "err", Console(file=out, force_terminal=True, width=200))
    with words.progress() as tell:
        tell("load", 20_000)
        tell("search", 0)
    last = out.getvalue().rstrip().splitlines()[-1]
    assert "search" in out.getvalue()
    assert "20,000" not in last
