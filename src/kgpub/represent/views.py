"""An entity's page as a view: a description laid out, bounded and ordered for one reader, ready for the template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.formats import GRAPHS
from kgpub.model import Description, Field, Finding, Incoming, Statement, Text, pick
from kgpub.profiles import ALTERNATES
from kgpub.represent import rdf
from kgpub.represent.figures import figure
from kgpub.represent.frame import TYPE, VALUES, Anchor, Frame, address, document, frame, with_query
from kgpub.represent.gone import Deprecation, deprecation
from kgpub.represent.holding import holding
from kgpub.represent.identity import Identity, identity
from kgpub.represent.locale import XSD
from kgpub.represent.markup import NOTHING, anchor, code, element, escaped
from kgpub.represent.named import only_named
from kgpub.represent.parts import parts
from kgpub.represent.remarks import Remarks, remarks
from kgpub.represent.sequences import MEMBER, gathered, in_order, is_numbered, sequence
from kgpub.represent.sequences import Sequence as Listed
from kgpub.represent.sources import Told, sources_view
from kgpub.represent.telling import (
    MEASURES,
    Contents,
    Group,
    Measure,
    Room,
    Section,
    Telling,
    ValueView,
    first_description,
    readable,
)
from kgpub.represent.values import Reader, is_web
from kgpub.represent.ways import crumbs, links_href, of_class, tree, ways

DEEPEST = 4
"""How far blank nodes are nested."""

_SOURCES = attrgetter("sources")
_MANY_SECTIONS = 4
_MOST_TYPES = 20


@dataclass(frozen=True)
class EntityView:
    """The page of an entity.

    ``pictures`` are drawn of the same description: what they show of time and place stands after the first section, the
    neighbourhood after the first ``facts`` sections, which say what is stated of the thing.
    """

    frame: Frame
    iri: str
    heading: Markup
    other_names: tuple[Markup, ...]
    types: tuple[Markup, ...]
    summary: Markup
    figure: Markup
    original: Markup
    ways: tuple[Anchor, ...]
    path: tuple[Anchor, ...]
    sections: tuple[Section, ...]
    is_silent: bool
    identity: Identity
    remarks: Remarks | None
    contents: tuple[Contents, ...] = ()
    omitted: str = ""
    pictures: object | None = None
    deprecation: Deprecation | None = None
    profiles: str = ""
    documentation: str = ""
    tree: str = ""

    @property
    def facts(self) -> int:
        """How many sections come before the pictures: up to the last one of statements, or of parts without any."""
        kinds = ("statements",) if any(one.kind == "statements" for one in self.sections) else ("part", "part listed")
        return max([1, *(number for number, one in enumerate(self.sections, 1) if one.kind in kinds)])


def entity_view(
    description: Description,
    reader: Reader,
    findings: Sequence[Finding] = (),
    measure: Measure = MEASURES[0],
    pictures: object | None = None,
    documentation: str = "",
    *,
    indexed: bool = True,
) -> EntityView:
    """The view of an entity's page; ``findings`` are the results of validation that concern it."""
    telling = Telling(reader, description, measure, Room(measure.all, measure.properties))
    iri = description.iri
    name = reader.name(iri)
    summary = first_description(description, reader)
    sections = tuple(section for section in _sections(telling) if section.groups or section.kind == "part")
    noted = remarks(reader, findings, description.layout)
    return EntityView(
        frame=_frame(reader, description, name.value, (summary or name).value, indexed),
        iri=iri,
        heading=_heading(reader, iri, name),
        other_names=_other_names(reader, iri, name),
        types=reader.links(description.types[:_MOST_TYPES]),
        summary=reader.text(summary) if summary else NOTHING,
        figure=figure(reader, description.statements) or NOTHING,
        original=NOTHING if reader.iris.is_local(iri) or not is_web(iri) else reader.outside(iri, iri),
        ways=ways(reader, description),
        path=crumbs(reader, description),
        sections=sections,
        is_silent=not (description.statements or description.parts or description.held),
        identity=identity(reader, iri),
        remarks=noted,
        omitted=telling.omitted,
        contents=_contents(reader, sections, noted is not None),
        documentation=documentation,
        pictures=pictures,
        deprecation=deprecation(description, reader),
        profiles=address(reader.iris.path(iri).partition("#")[0], ALTERNATES, [("lang", reader.language)]),
        tree=tree(reader, description),
    )


