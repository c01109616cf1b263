"""``kgpub diff``: what differs between two sites, snapshots or files of RDF. Heavy imports stand inside."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from kgpub.represent.difference import Telling
    from kgpub.settings import Settings

_COLOURS = {"added": "green", "removed": "red", "changed": "yellow", "moved": "cyan"}


class Form(StrEnum):
    """How a difference is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    PATCH = "patch"


Side_ = Annotated[Path, typer.Argument(help="A site folder, a snapshot's folder, or a file or folder of RDF.")]


def diff(
    old: Side_,
    new: Side_,
    format: Annotated[Form, typer.Option("--format", "-f", help="How to write the answer.")] = Form.TEXT,
    language: Annotated[str, typer.Option("--lang", help="Language of words and labels.")] = "",
    merge: Annotated[bool, typer.Option("--merge", help="Pass over the names of graphs.")] = False,
    base: Annotated[str, typer.Option(help="Base of relative IRIs in plain RDF.")] = "",
) -> None:
    """Tell thing by thing what differs: exit code 0 if nothing does, 1 if something does."""
    from kgpub.difference import compared  # noqa: PLC0415 # --help stays quick
    from kgpub.difference.inputs import opened  # noqa: PLC0415 # --help stays quick
    from kgpub.iris import Iris  # noqa: PLC0415 # --help stays quick
    from kgpub.represent.difference import Telling  # noqa: PLC0415 # only this command needs it
    from kgpub.represent.locale import voice  # noqa: PLC0415 # only this command needs it
    from kgpub.settings import STANDARD_PREFIXES  # noqa: PLC0415 # --help stays quick

    first, second = opened(old, base), opened(new, base)
    site = second.site or first.site
    spoken = site.languages if site else ("en", "ka")
    languages = (language, *(tag for tag in spoken if tag != language)) if language else spoken
    iris = Iris(site.base, prefixes=site.all_prefixes) if site else Iris(base, prefixes=STANDARD_PREFIXES)
    with compared(first, second, _naming(site), merge=merge) as found:
        _write(Telling(found, voice(languages[0]), languages, iris), format)
        differ = found.counts.differ
    if differ:
        raise typer.Exit(1)


def _naming(site: "Settings | None") -> tuple[str, ...]:
    """The properties that give labels: the site's, else the ones that any site begins with."""
    from kgpub.settings.tables import Vocabulary  # noqa: PLC0415 # --help stays quick

    return site.properties(site.vocabulary.labels) if site else tuple(n for n in Vocabulary().labels if n[0] != "<")


def _write(telling: "Telling", form: Form) -> None:
    """Write the difference; the text in colours on a terminal."""
    from kgpub.represent import difference as say  # noqa: PLC0415 # only this command needs it

    if form is Form.TEXT:
        console = Console(soft_wrap=True, highlight=False)
        for kind, line in say.lines(telling):
            shown = "".join(c if c.isprintable() else "\ufffd" for c in line)
            console.print(Text(shown, style=_COLOURS.get(kind, "")))
        return
    if form is Form.PATCH:
        sys.stdout.writelines(f"{line}\n" for line in telling.difference.patch())
        return
    pieces = say.json_pieces(telling) if form is Form.JSON else [say.markdown(telling)]
    sys.stdout.writelines(pieces)
