"""Where a map looks: a frame of fixed shape on the plane, into which degrees are projected.

Equirectangular: equal degrees are equal lengths, with degrees of longitude shortened as in the middle of the frame.
Over map tiles Mercator's, as theirs is: latitudes are drawn in degrees stretched as longitudes are at their height.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kgpub.nearby.coordinates import Point

WIDTH, HEIGHT = 1600, 1000
"""The frame in units of its own; every map has this shape."""
_ROUND = 360.0
_LEAST = 1.2
"""Degrees of latitude that a frame is high at least."""
_MOST = 180.0
_MARGIN = 1.3
_POLE = 85.0511
_ACROSS = 4
"""Tiles in a row, about."""
_DEEPEST = 18


@dataclass(frozen=True)
class Spot:
    """A place in the frame: from its left and from its top, in units of the frame."""

    x: float
    y: float


@dataclass(frozen=True)
class MapFrame:
    """The middle of the frame in drawn degrees, units per degree upwards, and how short a degree of longitude is."""

    up: float
    longitude: float
    scale: float
    squeeze: float
    is_mercator: bool = False

    def spot(self, point: Point) -> Spot:
        """Where a point is; it is in the frame where x is within ``WIDTH`` and y within ``HEIGHT``."""
        return Spot(
            WIDTH / 2 + _turned(point.longitude - self.longitude) * self.scale * self.squeeze,
            HEIGHT / 2 - (drawn(point.latitude, self.is_mercator) - self.up) * self.scale,
        )

    @property
    def south(self) -> float:
        """The latitude of the lower edge, in degrees; not beyond the pole."""
        return self._latitude(self.up - HEIGHT / self.scale / 2)

    @property
    def north(self) -> float:
        """The latitude of the upper edge, in degrees; not beyond the pole."""
        return self._latitude(self.up + HEIGHT / self.scale / 2)

    def _latitude(self, up: float) -> float:
        """The latitude of drawn degrees: Mercator's gudermannian, or themselves."""
        return math.degrees(math.atan(math.sinh(math.radians(up)))) if self.is_mercator else min(max(up, -90.0), 90.0)

    @property
    def wide(self) -> float:
        """The degrees of longitude from left to right."""
        return WIDTH / self.scale / self.squeeze


def drawn(latitude: float, is_mercator: bool) -> float:
    """The degrees upwards as which a latitude is drawn; Mercator's end short of the poles, as map tiles do."""
    if not is_mercator:
        return latitude
    kept = math.radians(min(max(latitude, -_POLE), _POLE))
    return math.degrees(math.asinh(math.tan(kept)))


def frame_around(points: Sequence[Point], least: float = _LEAST, *, is_mercator: bool = False) -> MapFrame:
    """The frame that shows all points with a margin, so many degrees high at least; across 180° where nearer."""
    ups = [drawn(one.latitude, is_mercator) for one in points]
    west, east = _shortest(one.longitude for one in points)
    middle = (min(ups) + max(ups)) / 2
    squeeze = 1.0 if is_mercator else max(math.cos(math.radians(middle)), 0.05)
    high = (max(ups) - min(ups)) * _MARGIN
    wide = (east - west) * _MARGIN * squeeze * HEIGHT / WIDTH
    most = _ROUND if is_mercator else max(_MOST, _ROUND * squeeze * HEIGHT / WIDTH)  # all the way round
    return MapFrame(middle, (west + east) / 2, HEIGHT / min(max(high, wide, least), most), squeeze, is_mercator)


@dataclass(frozen=True)
class Tile:
    """A square of the world, ``2 ** zoom`` in a row: its numbers from the west and the north, and its place."""

    zoom: int
    column: int
    row: int
    spot: Spot
    side: float


