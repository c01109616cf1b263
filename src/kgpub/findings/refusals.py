"""What is told of a shape that cannot be used: its file, line and name."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.term import Node

from kgpub.errors import SourceError
from kgpub.findings.places import Place, places
from kgpub.findings.wording import name, named_shape
from kgpub.source import SourceFile


def refusal(error: Exception, files: Sequence[SourceFile], shapes: Graph) -> SourceError:
    """What to tell a person of a shape that cannot be used: file, line and name where they can be known."""
    reason = " ".join(str(error).split()) or type(error).__name__
    shape = _blamed(error, shapes)
    if shape is None:
        return SourceError(", ".join(file.name for file in files), f"these shapes cannot be used: {reason}")
    return refused_at(shape, reason, files, shapes)


def refused_at(shape: Node, reason: str, files: Sequence[SourceFile], shapes: Graph) -> SourceError:
    """The refusal of a shape, or of a part of one, with its place."""
    place = places(files, {(shape, None, None)}).get((shape, None, None), Place(files[0].name))
    shown = name(named_shape(shapes, shape))
    return SourceError(place.file, f"the shape {shown} cannot be used: {reason}", place.line)


def _blamed(error: Exception, shapes: Graph) -> Node | None:
    """The shape that was being read or used when the error arose; pySHACL's messages do not name it."""
    blamed: Node | None = None
    trace = error.__traceback__
    while trace is not None:
        node = _shape_node(trace.tb_frame.f_locals)
        if node is not None and (node, None, None) in shapes:
            blamed = node
        trace = trace.tb_next
    return blamed


def _shape_node(names: Mapping[str, Any]) -> Node | None:  # Any: whatever a frame of pySHACL holds
    """The node of the shape whose method runs, of the shape its constraint belongs to, or of the one being loaded."""
    owner = names.get("self")
    if isinstance(owner, ShapesGraph):
        loading = names.get("s")
        return loading if isinstance(loading, Node) else None
    shape = owner.shape if isinstance(owner, ConstraintComponent) else owner
    return shape.node if isinstance(shape, Shape) else None
