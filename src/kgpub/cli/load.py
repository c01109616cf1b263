"""``kgpub load``: a site's files into a SPARQL endpoint, so that a site can be served from there."""

from pathlib import Path
from typing import Annotated

import typer

from kgpub.cli.words import err, out, plain, progress
from kgpub.settings import load as read


def load(
    site: Annotated[Path, typer.Argument(help="The site folder.")],
    endpoint: Annotated[str, typer.Argument(help="Address of the SPARQL endpoint.")],
    store: Annotated[str, typer.Option(help="Where the endpoint takes graphs, if not where its kind does.")] = "",
    shapes: Annotated[bool, typer.Option("--shapes", help="Load the graphs of shapes too.")] = False,
) -> None:
    """Put each graph of the site's files into an endpoint (SPARQL 1.1 Graph Store HTTP Protocol), whole."""
    from kgpub.engine.remote import connected, entry  # noqa: PLC0415 # only this command needs a client
    from kgpub.engine.remote.upload import Uploader, store_address  # noqa: PLC0415 # as above
    from kgpub.source import files, in_graphs  # noqa: PLC0415 # --help stays quick

    settings = read(site, {"engine": endpoint})
    client = connected(settings)
    address, parameter = (store, "graph") if store else store_address(endpoint, client.dialect.name)
    client.close()
    uploader = Uploader(entry(settings), address, parameter)
    graphs = triples = 0
    try:
        with progress() as tell:
            for graph, quads in in_graphs(
                file for file in files(read(site, {"engine": ""})) if shapes or file.role != "shapes"
            ):
                triples += uploader.put(graph, quads, tell)
                graphs += 1
    finally:
        uploader.close()
    out.print(f"[green]✓[/] {graphs} graphs with {triples:,} triples are in {plain(address)}")
    err.print(f'now: engine = "{plain(endpoint)}" in kgpub.toml, and kgpub build', highlight=False)
