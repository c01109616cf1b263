"""A log as workflow commands of GitHub Actions."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from kgpub.logs.entries import ERROR, NOTE, WARNING, Log, said

_COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}


def annotations(log: Log, languages: tuple[str, ...], folder: PurePath) -> Iterator[str]:
    """One workflow command per entry that somebody has to look at: ``::error file=…,line=…,title=…::message``."""
    for one in log.open:
        place = one.place
        values = {
            "file": (folder / place.file).as_posix() if place.file else None,
            "line": place.line,
            "col": place.column,
            "endColumn": place.end,
            "title": one.rule,
        }
        yield _command(_COMMANDS[one.level], values, one.message(languages))
    for note in log.notes:
        yield _command("notice", {}, said(note, languages))


def _command(name: str, values: Mapping[str, str | int | None], text: str) -> str:
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in values.items() if value is not None)
    return f"::{name} {properties}".rstrip() + f"::{_data(text)}"


def _data(text: str) -> str:
    """A message as a workflow command takes it: on one line, so that none of it is read as another command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
