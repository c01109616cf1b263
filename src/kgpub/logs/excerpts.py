"""The lines of the files that entries are about, and which part of each is meant."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kgpub.errors import SourceError
from kgpub.logs.entries import Entry, Excerpt, shown
from kgpub.source import SourceFile

_SEARCHED = 20_000
"""Characters of a line that are looked at."""
_WIDE = 140
"""Most characters of a line that are shown."""
_BEFORE = 40
"""Characters shown before what is meant, where the line is too long."""

Texts = Callable[[str], Iterable[str]]
"""The lines of a file of the site by its name."""


def texts_of(files: Sequence[SourceFile], folder: Path) -> Texts:
    """The lines of a site's files by name, those of its settings too."""
    known = {file.name: file for file in files}

    def texts(name: str) -> Iterable[str]:
        if name in known:
            return known[name].texts()
        path = folder / name
        return path.read_text("utf-8-sig", "replace").splitlines() if path.is_file() else ()

    return texts


def with_excerpts(entries: Sequence[Entry], texts: Texts) -> tuple[Entry, ...]:
    """The entries with the lines they are about, and with columns where a mark of theirs stands there once.

    Every file is read once, as far as it is needed; of one that cannot be read any more nothing is shown.
    """
    wanted: dict[str, set[int]] = {}
    for one in entries:
        if one.place.file and one.place.line:
            wanted.setdefault(one.place.file, set()).add(one.place.line)
    lines = {(file, number): line for file in wanted for number, line in _lines(texts, file, wanted[file])}
    return tuple(_shown(one, lines.get((one.place.file, one.place.line or 0))) for one in entries)


def _lines(texts: Texts, file: str, wanted: set[int]) -> Iterator[tuple[int, str]]:
    last = max(wanted)
    try:
        for number, line in enumerate(texts(file), 1):
            if number in wanted:
                yield number, line[:_SEARCHED].rstrip("\r\n")
            if number == last:
                return
    except SourceError:
        return


def _shown(one: Entry, line: str | None) -> Entry:
    if line is None:
        return one
    place = one.place
    if place.column is None:
        span = next(_spans(one.marks, line), None)
        if span is not None:
            place = replace(place, column=span[0] + 1, end=span[1] + 1)
    start, end = ((place.column or 1) - 1, (place.end or 1) - 1)
    return replace(one, place=place, excerpt=excerpt(line, start, end))


def _spans(marks: Iterable[str], line: str) -> Iterator[tuple[int, int]]:
    """The spans of those marks that stand on a line once, as words of their own."""
    for mark in marks:
        if mark and mark in line:
            found = list(re.finditer(rf"(?<![\w:]){re.escape(mark)}(?![\w:])", line))
            if len(found) == 1:
                yield found[0].span()


def excerpt(line: str, start: int, end: int) -> Excerpt:
    """A line as it can be shown, with what is meant from ``start`` to before ``end``, in characters.

    It is without the blanks around it, at most ``_WIDE`` characters long, tabs are blanks, and what cannot be seen or
    would do something to a terminal is told by its number.
    """
    text = line.replace("\t", " ")
    first = len(text) - len(text.lstrip())
    if end - first > _WIDE:
        first = max(first, start - _BEFORE)
    last = min(len(text.rstrip()), first + _WIDE)
    start, end = (min(max(place, first), last) for place in (start, end))
    before = ("…" if text[:first].strip() else "") + _seen(text[first:start])
    meant = _seen(text[start:end])
    after = _seen(text[end:last]) + ("…" if text[last:].strip() else "")
    return Excerpt(before + meant + after, len(before), len(before) + len(meant))


def _seen(text: str) -> str:
    return shown(text, len(text))