def _frame(reader: Reader, of: Description, title: str, said: str, indexed: bool) -> Frame:
    """What stands around the page of a thing; search engines are kept from what is retired as well."""
    formats = (one for one in GRAPHS if rdf.offered(of.quads, one))
    place = document(reader, of.iri, formats, retired=of.is_retired)
    return frame(reader, place, title, said, about=of.iri, indexed=indexed and not of.is_retired)


def _heading(reader: Reader, iri: str, name: Text) -> Markup:
    """The name of a thing, which is not translated where it is only a part of its IRI."""
    return reader.text(name) if reader.known(iri) else element("span", name.value, {"translate": "no"})


def _contents(reader: Reader, sections: Sequence[Section], has_remarks: bool) -> tuple[Contents, ...]:
    """What is on the page; nothing for a short one. The document's other things are left out, since they are many."""
    found = [Contents(one.heading, f"#{one.anchor}") for one in sections if one.anchor and one.kind != "part"]
    if has_remarks:
        found.append(Contents(escaped(reader.say("remarks")), "#remarks"))
    found.append(Contents(escaped(reader.say("identity")), "#identity"))
    return tuple(found) if len(found) >= _MANY_SECTIONS else ()


def values_href(reader: Reader, iri: str, predicate: str) -> str:
    """The address of the full list of the values that an IRI has of a property."""
    page = reader.iris.page(VALUES, reader.language)
    return with_query(page, [("iri", iri), ("property", predicate)])


def value_views(
    description: Description, reader: Reader, statements: Sequence[Statement], most: int
) -> tuple[ValueView, ...]:
    """Statements as values with their sources, for a page of a list of them."""
    telling = Telling(reader, description, MEASURES[1], Room(most, most))
    return tuple(_value(telling, statement, ()) for statement in statements)


def _other_names(reader: Reader, iri: str, shown: Text) -> tuple[Markup, ...]:
    """The entity's labels in the site's other languages; one in no language of the site stands among the names only."""
    taken = _primary(shown.language)
    labels = {tag: text for tag, text in reader.labels.get(iri, {}).items() if _primary(tag) != taken}
    texts: list[Text] = []
    for tag in reader.languages if labels else ():
        if (primary := _primary(tag)) == taken:
            continue
        found = pick(labels, (tag,))
        if found and _primary(found.language) == primary and found.value != shown.value:
            texts.append(found)
    return tuple(reader.text(text) for text in dict.fromkeys(texts))


def _primary(tag: str) -> str:
    """The language of a tag without script and region (RFC 5646 section 2.2.1)."""
    return tag.partition("-")[0].lower()


def _sections(telling: Telling) -> list[Section]:
    """The sections that the shapes ask for, then what else is stated, the document's other things, links, names."""
    reader, description = telling.reader, telling.description
    names: dict[str, list[Statement]] = {}
    facts: dict[str, list[Statement]] = {}
    for predicate, found in _by_property(description.statements).items():
        (names if _is_name(telling, predicate) else facts)[predicate] = found
    laid = _laid_out(telling, facts)
    rest = _groups(telling, {one: found for one, found in facts.items() if not _section(telling, one)}, ())
    heading = reader.say("statements.other" if laid else "statements")
    naming = _groups(telling, names, ())
    return [
        *laid,
        Section("statements", escaped(heading), rest),
        *([holding(reader, description.iri, description.held)] if description.held else []),
        *parts(telling, lambda part: _groups(telling, _by_property(description.nested.get(part, ())), (), part)),
        Section("incoming", escaped(reader.say("incoming")), tuple(_links(telling, "")), "incoming"),
        Section("names", escaped(reader.say("names")), naming, "names"),
    ]


