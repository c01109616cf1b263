"""Where things are: latitude and longitude in degrees (WGS 84) out of numerals and out of WKT points."""

import math
import re
from dataclasses import dataclass

WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
"""The datatype of geometries as text (GeoSPARQL 1.1 section 8.5.1)."""

_NUMERAL = r"[+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?"
_POINT = re.compile(
    rf"(?:<(?P<crs>[^>]*)>\s*)?POINT\s*(?:ZM|Z|M)?\s*\(\s*({_NUMERAL})\s+({_NUMERAL})(?:\s+[^\s()]+){{0,2}}\s*\)",
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 500
_NUMBER = re.compile(_NUMERAL, re.ASCII)
NORTH, EAST = 90.0, 180.0
"""The most degrees of latitude and of longitude."""


@dataclass(frozen=True, order=True)
class Point:
    """A place on the Earth: degrees north of the equator and east of Greenwich."""

    latitude: float
    longitude: float


def point(latitude: str, longitude: str) -> Point | None:
    """The point of two numerals; None where one is no number of degrees in range."""
    north, east = degrees(latitude, NORTH), degrees(longitude, EAST)
    return None if north is None or east is None else Point(north, east)


def wkt_point(text: str) -> Point | None:
    """The point of a WKT literal; None for other shapes, other reference systems and what is out of range.

    Without a system it is longitude, latitude (CRS84); in EPSG 4326 it is latitude, longitude.
    """
    found = _POINT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    system = found["crs"] or "OGC/1.3/CRS84"
    if system.endswith("/4326"):
        return point(found[2], found[3])
    return point(found[3], found[2]) if system.endswith("/CRS84") else None


def degrees(text: str, most: float) -> float | None:
    """The degrees that a numeral says; None where it is no decimal number or beyond ``most``."""
    numeral = text.strip()
    if len(numeral) > _LONGEST or not _NUMBER.fullmatch(numeral):
        return None
    value = float(numeral)
    return value + 0.0 if math.isfinite(value) and abs(value) <= most else None
