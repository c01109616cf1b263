"""Does a new snapshot answer? A handful of questions made of its own figures, asked before it is put in service.

Each is one that a visitor would ask: how much there is, what is said of a thing, what is called so, and the site's
saved queries as they stand. A question that fails is named, and so is a visitor's that takes longer than it may; how
much there is may be counted for as long as that takes, which grows with the graph.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from threading import Thread

from pyoxigraph import NamedNode

from kgpub import describe as ask
from kgpub import queries, saved
from kgpub.engine import DatasetClause, Pattern
from kgpub.errors import KgpubError, LimitReached, QueryTimeout, SnapshotBroken
from kgpub.model import pick
from kgpub.searching.matching import ask as words
from kgpub.settings import Settings
from kgpub.snapshot import Snapshot

MOST_GRAPHS = 50
"""Named graphs that are counted again."""
MOST_THINGS = 5
"""Things that are described and searched for: an example each of the largest classes that have one."""

_LONGEST = 60
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def check(now: Snapshot, site: Settings) -> None:
    """Ask all the questions; raises ``SnapshotBroken`` with the name of the first that is not answered."""
    if not site.engine:  # an endpoint was counted when it was read, and may count differently
        _try(_counts(now), None)
    _try(_questions(now, site), site.sparql.timeout)


def _try(questions: Iterable[tuple[str, Callable[[], None]]], seconds: float | None) -> None:
    """Ask questions by name, each for so many seconds at most."""
    for name, answer in questions:
        try:
            _within(answer, seconds)
        except Exception as error:
            detail = error.detail if isinstance(error, KgpubError) else repr(error)
            said = f"the new snapshot does not answer as it should, nothing was published: {name}: {detail}"
            raise SnapshotBroken(said) from error


def _questions(now: Snapshot, site: Settings) -> Iterator[tuple[str, Callable[[], None]]]:
    """What visitors ask, by name."""
    examples = (part.example for part in now.partitions.figures.by_class if part.example)
    for iri in islice(dict.fromkeys(examples), MOST_THINGS):
        yield f"the page of <{iri}>", partial(_describe, now, iri, site)
        label = None if _is_a_name(now, iri, site) else pick(now.index.texts(iri), site.languages)
        if label is not None and len(label.value) <= _LONGEST and words(label.value).words:
            yield f"the search for “{label.value}”", partial(_search, now, label.value, site)
    for query in saved.load(site).queries if not site.engine else ():
        if not query.missing(query.defaults):
            text = saved.standalone(query.bound(query.defaults), site)
            yield f"the saved query “{query.name}” ({query.file})", partial(_ask, now, text)


def _is_a_name(now: Snapshot, iri: str, site: Settings) -> bool:
    """Whether a thing only stands for a name, so that search has what bears it: if that is offered at all."""
    types = now.engine.quads(Pattern(NamedNode(iri), _TYPE))
    return any(str(quad.object).strip("<>") in site.properties(site.vocabulary.label_classes) for quad in types)


def _counts(now: Snapshot) -> Iterator[tuple[str, Callable[[], None]]]:
    """Whether as many triples are there as were put in."""
    whole = queries.text("smoke-default")
    yield "triples of the default graph", partial(_count, now, whole, now.partitions.figures.triples)
    for graph in now.statistics.graphs[:MOST_GRAPHS]:
        question = queries.bind(queries.text("figures-graph"), graph=NamedNode(graph.iri))
        yield f"triples of the graph <{graph.iri}>", partial(_count, now, question, graph.count)


def _within(answer: Callable[[], None], seconds: float | None) -> None:
    """Wait so long for an answer, which is made beside: the engine cannot be interrupted, only left alone.

    Raises what the answer raises, or ``QueryTimeout``.
    """
    failures: list[Exception] = []

    def run() -> None:
        try:
            answer()
        except Exception as error:  # noqa: BLE001 - raised again by who waits
            failures.append(error)

    thread = Thread(target=run, name="kgpub-smoke", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise QueryTimeout(f"no answer within {seconds:g} seconds")
    if failures:
        raise failures[0]


def _count(now: Snapshot, question: str, expected: int) -> None:
    row = next(now.engine.select(question))
    found = int(row[0].value)
    if found != expected:
        raise SnapshotBroken(f"{found} in place of {expected}")


def _describe(now: Snapshot, iri: str, site: Settings) -> None:
    ask.describe(now.engine, now.index, now.graphs, iri, ask.Asked(site.languages))


def _search(now: Snapshot, label: str, site: Settings) -> None:
    total, _ = now.search.find(label, languages=site.languages, limit=1)
    if not total:
        raise SnapshotBroken("nothing is found")


def _ask(now: Snapshot, query: str) -> None:
    """Read an answer to its end, or to where a visitor's would be cut off."""
    chunks = now.engine.stream(query, None, DatasetClause()).chunks
    try:
        for _ in chunks:
            pass
    except LimitReached:
        return
    finally:
        chunks.close()
