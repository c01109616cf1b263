"""Conditions on a node in SPARQL: whether it may break a shape, and whether it may keep to it.

Both may hold where nothing is certain; so a negated shape stays as safe as a plain one. ``true`` and ``false`` are
folded away.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import combinations, count

TRUE, FALSE = "true", "false"
_LONGEST = 200_000
"""Characters of a test."""
_MOST_VARIABLES = 20_000
"""Variables made for one shape: most of their tests may be dropped, so that their length is no bound."""
_LOOKED_AT = 2_000
"""Characters of a test that is looked at again, which happens at each level of shapes within shapes."""
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
    ``widest`` says how many values a node has of it at most, or a value nodes. ``is_met`` says whether anything in the
    data matches a pattern with a property and passes a test, or may do so: where nothing does, no node need be asked.
    ``taken`` are the variables beside which new ones will stand.
    """

    def __init__(
        self,
        is_absent: Callable[[str], bool] = lambda _: False,
        widest: Callable[[str, bool], int] = lambda *_: 1,
        is_met: Callable[[str, str, str], bool] = lambda *_: True,
        taken: Collection[str] = (),
    ) -> None:
        self.is_absent = is_absent
        self.widest = widest
        self.is_met = is_met
        self._stem = "v"
        while any(name.startswith(self._stem) for name in taken):
            self._stem += "v"
        self._numbers = count(1)
        self._shapes = count(1)

    def fresh(self) -> str:
        """A new variable; raises ``NotCompiled`` where they are too many, however short their tests are."""
        number = next(self._numbers)
        if number > _MOST_VARIABLES:
            raise NotCompiled("paths that are too many within each other")
        return f"?{self._stem}{number}"

    def enter(self) -> None:
        """Count a shape; raises ``NotCompiled`` where they are too many, however short their tests are."""
        if next(self._shapes) > _MOST_SHAPES:
            raise NotCompiled("shapes that are too many within each other")


_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|<[^<>"{}|^`\\\s]*>|\?(?P<name>\w+)""")
_BRACKET = re.compile(r""""(?:[^"\\]|\\.)*"|<[^<>"{}|^`\\\s]*>|[()]""")
_NUMBERED = re.compile(r"v([0-9]+)(_class)?")


def is_about(test: str, variable: str) -> bool:
    """Whether a test that was written for a fresh variable is about it alone, and about what is found from there.

    A long test is not looked at.
    """
    if len(test) > _LOOKED_AT:
        return False
    own = _number(variable[1:])
    found = [_number(token["name"]) for token in _TOKEN.finditer(test) if token["name"]]
    return 0 < own <= min(found, default=0)


def _number(name: str) -> int:
    """The number of a fresh variable, greater the later it was made; 0 for any other."""
    numbered = _NUMBERED.fullmatch(name)
    return int(numbered[1]) if numbered else 0


def renumbered(test: str) -> str:
    """The same question with its variables numbered from 0, so that it is known when it comes again."""
    numbers: dict[str, str] = {}

    def of(token: re.Match[str]) -> str:
        name = token["name"]
        return token[0] if name is None else "?" + numbers.setdefault(name, f"n{len(numbers)}")

    return _TOKEN.sub(of, test)


def certain(bad: str) -> Condition:
    """A condition that is known exactly by when it is broken."""
    return Condition(bad, negation(bad))


def negation(test: str) -> str:
    """When a test does not hold; tests never fail, so there is no third way."""
    known = {TRUE: FALSE, FALSE: TRUE}.get(test)
    return known or (test[2:-1] if _is_negated(test) else f"!({test})")


def _is_negated(test: str) -> bool:
    """Whether a test is the negation of what stands in its parentheses."""
    if not test.startswith("!(") or not test.endswith(")") or len(test) > _LOOKED_AT:
        return False
    depth = 0
    for token in _BRACKET.finditer(test):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth == 0 and token[0] == ")":
            return token.end() == len(test)
    return False


def either(tests: Iterable[str]) -> str:
    """When at least one test holds."""
    parts = [test for test in tests if test != FALSE]
    if TRUE in parts:
        return TRUE
    return _bounded("(" + " || ".join(parts) + ")" if len(parts) > 1 else parts[0]) if parts else FALSE


def both(tests: Iterable[str]) -> str:
    """When all tests hold."""
    parts = [test for test in tests if test != TRUE]
    if FALSE in parts:
        return FALSE
    return _bounded("(" + " && ".join(parts) + ")" if len(parts) > 1 else parts[0]) if parts else TRUE


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
