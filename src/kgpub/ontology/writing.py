"""Writes the documentation of ontology and shapes into a snapshot, and the files of both as RDF, term for term."""

import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from pyoxigraph import RdfFormat, Store, Triple, serialize

from kgpub.formats import JSON_LD, N_TRIPLES, TURTLE
from kgpub.iris import is_prefix, short_name
from kgpub.kept.index import Index
from kgpub.kept.partitions import FILE as PARTITIONS
from kgpub.kept.partitions import PartitionsFile
from kgpub.kept.sorting import sort_key
from kgpub.ontology.constraints import shapes, targets
from kgpub.ontology.diagram import diagram
from kgpub.ontology.expressions import named
from kgpub.ontology.file import FILE, FOLDER, SCHEMA, WHOLE
from kgpub.ontology.model import KINDS, OntologyTerm, Overview, Shape, as_json
from kgpub.ontology.outline import outline
from kgpub.ontology.reading import Reading
from kgpub.ontology.terms import Collected, collect
from kgpub.settings import Settings
from kgpub.source import SourceFile

FORMATS = {TURTLE: RdfFormat.TURTLE, JSON_LD: RdfFormat.JSON_LD, N_TRIPLES: RdfFormat.N_TRIPLES}
"""What the ontology and the shapes can be downloaded as."""
ROLES = ("ontology", "shapes")
"""The parts of a site that have files of their own, and what those are called."""


def write(
    folder: Path, store: Store, hidden: frozenset[str], sources: Iterable[SourceFile], settings: Settings
) -> None:
    """Add the file to a snapshot's folder that has its look-up file and its figures already."""
    names = tuple(_files(folder / FOLDER, tuple(sources), settings))
    partitions = PartitionsFile(folder / PARTITIONS)
    collected = collect(store, hidden, partitions.figures, settings)
    partitions.close()
    db = sqlite3.connect(folder / FILE)
    index = Index(folder / "index.sqlite")
    try:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
        db.executemany("INSERT INTO terms VALUES (?, ?, ?, ?, ?, ?, ?)", map(_row, collected.terms))
        for language in settings.languages:
            db.executemany("INSERT INTO outline VALUES (?, ?, ?, ?, ?)", _outline(collected, index, settings, language))
        number = _shapes(db, Reading(store))
        overview = as_json(_overview(collected, number, names))
        db.execute("INSERT INTO overview VALUES (?)", (overview,))
        db.commit()
    finally:
        index.close()
        db.close()


def _row(one: OntologyTerm) -> tuple[object, ...]:
    entry = one.entry
    return entry.iri, entry.anchor, entry.kind, entry.is_own, entry.is_deprecated, entry.count, as_json(one)


def _outline(
    collected: Collected, index: Index, settings: Settings, language: str
) -> Iterator[tuple[str, int, str, int, str]]:
    """The rows of the outline in the order of a language, the site's own terms before others of their level."""
    languages = (language, *(tag for tag in settings.languages if tag != language))
    order = {one.entry.iri: (sort_key(index.texts(one.entry.iri), languages), one.entry.iri) for one in collected.terms}
    for position, line in enumerate(outline(collected.terms, order.__getitem__)):
        yield language, position, line.entry.iri, line.depth, " ".join(line.also)


def _shapes(db: sqlite3.Connection, reading: Reading) -> int:
    """Write every shape, and which terms each is about; how many shapes there are."""
    given: set[str] = set()
    number = 0
    for number, (node, told) in enumerate(shapes(reading), 1):
        position, anchor = number - 1, _anchor(str(node), told, given)
        shape = Shape(**{**vars(told), "anchor": anchor})
        db.execute("INSERT INTO shapes VALUES (?, ?, ?, ?)", (position, shape.iri, anchor, as_json(shape)))
        classes, properties = targets(reading, node)
        about = {(iri, WHOLE) for iri in (*classes, *properties)}
        if shape.path:
            about |= {(iri, WHOLE) for iri in named([shape.path])}
        for part, inner in enumerate(shape.properties):
            about |= {(iri, part) for iri in named([inner.path] if inner.path else [])}
        rows = sorted((iri, position, part) for iri, part in about)
        db.executemany("INSERT INTO concerns VALUES (?, ?, ?)", rows)
    return number


def _anchor(node: str, shape: Shape, given: set[str]) -> str:
    """A name for a shape on the pages: its local name, or a hash; each is given once."""
    digest = sha256(node.encode()).hexdigest()[:12]
    local = "".join(one for one in short_name(shape.iri) if one.isalnum() or one in "-_.")[:80] if shape.iri else ""
    name = f"shape-{local or digest}"
    name = f"{name}-{digest}" if name in given else name
    given.add(name)
    return name


def _overview(collected: Collected, shapes: int, files: tuple[str, ...]) -> Overview:
    counts = {kind: sum(1 for one in collected.terms if one.entry.kind == kind) for kind in KINDS}
    return Overview(
        ontologies=collected.ontologies[:50],
        vocabularies=collected.vocabularies,
        counts=counts,
        shapes=shapes,
        left_out=collected.left_out,
        files=files,
        diagram=diagram(collected.terms),
    )


def _files(folder: Path, sources: tuple[SourceFile, ...], settings: Settings) -> Iterator[str]:
    """Write the RDF files that the site has, and name them; what JSON-LD has no place for leaves no such file."""
    folder.mkdir()
    prefixes = {name: iri for name, iri in settings.all_prefixes.items() if is_prefix(name)}
    for role in ROLES:
        mine = [file for file in sources if file.role == role]
        if not any(True for file in mine for _ in file.quads()):
            continue
        has_triple_terms = any(isinstance(quad.object, Triple) for file in mine for quad in file.quads())
        for format, serialiser in FORMATS.items():
            if format is JSON_LD and has_triple_terms:
                continue
            path = folder / f"{role}.{format.extension}"
            triples = (quad.triple for file in mine for quad in file.quads())
            named_ones = None if format is N_TRIPLES else prefixes
            with path.open("wb") as out:
                serialize(triples, out, serialiser, prefixes=named_ones)
            yield path.name
