"""What a named graph holds, as a section of its page: how much, where to have it, and some of the things in it."""

from markupsafe import Markup, escape

from kgpub.collation import place
from kgpub.model import Held
from kgpub.represent.frame import SPARQL, with_query
from kgpub.represent.markup import anchor
from kgpub.represent.telling import Group, Section, ValueView
from kgpub.represent.values import Reader

_QUERY = "SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT 100"
"""IRIs have no character that could end the brackets (``iris.check_iri``)."""


def holding(reader: Reader, iri: str, held: Held) -> Section:
    """The section that says what a graph holds."""
    say = reader.say
    groups = [
        Group(escape(say("count.triples")), (ValueView(escape(say.count(held.count))), ValueView(_asked(reader, iri))))
    ]
    if held.files:
        links = (anchor(reader.iris.page(path), name) for name, path in held.files)
        groups.append(Group(escape(say("graph.files")), tuple(map(ValueView, links))))
    if held.examples:
        things = sorted(held.examples, key=lambda one: place(reader.name(one).value, reader.language))
        groups.append(Group(escape(say("graph.things")), tuple(ValueView(reader.link(one)) for one in things)))
    return Section("graph", escape(say("graph.held")), tuple(groups))


def _asked(reader: Reader, iri: str) -> Markup:
    """The way to the query page with the graph's statements."""
    page = reader.iris.page(SPARQL, reader.language)
    return anchor(with_query(page, [("query", _QUERY.format(graph=iri))]), reader.say("graph.ask"))
