"""Files as their authors left them: each is read, read with a warning, or left out with its line; none takes us down."""

import bz2
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse, serialize

from kgpub.cli.words import forgiven
from kgpub.errors import SourceError
from kgpub.reading.hazards import DEEPEST_TERM, LONGEST
from kgpub.reading.kinds import kind_of
from kgpub.reading.ladder import Note, tried
from kgpub.reading.packed import Limits
from kgpub.reading.streams import Opening, quads
from kgpub.settings import load
from kgpub.source import SourceFile, files, notes

MakeSite = Callable[..., Path]
BASE = "https://kg.example/"
HEAD = f'title = "T"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'
STRICT = HEAD + "[reading]\nstrict = true\n"
P = "@prefix e: <https://e.example/> .\n"
RDF = '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://e.example/">\n'
PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


def _thing(what: str) -> str:
    return f'{RDF}<rdf:Description rdf:about="x">{what}</rdf:Description>\n</rdf:RDF>'


def _bomb(levels: int) -> str:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(levels))
    body = _thing(f"<e:p>&{chr(97 + levels)};</e:p>").removeprefix('<?xml version="1.0"?>\n')
    return f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"x" * 100}">{entities}]>\n{body}'


DEEP = "<<( <a:a> <a:p> " * 100_000 + "<a:o>" + " )>>" * 100_000
CORPUS: list[tuple[str, str, str | bytes, int, list[tuple[int | None, str]]]] = [
    # name, extension, content, quads, notes as (line, what)
    ("a sound file", "ttl", P + "e:a e:p 1 .", 1, []),
    ("a byte order mark", "ttl", "\ufeff" + P + "e:a e:p 1 .", 1, []),
    ("a byte order mark in N-Triples", "nt", "\ufeff<a:a> <a:p> <a:o> .\n", 1, []),
    ("a byte order mark in JSON-LD", "jsonld", '\ufeff{"@id": "x", "e:p": 1}', 1, []),
    ("a byte order mark in RDF/XML", "rdf", "\ufeff" + _thing("<e:p>1</e:p>"), 1, []),
    ("lines as on Windows", "ttl", (P + "e:a e:p 1 ;\n e:q 2 .").replace("\n", "\r\n"), 2, []),
    ("lines as on old machines", "ttl", (P + "e:a e:p 1 . # x\n e:a e:q 2 .").replace("\n", "\r"), 2, []),
    ("relative IRIs", "ttl", "<a> <p> <b#c> .", 1, []),
    ("relative IRIs in N-Triples", "nt", "<a:a> <a:p> <a:o> .\n<x> <a:p> <y> .", 2, [(2, "resolved"), (2, "resolved")]),
    ("relative IRIs in N-Quads", "nq", "<a:a> <a:p> <a:o> <g> .", 1, [(1, "resolved")]),
    ("a space in an IRI", "ttl", P + "e:a e:p <a b>, 1 .", 2, [(2, "mended")]),
    ("a space in an IRI, twice", "ttl", P + "e:a e:p <a b>, <c> .\n e:b e:p <a b> .", 3, [(2, "mended")]),
    ("a space in an IRI of N-Triples", "nt", "<a:a b> <a:p> <a:o> .", 1, [(1, "mended")]),
    ("a space in an IRI of RDF/XML", "rdf", _thing('<e:p rdf:resource="a b"/>'), 1, [(3, "mended")]),
    ("a space in an IRI of JSON-LD", "jsonld", '{"@id": "a b",\n"e:p": 1}', 1, [(2, "mended")]),
    ("a space in a namespace", "ttl", "@prefix f: <http://f.example/a b/> . f:a f:p 1 .", 1, [(1, "mended"), (1, "mended")]),
    ("a space in a datatype", "ttl", P + 'e:a e:p "1"^^<int eger> .', 1, [(2, "mended")]),
    ("a space in the name of a graph", "trig", P + "<a b> { e:a e:p 1 }", 1, [(2, "mended")]),
    ("a space in a namespace that nothing uses", "ttl", "@prefix f: <http://f.example/a b/> .", 0, [(1, "skipped")]),
    ("an IRI that swallows statements", "ttl", "@prefix e: <https://e.example/\ne:a e:p '1'^^<int eg> .", 0, [(1, "skipped")]),
    ("a broken escape in an IRI", "ttl", P + "e:a e:p <a%zz> .", 1, [(2, "mended")]),
    ("escapes of Latin-1 in an IRI", "ttl", P + "e:a e:p <caf%E9> .", 1, []),
    ("braces and quotes in an IRI", "ttl", P + 'e:a e:p <a{b}"c|d> .', 1, [(2, "mended")]),
    ("a port that is none", "ttl", P + "e:a e:p <http://e.example:x/>, 1 .", 1, [(2, "left out")]),
    ("a bad IRI inside a triple term", "ttl", P + "e:a e:p <<( <a b> e:p 1 )>> .", 1, [(2, "mended")]),
    ("a tag that BCP 47 does not know", "ttl", P + 'e:a e:p "x"@es-a, "y"@es-a .', 2, [(2, "odd")]),
    ("one with capitals", "ttl", P + 'e:a e:p "x"@ES-A .', 1, [(2, "odd")]),
    ("one in RDF/XML", "rdf", _thing('<e:p xml:lang="es-a">x</e:p>'), 1, [(3, "odd")]),
    ("one in JSON-LD", "jsonld", '{"@id": "x", "e:p": {"@value": "x", "@language": "es-a"}}', 1, [(1, "odd")]),
    ("an absurd tag", "ttl", P + f'e:a e:p "x"@{"a" * 500} .', 1, [(2, "odd")]),
    ("one that cannot be written", "jsonld", '{"@id": "x", "e:p": {"@value": "x", "@language": "no tag!"}}', 1, [(1, "plain")]),
    ("a tag that cannot be written in RDF/XML", "rdf", _thing('<e:p xml:lang="no tag!">x</e:p>'), 1, [(3, "plain")]),
    ("UTF-16", "ttl", (P + "e:a e:p 'ქარი' .").encode("utf-16"), 1, [(1, "encoding")]),
    ("UTF-16 in RDF/XML", "rdf", _thing("<e:p>ქ</e:p>").replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), 1, [(1, "encoding")]),
    ("Latin-1 in RDF/XML that says so", "rdf", _thing("<e:p>é</e:p>").replace('"1.0"', '"1.0" encoding="ISO-8859-1"').encode("latin-1"), 1, [(1, "encoding")]),
    ("Latin-1 that does not say so", "ttl", (P + "e:a e:p 'é' .").encode("latin-1"), 0, [(2, "skipped")]),
    ("Turtle that is called RDF/XML", "rdf", P + "e:a e:p 1 .", 1, [(1, "format")]),
    ("RDF/XML that is called Turtle", "ttl", _thing("<e:p>1</e:p>"), 1, [(1, "format")]),
    ("JSON-LD that is called Turtle", "ttl", '{"@id": "x", "e:p": 1}', 1, [(1, "format")]),
    ("TriG that is called RDF/XML", "owl", P + "e:g { e:a e:p 1 }", 1, [(1, "format")]),
    ("OWL functional syntax", "owl", "Prefix(:=<http://o.example/>)\nOntology(<http://o.example/>)", 0, [(1, "skipped")]),
    ("Manchester syntax", "owl", "Prefix: : <http://o.example/>\nOntology: <http://o.example/>", 0, [(1, "skipped")]),
    ("OWL/XML", "owl", '<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#"></Ontology>', 0, [(1, "skipped")]),
    ("a page of HTML", "ttl", "<!DOCTYPE html>\n<html><body>Not found</body></html>", 0, [(1, "skipped")]),
    ("a table", "ttl", "name,age\nx,1\n", 0, [(1, "skipped")]),
    ("a file that breaks off", "ttl", P + "e:a e:p 1 .\ne:b e:p ", 0, [(3, "skipped")]),
    ("an unknown prefix", "ttl", P + "e:a e:p 1 .\nx:b e:p 1 .", 0, [(3, "skipped")]),
    ("half of a surrogate", "ttl", P + 'e:a e:p "\\uD800" .', 0, [(2, "skipped")]),
    ("blank lines without end", "owl", P + "\n" * 8_000 + "e:a e:p 1 .", 1, [(1, "format")]),
    ("an empty file", "ttl", "", 0, []),
    ("an empty file of JSON-LD", "jsonld", "", 0, [(None, "skipped")]),
    ("an empty file of RDF/XML", "rdf", "", 0, [(None, "skipped")]),
    ("a context from elsewhere", "jsonld", '{"@id": "x",\n"@context": "https://e.example/c"}', 0, [(2, "skipped")]),
    ("one among others", "jsonld", '{"@context": [{"p": "e:p"},\n"https://e.example/c"], "p": 1}', 0, [(2, "skipped")]),
    ("one inside a context", "jsonld", '{"@context": {"p": {"@id": "e:p", "@context":\n"https://e.example/c"}}, "p": {"p": 1}}', 0, [(2, "skipped")]),
    ("one that is only spoken of", "jsonld", '{"@id": "x", "e:p": "\\"@context\\": \\"https://e.example/c\\""}', 1, []),
    ("triple terms without end", "ttl", f"<a:s> <a:p> {DEEP} .", 0, [(1, "skipped")]),
    ("triple terms without end in N-Triples", "nt", f"<a:s> <a:p> {DEEP} .", 0, [(1, "skipped")]),
    ("triple terms as deep as allowed", "nt", f"<a:s> <a:p> {'<<( <a:a> <a:p> ' * DEEPEST_TERM}<a:o>{' )>>' * DEEPEST_TERM} .", 1, []),
    ("their ends in comments", "ttl", "<a:s> <a:p> " + "<<( <a:a> <a:p> # )>>\n" * 3_000 + "1", 0, [(101, "skipped")]),
    ("their ends in strings", "ttl", "<a:s> <a:p> " + "<<( <a:a> <a:p> '''\n)>>''' .\n" * 3_000, 0, [(201, "skipped")]),
    ("their beginnings in strings", "ttl", P + f"e:a e:p '{'<<(' * 3_000}', '''\n{'<<(' * 3_000}''' .", 2, []),
    ("reified triples without end", "ttl", "<< <a:a> <a:p> " * 5_000 + "1" + " >>" * 5_000 + " <a:p> 1 .", 5_001, []),
    ("blank nodes without end", "ttl", "<a:a> <a:p> " + "[ <a:p> " * 100_000 + "1" + " ]" * 100_000 + " .", 100_001, []),
    ("arrays without end", "jsonld", '{"@id": "x", "e:p": ' + "[" * 100_000 + "]" * 100_000 + "}", 0, [(1, "skipped")]),
    ("elements without end", "rdf", _thing("<e:p><e:A>" * 50_000 + "</e:A></e:p>" * 50_000), 0, [(3, "skipped")]),
    ("entities for namespaces", "rdf", _bomb(1), 1, []),
    ("entities that explode", "rdf", _bomb(9), 0, [(1, "skipped")]),
    ("entities that are never used", "rdf", _bomb(9).replace("&j;</", "</"), 0, [(1, "skipped")]),
    ("an entity of a file", "rdf", '<!DOCTYPE rdf:RDF [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n' + _thing("<e:p>&a;</e:p>")[22:], 0, [(1, "skipped")]),
    ("a text of 20 MB", "ttl", P + f"e:a e:p '{'x' * 20_000_000}' .", 0, [(2, "skipped")]),
    ("one of many lines", "ttl", P + "e:a e:p '''" + "xxxxxxxxxxxxxxxxxxx\n" * 850_000 + "''' .", 0, [(None, "skipped")]),
    ("a text of 20 MB in N-Triples", "nt", f'<a:a> <a:p> "{"x" * 20_000_000}" .', 0, [(1, "skipped")]),
    ("a text of 20 MB in RDF/XML", "rdf", _thing(f"<e:p>{'x' * (LONGEST + 1)}</e:p>"), 0, [(3, "skipped")]),
    ("a text of 20 MB in JSON-LD", "jsonld", json.dumps({"@id": "x", "e:p": "x" * 20_000_000}), 0, [(1, "skipped")]),
]  # fmt: skip


