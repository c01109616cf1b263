"""What a careful reviewer says of a site: a row per rule that speaks, and a row per case where it must not."""

import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from string import Formatter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from conftest import write_site
from kgpub.cli import app
from kgpub.errors import SettingsError, SourceError
from kgpub.logs.github import annotations
from kgpub.logs.junit import junit
from kgpub.logs.sarif import sarif
from kgpub.represent.messages.review import MESSAGES
from kgpub.review import OFF, RULES, Place, Remark, Review, review
from kgpub.review.findings import SEVERITIES, shown
from kgpub.review.identity import written
from kgpub.review.namespaces import OLD, RIGHT, judged
from kgpub.review.survey import serves
from kgpub.review.vocabularies import bundled
from kgpub.review.writing import as_json, log
from kgpub.settings import load

HERE = PurePosixPath()
BASE = "https://kg.museum.ge/"
HEAD = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'
GOOD = 'licence = "https://creativecommons.org/licenses/by/4.0/"\npublisher = "Museum"\n'
P = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ex: <ns/> .
@prefix id: <id/> .
<graph/a> dcterms:source <https://museum.org/list> .
"""
LINES = P.count("\n")
ONTOLOGY = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
<ns/> a owl:Ontology . <ns/Book> a owl:Class . <ns/author> a owl:ObjectProperty . <ns/pages> a owl:DatatypeProperty .
"""
BOTH = 'skos:prefLabel "წიგნი"@ka , "Book"@en'


def remarks(tmp_path: Path, turtle: str, toml: str = HEAD + GOOD, **more: str) -> tuple[Remark, ...]:
    files = {"data/a.ttl": P + turtle, "ontology/o.ttl": ONTOLOGY, **{k.replace("__", "/"): v for k, v in more.items()}}
    return review(load(write_site(tmp_path, files, toml))).remarks


