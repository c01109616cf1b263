"""A site of the same shape as this repository's own graph, as large as asked for, the same for the same seed.

    python benchmarks/generate.py --triples 100000 --seed 42 FOLDER

The graph is a row of source documents. Each is written out and forgotten before the next one begins, so that memory
does not grow with the graph; links lead to its own entities, to those of an earlier document, or to a hub.
"""

import argparse
import hashlib
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import count
from pathlib import Path

from pyoxigraph import parse

REPOSITORY = Path(__file__).parents[1]
BASE = "https://data.example.org/"
HUB = "id:org-union"
"""The organisation that most entities point to."""
PARTS = 4
"""Over how many graphs the documents' statements are spread."""

_COUNTRIES, _TOPICS = 12, 30

SITE = f"""\
# A generated graph, to measure with: the words mean nothing.
base = "{BASE}"
languages = ["ka", "en"]
featured = ["kgp:GovernmentBody", "kgp:CivilSocietyOrganisation", "kgp:Project", "foaf:Person", "kgp:Conference"]

[title]
ka = "გენერირებული გრაფი"
en = "Generated graph"

[prefixes]
id = "id/"
kgp = "ns/"
fact = "fact/"
evidence = "evidence/"
scheme = "scheme/"
graph = "graph/"
org = "http://www.w3.org/ns/org#"
oa = "http://www.w3.org/ns/oa#"

[graphs."data/inferred.ttl"]
default = false

[vocabulary]
inverse_labels = ["kgp:inverseLabel"]
"""

HEADER = """\
@prefix id: <id/> .
@prefix kgp: <ns/> .
@prefix fact: <fact/> .
@prefix evidence: <evidence/> .
@prefix scheme: <scheme/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_SYLLABLES = (
    ("ბა", "ba"), ("გე", "ge"), ("დი", "di"), ("ვო", "vo"), ("ზუ", "zu"), ("თა", "ta"), ("კე", "ke"),
    ("ლი", "li"), ("მო", "mo"), ("ნუ", "nu"), ("რა", "ra"), ("სე", "se"), ("ჭი", "chi"), ("შო", "sho"),
    ("ხუ", "khu"), ("ღა", "gha"), ("ფე", "pe"), ("ყი", "qi"), ("ჯო", "jo"), ("წუ", "tsu"),
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The same words in Georgian and English."""

    ka: str
    en: str

    @property
    def terms(self) -> tuple[str, str]:
        """The words as two Turtle literals."""
        return f'"{self.ka}"@ka', f'"{self.en}"@en'


@dataclass(frozen=True)
class Kind:
    """A kind of entity: its class, the pattern of its names, and what else is always said of it."""

    type: str
    ka: str
    en: str
    also: tuple[tuple[str, str], ...] = ()


KINDS: Mapping[str, Kind] = {
    "org": Kind("kgp:GovernmentBody", "{}ს სააგენტო", "{} Agency", (("org:classification", "scheme:agency"),)),
    "ngo": Kind("kgp:CivilSocietyOrganisation", "ასოციაცია „{}“", "{} Association",
                (("org:classification", "scheme:ngo"),)),
    "person": Kind("foaf:Person", "{} {}", "{} {}"),
    "post": Kind("org:Post", "{}ს სამმართველოს უფროსი", "Head of the {} Department"),
    "project": Kind("kgp:Project", "{}ს შესაძლებლობების გაძლიერება", "Reinforcing the Capacities of {}"),
    "cluster": Kind("kgp:ThematicCluster", "{}ს თემატური ჯგუფი", "Thematic cluster {}"),
    "activity": Kind("kgp:ProjectActivity", "ტექნიკური დახმარება: {}", "Technical assistance for {}"),
    "conference": Kind("kgp:Conference", "{}ს რეგიონული კონფერენცია", "Regional Conference on {}",
                       (("kgp:modality", "kgp:actual"),)),
    "session": Kind("kgp:Session", "{}ს თემატური სესია", "Thematic session on {}",
                    (("kgp:modality", "kgp:actual"),)),
    "place": Kind("kgp:Country", "{}", "{}"),
    "topic": Kind("kgp:Topic", "{}", "{}"),
    "union": Kind("kgp:IntergovernmentalOrganisation", "{}ს გაერთიანება", "Union of {}",
                  (("org:classification", "scheme:intergovernmental-organisation"),)),
}  # fmt: skip