def _site(make_site: MakeSite, folder: Path, name: str, content: bytes, toml: str = HEAD) -> SourceFile:
    folder = make_site(folder, {"data/keep": ""}, toml)
    (folder / "data" / name).write_bytes(content)
    (found,) = files(load(folder))
    return found


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _is_there(noted: list[tuple[int | None, str]], wanted: list[tuple[int | None, str]]) -> bool:
    """Whether the notes are those wanted; where no line is, any will do."""
    same = [what for _, what in noted] == [what for _, what in wanted]
    return same and all(line in (one, None) or one is None for (line, _), (one, _) in zip(noted, wanted, strict=True))


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize(
    ("ending", "content", "count", "wanted"), [row[1:] for row in CORPUS], ids=[row[0] for row in CORPUS]
)
def test_a_file_is_read_or_left_out_and_says_so(
    make_site: MakeSite,
    tmp_path: Path,
    packing: str,
    ending: str,
    content: str | bytes,
    count: int,
    wanted: list[tuple[int | None, str]],
) -> None:
    raw = _bytes(content)
    if packing and len(raw) > 1_000_000:
        pytest.skip("the plain one tells it")
    source = _site(make_site, tmp_path, f"x.{ending}{packing}", PACK[packing](raw), HEAD + "[reading]\nratio = 5000\n")
    noted = notes([source])
    assert len(list(source.located())) == count
    assert _is_there([(note.line, note.what) for note in noted], wanted), noted
    assert all(line.startswith(f"data/x.{ending}{packing}") for line in forgiven(noted, ("ka",)))


