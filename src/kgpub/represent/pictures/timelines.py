"""Dated things as a timeline: one row for each, with a strip that is drawn to the same scale as the axis above.

Every strip is an SVG whose places are per cent of its width, so that it fits any screen and letters keep their size.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kgpub.days import CalendarDay, Days, calendar_day, day_number
from kgpub.model import Text
from kgpub.nearby.around import Dated, Surroundings, Way
from kgpub.represent.markup import NOTHING, element, fragment
from kgpub.represent.pictures import words
from kgpub.represent.values import Reader

_TICKS = 6
_YEAR = 365.2425
_MONTH = _YEAR / 12
_FEW = 4
"""Marks that are named on a phone too."""
_THIN = 1.2
"""Per cent of the width under which a period is drawn as a point."""


_NAMED = 94
"""Per cent of the width up to which a mark has room for its name."""


@dataclass(frozen=True)
class RowView:
    """One thing and its date; ``kind`` is ``own`` for the entity's own dates."""

    when: str
    what: Markup
    tie: str
    strip: Markup
    kind: str = ""


@dataclass(frozen=True)
class TimelineView:
    """The rows in the order of time, the axis above them, and what has no place on it."""

    axis: Markup
    rows: tuple[RowView, ...]
    yearless: tuple[RowView, ...]
    more: str
    legend: str


@dataclass(frozen=True)
class Tick:
    """A mark of the axis: the first day of a year, a month, or a day."""

    day: int
    name: str


def timeline(found: Surroundings, reader: Reader) -> TimelineView | None:
    """The timeline of what lies around an entity; None where there is nothing to set in order."""
    dated = found.dated
    if len(dated) + len(found.yearless) < 2 and not any(one.end for one in dated):  # noqa: PLR2004 # one is no line
        return None
    scale = _Scale(_span([one.days for one in dated if one.days])) if dated else None
    words_of = _Words(reader, found)
    rows = tuple(_row(one, words_of, scale.strip(one) if scale else NOTHING) for one in dated)
    return TimelineView(
        axis=scale.axis(reader) if scale else NOTHING,
        rows=rows,
        yearless=tuple(_row(one, words_of, NOTHING) for one in found.yearless),
        more=words.left_out(reader, found, "pictures.time.more", found.more_dated),
        legend=reader.say("pictures.time.may") if any('class="may"' in row.strip for row in rows) else "",
    )


