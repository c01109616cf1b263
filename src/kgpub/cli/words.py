"""What the command line says, and how: answers to stdout, everything else to stderr, nothing taken for markup."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console

from kgpub.model import Finding, Report, pick
from kgpub.reading.ladder import Note
from kgpub.represent.words import words

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

ORDER = ("violation", "warning", "info")
"""Severities, the gravest first."""
_COLOURS = {"violation": "red", "warning": "yellow", "info": "cyan"}


def write_json(value: object) -> None:
    """Write an answer for a machine."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def plain(text: str) -> str:
    """The text with nothing that the terminal would take for markup or control."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text).replace("[", r"\[")


def warn(lines: Iterable[str]) -> None:
    """Write lines that somebody should read, whatever else is printed."""
    for line in lines:
        err.print(f"[yellow]![/] {plain(line)}", highlight=False)


def forgiven(notes: Iterable[Note], languages: tuple[str, ...]) -> Iterator[str]:
    """What was forgiven in the files, a line each: file, line, what was done and to what."""
    said = words(languages[0])
    for note in notes:
        place = f"{note.file}:{note.line}" if note.line else note.file
        yield f"{place}: {said[f'reading.{note.what}'].format(text=note.text)}"


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """Show the present step on a terminal; elsewhere stay silent."""
    with err.status("…") as status:
        yield lambda step, done: status.update(f"{plain(step)}{f'  {done:,}' if done else ''}")


def show(report: Report, languages: tuple[str, ...], console: Console = out) -> None:
    """Write a report for people: place, severity, message, thing."""
    for finding in report.findings:
        message = pick(finding.messages, languages)
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        colour = _COLOURS.get(finding.severity, "red")
        console.print(f"{plain(place)}: [{colour}]{finding.severity}[/]: {plain(message.value if message else '')}")
        console.print(f"    [dim]{plain(_about(finding))}[/]", highlight=False)
    counts = ", ".join(f"{report.count(s)} {s}{'s' if report.count(s) != 1 and s != 'info' else ''}" for s in ORDER)
    console.print(f"{'[green]✓[/] conforms' if report.conforms else '[red]✗[/] does not conform'}: {counts}")


def _about(finding: Finding) -> str:
    parts = (finding.focus, finding.path, finding.value, f"({finding.shape})" if finding.shape else "")
    return "  ".join(part for part in parts if part)
