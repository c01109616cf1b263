"""What lies around an entity, looked up for its pictures, and the page of a neighbourhood: ``/-/neighbours?iri=``."""

import logging
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from kgpub.describe import exists
from kgpub.engine import Engine
from kgpub.errors import BadRequest, NoSuchEntity, SettingsError
from kgpub.formats import HTML, JSON, choose
from kgpub.iris import check_iri
from kgpub.nearby.around import Surroundings
from kgpub.nearby.outline import NO_OUTLINE, Outline, read_outline
from kgpub.nearby.sight import Looking
from kgpub.nearby.surroundings import outlook, surroundings
from kgpub.represent import html
from kgpub.represent.pictures import NEIGHBOURS, PicturesView, neighbours_json, neighbours_view
from kgpub.represent.pictures import pictures as made
from kgpub.settings import Settings
from kgpub.web.respond import PRIVATE, PUBLIC, Served, link, reader, respond, served

__all__ = ["NEIGHBOURS", "neighbours", "pictures"]

_MOST_OPEN = 12
"""Things that a reader may have open at the same time."""

log = logging.getLogger("kgpub")


def pictures(now: Served, engine: Engine, iri: str, language: str) -> PicturesView | None:
    """The pictures of an entity's page, looked up with an engine of its own; None where the data allows none."""
    found = outlook(engine, now.snapshot.index, iri, _looking(now, language))
    return made(found, now.site, language, _outline_of(now.site))


async def neighbours(request: Request) -> Response:
    """Show what lies around ``?iri=``, two steps out, with each ``open=`` looked into: a page, or JSON for programs.

    Raises ``BadRequest`` for what is no IRI and for too much opened, ``NoSuchEntity`` for what nothing is said of.
    """
    format = choose(request.headers.get("accept"), (HTML, JSON))
    now, iri = served(request), request.query_params.get("iri")
    opened = tuple(dict.fromkeys(request.query_params.getlist("open")))
    if iri is None:
        raise BadRequest("This address needs an IRI: ?iri=https://…")
    if len(opened) > _MOST_OPEN:
        raise BadRequest(f"No more than {_MOST_OPEN} things can be open at the same time.")
    for one in (iri, *opened):
        check_iri(one)
    if not exists(now.snapshot.engine, iri):
        raise NoSuchEntity(iri)
    who = reader(request, now.site)
    found = _around(now, iri, who.language, frozenset(opened))
    if format is JSON:
        body = html.json_text(neighbours_json(found, now.site, who.language))
    else:
        body = html.filled("neighbours", neighbours_view(found, now.site, who.language, opened), who.language)
    headers = {
        "Content-Language": who.language,
        "Vary": "Accept" if who.fixed else "Accept, Accept-Language",
        "X-Robots-Tag": "noindex",
        "Link": link([(now.site.iris.path(iri), {"rel": "about"})]),
    }
    return respond(body.encode(), format, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def _around(now: Served, iri: str, language: str, opened: frozenset[str]) -> Surroundings:
    """What lies around an IRI, for a reader of a language."""
    return surroundings(now.snapshot.engine, now.snapshot.index, iri, _looking(now, language, opened))


def _looking(now: Served, language: str, opened: frozenset[str] = frozenset()) -> Looking:
    """What is looked for around things, for a reader of a language."""
    found = now.looking.get(language)
    if found is None:
        found = now.looking[language] = _looked_for(now, language)
    return replace(found, opened=opened) if opened else found


def _looked_for(now: Served, language: str) -> Looking:
    """The same where the reader opened nothing."""
    site = now.site
    words = site.vocabulary
    periods = zip(site.properties(words.start), site.properties(words.end), strict=False)
    languages = (language, *(tag for tag in site.languages if tag != language))
    undated = frozenset(site.properties(words.undated))
    return Looking(now.snapshot.graphs, languages, tuple(periods), remembered=now.seen, undated=undated)


def _outline_of(site: Settings) -> Outline:
    """The outlines that the site brings for its maps, read again when their file changes; none where it brings none."""
    if not site.pages.outline:
        return NO_OUTLINE
    path = site.folder / site.pages.outline
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(path, changed)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Outline:
    """The outlines in a file as it was ``changed`` (nanoseconds since 1970); one that will not do is said once."""
    try:
        return read_outline(path)
    except SettingsError as error:
        log.warning("maps have no outline (file of %s): %s", changed, error.detail)
        return NO_OUTLINE
