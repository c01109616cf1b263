"""Snapshots on other machines: copied whole or not at all, whatever a store sends and whenever it stops."""

import functools
import http.server
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import killed
import pytest
from typer.testing import CliRunner

from conftest import write_site
from kgpub.cli import app
from kgpub.errors import EngineDown, KgpubError, NoSnapshot, OlderSnapshot, SettingsError, SnapshotBroken, StoreDown
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.replicas import Done, Outcome, follow, pull, push, source, target
from kgpub.replicas.stores import Source
from kgpub.sealing import seal, sealed
from kgpub.settings import Settings, load
from kgpub.snapshot import current, damage, is_pulled, kept_snapshots, open_snapshot

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def quiet(_: str, __: int) -> None:
    pass


def build_now(site: Path, built: str) -> str:
    """Build a site, and have it that it was built at this time."""
    settings = load(site)
    version = build(settings, lambda *_: Report(True), quiet)
    alter(settings.snapshots_folder / "snapshots" / version, built=built)
    return version


def alter(folder: Path, **changes: object) -> None:
    """Have a manifest say something else, with a seal that fits."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(sealed(json.loads(path.read_text("utf-8")) | changes)), "utf-8")


@dataclass(frozen=True)
class Origin:
    """A site with two snapshots, the second in service."""

    settings: Settings
    old: str
    new: str


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    site = write_site(tmp_path_factory.mktemp("origin"), {"data/a.ttl": f'<id/a> a <ns/C> ; {LABEL} "A"@en .'})
    old = build_now(site, OLD)
    (site / "data/b.ttl").write_text(f'<id/b> a <ns/C> ; {LABEL} "B"@en, "ბ"@ka .', "utf-8")
    return Origin(load(site), old, build_now(site, NEW))


@pytest.fixture(scope="module")
def pushed(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with both, never written to."""
    store = tmp_path_factory.mktemp("pushed")
    for version in (origin.old, origin.new):
        push(origin.settings, target(str(store)), quiet, version)
    return store


@pytest.fixture
def store(pushed: Path, tmp_path: Path) -> Path:
    """A store with both, to do with what one likes."""
    return shutil.copytree(pushed, tmp_path / "store")


@pytest.fixture
def node(tmp_path: Path) -> Settings:
    """A site that has nothing but its settings."""
    (tmp_path / "node").mkdir()
    return load(write_site(tmp_path / "node", {}))


@pytest.fixture(scope="module")
def first(pushed: Path, origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a node that has pulled the older snapshot."""
    node = load(write_site(tmp_path_factory.mktemp("first"), {}))
    pull(node, source(str(pushed)), quiet, origin.old)
    return node.folder


@pytest.fixture
def behind(first: Path, tmp_path: Path) -> Settings:
    """A node that serves the older snapshot."""
    return load(shutil.copytree(first, tmp_path / "behind"))


def check(node: Settings, version: str, triples: int) -> None:
    """A version is in service, whole, and nothing that is not whole is among the snapshots."""
    assert current(node) == version
    home = node.snapshots_folder
    assert [path.name for path in (home / "snapshots").iterdir() if damage(path)] == []
    now = open_snapshot(node)
    assert now.statistics.triples == triples
    now.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(pushed: Path) -> Iterator[str]:
    """A web server over the store."""
    handler = functools.partial(_Quiet, directory=str(pushed))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An object store that speaks S3, on this machine."""
    moto = pytest.importorskip("moto.server")
    with pytest.MonkeyPatch.context() as patch:
        server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1",
                            "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_EC2_METADATA_DISABLED": "true"}.items():  # fmt: skip
            patch.setenv(name, value)
        fsspec.filesystem("s3").mkdir("bucket")
        yield "s3://bucket/a/site"
        server.stop()


def and_back(origin: Origin, node: Settings, address: str) -> None:
    """Push both, pull the last one: what is there is what was sent."""
    for version, done in ((origin.old, Done.COPIED), (origin.new, Done.COPIED), (origin.new, Done.NOTHING)):
        assert push(origin.settings, target(address), quiet, version).done is done
    assert pull(node, source(address), quiet).done is Done.COPIED
    check(node, origin.new, 5)
    sent, came = (s.snapshots_folder / "snapshots" / origin.new for s in (origin.settings, node))
    assert (sent / "manifest.json").read_bytes() == (came / "manifest.json").read_bytes()
    assert is_pulled(came) and not is_pulled(sent)
    assert pull(node, source(address), quiet) == Outcome(origin.new, Done.NOTHING)


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_by_a_folder(origin: Origin, node: Settings, tmp_path: Path, scheme: str) -> None:
    and_back(origin, node, f"{scheme}{tmp_path}/deep/store")


