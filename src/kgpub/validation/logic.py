"""Conditions on a node in SPARQL: whether it may break a shape, and whether it may keep to it.

Both may hold where nothing is certain; so a negated shape stays as safe as a plain one. ``true`` and ``false`` are
folded away.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import combinations, count

TRUE, FALSE = "true", "false"
_LONGEST = 200_000
"""Characters of a test."""
_MOST_SHAPES = 5_000
"""Shapes compiled for one, each as often as it is met."""


class NotCompiled(Exception):
    """What cannot be compiled as a superset of the violations, in a word or two."""


@dataclass(frozen=True)
class Condition:
    """``bad`` holds for every node that breaks a shape, ``good`` for every node that keeps to it."""

    bad: str = FALSE
    good: str = TRUE


ALWAYS = Condition()
"""What every node keeps to."""
UNKNOWN = Condition(TRUE, TRUE)
"""What is not known before pySHACL has looked."""


class Names:
    """Variables that were not used before, and what is known of the data's properties.

    ``is_absent`` says of a property, as SPARQL writes it, whether there is none: then no path leads along it.
    ``widest`` says how many values a node has of it at most, or a value nodes. ``taken`` are the variables beside which
    new ones will stand.
    """

    def __init__(
        self,
        is_absent: Callable[[str], bool] = lambda _: False,
        widest: Callable[[str, bool], int] = lambda *_: 1,
        taken: Collection[str] = (),
    ) -> None:
        self.is_absent = is_absent
        self.widest = widest
        self._stem = "v"
        while any(name.startswith(self._stem) for name in taken):
            self._stem += "v"
        self._numbers = count(1)
        self._shapes = count(1)

    def fresh(self) -> str:
        """A new variable."""
        return f"?{self._stem}{next(self._numbers)}"

    def enter(self) -> None:
        """Count a shape; raises ``NotCompiled`` where they are too many, however short their tests are."""
        if next(self._shapes) > _MOST_SHAPES:
            raise NotCompiled("shapes that are too many within each other")


def certain(bad: str) -> Condition:
    """A condition that is known exactly by when it is broken."""
    return Condition(bad, negation(bad))


def negation(test: str) -> str:
    """When a test does not hold; tests never fail, so there is no third way."""
    return {TRUE: FALSE, FALSE: TRUE}.get(test) or f"!({test})"


def either(tests: Iterable[str]) -> str:
    """When at least one test holds."""
    parts = [test for test in tests if test != FALSE]
    if TRUE in parts:
        return TRUE
    return _bounded("(" + " || ".join(parts) + ")") if parts else FALSE


def both(tests: Iterable[str]) -> str:
    """When all tests hold."""
    parts = [test for test in tests if test != TRUE]
    if FALSE in parts:
        return FALSE
    return _bounded("(" + " && ".join(parts) + ")") if parts else TRUE


def _bounded(test: str) -> str:
    """The test itself; raises ``NotCompiled`` for a long one, before it becomes a part of several longer ones."""
    if len(test) > _LONGEST:
        raise NotCompiled("shapes that are too many within each other")
    return test


def all_of(conditions: Iterable[Condition]) -> Condition:
    """The condition of keeping to all (SHACL section 4.6.2)."""
    parts = list(conditions)
    return Condition(either(part.bad for part in parts), both(part.good for part in parts))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """The condition of keeping to at least one (SHACL section 4.6.3)."""
    parts = list(conditions)
    return Condition(both(part.bad for part in parts), either(part.good for part in parts))


def one_of(conditions: Iterable[Condition]) -> Condition:
    """The condition of keeping to exactly one (SHACL section 4.6.4)."""
    parts = list(conditions)
    pairs = (both((a.good, b.good)) for a, b in combinations(parts, 2))
    alone = (
        both((part.good, *(other.bad for place, other in enumerate(parts) if place != own)))
        for own, part in enumerate(parts)
    )
    return Condition(either((both(part.bad for part in parts), *pairs)), either(alone))


def none_of(condition: Condition) -> Condition:
    """The condition of not keeping to one (SHACL section 4.6.1)."""
    return Condition(condition.good, condition.bad)


def trusted(test: str) -> Condition:
    """The condition that a test holds, where an error says that nothing is known, and that pySHACL finds fault."""
    return Condition(f"!COALESCE({test}, false)", f"COALESCE({test}, true)")
