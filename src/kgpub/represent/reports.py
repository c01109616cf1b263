"""The pages that answer for the site as views: the data about itself, a refusal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from kgpub.errors import BadQuery, KgpubError
from kgpub.formats import CSV, CSVW
from kgpub.making.dumps import CSVW_ENDING, Dump
from kgpub.model import Finding, Hit, Report, Statistics, pick
from kgpub.represent.frame import (
    DATA,
    SPARQL,
    Anchor,
    Frame,
    Place,
    frame,
    licence,
    own_page,
    with_query,
)
from kgpub.represent.lists import Row, downloads, hit_row, home_anchor, moment
from kgpub.represent.locale import DATE
from kgpub.represent.markup import NOTHING, code, plain
from kgpub.represent.messages import MESSAGES
from kgpub.represent.places import document_link
from kgpub.represent.values import Reader

MOST_FINDINGS = 100
"""Findings of a validation report that a page shows."""
ROWS_SHOWN = 15
"""Graphs, and tables, that the page about the data shows before the others are unfolded."""
MOST_PROPERTIES = 30
"""Properties that the page about the data lists."""

_BUSY = 503
_VERDICTS = {"unchecked": "data.unchecked", "conforms": "data.conforms", "violated": "data.violated"}


@dataclass(frozen=True)
class ErrorView:
    """A refusal in the reader's language, with its exact reason."""

    heading: str
    text: str
    detail: str
    place: str = ""


@dataclass(frozen=True)
class ProblemView:
    """The page of a refusal."""

    frame: Frame
    status: int
    error: ErrorView
    suggestions: tuple[Row, ...]
    home: Anchor


@dataclass(frozen=True)
class GraphView:
    """A named graph: how many statements it holds and what it is drawn from."""

    link: Markup
    count: str
    sources: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class FindingView:
    """One result of validation in the reader's language."""

    severity: str
    word: str
    focus: Markup
    message: Markup
    place: str


@dataclass(frozen=True)
class FigureView:
    """Numbers that are shown: what they count, in which graphs, and the query that gives them again."""

    what: str
    where: str
    query: Anchor


@dataclass(frozen=True)
class TableView:
    """The members of a class as files to take away."""

    of: Markup
    rows: str
    files: tuple[Anchor, ...]


@dataclass(frozen=True)
class DataView:
    """The page about the data."""

    frame: Frame
    home: Anchor
    version: str
    built: Markup
    triples: str
    entities: str
    graphs: tuple[GraphView, ...]
    properties: tuple[GraphView, ...]
    verdict: str
    outcome: str
    findings: tuple[FindingView, ...]
    findings_count: str
    findings_more: str
    licence: Markup
    citation: str
    downloads: tuple[Anchor, ...]
    figures: tuple[FigureView, ...] = ()
    tables: tuple[TableView, ...] = ()
    shown: int = ROWS_SHOWN


def problem_view(error: KgpubError, reader: Reader, suggestions: Sequence[Hit]) -> ProblemView:
    """The view of a refusal's page; its language switch leads home, since its own address has nothing to show."""
    shown = error_view(reader, error)
    home = own_page(reader, "")
    return ProblemView(
        frame=frame(reader, Place(home.neutral, home.by_language), shown.heading, shown.text, indexed=False),
        status=error.status,
        error=shown,
        suggestions=tuple(hit_row(reader, hit) for hit in suggestions),
        home=home_anchor(reader),
    )


def error_view(reader: Reader, error: KgpubError) -> ErrorView:
    """A refusal in the reader's words; the exact reason stays as it is."""
    kind, place = problem_kind(error), ""
    if isinstance(error, BadQuery) and error.line is not None:
        place = reader.say("sparql.place", line=error.line, column=error.column or 1)
    return ErrorView(reader.say(f"problem.{kind}"), reader.say(f"problem.{kind}.text"), error.detail, place)


def problem_kind(error: KgpubError) -> str:
    """Which of the explanations fits a refusal."""
    if f"problem.{error.kind}" in MESSAGES:
        return error.kind
    return "unavailable" if error.status == _BUSY else "internal-error"


