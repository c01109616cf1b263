"""The command line as a person or script uses it: what it prints, where, and its exit code."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOML = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["en", "ka"]\n'
GOOD = "<id/a> <http://www.w3.org/2000/01/rdf-schema#label> 'A'@en .\n"
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<shape/x> a sh:NodeShape ; sh:targetSubjectsOf <ns/p> ;
  sh:property [ sh:path <ns/p> ; sh:maxLength 2 ; sh:message "Too long."@en , "მეტისმეტად გრძელია."@ka ] .
"""


def kgpub(*arguments: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "kgpub", *arguments]
    return subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", **env},
        timeout=120,
    )


def site(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in {"kgpub.toml": TOML, "data/a.ttl": GOOD, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


BAD: list[tuple[str, dict[str, str | bytes], int, list[str]]] = [
    ("broken Turtle names file and line", {"data/b.ttl": GOOD + "<id/b> <p> .\n"}, 3, ["data/b.ttl:2:"]),
    (
        "an unknown prefix is named with its line",
        {"data/b.ttl": "\n\nx:a x:b x:c .\n"},
        3,
        ["data/b.ttl:3:", "prefix x:"],
    ),
    ("an IRI with a space is named with its line", {"data/b.ttl": "\n<id/a b> <p> 1 .\n"}, 3, ["data/b.ttl:2:"]),
    ("bytes that are no UTF-8 are named", {"data/b.ttl": b"<id/a> <p> '\xff' .\n"}, 3, ["data/b.ttl:1:"]),
    (
        "an undefined language is refused",
        {"kgpub.toml": TOML.replace('"ka"', '"xx"')},
        2,
        ["kgpub.toml", "languages", "xx"],
    ),
    ("a broken kgpub.toml names the line", {"kgpub.toml": TOML + "x = [\n"}, 2, ["kgpub.toml:4"]),
    ("an unknown setting is named", {"kgpub.toml": TOML + "colour = 1\n"}, 2, ["kgpub.toml", "colour"]),
    (
        "two files that claim one graph are both named",
        {"kgpub.toml": TOML + '[graphs."data/*.ttl"]\nname = "graph/x"\n', "data/b.ttl": GOOD},
        3,
        ["data/a.ttl", "data/b.ttl", "graph/x"],
    ),
    (
        "a violated shape stops the release",
        {"shapes/s.ttl": SHAPE, "data/b.ttl": "\n<id/a> <ns/p> 'long' .\n"},
        1,
        ["data/b.ttl:2", "Too long."],
    ),
    ("a broken shape names its file", {"shapes/s.ttl": "<x> <y> ;\n"}, 3, ["shapes/s.ttl:"]),
]


QUICK = {"broken Turtle names file and line", "an unknown setting is named", "a violated shape stops the release"}
"""What is tried each time; the rest with the slow tests."""


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [pytest.param(*row[1:], id=row[0], marks=() if row[0] in QUICK else pytest.mark.slow) for row in BAD],
)
def test_bad_input(tmp_path: Path, files: dict[str, str | bytes], code: int, words: list[str]) -> None:
    folder = site(tmp_path, {})
    assert kgpub("build", str(folder)).returncode == 0
    before = (folder / ".kgpub/current").read_text()
    site(folder, files)
    result = kgpub("build", str(folder), "--strict")
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert all(word in result.stderr for word in words), result.stderr
    assert (folder / ".kgpub/current").read_text() == before, "the last snapshot must stay in service"
    assert [p.name for p in (folder / ".kgpub/snapshots").iterdir()] == [before], "nothing half-made may stay"


def test_a_folder_without_kgpub_toml_is_told_what_to_do(tmp_path: Path) -> None:
    result = kgpub("serve", str(tmp_path))
    assert (result.returncode, "Traceback" in result.stderr) == (2, False)
    assert "kgpub.toml" in result.stderr and "kgpub new" in result.stderr


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = site(tmp_path, {})
    (folder / "data/b.ttl").mkdir()
    result = kgpub("build", str(folder))
    assert result.returncode == 3
    assert "data/b.ttl" in result.stderr


def test_a_port_in_use_is_said_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = kgpub("serve", str(site(tmp_path, {})), "--port", str(port))
    assert result.returncode == 2
    assert f"127.0.0.1:{port}" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("new") / "site"
    result = kgpub("new", str(folder))
    assert result.returncode == 0, result.stderr
    yield folder
    shutil.rmtree(folder)


def test_a_new_site_is_valid_and_builds(started: Path) -> None:
    assert kgpub("validate", str(started)).returncode == 0
    assert kgpub("build", str(started)).returncode == 0


def test_build_writes_json_for_machines(started: Path) -> None:
    answer = json.loads(kgpub("build", str(started), "--format", "json").stdout)
    assert answer["version"] == (started / ".kgpub/current").read_text()


def test_new_refuses_a_folder_with_something_in_it(started: Path) -> None:
    result = kgpub("new", str(started))
    assert (result.returncode, "not empty" in result.stderr) == (2, True)


def test_validate_writes_json_for_machines(started: Path) -> None:
    report = json.loads(kgpub("validate", str(started), "--format", "json").stdout)
    assert report["conforms"] is True
    assert report["counts"] == {"violation": 0, "warning": 0, "info": 0}


QUESTION = "SELECT ?t WHERE { ?b <ns/writtenBy> <id/vazha> ; rdfs:label ?t FILTER(LANG(?t) = 'ka') } ORDER BY ?t"


def test_query_answers_in_the_format_asked_for(started: Path) -> None:
    assert kgpub("query", str(started), QUESTION, "--format", "csv").stdout == "t\nგველის მჭამელი\nსტუმარ-მასპინძელი\n"
    answer = json.loads(kgpub("query", QUESTION, cwd=started).stdout)
    assert len(answer["results"]["bindings"]) == 2


def test_query_reads_a_file(started: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("ASK { <id/vazha> a <ns/Person> }")
    assert "true" in kgpub("query", str(started), "--file", str(tmp_path / "q.rq")).stdout


def test_a_query_that_cannot_be_read_says_where(started: Path) -> None:
    result = kgpub("query", str(started), "SELECT * WHERE {\n ?s ?p }")
    assert result.returncode == 5
    assert "Traceback" not in result.stderr


def test_describe_writes_the_document(started: Path) -> None:
    result = kgpub("describe", str(started), "id:panther", "--format", "nt")
    assert (
        "<https://example.org/id/panther> <https://example.org/ns/writtenBy> <https://example.org/id/rustaveli> ."
        in result.stdout
    )
    missing = kgpub("describe", str(started), "id:nobody")
    assert (missing.returncode, missing.stdout) == (5, "")


@pytest.mark.slow
def test_rollback_goes_to_the_snapshot_before_and_five_are_kept(tmp_path: Path) -> None:
    folder = site(tmp_path, {})
    versions = []
    for number in range(7):
        site(folder, {"data/a.ttl": GOOD + f"<id/a> <ns/n> {number} .\n"})
        assert kgpub("build", str(folder)).returncode == 0
        versions.append((folder / ".kgpub/current").read_text())
    kept = json.loads(kgpub("snapshots", str(folder), "--format", "json").stdout)
    assert {one["version"] for one in kept} <= set(versions)
    assert len(kept) == 5
    assert kgpub("rollback", str(folder), versions[-3][:8]).returncode == 0
    assert (folder / ".kgpub/current").read_text() == versions[-3]
    assert kgpub("rollback", str(folder), "ffffffffffff").returncode == 4


def test_what_would_disappear_is_named_and_stops_a_build_until_it_is_allowed(tmp_path: Path) -> None:
    folder = site(tmp_path, {"data/b.ttl": GOOD.replace("id/a", "id/b").replace("'A'@en", "'B [x]'@en, 'ბე'@ka")})
    assert kgpub("build", str(folder)).returncode == 0
    before = (folder / ".kgpub/current").read_text()
    (folder / "data/b.ttl").unlink()
    refused = kgpub("build", str(folder))
    assert refused.returncode == 1
    assert "no longer there: <https://d.example/id/b>  B [x]" in refused.stderr
    assert "--allow-removed" in refused.stderr
    assert (folder / ".kgpub/current").read_text() == before
    told = json.loads(kgpub("build", str(folder), "--format", "json").stdout)
    assert (told["version"], told["removed_count"]) == (None, 1)
    assert told["removed"] == [{"iri": "https://d.example/id/b", "labels": {"en": "B [x]", "ka": "ბე"}}]
    allowed = kgpub("build", str(folder), "--allow-removed", "--format", "json")
    assert allowed.returncode == 0
    assert "no longer there: <https://d.example/id/b>" in allowed.stderr
    assert json.loads(allowed.stdout)["removed_count"] == 1
    assert (folder / ".kgpub/current").read_text() != before


@pytest.mark.slow
def test_the_same_files_give_the_same_version_and_another_base_another(tmp_path: Path) -> None:
    one, two, other = (site(tmp_path / name, {}) for name in ("one", "two", "other"))
    assert all(kgpub("build", str(folder)).returncode == 0 for folder in (one, two))
    assert kgpub("build", str(other), KGPUB_BASE="https://agency.example/data/").returncode == 0
    version = {folder.name: (folder / ".kgpub/current").read_text() for folder in (one, two, other)}
    assert version["one"] == version["two"] != version["other"]


@pytest.mark.parametrize(
    "command", ["validate", "build", "serve", "query", "describe", "snapshots", "rollback", "new", "diff"]
)
def test_help_has_an_example(command: str) -> None:
    result = kgpub(command, "--help")
    assert result.returncode == 0
    assert "Example: kgpub" in result.stdout
