"""Descriptions, lists, results and refusals as complete HTML pages, in the reader's language."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kgpub.errors import KgpubError
from kgpub.model import Description, Hit, Labels, Listing, Report, Statistics
from kgpub.represent.asking import NOTHING_ASKED, Asking, Example, Hint, SparqlTable, sparql_view
from kgpub.represent.colour import theme
from kgpub.represent.frame import with_query
from kgpub.represent.lists import CLASSES_SHOWN, classes_view, home_view, listing_view, search_view
from kgpub.represent.locale import voice
from kgpub.represent.markup import visible
from kgpub.represent.reports import data_view, problem_kind, problem_view
from kgpub.represent.values import Reader
from kgpub.represent.views import entity_view
from kgpub.settings import Settings

__all__ = [
    "CLASSES_SHOWN",
    "Asking",
    "Example",
    "Hint",
    "SparqlTable",
    "about_data",
    "classes",
    "entity",
    "home",
    "json_text",
    "listing",
    "problem",
    "problem_title",
    "search",
    "site_css",
    "sparql",
    "static_files",
    "with_query",
]

_HERE = Path(__file__).parent


def entity(description: Description, site: Settings, language: str) -> str:
    """The page of an entity."""
    return filled("entity", entity_view(description, Reader(site, language, description.labels)), language)


def home(
    statistics: Statistics, labels: Mapping[str, Labels], site: Settings, language: str, version: str, built: str
) -> str:
    """The home page: what this is, how much of it there is, and the ways in."""
    return filled("home", home_view(statistics, Reader(site, language, labels), version, built), language)


def classes(statistics: Statistics, labels: Mapping[str, Labels], site: Settings, language: str, page: int = 1) -> str:
    """A page of the list of all classes with their numbers of members; ``page`` counts from 1."""
    return filled("classes", classes_view(statistics, Reader(site, language, labels), page), language)


def listing(listing: Listing, heading_iri: str, site: Settings, language: str, path: str) -> str:
    """A page of what points to ``listing.iri`` by the property ``heading_iri``; ``path`` is the list's own address."""
    return filled("listing", listing_view(listing, heading_iri, Reader(site, language, listing.labels), path), language)


def search(
    query: str,
    hits: Sequence[Hit],
    count: int,
    page: int,
    labels: Mapping[str, Labels],
    site: Settings,
    language: str,
    within: str = "",
) -> str:
    """A page of search answers, ``within`` a class where one is given."""
    return filled("search", search_view(query, hits, count, page, Reader(site, language, labels), within), language)


def sparql(
    site: Settings,
    language: str,
    query: str,
    result: SparqlTable | None,
    error: KgpubError | None,
    examples: Sequence[Example],
    *,
    asking: Asking = NOTHING_ASKED,
    hints: Sequence[Hint] = (),
) -> str:
    """The query page: a form, and the result or the refusal of what was asked, with hints."""
    reader = Reader(site, language, result.labels if result else {})
    return filled("sparql", sparql_view(reader, query, result, error, examples, asking, hints), language)


def problem(
    error: KgpubError,
    site: Settings,
    language: str,
    suggestions: Sequence[Hit] = (),
    labels: Mapping[str, Labels] = MappingProxyType({}),
) -> str:
    """The page of a refusal, with ways to go on."""
    return filled("problem", problem_view(error, Reader(site, language, labels), suggestions), language)


def about_data(
    statistics: Statistics,
    report: Report,
    labels: Mapping[str, Labels],
    site: Settings,
    language: str,
    version: str,
    built: str,
    sources: Mapping[str, tuple[str, ...]],
) -> str:
    """The page about the data: graphs and their sources, validation, licence, citation, downloads."""
    view = data_view(statistics, report, Reader(site, language, labels), version, built, sources)
    return filled("data", view, language)


def problem_title(error: KgpubError, language: str) -> str:
    """What a kind of refusal is called (RFC 9457 section 3.1.3)."""
    return voice(language)(f"problem.{problem_kind(error)}")


def json_text(value: object) -> str:
    """A value as JSON for people and machines: letters as they are, indented."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def site_css(site: Settings) -> str:
    """The style sheet that carries the site's own colour, legible on light and on dark."""
    return theme(site.accent)


@cache
def static_files() -> Mapping[str, bytes]:
    """The files of the site's looks, by name."""
    return {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir()) if path.is_file()}


def filled(template: str, view: object, language: str) -> str:
    """A template filled with a view, for a reader of a language."""
    return visible(_template(template).render(view=view, say=voice(language)))


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.html")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
