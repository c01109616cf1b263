"""Links inside the site: those that lead to nothing, and things that nothing leads to.

What kgpub lists: a thing with a class stands in the list of that class, and every class stands at ``/-/classes``;
any other thing is linked from the pages of those that name it. What has neither is found by its name in search and
in the site map, and by nobody who reads page by page. Statement nodes show beside their statements.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from kgpub.review.findings import Case, shown
from kgpub.review.survey import LINKED, MATCHES, NODE, SUBJECT, TERM, TO_TERMS, TYPED, Known, Stated
from kgpub.settings.tables import DCAT, DCTERMS, FOAF, OWL, SDO

_NEED_NONE = frozenset(
    MATCHES
    | {OWL + name for name in ("versionIRI", "priorVersion", "imports", "backwardCompatibleWith", "incompatibleWith")}
    | {DCAT + name for name in ("downloadURL", "accessURL", "endpointURL", "endpointDescription", "landingPage")}
    | {SDO + name for name in ("url", "contentUrl", "embedUrl", "image", "logo", "thumbnailUrl", "encoding")}
    | {FOAF + name for name in ("page", "homepage", "depiction", "img", "isPrimaryTopicOf", "logo", "thumbnail")}
    | {"http://rdfs.org/ns/void#" + name for name in ("dataDump", "sparqlEndpoint", "uriLookupEndpoint")}
    | {DCTERMS + "hasFormat", "http://purl.org/vocab/vann/preferredNamespaceUri"}
)
"""Properties that lead to files and services, which need no description; of identity another rule speaks."""


def links(stated: Stated, known: Known) -> Iterator[Case]:
    """An object below the base that the site says nothing about; a subject that no page leads to."""
    quad = stated.quad
    subject, target, predicate = quad.subject, quad.object, quad.predicate.value
    if isinstance(target, NamedNode) and predicate not in _NEED_NONE and _dangles(target.value, predicate, known):
        iri = target.value
        near = known.nearest(iri)
        values, variant = {"iri": shown(iri), "near": near}, "near" if near else ""
        yield Case("link-dangling", iri, values, variant, iri, stated.file, stated.line, iri, counted=True)
    if stated.role != "shapes" and isinstance(subject, NamedNode) and _is_lost(subject.value, known):
        iri = subject.value
        values = {"iri": shown(iri)}
        yield Case("page-unreachable", iri, values, about=iri, file=stated.file, line=stated.line, iri=iri)


def _dangles(iri: str, predicate: str, known: Known) -> bool:
    """Whether an IRI ought to have a page with something on it and has none.

    Graphs have one, the application's own addresses are no things, and of terms and twins other rules speak.
    """
    if iri not in known.local or known.has(iri, SUBJECT):
        return False
    is_other = iri == known.site.base or iri in known.graphs or iri in known.twins
    is_term = predicate in TO_TERMS and known.terms.verdict(iri) is not None
    return not is_other and not is_term and known.site.iris.is_local(iri)


def _is_lost(iri: str, known: Known) -> bool:
    marks = known.local.get(iri, LINKED)
    return not marks & (TYPED | LINKED | NODE | TERM) and iri not in known.graphs