@pytest.mark.parametrize(
    ("ending", "content", "wanted"),
    [(row[1], row[2], row[4]) for row in CORPUS if len(row[2]) < 1_000_000],
    ids=[row[0] for row in CORPUS if len(row[2]) < 1_000_000],
)
def test_strictly_what_would_be_forgiven_is_refused_by_file_and_line(
    make_site: MakeSite, tmp_path: Path, ending: str, content: str | bytes, wanted: list[tuple[int | None, str]]
) -> None:
    source = _site(make_site, tmp_path, f"x.{ending}", _bytes(content), STRICT)
    if not wanted:
        assert source.outcome.notes == ()
        return
    with pytest.raises(SourceError, match=rf"^data/x\.{ending}(:\d+)?: ."):
        notes([source])


PACKED = [
    pytest.param(".gz", gzip.compress(b"<a:a> <a:p> <a:o> .\n" * 9_000)[:-9], "broken", id="gz that breaks off"),
    pytest.param(".gz", gzip.compress(b"<a:a> <a:p> <a:o> .\n" * 9_000, mtime=0)[:12] + b"\x93" * 99, "broken", id="gz that is broken inside"),
    pytest.param(".bz2", bz2.compress(b"<a:a> <a:p> <a:o> .\n" * 9_000)[:-9], "broken|ended", id="bz2 that breaks off"),
    pytest.param(".gz", b"<a:a> <a:p> <a:o> .\n", "broken", id="what is not packed at all"),
    pytest.param(".zst", b"<a:a> <a:p> <a:o> .\n", "broken", id="zst that is none"),
    pytest.param(".gz", gzip.compress((b"#" * 999 + b"\n") * 40_000), "200 times as large", id="gz that becomes a thousand times as large"),
]  # fmt: skip


