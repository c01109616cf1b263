"""Write docs/reference.md from the code: commands, settings, addresses, formats, refusals."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from kgpub import cli, errors
from kgpub.formats import ENTITY, RESULTS
from kgpub.review import MESSAGES, RULES
from kgpub.settings import Settings
from kgpub.settings.tables import GraphRule

ADDRESSES = [
    ("`/`", "what the site is, with counts and ways in"),
    ("`/id/x`", "a thing: 303 to the document in the format that `Accept` asks for"),
    ("`/id/x.ttl` …", "its document in one format (see below); `/id/x.html` negotiates the language"),
    ("`/id/x.ka.html`", "its page in one language"),
    ("`/-/about?iri=…`", "the same for any IRI; `/-/about.ttl?iri=…`, `/-/about.ka.html?iri=…`"),
    ("`/-/links?iri=…&property=…`", "what points to a thing by a property, paged; a class's members with `rdf:type`"),
    (
        "`/-/browse?class=…&f=property|value`",
        "a class's members and its subclasses', narrowed down by facets: `f=ex:country|id:georgia`,"
        ' `f=ex:kind|"pilot"`, `f=ex:start|2010..2014`; several `f` of one property are alternatives, different'
        " properties must all fit",
    ),
    ("`/-/browse.csv?class=…`", "the same list as CSV, with `.jsonld` and `.ttl` as data"),
    ("`/-/compare?iri=…&iri=…`", "two to four things side by side"),
    (
        "`/-/document?iri=…`",
        "everything that was taken from a source document, line by line; `line=12` opens that line's page",
    ),
    ("`/-/classes`", "every class and how many members it has"),
    ("`/-/data`", "about the data: graphs, sources, validation result, version"),
    ("`/search?q=…`", "search; JSON for `Accept: application/json`; `class`, `page`"),
    ("`/sparql`", "SPARQL 1.1 Protocol (GET, form, direct POST); an editor. `format`, `timeout`, `snapshot`"),
    ("`/-/queries`, `/-/queries/NAME`", "saved queries; `/-/queries/NAME.csv?PARAMETER=…` and the like answer"),
    ("`/-/cite.bib`, `/-/cite.json`", "how to cite an answer of a release: `?query=…&snapshot=…`"),
    ("`/-/terms.json`", "prefixes, classes and properties with labels and counts, for editors"),
    ("`/-/check`", "POST a query: what is wrong with it, where, and how to mend it, as JSON"),
    ("`/-/dump.nq`", "the whole published dataset as N-Quads, term for term"),
    ("`/-/context.jsonld`", "the JSON-LD context"),
    ("`/-/status`, `/-/health`", "which snapshot is in service; whether it can be read"),
    ("`/-/accessibility`, `/-/privacy`", "statements about the site, for people"),
    ("`/-/metrics`", "figures for Prometheus"),
    ("`/-/openapi.json`", "the application's addresses as OpenAPI"),
]


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows])


def settings() -> str:
    """Every setting with its default and help, tables of tables included."""
    rows: list[tuple[str, ...]] = []
    for name, field in Settings.model_fields.items():
        if name == "folder":
            continue
        if isinstance(field.default, BaseModel):
            rows += _rows(type(field.default), f"{name}.")
        elif name == "graphs":
            rows += _rows(GraphRule, 'graphs."PATTERN".')
        else:
            rows.append((f"`{name}`", _default(field), field.description or ""))
    return table(("setting", "default", "what it does"), rows)


def _rows(model: type[BaseModel], prefix: str) -> list[tuple[str, ...]]:
    return [(f"`{prefix}{n}`", _default(f), f.description or "") for n, f in model.model_fields.items()]


def _default(field: Any) -> str:  # Any: pydantic's field
    if field.default is PydanticUndefined:
        return "*needed*" if field.default_factory is None else ""
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{value}`" if value not in ("", None, []) else ""


def commands() -> str:
    """Every command with its arguments and options."""
    parts = []
    for name, command in _named(typer.main.get_command(cli.app)):
        context = click.Context(command, info_name=f"kgpub {name}")
        rows = []
        for parameter in command.params:
            shown = ", ".join(f"`{o}`" for o in parameter.opts) if parameter.param_type_name == "option" else None
            rows.append((shown or f"`{parameter.name.upper()}`", getattr(parameter, "help", "") or ""))
        usage = " ".join(command.collect_usage_pieces(context))
        parts.append(f"### kgpub {name}\n\n{command.help}\n\n```text\nkgpub {name} {usage}\n```\n")
        parts.append(table(("argument", "what it means"), rows) + f"\n\n{command.epilog}\n")
    return "\n".join(parts)


def _named(group: Any) -> Iterator[tuple[str, Any]]:  # Any: typer's own classes of commands are not public
    """Every command by its name, those of a group below it by both names."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", one) for inner, one in _named(command))
        else:
            yield name, command


def refusals() -> str:
    """Every refusal with its HTTP status and exit code."""
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.KgpubError)]
    rows = [
        (f"`{one.kind}`", str(one.status), str(one.exit_code), (one.__doc__ or "").partition("\n")[0]) for one in found
    ]
    return table(("kind", "HTTP", "exit", "meaning"), rows)


def formats() -> str:
    """Every format with its media type and extension."""
    rows = [(f.name, f"`{f.media_type}`", f"`.{f.extension}`") for f in (*ENTITY, *RESULTS)]
    return table(("format", "media type", "extension"), rows)


def rules() -> str:
    """Every rule of a review, with its family and how grave it is unless a site says otherwise."""
    rows = [(f"`{rule.id}`", rule.family, rule.severity, MESSAGES[f"{rule.id}.title"].en) for rule in RULES]
    return table(("rule", "family", "severity", "what it finds"), rows)


def reference() -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Reference\n\n*Generated from the code by `scripts/reference.py`.*\n",
            "## Commands\n",
            commands(),
            "## Settings\n\n`kgpub.toml`; an environment variable `KGPUB_NAME` or `KGPUB_TABLE__NAME` wins over it.\n",
            settings(),
            "\n## Addresses\n\nBelow the mount, which is the path of `base` unless `mount` says otherwise.\n",
            table(("address", "what is there"), list(ADDRESSES)),
            "\n## Formats\n",
            formats(),
            "\n## Rules of kgpub check\n\n`[check]` in `kgpub.toml` sets the severity of each: "
            "`error`, `warning`, `note` or `off`.\n",
            rules(),
            "\n## Refusals\n\nProblem details (RFC 9457) for machines, pages for people.\n",
            refusals(),
            "",
        ]
    )


if __name__ == "__main__":
    path = Path(__file__).parents[1] / "docs/reference.md"
    if "--check" in sys.argv:
        sys.exit(0 if path.read_text("utf-8") == reference() else "docs/reference.md is not what the code says")
    path.write_text(reference(), "utf-8")
