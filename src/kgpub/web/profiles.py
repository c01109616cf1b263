"""Which profile of a thing a client gets, what its documents say of that, and the lists of profiles.

W3C Content Negotiation by Profile: headers (section 7.1) choose at a thing's own address only; a document's address
fixes the profile with the format, so that shared caches need no header to tell documents apart. Parameters (section
7.2) win over headers (section 6.4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import NamedNode, Quad
from starlette.requests import Request
from starlette.responses import Response

from kgpub import describe as ask
from kgpub import symmetric
from kgpub.errors import NoSuchPage, NotAcceptable
from kgpub.formats import GRAPHS, HTML, JSON, Format, by_extension, by_media_type, choose
from kgpub.iris import Iris
from kgpub.model import KEPT
from kgpub.profiles import (
    ALTERNATES,
    DESCRIPTION,
    LABELS,
    MEDIA_TYPE,
    OFFERED,
    PROFILE,
    PROFILES,
    SCHEMA,
    SYMMETRIC,
    Profile,
    accepted,
    listed,
)
from kgpub.represent import profiled, rdf, schema_org
from kgpub.represent.frame import address
from kgpub.represent.profiled import PROF_PROFILE
from kgpub.represent.signposts import as_uri
from kgpub.represent.values import Reader
from kgpub.web import signposting
from kgpub.web.respond import PRIVATE, PUBLIC, Served, link, page_number, reader, redirect, respond, served

Pair = tuple[str, dict[str, str]]
"""A link's target and its parameters (RFC 8288)."""


@dataclass(frozen=True)
class Chosen:
    """What a client gets: a profile in a format."""

    profile: Profile
    format: Format


def negotiate(request: Request, now: Served) -> Chosen:
    """The best liked profile that can be had in an acceptable format, at a thing's own address.

    Raises ``NoSuchProfile`` for a parameter that names none of ours, ``NotAcceptable`` where nothing fits. By headers
    alone, who likes none of ours gets the default profile (section 6.2.2).
    """
    iris = now.site.iris
    text = request.query_params.get(PROFILE)
    header = ", ".join(request.headers.getlist("accept-profile"))
    wanted = accepted(header, iris) if text is None else listed(text, iris)
    if not wanted:
        names = tuple(one.iri(iris) for one in OFFERED)
        raise NotAcceptable(f"No profile here is acceptable to “{header}”.", names)
    for profile in wanted[:-1]:
        try:
            return Chosen(profile, _format(request, profile.formats))
        except NotAcceptable:
            continue
    return Chosen(wanted[-1], _format(request, wanted[-1].formats))


def fixed(request: Request, now: Served, format: Format) -> Profile:
    """The profile of a document whose address fixes the format; raises what ``negotiate`` raises for parameters."""
    if not request.scope["query_string"] and format in DESCRIPTION.formats:
        return DESCRIPTION
    text = request.query_params.get(PROFILE)
    wanted = (DESCRIPTION,) if text is None else listed(text, now.site.iris)
    found = next((one for one in wanted if format in one.formats), None)
    if found is None:
        types = tuple(one.media_type for one in wanted[0].formats)
        raise NotAcceptable(f"The profile “{wanted[0].token}” cannot be had as {format.name}.", types)
    if MEDIA_TYPE in request.query_params:
        _format(request, (format,))  # an address that contradicts itself is refused
    return found


def _format(request: Request, offered: tuple[Format, ...]) -> Format:
    """The format of the parameter, where there is one, or the one that the header likes best."""
    text = request.query_params.get(MEDIA_TYPE)
    if text is None:
        return choose(request.headers.get("accept"), offered)
    names = (part.strip().replace(" ", "+") for part in text.split(","))  # in a query, "+" is a space
    found = next((one for name in names if (one := by_media_type(name, offered)) is not None), None)
    if found is None:
        raise NotAcceptable(f"Nothing here is “{text[:100]}”.", tuple(one.media_type for one in offered))
    return found


class _Place(Protocol):
    """Gives the address of a thing, or of its document in a format and language."""

    def __call__(self, iri: str, format: Format | None = None, language: str | None = None, /) -> str: ...


def place(now: Served, iri: str) -> _Place:
    """Where the documents of a thing stand: at its own address, unless that tells that the thing is retired."""
    fate = now.snapshot.index.fate(iri)
    return now.site.iris.path if fate is None or fate.outcome == KEPT else now.site.iris.about


