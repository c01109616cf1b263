"""Validation that takes over from the last run: the report of a run from scratch, whatever was edited or damaged."""

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from pyoxigraph import Quad
from rdflib import SH, Graph
from typer.testing import CliRunner

from conftest import write_site
from histories import Calm, History
from kgpub.cli import app
from kgpub.errors import SourceError
from kgpub.model import Report
from kgpub.revalidation import ledger, loading
from kgpub.revalidation.delta import change
from kgpub.revalidation.ledger import FILE, FOLDER, LARGE, Memory
from kgpub.revalidation.reads import are_known, reads
from kgpub.revalidation.renewal import Taken
from kgpub.revalidation.told import about, add, said
from kgpub.revalidation.ways import Reads, Step
from kgpub.sealing import sealed
from kgpub.settings import load
from kgpub.source import SourceFile, files
from kgpub.validate import Outcome, examine
from kgpub.validation.adapter import Adapter
from shapes_fuzz import NAMED, PREFIXES, Source, quads, shapes_of
from shapes_wild import Wild

TOML = 'title = "T"\nbase = "http://example.org/"\nlanguages = ["ka", "en"]\n[prefixes]\nex = "http://example.org/"\n'
SHAPES = """
ex:Named a sh:NodeShape ; sh:targetClass ex:A ;
  sh:property [ sh:path ex:label ; sh:minCount 1 ; sh:message "no label"@en , "სახელი არ არის"@ka ] .
ex:Near a sh:NodeShape ; sh:targetClass ex:B ;
  sh:property [ sh:path ( ex:part ex:size ) ; sh:maxInclusive 5 ; sh:severity sh:Warning ] .
ex:Shut a sh:NodeShape ; sh:targetSubjectsOf ex:only ; sh:closed true ; sh:ignoredProperties ( ex:only ) .
ex:Asked a sh:NodeShape ; sh:targetClass ex:A ;
  sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://example.org/next> ?value . ?value <http://example.org/size> ?n }" ] .
ex:Far a sh:NodeShape ; sh:targetClass ex:B ; sh:property [ sh:path [ sh:zeroOrMorePath ex:next ] ; sh:nodeKind sh:IRI ] .
"""
DATA = {
    "data/a.ttl": "ex:a1 a ex:A ; ex:label 'one' ; ex:next ex:b1 .\nex:a2 a ex:A .\nex:o ex:only 1 ; ex:other 2 .\n",
    "data/b.ttl": "ex:b1 a ex:B ; ex:part ex:c1 .\nex:c1 ex:size 7 .\nex:b2 a ex:B ; ex:part ex:c2 .\nex:c2 ex:size 3 .\n",
    "ontology/o.ttl": "ex:A rdfs:subClassOf ex:Top .\n",
    "shapes/s.ttl": SHAPES,
}


def site(folder: Path, texts: Mapping[str, str] = DATA, toml: str = TOML) -> Path:
    """A site of texts in Turtle without prefixes."""
    return write_site(folder, {name: PREFIXES + text for name, text in texts.items()}, toml)


def run(folder: Path, *, full: bool = False) -> tuple[Outcome, Memory]:
    """A validation with the ledger of the site."""
    settings = load(folder)
    memory = Memory(settings.snapshots_folder / FOLDER, full)
    found = memory.recognised(files(settings), settings)
    return examine(found, settings, memory=memory), memory


def scratch(folder: Path) -> Report:
    """The report of a validation that knows nothing of others."""
    settings = load(folder)
    return examine(files(settings), settings).report


def told(report: Callable[[], Report]) -> Report | str:
    """A report, or what was refused; addresses in memory differ from run to run."""
    try:
        return report()
    except SourceError as error:
        return re.sub("0x[0-9a-f]+", "", str(error))


