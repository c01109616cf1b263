"""A sound file, read once and quickly, strictly and without lines; whatever is doubtful is left to ``streams``."""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kgpub.reading import blocks
from kgpub.reading.blocks import Blocks, Doubtful
from kgpub.reading.contexts import Contexts, Shelf
from kgpub.reading.mending import restored
from kgpub.reading.packed import opened
from kgpub.reading.streams import Opening, rebuilt, refusals, strict
from kgpub.reading.tags import Capitals, with_capitals

_BATCH = 10_000


def quads(opening: Opening, tags: set[str] | None = None) -> Iterator[list[Quad]]:
    """The quads of a file in batches, as ``streams.quads`` has them, with what ``guarded`` looks for looked for.

    ``tags`` takes in the language tags that are written with capitals. Raises ``SourceError`` where there is any fault,
    or any doubt whether there is one.
    """
    with refusals(opening, lambda: None):
        if opening.kind.foreign or opening.kind.encoding != "utf-8":
            raise Doubtful
        with opened(opening.path, opening.kind.packing, opening.limits) as file:
            read = _json if opening.kind.format is RdfFormat.JSON_LD else _spelt
            yield from read(opening, file, set() if tags is None else tags)


def _spelt(opening: Opening, file: blocks.ReadsBytes, tags: set[str]) -> Iterator[list[Quad]]:
    """Quads of a format that the parser reads strictly; only those with spelt tags are looked at."""
    capitals = Capitals()
    is_xml = opening.kind.format is RdfFormat.RDF_XML
    following = blocks.xml(file) if is_xml else blocks.turtle(file)
    for batch in _parsed(opening, Blocks(following, capitals.xml if is_xml else capitals.turtle), lenient=False):
        spelt = [at for at, quad in enumerate(batch) if capitals.is_in(str(quad))] if capitals.seen else []
        for at in spelt:
            batch[at] = _whole(batch[at], capitals)
        tags |= with_capitals(batch[at] for at in spelt)
        yield batch


def _whole(quad: Quad, capitals: Capitals) -> Quad:
    return strict(rebuilt(quad, lambda term: restored(term, capitals.restored)))


def _json(opening: Opening, file: blocks.ReadsBytes, tags: set[str]) -> Iterator[list[Quad]]:
    """Quads of JSON-LD: read leniently, and again strictly, since the strict reader drops in silence."""
    contexts = Contexts(file, Shelf(opening.contexts))
    for batch in _parsed(opening, Blocks(blocks.json(file), contexts.put), lenient=True):
        if not _is_strict(batch):
            tags |= with_capitals(strict(quad) for quad in batch)
        yield batch


def _is_strict(batch: list[Quad]) -> bool:
    """Whether a batch, written down, is read as the same; a language tag with capitals is not."""
    try:
        again = list(parse(serialize(batch, format=RdfFormat.N_QUADS) or b"", format=RdfFormat.N_QUADS))
    except (SyntaxError, ValueError):
        return False
    return again == batch


def _parsed(opening: Opening, lines: Blocks, *, lenient: bool) -> Iterator[list[Quad]]:
    # pyoxigraph reads from any object with read()
    format, base = opening.kind.format, opening.base or None
    found = parse(lines, format=format, base_iri=base, rename_blank_nodes=True, lenient=lenient)  # type: ignore[arg-type] # pyoxigraph takes any object that reads or writes
    while batch := list(islice(found, _BATCH)):
        yield batch
