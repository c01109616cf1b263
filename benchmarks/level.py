"""Whether what a server holds stays level: two spans of time compared, a table, a picture."""

import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tree import Held

SETTLED, SPAN = 0.6, 0.2
"""The share of the run after which it counts as settled when it is short, and the share that is compared."""
_LONG, _LONG_SETTLED = 600.0, 0.2
_MB = 1_000_000
_WIDE, _HIGH, _LEFT, _TOP, _GAP = 640, 110, 56, 24, 46


@dataclass(frozen=True)
class Sample:
    """What was held so many seconds after the start."""

    seconds: float
    held: Held


@dataclass(frozen=True)
class Measure:
    """Something that is held: its name, how it is read, and by how much it may grow between the spans."""

    name: str
    read: Callable[[Held], float]
    share: float
    more: float
    why: str

    def allowed(self, before: float) -> float:
        """The most that the last span may have."""
        return before + max(self.share * before, self.more)


MEASURES = (
    Measure("resident memory, MB", lambda h: h.memory.resident / _MB, 0.1, 30.0,
            "workers that were killed begin anew with less; caches fill until the next switch"),
    Measure("own memory, MB", lambda h: h.own / _MB, 0.1, 30.0, "the same"),
    Measure("descriptors", lambda h: h.descriptors, 0.05, 10, "connections come and go between two looks"),
    Measure("threads", lambda h: h.threads, 0.0, 3, "a worker that begins anew has fewer for a moment"),
    Measure("processes", lambda h: h.processes, 0.0, 0, "none"),
)  # fmt: skip
"""What must stay level; a tolerance is the larger one of a share and a number."""


@dataclass(frozen=True)
class Soaked:
    """What a run came to."""

    samples: Sequence[Sample]
    before: Held
    after: Held
    answered: Mapping[str, int]
    refused: Mapping[str, int]
    amiss: Mapping[str, int]
    switches: int
    left: int
    rest: float

    @property
    def seconds(self) -> float:
        """How long it went on."""
        return self.samples[-1].seconds

    def spans(self, measure: Measure) -> tuple[float, float]:
        """The medians of the first span that counts and of the last."""
        begin = self.seconds * (SETTLED if self.seconds < _LONG else _LONG_SETTLED)
        first = [measure.read(s.held) for s in self.samples if begin <= s.seconds < begin + SPAN * self.seconds]
        last = [measure.read(s.held) for s in self.samples if s.seconds >= (1 - SPAN) * self.seconds]
        return statistics.median(first), statistics.median(last)

    def grown(self) -> list[str]:
        """What did not stay level."""
        spans = ((measure, *self.spans(measure)) for measure in MEASURES)
        return [measure.name for measure, first, last in spans if last > measure.allowed(first)]

    @property
    def is_good(self) -> bool:
        """Whether everything stayed level and every answer was right."""
        return not self.grown() and not self.amiss


HEAD = """\
# A long soak

*Written by `benchmarks/soak.py`{date}; not edited by hand.*

{minutes:.1f} minutes of `kgpub serve` as it is, over a graph of about {triples:,} triples, among all kinds of clients
together:

- readers of pages in both languages, of data in every format, of search, suggestions, SPARQL ({answered:,} requests);
- clients that ask for what never ends, what is malformed, forbidden or not there ({refused:,});
- clients that hang up in the midst of a query, of an answer, of their own words ({left:,});
- and a switch to the other snapshot every 10 seconds ({switches:,}).

The machine ({cores} cores) was shared with other work.

![What was held over time]({picture})

Compared are the medians of two spans of the same length under the same load: one after everything has settled, and the
last one. Own memory is that of no file (`Pss_Anon`): how much of the pages of libraries and snapshots falls to a
process depends on who else has them open. Its peaks are hostile queries, up to the limit of their memory. A snapshot
that was in service stays open for a minute, for answers under way, so some are always open.

| held | settled | at the end | at most | why so much | |
|---|--:|--:|--:|---|---|
"""


