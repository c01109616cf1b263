"""A validation by the compiled engine that takes over from the last what it can, and keeps what the next may need."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Store
from pyshacl.shape import Shape
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal
from rdflib.term import Node

from kgpub.revalidation import reads, told
from kgpub.revalidation.delta import Change, Term
from kgpub.revalidation.ledger import Known, Memory, key_of
from kgpub.revalidation.loading import Loaded, changed, load
from kgpub.revalidation.reach import MOST, Reach
from kgpub.revalidation.told import Said, shape_key
from kgpub.revalidation.ways import Reads, Way, reads_of
from kgpub.settings import Settings
from kgpub.source import SourceFile
from kgpub.validation.adapter import Adapter, ParsesOnce
from kgpub.validation.candidates import Candidates, candidates
from kgpub.validation.terms import stored
from kgpub.validation.view import SourceStore, read

_REPORTED = (SH.result, SH.detail, SH.focusNode, SH.value, SH.resultPath, SH.resultMessage, SH.resultSeverity,
             SH.sourceShape, SH.sourceConstraint, SH.sourceConstraintComponent)  # fmt: skip
"""What a report says; data that says it could be taken for one."""
_DEFAULT = DefaultGraph()
_RESTLESS = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b|\\u", re.IGNORECASE)
"""Functions that give something else each time, wherever these words stand, and escapes that may be one."""


@dataclass(frozen=True)
class Taken:
    """How much was taken over: of ``shapes`` with focus nodes ``kept`` as they were, and ``near`` but for ``nodes``."""

    shapes: int
    kept: int
    near: int
    nodes: int

    @property
    def whole(self) -> int:
        """How many were validated at all their focus nodes."""
        return self.shapes - self.kept - self.near


@dataclass(frozen=True)
class Told:
    """A report, the data it is about, the shapes that were not compiled with the reason, and what was taken over.

    ``known`` is what is to be kept of it for the next run, if anything.
    """

    report: Graph
    data: Graph
    node_by_node: Mapping[Node, str]
    taken: Taken | None = None
    known: Known | None = None


@dataclass
class _Plan:
    """What is to be done: shapes to run whole, the focus nodes of the others, and results that stay.

    ``settled`` are nodes by shapes that are run whole; nothing has changed for them as long as they are focus nodes.
    """

    whole: list[Shape] = field(default_factory=list)
    chosen: dict[Node, frozenset[Node]] = field(default_factory=dict)
    staying: dict[str, list[Said]] = field(default_factory=dict)
    settled: dict[Node, frozenset[Node]] = field(default_factory=dict)
    shapes: int = 0
    near: int = 0


def renewed(
    memory: Memory, files: Sequence[SourceFile], shaping: Sequence[SourceFile], shapes: Graph, settings: Settings
) -> Told | None:
    """The report of the compiled engine, by way of the ledger; None where these shapes are not for that.

    Raises ``SourceError`` where a file cannot be read, and what ``Adapter.report`` raises.
    """
    if not reads.are_known(shapes):
        return None
    key = key_of(shaping, settings)
    known = memory.known(key)
    loaded = load(files, memory, known)
    data = ParsesOnce(settings.all_prefixes, SourceStore(loaded.store))
    run = _Run(data, shapes, loaded)
    if any(_has(loaded.store, None, one, None) for one in _REPORTED):
        return run.whole()
    change = changed(memory, known, loaded.parts) if known else None
    found = run.again(known, change) if known and change is not None else None
    if found is None:
        found = run.whole()
    kept = Known(key, loaded.parts, run.results, run.handed_over, run.looked, run.reads, run.shapes)
    return replace(found, known=kept)


def unchanged(
    memory: Memory, files: Sequence[SourceFile], shaping: Sequence[SourceFile], settings: Settings
) -> Mapping[str, Any] | None:  # Any: as ``keep`` was given it
    """What the last run told in the end, where no file has changed since and nothing else decides about it."""
    known = memory.known(key_of(shaping, settings))
    return known.outcome if known is not None and known.is_of(files) else None


def keep(memory: Memory, told: Told, shapes: Graph, outcome: Mapping[str, Any] | None) -> None:  # Any: as JSON has it
    """Keep what a run knew, and what it told in the end if it would tell the same again."""
    if told.known is not None:
        texts = (str(text) for text in shapes.objects(None, SH.select))
        is_restless = any(_RESTLESS.search(text) for text in texts)
        again = None if is_restless or outcome is None else {**outcome, "shapes": told.known.shapes}
        memory.write(replace(told.known, outcome=again))


def _has(store: Store, subject: NamedNode | BlankNode | None, property: Node | str, target: Term | None) -> bool:
    return next(store.quads_for_pattern(subject, NamedNode(str(property)), target, _DEFAULT), None) is not None


class _Run:
    """One run over the data; its open attributes are what it leaves for the ledger."""

    def __init__(self, data: Graph, shapes: Graph, loaded: Loaded) -> None:
        self._data, self._shapes, self._store = data, shapes, loaded.store
        self._classes: dict[Node, set[Node]] = {}
        self._prefixes = {prefix: str(namespace) for prefix, namespace in data.namespaces()}
        self.results: dict[str, list[Said]] = {}
        self.handed_over: dict[str, str] = {}
        self.looked: dict[str, list[Any]] = {}  # Any: terms as JSON has them
        self.reads: dict[str, dict[str, Any]] = {}  # Any: as JSON has it
        self.shapes = 0

    def whole(self) -> Told:
        """The report with all shapes run at all their focus nodes."""
        self.looked, self.reads = {}, {}
        adapter = Adapter(self._data, self._shapes)
        self.shapes = sum(map(reads.is_targeting, adapter.shapes))
        found = candidates(adapter.shapes, self._data)
        noted: dict[Node, list[Node]] = {}
        report = adapter.report(found.chosen, noted)
        self.results = told.by_shape(report, noted)
        self.handed_over = {shape_key(node): reason for node, reason in found.handed_over.items()}
        self._look(found.chosen)
        return Told(report, self._data, found.handed_over)

    def again(self, known: Known, change: Change) -> Told | None:
        """The report with what a change cannot have changed taken over; None where that may be anything."""
        if str(RDFS.subClassOf) in change.properties:
            return None
        try:
            return self._again(known, change)
        except Exception:  # noqa: BLE001 # whatever it is: a run from scratch says it better, or does not meet it
            return None

    def _again(self, known: Known, change: Change) -> Told:
        adapter = Adapter(self._data, self._shapes)
        plan = self._planned(adapter.shapes, known, change)
        found = candidates(plan.whole, self._data)
        self._settle(plan, found, known)
        noted: dict[Node, list[Node]] = {}
        report = adapter.report(plan.chosen, noted)
        self.results = told.by_shape(report, noted)
        for key, several in plan.staying.items():
            for one in several:
                told.add(one, report)
            self.results[key] = [*several, *self.results.get(key, [])]
        ran = {shape_key(shape.node) for shape in plan.whole}
        names = {shape_key(shape.node): shape.node for shape in adapter.shapes}
        handed = {key: reason for key, reason in known.handed_over.items() if key not in ran}
        self.handed_over = {**handed, **{shape_key(node): reason for node, reason in found.handed_over.items()}}
        self._look(found.chosen)
        self.shapes = plan.shapes
        nodes = sum(len(some) for node, some in plan.chosen.items() if node not in found.chosen)
        taken = Taken(plan.shapes, plan.shapes - plan.near - len(plan.whole), plan.near, nodes)
        return Told(report, self._data, {names[key]: reason for key, reason in self.handed_over.items()}, taken)

    def _look(self, chosen: Mapping[Node, Collection[Node]]) -> None:
        """Note at which nodes these shapes have been validated, if they are not very many."""
        for node, some in chosen.items():
            if some and len(some) <= MOST:
                self.looked[shape_key(node)] = [told.plain(one) for one in some]

    def _settle(self, plan: _Plan, found: Candidates, known: Known) -> None:
        """Choose of the candidates of shapes that are run whole those for which something may have changed."""
        for node, some in found.chosen.items():
            key, same = shape_key(node), some & plan.settled.get(node, frozenset())
            plan.chosen[node] = some - same
            plan.staying[key] = [one for one in known.results.get(key, []) if told.about(one)[0] in same]

    def _planned(self, shapes: Iterable[Shape], known: Known, change: Change) -> _Plan:
        plan = _Plan()
        reach = Reach(self._store, change)
        came = {read(one.target) for one in change.both if one.property == str(RDF.type)}
        types = reads.superclasses(self._data, came)
        with_blanks = any(isinstance(one.subject, BlankNode) for one in change.both)
        for shape in shapes:
            if not reads.is_targeting(shape):
                plan.chosen[shape.node] = frozenset()
                continue
            plan.shapes += 1
            nodes: frozenset[Term] | None = frozenset()
            look = self._reads(shape, known)
            if _is_touched(look, change, {str(one) for one in came}, types):
                nodes = _reached(look.ways, look, reach, change)
            self._plan_shape(shape, nodes, known, plan, with_blanks=with_blanks)
            if shape.node not in plan.chosen:
                plan.settled[shape.node] = self._settled(
                    shape, known, _reached(look.around, look, reach, change), with_blanks=with_blanks
                )
        return plan

    def _reads(self, shape: Shape, known: Known) -> Reads:
        """What a shape looks at; queries take long to parse, so that this is kept."""
        key = shape_key(shape.node)
        look = reads_of(known.reads[key]) if key in known.reads else reads.reads(shape, self._prefixes)
        self.reads[key] = known.reads[key] if key in known.reads else look.plain()
        return look

    def _settled(
        self, shape: Shape, known: Known, nodes: frozenset[Term] | None, *, with_blanks: bool
    ) -> frozenset[Node]:
        """The nodes at which a shape was validated and for which nothing has changed."""
        key = shape_key(shape.node)
        if nodes is None:
            return frozenset()
        unsure = {told.about(one)[0] for one in known.results.get(key, []) if with_blanks and _is_blank(one)}
        looked = (told.term_of(one) for one in known.looked.get(key, []))
        return frozenset(
            node for node in looked if not isinstance(node, Literal) and not _is_among(node, nodes, unsure)
        )

    def _plan_shape(
        self, shape: Shape, nodes: frozenset[Term] | None, known: Known, plan: _Plan, *, with_blanks: bool
    ) -> None:
        """Plan a shape that is to be looked at again at some nodes, or whole (None)."""
        key = shape_key(shape.node)
        before = known.results.get(key, [])
        again = [one for one in before if with_blanks and _is_blank(one)]
        if nodes is None or len(nodes) + len(again) > MOST:
            plan.whole.append(shape)
            return
        described = {told.about(one)[0] for one in again if _stored(told.about(one)[0]) not in nodes}
        chosen = self._focus_nodes(shape, nodes) | described
        staying = [one for one in before if not _is_among(told.about(one)[0], nodes, described)]
        plan.chosen[shape.node] = frozenset(chosen)
        plan.staying[key] = staying
        plan.near += bool(chosen) or len(staying) < len(before)
        looked = [one for one in known.looked.get(key, []) if _stored(told.term_of(one)) not in nodes]
        self.looked[key] = [*looked, *map(told.plain, chosen - described)][:MOST]

    def _focus_nodes(self, shape: Shape, nodes: frozenset[Term]) -> set[Node]:
        """Those of the nodes that are focus nodes of a shape now (SHACL section 2.1.3)."""
        if not nodes:
            return set()
        named, classes, implicit, objects_of, subjects_of = shape.target()
        below = set[Node]().union(*(self._below(one) for one in {*classes, *implicit}))
        found = {node for node in named if _stored(node) in nodes}
        subjects, objects = [str(one) for one in subjects_of], [str(one) for one in objects_of]
        return found | {read(node) for node in nodes if self._is_focus(node, below, subjects, objects)}

    def _is_focus(self, node: Term, classes: set[Node], subjects_of: list[str], objects_of: list[str]) -> bool:
        if any(_has(self._store, None, one, node) for one in objects_of):
            return True
        if not isinstance(node, NamedNode | BlankNode):
            return False
        if any(_has(self._store, node, one, None) for one in subjects_of):
            return True
        types = self._store.quads_for_pattern(node, NamedNode(str(RDF.type)), None, _DEFAULT)
        return any(read(quad.object) in classes for quad in types)  # type: ignore[arg-type] # no triple terms

    def _below(self, one: Node) -> set[Node]:
        """A class and those below it."""
        if one not in self._classes:
            self._classes[one] = {one, *(node for node in self._data.transitive_subjects(RDFS.subClassOf, one) if node)}
        return self._classes[one]


def _is_touched(look: Reads, change: Change, types: set[str], classes: set[str]) -> bool:
    """Whether a change may change anything for a shape."""
    return (
        look.always
        or (look.everything and bool(change.both))
        or not look.properties.isdisjoint(change.properties)
        or not look.types.isdisjoint(types)
        or not look.classes.isdisjoint(classes)
    )


def _reached(ways: frozenset[Way] | None, look: Reads, reach: Reach, change: Change) -> frozenset[Term] | None:
    """The nodes for which a shape may find something else along these ways after a change; None for any."""
    return None if ways is None or not look.far.isdisjoint(change.properties) else reach.of(ways)


def _is_blank(one: Said) -> bool:
    """Whether a result is about a blank node, which the report describes."""
    return any(isinstance(node, BNode) for node in told.about(one))


def _is_among(node: Node, nodes: frozenset[Term], others: set[Node]) -> bool:
    return _stored(node) in nodes or node in others


def _stored(node: Node) -> Term | None:
    """A term of a result as the store has it; None for one that no store can have."""
    try:
        return stored(node)
    except ValueError:
        return None
