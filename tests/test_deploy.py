"""What docs/deploy says is so: units, container and guide name what is there, and the service's cage fits the server."""

import ctypes
import http.client
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kgpub import __version__
from kgpub.cli import app
from running import running

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs/deploy"
SETTINGS = re.compile(r"\bKGPUB_([A-Z]+)__([A-Z_]+)")
MOST_EXPOSED = 15
"""Of a hundred, as systemd-analyze counts."""
SUBSTITUTES = {"/opt/kgpub/bin/kgpub": "/bin/true"}

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with a program that is there in place of kgpub's."""
    for name in ("kgpub.service", "kgpub.socket"):
        text = (DEPLOY / name).read_text("utf-8")
        for one, other in SUBSTITUTES.items():
            text = text.replace(one, other)
        (tmp_path / name).write_text(text, "utf-8")
    return [tmp_path / "kgpub.service", tmp_path / "kgpub.socket"]


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(units: list[Path]) -> None:
    command = ["systemd-analyze", "verify", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.replace("\n", "")) == (0, "")


@needs_systemd
def test_the_service_can_do_little(units: list[Path]) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(units[0])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def unit(key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", (DEPLOY / "kgpub.service").read_text("utf-8"), re.MULTILINE)


def test_the_service_keeps_what_the_workers_bound_themselves_with() -> None:
    assert "@resources" not in " ".join(unit("SystemCallFilter"))
    assert unit("NoNewPrivileges") == ["yes"]


def commands() -> list[list[str]]:
    """The commands of kgpub that the units and the container run, without the program's name."""
    started = [shlex.split(line)[1:] for key in ("ExecStart", "ExecReload") for line in unit(key)]
    container = (DEPLOY / "Containerfile").read_text("utf-8")
    (command,) = re.findall(r"^CMD \[(.*)\]$", container, re.MULTILINE)
    assert re.findall(r"^ENTRYPOINT \[(.*)\]$", container, re.MULTILINE) == ['"/opt/kgpub/bin/kgpub"']
    return [*started, re.findall(r'"([^"]*)"', command)]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_what_is_run_is_a_command_of_kgpub_with_its_options(command: list[str]) -> None:
    told = CliRunner().invoke(app, [command[0], "--help"], env={"NO_COLOR": "1", "COLUMNS": "200"}).stdout
    assert command[0] in {"serve", "build"}
    assert [option for option in command if option.startswith("--") and option not in told] == []


def test_what_the_container_copies_is_there_and_is_what_the_wheel_is_made_of() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    sources = [name for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE) for name in line.split()[:-1]]
    assert [name for name in sources if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    licences = {name for name in project["license-files"] if "/" not in name}
    assert {"pyproject.toml", "src", project["readme"], *licences} == set(sources)


def test_the_container_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    (user,) = re.findall(r"^USER (\d+):\d+$", text, re.MULTILINE)
    assert int(user) > 0
    assert text.index("USER ") < text.index("ENTRYPOINT ")
    assert "HEALTHCHECK" in text and "/-/health" in text
    assert text.count("\nFROM ") == 2


@pytest.mark.skipif(not Path(sys.executable).with_name("hadolint").exists(), reason="hadolint is not installed")
def test_the_container_file_is_without_a_finding() -> None:
    command = [Path(sys.executable).with_name("hadolint"), DEPLOY / "Containerfile"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    "path", [p for p in DEPLOY.rglob("*") if p.is_file()], ids=lambda p: p.relative_to(DEPLOY).as_posix()
)
def test_every_setting_and_every_file_that_is_named_is_there(path: Path) -> None:
    from kgpub.settings import Settings  # noqa: PLC0415 # what it has is all that is asked

    text = path.read_text("utf-8")
    for table, name in SETTINGS.findall(text):
        kind = Settings.model_fields[table.lower()].annotation
        assert kind is not None and name.lower() in kind.model_fields
    if path.name == "README.md":
        links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
        assert [link for link in links if not (DEPLOY / link).exists()] == []
        assert {p.name for p in DEPLOY.iterdir()} - {"README.md"} == {link.strip("/") for link in links} - {
            "../reference.md"
        }


REFUSE_WRITABLE_CODE, NO_NEW_PRIVILEGES = (65, 1), (38, 1)
"""What prctl(2) is told for MemoryDenyWriteExecute and NoNewPrivileges, here for good."""


def cage() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    for option, value in (REFUSE_WRITABLE_CODE, NO_NEW_PRIVILEGES):
        if library.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3):
            os._exit(99)


def can_be_caged() -> bool:
    return (
        sys.platform == "linux"
        and subprocess.run([sys.executable, "-c", ""], preexec_fn=cage, check=False).returncode == 0
    )


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in folder.rglob("*")}


@pytest.mark.skipif(not can_be_caged(), reason="this system cannot refuse writable code (prctl 65)")
def test_it_builds_and_answers_caged_and_writes_nothing_into_the_site(tmp_path: Path) -> None:
    site, snapshots, program = tmp_path / "site", tmp_path / "var", tmp_path / "caged"
    subprocess.run([sys.executable, "-m", "kgpub", "new", site], check=True, capture_output=True)
    before = tree(site)
    calls = "".join(
        f"assert library.prctl({o}, *map(ctypes.c_ulong, ({v}, 0, 0, 0))) == 0\n"
        for o, v in (REFUSE_WRITABLE_CODE, NO_NEW_PRIVILEGES)
    )
    program.write_text(
        f"#!{sys.executable}\nimport ctypes, os, sys\nlibrary = ctypes.CDLL(None)\n{calls}os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])\n"
    )
    program.chmod(0o755)
    with running(site, python=program, KGPUB_SNAPSHOTS__FOLDER=str(snapshots), PYTHONDONTWRITEBYTECODE="1") as address:
        host, path = address.removeprefix("http://").split("/", 1)
        connection = http.client.HTTPConnection(host, timeout=30)
        asked = ["?lang=ka", "search?q=vazha", "id/panther.ttl", "-/qr.svg?iri=https://example.org/id/panther"]
        asked += [
            f"sparql?format={kind}&query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D" for kind in ("json", "parquet", "xlsx")
        ]
        for one in asked:
            connection.request("GET", f"/{path}{one}")
            answer = connection.getresponse()
            assert answer.status == 200, one
            answer.read()
        connection.close()
    assert tree(site) == before
    assert (snapshots / "current").is_file()


def test_the_citation_is_one_and_says_what_the_project_says(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("cffconvert")
    done = subprocess.run(
        [program, "--validate", "-i", ROOT / "CITATION.cff"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert re.findall(r"^version: (.*)$", text, re.MULTILINE) == [project["version"]] == [__version__]
    (licence,) = re.findall(r"^license: (.*)$", text, re.MULTILINE)
    assert project["license"].split(" AND ")[0] == licence
    assert re.findall(r"^  - ([\w-]+)$", text, re.MULTILINE) == project["keywords"]
    assert " ".join(text.split("abstract: >-")[1].split("authors:")[0].split()) == project["description"]
