"""``kgpub shapes``: what is to be said of the shapes themselves. Heavy imports stand inside."""

from pathlib import Path

import typer

from kgpub.cli.checking import FailOn, Grave, look_of, tell
from kgpub.cli.options import Format, GroupBy, Language, Limit, Output, Site, Strict, flags
from kgpub.logs.asked import By, Form
from kgpub.settings import load

shapes = typer.Typer(no_args_is_help=True, help="What is to be said of the SHACL shapes themselves.")


@shapes.callback()
def _group() -> None:
    """What is to be said of the SHACL shapes themselves."""


@shapes.command(epilog="Example: kgpub shapes lint --format github · Exit code 1 from --fail-on on.")
def lint(
    site: Site = Path(),
    format: Format = Form.TEXT,
    language: Language = "",
    fail_on: FailOn = Grave.ERROR,
    group_by: GroupBy = By.NONE,
    limit: Limit = 0,
    output: Output = None,
    strict: Strict = False,
) -> None:
    """Say what engines pass over in silence: targets without nodes, slips in terms, shapes without messages."""
    from kgpub.review import OF_SHAPES, writing  # noqa: PLC0415 # imports rdflib and pySHACL
    from kgpub.review import lint as judge  # noqa: PLC0415 # imports rdflib and pySHACL

    settings = load(site, flags(strict))
    found = judge(settings)
    look = look_of(settings, site, language, fail_on, group_by, limit)
    tell(found, writing.log(found, "kgpub shapes lint", OF_SHAPES), settings, look, format, output)
