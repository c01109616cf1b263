"""The documentation of the ontology and the shapes: pages, RDF files, a class diagram, and the namespaces' own IRIs.

``/-/ontology`` and ``/-/shapes`` negotiate between page and files; the IRI of a namespace of ours leads to them.
"""

from collections.abc import Iterable

from pyoxigraph import NamedNode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from kgpub.about import figures
from kgpub.errors import NoSuchPage
from kgpub.formats import ENTITY, HTML, JSON_LD, N_TRIPLES, SVG, TURTLE, Format, choose
from kgpub.kept.index import DESCRIPTION
from kgpub.ontology.file import FOLDER
from kgpub.ontology.mentions import of_shape, of_term
from kgpub.ontology.model import CLASS, PROPERTY, Line, OntologyTerm, Shape
from kgpub.represent.frame import ONTOLOGY, with_query
from kgpub.represent.ontology import pages
from kgpub.represent.ontology.drawing import POLICY, drawing
from kgpub.represent.ontology.places import DIAGRAM, MOST_LISTED, MOST_WHOLE, PER_PAGE, SHAPES, Known, term_href
from kgpub.represent.values import Reader
from kgpub.web import downloads
from kgpub.web.known import is_told
from kgpub.web.respond import PRIVATE, PUBLIC, Served, link, page_number, reader, redirect, respond, served

_FILES: tuple[Format, ...] = (TURTLE, JSON_LD, N_TRIPLES)
_MOST_SHAPES = 40
"""Shapes, and parts of shapes, about one term that its page shows."""
_MOST_ABOVE = 10
_LANGUAGE = "Accept-Language"


async def ontology(request: Request) -> Response:
    """All terms: the page, or the ontology's files as RDF, at one address (RFC 9110 section 12.1)."""
    format = _chosen(request, "ontology")
    if format is not HTML:
        return _sent(request, "ontology", format, negotiated=True)
    now, number = served(request), page_number(request)
    who = reader(request, now.site)
    file = now.snapshot.ontology
    total = sum(file.overview.counts.values())
    size = PER_PAGE if total > MOST_LISTED else MOST_LISTED
    lines = file.lines(who.language, (number - 1) * size, size)
    if number > 1 and not lines:
        raise NoSuchPage(f"There is no page {number} of the ontology.")
    terms = [one for line in lines if (one := file.term(line.entry.anchor))] if total <= MOST_WHOLE else []
    told = [(one, *_concerning(now, one.entry.iri)) for one in terms]
    shapes = [shape for _, concerning, _ in told for shape, _ in concerning]
    known = _known(now, terms, shapes, lines)
    body = pages.ontology_page(_reader(now, who.language, terms, shapes, lines), known, lines, told, number)
    return _page(request, now, body, "ontology")


async def term(request: Request) -> Response:
    """One term in full, at an address that lasts; raises ``NoSuchPage`` for a name that no term has."""
    choose(request.headers.get("accept"), (HTML,))
    now, name = served(request), request.path_params["name"]
    one = now.snapshot.ontology.term(name)
    if one is None:
        raise NoSuchPage(f"There is no term “{name}” in the ontology.")
    who = reader(request, now.site)
    concerning, more = _concerning(now, one.entry.iri)
    shapes = [shape for shape, _ in concerning]
    above = _shapes_above(now, one)
    known = _known(now, [one], shapes, (), above)
    told = _reader(now, who.language, [one], shapes, (), above)
    body = pages.term_page(told, known, one, concerning, more=more, above=above)
    return _page(request, now, body, "", own=now.site.iris.path(one.entry.iri))


async def shapes(request: Request) -> Response:
    """All shapes: the page, or the shapes' files as RDF, at one address."""
    format = _chosen(request, "shapes")
    if format is not HTML:
        return _sent(request, "shapes", format, negotiated=True)
    now, number = served(request), page_number(request)
    found = now.snapshot.ontology.shapes((number - 1) * PER_PAGE, PER_PAGE)
    if number > 1 and not found:
        raise NoSuchPage(f"There is no page {number} of the shapes.")
    told = _reader(now, reader(request, now.site).language, (), found, ())
    return _page(request, now, pages.shapes_page(told, _known(now, (), found, ()), found, number), "shapes")