def page(soaked: Soaked, date: str, triples: int, picture: str) -> str:
    """The page of documentation."""
    head = HEAD.format(
        date=f" on {date}" if date else "", minutes=soaked.seconds / 60, triples=triples, picture=picture,
        answered=sum(soaked.answered.values()), refused=sum(soaked.refused.values()), left=soaked.left,
        switches=soaked.switches, cores=os.cpu_count(),
    )  # fmt: skip
    return head + "".join(f"{line}\n" for line in _lines(soaked))


def _lines(soaked: Soaked) -> Iterator[str]:
    bad = soaked.grown()
    for measure in MEASURES:
        first, last = soaked.spans(measure)
        verdict = "**grew**" if measure.name in bad else "level"
        most = measure.allowed(first)
        yield f"| {measure.name} | {first:,.0f} | {last:,.0f} | {most:,.0f} | {measure.why} | {verdict} |"
    if soaked.rest:
        before, after = (
            ", ".join(f"{measure.name} {measure.read(held):,.0f}" for measure in MEASURES)
            for held in (soaked.before, soaked.after)
        )
        yield f"\nAfter the first answer: {before}; after {soaked.rest:.0f} seconds of rest at the end: {after}."
    yield f"\nAnswers that were not as they should be: {_counts(soaked.amiss)}.\n"
    yield "| good requests | times |\n|---|--:|"
    yield from (f"| {kind} | {times:,} |" for kind, times in sorted(soaked.answered.items()))
    yield "\n| bad requests | answer | times |\n|---|---|--:|"
    yield from (f"| {kind.replace(': ', ' | ')} | {times:,} |" for kind, times in sorted(soaked.refused.items()))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{times} × {what}" for what, times in counts.items()) or "none"


def drawn(soaked: Soaked) -> str:
    """Memory and descriptors over time, one below the other, as a picture in SVG."""
    panels = "".join(_panel(soaked, measure, n) for n, measure in enumerate(MEASURES[1:3]))
    high = _TOP + 2 * (_HIGH + _GAP)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}" '
        'font-family="sans-serif" font-size="12">\n'
        f"<title>Memory and descriptors over {soaked.seconds / 60:.0f} minutes</title>\n"
        f'<rect width="{_WIDE}" height="{high}" fill="#ffffff"/>\n{panels}</svg>\n'
    )


def _panel(soaked: Soaked, measure: Measure, number: int) -> str:
    """A panel: its name, the line, zero, the most, and the minutes; its axis begins at zero, so growth is as it is."""
    values = [measure.read(sample.held) for sample in soaked.samples]
    most, bottom = max(*values, 1.0) * 1.1, _TOP + number * (_HIGH + _GAP) + _HIGH
    wide = _WIDE - _LEFT - 16

    def height(value: float) -> str:
        return f"{bottom - _HIGH * value / most:.1f}"

    points = " ".join(
        f"{_LEFT + wide * sample.seconds / soaked.seconds:.1f},{height(value)}"
        for sample, value in zip(soaked.samples, values, strict=True)
    )
    ticks = "".join(
        f'<text x="{_LEFT - 6}" y="{height(value)}" dy="4" text-anchor="end" fill="#444">{value:,.0f}</text>'
        f'<path d="M{_LEFT} {height(value)}h{wide}" stroke="#ddd"/>\n'
        for value in (0.0, max(values) / 2, max(values))
    )
    minutes = "".join(
        f'<text x="{_LEFT + wide * share:.0f}" y="{bottom + 16}" text-anchor="middle" fill="#444">'
        f"{share * soaked.seconds / 60:.3g} min</text>\n"
        for share in (0.0, 0.25, 0.5, 0.75, 0.95)
    )
    name = f'<text x="{_LEFT}" y="{bottom - _HIGH - 8}" font-weight="bold" fill="#222">{measure.name}</text>\n'
    line = f'<polyline points="{points}" fill="none" stroke="#1f5f8b" stroke-width="1.5"/>\n'
    return f"{name}{ticks}{minutes}{line}"
