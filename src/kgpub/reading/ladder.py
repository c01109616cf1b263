"""How much has to be forgiven to read a file: nothing, or what is mended and told, or all of it.

The first step is strict. The second mends what is no IRI, resolves what is relative where the format has no base, and
keeps a tag that BCP 47 does not know. Where that is not enough the file is left out, whole: half a file would be a loss
that nobody sees.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kgpub.errors import SourceError
from kgpub.reading import swift
from kgpub.reading.streams import Located, Opening, guarded, quads
from kgpub.reading.tags import with_capitals

_MOST_NOTES = 20
_MOST_TEXT = 200


@dataclass(frozen=True)
class Note:
    """One thing that was forgiven: what was done (a key of the words for it), to what, on which line.

    ``what`` is ``format``, ``encoding``, ``mended``, ``resolved``, ``odd``, ``plain``, ``left out``, ``skipped``, or
    ``more``, whose text is how many are not listed.
    """

    file: str
    line: int | None
    what: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """How a file can be read; ``capitals`` are the language tags, lowered, that it writes with capitals somewhere.

    One that ``is_sound`` is fit for ``swift.quads``; another may be without fault as well.
    """

    notes: tuple[Note, ...] = ()
    mends: bool = False
    skipped: bool = False
    capitals: frozenset[str] = frozenset()
    is_sound: bool = False


@dataclass
class _Notes:
    """Notes while they are taken: each text once, and no more than a page of them."""

    file: str
    taken: list[Note] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _more: Counter[str] = field(default_factory=Counter)

    def take(self, what: str, text: str, line: int | None) -> None:
        key = (what, text[:_MOST_TEXT])
        if key in self._seen:
            return
        if len(self.taken) >= _MOST_NOTES:
            self._more[what] += 1
            return
        self._seen.add(key)
        self.taken.append(Note(self.file, line, what, text[:_MOST_TEXT]))

    def all(self) -> tuple[Note, ...]:
        more = self._more.total()
        return (*self.taken, *([Note(self.file, None, "more", str(more))] if more else []))


def strictly(opening: Opening) -> Outcome:
    """Read a file to its end and forgive nothing; raises ``SourceError`` with its first fault."""
    if opening.kind.differs:
        detail = f"its name promises another format than its content has: {opening.kind.format.name}"
        raise SourceError(opening.name, detail, 1)
    if opening.kind.encoding != "utf-8":
        raise SourceError(opening.name, f"its text is encoded as {opening.kind.encoding}, not as UTF-8", 1)
    if (sound := _sound(opening, ())) is not None:
        return sound
    _check(opening)
    return Outcome(capitals=_capitals(quads(opening)))


def tried(opening: Opening) -> Outcome:
    """Read a file to its end, as strictly as can be, and tell how. Raises ``SourceError`` where it cannot be opened."""
    notes = _Notes(opening.name)
    if opening.kind.differs:
        notes.take("format", opening.kind.format.name, 1)
    if opening.kind.encoding != "utf-8":
        notes.take("encoding", opening.kind.encoding, 1)
    if (sound := _sound(opening, notes.all())) is not None:
        return sound
    try:
        _check(opening)
    except SourceError as error:
        return _skipped(opening, error)
    try:
        return Outcome(notes.all(), capitals=_capitals(quads(opening)))
    except SourceError as error:
        fault = error
    return (
        _skipped(opening, fault)
        if isinstance(fault.__cause__, OSError | MemoryError)
        else _mended(opening, notes, fault)
    )


def _mended(opening: Opening, notes: _Notes, fault: SourceError) -> Outcome:
    """The outcome for a file that has a fault; where no quad tells of it, it may have swallowed some."""
    before = notes.all()
    try:
        found = _capitals(quads(opening, notes.take))
    except SourceError as error:
        return _skipped(opening, error)
    if notes.all() == before:
        return _skipped(opening, fault)
    return Outcome(notes.all(), mends=True, capitals=found)


def _sound(opening: Opening, notes: tuple[Note, ...]) -> Outcome | None:
    """The outcome for a file that is read swiftly to its end; None where it is to be read by the line."""
    tags: set[str] = set()
    try:
        deque(swift.quads(opening, tags), maxlen=0)
    except SourceError:
        return None
    return sound(tags, notes)


def sound(tags: Iterable[str], notes: tuple[Note, ...] = ()) -> Outcome:
    """The outcome for a file that was read swiftly to its end; ``tags`` are those that it writes with capitals."""
    return Outcome(notes, capitals=frozenset(map(str.lower, tags)), is_sound=True)


def _skipped(opening: Opening, error: SourceError) -> Outcome:
    """A file that is left out; raises the error itself where the file is not there to be read."""
    if isinstance(error.__cause__, OSError):
        raise error
    place = f"{opening.name}:{error.line}: " if error.line else f"{opening.name}: "
    return Outcome((Note(opening.name, error.line, "skipped", error.detail.removeprefix(place)),), skipped=True)


def _check(opening: Opening) -> None:
    """Refuse what is no RDF or would take the parser down; raises ``SourceError``."""
    if opening.kind.foreign:
        raise SourceError(opening.name, f"it is {opening.kind.foreign}, which is no RDF", 1)
    guarded(opening)


def _capitals(found: Iterator[Located]) -> frozenset[str]:
    return frozenset(map(str.lower, with_capitals(located.quad for located in found)))
