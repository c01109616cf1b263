"""``kgpub check``: what a careful reviewer would say. Heavy imports stand inside."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kgpub.cli.options import Format, GroupBy, Language, Limit, Output, Site, Strict, flags
from kgpub.cli.words import forgiven, warn
from kgpub.logs.asked import By, Form
from kgpub.settings import load


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
    from kgpub.cli import reporting  # noqa: PLC0415 # --help stays quick
    from kgpub.logs.excerpts import texts_of  # noqa: PLC0415 # --help stays quick
    from kgpub.logs.writing import Look  # noqa: PLC0415 # --help stays quick
    from kgpub.review import review, writing  # noqa: PLC0415 # imports rdflib and pySHACL
    from kgpub.source import files  # noqa: PLC0415 # --help stays quick

    settings = load(site, flags(strict))
    found = review(settings)
    languages = reporting.languages(language, settings)
    warn(forgiven(found.notes, languages))
    look = Look(languages, reporting.from_here(site), fail_on, group_by, limit, reporting.title(settings))
    texts = texts_of(files(settings), settings.folder)
    reporting.report(writing.log(found), format, look, texts, output, lambda: writing.as_json(found))
    if found.fails(fail_on):
        raise typer.Exit(1)
