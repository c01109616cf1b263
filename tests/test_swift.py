"""A sound file is read by the block: the same quads as by the line, nothing that the line would refuse."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgpub.errors import SourceError
from kgpub.reading import blocks, swift
from kgpub.reading.hazards import DEEPEST_ELEMENT
from kgpub.reading.kinds import kind_of
from kgpub.reading.ladder import strictly, tried
from kgpub.reading.packed import Limits
from kgpub.reading.streams import Opening, guarded, quads
from kgpub.settings import load
from kgpub.source import SourceFile, files

MakeSite = Callable[..., Path]
BASE = "https://kg.example/"
HEAD = f'title = "T"\nbase = "{BASE}"\nlanguages = ["en"]\n'
P = "@prefix e: <https://e.example/> .\n"
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://e.example/">\n'
ENTITIES = '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n<!ENTITY e "https://e.example/">\n<!ENTITY x "y" > ]>\n'


def _xml(what: str, begin: str = "") -> str:
    return f'{begin}{XML}<rdf:Description rdf:about="x">{what}</rdf:Description>\n</rdf:RDF>'


MANY = "".join(f"<e:p>{n}</e:p>\n<!-- number {n} -->\n" for n in range(2_000))
SOUND = [
    pytest.param("ttl", P + 'e:a e:p 1, "x"@en, [ e:q ( 1 2 ) ] .', id="Turtle"),
    pytest.param("ttl", "\ufeff" + P + 'e:a e:p "x"@en-US, "y"@en, "z@EN" ;\n e:@EN\\@ """\n@De """@De .'.replace("e:@EN\\@", "e:q"), id="tags with capitals"),
    pytest.param("trig", P + "e:g { e:a e:p 1 } _:h { _:h e:p _:h }", id="graphs"),
    pytest.param("nt", '<a:a> <a:p> "\\n@EN"@EN .\n' * 3_000, id="several blocks"),
    pytest.param("nq", "<a:a> <a:p> <a:o> <a:g> .\n# x\n", id="N-Quads"),
    pytest.param("rdf", _xml('<e:p xml:lang="en-US">x</e:p><e:q/>'), id="RDF/XML"),
    pytest.param("owl", _xml('<e:p rdf:resource="&e;&x;"/><!-- a comment, > or none -->'.replace(", > or none", ""), ENTITIES), id="entities for namespaces"),
    pytest.param("rdf", "\ufeff" + _xml(MANY), id="much XML"),
    pytest.param("jsonld", '{"@id": "x", "e:p": [{"@value": "y", "@language": "en-US"}, {"@value": "y", "@language": "en"}]}', id="JSON-LD"),
    pytest.param("jsonld", json.dumps([{"@context": "https://schema.org", "@id": f"urn:{n}", "name": 'say "@context": "x\\"'} for n in range(99)]), id="contexts by name"),
    pytest.param("jsonld", json.dumps({"@id": "x", "e:p": ["x" * 70_000, 'a"b' * 30_000]}), id="long strings"),
]  # fmt: skip
DOUBTFUL = [
    pytest.param("ttl", P + "e:a e:p <<( e:a e:p 1 )>> .", id="triple terms"),
    pytest.param("ttl", P + 'e:a e:p "x"@ES-A .', id="no language tag"),
    pytest.param("ttl", P + "e:a e:p '" + "x" * 1_200_000 + "' .", id="a long line"),
    pytest.param("jsonld", '{"@id": "x", "e:p": {"@id": "a b"}}', id="no IRI"),
    pytest.param("jsonld", '{"@id": "x", "e:p": {"@id": "urn:o> . #"}}', id="an IRI that is more than one"),
    pytest.param("jsonld", '{"@id": "x", "e:p": {"@value": "x", "@language": "es-a"}}', id="no language tag in JSON-LD"),
    pytest.param("rdf", _xml("<e:p><e:A>" * 300 + "</e:A></e:p>" * 300), id="deep elements"),
    pytest.param("rdf", _xml("<e:p>/></e:p>" * 9), id="brackets in texts"),
    pytest.param("rdf", _xml('<e:p e:q="/>/>/>"></e:p>' * 9), id="brackets in attributes"),
    pytest.param("rdf", _xml("<e:p><![CDATA[<a></a></a>]]></e:p>"), id="brackets in CDATA"),
    pytest.param("rdf", _xml("<!-- </a> --><e:p/>"), id="brackets in comments"),
    pytest.param("rdf", _xml("<e:p>&x;</e:p>", '<!DOCTYPE rdf:RDF [<!ENTITY x "<e:A/>">]>\n'), id="brackets in entities"),
    pytest.param("rdf", _xml("<e:p>&y;</e:p>", '<!DOCTYPE rdf:RDF [<!ENTITY x "y"><!ENTITY y "&x;">]>\n'), id="entities of entities"),
    pytest.param("rdf", _xml("<e:p>" + "&x;" * 2_000 + "</e:p>", f'<!DOCTYPE rdf:RDF [<!ENTITY x "{"y" * 5_000}">]>\n'), id="a long entity"),
    pytest.param("rdf", _xml("<e:p>x</e:p>").replace("</rdf:RDF>", ""), id="no end"),
]  # fmt: skip


def _opening(folder: Path, ending: str, content: bytes) -> Opening:
    path = folder / f"x.{ending}"
    path.write_bytes(content)
    return Opening(path, "x", kind_of(path, Limits()), BASE, Limits())


def _source(make_site: MakeSite, folder: Path, ending: str, content: bytes) -> SourceFile:
    folder = make_site(folder, {"data/keep": ""}, HEAD)
    (folder / "data" / f"x.{ending}").write_bytes(content)
    (found,) = files(load(folder))
    return found


@pytest.mark.parametrize("packing", ["", ".gz"])
@pytest.mark.parametrize(("ending", "text"), SOUND)
def test_a_sound_file_is_read_by_the_block_as_by_the_line(
    make_site: MakeSite, tmp_path: Path, ending: str, text: str, packing: str
) -> None:
    content = gzip.compress(text.encode()) if packing else text.encode()
    source = _source(make_site, tmp_path, ending + packing, content)
    assert source.outcome.is_sound
    found = list(source.quads())
    assert found and [str(quad) for quad in found] == [str(quad) for quad, _ in source.located()]
    assert strictly(_opening(tmp_path, ending, text.encode())).capitals == source.outcome.capitals


@pytest.mark.parametrize(("ending", "text"), DOUBTFUL)
def test_what_is_doubtful_is_read_by_the_line(make_site: MakeSite, tmp_path: Path, ending: str, text: str) -> None:
    source = _source(make_site, tmp_path, ending, text.encode())
    assert not source.outcome.is_sound
    assert list(source.quads()) == [quad for quad, _ in source.located()]
    with pytest.raises(SourceError):
        list(swift.quads(_opening(tmp_path, ending, text.encode())))


PIECES = ["<e:p>", "</e:p>", "<e:p/>", "<e:A>", "</e:A>", "/>", "<", ">", "x", "&x;", "<!-- a -->", "<!--", "-->", "\n",
          "<![CDATA[", "]]>", "<?x ?>", ' e:q="/>"', '"', "'", '<e:p e:q="', 'xml:lang="EN"', "<e:p", '<!ENTITY x "y">']  # fmt: skip
TURTLE = [P, "e:a ", "e:p ", '"x"', "@en", "@en-US", '"""', "'''", "'", "\n", "#", ". ", ", ", "; ", "[ ", "] ", "<a b>", "<a>", "\\", "<<( ", ")>> ", "<< ", ">> ", "{ ", "} "]  # fmt: skip
JSON = ['{"@id": "x", ', '"e:p": ', "[", "]", "{", "}", ",", ":", '"@context"', '"https://schema.org"', '"a\\"', '"', "\\", '"@language": "EN"', '"@value": "v"', "null", "1", "\n"]  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_read_by_the_block_is_read_alike_by_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    monkeypatch.setattr(blocks, "_BLOCK", data.draw(st.integers(1, 40)))
    monkeypatch.setattr(blocks, "_XML_BLOCK", data.draw(st.integers(1, 40)))
    ending, pieces = data.draw(st.sampled_from([("rdf", PIECES), ("ttl", TURTLE), ("trig", TURTLE), ("jsonld", JSON)]))
    inner = "".join(data.draw(st.lists(st.sampled_from(pieces), max_size=25)))
    text = _xml(inner, data.draw(st.sampled_from(["", ENTITIES]))) if ending == "rdf" else inner
    if ending == "jsonld" and data.draw(st.booleans()):
        text = f'[{{"@id": "x", "e:p": [1, {inner} 2]}}]'
    if ending in {"ttl", "trig"} and data.draw(st.booleans()):
        text = f"{P}e:a e:p 1, {inner} 2 ."
    opening = _opening(tmp_path, ending, text.encode())
    try:
        found = [str(quad.object) for batch in swift.quads(opening) for quad in batch]
    except SourceError:
        return
    guarded(opening)
    wanted = [str(located.quad.object) for located in quads(opening)]
    assert [one if one[0] != "_" else "" for one in found] == [one if one[0] != "_" else "" for one in wanted]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["<e:p><e:A>"] * 3 + ["</e:A></e:p>", "<e:q>/></e:q>", '<e:q e:r="/>"/>', "<!-- /> -->", "<e:q/>"]), max_size=60),
    st.integers(1, 60),
)  # fmt: skip
def test_elements_are_never_counted_less_deep_than_they_lie(tmp_path: Path, pieces: list[str], size: int) -> None:
    """The count of brackets against the depth that expat sees, with a limit that small texts reach."""
    text = _xml("".join(pieces) + "</e:A></e:p>" * max(0, pieces.count("<e:p><e:A>") - pieces.count("</e:A></e:p>")))
    real = depth = 0
    for part in (
        text.replace("<e:q>/></e:q>", "").replace('<e:q e:r="/>"/>', "").replace("<!-- /> -->", "").split("<")[1:]
    ):
        depth += (part[0] != "/") - (part[0] == "/")
        real = max(real, depth)
        depth -= part.rstrip().endswith("/>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "DEEPEST_ELEMENT", real - 2)
        patch.setattr(blocks, "_XML_BLOCK", size)
        with pytest.raises(SourceError):
            list(swift.quads(_opening(tmp_path, "rdf", text.encode())))


def test_one_bracket_at_most_is_overlooked(tmp_path: Path) -> None:
    """Elements nested to the limit pass, two more do not, wherever blocks are cut."""

    def nested(number: int) -> bytes:
        return _xml("<e:p>\n<e:A>" * number + "</e:A></e:p>\n" * number).encode()

    inside = (DEEPEST_ELEMENT - 2) // 2
    assert tried(_opening(tmp_path, "rdf", nested(inside))).skipped is False
    assert tried(_opening(tmp_path, "rdf", nested(inside + 1))).skipped is True
