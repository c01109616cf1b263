"""The difference of two datasets in words: as text, as Markdown for a pull request, as JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from kgpub.difference import Change, Difference, Thing, graphs, iri
from kgpub.iris import Iris, short_name
from kgpub.model import pick
from kgpub.reading.tags import term
from kgpub.represent.locale import Voice
from kgpub.represent.markup import plain

MOST_MARKDOWN = 60_000
"""Characters of a Markdown text, since a comment on a pull request has room for no more."""

_LONGEST = 200
_SIGNS = {"added": "+", "removed": "−", "changed": "~", "moved": "→"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~@&])")
_IRI = re.compile(r"(?<=[ (])<([^<>\s\"]+)>(?= )")
_TICKS = re.compile("`+")


@dataclass(frozen=True)
class Telling:
    """A difference being told: in which languages, with which prefixes."""

    difference: Difference
    say: Voice
    languages: tuple[str, ...]
    iris: Iris

    def name(self, text: str) -> str:
        """What to call an IRI (with brackets): its label, its CURIE, or its last part."""
        label = pick(self.difference.labels(text), self.languages)
        return plain(label.value) if label else self.iris.curie(iri(text)) or short_name(iri(text))

    def value(self, text: str) -> str:
        """A value in one line, cut where it is long: the name of an IRI with the IRI, a literal as it is written."""
        if text.startswith("<") and not text.startswith("<<"):
            short = self.iris.curie(iri(text)) or text
            name = self.name(text)
            return name if name == short else f"{name} {short}"
        if text.startswith('"'):
            literal = term(text)
            assert isinstance(literal, Literal)
            datatype = self.iris.curie(literal.datatype.value)
            text = text.replace(f"^^{literal.datatype}", f"^^{datatype}") if datatype else text
        text = _IRI.sub(lambda found: self.iris.curie(found[1]) or found[0], plain(text))
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"

    def graph(self, text: str) -> str:
        """A graph's name."""
        return (self.iris.curie(iri(text)) or iri(text)) if text else self.say("diff.graph.default")

    def about(self, change: Change) -> str:
        """What the statement is that a statement node stands for."""
        if change.about is None:
            return self.name(change.subject) if change.subject.startswith("<") else self.say("diff.unnamed")
        return self.say("diff.source", statement=f"{self.name(change.about[0])}: {self.value(change.about[1])}")

    def summary(self) -> tuple[str, ...]:
        """How much differs, a line each."""
        say, counts = self.say, self.difference.counts
        if not counts.differ:
            return (say("diff.none"),)
        number = say.count
        return (
            say(
                "diff.things",
                added=number(counts.added),
                removed=number(counts.removed),
                changed=number(counts.changed),
            ),
            say("diff.statements", added=number(counts.statements_added), removed=number(counts.statements_removed)),
            *(() if counts.is_exact else (say("diff.inexact"),)),
        )


def lines(telling: Telling) -> Iterator[tuple[str, str]]:
    """The difference as lines of text, each with its kind (``added``, ``removed``, ``changed``, ``moved``, or none)."""
    for line in telling.summary():
        yield "", line
    for thing in telling.difference.things():
        yield "", ""
        yield thing.kind, f"{_SIGNS[thing.kind]} {_heading(telling, thing)}"
        before = thing.iri
        for one in thing.changes:
            if one.subject != before:
                yield "", f"    {telling.about(one)}  {one.subject}"
                before = one.subject
            yield from _lines(telling, one, 4 + 2 * (one.subject != thing.iri))
        if thing.more:
            yield "", f"    … {telling.say('diff.more', count=telling.say.count(thing.more))}"


def _lines(telling: Telling, one: Change, indent: int) -> Iterator[tuple[str, str]]:
    """A change as a line, and what differs inside of it below."""
    yield one.kind, f"{' ' * indent}{_SIGNS[one.kind]} {_change(telling, one)}"
    for inner in one.inside:
        yield from _lines(telling, inner, indent + 2)


def markdown(telling: Telling) -> str:
    """The difference as Markdown (GitHub Flavored), everything foreign inert; cut where it has no room."""
    said = [f"## {telling.say('diff.title')}", "", *(f"- {_escaped(line)}" for line in telling.summary())]
    size, left = sum(map(len, said)), 0
    for thing in telling.difference.things():
        block = "" if left else "\n".join(_block(telling, thing))
        if left or size + len(block) > MOST_MARKDOWN:
            left += 1
            continue
        size += len(block) + 1
        said.append(block)
    if left:
        said += ["", f"… {telling.say('diff.more.things', count=telling.say.count(left))}"]
    return "\n".join(said) + "\n"


