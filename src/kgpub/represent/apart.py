"""Things of one name told apart where a list shows them together: by their thesaurus, their term, or their address."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from kgpub.iris import short_name
from kgpub.model import Text
from kgpub.represent.markup import NOTHING, element, plain
from kgpub.represent.values import Reader

_LONGEST = 60
"""Characters of an address in small print; its end says more than its beginning."""


def apart(
    reader: Reader,
    iris: Sequence[str],
    kinds: Mapping[str, Sequence[str]] | None = None,
    schemes: Mapping[str, str] | None = None,
) -> Mapping[str, Markup]:
    """What stands in small print behind each thing that shares its name with another; nothing behind all others.

    ``kinds`` are the classes that the list shows beside each thing: things that differ in these are told apart already.
    ``schemes`` are the thesauri that they belong to.
    """
    same: dict[str, list[str]] = {}
    for iri in dict.fromkeys(iris):
        same.setdefault(reader.name(iri).value.strip().casefold(), []).append(iri)
    notes: dict[str, Markup] = {}
    for group in same.values():
        if len(group) > 1 and not (kinds and _differ([tuple(kinds.get(iri, ())) for iri in group])):
            notes |= _notes(reader, group, schemes or {})
    return notes


def address(reader: Reader, iri: str) -> str:
    """The address of a thing: below the base without it, others without their scheme; of a long one the end."""
    text = iri.removeprefix(reader.iris.base) if reader.iris.is_local(iri) else iri.partition("://")[2] or iri
    return text if len(text) <= _LONGEST else "…" + text[-_LONGEST:]


def noted(link: Markup, notes: Mapping[str, Markup], iri: str) -> Markup:
    """A link with what tells its thing from others of its name, if need be."""
    return element("span", link + " " + notes[iri]) if iri in notes else link


def _notes(reader: Reader, group: Sequence[str], schemes: Mapping[str, str]) -> dict[str, Markup]:
    """The first kind of note that all in a group have and that differs for each.

    Thesauri are named where they differ at all; those of one thesaurus have the end of their addresses as well.
    """
    names = {iri: reader.name(schemes[iri]) for iri in group if schemes.get(iri)}
    told = Counter(name.value for name in names.values())
    if len(names) == len(group) and len(told) > 1:
        return {
            iri: _thesaurus(reader, name, "" if told[name.value] == 1 else short_name(iri))
            for iri, name in names.items()
        }
    ways: tuple[Callable[[str], str], ...] = (lambda iri: reader.iris.curie(iri) or "", short_name)
    found = ([way(iri) for iri in group] for way in ways)
    texts = next((said for said in found if all(said) and _differ(said)), None) or _addresses(reader, group)
    return dict(zip(group, map(_small, texts), strict=True))


def _thesaurus(reader: Reader, name: Text, end: str) -> Markup:
    """The name of a thesaurus, with the end of an address where that is needed."""
    said = element("small", reader.text(name), {"class": "datatype"})
    return said + " " + _small(end) if end else said


def _addresses(reader: Reader, group: Sequence[str]) -> list[str]:
    return [address(reader, iri) for iri in group]


def _differ(said: Sequence[object]) -> bool:
    return len(set(said)) == len(said)


def _small(text: str) -> Markup:
    if not text:
        return NOTHING
    return element("small", plain(text), {"class": "datatype code", "translate": "no", "dir": "ltr"})
