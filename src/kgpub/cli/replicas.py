"""``kgpub push`` and ``kgpub pull``: snapshots on other machines. Heavy imports stand inside."""

import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgpub.cli.words import out, plain, progress, warn, write_json
from kgpub.errors import KgpubError
from kgpub.represent.words import words
from kgpub.settings import Settings, load

if TYPE_CHECKING:
    from kgpub.replicas import Outcome

_MEGABYTE = 1e6


class Shape(StrEnum):
    """How it is told."""

    TEXT = "text"
    JSON = "json"


Site_ = Annotated[Path, typer.Argument(help="Site folder: the one with kgpub.toml.")]
Version_ = Annotated[str, typer.Option("--version", help="Which snapshot; the one in service if not given.")]
Force_ = Annotated[bool, typer.Option("--force", help="Also where that is older than what is in service.")]
Shape_ = Annotated[Shape, typer.Option("--format", "-f", help="How to write the answer.")]


def push(
    site: Site_,
    target: Annotated[str, typer.Argument(help="A folder, file://…, s3://bucket/prefix, or another of fsspec's.")],
    version: Version_ = "",
    force: Force_ = False,
    format: Shape_ = Shape.TEXT,
) -> None:
    """Copy a snapshot to a store and put it in service there; what is there already is not sent again."""
    from kgpub import replicas  # noqa: PLC0415 # imports fsspec

    settings = load(site)
    with progress() as tell:
        outcome = replicas.push(settings, replicas.target(target), tell, version, force=force)
    _say("push", outcome, settings, format)


def pull(
    site: Site_,
    source: Annotated[str, typer.Argument(help="A folder, s3://bucket/prefix, https://…, or another of fsspec's.")],
    version: Version_ = "",
    force: Force_ = False,
    watch: Annotated[float, typer.Option(help="Look every so many seconds, and never end.", min=0)] = 0,
    format: Shape_ = Shape.TEXT,
) -> None:
    """Copy a snapshot from a store and put it in service here; servers follow within a second."""
    from kgpub import replicas  # noqa: PLC0415 # imports fsspec

    settings = load(site)
    store = replicas.source(source)

    def once() -> "Outcome":
        with progress() as tell:
            return replicas.pull(settings, store, tell, version, force=force)

    def told(news: "Outcome | KgpubError") -> None:
        if isinstance(news, KgpubError):
            warn([words(settings.languages[0])["replicas.stays"].format(reason=news.detail)])
        else:
            _say("pull", news, settings, format)

    if watch:
        replicas.follow(once, watch, time.sleep, told)
    _say("pull", once(), settings, format)


def _say(way: str, outcome: "Outcome", settings: Settings, format: Shape) -> None:
    """Tell what was done."""
    if format is Shape.JSON:
        write_json(asdict(outcome))
        return
    text = words(settings.languages[0])[f"replicas.{way}.{outcome.done}"]
    said = text.format(version=outcome.version, files=outcome.files, size=f"{outcome.bytes / _MEGABYTE:.1f}")
    out.print(f"[green]✓[/] {plain(said)}", highlight=False)
