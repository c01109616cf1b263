"""Lengths of time and times of day (XML Schema 1.1 Datatypes section 3.3.6 and 3.3.8) in a reader's words."""

import re

from babel.units import format_unit

from kgpub.represent.locale import XSD, Voice

_DURATION = re.compile(
    r"(-)?P(?=.)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?"
    r"(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_UNITS = ("year", "month", "day", "hour", "minute", "second")
DURATIONS = frozenset(XSD + name for name in ("duration", "dayTimeDuration", "yearMonthDuration"))
"""Datatypes of lengths of time."""


def duration(say: Voice, lexical: str) -> str | None:
    """A length of time as so many years, months, days, hours, minutes and seconds; None when it is none."""
    found = _DURATION.fullmatch(lexical.strip())
    if found is None or not any(found.groups()[1:]):
        return None
    sign, *amounts = found.groups()
    parts = [_amount(say, amount, unit) for amount, unit in zip(amounts, _UNITS, strict=True) if amount]
    return ("−" if sign else "") + " ".join(parts)


def clock(lexical: str) -> str | None:
    """A time of day, with its seconds only where there are any, and its zone; None when it is none."""
    found = _TIME.fullmatch(lexical.strip())
    if found is None:
        return None
    hours, minutes, seconds, zone = found.groups()
    tail = f":{seconds}" if seconds.strip("0.") else ""
    shown = {None: "", "Z": " UTC"}.get(zone, f" UTC{str(zone).replace('-', '−')}")
    return f"{hours}:{minutes}{tail}{shown}"


def _amount(say: Voice, amount: str, unit: str) -> str:
    value = float(amount) if "." in amount else int(amount)
    return str(format_unit(value, f"duration-{unit}", length="long", locale=say.spoken))
