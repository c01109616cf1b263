"""Reading a loaded store by pattern: bounded, in a stable order, with or without the graphs of the shapes."""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kgpub.model import Labels, Term
from kgpub.ontology.model import Phrase
from kgpub.settings import STANDARD_PREFIXES

MOST = 200
"""Most values of one property of one node, and most members of one list, that are read."""
LONGEST = 600
"""Characters of a text of the shapes that are kept."""

_LANGUAGES = 8
_RDF = STANDARD_PREFIXES["rdf"]
FIRST, REST, NIL = (NamedNode(_RDF + name) for name in ("first", "rest", "nil"))

Node = NamedNode | BlankNode


class Reading:
    """A store as the documentation reads it; ``hidden`` are the graphs that hold shapes only."""

    def __init__(self, store: Store, hidden: frozenset[str] = frozenset()) -> None:
        self._store, self._hidden = store, hidden

    def pairs(self, predicate: NamedNode, target: NamedNode | None = None) -> Iterator[tuple[Node, Term]]:
        """Subjects and objects of a property in the published graphs; a pair may come more than once."""
        for quad in self._store.quads_for_pattern(None, predicate, target, None):
            graph = quad.graph_name
            is_hidden = isinstance(graph, NamedNode) and graph.value in self._hidden
            if not is_hidden and not isinstance(quad.subject, Triple):
                yield quad.subject, quad.object

    def subjects(self, predicate: NamedNode, target: NamedNode | None = None) -> set[Node]:
        """What has a property (with a value), in whatever graph."""
        quads = self._store.quads_for_pattern(None, predicate, target, None)
        return {quad.subject for quad in quads if not isinstance(quad.subject, Triple)}

    def objects(self, node: Node, predicate: NamedNode) -> list[Term]:
        """What a node says by a property in whatever graph, each once, sorted; a bounded number."""
        found = {quad.object for quad in islice(self._store.quads_for_pattern(node, predicate, None, None), 4 * MOST)}
        return sorted(found, key=str)[:MOST]

    def nodes(self, node: Node, predicate: NamedNode) -> list[Node]:
        """Those values that are IRIs or blank nodes."""
        return [one for one in self.objects(node, predicate) if isinstance(one, NamedNode | BlankNode)]

    def said(self, node: Node) -> list[tuple[NamedNode, Term]]:
        """Everything that a node says, each once, sorted; a bounded number."""
        found = {
            (q.predicate, q.object) for q in islice(self._store.quads_for_pattern(node, None, None, None), 8 * MOST)
        }
        return sorted(found, key=lambda pair: (str(pair[0]), str(pair[1])))

    def members(self, head: Node) -> list[Term]:
        """The members of a list (RDF Schema section 5.2), in order; a bounded number, so that a circle ends."""
        found: list[Term] = []
        seen: set[Node] = set()
        while head != NIL and head not in seen and len(found) <= MOST:
            seen.add(head)
            found += self.objects(head, FIRST)[:1]
            rest = self.nodes(head, REST)
            if not rest:
                break
            head = rest[0]
        return found

    def is_list(self, node: Term) -> bool:
        """Whether a node is a list with members, or the empty one."""
        return node == NIL or (isinstance(node, BlankNode | NamedNode) and bool(self.objects(node, FIRST)))

    def texts(self, node: Node, predicate: NamedNode) -> Labels:
        """The texts of a property, the first per language; long ones cut, and not more languages than anyone reads."""
        found: dict[str, str] = {}
        for one in self.objects(node, predicate):
            if isinstance(one, Literal) and one.value.strip():
                found.setdefault((one.language or "").lower(), one.value[:LONGEST])
        ranked = sorted(found, key=lambda tag: (tag.partition("-")[0] not in {"ka", "en", ""}, tag))
        return {tag: found[tag] for tag in ranked[:_LANGUAGES]}


def term(one: Term) -> Phrase:
    """A term that stands for itself; a blank node and a long literal are not carried along."""
    if isinstance(one, BlankNode):
        return Phrase("unnamed")
    if isinstance(one, Literal) and len(one.value) > LONGEST:
        cut = one.value[:LONGEST] + "…"
        return Phrase("term", (str(Literal(cut, language=one.language) if one.language else Literal(cut)),))
    return Phrase("term", (str(one),))
