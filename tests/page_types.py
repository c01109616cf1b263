"""Every kind of page that there is, by an address of it in this repository's own site."""

from typing import NamedTuple
from urllib.parse import quote

BASE = "https://data.example.org/"
_TYPE = quote("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", safe="")
_RESULT = quote("SELECT ?project ?funder WHERE { ?project kgp:fundedBy ?funder } LIMIT 20")
_MISTAKE = quote("SELECT * WHERE {")
LANGUAGES = ("ka", "en")


class PageType(NamedTuple):
    """A kind of page: its name, an address of it with a place for the language, and the status it comes with."""

    name: str
    address: str
    status: int = 200


PAGE_TYPES = (
    PageType("home", "?lang={0}"),
    PageType("classes", "-/classes?lang={0}"),
    PageType("thesauri", "-/thesaurus?lang={0}"),
    PageType("concepts", f"-/thesaurus/concepts?iri={quote(BASE, safe='')}scheme%2Forganisation-kinds&lang={{0}}"),
    PageType("alphabet", f"-/thesaurus/alphabet/en?iri={quote(BASE, safe='')}scheme%2Forganisation-kinds&lang={{0}}"),
    PageType("members", f"-/links?iri={quote(BASE, safe='')}ns%2FProject&property={_TYPE}&lang={{0}}"),
    PageType("person", "id/person-vibler.{0}.html"),
    PageType("project", "id/project-border-migration.{0}.html"),
    PageType("organisation", "id/org-anmi.{0}.html"),
    PageType("document", "id/doc-3.{0}.html"),
    PageType("class", "ns/Project.{0}.html"),
    PageType("property", "ns/fundedBy.{0}.html"),
    PageType("hub", "ns/asserted.{0}.html"),
    PageType("browse", "-/browse?class=kgp%3AProject&lang={0}"),
    PageType("compare", "-/compare?iri=id%3Aproject-border-migration&iri=id%3Aproject-emerge&lang={0}"),
    PageType("compare-pick", "-/compare?iri=id%3Aproject-border-migration&lang={0}"),
    PageType("passages", "-/document?iri=id%3Adoc-3&lang={0}"),
    PageType("search", "search?q=migratsia&lang={0}"),
    PageType("search-none", "search?q=zzzzqqqq&lang={0}"),
    PageType("sparql", "sparql?lang={0}"),
    PageType("sparql-result", f"sparql?lang={{0}}&query={_RESULT}"),
    PageType("sparql-mistake", f"sparql?lang={{0}}&query={_MISTAKE}", 400),
    PageType("queries", "-/queries?lang={0}"),
    PageType("query", "-/queries/funders?lang={0}"),
    PageType("data", "-/data?lang={0}"),
    PageType("ontology", "-/ontology?lang={0}"),
    PageType("term", "-/ontology/fundedBy?lang={0}"),
    PageType("shapes", "-/shapes?lang={0}"),
    PageType("shape", "-/shapes/shape-Project?lang={0}"),
    PageType("accessibility", "-/accessibility?lang={0}"),
    PageType("privacy", "-/privacy?lang={0}"),
    PageType("not-found", "id/nothing-here?lang={0}", 404),
)
MAIN = ("home", "project", "search", "sparql", "data")
"""The pages that most readers come to."""
