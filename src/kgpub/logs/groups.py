"""Entries put together by what they have in common, at most so many of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from kgpub.logs.asked import By
from kgpub.logs.entries import LEVELS, Entry


@dataclass(frozen=True)
class Group:
    """Entries that have something in common, named by it; ``more`` are not among them."""

    name: str
    entries: tuple[Entry, ...]
    more: int = 0

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.entries) + self.more


def grouped(entries: Iterable[Entry], by: By, limit: int) -> tuple[Group, ...]:
    """The groups, those with the gravest entries first, then the largest; ``limit`` 0 keeps all entries."""
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(_name(one, by), []).append(one)

    def order(pair: tuple[str, list[Entry]]) -> tuple[int, int, str]:
        return min(LEVELS.index(one.level) for one in pair[1]), -len(pair[1]), pair[0]

    most = limit or None
    return tuple(
        Group(name, tuple(several[:most]), len(several) - len(several[:most]))
        for name, several in sorted(found.items(), key=order)
    )


def _name(one: Entry, by: By) -> str:
    names = {
        By.SHAPE: one.shape,
        By.FILE: one.place.file,
        By.FOCUS: one.about,
        By.SEVERITY: one.severity,
        By.RULE: one.rule,
        By.NONE: "",
    }
    return names[by]
