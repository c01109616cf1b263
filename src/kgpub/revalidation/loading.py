"""The throwaway store, filled from what was kept of unchanged files and from the other files themselves."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import zstandard
from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from kgpub.errors import SourceError
from kgpub.revalidation.delta import Change, change
from kgpub.revalidation.ledger import Known, Memory, Part, is_faultless, pieces, unpacked
from kgpub.source import SourceFile, notes
from kgpub.validation.view import kept

_UNREADABLE = (SyntaxError, ValueError, OSError, zstandard.ZstdError)


@dataclass(frozen=True)
class Loaded:
    """The store, and the files as parts of the next ledger."""

    store: Store
    parts: tuple[Part, ...]


def load(files: Sequence[SourceFile], memory: Memory, known: Known | None) -> Loaded:
    """Read all files, those from the ledger that are what they were; raises ``SourceError``."""
    try:
        return _load(files, memory, known)
    except SourceError:
        notes(files)  # tries how they can be read, or raises
    return _load(files, memory, known)


def _load(files: Sequence[SourceFile], memory: Memory, known: Known | None) -> Loaded:
    store = Store()
    before = {part.name: part for part in known.parts} if known else {}
    parts = tuple(_loaded(file, store, memory, before.get(file.name)) for file in files)
    return Loaded(store, parts)


def _loaded(file: SourceFile, store: Store, memory: Memory, before: Part | None) -> Part:
    _ = file.sha256  # known before it is read
    if before is not None and before.statements and before.is_of(file):
        packed = memory.packed(before)
        if packed is not None and _is_put(packed, store):
            return before
    return _read(file, store, memory)


def _is_put(packed: bytes, store: Store) -> bool:
    """Put packed statements into the store; false where they cannot be read after all."""
    try:
        store.bulk_extend(parse(unpacked(packed), format=RdfFormat.N_TRIPLES))
    except _UNREADABLE:
        return False
    return True


def _read(file: SourceFile, store: Store, memory: Memory) -> Part:
    """Read a file itself, and keep its statements if it has no fault."""
    writer = memory.writer()
    name = ""
    try:
        for batch in _batches(file):
            store.bulk_extend(batch)
            writer.add(serialize(batch, format=RdfFormat.N_TRIPLES) or b"")
        if is_faultless(file) and _is_still(file):
            name = writer.finish()
    finally:
        if not name:
            writer.leave()
    return Part(file.name, file.graph, file.sha256, name, writer.size, file.outcome.is_sound)


def _is_still(file: SourceFile) -> bool:
    """Whether a file that has just been read is the one whose hash is known."""
    with file.path.open("rb") as now:
        return hashlib.file_digest(now, "sha256").hexdigest() == file.sha256


def _batches(file: SourceFile) -> Iterator[list[Quad]]:
    """The quads of a file as the store is to have them; raises ``SourceError`` as ``SourceFile.merged`` does."""
    for batch in file.merged():
        yield [quad for quad in map(kept, batch) if quad is not None]


def changed(memory: Memory, known: Known, parts: Iterable[Part]) -> Change | None:
    """Which statements came and went since; None where that is not known for certain, or too much."""
    now = tuple(parts)
    same = set(known.parts) & set(now)
    gone, come = ([part for part in some if part not in same] for some in (known.parts, now))
    if not all(part.statements for part in (*gone, *come)):
        return None
    texts = {part: memory.packed(part) for part in (*gone, *come)}
    if None in texts.values():
        return None
    old, new = ((piece for part in some for piece in pieces(texts[part] or b"")) for some in (gone, come))
    try:
        return change(old, new)
    except _UNREADABLE:
        return None
