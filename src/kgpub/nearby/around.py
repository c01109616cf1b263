"""What lies around an entity, as pictures show it: dated things, places, neighbours. Frozen, pure, bounded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kgpub.days import Days
from kgpub.model import Labels
from kgpub.nearby.coordinates import Point


@dataclass(frozen=True)
class Way:
    """How one thing is tied to another: by a property, and from which end; no property for the thing itself."""

    predicate: str = ""
    is_backward: bool = False


@dataclass(frozen=True)
class Moment:
    """A date as the sources write it, by which property, and the days that it can mean; None without a year."""

    predicate: str
    text: str
    datatype: str
    days: Days | None


@dataclass(frozen=True)
class Dated:
    """A thing and one of its dates, or a period from ``begin`` to ``end``; ``iri`` is empty where it has no name."""

    iri: str
    way: Way
    begin: Moment
    end: Moment | None = None

    @cached_property
    def days(self) -> Days | None:
        """From the earliest day of the beginning to the latest day of the end; None without a year."""
        last = self.end or self.begin
        if self.begin.days is None or last.days is None:
            return None
        return Days(self.begin.days.earliest, last.days.latest)


@dataclass(frozen=True)
class Placed:
    """A thing and where it is; ``via`` is the named place that has the coordinates, where it is another thing."""

    iri: str
    way: Way
    point: Point
    via: str = ""


@dataclass(frozen=True)
class Leaf:
    """A thing two steps away, by way of the one that it is listed under."""

    iri: str
    way: Way


@dataclass(frozen=True)
class Near:
    """A thing one step away, with some of what lies behind it; ``more`` counts the links that are not shown."""

    iri: str
    leaves: tuple[Leaf, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Branch:
    """The things that one property ties to the entity; ``more`` counts those that are not shown."""

    way: Way
    nears: tuple[Near, ...]
    more: int = 0


@dataclass(frozen=True)
class Tie:
    """A link between two things that are shown, neither of which is the entity itself."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True)
class Surroundings:
    """Everything that pictures of an entity are made from.

    ``dated`` is in the order of time, ``yearless`` are dates that cannot stand in it. The ``more_…`` count what was
    left out for being too much; ``is_tied`` says that there are neighbours, whether or not somebody looked behind them
    for ``branches`` and ``ties``; ``unseen`` counts the links of a hub behind which nobody looked. ``labels`` name
    everything that occurs, ``inverse`` how properties read from their other end.
    """

    iri: str
    dated: tuple[Dated, ...] = ()
    yearless: tuple[Dated, ...] = ()
    more_dated: int = 0
    placed: tuple[Placed, ...] = ()
    more_placed: int = 0
    branches: tuple[Branch, ...] = ()
    ties: tuple[Tie, ...] = ()
    is_tied: bool = False
    unseen: int = 0
    labels: Mapping[str, Labels] = field(default_factory=dict)
    inverse: Mapping[str, Labels] = field(default_factory=dict)
