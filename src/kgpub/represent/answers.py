"""An answer as a table and as files: cells with labels and links, what each is sorted by, which formats fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kgpub.formats import GRAPHS, RESULTS, RESULTS_JSON, RESULTS_XML, SPARQL_QUERY, Format
from kgpub.model import Term
from kgpub.represent.columns import NO_PICTURES, Column, Kind, Pictures, Value, column, kind, pictures
from kgpub.represent.frame import SPARQL, with_query
from kgpub.represent.locale import NUMBERS
from kgpub.represent.markup import code, element
from kgpub.represent.rdf import offered
from kgpub.represent.snippets import Shape
from kgpub.represent.values import Reader

TABLE_FORMATS = RESULTS
"""What rows can be had as."""
GRAPH_FORMATS = GRAPHS
"""What triples can be had as."""


@dataclass(frozen=True)
class CellView:
    """A cell: what is shown, None where nothing is bound; what it is where its column is of several kinds; its key."""

    shown: Markup | None
    kind: str = ""
    key: str = ""


@dataclass(frozen=True)
class ColumnView:
    """A column's heading and what it holds."""

    heading: str
    kind: Kind


@dataclass(frozen=True)
class TableView:
    """A result as a table: headings, cells, what to say above it, and what can be drawn of it."""

    summary: str
    verdict: bool | None = None
    columns: tuple[ColumnView, ...] = ()
    rows: tuple[tuple[CellView, ...], ...] = ()
    pictures: Pictures = NO_PICTURES
    is_graph: bool = False


@dataclass(frozen=True)
class Download:
    """A file of an answer: the format's name, the address, the name to keep it under."""

    text: str
    href: str
    file: str


def table_view(
    reader: Reader,
    variables: tuple[str, ...],
    rows: Sequence[tuple[Term | None, ...]],
    triples: Sequence[Triple] | None,
    boolean: bool | None,
) -> TableView:
    """An answer as a table in the reader's language."""
    say = reader.say
    if boolean is not None:
        return TableView(say("sparql.true" if boolean else "sparql.false"), boolean)
    if triples is not None:
        headings: tuple[str, ...] = (say("sparql.subject"), say("sparql.predicate"), say("sparql.object"))
        terms: Sequence[tuple[Term | None, ...]] = [(t.subject, t.predicate, t.object) for t in triples]
        names: tuple[str, ...] = ("",) * len(headings)
    else:
        headings, names, terms = tuple(f"?{name}" for name in variables), variables, rows
    columns = tuple(column(name, (row[place] for row in terms)) for place, name in enumerate(names))
    kinds = tuple(kind(one) for one in columns)
    counted = "sparql.rows" if triples is None else "sparql.triples"
    return TableView(
        summary=say(counted, count=say.count(len(terms))) if terms else say("sparql.none"),
        columns=tuple(map(ColumnView, headings, kinds)),
        rows=_rows(reader, terms, columns, kinds),
        pictures=NO_PICTURES if triples is not None else pictures(names, columns),
        is_graph=any(isinstance(t.object, NamedNode | BlankNode) for t in triples or ()),
    )


def downloads(
    reader: Reader, pairs: Iterable[tuple[str, str]], shape: Shape, triples: Sequence[Triple]
) -> tuple[Download, ...]:
    """Links to the answer in every format that can carry it, and to the query's own text."""
    fitting: dict[Shape, tuple[Format, ...]] = {
        "rows": TABLE_FORMATS,
        "boolean": (RESULTS_JSON, RESULTS_XML),
        "triples": GRAPH_FORMATS,
    }
    quads = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples]
    page, sent = reader.iris.page(SPARQL), tuple(pairs)
    found = [one for one in fitting[shape] if offered(quads, one)]
    names = [(one, short_format(one), "answer") for one in found]
    names.append((SPARQL_QUERY, reader.say("sparql.text"), "query"))
    return tuple(
        Download(name, with_query(page, (*sent, ("format", one.extension))), f"{file}.{one.extension}")
        for one, name, file in names
    )


def short_format(one: Format) -> str:
    """A format's name where it is plain that results are meant."""
    return one.name.rpartition(" in ")[2]


def _rows(
    reader: Reader, rows: Sequence[tuple[Term | None, ...]], columns: Sequence[Column], kinds: Sequence[Kind]
) -> tuple[tuple[CellView, ...], ...]:
    """The cells of every row; none where there is no variable to show."""
    return tuple(
        tuple(
            _cell(reader, term, values[place], common) for term, values, common in zip(row, columns, kinds, strict=True)
        )
        for place, row in enumerate(rows)
        if row
    )


def _cell(reader: Reader, term: Term | None, value: Value | None, common: Kind) -> CellView:
    """A term in a cell; a blank node by its mark, a year that is a number without grouping; nothing for nothing."""
    if term is None or value is None:
        return CellView(None)
    own = "" if value.kind == common else value.kind
    if value.kind == "date" and isinstance(term, Literal) and term.datatype.value in NUMBERS:
        return CellView(element("span", value.key), own, value.key)
    return CellView(reader.value(term) or code(str(term)), own, value.key)
