"""The query page as a view: what is asked, and the answer or the refusal."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Triple

from kgpub.errors import Gone, KgpubError
from kgpub.model import Labels, Term, pick
from kgpub.represent.answers import (
    GRAPH_FORMATS,
    TABLE_FORMATS,
    Download,
    TableView,
    downloads,
    short_format,
    table_view,
)
from kgpub.represent.citation import Citation, Release, citation
from kgpub.represent.frame import DATA, SPARQL, Anchor, Frame, frame, own_page, with_query
from kgpub.represent.lists import home_anchor
from kgpub.represent.locale import DATE, XSD
from kgpub.represent.messages.asking import RESULTS_KEYS
from kgpub.represent.messages.editor import EDITOR_KEYS
from kgpub.represent.reports import ErrorView, error_view
from kgpub.represent.snippets import Shape, Snippet, snippets
from kgpub.represent.values import Reader

CITE = "-/cite"
"""The citation of an answer, below the mount, before the format's extension."""

Pairs = tuple[tuple[str, str], ...]

_EXAMPLES = 6
"""Examples that stand beside the form; the rest is folded."""

_MANY_LINES = re.compile(r"'''|\"\"\"")
"""What opens a literal in which the kind of line ends counts (SPARQL 1.1 section 19.8)."""


@dataclass(frozen=True)
class SparqlTable:
    """An answer to show: rows of a SELECT, the truth of an ASK, or the triples of a CONSTRUCT."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] | None = None
    truncated: bool = False
    labels: Mapping[str, Labels] = field(default_factory=dict)

    @property
    def shape(self) -> Shape:
        """Which of the three it is."""
        return "boolean" if self.boolean is not None else "rows" if self.triples is None else "triples"


@dataclass(frozen=True)
class Asking:
    """How a query is asked and answered.

    ``parameters`` are those beside the query that change the answer (dataset, timeout, snapshot), in their order;
    ``release`` is the one that answered, ``is_old`` says that it is not the one in service; ``milliseconds`` run from
    the question to the last byte that was read.
    """

    parameters: Pairs = ()
    release: Release | None = None
    is_old: bool = False
    milliseconds: int | None = None


NOTHING_ASKED = Asking()


@dataclass(frozen=True)
class Hint:
    """What may be wrong with a query, in the reader's language, and a query that mends it."""

    kind: str
    text: str
    fix_label: str = ""
    fix_query: str = ""


@dataclass(frozen=True)
class HintView:
    """A hint with the address that opens its mended query."""

    kind: str
    text: str
    fix: Anchor | None


@dataclass(frozen=True)
class Example:
    """A query to start from, and what it asks."""

    title: Labels
    query: str


@dataclass(frozen=True)
class ExamplesView:
    """Links to queries to start from: those beside the form, the rest, and what it is folded under."""

    shown: tuple[Anchor, ...]
    folded: tuple[Anchor, ...]
    all: str


@dataclass(frozen=True)
class CiteView:
    """How to cite an answer: in words, by its permalink, and as files."""

    words: str
    permalink: str
    files: tuple[Anchor, ...]


@dataclass(frozen=True)
class Facts:
    """What is said above an answer: the time it took and the release that gave it, in the reader's language."""

    time: str
    release: Anchor | None
    is_old: bool


@dataclass(frozen=True)
class Editor:
    """What the script of the query editor needs: where to check and to look up, and its words as JSON."""

    check: str
    terms: str
    mount: str
    words: str


@dataclass(frozen=True)
class Choice:
    """One of the formats to choose from: what is sent, and what is read."""

    value: str
    text: str


@dataclass(frozen=True)
class SparqlView:
    """The query page."""

    frame: Frame
    home: Anchor
    query: str
    table_formats: tuple[Choice, ...]
    graph_formats: tuple[Choice, ...]
    action: str
    endpoint: str
    editor: Editor
    words: str
    parameters: Pairs
    without: str
    table: TableView | None
    is_cut: bool
    facts: Facts
    current: str
    downloads: tuple[Download, ...]
    snippets: tuple[Snippet, ...]
    cite: CiteView | None
    error: ErrorView | None
    hints: tuple[HintView, ...]
    examples: ExamplesView


