"""One term in full: definition, relations, use, examples, and the shapes that constrain it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from kgpub.formats import GRAPHS
from kgpub.model import pick
from kgpub.ontology.model import CLASS, DATATYPE, OntologyTerm, Phrase
from kgpub.represent.frame import ONTOLOGY, SPARQL, TYPE, Alternate, Anchor, Frame, Place, frame, own_page, with_query
from kgpub.represent.lists import home_anchor
from kgpub.represent.markup import NOTHING
from kgpub.represent.ontology.places import Known
from kgpub.represent.ontology.shapes import ShapeView
from kgpub.represent.phrases import Teller
from kgpub.represent.values import Reader
from kgpub.represent.ways import members_href


@dataclass(frozen=True)
class FactView:
    """What a term is to others: a caption, the others, and how many more there are."""

    caption: str
    values: tuple[Markup, ...]
    more: str = ""


@dataclass(frozen=True)
class TermView:
    """A term in full."""

    id: str
    heading: Markup
    kind: str
    is_own: bool
    is_deprecated: bool
    iri: str
    code: str
    definition: Markup
    facts: tuple[FactView, ...]
    count: str
    query: str
    members: str
    examples: tuple[Markup, ...]
    page: str
    data: tuple[Alternate, ...]
    shapes: tuple[ShapeView, ...]
    more: str
    above: tuple[Markup, ...]


@dataclass(frozen=True)
class OntologyTermView:
    """The page of one term."""

    frame: Frame
    home: Anchor
    up: Anchor
    term: TermView


def term_view(
    telling: Teller,
    known: Known,
    one: OntologyTerm,
    shapes: Sequence[ShapeView] = (),
    *,
    more: int = 0,
    above: Sequence[str] = (),
) -> TermView:
    """A term in full; ``shapes`` are about it, ``above`` are classes above whose shapes hold too."""
    reader, entry = telling.reader, one.entry
    say = reader.say
    definition = pick(known.definitions.get(entry.iri, {}), reader.languages)
    types = FactView(say("ontology.type"), tuple(reader.link(iri) for iri in one.types))
    has_members = entry.kind == CLASS and bool(entry.count or known.members.get(entry.iri))
    facts = [_fact(telling, relation.key, relation.values, relation.more) for relation in one.relations]
    return TermView(
        id=entry.anchor,
        heading=reader.text(reader.name(entry.iri)),
        kind=say(f"ontology.{entry.kind}"),
        is_own=entry.is_own,
        is_deprecated=entry.is_deprecated,
        iri=entry.iri,
        code=reader.iris.curie(entry.iri) or "",
        definition=reader.text(definition) if definition else NOTHING,
        facts=tuple(fact for fact in (types, *facts) if fact.values),
        count="" if entry.kind == DATATYPE else f"{say(f'ontology.count.{entry.kind}')}: {say.count(entry.count)}",
        query=_query(reader, known.queries.get(entry.iri, "")),
        members=members_href(reader, entry.iri, TYPE) if has_members else "",
        examples=tuple(_examples(telling, one)),
        page=reader.href(entry.iri),
        data=tuple(Alternate(reader.iris.path(entry.iri, f), media_type=f.media_type, name=f.name) for f in GRAPHS[:3]),
        shapes=tuple(shapes),
        more=say("ontology.rules.more", count=say.count(more)) if more else "",
        above=tuple(telling.named(iri) for iri in above),
    )


def _fact(telling: Teller, key: str, values: Sequence[Phrase], more: int) -> FactView:
    say = telling.reader.say
    left = say("told.more", count=say.count(more)) if more else ""
    return FactView(say(f"ontology.rel.{key}"), tuple(telling.say(one) for one in values), left)


def _examples(telling: Teller, one: OntologyTerm) -> Iterator[Markup]:
    """Examples of the data: a member, or whose value it is and the value."""
    for example in one.examples:
        subject = telling.reader.link(example.subject)
        yield subject + Markup(": ") + telling.term(example.object) if example.object else subject


def _query(reader: Reader, question: str) -> str:
    return with_query(reader.iris.page(SPARQL, reader.language), [("query", question)]) if question else ""


def term_page_view(reader: Reader, told: TermView) -> OntologyTermView:
    """The page of one term."""
    title = f"{reader.name(told.iri).value} ({told.kind})"
    place = own_page(reader, f"{ONTOLOGY}/{quote(told.id, safe='')}")
    place = Place(place.neutral, place.by_language, told.data)
    up = Anchor(reader.say("ontology"), f"{reader.iris.page(ONTOLOGY, reader.language)}#{quote(told.id)}")
    return OntologyTermView(frame(reader, place, title, about=told.iri), home_anchor(reader), up, told)
