"""Reports of validation: the line that is meant in every format of RDF, every form of output, baselines."""

import gzip
import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from typer.testing import CliRunner, Result

from conftest import BASE, TOML, write_site
from kgpub.cli import app
from kgpub.errors import SettingsError
from kgpub.findings.baseline import Key, compared, text
from kgpub.iris import Iris
from kgpub.logs import entries
from kgpub.logs.asked import By, Form
from kgpub.logs.entries import LEVELS, Entry, Log, Place
from kgpub.logs.excerpts import excerpt, with_excerpts
from kgpub.logs.groups import grouped
from kgpub.logs.text import tell
from kgpub.logs.validation import LEVELS as SEVERITIES
from kgpub.logs.validation import log
from kgpub.logs.writing import Look, into, written
from kgpub.model import Finding
from kgpub.reading.json_lines import json_lines
from kgpub.represent.messages.logs import MESSAGES
from kgpub.settings import load
from kgpub.source import files
from kgpub.validate import validate

NS = f"{BASE}ns/"
P = f"@prefix ex: <{NS}> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPES = P + "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:maxLength 3 ] .\n"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
CONTEXT = f'"@context": {{"ex": "{NS}", "name": "ex:p", "id": "@id"}}'

FORMATS = [
    ("a.ttl", P + 'ex:a ex:q 1 ;\n  ex:p\n "long" ,\n "no" .\n', 4),
    ("b.ttl", P + 'ex:a ex:p "no" .\nex:b ex:p """l\non\ng""" .\n', 5),
    ("a.trig", P + 'ex:g {\n ex:a ex:q 1 ;\n  ex:p "long"\n }\n', 4),
    ("a.nt", f'# c\n<{NS}a> <{NS}p> "no" .\n\n<{NS}a> <{NS}p> "long" .\n', 4),
    ("a.nq", f'\n<{NS}a> <{NS}p> "long" <{NS}g> .\n', 2),
    ("a.rdf", f'<rdf:RDF {RDF}\n xmlns:ex="{NS}">\n<rdf:Description rdf:about="{NS}a">\n<ex:p>no</ex:p>\n'
     "<ex:p>long</ex:p>\n</rdf:Description>\n</rdf:RDF>\n", 5),
    ("b.rdf", f'<rdf:RDF {RDF}\n xmlns:ex="{NS}">\n<rdf:Description rdf:about="{NS}a"\n ex:p="long"/></rdf:RDF>\n', 4),
    ("a.jsonld", f'{{\n{CONTEXT},\n"@graph": [\n{{"@id": "ex:x",\n"ex:q": "long"}},\n{{"id": "ex:a",\n"name":\n'
     '["no",\n"long"]}\n]\n}\n', 9),
    ("b.jsonld", f'{{"ex:p": {{"@value":\n "long"}},\n"@id": "ex:a",\n{CONTEXT}}}\n', 2),
    ("c.jsonld", f'{{{CONTEXT},\n"id": "{NS}a",\n"{NS}p": [{{"@value": "long",\n"@language": "en"}}]}}\n', 3),
    ("d.jsonld", f'{{{CONTEXT},\n"name": "long",\n"ex:q": {{"name":\n"no"}}}}\n', 2),
    # which of two nodes without a name is meant cannot be told
    ("e.jsonld", f'{{{CONTEXT}, "@graph": [\n{{"name": "long"}},\n{{"ex:q": 1, "name": "long"}}\n]}}\n', None),
]  # fmt: skip


def packed(text: str) -> bytes:
    return gzip.compress(text.encode())


WAYS: list[tuple[str, str, Callable[[str], bytes]]] = [
    ("plain", "", str.encode),
    ("byte order mark", "", lambda text: text.encode("utf-8-sig")),
    ("CRLF", "", lambda text: text.replace("\n", "\r\n").encode()),
    ("gz", ".gz", packed),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[0])
@pytest.mark.parametrize(("name", "data", "line"), FORMATS, ids=[row[0] for row in FORMATS])
def test_the_offending_triple_has_its_line_in_every_format(
    tmp_path: Path, name: str, data: str, line: int | None, way: tuple[str, str, Callable[[str], bytes]]
) -> None:
    _, ending, written_so = way
    site = write_site(tmp_path, {"shapes/s.ttl": SHAPES})
    (site / "data").mkdir()
    (site / "data" / (name + ending)).write_bytes(written_so(data))
    settings = load(site)
    found = validate(files(settings), settings).findings
    assert {(one.file, one.line) for one in found} == {(f"data/{name}{ending}", line)}


