"""What a careful reviewer would say of a site before it is published: rules over its files, offline.

``review`` judges the whole site, ``lint`` the shapes alone. ``survey`` reads the files once to know the whole; then
every statement is shown to every family of rules, and at last the words that a remark is about are looked up in the
text of the file. No address is ever asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kgpub.logs.excerpts import Texts, texts_of
from kgpub.model import Labels
from kgpub.represent.messages.review import MESSAGES
from kgpub.represent.messages.words import Words
from kgpub.review.findings import ERROR, NOTE, OFF, SEVERITIES, WARNING, WHOLE, Case, Place, Remark, Review, shown
from kgpub.review.identifiers import base, identifiers, twins
from kgpub.review.identity import evidence, identity
from kgpub.review.labels import labels
from kgpub.review.languages import languages
from kgpub.review.links import links
from kgpub.review.linting import lint as lint_cases
from kgpub.review.linting import shapes_graph, usage_of
from kgpub.review.namespaces import namespaces
from kgpub.review.places import Placed, placed
from kgpub.review.publication import publication
from kgpub.review.rules import OF_SHAPES, RULES, Rule, severities
from kgpub.review.shapes import shapes
from kgpub.review.survey import Known, Stated, read, survey
from kgpub.review.terms import terms
from kgpub.settings import Settings
from kgpub.source import SourceFile, files, notes

__all__ = [
    "ERROR",
    "MESSAGES",
    "NOTE",
    "OFF",
    "OF_SHAPES",
    "RULES",
    "SEVERITIES",
    "WARNING",
    "Place",
    "Remark",
    "Review",
    "Rule",
    "lint",
    "review",
]

MOST = 500
"""Most remarks of one rule; how many more there are is said."""
_FAMILIES: tuple[Callable[[Stated, Known], Iterator[Case]], ...] = (
    namespaces,
    terms,
    links,
    languages,
    labels,
    identity,
    identifiers,
    twins,
)
_OF_THE_WHOLE: tuple[Callable[[Known], Iterator[Case]], ...] = (publication, base)


def review(settings: Settings) -> Review:
    """Every remark about a site, sorted by file and line.

    Raises ``SettingsError`` where ``[check]`` names no rule, ``SourceError`` where a file cannot be read.
    """
    grave = severities(settings)
    sources = files(settings)
    texts = texts_of(sources, settings.folder)
    gathered = _gather(sources, settings, grave)
    found, left_off = _told(gathered, texts, settings), gathered.left_off
    results = shapes(sources, settings, grave)
    for rule in {remark.rule for remark in results}:
        several = [remark for remark in results if remark.rule == rule]
        found += several[:MOST]
        if len(several) > MOST:
            left_off[rule] = len(several) - MOST
    return Review(tuple(sorted(found, key=_order)), left_off, notes(sources))


def lint(settings: Settings) -> Review:
    """Every remark about the shapes of a site by themselves (``OF_SHAPES``); nothing is validated.

    Raises what ``review`` raises.
    """
    grave = severities(settings)
    sources = files(settings)
    shaping = [file for file in sources if file.role == "shapes"]
    gathered = _Gathered(grave)
    known = _survey(sources, settings, gathered)
    for stated in read(shaping):
        for family in (namespaces, terms):
            for case in family(stated, known):
                gathered.add(case)
    found = _told(gathered, texts_of(sources, settings.folder), settings)
    return Review(tuple(sorted(found, key=_order)), gathered.left_off, notes(sources))


@dataclass
class _Gathered:
    """The cases of all rules: one per rule and key, at most ``MOST`` per rule; how often each was met."""

    grave: Mapping[str, str]
    cases: list[Case] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    times: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def left_off(self) -> dict[str, int]:
        """How many more cases there are of a rule than are told."""
        return {rule: count - MOST for rule, count in self.counts.items() if count > MOST}

    def add(self, case: Case) -> None:
        """Take a case, unless its rule is off."""
        if self.grave[case.rule] == OFF:
            return
        key = (case.rule, case.key)
        self.times[key] = self.times.get(key, 0) + 1
        if self.times[key] == 1:
            self.counts[case.rule] = self.counts.get(case.rule, 0) + 1
            if self.counts[case.rule] <= MOST:
                self.cases.append(case)


def _gather(sources: Sequence[SourceFile], settings: Settings, grave: Mapping[str, str]) -> _Gathered:
    gathered = _Gathered(grave)
    known = _survey(sources, settings, gathered)
    if known.claims and grave["same-evidence"] != OFF:
        known.evidence = evidence(sources, settings)
    for whole in _OF_THE_WHOLE:
        for case in whole(known):
            gathered.add(case)
    for stated in read(sources):
        for family in _FAMILIES:
            for case in family(stated, known):
                gathered.add(case)
    return gathered


def _survey(sources: Sequence[SourceFile], settings: Settings, gathered: _Gathered) -> Known:
    """What is known of the site; on the way the shapes are judged."""
    graph = shapes_graph(read(file for file in sources if file.role == "shapes"))
    usage = usage_of(graph, is_here=not settings.engine)
    known = survey(sources, settings, usage.note)
    for case in lint_cases(graph, usage, known):
        gathered.add(case)
    return known


def _told(gathered: _Gathered, texts: Texts, settings: Settings) -> list[Remark]:
    """The cases in words, each at its place."""
    placed_cases = placed(gathered.cases, texts, settings.base)
    return [_remark(one, gathered.times, gathered.grave) for one in placed_cases]


def _remark(one: Placed, times: Mapping[tuple[str, str], int], grave: Mapping[str, str]) -> Remark:
    case = one.case
    more = times[case.rule, case.key] - 1 if case.counted else 0
    key = f"{case.rule}.{case.variant}" if case.variant else case.rule
    fix = case.new if len(case.new) <= WHOLE else ""
    messages = _said(MESSAGES[key], case, more)
    return Remark(case.rule, grave[case.rule], messages, shown(case.about, WHOLE), one.place, fix)


def _said(words: Words, case: Case, more: int) -> Labels:
    """A message in every language, filled; values are put in as they are and never read as a pattern."""
    texts = {language: text.format(**case.values) for language, text in words._asdict().items()}
    if more:
        also = MESSAGES["more"]._asdict()
        texts = {language: f"{text} {also[language].format(count=more)}" for language, text in texts.items()}
    return texts


def _order(remark: Remark) -> tuple[str, int, str, str, str]:
    return remark.place.file, remark.place.line or 0, remark.rule, remark.about, remark.messages.get("en", "")
