"""Backup while the server runs and builds go on, and restore: the same release is served again, without a build."""

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from running import running

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "docs/deploy/backup"


def kgpub(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", "KGPUB_SNAPSHOTS__FOLDER": str(folder)}
    command = [sys.executable, "-m", "kgpub", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as answer:
        body: bytes = answer.read()
        return body


def backup(*paths: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", SCRIPT, *paths], capture_output=True, text=True, check=False)


def restore(kept: Path, site: Path, snapshots: Path) -> None:
    """What the guide says."""
    for archive, target in (("site.tar", site), ("snapshot.tar", snapshots)):
        target.mkdir()
        subprocess.run(["tar", "-xf", kept / archive, "-C", target], check=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A site and the folder of its snapshots."""
    site, snapshots = tmp_path_factory.mktemp("live") / "site", tmp_path_factory.mktemp("var") / "kgpub"
    assert kgpub("new", site, folder=snapshots).returncode == 0
    assert kgpub("build", site, folder=snapshots).returncode == 0
    return site, snapshots


def test_what_was_kept_is_served_again_without_a_build(made: tuple[Path, Path], tmp_path: Path) -> None:
    site, snapshots = made
    with running(site, KGPUB_SNAPSHOTS__FOLDER=str(snapshots)) as address:
        version, whole, page = (read(address + path) for path in ("-/status", "-/dump.nq", "id/panther.ka.html"))
        done = backup(site, snapshots, tmp_path / "kept")
        assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["site.tar", "snapshot.tar"]
    restore(tmp_path / "kept", tmp_path / "site", tmp_path / "var")
    assert kgpub("snapshots", tmp_path / "site", "--check", folder=tmp_path / "var").returncode == 0
    with running(tmp_path / "site", KGPUB_SNAPSHOTS__FOLDER=str(tmp_path / "var")) as address:
        again = [read(address + path) for path in ("-/status", "-/dump.nq", "id/panther.ka.html")]
        assert again == [version, whole, page]
        assert b'"n"' in read(
            address + "sparql?format=json&query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D"
        )
    assert [path.name for path in (tmp_path / "var/snapshots").iterdir()] == [(snapshots / "current").read_text()], (
        "nothing was built"
    )


def test_a_snapshot_inside_the_site_is_not_kept_twice(made: tuple[Path, Path], tmp_path: Path) -> None:
    site, snapshots = made
    shutil.copytree(site, tmp_path / "site")
    shutil.copytree(snapshots, tmp_path / "site/.kgpub")
    assert backup(tmp_path / "site", tmp_path / "site/.kgpub", tmp_path / "kept").returncode == 0
    names = subprocess.run(
        ["tar", "-tf", tmp_path / "kept/site.tar"], capture_output=True, text=True, check=True
    ).stdout
    assert "./kgpub.toml" in names.split()
    assert ".kgpub/" not in names


def test_a_target_may_be_relative(made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = backup(*made, Path("kept"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "kept/snapshot.tar").is_file()


@pytest.mark.parametrize("lost", ["snapshots", "current"])
def test_a_backup_that_fails_leaves_nothing(made: tuple[Path, Path], tmp_path: Path, lost: str) -> None:
    site, snapshots = made
    copied = shutil.copytree(snapshots, tmp_path / "var")
    (copied / lost).rename(tmp_path / "lost")
    assert backup(site, copied, tmp_path / "kept").returncode != 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lost", "var"]


def test_an_older_backup_is_not_written_over(made: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    done = backup(*made, tmp_path / "kept")
    assert (done.returncode, "is there already" in done.stderr) == (1, True)
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_damaged_snapshot_is_named(made: tuple[Path, Path], tmp_path: Path, harm: str) -> None:
    site, snapshots = made
    copied = shutil.copytree(snapshots, tmp_path / "var")
    (file,) = copied.glob("snapshots/*/report.json")
    if harm == "gone":
        file.unlink()
    else:
        file.write_text(file.read_text("utf-8").replace("true", "false"), "utf-8")
    done = kgpub("snapshots", site, "--check", folder=copied)
    assert done.returncode == 4
    assert f"{file.parent.name}/report.json" in done.stderr
    assert kgpub("snapshots", site, folder=copied).returncode == 0, "a list alone reads no files"
