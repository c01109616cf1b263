"""What a push or a pull has done."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Progress = Callable[[str, int], None]
"""Hears of a step's name, and of how many files it has done."""


class Done(StrEnum):
    """What was done in the end."""

    NOTHING = "nothing"
    """The version was in service there already."""
    SWITCHED = "switched"
    """It was there, and is in service now."""
    COPIED = "copied"
    """It was copied, and is in service now."""


@dataclass(frozen=True)
class Outcome:
    """Which version, what was done, how many of its files were copied and how many bytes those have."""

    version: str
    done: Done
    files: int = 0
    bytes: int = 0