PER_DOCUMENT: Mapping[str, int] = {
    "org": 1, "ngo": 2, "person": 3, "post": 3, "project": 2, "cluster": 2, "activity": 3, "conference": 1,
    "session": 2,
}  # fmt: skip
"""Entities of each document: with the document itself 20, of which 2 are projects: one in ten."""


class Graph:
    """One file of Turtle, a named graph of the site; it knows how many triples it holds."""

    def __init__(self, path: Path) -> None:
        """Start the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIOWrapper = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(HEADER)
        self.triples = 0

    def say(self, subject: str, *said: Sequence[str]) -> None:
        """Write what is said of a subject: each a property and its objects, every triple once per file."""
        lines = [f"    {predicate} {' , '.join(objects)}" for predicate, *objects in said]
        self._file.write(f"\n{subject}\n" + " ;\n".join(lines) + " .\n")
        self.triples += sum(len(one) - 1 for one in said)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class Site:
    """The graphs of the site while they are written."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Start every file below ``data/``; the stack closes them."""
        self._folder, self._stack = folder / "data", stack
        self._all: list[Graph] = []
        self.documents = self._graph("documents")
        self.register = self._graph("register")
        self.inferred = self._graph("inferred")
        self.asserted = tuple(self._graph(f"part-{n}/asserted") for n in range(PARTS))
        self.contextual = tuple(self._graph(f"part-{n}/contextual") for n in range(PARTS))

    def _graph(self, name: str) -> Graph:
        graph = Graph(self._folder / f"{name}.ttl")
        self._stack.callback(graph.close)
        self._all.append(graph)
        return graph

    @property
    def triples(self) -> int:
        """How many triples were written so far."""
        return sum(graph.triples for graph in self._all)


class Document:
    """One source document: what it names and says, each statement with its line and quoted words."""

    def __init__(self, site: Site, number: int, seed: int) -> None:
        """Prepare to write the document of this number."""
        self._site = site
        self.number = number
        self.iri = f"id:doc-{number}"
        self.random = random.Random(f"{seed}/{number}")
        self._asserted = site.asserted[number % PARTS]
        self._contextual = site.contextual[number % PARTS]
        self._facts = count(1)
        self._line, self._position = 1, 0

    def own(self, kind: str) -> list[str]:
        """This document's entities of a kind."""
        return _entities(kind, self.number)

    def other(self, kind: str) -> str:
        """An entity of a kind, of this document or an earlier one."""
        return self.random.choice(_entities(kind, self.random.randrange(self.number + 1)))

    def some(self, kind: str, size: int) -> list[str]:
        """Different countries or topics."""
        numbers = range(_COUNTRIES if kind == "place" else _TOPICS)
        return [f"id:{kind}-{n}" for n in sorted(self.random.sample(numbers, size))]

    def words(self, length: int) -> Words:
        """As many meaningless words, the English ones spelling the Georgian ones."""
        made = [self.random.choices(_SYLLABLES, k=self.random.randint(2, 4)) for _ in range(length)]
        spelt = [["".join(syllable[side] for syllable in word) for word in made] for side in (0, 1)]
        return Words(" ".join(spelt[0]), " ".join(word.capitalize() for word in spelt[1]))

    def name(self, iri: str, kind: Kind) -> None:
        """Enter an entity into the register: type, names, description, and one naming statement with its quote."""
        words = self.words(kind.ka.count("{}"))
        name = Words(kind.ka.format(*words.ka.split()), kind.en.format(*words.en.split()))
        self._site.register.say(
            iri,
            ("a", kind.type),
            ("skos:prefLabel", *name.terms),
            ("rdfs:label", *name.terms),
            ("dcterms:description", *self.words(12).terms),
            ("kgp:englishLabelKind", "kgp:transliterated"),
            *kind.also,
        )
        local = iri.removeprefix("id:")
        self._quote(f"evidence:name-{local}", name)
        self._fact(self._site.register, f"fact:name-{local}", (iri, "skos:prefLabel", name.terms[0]), "asserted",
                   f"evidence:name-{local}")  # fmt: skip

    def passage(self, subject: str, *said: Sequence[str]) -> None:
        """Say something of a subject: a line, its quote, the triples, and one statement node for each."""
        status = "contextual" if self.random.random() < 0.125 else "asserted"
        graph = self._contextual if status == "contextual" else self._asserted
        graph.say(subject, *said)
        self._line += 1
        quote = f"evidence:doc-{self.number}-{self._line}"
        self._quote(quote, self.words(self.random.randint(6, 14)))
        for predicate, *objects in said:
            for target in objects:
                iri = f"fact:S{self.number}-{next(self._facts)}"
                self._fact(graph, iri, (subject, predicate, target), status, quote)

    def infer(self, subject: str, target: str) -> None:
        """State an identity that rests on outside evidence."""
        self._site.inferred.say(subject, ("owl:sameAs", target))
        self._site.inferred.say(
            f"fact:I{self.number}-{next(self._facts)}",
            *_reified(subject, "owl:sameAs", target),
            ("kgp:status", "kgp:inferred"),
            ("kgp:modality", "kgp:actual"),
            ("kgp:confidence", "kgp:high"),
            ("prov:wasDerivedFrom", target),
            ("skos:note", *self.words(8).terms),
        )

    def describe(self) -> None:
        """Write what is known of the document itself."""
        title, sort = self.words(4).terms, self.words(5).terms
        name = f"{self.number:07}.txt"
        self._site.documents.say(
            self.iri,
            ("a", "kgp:SourceDocument"),
            *((label, *title) for label in ("dcterms:title", "skos:prefLabel", "rdfs:label")),
            ("dcterms:description", *self.words(12).terms),
            ("dcterms:language", '"ka"'),
            ("kgp:documentKind", *sort),
            ("kgp:fileName", f'"{name}"'),
            ("kgp:sha256", f'"{hashlib.sha256(name.encode()).hexdigest()}"'),
            ("dcat:byteSize", str(self.random.randint(4000, 9000))),
            ("kgp:characterCount", str(self._position)),
            ("kgp:lineCount", str(self._line)),
            ("kgp:pageAddress", f"<https://pages.example.net/{self.number}>"),
            ("kgp:englishLabelKind", "kgp:transliterated"),
        )

    def _quote(self, iri: str, words: Words) -> None:
        """Write the quoted words with their place; the next quote begins after them."""
        start, end = self._position, self._position + len(words.ka)
        self._position = end + 1
        ka, en = words.terms
        self._asserted.say(
            iri,
            ("a", "oa:TextQuoteSelector", "oa:TextPositionSelector"),
            ("dcterms:isPartOf", self.iri),
            ("kgp:line", str(self._line)),
            ("oa:exact", ka),
            ("oa:start", str(start)),
            ("oa:end", str(end)),
            ("kgp:translation", en),
        )

    def _fact(self, graph: Graph, iri: str, triple: tuple[str, str, str], status: str, quote: str) -> None:
        """Write the statement node of a triple."""
        noted = self.random.random() < 0.5
        graph.say(
            iri,
            *_reified(*triple),
            ("kgp:status", f"kgp:{status}"),
            ("kgp:modality", "kgp:actual"),
            ("prov:hadPrimarySource", self.iri),
            ("kgp:line", str(self._line)),
            ("oa:hasSelector", quote),
            *((("skos:note", *self.words(6).terms),) if noted else ()),
        )


