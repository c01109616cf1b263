"""Descriptions, lists, results and refusals as complete HTML pages, in the reader's language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from jinja2 import (
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
)

from kgpub.errors import KgpubError, SettingsError
from kgpub.kept.recent import Recent
from kgpub.kept.thesaurus import Scheme
from kgpub.making.dumps import Dump
from kgpub.model import Description, Finding, Hit, Labels, Listing, Report, Statistics, Valued
from kgpub.overrides import TEMPLATES, Overrides
from kgpub.represent.asking import NOTHING_ASKED, Asking, Example, Hint, SparqlTable, sparql_view
from kgpub.represent.classes import CLASSES_SHOWN, classes_shown, classes_view, told_first
from kgpub.represent.colour import theme
from kgpub.represent.frame import Frame, with_query
from kgpub.represent.gone import gone_view
from kgpub.represent.home import SCHEMES_SHOWN, home_view
from kgpub.represent.lists import listing_view
from kgpub.represent.locale import voice
from kgpub.represent.markup import visible, weighed
from kgpub.represent.measuring import is_all_within
from kgpub.represent.reporting import report_view
from kgpub.represent.reports import data_view, problem_kind, problem_view
from kgpub.represent.searching import Searched, search_view
from kgpub.represent.service import Notice, notice_view
from kgpub.represent.shown import Showing, showing
from kgpub.represent.telling import MEASURES
from kgpub.represent.templating import Templates
from kgpub.represent.valued import values_view
from kgpub.represent.values import Made, Reader, making
from kgpub.represent.views import entity_view
from kgpub.represent.words import complaints
from kgpub.settings import Settings

__all__ = [
    "CLASSES_SHOWN",
    "SCHEMES_SHOWN",
    "Asking",
    "Example",
    "Hint",
    "Notice",
    "SparqlTable",
    "about_data",
    "check",
    "classes",
    "classes_shown",
    "entity",
    "gone",
    "home",
    "json_text",
    "listing",
    "notice",
    "problem",
    "problem_title",
    "report",
    "search",
    "site_css",
    "sparql",
    "static_file",
    "static_files",
    "told_first",
    "values",
    "with_query",
]

_HERE = Path(__file__).parent

MOST_BYTES = 145_000
"""Bytes of HTML that an entity's page should stay below."""


@dataclass(frozen=True)
class Memory:
    """What pages of entities of one site and snapshot have in common: fragments, and with which measure one fitted."""

    made: Made = field(default_factory=lambda: making(8_000_000))
    shown: Showing = field(default_factory=lambda: showing(8_000_000))
    fitted: Recent[tuple[str, str], int] = field(default_factory=lambda: Recent(1_000_000, lambda _: 400))


def entity(
    description: Description,
    site: Settings,
    language: str,
    findings: Sequence[Finding] = (),
    pictures: object | None = None,
    documentation: str = "",
    *,
    indexed: bool = True,
    memory: Memory | None = None,
) -> str:
    """The page of an entity, with what validation found about it; the fullest one that is not too large.

    One that is not ``indexed`` asks search engines to leave it alone. What was made for other pages of the same site
    and snapshot is taken from a ``memory``, and how much fitted when this page was made before.
    """
    page, made, memory = "", None, memory or Memory()
    key = (description.iri, language)
    for number in range(memory.fitted.get(key) or 0, len(MEASURES)):
        measure = MEASURES[number]
        if made is not None and is_all_within(*made, measure):
            continue
        reader = Reader(
            site,
            language,
            description.labels,
            measure.text,
            description.deprecated,
            description.pages,
            memory.made,
            memory.shown,
        )
        view = entity_view(description, reader, findings, measure, pictures, documentation, indexed=indexed)
        page, size = weighed(_rendered("entity", view, language))
        made = (view, reader)
        if number:
            memory.fitted.put(key, number)
        if size <= MOST_BYTES:
            break
    return page


def gone(description: Description, site: Settings, language: str) -> str:
    """The page of a thing that is no longer published: that it is gone, what it was, and what may stand for it."""
    reader = Reader(site, language, description.labels, deprecated=description.deprecated)
    return filled("gone", gone_view(description, reader), language)


def values(valued: Valued, site: Settings, language: str) -> str:
    """A page of the values that a thing has of a property."""
    return filled("values", values_view(valued, Reader(site, language, valued.description.labels)), language)


def report(iri: str, statement: str, version: str, labels: Mapping[str, Labels], site: Settings, language: str) -> str:
    """The page from which an error about a thing or a statement is reported."""
    return filled("report", report_view(Reader(site, language, labels), iri, statement, version), language)


