"""What the doctor knows of the snapshot in service, and what it says, in the reader's language."""

import re
from collections.abc import Iterable
from functools import partial
from threading import Lock

from cachetools import LRUCache, cached
from pyoxigraph import Literal, NamedNode

from kgpub.doctor import FATAL, Known, Outcome, Vocabulary, diagnose
from kgpub.doctor import Hint as Found
from kgpub.engine import Pattern, guard
from kgpub.errors import KgpubError
from kgpub.model import Counted
from kgpub.represent.asking import Hint
from kgpub.represent.locale import Voice, voice
from kgpub.represent.messages import MESSAGES
from kgpub.snapshot import Snapshot
from kgpub.web.respond import Served

MOST_LABELS = 2_000
"""Properties, and classes, whose labels are compared with what a query says; of the others only the IRI is."""

_LONGEST = 80
"""Most characters of a query's own text within a sentence."""
_REASONS = {
    "hint.syntax-open": r"“(?P<text>.+)” is never closed",
    "hint.syntax-close": r"“(?P<text>.+)” closes nothing",
    "hint.syntax-word": r"“(?P<text>.+)” is no word of SPARQL",
    "hint.syntax-string": r"the string that begins here does not end",
    "hint.syntax-iri": r"the IRI that begins here does not end",
    "hint.refused-fetch": r"“(?P<text>.+)” is never done here",
    "hint.refused-update": r"“(?P<text>.+)” is an update",
    "hint.syntax": r"after “(?P<before>.*)”: this is not SPARQL",
    "hint.syntax-detail": r"(?P<detail>Line \d+, .*)",
    "hint.refused": r"(?P<detail>.*)",
}
"""Message → how the guard or the engine says it; the first that fits is told."""


def hints(now: Served, query: str, language: str, outcome: Outcome) -> tuple[Hint, ...]:
    """What the query page says about a query that went so, each thing once; it takes look-ups but asks no query."""
    say = voice(language, now.site.overrides)
    found = diagnose(query, known(now), outcome)
    said = {one.text: one for one in (_hint(say, one) for one in reversed(found))}
    if outcome == "error" and say.spoken != "en" and not any(one.kind in FATAL for one in found):
        return (*_refused(now, query, say), *reversed(said.values()))
    return tuple(reversed(said.values()))


def _hint(say: Voice, found: Found) -> Hint:
    """A hint as the page shows it."""
    return Hint(found.kind, told(say, found), fix_label(say, found), found.fix or "")


def _refused(now: Served, query: str, say: Voice) -> Iterable[Hint]:
    """What the guard finds, which the page gives in English, in the reader's language."""
    try:
        guard.check(query, now.site.sparql.max_query)
    except KgpubError as error:
        yield Hint(error.kind, reason(say, error))


def told(say: Voice, found: Found) -> str:
    """A hint in words."""
    return say(f"hint.{found.kind}", **{name: _short(value) for name, value in found.values.items()})


def fix_label(say: Voice, found: Found) -> str:
    """What the mended query is called; nothing where there is none."""
    key = f"hint.{found.kind}.fix"
    if found.fix is None or key not in MESSAGES:
        return ""
    return say(key, **{name: _short(value) for name, value in found.values.items()})


def reason(say: Voice, error: KgpubError) -> str:
    """Why a query is refused, in the reader's language where the guard's and the engine's words are known."""
    for key, pattern in _REASONS.items():
        found = re.search(pattern, error.detail, re.DOTALL)
        if found:
            return say(key, **{name: _short(value) for name, value in found.groupdict().items()})
    return error.detail


def _short(text: str) -> str:
    """A text of the query on one line, cut off where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def known(now: Served) -> Known:
    """What the snapshot in service knows; the look-ups say nothing where the engine fails."""
    snapshot, site = now.snapshot, now.site
    used = {kind: _vocabulary(snapshot, kind) for kind in ("properties", "classes")}
    languages = dict.fromkeys((*site.languages, *_languages(snapshot)))
    return Known(
        site.base,
        site.all_prefixes,
        used["properties"],
        used["classes"],
        partial(_is_property, snapshot),
        partial(_is_class, snapshot),
        partial(_tags, snapshot, tuple(languages)),
    )


@cached(LRUCache(maxsize=8), key=lambda snapshot, kind: (snapshot.version, kind), lock=Lock())
def _vocabulary(snapshot: Snapshot, kind: str) -> Vocabulary:
    """The properties or the classes of a snapshot, which never change."""
    counted: tuple[Counted, ...] = getattr(snapshot.statistics, kind)
    labels = snapshot.index.labels(one.iri for one in counted[:MOST_LABELS])
    return Vocabulary({one.iri: one.count for one in counted}, labels)


@cached(LRUCache(maxsize=4), key=lambda snapshot: snapshot.version, lock=Lock())
def _languages(snapshot: Snapshot) -> tuple[str, ...]:
    """The languages of the labels of properties and classes."""
    vocabularies = (_vocabulary(snapshot, kind) for kind in ("properties", "classes"))
    return tuple(dict.fromkeys(tag for one in vocabularies for texts in one.labels.values() for tag in texts if tag))


_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def _is_property(snapshot: Snapshot, iri: str) -> bool:
    """Whether any triple has this predicate; where that cannot be found out, yes."""
    try:
        return any(snapshot.engine.quads(Pattern(predicate=NamedNode(iri)), 1))
    except (KgpubError, ValueError):
        return True


def _is_class(snapshot: Snapshot, iri: str) -> bool:
    """Whether anything belongs to this class; where that cannot be found out, yes."""
    try:
        return any(snapshot.engine.quads(Pattern(predicate=_TYPE, object=NamedNode(iri)), 1))
    except (KgpubError, ValueError):
        return True


def _tags(snapshot: Snapshot, languages: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The languages in which a text occurs, ``""`` for none; nothing where that cannot be found out."""
    literals = {"": Literal(text)} | {tag: Literal(text, language=tag) for tag in languages}
    try:
        return tuple(tag for tag, literal in literals.items() if any(snapshot.engine.quads(Pattern(object=literal), 1)))
    except KgpubError:
        return ()