async def shape(request: Request) -> Response:
    """One shape in words; raises ``NoSuchPage`` for a name that no shape has."""
    choose(request.headers.get("accept"), (HTML,))
    now, name = served(request), request.path_params["name"]
    found = now.snapshot.ontology.shape(name)
    if found is None:
        raise NoSuchPage(f"There is no shape “{name}”.")
    told = _reader(now, reader(request, now.site).language, (), [found], ())
    return _page(request, now, pages.shape_page(told, _known(now, (), [found], ()), found), "")


async def diagram(request: Request) -> Response:
    """The class diagram as an SVG, which may be styled by its own sheet and do nothing else."""
    now = served(request)
    who = reader(request, now.site)
    boxes = now.snapshot.ontology.overview.diagram
    told = Reader(now.site, who.language, now.snapshot.index.labels(_drawn(now)))
    headers = {"Content-Language": who.language, "Content-Security-Policy": POLICY}
    headers |= {} if who.fixed else {"Vary": _LANGUAGE}
    body = drawing(told, boxes).encode()
    return respond(body, SVG, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


async def download(request: Request) -> Response:
    """The ontology or the shapes as a file, term for term as in the site's own files."""
    name = request.url.path.rpartition("/")[2]
    role, _, extension = name.partition(".")
    format = next((one for one in _FILES if one.extension == extension), None)
    if format is None or f"{role}.{extension}" not in served(request).snapshot.ontology.overview.files:
        raise NoSuchPage(f"There is no file {name}.")
    return _sent(request, role, format)


def documented(request: Request, now: Served, iri: str) -> Response | None:
    """303 from the IRI of a namespace or ontology of ours to the documentation or its files; None for other IRIs.

    So the document that a hash IRI is in leads there too, and the browser keeps the hash. Where the client wants a
    format that there is no file of, the thing's own documents answer.
    """
    if iri not in now.snapshot.ontology.documents(now.site.base):
        return None
    format = choose(request.headers.get("accept"), ENTITY)
    page = now.site.iris.page
    name = f"ontology.{format.extension}"
    if format is not HTML and name not in now.snapshot.ontology.overview.files:
        return None
    response = redirect(page(ONTOLOGY) if format is HTML else page(f"-/{name}"))
    response.headers["Link"] = _alternates(now, "ontology")
    return response


def told_at(now: Served, iri: str, language: str) -> str:
    """The address of the documentation of a term in a language; nothing where it is no term."""
    entry = now.snapshot.ontology.entry(iri)
    return term_href(Reader(now.site, language, {}), entry.anchor) if entry else ""


def _chosen(request: Request, role: str) -> Format:
    """The page or a file that there is, as the client likes best."""
    files = served(request).snapshot.ontology.overview.files
    return choose(request.headers.get("accept"), (HTML, *(f for f in _FILES if f"{role}.{f.extension}" in files)))


def _sent(request: Request, role: str, format: Format, *, negotiated: bool = False) -> Response:
    """A file of the snapshot, block by block, with a validator."""
    now = served(request)
    name = f"{role}.{format.extension}"
    path = now.snapshot.folder / FOLDER / name
    address = now.site.iris.page(f"-/{name}")
    headers = {
        "Content-Type": format.content_type,
        "ETag": f'"{now.snapshot.version}-{name}"',
        "Cache-Control": PRIVATE if negotiated else PUBLIC,
        "Accept-Ranges": "bytes",
        "Link": link([(now.site.iris.page(f"-/{role}"), {"rel": "describedby", "type": HTML.media_type})]),
    }
    if negotiated:
        headers |= {"Content-Location": address, "Vary": "Accept"}
    return downloads.part(request, path, path.stat().st_size, headers)


def _page(request: Request, now: Served, body: str, role: str, own: str = "") -> Response:
    """A page with the headers that follow from how its language was chosen, and its files or the thing it is about."""
    who = reader(request, now.site)
    vary = ["Accept"] if role else []
    vary += [] if who.fixed else [_LANGUAGE]
    headers = {"Content-Language": who.language} | ({"Vary": ", ".join(vary)} if vary else {})
    links = _alternates(now, role) if role else link([(own, {"rel": "describes"})]) if own else ""
    headers |= {"Link": links} if links else {}
    if not who.fixed:
        pairs = [("page", number)] if (number := request.query_params.get("page")) else []
        headers["Content-Location"] = with_query(_own_path(request), [*pairs, ("lang", who.language)])
    return respond(body.encode(), HTML, cache=PRIVATE if vary else PUBLIC, headers=headers)


def _own_path(request: Request) -> str:
    """The request's path as it was sent, percent-encoded."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


def _alternates(now: Served, role: str) -> str:
    """The files of the ontology or of the shapes as links (RFC 8288)."""
    page, files = now.site.iris.page, now.snapshot.ontology.overview.files
    mine = [f for f in _FILES if f"{role}.{f.extension}" in files]
    return link((page(f"-/{role}.{f.extension}"), {"rel": "alternate", "type": f.media_type}) for f in mine)


def _concerning(now: Served, iri: str) -> tuple[tuple[tuple[Shape, int], ...], int]:
    """The shapes that are about a term, and how many are beyond those."""
    file = now.snapshot.ontology
    found = file.concerning(iri, _MOST_SHAPES)
    return found, max(0, file.concerns(iri) - len(found))


def _shapes_above(now: Served, one: OntologyTerm) -> tuple[str, ...]:
    """The classes above a class that shapes are about, since those hold for its members too (SHACL section 2.1.3.2)."""
    if one.entry.kind != CLASS:
        return ()
    above = now.snapshot.index.superclasses([one.entry.iri])[1:]
    return tuple(iri for iri in above if now.snapshot.ontology.concerns(iri))[:_MOST_ABOVE]


def _drawn(now: Served) -> set[str]:
    """Every IRI that the class diagram names."""
    boxes = now.snapshot.ontology.overview.diagram.boxes
    inside = {iri for box in boxes for one in box.attributes for iri in (one.property, one.range) if iri}
    return inside | {box.iri for box in boxes}


def _mentioned(
    terms: Iterable[OntologyTerm], shapes: Iterable[Shape], lines: Iterable[Line], more: Iterable[str]
) -> set[str]:
    """Every IRI that a page names."""
    found = {iri for one in terms for iri in of_term(one)} | {iri for one in shapes for iri in of_shape(one)}
    return found | {iri for line in lines for iri in (line.entry.iri, *line.also)} | set(more)


def _reader(
    now: Served, language: str, terms: Iterable[OntologyTerm], shapes: Iterable[Shape], lines: Iterable[Line],
    more: Iterable[str] = (),
) -> Reader:  # fmt: skip
    """Who reads, with the labels of everything that the page names."""
    overview = now.snapshot.ontology.overview
    beside = {*overview.ontologies, *(one.document for one in overview.vocabularies)}
    named = _mentioned(terms, shapes, lines, more) | _drawn(now) | beside
    return Reader(now.site, language, now.snapshot.index.labels(named - {""}))


def _known(
    now: Served, terms: Iterable[OntologyTerm], shapes: Iterable[Shape], lines: Iterable[Line], more: Iterable[str] = ()
) -> Known:
    """What is looked up for a page beside labels."""
    file, terms = now.snapshot.ontology, tuple(terms)
    named = _mentioned(terms, shapes, lines, more) | _drawn(now)
    entries = {iri: one for iri in named if (one := file.entry(iri))}
    places = {iri: found[0] for iri in named if iri not in entries and (found := file.shape_place(iri))}
    spaces = {one.document or one.namespace for one in file.overview.vocabularies}
    shown = (*(line.entry for line in lines), *(one.entry for one in terms))
    described = tuple(entry.iri for entry in shown)
    return Known(
        overview=file.overview,
        definitions=now.snapshot.index.labels(described, DESCRIPTION),
        terms={iri: one.anchor for iri, one in entries.items()},
        shapes=places,
        queries={one.entry.iri: _question(one) for one in terms},
        members={entry.iri: now.snapshot.facets.size(entry.iri) for entry in shown if entry.kind == CLASS},
        pages=frozenset(iri for iri in spaces if now.site.iris.is_local(iri) and is_told(now, iri.removesuffix("#"))),
    )


def _question(one: OntologyTerm) -> str:
    """The query that counts a term again."""
    node = NamedNode(one.entry.iri)
    if one.entry.kind == CLASS:
        return figures.query("class", **{"class": node})
    return figures.query("property", property=node) if one.entry.kind == PROPERTY else ""


def add_routes(app: Starlette, mount: str) -> None:
    """Give these addresses their functions."""
    table = {
        ONTOLOGY: ontology,
        f"{ONTOLOGY}/{{name:path}}": term,
        f"{DIAGRAM}.svg": diagram,
        f"{ONTOLOGY}.{{extension}}": download,
        SHAPES: shapes,
        f"{SHAPES}/{{name:path}}": shape,
        f"{SHAPES}.{{extension}}": download,
    }
    for path, endpoint in table.items():
        app.add_route(f"{mount}{path}", endpoint, methods=["GET"])
