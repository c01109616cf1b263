"""Snapshots of another version of kgpub: never served, never pruned, always named, and a build puts things right."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kgpub.settings import load
from kgpub.snapshot import FORMAT
from kgpub.web import create_app
from kgpub.web.serving import Serving

BOOKS = "data/books.ttl"
MADE = "made by another version of kgpub"


def kgpub(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kgpub", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})


def age(snapshot: Path, format: int = FORMAT - 1) -> None:
    """Make a snapshot one of another format."""
    path = snapshot / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": format}), "utf-8")


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose one snapshot is older than the code, and named as an older version would have."""
    folder = tmp_path_factory.mktemp("upgrade") / "site"
    assert kgpub("new", str(folder)).returncode == 0
    assert kgpub("build", str(folder)).returncode == 0
    home = folder / ".kgpub"
    version = (home / "current").read_text()
    (home / "snapshots" / version).rename(home / "snapshots/00000000000000aa")
    (home / "current").write_text("00000000000000aa")
    age(home / "snapshots/00000000000000aa")
    return folder


@pytest.fixture
def site(upgraded: Path, tmp_path: Path) -> Path:
    """A site of one's own to build and to break."""
    return shutil.copytree(upgraded, tmp_path / "site")


@pytest.mark.parametrize("format", [FORMAT - 1, FORMAT + 1, None, "2"])
def test_every_other_format_is_another(site: Path, format: int) -> None:
    age(site / ".kgpub/snapshots/00000000000000aa", format)
    assert "00000000000000aa" in kgpub("snapshots", str(site)).stdout.splitlines()[-1]


def test_serving_it_is_refused_when_no_build_succeeds(site: Path) -> None:
    (site / BOOKS).write_text("broken <", "utf-8")
    done = kgpub("serve", str(site), "--port", "0")
    assert done.returncode == 1, "the exit code is the build's: the file is left out, and what it published is missing"
    assert BOOKS in done.stderr
    assert "snapshot 00000000000000aa was " + MADE in done.stderr
    assert "stays in service" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_build_puts_a_new_one_in_service_and_keeps_the_old_one_on_disk(site: Path) -> None:
    assert kgpub("build", str(site)).returncode == 0
    assert (site / ".kgpub/current").read_text() != "00000000000000aa"
    assert (site / ".kgpub/snapshots/00000000000000aa").is_dir()
    told = kgpub("snapshots", str(site)).stdout
    assert "00000000000000aa" in told.splitlines()[-1]
    assert len(json.loads(kgpub("snapshots", str(site), "--format", "json").stdout)) == 1


def test_going_back_to_it_is_refused(site: Path) -> None:
    assert kgpub("build", str(site)).returncode == 0
    done = kgpub("rollback", str(site), "00000000000000aa")
    assert (done.returncode, "Traceback" in done.stderr) == (4, False)


@pytest.fixture
def client(site: Path) -> Iterator[TestClient]:
    """The site after the upgrade, with the old snapshot still on disk."""
    assert kgpub("build", str(site)).returncode == 0
    with TestClient(create_app(Serving(load(site)))) as found:
        yield found


PINNED = "snapshot=00000000000000aa"
ASK = "query=ASK%7B%7D"


@pytest.mark.parametrize(
    ("address", "accept", "words"),
    [
        (f"/sparql?{ASK}&{PINNED}", "application/sparql-results+json", MADE),
        (f"/sparql?{ASK}&{PINNED}&lang=en", "text/html", 'lang="en"'),
        (f"/sparql?{ASK}&{PINNED}&lang=ka", "text/html", 'lang="ka"'),
        ("/-/dumps/00000000000000aa/data.nq", "*/*", MADE),
    ],
)
def test_what_is_pinned_to_it_is_gone(client: TestClient, address: str, accept: str, words: str) -> None:
    answer = client.get(address, headers={"Accept": accept})
    assert answer.status_code == 410
    assert words in answer.text


def test_a_server_that_cannot_read_a_newer_one_says_so_once_and_serves_on(
    site: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert kgpub("build", str(site)).returncode == 0
    serving = Serving(load(site))
    with TestClient(create_app(serving)) as client:
        before = client.get("/-/status").json()["version"]
        age(site / ".kgpub/snapshots/00000000000000aa", FORMAT + 1)
        looks = []
        look = serving.look

        def counted() -> object:
            looks.append(1)
            return look()

        serving.look = counted  # type: ignore[method-assign,assignment] # how often it looks is seen nowhere else
        (site / ".kgpub/current").write_text("00000000000000aa")
        while len(looks) < 4:
            assert client.get("/-/status").json()["version"] == before
    told = [record.getMessage() for record in caplog.records if "not switched" in record.getMessage()]
    assert len(told) == 1
    assert f"format {FORMAT + 1}; this one reads {FORMAT}" in told[0]