def lived(folder: Path, source: Source, seed: int, steps: int) -> int:
    """How many shapes were taken over in a history, in which every report is that of a run from scratch."""
    history = History(folder, source, random.Random(seed))
    history.begin()
    kept = 0

    def again() -> Report:
        nonlocal kept
        outcome, _ = run(folder)
        kept += outcome.taken.kept + outcome.taken.near if outcome.taken else 0
        return outcome.report

    assert told(again) == told(lambda: scratch(folder))
    for step in history.steps(steps):
        assert told(again) == told(lambda: scratch(folder)), step
    return kept


@pytest.mark.parametrize(("source", "seed"), [(Calm, 3), (Calm, 4), (Calm, 8), (Source, 2), (Wild, 7)])
def test_a_history(tmp_path: Path, source: type[Source], seed: int) -> None:
    lived(tmp_path, source(seed), seed, 4)


@pytest.mark.slow
@pytest.mark.parametrize("source", [Calm, Source, Wild])
@pytest.mark.parametrize("start", range(1_000, 1_040, 10))
def test_many_histories(tmp_path: Path, source: type[Source], start: int) -> None:
    kept = [lived(tmp_path / str(seed), source(seed), seed, 4) for seed in range(start, start + 10)]
    assert sum(kept) > 0


NOTHING = Taken(5, 5, 0, 0)