def generate(folder: Path, triples: int, seed: int) -> tuple[int, int]:
    """Write a site folder; how many triples and how many documents it holds.

    There are at least ``triples`` of them, the ontology's included, and less than a document's more.
    """
    ontology = _copy(folder)
    with ExitStack() as stack:
        site = Site(folder, stack)
        _describe_graphs(site.documents)
        documents = 0
        while documents == 0 or ontology + site.triples < triples:
            _write(Document(site, documents, seed))
            documents += 1
        return ontology + site.triples, documents


def _copy(folder: Path) -> int:
    """Write everything but the data; how many triples the ontology has."""
    (folder / "queries").mkdir(parents=True)
    (folder / "kgpub.toml").write_text(SITE, "utf-8")
    shutil.copy(REPOSITORY / "queries/provenance.rq", folder / "queries")
    shutil.copytree(REPOSITORY / "ontology", folder / "ontology")
    return sum(1 for path in (folder / "ontology").rglob("*.ttl") for _ in parse(path=path, base_iri=BASE))


def _describe_graphs(graph: Graph) -> None:
    """Name the graphs, as the repository's own are named."""
    parts = [f"part-{n}/{status}" for n in range(PARTS) for status in ("asserted", "contextual")]
    for name in ("documents", "register", "inferred", *parts):
        label = Words(f"გრაფი {name}", f"Graph {name}").terms
        graph.say(f"<graph/{name}>", ("a", "kgp:StatementGraph"), ("skos:prefLabel", *label), ("rdfs:label", *label))


def _write(document: Document) -> None:
    """Write one document: entities first, then what is said of them; the first one names what all share."""
    for iri, kind in _named(document.number):
        document.name(iri, kind)
    _say_of_organisations(document)
    _say_of_people(document)
    _say_of_projects(document)
    _say_of_events(document)
    document.infer(document.own("ngo")[0], f"<https://register.example.net/Q{document.number}>")
    document.describe()


