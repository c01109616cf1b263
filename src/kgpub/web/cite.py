"""How an answer is cited, as files for bibliographies: ``/-/cite.bib``, ``/-/cite.json`` and ``/-/cite.ris``.

``query=`` with its dataset names the answer, ``snapshot=`` the release, the one in service unless given; without a
query the release itself is cited, with ``iri=`` what it says of one thing.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from kgpub.errors import AddressTooLong, NoSuchPage
from kgpub.formats import BIBTEX, CSL_JSON, RIS, Format
from kgpub.iris import check_iri
from kgpub.model import pick
from kgpub.represent.asking import CITE, tidy
from kgpub.represent.citation import Citation, Release, bibtex, citation, csl_json, of_entity, ris
from kgpub.snapshot import built
from kgpub.web.known import check_told
from kgpub.web.operation import PROTOCOL, decoded, operation
from kgpub.web.respond import PRIVATE, PUBLIC, Served, reader, respond, served

_FORMATS: dict[str, tuple[Format, Callable[[Citation], str]]] = {
    "bib": (BIBTEX, bibtex),
    "json": (CSL_JSON, csl_json),
    "ris": (RIS, ris),
}


async def cite(request: Request) -> Response:
    """The citation of a query's answer, or of a whole release, in the format of the address."""
    now = served(request)
    ending = request.url.path.rpartition(f"{CITE}.")[2]
    if ending not in _FORMATS:
        raise NoSuchPage(f"There is no citation as “{ending}”; there are: {', '.join(_FORMATS)}.")
    format, written = _FORMATS[ending]
    who = reader(request, now.site)
    parameters = decoded(request.scope["query_string"])
    has_query = any(name in PROTOCOL for name, _ in parameters)
    asked = operation(parameters if has_query else [("query", ""), *parameters], None)
    if len(asked.query.encode()) > now.site.sparql.max_query:
        raise AddressTooLong(f"The query is longer than {now.site.sparql.max_query:,} bytes.")
    version = asked.snapshot
    release = _release(now, version)
    iri = request.query_params.get("iri")
    if iri is None or has_query:
        cited = citation(now.site, who.language, release, tidy(asked.query), parameters)
    else:
        cited = _of_entity(now, who.language, release, iri)
    made = written(cited)
    is_fixed = who.fixed and version == release.version
    headers = {"Content-Language": who.language, "X-Robots-Tag": "noindex"}
    headers |= {} if is_fixed else {"Vary": "Accept-Language"}
    return respond(made.encode(), format, cache=PUBLIC if is_fixed else PRIVATE, headers=headers)


def _of_entity(now: Served, language: str, release: Release, iri: str) -> Citation:
    """The citation of what is said of a thing; raises ``NoSuchEntity`` where nothing is said now."""
    check_told(now, check_iri(iri))
    languages = (language, *(tag for tag in now.site.languages if tag != language))
    name = pick(now.snapshot.index.texts(iri), languages)
    return of_entity(now.site, language, release, iri, name.value if name else iri)


def _release(now: Served, version: str | None) -> Release:
    """The release that a version or its beginning names, the one in service for None.

    Raises ``Gone`` for one that is not kept, ``BadRequest`` where several begin so.
    """
    found, _ = now.store(version)
    return Release(found, now.snapshot.built if found == now.snapshot.version else built(now.site, found))
