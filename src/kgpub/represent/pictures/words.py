"""What pictures say in words: dates of every era, ties between things, names cut to the room that they have."""

from collections.abc import Mapping

from babel.dates import get_month_names

from kgpub.days import CalendarDay
from kgpub.model import Labels, Text, pick
from kgpub.nearby.around import Dated, Moment, Surroundings, Way
from kgpub.represent.markup import plain
from kgpub.represent.values import Reader

_WIDTHS = {"ა": 0.62, "a": 0.53}
_GEORGIAN = range(0x10A0, 0x1100)
_MEDIUM = 0.63
"""No letter below ``_WIDEST`` is wider, in parts of the size of the type."""
_WIDEST = chr(0x2E80)  # from here on, a letter is about as wide as it is high
_WIDE = ord(_WIDEST)


def when(reader: Reader, dated: Dated) -> str:
    """A date, or a period from one date to another, in the reader's language."""
    begin = said(reader, dated.begin)
    if dated.end is None or dated.end.text == dated.begin.text:
        return begin
    return f"{begin} – {said(reader, dated.end)}"


def said(reader: Reader, moment: Moment) -> str:
    """A date in the reader's language, or else as it is written."""
    text = moment.text.strip()
    return reader.say.date(text, moment.datatype) or plain(text)


def year_name(reader: Reader, year: int) -> str:
    """A year on an axis: the bare number, or how many years before the common era."""
    return reader.say.year(year)


def month_name(reader: Reader, day: CalendarDay, is_first: bool) -> str:
    """A month on an axis by its short name; the first one and each January say the year."""
    name = _month(reader, day.month)
    year = year_name(reader, day.year)
    return f"{name} {year}" if is_first else year if day.month == 1 else name


def day_name(reader: Reader, day: CalendarDay) -> str:
    """A day on an axis."""
    return f"{day.day} {_month(reader, day.month)}"


def _month(reader: Reader, month: int) -> str:
    return str(get_month_names("abbreviated", locale=reader.say.spoken)[month])


def tie(reader: Reader, inverse: Mapping[str, Labels], way: Way) -> str:
    """How something is tied to something, in a word or two; read from its other end with an arrow, if need be."""
    name = reader.name(way.predicate).value
    if not way.is_backward:
        return plain(name)
    found: Text | None = pick(inverse.get(way.predicate, {}), reader.languages)
    return plain(found.value) if found else f"← {plain(name)}"


def left_out(reader: Reader, found: Surroundings, key: str, count: int) -> str:
    """What a picture leaves out, in words: so many things for want of room, and what nobody looked at."""
    numbers = ((key, count), ("pictures.unseen", found.unseen))
    return " ".join(reader.say(name, count=reader.say.count(number)) for name, number in numbers if number)


def name_of(reader: Reader, iri: str) -> str:
    """What to call a thing, on one line; a thing without a name of its own is said to have none."""
    return plain(reader.name(iri).value) if iri else reader.say("pictures.unnamed")


def width_of(text: str, size: float = 13.0) -> float:
    """About how many pixels a text takes at a size, by the average letter of its script."""
    return size * sum(_letter(ord(letter)) for letter in text)


def cut(text: str, most: float, size: float = 13.0) -> str:
    """The text, shortened with an ellipsis where it would take more than so many pixels."""
    if len(text) * size * (_MEDIUM if max(text, default="") < _WIDEST else 1.0) <= most or width_of(text, size) <= most:
        return text
    taken, room = 0, most - size
    while taken < len(text) and room > 0:
        room -= size * _letter(ord(text[taken]))
        taken += 1
    return text[: max(taken - 1, 1)].rstrip() + "…"


def _letter(code: int) -> float:
    """The width of a letter in parts of the size of the type."""
    if code in _GEORGIAN:
        return _WIDTHS["ა"]
    return 1.0 if code >= _WIDE else _WIDTHS["a"]
