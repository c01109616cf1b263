"""What stands in the columns of an answer, and which pictures that allows: a chart, a map."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.model import Term
from kgpub.nearby.coordinates import WKT, wkt_point
from kgpub.represent.locale import NUMBERS, XSD, voice

Kind = OneOf["number", "date", "iri", "text", "point"]

_NUMERAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_DATED = frozenset(XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime", "dateTimeStamp"))
_YEARS = re.compile(r"year$|წელი$", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_LATITUDE = re.compile(r"(.*?)(?:lat|latitude|განედი)", re.IGNORECASE)
_LONGITUDE = re.compile(r"(.*?)(?:lon|long|lng|longitude|გრძედი)", re.IGNORECASE)
_NORTH, _EAST = 90, 180
_ENOUGH = 2
"""Rows that a chart needs."""


@dataclass(frozen=True)
class Value:
    """What a cell is sorted and drawn by: its kind, and the key where the shown text will not do.

    The key of a number and of a date is its lexical form, of a point its latitude and longitude in degrees (WGS 84).
    """

    kind: Kind
    key: str = ""


@dataclass(frozen=True)
class Pictures:
    """The columns that pictures are drawn from, by their places from 0; what cannot be drawn is None or empty.

    ``label`` names a row, ``numbers`` may be charted, over ``dates`` where each row has its own; a map takes
    ``point`` or ``latitude`` and ``longitude``.
    """

    label: int | None = None
    numbers: tuple[int, ...] = ()
    dates: int | None = None
    latitude: int | None = None
    longitude: int | None = None
    point: int | None = None


NO_PICTURES = Pictures()
Column = Sequence[Value | None]
"""The cells of one variable, an unbound one None."""


def column(name: str, terms: Iterable[Term | None]) -> tuple[Value | None, ...]:
    """The values under a variable; whole numbers under one that is called a year are dates."""
    values = tuple(None if term is None else value(term) for term in terms)
    if _YEARS.search(name) and all(one is None or _YEAR.fullmatch(one.key) for one in values):
        return tuple(None if one is None else Value("date", one.key) for one in values)
    return values


def kind(values: Column) -> Kind:
    """What a column holds: the kind that all its values share, else text."""
    kinds = {one.kind for one in values if one is not None}
    return kinds.pop() if len(kinds) == 1 else "text"


def value(term: Term) -> Value:
    """What a term is sorted and drawn by."""
    if isinstance(term, NamedNode | BlankNode):
        return Value("iri")
    if not isinstance(term, Literal):
        return Value("text")
    datatype, lexical = term.datatype.value, term.value.strip()
    if datatype in NUMBERS:
        return Value("number", lexical) if _is_finite(lexical) else Value("text")
    if datatype == WKT:
        place = _place(lexical)
        return Value("point", place) if place else Value("text")
    if voice("en").date(lexical, datatype) is None:
        return Value("text")
    return Value("date" if datatype in _DATED else "text", lexical)


def pictures(names: Sequence[str], columns: Sequence[Column]) -> Pictures:
    """Which pictures an answer allows."""
    kinds = [kind(one) for one in columns]
    place = _coordinates(names, columns, kinds)
    numbers = tuple(n for n, one in enumerate(kinds) if one == "number" and n not in place and _is_many(columns[n]))
    dates = [n for n, one in enumerate(kinds) if one == "date" and _is_line(columns[n])]
    return Pictures(
        label=_label(names, kinds),
        numbers=numbers,
        dates=dates[0] if dates and numbers else None,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        point=next((n for n, one in enumerate(kinds) if one == "point"), None),
    )


def _label(names: Sequence[str], kinds: Sequence[Kind]) -> int | None:
    """The column that names a row: the first thing or text, by its own ``…Label`` where that is asked for too."""
    order = sorted(range(len(kinds)), key=lambda n: kinds[n] == "date")
    found = next((n for n in order if kinds[n] in {"iri", "text", "date"}), None)
    if found is None:
        return None
    spelled = f"{names[found]}Label"
    return names.index(spelled) if spelled in names else found


def _coordinates(names: Sequence[str], columns: Sequence[Column], kinds: Sequence[Kind]) -> tuple[int, ...]:
    """The columns of latitude and longitude: numbers in range under names that begin alike and end so."""
    for north, name in enumerate(names):
        begun = _LATITUDE.fullmatch(name)
        if begun is None or kinds[north] != "number" or not _is_within(columns[north], _NORTH):
            continue
        for east, other in enumerate(names):
            same = _LONGITUDE.fullmatch(other)
            is_pair = same is not None and same[1] == begun[1] and kinds[east] == "number"
            if is_pair and _is_within(columns[east], _EAST):
                return north, east
    return ()


def _is_finite(lexical: str) -> bool:
    return _NUMERAL.fullmatch(lexical) is not None and math.isfinite(float(lexical))


def _is_within(values: Column, most: int) -> bool:
    return all(one is None or abs(float(one.key)) <= most for one in values)


def _is_many(values: Column) -> bool:
    return sum(one is not None for one in values) >= _ENOUGH


def _is_line(values: Column) -> bool:
    """Whether each row has a date, and one of its own."""
    keys = [one.key for one in values if one is not None]
    return _ENOUGH <= len(keys) == len(values) == len(set(keys))


def _place(wkt: str) -> str:
    """The latitude and longitude of a point (GeoSPARQL 1.1 section 8.5.1); nothing for other shapes and systems."""
    found = wkt_point(wkt)
    return f"{found.latitude!r} {found.longitude!r}" if found else ""
