"""The things of a hash namespace on the page of their document: each told in full, or many as a list of names."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from markupsafe import escape

from kgpub.collation import initial, place
from kgpub.iris import short_name
from kgpub.represent.markup import anchor, element
from kgpub.represent.telling import Group, Section, Telling, ValueView

_TAKEN = frozenset({"main", "iri", "statements", "incoming", "names", "remarks", "identity", "graph", "parts"})
_TOLD = "section-"


def parts(telling: Telling, groups: Callable[[str], tuple[Group, ...]]) -> Iterable[Section]:
    """The other things of a document: under headings of their own where what they say was read, else as a list.

    ``groups`` tells what is stated of one of them.
    """
    description = telling.description
    if description.parts and len(description.parts) < description.parts_count:
        return [_listed(telling)]
    if not any(part in description.nested for part in description.parts):
        return [_listed(telling)] if description.parts else []
    return _told(telling, groups)


def _told(telling: Telling, groups: Callable[[str], tuple[Group, ...]]) -> Iterator[Section]:
    """Each thing under its name; what no longer fits on the page leads to its own."""
    reader = telling.reader
    for part in telling.description.parts:
        name = reader.name(part)
        heading = anchor(reader.href(part), name.value, reader.lang(name.language))
        said = groups(part) if telling.room.left > 0 else ()
        yield Section(_anchor(part), heading, said, "part")


def _listed(telling: Telling) -> Section:
    """The names of a document's things by their first letters; where there are too many, the first of them."""
    reader, description, say = telling.reader, telling.description, telling.reader.say
    named = sorted((reader.name(part).value, part) for part in description.parts)
    named.sort(key=lambda pair: place(pair[0], reader.language))
    hidden = description.parts_count - len(named)
    note = say("parts.more", count=say.count(hidden)) if hidden else ""
    letters = [(letter, [part for _, part in some]) for letter, some in groupby(named, lambda pair: initial(pair[0]))]
    last = len(letters) - 1
    groups = tuple(
        Group(escape(letter), tuple(map(_link(telling), some)), note=note if number == last else "")
        for number, (letter, some) in enumerate(letters)
    )
    heading = say("parts", count=say.count(description.parts_count))
    return Section("parts", escape(heading), groups, "part listed")


def _link(telling: Telling) -> Callable[[str], ValueView]:
    def linked(part: str) -> ValueView:
        name, lang = telling.reader.name(part), telling.reader.lang
        attributes = {"id": _anchor(part) or None, "href": telling.reader.href(part), "lang": lang(name.language)}
        return ValueView(element("a", name.value, attributes))

    return linked


def _anchor(part: str) -> str:
    """The address of a thing within the page; nothing where the page has something else of that name."""
    fragment = short_name(part)
    return "" if fragment in _TAKEN or fragment.startswith(_TOLD) else fragment
