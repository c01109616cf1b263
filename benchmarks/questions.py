"""What each of the servers that stand side by side is asked, and what an answer must be before it counts.

An answer counts that has the status 200, the media type that was asked for, and says what the graph is known to say;
a result of SPARQL has as many rows as the others have. A server that gives another answer, or none, has no figure.
"""

import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, tee
from pathlib import Path
from urllib.parse import quote, urlencode

import sparql
from generate import BASE, HUB
from kept import Answer
from peers import GRAPH, KGPUB, NATIVE, RDFLIB, SHMARQL, TRIFID, VIRTUOSO
from pyoxigraph import Literal, RdfFormat, parse

ANEW = "kgpub without its cache"
HTML, TURTLE, JSON_LD = "text/html", "text/turtle", "application/ld+json"
PAGE, PAGE_KEPT = "entity page, made anew", "entity page, from cache"
TTL, TTL_KEPT = "entity as Turtle, made anew", "entity as Turtle, from cache"
LD, LD_KEPT = "entity as JSON-LD, made anew", "entity as JSON-LD, from cache"
HUB_PAGE, HUB_KEPT = "hub page, made anew", "hub page, from cache"
SEARCH = "search for a word"
ENDPOINTS: Mapping[str, str] = {
    KGPUB: "/sparql", TRIFID: "/query", SHMARQL: "/sparql", RDFLIB: "/", NATIVE: "/query",
    VIRTUOSO: f"/sparql?{urlencode({'default-graph-uri': GRAPH})}",
}  # fmt: skip
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_NO_PAGES, _NO_SEARCH = "it has no pages of entities", "it has no search"
_CONSTRUCT = "CONSTRUCT {{ <{0}> ?p ?o }} WHERE {{ <{0}> ?p ?o }}"
_CONTAINS = "SELECT ?thing ?label {{ ?thing <{0}> ?label . ?label bif:contains '\"{1}\"' }} LIMIT 20"


@dataclass(frozen=True)
class Question:
    """A request, the media type of its answer, and groups of texts: the answer says one of each group."""

    path: str
    accept: str
    known: tuple[tuple[str, ...], ...] = ()
    rows: int | None = None
    """How many rows its result has, where that is known."""

    @property
    def request(self) -> bytes:
        """The request as it goes over the wire."""
        return f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {self.accept}\r\n\r\n".encode()

    def wrong(self, answer: Answer) -> str:
        """What is wrong with an answer, or nothing."""
        if answer.status != 200:
            return f"it answers {answer.status}"
        given = _media(answer)
        if given != self.accept:
            return f"asked for {self.accept} it answers with {given or 'no media type'}"
        if self.accept in (sparql.JSON, sparql.N_TRIPLES) and not self.known:
            return _miscounted(sparql.number_of_rows(self.accept, answer.body), self.rows)
        text = _words(self.accept, answer.body)
        missing = [group for group in self.known if not any(words in text for words in group)]
        return f"the answer does not say “{missing[0][0]}”" if missing else ""


def _media(answer: Answer) -> str:
    found = re.search(rb"\r\ncontent-type:\s*([^;\r]+)", answer.head)
    return found[1].decode("latin-1").strip() if found else ""


def _miscounted(found: int, wanted: int | None) -> str:
    if not found:
        return "its result is empty"
    return f"its result has {found:,} rows and not {wanted:,}" if wanted not in (None, found) else ""


def _words(media: str, body: bytes) -> str:
    """What a body says, without the escapes of its format."""
    if media == HTML:
        return html.unescape(body.decode())
    if media == TURTLE:
        triples = parse(body, format=RdfFormat.TURTLE)
        return "\n".join(one.object.value for one in triples if isinstance(one.object, Literal))
    return json.dumps(json.loads(body), ensure_ascii=False)


@dataclass(frozen=True)
class Asked:
    """A row: its name, who is asked what, again and again, and why the others are not."""

    name: str
    questions: Mapping[str, Iterator[Question]]
    silent: Mapping[str, str] = field(default_factory=dict)
    different: int = 1
    """How many different questions each is asked, before the first one comes again."""


