"""Parameters of tests of which the gate tries a few, since it is to stay quick, and the slow tests the rest."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def sampled(rows: Iterable[Any], quick: Collection[Any]) -> list[Any]:  # Any: whatever a test takes; pytest's own type
    """The rows as parameters; those that are not ``quick`` are tried with the slow tests."""
    return [
        pytest.param(*(row if isinstance(row, tuple) else (row,)), marks=() if row in quick else pytest.mark.slow)
        for row in rows
    ]