def test_by_memory(origin: Origin, node: Settings, tmp_path: Path) -> None:
    and_back(origin, node, f"memory://{tmp_path.name}/site/")


@pytest.mark.slow
def test_by_an_object_store(origin: Origin, node: Settings, bucket: str) -> None:
    and_back(origin, node, bucket)
    with pytest.raises(NoSnapshot):
        pull(node, source("s3://no-such-bucket-here/x/"), quiet)


def test_by_a_web_server(origin: Origin, node: Settings, web: str) -> None:
    assert pull(node, source(web), quiet).done is Done.COPIED
    check(node, origin.new, 5)
    with pytest.raises(NoSnapshot):
        pull(node, source(f"{web}elsewhere"), quiet)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://example.org/x", "nothing can be pushed"),
        ("nothing-known://x", "there is no way to such a store"),
        ("", "empty"),
        ("file://", "empty"),
    ],
)
def test_where_nothing_can_be_pushed(address: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        target(address)


@pytest.mark.parametrize("address", ["http://example.org/x", "https://a:b@example.org/x", "https://example.org/x?y"])
def test_where_nothing_can_be_pulled(address: str) -> None:
    with pytest.raises(SettingsError):
        source(address)


def test_a_redirect_is_not_followed(node: Settings) -> None:
    class Elsewhere(_Quiet):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(StoreDown, match="answers 302"):
            pull(node, source(f"http://127.0.0.1:{server.server_port}"), quiet)
        server.shutdown()


def test_what_is_there_is_not_sent_again(origin: Origin, store: Path) -> None:
    shutil.rmtree(store / "snapshots" / origin.new / "search")
    (store / "snapshots" / origin.new / "report.json").write_bytes(b"{")
    (store / "snapshots" / origin.new / "manifest.json").unlink()
    (store / "current").write_text(origin.old)
    done = push(origin.settings, target(str(store)), quiet)
    assert done.done is Done.COPIED
    assert 0 < done.files < 25
    assert damage(store / "snapshots" / origin.new) == []
    assert (store / "current").read_text() == origin.new
    assert list(store.rglob(".part-*")) == []


def test_what_a_kept_snapshot_has_is_not_fetched_again(behind: Settings, origin: Origin, pushed: Path) -> None:
    files = json.loads((pushed / "snapshots" / origin.new / "manifest.json").read_text())["files"]
    done = pull(behind, source(str(pushed)), quiet)
    assert 0 < done.files < len(files)
    check(behind, origin.new, 5)
    shutil.rmtree(behind.snapshots_folder / "snapshots" / origin.old)
    check(behind, origin.new, 5)


def test_what_a_store_has_in_service_is_copied_there(origin: Origin, tmp_path: Path) -> None:
    first = push(origin.settings, target(str(tmp_path / "s")), quiet, origin.old)
    second = push(origin.settings, target(str(tmp_path / "s")), quiet, origin.new)
    assert second.files < first.files
    assert damage(tmp_path / "s/snapshots" / origin.new) == []


def test_a_damaged_file_is_not_pushed(origin: Origin, tmp_path: Path) -> None:
    site = shutil.copytree(origin.settings.folder, tmp_path / "copy")
    (site / ".kgpub/snapshots" / origin.new / "report.json").write_bytes(b"{}")
    with pytest.raises(SnapshotBroken, match="damaged"):
        push(load(site), target(str(tmp_path / "s")), quiet)
    assert not (tmp_path / "s/current").exists()


def test_a_snapshot_of_an_older_kgpub_is_sealed_on_the_way(origin: Origin, node: Settings, tmp_path: Path) -> None:
    site = shutil.copytree(origin.settings.folder, tmp_path / "copy")
    path = site / ".kgpub/snapshots" / origin.new / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({key: manifest[key] for key in manifest.keys() - {"seal", "sizes", "version"}}))
    push(load(site), target(str(tmp_path / "s")), quiet)
    pull(node, source(str(tmp_path / "s")), quiet)
    check(node, origin.new, 5)


Spoil = Callable[[Path], object]


