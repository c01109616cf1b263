"""The page of all the values that a thing has of one property."""

from dataclasses import dataclass

from markupsafe import Markup

from kgpub.model import Valued, pick
from kgpub.represent.frame import VALUES, Anchor, Frame, Place, frame, with_query
from kgpub.represent.lists import Paging, home_anchor, paging
from kgpub.represent.telling import Group, Section
from kgpub.represent.values import Reader
from kgpub.represent.views import value_views


@dataclass(frozen=True)
class ValuesView:
    """A page of the values of a property."""

    frame: Frame
    path: tuple[Anchor, ...]
    heading: Markup
    count: str
    about: Markup
    section: Section
    paging: Paging | None


def values_view(valued: Valued, reader: Reader) -> ValuesView:
    """The view of a page of the values of a property."""
    say, description = reader.say, valued.description
    path = with_query(reader.iris.page(VALUES), [("iri", description.iri), ("property", valued.predicate)])
    numbered = [("page", str(valued.page))] if valued.page > 1 else []
    addresses = ((tag, with_query(path, [("lang", tag), *numbered])) for tag in reader.site.languages)
    name = reader.name(description.iri)
    field = description.layout.fields.get((valued.predicate, False))
    caption = (pick(field.name, reader.languages) if field else None) or reader.name(valued.predicate)
    values = value_views(description, reader, description.statements, valued.size)
    return ValuesView(
        frame=frame(
            reader,
            Place(with_query(path, numbered), tuple(addresses)),
            f"{name.value} – {caption.value}",
            about=description.iri,
        ),
        path=(
            home_anchor(reader),
            Anchor(name.value, reader.href(description.iri), language=reader.lang(name.language) or ""),
        ),
        heading=reader.text(caption),
        count=say("list.count", count=say.count(valued.count)),
        about=reader.link(description.iri),
        section=Section("", reader.text(name), (Group(reader.link(valued.predicate), values),)),
        paging=paging(reader, path, [], valued.page, valued.pages),
    )