def _by_property(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        found.setdefault(gathered(statement.predicate.value), []).append(statement)
    return found


def _is_name(telling: Telling, predicate: str) -> bool:
    """Whether a property belongs with the names, at the end of the page."""
    groups = telling.naming_groups
    return predicate in telling.naming or (bool(groups) and telling.placed(predicate).group in groups)


def _section(telling: Telling, predicate: str, *, is_inverse: bool = False) -> str:
    """The name of the property group that a property stands in; empty where the layout knows of none."""
    groups = telling.description.layout.groups
    group = telling.placed(predicate, is_inverse=is_inverse).group if groups else ""
    return group if group in groups else ""


def _laid_out(telling: Telling, facts: dict[str, list[Statement]]) -> list[Section]:
    """The sections of the layout in their order, with the statements and the links that it puts there."""
    reader, layout = telling.reader, telling.description.layout
    if not layout.groups:
        return []
    names: dict[str, dict[str, list[Statement]]] = {}
    for predicate, found in facts.items():
        names.setdefault(_section(telling, predicate), {})[predicate] = found
    linking = {_section(telling, links.predicate, is_inverse=True) for links in telling.description.incoming}
    wanted = ({*names} | linking) - {""}
    sections = []
    for number, name in enumerate(sorted(wanted, key=lambda one: (layout.groups[one].order, one)), 1):
        label = pick(layout.groups[name].labels, reader.languages)
        heading = reader.text(label) if label else escaped(reader.say("statements"))
        groups = [*_groups(telling, names.get(name, {}), ()), *_links(telling, name)]
        ranked = tuple(sorted(groups, key=lambda group: group.rank))
        sections.append(Section(f"section-{number}", heading, ranked, "statements"))
    return sections


def _groups(
    telling: Telling, by_property: Mapping[str, list[Statement]], above: tuple[str, ...], subject: str = ""
) -> tuple[Group, ...]:
    """Statements by property in the order of the layout, then of ``_kind``; ``above`` are the nodes around.

    The statements are about the ``subject``, the page's own thing unless another one is named, whose own page has what
    this one has no room for.
    """
    reader, most = telling.reader, telling.measure.values
    made = []
    placed = [(telling.placed(one), one, found) for one, found in by_property.items()]
    ranked = [(_rank(telling.reader, field, found), field, one, found) for field, one, found in placed]
    for rank, field, predicate, several in sorted(ranked, key=itemgetter(0)):
        if ((subject or above) and not _has_room(telling)) or not telling.room.admits_property():
            continue
        numbered = predicate == MEMBER and is_numbered(several)
        ordered = in_order(several) if numbered else readable(reader, several)
        shown = tuple([_value(telling, s, above) for s in ordered[:most] if _has_room(telling)])
        hidden = len(several) - len(shown)
        more = None
        if hidden and not above and not numbered:
            count = reader.say.count(len(several))
            href = values_href(reader, subject or telling.description.iri, predicate)
            more = Anchor(reader.say("more", count=count), href)
        made.append(
            Group(
                title=_title(reader, field) or reader.link(predicate),
                values=shown,
                count=reader.say.count(len(several)) if hidden else "",
                more=more,
                note=reader.say("values.more", count=reader.say.count(hidden)) if hidden and more is None else "",
                rank=rank,
                is_ordered=numbered,
            )
        )
    return tuple(made)


def _has_room(telling: Telling) -> bool:
    return telling.room.left > 0


def _title(reader: Reader, placed: Field) -> Markup:
    """What the layout calls a property, leading to the property's page; nothing where it has no word for it."""
    name = pick(placed.name, (*reader.languages, "")) if placed.name else None
    if name is None:
        return NOTHING
    titled = anchor(reader.href(placed.predicate), name.value, reader.lang(name.language))
    note = pick(placed.description, (*reader.languages, ""))
    return titled + element("small", reader.text(note), {"class": "note help"}) if note else titled


def _rank(reader: Reader, placed: Field, statements: list[Statement]) -> tuple[float, bool, int]:
    """Where a property stands: as the layout has it; then sourced ones first, and by kind."""
    is_bare = not any(map(_SOURCES, statements))
    return placed.order, is_bare, _kind(reader, statements)


def _kind(reader: Reader, statements: list[Statement]) -> int:
    """Ties to things here and dates first, then texts, then links away."""
    target = statements[0].object
    if isinstance(target, Literal):
        return 1 if target.language is not None or target.datatype.value == XSD + "string" else 0
    return 2 if isinstance(target, NamedNode) and not reader.iris.is_local(target.value) else 0


def _value(telling: Telling, statement: Statement, above: tuple[str, ...]) -> ValueView:
    """One statement's value with its sources, and what a blank node says nested in it."""
    reader, target = telling.reader, statement.object
    telling.room.left -= 1
    told = Told(telling.description.iri, statement.predicate.value, telling.measure.sources, telling.description.graphs)
    sources = sources_view(reader, told, statement.sources, statement.graphs)
    if not isinstance(target, BlankNode):
        figures = telling.description.figures
        said = figures.get(target.value) if figures and isinstance(target, NamedNode) else None
        number = figure(reader, said) if said else None
        return ValueView(number + " " + reader.value(target) if number else reader.value(target), sources)
    inside = telling.description.nested.get(target.value, ())
    if target.value in above or len(above) >= DEEPEST:
        return ValueView(code(f"_:{target.value}"), sources, note=reader.say("nested.cut"))
    named = only_named(telling, inside)
    if named:
        return named._replace(sources=sources)
    deeper = (*above, target.value)
    listed = sequence(telling.description, target)
    nested = (_listed(telling, listed, deeper),) if listed else _groups(telling, _by_property(inside), deeper)
    mark = figure(reader, inside) or (NOTHING if nested else code(f"_:{target.value}"))
    return ValueView(mark, sources, nested)


def _listed(telling: Telling, listed: Listed, above: tuple[str, ...]) -> Group:
    """The members of a list in their order."""
    say, most = telling.reader.say, telling.measure.values
    shown = tuple(_value(telling, one, above) for one in listed.members[:most] if _has_room(telling))
    hidden = len(listed.members) - len(shown)
    notes = [say("values.more", count=say.count(hidden))] if hidden else []
    notes += [] if listed.is_whole else [say("list.broken")]
    title = escaped(say("list.order"))
    return Group(title, shown, say.count(len(listed.members)), note=" ".join(notes), is_ordered=True)


def _links(telling: Telling, section: str) -> Iterable[Group]:
    """The incoming links that stand in a section of the layout, or in none."""
    for links in telling.description.incoming:
        is_here = links.count and _section(telling, links.predicate, is_inverse=True) == section
        if is_here and telling.room.admits_property():
            yield _incoming(telling, links)


def _incoming(telling: Telling, links: Incoming) -> Group:
    """The first links by one property, and the way to all of them."""
    reader, description = telling.reader, telling.description
    say, placed = reader.say, telling.placed(links.predicate, is_inverse=True)
    told = Told(description.iri, links.predicate, telling.measure.sources)
    shown = tuple(
        [
            ValueView(reader.link(link.subject), sources_view(reader, told, link.sources, ()))
            for link in links.links[: max(0, min(telling.measure.values, telling.room.left))]
        ]
    )
    telling.room.left -= len(shown)
    more = _more(reader, description, links, len(shown))
    title = _title(reader, placed) or _inverse_title(telling, links.predicate)
    return Group(title, shown, say.count(links.count), more, rank=(placed.order, False, 0))


def _more(reader: Reader, description: Description, links: Incoming, shown: int) -> Anchor | None:
    """The way to the whole list, with the number that stands there: of a class, its subclasses' members too."""
    members = description.members.get(description.iri, 0) if links.predicate == TYPE else 0
    if members and members >= links.count:
        return of_class(reader, members, links.count, description.iri) if members > shown else None
    href = links_href(reader, description.iri, links.predicate)
    return Anchor(reader.say("more", count=reader.say.count(links.count)), href) if links.count > shown else None


def _inverse_title(telling: Telling, predicate: str) -> Markup:
    """A property as it reads from the other end, linked to its page."""
    reader = telling.reader
    found = pick(telling.description.inverse.get(predicate, {}), reader.languages)
    if found is None and predicate == TYPE:
        found = Text(reader.say("members"), reader.language)
    if found is None:
        return reader.backwards(predicate)
    return anchor(reader.href(predicate), found.value, reader.lang(found.language))
