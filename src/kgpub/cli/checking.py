"""``kgpub check``: what a careful reviewer would say. Heavy imports stand inside."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgpub.cli.options import Format, GroupBy, Language, Limit, Output, Site, Strict, flags
from kgpub.cli.words import forgiven, warn
from kgpub.logs.asked import By, Form
from kgpub.settings import Settings, load

if TYPE_CHECKING:
    from kgpub.logs.entries import Log
    from kgpub.logs.writing import Look
    from kgpub.review import Review


class Grave(StrEnum):
    """From which severity on a review fails."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


FailOn = Annotated[Grave, typer.Option(help="Exit with 1 from this severity on.")]


def check(
    site: Site = Path(),
    format: Format = Form.TEXT,
    language: Language = "",
    fail_on: FailOn = Grave.ERROR,
    group_by: GroupBy = By.NONE,
    limit: Limit = 0,
    output: Output = None,
    strict: Strict = False,
) -> None:
    """Say what a careful reviewer would say of the site before it is published; rules in [check]."""
    from kgpub.review import review, writing  # noqa: PLC0415 # imports rdflib and pySHACL

    settings = load(site, flags(strict))
    found = review(settings)
    look = look_of(settings, site, language, fail_on, group_by, limit)
    tell(found, writing.log(found), settings, look, format, output)


def look_of(settings: Settings, site: Path, language: str, fail_on: Grave, by: By, limit: int | None) -> "Look":
    """How a review is to be shown."""
    from kgpub.cli import reporting  # noqa: PLC0415 # --help stays quick
    from kgpub.logs.writing import Look  # noqa: PLC0415 # --help stays quick

    languages = reporting.languages(language, settings)
    return Look(languages, reporting.from_here(site), fail_on, by, limit, reporting.title(settings))


def tell(found: "Review", log: "Log", settings: Settings, look: "Look", form: Form, output: Path | None) -> None:
    """Write a review as it is asked for, and end with 1 where it fails."""
    from kgpub.cli import reporting  # noqa: PLC0415 # --help stays quick
    from kgpub.logs.excerpts import texts_of  # noqa: PLC0415 # --help stays quick
    from kgpub.review import writing  # noqa: PLC0415 # imports rdflib and pySHACL
    from kgpub.source import files  # noqa: PLC0415 # --help stays quick

    warn(forgiven(found.notes, look.languages))
    texts = texts_of(files(settings), settings.folder)
    reporting.report(log, form, look, texts, output, lambda: writing.as_json(found))
    if found.fails(look.fail_on):
        raise typer.Exit(1)