def ticks(span: Days, reader: Reader) -> tuple[Tick, ...]:
    """Round marks within a span: years by 1, 2 or 5 times a power of ten, else months, else days."""
    long = span.latest - span.earliest + 1
    if long > 4 * _YEAR:
        step = _round(long / _YEAR / _TICKS)
        return tuple(Tick(day, words.year_name(reader, year)) for year, day in _years(span, step))
    if long > 3 * _MONTH:
        step = next(n for n in (1, 2, 3, 6, 12) if n == 12 or long / _MONTH / n <= _TICKS + 2)  # noqa: PLR2004 # months
        months = [one for one in _months(span) if (one.month - 1) % step == 0 and _number(one) >= span.earliest]
        return tuple(Tick(_number(one), words.month_name(reader, one, n == 0)) for n, one in enumerate(months))
    step = max(1, -(-long // _TICKS))
    days = (calendar_day(number) for number in range(span.earliest, span.latest + 1, step))
    return tuple(Tick(_number(one), words.day_name(reader, one)) for one in days)


class _Words:
    """What properties and ties are called, each said once for a timeline."""

    def __init__(self, reader: Reader, found: Surroundings) -> None:
        self.reader = reader
        self._names: dict[str, Text] = {}
        self._ties: dict[Way, str] = {}
        self._inverse = found.inverse

    def name(self, predicate: str) -> Text:
        """What a property is called."""
        found = self._names.get(predicate)
        if found is None:
            found = self._names[predicate] = self.reader.name(predicate)
        return found

    def tie(self, way: Way) -> str:
        """What a tie is called."""
        found = self._ties.get(way)
        if found is None:
            found = self._ties[way] = words.tie(self.reader, self._inverse, way)
        return found


def _row(dated: Dated, words_of: _Words, strip: Markup) -> RowView:
    """A thing's row: its own dates are called by their property, others by the thing and how it is tied."""
    reader = words_of.reader
    property = "" if dated.end else words_of.name(dated.begin.predicate).value
    if not dated.way.predicate:
        title = reader.text(reader.name(dated.begin.predicate))
        if dated.end:
            title += " – " + reader.text(reader.name(dated.end.predicate))
        return RowView(words.when(reader, dated), title, "", strip, "own")
    tie = words_of.tie(dated.way)
    what = reader.link(dated.iri) if dated.iri else element("span", reader.say("pictures.unnamed"))
    return RowView(words.when(reader, dated), what, " · ".join(one for one in (tie, property) if one), strip)


def _span(all_days: Sequence[Days]) -> Days:
    """From the earliest to the latest day of all, with a margin; a single day has a month around it."""
    first, last = min(one.earliest for one in all_days), max(one.latest for one in all_days)
    margin = max((last - first) // 25, 15 if last - first < _MONTH else 2)
    return Days(first - margin, last + margin)


@dataclass(frozen=True)
class _Scale:
    """Where days stand, in per cent of the width."""

    span: Days

    def at(self, day: float) -> float:
        return (day - self.span.earliest) / (self.span.latest - self.span.earliest + 1) * 100

    def axis(self, reader: Reader) -> Markup:
        """The axis with its marks, and the lines that every strip repeats."""
        marks = [(tick, self.at(tick.day)) for tick in ticks(self.span, reader)]
        marks = [(tick, at) for tick, at in marks if 0 <= at <= 99]  # noqa: PLR2004 # per cent
        each = -(-len(marks) // _FEW)
        names = [_tick(tick, at, n % each == 0) for n, (tick, at) in enumerate(marks) if at < _NAMED]
        lines = [element("line", "", {"x1": _cent(at), "x2": _cent(at), "y1": "0", "y2": "100%"}) for _, at in marks]
        grid = element("defs", element("g", Markup("").join(lines), {"id": "time-grid", "class": "grid"}))
        return element("svg", Markup("").join([grid, *names]), {"class": "axis", "aria-hidden": "true"})

    def strip(self, dated: Dated) -> Markup:
        """A thing's days: the surely meant ones solid, the possible ones pale, a single day as a dot."""
        days, begin, end = dated.days, dated.begin.days, (dated.end or dated.begin).days
        assert days is not None
        assert begin is not None
        assert end is not None
        if self.at(days.latest + 1) - self.at(days.earliest) < _THIN:
            middle = self.at((days.earliest + days.latest + 1) / 2)
            marks = f'<circle cx="{_cent(middle)}" cy="50%" r="5"></circle>'
        else:
            marks = "".join(self._bars(days, begin, end))
        grid = '<use href="#time-grid"></use>'
        return fragment(f'<svg class="strip" aria-hidden="true">{grid}{marks}</svg>')

    def _bars(self, days: Days, begin: Days, end: Days) -> Iterator[str]:
        """The bars of a period: the whole of it pale where its ends are not days, the sure part of it solid."""
        is_exact = begin.earliest == begin.latest and end.earliest == end.latest
        if not is_exact:
            yield self._bar("may", days.earliest, days.latest)
        if is_exact or begin.latest < end.earliest:
            yield self._bar("sure", begin.latest, end.earliest)

    def _bar(self, kind: str, first: int, last: int) -> str:
        left, right = self.at(first), self.at(last + 1)
        return f'<rect class="{kind}" x="{_cent(left)}" width="{_cent(right - left)}" y="50%" rx="3"></rect>'


def _tick(tick: Tick, at: float, is_always: bool) -> Markup:
    """A mark with its name, always there or only where there is room for all."""
    kind = {"class": None if is_always else "also"}
    name = element("text", tick.name, {"x": _cent(at), "y": "14", "dx": "4", **kind})
    return name + element("line", "", {"x1": _cent(at), "x2": _cent(at), "y1": "2", "y2": "100%", **kind})


def _cent(value: float) -> str:
    """A share of the width, as SVG writes it."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def _round(rough: float) -> int:
    """The least of 1, 2 and 5 times a power of ten that is not under a number; never under 1."""
    power = 1
    while power * 10 <= rough:
        power *= 10
    return next(n * power for n in (1, 2, 5, 10) if n * power >= rough)


def _years(span: Days, step: int) -> Iterator[tuple[int, int]]:
    """The round years of a span, each with its first day."""
    first, last = calendar_day(span.earliest).year, calendar_day(span.latest).year
    for year in range(first - first % step, last + 1, step):
        yield year, day_number(year, 1, 1)


def _months(span: Days) -> Iterable[CalendarDay]:
    """The first days of the months of a span."""
    first, last = calendar_day(span.earliest), calendar_day(span.latest)
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield CalendarDay(number // 12, number % 12 + 1, 1)


def _number(day: CalendarDay) -> int:
    return day_number(day.year, day.month, day.day)