def flipped(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        text = bytearray((folder / name).read_bytes())
        text[len(text) // 2] ^= 1
        (folder / name).write_bytes(text)

    return spoil


def said(**changes: object) -> Spoil:
    return lambda folder: alter(folder, **changes)


def unsealed(change: Callable[[dict[str, Any]], object]) -> Spoil:
    def spoil(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return spoil


def linked(folder: Path) -> None:
    (folder / "index.sqlite").rename(folder / "elsewhere")
    (folder / "index.sqlite").symlink_to(folder / "elsewhere")


SPOILT: dict[str, tuple[Spoil, type[KgpubError], str]] = {
    "a flipped byte": (flipped("dumps/dataset.nq"), SnapshotBroken, "checksum differs"),
    "a truncated file": (lambda f: os.truncate(f / "index.sqlite", 4_096), StoreDown, "only 4,096 of"),
    "an empty file": (lambda f: os.truncate(f / "index.sqlite", 0), StoreDown, "only 0 of"),
    "a longer file": (lambda f: os.truncate(f / "index.sqlite", 1 << 22), SnapshotBroken, "longer than"),
    "a file of ten gigabytes": (lambda f: os.truncate(f / "index.sqlite", 10 << 30), SnapshotBroken, "longer than"),
    "a missing file": (lambda f: (f / "facets.sqlite").unlink(), StoreDown, "not there"),
    "a link": (linked, StoreDown, "index.sqlite"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), NoSnapshot, "there is no snapshot"),
    "the manifest of another": (
        lambda f: shutil.copy(next(p for p in f.parent.iterdir() if p != f) / "manifest.json", f),
        SnapshotBroken,
        "it is that of",
    ),
    "a manifest of another version": (said(version="0" * 16), SnapshotBroken, "it is that of"),
    "an altered manifest": (unsealed(lambda m: m.update(built="2026-03-01T00:00:00Z")), SnapshotBroken, "was altered"),
    "a flipped byte in the manifest": (flipped("manifest.json"), SnapshotBroken, "the manifest is refused"),
    "a manifest without a seal": (unsealed(lambda m: m.pop("seal")), SnapshotBroken, "no seal"),
    "half a manifest": (lambda f: os.truncate(f / "manifest.json", 500), SnapshotBroken, "no JSON"),
    "a page in its place": (lambda f: (f / "manifest.json").write_text("<html>"), SnapshotBroken, "no JSON"),
    "a list in its place": (lambda f: (f / "manifest.json").write_text("[]"), SnapshotBroken, "no JSON object"),
    "deep JSON": (lambda f: (f / "manifest.json").write_text("[" * 100_000), SnapshotBroken, "no JSON"),
    "a very long manifest": (lambda f: os.truncate(f / "manifest.json", 65 << 20), StoreDown, "longer than"),
    "another format": (said(format=2), SnapshotBroken, "another version of kgpub"),
    "a format yet to come": (said(format=99), SnapshotBroken, "another version of kgpub"),
    "no time": (said(built="<b>"), SnapshotBroken, "no time"),
    "a time to come": (said(built="2999-01-01T00:00:00Z"), SnapshotBroken, "in the future"),
    "no files": (said(files={}, sizes={}), SnapshotBroken, "names 0 files"),
    "no sizes": (said(sizes=None), SnapshotBroken, "checksum and a size"),
    "more files than disk": (said(files={"x": "0" * 64}, sizes={"x": 1 << 60}), EngineDown, "MB are needed"),
    "files that are no snapshot": (said(files={"report.json": "0" * 64}, sizes={"report.json": 3}), SnapshotBroken, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_what_a_store_spoilt_is_refused_and_the_last_good_one_stays(
    behind: Settings, origin: Origin, store: Path, name: str
) -> None:
    spoil, error, words = SPOILT[name]
    spoil(store / "snapshots" / origin.new)
    with pytest.raises(error) as refused:
        pull(behind, source(str(store)), quiet)
    assert words in refused.value.detail
    check(behind, origin.old, 2)


HOSTILE = [
    "/etc/x", "../x", "a/../../x", "a//b", "a/./b", "./a", "", ".", "..", "a/", "a\0b", "a\nb", "a\\..\\b", "C:x", "\ud800",
    "x" * 201, "/".join(["x" * 100] * 11), "manifest.json", "pulled", ".part-1", "a%2e", "store/CURRENT/x", "a\u202eb",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_that_would_leave_the_folder_is_refused(
    behind: Settings, origin: Origin, store: Path, tmp_path: Path, name: str
) -> None:
    folder = store / "snapshots" / origin.new
    manifest = json.loads((folder / "manifest.json").read_text())
    alter(folder, files=manifest["files"] | {name: "0" * 64}, sizes=manifest["sizes"] | {name: 1})
    with pytest.raises(SnapshotBroken, match=r"no name of a file|is a file and a folder"):
        pull(behind, source(str(store)), quiet)
    assert list(behind.snapshots_folder.glob("pulling-*")) == []
    check(behind, origin.old, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no version"), ("../../etc/x", "no version"), ("x" * 2_000, "longer"), ("f" * 16, "there is no snapshot")],
)
def test_a_store_that_names_nothing_it_has(
    behind: Settings, origin: Origin, store: Path, text: str, words: str
) -> None:
    (store / "current").write_text(text)
    with pytest.raises(KgpubError, match=words):
        pull(behind, source(str(store)), quiet)
    check(behind, origin.old, 2)


@pytest.mark.parametrize("version", ["..", "../x", "f" * 16, "abc"])
def test_a_version_that_is_not_there(node: Settings, pushed: Path, version: str) -> None:
    with pytest.raises(NoSnapshot):
        pull(node, source(str(pushed)), quiet, version)


def test_a_link_that_leads_out_of_the_store(behind: Settings, origin: Origin, store: Path, tmp_path: Path) -> None:
    search = store / "snapshots" / origin.new / "search"
    search.rename(tmp_path / "outside")
    search.symlink_to(tmp_path / "outside")
    with pytest.raises(StoreDown, match="a link leads out"):
        pull(behind, source(str(store)), quiet)
    check(behind, origin.old, 2)


def test_what_the_manifest_does_not_name_does_not_come(node: Settings, origin: Origin, store: Path) -> None:
    (store / "snapshots" / origin.new / "extra").write_text("x")
    left = node.snapshots_folder / f"pulling-{origin.new}"
    (left / "report.json").mkdir(parents=True)  # a folder where a file is to be
    (left / "report.json/x").write_text("x")
    (left / ".part-0").write_text("x")
    (left / "store").symlink_to(store)
    pull(node, source(str(store)), quiet)
    check(node, origin.new, 5)
    folder = node.snapshots_folder / "snapshots" / origin.new
    assert not (folder / "extra").exists() and not (folder / ".part-0").exists() and not (folder / "store").is_symlink()
    assert list(node.snapshots_folder.glob("pulling-*")) == []


def test_an_older_or_replayed_snapshot_is_refused_unless_somebody_insists(
    behind: Settings, origin: Origin, store: Path
) -> None:
    pull(behind, source(str(store)), quiet)
    (store / "current").write_text(origin.old)
    with pytest.raises(OlderSnapshot, match="--force"):
        pull(behind, source(str(store)), quiet)
    check(behind, origin.new, 5)
    assert pull(behind, source(str(store)), quiet, force=True) == Outcome(origin.old, Done.SWITCHED)
    check(behind, origin.old, 2)


def test_an_older_snapshot_is_not_pushed_unless_somebody_insists(origin: Origin, store: Path) -> None:
    with pytest.raises(OlderSnapshot, match="--force"):
        push(origin.settings, target(str(store)), quiet, origin.old)
    assert (store / "current").read_text() == origin.new
    assert push(origin.settings, target(str(store)), quiet, origin.old[:6], force=True).done is Done.SWITCHED
    assert (store / "current").read_text() == origin.old


def test_a_store_with_something_broken_in_service_takes_a_push_only_from_who_insists(
    origin: Origin, store: Path
) -> None:
    alter(store / "snapshots" / origin.new, format=99)
    with pytest.raises(SnapshotBroken, match="--force"):
        push(origin.settings, target(str(store)), quiet)
    assert push(origin.settings, target(str(store)), quiet, force=True).version == origin.new
    assert damage(store / "snapshots" / origin.new) == []


def test_no_more_are_kept_than_the_settings_say(behind: Settings, origin: Origin, pushed: Path) -> None:
    one = behind.model_copy(update={"snapshots": behind.snapshots.model_copy(update={"keep": 1})})
    pull(one, source(str(pushed)), quiet)
    assert [kept.version for kept in kept_snapshots(one)] == [origin.new]


def test_a_kept_snapshot_that_is_damaged_is_mended_by_pulling_it(
    behind: Settings, origin: Origin, pushed: Path
) -> None:
    pull(behind, source(str(pushed)), quiet)
    pull(behind, source(str(pushed)), quiet, origin.old, force=True)
    damaged = behind.snapshots_folder / "snapshots" / origin.new / "report.json"
    damaged.unlink()
    damaged.write_bytes(b"")
    assert pull(behind, source(str(pushed)), quiet).done is Done.COPIED
    check(behind, origin.new, 5)


class Failing:
    """A store that breaks off after so many bytes."""

    def __init__(self, inner: Source, most: int, error: Callable[[], BaseException]) -> None:
        self.inner, self.left, self.error, self.read_bytes = inner, most, error, 0

    def read(self, name: str) -> Iterator[bytes]:
        for piece in self.inner.read(name):
            for start in range(0, len(piece), 5_000):
                part = piece[start : start + 5_000]
                self.left -= len(part)
                if self.left < 0:
                    raise self.error()
                self.read_bytes += len(part)
                yield part


@pytest.mark.parametrize("seed", range(6))
def test_a_pull_that_breaks_off_anywhere_leaves_what_was_and_goes_on_from_there(
    behind: Settings, origin: Origin, pushed: Path, seed: int
) -> None:
    chance = random.Random(seed)
    errors: list[Callable[[], BaseException]] = [lambda: StoreDown("gone"), KeyboardInterrupt]
    for _ in range(3):
        broken = Failing(source(str(pushed)), chance.randrange(60_000, 300_000), chance.choice(errors))
        try:
            pull(behind, broken, quiet)
        except (StoreDown, KeyboardInterrupt):
            check(behind, origin.old, 2)
        else:
            break
    last = Failing(source(str(pushed)), 1 << 40, KeyboardInterrupt)
    pull(behind, last, quiet)
    check(behind, origin.new, 5)
    assert list(behind.snapshots_folder.glob("pulling-*")) == []


def test_what_has_come_is_not_fetched_again(node: Settings, origin: Origin, pushed: Path) -> None:
    first = Failing(source(str(pushed)), 250_000, lambda: StoreDown("gone"))
    with pytest.raises(StoreDown):
        pull(node, first, quiet)
    kept = sum(p.stat().st_size for p in node.snapshots_folder.glob("pulling-*/**/*") if p.is_file())
    assert kept > 50_000
    second = Failing(source(str(pushed)), 1 << 40, KeyboardInterrupt)
    done = pull(node, second, quiet)
    files = json.loads((pushed / "snapshots" / origin.new / "manifest.json").read_text())
    assert done.bytes == sum(files["sizes"].values()) - kept


_PULL = """
import sys
from pathlib import Path
from kgpub.replicas import pull, source, push, target
from kgpub.settings import load

def tell(step, number):
    print(step, number, flush=True)

if sys.argv[3] == "pull":
    pull(load(Path(sys.argv[1])), source(sys.argv[2]), tell)
else:
    push(load(Path(sys.argv[1])), target(sys.argv[2]), tell)
"""


def started(site: Path, store: Path, way: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _PULL, str(site), str(store), way]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_pull_that_is_killed(behind: Settings, origin: Origin, pushed: Path, seed: int) -> None:
    chance = random.Random(seed)
    killed.kill(started(behind.folder, pushed, "pull"), chance.randrange(95), chance.random() / 100)
    serving = current(behind)
    check(behind, serving, 2 if serving == origin.old else 5)
    pull(behind, source(str(pushed)), quiet)
    check(behind, origin.new, 5)
    assert killed.left(behind) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_push_that_is_killed(origin: Origin, node: Settings, store: Path, seed: int) -> None:
    chance = random.Random(seed)
    shutil.rmtree(store / "snapshots" / origin.new)
    (store / "current").write_text(origin.old)
    killed.kill(started(origin.settings.folder, store, "push"), chance.randrange(95), chance.random() / 100)
    there = (store / "current").read_text()
    pull(node, source(str(store)), quiet)
    check(node, there, 2 if there == origin.old else 5)
    push(origin.settings, target(str(store)), quiet)
    pull(node, source(str(store)), quiet)
    check(node, origin.new, 5)


def test_a_full_disk(behind: Settings, origin: Origin, pushed: Path) -> None:
    """No file may grow beyond some bytes (``RLIMIT_FSIZE``): what a full disk does, without one."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
    command = [sys.executable, "-c", limit + _PULL, str(behind.folder), str(pushed), "pull"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "cannot be written, nothing was published" in done.stderr
    check(behind, origin.old, 2)
    pull(behind, source(str(pushed)), quiet)
    check(behind, origin.new, 5)


def test_a_pull_and_a_build_do_not_get_into_each_others_way(behind: Settings, origin: Origin, pushed: Path) -> None:
    refused: list[str] = []

    def pulling(step: str, number: int) -> None:
        if (step, number) == ("pull", 1):
            with pytest.raises(EngineDown) as error:
                build(behind, lambda *_: Report(True), quiet)
            refused.append(error.value.detail)

    def building(step: str, _: int) -> None:
        if step == "index":
            with pytest.raises(EngineDown) as error:
                pull(behind, source(str(pushed)), quiet, origin.old, force=True)
            refused.append(error.value.detail)

    pull(behind, source(str(pushed)), pulling)
    check(behind, origin.new, 5)
    (behind.folder / "data").mkdir()
    (behind.folder / "data/a.ttl").write_text("<id/b> a <ns/C> .")
    build(behind, lambda *_: Report(True), building, lambda _: None)
    assert ["under way" in one for one in refused] == [True, True]


def test_who_follows_tells_what_is_new_and_each_trouble_once_and_looks_less_often(origin: Origin) -> None:
    script: list[Outcome | KgpubError] = [
        Outcome("a", Done.COPIED), Outcome("a", Done.NOTHING), StoreDown("down"), StoreDown("down"), StoreDown("out"),
        Outcome("b", Done.COPIED), StoreDown("down"), *[StoreDown("down")] * 9,
    ]  # fmt: skip
    pauses: list[float] = []
    told: list[str] = []

    def next_one() -> Outcome:
        if not script:
            raise KeyboardInterrupt
        found = script.pop(0)
        if isinstance(found, KgpubError):
            raise found
        return found

    with pytest.raises(KeyboardInterrupt):
        follow(next_one, 30, pauses.append, lambda n: told.append(n.detail if isinstance(n, KgpubError) else n.version))
    assert told == ["a", "down", "out", "b", "down"]
    assert pauses == [30, 30, 60, 120, 240, 30, 60, 120, 240, 480, *[600] * 6]


def command(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1"})


@pytest.mark.parametrize(
    ("languages", "words"), [('["ka", "en"]', "ჩამოიტვირთა და ამოქმედდა"), ('["en"]', "fetched and in service")]
)
def test_the_commands_say_in_the_sites_language_what_they_did(
    origin: Origin, pushed: Path, tmp_path: Path, languages: str, words: str
) -> None:
    site = write_site(tmp_path, {}, f'title = "T"\nbase = "https://kg.example/"\nlanguages = {languages}\n')
    told = command("pull", str(site), str(pushed))
    assert (told.exit_code, words in told.stdout, origin.new in told.stdout) == (0, True, True)
    again = command("push", str(site), str(pushed), "--format", "json")
    assert json.loads(again.stdout) == {"version": origin.new, "done": "nothing", "files": 0, "bytes": 0}


def test_a_pulled_snapshot_is_never_built_over_but_by_who_says_build(
    behind: Settings, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    (behind.folder / "data").mkdir()
    (behind.folder / "data/other.ttl").write_text("<id/z> a <ns/C> .")
    monkeypatch.setattr("kgpub.cli.fresh.build_apart", lambda *_: pytest.fail("it is built"))
    asked = command("query", str(behind.folder), "ASK { <https://kg.example/id/a> ?p ?o }", "--format", "json")
    assert '"boolean":true' in asked.stdout.replace(" ", "")
    assert "სხვაგან შეიქმნა" in asked.stderr
    assert command("build", str(behind.folder), "--allow-removed").exit_code == 0
    assert current(behind) != origin.old


def test_who_serves_imports_nothing_of_object_stores() -> None:
    script = (
        "import sys, kgpub.cli, kgpub.cli.serving; sys.exit('fsspec' in sys.modules or 'kgpub.replicas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_seal_is_of_all_that_is_said_in_any_order() -> None:
    manifest = {"a": 1, "b": {"ა": [1, 2]}}
    assert seal(sealed(manifest)) == seal(manifest) == seal(dict(reversed(manifest.items())))
    assert seal(manifest) != seal(manifest | {"a": 2})
