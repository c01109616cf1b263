"""The figures of a snapshot in the Vocabulary of Interlinked Datasets (VoID): subsets, partitions, linksets.

The dataset itself is counted over all published graphs; its subset ``#default-graph``, which SPARQL asks unless told
otherwise, carries the partitions; every named graph is a subset too. What carries numbers has an ``rdfs:seeAlso``:
the query whose answer is these numbers, in columns named like the properties.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.about import figures
from kgpub.kept.partitions import ClassPartition, Linkset, Usage
from kgpub.making.dumps import Dump
from kgpub.settings import STANDARD_PREFIXES, Settings
from kgpub.settings.tables import RDFS
from kgpub.snapshot import Snapshot

VOID = "http://rdfs.org/ns/void#"
DATASET = "-/dataset"
"""The address of the dataset as a thing, below the mount; parts of its description have a hash name there."""

_TYPE = NamedNode(STANDARD_PREFIXES["rdf"] + "type")
_SEE_ALSO = NamedNode(RDFS + "seeAlso")
_INTEGER = NamedNode(STANDARD_PREFIXES["xsd"] + "integer")
_MOST_EXAMPLES = 10


def name(site: Settings, part: str = "") -> NamedNode:
    """The IRI of the dataset, or of a part of its description."""
    return NamedNode(site.iris.canonical(site.iris.page(DATASET)) + (f"#{part}" if part else ""))


def graph_name(site: Settings, graph: str) -> NamedNode:
    """The IRI of a named graph as a subset of the dataset; the graph's own IRI only names it."""
    return name(site, f"graph-{_short(site, graph)}")


def dump_address(site: Settings, version: str, dump: Dump) -> NamedNode:
    """Where a dump can be had for as long as its snapshot is kept."""
    return NamedNode(site.iris.canonical(site.iris.page(f"-/dumps/{version}/{dump.name}")))


def void(site: Settings, snapshot: Snapshot) -> Iterator[Quad]:
    """The dataset, its subsets, their partitions and linksets."""
    whole, default = name(site), name(site, "default-graph")
    counted, parts = snapshot.statistics, snapshot.partitions.figures
    numbers = {"triples": counted.triples, "entities": counted.entities}
    numbers |= {"classes": counted.stated, "properties": len(counted.properties)}
    yield from _numbers(site, whole, numbers, figures.of_dataset("dataset", snapshot))
    yield Quad(whole, _void("uriSpace"), Literal(site.base))
    yield Quad(whole, _void("sparqlEndpoint"), NamedNode(site.iris.canonical(site.iris.page("sparql"))))
    yield from (Quad(whole, _void("vocabulary"), NamedNode(iri)) for iri in parts.vocabularies)
    yield from (Quad(whole, _void("exampleResource"), NamedNode(iri)) for iri in examples(site, snapshot))
    yield Quad(whole, _void("subset"), default)
    numbers = {"triples": parts.triples, "entities": parts.entities, "distinctSubjects": parts.subjects}
    numbers |= {"distinctObjects": parts.objects, "properties": parts.properties, "classes": parts.classes}
    yield from _numbers(site, default, numbers, figures.query("default"))
    for used in parts.by_property:
        yield from _property(site, default, used)
    for part in parts.by_class:
        yield from _class(site, default, part)
    for linkset in parts.linksets:
        yield from _linkset(site, default, linkset)
    for dump in (one for one in snapshot.dumps if not one.of):
        holder = graph_name(site, dump.graph) if dump.graph else default if dump.default else whole
        yield Quad(holder, _void("dataDump"), dump_address(site, snapshot.version, dump))
    for graph in counted.graphs:
        yield Quad(whole, _void("subset"), graph_name(site, graph.iri))
        question = figures.query("graph", graph=NamedNode(graph.iri))
        yield from _numbers(site, graph_name(site, graph.iri), {"triples": graph.count}, question)


def examples(site: Settings, snapshot: Snapshot) -> tuple[str, ...]:
    """Things to look at first: a member of each featured class, or of each of the largest classes."""
    found = {part.iri: part.example for part in snapshot.partitions.figures.by_class if part.example}
    featured = [found[iri] for iri in site.properties(site.featured) if iri in found]
    return tuple(dict.fromkeys(featured or found.values()))[:_MOST_EXAMPLES]


def _property(site: Settings, holder: NamedNode, used: Usage) -> Iterator[Quad]:
    """A partition by property (VoID section 4.5)."""
    node = name(site, f"property-{_short(site, used.iri)}")
    yield Quad(holder, _void("propertyPartition"), node)
    yield Quad(node, _void("property"), NamedNode(used.iri))
    yield from _numbers(site, node, _usage(used), figures.query("property", property=NamedNode(used.iri)))


def _class(site: Settings, holder: NamedNode, part: ClassPartition) -> Iterator[Quad]:
    """A partition by class (VoID section 4.5), with the properties of its members as partitions of it."""
    node, of = name(site, f"class-{_short(site, part.iri)}"), NamedNode(part.iri)
    yield Quad(holder, _void("classPartition"), node)
    yield Quad(node, _void("class"), of)
    numbers = {"entities": part.entities, "triples": part.triples, "distinctObjects": part.objects}
    yield from _numbers(site, node, numbers, figures.query("class", **{"class": of}))
    for used in part.properties:
        inner = name(site, f"class-{_short(site, part.iri)}-property-{_short(site, used.iri)}")
        yield Quad(node, _void("propertyPartition"), inner)
        yield Quad(inner, _void("property"), NamedNode(used.iri))
        question = figures.query("class-property", **{"class": of, "property": NamedNode(used.iri)})
        yield from _numbers(site, inner, _usage(used), question)


def _linkset(site: Settings, holder: NamedNode, linkset: Linkset) -> Iterator[Quad]:
    """Links to things elsewhere (VoID section 5); of that other dataset only its URI space is known."""
    target = name(site, f"elsewhere-{_short(site, linkset.space)}")
    node = name(site, f"links-{_short(site, linkset.predicate)}-{_short(site, linkset.space)}")
    yield Quad(holder, _void("subset"), node)
    yield Quad(node, _TYPE, _void("Linkset"))
    yield Quad(node, _void("linkPredicate"), NamedNode(linkset.predicate))
    yield Quad(node, _void("subjectsTarget"), holder)
    yield Quad(node, _void("objectsTarget"), target)
    yield Quad(target, _TYPE, _void("Dataset"))
    yield Quad(target, _void("uriSpace"), Literal(linkset.space))
    terms: dict[str, NamedNode | Literal] = {
        "property": NamedNode(linkset.predicate),
        "base": Literal(site.base),
        "space": Literal(linkset.space),
    }
    yield from _numbers(site, node, {"triples": linkset.triples}, figures.query("linkset", **terms))


def _numbers(site: Settings, node: NamedNode, numbers: Mapping[str, int], question: str) -> Iterator[Quad]:
    """Numbers of a dataset, and where to ask for them."""
    yield Quad(node, _TYPE, _void("Dataset"))
    yield from (Quad(node, _void(key), Literal(str(number), datatype=_INTEGER)) for key, number in numbers.items())
    yield Quad(node, _SEE_ALSO, NamedNode(figures.address(site, question)))


def _usage(used: Usage) -> dict[str, int]:
    return {"triples": used.triples, "distinctSubjects": used.subjects, "distinctObjects": used.objects}


def _short(site: Settings, iri: str) -> str:
    """A name for an IRI that stays the same when the base changes."""
    return sha256(iri.removeprefix(site.base).encode()).hexdigest()[:16]


def _void(local: str) -> NamedNode:
    return NamedNode(VOID + local)