def json_pieces(telling: Telling) -> Iterator[str]:
    """The difference as one JSON object, piece by piece; terms are in N-Quads notation, whole."""
    counts = telling.difference.counts
    head = {
        "things": {"added": counts.added, "removed": counts.removed, "changed": counts.changed},
        "statements": {"added": counts.statements_added, "removed": counts.statements_removed},
        "exact": counts.is_exact,
    }
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "differences": ['
    separator = "\n"
    for thing in telling.difference.things():
        yield separator + json.dumps(_thing(telling, thing), ensure_ascii=False)
        separator = ",\n"
    yield "\n ]\n}\n"


def _heading(telling: Telling, thing: Thing) -> str:
    return f"{telling.name(thing.iri)}  {thing.iri}" if thing.iri.startswith("<") else telling.say("diff.unnamed")


def _change(telling: Telling, one: Change) -> str:
    """A change in one line: property, value or both values, and where."""
    return f"{telling.name(one.predicate)}: {' → '.join(_values(telling, one))}{_where(telling, one)}"


def _values(telling: Telling, one: Change) -> list[str]:
    """The value of a change, or both; of blank nodes only what differs is told, below."""
    if one.inside:
        return ["[ … ]"]
    values = [telling.value(text) for text in (one.old, one.new) if text]
    return values[:1] if one.kind == "moved" else values


def _where(telling: Telling, one: Change) -> str:
    if one.kind == "moved":
        return f"  ({telling.say('diff.graph', graph=f'{telling.graph(one.graph)} → {telling.graph(one.new_graph)}')})"
    return f"  ({telling.say('diff.graph', graph=telling.graph(one.graph))})" if one.graph else ""


def _block(telling: Telling, thing: Thing) -> Iterator[str]:
    """A thing as Markdown: a heading, and a list of what changed."""
    code = f" {_code(iri(thing.iri))}" if thing.iri.startswith("<") else ""
    name = telling.name(thing.iri) if code else telling.say("diff.unnamed")
    yield f"\n### {_SIGNS[thing.kind]} {_escaped(name)}{code}\n"
    before = thing.iri
    for one in thing.changes:
        if one.subject != before:
            yield f"- {_escaped(telling.about(one))}"
            before = one.subject
        yield from _items(telling, one, 2 * (one.subject != thing.iri))
    if thing.more:
        yield f"- … {telling.say('diff.more', count=telling.say.count(thing.more))}"


def _items(telling: Telling, one: Change, indent: int) -> Iterator[str]:
    """A change as an item of a list, and what differs inside of it as a list below."""
    shown = " → ".join(_code(value) for value in _values(telling, one))
    where = _escaped(_where(telling, one))
    yield f"{' ' * indent}- {_SIGNS[one.kind]} {_escaped(telling.name(one.predicate))}: {shown}{where}"
    for inner in one.inside:
        yield from _items(telling, inner, indent + 2)


def _thing(telling: Telling, thing: Thing) -> dict[str, object]:
    return {
        "iri": iri(thing.iri),
        "kind": thing.kind,
        "labels": telling.difference.labels(thing.iri),
        "changes": [_as_json(telling, one) for one in thing.changes],
        "more": thing.more,
    }


def _as_json(telling: Telling, one: Change) -> dict[str, object]:
    about = {"about": {"predicate": iri(one.about[0]), "object": one.about[1]}} if one.about else {}
    return {
        "kind": one.kind,
        "subject": iri(one.subject),
        "predicate": iri(one.predicate),
        "predicate_labels": telling.difference.labels(one.predicate),
        **({"old": one.old} if one.old else {}),
        **({"new": one.new} if one.new else {}),
        **graphs(one),
        **about,
        **({"inside": [_as_json(telling, inner) for inner in one.inside]} if one.inside else {}),
    }


def _escaped(text: str) -> str:
    """Text that Markdown takes for nothing but text."""
    return _SPECIAL.sub(r"\\\1", text)


def _code(text: str) -> str:
    """A code span that what is in it cannot end (CommonMark section 6.1)."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if text.startswith("`") or text.endswith("`") else f"{fence}{text}{fence}"