def data_view(
    statistics: Statistics,
    report: Report,
    reader: Reader,
    version: str,
    built: str,
    sources: Mapping[str, tuple[str, ...]],
    questions: Mapping[str, str] = MappingProxyType({}),
    dumps: Sequence[Dump] = (),
) -> DataView:
    """The view of the page about the data."""
    say = reader.say
    shown = report.findings[:MOST_FINDINGS]
    hidden = len(report.findings) > len(shown)
    return DataView(
        frame=frame(reader, own_page(reader, DATA), say("data"), say("data.lead")),
        home=home_anchor(reader),
        version=version,
        built=moment(reader, built),
        triples=say.count(statistics.triples),
        entities=say.count(statistics.entities),
        graphs=tuple(
            GraphView(reader.link(c.iri), say.count(c.count), _documents(reader, sources.get(c.iri, ())))
            for c in statistics.graphs
        ),
        properties=tuple(
            GraphView(reader.link(c.iri), say.count(c.count)) for c in statistics.properties[:MOST_PROPERTIES]
        ),
        verdict=say(_VERDICTS[_outcome(report)]),
        outcome=_outcome(report),
        findings=tuple(_finding(reader, finding) for finding in shown),
        findings_count=say("data.findings", count=say.count(len(report.findings))),
        findings_more=say("data.findings.more", count=say.count(len(shown))) if hidden else "",
        licence=licence(reader),
        citation=_citation(reader, version, built),
        downloads=downloads(reader, dumps),
        figures=tuple(_figure(reader, key, question) for key, question in questions.items()),
        tables=tuple(_tables(reader, dumps)),
    )


def _outcome(report: Report) -> str:
    """What came of validation, as the page's looks name it."""
    if not report.has_shapes:
        return "unchecked"
    return "conforms" if report.conforms else "violated"


def _tables(reader: Reader, dumps: Sequence[Dump]) -> Iterator[TableView]:
    """The tables of classes, the largest first."""
    by_class: dict[str, list[Dump]] = {}
    for dump in dumps:
        if dump.is_table:
            by_class.setdefault(dump.of, []).append(dump)
    for of, files in sorted(by_class.items(), key=lambda pair: (-pair[1][0].rows, pair[0])):
        page = reader.iris.page
        links = [Anchor(one.format.name, page(f"-/dumps/{one.name}")) for one in files]
        links += [Anchor(CSVW.name, page(f"-/dumps/{one.name}{CSVW_ENDING}")) for one in files if one.format is CSV]
        yield TableView(reader.link(of), reader.say.count(files[0].rows), tuple(links))


def _figure(reader: Reader, key: str, question: str) -> FigureView:
    """What a question of ours counts, with a link to the query page that holds it."""
    say = reader.say
    where = {"default": "dumps.default", "graphs": "figures.named"}.get(key, "figures.published")
    href = with_query(reader.iris.page(SPARQL), [("lang", reader.language), ("query", question)])
    return FigureView(say(f"figures.{key}"), say(where), Anchor(say("figures.query"), href))


def _documents(reader: Reader, documents: Iterable[str]) -> tuple[Markup, ...]:
    """Documents, each with the way to everything that was taken from it."""
    return tuple(reader.link(one) + document_link(reader, one) for one in documents)


def _finding(reader: Reader, finding: Finding) -> FindingView:
    """A finding in the reader's language."""
    message = pick(finding.messages, reader.languages)
    known = f"severity.{finding.severity}" in MESSAGES
    return FindingView(
        severity=finding.severity,
        word=reader.say(f"severity.{finding.severity}") if known else finding.severity,
        focus=reader.link(finding.focus) if ":" in finding.focus.lstrip("_:") else code(finding.focus),
        message=reader.text(message) if message else NOTHING,
        place=f"{finding.file}:{finding.line}" if finding.line else finding.file,
    )


def _citation(reader: Reader, version: str, built: str) -> str:
    """How to cite this release, with its version and the site's address."""
    site = reader.site
    publisher = plain(site.words(site.publisher, reader.languages).value)
    title = plain(site.words(site.title, reader.languages).value)
    return reader.say(
        "data.cite.text",
        title=f"{publisher}. {title}" if publisher else title,
        version=version[:12],
        built=reader.say.date(built[:10], DATE) or built,
        address=site.base,
    )
