"""The pages of thesauri as views: the concept schemes, a place in a tree, an alphabetical list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup

from kgpub.collation import SIGNS
from kgpub.kept.thesaurus import Alphabet, Branch, Letter, Named, Scheme
from kgpub.model import Labels, pick
from kgpub.represent.frame import CONCEPTS, THESAURUS, Anchor, Frame, frame, own_page, with_query
from kgpub.represent.html import filled
from kgpub.represent.lists import Paging, Row, home_anchor, paging
from kgpub.represent.markup import NOTHING, anchor, element
from kgpub.represent.schemes import concepts_href, name_of, step
from kgpub.represent.values import Reader

ALPHABET = f"{THESAURUS}/alphabet"
"""An alphabetical list, with a slash and the language of its names; ``?iri=`` is the scheme."""
UNSTATED = "und"
"""The language of names that have none (BCP 47 section 4.1)."""
PER_PAGE = 100
"""Schemes, or names of an alphabetical list, on a page."""
PER_BRANCH = 50
"""Concepts of one level on a page."""
TWIGS = 5
"""Concepts of the next level shown below one."""
MOST_TWIGS = 100
"""Concepts of the next level shown on a page in all."""


@dataclass(frozen=True)
class Place:
    """What a place in a tree is made of: a scheme or a concept, the slice of what is below it, and the next level.

    ``total`` counts what is below, ``number`` is the page from 1, ``way`` the concepts from the top down to this one.
    """

    iri: str
    schemes: tuple[str, ...]
    total: int
    number: int
    branches: tuple[Branch, ...]
    twigs: Mapping[str, tuple[Branch, ...]]
    alphabets: tuple[Alphabet, ...] = ()
    broader: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    is_scheme: bool = False


@dataclass(frozen=True)
class SchemesView:
    """A page of the list of schemes."""

    frame: Frame
    path: tuple[Anchor, ...]
    rows: tuple[Row, ...]
    paging: Paging | None


@dataclass(frozen=True)
class Limb:
    """A concept in the tree: a link deeper or to its page, how many are below it, and the first of those."""

    link: Markup
    count: str = ""
    limbs: tuple["Limb", ...] = ()
    more: Anchor | None = None


@dataclass(frozen=True)
class TreeView:
    """A place in a tree."""

    frame: Frame
    path: tuple[Anchor, ...]
    heading: Markup
    summary: Markup
    page: Anchor | None
    caption: str
    broader: tuple[Markup, ...]
    schemes: tuple[Markup, ...]
    alphabet: Anchor | None
    limbs: tuple[Limb, ...]
    paging: Paging | None


@dataclass(frozen=True)
class Part:
    """The names of an alphabetical list that begin with one letter, as far as they are on the page."""

    letter: str
    anchor: str
    links: tuple[Markup, ...]


@dataclass(frozen=True)
class AlphabetView:
    """A page of an alphabetical list."""

    frame: Frame
    path: tuple[Anchor, ...]
    heading: Markup
    count: str
    tree: Anchor
    languages: tuple[Anchor, ...]
    letters: tuple[Anchor, ...]
    parts: tuple[Part, ...]
    paging: Paging | None


def schemes_page(
    reader: Reader, schemes: Sequence[Scheme], lines: Mapping[str, Labels], number: int, total: int
) -> str:
    """A page of the list of all schemes; ``lines`` describe them."""
    say, path = reader.say, reader.iris.page(THESAURUS)
    rows = []
    for one in schemes:
        said = pick(lines.get(one.iri, {}), reader.languages)
        count = element("span", say("thesaurus.concepts", count=say.count(one.concepts)), {"class": "count"})
        rows.append(Row(step(reader, one.iri), reader.text(said) if said else NOTHING, (count,)))
    view = SchemesView(
        frame=frame(reader, own_page(reader, THESAURUS, _page(number)), say("thesaurus"), say("thesaurus.lead")),
        path=(home_anchor(reader),),
        rows=tuple(rows),
        paging=paging(reader, path, [], number, -(-total // PER_PAGE)),
    )
    return filled("thesaurus", view, reader.language)


def tree_page(reader: Reader, place: Place, lines: Mapping[str, Labels]) -> str:
    """A place in a tree."""
    say, name, own = reader.say, name_of(reader, place.iri), _of(place.iri)
    said = pick(lines.get(place.iri, {}), reader.languages)
    way = (one for one in (*place.schemes[:1], *place.way) if one != place.iri)
    caption = "thesaurus.tops" if place.is_scheme else "thesaurus.narrower"
    root = place.schemes[0] if place.schemes else place.iri
    listed = (place.iri,) if place.is_scheme else place.schemes
    view = TreeView(
        frame=frame(reader, own_page(reader, CONCEPTS, [*own, *_page(place.number)]), name.value, about=place.iri),
        path=(*_root(reader), *(_anchor(reader, one) for one in way)),
        heading=reader.text(name),
        summary=reader.text(said) if said else NOTHING,
        page=Anchor(say("thesaurus.page"), reader.href(place.iri)) if place.iri else None,
        caption=say(caption, count=say.count(place.total)) if place.total else say("thesaurus.narrower.none"),
        broader=tuple(step(reader, one) for one in place.broader),
        schemes=() if place.is_scheme else tuple(step(reader, one) for one in listed),
        alphabet=_alphabet(reader, root, place.alphabets),
        limbs=tuple(_limb(reader, one, place.twigs.get(one.iri, ())) for one in place.branches),
        paging=paging(reader, reader.iris.page(CONCEPTS), own, place.number, -(-place.total // PER_BRANCH)),
    )
    return filled("thesaurus_tree", view, reader.language)


def alphabet_page(
    reader: Reader,
    scheme: Scheme,
    alphabets: Sequence[Alphabet],
    shown: Alphabet,
    letters: Sequence[Letter],
    names: Sequence[Named],
    number: int,
) -> str:
    """A page of the alphabetical list of a scheme's concepts by their names in a language."""
    say, own = reader.say, _of(scheme.iri)
    name = name_of(reader, scheme.iri)
    path = f"{ALPHABET}/{_tag(shown.language)}"
    title = f"{name.value}: {say('thesaurus.alphabet')}"
    address = with_query(reader.iris.page(path, reader.language), own)
    view = AlphabetView(
        frame=frame(reader, own_page(reader, path, [*own, *_page(number)]), title, indexed=number == 1),
        path=(*_root(reader), _anchor(reader, scheme.iri)),
        heading=reader.text(name),
        count=say("thesaurus.concepts", count=say.count(shown.names)),
        tree=Anchor(say("thesaurus.tree"), concepts_href(reader, scheme.iri)),
        languages=_languages(reader, scheme.iri, alphabets, shown),
        letters=tuple(_letter(reader, one, address, number) for one in letters),
        parts=tuple(_part(reader, shown, letter, part) for letter, part in groupby(names, lambda one: one.letter)),
        paging=paging(reader, reader.iris.page(path), own, number, -(-shown.names // PER_PAGE)),
    )
    return filled("thesaurus_alphabet", view, reader.language)


def _languages(reader: Reader, scheme: str, alphabets: Sequence[Alphabet], shown: Alphabet) -> tuple[Anchor, ...]:
    """The lists in the other languages, where there are any."""
    if len(alphabets) <= 1:
        return ()
    return tuple(
        Anchor(_said(reader, one.language), _alphabet_href(reader, scheme, one.language), one == shown)
        for one in alphabets
    )


def _said(reader: Reader, language: str) -> str:
    """A language of names in the reader's words."""
    return reader.say.language_name(language) if language else reader.say("thesaurus.language")


def _letter(reader: Reader, one: Letter, address: str, number: int) -> Anchor:
    """A letter, linked to where its names begin; the one whose names begin on this page is where the reader is."""
    page = one.start // PER_PAGE + 1
    return Anchor(
        _shown_letter(reader, one.letter), f"{with_query(address, _page(page))}#{_mark(one.letter)}", page == number
    )


def _part(reader: Reader, shown: Alphabet, letter: str, names: Iterable[Named]) -> Part:
    links = (
        anchor(reader.href(one.iri), one.name, reader.lang(shown.language)) + reader.mark(one.iri) for one in names
    )
    return Part(_shown_letter(reader, letter), _mark(letter), tuple(links))


def _shown_letter(reader: Reader, letter: str) -> str:
    return reader.say("thesaurus.signs") if letter == SIGNS else letter


def _mark(letter: str) -> str:
    """The name of a letter's place on the page."""
    return f"letter-{ord(letter):x}"


def _alphabet(reader: Reader, scheme: str, alphabets: Sequence[Alphabet]) -> Anchor | None:
    """The list in the reader's language, or the first there is."""
    tags = [one.language for one in alphabets]
    chosen = next((tag for tag in (*reader.languages, *tags) if tag in tags), None)
    if chosen is None:
        return None
    return Anchor(reader.say("thesaurus.alphabet"), _alphabet_href(reader, scheme, chosen))


def _alphabet_href(reader: Reader, scheme: str, language: str) -> str:
    return with_query(reader.iris.page(f"{ALPHABET}/{_tag(language)}", reader.language), _of(scheme))


def _limb(reader: Reader, branch: Branch, twigs: Sequence[Branch]) -> Limb:
    """A concept in the tree: what has narrower ones leads deeper, what has none to its own page."""
    count = reader.say.count(branch.below) if branch.below else ""
    hidden = twigs and branch.below > len(twigs)
    more = Anchor(reader.say("thesaurus.all", count=count), concepts_href(reader, branch.iri)) if hidden else None
    link = step(reader, branch.iri) if branch.below else reader.link(branch.iri)
    return Limb(link, count, tuple(_limb(reader, one, ()) for one in twigs), more)


def _root(reader: Reader) -> tuple[Anchor, ...]:
    """Home, and the list of schemes."""
    return home_anchor(reader), Anchor(reader.say("thesaurus"), reader.iris.page(THESAURUS, reader.language))


def _anchor(reader: Reader, iri: str) -> Anchor:
    name = name_of(reader, iri)
    return Anchor(name.value, concepts_href(reader, iri), language=reader.lang(name.language) or "")


def _tag(language: str) -> str:
    return quote(language, safe="") or UNSTATED


def _of(iri: str) -> list[tuple[str, str]]:
    return [("iri", iri)] if iri else []


def _page(number: int) -> list[tuple[str, str]]:
    return [("page", str(number))] if number > 1 else []
