"""A file as quads with their lines: read in bounded memory, term for term."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, NoReturn

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple, parse

from kgpub.errors import SourceError
from kgpub.model import Term
from kgpub.reading.contexts import Contexts, Shelf
from kgpub.reading.hazards import safe
from kgpub.reading.json_lines import JsonLines, json_lines
from kgpub.reading.kinds import Kind
from kgpub.reading.lines import Lines, ReadsLines, Recoded
from kgpub.reading.mending import Hopeless, Mender, Tell, restored
from kgpub.reading.packed import Limits, opened
from kgpub.reading.tags import Capitals

_PLACE = re.compile(r"Parser error (?:at|between) line \d+.*?: ", re.DOTALL)
_UNREACHED = re.compile(r"No LoadDocumentCallback has been set.*", re.DOTALL)
_NOT_FETCHED = "a context is named where none is looked up, and none is fetched: write it into the file"
_WAITING = {RdfFormat.TURTLE, RdfFormat.TRIG}

_Told = Callable[[str, str, int], None]
"""Called with what was done, to what, on which line."""


class Located(NamedTuple):
    """A quad and the line (from 1) at which its object ended; in JSON-LD, the line at which its node was read."""

    quad: Quad
    line: int


@dataclass(frozen=True)
class Opening:
    """A file of RDF and all that it takes to read it; ``name`` is what refusals call it.

    ``contexts`` are files of JSON-LD contexts that are a site's own, by address.
    """

    path: Path
    name: str
    kind: Kind
    base: str
    limits: Limits
    contexts: Mapping[str, Path] = field(default_factory=dict)

    @contextmanager
    def lines(self, change: Callable[[bytes], bytes]) -> Iterator[Lines]:
        """The file's lines; raises ``SourceError`` for whatever goes wrong while they are read."""
        lines: Lines | None = None
        with (
            refusals(self, lambda: lines.count if lines else None),
            opened(self.path, self.kind.packing, self.limits) as file,
        ):
            plain: ReadsLines = file if self.kind.encoding == "utf-8" else Recoded(file, self.kind.encoding)
            if self.kind.format is RdfFormat.JSON_LD:
                plain = Contexts(plain, Shelf(self.contexts))
            lines = Lines(plain, waits=self.kind.format in _WAITING, change=change)
            yield lines


@contextmanager
def refusals(opening: Opening, line: Callable[[], int | None]) -> Iterator[None]:
    """Whatever goes wrong while a file is read is a ``SourceError`` with the line where that happened."""
    try:
        yield
    except SyntaxError as error:
        detail = _UNREACHED.sub(_NOT_FETCHED, _PLACE.sub("", error.msg or str(error)))
        raise SourceError(opening.name, detail, error.lineno or line()) from error
    except (ValueError, MemoryError) as error:
        raise SourceError(opening.name, str(error), line()) from error
    except OSError as error:
        raise SourceError(opening.name, f"cannot be read: {error.strerror or error}") from error


def texts(opening: Opening) -> Iterator[str]:
    """The lines of a file as they are, unpacked and recoded, one at a time; what is no UTF-8 is replaced.

    Raises ``SourceError`` where it cannot be read.
    """
    return _texts(replace(opening, kind=replace(opening.kind, format=RdfFormat.N_TRIPLES)))


def json_places(opening: Opening) -> JsonLines:
    """What stands where in a file of JSON-LD; contexts that are part of the package stand in their addresses' place."""
    return json_lines(_texts(opening))


def _texts(opening: Opening) -> Iterator[str]:
    with opening.lines(_unchanged) as lines:
        while line := lines.read():
            yield line.decode("utf-8", "replace")


def guarded(opening: Opening) -> None:
    """Look for what would take the parser down; raises ``SourceError`` with its line."""
    with opening.lines(lambda line: line) as lines:
        safe(lines, opening.kind.format)


def quads(opening: Opening, tell: _Told | None = None) -> Iterator[Located]:
    """The quads of a file that ``guarded`` let pass, in order, blank nodes as the parser names them.

    With ``tell`` whatever can be is mended, and told: what was done, to what, on which line; a statement that cannot be
    is left out. Without it the first fault raises ``SourceError`` with its line.
    """
    capitals = Capitals()
    json = opening.kind.format is RdfFormat.JSON_LD  # told to be strict, it leaves out in silence what is no IRI
    xml = opening.kind.format is RdfFormat.RDF_XML
    change = _unchanged if json else capitals.xml if xml else capitals.turtle
    with opening.lines(change) as lines:
        try:
            yield from _read(opening, lines, capitals, tell, lenient=json or tell is not None)
        except SyntaxError as error:
            error.msg = capitals.restored(error.msg or str(error))
            raise


def _read(
    opening: Opening, lines: Lines, capitals: Capitals, tell: _Told | None, *, lenient: bool
) -> Iterator[Located]:
    format, base = opening.kind.format, opening.base or None
    mender = Mender(opening.base, _teller(lines, capitals, tell))
    # pyoxigraph reads from any object with read(); a line at a time tells where a quad came from
    found = parse(lines, format=format, base_iri=base, rename_blank_nodes=True, lenient=lenient)  # type: ignore[arg-type] # pyoxigraph takes any object that reads or writes
    for quad in found:
        line = lines.of(quad.object)
        try:
            whole = rebuilt(quad, mender.iris) if lenient else quad
        except Hopeless as error:
            _teller(lines, capitals, tell)("left out", str(error))
            continue
        if capitals.seen:
            whole = rebuilt(whole, lambda term: restored(term, capitals.restored))
        yield Located(rebuilt(whole, mender.tags) if lenient or capitals.seen else whole, line)


def _teller(lines: Lines, capitals: Capitals, tell: _Told | None) -> Tell:
    """What hears of a fault: the one given, or else a refusal."""

    def hear(what: str, text: str) -> None:
        plain = capitals.restored(text)
        if tell is None:
            _refuse(what, plain)
        else:
            tell(what, plain, lines.count)

    return hear


def strict(quad: Quad) -> Quad:
    """The quad itself; raises ``ValueError`` where its IRIs or language tags are none."""
    mender = Mender("", _refuse)
    rebuilt(rebuilt(quad, mender.iris), mender.tags)
    return quad


def rebuilt(quad: Quad, change: Callable[[Term | Triple], Term | Triple]) -> Quad:
    """The quad with each of its terms, and the name of its graph, changed."""
    graph = quad.graph_name
    own = graph if isinstance(graph, DefaultGraph) else change(graph)
    return Quad(change(quad.subject), change(quad.predicate), change(quad.object), own)  # type: ignore[arg-type] # each as it was


def _refuse(what: str, text: str) -> NoReturn:
    raise ValueError(f"“{text}” is no IRI" if what not in {"odd", "plain"} else f"“{text}” is no language tag")


def _unchanged(line: bytes) -> bytes:
    return line