ALIKE = [{"ex:q": 1, "ex:p": "x"} for _ in range(300)]


@pytest.mark.parametrize(
    ("nodes", "lines"),
    [
        ([{"@id": f"ex:{n}", "ex:p": "x"} for n in range(300)], [8 + 4 * n for n in range(300)]),
        ([*ALIKE, {"ex:p": "x"}], [None] * 301),
        ([{"ex:p": "x"}, {"ex:p": "y"}], [7, 10]),
        ([{"@id": "ex:a", "ex:p": {"@list": ["x", "y"]}}], [8]),
    ],
    ids=["names", "many without", "few without", "a list"],
)
def test_a_line_of_json_ld_is_given_only_where_it_is_certain(nodes: list[Any], lines: list[int | None]) -> None:
    text = json.dumps({"@context": {"ex": NS}, "@graph": nodes}, indent=1)
    places = json_lines(text.splitlines(keepends=True))
    found = [places.of(quad) for quad in parse(text, format=RdfFormat.JSON_LD) if quad.predicate.value == f"{NS}p"]
    assert found == lines


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "meant"),
    [
        ('\t  ex:p "x" .  ', 8, 11, 'ex:p "x" .', '"x"'),
        ("a\x1b[31mb\u202ec", 6, 7, "a⟨U+001B⟩[31mb⟨U+202E⟩c", "b"),
        ("x" * 500, 0, 0, "x" * 140 + "…", ""),
        ("w " * 300 + "here", 600, 604, "…" + ("w " * 20) + "here", "here"),
    ],
)
def test_a_line_is_shown_so_that_nothing_of_it_is_hidden(
    line: str, start: int, end: int, shown: str, meant: str
) -> None:
    made = excerpt(line, start, end)
    assert (made.text, made.text[made.start : made.end]) == (shown, meant)


@given(line=st.text(max_size=400), start=st.integers(0, 400), length=st.integers(0, 300))
def test_whatever_stands_on_a_line_can_be_shown(line: str, start: int, length: int) -> None:
    made = excerpt(line, start, start + length)
    assert made.text.isprintable()
    assert 0 <= made.start <= made.end <= len(made.text)


