"""What a command has to say about files, whichever command it is: entries, their rules, and what else is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kgpub.model import Labels, pick

ERROR, WARNING, NOTE = "error", "warning", "note"
LEVELS = (ERROR, WARNING, NOTE)
"""How much an entry matters, the gravest first; SARIF's levels have the same names (SARIF 2.1.0 section 3.27.10)."""
NEW, KNOWN, GONE = "new", "unchanged", "absent"
"""How an entry stands to a baseline, in the words of SARIF 2.1.0 section 3.27.24."""
LONGEST = 120
"""Most characters of a text of the data that a message repeats."""
WHOLE = 2_000
"""Most characters of an IRI that an entry is about, of a fix, and of a message that somebody else wrote."""


@dataclass(frozen=True)
class Place:
    """Where in the site something is: file, line and columns (from 1, in code points; ``end`` is the one after).

    ``line`` is None where it is not known. Columns are given only where what is meant stands exactly once on the
    line.
    """

    file: str = ""
    line: int | None = None
    column: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        """As compilers write it: file and line."""
        return f"{self.file}:{self.line}" if self.line else self.file


NOWHERE = Place()


@dataclass(frozen=True)
class Excerpt:
    """A line of a file as it can be shown: cut, nothing in it that cannot be seen; ``start`` to ``end`` is meant."""

    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Rule:
    """A rule that entries are of: its id, what it is about, its level unless an entry says otherwise, its family."""

    id: str
    titles: Labels
    level: str
    family: str


@dataclass(frozen=True)
class Entry:
    """One thing that is said: rule, severity in the command's own words and as a level, messages per language, place.

    ``about`` is the IRI of the thing. ``details`` is what else is known of it, ``marks`` are the texts that may be
    meant on its line. ``fix`` belongs in place of what is wrong; ``shape`` and ``key`` are empty where there is none.
    """

    rule: str
    severity: str
    level: str
    messages: Labels
    about: str = ""
    place: Place = NOWHERE
    fix: str = ""
    details: tuple[str, ...] = ()
    shape: str = ""
    marks: tuple[str, ...] = ()
    excerpt: Excerpt | None = None
    state: str = ""
    key: str = ""

    def message(self, languages: tuple[str, ...]) -> str:
        """The message for a reader; the rule's name where there is none."""
        found = pick(self.messages, languages)
        return found.value if found else self.rule


@dataclass(frozen=True)
class Log:
    """All that a command says: ``notes`` are sentences besides the entries, ``severities`` the names of its levels."""

    command: str
    entries: tuple[Entry, ...]
    rules: tuple[Rule, ...]
    notes: tuple[Labels, ...] = ()
    severities: Mapping[str, str] = field(default_factory=lambda: {level: level for level in LEVELS})

    def count(self, severity: str) -> int:
        """How many entries of this severity there are that no baseline knows."""
        return sum(one.severity == severity for one in self.open)

    @property
    def open(self) -> tuple[Entry, ...]:
        """The entries that somebody has to look at: those that no baseline knows."""
        return tuple(one for one in self.entries if one.state in {"", NEW})

    def fails(self, severity: str) -> bool:
        """Whether somebody has to look at an entry of this severity or a graver one."""
        names = tuple(self.severities)
        return any(self.count(name) for name in names[: names.index(severity) + 1])


def shown(text: str, most: int = LONGEST) -> str:
    """A text of the data for a message: cut, on one line, and every character that cannot be seen by its number."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else f"⟨U+{ord(c):04X}⟩" for c in cut)


def said(labels: Labels, languages: tuple[str, ...]) -> str:
    """A text for a reader; nothing where there is none."""
    found = pick(labels, languages)
    return found.value if found else ""
