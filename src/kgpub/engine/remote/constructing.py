"""A CONSTRUCT whose rows an endpoint does not give at once: they are read by pages, and the template is filled in here.

So none is missing that was counted, blank nodes of the template are new ones for each row (SPARQL 1.1 section 16.2.1),
and those of the data stay what they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from pyoxigraph import BlankNode, NamedNode, Store, Triple

from kgpub.engine import guard
from kgpub.engine.remote.client import RESULTS, Client
from kgpub.engine.remote.results import Row, number, rows
from kgpub.errors import UpstreamFailed

_STAND_IN = "urn:x-kgpub:blank:"
"""What a blank node of the data is called while the template is filled in; a query cannot name one."""
_PAGE = 2_000
"""Rows that the template is filled in with at a time."""


@dataclass(frozen=True)
class Construct:
    """A CONSTRUCT in its parts; ``rest`` is its pattern and what follows."""

    prologue: str
    template: str
    datasets: str
    rest: str

    @property
    def counted(self) -> str:
        """How many rows it is made from, as a query."""
        return f"{self.prologue}SELECT (COUNT(*) AS ?n) {self.datasets}WHERE {{ SELECT * {self.rest}\n}}"

    def page(self, offset: int, limit: int) -> str:
        """Some of the rows, as a query."""
        inner = f"{{ SELECT * {self.rest}\n}}"
        return f"{self.prologue}SELECT * {self.datasets}WHERE {{ {inner} }} OFFSET {offset} LIMIT {limit}"

    def made(self, found: Sequence[Row]) -> Iterator[Triple]:
        """The triples that these rows make."""
        store, names = Store(), sorted(_variables(self.template))
        head = " ".join(f"?{name}" for name in names)
        for start in range(0, len(found), _PAGE):
            some = found[start : start + _PAGE]
            values = "\n".join(f"({' '.join(_written(row, name) for name in names)})" for row in some)
            query = f"{self.prologue}CONSTRUCT {self.template} WHERE {{ VALUES ({head}) {{ {values} }} }}"
            yield from (_put_back(triple) for triple in store.query(query))  # type: ignore[union-attr] # triples


def parts(query: str) -> Construct:
    """The parts of a CONSTRUCT that passed the guard; in its short form the pattern is the template."""
    tokens = [token for token in guard.Reader(query).tokens() if token.kind != "space"]
    at = next(n for n, token in enumerate(tokens) if token.kind == "word" and token.text.upper() == "CONSTRUCT")
    after, template = at + 1, ""
    if tokens[after].text == "{":
        end = _closing(tokens, after)
        template, after = query[tokens[after].start : tokens[end].start + 1], end + 1
    group = next((n for n in range(after, len(tokens)) if tokens[n].text.upper() in ("WHERE", "{")), len(tokens) - 1)
    begin, start = tokens[after].start if after < len(tokens) else len(query), tokens[group].start
    if not template:
        opening = next((n for n in range(group, len(tokens)) if tokens[n].text == "{"), group)
        template = query[tokens[opening].start : tokens[_closing(tokens, opening)].start + 1]
    return Construct(query[: tokens[at].start], template, query[begin:start], query[start:])


def triples(
    client: Client, query: Construct, count: int, graphs: Mapping[str, tuple[str, ...]], timeout: float
) -> Iterator[Triple]:
    """All triples of a CONSTRUCT that is made from ``count`` rows, each once, within ``timeout`` seconds.

    Raises ``UpstreamFailed`` where other than the counted rows come, ``UpstreamTimeout``.
    """
    deadline, page, offset = monotonic() + timeout, client.dialect.within(count), 0
    seen: set[int] = set()
    while offset < count:
        left = max(deadline - monotonic(), 0.001)
        found = client.ask(query.page(offset, page), RESULTS, rows, graphs=graphs, timeout=left)
        if not found:
            break
        offset += len(found)
        for triple in query.made(found):
            if (key := hash(str(triple))) not in seen:
                seen.add(key)
                yield triple
    if offset != count:
        raise UpstreamFailed(f"the endpoint counted {count:,} rows of a CONSTRUCT and gave {offset:,}")


def size(client: Client, query: Construct, graphs: Mapping[str, tuple[str, ...]], timeout: float) -> int:
    """How many rows a CONSTRUCT is made from, by the endpoint's own count."""
    (row,) = client.ask(query.counted, RESULTS, rows, graphs=graphs, timeout=timeout)
    return number(row["n"])


def _variables(template: str) -> set[str]:
    """The variables of a template, without their signs."""
    return {token.text[1:] for token in guard.Reader(template).tokens() if token.kind == "variable"}


def _written(row: Row, name: str) -> str:
    """What a row binds a variable to, as SPARQL writes it."""
    try:
        term = row[name]
    except KeyError:  # a variable of the template that the pattern does not have
        return "UNDEF"
    if isinstance(term, BlankNode):
        return str(NamedNode(_STAND_IN + term.value))
    return "UNDEF" if term is None else str(term)


def _put_back(triple: Triple) -> Triple:
    subject, target = triple.subject, triple.object
    if isinstance(subject, NamedNode) and subject.value.startswith(_STAND_IN):
        subject = BlankNode(subject.value.removeprefix(_STAND_IN))
    if isinstance(target, NamedNode) and target.value.startswith(_STAND_IN):
        target = BlankNode(target.value.removeprefix(_STAND_IN))
    return Triple(subject, triple.predicate, target)


def _closing(tokens: Sequence[guard.Token], opening: int) -> int:
    depth = 0
    for position in range(opening, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[position].text, 0)
        if depth == 0:
            return position
    return len(tokens) - 1
