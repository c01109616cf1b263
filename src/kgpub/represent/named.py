"""Blank nodes that do nothing but bear a name: shown as that name, since captions around it would say no more."""

from collections.abc import Sequence

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from kgpub.model import Statement
from kgpub.represent.frame import TYPE
from kgpub.represent.markup import element
from kgpub.represent.telling import Telling, ValueView


def only_named(telling: Telling, inside: Sequence[Statement]) -> ValueView | None:
    """The name that a blank node says of itself, with its classes; None where it says more, or says where it has it."""
    reader = telling.reader
    labels = reader.site.properties(reader.site.vocabulary.labels)
    types = [one.object.value for one in inside if one.predicate.value == TYPE and isinstance(one.object, NamedNode)]
    rest = [one for one in inside if one.predicate.value != TYPE]
    if len(rest) != 1 or len(types) + 1 != len(inside) or any(one.sources for one in inside):
        return None
    (said,) = rest
    if said.predicate.value not in labels or not isinstance(said.object, Literal) or not said.object.value.strip():
        return None
    caption = reader.name(said.predicate.value).value
    shown = element("span", reader.literal(said.object), {"title": caption})
    kinds = Markup(", ").join(reader.text(reader.name(one)) for one in dict.fromkeys(types))
    return ValueView(shown + (Markup(" ") + element("small", kinds, {"class": "note"}) if kinds else ""))
