"""The layout of pages out of the shapes: which property stands in which section, in which order, under which name.

SHACL section 2.3.2: ``sh:name``, ``sh:description``, ``sh:order`` and ``sh:group`` of the property shapes of the node
shapes that target a class. Read once, when a snapshot is built; everything here is bounded, since shapes are data too.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kgpub.model import Field, Labels, Layout, PropertyGroup
from kgpub.settings import Settings

MOST_FIELDS = 400
"""Most properties that the layout of one class places."""
DEEPEST = 6
"""How far a node shape is followed to the shapes that it includes."""

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST = (NamedNode(_RDF + name) for name in ("type", "first", "rest"))
_CLASSES = tuple(
    NamedNode(iri) for iri in ("http://www.w3.org/2000/01/rdf-schema#Class", "http://www.w3.org/2002/07/owl#Class")
)
_LONGEST = 300
_MOST_MEMBERS = 100

Node = NamedNode | BlankNode


def class_layouts(store: Store) -> Iterator[tuple[str, str]]:
    """Each class that a node shape targets (SHACL section 2.1.3), with one field of its layout, in order."""
    shapes: dict[str, set[Node]] = {}
    for quad in store.quads_for_pattern(None, _sh("targetClass"), None, None):
        if isinstance(quad.object, NamedNode) and not isinstance(quad.subject, Triple):
            shapes.setdefault(quad.object.value, set()).add(quad.subject)
    for quad in store.quads_for_pattern(None, _TYPE, _sh("NodeShape"), None):
        if isinstance(quad.subject, NamedNode) and _is_class(store, quad.subject):
            shapes.setdefault(quad.subject.value, set()).add(quad.subject)
    for target in sorted(shapes):
        for field in _fields(store, shapes[target]):
            yield target, _field_json(field)


def property_groups(store: Store, settings: Settings) -> Iterator[tuple[str, str]]:
    """Every property group by its name in the layout, with its order and labels."""
    found = {
        quad.object
        for quad in store.quads_for_pattern(None, _sh("group"), None, None)
        if isinstance(quad.object, NamedNode | BlankNode)
    }
    for group in sorted(found, key=str):
        labels: dict[str, str] = {}
        for name in settings.properties(settings.vocabulary.labels):
            labels = {**_texts(store, group, NamedNode(name)), **labels}
        yield str(group), json.dumps({"order": _kept(_order(store, group)), "labels": labels}, ensure_ascii=False)


@lru_cache(maxsize=256)
def merged(fields: tuple[str, ...], groups: tuple[tuple[str, str], ...]) -> Layout:
    """The layout of a thing out of its classes' fields, the nearest class first, and the groups they name.

    What the nearest class says of a property counts; what it leaves open, the next one adds.
    """
    found: dict[tuple[str, bool], Field] = {}
    for text in fields:
        field = _field(text)
        key = (field.predicate, field.is_inverse)
        if key in found or len(found) < MOST_FIELDS:
            found[key] = _both(found[key], field) if key in found else field
    return Layout(
        fields=found,
        groups={name: _group(name, text) for name, text in groups},
    )


def _sh(name: str) -> NamedNode:
    return NamedNode(_SH + name)


def _objects(store: Store, subject: Node, predicate: NamedNode) -> list[NamedNode | BlankNode | Literal]:
    """What a subject says by a property in whatever graph, each once, in a stable order; a bounded number."""
    quads = islice(store.quads_for_pattern(subject, predicate, None, None), 4 * MOST_FIELDS)
    return sorted({quad.object for quad in quads if not isinstance(quad.object, Triple)}, key=str)


def _nodes(store: Store, subject: Node, predicate: NamedNode) -> list[Node]:
    return [one for one in _objects(store, subject, predicate) if not isinstance(one, Literal)]


def _is_class(store: Store, shape: NamedNode) -> bool:
    """Whether a shape is a class as well, and so its own target (SHACL section 2.1.3.3)."""
    return any(one in _CLASSES for one in _objects(store, shape, _TYPE))


def _is_deactivated(store: Store, shape: Node) -> bool:
    """Whether a shape is switched off (SHACL section 2.1.6)."""
    return any(
        isinstance(one, Literal) and one.value in {"true", "1"} for one in _objects(store, shape, _sh("deactivated"))
    )


def _fields(store: Store, shapes: Iterable[Node]) -> list[Field]:
    """The fields of several shapes of one class, one per property, in order."""
    found: dict[tuple[str, bool], Field] = {}
    placed = [field for shape in _property_shapes(store, shapes) if (field := _read(store, shape)) is not None]
    for field in sorted(placed, key=lambda one: (one.order, not one.group, one.predicate, sorted(one.name.items()))):
        key = (field.predicate, field.is_inverse)
        if key in found or len(found) < MOST_FIELDS:
            found[key] = _both(found[key], field) if key in found else field
    return list(found.values())


def _property_shapes(store: Store, shapes: Iterable[Node]) -> list[Node]:
    """The active property shapes of these node shapes and of those they include by ``sh:node`` and ``sh:and``."""
    waiting = sorted(shapes, key=str)
    seen = set(waiting)
    found: dict[Node, None] = {}
    for _ in range(DEEPEST):
        active = [shape for shape in waiting if not _is_deactivated(store, shape)]
        waiting = []
        for shape in active:
            found |= dict.fromkeys(_nodes(store, shape, _sh("property")))
            lists = _nodes(store, shape, _sh("and"))
            included = [*_nodes(store, shape, _sh("node")), *(one for head in lists for one in _members(store, head))]
            waiting += [one for one in included if one not in seen]
            seen |= set(included)
    return [shape for shape in islice(found, 4 * MOST_FIELDS) if not _is_deactivated(store, shape)]


def _members(store: Store, head: Node) -> Iterator[Node]:
    """The members of a list that are nodes; a bounded number, so that a circle ends."""
    for _ in range(_MOST_MEMBERS):
        yield from _nodes(store, head, _FIRST)
        rest = _nodes(store, head, _REST)
        if not rest:
            return
        head = rest[0]


def _read(store: Store, shape: Node) -> Field | None:
    """What a property shape says of the property it is about; None for paths of several steps."""
    paths = _nodes(store, shape, _sh("path"))
    if len(paths) != 1:
        return None
    path, is_inverse = paths[0], False
    if isinstance(path, BlankNode):
        inverse = _nodes(store, path, _sh("inversePath"))
        if len(inverse) != 1:
            return None
        path, is_inverse = inverse[0], True
    if not isinstance(path, NamedNode):
        return None
    groups = _nodes(store, shape, _sh("group"))
    return Field(
        predicate=path.value,
        is_inverse=is_inverse,
        group=str(groups[0]) if groups else "",
        order=_order(store, shape),
        name=_texts(store, shape, _sh("name")),
        description=_texts(store, shape, _sh("description")),
    )


def _order(store: Store, node: Node) -> float:
    """The least ``sh:order`` of a shape or group; infinite where none is a number."""
    return min((_number(one.value) for one in _literals(store, node, _sh("order"))), default=math.inf)


def _number(lexical: str) -> float:
    try:
        value = float(lexical)
    except ValueError:
        return math.inf
    return value if math.isfinite(value) else math.inf


def _literals(store: Store, node: Node, predicate: NamedNode) -> list[Literal]:
    return [one for one in _objects(store, node, predicate) if isinstance(one, Literal)]


def _texts(store: Store, node: Node, predicate: NamedNode) -> Labels:
    """The texts that a property gives, the first one per language."""
    found: dict[str, str] = {}
    for one in _literals(store, node, predicate):
        if one.value.strip():
            found.setdefault((one.language or "").lower(), one.value[:_LONGEST])
    return found


def _both(first: Field, second: Field) -> Field:
    """One field out of two about the same property: what the first leaves open, the second adds."""
    return Field(
        predicate=first.predicate,
        is_inverse=first.is_inverse,
        group=first.group or second.group,
        order=first.order if math.isfinite(first.order) else second.order,
        name={**second.name, **first.name},
        description={**second.description, **first.description},
    )


def _kept(order: float) -> float | None:
    """An order as JSON has it; none for an infinite one."""
    return order if math.isfinite(order) else None


def _field_json(field: Field) -> str:
    """A field as the look-up file keeps it."""
    plain: Mapping[str, object] = {
        "predicate": field.predicate,
        "is_inverse": field.is_inverse,
        "group": field.group,
        "order": _kept(field.order),
        "name": field.name,
        "description": field.description,
    }
    return json.dumps(plain, ensure_ascii=False)


def _field(text: str) -> Field:
    value = json.loads(text)
    order = value.pop("order")
    return Field(**value, order=math.inf if order is None else order)


def _group(name: str, text: str) -> PropertyGroup:
    value = json.loads(text)
    order = value["order"]
    return PropertyGroup(name, math.inf if order is None else order, value["labels"])
