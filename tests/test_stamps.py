"""A start reads only the files that may have changed since they were read last, and never takes one for what it was."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_site
from kgpub.making import stamps
from kgpub.making.naming import version_of
from kgpub.making.stamps import FILE, Stamps
from kgpub.settings import Settings, load
from kgpub.source import SourceFile, files

TEXT = {"data/a.ttl": "<id/a> <ns/p> 1 .\n", "data/b.ttl": "<id/b> <ns/p> 2 .\n"}
LATER = 10**19
"""A moment long after any change, in nanoseconds."""


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    return load(write_site(tmp_path, TEXT))


def look(site: Settings, monkeypatch: pytest.MonkeyPatch, now: int = LATER) -> tuple[str, set[str]]:
    """The version of what there is, by the stamps at a moment, and the files that were read for it."""
    monkeypatch.setattr(stamps, "time_ns", lambda: now)
    site.snapshots_folder.mkdir(exist_ok=True)
    found, known, read = files(site), Stamps(site.snapshots_folder), set[str]()

    def checksum(file: SourceFile) -> str:
        told = known.checksum(file)
        read.update([file.name] if "sha256" in file.__dict__ else [])
        return told

    version = version_of(found, site, checksum)
    known.keep()
    assert version == version_of(files(site), site)
    return version, read


def edited(folder: Path) -> None:
    (folder / "data/a.ttl").write_text("<id/a> <ns/p> 3 .\n")


def edited_in_secret(folder: Path) -> None:
    """Another text of the same length, with the times of the old one put back."""
    path = folder / "data/a.ttl"
    before = path.stat()
    path.write_text("<id/a> <ns/p> 3 .\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(folder: Path) -> None:
    (folder / "new").write_text("<id/a> <ns/p> 3 .\n")
    (folder / "new").replace(folder / "data/a.ttl")


def renamed(folder: Path) -> None:
    (folder / "data/a.ttl").rename(folder / "data/c.ttl")


def broken(folder: Path) -> None:
    (folder / ".kgpub" / FILE).write_text("[")


def damaged(folder: Path) -> None:
    path = folder / ".kgpub" / FILE
    told = json.loads(path.read_text())
    told["files"]["data/a.ttl"][-1] = "0"
    path.write_text(json.dumps(told))


CHANGES = [
    (lambda _: None, set[str]()),
    (edited, {"data/a.ttl"}),
    (edited_in_secret, {"data/a.ttl"}),
    (replaced, {"data/a.ttl"}),
    (renamed, {"data/c.ttl"}),
    (broken, set(TEXT)),
    (damaged, set(TEXT)),
]


@pytest.mark.parametrize(("change", "read"), CHANGES, ids=lambda one: getattr(one, "__name__", ""))
def test_only_what_may_have_changed_is_read(
    site: Settings, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], read: set[str]
) -> None:
    first, all_of_them = look(site, monkeypatch)
    assert all_of_them == set(TEXT)
    change(site.folder)
    then, found = look(site, monkeypatch)
    assert found == read
    assert (then == first) == (change not in {edited, edited_in_secret, replaced, renamed})
    assert look(site, monkeypatch) == (then, set())


def test_what_changed_at_about_the_moment_of_noting_is_read_again(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = max((site.folder / name).stat().st_ctime_ns for name in TEXT)
    first, _ = look(site, monkeypatch, changed + 1_000_000)
    assert look(site, monkeypatch, changed + 1_000_000) == (first, set(TEXT))


def test_where_nothing_can_be_noted_everything_is_read(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.snapshots_folder / FILE).mkdir(parents=True)
    first, _ = look(site, monkeypatch)
    assert look(site, monkeypatch) == (first, set(TEXT))


def test_a_start_imports_nothing_that_only_a_build_needs(site: Settings) -> None:
    subprocess.run([sys.executable, "-m", "kgpub", "build", str(site.folder)], check=True, capture_output=True)
    program = (
        "import sys; from pathlib import Path; from kgpub.settings import load; "
        "from kgpub.cli.fresh import build_if_needed; import kgpub.cli.serving; "
        f"build_if_needed(load(Path({str(site.folder)!r}))); "
        "sys.exit(', '.join({'pyarrow', 'numpy', 'httpx2', 'rdflib', 'pyshacl', 'PIL', 'rich.progress'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
