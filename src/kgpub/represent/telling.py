"""What an entity's page is made of, and how much of it there may be, while a description is told to a reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from markupsafe import Markup
from pyoxigraph import Literal

from kgpub.days import moment
from kgpub.model import Description, Field, Statement, Text, pick
from kgpub.represent.frame import TYPE, Anchor
from kgpub.represent.sources import SourcesView
from kgpub.represent.values import LONGEST, Reader

MOST_VALUES = 100
"""Values of one property that a page shows."""


@dataclass(frozen=True)
class Measure:
    """How much a page shows: values of a property, characters of a text, sources of a statement; the rest is in all."""

    values: int
    text: int
    sources: int
    all: int
    properties: int


MEASURES = (
    Measure(MOST_VALUES, LONGEST, 12, 1500, 500),
    Measure(30, 1200, 4, 250, 200),
    Measure(10, 500, 2, 100, 100),
    Measure(4, 200, 1, 30, 50),
)
"""How much a page shows, the largest first: the first one with which it is small enough is taken."""


class ValueView(NamedTuple):  # made several times quicker than a frozen dataclass, and a page has hundreds
    """One value of a property: its fragment, what is nested in it, and its sources."""

    markup: Markup
    sources: SourcesView | None = None
    nested: tuple["Group", ...] = ()
    note: str = ""


class Group(NamedTuple):
    """The values of one property, or the links by one; ``rank`` is its place within its section.

    Where ``is_ordered``, the order of the values is said by the data.
    """

    title: Markup
    values: tuple[ValueView, ...]
    count: str = ""  # type: ignore[assignment] # a tuple's own count is of no use here
    more: Anchor | None = None
    note: str = ""
    rank: tuple[float, bool, int] = (0, False, 0)
    is_ordered: bool = False


class Section(NamedTuple):
    """A part of the page with a heading of its own; ``anchor`` is its address within the page."""

    anchor: str
    heading: Markup
    groups: tuple[Group, ...]
    kind: str = "statements"


class Contents(NamedTuple):
    """A section in the list of what is on the page."""

    text: Markup
    href: str


@dataclass
class Room:
    """How many more values and properties fit on the page: counted down as they are made; and what is left out."""

    left: int
    properties: int
    omitted: int = 0

    def admits_property(self) -> bool:
        """Whether one more property fits; it is then counted, else it is omitted."""
        self.properties -= 1
        self.omitted += self.properties < 0
        return self.properties >= 0


@dataclass(frozen=True)
class Telling:
    """A description being told to a reader."""

    reader: Reader
    description: Description
    measure: Measure
    room: Room

    def placed(self, predicate: str, *, is_inverse: bool = False) -> Field:
        """Where the layout puts a property; a field that says nothing where it does not."""
        fields = self.description.layout.fields
        return (fields and fields.get((predicate, is_inverse))) or _unplaced(predicate, is_inverse)

    @cached_property
    def naming(self) -> frozenset[str]:
        """The properties that the head of the page has shown already: types, labels, descriptions."""
        site, key = self.reader.site, ("naming",)
        found: frozenset[str] | None = site.alike.get(key)
        if found is None:
            words = site.vocabulary
            properties = site.properties((*words.labels, *words.alternatives, *words.descriptions))
            found = site.alike[key] = frozenset({TYPE, *properties})
        return found

    @cached_property
    def naming_groups(self) -> frozenset[str]:
        """The groups of the layout that hold the names; all that stands in them goes with the names."""
        if not self.description.layout.fields:
            return frozenset()
        words = self.reader.site.vocabulary
        properties = self.reader.site.properties((*words.labels, *words.alternatives))
        return frozenset(self.placed(one).group for one in properties) - {""}

    @property
    def omitted(self) -> str:
        """How many properties the page has no room for; nothing where it has room for all."""
        count, say = self.room.omitted, self.reader.say
        return say("properties.more", count=say.count(count)) if count else ""


@lru_cache(maxsize=1024)
def _unplaced(predicate: str, is_inverse: bool) -> Field:  # the cache tells by place
    return Field(predicate, is_inverse)


def first_description(description: Description, reader: Reader) -> Text | None:
    """The first description that the entity has, in the reader's best language."""
    wanted = reader.site.properties(reader.site.vocabulary.descriptions)
    said = [(one.predicate.value, one.object) for one in description.statements if one.predicate.value in wanted]
    for predicate in wanted if said else ():
        texts = {
            value.language or "": value.value
            for name, value in said
            if name == predicate and isinstance(value, Literal)
        }
        found = pick({tag.lower(): text for tag, text in texts.items()}, reader.languages)
        if found is not None:
            return found
    return None


def readable(reader: Reader, statements: Iterable[Statement]) -> list[Statement]:
    """The statements with texts in the reader's languages first, dates as they follow; others keep their order."""
    tags, several = reader.languages, list(statements)
    if len(several) == 1:
        return several

    def rank(statement: Statement) -> tuple[int, int]:
        value = statement.object
        if not isinstance(value, Literal):
            return 0, 0
        tag = (value.language or "").lower()
        if tag:
            return tags.index(tag) if tag in tags else len(tags), 0
        return 0, moment(value.value, value.datatype.value)

    return sorted(several, key=rank)