def home(
    statistics: Statistics,
    labels: Mapping[str, Labels],
    site: Settings,
    language: str,
    version: str,
    built: str,
    schemes: Sequence[Scheme] = (),
    dumps: Sequence[Dump] = (),
) -> str:
    """The home page: what this is, how much of it there is, and the ways in; ``schemes`` are the first thesauri."""
    view = home_view(statistics, Reader(site, language, labels), version, built, schemes, dumps)
    return filled("home", view, language)


def classes(
    statistics: Statistics,
    labels: Mapping[str, Labels],
    site: Settings,
    language: str,
    page: int = 1,
    descriptions: Mapping[str, Labels] = MappingProxyType({}),
) -> str:
    """A page of the list of all classes with their numbers of members; ``page`` counts from 1."""
    view = classes_view(statistics, Reader(site, language, labels), page, descriptions)
    return filled("classes", view, language)


def listing(listing: Listing, heading_iri: str, site: Settings, language: str, path: str) -> str:
    """A page of what points to ``listing.iri`` by the property ``heading_iri``; ``path`` is the list's own address."""
    reader = Reader(site, language, listing.labels, deprecated=listing.deprecated)
    return filled("listing", listing_view(listing, heading_iri, reader, path), language)


def search(searched: Searched, labels: Mapping[str, Labels], site: Settings, language: str) -> str:
    """A page of search answers."""
    reader = Reader(site, language, labels, deprecated=searched.deprecated)
    return filled("search", search_view(searched, reader), language)


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
    questions: Mapping[str, str] = MappingProxyType({}),
    dumps: Sequence[Dump] = (),
) -> str:
    """The page about the data: graphs and their sources, validation, licence, citation, downloads."""
    view = data_view(statistics, report, Reader(site, language, labels), version, built, sources, questions, dumps)
    return filled("data", view, language)


def problem_title(error: KgpubError, language: str) -> str:
    """What a kind of refusal is called (RFC 9457 section 3.1.3)."""
    return voice(language)(f"problem.{problem_kind(error)}")


def json_text(value: object) -> str:
    """A value as JSON for people and machines: letters as they are, indented."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def notice(kind: Notice, site: Settings, language: str) -> str:
    """A page about the site itself: its accessibility statement or its privacy notice."""
    return filled("notice", notice_view(kind, Reader(site, language, {})), language)


def site_css(site: Settings) -> str:
    """The style sheet that carries the site's own colours, legible on light and on dark, then its own rules."""
    return theme(site.accent, site.accent_dark) + site.overrides.static.get("site.css", b"").decode("utf-8", "replace")


def static_file(site: Settings, name: str) -> bytes | None:
    """A file of the site's looks: its own, or ours of that name; None where there is none."""
    own = site.overrides.static.get(name)
    return static_files().get(name) if own is None else own


@cache
def static_files() -> Mapping[str, bytes]:
    """The files of our looks, by name."""
    return {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir()) if path.is_file()}


def check(site: Settings) -> tuple[str, ...]:
    """What is amiss in a site's own words, a line each; raises ``SettingsError`` for a template that cannot be read."""
    environment = _environment(site.overrides)
    for name in site.overrides.templates:
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            raise SettingsError(f"{site.folder / TEMPLATES / name}:{error.lineno}: {error.message}") from error
        except TemplateError as error:
            raise SettingsError(f"{site.folder / TEMPLATES / name}: {error.message}") from error
    return complaints(site.overrides)


class Framed(Protocol):
    """What every page's view has."""

    @property
    def frame(self) -> Frame:
        """What is around the page's own content."""


def filled(template: str, view: Framed, language: str) -> str:
    """A template filled with a view, for a reader of a language; the site's own where it has one of that name."""
    return visible(_rendered(template, view, language))


def _rendered(template: str, view: Framed, language: str) -> str:
    overrides = view.frame.overrides
    say = voice(language, overrides)
    return _template(template, overrides, say.spoken).render(view=view, say=say)


@lru_cache(maxsize=256)
def _template(name: str, overrides: Overrides, spoken: str) -> Template:
    return _environment(overrides, spoken).get_template(f"{name}.html")


@lru_cache(maxsize=16)
def _environment(overrides: Overrides, spoken: str = "") -> Environment:
    """Where templates come from: the site, then us; ``kgpub/…`` is always ours, so that a site's can extend it.

    Those for a language that the interface speaks have its words in them; readers of all others share the English ones.
    """
    ours = FileSystemLoader(_HERE / "templates")
    made = Templates(
        loader=ChoiceLoader([DictLoader(overrides.templates), PrefixLoader({"kgpub": ours}), ours]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.voice = voice(spoken, overrides) if spoken else None
    return made
