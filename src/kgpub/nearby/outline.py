"""Outlines of countries for maps: out of a GeoJSON file (RFC 7946) that the site brings, or none at all.

A file that would draw Georgia otherwise than in its internationally recognised borders, with a line across it or a part
of it as something else, is not fitting: then there is no outline.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from kgpub.errors import SettingsError
from kgpub.nearby.coordinates import EAST, NORTH, Point

MOST_BYTES = 5_000_000
"""The largest file that is read."""
_MOST_POINTS = 300_000
_TRIANGLE = 4
"""Positions of the shortest ring: three corners and the first again (RFC 7946 section 3.1.6)."""
_COLLECTIONS = {"FeatureCollection": ("features",), "GeometryCollection": ("geometries",)}

GEORGIA = (
    Point(41.7151, 44.8271),  # Tbilisi
    Point(41.6010, 41.9410),  # Keda
    Point(42.2679, 42.7181),  # Kutaisi
    Point(43.2500, 40.7000),  # inland of Gudauta
    Point(43.1000, 41.3500),  # inland of Sokhumi
    Point(42.8400, 41.6800),  # Tkvarcheli
    Point(42.6500, 41.8000),  # inland of Gali
    Point(42.2257, 43.9710),  # Tskhinvali
    Point(42.3910, 43.9230),  # Java
    Point(42.1240, 44.4830),  # Akhalgori
    Point(42.6600, 44.6400),  # Stepantsminda
    Point(41.9180, 45.4730),  # Telavi
)
"""Places that one outline holds where Georgia is drawn whole."""

Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Outline:
    """Areas, each of an outer ring and the holes in it."""

    areas: tuple[tuple[Ring, ...], ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Every ring that is drawn."""
        return tuple(ring for area in self.areas for ring in area)


NO_OUTLINE = Outline()


def read_outline(path: Path) -> Outline:
    """The outline in a file; raises ``SettingsError`` where it cannot be read, is no GeoJSON or is not fitting."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SettingsError(f"{path}: is larger than {MOST_BYTES} bytes")
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: cannot be read as GeoJSON: {error}") from error
    try:
        outline = Outline(tuple(areas(value)))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise SettingsError(f"{path}: is no GeoJSON of polygons: {error}") from error
    if sum(len(ring) for ring in outline.rings) > _MOST_POINTS:
        raise SettingsError(f"{path}: has more than {_MOST_POINTS} positions")
    if not is_fitting(outline):
        raise SettingsError(
            f"{path}: does not draw Georgia in its internationally recognised borders as one undivided area;"
            " maps have no outline then"
        )
    return outline


def areas(value: Any) -> Iterator[tuple[Ring, ...]]:  # Any: JSON
    """The polygons of a GeoJSON object, at any depth; lines and points in it are no outline and left out."""
    kind = value["type"]
    if kind == "Feature":
        yield from areas(value["geometry"]) if value["geometry"] is not None else ()
        return
    for name in _COLLECTIONS.get(kind, ()):
        for one in value[name]:
            yield from areas(one)
    if kind in {"Polygon", "MultiPolygon"}:
        for rings in [value["coordinates"]] if kind == "Polygon" else value["coordinates"]:
            yield tuple(_ring(ring) for ring in rings)


def is_fitting(outline: Outline) -> bool:
    """Whether each area that holds a part of Georgia holds the whole of it, and no more than one does."""
    holding = [[is_within(place, area) for place in GEORGIA] for area in outline.areas]
    touched = [held for held in holding if any(held)]
    return all(all(held) for held in touched) and len(touched) <= 1


def is_within(place: Point, area: Sequence[Ring]) -> bool:
    """Whether a place lies inside an area, the holes apart: a ray from it meets the rings an odd number of times."""
    return sum(_meets(place, ring) for ring in area) % 2 == 1


def _meets(place: Point, ring: Ring) -> int:
    """How many times a ray eastward from a place meets a ring."""
    count = 0
    for one, other in pairwise(ring):
        if (one.latitude > place.latitude) != (other.latitude > place.latitude):
            share = (place.latitude - one.latitude) / (other.latitude - one.latitude)
            count += one.longitude + share * (other.longitude - one.longitude) > place.longitude
    return count


def _ring(positions: Any) -> Ring:  # Any: JSON
    """A ring of positions, which are longitude, latitude (RFC 7946 section 3.1.1); raises ``ValueError``."""
    ring = tuple(_position(*position[:2]) for position in positions)
    if len(ring) < _TRIANGLE or ring[0] != ring[-1]:
        raise ValueError("a ring is not closed")
    return ring


def _position(east: float, north: float) -> Point:
    """A position in range; raises ``ValueError``, or ``TypeError`` where it is no number."""
    if not (-EAST <= east <= EAST and -NORTH <= north <= NORTH):
        raise ValueError(f"{east}, {north} is no position in degrees")
    return Point(float(north), float(east))