HOSTILE = "a\x1b]0;owned\x07\r\n::error::x<script>alert(1)</script>]]>\u202e[red]{0}"
RAW = json.dumps(HOSTILE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    many = "".join(f"ex:m{n} a ex:B .\n" for n in range(30))
    shapes = SHAPES + (
        "ex:T a sh:NodeShape ; sh:targetClass ex:B ; sh:property [ sh:path ex:q ; sh:minCount 1 ; "
        'sh:severity sh:Warning ; sh:message "აკლია"@ka , "missing"@en ] .\n'
    )
    data = P + f"ex:a ex:p {RAW} .\n" + many
    toml = TOML + f'[prefixes]\nex = "{NS}"\n'
    return write_site(tmp_path_factory.mktemp("log"), {"data/a, b%.ttl": data, "shapes/s.ttl": shapes}, toml)


def run(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["validate", str(site), *arguments])


@pytest.mark.parametrize("language", ["ka", "en"])
@pytest.mark.parametrize("form", Form)
def test_every_form_is_written_in_either_language(site: Path, tmp_path: Path, form: Form, language: str) -> None:
    out = tmp_path / "out"
    done = run(site, "--format", form, "--lang", language, "--output", str(out))
    assert (done.exit_code, done.stdout) == (1, "")
    made = out.read_text("utf-8")
    assert ("აკლია" if language == "ka" else "missing") in made
    assert form is Form.JSON or "\x1b" not in made
    assert "<script>" not in made or form in {Form.JSON, Form.TEXT, Form.SARIF, Form.GITHUB}


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(("fail_on", "code"), [("violation", 0), ("warning", 1), ("info", 1)])
def test_in_every_form_a_site_fails_from_a_severity_on(tmp_path: Path, form: Form, fail_on: str, code: int) -> None:
    shapes = SHAPES.replace("sh:maxLength 3", "sh:maxLength 3 ; sh:severity sh:Warning")
    site = write_site(tmp_path, {"data/a.ttl": P + "ex:a ex:p 'long' .", "shapes/s.ttl": shapes})
    assert run(site, "--format", form, "--fail-on", fail_on).exit_code == code


def test_text_says_what_is_left_off_and_how_much_there_is(site: Path) -> None:
    made = run(site, "--lang", "en").stdout
    assert "… and 10 more" in made
    assert made.splitlines()[-1] == "✗ violations: 1, warnings: 30, information: 0"
    assert "\x1b" not in made
    assert "    2 │ ex:a ex:p" in made
    georgian = run(site, "--lang", "ka", "--limit", "3").stdout
    assert "… და კიდევ 27" in georgian
    assert georgian.splitlines()[-1] == "✗ დარღვევები: 1, გაფრთხილებები: 30, ცნობები: 0"
    assert "more" not in run(site, "--lang", "en", "--limit", "0").stdout


@pytest.mark.parametrize(
    ("by", "heads"),
    [
        ("shape", [f"{NS}S  (1)", f"{NS}T  (30)"]),
        ("severity", ["violation  (1)", "warning  (30)"]),
        ("file", ["data/a, b%.ttl  (31)"]),
        ("rule", ["sh:MaxLengthConstraintComponent  (1)", "sh:MinCountConstraintComponent  (30)"]),
        ("none", []),
    ],
)
def test_what_belongs_together_stands_together(site: Path, by: str, heads: list[str]) -> None:
    lines = run(site, "--lang", "en", "--group-by", by).stdout.splitlines()
    assert [line for line in lines if re.fullmatch(r"\S.*  \(\d+\)", line)] == heads


def test_groups_have_the_gravest_first_then_the_largest() -> None:
    several = [Entry("r", "x", level, {}, about) for level, about in
               [("note", "a"), ("warning", "b"), ("note", "c"), ("note", "c"), ("error", "d")]]  # fmt: skip
    made = grouped(several, By.FOCUS, 1)
    assert [(one.name, len(one.entries), one.more) for one in made] == [
        ("d", 1, 0), ("b", 1, 0), ("c", 1, 1), ("a", 1, 0),
    ]  # fmt: skip


def test_html_is_one_file_that_asks_for_nothing(site: Path) -> None:
    made = run(site, "--format", "html").stdout
    assert not re.search(r"<script|\son\w+=[^&]*>|\ssrc=|\sstyle=|<link|url\(|@import", made.replace("&lt;", ""))
    assert "default-src &#39;none&#39;" in made or "default-src 'none'" in made
    assert "აკლია" in made and "missing" in made
    assert made.count("<article") == 31
    assert "⟨U+001B⟩" in made


def test_junit_and_github_hold_whatever_the_data_says(site: Path) -> None:
    suite = ElementTree.fromstring(run(site, "--format", "junit").stdout)
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("kgpub validate", "31", "1")
    lines = run(site, "--format", "github").stdout.splitlines()
    assert len(lines) == 31
    assert all(re.match(r"::(error|warning) file=[^:,]*data/a%2C b%25\.ttl,line=\d+,", line) for line in lines)


def test_sarif_names_file_line_columns_and_a_stable_print(site: Path) -> None:
    (made,) = json.loads(run(site, "--format", "sarif").stdout)["runs"]
    assert [rule["id"] for rule in made["tool"]["driver"]["rules"]] == [
        "sh:MaxLengthConstraintComponent", "sh:MinCountConstraintComponent",
    ]  # fmt: skip
    regions = [one["locations"][0]["physicalLocation"]["region"] for one in made["results"]]
    assert regions[1] == {"startLine": 3, "startColumn": 1, "endColumn": 6}
    assert len({one["partialFingerprints"]["kgpub/v1"] for one in made["results"]}) == 31


def test_a_baseline_holds_up_only_what_is_new_and_tells_what_is_gone(tmp_path: Path) -> None:
    def data(lines: str) -> Path:
        return write_site(tmp_path, {"data/a.ttl": P + lines, "shapes/s.ttl": SHAPES})

    kept = tmp_path / "known.json"
    blank = "ex:x ex:q [ ex:p 'blank' ] .\n"
    site = data("ex:a ex:p 'four' . ex:b ex:p 'five!' .\n" + blank)
    assert run(site, "--write-baseline", str(kept)).exit_code == 0
    first = kept.read_bytes()
    site = data("ex:0 ex:q [ ] .\n\n" + blank + "ex:a ex:p 'four' . ex:b ex:p 'five!' .\n")
    again = run(site, "--baseline", str(kept), "--write-baseline", str(kept))
    assert (again.exit_code, kept.read_bytes()) == (0, first), again.output
    site = data(blank + "ex:a ex:p 'four' , 'newer' .\n")
    done = run(site, "--baseline", str(kept), "--lang", "en")
    assert done.exit_code == 1
    assert "Known before, in the baseline: 2" in done.stdout
    assert f"In the baseline and gone: {NS}b  " in done.stdout
    assert "newer" in done.stdout and "data/a.ttl:3: violation" in done.stdout and "'four' ,\n" not in done.stdout
    found = json.loads(run(site, "--baseline", str(kept), "--format", "json").stdout)
    assert sorted(one["new"] for one in found["findings"]) == [False, False, True]
    assert found["baseline"]["gone"][0]["focus"] == f"{NS}b"
    (made,) = json.loads(run(site, "--baseline", str(kept), "--format", "sarif").stdout)["runs"]
    states = sorted(one["baselineState"] for one in made["results"])
    assert states == ["absent", "new", "unchanged", "unchanged"]
    suite = ElementTree.fromstring(run(site, "--baseline", str(kept), "--format", "junit").stdout)
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "2")