def see_other(request: Request, now: Served, iri: str, chosen: Chosen) -> Response:
    """303 to the document in the profile and the format chosen, which the answer names already (section 6.2.2)."""
    page = [("page", request.query_params["page"])] if "page" in request.query_params else []
    target = place(now, iri)(iri, chosen.format)
    response = redirect(address(target, chosen.profile, page), "Accept, Accept-Profile")
    response.headers["Link"] = f"{link(documents(now, iri, GRAPHS))}, {links(now, iri, chosen.profile)}"
    response.headers["Content-Profile"] = content_profile(now, chosen.profile)
    return response


def content_profile(now: Served, *profiles: Profile) -> str:
    """The ``Content-Profile`` header: all that a document conforms to."""
    return _told(now, profiles).conforms


def documents(now: Served, iri: str, formats: Iterable[Format]) -> list[Pair]:
    """The documents of a thing in the default profile, as links."""
    path, name = place(now, iri), _told(now, ()).name
    return [
        (path(iri, one), {"rel": "alternate describedby", "type": one.media_type, "formats": name}) for one in formats
    ]


def links(now: Served, iri: str, *own: Profile) -> str:
    """What a document is in, the other profiles, and the tokens that name them (sections 7.1.1 and 7.1.1.2).

    Each other profile has one link, to the address that negotiates its format: one for every format would fill the
    header beyond what proxies take. The list of all alternates has them all.
    """
    told = _told(now, own)
    before, hash_mark, fragment = place(now, iri)(iri).partition("#")
    start, end = f"<{before}{'&' if '?' in before else '?'}", f"{hash_mark}{fragment}>"
    others = [f'{start}{query}{end}; rel="alternate"; formats="{name}"' for query, name in told.others]
    return ", ".join([*told.own, *others, told.tokens])


@dataclass(frozen=True)
class _Told:
    """What every document in some profiles says of profiles: parts of headers, the default profile's name.

    ``own`` are the links to what the document is in; ``others`` the queries that fix the other profiles, with
    their names; ``tokens`` the links that tell what stands for each.
    """

    conforms: str
    own: tuple[str, ...]
    others: tuple[tuple[str, str], ...]
    tokens: str
    name: str


def _told(now: Served, own: tuple[Profile, ...]) -> _Told:
    """The same for every document in these profiles, so that it is made once; there are few."""
    key = ("profiles", *[one.token for one in own])
    found: _Told | None = now.site.alike.get(key)
    if found is None:
        found = now.site.alike[key] = _made(now.site.iris, own)
    return found


def _made(iris: Iris, own: tuple[Profile, ...]) -> _Told:
    known = [(one, as_uri(one.iri(iris))) for one in (*OFFERED, ALTERNATES)]
    standards = [as_uri(one) for one in dict.fromkeys(one for profile in own for one in profile.conforms_to(iris))]
    tokens = [(PROF_PROFILE, {"rel": "type", "token": one.token, "anchor": name}) for one, name in known]
    return _Told(
        conforms=", ".join(f"<{one}>" for one in standards),
        own=tuple(link([(one, {"rel": "profile"})]) for one in standards),
        others=tuple((address("", one).removeprefix("?"), name) for one, name in known if one is not DESCRIPTION),
        tokens=link(tokens),
        name=as_uri(DESCRIPTION.iri(iris)),
    )


@dataclass(frozen=True)
class Graph:
    """What a document holds, and the links to the pages around it."""

    quads: tuple[Quad, ...]
    around: tuple[Pair, ...] = ()


def graph(request: Request, now: Served, iri: str, chosen: Chosen) -> Graph:
    """A thing in a profile; raises ``NoSuchPage`` for a page of links that is not there."""
    if chosen.profile is SCHEMA:
        return Graph(_in_schema_org(now, iri))
    snapshot = now.snapshot
    number = page_number(request) if chosen.profile is SYMMETRIC else 1
    own = ask.document(snapshot.engine, snapshot.index, snapshot.graphs, iri) if number == 1 else ()
    if chosen.profile is LABELS:
        named = dict.fromkeys([iri, *(name for quad in own for name in _iris(quad))])
        return Graph(tuple(profiled.labels(snapshot.index.stated_labels(named))))
    if chosen.profile is DESCRIPTION:
        return Graph(own)
    wanted = symmetric.Wanted(iri, number, now.site.languages[0], chosen.format.has_graphs)
    found = symmetric.links(snapshot.engine, snapshot.index, snapshot.graphs, wanted)
    if number > found.pages:
        raise NoSuchPage(f"There is no page {number} of the links to <{iri}>.")
    return Graph((*own, *found.quads), tuple(_paging(now, iri, chosen, found)))


