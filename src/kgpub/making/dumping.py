"""Writing the dumps of a snapshot while its sources are loaded, batch by batch: never is more than one in memory.

Each group of files (``kgpub.making.pieces``) is a piece of every dump. What the last snapshot has of a group is copied;
only the rest is written as text and packed. The files come out the same, byte for byte.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from kgpub.formats import JSON_LD, N_QUADS, TRIG, TURTLE, Format
from kgpub.iris import is_prefix
from kgpub.linking import link
from kgpub.making import dumps
from kgpub.making.dumps import DEFAULT, WHOLE
from kgpub.making.packing import Copies, Frame, Part, Text
from kgpub.making.pieces import Before, Piece, Pieces, grouped
from kgpub.settings import Settings
from kgpub.source import SourceFile

MOST_GRAPHS = 1_000
"""Named graphs that get a file of their own, the first ones; more are found in ``dataset.*`` only."""

_TRIG, _JSON_LD = "dataset.trig", "dataset.jsonld"
_LARGE: Mapping[str, Format] = {WHOLE: N_QUADS, _TRIG: TRIG, _JSON_LD: JSON_LD, DEFAULT: TURTLE}
_SERIALISERS: Mapping[Format, RdfFormat] = {
    N_QUADS: RdfFormat.N_QUADS,
    TRIG: RdfFormat.TRIG,
    TURTLE: RdfFormat.TURTLE,
    JSON_LD: RdfFormat.JSON_LD,
}
_PREFIXED = {TRIG, TURTLE}
_HEADER = re.compile(rb"(?:@prefix [^\n]*\n)*")
_ANY = NamedNode("urn:x:any")
_NOTHING = Before()


class DumpWriter:
    """The dumps of a snapshot while they are being made."""

    def __init__(
        self, folder: Path, settings: Settings, sources: Iterable[SourceFile], before: Before = _NOTHING
    ) -> None:
        """Start empty files in ``folder``, those that the settings name; ``before`` is what can be copied."""
        folder.mkdir()
        self._folder, self._before = folder, before
        self._groups = {name: group for group in grouped(sources) for name in group}
        self._prefixes = {name: iri for name, iri in settings.all_prefixes.items() if not name or is_prefix(name)}
        self._open = ExitStack()
        self._texts = self._started(settings)
        header, most = _header(TURTLE, self._prefixes), MOST_GRAPHS if settings.dumps.graphs else 0
        self._graphs = _Graphs(folder, settings.base, header, before, most)
        self._group: tuple[str, ...] = ()
        self._made: list[Piece] = []
        self._has_terms = False
        self._looks_for_terms = _JSON_LD in self._texts
        self._refused = ""
        if self._looks_for_terms and any(piece.terms for piece in before.groups.values()):
            self._refuse()
        self._are_same = True
        self.merged: set[str] = set()
        """The graphs that are part of the default graph, in N-Triples notation."""

    def _started(self, settings: Settings) -> dict[str, Text]:
        codings = {name: settings.dumps.codings(form.extension) for name, form in _LARGE.items()}
        codings[WHOLE] = tuple(sorted({"", *codings[WHOLE]}))
        return {
            name: Text(Copies(self._folder / name, self._open, ends), _frame(_LARGE[name], self._prefixes))
            for name, ends in codings.items()
            if ends
        }

    def begin(self, file: SourceFile) -> None:
        """What is added from now on is of this file, which is the next of the sources."""
        group = self._groups[file.name]
        if group is not self._group:
            self._end_group()
            self._group = group
            known = self._before.groups.get(group)
            self._has_terms = False
            for text in self._texts.values():
                text.begin(self._before.folder, known.parts if known else {})
        self._graphs.file = file.name

    def passes_over(self, file: SourceFile) -> bool:
        """Whether a file that is what it was, has one graph and has begun need not be read: all of it is copied."""
        if any(not text.is_taken for text in self._texts.values()) or self._graphs.wants(file.graph):
            return False
        is_merged = file.merges(file.graph)
        if is_merged:
            self.merged.add(str(NamedNode(file.graph)))
        self._are_same = self._are_same and is_merged
        self._has_terms = self._has_terms or self._before.groups[self._group].terms
        return True

    def add(self, batch: Sequence[Quad], merged: Sequence[Quad], graph: str) -> None:
        """Write quads, and those among them that belong to the default graph, whose graphs are remembered.

        ``graph`` is the one that all of them stand in; empty where there may be several.
        """
        self.merged |= {str(NamedNode(graph))} if graph and merged else {str(quad.graph_name) for quad in merged}
        self._add(WHOLE, batch)
        self._add(_TRIG, batch)
        if self._looks_for_terms and any(isinstance(quad.object, Triple) for quad in batch):
            self._has_terms = True
            self._refuse()
        self._add(_JSON_LD, batch)
        self._add_turtle(batch, merged, graph)

    @property
    def position(self) -> int:
        """How many bytes of N-Quads are written so far; a group that is copied is there from its first file on."""
        return self._texts[WHOLE].positions[WHOLE]

    def __enter__(self) -> Self:
        """Write inside a ``with``, so that an interrupted build leaves no file open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        self._open.close()

    def finish(self) -> Pieces:
        """End the files, then write their checksums and what they are; what the next build can copy."""
        self._end_group()
        for text in self._texts.values():
            text.finish()
        self._open.close()
        self._store_once()
        if self._refused:
            for path in self._folder.glob(f"{_JSON_LD}*"):
                path.unlink()
        dumps.write_list(self._folder, {name: graph for graph, name in self._graphs.names.items()}, self._refused)
        there = {name for text in self._texts.values() for name in text.names}
        made = (Piece(one.files, _only(one.parts, there), one.terms) for one in self._made)
        return Pieces(tuple(made), {name: tuple(files) for name, files in self._graphs.filled.items()})

    def _end_group(self) -> None:
        if self._group:
            parts = {name: part for text in self._texts.values() for name, part in text.end().items()}
            self._made.append(Piece(self._group, parts, self._has_terms))

    def _refuse(self) -> None:
        """Data that JSON-LD 1.1 has no place for leaves no such file."""
        self._refused = f"{_JSON_LD}: JSON-LD 1.1 has no place for a triple term."
        self._texts.pop(_JSON_LD, None)

    def _add(self, name: str, quads: Sequence[Quad]) -> None:
        """Write quads to one of the texts, if there is such a one and what is under way is not copied there."""
        text = self._texts.get(name)
        if text is not None and not text.is_taken:
            text.write(_body(quads, _LARGE[name], self._prefixes))

    def _add_turtle(self, batch: Sequence[Quad], merged: Sequence[Quad], graph: str) -> None:
        """Write the triples of each graph, and those of the default graph: often one graph, all of it."""
        is_default = merged is batch and bool(graph)
        self._are_same = self._are_same and is_default
        default = self._texts.get(DEFAULT)
        writes_default = default is not None and not default.is_taken
        wanted = [name for name in ((graph,) if graph else _names(batch)) if self._graphs.wants(name)]
        bodies: dict[str, bytes] = {}
        if wanted or (writes_default and is_default):
            triples = {graph: [quad.triple for quad in batch]} if graph else _by_graph(batch)
            bodies = {name: _body(triples[name], TURTLE, self._prefixes) for name in ([graph] if graph else wanted)}
        for name in wanted:
            self._graphs.add(name, bodies[name])
        if default is not None and writes_default:
            whole = bodies[graph] if is_default else _body([quad.triple for quad in merged], TURTLE, self._prefixes)
            default.write(whole)

    def _store_once(self) -> None:
        """Make the file of the only graph, where all of it is the default graph, a second name of that one's."""
        whole = self._folder / DEFAULT
        graphs = [self._folder / name for name in self._graphs.names.values()]
        if self._are_same and len(graphs) == 1 and whole.exists() and _size(whole) == _size(graphs[0]):
            graphs[0].unlink()
            link(whole, graphs[0])


