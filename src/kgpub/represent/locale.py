"""How a reader's language says words, numbers, dates and the names of languages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property, lru_cache

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import format_decimal, get_decimal_symbol

from kgpub.overrides import NOTHING, Overrides
from kgpub.represent import words
from kgpub.represent.messages.vocabulary import term_key
from kgpub.represent.tongues import habits, language_name

XSD = "http://www.w3.org/2001/XMLSchema#"
DATE = XSD + "date"
"""The datatype of a calendar day."""

_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_YEAR = r"(?P<y>-?\d{4,9})"
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
_LONGEST_DATE = 100
_MOST_DIGITS = 21
_LEAP_YEAR = 2000
_MONTHS = 12
_MIDNIGHT_NEXT = 24


@dataclass(frozen=True)
class Voice:
    """How one language speaks: ``voice("home")`` is a word of the interface, the methods say values.

    ``overrides`` are the site's, whose words take the place of ours.
    """

    language: str
    overrides: Overrides = NOTHING

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """The messages in this language."""
        return words.words(self.spoken, self.overrides)

    @cached_property
    def spoken(self) -> str:
        """The language of the interface's own words for this reader."""
        return words.spoken(self.language, self.overrides)

    @cached_property
    def _locale(self) -> Locale:
        """How this language writes numbers and months; as English does where that is not known."""
        return habits(self.spoken)

    def __call__(self, key: str, **values: object) -> str:
        """A message in this language, with its values put in."""
        text = self._words[key]
        return text.format(**values) if values else text

    def term(self, iri: str) -> str:
        """What this language calls a property or class of a well-known vocabulary; nothing for any other IRI."""
        key = term_key(iri)
        return self._words.get(key, "") if key else ""

    def count(self, number: int) -> str:
        """A whole number with this language's grouping."""
        return self._counts(number)

    @cached_property
    def _counts(self) -> Callable[[int], str]:
        """How whole numbers are said; most are small, and come over and over."""
        return lru_cache(maxsize=4096)(lambda number: str(format_decimal(number, locale=self._locale)))

    def many(self, key: str, number: int) -> str:
        """A message with ``{count}`` in the form that this language has for a number (CLDR plural rules).

        Such a message reads ``one: {count} thing | other: {count} things``; a language gives the forms it has.
        """
        forms = dict(_form(part) for part in self._words[key].split(" | "))
        form = self._locale.plural_form(number)
        return forms.get(form, next(reversed(forms.values()))).format(count=self.count(number))

    def number(self, lexical: str) -> str | None:
        """A numeral with this language's decimal mark, every digit kept; None when it is no plain number."""
        try:
            value = Decimal(lexical.strip())
        except InvalidOperation:
            return None
        if not value.is_finite() or len(value.as_tuple().digits) > _MOST_DIGITS or abs(value.adjusted()) > _MOST_DIGITS:
            return None
        whole, _, fraction = f"{abs(value):f}".partition(".")
        mark = get_decimal_symbol(self._locale) if fraction else ""
        return f"{'−' if value.is_signed() and value else ''}{self.count(int(whole))}{mark}{fraction}"

    def date(self, lexical: str, datatype: str) -> str | None:
        """A date with exactly the precision that it has; None when it is no such date.

        A year before 1 is said by how many years before our era it is: 0 is 1 BCE, -44 is 45 BCE (XSD 1.1 Part 2,
        section 3.3.7, as ISO 8601; XSD 1.0 had no year 0 and took -44 for 44 BCE).
        """
        return self._dates(lexical, datatype) if datatype in _DATES and len(lexical) <= _LONGEST_DATE else None

    @cached_property
    def _dates(self) -> Callable[[str, str], str | None]:
        """How dates are said; a page says few of them, and over and over."""
        return lru_cache(maxsize=4096)(self._date)

    def _date(self, lexical: str, datatype: str) -> str | None:
        found = _DATES[datatype].fullmatch(lexical.strip())
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
        return language_name(self.spoken, tag)

    def _day(self, year: str | None, month: str, day: str) -> str:
        """Year, month and day in this language's order; what is absent stays absent."""
        if year is None:
            return self("date.day-month", day=day, month=month) if day else month
        number = int(year)
        counted = number if number > 0 else 1 - number
        key = "date.year" if not month else "date.full" if day else "date.month"
        said = self(key, year=counted, month=month, day=day)
        return said if number > 0 else self("date.bce", date=said)

    def year(self, number: int) -> str:
        """A year by its bare number, as on an axis; one before 1 by how many years before our era it is."""
        return str(number) if number > 0 else self("date.bce", date=str(1 - number))


@lru_cache(maxsize=64)
def voice(language: str, overrides: Overrides = NOTHING) -> Voice:
    """The voice of a language, with a site's own words."""
    return Voice(language, overrides)


@cache
def _month(language: str, month: int) -> str:
    return str(get_month_names("wide", locale=habits(language))[month])


def _form(part: str) -> tuple[str, str]:
    """The name of a plural form, and the text of it."""
    name, _, text = part.partition(": ")
    return (name, text) if text else ("other", part)


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
