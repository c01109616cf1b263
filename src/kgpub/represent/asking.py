"""The query page as a view: what is asked, and the answer or the refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from pyoxigraph import Triple

from kgpub.errors import KgpubError
from kgpub.formats import GRAPHS, RESULTS, Format
from kgpub.model import Labels, Term, pick
from kgpub.represent.frame import SPARQL, Anchor, Frame, frame, own_page, with_query
from kgpub.represent.lists import home_anchor
from kgpub.represent.markup import code
from kgpub.represent.reports import ErrorView, error_view
from kgpub.represent.values import Reader


@dataclass(frozen=True)
class SparqlTable:
    """An answer to show: rows of a SELECT, the truth of an ASK, or the triples of a CONSTRUCT."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] | None = None
    truncated: bool = False
    labels: Mapping[str, Labels] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """A query to start from, and what it asks."""

    title: Labels
    query: str


@dataclass(frozen=True)
class TableView:
    """A result as a table: headings, cells, and what to say above it."""

    summary: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Markup | None, ...], ...] = ()
    truncated: bool = False


@dataclass(frozen=True)
class SparqlView:
    """The query page."""

    frame: Frame
    home: Anchor
    query: str
    formats: tuple[Format, ...]
    action: str
    endpoint: str
    table: TableView | None
    error: ErrorView | None
    examples: tuple[Anchor, ...]


def sparql_view(
    reader: Reader, query: str, table: SparqlTable | None, error: KgpubError | None, examples: Sequence[Example]
) -> SparqlView:
    """The view of the query page."""
    say, iris = reader.say, reader.iris
    pairs = [("query", query)] if query else []
    page = iris.page(SPARQL, reader.language)
    titles = ((pick(example.title, reader.languages), example.query) for example in examples)
    return SparqlView(
        frame=frame(reader, own_page(reader, SPARQL, pairs), say("sparql"), say("sparql.lead"), indexed=not query),
        home=home_anchor(reader),
        query=query or next((example.query for example in examples), ""),
        formats=(*RESULTS, *GRAPHS),
        action=iris.page(SPARQL),
        endpoint=iris.canonical(iris.page(SPARQL)),
        table=_table(reader, table) if table else None,
        error=error_view(reader, error) if error else None,
        examples=tuple(
            Anchor(title.value, with_query(page, [("query", text)]), language=reader.lang(title.language) or "")
            for title, text in titles
            if title
        ),
    )


def _table(reader: Reader, table: SparqlTable) -> TableView:
    """An answer as a table in the reader's language."""
    say = reader.say
    if table.boolean is not None:
        return TableView(say("sparql.true" if table.boolean else "sparql.false"))
    headings: tuple[str, ...]
    if table.triples is not None:
        headings = (say("sparql.subject"), say("sparql.predicate"), say("sparql.object"))
        rows = tuple(
            tuple(_cell(reader, term) for term in (triple.subject, triple.predicate, triple.object))
            for triple in table.triples
        )
    else:
        headings = tuple(f"?{name}" for name in table.variables)
        rows = tuple(tuple(_cell(reader, term) for term in row) for row in table.rows)
    summary = say("sparql.rows", count=say.count(len(rows))) if rows else say("sparql.none")
    return TableView(summary, headings, rows, table.truncated)


def _cell(reader: Reader, term: Term | None) -> Markup | None:
    """A term in a cell; a blank node by its mark, an unbound variable as nothing."""
    if term is None:
        return None
    return reader.value(term) or code(str(term))
