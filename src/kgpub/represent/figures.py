"""A quantity said as people say it: a number or its bounds, and what is counted."""

from collections.abc import Iterable
from itertools import chain

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from kgpub.model import Statement, Text, pick
from kgpub.represent.locale import NUMBERS
from kgpub.represent.markup import element
from kgpub.represent.values import Reader
from kgpub.settings import Settings

_LONGEST = 80
_KEY = ("figures",)


def figure(reader: Reader, statements: Iterable[Statement]) -> Markup | None:
    """The number that a quantity's statements give, or its bounds, with its unit; None where they give none.

    Several values, or a value that is no plain number, are no figure: the statements say it all.
    """
    words, site = reader.site.vocabulary, reader.site
    names, all_names = _names(site)
    said = list(statements)
    if all_names.isdisjoint([one.predicate.value for one in said]):
        return None
    value, least, most = (_number(reader, said, one) for one in names)
    if value is None and least is None and most is None:
        return None
    excluded = any(_is_true(one) for one in said if one.predicate.value in site.properties(words.exclusive))
    if value is not None:
        text = value
    elif least is not None and most is not None:
        text = f"{least}–{most}"
    elif least is not None:
        text = reader.say("figure.least.exclusive" if excluded else "figure.least", number=least)
    else:
        text = reader.say("figure.most.exclusive" if excluded else "figure.most", number=most)
    unit = _unit(reader, said, site.properties(words.units))
    shown = element("span", text) + (" " + unit if unit else "")
    return element("strong", shown, {"class": "figure"})


def _names(site: Settings) -> tuple[tuple[tuple[str, ...], ...], frozenset[str]]:
    """The properties that give a number, a least and a most one; and all of them."""
    found: tuple[tuple[tuple[str, ...], ...], frozenset[str]] | None = site.alike.get(_KEY)
    if found is None:
        words = site.vocabulary
        names = tuple(site.properties(one) for one in (words.quantities, words.minima, words.maxima))
        found = site.alike[_KEY] = names, frozenset(chain.from_iterable(names))
    return found


def _number(reader: Reader, statements: list[Statement], names: tuple[str, ...]) -> str | None:
    """The one number that a property gives, in the reader's language; None for none, several, or what is no number."""
    found = {
        one.object.value
        for one in statements
        if one.predicate.value in names and isinstance(one.object, Literal) and one.object.datatype.value in NUMBERS
    }
    return reader.say.number(found.pop()) if len(found) == 1 else None


def _unit(reader: Reader, statements: list[Statement], names: tuple[str, ...]) -> Markup | None:
    """What is counted: a text in the reader's language, or the label of a unit."""
    for name in names:
        objects = [one.object for one in statements if one.predicate.value == name]
        texts = {(o.language or "").lower(): o.value for o in objects if isinstance(o, Literal)}
        found = pick(texts, reader.languages)
        if found is not None and len(found.value) <= _LONGEST:
            return reader.text(Text(found.value, found.language))
        for one in objects:
            if isinstance(one, NamedNode):
                return reader.link(one.value)
    return None


def _is_true(statement: Statement) -> bool:
    return isinstance(statement.object, Literal) and statement.object.value in {"true", "1"}
