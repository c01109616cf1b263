"""The pages of thesauri: the concept schemes, places in their trees, alphabetical lists; all read by slices."""

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from kgpub.errors import NoSuchEntity, NoSuchPage
from kgpub.formats import HTML, choose
from kgpub.iris import check_iri
from kgpub.kept.index import DESCRIPTION
from kgpub.kept.thesaurus import Branch
from kgpub.represent import thesaurus as pages
from kgpub.represent.facets import DEEP
from kgpub.represent.frame import CONCEPTS, THESAURUS
from kgpub.represent.values import Reader
from kgpub.web.respond import PRIVATE, PUBLIC, Served, page_number, reader, respond, served


async def schemes(request: Request) -> Response:
    """List the concept schemes, a page at a time."""
    now, number, language = _asked(request)
    found = now.snapshot.index.thesaurus
    start = (number - 1) * pages.PER_PAGE
    shown = found.schemes(language, start, pages.PER_PAGE)
    if number > 1 and not shown:
        raise NoSuchPage(f"There is no page {number} of the thesauri.")
    named = [one.iri for one in shown]
    lines = now.snapshot.index.labels(named, DESCRIPTION)
    return _page(request, pages.schemes_page(_reader(now, language, named), shown, lines, number, found.count))


async def concepts(request: Request) -> Response:
    """Show what is below the scheme or the concept ``?iri=`` in the tree; raises ``NoSuchEntity`` for anything else."""
    now, number, language = _asked(request)
    iri = _iri(request)
    place = _place(now, iri, number, language)
    if number > 1 and not place.branches:
        raise NoSuchPage(f"There is no page {number} of these concepts.")
    twigs = (one.iri for several in place.twigs.values() for one in several)
    named = [iri, *place.schemes, *place.broader, *place.way, *(one.iri for one in place.branches), *twigs]
    lines = now.snapshot.index.labels([iri], DESCRIPTION)
    return _page(request, pages.tree_page(_reader(now, language, named), place, lines))


async def alphabet(request: Request) -> Response:
    """List the concepts of the scheme ``?iri=`` by their names in a language, a page at a time."""
    now, number, language = _asked(request)
    iri, tag = _iri(request), request.path_params["language"]
    found = now.snapshot.index.thesaurus
    scheme, alphabets = found.scheme(iri), found.alphabets(iri)
    if scheme is None:
        raise NoSuchEntity(iri)
    wanted = "" if tag == pages.UNSTATED else tag
    shown = next((one for one in alphabets if one.language == wanted), None)
    names = found.names(iri, wanted, (number - 1) * pages.PER_PAGE, pages.PER_PAGE)
    if shown is None or not names:
        raise NoSuchPage(f"There is no page {number} of these names in “{tag}”.")
    who = _reader(now, language, [iri, *(one.iri for one in names)])
    letters = found.letters(iri, wanted)
    return _page(request, pages.alphabet_page(who, scheme, alphabets, shown, letters, names, number))


def add_routes(app: Starlette, mount: str) -> None:
    """The addresses of thesauri under the site's mount."""
    table = {
        THESAURUS: schemes,
        CONCEPTS: concepts,
        f"{pages.ALPHABET}/{{language}}": alphabet,
    }
    for path, endpoint in table.items():
        app.add_route(f"{mount}{path}", endpoint, methods=["GET"])


def _place(now: Served, iri: str, number: int, language: str) -> pages.Place:
    """A place in a tree, with the first of the next level as far as a page has room for them."""
    found = now.snapshot.index.thesaurus
    scheme, start = found.scheme(iri), (number - 1) * pages.PER_BRANCH
    schemes = () if scheme else found.schemes_of(iri)
    if scheme is None and not schemes:
        raise NoSuchEntity(iri)
    below = found.tops if scheme else found.narrower
    branches = below(iri, language, start, pages.PER_BRANCH)
    return pages.Place(
        iri=iri,
        schemes=schemes,
        total=scheme.tops if scheme else found.below(iri),
        number=number,
        branches=branches,
        twigs=_twigs(now, branches, language),
        alphabets=found.alphabets(iri if scheme else schemes[0]),
        broader=() if scheme else found.broader(iri),
        way=() if scheme else found.way(iri),
        is_scheme=scheme is not None,
    )


def _twigs(now: Served, branches: Iterable[Branch], language: str) -> dict[str, tuple[Branch, ...]]:
    """The first narrower concepts of several, in their order, until the page is full."""
    found: dict[str, tuple[Branch, ...]] = {}
    left = pages.MOST_TWIGS
    for branch in branches:
        if branch.below and left > 0:
            size = min(pages.TWIGS, left)
            found[branch.iri] = now.snapshot.index.thesaurus.narrower(branch.iri, language, 0, size)
            left -= len(found[branch.iri])
    return found


def _asked(request: Request) -> tuple[Served, int, str]:
    """What is served, the page's number, and the reader's language."""
    choose(request.headers.get("accept"), (HTML,))
    now = served(request)
    return now, page_number(request), reader(request, now.site).language


def _iri(request: Request) -> str:
    """The scheme or concept that is asked for; empty where none is."""
    iri = request.query_params.get("iri", "")
    return check_iri(iri) if iri else ""


def _reader(now: Served, language: str, named: Iterable[str]) -> Reader:
    iris = [one for one in named if one]
    index = now.snapshot.index
    return Reader(now.site, language, index.labels(iris), deprecated=index.deprecated(iris))


def _page(request: Request, body: str) -> Response:
    """The page, negotiated where its address does not fix the language; deep ones are not for search engines."""
    who = reader(request, served(request).site)
    headers = {"Content-Language": who.language}
    headers |= {} if who.fixed else {"Vary": "Accept-Language"}
    if page_number(request) > DEEP:
        headers["X-Robots-Tag"] = "noindex, nofollow"
    return respond(body.encode(), HTML, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)