def _named(number: int) -> Iterator[tuple[str, Kind]]:
    """The entities that a document names, and their kinds."""
    if number == 0:
        yield HUB, KINDS["union"]
        yield from ((f"id:place-{n}", KINDS["place"]) for n in range(_COUNTRIES))
        yield from ((f"id:topic-{n}", KINDS["topic"]) for n in range(_TOPICS))
    for kind in PER_DOCUMENT:
        yield from ((iri, KINDS[kind]) for iri in _entities(kind, number))


def _say_of_organisations(document: Document) -> None:
    agency = document.own("org")[0]
    partners = _distinct([*document.own("ngo"), document.other("ngo")])
    document.passage(agency, ("kgp:cooperatesWith", HUB), ("kgp:hasPartner", *partners))
    topics = document.some("topic", 2)
    document.passage(agency, ("kgp:mission", *document.words(10).terms), ("dcterms:subject", *topics))
    for ngo in document.own("ngo"):
        document.passage(ngo, ("kgp:cooperatesWith", HUB), ("kgp:locatedInCountry", *document.some("place", 1)))


def _say_of_people(document: Document) -> None:
    for person, post in zip(document.own("person"), document.own("post"), strict=True):
        document.passage(person, ("org:holds", post), ("org:memberOf", HUB))
        document.passage(post, ("org:postIn", document.other("org")))


def _say_of_projects(document: Document) -> None:
    for order, (project, cluster) in enumerate(zip(document.own("project"), document.own("cluster"), strict=True)):
        activities = document.own("activity")[order * 2 : order * 2 + 2]
        document.passage(
            project,
            ("kgp:fundedBy", HUB),
            ("kgp:implementedBy", document.other("org")),
            ("kgp:projectPartner", document.other("ngo")),
            ("schema:startDate", f'"{document.random.randint(1995, 2025)}-03-15"^^xsd:date'),
        )
        document.passage(project, ("kgp:purpose", *document.words(9).terms), ("kgp:hasCluster", cluster))
        document.passage(project, ("kgp:targetsCountry", *document.some("place", 2)))
        document.passage(cluster, ("kgp:hasActivity", *activities), ("kgp:ordinal", str(order + 1)))
        document.passage(cluster, ("kgp:supports", HUB))
        for activity in activities:
            document.passage(activity, ("kgp:involves", HUB), ("kgp:beneficiary", document.other("org")))


def _say_of_events(document: Document) -> None:
    conference = document.own("conference")[0]
    guests = _distinct([HUB, *(document.other("ngo") for _ in range(3))])
    document.passage(conference, ("kgp:organisedBy", document.other("org")), ("kgp:participant", *guests))
    document.passage(
        conference,
        ("kgp:withinProject", document.other("project")),
        ("kgp:moderatedBy", document.other("person")),
        ("schema:startDate", f'"{document.random.randint(1995, 2025)}-11-24"^^xsd:date'),
    )
    for session in document.own("session"):
        document.passage(session, ("schema:superEvent", conference), ("kgp:sessionKind", "scheme:thematic-session"))
        document.passage(session, ("kgp:participant", HUB), ("dcterms:subject", *document.some("topic", 1)))


def _entities(kind: str, number: int) -> list[str]:
    """The entities of a kind that a document names."""
    return [f"id:{kind}-{number}-{n}" for n in range(PER_DOCUMENT[kind])]


def _reified(subject: str, predicate: str, target: str) -> Iterable[Sequence[str]]:
    """What makes a node the statement node of a triple."""
    return (
        ("a", "kgp:Fact", "rdf:Statement"),
        ("rdf:subject", subject),
        ("rdf:predicate", predicate),
        ("rdf:object", target),
    )


def _distinct(names: Iterable[str]) -> list[str]:
    """The names in their order, each once."""
    return list(dict.fromkeys(names))


def main() -> None:
    """Read the command line, write the folder, print the number of triples."""
    parser = argparse.ArgumentParser(description="Write a large site of the shape of this repository's own.")
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--triples", type=int, default=100_000, help="how many triples, or a few more")
    parser.add_argument("--seed", type=int, default=42, help="another seed, another graph")
    given = parser.parse_args()
    if given.folder.exists():
        parser.error(f"{given.folder} exists already")
    triples, documents = generate(given.folder, given.triples, given.seed)
    print(f"{triples} triples of {documents} documents")


if __name__ == "__main__":
    main()
