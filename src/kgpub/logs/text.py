"""A log for people, on a terminal: place, severity, message, the line of the file, thing, remedy; totals at the end."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from kgpub.logs.asked import By
from kgpub.logs.entries import ERROR, NOTE, WARNING, WHOLE, Entry, Excerpt, Log, said, shown
from kgpub.logs.groups import Group
from kgpub.represent.locale import Voice, voice

_COLOURS = {ERROR: "red", WARNING: "yellow", NOTE: "cyan"}


def tell(log: Log, groups: Sequence[Group], by: By, languages: tuple[str, ...], console: Console) -> None:
    """Write the groups of a log, its notes and its totals; nothing of the data is taken for markup or control."""
    say = voice(languages[0])
    for group in groups:
        if by is not By.NONE:
            console.print(Text(_heading(group, by, say), "bold"), highlight=False)
        for one in group.entries:
            console.print(_told(one, by, languages, say), highlight=False)
        if group.more:
            console.print(Text(say("log.more", count=say.count(group.more)), "dim"), highlight=False)
        if by is not By.NONE:
            console.print()
    for note in log.notes:
        console.print(Text(shown(said(note, languages), WHOLE), "dim"), highlight=False)
    console.print(_total(log, say), highlight=False)


def _heading(group: Group, by: By, say: Voice) -> str:
    name = severity(group.name, say) if by is By.SEVERITY else shown(group.name, WHOLE)
    return f"{name or say(f'log.none.{by}')}  ({say.count(group.count)})"


def severity(name: str, say: Voice) -> str:
    """The word for a severity of any command."""
    words = {
        "violation": "severity.violation",
        "warning": "severity.warning",
        "info": "severity.info",
        "error": "severity.error",
        "note": "severity.note",
    }
    return say(words[name])


def _told(one: Entry, by: By, languages: tuple[str, ...], say: Voice) -> Text:
    place = shown(str(one.place), WHOLE) or one.rule
    message = shown(one.message(languages), WHOLE)
    told = Text.assemble(place, ": ", (severity(one.severity, say), _COLOURS[one.level]), ": ", message)
    if one.excerpt:
        for line in _quoted(one.excerpt, str(one.place.line)):
            told.append("\n").append_text(line)
    shape = one.shape if by is not By.SHAPE else ""
    parts = (one.rule, one.about, *one.details, f"({shape})" if shape else "")
    told.append("\n    " + "  ".join(shown(part) for part in parts if part), "dim")
    if one.fix:
        told.append("\n    " + say("log.fix", fix=shown(one.fix)), "green")
    return told


def _quoted(excerpt: Excerpt, number: str) -> Iterator[Text]:
    """The line of the file beside its number, and a marker below what is meant."""
    yield Text.assemble((f"    {number} │ ", "blue"), excerpt.text)
    if excerpt.end > excerpt.start:
        blank = " " * cell_len(excerpt.text[: excerpt.start])
        below = "^" * max(1, cell_len(excerpt.text[excerpt.start : excerpt.end]))
        yield Text.assemble((f"    {' ' * len(number)} │ ", "blue"), blank, (below, "red"))


def _total(log: Log, say: Voice) -> Text:
    counts = ", ".join(f"{say(f'log.counted.{name}')}: {say.count(log.count(name))}" for name in log.severities)
    fails = log.fails(next(iter(log.severities)))
    return Text.assemble(("✗" if fails else "✓", "red" if fails else "green"), " ", counts)
