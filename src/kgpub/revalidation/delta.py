"""Which statements came and went between two states of a site's files, as the throwaway store has them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

MOST = 20_000
"""Statements that may differ; with more of them all is validated anew."""
Term = NamedNode | BlankNode | Literal


class Statement(NamedTuple):
    """A statement of the throwaway store."""

    subject: NamedNode | BlankNode
    property: str
    target: Term


@dataclass(frozen=True)
class Change:
    """The statements that went (``gone``) and those that came."""

    gone: frozenset[Statement]
    come: frozenset[Statement]

    @cached_property
    def both(self) -> frozenset[Statement]:
        """All of them."""
        return self.gone | self.come

    @cached_property
    def properties(self) -> frozenset[str]:
        """The properties of statements that came or went."""
        return frozenset(one.property for one in self.both)


def change(old: Iterable[bytes], new: Iterable[bytes]) -> Change | None:
    """What differs between two texts of N-Triples, given by the piece; None where it is too much.

    A statement that a text has several times counts as often: taking one away is a change then, which does no harm.
    """
    balance: Counter[bytes] = Counter()
    for before, after in zip_longest(_lines(old), _lines(new), fillvalue=()):
        balance.update(before)
        balance.subtract(after)
        balance = Counter({line: count for line, count in balance.items() if count})
        if len(balance) > 2 * MOST + len(before) + len(after):
            return None
    if len(balance) > MOST:
        return None
    gone, come = (frozenset(line for line, count in balance.items() if count * sign > 0) for sign in (1, -1))
    return Change(_statements(gone), _statements(come))


def _lines(pieces: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of a text, a piece at a time."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield lines
    yield [rest] if rest else []


def _statements(lines: Iterable[bytes]) -> frozenset[Statement]:
    return frozenset(map(_statement, parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES)))


def _statement(quad: Quad) -> Statement:
    subject, predicate, target, _ = quad
    return Statement(subject, predicate.value, target)
