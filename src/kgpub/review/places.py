"""Where exactly a case stands: the words on the line, found by reading the file once more as text.

The parser tells the line on which a statement's object ends; its subject and predicate may stand further up.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from kgpub.logs.excerpts import Texts
from kgpub.reading.kinds import extension
from kgpub.review.findings import Case, Place

_WINDOW = 80
"""Lines above the end of a statement that may hold its subject."""
_LONGEST = 20_000
"""Bytes of a line that are searched; of what stands behind, only the line is told."""
_PREFIX = re.compile(r"""(?:@?prefix\s+|xmlns:|")([\w.-]*)(?::\s*<|"\s*:\s*"|=")([^>"\s]+)[>"]""", re.IGNORECASE)
"""A prefix as Turtle, SPARQL, XML and JSON-LD declare it."""
_TURTLE = (".ttl", ".trig", ".nt", ".nq")
_NAME = re.compile(r"(?<![\w:.-])([A-Za-z][\w.-]*)?:((?:[^\W]|[.:%-](?=[\w:%-]))*)")
_NOT_SAID = re.compile(r"\s*(?:#|@?(?:prefix|base)\b)", re.IGNORECASE)
"""Lines of Turtle that hold no statement."""


class _Line(NamedTuple):
    """One line of a file."""

    number: int
    text: str


class _Span(NamedTuple):
    """A part of a line, and the prefix where it is a prefixed name."""

    start: int
    end: int
    prefix: str | None = None


class Placed(NamedTuple):
    """A case and its place; what is ``new`` of it can stand there as it is."""

    case: Case
    place: Place


@dataclass
class _Reading:
    """A file while it is read: the lines above, and the prefixes declared so far with their lines."""

    base: str
    is_turtle: bool
    window: deque[_Line] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    prefixes: dict[str, str] = field(default_factory=dict)
    declared: dict[str, _Line] = field(default_factory=dict)

    def add(self, line: _Line) -> None:
        """Take the next line."""
        self.window.append(line)
        for found in _PREFIX.finditer(line.text):
            self.prefixes[found[1]] = self._absolute(found[2])
            self.declared.setdefault(self._absolute(found[2]), line)

    def place(self, case: Case) -> Placed:
        """Where a case stands, with columns where what is meant stands there once, and what belongs there."""
        declared = self.declared.get(case.namespace)
        if declared is not None:
            named = re.finditer(re.escape(case.namespace), declared.text)
            return self._placed(case, declared, [_Span(*found.span()) for found in named])
        for line in reversed(self.window):
            says_nothing = self.is_turtle and _NOT_SAID.match(line.text)
            spans = [] if says_nothing else list(self._spans(case, line.text))
            if spans:
                new = case.new + case.iri.removeprefix(case.namespace) if case.namespace else case.new
                return self._placed(replace(case, new=new), line, spans)
        return Placed(case, Place(case.file, case.line))

    def _placed(self, case: Case, line: _Line, spans: list[_Span]) -> Placed:
        if len(spans) != 1:
            return Placed(case, Place(case.file, line.number))
        place = Place(case.file, line.number, spans[0].start + 1, spans[0].end + 1)
        return Placed(replace(case, new=self._written(case.new, spans[0].prefix)), place)

    def _written(self, new: str, prefix: str | None) -> str:
        """An IRI that stands in place of a prefixed name is one too, where it has the same namespace."""
        if prefix is None or not new:
            return new
        space = self.prefixes[prefix]
        return f"{prefix}:{new.removeprefix(space)}" if new.startswith(space) else f"<{new}>"

    def _spans(self, case: Case, text: str) -> Iterator[_Span]:
        """The parts of a line that are the IRI or the text of a case."""
        if case.text:
            pattern = rf"""(?<=["'>]){re.escape(case.text)}(?=["'<])"""
            yield from (_Span(*found.span()) for found in re.finditer(pattern, text))
        if not case.iri:
            return
        for form in dict.fromkeys((case.iri, case.iri.removeprefix(self.base))):
            if form:
                yield from (_Span(*found.span(1)) for found in re.finditer(rf'[<"]({re.escape(form)})[>"]', text))
        for found in _NAME.finditer(text):
            prefix = found[1] or ""
            if prefix in self.prefixes and self.prefixes[prefix] + found[2] == case.iri:
                yield _Span(*found.span(), prefix)

    def _absolute(self, iri: str) -> str:
        return iri if re.match(r"[A-Za-z][\w+.-]*:", iri) else self.base + iri


def placed(cases: Sequence[Case], texts: Texts, base: str) -> Iterator[Placed]:
    """Every case with its place; each file is read once, and only as far as it is needed."""
    ordered = sorted(cases, key=lambda case: (case.file, case.line or 0))
    for file, group in groupby(ordered, key=lambda case: case.file):
        waiting = deque(group)
        while waiting and waiting[0].line is None:
            yield Placed(waiting.popleft(), Place(file))
        if waiting:
            yield from _in_file(waiting, file, texts, base)


def _in_file(waiting: deque[Case], file: str, texts: Texts, base: str) -> Iterator[Placed]:
    reading = _Reading(base, extension(Path(file)).lower().startswith(_TURTLE))
    for number, line in enumerate(texts(file), 1):
        reading.add(_Line(number, line[:_LONGEST]))
        while waiting and (waiting[0].line or 0) <= number:
            yield reading.place(waiting.popleft())
        if not waiting:
            return
    yield from (Placed(case, Place(case.file, case.line)) for case in waiting)
