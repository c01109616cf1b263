"""Dates of whatever precision as the earliest and the latest day that they can mean.

Days are counted from 1970-01-01 (0) in the Gregorian calendar, carried back before its beginning; the year 0 is 1 BCE
(XSD 1.1 Part 2, section 3.3.7). A time zone moves nothing: a date is the day that its own text names.
"""

import re
from dataclasses import dataclass

XSD = "http://www.w3.org/2001/XMLSchema#"

_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_YEAR = r"(?P<y>-?(?:[1-9]\d{4,8}|\d{4}))"
_CLOCK = r"T(?P<h>\d\d):(?P<min>[0-5]\d):(?P<s>[0-5]\d(?:\.\d{1,30})?)"
_FORMS = {
    XSD + "gYear": re.compile(rf"{_YEAR}{_ZONE}", re.ASCII),
    XSD + "gYearMonth": re.compile(rf"{_YEAR}-(?P<m>\d\d){_ZONE}", re.ASCII),
    XSD + "date": re.compile(rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d){_ZONE}", re.ASCII),
    XSD + "dateTime": re.compile(rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d){_CLOCK}{_ZONE}", re.ASCII),
}
_FORMS[XSD + "dateTimeStamp"] = _FORMS[XSD + "dateTime"]
_YEARLESS = {
    XSD + "gMonthDay": re.compile(rf"--(?P<m>\d\d)-(?P<d>\d\d){_ZONE}", re.ASCII),
    XSD + "gMonth": re.compile(rf"--(?P<m>\d\d){_ZONE}", re.ASCII),
    XSD + "gDay": re.compile(rf"---(?P<d>\d\d){_ZONE}", re.ASCII),
}
DATED = frozenset({*_FORMS, *_YEARLESS})
"""The datatypes of dates, those without a year among them."""

_LEAP = 2000
_MONTHS = 12
_LONGEST = 100
_ERA = 146_097  # days of 400 years
_EPOCH = 719_468  # from the first of March of the year 0 to 1970-01-01


@dataclass(frozen=True, order=True)
class Days:
    """The first and the last day that a date can mean, both included; ``earliest <= latest``."""

    earliest: int
    latest: int


def days(lexical: str, datatype: str) -> Days | None:
    """The days that a date can mean; None for what is no date, has no year, or a year of more than nine digits."""
    form = _FORMS.get(datatype)
    found = form.fullmatch(lexical.strip()) if form and len(lexical) <= _LONGEST else None
    if found is None:
        return None
    parts = found.groupdict()
    year = int(parts["y"])
    month = int(parts["m"]) if "m" in parts else None
    day = int(parts["d"]) if "d" in parts else None
    if not _exists(year, month, day):
        return None
    later = _midnight(parts)
    if later is None:
        return None
    first = day_number(year, month or 1, day or 1)
    last = day_number(year, month or _MONTHS, day or _length(year, month or _MONTHS))
    return Days(first + later, last + later)


def moment(lexical: str, datatype: str) -> int:
    """What dates are sorted by: their earliest day; 0 for all that is no date, or whose year is beyond counting."""
    found = days(lexical, datatype)
    return found.earliest if found else 0


def is_yearless(lexical: str, datatype: str) -> bool:
    """Whether a literal is a date that names no year, such as ``--11-26``."""
    form = _YEARLESS.get(datatype)
    found = form.fullmatch(lexical.strip()) if form and len(lexical) <= _LONGEST else None
    if found is None:
        return False
    parts = found.groupdict()
    return _exists(_LEAP, int(parts.get("m", "1")), int(parts.get("d", "1")))


def day_number(year: int, month: int, day: int) -> int:
    """A day of the Gregorian calendar as the number of days since 1970-01-01; the inverse of ``calendar_day``."""
    shifted = year - (month <= 2)  # noqa: PLR2004 # a year that begins with March has its leap day last
    of_year = (153 * ((month + 9) % _MONTHS) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - _EPOCH


@dataclass(frozen=True)
class CalendarDay:
    """A day by year, month and day of the month."""

    year: int
    month: int
    day: int


def calendar_day(number: int) -> CalendarDay:
    """The day of the Gregorian calendar that is so many days from 1970-01-01."""
    era, rest = divmod(number + _EPOCH, _ERA)
    of_era = (rest - rest // 1460 + rest // 36524 - rest // (_ERA - 1)) // 365
    of_year = rest - (365 * of_era + of_era // 4 - of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = (shifted + 2) % _MONTHS + 1
    return CalendarDay(era * 400 + of_era + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1)  # noqa: PLR2004 # the days before each month, five of which have 153


def _exists(year: int, month: int | None, day: int | None) -> bool:
    """Whether the calendar has such a month and day."""
    if month is not None and not 1 <= month <= _MONTHS:
        return False
    return day is None or 1 <= day <= _length(year, month or 1)


def _length(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:  # noqa: PLR2004 # February
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _midnight(parts: dict[str, str]) -> int | None:
    """1 where a clock says 24:00:00, the next day (XSD 1.1 Part 2, section 3.3.7.2), None where it is wrong."""
    hour = int(parts.get("h", "0"))
    if hour < 24:  # noqa: PLR2004 # hours of a day
        return 0
    is_next = hour == 24 and not parts["min"].strip("0") and not parts["s"].strip("0.")  # noqa: PLR2004 # a day has 24 hours
    return 1 if is_next else None