@pytest.mark.parametrize(
    ("name", "old", "new", "taken"),
    [
        ("data/a.ttl", "", "", NOTHING),
        ("data/a.ttl", "ex:other", "ex:odd", Taken(5, 4, 1, 1)),
        ("data/a.ttl", "ex:a2 a", "ex:a2 ex:unread 5 ; a", NOTHING),
        ("data/a.ttl", "'one'", "'two'", Taken(5, 4, 1, 1)),
        ("data/a.ttl", "ex:a2 a ex:A", "ex:a3 a ex:A", Taken(5, 3, 2, 2)),
        ("data/a.ttl", "ex:a2 a ex:A", "ex:a2 a ex:Other", Taken(5, 4, 1, 0)),
        ("data/b.ttl", "ex:size 7", "ex:size 4", Taken(5, 4, 1, 1)),
        ("data/b.ttl", "ex:size 3", "ex:size 9", Taken(5, 4, 1, 1)),
        ("data/a.ttl", "ex:next ex:b1", "ex:next ex:b2", Taken(5, 3, 1, 1)),
        ("data/b.ttl", "ex:part ex:c1", "ex:part ex:c2", Taken(5, 4, 1, 1)),
        ("ontology/o.ttl", "ex:A", "ex:B", None),
        ("shapes/s.ttl", "no label", "without a label", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_looked_at_again(tmp_path: Path, name: str, old: str, new: str, taken: Taken | None) -> None:
    folder = site(tmp_path)
    first, _ = run(folder)
    assert first.taken is None
    path = folder / name
    path.write_text(path.read_text("utf-8").replace(old, new) if old else path.read_text("utf-8"), "utf-8")
    again, _ = run(folder)
    assert again.taken == taken
    assert again.report == scratch(folder)


@pytest.mark.parametrize(
    "edit",
    [
        lambda folder: (folder / "data/a.ttl").rename(folder / "data/z.ttl"),
        lambda folder: (folder / "data/b.ttl").unlink(),
        lambda folder: shutil.copy(folder / "data/b.ttl", folder / "data/0.ttl"),
        lambda folder: (folder / "kgpub.toml").write_text(TOML + '[graphs."data/b.ttl"]\npublish = false\n'),
        lambda folder: (folder / "kgpub.toml").write_text(TOML.replace("ex =", "own =")),
        lambda folder: (folder / "data/a.ttl").write_text(PREFIXES + "\n\n" + DATA["data/a.ttl"]),
        lambda folder: (folder / "data/b.ttl").write_text(PREFIXES + "ex:b1 ex:next <a b> . ex:a2 a ex:A ."),
    ],
    ids=["renamed", "gone", "said twice", "not published", "another prefix", "lines moved", "an IRI that is mended"],
)
def test_files_and_settings(tmp_path: Path, edit: Callable[[Path], object]) -> None:
    folder = site(tmp_path)
    run(folder)
    edit(folder)
    for _ in range(2):
        assert run(folder)[0].report == scratch(folder)


def test_where_nothing_has_changed_nothing_is_read(tmp_path: Path) -> None:
    folder = site(tmp_path)
    run(folder)
    for path in (folder / ".kgpub" / FOLDER).glob("*.zst"):
        path.unlink()
    again, _ = run(folder)
    assert again.taken == NOTHING
    assert again.report == scratch(folder)


def test_blank_nodes_keep_their_names_in_a_baseline(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] ."
    folder = site(tmp_path, {"data/a.ttl": "ex:n ex:q [ ex:p 1 ] .\n", "shapes/s.ttl": shapes})
    texts = []
    for options in ([], [], ["--full"]):
        known = tmp_path / "known.json"
        CliRunner().invoke(app, ["validate", str(folder), "--write-baseline", str(known), *options])
        texts.append(known.read_text("utf-8"))
    assert "<http://example.org/n> / <http://example.org/q>" in texts[0]
    assert len(set(texts)) == 1


def test_a_clock_is_asked_each_time(tmp_path: Path) -> None:
    query = "SELECT $this WHERE { $this ex:on ?day . FILTER(?day < NOW()) }".replace("ex:on", "<http://example.org/on>")
    shape = f'ex:S sh:targetSubjectsOf ex:on ; sh:sparql [ sh:select "{query}" ] .'
    folder = site(tmp_path, {"data/a.ttl": 'ex:n ex:on "2020-01-01T00:00:00Z"^^xsd:dateTime .', "shapes/s.ttl": shape})
    run(folder)
    again, _ = run(folder)
    assert again.taken == Taken(1, 0, 0, 0)


def _cut(*paths: Path) -> None:
    for path in paths:
        path.write_bytes(path.read_bytes()[:-9])


def _said_otherwise(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("ex", "xe"), "utf-8")


def _of(folder: Path, **said: object) -> None:
    path = folder / FILE
    value = {**json.loads(path.read_text("utf-8")), **said}
    value.pop("seal")
    path.write_text(json.dumps(sealed(value)), "utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / FILE).unlink(),
        lambda folder: (folder / FILE).write_text(""),
        lambda folder: (folder / FILE).write_text("[1]"),
        lambda folder: (folder / FILE).write_text("[" * 100_000),
        lambda folder: (folder / FILE).write_bytes(b"\xff\x00"),
        lambda folder: _cut(folder / FILE),
        lambda folder: _said_otherwise(folder / FILE),
        lambda folder: _of(folder, key="0" * 64),
        lambda folder: _of(folder, parts=[{"name": "data/a.ttl"}]),
        lambda folder: _of(folder, parts=5),
        lambda folder: [path.unlink() for path in folder.glob("*.zst")],
        lambda folder: _cut(*folder.glob("*.zst")),
        lambda folder: [path.write_bytes(b"") for path in folder.glob("*.zst")],
        shutil.rmtree,
    ],
    ids=["gone", "empty", "a list", "deep", "no text", "cut off", "altered", "of other circumstances", "of another version",
         "of another kind", "no statements", "statements cut off", "statements empty", "no folder"],
)  # fmt: skip
def test_a_damaged_ledger_is_none(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    folder = site(tmp_path)
    run(folder)
    damage(folder / ".kgpub" / FOLDER)
    path = folder / "data/a.ttl"
    path.write_text(path.read_text("utf-8").replace("'one'", "'two'"), "utf-8")
    again, memory = run(folder)
    assert (again.taken, memory.lost) == (None, "")
    assert again.report == scratch(folder)
    assert run(folder)[0].taken == NOTHING


def test_what_an_interrupted_run_left_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site(tmp_path)
    run(folder)
    kept = folder / ".kgpub" / FOLDER
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    path = folder / "data/a.ttl"
    path.write_text(path.read_text("utf-8").replace("'one'", "'two'"), "utf-8")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Memory, "_put", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(folder)
    (kept / "77.part").write_text("half")
    assert before.items() <= {path.name: path.read_bytes() for path in kept.iterdir()}.items()
    assert run(folder)[0].taken == Taken(5, 4, 1, 1)
    assert len(list(kept.iterdir())) == len(before)


def test_a_file_that_is_written_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site(tmp_path)
    path, batches = folder / "data/b.ttl", loading._batches
    text = path.read_text("utf-8")

    def meddled(file: SourceFile) -> Iterator[list[Quad]]:
        _ = file.outcome
        if file.path == path:
            path.write_text(text.replace("ex:size 7", "ex:size 4"), "utf-8")
        yield from batches(file)

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_batches", meddled)
        run(folder)
    for state in (text, path.read_text("utf-8"), text):
        path.write_text(state, "utf-8")
        assert run(folder)[0].report == scratch(folder)


def test_a_disk_that_takes_nothing(tmp_path: Path) -> None:
    folder = site(tmp_path)
    (folder / ".kgpub").write_text("a file")
    outcome, memory = run(folder)
    assert memory.lost
    assert outcome.report == scratch(folder)


def test_too_much_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site(tmp_path)
    run(folder)
    for name in ("MOST_BYTES", "MOST_RESULTS"):
        with monkeypatch.context() as patch:
            patch.setattr(ledger, name, 1)
            _, memory = run(folder, full=True)
            assert memory.lost == LARGE
            assert list((folder / ".kgpub" / FOLDER).iterdir()) == []


@pytest.mark.parametrize("format", ["text", "json", "sarif", "junit", "github", "html"])
def test_every_format_is_the_same(tmp_path: Path, format: str) -> None:
    folder = site(tmp_path)
    options = ["validate", str(folder), "--format", format]
    CliRunner().invoke(app, options)
    path = folder / "data/b.ttl"
    path.write_text(path.read_text("utf-8").replace("ex:size 3", "ex:size 9"), "utf-8")
    again = CliRunner().invoke(app, [*options, "--lang", "en"])
    assert (
        "shapes taken over from the last run: 4 of 5; validated only at nodes near a change: 1 (nodes: 1)"
        in again.stderr
    )
    plain = CliRunner().invoke(app, [*options, "--lang", "en", "--full"])
    assert "taken over" not in plain.stderr
    assert (again.exit_code, again.stdout) == (plain.exit_code, plain.stdout)
    assert len(again.stdout) > 100


@pytest.mark.parametrize(("fail_on", "codes"), [("violation", (0, 0)), ("warning", (0, 1))])
def test_a_baseline_holds_as_before(tmp_path: Path, fail_on: str, codes: tuple[int, int]) -> None:
    folder, known = site(tmp_path), tmp_path / "known.json"
    runner = CliRunner()
    runner.invoke(app, ["validate", str(folder), "--write-baseline", str(known)])
    options = ["validate", str(folder), "--baseline", str(known), "--fail-on", fail_on, "--format", "json"]
    path = folder / "data/b.ttl"
    for old, new, code in (("ex:size 7", "ex:size 7", codes[0]), ("ex:size 3", "ex:size 9", codes[1])):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        again, plain = runner.invoke(app, options), runner.invoke(app, [*options, "--full"])
        assert again.exit_code == plain.exit_code == code
        assert again.stdout == plain.stdout


def test_a_build_takes_over_what_a_validation_found(tmp_path: Path) -> None:
    folder = site(tmp_path, {**DATA, "data/a.ttl": "ex:a1 a ex:A ; ex:label 'one' .\n"})
    runner = CliRunner()
    runner.invoke(app, ["validate", str(folder)])
    built = runner.invoke(app, ["build", str(folder)])
    assert built.exit_code == 0, built.output
    assert "წინა შემოწმებიდან უცვლელად გადმოტანილი ფორმები: 5/5" in built.stderr
    (folder / "data/c.ttl").write_text(PREFIXES + "ex:a3 a ex:A .", "utf-8")
    assert runner.invoke(app, ["build", str(folder)]).exit_code == 1


@pytest.mark.parametrize(
    ("shape", "properties", "ways"),
    [
        ("sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:minCount 1 ]", "p", {"type", "p"}),
        ("sh:targetNode ex:n ; sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ]", "pq", {"p", "p/^q"}),
        ("sh:targetNode ex:n ; sh:property [ sh:path [ sh:alternativePath ( ex:p ex:q ) ] ]", "pq", {"p", "q"}),
        ("sh:targetObjectsOf ex:p ; sh:targetSubjectsOf ex:q", "pq", {"^p", "q"}),
        ("sh:targetNode ex:n ; sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ]", "p", None),
        ("sh:targetNode ex:n ; sh:property [ sh:path ex:p ; sh:node [ sh:closed true ] ]", "p", {"p", "p/?"}),
        ("sh:targetNode ex:n ; sh:property [ sh:path ex:p ; sh:class ex:A ; sh:lessThan ex:q ]", "pq", {"p", "p/type", "q"}),
        ("sh:targetNode ex:n ; sh:or ( [ sh:path ex:p ] [ sh:not [ sh:path ex:q ; sh:property [ sh:path ex:r ] ] ] )", "pqr", {"p", "q", "q/r"}),
        ("sh:targetNode ex:n ; sh:node ex:S", "", None),
        ("sh:targetNode ex:n ; sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:path ex:q ] ; sh:qualifiedMinCount 1 ]", "pq", {"p", "p/q"}),
        ("sh:targetNode ex:n ; sh:property [ sh:path ex:p ; sh:qualifiedValueShape [] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ]", "p", None),
        ('sh:target [ sh:select "SELECT ?this WHERE { ?this ex:p ?v }" ]', "p", None),
    ],
)  # fmt: skip
def test_what_a_shape_looks_at(shape: str, properties: str, ways: set[str] | None) -> None:
    found = looked(shape)
    assert found.properties == {f"http://example.org/{name}" for name in properties}
    assert (found.ways if found.ways is None else {shown(way) for way in found.ways}) == ways


def looked(shape: str) -> Reads:
    """What the shape ex:S looks at."""
    text = PREFIXES + f"ex:S a sh:NodeShape ; {shape.replace('SELECT', 'PREFIX ex: <http://example.org/> SELECT', 1)} ."
    graph = shapes_of(quads(text))
    assert are_known(graph)
    (found,) = [one for one in Adapter(Graph(), graph).shapes if str(one.node) == "http://example.org/S"]
    return reads(found, NAMED)


def shown(way: tuple[Step, ...]) -> str:
    """A way for a table."""
    names = [re.split("[/#]", step.property)[-1] if step.property else "?" for step in way]
    return "/".join(f"^{name}" if step.inverse else name for name, step in zip(names, way, strict=True))


@pytest.mark.parametrize(
    ("where", "everything", "ways"),
    [
        ("$this ex:p ?v", False, {"p"}),
        ("$this ex:p ?v . ?v ex:q ?w . FILTER(?w > 1)", False, {"p", "p/q"}),
        ("?v ex:p $this . FILTER NOT EXISTS { ?v ex:q ?w }", False, {"^p", "^p/q"}),
        ("$this ex:p/^ex:q ?v", False, {"p", "p/^q"}),
        ("$this ?p ?v . FILTER(isIRI(?v))", True, {"?"}),
        ("$this a ex:A . OPTIONAL { $this ex:p ?v . FILTER EXISTS { ?v ex:q ?w } }", False, {"type", "p", "p/q"}),
        ("{ $this ex:p ?v } UNION { $this ex:q ?v } ?v ex:r ?w", False, {"p", "q", "p/r", "q/r"}),
        ("$this ex:p ?v MINUS { ?v ex:q ?w }", False, {"p", "p/q"}),
        ("$this ex:p ?v . BIND(?v AS ?x) ?x ex:q 1", False, {"p", "p/q"}),
        ("$this ex:p ?v . OPTIONAL { $this ex:q ?w } FILTER NOT EXISTS { ?w ex:r ?x }", False, {"p", "q", "far r"}),
        ("$this ex:p ?v . ?x ex:q ?y . ?x ex:r ?v", False, {"p", "p/^r", "p/^r/q"}),
        ("$this ex:p ?v . ?x ex:q ?y", False, {"p", "far q"}),
        ("$this ex:p ?v . ?x ?q ?y", True, None),
        ("$this ?p ?v . ?p ex:q ?w", True, {"?", "far q"}),
        ("$this ex:p* ?v", True, None),
        ("$this ex:p+ ?v", False, None),
        ("?x ex:p+ ?v . $this ex:q ?w", False, {"q", "far p"}),
        ("OPTIONAL { $this ex:p ?v } FILTER(!bound(?v))", False, {"far p"}),
        ("{ SELECT ?v WHERE { ?s ex:p ?v } } $this ex:q ?v", False, None),
        ("GRAPH ?g { $this ex:p ?v }", True, None),
        ("$this ex:p ?v . ?v ex:q/ex:r ?w", False, None),
        ("$this !ex:p ?v", True, {"?", "^?"}),
    ],
)  # fmt: skip
def test_what_a_query_looks_at(where: str, everything: bool, ways: set[str] | None) -> None:
    found = looked(f'sh:targetClass ex:T ; sh:sparql [ sh:select "SELECT $this WHERE {{ {where} }}" ]')
    target = {"type"}
    assert found.everything is everything
    shown_ways = found.ways and {*map(shown, found.ways), *(f"far {one[-1]}" for one in found.far)}
    assert shown_ways == (None if ways is None else ways | target)


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S sh:rule [] .",
        "ex:S sh:expression [] .",
        "ex:C a sh:ConstraintComponent .",
        "ex:f a sh:SPARQLFunction .",
        'sh:MinCountConstraintComponent sh:message "m" .',
        "ex:S sh:unheardOf 5 .",
    ],
)
def test_shapes_that_are_not_known_are_validated_whole(shapes: str) -> None:
    assert not are_known(shapes_of(quads(PREFIXES + shapes)))


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        (b"", b"", 0, 0),
        (b"<a:a> <a:p> 1 .", b"", None, None),
        (b'<a:a> <a:p> "1" .\n', b'<a:a> <a:p> "2" .\n', 1, 1),
        (b'<a:a> <a:p> "1" .\n<a:a> <a:p> "2" .\n', b'<a:a> <a:p> "2" .\n<a:a> <a:p> "1" .', 0, 0),
        (b'<a:a> <a:p> "\\n" .\n', b'<a:a> <a:p> "\\n" .\n_:b <a:p> <a:b> .\n', 0, 1),
    ],
)
def test_a_change(old: bytes, new: bytes, gone: int | None, come: int) -> None:
    pieces = ([text[place : place + 7] for place in range(0, len(text), 7)] for text in (old, new))
    if gone is None:
        with pytest.raises(SyntaxError):
            change(*pieces)
        return
    found = change(*pieces)
    assert found is not None
    assert (len(found.gone), len(found.come)) == (gone, come)


def test_results_are_put_back_as_they_were() -> None:
    text = (
        PREFIXES
        + """
    [] a sh:ValidationReport ; sh:result [ sh:focusNode _:f ; sh:value "\\u0000 x"@ka ; sh:resultPath ( ex:p [ sh:inversePath ex:q ] ) ;
      sh:sourceShape _:s ; sh:resultMessage "m" , "m"@en ; sh:detail [ sh:value 5 ] ; sh:resultSeverity sh:Info ] .
    """.replace("\\u0000 ", "\\t")
    )
    report = Graph().parse(data=text, format="turtle")
    (node,) = report.objects(None, SH.result)
    again = Graph()
    one = json.loads(json.dumps(said(report, node)))
    add(one, again)
    (copy,) = again.objects(None, SH.result)
    assert about(one) == about(said(again, copy))
    assert len(said(again, copy)["path"]) == len(one["path"]) == 5