def tiles(frame: MapFrame) -> tuple[Tile, ...]:
    """The tiles under a frame of Mercator's, some four in a row; each stands where its upper left corner does."""
    zoom = min(max(math.floor(math.log2(_ROUND / frame.wide * _ACROSS)), 0), _DEEPEST)
    number = 2**zoom
    size = _ROUND / number
    west, north = frame.longitude - frame.wide / 2, frame.up + HEIGHT / frame.scale / 2
    first, top = math.floor((west + 180) / size), max(math.floor((180 - north) / size), 0)
    last = math.floor((west + frame.wide + 180) / size)
    bottom = min(math.floor((180 - north + HEIGHT / frame.scale) / size), number - 1)
    return tuple(
        Tile(zoom, column % number, row, _corner(frame, column * size - 180, 180 - row * size), size * frame.scale)
        for row in range(top, bottom + 1)
        for column in range(first, last + 1)
    )


def _corner(frame: MapFrame, east: float, up: float) -> Spot:
    """Where a corner is, in the frame or beyond it."""
    return Spot(WIDTH / 2 + (east - frame.longitude) * frame.scale, HEIGHT / 2 - (up - frame.up) * frame.scale)


def lines(least: float, most: float, wanted: int) -> tuple[float, ...]:
    """Round degrees between two, about so many: by 1, 2 or 5 times a power of ten, or parts of a circle above that."""
    rough = (most - least) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= rough - 1e-12)
    step = next((n for n in (15.0, 30.0, 60.0) if n >= rough), 60.0) if step > 10 else step  # noqa: PLR2004 # degrees of a clock
    first = math.ceil(least / step)
    return tuple(round(n * step, 6) + 0.0 for n in range(first, math.floor(most / step) + 1))


def ring_path(spots: Iterable[Spot]) -> str:
    """A ring as the data of an SVG path, cut to the surroundings of the frame; nothing where it lies outside.

    Positions are whole units, so that what cannot be seen apart is one.
    """
    kept = list(spots)
    for edge in _EDGES:
        kept = _clipped(kept, edge)
    whole = [(round(one.x), round(one.y)) for one in kept]
    apart = [one for n, one in enumerate(whole) if n == 0 or _is_apart(one, whole[n - 1])]
    if len(apart) < 3:  # noqa: PLR2004 # no area
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in apart) + "z"


@dataclass(frozen=True)
class _Edge:
    """A line that a ring is cut at: what is on the right side of ``limit`` stays."""

    is_upright: bool
    limit: float
    is_least: bool

    def along(self, spot: Spot) -> float:
        return spot.x if self.is_upright else spot.y

    def keeps(self, spot: Spot) -> bool:
        return self.along(spot) >= self.limit if self.is_least else self.along(spot) <= self.limit

    def cut(self, one: Spot, other: Spot) -> Spot:
        share = (self.limit - self.along(one)) / (self.along(other) - self.along(one))
        return Spot(one.x + share * (other.x - one.x), one.y + share * (other.y - one.y))


_BEYOND = 40
"""Units around the frame within which a cut ring still goes on, so that the cut itself is not seen."""
_EDGES = (
    _Edge(True, -_BEYOND, True),
    _Edge(True, WIDTH + _BEYOND, False),
    _Edge(False, -_BEYOND, True),
    _Edge(False, HEIGHT + _BEYOND, False),
)


def _clipped(ring: list[Spot], edge: _Edge) -> list[Spot]:
    """A ring cut at a line (Sutherland and Hodgman 1974)."""
    found: list[Spot] = []
    for number, spot in enumerate(ring):
        before = ring[number - 1]
        if edge.keeps(spot) != edge.keeps(before):
            found.append(edge.cut(before, spot))
        if edge.keeps(spot):
            found.append(spot)
    return found


def _is_apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) > 1


def _turned(degrees: float) -> float:
    """Degrees of longitude from -180 to 180."""
    return (degrees + _ROUND / 2) % _ROUND - _ROUND / 2


def _shortest(longitudes: Iterable[float]) -> tuple[float, float]:
    """The shortest way round that meets every longitude: from where, and to where (which may be beyond 180)."""
    ordered = sorted({_turned(one) for one in longitudes})
    gaps = [(ordered[(n + 1) % len(ordered)] - one) % _ROUND or _ROUND for n, one in enumerate(ordered)]
    widest = max(range(len(gaps)), key=lambda n: (gaps[n], n))
    start = ordered[(widest + 1) % len(ordered)]
    return start, start + _ROUND - gaps[widest]