KEY = Key("a", "s", "c", "", "")


@pytest.mark.parametrize(
    ("found", "known", "is_new", "gone"),
    [
        ([KEY, KEY, KEY], {KEY: 2}, (False, False, True), ()),
        ([KEY], {KEY: 3}, (False,), ((KEY, 2),)),
        ([KEY], {}, (True,), ()),
        ([], {KEY: 1}, (), ((KEY, 1),)),
    ],
)
def test_equal_findings_are_counted(found: list[Key], known: dict[Key, int], is_new: Any, gone: Any) -> None:
    made = compared(found, known)
    assert (made.is_new, made.gone) == (is_new, gone)


def test_a_baseline_does_not_depend_on_the_order_of_findings() -> None:
    keys = [Key(focus, "s", "c", "", "") for focus in ("b", "a", "b")]
    assert text(keys) == text(keys[::-1])


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 2, "known": []}', '{"version": 1, "known": [{}]}',
                '{"version": 1, "known": [{"focus": 1, "shape": "", "component": "", "path": "", "value": "", "count": 1}]}',
                "[" * 100_000],
)  # fmt: skip
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str) -> None:
    kept = tmp_path / "known.json"
    kept.write_text(content, "utf-8")
    site = write_site(tmp_path, {"data/a.ttl": P + "ex:a ex:q 1 .", "shapes/s.ttl": SHAPES})
    for arguments in (["--baseline", str(kept)], ["--baseline", str(tmp_path / "none")], ["--output", str(tmp_path)]):
        assert isinstance(run(site, *arguments).exception, SettingsError), arguments


texts = st.text(max_size=30) | st.just(HOSTILE)
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "fieldset", "legend", "input", "label", "p", "code", "h1",
    "span", "dl", "div", "dt", "dd", "main", "section", "h2", "bdi", "article", "figure", "figcaption", "pre", "mark",
}  # fmt: skip


@given(texts, texts, texts)
def test_no_text_of_the_data_reaches_a_terminal_or_is_markup(message: str, focus: str, line: str) -> None:
    finding = Finding("violation", focus, "s", "c", {"en": message}, "p", '"v"', "data/a.ttl", 1)
    made = log([finding], Iris(BASE), [KEY])
    look = Look(("en",), by=By.SHAPE)
    out = StringIO()
    shown = grouped(with_excerpts(made.entries, lambda _: [line]), By.SHAPE, 0)
    tell(made, shown, By.SHAPE, ("en",), into(out))
    assert all(c.isprintable() or c == "\n" for c in out.getvalue())
    page = written(made, Form.HTML, look, lambda _: [line])
    assert set(re.findall(r"<(?![!/])([^\s>]*)", page)) <= ELEMENTS


def test_an_empty_log_says_so() -> None:
    page = written(Log("kgpub validate", (), ()), Form.HTML, Look(("ka",)), lambda _: ())
    assert "შენიშვნა არ არის." in page and "There is nothing to say." in page
    assert set(LEVELS) == {"error", "warning", "note"}
    assert str(Place("a", 3)) == "a:3"


def test_every_word_of_a_report_is_said_somewhere() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in Path(entries.__file__).parent.glob("*.*"))
    made = {f"log.counted.{name}" for name in (*LEVELS, *SEVERITIES)} | {f"log.none.{by}" for by in By}
    assert [key for key in MESSAGES if f'"{key}"' not in sources and key not in made] == []
