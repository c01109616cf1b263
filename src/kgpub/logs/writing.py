"""A log in the form and for the reader that is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import IO

from rich.console import Console

from kgpub.logs.asked import By, Form
from kgpub.logs.entries import Log
from kgpub.logs.excerpts import Texts, with_excerpts
from kgpub.logs.github import annotations
from kgpub.logs.groups import Group, grouped
from kgpub.logs.junit import junit
from kgpub.logs.page import page
from kgpub.logs.sarif import sarif
from kgpub.logs.text import tell
from kgpub.model import Labels

_MOST = {"text": 20, "html": 500}
"""Entries of a group, unless the reader says how many."""

_HERE = PurePath()


@dataclass(frozen=True)
class Look:
    """For whom and how a log is written.

    ``folder`` is the site's, as seen from where the reader of the answer stands: SARIF and GitHub name files from
    there on, the others from the site folder on. ``limit`` is how many entries of a group text and HTML show, all
    with 0, as many as suit the form with None.
    """

    languages: tuple[str, ...]
    folder: PurePath = _HERE
    fail_on: str = ""
    by: By = By.NONE
    limit: int | None = None
    title: Labels = field(default_factory=dict)

    def groups(self, log: Log, form: Form) -> tuple[Group, ...]:
        """What text and HTML show of a log."""
        return grouped(log.open, self.by, _MOST[form] if self.limit is None else self.limit)


def written(log: Log, form: Form, look: Look, texts: Texts) -> str:
    """A log as ``sarif``, ``junit``, ``github`` or ``html``; ``texts`` gives the lines of the files."""
    if form is Form.JUNIT:
        return junit(log, look.languages, look.fail_on)
    if form is Form.HTML:
        groups = _with_excerpts(look.groups(log, form), texts)
        return page(log, groups, look.by, look.languages, look.title)
    full = replace(log, entries=with_excerpts(log.entries, texts))
    if form is Form.SARIF:
        return sarif(full, look.languages, look.folder)
    return "".join(f"{line}\n" for line in annotations(full, look.languages, look.folder))


def shown(log: Log, look: Look, texts: Texts, console: Console) -> None:
    """Write a log for people."""
    tell(log, _with_excerpts(look.groups(log, Form.TEXT), texts), look.by, look.languages, console)


def into(file: IO[str]) -> Console:
    """What writes text into a file, without colours and without breaking lines."""
    return Console(file=file, soft_wrap=True, color_system=None, force_terminal=False)


def _with_excerpts(groups: Sequence[Group], texts: Texts) -> tuple[Group, ...]:
    """The groups, every entry that is shown with its line; each file is read once."""
    entries = iter(with_excerpts([one for group in groups for one in group.entries], texts))
    return tuple(replace(group, entries=tuple(next(entries) for _ in group.entries)) for group in groups)