SAID = [
    # what stands on the first line after the prefixes, the rule, the fix at its place
    ("a link to nothing", f"id:a a ex:Book ; {BOTH} ; ex:author id:nobody .", "link-dangling", ""),
    ("no class and no link", f"id:a {BOTH} .", "page-unreachable", ""),
    ("a name in one language only", 'id:a a ex:Book ; skos:prefLabel "Book"@en .', "translation-label", ""),
    ("a description in one language only", f'id:a a ex:Book ; {BOTH} ; dcterms:description "Text."@en .', "translation-description", ""),
    ("a thing of others in one language only", '<https://o.org/x> rdfs:label "X"@en .', "translation-foreign", ""),
    ("a slip in a closed vocabulary", 'id:a a ex:Book ; skos:prefLable "x" .', "term-misspelt", "skos:prefLabel"),
    ("a slip in the site's own", f"id:a a ex:Boook ; {BOTH} .", "term-misspelt", "ex:Book"),
    ("a class that nothing is like", f"id:a a ex:Zeppelin ; {BOTH} .", "term-undefined", ""),
    ("a datatype that is none", 'id:a a ex:Book ; ex:pages "3"^^<http://www.w3.org/2000/01/rdf-schema#Litteral> .', "term-misspelt", "http://www.w3.org/2000/01/rdf-schema#Literal"),
    ("a slip in an open vocabulary", 'id:a a ex:Book ; <https://schema.org/startDat> "x" .', "term-doubtful", ""),
    ("the other scheme", 'id:a a ex:Book ; <https://www.w3.org/ns/locn#address> "x" .', "namespace-wrong", "http://www.w3.org/ns/locn#address"),
    ("schema.org by http", 'id:a a ex:Book ; <http://schema.org/name> "x" .', "namespace-other", "https://schema.org/name"),
    ("no mark at the end", 'id:a a ex:Book ; <http://purl.org/dc/termstitle> "x" .', "namespace-wrong", "http://purl.org/dc/terms/title"),
    ("a blank at the end of a name", 'id:a a ex:Book ; skos:prefLabel "Book "@en , "წიგნი"@ka .', "label-spaces", "Book"),
    ("two blanks in a name", 'id:a a ex:Book ; skos:prefLabel "a  b"@en , "წიგნი"@ka .', "label-spaces", "a b"),
    ("a blank that does not break", 'id:a a ex:Book ; skos:altLabel "a\u00a0b" .', "label-spaces", "a b"),
    ("nothing but blanks", 'id:a a ex:Book ; skos:altLabel " " .', "label-spaces", ""),
    ("a blank of no width", 'id:a a ex:Book ; skos:altLabel "წი\u200bგნი" .', "label-invisible", "წიგნი"),
    ("a joiner in a Georgian word", 'id:a a ex:Book ; skos:altLabel "წი\u200dგნი" .', "label-invisible", "წიგნი"),
    ("a turn of direction", 'id:a a ex:Book ; skos:altLabel "a\u202eb" .', "label-invisible", "ab"),
    ("a Cyrillic letter in a Georgian word", 'id:a a ex:Book ; skos:altLabel "წიгნი" .', "label-scripts", ""),
    ("a Latin letter in a Georgian word", 'id:a a ex:Book ; skos:altLabel "წიgნი" .', "label-scripts", ""),
    ("a Cyrillic letter in a Latin word", 'id:a a ex:Book ; skos:altLabel "Tbilіsi" .', "label-scripts", "Tbilisi"),
    ("a Latin letter in a Cyrillic word", 'id:a a ex:Book ; skos:altLabel "Мocква" .', "label-scripts", "Москва"),
    ("a Greek letter that looks Latin", 'id:a a ex:Book ; skos:altLabel "Τbilisi" .', "label-scripts", "Tbilisi"),
    ("the same as a text", 'id:a a ex:Book ; owl:sameAs "http://www.wikidata.org/entity/Q1" .', "same-form", ""),
    ("the same as a blank node", "id:a a ex:Book ; owl:sameAs [] .", "same-form", ""),
    ("the same as what was meant to be absolute", "id:a a ex:Book ; owl:sameAs <www.wikidata.org/entity/Q1> .", "same-form", "https://www.wikidata.org/entity/Q1"),
    ("a page for an entity", "id:a a ex:Book ; skos:exactMatch <https://www.wikidata.org/wiki/Q1> .", "same-authority", "http://www.wikidata.org/entity/Q1"),
    ("a blank in an identifier", "<id/a%20b> a ex:Book .", "id-space", ""),
    ("technology in an identifier", "<id/show.php/a> a ex:Book .", "id-technology", ""),
    ("a date in a path", "<2013/05/a> a ex:Book .", "id-date", ""),
    ("a twin by case", "id:a a ex:Book . id:A a ex:Book .", "id-twin", ""),
    ("a twin by encoding", "<id/%E1%83%90> a ex:Book . <id/ა> a ex:Book .", "id-twin", ""),
    ("a link to a twin", "id:a a ex:Book ; ex:author id:A .", "id-twin", "id:a"),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "rule", "fix"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_a_rule_says_it_once_with_line_and_fix(tmp_path: Path, turtle: str, rule: str, fix: str) -> None:
    (found,) = [one for one in remarks(tmp_path, turtle) if one.rule == rule]
    assert (found.place.file, found.place.line, found.fix) == ("data/a.ttl", LINES + 1, fix)
    assert set(found.messages) == {"ka", "en"}
    assert all("{" not in text for text in found.messages.values())


@pytest.mark.parametrize(("turtle", "rule"), [row[1:3] for row in SAID], ids=[row[0] for row in SAID])
def test_a_rule_that_is_off_says_nothing(tmp_path: Path, turtle: str, rule: str) -> None:
    assert not [
        one for one in remarks(tmp_path, turtle, HEAD + GOOD + f"[check]\n{rule} = 'off'\n") if one.rule == rule
    ]


SILENT = [
    ("a whole site", f"id:a a ex:Book ; {BOTH} ; ex:author id:b . id:b {BOTH} ."),
    ("a link to a graph", f"id:a a ex:Book ; {BOTH} ; dcterms:source <graph/a> ."),
    ("a link to a file", f"id:a a ex:Book ; {BOTH} ; <http://xmlns.com/foaf/0.1/depiction> <static/a.png> ."),
    ("a link to the application", f"id:a a ex:Book ; {BOTH} ; rdfs:seeAlso <-/data> , <sparql> ."),
    ("a statement node without class", f"id:a a ex:Book ; {BOTH} . <fact/1> rdf:subject id:a ; rdf:predicate skos:prefLabel ; rdf:object \"Book\"@en ."),
    ("a name in a region of the language", 'id:a a ex:Book ; skos:prefLabel "წიგნი"@ka , "Book"@en-GB .'),
    ("a name without language", 'id:a a ex:Book ; skos:prefLabel "ISBN" .'),
    ("a name in another label property", 'id:a a ex:Book ; skos:prefLabel "წიგნი"@ka ; rdfs:label "Book"@en .'),
    ("members of containers", f"id:a a ex:Book ; {BOTH} ; rdf:_12 \"x\" ."),
    ("a new term of an open vocabulary", f'id:a a ex:Book ; {BOTH} ; <https://schema.org/zeppelinCount> "x" .'),
    ("a term of RDF 1.2", f"id:a a ex:Book ; {BOTH} . <fact/1> rdf:reifies <<( id:a ex:pages 3 )>> ."),
    ("a page about a namespace", f"id:a a ex:Book ; {BOTH} ; rdfs:seeAlso <https://www.w3.org/ns/locn#address> ."),
    ("words of two scripts in one name", 'id:a a ex:Book ; skos:altLabel "USAID-ის პროექტი Москва" .'),
    ("a unit", 'id:a a ex:Book ; skos:altLabel "5 μg" , "ΔT" .'),
    ("a joiner where it is needed", 'id:a a ex:Book ; skos:altLabel "می\u200cخواهم"@fa .'),
    ("a misspelt form kept on purpose", 'id:a a ex:Book ; skos:hiddenLabel "Tbilіsi  " .'),
    ("blanks in a description", f'id:a a ex:Book ; {BOTH} ; dcterms:description "ა  ბ"@ka , "a\u00a0b"@en .'),
    ("an authority's own form", f"id:a a ex:Book ; {BOTH} ; skos:exactMatch <http://www.wikidata.org/entity/Q1> , <https://ror.org/035a68863> ."),
    ("a page as schema.org wants it", f"id:a a ex:Book ; {BOTH} ; <https://schema.org/sameAs> <https://www.wikidata.org/wiki/Q1> ."),
    ("an event named by its day", f"<id/event-2013-05-02> a ex:Book ; {BOTH} ."),
    ("a twin that was replaced", f"id:a a ex:Book ; {BOTH} . id:A a ex:Book ; {BOTH} ; dcterms:isReplacedBy id:a ."),
    ("a class and a property of one name", f"id:a a ex:Book ; {BOTH} ; ex:book \"x\" . ex:book a owl:DatatypeProperty ."),
]  # fmt: skip


@pytest.mark.parametrize("turtle", [row[1] for row in SILENT], ids=[row[0] for row in SILENT])
def test_nothing_is_said_of(tmp_path: Path, turtle: str) -> None:
    assert [(one.rule, one.messages["en"]) for one in remarks(tmp_path, turtle)] == []


@pytest.mark.parametrize(
    ("toml", "rule", "line"),
    [
        (HEAD + 'publisher = "M"\n', "licence", None),
        (HEAD + 'licence = "https://l.org/"\n', "publisher", None),
        *((HEAD.replace("kg.museum.ge", host) + GOOD, "base-temporary", 2) for host in ("localhost:8000", "data.example.org", "127.0.0.1", "[::1]", "kg.test", "printer.local")),
    ],
)  # fmt: skip
def test_what_the_settings_lack_is_said_with_their_line(tmp_path: Path, toml: str, rule: str, line: int | None) -> None:
    (found,) = remarks(tmp_path, f"id:a a ex:Book ; {BOTH} .", toml)
    assert (found.rule, found.place) == (rule, Place("kgpub.toml", line))


@pytest.mark.parametrize(
    ("extra", "speaks"),
    [
        ("", True),
        ("<data/b> dcterms:creator id:a .", True),
        ("<graph/b> dcterms:creator id:a .", False),
        ("<data/whole> a <http://www.w3.org/ns/dcat#Dataset> ; dcterms:publisher id:a .", False),
        ('<fact/1> rdf:subject id:a ; rdf:predicate skos:prefLabel ; rdf:object "Book"@en .', False),
    ],
)
def test_a_graph_without_origin_is_named(tmp_path: Path, extra: str, speaks: bool) -> None:
    prefixes = P[: P.index("<graph/a>")]
    found = remarks(
        tmp_path, f"id:a a ex:Book ; {BOTH} .", **{"data/b.ttl": f"{prefixes}id:a ex:author id:a . {extra}"}
    )
    assert [one.about for one in found if one.rule == "graph-provenance"] == [f"{BASE}graph/b"] * speaks


REIFIED = "<fact/1> rdf:subject id:a ; rdf:predicate owl:sameAs ; rdf:object <https://o.org/a>"
SAME = "id:a owl:sameAs <https://o.org/a> ."


@pytest.mark.parametrize(
    ("turtle", "speaks"),
    [
        (SAME, True),
        (f"{SAME} {REIFIED} .", True),
        (f"{SAME} {REIFIED} ; prov:hadPrimarySource id:a .", False),
        (f"{SAME} {REIFIED} ; prov:wasDerivedFrom <https://o.org/list> .", False),
        (f"{SAME} <fact/1> rdf:reifies <<( id:a owl:sameAs <https://o.org/a> )>> ; dcterms:source id:a .", False),
        (f"{SAME} <graph/b> dcterms:source <https://o.org/list> .", False),
    ],
)
def test_an_identity_needs_evidence_in_the_sites_way(tmp_path: Path, turtle: str, speaks: bool) -> None:
    more = {"data/b.ttl": P[: P.index("<graph/a>")] + turtle}
    found = [one for one in remarks(tmp_path, f"id:a a ex:Book ; {BOTH} .", **more) if one.rule == "same-evidence"]
    assert [one.place.line for one in found] == [LINES] * speaks


def test_the_sites_own_question_says_what_evidence_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    own = "SELECT ?statement ?subject ?predicate ?object ?document WHERE { GRAPH ?g { ?statement <urn:about> ?subject ; <urn:from> ?document . ?subject ?predicate ?object } }"
    turtle = f"{P[: P.index('<graph/a>')]}{SAME} <urn:s> <urn:about> id:a ; <urn:from> <https://o.org/list> ."
    more = {"data/b.ttl": turtle, "queries/provenance.rq": own}
    assert "same-evidence" not in {one.rule for one in remarks(tmp_path, f"id:a a ex:Book ; {BOTH} .", **more)}
    more["queries/provenance.rq"] = "SELECT nothing"
    with pytest.raises(SourceError, match=r"queries/provenance\.rq"):
        remarks(tmp_path, f"id:a a ex:Book ; {BOTH} .", **more)
    assert list((tmp_path / "temporary").iterdir()) == []


SHAPES = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<shapes/Book> a sh:NodeShape ; sh:targetClass <{BASE}ns/Book> ; sh:property [
  sh:path skos:notation ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "No number"@en , "ნომერი არ არის"@ka ] .
"""


@pytest.mark.parametrize(("setting", "severity"), [("", "warning"), ("error", "error"), ("off", "")])
def test_results_of_shapes_are_remarks_too(tmp_path: Path, setting: str, severity: str) -> None:
    toml = HEAD + GOOD + (f"[check]\nshacl-warning = '{setting}'\n" if setting else "")
    found = remarks(tmp_path, f"id:a a ex:Book ; {BOTH} .", toml, **{"shapes/s.ttl": SHAPES})
    place, messages = Place("data/a.ttl", LINES + 1), {"ka": "ნომერი არ არის", "en": "No number"}
    assert found == ((Remark("shacl-warning", severity, messages, f"{BASE}id/a", place),) if severity else ())


@pytest.mark.parametrize(
    ("setting", "told"),
    [("label-space = 'off'", "check.label-space: there is no such rule; perhaps label-spaces is meant"), ("licence = 'fatal'", "check.licence: must be one of error, warning, note, off")],
)  # fmt: skip
def test_a_rule_that_there_is_not_is_refused(tmp_path: Path, setting: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        remarks(tmp_path, "id:a a ex:Book .", f"{HEAD}[check]\n{setting}\n")


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("id:org-imo", "Perhaps https://kg.museum.ge/id/org-iom is meant."),
        ("id:event-13", "of which the site says nothing."),
        ("id:org-iom", ""),
    ],
)
def test_the_nearest_thing_is_proposed_unless_it_has_another_number(tmp_path: Path, link: str, message: str) -> None:
    things = " ".join(f"id:{name} a ex:Book ; {BOTH} ." for name in ("org-iom", "event-12"))
    found = remarks(tmp_path, f"{things} id:a a ex:Book ; {BOTH} ; ex:author {link} .")
    assert [one.rule for one in found] == ["link-dangling"] * bool(message)
    assert all(one.messages["en"].endswith(message) for one in found)


def test_without_an_ontology_a_class_that_nobody_describes_is_a_link_to_nothing(tmp_path: Path) -> None:
    files = {"data/a.ttl": P + f"id:a a ex:Boook ; {BOTH} ."}
    found = review(load(write_site(tmp_path, files, HEAD + GOOD))).remarks
    assert [(one.rule, one.about) for one in found] == [("link-dangling", f"{BASE}ns/Boook")]


TEXT = f"""@prefix ex: <{BASE}ns/> .
@prefix schema: <http://schema.org/> .
# a comment: ex:Boook
<{BASE}id/a>
  a
    ex:Boook ;
  schema:name "x" ; schema:url "y" ;
  ex:authr
    <{BASE}id/a> , <{BASE}id/a> .
"""


@pytest.mark.parametrize(
    ("rule", "place", "fix"),
    [
        ("namespace-other", Place("data/b.ttl", 2, 18, 36), "https://schema.org/"),
        ("term-misspelt", Place("data/b.ttl", 6, 5, 13), "ex:Book"),
        ("term-misspelt", Place("data/b.ttl", 8, 3, 11), "ex:author"),
    ],
)
def test_a_place_is_where_the_words_stand(tmp_path: Path, rule: str, place: Place, fix: str) -> None:
    found = remarks(tmp_path, f"id:b a ex:Book ; {BOTH} .", **{"data/b.ttl": TEXT})
    assert (rule, place, fix) in [(one.rule, one.place, one.fix) for one in found]


MENDED = [row for row in SAID if row[3]]


@pytest.mark.parametrize(("turtle", "rule"), [row[1:3] for row in MENDED], ids=[row[0] for row in MENDED])
def test_a_fix_put_at_its_place_mends_the_file(tmp_path: Path, turtle: str, rule: str) -> None:
    (found,) = [one for one in remarks(tmp_path, turtle) if one.rule == rule]
    assert found.place.column
    assert found.place.end
    mended = turtle[: found.place.column - 1] + found.fix + turtle[found.place.end - 1 :]
    assert rule not in {one.rule for one in remarks(tmp_path, mended)}


OTHER_FORMATS = {
    "data/b.nt": f'<{BASE}id/a> <http://www.w3.org/2004/02/skos/core#prefLable> "x" .\n',
    "data/b.jsonld": f'{{"@context": {{"skos": "http://www.w3.org/2004/02/skos/core#"}},\n "@id": "{BASE}id/a",\n "skos:prefLable": "x"}}\n',
    "data/b.rdf": f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">\n<rdf:Description rdf:about="{BASE}id/a">\n<skos:prefLable\n>x</skos:prefLable>\n</rdf:Description></rdf:RDF>\n',
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_FORMATS)
def test_every_format_has_lines(tmp_path: Path, name: str) -> None:
    found = remarks(tmp_path, f"id:a a ex:Book ; {BOTH} .", **{name: OTHER_FORMATS[name]})
    (one,) = [one for one in found if one.rule == "term-misspelt"]
    lines = OTHER_FORMATS[name].split("\n")
    assert one.place.line is not None
    assert "prefLable" in lines[one.place.line - 1]


HOSTILE = "a\r\n::error::owned\u202e]]><script>alert(1)</script>%0A{iri}{0}\\u001b[31m"
DIRTY = (
    f'id:a a ex:Book ; skos:altLabel "  {HOSTILE.replace(chr(13), chr(92) + "r").replace(chr(10), chr(92) + "n")}" .\n'
)


def hostile(tmp_path: Path) -> Review:
    toml = HEAD + "[check]\nlicence = 'error'\n"
    long = f'id:long a ex:Book ; skos:altLabel "  {"ა" * 3_000_000}" .'
    return review(load(write_site(tmp_path, {"data/a, b%.ttl": P + DIRTY + long, "ontology/o.ttl": ONTOLOGY}, toml)))


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Review:
    return hostile(tmp_path_factory.mktemp("hostile"))


def test_texts_of_the_data_are_cut_and_made_visible(bad: Review) -> None:
    texts = [text for one in bad.remarks for text in one.messages.values()]
    assert {"label-spaces", "label-invisible", "licence"} <= {one.rule for one in bad.remarks}
    assert max(map(len, texts)) < 400
    assert all(c.isprintable() for text in texts for c in text)
    assert any("⟨U+000D⟩⟨U+000A⟩::error::owned⟨U+202E⟩" in text for text in texts)


SHAPE: Mapping[str, tuple[set[str], set[str]]] = {
    # what SARIF 2.1.0 demands of an object, and what else it may have
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results", "columnKind", "invocations"}),
    "driver": ({"name"}, {"version", "language", "rules"}),
    "rule": ({"id"}, {"shortDescription", "defaultConfiguration", "properties"}),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "locations", "fixes"}),
    "change": ({"artifactLocation", "replacements"}, set()),
    "replacement": ({"deletedRegion"}, {"insertedContent"}),
    "region": (set(), {"startLine", "startColumn", "endColumn"}),
}


def _has_form(kind: str, value: Mapping[str, object]) -> None:
    needed, allowed = SHAPE[kind]
    assert needed <= set(value) <= needed | allowed, kind


def _is_region(region: Mapping[str, int]) -> None:
    _has_form("region", region)
    assert region["startLine"] >= 1
    assert region.get("startColumn", 1) >= 1
    assert region.get("endColumn", 2) > region.get("startColumn", 1)


@pytest.mark.parametrize("language", ["ka", "en"])
def test_sarif_has_the_form_that_its_specification_demands(bad: Review, language: str) -> None:
    made = json.loads(sarif(log(bad), (language,), PurePosixPath("my site")))
    _has_form("log", made)
    assert made["version"] == "2.1.0"
    (run,) = made["runs"]
    driver = run["tool"]["driver"]
    _has_form("run", run)
    _has_form("driver", driver)
    assert re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", driver["language"])
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    assert len(run["results"]) == len(bad.remarks)
    for rule in driver["rules"]:
        _has_form("rule", rule)
        assert rule["defaultConfiguration"]["level"] in SEVERITIES
    for result in run["results"]:
        _has_form("result", result)
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        for location in result["locations"]:
            place = location["physicalLocation"]
            assert place["artifactLocation"]["uri"] in {"my%20site/kgpub.toml", "my%20site/data/a%2C%20b%25.ttl"}
            if "region" in place:
                _is_region(place["region"])


def test_a_fix_of_sarif_replaces_exactly_what_is_wrong(tmp_path: Path) -> None:
    found = remarks(tmp_path, 'id:a a ex:Book ; skos:prefLable "x" .')
    (result,) = [
        one for one in json.loads(sarif(log(Review(found)), ("en",), HERE))["runs"][0]["results"] if "fixes" in one
    ]
    (change,) = result["fixes"][0]["artifactChanges"]
    _has_form("change", change)
    (replacement,) = change["replacements"]
    _has_form("replacement", replacement)
    region = replacement["deletedRegion"]
    _is_region(region)
    line = (
        (tmp_path / "site" / change["artifactLocation"]["uri"]).read_text("utf-8").split("\n")[region["startLine"] - 1]
    )
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "skos:prefLable"
    assert replacement["insertedContent"] == {"text": "skos:prefLabel"}


@pytest.mark.parametrize(("fail_on", "fails"), [("error", 1), ("warning", 5), ("note", 7)])
def test_junit_counts_what_fails(bad: Review, fail_on: str, fails: int) -> None:
    suite = ElementTree.fromstring(junit(log(bad), ("ka",), fail_on))
    cases = suite.findall("testcase")
    assert suite.tag == "testsuite"
    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure"))) == str(fails)
    assert all(case.get("name") and case.get("classname") for case in cases)
    assert {(case.get("classname") or "").rpartition(".")[2] for case in cases} == {rule.id for rule in RULES}


COMMAND = re.compile(r"::(error|warning|notice)(?: (?P<properties>[^\r\n:]*))?::(?P<text>[^\r\n]*)")


def test_no_text_of_the_data_is_a_command_to_github(bad: Review) -> None:
    lines = list(annotations(log(bad), ("en",), HERE))
    assert len(lines) == len(bad.remarks)
    for line in lines:
        found = COMMAND.fullmatch(line)
        assert found, line
        pairs = dict(pair.split("=", 1) for pair in found["properties"].split(","))
        assert set(pairs) <= {"file", "line", "col", "endColumn", "title"}
        assert pairs["file"] in {"kgpub.toml", "data/a%2C b%25.ttl"}


@given(text=st.text(max_size=40), file=st.text(max_size=20))
def test_what_github_reads_is_what_was_meant(text: str, file: str) -> None:
    (line,) = annotations(log(Review((Remark("licence", "note", {"en": text}, "", Place(file, 3)),))), ("en",), HERE)
    found = COMMAND.fullmatch(line)
    assert found

    def read(escaped: str) -> str:
        for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            escaped = escaped.replace(escape, character)
        return escaped

    pairs = dict(pair.split("=", 1) for pair in found["properties"].split(","))
    assert read(found["text"]) == text
    assert read(pairs.get("file", "")) == (PurePosixPath(file).as_posix() if file else "")


@given(text=st.text(max_size=40))
def test_junit_is_xml_whatever_the_data_says(text: str) -> None:
    made = junit(
        log(Review((Remark("licence", "error", {"en": text}, text, Place(text or "x", 1)),))), ("en",), "error"
    )
    ElementTree.fromstring(made)


@given(text=st.text(max_size=300))
def test_a_shown_text_is_short_and_on_one_line(text: str) -> None:
    assert all(c.isprintable() for c in shown(text))
    assert shown(text) == text or len(text) > 120 or not text.isprintable()


def test_json_has_both_languages_and_says_what_is_not_known(bad: Review) -> None:
    made = json.loads(as_json(bad))
    assert made["counts"] == {"error": 1, "warning": 4, "note": 2}
    assert all(set(one["messages"]) == {"ka", "en"} for one in made["remarks"])
    assert [one["line"] for one in made["remarks"] if one["rule"] == "licence"] == [None]


def test_of_one_rule_at_most_500_are_told(tmp_path: Path) -> None:
    many = "".join(f'id:b{n} a ex:Book ; skos:altLabel " {n}" .\n' for n in range(507))
    found = review(load(write_site(tmp_path, {"data/a.ttl": P + many, "ontology/o.ttl": ONTOLOGY}, HEAD + GOOD)))
    assert (len(found.remarks), found.left_off) == (500, {"label-spaces": 7})
    told = [json.loads(sarif(log(found), ("en",), HERE))["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"], list(annotations(log(found), ("en",), HERE))[-1]]  # fmt: skip
    assert told == ["Rule label-spaces: 7 more", "::notice::Rule label-spaces: 7 more"]


@pytest.mark.parametrize("namespace", sorted({*bundled(), *RIGHT}))
def test_no_right_namespace_is_called_wrong(namespace: str) -> None:
    assert judged(namespace + "x") is None


@pytest.mark.parametrize(("wrong", "right"), OLD.items())
def test_what_stands_in_place_of_an_old_namespace_is_right(wrong: str, right: str) -> None:
    found = judged(wrong + "name")
    assert found is not None
    assert (found.right, judged(right + "name")) == (right, None)


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ("https://m.wikidata.org/wiki/Q42#sitelinks", "http://www.wikidata.org/entity/Q42"),
        ("http://www.wikidata.org/entity/Q42", "http://www.wikidata.org/entity/Q42"),
        ("https://dbpedia.org/page/Tbilisi", "http://dbpedia.org/resource/Tbilisi"),
        ("https://viaf.org/viaf/12/", "http://viaf.org/viaf/12"),
        ("http://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("http://d-nb.info/gnd/4-1", "https://d-nb.info/gnd/4-1"),
        ("http://dx.doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("https://www.geonames.org/611717/tbilisi.html", "https://sws.geonames.org/611717/"),
        ("http://sws.geonames.org/611717/", "http://sws.geonames.org/611717/"),
        ("http://vocab.getty.edu/page/aat/300", "http://vocab.getty.edu/aat/300"),
        ("https://museum.org/wiki/Q42", ""),
    ],
)
def test_authorities_write_their_identifiers_so(found: str, right: str) -> None:
    assert written(found) == right
    assert written(right) == right


@pytest.mark.parametrize(
    ("tag", "language", "does"),
    [("ka", "ka", True), ("en-gb", "en", True), ("en", "en-gb", True), ("ka-latn", "ka", False), ("eng", "en", False), ("de", "en", False)],
)  # fmt: skip
def test_a_tag_serves_a_language(tag: str, language: str, does: bool) -> None:
    assert serves(tag, language) is does


def test_every_rule_has_words_and_every_message_names_the_same_values() -> None:
    for key, words in MESSAGES.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in words]
        assert words.ka != words.en, key
        assert fields[0] <= fields[1], key
    assert {key.removesuffix(".title") for key in MESSAGES if key.endswith(".title")} == {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0), (["--fail-on", "warning"], 1), (["--fail-on", "note"], 1), (["--format", "json"], 0),
        (["--format", "sarif"], 0), (["--format", "junit", "--fail-on", "warning"], 1), (["--format", "github"], 0),
        (["--format", "xml"], 2),
    ],
)  # fmt: skip
def test_the_command_ends_with_the_code_that_its_help_tells(tmp_path: Path, arguments: list[str], code: int) -> None:
    site = write_site(tmp_path, {"data/a.ttl": P + f"id:a a ex:Book ; {BOTH} .\n"}, HEAD)
    done = CliRunner().invoke(app, ["check", str(site), "--lang", "en", *arguments])
    assert done.exit_code == code, done.output
    assert "licence" in done.output or code == 2


def test_a_severity_is_one_of_four() -> None:
    assert {rule.severity for rule in RULES} <= {*SEVERITIES, OFF}
