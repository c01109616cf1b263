"""The command line: settings in, one library call, words out. Heavy imports stand inside the commands."""

import gc
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from kgpub.cli.checking import check
from kgpub.cli.diff import diff
from kgpub.cli.fresh import build_if_needed, rebuild_on_change
from kgpub.cli.load import load as put
from kgpub.cli.options import Site, Strict, flags
from kgpub.cli.replicas import pull, push
from kgpub.cli.shapes import shapes
from kgpub.cli.validating import remembered, show, validate
from kgpub.cli.validating import tell as told
from kgpub.cli.words import ORDER, err, forgiven, out, plain, progress, warn, write_json
from kgpub.errors import EntitiesRemoved, KgpubError, SnapshotBroken, SourceError
from kgpub.formats import GRAPHS, RESULTS, TSV, TURTLE, by_extension
from kgpub.model import Report
from kgpub.settings import Settings, load

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Publish a folder of RDF, an ontology and SHACL shapes as a linked-data site.",
    epilog="Exit codes: 0 done · 1 the data does not conform, or lacks what was published; diff: it differs · "
    "2 wrong settings or command line · 3 a source cannot be read · 4 the engine or a snapshot fails · "
    "5 the question has no answer.",
)


class Shape(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"


AllowRemoved = Annotated[
    bool, typer.Option("--allow-removed", help="Publish although things that were published are no longer there.")
]
Report_ = Annotated[Shape, typer.Option("--format", "-f", help="How to write the answer.")]


app.command(epilog="Example: kgpub validate --format html --output report.html; kgpub validate --baseline known.json")(
    validate
)
app.command(epilog="Example: kgpub check --format sarif > kgpub.sarif · Exit code 1 from --fail-on on.")(check)
app.add_typer(shapes, name="shapes")


@app.command(epilog="Example: kgpub build my-site --format json")
def build(
    site: Site = Path(),
    format: Report_ = Shape.TEXT,
    allow_removed: AllowRemoved = False,
    strict: Strict = False,
    full: Annotated[
        bool, typer.Option("--full", help="Load every file anew, those too that have not changed since the last build.")
    ] = False,
) -> None:
    """Validate the site's files and put a snapshot of them in service; what was published must not be missing."""
    from kgpub.making import building, succession  # noqa: PLC0415 # --help stays quick
    from kgpub.source import files, notes  # noqa: PLC0415 # --help stays quick

    settings = load(site, flags(strict))
    signal.signal(signal.SIGTERM, _interrupt)
    if strict:
        notes(files(settings))  # also where the snapshot is there already, and nothing would be read
    reports: list[Report] = []
    left: list[succession.Departures] = []

    def admit(departures: succession.Departures) -> None:
        left.append(departures)
        warn(succession.lines(departures, settings.languages))
        if not allow_removed:
            succession.refuse(departures)

    with progress() as tell:
        try:
            version = building.build(settings, _checker(reports, full=full), tell, admit, full=full)
        except KgpubError as error:
            if format is Shape.JSON and isinstance(error, EntitiesRemoved):
                write_json({"version": None, **succession.as_json(left)})
            for report in reports:
                show(report, settings, err)
            raise
    if format is Shape.JSON:
        counts = {s: report.count(s) for report in reports for s in ORDER}
        write_json({"version": version, "counts": counts, **succession.as_json(left)})
        return
    out.print(f"[green]✓[/] snapshot [bold]{version}[/] is in service")


@app.command(epilog="Example: kgpub serve --host 0.0.0.0 --port 8080 --reload")
def serve(
    site: Site = Path(),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8000,
    uds: Annotated[Path | None, typer.Option(help="Unix socket to listen on, in place of an address.")] = None,
    proxy: Annotated[
        list[str], typer.Option(help="Proxy whose X-Forwarded-For is believed: address or network; may be repeated.")
    ] = ["127.0.0.1", "::1"],  # noqa: B006 # the command line's default, never changed
    reload: Annotated[bool, typer.Option("--reload", help="Build anew when files change, and go on serving.")] = False,
    mount: Annotated[str, typer.Option(help="Path to serve under; the path of the base if not given.")] = "",
    workers: Annotated[int, typer.Option(help="Processes that serve; 0 is what the settings say.", min=0, max=64)] = 0,
    allow_removed: AllowRemoved = False,
    no_build: Annotated[
        bool, typer.Option("--no-build", help="Serve the snapshot in service, and build none.")
    ] = False,
) -> None:
    """Build if needed, then serve the site until stopped; at the socket that systemd hands over, if it does."""
    from kgpub import listening  # noqa: PLC0415 # only this command needs it

    flags: dict[str, Any] = {"mount": mount} if mount else {}  # Any: a table of settings
    flags |= {"server": {"workers": workers}} if workers else {}
    settings = load(site, flags)
    trusted, manager = listening.proxies(proxy), listening.manager()
    listeners = listening.listeners(manager, uds, host, port, settings.server.workers)
    if not no_build:
        build_if_needed(settings, allow_removed)
    gc.disable()  # what is imported stays; there is garbage when visitors come, and then it is looked for again
    from kgpub.cli.serving import Stand, serve_at  # noqa: PLC0415 # the web framework is imported only to serve

    watch = partial(rebuild_on_change, settings, allow_removed) if reload else None
    serve_at(Stand(settings, lambda: load(site, flags), listeners, trusted, manager.tell, watch))


@app.command(epilog="Example: kgpub query . 'SELECT * WHERE { ?s a skos:Concept } LIMIT 5' --format csv")
def query(
    site: Site = Path(),
    text: Annotated[str, typer.Argument(metavar="QUERY", help="SPARQL text; or use --file.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="Read the query from a file.")] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="json, xml, csv, tsv; ttl, jsonld, nt, rdf.")] = "",
) -> None:
    """Ask the snapshot in service a SPARQL query."""
    from kgpub.engine import DatasetClause  # noqa: PLC0415 # --help stays quick
    from kgpub.snapshot import open_snapshot  # noqa: PLC0415 # only this command needs it

    if not text and file is None and str(site) not in {".", ""} and not site.exists():
        site, text = Path(), str(site)  # kgpub query 'SELECT …' in the site folder
    question = _read(file) if file else text
    if not question:
        raise typer.BadParameter("give a query, or a file with --file")
    settings = load(site)
    build_if_needed(settings)
    answer = open_snapshot(settings).engine.stream(question, _accept(format), DatasetClause())
    for chunk in answer.chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


@app.command(epilog="Example: kgpub describe . id/org-iom --format jsonld")
def describe(
    site: Site = Path(),
    iri: Annotated[str, typer.Argument(help="IRI, prefix:name, or a path below the base.")] = "",
    format: Annotated[str, typer.Option("--format", "-f", help="ttl, jsonld, nt, rdf, trig or nq.")] = "ttl",
) -> None:
    """Write an entity's document in an RDF format."""
    from kgpub import describe as ask  # noqa: PLC0415 # --help stays quick
    from kgpub.represent import rdf  # noqa: PLC0415 # only this command needs it
    from kgpub.snapshot import open_snapshot  # noqa: PLC0415 # only this command needs it

    if not iri and not site.exists():
        site, iri = Path(), str(site)
    if not iri:
        raise typer.BadParameter("give the IRI of an entity")
    chosen = by_extension(format, GRAPHS)
    if chosen is None:
        raise typer.BadParameter(f"no format {format}; there are {', '.join(f.extension for f in GRAPHS)}")
    settings = load(site)
    build_if_needed(settings)
    now = open_snapshot(settings)
    found = ask.describe(now.engine, now.index, now.graphs, settings.iris.expand(iri), ask.Asked(settings.languages))
    sys.stdout.buffer.write(rdf.document(found.quads, chosen, settings.all_prefixes))
    sys.stdout.buffer.flush()


@app.command(epilog="Example: kgpub snapshots --format json; kgpub snapshots --check")
def snapshots(
    site: Site = Path(),
    format: Report_ = Shape.TEXT,
    check: Annotated[bool, typer.Option("--check", help="Read every file, and fail where one is damaged.")] = False,
) -> None:
    """List the snapshots that are kept, newest first."""
    from kgpub.snapshot import kept_snapshots, unreadable  # noqa: PLC0415 # --help stays quick

    settings = load(site)
    kept = kept_snapshots(settings)
    if format is Shape.JSON:
        write_json([asdict(one) for one in kept])
    else:
        from rich.table import Table  # noqa: PLC0415 # only this command needs it

        table = Table("version", "built", "triples", "MB", "")
        for one in kept:
            mark = "in service" if one.current else ""
            table.add_row(one.version, one.built, f"{one.triples:,}", f"{one.bytes / 1e6:.1f}", mark)
        out.print(table)
        if others := unreadable(settings):
            out.print(f"made by other versions of kgpub, of no use to this one: {plain(', '.join(others))}")
    if check:
        _check_files(settings, [one.version for one in kept])


@app.command(epilog="Example: kgpub rollback . 3f2a")
def rollback(
    site: Site = Path(),
    version: Annotated[str, typer.Argument(help="Version or its beginning; the one before if not given.")] = "",
) -> None:
    """Put an earlier snapshot in service."""
    from kgpub.snapshot import rollback as back  # noqa: PLC0415 # --help stays quick

    chosen = back(load(site), version or None)
    out.print(f"[green]✓[/] snapshot [bold]{chosen}[/] is in service")


@app.command(epilog="Example: kgpub new my-site && kgpub serve my-site")
def new(folder: Annotated[Path, typer.Argument(help="An empty folder, or one that does not exist yet.")]) -> None:
    """Make a small site that works, to start from."""
    from kgpub.scaffold import scaffold  # noqa: PLC0415 # --help stays quick

    written = scaffold(folder)
    for path in written:
        out.print(f"  {path}")
    out.print(f"[green]✓[/] now: kgpub serve {folder}")


app.command(epilog="Example: kgpub diff .kgpub . --format markdown")(diff)
app.command(epilog="Example: kgpub push . s3://bucket/site · The store's credentials are those of its own tools.")(push)
app.command(epilog="Example: kgpub pull . s3://bucket/site --watch 30 · A node needs kgpub.toml and this.")(pull)

app.command(epilog="Example: kgpub load . http://localhost:7878/query")(put)


def main() -> None:
    """Run a command; a refusal is one clear message and its exit code, never a traceback."""
    try:
        app(standalone_mode=True)
    except KgpubError as error:
        err.print(f"[red]✗[/] {plain(error.detail)}", highlight=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _checker(reports: list[Report], *, full: bool) -> Callable[..., Report]:
    """Validation as ``build`` calls it; the report is kept, and what was forgiven in the files is said."""
    from kgpub.source import SourceFile, notes  # noqa: PLC0415 # only a build needs it
    from kgpub.validate import Engine, examine  # noqa: PLC0415 # imports rdflib and pySHACL

    def run(sources: tuple[SourceFile, ...], settings: Settings) -> Report:
        memory = remembered(settings, full=full)
        outcome = examine(sources, settings, Engine.AUTO, memory)
        told(outcome.taken, memory, settings.languages)
        reports.append(outcome.report)
        warn(forgiven(notes(sources), settings.languages))
        return reports[-1]

    return run


def _check_files(settings: Settings, versions: list[str]) -> None:
    """Compare every file of these snapshots with its checksum; raises ``SnapshotBroken`` with those that differ."""
    from kgpub.snapshot import damage  # noqa: PLC0415 # only this command needs it

    folder = settings.snapshots_folder / "snapshots"
    broken = [f"{version}/{name}" for version in versions for name in damage(folder / version)]
    if broken:
        raise SnapshotBroken(f"damaged: {', '.join(broken)}")
    err.print(f"[green]✓[/] every file of {len(versions)} snapshot{'s' if len(versions) != 1 else ''} is what it was")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(file), f"cannot be read: {error}") from error


def _accept(format: str) -> str | None:
    """The media types of a format named on the command line."""
    if not format:
        return f"{TSV.media_type}, {TURTLE.media_type};q=0.9" if sys.stdout.isatty() else None
    names = {"json": "srj", "xml": "srx"}
    chosen = by_extension(names.get(format, format), RESULTS + GRAPHS)
    if chosen is None:
        raise typer.BadParameter(f"no format {format}")
    return chosen.media_type
