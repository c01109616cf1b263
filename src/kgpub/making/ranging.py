"""Ranges that numbers are chosen by: of one round width, or by powers of ten where nearly all would fall in one."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kgpub.selection import Range

BINS = 12
"""Most ranges that a property is cut into."""
_CROWDED = 0.9
"""The share of the numbers in one range from which on ranges of one width say nothing."""
_FAR = 1000
"""How many times the middle number the largest one is, at least, before powers of ten say more."""
_SMALLEST = -6
"""The exponent of the least end of a range above 0."""


def bins(keys: Iterable[float]) -> list[Range]:
    """At most a dozen ranges over these keys, of 1, 2 or 5 times a power of ten; those of whole numbers share no end.

    They are as wide as each other, unless the largest keys lie so far out that nearly all others fell into the first.
    """
    found = sorted(keys)
    even = _even(found)
    crowded = max(bisect_right(found, one.high) - bisect_left(found, one.low) for one in even) >= _CROWDED * len(found)
    is_far = found[-1] > _FAR * max(abs(found[len(found) // 2]), 1e-9)
    return _decades(found) if crowded and is_far else even


def _even(found: Sequence[float]) -> list[Range]:
    """Ranges of one width."""
    low, high = found[0], found[-1]
    is_whole = _whole(found)
    power = math.floor(math.log10(max(high - low, 1e-9) / BINS))
    widths = (factor * 10.0**exponent for exponent in range(power, power + 3) for factor in (1, 2, 5))
    for width in widths:
        step = max(width, 1.0) if is_whole else width
        first, last = math.floor(low / step), math.floor(high / step)
        if last - first < BINS:
            gap = 1 if is_whole else 0
            return [Range(_round(n * step), _round((n + 1) * step - gap)) for n in range(first, last + 1)]
    return [Range(_round(math.floor(low)), _round(math.ceil(high)))]


def _decades(found: Sequence[float]) -> list[Range]:
    """Ranges from one power of ten to another; what is not above 0 or very small stands in the first one."""
    gap = 1 if _whole(found) else 0
    least = found[bisect_right(found, 0)]
    first = max(math.floor(math.log10(least)), 0 if gap else _SMALLEST)
    last = math.floor(math.log10(found[-1])) + 1
    step = -(-(last - first) // (BINS - 1))
    ends = [10.0**exponent for exponent in range(first, last + step, step)]
    lowest = [Range(_round(min(math.floor(found[0]), 0)), _round(ends[0] - gap))] if found[0] < ends[0] else []
    return lowest + [Range(_round(low), _round(high - gap)) for low, high in pairwise(ends)]


def _whole(found: Sequence[float]) -> bool:
    return all(key == int(key) for key in found)


def _round(number: float) -> float:
    """A range's end as an address can write it."""
    return round(number, 9)
