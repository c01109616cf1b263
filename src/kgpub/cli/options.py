"""Options that several commands have, and what they stand for."""

from pathlib import Path
from typing import Annotated, Any

import typer

from kgpub.logs.asked import By, Form

Site = Annotated[Path, typer.Argument(help="Site folder: the one with kgpub.toml.", show_default="the current folder")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse files that have anything to mend or to leave out, as CI should.")
]
Format = Annotated[Form, typer.Option("--format", "-f", help="How to write the report.")]
Language = Annotated[str, typer.Option("--lang", help="Language of the messages.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="File to write to.", show_default="stdout")]
GroupBy = Annotated[By, typer.Option(help="What text and HTML put together.")]
Limit = Annotated[
    int | None,
    typer.Option(help="Most entries of a group in text and HTML; 0 shows all.", min=0, show_default="20, in HTML 500"),
]


def flags(strict: bool) -> dict[str, Any]:  # Any: a table of settings
    """The settings that ``--strict`` stands for."""
    return {"reading": {"strict": True}} if strict else {}
