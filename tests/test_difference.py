"""What differs between two datasets: nothing that is not there, everything that is, told in words."""

import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)
from typer.testing import CliRunner

from kgpub.cli import app
from kgpub.difference import Difference, Thing, compared
from kgpub.difference.blank import Shape, Work, named, shape
from kgpub.difference.inputs import Side
from kgpub.difference.ledger import NEW, OLD
from kgpub.errors import KgpubError, SourceError
from kgpub.iris import Iris
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent.difference import MOST_MARKDOWN, Telling, json_pieces, lines, markdown
from kgpub.represent.locale import voice
from kgpub.settings import STANDARD_PREFIXES, load
from kgpub.source import files

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
HEAD = f"""@prefix rdf: <{RDF}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix e: <http://e.example/> .
"""

BLANKS = st.sampled_from([BlankNode(f"b{number}") for number in range(5)])
NAMES = st.sampled_from([NamedNode(f"http://e.example/{number}") for number in range(4)])
PREDICATES = st.sampled_from(
    [NamedNode(f"http://e.example/p{number}") for number in range(2)]
    + [NamedNode(RDF + "reifies"), NamedNode(RDF + "subject"), NamedNode(LABEL)]
)
LITERALS = st.sampled_from(
    [
        Literal("a"),
        Literal("a", language="en"),
        Literal("ა", language="ka"),
        Literal('1\t\n\0\\"'),
        Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    ]
)
SUBJECTS = st.one_of(BLANKS, NAMES)
TRIPLES = st.builds(Triple, SUBJECTS, PREDICATES, st.one_of(BLANKS, LITERALS))
GRAPHS = st.sampled_from([DefaultGraph(), NamedNode("http://e.example/g"), BlankNode("b0")])
QUADS = st.lists(
    st.builds(Quad, SUBJECTS, PREDICATES, st.one_of(BLANKS, BLANKS, NAMES, LITERALS, TRIPLES), GRAPHS), max_size=9
)


def side(quads: Iterable[Quad]) -> Side:
    held = list(quads)
    return Side("x", None, lambda: iter(held))


