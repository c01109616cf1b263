"""Where the reports of commands go: to the terminal, to stdout or to a file."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from kgpub.cli.words import out
from kgpub.errors import SettingsError
from kgpub.logs.asked import Form
from kgpub.logs.entries import Log
from kgpub.logs.excerpts import Texts
from kgpub.logs.writing import Look, into, shown, written
from kgpub.model import Labels
from kgpub.settings import Settings


def report(log: Log, form: Form, look: Look, texts: Texts, output: Path | None, as_json: Callable[[], str]) -> None:
    """Write a log as it is asked for; raises ``SettingsError`` where the file cannot be written."""
    if output is None:
        if form is Form.TEXT:
            shown(log, look, texts, out)
        else:
            sys.stdout.write(as_json() if form is Form.JSON else written(log, form, look, texts))
        return
    try:
        with output.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            _write(file, log, form, look, texts, as_json)
    except OSError as error:
        raise SettingsError(f"{output}: cannot be written: {error.strerror or error}") from error


def _write(file: IO[str], log: Log, form: Form, look: Look, texts: Texts, as_json: Callable[[], str]) -> None:
    if form is Form.TEXT:
        shown(log, look, texts, into(file))
    else:
        file.write(as_json() if form is Form.JSON else written(log, form, look, texts))


def from_here(site: Path) -> Path:
    """A site folder as seen from the current folder, where it lies below it."""
    here = Path.cwd()
    return site.relative_to(here) if site.is_absolute() and site.is_relative_to(here) else site


def title(settings: Settings) -> Labels:
    """The site's title in every language that it has."""
    return {"": settings.title} if isinstance(settings.title, str) else settings.title


def languages(language: str, settings: Settings) -> tuple[str, ...]:
    """The reader's languages: the one that is asked for, then the site's."""
    return (language, *settings.languages) if language else settings.languages
