"""Typed parameters of saved queries: what a reader writes as a term, and a term as a reader writes it.

A value becomes a term of the library, checked against its type; the library serialises the term. No text of a
reader's ever becomes a part of a query in any other way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from kgpub.errors import BadIri, BadRequest
from kgpub.iris import Iris
from kgpub.model import Labels

XSD = "http://www.w3.org/2001/XMLSchema#"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

Value = NamedNode | Literal
"""A term that a parameter may take."""

_TAG = r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"
_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_YEAR = r"(-?(?:[1-9]\d{3,8}|0\d{3}))"
_DAY = rf"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY, _LEAP_DAY = 2, 29


@dataclass(frozen=True)
class Type:
    """A type of parameter: its word, its datatype (none: an IRI), the lexical forms it takes, one of them."""

    name: str
    datatype: str
    forms: re.Pattern[str]
    example: str


def _type(name: str, pattern: str, example: str, datatype: str | None = None) -> Type:
    return Type(name, XSD + name if datatype is None else datatype, re.compile(pattern, re.ASCII | re.DOTALL), example)


IRI = _type("iri", ".+", "https://example.org/x", "")
STRING = _type("string", ".+", "text")
TEXT = _type("langString", rf"(.*)@({_TAG})", "text@en", LANG_STRING)
TAG = _type("language", _TAG, "en", XSD + "string")
BOOLEAN = _type("boolean", "true|false|1|0", "true")
INTEGER = _type("integer", r"[+-]?\d+", "7")
DECIMAL = _type("decimal", r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", "7.5")
DOUBLE = _type("double", r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN", "7.5e0")
DATE = _type("date", _DAY + _ZONE, "2021-11-26")
MOMENT = _type("dateTime", _DAY + _TIME + _ZONE, "2021-11-26T10:00:00")
YEAR = _type("gYear", _YEAR + _ZONE, "2021")
MONTH = _type("gYearMonth", rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}", "2021-11")

TYPES: Mapping[str, Type] = {
    one.name: one for one in (IRI, STRING, TEXT, TAG, BOOLEAN, INTEGER, DECIMAL, DOUBLE, DATE, MOMENT, YEAR, MONTH)
}
"""The types by their words (XML Schema 1.1 part 2 section 3 for the lexical forms of the datatypes)."""


@dataclass(frozen=True)
class Parameter:
    """A variable of a query that whoever asks gives a value.

    ``of`` is the class whose things are offered, ``choices`` the only values there are, where either is stated.
    One without a default that is not optional must be given; an optional one without a value is not bound.
    """

    name: str
    type: Type
    label: Labels = field(default_factory=dict)
    description: Labels = field(default_factory=dict)
    of: str = ""
    choices: tuple[Value, ...] = ()
    default: Value | None = None
    is_optional: bool = False

    @property
    def is_required(self) -> bool:
        """Whether the query cannot be asked without a value."""
        return self.default is None and not self.is_optional

    def term(self, text: str, iris: Iris) -> Value:
        """The term that a text stands for.

        An IRI may be written in full, in angle brackets, as a CURIE of the site or relative to its base; a text with
        a language as ``text@tag``. Raises ``BadRequest`` that names parameter, value and type.
        """
        found = self.read(text, iris)
        if found is None:
            reason = f"“{text}” is none. One is written like this: {self.type.example}."
            raise BadRequest(f"The parameter “{self.name}” takes a value of the type {self.type.name}; {reason}")
        if self.choices and found not in self.choices:
            offered = ", ".join(written(one, iris) for one in self.choices)
            raise BadRequest(f"The parameter “{self.name}” is one of: {offered}. “{text}” is not among them.")
        return found

    def read(self, text: str, iris: Iris) -> Value | None:
        """The term of the parameter's type that a text stands for, None when it stands for none."""
        return read(self.type, text, iris)


def read(type: Type, text: str, iris: Iris) -> Value | None:
    """The term of a type that a text stands for, None when it stands for none.

    Blanks around it do not count, save in texts (XML Schema 1.1 part 2 section 4.3.6).
    """
    bare = text if type in {STRING, TEXT} else text.strip(" \t\r\n")
    found = type.forms.fullmatch(bare)
    if found is None or any("\ud800" <= c <= "\udfff" for c in bare):
        return None
    if type is IRI:
        return _iri(bare, iris)
    if type is TEXT:
        return Literal(found[1], language=found[2])
    if type in {DATE, MOMENT} and not _exists(int(found[1]), int(found[2]), int(found[3])):
        return None
    return Literal(bare, datatype=NamedNode(type.datatype))


def written(value: Value, iris: Iris) -> str:
    """A term as ``read`` takes it: IRIs as short as they can be."""
    if isinstance(value, Literal):
        return f"{value.value}@{value.language}" if value.language else value.value
    forms = (iris.curie(value.value), value.value)
    return next((form for form in forms if form and _iri(form, iris) == value), f"<{value.value}>")


def _iri(text: str, iris: Iris) -> NamedNode | None:
    try:
        return NamedNode(iris.expand(text))
    except BadIri:
        return None


def _exists(year: int, month: int, day: int) -> bool:
    """Whether the proleptic Gregorian calendar has this day (XML Schema 1.1 part 2, appendix E.3.2)."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _DAYS[month - 1] or (is_leap and month == _FEBRUARY and day == _LEAP_DAY)
