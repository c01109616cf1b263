"""How a reader's language says words, numbers, dates and the names of languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from typing import Literal as OneOf

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import format_decimal

from kgpub.represent.messages import MESSAGES

XSD = "http://www.w3.org/2001/XMLSchema#"
DATE = XSD + "date"
"""The datatype of a calendar day."""

_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_YEAR = r"(?P<y>\d{4,9})"
_DATES: dict[str, re.Pattern[str]] = {
    DATE: re.compile(rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)(?P<zone>{_ZONE})"),
    XSD + "gYearMonth": re.compile(rf"{_YEAR}-(?P<m>\d\d)(?P<zone>{_ZONE})"),
    XSD + "gYear": re.compile(rf"{_YEAR}(?P<zone>{_ZONE})"),
    XSD + "gMonthDay": re.compile(rf"--(?P<m>\d\d)-(?P<d>\d\d)(?P<zone>{_ZONE})"),
    XSD + "gMonth": re.compile(rf"--(?P<m>\d\d)(?P<zone>{_ZONE})"),
    XSD + "dateTime": re.compile(
        rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)T(?P<h>\d\d):(?P<min>\d\d):(?P<s>\d\d(?:\.\d+)?)(?P<zone>{_ZONE})"
    ),
}
_DATES[XSD + "dateTimeStamp"] = _DATES[XSD + "dateTime"]
_INTEGERS = (
    "integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedLong unsignedInt unsignedShort unsignedByte"
)
NUMBERS = frozenset(XSD + name for name in f"{_INTEGERS} decimal double float".split())
"""Datatypes whose values are shown as numbers."""
_MOST_DIGITS = 21
_LEAP_YEAR = 2000
_MONTHS = 12
_MIDNIGHT_NEXT = 24


@dataclass(frozen=True)
class Voice:
    """How one language speaks: ``voice("home")`` is a word of the interface, the methods say values."""

    language: str

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """The messages in this language."""
        return {key: words.ka if self.spoken == "ka" else words.en for key, words in MESSAGES.items()}

    @cached_property
    def spoken(self) -> OneOf["ka", "en"]:
        """The language of the interface's own words for this reader."""
        return "ka" if self.language.partition("-")[0].lower() == "ka" else "en"

    def __call__(self, key: str, **values: object) -> str:
        """A message in this language, with its values put in."""
        text = self._words[key]
        return text.format(**values) if values else text

    def count(self, number: int) -> str:
        """A whole number with this language's grouping."""
        return str(format_decimal(number, locale=self.spoken))

    def number(self, lexical: str) -> str | None:
        """A numeral with this language's decimal mark, every digit kept; None when it is no plain number."""
        try:
            value = Decimal(lexical.strip())
        except InvalidOperation:
            return None
        if not value.is_finite() or len(value.as_tuple().digits) > _MOST_DIGITS or abs(value.adjusted()) > _MOST_DIGITS:
            return None
        whole, _, fraction = f"{abs(value):f}".partition(".")
        mark = {"ka": ",", "en": "."}[self.spoken] if fraction else ""
        return f"{'−' if value.is_signed() and value else ''}{self.count(int(whole))}{mark}{fraction}"

    def date(self, lexical: str, datatype: str) -> str | None:
        """A date with exactly the precision that it has; None when it is no such date."""
        pattern = _DATES.get(datatype)
        found = pattern.fullmatch(lexical.strip()) if pattern else None
        if found is None or not _exists(found.groupdict()):
            return None
        parts = found.groupdict()
        month, day = parts.get("m"), parts.get("d")
        name = _month(self.spoken, int(month)) if month else ""
        said = self._day(parts.get("y"), name, str(int(day)) if day else "")
        time = _time(parts)
        return f"{said}, {time}" if time else said + _zone(parts["zone"])

    def language_name(self, tag: str) -> str:
        """What this language calls the language of a tag; the tag itself when it has no name."""
        return _language_name(self.spoken, tag)

    def _day(self, year: str | None, month: str, day: str) -> str:
        """Year, month and day in this language's order; what is absent stays absent."""
        if self.spoken == "ka":
            rest = " ".join(part for part in (day, month) if part)
            if year is None:
                return rest
            return f"{int(year)} წლის {rest}" if rest else f"{int(year)} წელი"
        return " ".join(part for part in (day, month, str(int(year)) if year else "") if part)


@cache
def voice(language: str) -> Voice:
    """The voice of a language."""
    return Voice(language)


@cache
def own_name(tag: str) -> str:
    """What a language calls itself."""
    return _language_name(tag.partition("-")[0].lower(), tag)


@cache
def _language_name(spoken: str, tag: str) -> str:
    bare, _, region = tag.partition("-")
    names = Locale(spoken).languages
    found = names.get(f"{bare.lower()}_{region.upper()}") or names.get(bare.lower())
    return str(found) if found else tag


@cache
def _month(spoken: str, month: int) -> str:
    return str(get_month_names("wide", locale=spoken)[month])


def _exists(parts: dict[str, str | None]) -> bool:
    """Whether the calendar and the clock have such a day and time."""
    month, day, year, hour = parts.get("m"), parts.get("d"), parts.get("y"), parts.get("h")
    if month is None:
        return True
    if hour is not None and not (int(hour) < _MIDNIGHT_NEXT and int(parts["min"] or 0) < 60):  # noqa: PLR2004 # minutes
        return False
    try:
        date((int(year) - 1) % 400 + 1 if year else _LEAP_YEAR, int(month), int(day) if day else 1)
    except ValueError:
        return False
    return True


def _time(parts: dict[str, str | None]) -> str:
    """The clock time of a dateTime, seconds only where there are any, with its zone."""
    if parts.get("h") is None:
        return ""
    seconds = parts["s"] or "00"
    tail = f":{seconds}" if seconds.strip("0.") else ""
    return f"{parts['h']}:{parts['min']}{tail}{_zone(parts['zone'])}"


def _zone(zone: str | None) -> str:
    """A time zone as it stands; nothing where none is stated."""
    if not zone:
        return ""
    return " UTC" if zone == "Z" else f" UTC{zone.replace('-', '−')}"