@pytest.mark.parametrize(("packing", "content", "reason"), PACKED)
def test_what_is_packed_badly_is_left_out(
    make_site: MakeSite, tmp_path: Path, packing: str, content: bytes, reason: str
) -> None:
    source = _site(make_site, tmp_path, f"x.nt{packing}", content)
    ((line, what, text),) = ((note.line, note.what, note.text) for note in notes([source]))
    assert what == "skipped" and line is not None
    assert re.search(reason, text)
    assert list(source.quads()) == []


def test_packed_files_keep_their_lines_and_names(make_site: MakeSite, tmp_path: Path) -> None:
    source = _site(make_site, tmp_path, "x.ttl.gz", gzip.compress(f"{P}\ne:a e:p 1 .".encode()))
    assert [located.line for located in source.located()] == [3]
    assert source.graph == f"{BASE}graph/x"


def test_a_file_of_shapes_is_never_left_out(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site(tmp_path, {"data/x.ttl": "", "shapes/s.ttl": "<a> <b> ;"}, HEAD)
    with pytest.raises(SourceError, match=r"^shapes/s\.ttl:1: "):
        notes(files(load(folder)))


def test_what_is_mended_is_an_iri(make_site: MakeSite, tmp_path: Path) -> None:
    source = _site(make_site, tmp_path, "x.nt", b'<a b> <a:p> <c%zz"> .\n')
    assert [str(quad.triple) for quad in source.quads()] == [f"<{BASE}a%20b> <a:p> <{BASE}c%25zz%22>"]


def test_many_faults_are_a_page_of_notes(make_site: MakeSite, tmp_path: Path) -> None:
    source = _site(make_site, tmp_path, "x.nt", b"".join(b"<a:a %d> <a:p> <a:o> .\n" % n for n in range(100)))
    assert len(list(source.quads())) == 100
    assert notes([source])[20:] == (Note("data/x.nt", None, "more", "80"),)


SEEDS = [row[2].encode() if isinstance(row[2], str) else row[2] for row in CORPUS if len(row[2]) < 300]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_mutated_file_is_read_or_left_out(tmp_path: Path, data: st.DataObject) -> None:
    seed = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, len(seed)))
        seed[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3) | st.sampled_from(SEEDS))
    path = tmp_path / f"x.{data.draw(st.sampled_from(['ttl', 'trig', 'nt', 'nq', 'rdf', 'jsonld']))}"
    path.write_bytes(seed)
    opening = Opening(path, "x", kind_of(path, Limits()), BASE, Limits())
    outcome = tried(opening)
    if outcome.skipped:
        assert outcome.notes[0].text
        return
    found = [quad for quad, _ in quads(opening, (lambda *_: None) if outcome.mends else None)]
    written = serialize(found, format=RdfFormat.N_QUADS) or b""
    again = list(parse(written, format=RdfFormat.N_QUADS, lenient=any(note.what == "odd" for note in outcome.notes)))
    assert len(again) == len(found)
