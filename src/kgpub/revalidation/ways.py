"""Ways from a focus node to the statements that are looked at for it, and what of the data a shape looks at."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from kgpub.validation.paths import Path

MOST = 400
"""Ways of a shape; one with more is run for all its focus nodes."""
LONGEST = 6
"""Steps of a way."""


class NotLocal(Exception):
    """A shape whose results at a node may depend on any part of the data."""


class Step(NamedTuple):
    """A property that is followed from its subject, or (``inverse``) from its object; None is any property."""

    property: str | None
    inverse: bool = False


Way = tuple[Step, ...]
"""From the focus node on; the last step is the one whose statements are looked at."""


@dataclass
class Reads:
    """What of the data decides about a shape: statements with these properties, instances of these classes.

    ``types`` are classes that a query names, where those below them do not matter. ``everything`` stands for all
    statements, and ``always`` for what changes without them, like the clock. ``around`` are the ways from a focus node
    to what its results depend on, and ``ways`` these and those to what makes it one; None where there may be more.
    Besides, these results may depend on all statements with a property in ``far``.
    """

    properties: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    everything: bool = False
    always: bool = False
    around: frozenset[Way] | None = None
    ways: frozenset[Way] | None = None
    far: set[str] = field(default_factory=set)

    def plain(self) -> dict[str, Any]:  # Any: as JSON has it
        """What is looked at, as JSON has it."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


def reads_of(value: dict[str, Any]) -> Reads:  # Any: as JSON has it
    """What ``Reads.plain`` has written; raises ``TypeError``, ``ValueError`` or ``LookupError`` for anything else."""
    around, ways = (None if value[name] is None else frozenset(map(_way, value[name])) for name in ("around", "ways"))
    properties, classes, types = (set(value[name]) for name in ("properties", "classes", "types"))
    return Reads(
        properties, classes, types, bool(value["everything"]), bool(value["always"]), around, ways, set(value["far"])
    )


def _way(value: list[list[Any]]) -> Way:  # Any: as JSON has it
    return tuple(Step(property, bool(inverse)) for property, inverse in value)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool) else sorted(value, key=str)  # type: ignore[call-overload] # a set


def routes(path: Path) -> list[Way]:
    """The ways that a property path stands for; raises ``NotLocal`` for one without an end."""
    if path.kind in {"step", "back"}:
        return [(Step(path.iri[1:-1], path.kind == "back"),)]
    if path.kind == "|":
        return [way for part in path.parts for way in routes(part)]
    if path.kind != "/":
        raise NotLocal
    found: list[Way] = [()]
    for part in path.parts:
        found = bounded(before + after for before in found for after in routes(part))
    return found


def bounded(ways: Iterable[Way]) -> list[Way]:
    """The ways, each once; raises ``NotLocal`` where they are too many or too long."""
    found = list(dict.fromkeys(ways))
    if len(found) > MOST or any(len(way) > LONGEST for way in found):
        raise NotLocal
    return found