class _Graphs:
    """A file for each graph, for as many as are wanted; one that can be taken over is linked."""

    def __init__(self, folder: Path, base: str, header: bytes, before: Before, most: int) -> None:
        self._folder, self._base, self._header, self._before, self._most = folder, base, header, before, most
        self.names: dict[str, str] = {}
        self.filled: dict[str, list[str]] = {}
        self.file = ""

    def wants(self, graph: str) -> bool:
        """Whether what the file under way says in a graph is to be written."""
        if graph not in self.names:
            if len(self.names) >= self._most:
                return False
            self._start(graph)
        name = self.names[graph]
        if self.file not in self.filled[name][-1:]:
            self.filled[name].append(self.file)
        return name not in self._before.graphs

    def _start(self, graph: str) -> None:
        name = self.names[graph] = dumps.file_name(graph, self._base)
        self.filled[name] = []
        if name in self._before.graphs:
            link(self._before.folder / name, self._folder / name)
        else:
            (self._folder / name).write_bytes(self._header)

    def add(self, graph: str, body: bytes) -> None:
        with (self._folder / self.names[graph]).open("ab") as file:
            file.write(body)


def _frame(format: Format, prefixes: dict[str, str]) -> Frame:
    """What stands around the bodies of a format."""
    if format is JSON_LD:
        return Frame(b"[\n", b",\n", b"\n]\n", b"[]\n")
    return Frame(_header(format, prefixes))


def _header(format: Format, prefixes: dict[str, str]) -> bytes:
    """The prefixes, which begin whatever is serialised with them."""
    found = _HEADER.match(_serialised([Triple(_ANY, _ANY, _ANY)], format, prefixes))
    return found.group() if found else b""


def _body(statements: Sequence[Quad] | Sequence[Triple], format: Format, prefixes: dict[str, str]) -> bytes:
    """Statements in a format, without what stands around them."""
    text = _serialised(statements, format, prefixes)
    return text[1:-1] if format is JSON_LD else _HEADER.sub(b"", text, count=1)


def _serialised(statements: Sequence[Quad] | Sequence[Triple], format: Format, prefixes: dict[str, str]) -> bytes:
    text = serialize(statements, format=_SERIALISERS[format], prefixes=prefixes if format in _PREFIXED else None)
    assert text is not None
    return text


def _names(quads: Iterable[Quad]) -> Iterable[str]:
    """The names of the graphs that quads stand in, in order."""
    graphs = (quad.graph_name for quad in quads)
    return dict.fromkeys(graph.value for graph in graphs if isinstance(graph, NamedNode))


def _by_graph(quads: Iterable[Quad]) -> dict[str, list[Triple]]:
    """The triples of named graphs, each graph's apart."""
    found: dict[str, list[Triple]] = {}
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode):
            found.setdefault(graph.value, []).append(quad.triple)
    return found


def _only(parts: Mapping[str, Part], names: Iterable[str]) -> dict[str, Part]:
    return {name: parts[name] for name in sorted(names)}


def _size(path: Path) -> int:
    return path.stat().st_size
