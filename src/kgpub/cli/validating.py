"""``kgpub validate``: does the data keep to its shapes? Heavy imports stand inside."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from kgpub.cli.options import Format, GroupBy, Language, Limit, Output, Site, Strict, flags
from kgpub.cli.words import ORDER, err, forgiven, json_text, plain, warn
from kgpub.errors import SettingsError
from kgpub.logs.asked import By, Form
from kgpub.model import Report
from kgpub.represent.words import words
from kgpub.settings import Settings, load

if TYPE_CHECKING:
    from kgpub.findings.baseline import Compared, Key
    from kgpub.reading.ladder import Note
    from kgpub.revalidation.ledger import Memory
    from kgpub.revalidation.renewal import Taken
    from kgpub.source import SourceFile
    from kgpub.validate import Outcome


class Severity(StrEnum):
    """From which severity on validation fails."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class Way(StrEnum):
    """How the focus nodes are gone through; the results are the same."""

    AUTO = "auto"
    FULL = "full"


Baseline = Annotated[Path | None, typer.Option(help="Findings of before, which hold nobody up: only new ones count.")]
WriteBaseline = Annotated[Path | None, typer.Option(help="Write all findings to this file, for --baseline.")]


def validate(
    site: Site = Path(),
    format: Format = Form.TEXT,
    language: Language = "",
    fail_on: Annotated[Severity, typer.Option(help="Exit with 1 from this severity on.")] = Severity.VIOLATION,
    group_by: GroupBy = By.SHAPE,
    limit: Limit = None,
    output: Output = None,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = None,
    engine: Annotated[Way, typer.Option(help="auto: only where SPARQL sees cause; full: everywhere.")] = Way.AUTO,
    verify: Annotated[bool, typer.Option("--verify", help="Run both engines; exit with 4 if they differ.")] = False,
    strict: Strict = False,
    full: Annotated[
        bool, typer.Option("--full", help="Validate from scratch; take nothing over from the last run.")
    ] = False,
) -> None:
    """Check the data against its shapes; every result with file and line."""
    from kgpub.cli import reporting  # noqa: PLC0415 # --help stays quick
    from kgpub.findings.baseline import keys  # noqa: PLC0415 # imports rdflib
    from kgpub.logs import excerpts, validation, writing  # noqa: PLC0415 # --help stays quick
    from kgpub.source import notes  # noqa: PLC0415 # --help stays quick

    settings = load(site, flags(strict))
    languages = reporting.languages(language, settings)
    found, outcome = _both(settings) if verify else _examined(settings, engine, languages, full=full)
    forgave = notes(found)
    warn(forgiven(forgave, languages))
    warn(outcome.remarks)
    known = keys(outcome.report.findings, outcome.anchors.of)
    held = _held(known, baseline, write_baseline)
    log = validation.log(outcome.report.findings, settings.iris, known, held)
    look = writing.Look(languages, reporting.from_here(site), fail_on, group_by, limit, reporting.title(settings))
    as_json = lambda: _json(outcome.report, forgave, held)  # noqa: E731 # written only if asked for
    reporting.report(log, format, look, excerpts.texts_of(found, settings.folder), output, as_json)
    if not outcome.agrees:
        raise typer.Exit(4)
    if log.fails(fail_on):
        raise typer.Exit(1)


def _both(settings: Settings) -> "tuple[tuple[SourceFile, ...], Outcome]":
    """The files, and what both engines say of them."""
    from kgpub.source import files  # noqa: PLC0415 # --help stays quick
    from kgpub.validate import verify  # noqa: PLC0415 # imports rdflib and pySHACL

    found = files(settings)
    return found, verify(found, settings)


def _examined(
    settings: Settings, engine: Way, languages: tuple[str, ...], *, full: bool
) -> "tuple[tuple[SourceFile, ...], Outcome]":
    """The files, and what an engine says of them; the compiled one takes over what it can, and that is said."""
    from kgpub.source import files  # noqa: PLC0415 # --help stays quick
    from kgpub.validate import Engine, examine  # noqa: PLC0415 # imports rdflib and pySHACL

    found = files(settings)
    if engine is Way.FULL:
        return found, examine(found, settings, Engine.FULL)
    memory = remembered(settings, full=full)
    found = memory.recognised(found, settings)
    outcome = examine(found, settings, Engine.AUTO, memory)
    tell(outcome.taken, memory, languages)
    return found, outcome


def remembered(settings: Settings, *, full: bool) -> "Memory":
    """The ledger of a site's validations; a ``full`` run takes nothing over from it, and writes it anew."""
    from kgpub.revalidation.ledger import FOLDER, Memory  # noqa: PLC0415 # imports rdflib

    return Memory(settings.snapshots_folder / FOLDER, full)


def tell(taken: "Taken | None", memory: "Memory", languages: tuple[str, ...]) -> None:
    """Say what was taken over from the last run, and if nothing could be kept for the next."""
    from kgpub.revalidation.ledger import LARGE  # noqa: PLC0415 # imports rdflib

    said = words(languages[0])
    if taken is not None:
        err.print(plain(said["validation.taken"].format(whole=taken.whole, **asdict(taken))), highlight=False)
    if memory.lost:
        key = "validation.large" if memory.lost == LARGE else "validation.lost"
        warn([said[key].format(reason=memory.lost)])


def _held(known: "tuple[Key, ...]", baseline: Path | None, write: Path | None) -> "Compared | None":
    """The findings held against a baseline, the one that is written where no other is named."""
    from kgpub.findings.baseline import compared, read, text  # noqa: PLC0415 # imports rdflib

    before = read(baseline) if baseline else None
    if write:
        try:
            write.write_text(text(known), "utf-8", newline="\n")
        except OSError as error:
            raise SettingsError(f"{write}: cannot be written: {error.strerror or error}") from error
        before = read(write) if before is None else before
    return None if before is None else compared(known, before)


def _json(report: Report, forgave: "tuple[Note, ...]", held: "Compared | None") -> str:
    """The report with counts and what was forgiven; with a baseline also which findings are new and what is gone."""
    value = {
        **asdict(report),
        "reading": [asdict(note) for note in forgave],
        "counts": {severity: report.count(severity) for severity in ORDER},
    }
    if held is not None:
        pairs = zip(value["findings"], held.is_new, strict=True)
        value["findings"] = [{**finding, "new": is_new} for finding, is_new in pairs]
        gone = [{**key._asdict(), "count": count} for key, count in held.gone]
        value["baseline"] = {"known": held.known, "new": sum(held.is_new), "gone": gone}
    return json_text(value)


def show(report: Report, settings: Settings, console: Console) -> None:
    """Write a report for people, as ``kgpub validate`` does where nothing else is asked for."""
    from kgpub.findings.baseline import keys  # noqa: PLC0415 # imports rdflib
    from kgpub.logs import excerpts, validation, writing  # noqa: PLC0415 # --help stays quick
    from kgpub.source import files  # noqa: PLC0415 # --help stays quick

    log = validation.log(report.findings, settings.iris, keys(report.findings, str))
    look = writing.Look(settings.languages, by=By.SHAPE)
    writing.shown(log, look, excerpts.texts_of(files(settings), settings.folder), console)