def canonical(quads: Iterable[Quad]) -> list[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def relabelled(quads: Iterable[Quad], seed: int) -> list[Quad]:
    """The same statements with other labels for blank nodes, in another order."""
    chance = random.Random(seed)
    names: dict[str, BlankNode] = {}

    def other(term: object) -> object:
        if isinstance(term, BlankNode):
            return names.setdefault(term.value, BlankNode(f"z{chance.getrandbits(60)}"))
        if isinstance(term, Triple):
            return Triple(other(term.subject), term.predicate, other(term.object))  # type: ignore[arg-type] # of the same kinds
        return term

    found = [Quad(other(q.subject), q.predicate, other(q.object), other(q.graph_name)) for q in quads]  # type: ignore[arg-type] # of the same kinds
    chance.shuffle(found)
    return found


def read(lines_: Iterable[str]) -> list[Quad]:
    return list(parse("\n".join(lines_).encode(), format=RdfFormat.N_QUADS))


@given(QUADS, QUADS)
@settings(max_examples=150)
def test_the_patch_applied_to_the_old_side_gives_the_new_one(old: list[Quad], new: list[Quad]) -> None:
    with compared(side(old), side(new), (LABEL,)) as found:
        assert found.counts.is_exact
        held = set(found.statements(OLD))
        patch = list(found.patch())
        after = list(found.statements(NEW))
        told = list(found.things())
    assert canonical(read(held)) == canonical(old)
    for line in patch[1:-1]:
        (held.remove if line.startswith("D ") else held.add)(line[2:])
    assert sorted(held) == sorted(after)
    assert canonical(read(held)) == canonical(new)
    assert (patch == ["TX .", "TC ."]) is (canonical(old) == canonical(new)) is (told == [])


@given(QUADS, st.integers(0, 1000))
@settings(max_examples=150)
def test_labels_of_blank_nodes_make_no_difference(quads: list[Quad], seed: int) -> None:
    with compared(side(quads), side(relabelled(quads, seed)), ()) as found:
        assert not found.counts.differ


SHAPES: list[tuple[str, list[tuple[str, str]], bool]] = [
    ("a long list of equal things", [(f"n{i}", f"n{i + 1}") for i in range(400)], True),
    ("thousands of equal leaves", [("hub", f"n{i}") for i in range(3000)], True),
    ("a ring", [(f"n{i}", f"n{(i + 1) % 12}") for i in range(12)], True),
    ("everything tied to everything", [(f"n{i}", f"n{j}") for i in range(14) for j in range(14) if i != j], False),
]


@pytest.mark.parametrize(("ties", "exact"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_hostile_knots_end_and_say_when_they_were_too_hard(ties: list[tuple[str, str]], exact: bool) -> None:
    quads = [Quad(BlankNode(a), NamedNode("http://e.example/p"), BlankNode(b)) for a, b in ties]
    work = Work(left=100_000)
    digest, names = named(map(shape, quads), work)
    assert (len(digest), len(set(names.values()))) == (16, len({node for tie in ties for node in tie}))
    assert work.is_spent is not exact
    if exact:
        assert named(map(shape, relabelled(quads, 1)), Work())[0] == digest


def test_a_hole_in_a_literal_is_none() -> None:
    made = shape(Quad(BlankNode("a"), NamedNode("http://e.example/p"), Literal("\0 _:x")))
    assert isinstance(made, Shape)
    assert made.filled({"a": "_:n"}) == '_:n\t<http://e.example/p>\t"\\u0000 _:x"\t'


def trig(text: str) -> Side:
    return side(parse((HEAD + text).encode(), format=RdfFormat.TRIG, rename_blank_nodes=True))


def telling(found: Difference, language: str = "en") -> Telling:
    return Telling(
        found, voice(language), (language, "en"), Iris("", prefixes={**STANDARD_PREFIXES, "e": "http://e.example/"})
    )


def told(old: str, new: str) -> tuple[Thing, ...]:
    with compared(trig(old), trig(new), (LABEL,)) as found:
        return tuple(found.things())


TEXTS: list[tuple[str, str, str, list[str]]] = [
    ("a value for a value", "e:a e:p 1 .", "e:a e:p 2 .", ["~ e:a  <http://e.example/a>", '    ~ e:p: "1"^^xsd:integer → "2"^^xsd:integer']),
    ("each language by itself", "e:a rdfs:label 'x'@en, 'ა'@ka .", "e:a rdfs:label 'y'@en, 'ბ'@ka .", ["~ y  <http://e.example/a>", '    ~ rdfs:label: "x"@en → "y"@en', '    ~ rdfs:label: "ა"@ka → "ბ"@ka']),
    ("a lexical form is a difference", "e:a e:p 1 .", "e:a e:p 01 .", ["~ e:a  <http://e.example/a>", '    ~ e:p: "1"^^xsd:integer → "01"^^xsd:integer']),
    ("two for one are told apart", "e:a e:p 'x' .", "e:a e:p 'y', 'z' .", ["~ e:a  <http://e.example/a>", '    − e:p: "x"', '    + e:p: "y"', '    + e:p: "z"']),
    ("a thing that is new", "e:a e:p e:b .", "e:a e:p e:b . e:b e:p 'x' .", ["+ e:b  <http://e.example/b>", '    + e:p: "x"']),
    ("a thing that is gone", "e:a e:p e:b . e:b e:p 'x' .", "e:a e:p e:b .", ["− e:b  <http://e.example/b>", '    − e:p: "x"']),
    ("another graph", "e:g { e:a e:p 'x' }", "e:h { e:a e:p 'x' }", ["~ e:a  <http://e.example/a>", '    → e:p: "x"  (graph: e:g → e:h)']),
    ("the same in one graph more", "e:g { e:a e:p 'x' }", "e:g { e:a e:p 'x' } e:h { e:a e:p 'x' }", ["~ e:a  <http://e.example/a>", '    + e:p: "x"  (graph: e:h)']),
    ("inside a blank node", "e:a e:p [ e:q 'x' ; e:r (1 2) ] .", "e:a e:p [ e:q 'y' ; e:r (1 2) ] .", ["~ e:a  <http://e.example/a>", "    ~ e:p: [ … ]", '      ~ e:q: "x" → "y"']),
    ("one of two equal blank nodes", "e:a e:p [ e:q 'x' ], [ e:q 'x' ] .", "e:a e:p [ e:q 'x' ] .", ["~ e:a  <http://e.example/a>", '    − e:p: [ e:q "x" ]']),
    ("a source of a statement", "e:f rdf:subject e:a ; rdf:predicate e:p ; rdf:object e:b ; e:line 1 .", "e:f rdf:subject e:a ; rdf:predicate e:p ; rdf:object e:b ; e:line 2 .", ["~ e:a  <http://e.example/a>", "    About the statement: e:p: e:b  <http://e.example/f>", '      ~ e:line: "1"^^xsd:integer → "2"^^xsd:integer']),
    ("a reifier that is a blank node", "_:r rdf:reifies <<( e:a e:p e:b )>> ; prov:value 'x' .", "_:q rdf:reifies <<( e:a e:p e:b )>> ; prov:value 'y' .", ["~ e:a  <http://e.example/a>", "    About the statement: e:p: e:b", '      ~ prov:value: "x" → "y"']),
    ("a blank node that nothing leads to", "[] e:p 'x' .", "", ["~ Blank nodes that nothing leads to", "    Blank nodes that nothing leads to", '      − e:p: "x"']),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_a_difference_in_words(old: str, new: str, said: list[str]) -> None:
    with compared(trig(old), trig(new), (LABEL,)) as found:
        written = [line.partition("  _:")[0] for _, line in lines(telling(found))]
    assert written[3 : 3 + len(said)] == said


def test_graphs_can_be_passed_over() -> None:
    with compared(trig("e:g { e:a e:p [ e:q 1 ] }"), trig("e:h { e:a e:p [ e:q 1 ] }"), (), merge=True) as found:
        assert not found.counts.differ


def test_markdown_carries_nothing_foreign() -> None:
    hostile = "<script>alert(1)</script> [x](javascript:y) @everyone ```\\n# h"
    with compared(trig(""), trig(f'e:a rdfs:label "{hostile}" ; e:p "``` {hostile}" .'), (LABEL,)) as found:
        written = markdown(telling(found))
    assert "\n# h" not in written
    heading = next(line for line in written.splitlines() if line.startswith("###"))
    assert heading.startswith(r"### + \<script\>alert\(1\)\</script\> \[x\]\(javascript:y\) \@everyone \`\`\`")
    assert "````" in written


def test_markdown_has_room_on_a_pull_request() -> None:
    many = "".join(f"e:a{number} e:p '{'x' * 150}' .\n" for number in range(900))
    with compared(trig(""), trig(many), ()) as found:
        written = markdown(telling(found))
    assert len(written) < MOST_MARKDOWN + 2_000
    assert written.rstrip().endswith("more things")


def test_json_is_one_object_and_holds_terms_whole() -> None:
    with compared(
        trig("e:g { e:a e:p 'x', [ e:q 1 ] }"),
        trig(f"e:g {{ e:a e:p '{'y' * 999}', [ e:q 2 ] }} e:a rdfs:label 'ა'@ka ."),
        (LABEL,),
    ) as found:
        value = json.loads("".join(json_pieces(telling(found))))
    assert (value["things"], value["exact"]) == ({"added": 0, "removed": 0, "changed": 1}, True)
    (thing,) = value["differences"]
    assert (thing["iri"], thing["labels"]) == ("http://e.example/a", {"ka": "ა"})
    changed = next(one for one in thing["changes"] if one.get("old") == '"x"')
    assert changed["new"] == '"' + "y" * 999 + '"'
    assert changed["graph"] == "http://e.example/g"


@pytest.mark.parametrize(("language", "said"), [("en", "There is no difference."), ("ka", "განსხვავება არ არის.")])
def test_nothing_is_said_in_the_readers_language(language: str, said: str) -> None:
    with compared(trig("e:a e:p [] ."), trig("e:a e:p [] ."), ()) as found:
        assert [line for _, line in lines(telling(found, language))] == [said]


def test_a_thing_with_very_many_changes_is_told_in_part() -> None:
    (thing,) = told("", "e:a e:p " + ", ".join(f"'{number}'" for number in range(2_500)) + " .")
    assert (len(thing.changes), thing.more) == (2_000, 500)


SITE = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["en", "ka"]\n'
DATA = "<id/a> <http://www.w3.org/2000/01/rdf-schema#label> 'A'@en ; <ns/p> 01, [ <ns/q> 'x' ] ."


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    def site(name: str, turtle: str) -> Path:
        (tmp_path / name / "data").mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "kgpub.toml").write_text(SITE, "utf-8")
        (tmp_path / name / "data/a.ttl").write_text(turtle, "utf-8")
        return tmp_path / name

    return site


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["diff", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_a_site_its_snapshots_and_its_dump_are_compared(written: Callable[[str, str], Path]) -> None:
    folder = written("one", DATA)
    version = build(load(folder), lambda *_: Report(True), lambda *_: None)
    snapshot = folder / ".kgpub/snapshots" / version
    for other in (snapshot, folder / ".kgpub", snapshot / "dumps/dataset.nq", snapshot / "dumps/dataset.trig.zst"):
        assert run(folder, other) == (0, "There is no difference.\n")
    changed = written("two", DATA.replace("'A'", "'B'"))
    code, said = run(folder, changed)
    assert code == 1
    assert '    ~ rdfs:label: "A"@en → "B"@en  (graph: https://d.example/graph/a)' in said
    assert "ერთეულები" in run(folder, changed, "--lang", "ka")[1]
    assert run(folder, changed, "--format", "patch")[1].startswith("TX .\nD <https://d.example/id/a>")
    assert run(folder, changed, "--format", "markdown")[1].startswith("## Changes in the data")
    assert json.loads(run(folder, changed, "-f", "json")[1])["statements"] == {"added": 1, "removed": 1}
    assert run(folder, folder / "data", "--merge", "--base", "https://d.example/")[0] == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, 3), ({"a.txt": "x"}, 3), ({"a.ttl": "<a> <b> "}, 3), ({"a.ttl": "<rel> <rel> 1 ."}, 3), ({"a.nq": "<a:a> <a:b> <a:c> ."}, 1)],
    ids=["nothing", "no RDF", "broken", "relative IRIs without a base", "a difference"],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(content: dict[str, str] | None, code: int, tmp_path: Path) -> None:
    (tmp_path / "empty.nq").write_text("")
    for name, text in (content or {}).items():
        (tmp_path / "x").mkdir(exist_ok=True)
        (tmp_path / "x" / name).write_text(text)
    try:
        assert run(tmp_path / "empty.nq", tmp_path / "x")[0] == code
    except KgpubError as error:
        assert error.exit_code == code


def test_triple_terms_without_end_are_refused(tmp_path: Path) -> None:
    start, end, name = "<<( <e:a> <e:p> ", " )>>", tmp_path / "a.nt"
    name.write_text(f"<e:a> <e:p> {start * 2_000}<e:b>{end * 2_000} .")
    with pytest.raises(SourceError, match="more than 100 deep inside one another"):
        run(name, name)


def test_blank_nodes_of_two_files_are_never_one(tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / "two").mkdir(exist_ok=True)
        (tmp_path / "two" / name).write_text(f"_:x <http://e.example/p> '{name}' .".replace("'", '"'))
    (tmp_path / "one.nt").write_text(
        '_:x <http://e.example/p> "a.nt", "b.nt" .'.replace(', "b.nt"', ' .\n_:x <http://e.example/p> "b.nt"')
    )
    assert run(tmp_path / "two", tmp_path / "one.nt")[0] == 1


def test_the_repositorys_own_site_is_what_it_is() -> None:
    root = Path(__file__).parents[1]
    own = load(root)
    quads = [quad for file in files(own) for quad in file.quads()]
    changed = next(q for q in quads if q.predicate.value.endswith("/ns/line") and isinstance(q.subject, NamedNode))

    def edited() -> Iterator[Quad]:
        for quad in relabelled(quads, 7):
            yield Quad(quad.subject, quad.predicate, Literal("999"), quad.graph_name) if quad == changed else quad

    with compared(side(quads), Side("x", own, edited), own.properties(own.vocabulary.labels)) as found:
        (thing,) = found.things()
        assert (found.counts.statements_added, found.counts.statements_removed) == (1, 1)
    (change,) = thing.changes
    assert (change.kind, change.subject, change.about is not None) == ("changed", str(changed.subject), True)
    assert thing.iri != change.subject


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with compared(trig("e:a e:p 1 ."), trig(""), ()) as found:
        assert found.counts.differ
        assert list(tmp_path.iterdir()) != []
    assert list(tmp_path.iterdir()) == []
