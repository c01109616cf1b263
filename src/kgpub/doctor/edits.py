"""Changes to a text at places that are known, and the fixes made of them."""

from dataclasses import dataclass

from kgpub.doctor.tree import Element, Group, Statement


@dataclass(frozen=True)
class Edit:
    """Replace the characters from ``start`` up to ``end``; where both are the same, insert."""

    start: int
    end: int
    text: str


def edited(query: str, *edits: Edit) -> str:
    """The text after edits that do not overlap; insertions at one place keep their order."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        parts += [query[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, query[position:]])


def dropped(group: Group, element: Element) -> Edit:
    """Take an element out of its group; what stood around it stays well-formed."""
    place = group.elements.index(element)
    before = group.elements[place - 1] if place else None
    after = group.elements[place + 1] if place + 1 < len(group.elements) else None
    is_open = isinstance(before, Statement) and not before.is_closed
    return Edit(element.start, element.end, " . " if is_open and isinstance(after, Statement) else " ")


def inserted(offset: int, text: str) -> Edit:
    """Put something before what stands at an offset."""
    return Edit(offset, offset, text + " ")


def offset(query: str, line: int, column: int) -> int:
    """The offset of a place given by line and column, both from 1, within the text."""
    start = 0
    for _ in range(line - 1):
        start = query.find("\n", start) + 1 or len(query)
    return min(start + column - 1, len(query))