def _in_schema_org(now: Served, iri: str) -> tuple[Quad, ...]:
    """The view of a thing that its page carries for search engines, in the site's first language."""
    snapshot, languages = now.snapshot, now.site.languages
    asked = ask.Asked(languages, preview=0)
    described = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, iri, asked)
    page = schema_org.Page(now.site, languages)
    return profiled.said_in_schema_org(schema_org.of_entity(page, described, signposting.kinds(now, described)))


def _iris(quad: Quad) -> Iterable[str]:
    return (term.value for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, NamedNode))


def _paging(now: Served, iri: str, chosen: Chosen, found: symmetric.Links) -> Iterable[Pair]:
    """The first, the last and the neighbouring pages (RFC 8288 section 3.3, RFC 5005)."""
    if found.pages == 1:
        return
    around = {"first": 1, "prev": found.page - 1, "next": found.page + 1, "last": found.pages}
    path = place(now, iri)(iri, chosen.format)
    for rel, number in around.items():
        if 1 <= number <= found.pages:
            yield address(path, SYMMETRIC, [("page", str(number))] if number > 1 else []), {"rel": rel}


def alternates(request: Request, now: Served, iri: str, format: Format) -> Response:
    """The list of all alternates of a thing, as page, JSON or RDF (section 7.2.2)."""
    iris = now.site.iris
    ways = profiled.representations(iris, iri, _can_be(now, iri))
    headers = {"Content-Profile": content_profile(now, ALTERNATES), "Vary": "Accept, Accept-Profile"}
    headers["Link"] = f"{link(documents(now, iri, GRAPHS))}, {links(now, iri, ALTERNATES)}"
    if format is HTML:
        who = reader(request, now.site)
        page = profiled.page(Reader(now.site, who.language, now.snapshot.index.labels([iri])), iri, ways)
        headers |= {"Content-Language": who.language, "Vary": "Accept, Accept-Profile, Accept-Language"}
        return respond(page.encode(), HTML, cache=PRIVATE, headers=headers)
    if format is JSON:
        return respond(profiled.as_json(iris, iri, ways).encode(), JSON, cache=PRIVATE, headers=headers)
    quads = profiled.as_quads(iris, iri, ways)
    body = rdf.document(quads, format, {**now.site.all_prefixes, **profiled.PREFIXES})
    return respond(body, format, cache=PRIVATE, headers=headers)


def _can_be(now: Served, iri: str) -> Mapping[Profile, tuple[Format, ...]]:
    """The formats that each profile can be had in; what points to a thing is as hard to write as the thing itself."""
    snapshot = now.snapshot
    own = ask.document(snapshot.engine, snapshot.index, snapshot.graphs, iri)
    fit = {one for one in GRAPHS if rdf.offered(own, one)}
    unfit = {*GRAPHS} - fit
    return {
        one: tuple(f for f in one.formats if f not in (unfit if one in {DESCRIPTION, SYMMETRIC} else ()))
        for one in OFFERED
    }


async def about_profiles(request: Request) -> Response:
    """Say what the profiles are: a page here, RDF at an address of its own."""
    now = served(request)
    format = choose(request.headers.get("accept"), (HTML, *GRAPHS))
    if format is not HTML:
        return redirect(f"{now.site.iris.page(PROFILES)}.{format.extension}")
    who = reader(request, now.site)
    page = profiled.about_profiles(Reader(now.site, who.language, {}), GRAPHS)
    headers = {"Content-Language": who.language, "Vary": "Accept" if who.fixed else "Accept, Accept-Language"}
    return respond(page.encode(), HTML, cache=PRIVATE, headers=headers)


async def described_profiles(request: Request) -> Response:
    """The profiles by the Profiles Vocabulary, in the format of the address."""
    now, extension = served(request), request.path_params["extension"]
    format = by_extension(extension, GRAPHS)
    if format is None:
        raise NoSuchPage(f"There are no profiles as “{extension}”.")
    prefixes = {**now.site.all_prefixes, **profiled.PREFIXES}
    return respond(rdf.document(profiled.described(now.site), format, prefixes), format, cache=PUBLIC)