@dataclass(frozen=True)
class Known:
    """What the graph says: labels in English by IRI, and the IRIs of the things that point to the hub."""

    labels: Mapping[str, str]
    to_hub: Sequence[str]

    @classmethod
    def of(cls, triples: Path) -> "Known":
        """Read it from a file of N-Triples."""
        labels, to_hub = defaultdict(str), []
        hub = BASE + "id/" + HUB.removeprefix("id:")
        for one in parse(path=str(triples), format=RdfFormat.N_TRIPLES):
            subject, value = getattr(one.subject, "value", ""), getattr(one.object, "value", "")
            if one.predicate.value == _LABEL and getattr(one.object, "language", "") == "en":
                labels[subject] = value
            if value == hub:
                to_hub.append(subject)
        return cls(labels, to_hub)

    def about(self, thing: str) -> tuple[tuple[str, ...], ...]:
        """What an answer about a thing must say: its label."""
        return ((self.labels[BASE + thing],),)

    def about_hub(self, hub: str) -> tuple[tuple[str, ...], ...]:
        """What a page of the hub must say, too: the label of something that points to it."""
        members = dict.fromkeys(self.labels[iri] for iri in self.to_hub if iri in self.labels)
        return (*self.about(hub), tuple(members))


def rows(documents: int, known: Known) -> Iterator[Asked]:
    """All rows: pages and data of agencies from all over the graph, the hub, search, and eight queries."""
    agencies = [f"id/org-{number}-0" for number in range(documents)]
    hub = "id/" + HUB.removeprefix("id:")
    for name, mine in ((PAGE, ANEW), (PAGE_KEPT, KGPUB)):
        yield _pages(name, mine, agencies, known.about)
    for name, mine in ((HUB_PAGE, ANEW), (HUB_KEPT, KGPUB)):
        yield _pages(name, mine, [hub], known.about_hub)
    for name, mine in ((TTL, ANEW), (TTL_KEPT, KGPUB)):
        yield _of_data(name, mine, "ttl", TURTLE, agencies, known)
    for name, mine in ((LD, ANEW), (LD_KEPT, KGPUB)):
        yield _of_data(name, mine, "jsonld", JSON_LD, agencies, known)
    yield _search(["Agency", "Conference", "Project", "Topic"], known)
    for case in sparql.cases(documents):
        texts = zip(ENDPOINTS.items(), tee(case.texts, len(ENDPOINTS)), strict=True)
        yield Asked(case.name, {name: _queries(path, case.accept, those) for (name, path), those in texts})


def _pages(name: str, mine: str, things: Sequence[str], about: Callable[[str], tuple[tuple[str, ...], ...]]) -> Asked:
    theirs = [Question(f"/{thing}", HTML, about(thing)) for thing in things]
    ours = [Question(f"/{thing}.en.html", HTML, about(thing)) for thing in things]
    asked = {mine: cycle(ours), TRIFID: cycle(theirs), SHMARQL: cycle(theirs)}
    return Asked(name, asked, dict.fromkeys((RDFLIB, NATIVE, VIRTUOSO), _NO_PAGES), len(things))


def _of_data(name: str, mine: str, ending: str, media: str, things: Sequence[str], known: Known) -> Asked:
    ours = [Question(f"/{thing}.{ending}", media, known.about(thing)) for thing in things]
    theirs = [Question(f"/{thing}", media, known.about(thing)) for thing in things]
    asked = {mine: cycle(ours), TRIFID: cycle(theirs), SHMARQL: cycle(theirs)}
    for other in (RDFLIB, NATIVE, VIRTUOSO):
        texts = [(_address(ENDPOINTS[other], _CONSTRUCT.format(BASE + thing)), thing) for thing in things]
        asked[other] = cycle([Question(path, media, known.about(thing)) for path, thing in texts])
    return Asked(name, asked, different=len(things))


def _search(words: Sequence[str], known: Known) -> Asked:
    """Kgpub's page of results; of Virtuoso, which has a text index and no page, the query that uses it."""
    found = [word for word in words if any(word in label for label in known.labels.values())]
    pages = [Question(f"/search?q={quote(word)}&lang=en", HTML, ((word,),)) for word in found]
    texts = [(_address(ENDPOINTS[VIRTUOSO], _CONTAINS.format(_LABEL, word)), word) for word in found]
    queries = [Question(path, sparql.JSON, ((word,),)) for path, word in texts]
    silent = dict.fromkeys((TRIFID, SHMARQL, RDFLIB, NATIVE), _NO_SEARCH)
    return Asked(SEARCH, {KGPUB: cycle(pages), VIRTUOSO: cycle(queries)}, silent, len(found))


def _queries(path: str, accept: str, texts: Iterator[str]) -> Iterator[Question]:
    return (Question(_address(path, text), accept) for text in texts)


def _address(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'query': query})}"
