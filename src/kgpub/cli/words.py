"""What the command line says, and how: answers to stdout, everything else to stderr, nothing taken for markup."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console

from kgpub.reading.ladder import Note
from kgpub.represent.words import words

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

ORDER = ("violation", "warning", "info")
"""Severities, the gravest first."""


def write_json(value: object) -> None:
    """Write an answer for a machine."""
    sys.stdout.write(json_text(value))


def json_text(value: object) -> str:
    """An answer for a machine."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


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
    """Show on a terminal, at the bottom, the present step, how many it has done and how long it has taken so far.

    How many there will be is not known before the files are read, so the bar moves and does not fill. Elsewhere it is
    silent.
    """
    from rich.progress import (  # noqa: PLC0415 # most commands show no bar
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("…", total=None, done="")
        present = ""

        def tell(step: str, done: int) -> None:
            nonlocal present
            if step != present:
                present = step
                bar.reset(task, total=None)
            bar.update(task, description=plain(step), done=f"{done:,}" if done else "")

        yield tell