def sparql_view(
    reader: Reader,
    query: str,
    table: SparqlTable | None,
    error: KgpubError | None,
    examples: Sequence[Example],
    asking: Asking,
    hints: Sequence[Hint],
) -> SparqlView:
    """The view of the query page."""
    say, iris = reader.say, reader.iris
    text = tidy(query)
    pairs = (("query", text), *asking.parameters) if text else ()
    page = iris.page(SPARQL, reader.language)
    is_cut = table is not None and table.truncated
    is_elsewhere = isinstance(error, Gone) or asking.is_old
    endpoint = iris.canonical(iris.page(SPARQL))
    return SparqlView(
        frame=frame(reader, own_page(reader, SPARQL, pairs), say("sparql"), say("sparql.lead"), indexed=not text),
        home=home_anchor(reader),
        query=query or next((example.query for example in examples), ""),
        table_formats=tuple(Choice(one.extension, short_format(one)) for one in TABLE_FORMATS),
        graph_formats=tuple(Choice(one.extension, short_format(one)) for one in GRAPH_FORMATS),
        action=iris.page(SPARQL),
        endpoint=endpoint,
        editor=_editor(reader),
        words=_words(reader),
        parameters=asking.parameters,
        without=with_query(page, [("query", text)]),
        table=table_view(reader, table.variables, table.rows, table.triples, table.boolean) if table else None,
        is_cut=is_cut,
        facts=_facts(reader, asking, is_cut=is_cut),
        current=with_query(page, [pair for pair in pairs if pair[0] != "snapshot"]) if is_elsewhere else "",
        downloads=downloads(reader, pairs, table.shape, table.triples or ()) if table else (),
        snippets=snippets(endpoint, text, asking.parameters, table.shape) if table else (),
        cite=_cite(reader, asking.release, text, asking.parameters) if table and asking.release else None,
        error=error_view(reader, error) if error else None,
        hints=tuple(_hint(page, hint, asking) for hint in hints),
        examples=_examples(reader, page, examples),
    )


def tidy(query: str) -> str:
    """A query without blank edges, and with the line ends of programs where a form's mean the same."""
    bare = query.strip(" \t\r\n")
    return bare if _MANY_LINES.search(bare) else bare.replace("\r\n", "\n")


def _facts(reader: Reader, asking: Asking, *, is_cut: bool) -> Facts:
    """What is said above an answer."""
    say, release = reader.say, asking.release
    took = asking.milliseconds
    key = "sparql.time.first" if is_cut else "sparql.time"
    return Facts(
        time="" if took is None else say(key, count=say.count(took)),
        release=Anchor(release.short, reader.iris.page(DATA, reader.language)) if release else None,
        is_old=asking.is_old,
    )


def _examples(reader: Reader, page: str, examples: Sequence[Example]) -> ExamplesView:
    """Links to queries to start from."""
    titles = ((pick(example.title, reader.languages), example.query) for example in examples)
    links = tuple(
        Anchor(title.value, with_query(page, [("query", text)]), language=reader.lang(title.language) or "")
        for title, text in titles
        if title
    )
    say = reader.say
    return ExamplesView(links[:_EXAMPLES], links[_EXAMPLES:], say("more", count=say.count(len(links))))


def _hint(page: str, hint: Hint, asking: Asking) -> HintView:
    """A hint, whose mended query is asked as the one before it was."""
    pairs = (("query", hint.fix_query), *asking.parameters)
    fix = Anchor(hint.fix_label or hint.fix_query, with_query(page, pairs)) if hint.fix_query else None
    return HintView(hint.kind, hint.text, fix)


def _cite(reader: Reader, release: Release, query: str, parameters: Pairs) -> CiteView:
    """How to cite an answer."""
    cited = citation(reader.site, reader.language, release, query, parameters)
    sent = [("query", query), *(pair for pair in parameters if pair[0] not in {"snapshot", "timeout"})]
    fixed = [*sent, ("snapshot", release.version), ("lang", reader.language)]
    files = (("BibTeX", "bib"), ("CSL-JSON", "json"))
    return CiteView(
        words=_sentence(reader, cited),
        permalink=cited.url,
        files=tuple(Anchor(name, with_query(reader.iris.page(f"{CITE}.{end}"), fixed)) for name, end in files),
    )


def _sentence(reader: Reader, cited: Citation) -> str:
    """A citation in words, up to its address."""
    built = cited.release.built
    title = f"{cited.publisher}. {cited.title}" if cited.publisher else cited.title
    day = reader.say.date(built[:10], DATE) or built
    return reader.say("sparql.cite.text", title=title, version=cited.release.short, built=day)


def _editor(reader: Reader) -> Editor:
    """What the query editor needs."""
    iris, say = reader.iris, reader.say
    words = {key: say(f"editor.{key}") for key in EDITOR_KEYS}
    return Editor(
        check=iris.page("-/check"),
        terms=iris.page("-/terms.json", reader.language),
        mount=iris.page(""),
        words=json.dumps(words, ensure_ascii=False),
    )


def _words(reader: Reader) -> str:
    """What the script of the results says, and how the reader's language writes numbers and months, as JSON."""
    say = reader.say
    words: dict[str, object] = {key: say(f"results.{key}") for key in RESULTS_KEYS}
    months = [(say.date(f"--{month:02}", XSD + "gMonth") or "")[:3] for month in range(1, 13)]
    marks = {"group": say.count(11_111)[2:-3], "mark": (say.number("0.5") or "0.5")[1:-1], "months": months}
    return json.dumps(words | marks, ensure_ascii=False)
