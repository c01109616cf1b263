"""Whatever stops a build, the last snapshot stays in service, nothing half made stays, and the reason is told."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import killed
import pytest

from kgpub.errors import KgpubError, ShapesViolated
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import current, open_snapshot
from kgpub.source import SourceFile

TOML = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["ka", "en"]\n'
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
LINES = "".join(f'<id/x{n}> a <ns/C> ; {LABEL} "thing {n}"@en ; <ns/p> {n}.0 .\n' for n in range(1_000))


def conforms(_: tuple[SourceFile, ...], __: Settings) -> Report:
    return Report(True)


def quiet(_: str, __: int) -> None:
    pass


def build_now(site: Path) -> str:
    return build(load(site), conforms, quiet)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a snapshot in service and a file more than it knows."""
    folder = tmp_path / "site"
    (folder / "data").mkdir(parents=True)
    (folder / "kgpub.toml").write_text(TOML)
    (folder / "data/a.ttl").write_text(f'<id/a> a <ns/C> ; {LABEL} "A"@en .')
    build_now(folder)
    (folder / "data/b.ttl").write_text(LINES)
    return folder


class Before:
    """What was in service before something went wrong."""

    def __init__(self, site: Path) -> None:
        self.settings = load(site)
        self.version = current(self.settings)

    def check(self) -> None:
        assert current(self.settings) == self.version
        assert killed.wrong(self.settings, self.version) == killed.left(self.settings) == []
        assert open_snapshot(self.settings).statistics.triples == 2


_SCRIPT = """
import resource, sys
from pathlib import Path
from kgpub.making import deriving
from kgpub.making.building import build
from kgpub.errors import KgpubError
from kgpub.model import Report
from kgpub.settings import load

def tell(step, number):
    if step == sys.argv[2]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

shared = sys.argv[3] == "two processes"
if shared:
    deriving.LEAST, deriving.processors = 0, lambda: 2
try:
    build(load(Path(sys.argv[1])), lambda *_: Report(True), tell, full=shared)
except KgpubError as error:
    print(error.detail, file=sys.stderr)
    sys.exit(error.exit_code)
"""
STEPS = ["data/b.ttl", "optimize", "dumps", "index", "count", "search", "facets", "write", "switch"]


PROCESSES = [(step, "one process") for step in STEPS] + [(step, "two processes") for step in ("index", "count")]


@pytest.mark.parametrize(("step", "processes"), PROCESSES)
def test_a_full_disk(site: Path, step: str, processes: str) -> None:
    """From a step on no file may grow (``RLIMIT_FSIZE``): what a full disk does, without one."""
    before = Before(site)
    done = _with_limit(site, step, processes)
    assert (done.returncode, "cannot be written, nothing was published" in done.stderr) == (4, True), done.stderr
    before.check()


def _with_limit(site: Path, step: str, processes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _SCRIPT, str(site), step, processes]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture
def disk(site: Path) -> Iterator[Path]:
    """A small disk of its own for the site's snapshots."""
    home = site / ".kgpub"
    kept = site / "kept"
    home.rename(kept)
    home.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", home], check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        shutil.copytree(kept, home, dirs_exist_ok=True)
        yield home
    finally:
        subprocess.run(["umount", "-l", home], check=True)


def told(site: Path) -> str:
    """What a build is refused with."""
    with pytest.raises(KgpubError) as refused:
        build_now(site)
    assert refused.value.exit_code == 4
    return refused.value.detail


def test_a_disk_that_is_really_full(site: Path, disk: Path) -> None:
    before = Before(site)
    refused = told(site)
    assert "No space left on device" in refused or "disk is full" in refused  # whoever notices first: system or SQLite
    before.check()


def test_a_disk_that_is_read_only(site: Path, disk: Path) -> None:
    before = Before(site)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert "Read-only file system" in told(site)
    before.check()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "kgpub.toml").write_text(TOML)
    (tmp_path / ".kgpub").write_text("in the way")
    assert "cannot be written, nothing was published" in told(tmp_path)
    assert (tmp_path / ".kgpub").read_text() == "in the way"


def test_two_builds_at_the_same_time(site: Path) -> None:
    """The second is refused while the first goes on, and leaves what the first has made so far alone."""
    refused: list[str] = []

    def tell(step: str, _: int) -> None:
        if step in {"validate", "index", "switch"}:
            refused.append(told(site))

    made = build(load(site), conforms, tell)
    assert len(refused) == 3
    assert all("another build of this site is under way" in one for one in refused)
    assert current(load(site)) == made
    assert open_snapshot(load(site)).statistics.triples == 3_002
    assert build_now(site) == made, "afterwards the next one may"


@pytest.mark.parametrize("step", ["data/b.ttl", "index", "write", "try out", "switch"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, ShapesViolated("no")], ids=["interrupted", "an error"])
def test_an_interruption(site: Path, step: str, error: BaseException) -> None:
    before = Before(site)

    def tell(name: str, _: int) -> None:
        if name == step:
            raise error

    with pytest.raises((KeyboardInterrupt, ShapesViolated)):
        build(load(site), conforms, tell)
    assert current(before.settings) == before.version
    assert killed.wrong(before.settings, before.version) == killed.left(before.settings) == []


@pytest.mark.parametrize("shared", [False, True], ids=["one process", "two processes"])
def test_builds_that_are_killed_at_random_moments(site: Path, *, shared: bool) -> None:
    chance = random.Random()
    settings = load(site)
    for number in range(5):
        before = current(settings)
        killed.change(site, number)
        step = killed.kill(killed.build(site, shared=shared), chance.randrange(1, 14), chance.random() / 20)
        assert killed.wrong(settings, before) == [], step
    build_now(site)
    assert killed.left(settings) == []
    assert killed.wrong(settings, current(settings)) == []


_CALL = re.compile(r"(?:fsync|fdatasync)\(\d+<(?P<synced>[^>]*)>|rename\w*\((?P<names>.*)\) = 0")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")
def test_everything_is_on_disk_before_it_is_put_in_service(site: Path, tmp_path: Path) -> None:
    """Each file and folder of a snapshot is forced to disk before its folder gets its name; so is that before
    ``current`` does."""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-y", "-s", "4096", "-e", "trace=fsync,fdatasync,/rename", "-o", str(trace)]
    process = subprocess.run(
        [*command, sys.executable, "-c", _SCRIPT, str(site), ""], check=False, stdout=subprocess.DEVNULL
    )
    if process.returncode:
        pytest.skip("strace may not trace here")
    settings = load(site)
    home = settings.snapshots_folder.resolve()
    synced: list[str] = []
    renamed: dict[str, int] = {}
    for line in trace.read_text().splitlines():
        found = _CALL.search(line)
        if found and found["synced"]:
            synced.append(found["synced"])
        elif found:
            target = re.findall(r'"([^"]*)"', found["names"])[-1]
            renamed[target] = len(synced)
    target = home / "snapshots" / current(settings)
    whole, switched = renamed[str(target)], renamed[str(home / "current")]
    early = {re.sub(r"building-\d+", f"snapshots/{target.name}", name) for name in synced[:whole]}
    everything = {str(path) for path in target.rglob("*")} | {str(target)}
    assert everything - early == set(), "on disk before the snapshot has its name"
    between = synced[whole:switched]
    assert str(home / "snapshots") in between
    assert any(re.fullmatch(rf"{re.escape(str(home))}/current-\d+", name) for name in between)
    assert str(home) in synced[switched:]
