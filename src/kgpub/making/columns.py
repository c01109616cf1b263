"""The columns of a class's table: one per property and kind of value, with what can be said of all its values."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pyarrow as pa

from kgpub.engine.tables import INTEGERS, XSD
from kgpub.iris import Iris

SEPARATORS = ("|", ";", "\t", "\u241f", "\u001f")
"""What may stand between several values in one cell of CSV: the first that stands in no value of the column."""
_MARKED = re.compile("[{}]".format("".join(map(re.escape, SEPARATORS))))

_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?(?=\.?[0-9])[0-9]*(?:\.[0-9]*)?")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z?")
_INT64 = 1 << 63
_DIGITS = 38
_TRUTH = {"true": True, "1": True, "false": False, "0": False}

Arrow = Any  # the library has no types
"""A type of Arrow."""


@dataclass
class Column:
    """One property with one kind of value, while the members are gone through."""

    predicate: str
    kind: str
    uses: int = 0
    is_multiple: bool = False
    separators: list[str] = field(default_factory=lambda: list(SEPARATORS))
    _is_typed: bool = True
    _zones: set[bool] = field(default_factory=set)
    _whole: int = 0
    _fraction: int = 0

    def survey(self, values: Sequence[str]) -> None:
        """Take notice of all the values that one member has, each as it is told."""
        self.uses += 1
        self.is_multiple = self.is_multiple or len(values) > 1
        for said in values:
            if _MARKED.search(said):
                self.separators = [mark for mark in self.separators if mark not in said]
            if self._is_typed:
                self._is_typed = self._fits(said)

    def _fits(self, said: str) -> bool:
        """Whether a lexical form is a value that the column's type holds without rounding."""
        read = _READ.get(self.kind)
        if read is None:
            return False
        try:
            value = read(said)
        except ValueError:
            return False
        if self.kind == XSD + "dateTime":
            self._zones.add(said.endswith("Z"))
            return len(self._zones) == 1
        if isinstance(value, Decimal):
            whole, _, fraction = said.lstrip("+-").partition(".")
            self._whole, self._fraction = max(self._whole, len(whole)), max(self._fraction, len(fraction))
            return self._whole + self._fraction <= _DIGITS
        return True

    @property
    def separator(self) -> str:
        """What stands between its values in a cell; empty where a cell has one value only, or no mark will do."""
        return self.separators[0] if self.is_multiple and self.separators else ""

    @property
    def arrow(self) -> Arrow:
        """Its type in Parquet: a list where a member may have several values."""
        single = self._single if self._is_typed else pa.string()
        return pa.list_(single) if self.is_multiple else single

    @property
    def _single(self) -> Arrow:
        if self.kind == XSD + "decimal":
            return pa.decimal128(_DIGITS, self._fraction)
        if self.kind == XSD + "dateTime":
            return pa.timestamp("us", "UTC" if True in self._zones else None)
        return _ARROW[self.kind]

    def values(self, members: Iterable[Sequence[str] | None]) -> list[object]:
        """The values of each member as Parquet takes them; None where there are none."""
        read: Callable[[str], object] = _READ[self.kind] if self._is_typed else str
        if self.is_multiple:
            return [[read(said) for said in found] if found else None for found in members]
        return [read(found[0]) if found else None for found in members]


def names(columns: list[Column], iris: Iris) -> list[str]:
    """What each column is called: its property as people write it, with the kind of value where that is needed.

    ``rdfs:label@ka`` holds what is said in a language; ``ex:when^^xsd:date`` tells a column from another one of the
    same property. A name that would stand twice is the whole IRI.
    """
    plain: dict[str, int] = {}
    for column in columns:
        if not column.kind.startswith("@"):
            plain[column.predicate] = plain.get(column.predicate, 0) + 1
    found = []
    for column in columns:
        name = iris.curie(column.predicate) or column.predicate
        ending = column.kind if column.kind.startswith("@") else ""
        if not ending and plain[column.predicate] > 1:
            ending = f"^^{iris.curie(column.kind) or column.kind}"
        found.append(name + ending)
    return found


def _matching(pattern: re.Pattern[str], read: Callable[[str], object], said: str) -> object:
    if not pattern.fullmatch(said):
        raise ValueError(said)
    return read(said)


def _integer(said: str) -> int:
    value = int(said)
    if not -_INT64 <= value < _INT64:
        raise ValueError(said)
    return value


def _float(said: str) -> float:
    return float(said.replace("INF", "inf"))


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said.removesuffix("Z"))
    return moment.replace(tzinfo=UTC) if said.endswith("Z") else moment


def _truth(said: str) -> bool:
    if said not in _TRUTH:
        raise ValueError(said)
    return _TRUTH[said]


_READ: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(INTEGERS, partial(_matching, _INTEGER, _integer)),
    XSD + "boolean": _truth,
    XSD + "decimal": partial(_matching, _DECIMAL, Decimal),
    XSD + "double": partial(_matching, _DOUBLE, _float),
    XSD + "float": partial(_matching, _DOUBLE, _float),
    XSD + "date": partial(_matching, _DATE, date.fromisoformat),
    XSD + "dateTime": partial(_matching, _MOMENT, _moment),
}
"""Per datatype, how a lexical form becomes a value; raises ``ValueError`` for one that is none, or does not fit."""
_ARROW: Mapping[str, Arrow] = {
    **dict.fromkeys(INTEGERS, pa.int64()),
    XSD + "boolean": pa.bool_(),
    XSD + "double": pa.float64(),
    XSD + "float": pa.float32(),
    XSD + "date": pa.date32(),
}
